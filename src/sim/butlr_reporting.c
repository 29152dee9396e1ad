#include "sim/butlr_reporting.h"

#include "sim/butlr_report.h"
#include "sim/butlr_time.h"

#include <math.h>
#include <string.h>

#define ROWS_MAX 2000000

struct query {
	struct sim_butlr *butlr;
	int64_t now_ms, start_ms, stop_ms, every_ms;
	enum sim_function function;
	struct moment_zone *zone; /* NULL = none was named */
	bool create_empty, fill_previous, fill_value, calibrated, bare;
	double fill;
	struct {
		bool given;
		double gte, gt, lte, lt;
	} value;
	struct sim_hours hours;
	struct sim_scope scope;
	GArray *series, *windows, *rows;
};

/* --- reading ------------------------------------------------------------------------------------------ */

static const char *read_range(const cJSON *filter, struct query *query)
{
	const cJSON *stop = jsonx_get(filter, "stop");

	if (!cJSON_IsObject(filter))
		return "filter is missing";
	if (cJSON_IsString(stop) && strncmp(stop->valuestring, "now", 3) == 0)
		return "filter.stop must be left out for now";
	query->start_ms = sim_time_read(jsonx_get(filter, "start"), query->now_ms);
	query->stop_ms = stop ? sim_time_read(stop, query->now_ms) : query->now_ms;
	if (query->start_ms == MOMENT_NONE)
		return "filter.start is missing or is no time";
	if (query->stop_ms == MOMENT_NONE || query->stop_ms < query->start_ms)
		return "filter.stop is no time or lies before filter.start";
	return NULL;
}

static const char *read_list(const cJSON *filter, const char *key, const cJSON **out)
{
	const cJSON *item = jsonx_get(filter, key);

	if (!item)
		return NULL;
	*out = jsonx_get(item, "eq");
	return cJSON_IsArray(*out) ? NULL : "a filter by id is not {\"eq\":[ids]}";
}

static const char *read_scope(const cJSON *filter, struct sim_scope *scope)
{
	const struct {
		const char *key;
		const cJSON **out;
	} lists[] = {
		{"spaces", &scope->spaces},       {"rooms", &scope->rooms}, {"zones", &scope->zones},
		{"buildings", &scope->buildings}, {"tags", &scope->tags},   {"clients", &scope->clients},
		{"mac_addresses", &scope->macs},
	};
	const char *fault = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(lists) && !fault; i++)
		fault = read_list(filter, lists[i].key, lists[i].out);
	return fault;
}

static const char *read_value(const cJSON *value, struct query *query)
{
	struct {
		const char *key;
		double *out;
	} bounds[] = {
		{"gte", &query->value.gte},
		{"gt", &query->value.gt},
		{"lte", &query->value.lte},
		{"lt", &query->value.lt},
	};

	query->value.gte = query->value.gt = -INFINITY;
	query->value.lte = query->value.lt = INFINITY;
	if (!value)
		return NULL;
	query->value.given = true;
	for (size_t i = 0; i < G_N_ELEMENTS(bounds); i++) {
		const cJSON *bound = jsonx_get(value, bounds[i].key);

		if (bound && !cJSON_IsNumber(bound))
			return "filter.value holds something else than numbers";
		if (bound)
			*bounds[i].out = bound->valuedouble;
	}
	return NULL;
}

static const char *read_fill(const cJSON *fill, struct query *query)
{
	const cJSON *value = jsonx_get(fill, "value");

	if (!fill)
		return NULL;
	query->fill_previous = jsonx_truthy(jsonx_get(fill, "use_previous")) == 1;
	query->fill_value = cJSON_IsNumber(value);
	query->fill = query->fill_value ? value->valuedouble : 0;
	return query->fill_previous || query->fill_value ? NULL
							 : "window.fill has neither use_previous nor value";
}

static const char *read_window(const cJSON *window, struct query *query)
{
	const cJSON *every = jsonx_get(window, "every"), *function = jsonx_get(window, "function");
	const char *zone = jsonx_str(jsonx_get(window, "timezone"));
	int found;

	if (!window)
		return NULL;
	query->every_ms = cJSON_IsString(every) ? moment_span_ms(every->valuestring) : -1;
	if (query->every_ms <= 0)
		return "window.every is missing or no duration";
	found = cJSON_IsString(function) ? sim_function_parse(function->valuestring) : -1;
	if (found < 0)
		return "window.function is missing or unknown";
	query->function = (enum sim_function)found;
	query->create_empty = jsonx_truthy(jsonx_get(window, "create_empty")) == 1;
	if (zone && !(query->zone = moment_zone_new(zone)))
		return "window.timezone is unknown";
	return read_fill(jsonx_get(window, "fill"), query);
}

static const char *read_measurements(const cJSON *list, struct query *query)
{
	const cJSON *element;

	query->series = g_array_new(FALSE, FALSE, sizeof(struct sim_series));
	if (!list) { /* the document's own sample names none and gets the whole organisation's occupancy */
		query->bare = true;
		sim_series_add(query->butlr, "floor_occupancy", &query->scope, query->series);
		return NULL;
	}
	if (!cJSON_IsArray(list) || !list->child)
		return "filter.measurements is no list";
	cJSON_ArrayForEach(element, list)
	{
		if (!cJSON_IsString(element) ||
		    !sim_series_add(query->butlr, element->valuestring, &query->scope, query->series))
			return "filter.measurements holds an unknown word";
	}
	return NULL;
}

