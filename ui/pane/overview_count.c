/* People of the chosen building: now by rooms, today by the windows of its floors. */
#include "ui/pane/overview_tiles.h"

#include "base/moment.h"
#include "ui/pane/occupancy_now.h"
#include "ui/pane/occupancy_sites.h"

#include <math.h>
#include <string.h>

static gint fullest_first(gconstpointer a, gconstpointer b)
{
	const struct people_room *one = a, *other = b;
	double x = one->capacity > 0 ? one->now / one->capacity : 0;
	double y = other->capacity > 0 ? other->now / other->capacity : 0;
	if (x != y)
		return x > y ? -1 : 1;
	if (one->now != other->now)
		return one->now > other->now ? -1 : 1;
	return g_strcmp0(one->name, other->name);
}

static void add_room(struct people *people, const struct room *room)
{
	struct now now = now_of(room);
	if (!isnan(now.capacity))
		people->capacity = (isnan(people->capacity) ? 0 : people->capacity) + now.capacity;
	if (isnan(now.people))
		return;
	people->now = (isnan(people->now) ? 0 : people->now) + now.people;
	people->stale = people->stale || now.stale;
	people->capped |= now.capped;
	if (room->as_of_ms != MOMENT_NONE)
		people->as_of_ms = MAX(people->as_of_ms, room->as_of_ms);
	struct people_room entry = {room->name ? room->name : room->id, now.people, now.capacity, now.capped};
	if (now.people > 0)
		g_array_append_val(people->rooms, entry);
}

static bool old(const struct world *world, unsigned account)
{
	enum light light = world_light(world, account).light;
	return light == LIGHT_LATE || light == LIGHT_DOWN || light == LIGHT_SIGNED_OUT;
}

/* Which systems count so many of the rooms; the one that counts most goes before the others for the day. */
static unsigned say_who(struct people *people, const struct world *world, const GArray *rooms,
			unsigned account)
{
	unsigned n = world_accounts(world), *counted = g_new0(unsigned, n + 1), merged = 0, systems = 0;
	struct buf by;
	for (guint i = 0; i < rooms->len; i++) {
		const struct site_room *room = &g_array_index(rooms, struct site_room, i);
		counted[room->account] += !isnan(now_of(room->room).people);
		merged += room->merged;
	}
	buf_init(&by, 4096);
	for (unsigned a = 0; a < n; a++) {
		if (counted[a] == 0)
			continue;
		people->stale = people->stale || old(world, a);
		account = counted[a] > counted[account] ? a : account;
		buf_addf(&by, "%s%u rooms by %s", systems++ ? ", " : "", counted[a],
			 world_account_name(world, a));
	}
	if (merged > 0)
		buf_addf(&by, "; %u known to both, counted once", merged);
	if (systems > 1 || merged > 0)
		g_strlcpy(people->by, buf_text(&by), sizeof(people->by));
	buf_fini(&by);
	g_free(counted);
	return account;
}

/* The rooms of the chosen real building, each once. Without a building all of the account's. */
static unsigned count_rooms(struct people *people, const struct sites *sites, struct world *world,
			    const struct choice *choice)
{
	GArray *rooms = g_array_new(FALSE, FALSE, sizeof(struct site_room));
	long wanted = sites_of_building(sites, choice->account, choice->building_id);
	unsigned account;
	for (size_t s = 0; s < sites_count(sites); s++)
		if (choice->building_id[0] ? (long)s == wanted
					   : sites_at(sites, s)->members[0].account == choice->account)
			sites_rooms(sites, s, rooms);
	for (guint i = 0; i < rooms->len; i++)
		add_room(people, g_array_index(rooms, struct site_room, i).room);
	account = say_who(people, world, rooms, choice->account);
	g_array_sort(people->rooms, fullest_first);
	g_array_free(rooms, TRUE);
	return account;
}

static gint by_start(gconstpointer a, gconstpointer b)
{
	const struct people_hour *one = a, *other = b;
	return (one->start_ms > other->start_ms) - (one->start_ms < other->start_ms);
}

