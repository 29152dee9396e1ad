#include "feed/private.h"

#include "base/moment.h"
#include "base/statefile.h"
#include "core/kind.h"
#include "feed/push.h"

#include <stdlib.h>
#include <string.h>

#define SKEW_LEAST_MS 5000 /* Date has whole seconds and travels; smaller differences are none */
#define PACE_FALLBACK_MS 30000

void feed_free_handle(uv_handle_t *handle) { free(handle); }

/* --- the clock of the server --- */

int64_t feed_now_ms(const struct feed *feed) { return clock_wall_ms(feed->options.clock) + feed->skew_ms; }

void feed_learn_date(struct feed *feed, int64_t server_date_ms)
{
	int64_t skew_ms;

	if (server_date_ms == MOMENT_NONE)
		return;
	skew_ms = server_date_ms - clock_wall_ms(feed->options.clock);
	if (llabs(skew_ms - feed->skew_ms) < SKEW_LEAST_MS)
		return;
	feed->skew_ms = llabs(skew_ms) < SKEW_LEAST_MS ? 0 : skew_ms;
	logger_write(feed->options.logger, LOG_LEVEL_INFO, feed->options.account->name,
		     "the server's clock differs from ours by %lld ms", (long long)feed->skew_ms);
}

/* --- events --- */

void feed_post(struct feed *feed, struct event *event) { mailbox_post(feed->options.events, &event->mail); }

static void copy_notices(struct event *event, struct work *work)
{
	const struct work_notice *notices;

	if (work == NULL)
		return;
	event->n_notices = work_notices(work, &notices);
	event->notices = g_memdup2(notices, event->n_notices * sizeof(*notices));
}

/* Never 0, and never that of health. */
uint64_t feed_state_key(const struct feed *feed, uint64_t request, unsigned slot)
{
	return ((uint64_t)(feed->options.number + 1) << 40) | (request << 8) | (slot & 0xff);
}

static void copy_faults(struct event *event, const struct work *work)
{
	const struct work_field_fault *faults;

	if (work == NULL)
		return;
	event->n_faults = work_field_errors(work, &faults);
	event->faults = g_memdup2(faults, event->n_faults * sizeof(*faults));
}

void feed_post_rows(struct feed *feed, uint64_t request, struct work *work, int64_t valid_until_ms,
		    bool state)
{
	const struct rows *rows[KIND_COUNT];
	size_t n = work_take(work, valid_until_ms, rows, KIND_COUNT);

	for (size_t i = 0; i < n; i++) {
		struct event *event = event_new(EVENT_ROWS, feed->options.number, request);

		event->rows = rows[i];
		if (state)
			event->mail.key = feed_state_key(feed, request, (unsigned)rows_kind(rows[i]) + 1);
		else
			event->mail.must_keep = true; /* samples and one-time answers: none may be lost */
		if (i == 0)
			copy_notices(event, work);
		feed_post(feed, event);
	}
}

void feed_post_done(struct feed *feed, uint64_t request, const struct problem *problem, struct work *work)
{
	struct event *event = event_new(EVENT_DONE, feed->options.number, request);

	if (problem != NULL)
		event->problem = *problem;
	if (feed->source != NULL && feed->ops->mode != NULL && feed->ops->mode(feed->source) != NULL)
		g_strlcpy(event->mode, feed->ops->mode(feed->source), sizeof(event->mode));
	copy_notices(event, work);
	copy_faults(event, work);
	feed_post(feed, event);
}

void feed_tell_health(struct feed *feed)
{
	struct event *event = event_new(EVENT_HEALTH, feed->options.number, 0);

	event->mail.key = feed->options.number + 1;
	event->health = feed->health;
	event->health.skew_ms = feed->skew_ms;
	push_health(feed->push, &event->health);
	feed_post(feed, event);
}

/* What a vendor learned lies in a file of its own beside the token. g_free it. */
static char *memory_file(const struct feed *feed)
{
	const char *identity = feed->ops->identity == NULL ? NULL : feed->ops->identity(feed->source);

	if (feed->ops->memory == NULL || identity == NULL || feed->options.state_folder == NULL)
		return NULL;
	return statefile_name("memory-", identity);
}

