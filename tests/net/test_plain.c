/* Requests besides the usual: without signing in to where a vendor's data points, to the address for signing in, after a delay; and what a
 * session says of writes whose answer did not come. */
#include "net/session.h"

#include "base/jsonx.h"
#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <glib.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct session_request plain = {.method = "GET", .plain = true, .repeatable = true};

static struct reply *fetch_other(struct rig *rig, const char *path, struct session_request request)
{
	char *url = g_strconcat(loopback_url(rig->other), path, NULL);
	struct reply *reply = rig_fetch(rig, url, request);

	g_free(url);
	return reply;
}

static int64_t try_url(struct rig *rig, const char *url)
{
	struct session_request request = plain;

	request.path = url;
	return session_send(rig->session, &request, rig_on_reply, &rig->replies[REPLIES - 1]);
}

static void assert_nameless(struct loopback *server, unsigned index)
{
	static const char *const names[] = {"Authorization", "Cookie", "Referer", "Proxy-Authorization"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		assert_null(loopback_header(server, index, names[i]));
}

static void test_a_picture_is_fetched_without_a_name(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;

	rig_fetch(rig, "/thing", rig_read);
	reply = fetch_other(rig, "/picture?sig=1", plain);
	assert_int_equal(reply->error, ERR_OK);
	assert_int_equal(reply->status, 200);
	assert_string_equal(reply->body, "picture");
	assert_string_equal(reply->content_type, "image/png");
	assert_nameless(rig->other, 0);
	/* base_url's own host as well */
	reply = fetch_other(rig, "/picture", plain);
	assert_nameless(rig->other, 1);
	char *url = g_strconcat(loopback_url(rig->server), "/thing", NULL);
	reply = rig_fetch(rig, url, plain);
	assert_int_equal(reply->status, 401);
	assert_nameless(rig->server, 2);
	g_free(url);
}

static void test_basic_and_static_credentials_stay_at_home(void **state)
{
	struct rig *rig = *state;

	rig_close(rig);
	rig->options.auth = NULL;
	rig->options.basic_user = "u";
	rig->options.basic_password = "p";
	rig_open(rig);
	fetch_other(rig, "/picture", plain);
	assert_nameless(rig->other, 0);
	rig_close(rig);
	rig->options.basic_user = NULL;
	rig->options.static_token = "tok";
	rig_open(rig);
	fetch_other(rig, "/picture", plain);
	assert_nameless(rig->other, 1);
}

static void test_a_picture_needs_no_sign_in_and_spoils_none(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;

	rig->plan.refuse_logins = 1000;
	assert_int_equal(fetch_other(rig, "/picture", plain)->status, 200);
	assert_int_equal(loopback_count(rig->server), 0);
	rig->plan.refuse_logins = 0;
	rig_fetch(rig, "/thing", rig_read);
	reply = fetch_other(rig, "/locked", plain);
	assert_int_equal(reply->error, ERR_OK);
	assert_int_equal(reply->status, 401);
	assert_int_equal(reply->tries, 1);
	rig_fetch(rig, "/thing", rig_read);
	assert_int_equal(loopback_count_of(rig->server, "/login"), 1);
	assert_int_equal(loopback_count_of(rig->server, "/refresh"), 0);
}

static void test_a_redirect_is_the_answer(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(fetch_other(rig, "/away", plain)->status, 302);
	assert_int_equal(rig->other_count, 1);
}

static void test_a_picture_is_bounded(void **state)
{
	struct session_request small = plain;
	struct rig *rig = *state;

	small.ceiling = 6;
	assert_int_equal(fetch_other(rig, "/picture", small)->error, ERR_TOO_BIG);
	small.ceiling = 7;
	assert_int_equal(fetch_other(rig, "/picture", small)->error, ERR_OK);
	rig_close(rig);
	rig->options.attempts = 6;
	rig->options.http.timeout_ms = 60;
	rig_open(rig);
	rig->other_count = 0;
	assert_int_equal(fetch_other(rig, "/broken", plain)->error, ERR_SERVER);
	assert_int_equal(rig->other_count, 3);
	assert_int_equal(fetch_other(rig, "/stuck", plain)->error, ERR_TIMEOUT);
	assert_int_equal(rig->other_count, 4);
}

static void test_addresses_out_of_reach(void **state)
{
	/* with base_url on this machine */
	static const char *const denied[] = {
		"https://10.0.0.1/",         "https://192.168.1.1/x",    "https://172.31.0.1/",
		"https://169.254.169.254/",  "https://100.64.0.1/",      "https://0.0.0.0/",
		"https://[fe80::1]/",        "https://[fd00::1]/",       "https://[::ffff:10.0.0.1]/",
		"https://[64:ff9b::a00:1]/", "https://[2002:0a00:1::]/", "https://0xa9fea9fe/",
		"https://224.0.0.1/",        "https://[ff02::1]/",       "https://[::]/",
	};
	static const char *const invalid[] = {
		"http://example.org/a.png",
		"ftp://127.0.0.1/",
		"file:///etc/passwd",
		"gopher://127.0.0.1/",
		"/thing",
		"",
		"https://u:p@example.org/",
		"https://example.org/\n",
		"https://ex\u00e4mple.org/",
		"data:image/png;base64,AA",
		"//example.org/a.png",
	};
	/* with base_url elsewhere */
	static const char *const local[] = {"https://127.0.0.1/",         "http://127.0.0.1:1/",
					    "https://localhost/",         "https://localhost./",
					    "https://a.localhost/",       "https://[::1]/",
					    "http://localhost:1/",        "https://127.1/",
					    "https://[::ffff:127.0.0.1]/"};
	struct rig *rig = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(denied); i++)
		if (try_url(rig, denied[i]) != ERR_DENIED)
			fail_msg("%s is not refused", denied[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(invalid); i++)
		if (try_url(rig, invalid[i]) != ERR_INVALID)
			fail_msg("%s is taken", invalid[i]);
	rig_close(rig);
	rig->options.base_url = "https://api.example.org";
	rig_open(rig);
	for (size_t i = 0; i < G_N_ELEMENTS(local); i++)
		if (try_url(rig, local[i]) != ERR_DENIED)
			fail_msg("%s is not refused", local[i]);
	rig_close(rig);
	rig->options.base_url = "https://10.1.2.3/api";
	rig_open(rig);
	assert_int_equal(try_url(rig, "https://10.1.2.4/"), ERR_DENIED);
	int64_t number = try_url(rig, "https://10.1.2.3:8443/picture"); /* its own host */

	assert_true(number > 0);
	session_cancel(rig->session, number);
}

static void test_who_asks_is_not_told_by_headers_either(void **state)
{
	static const struct http_header cookie = {"cookie", "a=b"};
	struct session_request request = plain;
	struct rig *rig = *state;

	request.path = loopback_url(rig->other);
	request.headers = &cookie;
	request.n_headers = 1;
	assert_int_equal(session_send(rig->session, &request, rig_on_reply, &rig->replies[0]), ERR_INVALID);
}

/* A name that leads to this machine, as a hostile name server would have it. "localhost" by another name is what
 * every machine can resolve; the check of names is passed by taking the reach of http itself. */
static void test_a_name_is_followed_to_its_address(void **state)
{
	struct rig *rig = *state;
	char name[256] = "", url[512];
	struct reply *reply;

	rig_close(rig);
	if (gethostname(name, sizeof(name) - 1) != 0 || name[0] == '\0' || strchr(name, '_') != NULL)
		skip();
	rig->options.base_url = "https://api.example.org";
	rig_open(rig);
	snprintf(url, sizeof(url), "https://%s%s/picture", name, strrchr(loopback_url(rig->other), ':'));
	reply = rig_fetch(rig, url, plain);
	/* Its own name is an address of a private network or of this machine, or none at all. */
	assert_true(reply->error == ERR_DENIED || reply->error == ERR_UNREACHED);
	assert_int_equal(rig->other_count, 0);
	assert_false(reply->request_sent);
	if (reply->error == ERR_DENIED)
		assert_non_null(strstr(reply->problem.why, "is not an address of the public internet"));
}

/* A proxy looks names up itself; then no exception may lead past it. */
static void test_a_proxy_is_not_gone_past(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;

	rig_close(rig);
	rig->options.base_url = "https://api.example.org";
	rig_open(rig);
	setenv("https_proxy", loopback_url(rig->server), 1);
	setenv("no_proxy", "*", 1);
	reply = rig_fetch(rig, "https://pictures.example.org/a.png", plain);
	loopback_forget_proxies();
	assert_int_not_equal(reply->error, ERR_OK);
	assert_false(reply->request_sent);
	assert_true(loopback_count(rig->server) >= 1);
	assert_string_equal(loopback_at(rig->server, 0)->method, "CONNECT");
	assert_string_equal(loopback_at(rig->server, 0)->target, "pictures.example.org:443");
	assert_nameless(rig->server, 0);
}

static void test_each_host_has_its_own_limit(void **state)
{
	struct rig *rig = *state;
	int64_t before_ms;
	char origin[512];

	rig_close(rig);
	rig->options.per_s = 20;
	rig->options.burst = 1;
	rig_open(rig);
	before_ms = clock_mono_ms(&clock_system);
	for (unsigned i = 0; i < 4; i++)
		fetch_other(rig, "/picture", plain);
	assert_true(clock_mono_ms(&clock_system) - before_ms >= 3 * 50 - 10);
	/* that of base_url is closed meanwhile */
	assert_true(http_origin(loopback_url(rig->server), origin, sizeof(origin)));
	limiter_pool_close_for(rig->limiters, origin, 20, 1, clock_mono_ms(&clock_system), 3600000);
	assert_int_equal(fetch_other(rig, "/picture", plain)->status, 200);
}

/* --- the address for signing in --- */

static void test_the_address_for_signing_in(void **state)
{
	struct session_request request = {.method = "PUT", .body = "{}", .body_length = 2, .at_sign_in = true};
	struct rig *rig = *state;
	char *base;

	/* without one it is base_url */
	assert_int_equal(rig_fetch(rig, "/thing", request)->status, 200);
	rig_close(rig);
	base = g_strconcat(loopback_url(rig->other), "/accounts", NULL);
	rig->options.sign_in_url = base;
	rig_open(rig);
	assert_int_equal(rig_fetch(rig, "/api/v1/password", request)->status, 200);
	assert_string_equal(loopback_at(rig->other, 0)->target, "/accounts/api/v1/password");
	assert_string_equal(loopback_at(rig->other, 0)->method, "PUT");
	assert_true(g_str_has_prefix(loopback_header(rig->other, 0, "Authorization"), "Bearer token-"));
	/* and nowhere else; nor does what is for base_url go there */
	request.path = loopback_url(rig->server);
	assert_int_equal(session_send(rig->session, &request, rig_on_reply, &rig->replies[0]), ERR_INVALID);
	request.at_sign_in = false;
	request.path = loopback_url(rig->other);
	assert_int_equal(session_send(rig->session, &request, rig_on_reply, &rig->replies[0]), ERR_INVALID);
	g_free(base);
}

static void test_a_bad_address_for_signing_in(void **state)
{
	struct rig *rig = *state;
	struct problem problem = {.code = ERR_OK};

	rig_close(rig);
	rig->options.sign_in_url = "http://accounts.example.org";
	assert_null(session_new(&rig->loop, &rig->options, &problem));
	assert_int_equal(problem.code, ERR_CONFIG);
	uv_run(&rig->loop, UV_RUN_NOWAIT);
}

/* --- a delay --- */

static void test_a_delay(void **state)
{
	struct session_request later = {.method = "GET", .repeatable = true, .delay_ms = 150};
	struct rig *rig = *state;
	struct reply *slow, *fast, *gone;
	int64_t before_ms;

	rig_fetch(rig, "/thing", rig_read);
	before_ms = clock_mono_ms(&clock_system);
	slow = rig_start(rig, "/thing", later);
	gone = rig_start(rig, "/thing", later);
	fast = rig_start(rig, "/missing", rig_read);
	loopback_run(&rig->loop, &fast->done);
	assert_false(slow->done);
	session_cancel(rig->session, gone->number);
	loopback_run(&rig->loop, &slow->done);
	assert_true(clock_mono_ms(&clock_system) - before_ms >= 150);
	assert_int_equal(slow->status, 200);
	assert_int_equal(loopback_count_of(rig->server, "/thing"), 2);
	assert_int_equal(gone->calls, 0);
}

/* --- what became of a write --- */

static void test_what_a_server_may_have_seen(void **state)
{
	static const struct {
		int status; /* 0: reset */
		bool sent;
	} cases[] = {{0, true},   {500, true}, {502, true},  {503, true},
		     {504, true}, {408, true}, {429, false}, {425, false}};
	struct rig *rig = *state;
	struct reply *reply;

	rig_close(rig);
	rig->options.attempts = 1;
	rig_open(rig);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		rig->plan.failures = 1;
		rig->plan.failure_resets = cases[i].status == 0;
		rig->plan.failure_status = cases[i].status;
		if (cases[i].status == 429) {
			/* the limiter would keep the next one waiting */
			rig_close(rig);
			limiter_pool_free(rig->limiters);
			rig->limiters = rig->options.limiters = limiter_pool_new();
			rig_open(rig);
		}
		reply = rig_fetch(rig, "/flaky", rig_write);
		assert_int_not_equal(reply->error, ERR_OK);
		if (reply->request_sent != cases[i].sent)
			fail_msg("status %d", cases[i].status);
		assert_int_equal(reply->tries, 1);
	}
	assert_int_equal(loopback_count_of(rig->server, "/flaky"), G_N_ELEMENTS(cases));
}

