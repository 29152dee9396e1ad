#include "sim/butlr_schema.h"

#include <string.h>

void sim_schema_text(struct gql_run *run, const char *text)
{
	jsonw_str(run->json, text && *text ? text : NULL);
}

void sim_schema_name(struct gql_run *run, const struct sim_thing *thing)
{
	jsonw_str(run->json, sim_butlr_name(sim_schema_root(run)->butlr, thing->id, thing->name));
}

void sim_schema_id(struct gql_run *run, const struct gql_slot *slot, const void *thing, bool strict)
{
	const struct sim_thing *found = thing;

	if (!found && strict)
		gql_error(run, "INTERNAL_SERVER_ERROR", "Cannot return null for non-nullable field %s.",
			  slot->field->name);
	jsonw_str(run->json, found ? found->id : NULL);
}

void sim_schema_list(struct gql_run *run, const struct gql_slot *slot, const GPtrArray *things)
{
	jsonw_open(run->json, '[');
	for (unsigned i = 0; i < things->len; i++)
		gql_object(run, slot, g_ptr_array_index(things, i), (int)i);
	jsonw_close(run->json, ']');
}

GPtrArray *sim_schema_collect(struct gql_run *run, enum sim_estate_kind kind, sim_schema_admit_fn admit,
			      const void *context)
{
	const GPtrArray *all = sim_schema_root(run)->butlr->estate->things[kind];
	GPtrArray *out = g_ptr_array_new();

	for (unsigned i = 0; i < all->len; i++) {
		struct sim_thing *thing = g_ptr_array_index(all, i);

		if (!thing->deleted && (!admit || admit(thing, context)))
			g_ptr_array_add(out, thing);
	}
	return out;
}

bool sim_schema_on_floor(const struct sim_thing *thing, const void *floor) { return thing->floor == floor; }

/* --- wrappers: sites{data{…}} ------------------------------------------------------------------------ */

static void resolve_data(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	sim_schema_list(run, slot, object);
}

