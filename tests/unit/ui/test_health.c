#include "ui/health/health.h"

#include "base/jsonx.h"
#include "base/moment.h"
#include "health_estate.h"
#include "ui/health/export.h"
#include "ui/health/words.h"

#include <glib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct health_item *find(const struct health *health, const char *key)
{
	for (size_t i = 0; i < health_count(health); i++) {
		if (strcmp(health_at(health, i)->key, key) == 0)
			return health_at(health, i);
	}
	fail_msg("no %s", key);
	return NULL;
}

static struct health *built(struct estate *estate)
{
	struct health *health = health_new();
	assert_true(health_refresh(health, estate->world));
	return health;
}

/* Keys in order, blank between. */
static void assert_order(const struct health *health, const char *expected)
{
	GString *keys = g_string_new(NULL);
	for (size_t i = 0; i < health_count(health); i++)
		g_string_append_printf(keys, "%s%s", i ? " " : "",
				       strrchr(health_at(health, i)->key, '/') + 1);
	assert_string_equal(keys->str, expected);
	g_string_free(keys, TRUE);
}

static void test_worst_first(void **state)
{
	(void)state;
	struct estate *estate = estate_new(false);
	struct health *health = built(estate);
	/* hive, newly offline, long offline, low batteries by days, degraded, behind the hive, the rest by
	 * place */
	assert_order(health, "h2 s2 s3 s4 s7 s5 s6 s1 s8 h1 s9 s1");
	health_free(health);
	estate_free(estate);
}

static void test_states(void **state)
{
	(void)state;
	struct estate *estate = estate_new(false);
	struct health *health = built(estate);
	g_autofree char *hive = g_strdup_printf("0/%d/h2", KIND_GATEWAYS);
	g_autofree char *prefix = g_strdup_printf("0/%d/", KIND_SENSORS);
	static const struct {
		const char *id;
		enum health_state state;
		bool due;
	} expected[] = {{"s1", HEALTH_OK, false},      {"s2", HEALTH_OFFLINE, false},
			{"s3", HEALTH_OFFLINE, true},  {"s4", HEALTH_BATTERY, true},
			{"s5", HEALTH_DEGRADED, true}, {"s6", HEALTH_BEHIND, false},
			{"s7", HEALTH_BATTERY, true},  {"s8", HEALTH_OK, false},
			{"s9", HEALTH_OK, false}};
	for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
		g_autofree char *key = g_strconcat(prefix, expected[i].id, NULL);
		const struct health_item *item = find(health, key);
		assert_int_equal(item->state, expected[i].state);
		assert_int_equal(item->due, expected[i].due);
	}
	const struct health_item *item = find(health, hive);
	assert_int_equal(item->state, HEALTH_OFFLINE);
	assert_int_equal(world_now_ms(estate->world) - item->since_ms, 2 * HOUR_MS);
	health_free(health);
	estate_free(estate);
}

static void test_places_and_names(void **state)
{
	(void)state;
	struct estate *estate = estate_new(false);
	struct health *health = built(estate);
	const struct health_item *unnamed = health_at(health, 1);
	assert_string_equal(unnamed->name, "sensor 27-2f");
	assert_string_equal(unnamed->room, "Focus");
	assert_string_equal(unnamed->place, "Main Street 12, 10th floor");
	assert_string_equal(unnamed->timezone, "America/New_York");
	/* The floor by its room, where the sensor itself does not tell it. */
	assert_string_equal(health_at(health, 5)->floor, "2nd floor");
	assert_string_equal(health_at(health, 10)->place, "no floor told");
	assert_string_equal(health_at(health, 10)->name, "sensor s9");
	health_free(health);
	estate_free(estate);
}

