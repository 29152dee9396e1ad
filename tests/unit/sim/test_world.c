#include "world_fixture.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static int64_t rect_area(const struct world_rect *r)
{
	return (int64_t)(r->x1_mm - r->x0_mm) * (r->y1_mm - r->y0_mm);
}

/* Twice the signed area: negative for clockwise. */
static int64_t shoelace(const struct world_room *room)
{
	int64_t sum = 0;

	for (int i = 0; i < room->point_count; i++) {
		struct world_point a = room->points[i], b = room->points[(i + 1) % room->point_count];

		sum += (int64_t)a.x_mm * b.y_mm - (int64_t)b.x_mm * a.y_mm;
	}
	return sum;
}

static void test_rooms_tile_each_floor(void **state)
{
	const struct world *world = ((struct fixture *)*state)->world;

	for (int f = 0; f < world->floor_count; f++) {
		const struct world_floor *floor = &world->floors[f];
		int64_t area = 0;

		for (int a = floor->first_room; a < floor->first_room + floor->room_count; a++) {
			const struct world_room *room = &world->rooms[a];
			int64_t own = 0;

			assert_int_equal(room->floor, f);
			for (int i = 0; i < room->rect_count; i++)
				own += rect_area(&room->rects[i]);
			assert_int_equal(shoelace(room), -2 * own);
			assert_true(room->area_m2 * 1e6 > (double)own - 1e4 &&
				    room->area_m2 * 1e6 < (double)own + 1e4);
			area += own;
			for (int b = a + 1; b < floor->first_room + floor->room_count; b++) {
				for (int k = 0; k < room->rect_count * world->rooms[b].rect_count; k++) {
					const struct world_rect *p =
						&room->rects[k / world->rooms[b].rect_count];
					const struct world_rect *q =
						&world->rooms[b].rects[k % world->rooms[b].rect_count];

					assert_true(p->x1_mm <= q->x0_mm || q->x1_mm <= p->x0_mm ||
						    p->y1_mm <= q->y0_mm || q->y1_mm <= p->y0_mm);
				}
			}
		}
		assert_int_equal(area, (int64_t)floor->width_mm * floor->height_mm);
	}
}

static void test_outlines_start_at_the_upper_left_and_some_are_concave(void **state)
{
	const struct world *world = ((struct fixture *)*state)->world;
	int rectangles = 0, with_6 = 0, with_8_or_more = 0;

	for (int r = 0; r < world->room_count; r++) {
		const struct world_room *room = &world->rooms[r];

		for (int i = 1; i < room->point_count; i++) {
			assert_true(room->points[i].y_mm <= room->points[0].y_mm);
			assert_true(room->points[i].y_mm < room->points[0].y_mm ||
				    room->points[i].x_mm > room->points[0].x_mm);
		}
		rectangles += room->point_count == 4;
		with_6 += room->point_count == 6;
		with_8_or_more += room->point_count >= 8;
	}
	assert_true(rectangles > 30);
	assert_true(with_6 >= 5);
	assert_true(with_8_or_more >= 4);
}

static void test_size_of_the_base_world(void **state)
{
	const struct world *world = ((struct fixture *)*state)->world;

	assert_int_equal(world->building_count, 2);
	assert_int_equal(world->floor_count, 5);
	assert_in_range(world->room_count, 55, 70);
	assert_int_equal(world->sensor_count, 120);
	assert_true(world->zone_count >= 10);
	assert_true(world->hive_count >= 5);
	assert_true(world->person_count >= 100);
	assert_string_not_equal(world->buildings[0].zone, world->buildings[1].zone);
}

static void test_every_fixture_type(void **state)
{
	static const char *const types[] = {"wall",   "chair", "door",       "table",
					    "sofa",   "box",   "roundtable", "sink",
					    "toilet", "bed",   "desk",       "placeholdersensor"};
	const struct world *world = ((struct fixture *)*state)->world;

	for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
		int count = 0;

		for (int i = 0; i < world->fixture_count; i++)
			count += strcmp(world->fixtures[i].type, types[t]) == 0;
		assert_true(count > 0);
	}
	for (int i = 0; i < world->fixture_count; i++) {
		const struct world_fixture *fixture = &world->fixtures[i];

		assert_int_equal(world->rooms[fixture->room].floor, fixture->floor);
		assert_true(world_room_contains(&world->rooms[fixture->room], fixture->center));
	}
}

static void test_doors_lie_between_their_rooms(void **state)
{
	const struct world *world = ((struct fixture *)*state)->world;
	int entrances = 0;

	for (int i = 0; i < world->door_count; i++) {
		const struct world_door *door = &world->doors[i];

		assert_true(world_room_contains(&world->rooms[door->room_in], door->center));
		if (door->room_out < 0)
			entrances++;
		else
			assert_true(world_room_contains(&world->rooms[door->room_out], door->center));
	}
	assert_int_equal(entrances, world->building_count);
}

