#include "ui/theme.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

static const enum role texts[] = {ROLE_TEXT,  ROLE_DIM, ROLE_STRONG, ROLE_TITLE, ROLE_BRAND,   ROLE_ACCENT,
				  ROLE_MATCH, ROLE_OK,  ROLE_WARN,   ROLE_BAD,   ROLE_UNKNOWN, ROLE_STALE};
static const enum role grounds[] = {ROLE_GROUND, ROLE_BAR, ROLE_SELECT, ROLE_SELECT_IDLE, ROLE_FIELD};
static const enum role marks[] = {ROLE_OK,    ROLE_WARN,   ROLE_BAD,   ROLE_UNKNOWN,
				  ROLE_STALE, ROLE_PERSON, ROLE_ACCENT};

static struct theme *load(const char *name)
{
	struct theme *theme = NULL;
	struct problem problem = {0};
	int err = theme_load(name, &theme, &problem);
	if (err != ERR_OK)
		print_error("%s: %s\n", problem.what, problem.why);
	assert_int_equal(err, ERR_OK);
	return theme;
}

static struct theme *parse(const char *text)
{
	struct theme *theme = NULL;
	struct problem problem = {0};
	assert_int_equal(theme_parse("test", text, strlen(text), &theme, &problem), ERR_OK);
	return theme;
}

/* The colour that a check takes for the terminal's own. */
static int32_t seen(const struct theme *theme, int32_t rgb, bool ground)
{
	if (rgb != THEME_DEFAULT)
		return rgb;
	return theme_light(theme) == ground ? 0xFFFFFF : 0x000000;
}

/* Every pair that is too weak is named, so that a theme is mended in one go. Returns how many (0 or 1). */
static int weak(const struct theme *theme, const char *name, enum role fg, int32_t bg, const char *on,
		double least)
{
	double ratio = theme_contrast(seen(theme, theme_rgb(theme, fg), false), seen(theme, bg, true));
	if (ratio < least)
		print_error("%s: %s on %s has %.2f, needs %.1f\n", name, role_name(fg), on, ratio, least);
	return ratio < least;
}

static void check_theme_contrast(const struct theme *theme, const char *name)
{
	int failures = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		for (size_t k = 0; k < G_N_ELEMENTS(grounds); k++)
			failures += weak(theme, name, texts[i], theme_rgb(theme, grounds[k]),
					 role_name(grounds[k]), 4.5);
		failures += weak(theme, name, texts[i], THEME_DEFAULT, "the terminal's ground", 4.5);
	}
	for (int fill = ROLE_FILL_0; fill <= ROLE_FILL_LAST; fill++) {
		int32_t bg = theme_rgb(theme, (enum role)fill);
		const char *on = role_name((enum role)fill);
		failures += weak(theme, name, ROLE_TEXT, bg, on, 4.5);
		failures += weak(theme, name, ROLE_STRONG, bg, on, 4.5);
		failures += weak(theme, name, ROLE_DIM, bg, on, 3);
		for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
			failures += weak(theme, name, marks[i], bg, on, 3);
	}
	static const enum role drawn[] = {ROLE_WALL,    ROLE_WALL_CHOSEN, ROLE_FIXTURE, ROLE_ZONE,
					  ROLE_PERSON,  ROLE_TRAIL,       ROLE_CHART,   ROLE_CHART_2,
					  ROLE_CHART_3, ROLE_RULE_FOCUS};
	for (size_t i = 0; i < G_N_ELEMENTS(drawn); i++)
		failures += weak(theme, name, drawn[i], theme_rgb(theme, ROLE_GROUND), "ground", 3);
	assert_int_equal(failures, 0);
}

static void every_role_can_be_read_in_every_theme(void **state)
{
	(void)state;
	size_t n = 0;
	for (const char *const *name = theme_names(); *name; name++, n++) {
		struct theme *theme = load(*name);
		check_theme_contrast(theme, *name);
		theme_free(theme);
	}
	assert_true(n >= 4);
}

/* As the 256 colours of xterm are; the first 16 are what the terminal's owner likes, so themes do not get them. */
static int32_t rgb_of_256(int32_t index)
{
	static const int steps[] = {0, 95, 135, 175, 215, 255};
	if (index == THEME_DEFAULT)
		return index;
	assert_in_range(index, 16, 255);
	if (index >= 232)
		return (8 + (index - 232) * 10) * 0x010101;
	index -= 16;
	return steps[index / 36] << 16 | steps[index / 6 % 6] << 8 | steps[index % 6];
}

