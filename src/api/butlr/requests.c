#include "api/butlr/requests.h"

#include "base/jsonw.h"
#include "base/jsonx.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

void butlr_request_init(struct butlr_request *request)
{
	request->method = "GET";
	buf_init(&request->path, BUF_CEILING_REQUEST);
	buf_init(&request->body, BUF_CEILING_REQUEST);
}

void butlr_request_fini(struct butlr_request *request)
{
	buf_fini(&request->path);
	buf_fini(&request->body);
}

static int invalid(struct problem *problem, const char *what, const char *why)
{
	return problem_set(problem, ERR_INVALID, what, NULL, "%s", why);
}

static bool empty(const char *text) { return text == NULL || text[0] == '\0'; }

int butlr_request_in_array(struct butlr_request *request)
{
	struct buf body;

	if (request->body.length == 0 || request->body.data[0] == '[')
		return ERR_INVALID;
	buf_init(&body, BUF_CEILING_REQUEST);
	buf_addc(&body, '[');
	buf_add(&body, request->body.data, request->body.length);
	buf_addc(&body, ']');
	if (body.error != ERR_OK) {
		int err = body.error;
		buf_fini(&body);
		return err;
	}
	buf_fini(&request->body);
	request->body = body;
	return ERR_OK;
}

/* --- paths --- */

static const struct {
	const char *name, *folder;
	bool below_floor;
} things[] = {
	[BUTLR_SPACE] = {"floor", "spaces", false},    [BUTLR_ROOM] = {"room", "rooms", true},
	[BUTLR_ZONE] = {"zone", "zones", true},        [BUTLR_FIXTURE] = {"fixture", "fixtures", true},
	[BUTLR_SENSOR] = {"sensor", "sensors", false}, [BUTLR_HIVE] = {"hive", "hives", false},
};

/* `with_id`: the path of one thing, else of its list. */
static int begin(struct butlr_request *request, const char *method, enum butlr_thing thing,
		 const char *floor_id, const char *id, bool with_id, struct problem *problem)
{
	if (things[thing].below_floor && empty(floor_id))
		return invalid(problem, things[thing].name, "the floor's id is missing");
	if (with_id && empty(id))
		return invalid(problem, things[thing].name, "the id is missing");
	request->method = method;
	buf_reset(&request->path);
	buf_reset(&request->body);
	buf_adds(&request->path, "/api/v2/");
	if (things[thing].below_floor) {
		buf_adds(&request->path, "spaces/");
		text_add_percent(&request->path, floor_id);
		buf_addc(&request->path, '/');
	}
	buf_adds(&request->path, things[thing].folder);
	if (with_id) {
		buf_addc(&request->path, '/');
		text_add_percent(&request->path, id);
	}
	return request->path.error;
}

int butlr_read_one(struct butlr_request *request, enum butlr_thing thing, const char *floor_id,
		   const char *id, struct problem *problem)
{
	int err = begin(request, "GET", thing, floor_id, id, true, problem);

	if (err == ERR_OK && (thing == BUTLR_SPACE || thing == BUTLR_ROOM))
		buf_adds(&request->path, "?details=true");
	return err;
}

int butlr_delete(struct butlr_request *request, enum butlr_thing thing, const char *floor_id, const char *id,
		 struct problem *problem)
{
	return begin(request, "DELETE", thing, floor_id, id, true, problem);
}

/* --- members --- */

static void write_points(struct jsonw *w, const struct points *points)
{
	jsonw_key(w, "coordinates");
	jsonw_open(w, '[');
	for (size_t i = 0; i < points->n; i++) {
		jsonw_open(w, '[');
		jsonw_num(w, points->at[i].x);
		jsonw_num(w, points->at[i].y);
		jsonw_close(w, ']');
	}
	jsonw_close(w, ']');
}

static void write_color(struct jsonw *w, struct rgba color)
{
	jsonw_key(w, "color");
	jsonw_open(w, '[');
	jsonw_int(w, color.r);
	jsonw_int(w, color.g);
	jsonw_int(w, color.b);
	jsonw_int(w, color.a);
	jsonw_close(w, ']');
}

static bool finite_points(const struct points *points)
{
	for (size_t i = 0; i < points->n; i++)
		if (!isfinite(points->at[i].x) || !isfinite(points->at[i].y))
			return false;
	return true;
}

/* An array given as JSON text, checked before it is put into a body. */
static int write_json(struct jsonw *w, const char *key, const char *json, char first, struct problem *problem)
{
	struct jsonx doc;
	int err = ERR_OK;

	jsonx_init(&doc);
	if (json != NULL)
		err = jsonx_parse(&doc, json, strlen(json), problem);
	if (err == ERR_OK && json != NULL &&
	    (first == '[' ? !cJSON_IsArray(doc.root) : !cJSON_IsObject(doc.root)))
		err = invalid(problem, key,
			      first == '[' ? "a JSON array is expected" : "a JSON object is expected");
	jsonx_fini(&doc);
	if (err != ERR_OK)
		return err;
	if (key != NULL)
		jsonw_key(w, key);
	jsonw_raw(w, json != NULL ? json : "[]");
	return ERR_OK;
}

