#include "sim/sensorist_value.h"

#include "base/moment.h"
#include "base/rng.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
#define JITTER_S 5

static int pick(uint64_t hash, int n) { return (int)((hash >> 33) % (uint64_t)n); }

/* --- silence ----------------------------------------------------------------------------------------------- */

struct silence {
	int64_t from_ms, to_ms; /* equal: none */
};

/* In each stretch of `days` a device is lost with a chance in hundredths, for `least` up to `most` hours. Each device has
 * stretches of its own. */
static struct silence silence_at(uint64_t hash, int64_t t_ms, int days, int chance, int least, int most)
{
	int64_t phase_ms = pick(rng_hash(hash, 0x70686173), days * 24) * HOUR_MS;
	int64_t slot = (t_ms + phase_ms) / (days * DAY_MS);
	uint64_t own = rng_hash(rng_hash(hash, 0x6c6f7374), (uint64_t)slot);
	struct silence silence = {0, 0};

	if (pick(own, 100) >= chance)
		return silence;
	silence.from_ms = slot * days * DAY_MS - phase_ms +
			  pick(rng_hash(own, 1), (days * 24 - most) * 3600) * INT64_C(1000);
	silence.to_ms = silence.from_ms +
			(least * 3600 + pick(rng_hash(own, 2), (most - least) * 3600)) * INT64_C(1000);
	return silence;
}

static bool holds(struct silence silence, int64_t t_ms)
{
	return t_ms >= silence.from_ms && t_ms < silence.to_ms;
}

static struct silence gateway_silence(const struct sim_sens_gateway *gateway, int64_t t_ms)
{
	struct silence down = {gateway->down_from_ms, gateway->down_to_ms};

	return holds(down, t_ms) ? down : silence_at(gateway->hash, t_ms, 12, 20, 1, 8);
}

static struct silence sensor_silence(const struct sim_sens_sensor *sensor, int64_t t_ms)
{
	struct silence silence = gateway_silence(sensor->gateway, t_ms);

	return holds(silence, t_ms) ? silence : silence_at(sensor->hash, t_ms, 10, 30, 2, 60);
}

int64_t sim_sens_gateway_lost(const struct sim_sens_gateway *gateway, int64_t t_ms)
{
	struct silence silence = gateway_silence(gateway, t_ms);

	return holds(silence, t_ms) ? silence.from_ms : MOMENT_NONE;
}

int64_t sim_sens_sensor_lost(const struct sim_sens_sensor *sensor, int64_t t_ms)
{
	struct silence silence = sensor_silence(sensor, t_ms);

	return holds(silence, t_ms) ? silence.from_ms : MOMENT_NONE;
}

/* --- the dates of rows ------------------------------------------------------------------------------------- */

/* The pace at a moment: its place, 0 before the first. */
static guint pace_at(const struct sim_sens_source *source, int64_t t_ms)
{
	guint i = source->paces->len - 1;

	while (i > 0 && g_array_index(source->paces, struct sim_sens_pace, i).from_ms > t_ms)
		i--;
	return i;
}

int sim_sens_interval_s(const struct sim_sens_source *source, int64_t t_ms)
{
	return g_array_index(source->paces, struct sim_sens_pace, pace_at(source, t_ms)).interval_s;
}

static int64_t phase_s(const struct sim_sens_source *source, int interval_s)
{
	return (int64_t)(source->sensor->hash % (uint64_t)(interval_s - JITTER_S));
}

/* A few seconds late, as radio is; all values of a sensor's turn have the same date. */
static int64_t date_of(const struct sim_sens_source *source, int interval_s, int64_t turn)
{
	int64_t at_s = turn * interval_s + phase_s(source, interval_s);

	return (at_s + pick(rng_hash(source->sensor->hash, (uint64_t)at_s), JITTER_S)) * 1000;
}

int64_t sim_sens_next(const struct sim_sens_source *source, int64_t t_ms)
{
	const struct sim_sens_pace *paces = (const struct sim_sens_pace *)(void *)source->paces->data;
	guint i = pace_at(source, t_ms);

	for (; i < source->paces->len; i++) {
		int interval_s = paces[i].interval_s;
		int64_t from_ms = MAX(t_ms, paces[i].from_ms);
		int64_t end_ms = i + 1 < source->paces->len ? paces[i + 1].from_ms : INT64_MAX;
		int64_t turn = (from_ms / 1000 - phase_s(source, interval_s)) / interval_s - 1;

		for (;;) {
			int64_t date_ms = date_of(source, interval_s, turn++);
			struct silence silence = sensor_silence(source->sensor, date_ms);

			if (date_ms >= end_ms)
				break;
			if (date_ms < from_ms)
				continue;
			if (!holds(silence, date_ms))
				return date_ms;
			turn = MAX(turn,
				   (silence.to_ms / 1000 - phase_s(source, interval_s)) / interval_s - 1);
		}
	}
	return INT64_MAX;
}

int64_t sim_sens_last(const struct sim_sens_source *source, int64_t t_ms)
{
	const struct sim_sens_pace *paces = (const struct sim_sens_pace *)(void *)source->paces->data;

	for (guint i = pace_at(source, t_ms) + 1; i-- > 0;) {
		int interval_s = paces[i].interval_s;
		int64_t end_ms = MIN(t_ms, i + 1 < source->paces->len ? paces[i + 1].from_ms : INT64_MAX);
		int64_t turn = (end_ms / 1000 - phase_s(source, interval_s)) / interval_s + 1, date_ms;

		while ((date_ms = date_of(source, interval_s, turn--)) >= paces[i].from_ms)
			if (date_ms < end_ms && sim_sens_sensor_lost(source->sensor, date_ms) == MOMENT_NONE)
				return date_ms;
	}
	return MOMENT_NONE;
}

