#include "base/jsonx.h"

#include "base/moment.h"
#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

static const char sample[] =
	"\xEF\xBB\xBF{ \"data\": [ {\"id\": \"space_1\", \"name\": \"Caf\\u00e9 \\\"1\\\"\", \"at\": 1700000000123,"
	" \"celsius\": [[21.04, -3e-1], []], \"on\": true, \"off\": null}, {\"id\": \"x]}[{\\\\\"} ],"
	" \"capacity\": {\"max\": 14, \"mid\": {}}, \"next\": \"\", \"total\": 2 }\r\n\t ";

/* Parses bytes that end where their memory ends, so that a read too far is seen. */
static int parse(struct jsonx *doc, const char *bytes, size_t length, struct problem *problem)
{
	char *exact = malloc(length ? length : 1);
	if (length)
		memcpy(exact, bytes, length);
	int err = jsonx_parse(doc, exact, length, problem);
	free(exact);
	return err;
}

static int parse_text(struct jsonx *doc, const char *text)
{
	struct problem problem = {0};
	int err = parse(doc, text, strlen(text), &problem);
	assert_int_equal(err, problem.code);
	assert_int_equal(err == ERR_OK, doc->root != NULL);
	return err;
}

/* What a walk handed over, in words: "data[] {…}" by member and kind. */
struct seen {
	char text[2000];
	unsigned rows, stop_after;
};

static int note_row(void *ctx, const char *member, bool in_array, const cJSON *element)
{
	struct seen *seen = ctx;
	size_t at = strlen(seen->text);
	char *json = cJSON_PrintUnformatted(element);
	snprintf(seen->text + at, sizeof(seen->text) - at, "%s%s=%s;", member, in_array ? "[]" : "", json);
	cJSON_free(json);
	seen->rows++;
	return seen->stop_after && seen->rows == seen->stop_after ? ERR_CANCELLED : ERR_OK;
}

static int walk(struct jsonx *doc, const char *bytes, size_t length, struct seen *seen, unsigned *bad)
{
	struct problem problem = {0};
	unsigned stop_after = seen->stop_after;
	*seen = (struct seen){.stop_after = stop_after};
	char *exact = malloc(length ? length : 1);
	if (length)
		memcpy(exact, bytes, length);
	int err = jsonx_each_row(doc, exact, length, note_row, seen, bad, &problem);
	free(exact);
	assert_true(err == problem.code || err == ERR_CANCELLED);
	return err;
}

static int walk_text(struct jsonx *doc, const char *text, struct seen *seen, unsigned *bad)
{
	return walk(doc, text, strlen(text), seen, bad);
}

static void a_document_is_read(void **state)
{
	struct jsonx *doc = *state;
	assert_int_equal(parse_text(doc, sample), ERR_OK);
	const cJSON *first = jsonx_get(doc->root, "data")->child;
	assert_string_equal(jsonx_str(jsonx_get(first, "id")), "space_1");
	assert_string_equal(jsonx_str(jsonx_get(first, "name")), "Caf\xC3\xA9 \"1\"");
	assert_string_equal(jsonx_str(jsonx_get(first->next, "id")), "x]}[{\\");
	assert_true(jsonx_num(jsonx_path(doc->root, "capacity.max")) == 14);
	assert_true(jsonx_moment(jsonx_get(first, "at")) == INT64_C(1700000000123));
	/* The tree of the last parse is forgotten, even when the next one fails. */
	assert_int_equal(parse_text(doc, "[1"), ERR_PARSE);
	assert_null(doc->root);
	assert_int_equal(parse_text(doc, " 7 "), ERR_OK);
	assert_true(jsonx_num(doc->root) == 7);
}

static void no_prefix_passes(void **state)
{
	struct jsonx *doc = *state;
	struct problem problem;
	struct seen seen = {0};
	unsigned bad;
	size_t whole = strlen(sample) - 4; /* without the blanks at the end */
	for (size_t length = 0; length < whole; length++) {
		assert_int_equal(parse(doc, sample, length, &problem), ERR_PARSE);
		assert_non_null(strstr(problem.why, "at byte"));
		assert_int_equal(walk(doc, sample, length, &seen, &bad), ERR_PARSE);
	}
	for (size_t length = whole; length <= strlen(sample); length++)
		assert_int_equal(parse(doc, sample, length, &problem), ERR_OK);
	assert_int_equal(jsonx_parse(doc, NULL, 0, NULL), ERR_PARSE);
}

