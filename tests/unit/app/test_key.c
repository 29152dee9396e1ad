/* Changes from outside: keys issued and revoked, answers that are lost, roles, the audit, other writes; against the simulator. */
#include "run.h"

#include "base/jsonx.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NAME "Ada \"Q\" Lovelace"

static const char *ready(const struct bench *bench, const char *member)
{
	const char *text = jsonx_str(jsonx_get(bench->ready, member));

	assert_non_null(text);
	return text;
}

static void open_lobby(struct bench *bench, const char *ui, const char *const *arguments)
{
	char *conf;

	bench_open(bench);
	bench_start_sim(bench, arguments);
	conf = g_strdup_printf("[ui]\n%s\n[account lobby]\nvendor=butterflymx\nbase_url=%s\nclient_id=%s\n"
			       "client_secret=%s\nusername=%s\npassword=%s\n",
			       ui, ready(bench, "butterflymx"), ready(bench, "butterflymx_client_id"),
			       ready(bench, "butterflymx_client_secret"),
			       ready(bench, "butterflymx_username"), ready(bench, "butterflymx_password"));
	bench_conf(bench, conf);
	g_free(conf);
}

static cJSON *get(struct bench *bench, const char *kind)
{
	struct result result = bench_run(bench, "get", kind, "--json", NULL);
	cJSON *json;

	if (result.status != 0)
		fail_msg("get %s ended with %d: %s", kind, result.status, result.err);
	json = result_json(&result);
	result_free(&result);
	return json;
}

/* Some tenant: the id of the unit and of the user. */
static void find_tenant(struct bench *bench, char unit[32], char user[32])
{
	cJSON *tenants = get(bench, "tenants");
	const cJSON *first = cJSON_GetArrayItem(tenants, 0);

	assert_non_null(first);
	g_strlcpy(unit, jsonx_str(jsonx_get(first, "unit_id")), 32);
	g_strlcpy(user, jsonx_str(jsonx_get(first, "user_id")), 32);
	cJSON_Delete(tenants);
}

static unsigned named_keys(struct bench *bench, const char *name)
{
	cJSON *keys = get(bench, "keys");
	const cJSON *key;
	unsigned n = 0;

	cJSON_ArrayForEach(key, keys) n += g_strcmp0(jsonx_str(jsonx_get(key, "name")), name) == 0;
	cJSON_Delete(keys);
	return n;
}

static struct result issue(struct bench *bench, const char *unit, const char *user)
{
	return bench_run(bench, "key", "issue", "--unit", unit, "--user", user, "--name", NAME, "--email",
			 "ada@example.org", "--until", "+4h", "--json", NULL);
}

/* The id of the key that was printed; "" when none was. */
static void printed_id(const struct result *result, char id[32])
{
	cJSON *key = result_json(result);

	assert_true(cJSON_IsObject(key));
	assert_string_equal(jsonx_str(jsonx_get(key, "name")), NAME);
	assert_string_equal(jsonx_str(jsonx_get(key, "kind")), "keys");
	assert_string_equal(jsonx_str(jsonx_get(key, "status")), "active");
	g_strlcpy(id, jsonx_str(jsonx_get(key, "id")), 32);
	cJSON_Delete(key);
}

static void expect_audit(struct bench *bench, int i, const char *action, const char *result)
{
	cJSON *audit = get(bench, "audit");
	const cJSON *line = cJSON_GetArrayItem(audit, i);

	assert_non_null(line);
	assert_string_equal(jsonx_str(jsonx_get(line, "account")), "lobby");
	assert_string_equal(jsonx_str(jsonx_get(line, "action")), action);
	assert_string_equal(jsonx_str(jsonx_get(line, "result")), result);
	assert_non_null(jsonx_str(jsonx_get(line, "who")));
	assert_non_null(jsonx_str(jsonx_get(line, "finished_at")));
	cJSON_Delete(audit);
}

