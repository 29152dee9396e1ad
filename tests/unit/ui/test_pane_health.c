#include "ui/pane.h"

#include "health_estate.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct shown {
	struct estate *estate;
	struct canvas *canvas;
	void *pane;
	bool whole;
};

static void draw(struct shown *shown)
{
	canvas_clear(shown->canvas, STYLE(TEXT));
	pane_health.draw(shown->pane, shown->canvas, shown->whole, true);
}

static struct shown open_on(struct estate *estate, int width, int height, bool whole)
{
	struct shown shown = {estate, canvas_new(width, height, estate->desk.ascii), NULL, whole};
	shown.pane = pane_health.open(&estate->desk);
	pane_health.update(shown.pane, UINT32_MAX);
	draw(&shown);
	return shown;
}

static void close_all(struct shown *shown)
{
	pane_health.close(shown->pane);
	canvas_free(shown->canvas);
	estate_free(shown->estate);
}

static void act(struct shown *shown, enum action action, const char *argument)
{
	assert_true(pane_health.act(shown->pane, action, argument));
	draw(shown);
}

static void assert_row(const struct shown *shown, int y, const char *part)
{
	g_autofree char *text = row_text(shown->canvas, y);
	if (!strstr(text, part))
		fail_msg("row %d is \"%s\", without \"%s\"", y, text, part);
}

static void test_goldens(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int width, height;
		bool ascii, whole;
		enum action action;
	} cases[] = {{"health/40x9", 40, 9, false, true, ACTION_NONE},
		     {"health/80x21", 80, 21, false, true, ACTION_NONE},
		     {"health/80x21-ascii", 80, 21, true, true, ACTION_NONE},
		     {"health/80x21-grouped", 80, 21, false, true, ACTION_GROUP},
		     {"health/80x21-walk", 80, 21, false, true, ACTION_BATTERIES},
		     {"health/80x21-details", 80, 21, false, true, ACTION_OPEN},
		     {"health/160x45-details", 160, 45, false, true, ACTION_OPEN},
		     {"health/300x97", 300, 97, false, true, ACTION_NONE},
		     {"health/tile-28x3", 28, 3, false, false, ACTION_NONE},
		     {"health/tile-44x6", 44, 6, false, false, ACTION_NONE},
		     {"health/tile-44x6-ascii", 44, 6, true, false, ACTION_NONE},
		     {"health/tile-92x14", 92, 14, false, false, ACTION_NONE}};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct shown shown = open_on(estate_new(cases[i].ascii), cases[i].width, cases[i].height,
					     cases[i].whole);
		if (cases[i].action != ACTION_NONE)
			act(&shown, cases[i].action, NULL);
		golden(cases[i].name, shown.canvas);
		close_all(&shown);
	}
}

static void test_stale(void **state)
{
	(void)state;
	struct estate *estate = estate_new(false);
	estate_light(estate, 0, LIGHT_DOWN, 3 * MINUTE_MS, "not reached: refused");
	struct shown shown = open_on(estate, 80, 21, true);
	assert_row(&shown, 1, "hq is down: as of 14:06 (<1 min ago)");
	assert_row(&shown, 1, "not reached: refused");
	golden("health/80x21-stale", shown.canvas);
	shown.whole = false;
	draw(&shown);
	golden("health/tile-80x21-stale", shown.canvas);
	close_all(&shown);
}

static void test_empty(void **state)
{
	(void)state;
	struct shown shown = open_on(estate_new_empty(), 60, 8, true);
	assert_row(&shown, 0, "no sensors or hives told yet");
	assert_row(&shown, 2, "No sensors or hives have been told yet.");
	assert_true(pane_health.act(shown.pane, ACTION_OPEN, NULL));
	assert_true(pane_health.act(shown.pane, ACTION_DOWN, NULL));
	act(&shown, ACTION_COPY, NULL);
	assert_string_equal(shown.estate->toast, "nothing copied: no address is known");
	close_all(&shown);
}

