/* Every request of the REST document that changes something, and the single reads that no list replaces (butlr.md §4, §4.1.1). Pure builders: whoever sends
 * them asks first, never repeats them blindly, and writes them down. Vectors go out as numbers, as the document's answers show them. */
#ifndef LODGE_API_BUTLR_REQUESTS_H
#define LODGE_API_BUTLR_REQUESTS_H

#include "base/buf.h"
#include "base/err.h"
#include "model/value.h"

#include <stdbool.h>
#include <stddef.h>

struct butlr_request {
	const char *method; /* GET, POST, PUT or DELETE */
	struct buf path;
	struct buf body; /* empty: none */
};

void butlr_request_init(struct butlr_request *request);
void butlr_request_fini(struct butlr_request *request);

/* The schemas show most bodies as an array of one object, which may be a slip of the document: after a 400 the body can be sent once more so. ERR_INVALID when it
 * has no body or is an array already. */
int butlr_request_in_array(struct butlr_request *request) LODGE_MUST_USE;

/* Things with a path of their own; those below a floor need its id. */
enum butlr_thing { BUTLR_SPACE, BUTLR_ROOM, BUTLR_ZONE, BUTLR_FIXTURE, BUTLR_SENSOR, BUTLR_HIVE };

/* GET or DELETE of one thing. `floor_id` only for rooms, zones and fixtures. ERR_INVALID without the ids it takes. */
int butlr_read_one(struct butlr_request *request, enum butlr_thing thing, const char *floor_id,
		   const char *id, struct problem *problem) LODGE_MUST_USE;
int butlr_delete(struct butlr_request *request, enum butlr_thing thing, const char *floor_id, const char *id,
		 struct problem *problem) LODGE_MUST_USE;

/* Floors. An update sends the whole object back: lists as the server gave them, as JSON texts ("[]" when NULL); address and timezone must not be empty. */
struct butlr_space {
	const char *id, *name, *address, *timezone, *installation_date;
	int capacity, mid_capacity;
	double area;
	const char *sensors_json, *hives_json, *rooms_json, *gateways_json;
};
int butlr_space_create(struct butlr_request *request, const char *name,
		       struct problem *problem) LODGE_MUST_USE;
int butlr_space_update(struct butlr_request *request, const struct butlr_space *space,
		       struct problem *problem) LODGE_MUST_USE;

/* Rooms: all five are required by an update; a new one needs a name and a type. */
struct butlr_room {
	const char *name, *type;
	double height; /* m; NAN: not sent */
	struct rgba color;
	struct points coordinates;
};
int butlr_room_create(struct butlr_request *request, const char *floor_id, const struct butlr_room *room,
		      struct problem *problem) LODGE_MUST_USE;
int butlr_room_update(struct butlr_request *request, const char *floor_id, const char *id,
		      const struct butlr_room *room, struct problem *problem) LODGE_MUST_USE;

/* Zones. `type` only when one is made. Negative numbers and empty members are not sent. */
struct butlr_zone {
	const char *name, *type;
	struct rgba color;
	struct points coordinates;
	int area, capacity, mid_capacity;
};
int butlr_zone_create(struct butlr_request *request, const char *floor_id, const struct butlr_zone *zone,
		      struct problem *problem) LODGE_MUST_USE;
int butlr_zone_update(struct butlr_request *request, const char *floor_id, const char *id,
		      const struct butlr_zone *zone, struct problem *problem) LODGE_MUST_USE;

/* Fixtures: everything is required when one is added; an update sends what is told. */
struct butlr_fixture {
	const char *type;
	struct point center;
	double rotation;
	struct vector3 scale;
};
int butlr_fixture_add(struct butlr_request *request, const char *floor_id,
		      const struct butlr_fixture *fixture, struct problem *problem) LODGE_MUST_USE;
int butlr_fixture_update(struct butlr_request *request, const char *floor_id, const char *id,
			 const struct butlr_fixture *fixture, struct problem *problem) LODGE_MUST_USE;

/* Sensors and hives: the document leaves the contents open, so the caller gives one JSON object. `id`: a sensor's id or MAC. */
int butlr_sensor_update(struct butlr_request *request, const char *id, const char *json,
			struct problem *problem) LODGE_MUST_USE;
int butlr_hive_activate(struct butlr_request *request, const char *json,
			struct problem *problem) LODGE_MUST_USE;
int butlr_hive_update(struct butlr_request *request, const char *id, const char *json,
		      struct problem *problem) LODGE_MUST_USE;

/* Preferences and languages: no source names their paths, so the caller does. */
int butlr_preferences_read(struct butlr_request *request, const char *path,
			   struct problem *problem) LODGE_MUST_USE;
int butlr_preferences_update(struct butlr_request *request, const char *path, const char *language,
			     struct problem *problem) LODGE_MUST_USE;

#endif
