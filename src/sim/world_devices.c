#include "sim/world_inner.h"

#include "base/rng.h"

#include <string.h>

#define TAN_HALF_FOV_PPM 577350 /* tan(30°) in millionths */
#define SENSORS_PER_HIVE 13
#define REPEATER_FROM 20 /* floors with so many sensors have a repeater among them */

struct installer {
	struct world *world;
	const struct plan *plan;
	int floor, left; /* sensors still to be hung */
	int pass;
};

static int32_t footprint(int32_t height_mm)
{
	return (int32_t)((int64_t)height_mm * 2 * TAN_HALF_FOV_PPM / 1000000);
}

static const char *new_mac(struct world *world, int number, int placeholder)
{
	/* an odd factor makes a permutation of the 24 bits, so that no address comes twice */
	unsigned tail = (unsigned)((uint64_t)number * 0x9E3779u +
				   (world_hash(world, SALT_MAC, 0, 0) & 0xFFFFFF)) &
			0xFFFFFF;

	if (placeholder)
		return world_text(world, "%s-00-%02x-%02x-%02x",
				  placeholder == 1 ? "mi-rr-or-00" : "fa-ke-00-00", tail >> 16,
				  tail >> 8 & 255, tail & 255);
	return world_text(world, "00-17-0d-00-00-%02x-%02x-%02x", tail >> 16, tail >> 8 & 255, tail & 255);
}

/* Four turns for most, something in between for a few. */
static int draw_yaw(uint64_t hash)
{
	static const int odd[] = {45, 30, 315, 120};

	return world_pick(rng_hash(hash, 1), 20) == 0 ? odd[world_pick(rng_hash(hash, 2), 4)]
						      : 90 * world_pick(hash, 4);
}

static struct world_sensor *hang(struct installer *in, enum world_mode mode, int room, struct world_point at)
{
	struct world *world = in->world;
	GArray *sensors = world->inner->sensors;
	int number = (int)sensors->len;
	uint64_t hash = world_hash(world, SALT_SENSOR, (uint64_t)number, 0);
	const struct world_floor *floor = &world->floors[in->floor];
	bool night_sleep = floor->building == 1 && floor->number == 1;
	struct world_sensor sensor = {
		.id = world_new_id(world, "sensor_", WORLD_SENSOR, (uint64_t)number),
		.name = "",
		.mac = new_mac(world, number, 0),
		.model = mode == WORLD_REPEATER ? "Repeater"
			 : world_pick(hash, 3)  ? "Heatic 2"
						: "Heatic 2+",
		.serial = world_text(world, "HT2-%06d", 104000 + number * 7),
		.note = "",
		.mode = mode,
		.wired = mode == WORLD_TRAFFIC || world_pick(rng_hash(hash, 3), 12) == 0,
		.installed = true,
		.floor = in->floor,
		.room = room < 0 ? -1 : floor->first_room + room,
		.hive = -1,
		.zone = -1,
		.door = -1,
		.center = at,
		.height_mm = 3200 + 100 * world_pick(rng_hash(hash, 4), 5),
		.orientation_deg = {draw_yaw(hash), 0, 0},
		.sensitivity_x100 = 50,
		.parallel_to_door = true,
	};

	sensor.footprint_mm = footprint(sensor.height_mm);
	for (int i = 0; i < 7; i++)
		sensor.active_hours[i] = night_sleep && mode == WORLD_PRESENCE ? 16 : 24;
	g_array_append_val(sensors, sensor);
	in->left--;
	return &g_array_index(sensors, struct world_sensor, number);
}

