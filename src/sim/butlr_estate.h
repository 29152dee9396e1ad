/* The estate that the simulated Butlr tells: the world's objects with the changes that clients wrote, kept until the
 * simulator stops. Geometry is in metres here, as on the wire (butlr.md §9).
 */
#ifndef LODGE_SIM_BUTLR_ESTATE_H
#define LODGE_SIM_BUTLR_ESTATE_H

#include "sim/world.h"

#include <glib.h>
#include <stdbool.h>

enum sim_estate_kind {
	SIM_ESTATE_FLOOR,
	SIM_ESTATE_ROOM,
	SIM_ESTATE_ZONE,
	SIM_ESTATE_FIXTURE,
	SIM_ESTATE_SENSOR,
	SIM_ESTATE_HIVE,
	SIM_ESTATE_KINDS
};

/* Begins every object. A deleted one stays in memory, so that references to it stay good. */
struct sim_thing {
	enum sim_estate_kind kind;
	char *id, *name;
	int world; /* index in the world's array of this kind; -1 = made by a client */
	bool deleted;
	struct sim_floor *floor; /* NULL = none; for a floor itself: NULL */
};

struct sim_floor {
	struct sim_thing thing;
	char *address, *timezone, *installation_date, *custom_id;
	int capacity, mid_capacity, building, number; /* building: index in the world; -1 = none */
	double area_m2;
};

/* A room or a zone: a named polygon. */
struct sim_area {
	struct sim_thing thing;
	char *type, *custom_id, *note, *area_unit;
	double (*points)[2];
	unsigned n_points;
	int color[4];
	int capacity, mid_capacity;
	double height_m, area_m2;
	struct sim_area *room; /* of a zone; NULL = none */
};

struct sim_fixture {
	struct sim_thing thing; /* name is unused */
	char *type;
	double center[2], rotation_deg, scale[3];
};

struct sim_hive {
	struct sim_thing thing;
	char *serial;
	struct sim_area *room;
};

struct sim_sensor {
	struct sim_thing thing;
	char *mac;
	enum world_mode mode;
	bool entrance, parallel_to_door;
	struct sim_area *room;
	struct sim_hive *hive;
	double center[2], height_m, orientation_deg[3], active_hours[7];
	double door_line, sensitivity, in_direction;
};

struct sim_estate {
	const struct world *world;
	GPtrArray *things[SIM_ESTATE_KINDS]; /* in the order of the world, then of creation */
	GHashTable *by_id;                   /* id → struct sim_thing *, deleted ones too */
	GHashTable *by_mac; /* twelve or sixteen hex digits, lower case → struct sim_sensor * */
	uint64_t made;      /* objects that clients created */
};

struct sim_estate *sim_estate_new(const struct world *world);
void sim_estate_free(struct sim_estate *estate);

/* By id and kind; NULL when there is none or it was deleted. */
void *sim_estate_find(const struct sim_estate *estate, enum sim_estate_kind kind, const char *id);

/* By id or MAC in any notation. */
struct sim_sensor *sim_estate_sensor(const struct sim_estate *estate, const char *id_or_mac);

/* By id or serial number. */
struct sim_hive *sim_estate_hive(const struct sim_estate *estate, const char *id_or_serial);

/* A new object of the kind on the floor (NULL for a floor), with an id of its own. */
void *sim_estate_make(struct sim_estate *estate, enum sim_estate_kind kind, struct sim_floor *floor);

/* Marks it deleted; what stood on it stands nowhere then: rooms, zones and fixtures of a floor go with it, sensors and
 * hives stay without a place. */
void sim_estate_delete(struct sim_estate *estate, struct sim_thing *thing);

/* Replaces a text by a copy. */
void sim_estate_set(char **text, const char *value);

/* Lower-case hex digits of a MAC; free with g_free. */
char *sim_estate_mac_key(const char *mac);

#endif
