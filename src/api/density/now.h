/* Who is where now: counts, presence and health of a space, from polls and from what is pushed (density.md §4, §6, §7). Pure. */
#ifndef LODGE_API_DENSITY_NOW_H
#define LODGE_API_DENSITY_NOW_H

#include "api/density/space.h"
#include "base/moment.h"

#include <math.h>

struct dens_now {
	double count, limit; /* people; the count beyond which the sensor does not count */
	int8_t presence, capped;
	const char *health; /* one of STATUS_…; NULL: not told */
	bool told;          /* any answer named the space */
	int64_t as_of_ms;
};

#define DENS_NOW_BLANK                                                                                       \
	((struct dens_now){.count = NAN,                                                                     \
			   .limit = NAN,                                                                     \
			   .presence = TRUTH_UNKNOWN,                                                        \
			   .capped = TRUTH_UNKNOWN,                                                          \
			   .as_of_ms = MOMENT_NONE})

/* Adds what a value of current occupancy, presence or presence-health tells: a truth, a number, or an object. */
void dens_now_read(struct dens_now *now, const cJSON *value, int64_t as_of_ms);

/* Fills occupancy, occupied, utilization, health, capped, as_of and stale of the row. A space that nobody told of is not measured; nobody there is said only
 * where the health allows it. */
void dens_now_apply(struct room *room, const struct dens_now *now);

#endif
