#include "sim/world_view.h"

#include "base/rng.h"

#define DAY_MS INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)
#define HEARTBEAT_MS (5 * MINUTE_MS)
#define LOW_PERCENT 15
#define DEATHS_FROM_MS INT64_C(1767225600000) /* 2026-01-01: the few that fail for good fail after it */

/* A stretch of time in which a device is silent. */
struct silence {
	int64_t from_ms, until_ms; /* INT64_MAX: for ever; from == until: none */
};

static int64_t floor_to(int64_t t_ms, int64_t step_ms)
{
	int64_t rest = t_ms % step_ms;

	return t_ms - (rest < 0 ? rest + step_ms : rest);
}

/* The one outage that a device may have in each stretch of `slot_days`. */
static struct silence outage(const struct world *world, uint64_t device, int64_t t_ms, int slot_days,
			     int chance_percent, int least_min, int most_min)
{
	int64_t slot_ms = slot_days * DAY_MS, start_ms = floor_to(t_ms, slot_ms);
	uint64_t hash = world_hash(world, SALT_OUTAGE, device, (uint64_t)(start_ms / slot_ms));
	int length_min = least_min + world_pick(rng_hash(hash, 1), most_min - least_min);
	int64_t from_ms = start_ms + world_pick(rng_hash(hash, 2), slot_days * 1440 - most_min) * MINUTE_MS;

	if (world_pick(hash, 100) >= chance_percent)
		return (struct silence){start_ms, start_ms};
	return (struct silence){from_ms, from_ms + length_min * MINUTE_MS};
}

static bool holds(struct silence silence, int64_t t_ms)
{
	return t_ms >= silence.from_ms && t_ms < silence.until_ms;
}

static struct silence hive_silence(const struct world *world, int hive, int64_t t_ms)
{
	if (world->hives[hive].placeholder)
		return (struct silence){0, INT64_MAX};
	return outage(world, ((uint64_t)1 << 32) + (uint64_t)hive, t_ms, 20, 35, 10, 150);
}

struct battery {
	int runtime_days;
	int64_t changed_ms, empty_ms, next_change_ms;
};

/* Batteries are changed every so often, by most before they are empty, by some too late. Always in the morning. */
static struct battery battery_at(const struct world *world, int sensor, int64_t t_ms)
{
	uint64_t hash = world_hash(world, SALT_BATTERY, (uint64_t)sensor, 0);
	int runtime_days = 540 + world_pick(hash, 360);
	int cycle_days = runtime_days * (80 + world_pick(rng_hash(hash, 1), 28)) / 100;
	int64_t phase_ms = world_pick(rng_hash(hash, 2), cycle_days) * DAY_MS - 600 * MINUTE_MS -
			   world_pick(rng_hash(hash, 3), 240) * MINUTE_MS;
	int64_t changed_ms = floor_to(t_ms + phase_ms, cycle_days * DAY_MS) - phase_ms;

	return (struct battery){
		.runtime_days = runtime_days,
		.changed_ms = changed_ms,
		.empty_ms = changed_ms + runtime_days * DAY_MS,
		.next_change_ms = changed_ms + cycle_days * DAY_MS,
	};
}

static bool on_battery(const struct world_sensor *sensor) { return !sensor->wired && !sensor->placeholder; }

/* All that can silence a sensor at a moment, joined: from the first of the causes until the last of them ends. */
static struct silence sensor_silence(const struct world *world, int index, int64_t t_ms)
{
	const struct world_sensor *sensor = &world->sensors[index];
	uint64_t hash = world_hash(world, SALT_SENSOR, (uint64_t)index, 77);
	struct silence causes[4] = {{0, 0}}, joined = {t_ms, t_ms};
	int count = 0;

	if (sensor->placeholder)
		return (struct silence){0, INT64_MAX};
	causes[count++] = outage(world, (uint64_t)index, t_ms, 6, 22, 20, 840);
	if (sensor->hive >= 0)
		causes[count++] = hive_silence(world, sensor->hive, t_ms);
	if (world_pick(hash, 50) == 0)
		causes[count++] = (struct silence){
			DEATHS_FROM_MS + world_pick(rng_hash(hash, 1), 300 * 1440) * MINUTE_MS, INT64_MAX};
	if (on_battery(sensor)) {
		struct battery battery = battery_at(world, index, t_ms);

		causes[count++] = (struct silence){battery.empty_ms, battery.next_change_ms};
	}
	for (int i = 0; i < count; i++) {
		if (!holds(causes[i], t_ms))
			continue;
		if (causes[i].from_ms < joined.from_ms)
			joined.from_ms = causes[i].from_ms;
		if (causes[i].until_ms > joined.until_ms)
			joined.until_ms = causes[i].until_ms;
	}
	return joined;
}

