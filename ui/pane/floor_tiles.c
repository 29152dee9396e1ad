/* A floor without geometry: its rooms as tiles in reading order, coloured and lettered by the overlay as a plan is. */
#include "ui/pane/floor_view.h"

#include "ui/pane/occupancy_now.h"

#include <glib.h>
#include <math.h>
#include <string.h>

/* Largest first: what all rooms fit into is taken. */
static const struct {
	int width, height; /* with the blank to the next */
} sizes[] = {{24, 4}, {20, 4}, {20, 3}, {18, 2}, {18, 1}};

static long chosen(const struct floor_pane *pane)
{
	return plan_find(pane->plan, world_choice(pane->desk->world)->room_id);
}

static void lay(struct floor_pane *pane, struct rect rect)
{
	int n = (int)plan_rooms(pane->plan), rows = 1, at = (int)chosen(pane), seen;

	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		pane->tiles.columns = MAX(rect.width / sizes[i].width, 1);
		pane->tiles.width = rect.width / pane->tiles.columns;
		pane->tiles.height = sizes[i].height;
		rows = (n + pane->tiles.columns - 1) / pane->tiles.columns;
		if (rows * sizes[i].height <= rect.height)
			break;
	}
	pane->tiles.width = MIN(pane->tiles.width, 30);
	seen = MAX(rect.height / pane->tiles.height, 1);
	if (at >= 0)
		pane->tiles.top = CLAMP(pane->tiles.top, at / pane->tiles.columns - seen + 1,
					at / pane->tiles.columns);
	pane->tiles.top = CLAMP(pane->tiles.top, 0, MAX(rows - seen, 0));
	pane->tiles.place = rect;
}

/* In words what the figure and the colour say. */
static const char *state_words(const struct floor_pane *pane, const struct room *room, char out[64])
{
	struct now now = now_of(room);

	if (pane->overlay != OVERLAY_OCCUPANCY)
		return room->type_name != NULL ? room->type_name : room->type;
	if (now.state == NOW_UNKNOWN)
		return room->health != NULL && strcmp(room->health, STATUS_OFFLINE) == 0 ? "sensor offline"
											 : "not known";
	if (now.utilization > 1)
		return "over capacity";
	if (now.capped)
		return "or more";
	if (now.state == NOW_FREE)
		return isnan(now.people) ? "not counted" : "nobody";
	if (isnan(now.people))
		return "not counted";
	if (isnan(now.capacity))
		return "capacity not told";
	g_snprintf(out, 64, "%ld %%", lround(now.utilization * 100));
	return out;
}

static void draw_tile(struct floor_pane *pane, struct canvas *canvas, size_t i, struct rect at)
{
	const struct room *room = plan_room(pane->plan, i);
	const struct plan_mark *mark = plan_mark(pane->plan, i);
	bool chosen_one = (long)i == chosen(pane), filled = mark->level >= 0 && !pane->old;
	uint8_t ground = filled && !pane->desk->hatch ? (uint8_t)(ROLE_FILL_0 + mark->level) : ROLE_GROUND;
	int width = at.width - 1, height = at.height > 1 ? at.height - (at.height > 2) : 1;
	struct style name = {chosen_one ? ROLE_ACCENT : ROLE_TEXT, ground, chosen_one ? ATTR_BOLD : 0};
	struct style figure = {pane->old ? ROLE_STALE : (uint8_t)mark->role, ground, 0};
	int figure_width = canvas_text_width(canvas, mark->figure);
	char words[64];

	canvas_enter(canvas, (struct rect){at.x, at.y, width, height});
	canvas_fill(canvas, (struct rect){0, 0, width, height}, ' ', (struct style){ROLE_TEXT, ground, 0});
	if (filled && pane->desk->hatch && height > 1)
		plan_hatch(canvas, (struct rect){0, 1, width, height - 1}, mark->level, true);
	canvas_put(canvas, 0, 0, chosen_one ? canvas_glyph(canvas, 0x258C, '>') : ' ', name);
	canvas_text(canvas, 1, 0, MAX(width - figure_width - 3, 4),
		    room->name != NULL ? room->name : room->id, name);
	canvas_text_right(canvas, MAX(width - figure_width - 1, 5), 0, MIN(figure_width, width - 6),
			  mark->figure, figure);
	if (height > 1)
		canvas_text(canvas, 1, 1, width - 2, state_words(pane, room, words),
			    (struct style){ground == ROLE_GROUND ? ROLE_DIM : ROLE_TEXT, ground, 0});
	canvas_leave(canvas);
}

void floor_tiles(struct floor_pane *pane, struct canvas *canvas, struct rect rect)
{
	size_t n = plan_rooms(pane->plan), first;
	int shown;

	lay(pane, rect);
	first = (size_t)pane->tiles.top * (size_t)pane->tiles.columns;
	shown = MAX(rect.height / pane->tiles.height, 1) * pane->tiles.columns;
	canvas_enter(canvas, rect);
	for (size_t i = first; i < n && i < first + (size_t)shown; i++) {
		int place = (int)(i - first);

		draw_tile(pane, canvas, i,
			  (struct rect){place % pane->tiles.columns * pane->tiles.width,
					place / pane->tiles.columns * pane->tiles.height, pane->tiles.width,
					pane->tiles.height});
	}
	if (first + (size_t)shown < n)
		canvas_textf(canvas, 0, rect.height - 1, rect.width, STYLE(ACCENT), "%zu more below",
			     n - first - (size_t)shown);
	canvas_leave(canvas);
}

long floor_tiles_at(const struct floor_pane *pane, int x, int y)
{
	int column = x - pane->tiles.place.x, row = y - pane->tiles.place.y;
	size_t i;

	if (pane->tiles.width <= 0 || pane->tiles.height <= 0 || column < 0 || row < 0 ||
	    column >= pane->tiles.width * pane->tiles.columns || row >= pane->tiles.place.height)
		return -1;
	i = (size_t)(pane->tiles.top + row / pane->tiles.height) * (size_t)pane->tiles.columns +
	    (size_t)(column / pane->tiles.width);
	return i < plan_rooms(pane->plan) ? (long)i : -1;
}
