/* The WebSocket client against a server that breaks the rules. */
#include "net/ws.h"

#include "loopback.h"
#include "wsserver.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CEILING 100000

struct fixture {
	uv_loop_t loop;
	uv_timer_t pulse;
	struct wsserver *server;
	struct ws *ws;
	struct ws_options options;
	struct ws_channel *channel;
	struct wspeer *peer; /* the newest */
	void (*serve)(struct fixture *fixture, struct wspeer *peer);
	const char *answer; /* instead of accepting */
	char *head;

	unsigned opened, messages, closed;
	GString *last;
	int error;
	char why[300];
	bool close_at_message, close_at_open, count_only;
	char base_url[64];
};

/* --- the two ends --- */

static void on_request(void *ctx, struct wspeer *peer, const char *head)
{
	struct fixture *fixture = ctx;

	g_free(fixture->head);
	fixture->head = g_strdup(head);
	fixture->peer = peer;
	if (fixture->answer != NULL) {
		wsserver_bytes(peer, fixture->answer, strlen(fixture->answer));
		return;
	}
	wsserver_accept(peer);
	if (fixture->serve != NULL)
		fixture->serve(fixture, peer);
}

static void on_opened(void *ctx)
{
	struct fixture *fixture = ctx;

	fixture->opened++;
	if (fixture->close_at_open)
		ws_channel_close(fixture->channel);
}

static void on_message(void *ctx, const char *bytes, size_t length)
{
	struct fixture *fixture = ctx;

	assert_int_equal(bytes[length], '\0');
	fixture->messages++;
	if (fixture->count_only)
		return;
	g_string_truncate(fixture->last, 0);
	g_string_append_len(fixture->last, bytes, (gssize)length);
	if (fixture->close_at_message)
		ws_channel_close(fixture->channel);
}

static void on_closed(void *ctx, int error, const char *why)
{
	struct fixture *fixture = ctx;

	fixture->closed++;
	fixture->error = error;
	g_strlcpy(fixture->why, why, sizeof(fixture->why));
}

static const struct ws_events events = {on_opened, on_message, on_closed};

static void on_pulse(uv_timer_t *timer) { (void)timer; }

static int set_up(void **state)
{
	struct fixture *fixture = g_new0(struct fixture, 1);

	alarm(60); /* a hang is a failure */
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(uv_loop_init(&fixture->loop), 0);
	uv_timer_init(&fixture->loop, &fixture->pulse);
	uv_timer_start(&fixture->pulse, on_pulse, 5, 5);
	fixture->server = wsserver_new(&fixture->loop, on_request, fixture);
	fixture->last = g_string_new("");
	g_snprintf(fixture->base_url, sizeof(fixture->base_url), "http://127.0.0.1:%u",
		   wsserver_port(fixture->server));
	fixture->options = (struct ws_options){
		.base_url = fixture->base_url,
		.user_agent = "lodge/test",
		.ceiling = CEILING,
	};
	*state = fixture;
	return 0;
}

static void close_ws(struct fixture *fixture)
{
	if (fixture->ws != NULL)
		ws_close(fixture->ws);
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	close_ws(fixture);
	wsserver_close(fixture->server);
	uv_close((uv_handle_t *)&fixture->pulse, NULL);
	uv_run(&fixture->loop, UV_RUN_DEFAULT);
	ws_free(fixture->ws);
	loopback_run_out(&fixture->loop);
	g_string_free(fixture->last, TRUE);
	g_free(fixture->head);
	g_free(fixture);
	return 0;
}

static void dial(struct fixture *fixture)
{
	struct problem problem = {.code = ERR_OK};
	char *url = g_strdup_printf("ws://127.0.0.1:%u/live/a%%20b?token=s3cret&x=1",
				    wsserver_port(fixture->server));

	if (fixture->ws == NULL)
		fixture->ws = ws_new(&fixture->loop, &fixture->options);
	fixture->channel = ws_connect(fixture->ws, url, &events, fixture, &problem);
	if (fixture->channel == NULL)
		fail_msg("%s", problem.why);
	g_free(url);
}