static int weak_in_256(const struct theme *theme, const char *name, enum role fg, enum role bg, double least)
{
	struct paint paint = theme_paint(theme, DEPTH_256, (struct style){(uint16_t)fg, (uint16_t)bg, 0});
	double ratio = theme_contrast(seen(theme, rgb_of_256(paint.fg), false),
				      seen(theme, rgb_of_256(paint.bg), true));
	if (ratio < least)
		print_error("%s in 256: %s on %s has %.2f\n", name, role_name(fg), role_name(bg), ratio);
	return ratio < least;
}

static void every_text_can_be_read_in_256_colours(void **state)
{
	(void)state;
	int failures = 0;
	for (const char *const *name = theme_names(); *name; name++) {
		struct theme *theme = load(*name);
		for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
			for (size_t k = 0; k < G_N_ELEMENTS(grounds); k++)
				failures += weak_in_256(theme, *name, texts[i], grounds[k], 4.5);
		for (int fill = ROLE_FILL_0; fill <= ROLE_FILL_LAST; fill++) {
			failures += weak_in_256(theme, *name, ROLE_TEXT, (enum role)fill, 4.5);
			/* The cube's dark colours are lighter than those of the themes. */
			failures += weak_in_256(theme, *name, ROLE_PERSON, (enum role)fill, 2.8);
			failures += weak_in_256(theme, *name, ROLE_BAD, (enum role)fill, 2.8);
		}
		theme_free(theme);
	}
	assert_int_equal(failures, 0);
}

/* What few colours really are differs; that a text is not of the colour of its ground does not. */
static void no_text_vanishes_where_there_are_few_colours(void **state)
{
	(void)state;
	for (const char *const *name = theme_names(); *name; name++) {
		struct theme *theme = load(*name);
		for (enum depth depth = DEPTH_8; depth <= DEPTH_16; depth++)
			for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
				for (int bg = 0; bg < ROLE_COUNT; bg++) {
					struct paint paint = theme_paint(theme, depth,
									 (struct style){(uint16_t)texts[i],
											(uint16_t)bg, 0});
					assert_in_range(paint.fg + 1, 0, depth == DEPTH_8 ? 8 : 16);
					assert_in_range(paint.bg + 1, 0, depth == DEPTH_8 ? 8 : 16);
					bool ground = bg == ROLE_GROUND || bg == ROLE_BAR ||
						      bg == ROLE_SELECT || bg == ROLE_SELECT_IDLE ||
						      bg == ROLE_FIELD ||
						      (bg >= ROLE_FILL_0 && bg <= ROLE_FILL_LAST && i < 4);
					if (ground && paint.fg == paint.bg && paint.fg != THEME_DEFAULT)
						fail_msg("%s: %s on %s are both %d", *name,
							 role_name(texts[i]), role_name((enum role)bg),
							 (int)paint.fg);
				}
		theme_free(theme);
	}
}

static void in_black_and_white_attributes_carry_the_meaning(void **state)
{
	(void)state;
	for (const char *const *name = theme_names(); *name; name++) {
		struct theme *theme = load(*name);
		uint16_t attrs[8];
		static const struct style styles[] = {STYLE(TEXT),           STYLE(BAD),
						      STYLE(WARN),           STYLE_ON(TEXT, SELECT),
						      STYLE_ON(BAD, SELECT), STYLE_ON(WARN, SELECT),
						      STYLE(STRONG),         STYLE(DIM)};
		for (size_t i = 0; i < G_N_ELEMENTS(styles); i++) {
			struct paint paint = theme_paint(theme, DEPTH_MONO, styles[i]);
			assert_int_equal(paint.fg, THEME_DEFAULT);
			assert_int_equal(paint.bg, THEME_DEFAULT);
			attrs[i] = paint.attrs;
			for (size_t k = 0; k < i; k++)
				if (attrs[k] == attrs[i])
					fail_msg("%s: styles %zu and %zu look alike", *name, k, i);
		}
		assert_true(theme_paint(theme, DEPTH_MONO, (struct style){ROLE_TEXT, ROLE_BAD, 0}).attrs &
			    ATTR_REVERSE);
		theme_free(theme);
	}
}

static void check_heat(const char *name, struct theme *theme)
{
	double before = -1;
	for (int i = 0; i < ROLE_HEAT_LEVELS; i++) {
		double lightness = theme_contrast(theme_rgb(theme, (enum role)(ROLE_HEAT_0 + i)), 0);
		if (lightness < before)
			fail_msg("%s: level %d is darker than the one before", name, i);
		before = lightness;
	}
	assert_true(before > 10);
}