static void test_issue_show_revoke(void **state)
{
	struct bench bench;
	struct result result;
	char unit[32], user[32], id[32];

	(void)state;
	open_lobby(&bench, "", NULL);
	find_tenant(&bench, unit, user);
	result = issue(&bench, unit, user);
	assert_int_equal(result.status, 0);
	printed_id(&result, id);
	result_free(&result);
	assert_int_equal(named_keys(&bench, NAME), 1);
	expect_audit(&bench, 0, "create", "done");
	result = bench_run(&bench, "key", "show", id, "--qr", "ascii", "--ascii", NULL);
	assert_int_equal(result.status, 0);
	assert_non_null(strstr(result.out, "##############"));
	for (size_t i = 0; i < result.out_length; i++)
		assert_true((unsigned char)result.out[i] <= 0x7e);
	result_free(&result);
	result = bench_run(&bench, "key", "show", id, "--qr", "svg", NULL);
	assert_true(g_str_has_prefix(result.out, "<?xml") || g_str_has_prefix(result.out, "<svg"));
	result_free(&result);
	result = bench_run(&bench, "key", "revoke", id, NULL);
	assert_int_equal(result.status, 0);
	result_free(&result);
	assert_int_equal(named_keys(&bench, NAME), 0);
	expect_audit(&bench, 0, "delete", "done");
	result = bench_run(&bench, "key", "show", id, NULL);
	assert_int_equal(result.status, 1);
	result_free(&result);
	bench_close(&bench);
}

/* The server made the key and its answer was lost: both runs name that one key. */
static void test_lost_answer_makes_one_key(void **state)
{
	static const char *const faults[] = {"done_reset", "done_503", NULL};

	(void)state;
	for (size_t i = 0; faults[i] != NULL; i++) {
		g_autofree char *fault = g_strdup_printf("butterflymx.write=%s", faults[i]);
		const char *const arguments[] = {"--fault", fault, "--fault", "butterflymx.write_count=1",
						 NULL};
		struct bench bench;
		struct result result;
		char unit[32], user[32], id[32], again[32];

		open_lobby(&bench, "", arguments);
		find_tenant(&bench, unit, user);
		result = issue(&bench, unit, user);
		if (result.status != 0)
			fail_msg("%s: %d %s", fault, result.status, result.err);
		assert_non_null(strstr(result.err, "checking whether"));
		printed_id(&result, id);
		result_free(&result);
		result = issue(&bench, unit, user);
		assert_int_equal(result.status, 0);
		printed_id(&result, again);
		result_free(&result);
		assert_string_equal(id, again);
		assert_int_equal(named_keys(&bench, NAME), 1);
		bench_close(&bench);
	}
}

/* The server did nothing and its answer was lost: the first run says so, the second makes the key. */
static void test_what_was_not_done_is_said(void **state)
{
	const char *const arguments[] = {"--fault", "butterflymx.write=undone_reset", "--fault",
					 "butterflymx.write_count=1", NULL};
	struct bench bench;
	struct result result;
	char unit[32], user[32], id[32];

	(void)state;
	open_lobby(&bench, "", arguments);
	find_tenant(&bench, unit, user);
	result = issue(&bench, unit, user);
	assert_int_not_equal(result.status, 0);
	assert_string_equal(result.out, "");
	assert_non_null(strstr(result.err, "not created"));
	result_free(&result);
	assert_int_equal(named_keys(&bench, NAME), 0);
	result = issue(&bench, unit, user);
	assert_int_equal(result.status, 0);
	printed_id(&result, id);
	result_free(&result);
	assert_int_equal(named_keys(&bench, NAME), 1);
	bench_close(&bench);
}

