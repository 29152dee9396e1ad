/* A visitor key read: what visitor_check judges, visitor_orders sends and visitor_words tells. For visitor*.c only. */
#ifndef LODGE_CORE_VISITOR_PLAN_H
#define LODGE_CORE_VISITOR_PLAN_H

#include "base/moment.h"
#include "core/visitor.h"

#include <stdbool.h>

struct visitor_plan {
	char *unit, *user, *name, *keychain_id; /* "" when not given */
	char *email[VISITOR_MOST_KEYS], *sms[VISITOR_MOST_KEYS];
	size_t n_emails, n_sms;
	size_t keys;   /* 1 … VISITOR_MOST_KEYS */
	bool numbered; /* "NAME 1", "NAME 2" … for one recipient */
	int64_t from_ms, until_ms;
	unsigned weekdays; /* bit 0: Monday … bit 6: Sunday */
	struct moment_parts date_from, date_to;
	int time_from_s, time_to_s; /* -1: not told */
};

/* Where flaws go: `most` may be 0. */
struct visitor_flaws {
	struct visitor_flaw *at;
	size_t n, most;
};

/* Cuts the text at its place; what it quotes must be fit to be shown. */
void visitor_flaw_add(struct visitor_flaws *flaws, enum visitor_field field, const char *format, ...)
	LODGE_PRINTF(3, 4);

/* Reads all fields that count for visitor->when. What has a flaw is left empty or "not told". The caller frees with visitor_plan_fini. */
void visitor_plan_read(const struct visitor *visitor, int64_t now_ms, const struct moment_zone *zone,
		       struct visitor_plan *plan, struct visitor_flaws *flaws);
void visitor_plan_fini(struct visitor_plan *plan);

/* Recipients, in visitor_people.c. */
void visitor_plan_people(const struct visitor *visitor, struct visitor_plan *plan,
			 struct visitor_flaws *flaws);
/* Times, in visitor_time.c. */
void visitor_plan_once(const struct visitor *visitor, int64_t now_ms, const struct moment_zone *zone,
		       struct visitor_plan *plan, struct visitor_flaws *flaws);
void visitor_plan_weekly(const struct visitor *visitor, int64_t now_ms, const struct moment_zone *zone,
			 struct visitor_plan *plan, struct visitor_flaws *flaws);

/* The field's text without blanks at its ends, newly allocated; "" when it is not given. */
char *visitor_text(const struct visitor *visitor, enum visitor_field field);
/* A text cut and made fit to be quoted. The caller frees it. */
char *visitor_shown(const char *text);

#endif
