/* GraphQL: sites, buildings, floors, rooms, zones. */
#include "sim/butlr_schema.h"

#include "base/moment.h"

#include <string.h>

enum {
	F_ID,
	F_NAME,
	F_TIMEZONE,
	F_CUSTOM_ID,
	F_NUMBER,
	F_ORG_ID,
	F_SITE_ID,
	F_BUILDING_ID,
	F_INSTALLATION_DATE,
	F_INSTALLATION_STATUS,
	F_SERVICE_STATUS,
	F_NULL,
	F_FLOOR_ID,
	F_FLOOR_ID_STRICT,
	F_ROOM_ID,
	F_ROOM_ID_STRICT,
	F_TYPE,
	F_COORDINATES,
	F_ROTATION,
	F_NOTE,
	F_PIR_ENABLE,
	F_PIR_THRESHOLD,
	F_PIR_WINDOW,
};

/* --- small objects ------------------------------------------------------------------------------------ */

static void resolve_capacity(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_schema_capacity *capacity = object;

	jsonw_int(run->json, slot->field->tag ? capacity->mid : capacity->max);
}

static const struct gql_field capacity_fields[] = {
	{"max", resolve_capacity, NULL, 0, NULL},
	{"mid", resolve_capacity, NULL, 1, NULL},
};

const struct gql_type sim_schema_capacity = {"Capacity", capacity_fields, G_N_ELEMENTS(capacity_fields)};

static void resolve_area(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_schema_area *area = object;

	if (slot->field->tag)
		jsonw_str(run->json, area->unit);
	else
		jsonw_num(run->json, area->value);
}

static const struct gql_field area_fields[] = {
	{"value", resolve_area, NULL, 0, NULL},
	{"unit", resolve_area, NULL, 1, NULL},
};

const struct gql_type sim_schema_area = {"Area", area_fields, G_N_ELEMENTS(area_fields)};

static void resolve_address(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct world_building *building = object;

	if (slot->field->tag) {
		jsonw_str(run->json, building->country);
		return;
	}
	jsonw_open(run->json, '[');
	for (int i = 0; i < 3 && building->address_lines[i]; i++)
		jsonw_str(run->json, building->address_lines[i]);
	jsonw_close(run->json, ']');
}

static const struct gql_field address_fields[] = {
	{"lines", resolve_address, NULL, 0, NULL},
	{"country", resolve_address, NULL, 1, NULL},
};

static const struct gql_type address_type = {"Address", address_fields, G_N_ELEMENTS(address_fields)};

static void resolve_metadata(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_floor *floor = object;

	jsonw_moment(run->json, slot->field->tag ? MOMENT_NONE : moment_parse(floor->installation_date));
}

static const struct gql_field metadata_fields[] = {
	{"created_at", resolve_metadata, NULL, 0, NULL},
	{"updated_at", resolve_metadata, NULL, 0, NULL},
	{"deleted_at", resolve_metadata, NULL, 1, NULL},
};

static const struct gql_type metadata_type = {"Metadata", metadata_fields, G_N_ELEMENTS(metadata_fields)};

static void resolve_plan(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_floor *floor = object;
	char *id;

	switch (slot->field->tag) {
	case F_ID:
		id = g_strdup_printf("floorplan_%s", floor->thing.id + strcspn(floor->thing.id, "_") + 1);
		jsonw_str(run->json, id);
		g_free(id);
		break;
	case F_NAME:
		sim_schema_name(run, &floor->thing);
		break;
	default:
		jsonw_null(run->json);
	}
}

static const struct gql_field plan_fields[] = {
	{"floor_plan_id", resolve_plan, NULL, F_ID, NULL},
	{"name", resolve_plan, NULL, F_NAME, NULL},
	{"url", resolve_plan, NULL, F_NULL, NULL},
	{"coordinates", resolve_plan, NULL, F_NULL, NULL},
};

static const struct gql_type plan_type = {"FloorPlan", plan_fields, G_N_ELEMENTS(plan_fields)};

/* --- site and building -------------------------------------------------------------------------------- */

static void resolve_site(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct world_site *site = &((struct sim_schema_root *)object)->butlr->world->site;

	switch (slot->field->tag) {
	case F_ID:
		jsonw_str(run->json, site->id);
		break;
	case F_NAME:
		jsonw_str(run->json, sim_butlr_name(sim_schema_root(run)->butlr, site->id, site->name));
		break;
	case F_TIMEZONE:
		sim_schema_text(run, site->zone);
		break;
	case F_CUSTOM_ID:
		sim_schema_text(run, site->custom_id);
		break;
	case F_NUMBER:
		jsonw_int(run->json, 1);
		break;
	case F_ORG_ID:
		sim_schema_text(run, site->org_id);
		break;
	default:
		jsonw_null(run->json);
	}
}

