/* Orders and pictures on a feed's thread, with a vendor of this test's own: sent once, looked for when the answer is lost, waited for at the end. */
#include "feed/feed.h"

#include "base/jsonx.h"
#include "base/moment.h"
#include "core/kind.h"
#include "model/access.h"
#include "net/loopback.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define LOOK_DELAY_MS 40

/* --- a vendor with one kind of change --- */

enum step { STEP_LIST, STEP_WRITE, STEP_LOOK, STEP_FIRST, STEP_BESIDE };

static int open_fake(const struct account *account, void **state, struct problem *problem)
{
	(void)problem;
	*state = g_strconcat(account_text(account, "base_url"), "/accounts", NULL);
	return ERR_OK;
}

static void close_fake(void *state) { g_free(state); }

static const char *fake_token(void *state)
{
	(void)state;
	return "tok";
}

static const char *fake_sign_in_url(void *state) { return state; }

static int ask(struct work *work, enum step step, const char *method, const char *path)
{
	const char *name = work_order(work) == NULL ? "" : order_get(work_order(work), "name");

	return work_request(work, &(struct work_request){
					  .method = method,
					  .path = path,
					  .step = (int)step,
					  .body = step == STEP_WRITE ? name : NULL,
					  .write = step == STEP_WRITE,
					  .delay_ms = step == STEP_LOOK ? LOOK_DELAY_MS : 0,
				  });
}

static int plan_query(void *state, struct work *work)
{
	(void)state;
	return ask(work, STEP_LIST, "GET",
		   work_query(work)->kind == KIND_KEYS ? "/list/keys" : "/list/others");
}

static int plan_order(void *state, struct work *work)
{
	const struct order *order = work_order(work);
	const char *name = order_get(order, "name");

	(void)state;
	if (order->verb == VERB_DELETE)
		return ask(work, STEP_WRITE, "DELETE", "/keys/1");
	if (g_strcmp0(name, "first") == 0)
		return ask(work, STEP_FIRST, "GET", "/first");
	if (g_strcmp0(name, "beside") == 0 && ask(work, STEP_BESIDE, "GET", "/beside") != ERR_OK)
		return ERR_NOMEM;
	if (g_strcmp0(name, "password") == 0)
		return work_request(work, &(struct work_request){.method = "PUT",
								 .path = "/api/v1/password",
								 .body = "{}",
								 .host = WORK_HOST_SIGN_IN,
								 .step = STEP_WRITE,
								 .write = true});
	work_progress(work, "sending %s", name);
	return ask(work, STEP_WRITE, "POST", "/keys");
}

static void add_row(struct work *work, const char *name)
{
	struct rows *rows = work_rows(work, KIND_KEYS);
	struct access_key *key = rows_add(rows);

	key->id = rows_text(rows, "1");
	key->name = rows_text(rows, name);
}

static int answer_write(struct work *work, const struct work_request *request,
			const struct work_answer *answer)
{
	char message[64];

	if (answer->request_sent && (answer->error != ERR_OK || answer->status >= 500)) {
		work_progress(work, "checking whether it was created");
		return ask(work, STEP_LOOK, "GET", "/look");
	}
	if (answer->status == 422) {
		work_server_message(answer, message, sizeof(message));
		work_field_error(work, "email", "%s", answer->body);
		return work_failf(work, ERR_INVALID, NULL, NULL, "refused");
	}
	if (work_usable(work, request, answer) && work_order(work)->verb != VERB_DELETE)
		add_row(work, answer->body);
	return ERR_OK;
}