static void run_until(struct fixture *fixture, const unsigned *count, unsigned least)
{
	while (*count < least)
		uv_run(&fixture->loop, UV_RUN_ONCE);
}

/* Lets whatever is under way happen. */
static void run_turns(struct fixture *fixture, unsigned turns)
{
	for (unsigned i = 0; i < turns; i++)
		uv_run(&fixture->loop, UV_RUN_ONCE);
}

static void open_with(struct fixture *fixture, void (*serve)(struct fixture *, struct wspeer *))
{
	fixture->serve = serve;
	dial(fixture);
}

static void expect_closed(struct fixture *fixture, int error, const char *why)
{
	run_until(fixture, &fixture->closed, 1);
	assert_int_equal(fixture->error, error);
	if (why != NULL)
		assert_non_null(strstr(fixture->why, why));
	assert_null(strstr(fixture->why, "s3cret"));
}

/* --- what is right --- */

static void serve_hello(struct fixture *fixture, struct wspeer *peer)
{
	(void)fixture;
	wsserver_text(peer, "hello");
}

static void test_handshake(void **state)
{
	struct fixture *fixture = *state;

	open_with(fixture, serve_hello);
	assert_int_equal(fixture->opened, 0);
	run_until(fixture, &fixture->messages, 1);
	assert_int_equal(fixture->opened, 1);
	assert_string_equal(fixture->last->str, "hello");
	assert_true(g_str_has_prefix(fixture->head,
				     "GET /live/a%20b?token=s3cret&x=1 HTTP/1.1\r\n"));
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

static void serve_drip(struct fixture *fixture, struct wspeer *peer)
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
	struct fixture *fixture = *state;

	open_with(fixture, serve_drip);
	run_until(fixture, &fixture->messages, 1);
	assert_int_equal(fixture->last->len, 700);
	run_until(fixture, &fixture->messages, 2);
	assert_string_equal(fixture->last->str, "end");
	assert_int_equal(fixture->closed, 0);
}

static void serve_fragments(struct fixture *fixture, struct wspeer *peer)
{
	(void)fixture;
	wsserver_frame(peer, WS_TEXT, "one ", 4);
	wsserver_frame(peer, WS_FIN | WS_PING, "p", 1);
	wsserver_frame(peer, WS_CONTINUE, "", 0);
	wsserver_frame(peer, WS_CONTINUE, "two ", 4);
	wsserver_frame(peer, WS_FIN | WS_CONTINUE, "three", 5);
	wsserver_frame(peer, WS_FIN | WS_BINARY, "\x01\x02", 2);
	wsserver_frame(peer, WS_TEXT, "four", 4);
	wsserver_frame(peer, WS_FIN | WS_CONTINUE, "", 0);
	wsserver_text(peer, "five");
}

