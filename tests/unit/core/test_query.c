#include "core/query.h"

#include "base/moment.h"
#include "core/kind.h"
#include "model/access.h"
#include "model/estate.h"
#include "model/live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW_MS INT64_C(1787148425000) /* 2026-08-19T14:07:05Z */

static struct problem problem;

static int set(struct query *query, const char *name, const char *value)
{
	problem = (struct problem){0};
	return query_set(query, name, value, NOW_MS, &problem);
}

static void test_lists_grow_and_hold_every_text(void **state)
{
	(void)state;
	struct query query;
	query_init(&query, KIND_ROOMS);
	for (int i = 0; i < 100; i++) {
		char id[32];
		snprintf(id, sizeof(id), "room_%d", i);
		assert_int_equal(set(&query, "--room", id), ERR_OK);
	}
	assert_int_equal(query.rooms.n, 100);
	for (int i = 0; i < 100; i++) {
		char id[32];
		snprintf(id, sizeof(id), "room_%d", i);
		assert_string_equal(query.rooms.at[i], id);
		assert_true(query_wants(&query.rooms, id));
	}
	assert_false(query_wants(&query.rooms, "room_100"));
	assert_false(query_wants(&query.rooms, NULL));
	assert_true(query_wants(&query.floors, NULL));
	query_fini(&query);
}

static void test_every_filter_of_the_table_is_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < filter_count; i++) {
		const char *argument = filter_table[i].argument, *value = "x";
		if (strcmp(filter_table[i].name, "since") == 0 || strcmp(filter_table[i].name, "until") == 0)
			value = "8h";
		else if (strcmp(argument, "N") == 0)
			value = "5";
		else if (strcmp(argument, "SPAN") == 0)
			value = "1h";
		struct query query;
		query_init(&query, KIND_OCCUPANCY);
		assert_int_equal(set(&query, filter_table[i].name, value), ERR_OK);
		assert_non_null(filter_table[i].help);
		query_fini(&query);
	}
}

static void test_times_and_spans_back(void **state)
{
	(void)state;
	struct query query;
	query_init(&query, KIND_DOORS);
	assert_true(query.since_ms == MOMENT_NONE && query.until_ms == MOMENT_NONE);
	assert_int_equal(set(&query, "since", "8h"), ERR_OK);
	assert_int_equal(query.since_ms, NOW_MS - 8 * 3600000);
	assert_int_equal(set(&query, "since", "2026-08-19T08:00:00Z"), ERR_OK);
	assert_int_equal(query.since_ms, NOW_MS - 22025000);
	assert_int_equal(set(&query, "until", "15m"), ERR_OK);
	assert_int_equal(query.until_ms, NOW_MS - 15 * 60000);
	assert_int_equal(query_check(&query, &problem), ERR_OK);
	assert_int_equal(set(&query, "since", "5m"), ERR_OK);
	assert_int_equal(query_check(&query, &problem), ERR_USAGE);
	assert_non_null(strstr(problem.why, "later than --until"));
	query_fini(&query);
}

/* Any whole number of any unit is a span, and it is worth what it says. */
static void test_every_takes_any_span(void **state)
{
	(void)state;
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = {{"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}, {"w", 604800000}};
	static const int counts[] = {1, 2, 5, 6, 7, 12, 15, 30, 45, 90};
	for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
		for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
			struct query query;
			char text[32];
			query_init(&query, KIND_OCCUPANCY);
			snprintf(text, sizeof(text), "%d%s", counts[c], units[u].unit);
			assert_int_equal(set(&query, "every", text), ERR_OK);
			assert_int_equal(query.every_ms, counts[c] * units[u].ms);
			query_fini(&query);
		}
	}
}

