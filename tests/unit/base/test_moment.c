#include "base/moment.h"

#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

#define DAY_MS INT64_C(86400000)

static void iso_forms_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{"2021-06-22 22:35:10.655000+00:00", INT64_C(1624401310655)},
		{"2024-01-01T04:00:00", INT64_C(1704081600000)},
		{"2024-01-01T04:00:00Z", INT64_C(1704081600000)},
		{"2024-01-01t04:00:00z", INT64_C(1704081600000)},
		{"2024-01-01T04:00", INT64_C(1704081600000)},
		{"2024-01-01", INT64_C(1704067200000)},
		{"2024-01-01T04:00:00+02:00", INT64_C(1704074400000)},
		{"2024-01-01T04:00:00-0730", INT64_C(1704108600000)},
		{"2024-01-01T04:00:00+02", INT64_C(1704074400000)},
		{"2024-01-01T04:00:00.1", INT64_C(1704081600100)},
		{"2024-01-01T04:00:00.123456789Z", INT64_C(1704081600123)},
		{"2024-01-01T04:00:00.999999999Z", INT64_C(1704081600999)},
		{"2024-01-01T04:00:00,5Z", INT64_C(1704081600500)},
		{"2024-02-29T00:00:00Z", INT64_C(1709164800000)},
		{"2024-01-01T24:00:00Z", INT64_C(1704153600000)},
		{"2016-12-31T23:59:60Z", INT64_C(1483228800000)},
		{"1970-01-01T00:00:00Z", 0},
		{"1969-12-31T23:00:00-01:00", 0},
		{"2200-12-31T23:59:59.999Z", INT64_C(7289654399999)},
		{"2201-01-01T00:30:00+01:00", INT64_C(7289652600000)},
		{"1700000000", INT64_C(1700000000000)},
		{"1700000000.123", INT64_C(1700000000123)},
		{"1700000000123", INT64_C(1700000000123)},
		{"1700000000123456", INT64_C(1700000000123)},
		{"1.7e9", INT64_C(1700000000000)},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (moment_parse(cases[i].text) != cases[i].ms)
			fail_msg("%s: %lld", cases[i].text, (long long)moment_parse(cases[i].text));
}

static void other_texts_are_none(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		" ",
		"now",
		"2024",
		"2024-1-1",
		"2024-13-01",
		"2024-00-10",
		"2024-01-00",
		"2024-01-32",
		"2023-02-29",
		"2100-02-29",
		"2024-04-31",
		"2024-01-01T",
		"2024-01-01T4:00",
		"2024-01-01T25:00",
		"2024-01-01T24:00:01",
		"2024-01-01T24:00:00.001",
		"2024-01-01T23:60:00",
		"2024-01-01T23:00:61",
		"2024-01-01T04:00:00.1234567890Z",
		"2024-01-01T04:00:00+2",
		"2024-01-01T04:00:00+24:00",
		"2024-01-01T04:00:00+02:60",
		"2024-01-01T04:00:00+02:0",
		"2024-01-01T04:00:00ZZ",
		"2024-01-01T04:00:00 Z",
		"2024-01-01T04:00:00Zx",
		"2024-01-01_04:00:00",
		"2024/01/01",
		" 2024-01-01",
		"2024-01-01 ",
		"-2024-01-01",
		"1969-12-31T23:59:59Z",
		"1970-01-01T00:00:00+00:01",
		"2201-01-01T00:00:00Z",
		"0000-01-01",
		"9999-12-31",
		"0",
		"-1",
		"1e30",
		"nan",
		"inf",
		"99999999999999999999",
		"20a4-01-01",
		"2024-01-01T04:00:00\xC2\xA0",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (moment_parse(bad[i]) != (strcmp(bad[i], "2024") ? MOMENT_NONE : 2024000))
			fail_msg("\"%s\": %lld", bad[i], (long long)moment_parse(bad[i]));
	assert_true(moment_parse(NULL) == MOMENT_NONE);
}

static void numbers_find_their_unit(void **state)
{
	(void)state;
	assert_true(moment_from_number(1700000000) == INT64_C(1700000000000));
	assert_true(moment_from_number(1e11) == MOMENT_NONE); /* seconds, but after the year 2200 */
	assert_true(moment_from_number(1e11 + 1) == INT64_C(100000000001));
	assert_true(moment_from_number(1e14) == MOMENT_NONE); /* milliseconds, as far off */
	assert_true(moment_from_number(1e14 + 1000) == INT64_C(100000000001));
	assert_true(moment_from_number(7289654399.0) == INT64_C(7289654399000));
	assert_true(moment_from_number(7289654400.0) == MOMENT_NONE);
	assert_true(moment_from_number(0.5) == 500);
	static const double bad[] = {0, -1, -1700000000, NAN, INFINITY, -INFINITY, 1e18, 1e308};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_true(moment_from_number(bad[i]) == MOMENT_NONE);
}