static void test_fragments(void **state)
{
	struct fixture *fixture = *state;

	open_with(fixture, serve_fragments);
	run_until(fixture, &fixture->messages, 1);
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

static void serve_exact(struct fixture *fixture, struct wspeer *peer)
{
	char *text = g_strnfill(CEILING, 'y');

	(void)fixture;
	wsserver_frame(peer, WS_FIN | WS_TEXT, text, CEILING);
	wsserver_text(peer, "after");
	g_free(text);
}

static void test_ceiling_is_reached(void **state)
{
	struct fixture *fixture = *state;

	open_with(fixture, serve_exact);
	run_until(fixture, &fixture->messages, 1);
	run_until(fixture, &fixture->messages, 2);
	assert_string_equal(fixture->last->str, "after");
}

static void serve_one_more(struct fixture *fixture, struct wspeer *peer)
{
	char *text = g_strnfill(CEILING, 'y');

	(void)fixture;
	wsserver_frame(peer, WS_TEXT, text, CEILING);
	wsserver_frame(peer, WS_FIN | WS_CONTINUE, "z", 1);
	g_free(text);
}

static void serve_announced(struct fixture *fixture, struct wspeer *peer)
{
	char *text = g_strnfill(CEILING / 4, 'y');

	(void)fixture;
	wsserver_bytes(peer, "\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10);
	wsserver_bytes(peer, text, CEILING / 4); /* the rest is not waited for */
	g_free(text);
}

static void test_too_large(void **state)
{
	struct fixture *fixture = *state;

	open_with(fixture, serve_one_more);
	expect_closed(fixture, ERR_TOO_BIG, "too large");
	assert_int_equal(fixture->messages, 0);
	fixture->closed = 0;
	open_with(fixture, serve_announced);
	expect_closed(fixture, ERR_TOO_BIG, "too large");
	assert_int_equal(fixture->messages, 0);
	while (wsserver_open(fixture->server) > 0)
		uv_run(&fixture->loop, UV_RUN_ONCE);
}

/* --- what is wrong --- */

static void serve_broken_off(struct fixture *fixture, struct wspeer *peer)
{
	(void)fixture;
	wsserver_frame(peer, WS_TEXT, "half", 4);
	wsserver_bytes(peer, "\x80\x20 of", 5);
	wsserver_drip(peer, "x", 1);
}

static void test_close_in_mid_message(void **state)
{
	struct fixture *fixture = *state;

	open_with(fixture, serve_broken_off);
	run_until(fixture, &fixture->opened, 1);
	run_turns(fixture, 5);
	wsserver_end(fixture->peer);
	expect_closed(fixture, ERR_UNREACHED, "broke off");
	assert_int_equal(fixture->messages, 0);
}

static void serve_goodbye(struct fixture *fixture, struct wspeer *peer)
{
	(void)fixture;
	wsserver_text(peer, "last");
	wsserver_frame(peer, WS_FIN | WS_CLOSE, "\x03\xe9gone", 6);
}

static void test_polite_close(void **state)
{
	struct fixture *fixture = *state;

	open_with(fixture, serve_goodbye);
	expect_closed(fixture, ERR_UNREACHED, "127.0.0.1 closed the channel (1001)");
	assert_int_equal(fixture->messages, 1);
	assert_int_equal(fixture->closed, 1);
}

struct wrong {
	const char *name, *bytes;
	size_t length;
};

static const struct wrong wrongs[] = {
	{"a continuation of nothing", "\x80\x03"
				      "abc",
	 5},
	{"a compressed message", "\xc1\x03"
				 "abc",
	 5},
	{"an unknown opcode", "\x83\x03"
			      "abc",
	 5},
	{"an unknown control", "\x8b\x01"
			       "a",
	 3},
	{"a ping in pieces", "\x09\x01"
			     "a",
	 3},
	{"a long ping", "\x89\x7e\x00\x80", 4},
	{"broken UTF-8", "\x81\x02\xc3\x28", 4},
	{"a negative length", "\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 10},
};
static const struct wrong *wrong_now(struct fixture *fixture)
{
	return &wrongs[fixture->closed];
}

static void serve_wrong(struct fixture *fixture, struct wspeer *peer)
{
	const struct wrong *wrong = wrong_now(fixture);

	wsserver_bytes(peer, wrong->bytes, wrong->length);
}

static void test_broken_rules(void **state)
{
	struct fixture *fixture = *state;

	for (unsigned i = 0; i < G_N_ELEMENTS(wrongs); i++) {
		open_with(fixture, serve_wrong);
		run_until(fixture, &fixture->closed, i + 1);
		if (fixture->messages != 0)
			fail_msg("%s was taken for a message", wrongs[i].name);
	}
}

/* RFC 6455 §5.1 lets a client close on a masked frame; what matters is that nothing else comes of it. */
static void serve_masked(struct fixture *fixture, struct wspeer *peer)
{
	size_t total;
	char *frame = wsserver_frame_bytes(WS_FIN | WS_TEXT, true, "masked", 6, &total);

	(void)fixture;
	wsserver_bytes(peer, frame, total);
	g_free(frame);
}

static void test_masked(void **state)
{
	struct fixture *fixture = *state;

	open_with(fixture, serve_masked);
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
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Accept: d3Jvbmc=\r\n\r\n",
		"HTTP/1.1 101 Switching Protocols\r\n\r\n",
		"\x16\x03\x01 this is not HTTP\r\n\r\n",
	};
	struct fixture *fixture = *state;

	fixture->options.connect_ms = 400; /* some are waited for: lws reads on after a head it does not know */
	for (unsigned i = 0; i < G_N_ELEMENTS(answers); i++) {
		fixture->answer = answers[i];
		dial(fixture);
		run_until(fixture, &fixture->closed, i + 1);
		assert_true(fixture->error == ERR_UNREACHED || fixture->error == ERR_TIMEOUT);
	}
	assert_int_equal(fixture->opened, 0);
	assert_int_equal(wsserver_requests(fixture->server), G_N_ELEMENTS(answers));
}

static void test_endless_head(void **state)
{
	struct fixture *fixture = *state;
	char *line = g_strnfill(60000, 'h');
	char *answer = g_strdup_printf("HTTP/1.1 101 Switching Protocols\r\nUpgrade: %s\r\n", line);

	fixture->answer = answer;
	fixture->options.connect_ms = 400;
	dial(fixture);
	run_until(fixture, &fixture->closed, 1);
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
	struct fixture *fixture = *state;
	struct loopback *other = loopback_new(&fixture->loop, on_other, NULL);
	char *answer = g_strdup_printf("HTTP/1.1 302 Found\r\nLocation: %s/elsewhere\r\nContent-Length: "
				       "0\r\n\r\n",
				       loopback_url(other));

	fixture->answer = answer;
	fixture->options.connect_ms = 400;
	dial(fixture);
	run_until(fixture, &fixture->closed, 1);
	run_turns(fixture, 20);
	assert_int_equal(loopback_connections(other), 0);
	assert_int_equal(wsserver_requests(fixture->server), 1);
	loopback_close(other);
	g_free(answer);
}

static void test_silent_handshake(void **state)
{
	struct fixture *fixture = *state;

	fixture->answer = "HTTP/1.1 ";
	fixture->options.connect_ms = 100;
	dial(fixture);
	expect_closed(fixture, ERR_TIMEOUT, "in time");
	while (wsserver_open(fixture->server) > 0)
		uv_run(&fixture->loop, UV_RUN_ONCE);
}

static void test_nobody_listens(void **state)
{
	struct fixture *fixture = *state;
	struct problem problem;

	fixture->ws = ws_new(&fixture->loop, &fixture->options);
	assert_non_null(ws_connect(fixture->ws, "ws://127.0.0.1:1/x?token=s3cret", &events, fixture, &problem));
	expect_closed(fixture, ERR_UNREACHED, "127.0.0.1");
}

/* --- pings --- */

static void test_silence(void **state)
{
	struct fixture *fixture = *state;

	fixture->options.ping_ms = 20;
	fixture->options.pong_ms = 60;
	open_with(fixture, serve_hello);
	while (wsserver_pings(fixture->server) < 3)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	assert_int_equal(fixture->closed, 0);
	assert_int_equal(wsserver_unmasked(fixture->server), 0);
	wsserver_mute(fixture->server, true);
	expect_closed(fixture, ERR_TIMEOUT, "answered no ping");
	while (wsserver_open(fixture->server) > 0)
		uv_run(&fixture->loop, UV_RUN_ONCE);
}

static void serve_pings(struct fixture *fixture, struct wspeer *peer)
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
	struct fixture *fixture = *state;

	open_with(fixture, serve_pings);
	run_until(fixture, &fixture->messages, 1);
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

static void serve_flood(struct fixture *fixture, struct wspeer *peer)
{
	(void)fixture;
	wsserver_flood(peer,
		       "{\"update_type\":\"live\",\"data\":{\"spc_1\":{\"timestamp\":\"2023-12-01T03:09:38Z\","
		       "\"presence\":false,\"counting_mode\":\"oa\",\"space_health_status\":\"healthy\"}}}",
		       500, 100000);
}

static void test_flood(void **state)
{
	struct fixture *fixture = *state;
	size_t before_kb;

	(void)before_kb;
	fixture->count_only = true;
	open_with(fixture, serve_flood);
	run_until(fixture, &fixture->messages, 10000);
	before_kb = resident_kb();
	run_until(fixture, &fixture->messages, 100000);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what is freed */
	assert_true(resident_kb() < before_kb + 8192);
#endif
	assert_int_equal(fixture->messages, 100000);
	assert_int_equal(fixture->closed, 0);
}

/* --- where it may lead --- */

static int refusal(struct fixture *fixture, const char *base_url, const char *url)
{
	struct problem problem = {.code = ERR_OK};
	struct ws_options options = {.base_url = base_url};
	struct ws *ws = ws_new(&fixture->loop, &options);
	struct ws_channel *channel = ws_connect(ws, url, &events, fixture, &problem);

	assert_null(strstr(problem.why, "s3cret"));
	ws_channel_close(channel);
	ws_close(ws);
	run_turns(fixture, 10);
	ws_free(ws);
	return channel != NULL ? ERR_OK : problem.code;
}

static void test_addresses(void **state)
{
	struct fixture *fixture = *state;
	const char *public = "https://api.example.com", *private = "https://10.1.2.3/api";
	char *longest = g_strnfill(9000, 'p');
	char *url = g_strdup_printf("wss://api.example.com/%s", longest);

	assert_int_equal(refusal(fixture, public, "ws://api.example.com/x"), ERR_INVALID);
	assert_int_equal(refusal(fixture, public, "https://api.example.com/x"), ERR_INVALID);
	assert_int_equal(refusal(fixture, public, "wss://me:s3cret@api.example.com/x"), ERR_INVALID);
	assert_int_equal(refusal(fixture, public, "wss://api.example.com/x\r\nEvil: 1"), ERR_INVALID);
	assert_int_equal(refusal(fixture, public, "wss:///x"), ERR_INVALID);
	assert_int_equal(refusal(fixture, public, "file:///etc/passwd"), ERR_INVALID);
	assert_int_equal(refusal(fixture, public, ""), ERR_INVALID);
	assert_int_equal(refusal(fixture, public, url), ERR_INVALID);
	assert_int_equal(refusal(fixture, public, "wss://127.0.0.1/x?s3cret"), ERR_DENIED);
	assert_int_equal(refusal(fixture, public, "wss://[::1]/x"), ERR_DENIED);
	assert_int_equal(refusal(fixture, public, "wss://10.1.2.3/x"), ERR_DENIED);
	assert_int_equal(refusal(fixture, public, "wss://169.254.169.254/x"), ERR_DENIED);
	assert_int_equal(refusal(fixture, "http://127.0.0.1:1", "wss://192.168.1.1/"), ERR_DENIED);
	assert_int_equal(refusal(fixture, private, "wss://10.1.2.3/x"), ERR_OK);
	assert_int_equal(refusal(fixture, "http://127.0.0.1:1", "ws://localhost:2/x"), ERR_OK);
	g_free(url);
	g_free(longest);
}

/* The name says nothing; what it leads to does. */
static void test_name_that_leads_inside(void **state)
{
	struct fixture *fixture = *state;
	char host[128] = "";
	char *url;
	struct problem problem;

	if (gethostname(host, sizeof(host) - 1) != 0 || host[0] == '\0' || strcmp(host, "localhost") == 0)
		skip();
	url = g_strdup_printf("wss://%s/x", host);
	fixture->options.base_url = "https://api.example.com";
	fixture->ws = ws_new(&fixture->loop, &fixture->options);
	assert_non_null(ws_connect(fixture->ws, url, &events, fixture, &problem));
	run_until(fixture, &fixture->closed, 1);
	assert_true(fixture->error == ERR_DENIED || fixture->error == ERR_UNREACHED);
	g_free(url);
}

/* --- the end in every stage --- */

static void test_close_while_looking_up(void **state)
{
	struct fixture *fixture = *state;

	dial(fixture);
	ws_channel_close(fixture->channel);
	run_turns(fixture, 10);
	assert_int_equal(fixture->opened + fixture->closed, 0);
}

static void test_close_in_handshake(void **state)
{
	struct fixture *fixture = *state;

	fixture->answer = "HTTP/1.1 101 Switching";
	dial(fixture);
	while (wsserver_requests(fixture->server) < 1)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	ws_channel_close(fixture->channel);
	while (wsserver_open(fixture->server) > 0)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	assert_int_equal(fixture->opened + fixture->closed, 0);
}

static void test_close_within_callbacks(void **state)
{
	struct fixture *fixture = *state;

	fixture->close_at_message = true;
	open_with(fixture, serve_fragments);
	run_until(fixture, &fixture->messages, 1);
	while (wsserver_open(fixture->server) > 0)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	assert_int_equal(fixture->messages, 1);
	fixture->close_at_open = true;
	open_with(fixture, serve_hello);
	run_until(fixture, &fixture->opened, 2);
	while (wsserver_open(fixture->server) > 0)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	assert_int_equal(fixture->messages, 1);
	assert_int_equal(fixture->closed, 0);
}

/* tear_down closes what is open: channels in all stages, and none. */
static void test_close_all(void **state)
{
	struct fixture *fixture = *state;

	for (unsigned i = 0; i < 20; i++)
		open_with(fixture, serve_flood);
	run_until(fixture, &fixture->opened, 10);
	dial(fixture);
	fixture->answer = "HTTP/1.1 101";
	dial(fixture);
	run_turns(fixture, 3);
	dial(fixture);
	close_ws(fixture);
	assert_int_equal(fixture->closed, 0);
}

static void test_too_many(void **state)
{
	struct fixture *fixture = *state;
	struct problem problem = {.code = ERR_OK};

	for (unsigned i = 0; i < WS_CHANNELS; i++)
		dial(fixture);
	assert_null(ws_connect(fixture->ws, "ws://127.0.0.1:1/", &events, fixture, &problem));
	assert_int_equal(problem.code, ERR_BUSY);
	run_until(fixture, &fixture->opened, WS_CHANNELS);
}

/* --- TLS, with the openssl program's server as the lower half --- */

struct tls {
	char *folder, *certificate, *key;
	GPid pid;
	int in, out;
	unsigned port;
};

static bool tls_certificate(struct tls *tls)
{
	char *argv[] = {"openssl",  "req",
			"-x509",    "-newkey",
			"rsa:2048", "-nodes",
			"-days",    "2",
			"-subj",    "/CN=localhost",
			"-addext",  "subjectAltName=DNS:localhost",
			"-keyout",  tls->key,
			"-out",     tls->certificate,
			NULL};
	int status;

	return g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
			    NULL, NULL, &status, NULL) &&
	       status == 0;
}

/* The next line that begins so; false at the end. */
static bool tls_line(struct tls *tls, const char *prefix, char *line, size_t size)
{
	size_t length = 0;

	while (length < size - 1 && read(tls->out, line + length, 1) == 1) {
		if (line[length++] != '\n')
			continue;
		line[length] = '\0';
		if (g_str_has_prefix(line, prefix))
			return true;
		length = 0;
	}
	return false;
}

static bool tls_start(struct tls *tls)
{
	char *argv[] = {"openssl",        "s_server", "-accept", "127.0.0.1:0", "-cert",
			tls->certificate, "-key",     tls->key,  "-naccept",    "9",
			NULL};
	char folder[] = "/tmp/lodge-ws-XXXXXX", line[512];

	tls->folder = g_strdup(mkdtemp(folder));
	tls->certificate = g_build_filename(tls->folder, "cert.pem", NULL);
	tls->key = g_build_filename(tls->folder, "key.pem", NULL);
	argv[5] = tls->certificate;
	argv[7] = tls->key;
	if (!tls_certificate(tls) ||
	    !g_spawn_async_with_pipes(NULL, argv, NULL,
				      G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
					      G_SPAWN_STDERR_TO_DEV_NULL,
				      NULL, NULL, &tls->pid, &tls->in, &tls->out, NULL, NULL) ||
	    !tls_line(tls, "ACCEPT", line, sizeof(line)))
		return false;
	tls->port = (unsigned)g_ascii_strtoull(strrchr(line, ':') + 1, NULL, 10);
	return tls->port != 0;
}

static void tls_stop(struct tls *tls)
{
	if (tls->pid != 0) {
		kill(tls->pid, SIGTERM);
		waitpid(tls->pid, NULL, 0);
		close(tls->in);
		close(tls->out);
	}
	g_remove(tls->certificate);
	g_remove(tls->key);
	g_rmdir(tls->folder);
	g_free(tls->certificate);
	g_free(tls->key);
	g_free(tls->folder);
}

static void tls_dial(struct fixture *fixture, const struct tls *tls, const char *ca_file, const char *host)
{
	char *url = g_strdup_printf("wss://%s:%u/live", host, tls->port);
	struct problem problem;

	fixture->options.ca_file = ca_file;
	fixture->ws = ws_new(&fixture->loop, &fixture->options);
	fixture->channel = ws_connect(fixture->ws, url, &events, fixture, &problem);
	assert_non_null(fixture->channel);
	g_free(url);
}

static void tls_hang_up(struct fixture *fixture)
{
	ws_close(fixture->ws);
	run_turns(fixture, 10);
	ws_free(fixture->ws);
	fixture->ws = NULL;
	fixture->closed = 0;
}

/* On a thread, since both ends wait for each other. */
static void tls_answer(void *argument)
{
	struct tls *tls = argument;
	char line[512], *key, *answer;

	do {
		if (!tls_line(tls, "", line, sizeof(line)))
			return;
	} while (strstr(line, "Sec-WebSocket-Key: ") == NULL);
	key = wsserver_key(line);
	answer = g_strdup_printf("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
				 "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n\x81\x06secret",
				 key);
	(void)!write(tls->in, answer, strlen(answer));
	g_free(answer);
	g_free(key);
}

static void test_tls(void **state)
{
	struct fixture *fixture = *state;
	struct tls tls = {.pid = 0};
	uv_thread_t thread;
	char *program = g_find_program_in_path("openssl");

	g_free(program);
	if (program == NULL)
		skip();
	assert_true(tls_start(&tls));
	tls_dial(fixture, &tls, NULL, "localhost");
	expect_closed(fixture, ERR_UNREACHED, "certificate");
	tls_hang_up(fixture);
	tls_dial(fixture, &tls, tls.certificate, "127.0.0.1"); /* another name */
	expect_closed(fixture, ERR_UNREACHED, "certificate");
	tls_hang_up(fixture);
	assert_int_equal(fixture->opened, 0);

	assert_int_equal(uv_thread_create(&thread, tls_answer, &tls), 0);
	tls_dial(fixture, &tls, tls.certificate, "localhost");
	while (fixture->messages < 1 && fixture->closed < 1)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	assert_string_equal(fixture->why + (fixture->closed ? 0 : strlen(fixture->why)), "");
	assert_string_equal(fixture->last->str, "secret");
	tls_hang_up(fixture);
	kill(tls.pid, SIGTERM);
	uv_thread_join(&thread);
	tls_stop(&tls);
}

#define WS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

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
		WS_TEST(test_addresses),
		WS_TEST(test_name_that_leads_inside),
		WS_TEST(test_close_while_looking_up),
		WS_TEST(test_close_in_handshake),
		WS_TEST(test_close_within_callbacks),
		WS_TEST(test_close_all),
		WS_TEST(test_too_many),
		WS_TEST(test_tls),
	};

	loopback_forget_proxies();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
