#include "sim/density_metrics.h"

#include "base/moment.h"
#include "sim/density.h"
#include "sim/density_sensors.h"
#include "sim/density_time.h"

#include <math.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define FIGURES_MAX 2000000 /* buckets times spaces in one answer */

enum {
	OCCUPANCY = 1,
	UTILIZATION = 2,
	TIME_USED = 4,
};

/* What one bucket of one space adds up to. */
struct figures {
	int64_t samples, sum, used_ms, span_ms;
	double up_ms;
	int min, max, entrances, exits;
};

struct query {
	struct sim_call *call;
	unsigned parts;
	enum sim_density_resolution resolution;
	struct sim_density_range range;
	struct sim_density_hours hours;
	GArray *picked;            /* int */
	struct sim_density_up *up; /* how long sensors were able to report */
};

static double round_4(double value) { return round(value * 1e4) / 1e4; }

/* --- adding up ---------------------------------------------------------------------------------------------- */

static void add_counts(struct figures *figures, const struct sim_density_space *space,
		       struct world_view *view, const struct sim_density_piece *piece)
{
	size_t n = (size_t)((piece->to_ms - piece->from_ms + MINUTE_MS - 1) / MINUTE_MS);
	int *counts = g_new(int, n);

	world_view_counts(view, space->place, piece->from_ms, MINUTE_MS, counts, n);
	for (size_t i = 0; i < n; i++) {
		int seen = sim_density_seen(space, counts[i]);

		if (figures->samples++ == 0)
			figures->min = figures->max = seen;
		figures->sum += seen;
		figures->min = MIN(figures->min, seen);
		figures->max = MAX(figures->max, seen);
	}
	g_free(counts);
}

/* Passages through the doors of an Entry space: those of a building lead outside. */
static void add_crossings(struct figures *figures, const struct sim_density_space *space,
			  struct world_view *view, const struct world *world,
			  const struct sim_density_piece *piece)
{
	int place = space->place.index;
	bool building = space->place.kind == WORLD_BUILDING;
	int first = building ? world->buildings[place].first_floor : world->rooms[place].floor;
	int last = building ? first + world->buildings[place].floor_count - 1 : first;

	for (int door = 0; door < world->door_count; door++) {
		const struct world_door *at = &world->doors[door];
		bool inner = building ? at->room_out < 0 : at->room_in == place;
		size_t count;

		if (at->floor < first || at->floor > last || (!inner && (building || at->room_out != place)))
			continue;
		count = world_view_crossings(view, -1, door, piece->from_ms, piece->to_ms, NULL, 0);

		struct world_crossing *rows = g_new(struct world_crossing, count + 1);

		world_view_crossings(view, -1, door, piece->from_ms, piece->to_ms, rows, count);
		for (size_t i = 0; i < count; i++) {
			if (rows[i].in == inner)
				figures->entrances++;
			else
				figures->exits++;
		}
		g_free(rows);
	}
}

static void add_piece(struct query *query, int index, const struct sim_density_piece *piece,
		      struct figures *figures)
{
	struct sim_density *density = sim_density_of(query->call);
	const struct sim_density_space *space = sim_density_space(density->data, index);

	figures->span_ms += piece->to_ms - piece->from_ms;
	figures->up_ms += sim_density_up_ms(query->up, space, piece->from_ms, piece->to_ms);
	add_counts(figures, space, density->view, piece);
	if (space->place.kind == WORLD_NOTHING)
		return;
	if (query->parts & TIME_USED)
		figures->used_ms += world_view_presence_ms(density->view, space->place, piece->from_ms,
							   piece->to_ms);
	if (query->parts & OCCUPANCY && space->mode == SIM_DENSITY_ENTRY)
		add_crossings(figures, space, density->view, density->data->world, piece);
}

/* --- writing ------------------------------------------------------------------------------------------------ */

