/* The Heat pane on a canvas: goldens of tests/screen/heat in many sizes and states, and what its keys do. With LODGE_GOLDEN=write the goldens are made. */
#include "ui/pane.h"

#include "base/moment.h"
#include "core/kind.h"

#include <glib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1787151600000)
#define SENSORS 5
#define FRAMES 6

struct stage {
	struct clock_fake clock;
	struct world *world;
	struct desk desk;
	void *pane;
	char toast[200], copied[2000];
};

static void take_toast(struct desk *desk, bool good, const char *text)
{
	struct stage *stage = (struct stage *)((char *)desk - offsetof(struct stage, desk));
	(void)good;
	g_strlcpy(stage->toast, text, sizeof(stage->toast));
}

static void take_copy(struct desk *desk, const char *text)
{
	struct stage *stage = (struct stage *)((char *)desk - offsetof(struct stage, desk));
	g_strlcpy(stage->copied, text, sizeof(stage->copied));
}

static void put(struct stage *stage, struct rows *rows)
{
	rows_set_hash(rows, kind_hash_rows(rows));
	world_put(stage->world, 0, rows_seal(rows));
}

static void put_places(struct stage *stage)
{
	static const struct point corners[][4] = {{{0, 5}, {6, 5}, {6, 0}, {0, 0}},
						  {{6, 5}, {12, 5}, {12, 0}, {6, 0}},
						  {{12, 5}, {15, 5}, {15, 0}, {12, 0}}};
	static const char *const names[] = {"Conf 1", "Conf 2", "Store"};
	struct rows *rows = kind_rows_new(KIND_BUILDINGS, "hq", "butlr");
	struct building *building = rows_add(rows);
	building->id = "b1";
	building->name = "Main Street 12";
	put(stage, rows);
	rows = kind_rows_new(KIND_FLOORS, "hq", "butlr");
	struct floor_row *floor = rows_add(rows);
	floor->id = "f1";
	floor->building_id = "b1";
	floor->name = "2nd floor";
	put(stage, rows);
	rows = kind_rows_new(KIND_ROOMS, "hq", "butlr");
	for (int i = 0; i < 3; i++) {
		struct room *room = rows_add(rows);
		room->id = rows_textf(rows, "r%d", i + 1);
		room->floor_id = "f1";
		room->name = names[i];
		room->polygon = (struct points){corners[i], 4};
	}
	put(stage, rows);
}

/* Sensors 0 and 1 in Conf 1, 2 to 4 in Conf 2; the last one is offline. */
static void put_sensors(struct stage *stage, int n)
{
	static const double places[][2] = {{1.5, 2.5}, {4.5, 2.5}, {7.5, 3}, {9, 1.5}, {10.5, 3}};
	struct rows *rows = kind_rows_new(KIND_SENSORS, "hq", "butlr");
	for (int i = 0; i < n; i++) {
		struct sensor *sensor = rows_add(rows);
		sensor->id = rows_textf(rows, "s%d", i);
		sensor->address = rows_textf(rows, "00-17-0D-00-00-6E-27-%02X", 10 + i);
		sensor->floor_id = "f1";
		sensor->room_id = i < 2 ? "r1" : "r2";
		sensor->status = i == SENSORS - 1 ? STATUS_OFFLINE : STATUS_ONLINE;
		sensor->last_seen_ms = i == SENSORS - 1 ? NOW - 9 * 60000 : NOW;
		sensor->center = (struct point){places[i % SENSORS][0], places[i % SENSORS][1]};
		sensor->height = 2.6;
		sensor->orientation = (struct vector3){{0, 0, i * 45}};
		sensor->entrance = 0;
	}
	put(stage, rows);
}

static struct grid8 picture(int sensor, int t)
{
	struct grid8 grid;
	for (int i = 0; i < 64; i++) {
		double x = i % 8 - 2 - sensor, y = i / 8 - 1 - t;
		grid.c[i] = 21 + 0.05 * (i % 5) + (8 + sensor) * exp(-(x * x + y * y) / 1.5);
	}
	return grid;
}

