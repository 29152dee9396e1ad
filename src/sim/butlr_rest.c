#include "sim/butlr_rest.h"

#include "sim/butlr_page.h"
#include "sim/butlr_rows.h"

#include <string.h>

static void *or_absent(struct sim_call *call, void *thing)
{
	if (!thing)
		sim_call_message(call, 404, "Not Found");
	return thing;
}

struct sim_floor *sim_rest_floor(struct sim_call *call)
{
	return or_absent(call, sim_estate_find(sim_butlr_of(call)->estate, SIM_ESTATE_FLOOR, call->args[0]));
}

/* Something below /spaces/{}: it must stand on that floor. */
static void *on_floor(struct sim_call *call, void *thing)
{
	const struct sim_thing *found = thing;

	if (found && (!found->floor || strcmp(found->floor->thing.id, call->args[0]) != 0))
		thing = NULL;
	return or_absent(call, thing);
}

struct sim_area *sim_rest_area(struct sim_call *call, enum sim_estate_kind kind)
{
	return on_floor(call, sim_estate_find(sim_butlr_of(call)->estate, kind, call->args[1]));
}

struct sim_fixture *sim_rest_fixture(struct sim_call *call)
{
	return on_floor(call, sim_estate_find(sim_butlr_of(call)->estate, SIM_ESTATE_FIXTURE, call->args[1]));
}

struct sim_sensor *sim_rest_sensor(struct sim_call *call)
{
	return or_absent(call, sim_estate_sensor(sim_butlr_of(call)->estate, call->args[0]));
}

struct sim_hive *sim_rest_hive(struct sim_call *call)
{
	return or_absent(call, sim_estate_hive(sim_butlr_of(call)->estate, call->args[0]));
}

/* details=true|false: 1, 0, `otherwise` when not given, -1 after answering 400 for another word. */
static int details(struct sim_call *call, int otherwise)
{
	const char *word = sim_call_query(call, "details");

	if (!word)
		return otherwise;
	if (strcmp(word, "true") == 0)
		return 1;
	if (strcmp(word, "false") == 0)
		return 0;
	sim_butlr_invalid(call, "details is neither true nor false");
	return -1;
}

struct listing {
	GPtrArray *things;
	bool details;
};

/* What is not deleted, on one floor or on any. */
static GPtrArray *collect(struct sim_butlr *butlr, enum sim_estate_kind kind, const struct sim_floor *floor)
{
	GPtrArray *out = g_ptr_array_new(), *all = butlr->estate->things[kind];

	for (unsigned i = 0; i < all->len; i++) {
		struct sim_thing *thing = g_ptr_array_index(all, i);

		if (!thing->deleted && (!floor || thing->floor == floor))
			g_ptr_array_add(out, thing);
	}
	return out;
}

static void write_thing(struct sim_call *call, void *context, unsigned index)
{
	const struct listing *listing = context;
	struct sim_butlr *butlr = sim_butlr_of(call);
	struct sim_thing *thing = g_ptr_array_index(listing->things, index);
	struct jsonw *w = &call->json;

	switch (thing->kind) {
	case SIM_ESTATE_FLOOR:
		sim_row_space(butlr, w, (struct sim_floor *)thing,
			      listing->details ? SIM_SPACE_DETAIL : SIM_SPACE_LIST, call->now_ms);
		break;
	case SIM_ESTATE_ROOM:
		sim_row_room(butlr, w, (struct sim_area *)thing,
			     listing->details ? SIM_ROOM_DETAIL : SIM_ROOM_LIST, call->now_ms);
		break;
	case SIM_ESTATE_ZONE:
		sim_row_zone(butlr, w, (struct sim_area *)thing);
		break;
	case SIM_ESTATE_FIXTURE:
		sim_row_fixture(w, (struct sim_fixture *)thing);
		break;
	case SIM_ESTATE_SENSOR:
		sim_row_sensor(butlr, w, (struct sim_sensor *)thing,
			       listing->details ? SIM_SENSOR_DETAIL : SIM_SENSOR_REF, call->now_ms);
		break;
	case SIM_ESTATE_HIVE:
		if (listing->details)
			sim_row_hive(butlr, w, (struct sim_hive *)thing, call->now_ms);
		else
			sim_row_hive_ref(butlr, w, (struct sim_hive *)thing);
		break;
	case SIM_ESTATE_KINDS:
		break;
	}
}

