/* What the dashboard does for its panes beyond the screen: orders with their audit, the kept history, pictures, printing. Main thread only. */
#ifndef LODGE_APP_DASH_DESK_H
#define LODGE_APP_DASH_DESK_H

#include "app/orders.h"
#include "store/store.h"
#include "ui/pane.h"

#include <uv.h>

struct dash;
struct dash_desk;

/* Opens the store (a folder that cannot be used is told by a toast, and then there is no history and nothing can be changed). */
struct dash_desk *dash_desk_new(struct dash *dash, const struct license *license);
/* Before the feeds are stopped: no pane is called any more. */
void dash_desk_close(struct dash_desk *desk);
/* When the panes are closed and the loop has run until nothing is busy. The store is closed; handles close on the loop. */
void dash_desk_free(struct dash_desk *desk);

/* Fills in the desk of the panes. */
void dash_desk_equip(struct dash_desk *desk, struct desk *panes);

/* True while orders are under way. */
bool dash_desk_busy(const struct dash_desk *desk);

/* True when the event belonged to it. */
bool dash_desk_event(struct dash_desk *desk, struct event *event);
/* Asks the history for its newest release of an account (before anything of this run is in it); `known` gets its time, MOMENT_NONE when there is none. False where
 * there is no history. */
bool dash_desk_newest(struct dash_desk *desk, unsigned account,
		      void (*known)(struct dash *dash, unsigned account, int64_t time_ms));

/* A page of the whole history, for work that is longer than a pane's life. Either `found` is called, once, or, when the dashboard ends before, `drop`, which
 * frees ctx. There must be a history. */
void dash_desk_find(struct dash_desk *desk, const struct door_search *search,
		    void (*found)(void *ctx, const struct door_page *page), void (*drop)(void *ctx),
		    void *ctx);

/* Door releases that a feed brought, for the history. */
void dash_desk_keep(struct dash_desk *desk, unsigned account, const struct rows *rows);

#endif
