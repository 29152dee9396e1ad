#include "sim/butlr_series.h"

#include "base/rng.h"

#include <math.h>
#include <string.h>

#define SEEN_SAMPLES 60 /* of a window that are looked at for one sensor */

static const char *const function_words[] = {"mean", "max", "min", "sum", "first", "last", "median"};

int sim_function_parse(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(function_words); i++)
		if (strcmp(function_words[i], word) == 0)
			return (int)i;
	return -1;
}

static const struct measurement {
	const char *name;
	enum sim_estate_kind kind;
	enum sim_source source;
	const char *field;
} measurements[] = {
	{"room_occupancy", SIM_ESTATE_ROOM, SIM_SOURCE_COUNT, "occupancy"},
	{"floor_occupancy", SIM_ESTATE_FLOOR, SIM_SOURCE_COUNT, "occupancy"},
	{"zone_occupancy", SIM_ESTATE_ZONE, SIM_SOURCE_COUNT, "occupancy"},
	{"traffic_room_occupancy", SIM_ESTATE_ROOM, SIM_SOURCE_TRAFFIC_COUNT, "occupancy"},
	{"traffic_floor_occupancy", SIM_ESTATE_FLOOR, SIM_SOURCE_TRAFFIC_COUNT, "occupancy"},
	{"room_presence_time_secs", SIM_ESTATE_ROOM, SIM_SOURCE_PRESENCE_TIME, "presence_time_secs"},
	{"floor_presence_time_secs", SIM_ESTATE_FLOOR, SIM_SOURCE_PRESENCE_TIME, "presence_time_secs"},
	{"zone_presence_time_secs", SIM_ESTATE_ZONE, SIM_SOURCE_PRESENCE_TIME, "presence_time_secs"},
	{"traffic", SIM_ESTATE_SENSOR, SIM_SOURCE_IN, "in"},
	{"presence", SIM_ESTATE_SENSOR, SIM_SOURCE_SEEN, "occupancy"},
};

/* --- scope -------------------------------------------------------------------------------------------- */

static bool among(const cJSON *list, const char *id)
{
	const cJSON *element;

	if (!list)
		return true;
	cJSON_ArrayForEach(element, list)
	{
		if (id && cJSON_IsString(element) && g_ascii_strcasecmp(element->valuestring, id) == 0)
			return true;
	}
	return false;
}

static const char *id_of(const void *thing) { return thing ? ((const struct sim_thing *)thing)->id : NULL; }

static bool tagged(const struct sim_butlr *butlr, const cJSON *tags, const struct sim_area *room)
{
	if (!tags)
		return true;
	for (int i = 0; room && i < butlr->world->tag_count; i++)
		if (strcmp(butlr->world->tags[i].room_type, room->type) == 0 &&
		    among(tags, butlr->world->tags[i].id))
			return true;
	return false;
}

static bool in_scope(const struct sim_butlr *butlr, const struct sim_series *series,
		     const struct sim_scope *scope)
{
	const struct world *world = butlr->world;
	const struct sim_floor *floor = series->floor;
	int building = floor ? floor->building : -1;

	return among(scope->spaces, id_of(floor)) && among(scope->rooms, id_of(series->room)) &&
	       among(scope->zones, id_of(series->zone)) &&
	       among(scope->buildings, building < 0 ? NULL : world->buildings[building].id) &&
	       (among(scope->clients, world->site.org_id) || among(scope->clients, world->site.id)) &&
	       among(scope->macs, series->sensor ? series->sensor->mac : NULL) &&
	       tagged(butlr, scope->tags, series->room);
}

bool sim_series_has_traffic(const struct sim_butlr *butlr, const void *place)
{
	const GPtrArray *sensors = butlr->estate->things[SIM_ESTATE_SENSOR];
	const struct sim_thing *want = place;

	for (unsigned i = 0; i < sensors->len; i++) {
		const struct sim_sensor *sensor = g_ptr_array_index(sensors, i);
		const struct world_sensor *from;

		if (sensor->thing.deleted || sensor->mode != WORLD_TRAFFIC || sensor->thing.world < 0)
			continue;
		from = &butlr->world->sensors[sensor->thing.world];
		if ((const void *)sensor->room == place || (const void *)sensor->thing.floor == place)
			return true;
		if (from->door >= 0 && want->kind == SIM_ESTATE_ROOM &&
		    butlr->world->doors[from->door].room_in == want->world)
			return true;
	}
	return false;
}

/* --- making series ------------------------------------------------------------------------------------ */

static struct world_ref place_of(const struct sim_thing *thing)
{
	static const enum world_kind kinds[] = {
		[SIM_ESTATE_FLOOR] = WORLD_FLOOR,
		[SIM_ESTATE_ROOM] = WORLD_ROOM,
		[SIM_ESTATE_ZONE] = WORLD_ZONE,
	};

	return (struct world_ref){kinds[thing->kind], thing->world};
}

static bool fits(const struct measurement *m, const struct sim_sensor *sensor)
{
	return sensor->mode == (m->source == SIM_SOURCE_SEEN ? WORLD_PRESENCE : WORLD_TRAFFIC);
}