enum sim_sens_row_type sim_sens_row_type(const struct sim_sens_source *source, int64_t date_ms)
{
	int chance = pick(rng_hash(source->hash ^ 0x74797065, (uint64_t)date_ms), 1000);

	if (source->kind != SIM_SENS_TEMPERATURE && source->kind != SIM_SENS_HUMIDITY)
		return SIM_SENS_REGULAR;
	if (chance < 6)
		return chance < 2 ? SIM_SENS_BLANK : chance < 4 ? SIM_SENS_INTERPOLATED : SIM_SENS_BUTTON;
	return SIM_SENS_REGULAR;
}

int64_t sim_sens_seq(const struct sim_sens_source *source, int64_t date_ms)
{
	return (date_ms + 2000) * 1000 + pick(rng_hash(source->hash ^ 0x736571, (uint64_t)date_ms), 1000000);
}

/* --- what they say ----------------------------------------------------------------------------------------- */

/* Something that goes up and down without a jump: -range … range, a new aim every `step`. */
static int drift(uint64_t hash, int64_t t_ms, int64_t step_ms, int range)
{
	int64_t slot = t_ms / step_ms, into = t_ms % step_ms;
	int a = pick(rng_hash(hash, (uint64_t)slot), 2 * range + 1) - range;
	int b = pick(rng_hash(hash, (uint64_t)slot + 1), 2 * range + 1) - range;

	return a + (int)((b - a) * into / step_ms);
}

static int people_in(struct world_view *view, int room, int64_t t_ms)
{
	return world_view_count(view, (struct world_ref){WORLD_ROOM, room}, t_ms);
}

/* Its door is opened by those who are in the kitchen, and now and then it fails for some hours. */
static int fridge_centi(struct world_view *view, const struct sim_sens_sensor *sensor, int64_t t_ms)
{
	int cold = 430 + drift(sensor->hash, t_ms, HOUR_MS / 2, 60);
	int opened = MIN(people_in(view, sensor->room, t_ms), 5) * 45;
	struct silence broken = silence_at(sensor->hash ^ 0x66726964, t_ms, 5, 30, 4, 16);

	if (holds(broken, t_ms))
		cold += (int)MIN((t_ms - broken.from_ms) / 14400, 1100);
	return cold + opened;
}

static int temperature_centi(struct world_view *view, const struct sim_sens_sensor *sensor, int64_t t_ms)
{
	int noise = pick(rng_hash(sensor->hash ^ 0x6e6f6973, (uint64_t)t_ms), 21) - 10;

	switch (sensor->place) {
	case SIM_SENS_FRIDGE:
		return fridge_centi(view, sensor, t_ms) + noise;
	case SIM_SENS_SERVERS:
		return world_view_air_centi_c(view, sensor->room, t_ms) + 280 + noise;
	case SIM_SENS_ROOM:
		break;
	}
	return world_view_air_centi_c(view, sensor->room, t_ms) + noise;
}

/* The weather's share is the same for a building, and slow. Warm air is drier; people breathe. */
static int humidity_centi(struct world_view *view, const struct sim_sens_sensor *sensor, uint64_t seed,
			  int64_t t_ms)
{
	int weather = drift(seed, t_ms, 9 * HOUR_MS, 1400);
	int own = drift(sensor->hash ^ 0x68756d69, t_ms, HOUR_MS, 150);
	int people;

	if (sensor->place == SIM_SENS_FRIDGE)
		return CLAMP(7600 + weather / 3 + own * 3, 3000, 9900);
	people = MIN(people_in(view, sensor->room, t_ms), 12) * 55;
	return CLAMP(4300 + weather + own + people - 2 * (temperature_centi(view, sensor, t_ms) - 2200), 1200,
		     9500);
}

/* New ones give 3.05 V; changed when they are down to 2.4 V. */
static int battery_centi(const struct sim_sens_sensor *sensor, int64_t t_ms)
{
	int64_t life_ms = (420 + pick(sensor->hash, 500)) * DAY_MS;
	int64_t age_ms = (t_ms + pick(rng_hash(sensor->hash, 3), 1000) * DAY_MS) % life_ms;
	int noise = pick(rng_hash(sensor->hash ^ 0x62617474, (uint64_t)t_ms), 3) - 1;

	return 305 - (int)(age_ms * 65 / life_ms) + noise;
}

static int wireless_centi(const struct sim_sens_sensor *sensor, int64_t t_ms)
{
	int base = 20 + pick(rng_hash(sensor->hash, 4), 90);

	return CLAMP(base + drift(sensor->hash ^ 0x77697265, t_ms, 6 * HOUR_MS, 10), 1, 100) * 100;
}

static const struct sim_sens_gateway *main_gateway(const struct sim_sens_sensor *sensor)
{
	return sensor->gateway->master ? sensor->gateway->master : sensor->gateway;
}

int sim_sens_centi(struct world_view *view, const struct sim_sens_source *source, int64_t date_ms)
{
	const struct sim_sens_sensor *sensor = source->sensor;

	switch (source->kind) {
	case SIM_SENS_WIRELESS:
		return wireless_centi(sensor, date_ms);
	case SIM_SENS_BATTERY:
		return battery_centi(sensor, date_ms);
	case SIM_SENS_HUMIDITY:
		return humidity_centi(view, sensor, main_gateway(sensor)->hash ^ 0x77656174, date_ms);
	case SIM_SENS_TEMPERATURE:
	case SIM_SENS_KINDS:
		break;
	}
	return temperature_centi(view, sensor, date_ms);
}