/* A small file, seldom: once when a server shows what it speaks. */
static void remember(struct feed *feed)
{
	char *name = memory_file(feed);
	const char *memory = name == NULL ? NULL : feed->ops->memory(feed->source);

	if (memory != NULL && g_strcmp0(memory, feed->memory) != 0) {
		g_free(feed->memory);
		feed->memory = g_strdup(memory);
		if (statefile_write(feed->options.state_folder, name, memory, strlen(memory), NULL) != ERR_OK)
			logger_write(feed->options.logger, LOG_LEVEL_WARN, feed->options.account->name,
				     "what was learned of the server cannot be kept");
	}
	g_free(name);
}

void feed_came_through(struct feed *feed)
{
	remember(feed);
	feed->health = (struct feed_health){
		.state = FEED_OK,
		.last_ok_ms = clock_wall_ms(feed->options.clock),
		.next_try_ms = MOMENT_NONE,
	};
	feed_tell_health(feed);
}

void feed_failed(struct feed *feed, const struct problem *problem, int64_t next_try_ms)
{
	char text[512];

	feed->health.state = problem->code == ERR_AUTH ? FEED_SIGNED_OUT : FEED_DOWN;
	feed->health.next_try_ms = next_try_ms;
	feed->health.failures++;
	feed->health.problem = *problem;
	logger_write(feed->options.logger, LOG_LEVEL_WARN, feed->options.account->name, "%s",
		     problem_text(problem, text, sizeof(text)));
	feed_tell_health(feed);
}

int64_t feed_pace_ms(const struct feed *feed, enum kind kind)
{
	const struct source_pace *pace = feed->ops->paces;

	while (pace->every_ms > 0 && pace->kind != kind)
		pace++;
	return account_poll_ms(feed->options.account, kind,
			       pace->every_ms > 0 ? pace->every_ms : PACE_FALLBACK_MS);
}

/* --- asks --- */

static void cancel_request(struct feed *feed, uint64_t request)
{
	struct follow *follow = g_hash_table_lookup(feed->follows, &request);
	struct once *once = g_hash_table_lookup(feed->onces, &request);
	struct call *call = g_hash_table_lookup(feed->calls, &request);

	if (follow != NULL) {
		g_hash_table_remove(feed->follows, &request);
		follow_stop(follow);
		if (feed->push != NULL)
			push_follows_changed(feed->push);
	}
	if (once != NULL) {
		g_hash_table_remove(feed->onces, &request);
		once_drop(once);
	}
	if (call != NULL) {
		g_hash_table_remove(feed->calls, &request);
		call_drop(call);
	}
	change_cancel(feed, request);
}

static void on_session_closed(void *ctx)
{
	struct feed *feed = ctx;

	feed->session = NULL;
}

static void drop_all(GHashTable *table, void (*drop)(void *))
{
	GList *values = g_hash_table_get_values(table);

	g_hash_table_remove_all(table);
	g_list_free_full(values, drop);
}

static void drop_follow(void *follow) { follow_stop(follow); }

static void drop_once(void *once) { once_drop(once); }

static void drop_call(void *call) { call_drop(call); }

void feed_end(struct feed *feed)
{
	if (feed->patience != NULL)
		uv_close((uv_handle_t *)feed->patience, feed_free_handle);
	feed->patience = NULL;
	if (feed->session != NULL)
		session_close(feed->session, on_session_closed, feed);
	mailbox_close(feed->inbox);
}

static int64_t order_patience_ms(const struct feed *feed)
{
	int64_t sent_ms = feed->options.order_patience_ms > 0
				  ? feed->options.order_patience_ms
				  : feed->options.account->timeout_ms + FEED_ORDER_LOOK_MS;

	return change_sent(feed) ? sent_ms : MIN(sent_ms, FEED_ORDER_UNSENT_MS);
}

static void wait_for_order(struct feed *feed);

static void on_patience(uv_timer_t *timer) { wait_for_order(timer->data); }

/* Its end calls feed_end by itself. */
static void wait_for_order(struct feed *feed)
{
	int64_t spent_ms = clock_mono_ms(feed->options.clock) - feed->stop_ms;
	int64_t left_ms = order_patience_ms(feed) - spent_ms;

	if (left_ms <= 0) {
		change_end(feed);
		feed_end(feed);
		return;
	}
	uv_update_time(&feed->loop);
	uv_timer_start(feed->patience, on_patience, (uint64_t)left_ms, 0);
}

