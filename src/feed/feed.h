/* One polling thread per account: it owns its uv loop, its connections, its tokens and its schedule. Owners talk to it by messages
 * only (feed/event.h); feed_ask may be called from any thread.
 *
 * The end: feed_stop posts ASK_STOP and joins. On the feed's thread: works are dropped; an order under way is waited for (one that was not sent yet up to
 * 10 s, then it is not sent any more; one that was, up to the account's time-out and 15 s), so that its EVENT_DONE tells what became of it; the orders behind
 * it end with ERR_CANCELLED; the session is closed (which cancels its transfers), the inbox is closed, the loop runs until no handle lives. Then the vendor's state is closed and the memory returned.
 */
#ifndef LODGE_FEED_FEED_H
#define LODGE_FEED_FEED_H

#include "api/source.h"
#include "base/clock.h"
#include "base/logger.h"
#include "core/config.h"
#include "feed/event.h"
#include "feed/stream.h"
#include "net/limiter.h"

#include <stdint.h>

/* Everything a feed needs of the world. Pointers must outlive it. */
struct feed_options {
	const struct account *account;
	unsigned number;               /* comes back in each event */
	struct mailbox *events;        /* the owner's */
	struct limiter_pool *limiters; /* of the process */
	const char *state_folder;      /* NULL: tokens are not kept */
	struct logger *logger;         /* may be NULL */
	const struct clock *clock;
	uint64_t seed; /* for jitter */
	bool one_shot; /* a command that ends: retries within a request instead of the schedule's */
	/* Of feed_stop, for an order that was sent; 0: the account's time-out and 15 s. */
	int64_t order_patience_ms;
	/* The first wait before a pushed channel is opened again, at most; 0: 6 s. */
	int64_t push_wait_ms;
};

struct feed;

/* Starts the thread. NULL with a problem when that fails or the vendor is not supported. */
struct feed *feed_start(const struct feed_options *options, struct problem *problem);

/* Takes the ask. Its events come to options->events with ask->request. */
void feed_ask(struct feed *feed, struct ask *ask);

/* Short forms. The query is copied. every_ms 0: the configured or the vendor's pace. `stream` (may be NULL) lets a series go on where an earlier feed
 * left it: it is the caller's, who keeps his hands off until feed_stop returned. */
void feed_once(struct feed *feed, uint64_t request, const struct query *query);
void feed_follow(struct feed *feed, uint64_t request, const struct query *query, int64_t every_ms,
		 struct stream *stream);
/* The order is copied. Orders of one feed are carried out one after the other. */
void feed_order(struct feed *feed, uint64_t request, const struct order *order);
/* The answer of any status comes as EVENT_REPLY, as with a call; ERR_DENIED when the address is out of reach (session.h: plain). */
void feed_picture(struct feed *feed, uint64_t request, const char *url, size_t ceiling);
void feed_cancel(struct feed *feed, uint64_t request);

/* Ends and frees it; waits for the thread. Unread events stay in the owner's mailbox: with orders under way, read them before closing it. */
void feed_stop(struct feed *feed);

#endif
