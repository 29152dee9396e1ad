#include "sim/density_data.h"

#include "base/moment.h"
#include "base/rng.h"

#include <math.h>
#include <string.h>

const char *const sim_density_modes[] = {NULL, "oa", "entry", "waffle"};

#define SQFT_IN_M2 10.7639

void sim_density_id(char out[SIM_DENSITY_ID], const char *prefix, uint64_t hash)
{
	g_snprintf(out, SIM_DENSITY_ID, "%s%" G_GUINT64_FORMAT, prefix,
		   UINT64_C(1000000000000000000) + hash % UINT64_C(8000000000000000000));
}

static uint64_t hash_text(uint64_t seed, const char *text)
{
	uint64_t hash = rng_hash(seed, 0x64656e73);

	for (; *text; text++)
		hash = rng_hash(hash, (unsigned char)*text);
	return hash;
}

int sim_density_find(const struct sim_density_data *data, const char *id)
{
	return GPOINTER_TO_INT(g_hash_table_lookup(data->by_id, id)) - 1;
}

int sim_density_find_sensor(const struct sim_density_data *data, const char *serial)
{
	for (guint i = 0; i < data->sensors->len; i++)
		if (strcmp(g_array_index(data->sensors, struct sim_density_sensor, i).serial, serial) == 0)
			return (int)i;
	return -1;
}

int sim_density_find_doorway(const struct sim_density_data *data, const char *id)
{
	for (guint i = 0; i < data->doorways->len; i++)
		if (strcmp(g_array_index(data->doorways, struct sim_density_doorway, i).id, id) == 0)
			return (int)i;
	return -1;
}

int sim_density_seen(const struct sim_density_space *space, int people)
{
	if (space->binary)
		return MIN(people, 1);
	return space->mode == SIM_DENSITY_WAFFLE ? MIN(people, SIM_DENSITY_CAP) : people;
}

void sim_density_descend(const struct sim_density_data *data, int index, bool self, GArray *out)
{
	const GArray *children = sim_density_space(data, index)->children;

	if (self)
		g_array_append_val(out, index);
	for (guint i = 0; i < children->len; i++)
		sim_density_descend(data, g_array_index(children, int, i), true, out);
}

/* --- spaces ------------------------------------------------------------------------------------------------ */

static void space_free(gpointer item)
{
	struct sim_density_space *space = item;

	g_free(space->name);
	g_free(space->address);
	g_free(space->iwms_id);
	g_free(space->time_zone);
	moment_zone_free(space->zone);
	g_array_free(space->children, TRUE);
	g_array_free(space->sensors, TRUE);
	g_ptr_array_free(space->labels, TRUE);
	g_free(space);
}

int sim_density_add_space(struct sim_density_data *data, int parent, const char *type, const char *name,
			  uint64_t hash, const char *time_zone)
{
	struct sim_density_space *space = g_new0(struct sim_density_space, 1);
	int index = (int)data->spaces->len;

	sim_density_id(space->id, "spc_", hash);
	space->name = g_strdup(name);
	space->address = g_strdup("");
	space->type = type;
	space->place.kind = WORLD_NOTHING;
	space->parent = parent;
	space->children = g_array_new(FALSE, FALSE, sizeof(int));
	space->capacity = -1;
	space->time_zone = g_strdup(time_zone);
	space->zone = moment_zone_new(time_zone);
	space->area_sqft = space->cost_per_sqft = NAN;
	space->live_ms = MOMENT_NONE;
	space->sensors = g_array_new(FALSE, FALSE, sizeof(int));
	space->labels = g_ptr_array_new();
	space->hash = hash;
	g_ptr_array_add(data->spaces, space);
	g_hash_table_insert(data->by_id, space->id, GINT_TO_POINTER(index + 1));
	if (parent >= 0)
		g_array_append_val(sim_density_space(data, parent)->children, index);
	return index;
}

