/* Signing in: once for all, again when needed, never in a storm. */
#include "net/session.h"

#include "base/jsonx.h"
#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>

static void test_one_login_for_many(void **state)
{
	struct rig *rig = *state;

	for (unsigned i = 0; i < 50; i++)
		rig_start(rig, "/thing", rig_read);
	rig_run_all(rig);
	for (unsigned i = 0; i < 50; i++) {
		assert_int_equal(rig->replies[i].error, ERR_OK);
		assert_int_equal(rig->replies[i].status, 200);
		assert_string_equal(rig->replies[i].body, "{\"ok\":true}");
	}
	assert_int_equal(loopback_count_of(rig->server, "/login"), 1);
	assert_int_equal(loopback_count_of(rig->server, "/thing"), 50);
	assert_int_equal(session_stats(rig->session).sign_ins, 1);
	assert_int_equal(session_stats(rig->session).requests, 51);
	assert_string_equal(loopback_header(rig->server, 0, "Content-Type"), "application/json");
	assert_null(loopback_header(rig->server, 0, "Authorization"));
	assert_string_equal(loopback_header(rig->server, 1, "Authorization"), "Bearer token-1");
	assert_string_equal(loopback_header(rig->server, 1, "Accept"), "application/json");
}

static void test_one_renewal_for_many(void **state)
{
	struct rig *rig = *state;

	rig_fetch(rig, "/thing", rig_read);
	rig->plan.valid = 1;
	for (unsigned i = 0; i < 50; i++)
		rig_start(rig, "/thing", i % 2 == 0 ? rig_read : rig_write);
	rig_run_all(rig);
	for (unsigned i = 0; i < 51; i++)
		assert_int_equal(rig->replies[i].status, 200);
	assert_int_equal(loopback_count_of(rig->server, "/refresh"), 1);
	assert_int_equal(loopback_count_of(rig->server, "/login"), 1);
}

static void test_a_401_for_good(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;

	rig->plan.never_valid = true;
	for (unsigned i = 0; i < 20; i++) {
		reply = rig_fetch(rig, "/thing", rig_read);
		assert_int_equal(reply->error, ERR_OK);
		assert_int_equal(reply->status, 401);
		assert_string_equal(reply->body, "{\"message\":\"expired\"}");
	}
	/* The login, and one renewal; the 401s after that are taken at their word. */
	assert_int_equal(session_stats(rig->session).sign_ins, 2);
}

static void test_refused_login(void **state)
{
	struct rig *rig = *state;

	rig->plan.refuse_logins = 1000;
	for (unsigned i = 0; i < 20; i++)
		rig_start(rig, "/thing", rig_read);
	rig_run_all(rig);
	for (unsigned i = 0; i < 20; i++) {
		struct reply *reply = &rig->replies[i];

		assert_int_equal(reply->error, ERR_AUTH);
		assert_string_equal(reply->problem.what, "sign-in");
		assert_true(g_str_has_prefix(reply->problem.why, "the server answered 401: wrong "));
		assert_null(strchr(reply->problem.why, '\x1b'));
		assert_string_equal(reply->problem.todo, "check client_id and client_secret");
		assert_int_equal(reply->tries, 0);
	}
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->error, ERR_AUTH);
	assert_int_equal(loopback_count(rig->server), 1);
}

static void test_login_after_failures(void **state)
{
	struct rig *rig = *state;

	rig->plan.fail_logins = 2;
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_int_equal(loopback_count_of(rig->server, "/login"), 3);
	assert_int_equal(loopback_count_of(rig->server, "/thing"), 1);
}

static void test_login_that_fails(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;

	rig->plan.fail_logins = 1000;
	reply = rig_fetch(rig, "/thing", rig_read);
	assert_int_equal(reply->error, ERR_SERVER);
	assert_string_equal(reply->problem.why, "the server answered 503, 3 tries");
	assert_int_equal(loopback_count(rig->server), 3);
}

static void test_login_without_token(void **state)
{
	struct rig *rig = *state;

	rig->plan.login_garbage = true;
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->error, ERR_PARSE);
	assert_int_equal(loopback_count(rig->server), 3);
}

static void test_login_time_out(void **state)
{
	struct rig *rig = *state;

	rig_close(rig);
	rig->options.http.timeout_ms = 60;
	rig->options.attempts = 6;
	rig_open(rig);
	rig->plan.login_stuck = true;
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->error, ERR_TIMEOUT);
	assert_int_equal(loopback_count(rig->server), 2);
}

static void test_expiring_tokens(void **state)
{
	struct rig *rig = *state;
	unsigned renewals = 0;

	/* stale as soon as it comes: used nevertheless, and not asked for again and again */
	rig->plan.life_s = 0.000001;
	for (unsigned i = 0; i < 20; i++)
		assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_int_equal(rig->tokens, 1);
	rig->plan.life_s = 3600;
	while (renewals == 0) {
		rig->n_replies = 20;
		g_clear_pointer(&rig->replies[20].body, g_free);
		rig->replies[20].done = false;
		assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
		renewals = loopback_count_of(rig->server, "/refresh");
	}
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_int_equal(rig->tokens, 2);
}

static void test_refused_refresh_leads_to_login(void **state)
{
	struct rig *rig = *state;

	rig_fetch(rig, "/thing", rig_read);
	rig->plan.valid = 1;
	rig->plan.refresh_refused = true;
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_int_equal(loopback_count_of(rig->server, "/refresh"), 1);
	assert_int_equal(loopback_count_of(rig->server, "/login"), 2);
}

