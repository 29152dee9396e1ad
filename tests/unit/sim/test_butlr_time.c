#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/butlr_time.h"

#define HOUR 3600000LL

static GArray *windows(const char *every, const char *zone, const char *from, const char *to)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(struct sim_window));
	struct moment_zone *in = zone ? moment_zone_new(zone) : NULL;

	assert_int_equal(sim_windows(moment_span_ms(every), in, moment_parse(from), moment_parse(to), out),
			 ERR_OK);
	moment_zone_free(in);
	return out;
}

static void check(GArray *out, unsigned index, const char *start, const char *end)
{
	const struct sim_window *window = &g_array_index(out, struct sim_window, index);

	assert_int_equal(window->start_ms, moment_parse(start));
	assert_int_equal(window->end_ms, moment_parse(end));
}

static void aligns_to_the_clock(void **state)
{
	GArray *out = windows("15m", NULL, "2024-01-01T04:07:00Z", "2024-01-01T04:40:00Z");

	(void)state;
	assert_int_equal(out->len, 3);
	check(out, 0, "2024-01-01T04:07:00Z", "2024-01-01T04:15:00Z");
	check(out, 1, "2024-01-01T04:15:00Z", "2024-01-01T04:30:00Z");
	check(out, 2, "2024-01-01T04:30:00Z", "2024-01-01T04:40:00Z");
	g_array_free(out, TRUE);
}

static void days_are_local_also_when_clocks_change(void **state)
{
	/* clocks go forward on 2026-03-08 in New York: that day has 23 hours */
	GArray *out = windows("1d", "America/New_York", "2026-03-07T05:00:00Z", "2026-03-10T04:00:00Z");

	(void)state;
	assert_int_equal(out->len, 3);
	check(out, 0, "2026-03-07T05:00:00Z", "2026-03-08T05:00:00Z");
	check(out, 1, "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z");
	check(out, 2, "2026-03-09T04:00:00Z", "2026-03-10T04:00:00Z");
	g_array_free(out, TRUE);
}

static void hours_start_at_local_midnight(void **state)
{
	GArray *out = windows("6h", "America/New_York", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z");

	(void)state;
	assert_int_equal(out->len, 4);
	check(out, 3, "2026-03-08T23:00:00Z", "2026-03-09T04:00:00Z");
	g_array_free(out, TRUE);
	out = windows("1h", "Asia/Kolkata", "2026-03-08T00:00:00Z", "2026-03-08T02:00:00Z");
	assert_int_equal(out->len, 3); /* half past the hour in UTC */
	check(out, 1, "2026-03-08T00:30:00Z", "2026-03-08T01:30:00Z");
	g_array_free(out, TRUE);
}

static void weeks_start_on_monday(void **state)
{
	GArray *out = windows("1w", "Europe/Lisbon", "2026-11-18T00:00:00Z", "2026-11-25T00:00:00Z");

	(void)state;
	assert_int_equal(out->len, 2);
	check(out, 1, "2026-11-23T00:00:00Z", "2026-11-25T00:00:00Z");
	g_array_free(out, TRUE);
}

static void refuses_too_many(void **state)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(struct sim_window));

	(void)state;
	assert_int_equal(sim_windows(1, NULL, 0, 1000LL * HOUR, out), ERR_TOO_BIG);
	assert_int_equal(sim_windows(0, NULL, 0, HOUR, out), ERR_INVALID);
	g_array_free(out, TRUE);
}

static void reads_times(void **state)
{
	struct {
		const char *text;
		int64_t t;
	} rows[] = {
		{"-2m", 1000000000000 - 120000},
		{"now", 1000000000000},
		{"2001-09-09T01:46:40Z", 1000000000000},
		{"yesterday", MOMENT_NONE},
		{"-x", MOMENT_NONE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cJSON *item = cJSON_CreateString(rows[i].text);

		assert_int_equal(sim_time_read(item, 1000000000000), rows[i].t);
		cJSON_Delete(item);
	}
	assert_int_equal(sim_time_read(NULL, 5), MOMENT_NONE);
}

static void admits_hours(void **state)
{
	static const char text[] = "{\"time_ranges\":[{\"start\":\"09:00\",\"stop\":\"17:00\"}],"
				   "\"exclude_days_of_week\":[\"Saturday\"]}";
	struct moment_zone *zone = moment_zone_new("America/New_York");
	struct sim_hours hours;
	struct jsonx doc;

	(void)state;
	jsonx_init(&doc);
	assert_int_equal(jsonx_parse(&doc, text, sizeof(text) - 1, NULL), ERR_OK);
	assert_int_equal(sim_hours_read(doc.root, &hours), ERR_OK);
	assert_true(sim_hours_admit(&hours, zone, moment_parse("2026-11-18T14:00:00Z")));
	assert_false(sim_hours_admit(&hours, zone, moment_parse("2026-11-18T13:59:00Z")));
	assert_false(sim_hours_admit(&hours, zone, moment_parse("2026-11-18T22:00:00Z")));
	assert_false(sim_hours_admit(&hours, zone, moment_parse("2026-11-21T15:00:00Z")));
	assert_int_equal(jsonx_parse(&doc, "{\"time_ranges\":[{\"start\":\"9\"}]}", 31, NULL), ERR_OK);
	assert_int_equal(sim_hours_read(doc.root, &hours), ERR_PARSE);
	jsonx_fini(&doc);
	moment_zone_free(zone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(aligns_to_the_clock),
		cmocka_unit_test(days_are_local_also_when_clocks_change),
		cmocka_unit_test(hours_start_at_local_midnight),
		cmocka_unit_test(weeks_start_on_monday),
		cmocka_unit_test(refuses_too_many),
		cmocka_unit_test(reads_times),
		cmocka_unit_test(admits_hours),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
