#include "core/order.h"

#include "core/when.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1795262400000) /* 2026-11-21T12:00:00Z, a Saturday */

static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};
static const char *const types[] = {"apartment", "garage", NULL};

static const struct write_field fields[] = {
	{"name", WRITE_TEXT, WRITE_ON_CREATE | WRITE_ON_CHANGE | WRITE_REQUIRED, NULL, KIND_COUNT, "its name"},
	{"note", WRITE_TEXT, WRITE_ON_CREATE | WRITE_ON_CHANGE | WRITE_CLEARABLE, NULL, KIND_COUNT, ""},
	{"pin", WRITE_TEXT, WRITE_ON_CREATE | WRITE_ON_CHANGE | WRITE_PRIVATE, NULL, KIND_COUNT, ""},
	{"quiet", WRITE_YESNO, WRITE_ON_CREATE | WRITE_ON_CHANGE, NULL, KIND_COUNT, ""},
	{"floor", WRITE_NUMBER, WRITE_ON_CREATE | WRITE_ON_CHANGE, NULL, KIND_COUNT, ""},
	{"active_at", WRITE_MOMENT, WRITE_ON_CREATE, NULL, KIND_COUNT, ""},
	{"date", WRITE_DATE, WRITE_ON_CREATE, NULL, KIND_COUNT, ""},
	{"time", WRITE_TIME, WRITE_ON_CREATE, NULL, KIND_COUNT, ""},
	{"type", WRITE_CHOICE, WRITE_ON_CREATE, types, KIND_COUNT, ""},
	{"weekdays", WRITE_WORDS, WRITE_ON_CREATE | WRITE_ON_CHANGE, days, KIND_COUNT, ""},
	{"tags", WRITE_WORDS, WRITE_ON_CREATE, NULL, KIND_COUNT, ""},
	{"unit_id", WRITE_ID, WRITE_ON_CREATE | WRITE_ON_CHANGE | WRITE_ON_DELETE | WRITE_REQUIRED, NULL,
	 KIND_UNITS, "its unit"},
};

static const struct write_info table[] = {
	{KIND_TENANTS, VERB_BIT(VERB_CREATE) | VERB_BIT(VERB_CHANGE) | VERB_BIT(VERB_DELETE), fields,
	 sizeof(fields) / sizeof(fields[0])},
	{KIND_KEYS, VERB_BIT(VERB_CREATE), fields, 2},
	{.verbs = 0},
};

static void verbs_have_names(void **state)
{
	(void)state;
	for (int i = 0; i < VERB_COUNT; i++)
		assert_int_equal(verb_parse(verb_name((enum verb)i)), i);
	assert_string_equal(verb_name(VERB_DELETE), "delete");
	assert_int_equal(verb_parse("kill"), -1);
	assert_int_equal(verb_parse(NULL), -1);
}

static void values_are_set_and_read(void **state)
{
	(void)state;
	struct order *order = order_new(KIND_TENANTS, VERB_CHANGE, "7");
	order_set(order, "name", "a");
	order_set(order, "name", order_get(order, "name")); /* its own text */
	order_set(order, "note", NULL);
	assert_string_equal(order_get(order, "name"), "a");
	assert_null(order_get(order, "note"));
	assert_true(order_has(order, "note"));
	assert_false(order_has(order, "pin"));
	assert_null(order_get(order, "pin"));
	order->resume = true;
	order->first_id_field = strdup("unit_id");
	struct order *copy = order_copy(order);
	assert_true(copy->resume);
	assert_string_equal(copy->first_id_field, "unit_id");
	assert_true(order_same(order, copy));
	order_free(copy);
	free(order->first_id_field);
	order->first_id_field = NULL;
	order_free(order);
	order_free(NULL);
}

