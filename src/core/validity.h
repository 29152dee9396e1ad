/* When a key opens, apart from where it was written down: in a key and its keychain, or in a form. */
#ifndef LODGE_CORE_VALIDITY_H
#define LODGE_CORE_VALIDITY_H

#include "base/buf.h"
#include "base/moment.h"
#include "core/visitor.h"

#include <stdbool.h>

#define WEEKDAYS 7

/* The outer window and, with weekdays, the hours of those days (butterflymx.md §11.3). */
struct validity {
	int64_t from_ms, until_ms;  /* both included; MOMENT_NONE: open */
	unsigned weekdays;          /* bit 0: Monday … bit 6: Sunday; 0: all the time */
	int time_from_s, time_to_s; /* of those days, both included; -1: not told */
	bool told;                  /* anything at all is known */
	bool odd;                   /* weekdays or hours that cannot be understood */
};

/* "mon" … as the vendor writes them, by bit. */
extern const char *const validity_weekdays[WEEKDAYS];

/* "mon", "Monday", "MON": the bit's number; -1 otherwise. */
int validity_weekday(const char *word, size_t length);

/* Bit number of a struct moment_parts' weekday, which counts from Sunday. */
static inline int validity_bit(int weekday) { return (weekday + WEEKDAYS - 1) % WEEKDAYS; }

enum key_state validity_state(const struct validity *validity, const struct moment_zone *zone,
			      int64_t now_ms);

/* `zone` NULL: UTC. */
void validity_words(const struct validity *validity, const struct moment_zone *zone, int64_t now_ms,
		    bool ascii, struct buf *out);

#endif
