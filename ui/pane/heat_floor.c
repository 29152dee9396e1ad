#include "ui/pane/heat_private.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define SMOOTH_MOST 64

static void widen(struct point *low, struct point *high, struct point at, double by)
{
	if (!isfinite(at.x) || !isfinite(at.y))
		return;
	low->x = MIN(low->x, at.x - by);
	low->y = MIN(low->y, at.y - by);
	high->x = MAX(high->x, at.x + by);
	high->y = MAX(high->y, at.y + by);
}

/* The rooms of the chosen floor, or the chosen one alone. */
static const struct room *next_room(const struct heat_pane *pane, struct world_cursor *at)
{
	const struct choice *choice = world_choice(pane->desk->world);
	const struct room *room;
	while ((room = world_next(pane->desk->world, KIND_ROOMS, at)) != NULL) {
		if (at->account != choice->account || room->polygon.n < 3)
			continue;
		if (*choice->room_id ? strcmp(room->id, choice->room_id) == 0
				     : !*choice->floor_id || (room->floor_id &&
							      strcmp(room->floor_id, choice->floor_id) == 0))
			return room;
	}
	return NULL;
}

static bool extent(const struct heat_pane *pane, struct point *low, struct point *high)
{
	const struct room *room;
	*low = (struct point){INFINITY, INFINITY};
	*high = (struct point){-INFINITY, -INFINITY};
	for (struct world_cursor at = {0}; (room = next_room(pane, &at)) != NULL;)
		for (size_t i = 0; i < room->polygon.n; i++)
			widen(low, high, room->polygon.at[i], 0);
	bool rooms = low->x <= high->x;
	for (size_t i = 0; i < pane->n; i++)
		if (pane->tiles[i].placed)
			widen(low, high, pane->tiles[i].place.center,
			      rooms ? 0 : pane->tiles[i].place.side_m / 2);
	return low->x <= high->x;
}

static void add_walls(struct heat_pane *pane, const struct room *room, bool chosen)
{
	struct style style = chosen ? STYLE(WALL_CHOSEN) : STYLE(WALL);
	for (size_t i = 0; i < room->polygon.n; i++) {
		struct point a = room->polygon.at[i], b = room->polygon.at[(i + 1) % room->polygon.n];
		int x0, y0, x1, y1;
		if (!isfinite(a.x) || !isfinite(a.y) || !isfinite(b.x) || !isfinite(b.y))
			continue;
		heat_view_pixel(&pane->view, a, &x0, &y0);
		heat_view_pixel(&pane->view, b, &x1, &y1);
		if (x0 == x1 || y0 / 2 == y1 / 2)
			lines_add(pane->walls, x0, y0 / 2, x1, x0 == x1 ? y1 / 2 : y0 / 2, LINE_LIGHT, style);
		else
			lines_add_slanted(pane->walls, x0, y0 / 2, x1, y1 / 2, LINE_LIGHT, style);
	}
}

/* Text that keeps the picture behind it. */
static void text_over(struct heat_pane *pane, struct canvas *canvas, int x, int y, const char *text,
		      bool chosen, bool doubt)
{
	struct heat_pen pen = {.ascii = pane->desk->ascii, .mono = pane->desk->mono};
	for (int i = 0; text[i]; i++) {
		int ground = canvas_ground(canvas, x + i, y) - ROLE_HEAT_0;
		struct style style = ground >= 0 && ground < ROLE_HEAT_LEVELS
					     ? heat_text_style((uint8_t)ground, pen)
					     : STYLE(STRONG);
		if (doubt)
			style = STYLE(BAD);
		style.attrs |= ATTR_BOLD | (chosen ? ATTR_UNDERLINE : 0);
		canvas_put(canvas, x + i, y, (unsigned char)text[i], style);
	}
}