/* Windows of one start are of several spaces: their people are added. */
static void merge(GArray *hours)
{
	guint to = 0;
	g_array_sort(hours, by_start);
	for (guint i = 0; i < hours->len; i++) {
		struct people_hour hour = g_array_index(hours, struct people_hour, i);
		struct people_hour *last = to ? &g_array_index(hours, struct people_hour, to - 1) : NULL;
		if (last && last->start_ms == hour.start_ms)
			last->people += hour.people;
		else
			g_array_index(hours, struct people_hour, to++) = hour;
	}
	g_array_set_size(hours, to);
}

/* Whether a window is of the level: the building itself, its floors, its rooms. */
static bool of_level(const struct sites *sites, struct world *world, unsigned account, long site,
		     enum kind level, const char *id)
{
	const struct room *room;
	if (!world_find(world, account, level, id))
		return false;
	if (site < 0)
		return true;
	if (level == KIND_BUILDINGS)
		return sites_of_building(sites, account, id) == site;
	if (level == KIND_FLOORS)
		return sites_of_floor(sites, account, id) == site;
	room = world_find(world, account, KIND_ROOMS, id);
	return !room->room_id && sites_of_room(sites, account, room) == site;
}

static void count_hours(struct people *people, const struct sites *sites, struct world *world,
			unsigned account, long site, int64_t midnight_ms, enum kind level)
{
	const struct rows *rows = world_rows(world, account, KIND_OCCUPANCY);
	for (size_t i = 0; rows && i < rows_count(rows); i++) {
		const struct occupancy *row = rows_at(rows, i);
		/* Means may be added up; the peaks of several places need not be at one time. */
		double value = isnan(row->avg) ? row->max : row->avg;
		if (row->start_ms == MOMENT_NONE || row->start_ms < midnight_ms || isnan(value) ||
		    !row->space_id || !of_level(sites, world, account, site, level, row->space_id))
			continue;
		struct people_hour hour = {row->start_ms, value};
		g_array_append_val(people->hours, hour);
	}
	merge(people->hours);
}

static void find_peak(struct people *people, int64_t now_ms)
{
	for (guint i = 0; i < people->hours->len; i++) {
		const struct people_hour *hour = &g_array_index(people->hours, struct people_hour, i);
		if (isnan(people->peak) || hour->people > people->peak) {
			people->peak = hour->people;
			people->peak_ms = hour->start_ms;
		}
	}
	if (!isnan(people->now) && (isnan(people->peak) || people->now > people->peak)) {
		people->peak = people->now;
		people->peak_ms = now_ms;
	}
}

void people_count(struct people *people, const struct desk *desk, int64_t midnight_ms)
{
	static const enum kind levels[] = {KIND_BUILDINGS, KIND_FLOORS, KIND_ROOMS};
	struct world *world = desk->world;
	const struct choice *choice = world_choice(world);
	const struct building *building = choice->building_id[0]
						  ? world_find(world, choice->account, KIND_BUILDINGS,
							       choice->building_id)
						  : NULL;
	struct sites *sites = sites_new(desk);
	long site = choice->building_id[0] ? sites_of_building(sites, choice->account, choice->building_id)
					   : -1;
	people->now = people->capacity = people->peak = NAN;
	people->peak_ms = people->as_of_ms = MOMENT_NONE;
	people->stale = old(world, choice->account);
	people->capped = false;
	people->by[0] = '\0';
	g_array_set_size(people->rooms, 0);
	g_array_set_size(people->hours, 0);
	unsigned account = count_rooms(people, sites, world, choice);
	if (building && building->capacity > 0)
		people->capacity = building->capacity;
	for (size_t i = 0; i < G_N_ELEMENTS(levels) && people->hours->len == 0; i++)
		count_hours(people, sites, world, account, site, midnight_ms, levels[i]);
	find_peak(people, world_now_ms(world));
	sites_free(sites);
}
