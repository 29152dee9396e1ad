/* The program from outside: every kind, format and exit status, against the simulator with and without faults. */
#include "run.h"

#include "base/jsonx.h"

#include <glib.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NOON "2026-08-19T15:00:00Z" /* a Wednesday, 11:00 in New York */

static struct bench shared; /* a simulator without faults, for the tests that only read */

static int open_shared(void **state)
{
	const char *const arguments[] = {"--seed", "7", "--start", NOON, NULL};

	(void)state;
	bench_open(&shared);
	bench_start_sim(&shared, arguments);
	bench_account(&shared, NULL);
	return 0;
}

static int close_shared(void **state)
{
	(void)state;
	bench_close(&shared);
	return 0;
}

static void expect_member_order(const cJSON *row, const char *kind)
{
	static const char *const first[] = {"account", "vendor", "kind", "id"};
	const cJSON *member = row->child;

	for (size_t i = 0; i < 4; i++, member = member->next)
		assert_string_equal(member->string, first[i]);
	assert_string_equal(jsonx_str(jsonx_get(row, "account")), "hq");
	assert_string_equal(jsonx_str(jsonx_get(row, "vendor")), "butlr");
	assert_string_equal(jsonx_str(jsonx_get(row, "kind")), kind);
}

static cJSON *get_json(struct bench *bench, const char *kind)
{
	struct result result = bench_run(bench, "get", kind, "--json", NULL);
	cJSON *json;

	if (result.status != 0)
		fail_msg("get %s ended with %d: %s", kind, result.status, result.err);
	assert_string_equal(result.err, "");
	assert_inert(result.out, result.out_length);
	json = result_json(&result);
	assert_true(cJSON_IsArray(json));
	result_free(&result);
	return json;
}

static void test_every_kind_has_rows(void **state)
{
	static const char *const kinds[] = {"buildings",  "floors",    "rooms",    "zones",
					    "fixtures",   "sensors",   "gateways", "frames",
					    "detections", "occupancy", NULL};

	(void)state;
	for (size_t i = 0; kinds[i] != NULL; i++) {
		cJSON *json = get_json(&shared, kinds[i]);
		const cJSON *row;

		if (cJSON_GetArraySize(json) == 0)
			fail_msg("no %s", kinds[i]);
		cJSON_ArrayForEach(row, json) expect_member_order(row, kinds[i]);
		cJSON_Delete(json);
	}
}

static void test_kinds_of_other_vendors_are_empty(void **state)
{
	cJSON *json = get_json(&shared, "doors");

	(void)state;
	assert_int_equal(cJSON_GetArraySize(json), 0);
	cJSON_Delete(json);
}

static GHashTable *ids_of(const cJSON *rows, const char *member)
{
	GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);
	const cJSON *row;

	cJSON_ArrayForEach(row, rows) g_hash_table_add(ids, (void *)jsonx_str(jsonx_get(row, member)));
	return ids;
}

static void test_rows_refer_to_each_other(void **state)
{
	cJSON *floors = get_json(&shared, "floors"), *rooms = get_json(&shared, "rooms");
	cJSON *sensors = get_json(&shared, "sensors"), *frames = get_json(&shared, "frames");
	GHashTable *floor_ids = ids_of(floors, "id"), *sensor_ids = ids_of(sensors, "id");
	const cJSON *row;

	(void)state;
	cJSON_ArrayForEach(row, rooms)
		assert_true(g_hash_table_contains(floor_ids, jsonx_str(jsonx_get(row, "floor_id"))));
	cJSON_ArrayForEach(row, frames)
	{
		assert_true(g_hash_table_contains(sensor_ids, jsonx_str(jsonx_get(row, "sensor_id"))));
		assert_int_equal(cJSON_GetArraySize(jsonx_get(row, "celsius")), 8);
	}
	g_hash_table_unref(floor_ids);
	g_hash_table_unref(sensor_ids);
	cJSON_Delete(floors);
	cJSON_Delete(rooms);
	cJSON_Delete(sensors);
	cJSON_Delete(frames);
}

