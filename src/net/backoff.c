#include "net/backoff.h"

#define SERVER_WAIT_MOST_MS (60 * 60 * INT64_C(1000))

void backoff_init(struct backoff *backoff, int64_t first_ms, int64_t most_ms, uint64_t seed)
{
	*backoff = (struct backoff){
		.first_ms = first_ms > 0 ? first_ms : 1,
		.most_ms = most_ms > first_ms ? most_ms : first_ms,
	};
	rng_init(&backoff->rng, seed);
}

void backoff_reset(struct backoff *backoff) { backoff->failures = 0; }

/* first_ms * 2^failures, at most most_ms, without overflow. */
static int64_t doubled_ms(const struct backoff *backoff)
{
	int64_t wait_ms = backoff->first_ms;

	for (unsigned i = 0; i < backoff->failures && wait_ms < backoff->most_ms; i++) {
		if (wait_ms > backoff->most_ms / 2)
			return backoff->most_ms;
		wait_ms *= 2;
	}
	return wait_ms;
}

int64_t backoff_next_ms(struct backoff *backoff, int64_t server_wait_ms)
{
	int64_t whole_ms = doubled_ms(backoff);
	int64_t wait_ms = whole_ms - (int64_t)(rng_unit(&backoff->rng) * ((double)whole_ms / 2));

	if (backoff->failures < 64)
		backoff->failures++;
	if (server_wait_ms > SERVER_WAIT_MOST_MS)
		server_wait_ms = SERVER_WAIT_MOST_MS;
	return server_wait_ms > wait_ms ? server_wait_ms : wait_ms;
}
