/* Doors: who came through which door, newest first, over the whole kept history. */
#include "ui/pane/doors_view.h"

#include <string.h>

#define KINDS                                                                                                \
	(KIND_BIT(KIND_DOORS) | KIND_BIT(KIND_UNITS) | KIND_BIT(KIND_TENANTS) | KIND_BIT(KIND_USERS) |       \
	 KIND_BIT(KIND_BUILDINGS))

static const struct hint hints[] = {
	{ACTION_OPEN, "details"}, {ACTION_FILTER, "filter"},      {ACTION_PERIOD, "period"},
	{ACTION_FIRST, "newest"}, {ACTION_COPY, "copy the link"}, {ACTION_EXPORT, "write to a file"},
	{ACTION_NONE, NULL},
};
static const struct hint hints_without_files[] = {
	{ACTION_OPEN, "details"}, {ACTION_FILTER, "filter"},      {ACTION_PERIOD, "period"},
	{ACTION_FIRST, "newest"}, {ACTION_COPY, "copy the link"}, {ACTION_NONE, NULL},
};

static bool files_possible(const struct doors_view *view)
{
	return view->desk->export_doors != NULL && !view->desk->license.kiosk;
}

static const struct hint *hints_now(void *state)
{
	return files_possible(state) ? hints : hints_without_files;
}

static void *open_pane(struct desk *desk)
{
	struct doors_view *view = g_new0(struct doors_view, 1);

	view->desk = desk;
	view->follow = true;
	view->history = desk->find_doors != NULL;
	view->search = (struct door_search){.since_ms = MOMENT_NONE, .until_ms = MOMENT_NONE};
	doors_log_init(&view->log);
	doors_settle_zone(view);
	doors_reload(view);
	doors_recount(view);
	return view;
}

static void close_pane(void *state)
{
	struct doors_view *view = state;

	if (view->desk->forget != NULL)
		view->desk->forget(view->desk, view);
	doors_log_fini(&view->log);
	moment_zone_free(view->zone);
	g_free(view->typed);
	g_free(view->typed_before);
	g_free(view);
}

static bool update(void *state, uint32_t changed)
{
	struct doors_view *view = state;
	int64_t minute = world_now_ms(view->desk->world) / 60000;
	bool aged = minute != view->minute;

	view->minute = minute;
	if ((changed & KIND_BIT(KIND_DOORS)) != 0)
		doors_look_for_new(view);
	if ((changed & KIND_BIT(KIND_DOORS)) != 0 || aged)
		doors_recount(view);
	return changed != 0 || aged;
}

static void draw(void *state, struct canvas *canvas, bool whole, bool focus)
{
	struct doors_view *view = state;
	bool grown = whole && !view->whole;

	view->whole = whole;
	if (grown)
		doors_reload(view);
	if (whole)
		doors_draw_whole(view, canvas, focus);
	else
		doors_draw_tile(view, canvas);
}

static void figure(void *state, struct buf *out)
{
	struct doors_view *view = state;

	if (view->history)
		buf_addf(out, "%u in 24 h", view->today);
	else if (doors_shown(view) > 0)
		buf_addf(out, "%d newest", doors_shown(view));
}

/* --- filter --- */

static void filter_typed(void *ctx, const char *text)
{
	struct doors_view *view = ctx;

	view->follow = true;
	doors_set_filter(view, text);
}

static void filter_done(void *ctx, const char *text)
{
	struct doors_view *view = ctx;

	view->filtering = false;
	filter_typed(view, text != NULL ? text : view->typed_before);
}

static void ask_filter(struct doors_view *view, const char *argument)
{
	if (argument != NULL) {
		filter_typed(view, argument);
		return;
	}
	g_free(view->typed_before);
	view->typed_before = g_strdup(view->typed);
	view->filtering = true;
	view->desk->prompt(view->desk, "filter", view->typed, filter_done, filter_typed, view);
}

/* --- keys --- */

static void move_to(struct doors_view *view, int64_t to)
{
	view->chosen = (int)CLAMP(to, 0, MAX(doors_shown(view) - 1, 0));
	/* Details that are open stay those of their release. */
	view->follow = view->chosen == 0 && !view->log.cut && !view->detail;
	if (view->follow && view->log.fresh > 0)
		doors_reload(view);
	doors_extend(view);
}