static void write_utilization(struct jsonw *w, const struct sim_density_space *space, double average,
			      double most)
{
	if (space->capacity < 0) {
		jsonw_kstr(w, "utilization_avg", NULL);
		jsonw_kstr(w, "utilization_max", NULL);
		return;
	}
	/* 0 without a capacity, which looks like nobody being there (§4.1). */
	jsonw_knum(w, "utilization_avg", space->capacity ? round_4(average / (double)space->capacity) : 0);
	jsonw_knum(w, "utilization_max", space->capacity ? round_4(most / (double)space->capacity) : 0);
}

static void write_passages(struct jsonw *w, const struct sim_density_space *space,
			   const struct figures *figures)
{
	if (space->mode == SIM_DENSITY_ENTRY) {
		jsonw_kint(w, "entrances", figures->entrances);
		jsonw_kint(w, "exits", figures->exits);
	} else {
		jsonw_kstr(w, "entrances", NULL);
		jsonw_kstr(w, "exits", NULL);
	}
}

static void write_figures(struct query *query, const struct sim_density_space *space,
			  const struct figures *figures)
{
	struct jsonw *w = &query->call->json;
	double average = round_4((double)figures->sum / (double)MAX(figures->samples, 1));
	double up = figures->span_ms ? figures->up_ms / (double)figures->span_ms : 0;
	bool waffle = space->mode == SIM_DENSITY_WAFFLE;

	jsonw_open(w, '{');
	if (query->parts & OCCUPANCY) {
		jsonw_knum(w, "occupancy_avg", average);
		jsonw_kint(w, "occupancy_max", figures->max);
		jsonw_kint(w, "occupancy_min", figures->min);
		write_passages(w, space, figures);
	}
	if (query->parts & UTILIZATION)
		write_utilization(w, space, average, figures->max);
	if (query->parts & TIME_USED) {
		jsonw_kint(w, "time_used_raw", figures->used_ms);
		jsonw_knum(w, "time_used_percentage",
			   round_4((double)figures->used_ms / (double)MAX(figures->span_ms, 1)));
	}
	jsonw_knum(w, "up_time", round_4(up));
	if (query->parts & (OCCUPANCY | UTILIZATION)) {
		jsonw_kbool(w, "is_capped", waffle && !space->binary && figures->max >= SIM_DENSITY_CAP);
		jsonw_key(w, "capped_count_limit");
		if (waffle)
			jsonw_int(w, SIM_DENSITY_CAP);
		else
			jsonw_null(w);
	}
	jsonw_close(w, '}');
}

static void write_space(struct query *query, int index, const struct sim_density_buckets *buckets,
			const struct figures *figures)
{
	const struct sim_density_space *space = sim_density_space(sim_density_of(query->call)->data, index);
	struct jsonw *w = &query->call->json;

	jsonw_key(w, space->id);
	if (query->resolution == SIM_DENSITY_TOTAL) {
		write_figures(query, space, figures);
		return;
	}
	jsonw_open(w, '{');
	for (guint i = 0; i < buckets->labels->len; i++) {
		jsonw_key(w, g_ptr_array_index(buckets->labels, i));
		write_figures(query, space, &figures[i]);
	}
	jsonw_close(w, '}');
}

/* --- answering ---------------------------------------------------------------------------------------------- */

/* The spaces of one time zone; day by day, so that each day of the world is made once. */
static bool answer_zone(struct query *query, const GArray *spaces)
{
	struct sim_density *density = sim_density_of(query->call);
	const struct moment_zone *zone = sim_density_space(density->data, g_array_index(spaces, int, 0))->zone;
	int64_t now_ms = query->call->now_ms - query->call->now_ms % MINUTE_MS;
	struct sim_density_buckets buckets;
	bool good;

	sim_density_cut(&buckets, zone, sim_density_moment(&query->range, query->range.start_ms, zone),
			MIN(sim_density_moment(&query->range, query->range.end_ms, zone), now_ms),
			query->resolution, &query->hours, query->range.local);

	size_t n = buckets.labels->len;

	good = n * spaces->len <= FIGURES_MAX;
	if (good && n > 0) {
		struct figures *figures = g_new0(struct figures, n * spaces->len);

		for (guint i = 0; i < buckets.pieces->len; i++) {
			const struct sim_density_piece *piece = &g_array_index(buckets.pieces,
									       struct sim_density_piece, i);

			for (guint k = 0; k < spaces->len; k++)
				add_piece(query, g_array_index(spaces, int, k), piece,
					  &figures[k * n + (size_t)piece->bucket]);
		}
		for (guint k = 0; k < spaces->len; k++)
			write_space(query, g_array_index(spaces, int, k), &buckets, &figures[k * n]);
		g_free(figures);
	}
	sim_density_buckets_fini(&buckets);
	return good;
}

