#include "sim/sensorist_measure.h"

#include "base/moment.h"
#include "base/text.h"
#include "sim/sensorist_value.h"

#include <math.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define WEEK_MS (7 * 24 * 60 * MINUTE_MS)
#define DAY_MS (24 * 60 * MINUTE_MS)

/* One row of the server's store. */
struct row {
	const struct sim_sens_source *source;
	int64_t date_ms, seq;
};

bool sim_sens_ask_next(const struct sim_sens_ask *ask, const struct sim_sens_source *source, int64_t *date_ms)
{
	int64_t last_ms = MIN(ask->to_ms, ask->now_ms - SIM_SENS_STORED_MS);

	for (; *date_ms <= last_ms; (*date_ms)++) {
		*date_ms = sim_sens_next(source, *date_ms);
		if (*date_ms > last_ms)
			return false;

		int64_t seq = sim_sens_seq(source, *date_ms);

		if (seq >= ask->seq_from && seq <= ask->seq_to)
			return true;
	}
	return false;
}

/* --- writing rows ------------------------------------------------------------------------------------------ */

static void write_row(struct sim_call *call, const struct sim_sens_source *source, int64_t date_ms,
		      bool bounds)
{
	enum sim_sens_row_type type = sim_sens_row_type(source, date_ms);
	struct jsonw *w = &call->json;

	jsonw_open(w, '{');
	sim_sens_write_date(w, "date", date_ms);
	if (type == SIM_SENS_BLANK) {
		jsonw_key(w, "value");
		jsonw_null(w);
	} else {
		jsonw_knum(w, "value", sim_sens_centi(sim_sens_of(call)->view, source, date_ms) / 100.0);
	}
	jsonw_kint(w, "type", type);
	jsonw_kint(w, "seq", sim_sens_seq(source, date_ms));
	if (bounds) {
		jsonw_kstr(w, "min", NULL);
		jsonw_kstr(w, "max", NULL);
	}
	jsonw_close(w, '}');
}

/* The map by source. PHP writes an empty one as a list (§6.3), so it is opened with the first key. */
struct map {
	struct jsonw *w;
	bool open;
};

static void map_key(struct map *map, const struct sim_sens_source *source)
{
	char key[24];

	if (!map->open) {
		jsonw_key(map->w, "measurements");
		jsonw_open(map->w, '{');
		map->open = true;
	}
	g_snprintf(key, sizeof(key), "%" G_GINT64_FORMAT, source->id);
	jsonw_key(map->w, key);
}

static void map_end(struct map *map)
{
	if (map->open) {
		jsonw_close(map->w, '}');
		return;
	}
	jsonw_key(map->w, "measurements");
	jsonw_open(map->w, '[');
	jsonw_close(map->w, ']');
}

/* --- latest, min_max --------------------------------------------------------------------------------------- */

static void write_latest(struct sim_call *call, const struct sim_sens_ask *ask)
{
	struct map map = {&call->json, false};

	for (guint i = 0; i < ask->sources->len; i++) {
		const struct sim_sens_source *source = ask->sources->pdata[i];
		int64_t date_ms = sim_sens_last(source, ask->now_ms - SIM_SENS_STORED_MS + 1);

		if (date_ms == MOMENT_NONE)
			continue;
		map_key(&map, source);
		write_row(call, source, date_ms, true);
	}
	map_end(&map);
}

/* A real reading, not a blank or what the server made up. */
static bool is_reading(const struct sim_sens_source *source, int64_t date_ms)
{
	enum sim_sens_row_type type = sim_sens_row_type(source, date_ms);

	return type == SIM_SENS_REGULAR || type == SIM_SENS_BUTTON;
}

