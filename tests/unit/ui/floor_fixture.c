#include "tests/unit/ui/floor_fixture.h"

#include "base/moment.h"
#include "core/kind.h"

#include <math.h>
#include <string.h>

struct fixture_room {
	const char *id, *name, *type;
	double capacity, occupancy;
	size_t n;
	struct point at[8];
};

struct fixture_thing {
	const char *type;
	struct point center;
	double rotation, scale;
};

struct fixture_sensor {
	const char *id, *name, *mode, *status, *room;
	struct point center;
	int low;
};

/* clang-format off */
static const struct fixture_room rooms[] = {
	{"r0", "Corridor 1", "intcirculation", NAN, 0, 8, {{0, 6.8}, {27.2, 6.8}, {27.2, 5.1}, {17, 5.1}, {17, 0}, {15.3, 0}, {15.3, 5.1}, {0, 5.1}}},
	{"r1", "Hot Desks", "hotdesk", 10, 9, 6, {{0, 11.9}, {10.2, 11.9}, {10.2, 8.5}, {6.8, 8.5}, {6.8, 6.8}, {0, 6.8}}},
	{"r2", "Phone Booth 1", "phoneroom", 1, 1, 4, {{6.8, 8.5}, {8.5, 8.5}, {8.5, 6.8}, {6.8, 6.8}}},
	{"r3", "Phone Booth 2", "phoneroom", 1, 0, 4, {{8.5, 8.5}, {10.2, 8.5}, {10.2, 6.8}, {8.5, 6.8}}},
	{"r4", "Central Park", "confroom", 8, 3, 4, {{10.2, 11.9}, {15.3, 11.9}, {15.3, 6.8}, {10.2, 6.8}}},
	{"r5", "Bryant", "confroom", 6, 9, 4, {{15.3, 11.9}, {20.4, 11.9}, {20.4, 6.8}, {15.3, 6.8}}},
	{"r6", "Design Studio", "office", NAN, 6, 4, {{20.4, 11.9}, {27.2, 11.9}, {27.2, 6.8}, {20.4, 6.8}}},
	{"r7", "Kitchen", "kitchen", 10, 4, 4, {{0, 5.1}, {5.1, 5.1}, {5.1, 0}, {0, 0}}},
	{"r8", "Restroom", "wc", NAN, NAN, 6, {{5.1, 5.1}, {6.8, 5.1}, {6.8, 3.4}, {10.2, 3.4}, {10.2, 1.7}, {5.1, 1.7}}},
	{"r9", "Lift", "elevator", NAN, NAN, 4, {{6.8, 5.1}, {10.2, 5.1}, {10.2, 3.4}, {6.8, 3.4}}},
	{"r10", "Lounge", "livingroom", 6, 2, 4, {{10.2, 5.1}, {15.3, 5.1}, {15.3, 1.7}, {10.2, 1.7}}},
	{"r11", "Archive", "library", NAN, NAN, 4, {{5.1, 1.7}, {15.3, 1.7}, {15.3, 0}, {5.1, 0}}},
	{"r12", "Engineering", "hotdesk", 8, 5, 6, {{17, 5.1}, {22.1, 5.1}, {22.1, 1.7}, {27.2, 1.7}, {27.2, 0}, {17, 0}}},
	{"r13", "会議室 桜", "confroom", 6, 0, 4, {{22.1, 5.1}, {27.2, 5.1}, {27.2, 1.7}, {22.1, 1.7}}},
};

static const struct fixture_room zones[] = {
	{"z0", "Crossing", NULL, 6, NAN, 4, {{6.8, 8.5}, {13.6, 8.5}, {13.6, 5.1}, {6.8, 5.1}}},
	{"z1", "Quiet zone", NULL, 4, NAN, 4, {{0, 11.9}, {5.1, 11.9}, {5.1, 8.5}, {0, 8.5}}},
	{"z2", "Coffee bar", NULL, NAN, NAN, 4, {{0, 5.1}, {5.1, 5.1}, {5.1, 2.55}, {0, 2.55}}},
};

