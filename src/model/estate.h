/* Where things are: buildings, floors, rooms, zones, fixtures, sensors, gateways. Plain rows; see model/value.h for "not told". */
#ifndef LODGE_MODEL_ESTATE_H
#define LODGE_MODEL_ESTATE_H

#include "model/value.h"

struct building {
	const char *id, *name, *address, *timezone;
	double capacity; /* people */
};

struct floor_row {
	const char *id, *building_id, *name;
	double number; /* storey */
	const char *timezone;
	double capacity; /* people */
	double area_m2;
};

/* Rooms and zones alike. */
struct room {
	const char *id, *floor_id, *name;
	const char *type;      /* the vendor's key */
	const char *type_name; /* in the account's language; not part of the JSON form */
	const char *room_id;   /* zones: the room around it, if told; not part of the JSON form */
	struct points polygon;
	struct rgba color;
	double capacity, mid_capacity; /* people */
	double area;                   /* as the vendor tells it, m2 */
	double occupancy;              /* people now */
	int8_t occupied;
	double utilization; /* occupancy / capacity; NAN while capacity is not told */
	int64_t as_of_ms;   /* of occupancy */
	int8_t stale;       /* occupancy is older than it should be */
	/* from here on not part of the JSON form */
	const char *
		health; /* of what measures it: one of STATUS_…; NULL: not told. Only online justifies a confident "free". */
	const char *counting_mode; /* how it is measured, in the vendor's word */
	int8_t capped;             /* there may be more people than occupancy says */
	int8_t binary;             /* occupied or not is all that is known, people are not counted */
	const char *timezone;
};

struct fixture {
	const char *id, *floor_id, *type, *type_name;
	struct point center;
	double rotation; /* degrees */
	struct vector3 scale;
};

/* status of devices */
#define STATUS_ONLINE "online"
#define STATUS_DEGRADED "degraded"
#define STATUS_OFFLINE "offline"
#define STATUS_UNKNOWN "unknown"

struct sensor {
	const char *id, *address, *name, *model;
	const char *mode;   /* presence, traffic, repeater, or the vendor's own word */
	const char *status; /* one of STATUS_… */
	double battery_percent, battery_days;
	int64_t battery_changed_ms; /* not part of the JSON form */
	int8_t battery_low;         /* not part of the JSON form */
	int8_t mains;               /* not part of the JSON form */
	int64_t last_seen_ms;
	const char *floor_id, *room_id, *gateway_id;
	const char *gateway_serial; /* not part of the JSON form */
	struct point center;
	double height;              /* m above the floor */
	struct vector3 orientation; /* degrees: yaw, pitch, roll */
	int8_t entrance;
	double field_of_view; /* degrees; not part of the JSON form */
	/* not part of the JSON form either: what a vendor tells in place of a share of the charge; strength of the radio link, %; how often it measures */
	double battery_volts, signal_percent, interval_s;
};

struct gateway {
	const char *id, *serial, *name, *status;
	int64_t last_seen_ms;
	double sensor_count;
	const char *floor_id, *room_id; /* not part of the JSON form */
	struct point center;            /* not part of the JSON form */
};

#endif
