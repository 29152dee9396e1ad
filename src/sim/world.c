#include "sim/world.h"

#include "base/rng.h"
#include "sim/world_inner.h"

#include <stdarg.h>
#include <string.h>

#define BASE_FLOORS 5
#define BASE_SENSORS 120
#define BASE_SENSORS_TOP 160   /* above it the world grows */
#define SENSORS_PER_FLOOR 48   /* in a world that grew */
#define DOORS_PER_FLOOR 12     /* no drawing has fewer, but the smallest: see grow_doors */
#define FLOORS_PER_BUILDING 10 /* of the buildings that a large world adds */

uint64_t world_hash(const struct world *world, enum world_salt salt, uint64_t a, uint64_t b)
{
	return rng_hash(rng_hash(rng_hash(world->options.seed, salt), a), b);
}

const char *world_text(struct world *world, const char *format, ...)
{
	va_list args;
	char *text, *kept;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	kept = arena_strndup(&world->inner->text, text, strlen(text));
	g_free(text);
	return kept ? kept : "";
}

const char *world_new_id(struct world *world, const char *prefix, enum world_kind kind, uint64_t number)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	uint64_t hash = world_hash(world, SALT_ID, (uint64_t)kind, number);
	char tail[28];

	tail[0] = '2'; /* as those that were made in these years */
	for (int i = 1; i < 27; i++) {
		hash = rng_hash(hash, (uint64_t)i);
		tail[i] = digits[(hash >> 32) % 62];
	}
	tail[27] = 0;
	return world_text(world, "%s%s", prefix, tail);
}

/* --- buildings ------------------------------------------------------------------------------------------ */

struct building_spec {
	const char *name, *lines[3], *country, *zone, *custom_id;
};

static const struct building_spec building_specs[] = {
	{"Main Street 12", {"12 Main Street", "New York, NY 10044"}, "US", "America/New_York", "NYC-01"},
	{"Rua do Alecrim 26", {"Rua do Alecrim 26", "1200-018 Lisboa"}, "PT", "Europe/Lisbon", "LIS-01"},
	{"Lakeside", {"400 Lakeside Drive", "Chicago, IL 60611"}, "US", "America/Chicago", ""},
	{"Hafenhaus", {"Am Kaiserkai 7", "20457 Hamburg"}, "DE", "Europe/Berlin", ""},
	{"Harbour Court", {"81 George Street", "Sydney NSW 2000"}, "AU", "Australia/Sydney", ""},
	{"Shinagawa Annex", {"2-16 Konan", "Minato, Tokyo 108-0075"}, "JP", "Asia/Tokyo", ""},
};

static const char *const floor_names[] = {"Ground floor", "1st floor", "2nd floor", "3rd floor", "4th floor",
					  "5th floor",    "6th floor", "7th floor", "8th floor", "9th floor"};
static const char *const floor_names_lisbon[] = {"Piso 0", "Piso 1"};

static int add_building(struct world *world, int floor_count)
{
	struct world_inner *inner = world->inner;
	int n = (int)inner->buildings->len, specs = (int)G_N_ELEMENTS(building_specs);
	const struct building_spec *spec = &building_specs[n < specs ? n : 2 + (n - 2) % (specs - 2)];
	struct world_building building = {
		.id = world_new_id(world, "building_", WORLD_BUILDING, (uint64_t)n),
		.name = n < specs ? spec->name
				  : world_text(world, "%s %d", spec->name, 1 + (n - 2) / (specs - 2)),
		.custom_id = n < specs ? spec->custom_id : "",
		.address_lines = {spec->lines[0], spec->lines[1], spec->lines[2]},
		.country = spec->country,
		.zone = spec->zone,
		.number = n + 1,
		.first_floor = (int)inner->floors->len,
		.floor_count = floor_count,
		.first_room = (int)inner->rooms->len,
	};

	g_array_append_val(inner->buildings, building);
	inner->time_zones = g_renew(struct moment_zone *, inner->time_zones, (gsize)n + 1);
	inner->time_zones[n] = moment_zone_new(spec->zone);
	return inner->time_zones[n] ? ERR_OK : ERR_INVALID;
}

/* Which drawing the k-th floor of a building follows. */
static int choose_plan(int building, int k)
{
	if (building == 1)
		return k == 0 ? 3 : 4;
	return k == 0 ? 0 : 1 + (k - 1) % 2;
}

/* --- floors --------------------------------------------------------------------------------------------- */

