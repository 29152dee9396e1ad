#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void system_clock_runs(void **state)
{
	(void)state;
	assert_true(clock_wall_ms(&clock_system) > INT64_C(1700000000000));
	int64_t a = clock_mono_ms(&clock_system), b = clock_mono_ms(&clock_system);
	assert_true(b >= a && a > 0);
}

static void fake_clock_stands_until_moved(void **state)
{
	(void)state;
	struct clock_fake fake;
	clock_fake_init(&fake, 5000);
	assert_int_equal(clock_wall_ms(&fake.clock), 5000);
	assert_int_equal(clock_wall_ms(&fake.clock), 5000);
	int64_t mono_ms = clock_mono_ms(&fake.clock);
	clock_fake_advance(&fake, 250);
	assert_int_equal(clock_wall_ms(&fake.clock), 5250);
	assert_int_equal(clock_mono_ms(&fake.clock), mono_ms + 250);
	fake.wall_ms = 1; /* the wall may jump alone */
	assert_int_equal(clock_wall_ms(&fake.clock), 1);
	assert_int_equal(clock_mono_ms(&fake.clock), mono_ms + 250);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(system_clock_runs),
		cmocka_unit_test(fake_clock_stands_until_moved),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