static void list(struct sim_call *call, enum sim_estate_kind kind, const struct sim_floor *floor)
{
	static const char *const names[SIM_ESTATE_KINDS] = {"spaces",   "rooms",   "zones",
							    "fixtures", "sensors", "hives"};
	int with = details(call, 0);

	if (with < 0)
		return;

	struct listing listing = {.things = collect(sim_butlr_of(call), kind, floor), .details = with == 1};

	sim_butlr_page(call, &(struct sim_page){
				     .kind = names[kind],
				     .count = listing.things->len,
				     .write = write_thing,
				     .context = &listing,
				     .data_first = kind == SIM_ESTATE_FLOOR || kind == SIM_ESTATE_SENSOR,
				     .bare = kind == SIM_ESTATE_SENSOR,
			     });
	g_ptr_array_free(listing.things, TRUE);
}

static void list_below(struct sim_call *call, enum sim_estate_kind kind)
{
	struct sim_floor *floor = sim_rest_floor(call);

	if (floor)
		list(call, kind, floor);
}

void sim_rest_list_spaces(struct sim_call *call) { list(call, SIM_ESTATE_FLOOR, NULL); }

void sim_rest_list_sensors(struct sim_call *call) { list(call, SIM_ESTATE_SENSOR, NULL); }

void sim_rest_list_hives(struct sim_call *call) { list(call, SIM_ESTATE_HIVE, NULL); }

void sim_rest_list_rooms(struct sim_call *call) { list_below(call, SIM_ESTATE_ROOM); }

void sim_rest_list_zones(struct sim_call *call) { list_below(call, SIM_ESTATE_ZONE); }

void sim_rest_list_fixtures(struct sim_call *call) { list_below(call, SIM_ESTATE_FIXTURE); }

void sim_rest_list_space_sensors(struct sim_call *call) { list_below(call, SIM_ESTATE_SENSOR); }

void sim_rest_get_space(struct sim_call *call)
{
	struct sim_floor *floor = sim_rest_floor(call);
	int with = floor ? details(call, 1) : -1;

	if (with >= 0)
		sim_row_space(sim_butlr_of(call), &call->json, floor,
			      with ? SIM_SPACE_DETAIL : SIM_SPACE_LIST, call->now_ms);
}

void sim_rest_get_room(struct sim_call *call)
{
	struct sim_area *room = sim_rest_area(call, SIM_ESTATE_ROOM);
	int with = room ? details(call, 1) : -1;

	if (with >= 0)
		sim_row_room(sim_butlr_of(call), &call->json, room, with ? SIM_ROOM_DETAIL : SIM_ROOM_LIST,
			     call->now_ms);
}

void sim_rest_get_zone(struct sim_call *call)
{
	struct sim_area *zone = sim_rest_area(call, SIM_ESTATE_ZONE);

	if (zone)
		sim_row_zone(sim_butlr_of(call), &call->json, zone);
}

void sim_rest_get_fixture(struct sim_call *call)
{
	struct sim_fixture *fixture = sim_rest_fixture(call);

	if (fixture)
		sim_row_fixture(&call->json, fixture);
}

void sim_rest_get_sensor(struct sim_call *call)
{
	struct sim_sensor *sensor = sim_rest_sensor(call);

	if (sensor)
		sim_row_sensor(sim_butlr_of(call), &call->json, sensor, SIM_SENSOR_DETAIL, call->now_ms);
}

void sim_rest_get_space_sensor(struct sim_call *call)
{
	struct sim_sensor *sensor = on_floor(call,
					     sim_estate_sensor(sim_butlr_of(call)->estate, call->args[1]));

	if (sensor)
		sim_row_sensor(sim_butlr_of(call), &call->json, sensor, SIM_SENSOR_DETAIL, call->now_ms);
}

void sim_rest_get_hive(struct sim_call *call)
{
	struct sim_hive *hive = sim_rest_hive(call);

	if (hive)
		sim_row_hive(sim_butlr_of(call), &call->json, hive, call->now_ms);
}
