#include "ui/canvas.h"

#include "base/rng.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

/* Compares the canvas's text, and its roles where `roles` is true. */
static void check_dump(const struct canvas *canvas, bool roles, const char *expected)
{
	struct buf out;
	buf_init(&out, 1u << 20);
	canvas_dump(canvas, roles, &out);
	assert_string_equal(buf_text(&out), expected);
	buf_fini(&out);
}

/* Every wide character is whole: a tail only right of a cell of two, and no glyph that could act on a terminal. */
static void check_whole(const struct canvas *canvas)
{
	for (int y = 0; y < canvas_height(canvas); y++) {
		const struct cell *row = canvas_row(canvas, y);
		for (int x = 0; x < canvas_width(canvas); x++) {
			uint32_t glyph = row[x].glyph;
			char bytes[4];
			const char *text = glyph >= GLYPH_CLUSTER ? canvas_cluster(canvas, glyph) : bytes;
			size_t length = glyph >= GLYPH_CLUSTER ? strlen(text) : text_encode(glyph, bytes);
			bool tail = x + 1 < canvas_width(canvas) && row[x + 1].glyph == GLYPH_TAIL;
			if (glyph == GLYPH_TAIL) {
				assert_true(x > 0 && row[x - 1].glyph != GLYPH_TAIL);
				continue;
			}
			assert_int_equal(text_width(text, length), tail ? 2 : 1);
			if (canvas_ascii(canvas))
				assert_in_range(glyph, 0x20, 0x7E);
			for (size_t at = 0; at < length;) {
				uint32_t c;
				at += text_decode(text + at, length - at, &c);
				assert_false(text_is_control(c));
				assert_int_equal(text_original(c), c);
			}
		}
	}
}

static void text_is_written_and_cut(void **state)
{
	(void)state;
	struct canvas *canvas = canvas_new(12, 5, false);
	assert_int_equal(canvas_text(canvas, 0, 0, -1, "Conf 1", STYLE(TEXT)), 6);
	assert_int_equal(canvas_text(canvas, 0, 1, 5, "Hot desks", STYLE(TEXT)), 5);
	assert_int_equal(canvas_text(canvas, 8, 1, -1, "Phone", STYLE(TEXT)), 4);
	assert_int_equal(canvas_text(canvas, 0, 2, 9, "Hot desks", STYLE(TEXT)), 9);
	assert_int_equal(canvas_text_right(canvas, 4, 3, 8, "3/8", STYLE(TEXT)), 3);
	assert_int_equal(canvas_text_right(canvas, 0, 3, 3, "1234", STYLE(TEXT)), 3);
	assert_int_equal(canvas_textf(canvas, 0, 4, -1, STYLE(TEXT), "%d °C", 21), 5);
	assert_int_equal(canvas_text(canvas, 0, 4, -1, NULL, STYLE(TEXT)), 0);
	assert_int_equal(canvas_text(canvas, 0, 4, 0, "x", STYLE(TEXT)), 0);
	assert_int_equal(canvas_text(canvas, 12, 4, -1, "x", STYLE(TEXT)), 0);
	assert_int_equal(canvas_text(canvas, 0, -1, -1, "above", STYLE(TEXT)), 5);
	check_dump(canvas, false,
		   "|Conf 1      |\n|Hot …   Pho…|\n|Hot desks   |\n|12…      3/8|\n|21 °C       |\n");
	canvas_free(canvas);
}

static void a_long_format_is_written_too(void **state)
{
	(void)state;
	struct canvas *canvas = canvas_new(1000, 1, false);
	assert_int_equal(canvas_textf(canvas, 0, 0, -1, STYLE(TEXT), "%0700d", 7), 700);
	assert_int_equal(canvas_row(canvas, 0)[699].glyph, '7');
	canvas_free(canvas);
}

