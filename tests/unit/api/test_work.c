/* A work: requests in order, failures and notices, what is handed over. */
#include "api/work.h"

#include "base/jsonx.h"
#include "base/moment.h"
#include "base/text.h"
#include "core/kind.h"
#include "model/estate.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1800000000000)

static struct work *new_work(enum kind kind, const char *filter, const char *value)
{
	struct query query;
	struct work *work;

	query_init(&query, kind);
	if (filter != NULL)
		assert_int_equal(query_set(&query, filter, value, NOW, NULL), ERR_OK);
	work = work_new(&query, "hq", "butlr", NOW);
	query_fini(&query);
	return work;
}

static void add_floor(struct work *work, const char *id, const char *building)
{
	struct floor_row *floor = rows_add(work_rows(work, KIND_FLOORS));

	floor->id = rows_text(work_rows(work, KIND_FLOORS), id);
	floor->building_id = rows_text(work_rows(work, KIND_FLOORS), building);
}

static void test_requests_come_in_order_and_are_copied(void **state)
{
	struct work *work = new_work(KIND_FLOORS, NULL, NULL);
	char path[32] = "/a";
	const struct work_request *request;

	(void)state;
	assert_int_equal(work_request(work, &(struct work_request){.path = path, .step = 1}), ERR_OK);
	path[1] = 'b';
	assert_int_equal(work_request(work,
				      &(struct work_request){.path = path, .method = "POST", .body = "{}"}),
			 ERR_OK);
	request = work_next(work);
	assert_string_equal(request->path, "/a");
	assert_string_equal(request->method, "GET");
	assert_true(request->delay_ms == 0 && request->host == WORK_HOST_API);
	request = work_next(work);
	assert_string_equal(request->path, "/b");
	assert_string_equal(request->body, "{}");
	assert_null(work_next(work));
	work_free(work);
}

static void test_the_number_of_requests_is_bounded(void **state)
{
	struct work *work = new_work(KIND_FLOORS, NULL, NULL);

	(void)state;
	for (int i = 0; i < WORK_REQUESTS; i++)
		assert_int_equal(work_request(work, &(struct work_request){.path = "/a"}), ERR_OK);
	assert_int_equal(work_request(work, &(struct work_request){.path = "/a"}), ERR_TOO_BIG);
	assert_true(work_failed(work));
	work_free(work);
}

static struct work_answer answer_of(int status, const char *body)
{
	return (struct work_answer){.status = status, .body = body, .length = strlen(body), .now_ms = NOW};
}