static void malformed_documents_are_refused(void **state)
{
	struct jsonx *doc = *state;
	static const char *const bad[] = {
		"",
		" ",
		"{",
		"}",
		"]",
		"[}",
		"{]",
		"[1,]",
		"[,1]",
		"{\"a\"}",
		"{\"a\":}",
		"{\"a\":1,}",
		"{a:1}",
		"{1:1}",
		"[1 2]",
		"[1]]",
		"[1] x",
		"[1]{}",
		"\"a",
		"\"\\\"",
		"\"\\u12\"",
		"\"\\x\"",
		"tru",
		"nul",
		"[01x]",
		"[1.2.3]",
		"[--1]",
		"[+1]",
		"NaN",
		"Infinity",
		"'a'",
		"[\"a\"\"b\"]",
		"{\"a\":1 \"b\":2}",
		"[[]",
		"{\"a\":[}]",
		"\xEF\xBB\xBF",
		"\xEF\xBB",
		"\xEF\xBB\xBF\xEF\xBB\xBF[]",
		"[1]\xEF\xBB\xBF",
		"\xFF",
		"/**/1",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (parse_text(doc, bad[i]) != ERR_PARSE)
			fail_msg("\"%s\" is taken", bad[i]);
	assert_int_equal(parse(doc, "1\0", 2, NULL), ERR_PARSE);
}

static char *nested(size_t depth, char open, const char *inner, char close)
{
	char *text = malloc(depth * 2 + strlen(inner) + 1);
	memset(text, open, depth);
	memcpy(text + depth, inner, strlen(inner));
	memset(text + depth + strlen(inner), close, depth);
	text[depth * 2 + strlen(inner)] = '\0';
	return text;
}

static void depth_has_a_ceiling(void **state)
{
	struct jsonx *doc = *state;
	static const size_t depths[] = {JSONX_DEPTH, JSONX_DEPTH + 1, 63, 64, 65, 66, 1000, 1001, 100000};
	for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		char *text = nested(depths[i], '[', "", ']');
		assert_int_equal(parse_text(doc, text), i == 0 ? ERR_OK : ERR_TOO_DEEP);
		text[depths[i] * 2 - 1] = '}';
		assert_int_equal(parse_text(doc, text), ERR_PARSE);
		free(text);
		text = nested(depths[i], '[', "\"", '[');
		assert_int_equal(parse_text(doc, text), ERR_PARSE);
		free(text);
	}
}

static void number_of_values_has_a_ceiling(void **state)
{
	struct jsonx *doc = *state;
	size_t count = JSONX_NODES, length = count * 2 + 1;
	char *text = malloc(length + 2);
	text[0] = '[';
	for (size_t i = 0; i < count; i++) {
		text[1 + i * 2] = '1';
		text[2 + i * 2] = ',';
	}
	text[length - 1] = ']';
	struct problem problem;
	assert_int_equal(jsonx_parse(doc, text, length, &problem), ERR_TOO_BIG);
	assert_null(doc->root);
	/* The same bytes as one string are one value. */
	text[0] = text[length - 1] = '"';
	assert_int_equal(jsonx_parse(doc, text, length, &problem), ERR_OK);
	free(text);
}

