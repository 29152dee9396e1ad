/* Times and windows of Butlr's v3 requests (butlr.md §6, §7). */
#ifndef LODGE_SIM_BUTLR_TIME_H
#define LODGE_SIM_BUTLR_TIME_H

#include "base/jsonx.h"
#include "base/moment.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define SIM_WINDOWS_MAX 200000

/* An absolute time (RFC 3339, a date) or one relative to now ("-2m", "now()" and "now"). MOMENT_NONE for what is
 * neither. */
int64_t sim_time_read(const cJSON *item, int64_t now_ms);

/* True for the relative form. */
bool sim_time_is_relative(const cJSON *item);

struct sim_window {
	int64_t start_ms, end_ms; /* [start, end), cut to the range asked for */
};

/* The windows of [from, to): aligned to the epoch, or with a zone to its local midnight, so that a day is a local day;
 * weeks begin on Monday. ERR_TOO_BIG when there are more than SIM_WINDOWS_MAX. `out` holds struct sim_window. */
int sim_windows(int64_t every_ms, const struct moment_zone *zone, int64_t from_ms, int64_t to_ms,
		GArray *out) LODGE_MUST_USE;

/* Hours and days of the week that count (filter.time_constraints, v4 filters). */
struct sim_hours {
	struct {
		int from_min, to_min; /* minutes of the day; to is exclusive */
	} ranges[16];
	unsigned n_ranges;
	bool excluded[7]; /* 0 = Sunday */
};

/* Reads {time_ranges:[{start,stop}], exclude_days_of_week:[…]}; NULL gives no limit. ERR_PARSE. */
int sim_hours_read(const cJSON *item, struct sim_hours *out) LODGE_MUST_USE;

/* Does the local time of the moment count? */
bool sim_hours_admit(const struct sim_hours *hours, const struct moment_zone *zone, int64_t t_ms);

#endif