static void the_same_is_told_from_another(void **state)
{
	(void)state;
	struct order *a = order_new(KIND_KEYS, VERB_CREATE, NULL),
		     *b = order_new(KIND_KEYS, VERB_CREATE, NULL);
	order_set(a, "x", "1");
	order_set(a, "y", "2");
	order_set(b, "y", "2");
	assert_false(order_same(a, b));
	order_set(b, "x", "1");
	assert_true(order_same(a, b)); /* in another order */
	b->resume = true;
	assert_true(order_same(a, b));
	order_set(b, "x", NULL);
	assert_false(order_same(a, b));
	order_set(b, "x", "1");
	b->verb = VERB_DELETE;
	assert_false(order_same(a, b));
	order_free(b);
	b = order_new(KIND_KEYS, VERB_CREATE, "5");
	order_set(b, "x", "1");
	order_set(b, "y", "2");
	assert_false(order_same(a, b));
	order_free(a);
	order_free(b);
}

static void rows_of_the_table_are_found(void **state)
{
	(void)state;
	assert_ptr_equal(write_find(table, KIND_TENANTS, VERB_DELETE), &table[0]);
	assert_ptr_equal(write_find(table, KIND_KEYS, VERB_CREATE), &table[1]);
	assert_null(write_find(table, KIND_KEYS, VERB_DELETE));
	assert_null(write_find(table, KIND_DOORS, VERB_CREATE));
	assert_null(write_find(NULL, KIND_KEYS, VERB_CREATE));
	assert_string_equal(write_field_find(&table[0], "pin")->name, "pin");
	assert_null(write_field_find(&table[1], "pin"));
}

/* A new tenant in unit 11 with one more field; returns the field's value after the check, NULL when it is refused or gone. */
static char *checked(const char *name, const char *value, const char *zone, struct problem *problem)
{
	struct order *order = order_new(KIND_TENANTS, VERB_CREATE, NULL);
	const char *bad = NULL;
	*problem = (struct problem){0};
	order_set(order, "name", "Ann");
	order_set(order, "unit_id", "11");
	order_set(order, name, value);
	int error = order_check(order, &table[0], zone, NOW, &bad, problem);
	if (error) {
		assert_int_equal(error, ERR_USAGE);
		assert_int_equal(problem->code, ERR_USAGE);
		assert_string_equal(bad, name);
	}
	char *result = !error && order_get(order, name) ? strdup(order_get(order, name)) : NULL;
	order_free(order);
	return result;
}

