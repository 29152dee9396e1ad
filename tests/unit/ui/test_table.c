#include "ui/widget/table.h"

#include "base/rng.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct thing {
	const char *id, *name, *status, *floor;
	int battery; /* %, -1: not told */
};

struct things {
	const struct thing *rows;
	size_t n;
	const char *filter; /* names that begin with it */
	int asked, compared, grouped;
	uint64_t stamp;
};

static size_t count(void *ctx) { return ((struct things *)ctx)->n; }

static const char *id(void *ctx, size_t row) { return ((struct things *)ctx)->rows[row].id; }

static bool shown(void *ctx, size_t row)
{
	const struct things *things = ctx;
	return !things->filter ||
	       strncmp(things->rows[row].name, things->filter, strlen(things->filter)) == 0;
}

static const char *floor_name(void *ctx, size_t row)
{
	struct things *things = ctx;
	things->grouped++;
	return things->rows[row].floor;
}

static void cell(void *ctx, size_t row, int column, char *out, size_t size, struct style *style)
{
	struct things *things = ctx;
	const struct thing *thing = &things->rows[row];
	things->asked++;
	if (column == 0) {
		snprintf(out, size, "%s", thing->status);
		*style = strcmp(thing->status, "ok") ? STYLE(BAD) : STYLE(OK);
	} else if (column == 1) {
		snprintf(out, size, "%s", thing->name);
	} else if (column == 2 && thing->battery >= 0) {
		snprintf(out, size, "%d %%", thing->battery);
	} else if (column == 2) {
		snprintf(out, size, "-");
	} else {
		snprintf(out, size, "%s", thing->id);
		*style = STYLE(DIM);
	}
}

static int compare(void *ctx, size_t a, size_t b, int column)
{
	struct things *things = ctx;
	const struct thing *first = &things->rows[a], *other = &things->rows[b];
	things->compared++;
	return column == 0   ? strcmp(first->status, other->status)
	       : column == 1 ? strcmp(first->name, other->name)
	       : column == 2 ? first->battery - other->battery
			     : strcmp(first->id, other->id);
}

static const struct table_column columns[] = {
	{.title = "Status", .least = 3, .ideal = 8, .priority = 3},
	{.title = "Name", .least = 6, .ideal = 14, .stretch = 1, .priority = 4},
	{.title = "Battery", .least = 5, .ideal = 9, .priority = 2, .right = true},
	{.title = "Address", .least = 5, .ideal = 8, .priority = 1},
};

static const struct thing eight[] = {
	{"27-0a", "Conf 1", "ok", "1st floor", 90},
	{"27-0b", "Café", "offline", "2nd floor", 6},
	{"27-0c", "Hot desks", "ok", "1st floor", 44},
	{"27-0d", "会議室", "ok", "2nd floor", 71},
	{"27-0e", "Corridor", "offline", NULL, -1},
	{"27-0f", "Conf 2", "low", "2nd floor", 9},
	{"27-10", "Kitchen", "ok", "1st floor", 44},
	{"27-11", "Conf 3 with a long name", "ok", "1st floor", 100},
};

static struct table *new_table(struct things *things, bool groups)
{
	const struct table_source source = {
		.count = count,
		.cell = cell,
		.id = id,
		.compare = compare,
		.shown = shown,
		.group = groups ? floor_name : NULL,
		.ctx = things,
	};
	struct table *table = table_new(columns, 4, &source);
	table_refresh(table);
	return table;
}

static void shows(struct canvas *canvas, bool roles, const char *expected)
{
	struct buf dump;
	buf_init(&dump, BUF_CEILING_FILE);
	canvas_dump(canvas, roles, &dump);
	assert_string_equal(buf_text(&dump), expected);
	buf_fini(&dump);
	canvas_free(canvas);
}

static struct canvas *drawn(struct table *table, int width, int height, bool ascii, bool focus)
{
	struct canvas *canvas = canvas_new(width, height, ascii);
	table_draw(table, canvas, focus);
	return canvas;
}

