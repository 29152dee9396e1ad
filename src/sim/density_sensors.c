#include "sim/density_sensors.h"

#include "base/moment.h"
#include "sim/density_time.h"

#include <string.h>

#define DAY_MS INT64_C(86400000)
#define HISTORY_DAYS 10
#define DEGRADED_MS INT64_C(600000) /* an outage shows as degraded for so long */

const char *const sim_density_healths[] = {"healthy", "degraded", "offline", "unknown"};

static const struct sim_density_sensor *sensor_at(const struct sim_density_data *data, int index)
{
	return &g_array_index(data->sensors, struct sim_density_sensor, index);
}

/* --- health at a moment ------------------------------------------------------------------------------------- */

/* `since_ms` may be NULL; MOMENT_NONE where nobody knows. */
static enum sim_density_health health_of(const struct sim_density *density,
					 const struct sim_density_sensor *sensor, int64_t t_ms,
					 int64_t *since_ms)
{
	struct world_health health;
	enum sim_density_health state = SIM_DENSITY_HEALTHY;

	if (since_ms)
		*since_ms = MOMENT_NONE;
	if (sensor->unknown)
		return SIM_DENSITY_UNKNOWN_HEALTH;
	health = world_view_sensor_health(density->view, sensor->world, t_ms);
	if (!health.online)
		state = t_ms - health.since_ms < DEGRADED_MS ? SIM_DENSITY_DEGRADED : SIM_DENSITY_OFFLINE;
	if (since_ms)
		*since_ms = health.since_ms;
	if (since_ms && state == SIM_DENSITY_OFFLINE)
		*since_ms += DEGRADED_MS;
	return state;
}

/* Synthetic spaces have no sensors, but a state of their own that never changes. */
static enum sim_density_health synthetic_health(const struct sim_density_space *space)
{
	unsigned dice = (unsigned)(space->hash >> 20) % 100;

	if (space->mode == SIM_DENSITY_UNMEASURED || dice >= 97)
		return SIM_DENSITY_UNKNOWN_HEALTH;
	return dice < 90 ? SIM_DENSITY_HEALTHY : dice < 94 ? SIM_DENSITY_OFFLINE : SIM_DENSITY_DEGRADED;
}

enum sim_density_health sim_density_space_health(const struct sim_density *density,
						 const struct sim_density_space *space, int64_t t_ms)
{
	guint n = space->sensors->len, counts[4] = {0};

	if (space->place.kind == WORLD_NOTHING)
		return synthetic_health(space);
	for (guint i = 0; i < n; i++)
		counts[health_of(density, sensor_at(density->data, g_array_index(space->sensors, int, i)),
				 t_ms, NULL)]++;
	if (counts[SIM_DENSITY_UNKNOWN_HEALTH] == n)
		return SIM_DENSITY_UNKNOWN_HEALTH;
	if (counts[SIM_DENSITY_HEALTHY] == n)
		return SIM_DENSITY_HEALTHY;
	return counts[SIM_DENSITY_OFFLINE] == n ? SIM_DENSITY_OFFLINE : SIM_DENSITY_DEGRADED;
}

/* --- up time ------------------------------------------------------------------------------------------------ */

struct sim_density_up {
	const struct sim_density_data *data;
	int64_t from_ms, to_ms;
	GArray **outages; /* by sensor; struct world_span; NULL until it is asked for */
};

struct sim_density_up *sim_density_up_new(const struct sim_density_data *data, int64_t from_ms, int64_t to_ms)
{
	struct sim_density_up *up = g_new0(struct sim_density_up, 1);

	up->data = data;
	up->from_ms = from_ms;
	up->to_ms = to_ms;
	up->outages = g_new0(GArray *, data->sensors->len + 1);
	return up;
}

void sim_density_up_free(struct sim_density_up *up)
{
	for (guint i = 0; i < up->data->sensors->len; i++)
		if (up->outages[i])
			g_array_free(up->outages[i], TRUE);
	g_free(up->outages);
	g_free(up);
}

