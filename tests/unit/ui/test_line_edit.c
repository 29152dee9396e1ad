#include "ui/widget/line_edit.h"

#include "base/rng.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum line_edit_result press(struct line_edit *edit, uint32_t key)
{
	return line_edit_input(edit, &(struct input){.type = INPUT_KEY, .key = key});
}

static enum line_edit_result paste(struct line_edit *edit, const char *text)
{
	return line_edit_input(edit, &(struct input){.type = INPUT_PASTE, .paste = text});
}

/* Plays keys by their names, blank between; characters are themselves. */
static enum line_edit_result play(struct line_edit *edit, const char *keys)
{
	enum line_edit_result result = EDIT_IGNORED;
	while (*keys) {
		char name[24] = "";
		size_t length = strcspn(keys, " ");
		assert_true(length < sizeof name);
		memcpy(name, keys, length);
		uint32_t key = key_parse(name), codepoint;
		if (!key && text_decode(name, length, &codepoint) == length)
			key = codepoint;
		assert_int_not_equal(key, 0);
		result = press(edit, key);
		keys += length + strspn(keys + length, " ");
	}
	return result;
}

#define FAMILY "\U0001F468\u200D\U0001F469\u200D\U0001F467"
#define E_ACUTE "e\u0301"

static void keys_edit_by_clusters_and_words(void **state)
{
	(void)state;
	static const struct {
		const char *before, *keys, *after;
		size_t cursor;
		enum line_edit_result result;
	} cases[] = {
		{"", "h e y", "hey", 3, EDIT_CHANGED},
		{"", "a Space b", "a b", 3, EDIT_CHANGED},
		{"", "Left", "", 0, EDIT_MOVED},
		{"", "Backspace", "", 0, EDIT_MOVED},
		{"ab", "Left x", "axb", 2, EDIT_CHANGED},
		{"ab", "Home x", "xab", 1, EDIT_CHANGED},
		{"ab", "C-a C-f x", "axb", 2, EDIT_CHANGED},
		{"ab", "C-a End x", "abx", 3, EDIT_CHANGED},
		{"ab", "C-b C-b C-e", "ab", 2, EDIT_MOVED},
		{"ab", "C-h", "a", 1, EDIT_CHANGED},
		{"ab", "Home Delete", "b", 0, EDIT_CHANGED},
		{"ab", "Left C-d", "a", 1, EDIT_CHANGED},
		{"ab", "C-d", "ab", 2, EDIT_MOVED},
		/* A cluster is one step, and goes whole. */
		{"a" E_ACUTE "z", "Left Left", "a" E_ACUTE "z", 1, EDIT_MOVED},
		{"a" E_ACUTE, "Backspace", "a", 1, EDIT_CHANGED},
		{"a" FAMILY "z", "Left Left", "a" FAMILY "z", 1, EDIT_MOVED},
		{"a" FAMILY "z", "Home Right Delete", "az", 1, EDIT_CHANGED},
		{"会議室", "Left Left x", "会x議室", 4, EDIT_CHANGED},
		{"会議室", "Backspace", "会議", 6, EDIT_CHANGED},
		/* A mark joins the letter before it. */
		{"e", "\u0301", E_ACUTE, 3, EDIT_CHANGED},
		{"e", "\u0301 Backspace", "", 0, EDIT_CHANGED},
		{"\u0301z", "Home e", E_ACUTE "z", 3, EDIT_CHANGED},
		{"ab" E_ACUTE, "Home Right Delete", "a" E_ACUTE, 1, EDIT_CHANGED},
		/* Words. */
		{"one two-three", "M-b", "one two-three", 8, EDIT_MOVED},
		{"one two-three", "M-b M-b", "one two-three", 4, EDIT_MOVED},
		{"one two-three", "M-b M-b M-b M-b", "one two-three", 0, EDIT_MOVED},
		{"one two", "Home M-f", "one two", 3, EDIT_MOVED},
		{"one two", "Home M-f M-f M-f", "one two", 7, EDIT_MOVED},
		{"one  two", "C-Left C-Left C-Right", "one  two", 3, EDIT_MOVED},
		{"Zoë Ångström", "M-b", "Zoë Ångström", 5, EDIT_MOVED},
		{"one two-three  ", "C-w", "one ", 4, EDIT_CHANGED},
		{"one two-three", "M-Backspace", "one ", 4, EDIT_CHANGED},
		{"one two", "M-b C-u", "two", 0, EDIT_CHANGED},
		{"one two", "M-b C-k", "one ", 4, EDIT_CHANGED},
		{"one two", "C-w Home C-y", "twoone ", 3, EDIT_CHANGED},
		{"one two", "C-u C-y C-y", "one twoone two", 14, EDIT_CHANGED},
		{"ab", "C-y", "ab", 2, EDIT_MOVED},
		{"ab", "C-k", "ab", 2, EDIT_MOVED},
		/* Ends of it, and what is not the edit's. */
		{"ab", "Enter", "ab", 2, EDIT_DONE},
		{"ab", "C-j", "ab", 2, EDIT_DONE},
		{"ab", "Esc", "ab", 2, EDIT_CANCELLED},
		{"ab", "C-c", "ab", 2, EDIT_CANCELLED},
		{"ab", "C-g", "ab", 2, EDIT_CANCELLED},
		{"ab", "Tab", "ab", 2, EDIT_IGNORED},
		{"ab", "F5", "ab", 2, EDIT_IGNORED},
		{"ab", "M-x", "ab", 2, EDIT_IGNORED},
		{"ab", "C-l", "ab", 2, EDIT_IGNORED},
		{"ab", "PgUp", "ab", 2, EDIT_IGNORED},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct line_edit *edit = line_edit_new(cases[i].before, 1000);
		enum line_edit_result result = play(edit, cases[i].keys);
		if (strcmp(line_edit_text(edit), cases[i].after) != 0 ||
		    line_edit_cursor(edit) != cases[i].cursor || result != cases[i].result)
			fail_msg("\"%s\" with %s: \"%s\", cursor %zu, result %d", cases[i].before,
				 cases[i].keys, line_edit_text(edit), line_edit_cursor(edit), (int)result);
		line_edit_free(edit);
	}
}

