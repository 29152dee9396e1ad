/* The world: what counts as a change, frames in their order, people with their trail, a choice that stays valid. */
#include "ui/world.h"

#include "base/jsonx.h"
#include "base/moment.h"
#include "core/kind.h"

#include <glib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define NOW INT64_C(1800000000000)

struct stage {
	struct clock_fake clock;
	struct world *world;
};

static int open_stage(void **state)
{
	struct stage *stage = g_new0(struct stage, 1);

	clock_fake_init(&stage->clock, NOW);
	stage->world = world_new(&stage->clock.clock);
	world_add_account(stage->world, "hq", VENDOR_BUTLR);
	*state = stage;
	return 0;
}

static int close_stage(void **state)
{
	struct stage *stage = *state;

	world_free(stage->world);
	g_free(stage);
	return 0;
}

static const struct rows *seal(struct rows *rows)
{
	rows_set_hash(rows, kind_hash_rows(rows));
	return rows_seal(rows);
}

static const struct rows *floors(const char *first, const char *second)
{
	struct rows *rows = kind_rows_new(KIND_FLOORS, "hq", "butlr");
	const char *ids[] = {first, second};

	for (int i = 0; i < 2; i++) {
		struct floor_row *floor;

		if (ids[i] == NULL)
			continue;
		floor = rows_add(rows);
		floor->id = rows_text(rows, ids[i]);
		floor->building_id = rows_text(rows, "building_1");
		floor->timezone = rows_text(rows, "Europe/Lisbon");
	}
	return seal(rows);
}

static void put_frame(struct world *world, const char *address, int64_t time_ms, double celsius)
{
	struct rows *rows = kind_rows_new(KIND_FRAMES, "hq", "butlr");
	struct frame *frame = rows_add(rows);

	frame->address = rows_text(rows, address);
	frame->time_ms = time_ms;
	for (int i = 0; i < 64; i++)
		frame->celsius.c[i] = celsius;
	world_put(world, 0, seal(rows));
}

static void test_only_what_differs_is_a_change(void **state)
{
	struct stage *stage = *state;

	assert_true(world_put(stage->world, 0, floors("a", "b")));
	assert_int_equal(world_take_changes(stage->world), KIND_BIT(KIND_FLOORS));
	assert_int_equal(world_take_changes(stage->world), 0);
	assert_false(world_put(stage->world, 0, floors("a", "b")));
	assert_int_equal(world_take_changes(stage->world), 0);
	assert_true(world_put(stage->world, 0, floors("a", NULL)));
	assert_non_null(world_find(stage->world, 0, KIND_FLOORS, "a"));
	assert_null(world_find(stage->world, 0, KIND_FLOORS, "b"));
	assert_null(world_find(stage->world, 7, KIND_FLOORS, "a"));
}

static void test_rows_of_all_accounts_are_walked(void **state)
{
	struct stage *stage = *state;
	unsigned n = 0, of_second = 0;
	struct world_cursor cursor = {0};

	world_add_account(stage->world, "other", VENDOR_BUTLR);
	world_add_account(stage->world, "third", VENDOR_BUTLR);
	world_put(stage->world, 0, floors("a", "b"));
	world_put(stage->world, 2, floors("c", "d"));
	while (world_next(stage->world, KIND_FLOORS, &cursor) != NULL) {
		n++;
		of_second += cursor.account == 2;
	}
	assert_int_equal(n, 4);
	assert_int_equal(of_second, 2);
}

static void test_frames_keep_their_order_and_number(void **state)
{
	struct stage *stage = *state;

	for (int i = 0; i < WORLD_FRAMES + 10; i++)
		put_frame(stage->world, "m1", NOW + i * 1000, i);
	assert_int_equal(world_frame_count(stage->world, 0, "m1"), WORLD_FRAMES);
	assert_true(world_frame(stage->world, 0, "m1", 0)->celsius.c[0] == WORLD_FRAMES + 9);
	assert_true(world_frame(stage->world, 0, "m1", WORLD_FRAMES - 1)->celsius.c[0] == 10);
	assert_null(world_frame(stage->world, 0, "m1", WORLD_FRAMES));
	put_frame(stage->world, "m1", NOW + (WORLD_FRAMES + 8) * 1000 + 500, -1); /* late */
	assert_true(world_frame(stage->world, 0, "m1", 0)->celsius.c[0] == WORLD_FRAMES + 9);
	assert_true(world_frame(stage->world, 0, "m1", 1)->celsius.c[0] == -1);
	put_frame(stage->world, "m1", NOW + (WORLD_FRAMES + 9) * 1000, -2); /* again */
	assert_true(world_frame(stage->world, 0, "m1", 0)->celsius.c[0] == WORLD_FRAMES + 9);
	assert_int_equal(world_frame_count(stage->world, 0, "m2"), 0);
}

