/* Requests of a session: repeated or not, paced, cached, cancelled. Signing in has tests of its own. */
#include "net/session.h"

#include "base/jsonx.h"
#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>

static void test_reads_are_repeated(void **state)
{
	static const int statuses[] = {408, 425, 429, 500, 502, 503, 504, 0};
	struct rig *rig = *state;
	struct reply *reply;

	for (unsigned i = 0; i < G_N_ELEMENTS(statuses); i++) {
		rig->plan.failures = 1;
		rig->plan.failure_status = statuses[i];
		rig->plan.failure_resets = statuses[i] == 0;
		reply = rig_fetch(rig, "/flaky", rig_read);
		assert_int_equal(reply->error, ERR_OK);
		assert_string_equal(reply->body, "well");
		/* A kept connection that is reset: newer versions of curl send a read once more by themselves. */
		assert_in_range(reply->tries, rig->plan.failure_resets ? 1 : 2, 2);
	}
	reply = rig_fetch(rig, "/missing", rig_read);
	assert_int_equal(reply->error, ERR_OK);
	assert_int_equal(reply->status, 404);
	assert_int_equal(reply->tries, 1);
}

static void test_reads_give_up(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;

	rig->plan.failures = 1000;
	reply = rig_fetch(rig, "/flaky", rig_read);
	assert_int_equal(reply->error, ERR_SERVER);
	assert_int_equal(reply->status, 503);
	assert_string_equal(reply->problem.why, "the server answered 503: not well, 3 tries");
	assert_string_equal(reply->problem.what, "GET /flaky");
	assert_string_equal(reply->body, "not well");
	assert_int_equal(loopback_count_of(rig->server, "/flaky"), 3);
	assert_int_equal(session_stats(rig->session).failures, 1);
}

static void test_writes_are_not_repeated(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;

	rig->plan.failures = 2;
	reply = rig_fetch(rig, "/flaky", rig_write);
	assert_int_equal(reply->error, ERR_SERVER);
	assert_true(reply->request_sent);
	rig->plan.failure_resets = true;
	reply = rig_fetch(rig, "/flaky", rig_write);
	assert_int_equal(reply->error, ERR_UNREACHED);
	assert_true(reply->request_sent);
	assert_int_equal(loopback_count_of(rig->server, "/flaky"), 2);
	/* Reset before anything was read from it: the server cannot tell, so nor can we. */
	loopback_reset_next(rig->server, 1);
	reply = rig_fetch(rig, "/flaky", rig_write);
	assert_true(reply->error == ERR_OK || reply->request_sent);
	assert_true(loopback_count_of(rig->server, "/flaky") <= 3);
}

static void test_writes_after_429(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;

	rig->plan.failures = 1;
	rig->plan.failure_status = 429;
	reply = rig_fetch(rig, "/flaky", rig_write);
	assert_int_equal(reply->status, 200);
	assert_int_equal(reply->tries, 2);
}

static void test_once(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;

	rig->plan.failures = 1;
	reply = rig_fetch(rig, "/flaky",
			  (struct session_request){.method = "GET", .repeatable = true, .once = true});
	assert_int_equal(reply->error, ERR_SERVER);
	assert_string_equal(reply->problem.why, "the server answered 503: not well");
	assert_string_equal(reply->body, "not well");
	rig->plan.valid = rig->tokens;
	reply = rig_fetch(rig, "/thing", (struct session_request){.method = "GET", .once = true});
	assert_int_equal(reply->status, 200);
}

static void test_retry_after(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;
	int64_t before_ms;

	rig_fetch(rig, "/thing", rig_read);
	rig->plan.failures = 1;
	rig->plan.failure_status = 429;
	rig->plan.failure_headers = "Retry-After: 1\r\n";
	before_ms = clock_mono_ms(&clock_system);
	reply = rig_start(rig, "/flaky", rig_read);
	rig_wait_for_requests(rig, 3);
	/* The limiter is closed for all requests to this host. */
	while (!reply->done) {
		uv_run(&rig->loop, UV_RUN_ONCE);
		if (rig->n_replies < 10 && loopback_count(rig->server) == 3)
			rig_start(rig, "/thing", rig_read);
	}
	rig_run_all(rig);
	assert_string_equal(reply->body, "well");
	assert_true(clock_mono_ms(&clock_system) - before_ms >= 1000);
}

static void test_retry_after_beyond_patience(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;

	rig->plan.failures = 1;
	rig->plan.failure_status = 429;
	rig->plan.failure_headers = "Retry-After: 3000\r\n";
	reply = rig_fetch(rig, "/flaky", rig_read);
	assert_int_equal(reply->error, ERR_BUSY);
	assert_string_equal(reply->problem.why, "the server asks to wait 3000 s");
	assert_int_equal(reply->status, 429);
	/* And nobody of this process knocks at that door meanwhile. */
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->error, ERR_BUSY);
	assert_int_equal(loopback_count(rig->server), 2);
}

