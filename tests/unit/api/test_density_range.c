/* Pieces of time: no hole, no overlap, never longer than the server allows, whatever clocks do. */
#include "api/density/range.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)

struct walk {
	int64_t first_wall_s,
		next_wall_s; /* where the first began, and where the next piece has to begin, on the wall */
	int64_t most_ms;
	unsigned n;
	const struct moment_zone *zone;
	enum dens_resolution resolution;
};

static int64_t wall_s(const char *text) { return moment_parse(text) / 1000; }

static int on_piece(void *ctx, const struct dens_piece *piece)
{
	struct walk *walk = ctx;
	int64_t from_s = wall_s(piece->from), to_s = wall_s(piece->to);

	assert_true(from_s > 0 && to_s > from_s);
	if (walk->n++ > 0)
		assert_int_equal(from_s, walk->next_wall_s);
	else
		walk->first_wall_s = from_s;
	assert_string_equal(piece->to + strlen(piece->to) - 2, "59");
	assert_null(strchr(piece->to, 'Z'));
	walk->next_wall_s = to_s + 1;
	if (walk->most_ms > 0) {
		assert_true((to_s - from_s) * 1000 < walk->most_ms);
		/* In truth too: the hour that clocks are set back counts. */
		assert_true(moment_parse_in(piece->to, walk->zone) - moment_parse_in(piece->from, walk->zone) <
			    walk->most_ms);
	}
	return 0;
}

static const char *const zones[] = {"UTC",
				    "America/New_York",
				    "Europe/Berlin",
				    "Australia/Lord_Howe",
				    "Asia/Kathmandu",
				    "America/Santiago",
				    "Asia/Beirut",
				    "Pacific/Apia",
				    "+05:30"};

/* Ranges over the changes of clocks of 2023 to 2025 and over the leap day. */
static const char *const middles[] = {"2024-02-29T12:00:00Z", "2024-03-10T07:00:00Z", "2024-03-31T01:00:00Z",
				      "2024-11-03T06:00:00Z", "2024-10-27T01:00:00Z", "2024-04-06T15:00:00Z",
				      "2024-04-07T03:00:00Z", "2024-09-08T04:00:00Z", "2024-12-31T23:30:00Z",
				      "2023-03-30T22:00:00Z"};

static void check_range(const struct moment_zone *zone, enum dens_resolution resolution, int64_t from_ms,
			int64_t to_ms)
{
	static const int64_t most[] = {DAY, DAY, 7 * DAY, 31 * DAY, 365 * DAY, 365 * DAY, 0, 60 * DAY};
	struct walk walk = {.most_ms = most[resolution], .zone = zone, .resolution = resolution};

	assert_int_equal(dens_pieces(resolution, from_ms, to_ms, zone, on_piece, &walk), 0);
	assert_true(walk.n > 0);
	/* Whatever clocks showed in the range was asked for. */
	for (int64_t part = 0; part <= 64; part++) {
		int64_t at_ms = part == 64 ? to_ms - 1 : from_ms + (to_ms - from_ms) / 64 * part;
		int64_t at_s = at_ms / 1000 + moment_split(at_ms, zone).utc_offset_s;

		assert_true(at_s >= walk.first_wall_s && at_s < walk.next_wall_s);
	}
}

static void pieces_join(void **state)
{
	(void)state;
	for (size_t z = 0; z < sizeof(zones) / sizeof(zones[0]); z++) {
		struct moment_zone *zone = moment_zone_new(zones[z]);

		assert_non_null(zone);
		for (size_t m = 0; m < sizeof(middles) / sizeof(middles[0]); m++)
			for (int resolution = DENS_MINUTE; resolution <= DENS_RAW; resolution++) {
				int64_t at_ms = moment_parse(middles[m]);
				static const int64_t halves[] = {1000,     20 * 60000,
								 HOUR,     5 * HOUR + 1234,
								 DAY,      3 * DAY + 777,
								 40 * DAY, 800 * DAY};

				for (size_t h = 0; h < sizeof(halves) / sizeof(halves[0]); h++) {
					if (resolution <= DENS_TEN_MINUTES && halves[h] > 40 * DAY)
						continue;
					check_range(zone, (enum dens_resolution)resolution, at_ms - halves[h],
						    at_ms + halves[h]);
					check_range(zone, (enum dens_resolution)resolution, at_ms,
						    at_ms + halves[h]);
				}
			}
		moment_zone_free(zone);
	}
}

