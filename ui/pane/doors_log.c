/* The window into the log: pages of the history in memory, newest first. */
#include "ui/pane/doors_view.h"

#include "core/kind.h"

#include <math.h>
#include <string.h>

static void item_clear(void *memory) { rows_unref(((struct door_item *)memory)->rows); }

void doors_log_init(struct door_log *log)
{
	*log = (struct door_log){.items = g_array_new(FALSE, TRUE, sizeof(struct door_item))};
	g_array_set_clear_func(log->items, item_clear);
}

void doors_log_fini(struct door_log *log) { g_array_unref(log->items); }

const struct door_item *doors_at(const struct doors_view *view, int i)
{
	if (i < 0 || i >= (int)view->log.items->len)
		return NULL;
	return &g_array_index(view->log.items, struct door_item, i);
}

int doors_shown(const struct doors_view *view) { return (int)view->log.items->len; }

/* --- taking pages in --- */

static struct door_item item_of(const struct door_page *page, size_t i)
{
	struct door_item item = {.row = rows_at(page->rows, i),
				 .place = page->places[i],
				 .rows = rows_ref(page->rows)};

	g_strlcpy(item.account, page->accounts[i] == NULL ? "" : page->accounts[i], sizeof(item.account));
	return item;
}

static bool usable(struct doors_view *view, const struct door_page *page)
{
	view->log.asked = true;
	view->log.why[0] = '\0';
	if (page->problem.code == ERR_OK && page->rows != NULL)
		return true;
	problem_text(&page->problem, view->log.why, sizeof(view->log.why));
	return false;
}

static int64_t key_at(const struct doors_view *view, int i)
{
	const struct door_item *item = doors_at(view, i);

	return item == NULL ? 0 : item->place.key;
}

/* The first row is the newest there is. */
static void at_newest(struct doors_view *view)
{
	const struct door_item *first = doors_at(view, 0);

	view->log.newest = first == NULL ? (struct history_place){0} : first->place;
	view->log.cut = false;
	view->log.fresh = 0;
	view->log.fresh_more = false;
	view->log.turn++;
}

/* Keeps the choice by the release, not by its number. */
static void replace_all(struct doors_view *view, const struct door_page *page)
{
	int64_t key = key_at(view, view->chosen);

	g_array_set_size(view->log.items, 0);
	for (size_t i = 0; i < rows_count(page->rows); i++) {
		struct door_item item = item_of(page, i);

		g_array_append_val(view->log.items, item);
	}
	view->log.older = page->more;
	at_newest(view);
	if (view->follow)
		view->chosen = view->top = 0;
	for (int i = 0; !view->follow && i < doors_shown(view); i++)
		if (key_at(view, i) == key)
			view->chosen = i;
	view->chosen = CLAMP(view->chosen, 0, MAX(doors_shown(view) - 1, 0));
}

static void on_newest(void *ctx, const struct door_page *page)
{
	struct doors_view *view = ctx;

	view->log.waiting = false;
	if (usable(view, page))
		replace_all(view, page);
}

/* Rows around the chosen one that are there before they are needed. */
static int near(const struct doors_view *view) { return CLAMP(view->height * 2, 20, DOORS_KEPT / 3); }

static void on_older(void *ctx, const struct door_page *page)
{
	struct doors_view *view = ctx;
	int drop;

	view->log.waiting = false;
	if (!usable(view, page))
		return;
	for (size_t i = 0; i < rows_count(page->rows); i++) {
		struct door_item item = item_of(page, i);

		g_array_append_val(view->log.items, item);
	}
	view->log.older = page->more;
	drop = doors_shown(view) - DOORS_KEPT;
	if (drop <= 0)
		return;
	drop = CLAMP(view->chosen - near(view), 0, drop);
	if (drop == 0)
		return;
	g_array_remove_range(view->log.items, 0, (guint)drop);
	view->chosen -= drop;
	view->top = MAX(view->top - drop, 0);
	view->log.cut = true;
}

static void on_newer(void *ctx, const struct door_page *page)
{
	struct doors_view *view = ctx;
	int n, over;

	view->log.waiting = false;
	if (!usable(view, page))
		return;
	n = (int)rows_count(page->rows);
	for (int i = 0; i < n; i++) {
		struct door_item item = item_of(page, (size_t)i);

		g_array_insert_val(view->log.items, (guint)i, item);
	}
	view->chosen += n;
	view->top += n;
	view->log.cut = page->more;
	if (!page->more)
		at_newest(view);
	else if (key_at(view, 0) > view->log.newest.key)
		view->log.newest = doors_at(view, 0)->place;
	over = doors_shown(view) - DOORS_KEPT;
	if (over > 0) {
		g_array_set_size(view->log.items, DOORS_KEPT);
		view->log.older = true;
	}
	view->chosen = CLAMP(view->chosen, 0, MAX(doors_shown(view) - 1, 0));
}

/* --- without a history: the newest snapshots --- */

static int by_time(const void *a, const void *b)
{
	const struct door_item *x = a, *y = b;

	return (x->row->time_ms < y->row->time_ms) - (x->row->time_ms > y->row->time_ms);
}