static int answer_fake(void *state, struct work *work, const struct work_request *request,
		       const struct work_answer *answer)
{
	(void)state;
	switch ((enum step)request->step) {
	case STEP_WRITE:
		return answer_write(work, request, answer);
	case STEP_LOOK:
		if (answer->error != ERR_OK || answer->status != 200)
			return work_failf(work, ERR_UNSURE, NULL, NULL, "nobody knows");
		if (strstr(answer->body, "made") == NULL)
			return work_failf(work, ERR_TIMEOUT, NULL, NULL, "it was not made");
		add_row(work, "looked");
		return ERR_OK;
	case STEP_FIRST:
		return work_usable(work, request, answer) ? ask(work, STEP_WRITE, "POST", "/keys") : ERR_OK;
	default:
		if (work_usable(work, request, answer) && work_query(work)->kind == KIND_KEYS)
			add_row(work, "listed");
		return ERR_OK;
	}
}

static int finish_fake(void *state, struct work *work)
{
	(void)state, (void)work;
	return ERR_OK;
}

static const struct source_pace fake_paces[] = {{.every_ms = 0}};
static const struct write_field fake_fields[] = {
	{.name = "name", .form = WRITE_TEXT, .flags = WRITE_ON_CREATE, .help = "its name"},
};
static const struct write_info fake_writes[] = {
	{KIND_KEYS, VERB_BIT(VERB_CREATE) | VERB_BIT(VERB_DELETE), fake_fields, 1},
	{KIND_KEYCHAINS, VERB_BIT(VERB_CREATE), fake_fields, 1},
	{.verbs = 0},
};
static const enum kind fake_checks[] = {KIND_COUNT};
static const struct source_ops fake = {
	.vendor = VENDOR_BUTLR,
	.paces = fake_paces,
	.open = open_fake,
	.close = close_fake,
	.static_token = fake_token,
	.plan = plan_query,
	.answer = answer_fake,
	.finish = finish_fake,
	.writes = fake_writes,
	.write = plan_order,
	.sign_in_url = fake_sign_in_url,
	.check_kinds = fake_checks,
};

/* In place of the program's own list. */
const struct source_ops *source_find(enum vendor vendor)
{
	(void)vendor;
	return &fake;
}

/* --- the owner, with the server on its loop --- */

struct owner {
	uv_loop_t loop;
	struct loopback *server;
	struct mailbox *events;
	struct config *config;
	struct limiter_pool *limiters;
	struct feed *feed;

	/* how the server takes a change: its status; 0: a reset, -1: no answer, -2: none until `held` is let go */
	int write_status;
	const char *write_body;
	int look_status;
	const char *look_body;
	bool beside_fails, hold_list;
	struct loopback_peer *held, *held_list;

	bool (*enough)(const struct owner *owner);
	unsigned n_done, n_rows, n_progress, writes, lists, n_health;
	uint64_t done_order[8]; /* the numbers of the requests that ended */
	struct problem problems[8];
	struct problem problem; /* of the last end */
	char progress[200], row_name[64], content_type[96], reply[64];
	struct work_field_fault fault;
	size_t n_faults;
	int64_t write_ms, look_ms;
	atomic_bool stopped;
};

static void on_event(void *ctx, struct mail *mail)
{
	struct owner *owner = ctx;
	struct event *event = (struct event *)mail;

	switch (event->type) {
	case EVENT_ROWS:
		owner->n_rows++;
		if (rows_count(event->rows) > 0 && rows_kind(event->rows) == KIND_KEYS)
			g_strlcpy(owner->row_name, ((const struct access_key *)rows_at(event->rows, 0))->name,
				  sizeof(owner->row_name));
		break;
	case EVENT_DONE:
		if (owner->n_done < G_N_ELEMENTS(owner->problems)) {
			owner->done_order[owner->n_done] = event->request;
			owner->problems[owner->n_done] = event->problem;
		}
		owner->problem = event->problem;
		owner->n_faults = event->n_faults;
		if (event->n_faults > 0)
			owner->fault = event->faults[0];
		owner->n_done++;
		break;
	case EVENT_PROGRESS:
		owner->n_progress++;
		g_strlcpy(owner->progress, event->text, sizeof(owner->progress));
		break;
	case EVENT_REPLY:
		g_strlcpy(owner->content_type, event->content_type, sizeof(owner->content_type));
		g_strlcpy(owner->reply, event->body, sizeof(owner->reply));
		break;
	case EVENT_HEALTH:
		owner->n_health++;
		break;
	}
	event_free(event);
}