static void add_room(struct world *world, int floor, const struct plan_room *drawn)
{
	GArray *rooms = world->inner->rooms;
	const struct plan_room_spec *spec = drawn->spec;
	int number = (int)rooms->len, capacity = spec->capacity;
	bool desks = strcmp(spec->type, "hotdesk") == 0 || strcmp(spec->type, "office") == 0;
	int64_t area_mm2 = 0;
	struct world_room room = {
		.id = world_new_id(world, "room_", WORLD_ROOM, (uint64_t)number),
		.name = spec->name,
		.custom_id = "",
		.note = spec->unwatched ? "no sensors here" : "",
		.type = spec->type,
		.floor = floor,
		.height_mm = spec->type[0] == 'c' ? 3000 : 3400,
		.points = drawn->points,
		.point_count = drawn->point_count,
		.rects = drawn->rects,
		.rect_count = drawn->rect_count,
		.corridor = spec->letter == PLAN_CORRIDOR,
	};

	if (capacity > 0 && desks)
		capacity = drawn->seat_count;
	room.capacity = capacity;
	room.mid_capacity = capacity > 0 && desks ? (capacity + 1) / 2 : spec->mid_capacity;
	for (int i = 0; i < drawn->rect_count; i++)
		area_mm2 += (int64_t)(drawn->rects[i].x1_mm - drawn->rects[i].x0_mm) *
			    (drawn->rects[i].y1_mm - drawn->rects[i].y0_mm);
	room.area_m2 = (double)(area_mm2 / 10000) / 100.0;
	for (int i = 0; i < 4; i++)
		room.color[i] = (uint8_t)(spec->rgba >> (24 - 8 * i));
	if (strcmp(spec->type, "confroom") == 0 && number % 2 == 0)
		room.custom_id = world_text(world, "MR-%03d", number + 1);
	g_array_append_val(rooms, room);
}

static void add_zone(struct world *world, int floor, int room, const char *name, const char *type,
		     struct world_rect rect, int capacity)
{
	GArray *zones = world->inner->zones;
	int number = (int)zones->len;
	int64_t area_mm2 = (int64_t)(rect.x1_mm - rect.x0_mm) * (rect.y1_mm - rect.y0_mm);
	struct world_zone zone = {
		.id = world_new_id(world, "zone_", WORLD_ZONE, (uint64_t)number),
		.name = name,
		.custom_id = number % 4 == 1 ? world_text(world, "Z-%d", number + 1) : "",
		.note = "",
		.type = type,
		.floor = floor,
		.room = room,
		.capacity = capacity,
		.mid_capacity = capacity / 2,
		.area_m2 = (double)(area_mm2 / 10000) / 100.0,
		.color = {52, 152, 219, 120},
		.rect = rect,
		.points = {{rect.x0_mm, rect.y1_mm},
			   {rect.x1_mm, rect.y1_mm},
			   {rect.x1_mm, rect.y0_mm},
			   {rect.x0_mm, rect.y0_mm}},
	};

	g_array_append_val(zones, zone);
}

/* The quiet half of the first desk room, the bar of the kitchen, and the middle of the corridor with what lies
 * beside it. */
static void add_zones(struct world *world, int floor, const struct plan *plan, int first_room)
{
	bool desks_done = false;

	for (int i = 0; i < plan->room_count; i++) {
		struct world_rect rect = plan->rooms[i].rects[0];
		const char *type = plan->rooms[i].spec->type;

		if (!desks_done && strcmp(type, "hotdesk") == 0) {
			rect.x1_mm = (rect.x0_mm + rect.x1_mm) / 2;
			add_zone(world, floor, first_room + i, "Quiet zone", "hotdesk", rect, 4);
			desks_done = true;
		} else if (strncmp(type, "kitchen", 7) == 0) {
			rect.y0_mm = (rect.y0_mm + rect.y1_mm) / 2;
			add_zone(world, floor, first_room + i, "Coffee bar", "kitchen", rect, 0);
		} else if (i == plan->corridor_room) {
			rect.x0_mm = plan->width_mm / 4;
			rect.x1_mm = plan->width_mm / 2;
			rect.y1_mm += 1700;
			add_zone(world, floor, -1, "Crossing", "intcirculation", rect, 6);
		}
	}
}