#define WRAPPER(variable, title, element)                                                                    \
	static const struct gql_field variable##_fields[] = {{"data", resolve_data, &(element), 0, NULL}};   \
	static const struct gql_type variable = {title, variable##_fields, 1}

WRAPPER(sites_type, "Sites", sim_schema_site);
WRAPPER(buildings_type, "Buildings", sim_schema_building);
WRAPPER(floors_type, "Floors", sim_schema_floor);
WRAPPER(rooms_type, "Rooms", sim_schema_room);
WRAPPER(zones_type, "Zones", sim_schema_zone);
WRAPPER(sensors_type, "Sensors", sim_schema_sensor);
WRAPPER(hives_type, "Hives", sim_schema_hive);

static void finish_list(struct gql_run *run, const struct gql_slot *slot, GPtrArray *things)
{
	gql_object(run, slot, things, -1);
	g_ptr_array_free(things, TRUE);
}

static void resolve_sites(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	GPtrArray *things = g_ptr_array_new();

	g_ptr_array_add(things, object);
	finish_list(run, slot, things);
}

static void resolve_buildings(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct world *world = ((struct sim_schema_root *)object)->butlr->world;
	GPtrArray *things = g_ptr_array_new();

	for (int i = 0; i < world->building_count; i++)
		g_ptr_array_add(things, (void *)&world->buildings[i]);
	finish_list(run, slot, things);
}

static bool listed(const struct sim_thing *thing, const void *context)
{
	return gql_listed(context, "ids", thing->id);
}

/* Floors, rooms, zones; the field's tag is the kind. */
static void resolve_areas(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	(void)object;
	finish_list(run, slot, sim_schema_collect(run, (enum sim_estate_kind)slot->field->tag, listed, slot));
}

static bool mac_listed(const struct gql_slot *slot, const char *mac)
{
	const cJSON *list = gql_argument(slot, "mac_addresses"), *element;
	char *want = sim_estate_mac_key(mac);
	bool found = list == NULL;

	cJSON_ArrayForEach(element, list)
	{
		if (!cJSON_IsString(element))
			continue;
		char *have = sim_estate_mac_key(element->valuestring);

		found = found || strcmp(have, want) == 0;
		g_free(have);
	}
	g_free(want);
	return found;
}

/* floor_ids, room_ids, hive_ids and hive_serials are accepted and do not filter (butlr.md §5). */
static bool sensor_listed(const struct sim_thing *thing, const void *context)
{
	const struct gql_slot *slot = context;

	if (!listed(thing, slot))
		return false;
	return !gql_argument(slot, "mac_addresses") ||
	       mac_listed(slot, ((const struct sim_sensor *)thing)->mac);
}

static void resolve_sensors(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	(void)object;
	finish_list(run, slot, sim_schema_collect(run, SIM_ESTATE_SENSOR, sensor_listed, slot));
}

static bool hive_listed(const struct sim_thing *thing, const void *context)
{
	const struct gql_slot *slot = context;
	const struct sim_hive *hive = (const struct sim_hive *)thing;

	if (g_ascii_strncasecmp(hive->serial, "fake", 4) == 0 &&
	    !cJSON_IsTrue(gql_argument(slot, "returnPlaceholders")))
		return false;
	return listed(thing, slot) && gql_listed(slot, "serial_numbers", hive->serial);
}

static void resolve_hives(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	(void)object;
	finish_list(run, slot, sim_schema_collect(run, SIM_ESTATE_HIVE, hive_listed, slot));
}

/* --- single things ------------------------------------------------------------------------------------ */

static const char *string_argument(const struct gql_slot *slot, const char *name)
{
	const cJSON *item = gql_argument(slot, name);

	return cJSON_IsString(item) ? item->valuestring : NULL;
}

static void one(struct gql_run *run, const struct gql_slot *slot, void *thing)
{
	if (!thing)
		gql_error(run, "NOT_FOUND", "Asset not found");
	gql_object(run, slot, thing, -1);
}

static const char *custom_id_of(const struct sim_thing *thing)
{
	return thing->kind == SIM_ESTATE_FLOOR ? ((const struct sim_floor *)thing)->custom_id
					       : ((const struct sim_area *)thing)->custom_id;
}

static void resolve_one_area(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_butlr *butlr = ((struct sim_schema_root *)object)->butlr;
	enum sim_estate_kind kind = (enum sim_estate_kind)slot->field->tag;
	const char *id = string_argument(slot, "id"), *custom = string_argument(slot, "customID");
	void *found = sim_estate_find(butlr->estate, kind, id);

	for (unsigned i = 0; !found && custom && *custom && i < butlr->estate->things[kind]->len; i++) {
		struct sim_thing *thing = g_ptr_array_index(butlr->estate->things[kind], i);

		if (!thing->deleted && strcmp(custom_id_of(thing), custom) == 0)
			found = thing;
	}
	one(run, slot, found);
}

static void resolve_one_site(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct world_site *site = &((struct sim_schema_root *)object)->butlr->world->site;
	const char *id = string_argument(slot, "id"), *custom = string_argument(slot, "customID");
	bool found = g_strcmp0(site->id, id) == 0 ||
		     (custom && *custom && strcmp(site->custom_id, custom) == 0);

	one(run, slot, found ? object : NULL);
}

static void resolve_one_building(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct world *world = ((struct sim_schema_root *)object)->butlr->world;
	const char *id = string_argument(slot, "id"), *custom = string_argument(slot, "customID");
	const struct world_building *found = NULL;

	for (int i = 0; i < world->building_count; i++) {
		const struct world_building *building = &world->buildings[i];

		if (g_strcmp0(building->id, id) == 0 ||
		    (custom && *custom && strcmp(building->custom_id, custom) == 0))
			found = building;
	}
	one(run, slot, (void *)found);
}

/* --- tags --------------------------------------------------------------------------------------------- */

static bool bears(const struct sim_thing *thing, const struct world_tag *tag)
{
	return thing->kind == SIM_ESTATE_ROOM &&
	       strcmp(((const struct sim_area *)thing)->type, tag->room_type) == 0;
}

struct by_tag {
	const struct gql_slot *slot;
	const struct world *world;
};

static bool tagged(const struct sim_thing *thing, const void *context)
{
	const struct by_tag *by = context;
	bool any = cJSON_IsTrue(gql_argument(by->slot, "useOR")), some = false, all = true;

	if (!gql_argument(by->slot, "tagIDs"))
		return false;
	for (int i = 0; i < by->world->tag_count; i++) {
		if (!gql_listed(by->slot, "tagIDs", by->world->tags[i].id))
			continue;
		if (bears(thing, &by->world->tags[i]))
			some = true;
		else
			all = false;
	}
	return some && (any || all);
}

static void resolve_by_tag(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	struct by_tag by = {slot, ((struct sim_schema_root *)object)->butlr->world};

	finish_list(run, slot, sim_schema_collect(run, (enum sim_estate_kind)slot->field->tag, tagged, &by));
}

static void resolve_tags(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct world *world = ((struct sim_schema_root *)object)->butlr->world;
	int n = 0;

	jsonw_open(run->json, '[');
	for (int i = 0; i < world->tag_count; i++)
		if (gql_listed(slot, "ids", world->tags[i].id))
			gql_object(run, slot, (void *)&world->tags[i], n++);
	jsonw_close(run->json, ']');
}

static void resolve_webhooks(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	(void)slot;
	(void)object;
	jsonw_raw(run->json, "[]");
}

enum { TAG_ID, TAG_NAME, TAG_ORGANIZATION };

static void resolve_tag(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct world_tag *tag = object;

	if (slot->field->tag == TAG_ID)
		jsonw_str(run->json, tag->id);
	else if (slot->field->tag == TAG_NAME)
		jsonw_str(run->json, tag->name);
	else
		jsonw_str(run->json, sim_schema_root(run)->butlr->world->site.org_id);
}

static bool bears_it(const struct sim_thing *thing, const void *tag) { return bears(thing, tag); }

static void resolve_tag_things(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	GPtrArray *things = sim_schema_collect(run, (enum sim_estate_kind)slot->field->tag, bears_it, object);

	sim_schema_list(run, slot, things);
	g_ptr_array_free(things, TRUE);
}

static const struct gql_field tag_fields[] = {
	{"id", resolve_tag, NULL, TAG_ID, NULL},
	{"name", resolve_tag, NULL, TAG_NAME, NULL},
	{"organization_id", resolve_tag, NULL, TAG_ORGANIZATION, NULL},
	{"rooms", resolve_tag_things, &sim_schema_room, SIM_ESTATE_ROOM, NULL},
	{"zones", resolve_tag_things, &sim_schema_zone, SIM_ESTATE_ZONE, NULL},
	{"floors", resolve_tag_things, &sim_schema_floor, SIM_ESTATE_FLOOR, NULL},
};

const struct gql_type sim_schema_tag = {"Tag", tag_fields, G_N_ELEMENTS(tag_fields)};

static const struct gql_field webhook_fields[] = {
	{"id", resolve_webhooks, NULL, 0, NULL},
	{"name", resolve_webhooks, NULL, 0, NULL},
};

static const struct gql_type webhook_type = {"Webhook", webhook_fields, G_N_ELEMENTS(webhook_fields)};

/* --- the root ----------------------------------------------------------------------------------------- */

static const struct gql_field query_fields[] = {
	{"sites", resolve_sites, &sites_type, 0, NULL},
	{"buildings", resolve_buildings, &buildings_type, 0, NULL},
	{"floors", resolve_areas, &floors_type, SIM_ESTATE_FLOOR, "ids"},
	{"rooms", resolve_areas, &rooms_type, SIM_ESTATE_ROOM, "ids"},
	{"zones", resolve_areas, &zones_type, SIM_ESTATE_ZONE, "ids"},
	{"sensors", resolve_sensors, &sensors_type, 0,
	 "ids mac_addresses floor_ids room_ids hive_ids hive_serials"},
	{"hives", resolve_hives, &hives_type, 0, "ids serial_numbers returnPlaceholders"},
	{"site", resolve_one_site, &sim_schema_site, 0, "id customID"},
	{"building", resolve_one_building, &sim_schema_building, 0, "id customID"},
	{"floor", resolve_one_area, &sim_schema_floor, SIM_ESTATE_FLOOR, "id customID"},
	{"room", resolve_one_area, &sim_schema_room, SIM_ESTATE_ROOM, "id customID"},
	{"zone", resolve_one_area, &sim_schema_zone, SIM_ESTATE_ZONE, "id customID"},
	{"roomsByTag", resolve_by_tag, &rooms_type, SIM_ESTATE_ROOM, "tagIDs useOR"},
	{"zonesByTag", resolve_by_tag, &zones_type, SIM_ESTATE_ZONE, "tagIDs useOR"},
	{"floorsByTag", resolve_by_tag, &floors_type, SIM_ESTATE_FLOOR, "tagIDs useOR"},
	{"tags", resolve_tags, &sim_schema_tag, 0, "ids"},
	{"webhooks", resolve_webhooks, &webhook_type, 0, NULL},
};

const struct gql_type sim_schema_query = {"Query", query_fields, G_N_ELEMENTS(query_fields)};