static const struct fixture_thing things[] = {
	{"desk", {0.85, 10.6}, 0, 1},
	{"chair", {0.85, 9.9}, 180, 1},
	{"desk", {2.55, 10.6}, 0, 1},
	{"chair", {2.55, 9.9}, 180, 1},
	{"desk", {4.25, 10.6}, 0, 1},
	{"chair", {4.25, 9.9}, 180, 1},
	{"desk", {5.95, 10.6}, 0, 1},
	{"chair", {5.95, 9.9}, 180, 1},
	{"desk", {7.65, 10.6}, 0, 1},
	{"chair", {7.65, 9.9}, 180, 1},
	{"desk", {9.35, 10.6}, 0, 1},
	{"chair", {9.35, 9.9}, 180, 1},
	{"wall", {5.1, 10.2}, 90, 2},
	{"desk", {0.85, 8.05}, 0, 1},
	{"chair", {0.85, 7.35}, 180, 1},
	{"desk", {2.55, 8.05}, 0, 1},
	{"chair", {2.55, 7.35}, 180, 1},
	{"desk", {4.25, 8.05}, 0, 1},
	{"chair", {4.25, 7.35}, 180, 1},
	{"desk", {5.95, 8.05}, 0, 1},
	{"chair", {5.95, 7.35}, 180, 1},
	{"wall", {3.4, 7.65}, 90, 2},
	{"table", {7.65, 8.1}, 0, 0.5},
	{"chair", {7.65, 7.5}, 180, 1},
	{"table", {9.35, 8.1}, 0, 0.5},
	{"chair", {9.35, 7.5}, 180, 1},
	{"table", {12.75, 9.35}, 0, 2.31},
	{"box", {10.5, 9.35}, 90, 1},
	{"chair", {11.362, 10.25}, 0, 1},
	{"chair", {11.362, 8.45}, 180, 1},
	{"chair", {12.287, 10.25}, 0, 1},
	{"chair", {12.287, 8.45}, 180, 1},
	{"chair", {13.212, 10.25}, 0, 1},
	{"chair", {13.212, 8.45}, 180, 1},
	{"chair", {14.137, 10.25}, 0, 1},
	{"chair", {14.137, 8.45}, 180, 1},
	{"table", {17.85, 9.35}, 0, 2.31},
	{"box", {15.6, 9.35}, 90, 1},
	{"chair", {16.616, 10.25}, 0, 1},
	{"chair", {16.616, 8.45}, 180, 1},
	{"chair", {17.85, 10.25}, 0, 1},
	{"chair", {17.85, 8.45}, 180, 1},
	{"chair", {19.083, 10.25}, 0, 1},
	{"chair", {19.083, 8.45}, 180, 1},
	{"desk", {21.25, 8.05}, 0, 1},
	{"chair", {21.25, 7.35}, 180, 1},
	{"desk", {22.95, 8.05}, 0, 1},
	{"chair", {22.95, 7.35}, 180, 1},
	{"desk", {24.65, 8.05}, 0, 1},
	{"chair", {24.65, 7.35}, 180, 1},
	{"desk", {26.35, 8.05}, 0, 1},
	{"chair", {26.35, 7.35}, 180, 1},
	{"desk", {21.25, 9.75}, 0, 1},
	{"chair", {21.25, 9.05}, 180, 1},
	{"desk", {22.95, 9.75}, 0, 1},
	{"chair", {22.95, 9.05}, 180, 1},
	{"desk", {24.65, 9.75}, 0, 1},
	{"chair", {24.65, 9.05}, 180, 1},
	{"desk", {26.35, 9.75}, 0, 1},
	{"chair", {26.35, 9.05}, 180, 1},
	{"desk", {21.25, 11.45}, 0, 1},
	{"chair", {21.25, 10.75}, 180, 1},
	{"desk", {22.95, 11.45}, 0, 1},
	{"chair", {22.95, 10.75}, 180, 1},
	{"desk", {24.65, 11.45}, 0, 1},
	{"chair", {24.65, 10.75}, 180, 1},
	{"desk", {26.35, 11.45}, 0, 1},
	{"chair", {26.35, 10.75}, 180, 1},
	{"wall", {23.8, 9.35}, 90, 2},
	{"roundtable", {1.275, 1.15}, 0, 1},
	{"chair", {1.925, 1.15}, 90, 1},
	{"chair", {0.625, 1.15}, 270, 1},
	{"chair", {1.275, 1.8}, 0, 1},
	{"chair", {1.275, 0.5}, 180, 1},
	{"roundtable", {3.825, 1.15}, 0, 1},
	{"chair", {4.475, 1.15}, 90, 1},
	{"chair", {3.175, 1.15}, 270, 1},
	{"chair", {3.825, 1.8}, 0, 1},
	{"chair", {3.825, 0.5}, 180, 1},
	{"roundtable", {1.275, 3.45}, 0, 1},
	{"chair", {1.925, 3.45}, 90, 1},
	{"chair", {0.625, 3.45}, 270, 1},
	{"chair", {1.275, 4.1}, 0, 1},
	{"chair", {1.275, 2.8}, 180, 1},
	{"roundtable", {3.825, 3.45}, 0, 1},
	{"chair", {4.475, 3.45}, 90, 1},
	{"chair", {3.175, 3.45}, 270, 1},
	{"chair", {3.825, 4.1}, 0, 1},
	{"chair", {3.825, 2.8}, 180, 1},
	{"sink", {0.7, 4.8}, 0, 1},
	{"box", {4.6, 4.75}, 0, 0.8},
	{"toilet", {5.95, 2.1}, 180, 1},
	{"sink", {5.5, 4.8}, 0, 1},
	{"sofa", {10.75, 3.4}, 90, 1.5},
	{"roundtable", {12.75, 3.4}, 0, 1},
	{"sofa", {5.65, 0.85}, 90, 1.5},
	{"roundtable", {10.2, 0.85}, 0, 1},
	{"desk", {18.275, 1.25}, 0, 1},
	{"chair", {18.275, 0.55}, 180, 1},
	{"desk", {20.825, 1.25}, 0, 1},
	{"chair", {20.825, 0.55}, 180, 1},
	{"desk", {18.275, 2.95}, 0, 1},
	{"chair", {18.275, 2.25}, 180, 1},
	{"desk", {20.825, 2.95}, 0, 1},
	{"chair", {20.825, 2.25}, 180, 1},
	{"desk", {18.275, 4.65}, 0, 1},
	{"chair", {18.275, 3.95}, 180, 1},
	{"desk", {20.825, 4.65}, 0, 1},
	{"chair", {20.825, 3.95}, 180, 1},
	{"desk", {23.375, 1.25}, 0, 1},
	{"chair", {23.375, 0.55}, 180, 1},
	{"desk", {25.925, 1.25}, 0, 1},
	{"chair", {25.925, 0.55}, 180, 1},
	{"table", {24.65, 3.4}, 0, 2.31},
	{"box", {22.4, 3.4}, 90, 1},
	{"chair", {23.416, 4.3}, 0, 1},
	{"chair", {23.416, 2.5}, 180, 1},
	{"chair", {24.65, 4.3}, 0, 1},
	{"chair", {24.65, 2.5}, 180, 1},
	{"chair", {25.883, 4.3}, 0, 1},
	{"chair", {25.883, 2.5}, 180, 1},
	{"door", {3.4, 6.8}, 0, 1},
	{"door", {7.65, 6.8}, 0, 1},
	{"door", {9.35, 6.8}, 0, 1},
	{"door", {12.75, 6.8}, 0, 1},
	{"door", {17.85, 6.8}, 0, 1},
	{"door", {23.8, 6.8}, 0, 1},
	{"door", {2.55, 5.1}, 0, 1},
	{"door", {5.95, 5.1}, 0, 1},
	{"door", {8.5, 5.1}, 0, 1},
	{"door", {12.75, 5.1}, 0, 1},
	{"door", {15.3, 0.85}, 90, 1},
	{"door", {19.55, 5.1}, 0, 1},
	{"door", {24.65, 5.1}, 0, 1},
	{"placeholdersensor", {13.6, 5.95}, 0, 1},
};

