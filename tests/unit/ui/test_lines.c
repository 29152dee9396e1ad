#include "ui/lines.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

static void check_drawn(struct lines *lines, int width, int height, bool ascii, const char *expected)
{
	struct canvas *canvas = canvas_new(width, height, ascii);
	struct buf out;
	buf_init(&out, 1u << 16);
	lines_draw(lines, canvas);
	canvas_dump(canvas, false, &out);
	assert_string_equal(buf_text(&out), expected);
	buf_fini(&out);
	canvas_free(canvas);
}

static void add_box(struct lines *lines, int x0, int y0, int x1, int y1, enum line_kind kind)
{
	struct style style = kind == LINE_HEAVY ? STYLE(WALL_CHOSEN) : STYLE(WALL);
	lines_add(lines, x0, y0, x1, y0, kind, style);
	lines_add(lines, x1, y0, x1, y1, kind, style);
	lines_add(lines, x1, y1, x0, y1, kind, style);
	lines_add(lines, x0, y1, x0, y0, kind, style);
}

static void shared_walls_are_drawn_once(void **state)
{
	(void)state;
	struct lines *lines = lines_new(9, 5);
	add_box(lines, 0, 0, 4, 2, LINE_LIGHT);
	add_box(lines, 4, 0, 8, 4, LINE_LIGHT);
	add_box(lines, 0, 2, 4, 4, LINE_LIGHT);
	check_drawn(lines, 9, 5, false, "|┌───┬───┐|\n|│   │   │|\n|├───┤   │|\n|│   │   │|\n|└───┴───┘|\n");
	check_drawn(lines, 9, 5, true, "|+---+---+|\n||   |   ||\n|+---+   ||\n||   |   ||\n|+---+---+|\n");
	lines_free(lines);
}

static void a_chosen_room_is_heavy_and_joins(void **state)
{
	(void)state;
	struct lines *lines = lines_new(9, 5);
	add_box(lines, 0, 0, 8, 4, LINE_LIGHT);
	add_box(lines, 4, 2, 8, 4, LINE_HEAVY);
	lines_add(lines, 0, 2, 4, 2, LINE_LIGHT, STYLE(WALL));
	check_drawn(lines, 9, 5, false, "|┌───────┐|\n|│       │|\n|├───┲━━━┪|\n|│   ┃   ┃|\n|└───┺━━━┛|\n");
	check_drawn(lines, 9, 5, true, "|+-------+|\n||       ||\n|+---+===+|\n||   #   #|\n|+---+===#|\n");
	lines_free(lines);
}

static void a_zone_is_dashed_and_joins_as_light(void **state)
{
	(void)state;
	struct lines *lines = lines_new(6, 4);
	add_box(lines, 0, 0, 5, 3, LINE_LIGHT);
	lines_add(lines, 3, 0, 3, 3, LINE_DASHED, STYLE(ZONE));
	lines_add(lines, 0, 2, 2, 2, LINE_DASHED, STYLE(ZONE));
	/* A dashed line along a wall does not weaken it. */
	lines_add(lines, 0, 0, 5, 0, LINE_DASHED, STYLE(ZONE));
	check_drawn(lines, 6, 4, false, "|┌──┬─┐|\n|│  ╎ │|\n|├╌╌╎ │|\n|└──┴─┘|\n");
	check_drawn(lines, 6, 4, true, "|+--+-+|\n||  : ||\n|+..: ||\n|+--+-+|\n");
	lines_free(lines);
}

