/* Tiles of the overview that are no panes of their own, and what they show. */
#ifndef LODGE_UI_PANE_OVERVIEW_TILES_H
#define LODGE_UI_PANE_OVERVIEW_TILES_H

#include "ui/pane.h"

#include <glib.h>

/* How many people are in the chosen building, today and by room; Enter opens occupancy. */
extern const struct pane_ops overview_people;
/* How the feeds are; Enter opens health. */
extern const struct pane_ops overview_feeds;

/* What overview_people shows. Names live as long as the snapshots they were read from. */
struct people_room {
	const char *name;
	double now, capacity; /* capacity NAN: not told */
	bool capped;          /* there may be more */
};

struct people_hour {
	int64_t start_ms;
	double people;
};

struct people {
	double now, capacity; /* NAN: not told */
	double peak;          /* of today; NAN: not told */
	int64_t peak_ms, as_of_ms;
	bool capped;   /* there may be more */
	char by[160];  /* where several systems tell of the building: which counts what; "" */
	bool stale;    /* as of as_of_ms; nothing newer is known */
	GArray *rooms; /* of struct people_room with somebody in them, fullest first */
	GArray *hours; /* of struct people_hour, today's windows */
};

/* Counts the chosen building from `midnight_ms` on, over all systems that the configuration joins there. people->rooms and ->hours are emptied first. */
void people_count(struct people *people, const struct desk *desk, int64_t midnight_ms);

#endif
