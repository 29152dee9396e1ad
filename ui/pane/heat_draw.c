#include "ui/pane/heat_private.h"

#include "base/moment.h"
#include "base/text.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

static struct heat_pen pen_of(const struct heat_pane *pane, const struct heat_tile *tile)
{
	return (struct heat_pen){.ascii = pane->desk->ascii,
				 .mono = pane->desk->mono,
				 .stale = tile && (tile->stale || tile->offline)};
}

void heat_draw_message(struct canvas *canvas, struct rect area, const char *first, const char *second)
{
	const char *lines[] = {first, second};
	int y = area.y + (area.height - (second ? 2 : 1)) / 2;
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		int width = MIN(canvas_text_width(canvas, lines[i]), area.width);
		canvas_text(canvas, area.x + (area.width - width) / 2, MAX(y, area.y) + (int)i, width,
			    lines[i], i ? STYLE(DIM) : STYLE(TEXT));
	}
}

/* "20.5 – 32.5 °C  auto", and the hottest sensor at the right where there is room. */
static void draw_scale_line(const struct heat_pane *pane, struct canvas *canvas, struct rect area)
{
	bool ascii = pane->desk->ascii;
	char low[HEAT_FIGURE_SIZE], high[HEAT_FIGURE_SIZE], words[HEAT_TEXT], hot[3 * HEAT_TEXT];
	heat_figure(pane->range.low_c, low);
	heat_figure(pane->range.high_c, high);
	snprintf(words, sizeof(words), "%s %s %s %s", low, ascii ? "-" : "–", high, ascii ? "C" : "°C");
	const char *kind = pane->fixed ? "fixed" : "auto";
	int need = canvas_text_width(canvas, words) + 2 + (int)strlen(kind) + (pane->held ? 7 : 0);
	int strip = CLAMP(area.width - need - 1, 0, area.width >= 70 ? 32 : 16), x = area.x;
	if (strip >= 4) {
		heat_draw_scale(canvas, x, area.y, strip, pen_of(pane, NULL));
		x += strip + 1;
	}
	int right = area.x + area.width;
	x += canvas_text(canvas, x, area.y, right - x, words, STYLE(TEXT)) + 2;
	x += canvas_text(canvas, x, area.y, MAX(right - x, 0), kind,
			 pane->fixed ? STYLE(ACCENT) : STYLE(DIM)) +
	     3;
	if (pane->held)
		x += canvas_text(canvas, x, area.y, MAX(right - x, 0), "held",
				 (struct style){ROLE_WARN, ROLE_GROUND, ATTR_BOLD}) +
		     3;
	const struct heat_tile *best = heat_model_hottest(pane);
	if (!best || pane->n < 2)
		return;
	const char *room = *world_choice(pane->desk->world)->room_id ? "" : best->room;
	snprintf(hot, sizeof(hot), "hottest %s%s%s  ", best->label, *room ? " " : "", room);
	snprintf(words, sizeof(words), "%s %s", heat_figure(best->facts.high_c, high), ascii ? "C" : "°C");
	int figure = canvas_text_width(canvas, words), name = canvas_text_width(canvas, hot);
	if (right - x < name + figure)
		return;
	canvas_text(canvas, right - figure - name, area.y, name, hot, STYLE(DIM));
	canvas_text(canvas, right - figure, area.y, figure, words, STYLE(STRONG));
}

