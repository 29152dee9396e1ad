#include "world_fixture.h"

#include <stdio.h>
#include <string.h>

#define PEOPLE_MAX 512

static int64_t square(int64_t x) { return x * x; }

static int64_t distance2(struct world_point a, struct world_point b)
{
	return square(a.x_mm - b.x_mm) + square(a.y_mm - b.y_mm);
}

static int count_at(struct fixture *f, enum world_kind kind, int index, int64_t t_ms)
{
	return world_view_count(f->view, place_of(kind, index), t_ms);
}

static void test_everybody_is_in_one_place(void **state)
{
	struct fixture *f = *state;
	const struct world *world = f->world;

	for (int64_t t_ms = WEDNESDAY; t_ms < WEDNESDAY + DAY; t_ms += 7 * MINUTE + 13 * SECOND) {
		int per_room[128] = {0};

		for (int b = 0; b < world->building_count; b++) {
			const struct world_building *building = &world->buildings[b];
			int in_building = 0;

			for (int k = building->first_floor; k < building->first_floor + building->floor_count;
			     k++) {
				struct world_presence people[PEOPLE_MAX];
				size_t count = world_view_people(f->view, k, t_ms, people, PEOPLE_MAX);

				assert_true(count <= PEOPLE_MAX);
				for (size_t i = 0; i < count; i++) {
					struct world_presence alone;

					assert_true(i == 0 || people[i].person > people[i - 1].person);
					assert_int_equal(world->rooms[people[i].room].floor, k);
					assert_true(world_room_contains(&world->rooms[people[i].room],
									people[i].at));
					assert_true(
						world_view_person(f->view, people[i].person, t_ms, &alone));
					assert_int_equal(alone.room, people[i].room);
					per_room[people[i].room]++;
				}
				assert_int_equal(count_at(f, WORLD_FLOOR, k, t_ms), count);
				in_building += (int)count;
			}
			assert_int_equal(count_at(f, WORLD_BUILDING, b, t_ms), in_building);
		}
		for (int r = 0; r < world->room_count; r++)
			assert_int_equal(count_at(f, WORLD_ROOM, r, t_ms), per_room[r]);
	}
}

static void test_zones_hold_who_stands_in_them(void **state)
{
	struct fixture *f = *state;
	int seen = 0;

	for (int64_t t_ms = WEDNESDAY + 12 * HOUR; t_ms < WEDNESDAY + 22 * HOUR; t_ms += 11 * MINUTE) {
		for (int z = 0; z < f->world->zone_count; z++) {
			const struct world_zone *zone = &f->world->zones[z];
			struct world_presence people[PEOPLE_MAX];
			size_t count = world_view_people(f->view, zone->floor, t_ms, people, PEOPLE_MAX);
			int least = 0, most = 0, told = count_at(f, WORLD_ZONE, z, t_ms);

			for (size_t i = 0; i < count; i++) {
				const int32_t margin = 90; /* people at rest drift by less */
				const struct world_rect *r = &zone->rect;
				struct world_point at = people[i].at;

				if (zone->room >= 0 && people[i].room != zone->room)
					continue;
				least += at.x_mm > r->x0_mm + margin && at.x_mm < r->x1_mm - margin &&
					 at.y_mm > r->y0_mm + margin && at.y_mm < r->y1_mm - margin;
				most += at.x_mm > r->x0_mm - margin && at.x_mm < r->x1_mm + margin &&
					at.y_mm > r->y0_mm - margin && at.y_mm < r->y1_mm + margin;
			}
			assert_in_range(told, least, most);
			seen += told;
		}
	}
	assert_true(seen > 100);
}

/* Is the person at an entrance door, or on the way through it within this second? */
static bool near_entrance(const struct world *world, struct world_presence who)
{
	const struct world_building *building = &world->buildings[world->people[who.person].building];
	const struct world_door *door = &world->doors[building->entrance_door];

	return world->rooms[who.room].floor == door->floor && distance2(who.at, door->center) <= square(1600);
}

static void check_step(const struct world *world, bool before_in, struct world_presence before, bool after_in,
		       struct world_presence after)
{
	const struct world_room *from = before_in ? &world->rooms[before.room] : NULL;
	const struct world_room *to = after_in ? &world->rooms[after.room] : NULL;

	if (before_in && !after_in)
		assert_true(near_entrance(world, before));
	if (!before_in && after_in)
		assert_true(near_entrance(world, after));
	if (!before_in || !after_in)
		return;
	assert_true(distance2(before.at, after.at) <= square(3000));
	if (from->floor == to->floor)
		return;
	assert_string_equal(from->type, "elevator");
	assert_string_equal(to->type, "elevator");
}