/* All 81 joints, from the names that Unicode gives the glyphs: arms in the order north, east, south, west. */
static void every_joint_has_its_glyph(void **state)
{
	(void)state;
	static const struct {
		const char *arms;
		uint32_t glyph;
	} joints[] = {
		{"llll", 0x253C}, {"hhhh", 0x254B}, {"lhlh", 0x253F}, {"hlhl", 0x2542}, {"hl l", 0x2538},
		{"lhl ", 0x251D}, {"h hl", 0x2528}, {" lhl", 0x2530}, {" hll", 0x252E}, {" llh", 0x252D},
		{"hhll", 0x2544}, {"lhhl", 0x2546}, {"llhh", 0x2545}, {"hllh", 0x2543}, {"hhhl", 0x254A},
		{"hlhh", 0x2549}, {"lhhh", 0x2548}, {"hhlh", 0x2547}, {"lh  ", 0x2515}, {"hl  ", 0x2516},
		{" hl ", 0x250D}, {"  hl", 0x2512}, {" h l", 0x257C}, {"h l ", 0x257F}, {"l   ", 0x2502},
		{" h  ", 0x2501}, {"l l ", 0x2502}, {" h h", 0x2501}, {"dddd", 0x253C}, {" d d", 0x254C},
		{"d d ", 0x254E}, {" d l", 0x2500}, {"hd l", 0x2538}, {"   d", 0x254C},
	};
	static const int dx[] = {0, 1, 0, -1}, dy[] = {-1, 0, 1, 0};
	struct lines *lines = lines_new(3, 3);
	struct canvas *canvas = canvas_new(3, 3, false);
	for (size_t i = 0; i < G_N_ELEMENTS(joints); i++) {
		lines_reset(lines, 3, 3);
		canvas_clear(canvas, STYLE(TEXT));
		for (int arm = 0; arm < 4; arm++) {
			char c = joints[i].arms[arm];
			enum line_kind kind = c == 'h'   ? LINE_HEAVY
					      : c == 'l' ? LINE_LIGHT
					      : c == 'd' ? LINE_DASHED
							 : LINE_NONE;
			lines_add(lines, 1, 1, 1 + dx[arm], 1 + dy[arm], kind, STYLE(WALL));
		}
		lines_draw(lines, canvas);
		assert_int_equal(canvas_row(canvas, 1)[1].glyph, joints[i].glyph);
	}
	canvas_free(canvas);
	lines_free(lines);
}

static void slanted_lines_go_by_steps_that_touch(void **state)
{
	(void)state;
	struct lines *lines = lines_new(6, 4);
	lines_add_slanted(lines, 0, 0, 5, 3, LINE_LIGHT, STYLE(WALL));
	check_drawn(lines, 6, 4, false, "|─┐    |\n| └─┐  |\n|   └┐ |\n|    └─|\n");
	struct lines *back = lines_new(6, 4);
	lines_add(back, 5, 0, 0, 3, LINE_LIGHT, STYLE(WALL));
	check_drawn(back, 6, 4, false, "|    ┌─|\n|  ┌─┘ |\n| ┌┘   |\n|─┘    |\n");
	lines_free(back);
	lines_free(lines);
}

/* Two rooms walk their common wall in opposite directions. */
static void a_slanted_wall_is_the_same_from_both_ends(void **state)
{
	(void)state;
	for (int x = 0; x < 12; x++)
		for (int y = 0; y < 9; y++) {
			struct lines *one = lines_new(12, 9), *two = lines_new(12, 9);
			lines_add(one, 5, 4, x, y, LINE_LIGHT, STYLE(WALL));
			lines_add(two, x, y, 5, 4, LINE_LIGHT, STYLE(WALL));
			for (int i = 0; i < 12 * 9; i++)
				assert_int_equal(lines_at(one, i % 12, i / 12),
						 lines_at(two, i % 12, i / 12));
			lines_free(one);
			lines_free(two);
		}
}

static void an_opening_is_empty(void **state)
{
	(void)state;
	struct lines *lines = lines_new(5, 1);
	lines_add(lines, 0, 0, 4, 0, LINE_LIGHT, STYLE(WALL));
	lines_open(lines, 2, 0);
	lines_open(lines, 9, 9);
	assert_false(lines_at(lines, 2, 0));
	assert_true(lines_at(lines, 1, 0));
	assert_false(lines_at(lines, -1, 0));
	check_drawn(lines, 5, 1, false, "|── ──|\n");
	lines_free(lines);
}

