/* What a vendor pushes: a made-up vendor, whose channels are what its polls answer, against servers on the owner's loop. */
#include "feed/feed.h"

#include "base/moment.h"
#include "core/kind.h"
#include "model/estate.h"
#include "net/loopback.h"
#include "net/wsserver.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- the vendor, on the feed's thread --- */

struct fake {
	char **names; /* of its channels */
	char value[64];
};

static int fake_open(const struct account *account, void **state, struct problem *problem)
{
	(void)account, (void)problem;
	*state = g_new0(struct fake, 1);
	return ERR_OK;
}

static void fake_close(void *state)
{
	g_strfreev(((struct fake *)state)->names);
	g_free(state);
}

static const char *fake_token(void *state)
{
	(void)state;
	return "tok_secret";
}

static int fake_plan(void *state, struct work *work)
{
	const struct work_request request = {.path = "/rooms", .inspect = NULL};

	(void)state;
	return work_request(work, &request);
}

static void add_room(struct rows *rows, const char *name)
{
	struct room *room = rows_add(rows);

	room->id = rows_text(rows, "r");
	room->name = rows_text(rows, name);
}

/* {"a,b":0}: the names of the channels */
static int fake_answer(void *state, struct work *work, const struct work_request *request,
		       const struct work_answer *answer)
{
	struct fake *fake = state;
	char **parts;

	if (!work_usable(work, request, answer))
		return ERR_OK;
	parts = g_strsplit(answer->body, "\"", 3);
	g_strfreev(fake->names);
	fake->names = g_strsplit(parts[1], ",", 0);
	g_strfreev(parts);
	add_room(work_rows(work, KIND_ROOMS), fake->value[0] != '\0' ? fake->value : "polled");
	return ERR_OK;
}

static int fake_finish(void *state, struct work *work)
{
	(void)state, (void)work;
	return ERR_OK;
}

static size_t fake_channels(void *state, const char **names, size_t most)
{
	struct fake *fake = state;
	size_t n = 0;

	for (; fake->names != NULL && fake->names[n] != NULL && n < most; n++)
		names[n] = fake->names[n];
	return n;
}

static int fake_request(void *state, const char *channel, const char **method, struct buf *path)
{
	(void)state;
	*method = "POST";
	buf_addf(path, "/address/%s", channel);
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
	struct fake *fake = state;

	(void)channel, (void)now_ms, (void)length;
	if (bytes[0] == '?')
		return ERR_PARSE;
	*changed = strcmp(fake->value, bytes) != 0;
	g_strlcpy(fake->value, bytes, sizeof(fake->value));
	return ERR_OK;
}

static void fake_lost(void *state, const char *channel, int64_t now_ms)
{
	(void)now_ms;
	g_snprintf(((struct fake *)state)->value, 64, "lost %s", channel);
}

static int built; /* how often rows were made; by both threads */

static struct rows *fake_rows(void *state, const char *account, int64_t now_ms)
{
	struct rows *rows = kind_rows_new(KIND_ROOMS, account, "fake");

	(void)now_ms;
	g_atomic_int_inc(&built);
	add_room(rows, ((struct fake *)state)->value);
	return rows;
}

#define FAKE_PUSH(silence)                                                                                   \
	{                                                                                                    \
		.kind = KIND_ROOMS, .channels = fake_channels, .request = fake_request,                      \
		.address = fake_address, .message = fake_message, .lost = fake_lost, .rows = fake_rows,      \
		.silence_ms = (silence)                                                                      \
	}

static const struct source_push patient = FAKE_PUSH(60000), hasty = FAKE_PUSH(150);
static const struct source_pace paces[] = {{KIND_ROOMS, 40}, {KIND_ROOMS, 0}};

#define FAKE_OPS(table)                                                                                      \
	{                                                                                                    \
		.vendor = VENDOR_BUTLR, .kinds = KIND_BIT(KIND_ROOMS), .per_s = 1000, .burst = 1000,         \
		.paces = paces, .open = fake_open, .close = fake_close, .static_token = fake_token,          \
		.plan = fake_plan, .answer = fake_answer, .finish = fake_finish, .push = (table)             \
	}

static const struct source_ops patient_ops = FAKE_OPS(&patient), hasty_ops = FAKE_OPS(&hasty);
static const struct source_ops *ops = &patient_ops;