/* REST and GraphQL are two ways to the same estate. */
static void test_both_surfaces_tell_the_same_rooms(void **state)
{
	cJSON *by_mode[2];
	static const char *const modes[] = {"estate=rest", "estate=graphql"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		bench_account(&shared, modes[i]);
		by_mode[i] = get_json(&shared, "rooms");
	}
	bench_account(&shared, NULL);
	assert_int_equal(cJSON_GetArraySize(by_mode[0]), cJSON_GetArraySize(by_mode[1]));
	GHashTable *ids = ids_of(by_mode[0], "id");
	const cJSON *row;

	cJSON_ArrayForEach(row, by_mode[1])
		assert_true(g_hash_table_contains(ids, jsonx_str(jsonx_get(row, "id"))));
	g_hash_table_unref(ids);
	cJSON_Delete(by_mode[0]);
	cJSON_Delete(by_mode[1]);
}

static void test_filters(void **state)
{
	cJSON *rooms = get_json(&shared, "rooms");
	const char *floor = jsonx_str(jsonx_get(rooms->child, "floor_id"));
	struct result result = bench_run(&shared, "get", "rooms", "--floor", floor, "--limit", "3", "--json",
					 NULL);
	cJSON *some = result_json(&result);
	const cJSON *row;

	(void)state;
	assert_int_equal(cJSON_GetArraySize(some), 3);
	cJSON_ArrayForEach(row, some) assert_string_equal(jsonx_str(jsonx_get(row, "floor_id")), floor);
	cJSON_Delete(some);
	cJSON_Delete(rooms);
	result_free(&result);
}

static void test_tables_and_csv(void **state)
{
	struct result table = bench_run(&shared, "get", "rooms", NULL);
	struct result csv = bench_run(&shared, "get", "rooms", "--csv", NULL);
	struct result ascii = bench_run(&shared, "--ascii", "get", "rooms", NULL);

	(void)state;
	assert_int_equal(table.status, 0);
	assert_non_null(strstr(table.out, "NAME"));
	assert_inert(table.out, table.out_length);
	assert_int_equal(csv.status, 0);
	assert_true(g_str_has_prefix(csv.out, "account,vendor,kind,id,floor_id,name,type,polygon"));
	assert_int_equal(ascii.status, 0);
	for (size_t i = 0; i < ascii.out_length; i++)
		assert_true((unsigned char)ascii.out[i] <= 0x7e);
	result_free(&table);
	result_free(&csv);
	result_free(&ascii);
}

static void test_check_says_what_works(void **state)
{
	struct result result = bench_run(&shared, "check", NULL);

	(void)state;
	assert_int_equal(result.status, 0);
	assert_true(g_str_has_prefix(result.out, "hq: butlr: signed in"));
	assert_non_null(strstr(result.out, "floors"));
	result_free(&result);
}

static void test_api_gives_the_body_as_it_came(void **state)
{
	struct result result = bench_run(&shared, "api", "hq", "GET", "/api/v2/room-types?lang=pt-PT", "-v",
					 NULL);
	struct result missing = bench_run(&shared, "api", "hq", "GET", "/api/v2/nothing", NULL);
	struct result post =
		bench_run(&shared, "api", "hq", "POST", "/api/v3/reporting", "-d",
			  "{\"filter\":{\"start\":\"-1h\",\"measurements\":[\"room_occupancy\"]},\"window\":"
			  "{\"every\":\"5m\",\"function\":\"max\"},\"group_by\":{\"order\":[\"room_id\"]}}",
			  NULL);
	cJSON *json = result_json(&result);

	(void)state;
	assert_int_equal(result.status, 0);
	assert_true(g_str_has_prefix(result.err, "200 application/json"));
	assert_true(cJSON_IsArray(jsonx_get(json, "data")));
	assert_int_equal(missing.status, 1);
	assert_non_null(strstr(missing.err, "404"));
	assert_int_equal(post.status, 0);
	cJSON_Delete(json);
	result_free(&result);
	result_free(&missing);
	result_free(&post);
}

