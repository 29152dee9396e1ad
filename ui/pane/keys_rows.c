/* The lines of the keys pane: keychains with their keys and single keys, in groups by state. */
#include "ui/pane/keys_view.h"

#include <string.h>

#define KEPT ((enum kind[]){KIND_KEYS, KIND_KEYCHAINS, KIND_UNITS, KIND_TENANTS, KIND_USERS, KIND_BUILDINGS})
#define N_KEPT 6

/* In the order in which they stand. Expired and revoked keys are one group: they open nothing. */
static const struct {
	const char *title, *id;
	bool folded;
} groups[] = {
	{"Active", "active", false},     {"Scheduled", "scheduled", false}, {"Paused", "paused", false},
	{"Not known", "unknown", false}, {"Ended", "ended", true},
};

const char *keys_group_title(int group) { return groups[group].title; }

int keys_group_of(enum key_state state)
{
	switch (state) {
	case KEY_ACTIVE:
		return 0;
	case KEY_SCHEDULED:
		return 1;
	case KEY_PAUSED:
		return 2;
	case KEY_EXPIRED:
	case KEY_REVOKED:
		return 4;
	default:
		return 3;
	}
}

/* --- time zones --- */

/* A zone of this computer as an offset: it has a name only for itself. */
static void settle_local_zone(struct keys_view *view)
{
	struct moment_zone *zone = moment_zone_new_local();
	int offset = moment_split(world_now_ms(view->desk->world), zone).utc_offset_s / 60;
	g_snprintf(view->local_zone, sizeof(view->local_zone), "%c%02d:%02d", offset < 0 ? '-' : '+',
		   ABS(offset) / 60, ABS(offset) % 60);
	moment_zone_free(zone);
}

static const struct building *building_of(const struct keys_view *view, unsigned account, const char *unit_id)
{
	const struct world *world = view->desk->world;
	const struct unit *unit = unit_id ? world_find(world, account, KIND_UNITS, unit_id) : NULL;
	const struct rows *all = world_rows(world, account, KIND_BUILDINGS);
	if (unit && unit->building_id)
		return world_find(world, account, KIND_BUILDINGS, unit->building_id);
	/* Where there is but one building there is no doubt. */
	return all && rows_count(all) == 1 ? rows_at(all, 0) : NULL;
}

const char *keys_zone(struct keys_view *view, unsigned account, const char *unit_id, bool *told)
{
	const struct building *building = building_of(view, account, unit_id);
	const char *name = building ? building->timezone : NULL;
	if (!name && view->desk->account_zone)
		name = view->desk->account_zone(view->desk, account);
	*told = name != NULL;
	return name ? name : view->local_zone;
}

/* --- the tree --- */

static int64_t date_ms(const char *date) { return date ? moment_parse(date) : MOMENT_NONE; }

/* What a group is sorted by: what ends next, what begins next, what ended last. */
static int64_t order_ms(const struct keys_item *item)
{
	bool starts = item->state == KEY_SCHEDULED;
	int64_t from_ms = item->key ? item->key->activated_ms : MOMENT_NONE,
		to_ms = item->key ? item->key->expired_ms : MOMENT_NONE, ms;
	if (item->chain && from_ms == MOMENT_NONE)
		from_ms = date_ms(item->chain->valid_date_from);
	if (item->chain && to_ms == MOMENT_NONE)
		to_ms = date_ms(item->chain->valid_date_to);
	ms = starts ? from_ms : to_ms;
	if (ms == MOMENT_NONE)
		ms = INT64_MAX;
	return keys_group_of(item->state) == KEYS_GROUP_ENDED && ms != INT64_MAX ? -ms : ms;
}

static void fill_chain(struct keys_view *view, struct keys_item *item, int64_t now_ms)
{
	const struct unit *unit = item->chain->unit_id ? world_find(view->desk->world, item->account,
								    KIND_UNITS, item->chain->unit_id)
						       : NULL;
	item->what = KEYS_CHAIN;
	item->unit = unit && unit->name ? unit->name : item->chain->unit_id;
	item->zone = keys_zone(view, item->account, item->chain->unit_id, &item->zone_told);
	item->state = keychain_state_at(item->chain, item->zone, now_ms);
	item->order_ms = order_ms(item);
	g_snprintf(item->id, sizeof(item->id), "c:%u:%s", item->account,
		   item->chain->id ? item->chain->id : "");
}