/* At a door, half a metre into the room, looking straight. */
static void hang_traffic(struct installer *in)
{
	const struct world_floor *floor = &in->world->floors[in->floor];

	for (int i = 0; i < in->plan->door_count && in->left > 0; i++) {
		const struct plan_door *door = &in->plan->doors[i];
		struct world_rect room = in->plan->rooms[door->room_in].rects[0];
		struct world_point at = door->center;
		struct world_sensor *sensor;
		bool street = door->room_out < 0;

		if (!door->traffic || (street && floor->number != 0))
			continue;
		if (door->vertical)
			at.x_mm += (room.x0_mm + room.x1_mm) / 2 > at.x_mm ? 500 : -500;
		else
			at.y_mm += (room.y0_mm + room.y1_mm) / 2 > at.y_mm ? 500 : -500;
		sensor = hang(in, WORLD_TRAFFIC, door->room_in, at);
		sensor->door = floor->first_door + i;
		sensor->entrance = street;
		sensor->orientation_deg[0] = door->vertical ? 90 : 0;
		sensor->name = world_text(in->world, "%s door", in->world->doors[sensor->door].name);
	}
}

static int cells(int32_t length_mm) { return 1 + (length_mm > 6400) + (length_mm > 10500); }

/* The k-th place for a sensor in a room; false when there is none. Later passes shift the grid. */
static bool spot(const struct plan_room *room, int k, int pass, struct world_point *at)
{
	for (int i = 0; i < room->rect_count; i++) {
		const struct world_rect *r = &room->rects[i];
		int32_t w = r->x1_mm - r->x0_mm, h = r->y1_mm - r->y0_mm;
		int across = cells(w), down = cells(h);

		if (i > 0 && (w < 1800 || h < 1800) && pass == 0)
			continue;
		if (k >= across * down) {
			k -= across * down;
			continue;
		}
		at->x_mm = r->x0_mm + w * (2 * (k % across) + 1) / (2 * across);
		at->y_mm = r->y0_mm + h * (2 * (k / across) + 1) / (2 * down);
		/* a quarter of a cell aside, another way in each pass */
		at->x_mm += pass ? w / across / 4 * (pass & 1 ? 1 : -1) : 0;
		at->y_mm += pass ? h / down / 4 * (pass & 2 ? 1 : -1) : 0;
		return true;
	}
	return false;
}

static const char *sensor_name(struct installer *in, const struct plan_room *room, int k)
{
	uint64_t hash = world_hash(in->world, SALT_SENSOR, in->world->inner->sensors->len, 9);

	if (world_pick(hash, 5) == 0)
		return ""; /* as many real ones */
	return k == 0 ? room->spec->name : world_text(in->world, "%s %d", room->spec->name, k + 1);
}

/* Every room gets its first sensor before any gets its second. */
static void hang_presence(struct installer *in)
{
	bool more = true;

	for (int k = 0; more && in->left > 0; k++) {
		more = false;
		for (int i = 0; i < in->plan->room_count && in->left > 0; i++) {
			const struct plan_room *room = &in->plan->rooms[i];
			const char *name;
			struct world_point at;

			if (room->spec->unwatched || !spot(room, k, in->pass, &at))
				continue;
			more = true;
			name = sensor_name(in, room, k);
			hang(in, WORLD_PRESENCE, i, at)->name = name;
		}
	}
}

/* The last sensors of two floors stand for none that exists. */
static void add_placeholders(struct installer *in, int first)
{
	GArray *sensors = in->world->inner->sensors;

	if ((in->floor != 0 && in->floor != 3) || (int)sensors->len - first < REPEATER_FROM)
		return;
	for (int i = (int)sensors->len - 2; i < (int)sensors->len; i++) {
		struct world_sensor *sensor = &g_array_index(sensors, struct world_sensor, i);

		sensor->placeholder = true;
		sensor->installed = false;
		sensor->wired = false;
		sensor->room = -1;
		sensor->name = "";
		sensor->mac = new_mac(in->world, i, in->floor == 0 ? 1 : 2);
	}
}

