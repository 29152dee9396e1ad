#include "sim/density_live.h"

#include "base/moment.h"

#include <math.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define BACK_MINUTES 240

bool sim_density_has_presence(const struct sim_density_space *space)
{
	return !space->planning && !space->missing &&
	       (space->mode == SIM_DENSITY_OA || space->mode == SIM_DENSITY_WAFFLE);
}

bool sim_density_has_count(const struct sim_density_space *space)
{
	return !space->planning && space->mode != SIM_DENSITY_UNMEASURED;
}

struct sim_density_state sim_density_state_at(const struct sim_density *density,
					      const struct sim_density_space *space, int64_t t_ms)
{
	struct sim_density_state state = {.health = sim_density_space_health(density, space, t_ms)};

	if (space->place.kind != WORLD_NOTHING && state.health != SIM_DENSITY_OFFLINE)
		state.count = sim_density_seen(space, world_view_count(density->view, space->place, t_ms));
	state.presence = state.count > 0;
	state.capped = space->mode == SIM_DENSITY_WAFFLE && !space->binary && state.count >= SIM_DENSITY_CAP;
	return state;
}

int64_t sim_density_since(const struct sim_density *density, const struct sim_density_space *space,
			  int64_t t_ms)
{
	int counts[BACK_MINUTES], i = BACK_MINUTES - 1;
	int64_t minute_ms = t_ms - t_ms % MINUTE_MS;

	if (space->place.kind == WORLD_NOTHING)
		return minute_ms - BACK_MINUTES * MINUTE_MS;
	world_view_counts(density->view, space->place, minute_ms - (BACK_MINUTES - 1) * MINUTE_MS, MINUTE_MS,
			  counts, BACK_MINUTES);
	while (i > 0 && counts[i - 1] == counts[i])
		i--;
	return minute_ms - (BACK_MINUTES - 1 - i) * MINUTE_MS;
}

/* --- handlers ----------------------------------------------------------------------------------------------- */

typedef void (*write_fn)(struct sim_call *call, const struct sim_density_space *space);

/* A map of what `write` tells of each space that is asked for and `wanted`. */
static void answer_map(struct sim_call *call, bool (*wanted)(const struct sim_density_space *space),
		       write_fn write)
{
	const cJSON *body = sim_density_body(call, "space_ids");
	GArray *picked = body ? sim_density_pick(call, body, SIM_DENSITY_EXACT) : NULL;

	if (!picked)
		return;
	sim_density_open_map(call);
	for (guint i = 0; i < picked->len; i++) {
		const struct sim_density_space *space = sim_density_space(sim_density_of(call)->data,
									  g_array_index(picked, int, i));

		if (!wanted(space))
			continue;
		jsonw_key(&call->json, space->id);
		write(call, space);
	}
	sim_density_close_map(call);
	g_array_free(picked, TRUE);
}

static void write_current(struct sim_call *call, const struct sim_density_space *space)
{
	const struct sim_density *density = sim_density_of(call);
	struct sim_density_state state = sim_density_state_at(density, space, call->now_ms);
	struct jsonw *w = &call->json;

	jsonw_open(w, '{');
	jsonw_kint(w, "count", state.count);
	jsonw_kstr(w, "space_health_status", sim_density_healths[state.health]);
	jsonw_key(w, "timestamp");
	jsonw_moment(w, sim_density_since(density, space, call->now_ms));
	if (space->mode == SIM_DENSITY_WAFFLE) {
		jsonw_kbool(w, "is_capped", state.capped);
		jsonw_kint(w, "capped_count_limit", SIM_DENSITY_CAP);
	}
	jsonw_close(w, '}');
}

void sim_density_current(struct sim_call *call) { answer_map(call, sim_density_has_count, write_current); }

static void write_presence(struct sim_call *call, const struct sim_density_space *space)
{
	jsonw_bool(&call->json, sim_density_state_at(sim_density_of(call), space, call->now_ms).presence);
}

void sim_density_presence(struct sim_call *call)
{
	answer_map(call, sim_density_has_presence, write_presence);
}

/* Those without sensors come too, as unknown (§6); Entry spaces and those on the list of the missing do not. */
static bool has_presence_health(const struct sim_density_space *space)
{
	return !space->planning && !space->missing && space->mode != SIM_DENSITY_ENTRY;
}

static void write_presence_health(struct sim_call *call, const struct sim_density_space *space)
{
	struct sim_density_state state = sim_density_state_at(sim_density_of(call), space, call->now_ms);
	bool measured = space->mode != SIM_DENSITY_UNMEASURED;

	jsonw_open(&call->json, '{');
	jsonw_kbool(&call->json, "presence", measured && state.presence);
	jsonw_kstr(&call->json, "space_health_status",
		   sim_density_healths[measured ? state.health : SIM_DENSITY_UNKNOWN_HEALTH]);
	jsonw_close(&call->json, '}');
}

void sim_density_presence_health(struct sim_call *call)
{
	answer_map(call, has_presence_health, write_presence_health);
}

static void write_minutes(struct sim_call *call, const struct sim_density_space *space, int minutes)
{
	int64_t last_ms = call->now_ms - call->now_ms % MINUTE_MS;
	int counts[BACK_MINUTES + 1] = {0};
	struct jsonw *w = &call->json;

	world_view_counts(sim_density_of(call)->view, space->place, last_ms - minutes * MINUTE_MS, MINUTE_MS,
			  counts, (size_t)minutes + 1);
	for (int i = 0; i <= minutes; i++) {
		jsonw_open(w, '{');
		jsonw_kstr(w, "space_id", space->id);
		jsonw_key(w, "timestamp");
		jsonw_moment(w, last_ms - (minutes - i) * MINUTE_MS);
		jsonw_kbool(w, "presence", counts[i] > 0);
		jsonw_close(w, '}');
	}
}

void sim_density_short_term(struct sim_call *call)
{
	const cJSON *body = sim_density_body(call, "minutes_lookback space_ids"), *item;
	GArray *picked;
	double minutes;

	if (!body)
		return;
	item = jsonx_get(body, "minutes_lookback");
	minutes = item ? jsonx_num(item) : 0;
	if (!(minutes >= 0 && minutes <= BACK_MINUTES) || floor(minutes) != minutes) {
		sim_density_invalid(call, "minutes_lookback takes 0 to 240");
		return;
	}
	picked = sim_density_pick(call, body, SIM_DENSITY_EXACT);
	if (!picked)
		return;
	jsonw_open(&call->json, '{');
	jsonw_key(&call->json, "data");
	jsonw_open(&call->json, '[');
	for (guint i = 0; i < picked->len; i++) {
		const struct sim_density_space *space = sim_density_space(sim_density_of(call)->data,
									  g_array_index(picked, int, i));

		if (space->mode == SIM_DENSITY_OA && sim_density_has_presence(space))
			write_minutes(call, space, (int)minutes);
	}
	jsonw_close(&call->json, ']');
	jsonw_close(&call->json, '}');
	g_array_free(picked, TRUE);
}