static void fill_key(struct keys_view *view, struct keys_item *item, int64_t now_ms)
{
	const struct access_key *key = item->key;
	const char *unit_id = key->unit_id ? key->unit_id : item->chain ? item->chain->unit_id : NULL;
	const struct unit *unit = unit_id ? world_find(view->desk->world, item->account, KIND_UNITS, unit_id)
					  : NULL;
	item->what = KEYS_KEY;
	item->unit = key->unit ? key->unit : unit && unit->name ? unit->name : unit_id;
	item->zone = keys_zone(view, item->account, unit_id, &item->zone_told);
	item->state = key_state_at(key, item->chain, item->zone, now_ms);
	item->order_ms = order_ms(item);
	g_snprintf(item->id, sizeof(item->id), "k:%u:%s", item->account, key->id ? key->id : "");
}

static int compare_text(const char *a, const char *b) { return g_utf8_collate(a ? a : "", b ? b : ""); }

struct sorting {
	enum keys_order order;
	bool reverse;
};

static int compare(const void *left, const void *right, void *ctx)
{
	const struct keys_item *a = left, *b = right;
	const struct sorting *sorting = ctx;
	int by = keys_group_of(a->state) - keys_group_of(b->state);
	if (by != 0)
		return by;
	if (sorting->order == KEYS_BY_UNIT)
		by = compare_text(a->unit, b->unit);
	if (sorting->order == KEYS_BY_TIME)
		by = (a->order_ms > b->order_ms) - (a->order_ms < b->order_ms);
	by = by ? by : compare_text(keys_name_of(a), keys_name_of(b));
	by = by ? by : strcmp(a->id, b->id);
	return sorting->reverse ? -by : by;
}

/* --- filter --- */

static bool holds(const char *text, const char *filter)
{
	if (!text)
		return false;
	char *folded = g_utf8_casefold(text, -1);
	bool found = strstr(folded, filter) != NULL;
	g_free(folded);
	return found;
}

static bool matches(const struct keys_item *item, const char *filter)
{
	const struct access_key *key = item->key;
	if (filter && key && item->chain && holds(item->chain->name, filter))
		return true;
	if (!filter || holds(keys_name_of(item), filter) || holds(item->unit, filter) ||
	    holds(key_state_name(item->state), filter))
		return true;
	return key && (holds(key->email, filter) || holds(key->sms_number, filter) ||
		       holds(key->user, filter) || holds(key->key_code, filter));
}

void keys_set_filter(struct keys_view *view, const char *typed)
{
	g_free(view->filter);
	g_free(view->typed);
	view->typed = typed && *typed ? g_strdup(typed) : NULL;
	view->filter = view->typed ? g_utf8_casefold(view->typed, -1) : NULL;
	keys_rows_refresh(view);
}

/* --- building --- */

struct build {
	struct keys_view *view;
	int64_t now_ms;
	GArray *tops;       /* struct keys_item */
	GHashTable *chains; /* "account:id" → index + 1 into kids */
	GPtrArray *kids;    /* GArray of struct keys_item, one a keychain */
};

static char *chain_id(unsigned account, const char *id) { return g_strdup_printf("%u:%s", account, id); }

static void add_chains(struct build *build)
{
	const struct keychain *chain;
	for (struct world_cursor c = {0};
	     (chain = world_next(build->view->desk->world, KIND_KEYCHAINS, &c)) != NULL;) {
		struct keys_item item = {.account = c.account, .chain = chain};
		fill_chain(build->view, &item, build->now_ms);
		/* The number leads to its keys until they are in place. */
		item.n = build->kids->len;
		g_ptr_array_add(build->kids, g_array_new(FALSE, FALSE, sizeof(struct keys_item)));
		if (chain->id)
			g_hash_table_replace(build->chains, chain_id(c.account, chain->id),
					     GSIZE_TO_POINTER(build->kids->len));
		g_array_append_val(build->tops, item);
	}
}

