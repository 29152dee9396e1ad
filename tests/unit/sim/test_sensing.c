#include "world_fixture.h"

#include "base/moment.h"

#include <stdio.h>
#include <string.h>

#define EXPECTED_FINGERPRINT UINT64_C(0x1AD35995D9F713BF)

static uint64_t fold(uint64_t hash, uint64_t value) { return (hash ^ value) * UINT64_C(1099511628211); }

/* Everything a world tells about one moment, in one number. */
static uint64_t fingerprint(const struct world *world, int64_t t_ms)
{
	struct world_view *view = world_view_new(world, 0);
	uint64_t hash = UINT64_C(14695981039346656037);

	for (int i = 0; i < world->sensor_count; i++) {
		struct world_detection seen[WORLD_DETECTIONS_MAX];
		size_t count = world_view_detections(view, i, t_ms, seen);
		struct world_health health = world_view_sensor_health(view, i, t_ms);
		struct world_frame frame;

		world_view_frame(view, i, t_ms, &frame);
		for (int k = 0; k < WORLD_SIDE * WORLD_SIDE; k++)
			hash = fold(hash, (uint16_t)frame.centi_c[k / WORLD_SIDE][k % WORLD_SIDE]);
		for (size_t k = 0; k < count; k++) {
			hash = fold(hash, (uint64_t)seen[k].local_x10000[0]);
			hash = fold(hash, (uint64_t)seen[k].local_x10000[1]);
			hash = fold(hash, (uint64_t)seen[k].at.x_mm);
		}
		hash = fold(hash, (uint64_t)health.last_heartbeat_s);
		hash = fold(hash, (uint64_t)health.battery_percent);
		for (const char *c = world->sensors[i].id; *c; c++)
			hash = fold(hash, (unsigned char)*c);
		for (const char *c = world->sensors[i].name; *c; c++)
			hash = fold(hash, (unsigned char)*c);
	}
	world_view_free(view);
	return hash;
}

static void test_same_seed_same_bytes(void **state)
{
	const struct world *world = ((struct fixture *)*state)->world;
	struct world *same = sim_world_new(&(struct world_options){.seed = 7});
	struct world *other = sim_world_new(&(struct world_options){.seed = 8});
	uint64_t hash = fingerprint(world, WEDNESDAY_1040_NY);

	assert_true(fingerprint(same, WEDNESDAY_1040_NY) == hash);
	assert_true(fingerprint(other, WEDNESDAY_1040_NY) != hash);
	assert_true(fingerprint(world, WEDNESDAY_1040_NY + 1000) != hash);
	sim_world_free(same);
	sim_world_free(other);
}

/* The number holds for every compiler and machine. Whoever changes the world on purpose puts the new one here. */
static void test_same_bytes_on_every_machine(void **state)
{
	const struct world *world = ((struct fixture *)*state)->world;
	uint64_t hash = fingerprint(world, WEDNESDAY_1040_NY);

	if (hash != EXPECTED_FINGERPRINT)
		print_message("the fingerprint is 0x%016llX\n", (unsigned long long)hash);
	assert_true(hash == EXPECTED_FINGERPRINT);
}

static void test_people_warm_their_cells(void **state)
{
	struct fixture *f = *state;
	int frames = 0;

	for (int i = 0; i < f->world->sensor_count; i++) {
		struct world_detection seen[WORLD_DETECTIONS_MAX];
		size_t count = world_view_detections(f->view, i, WEDNESDAY_1040_NY, seen);
		bool occupied[WORLD_SIDE][WORLD_SIDE] = {{false}};
		struct world_frame frame;
		int peak = 0, row = 0, column = 0;

		world_view_frame(f->view, i, WEDNESDAY_1040_NY, &frame);
		for (size_t k = 0; k < count; k++) {
			int r = seen[k].local_x10000[1] * 8 / 10000, c = seen[k].local_x10000[0] * 8 / 10000;

			assert_in_range(r, 0, WORLD_SIDE - 1);
			assert_in_range(c, 0, WORLD_SIDE - 1);
			occupied[r][c] = true;
			assert_in_range(frame.centi_c[r][c], 2650, 3300);
		}
		for (int k = 0; k < WORLD_SIDE * WORLD_SIDE; k++) {
			int value = frame.centi_c[k / WORLD_SIDE][k % WORLD_SIDE];

			assert_in_range(value, 1900, 3300);
			if (value <= peak)
				continue;
			peak = value;
			row = k / WORLD_SIDE;
			column = k % WORLD_SIDE;
		}
		if (count > 0)
			assert_true(occupied[row][column]);
		frames += count > 0;
	}
	assert_true(frames > 25);
}

