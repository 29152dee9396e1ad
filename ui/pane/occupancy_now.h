/* What may be said of a room now: how many people, or only whether anybody is there, or nothing. */
#ifndef LODGE_UI_PANE_OCCUPANCY_NOW_H
#define LODGE_UI_PANE_OCCUPANCY_NOW_H

#include "model/estate.h"

#include <stdbool.h>
#include <stddef.h>

enum now_state {
	NOW_UNKNOWN, /* nothing is told, or nobody is seen by something that cannot be relied on */
	NOW_FREE,
	NOW_TAKEN,   /* somebody is there; how many is not counted */
	NOW_COUNTED, /* one or more */
};

struct now {
	enum now_state state;
	double people;      /* NOW_FREE: 0, NOW_COUNTED; else NAN */
	double capacity;    /* NAN: not told; never 0 */
	double utilization; /* people / capacity; NAN without either */
	bool capped;        /* there may be more */
	bool stale;
};

struct now now_of(const struct room *room);
/* "3+/8", "0/8", "3", "free", "taken", "-": short enough for a column. Returns out. */
const char *now_figure(const struct now *now, bool ascii, char out[24]);
/* "3 or more of 8 people", "free", "taken, people are not counted", "not known". Returns out. */
const char *now_words(const struct now *now, char out[64]);
/* A capacity that can be meant: NAN for none, 0 and what is no number of people. */
double now_capacity(double told);

#endif
