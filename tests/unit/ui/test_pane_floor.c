#include "ui/pane.h"

#include "core/kind.h"
#include "tests/unit/ui/floor_fixture.h"

#include <glib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- a desk that remembers what was asked of it --- */

struct rig {
	struct desk desk;
	struct clock_fake clock;
	struct canvas *canvas;
	void *pane;
	bool whole;
	char toast[120], copied[120];
	void (*done)(void *ctx, const char *text);
	void (*changed)(void *ctx, const char *text);
	void *ctx;
};

static struct rig *rig_of(struct desk *desk) { return (struct rig *)desk; }

static void prompt(struct desk *desk, const char *label, const char *initial,
		   void (*done)(void *, const char *), void (*changed)(void *, const char *), void *ctx)
{
	assert_non_null(label);
	assert_null(initial);
	rig_of(desk)->done = done;
	rig_of(desk)->changed = changed;
	rig_of(desk)->ctx = ctx;
}

static void toast(struct desk *desk, bool good, const char *text)
{
	(void)good;
	g_strlcpy(rig_of(desk)->toast, text, sizeof(rig_of(desk)->toast));
}

static void copy(struct desk *desk, const char *text)
{
	g_strlcpy(rig_of(desk)->copied, text, sizeof(rig_of(desk)->copied));
}

static void draw(struct rig *rig)
{
	canvas_clear(rig->canvas, STYLE(TEXT));
	pane_floor.draw(rig->pane, rig->canvas, rig->whole, true);
}

static struct rig *rig_new(int width, int height, bool ascii, unsigned parts)
{
	struct rig *rig = g_new0(struct rig, 1);
	clock_fake_init(&rig->clock, FIXTURE_NOW_MS);
	rig->desk = (struct desk){.world = fixture_world(&rig->clock.clock, parts),
				  .ascii = ascii,
				  .cell_aspect = 2,
				  .prompt = prompt,
				  .toast = toast,
				  .copy = copy};
	rig->canvas = canvas_new(width, height, ascii);
	rig->whole = true;
	rig->pane = pane_floor.open(&rig->desk);
	draw(rig);
	return rig;
}

static void rig_free(struct rig *rig)
{
	pane_floor.close(rig->pane);
	canvas_free(rig->canvas);
	world_free(rig->desk.world);
	g_free(rig);
}

static bool act(struct rig *rig, enum action action, const char *argument)
{
	bool mine = pane_floor.act(rig->pane, action, argument);
	draw(rig);
	return mine;
}

static void choose(struct rig *rig, const char *room)
{
	g_strlcpy(world_choice(rig->desk.world)->room_id, room,
		  sizeof(world_choice(rig->desk.world)->room_id));
}

static const char *chosen(const struct rig *rig) { return world_choice(rig->desk.world)->room_id; }

static char *dump_of(const struct rig *rig, bool roles)
{
	struct buf dump;
	buf_init(&dump, 4u << 20);
	canvas_dump(rig->canvas, roles, &dump);
	return buf_take(&dump, NULL);
}

/* Compares with tests/screen/floor/NAME.txt, or writes it where GENERATE is set. */
static void golden(const struct rig *rig, const char *name)
{
	const char *srcdir = g_getenv("srcdir");
	char *path = g_strdup_printf("%s/tests/screen/floor/%s.txt", srcdir ? srcdir : ".", name),
	     *wanted = NULL;
	char *got = dump_of(rig, true);
	if (g_getenv("GENERATE"))
		assert_true(g_file_set_contents(path, got, -1, NULL));
	else if (!g_file_get_contents(path, &wanted, NULL, NULL))
		fail_msg("%s is missing: run with GENERATE=1", path);
	else
		assert_string_equal(got, wanted);
	g_free(wanted);
	free(got);
	g_free(path);
}

/* --- pictures --- */

