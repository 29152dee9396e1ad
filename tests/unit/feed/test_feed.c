/* A feed's thread against a server on the owner's loop: rows, failures, cancelling, stopping in every state, streams across restarts. */
#include "feed/feed.h"

#include "base/jsonx.h"
#include "base/moment.h"
#include "core/kind.h"
#include "model/estate.h"
#include "model/live.h"
#include "net/loopback.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1800000000000)

/* The owner: a loop with a server and a mailbox, a configuration with one account. */
struct owner {
	uv_loop_t loop;
	struct loopback *server;
	struct mailbox *events;
	struct config *config;
	struct limiter_pool *limiters;
	struct clock_fake clock;
	struct feed *feed;
	void (*serve)(struct owner *owner, struct loopback_peer *peer,
		      const struct loopback_request *request);
	bool (*enough)(const struct owner *owner); /* ends run_until */
	bool done;

	GPtrArray *rows;        /* const struct rows * that came */
	struct problem problem; /* of the last EVENT_DONE */
	unsigned n_done, polls;
	enum feed_state state;
	unsigned failures_seen;
	bool refuse_all;
};

static void on_event(void *ctx, struct mail *mail)
{
	struct owner *owner = ctx;
	struct event *event = (struct event *)mail;

	switch (event->type) {
	case EVENT_ROWS:
		g_ptr_array_add(owner->rows, (void *)rows_ref(event->rows));
		break;
	case EVENT_DONE:
		owner->problem = event->problem;
		owner->n_done++;
		break;
	case EVENT_HEALTH:
		owner->state = event->health.state;
		owner->failures_seen += event->health.state != FEED_OK;
		break;
	case EVENT_REPLY:
	case EVENT_PROGRESS:
		break;
	}
	event_free(event);
	if (owner->enough != NULL && owner->enough(owner)) {
		owner->done = true;
		uv_stop(&owner->loop);
	}
}

static void on_request(void *ctx, struct loopback_peer *peer, const struct loopback_request *request)
{
	struct owner *owner = ctx;

	if (strcmp(request->target, "/api/v2/clients/login") == 0)
		loopback_answer(peer, 200, "Content-Type: application/json\r\n",
				"{\"access_token\":\"t\",\"expires_in\":3600,\"token_type\":\"Bearer\"}");
	else
		owner->serve(owner, peer, request);
	if (owner->enough != NULL && owner->enough(owner)) {
		owner->done = true;
		uv_stop(&owner->loop);
	}
}

static void drop_rows(void *rows) { rows_unref(rows); }

static void owner_open(struct owner *owner,
		       void (*serve)(struct owner *, struct loopback_peer *, const struct loopback_request *))
{
	const char *values[] = {"vendor", "butlr",  "base_url", NULL,      "client_id", "id", "client_secret",
				"secret", "estate", "rest",     "timeout", "30s",       NULL};
	struct problem problem;

	memset(owner, 0, sizeof(*owner));
	assert_int_equal(uv_loop_init(&owner->loop), 0);
	owner->serve = serve;
	owner->server = loopback_new(&owner->loop, on_request, owner);
	owner->events = mailbox_new(&owner->loop, 1000, on_event, owner);
	owner->limiters = limiter_pool_new();
	owner->rows = g_ptr_array_new_with_free_func(drop_rows);
	clock_fake_init(&owner->clock, NOW);
	owner->config = config_new();
	values[3] = loopback_url(owner->server);
	if (config_add_account(owner->config, "hq", values, &problem) != ERR_OK)
		fail_msg("%s", problem.why);
}

static void owner_start_feed(struct owner *owner)
{
	struct feed_options options = {
		.account = owner->config->accounts[0],
		.events = owner->events,
		.limiters = owner->limiters,
		.clock = &clock_system,
		.seed = 1,
		.one_shot = true,
	};
	struct problem problem;

	owner->feed = feed_start(&options, &problem);
	assert_non_null(owner->feed);
}

static void owner_close(struct owner *owner)
{
	feed_stop(owner->feed);
	mailbox_close(owner->events);
	loopback_close(owner->server);
	loopback_run_out(&owner->loop);
	limiter_pool_free(owner->limiters);
	config_free(owner->config);
	g_ptr_array_unref(owner->rows);
}

static void run_until(struct owner *owner, bool (*enough)(const struct owner *owner))
{
	owner->enough = enough;
	owner->done = enough(owner);
	while (!owner->done)
		uv_run(&owner->loop, UV_RUN_ONCE);
	owner->enough = NULL;
}

