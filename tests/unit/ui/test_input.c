#include "ui/input.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

static void names_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint32_t key;
	} keys[] = {
		{"a", 'a'},
		{"A", 'A'},
		{"?", '?'},
		{"-", '-'},
		{"Space", ' '},
		{"é", 0xE9},
		{"Up", KEY_UP_},
		{"up", KEY_UP_},
		{"PgDn", KEY_PAGE_DOWN},
		{"PageDown", KEY_PAGE_DOWN},
		{"Enter", KEY_ENTER_},
		{"Esc", KEY_ESCAPE_},
		{"Escape", KEY_ESCAPE_},
		{"F1", KEY_F1_},
		{"F12", KEY_F12_},
		{"C-l", KEY_CTRL_ | 'l'},
		{"C-L", KEY_CTRL_ | 'l'},
		{"c-Right", KEY_CTRL_ | KEY_RIGHT_},
		{"M-x", KEY_ALT_ | 'x'},
		{"M-X", KEY_ALT_ | 'X'},
		{"A-x", KEY_ALT_ | 'x'},
		{"S-Tab", KEY_SHIFT_ | KEY_TAB_},
		{"S-a", 'A'},
		{"C-M-S-F5", KEY_CTRL_ | KEY_ALT_ | KEY_SHIFT_ | (KEY_F1_ + 4)},
		{"C--", KEY_CTRL_ | '-'},
		{"C-Space", KEY_CTRL_ | ' '},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		assert_int_equal(key_parse(keys[i].name), keys[i].key);
}

static void what_is_no_key_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"",      "Upp", "F0",    "F13",  "F1x",  "C-",
					    "C-C-a", "X-a", "ab",    "\x1b", "\xff", "F",
					    "S-1",   "S-é", "C-S-a", "\x7f", "C-\n", "\xC2\x85"};
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
		if (strcmp(wrong[i], "F") != 0)
			assert_int_equal(key_parse(wrong[i]), 0);
	assert_int_equal(key_parse("F"), 'F');
	assert_int_equal(key_parse(NULL), 0);
}

static void check_back(uint32_t key)
{
	char name[24];
	assert_int_equal(key_parse(key_name(key, name)), key);
}

static void names_lead_back_to_their_key(void **state)
{
	(void)state;
	char name[24];
	for (uint32_t key = KEY_UP_; key <= KEY_F12_; key++)
		for (uint32_t bits = 0; bits < 8; bits++)
			check_back(key | bits << 24);
	for (uint32_t key = 0x20; key < 0x7F; key++)
		check_back(key);
	for (uint32_t key = 'a'; key <= 'z'; key++) {
		check_back(key | KEY_CTRL_);
		check_back(key | KEY_CTRL_ | KEY_ALT_);
	}
	check_back(0x1F600);
	assert_string_equal(key_name(KEY_CTRL_ | 'l', name), "C-l");
	assert_string_equal(key_name(KEY_SHIFT_ | KEY_TAB_, name), "S-Tab");
	assert_string_equal(key_name(KEY_CTRL_ | KEY_ALT_ | KEY_SHIFT_ | KEY_BACKSPACE_, name),
			    "C-M-S-Backspace");
	assert_string_equal(key_name(KEY_F12_, name), "F12");
	assert_string_equal(key_name(' ', name), "Space");
	assert_string_equal(key_name(KEY_NONE_, name), "");
	assert_string_equal(key_name(0x1B, name), "");
	assert_string_equal(key_name(KEY_BASE_, name), "");
	assert_string_equal(key_name(KEY_F12_ + 1, name), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_read),
		cmocka_unit_test(what_is_no_key_is_refused),
		cmocka_unit_test(names_lead_back_to_their_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
