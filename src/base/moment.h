/* Moments and time zones. A moment is milliseconds since 1970-01-01T00:00:00Z in an int64_t. */
#ifndef LODGE_BASE_MOMENT_H
#define LODGE_BASE_MOMENT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOMENT_NONE INT64_MIN /* not told */
#define MOMENT_TEXT_SIZE 32

/* Reads the forms that the vendors use (butlr.md §10 row 13): ISO 8601 with 'T' or blank, 0 to 9 digits of
 * fraction, 'Z', "+HH:MM", "+HHMM", "+HH", or no zone (then UTC), a date alone (midnight UTC), and whole or
 * decimal epoch numbers (see moment_from_number). MOMENT_NONE when it is none of these or lies outside the
 * years 1970 to 2200. */
int64_t moment_parse(const char *text);

/* As moment_parse, but a text without zone is local time of `zone` (see moment_zone_…). */
struct moment_zone;
int64_t moment_parse_in(const char *text, const struct moment_zone *zone);

/* Epoch number of unknown unit: above 1e14 microseconds, above 1e11 milliseconds, else seconds.
 * MOMENT_NONE for 0, negatives and what is not a number. */
int64_t moment_from_number(double number);

/* A span such as "15m", "8h", "7d", "90s", "250ms", "1w" in ms; -1 when it is not one or is negative or
 * greater than ten years. A number without unit is seconds. */
int64_t moment_span_ms(const char *text);

/* T of the contract: ISO 8601 or a span back from `now_ms`. MOMENT_NONE when neither. A time without zone
 * is the machine's local time (what a person types). A bare number is
 * seconds back while that is at most ten years, else an epoch number. */
int64_t moment_parse_user(const char *text, int64_t now_ms);

/* "2026-08-19T14:07:05Z", with ".250" only when there is a fraction; "" for MOMENT_NONE and
 * outside the years 0 to 9999. Returns out. */
char *moment_format(int64_t moment_ms, char out[MOMENT_TEXT_SIZE]);

/* Local time "2026-08-19 14:07:05" in zone. Returns out. */
char *moment_format_in(int64_t moment_ms, const struct moment_zone *zone, char out[MOMENT_TEXT_SIZE]);

/* Age in one short word: "now", "12s", "5m", "3h", "9d". Negative ages (clocks differ) are "now". */
char *moment_format_age(int64_t age_ms, char out[MOMENT_TEXT_SIZE]);

/* A time zone by IANA name ("America/New_York"), by Rails name ("Eastern Time (US & Canada)", mapped), or a
 * fixed offset ("+02:00"). NULL or "" gives UTC. Returns NULL for an unknown name. Immutable and safe to
 * share between threads. Free with moment_zone_free. */
struct moment_zone *moment_zone_new(const char *name);
struct moment_zone *moment_zone_new_local(void);
void moment_zone_free(struct moment_zone *zone);

/* The IANA name that a Rails name stands for, or `name` itself. */
const char *moment_zone_iana(const char *name);

/* Broken-down local time. weekday: 0 = Sunday. */
struct moment_parts {
	int year, month, day, hour, minute, second, weekday, utc_offset_s;
};
struct moment_parts moment_split(int64_t moment_ms, const struct moment_zone *zone);

/* The moment of a local time; fields outside their range are carried. A local time that does not exist
 * (spring) is moved forward; one that exists twice is the earlier. */
int64_t moment_join(const struct moment_parts *parts, const struct moment_zone *zone);

#endif