static void resolve_site_buildings(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct world *world = ((struct sim_schema_root *)object)->butlr->world;

	jsonw_open(run->json, '[');
	for (int i = 0; i < world->building_count; i++)
		gql_object(run, slot, (void *)&world->buildings[i], i);
	jsonw_close(run->json, ']');
}

static const struct gql_field site_fields[] = {
	{"id", resolve_site, NULL, F_ID, NULL},
	{"name", resolve_site, NULL, F_NAME, NULL},
	{"timezone", resolve_site, NULL, F_TIMEZONE, NULL},
	{"customID", resolve_site, NULL, F_CUSTOM_ID, NULL},
	{"siteNumber", resolve_site, NULL, F_NUMBER, NULL},
	{"org_id", resolve_site, NULL, F_ORG_ID, NULL},
	{"buildings", resolve_site_buildings, &sim_schema_building, 0, NULL},
};

const struct gql_type sim_schema_site = {"Site", site_fields, G_N_ELEMENTS(site_fields)};

static void resolve_building(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct world_building *building = object;
	struct sim_butlr *butlr = sim_schema_root(run)->butlr;

	switch (slot->field->tag) {
	case F_ID:
		jsonw_str(run->json, building->id);
		break;
	case F_NAME:
		jsonw_str(run->json, sim_butlr_name(butlr, building->id, building->name));
		break;
	case F_CUSTOM_ID:
		sim_schema_text(run, building->custom_id);
		break;
	case F_NUMBER:
		jsonw_int(run->json, building->number);
		break;
	case F_SITE_ID:
		jsonw_str(run->json, butlr->world->site.id);
		break;
	default:
		jsonw_null(run->json);
	}
}

static void resolve_building_capacity(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct world_building *building = object;
	struct sim_schema_capacity capacity = {building->capacity, building->mid_capacity};

	gql_object(run, slot, &capacity, -1);
}

static void resolve_self(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	gql_object(run, slot, object, -1);
}

static void resolve_building_site(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	(void)object;
	gql_object(run, slot, run->context, -1);
}

struct building_floor {
	const struct world *world;
	const struct world_building *building;
};

static bool of_building(const struct sim_thing *thing, const void *context)
{
	const struct building_floor *of = context;
	int building = ((const struct sim_floor *)thing)->building;

	return building >= 0 && &of->world->buildings[building] == of->building;
}

static void resolve_building_floors(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	struct building_floor of = {sim_schema_root(run)->butlr->world, object};
	GPtrArray *floors = sim_schema_collect(run, SIM_ESTATE_FLOOR, of_building, &of);

	sim_schema_list(run, slot, floors);
	g_ptr_array_free(floors, TRUE);
}

static const struct gql_field building_fields[] = {
	{"id", resolve_building, NULL, F_ID, NULL},
	{"name", resolve_building, NULL, F_NAME, NULL},
	{"building_number", resolve_building, NULL, F_NUMBER, NULL},
	{"buildingNumber", resolve_building, NULL, F_NUMBER, NULL},
	{"customID", resolve_building, NULL, F_CUSTOM_ID, NULL},
	{"site_id", resolve_building, NULL, F_SITE_ID, NULL},
	{"capacity", resolve_building_capacity, &sim_schema_capacity, 0, NULL},
	{"address", resolve_self, &address_type, 0, NULL},
	{"floors", resolve_building_floors, &sim_schema_floor, 0, NULL},
	{"site", resolve_building_site, &sim_schema_site, 0, NULL},
};

const struct gql_type sim_schema_building = {"Building", building_fields, G_N_ELEMENTS(building_fields)};

/* --- floor -------------------------------------------------------------------------------------------- */

static void resolve_floor(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_floor *floor = object;
	const struct world *world = sim_schema_root(run)->butlr->world;
	int64_t date;

	switch (slot->field->tag) {
	case F_ID:
		jsonw_str(run->json, floor->thing.id);
		break;
	case F_NAME:
		sim_schema_name(run, &floor->thing);
		break;
	case F_BUILDING_ID:
		jsonw_str(run->json, floor->building < 0 ? "" : world->buildings[floor->building].id);
		break;
	case F_NUMBER:
		jsonw_int(run->json, floor->number);
		break;
	case F_TIMEZONE:
		sim_schema_text(run, floor->timezone);
		break;
	case F_INSTALLATION_DATE:
		date = moment_parse(floor->installation_date);
		if (date == MOMENT_NONE)
			jsonw_null(run->json);
		else
			jsonw_int(run->json, date / 1000);
		break;
	case F_INSTALLATION_STATUS:
		jsonw_str(run->json, "INSTALLED");
		break;
	case F_SERVICE_STATUS:
		jsonw_str(run->json, "ACTIVE");
		break;
	case F_CUSTOM_ID:
		sim_schema_text(run, floor->custom_id);
		break;
	default:
		jsonw_null(run->json);
	}
}