static bool one_done(const struct owner *owner) { return owner->n_done >= 1; }

static bool one_request(const struct owner *owner)
{
	return loopback_count(owner->server) >= 2; /* the sign-in and what it was for */
}

/* --- what the server says --- */

static void serve_floors(struct owner *owner, struct loopback_peer *peer,
			 const struct loopback_request *request)
{
	(void)owner;
	if (g_str_has_prefix(request->target, "/api/v2/spaces"))
		loopback_answer(
			peer, 200, "Content-Type: application/json\r\n",
			"{\"data\":[{\"id\":\"space_1\",\"name\":\"One\"},{\"id\":\"space_2\",\"name\":\"Two\"}],\"next\":\"\",\"prev\":\"\"}");
	else
		loopback_answer(peer, 404, "", "{\"message\":\"Not Found\"}");
}

static void serve_nothing(struct owner *owner, struct loopback_peer *peer,
			  const struct loopback_request *request)
{
	(void)owner;
	(void)peer;
	(void)request;
}

static void serve_failure_then_floors(struct owner *owner, struct loopback_peer *peer,
				      const struct loopback_request *request)
{
	if (owner->polls++ == 0)
		loopback_answer(peer, 400, "", "{\"message\":\"Invalid request\"}");
	else
		serve_floors(owner, peer, request);
}

/* Frames of one sensor every 100 ms from a fixed moment on, as many as were polled: the newest five polls overlap. */
static void serve_frames(struct owner *owner, struct loopback_peer *peer,
			 const struct loopback_request *request)
{
	GString *body;
	int64_t newest;

	if (!g_str_has_prefix(request->target, "/api/v3/detections")) {
		loopback_answer(peer, 200, "Content-Type: application/json\r\n", "{\"data\":[]}");
		return;
	}
	owner->polls++;
	newest = 10 + (int64_t)owner->polls * 3;
	body = g_string_new("{\"heatmap\":[");
	for (int64_t i = newest > 40 ? newest - 40 : 0; i < newest; i++) {
		g_string_append_printf(
			body,
			"%s{\"start_time\":%lld,\"sample_time\":%lld,\"mac_address\":\"00-17-0d-00-00-00-00-01\",\"value\":[",
			body->str[body->len - 1] == '[' ? "" : ",", (long long)(NOW + i * 100),
			(long long)(NOW + i * 100));
		for (int pixel = 0; pixel < 64; pixel++)
			g_string_append(body, pixel == 0 ? "21.5" : ",21.5");
		g_string_append(body, "]}");
	}
	g_string_append(body, "]}");
	loopback_answer(peer, 200, "Content-Type: application/json\r\n", body->str);
	g_string_free(body, TRUE);
}

/* --- the tests --- */

static void test_a_query_is_answered(void **state)
{
	struct owner owner;
	struct query query;

	(void)state;
	owner_open(&owner, serve_floors);
	owner_start_feed(&owner);
	query_init(&query, KIND_FLOORS);
	feed_once(owner.feed, 1, &query);
	run_until(&owner, one_done);
	assert_int_equal(owner.problem.code, ERR_OK);
	assert_int_equal(owner.rows->len >= 1, 1);
	assert_int_equal(rows_count(owner.rows->pdata[0]), 2);
	assert_string_equal(((const struct floor_row *)rows_at(owner.rows->pdata[0], 1))->name, "Two");
	assert_int_equal(loopback_count_of(owner.server, "/api/v2/clients/login"), 1);
	query_fini(&query);
	owner_close(&owner);
}

static void test_a_failure_is_told(void **state)
{
	struct owner owner;
	struct query query;

	(void)state;
	owner_open(&owner, serve_failure_then_floors);
	owner_start_feed(&owner);
	query_init(&query, KIND_FLOORS);
	feed_once(owner.feed, 1, &query);
	run_until(&owner, one_done);
	assert_int_not_equal(owner.problem.code, ERR_OK);
	assert_non_null(strstr(owner.problem.why, "400: Invalid request"));
	assert_int_equal(owner.rows->len, 0);
	query_fini(&query);
	owner_close(&owner);
}