/* One frame a second of each sensor but the offline one, the newest 400 ms old. Sensor 3 has a dead pixel. */
static void put_frames(struct stage *stage, int from, int to)
{
	struct rows *rows = kind_rows_new(KIND_FRAMES, "hq", "butlr");
	for (int t = from; t < to; t++) {
		for (int i = 0; i < SENSORS - 1; i++) {
			struct frame *frame = rows_add(rows);
			frame->id = rows_textf(rows, "%d@%d", i, t);
			frame->sensor_id = rows_textf(rows, "s%d", i);
			frame->address = rows_textf(rows, "00-17-0D-00-00-6E-27-%02X", 10 + i);
			frame->time_ms = NOW - 400 - 1000 * (FRAMES - 1 - t);
			frame->celsius = picture(i, t);
			if (i == 3)
				frame->celsius.c[63] = NAN;
		}
	}
	put(stage, rows);
}

static void choose(struct stage *stage, const char *room)
{
	struct choice *choice = world_choice(stage->world);
	g_strlcpy(choice->building_id, "b1", sizeof(choice->building_id));
	g_strlcpy(choice->floor_id, "f1", sizeof(choice->floor_id));
	g_strlcpy(choice->room_id, room, sizeof(choice->room_id));
	choice->sensor_id[0] = '\0';
	pane_heat.update(stage->pane, 0);
}

static struct stage *stage_new(bool sensors, bool frames)
{
	struct stage *stage = g_new0(struct stage, 1);
	clock_fake_init(&stage->clock, NOW);
	stage->world = world_new(&stage->clock.clock);
	world_add_account(stage->world, "hq", VENDOR_BUTLR);
	put_places(stage);
	if (sensors)
		put_sensors(stage, SENSORS);
	if (frames)
		put_frames(stage, 0, FRAMES);
	stage->desk = (struct desk){.world = stage->world,
				    .cell_aspect = 2,
				    .toast = take_toast,
				    .copy = take_copy};
	stage->pane = pane_heat.open(&stage->desk);
	choose(stage, "r2");
	return stage;
}

static void stage_free(struct stage *stage)
{
	pane_heat.close(stage->pane);
	world_free(stage->world);
	g_free(stage);
}

/* The whole pane with its title as text, and roles where wanted. Freed by the caller. */
static char *shot(struct stage *stage, int width, int height, bool roles)
{
	struct buf figure, out;
	struct canvas *canvas = canvas_new(width, height, stage->desk.ascii);
	buf_init(&figure, 1000);
	buf_init(&out, 4 << 20);
	/* The figure is made for the width of the last drawing. */
	canvas_enter(canvas, (struct rect){0, 1, width, height - 1});
	pane_heat.draw(stage->pane, canvas, true, true);
	canvas_leave(canvas);
	pane_heat.figure(stage->pane, &figure);
	canvas_clear(canvas, STYLE(TEXT));
	canvas_titled_rule(canvas, 0, pane_heat.title, buf_text(&figure), true);
	canvas_enter(canvas, (struct rect){0, 1, width, height - 1});
	pane_heat.draw(stage->pane, canvas, true, true);
	canvas_leave(canvas);
	canvas_dump(canvas, roles, &out);
	canvas_free(canvas);
	buf_fini(&figure);
	return buf_take(&out, NULL);
}

static void act(struct stage *stage, enum action action, const char *argument)
{
	pane_heat.act(stage->pane, action, argument);
	pane_heat.update(stage->pane, 0);
}

static void assert_golden(struct stage *stage, const char *name, int width, int height)
{
	const char *srcdir = getenv("srcdir"), *wish = getenv("LODGE_GOLDEN");
	char *path = g_strdup_printf("%s/tests/screen/heat/%s.txt", srcdir ? srcdir : ".", name),
	     *expected = NULL;
	char *got = shot(stage, width, height, true);
	if (wish && strcmp(wish, "write") == 0)
		assert_true(g_file_set_contents(path, got, -1, NULL));
	if (!g_file_get_contents(path, &expected, NULL, NULL))
		fail_msg("no golden %s", path);
	if (strcmp(expected, got) != 0)
		fail_msg("%s differs; now it is\n%s", path, got);
	g_free(expected);
	g_free(path);
	free(got);
}

