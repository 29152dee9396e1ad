#include "feed/push.h"

#include "base/moment.h"
#include "core/kind.h"
#include "net/ws.h"

#include <stdlib.h>
#include <string.h>

#define PARALLEL 4         /* channels being opened at once: polls are not to wait behind them */
#define FIRST_WAIT_MS 6000 /* less up to a half: no sooner than after 3 s (density.md §7) */
#define MOST_WAIT_MS 60000
#define REFUSED_WAIT_MS 600000 /* the account may not have it: asked again seldom */
#define STEADY_MS 30000        /* open for so long: its end is no sign of trouble */
#define UNREAD_WAIT_MS 100
#define FIRST_GATHER_MS 5 /* after a quiet while */
#define COST_SHARE 4      /* of the time, at most one part in so many goes into building rows */
#define TELL_MS 1000      /* that messages came is told no more often */
#define ADDRESS_BYTES 8192

enum stage {
	STAGE_WAITING, /* until its timer fires, or for its turn */
	STAGE_ASKING,  /* for the address */
	STAGE_CONNECTING,
	STAGE_OPEN,
};

struct channel {
	struct push *push;
	char *name;
	enum stage stage;
	bool live, wanted;
	bool queued;    /* waits for its turn */
	int64_t number; /* of the request under way */
	struct ws_channel *ws;
	uv_timer_t *timer; /* until the next try; open: until it has been silent for too long */
	int64_t live_ms;   /* monotonic: since when */
	struct backoff backoff;
};

struct push {
	struct feed *feed;
	const struct source_push *ops;
	struct ws *ws;
	GHashTable *channels; /* name → struct channel * */
	GQueue turns;         /* struct channel *: what may be opened when a slot is free */
	unsigned opening, live;
	size_t wanted;      /* how many the vendor names; more than are kept open, perhaps */
	uv_timer_t *gather; /* a change is told when it fires */
	bool gathering, stopped;
	int64_t cost_ms;    /* of building the rows the last time */
	int64_t told_ms;    /* monotonic: when messages were last told of */
	int64_t told_at_ms; /* monotonic: when rows were last told */
};

static const struct ws_events channel_events;

static int64_t mono_ms(const struct push *push) { return clock_mono_ms(push->feed->options.clock); }

static uv_timer_t *timer_new(struct push *push, void *data)
{
	uv_timer_t *timer = calloc(1, sizeof(*timer));

	if (timer == NULL)
		g_error("out of memory");
	uv_timer_init(&push->feed->loop, timer);
	timer->data = data;
	return timer;
}

static void timer_free(uv_timer_t *timer)
{
	timer->data = NULL;
	uv_close((uv_handle_t *)timer, feed_free_handle);
}

static void timer_set(uv_timer_t *timer, uv_timer_cb on_timer, int64_t wait_ms)
{
	uv_update_time(timer->loop);
	uv_timer_start(timer, on_timer, (uint64_t)MAX(wait_ms, 0), 0);
}

/* --- rows --- */

static bool is_wanted(const void *row, void *ctx) { return query_match(ctx, row); }

static void post_rows(struct push *push, uint64_t request, struct follow *follow)
{
	struct feed *feed = push->feed;
	const struct query *query = follow_query(follow);
	int64_t now_ms = feed_now_ms(feed);
	struct rows *rows = push->ops->rows(feed->source, feed->options.account->name, now_ms);
	struct event *event;

	if (rows == NULL)
		return;
	rows_filter(rows, is_wanted, (void *)query);
	if (query->limit > 0)
		rows_truncate(rows, (size_t)query->limit);
	event = event_new(EVENT_ROWS, feed->options.number, request);
	rows_set_hash(rows, kind_hash_rows(rows));
	rows_set_times(rows, now_ms, now_ms + 2 * follow_pace_ms(follow));
	event->rows = rows_seal(rows);
	event->mail.key = feed_state_key(feed, request, (unsigned)push->ops->kind + 1);
	feed_post(feed, event);
}

