/* Changes that a person ordered. One at a time, in the order they came: a change whose answer was lost is looked for by its content, and two alike under
 * way at once could be taken for each other. What may have reached the server is never dropped: its end is waited for, so that the truth can be told. */
#include "feed/private.h"

#include "base/moment.h"
#include "core/kind.h"

#include <stdlib.h>
#include <string.h>

struct change {
	struct feed *feed;
	uint64_t request;
	struct order *order;
	struct run *run; /* NULL while others are before it */
};

/* Above the kinds in a key of feed_state_key. */
#define PROGRESS_SLOT 0xff

static void start_next(struct feed *feed);

static void change_free(struct change *change)
{
	order_free(change->order);
	g_free(change);
}

/* --- afterwards --- */

/* What a person sees of it elsewhere. */
static uint32_t touched(enum kind kind)
{
	switch (kind) {
	case KIND_KEYCHAINS:
	case KIND_KEYS:
		return KIND_BIT(KIND_KEYCHAINS) | KIND_BIT(KIND_KEYS);
	case KIND_UNITS:
	case KIND_TENANTS:
		return KIND_BIT(KIND_UNITS) | KIND_BIT(KIND_TENANTS);
	default:
		return KIND_BIT(kind);
	}
}

static void hurry_follows(struct feed *feed, uint32_t kinds)
{
	GHashTableIter iter;
	void *follow;

	g_hash_table_iter_init(&iter, feed->follows);
	while (g_hash_table_iter_next(&iter, NULL, &follow))
		follow_hurry(follow, kinds);
}

/* A refusal says nothing about the account; that it cannot be reached does. */
static void tell_health(struct feed *feed, struct work *work)
{
	int code = work_problem(work)->code;

	if (!work_failed(work))
		feed_came_through(feed);
	else if (code == ERR_AUTH || code == ERR_UNREACHED || code == ERR_TIMEOUT)
		feed_failed(feed, work_problem(work), MOMENT_NONE);
}

static void on_change_done(void *ctx, struct work *work)
{
	struct change *change = ctx;
	struct feed *feed = change->feed;
	bool failed = work_failed(work);

	change->run = NULL;
	g_queue_remove(&feed->changes, change);
	if (!failed && change->order->verb != VERB_DELETE)
		feed_post_rows(feed, change->request, work, feed_now_ms(feed) + 60000, false);
	tell_health(feed, work);
	feed_post_done(feed, change->request, failed ? work_problem(work) : NULL, work);
	if (!failed || work_problem(work)->code == ERR_UNSURE)
		hurry_follows(feed, touched(change->order->kind));
	change_free(change);
	start_next(feed);
}

static void on_change_progress(void *ctx, const char *text)
{
	const struct change *change = ctx;
	struct feed *feed = change->feed;
	struct event *event = event_new(EVENT_PROGRESS, feed->options.number, change->request);

	event->mail.key = feed_state_key(feed, change->request, PROGRESS_SLOT);
	g_strlcpy(event->text, text, sizeof(event->text));
	feed_post(feed, event);
}

/* Ends it early, and says so: it was not sent, or nobody will know. */
static void end_early(struct change *change)
{
	struct feed *feed = change->feed;
	bool sent = change->run != NULL && run_sent(change->run);
	struct problem problem;

	if (sent)
		problem_set(&problem, ERR_UNSURE, NULL, "look whether it was made before it is tried again",
			    "the program ended before the server had answered");
	else
		problem_set(&problem, ERR_CANCELLED, NULL, NULL, "the program ended before it was sent");
	g_queue_remove(&feed->changes, change);
	run_drop(change->run);
	feed_post_done(feed, change->request, &problem, NULL);
	change_free(change);
}

/* --- life --- */

static void start_next(struct feed *feed)
{
	struct change *change = g_queue_peek_head(&feed->changes);

	if (change == NULL) {
		if (feed->stopping)
			feed_end(feed);
		return;
	}
	if (change->run == NULL)
		change->run = run_start_order(feed, change->order, on_change_progress, on_change_done,
					      change);
}

void change_start(struct feed *feed, uint64_t request, const struct order *order)
{
	struct change *change = g_new0(struct change, 1);

	change->feed = feed;
	change->request = request;
	change->order = order_copy(order);
	g_queue_push_tail(&feed->changes, change);
	if (feed->stopping)
		end_early(change);
	else
		start_next(feed);
}

void change_cancel(struct feed *feed, uint64_t request)
{
	for (GList *link = feed->changes.head; link != NULL; link = link->next) {
		struct change *change = link->data;

		if (change->request != request)
			continue;
		if (change->run != NULL && run_sent(change->run))
			return;
		g_queue_delete_link(&feed->changes, link);
		run_drop(change->run);
		change_free(change);
		start_next(feed);
		return;
	}
}

bool change_stop(struct feed *feed)
{
	while (feed->changes.length > 1)
		end_early(feed->changes.tail->data);
	return feed->changes.length > 0;
}

bool change_sent(const struct feed *feed)
{
	const struct change *change = g_queue_peek_head((GQueue *)&feed->changes);

	return change != NULL && change->run != NULL && run_sent(change->run);
}

void change_end(struct feed *feed)
{
	while (feed->changes.length > 0)
		end_early(feed->changes.head->data);
}