static void assert_shows(struct stage *stage, int width, int height, const char *text, bool shown)
{
	char *got = shot(stage, width, height, false);
	if ((strstr(got, text) != NULL) != shown)
		fail_msg("\"%s\" is %sshown in\n%s", text, shown ? "not " : "", got);
	free(got);
}

static void test_goldens_by_size(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int width, height;
		bool ascii, mono;
	} cases[] = {
		{"tiles-40x12", 40, 12, false, false},
		{"tiles-80x24", 80, 24, false, false},
		{"tiles-160x48", 160, 48, false, false},
		{"tiles-80x24-ascii", 80, 24, true, false},
		{"tiles-80x24-ascii-mono", 80, 24, true, true},
		{"tiles-80x24-mono", 80, 24, false, true},
		{"tiles-12x6", 12, 6, false, false},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct stage *stage = stage_new(true, true);
		stage->desk.ascii = cases[i].ascii;
		stage->desk.mono = cases[i].mono;
		assert_golden(stage, cases[i].name, cases[i].width, cases[i].height);
		stage_free(stage);
	}
}

static void test_goldens_by_mode(void **state)
{
	(void)state;
	struct stage *stage = stage_new(true, true);
	choose(stage, "");
	assert_golden(stage, "floor-80x24", 80, 24);
	act(stage, ACTION_SMOOTH, NULL);
	assert_golden(stage, "floor-raw-80x24", 80, 24);
	act(stage, ACTION_MODE, NULL);
	assert_golden(stage, "plan-80x24", 80, 24);
	act(stage, ACTION_MODE, NULL);
	assert_golden(stage, "numbers-80x24", 80, 24);
	assert_golden(stage, "numbers-40x12", 40, 12);
	act(stage, ACTION_MODE, NULL);
	act(stage, ACTION_OPEN, NULL);
	assert_golden(stage, "one-80x24", 80, 24);
	act(stage, ACTION_RANGE, "18 32");
	act(stage, ACTION_STEP_BACK, NULL);
	assert_golden(stage, "one-held-fixed-80x24", 80, 24);
	stage_free(stage);
}

static void test_goldens_by_state(void **state)
{
	(void)state;
	struct stage *stage = stage_new(true, true);
	clock_fake_advance(&stage->clock, 12000);
	pane_heat.update(stage->pane, 0);
	assert_golden(stage, "stale-80x24", 80, 24);
	stage_free(stage);
	stage = stage_new(true, false);
	assert_golden(stage, "waiting-80x24", 80, 24);
	stage_free(stage);
	stage = stage_new(false, false);
	assert_golden(stage, "none-80x24", 80, 24);
	stage_free(stage);
}

static void test_every_size_survives(void **state)
{
	(void)state;
	static const int sizes[] = {1, 2, 3, 7, 8, 13, 14, 29, 30, 41, 79, 120, 240};
	struct stage *stage = stage_new(true, true);
	for (int look = 0; look < 12; look++) {
		for (size_t i = 0; i < G_N_ELEMENTS(sizes) * G_N_ELEMENTS(sizes); i++)
			free(shot(stage, sizes[i % G_N_ELEMENTS(sizes)], sizes[i / G_N_ELEMENTS(sizes)],
				  false));
		act(stage, look % 3 == 2 ? ACTION_OPEN : ACTION_MODE, NULL);
		stage->desk.ascii = look & 1;
		stage->desk.mono = look & 2;
		stage->desk.cell_aspect = look == 7 ? 0 : 1.5 + look / 10.0;
	}
	stage_free(stage);
}

static void test_figure(void **state)
{
	(void)state;
	struct stage *stage = stage_new(true, true);
	assert_shows(stage, 80, 24, "Conf 2 · 3 sensors", true);
	assert_shows(stage, 80, 24, "0.4 s ago", true);
	/* Where there is little room the age stays. */
	assert_shows(stage, 40, 12, "Conf 2 · 0.4 s ago", true);
	assert_shows(stage, 30, 12, " 0.4 s ago", true);
	stage->desk.ascii = true;
	assert_shows(stage, 80, 24, "Conf 2, 3 sensors", true);
	stage_free(stage);
}