static void test_counts_and_summary(void **state)
{
	(void)state;
	struct estate *estate = estate_new(false);
	struct health *health = built(estate);
	struct buf text;
	buf_init(&text, 1000);
	health_add_summary(&text, health_total(health));
	assert_string_equal(buf_text(&text),
			    "6 of 12 need you: 3 offline (1 hive), 2 battery low, 1 degraded, 1 behind an "
			    "offline hive");
	assert_int_equal(health_of_account(health, 0)->devices, 11);
	assert_int_equal(health_of_account(health, 1)->state[HEALTH_OK], 1);
	assert_int_equal(health_of_account(health, 7)->devices, 0);
	buf_reset(&text);
	health_add_batteries(&text, health_total(health));
	assert_string_equal(buf_text(&text), "4 batteries to replace within 30 days");
	static const struct {
		struct health_counts counts;
		const char *summary;
	} cases[] = {
		{{0}, "no sensors or hives told yet"},
		{{.devices = 3, .state[HEALTH_OK] = 3}, "all 3 well"},
		{{.devices = 3, .state[HEALTH_OK] = 2, .state[HEALTH_BATTERY] = 1},
		 "1 of 3 needs you: 1 battery low"},
		{{.devices = 3, .state[HEALTH_OK] = 2, .state[HEALTH_UNKNOWN] = 1}, "1 of 3 unknown"},
		{{.devices = 9, .state[HEALTH_OFFLINE] = 2, .hives_offline = 2, .state[HEALTH_BEHIND] = 7},
		 "2 of 9 need you: 2 hives offline, 7 behind an offline hive"}};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		buf_reset(&text);
		health_add_summary(&text, &cases[i].counts);
		assert_string_equal(buf_text(&text), cases[i].summary);
	}
	buf_fini(&text);
	health_free(health);
	estate_free(estate);
}

static void test_words(void **state)
{
	(void)state;
	static const struct {
		int64_t ms;
		const char *words;
	} spans[] = {{-5, "<1 min"},          {59999, "<1 min"},
		     {60000, "1 min"},        {59 * MINUTE_MS, "59 min"},
		     {60 * MINUTE_MS, "1 h"}, {48 * HOUR_MS - 1, "47 h"},
		     {2 * DAY_MS, "2 d"},     {400 * DAY_MS, "400 d"}};
	static const struct {
		double percent, days;
		int8_t mains;
		bool due;
		const char *words;
	} batteries[] = {{6, 9, 0, true, "6 %, 9 d"}, {NAN, 9, -1, true, "9 d"},
			 {6, NAN, -1, true, "6 %"},   {NAN, NAN, -1, true, "low"},
			 {NAN, NAN, -1, false, ""},   {NAN, -26, -1, true, "26 d late"},
			 {50, 9, 1, false, "mains"},  {NAN, 1e300, -1, false, ""},
			 {1e300, 2, -1, false, "2 d"}};
	struct buf text;
	buf_init(&text, 200);
	for (size_t i = 0; i < G_N_ELEMENTS(spans); i++) {
		buf_reset(&text);
		health_add_span(&text, spans[i].ms);
		assert_string_equal(buf_text(&text), spans[i].words);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(batteries); i++) {
		struct health_item item = {.battery_percent = batteries[i].percent,
					   .battery_days = batteries[i].days,
					   .mains = batteries[i].mains,
					   .due = batteries[i].due};
		buf_reset(&text);
		health_add_battery(&text, &item);
		assert_string_equal(buf_text(&text), batteries[i].words);
	}
	buf_fini(&text);
	/* Told apart without colour; ASCII stays ASCII. */
	for (int s = 0; s < HEALTH_STATES; s++) {
		assert_true((unsigned char)health_sign((enum health_state)s, true)[0] < 0x7F);
		assert_int_equal(strlen(health_sign((enum health_state)s, true)), 1);
	}
}

static bool matches(const struct health *health, size_t i, const char *typed)
{
	g_autofree char *filter = health_filter(typed);
	return health_matches(health_at(health, i), filter);
}

static void test_filter(void **state)
{
	(void)state;
	struct estate *estate = estate_new(false);
	struct health *health = built(estate);
	/* s2: sensor 27-2f, Focus, 10th floor, offline */
	assert_true(matches(health, 1, ""));
	assert_true(matches(health, 1, "  FOCUS "));
	assert_true(matches(health, 1, "27-2f"));
	assert_true(matches(health, 1, "0001272f"));
	assert_true(matches(health, 1, "10th off"));
	assert_true(matches(health, 1, "hive 1"));
	assert_false(matches(health, 1, "focus kitchen"));
	assert_false(matches(health, 1, "battery"));
	assert_true(matches(health, 3, "battery"));
	assert_false(matches(health, 1, "\xff"));
	assert_null(health_filter("   "));
	assert_null(health_filter(NULL));
	health_free(health);
	estate_free(estate);
}

