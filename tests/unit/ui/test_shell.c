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
	int cancelled;
};

static void on_copy(void *ctx, const char *text) { g_strlcpy(((struct stage *)ctx)->copied, text, 80); }

static void on_demo(void *ctx) { ((struct stage *)ctx)->demo = true; }

static void open_shell(struct stage *stage, bool ascii)
{
	struct shell_options options = {.world = stage->world,
					.ascii = ascii,
					.file = "/home/me/lodge.conf",
					.mouse_on = true,
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

	expect(stage, "It does not know any yet");
	expect(stage, "chmod 600 /home/me/lodge.conf");
	expect(stage, "[account hq]");
	press(stage, "d");
	assert_true(stage->demo);
}

/* The keys of the examples are keys of the configuration, with what each vendor needs. */
static void test_the_examples_of_the_first_run_are_right(void **state)
{
	struct stage *stage = *state;
	struct config *config;
	struct problem problem;
	GString *file = g_string_new(NULL);
	char *shown, **lines;

	shell_resize(stage->shell, 60, 60); /* one column */
	shown = screen(stage);
	lines = g_strsplit(shown, "\n", 0);
	for (char **line = lines; *line != NULL; line++) {
		char *text = *line;

		if (text[0] != '|') /* of the dump: "|the row|" */
			continue;
		text[0] = ' ';
		text[strlen(text) - 1] = '\0';
		g_strstrip(text);
		if (text[0] == '[' || text[strspn(text, "abcdefghijklmnopqrstuvwxyz_")] == '=')
			g_string_append_printf(file, "%s\n", text);
	}
	if (config_parse_text(file->str, file->len, "welcome", &config, &problem) != ERR_OK)
		fail_msg("%s: %s\n%s", problem.what, problem.why, file->str);
	assert_int_equal(config->n_accounts, VENDOR_COUNT);
	for (size_t i = 0; i < config->n_accounts; i++)
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(config->accounts[i]->vendor, config->accounts[k]->vendor);
	config_free(config);
	g_strfreev(lines);
	g_free(shown);
	g_string_free(file, TRUE);
}

static void test_the_first_run_fits_and_scrolls(void **state)
{
	struct stage *stage = *state;

	expect(stage, "vendor=butlr");
	expect(stage, "vendor=butterflymx");
	expect(stage, "vendor=density");
	expect(stage, "vendor=sensorist");
	expect(stage, "d shows simulated buildings");
	expect(stage, "d demo");
	expect_not(stage, "Overview");
	expect_not(stage, "overlay");
	expect_not(stage, "further");
	press(stage, "2");
	expect(stage, "vendor=butlr");
	shell_resize(stage->shell, 40, 12);
	expect(stage, "further");
	expect_not(stage, "vendor=sensorist");
	press(stage, "End");
	expect(stage, "d shows");
	press(stage, "Home");
	expect(stage, "lodge shows who");
	shell_resize(stage->shell, 160, 48);
	expect(stage, "or password_env=");
	for (int width = 1; width < 200; width += 7)
		for (int height = 1; height < 60; height += 3) {
			shell_resize(stage->shell, width, height);
			g_free(screen(stage));
		}
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

/* --- taking back --- */

static void test_what_was_changed_is_taken_back(void **state)
{
	struct stage *stage = *state;
	int32_t before = theme_rgb(shell_theme(stage->shell), ROLE_TEXT);

	add_estate(stage, "Ground floor");
	press(stage, "u");
	expect(stage, "nothing to take back");
	press(stage, "f");
	expect(stage, "▸ Upper floor");
	press(stage, "T");
	assert_true(theme_rgb(shell_theme(stage->shell), ROLE_TEXT) != before);
	press(stage, "u");
	expect(stage, "taken back: theme");
	assert_int_equal(theme_rgb(shell_theme(stage->shell), ROLE_TEXT), before);
	expect(stage, "▸ Upper floor");
	press(stage, "u");
	expect(stage, "taken back: storey");
	expect(stage, "▸ Ground floor");
	press(stage, "u");
	expect(stage, "nothing to take back");
}

static void test_a_filter_and_an_order_are_taken_back(void **state)
{
	struct stage *stage = *state;

	add_estate(stage, "Ground floor");
	press(stage, "7");
	g_free(screen(stage));
	press(stage, "s");
	press(stage, "/");
	type(stage, "nothing of that kind");
	press(stage, "Enter");
	expect(stage, "nothing of that kind");
	press(stage, "u");
	expect(stage, "taken back: filter");
	expect_not(stage, "nothing of that kind");
	press(stage, "u");
	expect(stage, "taken back: order");
	/* A prompt that was left changes nothing. */
	press(stage, "/");
	type(stage, "x");
	press(stage, "Esc u");
	expect(stage, "nothing to take back");
	/* Each order is a step of its own. */
	press(stage, "s s u");
	expect(stage, "taken back: order");
	press(stage, "u");
	expect(stage, "taken back: order");
	press(stage, "u");
	expect(stage, "nothing to take back");
	for (int i = 0; i < 100; i++)
		press(stage, "s");
	for (int i = 0; i < 100; i++)
		press(stage, "u");
	expect(stage, "nothing to take back");
}

/* --- long work --- */

static void on_cancel(void *ctx) { ((struct stage *)ctx)->cancelled++; }

static void test_long_work_is_told_and_cancelled(void **state)
{
	struct stage *stage = *state;

	add_estate(stage, "Ground floor");
	shell_progress(stage->shell, "writing all.csv", 0, 200, on_cancel, stage);
	expect_not(stage, "writing all.csv"); /* it may be over at once */
	clock_fake_advance(&stage->clock, 500);
	shell_progress(stage->shell, "writing all.csv", 50, 200, on_cancel, stage);
	expect(stage, "writing all.csv");
	expect(stage, "25 %");
	expect(stage, "Esc cancel");
	press(stage, "2"); /* everything else goes on */
	expect(stage, "writing all.csv");
	press(stage, "Esc");
	assert_int_equal(stage->cancelled, 1);
	expect_not(stage, "writing all.csv");
	press(stage, "Esc");
	assert_int_equal(stage->cancelled, 1);
	shell_progress(stage->shell, "counting", 3, 0, NULL, stage);
	clock_fake_advance(&stage->clock, 500);
	shell_progress(stage->shell, "counting", 4, 0, NULL, stage);
	expect(stage, "counting");
	expect_not(stage, "cancel");
	shell_progress(stage->shell, NULL, 0, 0, NULL, NULL);
	expect_not(stage, "counting");
}

/* --- help and commands --- */

static bool is_listed(struct stage *stage, const char *name, const char *help)
{
	char *shown = screen(stage);
	bool listed = strstr(shown, name) != NULL && strstr(shown, help) != NULL;

	g_free(shown);
	return listed;
}

/* Every command with its keys and what it does, in one column and in two. */
static void test_help_lists_every_action(void **state)
{
	struct stage *stage = *state;

	add_estate(stage, "Ground floor");
	for (int wide = 0; wide < 2; wide++) {
		shell_resize(stage->shell, wide ? 160 : 80, 24);
		press(stage, "?");
		for (int action = 1; action < ACTION_COUNT; action++) {
			const struct action_info *info = action_info((enum action)action);
			g_autofree char *help = g_strndup(info->help, 20);
			bool listed = false;

			press(stage, "Home");
			for (int line = 0; line < 120 && !listed; line++) {
				listed = is_listed(stage, info->name, help);
				press(stage, "Down");
			}
			if (!listed)
				fail_msg("%s is not in the help", info->name);
		}
		press(stage, "Esc");
	}
}

/* Keys lead to every action but those that the pages name in words; and every one is a command. */
static void test_every_action_has_a_key_and_a_command(void **state)
{
	struct stage *stage = *state;
	char keys[24];

	for (int action = 1; action < ACTION_COUNT; action++) {
		const struct action_info *info = action_info((enum action)action);

		assert_int_equal(action_parse(info->name), action);
		assert_true(info->help[0] != '\0');
		if (action == ACTION_DEMO)
			continue;
		if (keymap_key(shell_keymap(stage->shell), (enum action)action, keys)[0] == '\0')
			fail_msg("%s has no key", info->name);
	}
	add_estate(stage, "Ground floor");
	for (int action = 1; action < ACTION_COUNT; action++) {
		if (action == ACTION_QUIT)
			continue;
		press(stage, ":");
		type(stage, action_info((enum action)action)->name);
		press(stage, "Enter");
		expect_not(stage, "there is no command");
		press(stage, "Esc Esc");
	}
}

static void test_the_way_out_is_always_named(void **state)
{
	static const char *const panes[] = {"1", "2", "3", "7"};
	struct stage *stage = *state;

	add_estate(stage, "Ground floor");
	for (size_t p = 0; p < G_N_ELEMENTS(panes); p++) {
		press(stage, panes[p]);
		for (int width = 60; width < 200; width += 20) {
			shell_resize(stage->shell, width, 24);
			expect(stage, "? help");
			expect(stage, "q quit");
		}
	}
}

static void test_arguments_complete_and_history_returns(void **state)
{
	struct stage *stage = *state;

	add_estate(stage, "Ground floor");
	press(stage, ":");
	type(stage, "theme d");
	expect(stage, "dusk  day"); /* in the line above */
	type(stage, "a");
	press(stage, "Tab Enter");
	expect(stage, "theme day");
	press(stage, ":");
	type(stage, "storey up");
	press(stage, "Tab Enter");
	expect(stage, "▸ Upper floor");
	press(stage, "2 :");
	type(stage, "overlay he");
	press(stage, "Tab");
	expect(stage, ":overlay health");
	press(stage, "Esc : Up");
	expect(stage, ":storey Upper floor");
	press(stage, "Up");
	expect(stage, ":theme day");
	press(stage, "Esc :");
	type(stage, "pale");
	expect(stage, "next heat palette");
	type(stage, "x");
	expect(stage, "no such command");
	press(stage, "Esc");
	shell_resize(stage->shell, 20, 5);
	press(stage, ":");
	g_free(screen(stage));
}

/* What the configuration takes is what the screen has. */
static void test_the_options_name_what_there_is(void **state)
{
	const struct option *palette = &option_table[option_find(OPTION_UI, "palette")];
	size_t n = 0;

	(void)state;
	for (; palette->choices[n] != NULL; n++)
		assert_true(g_strv_contains(theme_palettes(), palette->choices[n]));
	assert_null(theme_palettes()[n]);
}

static void test_the_persons_palette_outlives_a_theme(void **state)
{
	struct stage *stage = *state;
	struct shell_options options = {.world = stage->world, .palette = "greys", .keep_ground = true};
	struct problem problem;
	int32_t hottest;

	shell_free(stage->shell);
	assert_int_equal(theme_load("dusk", &options.theme, &problem), ERR_OK);
	stage->shell = shell_new(&options);
	add_estate(stage, "Ground floor");
	hottest = theme_rgb(shell_theme(stage->shell), (enum role)(ROLE_HEAT_0 + ROLE_HEAT_LEVELS - 1));
	assert_int_equal(theme_rgb(shell_theme(stage->shell), ROLE_GROUND), -1);
	press(stage, "T");
	expect(stage, "theme day");
	assert_int_equal(theme_rgb(shell_theme(stage->shell), (enum role)(ROLE_HEAT_0 + ROLE_HEAT_LEVELS - 1)),
			 hottest);
	assert_int_equal(theme_rgb(shell_theme(stage->shell), ROLE_GROUND), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_without_accounts_it_says_what_to_write),
		TEST(test_the_examples_of_the_first_run_are_right),
		TEST(test_the_first_run_fits_and_scrolls),
		TEST(test_what_was_changed_is_taken_back),
		TEST(test_a_filter_and_an_order_are_taken_back),
		TEST(test_long_work_is_told_and_cancelled),
		TEST(test_help_lists_every_action),
		TEST(test_every_action_has_a_key_and_a_command),
		TEST(test_the_way_out_is_always_named),
		TEST(test_the_options_name_what_there_is),
		TEST(test_the_persons_palette_outlives_a_theme),
		TEST(test_arguments_complete_and_history_returns),
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