static void test_stale_and_offline_are_told(void **state)
{
	(void)state;
	struct stage *stage = stage_new(true, true);
	assert_shows(stage, 80, 24, "offline", true);
	assert_shows(stage, 80, 24, "for 9 min", true);
	assert_shows(stage, 80, 24, "stale", false);
	clock_fake_advance(&stage->clock, 4500);
	assert_true(pane_heat.update(stage->pane, 0));
	assert_shows(stage, 80, 24, "stale", false);
	clock_fake_advance(&stage->clock, 200);
	pane_heat.update(stage->pane, 0);
	assert_shows(stage, 80, 24, "stale for 5.1 s", true);
	/* What is greyed is nobody's hottest. */
	assert_shows(stage, 160, 48, "hottest", false);
	stage_free(stage);
}

static void test_freeze_holds_while_frames_arrive(void **state)
{
	(void)state;
	struct stage *stage = stage_new(true, true);
	act(stage, ACTION_FREEZE, NULL);
	assert_shows(stage, 80, 24, "held", true);
	char *before = shot(stage, 80, 24, true);
	/* A few more, then more than the ring keeps. */
	for (int more = 2; more <= 2 * WORLD_FRAMES; more += 2 * WORLD_FRAMES - 2) {
		put_frames(stage, FRAMES, FRAMES + more);
		pane_heat.update(stage->pane, 0);
		char *after = shot(stage, 80, 24, true);
		assert_string_equal(before, after);
		free(after);
	}
	free(before);
	act(stage, ACTION_FREEZE, NULL);
	assert_shows(stage, 80, 24, "held", false);
	stage_free(stage);
}

static void test_steps_through_what_is_kept(void **state)
{
	(void)state;
	struct stage *stage = stage_new(true, true);
	act(stage, ACTION_STEP_BACK, NULL);
	assert_shows(stage, 80, 24, "held · 1.4 s back", true);
	for (int i = 0; i < FRAMES - 2; i++)
		act(stage, ACTION_STEP_BACK, NULL);
	assert_shows(stage, 80, 24, "5.4 s back", true);
	assert_string_equal(stage->toast, "");
	act(stage, ACTION_STEP_BACK, NULL);
	assert_string_equal(stage->toast, "no older frame is kept");
	for (int i = 0; i < FRAMES - 1; i++)
		act(stage, ACTION_STEP_ON, NULL);
	assert_shows(stage, 80, 24, "0.4 s back", true);
	act(stage, ACTION_STEP_ON, NULL);
	assert_non_null(strstr(stage->toast, "newest"));
	assert_true(pane_heat.act(stage->pane, ACTION_BACK, NULL));
	assert_shows(stage, 80, 24, "back", false);
	stage_free(stage);
}

static void test_range(void **state)
{
	(void)state;
	struct stage *stage = stage_new(true, true);
	assert_shows(stage, 80, 24, "auto", true);
	act(stage, ACTION_RANGE, NULL);
	assert_shows(stage, 80, 24, "18.0 – 32.0 °C  fixed", true);
	act(stage, ACTION_RANGE, "35 15.5");
	assert_shows(stage, 80, 24, "15.5 – 35.0 °C  fixed", true);
	static const char *const wrong[] = {"20", "a b", "20 21", "1 2 3", "nan 5", "1e400 2", "20 20"};
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		stage->toast[0] = '\0';
		act(stage, ACTION_RANGE, wrong[i]);
		assert_true(stage->toast[0]);
		assert_shows(stage, 80, 24, "15.5 – 35.0 °C  fixed", true);
	}
	act(stage, ACTION_RANGE, "auto");
	assert_shows(stage, 80, 24, "auto", true);
	stage_free(stage);
}