static bool find_extremes(struct sim_call *call, const struct sim_sens_ask *ask,
			  const struct sim_sens_source *source, int64_t *least_ms, int64_t *most_ms)
{
	int least = INT_MAX, most = INT_MIN;

	for (int64_t t = ask->from_ms; sim_sens_ask_next(ask, source, &t); t++) {
		int centi = is_reading(source, t) ? sim_sens_centi(sim_sens_of(call)->view, source, t)
						  : INT_MAX;

		if (centi == INT_MAX)
			continue;
		if (centi < least) {
			least = centi;
			*least_ms = t;
		}
		if (centi > most) {
			most = centi;
			*most_ms = t;
		}
	}
	return most != INT_MIN;
}

static void write_min_max(struct sim_call *call, const struct sim_sens_ask *ask)
{
	struct map map = {&call->json, false};

	for (guint i = 0; i < ask->sources->len; i++) {
		const struct sim_sens_source *source = ask->sources->pdata[i];
		int64_t least_ms, most_ms;

		if (!find_extremes(call, ask, source, &least_ms, &most_ms))
			continue;
		map_key(&map, source);
		jsonw_open(&call->json, '{');
		jsonw_key(&call->json, "min");
		write_row(call, source, least_ms, false);
		jsonw_key(&call->json, "max");
		write_row(call, source, most_ms, false);
		jsonw_close(&call->json, '}');
	}
	map_end(&map);
}

/* --- range ------------------------------------------------------------------------------------------------- */

struct group {
	int64_t start_ms, sum;
	int count, min, max;
};

static void write_group(struct jsonw *w, const struct group *group)
{
	jsonw_open(w, '{');
	sim_sens_write_date(w, "date", group->start_ms);
	jsonw_knum(w, "value", round((double)group->sum / group->count) / 100.0);
	jsonw_kint(w, "type", SIM_SENS_GROUPED);
	jsonw_kstr(w, "seq", NULL);
	jsonw_knum(w, "min", group->min / 100.0);
	jsonw_knum(w, "max", group->max / 100.0);
	jsonw_close(w, '}');
}

static void write_groups(struct sim_call *call, const struct sim_sens_ask *ask,
			 const struct sim_sens_source *source, struct map *map)
{
	struct group group = {.count = 0};
	bool any = false;

	for (int64_t t = ask->from_ms; sim_sens_ask_next(ask, source, &t); t++) {
		int64_t start_ms = t - t % ask->step_ms;

		if (!is_reading(source, t))
			continue;
		if (!any) {
			map_key(map, source);
			jsonw_open(map->w, '[');
			any = true;
		}
		if (group.count && group.start_ms != start_ms) {
			write_group(map->w, &group);
			group.count = 0;
		}

		int centi = sim_sens_centi(sim_sens_of(call)->view, source, t);

		if (group.count == 0)
			group = (struct group){.start_ms = start_ms, .min = centi, .max = centi};
		group.count++;
		group.sum += centi;
		group.min = MIN(group.min, centi);
		group.max = MAX(group.max, centi);
	}
	if (!any)
		return;
	write_group(map->w, &group);
	jsonw_close(map->w, ']');
}

static void write_range(struct sim_call *call, const struct sim_sens_ask *ask)
{
	struct map map = {&call->json, false};

	for (guint i = 0; i < ask->sources->len; i++)
		write_groups(call, ask, ask->sources->pdata[i], &map);
	map_end(&map);
}

/* --- raw --------------------------------------------------------------------------------------------------- */

static int by_seq(gconstpointer a, gconstpointer b)
{
	const struct row *x = a, *y = b;

	if (x->seq != y->seq)
		return x->seq < y->seq ? -1 : 1;
	return (x->source->id > y->source->id) - (x->source->id < y->source->id);
}

/* Adds the rows of [from, to] in the order in which they were stored. */
static void add_stored(const struct sim_sens_ask *ask, int64_t from_ms, int64_t to_ms, GArray *out)
{
	struct sim_sens_ask part = *ask;

	part.to_ms = to_ms;
	for (guint i = 0; i < ask->sources->len; i++) {
		struct row row = {.source = ask->sources->pdata[i], .date_ms = from_ms};

		for (; sim_sens_ask_next(&part, row.source, &row.date_ms); row.date_ms++) {
			row.seq = sim_sens_seq(row.source, row.date_ms);
			g_array_append_val(out, row);
		}
	}
	g_array_sort(out, by_seq);
}

