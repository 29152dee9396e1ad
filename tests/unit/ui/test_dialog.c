/* A question: the safe answer is the default and what Esc means; it is drawn in any size. */
#include "ui/widget/dialog.h"
#include "ui/widget/menu.h"
#include "ui/widget/wrap.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static int press(struct dialog *dialog, uint32_t key)
{
	struct input input = {.type = INPUT_KEY, .key = key};
	return dialog_input(dialog, &input);
}

static void ask(struct dialog *dialog)
{
	dialog_init(dialog, "Revoke a key", "Revoke the key of Noel Deckow V, unit 50050?", true);
	dialog_answer(dialog, "Keep it", 'k');
	dialog_answer(dialog, "Revoke", 'r');
}

static void assert_dump(const struct canvas *canvas, bool roles, const char *wanted)
{
	struct buf dump;
	buf_init(&dump, BUF_CEILING_LINE);
	canvas_dump(canvas, roles, &dump);
	assert_string_equal(buf_text(&dump), wanted);
	buf_fini(&dump);
}

static void test_answers(void **state)
{
	(void)state;
	struct dialog dialog;
	ask(&dialog);
	assert_int_equal(press(&dialog, KEY_ENTER_), 0);
	assert_int_equal(press(&dialog, KEY_ESCAPE_), 0);
	assert_int_equal(press(&dialog, KEY_CTRL_ | 'c'), 0);
	assert_int_equal(press(&dialog, 'r'), 1);
	assert_int_equal(press(&dialog, 'x'), DIALOG_OPEN);
	assert_int_equal(press(&dialog, KEY_RIGHT_), DIALOG_OPEN);
	assert_int_equal(press(&dialog, KEY_ENTER_), 1);
	/* Esc is the safe one wherever one stands. */
	assert_int_equal(press(&dialog, KEY_ESCAPE_), 0);
	assert_int_equal(press(&dialog, KEY_TAB_), DIALOG_OPEN);
	assert_int_equal(press(&dialog, KEY_ENTER_), 0);
	struct input paste = {.type = INPUT_PASTE, .paste = "r"};
	assert_int_equal(dialog_input(&dialog, &paste), DIALOG_OPEN);
	dialog_fini(&dialog);
}

static void test_drawing(void **state)
{
	(void)state;
	struct dialog dialog;
	struct canvas *canvas = canvas_new(44, 9, true);
	ask(&dialog);
	canvas_clear(canvas, STYLE(TEXT));
	dialog_draw(&dialog, canvas);
	assert_dump(canvas, false,
		    "|- Revoke a key -----------------------------|\n"
		    "|                                            |\n"
		    "|  Revoke the key of Noel Deckow V, unit     |\n"
		    "|  50050?                                    |\n"
		    "|                                            |\n"
		    "|  > k Keep it <    r Revoke                 |\n"
		    "|                                            |\n"
		    "|--------------------------------------------|\n"
		    "|                                            |\n");
	/* Low: the question loses its end, the answers stay. */
	canvas_resize(canvas, 32, 4);
	dialog_draw(&dialog, canvas);
	assert_dump(canvas, false,
		    "|- Revoke a key -----------------|\n"
		    "|  Revoke the key of Noel Deck~  |\n"
		    "|  > k Keep it <    r Revoke     |\n"
		    "|--------------------------------|\n");
	/* Narrow: the answers stand on each other. */
	canvas_resize(canvas, 20, 8);
	dialog_draw(&dialog, canvas);
	assert_dump(canvas, false,
		    "|- Revoke a key -----|\n"
		    "|  Revoke the key    |\n"
		    "|  of Noel Deckow    |\n"
		    "|  V, unit 50050?    |\n"
		    "|                    |\n"
		    "|  > k Keep it <     |\n"
		    "|    r Revoke        |\n"
		    "|--------------------|\n");
	dialog_fini(&dialog);
	canvas_free(canvas);
}

static void test_any_size(void **state)
{
	(void)state;
	struct dialog dialog;
	struct canvas *canvas = canvas_new(1, 1, false);
	ask(&dialog);
	for (int width = 1; width < 80; width += 6)
		for (int height = 1; height < 14; height++) {
			canvas_resize(canvas, width, height);
			dialog_draw(&dialog, canvas);
		}
	dialog_fini(&dialog);
	canvas_free(canvas);
}

static void test_wrap(void **state)
{
	(void)state;
	struct canvas *canvas = canvas_new(12, 4, true);
	canvas_clear(canvas, STYLE(TEXT));
	assert_int_equal(wrap_draw(canvas, 0, 0, 12, 0, "one two three four five", STYLE(TEXT)), 3);
	assert_int_equal(wrap_draw(canvas, 0, 0, 12, 4, "one two three\nabcdefghijklmnop", STYLE(TEXT)), 4);
	assert_dump(canvas, false, "|one two     |\n|three       |\n|abcdefghijkl|\n|mnop        |\n");
	canvas_clear(canvas, STYLE(TEXT));
	assert_int_equal(wrap_draw(canvas, 0, 0, 12, 2, "one two three four five six", STYLE(TEXT)), 3);
	assert_dump(canvas, false, "|one two     |\n|three four ~|\n|            |\n|            |\n");
	assert_int_equal(wrap_draw(canvas, 0, 0, 0, 2, "one", STYLE(TEXT)), 0);
	canvas_free(canvas);
}

static void test_menu(void **state)
{
	(void)state;
	static const struct menu_item items[] = {{"a", "402", "Jane"},
						 {"b", "403", NULL},
						 {"c", "1402", NULL},
						 {"d", "402 A", NULL}};
	struct canvas *canvas = canvas_new(16, 3, true);
	struct menu menu;
	struct input down = {.type = INPUT_KEY, .key = KEY_DOWN_}, up = {.type = INPUT_KEY, .key = KEY_UP_};
	menu_set(&menu, 4, 0);
	canvas_clear(canvas, STYLE(TEXT));
	menu_draw(&menu, canvas, (struct rect){0, 0, 16, 3}, items, "40", 5);
	assert_dump(canvas, true,
		    "|> 402  Jane     |\n|  403           |\n|  7 more        |\n"
		    "0: accent/select:1 text/select:1 match/select:2 text/select:3 dim/select:4 text/select:5\n"
		    "1: text:2 match:2 text:12\n2: text:2 dim:6 text:8\n");
	for (int i = 0; i < 6; i++)
		assert_true(menu_input(&menu, &down));
	assert_int_equal(menu.at, 3);
	menu_draw(&menu, canvas, (struct rect){0, 0, 16, 3}, items, NULL, 0);
	assert_int_equal(menu.top, 2);
	assert_true(menu_input(&menu, &up));
	assert_int_equal(menu.at, 2);
	menu_set(&menu, 0, 0);
	assert_true(menu_input(&menu, &down));
	assert_int_equal(menu.at, 0);
	canvas_free(canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),  cmocka_unit_test(test_drawing),
		cmocka_unit_test(test_any_size), cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_menu),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