static void add_fixtures(struct world *world, int floor, const struct plan *plan, int first_room)
{
	for (int i = 0; i < plan->fixture_count; i++) {
		const struct plan_fixture *drawn = &plan->fixtures[i];
		struct world_fixture fixture = {
			.id = world_new_id(world, "fixture_", WORLD_FIXTURE, world->inner->fixtures->len),
			.type = drawn->type,
			.floor = floor,
			.room = first_room + drawn->room,
			.center = drawn->center,
			.rotation_deg = drawn->rotation_deg,
			.scale_x100 = {drawn->scale_x100[0], drawn->scale_x100[1], drawn->scale_x100[2]},
		};

		g_array_append_val(world->inner->fixtures, fixture);
	}
}

static void add_doors(struct world *world, int floor, const struct plan *plan, int first_room, bool ground)
{
	for (int i = 0; i < plan->door_count; i++) {
		const struct plan_door *drawn = &plan->doors[i];
		struct world_door door = {
			.id = world_new_id(world, "door_", WORLD_DOOR, world->inner->doors->len),
			.name = drawn->room_out < 0 ? "Main entrance"
						    : plan->rooms[drawn->room_in].spec->name,
			.floor = floor,
			.room_in = first_room + drawn->room_in,
			.room_out = drawn->room_out < 0 ? -1 : first_room + drawn->room_out,
			.center = drawn->center,
			.vertical = drawn->vertical,
		};

		if (ground && drawn->room_out < 0) {
			struct world_floor *f = &g_array_index(world->inner->floors, struct world_floor,
							       floor);

			g_array_index(world->inner->buildings, struct world_building, f->building)
				.entrance_door = (int)world->inner->doors->len;
		}
		g_array_append_val(world->inner->doors, door);
	}
}

static void add_floor(struct world *world, int building, int k)
{
	struct world_inner *inner = world->inner;
	int number = (int)inner->floors->len, drawing = choose_plan(building, k);
	const struct plan *plan = &inner->plans[drawing];
	struct world_floor floor = {
		.id = world_new_id(world, "space_", WORLD_FLOOR, (uint64_t)number),
		.name = building == 1 ? floor_names_lisbon[k] : floor_names[k],
		.custom_id = number % 2 == 0 ? world_text(world, "F-%02d", number + 1) : "",
		.building = building,
		.number = k,
		.width_mm = plan->width_mm,
		.height_mm = plan->height_mm,
		.area_m2 = (double)((int64_t)plan->width_mm * plan->height_mm / 10000) / 100.0,
		.installation_date = building == 1 ? "2024-09-02" : "2024-03-18",
		.first_room = (int)inner->rooms->len,
		.room_count = plan->room_count,
		.first_zone = (int)inner->zones->len,
		.first_fixture = (int)inner->fixtures->len,
		.fixture_count = plan->fixture_count,
		.first_door = (int)inner->doors->len,
		.door_count = plan->door_count,
		.plan = drawing,
	};

	g_array_append_val(inner->floors, floor);
	for (int i = 0; i < plan->room_count; i++)
		add_room(world, number, &plan->rooms[i]);
	add_zones(world, number, plan, floor.first_room);
	add_fixtures(world, number, plan, floor.first_room);
	add_doors(world, number, plan, floor.first_room, k == 0);
}

/* --- all of it ------------------------------------------------------------------------------------------ */

static int floors_wanted(const struct world_options *options)
{
	int floors = BASE_FLOORS, by_doors = (options->doors + DOORS_PER_FLOOR - 1) / DOORS_PER_FLOOR;

	if (options->sensors > BASE_SENSORS_TOP)
		floors = (options->sensors + SENSORS_PER_FLOOR - 1) / SENSORS_PER_FLOOR;
	if (options->doors > BASE_FLOORS * DOORS_PER_FLOOR && by_doors > floors)
		floors = by_doors + 1;
	return floors < BASE_FLOORS ? BASE_FLOORS : floors;
}

static int build_estate(struct world *world)
{
	int left = floors_wanted(&world->options);

	for (int building = 0; left > 0; building++) {
		int count = building == 0                ? 3
			    : building == 1              ? 2
			    : left < FLOORS_PER_BUILDING ? left
							 : FLOORS_PER_BUILDING;

		if (add_building(world, count) != ERR_OK)
			return ERR_INVALID;
		for (int k = 0; k < count; k++)
			add_floor(world, building, k);
		left -= count;
	}
	return ERR_OK;
}

/* Spreads the sensors evenly; the first floors take what is left over. */
static void build_devices(struct world *world)
{
	int floors = (int)world->inner->floors->len, sensors = world->options.sensors;

	for (int i = 0; i < floors; i++)
		world_build_devices(world, i, sensors / floors + (i < sensors % floors));
}

