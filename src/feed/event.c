#include "feed/event.h"

#include "base/moment.h"
#include "base/secret.h"

#include <glib.h>

static void discard_event(struct mail *mail) { event_free((struct event *)mail); }

struct event *event_new(enum event_type type, unsigned feed, uint64_t request)
{
	struct event *event = g_new0(struct event, 1);

	event->mail.discard = discard_event;
	event->mail.must_keep = type == EVENT_DONE;
	event->type = type;
	event->feed = feed;
	event->request = request;
	event->health.last_ok_ms = MOMENT_NONE;
	event->health.next_try_ms = MOMENT_NONE;
	return event;
}

void event_free(struct event *event)
{
	if (event == NULL)
		return;
	rows_unref(event->rows);
	g_free(event->notices);
	g_free(event->faults);
	free(event->body); /* comes from buf_take */
	g_free(event);
}

static void discard_ask(struct mail *mail) { ask_free((struct ask *)mail); }

struct ask *ask_new(enum ask_type type, uint64_t request)
{
	struct ask *ask = g_new0(struct ask, 1);

	ask->mail.discard = discard_ask;
	ask->mail.must_keep = true;
	ask->type = type;
	ask->request = request;
	return ask;
}

void ask_free(struct ask *ask)
{
	if (ask == NULL)
		return;
	query_free(ask->query);
	order_free(ask->order);
	g_free(ask->method);
	g_free(ask->path);
	if (ask->body != NULL)
		secret_wipe(ask->body, ask->body_length); /* a body may hold a password */
	g_free(ask->body);
	g_strfreev(ask->headers);
	g_free(ask);
}
