/* Inside of the WebSocket client: a channel, and what its files share. */
#ifndef LODGE_NET_WS_PRIVATE_H
#define LODGE_NET_WS_PRIVATE_H

#include "base/buf.h"
#include "net/http_private.h"
#include "net/ws.h"

#include <glib.h>
#include <libwebsockets.h>
#include <netdb.h>
#include <stdbool.h>

#define WS_ADDRESSES 6   /* of a name, tried one after the other */
#define WS_URL_MOST 8192 /* bytes */
#define WS_WHY_BYTES 240
#define WS_KEEP_BYTES 262144 /* memory kept from one message to the next */

struct ws {
	uv_loop_t *loop;
	char *base_url, *ca_file, *user_agent;
	int64_t connect_ms, ping_ms, pong_ms;
	size_t ceiling;
	GHashTable *channels; /* struct ws_channel *, as a set */
	struct lws_protocols protocols[2];
	struct lws_context *context;   /* NULL before the first channel */
	struct lws_vhost *plain, *tls; /* made when they are needed */
	bool closing;
};

/* Where a channel leads to. */
struct ws_target {
	bool tls;
	char *host;   /* as a resolver wants it: [::1] without its brackets */
	char *header; /* as the Host line wants it */
	char *path;   /* and query; a secret */
	unsigned port;
	enum http_reach reach;
};

enum ws_phase { WS_RESOLVE, WS_CONNECT, WS_OPEN, WS_OVER };

/* Lives until its owner, the name's look-up, the connection and the timer have let go of it. */
struct ws_channel {
	struct ws *ws;
	unsigned holders;
	const struct ws_events *events;
	void *ctx;
	enum ws_phase phase;
	struct ws_target target;
	uv_getaddrinfo_t *lookup; /* NULL: none under way */
	char addresses[WS_ADDRESSES][INET6_ADDRSTRLEN];
	unsigned n_addresses, next_address;
	uint64_t deadline_ms; /* of connecting, by the loop's clock */
	uv_timer_t timer;     /* connecting, then pings */
	struct lws *wsi;      /* NULL: no connection */
	unsigned inside;      /* callbacks of lws under way */
	bool asked;           /* the handshake was sent: another address does not help */
	bool refused;         /* the attempt is over */
	bool ping_due, ping_sent;
	bool binary;     /* the message that is coming in */
	struct buf part; /* of it so far */
	unsigned close_code;
	char why[WS_WHY_BYTES];
};

/* ws_target.c: ERR_OK, ERR_INVALID, ERR_DENIED with a problem. */
int ws_target_read(struct ws_target *target, const char *url, const char *base_url, struct problem *problem);
void ws_target_fini(struct ws_target *target);
/* Starts the look-up; ws_looked_up is called from the loop. False: none can be started. */
bool ws_look_up(struct ws_channel *channel);

/* ws.c */
void ws_looked_up(struct ws_channel *channel, int status);
void ws_release(struct ws_channel *channel);
void ws_fail(struct ws_channel *channel, int error, const char *format, ...) LODGE_PRINTF(3, 4);

/* ws_lws.c: the connection. */
int ws_context_make(struct ws *ws, bool tls, struct problem *problem);
/* Starts the handshake with a numeric address; false when it failed at once. */
bool ws_dial(struct ws_channel *channel, const char *address);
/* Lets go of the connection. */
void ws_hang_up(struct ws_channel *channel);
/* ws.c: called by the connection. */
void ws_on_open(struct ws_channel *channel);
void ws_on_refused(struct ws_channel *channel, const char *why, size_t length);
void ws_on_life(struct ws_channel *channel);

#endif