static int64_t down_ms(struct sim_density_up *up, int sensor, int64_t from_ms, int64_t to_ms)
{
	int64_t sum = 0;

	if (!up->outages[sensor]) {
		up->outages[sensor] = g_array_new(FALSE, FALSE, sizeof(struct world_span));
		world_sensor_outages(up->data->world, sensor_at(up->data, sensor)->world, up->from_ms,
				     up->to_ms, up->outages[sensor]);
	}
	for (guint i = 0; i < up->outages[sensor]->len; i++) {
		const struct world_span *span = &g_array_index(up->outages[sensor], struct world_span, i);
		int64_t from = MAX(span->from_ms, from_ms), to = MIN(span->to_ms, to_ms);

		if (from < to)
			sum += to - from;
	}
	return sum;
}

double sim_density_up_ms(struct sim_density_up *up, const struct sim_density_space *space, int64_t from_ms,
			 int64_t to_ms)
{
	int64_t all_ms = to_ms - from_ms, sum = 0;

	if (space->place.kind == WORLD_NOTHING)
		return (double)all_ms;
	for (guint i = 0; i < space->sensors->len; i++)
		sum += all_ms - down_ms(up, g_array_index(space->sensors, int, i), from_ms, to_ms);
	return space->sensors->len ? (double)sum / space->sensors->len : 0;
}

/* --- which sensors ------------------------------------------------------------------------------------------ */

static bool hangs_in(const struct sim_density_data *data, const struct sim_density_sensor *sensor,
		     const GPtrArray *spaces)
{
	for (guint i = 0; i < spaces->len; i++) {
		int wanted = sim_density_find(data, g_ptr_array_index(spaces, i));

		for (int at = sensor->space; at >= 0; at = sim_density_space(data, at)->parent)
			if (at == wanted)
				return true;
	}
	return false;
}

/* Indices (int) of the sensors asked for; NULL after a refusal. */
static GArray *pick_sensors(struct sim_call *call, const cJSON *body)
{
	const struct sim_density_data *data = sim_density_of(call)->data;
	GPtrArray *serials = g_ptr_array_new(), *spaces = g_ptr_array_new();
	GArray *out = NULL;

	if (!sim_density_texts(call, body, "serial_numbers", serials) ||
	    !sim_density_texts(call, body, "space_ids", spaces))
		goto done;
	if (jsonx_get(body, "serial_numbers") && jsonx_get(body, "space_ids")) {
		sim_density_invalid(call, "serial_numbers and space_ids exclude each other");
		goto done;
	}
	if (serials->len > SIM_DENSITY_BATCH || spaces->len > SIM_DENSITY_BATCH) {
		sim_density_invalid(call, "more than 100 ids");
		goto done;
	}
	out = g_array_new(FALSE, FALSE, sizeof(int));
	for (guint i = 0; i < data->sensors->len; i++) {
		const struct sim_density_sensor *sensor = sensor_at(data, (int)i);
		bool wanted = serials->len == 0 && (spaces->len == 0 || hangs_in(data, sensor, spaces));
		int index = (int)i;

		for (guint k = 0; !wanted && k < serials->len; k++)
			wanted = strcmp(g_ptr_array_index(serials, k), sensor->serial) == 0;
		if (wanted)
			g_array_append_val(out, index);
	}
done:
	g_ptr_array_free(serials, TRUE);
	g_ptr_array_free(spaces, TRUE);
	return out;
}

static void write_place(struct sim_call *call, const struct sim_density_sensor *sensor, bool space)
{
	const struct sim_density_data *data = sim_density_of(call)->data;

	if (sensor->doorway >= 0)
		jsonw_kstr(&call->json, "doorway_id",
			   g_array_index(data->doorways, struct sim_density_doorway, sensor->doorway).id);
	if (space && sensor->space >= 0)
		jsonw_kstr(&call->json, "space_id", sim_density_space(data, sensor->space)->id);
}

/* --- handlers ----------------------------------------------------------------------------------------------- */

#define FILTERS "serial_numbers space_ids"

void sim_density_list_sensors(struct sim_call *call)
{
	static const char *const types[] = {NULL, "open_area", "entry", "waffle"};
	const struct sim_density_data *data = sim_density_of(call)->data;
	const cJSON *body = sim_density_body(call, FILTERS);
	GArray *picked = body ? pick_sensors(call, body) : NULL;

	if (!picked)
		return;
	jsonw_open(&call->json, '[');
	for (guint i = 0; i < picked->len; i++) {
		const struct sim_density_sensor *sensor = sensor_at(data, g_array_index(picked, int, i));

		jsonw_open(&call->json, '{');
		jsonw_kstr(&call->json, "serial_number", sensor->serial);
		jsonw_kstr(&call->json, "sensor_type", types[sensor->family]);
		write_place(call, sensor, true);
		jsonw_close(&call->json, '}');
	}
	jsonw_close(&call->json, ']');
	g_array_free(picked, TRUE);
}