static void rows_come_one_by_one(void **state)
{
	struct jsonx *doc = *state;
	struct seen seen = {0};
	unsigned bad = 9;
	assert_int_equal(walk_text(doc,
				   "{\"a\":[1,{\"x\":[2]}],\"b\":{\"c\":[3]},\"d\":[],\"e\":\"t\",\"f\":null}",
				   &seen, &bad),
			 ERR_OK);
	assert_string_equal(seen.text, "a[]=1;a[]={\"x\":[2]};b={\"c\":[3]};e=\"t\";f=null;");
	assert_int_equal(bad, 0);
	assert_int_equal(walk_text(doc, "\xEF\xBB\xBF [ 1 , [ ] , \"]\" ]\n", &seen, &bad), ERR_OK);
	assert_string_equal(seen.text, "[]=1;[]=[];[]=\"]\";");
	assert_int_equal(walk_text(doc,
				   "[\xEF\xBB\xBF"
				   "1,2]",
				   &seen, &bad),
			 ERR_OK);
	assert_string_equal(seen.text, "[]=2;"); /* a BOM begins a document, not a value */
	assert_int_equal(bad, 1);
	assert_int_equal(walk_text(doc, "{}", &seen, &bad), ERR_OK);
	assert_int_equal(seen.rows, 0);
	assert_int_equal(walk_text(doc, " [ ] ", &seen, &bad), ERR_OK);
	assert_int_equal(walk_text(doc, "5", &seen, &bad), ERR_OK);
	assert_string_equal(seen.text, "=5;");
	assert_int_equal(walk_text(doc, "{\"k\\u00e9\\\"\":[1]}", &seen, &bad), ERR_OK);
	assert_string_equal(seen.text, "k\xC3\xA9\"[]=1;");
	assert_int_equal(jsonx_each_row(doc, "[1]", 3, note_row, &seen, NULL, NULL), ERR_OK);
}

static void bad_rows_are_counted_and_skipped(void **state)
{
	struct jsonx *doc = *state;
	struct seen seen = {0};
	unsigned bad = 9;
	assert_int_equal(walk_text(doc, "{\"a\":[1,{\"x\" 2},[1 2],tru,\"\\ud800\",5],\"b\":{1},\"c\":6}",
				   &seen, &bad),
			 ERR_OK);
	assert_string_equal(seen.text, "a[]=1;a[]=\"\xEF\xBF\xBD\";a[]=5;c=6;");
	assert_int_equal(bad, 4);
	char *deep = nested(100000, '[', "\"]\"", ']'), *text = malloc(300000);
	snprintf(text, 300000, "{\"a\":[%s,1],\"b\":2}", deep);
	assert_int_equal(walk_text(doc, text, &seen, &bad), ERR_OK);
	assert_string_equal(seen.text, "a[]=1;b=2;");
	assert_int_equal(bad, 1);
	free(deep);
	free(text);
}

/* Half a pair is valid JSON and no character: U+FFFD stands for it, whole pairs and escaped backslashes stay. */
static void halves_of_pairs_are_replaced(void **state)
{
	static const struct {
		const char *json, *text;
	} cases[] = {
		{"[\"\\ud800\"]", "\xEF\xBF\xBD"},
		{"[\"a\\uDC00b\"]", "a\xEF\xBF\xBD"
				    "b"},
		{"[\"\\ud83d\\ude00\\ud83d\"]", "\xF0\x9F\x98\x80\xEF\xBF\xBD"},
		{"[\"\\ud800\\ud800\\udc00\"]", "\xEF\xBF\xBD\xF0\x90\x80\x80"},
		{"[\"\\\\ud800\\ud800\"]", "\\ud800\xEF\xBF\xBD"},
	};
	struct jsonx *doc = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(jsonx_parse(doc, cases[i].json, strlen(cases[i].json), NULL), ERR_OK);
		assert_string_equal(jsonx_str(cJSON_GetArrayItem(doc->root, 0)), cases[i].text);
	}
}

static void malformed_wholes_end_the_walk(void **state)
{
	struct jsonx *doc = *state;
	static const char *const texts[] = {
		"",
		"{",
		"[",
		"{\"a\"",
		"{\"a\":",
		"{\"a\":[",
		"{\"a\":[1",
		"{\"a\":[1,",
		"{\"a\":[1]",
		"{\"a\":[1],",
		"{\"a\":[1],}",
		"[1,]",
		"[,]",
		"[1}",
		"{\"a\":1]",
		"{a:1}",
		"{\"a\" 1}",
		"{\"a\":1 \"b\":2}",
		"[1]x",
		"[1][2]",
		"{\"a\":[1}]}",
		"[{\"a\":[}]]",
		"[\"a]",
		"oops",
		"<html></html>",
		"tru",
		"\xFF",
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct seen seen = {0};
		unsigned bad;
		if (walk_text(doc, texts[i], &seen, &bad) != ERR_PARSE)
			fail_msg("\"%s\" is taken", texts[i]);
	}
}