static void spans_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {{"15m", 900000},
		     {"8h", 28800000},
		     {"7d", 7 * DAY_MS},
		     {"90s", 90000},
		     {"250ms", 250},
		     {"1w", 7 * DAY_MS},
		     {"30", 30000},
		     {"0", 0},
		     {"0s", 0},
		     {"1.5h", 5400000},
		     {"3650d", 3650 * DAY_MS},
		     {"", -1},
		     {"m", -1},
		     {"-5m", -1},
		     {"5 m", -1},
		     {"5M", -1},
		     {"5y", -1},
		     {"4000d", -1},
		     {"99999999999999999999w", -1},
		     {"1e3s", -1},
		     {"5mm", -1},
		     {"1.2.3s", -1},
		     {".", -1},
		     {"+5m", -1},
		     {"9999999999999999999999999999999999999999999", -1},
		     {"5m ", -1}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (moment_span_ms(cases[i].text) != cases[i].ms)
			fail_msg("\"%s\": %lld", cases[i].text, (long long)moment_span_ms(cases[i].text));
	assert_int_equal(moment_span_ms(NULL), -1);
}

static void users_write_spans_or_local_times(void **state)
{
	(void)state;
	const int64_t now_ms = INT64_C(1700000000000);
	assert_true(moment_parse_user("15m", now_ms) == now_ms - 900000);
	assert_true(moment_parse_user("0", now_ms) == now_ms);
	assert_true(moment_parse_user("60", now_ms) == now_ms - 60000);
	assert_true(moment_parse_user("1700000000", now_ms) == now_ms);
	assert_true(moment_parse_user("2024-01-01T04:00:00Z", now_ms) == INT64_C(1704081600000));
	assert_true(moment_parse_user("soon", now_ms) == MOMENT_NONE);
	assert_true(moment_parse_user(NULL, now_ms) == MOMENT_NONE);
	assert_true(moment_parse_user("1d", 1000) == MOMENT_NONE);
	assert_int_equal(setenv("TZ", "America/New_York", 1), 0);
	tzset();
	assert_true(moment_parse_user("2024-01-01T04:00:00", now_ms) == INT64_C(1704099600000));
	assert_int_equal(setenv("TZ", "UTC", 1), 0);
	tzset();
}

static void formats(void **state)
{
	(void)state;
	char out[MOMENT_TEXT_SIZE];
	assert_ptr_equal(moment_format(0, out), out);
	assert_string_equal(out, "1970-01-01T00:00:00Z");
	assert_string_equal(moment_format(INT64_C(1787148425000), out), "2026-08-19T14:07:05Z");
	assert_string_equal(moment_format(INT64_C(1787148425250), out), "2026-08-19T14:07:05.250Z");
	assert_string_equal(moment_format(INT64_C(1787148425007), out), "2026-08-19T14:07:05.007Z");
	assert_string_equal(moment_format(-1, out), "1969-12-31T23:59:59.999Z");
	assert_string_equal(moment_format(INT64_C(253402300799999), out), "9999-12-31T23:59:59.999Z");
	assert_string_equal(moment_format(MOMENT_NONE, out), "");
	assert_string_equal(moment_format(INT64_MAX, out), "");
	struct moment_zone *zone = moment_zone_new("America/New_York");
	assert_string_equal(moment_format_in(INT64_C(1787148425250), zone, out), "2026-08-19 10:07:05");
	assert_string_equal(moment_format_in(INT64_C(1787148425250), NULL, out), "2026-08-19 14:07:05");
	assert_string_equal(moment_format_in(MOMENT_NONE, zone, out), "");
	assert_string_equal(moment_format_in(INT64_MAX, zone, out), "");
	moment_zone_free(zone);
}

static void ages(void **state)
{
	(void)state;
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {{0, "now"},
		     {999, "now"},
		     {-5000, "now"},
		     {1000, "1s"},
		     {59999, "59s"},
		     {60000, "1m"},
		     {3599999, "59m"},
		     {3600000, "1h"},
		     {DAY_MS - 1, "23h"},
		     {DAY_MS, "1d"},
		     {9 * DAY_MS, "9d"},
		     {INT64_MIN, "now"},
		     {INT64_MAX, "106751991167d"}};
	char out[MOMENT_TEXT_SIZE];
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(moment_format_age(cases[i].ms, out), cases[i].text);
}