static void add_keys(struct build *build)
{
	struct keys_view *view = build->view;
	const struct access_key *key;
	view->keys = view->active = 0;
	for (struct world_cursor c = {0}; (key = world_next(view->desk->world, KIND_KEYS, &c)) != NULL;) {
		struct keys_item item = {.account = c.account, .key = key};
		size_t at = 0;
		if (key->keychain_id) {
			char *id = chain_id(c.account, key->keychain_id);
			item.chain = world_find(view->desk->world, c.account, KIND_KEYCHAINS,
						key->keychain_id);
			at = GPOINTER_TO_SIZE(g_hash_table_lookup(build->chains, id));
			g_free(id);
		}
		fill_key(view, &item, build->now_ms);
		item.child = at > 0;
		view->keys++;
		view->active += item.state == KEY_ACTIVE;
		g_array_append_val(at > 0 ? g_ptr_array_index(build->kids, at - 1) : build->tops, item);
	}
}

static bool is_folded(const struct keys_view *view, const char *id, bool usual)
{
	if (view->filter)
		return false;
	return usual != g_hash_table_contains(view->turned, id);
}

/* A keychain that was made for one key says nothing that the key does not say. */
static void join_single(struct build *build)
{
	for (guint i = 0; i < build->tops->len; i++) {
		struct keys_item *top = &g_array_index(build->tops, struct keys_item, i);
		const GArray *kids = top->what == KEYS_CHAIN ? g_ptr_array_index(build->kids, top->n) : NULL;
		if (!kids || kids->len != 1)
			continue;
		*top = g_array_index(kids, struct keys_item, 0);
		top->child = false;
	}
}

/* A keychain with its keys: all of them where it matches itself, else those that do. */
static bool put_top(struct build *build, struct keys_item top, bool hidden)
{
	struct keys_view *view = build->view;
	GArray *kids = top.what == KEYS_CHAIN ? g_ptr_array_index(build->kids, top.n) : NULL;
	bool self = matches(&top, view->filter), any = self;
	guint at = view->items->len;
	top.n = kids ? kids->len : 0;
	top.folded = kids && is_folded(view, top.id, false);
	if (!hidden)
		g_array_append_val(view->items, top);
	for (guint i = 0; kids && i < kids->len; i++) {
		const struct keys_item *kid = &g_array_index(kids, struct keys_item, i);
		if (!self && !matches(kid, view->filter))
			continue;
		any = true;
		if (!hidden && !top.folded)
			g_array_append_val(view->items, *kid);
	}
	if (!any && !hidden)
		g_array_set_size(view->items, at);
	return any;
}

static void put_group(struct build *build, int group, size_t *at)
{
	struct keys_view *view = build->view;
	struct keys_item head = {.what = KEYS_GROUP};
	guint place = view->items->len;
	g_snprintf(head.id, sizeof(head.id), "g:%s", groups[group].id);
	head.folded = is_folded(view, head.id, groups[group].folded);
	head.state = (enum key_state)group;
	g_array_append_val(view->items, head);
	size_t n = 0;
	for (; *at < build->tops->len; (*at)++) {
		const struct keys_item *top = &g_array_index(build->tops, struct keys_item, *at);
		if (keys_group_of(top->state) != group)
			break;
		n += put_top(build, *top, head.folded);
	}
	if (n == 0)
		g_array_set_size(view->items, place);
	else
		g_array_index(view->items, struct keys_item, place).n = n;
}

static void hold(struct keys_view *view)
{
	GPtrArray *old = view->held;
	view->held = g_ptr_array_new_with_free_func((GDestroyNotify)rows_unref);
	for (unsigned a = 0; a < world_accounts(view->desk->world); a++) {
		for (int i = 0; i < N_KEPT; i++) {
			const struct rows *rows = world_rows(view->desk->world, a, KEPT[i]);
			g_ptr_array_add(view->held, rows ? (void *)rows_ref(rows) : NULL);
		}
	}
	if (old)
		g_ptr_array_unref(old);
}