static void wide_characters_and_clusters_take_their_cells(void **state)
{
	(void)state;
	struct canvas *canvas = canvas_new(8, 3, false);
	assert_int_equal(canvas_text(canvas, 0, 0, -1, "会议室", STYLE(TEXT)), 6);
	assert_int_equal(canvas_row(canvas, 0)[1].glyph, GLYPH_TAIL);
	assert_int_equal(canvas_row(canvas, 0)[2].glyph, 0x8BAE);
	/* A cut leaves no half: 2 cells and the mark in 4. */
	assert_int_equal(canvas_text(canvas, 0, 1, 4, "会议室", STYLE(TEXT)), 3);
	/* A letter with a mark, then a family of four. */
	assert_int_equal(canvas_text(canvas, 0, 2, -1, "e\u0301\U0001F468\u200D\U0001F469\u200D\U0001F467x",
				     STYLE(TEXT)),
			 4);
	const struct cell *row = canvas_row(canvas, 2);
	assert_string_equal(canvas_cluster(canvas, row[0].glyph), "e\u0301");
	assert_true(row[1].glyph >= GLYPH_CLUSTER);
	assert_int_equal(row[2].glyph, GLYPH_TAIL);
	assert_int_equal(row[3].glyph, 'x');
	assert_string_equal(canvas_cluster(canvas, 'x'), "");
	assert_string_equal(canvas_cluster(canvas, GLYPH_CLUSTER + 99), "");
	check_dump(canvas, false,
		   "|会议室  |\n|会…     |\n|e\u0301\U0001F468\u200D\U0001F469\u200D\U0001F467x    |\n");
	check_whole(canvas);
	canvas_free(canvas);
}

static void half_a_wide_character_becomes_a_blank(void **state)
{
	(void)state;
	struct canvas *canvas = canvas_new(6, 4, false);
	for (int y = 0; y < 4; y++)
		canvas_text(canvas, 0, y, -1, "会议室", STYLE(TEXT));
	canvas_put(canvas, 1, 0, 'a', STYLE(TEXT));
	canvas_put(canvas, 2, 1, 'b', STYLE(TEXT));
	canvas_fill(canvas, (struct rect){1, 2, 4, 1}, '.', STYLE(TEXT));
	canvas_enter(canvas, (struct rect){1, 3, 4, 1});
	canvas_text(canvas, 0, 0, -1, "xyz", STYLE(TEXT));
	canvas_put(canvas, 3, 0, 0x4F1A, STYLE(TEXT));
	canvas_put(canvas, -1, 0, 0x4F1A, STYLE(TEXT));
	canvas_leave(canvas);
	check_dump(canvas, false, "| a议室|\n|会b 室|\n| .... |\n|  yz  |\n");
	check_whole(canvas);
	canvas_free(canvas);
}

static void drawing_stays_within_the_clip(void **state)
{
	(void)state;
	struct canvas *canvas = canvas_new(8, 4, false);
	canvas_enter(canvas, (struct rect){2, 1, 4, 2});
	assert_int_equal(canvas_clip(canvas).width, 4);
	assert_int_equal(canvas_clip(canvas).height, 2);
	canvas_fill(canvas, (struct rect){-5, -5, 100, 100}, '.', STYLE(DIM));
	canvas_text(canvas, -2, 0, -1, "abcdefgh", STYLE(TEXT));
	canvas_enter(canvas, (struct rect){2, 1, 50, 50});
	assert_int_equal(canvas_clip(canvas).width, 2);
	canvas_text(canvas, 0, 0, -1, "xyz", STYLE(TEXT));
	canvas_enter(canvas, (struct rect){9, 9, 5, 5});
	canvas_clear(canvas, STYLE(BAD));
	canvas_text(canvas, 0, 0, -1, "no", STYLE(TEXT));
	assert_int_equal(canvas_clip(canvas).width, 0);
	canvas_leave(canvas);
	canvas_leave(canvas);
	canvas_leave(canvas);
	canvas_leave(canvas);
	canvas_put(canvas, 7, 3, 'z', STYLE(TEXT));
	canvas_put(canvas, 8, 3, 'z', STYLE(TEXT));
	canvas_fill(canvas, (struct rect){G_MAXINT, G_MAXINT, G_MAXINT, G_MAXINT}, '!', STYLE(TEXT));
	canvas_fill(canvas, (struct rect){0, 0, -1, 4}, '!', STYLE(TEXT));
	check_dump(canvas, false, "|        |\n|  cde…  |\n|  ..x…  |\n|       z|\n");
	canvas_free(canvas);
}