static void resolve_floor_capacity(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_floor *floor = object;
	struct sim_schema_capacity capacity = {floor->capacity, floor->mid_capacity};

	gql_object(run, slot, &capacity, -1);
}

static void resolve_floor_area(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_floor *floor = object;
	struct sim_schema_area area = {floor->area_m2, floor->area_m2 > 0 ? "m2" : ""};

	gql_object(run, slot, &area, -1);
}

struct on_floor {
	const struct sim_floor *floor;
	const struct gql_slot *slot;
};

static bool on_floor_listed(const struct sim_thing *thing, const void *context)
{
	const struct on_floor *on = context;

	return thing->floor == on->floor && gql_listed(on->slot, "ids", thing->id);
}

/* Rooms, zones, sensors and hives of a floor. Where there is no sensor the list is null, not empty (butlr.md §5.1). */
static void resolve_floor_things(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	struct on_floor on = {object, slot};
	GPtrArray *things = sim_schema_collect(run, (enum sim_estate_kind)slot->field->tag, on_floor_listed,
					       &on);

	if (things->len == 0 && slot->field->tag == SIM_ESTATE_SENSOR)
		jsonw_null(run->json);
	else
		sim_schema_list(run, slot, things);
	g_ptr_array_free(things, TRUE);
}

static void resolve_floor_plans(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	jsonw_open(run->json, '[');
	gql_object(run, slot, object, 0);
	jsonw_close(run->json, ']');
}

static void resolve_empty(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	(void)slot;
	(void)object;
	jsonw_raw(run->json, "[]");
}

static const struct gql_field floor_fields[] = {
	{"id", resolve_floor, NULL, F_ID, NULL},
	{"name", resolve_floor, NULL, F_NAME, NULL},
	{"building_id", resolve_floor, NULL, F_BUILDING_ID, NULL},
	{"floorNumber", resolve_floor, NULL, F_NUMBER, NULL},
	{"timezone", resolve_floor, NULL, F_TIMEZONE, NULL},
	{"installation_date", resolve_floor, NULL, F_INSTALLATION_DATE, NULL},
	{"installation_status", resolve_floor, NULL, F_INSTALLATION_STATUS, NULL},
	{"service_status", resolve_floor, NULL, F_SERVICE_STATUS, NULL},
	{"customID", resolve_floor, NULL, F_CUSTOM_ID, NULL},
	{"capacity", resolve_floor_capacity, &sim_schema_capacity, 0, NULL},
	{"area", resolve_floor_area, &sim_schema_area, 0, NULL},
	{"metadata", resolve_self, &metadata_type, 0, NULL},
	{"rooms", resolve_floor_things, &sim_schema_room, SIM_ESTATE_ROOM, "ids"},
	{"zones", resolve_floor_things, &sim_schema_zone, SIM_ESTATE_ZONE, "ids"},
	{"sensors", resolve_floor_things, &sim_schema_sensor, SIM_ESTATE_SENSOR, NULL},
	{"hives", resolve_floor_things, &sim_schema_hive, SIM_ESTATE_HIVE, NULL},
	{"floor_plans", resolve_floor_plans, &plan_type, 0, NULL},
	{"tags", resolve_empty, &sim_schema_tag, 0, NULL},
	{"last_battery_change_date", resolve_floor, NULL, F_NULL, NULL},
	{"next_battery_change_date", resolve_floor, NULL, F_NULL, NULL},
};

const struct gql_type sim_schema_floor = {"Floor", floor_fields, G_N_ELEMENTS(floor_fields)};

/* --- room and zone ------------------------------------------------------------------------------------ */

static void write_outline(struct gql_run *run, const struct sim_area *area)
{
	jsonw_open(run->json, '[');
	for (unsigned i = 0; i < area->n_points; i++) {
		jsonw_open(run->json, '[');
		jsonw_num(run->json, area->points[i][0]);
		jsonw_num(run->json, area->points[i][1]);
		jsonw_close(run->json, ']');
	}
	jsonw_close(run->json, ']');
}

static void resolve_place(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_area *area = object;
	int tag = slot->field->tag;

	switch (tag) {
	case F_ID:
		jsonw_str(run->json, area->thing.id);
		break;
	case F_NAME:
		sim_schema_name(run, &area->thing);
		break;
	case F_FLOOR_ID:
	case F_FLOOR_ID_STRICT:
		sim_schema_id(run, slot, area->thing.floor, tag == F_FLOOR_ID_STRICT);
		break;
	case F_ROOM_ID:
	case F_ROOM_ID_STRICT:
		sim_schema_id(run, slot, area->room, tag == F_ROOM_ID_STRICT);
		break;
	case F_TYPE:
		sim_schema_text(run, area->type);
		break;
	case F_CUSTOM_ID:
		sim_schema_text(run, area->custom_id);
		break;
	case F_COORDINATES:
		write_outline(run, area);
		break;
	case F_NOTE:
		sim_schema_text(run, area->note);
		break;
	case F_PIR_ENABLE:
		jsonw_bool(run->json, false);
		break;
	case F_PIR_THRESHOLD:
		jsonw_num(run->json, 0.05);
		break;
	default: /* the rotation is 0, the PIR window 300 s */
		jsonw_int(run->json, tag == F_PIR_WINDOW ? 300 : 0);
	}
}