static void on_gathered(uv_timer_t *timer)
{
	struct push *push = timer->data;
	GHashTableIter iter;
	void *request, *follow;

	if (push == NULL || push->stopped)
		return;
	if (mailbox_unread(push->feed->options.events) > FEED_UNREAD_MOST) {
		timer_set(push->gather, on_gathered, UNREAD_WAIT_MS);
		return;
	}
	push->gathering = false;
	push->told_at_ms = mono_ms(push);
	g_hash_table_iter_init(&iter, push->feed->follows);
	while (g_hash_table_iter_next(&iter, &request, &follow))
		if (follow_query(follow)->kind == push->ops->kind)
			post_rows(push, *(const uint64_t *)request, follow);
	push->cost_ms = mono_ms(push) - push->told_at_ms;
}

/* The first change waits for those that come with it; building the rows of a large house takes no more than its share of the time. */
static void rows_changed(struct push *push)
{
	int64_t next_ms = push->told_at_ms + MAX(COST_SHARE * push->cost_ms, PUSH_GATHER_MS);

	if (push->gathering || push->stopped)
		return;
	push->gathering = true;
	timer_set(push->gather, on_gathered, MAX(next_ms - mono_ms(push), FIRST_GATHER_MS));
}

/* --- how it stands --- */

bool push_all_live(const struct push *push, enum kind kind)
{
	return push != NULL && push->ops->kind == kind && push->wanted > 0 && push->live == push->wanted;
}

void push_health(const struct push *push, struct feed_health *health)
{
	health->push = FEED_PUSH_NONE;
	health->channels = health->channels_live = 0;
	if (push == NULL || push->wanted == 0)
		return;
	health->channels = (unsigned)MIN(push->wanted, 100000u);
	health->channels_live = push->live;
	health->push = push->live == 0              ? FEED_PUSH_POLLING
		       : push->live == push->wanted ? FEED_PUSH_LIVE
						    : FEED_PUSH_PARTLY;
}

static void hurry_polls(struct push *push)
{
	GHashTableIter iter;
	void *follow;

	g_hash_table_iter_init(&iter, push->feed->follows);
	while (g_hash_table_iter_next(&iter, NULL, &follow))
		if (follow_query(follow)->kind == push->ops->kind)
			follow_repace(follow);
}

static void set_live(struct channel *channel, bool live)
{
	struct push *push = channel->push;
	bool all = push_all_live(push, push->ops->kind);

	if (channel->live == live)
		return;
	channel->live = live;
	channel->live_ms = mono_ms(push);
	push->live += live ? 1u : -1u;
	if (push->stopped)
		return;
	feed_tell_health(push->feed);
	if (all)
		hurry_polls(push);
}

/* --- one channel --- */

static void on_due(uv_timer_t *timer);
static void next_turns(struct push *push);

static void leave_slot(struct channel *channel)
{
	if (channel->stage == STAGE_ASKING || channel->stage == STAGE_CONNECTING)
		channel->push->opening--;
}

/* Whatever is under way ends. */
static void cut(struct channel *channel)
{
	struct push *push = channel->push;
	bool was_open = channel->stage == STAGE_OPEN;

	leave_slot(channel);
	if (channel->number > 0)
		session_cancel(push->feed->session, channel->number);
	channel->number = 0;
	ws_channel_close(channel->ws);
	channel->ws = NULL;
	channel->stage = STAGE_WAITING;
	if (channel->queued)
		g_queue_remove(&push->turns, channel);
	channel->queued = false;
	set_live(channel, false);
	if (was_open) {
		push->ops->lost(push->feed->source, channel->name, feed_now_ms(push->feed));
		rows_changed(push);
	}
}

static void try_later(struct channel *channel, int64_t least_ms, const char *why)
{
	struct push *push = channel->push;
	bool steady = channel->live && mono_ms(push) - channel->live_ms >= STEADY_MS;
	int64_t wait_ms;

	cut(channel);
	if (steady)
		backoff_reset(&channel->backoff);
	wait_ms = MAX(backoff_next_ms(&channel->backoff, -1), least_ms);
	logger_write(push->feed->options.logger, LOG_LEVEL_INFO, push->feed->options.account->name,
		     "live channel: %s; again in %lld s", why, (long long)((wait_ms + 999) / 1000));
	timer_set(channel->timer, on_due, wait_ms);
	next_turns(push);
}

