#include "base/mailbox.h"

#include <glib.h>
#include <stdatomic.h>

struct mailbox {
	/* The lock guards all up to `closed`, and the sending on `async` against its closing. */
	uv_mutex_t lock;
	struct mail *head, *tail;
	GHashTable *states; /* &mail->key → the unread state item of that key */
	unsigned unread;
	uint64_t dropped;
	bool closed;

	uv_async_t async;
	unsigned ceiling;
	void (*on_mail)(void *ctx, struct mail *mail);
	void *ctx;
	atomic_uint refs;
};

static void discard(struct mail *mail)
{
	if (mail && mail->discard)
		mail->discard(mail);
}

static void unlink_mail(struct mailbox *box, struct mail *mail)
{
	*(mail->prev ? &mail->prev->next : &box->head) = mail->next;
	*(mail->next ? &mail->next->prev : &box->tail) = mail->prev;
	mail->next = mail->prev = NULL;
	if (mail->key)
		g_hash_table_remove(box->states, &mail->key);
	box->unread--;
}

static void link_last(struct mailbox *box, struct mail *mail)
{
	mail->next = NULL;
	mail->prev = box->tail;
	*(box->tail ? &box->tail->next : &box->head) = mail;
	box->tail = mail;
	if (mail->key)
		g_hash_table_insert(box->states, &mail->key, mail);
	box->unread++;
}

/* Puts `mail` where `old` waited: a state that changes often must not wait longer for that. */
static void take_place(struct mailbox *box, struct mail *old, struct mail *mail)
{
	mail->next = old->next;
	mail->prev = old->prev;
	*(mail->prev ? &mail->prev->next : &box->head) = mail;
	*(mail->next ? &mail->next->prev : &box->tail) = mail;
	old->next = old->prev = NULL;
	/* The table's key lies within the item, so it has to change with it. */
	g_hash_table_replace(box->states, &mail->key, mail);
}

static struct mail *oldest_droppable(const struct mailbox *box)
{
	struct mail *mail = box->head;
	while (mail && (mail->key || mail->must_keep))
		mail = mail->next;
	return mail;
}

static struct mail *pop(struct mailbox *box)
{
	uv_mutex_lock(&box->lock);
	struct mail *mail = box->closed ? NULL : box->head;
	if (mail)
		unlink_mail(box, mail);
	uv_mutex_unlock(&box->lock);
	return mail;
}

/* Drains what was there when it began. A poster that never stops would otherwise keep the loop from its other
 * work, so the rest waits for the next turn. */
static void on_wake(uv_async_t *async)
{
	struct mailbox *box = async->data;
	uv_mutex_lock(&box->lock);
	unsigned count = box->unread;
	uv_mutex_unlock(&box->lock);
	for (; count > 0; count--) {
		struct mail *mail = pop(box);
		if (!mail)
			return;
		box->on_mail(box->ctx, mail);
	}
	uv_mutex_lock(&box->lock);
	if (!box->closed && box->unread > 0)
		uv_async_send(&box->async);
	uv_mutex_unlock(&box->lock);
}

struct mailbox *mailbox_new(uv_loop_t *loop, unsigned ceiling, void (*on_mail)(void *ctx, struct mail *mail),
			    void *ctx)
{
	struct mailbox *box = g_new0(struct mailbox, 1);
	if (uv_mutex_init(&box->lock) != 0)
		goto fail;
	if (uv_async_init(loop, &box->async, on_wake) != 0) {
		uv_mutex_destroy(&box->lock);
		goto fail;
	}
	box->async.data = box;
	box->states = g_hash_table_new(g_int64_hash, g_int64_equal);
	box->ceiling = ceiling;
	box->on_mail = on_mail;
	box->ctx = ctx;
	atomic_init(&box->refs, 1);
	return box;
fail:
	g_free(box);
	return NULL;
}

void mailbox_post(struct mailbox *box, struct mail *mail)
{
	struct mail *victim = NULL;
	uv_mutex_lock(&box->lock);
	if (box->closed) {
		uv_mutex_unlock(&box->lock);
		discard(mail);
		return;
	}
	struct mail *old = mail->key ? g_hash_table_lookup(box->states, &mail->key) : NULL;
	if (old) {
		take_place(box, old, mail);
		victim = old;
	} else {
		link_last(box, mail);
		if (box->unread > box->ceiling && (victim = oldest_droppable(box)))
			unlink_mail(box, victim);
	}
	box->dropped += victim != NULL;
	uv_async_send(&box->async);
	uv_mutex_unlock(&box->lock);
	/* Outside the lock: what frees an item is free to post. */
	discard(victim);
}

unsigned mailbox_unread(struct mailbox *box)
{
	uv_mutex_lock(&box->lock);
	unsigned unread = box->unread;
	uv_mutex_unlock(&box->lock);
	return unread;
}

uint64_t mailbox_dropped(struct mailbox *box)
{
	uv_mutex_lock(&box->lock);
	uint64_t dropped = box->dropped;
	uv_mutex_unlock(&box->lock);
	return dropped;
}

static void on_closed(uv_handle_t *handle) { mailbox_unref(handle->data); }

void mailbox_close(struct mailbox *box)
{
	uv_mutex_lock(&box->lock);
	bool again = box->closed;
	struct mail *mail = box->head;
	box->closed = true;
	box->head = box->tail = NULL;
	box->unread = 0;
	g_hash_table_remove_all(box->states);
	uv_mutex_unlock(&box->lock);
	while (mail) {
		struct mail *next = mail->next;
		discard(mail);
		mail = next;
	}
	/* No poster touches the handle once `closed` is seen under the lock. */
	if (!again)
		uv_close((uv_handle_t *)&box->async, on_closed);
}

struct mailbox *mailbox_ref(struct mailbox *box)
{
	atomic_fetch_add_explicit(&box->refs, 1, memory_order_relaxed);
	return box;
}

void mailbox_unref(struct mailbox *box)
{
	/* Whoever is last must see all that the others did before they let go. */
	if (!box || atomic_fetch_sub_explicit(&box->refs, 1, memory_order_acq_rel) != 1)
		return;
	uv_mutex_destroy(&box->lock);
	g_hash_table_destroy(box->states);
	g_free(box);
}
