#include "ui/pane/floor_view.h"

#include <glib.h>
#include <string.h>

static void choose(struct floor_pane *pane, long room)
{
	struct choice *choice = world_choice(pane->desk->world);
	if (room < 0 || (size_t)room >= plan_rooms(pane->plan))
		return;
	if (g_strcmp0(choice->room_id, plan_room(pane->plan, (size_t)room)->id) == 0)
		return;
	g_strlcpy(choice->room_id, plan_room(pane->plan, (size_t)room)->id, sizeof(choice->room_id));
	choice->sensor_id[0] = '\0';
	if (!pane->fitted && plan_room_drawn(pane->plan, (size_t)room) && pane->place.width > 0)
		plan_view_show(&pane->view, plan_room_bounds(pane->plan, (size_t)room), pane->place.width,
			       pane->place.height);
}

static long chosen(const struct floor_pane *pane)
{
	return plan_find(pane->plan, world_choice(pane->desk->world)->room_id);
}

static bool step(struct floor_pane *pane, int by)
{
	long n = (long)plan_rooms(pane->plan), at = chosen(pane);
	if (n == 0)
		return true;
	choose(pane, at < 0 ? (by > 0 ? 0 : n - 1) : (at + by % n + n) % n);
	return true;
}

static bool go(struct floor_pane *pane, int dx, int dy)
{
	if (pane->tiles.place.width > 0 && dy != 0) {
		long at = chosen(pane), to = at + dy * pane->tiles.columns;
		choose(pane, at < 0 ? 0 : to);
		return true;
	}
	/* A list has no directions but up and down. */
	if (pane->place.width == 0)
		return step(pane, dx + dy);
	choose(pane, plan_toward(pane->plan, chosen(pane), dx, dy));
	return true;
}

static bool zoom_at(struct floor_pane *pane, double factor, double column, double row)
{
	if (pane->place.width == 0)
		return false;
	plan_view_zoom(&pane->view, &pane->fit, factor, column, row);
	plan_view_hold(&pane->view, &pane->fit, plan_bounds(pane->plan), pane->place.width,
		       pane->place.height);
	pane->fitted = floor_same_view(&pane->view, &pane->fit);
	return true;
}

/* Around the chosen room while it is seen, else around the middle. */
static bool zoom(struct floor_pane *pane, double factor)
{
	double column = pane->place.width / 2.0, row = pane->place.height / 2.0;
	long room = chosen(pane);
	if (room >= 0 && plan_room_drawn(pane->plan, (size_t)room)) {
		struct bounds b = plan_room_bounds(pane->plan, (size_t)room);
		int x = plan_view_column(&pane->view, (b.x0 + b.x1) / 2),
		    y = plan_view_row(&pane->view, (b.y0 + b.y1) / 2);
		if (x >= 0 && y >= 0 && x < pane->place.width && y < pane->place.height) {
			column = x;
			row = y;
		}
	}
	return zoom_at(pane, factor, column, row);
}

static bool pan(struct floor_pane *pane, int columns, int rows)
{
	if (pane->place.width == 0)
		return false;
	plan_view_move(&pane->view, columns, rows);
	plan_view_hold(&pane->view, &pane->fit, plan_bounds(pane->plan), pane->place.width,
		       pane->place.height);
	pane->fitted = floor_same_view(&pane->view, &pane->fit);
	return true;
}

static void filter_changed(void *ctx, const char *text)
{
	struct floor_pane *pane = ctx;
	floor_refresh(pane);
	choose(pane, plan_search(pane->plan, text));
}

static void filter_done(void *ctx, const char *text)
{
	struct floor_pane *pane = ctx;
	floor_refresh(pane);
	if (!text) {
		g_strlcpy(world_choice(pane->desk->world)->room_id, pane->before, sizeof(pane->before));
		return;
	}
	long room = plan_search(pane->plan, text);
	if (room >= 0)
		choose(pane, room);
	else if (text[0])
		pane->desk->toast(pane->desk, false, "no room of that name on this floor");
}

static bool filter(struct floor_pane *pane, const char *argument)
{
	g_strlcpy(pane->before, world_choice(pane->desk->world)->room_id, sizeof(pane->before));
	if (argument && argument[0])
		filter_done(pane, argument);
	else
		pane->desk->prompt(pane->desk, "room", NULL, filter_done, filter_changed, pane);
	return true;
}

static bool set_overlay(struct floor_pane *pane, const char *argument)
{
	int overlay = argument && argument[0] ? floor_overlay_parse(argument)
					      : (int)(pane->overlay + 1) % OVERLAY_COUNT;
	if (overlay < 0) {
		pane->desk->toast(pane->desk, false,
				  "overlays: occupancy, temperature, utilization, health, type");
		return true;
	}
	pane->overlay = (enum overlay)overlay;
	pane->stale_marks = true;
	return true;
}

static bool open_detail(struct floor_pane *pane)
{
	if (!pane->whole)
		return false;
	if (chosen(pane) < 0)
		step(pane, 1);
	pane->detail = chosen(pane) >= 0;
	return true;
}

static bool back(struct floor_pane *pane)
{
	if (pane->whole && pane->detail) {
		pane->detail = false;
		return true;
	}
	if (!pane->fitted) {
		pane->fitted = true;
		return true;
	}
	return false;
}

