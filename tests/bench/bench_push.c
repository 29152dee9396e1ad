/* Prints how long a pushed message takes until its rows are in the owner's hands (what follows is one frame of the screen), for few and for many rooms, and what
 * a flood does: what is handed on, memory.
 * usage: bench_push */
#include "feed/feed.h"

#include "core/kind.h"
#include "model/estate.h"
#include "net/loopback.h"
#include "net/wsserver.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <cmocka.h>

#define MESSAGES 200
#define FLOOD 100000

static unsigned n_rooms = 100;

/* --- a made-up vendor with one channel --- */

struct fake {
	char value[64];
};

static int fake_open(const struct account *account, void **state, struct problem *problem)
{
	(void)account, (void)problem;
	*state = g_new0(struct fake, 1);
	return ERR_OK;
}

static const char *fake_token(void *state)
{
	(void)state;
	return "tok_bench";
}

static int fake_plan(void *state, struct work *work)
{
	const struct work_request request = {.path = "/rooms"};

	(void)state;
	return work_request(work, &request);
}

static void add_rooms(struct rows *rows, const char *name)
{
	for (unsigned i = 0; i < n_rooms; i++) {
		struct room *room = rows_add(rows);

		room->id = rows_textf(rows, "spc_%u", i);
		room->name = rows_text(rows, i == 0 ? name : "a room");
	}
}

static int fake_answer(void *state, struct work *work, const struct work_request *request,
		       const struct work_answer *answer)
{
	(void)state, (void)request, (void)answer;
	add_rooms(work_rows(work, KIND_ROOMS), "polled");
	return ERR_OK;
}

static int fake_finish(void *state, struct work *work)
{
	(void)state, (void)work;
	return ERR_OK;
}

static size_t fake_channels(void *state, const char **names, size_t most)
{
	(void)state, (void)most;
	names[0] = "a";
	return 1;
}

static int fake_request(void *state, const char *channel, const char **method, struct buf *path)
{
	(void)state, (void)channel;
	*method = "POST";
	buf_adds(path, "/address");
	return ERR_OK;
}

static int fake_address(void *state, const char *bytes, size_t length, struct buf *url)
{
	(void)state;
	buf_add(url, bytes, length);
	return ERR_OK;
}

static int fake_message(void *state, const char *channel, const char *bytes, size_t length, int64_t now_ms,
			bool *changed)
{
	(void)channel, (void)now_ms, (void)length;
	*changed = true;
	g_strlcpy(((struct fake *)state)->value, bytes, 64);
	return ERR_OK;
}

static void fake_lost(void *state, const char *channel, int64_t now_ms)
{
	(void)state, (void)channel, (void)now_ms;
}

static struct rows *fake_rows(void *state, const char *account, int64_t now_ms)
{
	struct rows *rows = kind_rows_new(KIND_ROOMS, account, "fake");

	(void)now_ms;
	add_rooms(rows, ((struct fake *)state)->value);
	return rows;
}

static const struct source_push push = {
	.kind = KIND_ROOMS,
	.channels = fake_channels,
	.request = fake_request,
	.address = fake_address,
	.message = fake_message,
	.lost = fake_lost,
	.rows = fake_rows,
	.silence_ms = 60000,
};
static const struct source_pace paces[] = {{KIND_ROOMS, 60000}, {KIND_ROOMS, 0}};
static const struct source_ops ops = {
	.vendor = VENDOR_BUTLR,
	.kinds = KIND_BIT(KIND_ROOMS),
	.per_s = 1000,
	.burst = 1000,
	.paces = paces,
	.open = fake_open,
	.close = g_free,
	.static_token = fake_token,
	.plan = fake_plan,
	.answer = fake_answer,
	.finish = fake_finish,
	.push = &push,
};

/* In place of the program's own table. */
const struct source_ops *source_find(enum vendor vendor)
{
	(void)vendor;
	return &ops;
}

/* --- the owner --- */

struct owner {
	uv_loop_t loop;
	struct loopback *server;
	struct wsserver *sockets;
	struct mailbox *events;
	struct wspeer *peer;
	char name[64];
	unsigned n_rows;
	bool live;
};