static void test_sizes(void **state)
{
	(void)state;
	static const struct {
		int width, height;
		bool whole;
		const char *name;
	} sizes[] = {{1, 1, true, "1x1"},      {20, 5, true, "20x5"},         {40, 12, true, "40x12"},
		     {80, 22, true, "80x22"},  {95, 27, false, "95x27-tile"}, {160, 46, true, "160x46"},
		     {300, 98, true, "300x98"}};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct rig *rig = rig_new(sizes[i].width, sizes[i].height, false, 0);
		rig->whole = sizes[i].whole;
		choose(rig, "r5");
		draw(rig);
		golden(rig, sizes[i].name);
		rig_free(rig);
	}
}

static void test_glyphs(void **state)
{
	(void)state;
	struct rig *rig = rig_new(80, 22, true, 0);
	choose(rig, "r12");
	draw(rig);
	golden(rig, "80x22-ascii");
	rig_free(rig);
	rig = rig_new(160, 46, true, 0);
	golden(rig, "160x46-ascii");
	rig_free(rig);
	rig = rig_new(160, 46, false, 0);
	assert_true(act(rig, ACTION_GLYPHS, NULL));
	assert_true(rig->desk.braille);
	golden(rig, "160x46-braille");
	rig_free(rig);
}

static void test_overlays(void **state)
{
	(void)state;
	static const char *const names[] = {"temperature", "utilization", "health", "type"};
	struct rig *rig = rig_new(120, 30, false, 0);
	for (int i = 0; i < 4; i++) {
		char *name = g_strdup_printf("120x30-%s", names[i]);
		assert_true(act(rig, ACTION_OVERLAY, i % 2 ? NULL : names[i]));
		golden(rig, name);
		g_free(name);
	}
	/* The first again after the last; a wrong word changes nothing and is told. */
	char *type = dump_of(rig, true);
	assert_true(act(rig, ACTION_OVERLAY, "colour"));
	char *same = dump_of(rig, true);
	assert_string_equal(type, same);
	assert_non_null(strstr(rig->toast, "temperature"));
	free(type);
	free(same);
	act(rig, ACTION_OVERLAY, NULL);
	char *text = dump_of(rig, false);
	assert_non_null(strstr(text, "9/10"));
	free(text);
	rig_free(rig);
}

static void test_detail(void **state)
{
	(void)state;
	struct rig *rig = rig_new(160, 46, false, 0);
	choose(rig, "r1");
	assert_true(act(rig, ACTION_OPEN, NULL));
	golden(rig, "160x46-detail");
	assert_true(act(rig, ACTION_BACK, NULL));
	assert_false(act(rig, ACTION_BACK, NULL));
	rig_free(rig);
	rig = rig_new(80, 22, false, 0);
	choose(rig, "r4");
	act(rig, ACTION_OPEN, NULL);
	golden(rig, "80x22-detail");
	rig_free(rig);
	rig = rig_new(40, 12, true, 0);
	/* Nothing chosen: the first room. */
	act(rig, ACTION_OPEN, NULL);
	golden(rig, "40x12-detail-ascii");
	rig_free(rig);
	/* A tile leaves it to the shell to open the pane. */
	rig = rig_new(95, 27, false, 0);
	rig->whole = false;
	draw(rig);
	assert_false(act(rig, ACTION_OPEN, NULL));
	rig_free(rig);
}

/* The card says of a room what its row and its tile say. */
static void test_card_agrees_with_the_row(void **state)
{
	static const struct {
		double people;
		int8_t occupied;
		const char *health, *words;
	} cases[] = {
		{0, 0, STATUS_DEGRADED, "People now 0"},     {NAN, 0, STATUS_DEGRADED, "People now free"},
		{NAN, 1, STATUS_ONLINE, "People now taken"}, {0, 0, STATUS_UNKNOWN, "People now not told"},
		{NAN, -1, NULL, "People now not told"},
	};
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct rig *rig = rig_new(80, 22, false, 0);
		const struct rows *fixture = fixture_rooms(0);
		struct rows *rows = kind_rows_new(KIND_ROOMS, "hq", "butlr");
		for (size_t j = 0; j < rows_count(fixture); j++) {
			struct room *room = kind_copy_row(rows, KIND_ROOMS, rows_at(fixture, j));
			room->occupancy = cases[i].people;
			room->occupied = cases[i].occupied;
			room->health = cases[i].health;
		}
		rows_unref(fixture);
		rows_set_hash(rows, kind_hash_rows(rows));
		world_put(rig->desk.world, 0, rows_seal(rows));
		pane_floor.update(rig->pane, world_take_changes(rig->desk.world));
		choose(rig, "r4");
		act(rig, ACTION_OPEN, NULL);
		draw(rig);
		char *text = dump_of(rig, false);
		if (!strstr(text, cases[i].words))
			fail_msg("case %zu: %.60s", i,
				 strstr(text, "People now") ? strstr(text, "People now") : "no card");
		free(text);
		rig_free(rig);
	}
}