static void palettes_get_lighter_with_the_heat(void **state)
{
	(void)state;
	struct theme *theme = load("dusk");
	for (const char *const *name = theme_palettes(); *name; name++) {
		assert_int_equal(theme_set_palette(theme, *name), ERR_OK);
		check_heat(*name, theme);
	}
	assert_int_equal(theme_set_palette(theme, "jet"), ERR_ABSENT);
	assert_int_equal(theme_set_palette(theme, NULL), ERR_ABSENT);
	/* A switch is seen by what was painted before it. */
	assert_int_equal(theme_set_palette(theme, "viridis"), ERR_OK);
	const struct style hottest = {ROLE_HEAT_LAST, ROLE_HEAT_0, 0};
	assert_int_equal(theme_paint(theme, DEPTH_DIRECT, hottest).fg, 0xFCE721);
	assert_int_equal(theme_paint(theme, DEPTH_16, hottest).bg, 0);
	assert_int_equal(theme_paint(theme, DEPTH_16, hottest).fg, 15);
	assert_int_equal(theme_paint(theme, DEPTH_8, hottest).fg, 7);
	assert_int_equal(theme_set_palette(theme, "inferno"), ERR_OK);
	assert_int_equal(theme_paint(theme, DEPTH_DIRECT, hottest).fg, 0xFAFFA8);
	theme_free(theme);
}

static void a_theme_is_read(void **state)
{
	(void)state;
	struct theme *theme = parse("# a comment\n\n"
				    "text = #d0d4dc\r\n"
				    "  strong=#FFF bold underline # white\n"
				    "ground = default            # the terminal's own\n"
				    "bad = #ff5f57 bold / 1 bold reverse\n"
				    "warn = #e0a000/11 178\n"
				    "ok = #00ff00 / italic\n"
				    "dim = none dim / default\n"
				    "heat = greys\n"
				    "fill.0 = #000000\nfill.4 = #404040\nfill.14=#808080");
	assert_int_equal(theme_rgb(theme, ROLE_TEXT), 0xD0D4DC);
	assert_int_equal(theme_rgb(theme, ROLE_STRONG), 0xFFFFFF);
	assert_int_equal(theme_rgb(theme, ROLE_GROUND), THEME_DEFAULT);
	assert_int_equal(theme_rgb(theme, (enum role)(ROLE_FILL_0 + 2)), 0x202020);
	assert_int_equal(theme_rgb(theme, (enum role)(ROLE_FILL_0 + 9)), 0x606060);
	assert_int_equal(theme_rgb(theme, ROLE_FILL_LAST), 0x808080);
	assert_int_equal(theme_rgb(theme, (enum role)(ROLE_COUNT)), THEME_DEFAULT);
	struct theme *dusk = load("dusk");
	assert_int_equal(theme_rgb(theme, ROLE_WALL), theme_rgb(dusk, ROLE_WALL));
	theme_free(dusk);
	struct paint paint = theme_paint(theme, DEPTH_DIRECT,
					 (struct style){ROLE_STRONG, ROLE_GROUND, ATTR_DIM});
	assert_int_equal(paint.fg, 0xFFFFFF);
	assert_int_equal(paint.bg, THEME_DEFAULT);
	assert_int_equal(paint.attrs, ATTR_BOLD | ATTR_UNDERLINE | ATTR_DIM);
	paint = theme_paint(theme, DEPTH_16, STYLE(BAD));
	assert_int_equal(paint.fg, 1);
	assert_int_equal(paint.attrs, ATTR_BOLD | ATTR_REVERSE);
	assert_int_equal(theme_paint(theme, DEPTH_DIRECT, STYLE(BAD)).attrs, ATTR_BOLD);
	assert_int_equal(theme_paint(theme, DEPTH_16, STYLE(WARN)).fg, 11);
	assert_int_equal(theme_paint(theme, DEPTH_8, STYLE(WARN)).fg, 3);
	assert_int_equal(theme_paint(theme, DEPTH_256, STYLE(WARN)).fg, 178);
	assert_int_equal(theme_paint(theme, DEPTH_256, STYLE(OK)).fg, 46);
	assert_int_equal(theme_paint(theme, DEPTH_8, STYLE(WARN)).attrs, ATTR_BOLD);
	assert_int_equal(theme_paint(theme, DEPTH_16, STYLE(OK)).attrs, ATTR_ITALIC);
	assert_int_equal(theme_paint(theme, DEPTH_16, STYLE(OK)).fg, 10);
	assert_int_equal(theme_paint(theme, DEPTH_16, STYLE(DIM)).fg, THEME_DEFAULT);
	paint = theme_paint(theme, DEPTH_DIRECT, (struct style){0xFF, 0xFF, 0});
	assert_int_equal(paint.fg, 0xD0D4DC);
	assert_int_equal(paint.bg, THEME_DEFAULT);
	theme_free(theme);
}

