/* The stream against a simulated vendor: samples appear late, out of order and in volume; each must come out once. */
#include "feed/stream.h"

#include "base/moment.h"
#include "base/rng.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define START INT64_C(1800000000000)

/* A vendor: `sensors` tracks with one sample every step_ms; a sample becomes visible `delay` after its time. */
struct vendor {
	unsigned sensors;
	int64_t step_ms;
	uint64_t seed;
	unsigned late_percent;
	int64_t late_ms;
	int64_t hidden_from_ms, hidden_to_ms; /* an outage of the vendor: nothing is answered */
};

static int64_t visible_at(const struct vendor *vendor, unsigned sensor, int64_t time_ms)
{
	uint64_t draw = rng_hash(rng_hash(vendor->seed, sensor), (uint64_t)time_ms);

	return time_ms + (draw % 100 < vendor->late_percent
				  ? (int64_t)(draw / 100 % (uint64_t)vendor->late_ms) + 1
				  : 0);
}

/* Hands in what the vendor shows at now_ms for a range; sorted by time, as an answer is. */
static unsigned hand_in(struct stream *stream, const struct vendor *vendor, const struct stream_range *range,
			int64_t now_ms, const char *only, GHashTable *got)
{
	unsigned read = 0;
	char name[64];

	for (int64_t t = (range->from_ms + vendor->step_ms - 1) / vendor->step_ms * vendor->step_ms;
	     t < range->to_ms && t <= now_ms; t += vendor->step_ms) {
		for (unsigned s = 0; s < vendor->sensors; s++) {
			snprintf(name, sizeof(name), "sensor-%u", s);
			if (visible_at(vendor, s, t) > now_ms || (only != NULL && strcmp(only, name) != 0))
				continue;
			read++;
			if (stream_accept(stream, name, t)) {
				char *key = g_strdup_printf("%s %lld", name, (long long)t);

				assert_false(g_hash_table_contains(got, key));
				g_hash_table_add(got, key);
			}
		}
	}
	return read;
}

struct run {
	unsigned polls, read, greatest;
};

static struct run follow(struct stream *stream, const struct vendor *vendor, int64_t from_ms, int64_t to_ms,
			 int64_t every_ms, GHashTable *got)
{
	struct run run = {0};

	for (int64_t now = from_ms; now < to_ms; now += every_ms) {
		struct stream_range range;
		const char *tracks[64];
		size_t n;
		unsigned read;

		if (now >= vendor->hidden_from_ms && now < vendor->hidden_to_ms)
			continue;
		do {
			range = stream_next(stream, from_ms, now);
			stream_begin(stream, &range, false);
			read = hand_in(stream, vendor, &range, now, NULL, got);
			stream_end(stream, now);
			run.polls++;
			run.read += read;
			run.greatest = MAX(run.greatest, read);
		} while (!range.caught_up);
		n = stream_repairs(stream, now, tracks, 64, &range);
		if (n > 0) {
			stream_begin(stream, &range, true);
			for (size_t i = 0; i < n; i++)
				run.read += hand_in(stream, vendor, &range, now, tracks[i], got);
			stream_end(stream, now);
		}
	}
	return run;
}

static unsigned missing(const struct vendor *vendor, int64_t from_ms, int64_t to_ms, GHashTable *got)
{
	unsigned n = 0;

	for (int64_t t = from_ms; t < to_ms; t += vendor->step_ms) {
		for (unsigned s = 0; s < vendor->sensors; s++) {
			char *key = g_strdup_printf("sensor-%u %lld", s, (long long)t);

			n += !g_hash_table_contains(got, key);
			g_free(key);
		}
	}
	return n;
}

static GHashTable *set_new(void) { return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL); }

static void test_every_sample_once(void **state)
{
	struct vendor vendor = {.sensors = 20, .step_ms = 500, .seed = 1};
	struct stream *stream = stream_new();
	GHashTable *got = set_new();

	(void)state;
	follow(stream, &vendor, START, START + 60000, 1000, got);
	assert_int_equal(missing(&vendor, START, START + 59000, got), 0);
	assert_int_equal(stream_stats(stream).tracks, 20);
	assert_true(stream_stats(stream).repeated > 0);
	g_hash_table_unref(got);
	stream_free(stream);
}

static void test_late_samples_arrive_once(void **state)
{
	struct vendor vendor = {.sensors = 20, .step_ms = 500, .seed = 2, .late_percent = 5, .late_ms = 4000};
	struct stream *stream = stream_new();
	GHashTable *got = set_new();

	(void)state;
	follow(stream, &vendor, START, START + 120000, 1000, got);
	assert_int_equal(missing(&vendor, START, START + 110000, got), 0);
	assert_true(stream_stats(stream).late > 0);
	g_hash_table_unref(got);
	stream_free(stream);
}

