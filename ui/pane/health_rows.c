/* The rows of the health pane's tables. */
#include "ui/pane/health_view.h"

#include "base/moment.h"
#include "ui/health/words.h"

#include <math.h>
#include <string.h>

#define DAYS_FAR 99

/* title, least, ideal, stretch, priority, right */
#define STATUS                                                                                               \
	{                                                                                                    \
		"Status", 10, 14, 0, 100, false                                                              \
	}
#define SINCE                                                                                                \
	{                                                                                                    \
		"For", 6, 7, 0, 90, false                                                                    \
	}
#define BATTERY                                                                                              \
	{                                                                                                    \
		"Battery", 10, 12, 0, 70, false                                                              \
	}
#define DEVICE                                                                                               \
	{                                                                                                    \
		"Device", 12, 18, 3, 95, false                                                               \
	}
#define ROOM                                                                                                 \
	{                                                                                                    \
		"Room", 12, 16, 3, 60, false                                                                 \
	}
#define SEEN                                                                                                 \
	{                                                                                                    \
		"Seen", 6, 7, 0, 45, true                                                                    \
	}
#define ADDRESS                                                                                              \
	{                                                                                                    \
		"Address", 23, 23, 0, 18, false                                                              \
	}

/* In the order of enum health_order, whose numbers the columns are. */
static const struct table_column columns[HEALTH_ORDERS] = {
	[HEALTH_BY_STATUS] = STATUS,
	[HEALTH_BY_SINCE] = SINCE,
	[HEALTH_BY_BATTERY] = BATTERY,
	[HEALTH_BY_NAME] = DEVICE,
	[HEALTH_BY_TYPE] = {"Kind", 8, 9, 0, 40, false},
	[HEALTH_BY_ROOM] = ROOM,
	[HEALTH_BY_FLOOR] = {"Floor", 12, 12, 1, 50, false},
	[HEALTH_BY_SEEN] = SEEN,
	[HEALTH_BY_BUILDING] = {"Building", 14, 16, 1, 20, false},
	[HEALTH_BY_ACCOUNT] = {"Account", 7, 9, 0, 15, false},
	[HEALTH_BY_ADDRESS] = ADDRESS,
};

/* What somebody needs who carries batteries; building and floor are headings. */
static const enum health_order walk_orders[] = {HEALTH_BY_ROOM,   HEALTH_BY_NAME, HEALTH_BY_BATTERY,
						HEALTH_BY_STATUS, HEALTH_BY_SEEN, HEALTH_BY_ADDRESS};
static const struct table_column walk_columns[] = {ROOM, DEVICE, BATTERY, STATUS, SEEN, ADDRESS};

const char *health_order_name(enum health_order order) { return columns[order].title; }

int health_order_parse(const char *name)
{
	for (int order = 0; order < HEALTH_ORDERS; order++) {
		if (g_ascii_strncasecmp(columns[order].title, name, strlen(name)) == 0 && *name)
			return order;
	}
	return -1;
}

struct table *health_table(struct health_view *view)
{
	if (view->old) {
		table_refresh(view->table);
		table_refresh(view->walk);
	}
	view->old = false;
	return view->walking ? view->walk : view->table;
}

const struct health_item *health_chosen(struct health_view *view)
{
	long row = table_selected(health_table(view));
	return row < 0 || (size_t)row >= health_count(view->health) ? NULL
								    : health_at(view->health, (size_t)row);
}

struct style health_style(const struct health_item *item, enum role role)
{
	return (struct style){item->stale ? ROLE_STALE : (uint16_t)role, ROLE_GROUND, 0};
}

static const struct health_item *item_at(void *ctx, size_t row)
{
	const struct health_view *view = ctx;
	return health_at(view->health, row);
}

static size_t count(void *ctx)
{
	const struct health_view *view = ctx;
	return health_count(view->health);
}

static const char *id(void *ctx, size_t row) { return item_at(ctx, row)->key; }

static void put(char *out, size_t size, const char *text)
{
	size_t length = text ? strnlen(text, size - 1) : 0;
	memcpy(out, text ? text : "", length);
	out[length] = '\0';
}

static void put_span(char *out, size_t size, struct health_view *view, int64_t from_ms)
{
	if (from_ms == MOMENT_NONE)
		return;
	buf_reset(&view->scratch);
	health_add_span(&view->scratch, world_now_ms(view->desk->world) - from_ms);
	put(out, size, buf_text(&view->scratch));
}