static void test_static_token_and_basic(void **state)
{
	struct rig *rig = *state;

	rig_close(rig);
	rig->options.auth = NULL;
	rig->options.static_token = "tok_static";
	rig_open(rig);
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_string_equal(loopback_header(rig->server, 0, "Authorization"), "Bearer tok_static");
	rig_close(rig);
	rig->options.static_token = NULL;
	rig->options.basic_user = "u";
	rig->options.basic_password = "p";
	rig_open(rig);
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_string_equal(loopback_header(rig->server, 1, "Authorization"), "Basic dTpw");
}

static void test_sign_in(void **state)
{
	struct rig *rig = *state;
	struct reply *reply = &rig->replies[rig->n_replies++];

	assert_true(session_sign_in(rig->session, rig_on_reply, reply) > 0);
	assert_false(reply->done);
	loopback_run(&rig->loop, &reply->done);
	assert_int_equal(reply->error, ERR_OK);
	assert_int_equal(loopback_count(rig->server), 1);
	reply = &rig->replies[rig->n_replies++];
	assert_true(session_sign_in(rig->session, rig_on_reply, reply) > 0);
	loopback_run(&rig->loop, &reply->done);
	assert_int_equal(loopback_count(rig->server), 1);
}

static void test_token_is_kept(void **state)
{
	struct rig *rig = *state;

	for (unsigned i = 0; i < 3; i++) {
		rig_close(rig);
		rig->options.identity = "vendor https://h user";
		rig->options.state_folder = rig->folder;
		rig_open(rig);
		assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	}
	assert_int_equal(rig->tokens, 1);
	/* One that the server forgot in the meantime: renewed, once. */
	rig->plan.valid = 1;
	rig_close(rig);
	rig_open(rig);
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_int_equal(rig->tokens, 2);
}

static void test_a_folder_that_cannot_be_written(void **state)
{
	struct rig *rig = *state;

	rig_close(rig);
	rig->options.identity = "x";
	rig->options.state_folder = "/dev/null/lodge";
	rig_open(rig);
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
}

/* Two sessions of one person whose refresh token is good for one use: the second takes what the first has
 * got. */
static void test_rotation_is_shared(void **state)
{
	struct rig *rig = *state;
	struct session *first;
	bool first_closed = false;

	rig_close(rig);
	rig->options.auth = &rig_auth_rotating;
	rig->options.identity = "rotating";
	rig->options.state_folder = rig->folder;
	rig_open(rig);
	rig_fetch(rig, "/thing", rig_read);
	first = rig->session;
	rig_open(rig);
	rig->plan.valid = 1;
	for (unsigned i = 0; i < 6; i++) {
		struct session *second = rig->session;

		rig->session = i % 2 == 0 ? first : second;
		rig_start(rig, "/thing", rig_read);
		rig->session = second;
	}
	rig_run_all(rig);
	for (unsigned i = 0; i < rig->n_replies; i++)
		assert_int_equal(rig->replies[i].status, 200);
	assert_int_equal(loopback_count_of(rig->server, "/login"), 1);
	assert_int_equal(loopback_count_of(rig->server, "/refresh"), 1);
	session_close(first, rig_on_closed, &first_closed);
	loopback_run(&rig->loop, &first_closed);
}

static void test_close_while_signing_in(void **state)
{
	struct rig *rig = *state;
	struct reply *reply = rig_start(rig, "/thing", rig_read);

	rig->plan.login_stuck = true;
	rig_wait_for_requests(rig, 1);
	rig_close(rig);
	assert_int_equal(reply->error, ERR_CANCELLED);
	assert_int_equal(reply->calls, 1);
}

static void test_messages(void **state)
{
	static const char *const rows[][2] = {
		{"{\"message\":\"no\",\"code\":3}", "no"},
		{"{\"error\":\"invalid_grant\",\"error_description\":\"gone\"}", "gone"},
		{"{\"error\":\"invalid_client\"}", "invalid_client"},
		{"{\"error\":{\"code\":1,\"message\":\"inner\"}}", "inner"},
		{"{\"errors\":[{\"message\":\"first\"},{\"message\":\"second\"}]}", "first"},
		{"{\"errors\":[{\"detail\":\"in detail\",\"title\":\"t\"}]}", "in detail"},
		{"{\"errors\":[\"plain\"]}", "plain"},
		{"{\"messages\":[\"one\"]}", "one"},
		{"Forbidden", "Forbidden"},
		{"\"text\"", "text"},
		{"<html>no</html>", ""},
		{"{\"broken", ""},
		{"", ""},
		{"[1,2]", ""},
		{"{\"message\":\"0123456789012345678901234567890123456789\"}", "0123456789012345678"},
		{"{\"message\":\"012345678901234567é\"}", "012345678901234567"},
	};
	char out[20];

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
		assert_string_equal(session_message(rows[i][0], strlen(rows[i][0]), out, sizeof(out)),
				    rows[i][1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(test_one_login_for_many),     RIG_TEST(test_one_renewal_for_many),
		RIG_TEST(test_a_401_for_good),         RIG_TEST(test_refused_login),
		RIG_TEST(test_login_after_failures),   RIG_TEST(test_login_that_fails),
		RIG_TEST(test_login_without_token),    RIG_TEST(test_login_time_out),
		RIG_TEST(test_expiring_tokens),        RIG_TEST(test_refused_refresh_leads_to_login),
		RIG_TEST(test_static_token_and_basic), RIG_TEST(test_sign_in),
		RIG_TEST(test_token_is_kept),          RIG_TEST(test_a_folder_that_cannot_be_written),
		RIG_TEST(test_rotation_is_shared),     RIG_TEST(test_close_while_signing_in),
		cmocka_unit_test(test_messages),
	};
	int failed;

	if (http_setup() != ERR_OK)
		return 1;
	jsonx_setup();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	http_teardown();
	return failed;
}