static int by_start(gconstpointer a, gconstpointer b)
{
	const struct world_span *p = a, *q = b;

	return p->from_ms < q->from_ms ? -1 : p->from_ms > q->from_ms;
}

static void keep(GArray *out, struct silence silence, int64_t t0_ms, int64_t t1_ms)
{
	struct world_span span = {silence.from_ms, silence.until_ms};

	if (span.from_ms < span.to_ms && span.from_ms < t1_ms && span.to_ms > t0_ms)
		g_array_append_val(out, span);
}

static void join_spans(GArray *out)
{
	guint n = 0;

	g_array_sort(out, by_start);
	for (guint i = 0; i < out->len; i++) {
		const struct world_span span = g_array_index(out, struct world_span, i);
		struct world_span *last = n ? &g_array_index(out, struct world_span, n - 1) : NULL;

		if (last && span.from_ms <= last->to_ms)
			last->to_ms = span.to_ms > last->to_ms ? span.to_ms : last->to_ms;
		else
			g_array_index(out, struct world_span, n++) = span;
	}
	g_array_set_size(out, n);
}

void world_sensor_outages(const struct world *world, int index, int64_t t0_ms, int64_t t1_ms, GArray *out)
{
	const struct world_sensor *sensor = &world->sensors[index];
	uint64_t hash = world_hash(world, SALT_SENSOR, (uint64_t)index, 77);

	g_array_set_size(out, 0);
	if (sensor->placeholder) {
		keep(out, (struct silence){0, INT64_MAX}, t0_ms, t1_ms);
		return;
	}
	for (int64_t t_ms = floor_to(t0_ms, 6 * DAY_MS); t_ms < t1_ms; t_ms += 6 * DAY_MS)
		keep(out, outage(world, (uint64_t)index, t_ms, 6, 22, 20, 840), t0_ms, t1_ms);
	for (int64_t t_ms = floor_to(t0_ms, 20 * DAY_MS); sensor->hive >= 0 && t_ms < t1_ms;
	     t_ms += 20 * DAY_MS)
		keep(out, hive_silence(world, sensor->hive, t_ms), t0_ms, t1_ms);
	if (world_pick(hash, 50) == 0)
		keep(out,
		     (struct silence){DEATHS_FROM_MS + world_pick(rng_hash(hash, 1), 300 * 1440) * MINUTE_MS,
				      INT64_MAX},
		     t0_ms, t1_ms);
	for (int64_t t_ms = t0_ms; on_battery(sensor) && t_ms < t1_ms;) {
		struct battery battery = battery_at(world, index, t_ms);

		keep(out, (struct silence){battery.empty_ms, battery.next_change_ms}, t0_ms, t1_ms);
		t_ms = battery.next_change_ms;
	}
	join_spans(out);
}

/* Until when the sensor sleeps; t itself when it is awake. Those with shorter hours wake at six. */
static int64_t asleep_until(struct world_view *view, int index, int64_t t_ms)
{
	const struct world_sensor *sensor = &view->world->sensors[index];
	int building = view->world->floors[sensor->floor].building, hours;
	struct world_day day = world_view_day(view, building, t_ms);
	int64_t wake_ms = day.start_ms + 6 * 60 * MINUTE_MS;

	hours = sensor->active_hours[day.weekday];
	if (hours >= 24)
		return t_ms;
	if (t_ms < wake_ms)
		return wake_ms;
	return t_ms >= wake_ms + hours * 60 * MINUTE_MS ? day.end_ms : t_ms;
}

int64_t world_view_silent_until(struct world_view *view, int sensor, int64_t t_ms)
{
	struct silence silence;

	if (view->world->sensors[sensor].mode == WORLD_REPEATER)
		return INT64_MAX;
	silence = sensor_silence(view->world, sensor, t_ms);
	return silence.until_ms > t_ms ? silence.until_ms : asleep_until(view, sensor, t_ms);
}

/* The last of the regular signs of life before a moment. */
static int64_t heartbeat_s(const struct world *world, uint64_t device, int64_t t_ms)
{
	int64_t offset_ms = world_pick(world_hash(world, SALT_OUTAGE, device, UINT64_MAX), (int)HEARTBEAT_MS);

	return (floor_to(t_ms - offset_ms, HEARTBEAT_MS) + offset_ms) / 1000;
}