static void serve_write(struct owner *owner, struct loopback_peer *peer)
{
	owner->writes++;
	owner->write_ms = clock_mono_ms(&clock_system);
	if (owner->write_status == 0)
		loopback_reset(peer);
	else if (owner->write_status == -2)
		owner->held = peer;
	else if (owner->write_status > 0)
		loopback_answer(peer, owner->write_status, "", owner->write_body);
}

static void on_request(void *ctx, struct loopback_peer *peer, const struct loopback_request *request)
{
	struct owner *owner = ctx;

	if (strcmp(request->method, "GET") != 0) {
		serve_write(owner, peer);
	} else if (strcmp(request->target, "/look") == 0) {
		owner->look_ms = clock_mono_ms(&clock_system);
		loopback_answer(peer, owner->look_status, "", owner->look_body);
	} else if (strcmp(request->target, "/beside") == 0) {
		loopback_answer(peer, owner->beside_fails ? 400 : 200, "", "{}");
	} else if (g_str_has_prefix(request->target, "/list")) {
		owner->lists += strcmp(request->target, "/list/keys") == 0;
		if (owner->hold_list && owner->held_list == NULL)
			owner->held_list = peer;
		else
			loopback_answer(peer, 200, "", "{}");
	} else if (strcmp(request->target, "/picture.png") == 0) {
		loopback_answer(peer, 200, "Content-Type: image/png\r\n", "a picture");
	}
	/* "/first" is never answered */
}

static void owner_open(struct owner *owner, int64_t order_patience_ms, const char *timeout)
{
	const char *values[] = {"vendor",        "butlr",  "base_url", NULL,    "client_id", "id",
				"client_secret", "secret", "timeout",  timeout, NULL};
	struct feed_options options;
	struct problem problem;

	memset(owner, 0, sizeof(*owner));
	alarm(30); /* a hang is a failure */
	assert_int_equal(uv_loop_init(&owner->loop), 0);
	owner->write_status = 201;
	owner->write_body = "{\"made\":1}";
	owner->look_status = 200;
	owner->look_body = "{\"made\":1}";
	owner->server = loopback_new(&owner->loop, on_request, owner);
	owner->events = mailbox_new(&owner->loop, 1000, on_event, owner);
	owner->limiters = limiter_pool_new();
	owner->config = config_new();
	values[3] = loopback_url(owner->server);
	if (config_add_account(owner->config, "hq", values, &problem) != ERR_OK)
		fail_msg("%s", problem.why);
	options = (struct feed_options){
		.account = owner->config->accounts[0],
		.events = owner->events,
		.limiters = owner->limiters,
		.clock = &clock_system,
		.seed = 1,
		.one_shot = true,
		.order_patience_ms = order_patience_ms,
	};
	owner->feed = feed_start(&options, &problem);
	assert_non_null(owner->feed);
}

static void stop_thread(void *argument)
{
	struct owner *owner = argument;

	feed_stop(owner->feed);
	atomic_store(&owner->stopped, true);
}

/* Stops the feed while the server goes on. */
static void stop_beside(struct owner *owner, uv_thread_t *thread)
{
	assert_int_equal(uv_thread_create(thread, stop_thread, owner), 0);
}

static void wait_stopped(struct owner *owner, uv_thread_t *thread)
{
	while (!atomic_load(&owner->stopped))
		uv_run(&owner->loop, UV_RUN_ONCE);
	uv_thread_join(thread);
	owner->feed = NULL;
	uv_run(&owner->loop, UV_RUN_NOWAIT); /* the last events */
	uv_run(&owner->loop, UV_RUN_NOWAIT);
}

