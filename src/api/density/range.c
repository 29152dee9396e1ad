#include "api/density/range.h"

#include <stdio.h>
#include <string.h>

#define MINUTE_S INT64_C(60)
#define HOUR_S (60 * MINUTE_S)
#define DAY_S (24 * HOUR_S)
#define WEEK_S (7 * DAY_S)
#define MONDAY_S (4 * DAY_S) /* 1970-01-05 */

const char *dens_resolution_word(enum dens_resolution resolution)
{
	static const char *const words[] = {"minute", "10minute", "hour", "day",
					    "week",   "month",    "year", "total"};

	return words[resolution];
}

struct dens_every dens_every_of(int64_t every_ms, bool *exact)
{
	static const struct {
		int64_t s;
		enum dens_resolution resolution;
	} calendar[] = {{30 * DAY_S, DENS_MONTH},
			{31 * DAY_S, DENS_MONTH},
			{365 * DAY_S, DENS_YEAR},
			{366 * DAY_S, DENS_YEAR}},
	  plain[] = {{WEEK_S, DENS_WEEK},
		     {DAY_S, DENS_DAY},
		     {HOUR_S, DENS_HOUR},
		     {10 * MINUTE_S, DENS_TEN_MINUTES},
		     {MINUTE_S, DENS_MINUTE}};

	*exact = every_ms > 0 && every_ms % (1000 * MINUTE_S) == 0;
	for (size_t i = 0; i < sizeof(calendar) / sizeof(calendar[0]); i++)
		if (every_ms == calendar[i].s * 1000)
			return (struct dens_every){calendar[i].resolution, 1};
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (every_ms > 0 && every_ms % (plain[i].s * 1000) == 0)
			return (struct dens_every){plain[i].resolution, every_ms / (plain[i].s * 1000)};
	return (struct dens_every){DENS_MINUTE,
				   every_ms > 1000 * MINUTE_S ? every_ms / (1000 * MINUTE_S) : 1};
}

/* --- local time in seconds, as a clock on the wall counts them --- */

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

static int64_t wall_of(int64_t at_ms, const struct moment_zone *zone)
{
	return floor_div(at_ms, 1000) + moment_split(at_ms, zone).utc_offset_s;
}

/* The wall's seconds are those of a moment in UTC that shows the same. */
static struct moment_parts parts_of(int64_t wall_s) { return moment_split(wall_s * 1000, NULL); }

static int64_t moment_of(int64_t wall_s, const struct moment_zone *zone)
{
	struct moment_parts parts = parts_of(wall_s);

	return moment_join(&parts, zone);
}

static int64_t wall_of_date(int year, int month)
{
	struct moment_parts parts = {.year = year, .month = month, .day = 1};

	return moment_join(&parts, NULL) / 1000;
}

static int64_t wall_begin(const struct dens_every *every, int64_t wall_s)
{
	static const int64_t lengths[] = {MINUTE_S, 10 * MINUTE_S, HOUR_S, DAY_S, WEEK_S, 0, 0, MINUTE_S};
	int64_t length = lengths[every->resolution] * every->group, day_s;
	struct moment_parts parts;

	if (length == 0) {
		parts = parts_of(wall_s);
		return wall_of_date(parts.year, every->resolution == DENS_YEAR ? 1 : parts.month);
	}
	if (every->resolution == DENS_DAY || every->resolution == DENS_WEEK)
		return floor_div(wall_s - MONDAY_S, length) * length + MONDAY_S;
	day_s = floor_div(wall_s, DAY_S) * DAY_S;
	return length >= DAY_S ? day_s : day_s + (wall_s - day_s) / length * length;
}

static int64_t wall_end(const struct dens_every *every, int64_t begin_s)
{
	static const int64_t lengths[] = {MINUTE_S, 10 * MINUTE_S, HOUR_S, DAY_S, WEEK_S, 0, 0, MINUTE_S};
	int64_t length = lengths[every->resolution] * every->group;
	struct moment_parts parts;

	if (length == 0) {
		parts = parts_of(begin_s);
		return every->resolution == DENS_YEAR
			       ? wall_of_date(parts.year + 1, 1)
			       : wall_of_date(parts.year + parts.month / 12, parts.month % 12 + 1);
	}
	if (every->resolution != DENS_DAY && every->resolution != DENS_WEEK) {
		int64_t midnight_s = (floor_div(begin_s, DAY_S) + 1) * DAY_S;

		return begin_s + length < midnight_s ? begin_s + length : midnight_s;
	}
	return begin_s + length;
}