static void more_clips_than_there_is_room_for_do_no_harm(void **state)
{
	(void)state;
	struct canvas *canvas = canvas_new(80, 4, false);
	for (int i = 0; i < 40; i++)
		canvas_enter(canvas, (struct rect){1, 0, 80, 4});
	canvas_put(canvas, 0, 0, 'x', STYLE(TEXT));
	for (int i = 0; i < 39; i++)
		canvas_leave(canvas);
	assert_int_equal(canvas_clip(canvas).width, 79);
	canvas_leave(canvas);
	assert_int_equal(canvas_clip(canvas).width, 80);
	canvas_free(canvas);
}

static void roles_are_dumped_in_runs(void **state)
{
	(void)state;
	struct canvas *canvas = canvas_new(6, 3, false);
	canvas_text(canvas, 0, 0, -1, "ok", STYLE(OK));
	canvas_text(canvas, 0, 2, -1, "abcdef", STYLE_ON(TEXT, SELECT));
	canvas_restyle(canvas, (struct rect){4, 2, 2, 1}, ROLE_BAD, -1, ATTR_BOLD | ATTR_UNDERLINE);
	canvas_restyle(canvas, (struct rect){0, 2, 1, 1}, -1, ROLE_FIELD, -1);
	assert_int_equal(canvas_ground(canvas, 5, 2), ROLE_SELECT);
	assert_int_equal(canvas_ground(canvas, 0, 2), ROLE_FIELD);
	assert_int_equal(canvas_ground(canvas, 6, 2), ROLE_GROUND);
	assert_int_equal(canvas_ground(canvas, -1, 0), ROLE_GROUND);
	check_dump(
		canvas, true,
		"|ok    |\n|      |\n|abcdef|\n0: ok:2 text:4\n2: text/field:1 text/select:3 bad/select+bu:2\n");
	canvas_free(canvas);
}

static void a_rule_carries_title_and_figure(void **state)
{
	(void)state;
	struct canvas *canvas = canvas_new(30, 4, false);
	canvas_titled_rule(canvas, 0, "Floor", "37 of 86", true);
	canvas_titled_rule(canvas, 1, NULL, "live", false);
	canvas_titled_rule(canvas, 2, "A title as long as the whole rule is", "9", false);
	canvas_titled_rule(canvas, 3, "Floor", "a figure too long for this", false);
	check_dump(canvas, false,
		   "|─ Floor ─────────── 37 of 86 ─|\n|─────────────────────── live ─|\n"
		   "|─ A title as long as the wh… ─|\n|─ Floor ──────────────────────|\n");
	assert_int_equal(canvas_row(canvas, 0)[0].style.fg, ROLE_RULE_FOCUS);
	assert_int_equal(canvas_row(canvas, 0)[2].style.fg, ROLE_TITLE);
	assert_int_equal(canvas_row(canvas, 1)[0].style.fg, ROLE_RULE);
	canvas_free(canvas);
	for (int width = 1; width < 12; width++) {
		canvas = canvas_new(width, 1, true);
		canvas_titled_rule(canvas, 0, "Floor", "3", false);
		check_whole(canvas);
		canvas_free(canvas);
	}
}

static void ascii_lets_nothing_else_in(void **state)
{
	(void)state;
	struct canvas *canvas = canvas_new(16, 4, true);
	assert_int_equal(canvas_text(canvas, 0, 0, -1, "Zoë · 会议室", STYLE(TEXT)), 9);
	assert_int_equal(canvas_text(canvas, 0, 1, 5, "Ångström", STYLE(TEXT)), 5);
	assert_int_equal(canvas_text_width(canvas, "会议室"), 3);
	canvas_put(canvas, 0, 2, 0x4F1A, STYLE(TEXT));
	canvas_put(canvas, 1, 2, canvas_glyph(canvas, 0x2500, '-'), STYLE(TEXT));
	canvas_put(canvas, 2, 2, 0xE9, STYLE(TEXT));
	canvas_put(canvas, 3, 2, 0x1B, STYLE(TEXT));
	canvas_fill(canvas, (struct rect){0, 3, 3, 1}, 0x2588, STYLE(TEXT));
	check_dump(canvas, false,
		   "|Zoe ? ???       |\n|Angs~           |\n|?-e?            |\n|???             |\n");
	check_whole(canvas);
	canvas_free(canvas);
}

