/* The list: buildings, floors and rooms of all systems under one heading for each real building. */
#include "ui/pane/occupancy_view.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

static struct occ_space *at(const struct occ_view *view, size_t i)
{
	return &g_array_index(view->spaces, struct occ_space, i);
}

bool occ_account_old(const struct occ_view *view, unsigned account)
{
	enum light light = world_light(view->desk->world, account).light;

	return light == LIGHT_LATE || light == LIGHT_DOWN || light == LIGHT_SIGNED_OUT;
}

/* --- making it --- */

static const char *key_of(unsigned account, enum kind kind, const char *id, char out[96])
{
	g_snprintf(out, 96, "%u %d %s", account, (int)kind, id);
	return out;
}

struct occ_space *occ_find(struct occ_view *view, const char *key)
{
	gpointer found = g_hash_table_lookup(view->by_key, key);

	return found == NULL ? NULL : at(view, GPOINTER_TO_SIZE(found) - 1);
}

static struct occ_space *find_space(struct occ_view *view, unsigned account, enum kind kind, const char *id)
{
	char key[96];

	return id == NULL ? NULL : occ_find(view, key_of(account, kind, id, key));
}

static struct occ_space *add(struct occ_view *view, unsigned account, enum kind kind, const char *id,
			     const char *name, long site)
{
	struct occ_space space = {.kind = kind,
				  .account = account,
				  .site = site < 0 ? 0 : (size_t)site,
				  .id = id,
				  .name = name == NULL ? id : name,
				  .storey = NAN,
				  .before = NAN};

	if (site < 0)
		return NULL;
	key_of(account, kind, id, space.key);
	g_array_append_val(view->spaces, space);
	return at(view, view->spaces->len - 1);
}

static void unref_rows(void *rows) { rows_unref(rows); }

static const struct rows *hold(struct occ_view *view, GPtrArray *held, unsigned account, enum kind kind)
{
	const struct rows *rows = world_rows(view->desk->world, account, kind);

	if (rows != NULL)
		g_ptr_array_add(held, (void *)rows_ref(rows));
	return rows;
}

static void add_account(struct occ_view *view, unsigned account)
{
	const struct rows *buildings = hold(view, view->held, account, KIND_BUILDINGS);
	const struct rows *floors = hold(view, view->held, account, KIND_FLOORS);
	const struct rows *rooms = hold(view, view->held_rooms, account, KIND_ROOMS);
	struct world *world = view->desk->world;
	struct occ_space *space;

	for (size_t i = 0; buildings != NULL && i < rows_count(buildings); i++) {
		const struct building *row = rows_at(buildings, i);

		space = add(view, account, KIND_BUILDINGS, row->id, row->name,
			    sites_of_building(view->sites, account, row->id));
		if (space != NULL)
			space->row = row;
	}
	for (size_t i = 0; floors != NULL && i < rows_count(floors); i++) {
		const struct floor_row *row = rows_at(floors, i);

		space = add(view, account, KIND_FLOORS, row->id, row->name,
			    sites_of_floor(view->sites, account, row->id));
		if (space == NULL)
			continue;
		space->row = row;
		space->storey = row->number;
		space->floor_id = row->id;
		space->floor = space->name;
	}
	for (size_t i = 0; rooms != NULL && i < rows_count(rooms); i++) {
		const struct room *row = rows_at(rooms, i);
		const struct floor_row *floor = row->floor_id == NULL
							? NULL
							: world_find(world, account, KIND_FLOORS,
								     row->floor_id);

		space = add(view, account, KIND_ROOMS, row->id, row->name,
			    sites_of_room(view->sites, account, row));
		if (space == NULL)
			continue;
		space->row = row;
		space->floor_id = row->floor_id;
		space->floor = floor == NULL ? NULL : floor->name == NULL ? floor->id : floor->name;
		space->storey = floor == NULL ? NAN : floor->number;
	}
}

static int by_number(double a, double b)
{
	if (isnan(a) || isnan(b))
		return isnan(a) - isnan(b);
	return (a > b) - (a < b);
}

/* Floors from below, those without a number behind by name, rooms on no floor last. */
static gint in_order(gconstpointer a, gconstpointer b)
{
	const struct occ_space *x = a, *y = b;
	int order = (x->site > y->site) - (x->site < y->site);

	if (order == 0)
		order = (x->account > y->account) - (x->account < y->account);
	if (order == 0)
		order = (y->kind == KIND_BUILDINGS) - (x->kind == KIND_BUILDINGS);
	if (order == 0)
		order = (x->floor_id == NULL) - (y->floor_id == NULL);
	if (order == 0)
		order = by_number(x->storey, y->storey);
	if (order == 0)
		order = g_strcmp0(x->floor, y->floor);
	if (order == 0)
		order = g_strcmp0(x->floor_id, y->floor_id);
	if (order == 0)
		order = (int)x->kind - (int)y->kind;
	if (order == 0)
		order = g_strcmp0(x->name, y->name);
	return order != 0 ? order : strcmp(x->key, y->key);
}

