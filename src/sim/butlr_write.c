#include "sim/butlr_write.h"

#include "sim/butlr_rest.h"
#include "sim/butlr_rows.h"
#include "sim/butlr_types.h"

#include <string.h>

#define POINTS_MAX 1000

/* A body being read. The first fault found sticks and is what the violation list shows. */
struct form {
	const cJSON *body;
	const char *fault;
};

/* One object, or an array that holds one: the schemas show both. */
static struct form open_form(struct sim_call *call)
{
	const cJSON *body = sim_call_body(call);

	if (cJSON_IsArray(body) && cJSON_GetArraySize(body) == 1)
		body = body->child;
	return (struct form){.body = body,
			     .fault = cJSON_IsObject(body) ? NULL : "the body is not a JSON object"};
}

static const cJSON *member(struct form *form, const char *key, bool required)
{
	const cJSON *item = jsonx_get(form->body, key);

	if (!item && required && !form->fault)
		form->fault = "a required member is missing";
	return item;
}

static const char *text(struct form *form, const char *key, bool required, bool may_be_empty)
{
	const cJSON *item = member(form, key, required);

	if (!item || form->fault)
		return NULL;
	if (!cJSON_IsString(item) || (!may_be_empty && !item->valuestring[0])) {
		form->fault = "a text is empty or of another type";
		return NULL;
	}
	return item->valuestring;
}

static double number(struct form *form, const char *key, bool required, double otherwise)
{
	const cJSON *item = member(form, key, required);

	if (!item || form->fault)
		return otherwise;
	if (!cJSON_IsNumber(item)) {
		form->fault = "a number is of another type";
		return otherwise;
	}
	return item->valuedouble;
}

/* Fills `out` when the member is there and has `least` to `most` numbers. */
static bool numbers(struct form *form, const char *key, bool required, double *out, int least, int most)
{
	const cJSON *item = member(form, key, required), *element;
	int size = item ? cJSON_GetArraySize(item) : 0, i = 0;

	if (!item || form->fault)
		return false;
	if (!cJSON_IsArray(item) || size < least || size > most) {
		form->fault = "a vector has the wrong length";
		return false;
	}
	cJSON_ArrayForEach(element, item)
	{
		if (!cJSON_IsNumber(element)) {
			form->fault = "a vector holds something else than numbers";
			return false;
		}
		out[i++] = element->valuedouble;
	}
	return true;
}

static void color(struct form *form, bool required, struct sim_area *area)
{
	double values[4] = {0, 0, 0, 255};

	if (!numbers(form, "color", required, values, 3, 4))
		return;
	for (int i = 0; i < 4; i++) {
		if (values[i] < 0 || values[i] > 255)
			form->fault = "a colour is outside 0..255";
		area->color[i] = (int)values[i];
	}
}

static bool point(const cJSON *item, double out[2])
{
	if (cJSON_GetArraySize(item) != 2 || !cJSON_IsNumber(item->child) ||
	    !cJSON_IsNumber(item->child->next))
		return false;
	out[0] = item->child->valuedouble;
	out[1] = item->child->next->valuedouble;
	return true;
}

/* [[x,y]…], {"0":[x,y],…} within an array or not, or a flat list (butlr.md §10 row 25). */
static void outline(struct form *form, bool required, struct sim_area *area)
{
	const cJSON *item = member(form, "coordinates", required), *element;
	double(*points)[2];
	int size;
	unsigned n = 0;

	if (!item || form->fault)
		return;
	if (cJSON_IsArray(item) && cJSON_IsObject(item->child))
		item = item->child;
	size = cJSON_GetArraySize(item);
	if (size > POINTS_MAX || !(cJSON_IsArray(item) || cJSON_IsObject(item))) {
		form->fault = "coordinates are not a polygon";
		return;
	}
	points = g_malloc0(((size_t)size + 1) * sizeof(*points));
	if (cJSON_IsNumber(item->child)) {
		for (element = item->child; element && element->next; element = element->next->next, n++) {
			points[n][0] = element->valuedouble;
			points[n][1] = element->next->valuedouble;
		}
	} else {
		cJSON_ArrayForEach(element, item)
		{
			if (!point(element, points[n++]))
				form->fault = "coordinates are not a polygon";
		}
	}
	if (n < 3)
		form->fault = "coordinates are fewer than three points";
	if (form->fault) {
		g_free(points);
		return;
	}
	g_free(area->points);
	area->points = points;
	area->n_points = n;
}