static void controls_are_shown_as_pictures(void **state)
{
	(void)state;
	struct canvas *canvas = canvas_new(16, 2, false);
	canvas_text(canvas, 0, 0, -1, "a\x1b[31mb\x7f\xC2\x85\u202E\xff", STYLE(TEXT));
	canvas_put(canvas, 0, 1, 0x07, STYLE(TEXT));
	canvas_put(canvas, 1, 1, 0x9B, STYLE(TEXT));
	canvas_put(canvas, 2, 1, 0xD800, STYLE(TEXT));
	canvas_put(canvas, 3, 1, 0xFFFFFFFF, STYLE(TEXT));
	canvas_put(canvas, 4, 1, 0xF001B, STYLE(TEXT));
	canvas_put(canvas, 5, 1, 0x200B, STYLE(TEXT));
	check_dump(canvas, false, "|a␛[31mb␡\uFFFD\uFFFD\uFFFD     |\n|␇\uFFFD\uFFFD\uFFFD␛           |\n");
	check_whole(canvas);
	canvas_free(canvas);
}

static void clusters_are_bounded(void **state)
{
	(void)state;
	struct canvas *canvas = canvas_new(4, 2, false);
	/* Marks without end on one letter. */
	struct buf text;
	buf_init(&text, 1u << 20);
	buf_adds(&text, "a");
	for (int i = 0; i < 5000; i++)
		buf_adds(&text, "\u0301");
	buf_adds(&text, "b");
	assert_int_equal(canvas_text(canvas, 0, 0, -1, buf_text(&text), STYLE(TEXT)), 2);
	check_dump(canvas, false, "|ab  |\n|    |\n");
	/* More clusters than the table holds: the rest keep their first character and their cells. */
	for (uint32_t c = 0x4E00; c < 0x4E00 + 5000; c++) {
		char bytes[8];
		size_t n = text_encode(c, bytes);
		n += text_encode(0x301, bytes + n);
		bytes[n] = '\0';
		assert_int_equal(canvas_text(canvas, 0, 1, -1, bytes, STYLE(TEXT)), 2);
		check_whole(canvas);
	}
	assert_int_equal(canvas_row(canvas, 1)[0].glyph, 0x4E00 + 4999);
	/* A flag whose pair cannot be kept: one letter of it, and the second cell is blank. */
	assert_int_equal(canvas_text(canvas, 0, 1, -1, "\U0001F1E9\U0001F1EA!", STYLE(TEXT)), 3);
	check_whole(canvas);
	/* A new size makes room again. */
	canvas_resize(canvas, 5, 2);
	canvas_text(canvas, 0, 0, -1, "e\u0301", STYLE(TEXT));
	assert_int_equal(canvas_row(canvas, 0)[0].glyph, GLYPH_CLUSTER);
	buf_fini(&text);
	canvas_free(canvas);
}

static void sizes_are_clamped(void **state)
{
	(void)state;
	struct canvas *canvas = canvas_new(0, -5, false);
	assert_int_equal(canvas_width(canvas), 1);
	assert_int_equal(canvas_height(canvas), 1);
	canvas_resize(canvas, 100000, 100000);
	assert_int_equal(canvas_width(canvas), 1000);
	assert_int_equal(canvas_height(canvas), 1000);
	assert_int_equal(canvas_row(canvas, 999)[999].glyph, ' ');
	assert_null(canvas_row(canvas, 1000));
	assert_null(canvas_row(canvas, -1));
	canvas_free(canvas);
	canvas_free(NULL);
}

