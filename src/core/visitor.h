/* A visitor key as a person asks for it: who, where to, when. It becomes one or more orders (core/order.h): a key alone, or a keychain and its keys.
 * The rules of time are the access system's (butterflymx.md §11): a keychain's days and times of day are the building's local time, a single key's
 * moments are UTC. */
#ifndef LODGE_CORE_VISITOR_H
#define LODGE_CORE_VISITOR_H

#include "core/order.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VISITOR_MOST_KEYS 50

enum visitor_when {
	VISITOR_ONCE,     /* from a moment until a moment */
	VISITOR_WEEKLY,   /* on weekdays, between times of day, from a day to a day */
	VISITOR_KEYCHAIN, /* as an existing keychain says */
};

/* The fields of a form, in its order. */
enum visitor_field {
	VISITOR_UNIT,
	VISITOR_USER,
	VISITOR_NAME,
	VISITOR_EMAILS,
	VISITOR_SMS,
	VISITOR_FROM,
	VISITOR_UNTIL,
	VISITOR_WEEKDAYS,
	VISITOR_DATE_FROM,
	VISITOR_DATE_TO,
	VISITOR_TIME_FROM,
	VISITOR_TIME_TO,
	VISITOR_KEYCHAIN_ID,
	VISITOR_COUNT,
	VISITOR_FIELDS,
};
/* "unit", "email" …: the option of the command line and the name in messages. */
const char *visitor_field_name(enum visitor_field field);

/* Texts as they were typed; "" or NULL: not given. g_strdup'ed; visitor_fini frees. */
struct visitor {
	enum visitor_when when;
	char *text[VISITOR_FIELDS];
};

/* What is wrong with one field. */
struct visitor_flaw {
	enum visitor_field field;
	char text[160];
};

void visitor_init(struct visitor *visitor);
void visitor_fini(struct visitor *visitor);
void visitor_set(struct visitor *visitor, enum visitor_field field, const char *text);

/* What suits a front desk, in the fields that are empty: from now until 18:00 of the building (the day's end when it is later than 17:00, the next day's when it
 * is 23:00 or later), today and a week for weekly ones, weekdays 8 to 17. */
void visitor_defaults(struct visitor *visitor, int64_t now_ms, const char *timezone);

/* Looks at everything: needs a unit, a name, an e-mail address or a telephone number (each of a usable form), an end after its beginning, an end in the
 * future, at most a year, days that come within the dates, a count that fits the recipients. Returns how many flaws there are; fills at most `most`.
 * Moments: see core/when.h, with or without a zone (without: the building's); an end's "14:00" or "+2h" counts from the beginning, its day alone is
 * the whole day. Weekdays: "mon,fri", "mon-fri", "weekdays", "daily". Several recipients: commas or blanks between them. With VISITOR_KEYCHAIN the unit
 * may be left out. `timezone` NULL: UTC. */
size_t visitor_check(const struct visitor *visitor, int64_t now_ms, const char *timezone,
		     struct visitor_flaw *flaws, size_t most);

/* The orders, in the order in which they are to be carried out; at most VISITOR_MOST_KEYS + 1. Only of a visitor without flaws (0 otherwise, and when
 * `most` is too small for all). The caller frees each. The user (tenant) is left out when it is not given; keys of a keychain have neither unit nor
 * tenant nor window: those are the keychain's (butterflymx.md §8.5). */
size_t visitor_orders(const struct visitor *visitor, int64_t now_ms, const char *timezone,
		      struct order **orders, size_t most);

/* One line for the review: "3 keys for unit 402, Mon, Fri 11:00–15:50 until 21 Aug". `ascii`: "-" for the dash. */
void visitor_words(const struct visitor *visitor, int64_t now_ms, const char *timezone, bool ascii,
		   struct buf *out);

/* --- an existing key's or keychain's validity ---
 *
 * Whoever asks for many (a list) holds a struct moment_zone of the same name meanwhile: the zone is then read once, not with each call. */

struct keychain;
struct access_key;

enum key_state { KEY_SCHEDULED, KEY_ACTIVE, KEY_PAUSED, KEY_EXPIRED, KEY_REVOKED, KEY_UNKNOWN };
/* By the building's clock (butterflymx.md §11.3). PAUSED: within its window but not at this hour or weekday. `chain` may be NULL. */
enum key_state key_state_at(const struct access_key *key, const struct keychain *chain, const char *timezone,
			    int64_t now_ms);
enum key_state keychain_state_at(const struct keychain *chain, const char *timezone, int64_t now_ms);
/* "scheduled", "active", "paused", "expired", "revoked", "unknown". */
const char *key_state_name(enum key_state state);

/* "today until 18:00", "Mon, Fri 11:00–15:50 until 21 Aug", "from tomorrow 08:00 until Fri 28 Nov 17:00", "expired yesterday 18:00", "revoked".
 * A zone that is not known here: in UTC, with " (UTC)" behind. */
void key_words(const struct access_key *key, const struct keychain *chain, const char *timezone,
	       int64_t now_ms, bool ascii, struct buf *out);
void keychain_words(const struct keychain *chain, const char *timezone, int64_t now_ms, bool ascii,
		    struct buf *out);

#endif
