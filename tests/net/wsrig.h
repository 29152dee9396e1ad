/* What the tests of the WebSocket client share: a client, its server, and what was told. */
#ifndef LODGE_TESTS_NET_WSRIG_H
#define LODGE_TESTS_NET_WSRIG_H

#include "net/ws.h"
#include "wsserver.h"

#include <glib.h>

#define CEILING 100000 /* bytes of a message */

struct wsrig {
	uv_loop_t loop;
	uv_timer_t pulse;
	struct wsserver *server;
	struct ws *ws;
	struct ws_options options;
	struct ws_channel *channel;
	struct wspeer *peer; /* the newest */
	void (*serve)(struct wsrig *fixture, struct wspeer *peer);
	const char *answer; /* instead of accepting */
	char *head;

	unsigned opened, messages, closed;
	GString *last;
	int error;
	char why[300];
	bool close_at_message, close_at_open, count_only;
	char base_url[64];
};

int wsrig_set_up(void **state);
int wsrig_tear_down(void **state);
void wsrig_close(struct wsrig *fixture);
extern const struct ws_events wsrig_events;

/* Starts a channel to the server; open: which then does this. */
void wsrig_dial(struct wsrig *fixture);
void wsrig_open(struct wsrig *fixture, void (*serve)(struct wsrig *, struct wspeer *));

void wsrig_run_until(struct wsrig *fixture, const unsigned *count, unsigned least);
/* Lets whatever is under way happen. */
void wsrig_run_turns(struct wsrig *fixture, unsigned turns);
/* Waits for the end of the channel. `why`: part of what is said; NULL: anything. */
void wsrig_expect_closed(struct wsrig *fixture, int error, const char *why);

/* Three messages, the first in pieces. */
void wsrig_serve_fragments(struct wsrig *fixture, struct wspeer *peer);
void wsrig_serve_hello(struct wsrig *fixture, struct wspeer *peer);

#define WS_TEST(name) cmocka_unit_test_setup_teardown(name, wsrig_set_up, wsrig_tear_down)

#endif