static void control_characters_never_get_in(void **state)
{
	(void)state;
	struct line_edit *edit = line_edit_new("a\033[31mb\n", 100);
	assert_string_equal(line_edit_text(edit), "a[31mb");
	assert_int_equal(press(edit, 0x9B), EDIT_IGNORED);
	assert_int_equal(press(edit, 0x202E), EDIT_IGNORED);
	assert_int_equal(press(edit, 7), EDIT_IGNORED);
	assert_int_equal(line_edit_input(edit, &(struct input){.type = INPUT_MOUSE}), EDIT_IGNORED);
	assert_string_equal(line_edit_text(edit), "a[31mb");
	line_edit_free(edit);
}

static void paste_becomes_one_line(void **state)
{
	(void)state;
	static const struct {
		const char *pasted, *text;
	} cases[] = {
		{"one\ntwo\n", "<one two>"},
		{"\r\n one\r\n\r\ntwo", "< one two>"},
		{"a\tb", "<a b>"},
		{"a\x1b]52;c;x\x07 b", "<a]52;c;x b>"},
		{"", "<>"},
		{"\n", "<>"},
		{"会\n" E_ACUTE, "<会 " E_ACUTE ">"},
		{"\xff", "<\uFFFD>"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct line_edit *edit = line_edit_new("<>", 100);
		press(edit, KEY_LEFT_);
		assert_int_equal(paste(edit, cases[i].pasted),
				 strcmp(cases[i].text, "<>") ? EDIT_CHANGED : EDIT_MOVED);
		assert_string_equal(line_edit_text(edit), cases[i].text);
		assert_int_equal(line_edit_cursor(edit), strlen(cases[i].text) - 1);
		line_edit_free(edit);
	}
}

static void ceiling_cuts_whole_clusters(void **state)
{
	(void)state;
	struct line_edit *edit = line_edit_new("ab" E_ACUTE E_ACUTE, 7);
	assert_string_equal(line_edit_text(edit), "ab" E_ACUTE);
	assert_int_equal(press(edit, 0x4F1A), EDIT_MOVED);
	assert_int_equal(press(edit, 'x'), EDIT_CHANGED);
	assert_int_equal(press(edit, 'y'), EDIT_CHANGED);
	assert_int_equal(press(edit, 'z'), EDIT_MOVED);
	line_edit_set(edit, "12345678");
	assert_string_equal(line_edit_text(edit), "1234567");
	line_edit_set(edit, NULL);
	assert_string_equal(line_edit_text(edit), "");
	line_edit_free(edit);
	edit = line_edit_new(NULL, 0);
	assert_int_equal(press(edit, 'x'), EDIT_MOVED);
	line_edit_free(edit);
}

static void history_keeps_the_line_being_typed(void **state)
{
	(void)state;
	static const char *const lines[] = {"first", "second"};
	struct line_edit *edit = line_edit_new("draft", 100);
	assert_int_equal(press(edit, KEY_UP_), EDIT_MOVED);
	line_edit_history(edit, lines, 2);
	assert_int_equal(press(edit, KEY_DOWN_), EDIT_MOVED);
	assert_int_equal(press(edit, KEY_UP_), EDIT_CHANGED);
	assert_string_equal(line_edit_text(edit), "second");
	assert_int_equal(line_edit_cursor(edit), 6);
	play(edit, "C-p");
	assert_string_equal(line_edit_text(edit), "first");
	assert_int_equal(press(edit, KEY_UP_), EDIT_MOVED);
	play(edit, "! Down");
	assert_string_equal(line_edit_text(edit), "second");
	play(edit, "C-n");
	assert_string_equal(line_edit_text(edit), "draft");
	assert_int_equal(press(edit, KEY_DOWN_), EDIT_MOVED);
	/* What was changed in an older line is not kept. */
	play(edit, "Up Up");
	assert_string_equal(line_edit_text(edit), "first");
	line_edit_history(edit, NULL, 0);
	assert_int_equal(press(edit, KEY_UP_), EDIT_MOVED);
	line_edit_free(edit);
}

static void draws(const struct line_edit *edit, int cells, bool ascii, const char *label, int cursor,
		  const char *expected)
{
	struct canvas *canvas = canvas_new(cells + 2, 1, ascii);
	assert_int_equal(line_edit_draw(edit, canvas, 1, 0, cells, label), cursor);
	struct buf dump;
	buf_init(&dump, BUF_CEILING_FILE);
	canvas_dump(canvas, false, &dump);
	assert_string_equal(buf_text(&dump), expected);
	buf_fini(&dump);
	canvas_free(canvas);
}

static void cursor_is_always_seen(void **state)
{
	(void)state;
	struct line_edit *edit = line_edit_new("conf", 100);
	draws(edit, 12, false, "/ ", 7, "| / conf       |\n");
	draws(edit, 12, false, NULL, 5, "| conf         |\n");
	line_edit_set(edit, "abcdefghijklmnop");
	draws(edit, 12, false, "/ ", 9, "| / …lmnop     |\n");
	play(edit, "Left Left Left");
	draws(edit, 12, false, "/ ", 6, "| / …lmnop     |\n"); /* the line stays put */
	play(edit, "Left Left Left Left");
	draws(edit, 12, false, "/ ", 7, "| / …ghijklmn… |\n");
	press(edit, KEY_HOME_);
	draws(edit, 12, false, "/ ", 3, "| / abcdefghi… |\n");
	draws(edit, 3, true, "long label", 2, "| ~a~ |\n");
	draws(edit, 1, true, "/", 1, "| ~ |\n");
	line_edit_set(edit, "会議室" E_ACUTE);
	draws(edit, 12, false, ":", 9, "| :会議室e\u0301     |\n");
	draws(edit, 12, true, ":", 6, "| :???e        |\n");
	assert_int_equal(line_edit_draw(edit, NULL, 5, 0, 0, ":"), 5);
	line_edit_free(edit);
}

/* Random keys: the text stays UTF-8 below its ceiling, the cursor in sight, the drawing in its cells. */
static void random_keys_keep_it_whole(void **state)
{
	(void)state;
	static const uint32_t keys[] = {
		'a',
		' ',
		0xE9,
		0x301,
		0x4F1A,
		0x1F468,
		0x200D,
		0x1F1E9,
		0x1F1EA,
		KEY_LEFT_,
		KEY_LEFT_,
		KEY_RIGHT_,
		KEY_HOME_,
		KEY_BACKSPACE_,
		KEY_DELETE_,
		KEY_CTRL_ | 'w',
		KEY_CTRL_ | 'y',
		KEY_ALT_ | 'b',
		KEY_ALT_ | 'f',
	};
	struct rng rng;
	rng_init(&rng, 5);
	for (int turn = 0; turn < 40; turn++) {
		struct line_edit *edit = line_edit_new(NULL, 60);
		for (int step = 0; step < 60; step++) {
			press(edit, keys[rng_below(&rng, sizeof keys / sizeof *keys)]);
			const char *text = line_edit_text(edit);
			size_t length = strlen(text);
			assert_true(length <= 60 && line_edit_cursor(edit) <= length);
			for (size_t at = 0; at < length;) {
				uint32_t codepoint;
				at += text_decode(text + at, length - at, &codepoint);
				assert_int_not_equal(codepoint, 0xFFFD);
			}
			int cells = 1 + (int)rng_below(&rng, 30);
			struct canvas *canvas = canvas_new(cells + 2, 1, turn % 2);
			canvas_fill(canvas, (struct rect){0, 0, cells + 2, 1}, '@', STYLE(BAD));
			int x = line_edit_draw(edit, canvas, 1, 0, cells, "/");
			const struct cell *row = canvas_row(canvas, 0);
			assert_true(x >= 1 && x <= cells);
			for (int i = 0; i < cells + 2; i++)
				assert_int_equal(row[i].style.bg == ROLE_FIELD, i > 0 && i <= cells);
			canvas_free(canvas);
		}
		line_edit_free(edit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_edit_by_clusters_and_words),
		cmocka_unit_test(control_characters_never_get_in),
		cmocka_unit_test(paste_becomes_one_line),
		cmocka_unit_test(ceiling_cuts_whole_clusters),
		cmocka_unit_test(history_keeps_the_line_being_typed),
		cmocka_unit_test(cursor_is_always_seen),
		cmocka_unit_test(random_keys_keep_it_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