/* Whoever cannot learn the building's time zone because the server is away sends nothing: the key would open at other hours. */
static void test_nothing_is_sent_while_the_server_is_away(void **state)
{
	struct bench bench;
	struct result result;
	char unit[32], user[32];
	cJSON *audit;

	(void)state;
	open_lobby(&bench, "", NULL);
	find_tenant(&bench, unit, user);
	bench_stop_sim(&bench);
	result = issue(&bench, unit, user);
	assert_int_equal(result.status, 4);
	assert_string_equal(result.out, "");
	result_free(&result);
	audit = get(&bench, "audit");
	assert_int_equal(cJSON_GetArraySize(audit), 0);
	cJSON_Delete(audit);
	bench_close(&bench);
}

/* What came to a clear end is not taken for the same wish: who asks again wants more keys. */
static void test_a_clear_end_is_an_end(void **state)
{
	struct bench bench;
	struct result first, second;
	char unit[32], user[32];
	cJSON *keys;

	(void)state;
	open_lobby(&bench, "", NULL);
	find_tenant(&bench, unit, user);
	first = bench_run(&bench, "key", "issue", "--unit", unit, "--user", user, "--name", NAME, "--email",
			  "ada@example.org", "--email", "no address at all@", "--until", "+4h", "--json",
			  NULL);
	assert_int_equal(first.status, 2); /* looked at before anything is sent */
	result_free(&first);
	first = bench_run(&bench, "key", "issue", "--unit", unit, "--user", user, "--name", NAME, "--email",
			  "ada@example.org", "--email", "bob@example.org", "--until", "+4h", "--json", NULL);
	assert_int_equal(first.status, 0);
	result_free(&first);
	second = bench_run(&bench, "key", "issue", "--unit", unit, "--user", user, "--name", NAME, "--email",
			   "ada@example.org", "--email", "bob@example.org", "--until", "+4h", "--json", NULL);
	keys = result_json(&second); /* the first came to a clear end, so this is another wish */
	assert_int_equal(cJSON_GetArraySize(keys), 2);
	cJSON_Delete(keys);
	result_free(&second);
	assert_int_equal(named_keys(&bench, NAME), 4);
	bench_close(&bench);
}

static void test_weekly_keys_share_a_keychain(void **state)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc(), later = g_date_time_add_days(now, 30);
	g_autofree char *until = g_date_time_format(later, "%Y-%m-%d");
	struct bench bench;
	struct result result;
	char unit[32], user[32];
	cJSON *keys;

	(void)state;
	open_lobby(&bench, "", NULL);
	find_tenant(&bench, unit, user);
	result = bench_run(&bench, "key", "issue", "--unit", unit, "--user", user, "--name", "Cleaners",
			   "--sms", "+15551234567", "--weekdays", "mon,tue,wed,thu,fri,sat,sun", "--date-to",
			   "2099-01-01", "--time-from", "08:00", "--time-to", "17:00", "--json", NULL);
	assert_int_equal(result.status, 2); /* more than a year */
	result_free(&result);
	result = bench_run(&bench, "key", "issue", "--unit", unit, "--user", user, "--name", "Cleaners",
			   "--sms", "+15551234567", "--sms", "+15551234568", "--weekdays",
			   "mon,tue,wed,thu,fri,sat,sun", "--date-to", until, "--time-from", "08:00",
			   "--time-to", "17:00", "--json", NULL);
	if (result.status != 0)
		fail_msg("%s", result.err);
	keys = result_json(&result);
	assert_int_equal(cJSON_GetArraySize(keys), 2);
	assert_string_equal(jsonx_str(jsonx_get(cJSON_GetArrayItem(keys, 0), "keychain_id")),
			    jsonx_str(jsonx_get(cJSON_GetArrayItem(keys, 1), "keychain_id")));
	cJSON_Delete(keys);
	result_free(&result);
	bench_close(&bench);
}

static void test_flaws_name_their_option(void **state)
{
	struct bench bench;
	struct result result;

	(void)state;
	open_lobby(&bench, "", NULL);
	result = bench_run(&bench, "key", "issue", "--unit", "47", "--name", "X", "--until", "+1h", NULL);
	assert_int_equal(result.status, 2);
	assert_non_null(strstr(result.err, "--email"));
	result_free(&result);
	result = bench_run(&bench, "key", "issue", "--unit", "47", "--name", "X", "--email", "a@example.org",
			   "--until", "2020-01-01T10:00", NULL);
	assert_int_equal(result.status, 2);
	assert_non_null(strstr(result.err, "--until"));
	result_free(&result);
	result = bench_run(&bench, "key", "revoke", NULL);
	assert_int_equal(result.status, 2);
	result_free(&result);
	bench_close(&bench);
}

