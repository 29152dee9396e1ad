/* HTTP on curl's multi socket interface and a uv loop. One `struct http` a thread; it owns the connections.
 *
 * What it guarantees: TLS verified (plus an extra CA file), http:// only to loopback, proxies from the
 * environment (never for loopback), HTTP/2 where offered, gzip undone, connections kept. A redirect is
 * followed only within the same origin (scheme, host, port), at most 3 times, and only for GET; any other
 * redirect is the answer itself (3xx) and credentials never leave the origin. A request that makes no
 * progress for timeout_ms (connecting, waiting for the first byte, or between bytes; in the answer's head,
 * between lines) fails with ERR_TIMEOUT; a body beyond its ceiling (after decompression) with ERR_TOO_BIG.
 * The callback is never called from within http_send. At most HTTP_PARALLEL requests are under way at once;
 * the others wait their turn, without a time-out. */
#ifndef LODGE_NET_HTTP_H
#define LODGE_NET_HTTP_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/logger.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#define HTTP_PARALLEL 10

struct http;

struct http_options {
	const char *ca_file;       /* extra certificate authority, PEM; NULL: the system's only */
	const char *user_agent;    /* "lodge/0.1" */
	const char *scope;         /* the account, for the trace */
	int64_t timeout_ms;        /* no progress for so long is a failure; 0 or less: 30 s */
	struct logger *logger;     /* may be NULL */
	const struct clock *clock; /* NULL: clock_system */
};

/* Where a request may lead to, whatever its name resolves to. */
enum http_reach {
	HTTP_REACH_ANY,
	HTTP_REACH_LOOPBACK, /* addresses of the public internet, and this machine's own */
	HTTP_REACH_PUBLIC,   /* addresses of the public internet only */
};

struct http_header {
	const char *name, *value;
};

/* All text is copied by http_send. */
struct http_request {
	const char *method; /* "GET" … */
	const char *url;    /* whole; holds no secret */
	/* What the trace prints instead of the path: "/api/v2/spaces/:id/rooms"; NULL: the path with what
	 * looks like an id as ":id". The query's names are added, never its values. */
	const char *shape;
	const struct http_header *headers;
	size_t n_headers;
	const char *bearer; /* sent as Authorization: Bearer; wiped after use; NULL: none */
	const char *basic_user, *basic_password; /* HTTP basic; NULL: none */
	const char *body;                        /* NULL: none */
	size_t body_length;
	bool secret_body; /* the copy is wiped after use */
	/* The same request may reach the server twice without harm. Otherwise it goes over a fresh
	 * connection: on a kept one that the server just closed, it could not be told whether the server has
	 * seen the request. */
	bool repeatable;
	size_t ceiling;        /* of the answer's body; 0: BUF_CEILING_BODY */
	enum http_reach reach; /* of a URL that somebody else chose; ERR_DENIED when it leads elsewhere */
	bool no_redirects;     /* each is the answer itself */
	unsigned attempt;      /* for the trace: 2 and above are printed */
};

/* Valid during the callback only, except `body`, which the callback may buf_take. */
struct http_answer {
	int error;     /* ERR_OK when an HTTP answer came, whatever its status. UNREACHED, TIMEOUT, TOO_BIG,
			       * PARSE (not HTTP, broken compression), DENIED (out of its reach), CANCELLED,
			       * NOMEM */
	char why[240]; /* text for a person when error != ERR_OK */
	bool request_sent; /* the server may have seen the request: a write must not be repeated blindly */
	/* of an error: another try soon may well succeed (refused, reset, broken off) */
	bool passing;
	int status; /* HTTP status; 0 when there is none */
	struct buf *body;
	char content_type[96];
	char etag[128];
	int64_t retry_after_ms; /* from Retry-After (seconds or date); -1 when not sent */
	int64_t max_age_ms;     /* from Cache-Control (no-store, no-cache: 0), less Age; -1 when not sent */
	int64_t server_date_ms; /* from Date; MOMENT_NONE when not sent */
	int64_t duration_ms;    /* from the start of the connection, not of the waiting before it */
};

typedef void (*http_done_fn)(void *ctx, struct http_answer *answer);

/* NULL with a problem (ERR_CONFIG: ca_file cannot be read or holds no certificate). */
struct http *http_new(uv_loop_t *loop, const struct http_options *options, struct problem *problem);

/* Cancels everything (callbacks run with ERR_CANCELLED, before http_close returns), closes its uv handles;
 * `closed` runs once from the loop when nothing is left, after which http is freed. May be called from a
 * callback. `closed` may be NULL. */
void http_close(struct http *http, void (*closed)(void *ctx), void *ctx);

/* Starts a request. Returns its number (> 0) for http_cancel, or a negative ERR_ code: ERR_INVALID (bad URL,
 * http:// to a host that is not loopback, a control character in a header), ERR_DENIED (out of its reach as it is written), ERR_CLOSED after http_close,
 * ERR_NOMEM. */
int64_t http_send(struct http *http, const struct http_request *request, http_done_fn done,
		  void *ctx) LODGE_MUST_USE;

/* Whether the server may have seen the request, which is under way. */
bool http_sent(struct http *http, int64_t number);

/* Ends a request without a callback. A number that is not under way (any more) is ignored. */
void http_cancel(struct http *http, int64_t number);

/* curl_global_init and its end, once in main, before threads. */
int http_setup(void) LODGE_MUST_USE;
void http_teardown(void);

/* True when url may be used: https://, or http:// with a loopback host (localhost, 127.0.0.0/8, [::1]).
 * Rejects user info, fragments, control characters, blanks. `why` may be NULL. */
bool http_url_allowed(const char *url, char *why, size_t why_size);

/* "scheme://host:port" in lower case, the port always told: the key of limits and of what may see a
 * credential. false when url is none. */
bool http_origin(const char *url, char *out, size_t size);

/* True when both have the same host, whatever their schemes and ports. */
bool http_same_host(const char *url, const char *other);

/* False when the URL's host is, as it is written, an address or a name out of reach. What a name resolves to is looked at by http_send only. */
bool http_url_reach(enum http_reach reach, const char *url);

/* base ("https://h/prefix" with or without '/') + path ("/api/x?y") → buf. A path that is a whole URL
 * replaces the base. */
void http_join(struct buf *out, const char *base, const char *path);

#endif
