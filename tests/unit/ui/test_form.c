/* Forms: going about, searching a list, days and hours by keys, faults beside their fields, and drawing in any size. */
#include "ui/widget/form.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { UNIT, NAME, DAYS, FIRST, HOUR, FROM, SEND };

static const struct form_field fields[] = {{UNIT, "Unit", FORM_CHOICE, true, "the label"},
					   {NAME, "Name", FORM_TEXT, false, "who it is"},
					   {DAYS, "Days", FORM_SEVERAL, false, "which of them"},
					   {FIRST, "First day", FORM_DATE, false, "a date"},
					   {HOUR, "Hour", FORM_TIME, false, "a time"},
					   {FROM, "From", FORM_MOMENT, false, "a moment"},
					   {SEND, "Send", FORM_YESNO, false, "yes or no"}};

static const struct menu_item units[] = {{"u1", "402", "Jane"},
					 {"u2", "402 A", NULL},
					 {"u3", "1402", "Otto"},
					 {"u4", "50050", NULL}};
static const struct menu_item days[] = {{"mon", "Mon", NULL}, {"tue", "Tue", NULL}, {"wed", "Wed", NULL},
					{"thu", "Thu", NULL}, {"fri", "Fri", NULL}, {"sat", "Sat", NULL},
					{"sun", "Sun", NULL}};

static size_t choices(void *ctx, int id, const char *typed, struct menu_item *items, size_t most)
{
	size_t n = 0, all = id == UNIT ? G_N_ELEMENTS(units) : G_N_ELEMENTS(days);
	const struct menu_item *from = id == UNIT ? units : days;
	(void)ctx;
	for (size_t i = 0; i < all; i++) {
		if (!strstr(from[i].label, typed))
			continue;
		if (n < most)
			items[n] = from[i];
		n++;
	}
	return n;
}

static void changed(void *ctx, int id) { *(int *)ctx = id; }

static int last;

static struct form *make(void)
{
	const struct form_ops ops = {choices, changed, &last};
	last = -1;
	return form_new(fields, (int)G_N_ELEMENTS(fields), &ops);
}

static enum form_result press(struct form *form, uint32_t key)
{
	struct input input = {.type = INPUT_KEY, .key = key};
	return form_input(form, &input);
}

static void type(struct form *form, const char *text)
{
	for (; *text; text++)
		press(form, (uint32_t)(unsigned char)*text);
}

static void assert_value(const struct form *form, int id, const char *wanted)
{
	assert_string_equal(form_value(form, id), wanted);
}

static void test_going_about(void **state)
{
	(void)state;
	struct form *form = make();
	form_focus(form, UNIT);
	press(form, KEY_TAB_);
	assert_int_equal(form_focused(form), NAME);
	/* Going through a list that only lies open chooses nothing. */
	assert_value(form, UNIT, "");
	assert_false(form_touched(form));
	form_show(form, DAYS, false);
	press(form, KEY_DOWN_);
	assert_int_equal(form_focused(form), FIRST);
	press(form, KEY_UP_);
	press(form, KEY_TAB_ | KEY_SHIFT_);
	assert_int_equal(form_focused(form), UNIT);
	press(form, KEY_TAB_ | KEY_SHIFT_);
	assert_int_equal(form_focused(form), UNIT);
	form_focus(form, SEND);
	assert_int_equal(press(form, KEY_ENTER_), FORM_DONE);
	form_focus(form, NAME);
	assert_int_equal(press(form, KEY_CTRL_ | 's'), FORM_DONE);
	assert_int_equal(press(form, KEY_ESCAPE_), FORM_CANCELLED);
	form_free(form);
}

static void test_search(void **state)
{
	(void)state;
	struct form *form = make();
	type(form, "402");
	press(form, KEY_DOWN_);
	press(form, KEY_DOWN_);
	assert_int_equal(press(form, KEY_ENTER_), FORM_MOVED);
	assert_value(form, UNIT, "u3");
	assert_int_equal(last, UNIT);
	assert_int_equal(form_focused(form), NAME);
	assert_true(form_touched(form));
	/* What was searched for is taken by going on, too. */
	form_focus(form, UNIT);
	type(form, "500");
	press(form, KEY_TAB_);
	assert_value(form, UNIT, "u4");
	/* Esc leaves the search and what was chosen before. */
	form_focus(form, UNIT);
	type(form, "1");
	assert_int_equal(press(form, KEY_ESCAPE_), FORM_MOVED);
	assert_value(form, UNIT, "u4");
	assert_int_equal(press(form, KEY_ESCAPE_), FORM_CANCELLED);
	/* Left and Right without the list; rubbing out takes it away. */
	press(form, KEY_LEFT_);
	assert_value(form, UNIT, "u3");
	press(form, KEY_RIGHT_);
	press(form, KEY_RIGHT_);
	assert_value(form, UNIT, "u1");
	press(form, KEY_BACKSPACE_);
	assert_value(form, UNIT, "");
	/* Nothing fits: taken as typed, as the field allows that. */
	type(form, "zz");
	press(form, KEY_ENTER_);
	assert_value(form, UNIT, "zz");
	form_free(form);
}

