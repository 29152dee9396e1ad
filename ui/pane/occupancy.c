/* Occupancy: how many people where and when, over all systems that count them. */
#include "ui/pane/occupancy_view.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#define KINDS                                                                                                \
	(KIND_BIT(KIND_BUILDINGS) | KIND_BIT(KIND_FLOORS) | KIND_BIT(KIND_ROOMS) | KIND_BIT(KIND_OCCUPANCY))

static const struct hint hints[] = {
	{ACTION_OPEN, "larger"},
	{ACTION_MODE, "chart, ranking, week"},
	{ACTION_PERIOD, "time"},
	{ACTION_DATES, "from-to"},
	{ACTION_MARK, "compare"},
	{ACTION_WEEKS, "weeks"},
	{ACTION_MEASURE, "measure"},
	{ACTION_FILTER, "filter"},
	{ACTION_EXPORT, "write to a file"},
	{ACTION_NONE, NULL},
};

/* --- life --- */

/* The room, floor or building that is chosen everywhere. */
static void follow_choice(struct occ_view *view)
{
	const struct choice *choice = world_choice(view->desk->world);
	const char *ids[] = {choice->room_id, choice->floor_id, choice->building_id};
	static const enum kind kinds[] = {KIND_ROOMS, KIND_FLOORS, KIND_BUILDINGS};
	char key[96];

	for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
		if (ids[i][0] == '\0')
			continue;
		g_snprintf(key, sizeof(key), "%u %d %s", choice->account, (int)kinds[i], ids[i]);
		if (table_select(occ_table(view), key))
			return;
	}
}

static void *open_pane(struct desk *desk)
{
	struct occ_view *view = g_new0(struct occ_view, 1);

	view->desk = desk;
	view->range = OCC_1D;
	view->cursor_ms = MOMENT_NONE;
	view->week_cursor = -1;
	view->rank_site = view->ranked_site = -1;
	view->ranking = g_array_new(FALSE, FALSE, sizeof(struct occ_ranked));
	occ_hours_parse(desk->hours, &view->hours);
	occ_spaces_init(view);
	occ_spaces_refresh(view, UINT32_MAX);
	follow_choice(view);
	occ_settle_zone(view);
	return view;
}

static void close_pane(void *state)
{
	struct occ_view *view = state;

	occ_ask_forget_all(view);
	occ_spaces_fini(view);
	g_array_unref(view->ranking);
	moment_zone_free(view->zone);
	g_free(view);
}

static uint32_t old_accounts(const struct occ_view *view)
{
	uint32_t old = 0;

	for (unsigned a = 0; a < world_accounts(view->desk->world); a++)
		old = old << 1 | occ_account_old(view, a);
	return old;
}

static bool update(void *state, uint32_t changed)
{
	struct occ_view *view = state;
	int64_t minute = world_now_ms(view->desk->world) / 60000;
	uint32_t old = old_accounts(view);
	bool aged = minute != view->minute || old != view->old_accounts, empty = view->spaces->len == 0,
	     asked;

	view->minute = minute;
	view->old_accounts = old;
	if ((changed & KINDS) != 0)
		occ_spaces_refresh(view, changed);
	if (empty && view->spaces->len > 0)
		follow_choice(view);
	if ((changed & KINDS) != 0)
		occ_ask_picture(view, false);
	asked = occ_ask_again(view);
	return (changed & KINDS) != 0 || aged || asked;
}

static void draw(void *state, struct canvas *canvas, bool whole, bool focus)
{
	struct occ_view *view = state;
	bool grown = whole && !view->whole;

	view->whole = whole;
	if (grown) {
		follow_choice(view);
		occ_ask_picture(view, false);
	}
	occ_draw(view, canvas, focus);
}

static void figure(void *state, struct buf *out)
{
	struct occ_view *view = state;
	const struct occ_space *space = occ_chosen(view);

	occ_settle_figures(view);
	if (space == NULL || isnan(view->people))
		return;
	buf_addf(out, "%.0f", view->people);
	if (!isnan(view->capacity))
		buf_addf(out, " of %.0f", view->capacity);
	buf_addf(out, " people in %s", sites_at(view->sites, space->site)->name);
	if (view->merged > 0)
		buf_addf(out, ", %zu %s known twice", view->merged, view->merged == 1 ? "room" : "rooms");
}

/* --- what is chosen --- */

void occ_choice_moved(struct occ_view *view)
{
	struct occ_space *space = occ_chosen(view);
	struct choice *choice = world_choice(view->desk->world);
	const struct floor_row *floor;

	/* The first step asks at once; of those that follow it fast only the last. */
	occ_ask_picture(view, false);
	view->moved_ms = world_now_ms(view->desk->world);
	if (space == NULL)
		return;
	floor = space->floor_id == NULL
			? NULL
			: world_find(view->desk->world, space->account, KIND_FLOORS, space->floor_id);
	if (space->kind != KIND_BUILDINGS && floor == NULL)
		return;
	choice->account = space->account;
	g_strlcpy(choice->building_id,
		  space->kind == KIND_BUILDINGS ? space->id
		  : floor->building_id != NULL  ? floor->building_id
						: "",
		  sizeof(choice->building_id));
	if (floor != NULL)
		g_strlcpy(choice->floor_id, floor->id, sizeof(choice->floor_id));
	g_strlcpy(choice->room_id, space->kind == KIND_ROOMS ? space->id : "", sizeof(choice->room_id));
	choice->sensor_id[0] = '\0';
}