/* The rows offset … offset + most of the whole, day by day, so that no more than a day is held. True when there are more. */
static bool take_page(const struct sim_sens_ask *ask, guint most, GArray *page)
{
	GArray *day = g_array_new(FALSE, FALSE, sizeof(struct row));
	int64_t skip = ask->offset, to_ms = MIN(ask->to_ms, ask->now_ms);

	for (int64_t t = ask->from_ms; t <= to_ms && page->len <= most; t += DAY_MS) {
		g_array_set_size(day, 0);
		add_stored(ask, t, MIN(t + DAY_MS - 1, to_ms), day);
		for (guint i = 0; i < day->len && page->len <= most; i++) {
			if (skip-- > 0)
				continue;
			g_array_append_val(page, g_array_index(day, struct row, i));
		}
	}
	g_array_free(day, TRUE);
	if (page->len <= most)
		return false;
	g_array_set_size(page, most);
	return true;
}

static void write_raw_source(struct sim_call *call, const GArray *page, const struct sim_sens_source *source,
			     struct map *map)
{
	bool any = false;

	for (guint i = 0; i < page->len; i++) {
		const struct row *row = &g_array_index(page, struct row, i);

		if (row->source != source)
			continue;
		if (!any) {
			map_key(map, source);
			jsonw_open(map->w, '[');
			any = true;
		}
		write_row(call, source, row->date_ms, true);
	}
	if (any)
		jsonw_close(map->w, ']');
}

static void write_raw(struct sim_call *call, const struct sim_sens_ask *ask)
{
	const struct sim_faults *faults = &sim_sens_of(call)->state->faults;
	guint most = SIM_SENS_RAW_ROWS, small = (guint)faults->value[SIM_FAULT_PAGE_SIZE];
	GArray *page = g_array_new(FALSE, FALSE, sizeof(struct row));
	struct map map = {&call->json, false};
	bool more;

	if (small)
		most = MIN(most, small);
	more = take_page(ask, most, page) || sim_faults_on(faults, SIM_FAULT_ENDLESS_PAGES);
	jsonw_key(&call->json, "next");
	if (more)
		jsonw_int(&call->json, ask->offset + page->len);
	else
		jsonw_null(&call->json);
	for (guint i = 0; i < ask->sources->len; i++)
		write_raw_source(call, page, ask->sources->pdata[i], &map);
	map_end(&map);
	g_array_free(page, TRUE);
}

/* --- reading the question ---------------------------------------------------------------------------------- */

/* False after a refusal. */
static bool read_sources(struct sim_call *call, GPtrArray *out)
{
	const struct sim_sens *sens = sim_sens_of(call);
	const char *text = sim_call_query(call, "data_sources");
	char **ids = g_strsplit(text ? text : "", ",", -1);
	const struct sim_sens_source *source = NULL;
	bool good = true;

	for (unsigned i = 0; good && ids[i]; i++) {
		source = sim_sens_find_source(sens->data, sim_sens_number(ids[i]));
		if (!source || !sim_sens_sees(sens, source->sensor->gateway)) {
			sim_sens_invalid(call, "data_sources names an unknown data source");
			good = false;
		} else if (out->len && ((const struct sim_sens_source *)out->pdata[0])->sensor->gateway !=
					       source->sensor->gateway) {
			sim_sens_invalid(call, "data_sources must belong to the same gateway");
			good = false;
		} else if (!g_ptr_array_find(out, source, NULL)) {
			g_ptr_array_add(out, (gpointer)source);
		}
	}
	g_strfreev(ids);
	if (good && out->len == 0) {
		sim_sens_invalid(call, "data_sources is required");
		good = false;
	}
	return good;
}

