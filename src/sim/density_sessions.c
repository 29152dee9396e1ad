#include "sim/density_metrics.h"

#include "base/moment.h"
#include "base/rng.h"
#include "sim/density.h"
#include "sim/density_sensors.h"
#include "sim/density_time.h"

#include <math.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define DAY_MS (1440 * MINUTE_MS)
#define SESSIONS_DAYS 60
#define STATUS_DAYS 10
#define FLOORS_MAX 5
#define STATUS_FROM "2024-06-01T00:00:00Z"
#define READY_MS (8 * 60 * MINUTE_MS) /* figures are final after so long (§8) */

#define EVENT_MS (MINUTE_MS * 3 / 2) /* detections are short (§4.2) … */
#define EVERY_MS (10 * MINUTE_MS)    /* … and near enough to each other to be joined */

/* --- raw sessions ------------------------------------------------------------------------------------------- */

static void write_event(struct sim_call *call, const struct moment_zone *zone, int64_t from_ms, int64_t to_ms,
			const char *type)
{
	char text[SIM_DENSITY_TIME];
	struct jsonw *w = &call->json;

	jsonw_open(w, '{');
	jsonw_kstr(w, "start_time", sim_density_local(from_ms, zone, true, text));
	jsonw_kstr(w, "end_time", sim_density_local(to_ms, zone, true, text));
	jsonw_kstr(w, "session_type", type);
	jsonw_close(w, '}');
}

/* One stretch with somebody there, as the detections that it is told by: the first begins with it, the last ends with it. */
static void write_stretch(struct sim_call *call, const struct sim_density_space *space,
			  struct world_span span)
{
	int64_t t_ms = span.from_ms;

	for (; t_ms + EVENT_MS < span.to_ms; t_ms += EVERY_MS)
		write_event(call, space->zone, t_ms, t_ms + EVENT_MS, "1");
	t_ms = MAX(span.to_ms - EVENT_MS, span.from_ms);
	write_event(call, space->zone, t_ms, span.to_ms, "1");
	if (rng_hash(space->hash, (uint64_t)span.from_ms) % 11 == 0) /* of another kind, not occupied */
		write_event(call, space->zone, span.to_ms, span.to_ms + EVENT_MS, "0");
}

static void write_sessions(struct sim_call *call, const struct sim_density_space *space, const GArray *spans)
{
	jsonw_key(&call->json, space->id);
	jsonw_open(&call->json, '{');
	jsonw_key(&call->json, "sessions");
	jsonw_open(&call->json, '[');
	for (guint i = 0; i < spans->len; i++)
		write_stretch(call, space, g_array_index(spans, struct world_span, i));
	jsonw_close(&call->json, ']');
	jsonw_close(&call->json, '}');
}

/* Day by day for all spaces, so that each day of the world is made once. */
static void collect(struct sim_call *call, const struct sim_density_range *range, const GArray *picked,
		    GArray **spans)
{
	struct sim_density *density = sim_density_of(call);
	int64_t from_ms = range->start_ms - DAY_MS, to_ms = MIN(range->end_ms + DAY_MS, call->now_ms);

	for (int64_t t_ms = from_ms; t_ms < to_ms; t_ms += DAY_MS) {
		for (guint i = 0; i < picked->len; i++) {
			const struct sim_density_space *space = sim_density_space(density->data,
										  g_array_index(picked, int,
												i));
			int64_t first = sim_density_moment(range, range->start_ms, space->zone);
			int64_t last = sim_density_moment(range, range->end_ms, space->zone);

			world_view_stretches(density->view, space->place, MAX(t_ms, first),
					     MIN(MIN(t_ms + DAY_MS, last), to_ms), spans[i]);
		}
	}
}

static bool has_sessions(const struct sim_density_space *space)
{
	return !space->planning && (space->mode == SIM_DENSITY_OA || space->mode == SIM_DENSITY_WAFFLE);
}