static void on_silent(uv_timer_t *timer)
{
	struct channel *channel = timer->data;

	if (channel != NULL)
		try_later(channel, 0, "it brought nothing for too long");
}

static void on_opened(void *ctx)
{
	struct channel *channel = ctx;

	leave_slot(channel);
	channel->stage = STAGE_OPEN;
	timer_set(channel->timer, on_silent, channel->push->ops->silence_ms);
	next_turns(channel->push);
}

/* That the account answers, too: told now and then only. */
static void tell_life(struct push *push)
{
	int64_t now_ms = mono_ms(push);

	if (push->feed->health.state != FEED_OK || now_ms - push->told_ms < TELL_MS)
		return;
	push->told_ms = now_ms;
	push->feed->health.last_ok_ms = clock_wall_ms(push->feed->options.clock);
	feed_tell_health(push->feed);
}

static void on_message(void *ctx, const char *bytes, size_t length)
{
	struct channel *channel = ctx;
	struct push *push = channel->push;
	bool changed = false;

	if (push->ops->message(push->feed->source, channel->name, bytes, length, feed_now_ms(push->feed),
			       &changed) != ERR_OK)
		return;
	uv_timer_start(channel->timer, on_silent, (uint64_t)push->ops->silence_ms, 0);
	set_live(channel, true);
	tell_life(push);
	if (changed)
		rows_changed(push);
}

static void on_closed(void *ctx, int error, const char *why)
{
	struct channel *channel = ctx;

	channel->ws = NULL; /* it is gone */
	try_later(channel, error == ERR_DENIED ? REFUSED_WAIT_MS : 0, why);
}

static const struct ws_events channel_events = {on_opened, on_message, on_closed};

/* --- its address --- */

static void connect_to(struct channel *channel, const char *url)
{
	struct push *push = channel->push;
	struct problem problem = {.code = ERR_OK};

	channel->stage = STAGE_CONNECTING;
	channel->ws = ws_connect(push->ws, url, &channel_events, channel, &problem);
	if (channel->ws == NULL)
		try_later(channel, REFUSED_WAIT_MS, problem.why);
}

/* 401 is not among them: signing in is the session's business, and comes back. */
static bool refused(int status)
{
	return status == 403 || status == 404 || status == 405 || status == 410 || status == 501;
}

static void on_address(void *ctx, const struct session_answer *answer)
{
	struct channel *channel = ctx;
	struct push *push = channel->push;
	struct buf url;
	char text[64];

	channel->number = 0;
	if (answer->error != ERR_OK) {
		try_later(channel, 0, err_text(answer->error));
		return;
	}
	if (answer->status < 200 || answer->status > 299) {
		g_snprintf(text, sizeof(text), "its address was refused (%d)", answer->status);
		try_later(channel, refused(answer->status) ? REFUSED_WAIT_MS : 0, text);
		return;
	}
	buf_init(&url, ADDRESS_BYTES);
	if (push->ops->address(push->feed->source, answer->body, answer->body_length, &url) == ERR_OK &&
	    url.error == ERR_OK && url.length > 0)
		connect_to(channel, buf_text(&url));
	else
		try_later(channel, 0, "the answer holds no address");
	buf_wipe(&url);
}

static void ask_address(struct channel *channel)
{
	struct push *push = channel->push;
	const char *method = "POST";
	struct session_request request = {.once = true};
	struct buf path;

	channel->stage = STAGE_ASKING;
	push->opening++;
	buf_init(&path, ADDRESS_BYTES);
	if (push->ops->request(push->feed->source, channel->name, &method, &path) == ERR_OK &&
	    path.error == ERR_OK) {
		request.method = method;
		request.path = buf_text(&path);
		channel->number = session_send(push->feed->session, &request, on_address, channel);
	}
	buf_fini(&path);
	if (channel->number <= 0) {
		channel->number = 0;
		try_later(channel, REFUSED_WAIT_MS, "its address cannot be asked for");
	}
}

/* Opens those whose turn it is. */
static void next_turns(struct push *push)
{
	struct channel *channel;

	while (!push->stopped && push->opening < PARALLEL &&
	       (channel = g_queue_pop_head(&push->turns)) != NULL) {
		channel->queued = false;
		ask_address(channel);
	}
}

