/* What the people of one building do on one day, written out: where each is at every moment, who is in which
 * place from when to when, and who passes which door. A pure function of (seed, building, day). */
#ifndef LODGE_SIM_PEOPLE_H
#define LODGE_SIM_PEOPLE_H

#include "sim/world_inner.h"

#include <glib.h>

/* From this moment until the next key the person is in `room` and moves straight to the next key's point. */
struct people_key {
	int64_t t_ms;
	int32_t room; /* -1: outside */
	int32_t door; /* the door passed at this moment, else -1 */
	struct world_point at;
};

/* One person in one place during [from,to). */
struct people_dwell {
	int64_t from_ms, to_ms;
	int32_t place; /* see people_place */
	int32_t person;
};

struct people_day {
	int building;
	struct world_day day;
	GArray *keys;       /* struct people_key, person by person */
	int *first_key;     /* by person of the building, and one more */
	GArray *dwells;     /* struct people_dwell, by place, then from, then person */
	int *first_dwell;   /* by place, and one more */
	GArray *crossings;  /* struct world_crossing, by time, then person */
	uint64_t last_used; /* for the cache that holds it */
};

struct people_day *people_day_new(const struct world *world, int building, struct world_day day);
void people_day_free(struct people_day *plan);

/* Number of a place among those of its building: rooms, zones, floors, the building; -1 when it is elsewhere. */
int people_place(const struct world *world, int building, struct world_ref place);

/* The building that a place belongs to; -1 for what is no place. */
int people_building(const struct world *world, struct world_ref place);

/* Where a person of the building is; false when outside. */
bool people_position(const struct world *world, const struct people_day *plan, int person, int64_t t_ms,
		     struct world_presence *out);

/* --- between the parts ----------------------------------------------------------------------------------- */

#define PEOPLE_ERRANDS_MAX 48

/* A stay away from the desk, in seconds of the local day. */
struct people_errand {
	int start_s, end_s;
	int room; /* -1: out of the house */
	int seat; /* in the plan; -1: stands somewhere */
};

struct people_agenda {
	bool present;
	int arrive_s, leave_s;
	int count;
	struct people_errand errands[PEOPLE_ERRANDS_MAX]; /* by start, without overlap */
};

/* One agenda for every person of the building; free with g_free. */
struct people_agenda *people_agendas_new(const struct world *world, int building, struct world_day day);

/* Writes the person's keys of the day. */
void people_walk(const struct world *world, struct world_day day, int person,
		 const struct people_agenda *agenda, GArray *keys);

/* The moment at which the second `second_s` of the local day's clock comes. */
int64_t people_moment(const struct world *world, int building, struct world_day day, int second_s);

#endif