static void test_empty_rooms_are_cool(void **state)
{
	struct fixture *f = *state;
	int frames = 0;

	for (int i = 0; i < f->world->sensor_count; i++) {
		struct world_frame frame;

		if (world_view_count(f->view, place_of(WORLD_FLOOR, f->world->sensors[i].floor),
				     WEDNESDAY + 8 * HOUR) > 0)
			continue;
		world_view_frame(f->view, i, WEDNESDAY + 8 * HOUR, &frame);
		for (int k = 0; k < WORLD_SIDE * WORLD_SIDE; k++)
			assert_in_range(frame.centi_c[k / WORLD_SIDE][k % WORLD_SIDE], 1900, 2500);
		frames++;
	}
	assert_true(frames > 20);
}

/* Who is told is in a room that the sensor can see, and nobody there is left out. */
static void test_detections_are_the_people_in_view(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < f->world->sensor_count; i++) {
		const struct world_sensor *sensor = &f->world->sensors[i];
		struct world_detection seen[WORLD_DETECTIONS_MAX];
		struct world_presence people[512];
		size_t told = world_view_detections(f->view, i, WEDNESDAY_1040_NY, seen), expected = 0;
		size_t count = world_view_people(f->view, sensor->floor, WEDNESDAY_1040_NY, people, 512);

		for (size_t k = 0; k < count; k++) {
			int local[2];

			if (sensor->door < 0 && people[k].room == sensor->room &&
			    sensor->mode == WORLD_PRESENCE && world_to_local(sensor, people[k].at, local)) {
				assert_true(expected < told);
				assert_int_equal(seen[expected].person, people[k].person);
				assert_int_equal(seen[expected].at.x_mm, people[k].at.x_mm);
				assert_int_equal(seen[expected].local_x10000[1], local[1]);
				expected++;
			}
		}
		if (sensor->mode == WORLD_PRESENCE)
			assert_int_equal(told, expected);
	}
}

static void test_local_and_world_are_each_other(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < f->world->sensor_count; i++) {
		const struct world_sensor *sensor = &f->world->sensors[i];

		for (int y = 100; y < 10000; y += 1633) {
			for (int x = 100; x < 10000; x += 1633) {
				int in[2] = {x, y}, out[2];

				assert_true(world_to_local(sensor, world_to_world(sensor, in), out));
				assert_in_range(out[0], x - 3, x + 3);
				assert_in_range(out[1], y - 3, y + 3);
			}
		}
	}
}

/* butlr.md §6.1: world = centre + R(yaw)·((lx − ½)·s, (½ − ly)·s). */
static void test_the_turn_is_counter_clockwise_with_y_up(void **state)
{
	struct world_sensor sensor = {.center = {87190, 27580},
				      .footprint_mm = 4000,
				      .orientation_deg = {0, 0, 0}};
	int right_top[2] = {7500, 2500};
	struct world_point at = world_to_world(&sensor, right_top);

	(void)state;
	assert_int_equal(at.x_mm, 88190);
	assert_int_equal(at.y_mm, 28580);
	sensor.orientation_deg[0] = 90;
	at = world_to_world(&sensor, right_top);
	assert_int_equal(at.x_mm, 86190);
	assert_int_equal(at.y_mm, 28580);
	sensor.orientation_deg[0] = 45;
	at = world_to_world(&sensor, right_top);
	assert_int_equal(at.x_mm, 87190);
	assert_int_equal(at.y_mm, 28994);
}

