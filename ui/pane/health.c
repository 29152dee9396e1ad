/* Health: every sensor and hive of all accounts, worst first. */
#include "ui/pane.h"

#include "base/moment.h"
#include "ui/health/export.h"
#include "ui/health/words.h"
#include "ui/pane/health_view.h"

#include <limits.h>
#include <string.h>

#define KINDS                                                                                                \
	(KIND_BIT(KIND_SENSORS) | KIND_BIT(KIND_GATEWAYS) | KIND_BIT(KIND_ROOMS) | KIND_BIT(KIND_FLOORS) |   \
	 KIND_BIT(KIND_BUILDINGS))

static const struct hint hints[] = {
	{ACTION_OPEN, "details"},
	{ACTION_FILTER, "filter"},
	{ACTION_SORT, "sort"},
	{ACTION_GROUP, "by floor"},
	{ACTION_BATTERIES, "batteries"},
	{ACTION_EXPORT, "write to a file"},
	{ACTION_COPY, "copy the address"},
	{ACTION_NONE, NULL},
};

static void *open_pane(struct desk *desk)
{
	struct health_view *view = g_new0(struct health_view, 1);
	view->desk = desk;
	view->health = health_new();
	health_refresh(view->health, desk->world);
	health_tables_new(view);
	view->old = true;
	buf_init(&view->scratch, BUF_CEILING_LINE);
	return view;
}

static void close_pane(void *state)
{
	struct health_view *view = state;
	table_free(view->table);
	table_free(view->walk);
	health_free(view->health);
	buf_fini(&view->scratch);
	moment_zone_free(view->zone);
	g_free(view->typed);
	g_free(view->typed_before);
	g_free(view->filter);
	g_free(view);
}

/* Snapshots are looked at every time: when a device was heard of last is no change that is told. */
static bool update(void *state, uint32_t changed)
{
	struct health_view *view = state;
	int64_t minute = world_now_ms(view->desk->world) / 60000;
	bool told = changed & KINDS, aged = minute != view->minute;
	view->minute = minute;
	if (!health_refresh(view->health, view->desk->world))
		return told || aged;
	view->lists++;
	view->old = true;
	return true;
}

static void draw(void *state, struct canvas *canvas, bool whole, bool focus)
{
	struct health_view *view = state;
	view->whole = whole;
	if (whole)
		health_draw_whole(view, canvas, focus);
	else
		health_draw_tile(view, canvas);
}

static void figure(void *state, struct buf *out)
{
	struct health_view *view = state;
	health_add_figure(out, health_total(view->health));
	health_add_as_of(view, out);
}

/* --- filter --- */

static void set_filter(struct health_view *view, const char *typed)
{
	g_free(view->filter);
	g_free(view->typed);
	view->filter = health_filter(typed);
	view->typed = view->filter ? g_strdup(typed) : NULL;
	view->old = true;
}

static void filter_typed(void *ctx, const char *text) { set_filter(ctx, text); }

static void filter_done(void *ctx, const char *text)
{
	struct health_view *view = ctx;
	set_filter(view, text ? text : view->typed_before);
}

static void ask_filter(struct health_view *view, const char *argument)
{
	if (argument) {
		set_filter(view, argument);
		return;
	}
	g_free(view->typed_before);
	view->typed_before = g_strdup(view->typed);
	view->desk->prompt(view->desk, "filter", view->typed, filter_done, filter_typed, view);
}

/* --- order --- */

static void sort(struct health_view *view, const char *argument)
{
	int column = argument ? health_order_parse(argument)
			      : (table_sort_column(view->table) + 1) % HEALTH_ORDERS;
	if (column < 0) {
		g_autofree char *text = g_strdup_printf("no column is called \"%s\"", argument);
		view->desk->toast(view->desk, false, text);
		return;
	}
	/* A walk has but one order. */
	if (!view->walking)
		table_sort(view->table, column, false);
}

static void set_walking(struct health_view *view, bool walking)
{
	view->walking = walking;
	view->detail = false;
}

/* --- export --- */

static void export_to(void *ctx, const char *path)
{
	struct health_view *view = ctx;
	struct table *table = health_table(view);
	enum health_format format = path ? health_format_of(path) : HEALTH_NO_FORMAT;
	size_t n = table_shown(table), length = 0;
	struct buf out;
	if (!path || !*path)
		return;
	if (format == HEALTH_NO_FORMAT) {
		view->desk->toast(view->desk, false, "nothing written: the name must end in .csv or .json");
		return;
	}
	const struct health_item **items = g_new0(const struct health_item *, n + 1);
	for (size_t i = 0; i < n; i++)
		items[i] = health_at(view->health, table_row(table, i));
	buf_init(&out, BUF_CEILING_OUTPUT);
	health_export(items, n, view->desk->world, format, &out);
	g_free(items);
	if (out.error) {
		view->desk->toast(view->desk, false, "nothing written: too much for one file");
		buf_fini(&out);
		return;
	}
	char *bytes = buf_take(&out, &length);
	view->desk->save(view->desk, path, bytes, length, false);
}

static void ask_export(struct health_view *view, const char *argument)
{
	const char *name = view->walking ? "batteries.csv" : "health.csv";
	if (argument)
		export_to(view, argument);
	else
		view->desk->prompt(view->desk, "write to (.csv, .json)", name, export_to, NULL, view);
}

