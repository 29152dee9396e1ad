#include "sim/butlr_detections.h"

#include "sim/butlr.h"
#include "sim/butlr_time.h"

#include <math.h>
#include <string.h>

#define RANGE_MAX_MS (7LL * 86400000)
#define SAMPLES_MAX 2000
#define PEOPLE_MAX 2048

struct grid {
	double cell_m;
	int columns, rows, greatest;
	int *counts;
};

static double resolution(const cJSON *window)
{
	const cJSON *options = jsonx_get(window, "heatmap_v2_options");
	/* one edition of the page has the options directly below window */
	double value = jsonx_num(jsonx_get(options ? options : window, "grid_resolution"));

	return value == 0.25 || value == 0.5 || value == 1 ? value : 0;
}

static void count(struct sim_butlr *butlr, int floor, int64_t start_ms, int64_t stop_ms, struct grid *grid)
{
	struct world_presence *people = g_new(struct world_presence, PEOPLE_MAX);
	int64_t step = MAX(60000, (stop_ms - start_ms) / SAMPLES_MAX);

	for (int64_t t = start_ms; t < stop_ms; t += step) {
		size_t n = MIN(world_view_people(butlr->view, floor, t, people, PEOPLE_MAX),
			       (size_t)PEOPLE_MAX);

		for (size_t i = 0; i < n; i++) {
			int column = (int)(world_metres(people[i].at.x_mm) / grid->cell_m);
			int row = (int)(world_metres(people[i].at.y_mm) / grid->cell_m);

			if (column < 0 || row < 0 || column >= grid->columns || row >= grid->rows)
				continue;
			int now = ++grid->counts[row * grid->columns + column];

			grid->greatest = MAX(grid->greatest, now);
		}
	}
	g_free(people);
}

static void write_grid(struct jsonw *w, const struct grid *grid, bool normalize)
{
	jsonw_open(w, '{');
	jsonw_key(w, "heatmap_v2");
	jsonw_open(w, '[');
	jsonw_open(w, '{');
	jsonw_key(w, "array_cells");
	jsonw_open(w, '[');
	for (int i = 0; i < grid->columns * grid->rows; i++) {
		if (grid->counts[i] == 0)
			continue;
		jsonw_open(w, '[');
		jsonw_num(w, (i % grid->columns + 0.5) * grid->cell_m);
		jsonw_num(w, (i / grid->columns + 0.5) * grid->cell_m);
		if (normalize)
			jsonw_num(w, round(1e4 * grid->counts[i] / grid->greatest) / 1e4);
		else
			jsonw_int(w, grid->counts[i]);
		jsonw_close(w, ']');
	}
	jsonw_close(w, ']');
	jsonw_close(w, '}');
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

void sim_butlr_density(struct sim_call *call, const cJSON *body)
{
	struct sim_butlr *butlr = sim_butlr_of(call);
	const cJSON *filter = jsonx_get(body, "filter"), *window = jsonx_get(body, "window");
	const cJSON *space = jsonx_get(filter, "space_id"),
		    *options = jsonx_get(window, "heatmap_v2_options");
	struct sim_floor *floor = sim_estate_find(butlr->estate, SIM_ESTATE_FLOOR,
						  cJSON_IsString(space) ? space->valuestring : NULL);
	int64_t start = moment_parse(
		cJSON_IsString(jsonx_get(filter, "start")) ? jsonx_get(filter, "start")->valuestring : "");
	int64_t stop = moment_parse(
		cJSON_IsString(jsonx_get(filter, "stop")) ? jsonx_get(filter, "stop")->valuestring : "");
	struct grid grid = {.cell_m = resolution(window)};

	if (!floor || floor->thing.world < 0)
		sim_butlr_invalid(call, "heatmap_v2 needs the space_id of a floor");
	else if (start == MOMENT_NONE || stop == MOMENT_NONE || stop < start || stop - start > RANGE_MAX_MS)
		sim_butlr_invalid(call, "heatmap_v2 needs absolute times at most 7 days apart");
	else if (grid.cell_m == 0)
		sim_butlr_invalid(call, "grid_resolution is none of 0.25, 0.5, 1");
	if (call->reply->status != 200)
		return;

	const struct world_floor *from = &butlr->world->floors[floor->thing.world];

	grid.columns = (int)ceil(world_metres(from->width_mm) / grid.cell_m);
	grid.rows = (int)ceil(world_metres(from->height_mm) / grid.cell_m);
	grid.counts = g_new0(int, (size_t)grid.columns *(size_t)grid.rows);
	count(butlr, floor->thing.world, start, MIN(stop, call->now_ms), &grid);
	write_grid(&call->json, &grid, jsonx_truthy(jsonx_get(options ? options : window, "normalize")) == 1);
	g_free(grid.counts);
}