static void test_samples_come_in_step(void **state)
{
	struct fixture *f = *state;
	struct world *fast = sim_world_new(&(struct world_options){.seed = 7, .frames_per_second = 3});
	struct world_view *view = world_view_new(fast, 0);
	bool phases_differ = false;
	int64_t first_phase = -1;

	for (int i = 0; i < f->world->sensor_count; i++) {
		const struct world_sensor *sensor = &f->world->sensors[i];
		int64_t t_ms = WEDNESDAY_1040_NY, end_ms = t_ms + MINUTE, sample_ms;
		int slow = 0, quick = 0;

		if (!world_view_sensor_health(f->view, i, t_ms).streaming ||
		    !world_view_sensor_health(f->view, i, end_ms).streaming) {
			if (sensor->placeholder || sensor->mode == WORLD_REPEATER)
				assert_true(world_view_next_sample(f->view, i, t_ms, t_ms + 40 * DAY) ==
					    MOMENT_NONE);
			continue;
		}
		while ((sample_ms = world_view_next_sample(f->view, i, t_ms, end_ms)) != MOMENT_NONE) {
			assert_true(sample_ms >= t_ms && sample_ms < end_ms);
			phases_differ |= first_phase >= 0 && sample_ms % SECOND != first_phase;
			first_phase = sample_ms % SECOND;
			t_ms = sample_ms + 1;
			slow++;
		}
		assert_int_equal(slow, 60);
		for (t_ms = WEDNESDAY_1040_NY;
		     (sample_ms = world_view_next_sample(view, i, t_ms, end_ms)) != MOMENT_NONE;
		     t_ms = sample_ms + 1)
			quick++;
		assert_int_equal(quick, 180);
	}
	assert_true(phases_differ);
	world_view_free(view);
	sim_world_free(fast);
}

/* No frame while a sensor is silent, and all of them again afterwards. */
static void test_outages_have_no_frames(void **state)
{
	struct fixture *f = *state;
	int outages = 0;

	for (int i = 0; i < f->world->sensor_count; i++) {
		bool was_online = true;

		if (f->world->sensors[i].placeholder)
			continue;
		for (int64_t t_ms = WEDNESDAY; t_ms < WEDNESDAY + 12 * DAY; t_ms += 10 * MINUTE) {
			struct world_health health = world_view_sensor_health(f->view, i, t_ms);
			int64_t sample_ms = world_view_next_sample(f->view, i, t_ms, t_ms + 2 * SECOND);

			if (!health.online || health.sleeping)
				assert_false(health.streaming);
			if (!health.streaming && sample_ms != MOMENT_NONE) /* came back in this moment */
				assert_true(world_view_sensor_health(f->view, i, sample_ms).streaming);
			if (health.online)
				assert_in_range(health.last_heartbeat_s, t_ms / 1000 - 301, t_ms / 1000);
			else
				assert_true(health.last_heartbeat_s * 1000 <= health.since_ms &&
					    health.since_ms <= t_ms);
			outages += was_online && !health.online;
			was_online = health.online;
		}
	}
	assert_in_range(outages, 20, 200);
}

static void test_a_hive_takes_its_sensors_along(void **state)
{
	struct fixture *f = *state;
	int found = 0;

	for (int64_t t_ms = WEDNESDAY; t_ms < WEDNESDAY + 60 * DAY; t_ms += 5 * MINUTE) {
		for (int h = 0; h < f->world->hive_count; h++) {
			if (f->world->hives[h].placeholder || world_view_hive_health(f->view, h, t_ms).online)
				continue;
			for (int i = 0; i < f->world->sensor_count; i++) {
				if (f->world->sensors[i].hive == h)
					assert_false(world_view_sensor_health(f->view, i, t_ms).online);
			}
			found++;
		}
	}
	assert_true(found > 0);
}

static void test_batteries_drain_until_they_are_changed(void **state)
{
	struct fixture *f = *state;
	int changes = 0, low = 0;

	for (int i = 0; i < f->world->sensor_count; i++) {
		struct world_health before = world_view_sensor_health(f->view, i, WEDNESDAY);

		assert_int_equal(before.battery,
				 !f->world->sensors[i].wired && !f->world->sensors[i].placeholder);
		if (!before.battery)
			continue;
		for (int64_t t_ms = WEDNESDAY; t_ms < WEDNESDAY + 1200 * DAY; t_ms += 3 * DAY) {
			struct world_health now = world_view_sensor_health(f->view, i, t_ms);

			assert_in_range(now.battery_percent, 0, 100);
			assert_int_equal(now.battery_low, now.battery_percent < 15);
			assert_true(now.battery_changed_ms <= t_ms);
			assert_true(now.battery_change_by_ms ==
				    now.battery_changed_ms + now.runtime_days * DAY);
			if (now.battery_changed_ms == before.battery_changed_ms) {
				assert_true(now.battery_percent <= before.battery_percent);
				assert_true(now.battery_days <= before.battery_days);
			} else {
				assert_true(now.battery_changed_ms > before.battery_changed_ms);
				assert_true(now.battery_percent >= 99);
				changes++;
			}
			if (now.battery_percent == 0)
				assert_false(now.online);
			low += now.battery_low;
			before = now;
		}
	}
	assert_true(changes > 90);
	assert_true(low > 0);
}

