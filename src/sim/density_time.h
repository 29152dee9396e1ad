/* Ranges, buckets and operating hours of the simulated Density's history (density.md §4, §8). */
#ifndef LODGE_SIM_DENSITY_TIME_H
#define LODGE_SIM_DENSITY_TIME_H

#include "sim/call.h"

#include <glib.h>

struct moment_zone;

enum sim_density_resolution {
	SIM_DENSITY_TOTAL,
	SIM_DENSITY_HOUR,
	SIM_DENSITY_DAY,
	SIM_DENSITY_WEEK, /* from Monday */
	SIM_DENSITY_MONTH,
	SIM_DENSITY_YEAR,
	SIM_DENSITY_WEEKDAY,
	SIM_DENSITY_HOUR_OF_DAY,
	SIM_DENSITY_MINUTE,
	SIM_DENSITY_10MINUTE,
};

/* By the vendor's word; -1. */
int sim_density_resolution(const char *word);

/* The longest range for a resolution, which a request has to stay below (§4). */
int64_t sim_density_longest_ms(enum sim_density_resolution resolution);

/* A range as it was asked for: in whole minutes, the last of them included (§8). With `local` the numbers are local
 * times of whatever space, written as if they were UTC. */
struct sim_density_range {
	int64_t start_ms, end_ms; /* [start, end) */
	int64_t asked_ms;         /* end_date − start_date */
	bool local;
};

/* Reads start_date and end_date; local ones have no zone, the others must have one. False after a 400. */
bool sim_density_range_read(struct sim_call *call, const cJSON *body, bool local,
			    struct sim_density_range *out);

/* An end of the range as a moment, for a space in `zone`. */
int64_t sim_density_moment(const struct sim_density_range *range, int64_t t_ms,
			   const struct moment_zone *zone);

struct sim_density_hours {
	bool days[7]; /* 0 = Sunday */
	int from, to; /* hours of the local day */
};

/* Reads operating_hours; without them every hour counts. False after a 400. */
bool sim_density_hours_read(struct sim_call *call, const cJSON *body, struct sim_density_hours *out);

/* A part of a bucket without a break. */
struct sim_density_piece {
	int64_t from_ms, to_ms;
	int bucket;
};

struct sim_density_buckets {
	GArray *pieces;    /* in order of time */
	GPtrArray *labels; /* char *, by bucket */
};

/* Cuts [from,to) into the buckets of a resolution, by the local time of `zone`. The name of a bucket is its start: local
 * without a zone, or UTC; weekdays and hours of the day are numbers. Local names of the hour that a change of the clock
 * repeats are the same, so the two are one bucket. */
void sim_density_cut(struct sim_density_buckets *out, const struct moment_zone *zone, int64_t from_ms,
		     int64_t to_ms, enum sim_density_resolution resolution,
		     const struct sim_density_hours *hours, bool local);
void sim_density_buckets_fini(struct sim_density_buckets *buckets);

/* "2024-02-28T09:00:00", with `offset` followed by "-05:00". */
#define SIM_DENSITY_TIME 40
char *sim_density_local(int64_t t_ms, const struct moment_zone *zone, bool offset,
			char out[SIM_DENSITY_TIME]);

#endif