static const char *read_order(const cJSON *order)
{
	const cJSON *element;

	if (!order)
		return NULL;
	if (!cJSON_IsArray(order) || !order->child)
		return "group_by.order is no list";
	cJSON_ArrayForEach(element, order)
	{
		if (!cJSON_IsString(element) || !sim_report_is_key(element->valuestring))
			return "group_by.order holds an unknown word";
	}
	return NULL;
}

static const char *read_query(const cJSON *body, struct query *query)
{
	const cJSON *filter = jsonx_get(body, "filter");
	const char *fault = cJSON_IsObject(body) ? read_range(filter, query)
						 : "the body is not a JSON object";

	query->every_ms = 0;
	query->calibrated = jsonx_truthy(jsonx_get(filter, "calibrated")) == 1;
	if (!fault)
		fault = read_scope(filter, &query->scope);
	if (!fault)
		fault = read_value(jsonx_get(filter, "value"), query);
	if (!fault)
		fault = read_window(jsonx_get(body, "window"), query);
	if (!fault && sim_hours_read(jsonx_get(filter, "time_constraints"), &query->hours) != ERR_OK)
		fault = "filter.time_constraints cannot be read";
	if (!fault)
		fault = read_measurements(jsonx_get(filter, "measurements"), query);
	if (!fault)
		fault = read_order(jsonx_path(body, "group_by.order"));
	return fault;
}

/* --- measuring ---------------------------------------------------------------------------------------- */

static bool admits(const struct query *query, double value)
{
	return value >= query->value.gte && value > query->value.gt && value <= query->value.lte &&
	       value < query->value.lt;
}

/* What a series has at a window: nothing measured and nobody there look alike, unless create_empty and a value filter
 * ask for the zeros (butlr.md §7). */
static void measure_window(struct query *query, const struct sim_series *series,
			   const struct sim_window *window, double *previous)
{
	struct sim_report_row row = {series, window->start_ms, window->end_ms, 0};
	bool measured = window->start_ms < query->now_ms &&
			sim_series_value(query->butlr, series, query->function, query->calibrated,
					 window->start_ms, MIN(window->end_ms, query->now_ms), &row.value);

	if (!measured || row.value == 0) {
		if (!query->create_empty)
			return;
		row.value = query->fill_previous ? *previous : query->fill_value ? query->fill : 0;
		if (row.value == 0 && !query->value.given)
			return;
	}
	*previous = row.value;
	if (admits(query, row.value))
		g_array_append_val(query->rows, row);
}

static int by_time(const void *a, const void *b)
{
	int64_t x = ((const struct sim_report_row *)a)->start_ms,
		y = ((const struct sim_report_row *)b)->start_ms;

	return (x > y) - (x < y);
}

static int newest_first(const void *a, const void *b) { return by_time(b, a); }

static void measure(struct query *query)
{
	query->rows = g_array_new(FALSE, FALSE, sizeof(struct sim_report_row));
	for (unsigned i = 0; i < query->series->len; i++) {
		const struct sim_series *series = &g_array_index(query->series, struct sim_series, i);
		double previous = 0;

		for (unsigned w = 0; w < query->windows->len; w++) {
			const struct sim_window *window = &g_array_index(query->windows, struct sim_window,
									 w);

			if (sim_hours_admit(&query->hours, query->zone, window->start_ms))
				measure_window(query, series, window, &previous);
		}
	}
}

/* Without a window the samples themselves would come; a minute is what they are taken by. */
static const char *make_windows(struct query *query)
{
	int64_t every = query->every_ms ? query->every_ms : WORLD_INNER_STEP_MS;

	if (!query->every_ms)
		query->function = SIM_LAST;
	query->windows = g_array_new(FALSE, FALSE, sizeof(struct sim_window));
	if (sim_windows(every, query->zone, query->start_ms, query->stop_ms, query->windows) != ERR_OK)
		return "there are too many windows";
	if ((uint64_t)query->windows->len * query->series->len > ROWS_MAX)
		return "there are too many rows";
	return NULL;
}

static int positive(const cJSON *item, int otherwise)
{
	double value = jsonx_num(item);

	return value >= 1 && value <= 1e6 ? (int)value : otherwise;
}

static void query_fini(struct query *query)
{
	moment_zone_free(query->zone);
	if (query->series)
		g_array_free(query->series, TRUE);
	if (query->windows)
		g_array_free(query->windows, TRUE);
	if (query->rows)
		g_array_free(query->rows, TRUE);
}

void sim_butlr_reporting(struct sim_call *call)
{
	struct query query = {.butlr = sim_butlr_of(call), .now_ms = call->now_ms};
	const cJSON *body = sim_call_body(call), *paginate = jsonx_get(body, "paginate");
	const char *format = jsonx_str(jsonx_path(body, "options.format"));
	const char *fault = read_query(body, &query);

	if (!fault)
		fault = make_windows(&query);
	if (fault) {
		sim_butlr_invalid(call, fault);
	} else {
		bool flat = !jsonx_get(body, "group_by");

		measure(&query);
		g_array_sort(query.rows,
			     flat ? newest_first : by_time); /* stable: the order of the series stays */
		sim_report_write(call, &(struct sim_report){
					       .butlr = query.butlr,
					       .rows = query.rows,
					       .order = jsonx_path(body, "group_by.order"),
					       .raw = jsonx_truthy(jsonx_path(body, "group_by.raw")) == 1,
					       .zoned = query.zone != NULL,
					       .bare = query.bare,
					       .csv = format && strcmp(format, "csv") == 0,
					       .start_ms = query.start_ms,
					       .stop_ms = query.stop_ms,
					       .page = positive(jsonx_get(paginate, "page"), 1),
					       .limit = positive(jsonx_get(paginate, "limit"), 0),
				       });
	}
	query_fini(&query);
}
