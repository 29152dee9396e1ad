/* How long to wait before the next try: doubling from first_ms to most_ms, with full jitter of the upper
 * half. Pure. */
#ifndef LODGE_NET_BACKOFF_H
#define LODGE_NET_BACKOFF_H

#include "base/rng.h"

#include <stdint.h>

struct backoff {
	int64_t first_ms, most_ms;
	unsigned failures; /* in a row */
	struct rng rng;
};

void backoff_init(struct backoff *backoff, int64_t first_ms, int64_t most_ms, uint64_t seed);
void backoff_reset(struct backoff *backoff);

/* Counts a failure; returns the ms to wait, at least `server_wait_ms` (Retry-After; -1: none), which is never
 * cut by most_ms but capped at one hour. */
int64_t backoff_next_ms(struct backoff *backoff, int64_t server_wait_ms);

#endif