static void add_thing(struct sim_butlr *butlr, const struct measurement *m, struct sim_thing *thing,
		      const struct sim_scope *scope, GArray *out)
{
	struct sim_series series = {.measurement = m->name, .field = m->field, .source = m->source};

	series.floor = thing->kind == SIM_ESTATE_FLOOR ? (struct sim_floor *)thing : thing->floor;
	if (thing->kind == SIM_ESTATE_SENSOR) {
		series.sensor = (struct sim_sensor *)thing;
		series.room = series.sensor->room;
		if (!fits(m, series.sensor))
			return;
	} else {
		series.place = place_of(thing);
		if (thing->kind == SIM_ESTATE_ROOM)
			series.room = (struct sim_area *)thing;
		if (thing->kind == SIM_ESTATE_ZONE) {
			series.zone = (struct sim_area *)thing;
			series.room = series.zone->room;
		}
	}
	if (!in_scope(butlr, &series, scope))
		return;
	if (m->source == SIM_SOURCE_TRAFFIC_COUNT && !sim_series_has_traffic(butlr, thing))
		return;
	g_array_append_val(out, series);
	if (m->source == SIM_SOURCE_IN) {
		series.source = SIM_SOURCE_OUT;
		series.field = "out";
		g_array_append_val(out, series);
	}
}

bool sim_series_add(struct sim_butlr *butlr, const char *measurement, const struct sim_scope *scope,
		    GArray *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(measurements); i++) {
		const struct measurement *m = &measurements[i];
		const GPtrArray *things = butlr->estate->things[m->kind];

		if (strcmp(m->name, measurement) != 0)
			continue;
		for (unsigned n = 0; n < things->len; n++) {
			struct sim_thing *thing = g_ptr_array_index(things, n);

			if (!thing->deleted && thing->world >= 0)
				add_thing(butlr, m, thing, scope, out);
		}
		return true;
	}
	return false;
}

/* --- values ------------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double sim_function_apply(enum sim_function function, double *values, size_t count)
{
	double sum = 0, least = values[0], most = values[0];

	for (size_t i = 0; i < count; i++) {
		sum += values[i];
		least = fmin(least, values[i]);
		most = fmax(most, values[i]);
	}
	switch (function) {
	case SIM_MEAN:
		return sum / (double)count;
	case SIM_MAX:
		return most;
	case SIM_MIN:
		return least;
	case SIM_SUM:
		return sum;
	case SIM_FIRST:
		return values[0];
	case SIM_LAST:
		return values[count - 1];
	case SIM_MEDIAN:
		break;
	}
	qsort(values, count, sizeof(*values), compare);
	return values[count / 2];
}

int sim_series_drifted(const struct sim_butlr *butlr, struct world_ref place, int64_t t_ms, int count)
{
	/* a missed or doubled passage now and then: another error each half day */
	uint64_t seed = rng_hash(butlr->world->options.seed, (uint64_t)(t_ms / 43200000));
	int error = (int)(rng_hash(seed, (uint64_t)place.index * 8 + place.kind) % 5) - 2;

	return count == 0 ? 0 : MAX(0, count + (count > 3 ? error : error / 2));
}

static bool count_value(struct sim_butlr *butlr, const struct sim_series *series, enum sim_function function,
			bool exact, int64_t start_ms, int64_t end_ms, double *value)
{
	size_t n = (size_t)((end_ms - start_ms + WORLD_INNER_STEP_MS - 1) / WORLD_INNER_STEP_MS);
	int *counts = g_new(int, n);
	double *values = g_new(double, n);

	world_view_counts(butlr->view, series->place, start_ms, WORLD_INNER_STEP_MS, counts, n);
	for (size_t i = 0; i < n; i++)
		values[i] = exact ? counts[i]
				  : sim_series_drifted(butlr, series->place,
						       start_ms + (int64_t)i * WORLD_INNER_STEP_MS,
						       counts[i]);
	*value = sim_function_apply(function, values, n);
	g_free(counts);
	g_free(values);
	return true;
}

static bool seen_value(struct sim_butlr *butlr, const struct sim_series *series, enum sim_function function,
		       int64_t start_ms, int64_t end_ms, double *value)
{
	struct world_detection points[WORLD_DETECTIONS_MAX];
	double values[SEEN_SAMPLES + 1];
	int64_t step = MAX(1, (end_ms - start_ms) / SEEN_SAMPLES);
	int sensor = series->sensor->thing.world;
	size_t n = 0;

	for (int64_t t = world_view_next_sample(butlr->view, sensor, start_ms, end_ms);
	     t != INT64_MIN && n < G_N_ELEMENTS(values);
	     t = world_view_next_sample(butlr->view, sensor, t + step, end_ms))
		values[n++] = (double)world_view_detections(butlr->view, sensor, t, points);
	if (n)
		*value = sim_function_apply(function, values, n);
	return n > 0;
}

bool sim_series_value(struct sim_butlr *butlr, const struct sim_series *series, enum sim_function function,
		      bool calibrated, int64_t start_ms, int64_t end_ms, double *value)
{
	int in = 0, out = 0;

	switch (series->source) {
	case SIM_SOURCE_COUNT:
		return count_value(butlr, series, function, true, start_ms, end_ms, value);
	case SIM_SOURCE_TRAFFIC_COUNT:
		return count_value(butlr, series, function, calibrated, start_ms, end_ms, value);
	case SIM_SOURCE_PRESENCE_TIME:
		*value = (double)(world_view_presence_ms(butlr->view, series->place, start_ms, end_ms) / 1000);
		return true;
	case SIM_SOURCE_IN:
	case SIM_SOURCE_OUT:
		world_view_traffic(butlr->view, series->sensor->thing.world, start_ms, end_ms, &in, &out);
		*value = series->source == SIM_SOURCE_IN ? in : out;
		return true;
	case SIM_SOURCE_SEEN:
		return seen_value(butlr, series, function, start_ms, end_ms, value);
	}
	return false;
}
