/* Token bucket: at most `burst` requests at once and `per_s` a second on average. Pure: the time is passed
 * in. One limiter serves all accounts of the process that talk to the same host: see limiter_pool. */
#ifndef LODGE_NET_LIMITER_H
#define LODGE_NET_LIMITER_H

#include <stdint.h>

struct limiter {
	double per_s, burst, tokens;
	int64_t last_ms, closed_until_ms; /* monotonic */
};

/* per_s that is not above 0 means no rate (limiter_close_for still works); a burst below 1 counts as 1. The
 * bucket starts full. */
void limiter_init(struct limiter *limiter, double per_s, double burst, int64_t now_ms);

/* Takes a token and returns 0, or returns the ms to wait before asking again (nothing is taken). */
int64_t limiter_take(struct limiter *limiter, int64_t now_ms);

/* After a 429 or Retry-After: nothing is given before now + wait_ms. Never shortens. When it opens again
 * there is a single token, so that a server that asked for patience is not met by a whole burst. */
void limiter_close_for(struct limiter *limiter, int64_t now_ms, int64_t wait_ms);

/* Thread-safe: limiters by key (origin, or origin + "#" + class), made on first use with the given rate
 * (later rates for the same key are ignored). The only lock besides the mailboxes'. */
struct limiter_pool;
struct limiter_pool *limiter_pool_new(void);
void limiter_pool_free(struct limiter_pool *pool);
int64_t limiter_pool_take(struct limiter_pool *pool, const char *key, double per_s, double burst,
			  int64_t now_ms);
void limiter_pool_close_for(struct limiter_pool *pool, const char *key, double per_s, double burst,
			    int64_t now_ms, int64_t wait_ms);

#endif