static void fill_battery(const struct world *world, int sensor, int64_t t_ms, struct world_health *health)
{
	struct battery battery = battery_at(world, sensor, t_ms);
	int64_t left_ms = battery.empty_ms > t_ms ? battery.empty_ms - t_ms : 0;

	health->battery = true;
	health->runtime_days = battery.runtime_days;
	health->battery_changed_ms = battery.changed_ms;
	health->battery_change_by_ms = battery.empty_ms;
	health->battery_days = (int)(left_ms / DAY_MS);
	health->battery_percent = (int)((left_ms * 100 + battery.runtime_days * DAY_MS - 1) /
					(battery.runtime_days * DAY_MS));
	health->battery_low = health->battery_percent < LOW_PERCENT;
}

struct world_health world_view_sensor_health(struct world_view *view, int index, int64_t t_ms)
{
	const struct world *world = view->world;
	const struct world_sensor *sensor = &world->sensors[index];
	struct silence silence = sensor_silence(world, index, t_ms), recent;
	struct world_health health = {
		.battery_changed_ms = MOMENT_NONE,
		.battery_change_by_ms = MOMENT_NONE,
		.since_ms = MOMENT_NONE,
	};

	if (sensor->placeholder)
		return health;
	if (on_battery(sensor))
		fill_battery(world, index, t_ms, &health);
	health.online = !holds(silence, t_ms);
	health.sleeping = health.online && asleep_until(view, index, t_ms) != t_ms;
	health.streaming = health.online && !health.sleeping && sensor->mode != WORLD_REPEATER;
	if (!health.online) {
		health.since_ms = silence.from_ms;
		health.last_heartbeat_s = heartbeat_s(world, (uint64_t)index, silence.from_ms);
		return health;
	}
	recent = outage(world, (uint64_t)index, t_ms, 6, 22, 20, 840);
	if (recent.until_ms > recent.from_ms && recent.until_ms <= t_ms)
		health.since_ms = recent.until_ms;
	health.last_heartbeat_s = heartbeat_s(world, (uint64_t)index, t_ms);
	if (health.since_ms != MOMENT_NONE && health.last_heartbeat_s < health.since_ms / 1000)
		health.last_heartbeat_s = health.since_ms / 1000;
	return health;
}

struct world_health world_view_hive_health(struct world_view *view, int hive, int64_t t_ms)
{
	const struct world *world = view->world;
	struct silence silence = hive_silence(world, hive, t_ms);
	uint64_t device = ((uint64_t)1 << 32) + (uint64_t)hive;
	struct world_health health = {
		.battery_changed_ms = MOMENT_NONE,
		.battery_change_by_ms = MOMENT_NONE,
		.since_ms = MOMENT_NONE,
	};

	if (world->hives[hive].placeholder)
		return health;
	health.online = health.streaming = !holds(silence, t_ms);
	if (!health.online)
		health.since_ms = silence.from_ms;
	else if (silence.until_ms > silence.from_ms && silence.until_ms <= t_ms)
		health.since_ms = silence.until_ms;
	health.last_heartbeat_s = heartbeat_s(world, device, health.online ? t_ms : silence.from_ms);
	if (health.online && health.since_ms != MOMENT_NONE &&
	    health.last_heartbeat_s < health.since_ms / 1000)
		health.last_heartbeat_s = health.since_ms / 1000;
	return health;
}

int64_t world_view_next_sample(struct world_view *view, int sensor, int64_t t_ms, int64_t until_ms)
{
	int64_t fps = view->world->options.frames_per_second;
	int64_t phase_ms = world_pick(world_hash(view->world, SALT_SENSOR, (uint64_t)sensor, 55),
				      (int)(1000 / fps));

	while (t_ms < until_ms) {
		int64_t k = t_ms > phase_ms ? ((t_ms - phase_ms) * fps + 999) / 1000 : 0;
		int64_t sample_ms = phase_ms + k * 1000 / fps, silent_ms;

		/* the k-th sample is rounded down, so it may lie just before t */
		if (sample_ms < t_ms)
			sample_ms = phase_ms + (k + 1) * 1000 / fps;
		if (sample_ms >= until_ms)
			break;
		silent_ms = world_view_silent_until(view, sensor, sample_ms);
		if (silent_ms == sample_ms)
			return sample_ms;
		if (silent_ms == INT64_MAX)
			break;
		t_ms = silent_ms;
	}
	return MOMENT_NONE;
}