/* Moves to `out` those of the spaces that stand in the same time zone as the first; planned and unmeasured ones fall
 * away. */
static void take_zone(const struct sim_density_data *data, GArray *spaces, GArray *out)
{
	const char *time_zone = NULL;
	guint left = 0;

	g_array_set_size(out, 0);
	for (guint i = 0; i < spaces->len; i++) {
		int index = g_array_index(spaces, int, i);
		const struct sim_density_space *space = sim_density_space(data, index);

		if (space->planning || space->mode == SIM_DENSITY_UNMEASURED)
			continue;
		if (!time_zone)
			time_zone = space->time_zone;
		if (strcmp(space->time_zone, time_zone) == 0)
			g_array_append_val(out, index);
		else
			g_array_index(spaces, int, left++) = index;
	}
	g_array_set_size(spaces, left);
}

static void answer_figures(struct query *query)
{
	const struct sim_density_data *data = sim_density_of(query->call)->data;
	GArray *zone = g_array_new(FALSE, FALSE, sizeof(int));
	bool good = true;

	query->up = sim_density_up_new(data, query->range.start_ms - 2 * 86400000,
				       query->range.end_ms + 2 * 86400000);
	sim_density_open_map(query->call);
	while (good && query->picked->len > 0) {
		take_zone(data, query->picked, zone);
		good = zone->len == 0 || answer_zone(query, zone);
	}
	sim_density_close_map(query->call);
	sim_density_up_free(query->up);
	g_array_free(zone, TRUE);
	if (!good)
		sim_density_invalid(query->call, "too many spaces for this time_resolution");
}

static bool read_resolution(struct query *query, const cJSON *body)
{
	const cJSON *item = jsonx_get(body, "time_resolution");
	int resolution = item ? sim_density_resolution(jsonx_str(item) ? jsonx_str(item) : "")
			      : SIM_DENSITY_TOTAL;

	if (resolution < 0) {
		sim_density_invalid(query->call, "time_resolution is not one of its values");
		return false;
	}
	query->resolution = (enum sim_density_resolution)resolution;
	if (query->range.asked_ms < sim_density_longest_ms(query->resolution))
		return true;
	sim_density_invalid(query->call, "the range is too long for this time_resolution");
	return false;
}

static void answer(struct sim_call *call, unsigned parts, bool local, const char *known)
{
	struct query query = {.call = call, .parts = parts};
	const cJSON *body = sim_density_body(call, known);
	GPtrArray *metrics = g_ptr_array_new();

	if (body && sim_density_texts(call, body, "metrics", metrics) &&
	    sim_density_range_read(call, body, local, &query.range) && read_resolution(&query, body) &&
	    sim_density_hours_read(call, body, &query.hours)) {
		query.picked = sim_density_pick(call, body, SIM_DENSITY_FLATTEN);
		if (query.picked) {
			answer_figures(&query);
			g_array_free(query.picked, TRUE);
		}
	}
	g_ptr_array_free(metrics, TRUE);
}

#define KNOWN "start_date end_date operating_hours space_ids time_resolution"

void sim_density_metrics(struct sim_call *call)
{
	answer(call, OCCUPANCY | UTILIZATION | TIME_USED, true, KNOWN " metrics");
}

void sim_density_occupancy(struct sim_call *call) { answer(call, OCCUPANCY, false, KNOWN); }

void sim_density_utilization(struct sim_call *call) { answer(call, UTILIZATION, false, KNOWN); }

void sim_density_time_used(struct sim_call *call) { answer(call, TIME_USED, false, KNOWN); }
