/* How all devices of all accounts are, as one list: sensors and gateways (hives), worst first, with what a
 * person needs to find them. Pure: it
 * reads the world and draws nothing.
 *
 * A device that is offline behind an offline hive is not broken itself: it is listed as such and does not
 * count among those that need somebody. */
#ifndef LODGE_UI_HEALTH_HEALTH_H
#define LODGE_UI_HEALTH_HEALTH_H

#include "base/buf.h"
#include "ui/world.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From here on a battery is called low; the vendor's own word for it counts as well. */
#define HEALTH_LOW_PERCENT 10
#define HEALTH_LOW_DAYS 14
/* What one walk replaces. */
#define HEALTH_WALK_DAYS 30

/* Worst first. */
enum health_state {
	HEALTH_OFFLINE,
	HEALTH_BATTERY,  /* works, but its battery will not last */
	HEALTH_DEGRADED, /* heard of, but gives no data */
	HEALTH_BEHIND,   /* offline, as is the hive that it speaks through */
	HEALTH_UNKNOWN,
	HEALTH_OK,
	HEALTH_STATES
};

/* Texts live as long as the list is not built anew; NULL, NAN and MOMENT_NONE: not told. */
struct health_item {
	const char *key; /* unique over all accounts */
	const char *id;  /* the vendor's */
	const char *name; /* never NULL: without a name of its own it is the kind and the tail of its address */
	const char *address; /* hardware address or serial number */
	const char *type;    /* a sensor's mode, or "hive"; never NULL */
	const char *model;
	const char *room, *floor, *building, *timezone, *hive;
	const char *vendor;
	const char *place;  /* "Main Street 12, 2nd floor"; never NULL */
	const char *search; /* casefolded text in which a filter looks */
	unsigned account;
	enum kind kind;
	enum health_state state;
	bool stale; /* the account's feed is late or down: all this is as of as_of_ms */
	bool due;   /* its battery belongs into the walking list */
	int8_t mains;
	double storey, battery_percent, battery_days; /* days below 0: overdue */
	double sensor_count;                          /* hives */
	int64_t last_seen_ms, since_ms, as_of_ms, battery_changed_ms;
};

struct health_counts {
	size_t devices, state[HEALTH_STATES];
	size_t hives_offline; /* part of state[HEALTH_OFFLINE] */
	size_t due;           /* batteries to replace within HEALTH_WALK_DAYS */
};

struct health;

struct health *health_new(void);
void health_free(struct health *health);

/* Takes the present snapshots in and keeps references to them, unless they are those of the last time and
 * the feeds are as they were. True when the list is
 * new; items of before are gone then. */
bool health_refresh(struct health *health, const struct world *world);

/* Items worst first. */
size_t health_count(const struct health *health);
const struct health_item *health_at(const struct health *health, size_t i);
/* Of the devices whose feed is late or down, the oldest as_of_ms; MOMENT_NONE when none is. */
int64_t health_stale_as_of_ms(const struct health *health);

/* Over all accounts, and of one. */
const struct health_counts *health_total(const struct health *health);
const struct health_counts *health_of_account(const struct health *health, unsigned account);
/* How many need somebody: offline, battery low, degraded. */
size_t health_needing(const struct health_counts *counts);
/* That includes a state. */
bool health_state_needs(enum health_state state);

/* Orders of the table; the first is worst first. */
enum health_order {
	HEALTH_BY_STATUS,
	HEALTH_BY_SINCE,
	HEALTH_BY_BATTERY,
	HEALTH_BY_NAME,
	HEALTH_BY_TYPE,
	HEALTH_BY_ROOM,
	HEALTH_BY_FLOOR,
	HEALTH_BY_SEEN,
	HEALTH_BY_BUILDING,
	HEALTH_BY_ACCOUNT,
	HEALTH_BY_ADDRESS,
	HEALTH_ORDERS
};
/* Below 0, 0, above 0. What is not told comes last. Never 0 for two different items. */
int health_compare(const struct health_item *a, const struct health_item *b, enum health_order order);
/* The order of a walk: building, storey, room, name. */
int health_compare_walk(const struct health_item *a, const struct health_item *b);
/* By floor as a walk goes. 0 for two of one floor. */
int health_compare_place(const struct health_item *a, const struct health_item *b);

/* Prepares a filter for health_matches: blanks at the ends go, letters are folded. NULL for an empty one;
 * g_free. */
char *health_filter(const char *typed);
/* Every word of the filter occurs in name, address, kind, room, floor, building, account or status. NULL
 * matches all. */
bool health_matches(const struct health_item *item, const char *filter);

#endif
