#include "api/butlr/detections.h"

#include "base/jsonw.h"
#include "base/jsonx.h"
#include "base/moment.h"

#include <math.h>
#include <string.h>

#define WEEK_MS (INT64_C(7) * 24 * 60 * 60 * 1000)

static void write_filter(struct jsonw *w, const struct butlr_detect_ask *ask)
{
	jsonw_key(w, "filter");
	jsonw_open(w, '{');
	jsonw_key(w, "start");
	jsonw_moment(w, ask->from_ms);
	if (ask->to_ms != MOMENT_NONE) {
		jsonw_key(w, "stop");
		jsonw_moment(w, ask->to_ms);
	}
	jsonw_kbool(w, "omit_empty_value", false);
	if (ask->floor_id != NULL)
		jsonw_kstr(w, "space_id", ask->floor_id);
	if (ask->room_id != NULL)
		jsonw_kstr(w, "room_id", ask->room_id);
	if (ask->n_macs > 0) {
		jsonw_key(w, "mac_addresses");
		jsonw_open(w, '[');
		for (size_t i = 0; i < ask->n_macs; i++)
			jsonw_str(w, ask->macs[i]);
		jsonw_close(w, ']');
	}
	jsonw_close(w, '}');
}

void butlr_detections_body(struct buf *body, const struct butlr_detect_ask *ask)
{
	struct jsonw w;

	jsonw_init(&w, body, false);
	jsonw_open(&w, '{');
	jsonw_key(&w, "data_types");
	jsonw_open(&w, '[');
	if ((ask->data & BUTLR_LOCAL) != 0)
		jsonw_str(&w, "detections_local");
	if ((ask->data & BUTLR_WORLD) != 0)
		jsonw_str(&w, "detections_world");
	if ((ask->data & BUTLR_HEATMAP) != 0)
		jsonw_str(&w, "heatmap");
	jsonw_close(&w, ']');
	write_filter(&w, ask);
	if (ask->window) {
		jsonw_key(&w, "window");
		jsonw_open(&w, '{');
		jsonw_kstr(&w, "every", "1s");
		jsonw_kstr(&w, "function", "last");
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, '}');
}

int butlr_density_body(struct buf *body, const char *floor_id, int64_t from_ms, int64_t to_ms, double grid_m,
		       bool normalize, struct problem *problem)
{
	struct jsonw w;

	if (from_ms == MOMENT_NONE || to_ms == MOMENT_NONE || from_ms >= to_ms || to_ms - from_ms > WEEK_MS)
		return problem_set(problem, ERR_INVALID, "density", "ask for at most seven days",
				   "the range must be given and no longer than seven days");
	if (grid_m != 0.25 && grid_m != 0.5 && grid_m != 1.0)
		return problem_set(problem, ERR_INVALID, "density", NULL,
				   "the grid must be 0.25, 0.5 or 1 m");
	jsonw_init(&w, body, false);
	jsonw_open(&w, '{');
	jsonw_key(&w, "data_types");
	jsonw_open(&w, '[');
	jsonw_str(&w, "heatmap_v2");
	jsonw_close(&w, ']');
	jsonw_key(&w, "filter");
	jsonw_open(&w, '{');
	jsonw_kstr(&w, "space_id", floor_id);
	jsonw_key(&w, "start");
	jsonw_moment(&w, from_ms);
	jsonw_key(&w, "stop");
	jsonw_moment(&w, to_ms);
	jsonw_kbool(&w, "omit_empty_value", true);
	jsonw_close(&w, '}');
	jsonw_key(&w, "window");
	jsonw_open(&w, '{');
	jsonw_key(&w, "heatmap_v2_options");
	jsonw_open(&w, '{');
	jsonw_knum(&w, "grid_resolution", grid_m);
	jsonw_kstr(&w, "heatmap_type", "occupancy");
	jsonw_kbool(&w, "normalize", normalize);
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
	return body->error;
}

/* The envelope around array_cells was never seen: the first member of that name, wherever it is (butlr.md §6.3). The depth is bounded by the parser. */
static const cJSON *find_cells(const cJSON *item)
{
	const cJSON *found = jsonx_get(item, "array_cells");

	for (const cJSON *child = item->child; found == NULL && child != NULL; child = child->next)
		found = find_cells(child);
	return found;
}

int butlr_decode_density(const char *bytes, size_t length, GArray *cells, struct problem *problem)
{
	const cJSON *list;
	struct jsonx doc;
	int err;

	jsonx_init(&doc);
	err = jsonx_parse(&doc, bytes, length, problem);
	if (err != ERR_OK)
		goto out;
	list = find_cells(doc.root);
	if (!cJSON_IsArray(list)) {
		err = problem_set(problem, ERR_ABSENT, "density", NULL, "the answer holds no array_cells");
		goto out;
	}
	for (const cJSON *triple = list->child; triple != NULL; triple = triple->next) {
		struct butlr_cell cell = {NAN, NAN, NAN};
		if (cJSON_IsArray(triple) && triple->child != NULL && triple->child->next != NULL)
			cell = (struct butlr_cell){jsonx_num(triple->child), jsonx_num(triple->child->next),
						   jsonx_num(triple->child->next->next)};
		if (!isnan(cell.x) && !isnan(cell.y) && !isnan(cell.count))
			g_array_append_val(cells, cell);
	}
out:
	jsonx_fini(&doc);
	return err;
}