static void test_filter_while_typing(void **state)
{
	(void)state;
	struct shown shown = open_on(estate_new(false), 80, 21, true);
	struct estate *estate = shown.estate;
	act(&shown, ACTION_FILTER, NULL);
	assert_string_equal(estate->prompt, "filter");
	estate->changed(estate->ctx, "focus");
	draw(&shown);
	assert_row(&shown, 0, "/focus: 1 of 12");
	assert_row(&shown, 3, "sensor 27-2f");
	estate->changed(estate->ctx, "nothing like it");
	draw(&shown);
	assert_row(&shown, 3, "Nothing matches. Esc shows all again.");
	/* Cancelled: as it was. */
	estate->done(estate->ctx, NULL);
	draw(&shown);
	assert_row(&shown, 3, "Hive 2");
	act(&shown, ACTION_FILTER, "kitchen");
	assert_row(&shown, 3, "Kitchen 1");
	act(&shown, ACTION_FILTER, NULL);
	assert_string_equal(estate->initial, "kitchen");
	estate->changed(estate->ctx, "x");
	estate->done(estate->ctx, NULL);
	draw(&shown);
	assert_row(&shown, 0, "/kitchen: 1 of 12");
	act(&shown, ACTION_BACK, NULL);
	assert_row(&shown, 3, "Hive 2");
	/* Nothing left to go back from. */
	assert_false(pane_health.act(shown.pane, ACTION_BACK, NULL));
	close_all(&shown);
}

static void test_sort(void **state)
{
	(void)state;
	struct shown shown = open_on(estate_new(false), 120, 21, true);
	act(&shown, ACTION_SORT, "battery");
	assert_row(&shown, 3, "26 d late");
	assert_row(&shown, 0, "by battery");
	act(&shown, ACTION_REVERSE, NULL);
	assert_row(&shown, 0, "by battery, turned");
	act(&shown, ACTION_SORT, NULL);
	assert_row(&shown, 0, "by device");
	assert_row(&shown, 3, "Behind");
	act(&shown, ACTION_SORT, "nonsense");
	assert_false(shown.estate->toast_good);
	assert_string_equal(shown.estate->toast, "no column is called \"nonsense\"");
	assert_row(&shown, 0, "by device");
	close_all(&shown);
}

static void test_copy_and_choice_stay(void **state)
{
	(void)state;
	struct shown shown = open_on(estate_new(false), 80, 21, true);
	act(&shown, ACTION_DOWN, NULL);
	act(&shown, ACTION_COPY, NULL);
	assert_string_equal(shown.estate->copied, "00-17-0d-00-00-01-27-2f");
	/* Another device fails and comes above: the chosen one stays chosen. */
	estate_put_sensors(shown.estate, true);
	assert_true(pane_health.update(shown.pane, KIND_BIT(KIND_SENSORS)));
	draw(&shown);
	assert_row(&shown, 4, "Desks 1");
	act(&shown, ACTION_COPY, NULL);
	assert_string_equal(shown.estate->copied, "00-17-0d-00-00-01-27-2f");
	act(&shown, ACTION_LAST, NULL);
	act(&shown, ACTION_FIRST, NULL);
	act(&shown, ACTION_COPY, NULL);
	assert_string_equal(shown.estate->copied, "1000000000000002");
	close_all(&shown);
}

static void test_export(void **state)
{
	(void)state;
	struct shown shown = open_on(estate_new(false), 80, 21, true);
	struct estate *estate = shown.estate;
	act(&shown, ACTION_EXPORT, NULL);
	assert_string_equal(estate->initial, "health.csv");
	estate->done(estate->ctx, NULL);
	assert_null(estate->saved);
	estate->done(estate->ctx, "health.txt");
	assert_null(estate->saved);
	assert_false(estate->toast_good);
	/* What is shown, and no more; an existing file is not written over. */
	act(&shown, ACTION_FILTER, "kitchen");
	act(&shown, ACTION_EXPORT, "a.json");
	assert_string_equal(estate->saved_path, "a.json");
	assert_false(estate->saved_replace);
	assert_non_null(strstr(estate->saved, "\"id\":\"s4\""));
	assert_null(strstr(estate->saved, "\"id\":\"s3\""));
	act(&shown, ACTION_BACK, NULL);
	/* The walking list in its order. */
	act(&shown, ACTION_BATTERIES, NULL);
	act(&shown, ACTION_EXPORT, NULL);
	assert_string_equal(estate->initial, "batteries.csv");
	estate->done(estate->ctx, "walk.csv");
	const char *order[] = {",s5,", ",s3,", ",s4,", ",s7,"};
	const char *at = estate->saved;
	for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
		at = strstr(at, order[i]);
		assert_non_null(at);
	}
	assert_null(strstr(estate->saved, ",s1,"));
	close_all(&shown);
}

