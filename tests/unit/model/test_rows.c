#include "model/rows.h"

#include "base/moment.h"
#include "base/text.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct item {
	const char *id;
	int number;
	double value;
};

static struct rows *make(int n)
{
	const struct item blank = {.id = NULL, .number = -7, .value = 1.5};
	struct rows *rows = rows_new(KIND_ROOMS, sizeof(blank), &blank, "hq", "butlr");
	assert_non_null(rows);
	for (int i = 0; i < n; i++) {
		struct item *item = rows_add(rows);
		assert_non_null(item);
		assert_null(item->id);
		assert_int_equal(item->number, -7);
		item->id = rows_textf(rows, "item-%d", i);
		item->number = i;
	}
	return rows;
}

static int number_at(const struct rows *rows, size_t i)
{
	return ((const struct item *)rows_at(rows, i))->number;
}

static void test_rows_grow_and_keep_their_content(void **state)
{
	(void)state;
	struct rows *rows = make(1000);
	assert_int_equal(rows_count(rows), 1000);
	assert_int_equal(rows_kind(rows), KIND_ROOMS);
	assert_string_equal(rows_account(rows), "hq");
	assert_string_equal(rows_vendor(rows), "butlr");
	assert_true(rows_as_of_ms(rows) == MOMENT_NONE);
	assert_true(rows_valid_until_ms(rows) == MOMENT_NONE);
	rows_set_times(rows, 5, 9);
	rows_set_hash(rows, 77);
	const struct rows *sealed = rows_seal(rows);
	for (int i = 0; i < 1000; i++) {
		char id[32];
		snprintf(id, sizeof(id), "item-%d", i);
		assert_string_equal(((const struct item *)rows_at(sealed, (size_t)i))->id, id);
		assert_int_equal(number_at(sealed, (size_t)i), i);
	}
	assert_int_equal(rows_as_of_ms(sealed), 5);
	assert_int_equal(rows_valid_until_ms(sealed), 9);
	assert_int_equal(rows_hash(sealed), 77);
	assert_true(rows_bytes(sealed) >= 1000 * sizeof(struct item));
	assert_false(rows_overflow(sealed));
	rows_unref(sealed);
	rows_unref(NULL);
}

static void test_text_is_inert_and_emptiness_is_null(void **state)
{
	(void)state;
	struct rows *rows = make(0);
	assert_null(rows_text(rows, NULL));
	assert_null(rows_text(rows, ""));
	assert_null(rows_text(rows, " \t\r\n "));
	assert_string_equal(rows_text(rows, "Caf\xC3\xA9 4"), "Caf\xC3\xA9 4");
	const char *evil = rows_text(rows, "a\x1b[2Jb\x7f");
	assert_null(strchr(evil, '\x1b'));
	assert_null(strchr(evil, '\x7f'));
	/* Cleaning twice would turn the moved characters into U+FFFD; a copy keeps them. */
	assert_string_equal(rows_copy(rows, evil), evil);
	assert_ptr_not_equal(rows_copy(rows, evil), evil);
	assert_null(rows_copy(rows, NULL));
	uint32_t codepoint;
	text_decode(evil + 1, strlen(evil + 1), &codepoint);
	assert_int_equal(text_original(codepoint), 0x1b);
	rows_unref(rows);
}

static void test_textf_takes_long_text(void **state)
{
	(void)state;
	struct rows *rows = make(0);
	char wide[2000];
	memset(wide, 'x', sizeof(wide));
	wide[sizeof(wide) - 1] = '\0';
	const char *text = rows_textf(rows, "<%s>", wide);
	assert_int_equal(strlen(text), sizeof(wide) - 1 + 2);
	assert_int_equal(text[strlen(text) - 1], '>');
	rows_unref(rows);
}

static void test_unusable_rows_are_taken_back(void **state)
{
	(void)state;
	struct rows *rows = make(3);
	rows_drop_last(rows, true);
	rows_drop_last(rows, false);
	assert_int_equal(rows_count(rows), 1);
	assert_int_equal(rows_bad(rows), 1);
	rows_count_bad(rows, 4);
	assert_int_equal(rows_bad(rows), 5);
	rows_count_bad(rows, UINT32_MAX);
	assert_int_equal(rows_bad(rows), UINT32_MAX);
	const struct item *again = rows_add(rows);
	assert_int_equal(again->number, -7);
	rows_unref(rows);
}