static void on_due(uv_timer_t *timer)
{
	struct channel *channel = timer->data;

	if (channel == NULL || channel->queued || channel->stage != STAGE_WAITING)
		return;
	channel->queued = true;
	g_queue_push_tail(&channel->push->turns, channel);
	next_turns(channel->push);
}

/* --- all of them --- */

static void channel_free(void *memory)
{
	struct channel *channel = memory;

	cut(channel);
	timer_free(channel->timer);
	g_free(channel->name);
	g_free(channel);
}

static void channel_add(struct push *push, const char *name)
{
	struct channel *channel = g_new0(struct channel, 1);
	int64_t first_ms = push->feed->options.push_wait_ms;

	channel->push = push;
	channel->name = g_strdup(name);
	channel->wanted = true;
	channel->timer = timer_new(push, channel);
	backoff_init(&channel->backoff, first_ms > 0 ? first_ms : FIRST_WAIT_MS, MOST_WAIT_MS,
		     push->feed->options.seed ^ g_str_hash(name));
	g_hash_table_insert(push->channels, channel->name, channel);
	on_due(channel->timer);
}

static gboolean is_gone(void *name, void *value, void *ctx)
{
	(void)name, (void)ctx;
	return !((const struct channel *)value)->wanted;
}

static void mark(struct push *push, const char *const *names, size_t n)
{
	GHashTableIter iter;
	void *value;

	g_hash_table_iter_init(&iter, push->channels);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		((struct channel *)value)->wanted = false;
	for (size_t i = 0; i < n; i++) {
		struct channel *channel = g_hash_table_lookup(push->channels, names[i]);

		if (channel != NULL)
			channel->wanted = true;
		else
			channel_add(push, names[i]);
	}
}

void push_settle(struct push *push, enum kind kind)
{
	const char *names[PUSH_CHANNELS];
	char *copies[PUSH_CHANNELS];
	size_t wanted, n;

	if (push->stopped || kind != push->ops->kind)
		return;
	wanted = push->ops->channels(push->feed->source, names, PUSH_CHANNELS);
	n = MIN(wanted, PUSH_CHANNELS);
	for (size_t i = 0; i < n; i++)
		copies[i] = g_strdup(names[i]);
	mark(push, (const char *const *)copies, n);
	for (size_t i = 0; i < n; i++)
		g_free(copies[i]);
	(void)g_hash_table_foreach_remove(push->channels, is_gone, NULL);
	/* The same name twice is one channel. */
	push->wanted = wanted > PUSH_CHANNELS ? wanted : g_hash_table_size(push->channels);
	next_turns(push);
	feed_tell_health(push->feed);
}

void push_follows_changed(struct push *push)
{
	GHashTableIter iter;
	void *follow;

	g_hash_table_iter_init(&iter, push->feed->follows);
	while (g_hash_table_iter_next(&iter, NULL, &follow))
		if (follow_query(follow)->kind == push->ops->kind)
			return;
	g_hash_table_remove_all(push->channels);
	push->wanted = 0;
}

struct push *push_new(struct feed *feed)
{
	const struct account *account = feed->options.account;
	struct ws_options options = {
		.base_url = account_text(account, "base_url"),
		.ca_file = account_text(account, "ca_file"),
		.user_agent = FEED_USER_AGENT,
	};
	struct push *push;

	if (feed->ops->push == NULL || feed->source == NULL)
		return NULL;
	push = g_new0(struct push, 1);
	push->feed = feed;
	push->ops = feed->ops->push;
	push->ws = ws_new(&feed->loop, &options);
	push->channels = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, channel_free);
	g_queue_init(&push->turns);
	push->gather = timer_new(push, push);
	push->told_ms = push->told_at_ms = mono_ms(push) - MOST_WAIT_MS;
	return push;
}

void push_stop(struct push *push)
{
	if (push == NULL || push->stopped)
		return;
	push->stopped = true;
	g_hash_table_remove_all(push->channels);
	timer_free(push->gather);
	ws_close(push->ws);
}

void push_free(struct push *push)
{
	if (push == NULL)
		return;
	ws_free(push->ws);
	g_hash_table_unref(push->channels);
	g_free(push);
}