static void walk_through(struct fixture *f, int64_t from_ms, int64_t to_ms)
{
	for (int person = 0; person < f->world->person_count; person++) {
		struct world_presence before = {.person = person}, after = {.person = person};
		bool before_in = world_view_person(f->view, person, from_ms, &before);

		for (int64_t t_ms = from_ms + SECOND; t_ms <= to_ms; t_ms += SECOND) {
			bool after_in = world_view_person(f->view, person, t_ms, &after);

			check_step(f->world, before_in, before, after_in, after);
			before = after;
			before_in = after_in;
		}
	}
}

static void test_nobody_jumps(void **state)
{
	walk_through(*state, WEDNESDAY_1040_NY - 3 * HOUR, WEDNESDAY_1040_NY + 3 * HOUR);
}

static void test_nobody_jumps_at_midnight_or_when_clocks_change(void **state)
{
	const int64_t midnight_ny = WEDNESDAY + 5 * HOUR;
	const int64_t clocks_ny = INT64_C(1772953200000); /* 2026-03-08T07:00Z: 02:00 there */

	walk_through(*state, midnight_ny - 20 * MINUTE, midnight_ny + 20 * MINUTE);
	walk_through(*state, WEDNESDAY - 20 * MINUTE, WEDNESDAY + 20 * MINUTE); /* in Lisbon */
	walk_through(*state, clocks_ny - 3 * HOUR, clocks_ny + 1 * HOUR);
}

static void test_days_follow_the_building(void **state)
{
	struct fixture *f = *state;
	struct world_day ny = world_view_day(f->view, 0, WEDNESDAY + 6 * HOUR);
	struct world_day lisbon = world_view_day(f->view, 1, WEDNESDAY + 6 * HOUR);
	struct world_day spring = world_view_day(f->view, 0, INT64_C(1772982000000));    /* 2026-03-08 */
	struct world_day christmas = world_view_day(f->view, 1, INT64_C(1798200000000)); /* 2026-12-25 */

	assert_int_equal(ny.start_ms, WEDNESDAY + 5 * HOUR);
	assert_int_equal(lisbon.start_ms, WEDNESDAY);
	assert_int_equal(ny.weekday, 3);
	assert_int_equal(ny.number, WEDNESDAY / DAY);
	assert_false(ny.holiday);
	assert_int_equal(ny.end_ms - ny.start_ms, DAY);
	assert_int_equal(spring.end_ms - spring.start_ms, 23 * HOUR);
	assert_true(christmas.holiday);
}

static void test_crossings_explain_the_counts(void **state)
{
	struct fixture *f = *state;
	const int64_t from_ms = WEDNESDAY + 2 * HOUR, to_ms = WEDNESDAY + 30 * HOUR;

	for (int b = 0; b < f->world->building_count; b++) {
		int door = f->world->buildings[b].entrance_door, balance = 0;
		struct world_crossing crossings[2000];
		size_t count = world_view_crossings(f->view, -1, door, from_ms, to_ms, crossings, 2000);

		assert_in_range(count, 50, 2000);
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(crossings[i].door, door);
			assert_true(i == 0 || crossings[i].t_ms >= crossings[i - 1].t_ms);
			assert_true(crossings[i].t_ms >= from_ms && crossings[i].t_ms < to_ms);
			balance += crossings[i].in ? 1 : -1;
			assert_int_equal(balance, count_at(f, WORLD_BUILDING, b, crossings[i].t_ms) -
							  count_at(f, WORLD_BUILDING, b, from_ms - 1));
		}
		assert_int_equal(balance, count_at(f, WORLD_BUILDING, b, to_ms - 1) -
						  count_at(f, WORLD_BUILDING, b, from_ms - 1));
	}
}

/* A room with one door fills and empties through it. */
static void test_crossings_of_an_inner_door(void **state)
{
	struct fixture *f = *state;
	int checked = 0;

	for (int d = 0; d < f->world->door_count; d++) {
		const struct world_door *door = &f->world->doors[d];
		struct world_crossing crossings[2000];
		int others = 0, balance = 0;
		size_t count;

		for (int k = 0; k < f->world->door_count; k++)
			others += k != d && (f->world->doors[k].room_in == door->room_in ||
					     f->world->doors[k].room_out == door->room_in);
		if (others > 0 || strcmp(f->world->rooms[door->room_in].type, "elevator") == 0)
			continue;
		count = world_view_crossings(f->view, -1, d, WEDNESDAY, WEDNESDAY + DAY, crossings, 2000);
		assert_true(count <= 2000);
		for (size_t i = 0; i < count; i++)
			balance += crossings[i].in ? 1 : -1;
		assert_int_equal(balance, count_at(f, WORLD_ROOM, door->room_in, WEDNESDAY + DAY - 1) -
						  count_at(f, WORLD_ROOM, door->room_in, WEDNESDAY - 1));
		checked++;
	}
	assert_true(checked > 30);
}

