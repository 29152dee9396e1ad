#include "sim/world_view.h"

#include "base/rng.h"

#include <string.h>

/* What the sensors see: people, and the warmth of people and rooms. */

#define PPM 1000000
#define CROWD_MAX 512
#define BODY_RADIUS_MM 350 /* beyond it the warmth of a body fades quickly */
#define NEAR_PERCENT 55    /* no cell beside a body's own is warmer than this part of its peak */
#define NOISE_CENTI_C 15
#define SUN_REACH_MM 1500
#define RADIATOR_REACH_MM 900

/* --- geometry -------------------------------------------------------------------------------------------- */

/* Cosine in millionths, for multiples of 15 degrees. */
static int64_t cosine_ppm(int deg)
{
	static const int32_t quarter[] = {1000000, 965926, 866025, 707107, 500000, 258819, 0};
	int step = ((deg % 360 + 360) % 360) / 15;

	if (step > 12)
		step = 24 - step;
	return step <= 6 ? quarter[step] : -quarter[12 - step];
}

static int64_t sine_ppm(int deg) { return cosine_ppm(deg - 90); }

static int64_t floor_div(int64_t a, int64_t b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

/* As world_to_local, also for points outside the view. */
static void turn_to_local(const struct world_sensor *sensor, struct world_point at, int local[2])
{
	int64_t c = cosine_ppm(sensor->orientation_deg[0]), s = sine_ppm(sensor->orientation_deg[0]);
	int64_t dx = at.x_mm - sensor->center.x_mm, dy = at.y_mm - sensor->center.y_mm;
	int64_t side = (int64_t)sensor->footprint_mm * (PPM / 10000);

	local[0] = (int)(5000 + floor_div(dx * c + dy * s, side));
	local[1] = (int)(5000 - floor_div(dy * c - dx * s, side) - 1);
}

bool world_to_local(const struct world_sensor *sensor, struct world_point at, int local_x10000[2])
{
	turn_to_local(sensor, at, local_x10000);
	return local_x10000[0] >= 0 && local_x10000[0] < 10000 && local_x10000[1] >= 0 &&
	       local_x10000[1] < 10000;
}

struct world_point world_to_world(const struct world_sensor *sensor, const int local_x10000[2])
{
	int64_t c = cosine_ppm(sensor->orientation_deg[0]), s = sine_ppm(sensor->orientation_deg[0]);
	int64_t dx = (int64_t)(local_x10000[0] - 5000) * sensor->footprint_mm;
	int64_t dy = (int64_t)(5000 - local_x10000[1]) * sensor->footprint_mm;
	int64_t unit = (int64_t)PPM * 10000;

	return (struct world_point){
		.x_mm = sensor->center.x_mm + (int32_t)floor_div(dx * c - dy * s + unit / 2, unit),
		.y_mm = sensor->center.y_mm + (int32_t)floor_div(dx * s + dy * c + unit / 2, unit),
	};
}

/* Walls stop warmth: a sensor sees its own room, and through the door that it watches. */
static bool sees_room(const struct world *world, const struct world_sensor *sensor, int room)
{
	if (sensor->mode == WORLD_REPEATER || sensor->placeholder)
		return false;
	if (room == sensor->room)
		return true;
	return sensor->door >= 0 &&
	       (world->doors[sensor->door].room_in == room || world->doors[sensor->door].room_out == room);
}

/* --- people in view -------------------------------------------------------------------------------------- */

size_t world_view_detections(struct world_view *view, int sensor_index, int64_t t_ms,
			     struct world_detection out[WORLD_DETECTIONS_MAX])
{
	const struct world_sensor *sensor = &view->world->sensors[sensor_index];
	struct world_presence people[CROWD_MAX];
	size_t count = world_view_people(view, sensor->floor, t_ms, people, CROWD_MAX), found = 0;

	for (size_t i = 0; i < count && i < CROWD_MAX && found < WORLD_DETECTIONS_MAX; i++) {
		struct world_detection seen = {.person = people[i].person, .at = people[i].at};

		if (!sees_room(view->world, sensor, people[i].room) ||
		    !world_to_local(sensor, people[i].at, seen.local_x10000))
			continue;
		out[found++] = seen;
	}
	return found;
}

/* --- rooms ----------------------------------------------------------------------------------------------- */

/* Hundredths of a degree against the room's mean over a day, straight between the knots. */
static int day_course(int minute)
{
	static const struct {
		int minute, centi_c;
	} knots[] = {{0, -60}, {360, -90}, {540, -10}, {900, 50}, {1080, 40}, {1260, -20}, {1560, -60}};
	size_t i = 0;

	while (i + 2 < G_N_ELEMENTS(knots) && minute >= knots[i + 1].minute)
		i++;
	return knots[i].centi_c + (knots[i + 1].centi_c - knots[i].centi_c) * (minute - knots[i].minute) /
					  (knots[i + 1].minute - knots[i].minute);
}

/* How much warmer or colder a whole day is; weekends are not heated. */
static int day_offset(const struct world *world, int building, int number)
{
	int weekday = (number + 4) % 7;

	return world_pick(world_hash(world, SALT_AIR, (uint64_t)building, (uint64_t)number), 50) - 25 -
	       (weekday == 0 || weekday == 6 ? 80 : 0);
}

static int minute_of(struct world_day day, int64_t t_ms) { return (int)((t_ms - day.start_ms) / 60000); }

/* Warmth of those who were there in the last half hour of the day. */
static int crowd_warmth(struct world_view *view, int room, struct world_day day, int64_t t_ms)
{
	int people = 0, places = (int)(view->world->rooms[room].area_m2 / 4.0) + 1, warmth;

	for (int64_t back_ms = 0; back_ms <= 1500000; back_ms += 300000) {
		int64_t then_ms = t_ms - back_ms > day.start_ms ? t_ms - back_ms : day.start_ms;

		people += world_view_count(view, (struct world_ref){WORLD_ROOM, room}, then_ms);
	}
	warmth = people * 100 / (6 * places);
	return warmth < 140 ? warmth : 140;
}

int world_view_air_centi_c(struct world_view *view, int room, int64_t t_ms)
{
	const struct world *world = view->world;
	int building = world->floors[world->rooms[room].floor].building;
	struct world_day day = world_view_day(view, building, t_ms);
	int base = 2140 + world_pick(world_hash(world, SALT_AIR, (uint64_t)room, UINT64_MAX), 120);
	int64_t into = t_ms - day.start_ms, span = day.end_ms - day.start_ms;
	int today = day_offset(world, building, day.number),
	    tomorrow = day_offset(world, building, day.number + 1);

	return base + day_course(minute_of(day, t_ms)) + today + (int)((tomorrow - today) * into / span) +
	       crowd_warmth(view, room, day, t_ms);
}

/* --- the frame ------------------------------------------------------------------------------------------- */

struct scene {
	const struct world *world;
	const struct world_sensor *sensor;
	const struct world_floor *floor;
	bool south; /* the room has a wall to the sun */
	bool north; /* and one with radiators */
	int sun, radiator, air;
};

static void light(struct scene *scene, struct world_day day, int64_t t_ms)
{
	int minute = minute_of(day, t_ms), from_noon = minute - 780, season = day.number % 365;
	int clear = 30 + world_pick(world_hash(scene->world, SALT_SUN, (uint64_t)scene->floor->building,
					       (uint64_t)day.number),
				    71);

	if (from_noon > -240 && from_noon < 240)
		scene->sun = (160 - 160 * from_noon * from_noon / 57600) * clear / 100;
	if ((season < 110 || season > 275) && minute > 360 && minute < 1200)
		scene->radiator = 70;
}

/* Sun on the floor along the south wall, radiators along the north wall. */
static int wall_warmth(const struct scene *scene, struct world_point at)
{
	int32_t from_north_mm = scene->floor->height_mm - at.y_mm;
	int warmth = 0;

	if (scene->south && at.y_mm >= 0 && at.y_mm < SUN_REACH_MM)
		warmth += scene->sun * (SUN_REACH_MM - at.y_mm) / SUN_REACH_MM;
	if (scene->north && from_north_mm >= 0 && from_north_mm < RADIATOR_REACH_MM)
		warmth += scene->radiator * (RADIATOR_REACH_MM - from_north_mm) / RADIATOR_REACH_MM;
	return warmth;
}

static void ambient(const struct scene *scene, int64_t t_ms, struct world_frame *out)
{
	uint64_t number = (uint64_t)(scene->sensor - scene->world->sensors);

	for (int row = 0; row < WORLD_SIDE; row++) {
		/* one byte a pixel */
		uint64_t still = world_hash(scene->world, SALT_PIXEL, number, (uint64_t)row);
		uint64_t noise = world_hash(scene->world, SALT_NOISE, number * WORLD_SIDE + (uint64_t)row,
					    (uint64_t)t_ms);

		for (int column = 0; column < WORLD_SIDE; column++) {
			int local[2] = {column * 1250 + 625, row * 1250 + 625};
			int warmth = scene->air + wall_warmth(scene, world_to_world(scene->sensor, local));

			warmth += (int)(still >> (8 * column) & 255) * 71 / 256 - 35;
			warmth += (int)(noise >> (8 * column) & 255) * (2 * NOISE_CENTI_C + 1) / 256 -
				  NOISE_CENTI_C;
			out->centi_c[row][column] = (int16_t)warmth;
		}
	}
}

/* The warmth at a distance from a body, in percent of its peak: 1 / (1 + (d/r)²)², in whole numbers. */
static int fading(int64_t d2_mm2)
{
	int64_t r2 = (int64_t)BODY_RADIUS_MM * BODY_RADIUS_MM, sum = r2 + d2_mm2;
	int percent = (int)(100 * r2 / sum * r2 / sum);

	return percent < NEAR_PERCENT ? percent : NEAR_PERCENT;
}

/* Adds one body: its own cell gets the peak, the others what reaches them. The warmest body wins a cell, so
 * that between two people there is no third. */
static void add_body(const struct scene *scene, const struct world_presence *who,
		     int16_t warmth[WORLD_SIDE][WORLD_SIDE])
{
	int local[2];
	uint64_t hash = world_hash(scene->world, SALT_BODY, (uint64_t)who->person, 0);
	int peak = (640 + world_pick(hash, 240)) * 3400 / scene->sensor->height_mm;

	turn_to_local(scene->sensor, who->at, local);
	if (local[0] < -1500 || local[0] > 11500 || local[1] < -1500 || local[1] > 11500)
		return;
	for (int row = 0; row < WORLD_SIDE; row++) {
		for (int column = 0; column < WORLD_SIDE; column++) {
			bool own = floor_div(local[0], 1250) == column && floor_div(local[1], 1250) == row;
			int64_t dx = (int64_t)(local[0] - column * 1250 - 625) * scene->sensor->footprint_mm /
				     10000;
			int64_t dy = (int64_t)(local[1] - row * 1250 - 625) * scene->sensor->footprint_mm /
				     10000;
			int here = own ? peak : peak * fading(dx * dx + dy * dy) / 100;

			if (here > warmth[row][column])
				warmth[row][column] = (int16_t)here;
		}
	}
}

void world_view_frame(struct world_view *view, int sensor_index, int64_t t_ms, struct world_frame *out)
{
	const struct world *world = view->world;
	const struct world_sensor *sensor = &world->sensors[sensor_index];
	struct scene scene = {.world = world, .sensor = sensor, .floor = &world->floors[sensor->floor]};
	int room = sensor->room >= 0 ? sensor->room : scene.floor->first_room;
	int16_t warmth[WORLD_SIDE][WORLD_SIDE] = {{0}};
	struct world_presence people[CROWD_MAX];
	size_t count = world_view_people(view, sensor->floor, t_ms, people, CROWD_MAX);

	for (int i = 0; i < world->rooms[room].rect_count; i++) {
		scene.south |= world->rooms[room].rects[i].y0_mm == 0;
		scene.north |= world->rooms[room].rects[i].y1_mm == scene.floor->height_mm;
	}
	light(&scene, world_view_day(view, scene.floor->building, t_ms), t_ms);
	scene.air = world_view_air_centi_c(view, room, t_ms);
	ambient(&scene, t_ms, out);
	for (size_t i = 0; i < count && i < CROWD_MAX; i++) {
		if (sees_room(world, sensor, people[i].room))
			add_body(&scene, &people[i], warmth);
	}
	for (int row = 0; row < WORLD_SIDE; row++) {
		for (int column = 0; column < WORLD_SIDE; column++)
			out->centi_c[row][column] = (int16_t)(out->centi_c[row][column] + warmth[row][column]);
	}
}