static void add_hive(struct installer *in, int k, int of, bool placeholder)
{
	struct world *world = in->world;
	const struct world_floor *floor = &world->floors[in->floor];
	int number = (int)world->inner->hives->len;
	uint64_t hash = world_hash(world, SALT_HIVE, (uint64_t)number, 0);
	const struct world_rect *corridor = &in->plan->rooms[in->plan->corridor_room].rects[0];
	struct world_hive hive = {
		.id = world_new_id(world, "hive_", WORLD_HIVE, (uint64_t)number),
		.serial = placeholder ? world_text(world, "fake%012x", (unsigned)number)
				      : world_text(world, "10000000%08x",
						   (unsigned)number * 2654435761u +
							   (unsigned)world->options.seed),
		.name = placeholder ? "Spare" : world_text(world, "Hive %d-%d", in->floor + 1, k + 1),
		.version = world_pick(hash, 3) ? "3.2.1" : "3.1.8",
		.type = world_pick(rng_hash(hash, 1), 2) ? "ethernet" : "wifi",
		.private_ip = world_text(world, "10.%d.%d.%d", 20 + floor->building, floor->number, 10 + k),
		.note = "",
		.floor = in->floor,
		.room = floor->first_room + in->plan->corridor_room,
		.center = {corridor->x0_mm + (corridor->x1_mm - corridor->x0_mm) * (2 * k + 1) / (2 * of),
			   (corridor->y0_mm + corridor->y1_mm) / 2},
		.placeholder = placeholder,
	};

	g_array_append_val(world->inner->hives, hive);
}

/* Hives along the corridor; a sensor belongs to the nearest by x. */
static void add_hives(struct installer *in, struct world_floor *floor)
{
	GArray *sensors = in->world->inner->sensors, *hives = in->world->inner->hives;
	int count = (floor->sensor_count + SENSORS_PER_HIVE - 1) / SENSORS_PER_HIVE;

	floor->first_hive = (int)hives->len;
	for (int k = 0; k < count; k++)
		add_hive(in, k, count, false);
	for (int i = floor->first_sensor; i < floor->first_sensor + floor->sensor_count; i++) {
		struct world_sensor *sensor = &g_array_index(sensors, struct world_sensor, i);
		int k = sensor->center.x_mm * count / in->plan->width_mm;

		sensor->hive = floor->first_hive + (k < count ? k : count - 1);
		g_array_index(hives, struct world_hive, sensor->hive).sensor_count++;
	}
	if (in->floor == 0)
		add_hive(in, 0, 1, true);
	floor->hive_count = (int)hives->len - floor->first_hive;
}

static void assign_zones(struct world *world, const struct world_floor *floor)
{
	for (int i = floor->first_sensor; i < floor->first_sensor + floor->sensor_count; i++) {
		struct world_sensor *sensor = &g_array_index(world->inner->sensors, struct world_sensor, i);

		for (int z = floor->first_zone; z < floor->first_zone + floor->zone_count; z++) {
			const struct world_zone *zone = &world->zones[z];

			if (plan_rect_holds(&zone->rect, sensor->center) &&
			    (zone->room < 0 || zone->room == sensor->room))
				sensor->zone = z;
		}
	}
}

void world_build_devices(struct world *world, int floor_index, int quota)
{
	struct world_floor *floor = &g_array_index(world->inner->floors, struct world_floor, floor_index);
	struct installer in = {.world = world,
			       .plan = &world->inner->plans[floor->plan],
			       .floor = floor_index,
			       .left = quota};

	floor->first_sensor = (int)world->inner->sensors->len;
	floor->sensor_count = quota;
	hang_traffic(&in);
	if (quota >= REPEATER_FROM && in.left > 0) {
		const struct world_rect *corridor = &in.plan->rooms[in.plan->corridor_room].rects[0];
		struct world_point at = {corridor->x0_mm + 3000, (corridor->y0_mm + corridor->y1_mm) / 2};

		hang(&in, WORLD_REPEATER, -1, at)->name = "Repeater";
	}
	for (in.pass = 0; in.left > 0; in.pass++)
		hang_presence(&in);
	add_placeholders(&in, floor->first_sensor);
	add_hives(&in, floor);
	assign_zones(world, floor);
}
