/* What a vendor pushes (struct source_push): channels kept open beside the polls of a kind that is followed.
 *
 *   poll of push->kind ─► channels() ─► for each: POST ─► address() ─► WebSocket ─► message() ─► changed? ─► rows() ─► EVENT_ROWS
 *
 * A channel that ends is opened anew with a fresh address, after a backoff. It counts as live from its first understood message on. While all are live, the polls
 * may slow down; while any is not, they go on at their pace. All on the feed's thread. */
#ifndef LODGE_FEED_PUSH_H
#define LODGE_FEED_PUSH_H

#include "feed/private.h"

#define PUSH_CHANNELS 200       /* kept open at most */
#define PUSH_SLOW_POLL_MS 60000 /* the polls' pace while all is live */
#define PUSH_GATHER_MS 20       /* changes that come within are told together */

struct push;

/* NULL when the vendor pushes nothing. */
struct push *push_new(struct feed *feed);

/* After a poll of a kind: if it is the pushed one, opens and closes channels as the vendor says now. */
void push_settle(struct push *push, enum kind kind);
/* The follows of its kind changed; without any, all channels close. */
void push_follows_changed(struct push *push);

/* Whether polls of this kind may slow down. NULL is allowed. */
bool push_all_live(const struct push *push, enum kind kind);
/* Into the health's members about it. NULL is allowed. */
void push_health(const struct push *push, struct feed_health *health);

/* Ends all channels; its handles close in the loop's next turns. NULL is allowed. */
void push_stop(struct push *push);
/* After that, when the loop has run out. NULL is allowed. */
void push_free(struct push *push);

#endif