static void test_states(void **state)
{
	(void)state;
	struct feed_light down = {LIGHT_DOWN, FIXTURE_NOW_MS - 190000,   FIXTURE_NOW_MS - 180000,
				  5000,       "the server answered 502", LIGHT_PUSH_NONE};
	struct rig *rig = rig_new(80, 22, false, 0);
	world_set_light(rig->desk.world, 0, &down);
	assert_true(pane_floor.update(rig->pane, 0));
	draw(rig);
	golden(rig, "80x22-down");
	rig_free(rig);
	rig = rig_new(80, 22, false, FIXTURE_NO_GEOMETRY);
	golden(rig, "80x22-list");
	rig_free(rig);
	rig = rig_new(120, 30, false, FIXTURE_ODD);
	golden(rig, "120x30-odd");
	rig_free(rig);
	rig = rig_new(80, 9, false, FIXTURE_EMPTY);
	golden(rig, "80x9-empty");
	rig_free(rig);
}

/* Rooms without a shape are tiles: arrows go about in rows and columns, the mouse chooses. */
static void test_tiles(void **state)
{
	(void)state;
	struct rig *rig = rig_new(80, 22, false, FIXTURE_NO_GEOMETRY);
	const struct choice *choice = world_choice(rig->desk.world);
	struct input press = {.type = INPUT_MOUSE, .mouse = MOUSE_PRESS, .button = 1, .x = 30, .y = 1};
	act(rig, ACTION_FIRST, NULL);
	draw(rig);
	const struct room *first = world_find(rig->desk.world, 0, KIND_ROOMS, choice->room_id);
	assert_string_equal(first->name, "Archive");
	act(rig, ACTION_DOWN, NULL);
	act(rig, ACTION_RIGHT, NULL);
	const struct room *room = world_find(rig->desk.world, 0, KIND_ROOMS, choice->room_id);
	assert_string_equal(room->name, "Design Studio");
	act(rig, ACTION_UP, NULL);
	act(rig, ACTION_UP, NULL); /* nothing is above */
	room = world_find(rig->desk.world, 0, KIND_ROOMS, choice->room_id);
	assert_string_equal(room->name, "Bryant");
	draw(rig);
	press.x = 60;
	press.y = 5;
	assert_true(pane_floor.mouse(rig->pane, &press));
	room = world_find(rig->desk.world, 0, KIND_ROOMS, choice->room_id);
	assert_string_equal(room->name, "Engineering");
	press.y = 21;
	assert_false(pane_floor.mouse(rig->pane, &press));
	rig_free(rig);
}

static void test_before_the_first_data(void **state)
{
	(void)state;
	struct rig *rig = g_new0(struct rig, 1);
	clock_fake_init(&rig->clock, FIXTURE_NOW_MS);
	rig->desk = (struct desk){.world = world_new(&rig->clock.clock),
				  .cell_aspect = 2,
				  .toast = toast,
				  .prompt = prompt};
	rig->canvas = canvas_new(60, 9, false);
	rig->whole = true;
	rig->pane = pane_floor.open(&rig->desk);
	draw(rig);
	char *text = dump_of(rig, false);
	assert_non_null(strstr(text, "no account"));
	free(text);
	world_add_account(rig->desk.world, "hq", VENDOR_BUTLR);
	draw(rig);
	golden(rig, "60x9-waiting");
	/* No key falls over an empty floor. */
	for (int action = 1; action < ACTION_COUNT; action++)
		if (action != ACTION_COPY)
			act(rig, (enum action)action, NULL);
	struct buf figure;
	buf_init(&figure, 256);
	pane_floor.figure(rig->pane, &figure);
	assert_string_equal(buf_text(&figure), "");
	buf_fini(&figure);
	rig_free(rig);
}

