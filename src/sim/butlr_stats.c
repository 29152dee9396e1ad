/* POST /api/v4/reporting/stats: one figure for each item and measurement (butlr.md §7.2). */
#include "sim/butlr_reporting.h"

#include "sim/butlr_series.h"
#include "sim/butlr_time.h"

#include <string.h>

#define SAMPLES_MAX 100000 /* of one item; a longer range is sampled more thinly */

/* The name is "occupancy", perhaps "_used", then "_avg" or "_median", then "_presence" or "_traffic". */
struct figure {
	const char *name;
	bool used, median, traffic;
};

struct query {
	struct sim_butlr *butlr;
	int64_t now_ms, start_ms, stop_ms;
	struct moment_zone *zone;
	const char *zone_name;
	struct sim_hours hours;
	GArray *figures;  /* struct figure */
	GPtrArray *items; /* struct sim_thing * */
};

static bool read_figure(const char *name, struct figure *out)
{
	const char *p = name;

	*out = (struct figure){.name = name};
	if (!g_str_has_prefix(p, "occupancy_"))
		return false;
	p += strlen("occupancy_");
	out->used = g_str_has_prefix(p, "used_");
	p += out->used ? strlen("used_") : 0;
	out->median = g_str_has_prefix(p, "median_");
	if (!out->median && !g_str_has_prefix(p, "avg_"))
		return false;
	p += strcspn(p, "_") + 1;
	out->traffic = strcmp(p, "traffic") == 0;
	return out->traffic || strcmp(p, "presence") == 0;
}

static const char *read_figures(const cJSON *list, struct query *query)
{
	const cJSON *element;

	if (!cJSON_IsArray(list) || !list->child)
		return "measurements is missing";
	cJSON_ArrayForEach(element, list)
	{
		struct figure figure;

		if (!cJSON_IsString(element) || !read_figure(element->valuestring, &figure))
			return "measurements holds an unknown word";
		g_array_append_val(query->figures, figure);
	}
	return NULL;
}

static struct sim_thing *find_item(const struct sim_estate *estate, const char *id)
{
	static const enum sim_estate_kind kinds[] = {SIM_ESTATE_FLOOR, SIM_ESTATE_ROOM, SIM_ESTATE_ZONE};

	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		struct sim_thing *thing = sim_estate_find(estate, kinds[i], id);

		if (thing)
			return thing;
	}
	return NULL;
}

/* All items must lie in one time zone. Unknown ids are left out of the answer. */
static const char *read_items(const cJSON *list, struct query *query)
{
	const cJSON *element;

	if (!cJSON_IsArray(list) || !list->child)
		return "items is missing";
	cJSON_ArrayForEach(element, list)
	{
		struct sim_thing *thing = cJSON_IsString(element)
						  ? find_item(query->butlr->estate, element->valuestring)
						  : NULL;
		const struct sim_floor *floor;

		if (!thing || thing->world < 0)
			continue;
		floor = thing->kind == SIM_ESTATE_FLOOR ? (struct sim_floor *)thing : thing->floor;
		if (query->zone_name && floor && strcmp(query->zone_name, floor->timezone) != 0)
			return "the items lie in several time zones";
		if (floor)
			query->zone_name = floor->timezone;
		g_ptr_array_add(query->items, thing);
	}
	query->zone = moment_zone_new(query->zone_name);
	return NULL;
}

static const char *read_query(const cJSON *body, struct query *query)
{
	const cJSON *start = jsonx_get(body, "start"), *stop = jsonx_get(body, "stop");
	const char *fault = cJSON_IsObject(body) ? read_figures(jsonx_get(body, "measurements"), query)
						 : "the body is not a JSON object";

	if (!fault)
		fault = read_items(jsonx_get(body, "items"), query);
	if (fault)
		return fault;
	if (!cJSON_IsString(start) || !cJSON_IsString(stop) || sim_time_is_relative(start) ||
	    sim_time_is_relative(stop))
		return "start and stop must be absolute";
	query->start_ms = moment_parse_in(start->valuestring, query->zone);
	query->stop_ms = moment_parse_in(stop->valuestring, query->zone);
	if (query->start_ms == MOMENT_NONE || query->stop_ms == MOMENT_NONE ||
	    query->stop_ms < query->start_ms)
		return "start or stop is no time, or stop lies before start";
	if (sim_hours_read(jsonx_get(body, "filters"), &query->hours) != ERR_OK)
		return "filters cannot be read";
	return NULL;
}

