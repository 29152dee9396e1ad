/* Lists of orders on their way: each order gets its line in the audit before it is sent and the truth behind it afterwards. Main thread only.
 *
 *   orders_start ─► was the same list tried before, and not brought to a clear end? ─► for each order: "started" on disk ─► the feed ─► result on disk
 *
 * A list is known again by its *wish*: what the person asked for, as it was typed ("+2h" means the same an instant later). Where an earlier list of
 * the same wish was left open (no answer came, an answer was lost and found, the program died, part of it failed), the new one takes it up: what was done is
 * not done again but looked up, what is not known is sent with `resume`, the rest is sent. So the same command given twice makes one thing. */
#ifndef LODGE_APP_ORDERS_H
#define LODGE_APP_ORDERS_H

#include "app/app.h"
#include "core/person.h"
#include "feed/feed.h"
#include "store/store.h"

#define ORDERS_FIRST_REQUEST                                                                                 \
	(UINT64_C(1) << 32) /* its request numbers begin here, at feeds and store alike */
#define ORDERS_LOOK_BACK_MS (INT64_C(24) * 3600 * 1000)

enum orders_stage { ORDERS_RUNNING, ORDERS_DONE, ORDERS_FAILED, ORDERS_UNSURE };

/* Told while a list goes on, and once at its end. Everything is valid during the call. */
struct orders_news {
	enum orders_stage stage;
	unsigned done, total;
	const char *text;        /* RUNNING: what is going on, may be ""; else see problem */
	const struct rows *rows; /* what the order at hand made or is; NULL: nothing */
	struct problem problem;  /* FAILED, UNSURE */
	const struct work_field_fault *faults;
	size_t n_faults;
};
typedef void (*orders_fn)(void *ctx, const struct orders_news *news);

struct orders;

/* `feed_of` gives the feed of an account by its index, NULL when there is none. */
struct orders *orders_new(struct app *app, struct store *store,
			  struct feed *(*feed_of)(void *ctx, unsigned account), void *ctx);
/* Drops what is under way without news. */
void orders_free(struct orders *orders);

/* Takes over the orders and the array's elements (not the array). `wish`: what the person asked for, any text, kept only as a hash; NULL: what the orders
 * say. Where the first order made a keychain and the next is refused before any key was made, the keychain is deleted again. The number of the list, > 0.
 * The first news comes later, never from within. */
uint64_t orders_start(struct orders *orders, unsigned account, struct order **list, size_t n,
		      const char *wish, orders_fn news, void *ctx);
/* No more news for this ctx; what is under way goes on. */
void orders_forget(struct orders *orders, void *ctx);
/* True while anything is under way. */
bool orders_busy(const struct orders *orders);

/* True when the event (the reply) was theirs. The owner frees it in any case. */
bool orders_on_event(struct orders *orders, struct event *event);
bool orders_on_reply(struct orders *orders, struct store_reply *reply);

/* Whether the account can do it at all: its vendor offers it, the person's role allows it, and the server has not refused it in this run. `why` (may be NULL)
 * gets the reason. */
bool orders_possible(struct orders *orders, unsigned account, enum kind kind, enum verb verb,
		     const char **why);

/* A line of the audit for what is no order of the feed's (a password): the entry without what orders know of the person. */
void orders_fill_person(const struct orders *orders, struct audit_entry *entry);

#endif
