#include "ui/widget/table_parts.h"

#include "base/text.h"

#include <glib.h>
#include <string.h>

#define COLUMN_GAP 2
#define COLUMN_GAP_NARROW 1
#define WIDE_FROM 60 /* cells from which on columns stand two cells apart */
#define BAR_WIDTH_LEAST 4
#define CELL_SIZE 512

/* Gives each column its left edge and width; 0 hides it. Done again only when the width differs, as it
 * allocates. */
static void divide(struct table *table, int width)
{
	if (width == table->width)
		return;
	table->width = width;
	int gap = width >= WIDE_FROM ? COLUMN_GAP : COLUMN_GAP_NARROW;
	int last = 0;
	for (int i = 0; i < table->n; i++) {
		const struct table_column *column = &table->columns[i];
		table->boxes[i] = (struct box){column->least, column->ideal, column->stretch,
					       column->priority};
		if (column->priority > table->columns[last].priority)
			last = i;
	}
	layout_divide(table->boxes, table->n, width, gap, table->widths);
	int x = 0;
	for (int i = 0; i < table->n; i++) {
		table->lefts[i] = x;
		if (table->widths[i] > 0)
			x += table->widths[i] + gap;
	}
	/* Where not even one has room, the most important one takes what there is. */
	if (x == 0 && table->n > 0)
		table->widths[last] = width;
}

/* Moves the view so that the chosen row is inside, with a line of context where there is one. */
static void follow(struct table *table, int height)
{
	size_t seen = (size_t)height, lines = table_lines(table), line = table_line(table, table->place);
	size_t context = height >= 3 ? 1 : 0;
	if (line < table->top + context)
		table->top = line > context ? line - context : 0;
	if (line + context >= table->top + seen)
		table->top = line + context + 1 - seen;
	if (table->top + seen > lines)
		table->top = lines > seen ? lines - seen : 0;
}

static void draw_heading(const struct table *table, struct canvas *canvas, int i)
{
	const struct table_column *column = &table->columns[i];
	bool sorted = i == table->sort_column;
	struct style style = sorted ? STYLE(TEXT) : STYLE(DIM);
	int x = table->lefts[i], width = table->widths[i];
	int gap = sorted && (int)text_width(column->title, strlen(column->title)) + 2 <= width;
	int room = width - sorted - gap, used = 0;
	if (room > 0 && column->right)
		canvas_text_right(canvas, x, 0, room, column->title, style);
	else if (room > 0)
		used = canvas_text(canvas, x, 0, room, column->title, style);
	if (!sorted)
		return;
	uint32_t mark = table->reverse ? canvas_glyph(canvas, 0x25BC, 'v')
				       : canvas_glyph(canvas, 0x25B2, '^');
	canvas_put(canvas, x + (column->right ? width - 1 : used + gap), 0, mark, style);
}

static void draw_row(struct table *table, struct canvas *canvas, size_t i, int y)
{
	const struct table_source *source = &table->source;
	size_t row = table->order[i];
	char text[CELL_SIZE];
	for (int k = 0; k < table->n; k++) {
		if (table->widths[k] <= 0)
			continue;
		struct style style = STYLE(TEXT);
		text[0] = '\0';
		source->cell(source->ctx, row, k, text, sizeof text, &style);
		if (table->columns[k].right)
			canvas_text_right(canvas, table->lefts[k], y, table->widths[k], text, style);
		else
			canvas_text(canvas, table->lefts[k], y, table->widths[k], text, style);
	}
}

/* "2nd floor ─────────" */
static void draw_group(const struct table *table, struct canvas *canvas, size_t row, int y)
{
	const char *name = table->source.group(table->source.ctx, row);
	int used = canvas_text(canvas, 0, y, table->width, name, STYLE(TITLE)) + 1;
	canvas_fill(canvas, (struct rect){used, y, table->width - used, 1}, canvas_glyph(canvas, 0x2500, '-'),
		    STYLE(RULE));
}

static void draw_rows(struct table *table, struct canvas *canvas)
{
	size_t i = table_first_at(table, table->top), end = table->top + (size_t)table->body_height;
	/* A source that lost rows and has not told yet must not be asked for them. */
	size_t count = table->source.count(table->source.ctx);
	for (; i < table->shown; i++) {
		size_t line = table_line(table, i), before = i > 0 ? table->headings[i - 1] : 0;
		if (line > end || table->order[i] >= count)
			break;
		int y = table->body_y + (int)(line - table->top);
		if (table->headings[i] > before && line > table->top)
			draw_group(table, canvas, table->order[i], y - 1);
		if (line < end)
			draw_row(table, canvas, i, y);
	}
}