/* --- what it says and does --- */

static void test_figure(void **state)
{
	(void)state;
	struct rig *rig = rig_new(80, 22, false, 0);
	struct buf figure;
	buf_init(&figure, 256);
	pane_floor.figure(rig->pane, &figure);
	assert_string_equal(buf_text(&figure), "39 of 86 people · busiest Bryant 9/6");
	buf_fini(&figure);
	rig_free(rig);
}

static void test_choosing(void **state)
{
	(void)state;
	struct rig *rig = rig_new(80, 22, false, 0);
	assert_true(act(rig, ACTION_RIGHT, NULL));
	assert_string_equal(chosen(rig), "r1");
	static const char *const onwards[] = {"r2", "r3", "r4", "r5", "r6", "r6"};
	for (int i = 0; i < 6; i++) {
		act(rig, ACTION_RIGHT, NULL);
		assert_string_equal(chosen(rig), onwards[i]);
	}
	act(rig, ACTION_LEFT, NULL);
	assert_string_equal(chosen(rig), "r5");
	act(rig, ACTION_DOWN, NULL);
	assert_string_equal(chosen(rig), "r0");
	act(rig, ACTION_FIRST, NULL);
	assert_string_equal(chosen(rig), "r1");
	act(rig, ACTION_NEXT_ITEM, NULL);
	assert_string_equal(chosen(rig), "r4");
	act(rig, ACTION_PREVIOUS_ITEM, NULL);
	act(rig, ACTION_PREVIOUS_ITEM, NULL);
	assert_string_equal(chosen(rig), "r11");
	act(rig, ACTION_NEXT_ITEM, NULL);
	assert_string_equal(chosen(rig), "r1");
	assert_true(act(rig, ACTION_COPY, NULL));
	assert_string_equal(rig->copied, "Hot Desks 9/10");
	rig_free(rig);
}

static void test_filter(void **state)
{
	(void)state;
	struct rig *rig = rig_new(80, 22, false, 0);
	choose(rig, "r7");
	assert_true(act(rig, ACTION_FILTER, NULL));
	rig->changed(rig->ctx, "p");
	assert_string_equal(chosen(rig), "r2");
	rig->changed(rig->ctx, "park");
	assert_string_equal(chosen(rig), "r4");
	rig->done(rig->ctx, NULL);
	assert_string_equal(chosen(rig), "r7");
	act(rig, ACTION_FILTER, NULL);
	rig->changed(rig->ctx, "eng");
	rig->done(rig->ctx, "eng");
	assert_string_equal(chosen(rig), "r12");
	act(rig, ACTION_FILTER, "Lounge");
	assert_string_equal(chosen(rig), "r10");
	act(rig, ACTION_FILTER, "cellar");
	assert_string_equal(chosen(rig), "r10");
	assert_string_not_equal(rig->toast, "");
	rig_free(rig);
}

static bool mouse(struct rig *rig, enum mouse_action action, int x, int y)
{
	struct input input = {.type = INPUT_MOUSE, .mouse = action, .x = x, .y = y, .button = 1};
	bool changed = pane_floor.mouse(rig->pane, &input);
	draw(rig);
	return changed;
}