static void test_wrong_values_are_told(void **state)
{
	(void)state;
	static const struct {
		const char *name, *value, *expected;
	} cases[] = {
		{"since", "yesterday", "a time such as"},
		{"since", "", "a time such as"},
		{"until", "8 hours", "a time such as"},
		{"limit", "0", "a whole number"},
		{"limit", "-1", "a whole number"},
		{"limit", "1.5", "a whole number"},
		{"limit", "5x", "a whole number"},
		{"limit", "", "a whole number"},
		{"limit", "99999999999999999999999", "a whole number"},
		{"limit", "1000000001", "a whole number"},
		{"every", "hourly", "a span such as"},
		{"every", "0s", "a span such as"},
		{"every", "-5m", "a span such as"},
		{"room", "", "1 to 1024 bytes"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct query query;
		query_init(&query, KIND_OCCUPANCY);
		assert_int_equal(set(&query, cases[i].name, cases[i].value), ERR_USAGE);
		assert_non_null(strstr(problem.why, cases[i].expected));
		assert_non_null(strstr(problem.what, cases[i].name));
		assert_int_equal(problem.code, ERR_USAGE);
		assert_int_equal(query.limit, 0);
		query_fini(&query);
	}
}

static void test_unknown_filter_gets_a_suggestion(void **state)
{
	(void)state;
	struct query query;
	query_init(&query, KIND_ROOMS);
	assert_int_equal(set(&query, "--flor", "x"), ERR_USAGE);
	assert_string_equal(problem.why, "unknown filter `--flor`");
	assert_string_equal(problem.todo, "did you mean --floor?");
	assert_int_equal(set(&query, "--\x1b[31m", "x"), ERR_USAGE);
	assert_null(strchr(problem.why, '\x1b'));
	query_fini(&query);
}

static void test_limit(void **state)
{
	(void)state;
	struct query query;
	query_init(&query, KIND_DOORS);
	assert_int_equal(set(&query, "limit", "250"), ERR_OK);
	assert_int_equal(set(&query, "limit", "1000000000"), ERR_OK);
	assert_int_equal(query.limit, 1000000000);
	query_fini(&query);
}

static void test_filters_that_a_kind_cannot_answer(void **state)
{
	(void)state;
	static const struct {
		enum kind kind;
		const char *name, *value;
		int err;
	} cases[] = {
		{KIND_ROOMS, "every", "1h", ERR_USAGE},       {KIND_OCCUPANCY, "every", "1h", ERR_OK},
		{KIND_ROOMS, "method", "pin", ERR_USAGE},     {KIND_DOORS, "method", "pin", ERR_OK},
		{KIND_FLOORS, "status", "online", ERR_USAGE}, {KIND_SENSORS, "status", "online", ERR_OK},
		{KIND_ROOMS, "source", "7", ERR_USAGE},       {KIND_MEASUREMENTS, "source", "7", ERR_OK},
		{KIND_FLOORS, "type", "x", ERR_USAGE},        {KIND_ROOMS, "type", "x", ERR_OK},
		{KIND_MEASUREMENTS, "type", "x", ERR_USAGE},  {KIND_MEASUREMENTS, "type", "min_max", ERR_OK},
		{KIND_ROOMS, "building", "b", ERR_OK},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct query query;
		query_init(&query, cases[i].kind);
		assert_int_equal(set(&query, cases[i].name, cases[i].value), ERR_OK);
		assert_int_equal(query_check(&query, &problem), cases[i].err);
		query_fini(&query);
	}
}

static struct query with_defaults(enum kind kind, const char *name, const char *value)
{
	struct query query;
	query_init(&query, kind);
	if (name)
		assert_int_equal(set(&query, name, value), ERR_OK);
	query_apply_defaults(&query, NOW_MS);
	return query;
}

static void test_defaults(void **state)
{
	(void)state;
	struct query query = with_defaults(KIND_FRAMES, NULL, NULL);
	assert_int_equal(query.since_ms, NOW_MS - 60000);
	query_fini(&query);
	query = with_defaults(KIND_DETECTIONS, "until", "1h");
	assert_int_equal(query.since_ms, NOW_MS - 3660000);
	query_fini(&query);
	query = with_defaults(KIND_OCCUPANCY, NULL, NULL);
	assert_int_equal(query.since_ms, NOW_MS - 86400000);
	assert_int_equal(query.every_ms, 3600000);
	query_fini(&query);
	query = with_defaults(KIND_OCCUPANCY, "every", "5m");
	assert_int_equal(query.every_ms, 300000);
	query_fini(&query);
	query = with_defaults(KIND_DOORS, NULL, NULL);
	assert_int_equal(query.limit, 100);
	assert_true(query.since_ms == MOMENT_NONE);
	query_fini(&query);
	query = with_defaults(KIND_DOORS, "since", "7d");
	assert_int_equal(query.limit, 0);
	query_fini(&query);
	query = with_defaults(KIND_FRAMES, "limit", "3");
	assert_true(query.since_ms == MOMENT_NONE);
	query_fini(&query);
	query = with_defaults(KIND_MEASUREMENTS, NULL, NULL);
	assert_int_equal(query.types.n, 1);
	assert_string_equal(query.types.at[0], "latest");
	query_fini(&query);
	query = with_defaults(KIND_ROOMS, NULL, NULL);
	assert_true(query.since_ms == MOMENT_NONE && query.limit == 0 && query.every_ms == 0);
	query_fini(&query);
}

static void test_a_copy_stands_alone(void **state)
{
	(void)state;
	struct query query;
	query_init(&query, KIND_DOORS);
	for (size_t i = 0; i < filter_count; i++)
		if (filter_table[i].repeatable)
			for (int n = 0; n < 3; n++)
				assert_int_equal(set(&query, filter_table[i].name, n == 1 ? "b" : "a"),
						 ERR_OK);
	assert_int_equal(set(&query, "limit", "9"), ERR_OK);
	assert_int_equal(set(&query, "since", "1h"), ERR_OK);
	assert_int_equal(set(&query, "until", "1m"), ERR_OK);
	assert_int_equal(set(&query, "every", "2m"), ERR_OK);
	struct query *copy = query_copy(&query);
	query_fini(&query);
	assert_int_equal(copy->kind, KIND_DOORS);
	const struct words lists[] = {copy->accounts, copy->buildings, copy->floors,  copy->rooms,
				      copy->units,    copy->users,     copy->methods, copy->types,
				      copy->statuses, copy->sources};
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		assert_int_equal(lists[i].n, 3);
		assert_string_equal(lists[i].at[1], "b");
	}
	assert_int_equal(copy->limit, 9);
	assert_int_equal(copy->since_ms, NOW_MS - 3600000);
	assert_int_equal(copy->until_ms, NOW_MS - 60000);
	assert_int_equal(copy->every_ms, 120000);
	query_free(copy);
	query_free(NULL);
}