static void test_an_account_without_credentials_fails_each_ask(void **state)
{
	static const char *const values[] = {"vendor", "butlr", "base_url", "http://127.0.0.1:9", NULL};
	struct owner owner;
	struct query query;
	struct problem problem;

	(void)state;
	owner_open(&owner, serve_floors);
	assert_int_equal(config_add_account(owner.config, "bare", values, &problem), ERR_OK);
	struct feed_options options = {.account = config_account(owner.config, "bare"),
				       .events = owner.events,
				       .limiters = owner.limiters,
				       .clock = &clock_system,
				       .one_shot = true};

	owner.feed = feed_start(&options, &problem);
	query_init(&query, KIND_FLOORS);
	feed_once(owner.feed, 1, &query);
	feed_ask(owner.feed, ask_new(ASK_SIGN_IN, 2));
	run_until(&owner, one_done);
	assert_int_not_equal(owner.problem.code, ERR_OK);
	assert_string_not_equal(owner.problem.todo, "");
	query_fini(&query);
	owner_close(&owner);
}

static void test_stopping_in_the_middle_leaves_nothing(void **state)
{
	struct owner owner;
	struct query query;

	(void)state;
	query_init(&query, KIND_FLOORS);
	owner_open(&owner, serve_nothing); /* never asked: stopped at once */
	owner_start_feed(&owner);
	feed_once(owner.feed, 1, &query);
	owner_close(&owner);
	owner_open(&owner, serve_nothing); /* asked, no answer */
	owner_start_feed(&owner);
	feed_once(owner.feed, 1, &query);
	feed_follow(owner.feed, 2, &query, 1000, NULL);
	run_until(&owner, one_request);
	owner_close(&owner);
	query_fini(&query);
}

static bool signed_in_state(const struct owner *owner)
{
	return owner->n_done >= 1 && owner->state == FEED_OK;
}

static void test_a_cancelled_query_is_silent(void **state)
{
	struct owner owner;
	struct query query;

	(void)state;
	owner_open(&owner, serve_nothing);
	owner_start_feed(&owner);
	query_init(&query, KIND_FLOORS);
	feed_once(owner.feed, 1, &query);
	run_until(&owner, one_request);
	feed_cancel(owner.feed, 1);
	feed_ask(owner.feed, ask_new(ASK_SIGN_IN, 2)); /* its end shows that the first has none */
	run_until(&owner, signed_in_state);
	assert_int_equal(owner.n_done, 1);
	query_fini(&query);
	owner_close(&owner);
}

static bool recovered(const struct owner *owner)
{
	return owner->rows->len >= 1 && owner->state == FEED_OK && owner->failures_seen >= 1;
}

static void test_a_followed_kind_recovers_by_itself(void **state)
{
	struct owner owner;
	struct query query;

	(void)state;
	owner_open(&owner, serve_failure_then_floors);
	owner_start_feed(&owner);
	query_init(&query, KIND_FLOORS);
	feed_follow(owner.feed, 1, &query, 20, NULL);
	run_until(&owner, recovered);
	assert_int_equal(rows_count(owner.rows->pdata[0]), 2);
	query_fini(&query);
	owner_close(&owner);
}

static void serve_floors_only(struct owner *owner, struct loopback_peer *peer,
			      const struct loopback_request *request)
{
	bool floors = g_str_has_prefix(request->target, "/api/v2/spaces");

	owner->polls += floors;
	if (floors && !owner->refuse_all)
		serve_floors(owner, peer, request);
	else
		loopback_answer(peer, 403, "", "{\"message\":\"Forbidden\"}");
}

static bool many_floors(const struct owner *owner) { return owner->polls >= 15 && owner->rows->len >= 10; }

static bool is_down(const struct owner *owner) { return owner->state == FEED_DOWN; }

/* A kind that the account's role may not read says nothing against the account, and is left in peace. */
static void test_a_refused_kind_does_not_mark_the_account(void **state)
{
	struct owner owner;
	struct query query;

	(void)state;
	owner_open(&owner, serve_floors_only);
	owner_start_feed(&owner);
	query_init(&query, KIND_FLOORS);
	feed_follow(owner.feed, 1, &query, 20, NULL);
	query.kind = KIND_FRAMES;
	feed_follow(owner.feed, 2, &query, 20, NULL);
	run_until(&owner, many_floors);
	assert_int_equal(owner.state, FEED_OK);
	assert_int_equal(owner.failures_seen, 0);
	assert_in_range(loopback_count(owner.server) - owner.polls, 2,
			4); /* the sign-in, and once or twice for frames */
	/* An account that may read nothing at all is not well. */
	owner.refuse_all = true;
	run_until(&owner, is_down);
	query_fini(&query);
	owner_close(&owner);
}