static void check_id(const struct world *world, const char *id, const char *prefix, enum world_kind kind,
		     int index)
{
	struct world_ref found = sim_world_find(world, id);
	size_t length = strlen(prefix);

	assert_int_equal(strncmp(id, prefix, length), 0);
	assert_int_equal(strlen(id), length + 27);
	for (const char *c = id + length; *c; c++)
		assert_true(isalnum((unsigned char)*c));
	/* an id that came twice would find the later thing */
	assert_int_equal(found.kind, kind);
	assert_int_equal(found.index, index);
}

static void check_ids(const struct world *world)
{
	check_id(world, world->site.id, "site_", WORLD_SITE, 0);
	for (int i = 0; i < world->building_count; i++)
		check_id(world, world->buildings[i].id, "building_", WORLD_BUILDING, i);
	for (int i = 0; i < world->floor_count; i++)
		check_id(world, world->floors[i].id, "space_", WORLD_FLOOR, i);
	for (int i = 0; i < world->room_count; i++)
		check_id(world, world->rooms[i].id, "room_", WORLD_ROOM, i);
	for (int i = 0; i < world->zone_count; i++)
		check_id(world, world->zones[i].id, "zone_", WORLD_ZONE, i);
	for (int i = 0; i < world->fixture_count; i++)
		check_id(world, world->fixtures[i].id, "fixture_", WORLD_FIXTURE, i);
	for (int i = 0; i < world->sensor_count; i++) {
		check_id(world, world->sensors[i].id, "sensor_", WORLD_SENSOR, i);
		assert_int_equal(world_find_sensor_by_mac(world, world->sensors[i].mac), i);
	}
	for (int i = 0; i < world->hive_count; i++) {
		check_id(world, world->hives[i].id, "hive_", WORLD_HIVE, i);
		assert_int_equal(world_find_hive_by_serial(world, world->hives[i].serial), i);
	}
	for (int i = 0; i < world->tag_count; i++)
		check_id(world, world->tags[i].id, "tag_", WORLD_TAG, i);
}

static void test_ids_are_unique_and_found(void **state)
{
	const struct world *world = ((struct fixture *)*state)->world;

	check_ids(world);
	assert_int_equal(sim_world_find(world, "room_nowhere").kind, WORLD_NOTHING);
	assert_int_equal(sim_world_find(world, "").kind, WORLD_NOTHING);
	assert_int_equal(world_find_custom(world, "LIS-01").kind, WORLD_BUILDING);
	assert_int_equal(world_find_custom(world, "LIS-01").index, 1);
	assert_int_equal(world_find_custom(world, "").kind, WORLD_NOTHING);
	assert_int_equal(world_find_hive_by_serial(world, "none"), -1);
}

static void test_macs_are_found_in_any_spelling(void **state)
{
	const struct world *world = ((struct fixture *)*state)->world;
	char colons[32];

	snprintf(colons, sizeof(colons), "%s", world->sensors[3].mac);
	for (char *c = colons; *c; c++)
		*c = *c == '-' ? ':' : (char)toupper((unsigned char)*c);
	assert_int_equal(world_find_sensor_by_mac(world, colons), 3);
	assert_int_equal(world_find_sensor_by_mac(world, "00-00"), -1);
}

static void test_sensors_hang_where_they_belong(void **state)
{
	const struct world *world = ((struct fixture *)*state)->world;
	int traffic = 0, repeaters = 0, placeholders = 0, entrances = 0, covered = 0;

	for (int i = 0; i < world->sensor_count; i++) {
		const struct world_sensor *sensor = &world->sensors[i];

		assert_int_equal(world->hives[sensor->hive].floor, sensor->floor);
		assert_false(world->hives[sensor->hive].placeholder);
		traffic += sensor->mode == WORLD_TRAFFIC;
		repeaters += sensor->mode == WORLD_REPEATER;
		placeholders += sensor->placeholder;
		entrances += sensor->entrance;
		if (sensor->placeholder)
			assert_true(strncmp(sensor->mac, "mi-rr-or", 8) == 0 ||
				    strncmp(sensor->mac, "fa-ke", 5) == 0);
		else
			assert_int_equal(strncmp(sensor->mac, "00-17-0d", 8), 0);
		assert_int_equal(strlen(sensor->mac), 23);
		assert_int_equal(sensor->mode == WORLD_TRAFFIC, sensor->door >= 0);
		if (sensor->room >= 0)
			assert_true(world_room_contains(&world->rooms[sensor->room], sensor->center));
	}
	for (int r = 0; r < world->room_count; r++) {
		bool found = false;

		for (int i = 0; i < world->sensor_count; i++)
			found |= world->sensors[i].room == r;
		covered += found;
	}
	assert_true(traffic >= 8);
	assert_int_equal(repeaters, 5);
	assert_int_equal(placeholders, 4);
	assert_int_equal(entrances, 2);
	assert_true(covered >= 48);
}