static void test_ages(void **state)
{
	(void)state;
	struct shown shown = open_on(estate_new(false), 80, 21, true);
	assert_false(pane_health.update(shown.pane, 0));
	clock_fake_advance(&shown.estate->clock, 1000);
	assert_false(pane_health.update(shown.pane, 0));
	clock_fake_advance(&shown.estate->clock, MINUTE_MS);
	estate_light(shown.estate, 0, LIGHT_FRESH, 0, "");
	estate_light(shown.estate, 1, LIGHT_FRESH, 0, "");
	assert_true(pane_health.update(shown.pane, 0));
	draw(&shown);
	assert_row(&shown, 4, "10 min");
	close_all(&shown);
}

static void test_tile_leaves_keys(void **state)
{
	(void)state;
	struct shown shown = open_on(estate_new(false), 40, 8, false);
	assert_false(pane_health.act(shown.pane, ACTION_DOWN, NULL));
	assert_false(pane_health.act(shown.pane, ACTION_FILTER, "x"));
	close_all(&shown);
}

static void test_mouse(void **state)
{
	(void)state;
	struct shown shown = open_on(estate_new(false), 80, 21, true);
	struct input press = {.type = INPUT_MOUSE, .mouse = MOUSE_PRESS, .x = 30, .y = 4, .button = 1};
	assert_true(pane_health.mouse(shown.pane, &press));
	act(&shown, ACTION_COPY, NULL);
	assert_string_equal(shown.estate->copied, "00-17-0d-00-00-01-27-2f");
	/* Again: its details; and away. */
	assert_true(pane_health.mouse(shown.pane, &press));
	draw(&shown);
	assert_row(&shown, 2, "sensor 27-2f");
	assert_true(pane_health.mouse(shown.pane, &press));
	draw(&shown);
	assert_row(&shown, 2, "Status");
	press.y = 2;
	press.x = 18;
	assert_true(pane_health.mouse(shown.pane, &press));
	draw(&shown);
	assert_row(&shown, 0, "by for");
	press.mouse = MOUSE_WHEEL_DOWN;
	assert_true(pane_health.mouse(shown.pane, &press));
	close_all(&shown);
}

static void test_any_size(void **state)
{
	(void)state;
	static const enum action actions[] = {ACTION_NONE, ACTION_OPEN, ACTION_BATTERIES, ACTION_LAST};
	struct estate *estate = estate_new(false);
	estate_light(estate, 0, LIGHT_LATE, 90000, "");
	struct shown shown = open_on(estate, 1, 1, true);
	for (size_t a = 0; a < G_N_ELEMENTS(actions); a++) {
		if (actions[a] != ACTION_NONE)
			pane_health.act(shown.pane, actions[a], NULL);
		for (int width = 1; width < 180; width += width < 30 ? 1 : 13) {
			for (int height = 1; height < 40; height += height < 10 ? 1 : 7) {
				canvas_resize(shown.canvas, width, height);
				draw(&shown);
				pane_health.draw(shown.pane, shown.canvas, false, false);
				pane_health.draw(shown.pane, shown.canvas, true, false);
			}
		}
	}
	g_autofree char *text = row_text(shown.canvas, 0);
	assert_true(strlen(text) > 0);
	close_all(&shown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goldens),
		cmocka_unit_test(test_stale),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_filter_while_typing),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_copy_and_choice_stay),
		cmocka_unit_test(test_export),
		cmocka_unit_test(test_ages),
		cmocka_unit_test(test_tile_leaves_keys),
		cmocka_unit_test(test_mouse),
		cmocka_unit_test(test_any_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