/* Where the percentage is told, days far away would only be cut. */
static void put_battery(char *out, size_t size, struct health_view *view, const struct health_item *item)
{
	struct health_item shown_item = *item;
	buf_reset(&view->scratch);
	if (item->battery_percent >= 0 && item->battery_days > DAYS_FAR)
		shown_item.battery_days = NAN;
	health_add_battery(&view->scratch, &shown_item);
	put(out, size, buf_text(&view->scratch));
}

static enum role role_of(const struct health_item *item, enum health_order column)
{
	switch (column) {
	case HEALTH_BY_STATUS:
	case HEALTH_BY_SINCE:
		return health_role(item->state);
	case HEALTH_BY_BATTERY:
		return item->due ? ROLE_WARN : ROLE_TEXT;
	case HEALTH_BY_NAME:
		return health_state_needs(item->state) ? ROLE_STRONG : ROLE_TEXT;
	case HEALTH_BY_ROOM:
	case HEALTH_BY_FLOOR:
		return ROLE_TEXT;
	default:
		return ROLE_DIM;
	}
}

static void cell_of(struct health_view *view, const struct health_item *item, enum health_order column,
		    char *out, size_t size)
{
	switch (column) {
	case HEALTH_BY_STATUS:
		put(out, size, health_sign(item->state, view->desk->ascii));
		g_strlcat(out, " ", size);
		g_strlcat(out, health_word(item->state), size);
		break;
	case HEALTH_BY_SINCE:
		put_span(out, size, view, item->since_ms);
		break;
	case HEALTH_BY_BATTERY:
		put_battery(out, size, view, item);
		break;
	case HEALTH_BY_SEEN:
		put_span(out, size, view, item->last_seen_ms);
		break;
	case HEALTH_BY_NAME:
		put(out, size, item->name);
		break;
	case HEALTH_BY_TYPE:
		put(out, size, item->type);
		break;
	case HEALTH_BY_ROOM:
		put(out, size, item->room);
		break;
	case HEALTH_BY_FLOOR:
		put(out, size, item->floor);
		break;
	case HEALTH_BY_BUILDING:
		put(out, size, item->building);
		break;
	case HEALTH_BY_ACCOUNT:
		put(out, size, world_account_name(view->desk->world, item->account));
		break;
	case HEALTH_BY_ADDRESS:
		put(out, size, item->address);
		break;
	case HEALTH_ORDERS:
		break;
	}
}

static void cell(void *ctx, size_t row, int column, char *out, size_t size, struct style *style)
{
	const struct health_item *item = item_at(ctx, row);
	out[0] = '\0';
	cell_of(ctx, item, (enum health_order)column, out, size);
	*style = health_style(item, role_of(item, (enum health_order)column));
}

/* Grouped, the floor with the worst device comes first: the table keeps the order of the rows. */
static int compare(void *ctx, size_t a, size_t b, int column)
{
	return health_compare(item_at(ctx, a), item_at(ctx, b), (enum health_order)column);
}

static bool shown(void *ctx, size_t row)
{
	const struct health_view *view = ctx;
	return health_matches(item_at(ctx, row), view->filter);
}

static const char *group(void *ctx, size_t row)
{
	const struct health_view *view = ctx;
	return view->grouped ? item_at(ctx, row)->place : NULL;
}

/* Cells change with the list, and with the second, as they say how long ago. */
static uint64_t stamp(void *ctx)
{
	const struct health_view *view = ctx;
	return (uint64_t)view->lists << 40 ^ (uint64_t)(world_now_ms(view->desk->world) / 1000);
}

/* --- the walking list --- */

static void walk_cell(void *ctx, size_t row, int column, char *out, size_t size, struct style *style)
{
	cell(ctx, row, (int)walk_orders[column], out, size, style);
}

/* There is one order for a walk, whatever column is asked for. */
static int walk_compare(void *ctx, size_t a, size_t b, int column)
{
	(void)column;
	return health_compare_walk(item_at(ctx, a), item_at(ctx, b));
}

static bool walk_shown(void *ctx, size_t row) { return item_at(ctx, row)->due && shown(ctx, row); }

static const char *walk_group(void *ctx, size_t row) { return item_at(ctx, row)->place; }

void health_tables_new(struct health_view *view)
{
	view->all = (struct table_source){count, cell, id, compare, shown, group, view};
	view->due = (struct table_source){count, walk_cell, id, walk_compare, walk_shown, walk_group, view};
	view->table = table_new(columns, HEALTH_ORDERS, &view->all);
	view->walk = table_new(walk_columns, (int)G_N_ELEMENTS(walk_columns), &view->due);
	table_set_stamp(view->table, stamp);
	table_set_stamp(view->walk, stamp);
	table_sort(view->table, HEALTH_BY_STATUS, false);
	table_sort(view->walk, 0, false);
}
