#include "sim/butlr_estate.h"

#include "base/rng.h"

#include <string.h>

static const struct {
	size_t size;
	const char *prefix;
} kinds[SIM_ESTATE_KINDS] = {
	[SIM_ESTATE_FLOOR] = {sizeof(struct sim_floor), "space"},
	[SIM_ESTATE_ROOM] = {sizeof(struct sim_area), "room"},
	[SIM_ESTATE_ZONE] = {sizeof(struct sim_area), "zone"},
	[SIM_ESTATE_FIXTURE] = {sizeof(struct sim_fixture), "fixture"},
	[SIM_ESTATE_SENSOR] = {sizeof(struct sim_sensor), "sensor"},
	[SIM_ESTATE_HIVE] = {sizeof(struct sim_hive), "hive"},
};

void sim_estate_set(char **text, const char *value)
{
	char *copy = g_strdup(value ? value : "");

	g_free(*text);
	*text = copy;
}

static void thing_free(void *data)
{
	struct sim_thing *thing = data;

	g_free(thing->id);
	g_free(thing->name);
	switch (thing->kind) {
	case SIM_ESTATE_FLOOR: {
		struct sim_floor *floor = data;

		g_free(floor->address);
		g_free(floor->timezone);
		g_free(floor->installation_date);
		g_free(floor->custom_id);
		break;
	}
	case SIM_ESTATE_ROOM:
	case SIM_ESTATE_ZONE: {
		struct sim_area *area = data;

		g_free(area->type);
		g_free(area->custom_id);
		g_free(area->note);
		g_free(area->area_unit);
		g_free(area->points);
		break;
	}
	case SIM_ESTATE_FIXTURE:
		g_free(((struct sim_fixture *)data)->type);
		break;
	case SIM_ESTATE_SENSOR:
		g_free(((struct sim_sensor *)data)->mac);
		break;
	case SIM_ESTATE_HIVE:
		g_free(((struct sim_hive *)data)->serial);
		break;
	case SIM_ESTATE_KINDS:
		break;
	}
	g_free(data);
}

static void *add(struct sim_estate *estate, enum sim_estate_kind kind, const char *id, const char *name,
		 int world, struct sim_floor *floor)
{
	struct sim_thing *thing = g_malloc0(kinds[kind].size);

	thing->kind = kind;
	thing->id = g_strdup(id);
	thing->name = g_strdup(name ? name : "");
	thing->world = world;
	thing->floor = floor;
	g_ptr_array_add(estate->things[kind], thing);
	g_hash_table_insert(estate->by_id, thing->id, thing);
	return thing;
}

static void *at(const struct sim_estate *estate, enum sim_estate_kind kind, int index)
{
	return index < 0 ? NULL : g_ptr_array_index(estate->things[kind], index);
}

static void add_floors(struct sim_estate *estate, const struct world *world)
{
	for (int i = 0; i < world->floor_count; i++) {
		const struct world_floor *from = &world->floors[i];
		const struct world_building *building = &world->buildings[from->building];
		struct sim_floor *floor = add(estate, SIM_ESTATE_FLOOR, from->id, from->name, i, NULL);
		char *lines[4] = {NULL};

		for (int n = 0; n < 3; n++)
			lines[n] = (char *)building->address_lines[n];
		floor->address = g_strjoinv(", ", lines);
		floor->timezone = g_strdup(building->zone);
		floor->installation_date = g_strdup(from->installation_date);
		floor->custom_id = g_strdup(from->custom_id);
		floor->capacity = from->capacity;
		floor->mid_capacity = from->mid_capacity;
		floor->building = from->building;
		floor->number = from->number;
		floor->area_m2 = from->area_m2;
	}
}

static void set_points(struct sim_area *area, const struct world_point *points, int count)
{
	area->n_points = (unsigned)count;
	area->points = g_malloc0((size_t)count * sizeof(*area->points));
	for (int i = 0; i < count; i++) {
		area->points[i][0] = world_metres(points[i].x_mm);
		area->points[i][1] = world_metres(points[i].y_mm);
	}
}

static void add_areas(struct sim_estate *estate, const struct world *world)
{
	for (int i = 0; i < world->room_count; i++) {
		const struct world_room *from = &world->rooms[i];
		struct sim_area *room = add(estate, SIM_ESTATE_ROOM, from->id, from->name, i,
					    at(estate, SIM_ESTATE_FLOOR, from->floor));

		room->type = g_strdup(from->type);
		room->custom_id = g_strdup(from->custom_id);
		room->note = g_strdup(from->note);
		room->area_unit = g_strdup("m2");
		room->capacity = from->capacity;
		room->mid_capacity = from->mid_capacity;
		room->height_m = world_metres(from->height_mm);
		room->area_m2 = from->area_m2;
		for (int c = 0; c < 4; c++)
			room->color[c] = from->color[c];
		set_points(room, from->points, from->point_count);
	}
	for (int i = 0; i < world->zone_count; i++) {
		const struct world_zone *from = &world->zones[i];
		struct sim_area *zone = add(estate, SIM_ESTATE_ZONE, from->id, from->name, i,
					    at(estate, SIM_ESTATE_FLOOR, from->floor));

		zone->type = g_strdup(from->type);
		zone->custom_id = g_strdup(from->custom_id);
		zone->note = g_strdup(from->note);
		zone->area_unit = g_strdup("m2");
		zone->capacity = from->capacity;
		zone->mid_capacity = from->mid_capacity;
		zone->area_m2 = from->area_m2;
		zone->room = at(estate, SIM_ESTATE_ROOM, from->room);
		for (int c = 0; c < 4; c++)
			zone->color[c] = from->color[c];
		set_points(zone, from->points, 4);
	}
}

