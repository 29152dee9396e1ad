/* Bytes → keys, mouse and pastes: whole, and cut at every place. */
#include "ui/term/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define S KEY_SHIFT_
#define A KEY_ALT_
#define C KEY_CTRL_

static const struct {
	const char *bytes;
	uint32_t key;
} table[] = {
	{"a", 'a'},
	{" ", ' '},
	{"\xc3\xa9", 0xe9},
	{"\xe6\xbc\xa2", 0x6f22},
	{"\xf0\x9f\x98\x80", 0x1f600},
	{"\r", KEY_ENTER_},
	{"\n", KEY_ENTER_},
	{"\t", KEY_TAB_},
	{"\x7f", KEY_BACKSPACE_},
	{"\b", KEY_BACKSPACE_},
	{"\x0c", C | 'l'},
	{"\x03", C | 'c'},
	{"\x1f", C | '_'},
	{"\033x", A | 'x'},
	{"\033\r", A | KEY_ENTER_},
	{"\033\xc3\xa9", A | 0xe9},
	{"\033[A", KEY_UP_},
	{"\033[B", KEY_DOWN_},
	{"\033[C", KEY_RIGHT_},
	{"\033[D", KEY_LEFT_},
	{"\033OA", KEY_UP_},
	{"\033OD", KEY_LEFT_},
	{"\033[H", KEY_HOME_},
	{"\033[F", KEY_END_},
	{"\033OH", KEY_HOME_},
	{"\033OF", KEY_END_},
	{"\033[1~", KEY_HOME_},
	{"\033[2~", KEY_INSERT_},
	{"\033[3~", KEY_DELETE_},
	{"\033[4~", KEY_END_},
	{"\033[5~", KEY_PAGE_UP},
	{"\033[6~", KEY_PAGE_DOWN},
	{"\033[7~", KEY_HOME_},
	{"\033[8~", KEY_END_},
	{"\033[Z", S | KEY_TAB_},
	{"\033[1;2A", S | KEY_UP_},
	{"\033[1;3B", A | KEY_DOWN_},
	{"\033[1;5C", C | KEY_RIGHT_},
	{"\033[1;6D", C | S | KEY_LEFT_},
	{"\033[1;8H", C | A | S | KEY_HOME_},
	{"\033[3;5~", C | KEY_DELETE_},
	{"\033[6;2~", S | KEY_PAGE_DOWN},
	{"\033OP", KEY_F1_},
	{"\033OS", KEY_F1_ + 3},
	{"\033[11~", KEY_F1_},
	{"\033[15~", KEY_F1_ + 4},
	{"\033[17~", KEY_F1_ + 5},
	{"\033[21~", KEY_F1_ + 9},
	{"\033[23~", KEY_F1_ + 10},
	{"\033[24~", KEY_F12_},
	{"\033[24;5~", C | KEY_F12_},
	{"\033[1;2P", S | KEY_F1_},
	{"\033[1;5S", C | (KEY_F1_ + 3)},
	{"\033[[A", KEY_F1_},
	{"\033[[E", KEY_F1_ + 4},
	{"\033[3$", S | KEY_DELETE_},
	{"\033[3^", C | KEY_DELETE_},
	{"\033[5@", C | S | KEY_PAGE_UP},
	{"\033[a", S | KEY_UP_},
	{"\033Od", C | KEY_LEFT_},
	{"\033O5A", C | KEY_UP_},
	{"\033OM", KEY_ENTER_},
	{"\033Oq", '1'},
	{"\033Ok", '+'},
	{"\033\033[A", A | KEY_UP_},
	{"\033[27;5;108~", C | 'l'},
	{"\033[108;5u", C | 'l'},
	{"\033[27;1u", KEY_ESCAPE_},
	{"\033[13;2u", S | KEY_ENTER_},
	{"\033[97;3u", A | 'a'},
};

static const char *const silent[] = {
	"\033[I",
	"\033[O",
	"\033[?1;2c",
	"\033[?2026;2$y",
	"\033]10;rgb:0/0/0\033\\",
	"\033]52;c;xx\a",
	"\033P>|term\033\\",
	"\033[999~",
	"\033[1;99999999999999999999999999x",
	"\xff",
	"\xc3(",
	"\xed\xa0\x80",
	"\033[<35;4;5M",
	"\033[<66;1;1M",
	"\033[<0;0;0M",
	"\033[200z",
};

static void feed(struct decoder *decoder, const char *bytes, size_t length)
{
	size_t room;
	unsigned char *to = decoder_room(decoder, &room);

	assert_true(length <= room);
	memcpy(to, bytes, length);
	decoder_fed(decoder, length);
}

