/* The WebSocket client against a server that breaks the rules. */
#include "wsrig.h"

#include "loopback.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

/* --- what is right --- */

static void test_handshake(void **state)
{
	struct wsrig *fixture = *state;

	wsrig_open(fixture, wsrig_serve_hello);
	assert_int_equal(fixture->opened, 0);
	wsrig_run_until(fixture, &fixture->messages, 1);
	assert_int_equal(fixture->opened, 1);
	assert_string_equal(fixture->last->str, "hello");
	assert_true(g_str_has_prefix(fixture->head, "GET /live/a%20b?token=s3cret&x=1 HTTP/1.1\r\n"));
	assert_non_null(strcasestr(fixture->head, "user-agent: lodge/test\r\n"));
	assert_null(strcasestr(fixture->head, "authorization"));
	assert_null(strcasestr(fixture->head, "origin"));
	assert_null(strcasestr(fixture->head, "extensions"));
	assert_null(strcasestr(fixture->head, "protocol:"));
	assert_null(strcasestr(fixture->head, "cookie"));
	ws_channel_close(fixture->channel);
	while (wsserver_open(fixture->server) > 0)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	assert_int_equal(fixture->closed, 0);
	assert_int_equal(wsserver_unmasked(fixture->server), 0);
}

static void serve_drip(struct wsrig *fixture, struct wspeer *peer)
{
	size_t total;
	char *text = g_strnfill(700, 'x');
	char *frame = wsserver_frame_bytes(WS_FIN | WS_TEXT, false, text, 700, &total);

	(void)fixture;
	wsserver_drip(peer, frame, total);
	g_free(frame);
	frame = wsserver_frame_bytes(WS_FIN | WS_TEXT, false, "end", 3, &total);
	wsserver_drip(peer, frame, total);
	g_free(frame);
	g_free(text);
}

static void test_split_frames(void **state)
{
	struct wsrig *fixture = *state;

	wsrig_open(fixture, serve_drip);
	wsrig_run_until(fixture, &fixture->messages, 1);
	assert_int_equal(fixture->last->len, 700);
	wsrig_run_until(fixture, &fixture->messages, 2);
	assert_string_equal(fixture->last->str, "end");
	assert_int_equal(fixture->closed, 0);
}

static void test_fragments(void **state)
{
	struct wsrig *fixture = *state;

	wsrig_open(fixture, wsrig_serve_fragments);
	wsrig_run_until(fixture, &fixture->messages, 1);
	while (fixture->messages < 3 || wsserver_pongs(fixture->server) < 1) {
		if (fixture->messages == 1)
			assert_string_equal(fixture->last->str, "one two three");
		uv_run(&fixture->loop, UV_RUN_ONCE);
	}
	assert_string_equal(fixture->last->str, "five");
	assert_int_equal(fixture->messages, 3);
	assert_int_equal(fixture->closed, 0);
}

/* --- sizes --- */

static void serve_exact(struct wsrig *fixture, struct wspeer *peer)
{
	char *text = g_strnfill(CEILING, 'y');

	(void)fixture;
	wsserver_frame(peer, WS_FIN | WS_TEXT, text, CEILING);
	wsserver_text(peer, "after");
	g_free(text);
}

static void test_ceiling_is_reached(void **state)
{
	struct wsrig *fixture = *state;

	wsrig_open(fixture, serve_exact);
	wsrig_run_until(fixture, &fixture->messages, 1);
	wsrig_run_until(fixture, &fixture->messages, 2);
	assert_string_equal(fixture->last->str, "after");
}

static void serve_one_more(struct wsrig *fixture, struct wspeer *peer)
{
	char *text = g_strnfill(CEILING, 'y');

	(void)fixture;
	wsserver_frame(peer, WS_TEXT, text, CEILING);
	wsserver_frame(peer, WS_FIN | WS_CONTINUE, "z", 1);
	g_free(text);
}