/* The counts at the moments that the filters admit. */
static GArray *sample(const struct query *query, const struct sim_thing *thing, int64_t *step_ms)
{
	struct world_ref place = {thing->kind == SIM_ESTATE_FLOOR  ? WORLD_FLOOR
				  : thing->kind == SIM_ESTATE_ROOM ? WORLD_ROOM
								   : WORLD_ZONE,
				  thing->world};
	int64_t stop = MIN(query->stop_ms, query->now_ms), range = MAX(0, stop - query->start_ms);
	int64_t step = MAX(WORLD_INNER_STEP_MS,
			   range / SAMPLES_MAX / WORLD_INNER_STEP_MS * WORLD_INNER_STEP_MS +
				   WORLD_INNER_STEP_MS);

	if (range / WORLD_INNER_STEP_MS <= SAMPLES_MAX)
		step = WORLD_INNER_STEP_MS;

	size_t n = (size_t)((range + step - 1) / step);
	GArray *counts = g_array_sized_new(FALSE, TRUE, sizeof(int), (guint)n + 1);

	g_array_set_size(counts, (guint)n);
	world_view_counts(query->butlr->view, place, query->start_ms, step, (int *)(void *)counts->data, n);
	*step_ms = step;
	return counts;
}

static void write_figure(const struct query *query, const struct sim_thing *thing,
			 const struct figure *figure, const GArray *counts, int64_t step_ms, struct jsonw *w)
{
	struct world_ref place = {thing->kind == SIM_ESTATE_FLOOR ? WORLD_FLOOR : WORLD_ROOM, thing->world};
	double *values = g_new(double, counts->len + 1);
	size_t n = 0;

	for (unsigned i = 0; i < counts->len; i++) {
		int64_t t = query->start_ms + (int64_t)i * step_ms;
		int count = g_array_index(counts, int, i);

		if (!sim_hours_admit(&query->hours, query->zone, t))
			continue;
		if (figure->traffic)
			count = sim_series_drifted(query->butlr, place, t, count);
		if (count || !figure->used)
			values[n++] = count;
	}
	if (n)
		jsonw_knum(w, figure->name,
			   sim_function_apply(figure->median ? SIM_MEDIAN : SIM_MEAN, values, n));
	else
		jsonw_kint(w, figure->name, 0);
	g_free(values);
}

static void answer(struct sim_call *call, const struct query *query)
{
	struct jsonw *w = &call->json;

	jsonw_open(w, '{');
	jsonw_key(w, "data");
	jsonw_open(w, '{');
	for (unsigned i = 0; i < query->items->len; i++) {
		const struct sim_thing *thing = g_ptr_array_index(query->items, i);
		int64_t step_ms;
		GArray *counts = sample(query, thing, &step_ms);

		jsonw_key(w, thing->id);
		jsonw_open(w, '{');
		for (unsigned f = 0; f < query->figures->len; f++)
			write_figure(query, thing, &g_array_index(query->figures, struct figure, f), counts,
				     step_ms, w);
		jsonw_close(w, '}');
		g_array_free(counts, TRUE);
	}
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

void sim_butlr_stats(struct sim_call *call)
{
	struct query query = {.butlr = sim_butlr_of(call), .now_ms = call->now_ms};
	const char *fault;

	query.figures = g_array_new(FALSE, FALSE, sizeof(struct figure));
	query.items = g_ptr_array_new();
	fault = read_query(sim_call_body(call), &query);
	if (fault)
		sim_butlr_invalid(call, fault);
	else
		answer(call, &query);
	moment_zone_free(query.zone);
	g_array_free(query.figures, TRUE);
	g_ptr_array_free(query.items, TRUE);
}
