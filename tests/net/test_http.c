#include "net/http.h"

#include "base/moment.h"
#include "loopback.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define QUICK_MS 120
#define PATIENT_MS 20000

struct reply {
	bool done;
	unsigned calls;
	int error, status;
	bool request_sent, passing;
	char why[240], etag[128], content_type[96];
	char *body;
	size_t length;
	int64_t retry_after_ms, max_age_ms, server_date_ms;
	int64_t number;
	struct http *close_then; /* closed from within the callback */
};

struct fixture {
	uv_loop_t loop;
	struct loopback *server, *other;
	struct http *http;
	struct reply replies[40];
	unsigned n_replies;
	bool closed;
	struct loopback_peer *held;
};

static void on_http_closed(void *ctx) { *(bool *)ctx = true; }

static void on_reply(void *ctx, struct http_answer *answer)
{
	struct reply *reply = ctx;

	reply->calls++;
	reply->done = true;
	reply->error = answer->error;
	reply->status = answer->status;
	reply->request_sent = answer->request_sent;
	reply->passing = answer->passing;
	g_strlcpy(reply->why, answer->why, sizeof(reply->why));
	g_strlcpy(reply->etag, answer->etag, sizeof(reply->etag));
	g_strlcpy(reply->content_type, answer->content_type, sizeof(reply->content_type));
	reply->retry_after_ms = answer->retry_after_ms;
	reply->max_age_ms = answer->max_age_ms;
	reply->server_date_ms = answer->server_date_ms;
	reply->body = buf_take(answer->body, &reply->length);
	if (reply->close_then != NULL)
		http_close(reply->close_then, NULL, NULL);
}