static void serve_announced(struct wsrig *fixture, struct wspeer *peer)
{
	char *text = g_strnfill(CEILING / 4, 'y');

	(void)fixture;
	wsserver_bytes(peer, "\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10);
	wsserver_bytes(peer, text, CEILING / 4); /* the rest is not waited for */
	g_free(text);
}

static void test_too_large(void **state)
{
	struct wsrig *fixture = *state;

	wsrig_open(fixture, serve_one_more);
	wsrig_expect_closed(fixture, ERR_TOO_BIG, "too large");
	assert_int_equal(fixture->messages, 0);
	fixture->closed = 0;
	wsrig_open(fixture, serve_announced);
	wsrig_expect_closed(fixture, ERR_TOO_BIG, "too large");
	assert_int_equal(fixture->messages, 0);
	while (wsserver_open(fixture->server) > 0)
		uv_run(&fixture->loop, UV_RUN_ONCE);
}

/* --- what is wrong --- */

static void serve_broken_off(struct wsrig *fixture, struct wspeer *peer)
{
	(void)fixture;
	wsserver_frame(peer, WS_TEXT, "half", 4);
	wsserver_bytes(peer, "\x80\x20 of", 5);
	wsserver_drip(peer, "x", 1);
}

static void test_close_in_mid_message(void **state)
{
	struct wsrig *fixture = *state;

	wsrig_open(fixture, serve_broken_off);
	wsrig_run_until(fixture, &fixture->opened, 1);
	wsrig_run_turns(fixture, 5);
	wsserver_end(fixture->peer);
	wsrig_expect_closed(fixture, ERR_UNREACHED, "broke off");
	assert_int_equal(fixture->messages, 0);
}

static void serve_goodbye(struct wsrig *fixture, struct wspeer *peer)
{
	(void)fixture;
	wsserver_text(peer, "last");
	wsserver_frame(peer, WS_FIN | WS_CLOSE, "\x03\xe9gone", 6);
}

static void test_polite_close(void **state)
{
	struct wsrig *fixture = *state;

	wsrig_open(fixture, serve_goodbye);
	wsrig_expect_closed(fixture, ERR_UNREACHED, "127.0.0.1 closed the channel (1001)");
	assert_int_equal(fixture->messages, 1);
	assert_int_equal(fixture->closed, 1);
}

struct wrong {
	const char *name, *bytes;
	size_t length;
};

static const struct wrong wrongs[] = {
	{"a continuation of nothing",
	 "\x80\x03"
	 "abc",
	 5},
	{"a compressed message",
	 "\xc1\x03"
	 "abc",
	 5},
	{"an unknown opcode",
	 "\x83\x03"
	 "abc",
	 5},
	{"an unknown control",
	 "\x8b\x01"
	 "a",
	 3},
	{"a ping in pieces",
	 "\x09\x01"
	 "a",
	 3},
	{"a long ping", "\x89\x7e\x00\x80", 4},
	{"broken UTF-8", "\x81\x02\xc3\x28", 4},
	{"a negative length", "\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 10},
};
static const struct wrong *wrong_now(struct wsrig *fixture) { return &wrongs[fixture->closed]; }

static void serve_wrong(struct wsrig *fixture, struct wspeer *peer)
{
	const struct wrong *wrong = wrong_now(fixture);

	wsserver_bytes(peer, wrong->bytes, wrong->length);
}

static void test_broken_rules(void **state)
{
	struct wsrig *fixture = *state;

	for (unsigned i = 0; i < G_N_ELEMENTS(wrongs); i++) {
		wsrig_open(fixture, serve_wrong);
		wsrig_run_until(fixture, &fixture->closed, i + 1);
		if (fixture->messages != 0)
			fail_msg("%s was taken for a message", wrongs[i].name);
	}
}

/* RFC 6455 §5.1 lets a client close on a masked frame; what matters is that nothing else comes of it. */
static void serve_masked(struct wsrig *fixture, struct wspeer *peer)
{
	size_t total;
	char *frame = wsserver_frame_bytes(WS_FIN | WS_TEXT, true, "masked", 6, &total);

	(void)fixture;
	wsserver_bytes(peer, frame, total);
	g_free(frame);
}

static void test_masked(void **state)
{
	struct wsrig *fixture = *state;

	wsrig_open(fixture, serve_masked);
	while (fixture->closed == 0 && fixture->messages == 0)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	if (fixture->messages > 0)
		assert_string_equal(fixture->last->str, "masked");
}

static void test_refusals(void **state)
{
	static const char *const answers[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
		"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 500 Oops\r\nConnection: close\r\n\r\n",
		("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		 "Sec-WebSocket-Accept: d3Jvbmc=\r\n\r\n"),
		"HTTP/1.1 101 Switching Protocols\r\n\r\n",
		"\x16\x03\x01 this is not HTTP\r\n\r\n",
	};
	struct wsrig *fixture = *state;

	fixture->options.connect_ms = 400; /* some are waited for: lws reads on after a head it does not know */
	for (unsigned i = 0; i < G_N_ELEMENTS(answers); i++) {
		fixture->answer = answers[i];
		wsrig_dial(fixture);
		wsrig_run_until(fixture, &fixture->closed, i + 1);
		assert_true(fixture->error == ERR_UNREACHED || fixture->error == ERR_TIMEOUT);
	}
	assert_int_equal(fixture->opened, 0);
	assert_int_equal(wsserver_requests(fixture->server), G_N_ELEMENTS(answers));
}

static void test_endless_head(void **state)
{
	struct wsrig *fixture = *state;
	char *line = g_strnfill(60000, 'h');
	char *answer = g_strdup_printf("HTTP/1.1 101 Switching Protocols\r\nUpgrade: %s\r\n", line);

	fixture->answer = answer;
	fixture->options.connect_ms = 400;
	wsrig_dial(fixture);
	wsrig_run_until(fixture, &fixture->closed, 1);
	g_free(answer);
	g_free(line);
}

static void on_other(void *ctx, struct loopback_peer *peer, const struct loopback_request *request)
{
	(void)ctx, (void)request;
	loopback_answer(peer, 200, "", "");
}

static void test_redirect(void **state)
{
	struct wsrig *fixture = *state;
	struct loopback *other = loopback_new(&fixture->loop, on_other, NULL);
	char *answer = g_strdup_printf("HTTP/1.1 302 Found\r\nLocation: %s/elsewhere\r\nContent-Length: "
				       "0\r\n\r\n",
				       loopback_url(other));

	fixture->answer = answer;
	fixture->options.connect_ms = 400;
	wsrig_dial(fixture);
	wsrig_run_until(fixture, &fixture->closed, 1);
	wsrig_run_turns(fixture, 20);
	assert_int_equal(loopback_connections(other), 0);
	assert_int_equal(wsserver_requests(fixture->server), 1);
	loopback_close(other);
	g_free(answer);
}

static void test_silent_handshake(void **state)
{
	struct wsrig *fixture = *state;

	fixture->answer = "HTTP/1.1 ";
	fixture->options.connect_ms = 100;
	wsrig_dial(fixture);
	wsrig_expect_closed(fixture, ERR_TIMEOUT, "in time");
	while (wsserver_open(fixture->server) > 0)
		uv_run(&fixture->loop, UV_RUN_ONCE);
}

static void test_nobody_listens(void **state)
{
	struct wsrig *fixture = *state;
	struct problem problem;

	fixture->ws = ws_new(&fixture->loop, &fixture->options);
	assert_non_null(
		ws_connect(fixture->ws, "ws://127.0.0.1:1/x?token=s3cret", &wsrig_events, fixture, &problem));
	wsrig_expect_closed(fixture, ERR_UNREACHED, "127.0.0.1");
}

/* --- pings --- */

static void test_silence(void **state)
{
	struct wsrig *fixture = *state;

	fixture->options.ping_ms = 20;
	fixture->options.pong_ms = 60;
	wsrig_open(fixture, wsrig_serve_hello);
	while (wsserver_pings(fixture->server) < 3)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	assert_int_equal(fixture->closed, 0);
	assert_int_equal(wsserver_unmasked(fixture->server), 0);
	wsserver_mute(fixture->server, true);
	wsrig_expect_closed(fixture, ERR_TIMEOUT, "answered no ping");
	while (wsserver_open(fixture->server) > 0)
		uv_run(&fixture->loop, UV_RUN_ONCE);
}

static void serve_pings(struct wsrig *fixture, struct wspeer *peer)
{
	GByteArray *all = g_byte_array_new();
	size_t total;
	char *frame = wsserver_frame_bytes(WS_FIN | WS_PING, false, "0123456789", 10, &total);

	(void)fixture;
	for (unsigned i = 0; i < 10000; i++)
		g_byte_array_append(all, (guint8 *)frame, (guint)total);
	wsserver_bytes(peer, all->data, all->len);
	wsserver_text(peer, "after");
	g_byte_array_unref(all);
	g_free(frame);
}

static void test_ping_flood(void **state)
{
	struct wsrig *fixture = *state;

	wsrig_open(fixture, serve_pings);
	wsrig_run_until(fixture, &fixture->messages, 1);
	while (wsserver_pongs(fixture->server) < 1)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	assert_string_equal(fixture->last->str, "after");
}

/* --- a flood --- */

static size_t resident_kb(void)
{
	char *text = NULL;
	size_t pages = 0;

	if (g_file_get_contents("/proc/self/statm", &text, NULL, NULL)) {
		char **parts = g_strsplit(text, " ", 3);

		pages = (size_t)g_ascii_strtoull(parts[1], NULL, 10);
		g_strfreev(parts);
	}
	g_free(text);
	return pages * (size_t)sysconf(_SC_PAGESIZE) / 1024;
}

static void serve_flood(struct wsrig *fixture, struct wspeer *peer)
{
	(void)fixture;
	wsserver_flood(peer,
		       "{\"update_type\":\"live\",\"data\":{\"spc_1\":{\"timestamp\":\"2023-12-01T03:09:38Z\","
		       "\"presence\":false,\"counting_mode\":\"oa\",\"space_health_status\":\"healthy\"}}}",
		       500, 100000);
}

/* The address sanitizer keeps what is freed, the thread sanitizer writes down what is touched: memory says nothing then. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FREED_MEMORY_IS_KEPT 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define FREED_MEMORY_IS_KEPT 1
#endif
#endif

static void test_flood(void **state)
{
	struct wsrig *fixture = *state;
	size_t before_kb;

	(void)before_kb;
	fixture->count_only = true;
	wsrig_open(fixture, serve_flood);
	wsrig_run_until(fixture, &fixture->messages, 10000);
	before_kb = resident_kb();
	wsrig_run_until(fixture, &fixture->messages, 100000);
#ifndef FREED_MEMORY_IS_KEPT
	assert_true(resident_kb() < before_kb + 8192);
#endif
	assert_int_equal(fixture->messages, 100000);
	assert_int_equal(fixture->closed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WS_TEST(test_handshake),
		WS_TEST(test_split_frames),
		WS_TEST(test_fragments),
		WS_TEST(test_ceiling_is_reached),
		WS_TEST(test_too_large),
		WS_TEST(test_close_in_mid_message),
		WS_TEST(test_polite_close),
		WS_TEST(test_broken_rules),
		WS_TEST(test_masked),
		WS_TEST(test_refusals),
		WS_TEST(test_endless_head),
		WS_TEST(test_redirect),
		WS_TEST(test_silent_handshake),
		WS_TEST(test_nobody_listens),
		WS_TEST(test_silence),
		WS_TEST(test_ping_flood),
		WS_TEST(test_flood),
	};

	loopback_forget_proxies();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