/* Every moment that is written is read again, and the calendar is the C library's. */
static void calendar_is_that_of_the_c_library(void **state)
{
	(void)state;
	struct rng rng;
	char out[MOMENT_TEXT_SIZE];
	rng_init(&rng, 3);
	for (int i = 0; i < 50000; i++) {
		int64_t moment_ms = (int64_t)(rng_next(&rng) % UINT64_C(7289654400000));
		assert_true(moment_parse(moment_format(moment_ms, out)) == moment_ms);
		time_t seconds = (time_t)(moment_ms / 1000);
		struct tm tm;
		gmtime_r(&seconds, &tm);
		struct moment_parts parts = moment_split(moment_ms, NULL);
		assert_int_equal(parts.year, tm.tm_year + 1900);
		assert_int_equal(parts.month, tm.tm_mon + 1);
		assert_int_equal(parts.day, tm.tm_mday);
		assert_int_equal(parts.hour, tm.tm_hour);
		assert_int_equal(parts.minute, tm.tm_min);
		assert_int_equal(parts.second, tm.tm_sec);
		assert_int_equal(parts.weekday, tm.tm_wday);
		assert_true(moment_join(&parts, NULL) == moment_ms - moment_ms % 1000);
	}
	moment_split(INT64_MIN, NULL);
	moment_split(INT64_MAX, NULL);
}

static void zones_are_found_or_refused(void **state)
{
	(void)state;
	static const char *const good[] = {"America/New_York",
					   "Europe/Berlin",
					   "UTC",
					   "Etc/UTC",
					   "Asia/Kolkata",
					   "+02:00",
					   "-0730",
					   "+05",
					   "Eastern Time (US & Canada)",
					   "Nuku'alofa",
					   "",
					   NULL};
	static const char *const bad[] = {"Nowhere/Land",
					  "America/Nowhere",
					  "../../../etc/passwd",
					  "/usr/share/zoneinfo/UTC",
					  "America/../Europe/Berlin",
					  "/dev/zero",
					  "+25:00",
					  "+2",
					  "+02:0",
					  "+02:000",
					  "+",
					  "Europe//Berlin",
					  "Eastern Time",
					  "a b",
					  "\x1B[0m",
					  ":UTC"};
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct moment_zone *zone = moment_zone_new(good[i]);
		if (!zone)
			fail_msg("%s is not known", good[i]);
		moment_zone_free(zone);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (moment_zone_new(bad[i]))
			fail_msg("%s is taken for a zone", bad[i]);
	moment_zone_free(NULL);
}

static void fixed_offsets(void **state)
{
	(void)state;
	struct moment_zone *zone = moment_zone_new("-07:30");
	assert_int_equal(moment_split(0, zone).utc_offset_s, -27000);
	assert_true(moment_parse_in("2024-01-01T04:00:00", zone) == INT64_C(1704108600000));
	assert_true(moment_parse_in("2024-01-01T04:00:00Z", zone) == INT64_C(1704081600000));
	moment_zone_free(zone);
}

static int64_t join(const struct moment_zone *zone, int year, int month, int day, int hour, int minute)
{
	const struct moment_parts parts = {
		.year = year, .month = month, .day = day, .hour = hour, .minute = minute};
	return moment_join(&parts, zone);
}

static void gaps_and_overlaps(void **state)
{
	(void)state;
	struct moment_zone *zone = moment_zone_new("America/New_York");
	/* 2024-03-10: 02:00 EST is followed by 03:00 EDT. */
	assert_true(join(zone, 2024, 3, 10, 1, 59) == moment_parse("2024-03-10T06:59:00Z"));
	assert_true(join(zone, 2024, 3, 10, 2, 30) == moment_parse("2024-03-10T07:30:00Z")); /* 03:30 EDT */
	assert_true(join(zone, 2024, 3, 10, 3, 0) == moment_parse("2024-03-10T07:00:00Z"));
	/* 2024-11-03: 01:00 to 02:00 comes twice. */
	assert_true(join(zone, 2024, 11, 3, 0, 59) == moment_parse("2024-11-03T04:59:00Z"));
	assert_true(join(zone, 2024, 11, 3, 1, 30) == moment_parse("2024-11-03T05:30:00Z"));
	assert_true(join(zone, 2024, 11, 3, 2, 0) == moment_parse("2024-11-03T07:00:00Z"));
	assert_int_equal(moment_split(moment_parse("2024-11-03T05:30:00Z"), zone).utc_offset_s, -14400);
	assert_int_equal(moment_split(moment_parse("2024-11-03T06:30:00Z"), zone).utc_offset_s, -18000);
	/* Far beyond what zone files list moment by moment. */
	assert_int_equal(moment_split(moment_parse("2150-07-01T12:00:00Z"), zone).hour, 8);
	moment_zone_free(zone);
	zone = moment_zone_new("Australia/Lord_Howe"); /* half an hour of summer time */
	assert_true(join(zone, 2024, 10, 6, 2, 15) == moment_parse("2024-10-05T15:45:00Z"));
	assert_true(join(zone, 2024, 4, 7, 1, 45) == moment_parse("2024-04-06T14:45:00Z"));
	moment_zone_free(zone);
	zone = moment_zone_new("Asia/Kathmandu");
	assert_int_equal(moment_split(INT64_C(1700000000000), zone).utc_offset_s, 20700);
	moment_zone_free(zone);
}