static void the_stronger_style_wins_then_the_later(void **state)
{
	(void)state;
	struct lines *lines = lines_new(3, 1);
	struct canvas *canvas = canvas_new(3, 1, false);
	canvas_clear(canvas, STYLE_ON(TEXT, FIELD));
	lines_add(lines, 0, 0, 1, 0, LINE_HEAVY, STYLE(WALL_CHOSEN));
	lines_add(lines, 0, 0, 2, 0, LINE_LIGHT, STYLE(ZONE));
	lines_add(lines, 2, 0, 2, 0, LINE_LIGHT, STYLE(WALL));
	lines_draw(lines, canvas);
	const struct cell *row = canvas_row(canvas, 0);
	assert_int_equal(row[0].style.fg, ROLE_WALL_CHOSEN);
	assert_int_equal(row[1].style.fg, ROLE_WALL_CHOSEN);
	assert_int_equal(row[2].style.fg, ROLE_WALL);
	assert_int_equal(row[2].style.bg, ROLE_FIELD);
	assert_int_equal(row[1].glyph, 0x257E);
	canvas_free(canvas);
	lines_free(lines);
}

static void lines_that_leave_the_grid_are_cut(void **state)
{
	(void)state;
	struct lines *lines = lines_new(4, 3);
	lines_add(lines, -1000000000, 1, 2000000000, 1, LINE_LIGHT, STYLE(WALL));
	lines_add(lines, 2, G_MININT, 2, G_MAXINT, LINE_LIGHT, STYLE(WALL));
	lines_add(lines, 0, 5, 9, 5, LINE_HEAVY, STYLE(WALL));
	check_drawn(lines, 4, 3, false, "|  │ |\n|──┼─|\n|  │ |\n");
	lines_add_slanted(lines, G_MININT, G_MININT, G_MAXINT, G_MAXINT, LINE_LIGHT, STYLE(WALL));
	assert_true(lines_at(lines, 0, 0) || lines_at(lines, 1, 0));
	lines_add_slanted(lines, G_MININT, 5, 5, G_MININT, LINE_LIGHT, STYLE(WALL));
	lines_reset(lines, 0, 0);
	assert_false(lines_at(lines, 0, 0));
	lines_add(lines, 0, 0, 0, 0, LINE_LIGHT, STYLE(WALL));
	check_drawn(lines, 1, 1, false, "|·|\n");
	check_drawn(lines, 1, 1, true, "|.|\n");
	lines_free(lines);
	lines_free(NULL);
}

static void what_was_drawn_follows_the_lines(void **state)
{
	(void)state;
	struct lines *lines = lines_new(5, 1);
	lines_add(lines, 0, 0, 2, 0, LINE_LIGHT, STYLE(WALL));
	check_drawn(lines, 5, 1, false, "|───  |\n");
	check_drawn(lines, 5, 1, true, "|---  |\n");
	check_drawn(lines, 5, 1, false, "|───  |\n");
	lines_add(lines, 2, 0, 4, 0, LINE_LIGHT, STYLE(WALL));
	check_drawn(lines, 5, 1, false, "|─────|\n");
	lines_open(lines, 3, 0);
	check_drawn(lines, 5, 1, false, "|─── ─|\n");
	lines_reset(lines, 5, 1);
	check_drawn(lines, 5, 1, false, "|     |\n");
	lines_free(lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shared_walls_are_drawn_once),
		cmocka_unit_test(a_chosen_room_is_heavy_and_joins),
		cmocka_unit_test(a_zone_is_dashed_and_joins_as_light),
		cmocka_unit_test(every_joint_has_its_glyph),
		cmocka_unit_test(slanted_lines_go_by_steps_that_touch),
		cmocka_unit_test(a_slanted_wall_is_the_same_from_both_ends),
		cmocka_unit_test(an_opening_is_empty),
		cmocka_unit_test(the_stronger_style_wins_then_the_later),
		cmocka_unit_test(lines_that_leave_the_grid_are_cut),
		cmocka_unit_test(what_was_drawn_follows_the_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