/* --- floors --- */

int butlr_space_create(struct butlr_request *request, const char *name, struct problem *problem)
{
	struct jsonw w;
	int err;

	if (empty(name))
		return invalid(problem, "floor", "a name is needed");
	err = begin(request, "POST", BUTLR_SPACE, NULL, NULL, false, problem);
	jsonw_init(&w, &request->body, false);
	jsonw_open(&w, '{');
	jsonw_kstr(&w, "name", name);
	jsonw_close(&w, '}');
	return err != ERR_OK ? err : request->body.error;
}

int butlr_space_update(struct butlr_request *request, const struct butlr_space *space,
		       struct problem *problem)
{
	struct jsonw w;
	int err;

	if (empty(space->name) || empty(space->address) || empty(space->timezone))
		return invalid(problem, "floor", "name, address and time zone must not be empty");
	err = begin(request, "PUT", BUTLR_SPACE, NULL, space->id, true, problem);
	if (err != ERR_OK)
		return err;
	jsonw_init(&w, &request->body, false);
	jsonw_open(&w, '{');
	jsonw_kstr(&w, "id", space->id);
	jsonw_kstr(&w, "name", space->name);
	jsonw_kstr(&w, "address", space->address);
	jsonw_kint(&w, "capacity", space->capacity);
	jsonw_kint(&w, "mid_capacity", space->mid_capacity);
	jsonw_knum(&w, "area", isfinite(space->area) ? space->area : 0);
	jsonw_kstr(&w, "timezone", space->timezone);
	jsonw_kstr(&w, "installation_date", space->installation_date != NULL ? space->installation_date : "");
	err = write_json(&w, "sensors", space->sensors_json, '[', problem);
	if (err == ERR_OK)
		err = write_json(&w, "hives", space->hives_json, '[', problem);
	if (err == ERR_OK)
		err = write_json(&w, "rooms", space->rooms_json, '[', problem);
	if (err == ERR_OK)
		err = write_json(&w, "gateways", space->gateways_json, '[', problem);
	jsonw_close(&w, '}');
	return err != ERR_OK ? err : request->body.error;
}

/* --- rooms --- */

static void write_room(struct butlr_request *request, const struct butlr_room *room)
{
	struct jsonw w;

	jsonw_init(&w, &request->body, false);
	jsonw_open(&w, '{');
	jsonw_kstr(&w, "name", room->name);
	jsonw_kstr(&w, "type", room->type);
	if (isfinite(room->height))
		jsonw_knum(&w, "height", room->height);
	if (room->color.set)
		write_color(&w, room->color);
	if (room->coordinates.n > 0)
		write_points(&w, &room->coordinates);
	jsonw_close(&w, '}');
}

static int check_room(const struct butlr_room *room, struct problem *problem)
{
	if (empty(room->name) || empty(room->type))
		return invalid(problem, "room", "a name and a type are needed");
	if (room->coordinates.n > 0 && (room->coordinates.n < 3 || !finite_points(&room->coordinates)))
		return invalid(problem, "room", "an outline has at least three corners");
	return ERR_OK;
}

int butlr_room_create(struct butlr_request *request, const char *floor_id, const struct butlr_room *room,
		      struct problem *problem)
{
	int err = check_room(room, problem);

	if (err == ERR_OK)
		err = begin(request, "POST", BUTLR_ROOM, floor_id, NULL, false, problem);
	if (err != ERR_OK)
		return err;
	write_room(request, room);
	return request->body.error;
}

int butlr_room_update(struct butlr_request *request, const char *floor_id, const char *id,
		      const struct butlr_room *room, struct problem *problem)
{
	int err = check_room(room, problem);

	if (err == ERR_OK && (!isfinite(room->height) || !room->color.set || room->coordinates.n == 0))
		err = invalid(problem, "room", "an update needs height, colour and outline as well");
	if (err == ERR_OK)
		err = begin(request, "PUT", BUTLR_ROOM, floor_id, id, true, problem);
	if (err != ERR_OK)
		return err;
	write_room(request, room);
	return request->body.error;
}

/* --- zones --- */

static int write_zone(struct butlr_request *request, const struct butlr_zone *zone, bool with_type)
{
	struct jsonw w;

	jsonw_init(&w, &request->body, false);
	jsonw_open(&w, '{');
	if (!empty(zone->name))
		jsonw_kstr(&w, "name", zone->name);
	if (with_type && !empty(zone->type))
		jsonw_kstr(&w, "type", zone->type);
	if (zone->color.set)
		write_color(&w, zone->color);
	if (zone->coordinates.n > 0)
		write_points(&w, &zone->coordinates);
	if (zone->area >= 0)
		jsonw_kint(&w, "area", zone->area);
	if (zone->capacity >= 0)
		jsonw_kint(&w, "capacity", zone->capacity);
	if (zone->mid_capacity >= 0)
		jsonw_kint(&w, "mid_capacity", zone->mid_capacity);
	jsonw_close(&w, '}');
	return request->body.error;
}

int butlr_zone_create(struct butlr_request *request, const char *floor_id, const struct butlr_zone *zone,
		      struct problem *problem)
{
	int err = finite_points(&zone->coordinates) ? ERR_OK
						    : invalid(problem, "zone", "a corner is no number");