static void answer_faults(struct fixture *fixture, struct loopback_peer *peer, const char *target)
{
	if (strcmp(target, "/stuck") == 0) {
		fixture->held = peer;
	} else if (strcmp(target, "/stuck-body") == 0) {
		loopback_sends(peer, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
	} else if (strcmp(target, "/drip") == 0) {
		loopback_sends(peer, "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n");
		loopback_drip(peer, "slow, but steady", QUICK_MS / 8);
	} else if (strcmp(target, "/reset") == 0) {
		loopback_reset(peer);
	} else if (strcmp(target, "/reset-body") == 0) {
		loopback_sends(peer, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
		loopback_end(peer);
	} else if (strcmp(target, "/endless") == 0) {
		loopback_sends(peer, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
		loopback_endless(peer);
	} else if (strcmp(target, "/announced") == 0) {
		loopback_sends(peer, "HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n");
	} else if (strcmp(target, "/garbage") == 0) {
		loopback_sends(peer, "\x01\x02\x1b[31mthis is no HTTP\r\n\r\nat all");
		loopback_end(peer);
	} else if (strcmp(target, "/endless-head") == 0) {
		loopback_sends(peer, "HTTP/1.1 200 OK\r\n");
		for (unsigned i = 0; i < 600; i++) {
			char *line = g_strdup_printf("X-%u: %0*d\r\n", i, 1000, 0);

			loopback_sends(peer, line);
			g_free(line);
		}
	}
}

static void put_bits(GByteArray *out, unsigned *used, uint32_t bits, unsigned count)
{
	for (unsigned i = 0; i < count; i++, (*used)++) {
		if (*used % 8 == 0)
			g_byte_array_append(out, (const guint8 *)"", 1);
		out->data[out->len - 1] |= (guint8)((bits >> i & 1) << *used % 8);
	}
}

static uint32_t crc_of_zeros(size_t length)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < length * 8; i++)
		crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	return ~crc;
}

/* gzip of 1 + 258 * runs zero bytes: in the fixed code of RFC 1951 §3.2.6, a zero, then copies of 258 bytes
 * from one byte back. */
static GByteArray *packed_zeros(size_t runs)
{
	GByteArray *out = g_byte_array_new();
	size_t length = 1 + 258 * runs;
	unsigned used = 0;

	g_byte_array_append(out, (const guint8 *)"\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
	put_bits(out, &used, 3, 3);    /* the last block, fixed code */
	put_bits(out, &used, 0x0c, 8); /* 00110000 read backwards: literal 0 */
	for (size_t i = 0; i < runs; i++)
		put_bits(out, &used, 0xa3, 13); /* 11000101 read backwards: 258 bytes; 00000: one back */
	put_bits(out, &used, 0, 7);             /* end of block */
	for (unsigned i = 0, crc = crc_of_zeros(length); i < 4; i++)
		g_byte_array_append(out, &(guint8){(guint8)(crc >> 8 * i)}, 1);
	for (unsigned i = 0; i < 4; i++)
		g_byte_array_append(out, &(guint8){(guint8)(length >> 8 * i)}, 1);
	return out;
}

static void answer_packed(struct loopback_peer *peer, size_t runs)
{
	GByteArray *packed = packed_zeros(runs);

	loopback_answer_bytes(peer, 200, "Content-Encoding: gzip\r\n", packed->data, packed->len);
	g_byte_array_unref(packed);
}

static void answer_redirects(struct fixture *fixture, struct loopback_peer *peer, const char *target)
{
	char *elsewhere = g_strdup_printf("Location: %s/plain\r\n", loopback_url(fixture->other));

	if (strcmp(target, "/moved") == 0)
		loopback_answer(peer, 302, "Location: /plain#part\r\n", "moved");
	else if (strcmp(target, "/moved-away") == 0)
		loopback_answer(peer, 302, elsewhere, "moved away");
	else if (strcmp(target, "/round") == 0)
		loopback_answer(peer, 307, "Location: /round\r\n", "round");
	g_free(elsewhere);
}

static void on_request(void *ctx, struct loopback_peer *peer, const struct loopback_request *request)
{
	struct fixture *fixture = ctx;
	const char *target = request->target;

	if (g_str_has_prefix(target, "/moved") || strcmp(target, "/round") == 0)
		answer_redirects(fixture, peer, target);
	else if (strcmp(target, "/bomb") == 0 || strcmp(target, "/gzip") == 0)
		answer_packed(peer, strcmp(target, "/gzip") == 0 ? 4 : 4000);
	else if (strcmp(target, "/chunked") == 0)
		loopback_sends(
			peer,
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
	else if (strcmp(target, "/close-after") == 0) {
		loopback_answer(peer, 200, "", "bye");
		loopback_end(peer);
	} else if (g_str_has_prefix(target, "/plain"))
		loopback_answer(
			peer, 200,
			"Content-Type: application/json\r\nETag: \"x1\"\r\nAge: 10\r\n"
			"Date: Tue, 01 Sep 2026 12:00:00 GMT\r\nRetry-After: Tue, 01 Sep 2026 12:00:30 GMT\r\n"
			"Cache-Control: private, max-age=900\r\n",
			"{\"a\":1}");
	else
		answer_faults(fixture, peer, target);
}

static struct http *http_for(struct fixture *fixture, int64_t timeout_ms, struct logger *logger)
{
	struct http_options options = {
		.user_agent = "lodge-test/1",
		.scope = "test",
		.timeout_ms = timeout_ms,
		.logger = logger,
		.clock = &clock_system,
	};
	struct problem problem = {.code = ERR_OK};
	struct http *http = http_new(&fixture->loop, &options, &problem);

	assert_non_null(http);
	return http;
}

static int set_up(void **state)
{
	struct fixture *fixture = g_new0(struct fixture, 1);

	alarm(60); /* a hang is a failure */
	assert_int_equal(uv_loop_init(&fixture->loop), 0);
	fixture->server = loopback_new(&fixture->loop, on_request, fixture);
	fixture->other = loopback_new(&fixture->loop, on_request, fixture);
	fixture->http = http_for(fixture, PATIENT_MS, NULL);
	*state = fixture;
	return 0;
}

static int set_up_quick(void **state)
{
	struct fixture *fixture;

	set_up(state);
	fixture = *state;
	http_close(fixture->http, NULL, NULL);
	fixture->http = http_for(fixture, QUICK_MS, NULL);
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	if (!fixture->closed) {
		http_close(fixture->http, on_http_closed, &fixture->closed);
		loopback_run(&fixture->loop, &fixture->closed);
	}
	loopback_close(fixture->server);
	loopback_close(fixture->other);
	loopback_run_out(&fixture->loop);
	for (unsigned i = 0; i < G_N_ELEMENTS(fixture->replies); i++)
		free(fixture->replies[i].body);
	g_free(fixture);
	return 0;
}

static struct reply *start(struct fixture *fixture, const char *target, struct http_request request)
{
	struct reply *reply = &fixture->replies[fixture->n_replies++];
	char *url = g_strconcat(loopback_url(fixture->server), target, NULL);

	request.url = url;
	if (request.method == NULL)
		request.method = "GET";
	reply->number = http_send(fixture->http, &request, on_reply, reply);
	assert_true(reply->number > 0);
	assert_false(reply->done);
	g_free(url);
	return reply;
}

static struct reply *fetch(struct fixture *fixture, const char *target, struct http_request request)
{
	struct reply *reply = start(fixture, target, request);

	loopback_run(&fixture->loop, &reply->done);
	return reply;
}

static void test_plain(void **state)
{
	struct fixture *fixture = *state;
	struct http_header header = {"X-Extra", "yes"};
	struct reply *reply =
		fetch(fixture, "/plain?q=1",
		      (struct http_request){.bearer = "tok_secret", .headers = &header, .n_headers = 1});

	assert_int_equal(reply->error, ERR_OK);
	assert_int_equal(reply->status, 200);
	assert_string_equal(reply->body, "{\"a\":1}");
	assert_string_equal(reply->content_type, "application/json");
	assert_string_equal(reply->etag, "\"x1\"");
	assert_int_equal(reply->max_age_ms, 890000);
	assert_int_equal(reply->server_date_ms, moment_parse("2026-09-01T12:00:00Z"));
	assert_int_equal(reply->retry_after_ms, 30000);
	assert_string_equal(loopback_header(fixture->server, 0, "Authorization"), "Bearer tok_secret");
	assert_string_equal(loopback_header(fixture->server, 0, "X-Extra"), "yes");
	assert_string_equal(loopback_header(fixture->server, 0, "User-Agent"), "lodge-test/1");
	assert_non_null(strstr(loopback_header(fixture->server, 0, "Accept-Encoding"), "gzip"));
	assert_null(loopback_header(fixture->server, 0, "Content-Type"));
}

static void test_methods(void **state)
{
	struct fixture *fixture = *state;
	struct http_header type = {"Content-Type", "application/vnd.api+json"};

	fetch(fixture, "/plain",
	      (struct http_request){
		      .method = "PATCH", .body = "{}", .body_length = 2, .headers = &type, .n_headers = 1});
	fetch(fixture, "/plain", (struct http_request){.method = "POST"});
	fetch(fixture, "/plain", (struct http_request){.method = "DELETE"});
	fetch(fixture, "/plain", (struct http_request){.basic_user = "anna", .basic_password = "pa:ss"});
	assert_string_equal(loopback_at(fixture->server, 0)->method, "PATCH");
	assert_string_equal(loopback_at(fixture->server, 0)->body, "{}");
	assert_string_equal(loopback_header(fixture->server, 0, "Content-Type"), "application/vnd.api+json");
	assert_string_equal(loopback_at(fixture->server, 1)->method, "POST");
	assert_string_equal(loopback_header(fixture->server, 1, "Content-Length"), "0");
	assert_string_equal(loopback_at(fixture->server, 2)->method, "DELETE");
	assert_null(loopback_header(fixture->server, 2, "Content-Length"));
	assert_string_equal(loopback_header(fixture->server, 3, "Authorization"), "Basic YW5uYTpwYTpzcw==");
}

static void test_refused_requests(void **state)
{
	struct fixture *fixture = *state;
	char *url = g_strconcat(loopback_url(fixture->server), "/plain", NULL);
	struct http_header broken = {"X", "a\r\nAuthorization: b"};
	struct http_request requests[] = {
		{.method = "GET", .url = "http://example.org/"},
		{.method = "GET", .url = "ftp://localhost/"},
		{.method = "G T", .url = url},
		{.method = "GET", .url = url, .headers = &broken, .n_headers = 1},
		{.method = "GET", .url = url, .bearer = "a\nb"},
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(requests); i++)
		assert_int_equal(http_send(fixture->http, &requests[i], on_reply, &fixture->replies[0]),
				 ERR_INVALID);
	assert_int_equal(fixture->replies[0].calls, 0);
	g_free(url);
}

static void test_chunked_and_gzip(void **state)
{
	struct fixture *fixture = *state;

	assert_string_equal(fetch(fixture, "/chunked", (struct http_request){.method = NULL})->body, "abcde");
	assert_int_equal(fetch(fixture, "/gzip", (struct http_request){.method = NULL})->length, 1 + 258 * 4);
}

static void test_connection_is_kept_for_reads_only(void **state)
{
	struct fixture *fixture = *state;

	fetch(fixture, "/plain", (struct http_request){.repeatable = true});
	fetch(fixture, "/plain", (struct http_request){.repeatable = true});
	assert_int_equal(loopback_connections(fixture->server), 1);
	fetch(fixture, "/plain", (struct http_request){.method = "POST"});
	assert_int_equal(loopback_connections(fixture->server), 2);
}

static void test_ceilings(void **state)
{
	struct fixture *fixture = *state;
	const char *targets[] = {"/endless", "/announced", "/bomb"};

	for (unsigned i = 0; i < G_N_ELEMENTS(targets); i++) {
		struct reply *reply = fetch(fixture, targets[i], (struct http_request){.ceiling = 100000});

		assert_int_equal(reply->error, ERR_TOO_BIG);
		assert_true(reply->length <= 100000);
		assert_string_equal(reply->why, "the answer is larger than 100000 bytes");
		assert_false(reply->passing);
	}
	assert_int_equal(fetch(fixture, "/endless-head", (struct http_request){.method = NULL})->error,
			 ERR_TOO_BIG);
	assert_true(loopback_endless_bytes(fixture->server) < 50u << 20);
}

static void test_broken_connections(void **state)
{
	struct fixture *fixture = *state;
	struct reply *reply = fetch(fixture, "/reset", (struct http_request){.method = NULL});

	assert_int_equal(reply->error, ERR_UNREACHED);
	assert_true(reply->request_sent);
	assert_true(reply->passing);
	assert_string_equal(reply->why, "127.0.0.1 closed the connection without an answer");
	reply = fetch(fixture, "/reset-body", (struct http_request){.method = NULL});
	assert_int_equal(reply->error, ERR_UNREACHED);
	assert_string_equal(reply->why, "127.0.0.1 broke off in the middle of its answer");
	reply = fetch(fixture, "/garbage", (struct http_request){.method = NULL});
	assert_int_equal(reply->error, ERR_PARSE);
	assert_string_equal(reply->why, "what 127.0.0.1 sent is not HTTP");
}

static void test_a_write_is_sent_once(void **state)
{
	struct fixture *fixture = *state;

	fetch(fixture, "/plain", (struct http_request){.repeatable = true});
	fetch(fixture, "/reset", (struct http_request){.method = "POST"});
	assert_int_equal(loopback_count_of(fixture->server, "/reset"), 1);
}

static void test_refused_port(void **state)
{
	struct fixture *fixture = *state;
	struct http_request request = {.method = "GET"};
	struct reply *reply = &fixture->replies[0];
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t length = sizeof(address);
	/* bound but not listening: nobody else can take the port */
	int holder = socket(AF_INET, SOCK_STREAM, 0);
	char url[64];

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(holder, (struct sockaddr *)&address, length), 0);
	assert_int_equal(getsockname(holder, (struct sockaddr *)&address, &length), 0);
	g_snprintf(url, sizeof(url), "http://127.0.0.1:%u/", ntohs(address.sin_port));
	request.url = url;
	assert_true(http_send(fixture->http, &request, on_reply, reply) > 0);
	loopback_run(&fixture->loop, &reply->done);
	assert_int_equal(reply->error, ERR_UNREACHED);
	assert_false(reply->request_sent);
	assert_true(reply->passing);
	assert_string_equal(reply->why, "connection refused by 127.0.0.1");
	close(holder);
}

static void test_time_outs(void **state)
{
	struct fixture *fixture = *state;
	struct reply *first = start(fixture, "/stuck", (struct http_request){.method = NULL});
	struct reply *body = start(fixture, "/stuck-body", (struct http_request){.method = NULL});
	struct reply *drip = start(fixture, "/drip", (struct http_request){.method = NULL});

	loopback_run(&fixture->loop, &first->done);
	loopback_run(&fixture->loop, &body->done);
	loopback_run(&fixture->loop, &drip->done);
	assert_int_equal(first->error, ERR_TIMEOUT);
	assert_true(first->request_sent);
	assert_string_equal(first->why, "127.0.0.1 did not answer within 0.12 s");
	assert_int_equal(body->error, ERR_TIMEOUT);
	assert_string_equal(body->why, "127.0.0.1 stopped in the middle of its answer for 0.12 s");
	/* Slower in all than the time-out, but never without progress for so long. */
	assert_int_equal(drip->error, ERR_OK);
	assert_string_equal(drip->body, "slow, but steady");
}

/* More requests than may run at once, all stuck: those that wait are not timed before their turn comes. */
static void test_waiting_is_not_timed(void **state)
{
	struct fixture *fixture = *state;
	struct reply *last = NULL;
	unsigned ended = 0;

	for (unsigned i = 0; i < HTTP_PARALLEL; i++)
		start(fixture, "/stuck", (struct http_request){.method = NULL});
	last = start(fixture, "/plain", (struct http_request){.method = NULL});
	loopback_run(&fixture->loop, &last->done);
	assert_int_equal(last->error, ERR_OK);
	for (unsigned i = 0; i < HTTP_PARALLEL; i++) {
		ended += fixture->replies[i].done;
		assert_int_equal(fixture->replies[i].error, fixture->replies[i].done ? ERR_TIMEOUT : ERR_OK);
	}
	assert_true(ended > 0); /* it did wait */
}

static void test_connect_time_out(void **state)
{
	struct fixture *fixture = *state;
	int backlog[8], listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t length = sizeof(address);
	struct http_request request = {.method = "GET"};
	struct reply *reply = &fixture->replies[0];
	char url[64];

	/* A full backlog: the kernel answers no further connection. */
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, length), 0);
	assert_int_equal(listen(listener, 0), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
	for (unsigned i = 0; i < G_N_ELEMENTS(backlog); i++) {
		backlog[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(backlog[i], (struct sockaddr *)&address, length);
	}
	g_snprintf(url, sizeof(url), "http://127.0.0.1:%u/", ntohs(address.sin_port));
	request.url = url;
	assert_true(http_send(fixture->http, &request, on_reply, reply) > 0);
	loopback_run(&fixture->loop, &reply->done);
	assert_int_equal(reply->error, ERR_TIMEOUT);
	assert_false(reply->request_sent);
	assert_string_equal(reply->why, "no connection to 127.0.0.1 within 0.12 s");
	for (unsigned i = 0; i < G_N_ELEMENTS(backlog); i++)
		close(backlog[i]);
	close(listener);
}

static void test_redirects(void **state)
{
	struct fixture *fixture = *state;
	struct reply *reply = fetch(fixture, "/moved", (struct http_request){.bearer = "tok"});

	assert_int_equal(reply->status, 200);
	assert_string_equal(reply->body, "{\"a\":1}");
	assert_string_equal(loopback_at(fixture->server, 1)->target, "/plain");
	assert_string_equal(loopback_header(fixture->server, 1, "Authorization"), "Bearer tok");

	reply = fetch(fixture, "/moved-away", (struct http_request){.bearer = "tok"});
	assert_int_equal(reply->status, 302);
	assert_int_equal(loopback_count(fixture->other), 0);

	reply = fetch(fixture, "/moved", (struct http_request){.method = "POST"});
	assert_int_equal(reply->status, 302);
	assert_string_equal(reply->body, "moved");

	reply = fetch(fixture, "/round", (struct http_request){.method = NULL});
	assert_int_equal(reply->status, 307);
	assert_int_equal(loopback_count_of(fixture->server, "/round"), 4);
}

static void test_cancel(void **state)
{
	struct fixture *fixture = *state;
	struct reply *stuck = start(fixture, "/stuck", (struct http_request){.method = NULL});
	struct reply *fresh, *waiting, *last;

	while (fixture->held == NULL)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	fresh = start(fixture, "/plain", (struct http_request){.method = NULL});
	for (unsigned i = 0; i < HTTP_PARALLEL; i++)
		waiting = start(fixture, "/stuck", (struct http_request){.method = NULL});
	http_cancel(fixture->http, fresh->number);
	for (unsigned i = 2; i < fixture->n_replies; i++)
		http_cancel(fixture->http, fixture->replies[i].number);
	http_cancel(fixture->http, stuck->number);
	http_cancel(fixture->http, stuck->number);
	http_cancel(fixture->http, 12345);
	last = fetch(fixture, "/plain", (struct http_request){.method = NULL});
	assert_int_equal(last->error, ERR_OK);
	assert_int_equal(stuck->calls + fresh->calls + waiting->calls, 0);
}

static void test_close_with_requests_under_way(void **state)
{
	struct fixture *fixture = *state;

	for (unsigned i = 0; i < HTTP_PARALLEL + 3; i++)
		start(fixture, "/stuck", (struct http_request){.method = NULL});
	while (loopback_count(fixture->server) < HTTP_PARALLEL)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	http_close(fixture->http, on_http_closed, &fixture->closed);
	for (unsigned i = 0; i < fixture->n_replies; i++) {
		assert_int_equal(fixture->replies[i].calls, 1);
		assert_int_equal(fixture->replies[i].error, ERR_CANCELLED);
	}
	assert_int_equal(http_send(fixture->http, &(struct http_request){.method = "GET", .url = "https://h/"},
				   on_reply, NULL),
			 ERR_CLOSED);
	loopback_run(&fixture->loop, &fixture->closed);
}

static void test_close_from_a_callback(void **state)
{
	struct fixture *fixture = *state;
	struct reply *stuck = start(fixture, "/stuck", (struct http_request){.method = NULL});
	struct reply *reply = start(fixture, "/plain", (struct http_request){.method = NULL});

	reply->close_then = fixture->http;
	fixture->closed = true;
	loopback_run(&fixture->loop, &reply->done);
	assert_int_equal(stuck->error, ERR_CANCELLED);
}

static void test_loopback_needs_no_proxy(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(setenv("http_proxy", "http://127.0.0.1:9/", 1), 0);
	assert_int_equal(fetch(fixture, "/plain", (struct http_request){.method = NULL})->status, 200);
	unsetenv("http_proxy");
}

static void test_name_and_proxy(void **state)
{
	struct fixture *fixture = *state;
	struct reply *reply = &fixture->replies[0];
	struct http_request request = {.method = "GET", .url = "https://no-such-name.invalid/x"};

	assert_true(http_send(fixture->http, &request, on_reply, reply) > 0);
	loopback_run(&fixture->loop, &reply->done);
	assert_int_equal(reply->error, ERR_UNREACHED);
	assert_string_equal(reply->why, "the name no-such-name.invalid cannot be found");
	assert_false(reply->passing);

	/* Any other host goes by the proxy: here one that is not there. */
	assert_int_equal(setenv("https_proxy", "http://127.0.0.1:9/", 1), 0);
	reply = &fixture->replies[1];
	assert_true(http_send(fixture->http, &request, on_reply, reply) > 0);
	loopback_run(&fixture->loop, &reply->done);
	unsetenv("https_proxy");
	assert_string_equal(reply->why,
			    "connection refused by no-such-name.invalid or by the proxy on the way");
}

static void test_trace(void **state)
{
	struct fixture *fixture = *state;
	char path[] = "/tmp/lodge-trace-XXXXXX";
	int fd = mkstemp(path);
	struct logger *logger = logger_new(path, LOG_LEVEL_DEBUG, &clock_system, NULL);
	char *text;

	assert_true(fd >= 0);
	http_close(fixture->http, NULL, NULL);
	fixture->http = http_for(fixture, PATIENT_MS, logger);
	fetch(fixture, "/plain/space_8fk/rooms?user=anna&flag",
	      (struct http_request){.bearer = "tok_secret", .attempt = 2});
	fetch(fixture, "/plain/41", (struct http_request){.shape = "/plain/:number"});
	logger_free(logger);
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	assert_non_null(strstr(text, "GET /plain/:id/rooms?user=…&flag 200 7 B "));
	assert_non_null(strstr(text, "(try 2)"));
	assert_non_null(strstr(text, "GET /plain/:number 200 7 B "));
	assert_null(strstr(text, "tok_secret"));
	assert_null(strstr(text, "anna"));
	assert_null(strstr(text, "space_8fk"));
	g_free(text);
	close(fd);
	unlink(path);
	fixture->closed = false;
	http_close(fixture->http, on_http_closed, &fixture->closed);
	loopback_run(&fixture->loop, &fixture->closed);
}

static void test_allowed_urls(void **state)
{
	static const char *const good[] = {
		"https://api.example.org",
		"https://api.example.org:8443/prefix/",
		"HTTPS://h/",
		"http://localhost:1/x",
		"http://LOCALHOST/",
		"http://127.0.0.1:80/",
		"http://127.8.9.10/",
		"http://[::1]:5/",
	};
	static const char *const bad[] = {
		"",
		"example.org",
		"http://example.org/",
		"http://localhost.example.org/",
		"http://128.0.0.1/",
		"http://127.0.0.1.example.org/",
		"https://user@h/",
		"https://user:pw@h/",
		"http://127.0.0.1@evil.example/",
		"https://h/#x",
		"https://h/a b",
		"https://h/\r\nX: y",
		"https:///path",
		"https://",
		"file:///etc/passwd",
		"http:/localhost/",
		"http://localhost\\@evil.example/",
		"https://h:99999/",
	};
	char why[100];

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(good); i++) {
		if (!http_url_allowed(good[i], why, sizeof(why)))
			fail_msg("%s: %s", good[i], why);
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
		if (http_url_allowed(bad[i], why, sizeof(why)))
			fail_msg("%s was allowed", bad[i]);
		assert_string_not_equal(why, "");
	}
}

static void test_join_and_origin(void **state)
{
	static const char *const rows[][3] = {
		{"https://h", "/a?b", "https://h/a?b"},
		{"https://h/", "/a", "https://h/a"},
		{"https://h/p/", "a", "https://h/p/a"},
		{"https://h/p", "", "https://h/p"},
		{"https://h/p", "https://other/x", "https://other/x"},
	};
	char origin[100];

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct buf out;

		buf_init(&out, 1000);
		http_join(&out, rows[i][0], rows[i][1]);
		assert_string_equal(buf_text(&out), rows[i][2]);
		buf_fini(&out);
	}
	assert_true(http_origin("HTTPS://Api.Example.org/x", origin, sizeof(origin)));
	assert_string_equal(origin, "https://api.example.org:443");
	assert_true(http_origin("http://[::1]:81/x", origin, sizeof(origin)));
	assert_string_equal(origin, "http://[::1]:81");
	assert_false(http_origin("nonsense", origin, sizeof(origin)));
}

#define NET_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define QUICK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_quick, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		NET_TEST(test_plain),
		NET_TEST(test_methods),
		NET_TEST(test_refused_requests),
		NET_TEST(test_chunked_and_gzip),
		NET_TEST(test_connection_is_kept_for_reads_only),
		NET_TEST(test_ceilings),
		NET_TEST(test_broken_connections),
		NET_TEST(test_a_write_is_sent_once),
		NET_TEST(test_refused_port),
		QUICK_TEST(test_time_outs),
		QUICK_TEST(test_waiting_is_not_timed),
		QUICK_TEST(test_connect_time_out),
		NET_TEST(test_redirects),
		NET_TEST(test_cancel),
		NET_TEST(test_close_with_requests_under_way),
		NET_TEST(test_close_from_a_callback),
		NET_TEST(test_loopback_needs_no_proxy),
		NET_TEST(test_name_and_proxy),
		NET_TEST(test_trace),
		cmocka_unit_test(test_allowed_urls),
		cmocka_unit_test(test_join_and_origin),
	};
	int failed;

	loopback_forget_proxies();
	if (http_setup() != ERR_OK)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	http_teardown();
	return failed;
}
