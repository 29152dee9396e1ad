/* Times as a person types them for something that is to come: the opposite of moment_parse_user, which looks back. */
#ifndef LODGE_CORE_WHEN_H
#define LODGE_CORE_WHEN_H

#include "base/moment.h"

#include <stdbool.h>

/* "2026-11-21T14:00", "2026-11-21 14:00", "2026-11-21" (its midnight), "14:00" or "9:30" (today), "today 14:00", "tomorrow 8:00", "now", "+2h",
 * an epoch number of at least nine digits. Without a zone in it, it is local time of `zone` (NULL: UTC). A local time that spring leaves out comes out
 * after the gap, one that autumn has twice is the first of the two. MOMENT_NONE for anything else. */
int64_t when_parse(const char *text, int64_t now_ms, const struct moment_zone *zone);

/* "8:00", "08:00", "08:00:00": seconds of the day; -1 otherwise. "24:00" is not a time of day. */
int when_time_s(const char *text);

/* "2026-11-21", "today", "tomorrow": the date at the place of `zone`. False when it is none. */
bool when_date(const char *text, int64_t now_ms, const struct moment_zone *zone, struct moment_parts *date);

/* The moment at which `time_s` (0 … 86400) of a date comes; gap and repetition as above. */
int64_t when_join(const struct moment_parts *date, int time_s, const struct moment_zone *zone);

#endif