static void owner_close(struct owner *owner)
{
	feed_stop(owner->feed);
	mailbox_close(owner->events);
	loopback_close(owner->server);
	loopback_run_out(&owner->loop);
	limiter_pool_free(owner->limiters);
	config_free(owner->config);
}

static void run_until(struct owner *owner, bool (*enough)(const struct owner *owner))
{
	while (!enough(owner))
		uv_run(&owner->loop, UV_RUN_ONCE);
}

/* The server's pulse makes each turn 5 ms at most. */
static void run_turns(struct owner *owner, int turns)
{
	while (turns-- > 0)
		uv_run(&owner->loop, UV_RUN_ONCE);
}

static void order(struct owner *owner, uint64_t request, enum kind kind, enum verb verb, const char *name)
{
	struct order *order = order_new(kind, verb, verb == VERB_CREATE ? NULL : "1");

	if (name != NULL)
		order_set(order, "name", name);
	feed_order(owner->feed, request, order);
	order_free(order);
}

static bool one_done(const struct owner *owner) { return owner->n_done >= 1; }

static bool two_done(const struct owner *owner) { return owner->n_done >= 2; }

static bool one_write(const struct owner *owner) { return owner->writes >= 1; }

static bool one_list(const struct owner *owner) { return owner->lists >= 1 && owner->n_rows >= 1; }

static bool two_lists(const struct owner *owner) { return owner->lists >= 2; }

static bool list_held(const struct owner *owner) { return owner->held_list != NULL; }

static bool first_asked(const struct owner *owner) { return loopback_count_of(owner->server, "/first") == 1; }

/* --- orders --- */

static void test_an_order_is_carried_out(void **state)
{
	struct owner owner;

	(void)state;
	owner_open(&owner, 0, "30s");
	order(&owner, 7, KIND_KEYS, VERB_CREATE, "anna");
	run_until(&owner, one_done);
	assert_int_equal(owner.problem.code, ERR_OK);
	assert_int_equal(owner.done_order[0], 7);
	assert_int_equal(owner.writes, 1);
	assert_int_equal(owner.n_rows, 1);
	assert_string_equal(owner.row_name, "{\"made\":1}");
	assert_string_equal(owner.progress, "sending anna");
	assert_string_equal(loopback_at(owner.server, 0)->body, "anna");
	assert_string_equal(loopback_header(owner.server, 0, "Authorization"), "Bearer tok");
	owner_close(&owner);
}

static void test_a_deletion_has_no_rows(void **state)
{
	struct owner owner;

	(void)state;
	owner_open(&owner, 0, "30s");
	owner.write_status = 204;
	owner.write_body = "";
	order(&owner, 1, KIND_KEYS, VERB_DELETE, NULL);
	run_until(&owner, one_done);
	assert_int_equal(owner.problem.code, ERR_OK);
	assert_int_equal(owner.n_rows, 0);
	assert_string_equal(loopback_at(owner.server, 0)->method, "DELETE");
	owner_close(&owner);
}

static void test_a_lost_answer_is_looked_for(void **state)
{
	static const int statuses[] = {0, -1, 500, 502, 503, 504};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
		struct owner owner;

		owner_open(&owner, 0, statuses[i] == -1 ? "1s" : "30s");
		owner.write_status = statuses[i];
		owner.write_body = "";
		order(&owner, 1, KIND_KEYS, VERB_CREATE, "anna");
		run_until(&owner, one_done);
		assert_int_equal(owner.problem.code, ERR_OK);
		assert_int_equal(owner.writes, 1);
		assert_string_equal(owner.row_name, "looked");
		assert_string_equal(owner.progress, "checking whether it was created");
		assert_true(owner.look_ms - owner.write_ms >= LOOK_DELAY_MS);
		owner_close(&owner);
	}
}

