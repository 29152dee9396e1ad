#include "ui/pane/occupancy_sites.h"

#include "ui/pane/occupancy_now.h"

#include <math.h>
#include <string.h>

struct sites {
	struct world *world;
	GPtrArray *sites;   /* struct site * */
	GHashTable *places; /* "account building" → site + 1 */
	GHashTable *floors; /* "account floor" → site + 1 */
	GPtrArray *held;    /* snapshots that texts are of */
	GStringChunk *texts;
};

static const char *key_of(unsigned account, const char *id, char *out, size_t size)
{
	g_snprintf(out, size, "%u %s", account, id == NULL ? "" : id);
	return out;
}

static long find(GHashTable *table, unsigned account, const char *id)
{
	char key[160];

	return (long)GPOINTER_TO_SIZE(g_hash_table_lookup(table, key_of(account, id, key, sizeof(key)))) - 1;
}

static void put(struct sites *sites, GHashTable *table, unsigned account, const char *id, size_t site)
{
	char key[160];

	g_hash_table_insert(table, g_string_chunk_insert(sites->texts, key_of(account, id, key, sizeof(key))),
			    GSIZE_TO_POINTER(site + 1));
}

static void site_free(void *memory)
{
	struct site *site = memory;

	g_free((void *)site->members);
	g_free(site);
}

static size_t add_site(struct sites *sites, const char *name)
{
	struct site *site = g_new0(struct site, 1);

	site->name = g_string_chunk_insert(sites->texts, name);
	g_ptr_array_add(sites->sites, site);
	return sites->sites->len - 1;
}

static void add_member(struct sites *sites, size_t at, unsigned account, const char *building_id,
		       const struct building *building)
{
	struct site *site = g_ptr_array_index(sites->sites, at);
	struct site_member *members = (struct site_member *)site->members;

	members = g_renew(struct site_member, members, site->n_members + 1);
	members[site->n_members++] = (struct site_member){account, building_id, building};
	site->members = members;
	if (site->timezone == NULL && building != NULL)
		site->timezone = building->timezone;
	put(sites, sites->places, account, building_id, at);
}

static const struct building_group *group_of(const struct desk *desk, unsigned account, const char *id)
{
	const char *name = world_account_name(desk->world, account);

	for (size_t g = 0; g < desk->n_groups; g++)
		for (size_t m = 0; m < desk->groups[g].n_members; m++)
			if (strcmp(desk->groups[g].members[m].account, name) == 0 &&
			    g_strcmp0(desk->groups[g].members[m].id, id) == 0)
				return &desk->groups[g];
	return NULL;
}

/* Rooms are not held: nothing of them is kept. */
static const struct rows *hold(struct sites *sites, unsigned account, enum kind kind)
{
	const struct rows *rows = world_rows(sites->world, account, kind);

	if (rows != NULL)
		g_ptr_array_add(sites->held, (void *)rows_ref(rows));
	return rows;
}

static void add_buildings(struct sites *sites, const struct desk *desk, unsigned account, GHashTable *groups)
{
	const struct rows *rows = hold(sites, account, KIND_BUILDINGS);

	for (size_t i = 0; rows != NULL && i < rows_count(rows); i++) {
		const struct building *building = rows_at(rows, i);
		const struct building_group *group = group_of(desk, account, building->id);
		gpointer known = group == NULL ? NULL : g_hash_table_lookup(groups, group);
		size_t at;

		if (known != NULL) {
			at = GPOINTER_TO_SIZE(known) - 1;
		} else {
			at = add_site(sites, group != NULL            ? group->name
					     : building->name != NULL ? building->name
								      : building->id);
			if (group != NULL)
				g_hash_table_insert(groups, (gpointer)group, GSIZE_TO_POINTER(at + 1));
		}
		add_member(sites, at, account, building->id, building);
	}
}

static void add_floors(struct sites *sites, unsigned account)
{
	const struct rows *rows = hold(sites, account, KIND_FLOORS);

	for (size_t i = 0; rows != NULL && i < rows_count(rows); i++) {
		const struct floor_row *floor = rows_at(rows, i);
		long at = find(sites->places, account, floor->building_id);

		if (at < 0 && floor->building_id != NULL) { /* a building that no list tells of */
			at = (long)add_site(sites, world_account_name(sites->world, account));
			add_member(sites, (size_t)at, account, floor->building_id, NULL);
		}
		if (at >= 0)
			put(sites, sites->floors, account, floor->id, (size_t)at);
	}
}

/* What is in no building that is told stands under the account's own name. */
static void add_rest(struct sites *sites, unsigned account)
{
	const struct rows *floors = world_rows(sites->world, account, KIND_FLOORS);
	const struct rows *rooms = world_rows(sites->world, account, KIND_ROOMS);
	bool homeless = false;

	for (size_t i = 0; floors != NULL && i < rows_count(floors) && !homeless; i++)
		homeless = find(sites->floors, account, ((const struct floor_row *)rows_at(floors, i))->id) <
			   0;
	for (size_t i = 0; rooms != NULL && i < rows_count(rooms) && !homeless; i++) {
		const struct room *room = rows_at(rooms, i);

		homeless = room->floor_id == NULL || find(sites->floors, account, room->floor_id) < 0;
	}
	if (homeless)
		add_member(sites, add_site(sites, world_account_name(sites->world, account)), account, "",
			   NULL);
}