static void test_a_viewer_changes_nothing(void **state)
{
	struct bench bench;
	struct result result;
	cJSON *audit;

	(void)state;
	open_lobby(&bench, "role=viewer", NULL);
	result = bench_run(&bench, "key", "revoke", "45", NULL);
	assert_int_equal(result.status, 3);
	assert_non_null(strstr(result.err, "role"));
	result_free(&result);
	audit = get(&bench, "audit");
	assert_int_equal(cJSON_GetArraySize(audit), 0);
	cJSON_Delete(audit);
	bench_close(&bench);
}

static void test_other_changes(void **state)
{
	struct bench bench;
	struct result result;
	char unit[32], user[32];
	cJSON *rows;

	(void)state;
	open_lobby(&bench, "", NULL);
	find_tenant(&bench, unit, user);
	result = bench_run(&bench, "change", "units", unit, "name=Room 9", "--json", NULL);
	if (result.status != 0)
		fail_msg("%s", result.err);
	rows = result_json(&result);
	assert_string_equal(jsonx_str(jsonx_get(cJSON_GetArrayItem(rows, 0), "name")), "Room 9");
	cJSON_Delete(rows);
	result_free(&result);
	result = bench_run(&bench, "change", "units", unit, "nmae=x", NULL);
	assert_int_equal(result.status, 2);
	assert_non_null(strstr(result.err, "name"));
	result_free(&result);
	result = bench_run(&bench, "create", "tenants", "unit_id=47", "email=x@example.org", "first_name=X",
			   "last_name=Y", "pin=12345", NULL);
	assert_int_equal(result.status, 2);
	assert_null(strstr(result.err, "12345"));
	result_free(&result);
	bench_close(&bench);
}

static void test_nothing_secret_is_logged(void **state)
{
	struct bench bench;
	struct result result;
	char unit[32], user[32];
	g_autofree char *log = NULL, *path = NULL, *code = NULL;
	cJSON *key;

	(void)state;
	open_lobby(&bench, "", NULL);
	find_tenant(&bench, unit, user);
	path = g_build_filename(bench.folder, "log", NULL);
	result = bench_run(&bench, "key", "issue", "--unit", unit, "--user", user, "--name", NAME, "--email",
			   "ada@example.org", "--until", "+4h", "--json", "--log", path, "--log-level",
			   "debug", NULL);
	assert_int_equal(result.status, 0);
	key = result_json(&result);
	code = g_strdup(jsonx_str(jsonx_get(key, "key_code")));
	assert_non_null(code);
	assert_true(g_file_get_contents(path, &log, NULL, NULL));
	assert_true(strlen(log) > 0);
	assert_null(strstr(log, code));
	assert_null(strstr(log, ready(&bench, "butterflymx_password")));
	assert_null(strstr(log, "Bearer"));
	assert_null(strstr(log, "refresh_token="));
	cJSON_Delete(key);
	result_free(&result);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_issue_show_revoke),
		cmocka_unit_test(test_lost_answer_makes_one_key),
		cmocka_unit_test(test_what_was_not_done_is_said),
		cmocka_unit_test(test_nothing_is_sent_while_the_server_is_away),
		cmocka_unit_test(test_a_clear_end_is_an_end),
		cmocka_unit_test(test_weekly_keys_share_a_keychain),
		cmocka_unit_test(test_flaws_name_their_option),
		cmocka_unit_test(test_a_viewer_changes_nothing),
		cmocka_unit_test(test_other_changes),
		cmocka_unit_test(test_nothing_secret_is_logged),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
