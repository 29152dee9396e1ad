/* Inside of the collection: collect.c (reads), collect_write.c (changes, the store, pictures). */
#ifndef LODGE_APP_COLLECT_PRIVATE_H
#define LODGE_APP_COLLECT_PRIVATE_H

#include "app/collect.h"
#include "app/orders.h"

#include <glib.h>

struct collect {
	struct app *app;
	uv_loop_t loop;
	struct mailbox *events;
	GPtrArray *outcomes; /* struct outcome *; a request's number is its index + 1 */
	GPtrArray *feeds;    /* struct feed *, by account index; NULL while not started */
	unsigned waiting;

	struct mailbox *replies; /* NULL until the store is wanted */
	struct store *store;
	struct orders *orders;
};

struct outcome *collect_outcome(struct collect *collect, const struct account *account);
struct feed *collect_feed(struct collect *collect, const struct account *account, struct problem *problem);
void collect_one_done(struct collect *collect, struct outcome *outcome);
void collect_add_rows(struct outcome *outcome, const struct rows *rows); /* takes over */
/* True when the event was one of an order's. */
bool collect_write_event(struct collect *collect, struct event *event);
void collect_write_end(struct collect *collect);

#endif