/* 40,000 sensors: what is kept of each is little, and the newest. */
static void test_many_sensors_keep_fewer_frames(void **state)
{
	struct stage *stage = *state;
	struct rows *rows = kind_rows_new(KIND_FRAMES, "hq", "butlr");

	for (int i = 0; i < 40000; i++) {
		struct frame *frame = rows_add(rows);

		frame->address = rows_textf(rows, "n%d", i);
		frame->time_ms = NOW;
	}
	world_put(stage->world, 0, seal(rows));
	for (int i = 0; i < 50; i++)
		put_frame(stage->world, "n7", NOW + i * 1000, i);
	assert_int_equal(world_frame_count(stage->world, 0, "n7"), 8);
	assert_true(world_frame(stage->world, 0, "n7", 0)->celsius.c[0] == 49);
	assert_true(world_frame(stage->world, 0, "n7", 7)->celsius.c[0] == 42);
	assert_null(world_frame(stage->world, 0, "n7", 8));
}

static void test_the_rate_is_of_the_last_seconds(void **state)
{
	struct stage *stage = *state;

	assert_true(world_frame_rate(stage->world, 0, "m1") == 0);
	for (int i = 0; i < 40; i++)
		put_frame(stage->world, "m1", NOW + i * 500, 20);
	assert_true(fabs(world_frame_rate(stage->world, 0, "m1") - 2) < 0.01);
}

struct seen_list {
	struct seen seen[16];
	int n;
};

static void add_seen(void *ctx, const struct seen *seen)
{
	struct seen_list *list = ctx;

	assert_true(list->n < 16);
	list->seen[list->n++] = *seen;
}

static void put_detection(struct world *world, const char *space, int64_t time_ms, double x, double y)
{
	struct rows *rows = kind_rows_new(KIND_DETECTIONS, "hq", "butlr");
	struct detection *detection = rows_add(rows);
	struct point *point = rows_memory(rows, sizeof(*point));

	*point = (struct point){x, y};
	detection->address = rows_text(rows, "m1");
	detection->space = rows_text(rows, space);
	detection->time_ms = time_ms;
	detection->points = (struct points){point, 1};
	world_put(world, 0, seal(rows));
}

static void put_sensor(struct world *world)
{
	struct rows *rows = kind_rows_new(KIND_SENSORS, "hq", "butlr");
	struct sensor *sensor = rows_add(rows);

	sensor->id = rows_text(rows, "s1");
	sensor->address = rows_text(rows, "m1");
	sensor->floor_id = rows_text(rows, "a");
	sensor->room_id = rows_text(rows, "r");
	sensor->center = (struct point){10, 20};
	sensor->height = 3;
	sensor->field_of_view = 60;
	sensor->orientation = (struct vector3){{0, 0, 0}};
	world_put(world, 0, seal(rows));
}

static void test_people_have_a_trail_and_go(void **state)
{
	struct stage *stage = *state;
	struct seen_list list = {0};

	put_sensor(stage->world);
	put_detection(stage->world, SPACE_FLOOR, NOW - 20000, 1, 1); /* beyond the trail */
	put_detection(stage->world, SPACE_FLOOR, NOW - 2000, 9, 19);
	put_detection(stage->world, SPACE_FLOOR, NOW, 9.5, 19.5);
	world_people(stage->world, 0, "a", add_seen, &list);
	assert_int_equal(list.n, 2);
	assert_true(!list.seen[0].now && list.seen[0].age_ms == 2000 && list.seen[0].at.x == 9);
	assert_true(list.seen[1].now &&
		    list.seen[1].at.x == 9.5); /* the newest last: it is drawn over its trail */
	list.n = 0;
	world_people(stage->world, 0, "b", add_seen, &list);
	assert_int_equal(list.n, 0);
	clock_fake_advance(&stage->clock, 60000);
	world_people(stage->world, 0, "a", add_seen, &list);
	assert_int_equal(list.n, 0);
}

static int people_on(struct world *world, const char *floor_id)
{
	struct seen_list list = {0};

	world_people(world, 0, floor_id, add_seen, &list);
	return list.n;
}