static void test_time_outs(void **state)
{
	const struct session_request later_page = {.repeatable = true, .repeat_timeout = true};
	struct rig *rig = *state;

	rig_close(rig);
	rig->options.http.timeout_ms = 60;
	rig_open(rig);
	assert_int_equal(rig_fetch(rig, "/stuck", rig_read)->error, ERR_TIMEOUT);
	assert_int_equal(loopback_count_of(rig->server, "/stuck"), 1);
	/* A page of a list: once more, and not again. */
	assert_int_equal(rig_fetch(rig, "/stuck", later_page)->error, ERR_TIMEOUT);
	assert_int_equal(loopback_count_of(rig->server, "/stuck"), 3);
	rig_close(rig);
	rig->options.retry_timeouts = true;
	rig_open(rig);
	assert_int_equal(rig_fetch(rig, "/stuck", rig_read)->error, ERR_TIMEOUT);
	assert_int_equal(loopback_count_of(rig->server, "/stuck"), 6);
	assert_int_equal(rig_fetch(rig, "/stuck", rig_write)->error, ERR_TIMEOUT);
	assert_int_equal(loopback_count_of(rig->server, "/stuck"), 7);
}

static int inspect_garbage(const char *bytes, size_t length)
{
	(void)bytes, (void)length;
	return ERR_PARSE;
}

/* Content first, so that the function can tell a first answer from a later one. */
static int inspect_auth(const char *bytes, size_t length)
{
	(void)length;
	return strstr(bytes, "ok") != NULL ? ERR_AUTH : ERR_OK;
}

static void test_inspect(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;

	reply = rig_fetch(rig, "/thing",
			  (struct session_request){.method = "POST",
						   .repeatable = true,
						   .inspect = inspect_garbage});
	assert_int_equal(reply->error, ERR_PARSE);
	assert_int_equal(reply->tries, 3);
	assert_string_equal(reply->problem.why, "the answer cannot be read, 3 tries");
	assert_string_equal(reply->body, "{\"ok\":true}");
	reply = rig_fetch(rig, "/thing", (struct session_request){.method = "POST", .inspect = inspect_auth});
	assert_int_equal(reply->error, ERR_AUTH);
	assert_int_equal(reply->tries, 2);
	assert_int_equal(session_stats(rig->session).sign_ins, 2);
}

static void test_cache(void **state)
{
	struct rig *rig = *state;
	const struct session_request read = {.method = "GET", .repeatable = true, .cacheable = true};
	struct reply *reply;

	rig_fetch(rig, "/aged", read);
	reply = rig_fetch(rig, "/aged", read);
	assert_string_equal(reply->body, "aged");
	assert_true(reply->cached);
	assert_int_equal(loopback_count_of(rig->server, "/aged"), 1);
	rig_fetch(rig, "/tagged", read);
	reply = rig_fetch(rig, "/tagged", read);
	assert_string_equal(reply->body, "tagged");
	assert_int_equal(reply->status, 200);
	assert_false(reply->cached);
	assert_int_equal(loopback_count_of(rig->server, "/tagged"), 2);
	rig_fetch(rig, "/aged", rig_read);
	assert_int_equal(loopback_count_of(rig->server, "/aged"), 2);
}

static void test_credentials_stay_here(void **state)
{
	struct rig *rig = *state;
	char *url = g_strconcat(loopback_url(rig->other), "/thing", NULL);
	struct session_request request = {.method = "GET", .path = url};

	assert_int_equal(session_send(rig->session, &request, rig_on_reply, &rig->replies[0]), ERR_INVALID);
	request.path = "@127.0.0.1:1/x";
	assert_true(session_send(rig->session, &request, rig_on_reply, &rig->replies[0]) > 0);
	loopback_run(&rig->loop, &rig->replies[0].done);
	rig->n_replies = 1;
	assert_int_equal(rig_fetch(rig, "/away", rig_read)->status, 302);
	assert_int_equal(loopback_count(rig->other), 0);
	g_free(url);
}

static void test_base_url_prefix(void **state)
{
	struct rig *rig = *state;
	char *url = g_strconcat(loopback_url(rig->server), "/prefix/", NULL);

	rig_close(rig);
	rig->options.base_url = url;
	rig_open(rig);
	assert_int_equal(rig_fetch(rig, "/api/x?y=1", rig_read)->status, 200);
	assert_string_equal(loopback_at(rig->server, 0)->target, "/prefix/login");
	assert_string_equal(loopback_at(rig->server, 1)->target, "/prefix/api/x?y=1");
	g_free(url);
}