void dens_window(const struct dens_every *every, int64_t at_ms, const struct moment_zone *zone,
		 int64_t *begin_ms, int64_t *end_ms)
{
	int64_t wall_s = wall_of(at_ms, zone), begin_s = wall_begin(every, wall_s);
	int64_t end_s = wall_end(every, begin_s), past_s = wall_s - begin_s, length_s = end_s - begin_s;

	if (length_s <= HOUR_S) {
		/* Short windows are counted from the moment itself: in the hour that clocks show twice each has its own. */
		*begin_ms = at_ms - past_s * 1000 - (at_ms % 1000 + 1000) % 1000;
		*end_ms = *begin_ms + length_s * 1000;
		return;
	}
	*begin_ms = moment_of(begin_s, zone);
	*end_ms = moment_of(end_s, zone);
	if (*end_ms <= *begin_ms) /* an hour that clocks leave out */
		*end_ms = *begin_ms + length_s * 1000;
	if (at_ms >= *end_ms) { /* the hour that clocks show twice, the second time */
		*begin_ms = at_ms - past_s * 1000 - (at_ms % 1000 + 1000) % 1000;
		*end_ms = *begin_ms + length_s * 1000;
	}
}

/* --- pieces --- */

/* Days of one request, the server's own ceiling; what is asked for is a second less. */
static int64_t most_days(enum dens_resolution resolution)
{
	static const int64_t days[] = {1, 1, 7, 31, 51 * 7, 0, 0, 60};

	return days[resolution];
}

static void text_of(int64_t wall_s, char out[DENS_LOCAL_SIZE])
{
	struct moment_parts at = parts_of(wall_s);

	snprintf(out, DENS_LOCAL_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d", at.year % 10000, at.month % 100,
		 at.day % 100, at.hour % 100, at.minute % 100, at.second % 100);
}

/* Where a piece that begins there ends at the latest; not part of it. */
static int64_t piece_end(enum dens_resolution resolution, int64_t from_s, const struct moment_zone *zone)
{
	int64_t most_s = most_days(resolution) * DAY_S, end_s;
	struct moment_parts parts;

	if (most_s == 0) {
		parts = parts_of(from_s);
		/* Eleven months, or one year: both end where a month does. */
		return resolution == DENS_YEAR ? wall_of_date(parts.year + 1, 1)
					       : wall_of_date(parts.year + (parts.month + 10) / 12,
							      (parts.month + 10) % 12 + 1);
	}
	end_s = resolution == DENS_WEEK ? from_s + most_s : floor_div(from_s + most_s, DAY_S) * DAY_S;
	if (moment_of(end_s - 1, zone) - moment_of(from_s, zone) < most_s * 1000)
		return end_s;
	/* Clocks were set back in it: in truth it is longer. */
	return most_s > DAY_S ? end_s - DAY_S : from_s + DAY_S / 2;
}

int dens_pieces(enum dens_resolution resolution, int64_t from_ms, int64_t to_ms,
		const struct moment_zone *zone, dens_piece_fn fn, void *ctx)
{
	const struct dens_every every = {resolution, 1};
	int64_t from_s, to_s, length_s, first_s, last_s;
	int err = 0;

	if (to_ms <= from_ms)
		return 0;
	from_s = wall_of(from_ms, zone);
	to_s = wall_of(to_ms - 1, zone);
	length_s = (to_ms - from_ms) / 1000;
	/* In a range in which clocks are set back, what they show at its ends is not all they show. */
	first_s = from_s < to_s - length_s ? from_s : to_s - length_s;
	last_s = to_s > from_s + length_s - 1 ? to_s : from_s + length_s - 1;
	if (moment_split(from_ms, zone).utc_offset_s == moment_split(to_ms - 1, zone).utc_offset_s) {
		first_s = from_s;
		last_s = to_s;
	}
	first_s = wall_begin(&every, first_s);
	last_s = floor_div(last_s, MINUTE_S) * MINUTE_S + MINUTE_S - 1;
	while (first_s <= last_s && err == 0) {
		int64_t end_s = piece_end(resolution, first_s, zone);
		struct dens_piece piece;

		if (end_s > last_s + 1)
			end_s = last_s + 1;
		text_of(first_s, piece.from);
		text_of(end_s - 1, piece.to);
		piece.from_ms = moment_of(first_s, zone);
		piece.to_ms = moment_of(end_s, zone);
		err = fn(ctx, &piece);
		first_s = end_s;
	}
	return err;
}

int64_t dens_key_moment(const char *key, const struct moment_zone *zone)
{
	char text[16];
	size_t length = key == NULL ? 0 : strlen(key);

	if (length == 4 && strspn(key, "0123456789") == 4)
		snprintf(text, sizeof(text), "%s-01-01", key);
	else if (length == 7 && key[4] == '-')
		snprintf(text, sizeof(text), "%s-01", key);
	else
		return key == NULL ? MOMENT_NONE : moment_parse_in(key, zone);
	return moment_parse_in(text, zone);
}