/* Every moment lies in exactly one window, and windows join. */
static void windows_join(void **state)
{
	static const int64_t lengths[] = {60000,   300000,   600000,   900000,    1800000,
					  HOUR,    2 * HOUR, 4 * HOUR, 12 * HOUR, DAY,
					  2 * DAY, 7 * DAY,  14 * DAY, 30 * DAY,  365 * DAY};

	(void)state;
	for (size_t z = 0; z < sizeof(zones) / sizeof(zones[0]); z++) {
		struct moment_zone *zone = moment_zone_new(zones[z]);

		for (size_t m = 0; m < sizeof(middles) / sizeof(middles[0]); m++)
			for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); l++) {
				int64_t at_ms = moment_parse(middles[m]) - DAY, end_ms = at_ms + 2 * DAY;
				bool exact;
				struct dens_every every = dens_every_of(lengths[l], &exact);

				assert_true(exact);
				for (unsigned n = 0; at_ms < end_ms && n < 400; n++) {
					int64_t begin_ms, next_ms, again_ms, other_ms;

					dens_window(&every, at_ms, zone, &begin_ms, &next_ms);
					assert_true(begin_ms <= at_ms && at_ms < next_ms);
					dens_window(&every, next_ms - 1, zone, &again_ms, &other_ms);
					assert_int_equal(other_ms, next_ms);
					at_ms = next_ms;
				}
			}
		moment_zone_free(zone);
	}
}

static void spans_become_resolutions(void **state)
{
	static const struct {
		const char *span;
		enum dens_resolution resolution;
		int64_t group;
		bool exact;
	} cases[] = {
		{"1m", DENS_MINUTE, 1, true},       {"5m", DENS_MINUTE, 5, true},
		{"10m", DENS_TEN_MINUTES, 1, true}, {"30m", DENS_TEN_MINUTES, 3, true},
		{"15m", DENS_MINUTE, 15, true},     {"1h", DENS_HOUR, 1, true},
		{"4h", DENS_HOUR, 4, true},         {"1d", DENS_DAY, 1, true},
		{"3d", DENS_DAY, 3, true},          {"1w", DENS_WEEK, 1, true},
		{"14d", DENS_WEEK, 2, true},        {"30d", DENS_MONTH, 1, true},
		{"31d", DENS_MONTH, 1, true},       {"365d", DENS_YEAR, 1, true},
		{"90s", DENS_MINUTE, 1, false},     {"1s", DENS_MINUTE, 1, false},
		{"90m", DENS_TEN_MINUTES, 9, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool exact;
		struct dens_every every = dens_every_of(moment_span_ms(cases[i].span), &exact);

		assert_int_equal(every.resolution, cases[i].resolution);
		assert_int_equal(every.group, cases[i].group);
		assert_int_equal(exact, cases[i].exact);
	}
}

static void keys_are_moments(void **state)
{
	struct moment_zone *zone = moment_zone_new("America/New_York");

	(void)state;
	assert_int_equal(dens_key_moment("2024-02-28T09:00:00", zone), moment_parse("2024-02-28T14:00:00Z"));
	assert_int_equal(dens_key_moment("2024-02-28T09:00:00Z", zone), moment_parse("2024-02-28T09:00:00Z"));
	assert_int_equal(dens_key_moment("2024-02-28T09:00:00-08:00", zone),
			 moment_parse("2024-02-28T17:00:00Z"));
	assert_int_equal(dens_key_moment("2024-02-28", zone), moment_parse("2024-02-28T05:00:00Z"));
	assert_int_equal(dens_key_moment("2024-02", zone), moment_parse("2024-02-01T05:00:00Z"));
	assert_int_equal(dens_key_moment("2024", zone), moment_parse("2024-01-01T05:00:00Z"));
	assert_int_equal(dens_key_moment("total", zone), MOMENT_NONE);
	assert_int_equal(dens_key_moment(NULL, zone), MOMENT_NONE);
	moment_zone_free(zone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_join),
		cmocka_unit_test(windows_join),
		cmocka_unit_test(spans_become_resolutions),
		cmocka_unit_test(keys_are_moments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