static bool ten_polls(const struct owner *owner) { return owner->polls >= 10 && owner->rows->len >= 10; }

static bool twenty_polls(const struct owner *owner) { return owner->polls >= 20 && owner->rows->len >= 19; }

/* Every sample once, although polls overlap and the feed is stopped and started in between. */
static void test_a_stream_survives_a_restart_of_its_feed(void **state)
{
	struct owner owner;
	struct query query;
	struct stream *stream = stream_new();
	GHashTable *seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

	(void)state;
	owner_open(&owner, serve_frames);
	query_init(&query, KIND_FRAMES);
	query.since_ms = NOW;
	owner_start_feed(&owner);
	feed_follow(owner.feed, 1, &query, 5, stream);
	run_until(&owner, ten_polls);
	feed_stop(owner.feed);
	owner_start_feed(&owner);
	feed_follow(owner.feed, 1, &query, 5, stream);
	run_until(&owner, twenty_polls);
	for (guint i = 0; i < owner.rows->len; i++) {
		for (size_t r = 0; r < rows_count(owner.rows->pdata[i]); r++) {
			const struct frame *frame = rows_at(owner.rows->pdata[i], r);

			assert_true(
				g_hash_table_add(seen, g_memdup2(&frame->time_ms, sizeof(frame->time_ms))));
		}
	}
	for (int64_t i = 0; i < 10 + 3 * 18; i++) {
		int64_t time_ms = NOW + i * 100;

		if (!g_hash_table_contains(seen, &time_ms))
			fail_msg("sample %lld is missing", (long long)i);
	}
	g_hash_table_unref(seen);
	query_fini(&query);
	owner_close(&owner);
	stream_free(stream);
}

static bool two_done(const struct owner *owner) { return owner->n_done >= 2; }

/* estate=auto tries GraphQL once in a lifetime of the state folder, not once a run. */
static void test_what_a_server_speaks_is_remembered(void **state)
{
	static const char *const values[] = {"vendor", "butlr",         "base_url", NULL, "client_id",
					     "id",     "client_secret", "secret",   NULL};
	const char *mine[G_N_ELEMENTS(values)];
	char folder[] = "/tmp/lodge-feed-XXXXXX";
	struct problem problem;
	struct query query;
	struct owner owner;
	GDir *dir;
	const char *name;

	(void)state;
	assert_non_null(mkdtemp(folder));
	owner_open(&owner, serve_floors);
	memcpy(mine, values, sizeof(values));
	mine[3] = loopback_url(owner.server);
	assert_int_equal(config_add_account(owner.config, "auto", mine, &problem), ERR_OK);
	query_init(&query, KIND_FLOORS);
	for (int run = 0; run < 2; run++) {
		struct feed_options options = {
			.account = config_account(owner.config, "auto"),
			.events = owner.events,
			.limiters = owner.limiters,
			.state_folder = folder,
			.clock = &clock_system,
			.one_shot = true,
		};

		owner.feed = feed_start(&options, &problem);
		feed_once(owner.feed, 1, &query);
		run_until(&owner, run == 0 ? one_done : two_done);
		assert_int_equal(owner.problem.code, ERR_OK);
		if (run == 0)
			feed_stop(owner.feed);
	}
	assert_int_equal(loopback_count_of(owner.server, "/api/v3/graphql"), 1);
	assert_int_equal(loopback_count_of(owner.server, "/api/v2/clients/login"),
			 1); /* the token is kept, too */
	query_fini(&query);
	owner_close(&owner);
	dir = g_dir_open(folder, 0, NULL);
	while ((name = g_dir_read_name(dir)) != NULL) {
		char *path = g_build_filename(folder, name, NULL);

		remove(path);
		g_free(path);
	}
	g_dir_close(dir);
	assert_int_equal(remove(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_query_is_answered),
		cmocka_unit_test(test_a_failure_is_told),
		cmocka_unit_test(test_an_account_without_credentials_fails_each_ask),
		cmocka_unit_test(test_stopping_in_the_middle_leaves_nothing),
		cmocka_unit_test(test_a_cancelled_query_is_silent),
		cmocka_unit_test(test_a_followed_kind_recovers_by_itself),
		cmocka_unit_test(test_a_refused_kind_does_not_mark_the_account),
		cmocka_unit_test(test_a_stream_survives_a_restart_of_its_feed),
		cmocka_unit_test(test_what_a_server_speaks_is_remembered),
	};

	jsonx_setup();
	if (http_setup() != ERR_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
