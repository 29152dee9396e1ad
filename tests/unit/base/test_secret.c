#include "base/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/resource.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

static void copies_and_frees(void **state)
{
	(void)state;
	char text[] = "hunter2 and more";
	char *secret = secret_new(text, 7);
	assert_string_equal(secret, "hunter2");
	assert_ptr_not_equal(secret, text);
	secret_free(secret);
	secret = secret_new("a\0b", 3);
	assert_memory_equal(secret, "a\0b", 4);
	secret_free(secret);
	secret = secret_new("", 0);
	assert_string_equal(secret, "");
	secret_free(secret);
	assert_null(secret_new(NULL, 5));
	secret_free(NULL);
}

static void wipe_overwrites_just_the_bytes(void **state)
{
	(void)state;
	char bytes[] = "abcdef";
	secret_wipe(bytes + 1, 3);
	assert_memory_equal(bytes, "a\0\0\0ef", 7);
	secret_wipe(NULL, 5);
	secret_wipe(bytes, 0);
	assert_int_equal(bytes[0], 'a');
}

static void hardened_process_dumps_no_core(void **state)
{
	(void)state;
	secret_harden_process();
	struct rlimit limit = {.rlim_cur = 1, .rlim_max = 1};
	assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
	assert_int_equal(limit.rlim_cur, 0);
	assert_int_equal(limit.rlim_max, 0);
#ifdef __linux__
	assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
	/* The leak checker traces its own process when this one ends. */
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_and_frees),
		cmocka_unit_test(wipe_overwrites_just_the_bytes),
		cmocka_unit_test(hardened_process_dumps_no_core),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