static void test_hives_count_their_sensors(void **state)
{
	const struct world *world = ((struct fixture *)*state)->world;
	int placeholders = 0;

	for (int h = 0; h < world->hive_count; h++) {
		int count = 0;

		for (int i = 0; i < world->sensor_count; i++)
			count += world->sensors[i].hive == h;
		assert_int_equal(world->hives[h].sensor_count, count);
		placeholders += world->hives[h].placeholder;
	}
	assert_int_equal(placeholders, 1);
}

static void test_names_go_beyond_ascii(void **state)
{
	const struct world *world = ((struct fixture *)*state)->world;
	bool accent = false, cjk = false, nameless = false, without_capacity = false;

	for (int i = 0; i < world->room_count; i++) {
		accent |= strstr(world->rooms[i].name, "\xC3\xA3") != NULL;  /* ã */
		cjk |= strstr(world->rooms[i].name, "\xE6\xA1\x9C") != NULL; /* 桜 */
		without_capacity |= world->rooms[i].capacity == 0 && !world->rooms[i].corridor;
	}
	for (int i = 0; i < world->sensor_count; i++)
		nameless |= world->sensors[i].name[0] == 0;
	assert_true(accent && cjk && nameless && without_capacity);
}

static void test_seeds_make_worlds(void **state)
{
	const struct world *world = ((struct fixture *)*state)->world;
	struct world *same = sim_world_new(&(struct world_options){.seed = 7});
	struct world *other = sim_world_new(&(struct world_options){.seed = 8});
	int differ = 0;

	assert_non_null(same);
	assert_non_null(other);
	assert_int_equal(same->sensor_count, world->sensor_count);
	for (int i = 0; i < world->sensor_count; i++) {
		assert_string_equal(same->sensors[i].id, world->sensors[i].id);
		assert_string_equal(same->sensors[i].mac, world->sensors[i].mac);
		assert_int_equal(same->sensors[i].center.x_mm, world->sensors[i].center.x_mm);
		differ += strcmp(other->sensors[i].id, world->sensors[i].id) != 0;
	}
	assert_int_equal(differ, world->sensor_count);
	sim_world_free(same);
	sim_world_free(other);
}

static void test_large_worlds(void **state)
{
	struct world *sensors = sim_world_new(&(struct world_options){.seed = 7, .sensors = 10000});
	struct world *doors = sim_world_new(&(struct world_options){.seed = 7, .doors = 1000});
	struct world *few = sim_world_new(&(struct world_options){.seed = 7, .sensors = 3});

	(void)state;
	assert_non_null(sensors);
	assert_non_null(doors);
	assert_non_null(few);
	assert_int_equal(sensors->sensor_count, 10000);
	check_ids(sensors);
	assert_true(doors->door_count >= 1000 && doors->door_count < 1400);
	assert_int_equal(doors->sensor_count, 120);
	assert_int_equal(few->sensor_count, 3);
	sim_world_free(sensors);
	sim_world_free(doors);
	sim_world_free(few);
}

static void test_options_out_of_range(void **state)
{
	(void)state;
	assert_null(sim_world_new(&(struct world_options){.sensors = -1}));
	assert_null(sim_world_new(&(struct world_options){.sensors = WORLD_SENSORS_MAX + 1}));
	assert_null(sim_world_new(&(struct world_options){.doors = WORLD_DOORS_MAX + 1}));
	assert_null(sim_world_new(&(struct world_options){.frames_per_second = 9}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rooms_tile_each_floor),
		cmocka_unit_test(test_outlines_start_at_the_upper_left_and_some_are_concave),
		cmocka_unit_test(test_size_of_the_base_world),
		cmocka_unit_test(test_every_fixture_type),
		cmocka_unit_test(test_doors_lie_between_their_rooms),
		cmocka_unit_test(test_ids_are_unique_and_found),
		cmocka_unit_test(test_macs_are_found_in_any_spelling),
		cmocka_unit_test(test_sensors_hang_where_they_belong),
		cmocka_unit_test(test_hives_count_their_sensors),
		cmocka_unit_test(test_names_go_beyond_ascii),
		cmocka_unit_test(test_seeds_make_worlds),
		cmocka_unit_test(test_large_worlds),
		cmocka_unit_test(test_options_out_of_range),
	};

	return cmocka_run_group_tests_name("world", tests, fixture_up, fixture_down);
}
