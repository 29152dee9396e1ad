/* Of occupancy what needs no pane: what may be said of a room, dates as typed, hours of operation, the week. */
#include "core/kind.h"
#include "ui/pane/occupancy_view.h"

#include "occupancy_rooms.h"

#include <glib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define HOUR_MS INT64_C(3600000)

/* --- what is said of a room --- */

static void assert_now(const struct room_is *is, const char *figure, const char *words, double utilization)
{
	struct room room;
	struct now now;
	char out[64];

	kind_blank(KIND_ROOMS, &room);
	room.capacity = is->capacity;
	room.occupancy = is->people;
	room.occupied = is->occupied;
	room.binary = is->binary;
	room.capped = is->capped;
	room.health = is->health;
	now = now_of(&room);
	assert_string_equal(now_figure(&now, true, out), figure);
	assert_string_equal(now_words(&now, out), words);
	assert_true(isnan(utilization) ? isnan(now.utilization) : now.utilization == utilization);
}

static void test_now(void **state)
{
	(void)state;
	assert_now(&hq[1], "9/8", "9 of 8 people", 1.125);
	assert_now(&hq[2], "2", "2 people", NAN);
	assert_now(&hq[4], "0/4", "0 of 4 people", 0);
	assert_now(&lobby[0], "taken", "taken, people are not counted", NAN);
	assert_now(&lobby[1], "3+/8", "3 or more of 8 people", 0.375);
	/* An offline sensor that sees nobody knows nothing; neither does one whose health is not known, count or no count. */
	assert_now(&lobby[2], "-", "not known", NAN);
	assert_now(&lobby[3], "free", "free", NAN);
	assert_now(&lobby[4], "-", "not known", NAN);
	assert_now(&lobby[6], "-", "not known", NAN);
	/* One of several sensors that does not work: the others see. */
	assert_now(&(struct room_is){"x", "f", "x", 8, 0, 0, 0, 0, "degraded"}, "0/8", "0 of 8 people", 0);
	assert_now(&(struct room_is){"x", "f", "x", 8, NAN, 0, 0, 0, "degraded"}, "free", "free", NAN);
	assert_now(&(struct room_is){"x", "f", "x", 8, NAN, -1, 0, 0, NULL}, "-", "not known", NAN);
	/* No capacity, and a capacity of 0, is no utilization of 0. */
	assert_now(&lobby[5], "4", "4 people", NAN);
	/* Somebody is there, whatever the sensor's health. */
	assert_now(&(struct room_is){"x", "f", "x", 8, 2, 1, 0, 0, "offline"}, "2/8", "2 of 8 people", 0.25);
}

/* --- times --- */

static void test_dates(void **state)
{
	static const struct {
		const char *text, *from, *to;
	} good[] = {
		{"2026-08-01..2026-08-07", "2026-08-01T04:00:00Z", "2026-08-08T04:00:00Z"},
		{"2026-08-01", "2026-08-01T04:00:00Z", "2026-08-02T04:00:00Z"},
		{"2026-03-08", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"}, /* 23 hours */
		{"2026-08-01 10:00..12:30", "2026-08-01T14:00:00Z", "2026-08-01T16:30:00Z"},
		{"14d..7d", "2026-08-05T18:07:00Z", "2026-08-12T18:07:00Z"},
		{"3h..now", "2026-08-19T15:07:00Z", "2026-08-19T18:07:00Z"},
	};
	static const char *const bad[] = {"",           "..",     "yesterday",    "2026-08-07..2026-08-01",
					  "2026-13-01", "1h..2h", "2026-08-01..x"};
	struct moment_zone *zone = moment_zone_new("America/New_York");
	int64_t now_ms = moment_parse("2026-08-19T18:07:00Z"), from_ms, to_ms;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		if (!occ_dates_parse(good[i].text, zone, now_ms, &from_ms, &to_ms))
			fail_msg("%s", good[i].text);
		assert_int_equal(from_ms, moment_parse(good[i].from));
		assert_int_equal(to_ms, moment_parse(good[i].to));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		if (occ_dates_parse(bad[i], zone, now_ms, &from_ms, &to_ms))
			fail_msg("%s", bad[i]);
	moment_zone_free(zone);
}

static void test_hours(void **state)
{
	struct occ_hours hours;

	(void)state;
	occ_hours_parse("mon-fri 7-19, sat 9-13:30", &hours);
	assert_string_equal(hours.flaw, "");
	assert_true(occ_hours_hold(&hours, 1, 420) && !occ_hours_hold(&hours, 1, 419) &&
		    !occ_hours_hold(&hours, 5, 1140));
	assert_true(occ_hours_hold(&hours, 6, 809) && !occ_hours_hold(&hours, 6, 810) &&
		    !occ_hours_hold(&hours, 0, 600));
	occ_hours_parse("fri-mon 8-24", &hours);
	assert_true(occ_hours_hold(&hours, 0, 1439) && occ_hours_hold(&hours, 1, 480) &&
		    !occ_hours_hold(&hours, 2, 480));
	occ_hours_parse("mon 19-7", &hours);
	assert_true(hours.flaw[0] != '\0');
	occ_hours_parse("monday", &hours);
	assert_true(hours.flaw[0] != '\0');
	occ_hours_parse(NULL, &hours);
	assert_true(hours.flaw[0] == '\0' && !occ_hours_hold(&hours, 1, 600));
}

/* The week where the clock is put back: the hour that comes twice is one hour of the week. */
static void test_week(void **state)
{
	struct moment_zone *zone = moment_zone_new("America/New_York");
	int64_t start[4] = {moment_parse("2026-11-01T05:00:00Z"), moment_parse("2026-11-01T06:00:00Z"),
			    moment_parse("2026-11-01T07:00:00Z"), moment_parse("2026-11-02T15:00:00Z")};
	int64_t end[4];
	double value[4] = {2, 4, 0, NAN};
	struct occ_windows windows = {.start_ms = start, .end_ms = end, .n = 4, .value = {value}};
	struct occ_week week;

	(void)state;
	for (int i = 0; i < 4; i++)
		end[i] = start[i] + HOUR_MS;
	occ_week_of(&windows, OCC_PEOPLE, zone, &week);
	assert_true(week.mean[6 * 24 + 1] == 3 && week.most[6 * 24 + 1] == 4 && week.n[6 * 24 + 1] == 2);
	assert_true(week.mean[6 * 24 + 2] == 0);
	assert_true(isnan(week.mean[10])); /* not told is no zero */
	assert_true(week.greatest == 3);
	moment_zone_free(zone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_now),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_hours),
		cmocka_unit_test(test_week),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
