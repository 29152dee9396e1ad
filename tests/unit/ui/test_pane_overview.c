#include "ui/pane.h"

#include "health_estate.h"
#include "ui/pane/overview_tiles.h"

#include <glib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Stand-ins for the plan and the heat, whose drawing is tested elsewhere: they fill their cells with a
 * letter and note what they are asked. */
struct asked {
	int opened, closed, updated;
	enum action action;
	struct input input;
};
static struct asked asked_plan;

static void *fake_open(struct desk *desk)
{
	asked_plan.opened++;
	return desk;
}

static void fake_close(void *state)
{
	(void)state;
	asked_plan.closed++;
}

static bool fake_update(void *state, uint32_t changed)
{
	(void)state;
	asked_plan.updated++;
	return changed != 0;
}

static void fake_draw(void *state, struct canvas *canvas, bool whole, bool focus)
{
	struct rect clip = canvas_clip(canvas);
	(void)state;
	assert_false(whole);
	canvas_fill(canvas, clip, focus ? 'F' : 'f', STYLE(DIM));
}

static void fake_figure(void *state, struct buf *out)
{
	(void)state;
	buf_adds(out, "17 people");
}

static bool fake_act(void *state, enum action action, const char *argument)
{
	(void)state;
	(void)argument;
	asked_plan.action = action;
	return action == ACTION_OVERLAY;
}

static bool fake_mouse(void *state, const struct input *input)
{
	(void)state;
	asked_plan.input = *input;
	return true;
}

static int64_t fake_live(void *state, enum kind kind)
{
	(void)state;
	return kind == KIND_DETECTIONS ? 500 : 0;
}

#define FAKE(words, opens)                                                                                   \
	{                                                                                                    \
		.title = (words), .action = (opens), .kinds = KIND_BIT(KIND_FRAMES), .open = fake_open,      \
		.close = fake_close, .update = fake_update, .draw = fake_draw, .figure = fake_figure,        \
		.act = fake_act, .mouse = fake_mouse, .live_ms = fake_live                                   \
	}
const struct pane_ops pane_floor = FAKE("Floor", ACTION_PANE_FLOOR);
const struct pane_ops pane_heat = FAKE("Heat", ACTION_PANE_HEAT);

struct shown {
	struct estate *estate;
	struct canvas *canvas;
	void *pane;
};

static void draw(struct shown *shown)
{
	canvas_clear(shown->canvas, STYLE(TEXT));
	pane_overview.draw(shown->pane, shown->canvas, true, true);
}

static struct shown open_on(struct estate *estate, int width, int height)
{
	struct shown shown = {estate, canvas_new(width, height, estate->desk.ascii), NULL};
	asked_plan = (struct asked){0};
	shown.pane = pane_overview.open(&estate->desk);
	pane_overview.update(shown.pane, UINT32_MAX);
	draw(&shown);
	return shown;
}

static void close_all(struct shown *shown)
{
	pane_overview.close(shown->pane);
	canvas_free(shown->canvas);
	estate_free(shown->estate);
	assert_int_equal(asked_plan.opened, 2);
	assert_int_equal(asked_plan.closed, 2);
}

/* True when the canvas shows the text somewhere. */
static bool has(const struct shown *shown, const char *part)
{
	for (int y = 0; y < canvas_height(shown->canvas); y++) {
		g_autofree char *text = row_text(shown->canvas, y);
		if (strstr(text, part))
			return true;
	}
	return false;
}

static void assert_has(const struct shown *shown, const char *part)
{
	if (!has(shown, part))
		fail_msg("\"%s\" is nowhere", part);
}

static void test_goldens(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int width, height;
		bool ascii;
	} cases[] = {{"overview/40x9", 40, 9, false},        {"overview/40x9-ascii", 40, 9, true},
		     {"overview/40x40", 40, 40, false},      {"overview/80x21", 80, 21, false},
		     {"overview/80x21-ascii", 80, 21, true}, {"overview/100x27", 100, 27, false},
		     {"overview/120x8", 120, 8, false},      {"overview/160x45", 160, 45, false},
		     {"overview/300x97", 300, 97, false}};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct shown shown = open_on(estate_new(cases[i].ascii), cases[i].width, cases[i].height);
		golden(cases[i].name, shown.canvas);
		close_all(&shown);
	}
}

