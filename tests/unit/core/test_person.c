#include "core/person.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void roles_have_names(void **state)
{
	(void)state;
	static const char *const names[] = {"viewer", "desk", "manager", "admin"};
	for (int i = 0; i < PERSON_ROLES; i++) {
		assert_string_equal(person_role_name((enum person_role)i), names[i]);
		assert_int_equal(person_role_parse(names[i]), i);
		assert_true(strlen(person_role_help((enum person_role)i)) > 10);
	}
	assert_int_equal(person_role_parse(NULL), PERSON_ADMIN);
	assert_int_equal(person_role_parse(""), -1);
	assert_int_equal(person_role_parse("Admin"), -1);
	assert_int_equal(person_role_parse("root"), -1);
}

static void each_role_may_what_it_should(void **state)
{
	(void)state;
	for (int k = 0; k < KIND_COUNT; k++) {
		for (int v = 0; v < VERB_COUNT; v++) {
			enum kind kind = (enum kind)k;
			enum verb verb = (enum verb)v;
			bool desk = kind == KIND_KEYS || kind == KIND_KEYCHAINS;
			bool manager = desk || kind == KIND_TENANTS || kind == KIND_UNITS;
			assert_false(person_may(PERSON_VIEWER, kind, verb));
			assert_int_equal(person_may(PERSON_DESK, kind, verb), desk);
			assert_int_equal(person_may(PERSON_MANAGER, kind, verb), manager);
			assert_true(person_may(PERSON_ADMIN, kind, verb));
			enum person_role needed = desk      ? PERSON_DESK
						  : manager ? PERSON_MANAGER
							    : PERSON_ADMIN;
			assert_int_equal(person_role_needed(kind, verb), needed);
		}
	}
}

static void what_is_no_role_may_nothing(void **state)
{
	(void)state;
	assert_false(person_may((enum person_role) - 1, KIND_KEYS, VERB_CREATE));
	assert_false(person_may(PERSON_ROLES, KIND_KEYS, VERB_CREATE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roles_have_names),
		cmocka_unit_test(each_role_may_what_it_should),
		cmocka_unit_test(what_is_no_role_may_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