static void test_match_by_id_and_status(void **state)
{
	(void)state;
	struct sensor sensor;
	kind_blank(KIND_SENSORS, &sensor);
	sensor.id = "s1";
	sensor.floor_id = "f1";
	sensor.status = STATUS_OFFLINE;
	struct query query;
	query_init(&query, KIND_SENSORS);
	assert_true(query_match(&query, &sensor));
	assert_int_equal(set(&query, "floor", "f0"), ERR_OK);
	assert_false(query_match(&query, &sensor));
	assert_int_equal(set(&query, "floor", "f1"), ERR_OK);
	assert_true(query_match(&query, &sensor));
	assert_int_equal(set(&query, "building", "b9"), ERR_OK); /* sensors do not know */
	assert_true(query_match(&query, &sensor));
	assert_int_equal(set(&query, "status", "offline"), ERR_OK);
	assert_true(query_match(&query, &sensor));
	sensor.status = STATUS_ONLINE;
	assert_false(query_match(&query, &sensor));
	sensor.status = NULL;
	assert_false(query_match(&query, &sensor));
	sensor.status = STATUS_OFFLINE;
	assert_int_equal(set(&query, "room", "r1"), ERR_OK);
	assert_false(query_match(&query, &sensor));
	query_fini(&query);
}

static void test_match_by_own_id(void **state)
{
	(void)state;
	struct room room;
	kind_blank(KIND_ROOMS, &room);
	room.id = "r1";
	struct query query;
	query_init(&query, KIND_ROOMS);
	assert_int_equal(set(&query, "room", "r1"), ERR_OK);
	assert_true(query_match(&query, &room));
	room.id = "r2";
	assert_false(query_match(&query, &room));
	query_fini(&query);
}

static void test_match_by_time(void **state)
{
	(void)state;
	struct door_release door;
	kind_blank(KIND_DOORS, &door);
	struct query query;
	query_init(&query, KIND_DOORS);
	assert_true(query_match(&query, &door));
	query.since_ms = 1000;
	query.until_ms = 2000;
	assert_false(query_match(&query, &door)); /* no time told */
	const struct {
		int64_t time_ms;
		bool match;
	} cases[] = {{999, false}, {1000, true}, {1999, true}, {2000, false}};
	for (size_t i = 0; i < 4; i++) {
		door.time_ms = cases[i].time_ms;
		assert_int_equal(query_match(&query, &door), cases[i].match);
	}
	query.since_ms = MOMENT_NONE;
	door.time_ms = 1;
	assert_true(query_match(&query, &door));
	query_fini(&query);
}

/* A measurement's --type is a form of answer: rows have no such field. */
static void test_measurement_type_does_not_hide_rows(void **state)
{
	(void)state;
	struct measurement measurement;
	kind_blank(KIND_MEASUREMENTS, &measurement);
	struct query query;
	query_init(&query, KIND_MEASUREMENTS);
	assert_int_equal(set(&query, "type", "raw"), ERR_OK);
	assert_true(query_match(&query, &measurement));
	query_fini(&query);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists_grow_and_hold_every_text),
		cmocka_unit_test(test_every_filter_of_the_table_is_understood),
		cmocka_unit_test(test_times_and_spans_back),
		cmocka_unit_test(test_every_takes_any_span),
		cmocka_unit_test(test_wrong_values_are_told),
		cmocka_unit_test(test_unknown_filter_gets_a_suggestion),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_filters_that_a_kind_cannot_answer),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_a_copy_stands_alone),
		cmocka_unit_test(test_match_by_id_and_status),
		cmocka_unit_test(test_match_by_own_id),
		cmocka_unit_test(test_match_by_time),
		cmocka_unit_test(test_measurement_type_does_not_hide_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
