#include "wsrig.h"

#include "loopback.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* --- the two ends --- */

static void on_request(void *ctx, struct wspeer *peer, const char *head)
{
	struct wsrig *fixture = ctx;

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
	struct wsrig *fixture = ctx;

	fixture->opened++;
	if (fixture->close_at_open)
		ws_channel_close(fixture->channel);
}

static void on_message(void *ctx, const char *bytes, size_t length)
{
	struct wsrig *fixture = ctx;

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
	struct wsrig *fixture = ctx;

	fixture->closed++;
	fixture->error = error;
	g_strlcpy(fixture->why, why, sizeof(fixture->why));
}

const struct ws_events wsrig_events = {on_opened, on_message, on_closed};

static void on_pulse(uv_timer_t *timer) { (void)timer; }

int wsrig_set_up(void **state)
{
	struct wsrig *fixture = g_new0(struct wsrig, 1);

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

void wsrig_close(struct wsrig *fixture)
{
	if (fixture->ws != NULL)
		ws_close(fixture->ws);
}

int wsrig_tear_down(void **state)
{
	struct wsrig *fixture = *state;

	wsrig_close(fixture);
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

void wsrig_dial(struct wsrig *fixture)
{
	struct problem problem = {.code = ERR_OK};
	char *url = g_strdup_printf("ws://127.0.0.1:%u/live/a%%20b?token=s3cret&x=1",
				    wsserver_port(fixture->server));

	if (fixture->ws == NULL)
		fixture->ws = ws_new(&fixture->loop, &fixture->options);
	fixture->channel = ws_connect(fixture->ws, url, &wsrig_events, fixture, &problem);
	if (fixture->channel == NULL)
		fail_msg("%s", problem.why);
	g_free(url);
}

void wsrig_run_until(struct wsrig *fixture, const unsigned *count, unsigned least)
{
	while (*count < least)
		uv_run(&fixture->loop, UV_RUN_ONCE);
}

void wsrig_run_turns(struct wsrig *fixture, unsigned turns)
{
	for (unsigned i = 0; i < turns; i++)
		uv_run(&fixture->loop, UV_RUN_ONCE);
}

void wsrig_open(struct wsrig *fixture, void (*serve)(struct wsrig *, struct wspeer *))
{
	fixture->serve = serve;
	wsrig_dial(fixture);
}

void wsrig_expect_closed(struct wsrig *fixture, int error, const char *why)
{
	wsrig_run_until(fixture, &fixture->closed, 1);
	assert_int_equal(fixture->error, error);
	if (why != NULL)
		assert_non_null(strstr(fixture->why, why));
	assert_null(strstr(fixture->why, "s3cret"));
}

void wsrig_serve_hello(struct wsrig *fixture, struct wspeer *peer)
{
	(void)fixture;
	wsserver_text(peer, "hello");
}

void wsrig_serve_fragments(struct wsrig *fixture, struct wspeer *peer)
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