static double now_ms(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static void on_event(void *ctx, struct mail *mail)
{
	struct owner *owner = ctx;
	struct event *event = (struct event *)mail;

	if (event->type == EVENT_ROWS) {
		g_strlcpy(owner->name, ((const struct room *)rows_at(event->rows, 0))->name,
			  sizeof(owner->name));
		owner->n_rows++;
	} else if (event->type == EVENT_HEALTH) {
		owner->live = event->health.push == FEED_PUSH_LIVE;
	}
	event_free(event);
}

static void on_request(void *ctx, struct loopback_peer *peer, const struct loopback_request *request)
{
	struct owner *owner = ctx;
	char text[100];

	g_snprintf(text, sizeof(text), "ws://127.0.0.1:%u/a", wsserver_port(owner->sockets));
	loopback_answer(peer, 200, "Content-Type: application/json\r\n",
			strcmp(request->method, "GET") == 0 ? "{}" : text);
}

static void on_socket(void *ctx, struct wspeer *peer, const char *head)
{
	struct owner *owner = ctx;

	(void)head;
	owner->peer = peer;
	wsserver_accept(peer);
	wsserver_text(peer, "hello");
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void one_by_one(struct owner *owner)
{
	double took_ms[MESSAGES];
	char text[40];

	for (unsigned i = 0; i < MESSAGES; i++) {
		double begun_ms = now_ms();

		g_snprintf(text, sizeof(text), "message %u", i);
		wsserver_text(owner->peer, text);
		while (strcmp(owner->name, text) != 0)
			uv_run(&owner->loop, UV_RUN_ONCE);
		took_ms[i] = now_ms() - begun_ms;
	}
	qsort(took_ms, MESSAGES, sizeof(took_ms[0]), by_size);
	printf("%6u rooms: message to rows   p50 %5.1f ms   p99 %5.1f ms   (gathered for 20 ms)\n", n_rooms,
	       took_ms[MESSAGES / 2], took_ms[MESSAGES * 99 / 100]);
}

static void flood(struct owner *owner)
{
	struct rusage before, after;
	double begun_ms = now_ms(), took_ms;
	unsigned rows = owner->n_rows;

	getrusage(RUSAGE_SELF, &before);
	wsserver_flood(owner->peer, "flooded", 500, FLOOD);
	while (wsserver_flooding(owner->peer))
		uv_run(&owner->loop, UV_RUN_ONCE);
	wsserver_text(owner->peer, "after it");
	while (strcmp(owner->name, "after it") != 0)
		uv_run(&owner->loop, UV_RUN_ONCE);
	took_ms = now_ms() - begun_ms;
	getrusage(RUSAGE_SELF, &after);
	printf("%6u rooms: %d messages in %.0f ms (%.0f/s)   handed on %u times   peak memory +%ld KiB\n",
	       n_rooms, FLOOD, took_ms, FLOOD / took_ms * 1e3, owner->n_rows - rows,
	       after.ru_maxrss - before.ru_maxrss);
}

static void run(unsigned rooms)
{
	const char *values[] = {"vendor", "butlr",         "base_url", NULL, "client_id",
				"id",     "client_secret", "secret",   NULL};
	struct owner owner = {.live = false};
	struct config *config = config_new();
	struct limiter_pool *limiters = limiter_pool_new();
	struct feed_options options = {.limiters = limiters, .clock = &clock_system, .seed = 1};
	struct problem problem;
	struct query query;
	struct feed *feed;

	n_rooms = rooms;
	uv_loop_init(&owner.loop);
	owner.server = loopback_new(&owner.loop, on_request, &owner);
	owner.sockets = wsserver_new(&owner.loop, on_socket, &owner);
	options.events = owner.events = mailbox_new(&owner.loop, 1000, on_event, &owner);
	values[3] = loopback_url(owner.server);
	if (config_add_account(config, "hq", values, &problem) != ERR_OK)
		abort();
	options.account = config->accounts[0];
	feed = feed_start(&options, &problem);
	query_init(&query, KIND_ROOMS);
	feed_follow(feed, 1, &query, 0, NULL);
	query_fini(&query);
	while (!owner.live)
		uv_run(&owner.loop, UV_RUN_ONCE);
	one_by_one(&owner);
	flood(&owner);
	feed_stop(feed);
	mailbox_close(owner.events);
	loopback_close(owner.server);
	wsserver_close(owner.sockets);
	loopback_run_out(&owner.loop);
	limiter_pool_free(limiters);
	config_free(config);
}

int main(void)
{
	loopback_forget_proxies();
	run(100);
	run(20000);
	return 0;
}