static void test_series_are_the_counts(void **state)
{
	struct fixture *f = *state;
	int counts[1500];

	for (int r = 0; r < f->world->room_count; r += 5) {
		struct world_ref place = place_of(WORLD_ROOM, r);
		const int64_t from_ms = WEDNESDAY + 20 * HOUR; /* over both midnights */
		struct world_stats stats;
		int64_t sum = 0;
		int max = 0;

		world_view_counts(f->view, place, from_ms, 57 * SECOND, counts, 1500);
		for (int i = 0; i < 1500; i++) {
			assert_int_equal(counts[i],
					 world_view_count(f->view, place, from_ms + i * 57 * SECOND));
			sum += counts[i];
			max = counts[i] > max ? counts[i] : max;
		}
		stats = world_view_stats(f->view, place, from_ms, from_ms + 1500 * 57 * SECOND, 57 * SECOND);
		assert_int_equal(stats.count, 1500);
		assert_int_equal(stats.sum, sum);
		assert_int_equal(stats.max, max);
		assert_int_equal(stats.first, counts[0]);
		assert_int_equal(stats.last, counts[1499]);
		assert_true(stats.mean > (double)sum / 1500 - 0.0001 &&
			    stats.mean < (double)sum / 1500 + 0.0001);
		assert_true(stats.median >= stats.min && stats.median <= stats.max);
	}
}

static void test_stats_of_an_empty_range(void **state)
{
	struct fixture *f = *state;
	struct world_stats stats = world_view_stats(f->view, place_of(WORLD_FLOOR, 0), WEDNESDAY, WEDNESDAY,
						    MINUTE);

	assert_int_equal(stats.count, 0);
	assert_int_equal(world_view_count(f->view, place_of(WORLD_SENSOR, 0), WEDNESDAY), 0);
}

static void test_deviation_of_the_counts(void **state)
{
	struct fixture *f = *state;
	struct world_ref place = place_of(WORLD_BUILDING, 0);
	struct world_stats stats = world_view_stats(f->view, place, WEDNESDAY, WEDNESDAY + DAY, 10 * MINUTE);
	double variance = 0;
	int counts[144];

	world_view_counts(f->view, place, WEDNESDAY, 10 * MINUTE, counts, 144);
	for (int i = 0; i < 144; i++)
		variance += (counts[i] - stats.mean) * (counts[i] - stats.mean) / 144;
	assert_true(stats.stddev > 1);
	assert_true(stats.stddev * stats.stddev > variance * 0.999 &&
		    stats.stddev * stats.stddev < variance * 1.001);
}

static void test_presence_time(void **state)
{
	struct fixture *f = *state;

	for (int r = 0; r < f->world->room_count; r += 7) {
		struct world_ref place = place_of(WORLD_ROOM, r);
		int64_t told_ms = world_view_presence_ms(f->view, place, WEDNESDAY, WEDNESDAY + 2 * DAY),
			sampled_ms = 0;

		for (int64_t t_ms = WEDNESDAY; t_ms < WEDNESDAY + 2 * DAY; t_ms += 5 * SECOND)
			sampled_ms += world_view_count(f->view, place, t_ms) > 0 ? 5 * SECOND : 0;
		assert_true(told_ms >= sampled_ms * 95 / 100 - 5 * MINUTE &&
			    told_ms <= sampled_ms * 105 / 100 + 5 * MINUTE);
	}
}

static void test_answers_do_not_depend_on_what_was_asked(void **state)
{
	struct fixture *f = *state;
	struct world_view *tight = world_view_new(f->world, 2);

	for (int i = 0; i < 60; i++) {
		int64_t t_ms = WEDNESDAY + (i * 37 % 60) * 5 * HOUR;
		int floor = i % f->world->floor_count;
		struct world_presence a[PEOPLE_MAX], b[PEOPLE_MAX];
		size_t n = world_view_people(f->view, floor, t_ms, a, PEOPLE_MAX);

		assert_int_equal(world_view_people(tight, floor, t_ms, b, PEOPLE_MAX), n);
		for (size_t k = 0; k < n; k++) {
			assert_int_equal(a[k].person, b[k].person);
			assert_int_equal(a[k].at.x_mm, b[k].at.x_mm);
			assert_int_equal(a[k].at.y_mm, b[k].at.y_mm);
		}
		assert_int_equal(world_view_people(tight, floor, t_ms, b, 1), n);
	}
	world_view_free(tight);
}