static void add_fixtures(struct sim_estate *estate, const struct world *world)
{
	for (int i = 0; i < world->fixture_count; i++) {
		const struct world_fixture *from = &world->fixtures[i];
		struct sim_fixture *fixture = add(estate, SIM_ESTATE_FIXTURE, from->id, "", i,
						  at(estate, SIM_ESTATE_FLOOR, from->floor));

		fixture->type = g_strdup(from->type);
		fixture->center[0] = world_metres(from->center.x_mm);
		fixture->center[1] = world_metres(from->center.y_mm);
		fixture->rotation_deg = from->rotation_deg;
		for (int c = 0; c < 3; c++)
			fixture->scale[c] = from->scale_x100[c] / 100.0;
	}
}

static void add_sensor(struct sim_estate *estate, const struct world_sensor *from, int index)
{
	struct sim_sensor *sensor = add(estate, SIM_ESTATE_SENSOR, from->id, from->name, index,
					at(estate, SIM_ESTATE_FLOOR, from->floor));

	sensor->mac = g_strdup(from->mac);
	sensor->mode = from->mode;
	sensor->entrance = from->entrance;
	sensor->parallel_to_door = from->parallel_to_door;
	sensor->room = at(estate, SIM_ESTATE_ROOM, from->room);
	sensor->hive = at(estate, SIM_ESTATE_HIVE, from->hive);
	sensor->center[0] = world_metres(from->center.x_mm);
	sensor->center[1] = world_metres(from->center.y_mm);
	sensor->height_m = world_metres(from->height_mm);
	for (int c = 0; c < 3; c++)
		sensor->orientation_deg[c] = from->orientation_deg[c];
	for (int c = 0; c < 7; c++)
		sensor->active_hours[c] = from->active_hours[c];
	sensor->sensitivity = from->sensitivity_x100 / 100.0;
	sensor->in_direction = from->in_direction;
	g_hash_table_replace(estate->by_mac, sim_estate_mac_key(from->mac), sensor);
}

struct sim_estate *sim_estate_new(const struct world *world)
{
	struct sim_estate *estate = g_new0(struct sim_estate, 1);

	estate->world = world;
	for (int i = 0; i < SIM_ESTATE_KINDS; i++)
		estate->things[i] = g_ptr_array_new_with_free_func(thing_free);
	estate->by_id = g_hash_table_new(g_str_hash, g_str_equal);
	estate->by_mac = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	add_floors(estate, world);
	add_areas(estate, world);
	add_fixtures(estate, world);
	for (int i = 0; i < world->hive_count; i++) {
		const struct world_hive *from = &world->hives[i];
		struct sim_hive *hive = add(estate, SIM_ESTATE_HIVE, from->id, from->name, i,
					    at(estate, SIM_ESTATE_FLOOR, from->floor));

		hive->serial = g_strdup(from->serial);
		hive->room = at(estate, SIM_ESTATE_ROOM, from->room);
	}
	for (int i = 0; i < world->sensor_count; i++)
		add_sensor(estate, &world->sensors[i], i);
	return estate;
}

void sim_estate_free(struct sim_estate *estate)
{
	if (!estate)
		return;
	g_hash_table_destroy(estate->by_id);
	g_hash_table_destroy(estate->by_mac);
	for (int i = 0; i < SIM_ESTATE_KINDS; i++)
		g_ptr_array_free(estate->things[i], TRUE);
	g_free(estate);
}

char *sim_estate_mac_key(const char *mac)
{
	GString *key = g_string_new(NULL);

	for (; *mac; mac++)
		if (*mac != '-' && *mac != ':')
			g_string_append_c(key, g_ascii_tolower(*mac));
	return g_string_free(key, FALSE);
}

void *sim_estate_find(const struct sim_estate *estate, enum sim_estate_kind kind, const char *id)
{
	struct sim_thing *thing = id ? g_hash_table_lookup(estate->by_id, id) : NULL;

	return thing && thing->kind == kind && !thing->deleted ? thing : NULL;
}