/* Answers 400 when the form has a fault. */
static bool refused(struct sim_call *call, const struct form *form)
{
	if (form->fault)
		sim_butlr_invalid(call, form->fault);
	return form->fault != NULL;
}

static void answer_deleted(struct sim_call *call, void *thing)
{
	if (!thing)
		return;
	sim_estate_delete(sim_butlr_of(call)->estate, thing);
	sim_call_message(call, 200, "Success");
}

void sim_rest_create_space(struct sim_call *call)
{
	struct form form = open_form(call);
	const char *name = text(&form, "name", true, false);
	struct sim_floor *floor;

	if (refused(call, &form))
		return;
	floor = sim_estate_make(sim_butlr_of(call)->estate, SIM_ESTATE_FLOOR, NULL);
	sim_estate_set(&floor->thing.name, name);
	jsonw_open(&call->json, '{');
	jsonw_kstr(&call->json, "id", floor->thing.id);
	jsonw_kstr(&call->json, "name", floor->thing.name);
	jsonw_close(&call->json, '}');
}

void sim_rest_update_space(struct sim_call *call)
{
	static const char *const lists[] = {"sensors", "hives", "rooms", "gateways"};
	struct sim_floor *floor = sim_rest_floor(call);
	struct form form = open_form(call);
	const char *id = text(&form, "id", true, false), *name = text(&form, "name", true, false);
	const char *address = text(&form, "address", true, false),
		   *zone = text(&form, "timezone", true, false);
	const char *date = text(&form, "installation_date", true, true);
	double capacity = number(&form, "capacity", true, 0), mid = number(&form, "mid_capacity", true, 0);
	double area = number(&form, "area", true, 0);

	if (!floor)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		if (!cJSON_IsArray(member(&form, lists[i], true)) && !form.fault)
			form.fault = "a list is of another type";
	if (!form.fault && strcmp(id, floor->thing.id) != 0)
		form.fault = "the id is not that of the path";
	if (refused(call, &form))
		return;
	sim_estate_set(&floor->thing.name, name);
	sim_estate_set(&floor->address, address);
	sim_estate_set(&floor->timezone, zone);
	sim_estate_set(&floor->installation_date, date);
	floor->capacity = (int)capacity;
	floor->mid_capacity = (int)mid;
	floor->area_m2 = area;
	sim_row_space(sim_butlr_of(call), &call->json, floor, SIM_SPACE_ROW, call->now_ms);
}

void sim_rest_delete_space(struct sim_call *call) { answer_deleted(call, sim_rest_floor(call)); }

/* A change is read into a draft first, so that a refused one leaves nothing behind. */
static struct sim_area draft_of(const struct sim_area *area)
{
	struct sim_area draft = *area;

	draft.points = NULL;
	draft.n_points = 0;
	return draft;
}

static bool take_draft(const struct form *form, struct sim_area *area, struct sim_area *draft)
{
	if (form->fault) {
		g_free(draft->points);
		return false;
	}
	if (draft->points) {
		g_free(area->points);
	} else {
		draft->points = area->points;
		draft->n_points = area->n_points;
	}
	*area = *draft;
	return true;
}

static void read_room(struct form *form, struct sim_area *room, bool all)
{
	const char *name = text(form, "name", true, false), *type = text(form, "type", true, false);
	struct sim_area draft = draft_of(room);

	draft.height_m = number(form, "height", all, room->height_m);
	color(form, all, &draft);
	outline(form, all, &draft);
	if (type && !sim_butlr_is_room_type(type) && !form->fault)
		form->fault = "type is no room type";
	if (!take_draft(form, room, &draft))
		return;
	sim_estate_set(&room->thing.name, name);
	sim_estate_set(&room->type, type);
}

void sim_rest_create_room(struct sim_call *call)
{
	struct sim_butlr *butlr = sim_butlr_of(call);
	struct sim_floor *floor = sim_rest_floor(call);
	struct form form = open_form(call);
	struct sim_area *room;

	if (!floor)
		return;
	room = sim_estate_make(butlr->estate, SIM_ESTATE_ROOM, floor);
	read_room(&form, room, false);
	if (refused(call, &form)) {
		room->thing.deleted = true;
		return;
	}
	jsonw_open(&call->json, '[');
	sim_row_room(butlr, &call->json, room, SIM_ROOM_MADE, call->now_ms);
	jsonw_close(&call->json, ']');
}