static void test_mouse(void **state)
{
	(void)state;
	struct rig *rig = rig_new(80, 22, false, 0);
	char *before = dump_of(rig, false);
	assert_true(mouse(rig, MOUSE_PRESS, 50, 4));
	assert_string_equal(chosen(rig), "r5");
	mouse(rig, MOUSE_RELEASE, 50, 4);
	assert_true(mouse(rig, MOUSE_PRESS, 36, 14));
	assert_string_equal(chosen(rig), "r10");
	/* The wheel zooms where the pointer is: the room under it stays there. */
	assert_true(mouse(rig, MOUSE_WHEEL_UP, 36, 14));
	mouse(rig, MOUSE_WHEEL_UP, 36, 14);
	mouse(rig, MOUSE_WHEEL_UP, 36, 14);
	mouse(rig, MOUSE_PRESS, 36, 14);
	assert_string_equal(chosen(rig), "r10");
	/* Dragging to the right shows what is further left. */
	assert_true(mouse(rig, MOUSE_DRAG, 70, 14));
	mouse(rig, MOUSE_RELEASE, 70, 14);
	assert_false(mouse(rig, MOUSE_DRAG, 10, 14));
	mouse(rig, MOUSE_PRESS, 4, 14);
	assert_string_equal(chosen(rig), "r7");
	for (int i = 0; i < 9; i++)
		mouse(rig, MOUSE_WHEEL_DOWN, 36, 14);
	choose(rig, "");
	draw(rig);
	char *after = dump_of(rig, false);
	assert_string_equal(before, after);
	free(before);
	free(after);
	assert_false(mouse(rig, MOUSE_PRESS, 79, 21));
	assert_false(mouse(rig, MOUSE_WHEEL_UP, -1, 500));
	rig_free(rig);
}

static void test_zoom_and_pan(void **state)
{
	(void)state;
	struct rig *rig = rig_new(80, 22, false, 0);
	choose(rig, "r5");
	draw(rig);
	char *before = dump_of(rig, true);
	for (int i = 0; i < 3; i++)
		assert_true(act(rig, ACTION_ZOOM_IN, NULL));
	golden(rig, "80x22-zoomed");
	act(rig, ACTION_PAN_LEFT, NULL);
	act(rig, ACTION_PAN_DOWN, NULL);
	act(rig, ACTION_PAGE_UP, NULL);
	/* A room that is chosen comes into view. */
	act(rig, ACTION_FILTER, "Kitchen");
	char *text = dump_of(rig, false);
	assert_non_null(strstr(text, "Kitchen"));
	free(text);
	choose(rig, "r5");
	assert_true(act(rig, ACTION_FIT, NULL));
	char *after = dump_of(rig, true);
	assert_string_equal(before, after);
	free(before);
	free(after);
	act(rig, ACTION_ZOOM_IN, NULL);
	assert_true(act(rig, ACTION_BACK, NULL));
	assert_false(act(rig, ACTION_BACK, NULL));
	rig_free(rig);
}

static void test_only_what_changed(void **state)
{
	(void)state;
	struct rig *rig = rig_new(80, 22, false, 0);
	char *before = dump_of(rig, true);
	fixture_people(rig->desk.world, FIXTURE_NOW_MS + 500, 1.5);
	assert_true(pane_floor.update(rig->pane, world_take_changes(rig->desk.world)));
	draw(rig);
	char *moved = dump_of(rig, true);
	assert_string_not_equal(before, moved);
	draw(rig);
	char *same = dump_of(rig, true);
	assert_string_equal(moved, same);
	free(before);
	free(moved);
	free(same);
	/* New figures are seen without anything else. */
	world_put(rig->desk.world, 0, fixture_rooms(FIXTURE_ODD));
	pane_floor.update(rig->pane, world_take_changes(rig->desk.world));
	draw(rig);
	char *text = dump_of(rig, false);
	assert_non_null(strstr(text, "Slan"));
	free(text);
	rig_free(rig);
}

static void test_without_colours_rooms_are_hatched(void **state)
{
	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		struct rig *rig = rig_new(80, 22, ascii, 0);
		char *before = dump_of(rig, false);
		rig->desk.mono = rig->desk.hatch = true;
		draw(rig);
		char *after = dump_of(rig, false);
		assert_string_not_equal(before, after);
		golden(rig, ascii ? "80x22-hatch-ascii" : "80x22-hatch");
		/* Names stay what they were. */
		assert_non_null(strstr(after, "Central"));
		free(before);
		free(after);
		rig_free(rig);
	}
}

