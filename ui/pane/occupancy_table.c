/* The list as a table: cells, order, filter, headings. */
#include "ui/pane/occupancy_view.h"

#include <math.h>
#include <string.h>

enum column {
	COLUMN_MARK,
	COLUMN_NAME,
	COLUMN_NOW,
	COLUMN_USE,
	COLUMN_TREND,
	COLUMN_FLOOR,
	COLUMN_SYSTEM,
	COLUMNS
};

static const char *const column_names[COLUMNS] = {"", "Where", "Now", "Use", "Trend", "Floor", "System"};

int occ_columns(void) { return COLUMNS; }

const char *occ_column_name(int column) { return column_names[column]; }

int occ_column_parse(const char *name)
{
	for (int i = COLUMN_NAME; i < COLUMNS; i++)
		if (g_ascii_strcasecmp(column_names[i], name) == 0)
			return i;
	return -1;
}

/* Figures move with every answer, names do not. */
bool occ_column_moves(int column) { return column >= COLUMN_NOW && column <= COLUMN_TREND; }

static struct occ_space *at(const struct occ_view *view, size_t i)
{
	return &g_array_index(view->spaces, struct occ_space, i);
}

static int by_number(double a, double b)
{
	if (isnan(a) || isnan(b))
		return isnan(a) - isnan(b);
	return (a > b) - (a < b);
}

static size_t count(void *ctx) { return ((struct occ_view *)ctx)->spaces->len; }

static const char *id(void *ctx, size_t row) { return at(ctx, row)->key; }

bool occ_is_marked(const struct occ_view *view, const char *key)
{
	for (int i = 0; i < view->n_marked; i++)
		if (strcmp(view->marked[i], key) == 0)
			return true;
	return false;
}

static void mark_cell(struct occ_view *view, const struct occ_space *space, char *out, size_t size)
{
	g_strlcpy(out, "", size);
	for (int i = 0; i < view->n_marked; i++)
		if (strcmp(view->marked[i], space->key) == 0)
			g_snprintf(out, size, "%d", i + 1);
}

/* Floors and rooms are set in under what they are in, as long as they stand there. */
static void name_cell(struct occ_view *view, const struct occ_space *space, char *out, size_t size)
{
	bool tree = table_sort_column(view->table) < 0;
	const char *name = space->name;

	if (space->kind == KIND_BUILDINGS && sites_count(view->sites) > 0 &&
	    strcmp(name, sites_at(view->sites, space->site)->name) == 0 && tree)
		name = "whole building";
	g_snprintf(out, size, "%s%s", !tree ? "" : space->kind == KIND_ROOMS ? "  " : "", name);
}

static void trend_cell(const struct occ_view *view, const struct occ_space *space, char *out, size_t size)
{
	static const char *const arrows[] = {"↓", "→", "↑"}, *const letters[] = {"v", "=", "^"};
	int sign = occ_trend_sign(space);
	struct buf by;

	out[0] = '\0';
	if (sign == 2)
		return;
	buf_init(&by, 64);
	occ_add_number(&by, round(fabs(occ_trend(space)) * 10) / 10, view->desk->ascii);
	g_snprintf(out, size, "%s%s", view->desk->ascii ? letters[sign + 1] : arrows[sign + 1],
		   sign == 0 ? "" : buf_text(&by));
	buf_fini(&by);
}

static struct style role_of(const struct occ_view *view, const struct occ_space *space, int column)
{
	const struct now *now = &space->now;

	if (occ_account_old(view, space->account) || (now->stale && column == COLUMN_NOW))
		return STYLE(STALE);
	switch (column) {
	case COLUMN_MARK:
		return STYLE(ACCENT);
	case COLUMN_NAME:
		return space->kind == KIND_ROOMS ? STYLE(TEXT) : STYLE(STRONG);
	case COLUMN_NOW:
	case COLUMN_USE:
		return now->state == NOW_UNKNOWN ? STYLE(UNKNOWN)
		       : now->utilization > 1    ? STYLE(BAD)
		       : now->state == NOW_FREE  ? STYLE(DIM)
						 : STYLE(STRONG);
	default:
		return STYLE(DIM);
	}
}

static void cell(void *ctx, size_t row, int column, char *out, size_t size, struct style *style)
{
	struct occ_view *view = ctx;
	const struct occ_space *space = at(view, row);
	char figure[24];

	*style = role_of(view, space, column);
	out[0] = '\0';
	switch (column) {
	case COLUMN_MARK:
		mark_cell(view, space, out, size);
		break;
	case COLUMN_NAME:
		name_cell(view, space, out, size);
		break;
	case COLUMN_NOW:
		g_strlcpy(out, now_figure(&space->now, view->desk->ascii, figure), size);
		break;
	case COLUMN_USE:
		if (!isnan(space->now.utilization))
			g_snprintf(out, size, "%ld %%", lround(space->now.utilization * 100));
		else
			g_strlcpy(out, view->desk->ascii ? "-" : "–", size);
		break;
	case COLUMN_TREND:
		trend_cell(view, space, out, size);
		break;
	case COLUMN_FLOOR:
		g_strlcpy(out, space->kind == KIND_ROOMS && space->floor != NULL ? space->floor : "", size);
		break;
	default:
		g_strlcpy(out, world_account_name(view->desk->world, space->account), size);
		break;
	}
}

