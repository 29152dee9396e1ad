/* Ranges of local time (density.md §4, §8): which resolution answers a span, where its windows lie, and how a long range is asked for in pieces. Pure.
 *
 * Pieces are counted in local time as clocks show it (what the server is told), so that they join without a hole and without an overlap whatever the clocks do. */
#ifndef LODGE_API_DENSITY_RANGE_H
#define LODGE_API_DENSITY_RANGE_H

#include "base/moment.h"

#define DENS_LOCAL_SIZE 32 /* "2024-02-28T23:59:59" */

enum dens_resolution {
	DENS_MINUTE,
	DENS_TEN_MINUTES,
	DENS_HOUR,
	DENS_DAY,
	DENS_WEEK, /* begins on Monday */
	DENS_MONTH,
	DENS_YEAR,
	DENS_RAW, /* sessions: no windows; pieces of less than 60 days */
};

/* How windows of some length are had: `group` windows of a resolution make one. */
struct dens_every {
	enum dens_resolution resolution;
	int64_t group; /* 1: the server's own windows */
};

/* "10minute". */
const char *dens_resolution_word(enum dens_resolution resolution);

/* 30 and 31 days are a month, 365 and 366 a year. *exact is false where there are no such windows (seconds) and minutes are used. */
struct dens_every dens_every_of(int64_t every_ms, bool *exact);

/* The window that holds a moment: begin, and end, which is not part of it. Windows of several days count from 1970-01-05, a Monday; those of several hours or
 * minutes from each midnight. */
void dens_window(const struct dens_every *every, int64_t at_ms, const struct moment_zone *zone,
		 int64_t *begin_ms, int64_t *end_ms);

/* One piece of a range. Texts are local time without a zone, both part of the piece. */
struct dens_piece {
	char from[DENS_LOCAL_SIZE], to[DENS_LOCAL_SIZE];
	int64_t from_ms, to_ms; /* the moments, the second not part of it */
};

/* Calls `fn` for each piece of the windows that [from_ms, to_ms) touches, in order. Returns what fn returned when it was not 0. Every piece is shorter than what
 * the server allows for the resolution, by the clock and in truth; a year alone is as long as it is. */
typedef int (*dens_piece_fn)(void *ctx, const struct dens_piece *piece);
int dens_pieces(enum dens_resolution resolution, int64_t from_ms, int64_t to_ms,
		const struct moment_zone *zone, dens_piece_fn fn, void *ctx);

/* The moment of a window's key: a time with or without zone (then that of `zone`), a date, "2024-02", "2024". MOMENT_NONE for anything else. */
int64_t dens_key_moment(const char *key, const struct moment_zone *zone);

#endif