static void test_rooms_and_sensors_are_chosen(void **state)
{
	(void)state;
	struct stage *stage = stage_new(true, true);
	struct choice *choice = world_choice(stage->world);
	choose(stage, "");
	assert_shows(stage, 80, 24, "2nd floor · 5 sensors", true);
	act(stage, ACTION_NEXT_ITEM, NULL);
	assert_string_equal(choice->room_id, "r1");
	act(stage, ACTION_NEXT_ITEM, NULL);
	assert_string_equal(choice->room_id, "r2");
	/* The store has no sensor: then comes the whole floor. */
	act(stage, ACTION_NEXT_ITEM, NULL);
	assert_string_equal(choice->room_id, "");
	act(stage, ACTION_PREVIOUS_ITEM, NULL);
	assert_string_equal(choice->room_id, "r2");
	act(stage, ACTION_PREVIOUS_ITEM, NULL);
	assert_string_equal(choice->room_id, "r1");
	choose(stage, "r2");
	free(shot(stage, 80, 24, false));
	act(stage, ACTION_RIGHT, NULL);
	assert_string_equal(choice->sensor_id, "s4");
	act(stage, ACTION_LAST, NULL);
	assert_string_equal(choice->sensor_id, "s3");
	act(stage, ACTION_RIGHT, NULL);
	assert_string_equal(choice->sensor_id, "s3");
	act(stage, ACTION_FIRST, NULL);
	assert_string_equal(choice->sensor_id, "s2");
	stage_free(stage);
}

static void test_arrows_follow_the_plan(void **state)
{
	(void)state;
	struct stage *stage = stage_new(true, true);
	struct choice *choice = world_choice(stage->world);
	choose(stage, "");
	act(stage, ACTION_MODE, "plan");
	g_strlcpy(choice->sensor_id, "s0", sizeof(choice->sensor_id));
	free(shot(stage, 80, 24, false));
	act(stage, ACTION_RIGHT, NULL);
	assert_string_equal(choice->sensor_id, "s1");
	act(stage, ACTION_RIGHT, NULL);
	assert_string_equal(choice->sensor_id, "s2");
	act(stage, ACTION_DOWN, NULL);
	assert_string_equal(choice->sensor_id, "s3");
	act(stage, ACTION_LEFT, NULL);
	assert_string_equal(choice->sensor_id, "s2");
	stage_free(stage);
}

static void test_hottest_first_on_a_floor(void **state)
{
	(void)state;
	struct stage *stage = stage_new(true, true);
	struct choice *choice = world_choice(stage->world);
	choose(stage, "");
	act(stage, ACTION_FIRST, NULL);
	assert_string_equal(choice->sensor_id, "s3");
	act(stage, ACTION_SORT, NULL);
	act(stage, ACTION_FIRST, NULL);
	/* By place: from the top, from the left. */
	assert_string_equal(choice->sensor_id, "s2");
	stage_free(stage);
}

static void test_mouse(void **state)
{
	(void)state;
	struct stage *stage = stage_new(true, true);
	struct choice *choice = world_choice(stage->world);
	struct input press = {.type = INPUT_MOUSE, .mouse = MOUSE_PRESS, .x = 70, .y = 5, .button = 1};
	free(shot(stage, 80, 24, false));
	assert_true(pane_heat.mouse(stage->pane, &press));
	assert_string_equal(choice->sensor_id, "s3");
	assert_true(pane_heat.mouse(stage->pane, &press));
	assert_shows(stage, 80, 24, "coldest", true);
	press.x = press.y = -5;
	assert_false(pane_heat.mouse(stage->pane, &press));
	stage_free(stage);
}

static void test_many_sensors_scroll(void **state)
{
	(void)state;
	struct stage *stage = stage_new(true, true);
	put_sensors(stage, 60);
	choose(stage, "");
	assert_shows(stage, 80, 24, "█", true);
	assert_shows(stage, 80, 24, "27-0d", true);
	act(stage, ACTION_LAST, NULL);
	assert_shows(stage, 80, 24, "27-0d", false);
	act(stage, ACTION_PAGE_UP, NULL);
	act(stage, ACTION_FIRST, NULL);
	assert_shows(stage, 80, 24, "27-0d", true);
	stage_free(stage);
}

static void test_other_units_are_doubted(void **state)
{
	(void)state;
	struct stage *stage = stage_new(true, false);
	struct rows *rows = kind_rows_new(KIND_FRAMES, "hq", "butlr");
	struct frame *frame = rows_add(rows);
	frame->id = "x";
	frame->sensor_id = "s2";
	frame->address = "00-17-0D-00-00-6E-27-0C";
	frame->time_ms = NOW;
	for (int i = 0; i < 64; i++)
		frame->celsius.c[i] = 2950 + i;
	put(stage, rows);
	pane_heat.update(stage->pane, 0);
	assert_shows(stage, 80, 24, "not °C?", true);
	assert_shows(stage, 80, 24, "18.0 – 26.0", true);
	stage_free(stage);
}