static void columns_give_way(void **state)
{
	(void)state;
	struct things things = {eight, 8, NULL, 0, 0, 0, 0};
	struct table *table = new_table(&things, false);
	table_sort(table, 1, false);
	shows(drawn(table, 64, 9, false, true), true,
	      "|Status    Name ▲                               Battery  Address |\n"
	      "|offline   Café                                     6 %  27-0b   |\n"
	      "|ok        Conf 1                                  90 %  27-0a   |\n"
	      "|low       Conf 2                                   9 %  27-0f   |\n"
	      "|ok        Conf 3 with a long name                100 %  27-11   |\n"
	      "|offline   Corridor                                   -  27-0e   |\n"
	      "|ok        Hot desks                               44 %  27-0c   |\n"
	      "|ok        Kitchen                                 44 %  27-10   |\n"
	      "|ok        会議室                                  71 %  27-0d   |\n"
	      "0: dim:6 text:41 dim:7 text:2 dim:7 text:1\n"
	      "1: bad:7 text:49 dim:5 text:3\n"
	      "2: ok/select:2 text/select:54 dim/select:5 text/select:3\n"
	      "3: bad:3 text:53 dim:5 text:3\n"
	      "4: ok:2 text:54 dim:5 text:3\n"
	      "5: bad:7 text:49 dim:5 text:3\n"
	      "6: ok:2 text:54 dim:5 text:3\n"
	      "7: ok:2 text:54 dim:5 text:3\n"
	      "8: ok:2 text:54 dim:5 text:3\n");
	shows(drawn(table, 40, 6, false, false), true,
	      "|Status   Name ▲          Battery Addr…  |\n"
	      "|offline  Café                6 % 27-0b █|\n"
	      "|ok       Conf 1             90 % 27-0a █|\n"
	      "|low      Conf 2              9 % 27-0f █|\n"
	      "|ok       Conf 3 with a…    100 % 27-11 │|\n"
	      "|offline  Corridor              - 27-0e │|\n"
	      "0: dim:6 text:19 dim:7 text:1 dim:5 text:2\n"
	      "1: bad:7 text:26 dim:5 text:1 dim:1\n"
	      "2: ok/select.idle:2 text/select.idle:31 dim/select.idle:5 text:1 dim:1\n"
	      "3: bad:3 text:30 dim:5 text:1 dim:1\n"
	      "4: ok:2 text:31 dim:5 text:1 rule:1\n"
	      "5: bad:7 text:26 dim:5 text:1 rule:1\n");
	shows(drawn(table, 40, 6, true, true), false,
	      "|Status   Name ^          Battery Addr~  |\n"
	      "|offline  Cafe                6 % 27-0b #|\n"
	      "|ok       Conf 1             90 % 27-0a #|\n"
	      "|low      Conf 2              9 % 27-0f #|\n"
	      "|ok       Conf 3 with a~    100 % 27-11 ||\n"
	      "|offline  Corridor              - 27-0e ||\n");
	shows(drawn(table, 24, 4, false, true), false,
	      "|St… Name ▲ Batt… Addr…  |\n"
	      "|of… Café     6 % 27-0b █|\n"
	      "|ok  Conf 1  90 % 27-0a │|\n"
	      "|low Conf 2   9 % 27-0f │|\n");
	shows(drawn(table, 16, 4, false, true), false,
	      "|St… Name ▲      |\n"
	      "|of… Café       █|\n"
	      "|ok  Conf 1     │|\n"
	      "|low Conf 2     │|\n");
	shows(drawn(table, 10, 3, true, true), false,
	      "|Name ^    |\n"
	      "|Cafe     #|\n"
	      "|Conf 1   ||\n");
	shows(drawn(table, 3, 2, true, true), false,
	      "|N~^|\n"
	      "|Co~|\n");
	table_sort(table, 2, true);
	shows(drawn(table, 40, 4, false, true), false,
	      "|Status   Name           Battery▼ Addr…  |\n"
	      "|ok       Conf 3 with a…    100 % 27-11 █|\n"
	      "|ok       Conf 1             90 % 27-0a │|\n"
	      "|ok       会議室             71 % 27-0d │|\n");
	shows(drawn(table, 40, 1, false, true), false, "|ok       Conf 1             90 % 27-0a █|\n");
	shows(drawn(table, 1, 1, true, true), false, "|~|\n");
	table_free(table);
}

static void order_is(const struct table *table, const char *expected)
{
	char order[64] = "";
	size_t length = 0;
	for (size_t i = 0; i < table_shown(table); i++)
		length += (size_t)snprintf(order + length, sizeof order - length, "%zu", table_row(table, i));
	assert_string_equal(order, expected);
}

