/* A signed-in conversation with one server: limiter, token, HTTP, retries, cache. One a feed; all on the
 * feed's loop.
 *
 *   session_send ─► cache ─► token (single flight) ─► limiter ─► http ─► 401? renew once ─► 429/5xx/reset? back off ─► done
 *
 * Sign-in is the vendor's: struct auth_ops says which request to send and how to read the answer. Only one
 * sign-in is under way at a time; requests wait for it. A refusal (any 4xx but 408, 425, 429) ends it: all
 * waiting requests fail with its problem and no further sign-in is tried for 60 s (then backing off to 15
 * min), so that a wrong password never becomes a login storm. A sign-in that was not answered (reset, 5xx,
 * 429, time-out) is tried again with backoff, up to `attempts`; after a time-out once more only, unless
 * retry_timeouts.
 *
 * Where tokens are kept, signing in happens under a lock that all processes of this person share
 * (token_lock), and the kept token is read again under it: whoever comes second takes what the first has got.
 * A new token is stored before it is used. While a refresh meets a server that fails, an access token that has
 * not ended yet goes on being used; the refresh token stays. Only a refusal of the refresh
 * (auth_ops.refresh_failed) forgets it; then the password is used, or the session is signed out (ERR_AUTH)
 * until another process has signed in.
 *
 * A 401 drops the token and renews it once for all requests that used it, and repeats each of them once,
 * writes too (the server did not carry them out). A 401 to a renewed token is the answer; then 401s start no
 * renewal for 60 s. */
#ifndef LODGE_NET_SESSION_H
#define LODGE_NET_SESSION_H

#include "net/http.h"
#include "net/limiter.h"
#include "net/token.h"

struct session;

/* What the vendor knows about signing in. `state` is the vendor's own. None of these calls back into the
 * session. */
struct auth_ops {
	/* Fills the request (a POST) for the next step of signing in: with token->refresh set it may ask for
	 * a refresh, else a login. path is appended to base_url (or is a whole URL). ERR_AUTH with a problem
	 * when there is nothing to sign in with. The content_type stays application/json when left empty. */
	int (*request)(void *state, const struct token *token, struct buf *path, struct buf *body,
		       struct buf *content_type, struct problem *problem);
	/* Reads a 2xx answer into token (token_set). ERR_PARSE when it holds no token. */
	int (*answer)(void *state, const char *bytes, size_t length, int64_t now_ms, struct token *token,
		      struct problem *problem);
	/* True when this non-2xx answer to a *refresh* means "use the password again" (then token->refresh is
	 * dropped and request() asked anew). NULL: a refresh is refused like a login. Asked only when
	 * token->refresh was there to use, or, with own_refresh, after every refusal: then it has to know
	 * itself whether its last request was a refresh. */
	bool (*refresh_failed)(void *state, int status, const char *bytes, size_t length);
	/* What a person should do after a refusal: "check client_id and client_secret". NULL: a general
	 * hint. */
	const char *todo;
	/* The refresh token changes at each use (butterflymx.md §3.2). Then nothing happens without the lock
	 * (see below), and what was sent without an answer is tried once more only, with the same token. */
	bool rotates;
	/* request() may refresh with a token of its own: one that a person pasted. */
	bool own_refresh;
	/* The option that says where to sign in ("accounts_url"), named where that cannot be reached and is
	 * not at base_url; NULL: base_url. */
	const char *address;
};

struct session_options {
	const char *account; /* for problems and the trace */
	const char *base_url;
	/* another origin that signed-in requests may go to; NULL: base_url */
	const char *sign_in_url;
	const char *identity;                    /* for the token file; NULL: tokens are not kept */
	const char *state_folder;                /* NULL: tokens are not kept */
	const char *static_token;                /* a bearer that never changes; NULL: auth_ops decide */
	const char *basic_user, *basic_password; /* HTTP basic with each request; NULL: none */
	/* Every answer to a GET is kept for as long as the server says, also in files of state_folder that all processes of
	 * this person share (net/cache_disk.h), and no GET is sent before that time is over, not even after a write or by
	 * `once`; equal GETs at the same time become one. Needs `identity` for the files. */
	bool keeps_cache;
	/* How long an answer is good where keeps_cache is set: `told_ms` is what its head says (-1: nothing). Not good at all:
	 * 0. NULL: as told. */
	int64_t (*lifetime_ms)(const char *url, const char *bytes, size_t length, int64_t told_ms);
	const struct auth_ops *auth; /* NULL: no sign-in */
	void *auth_state;
	double per_s, burst;           /* the vendor's limits for this host */
	struct limiter_pool *limiters; /* shared by the process; NULL: its own */
	/* greatest number of tries of a request that may be repeated; 6 for one-shot commands; 0: 1 */
	unsigned attempts;
	/* a request that timed out is tried again (dashboards: the schedule does it instead) */
	bool retry_timeouts;
	/* A Retry-After, or a sum of waits after failures, beyond this fails the request: with ERR_BUSY when
	 * the server asked to wait, else with the failure itself. The pacing of the limiter does not count. 0
	 * or less: 60 s. */
	int64_t patience_ms;
	uint64_t seed; /* for jitter */
	struct http_options http;
};