static void test_usage_errors(void **state)
{
	struct {
		const char *words[4];
		const char *says;
	} cases[] = {
		{{"get"}, "what kind"},
		{{"get", "romms"}, "did you mean rooms?"},
		{{"get", "rooms", "--flor", "x"}, "did you mean --floor?"},
		{{"get", "rooms", "--since", "yesterdayish"}, "since"},
		{{"get", "rooms", "--account", "hp"}, "did you mean hq?"},
		{{"gte", "rooms"}, "did you mean get?"},
		{{"api", "hq", "get", "/x"}, "no method"},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char **w = cases[i].words;
		struct result result = bench_run(&shared, w[0], w[1], w[2], w[3], NULL);

		if (result.status != 2 || strstr(result.err, cases[i].says) == NULL)
			fail_msg("case %zu: %d %s", i, result.status, result.err);
		assert_string_equal(result.out, "");
		assert_true(g_str_has_prefix(result.err, "lodge: "));
		result_free(&result);
	}
}

static void expect_failure(struct bench *bench, const char *kind, int status, const char *says)
{
	struct result result = bench_run(bench, "get", kind, "--json", NULL);

	if (result.status != status || strstr(result.err, says) == NULL)
		fail_msg("%d (expected %d) %s", result.status, status, result.err);
	assert_string_equal(result.out, "");
	assert_true(g_str_has_prefix(result.err, "lodge: hq: "));
	result_free(&result);
}

static void test_exit_statuses(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench);
	bench_conf(&bench,
		   "[account hq]\nvendor=butlr\nbase_url=http://127.0.0.1:9\nclient_id=a\nclient_secret=b\n");
	expect_failure(&bench, "rooms", 4, "refused");
	bench_start_sim(&bench, NULL);
	char *text =
		g_strdup_printf("[account hq]\nvendor=butlr\nbase_url=%s\nclient_id=a\nclient_secret=wrong\n",
				jsonx_str(jsonx_get(bench.ready, "butlr")));

	bench_conf(&bench, text);
	g_free(text);
	expect_failure(&bench, "rooms", 3, "sign-in");
	bench_close(&bench);
}

static void test_some_accounts_answer_and_some_do_not(void **state)
{
	struct result result;
	cJSON *json;

	(void)state;
	bench_account(
		&shared,
		"[account down]\nvendor=butlr\nbase_url=http://127.0.0.1:9\nclient_id=a\nclient_secret=b\n");
	result = bench_run(&shared, "get", "floors", "--json", NULL);
	bench_account(&shared, NULL);
	assert_int_equal(result.status, 5);
	assert_true(g_str_has_prefix(result.err, "lodge: down: "));
	json = result_json(&result);
	assert_int_equal(cJSON_GetArraySize(json), 5);
	cJSON_Delete(json);
	result_free(&result);
}

static void get_under_fault(const char *const *faults, const char *more, const char *kind)
{
	struct bench bench;
	cJSON *json;
	struct result result;

	bench_open(&bench);
	bench_start_sim(&bench, faults);
	bench_account(&bench, more);
	result = bench_run(&bench, "get", kind, "--json", NULL);
	if (result.status != 0)
		fail_msg("%s: %d %s", faults[1], result.status, result.err);
	assert_inert(result.out, result.out_length);
	json = result_json(&result);
	assert_true(cJSON_GetArraySize(json) > 0);
	cJSON_Delete(json);
	result_free(&result);
	bench_close(&bench);
}