static void test_a_write_that_timed_out(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;

	rig_close(rig);
	rig->options.http.timeout_ms = 80;
	rig->options.retry_timeouts = true;
	rig_open(rig);
	reply = rig_fetch(rig, "/stuck", rig_write);
	assert_int_equal(reply->error, ERR_TIMEOUT);
	assert_true(reply->request_sent);
	assert_int_equal(loopback_count_of(rig->server, "/stuck"), 1);
}

static void test_a_write_that_was_not_signed_in(void **state)
{
	struct rig *rig = *state;
	struct reply *reply;

	rig_fetch(rig, "/thing", rig_read);
	rig->plan.valid = 1;
	rig->plan.refresh_refused = true;
	rig->plan.refuse_logins = 1000;
	reply = rig_fetch(rig, "/thing", rig_write);
	assert_int_equal(reply->error, ERR_AUTH);
	assert_false(reply->request_sent);
}

static void test_a_write_that_found_nobody(void **state)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t length = sizeof(address);
	int holder = socket(AF_INET, SOCK_STREAM, 0); /* bound, not listening */
	struct rig *rig = *state;
	struct reply *reply;
	char url[64];

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(holder, (struct sockaddr *)&address, length), 0);
	assert_int_equal(getsockname(holder, (struct sockaddr *)&address, &length), 0);
	g_snprintf(url, sizeof(url), "http://127.0.0.1:%u", ntohs(address.sin_port));
	rig_close(rig);
	rig->options.base_url = url;
	rig->options.auth = NULL;
	rig_open(rig);
	reply = rig_fetch(rig, "/thing", rig_write);
	assert_int_equal(reply->error, ERR_UNREACHED);
	assert_false(reply->request_sent);
	assert_true(reply->tries > 1); /* nothing was sent, so it may be tried again */
	/* Somebody is there, who does not speak TLS. */
	rig_close(rig);
	loopback_blurt(rig->server, "HTTP/1.1 400 Bad Request\r\n\r\n");
	g_snprintf(url, sizeof(url), "https://127.0.0.1%s", strrchr(loopback_url(rig->server), ':'));
	rig_open(rig);
	reply = rig_fetch(rig, "/thing", rig_write);
	assert_int_not_equal(reply->error, ERR_OK);
	assert_false(reply->request_sent);
	assert_int_equal(loopback_count(rig->server), 0);
	close(holder);
}