	if (err == ERR_OK && empty(zone->name))
		err = invalid(problem, "zone", "a name is needed");
	if (err == ERR_OK)
		err = begin(request, "POST", BUTLR_ZONE, floor_id, NULL, false, problem);
	return err != ERR_OK ? err : write_zone(request, zone, true);
}

int butlr_zone_update(struct butlr_request *request, const char *floor_id, const char *id,
		      const struct butlr_zone *zone, struct problem *problem)
{
	int err = finite_points(&zone->coordinates) ? ERR_OK
						    : invalid(problem, "zone", "a corner is no number");

	if (err == ERR_OK)
		err = begin(request, "PUT", BUTLR_ZONE, floor_id, id, true, problem);
	return err != ERR_OK ? err : write_zone(request, zone, false);
}

/* --- fixtures --- */

static int write_fixture(struct butlr_request *request, const struct butlr_fixture *fixture)
{
	struct jsonw w;

	jsonw_init(&w, &request->body, false);
	jsonw_open(&w, '{');
	if (!empty(fixture->type))
		jsonw_kstr(&w, "type", fixture->type);
	if (isfinite(fixture->center.x) && isfinite(fixture->center.y)) {
		jsonw_key(&w, "center");
		jsonw_open(&w, '[');
		jsonw_num(&w, fixture->center.x);
		jsonw_num(&w, fixture->center.y);
		jsonw_close(&w, ']');
	}
	if (isfinite(fixture->rotation))
		jsonw_knum(&w, "rotation", fixture->rotation);
	if (isfinite(fixture->scale.v[0])) {
		jsonw_key(&w, "scale");
		jsonw_open(&w, '[');
		for (size_t i = 0; i < 3; i++)
			jsonw_num(&w, fixture->scale.v[i]);
		jsonw_close(&w, ']');
	}
	jsonw_close(&w, '}');
	return request->body.error;
}

int butlr_fixture_add(struct butlr_request *request, const char *floor_id,
		      const struct butlr_fixture *fixture, struct problem *problem)
{
	int err = ERR_OK;

	if (empty(fixture->type) || !isfinite(fixture->center.x) || !isfinite(fixture->center.y) ||
	    !isfinite(fixture->rotation) || !isfinite(fixture->scale.v[0]))
		err = invalid(problem, "fixture", "type, centre, rotation and scale are needed");
	if (err == ERR_OK)
		err = begin(request, "POST", BUTLR_FIXTURE, floor_id, NULL, false, problem);
	return err != ERR_OK ? err : write_fixture(request, fixture);
}

int butlr_fixture_update(struct butlr_request *request, const char *floor_id, const char *id,
			 const struct butlr_fixture *fixture, struct problem *problem)
{
	int err = begin(request, "PUT", BUTLR_FIXTURE, floor_id, id, true, problem);

	return err != ERR_OK ? err : write_fixture(request, fixture);
}

/* --- bodies that the caller gives --- */

static int with_json(struct butlr_request *request, const char *json, struct problem *problem)
{
	struct jsonw w;
	int err;

	jsonw_init(&w, &request->body, false);
	if (json == NULL)
		return invalid(problem, "body", "a JSON object is expected");
	err = write_json(&w, NULL, json, '{', problem);
	return err != ERR_OK ? err : request->body.error;
}

int butlr_sensor_update(struct butlr_request *request, const char *id, const char *json,
			struct problem *problem)
{
	int err = begin(request, "PUT", BUTLR_SENSOR, NULL, id, true, problem);

	return err != ERR_OK ? err : with_json(request, json, problem);
}

int butlr_hive_activate(struct butlr_request *request, const char *json, struct problem *problem)
{
	int err = begin(request, "POST", BUTLR_HIVE, NULL, NULL, false, problem);

	return err != ERR_OK ? err : with_json(request, json, problem);
}

int butlr_hive_update(struct butlr_request *request, const char *id, const char *json,
		      struct problem *problem)
{
	int err = begin(request, "PUT", BUTLR_HIVE, NULL, id, true, problem);

	return err != ERR_OK ? err : with_json(request, json, problem);
}

int butlr_preferences_read(struct butlr_request *request, const char *path, struct problem *problem)
{
	if (empty(path) || path[0] != '/')
		return invalid(problem, "preferences", "a path is needed: no document names it");
	request->method = "GET";
	buf_reset(&request->body);
	buf_reset(&request->path);
	buf_adds(&request->path, path);
	return request->path.error;
}

int butlr_preferences_update(struct butlr_request *request, const char *path, const char *language,
			     struct problem *problem)
{
	int err = butlr_preferences_read(request, path, problem);
	struct jsonw w;

	if (err == ERR_OK && empty(language))
		err = invalid(problem, "preferences", "a language is needed");
	if (err != ERR_OK)
		return err;
	request->method = "PUT";
	jsonw_init(&w, &request->body, false);
	jsonw_open(&w, '{');
	jsonw_kstr(&w, "language", language);
	jsonw_close(&w, '}');
	return request->body.error;
}