static bool fits(const struct doors_view *view, const struct door_release *row, const char *account)
{
	const char *const texts[] = {row->name, row->user, row->unit, row->method, row->type};
	g_autofree char *wanted = g_utf8_casefold(view->search.text, -1);
	bool found = wanted[0] == '\0';

	if (view->search.account[0] != '\0' && strcmp(account, view->search.account) != 0)
		return false;
	if ((view->search.method[0] != '\0' && g_strcmp0(row->method, view->search.method) != 0) ||
	    (view->search.type[0] != '\0' && g_strcmp0(row->type, view->search.type) != 0) ||
	    (view->search.unit_id[0] != '\0' && g_strcmp0(row->unit_id, view->search.unit_id) != 0) ||
	    (view->search.user_id[0] != '\0' && g_strcmp0(row->user_id, view->search.user_id) != 0))
		return false;
	if ((view->search.since_ms != MOMENT_NONE && row->time_ms < view->search.since_ms) ||
	    (view->search.until_ms != MOMENT_NONE && row->time_ms >= view->search.until_ms))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(texts) && !found; i++) {
		g_autofree char *text = texts[i] == NULL ? NULL : g_utf8_casefold(texts[i], -1);

		found = text != NULL && strstr(text, wanted) != NULL;
	}
	return found;
}

/* Snapshots have no places: the choice is kept by account and id. */
static void choose_again(struct doors_view *view, const char *id, const char *account)
{
	for (int i = 0; id != NULL && i < doors_shown(view); i++) {
		const struct door_item *item = doors_at(view, i);

		if (g_strcmp0(item->row->id, id) == 0 && strcmp(item->account, account) == 0)
			view->chosen = i;
	}
	view->chosen = view->follow ? 0 : CLAMP(view->chosen, 0, MAX(doors_shown(view) - 1, 0));
}

static void load_snapshots(struct doors_view *view)
{
	struct world *world = view->desk->world;
	const struct door_item *chosen = doors_at(view, view->chosen);
	g_autofree char *id = chosen == NULL ? NULL : g_strdup(chosen->row->id),
			*of = chosen == NULL ? NULL : g_strdup(chosen->account);

	g_array_set_size(view->log.items, 0);
	for (unsigned a = 0; a < world_accounts(world); a++) {
		const struct rows *rows = world_rows(world, a, KIND_DOORS);

		for (size_t i = 0; rows != NULL && i < rows_count(rows); i++) {
			struct door_item item = {.row = rows_at(rows, i)};

			if (!fits(view, item.row, world_account_name(world, a)))
				continue;
			item.rows = rows_ref(rows);
			g_strlcpy(item.account, world_account_name(world, a), sizeof(item.account));
			item.place = (struct history_place){item.row->time_ms, (int64_t)i + 1};
			g_array_append_val(view->log.items, item);
		}
		view->log.asked |= rows != NULL;
	}
	g_array_sort(view->log.items, by_time);
	choose_again(view, id, of);
}

/* --- asking --- */

void doors_reload(struct doors_view *view)
{
	struct door_search search;

	doors_settle_search(view);
	search = view->search;
	if (!view->history) {
		load_snapshots(view);
		return;
	}
	search.after = (struct history_place){0};
	search.newer = false;
	search.limit = view->whole ? DOORS_PAGE : DOORS_SHORT;
	view->log.waiting = true;
	view->log.turn++;
	view->desk->find_doors(view->desk, DOORS_SLOT_PAGE, &search, on_newest, view);
}

static void on_fresh(void *ctx, const struct door_page *page)
{
	struct doors_view *view = ctx;

	if (view->log.asked_turn != view->log.turn || view->follow || !usable(view, page))
		return;
	view->log.fresh = (unsigned)rows_count(page->rows);
	view->log.fresh_more = page->more;
}

void doors_look_for_new(struct doors_view *view)
{
	struct door_search search = view->search;

	if (view->follow || doors_shown(view) == 0 || !view->history) {
		doors_reload(view);
		return;
	}
	view->log.asked_turn = view->log.turn;
	search.after = view->log.newest;
	search.newer = true;
	search.limit = HISTORY_PAGE_MOST;
	view->desk->find_doors(view->desk, DOORS_SLOT_NEWER, &search, on_fresh, view);
}

void doors_extend(struct doors_view *view)
{
	struct door_search search = view->search;
	int n = doors_shown(view);

	if (view->log.waiting || !view->history || n == 0)
		return;
	search.limit = DOORS_PAGE;
	if (view->log.older && view->chosen + near(view) >= n) {
		search.after = doors_at(view, n - 1)->place;
		view->log.waiting = true;
		view->desk->find_doors(view->desk, DOORS_SLOT_PAGE, &search, on_older, view);
	} else if (view->log.cut && view->chosen < near(view)) {
		search.after = doors_at(view, 0)->place;
		search.newer = true;
		view->log.waiting = true;
		view->desk->find_doors(view->desk, DOORS_SLOT_PAGE, &search, on_newer, view);
	}
}

static void on_count(void *ctx, const struct door_counts *counts)
{
	struct doors_view *view = ctx;
	unsigned day = 0;

	for (size_t i = 0; i < DOORS_HOURS; i++) {
		view->hours[i] = i < counts->n ? counts->count[i] : 0;
		day += i < counts->n ? counts->count[i] : 0;
	}
	view->hours_from_ms = counts->since_ms;
	view->today = day;
}

void doors_recount(struct doors_view *view)
{
	const int64_t hour_ms = 3600000;
	struct door_search search = view->search;
	int64_t now_ms = world_now_ms(view->desk->world);

	search.since_ms = now_ms - now_ms % hour_ms - (DOORS_HOURS - 1) * hour_ms;
	search.until_ms = MOMENT_NONE;
	search.limit = 1;
	if (view->history && view->desk->count_doors != NULL)
		view->desk->count_doors(view->desk, DOORS_SLOT_COUNT, &search, hour_ms, on_count, view);
}