static void test_keys_whole_and_split(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		size_t length = strlen(table[i].bytes);

		for (size_t step = 1; step <= length; step++) {
			struct decoder decoder;
			struct input input;
			bool got = false;

			decoder_init(&decoder);
			for (size_t at = 0; at < length; at += step) {
				assert_false(got);
				feed(&decoder, table[i].bytes + at, length - at < step ? length - at : step);
				got = decoder_next(&decoder, false, &input);
			}
			if (!got || input.type != INPUT_KEY || input.key != table[i].key)
				fail_msg("row %zu (%s) in steps of %zu", i, table[i].bytes + 1, step);
			assert_false(decoder_next(&decoder, false, &input));
			assert_false(decoder_waiting(&decoder));
			decoder_fini(&decoder);
		}
	}
}

static void test_silent(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
		struct decoder decoder;
		struct input input;
		uint32_t last = 0;

		decoder_init(&decoder);
		feed(&decoder, silent[i], strlen(silent[i]));
		feed(&decoder, "z", 1);
		while (decoder_next(&decoder, false, &input)) {
			assert_int_equal(input.type, INPUT_KEY);
			last = input.key;
			if (last != 'z' && last != '(')
				fail_msg("row %zu gave key %x", i, last);
		}
		if (last != 'z')
			fail_msg("row %zu swallowed the next key", i);
		decoder_fini(&decoder);
	}
}

static void test_escape(void **state)
{
	struct decoder decoder;
	struct input input;

	(void)state;
	decoder_init(&decoder);
	feed(&decoder, "\033", 1);
	assert_false(decoder_next(&decoder, false, &input));
	assert_true(decoder_waiting(&decoder));
	assert_true(decoder_next(&decoder, true, &input));
	assert_int_equal(input.key, KEY_ESCAPE_);
	assert_false(decoder_waiting(&decoder));
	feed(&decoder, "\033[", 2);
	assert_true(decoder_next(&decoder, true, &input));
	assert_int_equal(input.key, KEY_ALT_ | '[');
	/* Two at once are two. */
	feed(&decoder, "\033\033", 2);
	assert_false(decoder_next(&decoder, false, &input));
	assert_true(decoder_next(&decoder, true, &input));
	assert_true(decoder_next(&decoder, true, &input));
	assert_int_equal(input.key, KEY_ESCAPE_);
	assert_false(decoder_next(&decoder, true, &input));
	feed(&decoder, "\033[1;", 4);
	assert_false(decoder_next(&decoder, true, &input));
	assert_false(decoder_waiting(&decoder));
	decoder_fini(&decoder);
}

static void test_learned(void **state)
{
	struct decoder decoder;
	struct input input;

	(void)state;
	decoder_init(&decoder);
	decoder_learn(&decoder, "\033OA", KEY_UP_);
	assert_int_equal(decoder.n_strings, 0);
	decoder_learn(&decoder, "\033Ot", KEY_F1_ + 4); /* vt100: else the keypad's 4 */
	feed(&decoder, "\033Ot", 3);
	assert_true(decoder_next(&decoder, false, &input));
	assert_int_equal(input.key, KEY_F1_ + 4);
	decoder_fini(&decoder);
}

static void test_mouse(void **state)
{
	static const struct {
		const char *bytes;
		enum mouse_action action;
		int x, y, button;
	} mouse[] = {
		{"\033[<0;1;1M", MOUSE_PRESS, 0, 0, 1},     {"\033[<0;200;300m", MOUSE_RELEASE, 199, 299, 1},
		{"\033[<2;5;6M", MOUSE_PRESS, 4, 5, 3},     {"\033[<32;7;8M", MOUSE_DRAG, 6, 7, 1},
		{"\033[<64;3;4M", MOUSE_WHEEL_UP, 2, 3, 0}, {"\033[<65;3;4M", MOUSE_WHEEL_DOWN, 2, 3, 0},
		{"\033[M !\"", MOUSE_PRESS, 0, 1, 1},       {"\033[M#!\"", MOUSE_RELEASE, 0, 1, 0},
	};
	struct decoder decoder;
	struct input input;

	(void)state;
	decoder_init(&decoder);
	for (size_t i = 0; i < sizeof mouse / sizeof *mouse; i++) {
		for (const char *at = mouse[i].bytes; *at != '\0'; at++) {
			assert_false(decoder_next(&decoder, false, &input));
			feed(&decoder, at, 1);
		}
		assert_true(decoder_next(&decoder, false, &input));
		assert_int_equal(input.type, INPUT_MOUSE);
		assert_int_equal(input.mouse, mouse[i].action);
		assert_int_equal(input.x, mouse[i].x);
		assert_int_equal(input.y, mouse[i].y);
		assert_int_equal(input.button, mouse[i].button);
	}
	decoder_fini(&decoder);
}

