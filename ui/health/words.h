/* What the screen says about a device's health, in words. */
#ifndef LODGE_UI_HEALTH_WORDS_H
#define LODGE_UI_HEALTH_WORDS_H

#include "ui/health/health.h"
#include "ui/role.h"

const char *health_word(enum health_state state);
/* The sign before the word; differs by shape, so that it tells without colour. */
const char *health_sign(enum health_state state, bool ascii);
enum role health_role(enum health_state state);

/* "<1 min", "9 min", "2 h", "26 d"; ages below zero (clocks differ) are the first. */
void health_add_span(struct buf *out, int64_t span_ms);
/* "6 %, 9 d", "9 d", "26 d late", "mains", "low"; nothing when the vendor does not tell. */
void health_add_battery(struct buf *out, const struct health_item *item);
/* What the state is about: how long it is offline, how little the battery holds; nothing where there is
 * nothing to add. */
void health_add_measure(struct buf *out, const struct health_item *item, int64_t now_ms);

/* "3 of 131 need you: 2 offline, 1 battery low", "all 131 are well". */
void health_add_summary(struct buf *out, const struct health_counts *counts);
/* The same without what is behind the colon. */
void health_add_figure(struct buf *out, const struct health_counts *counts);
/* "4 batteries to replace within 30 days"; nothing when there is none. */
void health_add_batteries(struct buf *out, const struct health_counts *counts);

#endif