static const struct fixture_sensor sensors[] = {
	{"s0", "Hot Desks door", "traffic", "online", "r1", {3.4, 7.3}, 0},
	{"s1", "Kitchen door", "traffic", "online", "r7", {2.55, 4.6}, 0},
	{"s2", "Engineering door", "traffic", "online", "r12", {19.55, 4.6}, 0},
	{"s3", "Repeater", "repeater", "offline", NULL, {3, 5.95}, 0},
	{"s4", "Corridor 1", "presence", "online", "r0", {4.533, 5.95}, 0},
	{"s5", NULL, "presence", "online", "r1", {2.55, 10.2}, 1},
	{"s6", NULL, "presence", "online", "r2", {7.65, 7.65}, 0},
	{"s7", "Phone Booth 2", "presence", "online", "r3", {9.35, 7.65}, 0},
	{"s8", "Central Park", "presence", "offline", "r4", {12.75, 9.35}, 0},
	{"s9", "Bryant", "presence", "online", "r5", {17.85, 9.35}, 0},
	{"s10", "Design Studio", "presence", "online", "r6", {22.1, 9.35}, 0},
	{"s11", "Kitchen", "presence", "online", "r7", {2.55, 2.55}, 0},
	{"s12", NULL, "presence", "online", "r10", {12.75, 3.4}, 0},
	{"s13", "Engineering", "presence", "online", "r12", {19.55, 2.55}, 0},
	{"s14", "会議室 桜", "presence", "online", "r13", {24.65, 3.4}, 0},
	{"s15", "Corridor 1 2", "presence", "online", "r0", {13.6, 5.95}, 0},
	{"s16", "Hot Desks 2", "presence", "online", "r1", {7.65, 10.2}, 0},
	{"s17", "Design Studio 2", "presence", "online", "r6", {25.5, 9.35}, 0},
	{"s18", "Corridor 1 3", "presence", "online", "r0", {22.666, 5.95}, 0},
	{"s19", "Corridor 1", "presence", "online", "r0", {6.799, 5.525}, 0},
	{"s20", "Hot Desks", "presence", "online", "r1", {3.825, 9.35}, 0},
	{"s21", "Phone Booth 1", "presence", "online", "r2", {8.075, 7.225}, 0},
	{"s22", "Phone Booth 2", "presence", "online", "r3", {9.775, 7.225}, 0},
	{"s23", "Central Park", "presence", "online", "r4", {14.025, 8.075}, 0},
};
/* clang-format on */