static void a_light_theme_is_completed_by_day(void **state)
{
	(void)state;
	struct theme *theme = parse("kind = light\n"), *day = load("day"), *empty = parse(""),
		     *dusk = load("dusk");
	assert_true(theme_light(theme));
	assert_false(theme_light(empty));
	for (int role = 0; role < ROLE_COUNT; role++) {
		assert_int_equal(theme_rgb(theme, (enum role)role), theme_rgb(day, (enum role)role));
		assert_int_equal(theme_rgb(empty, (enum role)role), theme_rgb(dusk, (enum role)role));
	}
	theme_free(theme);
	theme_free(day);
	theme_free(empty);
	theme_free(dusk);
	theme_free(NULL);
}

static void the_terminals_ground_can_be_kept(void **state)
{
	(void)state;
	struct theme *theme = load("dusk");
	assert_int_equal(theme_paint(theme, DEPTH_16, STYLE(TEXT)).bg, 0);
	theme_keep_ground(theme);
	for (enum depth depth = DEPTH_MONO; depth <= DEPTH_DIRECT; depth++)
		assert_int_equal(theme_paint(theme, depth, STYLE(TEXT)).bg, THEME_DEFAULT);
	assert_int_equal(theme_paint(theme, DEPTH_16, STYLE_ON(TEXT, SELECT)).bg, THEME_DEFAULT);
	assert_int_equal(theme_paint(theme, DEPTH_DIRECT, STYLE_ON(TEXT, SELECT)).bg,
			 theme_rgb(theme, ROLE_SELECT));
	check_theme_contrast(theme, "dusk on the terminal's ground");
	theme_free(theme);
}