/* The line under a tile: the address' tail, and the hottest value at the slot's other end. */
static void draw_words(const struct heat_pane *pane, struct canvas *canvas, struct rect line,
		       const struct heat_tile *tile, bool chosen, bool focus)
{
	char figure[HEAT_FIGURE_SIZE], value[HEAT_TEXT];
	bool grey = tile->stale || tile->offline;
	uint16_t ground = !chosen ? ROLE_GROUND : focus ? ROLE_SELECT : ROLE_SELECT_IDLE;
	canvas_fill(canvas, line, ' ', (struct style){ROLE_TEXT, ground, 0});
	*value = '\0';
	if (tile->facts.told && tile->facts.doubtful)
		snprintf(value, sizeof(value), "not %s?", pane->desk->ascii ? "C" : "°C");
	else if (tile->facts.told)
		snprintf(value, sizeof(value), "%s %s", heat_figure(tile->facts.high_c, figure),
			 pane->desk->ascii ? "C" : "°C");
	int width = canvas_text_width(canvas, value);
	if (width > line.width || (width + 6 > line.width && width > 0 && line.width < 12))
		snprintf(value, sizeof(value), "%s",
			 tile->facts.told ? heat_figure(tile->facts.high_c, figure) : "");
	width = MIN(canvas_text_width(canvas, value), line.width);
	struct style name = {chosen ? ROLE_ACCENT
			     : grey ? ROLE_STALE
				    : ROLE_DIM,
			     ground, chosen ? ATTR_BOLD : 0};
	struct style number = {grey ? ROLE_STALE : tile->facts.doubtful ? ROLE_WARN : ROLE_STRONG, ground, 0};
	canvas_text_right(canvas, line.x, line.y, line.width, value, number);
	int room = line.width - width - (width ? 1 : 0);
	bool named = *tile->name && line.width >= 24 && canvas_text_width(canvas, tile->name) <= room;
	if (room < 3)
		return;
	int used = canvas_text(canvas, line.x, line.y, room, named ? tile->name : tile->label, name) + 1;
	/* On a whole floor a tile says where it is. */
	if (!named && !*world_choice(pane->desk->world)->room_id && room - used >= 6)
		canvas_text(canvas, line.x + used, line.y, room - used, tile->room,
			    (struct style){grey ? ROLE_STALE : ROLE_DIM, ground, 0});
}

static void draw_centred(struct canvas *canvas, struct rect box, int y, const char *text, struct style style)
{
	int width = MIN(canvas_text_width(canvas, text), box.width), x = box.x + (box.width - width) / 2;
	bool margin = width + 2 <= box.width;
	canvas_fill(canvas, (struct rect){x - margin, y, width + 2 * margin, 1}, ' ', STYLE(TEXT));
	canvas_text(canvas, x, y, width, text, style);
}

/* What is wrong and since when, over the picture in the longest words that fit; where there is no picture, in its middle. */
static void draw_trouble(const struct heat_pane *pane, struct canvas *canvas, struct rect box,
			 const struct heat_tile *tile)
{
	char age[HEAT_AGE_SIZE], words[4][HEAT_TEXT];
	int64_t since = tile->offline ? tile->last_seen_ms : tile->time_ms;
	const char *what = tile->offline ? "offline" : since == MOMENT_NONE ? "no frame yet" : "stale";
	struct style style = tile->offline ? STYLE(BAD) : since == MOMENT_NONE ? STYLE(DIM) : STYLE(WARN);
	if (since == MOMENT_NONE) {
		draw_centred(canvas, box, box.y + (tile->facts.told ? 0 : (box.height - 1) / 2), what, style);
		return;
	}
	heat_model_age(world_now_ms(pane->desk->world) - since, age);
	if (!tile->facts.told && box.height > 1) {
		snprintf(words[0], HEAT_TEXT, "for %s", age);
		draw_centred(canvas, box, box.y + box.height / 2 - 1, what, style);
		draw_centred(canvas, box, box.y + box.height / 2, words[0], style);
		return;
	}
	snprintf(words[0], HEAT_TEXT, "%s for %s", what, age);
	snprintf(words[1], HEAT_TEXT, "%s %s", what, age);
	snprintf(words[2], HEAT_TEXT, tile->offline ? "off %s" : "%s old", age);
	snprintf(words[3], HEAT_TEXT, "%s", age);
	int i = 0;
	while (i < 3 && canvas_text_width(canvas, words[i]) > box.width)
		i++;
	draw_centred(canvas, box, box.y, words[i], style);
}

/* The place of a picture that is not there. */
static void draw_corners(struct canvas *canvas, struct rect box)
{
	struct style style = STYLE(RULE);
	int right = box.x + box.width - 1, bottom = box.y + box.height - 1;
	if (box.height < 2)
		return;
	canvas_put(canvas, box.x, box.y, canvas_glyph(canvas, 0x250C, '+'), style);
	canvas_put(canvas, right, box.y, canvas_glyph(canvas, 0x2510, '+'), style);
	canvas_put(canvas, box.x, bottom, canvas_glyph(canvas, 0x2514, '+'), style);
	canvas_put(canvas, right, bottom, canvas_glyph(canvas, 0x2518, '+'), style);
}