/* What is not known stands behind, what is most before. */
static int most_first(double a, double b) { return isnan(a) || isnan(b) ? by_number(a, b) : by_number(b, a); }

static int compare(void *ctx, size_t a, size_t b, int column)
{
	const struct occ_view *view = ctx;
	const struct occ_space *x = at(view, a), *y = at(view, b);

	switch (column) {
	case COLUMN_NAME:
		return g_strcmp0(x->name, y->name);
	case COLUMN_NOW:
		return most_first(x->now.people, y->now.people);
	case COLUMN_USE:
		return most_first(x->now.utilization, y->now.utilization);
	case COLUMN_TREND:
		return most_first(occ_trend(x), occ_trend(y));
	case COLUMN_FLOOR:
		return g_strcmp0(x->floor, y->floor);
	case COLUMN_SYSTEM:
		return (x->account > y->account) - (x->account < y->account);
	default:
		return 0;
	}
}

static bool holds(const char *text, const char *word)
{
	char *folded = text == NULL ? NULL : g_utf8_casefold(text, -1);
	bool found = folded != NULL && strstr(folded, word) != NULL;

	g_free(folded);
	return found;
}

static bool shown(void *ctx, size_t row)
{
	const struct occ_view *view = ctx;
	const struct occ_space *space = at(view, row);
	char figure[24];

	for (char **word = view->words; word != NULL && *word != NULL; word++)
		if (**word != '\0' && !holds(space->name, *word) && !holds(space->floor, *word) &&
		    !holds(sites_at(view->sites, space->site)->name, *word) &&
		    !holds(world_account_name(view->desk->world, space->account), *word) &&
		    !(space->kind == KIND_ROOMS && holds(now_figure(&space->now, true, figure), *word)))
			return false;
	return true;
}

static const char *group(void *ctx, size_t row)
{
	const struct occ_view *view = ctx;

	const struct site *site = sites_at(view->sites, at(view, row)->site);

	return sites_count(view->sites) > 1 || site->n_members > 1 ? site->name : NULL;
}

static uint64_t stamp(void *ctx)
{
	const struct occ_view *view = ctx;
	uint64_t old = 0;

	for (unsigned a = 0; a < world_accounts(view->desk->world) && a < 24; a++)
		old = old << 1 | occ_account_old(view, a);
	for (int i = 0; i < view->n_marked; i++)
		old = old * 31 + g_str_hash(view->marked[i]);
	return (uint64_t)view->lists << 32 ^ old ^ (uint64_t)(table_sort_column(view->table) + 1) << 24;
}

struct table *occ_table_new(struct occ_view *view)
{
	const struct table_column columns[COLUMNS] = {
		[COLUMN_MARK] = {column_names[COLUMN_MARK], 1, 1, 0, 8, false},
		[COLUMN_NAME] = {column_names[COLUMN_NAME], 10, 26, 3, 9, false},
		[COLUMN_NOW] = {column_names[COLUMN_NOW], 6, 8, 0, 8, true},
		[COLUMN_USE] = {column_names[COLUMN_USE], 5, 6, 0, 7, true},
		[COLUMN_TREND] = {column_names[COLUMN_TREND], 5, 6, 0, 5, false},
		[COLUMN_FLOOR] = {column_names[COLUMN_FLOOR], 6, 12, 1, 3, false},
		[COLUMN_SYSTEM] = {column_names[COLUMN_SYSTEM], 8, 12, 0, 4, false},
	};
	const struct table_source source = {.count = count,
					    .cell = cell,
					    .id = id,
					    .compare = compare,
					    .shown = shown,
					    .group = group,
					    .ctx = view};
	struct table *table = table_new(columns, COLUMNS, &source);

	table_set_stamp(table, stamp);
	return table;
}

void occ_set_filter(struct occ_view *view, const char *typed)
{
	char *folded;

	g_free(view->typed);
	g_strfreev(view->words);
	view->typed = typed == NULL || *typed == '\0' ? NULL : g_strdup(typed);
	folded = view->typed == NULL ? NULL : g_utf8_casefold(view->typed, -1);
	view->words = folded == NULL ? NULL : g_strsplit(folded, " ", 16);
	g_free(folded);
	view->old = true;
}

struct table *occ_table(struct occ_view *view)
{
	if (view->old)
		table_refresh(view->table);
	view->old = false;
	return view->table;
}

struct occ_space *occ_chosen(struct occ_view *view)
{
	long row = table_selected(occ_table(view));

	return row < 0 || (size_t)row >= view->spaces->len ? NULL : at(view, (size_t)row);
}