static void test_closing_tells_what_was_sent(void **state)
{
	struct session_request later = rig_write;
	struct rig *rig = *state;
	struct reply *flying, *waiting;

	rig_fetch(rig, "/thing", rig_read);
	later.delay_ms = 60000;
	flying = rig_start(rig, "/stuck", rig_write);
	waiting = rig_start(rig, "/stuck", later);
	rig_wait_for_requests(rig, 3);
	assert_true(session_sent(rig->session, flying->number));
	assert_false(session_sent(rig->session, waiting->number));
	assert_false(session_sent(rig->session, 12345));
	rig_close(rig);
	assert_int_equal(flying->error, ERR_CANCELLED);
	assert_true(flying->request_sent);
	assert_int_equal(waiting->error, ERR_CANCELLED);
	assert_false(waiting->request_sent);
}

static void test_a_write_ends_what_was_cached(void **state)
{
	struct session_request aged = {.method = "GET", .repeatable = true, .cacheable = true};
	struct rig *rig = *state;

	rig_fetch(rig, "/aged", aged);
	assert_true(rig_fetch(rig, "/aged", aged)->cached);
	rig_fetch(rig, "/thing", rig_write);
	assert_false(rig_fetch(rig, "/aged", aged)->cached);
	assert_int_equal(loopback_count_of(rig->server, "/aged"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(test_a_picture_is_fetched_without_a_name),
		RIG_TEST(test_basic_and_static_credentials_stay_at_home),
		RIG_TEST(test_a_picture_needs_no_sign_in_and_spoils_none),
		RIG_TEST(test_a_redirect_is_the_answer),
		RIG_TEST(test_a_picture_is_bounded),
		RIG_TEST(test_addresses_out_of_reach),
		RIG_TEST(test_who_asks_is_not_told_by_headers_either),
		RIG_TEST(test_a_name_is_followed_to_its_address),
		RIG_TEST(test_a_proxy_is_not_gone_past),
		RIG_TEST(test_each_host_has_its_own_limit),
		RIG_TEST(test_the_address_for_signing_in),
		RIG_TEST(test_a_bad_address_for_signing_in),
		RIG_TEST(test_a_delay),
		RIG_TEST(test_what_a_server_may_have_seen),
		RIG_TEST(test_a_write_that_timed_out),
		RIG_TEST(test_a_write_that_was_not_signed_in),
		RIG_TEST(test_a_write_that_found_nobody),
		RIG_TEST(test_closing_tells_what_was_sent),
		RIG_TEST(test_a_write_ends_what_was_cached),
	};
	int failed;

	loopback_forget_proxies();
	if (http_setup() != ERR_OK)
		return 1;
	jsonx_setup();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	http_teardown();
	return failed;
}