static bool copy(struct floor_pane *pane)
{
	long room = chosen(pane);
	if (room < 0)
		return false;
	const struct room *row = plan_room(pane->plan, (size_t)room);
	char *text = g_strdup_printf("%s %s", row->name ? row->name : row->id,
				     plan_mark(pane->plan, (size_t)room)->figure);
	pane->desk->copy(pane->desk, text);
	g_free(text);
	return true;
}

static bool act_on_view(struct floor_pane *pane, enum action action)
{
	int columns = pane->place.width / 8 + 1, rows = pane->place.height / 8 + 1;
	switch (action) {
	case ACTION_ZOOM_IN:
		return zoom(pane, 1.5);
	case ACTION_ZOOM_OUT:
		return zoom(pane, 1 / 1.5);
	case ACTION_FIT:
		return pane->fitted = true;
	case ACTION_PAN_UP:
		return pan(pane, 0, -rows);
	case ACTION_PAN_DOWN:
		return pan(pane, 0, rows);
	case ACTION_PAN_LEFT:
		return pan(pane, -columns, 0);
	case ACTION_PAN_RIGHT:
		return pan(pane, columns, 0);
	case ACTION_PAGE_UP:
		return pan(pane, 0, -pane->place.height / 2);
	case ACTION_PAGE_DOWN:
		return pan(pane, 0, pane->place.height / 2);
	default:
		return false;
	}
}

bool floor_act(void *state, enum action action, const char *argument)
{
	struct floor_pane *pane = state;
	floor_refresh(pane);
	switch (action) {
	case ACTION_UP:
		return go(pane, 0, -1);
	case ACTION_DOWN:
		return go(pane, 0, 1);
	case ACTION_LEFT:
		return go(pane, -1, 0);
	case ACTION_RIGHT:
		return go(pane, 1, 0);
	case ACTION_NEXT_ITEM:
		return step(pane, 1);
	case ACTION_PREVIOUS_ITEM:
		return step(pane, -1);
	case ACTION_FIRST:
		choose(pane, 0);
		return true;
	case ACTION_LAST:
		choose(pane, (long)plan_rooms(pane->plan) - 1);
		return true;
	case ACTION_OPEN:
		return open_detail(pane);
	case ACTION_BACK:
		return back(pane);
	case ACTION_FILTER:
		return filter(pane, argument);
	case ACTION_OVERLAY:
		return set_overlay(pane, argument);
	case ACTION_GLYPHS:
		pane->desk->braille = !pane->desk->braille;
		return true;
	case ACTION_COPY:
		return copy(pane);
	default:
		return act_on_view(pane, action);
	}
}

bool floor_mouse(void *state, const struct input *input)
{
	struct floor_pane *pane = state;
	floor_refresh(pane);
	if (pane->tiles.place.width > 0) {
		long room = floor_tiles_at(pane, input->x, input->y);
		if (input->mouse != MOUSE_PRESS || room < 0)
			return false;
		choose(pane, room);
		return true;
	}
	int x = input->x - pane->place.x, y = input->y - pane->place.y;
	bool on = x >= 0 && y >= 0 && x < pane->place.width && y < pane->place.height;
	switch (input->mouse) {
	case MOUSE_WHEEL_UP:
		return on && zoom_at(pane, 1.25, x, y);
	case MOUSE_WHEEL_DOWN:
		return on && zoom_at(pane, 1 / 1.25, x, y);
	case MOUSE_PRESS:
		pane->dragging = on && input->button == 1;
		pane->drag_x = input->x;
		pane->drag_y = input->y;
		if (pane->dragging)
			choose(pane, plan_at(pane->plan, x, y));
		return on;
	case MOUSE_DRAG:
		if (!pane->dragging || !pan(pane, pane->drag_x - input->x, pane->drag_y - input->y))
			return false;
		pane->drag_x = input->x;
		pane->drag_y = input->y;
		return true;
	default:
		pane->dragging = false;
		return false;
	}
}

/* --- taking back --- */

/* Equal looks are equal bytes: no padding is between or behind. */
struct kept {
	struct plan_view view;
	int64_t overlay, fitted;
};

size_t floor_view(void *state, void *out)
{
	const struct floor_pane *pane = state;
	struct kept kept = {.overlay = pane->overlay, .fitted = pane->fitted};
	/* What fits follows the size of the window; that is no change of a person's. */
	if (!pane->fitted)
		kept.view = pane->view;
	memcpy(out, &kept, sizeof(kept));
	return sizeof(kept);
}

void floor_set_view(void *state, const void *view, size_t length)
{
	struct floor_pane *pane = state;
	struct kept kept;
	if (length != sizeof(kept))
		return;
	memcpy(&kept, view, sizeof(kept));
	pane->overlay = (enum overlay)kept.overlay;
	pane->stale_marks = true;
	pane->fitted = kept.fitted;
	if (!pane->fitted)
		pane->view = kept.view;
}

const char *floor_word(void *state, enum action action, size_t i)
{
	(void)state;
	return action == ACTION_OVERLAY && i < OVERLAY_COUNT ? floor_overlay_name((enum overlay)i) : NULL;
}