/* The vendor's word for a room type of the world; some rooms have one that its list does not name (§5). */
static const char *function_of(const char *type)
{
	static const char *const words[][2] = {
		{"entrance", "reception"},
		{"hall", "reception"},
		{"hotdesk", "desk"},
		{"kitchen", "kitchen"},
		{"kitchenette", "break_room"},
		{"confroom", "meeting_room"},
		{"phoneroom", "phone_booth"},
		{"office", "enclosed_workspace"},
		{"wc", "restroom"},
		{"storage", "utility_room"},
		{"pantry", "utility_room"},
		{"bedroom", "wellness_room"},
		{"livingroom", "lounge"},
		{"library", "library"},
		{"gamesroom", "games_room"},
		{"intcirculation", "other"},
		{"elevator", "flex_space"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(words[i][0], type) == 0)
			return words[i][1];
	return NULL;
}

/* A capacity that the world does not know is unset here, or 0: real tenants have both (§4.1). */
static int64_t capacity_of(int capacity, uint64_t hash)
{
	if (capacity > 0)
		return capacity;
	return hash % 2 ? 0 : -1;
}

static enum sim_density_mode mode_of(const struct world *world, int room)
{
	const struct world_room *place = &world->rooms[room];
	bool presence = false, door = false;

	for (int i = 0; i < world->floors[place->floor].sensor_count; i++) {
		const struct world_sensor *sensor =
			&world->sensors[world->floors[place->floor].first_sensor + i];

		presence |= sensor->room == room && sensor->mode == WORLD_PRESENCE;
		door |= sensor->room == room && sensor->mode == WORLD_TRAFFIC;
	}
	if (door && g_str_has_prefix(place->type, "kitchen"))
		return SIM_DENSITY_ENTRY;
	if (!presence)
		return SIM_DENSITY_UNMEASURED;
	if (strcmp(place->type, "phoneroom") == 0)
		return SIM_DENSITY_WAFFLE;
	if (place->capacity > 0 && place->capacity <= 6 &&
	    (strcmp(place->type, "confroom") == 0 || strcmp(place->type, "office") == 0))
		return SIM_DENSITY_WAFFLE;
	return SIM_DENSITY_OA;
}

static int add_zone(struct sim_density_data *data, int parent, int zone, const char *time_zone)
{
	const struct world_zone *place = &data->world->zones[zone];
	enum sim_density_mode mode = sim_density_space(data, parent)->mode;
	int index = sim_density_add_space(data, parent, "space", place->name,
					  hash_text(data->seed, place->id), time_zone);
	struct sim_density_space *space = sim_density_space(data, index);

	space->place = (struct world_ref){WORLD_ZONE, zone};
	space->mode = mode == SIM_DENSITY_OA ? SIM_DENSITY_OA : SIM_DENSITY_UNMEASURED;
	space->capacity = capacity_of(place->capacity, space->hash);
	space->function = function_of(place->type);
	space->area_sqft = round(place->area_m2 * SQFT_IN_M2);
	space->live_ms = sim_density_space(data, parent)->live_ms;
	return index;
}

static int add_room(struct sim_density_data *data, int parent, int room, const char *time_zone)
{
	const struct world_room *place = &data->world->rooms[room];
	int index = sim_density_add_space(data, parent, "space", place->name,
					  hash_text(data->seed, place->id), time_zone);
	struct sim_density_space *space = sim_density_space(data, index);

	space->place = (struct world_ref){WORLD_ROOM, room};
	space->mode = mode_of(data->world, room);
	space->capacity = capacity_of(place->capacity, space->hash);
	space->function = function_of(place->type);
	space->binary = strcmp(place->type, "phoneroom") == 0;
	space->planning = strcmp(place->type, "gamesroom") == 0;
	space->missing = space->mode != SIM_DENSITY_UNMEASURED && space->hash % 29 == 0;
	space->area_sqft = round(place->area_m2 * SQFT_IN_M2);
	space->iwms_id = *place->custom_id ? g_strdup(place->custom_id) : NULL;
	space->live_ms = space->planning ? MOMENT_NONE : sim_density_space(data, parent)->live_ms;
	return index;
}

static void add_floor(struct sim_density_data *data, int parent, int floor, const char *time_zone)
{
	const struct world_floor *place = &data->world->floors[floor];
	int index = sim_density_add_space(data, parent, "floor", place->name,
					  hash_text(data->seed, place->id), time_zone);
	struct sim_density_space *space = sim_density_space(data, index);

	space->place = (struct world_ref){WORLD_FLOOR, floor};
	space->mode = SIM_DENSITY_OA;
	space->capacity = place->capacity;
	space->area_sqft = round(place->area_m2 * SQFT_IN_M2);
	space->cost_per_sqft = 62.5;
	space->live_ms = moment_parse(place->installation_date);
	for (int room = place->first_room; room < place->first_room + place->room_count; room++) {
		int above = add_room(data, index, room, time_zone);

		for (int zone = place->first_zone; zone < place->first_zone + place->zone_count; zone++)
			if (data->world->zones[zone].room == room)
				add_zone(data, above, zone, time_zone);
	}
	for (int zone = place->first_zone; zone < place->first_zone + place->zone_count; zone++)
		if (data->world->zones[zone].room < 0)
			add_zone(data, index, zone, time_zone);
}

static void add_building(struct sim_density_data *data, int building)
{
	const struct world_building *place = &data->world->buildings[building];
	int index = sim_density_add_space(data, -1, "building", place->name, hash_text(data->seed, place->id),
					  place->zone);
	struct sim_density_space *space = sim_density_space(data, index);

	space->place = (struct world_ref){WORLD_BUILDING, building};
	space->mode = SIM_DENSITY_ENTRY;
	space->capacity = place->capacity;
	space->live_ms = moment_parse(data->world->floors[place->first_floor].installation_date);
	g_free(space->address);
	space->address = g_strjoin(", ", place->address_lines[0], place->address_lines[1],
				   place->address_lines[2], NULL);
	for (int floor = place->first_floor; floor < place->first_floor + place->floor_count; floor++)
		add_floor(data, index, floor, place->zone);
}

/* --- sensors and doorways ---------------------------------------------------------------------------------- */

static int space_of(const struct sim_density_data *data, enum world_kind kind, int place)
{
	for (guint i = 0; i < data->spaces->len; i++) {
		const struct sim_density_space *space = sim_density_space(data, (int)i);

		if (space->place.kind == kind && space->place.index == place)
			return (int)i;
	}
	return -1;
}

static int doorway_of(struct sim_density_data *data, const struct world_sensor *sensor, int space)
{
	const struct world_door *door = &data->world->doors[sensor->door];
	struct sim_density_doorway doorway = {.name = door->name, .door = sensor->door, .spaces = {space}};

	for (guint i = 0; i < data->doorways->len; i++)
		if (g_array_index(data->doorways, struct sim_density_doorway, i).door == sensor->door)
			return (int)i;
	sim_density_id(doorway.id, "drw_", hash_text(data->seed, door->id));
	doorway.n_spaces = 1;
	if (sensor->entrance) {
		doorway.spaces[1] = space_of(data, WORLD_FLOOR, sensor->floor);
		doorway.n_spaces = 2;
	}
	g_array_append_val(data->doorways, doorway);
	return (int)data->doorways->len - 1;
}

/* "A1B6Z10" (§3). */
static void make_serial(struct sim_density_data *data, char *out, uint64_t hash)
{
	do {
		unsigned n[6];

		hash = rng_hash(hash, 1);
		for (unsigned i = 0; i < 6; i++)
			n[i] = (unsigned)(hash >> (i * 10)) & 1023;
		g_snprintf(out, 12, "%c%u%c%u%c%02u", 'A' + n[0] % 26, n[1] % 10, 'A' + n[2] % 26, n[3] % 10,
			   'A' + n[4] % 26, n[5] % 100);
	} while (sim_density_find_sensor(data, out) >= 0);
}

/* The space that a sensor measures; -1 = none, -2 = Density has no such sensor. */
static int measured_by(const struct sim_density_data *data, const struct world_sensor *sensor)
{
	int room = sensor->room < 0 ? -1 : space_of(data, WORLD_ROOM, sensor->room);
	int zone = sensor->zone < 0 ? -1 : space_of(data, WORLD_ZONE, sensor->zone);
	const struct sim_density_space *space = room < 0 ? NULL : sim_density_space(data, room);

	if (sensor->mode == WORLD_REPEATER)
		return -2;
	if (sensor->mode == WORLD_TRAFFIC) {
		if (sensor->entrance)
			return space_of(data, WORLD_BUILDING, data->world->floors[sensor->floor].building);
		return space && space->mode == SIM_DENSITY_ENTRY ? room : -2;
	}
	if (!space)
		return -1;
	if (space->mode == SIM_DENSITY_ENTRY || (space->mode == SIM_DENSITY_WAFFLE && space->sensors->len))
		return -2;
	return zone >= 0 && sim_density_space(data, zone)->mode == SIM_DENSITY_OA ? zone : room;
}

static void add_sensor(struct sim_density_data *data, int index)
{
	const struct world_sensor *from = &data->world->sensors[index];
	int space = measured_by(data, from), number = (int)data->sensors->len;
	struct sim_density_sensor sensor = {.world = index, .space = space, .doorway = -1};
	uint64_t hash = hash_text(data->seed, from->id);

	if (space == -2)
		return;
	sensor.family = from->mode == WORLD_TRAFFIC ? SIM_DENSITY_ENTRY : SIM_DENSITY_OA;
	if (space >= 0 && sim_density_space(data, space)->mode == SIM_DENSITY_WAFFLE)
		sensor.family = SIM_DENSITY_WAFFLE;
	sensor.unknown = from->placeholder || hash % 31 == 0;
	make_serial(data, sensor.serial, hash);
	if (sensor.family == SIM_DENSITY_ENTRY)
		sensor.doorway = doorway_of(data, from, space);
	g_array_append_val(data->sensors, sensor);
	for (; space >= 0; space = sim_density_space(data, space)->parent) {
		struct sim_density_space *above = sim_density_space(data, space);

		if (above->mode == sensor.family ||
		    (above->mode == SIM_DENSITY_OA && sensor.family == SIM_DENSITY_WAFFLE))
			g_array_append_val(above->sensors, number);
	}
}

/* --- all of it --------------------------------------------------------------------------------------------- */

static void label_free(gpointer item)
{
	struct sim_density_label *label = item;

	g_free(label->name);
	g_free(label);
}

static void group_free(gpointer item)
{
	struct sim_density_group *group = item;

	g_free(group->name);
	g_free(group);
}

static void user_free(gpointer item)
{
	struct sim_density_user *user = item;

	g_free(user->email);
	g_free(user->full_name);
	g_ptr_array_free(user->spaces, TRUE);
	g_free(user);
}

struct sim_density_data *sim_density_data_new(const struct world *world, uint64_t seed)
{
	struct sim_density_data *data = g_new0(struct sim_density_data, 1);

	data->world = world;
	data->seed = seed;
	data->spaces = g_ptr_array_new_with_free_func(space_free);
	data->labels = g_ptr_array_new_with_free_func(label_free);
	data->groups = g_ptr_array_new_with_free_func(group_free);
	data->users = g_ptr_array_new_with_free_func(user_free);
	data->doorways = g_array_new(FALSE, FALSE, sizeof(struct sim_density_doorway));
	data->sensors = g_array_new(FALSE, FALSE, sizeof(struct sim_density_sensor));
	data->by_id = g_hash_table_new(g_str_hash, g_str_equal);
	for (int i = 0; i < world->building_count; i++)
		add_building(data, i);
	for (int i = 0; i < world->sensor_count; i++)
		add_sensor(data, i);
	sim_density_seed(data);
	return data;
}

void sim_density_data_free(struct sim_density_data *data)
{
	if (!data)
		return;
	g_hash_table_destroy(data->by_id);
	g_ptr_array_free(data->spaces, TRUE);
	g_ptr_array_free(data->labels, TRUE);
	g_ptr_array_free(data->groups, TRUE);
	g_ptr_array_free(data->users, TRUE);
	g_array_free(data->doorways, TRUE);
	g_array_free(data->sensors, TRUE);
	g_free(data);
}