static void test_stale(void **state)
{
	(void)state;
	static const int sizes[][2] = {{40, 9}, {80, 21}, {160, 45}};
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		struct estate *estate = estate_new(false);
		estate_light(estate, 0, LIGHT_DOWN, 3 * MINUTE_MS, "not reached: connection refused");
		struct shown shown = open_on(estate, sizes[i][0], sizes[i][1]);
		g_autofree char *name = g_strdup_printf("overview/%dx%d-stale", sizes[i][0], sizes[i][1]);
		assert_has(&shown, "1 of 2 down");
		assert_has(&shown, "as of 14:06");
		assert_has(&shown, "down for 3 min");
		golden(name, shown.canvas);
		close_all(&shown);
	}
}

static void test_empty(void **state)
{
	(void)state;
	struct shown shown = open_on(estate_new_empty(), 80, 21);
	assert_has(&shown, "nothing counted yet");
	assert_has(&shown, "no sensors or hives told yet");
	assert_has(&shown, "2 of 2 starting");
	golden("overview/80x21-empty", shown.canvas);
	close_all(&shown);
}

static void test_focus(void **state)
{
	(void)state;
	static const enum action opens[] = {ACTION_PANE_FLOOR, ACTION_PANE_OCCUPANCY, ACTION_PANE_HEAT,
					    ACTION_PANE_HEALTH, ACTION_PANE_HEALTH};
	struct shown shown = open_on(estate_new(false), 160, 45);
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < G_N_ELEMENTS(opens); i++) {
			shown.estate->shown = ACTION_NONE;
			assert_true(pane_overview.act(shown.pane, ACTION_OPEN, NULL));
			assert_int_equal(shown.estate->shown, opens[i]);
			assert_true(pane_overview.act(shown.pane, ACTION_NEXT_PANE, NULL));
		}
	}
	/* Back over the start, to the feeds; the plan has the keys no more. */
	assert_true(pane_overview.act(shown.pane, ACTION_PREVIOUS_PANE, NULL));
	draw(&shown);
	assert_false(has(&shown, "FFF"));
	close_all(&shown);
}

static void test_keys_go_to_the_tile(void **state)
{
	(void)state;
	struct shown shown = open_on(estate_new(false), 160, 45);
	assert_has(&shown, "FFF");
	assert_true(pane_overview.act(shown.pane, ACTION_OVERLAY, NULL));
	assert_int_equal(asked_plan.action, ACTION_OVERLAY);
	/* What the tile does not want: arrows move among tiles, others are for the frame. */
	assert_true(pane_overview.act(shown.pane, ACTION_DOWN, NULL));
	draw(&shown);
	assert_false(has(&shown, "FFF"));
	assert_false(pane_overview.act(shown.pane, ACTION_BACK, NULL));
	close_all(&shown);
}

/* Where heat has no room it has no keys either. */
static void test_hidden_tiles_have_no_focus(void **state)
{
	(void)state;
	struct shown shown = open_on(estate_new(false), 160, 45);
	/* Heat has the keys when the screen becomes too small for it. */
	pane_overview.act(shown.pane, ACTION_NEXT_PANE, NULL);
	pane_overview.act(shown.pane, ACTION_NEXT_PANE, NULL);
	canvas_resize(shown.canvas, 40, 40);
	draw(&shown);
	for (int i = 0; i < 8; i++) {
		shown.estate->shown = ACTION_NONE;
		assert_true(pane_overview.act(shown.pane, ACTION_OPEN, NULL));
		assert_int_not_equal(shown.estate->shown, ACTION_NONE);
		assert_int_not_equal(shown.estate->shown, ACTION_PANE_HEAT);
		pane_overview.act(shown.pane, ACTION_NEXT_PANE, NULL);
	}
	close_all(&shown);
}

static void test_mouse(void **state)
{
	(void)state;
	struct shown shown = open_on(estate_new(false), 160, 45);
	struct input press = {.type = INPUT_MOUSE, .mouse = MOUSE_PRESS, .x = 10, .y = 5, .button = 1};
	assert_true(pane_overview.mouse(shown.pane, &press));
	/* In the cells of the tile itself: inside its title and margin. */
	assert_int_equal(asked_plan.input.x, 9);
	assert_int_equal(asked_plan.input.y, 4);
	/* The title of the tile that has the keys opens it, another's takes them. */
	press.y = 0;
	assert_true(pane_overview.mouse(shown.pane, &press));
	assert_int_equal(shown.estate->shown, ACTION_PANE_FLOOR);
	shown.estate->shown = ACTION_NONE;
	press.y = 44;
	assert_true(pane_overview.mouse(shown.pane, &press));
	assert_int_equal(shown.estate->shown, ACTION_NONE);
	assert_true(pane_overview.act(shown.pane, ACTION_OPEN, NULL));
	assert_int_equal(shown.estate->shown, ACTION_PANE_HEALTH);
	close_all(&shown);
}

