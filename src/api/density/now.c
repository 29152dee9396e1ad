#include "api/density/now.h"

#include "api/density/shape.h"
#include "base/moment.h"

#include <math.h>
#include <string.h>

#define WAFFLE_LIMIT 3 /* a Waffle counts 0, 1, 2, "3+" */

static double count_of(const cJSON *value)
{
	static const char *const names[] = {"count", "occupancy", "occupancy_current", "current_occupancy"};
	double count = NAN;

	for (size_t i = 0; isnan(count) && i < G_N_ELEMENTS(names); i++)
		count = jsonx_num(jsonx_get(value, names[i]));
	return count >= 0 ? count : NAN;
}

void dens_now_read(struct dens_now *now, const cJSON *value, int64_t as_of_ms)
{
	const char *health = NULL;
	double count = NAN;
	int presence = -1, capped;
	struct dens_when when = {as_of_ms, MOMENT_NONE};

	if (cJSON_IsBool(value)) {
		presence = jsonx_truthy(value);
	} else if (cJSON_IsNumber(value)) {
		count = jsonx_num(value) >= 0 ? jsonx_num(value) : NAN;
	} else if (cJSON_IsObject(value)) {
		count = count_of(value);
		presence = jsonx_truthy(jsonx_get(value, "presence"));
		capped = jsonx_truthy(jsonx_get(value, "is_capped"));
		if (capped >= 0)
			now->capped = (int8_t)capped;
		if (!isnan(jsonx_num(jsonx_get(value, "capped_count_limit"))))
			now->limit = jsonx_num(jsonx_get(value, "capped_count_limit"));
		health = dens_health(jsonx_get(value, "space_health_status"));
		if (health == NULL)
			health = dens_health(jsonx_get(value, "health_status"));
		if (health != NULL)
			now->health = health;
	}
	if (isnan(count) && presence < 0 && health == NULL)
		return; /* an empty object measures nothing */
	if (cJSON_IsObject(value))
		when.since_ms = jsonx_moment(jsonx_get(value, "timestamp"));
	if (when.since_ms > as_of_ms + DENS_FUTURE_MS)
		when.since_ms = MOMENT_NONE;
	now->told = true;
	if (!isnan(count)) {
		now->count = count;
		now->counted = when;
	}
	if (presence >= 0) {
		now->presence = (int8_t)presence;
		now->seen = when;
	}
	if (health != NULL)
		now->felt = when;
}

static bool is(const char *text, const char *word) { return text != NULL && strcmp(text, word) == 0; }

static int8_t capped_of(const struct room *room, const struct dens_now *now)
{
	bool waffle = room->counting_mode != NULL && g_ascii_strcasecmp(room->counting_mode, "waffle") == 0;

	if (now->capped == 1 || (now->limit > 0 && now->count >= now->limit) ||
	    (waffle && now->count >= WAFFLE_LIMIT))
		return 1;
	return now->capped == 0 || !isnan(now->count) ? 0 : TRUTH_UNKNOWN;
}

static int64_t as_of(const struct dens_now *now)
{
	const struct dens_when *const whens[] = {&now->counted, &now->seen};
	int64_t oldest_ms = MOMENT_NONE;

	for (size_t i = 0; i < 2; i++)
		if (whens[i]->as_of_ms != MOMENT_NONE &&
		    (oldest_ms == MOMENT_NONE || whens[i]->as_of_ms < oldest_ms))
			oldest_ms = whens[i]->as_of_ms;
	return oldest_ms != MOMENT_NONE ? oldest_ms : now->felt.as_of_ms;
}

void dens_now_apply(struct room *room, const struct dens_now *now)
{
	bool sure = is(now->health, STATUS_ONLINE) || is(now->health, STATUS_DEGRADED);
	bool blind = now->health != NULL && !sure;
	double count = now->count;

	room->health = now->health;
	room->occupied = now->presence == 1 || count > 0 ? 1
			 : sure && (now->presence == 0 || (isnan(now->count) ? 0 : count == 0))
				 ? 0
				 : TRUTH_UNKNOWN;
	room->capped = capped_of(room, now);
	/* Nobody, told by what may not see, is no count; a space of which only occupied or not is known has none at all. */
	room->occupancy = (!sure && count == 0) || room->binary == 1 ? NAN : count;
	room->utilization = room->capacity > 0 ? room->occupancy / room->capacity : NAN;
	room->as_of_ms = now->told ? as_of(now) : MOMENT_NONE;
	room->stale = now->told ? blind : TRUTH_UNKNOWN;
}