static bool move(struct occ_view *view, int lines)
{
	if (table_move(occ_table(view), lines))
		occ_choice_moved(view);
	return true;
}

/* --- keys --- */

/* Out of the large picture, the comparison, the zoom, the filter. */
static bool back(struct occ_view *view)
{
	if (view->open) {
		view->open = false;
	} else if (view->n_marked > 0 || view->weeks > 0) {
		view->n_marked = view->weeks = 0;
		view->lists++;
		occ_look_anew(view);
	} else if (view->view_from_ms < view->view_to_ms) {
		view->view_from_ms = view->view_to_ms = 0;
	} else if (view->typed != NULL) {
		occ_set_filter(view, NULL);
		occ_choice_moved(view);
	} else {
		return false;
	}
	return true;
}

static bool go(struct occ_view *view, enum action action)
{
	int page = MAX(table_page(view->table), 1);

	switch (action) {
	case ACTION_UP:
		return move(view, -1);
	case ACTION_DOWN:
		return move(view, 1);
	case ACTION_PAGE_UP:
		return move(view, -page);
	case ACTION_PAGE_DOWN:
		return move(view, page);
	case ACTION_FIRST:
		return move(view, -INT_MAX / 2);
	case ACTION_LAST:
		return move(view, INT_MAX / 2);
	case ACTION_LEFT:
		occ_cursor_move(view, -1);
		return true;
	case ACTION_RIGHT:
		occ_cursor_move(view, 1);
		return true;
	case ACTION_PAN_LEFT:
		occ_cursor_move(view, view->mode == OCC_WEEK ? -24 : -10);
		return true;
	case ACTION_PAN_RIGHT:
		occ_cursor_move(view, view->mode == OCC_WEEK ? 24 : 10);
		return true;
	case ACTION_ZOOM_IN:
		occ_zoom(view, 2);
		return true;
	case ACTION_ZOOM_OUT:
		occ_zoom(view, 0.5);
		return true;
	case ACTION_FIT:
		occ_zoom(view, 0);
		return true;
	default:
		return false;
	}
}

static bool act(void *state, enum action action, const char *argument)
{
	struct occ_view *view = state;

	if (!view->whole)
		return false;
	switch (action) {
	case ACTION_OPEN:
		view->open = !view->open;
		return true;
	case ACTION_BACK:
		return back(view);
	default:
		return occ_look_act(view, action, argument) || go(view, action);
	}
}

/* --- mouse --- */

static bool inside(struct rect rect, int x, int y)
{
	return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

static bool press(struct occ_view *view, int x, int y)
{
	int64_t from_ms = view->view_from_ms < view->view_to_ms ? view->view_from_ms : view->span.from_ms;
	int64_t to_ms = view->view_from_ms < view->view_to_ms ? view->view_to_ms : view->span.to_ms;
	long row;

	if (view->mode == OCC_CHART && inside(view->chart_at, x, y)) {
		view->cursor_ms = from_ms + (int64_t)((double)(to_ms - from_ms) *
						      (x - view->chart_at.x + 0.5) / view->chart_at.width);
		return true;
	}
	if (!inside(view->table_at, x, y))
		return false;
	row = table_at(view->table, x - view->table_at.x, y - view->table_at.y);
	if (row <= -2) {
		int column = (int)(-2 - row);
		bool again = column == table_sort_column(view->table);

		table_sort(view->table, column, again && !table_sort_reverse(view->table));
		return true;
	}
	if (row >= 0 &&
	    table_select(view->table, g_array_index(view->spaces, struct occ_space, (guint)row).key))
		occ_choice_moved(view);
	return row >= 0;
}

static bool mouse(void *state, const struct input *input)
{
	struct occ_view *view = state;

	if (!view->whole || input->type != INPUT_MOUSE)
		return false;
	switch (input->mouse) {
	case MOUSE_WHEEL_UP:
	case MOUSE_WHEEL_DOWN:
		if (inside(view->chart_at, input->x, input->y))
			occ_zoom(view, input->mouse == MOUSE_WHEEL_UP ? 1.25 : 0.8);
		else
			move(view, input->mouse == MOUSE_WHEEL_UP ? -3 : 3);
		return true;
	case MOUSE_PRESS:
		return press(view, input->x, input->y);
	default:
		return false;
	}
}

const struct pane_ops pane_occupancy = {
	.title = "Occupancy",
	.action = ACTION_PANE_OCCUPANCY,
	.kinds = KINDS,
	.hints = hints,
	.open = open_pane,
	.close = close_pane,
	.update = update,
	.draw = draw,
	.figure = figure,
	.act = act,
	.mouse = mouse,
	.view = occ_view_of,
	.set_view = occ_set_view,
	.word = occ_word,
};