static void test_faults_are_survived(void **state)
{
	static const char *const errors[] = {"--fault", "butlr.error_rate=0.2", NULL};
	static const char *const resets[] = {"--fault", "butlr.reset_rate=0.2", NULL};
	static const char *const garbage[] = {"--fault", "butlr.garbage_rate=0.2", NULL};
	static const char *const limited[] = {"--fault", "butlr.rate_limit=4/s", "--fault",
					      "butlr.retry_after=1", NULL};
	static const char *const no_rest[] = {"--fault", "butlr.rest=off", NULL};
	static const char *const no_graphql[] = {"--fault", "butlr.graphql=off", NULL};
	static const char *const hostile[] = {"--fault", "butlr.hostile=yes", NULL};
	static const char *const pages[] = {"--page-size", "7", NULL};

	(void)state;
	get_under_fault(errors, NULL, "rooms");
	get_under_fault(resets, NULL, "rooms");
	get_under_fault(garbage, NULL, "rooms");
	get_under_fault(limited, NULL, "rooms");
	get_under_fault(no_rest, NULL, "sensors");
	get_under_fault(no_graphql, NULL, "zones");
	get_under_fault(hostile, NULL, "rooms");
	get_under_fault(pages, "estate=rest", "rooms");
}

static void test_a_stall_ends_in_time(void **state)
{
	static const char *const stalls[] = {"--fault", "butlr.stall_rate=1", NULL};
	struct bench bench;

	(void)state;
	bench_open(&bench);
	bench_start_sim(&bench, stalls);
	bench_account(&bench, "timeout=1s");
	expect_failure(&bench, "floors", 4, "in the middle of its answer");
	bench_close(&bench);
}

static void test_watch_frames_once_each(void **state)
{
	struct bench bench;
	GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const char *words[] = {"--config", NULL, "watch", "frames", NULL};
	int out;
	pid_t pid;

	(void)state;
	bench_open(&bench);
	bench_start_sim(&bench, NULL);
	bench_account(&bench, "poll.frames=1s");
	words[1] = bench.conf;
	pid = bench_spawn(&bench, &out, words);
	for (int i = 0; i < 500; i++) {
		char *line = read_line(out, 30);
		cJSON *row = cJSON_Parse(line);

		assert_non_null(row);
		assert_true(g_hash_table_add(seen, g_strdup(jsonx_str(jsonx_get(row, "id")))));
		cJSON_Delete(row);
		g_free(line);
	}
	kill(pid, SIGTERM);
	close(out);
	wait_for(pid);
	g_hash_table_unref(seen);
	bench_close(&bench);
}

static void test_secrets_stay_out_of_the_log(void **state)
{
	struct result result = bench_run(&shared, "--log-level", "debug", "get", "floors", "--json", NULL);

	(void)state;
	assert_int_equal(result.status, 0);
	assert_non_null(strstr(result.err, "/api/v"));
	assert_null(strstr(result.err, jsonx_str(jsonx_get(shared.ready, "client_secret"))));
	assert_null(strstr(result.err, "Bearer"));
	result_free(&result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind_has_rows),
		cmocka_unit_test(test_kinds_of_other_vendors_are_empty),
		cmocka_unit_test(test_rows_refer_to_each_other),
		cmocka_unit_test(test_both_surfaces_tell_the_same_rooms),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_tables_and_csv),
		cmocka_unit_test(test_check_says_what_works),
		cmocka_unit_test(test_api_gives_the_body_as_it_came),
		cmocka_unit_test(test_usage_errors),
		cmocka_unit_test(test_exit_statuses),
		cmocka_unit_test(test_some_accounts_answer_and_some_do_not),
		cmocka_unit_test(test_faults_are_survived),
		cmocka_unit_test(test_a_stall_ends_in_time),
		cmocka_unit_test(test_watch_frames_once_each),
		cmocka_unit_test(test_secrets_stay_out_of_the_log),
	};

	return cmocka_run_group_tests(tests, open_shared, close_shared);
}