static void test_some_sleep_at_night(void **state)
{
	struct fixture *f = *state;
	int asleep = 0, awake = 0;

	for (int i = 0; i < f->world->sensor_count; i++) {
		asleep += world_view_sensor_health(f->view, i, WEDNESDAY + 3 * HOUR).sleeping;
		awake += world_view_sensor_health(f->view, i, WEDNESDAY + 12 * HOUR).sleeping;
	}
	assert_true(asleep > 5);
	assert_int_equal(awake, 0);
}

static void test_traffic_sensors_count_their_door(void **state)
{
	struct fixture *f = *state;
	int passed = 0;

	for (int i = 0; i < f->world->sensor_count; i++) {
		const struct world_sensor *sensor = &f->world->sensors[i];
		int in, out, all_in = 0, all_out = 0;

		world_view_traffic(f->view, i, WEDNESDAY, WEDNESDAY + DAY, &in, &out);
		if (sensor->mode != WORLD_TRAFFIC) {
			assert_int_equal(in + out, 0);
			continue;
		}
		for (int64_t t_ms = WEDNESDAY; t_ms < WEDNESDAY + DAY; t_ms += 15 * MINUTE) {
			int some_in, some_out;

			world_view_traffic(f->view, i, t_ms, t_ms + 15 * MINUTE, &some_in, &some_out);
			all_in += some_in;
			all_out += some_out;
		}
		assert_int_equal(in, all_in);
		assert_int_equal(out, all_out);
		passed += in + out;
	}
	assert_true(passed > 300);
}

static void test_rooms_are_warmer_by_day(void **state)
{
	struct fixture *f = *state;

	for (int r = 0; r < f->world->room_count; r++) {
		int noon = world_view_air_centi_c(f->view, r, WEDNESDAY_1040_NY + 4 * HOUR);
		int night = world_view_air_centi_c(f->view, r, WEDNESDAY_1040_NY - 6 * HOUR);

		assert_in_range(noon, 2050, 2450);
		assert_in_range(night, 1950, 2450);
		if (f->world->floors[f->world->rooms[r].floor].building == 0)
			assert_true(noon > night);
		for (int64_t t_ms = WEDNESDAY; t_ms < WEDNESDAY + DAY; t_ms += MINUTE) {
			int before = world_view_air_centi_c(f->view, r, t_ms);
			int after = world_view_air_centi_c(f->view, r, t_ms + MINUTE);

			assert_in_range(after - before + 100, 40, 160);
		}
	}
}

/* One frame of each of 10,000 sensors looks at the people of the sensor's floor alone. */
static void test_large_worlds_stay_cheap(void **state)
{
	struct world *world = sim_world_new(&(struct world_options){.seed = 7, .sensors = 10000});
	struct world_view *view = world_view_new(world, 0);
	struct world_frame frame;
	struct world_work work;

	(void)state;
	for (int i = 0; i < world->sensor_count; i++)
		world_view_frame(view, i, WEDNESDAY_1040_NY + i % 1000, &frame);
	work = world_view_work(view);
	assert_true(work.days_built <= (uint64_t)world->building_count + 1);
	assert_true(work.placed < 40 * 10000);
	world_view_free(view);
	sim_world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_seed_same_bytes),
		cmocka_unit_test(test_same_bytes_on_every_machine),
		cmocka_unit_test(test_people_warm_their_cells),
		cmocka_unit_test(test_empty_rooms_are_cool),
		cmocka_unit_test(test_detections_are_the_people_in_view),
		cmocka_unit_test(test_local_and_world_are_each_other),
		cmocka_unit_test(test_the_turn_is_counter_clockwise_with_y_up),
		cmocka_unit_test(test_samples_come_in_step),
		cmocka_unit_test(test_outages_have_no_frames),
		cmocka_unit_test(test_a_hive_takes_its_sensors_along),
		cmocka_unit_test(test_batteries_drain_until_they_are_changed),
		cmocka_unit_test(test_some_sleep_at_night),
		cmocka_unit_test(test_traffic_sensors_count_their_door),
		cmocka_unit_test(test_rooms_are_warmer_by_day),
		cmocka_unit_test(test_large_worlds_stay_cheap),
	};

	return cmocka_run_group_tests_name("sensing", tests, fixture_up, fixture_down);
}