static void sorts_stably_both_ways(void **state)
{
	(void)state;
	struct things things = {eight, 8, NULL, 0, 0, 0, 0};
	struct table *table = new_table(&things, false);
	assert_int_equal(table_sort_column(table), -1);
	order_is(table, "01234567");
	table_sort(table, 0, false);
	order_is(table, "51402367");
	table_sort(table, 0, true);
	order_is(table, "02367145");
	assert_int_equal(table_sort_column(table), 0);
	assert_true(table_sort_reverse(table));
	table_sort(table, 2, false);
	order_is(table, "41526307");
	table_sort(table, 9, false);
	order_is(table, "01234567");
	table_free(table);
}

static void selection_follows_its_row(void **state)
{
	(void)state;
	struct thing rows[8];
	memcpy(rows, eight, sizeof rows);
	struct things things = {rows, 8, NULL, 0, 0, 0, 0};
	struct table *table = new_table(&things, false);
	assert_int_equal(table_selected(table), 0);
	assert_true(table_select(table, "27-0d"));
	assert_false(table_select(table, "nobody"));
	assert_int_equal(table_selected(table), 3);
	table_sort(table, 1, true);
	assert_int_equal(table_selected(table), 3);
	table_sort(table, -1, false);
	/* Rows come in front of it. */
	memmove(rows + 1, rows, 7 * sizeof *rows);
	rows[0] = (struct thing){"new", "New", "ok", NULL, 1};
	table_refresh(table);
	assert_int_equal(table_selected(table), 4);
	/* It goes: the one after it takes its place, also when others went too. */
	memmove(rows, rows + 5, 3 * sizeof *rows);
	things.n = 3;
	table_refresh(table);
	assert_string_equal(rows[table_selected(table)].id, "27-0e");
	/* The last goes: the one before. */
	assert_true(table_move(table, INT_MAX / 2));
	things.n = 2;
	table_refresh(table);
	assert_int_equal(table_selected(table), 1);
	/* All go, and come again. */
	things.n = 0;
	table_refresh(table);
	assert_int_equal(table_selected(table), -1);
	assert_false(table_move(table, 1));
	things.n = 3;
	table_refresh(table);
	assert_int_equal(table_selected(table), 1);
	/* Nobody is left that is known: by place. */
	rows[0].id = "x", rows[1].id = "y", rows[2].id = "z";
	table_refresh(table);
	assert_int_equal(table_selected(table), 1);
	table_free(table);
}

static void selection_comes_back_after_a_filter(void **state)
{
	(void)state;
	struct things things = {eight, 8, NULL, 0, 0, 0, 0};
	struct table *table = new_table(&things, false);
	table_select(table, "27-0c");
	things.filter = "C";
	table_refresh(table);
	order_is(table, "01457");
	assert_int_equal(table_selected(table), 1); /* the one before, as the one after is hidden too */
	table_refresh(table);
	assert_int_equal(table_selected(table), 1);
	things.filter = "Conf";
	table_refresh(table);
	order_is(table, "057");
	things.filter = NULL;
	table_refresh(table);
	assert_int_equal(table_selected(table), 2);
	/* A choice made meanwhile stays. */
	things.filter = "Conf";
	table_refresh(table);
	table_move(table, 1);
	long chosen = table_selected(table);
	things.filter = NULL;
	table_refresh(table);
	assert_int_equal(table_selected(table), chosen);
	table_free(table);
}

static void moves_within_its_ends(void **state)
{
	(void)state;
	struct things things = {eight, 8, NULL, 0, 0, 0, 0};
	struct table *table = new_table(&things, false);
	assert_int_equal(table_page(table), 1);
	assert_false(table_move(table, -1));
	assert_true(table_move(table, 1));
	assert_true(table_move(table, INT_MAX / 2));
	assert_int_equal(table_selected(table), 7);
	assert_false(table_move(table, INT_MAX));
	assert_true(table_move(table, -2));
	assert_int_equal(table_selected(table), 5);
	assert_true(table_move(table, INT_MIN));
	assert_int_equal(table_selected(table), 0);
	canvas_free(drawn(table, 40, 6, false, true));
	assert_int_equal(table_page(table), 4);
	table_free(table);
}