static void test_a_view_is_brought_back(void **state)
{
	(void)state;
	char before[PANE_VIEW_MOST], now[PANE_VIEW_MOST];
	struct rig *rig = rig_new(120, 30, false, 0);
	size_t length = pane_floor.view(rig->pane, before);
	char *seen = dump_of(rig, true);
	assert_true(length > 0 && length <= PANE_VIEW_MOST);
	act(rig, ACTION_OVERLAY, "health");
	act(rig, ACTION_ZOOM_IN, NULL);
	act(rig, ACTION_PAN_RIGHT, NULL);
	assert_int_equal(pane_floor.view(rig->pane, now), length);
	assert_memory_not_equal(before, now, length);
	pane_floor.set_view(rig->pane, before, length);
	draw(rig);
	char *again = dump_of(rig, true);
	assert_string_equal(seen, again);
	assert_int_equal(pane_floor.view(rig->pane, now), length);
	assert_memory_equal(before, now, length);
	free(seen);
	free(again);
	rig_free(rig);
}

static void test_every_size(void **state)
{
	(void)state;
	struct rig *rig = rig_new(1, 1, false, FIXTURE_ODD);
	choose(rig, "r5");
	for (int step = 0; step < 60; step++) {
		int width = 1 + step * step / 12, height = 1 + step * 31 / 18;
		canvas_resize(rig->canvas, width, height);
		rig->whole = step % 5 != 0;
		rig->desk.braille = step % 3 == 0;
		act(rig, step % 4 == 1 ? ACTION_OPEN : step % 4 == 3 ? ACTION_BACK : ACTION_ZOOM_IN, NULL);
		act(rig, ACTION_PAN_RIGHT, NULL);
	}
	rig_free(rig);
}

static void test_no_control_byte_is_drawn(void **state)
{
	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		struct rig *rig = rig_new(300, 98, ascii, FIXTURE_ODD);
		act(rig, ACTION_FILTER, "\033[31mRed");
		choose(rig, "o6");
		act(rig, ACTION_OPEN, NULL);
		char *text = dump_of(rig, false);
		for (const unsigned char *c = (const unsigned char *)text; *c; c++)
			if ((*c < 0x20 && *c != '\n') || *c == 0x7F || (ascii && *c > 0x7E))
				fail_msg("byte %02x at %ld", *c, (long)(c - (const unsigned char *)text));
		free(text);
		rig_free(rig);
	}
}

static void test_live(void **state)
{
	(void)state;
	struct rig *rig = rig_new(80, 22, false, 0);
	assert_int_equal(pane_floor.live_ms(rig->pane, KIND_DETECTIONS), 1000);
	assert_int_equal(pane_floor.live_ms(rig->pane, KIND_FRAMES), 0);
	act(rig, ACTION_OPEN, NULL); /* its frames are seen */
	assert_true(pane_floor.live_ms(rig->pane, KIND_FRAMES) > 0);
	act(rig, ACTION_BACK, NULL);
	assert_int_equal(pane_floor.live_ms(rig->pane, KIND_FRAMES), 0);
	act(rig, ACTION_OVERLAY, "temperature");
	assert_true(pane_floor.live_ms(rig->pane, KIND_FRAMES) > 0);
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_glyphs),
		cmocka_unit_test(test_overlays),
		cmocka_unit_test(test_detail),
		cmocka_unit_test(test_card_agrees_with_the_row),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_tiles),
		cmocka_unit_test(test_before_the_first_data),
		cmocka_unit_test(test_figure),
		cmocka_unit_test(test_choosing),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_mouse),
		cmocka_unit_test(test_zoom_and_pan),
		cmocka_unit_test(test_only_what_changed),
		cmocka_unit_test(test_every_size),
		cmocka_unit_test(test_no_control_byte_is_drawn),
		cmocka_unit_test(test_live),
		cmocka_unit_test(test_without_colours_rooms_are_hatched),
		cmocka_unit_test(test_a_view_is_brought_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