static void begin_stop(struct feed *feed)
{
	if (feed->stopping)
		return;
	feed->stopping = true;
	feed->stop_ms = clock_mono_ms(feed->options.clock);
	drop_all(feed->follows, drop_follow);
	drop_all(feed->onces, drop_once);
	drop_all(feed->calls, drop_call);
	push_stop(feed->push);
	if (!change_stop(feed)) {
		feed_end(feed);
		return;
	}
	feed->patience = calloc(1, sizeof(*feed->patience));
	if (feed->patience == NULL)
		g_error("out of memory");
	uv_timer_init(&feed->loop, feed->patience);
	feed->patience->data = feed;
	wait_for_order(feed);
}

static void start_follow(struct feed *feed, const struct ask *ask)
{
	uint64_t *number = g_memdup2(&ask->request, sizeof(ask->request));

	g_hash_table_insert(feed->follows, number,
			    follow_start(feed, ask->request, ask->query, ask->every_ms, ask->stream));
}

static void on_mail(void *ctx, struct mail *mail)
{
	struct feed *feed = ctx;
	struct ask *ask = (struct ask *)mail;

	if (feed->stopping && ask->type != ASK_ORDER) {
		ask_free(ask);
		return;
	}
	switch (ask->type) {
	case ASK_ONCE:
		once_start(feed, ask->request, ask->query);
		break;
	case ASK_FOLLOW:
		start_follow(feed, ask);
		break;
	case ASK_SIGN_IN:
	case ASK_CALL:
	case ASK_PICTURE:
		call_start(feed, ask);
		break;
	case ASK_ORDER:
		change_start(feed, ask->request, ask->order);
		break;
	case ASK_CANCEL:
		cancel_request(feed, ask->request);
		break;
	case ASK_STOP:
		begin_stop(feed);
		break;
	}
	ask_free(ask);
}

/* --- the thread --- */

static int open_session(struct feed *feed)
{
	const struct account *account = feed->options.account;
	const struct source_ops *ops = feed->ops;
	bool one_shot = feed->options.one_shot;
	struct session_options options = {
		.account = account->name,
		.base_url = account_text(account, "base_url"),
		.sign_in_url = ops->sign_in_url == NULL ? NULL : ops->sign_in_url(feed->source),
		.identity = ops->identity == NULL ? NULL : ops->identity(feed->source),
		.state_folder = feed->options.state_folder,
		.static_token = ops->static_token == NULL ? NULL : ops->static_token(feed->source),
		.basic_user = ops->basic_user == NULL ? NULL : ops->basic_user(feed->source),
		.basic_password = ops->basic_password == NULL ? NULL : ops->basic_password(feed->source),
		.keeps_cache = ops->keeps_cache,
		.lifetime_ms = ops->lifetime_ms,
		.auth = ops->auth,
		.auth_state = feed->source,
		.per_s = ops->per_s,
		.burst = ops->burst,
		.limiters = feed->options.limiters,
		.attempts = one_shot ? FEED_ATTEMPTS_ONE_SHOT : FEED_ATTEMPTS_FOLLOW,
		.retry_timeouts = false,
		.patience_ms = FEED_PATIENCE_MS,
		.seed = feed->options.seed,
		.http =
			{
				.ca_file = account_text(account, "ca_file"),
				.user_agent = FEED_USER_AGENT,
				.scope = account->name,
				.timeout_ms = account->timeout_ms,
				.logger = feed->options.logger,
				.clock = feed->options.clock,
			},
	};

	feed->session = session_new(&feed->loop, &options, &feed->broken);
	return feed->session != NULL ? ERR_OK : ERR_CONFIG;
}

static void recall(struct feed *feed)
{
	char *name = memory_file(feed);
	struct buf text;

	buf_init(&text, BUF_CEILING_FILE);
	if (name != NULL && statefile_read(feed->options.state_folder, name, &text, NULL) == ERR_OK) {
		feed->memory = g_strdup(buf_text(&text));
		feed->ops->recall(feed->source, feed->memory);
	}
	buf_fini(&text);
	g_free(name);
}