static void paste(size_t step, const char *bytes, const char *wanted)
{
	struct decoder decoder;
	struct input input;
	size_t length = strlen(bytes);
	bool got = false;

	decoder_init(&decoder);
	for (size_t at = 0; at < length; at += step) {
		feed(&decoder, bytes + at, length - at < step ? length - at : step);
		got = decoder_next(&decoder, false, &input);
	}
	assert_true(got);
	assert_int_equal(input.type, INPUT_PASTE);
	assert_string_equal(input.paste, wanted);
	assert_false(decoder_waiting(&decoder));
	decoder_fini(&decoder);
}

static void test_paste(void **state)
{
	(void)state;
	for (size_t step = 1; step < 40; step++) {
		paste(step, "\033[200~one\r\ntwo\rthree\n\033[201~", "one\ntwo\nthree\n");
		paste(step, "\033[200~\033[31mh\xc3\xa9\x07\x01!\xe2\x80\xae\033[20\033[201~",
		      "[31mh\xc3\xa9![20");
		paste(step, "\033[200~\033[201~", "");
	}
}

static void test_paste_ceiling(void **state)
{
	struct decoder decoder;
	struct input input;
	char block[1000];

	(void)state;
	memset(block, 'x', sizeof block);
	decoder_init(&decoder);
	feed(&decoder, "\033[200~", 6);
	for (int i = 0; i < 100; i++) {
		assert_false(decoder_next(&decoder, false, &input));
		feed(&decoder, block, sizeof block);
	}
	assert_false(decoder_next(&decoder, false, &input));
	feed(&decoder, "\033[201~", 6);
	assert_true(decoder_next(&decoder, false, &input));
	assert_int_equal(strlen(input.paste), DECODE_PASTE_MOST);
	/* Without its end it ends when the line stays silent. */
	feed(&decoder, "\033[200~abc", 9);
	assert_false(decoder_next(&decoder, false, &input));
	assert_true(decoder_next(&decoder, true, &input));
	assert_string_equal(input.paste, "abc");
	decoder_fini(&decoder);
}

static void test_confirmation(void **state)
{
	struct decoder decoder;
	struct input input;

	(void)state;
	decoder_init(&decoder);
	feed(&decoder, "\033[0n\033[0na", 9);
	assert_true(decoder_next(&decoder, false, &input));
	assert_int_equal(input.key, 'a');
	assert_int_equal(decoder.confirmations, 2);
	decoder_fini(&decoder);
}

/* Whatever comes: no crash, no endless loop, no control character as a key. */
/* A terminal answers while a person presses Esc: neither is lost. */
static void test_escape_before_an_answer(void **state)
{
	static const char *const answers[] = {"\033[0n", "\033[<0;3;4M", "\033[200~x\033[201~"};
	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		struct decoder decoder;
		struct input input;

		decoder_init(&decoder);
		feed(&decoder, "\033", 1);
		feed(&decoder, answers[i], strlen(answers[i]));
		assert_true(decoder_next(&decoder, false, &input));
		assert_int_equal(input.type, INPUT_KEY);
		assert_int_equal(input.key, KEY_ESCAPE_);
		if (i == 0) {
			assert_false(decoder_next(&decoder, true, &input));
			assert_int_equal(decoder.confirmations, 1);
		} else {
			assert_true(decoder_next(&decoder, true, &input));
			assert_int_equal(input.type, i == 1 ? INPUT_MOUSE : INPUT_PASTE);
		}
		decoder_fini(&decoder);
	}
}

static void test_noise(void **state)
{
	static const char alphabet[] = "\033\033\033[[O]P\\<;:0123456789~AMmunR$\a\x18\xc3\xa9\xf0\x9f"
				       "a?";
	struct decoder decoder;
	struct input input;
	unsigned seed = 7;

	(void)state;
	decoder_init(&decoder);
	for (int i = 0; i < 200000; i++) {
		seed = seed * 1664525u + 1013904223u;
		feed(&decoder, &alphabet[(seed >> 12) % (sizeof alphabet - 1)], 1);
		while (decoder_next(&decoder, (seed >> 20) % 16 == 0, &input))
			if (input.type == INPUT_KEY)
				assert_true((input.key & 0x1FFFFF) >= 0x20);
	}
	decoder_fini(&decoder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_whole_and_split),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_learned),
		cmocka_unit_test(test_mouse),
		cmocka_unit_test(test_paste),
		cmocka_unit_test(test_paste_ceiling),
		cmocka_unit_test(test_confirmation),
		cmocka_unit_test(test_escape_before_an_answer),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
