/* Keys: every default is a key and belongs to one action; bindings can be changed, taken and removed. */
#include "ui/keymap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_defaults(void **state)
{
	struct keymap *keymap = keymap_new();
	char key[24], keys[60];

	(void)state;
	assert_int_equal(keymap_action(keymap, 'q'), ACTION_QUIT);
	assert_int_equal(keymap_action(keymap, key_parse("C-l")), ACTION_REDRAW);
	assert_int_equal(keymap_action(keymap, key_parse("F9")), ACTION_NONE);
	assert_string_equal(keymap_key(keymap, ACTION_HELP, key), "?");
	assert_string_equal(keymap_keys(keymap, ACTION_UP, keys, sizeof(keys)), "Up k");
	for (int action = 1; action < ACTION_COUNT; action++) /* none took a key of another away */
		assert_string_equal(keymap_keys(keymap, (enum action)action, keys, sizeof(keys)),
				    action_info((enum action)action)->keys);
	keymap_free(keymap);
}

static void test_names_are_unique_and_found(void **state)
{
	(void)state;
	for (int action = 1; action < ACTION_COUNT; action++) {
		assert_int_equal(action_parse(action_info((enum action)action)->name), action);
		assert_true(strlen(action_info((enum action)action)->help) > 3);
	}
	assert_int_equal(action_parse("nothing"), ACTION_NONE);
	assert_string_equal(action_info(ACTION_COUNT)->name, "");
}

static void test_bindings_change(void **state)
{
	struct keymap *keymap = keymap_new();
	struct problem problem;
	char key[24];

	(void)state;
	assert_int_equal(keymap_bind(keymap, "quit", "F10 Q", &problem), ERR_OK);
	assert_int_equal(keymap_action(keymap, 'q'), ACTION_NONE);
	assert_int_equal(keymap_action(keymap, 'Q'), ACTION_QUIT);
	assert_int_equal(keymap_action(keymap, key_parse("F10")), ACTION_QUIT);
	assert_int_equal(keymap_bind(keymap, "help", "Q", &problem), ERR_OK); /* taken */
	assert_int_equal(keymap_action(keymap, 'Q'), ACTION_HELP);
	assert_int_equal(keymap_bind(keymap, "help", "", &problem), ERR_OK); /* unbound */
	assert_string_equal(keymap_key(keymap, ACTION_HELP, key), "");
	keymap_free(keymap);
}

/* A key may mean something else in one pane. */
static void test_keys_of_one_pane(void **state)
{
	struct keymap *keymap = keymap_new();
	struct problem problem;
	char key[24], keys[60];

	(void)state;
	assert_int_equal(keymap_action(keymap, 'n'), ACTION_NEXT_ITEM);
	assert_int_equal(keymap_action_in(keymap, 'n', ACTION_PANE_KEYS), ACTION_ISSUE);
	assert_int_equal(keymap_action_in(keymap, 'n', ACTION_PANE_HEAT), ACTION_NEXT_ITEM);
	assert_int_equal(keymap_action_in(keymap, 'q', ACTION_PANE_KEYS), ACTION_QUIT);
	assert_string_equal(keymap_key(keymap, ACTION_ISSUE, key), "n");
	assert_int_equal(keymap_bind(keymap, "issue", "keys:i C-n", &problem), ERR_OK);
	assert_string_equal(keymap_keys(keymap, ACTION_ISSUE, keys, sizeof(keys)), "keys:i C-n");
	assert_int_equal(keymap_action_in(keymap, 'i', ACTION_PANE_KEYS), ACTION_ISSUE);
	assert_int_equal(keymap_action(keymap, 'i'), ACTION_SMOOTH); /* not taken from it */
	assert_int_equal(keymap_bind(keymap, "command", "keys::", &problem), ERR_OK);
	assert_int_equal(keymap_action_in(keymap, ':', ACTION_PANE_KEYS), ACTION_COMMAND);
	assert_int_equal(keymap_bind(keymap, "issue", "kyes:i", &problem), ERR_CONFIG);
	assert_non_null(strstr(problem.why, "kyes:i"));
	assert_int_equal(keymap_bind(keymap, "help", ":", &problem), ERR_OK);
	assert_int_equal(keymap_action(keymap, ':'), ACTION_HELP);
	keymap_free(keymap);
}

static void test_mistakes_are_told(void **state)
{
	struct keymap *keymap = keymap_new();
	struct problem problem;

	(void)state;
	assert_int_equal(keymap_bind(keymap, "qiut", "x", &problem), ERR_CONFIG);
	assert_non_null(strstr(problem.todo, "quit"));
	assert_int_equal(keymap_bind(keymap, "quit", "Bananas", &problem), ERR_CONFIG);
	assert_non_null(strstr(problem.why, "Bananas"));
	keymap_free(keymap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),          cmocka_unit_test(test_names_are_unique_and_found),
		cmocka_unit_test(test_bindings_change),   cmocka_unit_test(test_keys_of_one_pane),
		cmocka_unit_test(test_mistakes_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