static void test_days_and_hours(void **state)
{
	(void)state;
	struct form *form = make();
	form_set(form, DAYS, "mon,fri");
	form_focus(form, DAYS);
	press(form, KEY_RIGHT_);
	press(form, ' ');
	assert_value(form, DAYS, "mon,tue,fri");
	press(form, '5');
	assert_value(form, DAYS, "mon,tue");
	press(form, '8');
	assert_value(form, DAYS, "mon,tue");
	form_set(form, FIRST, "2026-12-31");
	form_focus(form, FIRST);
	press(form, KEY_PAGE_DOWN);
	assert_value(form, FIRST, "2027-01-01");
	press(form, KEY_UP_ | KEY_SHIFT_);
	assert_value(form, FIRST, "2026-12-31");
	form_set(form, FIRST, "today");
	press(form, KEY_PAGE_DOWN);
	assert_value(form, FIRST, "today");
	form_set(form, HOUR, "8:10");
	form_focus(form, HOUR);
	press(form, KEY_PAGE_DOWN);
	assert_value(form, HOUR, "08:30");
	press(form, KEY_PAGE_UP);
	press(form, KEY_PAGE_UP);
	assert_value(form, HOUR, "07:30");
	form_set(form, HOUR, "23:45");
	press(form, KEY_PAGE_DOWN);
	assert_value(form, HOUR, "00:00");
	press(form, KEY_PAGE_UP);
	assert_value(form, HOUR, "23:30");
	form_set(form, FROM, "2026-08-19 23:50");
	form_focus(form, FROM);
	press(form, KEY_PAGE_DOWN);
	assert_value(form, FROM, "2026-08-20 00:00");
	form_set(form, FROM, "14:07");
	press(form, KEY_PAGE_UP);
	assert_value(form, FROM, "14:00");
	form_focus(form, SEND);
	press(form, ' ');
	assert_value(form, SEND, "yes");
	press(form, 'n');
	assert_value(form, SEND, "no");
	form_free(form);
}

static void test_faults(void **state)
{
	(void)state;
	struct form *form = make();
	struct canvas *canvas = canvas_new(60, 12, true);
	struct buf dump;
	buf_init(&dump, BUF_CEILING_LINE);
	form_focus(form, NAME);
	form_fault(form, NAME, "say who");
	form_fault(form, DAYS, "take one at least");
	canvas_clear(canvas, STYLE(TEXT));
	form_draw(form, canvas);
	canvas_dump(canvas, false, &dump);
	assert_null(strstr(buf_text(&dump), "! say who"));
	press(form, KEY_TAB_);
	canvas_clear(canvas, STYLE(TEXT));
	form_draw(form, canvas);
	buf_reset(&dump);
	canvas_dump(canvas, false, &dump);
	assert_non_null(strstr(buf_text(&dump), "! say who"));
	assert_null(strstr(buf_text(&dump), "! take one"));
	assert_true(form_show_faults(form));
	assert_int_equal(form_focused(form), NAME);
	form_clear_faults(form);
	assert_false(form_show_faults(form));
	/* A fault of a field that is not seen is nothing the person can mend there. */
	form_fault(form, DAYS, "no");
	form_show(form, DAYS, false);
	assert_false(form_show_faults(form));
	buf_fini(&dump);
	canvas_free(canvas);
	form_free(form);
}

static void assert_drawn(struct form *form, int width, int height, const char *wanted)
{
	struct canvas *canvas = canvas_new(width, height, true);
	struct buf dump;
	buf_init(&dump, BUF_CEILING_LINE);
	canvas_clear(canvas, STYLE(TEXT));
	form_draw(form, canvas);
	canvas_dump(canvas, false, &dump);
	assert_string_equal(buf_text(&dump), wanted);
	buf_fini(&dump);
	canvas_free(canvas);
}

static void test_drawing(void **state)
{
	(void)state;
	struct form *form = make();
	form_set(form, DAYS, "mon,fri");
	form_set(form, FIRST, "2026-08-19");
	type(form, "402");
	assert_drawn(form, 40, 12,
		     "|> Unit      402                         |\n"
		     "|            > 402  Jane                 |\n"
		     "|              402 A                     |\n"
		     "|              1402  Otto                |\n"
		     "|  Name                                  |\n"
		     "|  Days      [Mon] Tue  Wed  Thu [Fri]   |\n"
		     "|             Sat  Sun                   |\n"
		     "|  First day 2026-08-19                  |\n"
		     "|  Hour                                  |\n"
		     "|  From                                  |\n"
		     "|  Send       no                         |\n"
		     "|            the label                   |\n");
	/* Low: what has the keys is seen. */
	form_focus(form, HOUR);
	assert_drawn(form, 40, 4,
		     "|             Sat  Sun                  ^|\n"
		     "|  First day 2026-08-19                  |\n"
		     "|> Hour                                 v|\n"
		     "|            a time                      |\n");
	form_free(form);
}

static void test_any_size_and_key(void **state)
{
	(void)state;
	static const uint32_t keys[] = {KEY_TAB_,        'a',        KEY_DOWN_,     ' ',
					KEY_RIGHT_,      KEY_ENTER_, KEY_PAGE_DOWN, KEY_BACKSPACE_,
					KEY_UP_,         '4',        KEY_HOME_,     KEY_CTRL_ | 'u',
					KEY_CTRL_ | 's', 0x1F600};
	struct form *form = make();
	struct canvas *canvas = canvas_new(1, 1, false);
	struct input paste = {.type = INPUT_PASTE, .paste = "one\ntwo\x1b[31m"};
	unsigned seed = 7;
	for (int i = 0; i < 3000; i++) {
		seed = seed * 1103515245u + 12345u;
		press(form, keys[(seed >> 16) % G_N_ELEMENTS(keys)]);
		if (i % 50 == 0)
			form_input(form, &paste);
		if (i % 40 == 0) {
			canvas_resize(canvas, 1 + (int)(seed >> 8) % 70, 1 + (int)(seed >> 20) % 20);
			form_draw(form, canvas);
		}
	}
	canvas_free(canvas);
	form_free(form);
	form_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_going_about),    cmocka_unit_test(test_search),
		cmocka_unit_test(test_days_and_hours), cmocka_unit_test(test_faults),
		cmocka_unit_test(test_drawing),        cmocka_unit_test(test_any_size_and_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