struct session_request {
	const char *method;
	bool at_sign_in; /* path is appended to sign_in_url instead; the body is taken for a secret */
	/* Without signing in, for pictures: `path` is a whole URL that somebody else chose. No credential, no
	 * cookie, no Referer is sent, no redirect is followed, at most three tries are made. https:// only
	 * (http:// where http_url_allowed lets base_url have it), and only to addresses of the public
	 * internet, whatever a name resolves to: base_url's own host is always allowed, other loopback
	 * addresses when base_url is one. */
	bool plain;
	int64_t delay_ms; /* sent no sooner than this from now; at most a minute */
	/* appended to base_url, keeps its prefix; a whole URL of the same origin is allowed too */
	const char *path;
	const char *shape; /* for the trace: ids replaced */
	const struct http_header *headers;
	size_t n_headers;
	const char *content_type; /* of the body; NULL: "application/json" when there is a body */
	const char *accept;       /* NULL: "application/json" */
	const char *body;
	size_t body_length;
	/* Reads: may be sent again after a failure of any kind (408, 425, 429, 500, 502, 503, 504, refused,
	 * reset, broken answer; time-outs by retry_timeouts). Writes (false): only when the server cannot
	 * have seen it, or said 429 or 401. After a write of which more is possible, what was cached is
	 * forgotten. */
	bool repeatable;
	/* Once more after a time-out, also without retry_timeouts: a page of a list whose other pages came. */
	bool repeat_timeout;
	bool once;      /* exactly one try (besides a 401's renewal): `lodge api` */
	bool cacheable; /* a GET whose answer may come from the cache, by max-age and ETag */
	size_t ceiling; /* 0: BUF_CEILING_BODY */
	/* Looks into a 2xx body for what HTTP hides (GraphQL errors with HTTP 200): ERR_OK, ERR_AUTH (renew
	 * and repeat once) or ERR_PARSE (garbage: counts as a failed try). NULL: none. */
	int (*inspect)(const char *bytes, size_t length);
};

struct session_answer {
	/* ERR_OK: status and body hold the server's answer, 3xx and 4xx included (a 304 to our own
	 * If-None-Match comes as the 200 it stands for). ERR_AUTH: not signed in. ERR_SERVER: 5xx after the
	 * last try. ERR_BUSY: 429, or a wait beyond the patience. ERR_CANCELLED: the session was closed.
	 * Others: as http, after the last try. */
	int error;
	const struct problem *problem; /* never NULL; filled when error != ERR_OK */
	int status;
	/* never NULL; NUL-terminated; valid during the callback; also with ERR_SERVER, ERR_BUSY */
	const char *body;
	size_t body_length;
	char content_type[96];
	int64_t max_age_ms, server_date_ms; /* -1, MOMENT_NONE: not told */
	int64_t duration_ms;                /* from session_send to now */
	bool cached;                        /* no request was sent */
	/* The server may have carried it out, as far as can be told: false when nothing was sent (refused,
	 * TLS failed, cancelled before), and after 401, 425 and 429, which say that nothing was done. Of the
	 * last try. */
	bool request_sent;
	unsigned tries;
};

typedef void (*session_done_fn)(void *ctx, const struct session_answer *answer);

/* NULL with a problem: ERR_CONFIG for a base_url or ca_file that cannot be used. All options are copied but
 * auth, auth_state, limiters, logger and clock. */
struct session *session_new(uv_loop_t *loop, const struct session_options *options, struct problem *problem);

/* Ends all requests (their callbacks run with ERR_CANCELLED before session_close returns); `closed` runs once
 * from the loop when no handle is left and the session is freed. May be called from a callback. `closed` may
 * be NULL. */
void session_close(struct session *session, void (*closed)(void *ctx), void *ctx);

/* Never calls back from within. Returns a number (> 0) for session_cancel, or a negative ERR_ code:
 * ERR_INVALID (a bad path, or one that leads to another origin), ERR_DENIED (plain: an address that is out of
 * reach), ERR_TOO_BIG (body), ERR_CLOSED. */
int64_t session_send(struct session *session, const struct session_request *request, session_done_fn done,
		     void *ctx) LODGE_MUST_USE;

/* Whether the server may have seen this request, which is under way; while it may not, cancelling leaves
 * nothing behind. */
bool session_sent(struct session *session, int64_t number);

/* Ends a request without a callback. An unknown number is ignored. */
void session_cancel(struct session *session, int64_t number);

/* Only signs in (for `lodge check`): done gets ERR_OK or the problem. A token that is still good counts as
 * signed in. */
int64_t session_sign_in(struct session *session, session_done_fn done, void *ctx) LODGE_MUST_USE;

/* What a server's error body says, cleaned and short: from the members message, error_description, error,
 * detail(s), errors[0].message|detail|title, or a body that is plain text. "" when it says nothing. Returns
 * out. */
char *session_message(const char *bytes, size_t length, char *out, size_t size);

/* Statistics for `check` and the trace. requests: HTTP requests, sign-ins included; failures: of requests of
 * the caller, after the last try; sign_ins: that succeeded; bytes: of answers' bodies. */
struct session_stats {
	uint64_t requests, failures, sign_ins, bytes;
};
struct session_stats session_stats(const struct session *session);

#endif