/* Around every change of a few zones: what is split and joined comes out the same, or earlier where it is
 * twofold. */
static void split_and_join_agree(void **state)
{
	(void)state;
	static const char *const names[] = {"America/New_York",    "Europe/London",    "Africa/Casablanca",
					    "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct moment_zone *zone = moment_zone_new(names[i]);
		for (int64_t at_ms = INT64_C(1262304000000); at_ms < INT64_C(1800000000000);
		     at_ms += 1800000 * INT64_C(7)) {
			struct moment_parts parts = moment_split(at_ms, zone);
			int64_t back_ms = moment_join(&parts, zone);
			struct moment_parts again = moment_split(back_ms, zone);
			assert_true(back_ms <= at_ms);
			assert_int_equal(parts.hour * 60 + parts.minute, again.hour * 60 + again.minute);
			assert_int_equal(parts.day, again.day);
		}
		moment_zone_free(zone);
	}
}

static void fields_out_of_range_are_carried(void **state)
{
	(void)state;
	assert_true(join(NULL, 2024, 13, 1, 0, 0) == moment_parse("2025-01-01"));
	assert_true(join(NULL, 2024, 0, 1, 0, 0) == moment_parse("2023-12-01"));
	assert_true(join(NULL, 2024, 3, 0, 0, 0) == moment_parse("2024-02-29"));
	assert_true(join(NULL, 2024, 1, 366, 0, 0) == moment_parse("2024-12-31"));
	assert_true(join(NULL, 2024, 1, 1, -1, 0) == moment_parse("2023-12-31T23:00"));
	assert_true(join(NULL, 2024, 1, 1, 0, 1500) == moment_parse("2024-01-02T01:00"));
	static const int extremes[] = {INT_MIN, INT_MAX};
	struct moment_zone *zone = moment_zone_new("Europe/Berlin");
	for (size_t i = 0; i < 64; i++) {
		const struct moment_parts parts = {.year = extremes[i & 1],
						   .month = extremes[i >> 1 & 1],
						   .day = extremes[i >> 2 & 1],
						   .hour = extremes[i >> 3 & 1],
						   .minute = extremes[i >> 4 & 1],
						   .second = extremes[i >> 5 & 1]};
		moment_join(&parts, zone);
		moment_join(&parts, NULL);
	}
	moment_zone_free(zone);
}

static void rails_names_are_mapped(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
		{"Eastern Time (US & Canada)", "America/New_York"},
		{"Pacific Time (US & Canada)", "America/Los_Angeles"},
		{"Abu Dhabi", "Asia/Muscat"},
		{"Zurich", "Europe/Zurich"},
		{"International Date Line West", "Pacific/Midway"},
		{"Indiana (East)", "America/Indiana/Indianapolis"},
		{"Nuku'alofa", "Pacific/Tongatapu"},
		{"UTC", "Etc/UTC"},
		{"St. Petersburg", "Europe/Moscow"},
		{"Kyiv", "Europe/Kyiv"},
		{"Samoa", "Pacific/Apia"},
		{"Arizona", "America/Phoenix"},
		{"Wellington", "Pacific/Auckland"},
		{"Quito", "America/Lima"},
	};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		assert_string_equal(moment_zone_iana(pairs[i][0]), pairs[i][1]);
		struct moment_zone *zone = moment_zone_new(pairs[i][0]);
		assert_non_null(zone);
		moment_zone_free(zone);
	}
	const char *other = "Europe/Berlin";
	assert_ptr_equal(moment_zone_iana(other), other);
	assert_null(moment_zone_iana(NULL));
	assert_string_equal(moment_zone_iana("eastern time (us & canada)"), "eastern time (us & canada)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(iso_forms_are_read),
		cmocka_unit_test(other_texts_are_none),
		cmocka_unit_test(numbers_find_their_unit),
		cmocka_unit_test(spans_are_read),
		cmocka_unit_test(users_write_spans_or_local_times),
		cmocka_unit_test(formats),
		cmocka_unit_test(ages),
		cmocka_unit_test(calendar_is_that_of_the_c_library),
		cmocka_unit_test(zones_are_found_or_refused),
		cmocka_unit_test(fixed_offsets),
		cmocka_unit_test(gaps_and_overlaps),
		cmocka_unit_test(split_and_join_agree),
		cmocka_unit_test(fields_out_of_range_are_carried),
		cmocka_unit_test(rails_names_are_mapped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
