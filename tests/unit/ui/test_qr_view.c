/* QR codes in cells: the size that fits, halves and blanks that are the modules, a quiet zone that is whole. */
#include "ui/widget/qr_view.h"

#include "ui/theme.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct qr code(const char *text)
{
	struct qr qr;
	struct problem problem;
	assert_int_equal(qr_encode(text, strlen(text), &qr, &problem), ERR_OK);
	return qr;
}

static void test_sizes(void **state)
{
	(void)state;
	struct qr qr = code("od6eym5");
	int columns, lines;
	assert_int_equal(qr.size, 21);
	qr_view_size(&qr, false, 1, &columns, &lines);
	assert_int_equal(columns, 29);
	assert_int_equal(lines, 15);
	qr_view_size(&qr, false, 2, &columns, &lines);
	assert_int_equal(columns, 58);
	assert_int_equal(lines, 29);
	qr_view_size(&qr, true, 1, &columns, &lines);
	assert_int_equal(columns, 58);
	assert_int_equal(lines, 29);
	assert_int_equal(qr_view_scale(&qr, false, 28, 100), 0);
	assert_int_equal(qr_view_scale(&qr, false, 100, 14), 0);
	assert_int_equal(qr_view_scale(&qr, false, 29, 15), 1);
	assert_int_equal(qr_view_scale(&qr, false, 58, 28), 1);
	assert_int_equal(qr_view_scale(&qr, false, 160, 44), 3);
	assert_int_equal(qr_view_scale(&qr, true, 58, 29), 1);
	assert_int_equal(qr_view_scale(&qr, true, 57, 29), 0);
	assert_int_equal(qr_view_scale(&qr, false, -3, -3), 0);
	qr_fini(&qr);
}

/* Whether the picture's dot is dark, by what a terminal of that depth makes of the cell; fails where it is neither. Where there are no colours, `ground` says
 * whether the terminal's own is light. */
static bool dark_dot(const struct theme *theme, enum depth depth, const struct cell *cell, bool lower,
		     bool ground)
{
	struct paint paint = theme_paint(theme, depth, cell->style);
	bool bg, fg;
	if (depth == DEPTH_MONO) {
		bool reverse = paint.attrs & ATTR_REVERSE;
		assert_int_equal(paint.attrs & ~ATTR_REVERSE, 0);
		bg = reverse ? ground : !ground;
		fg = !bg;
	} else {
		static const int32_t darks[] = {0, 0, 0, 16, 0}, lights[] = {0, 7, 15, 231, 0xFFFFFF};
		assert_true(paint.bg == darks[depth] || paint.bg == lights[depth]);
		assert_true(paint.fg == darks[depth] || paint.fg == lights[depth]);
		assert_int_equal(paint.attrs, 0);
		bg = paint.bg == darks[depth];
		fg = paint.fg == darks[depth];
	}
	if (cell->glyph == ' ')
		return bg;
	assert_true(cell->glyph == 0x2580 || cell->glyph == 0x2584);
	return (cell->glyph == 0x2580) != lower ? fg : bg;
}

static void check(const struct qr *qr, bool ascii, int width, int height, int scale,
		  const struct theme *theme, enum depth depth)
{
	struct canvas *canvas = canvas_new(width, height, ascii);
	int columns, lines;
	canvas_clear(canvas, STYLE(TEXT));
	assert_int_equal(qr_view_draw(qr, canvas, 0, 0), scale);
	qr_view_size(qr, ascii, scale, &columns, &lines);
	int left = (width - columns) / 2, top = (height - lines) / 2, side = (int)qr_side(qr) * scale;
	for (int y = 0; y < side; y++) {
		for (int x = 0; x < side; x++) {
			const struct cell *cell = ascii ? &canvas_row(canvas, top + y)[left + 2 * x + y % 2]
							: &canvas_row(canvas, top + y / 2)[left + x];
			bool dark = dark_dot(theme, depth, cell, !ascii && y % 2 == 1, theme_light(theme));
			if (dark != qr_dark(qr, x / scale - QR_QUIET, y / scale - QR_QUIET))
				fail_msg("depth %d, scale %d: dot %d, %d", (int)depth, scale, x, y);
		}
	}
	/* Nothing else is touched. */
	if (left > 0)
		assert_int_equal(canvas_row(canvas, top)[left - 1].style.bg, ROLE_GROUND);
	canvas_free(canvas);
}

static void test_dark_on_light_in_every_theme_and_depth(void **state)
{
	(void)state;
	struct qr qr = code("https://keys.example.com/od6eym5");
	for (const char *const *name = theme_names(); *name; name++) {
		struct theme *theme;
		struct problem problem;
		assert_int_equal(theme_load(*name, &theme, &problem), ERR_OK);
		for (enum depth depth = DEPTH_MONO; depth <= DEPTH_DIRECT; depth++) {
			check(&qr, false, 80, 20, 1, theme, depth);
			check(&qr, false, 77, 44, 2, theme, depth);
			check(&qr, false, 150, 90, 4, theme, depth);
			check(&qr, true, 80, 40, 1, theme, depth);
			check(&qr, true, 150, 80, 2, theme, depth);
		}
		theme_free(theme);
	}
	qr_fini(&qr);
}

/* No theme can take the contrast away. */
static void test_themes_cannot_change_it(void **state)
{
	(void)state;
	static const char text[] = "qr.dark = #777777\n";
	struct theme *theme;
	struct problem problem;
	assert_int_equal(theme_parse("mine", text, strlen(text), &theme, &problem), ERR_CONFIG);
	assert_non_null(strstr(problem.why, "black on white"));
}

static void test_too_small_says_what_it_needs(void **state)
{
	(void)state;
	struct qr qr = code("od6eym5");
	struct canvas *canvas = canvas_new(40, 8, false);
	struct buf dump;
	buf_init(&dump, BUF_CEILING_LINE);
	canvas_clear(canvas, STYLE(TEXT));
	assert_int_equal(qr_view_draw(&qr, canvas, 2, 4), 0);
	canvas_dump(canvas, false, &dump);
	assert_non_null(strstr(buf_text(&dump), "The code needs a window of 31 columns"));
	assert_non_null(strstr(buf_text(&dump), "and 19 lines."));
	buf_fini(&dump);
	for (int size = 1; size < 16; size++) {
		canvas_resize(canvas, size, 16 - size);
		qr_view_draw(&qr, canvas, 0, 0);
	}
	canvas_free(canvas);
	qr_fini(&qr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_dark_on_light_in_every_theme_and_depth),
		cmocka_unit_test(test_themes_cannot_change_it),
		cmocka_unit_test(test_too_small_says_what_it_needs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