static void test_hostile_names_are_shown_harmless(void **state)
{
	(void)state;
	struct stage *stage = stage_new(true, true);
	char name[200] = "\x1b[31m\xc2\x9b";
	for (int i = 0; i < 60; i++)
		g_strlcat(name, "é", sizeof(name));
	struct rows *rows = kind_rows_new(KIND_SENSORS, "hq", "butlr");
	struct sensor *sensor = rows_add(rows);
	sensor->id = "s2";
	sensor->name = rows_text(rows, name);
	sensor->address = rows_text(rows, "\x1b]0;x\a");
	sensor->room_id = "r2";
	sensor->floor_id = "f1";
	put(stage, rows);
	act(stage, ACTION_MODE, "numbers");
	for (int i = 0; i < 6; i++) {
		char *got = shot(stage, 120 - 20 * i, 30, true);
		assert_true(g_utf8_validate(got, -1, NULL));
		for (const char *c = got; *c; c = g_utf8_next_char(c))
			assert_true(*c == '\n' || !g_unichar_iscntrl(g_utf8_get_char(c)));
		free(got);
	}
	/* Cut between characters, not within one; U+009B has no picture of its own. */
	stage->desk.ascii = false;
	char *whole = shot(stage, 240, 30, false);
	char *cut = strstr(whole, "éééé");
	assert_non_null(cut);
	while (g_str_has_prefix(cut, "é"))
		cut += strlen("é");
	assert_false(g_str_has_prefix(cut, "\xef\xbf\xbd"));
	free(whole);
	stage_free(stage);
}

static void test_copy_and_pace(void **state)
{
	(void)state;
	struct stage *stage = stage_new(true, true);
	assert_true(pane_heat.act(stage->pane, ACTION_COPY, NULL));
	int tabs = 0, lines = 0;
	for (const char *c = stage->copied; *c; c++) {
		tabs += *c == '\t';
		lines += *c == '\n';
	}
	assert_int_equal(tabs, 56);
	assert_int_equal(lines, 8);
	assert_int_equal(pane_heat.live_ms(stage->pane, KIND_FRAMES), 1000);
	assert_int_equal(pane_heat.live_ms(stage->pane, KIND_DETECTIONS), 0);
	assert_false(pane_heat.act(stage->pane, ACTION_EXPORT, NULL));
	stage_free(stage);
}

static void test_nothing_new_is_no_reason_to_draw(void **state)
{
	(void)state;
	struct stage *stage = stage_new(true, true);
	assert_false(pane_heat.update(stage->pane, 0));
	clock_fake_advance(&stage->clock, 1000);
	assert_true(pane_heat.update(stage->pane, 0));
	clock_fake_advance(&stage->clock, 400 * 60000);
	assert_true(pane_heat.update(stage->pane, 0));
	clock_fake_advance(&stage->clock, 1000);
	assert_false(pane_heat.update(stage->pane, 0));
	stage_free(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goldens_by_size),
		cmocka_unit_test(test_goldens_by_mode),
		cmocka_unit_test(test_goldens_by_state),
		cmocka_unit_test(test_every_size_survives),
		cmocka_unit_test(test_figure),
		cmocka_unit_test(test_stale_and_offline_are_told),
		cmocka_unit_test(test_freeze_holds_while_frames_arrive),
		cmocka_unit_test(test_steps_through_what_is_kept),
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_rooms_and_sensors_are_chosen),
		cmocka_unit_test(test_arrows_follow_the_plan),
		cmocka_unit_test(test_hottest_first_on_a_floor),
		cmocka_unit_test(test_mouse),
		cmocka_unit_test(test_many_sensors_scroll),
		cmocka_unit_test(test_other_units_are_doubted),
		cmocka_unit_test(test_hostile_names_are_shown_harmless),
		cmocka_unit_test(test_copy_and_pace),
		cmocka_unit_test(test_nothing_new_is_no_reason_to_draw),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