static void make_list(struct occ_view *view)
{
	GPtrArray *held = view->held, *held_rooms = view->held_rooms;

	sites_free(view->sites);
	view->sites = sites_new(view->desk);
	view->held = g_ptr_array_new_with_free_func(unref_rows);
	view->held_rooms = g_ptr_array_new_with_free_func(unref_rows);
	g_array_set_size(view->spaces, 0);
	g_hash_table_remove_all(view->by_key);
	for (unsigned a = 0; a < world_accounts(view->desk->world); a++)
		add_account(view, a);
	g_array_sort(view->spaces, in_order);
	for (size_t i = 0; i < view->spaces->len; i++)
		g_hash_table_insert(view->by_key, at(view, i)->key, GSIZE_TO_POINTER(i + 1));
	if (held != NULL)
		g_ptr_array_unref(held);
	if (held_rooms != NULL)
		g_ptr_array_unref(held_rooms);
}

/* --- the figures of now --- */

static void add_up(struct occ_space *sum, const struct now *now)
{
	if (sum == NULL)
		return;
	sum->rooms++;
	sum->unknown += isnan(now->people);
	if (isnan(now->people))
		return;
	sum->now.people = (isnan(sum->now.people) ? 0 : sum->now.people) + now->people;
	sum->now.capped |= now->capped;
	sum->now.stale |= now->stale;
}

/* A floor that is not told how many it holds holds what its rooms do. */
static void add_capacity(struct occ_space *sum, double capacity)
{
	if (sum != NULL && !isnan(capacity))
		sum->now.capacity = (isnan(sum->now.capacity) ? 0 : sum->now.capacity) + capacity;
}

static struct occ_space *building_of(struct occ_view *view, const struct occ_space *space)
{
	const struct occ_space *floor = find_space(view, space->account, KIND_FLOORS, space->floor_id);

	return floor == NULL ? NULL
			     : find_space(view, space->account, KIND_BUILDINGS,
					  ((const struct floor_row *)floor->row)->building_id);
}

static void finish_sum(struct occ_space *space)
{
	double told = space->kind == KIND_FLOORS ? ((const struct floor_row *)space->row)->capacity
						 : ((const struct building *)space->row)->capacity;

	if (!isnan(now_capacity(told)))
		space->now.capacity = told;
	space->now.state = isnan(space->now.people) ? NOW_UNKNOWN
			   : space->now.people > 0  ? NOW_COUNTED
						    : NOW_FREE;
	space->now.utilization = space->now.people / space->now.capacity;
}

static bool inside_counted(struct occ_view *view, const struct occ_space *space)
{
	const struct occ_space *around = find_space(view, space->account, KIND_ROOMS,
						    ((const struct room *)space->row)->room_id);

	return around != NULL && around != space && !isnan(now_of(around->row).people);
}

static void take_now(struct occ_view *view)
{
	for (size_t i = 0; i < view->spaces->len; i++) {
		struct occ_space *space = at(view, i);

		space->rooms = space->unknown = 0;
		space->now = (struct now){.people = NAN, .capacity = NAN, .utilization = NAN};
		if (space->kind == KIND_ROOMS)
			space->now = now_of(space->row);
	}
	for (size_t i = 0; i < view->spaces->len; i++) {
		struct occ_space *space = at(view, i);
		struct occ_space *floor, *building;

		if (space->kind != KIND_ROOMS || inside_counted(view, space))
			continue;
		floor = find_space(view, space->account, KIND_FLOORS, space->floor_id);
		building = building_of(view, space);
		add_up(floor, &space->now);
		add_up(building, &space->now);
		add_capacity(floor, space->now.capacity);
		add_capacity(building, space->now.capacity);
	}
	for (size_t i = 0; i < view->spaces->len; i++)
		if (at(view, i)->kind != KIND_ROOMS)
			finish_sum(at(view, i));
}

/* Snapshots end with the newest windows: those that are over now are the last whole ones. */
static void take_trend(struct occ_view *view)
{
	static const enum kind kinds[] = {KIND_ROOMS, KIND_FLOORS, KIND_BUILDINGS};
	int64_t now_ms = world_now_ms(view->desk->world);

	for (unsigned a = 0; a < world_accounts(view->desk->world); a++) {
		const struct rows *rows = world_rows(view->desk->world, a, KIND_OCCUPANCY);
		int64_t newest_ms = MOMENT_NONE;

		for (size_t i = rows == NULL ? 0 : rows_count(rows); i-- > 0;) {
			const struct occupancy *row = rows_at(rows, i);
			struct occ_space *space = NULL;

			if (row->start_ms == MOMENT_NONE || row->end_ms > now_ms)
				continue;
			if (newest_ms == MOMENT_NONE)
				newest_ms = row->start_ms;
			if (row->start_ms != newest_ms)
				break;
			for (size_t k = 0; k < G_N_ELEMENTS(kinds) && space == NULL; k++)
				space = find_space(view, a, kinds[k], row->space_id);
			if (space != NULL && now_ms - row->end_ms < 2 * (row->end_ms - row->start_ms))
				space->before = row->avg;
		}
	}
}