static void draw_tile(struct heat_pane *pane, struct canvas *canvas, struct rect box, int slot,
		      const struct heat_tile *tile, bool chosen, bool focus)
{
	struct heat_pen pen = pen_of(pane, tile);
	if (tile->facts.told) {
		heat_image_make(&pane->image, &tile->grid, &pane->range, box.width, 2 * box.height,
				pane->smooth);
		heat_draw_image(canvas, box.x, box.y, &pane->image, pen);
		if (chosen && !pen.stale)
			heat_draw_hottest(canvas, box.x, box.y, &pane->image, &tile->facts, pen);
	} else {
		draw_corners(canvas, box);
	}
	if (tile->offline || tile->stale || !tile->facts.told)
		draw_trouble(pane, canvas,
			     (struct rect){box.x, box.y, tile->facts.told ? box.width : slot, box.height},
			     tile);
	draw_words(pane, canvas, (struct rect){box.x, box.y + box.height, slot, 1}, tile, chosen, focus);
}

/* More tiles above or below: told at the right edge. */
static void draw_scroll_bar(const struct heat_pane *pane, struct canvas *canvas, struct rect area, int rows)
{
	int x = area.x + area.width - 1, size = MAX(area.height * pane->grid.rows / rows, 1);
	int from = (area.height - size) * pane->first_row / MAX(rows - pane->grid.rows, 1);
	for (int y = 0; y < area.height; y++) {
		bool on = y >= from && y < from + size;
		canvas_put(canvas, x, area.y + y,
			   on ? canvas_glyph(canvas, 0x2588, '#') : canvas_glyph(canvas, 0x2502, '|'),
			   on ? STYLE(DIM) : STYLE(RULE));
	}
}

static void draw_tiles(struct heat_pane *pane, struct canvas *canvas, struct rect area, bool focus)
{
	size_t chosen = heat_model_chosen(pane);
	struct heat_grid *grid = &pane->grid;
	*grid = heat_grid_fit(area.width, area.height, pane->n, pane->desk->cell_aspect, pane->smooth,
			      pane->scale);
	pane->top = area.y;
	if (!grid->scale) {
		char figure[HEAT_FIGURE_SIZE];
		const struct heat_tile *tile = &pane->tiles[chosen];
		canvas_textf(canvas, area.x, area.y, area.width, STYLE(STRONG), "%s %s",
			     heat_figure(tile->facts.high_c, figure), tile->label);
		return;
	}
	int rows = (int)((pane->n + (size_t)grid->columns - 1) / (size_t)grid->columns);
	if (rows > grid->rows) {
		struct rect narrow = area;
		narrow.width = MAX(area.width - 2, grid->width);
		*grid = heat_grid_fit(narrow.width, narrow.height, pane->n, pane->desk->cell_aspect,
				      pane->smooth, pane->scale);
		rows = (int)((pane->n + (size_t)grid->columns - 1) / (size_t)grid->columns);
	}
	int row = (int)chosen / grid->columns;
	pane->first_row = CLAMP(pane->first_row, row - grid->rows + 1, row);
	pane->first_row = CLAMP(pane->first_row, 0, MAX(rows - grid->rows, 0));
	for (int i = 0; i < grid->rows * grid->columns; i++) {
		size_t tile = (size_t)pane->first_row * (size_t)grid->columns + (size_t)i;
		if (tile >= pane->n)
			break;
		struct rect box = {area.x + i % grid->columns * grid->step_x,
				   area.y + i / grid->columns * grid->step_y, grid->width, grid->height};
		draw_tile(pane, canvas, box, grid->slot, &pane->tiles[tile], tile == chosen, focus);
	}
	if (rows > grid->rows)
		draw_scroll_bar(pane, canvas, area, rows);
}

