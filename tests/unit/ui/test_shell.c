/* The frame around the panes: what it shows, which keys it takes, and that no size and no name breaks it. */
#include "ui/shell.h"

#include "base/jsonx.h"
#include "base/moment.h"
#include "core/kind.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1800000000000)

struct stage {
	struct clock_fake clock;
	struct world *world;
	struct shell *shell;
	char copied[80];
	bool demo;
};

static void on_copy(void *ctx, const char *text) { g_strlcpy(((struct stage *)ctx)->copied, text, 80); }

static void on_demo(void *ctx) { ((struct stage *)ctx)->demo = true; }

static void open_shell(struct stage *stage, bool ascii)
{
	struct shell_options options = {.world = stage->world,
					.ascii = ascii,
					.welcome = "lodge does not know\n\n  [account hq]",
					.ctx = stage,
					.copy = on_copy,
					.demo = on_demo};
	struct problem problem;

	assert_int_equal(theme_load("dusk", &options.theme, &problem), ERR_OK);
	stage->shell = shell_new(&options);
	shell_resize(stage->shell, 80, 24);
}

static int open_stage(void **state)
{
	struct stage *stage = g_new0(struct stage, 1);

	clock_fake_init(&stage->clock, NOW);
	stage->world = world_new(&stage->clock.clock);
	open_shell(stage, false);
	*state = stage;
	return 0;
}

static int close_stage(void **state)
{
	struct stage *stage = *state;

	shell_free(stage->shell);
	world_free(stage->world);
	g_free(stage);
	return 0;
}

static char *screen(struct stage *stage)
{
	struct buf text;
	char *copy;

	shell_update(stage->shell);
	buf_init(&text, BUF_CEILING_FILE);
	canvas_dump(shell_compose(stage->shell), false, &text);
	copy = g_strdup(buf_text(&text));
	buf_fini(&text);
	return copy;
}

static void expect(struct stage *stage, const char *text)
{
	char *shown = screen(stage);

	if (strstr(shown, text) == NULL)
		fail_msg("\"%s\" is not on the screen:\n%s", text, shown);
	g_free(shown);
}

static void expect_not(struct stage *stage, const char *text)
{
	char *shown = screen(stage);

	if (strstr(shown, text) != NULL)
		fail_msg("\"%s\" is on the screen:\n%s", text, shown);
	g_free(shown);
}

static void press(struct stage *stage, const char *names)
{
	char **words = g_strsplit(names, " ", 0);

	for (char **word = words; *word != NULL; word++) {
		struct input input = {.type = INPUT_KEY, .key = key_parse(*word)};

		assert_int_not_equal(input.key, 0);
		shell_input(stage->shell, &input);
	}
	g_strfreev(words);
}

static void type(struct stage *stage, const char *text)
{
	for (; *text != '\0'; text++) {
		struct input input = {.type = INPUT_KEY, .key = (unsigned char)*text};

		shell_input(stage->shell, &input);
	}
}

static void add_estate(struct stage *stage, const char *floor_name)
{
	struct rows *buildings = kind_rows_new(KIND_BUILDINGS, "hq", "butlr");
	struct rows *floors = kind_rows_new(KIND_FLOORS, "hq", "butlr");
	struct building *building = rows_add(buildings);
	struct feed_light light = {.light = LIGHT_FRESH,
				   .last_ok_ms = NOW,
				   .since_ms = MOMENT_NONE,
				   .every_ms = 30000};

	world_add_account(stage->world, "hq", VENDOR_BUTLR);
	world_set_light(stage->world, 0, &light);
	building->id = rows_text(buildings, "b1");
	building->name = rows_text(buildings, "Main Street 12");
	for (int i = 0; i < 2; i++) {
		struct floor_row *floor = rows_add(floors);

		floor->id = rows_text(floors, i == 0 ? "f1" : "f2");
		floor->building_id = rows_text(floors, "b1");
		floor->name = rows_text(floors, i == 0 ? floor_name : "Upper floor");
		floor->timezone = rows_text(floors, "America/New_York");
	}
	rows_set_hash(buildings, 1);
	rows_set_hash(floors, 2);
	world_put(stage->world, 0, rows_seal(buildings));
	world_put(stage->world, 0, rows_seal(floors));
}

static void test_without_accounts_it_says_what_to_write(void **state)
{
	struct stage *stage = *state;

	expect(stage, "lodge does not know");
	expect(stage, "[account hq]");
	press(stage, "d");
	assert_true(stage->demo);
}

static void test_the_frame_names_place_feeds_and_time(void **state)
{
	struct stage *stage = *state;
	struct buf title;

	add_estate(stage, "Ground floor");
	expect(stage, "Main Street 12 ▸ Ground floor");
	expect(stage, "● hq");
	expect(stage, "New York");
	expect(stage, "1 Overview");
	expect(stage, "? help");
	buf_init(&title, BUF_CEILING_LINE);
	shell_title(stage->shell, &title);
	assert_string_equal(buf_text(&title), "lodge - Main Street 12 ▸ Ground floor");
	buf_fini(&title);
}