static void unref_rows(void *rows) { rows_unref(rows); }

struct sites *sites_new(const struct desk *desk)
{
	struct sites *sites = g_new0(struct sites, 1);
	GHashTable *groups = g_hash_table_new(g_direct_hash, g_direct_equal);

	sites->world = desk->world;
	sites->sites = g_ptr_array_new_with_free_func(site_free);
	sites->places = g_hash_table_new(g_str_hash, g_str_equal);
	sites->floors = g_hash_table_new(g_str_hash, g_str_equal);
	sites->held = g_ptr_array_new_with_free_func(unref_rows);
	sites->texts = g_string_chunk_new(4096);
	for (unsigned a = 0; a < world_accounts(desk->world); a++) {
		add_buildings(sites, desk, a, groups);
		add_floors(sites, a);
		add_rest(sites, a);
	}
	g_hash_table_unref(groups);
	return sites;
}

void sites_free(struct sites *sites)
{
	if (sites == NULL)
		return;
	g_ptr_array_unref(sites->sites);
	g_hash_table_unref(sites->places);
	g_hash_table_unref(sites->floors);
	g_ptr_array_unref(sites->held);
	g_string_chunk_free(sites->texts);
	g_free(sites);
}

size_t sites_count(const struct sites *sites) { return sites->sites->len; }

const struct site *sites_at(const struct sites *sites, size_t i)
{
	return g_ptr_array_index(sites->sites, i);
}

long sites_of_building(const struct sites *sites, unsigned account, const char *building_id)
{
	return find(sites->places, account, building_id);
}

long sites_of_floor(const struct sites *sites, unsigned account, const char *floor_id)
{
	long at = floor_id == NULL ? -1 : find(sites->floors, account, floor_id);

	return at >= 0 ? at : find(sites->places, account, "");
}

long sites_of_room(const struct sites *sites, unsigned account, const struct room *room)
{
	return sites_of_floor(sites, account, room->floor_id);
}

/* --- the rooms of a site --- */

/* Better known is: counted, then taken or free, then not known. */
static int worth(const struct room *room)
{
	struct now now = now_of(room);

	return !isnan(now.people) ? 2 : now.state != NOW_UNKNOWN ? 1 : 0;
}

static bool inside_counted(const struct sites *sites, unsigned account, const struct room *room)
{
	const struct room *around = room->room_id == NULL
					    ? NULL
					    : world_find(sites->world, account, KIND_ROOMS, room->room_id);

	return around != NULL && around != room && !isnan(now_of(around).people);
}

/* The name, and the how manieth of that name in its system: "Conf 1" of the second floor is not that of the first. */
static char *name_key(GHashTable *times, const struct room *room)
{
	char *name = g_utf8_casefold(room->name, -1), *key;
	size_t before = GPOINTER_TO_SIZE(g_hash_table_lookup(times, name));

	key = g_strdup_printf("%s %zu", name, before);
	g_hash_table_insert(times, name, GSIZE_TO_POINTER(before + 1));
	return key;
}

static void take_room(GArray *rooms, GHashTable *names, GHashTable *times, unsigned account,
		      const struct room *room)
{
	struct site_room entry = {account, room, false};
	char *key = names == NULL || room->name == NULL ? NULL : name_key(times, room);
	gpointer known = key == NULL ? NULL : g_hash_table_lookup(names, key);
	struct site_room *other;

	if (known == NULL) {
		g_array_append_val(rooms, entry);
		if (key != NULL)
			g_hash_table_insert(names, key, GSIZE_TO_POINTER((size_t)rooms->len));
		return;
	}
	other = &g_array_index(rooms, struct site_room, GPOINTER_TO_SIZE(known) - 1);
	if (worth(room) > worth(other->room))
		*other = entry;
	other->merged = true;
	g_free(key);
}

void sites_rooms(const struct sites *sites, size_t at, GArray *rooms)
{
	const struct site *site = sites_at(sites, at);
	GHashTable *names = site->n_members < 2
				    ? NULL
				    : g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTable *times = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	uint64_t seen =
		0; /* an account may be a member with several buildings: its rooms are gone through once */

	for (size_t m = 0; m < site->n_members; m++) {
		unsigned account = site->members[m].account;
		const struct rows *rows = world_rows(sites->world, account, KIND_ROOMS);

		if (account < 64 && (seen >> account & 1) != 0)
			continue;
		seen |= account < 64 ? UINT64_C(1) << account : 0;
		g_hash_table_remove_all(times);
		for (size_t i = 0; rows != NULL && i < rows_count(rows); i++) {
			const struct room *room = rows_at(rows, i);

			if (sites_of_room(sites, account, room) == (long)at &&
			    !inside_counted(sites, account, room))
				take_room(rooms, names, times, account, room);
		}
	}
	g_hash_table_unref(times);
	if (names != NULL)
		g_hash_table_unref(names);
}