static void scrolling_keeps_a_line_of_context(void **state)
{
	(void)state;
	struct things things = {eight, 8, NULL, 0, 0, 0, 0};
	struct table *table = new_table(&things, false);
	static const int top_row[] = {0, 0, 0, 1, 2, 3, 4, 4}; /* of four lines, walking down */
	for (int i = 0; i < 8; i++) {
		canvas_free(drawn(table, 40, 5, false, true));
		assert_int_equal(table_at(table, 0, 1), top_row[i]);
		table_move(table, 1);
	}
	static const int going_up[] = {4, 4, 4, 3, 2, 1, 0, 0};
	for (int i = 0; i < 8; i++) {
		canvas_free(drawn(table, 40, 5, false, true));
		assert_int_equal(table_at(table, 0, 1), going_up[i]);
		table_move(table, -1);
	}
	table_free(table);
}

static void groups_have_headings(void **state)
{
	(void)state;
	struct things things = {eight, 8, NULL, 0, 0, 0, 0};
	struct table *table = new_table(&things, true);
	table_select(table, "27-0a");
	table_sort(table, 2, false);
	order_is(table, "41532607");
	shows(drawn(table, 44, 12, false, true), true,
	      "|Status   Name             Battery ▲ Address |\n"
	      "|offline  Corridor                 - 27-0e   |\n"
	      "|2nd floor ──────────────────────────────────|\n"
	      "|offline  Café                   6 % 27-0b   |\n"
	      "|low      Conf 2                 9 % 27-0f   |\n"
	      "|ok       会議室                71 % 27-0d   |\n"
	      "|1st floor ──────────────────────────────────|\n"
	      "|ok       Hot desks             44 % 27-0c   |\n"
	      "|ok       Kitchen               44 % 27-10   |\n"
	      "|ok       Conf 1                90 % 27-0a   |\n"
	      "|ok       Conf 3 with a l…     100 % 27-11   |\n"
	      "|                                            |\n"
	      "0: dim:6 text:3 dim:4 text:23 dim:7 text:1\n"
	      "1: bad:7 text:29 dim:5 text:3\n"
	      "2: title:9 text:1 rule:34\n"
	      "3: bad:7 text:29 dim:5 text:3\n"
	      "4: bad:3 text:33 dim:5 text:3\n"
	      "5: ok:2 text:34 dim:5 text:3\n"
	      "6: title:9 text:1 rule:34\n"
	      "7: ok:2 text:34 dim:5 text:3\n"
	      "8: ok:2 text:34 dim:5 text:3\n"
	      "9: ok/select:2 text/select:34 dim/select:5 text/select:3\n"
	      "10: ok:2 text:34 dim:5 text:3\n");
	assert_int_equal(table_at(table, 0, 1), 4);
	assert_int_equal(table_at(table, 0, 2), -1);
	assert_int_equal(table_at(table, 0, 3), 1);
	shows(drawn(table, 44, 5, true, true), false,
	      "|Status   Name           Battery ^ Address   |\n"
	      "|ok       Hot desks           44 % 27-0c    ||\n"
	      "|ok       Kitchen             44 % 27-10    ||\n"
	      "|ok       Conf 1              90 % 27-0a    ||\n"
	      "|ok       Conf 3 with a~     100 % 27-11    #|\n");
	table_move(table, INT_MAX / 2);
	shows(drawn(table, 44, 5, true, true), false,
	      "|Status   Name           Battery ^ Address   |\n"
	      "|ok       Hot desks           44 % 27-0c    ||\n"
	      "|ok       Kitchen             44 % 27-10    ||\n"
	      "|ok       Conf 1              90 % 27-0a    ||\n"
	      "|ok       Conf 3 with a~     100 % 27-11    #|\n");
	table_move(table, -3);
	shows(drawn(table, 44, 5, true, true), false,
	      "|Status   Name           Battery ^ Address   |\n"
	      "|1st floor -------------------------------- ||\n"
	      "|ok       Hot desks           44 % 27-0c    ||\n"
	      "|ok       Kitchen             44 % 27-10    #|\n"
	      "|ok       Conf 1              90 % 27-0a    ||\n");
	/* Rows without a heading never stand below another's. */
	table_sort(table, 1, false);
	order_is(table, "41530726");
	table_free(table);
}