static bool move(struct doors_view *view, enum action action)
{
	int page = MAX(view->height - 1, 1);

	switch (action) {
	case ACTION_UP:
		move_to(view, view->chosen - 1);
		return true;
	case ACTION_DOWN:
		move_to(view, view->chosen + 1);
		return true;
	case ACTION_PAGE_UP:
		move_to(view, view->chosen - page);
		return true;
	case ACTION_PAGE_DOWN:
		move_to(view, view->chosen + page);
		return true;
	case ACTION_FIRST:
		view->follow = true;
		doors_reload(view);
		return true;
	case ACTION_LAST:
		move_to(view, doors_shown(view) - 1);
		return true;
	default:
		return false;
	}
}

static void show_detail(struct doors_view *view, bool shown)
{
	view->detail = shown && doors_at(view, view->chosen) != NULL;
	move_to(view, view->chosen);
}

/* Out of the details, then of the filter, then of the period. */
static bool back(struct doors_view *view)
{
	if (view->detail)
		show_detail(view, false);
	else if (view->typed != NULL)
		filter_typed(view, NULL);
	else if (view->period_ms > 0)
		doors_set_period(view, 0);
	else if (!view->follow)
		move(view, ACTION_FIRST);
	else
		return false;
	return true;
}

static void copy_link(struct doors_view *view)
{
	const struct door_item *item = doors_at(view, view->chosen);

	if (item != NULL && item->row->picture_url != NULL)
		view->desk->copy(view->desk, item->row->picture_url);
	else
		view->desk->toast(view->desk, false, "nothing copied: this release has no picture");
}

static void export_to(void *ctx, const char *path)
{
	struct doors_view *view = ctx;

	if (path != NULL && path[0] != '\0')
		view->desk->export_doors(view->desk, &view->search, path);
}

static void ask_export(struct doors_view *view, const char *argument)
{
	if (!files_possible(view))
		view->desk->toast(view->desk, false, "no file can be written here");
	else if (view->flaw[0] != '\0')
		view->desk->toast(view->desk, false, "nothing written: the filter is not understood");
	else if (argument != NULL)
		export_to(view, argument);
	else
		view->desk->prompt(view->desk, "write to (.csv, .json)", "doors.csv", export_to, NULL, view);
}

static bool act(void *state, enum action action, const char *argument)
{
	struct doors_view *view = state;

	if (!view->whole)
		return false;
	switch (action) {
	case ACTION_OPEN:
		show_detail(view, !view->detail);
		return true;
	case ACTION_BACK:
		return back(view);
	case ACTION_FILTER:
		ask_filter(view, argument);
		return true;
	case ACTION_PERIOD:
		view->follow = true;
		doors_next_period(view);
		return true;
	case ACTION_EXPORT:
		ask_export(view, argument);
		return true;
	case ACTION_COPY:
		copy_link(view);
		return true;
	default:
		return move(view, action);
	}
}

static bool mouse(void *state, const struct input *input)
{
	struct doors_view *view = state;
	int row = input->y - view->list_at.y - view->titles + view->top;

	if (!view->whole || input->type != INPUT_MOUSE)
		return false;
	switch (input->mouse) {
	case MOUSE_WHEEL_UP:
		move_to(view, view->chosen - 3);
		return true;
	case MOUSE_WHEEL_DOWN:
		move_to(view, view->chosen + 3);
		return true;
	case MOUSE_PRESS:
		if (view->list_at.width == 0 || input->x < view->list_at.x ||
		    input->x >= view->list_at.x + view->list_at.width || row < view->top ||
		    row >= MIN(view->top + view->height, doors_shown(view)))
			return false;
		if (row == view->chosen)
			show_detail(view, !view->detail);
		else
			move_to(view, row);
		return true;
	default:
		return false;
	}
}

static const char *word(void *state, enum action action, size_t i)
{
	(void)state;
	return action == ACTION_FILTER ? doors_filter_word(i) : NULL;
}

const struct pane_ops pane_doors = {
	.title = "Doors",
	.action = ACTION_PANE_DOORS,
	.kinds = KINDS,
	.hints = hints,
	.open = open_pane,
	.close = close_pane,
	.update = update,
	.draw = draw,
	.figure = figure,
	.act = act,
	.mouse = mouse,
	.word = word,
	.hints_now = hints_now,
};