void sim_density_health_current(struct sim_call *call)
{
	const struct sim_density *density = sim_density_of(call);
	const cJSON *body = sim_density_body(call, FILTERS);
	GArray *picked = body ? pick_sensors(call, body) : NULL;
	struct jsonw *w = &call->json;

	if (!picked)
		return;
	jsonw_open(w, '{');
	jsonw_key(w, "data");
	jsonw_open(w, '[');
	for (guint i = 0; i < picked->len; i++) {
		const struct sim_density_sensor *sensor = sensor_at(density->data,
								    g_array_index(picked, int, i));
		int64_t since_ms;
		enum sim_density_health health = health_of(density, sensor, call->now_ms, &since_ms);

		jsonw_open(w, '{');
		jsonw_kstr(w, "serial_number", sensor->serial);
		write_place(call, sensor, false);
		jsonw_kstr(w, "health_status", sim_density_healths[health]);
		if (since_ms != MOMENT_NONE) {
			jsonw_key(w, "timestamp");
			jsonw_moment(w, since_ms);
		}
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_close(w, '}');
	g_array_free(picked, TRUE);
}

static void write_change(struct sim_call *call, enum sim_density_health health, int64_t t_ms)
{
	jsonw_open(&call->json, '{');
	jsonw_kstr(&call->json, "health_status", sim_density_healths[health]);
	jsonw_key(&call->json, "timestamp");
	jsonw_moment(&call->json, t_ms);
	jsonw_close(&call->json, '}');
}

/* The state at the start of the range, then each change. */
static void write_changes(struct sim_call *call, const struct sim_density_sensor *sensor, int64_t from_ms,
			  int64_t to_ms, GArray *outages)
{
	const struct sim_density *density = sim_density_of(call);

	write_change(call, health_of(density, sensor, from_ms, NULL), from_ms);
	if (sensor->unknown)
		return;
	world_sensor_outages(density->data->world, sensor->world, from_ms, to_ms, outages);
	for (guint i = 0; i < outages->len; i++) {
		const struct world_span *span = &g_array_index(outages, struct world_span, i);
		int64_t off_ms = span->from_ms + DEGRADED_MS;

		if (span->from_ms > from_ms)
			write_change(call, SIM_DENSITY_DEGRADED, span->from_ms);
		if (off_ms > from_ms && off_ms < MIN(to_ms, span->to_ms))
			write_change(call, SIM_DENSITY_OFFLINE, off_ms);
		if (span->to_ms < to_ms)
			write_change(call, SIM_DENSITY_HEALTHY, span->to_ms);
	}
}

void sim_density_health_history(struct sim_call *call)
{
	const struct sim_density_data *data = sim_density_of(call)->data;
	const cJSON *body = sim_density_body(call, "start_date end_date " FILTERS);
	struct sim_density_range range;
	GArray *picked, *outages;

	if (!body || !sim_density_range_read(call, body, false, &range))
		return;
	if (range.asked_ms > HISTORY_DAYS * DAY_MS) {
		sim_density_invalid(call, "the range must not exceed 10 days");
		return;
	}
	picked = pick_sensors(call, body);
	if (!picked)
		return;
	outages = g_array_new(FALSE, FALSE, sizeof(struct world_span));
	jsonw_open(&call->json, '{');
	for (guint i = 0; i < picked->len; i++) {
		const struct sim_density_sensor *sensor = sensor_at(data, g_array_index(picked, int, i));

		jsonw_key(&call->json, sensor->serial);
		jsonw_open(&call->json, '[');
		if (range.start_ms < call->now_ms)
			write_changes(call, sensor, range.start_ms, MIN(range.end_ms, call->now_ms), outages);
		jsonw_close(&call->json, ']');
	}
	jsonw_close(&call->json, '}');
	g_array_free(outages, TRUE);
	g_array_free(picked, TRUE);
}
