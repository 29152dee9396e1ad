#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/jsonx.h"
#include "sim/gql.h"

/* A small schema: people with a name, a number and friends, one of whom has none. */
struct person {
	const char *name;
	int age;
	struct person *friend;
};

static struct person people[] = {{"Ada", 36, NULL}, {"Bob", 7, &people[0]}};

static const struct gql_type person_type;

static void resolve_name(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const cJSON *upper = gql_argument(slot, "upper");
	char *name = cJSON_IsTrue(upper) ? g_ascii_strup(((struct person *)object)->name, -1)
					 : g_strdup(((struct person *)object)->name);

	jsonw_str(run->json, name);
	g_free(name);
}

static void resolve_age(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	(void)slot;
	jsonw_int(run->json, ((struct person *)object)->age);
}

static void resolve_friend(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	struct person *friend = ((struct person *)object)->friend;

	if (!friend)
		gql_error(run, "NO_FRIEND", "%s is alone", ((struct person *)object)->name);
	gql_object(run, slot, friend, -1);
}

static void resolve_people(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	int n = 0;

	(void)object;
	jsonw_open(run->json, '[');
	for (int i = 0; i < 2; i++)
		if (gql_listed(slot, "names", people[i].name))
			gql_object(run, slot, &people[i], n++);
	jsonw_close(run->json, ']');
}

static const struct gql_field person_fields[] = {
	{"name", resolve_name, NULL, 0, "upper"},
	{"age", resolve_age, NULL, 0, NULL},
	{"friend", resolve_friend, &person_type, 0, NULL},
};
static const struct gql_type person_type = {"Person", person_fields, 3};
static const struct gql_field root_fields[] = {{"people", resolve_people, &person_type, 0, "names other"}};
static const struct gql_type root_type = {"Query", root_fields, 1};

/* Answers a query; returns the text. */
static char *ask(const char *query, const char *variables, const char *operation)
{
	struct buf out;
	struct jsonw w;
	struct jsonx doc;
	cJSON *request = cJSON_CreateObject();
	char *text;
	int root = 0;

	jsonx_init(&doc);
	cJSON_AddStringToObject(request, "query", query);
	if (operation)
		cJSON_AddStringToObject(request, "operationName", operation);
	if (variables) {
		assert_int_equal(jsonx_parse(&doc, variables, strlen(variables), NULL), ERR_OK);
		cJSON_AddItemToObject(request, "variables", cJSON_Duplicate(doc.root, true));
	}
	buf_init(&out, 1u << 20);
	jsonw_init(&w, &out, false);
	gql_answer(&root_type, request, &root, &w);
	text = g_strdup(buf_text(&out));
	buf_fini(&out);
	cJSON_Delete(request);
	jsonx_fini(&doc);
	return text;
}

static void expect(const char *query, const char *variables, const char *answer)
{
	char *text = ask(query, variables, NULL);

	assert_string_equal(text, answer);
	g_free(text);
}

static void expect_part(const char *query, const char *variables, const char *part)
{
	char *text = ask(query, variables, NULL);

	if (!strstr(text, part))
		fail_msg("%s\nlacks\n%s", text, part);
	g_free(text);
}

static void answers_selections(void **state)
{
	(void)state;
	expect("{ people { name age } }", NULL,
	       "{\"data\":{\"people\":[{\"name\":\"Ada\",\"age\":36},{\"name\":\"Bob\",\"age\":7}]}}");
	expect("query Q { all: people(names: [\"Bob\"]) { __typename n: name(upper: true) # comment\n age } }",
	       NULL, "{\"data\":{\"all\":[{\"__typename\":\"Person\",\"n\":\"BOB\",\"age\":7}]}}");
	expect("{people(names:\"Bob\"){friend{name}friend{age}}}", NULL,
	       "{\"data\":{\"people\":[{\"friend\":{\"name\":\"Ada\",\"age\":36}}]}}");
}