static const struct fixture_room odd_rooms[] = {
	{"o0", "Bow tie", "office", 4, 2, 4, {{28, 0}, {34, 6}, {34, 0}, {28, 6}}},
	{"o1", "Slanted", "office", 4, 1, 4, {{28, 7}, {33, 8.5}, {34, 12}, {29, 11}}},
	{"o2", "Two corners", "office", 4, 5, 2, {{1, 1}, {2, 2}}},
	{"o3", "Nowhere", "office", 4, NAN, 4, {{NAN, 0}, {1, 0}, {1, 1}, {0, 1}}},
	{"o4", "Moon", "office", 4, 0, 3, {{1e300, 0}, {1e300, 1}, {0, 1}}},
	{"o5", "Flat", "office", 4, 0, 3, {{1, 1}, {2, 1}, {3, 1}}},
	{"o6", "\033[31mRed\007", "office", 4, 3, 4, {{20.7, 11.5}, {24, 11.5}, {24, 9}, {20.7, 9}}},
	{"o7", NULL, NULL, NAN, NAN, 0, {{0, 0}}},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void copy_points(struct rows *rows, struct points *into, const struct point *at, size_t n)
{
	struct point *copy = rows_memory(rows, (n + 1) * sizeof(*copy));
	memcpy(copy, at, n * sizeof(*copy));
	*into = (struct points){copy, n};
}

static void add_room(struct rows *rows, const struct fixture_room *from, bool geometry)
{
	struct room *room = rows_add(rows);
	room->id = rows_text(rows, from->id);
	room->floor_id = rows_text(rows, "f1");
	room->name = rows_text(rows, from->name);
	room->type = rows_text(rows, from->type);
	room->capacity = from->capacity;
	room->occupancy = from->occupancy;
	room->utilization = from->occupancy / from->capacity;
	room->as_of_ms = FIXTURE_NOW_MS - 12000;
	if (geometry)
		copy_points(rows, &room->polygon, from->at, from->n);
}

const struct rows *fixture_rooms(unsigned parts)
{
	struct rows *rows = kind_rows_new(KIND_ROOMS, "hq", "butlr");
	for (size_t i = 0; i < COUNT(rooms) && !(parts & FIXTURE_EMPTY); i++)
		add_room(rows, &rooms[i], !(parts & FIXTURE_NO_GEOMETRY));
	for (size_t i = 0; i < COUNT(odd_rooms) && (parts & FIXTURE_ODD); i++)
		add_room(rows, &odd_rooms[i], true);
	rows_set_hash(rows, kind_hash_rows(rows));
	return rows_seal(rows);
}

const struct rows *fixture_zones(void)
{
	struct rows *rows = kind_rows_new(KIND_ZONES, "hq", "butlr");
	for (size_t i = 0; i < COUNT(zones); i++)
		add_room(rows, &zones[i], true);
	rows_set_hash(rows, kind_hash_rows(rows));
	return rows_seal(rows);
}

const struct rows *fixture_furniture(void)
{
	struct rows *rows = kind_rows_new(KIND_FIXTURES, "hq", "butlr");
	for (size_t i = 0; i < COUNT(things); i++) {
		struct fixture *thing = rows_add(rows);
		thing->id = rows_textf(rows, "t%zu", i);
		thing->floor_id = rows_text(rows, "f1");
		thing->type = rows_text(rows, things[i].type);
		thing->center = things[i].center;
		thing->rotation = things[i].rotation;
		thing->scale = (struct vector3){{things[i].scale, 1, 1}};
	}
	rows_set_hash(rows, kind_hash_rows(rows));
	return rows_seal(rows);
}

const struct rows *fixture_sensors(void)
{
	struct rows *rows = kind_rows_new(KIND_SENSORS, "hq", "butlr");
	for (size_t i = 0; i < COUNT(sensors); i++) {
		const struct fixture_sensor *from = &sensors[i];
		struct sensor *sensor = rows_add(rows);
		sensor->id = rows_text(rows, from->id);
		sensor->address = rows_textf(rows, "00-17-0d-00-00-00-00-%02x", (unsigned)i);
		sensor->name = rows_text(rows, from->name);
		sensor->mode = rows_text(rows, from->mode);
		sensor->status = rows_text(rows, from->status);
		sensor->floor_id = rows_text(rows, "f1");
		sensor->room_id = rows_text(rows, from->room);
		sensor->center = from->center;
		sensor->height = 3;
		sensor->battery_low = (int8_t)from->low;
		sensor->battery_percent = i % 3 == 0 ? NAN : 90 - 3.0 * (double)i;
		sensor->mains = i % 6 == 0;
		bool offline = strcmp(from->status, STATUS_OFFLINE) == 0;
		sensor->last_seen_ms = FIXTURE_NOW_MS - (offline ? 5400000 : 1000 * (int64_t)i);
	}
	rows_set_hash(rows, kind_hash_rows(rows));
	return rows_seal(rows);
}

static void put_places(struct world *world)
{
	struct rows *rows = kind_rows_new(KIND_BUILDINGS, "hq", "butlr");
	struct building *building = rows_add(rows);
	building->id = rows_text(rows, "b1");
	building->name = rows_text(rows, "Main Street 12");
	building->timezone = rows_text(rows, "America/New_York");
	world_put(world, 0, rows_seal(rows));
	rows = kind_rows_new(KIND_FLOORS, "hq", "butlr");
	struct floor_row *floor = rows_add(rows);
	floor->id = rows_text(rows, "f1");
	floor->building_id = rows_text(rows, "b1");
	floor->name = rows_text(rows, "1st floor");
	floor->capacity = 86;
	world_put(world, 0, rows_seal(rows));
}

static void put_counts(struct world *world)
{
	struct rows *rows = kind_rows_new(KIND_OCCUPANCY, "hq", "butlr");
	for (size_t i = 0; i < COUNT(rooms); i++)
		for (int k = 0; k < 24; k++) {
			struct occupancy *row = rows_add(rows);
			row->id = rows_textf(rows, "%s-%d", rooms[i].id, k);
			row->space_id = rows_text(rows, rooms[i].id);
			row->start_ms = FIXTURE_NOW_MS - (24 - k) * INT64_C(1800000);
			row->end_ms = row->start_ms + 1800000;
			row->avg = k == 13 || k == 14 ? NAN : 4 + 4 * sin(k * 0.4 + (double)i);
			row->max = row->avg;
			row->utilization_avg = fmin(row->avg / 10, 1);
		}
	world_put(world, 0, rows_seal(rows));
}

static void put_frames(struct world *world)
{
	struct rows *rows = kind_rows_new(KIND_FRAMES, "hq", "butlr");
	for (size_t i = 0; i < COUNT(sensors); i += 2) {
		struct frame *frame = rows_add(rows);
		frame->id = rows_textf(rows, "frame-%zu", i);
		frame->sensor_id = rows_text(rows, sensors[i].id);
		frame->address = rows_textf(rows, "00-17-0d-00-00-00-00-%02x", (unsigned)i);
		frame->time_ms = FIXTURE_NOW_MS - 500;
		for (int k = 0; k < 64; k++)
			frame->celsius.c[k] = 19.5 + 0.4 * (double)i + k % 8 * 0.1;
	}
	world_put(world, 0, rows_seal(rows));
}

void fixture_people(struct world *world, int64_t time_ms, double moved_m)
{
	struct rows *rows = kind_rows_new(KIND_DETECTIONS, "hq", "butlr");
	for (size_t i = 0; i < COUNT(sensors); i++) {
		struct detection *seen = rows_add(rows);
		struct point at[3];
		for (int k = 0; k < 3; k++)
			at[k] = (struct point){sensors[i].center.x + 1.3 * cos((double)i + k * 2.1) + moved_m,
					       sensors[i].center.y + 1.1 * sin((double)i * 1.7 + k * 2.1) +
						       moved_m / 3};
		seen->id = rows_textf(rows, "%zu@%lld", i, (long long)time_ms);
		seen->sensor_id = rows_text(rows, sensors[i].id);
		seen->address = rows_textf(rows, "00-17-0d-00-00-00-00-%02x", (unsigned)i);
		seen->time_ms = time_ms;
		seen->space = rows_text(rows, "floor");
		copy_points(rows, &seen->points, at, isnan(at[0].x) ? 0 : i % 4);
	}
	world_put(world, 0, rows_seal(rows));
}

struct world *fixture_world(const struct clock *clock, unsigned parts)
{
	struct world *world = world_new(clock);
	world_add_account(world, "hq", VENDOR_BUTLR);
	put_places(world);
	world_put(world, 0, fixture_rooms(parts));
	world_put(world, 0, fixture_zones());
	world_put(world, 0, fixture_furniture());
	world_put(world, 0, fixture_sensors());
	put_counts(world);
	put_frames(world);
	for (int k = 4; k >= 0; k--)
		fixture_people(world, FIXTURE_NOW_MS - k * 600, 0.3 * (4 - k));
	struct feed_light light = {LIGHT_FRESH, FIXTURE_NOW_MS - 2000, MOMENT_NONE, 5000,
				   "",          LIGHT_PUSH_NONE};
	world_set_light(world, 0, &light);
	world_settle_choice(world);
	return world;
}