static void a_row_may_end_the_walk(void **state)
{
	struct jsonx *doc = *state;
	struct seen seen = {.stop_after = 2};
	unsigned bad;
	assert_int_equal(walk_text(doc, "{\"a\":[1,2,3],\"b\":4}", &seen, &bad), ERR_CANCELLED);
	assert_string_equal(seen.text, "a[]=1;a[]=2;");
}

static void memory_stays_that_of_one_row(void **state)
{
	struct jsonx *doc = *state;
	struct seen seen = {0};
	size_t at = 1;
	char *text = malloc(4 << 20);
	text[0] = '[';
	while (at < (4 << 20) - 200)
		at += (size_t)snprintf(text + at, 200, "{\"data\":[[1,2,3,4],[5,6,7,8]],\"id\":\"%zu\"},",
				       at);
	text[at - 1] = ']';
	jsonx_fini(doc);
	jsonx_init(doc);
	assert_int_equal(jsonx_each_row(doc, text, at, note_row, &seen, NULL, NULL), ERR_OK);
	assert_true(seen.rows > 50000);
	assert_true(doc->arena.reserved + doc->names.reserved < 16384);
	free(text);
}

/* The sample with a few bytes changed: whatever comes of it, what the walk takes the parser takes. The other
 * way round cJSON is laxer, as it takes every byte up to 0x20 for a blank. */
static void changed_bytes_do_no_harm(void **state)
{
	struct jsonx *doc = *state;
	struct rng rng;
	unsigned taken = 0;
	rng_init(&rng, 5);
	for (int round = 0; round < 20000; round++) {
		char text[sizeof(sample)];
		struct seen seen = {0};
		unsigned bad = 0;
		memcpy(text, sample, sizeof(sample));
		for (unsigned n = rng_below(&rng, 3) + 1; n > 0; n--)
			text[rng_below(&rng, sizeof(sample) - 1)] =
				rng_below(&rng, 2) ? "[]{}\",:\\0 e-"[rng_below(&rng, 12)]
						   : (char)rng_next(&rng);
		int parsed = parse(doc, text, sizeof(sample) - 1, NULL);
		int walked = walk(doc, text, sizeof(sample) - 1, &seen, &bad);
		assert_true(parsed == ERR_OK || walked != ERR_OK || bad > 0);
		if (parsed == ERR_OK)
			taken++;
	}
	assert_true(taken > 1000); /* else the changes were too coarse to test anything */
}

static void getters_take_anything(void **state)
{
	struct jsonx *doc = *state;
	assert_null(jsonx_get(NULL, "a"));
	assert_null(jsonx_path(NULL, "a.b"));
	assert_null(jsonx_str(NULL));
	assert_true(isnan(jsonx_num(NULL)));
	assert_int_equal(jsonx_truthy(NULL), -1);
	assert_true(jsonx_moment(NULL) == MOMENT_NONE);
	assert_int_equal(parse_text(doc, "{\"a\":{\"b\":{\"c\":1}},\"A\":2,\"a.b\":3,\"ab\":4,\"l\":[1]}"),
			 ERR_OK);
	assert_true(jsonx_num(jsonx_path(doc->root, "a.b.c")) == 1);
	assert_true(jsonx_num(jsonx_get(doc->root, "A")) == 2);
	assert_null(jsonx_get(doc->root, "AB"));
	assert_null(jsonx_get(doc->root, NULL));
	assert_null(jsonx_get(jsonx_get(doc->root, "l"), "a"));
	assert_null(jsonx_path(doc->root, "a.b.c.d"));
	assert_null(jsonx_path(doc->root, "a.x.c"));
	assert_null(jsonx_path(doc->root, ""));
	assert_null(jsonx_path(doc->root, "."));
	assert_null(jsonx_path(doc->root, NULL));
	assert_ptr_equal(jsonx_path(doc->root, "l"), jsonx_get(doc->root, "l"));
}

