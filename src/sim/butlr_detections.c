#include "sim/butlr_detections.h"

#include "base/rng.h"
#include "sim/butlr.h"
#include "sim/butlr_time.h"

#include <math.h>
#include <string.h>

enum data_type { LOCAL, WORLD, HEATMAP, DATA_TYPES };

static const char *const type_names[DATA_TYPES] = {"detections_local", "detections_world", "heatmap"};

enum function { LAST, FIRST, MOST, FEWEST };

struct query {
	struct sim_butlr *butlr;
	bool types[DATA_TYPES], density;
	int64_t start_ms, stop_ms; /* [start, stop), not beyond now */
	int64_t now_ms, every_ms;  /* every: 0 = each sample */
	enum function function;
	bool omit_empty;
	GPtrArray *sensors; /* struct sim_sensor *, of the world only */
};

/* --- reading the request ------------------------------------------------------------------------------ */

static const char *read_types(const cJSON *body, struct query *query)
{
	const cJSON *list = jsonx_get(body, "data_types"), *element;

	if (!cJSON_IsArray(list) || !list->child)
		return "data_types is missing";
	cJSON_ArrayForEach(element, list)
	{
		const char *word = cJSON_IsString(element) ? element->valuestring : "";
		bool known = strcmp(word, "heatmap_v2") == 0;

		query->density = query->density || known;
		for (int i = 0; i < DATA_TYPES; i++) {
			if (strcmp(word, type_names[i]) == 0)
				query->types[i] = known = true;
		}
		if (!known)
			return "data_types holds an unknown word";
	}
	return NULL;
}

static const char *read_window(const cJSON *window, struct query *query)
{
	static const struct {
		const char *word;
		enum function function;
	} functions[] = {
		{"last", LAST}, {"first", FIRST}, {"max", MOST}, {"min", FEWEST},
		{"mean", LAST}, {"median", LAST}, {"sum", LAST},
	};
	const cJSON *every = jsonx_get(window, "every"), *function = jsonx_get(window, "function");

	if (every) {
		query->every_ms = cJSON_IsString(every) ? moment_span_ms(every->valuestring) : -1;
		if (query->every_ms <= 0)
			return "window.every is no duration";
	}
	if (!function)
		return NULL;
	for (size_t i = 0; cJSON_IsString(function) && i < G_N_ELEMENTS(functions); i++) {
		if (strcmp(function->valuestring, functions[i].word) == 0) {
			query->function = functions[i].function;
			return NULL;
		}
	}
	return "window.function is unknown";
}

static const char *read_times(const cJSON *filter, struct query *query)
{
	const cJSON *stop = jsonx_get(filter, "stop");

	if (!cJSON_IsObject(filter))
		return "filter is missing";
	query->start_ms = sim_time_read(jsonx_get(filter, "start"), query->now_ms);
	query->stop_ms = stop ? sim_time_read(stop, query->now_ms) : query->now_ms + 1;
	if (query->start_ms == MOMENT_NONE)
		return "filter.start is missing or is no time";
	if (query->stop_ms == MOMENT_NONE)
		return "filter.stop is no time";
	if (query->stop_ms < query->start_ms)
		return "filter.stop lies before filter.start";
	query->stop_ms = MIN(query->stop_ms, query->now_ms + 1);
	return NULL;
}

static bool id_matches(const cJSON *want, const void *thing)
{
	if (!want)
		return true;
	return thing && cJSON_IsString(want) &&
	       strcmp(want->valuestring, ((const struct sim_thing *)thing)->id) == 0;
}

static void add_sensor(struct query *query, const cJSON *filter, struct sim_sensor *sensor)
{
	if (sensor && !sensor->thing.deleted && sensor->thing.world >= 0 &&
	    id_matches(jsonx_get(filter, "space_id"), sensor->thing.floor) &&
	    id_matches(jsonx_get(filter, "room_id"), sensor->room))
		g_ptr_array_add(query->sensors, sensor);
}

static const char *read_sensors(const cJSON *filter, struct query *query)
{
	const cJSON *macs = jsonx_get(filter, "mac_addresses"), *element;
	GPtrArray *all = query->butlr->estate->things[SIM_ESTATE_SENSOR];

	query->sensors = g_ptr_array_new();
	if (!macs) {
		for (unsigned i = 0; i < all->len; i++)
			add_sensor(query, filter, g_ptr_array_index(all, i));
		return NULL;
	}
	if (!cJSON_IsArray(macs))
		return "filter.mac_addresses is no list";

	GHashTable *seen = g_hash_table_new(NULL, NULL);

	cJSON_ArrayForEach(element, macs)
	{
		struct sim_sensor *sensor = cJSON_IsString(element) ? sim_estate_sensor(query->butlr->estate,
											element->valuestring)
								    : NULL;

		if (sensor && g_hash_table_add(seen, sensor))
			add_sensor(query, filter, sensor);
	}
	g_hash_table_destroy(seen);
	return NULL;
}