/* People at desks in per cent of the desks, in all desk rooms of a building. */
static int fullness(struct fixture *f, int building, int64_t t_ms)
{
	const struct world_building *b = &f->world->buildings[building];
	int people = 0, desks = 0;

	for (int r = b->first_room; r < b->first_room + b->room_count; r++) {
		const struct world_room *room = &f->world->rooms[r];

		if ((strcmp(room->type, "hotdesk") != 0 && strcmp(room->type, "office") != 0) ||
		    room->capacity == 0)
			continue;
		people += count_at(f, WORLD_ROOM, r, t_ms);
		desks += room->capacity;
	}
	return people * 100 / desks;
}

static int people_in(struct fixture *f, int building, const char *type, int64_t t_ms)
{
	const struct world_building *b = &f->world->buildings[building];
	int people = 0;

	for (int r = b->first_room; r < b->first_room + b->room_count; r++) {
		if (strncmp(f->world->rooms[r].type, type, strlen(type)) == 0)
			people += count_at(f, WORLD_ROOM, r, t_ms);
	}
	return people;
}

static void test_a_day_in_the_office(void **state)
{
	struct fixture *f = *state;
	int full = 0, meeting = 0, lunch = 0, coffee = 0;

	for (int d = 0; d < 10; d++) {
		int64_t t_ms = WEDNESDAY_1040_NY + (d / 3 * 7 + d % 3 - 1) * DAY; /* Tuesdays to Thursdays */

		if (world_view_day(f->view, 0, t_ms).holiday)
			continue;
		full += fullness(f, 0, t_ms);
		meeting += people_in(f, 0, "confroom", t_ms);
		lunch += people_in(f, 0, "kitchen", t_ms + 2 * HOUR);
		coffee += people_in(f, 0, "kitchen", t_ms + 5 * HOUR);
	}
	assert_in_range(full / 10, 50, 75);
	assert_in_range(meeting / 10, 6, 30);
	assert_true(lunch > 2 * coffee);
	assert_true(count_at(f, WORLD_BUILDING, 0, WEDNESDAY + 8 * HOUR) <= 2); /* 03:00 */
	assert_true(count_at(f, WORLD_BUILDING, 0, WEDNESDAY + 8 * HOUR) >= 1);
	assert_true(count_at(f, WORLD_BUILDING, 0, WEDNESDAY_1040_NY + 4 * DAY) < 12); /* Sunday */
	assert_true(fullness(f, 0, INT64_C(1798213200000)) < 12); /* 25 December, 10:40 */
}

/* Staff in each room of a floor; nobody else. */
static void count_staff(struct fixture *f, int floor, int64_t t_ms, int per_room[128])
{
	struct world_presence people[PEOPLE_MAX];
	size_t count = world_view_people(f->view, floor, t_ms, people, PEOPLE_MAX);

	memset(per_room, 0, 128 * sizeof(per_room[0]));
	for (size_t i = 0; i < count; i++)
		per_room[people[i].room] += f->world->people[people[i].person].role == WORLD_STAFF;
}

static void test_some_meetings_are_too_large(void **state)
{
	struct fixture *f = *state;
	int over = 0, rooms = 0;

	for (int64_t t_ms = WEDNESDAY + 9 * HOUR; t_ms < WEDNESDAY + 9 * DAY; t_ms += 30 * MINUTE) {
		for (int k = 0; k < f->world->floor_count; k++) {
			const struct world_floor *floor = &f->world->floors[k];
			int staff[128];

			count_staff(f, k, t_ms, staff);
			for (int r = floor->first_room; r < floor->first_room + floor->room_count; r++) {
				if (strcmp(f->world->rooms[r].type, "confroom") != 0 || staff[r] < 2)
					continue;
				rooms++;
				over += staff[r] > f->world->rooms[r].capacity;
			}
		}
	}
	assert_true(over >= 5);
	assert_true(over * 8 < rooms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everybody_is_in_one_place),
		cmocka_unit_test(test_zones_hold_who_stands_in_them),
		cmocka_unit_test(test_nobody_jumps),
		cmocka_unit_test(test_nobody_jumps_at_midnight_or_when_clocks_change),
		cmocka_unit_test(test_days_follow_the_building),
		cmocka_unit_test(test_crossings_explain_the_counts),
		cmocka_unit_test(test_crossings_of_an_inner_door),
		cmocka_unit_test(test_series_are_the_counts),
		cmocka_unit_test(test_stats_of_an_empty_range),
		cmocka_unit_test(test_deviation_of_the_counts),
		cmocka_unit_test(test_presence_time),
		cmocka_unit_test(test_answers_do_not_depend_on_what_was_asked),
		cmocka_unit_test(test_a_day_in_the_office),
		cmocka_unit_test(test_some_meetings_are_too_large),
	};

	return cmocka_run_group_tests_name("people", tests, fixture_up, fixture_down);
}