static void test_what_a_look_finds_is_the_end(void **state)
{
	struct owner owner;

	(void)state;
	owner_open(&owner, 0, "30s");
	owner.write_status = 0;
	owner.look_body = "{}";
	order(&owner, 1, KIND_KEYS, VERB_CREATE, "anna");
	run_until(&owner, one_done);
	assert_int_equal(owner.problem.code, ERR_TIMEOUT);
	assert_int_equal(owner.n_rows, 0);
	owner.look_status = 404;
	order(&owner, 2, KIND_KEYS, VERB_CREATE, "anna");
	run_until(&owner, two_done);
	assert_int_equal(owner.problem.code, ERR_UNSURE);
	assert_int_equal(owner.writes, 2);
	owner_close(&owner);
}

static void test_a_refusal_names_the_field(void **state)
{
	struct owner owner;

	(void)state;
	owner_open(&owner, 0, "30s");
	owner.write_status = 422;
	owner.write_body = "is \x1b[31mtaken";
	order(&owner, 1, KIND_KEYS, VERB_CREATE, "anna");
	run_until(&owner, one_done);
	assert_int_equal(owner.problem.code, ERR_INVALID);
	assert_int_equal(owner.n_faults, 1);
	assert_string_equal(owner.fault.field, "email");
	assert_null(strchr(owner.fault.text, '\x1b'));
	assert_non_null(strstr(owner.fault.text, "[31mtaken"));
	assert_int_equal(owner.n_health, 0); /* the account is well */
	owner_close(&owner);
}

static void test_what_cannot_be_written_is_not_sent(void **state)
{
	struct owner owner;

	(void)state;
	owner_open(&owner, 0, "30s");
	order(&owner, 1, KIND_KEYCHAINS, VERB_DELETE, NULL);
	run_until(&owner, one_done);
	assert_int_equal(owner.problem.code, ERR_UNSUPPORTED);
	order(&owner, 2, KIND_ROOMS, VERB_CREATE, "x");
	run_until(&owner, two_done);
	assert_int_equal(owner.problem.code, ERR_UNSUPPORTED);
	assert_int_equal(loopback_count(owner.server), 0);
	owner_close(&owner);
}

/* Something else of the same order fails while the write is under way. */
static void test_a_write_is_not_left_alone(void **state)
{
	struct owner owner;

	(void)state;
	owner_open(&owner, 0, "30s");
	owner.write_status = -2;
	owner.beside_fails = true;
	order(&owner, 1, KIND_KEYS, VERB_CREATE, "beside");
	run_until(&owner, one_write);
	run_turns(&owner, 20);
	assert_int_equal(owner.n_done, 0);
	loopback_answer(owner.held, 201, "", "{}");
	run_until(&owner, one_done);
	assert_int_equal(owner.problem.code, ERR_UNSURE);
	assert_non_null(strstr(owner.problem.why, "400"));
	owner_close(&owner);
}

static void test_orders_wait_for_each_other(void **state)
{
	struct owner owner;

	(void)state;
	owner_open(&owner, 0, "30s");
	owner.write_status = -2;
	order(&owner, 1, KIND_KEYS, VERB_CREATE, "one");
	order(&owner, 2, KIND_KEYS, VERB_CREATE, "two");
	run_until(&owner, one_write);
	run_turns(&owner, 10);
	assert_int_equal(owner.writes, 1);
	owner.write_status = 201;
	loopback_answer(owner.held, 201, "", "{}");
	run_until(&owner, two_done);
	assert_int_equal(owner.done_order[0], 1);
	assert_int_equal(owner.done_order[1], 2);
	assert_string_equal(loopback_at(owner.server, 1)->body, "two");
	owner_close(&owner);
}

