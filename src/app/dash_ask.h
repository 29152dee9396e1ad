/* Questions of the panes to the feeds: one poll of any query. What was answered lately is kept, so that going to and fro on the screen asks nobody anew.
 * Main thread only. */
#ifndef LODGE_APP_DASH_ASK_H
#define LODGE_APP_DASH_ASK_H

#include "core/query.h"
#include "feed/event.h"
#include "model/rows.h"

#include <stdbool.h>

struct dash;
struct dash_asks;

struct dash_asks *dash_asks_new(struct dash *dash);
/* Nobody is called any more. */
void dash_asks_close(struct dash_asks *asks);
void dash_asks_free(struct dash_asks *asks);

/* As desk->ask (ui/pane.h). */
void dash_asks_ask(struct dash_asks *asks, unsigned account, const struct query *query,
		   void (*answer)(void *ctx, const struct rows *rows, const char *why), void *ctx);
/* No answers to this ctx; what nobody waits for any more is cancelled. */
void dash_asks_forget(struct dash_asks *asks, const void *ctx);
/* True when the event belonged to it; the rows stay the event's. */
bool dash_asks_event(struct dash_asks *asks, struct event *event);

/* The text of a question, which is the same for the same question. g_free it. */
char *dash_asks_text(unsigned account, const struct query *query);

#endif