/* --- keys --- */

static bool move(struct health_view *view, enum action action)
{
	struct table *table = health_table(view);
	int page = MAX(table_page(table), 1);
	switch (action) {
	case ACTION_UP:
		table_move(table, -1);
		return true;
	case ACTION_DOWN:
		table_move(table, 1);
		return true;
	case ACTION_PAGE_UP:
		table_move(table, -page);
		return true;
	case ACTION_PAGE_DOWN:
		table_move(table, page);
		return true;
	case ACTION_FIRST:
		table_move(table, -INT_MAX / 2);
		return true;
	case ACTION_LAST:
		table_move(table, INT_MAX / 2);
		return true;
	default:
		return false;
	}
}

/* Out of the details, then of the filter, then of the walking list. */
static bool back(struct health_view *view)
{
	if (view->detail)
		view->detail = false;
	else if (view->filter)
		set_filter(view, NULL);
	else if (view->walking)
		set_walking(view, false);
	else
		return false;
	return true;
}

static void copy_address(struct health_view *view)
{
	const struct health_item *item = health_chosen(view);
	if (item && item->address)
		view->desk->copy(view->desk, item->address);
	else
		view->desk->toast(view->desk, false, "nothing copied: no address is known");
}

static void change_group(struct health_view *view)
{
	if (view->walking)
		return;
	view->grouped = !view->grouped;
	view->old = true;
}

/* As a tile it shows what is worst and no more: keys are for the overview. */
static bool act(void *state, enum action action, const char *argument)
{
	struct health_view *view = state;
	if (!view->whole)
		return false;
	switch (action) {
	case ACTION_OPEN:
		view->detail = !view->detail && health_chosen(view);
		return true;
	case ACTION_BACK:
		return back(view);
	case ACTION_FILTER:
		ask_filter(view, argument);
		return true;
	case ACTION_SORT:
		sort(view, argument);
		return true;
	case ACTION_REVERSE:
		if (!view->walking)
			table_sort(view->table, table_sort_column(view->table),
				   !table_sort_reverse(view->table));
		return true;
	case ACTION_GROUP:
		change_group(view);
		return true;
	case ACTION_BATTERIES:
		set_walking(view, !view->walking);
		return true;
	case ACTION_EXPORT:
		ask_export(view, argument);
		return true;
	case ACTION_COPY:
		copy_address(view);
		return true;
	default:
		return move(view, action);
	}
}

/* --- mouse --- */

static bool press(struct health_view *view, int x, int y)
{
	struct table *table = health_table(view);
	long row = table_at(table, x - view->table_at.x, y - view->table_at.y);
	if (row <= -2 && !view->walking) {
		int column = (int)(-2 - row);
		bool again = column == table_sort_column(table);
		table_sort(table, column, again && !table_sort_reverse(table));
		return true;
	}
	if (row < 0)
		return false;
	if (row == table_selected(table))
		view->detail = !view->detail;
	else
		table_select(table, health_at(view->health, (size_t)row)->key);
	return true;
}

static bool mouse(void *state, const struct input *input)
{
	struct health_view *view = state;
	if (!view->whole || input->type != INPUT_MOUSE)
		return false;
	switch (input->mouse) {
	case MOUSE_WHEEL_UP:
		return table_move(health_table(view), -3);
	case MOUSE_WHEEL_DOWN:
		return table_move(health_table(view), 3);
	case MOUSE_PRESS:
		if (view->table_at.width > 0)
			return press(view, input->x, input->y);
		view->detail = false;
		return true;
	default:
		return false;
	}
}

/* --- taking back --- */

/* Equal looks are equal bytes: nothing lies between or behind. */
struct kept {
	int column;
	uint8_t reverse, grouped, walking;
	char typed[PANE_VIEW_MOST - 8];
};

static size_t view_of(void *state, void *out)
{
	const struct health_view *view = state;
	struct kept *kept = out;
	memset(kept, 0, sizeof(*kept));
	kept->column = table_sort_column(view->table);
	kept->reverse = table_sort_reverse(view->table);
	kept->grouped = view->grouped;
	kept->walking = view->walking;
	g_strlcpy(kept->typed, view->typed ? view->typed : "", sizeof(kept->typed));
	return sizeof(*kept);
}

static void set_view(void *state, const void *from, size_t length)
{
	struct health_view *view = state;
	struct kept kept;
	if (length != sizeof(kept))
		return;
	memcpy(&kept, from, sizeof(kept));
	table_sort(view->table, kept.column, kept.reverse);
	view->grouped = kept.grouped;
	set_walking(view, kept.walking);
	set_filter(view, kept.typed);
}

static const char *word(void *state, enum action action, size_t i)
{
	(void)state;
	return action == ACTION_SORT && i < HEALTH_ORDERS ? health_order_name((enum health_order)i) : NULL;
}

const struct pane_ops pane_health = {
	.title = "Health",
	.action = ACTION_PANE_HEALTH,
	.kinds = KINDS,
	.hints = hints,
	.open = open_pane,
	.close = close_pane,
	.update = update,
	.draw = draw,
	.figure = figure,
	.act = act,
	.mouse = mouse,
	.view = view_of,
	.set_view = set_view,
	.word = word,
};