bool keys_rows_old(const struct keys_view *view)
{
	guint at = 0;
	for (unsigned a = 0; a < world_accounts(view->desk->world); a++)
		for (int i = 0; i < N_KEPT; i++, at++)
			if (at >= view->held->len ||
			    view->held->pdata[at] != world_rows(view->desk->world, a, KEPT[i]))
				return true;
	return false;
}

/* Holds the zones of all buildings open for as long as they are used. */
static void hold_zones(struct keys_view *view)
{
	GPtrArray *old = view->zones;
	const struct building *building;
	view->zones = g_ptr_array_new_with_free_func((GDestroyNotify)moment_zone_free);
	for (struct world_cursor c = {0};
	     (building = world_next(view->desk->world, KIND_BUILDINGS, &c)) != NULL && view->zones->len < 64;)
		if (building->timezone)
			g_ptr_array_add(view->zones, moment_zone_new(building->timezone));
	if (old)
		g_ptr_array_unref(old);
}

/* The first line that is a key: the headings are not what one looks for. */
static void choose_first(struct keys_view *view)
{
	for (guint i = 0; i < view->items->len; i++) {
		const struct keys_item *item = &g_array_index(view->items, struct keys_item, i);
		if (item->what != KEYS_GROUP) {
			table_select(view->table, item->id);
			return;
		}
	}
}

void keys_rows_refresh(struct keys_view *view)
{
	struct build build = {
		.view = view,
		.now_ms = world_now_ms(view->desk->world),
		.tops = g_array_new(FALSE, FALSE, sizeof(struct keys_item)),
		.chains = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.kids = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref),
	};
	struct sorting sorting = {view->order, view->reverse};
	bool first = view->items->len == 0;
	hold(view);
	hold_zones(view);
	settle_local_zone(view);
	add_chains(&build);
	add_keys(&build);
	join_single(&build);
	g_array_sort_with_data(build.tops, compare, &sorting);
	for (guint i = 0; i < build.kids->len; i++)
		g_array_sort_with_data(g_ptr_array_index(build.kids, i), compare, &sorting);
	g_array_set_size(view->items, 0);
	size_t at = 0;
	const int in_order[] = {0, 1, 2, 3, 4};
	for (size_t g = 0; g < G_N_ELEMENTS(in_order); g++)
		put_group(&build, in_order[g], &at);
	g_array_unref(build.tops);
	g_hash_table_unref(build.chains);
	g_ptr_array_unref(build.kids);
	table_refresh(view->table);
	if (first)
		choose_first(view);
	view->minute = build.now_ms / 60000;
}

/* --- choosing, folding --- */

const struct keys_item *keys_chosen(const struct keys_view *view)
{
	long row = table_selected(view->table);
	return row < 0 || (size_t)row >= view->items->len
		       ? NULL
		       : &g_array_index(view->items, struct keys_item, row);
}

bool keys_fold(struct keys_view *view, const struct keys_item *item)
{
	if (!item || item->what == KEYS_KEY || view->filter)
		return false;
	if (!g_hash_table_remove(view->turned, item->id))
		g_hash_table_add(view->turned, g_strdup(item->id));
	keys_rows_refresh(view);
	return true;
}

void keys_rows_new(struct keys_view *view)
{
	view->items = g_array_new(FALSE, FALSE, sizeof(struct keys_item));
	view->turned = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	keys_table_new(view);
	keys_rows_refresh(view);
}

void keys_rows_free(struct keys_view *view)
{
	table_free(view->table);
	g_array_unref(view->items);
	g_hash_table_unref(view->turned);
	if (view->held)
		g_ptr_array_unref(view->held);
	if (view->zones)
		g_ptr_array_unref(view->zones);
	g_free(view->typed);
	g_free(view->filter);
	g_free(view->typed_before);
}
