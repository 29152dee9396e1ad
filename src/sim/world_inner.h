/* What the parts of the world share among themselves. Nothing outside the world includes it. */
#ifndef LODGE_SIM_WORLD_INNER_H
#define LODGE_SIM_WORLD_INNER_H

#include "base/arena.h"
#include "base/moment.h"
#include "sim/plan.h"
#include "sim/world.h"

#include <glib.h>

/* What a hash is drawn for; folded in first, so that no two uses share numbers. */
enum world_salt {
	SALT_ID = 1,
	SALT_MAC,
	SALT_SENSOR,
	SALT_HIVE,
	SALT_PERSON,
	SALT_DAY,
	SALT_MEETING,
	SALT_JITTER,
	SALT_OUTAGE,
	SALT_BATTERY,
	SALT_AIR,
	SALT_PIXEL,
	SALT_NOISE,
	SALT_BODY,
	SALT_SUN,
};

struct world_inner {
	struct arena text;
	GArray *buildings, *floors, *rooms, *zones, *fixtures, *doors, *sensors, *hives, *people;
	GHashTable *by_id, *by_custom, *by_mac, *by_serial; /* text → packed world_ref */
	struct moment_zone **time_zones;                    /* one a building */
	struct plan plans[PLAN_COUNT];
};

/* A hash of the seed, a salt and two numbers. */
uint64_t world_hash(const struct world *world, enum world_salt salt, uint64_t a, uint64_t b);

/* 0 <= x < n out of a hash. */
static inline int world_pick(uint64_t hash, int n) { return (int)((hash >> 33) % (uint64_t)n); }

/* Text kept as long as the world. */
const char *world_text(struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* prefix and 27 letters and digits, unique to (kind, number). */
const char *world_new_id(struct world *world, const char *prefix, enum world_kind kind, uint64_t number);

/* Adds the sensors and hives of one floor: exactly `quota` sensors. */
void world_build_devices(struct world *world, int floor, int quota);

/* Adds the people of one building; its floors are there. */
void world_build_people(struct world *world, int building);

/* Fills the tables behind sim_world_find…. */
void world_index(struct world *world);

extern const char *const world_first_names[2][24];
extern const char *const world_last_names[2][24];

/* The public arrays follow the growing ones. */
void world_publish(struct world *world);

#endif