void sim_rest_update_room(struct sim_call *call)
{
	struct sim_area *room = sim_rest_area(call, SIM_ESTATE_ROOM);
	struct form form = open_form(call);

	if (!room)
		return;
	read_room(&form, room, true);
	if (!refused(call, &form))
		sim_row_room(sim_butlr_of(call), &call->json, room, SIM_ROOM_DETAIL, call->now_ms);
}

void sim_rest_delete_room(struct sim_call *call)
{
	answer_deleted(call, sim_rest_area(call, SIM_ESTATE_ROOM));
}

static void read_zone(struct form *form, struct sim_area *zone, bool created)
{
	const char *name = text(form, "name", created, false);
	const char *type = created ? text(form, "type", false, true) : NULL;

	struct sim_area draft = draft_of(zone);

	color(form, false, &draft);
	outline(form, false, &draft);
	draft.area_m2 = number(form, "area", false, zone->area_m2);
	draft.capacity = (int)number(form, "capacity", false, zone->capacity);
	draft.mid_capacity = (int)number(form, "mid_capacity", false, zone->mid_capacity);
	if (!take_draft(form, zone, &draft))
		return;
	if (name)
		sim_estate_set(&zone->thing.name, name);
	if (type)
		sim_estate_set(&zone->type, type);
}

void sim_rest_create_zone(struct sim_call *call)
{
	struct sim_butlr *butlr = sim_butlr_of(call);
	struct sim_floor *floor = sim_rest_floor(call);
	struct form form = open_form(call);
	struct sim_area *zone;

	if (!floor)
		return;
	zone = sim_estate_make(butlr->estate, SIM_ESTATE_ZONE, floor);
	read_zone(&form, zone, true);
	if (refused(call, &form)) {
		zone->thing.deleted = true;
		return;
	}
	jsonw_open(&call->json, '[');
	sim_row_zone(butlr, &call->json, zone);
	jsonw_close(&call->json, ']');
}

void sim_rest_update_zone(struct sim_call *call)
{
	struct sim_area *zone = sim_rest_area(call, SIM_ESTATE_ZONE);
	struct form form = open_form(call);

	if (!zone)
		return;
	read_zone(&form, zone, false);
	if (!refused(call, &form))
		sim_row_zone(sim_butlr_of(call), &call->json, zone);
}

/* No body is shown for this one (butlr.md §4). */
void sim_rest_delete_zone(struct sim_call *call)
{
	struct sim_area *zone = sim_rest_area(call, SIM_ESTATE_ZONE);

	if (!zone)
		return;
	sim_estate_delete(sim_butlr_of(call)->estate, &zone->thing);
	sim_call_status(call, 204);
}

static void read_fixture(struct form *form, struct sim_fixture *fixture, bool all)
{
	const char *type = text(form, "type", all, false);
	struct sim_fixture draft = *fixture;

	numbers(form, "center", all, draft.center, 2, 2);
	draft.rotation_deg = number(form, "rotation", all, draft.rotation_deg);
	numbers(form, "scale", all, draft.scale, 3, 3);
	if (type && !sim_butlr_is_fixture_type(type) && !form->fault)
		form->fault = "type is no fixture type";
	if (form->fault)
		return;
	*fixture = draft;
	if (type)
		sim_estate_set(&fixture->type, type);
}

static void answer_fixture(struct sim_call *call, const struct sim_fixture *fixture)
{
	jsonw_open(&call->json, '[');
	sim_row_fixture(&call->json, fixture);
	jsonw_close(&call->json, ']');
}

void sim_rest_create_fixture(struct sim_call *call)
{
	struct sim_floor *floor = sim_rest_floor(call);
	struct form form = open_form(call);
	struct sim_fixture *fixture;

	if (!floor)
		return;
	fixture = sim_estate_make(sim_butlr_of(call)->estate, SIM_ESTATE_FIXTURE, floor);
	read_fixture(&form, fixture, true);
	if (refused(call, &form))
		fixture->thing.deleted = true;
	else
		answer_fixture(call, fixture);
}

void sim_rest_update_fixture(struct sim_call *call)
{
	struct sim_fixture *fixture = sim_rest_fixture(call);
	struct form form = open_form(call);

	if (!fixture)
		return;
	read_fixture(&form, fixture, false);
	if (!refused(call, &form))
		answer_fixture(call, fixture);
}

void sim_rest_delete_fixture(struct sim_call *call) { answer_deleted(call, sim_rest_fixture(call)); }