/* In place of the program's own table. */
const struct source_ops *source_find(enum vendor vendor)
{
	(void)vendor;
	return ops;
}

/* --- the owner --- */

struct owner {
	uv_loop_t loop;
	struct loopback *server;
	struct wsserver *sockets;
	struct mailbox *events;
	struct config *config;
	struct limiter_pool *limiters;
	struct feed *feed;

	const char *channels;      /* what a poll answers */
	int address_status;        /* 0: never answered */
	const char *first_message; /* of each channel; NULL: none */
	unsigned flood;
	bool refuse_upgrade, no_upgrade;
	unsigned polls, asked, opened;
	GPtrArray *targets; /* of the sockets that were asked for */
	struct wspeer *peer;

	char name[64]; /* of the room in the newest rows */
	unsigned n_rows;
	struct feed_health health;
	bool saw_live, saw_polling;
};

static void on_event(void *ctx, struct mail *mail)
{
	struct owner *owner = ctx;
	struct event *event = (struct event *)mail;

	if (event->type == EVENT_ROWS) {
		const struct room *room = rows_at(event->rows, 0);

		owner->n_rows++;
		assert_int_equal(rows_count(event->rows), 1);
		assert_true(rows_valid_until_ms(event->rows) > rows_as_of_ms(event->rows));
		g_strlcpy(owner->name, room->name, sizeof(owner->name));
	} else if (event->type == EVENT_HEALTH) {
		owner->health = event->health;
		owner->saw_live |= event->health.push == FEED_PUSH_LIVE;
		owner->saw_polling |= event->health.push == FEED_PUSH_POLLING;
	}
	event_free(event);
}

static void on_request(void *ctx, struct loopback_peer *peer, const struct loopback_request *request)
{
	struct owner *owner = ctx;
	char text[200];

	if (strcmp(request->method, "GET") == 0) {
		owner->polls++;
		g_snprintf(text, sizeof(text), "{\"%s\":0}", owner->channels);
		loopback_answer(peer, 200, "Content-Type: application/json\r\n", text);
		return;
	}
	owner->asked++;
	g_snprintf(text, sizeof(text), "ws://127.0.0.1:%u%s?ticket=%u", wsserver_port(owner->sockets),
		   request->target, owner->asked);
	if (owner->address_status != 0)
		loopback_answer(peer, owner->address_status, "", text);
}

static void on_socket(void *ctx, struct wspeer *peer, const char *head)
{
	struct owner *owner = ctx;

	g_ptr_array_add(owner->targets, g_strndup(head + 4, strcspn(head + 4, " ")));
	assert_null(strstr(head, "tok_secret"));
	owner->peer = peer;
	if (owner->no_upgrade)
		return;
	if (owner->refuse_upgrade) {
		static const char no[] = "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n";

		wsserver_bytes(peer, no, sizeof(no) - 1);
		return;
	}
	wsserver_accept(peer);
	owner->opened++;
	if (owner->first_message != NULL)
		wsserver_text(peer, owner->first_message);
	for (unsigned i = 0; i < owner->flood; i++) {
		char text[40];

		g_snprintf(text, sizeof(text), "value %u", i + 1);
		wsserver_text(peer, text);
	}
}

static int set_up(void **state)
{
	const char *values[] = {"vendor", "butlr",         "base_url", NULL, "client_id",
				"id",     "client_secret", "secret",   NULL};
	struct owner *owner = g_new0(struct owner, 1);
	struct problem problem;

	alarm(60); /* a hang is a failure */
	ops = &patient_ops;
	assert_int_equal(uv_loop_init(&owner->loop), 0);
	owner->server = loopback_new(&owner->loop, on_request, owner);
	owner->sockets = wsserver_new(&owner->loop, on_socket, owner);
	owner->events = mailbox_new(&owner->loop, 1000, on_event, owner);
	owner->limiters = limiter_pool_new();
	owner->targets = g_ptr_array_new_with_free_func(g_free);
	owner->channels = "a";
	owner->address_status = 200;
	owner->first_message = "hello";
	owner->config = config_new();
	values[3] = loopback_url(owner->server);
	if (config_add_account(owner->config, "hq", values, &problem) != ERR_OK)
		fail_msg("%s", problem.why);
	*state = owner;
	return 0;
}