/* Random drawing of everything hostile at every place: no half characters, nothing outside the array (the sanitizer tells). */
static void random_drawing_keeps_the_canvas_whole(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"plain text",
		"会议室 Zoë",
		"\U0001F469\u200D\U0001F680 \U0001F1E9\U0001F1EA",
		"e\u0301\u0302\u0303x",
		"\u0301\u200D",
		"\x1b]0;x\x07",
		"\xff\xfe\x80",
		"한국어 \u1112\u1161\u11AB",
		"ﷺ\u0600a\u00AD",
		"\u202E\u2066abc\uFEFF",
		"\U0001F3FD\u20E3",
		"1\uFE0F\u20E3",
		"©\uFE0F",
		"",
	};
	for (int ascii = 0; ascii < 2; ascii++) {
		struct rng rng;
		rng_init(&rng, 7);
		struct canvas *canvas = canvas_new(17, 5, ascii);
		for (int i = 0; i < 6000; i++) {
			int x = (int)rng_below(&rng, 40) - 12, y = (int)rng_below(&rng, 9) - 2;
			int n = (int)rng_below(&rng, 20) - 1;
			const char *text = texts[rng_below(&rng, G_N_ELEMENTS(texts))];
			struct rect rect = {x, y, n, (int)rng_below(&rng, 4)};
			switch (rng_below(&rng, 8)) {
			case 0:
				canvas_enter(canvas, rect);
				break;
			case 1:
			case 2:
				canvas_leave(canvas);
				break;
			case 3:
				canvas_put(canvas, x, y, rng_below(&rng, 0x111000), STYLE(TEXT));
				break;
			case 4:
				canvas_fill(canvas, rect,
					    rng_below(&rng, 2) ? 0x4F1A : rng_below(&rng, 0x3000),
					    STYLE(TEXT));
				break;
			case 5:
				canvas_text_right(canvas, x, y, n, text, STYLE(TEXT));
				break;
			default:
				assert_true(canvas_text(canvas, x, y, n, text, STYLE(TEXT)) <=
					    (n < 0 ? 100 : n));
			}
			check_whole(canvas);
		}
		canvas_free(canvas);
	}
}

static void a_copy_is_pasted_whole_or_not_at_all(void **state)
{
	(void)state;
	struct canvas *canvas = canvas_new(8, 3, false);
	struct cell cells[6];
	canvas_text(canvas, 1, 0, -1, "ab桜", STYLE(BAD));
	assert_true(canvas_copy(canvas, (struct rect){1, 0, 3, 2}, cells));
	canvas_text(canvas, 3, 1, -1, "桜桜", STYLE(TEXT));
	canvas_paste(canvas, (struct rect){4, 1, 2, 1}, cells);
	check_dump(canvas, true,
		   "| ab桜   |\n|    ab  |\n|        |\n0: text:1 bad:4 text:3\n1: text:4 bad:2 text:2\n");
	check_whole(canvas);
	canvas_paste(canvas, (struct rect){7, 1, 3, 2}, cells);
	canvas_paste(canvas, (struct rect){-1, 0, 3, 2}, cells);
	check_dump(canvas, false, "| ab桜   |\n|    ab  |\n|        |\n");
	assert_false(canvas_copy(canvas, (struct rect){6, 0, 3, 2}, cells));
	canvas_enter(canvas, (struct rect){0, 0, 2, 2});
	assert_false(canvas_copy(canvas, (struct rect){0, 0, 3, 2}, cells));
	canvas_leave(canvas);
	canvas_text(canvas, 0, 2, -1, "e\xCC\x81\xCC\x82", STYLE(TEXT));
	assert_false(canvas_copy(canvas, (struct rect){0, 1, 3, 2}, cells));
	canvas_free(canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_written_and_cut),
		cmocka_unit_test(a_long_format_is_written_too),
		cmocka_unit_test(wide_characters_and_clusters_take_their_cells),
		cmocka_unit_test(half_a_wide_character_becomes_a_blank),
		cmocka_unit_test(drawing_stays_within_the_clip),
		cmocka_unit_test(more_clips_than_there_is_room_for_do_no_harm),
		cmocka_unit_test(roles_are_dumped_in_runs),
		cmocka_unit_test(a_rule_carries_title_and_figure),
		cmocka_unit_test(ascii_lets_nothing_else_in),
		cmocka_unit_test(controls_are_shown_as_pictures),
		cmocka_unit_test(clusters_are_bounded),
		cmocka_unit_test(sizes_are_clamped),
		cmocka_unit_test(a_copy_is_pasted_whole_or_not_at_all),
		cmocka_unit_test(random_drawing_keeps_the_canvas_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