static void resolve_place_capacity(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_area *area = object;
	struct sim_schema_capacity capacity = {area->capacity, area->mid_capacity};

	gql_object(run, slot, &capacity, -1);
}

static void resolve_place_area(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_area *area = object;
	struct sim_schema_area value = {area->area_m2, area->area_m2 > 0 ? area->area_unit : ""};

	gql_object(run, slot, &value, -1);
}

static void resolve_place_floor(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	gql_object(run, slot, ((struct sim_area *)object)->thing.floor, -1);
}

static bool in_place(const struct sim_thing *thing, const void *context)
{
	const struct sim_sensor *sensor = (const struct sim_sensor *)thing;
	const struct sim_area *area = context;

	return sensor->room == area;
}

struct in_zone {
	const struct world *world;
	int zone;
};

static bool in_zone(const struct sim_thing *thing, const void *context)
{
	const struct in_zone *in = context;

	return thing->world >= 0 && in->zone >= 0 && in->world->sensors[thing->world].zone == in->zone;
}

static void resolve_place_sensors(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_area *area = object;
	struct in_zone in = {sim_schema_root(run)->butlr->world, area->thing.world};
	bool zone = area->thing.kind == SIM_ESTATE_ZONE;
	GPtrArray *things = sim_schema_collect(run, SIM_ESTATE_SENSOR, zone ? in_zone : in_place,
					       zone ? (const void *)&in : area);

	sim_schema_list(run, slot, things);
	g_ptr_array_free(things, TRUE);
}

static void resolve_place_tags(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct world *world = sim_schema_root(run)->butlr->world;
	const struct sim_area *area = object;
	int n = 0;

	jsonw_open(run->json, '[');
	for (int i = 0; area->thing.kind == SIM_ESTATE_ROOM && i < world->tag_count; i++)
		if (strcmp(world->tags[i].room_type, area->type) == 0)
			gql_object(run, slot, (void *)&world->tags[i], n++);
	jsonw_close(run->json, ']');
}

#define PLACE_FIELDS                                                                                         \
	{"id", resolve_place, NULL, F_ID, NULL}, {"name", resolve_place, NULL, F_NAME, NULL},                \
		{"floor_id", resolve_place, NULL, F_FLOOR_ID, NULL},                                         \
		{"floorID", resolve_place, NULL, F_FLOOR_ID_STRICT, NULL},                                   \
		{"customID", resolve_place, NULL, F_CUSTOM_ID, NULL},                                        \
		{"capacity", resolve_place_capacity, &sim_schema_capacity, 0, NULL},                         \
		{"area", resolve_place_area, &sim_schema_area, 0, NULL},                                     \
		{"coordinates", resolve_place, NULL, F_COORDINATES, NULL},                                   \
		{"rotation", resolve_place, NULL, F_ROTATION, NULL},                                         \
		{"note", resolve_place, NULL, F_NOTE, NULL},                                                 \
		{"tags", resolve_place_tags, &sim_schema_tag, 0, NULL},                                      \
	{                                                                                                    \
		"sensors", resolve_place_sensors, &sim_schema_sensor, 0, NULL                                \
	}

static const struct gql_field room_fields[] = {
	PLACE_FIELDS,
	{"roomType", resolve_place, NULL, F_TYPE, NULL},
	{"floor", resolve_place_floor, &sim_schema_floor, 0, NULL},
	{"pir_zero_enable", resolve_place, NULL, F_PIR_ENABLE, NULL},
	{"pir_zero_threshold", resolve_place, NULL, F_PIR_THRESHOLD, NULL},
	{"pir_zero_window", resolve_place, NULL, F_PIR_WINDOW, NULL},
};

const struct gql_type sim_schema_room = {"Room", room_fields, G_N_ELEMENTS(room_fields)};

static const struct gql_field zone_fields[] = {
	PLACE_FIELDS,
	{"room_id", resolve_place, NULL, F_ROOM_ID, NULL},
	{"roomID", resolve_place, NULL, F_ROOM_ID_STRICT, NULL},
};

const struct gql_type sim_schema_zone = {"Zone", zone_fields, G_N_ELEMENTS(zone_fields)};