/* A mark at each sensor, its hottest value beside it when that covers no other. */
static void draw_sensors(struct heat_pane *pane, struct canvas *canvas, struct rect area)
{
	size_t chosen = heat_model_chosen(pane);
	for (size_t i = 0; i < pane->n; i++) {
		const struct heat_tile *tile = &pane->tiles[i];
		char figure[HEAT_FIGURE_SIZE];
		int x, y;
		if (!tile->placed)
			continue;
		heat_view_pixel(&pane->view, tile->place.center, &x, &y);
		x += area.x;
		y = area.y + y / 2;
		if (tile->offline || tile->stale || !tile->facts.told) {
			struct style style = tile->offline ? STYLE(BAD) : STYLE(STALE);
			uint32_t mark = tile->offline ? canvas_glyph(canvas, 0xD7, 'x')
						      : canvas_glyph(canvas, 0x25CB, 'o');
			style.attrs = i == chosen ? ATTR_BOLD | ATTR_REVERSE : 0;
			canvas_put(canvas, x, y, mark, style);
			continue;
		}
		int length = (int)strlen(heat_figure(tile->facts.high_c, figure));
		double width = tile->place.side_m / pane->view.pixel_width_m;
		if (width < length + 2 && i != chosen)
			continue;
		x = CLAMP(x - length / 2, area.x, MAX(area.x + area.width - length, area.x));
		text_over(pane, canvas, x, y, figure, i == chosen, tile->facts.doubtful);
	}
}

static void draw_floor(struct heat_pane *pane, struct canvas *canvas, struct rect area)
{
	int width = MIN(area.width, HEAT_IMAGE_MOST), height = MIN(2 * area.height, HEAT_IMAGE_MOST);
	uint8_t *floor_levels = pane->floor;
	struct heat_pen pen = {.ascii = pane->desk->ascii, .mono = pane->desk->mono};
	memset(floor_levels, HEAT_MISSING, (size_t)width * (size_t)height);
	for (size_t i = 0; i < pane->n; i++) {
		const struct heat_tile *tile = &pane->tiles[i];
		if (!tile->placed || !tile->facts.told || tile->stale || tile->offline)
			continue;
		/* Somewhat finer than it is drawn, or turned edges would show steps. */
		int drawn = (int)CLAMP(1.4 * tile->place.side_m / pane->view.pixel_width_m, HEAT_SIDE,
				       SMOOTH_MOST);
		int side = pane->smooth ? drawn : HEAT_SIDE;
		heat_image_make(&pane->image, &tile->grid, &pane->range, side, side, pane->smooth);
		heat_plan_lay(&pane->view, &tile->place, &pane->image, floor_levels, width, height);
	}
	for (int y = 0; y < height / 2; y++) {
		const uint8_t *upper = floor_levels + (size_t)(2 * y) * (size_t)width, *lower = upper + width;
		for (int x = 0; x < width; x++)
			if (upper[x] != HEAT_MISSING || lower[x] != HEAT_MISSING)
				heat_draw_cell(canvas, area.x + x, area.y + y, upper[x], lower[x], pen);
	}
}

void heat_draw_plan(struct heat_pane *pane, struct canvas *canvas, struct rect area)
{
	struct point low, high;
	const struct choice *choice = world_choice(pane->desk->world);
	const struct room *room;
	if (!extent(pane, &low, &high)) {
		heat_draw_message(canvas, area, "no sensor here has a place on the plan", NULL);
		return;
	}
	/* The last row and column are the far walls' own. */
	pane->view = heat_view_fit(low, high, MAX(area.width - 1, 1), MAX(area.height - 1, 1),
				   pane->desk->cell_aspect);
	pane->drawn_plan = true;
	pane->top = area.y;
	draw_floor(pane, canvas, area);
	lines_reset(pane->walls, area.width, area.height);
	for (struct world_cursor at = {0}; (room = next_room(pane, &at)) != NULL;)
		add_walls(pane, room, strcmp(room->id, choice->room_id) == 0);
	canvas_enter(canvas, area);
	lines_draw(pane->walls, canvas);
	canvas_leave(canvas);
	draw_sensors(pane, canvas, area);
}
