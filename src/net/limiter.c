#include "net/limiter.h"

#include <glib.h>
#include <math.h>
#include <uv.h>

void limiter_init(struct limiter *limiter, double per_s, double burst, int64_t now_ms)
{
	*limiter = (struct limiter){
		.per_s = per_s > 0 ? per_s : 0,
		.burst = burst >= 1 ? burst : 1,
		.last_ms = now_ms,
		.closed_until_ms = INT64_MIN,
	};
	limiter->tokens = limiter->burst;
}

static void refill(struct limiter *limiter, int64_t now_ms)
{
	if (now_ms <= limiter->last_ms)
		return;
	limiter->tokens += (double)(now_ms - limiter->last_ms) * limiter->per_s / 1000;
	if (limiter->tokens > limiter->burst)
		limiter->tokens = limiter->burst;
	limiter->last_ms = now_ms;
}

int64_t limiter_take(struct limiter *limiter, int64_t now_ms)
{
	if (now_ms < limiter->closed_until_ms)
		return limiter->closed_until_ms - now_ms;
	if (limiter->per_s <= 0)
		return 0;
	refill(limiter, now_ms);
	/* The sum of many small refills may fall short of a whole by a rounding error. */
	if (limiter->tokens >= 1 - 1e-9) {
		limiter->tokens = fmax(limiter->tokens - 1, 0);
		return 0;
	}

	double wait_ms = ceil((1 - limiter->tokens) * 1000 / limiter->per_s);

	return wait_ms < 1 ? 1 : wait_ms > 3.6e6 ? 3600000 : (int64_t)wait_ms;
}

void limiter_close_for(struct limiter *limiter, int64_t now_ms, int64_t wait_ms)
{
	if (wait_ms <= 0 || now_ms + wait_ms <= limiter->closed_until_ms)
		return;
	limiter->closed_until_ms = now_ms + wait_ms;
	limiter->tokens = 1;
	limiter->last_ms = limiter->closed_until_ms;
}

struct limiter_pool {
	/* guards the table and every limiter in it; held for a few instructions, never while another lock
	 * is */
	uv_mutex_t mutex;
	GHashTable *limiters;
};

struct limiter_pool *limiter_pool_new(void)
{
	struct limiter_pool *pool = g_new0(struct limiter_pool, 1);

	if (uv_mutex_init(&pool->mutex) != 0) {
		g_free(pool);
		return NULL;
	}
	pool->limiters = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return pool;
}

void limiter_pool_free(struct limiter_pool *pool)
{
	if (pool == NULL)
		return;
	g_hash_table_destroy(pool->limiters);
	uv_mutex_destroy(&pool->mutex);
	g_free(pool);
}

/* With the mutex held. */
static struct limiter *limiter_for(struct limiter_pool *pool, const char *key, double per_s, double burst,
				   int64_t now_ms)
{
	struct limiter *limiter = g_hash_table_lookup(pool->limiters, key);

	if (limiter == NULL) {
		limiter = g_new0(struct limiter, 1);
		limiter_init(limiter, per_s, burst, now_ms);
		g_hash_table_insert(pool->limiters, g_strdup(key), limiter);
	}
	return limiter;
}

int64_t limiter_pool_take(struct limiter_pool *pool, const char *key, double per_s, double burst,
			  int64_t now_ms)
{
	uv_mutex_lock(&pool->mutex);
	int64_t wait_ms = limiter_take(limiter_for(pool, key, per_s, burst, now_ms), now_ms);
	uv_mutex_unlock(&pool->mutex);
	return wait_ms;
}

void limiter_pool_close_for(struct limiter_pool *pool, const char *key, double per_s, double burst,
			    int64_t now_ms, int64_t wait_ms)
{
	uv_mutex_lock(&pool->mutex);
	limiter_close_for(limiter_for(pool, key, per_s, burst, now_ms), now_ms, wait_ms);
	uv_mutex_unlock(&pool->mutex);
}