/* A period that is missing or no period is the last week, without a word (§5.4). */
static void read_period(struct sim_call *call, struct sim_sens_ask *ask)
{
	int64_t from_ms = sim_sens_date(call, "from"), to_ms = sim_sens_date(call, "to");
	bool good = from_ms != MOMENT_NONE && to_ms != MOMENT_NONE && from_ms <= to_ms;
	int64_t seq_from = sim_sens_number(sim_call_query(call, "seq_from") ? sim_call_query(call, "seq_from")
									    : "");
	int64_t seq_to = sim_sens_number(sim_call_query(call, "seq_to") ? sim_call_query(call, "seq_to")
									: "");

	ask->from_ms = good ? from_ms : call->now_ms - WEEK_MS;
	ask->to_ms = good ? to_ms : call->now_ms;
	ask->seq_from = seq_from >= 0 ? seq_from : INT64_MIN;
	ask->seq_to = seq_to >= 0 ? seq_to : INT64_MAX;
	if (!good && (seq_from >= 0 || seq_to >= 0)) {
		/* A number is the time of storing; measured was a little before. */
		ask->from_ms = seq_from >= 0 ? seq_from / 1000 - 10000 : 0;
		ask->to_ms = seq_to >= 0 ? MIN(call->now_ms, seq_to / 1000) : call->now_ms;
	}
	ask->from_ms = MAX(ask->from_ms, sim_sens_of(call)->data->since_ms);
}

static double number_of(struct sim_call *call, const char *name, double most)
{
	const char *text = sim_call_query(call, name);
	double value = 0;

	if (!text)
		return 0;
	if (!text_number(text, &value) || !(value >= 1) || value > most) {
		sim_app_violation(call, "\"%s\" is no number of its kind", name);
		return 0;
	}
	return value;
}

/* By `interval`, else by `ticks`, else from the length of the period. */
static void read_step(struct sim_call *call, struct sim_sens_ask *ask)
{
	static const int minutes[] = {15, 30, 60, 120, 240, 360, 720, 1440};
	double interval = number_of(call, "interval", 527040), ticks = number_of(call, "ticks", 100000);
	double wanted = (double)(ask->to_ms - ask->from_ms) / (double)MINUTE_MS / 170;

	if (interval > 0) {
		ask->step_ms = (int64_t)interval * MINUTE_MS;
		return;
	}
	if (ticks > 0) {
		wanted = (double)(ask->to_ms - ask->from_ms) / (double)MINUTE_MS / ticks;
		ask->step_ms = MAX((int64_t)ceil(wanted), 1) * MINUTE_MS;
		return;
	}
	ask->step_ms = 7 * DAY_MS;
	for (size_t i = G_N_ELEMENTS(minutes); i-- > 0;)
		if (minutes[i] >= wanted)
			ask->step_ms = minutes[i] * MINUTE_MS;
}

void sim_sens_measurements(struct sim_call *call)
{
	static const struct {
		const char *type;
		void (*write)(struct sim_call *call, const struct sim_sens_ask *ask);
	} types[] = {{"latest", write_latest},
		     {"min_max", write_min_max},
		     {"range", write_range},
		     {"raw", write_raw}};
	const char *type = sim_call_query(call, "type"), *offset = sim_call_query(call, "offset");
	struct sim_sens_ask ask = {.now_ms = call->now_ms, .sources = g_ptr_array_new()};
	size_t i = 0;

	while (i < G_N_ELEMENTS(types) && (!type || strcmp(types[i].type, type) != 0))
		i++;
	if (i == G_N_ELEMENTS(types)) {
		sim_sens_invalid(call, "type must be latest, min_max, range or raw");
	} else if (read_sources(call, ask.sources)) {
		read_period(call, &ask);
		read_step(call, &ask);
		ask.offset = offset ? MAX(sim_sens_number(offset), 0) : 0;
		sim_sens_open(call, SIM_SENS_MAX_AGE_S);
		types[i].write(call, &ask);
		sim_sens_close(call);
	}
	g_ptr_array_free(ask.sources, TRUE);
}