static void values_are_read_with_tolerance(void **state)
{
	struct jsonx *doc = *state;
	assert_int_equal(parse_text(doc, "[\"\",\"x\",3,\"3.5\",\"3,5\",true,null,1e999,\"0x10\"]"), ERR_OK);
	const cJSON *item = doc->root->child;
	assert_null(jsonx_str(item)); /* "" is "not told" */
	assert_string_equal(jsonx_str(item = item->next), "x");
	assert_true(isnan(jsonx_num(item)));
	assert_true(jsonx_num(item = item->next) == 3);
	assert_null(jsonx_str(item));
	assert_true(jsonx_num(item = item->next) == 3.5);
	for (item = item->next; item; item = item->next)
		assert_true(isnan(jsonx_num(item)));
	static const char yes[] = "[true,1,1.0,\"true\",\"TRUE\",\"yes\",\"1\"]",
			  no[] = "[false,0,\"false\",\"No\",\"0\"]",
			  other[] = "[null,2,-1,0.5,\"\",\"on\",\"2\",[],{}]";
	assert_int_equal(parse_text(doc, yes), ERR_OK);
	cJSON_ArrayForEach(item, doc->root) assert_int_equal(jsonx_truthy(item), 1);
	assert_int_equal(parse_text(doc, no), ERR_OK);
	cJSON_ArrayForEach(item, doc->root) assert_int_equal(jsonx_truthy(item), 0);
	assert_int_equal(parse_text(doc, other), ERR_OK);
	cJSON_ArrayForEach(item, doc->root) assert_int_equal(jsonx_truthy(item), -1);
	assert_int_equal(parse_text(doc,
				    "[1700000000,1700000000000,\"1700000000\",\"2023-11-14T22:13:20\",1.7e9]"),
			 ERR_OK);
	cJSON_ArrayForEach(item, doc->root) assert_true(jsonx_moment(item) == INT64_C(1700000000000));
	assert_int_equal(parse_text(doc, "[0,-1,null,\"\",\"x\",true,[1700000000]]"), ERR_OK);
	cJSON_ArrayForEach(item, doc->root) assert_true(jsonx_moment(item) == MOMENT_NONE);
}

/* A parse must not leave the hooks bent: trees made elsewhere live on their own. */
static void other_trees_use_malloc(void **state)
{
	struct jsonx *doc = *state;
	cJSON *own = cJSON_CreateObject();
	assert_int_equal(parse_text(doc, "{\"a\":[1"), ERR_PARSE);
	assert_int_equal(parse_text(doc, "{\"a\":[1 2]}"), ERR_PARSE);
	assert_non_null(cJSON_AddStringToObject(own, "k", "v"));
	/* Had it come from the arena, its memory would be another's now, and then nobody's. */
	assert_int_equal(parse_text(doc, "[1,2,3,4,5,6,7,8]"), ERR_OK);
	assert_string_equal(jsonx_str(jsonx_get(own, "k")), "v");
	jsonx_fini(doc);
	jsonx_init(doc);
	assert_string_equal(jsonx_str(jsonx_get(own, "k")), "v");
	cJSON_Delete(own);
}

static int set_up(void **state)
{
	struct jsonx *doc = malloc(sizeof(*doc));
	jsonx_setup();
	jsonx_init(doc);
	*state = doc;
	return 0;
}

static int tear_down(void **state)
{
	jsonx_fini(*state);
	free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_document_is_read),
		cmocka_unit_test(no_prefix_passes),
		cmocka_unit_test(malformed_documents_are_refused),
		cmocka_unit_test(depth_has_a_ceiling),
		cmocka_unit_test(number_of_values_has_a_ceiling),
		cmocka_unit_test(rows_come_one_by_one),
		cmocka_unit_test(bad_rows_are_counted_and_skipped),
		cmocka_unit_test(halves_of_pairs_are_replaced),
		cmocka_unit_test(malformed_wholes_end_the_walk),
		cmocka_unit_test(a_row_may_end_the_walk),
		cmocka_unit_test(memory_stays_that_of_one_row),
		cmocka_unit_test(changed_bytes_do_no_harm),
		cmocka_unit_test(getters_take_anything),
		cmocka_unit_test(values_are_read_with_tolerance),
		cmocka_unit_test(other_trees_use_malloc),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