static void test_cancelling(void **state)
{
	struct owner owner;

	(void)state;
	owner_open(&owner, 0, "30s");
	order(&owner, 9, KIND_KEYS, VERB_CREATE, "first"); /* stuck before its write */
	run_until(&owner, first_asked);
	feed_cancel(owner.feed, 9);
	owner.write_status = -2;
	order(&owner, 1, KIND_KEYS, VERB_CREATE, "one");
	order(&owner, 2, KIND_KEYS, VERB_CREATE, "two");
	order(&owner, 3, KIND_KEYS, VERB_CREATE, "three");
	run_until(&owner, one_write);
	feed_cancel(owner.feed, 1); /* sent: goes on */
	feed_cancel(owner.feed, 2); /* waits: gone without a word */
	run_turns(&owner, 10);
	owner.write_status = 201;
	loopback_answer(owner.held, 201, "", "{}");
	run_until(&owner, two_done);
	assert_int_equal(owner.done_order[0], 1);
	assert_int_equal(owner.problems[0].code, ERR_OK);
	assert_int_equal(owner.done_order[1], 3);
	assert_int_equal(owner.writes, 2);
	owner_close(&owner);
}

/* --- the end --- */

static void test_stopping_waits_for_an_order(void **state)
{
	struct owner owner;
	uv_thread_t thread;

	(void)state;
	owner_open(&owner, 0, "30s");
	owner.write_status = -2;
	order(&owner, 1, KIND_KEYS, VERB_CREATE, "one");
	order(&owner, 2, KIND_KEYS, VERB_CREATE, "two");
	run_until(&owner, one_write);
	stop_beside(&owner, &thread);
	run_turns(&owner, 20);
	assert_false(atomic_load(&owner.stopped));
	loopback_reset(owner.held); /* and even then the truth is looked for */
	wait_stopped(&owner, &thread);
	assert_int_equal(owner.n_done, 2);
	assert_int_equal(owner.done_order[0], 2);
	assert_int_equal(owner.problems[0].code, ERR_CANCELLED);
	assert_int_equal(owner.done_order[1], 1);
	assert_int_equal(owner.problems[1].code, ERR_OK);
	assert_string_equal(owner.row_name, "looked");
	assert_int_equal(owner.writes, 1);
	owner_close(&owner);
}

static void test_stopping_does_not_wait_for_ever(void **state)
{
	struct owner owner;
	uv_thread_t thread;

	(void)state;
	owner_open(&owner, 100, "30s");
	owner.write_status = -1;
	order(&owner, 1, KIND_KEYS, VERB_CREATE, "one");
	run_until(&owner, one_write);
	stop_beside(&owner, &thread);
	wait_stopped(&owner, &thread);
	assert_int_equal(owner.n_done, 1);
	assert_int_equal(owner.problem.code, ERR_UNSURE);
	owner_close(&owner);
	/* one whose write was not sent */
	owner_open(&owner, 100, "30s");
	order(&owner, 1, KIND_KEYS, VERB_CREATE, "first");
	run_until(&owner, first_asked);
	stop_beside(&owner, &thread);
	wait_stopped(&owner, &thread);
	assert_int_equal(owner.n_done, 1);
	assert_int_equal(owner.problem.code, ERR_CANCELLED);
	assert_int_equal(owner.writes, 0);
	owner_close(&owner);
}

/* --- afterwards --- */

static void test_follows_look_at_once(void **state)
{
	struct owner owner;
	struct query query;

	(void)state;
	owner_open(&owner, 0, "30s");
	query_init(&query, KIND_KEYS);
	feed_follow(owner.feed, 1, &query, 3600000, NULL);
	query_fini(&query);
	query_init(&query, KIND_DOORS);
	feed_follow(owner.feed, 2, &query, 3600000, NULL);
	query_fini(&query);
	run_until(&owner, one_list);
	order(&owner, 3, KIND_KEYCHAINS, VERB_CREATE, "chain"); /* of which keys are made */
	run_until(&owner, one_done);
	run_until(&owner, two_lists);
	run_turns(&owner, 20);
	assert_int_equal(owner.lists, 2);
	assert_int_equal(loopback_count_of(owner.server, "/list/others"), 1);
	owner_close(&owner);
}