static void values_are_normalised(void **state)
{
	(void)state;
	static const struct {
		const char *name, *value, *zone, *result; /* NULL: refused */
	} cases[] = {
		{"name", "Zoë Müller", NULL, "Zoë Müller"},
		{"name", "a\tb", NULL, NULL},
		{"name", "a\x1b[2J", NULL, NULL},
		{"name", "a\xE2\x80\xAE", NULL, NULL},
		{"name", "\xff", NULL, NULL},
		{"quiet", "Yes", NULL, "true"},
		{"quiet", "0", NULL, "false"},
		{"quiet", "maybe", NULL, NULL},
		{"floor", "-2", NULL, "-2"},
		{"floor", "2nd", NULL, NULL},
		{"active_at", "2026-11-21T14:00:00-05:00", NULL, "2026-11-21T19:00:00Z"},
		{"active_at", "2026-11-21 14:00", "America/New_York", "2026-11-21T19:00:00Z"},
		{"active_at", "14:00", "Eastern Time (US & Canada)", "2026-11-21T19:00:00Z"},
		{"active_at", "2026-11-21T14:00", NULL, "2026-11-21T14:00:00Z"},
		{"active_at", "now", "Europe/Berlin", "2026-11-21T12:00:00Z"},
		{"active_at", "+90m", NULL, "2026-11-21T13:30:00Z"},
		{"active_at", "tomorrow 8:00", "Europe/Berlin", "2026-11-22T07:00:00Z"},
		{"active_at", "1800", NULL, NULL},
		{"active_at", "+5", NULL, NULL},
		{"active_at", "soon", NULL, NULL},
		{"date", "2026-02-28", NULL, "2026-02-28"},
		{"date", "today", "Pacific/Auckland", "2026-11-22"},
		{"date", "2026-02-29", NULL, NULL},
		{"date", "28.2.2026", NULL, NULL},
		{"time", "8:00", NULL, "08:00:00"},
		{"time", "23:59:59", NULL, "23:59:59"},
		{"time", "24:00", NULL, NULL},
		{"time", "8", NULL, NULL},
		{"time", "8:5", NULL, NULL},
		{"time", "08:00:00Z", NULL, NULL},
		{"type", "Garage", NULL, "garage"},
		{"type", "house", NULL, NULL},
		{"weekdays", "fri, MON,,fri", NULL, "mon,fri"},
		{"weekdays", "fri,frog", NULL, NULL},
		{"weekdays", ",", NULL, NULL},
		{"tags", "b  a,c", NULL, "b,a,c"},
		{"unit_id", "1 2", NULL, NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct problem problem;
		char *result = checked(cases[i].name, cases[i].value, cases[i].zone, &problem);
		if (!result != !cases[i].result || (result && strcmp(result, cases[i].result) != 0))
			fail_msg("%s `%s`: %s (%s)", cases[i].name, cases[i].value,
				 result ? result : "refused", problem.why);
		free(result);
	}
}

static void refusals_name_what_is_expected(void **state)
{
	(void)state;
	struct problem problem;
	assert_null(checked("type", "house", NULL, &problem));
	assert_string_equal(problem.what, "type");
	assert_string_equal(problem.why, "expected one of apartment, garage, not `house`");
	assert_null(checked("nmae", "x", NULL, &problem));
	assert_string_equal(problem.why, "tenants have no field `nmae`");
	assert_string_equal(problem.todo, "did you mean name?");
	assert_null(checked("unit_id", "a b", NULL, &problem));
	assert_string_equal(problem.why, "expected the id of one of the units, not `a b`");
	/* Neither a secret nor an escape sequence comes back in the message. */
	assert_null(checked("pin", "12\x1b\x33", NULL, &problem));
	assert_null(strstr(problem.why, "12"));
	assert_null(checked("floor", "\x1b[2J", NULL, &problem));
	assert_null(strchr(problem.why, '\x1b'));
}

static int check_change(const char *name, const char *value, const char *unit, struct problem *problem)
{
	struct order *order = order_new(KIND_TENANTS, VERB_CHANGE, "7");
	if (unit)
		order_set(order, "unit_id", unit);
	if (name)
		order_set(order, name, value);
	int error = order_check(order, &table[0], NULL, NOW, NULL, problem);
	if (!error && value && !*value)
		assert_true(order_has(order, name) && !order_get(order, name));
	order_free(order);
	return error;
}

static void a_change_needs_only_what_names_the_thing(void **state)
{
	(void)state;
	struct problem problem;
	assert_int_equal(check_change("quiet", "yes", "11", &problem), ERR_OK);
	assert_int_equal(check_change("quiet", "yes", NULL, &problem), ERR_USAGE);
	assert_string_equal(problem.what, "unit_id");
	assert_int_equal(check_change(NULL, NULL, "11", &problem), ERR_USAGE);
	assert_string_equal(problem.why, "nothing to change is named");
	assert_int_equal(check_change("note", "", "11", &problem), ERR_OK);
	assert_int_equal(check_change("note", NULL, "11", &problem), ERR_OK);
	assert_int_equal(check_change("quiet", "", "11", &problem), ERR_USAGE);
	assert_string_equal(problem.why, "it cannot be taken away");
	assert_int_equal(check_change("quiet", "no", " ", &problem), ERR_USAGE);
	assert_int_equal(check_change("active_at", "now", "11", &problem), ERR_USAGE);
	assert_string_equal(problem.why, "it cannot be given to change tenants");
}

static void what_is_needed_must_be_there(void **state)
{
	(void)state;
	struct problem problem;
	const char *bad;
	struct order *order = order_new(KIND_TENANTS, VERB_CREATE, NULL);
	order_set(order, "name", "Ann");
	assert_int_equal(order_check(order, &table[0], NULL, NOW, &bad, &problem), ERR_USAGE);
	assert_string_equal(bad, "unit_id");
	assert_string_equal(problem.why, "it is needed");
	order->first_id_field = strdup("unit_id"); /* comes later */
	assert_int_equal(order_check(order, &table[0], NULL, NOW, &bad, &problem), ERR_OK);
	assert_null(bad);
	/* What is empty is not sent when something is made. */
	order_set(order, "note", "");
	order_set(order, "quiet", NULL);
	assert_int_equal(order_check(order, &table[0], NULL, NOW, NULL, NULL), ERR_OK);
	assert_int_equal(order->n_fields, 1);
	order_set(order, "name", "  ");
	assert_int_equal(order_check(order, &table[0], NULL, NOW, &bad, &problem), ERR_USAGE);
	free(order->first_id_field);
	order->first_id_field = NULL;
	order_free(order);
}

static void deleting_needs_an_id(void **state)
{
	(void)state;
	struct problem problem;
	struct order *order = order_new(KIND_TENANTS, VERB_DELETE, NULL);
	order_set(order, "unit_id", "11");
	assert_int_equal(order_check(order, &table[0], NULL, NOW, NULL, &problem), ERR_USAGE);
	order_free(order);
	order = order_new(KIND_TENANTS, VERB_DELETE, "7");
	assert_int_equal(order_check(order, &table[0], NULL, NOW, NULL, &problem), ERR_USAGE);
	order_set(order, "unit_id", "11");
	assert_int_equal(order_check(order, &table[0], NULL, NOW, NULL, &problem), ERR_OK);
	assert_int_equal(order_check(order, &table[1], NULL, NOW, NULL, &problem), ERR_USAGE);
	assert_int_equal(order_check(order, &table[0], "Nowhere/Land", NOW, NULL, &problem), ERR_USAGE);
	order_free(order);
}

static void the_audit_sees_no_secret(void **state)
{
	(void)state;
	struct buf out;
	buf_init(&out, BUF_CEILING_LINE);
	struct order *order = order_new(KIND_TENANTS, VERB_CREATE, NULL);
	order_set(order, "name", "A \"b\"\n\x1b");
	order_set(order, "pin", "1234");
	order_set(order, "note", NULL);
	order_json(order, &table[0], &out);
	assert_string_equal(buf_text(&out),
			    "{\"name\":\"A \\\"b\\\"\\n\\u001b\",\"pin\":\"…\",\"note\":null}");
	buf_reset(&out);
	order_json(order, NULL, &out);
	assert_non_null(strstr(buf_text(&out), "1234"));
	order_free(order);
	buf_fini(&out);
}

static void local_times_that_come_twice_or_never(void **state)
{
	(void)state;
	static const struct {
		const char *zone, *text, *utc;
	} cases[] = {
		/* Spring: 02:30 does not exist. Autumn: 01:30 (New York), 02:30 (Berlin) come twice. */
		{"America/New_York", "2026-03-08T02:30", "2026-03-08T07:30:00Z"},
		{"America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00Z"},
		{"Eastern Time (US & Canada)", "2026-11-01 1:30", "2026-11-01T05:30:00Z"},
		{"Eastern Time (US & Canada)", "2026-11-01T02:30", "2026-11-01T07:30:00Z"},
		{"Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30:00Z"},
		{"Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00Z"},
		{"Europe/Berlin", "2026-10-25T03:30", "2026-10-25T02:30:00Z"},
		{NULL, "2026-10-25T02:30", "2026-10-25T02:30:00Z"},
		{"Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[MOMENT_TEXT_SIZE];
		struct moment_zone *zone = moment_zone_new(cases[i].zone);
		assert_non_null(zone);
		moment_format(when_parse(cases[i].text, NOW, zone), text);
		if (strcmp(text, cases[i].utc) != 0)
			fail_msg("%s %s: %s, not %s", cases[i].zone, cases[i].text, text, cases[i].utc);
		moment_zone_free(zone);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verbs_have_names),
		cmocka_unit_test(values_are_set_and_read),
		cmocka_unit_test(the_same_is_told_from_another),
		cmocka_unit_test(rows_of_the_table_are_found),
		cmocka_unit_test(values_are_normalised),
		cmocka_unit_test(refusals_name_what_is_expected),
		cmocka_unit_test(a_change_needs_only_what_names_the_thing),
		cmocka_unit_test(what_is_needed_must_be_there),
		cmocka_unit_test(deleting_needs_an_id),
		cmocka_unit_test(the_audit_sees_no_secret),
		cmocka_unit_test(local_times_that_come_twice_or_never),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