static void test_very_late_samples_are_repaired(void **state)
{
	/* Later than any overlap a busy stream can afford: 1,000 samples a second leave it 5 s. */
	struct vendor vendor = {
		.sensors = 400, .step_ms = 400, .seed = 3, .late_percent = 1, .late_ms = 12000};
	struct stream *stream = stream_new();
	GHashTable *got = set_new();

	(void)state;
	follow(stream, &vendor, START, START + 60000, 1000, got);
	assert_true(stream_stats(stream).overlap_ms <= 5100);
	follow(stream, &vendor, START + 60000, START + 110000, 1000, got);
	assert_int_equal(missing(&vendor, START + 4800, START + 60000, got), 0);
	g_hash_table_unref(got);
	stream_free(stream);
}

static void test_volume_bounds_the_overlap(void **state)
{
	struct vendor vendor = {.sensors = 4000, .step_ms = 1000, .seed = 4};
	struct stream *stream = stream_new();
	GHashTable *got = set_new();

	(void)state;
	follow(stream, &vendor, START, START + 30000, 1000, got);
	assert_int_equal(missing(&vendor, START, START + 29000, got), 0);
	assert_true(stream_stats(stream).overlap_ms <= 2 * STREAM_REREAD_ROWS / 4);
	g_hash_table_unref(got);
	stream_free(stream);
}

static void test_catches_up_in_pieces_after_an_outage(void **state)
{
	struct vendor vendor = {.sensors = 2000,
				.step_ms = 1000,
				.seed = 5,
				.hidden_from_ms = START + 20000,
				.hidden_to_ms = START + 320000};
	struct stream *stream = stream_new();
	GHashTable *got = set_new();
	struct run run;

	(void)state;
	run = follow(stream, &vendor, START, START + 330000, 1000, got);
	assert_int_equal(missing(&vendor, START, START + 329000, got), 0);
	assert_true(run.greatest <= STREAM_POLL_ROWS * 11 / 10);
	g_hash_table_unref(got);
	stream_free(stream);
}

static void test_a_clock_ahead_does_not_drag_the_cursor(void **state)
{
	struct stream *stream = stream_new();
	struct stream_range range = stream_next(stream, START, START + 1000);

	(void)state;
	stream_begin(stream, &range, false);
	assert_true(stream_accept(stream, "a", START + 500));
	assert_true(stream_accept(stream, "ahead", START + 3600000));
	stream_end(stream, 0);
	assert_int_equal(stream_stats(stream).cursor_ms, START + 500);
	range = stream_next(stream, START, START + 2000);
	assert_true(range.from_ms <= START + 500);
	stream_begin(stream, &range, false);
	assert_false(stream_accept(stream, "ahead", START + 3600000));
	stream_end(stream, 1000);
	stream_free(stream);
}

static void test_a_quiet_estate_keeps_its_beginning(void **state)
{
	struct stream *stream = stream_new();
	struct stream_range range = stream_next(stream, START, START + 1000);

	(void)state;
	assert_int_equal(range.from_ms, START);
	stream_begin(stream, &range, false);
	stream_end(stream, 0);
	assert_true(stream_stats(stream).cursor_ms == MOMENT_NONE);
	range = stream_next(stream, START, START + 30000);
	assert_int_equal(range.from_ms, START);
	assert_true(range.caught_up);
	stream_free(stream);
}

static void test_full_track_never_repeats(void **state)
{
	struct stream *stream = stream_new();
	struct stream_range range = {.from_ms = START, .to_ms = START + 10000000, .caught_up = true};

	(void)state;
	stream_begin(stream, &range, false);
	for (int i = 0; i < 4 * STREAM_TRACK_TIMES; i++)
		assert_true(stream_accept(stream, "a", START + i * 1000));
	for (int i = 0; i < 4 * STREAM_TRACK_TIMES; i++)
		assert_false(stream_accept(stream, "a", START + i * 1000));
	stream_end(stream, 0);
	assert_int_equal(stream_stats(stream).accepted, 4 * STREAM_TRACK_TIMES);
	stream_free(stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_sample_once),
		cmocka_unit_test(test_late_samples_arrive_once),
		cmocka_unit_test(test_very_late_samples_are_repaired),
		cmocka_unit_test(test_volume_bounds_the_overlap),
		cmocka_unit_test(test_catches_up_in_pieces_after_an_outage),
		cmocka_unit_test(test_a_clock_ahead_does_not_drag_the_cursor),
		cmocka_unit_test(test_a_quiet_estate_keeps_its_beginning),
		cmocka_unit_test(test_full_track_never_repeats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