static const char *read_query(const cJSON *body, struct query *query)
{
	const cJSON *filter = jsonx_get(body, "filter");
	const char *fault = cJSON_IsObject(body) ? read_types(body, query) : "the body is not a JSON object";

	if (!fault)
		fault = read_times(filter, query);
	if (!fault)
		fault = read_window(jsonx_get(body, "window"), query);
	if (!fault)
		fault = read_sensors(filter, query);
	query->omit_empty = jsonx_truthy(jsonx_get(filter, "omit_empty_value")) == 1;
	return fault;
}

/* --- writing points: this is the hot path, so the text is put together by hand ---------------------------- */

/* Hundredths as a decimal with two digits at most: 2130 gives 21.3. Returns the end. */
static char *put_centi(char *p, int value)
{
	int whole, rest;

	if (value < 0) {
		*p++ = '-';
		value = -value;
	}
	whole = value / 100;
	rest = value % 100;
	if (whole >= 100)
		*p++ = (char)('0' + whole / 100 % 10);
	if (whole >= 10)
		*p++ = (char)('0' + whole / 10 % 10);
	*p++ = (char)('0' + whole % 10);
	if (rest) {
		*p++ = '.';
		*p++ = (char)('0' + rest / 10);
		if (rest % 10)
			*p++ = (char)('0' + rest % 10);
	}
	return p;
}

static void write_frame(struct buf *out, const struct world_frame *frame)
{
	char text[WORLD_SIDE * WORLD_SIDE * 9 + 32], *p = text;

	*p++ = '[';
	for (int row = 0; row < WORLD_SIDE; row++) {
		*p++ = '[';
		for (int column = 0; column < WORLD_SIDE; column++) {
			p = put_centi(p, frame->centi_c[row][column]);
			*p++ = column == WORLD_SIDE - 1 ? ']' : ',';
		}
		*p++ = row == WORLD_SIDE - 1 ? ']' : ',';
	}
	buf_add(out, text, (size_t)(p - text));
}

static void write_points(struct buf *out, const struct world_detection *points, size_t count,
			 enum data_type type)
{
	buf_addc(out, '[');
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_addc(out, ',');
		if (type == LOCAL)
			buf_addf(out, "[%d.%04d,%d.%04d]", points[i].local_x10000[0] / 10000,
				 points[i].local_x10000[0] % 10000, points[i].local_x10000[1] / 10000,
				 points[i].local_x10000[1] % 10000);
		else
			buf_addf(out, "[%d.%03d,%d.%03d]", points[i].at.x_mm / 1000,
				 abs(points[i].at.x_mm % 1000), points[i].at.y_mm / 1000,
				 abs(points[i].at.y_mm % 1000));
	}
	buf_addc(out, ']');
}

static void write_head(struct buf *out, bool comma, int64_t start_ms, int64_t sample_ms, const char *mac)
{
	buf_addf(out,
		 "%s{\"start_time\":%" G_GINT64_FORMAT ",\"sample_time\":%" G_GINT64_FORMAT
		 ",\"mac_address\":\"",
		 comma ? "," : "", start_ms, sample_ms);
	buf_adds(out,
		 mac); /* hex digits and dashes, or what an estate's placeholder has: nothing to escape */
	buf_adds(out, "\",\"value\":");
}

/* True when a point was written. */
static bool write_sample(struct query *query, enum data_type type, const struct sim_sensor *sensor,
			 int64_t start_ms, int64_t sample_ms, struct buf *out, bool comma)
{
	struct world_detection points[WORLD_DETECTIONS_MAX];
	struct world_frame frame;
	size_t count = 0;

	if (type != HEATMAP) {
		count = world_view_detections(query->butlr->view, sensor->thing.world, sample_ms, points);
		if (count == 0 && query->omit_empty)
			return false;
	}
	write_head(out, comma, start_ms, sample_ms, sensor->mac);
	if (type == HEATMAP) {
		world_view_frame(query->butlr->view, sensor->thing.world, sample_ms, &frame);
		write_frame(out, &frame);
	} else {
		write_points(out, points, count, type);
	}
	buf_addc(out, '}');
	return true;
}

/* --- choosing samples ------------------------------------------------------------------------------------ */

/* A share of the frames reaches the server late (faults late_rate and late). */
static bool is_visible(const struct query *query, const struct sim_sensor *sensor, int64_t sample_ms)
{
	const struct sim_faults *faults = sim_butlr_faults(query->butlr);
	uint64_t seed = query->butlr->world->options.seed;

	if (!sim_faults_on(faults, SIM_FAULT_LATE_RATE))
		return true;
	if (!sim_faults_hit(faults, SIM_FAULT_LATE_RATE, rng_hash(seed, (uint64_t)sensor->thing.world),
			    (uint64_t)sample_ms))
		return true;
	return query->now_ms >= sample_ms + (int64_t)faults->value[SIM_FAULT_LATE];
}

