#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void names_and_texts_follow_the_map(void **state)
{
	(void)state;
	assert_string_equal(err_name(ERR_OK), "OK");
	assert_string_equal(err_name(ERR_AUTH), "AUTH");
	assert_string_equal(err_name(ERR_CLOSED), "CLOSED");
	assert_string_equal(err_name(1), "UNKNOWN");
	assert_string_equal(err_name(-1000), "UNKNOWN");
	assert_string_equal(err_text(ERR_TIMEOUT), "no answer in time");
	assert_true(strlen(err_text(-1000)) > 0);
#define CHECK(name, number, text)                                                                            \
	assert_int_equal(ERR_##name, number);                                                                \
	assert_string_equal(err_name(number), #name);                                                        \
	assert_string_equal(err_text(number), text);
	ERR_MAP(CHECK)
#undef CHECK
}

static void problem_is_filled_and_code_returned(void **state)
{
	(void)state;
	struct problem p;
	assert_int_equal(problem_set(&p, ERR_AUTH, "sign-in", "check client_secret", "the server answered %d",
				     401),
			 ERR_AUTH);
	assert_int_equal(p.code, ERR_AUTH);
	assert_string_equal(p.what, "sign-in");
	assert_string_equal(p.why, "the server answered 401");
	assert_string_equal(p.todo, "check client_secret");
	assert_int_equal(problem_set(NULL, ERR_IO, "x", "y", "z"), ERR_IO);
	problem_set(&p, ERR_IO, NULL, NULL, "%s", "why");
	assert_string_equal(p.what, "");
	assert_string_equal(p.todo, "");
}

static void problem_may_quote_itself(void **state)
{
	(void)state;
	struct problem p;
	problem_set(&p, ERR_IO, "reading", "try", "no space");
	problem_set(&p, ERR_CONFIG, p.what, p.todo, "account hq: %s", p.why);
	assert_string_equal(p.why, "account hq: no space");
	assert_string_equal(p.what, "reading");
	assert_string_equal(p.todo, "try");
}

/* Every length of a text of é, € and a four-byte sign must be cut between characters. */
static void cut_keeps_characters_whole(void **state)
{
	(void)state;
	static const char *const signs[] = {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
	for (size_t s = 0; s < 3; s++) {
		for (size_t shift = 0; shift < 4; shift++) {
			char text[1000] = "abcd";
			size_t unit = strlen(signs[s]), at = shift;
			for (; at + unit < sizeof(text); at += unit)
				memcpy(text + at, signs[s], unit + 1);
			struct problem p;
			problem_set(&p, ERR_IO, text, text, "%s", text);
			assert_int_equal((strlen(p.what) - shift) % unit, 0);
			assert_int_equal((strlen(p.why) - shift) % unit, 0);
			assert_int_equal((strlen(p.todo) - shift) % unit, 0);
			assert_true(strlen(p.what) > sizeof(p.what) - 1 - unit);
			assert_true(strlen(p.why) > sizeof(p.why) - 1 - unit);
		}
	}
}

static void text_leaves_empty_parts_out(void **state)
{
	(void)state;
	char out[700];
	struct problem p;
	problem_set(&p, ERR_AUTH, "what", "todo", "why");
	assert_ptr_equal(problem_text(&p, out, sizeof(out)), out);
	assert_string_equal(out, "what: why (todo)");
	problem_set(&p, ERR_AUTH, NULL, "todo", "why");
	assert_string_equal(problem_text(&p, out, sizeof(out)), "why (todo)");
	problem_set(&p, ERR_AUTH, "what", NULL, "why");
	assert_string_equal(problem_text(&p, out, sizeof(out)), "what: why");
	p.why[0] = '\0';
	assert_string_equal(problem_text(&p, out, sizeof(out)), "what");
	p.what[0] = '\0';
	assert_string_equal(problem_text(&p, out, sizeof(out)), "");
}

static void text_fits_every_size(void **state)
{
	(void)state;
	struct problem p;
	problem_set(&p, ERR_AUTH, "what", "todo", "wh\xC3\xA9y");
	char full[64];
	problem_text(&p, full, sizeof(full));
	for (unsigned long size = 1; size <= sizeof(full); size++) {
		char *out = malloc(size);
		problem_text(&p, out, size);
		assert_true(strlen(out) < size);
		assert_memory_equal(out, full, strlen(out));
		free(out);
	}
	char untouched = 'x';
	problem_text(&p, &untouched, 0);
	assert_int_equal(untouched, 'x');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_texts_follow_the_map),
		cmocka_unit_test(problem_is_filled_and_code_returned),
		cmocka_unit_test(problem_may_quote_itself),
		cmocka_unit_test(cut_keeps_characters_whole),
		cmocka_unit_test(text_leaves_empty_parts_out),
		cmocka_unit_test(text_fits_every_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