static void mistakes_are_told_with_their_line(void **state)
{
	(void)state;
	static const struct {
		const char *text, *told;
	} mistakes[] = {
		{"txet = #fff\n", "my.theme:1: unknown role `txet` (did you mean text?)"},
		{"\n\nbad = #ff5f5\n", "my.theme:3: `#ff5f5` is not a colour: write #rrggbb or default"},
		{"bad = red\n", "my.theme:1: `red` is not a colour: write #rrggbb or default"},
		{"bad = #fffffg", "my.theme:1: `#fffffg` is not a colour: write #rrggbb or default"},
		{"bad =\n", "my.theme:1: `bad` has no colour: write #rrggbb or default"},
		{"bad = # red\n", "my.theme:1: `bad` has no colour: write #rrggbb or default"},
		{"bad = #fff blod\n", "my.theme:1: unknown attribute `blod` (did you mean bold?)"},
		{"bad = #fff / 256\n",
		 "my.theme:1: `256` does not fit: write one of 0 to 15 or default, and one of 16 to 255"},
		{"bad = #fff / 99999999999\n",
		 "my.theme:1: `99999999999` does not fit: write one of 0 to 15 or default, and one of 16 to 255"},
		{"bad = #fff / 1 / 2\n", "my.theme:1: `bad` has more than one '/'"},
		{"bad = #fff / 1 2\n",
		 "my.theme:1: `2` does not fit: write one of 0 to 15 or default, and one of 16 to 255"},
		{"bad = #fff 1\n", "my.theme:1: unknown attribute `1`"},
		{"bad\n", "my.theme:1: `bad` is not of the form role = colour"},
		{"= #fff\n", "my.theme:1: `= #fff` is not of the form role = colour"},
		{"heat = infreno\n", "my.theme:1: unknown palette `infreno` (did you mean inferno?)"},
		{"heat =\n", "my.theme:1: `heat` has no value"},
		{"heat = greys viridis\n", "my.theme:1: `heat` takes one word"},
		{"heat.64 = #fff\n", "my.theme:1: unknown role `heat.64`: the levels are heat.0 to heat.63"},
		{"fill.16 = #fff\n", "my.theme:1: unknown role `fill.16`: the levels are fill.0 to fill.15"},
		{"kind = bright\n", "my.theme:1: unknown kind `bright`: write dark or light"},
		{"b\x1b[31m = #fff\n", "my.theme:1: unknown role `b␛[31m`"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(mistakes); i++) {
		struct theme *theme = NULL;
		struct problem problem = {0};
		char told[700];
		const char *text = mistakes[i].text;
		assert_int_equal(theme_parse("my.theme", text, strlen(text), &theme, &problem), ERR_CONFIG);
		assert_null(theme);
		assert_string_equal(problem_text(&problem, told, sizeof(told)), mistakes[i].told);
	}
	struct theme *theme = NULL;
	assert_int_equal(theme_parse("x", "text\0= #fff", 11, &theme, NULL), ERR_CONFIG);
	char *large = g_strnfill(70000, '\n');
	assert_int_equal(theme_parse("x", large, 70000, &theme, NULL), ERR_CONFIG);
	g_free(large);
}

static void files_and_names_are_loaded(void **state)
{
	(void)state;
	struct theme *theme = NULL;
	struct problem problem = {0};
	char told[700], folder[] = "/tmp/lodge-theme-XXXXXX";
	assert_int_equal(theme_load("dsuk", &theme, &problem), ERR_ABSENT);
	assert_string_equal(problem_text(&problem, told, sizeof(told)),
			    "theme: there is no `dsuk` (did you mean dusk?)");
	assert_int_equal(theme_load("/nowhere/x.theme", &theme, &problem), ERR_ABSENT);
	assert_string_equal(problem.what, "/nowhere/x.theme");
	assert_non_null(mkdtemp(folder));
	char *path = g_strdup_printf("%s/own.theme", folder);
	assert_true(g_file_set_contents(path, "text = #123456\n", -1, NULL));
	assert_int_equal(theme_load(path, &theme, &problem), ERR_OK);
	assert_int_equal(theme_rgb(theme, ROLE_TEXT), 0x123456);
	theme_free(theme);
	assert_true(g_file_set_contents(path, "text = 1\n", -1, NULL));
	assert_int_equal(theme_load(path, &theme, &problem), ERR_CONFIG);
	assert_null(theme);
	assert_int_equal(theme_load(folder, &theme, &problem), ERR_IO);
	g_unlink(path);
	g_rmdir(folder);
	g_free(path);
}

/* The program holds exactly what themes/ holds. */
static void built_in_themes_are_the_files(void **state)
{
	(void)state;
	const char *srcdir = g_getenv("srcdir");
	for (const char *const *name = theme_names(); *name; name++) {
		char *path = g_strdup_printf("%s/themes/%s.theme", srcdir ? srcdir : ".", *name);
		struct theme *built = load(*name), *file = load(path);
		for (int role = 0; role < ROLE_COUNT; role++)
			for (enum depth depth = DEPTH_MONO; depth <= DEPTH_DIRECT; depth++) {
				const struct style style = {(uint16_t)role, (uint16_t)role, 0};
				struct paint a = theme_paint(built, depth, style),
					     b = theme_paint(file, depth, style);
				assert_true(a.fg == b.fg && a.bg == b.bg && a.attrs == b.attrs);
			}
		theme_free(built);
		theme_free(file);
		g_free(path);
	}
}

static void contrast_is_that_of_wcag(void **state)
{
	(void)state;
	assert_true(theme_contrast(0xFFFFFF, 0x000000) > 20.99 && theme_contrast(0xFFFFFF, 0) < 21.01);
	assert_true(theme_contrast(0x777777, 0xFFFFFF) > 4.47 && theme_contrast(0xFFFFFF, 0x777777) < 4.49);
	assert_true(theme_contrast(0x123456, 0x123456) == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_role_can_be_read_in_every_theme),
		cmocka_unit_test(every_text_can_be_read_in_256_colours),
		cmocka_unit_test(no_text_vanishes_where_there_are_few_colours),
		cmocka_unit_test(in_black_and_white_attributes_carry_the_meaning),
		cmocka_unit_test(palettes_get_lighter_with_the_heat),
		cmocka_unit_test(a_theme_is_read),
		cmocka_unit_test(a_light_theme_is_completed_by_day),
		cmocka_unit_test(the_terminals_ground_can_be_kept),
		cmocka_unit_test(mistakes_are_told_with_their_line),
		cmocka_unit_test(files_and_names_are_loaded),
		cmocka_unit_test(built_in_themes_are_the_files),
		cmocka_unit_test(contrast_is_that_of_wcag),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