static void test_people_follow_the_sensors(void **state)
{
	struct stage *stage = *state;
	struct rows *rows;

	put_detection(stage->world, SPACE_FLOOR, NOW, 9, 19);
	assert_int_equal(people_on(stage->world, "a"), 0); /* nobody knows yet where it hangs */
	assert_false(world_has_sensor(stage->world, 0, "r"));
	put_sensor(stage->world);
	assert_true(world_has_sensor(stage->world, 0, "r"));
	assert_false(world_has_sensor(stage->world, 0, "a"));
	assert_int_equal(people_on(stage->world, "a"), 1);
	assert_int_equal(people_on(stage->world, "b"), 0);
	assert_int_equal(people_on(stage->world, "a"), 1);
	rows = kind_rows_new(KIND_SENSORS, "hq", "butlr");
	world_put(stage->world, 0, seal(rows));
	assert_int_equal(people_on(stage->world, "a"), 0);
	assert_false(world_has_sensor(stage->world, 0, "r"));
}

/* The middle of the sensor's view is below it; its top is to the north (y up). */
static void test_local_points_are_laid_on_the_floor(void **state)
{
	struct stage *stage = *state;
	struct seen_list list = {0};

	put_sensor(stage->world);
	put_detection(stage->world, SPACE_SENSOR, NOW, 0.5, 0);
	world_people(stage->world, 0, "a", add_seen, &list);
	assert_int_equal(list.n, 1);
	assert_true(fabs(list.seen[0].at.x - 10) < 1e-9);
	assert_true(fabs(list.seen[0].at.y - (20 + sqrt(3))) < 1e-6);
}

static void test_a_choice_stays_valid(void **state)
{
	struct stage *stage = *state;
	struct choice *choice = world_choice(stage->world);

	world_settle_choice(stage->world);
	assert_string_equal(choice->floor_id, "");
	assert_null(world_choice_timezone(stage->world));
	world_put(stage->world, 0, floors("a", "b"));
	world_settle_choice(stage->world);
	assert_string_equal(choice->floor_id, "a");
	assert_string_equal(choice->building_id, "building_1");
	assert_string_equal(world_choice_timezone(stage->world), "Europe/Lisbon");
	g_strlcpy(choice->floor_id, "b", sizeof(choice->floor_id));
	world_settle_choice(stage->world);
	assert_string_equal(choice->floor_id, "b");
	g_strlcpy(choice->room_id, "gone", sizeof(choice->room_id));
	world_put(stage->world, 0, floors("a", NULL));
	world_settle_choice(stage->world);
	assert_string_equal(choice->floor_id, "a");
	assert_string_equal(choice->room_id, "");
}

static void test_lights_turn_late_with_age(void **state)
{
	struct stage *stage = *state;
	struct feed_light light = {.light = LIGHT_FRESH,
				   .last_ok_ms = NOW,
				   .since_ms = MOMENT_NONE,
				   .every_ms = 5000};

	assert_int_equal(world_light(stage->world, 0).light, LIGHT_STARTING);
	world_set_light(stage->world, 0, &light);
	assert_int_equal(world_light(stage->world, 0).light, LIGHT_FRESH);
	clock_fake_advance(&stage->clock, 10001);
	assert_int_equal(world_light(stage->world, 0).light, LIGHT_LATE);
}

/* A machine whose clock is wrong by a day: ages are by the server's time. */
static void test_a_wrong_clock_of_ours_does_not_age_the_data(void **state)
{
	struct stage *stage = *state;
	struct feed_light light = {.light = LIGHT_FRESH,
				   .last_ok_ms = NOW,
				   .since_ms = MOMENT_NONE,
				   .every_ms = 5000};

	world_set_light(stage->world, 0, &light);
	world_set_skew(stage->world, 86400000);
	assert_true(world_now_ms(stage->world) == NOW + 86400000);
	assert_int_equal(world_light(stage->world, 0).light, LIGHT_FRESH);
	assert_true(world_light(stage->world, 0).last_ok_ms == NOW + 86400000);
	clock_fake_advance(&stage->clock, 10001);
	assert_int_equal(world_light(stage->world, 0).light, LIGHT_LATE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_only_what_differs_is_a_change),
		TEST(test_rows_of_all_accounts_are_walked),
		TEST(test_frames_keep_their_order_and_number),
		TEST(test_many_sensors_keep_fewer_frames),
		TEST(test_the_rate_is_of_the_last_seconds),
		TEST(test_people_have_a_trail_and_go),
		TEST(test_people_follow_the_sensors),
		TEST(test_local_points_are_laid_on_the_floor),
		TEST(test_a_choice_stays_valid),
		TEST(test_lights_turn_late_with_age),
		TEST(test_a_wrong_clock_of_ours_does_not_age_the_data),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