static void answer_sessions(struct sim_call *call, const struct sim_density_range *range, GArray *picked)
{
	const struct sim_density_data *data = sim_density_of(call)->data;
	GArray **spans;
	guint n = 0;

	for (guint i = 0; i < picked->len; i++)
		if (has_sessions(sim_density_space(data, g_array_index(picked, int, i))))
			g_array_index(picked, int, n++) = g_array_index(picked, int, i);
	g_array_set_size(picked, n);
	spans = g_new0(GArray *, n + 1);
	for (guint i = 0; i < n; i++)
		spans[i] = g_array_new(FALSE, FALSE, sizeof(struct world_span));
	collect(call, range, picked, spans);
	sim_density_open_map(call);
	for (guint i = 0; i < n; i++) {
		write_sessions(call, sim_density_space(data, g_array_index(picked, int, i)), spans[i]);
		g_array_free(spans[i], TRUE);
	}
	sim_density_close_map(call);
	g_free(spans);
}

void sim_density_sessions(struct sim_call *call)
{
	const cJSON *body = sim_density_body(call, "start_date end_date space_ids");
	struct sim_density_range range;
	GArray *picked;

	if (!body || !sim_density_range_read(call, body, true, &range))
		return;
	if (range.asked_ms > SESSIONS_DAYS * DAY_MS) {
		sim_density_invalid(call, "the range must not exceed 60 days");
		return;
	}
	picked = sim_density_pick(call, body, SIM_DENSITY_FLATTEN);
	if (!picked)
		return;
	answer_sessions(call, &range, picked);
	g_array_free(picked, TRUE);
}

/* --- completeness ------------------------------------------------------------------------------------------- */

/* The share of the range that is final, times the share of time that the floor's sensors were able to report. */
static double completion(struct sim_call *call, const struct sim_density_space *space,
			 const struct sim_density_range *range, struct sim_density_up *up)
{
	int64_t ready_ms = MIN(MAX(call->now_ms - READY_MS, range->start_ms), range->end_ms);
	double all_ms = (double)(range->end_ms - range->start_ms);

	if (ready_ms == range->start_ms)
		return 0;
	return round(sim_density_up_ms(up, space, range->start_ms, ready_ms) / all_ms * 1e4) / 1e4;
}

static void answer_status(struct sim_call *call, const struct sim_density_range *range,
			  const GPtrArray *floors)
{
	const struct sim_density_data *data = sim_density_of(call)->data;
	struct sim_density_up *up = sim_density_up_new(data, range->start_ms, range->end_ms);

	sim_density_open_map(call);
	for (guint i = 0; i < floors->len; i++) {
		int index = sim_density_find(data, g_ptr_array_index(floors, i));
		const struct sim_density_space *space = index < 0 ? NULL : sim_density_space(data, index);

		if (!space || strcmp(space->type, "floor") != 0 || space->mode != SIM_DENSITY_OA)
			continue;
		jsonw_key(&call->json, space->id);
		jsonw_open(&call->json, '{');
		jsonw_knum(&call->json, "completion", completion(call, space, range, up));
		jsonw_close(&call->json, '}');
	}
	sim_density_close_map(call);
	sim_density_up_free(up);
}

void sim_density_data_status(struct sim_call *call)
{
	const cJSON *body = sim_density_body(call, "start_date end_date floor_ids");
	GPtrArray *floors = g_ptr_array_new();
	struct sim_density_range range;

	if (body && sim_density_range_read(call, body, false, &range) &&
	    sim_density_texts(call, body, "floor_ids", floors)) {
		if (floors->len < 1 || floors->len > FLOORS_MAX)
			sim_density_invalid(call, "floor_ids takes 1 to 5 floors");
		else if (range.asked_ms < 5 * MINUTE_MS || range.asked_ms > STATUS_DAYS * DAY_MS)
			sim_density_invalid(call, "the range must be 5 minutes to 10 days");
		else if (range.end_ms <= moment_parse(STATUS_FROM))
			sim_density_invalid(call, "end_date must be after 2024-06-01T00:00:00Z");
		else
			answer_status(call, &range, floors);
	}
	g_ptr_array_free(floors, TRUE);
}