static void test_failures_quote_the_server(void **state)
{
	static const struct {
		int status, code;
		const char *body, *says;
	} cases[] = {
		{401, ERR_AUTH, "{\"message\":\"Unauthorized\"}", "401: Unauthorized"},
		{403, ERR_DENIED, "{\"error\":\"no\"}", "403: no"},
		{404, ERR_ABSENT, "{\"errors\":[{\"message\":\"gone\"}]}", "404: gone"},
		{500, ERR_SERVER, "plain \x1b[31mtext", "500: plain \xe2\x90\x9b[31mtext"},
		{502, ERR_SERVER, "<html>bad gateway</html>", "502"},
		{429, ERR_BUSY, "", "429"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct work *work = new_work(KIND_FLOORS, NULL, NULL);
		struct work_request request = {.method = "GET", .path = "/api/v2/spaces?details=true"};
		struct work_answer answer = answer_of(cases[i].status, cases[i].body);

		assert_false(work_usable(work, &request, &answer));
		assert_int_equal(work_problem(work)->code, cases[i].code);
		assert_string_equal(work_problem(work)->what, "GET /api/v2/spaces");
		assert_non_null(strstr(work_problem(work)->why, cases[i].says));
		assert_null(strstr(work_problem(work)->why, "html"));
		work_free(work);
	}
}

static void test_optional_failures_are_notices(void **state)
{
	struct work *work = new_work(KIND_ROOMS, NULL, NULL);
	struct work_request request = {.method = "GET", .path = "/a", .optional = true};
	struct work_answer missing = answer_of(404, ""), broken = answer_of(500, ""),
			   fine = answer_of(200, "{}");
	const struct work_notice *notices;

	(void)state;
	assert_true(work_usable(work, &request, &fine));
	assert_false(work_usable(work, &request, &missing));
	assert_false(work_usable(work, &request, &broken));
	assert_false(work_usable(work, &request, &broken)); /* told once */
	assert_false(work_failed(work));
	assert_int_equal(work_notices(work, &notices), 2);
	assert_int_equal(notices[0].kind, NOTICE_HINT);
	assert_int_equal(notices[1].kind, NOTICE_PARTIAL);
	work_free(work);
}

static void test_the_first_failure_stays(void **state)
{
	struct work *work = new_work(KIND_ROOMS, NULL, NULL);

	(void)state;
	assert_int_equal(work_failf(work, ERR_PARSE, "a", NULL, "first"), ERR_PARSE);
	assert_int_equal(work_failf(work, ERR_SERVER, "b", NULL, "second"), ERR_PARSE);
	assert_string_equal(work_problem(work)->why, "first");
	work_free(work);
}

static void test_rows_are_filtered_cut_and_sealed(void **state)
{
	struct work *work = new_work(KIND_FLOORS, "building", "b1");
	const struct rows *rows[2];

	(void)state;
	add_floor(work, "f1", "b1");
	add_floor(work, "f2", "b2");
	add_floor(work, "f3", "b1");
	assert_int_equal(work_take(work, NOW + 1000, rows, 2), 1);
	assert_int_equal(rows_count(rows[0]), 2);
	assert_string_equal(((const struct floor_row *)rows_at(rows[0], 1))->id, "f3");
	assert_true(rows_valid_until_ms(rows[0]) == NOW + 1000);
	assert_true(rows_hash(rows[0]) != 0);
	rows_unref(rows[0]);
	work_free(work);
}

static void test_the_limit_is_kept(void **state)
{
	struct work *work = new_work(KIND_FLOORS, "limit", "1");
	const struct rows *rows[2];

	(void)state;
	add_floor(work, "f1", NULL);
	add_floor(work, "f2", NULL);
	assert_int_equal(work_take(work, NOW, rows, 2), 1);
	assert_int_equal(rows_count(rows[0]), 1);
	rows_unref(rows[0]);
	work_free(work);
}

static void test_wanted_kinds_are_handed_over_the_asked_one_first(void **state)
{
	struct work *work = new_work(KIND_ROOMS, NULL, NULL);
	const struct rows *rows[4];

	(void)state;
	add_floor(work, "f1", NULL);
	work_rows(work, KIND_SENSORS);
	work_want(work, KIND_FLOORS);
	assert_int_equal(work_take(work, NOW, rows, 4), 2);
	assert_int_equal(rows_kind(rows[0]), KIND_ROOMS);
	assert_int_equal(rows_kind(rows[1]), KIND_FLOORS);
	rows_unref(rows[0]);
	rows_unref(rows[1]);
	work_free(work);
}

static void test_first_time(void **state)
{
	struct work *work = new_work(KIND_ROOMS, NULL, NULL);

	(void)state;
	assert_true(work_first_time(work, 1, "a"));
	assert_false(work_first_time(work, 1, "a"));
	assert_true(work_first_time(work, 2, "a"));
	assert_true(work_first_time(work, 1, NULL));
	assert_false(work_first_time(work, 1, ""));
	work_free(work);
}

static void test_inspection_tells_json_from_garbage(void **state)
{
	static const char *const good[] = {"{}", " [1, \"a]\"] \n", "\xef\xbb\xbf{\"a\":[{}]}"};
	static const char *const bad[] = {"",     " ",        "<html></html>", "{\"a\":1",
					  "{} x", "\"text\"", "[1}",           "{\"a"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(work_inspect_json(good[i], strlen(good[i])), ERR_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(work_inspect_json(bad[i], strlen(bad[i])), ERR_PARSE);
}

/* --- orders --- */

static struct work *new_order_work(void)
{
	struct order *order = order_new(KIND_KEYS, VERB_CREATE, NULL);
	struct work *work;

	order_set(order, "name", "Anna");
	work = work_new_order(order, "hq", "butterflymx", NOW);
	order_set(order, "name", "changed afterwards");
	order_free(order);
	return work;
}

static void test_an_order_is_copied(void **state)
{
	struct work *work = new_order_work(), *query = new_work(KIND_KEYS, NULL, NULL);
	const struct rows *rows[2];

	(void)state;
	assert_null(work_order(query));
	assert_string_equal(order_get(work_order(work), "name"), "Anna");
	assert_int_equal(work_query(work)->kind, KIND_KEYS);
	assert_int_equal(work_take(work, NOW, rows, 2), 1);
	assert_int_equal(rows_kind(rows[0]), KIND_KEYS);
	rows_unref(rows[0]);
	work_free(work);
	work_free(query);
}

static void test_progress_is_taken_once(void **state)
{
	struct work *work = new_order_work();
	const char *text;

	(void)state;
	assert_null(work_take_progress(work));
	work_progress(work, "one");
	work_progress(work, "looking for %s", "A\x1b[31m\nB\x7f");
	text = work_take_progress(work);
	assert_true(g_utf8_validate(text, -1, NULL));
	assert_true(g_str_has_prefix(text, "looking for A"));
	for (const char *at = text; *at != '\0'; at++)
		assert_true((unsigned char)*at >= 0x20 && *at != 0x7f);
	work_progress(work, "%s", text); /* inert already: not changed, and may be our own memory */
	assert_true(g_str_has_prefix(work_take_progress(work), "looking for A"));
	assert_null(work_take_progress(work));
	work_free(work);
}

static void test_inert_text_stays_as_it_is(void **state)
{
	struct work *work = new_order_work();
	struct arena arena;
	const char *inert;

	(void)state;
	arena_init(&arena, 4096);
	inert = text_inert(&arena, "a\x1b\xe2\x80\xaez", 6);
	work_progress(work, "%s", inert);
	assert_string_equal(work_take_progress(work), inert);
	arena_fini(&arena);
	work_free(work);
}

static void test_field_errors_are_bounded_and_inert(void **state)
{
	char *longest = g_strnfill(5000, 'x'), *wide = g_strnfill(300, 'y');
	struct work *work = new_order_work();
	const struct work_field_fault *faults;

	(void)state;
	assert_int_equal(work_field_errors(work, &faults), 0);
	work_field_error(work, "email", "is %s", "wrong");
	work_field_error(work, "email", "is %s", "wrong"); /* told once */
	work_field_error(work, "e\x1bmail", "\xff\xfe%s", longest);
	work_field_error(work, wide, "\r\n");
	work_field_error(work, NULL, "of no field");
	assert_int_equal(work_field_errors(work, &faults), 4);
	assert_string_equal(faults[0].field, "email");
	assert_string_equal(faults[0].text, "is wrong");
	for (size_t i = 0; i < 4; i++) {
		assert_true(g_utf8_validate(faults[i].field, -1, NULL));
		assert_true(g_utf8_validate(faults[i].text, -1, NULL));
		assert_null(strpbrk(faults[i].field, "\x1b\r\n"));
		assert_null(strpbrk(faults[i].text, "\x1b\r\n"));
	}
	assert_int_equal(strlen(faults[1].text), sizeof(faults[1].text) - 1);
	assert_string_equal(faults[3].field, "");
	for (int i = 0; i < 100; i++)
		work_field_error(work, "name", "number %d", i);
	assert_int_equal(work_field_errors(work, &faults), 32);
	assert_false(work_failed(work));
	g_free(longest);
	g_free(wide);
	work_free(work);
}

static void test_a_doubt_takes_the_place_of_a_failure(void **state)
{
	struct work *work = new_order_work();

	(void)state;
	work_failf(work, ERR_SERVER, "GET /a", NULL, "the server answered 500");
	work_doubt(work);
	work_doubt(work);
	assert_int_equal(work_problem(work)->code, ERR_UNSURE);
	assert_string_equal(work_problem(work)->why, "it was sent, and then: the server answered 500");
	work_free(work);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests_come_in_order_and_are_copied),
		cmocka_unit_test(test_the_number_of_requests_is_bounded),
		cmocka_unit_test(test_failures_quote_the_server),
		cmocka_unit_test(test_optional_failures_are_notices),
		cmocka_unit_test(test_the_first_failure_stays),
		cmocka_unit_test(test_rows_are_filtered_cut_and_sealed),
		cmocka_unit_test(test_the_limit_is_kept),
		cmocka_unit_test(test_wanted_kinds_are_handed_over_the_asked_one_first),
		cmocka_unit_test(test_first_time),
		cmocka_unit_test(test_inspection_tells_json_from_garbage),
		cmocka_unit_test(test_an_order_is_copied),
		cmocka_unit_test(test_progress_is_taken_once),
		cmocka_unit_test(test_inert_text_stays_as_it_is),
		cmocka_unit_test(test_field_errors_are_bounded_and_inert),
		cmocka_unit_test(test_a_doubt_takes_the_place_of_a_failure),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
