/* Who is where now: counts, presence and health of a space, from polls and from what is pushed (density.md §4, §6, §7). Pure. */
#ifndef LODGE_API_DENSITY_NOW_H
#define LODGE_API_DENSITY_NOW_H

#include "api/density/space.h"
#include "base/moment.h"

#include <math.h>

/* When something was told, and since when it holds by the server's own words (MOMENT_NONE: it does not say, or not what can be). */
struct dens_when {
	int64_t as_of_ms, since_ms;
};

#define DENS_WHEN_BLANK                                                                                      \
	{                                                                                                    \
		.as_of_ms = MOMENT_NONE, .since_ms = MOMENT_NONE                                             \
	}
#define DENS_FUTURE_MS (5 * 60 * 1000) /* a time that is further ahead is not believed */

struct dens_now {
	double count, limit; /* people; the count beyond which the sensor does not count */
	int8_t presence, capped;
	const char *health;                   /* one of STATUS_…; NULL: not told */
	bool told;                            /* any answer named the space */
	struct dens_when counted, seen, felt; /* of count, presence, health */
};

#define DENS_NOW_BLANK                                                                                       \
	((struct dens_now){.count = NAN,                                                                     \
			   .limit = NAN,                                                                     \
			   .presence = TRUTH_UNKNOWN,                                                        \
			   .capped = TRUTH_UNKNOWN,                                                          \
			   .counted = DENS_WHEN_BLANK,                                                       \
			   .seen = DENS_WHEN_BLANK,                                                          \
			   .felt = DENS_WHEN_BLANK})

/* Adds what a value of current occupancy, presence or presence-health tells: a truth, a number, or an object. */
void dens_now_read(struct dens_now *now, const cJSON *value, int64_t as_of_ms);

/* Fills occupancy, occupied, utilization, health, capped, as_of and stale of the row. A space that nobody told of is not measured; nobody there is said only
 * where the health was told and allows it (density.md §6). The row is as old as the oldest that it shows of count and presence. */
void dens_now_apply(struct room *room, const struct dens_now *now);

#endif