static void count_up(struct world *world)
{
	struct world_inner *inner = world->inner;

	for (guint z = 0; z < inner->zones->len; z++)
		g_array_index(inner->floors, struct world_floor,
			      g_array_index(inner->zones, struct world_zone, z).floor)
			.zone_count++;
	for (guint r = 0; r < inner->rooms->len; r++) {
		struct world_room *room = &g_array_index(inner->rooms, struct world_room, r);
		struct world_floor *floor = &g_array_index(inner->floors, struct world_floor, room->floor);
		struct world_building *building = &g_array_index(inner->buildings, struct world_building,
								 floor->building);
		bool counts = strcmp(room->type, "hotdesk") == 0 || strcmp(room->type, "office") == 0;

		building->room_count++;
		floor->capacity += counts ? room->capacity : 0;
		floor->mid_capacity = floor->capacity / 2;
		building->capacity += counts ? room->capacity : 0;
		building->mid_capacity = building->capacity / 2;
	}
}

static int build(struct world *world)
{
	for (int i = 0; i < PLAN_COUNT; i++) {
		if (plan_init(&world->inner->plans[i], &plan_specs[i]) != ERR_OK)
			return ERR_INVALID;
	}
	if (build_estate(world) != ERR_OK)
		return ERR_INVALID;
	count_up(world);
	world_publish(world);
	build_devices(world);
	for (guint i = 0; i < world->inner->buildings->len; i++)
		world_build_people(world, (int)i);
	world_publish(world);
	world_index(world);
	return ERR_OK;
}

static struct world_inner *inner_new(void)
{
	struct world_inner *inner = g_new0(struct world_inner, 1);

	arena_init(&inner->text, 0);
	inner->buildings = g_array_new(FALSE, FALSE, sizeof(struct world_building));
	inner->floors = g_array_new(FALSE, FALSE, sizeof(struct world_floor));
	inner->rooms = g_array_new(FALSE, FALSE, sizeof(struct world_room));
	inner->zones = g_array_new(FALSE, FALSE, sizeof(struct world_zone));
	inner->fixtures = g_array_new(FALSE, FALSE, sizeof(struct world_fixture));
	inner->doors = g_array_new(FALSE, FALSE, sizeof(struct world_door));
	inner->sensors = g_array_new(FALSE, FALSE, sizeof(struct world_sensor));
	inner->hives = g_array_new(FALSE, FALSE, sizeof(struct world_hive));
	inner->people = g_array_new(FALSE, FALSE, sizeof(struct world_person));
	inner->by_id = g_hash_table_new(g_str_hash, g_str_equal);
	inner->by_custom = g_hash_table_new(g_str_hash, g_str_equal);
	inner->by_mac = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	inner->by_serial = g_hash_table_new(g_str_hash, g_str_equal);
	return inner;
}

struct world *sim_world_new(const struct world_options *options)
{
	struct world *world;

	if (options->sensors < 0 || options->sensors > WORLD_SENSORS_MAX || options->doors < 0 ||
	    options->doors > WORLD_DOORS_MAX || options->frames_per_second < 0 ||
	    options->frames_per_second > 8)
		return NULL;
	world = g_new0(struct world, 1);
	world->options = *options;
	if (world->options.sensors == 0)
		world->options.sensors = BASE_SENSORS;
	if (world->options.frames_per_second == 0)
		world->options.frames_per_second = 1;
	world->inner = inner_new();
	world->site = (struct world_site){
		.id = world_new_id(world, "site_", WORLD_SITE, 0),
		.name = "Northwind Works",
		.custom_id = "NW",
		.zone = "America/New_York",
		.org_id = world_new_id(world, "org_", WORLD_SITE, 1),
	};
	if (build(world) != ERR_OK) {
		sim_world_free(world);
		return NULL;
	}
	return world;
}

void sim_world_free(struct world *world)
{
	struct world_inner *inner;

	if (!world)
		return;
	inner = world->inner;
	for (guint i = 0; i < inner->buildings->len; i++)
		moment_zone_free(inner->time_zones[i]);
	g_free(inner->time_zones);
	GArray *arrays[] = {inner->buildings, inner->floors,  inner->rooms, inner->zones, inner->fixtures,
			    inner->doors,     inner->sensors, inner->hives, inner->people};
	for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
		g_array_free(arrays[i], TRUE);
	g_hash_table_destroy(inner->by_id);
	g_hash_table_destroy(inner->by_custom);
	g_hash_table_destroy(inner->by_mac);
	g_hash_table_destroy(inner->by_serial);
	arena_fini(&inner->text);
	g_free(inner);
	g_free(world);
}