static void test_a_feed_that_is_down_says_since_when(void **state)
{
	struct stage *stage = *state;
	struct feed_light light = {.light = LIGHT_DOWN, .last_ok_ms = MOMENT_NONE, .since_ms = NOW - 180000};

	add_estate(stage, "Ground floor");
	world_set_light(stage->world, 0, &light);
	expect(stage, "hq down 3m");
}

static void test_panes_help_and_back(void **state)
{
	struct stage *stage = *state;

	add_estate(stage, "Ground floor");
	press(stage, "7");
	expect(stage, "Health");
	press(stage, "?");
	expect(stage, "all keys and commands");
	press(stage, "Esc");
	expect_not(stage, "all keys and commands");
	press(stage, "Esc");
	assert_false(shell_quitting(stage->shell));
	press(stage, "q");
	assert_true(shell_quitting(stage->shell));
}

static void test_floors_are_switched_by_key_and_by_name(void **state)
{
	struct stage *stage = *state;

	add_estate(stage, "Ground floor");
	expect(stage, "Ground floor");
	press(stage, "f");
	expect(stage, "Upper floor");
	press(stage, "f");
	expect(stage, "▸ Ground floor");
	press(stage, ":");
	type(stage, "storey upper");
	press(stage, "Enter");
	expect(stage, "▸ Upper floor");
	press(stage, ":");
	type(stage, "storey nowhere");
	press(stage, "Enter");
	expect(stage, "nothing of that name");
}

static void test_commands_complete_and_suggest(void **state)
{
	struct stage *stage = *state;
	int x, y;

	add_estate(stage, "Ground floor");
	press(stage, ":");
	type(stage, "pal");
	press(stage, "Tab");
	expect(stage, "palette ");
	shell_cursor(stage->shell, &x, &y);
	assert_int_equal(y, 23);
	assert_true(x > 8);
	type(stage, "greys");
	press(stage, "Enter");
	expect(stage, "heat palette greys");
	press(stage, ":");
	type(stage, "helth");
	press(stage, "Enter");
	expect(stage, "did you mean health?");
	shell_cursor(stage->shell, &x, &y);
	assert_int_equal(x, -1);
	press(stage, ":");
	type(stage, "q");
	press(stage, "Esc");
	assert_false(shell_quitting(stage->shell));
}

static void test_themes_switch_live(void **state)
{
	struct stage *stage = *state;
	int32_t before = theme_rgb(shell_theme(stage->shell), ROLE_TEXT);

	add_estate(stage, "Ground floor");
	press(stage, ":");
	type(stage, "theme day");
	press(stage, "Enter");
	assert_true(theme_rgb(shell_theme(stage->shell), ROLE_TEXT) != before);
	assert_true(shell_take_redraw(stage->shell));
	assert_false(shell_take_redraw(stage->shell));
	press(stage, ":");
	type(stage, "theme nowhere");
	press(stage, "Enter");
	assert_true(theme_rgb(shell_theme(stage->shell), ROLE_TEXT) != before); /* the old one stays */
}

static void test_nothing_new_is_nothing_to_draw(void **state)
{
	struct stage *stage = *state;

	add_estate(stage, "Ground floor");
	g_free(screen(stage));
	assert_false(shell_dirty(stage->shell));
	shell_update(stage->shell);
	assert_false(shell_dirty(stage->shell)); /* the same second, the same data */
}

static void test_every_size_and_pane(void **state)
{
	static const char *const panes[] = {"1", "2", "3", "7", "?"};
	struct stage *stage = *state;

	add_estate(stage, "Ground floor");
	for (size_t p = 0; p < G_N_ELEMENTS(panes); p++) {
		press(stage, panes[p]);
		for (int width = 1; width <= 200; width += width < 20 ? 1 : 23) {
			for (int height = 1; height <= 70; height += height < 12 ? 1 : 13) {
				shell_resize(stage->shell, width, height);
				shell_update(stage->shell);
				shell_compose(stage->shell);
			}
		}
	}
}

static void test_hostile_names_are_inert_and_ascii_stays_ascii(void **state)
{
	struct stage *stage = *state;

	shell_free(stage->shell);
	open_shell(stage, true);
	add_estate(stage, "Gr\x1b[31mound \xe2\x80\xae \xe6\x97\xa5");
	shell_update(stage->shell);
	shell_compose(stage->shell);
	for (int y = 0; y < 24; y++) {
		const struct cell *row = canvas_row(shell_compose(stage->shell), y);

		for (int x = 0; x < 80; x++)
			assert_true(row[x].glyph >= 0x20 && row[x].glyph <= 0x7e);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_without_accounts_it_says_what_to_write),
		TEST(test_the_frame_names_place_feeds_and_time),
		TEST(test_a_feed_that_is_down_says_since_when),
		TEST(test_panes_help_and_back),
		TEST(test_floors_are_switched_by_key_and_by_name),
		TEST(test_commands_complete_and_suggest),
		TEST(test_themes_switch_live),
		TEST(test_nothing_new_is_nothing_to_draw),
		TEST(test_every_size_and_pane),
		TEST(test_hostile_names_are_inert_and_ascii_stays_ascii),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
