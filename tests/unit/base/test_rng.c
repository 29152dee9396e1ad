#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void numbers_are_those_of_splitmix64(void **state)
{
	(void)state;
	/* The first outputs for seed 1234567, as other implementations give them. */
	static const uint64_t known[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
					 UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
					 UINT64_C(16408922859458223821)};
	struct rng rng;
	rng_init(&rng, 1234567);
	for (size_t i = 0; i < 5; i++)
		assert_true(rng_next(&rng) == known[i]);
}

static void unit_and_below_stay_in_range(void **state)
{
	(void)state;
	struct rng rng;
	rng_init(&rng, 42);
	double sum = 0;
	unsigned seen[7] = {0};
	for (int i = 0; i < 70000; i++) {
		double x = rng_unit(&rng);
		assert_true(x >= 0 && x < 1);
		sum += x;
		uint32_t below = rng_below(&rng, 7);
		assert_true(below < 7);
		seen[below]++;
		assert_true(rng_below(&rng, UINT32_MAX) < UINT32_MAX);
		assert_int_equal(rng_below(&rng, 1), 0);
	}
	assert_true(sum > 34000 && sum < 36000);
	for (int i = 0; i < 7; i++)
		assert_true(seen[i] > 9500 && seen[i] < 10500);
}

static void hash_tells_inputs_and_order_apart(void **state)
{
	(void)state;
	assert_true(rng_hash(1, 2) == rng_hash(1, 2));
	assert_true(rng_hash(1, 2) != rng_hash(2, 1));
	assert_true(rng_hash(rng_hash(0, 1), 2) != rng_hash(rng_hash(0, 2), 1));
	assert_true(rng_hash(0, 0) != 0);
	/* One changed bit changes about half of the bits. */
	int changed = 0;
	for (int bit = 0; bit < 64; bit++)
		changed += __builtin_popcountll(rng_hash(7, 99) ^
						rng_hash(7, UINT64_C(99) ^ UINT64_C(1) << bit));
	assert_true(changed > 64 * 26 && changed < 64 * 38);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_those_of_splitmix64),
		cmocka_unit_test(unit_and_below_stay_in_range),
		cmocka_unit_test(hash_tells_inputs_and_order_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