/* Secrets may come from commands, so this runs here and not in feed_start. */
static void open_source(struct feed *feed)
{
	if (feed->ops->open(feed->options.account, &feed->source, &feed->broken) != ERR_OK) {
		feed->source = NULL;
	} else if (open_session(feed) != ERR_OK) {
		feed->ops->close(feed->source);
		feed->source = NULL;
	}
	if (feed->source == NULL) {
		feed_failed(feed, &feed->broken, MOMENT_NONE);
		return;
	}
	recall(feed);
	feed->push = push_new(feed);
}

static void log_handle(uv_handle_t *handle, void *ctx)
{
	struct feed *feed = ctx;

	logger_write(feed->options.logger, LOG_LEVEL_ERROR, feed->options.account->name,
		     "still open at the end: %s", uv_handle_type_name(handle->type));
}

static void feed_main(void *argument)
{
	struct feed *feed = argument;

	open_source(feed);
	uv_run(&feed->loop, UV_RUN_DEFAULT);
	push_free(feed->push);
	uv_run(&feed->loop, UV_RUN_DEFAULT);
	if (uv_loop_close(&feed->loop) != 0)
		uv_walk(&feed->loop, log_handle, feed);
	if (feed->source != NULL)
		feed->ops->close(feed->source);
}

static void feed_free(struct feed *feed)
{
	g_hash_table_unref(feed->runs);
	g_hash_table_unref(feed->follows);
	g_hash_table_unref(feed->onces);
	g_hash_table_unref(feed->calls);
	mailbox_unref(feed->inbox);
	mailbox_unref(feed->options.events);
	g_free(feed->memory);
	g_free(feed);
}

struct feed *feed_start(const struct feed_options *options, struct problem *problem)
{
	const struct source_ops *ops = source_find(options->account->vendor);
	struct feed *feed;

	if (ops == NULL) {
		problem_set(problem, ERR_UNSUPPORTED, NULL, "remove the account, or use a newer lodge",
			    "this lodge does not speak to %s yet", vendor_name(options->account->vendor));
		return NULL;
	}
	feed = g_new0(struct feed, 1);
	feed->options = *options;
	feed->options.events = mailbox_ref(options->events);
	feed->ops = ops;
	feed->health.last_ok_ms = MOMENT_NONE;
	feed->runs = g_hash_table_new(NULL, NULL);
	feed->follows = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	feed->onces = g_hash_table_new(g_int64_hash, g_int64_equal);
	g_queue_init(&feed->changes);
	feed->calls = g_hash_table_new(g_int64_hash, g_int64_equal);
	if (uv_loop_init(&feed->loop) != 0)
		g_error("no event loop can be had");
	feed->inbox = mailbox_new(&feed->loop, FEED_INBOX, on_mail, feed);
	mailbox_ref(feed->inbox); /* ours, to post with; the thread's goes when it closes the box */
	if (uv_thread_create(&feed->thread, feed_main, feed) != 0)
		g_error("no thread can be had");
	return feed;
}

void feed_ask(struct feed *feed, struct ask *ask) { mailbox_post(feed->inbox, &ask->mail); }

void feed_once(struct feed *feed, uint64_t request, const struct query *query)
{
	struct ask *ask = ask_new(ASK_ONCE, request);

	ask->query = query_copy(query);
	feed_ask(feed, ask);
}

void feed_follow(struct feed *feed, uint64_t request, const struct query *query, int64_t every_ms,
		 struct stream *stream)
{
	struct ask *ask = ask_new(ASK_FOLLOW, request);

	ask->query = query_copy(query);
	ask->every_ms = every_ms;
	ask->stream = stream;
	feed_ask(feed, ask);
}

void feed_order(struct feed *feed, uint64_t request, const struct order *order)
{
	struct ask *ask = ask_new(ASK_ORDER, request);

	ask->order = order_copy(order);
	feed_ask(feed, ask);
}

void feed_picture(struct feed *feed, uint64_t request, const char *url, size_t ceiling)
{
	struct ask *ask = ask_new(ASK_PICTURE, request);

	ask->path = g_strdup(url);
	ask->ceiling = ceiling;
	feed_ask(feed, ask);
}

void feed_cancel(struct feed *feed, uint64_t request) { feed_ask(feed, ask_new(ASK_CANCEL, request)); }

void feed_stop(struct feed *feed)
{
	if (feed == NULL)
		return;
	feed_ask(feed, ask_new(ASK_STOP, 0));
	uv_thread_join(&feed->thread);
	feed_free(feed);
}
