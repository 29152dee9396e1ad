/* Reporting (butlr.md §7): requests, and the four shapes of answers, told apart by looking. Pure. */
#ifndef LODGE_API_BUTLR_REPORT_H
#define LODGE_API_BUTLR_REPORT_H

#include "base/buf.h"
#include "base/err.h"
#include "model/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUTLR_REPORT_PATH "/api/v3/reporting"
#define BUTLR_STATS_PATH "/api/v4/reporting/stats"

/* What to ask for. Texts may be NULL where a comment says so. */
struct butlr_report_ask {
	const char *measurement;
	const char *every;      /* "1m" … */
	const char *function;   /* "mean" … */
	const char *timezone;   /* IANA; NULL: not sent */
	int64_t from_ms, to_ms; /* to_ms MOMENT_NONE: until now (the word is refused by some servers) */
	const char *filter;     /* "rooms", "spaces" or "zones", or NULL */
	const char *const *ids; /* of the filter */
	size_t n_ids;
	bool create_empty;        /* windows without a value too: together with with_zero they come as 0 */
	bool with_zero;           /* value >= 0: windows in which nobody was there */
	bool calibrated;          /* traffic, corrected for drift */
	const char *const *order; /* group_by.order, ended by NULL */
};

void butlr_report_body(struct buf *body, const struct butlr_report_ask *ask);

struct butlr_stats {
	double sum, min, max, count, mean, median, stddev, first, last;
};

/* One value or one set of statistics, with all that is known of where and when. Texts are the vendor's own and live as long as the call. */
struct butlr_sample {
	const char *floor_id, *room_id, *zone_id, *building_id, *address, *sensor_id;
	const char *name; /* of the innermost of zone, room, floor, when a row tells it */
	const char *field, *measurement;
	int64_t time_ms, stop_ms; /* MOMENT_NONE when not told; stop_ms only where it is the bucket's */
	struct butlr_stats stats;
	bool raw; /* a single value, not statistics: sum, min, max, mean, median, first, last are all that value */
};

/* Returns 0 to go on. */
typedef int (*butlr_sample_fn)(void *ctx, const struct butlr_sample *sample);

/* `order`: what was asked for (NULL-terminated, may be NULL): the name of a level that cannot be told by its look. ERR_PARSE when it is no report. */
int butlr_decode_report(const char *bytes, size_t length, const char *const *order, butlr_sample_fn sample,
			void *ctx, unsigned *bad, struct problem *problem) LODGE_MUST_USE;

/* v4 statistics: one number for each item and measurement; where the answer gives an object of statistics instead, its mean. */
void butlr_stats_body(struct buf *body, const char *const *measurements, const char *const *items,
		      size_t n_items, int64_t from_ms, int64_t to_ms, const char *const *without_days,
		      const char *daily_from, const char *daily_to);
typedef int (*butlr_stat_fn)(void *ctx, const char *item, const char *measurement, double value);
int butlr_decode_stats(const char *bytes, size_t length, butlr_stat_fn stat, void *ctx, unsigned *bad,
		       struct problem *problem) LODGE_MUST_USE;

/* The window word for a span: the documented one equal to it or the next smaller one ("1m" below a minute); *ms gets its length. */
const char *butlr_window(int64_t every_ms, int64_t *ms);

#endif
