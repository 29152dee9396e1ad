/* Keys: visitor keys and keychains, and their QR codes; issuing and revoking. */
#include "ui/pane.h"

#include "ui/pane/keys_view.h"

#include <limits.h>
#include <string.h>

#define KINDS                                                                                                \
	(KIND_BIT(KIND_KEYS) | KIND_BIT(KIND_KEYCHAINS) | KIND_BIT(KIND_UNITS) | KIND_BIT(KIND_TENANTS) |    \
	 KIND_BIT(KIND_USERS) | KIND_BIT(KIND_BUILDINGS))

/* All there can be; what there is at a moment is told by hints_now. */
static const struct hint hints[] = {
	{ACTION_ISSUE, "new key"}, {ACTION_OPEN, "code"},  {ACTION_REVOKE, "revoke"},
	{ACTION_COPY, "copy"},     {ACTION_WRITE, "save"}, {ACTION_PRINT, "print"},
	{ACTION_FILTER, "filter"}, {ACTION_SORT, "sort"},  {ACTION_REVERSE, "turn the order"},
	{ACTION_NONE, NULL},
};

static const struct raw_hint dialog_hints[] = {{"Tab", "choose"},
					       {"Enter", "answer"},
					       {"Esc", "leave it"},
					       {NULL, NULL}};

/* --- hiding the code --- */

static void touch(struct keys_view *view)
{
	view->touched_ms = world_now_ms(view->desk->world);
	view->blank = false;
}

/* True when it was hidden now. */
static bool hide(struct keys_view *view)
{
	int64_t most_ms = view->desk->qr_blank_ms;
	bool blank = most_ms > 0 && world_now_ms(view->desk->world) - view->touched_ms >= most_ms;
	bool changed = blank && !view->blank;
	view->blank = view->blank || blank;
	return changed;
}

/* --- life --- */

static void *open_pane(struct desk *desk)
{
	struct keys_view *view = g_new0(struct keys_view, 1);
	view->desk = desk;
	view->codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, keys_code_free);
	keys_rows_new(view);
	touch(view);
	return view;
}

static void close_pane(void *state)
{
	struct keys_view *view = state;
	if (view->desk->forget)
		view->desk->forget(view->desk, view);
	keys_issue_free(view);
	g_hash_table_unref(view->codes);
	keys_rows_free(view);
	dialog_fini(&view->dialog);
	g_free(view->revoke_name);
	if (view->issued)
		g_ptr_array_unref(view->issued);
	g_free(view);
}

/* The minute counts too: states follow the clock. */
static bool update(void *state, uint32_t changed)
{
	struct keys_view *view = state;
	bool fresh = view->fresh, hidden = hide(view);
	view->fresh = false;
	if (!keys_rows_old(view) && view->minute == world_now_ms(view->desk->world) / 60000)
		return fresh || hidden || (changed & KINDS);
	keys_rows_refresh(view);
	return true;
}

/* As a tile of another pane it has no keys: the list alone, without a code that nobody asked for. */
static void draw(void *state, struct canvas *canvas, bool whole, bool focus)
{
	struct keys_view *view = state;
	view->whole = whole;
	if (keys_rows_old(view))
		keys_rows_refresh(view);
	keys_draw(view, canvas, focus);
}

static void figure(void *state, struct buf *out)
{
	const struct keys_view *view = state;
	if (view->keys > 0)
		buf_addf(out, "%zu %s %zu active", view->keys, view->desk->ascii ? "-" : "·", view->active);
}

/* --- list --- */

static void filter_typed(void *ctx, const char *text) { keys_set_filter(ctx, text); }

static void filter_done(void *ctx, const char *text)
{
	struct keys_view *view = ctx;
	g_autofree char *kept = g_strdup(text ? text : view->typed_before);
	keys_set_filter(view, kept);
}

static void ask_filter(struct keys_view *view, const char *argument)
{
	if (argument) {
		keys_set_filter(view, argument);
		return;
	}
	g_free(view->typed_before);
	view->typed_before = g_strdup(view->typed);
	view->desk->prompt(view->desk, "filter", view->typed, filter_done, filter_typed, view);
}

static void sort(struct keys_view *view, const char *argument)
{
	int order = argument ? -1 : (int)(view->order + 1) % KEYS_ORDERS;
	for (int i = 0; argument && i < KEYS_ORDERS; i++)
		if (strcmp(argument, keys_order_name((enum keys_order)i)) == 0)
			order = i;
	if (order < 0) {
		view->desk->toast(view->desk, false, "orders: time, name, unit");
		return;
	}
	view->order = (enum keys_order)order;
	keys_rows_refresh(view);
}

static bool move(struct keys_view *view, enum action action)
{
	int page = MAX(table_page(view->table), 1);
	switch (action) {
	case ACTION_UP:
		table_move(view->table, -1);
		return true;
	case ACTION_DOWN:
		table_move(view->table, 1);
		return true;
	case ACTION_PAGE_UP:
		table_move(view->table, -page);
		return true;
	case ACTION_PAGE_DOWN:
		table_move(view->table, page);
		return true;
	case ACTION_FIRST:
		table_move(view->table, -INT_MAX / 2);
		return true;
	case ACTION_LAST:
		table_move(view->table, INT_MAX / 2);
		return true;
	default:
		return false;
	}
}

/* Right opens what is folded, Left folds it, or the keychain of the chosen key. */
static void fold(struct keys_view *view, bool open)
{
	const struct keys_item *item = keys_chosen(view);
	char id[120];
	if (item && item->what != KEYS_KEY && item->folded == open)
		keys_fold(view, item);
	else if (item && item->child && !open) {
		g_snprintf(id, sizeof(id), "c:%u:%s", item->account, item->key->keychain_id);
		table_select(view->table, id);
	}
}