struct sim_sensor *sim_estate_sensor(const struct sim_estate *estate, const char *id_or_mac)
{
	struct sim_sensor *sensor = sim_estate_find(estate, SIM_ESTATE_SENSOR, id_or_mac);

	if (!sensor && id_or_mac) {
		char *key = sim_estate_mac_key(id_or_mac);

		sensor = g_hash_table_lookup(estate->by_mac, key);
		g_free(key);
	}
	return sensor && !sensor->thing.deleted ? sensor : NULL;
}

struct sim_hive *sim_estate_hive(const struct sim_estate *estate, const char *id_or_serial)
{
	struct sim_hive *hive = sim_estate_find(estate, SIM_ESTATE_HIVE, id_or_serial);
	GPtrArray *hives = estate->things[SIM_ESTATE_HIVE];

	for (unsigned i = 0; !hive && id_or_serial && i < hives->len; i++) {
		struct sim_hive *other = g_ptr_array_index(hives, i);

		if (!other->thing.deleted && g_ascii_strcasecmp(other->serial, id_or_serial) == 0)
			hive = other;
	}
	return hive;
}

static void make_id(struct sim_estate *estate, enum sim_estate_kind kind, char *out, size_t size)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	struct rng rng;
	char tail[28];

	rng_init(&rng, rng_hash(estate->world->options.seed, ++estate->made));
	for (int i = 0; i < 27; i++)
		tail[i] = digits[rng_below(&rng, 62)];
	tail[27] = '\0';
	g_snprintf(out, size, "%s_%s", kinds[kind].prefix, tail);
}

void *sim_estate_make(struct sim_estate *estate, enum sim_estate_kind kind, struct sim_floor *floor)
{
	char id[64];
	struct sim_thing *thing;

	make_id(estate, kind, id, sizeof(id));
	thing = add(estate, kind, id, "", -1, floor);
	if (kind == SIM_ESTATE_FLOOR) {
		struct sim_floor *made = (struct sim_floor *)thing;

		made->address = g_strdup("");
		made->timezone = g_strdup("");
		made->installation_date = g_strdup("");
		made->custom_id = g_strdup("");
		made->building = -1;
	} else if (kind == SIM_ESTATE_ROOM || kind == SIM_ESTATE_ZONE) {
		struct sim_area *made = (struct sim_area *)thing;

		made->type = g_strdup("");
		made->custom_id = g_strdup("");
		made->note = g_strdup("");
		made->area_unit = g_strdup("m2");
		made->color[3] = 255;
	} else if (kind == SIM_ESTATE_FIXTURE) {
		((struct sim_fixture *)thing)->type = g_strdup("");
	}
	return thing;
}

static void leave_floor(struct sim_estate *estate, const struct sim_floor *floor)
{
	for (int kind = SIM_ESTATE_ROOM; kind < SIM_ESTATE_KINDS; kind++) {
		for (unsigned i = 0; i < estate->things[kind]->len; i++) {
			struct sim_thing *thing = g_ptr_array_index(estate->things[kind], i);

			if (thing->floor != floor || thing->deleted)
				continue;
			if (kind == SIM_ESTATE_SENSOR || kind == SIM_ESTATE_HIVE)
				thing->floor = NULL;
			else
				sim_estate_delete(estate, thing);
		}
	}
}

static void leave_room(struct sim_estate *estate, const struct sim_area *room)
{
	for (unsigned i = 0; i < estate->things[SIM_ESTATE_SENSOR]->len; i++) {
		struct sim_sensor *sensor = g_ptr_array_index(estate->things[SIM_ESTATE_SENSOR], i);

		if (sensor->room == room)
			sensor->room = NULL;
	}
	for (unsigned i = 0; i < estate->things[SIM_ESTATE_HIVE]->len; i++) {
		struct sim_hive *hive = g_ptr_array_index(estate->things[SIM_ESTATE_HIVE], i);

		if (hive->room == room)
			hive->room = NULL;
	}
	for (unsigned i = 0; i < estate->things[SIM_ESTATE_ZONE]->len; i++) {
		struct sim_area *zone = g_ptr_array_index(estate->things[SIM_ESTATE_ZONE], i);

		if (zone->room == room)
			zone->room = NULL;
	}
}

void sim_estate_delete(struct sim_estate *estate, struct sim_thing *thing)
{
	thing->deleted = true;
	if (thing->kind == SIM_ESTATE_FLOOR)
		leave_floor(estate, (struct sim_floor *)thing);
	if (thing->kind == SIM_ESTATE_ROOM)
		leave_room(estate, (struct sim_area *)thing);
	if (thing->kind == SIM_ESTATE_HIVE) {
		for (unsigned i = 0; i < estate->things[SIM_ESTATE_SENSOR]->len; i++) {
			struct sim_sensor *sensor = g_ptr_array_index(estate->things[SIM_ESTATE_SENSOR], i);

			if ((struct sim_thing *)sensor->hive == thing)
				sensor->hive = NULL;
		}
	}
}