static void test_walk(void **state)
{
	(void)state;
	struct health_item item[] = {
		{.key = "a", .building = "A", .storey = 10, .floor = "Attic", .room = "Z", .name = "n"},
		{.key = "b", .building = "A", .storey = 2, .floor = "Middle", .room = "Room 10", .name = "n"},
		{.key = "c", .building = "A", .storey = 2, .floor = "Middle", .room = "room 9", .name = "n"},
		{.key = "d", .building = NULL, .storey = NAN, .name = "n"},
		{.key = "e", .building = "A", .storey = NAN, .floor = NULL, .name = "n"},
	};
	/* c b a e d */
	static const int order[] = {2, 1, 0, 4, 3};
	for (int i = 0; i < 5; i++) {
		for (int k = 0; k < 5; k++) {
			int got = health_compare_walk(&item[order[i]], &item[order[k]]);
			assert_true(i < k ? got < 0 : i > k ? got > 0 : got == 0);
		}
	}
}

static void test_orders_are_total(void **state)
{
	(void)state;
	struct estate *estate = estate_new(false);
	struct health *health = built(estate);
	for (int by = 0; by < HEALTH_ORDERS; by++) {
		for (size_t i = 0; i < health_count(health); i++) {
			for (size_t k = 0; k < health_count(health); k++) {
				int one = health_compare(health_at(health, i), health_at(health, k),
							 (enum health_order)by);
				int other = health_compare(health_at(health, k), health_at(health, i),
							   (enum health_order)by);
				assert_true(i == k ? one == 0 : one != 0);
				assert_true((one > 0) == (other < 0));
			}
		}
	}
	/* What is not told comes last. */
	assert_true(health_compare(health_at(health, 1), health_at(health, 3), HEALTH_BY_BATTERY) > 0);
	health_free(health);
	estate_free(estate);
}

static void test_refresh(void **state)
{
	(void)state;
	struct estate *estate = estate_new(false);
	struct health *health = built(estate);
	assert_false(health_refresh(health, estate->world));
	assert_false(health_at(health, 0)->stale);
	estate_light(estate, 0, LIGHT_DOWN, 3 * MINUTE_MS, "refused");
	assert_true(health_refresh(health, estate->world));
	assert_true(health_at(health, 0)->stale);
	/* The list holds what it shows: texts stay readable after the world moved on. */
	estate_put_sensors(estate, true);
	assert_string_equal(health_at(health, 2)->name, "Corridor");
	assert_true(health_refresh(health, estate->world));
	assert_int_equal(health_total(health)->state[HEALTH_OFFLINE], 4);
	health_free(health);
	estate_free(estate);
}

static char *exported(const struct health *health, const struct world *world, enum health_format format,
		      size_t n)
{
	const struct health_item *items[20];
	struct buf out;
	buf_init(&out, 1 << 20);
	for (size_t i = 0; i < n; i++)
		items[i] = health_at(health, i);
	health_export(items, n, world, format, &out);
	assert_int_equal(out.error, ERR_OK);
	return buf_take(&out, NULL);
}

static void test_csv(void **state)
{
	(void)state;
	struct estate *estate = estate_new(false);
	struct health *health = built(estate);
	char *text = exported(health, estate->world, HEALTH_CSV, health_count(health));
	char **lines = g_strsplit(text, "\r\n", 0);
	assert_string_equal(lines[0],
			    "account,vendor,kind,id,health,name,address,type,model,since,battery_percent,"
			    "battery_days,last_seen,building,floor,room,gateway,as_of");
	assert_string_equal(
		lines[4],
		"hq,butlr,sensors,s4,battery,Kitchen 1,00-17-0d-00-00-01-27-08,presence,,,6,9,"
		"2026-08-19T18:05:00Z,Main Street 12,10th floor,Kitchen,Hive 1,2026-08-19T18:06:40Z");
	/* Commas and quotes are quoted, a control character is a picture. */
	assert_non_null(strstr(lines[9], ",\"Odd \xE2\x90\x9B[31m,\"\"name\"\"\","));
	assert_int_equal(g_strv_length(lines), health_count(health) + 2);
	g_strfreev(lines);
	free(text);
	health_free(health);
	estate_free(estate);
}

