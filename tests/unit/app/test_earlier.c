/* What an earlier list of orders left: which parts are done, open or new, and when all that is over. */
#include "app/orders_private.h"
#include "base/jsonx.h"
#include "core/kind.h"
#include "model/access.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1790000000000) /* 2026-09-21 */
#define LATER "{\"name\":\"Ada\",\"expired_at\":\"2026-09-22T00:00:00Z\"}"
#define PAST "{\"name\":\"Ada\",\"expired_at\":\"2026-09-20T00:00:00Z\"}"

struct line {
	const char *wish, *result, *id, *detail, *what;
};

/* Lines as the store gives them, newest first. */
static const struct rows *lines_of(const struct line *lines, size_t n)
{
	struct rows *rows = kind_rows_new(KIND_AUDIT, "lobby", "butterflymx");

	for (size_t i = 0; i < n; i++) {
		struct audit_row *row = rows_add(rows);

		row->id = rows_textf(rows, "%zu", n - i);
		row->wish = rows_text(rows, lines[i].wish);
		row->result = rows_text(rows, lines[i].result);
		row->subject_id = rows_text(rows, lines[i].id);
		row->detail = rows_text(rows, lines[i].detail);
		row->what = rows_text(rows, lines[i].what);
	}
	return rows_seal(rows);
}

static bool settle(struct earlier *earlier, size_t parts, const struct line *lines, size_t n)
{
	const struct rows *rows = lines_of(lines, n);
	bool open;

	earlier_init(earlier, parts);
	earlier_read(earlier, rows, "w");
	open = earlier_settle(earlier, NOW);
	rows_unref(rows);
	return open;
}

static void test_what_was_done_and_what_is_open(void **state)
{
	static const struct line lines[] = {
		{"w L2 2", "unsure", NULL, NULL, LATER}, {"other L9 0", "unsure", NULL, NULL, LATER},
		{"w L2 1", "done", "k-2", NULL, LATER},  {"w L2 0", "done", "c-1", NULL, LATER},
		{"w L1 3", "done", "k-9", NULL, LATER}, /* of an older list */
	};
	struct earlier earlier;

	(void)state;
	assert_true(settle(&earlier, 4, lines, G_N_ELEMENTS(lines)));
	assert_string_equal(earlier.list, "L2");
	assert_int_equal(earlier.parts[0].state, PART_DONE);
	assert_string_equal(earlier.parts[0].id, "c-1");
	assert_int_equal(earlier.parts[1].state, PART_DONE);
	assert_int_equal(earlier.parts[2].state, PART_OPEN);
	assert_int_equal(earlier.parts[3].state, PART_NEW);
	earlier_fini(&earlier);
}

static void test_a_clear_end_leaves_nothing(void **state)
{
	static const struct line lines[] = {{"w L 1", "done", "k-2", NULL, LATER},
					    {"w L 0", "done", "k-1", NULL, LATER}};
	struct earlier earlier;

	(void)state;
	assert_false(settle(&earlier, 2, lines, G_N_ELEMENTS(lines)));
	assert_int_equal(earlier.parts[0].state, PART_NEW);
	assert_string_equal(earlier.list, "");
	earlier_fini(&earlier);
}

/* An answer that was lost and found: who gives the command again may not have seen it. */
static void test_found_after_a_lost_answer_is_the_same_wish(void **state)
{
	static const struct line lines[] = {{"w L 1", "done", "k-2", ORDERS_FOUND, LATER},
					    {"w L 0", "done", "k-1", NULL, LATER}};
	struct earlier earlier;

	(void)state;
	assert_true(settle(&earlier, 2, lines, G_N_ELEMENTS(lines)));
	assert_int_equal(earlier.parts[0].state, PART_DONE);
	assert_int_equal(earlier.parts[1].state, PART_DONE);
	earlier_fini(&earlier);
}

static void test_the_newest_line_of_a_part_counts(void **state)
{
	static const struct line lines[] = {{"w L 0", "failed", NULL, "why", LATER},
					    {"w L 0", "unsure", NULL, NULL, LATER}};
	struct earlier earlier;

	(void)state;
	assert_false(settle(&earlier, 1, lines, G_N_ELEMENTS(lines)));
	assert_int_equal(earlier.parts[0].state, PART_NEW);
	earlier_fini(&earlier);
}

static void test_a_key_that_is_over_is_no_longer_meant(void **state)
{
	static const struct line lines[] = {{"w L 0", "unsure", NULL, NULL, PAST}};
	struct earlier earlier;

	(void)state;
	assert_false(settle(&earlier, 1, lines, G_N_ELEMENTS(lines)));
	earlier_fini(&earlier);
}

static void test_garbage_in_the_file_does_no_harm(void **state)
{
	static const struct line lines[] = {
		{"w", "unsure", NULL, NULL, LATER},    {"w L 99999999999999999999", "done", "x", NULL, LATER},
		{"w L -1", "done", "x", NULL, LATER},  {NULL, NULL, NULL, NULL, NULL},
		{"w L 0", "unsure", NULL, NULL, "{["},
	};
	struct earlier earlier;

	(void)state;
	assert_true(settle(&earlier, 1, lines, G_N_ELEMENTS(lines)));
	assert_int_equal(earlier.parts[0].state, PART_OPEN);
	earlier_fini(&earlier);
}

static void test_fields_come_back_as_they_were_sent(void **state)
{
	struct part part = {
		.state = PART_OPEN,
		.what = (char *)"{\"name\":\"Ada\",\"activated_at\":\"2026-09-21T10:00:00Z\",\"evil\":\"x\"}"};
	struct order *order = order_new(KIND_KEYS, VERB_CREATE, NULL);

	(void)state;
	order_set(order, "name", "Ada");
	order_set(order, "activated_at", "2026-09-21T11:30:00Z");
	earlier_restore(&part, order);
	assert_string_equal(order_get(order, "activated_at"), "2026-09-21T10:00:00Z");
	assert_false(order_has(order, "evil"));
	order_free(order);
}

static void test_now_is_the_same_wish_each_time(void **state)
{
	struct account account = {.name = (char *)"lobby"};
	struct order *a = order_new(KIND_KEYS, VERB_CREATE, NULL),
		     *b = order_new(KIND_KEYS, VERB_CREATE, NULL);
	char first[40], second[40], third[40];

	(void)state;
	order_set(a, "name", "Ada");
	order_set(a, "activated_at", "2026-09-21T11:30:00Z");
	order_set(b, "name", "Ada");
	order_set(b, "activated_at", "2026-09-21T11:30:09Z");
	earlier_wish(&account, &a, 1, NULL, first);
	earlier_wish(&account, &b, 1, NULL, second);
	assert_string_equal(first, second);
	order_set(b, "name", "Bob");
	earlier_wish(&account, &b, 1, NULL, second);
	assert_string_not_equal(first, second);
	earlier_wish(&account, &a, 1, "typed", second);
	earlier_wish(&account, &b, 1, "typed", third);
	assert_string_equal(second, third);
	order_free(a);
	order_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_done_and_what_is_open),
		cmocka_unit_test(test_a_clear_end_leaves_nothing),
		cmocka_unit_test(test_found_after_a_lost_answer_is_the_same_wish),
		cmocka_unit_test(test_the_newest_line_of_a_part_counts),
		cmocka_unit_test(test_a_key_that_is_over_is_no_longer_meant),
		cmocka_unit_test(test_garbage_in_the_file_does_no_harm),
		cmocka_unit_test(test_fields_come_back_as_they_were_sent),
		cmocka_unit_test(test_now_is_the_same_wish_each_time),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