/* Other keys while one code is shown whole, without the list. */
static bool turn_issued(struct keys_view *view, enum action action)
{
	int by = action == ACTION_DOWN || action == ACTION_RIGHT || action == ACTION_PAGE_DOWN ? 1
		 : action == ACTION_UP || action == ACTION_LEFT || action == ACTION_PAGE_UP    ? -1
											       : 0;
	if (by == 0)
		return false;
	view->issued_at = (size_t)CLAMP((long)view->issued_at + by, 0, (long)view->issued->len - 1);
	return true;
}

/* Back in the list the key that was just made is the chosen one, once the list has it. */
static void to_list(struct keys_view *view)
{
	struct keys_item made;
	char id[sizeof(made.id)];
	if (view->page == KEYS_ISSUED && keys_subject(view, &made) && made.key->id) {
		g_snprintf(id, sizeof(id), "k:%u:%s", made.account, made.key->id);
		table_select(view->table, id);
	}
	view->page = KEYS_LIST;
}

static void open_chosen(struct keys_view *view)
{
	const struct keys_item *item = keys_chosen(view);
	if (view->page != KEYS_LIST)
		to_list(view);
	else if (item && item->what == KEYS_KEY)
		view->page = KEYS_WHOLE;
	else
		keys_fold(view, item);
}

static bool back(struct keys_view *view)
{
	if (view->page != KEYS_LIST)
		to_list(view);
	else if (view->filter)
		keys_set_filter(view, NULL);
	else
		return false;
	return true;
}

/* --- actions --- */

/* What the list and the code have in common. */
static bool act_on_key(struct keys_view *view, enum action action, const char *argument)
{
	switch (action) {
	case ACTION_OPEN:
		open_chosen(view);
		return true;
	case ACTION_BACK:
		return back(view);
	case ACTION_ISSUE:
		keys_issue_open(view);
		return true;
	case ACTION_REVOKE:
		keys_revoke_ask(view);
		return true;
	case ACTION_COPY:
		keys_copy(view);
		return true;
	case ACTION_WRITE:
		keys_write(view, argument);
		return true;
	case ACTION_PRINT:
		keys_print(view);
		return true;
	default:
		return false;
	}
}

static bool act(void *state, enum action action, const char *argument)
{
	struct keys_view *view = state;
	if (!view->whole)
		return false;
	touch(view);
	if (act_on_key(view, action, argument))
		return true;
	if (view->page == KEYS_ISSUED)
		return turn_issued(view, action);
	switch (action) {
	case ACTION_FILTER:
		view->page = KEYS_LIST;
		ask_filter(view, argument);
		return true;
	case ACTION_SORT:
		sort(view, argument);
		return true;
	case ACTION_REVERSE:
		view->reverse = !view->reverse;
		keys_rows_refresh(view);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		fold(view, action == ACTION_RIGHT);
		return true;
	default:
		return move(view, action);
	}
}

static const struct hint *hints_now(void *state) { return keys_hints(state); }

static const struct raw_hint *raw(void *state)
{
	const struct keys_view *view = state;
	if (view->dialog.n > 0)
		return dialog_hints;
	return view->issue ? keys_issue_hints(view) : NULL;
}

static bool input(void *state, const struct input *input)
{
	struct keys_view *view = state;
	touch(view);
	if (view->dialog.n > 0) {
		keys_revoke_input(view, input);
		return true;
	}
	return view->issue && keys_issue_input(view, input);
}

/* --- mouse --- */

static bool press(struct keys_view *view, int x, int y)
{
	long row = table_at(view->table, x - view->table_at.x, y - view->table_at.y);
	if (row < 0 || (size_t)row >= view->items->len)
		return false;
	if (row == table_selected(view->table))
		open_chosen(view);
	else
		table_select(view->table, g_array_index(view->items, struct keys_item, row).id);
	return true;
}

static bool mouse(void *state, const struct input *event)
{
	struct keys_view *view = state;
	touch(view);
	if (!view->whole || view->issue || view->dialog.n > 0 || view->page != KEYS_LIST)
		return false;
	switch (event->mouse) {
	case MOUSE_WHEEL_UP:
		return table_move(view->table, -3);
	case MOUSE_WHEEL_DOWN:
		return table_move(view->table, 3);
	case MOUSE_PRESS:
		return press(view, event->x, event->y);
	default:
		return false;
	}
}

/* --- taking back --- */

/* Equal looks are equal bytes: nothing lies between or behind. */
struct kept {
	int32_t order, reverse;
	char typed[PANE_VIEW_MOST - 8];
};

static size_t view_of(void *state, void *out)
{
	const struct keys_view *view = state;
	struct kept *kept = out;
	memset(kept, 0, sizeof(*kept));
	kept->order = (int32_t)view->order;
	kept->reverse = view->reverse;
	g_strlcpy(kept->typed, view->typed ? view->typed : "", sizeof(kept->typed));
	return sizeof(*kept);
}

static void set_view(void *state, const void *from, size_t length)
{
	struct keys_view *view = state;
	struct kept kept;
	if (length != sizeof(kept))
		return;
	memcpy(&kept, from, sizeof(kept));
	view->order = (enum keys_order)kept.order;
	view->reverse = kept.reverse != 0;
	keys_set_filter(view, kept.typed);
}

static const char *word(void *state, enum action action, size_t i)
{
	(void)state;
	return action == ACTION_SORT && i < KEYS_ORDERS ? keys_order_name((enum keys_order)i) : NULL;
}

const struct pane_ops pane_keys = {
	.title = "Keys",
	.action = ACTION_PANE_KEYS,
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
	.hints_now = hints_now,
	.raw = raw,
	.input = input,
};