double occ_trend(const struct occ_space *space) { return space->now.people - space->before; }

int occ_trend_sign(const struct occ_space *space)
{
	double by = occ_trend(space), least = fmax(0.5, 0.1 * space->before);

	return isnan(by) ? 2 : by > least ? 1 : by < -least ? -1 : 0;
}

/* The same places with new figures: rows are exchanged and nothing is sorted. */
static bool exchange_rows(struct occ_view *view)
{
	struct world *world = view->desk->world;
	GPtrArray *held = view->held_rooms;
	size_t n = 0;

	for (unsigned a = 0; a < world_accounts(world); a++)
		for (enum kind kind = KIND_BUILDINGS; kind <= KIND_ROOMS; kind++)
			n += world_rows(world, a, kind) == NULL ? 0 : rows_count(world_rows(world, a, kind));
	if (view->sites == NULL || n != view->spaces->len)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct occ_space *space = at(view, i);
		const struct room *row;

		if (space->kind != KIND_ROOMS)
			continue;
		row = world_find(world, space->account, KIND_ROOMS, space->id);
		if (row == NULL || g_strcmp0(row->name == NULL ? row->id : row->name, space->name) != 0 ||
		    g_strcmp0(row->floor_id, space->floor_id) != 0)
			return false;
	}
	view->held_rooms = g_ptr_array_new_with_free_func(unref_rows);
	for (unsigned a = 0; a < world_accounts(world); a++)
		hold(view, view->held_rooms, a, KIND_ROOMS);
	for (size_t i = 0; i < n; i++) {
		struct occ_space *space = at(view, i);
		const struct room *row;

		if (space->kind != KIND_ROOMS)
			continue;
		row = world_find(world, space->account, KIND_ROOMS, space->id);
		space->row = row;
		space->id = row->id;
		space->name = row->name == NULL ? row->id : row->name;
		space->floor_id = row->floor_id;
	}
	g_ptr_array_unref(held);
	return true;
}

void occ_spaces_refresh(struct occ_view *view, uint32_t changed)
{
	uint32_t places = KIND_BIT(KIND_BUILDINGS) | KIND_BIT(KIND_FLOORS);
	bool made = false;

	if ((changed & places) != 0 || ((changed & KIND_BIT(KIND_ROOMS)) != 0 && !exchange_rows(view))) {
		make_list(view);
		made = true;
	}
	if (made || (changed & KIND_BIT(KIND_ROOMS)) != 0)
		take_now(view);
	if (made || (changed & KIND_BIT(KIND_OCCUPANCY)) != 0)
		take_trend(view);
	view->lists++;
	view->figures_of = -1;
	view->ranking_old = true;
	/* Nothing moves while the list stands in its own order. */
	view->old |= made || occ_column_moves(table_sort_column(view->table)) || view->words != NULL;
}

void occ_settle_figures(struct occ_view *view)
{
	const struct occ_space *space = occ_chosen(view);
	size_t site = space == NULL ? 0 : space->site;
	GArray *rooms;

	if (view->figures_of == (long)site || sites_count(view->sites) == 0)
		return;
	view->figures_of = (long)site;
	view->people = view->capacity = NAN;
	view->merged = 0;
	rooms = g_array_new(FALSE, FALSE, sizeof(struct site_room));
	sites_rooms(view->sites, site, rooms);
	for (guint i = 0; i < rooms->len; i++) {
		const struct site_room *room = &g_array_index(rooms, struct site_room, i);
		struct now now = now_of(room->room);

		view->merged += room->merged;
		if (!isnan(now.people))
			view->people = (isnan(view->people) ? 0 : view->people) + now.people;
		if (!isnan(now.capacity))
			view->capacity = (isnan(view->capacity) ? 0 : view->capacity) + now.capacity;
	}
	g_array_unref(rooms);
	/* The building's own word goes before what its rooms add up to. */
	for (size_t m = 0; m < sites_at(view->sites, site)->n_members; m++) {
		const struct building *building = sites_at(view->sites, site)->members[m].building;

		if (building == NULL || isnan(now_capacity(building->capacity)))
			continue;
		view->capacity = building->capacity;
		break;
	}
}

/* --- life --- */

void occ_spaces_init(struct occ_view *view)
{
	view->spaces = g_array_new(FALSE, FALSE, sizeof(struct occ_space));
	view->by_key = g_hash_table_new(g_str_hash, g_str_equal);
	view->table = occ_table_new(view);
	view->figures_of = -1;
}

void occ_spaces_fini(struct occ_view *view)
{
	table_free(view->table);
	g_hash_table_unref(view->by_key);
	g_array_unref(view->spaces);
	if (view->held != NULL)
		g_ptr_array_unref(view->held);
	if (view->held_rooms != NULL)
		g_ptr_array_unref(view->held_rooms);
	sites_free(view->sites);
	g_free(view->typed);
	g_free(view->typed_before);
	g_strfreev(view->words);
}
