/* Inside of the session module. */
#ifndef LODGE_NET_SESSION_PRIVATE_H
#define LODGE_NET_SESSION_PRIVATE_H

#include "net/backoff.h"
#include "net/cache.h"
#include "net/cache_disk.h"
#include "net/session.h"

#include <glib.h>

#define SESSION_PARALLEL (HTTP_PARALLEL - 2) /* leaves a way for the sign-in */
#define SESSION_BLOCK_MS INT64_C(60000)
#define SESSION_CONNECT_ATTEMPTS 3     /* nobody listens: a person should not wait for six tries */
#define SESSION_SENSELESS_ATTEMPTS 3   /* sign-ins answered without a token */
#define SESSION_PAUSE_MS INT64_C(2000) /* after a sign-in that was not answered */
#define SESSION_BLOCK_MOST_MS (15 * INT64_C(60000))
#define SESSION_LOCK_PATIENCE_MS INT64_C(30000)
#define SESSION_PLAIN_ATTEMPTS 3
#define SESSION_ADVICE_BYTES 120
#define SESSION_LOST_REFRESHES 2            /* a refresh token that changes is not sent more often */
#define SESSION_OLD_TOKEN_MS INT64_C(15000) /* used on for so long after a renewal failed */
#define SESSION_DELAY_MOST_MS INT64_C(60000)
#define SESSION_CACHE_CEILING (8u << 20)

enum call_state {
	CALL_WAITING,  /* in session->waiting: for its time, a token, the limiter, or a free place */
	CALL_FLYING,   /* in session->flying: http has it */
	CALL_FINISHED, /* in session->finished: its callback is due */
};

/* One request of the caller. */
struct call {
	GList link;
	struct session *session;
	int64_t number;
	enum call_state state;
	bool sign_in_only;
	bool plain;  /* without credentials */
	bool secret; /* the body may hold a password */
	enum http_reach reach;

	char *method, *url, *origin, *shape, *what;
	struct http_header *headers; /* with room for If-None-Match */
	size_t n_headers;
	char *body;
	size_t body_length, ceiling;
	bool repeatable, repeat_timeout, once, cacheable;
	int (*inspect)(const char *bytes, size_t length);
	session_done_fn done;
	void *ctx;

	int64_t http_number;
	int64_t sent_ms, ready_ms, waited_ms; /* monotonic */
	struct backoff backoff;
	unsigned tries, failures, timeouts;
	uint64_t generation; /* of the token it was sent with */
	bool needs_token;    /* waits for the sign-in */
	bool renewed;        /* was sent again after a 401 */
	bool no_tag;         /* ask without If-None-Match */

	struct session_answer answer;
	struct problem problem;
	char *answer_body;
};

struct sign_in {
	bool wanted, flying, refreshing;
	int64_t http_number;
	char origin[512];      /* where it goes: not always where the rest goes */
	int64_t ready_ms;      /* not before */
	int64_t lock_since_ms; /* when it began to ask for the lock; 0: not asking */
	int lock;              /* token_lock; -1: none */
	struct backoff backoff;
	unsigned failures, time_outs;
	unsigned lost;         /* of a vendor whose tokens change: sent, and no answer */
	bool refresh_refused;  /* the last refresh was; `refusal` says how */
	int64_t wait_until_ms; /* not renewed before, while the old access token is good */
	int64_t refused_until_ms, refusal_wait_ms;
	struct problem refusal;
};

struct session {
	uv_loop_t *loop;
	uv_timer_t timer; /* the one wake-up */
	struct http *http;
	struct cache *cache;
	struct cache_disk *disk; /* NULL: nothing is kept between runs */
	bool keeps_cache;
	int64_t (*lifetime_ms)(const char *url, const char *bytes, size_t length, int64_t told_ms);
	struct limiter_pool *limiters, *own_limiters;
	const struct clock *clock;
	struct logger *logger;

	char *account, *base_url, *origin, *identity, *state_folder;
	char *sign_in_url, *sign_in_origin; /* NULL: as the above */
	char *static_token, *basic_user, *basic_password;
	const struct auth_ops *auth;
	void *auth_state;
	double per_s, burst;
	unsigned attempts;
	bool retry_timeouts;
	int64_t patience_ms;
	uint64_t seed;

	struct token token;
	char *dead_access;  /* the last one that the server did not accept */
	bool token_unsaved; /* the file holds an older one */
	struct sign_in sign_in;
	int64_t signed_in_ms; /* 0: not by this process */
	int64_t no_renewal_until_ms;
	GQueue waiting, flying, finished;
	int64_t last_number;
	struct session_stats stats;

	bool closing;
	unsigned open; /* http and timer, while closing */
	void (*closed)(void *ctx);
	void *closed_ctx;
};

/* session.c */
void session_wake(struct session *session); /* looks at everything in the loop's next turn */
int64_t session_mono_ms(const struct session *session);
bool session_needs_token(const struct session *session); /* now: none that is good */
bool session_token_lives(const struct session *session); /* its end has not come yet */
int64_t session_limit(struct session *session, const char *origin);
void session_limit_close(struct session *session, const char *origin, int64_t wait_ms);
bool session_repeatable_status(int status);
void session_add_tries(char *out, size_t size, unsigned tries);

/* What a person can do about a failure of the transport; NULL: nothing in particular. */
const char *session_todo(const struct session *session, const char *origin, int error,
			 char out[SESSION_ADVICE_BYTES]);
/* The option that says where that origin is: base_url, or the one for signing in. */
const char *session_address(const struct session *session, const char *origin);

/* session_call.c */
struct call *call_new(struct session *session, const struct session_request *request, int *status);
void call_free(struct call *call);
void call_finish(struct call *call, int error); /* with call->problem and call->answer as they are */
void call_fail(struct call *call, const struct problem *problem);
GQueue *call_queue(struct call *call);

/* session_flight.c: what becomes of a call. call_step returns the ms after which to look again when nothing
 * more can be started, else 0. */
int64_t call_step(struct call *call, int64_t now_ms);

/* session_auth.c. sign_in_step returns the ms after which to look again; -1: no need. */
void sign_in_init(struct session *session);
int64_t sign_in_step(struct session *session, int64_t now_ms);
/* Looks first whether another process has signed in meanwhile. */
bool sign_in_refused(struct session *session, int64_t now_ms);
void sign_in_drop_access(struct session *session);
void sign_in_close(struct session *session);

#endif