static void start(struct owner *owner, int64_t every_ms)
{
	struct feed_options options = {
		.account = owner->config->accounts[0],
		.events = owner->events,
		.limiters = owner->limiters,
		.clock = &clock_system,
		.seed = 1,
		.push_wait_ms = 40,
	};
	struct problem problem;
	struct query query;

	owner->feed = feed_start(&options, &problem);
	assert_non_null(owner->feed);
	query_init(&query, KIND_ROOMS);
	feed_follow(owner->feed, 7, &query, every_ms, NULL);
	query_fini(&query);
}

static int tear_down(void **state)
{
	struct owner *owner = *state;

	feed_stop(owner->feed);
	mailbox_close(owner->events);
	loopback_close(owner->server);
	wsserver_close(owner->sockets);
	loopback_run_out(&owner->loop);
	limiter_pool_free(owner->limiters);
	config_free(owner->config);
	g_ptr_array_unref(owner->targets);
	g_free(owner);
	return 0;
}

#define UNTIL(owner, condition)                                                                              \
	while (!(condition))                                                                                 \
	uv_run(&(owner)->loop, UV_RUN_ONCE)

static const char *target(const struct owner *owner, unsigned i)
{
	return g_ptr_array_index(owner->targets, i);
}

/* --- the tests --- */

static void test_live(void **state)
{
	struct owner *owner = *state;

	owner->channels = "a,b";
	start(owner, 0);
	UNTIL(owner, owner->health.push == FEED_PUSH_LIVE && strcmp(owner->name, "hello") == 0);
	assert_int_equal(owner->health.state, FEED_OK);
	assert_int_equal(owner->health.channels, 2);
	assert_int_equal(owner->health.channels_live, 2);
	wsserver_text(owner->peer, "? no sense");
	wsserver_text(owner->peer, "news");
	UNTIL(owner, strcmp(owner->name, "news") == 0);
	assert_int_equal(owner->asked, 2);
}

/* Open, but nothing understood yet. */
static void test_connected_is_not_live(void **state)
{
	struct owner *owner = *state;

	owner->first_message = "? no sense";
	start(owner, 20);
	UNTIL(owner, owner->opened == 1 && owner->polls > 5);
	assert_int_equal(owner->health.push, FEED_PUSH_POLLING);
	assert_false(owner->saw_live);
}

static void test_channels_come_and_go(void **state)
{
	struct owner *owner = *state;

	owner->channels = "a,b";
	start(owner, 20);
	UNTIL(owner, owner->health.channels_live == 2);
	owner->channels = "b,c,d";
	UNTIL(owner, owner->health.channels_live == 3 && wsserver_open(owner->sockets) == 3);
	assert_int_equal(owner->opened, 4);
	owner->channels = "d";
	UNTIL(owner, owner->health.channels == 1 && wsserver_open(owner->sockets) == 1);
	assert_int_equal(owner->health.push, FEED_PUSH_LIVE);
	feed_cancel(owner->feed, 7);
	UNTIL(owner, wsserver_open(owner->sockets) == 0);
}

static void test_slow_polls_while_live(void **state)
{
	struct owner *owner = *state;
	unsigned polls;

	start(owner, 0);
	UNTIL(owner, owner->health.push == FEED_PUSH_LIVE);
	polls = owner->polls;
	owner->first_message = NULL;
	for (unsigned i = 0; i < 30; i++) { /* far longer than the polls' pace */
		char text[20];

		g_snprintf(text, sizeof(text), "turn %u", i);
		wsserver_text(owner->peer, text);
		UNTIL(owner, strcmp(owner->name, text) == 0);
	}
	assert_true(owner->polls <= polls + 1);
	polls = owner->polls;
	wsserver_end(owner->peer);
	UNTIL(owner, owner->polls > polls + 3); /* back at their pace */
	assert_int_not_equal(owner->health.push, FEED_PUSH_LIVE);
}

static void test_fresh_address(void **state)
{
	struct owner *owner = *state;

	start(owner, 0);
	UNTIL(owner, owner->health.push == FEED_PUSH_LIVE);
	owner->saw_polling = false;
	owner->refuse_upgrade = true;
	wsserver_end(owner->peer);
	UNTIL(owner, owner->saw_polling && strcmp(owner->name, "lost a") == 0);
	owner->refuse_upgrade = false;
	UNTIL(owner, owner->health.push == FEED_PUSH_LIVE && owner->opened == 2);
	assert_string_equal(target(owner, 0), "/address/a?ticket=1");
	assert_string_equal(target(owner, 1), "/address/a?ticket=2");
	UNTIL(owner, strcmp(owner->name, "hello") == 0);
}