static int64_t next_visible(const struct query *query, const struct sim_sensor *sensor, int64_t from_ms,
			    int64_t to_ms)
{
	int64_t t = world_view_next_sample(query->butlr->view, sensor->thing.world, from_ms, to_ms);

	while (t != MOMENT_NONE && !is_visible(query, sensor, t))
		t = world_view_next_sample(query->butlr->view, sensor->thing.world, t + 1, to_ms);
	return t;
}

/* Looks back from the end in growing steps, so that a long window is not walked through. */
static int64_t last_visible(const struct query *query, const struct sim_sensor *sensor, int64_t from_ms,
			    int64_t to_ms)
{
	int64_t step = 1000, end = to_ms;

	while (end > from_ms) {
		int64_t begin = MAX(end - step, from_ms), found = MOMENT_NONE;

		for (int64_t t = next_visible(query, sensor, begin, end); t != MOMENT_NONE;
		     t = next_visible(query, sensor, t + 1, end))
			found = t;
		if (found != MOMENT_NONE)
			return found;
		end = begin;
		step *= 2;
	}
	return MOMENT_NONE;
}

#define EXTREME_SAMPLES 600 /* of a window that are compared for min and max */

static int64_t extreme_visible(const struct query *query, const struct sim_sensor *sensor, int64_t from_ms,
			       int64_t to_ms)
{
	struct world_detection points[WORLD_DETECTIONS_MAX];
	int64_t best = MOMENT_NONE, skip = (to_ms - from_ms) / EXTREME_SAMPLES;
	size_t best_count = 0;

	for (int64_t t = next_visible(query, sensor, from_ms, to_ms); t != MOMENT_NONE;
	     t = next_visible(query, sensor, t + MAX(skip, 1), to_ms)) {
		size_t count = world_view_detections(query->butlr->view, sensor->thing.world, t, points);

		if (best == MOMENT_NONE ||
		    (query->function == MOST ? count > best_count : count < best_count)) {
			best = t;
			best_count = count;
		}
	}
	return best;
}

static int64_t choose(const struct query *query, const struct sim_sensor *sensor, int64_t from_ms,
		      int64_t to_ms)
{
	switch (query->function) {
	case FIRST:
		return next_visible(query, sensor, from_ms, to_ms);
	case LAST:
		return last_visible(query, sensor, from_ms, to_ms);
	default:
		return extreme_visible(query, sensor, from_ms, to_ms);
	}
}

static void write_type(struct query *query, enum data_type type, const GArray *windows, struct buf *out)
{
	bool comma = false;

	for (unsigned i = 0; i < query->sensors->len && !out->error; i++) {
		const struct sim_sensor *sensor = g_ptr_array_index(query->sensors, i);

		if (!windows) {
			for (int64_t t = next_visible(query, sensor, query->start_ms, query->stop_ms);
			     t != MOMENT_NONE && !out->error;
			     t = next_visible(query, sensor, t + 1, query->stop_ms))
				comma |= write_sample(query, type, sensor, t, t, out, comma);
			continue;
		}
		for (unsigned w = 0; w < windows->len && !out->error; w++) {
			const struct sim_window *window = &g_array_index(windows, struct sim_window, w);
			int64_t t = choose(query, sensor, window->start_ms, window->end_ms);

			if (t != MOMENT_NONE)
				comma |= write_sample(query, type, sensor, window->start_ms, t, out, comma);
		}
	}
}

static void answer(struct sim_call *call, struct query *query)
{
	struct buf *out = &call->reply->body;
	GArray *windows = NULL;
	bool comma = false;

	if (query->every_ms) {
		windows = g_array_new(FALSE, FALSE, sizeof(struct sim_window));
		if (sim_windows(query->every_ms, NULL, query->start_ms, query->stop_ms, windows) != ERR_OK) {
			sim_butlr_invalid(call, "there are too many windows");
			g_array_free(windows, TRUE);
			return;
		}
	}
	buf_addc(out, '{');
	for (int type = 0; type < DATA_TYPES; type++) {
		if (!query->types[type])
			continue;
		buf_addf(out, "%s\"%s\":[", comma ? "," : "", type_names[type]);
		write_type(query, (enum data_type)type, windows, out);
		buf_addc(out, ']');
		comma = true;
	}
	buf_addc(out, '}');
	if (windows)
		g_array_free(windows, TRUE);
}

void sim_butlr_detections(struct sim_call *call)
{
	struct query query = {.butlr = sim_butlr_of(call), .now_ms = call->now_ms};
	const cJSON *body = sim_call_body(call);
	const char *fault = read_query(body, &query);

	if (fault)
		sim_butlr_invalid(call, fault);
	else if (query.density && (query.types[LOCAL] || query.types[WORLD] || query.types[HEATMAP]))
		sim_butlr_invalid(call, "heatmap_v2 cannot be asked together with others");
	else if (query.density)
		sim_butlr_density(call, body);
	else
		answer(call, &query);
	if (query.sensors)
		g_ptr_array_free(query.sensors, TRUE);
}
