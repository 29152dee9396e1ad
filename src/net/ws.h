/* WebSockets (RFC 6455) as a client, by libwebsockets on a uv loop. One `struct ws` a thread; it owns the channels' connections.
 *
 * What it guarantees: wss:// with the certificate checked (the system's authorities and ca_file), ws:// to loopback only; names are looked up without
 * blocking the loop, and each address is looked at before it is connected to (see ws_connect); no credential, no Origin, no subprotocol and no extension is
 * sent, so nothing comes compressed; a redirect is a refusal; nothing of an address but its host is ever told. Messages come whole. Memory is bounded: one
 * message of at most `ceiling` bytes a channel, and while the receiver works the peer waits. A channel whose peer answers no ping ends.
 * Proxies are not used. A certificate is for a name: a literal address with wss:// is refused by the check unless the certificate names it as a name. */
#ifndef LODGE_NET_WS_H
#define LODGE_NET_WS_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#define WS_CEILING (8u << 20) /* bytes of a message */
#define WS_CHANNELS 240       /* at most at a time */

struct ws;
struct ws_channel;

/* Texts are copied. */
struct ws_options {
	const char *
		base_url; /* the account's: its host may be anywhere, others only on the public internet (or loopback, when it is) */
	const char *ca_file;    /* extra certificate authority, PEM; NULL: the system's only */
	const char *user_agent; /* NULL: none is sent */
	int64_t connect_ms;     /* from ws_connect to the open channel; 0: 15 s */
	int64_t ping_ms;        /* quiet for so long: a ping; 0: 20 s */
	int64_t pong_ms;        /* then quiet for so long: the peer is gone; 0: 10 s */
	size_t ceiling;         /* 0: WS_CEILING */
};

/* A channel's own; each may call ws_channel_close, none may call ws_close. `closed` comes once, after which the channel must not be used any more. `why`
 * is inert text without secrets. */
struct ws_events {
	void (*opened)(void *ctx);
	/* A text message, NUL-terminated besides; binary ones are not told. Valid during the call. */
	void (*message)(void *ctx, const char *bytes, size_t length);
	/* ERR_UNREACHED, ERR_TIMEOUT, ERR_TOO_BIG, ERR_DENIED (an address out of reach) … */
	void (*closed)(void *ctx, int error, const char *why);
};

/* Nothing is started before the first ws_connect. */
struct ws *ws_new(uv_loop_t *loop, const struct ws_options *options);

/* Ends all channels without a word, and closes all handles in the next turns of the loop. Not from a callback of a channel. */
void ws_close(struct ws *ws);

/* After ws_close, when the loop has no handle left. NULL is allowed. */
void ws_free(struct ws *ws);

/* Starts a channel; callbacks come from the loop only, never from within. NULL with a problem: ERR_INVALID (bad address), ERR_DENIED (out of reach as it is
 * written), ERR_BUSY (too many channels), ERR_UNSUPPORTED (libwebsockets cannot run on this loop), ERR_CONFIG (ca_file). `events` must outlive it. */
struct ws_channel *ws_connect(struct ws *ws, const char *url, const struct ws_events *events, void *ctx,
			      struct problem *problem);

/* Ends it without a callback. NULL is allowed. */
void ws_channel_close(struct ws_channel *channel);

#endif