static void fills_variables(void **state)
{
	const char *query =
		"query Q($n: [String!], $u: Boolean = true) { people(names: $n) { name(upper: $u) } }";

	(void)state;
	expect(query, "{\"n\":[\"Ada\"]}", "{\"data\":{\"people\":[{\"name\":\"ADA\"}]}}");
	expect(query, "{\"n\":[\"Ada\"],\"u\":false}", "{\"data\":{\"people\":[{\"name\":\"Ada\"}]}}");
	expect(query, NULL, "{\"data\":{\"people\":[{\"name\":\"ADA\"},{\"name\":\"BOB\"}]}}");
	expect("query Q($a: String) { people(names: [$a]) { age } }", "{\"a\":\"Bob\"}",
	       "{\"data\":{\"people\":[{\"age\":7}]}}");
	expect_part("query Q($n: [String!]!) { people(names: $n) { name } }", NULL, "was not provided");
	expect_part("{ people(names: $n) { name } }", NULL, "Variable \\\"$n\\\" is not defined.");
}

static void spreads_fragments(void **state)
{
	(void)state;
	expect("{ people(names:\"Ada\") { ...F ... on Person { age } } } fragment F on Person { name }", NULL,
	       "{\"data\":{\"people\":[{\"name\":\"Ada\",\"age\":36}]}}");
	expect("query Q($y: Boolean!) { people(names:\"Ada\") { name @skip(if: $y) age @include(if: $y) } }",
	       "{\"y\":true}", "{\"data\":{\"people\":[{\"age\":36}]}}");
	expect_part("{ people { ...F } } fragment F on Person { friend { ...F } }", NULL,
		    "nested too deeply");
	expect_part("{ people { ...G } }", NULL, "Unknown fragment");
	expect_part("{ people { ...R } } fragment R on Query { people { name } }", NULL,
		    "can never be of type");
}

static void tells_errors_of_rows(void **state)
{
	(void)state;
	expect("{ people { friend { name } } }", NULL,
	       "{\"data\":{\"people\":[{\"friend\":null},{\"friend\":{\"name\":\"Ada\"}}]},\"errors\":[{\"message\":\"Ada is "
	       "alone\",\"path\":[\"people\",0,\"friend\"],\"extensions\":{\"code\":\"NO_FRIEND\"}}]}");
}

static void refuses_the_whole_query(void **state)
{
	static const char *const rows[][2] = {
		{"{ people { nme } }", "Cannot query field \\\"nme\\\" on type \\\"Person\\\"."},
		{"{ people }", "must have a selection"},
		{"{ people { name { x } } }", "must not have a selection"},
		{"{ people(nmes: 1) { name } }", "Unknown argument"},
		{"mutation { people { name } }", "a mutation was sent"},
		{"{ people { name }", "Syntax Error"},
		{"{ people(names: [\"a) { name } }", "Syntax Error"},
		{"", "Syntax Error"},
		{"{ people { name @when(if: true) } }", "Unknown directive"},
		{"{ people { a: name a: age } }", "conflict"},
		{"query A { people { name } } query B { people { age } }", "Must provide operation name"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		expect_part(rows[i][0], NULL, rows[i][1]);
		expect_part(rows[i][0], NULL, "{\"data\":null,\"errors\":[");
	}
}

static void chooses_the_operation(void **state)
{
	char *text = ask("query A { people { name } } query B { people(names:\"Bob\") { age } }", NULL, "B");

	(void)state;
	assert_string_equal(text, "{\"data\":{\"people\":[{\"age\":7}]}}");
	g_free(text);
	text = ask("query A { people { name } }", NULL, "C");
	assert_non_null(strstr(text, "Unknown operation"));
	g_free(text);
}

static void survives_deep_and_odd_text(void **state)
{
	GString *deep = g_string_new(NULL);

	(void)state;
	for (int i = 0; i < 5000; i++)
		g_string_append(deep, "{people");
	expect_part(deep->str, NULL, "Syntax Error");
	g_string_assign(deep, "{ people(names:");
	for (int i = 0; i < 5000; i++)
		g_string_append_c(deep, '[');
	expect_part(deep->str, NULL, "Syntax Error");
	g_string_free(deep, TRUE);
	expect_part("{ people(names: \"\\u0042ob\") { name } }", NULL, "Bob");
	expect_part("\xff\xfe", NULL, "Syntax Error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_selections),         cmocka_unit_test(fills_variables),
		cmocka_unit_test(spreads_fragments),          cmocka_unit_test(tells_errors_of_rows),
		cmocka_unit_test(refuses_the_whole_query),    cmocka_unit_test(chooses_the_operation),
		cmocka_unit_test(survives_deep_and_odd_text),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