static void read_mode(struct form *form, struct sim_sensor *sensor)
{
	const char *mode = text(form, "mode", false, false);

	if (!mode)
		return;
	if (strcmp(mode, "activity") == 0)
		sensor->mode = WORLD_PRESENCE;
	else if (strcmp(mode, "headcount") == 0)
		sensor->mode = WORLD_TRAFFIC;
	else if (strcmp(mode, "repeater") == 0)
		sensor->mode = WORLD_REPEATER;
	else
		form->fault = "mode is none of activity, headcount, repeater";
}

static void read_sensor(struct form *form, struct sim_sensor *sensor)
{
	int entrance = jsonx_truthy(jsonx_get(form->body, "isEntrance"));
	int parallel = jsonx_truthy(jsonx_get(form->body, "parallel_to_door"));

	read_mode(form, sensor);
	numbers(form, "center", false, sensor->center, 2, 2);
	numbers(form, "orientation", false, sensor->orientation_deg, 3, 3);
	numbers(form, "activeHours", false, sensor->active_hours, 7, 7);
	sensor->height_m = number(form, "height", false, sensor->height_m);
	sensor->sensitivity = number(form, "sensitivity", false, sensor->sensitivity);
	sensor->door_line = number(form, "door_line", false, sensor->door_line);
	sensor->in_direction = number(form, "in_direction", false, sensor->in_direction);
	if (entrance >= 0)
		sensor->entrance = entrance == 1;
	if (parallel >= 0)
		sensor->parallel_to_door = parallel == 1;
}

void sim_rest_update_sensor(struct sim_call *call)
{
	struct sim_butlr *butlr = sim_butlr_of(call);
	struct sim_sensor *sensor = sim_rest_sensor(call);
	struct form form = open_form(call);
	const char *name = text(&form, "name", false, true), *room = text(&form, "room_id", false, true);

	struct sim_sensor draft;

	if (!sensor)
		return;
	draft = *sensor;
	read_sensor(&form, &draft);
	if (room && *room && !sim_estate_find(butlr->estate, SIM_ESTATE_ROOM, room) && !form.fault)
		form.fault = "room_id is no room";
	if (refused(call, &form))
		return;
	*sensor = draft;
	if (name)
		sim_estate_set(&sensor->thing.name, name);
	if (room) {
		sensor->room = sim_estate_find(butlr->estate, SIM_ESTATE_ROOM, room);
		if (sensor->room)
			sensor->thing.floor = sensor->room->thing.floor;
	}
	jsonw_open(&call->json, '{');
	jsonw_key(&call->json, "data");
	jsonw_open(&call->json, '[');
	sim_row_sensor(butlr, &call->json, sensor, SIM_SENSOR_REF, call->now_ms);
	jsonw_close(&call->json, ']');
	jsonw_close(&call->json, '}');
}

void sim_rest_delete_sensor(struct sim_call *call) { answer_deleted(call, sim_rest_sensor(call)); }

static void answer_hive(struct sim_call *call, const struct sim_hive *hive)
{
	jsonw_open(&call->json, '{');
	jsonw_kstr(&call->json, "id", hive->thing.id);
	jsonw_kstr(&call->json, "serial_number", hive->serial);
	jsonw_close(&call->json, '}');
}

/* The document shows no body; a serial number and a floor are understood. */
void sim_rest_activate_hive(struct sim_call *call)
{
	struct sim_butlr *butlr = sim_butlr_of(call);
	struct form form = {.body = sim_call_body(call)};
	const char *serial = text(&form, "serial_number", false, false),
		   *space = text(&form, "space_id", false, false);
	struct sim_floor *floor = sim_estate_find(butlr->estate, SIM_ESTATE_FLOOR, space);
	struct sim_hive *hive;

	if (serial && sim_estate_hive(butlr->estate, serial))
		form.fault = "this hive is active already";
	if (refused(call, &form))
		return;
	hive = sim_estate_make(butlr->estate, SIM_ESTATE_HIVE, floor);
	hive->serial = serial ? g_strdup(serial)
			      : g_strdup_printf("%016" G_GINT64_MODIFIER "x", butlr->estate->made);
	answer_hive(call, hive);
}

void sim_rest_update_hive(struct sim_call *call)
{
	struct sim_hive *hive = sim_rest_hive(call);
	struct form form = {.body = sim_call_body(call)};
	const char *name = text(&form, "name", false, true);

	if (!hive || refused(call, &form))
		return;
	if (name)
		sim_estate_set(&hive->thing.name, name);
	answer_hive(call, hive);
}

void sim_rest_delete_hive(struct sim_call *call) { answer_deleted(call, sim_rest_hive(call)); }
