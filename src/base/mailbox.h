/* The only way between threads: post means give away.
 *
 * A mailbox has one reader, whose uv loop is woken by uv_async_send after the item is linked; sends coalesce,
 * so each wake drains to empty. State items carry a key and are latest-wins: a newer item replaces an unread
 * one with the same key. Items without key are first-in-first-out. Beyond the ceiling the oldest FIFO item is
 * dropped and counted, unless it is marked `must_keep`.
 */
#ifndef LODGE_BASE_MAILBOX_H
#define LODGE_BASE_MAILBOX_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

/* First member of whatever is posted. The poster fills key, must_keep and discard (may be NULL: nothing to
 * free). */
struct mail {
	struct mail *next, *prev;           /* the mailbox's own */
	uint64_t key;                       /* 0: FIFO; else latest-wins */
	bool must_keep;                     /* never dropped for the ceiling */
	void (*discard)(struct mail *mail); /* frees it unread */
};

struct mailbox;

/* `loop` belongs to the reader's thread; `on_mail` runs there, once for each item, which it owns from then
 * on. ceiling: greatest number of unread items, which only must_keep and state items may pass. The reader
 * holds the first reference, which mailbox_close gives back. NULL when the loop refuses a handle. */
struct mailbox *mailbox_new(uv_loop_t *loop, unsigned ceiling, void (*on_mail)(void *ctx, struct mail *mail),
			    void *ctx);

/* From any thread. After mailbox_close the item is discarded. */
void mailbox_post(struct mailbox *box, struct mail *mail);

/* Items waiting now: a producer that can produce less asks this first. Any thread. */
unsigned mailbox_unread(struct mailbox *box);

/* Items dropped or replaced so far. */
uint64_t mailbox_dropped(struct mailbox *box);

/* Reader's thread: discards what is unread and closes the async handle. Posters may still post
 * (discarded). */
void mailbox_close(struct mailbox *box);

/* A mailbox lives until the reader closed it and every poster let go of it. */
struct mailbox *mailbox_ref(struct mailbox *box);
void mailbox_unref(struct mailbox *box);

#endif
