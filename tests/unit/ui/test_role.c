#include "ui/role.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

static void every_role_has_one_name_and_is_found_by_it(void **state)
{
	(void)state;
	for (int role = 0; role < ROLE_COUNT; role++) {
		assert_int_equal(role_parse(role_name((enum role)role)), role);
		assert_true(strlen(role_help((enum role)role)) > 3);
	}
	assert_string_equal(role_name(ROLE_TEXT), "text");
	assert_string_equal(role_name(ROLE_RULE_FOCUS), "rule.focus");
	assert_string_equal(role_name(ROLE_HEAT_0), "heat.0");
	assert_string_equal(role_name(ROLE_HEAT_LAST), "heat.63");
	assert_string_equal(role_name(ROLE_FILL_0), "fill.0");
	assert_string_equal(role_name(ROLE_FILL_LAST), "fill.15");
	assert_string_equal(role_name(ROLE_QR_DARK), "qr.dark");
	assert_string_equal(role_name(ROLE_QR_LIGHT), "qr.light");
	assert_int_equal(ROLE_COUNT - 1, ROLE_QR_LIGHT);
}

static void what_is_no_role_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"",        "txet",    "Text", "heat.64", "heat.-1",
					    "heat.01", "fill.16", "heat", "text "};
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
		assert_int_equal(role_parse(wrong[i]), -1);
	assert_int_equal(role_parse(NULL), -1);
	assert_string_equal(role_name(ROLE_COUNT), "?");
	assert_string_equal(role_name((enum role) - 1), "?");
	assert_string_equal(role_help(ROLE_COUNT), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_role_has_one_name_and_is_found_by_it),
		cmocka_unit_test(what_is_no_role_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
