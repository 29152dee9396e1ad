#include "net/backoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_doubles_within_its_half(void **state)
{
	struct backoff backoff;
	int64_t whole_ms = 250;

	(void)state;
	for (uint64_t seed = 0; seed < 50; seed++) {
		backoff_init(&backoff, 250, 8000, seed);
		whole_ms = 250;
		for (unsigned i = 0; i < 100; i++) {
			int64_t wait_ms = backoff_next_ms(&backoff, -1);

			assert_in_range(wait_ms, whole_ms / 2, whole_ms);
			whole_ms = whole_ms * 2 > 8000 ? 8000 : whole_ms * 2;
		}
	}
}

static void test_jitters(void **state)
{
	struct backoff a, b;
	unsigned differ = 0;

	(void)state;
	backoff_init(&a, 1000, 60000, 1);
	backoff_init(&b, 1000, 60000, 2);
	for (unsigned i = 0; i < 20; i++)
		differ += backoff_next_ms(&a, -1) != backoff_next_ms(&b, -1);
	assert_true(differ > 15);
}

static void test_reset(void **state)
{
	struct backoff backoff;

	(void)state;
	backoff_init(&backoff, 100, 10000, 7);
	for (unsigned i = 0; i < 6; i++)
		(void)backoff_next_ms(&backoff, -1);
	assert_int_equal(backoff.failures, 6);
	backoff_reset(&backoff);
	assert_in_range(backoff_next_ms(&backoff, -1), 50, 100);
}

static void test_the_server_decides(void **state)
{
	struct backoff backoff;

	(void)state;
	backoff_init(&backoff, 100, 1000, 7);
	assert_int_equal(backoff_next_ms(&backoff, 60000), 60000);
	assert_int_equal(backoff_next_ms(&backoff, INT64_MAX), 3600000);
	assert_in_range(backoff_next_ms(&backoff, 0), 200, 400);
}

static void test_odd_limits(void **state)
{
	struct backoff backoff;

	(void)state;
	backoff_init(&backoff, 0, 0, 1);
	assert_in_range(backoff_next_ms(&backoff, -1), 0, 1);
	backoff_init(&backoff, INT64_MAX / 2 + 1, INT64_MAX, 1);
	for (unsigned i = 0; i < 5; i++)
		assert_true(backoff_next_ms(&backoff, -1) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_doubles_within_its_half),
		cmocka_unit_test(test_jitters),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_the_server_decides),
		cmocka_unit_test(test_odd_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