static void test_bad_base_url(void **state)
{
	struct rig *rig = *state;
	struct session_options options = rig->options;
	struct problem problem = {.code = ERR_OK};

	options.base_url = "http://example.org";
	assert_null(session_new(&rig->loop, &options, &problem));
	assert_int_equal(problem.code, ERR_CONFIG);
	assert_string_equal(problem.what, "base_url");
}

static void test_pacing(void **state)
{
	struct rig *rig = *state;
	int64_t before_ms = clock_mono_ms(&clock_system);

	rig_close(rig);
	rig->options.per_s = 50;
	rig->options.burst = 2;
	rig_open(rig);
	for (unsigned i = 0; i < 10; i++)
		rig_start(rig, "/thing", rig_read);
	rig_run_all(rig);
	/* Eleven requests with the login, two of them at once, the others 20 ms apart. */
	assert_true(clock_mono_ms(&clock_system) - before_ms >= 9 * 20 - 10);
}

static void test_cancel_in_each_state(void **state)
{
	struct rig *rig = *state;
	struct reply *fresh = rig_start(rig, "/thing", rig_read);
	struct reply *waiting, *flying, *queued, *backing_off;

	session_cancel(rig->session, fresh->number);
	rig->plan.login_stuck = true;
	waiting = rig_start(rig, "/thing", rig_read);
	rig_wait_for_requests(rig, 1);
	session_cancel(rig->session, waiting->number);
	rig_close(rig);
	rig->plan.login_stuck = false;
	rig_open(rig);
	rig_fetch(rig, "/thing", rig_read);

	flying = rig_start(rig, "/stuck", rig_read);
	rig_wait_for_requests(rig, 4);
	for (unsigned i = 0; i < HTTP_PARALLEL; i++)
		queued = rig_start(rig, "/stuck", rig_read);
	rig_wait_for_requests(rig, 10);
	for (unsigned i = rig->n_replies; i-- > 0;)
		session_cancel(rig->session, rig->replies[i].number);
	rig->plan.failures = 1000;
	backing_off = rig_start(rig, "/flaky", rig_read);
	while (loopback_count_of(rig->server, "/flaky") < 2)
		uv_run(&rig->loop, UV_RUN_ONCE);
	session_cancel(rig->session, backing_off->number);
	session_cancel(rig->session, backing_off->number);
	assert_int_equal(rig_fetch(rig, "/thing", rig_read)->status, 200);
	assert_int_equal(fresh->calls + waiting->calls + flying->calls + queued->calls + backing_off->calls,
			 0);
}

static void test_close_with_requests_in_each_state(void **state)
{
	struct rig *rig = *state;
	unsigned from;

	rig->plan.failures = 1000;
	rig_fetch(rig, "/thing", rig_read);
	from = rig->n_replies;
	rig_start(rig, "/flaky", rig_read);
	rig_wait_for_requests(rig, 3);
	for (unsigned i = 0; i < HTTP_PARALLEL; i++)
		rig_start(rig, "/stuck", rig_read);
	rig_wait_for_requests(rig, 6);
	rig_start(rig, "/thing", rig_read);
	rig_close(rig);
	for (unsigned i = from; i < rig->n_replies; i++) {
		assert_int_equal(rig->replies[i].calls, 1);
		assert_int_equal(rig->replies[i].error, ERR_CANCELLED);
	}
}

static void test_close_from_a_callback(void **state)
{
	struct rig *rig = *state;
	struct reply *stuck = rig_start(rig, "/stuck", rig_read);
	struct reply *reply = rig_start(rig, "/thing", rig_read);

	reply->close_then = rig->session;
	loopback_run(&rig->loop, &reply->done);
	assert_int_equal(stuck->error, ERR_CANCELLED);
	rig->session = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(test_reads_are_repeated),
		RIG_TEST(test_reads_give_up),
		RIG_TEST(test_writes_are_not_repeated),
		RIG_TEST(test_writes_after_429),
		RIG_TEST(test_once),
		RIG_TEST(test_retry_after),
		RIG_TEST(test_retry_after_beyond_patience),
		RIG_TEST(test_time_outs),
		RIG_TEST(test_inspect),
		RIG_TEST(test_cache),
		RIG_TEST(test_credentials_stay_here),
		RIG_TEST(test_base_url_prefix),
		RIG_TEST(test_bad_base_url),
		RIG_TEST(test_pacing),
		RIG_TEST(test_cancel_in_each_state),
		RIG_TEST(test_close_with_requests_in_each_state),
		RIG_TEST(test_close_from_a_callback),
	};
	int failed;

	if (http_setup() != ERR_OK)
		return 1;
	jsonx_setup();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	http_teardown();
	return failed;
}