static void mouse_finds_rows_and_headings(void **state)
{
	(void)state;
	struct things things = {eight, 8, NULL, 0, 0, 0, 0};
	struct table *table = new_table(&things, false);
	assert_int_equal(table_at(table, 0, 0), -1); /* not drawn yet */
	canvas_free(drawn(table, 64, 12, false, true));
	assert_int_equal(table_at(table, 0, 0), -2);
	assert_int_equal(table_at(table, 12, 0), -3);
	assert_int_equal(table_at(table, 63, 0), -5);
	assert_int_equal(table_at(table, 5, 1), 0);
	assert_int_equal(table_at(table, 5, 8), 7);
	assert_int_equal(table_at(table, 5, 9), -1);
	assert_int_equal(table_at(table, 64, 1), -1);
	assert_int_equal(table_at(table, -1, 1), -1);
	assert_int_equal(table_at(table, 5, 99), -1);
	canvas_free(drawn(table, 64, 4, false, true));
	assert_int_equal(table_at(table, 63, 1), -1); /* the scroll bar */
	table_free(table);
}

static void empty_draws_nothing(void **state)
{
	(void)state;
	struct things things = {eight, 8, "nothing is called so", 0, 0, 0, 0};
	struct table *table = new_table(&things, true);
	shows(drawn(table, 6, 2, false, true), true, "|      |\n|      |\n");
	assert_int_equal(table_selected(table), -1);
	assert_int_equal(table_at(table, 0, 0), -1);
	/* A source that shrank and has not told yet is not asked for what is gone. */
	things.filter = NULL;
	table_refresh(table);
	things.n = 0;
	canvas_free(drawn(table, 40, 9, false, true));
	assert_int_equal(things.asked, 0);
	table_free(table);
}

static void many_rows_cost_what_is_seen(void **state)
{
	(void)state;
	size_t n = 100000;
	struct thing *rows = calloc(n, sizeof *rows);
	char(*ids)[12] = calloc(n, sizeof *ids);
	struct rng rng;
	rng_init(&rng, 3);
	for (size_t i = 0; i < n; i++) {
		snprintf(ids[i], sizeof ids[i], "%zu", i);
		rows[i] = (struct thing){ids[i], "room", "ok", NULL, (int)rng_below(&rng, 1000)};
	}
	struct things things = {rows, n, NULL, 0, 0, 0, 0};
	struct table *table = new_table(&things, false);
	table_sort(table, 2, false);
	assert_true(things.compared < 2 * 17 * (int)n);
	for (size_t i = 1; i < n; i++) {
		size_t a = table_row(table, i - 1), b = table_row(table, i);
		assert_true(rows[a].battery < rows[b].battery ||
			    (rows[a].battery == rows[b].battery && a < b));
	}
	things.compared = 0;
	for (int i = 0; i < 50; i++) {
		things.asked = 0;
		table_move(table, (int)rng_below(&rng, 5000) - 2000);
		canvas_free(drawn(table, 80, 24, false, true));
		assert_int_equal(things.asked, 23 * 4);
	}
	assert_int_equal(things.compared, 0);
	table_free(table);
	rows[n / 2].floor = "2nd floor";
	table = new_table(&things, true);
	things.grouped = 0;
	canvas_free(drawn(table, 80, 24, false, true));
	assert_int_equal(things.grouped, 0);
	table_select(table, ids[n / 2]);
	canvas_free(drawn(table, 80, 24, false, true));
	assert_int_equal(things.grouped, 1);
	table_free(table);
	free(ids);
	free(rows);
}

/* Random tables, sizes and moves in a clip with a frame around it: nothing is written outside, the chosen
 * row is always seen. */
