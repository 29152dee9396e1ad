#include "net/limiter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <uv.h>

static void test_burst_then_pace(void **state)
{
	struct limiter limiter;

	(void)state;
	limiter_init(&limiter, 10, 5, 1000);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(limiter_take(&limiter, 1000), 0);
	assert_int_equal(limiter_take(&limiter, 1000), 100);
	assert_int_equal(limiter_take(&limiter, 1040), 60);
	assert_int_equal(limiter_take(&limiter, 1100), 0);
	assert_int_equal(limiter_take(&limiter, 1100), 100);
}

/* Whoever waits as told gets exactly rate * time + burst. */
static void test_average(void **state)
{
	struct limiter limiter;
	int64_t now_ms = 0, wait_ms;
	unsigned taken = 0;

	(void)state;
	limiter_init(&limiter, 15, 100, now_ms);
	while (now_ms < 60000) {
		wait_ms = limiter_take(&limiter, now_ms);
		taken += wait_ms == 0;
		assert_true(wait_ms >= 0);
		now_ms += wait_ms;
	}
	assert_in_range(taken, 100 + 15 * 60 - 60, 100 + 15 * 60);
}

static void test_never_more_than_the_burst(void **state)
{
	struct limiter limiter;
	unsigned taken = 0;

	(void)state;
	limiter_init(&limiter, 1000, 3, 0);
	while (limiter_take(&limiter, 1000000) == 0)
		taken++;
	assert_int_equal(taken, 3);
}

static void test_close(void **state)
{
	struct limiter limiter;

	(void)state;
	limiter_init(&limiter, 10, 5, 0);
	limiter_close_for(&limiter, 0, 30000);
	assert_int_equal(limiter_take(&limiter, 0), 30000);
	limiter_close_for(&limiter, 1000, 5);
	assert_int_equal(limiter_take(&limiter, 1000), 29000);
	limiter_close_for(&limiter, 1000, 40000);
	assert_int_equal(limiter_take(&limiter, 1000), 40000);
	/* No burst at the door that was closed. */
	assert_int_equal(limiter_take(&limiter, 41000), 0);
	assert_int_equal(limiter_take(&limiter, 41000), 100);
}

static void test_no_rate(void **state)
{
	struct limiter limiter;

	(void)state;
	limiter_init(&limiter, 0, 0, 0);
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(limiter_take(&limiter, 0), 0);
	limiter_close_for(&limiter, 0, 50);
	assert_int_equal(limiter_take(&limiter, 0), 50);
	assert_int_equal(limiter_take(&limiter, 50), 0);
}

static void test_clock_that_stands_or_goes_back(void **state)
{
	struct limiter limiter;

	(void)state;
	limiter_init(&limiter, 0.001, 1, 1000);
	assert_int_equal(limiter_take(&limiter, 1000), 0);
	assert_int_equal(limiter_take(&limiter, 500), 1000000);
	limiter_init(&limiter, 1e-9, 1, 0);
	assert_int_equal(limiter_take(&limiter, 0), 0);
	assert_int_equal(limiter_take(&limiter, 0), 3600000);
}

static void test_pool_by_key(void **state)
{
	struct limiter_pool *pool = limiter_pool_new();

	(void)state;
	assert_int_equal(limiter_pool_take(pool, "https://a:443", 10, 1, 0), 0);
	assert_int_equal(limiter_pool_take(pool, "https://a:443", 10, 1, 0), 100);
	assert_int_equal(limiter_pool_take(pool, "https://b:443", 10, 1, 0), 0);
	limiter_pool_close_for(pool, "https://c:443", 10, 1, 0, 700);
	assert_int_equal(limiter_pool_take(pool, "https://c:443", 10, 1, 0), 700);
	limiter_pool_free(pool);
}

struct taker {
	struct limiter_pool *pool;
	unsigned taken;
};

static void take_many(void *ctx)
{
	struct taker *taker = ctx;

	for (unsigned i = 0; i < 5000; i++)
		taker->taken += limiter_pool_take(taker->pool, "https://a:443", 1, 1000, 0) == 0;
}

static void test_pool_between_threads(void **state)
{
	struct limiter_pool *pool = limiter_pool_new();
	struct taker takers[4];
	uv_thread_t threads[4];
	unsigned taken = 0;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		takers[i] = (struct taker){.pool = pool};
		assert_int_equal(uv_thread_create(&threads[i], take_many, &takers[i]), 0);
	}
	for (unsigned i = 0; i < 4; i++) {
		uv_thread_join(&threads[i]);
		taken += takers[i].taken;
	}
	assert_int_equal(taken, 1000);
	limiter_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_burst_then_pace),
		cmocka_unit_test(test_average),
		cmocka_unit_test(test_never_more_than_the_burst),
		cmocka_unit_test(test_close),
		cmocka_unit_test(test_no_rate),
		cmocka_unit_test(test_clock_that_stands_or_goes_back),
		cmocka_unit_test(test_pool_by_key),
		cmocka_unit_test(test_pool_between_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