static void test_refused_address(void **state)
{
	struct owner *owner = *state;

	owner->address_status = 403;
	start(owner, 20);
	UNTIL(owner, owner->polls > 10);
	assert_int_equal(owner->asked, 1); /* not asked again soon */
	assert_int_equal(owner->health.push, FEED_PUSH_POLLING);
	assert_int_equal(owner->health.state, FEED_OK);
	assert_string_equal(owner->name, "polled");
}

static void test_failing_address(void **state)
{
	struct owner *owner = *state;

	owner->address_status = 500;
	start(owner, 20);
	UNTIL(owner, owner->asked == 2);
	assert_int_equal(owner->health.push, FEED_PUSH_POLLING);
	owner->address_status = 200;
	owner->refuse_upgrade = true;
	UNTIL(owner, owner->targets->len == 2);
	owner->refuse_upgrade = false;
	UNTIL(owner, owner->health.push == FEED_PUSH_LIVE);
	assert_int_equal(owner->health.state, FEED_OK);
}

static void test_address_out_of_reach(void **state)
{
	struct owner *owner = *state;

	owner->address_status = 200;
	owner->channels = "x@evil.example/"; /* the address becomes one with a user name */
	start(owner, 20);
	UNTIL(owner, owner->asked >= 1 && owner->polls > 5);
	assert_true(owner->asked <= 2);
}

static void test_silence(void **state)
{
	struct owner *owner = *state;

	ops = &hasty_ops;
	start(owner, 0);
	UNTIL(owner, owner->opened == 3);
	assert_true(owner->saw_live);
	assert_true(owner->saw_polling);
	owner->first_message = "? no sense"; /* not a word that is understood */
	UNTIL(owner, owner->opened == 6);
}

static void test_coalescing(void **state)
{
	struct owner *owner = *state;

	owner->flood = 3000;
	g_atomic_int_set(&built, 0);
	start(owner, 0);
	UNTIL(owner, strcmp(owner->name, "value 3000") == 0);
	assert_true(owner->n_rows < 300);
	assert_true(g_atomic_int_get(&built) < 300);
}

/* tear_down ends it in each stage. */
static void test_stop_while_asking(void **state)
{
	struct owner *owner = *state;

	owner->address_status = 0;
	owner->channels = "a,b,c,d,e,f,g";
	start(owner, 20);
	UNTIL(owner, owner->asked == 4);
	UNTIL(owner, owner->polls > 5);
	assert_int_equal(owner->asked, 4); /* no more at a time */
}

static void test_stop_in_handshake(void **state)
{
	struct owner *owner = *state;

	owner->no_upgrade = true;
	start(owner, 0);
	UNTIL(owner, owner->targets->len == 1);
}

static void test_stop_while_waiting(void **state)
{
	struct owner *owner = *state;

	owner->refuse_upgrade = true;
	start(owner, 0);
	UNTIL(owner, owner->targets->len == 3);
}

static void test_stop_in_a_flood(void **state)
{
	struct owner *owner = *state;

	owner->flood = 20000;
	start(owner, 0);
	UNTIL(owner, owner->health.push == FEED_PUSH_LIVE);
}

static void test_stop_at_once(void **state)
{
	struct owner *owner = *state;

	start(owner, 0);
	UNTIL(owner, owner->asked == 1);
}

#define PUSH_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PUSH_TEST(test_live),
		PUSH_TEST(test_connected_is_not_live),
		PUSH_TEST(test_channels_come_and_go),
		PUSH_TEST(test_slow_polls_while_live),
		PUSH_TEST(test_fresh_address),
		PUSH_TEST(test_refused_address),
		PUSH_TEST(test_failing_address),
		PUSH_TEST(test_address_out_of_reach),
		PUSH_TEST(test_silence),
		PUSH_TEST(test_coalescing),
		PUSH_TEST(test_stop_while_asking),
		PUSH_TEST(test_stop_in_handshake),
		PUSH_TEST(test_stop_while_waiting),
		PUSH_TEST(test_stop_in_a_flood),
		PUSH_TEST(test_stop_at_once),
	};

	loopback_forget_proxies();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