static void test_live_only_while_seen(void **state)
{
	(void)state;
	struct shown shown = open_on(estate_new(false), 160, 45);
	assert_int_equal(pane_overview.live_ms(shown.pane, KIND_DETECTIONS), 500);
	assert_int_equal(pane_overview.live_ms(shown.pane, KIND_FRAMES), 0);
	close_all(&shown);
}

static void test_update(void **state)
{
	(void)state;
	struct shown shown = open_on(estate_new(false), 160, 45);
	assert_false(pane_overview.update(shown.pane, 0));
	assert_true(pane_overview.update(shown.pane, KIND_BIT(KIND_FRAMES)));
	/* A feed that falls silent is no new data, and seen all the same. */
	estate_light(shown.estate, 1, LIGHT_DOWN, 1000, "refused");
	assert_true(pane_overview.update(shown.pane, 0));
	assert_false(pane_overview.update(shown.pane, 0));
	/* Another building has other people. */
	g_strlcpy(world_choice(shown.estate->world)->building_id, "b2", 80);
	assert_true(pane_overview.update(shown.pane, 0));
	draw(&shown);
	assert_has(&shown, "5 of 10 people");
	close_all(&shown);
}

static void test_people(void **state)
{
	(void)state;
	struct estate *estate = estate_new(false);
	struct people people = {.rooms = g_array_new(FALSE, FALSE, sizeof(struct people_room)),
				.hours = g_array_new(FALSE, FALSE, sizeof(struct people_hour))};
	int64_t midnight_ms = world_now_ms(estate->world) - 14 * HOUR_MS - 7 * MINUTE_MS;
	for (int round = 0; round < 2; round++) {
		people_count(&people, &estate->desk, midnight_ms);
		assert_true(people.now == 26 && people.capacity == 40);
		/* Both floors' windows added; yesterday and what was not told left out. */
		assert_true(people.peak == 34);
		assert_int_equal(people.peak_ms, midnight_ms + 12 * HOUR_MS);
		assert_int_equal(people.hours->len, 13);
		assert_int_equal(people.rooms->len, 4);
		const struct people_room *first = &g_array_index(people.rooms, struct people_room, 0);
		assert_string_equal(first->name, "Conf 2");
		assert_string_equal(g_array_index(people.rooms, struct people_room, 3).name, "Corridor");
		assert_false(people.stale);
	}
	/* Without a capacity of the building the rooms' is added up. */
	g_strlcpy(world_choice(estate->world)->building_id, "b2", 80);
	people_count(&people, &estate->desk, midnight_ms);
	assert_true(people.now == 5 && people.capacity == 10);
	assert_true(people.peak == 5);
	estate_light(estate, 0, LIGHT_DOWN, MINUTE_MS, "");
	people_count(&people, &estate->desk, midnight_ms);
	assert_true(people.stale);
	g_array_free(people.rooms, TRUE);
	g_array_free(people.hours, TRUE);
	estate_free(estate);
}

static void test_any_size(void **state)
{
	(void)state;
	struct estate *estate = estate_new(false);
	struct shown shown = open_on(estate, 1, 1);
	for (int width = 1; width < 200; width += width < 32 ? 1 : 9) {
		for (int height = 1; height < 60; height += height < 28 ? 1 : 7) {
			canvas_resize(shown.canvas, width, height);
			draw(&shown);
			pane_overview.act(shown.pane, ACTION_NEXT_PANE, NULL);
			bool any = false;
			for (int y = 0; y < height && !any; y++) {
				g_autofree char *text = row_text(shown.canvas, y);
				any = *text != '\0';
			}
			assert_true(any);
		}
	}
	close_all(&shown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goldens),
		cmocka_unit_test(test_stale),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_focus),
		cmocka_unit_test(test_keys_go_to_the_tile),
		cmocka_unit_test(test_hidden_tiles_have_no_focus),
		cmocka_unit_test(test_mouse),
		cmocka_unit_test(test_live_only_while_seen),
		cmocka_unit_test(test_update),
		cmocka_unit_test(test_people),
		cmocka_unit_test(test_any_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
