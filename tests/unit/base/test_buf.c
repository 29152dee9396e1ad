#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void grows_and_stays_terminated(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, 100000);
	assert_null(buf.data);
	assert_string_equal(buf_text(&buf), "");
	for (int i = 0; i < 10000; i++) {
		buf_addc(&buf, (char)('a' + i % 26));
		assert_int_equal(buf.data[buf.length], 0);
	}
	assert_int_equal(buf.length, 10000);
	assert_int_equal(buf_text(&buf)[9999], 'a' + 9999 % 26);
	buf_reset(&buf);
	assert_string_equal(buf_text(&buf), "");
	buf_adds(&buf, "x");
	buf_adds(&buf, NULL);
	buf_adds(&buf, "");
	buf_add(&buf, "\0y", 2);
	assert_int_equal(buf.length, 3);
	assert_memory_equal(buf.data, "x\0y", 4);
	buf_fini(&buf);
	assert_null(buf.data);
}

static void ceiling_is_exact_and_error_sticks(void **state)
{
	(void)state;
	for (size_t ceiling = 0; ceiling < 200; ceiling++) {
		struct buf buf;
		buf_init(&buf, ceiling);
		for (size_t i = 0; i < ceiling; i++)
			buf_addc(&buf, 'x');
		assert_int_equal(buf.error, ERR_OK);
		assert_int_equal(buf.length, ceiling);
		buf_addc(&buf, 'y');
		assert_int_equal(buf.error, ERR_TOO_BIG);
		assert_int_equal(buf.length, ceiling);
		buf_reset(&buf);
		assert_int_equal(buf.error, ERR_OK);
		buf_fini(&buf);
	}
	struct buf buf;
	buf_init(&buf, 5);
	buf_adds(&buf, "abc");
	buf_adds(&buf, "def");
	assert_int_equal(buf.error, ERR_TOO_BIG);
	buf_adds(&buf, "d"); /* would fit, but something is missing already */
	buf_addf(&buf, "%d", 1);
	buf_addc(&buf, 'd');
	assert_string_equal(buf_text(&buf), "abc");
	buf_fini(&buf);
}

static void format_of_any_length(void **state)
{
	(void)state;
	char text[2000];
	memset(text, 'z', sizeof(text));
	for (size_t length = 0; length < sizeof(text); length += 37) {
		struct buf buf;
		buf_init(&buf, 1999);
		buf_addf(&buf, "%.*s|", (int)length, text);
		assert_int_equal(buf.error, length + 1 > 1999 ? ERR_TOO_BIG : ERR_OK);
		assert_int_equal(buf.length, length + 1);
		assert_int_equal(buf.data[length], '|');
		assert_int_equal(buf.data[length + 1], 0);
		buf_fini(&buf);
	}
}

static void reserve_tells_what_cannot_be(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, 100);
	assert_int_equal(buf_reserve(&buf, 100), ERR_OK);
	assert_true(buf.size > 100);
	assert_int_equal(buf_reserve(&buf, 101), ERR_TOO_BIG);
	buf_reset(&buf);
	assert_int_equal(buf_reserve(&buf, SIZE_MAX), ERR_TOO_BIG);
	buf_fini(&buf);
	buf_init(&buf, SIZE_MAX);
	assert_int_equal(buf_reserve(&buf, SIZE_MAX), ERR_TOO_BIG);
	buf_fini(&buf);
}

static void take_gives_the_bytes_away(void **state)
{
	(void)state;
	struct buf buf;
	size_t length = 7;
	buf_init(&buf, 100);
	assert_null(buf_take(&buf, &length));
	assert_int_equal(length, 0);
	buf_adds(&buf, "hello");
	char *bytes = buf_take(&buf, &length);
	assert_string_equal(bytes, "hello");
	assert_int_equal(length, 5);
	assert_int_equal(buf.length, 0);
	assert_null(buf.data);
	free(bytes);
	buf_adds(&buf, "again");
	buf_reset(&buf);
	assert_null(buf_take(&buf, NULL));
	buf_adds(&buf, "secret");
	buf_wipe(&buf);
	assert_null(buf.data);
	assert_int_equal(buf.ceiling, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_and_stays_terminated),
		cmocka_unit_test(ceiling_is_exact_and_error_sticks),
		cmocka_unit_test(format_of_any_length),
		cmocka_unit_test(reserve_tells_what_cannot_be),
		cmocka_unit_test(take_gives_the_bytes_away),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