static void test_csv_formula(void **state)
{
	(void)state;
	struct estate *estate = estate_new_empty();
	const struct health_item item = {.id = "=1+1",
					 .name = "@x",
					 .type = "\t",
					 .storey = NAN,
					 .battery_percent = NAN,
					 .battery_days = NAN,
					 .since_ms = MOMENT_NONE,
					 .last_seen_ms = MOMENT_NONE,
					 .as_of_ms = MOMENT_NONE};
	const struct health_item *items[] = {&item};
	struct buf out;
	buf_init(&out, 10000);
	health_export(items, 1, estate->world, HEALTH_CSV, &out);
	assert_non_null(strstr(buf_text(&out), "\r\nhq,,gateways,'=1+1,offline,'@x,,'"));
	buf_fini(&out);
	static const char *const wide[] = {"＝1+1", "＋1", "－1", "＠x"};
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
		struct health_item other = item;
		char cell[40];
		other.name = wide[i];
		buf_init(&out, 10000);
		health_export(&(const struct health_item *){&other}, 1, estate->world, HEALTH_CSV, &out);
		snprintf(cell, sizeof(cell), ",'%s,", wide[i]);
		assert_non_null(strstr(buf_text(&out), cell));
		buf_fini(&out);
	}
	estate_free(estate);
}

static void test_json(void **state)
{
	(void)state;
	struct estate *estate = estate_new(false);
	struct health *health = built(estate);
	char *text = exported(health, estate->world, HEALTH_JSON, 2);
	assert_string_equal(
		text,
		"[{\"account\":\"hq\",\"vendor\":\"butlr\",\"kind\":\"gateways\",\"id\":\"h2\",\"health\":\"offline\","
		"\"name\":\"Hive 2\",\"address\":\"1000000000000002\",\"type\":\"hive\",\"model\":null,"
		"\"since\":\"2026-08-19T16:07:00Z\",\"battery_percent\":null,\"battery_days\":null,"
		"\"last_seen\":\"2026-08-19T16:07:00Z\",\"building\":\"Main Street 12\",\"floor\":\"2nd floor\","
		"\"room\":null,\"gateway\":null,\"as_of\":\"2026-08-19T18:06:40Z\"},"
		"{\"account\":\"hq\",\"vendor\":\"butlr\",\"kind\":\"sensors\",\"id\":\"s2\",\"health\":\"offline\","
		"\"name\":\"sensor 27-2f\",\"address\":\"00-17-0d-00-00-01-27-2f\",\"type\":\"presence\",\"model\":null,"
		"\"since\":\"2026-08-19T17:58:00Z\",\"battery_percent\":null,\"battery_days\":null,"
		"\"last_seen\":\"2026-08-19T17:58:00Z\",\"building\":\"Main Street 12\",\"floor\":\"10th floor\","
		"\"room\":\"Focus\",\"gateway\":\"Hive 1\",\"as_of\":\"2026-08-19T18:06:40Z\"}]\n");
	free(text);
	text = exported(health, estate->world, HEALTH_JSON, 0);
	assert_string_equal(text, "[]\n");
	free(text);
	health_free(health);
	estate_free(estate);
}

static void test_format_of(void **state)
{
	(void)state;
	assert_int_equal(health_format_of("a/b.c/health.CSV"), HEALTH_CSV);
	assert_int_equal(health_format_of("x.json"), HEALTH_JSON);
	assert_int_equal(health_format_of("x.csv.bak"), HEALTH_NO_FORMAT);
	assert_int_equal(health_format_of("csv"), HEALTH_NO_FORMAT);
	assert_int_equal(health_format_of(""), HEALTH_NO_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worst_first),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_places_and_names),
		cmocka_unit_test(test_counts_and_summary),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_orders_are_total),
		cmocka_unit_test(test_refresh),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_csv_formula),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_format_of),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
