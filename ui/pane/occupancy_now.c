#include "ui/pane/occupancy_now.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define PEOPLE_MOST 1e6

double now_capacity(double told) { return told > 0 && told < PEOPLE_MOST ? told : NAN; }

/* Only what works, at least in part, or what says nothing of itself, is believed when it sees nobody. */
static bool reliable(const struct room *room)
{
	return room->health == NULL || strcmp(room->health, STATUS_ONLINE) == 0 ||
	       strcmp(room->health, STATUS_DEGRADED) == 0;
}

struct now now_of(const struct room *room)
{
	bool counted = room->occupancy >= 0 && room->occupancy < PEOPLE_MOST && room->binary != 1;
	struct now now = {.people = NAN,
			  .capacity = now_capacity(room->capacity),
			  .utilization = NAN,
			  .capped = room->capped == 1,
			  .stale = room->stale == 1};

	if (counted && room->occupancy > 0)
		now.state = NOW_COUNTED;
	else if (room->occupied == 1 || room->occupancy > 0)
		now.state = NOW_TAKEN;
	else if ((counted || room->occupied == 0) && reliable(room))
		now.state = NOW_FREE;
	if (now.state == NOW_COUNTED)
		now.people = room->occupancy;
	else if (now.state == NOW_FREE && counted)
		now.people = 0;
	now.utilization = now.people / now.capacity;
	return now;
}

const char *now_figure(const struct now *now, bool ascii, char out[24])
{
	const char *more = now->capped ? "+" : "";

	if (now->state == NOW_UNKNOWN)
		g_strlcpy(out, ascii ? "-" : "–", 24);
	else if (isnan(now->people))
		g_strlcpy(out, now->state == NOW_FREE ? "free" : "taken", 24);
	else if (isnan(now->capacity))
		g_snprintf(out, 24, "%ld%s", lround(now->people), more);
	else
		g_snprintf(out, 24, "%ld%s/%ld", lround(now->people), more, lround(now->capacity));
	return out;
}

const char *now_words(const struct now *now, char out[64])
{
	long people = isnan(now->people) ? 0 : lround(now->people);

	if (now->state == NOW_UNKNOWN)
		g_strlcpy(out, "not known", 64);
	else if (isnan(now->people))
		g_strlcpy(out, now->state == NOW_FREE ? "free" : "taken, people are not counted", 64);
	else if (isnan(now->capacity))
		g_snprintf(out, 64, "%ld%s %s", people, now->capped ? " or more" : "",
			   people == 1 ? "person" : "people");
	else
		g_snprintf(out, 64, "%ld%s of %ld people", people, now->capped ? " or more" : "",
			   lround(now->capacity));
	return out;
}