static void test_a_poll_under_way_is_not_taken_for_the_news(void **state)
{
	struct owner owner;
	struct query query;

	(void)state;
	owner_open(&owner, 0, "30s");
	owner.hold_list = true;
	query_init(&query, KIND_KEYS);
	feed_follow(owner.feed, 1, &query, 3600000, NULL);
	query_fini(&query);
	run_until(&owner, list_held);
	order(&owner, 3, KIND_KEYS, VERB_CREATE, "anna");
	run_until(&owner, one_done);
	assert_int_equal(owner.lists, 1);
	loopback_answer(owner.held_list, 200, "", "{}");
	run_until(&owner, two_lists);
	owner_close(&owner);
}

static void test_the_address_for_signing_in(void **state)
{
	struct owner owner;
	struct ask *call;

	(void)state;
	owner_open(&owner, 0, "30s");
	order(&owner, 1, KIND_KEYS, VERB_CREATE, "password");
	run_until(&owner, one_done);
	assert_string_equal(loopback_at(owner.server, 0)->target, "/accounts/api/v1/password");
	assert_string_equal(loopback_at(owner.server, 0)->method, "PUT");
	/* and a call as it is */
	call = ask_new(ASK_CALL, 2);
	call->method = g_strdup("PUT");
	call->path = g_strdup("/call");
	call->at_sign_in = true;
	call->body = g_strdup("hush");
	call->body_length = 4;
	feed_ask(owner.feed, call);
	run_until(&owner, two_done);
	assert_string_equal(loopback_at(owner.server, 1)->target, "/accounts/call");
	assert_string_equal(loopback_at(owner.server, 1)->body, "hush");
	owner_close(&owner);
}

/* --- pictures --- */

static void test_pictures(void **state)
{
	struct owner owner;
	char *url;

	(void)state;
	owner_open(&owner, 0, "30s");
	url = g_strconcat(loopback_url(owner.server), "/picture.png", NULL);
	feed_picture(owner.feed, 1, url, 100);
	run_until(&owner, one_done);
	assert_int_equal(owner.problem.code, ERR_OK);
	assert_string_equal(owner.content_type, "image/png");
	assert_string_equal(owner.reply, "a picture");
	assert_null(loopback_header(owner.server, 0, "Authorization"));
	feed_picture(owner.feed, 2, url, 5);
	run_until(&owner, two_done);
	assert_int_equal(owner.problem.code, ERR_TOO_BIG);
	owner.n_done = 0;
	feed_picture(owner.feed, 3, "https://169.254.169.254/latest/meta-data", 100);
	run_until(&owner, one_done);
	assert_int_equal(owner.problem.code, ERR_DENIED);
	feed_picture(owner.feed, 4, "javascript:alert(1)", 100);
	run_until(&owner, two_done);
	assert_int_equal(owner.problem.code, ERR_INVALID);
	assert_int_equal(owner.n_health, 0);
	g_free(url);
	owner_close(&owner);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_order_is_carried_out),
		cmocka_unit_test(test_a_deletion_has_no_rows),
		cmocka_unit_test(test_a_lost_answer_is_looked_for),
		cmocka_unit_test(test_what_a_look_finds_is_the_end),
		cmocka_unit_test(test_a_refusal_names_the_field),
		cmocka_unit_test(test_what_cannot_be_written_is_not_sent),
		cmocka_unit_test(test_a_write_is_not_left_alone),
		cmocka_unit_test(test_orders_wait_for_each_other),
		cmocka_unit_test(test_cancelling),
		cmocka_unit_test(test_stopping_waits_for_an_order),
		cmocka_unit_test(test_stopping_does_not_wait_for_ever),
		cmocka_unit_test(test_follows_look_at_once),
		cmocka_unit_test(test_a_poll_under_way_is_not_taken_for_the_news),
		cmocka_unit_test(test_the_address_for_signing_in),
		cmocka_unit_test(test_pictures),
	};

	loopback_forget_proxies();
	jsonx_setup();
	if (http_setup() != ERR_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