static bool is_even(const void *row, void *ctx)
{
	++*(int *)ctx;
	return ((const struct item *)row)->number % 2 == 0;
}

static void test_filter_keeps_order(void **state)
{
	(void)state;
	struct rows *rows = make(101);
	int asked = 0;
	rows_filter(rows, is_even, &asked);
	assert_int_equal(asked, 101);
	assert_int_equal(rows_count(rows), 51);
	for (size_t i = 0; i < 51; i++)
		assert_int_equal(number_at(rows, i), 2 * (int)i);
	rows_truncate(rows, 90);
	assert_int_equal(rows_count(rows), 51);
	rows_truncate(rows, 7);
	assert_int_equal(rows_count(rows), 7);
	((struct item *)rows_edit(rows, 3))->number = 1;
	rows_filter(rows, is_even, &asked);
	assert_int_equal(rows_count(rows), 6);
	assert_int_equal(number_at(rows, 3), 8);
	rows_unref(rows);
}

static int by_tens(const void *a, const void *b, void *ctx)
{
	int sign = *(const int *)ctx;
	int left = ((const struct item *)a)->number % 10, right = ((const struct item *)b)->number % 10;
	return sign * ((left > right) - (left < right));
}

static void test_sort_is_stable(void **state)
{
	(void)state;
	for (int n = 0; n < 130; n += n < 20 ? 1 : 13) {
		for (int sign = -1; sign <= 1; sign += 2) {
			struct rows *rows = make(n);
			rows_sort(rows, by_tens, &sign);
			assert_int_equal(rows_count(rows), n);
			for (size_t i = 1; i < rows_count(rows); i++) {
				int before = number_at(rows, i - 1), after = number_at(rows, i);
				int order = sign * (before % 10 - after % 10);
				assert_true(order < 0 || (order == 0 && before < after));
			}
			rows_unref(rows);
		}
	}
}

static void test_ceiling_ends_growth(void **state)
{
	(void)state;
	struct rows *rows = make(0);
	rows_set_ceiling(rows, 64 << 10);
	size_t n = 0;
	while (n < 100000 && rows_add(rows))
		n++;
	assert_true(rows_overflow(rows));
	assert_true(n > 1000 && n * sizeof(struct item) <= 64 << 10);
	assert_int_equal(rows_count(rows), n);
	assert_null(rows_add(rows));
	/* What rows took is not there for text. */
	char wide[4096];
	memset(wide, 'x', sizeof(wide));
	wide[sizeof(wide) - 1] = '\0';
	assert_null(rows_text(rows, wide));
	rows_unref(rows);
}

static void test_text_ceiling_is_told(void **state)
{
	(void)state;
	struct rows *rows = make(1);
	rows_set_ceiling(rows, 8 << 10);
	size_t bytes = 0;
	while (bytes < 1 << 20 && rows_memory(rows, 1000))
		bytes += 1000;
	assert_true(bytes <= 8 << 10);
	assert_true(rows_overflow(rows));
	rows_unref(rows);
}

static void *ref_and_unref(void *arg)
{
	for (int i = 0; i < 20000; i++) {
		const struct rows *mine = rows_ref(arg);
		if (rows_count(mine) != 10)
			return arg;
		rows_unref(mine);
	}
	return NULL;
}

static void test_references_from_threads(void **state)
{
	(void)state;
	const struct rows *rows = rows_seal(make(10));
	pthread_t threads[4];
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ref_and_unref, (void *)(uintptr_t)rows),
				 0);
	for (int i = 0; i < 4; i++) {
		void *failed = NULL;
		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
	assert_int_equal(number_at(rows, 9), 9);
	rows_unref(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_grow_and_keep_their_content),
		cmocka_unit_test(test_text_is_inert_and_emptiness_is_null),
		cmocka_unit_test(test_textf_takes_long_text),
		cmocka_unit_test(test_unusable_rows_are_taken_back),
		cmocka_unit_test(test_filter_keeps_order),
		cmocka_unit_test(test_sort_is_stable),
		cmocka_unit_test(test_ceiling_ends_growth),
		cmocka_unit_test(test_text_ceiling_is_told),
		cmocka_unit_test(test_references_from_threads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