/* Drawn before, and nothing has changed that it depends on. */
static bool is_kept(const struct table *table, const struct canvas *canvas, uint64_t stamp)
{
	const struct kept *kept = &table->kept;
	return kept->good && kept->stamp == stamp && kept->orderings == table->orderings &&
	       kept->top == table->top && kept->width == table->width && kept->height == table->body_height &&
	       kept->ascii == canvas_ascii(canvas);
}

static void keep(struct table *table, const struct canvas *canvas, struct rect body, uint64_t stamp)
{
	struct kept *kept = &table->kept;
	size_t size = (size_t)body.width * (size_t)body.height;
	if (size > kept->size) {
		g_free(kept->cells);
		kept->cells = g_new(struct cell, size);
		kept->size = size;
	}
	kept->good = canvas_copy(canvas, body, kept->cells);
	kept->ascii = canvas_ascii(canvas);
	kept->width = body.width;
	kept->height = body.height;
	kept->top = table->top;
	kept->stamp = stamp;
	kept->orderings = table->orderings;
}

/* To move the selection is to draw two rows anew; the texts of all others need not be looked at. */
static void draw_body(struct table *table, struct canvas *canvas, bool focus)
{
	struct rect body = {0, table->body_y, table->width, table->body_height};
	uint64_t stamp = table->stamp ? table->stamp(table->source.ctx) : 0;
	if (table->stamp && is_kept(table, canvas, stamp)) {
		canvas_paste(canvas, body, table->kept.cells);
	} else {
		draw_rows(table, canvas);
		if (table->stamp && body.width > 0)
			keep(table, canvas, body, stamp);
	}
	size_t line = table_line(table, table->place);
	if (line >= table->top && line - table->top < (size_t)table->body_height &&
	    table->order[table->place] < table->source.count(table->source.ctx))
		canvas_restyle(canvas,
			       (struct rect){0, table->body_y + (int)(line - table->top), table->width, 1},
			       -1, focus ? ROLE_SELECT : ROLE_SELECT_IDLE, 0);
}

static void draw_bar(const struct table *table, struct canvas *canvas, int x)
{
	size_t lines = table_lines(table), height = (size_t)table->body_height;
	size_t thumb = height * height / lines;
	thumb = thumb > 0 ? thumb : 1;
	/* The ends of the bar are the ends of the rows; in between it is never quite at an end. */
	size_t room = height - thumb, hidden = lines - height;
	size_t start = (size_t)((double)room * (double)table->top / (double)hidden + 0.5);
	if (table->top > 0 && start == 0 && room > 1)
		start = 1;
	if (table->top < hidden && start == room && room > 1)
		start = room - 1;
	canvas_fill(canvas, (struct rect){x, table->body_y, 1, table->body_height},
		    canvas_glyph(canvas, 0x2502, '|'), STYLE(RULE));
	canvas_fill(canvas, (struct rect){x, table->body_y + (int)start, 1, (int)thumb},
		    canvas_glyph(canvas, 0x2588, '#'), STYLE(DIM));
}

void table_draw(struct table *table, struct canvas *canvas, bool focus)
{
	struct rect clip = canvas_clip(canvas);
	table->body_height = 0;
	if (table->shown == 0 || clip.width <= 0 || clip.height <= 0)
		return;
	/* A single line shows the chosen row. */
	table->body_y = clip.height > 1;
	table->body_height = clip.height - table->body_y;
	bool bar = table_lines(table) > (size_t)table->body_height && clip.width >= BAR_WIDTH_LEAST;
	divide(table, clip.width - 2 * bar);
	follow(table, table->body_height);
	for (int i = 0; i < table->n && table->body_y > 0; i++)
		if (table->widths[i] > 0)
			draw_heading(table, canvas, i);
	draw_body(table, canvas, focus);
	if (bar)
		draw_bar(table, canvas, clip.width - 1);
}

int table_page(const struct table *table) { return table->body_height > 2 ? table->body_height - 1 : 1; }

long table_at(const struct table *table, int x, int y)
{
	if (table->body_height <= 0 || x < 0 || y < 0 || x >= table->width || table->shown == 0)
		return -1;
	if (y < table->body_y) {
		int found = -1;
		for (int i = 0; i < table->n; i++)
			if (table->widths[i] > 0 && table->lefts[i] <= x)
				found = i;
		return found < 0 ? -1 : -2 - found;
	}
	if (y >= table->body_y + table->body_height)
		return -1;
	size_t line = table->top + (size_t)(y - table->body_y), i = table_first_at(table, line);
	return i < table->shown && table_line(table, i) == line ? (long)table->order[i] : -1;
}