/* One sensor as large as it goes, or as figures; what is known of it at the right. */
static void draw_one(struct heat_pane *pane, struct canvas *canvas, struct rect area, bool focus)
{
	const struct heat_tile *tile = &pane->tiles[heat_model_chosen(pane)];
	struct rect picture = area;
	bool detail = area.width >= 2 * HEAT_DETAIL_CELLS + 4;
	if (detail)
		picture.width -= HEAT_DETAIL_CELLS + 3;
	int used = picture.width;
	pane->grid = (struct heat_grid){0};
	if (pane->mode == HEAT_NUMBERS) {
		struct rect figures = picture;
		figures.height = MAX(picture.height - 1, 1);
		int rows = heat_draw_numbers(canvas, figures, &tile->grid, &pane->range, pen_of(pane, tile));
		used = CLAMP(picture.width / HEAT_SIDE, 1, 12) * HEAT_SIDE;
		draw_words(pane, canvas,
			   (struct rect){picture.x, picture.y + rows, MIN(used, picture.width), 1}, tile,
			   false, focus);
	} else {
		struct heat_grid grid = heat_grid_fit(picture.width, picture.height, 1,
						      pane->desk->cell_aspect, pane->smooth, pane->scale);
		struct rect box = {picture.x, picture.y, grid.width, grid.height};
		used = MAX(grid.slot, grid.width);
		if (grid.scale)
			draw_tile(pane, canvas, box, grid.slot, tile, true, focus);
		else
			draw_words(pane, canvas, (struct rect){picture.x, picture.y, picture.width, 1}, tile,
				   true, focus);
	}
	if (detail)
		heat_draw_detail(pane, canvas,
				 (struct rect){area.x + used + 3, area.y, area.width - used - 3, area.height},
				 tile);
}

/* Why there is nothing to draw; false when there is. */
static bool draw_empty(const struct heat_pane *pane, struct canvas *canvas, struct rect area)
{
	char first[2 * HEAT_TEXT], second[HEAT_TEXT] = "";
	const char *dots = pane->desk->ascii ? "..." : "…";
	if (pane->n == 0) {
		snprintf(first, sizeof(first), "no sensors %s%s", *pane->where ? "in " : "yet", pane->where);
	} else if (pane->waiting == pane->n && pane->offline == pane->n) {
		snprintf(first, sizeof(first), "%s offline",
			 pane->n == 1 ? "the only sensor is" : "all sensors are");
		snprintf(second, sizeof(second), "nothing was received since the start");
	} else if (pane->waiting == pane->n && pane->held) {
		snprintf(first, sizeof(first), "held before a frame came");
	} else if (pane->waiting == pane->n) {
		snprintf(first, sizeof(first), "waiting for frames of %zu sensor%s%s", pane->n,
			 pane->n == 1 ? "" : "s", dots);
		if (pane->offline)
			snprintf(second, sizeof(second), "%zu of them offline", pane->offline);
	} else {
		return false;
	}
	heat_draw_message(canvas, area, first, *second ? second : NULL);
	return true;
}

void heat_draw_pane(struct heat_pane *pane, struct canvas *canvas, bool whole, bool focus)
{
	struct rect area = canvas_clip(canvas);
	pane->drawn_plan = false;
	pane->grid = (struct heat_grid){0};
	if (area.width < 1 || area.height < 1)
		return;
	pane->width = area.width;
	/* Eight figures with a tenth and a blank need all of forty columns. */
	if (area.width >= 30 && (pane->mode != HEAT_NUMBERS || area.width >= 42)) {
		area.x++;
		area.width -= 2;
	}
	if (draw_empty(pane, canvas, area))
		return;
	if (area.height >= 13) {
		area.y++;
		area.height--;
	}
	if (area.height >= 6) {
		struct rect line = {area.x, area.y + area.height - 1, area.width, 1};
		draw_scale_line(pane, canvas, line);
		area.height -= area.height >= 13 ? 2 : 1;
	}
	if (pane->mode == HEAT_PLAN && !pane->one)
		heat_draw_plan(pane, canvas, area);
	else if (pane->mode == HEAT_NUMBERS || pane->one || (whole && pane->n == 1))
		draw_one(pane, canvas, area, focus);
	else
		draw_tiles(pane, canvas, area, focus);
}