static void stays_in_its_clip(void **state)
{
	(void)state;
	struct thing rows[8];
	struct rng rng;
	rng_init(&rng, 11);
	for (int turn = 0; turn < 600; turn++) {
		memcpy(rows, eight, sizeof rows);
		struct things things = {rows, 8, NULL, 0, 0, 0, 0};
		struct table *table = new_table(&things, rng_below(&rng, 2));
		table_sort(table, (int)rng_below(&rng, 5) - 1, rng_below(&rng, 2));
		int width = 3 + (int)rng_below(&rng, 80), height = 3 + (int)rng_below(&rng, 14);
		for (int step = 0; step < 6; step++) {
			struct canvas *canvas = canvas_new(width, height, turn % 2);
			canvas_fill(canvas, (struct rect){0, 0, width, height}, '@', STYLE(MATCH));
			canvas_enter(canvas, (struct rect){1, 1, width - 2, height - 2});
			canvas_clear(canvas, STYLE(TEXT));
			table_draw(table, canvas, true);
			canvas_leave(canvas);
			bool chosen_seen = false;
			for (int y = 0; y < height; y++) {
				const struct cell *row = canvas_row(canvas, y);
				for (int x = 0; x < width; x++) {
					bool frame = x == 0 || y == 0 || x == width - 1 || y == height - 1;
					assert_int_equal(row[x].style.fg == ROLE_MATCH && row[x].glyph == '@',
							 frame);
					assert_true(turn % 2 == 0 || row[x].glyph <= 0x7E);
					chosen_seen |= row[x].style.bg == ROLE_SELECT;
				}
			}
			assert_int_equal(chosen_seen, table_shown(table) > 0);
			canvas_free(canvas);
			table_move(table, (int)rng_below(&rng, 9) - 4);
			things.n = 1 + rng_below(&rng, 8);
			things.filter = rng_below(&rng, 4) ? NULL : "C";
			table_refresh(table);
		}
		table_free(table);
	}
}

static uint64_t stamp_of(void *ctx) { return ((const struct things *)ctx)->stamp; }

/* Draws both, of which one keeps what it drew, and returns how many cells that one asked for. */
static int asked_for(struct table *kept, struct things *things, struct table *plain, int width, int height,
		     bool ascii, bool focus)
{
	struct canvas *canvas = drawn(plain, width, height, ascii, focus);
	struct buf dump;
	int before = things->asked;
	buf_init(&dump, BUF_CEILING_FILE);
	canvas_dump(canvas, true, &dump);
	shows(drawn(kept, width, height, ascii, focus), true, buf_text(&dump));
	buf_fini(&dump);
	canvas_free(canvas);
	return things->asked - before;
}

static void what_was_drawn_is_used_again(void **state)
{
	(void)state;
	struct thing mine[8];
	struct things things = {.rows = mine, .n = 8}, others = {.rows = mine, .n = 8};
	memcpy(mine, eight, sizeof(mine));
	struct table *kept = new_table(&things, true), *plain = new_table(&others, true);
	table_set_stamp(kept, stamp_of);
	assert_true(asked_for(kept, &things, plain, 50, 8, false, true) > 0);
	assert_int_equal(asked_for(kept, &things, plain, 50, 8, false, true), 0);
	assert_int_equal(asked_for(kept, &things, plain, 50, 8, false, false), 0);
	table_move(kept, 1);
	table_move(plain, 1);
	assert_int_equal(asked_for(kept, &things, plain, 50, 8, false, true), 0);
	table_move(kept, 6); /* scrolls */
	table_move(plain, 6);
	assert_true(asked_for(kept, &things, plain, 50, 8, false, true) > 0);
	assert_true(asked_for(kept, &things, plain, 49, 8, false, true) > 0);
	assert_true(asked_for(kept, &things, plain, 49, 7, false, true) > 0);
	assert_true(asked_for(kept, &things, plain, 49, 7, true, true) > 0);
	mine[6].battery = 7;
	things.stamp = 2;
	assert_true(asked_for(kept, &things, plain, 49, 7, true, true) > 0);
	assert_int_equal(asked_for(kept, &things, plain, 49, 7, true, true), 0);
	table_sort(kept, 2, true);
	table_sort(plain, 2, true);
	assert_true(asked_for(kept, &things, plain, 49, 7, true, true) > 0);
	things.filter = others.filter = "C";
	table_refresh(kept);
	table_refresh(plain);
	assert_true(asked_for(kept, &things, plain, 49, 7, true, true) > 0);
	table_free(kept);
	table_free(plain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_give_way),
		cmocka_unit_test(sorts_stably_both_ways),
		cmocka_unit_test(selection_follows_its_row),
		cmocka_unit_test(selection_comes_back_after_a_filter),
		cmocka_unit_test(moves_within_its_ends),
		cmocka_unit_test(scrolling_keeps_a_line_of_context),
		cmocka_unit_test(groups_have_headings),
		cmocka_unit_test(mouse_finds_rows_and_headings),
		cmocka_unit_test(empty_draws_nothing),
		cmocka_unit_test(many_rows_cost_what_is_seen),
		cmocka_unit_test(stays_in_its_clip),
		cmocka_unit_test(what_was_drawn_is_used_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
