#include "core/option.h"

#include "core/kind.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_table_is_sound(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_count; i++) {
		const struct option *option = &option_table[i];
		assert_int_equal(option_find(option->group, option->name), i);
		assert_non_null(option->help);
		assert_int_equal(option->help[strlen(option->help) - 1], '.');
		assert_int_equal(option->form == OPTION_CHOICE, option->choices != NULL);
		assert_int_equal(option->group == OPTION_ACCOUNT, option->vendors != 0);
		if (option->form == OPTION_SECRET) {
			assert_true(option->indirect);
			assert_null(option->fallback);
		}
		if (option->form == OPTION_NUMBER || option->form == OPTION_SPAN)
			assert_true(option->most > option->least);
	}
}

static void test_vendors(void **state)
{
	(void)state;
	for (int vendor = 0; vendor < VENDOR_COUNT; vendor++) {
		assert_int_equal(vendor_parse(vendor_name((enum vendor)vendor)), vendor);
		assert_int_equal(strncmp(vendor_default_url((enum vendor)vendor), "https://", 8), 0);
	}
	assert_int_equal(vendor_parse("Butlr"), -1);
	assert_int_equal(vendor_parse(""), -1);
}

static void test_keys_are_taken_apart(void **state)
{
	(void)state;
	enum option_way way;
	int kind, password = option_find(OPTION_ACCOUNT, "password"),
		  poll = option_find(OPTION_ACCOUNT, "poll");
	assert_int_equal(option_find_key(OPTION_ACCOUNT, "password", &way, &kind), password);
	assert_int_equal(way, OPTION_PLAIN);
	assert_int_equal(kind, -1);
	assert_int_equal(option_find_key(OPTION_ACCOUNT, "password_env", &way, &kind), password);
	assert_int_equal(way, OPTION_ENV);
	assert_int_equal(option_find_key(OPTION_ACCOUNT, "poll.doors", &way, &kind), poll);
	assert_int_equal(kind, KIND_DOORS);
	static const char *const unknown[] = {"passwor", "password_", "password_envs", "password.doors",
					      "poll.",   "poll.nope", "poll_env",      "timeout.doors",
					      "theme",   ""};
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		assert_int_equal(option_find_key(OPTION_ACCOUNT, unknown[i], &way, &kind), -1);
}

static void test_every_listed_key_is_found(void **state)
{
	(void)state;
	for (int group = OPTION_UI; group <= OPTION_TEMPLATE; group++) {
		char **keys = option_keys((enum option_group)group);
		assert_non_null(keys[0]);
		for (char **key = keys; *key; key++) {
			enum option_way way;
			int kind;
			assert_true(option_find_key((enum option_group)group, *key, &way, &kind) >= 0);
		}
		g_strfreev(keys);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_is_sound),
		cmocka_unit_test(test_vendors),
		cmocka_unit_test(test_keys_are_taken_apart),
		cmocka_unit_test(test_every_listed_key_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
