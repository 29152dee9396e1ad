#include "sim/people.h"

#include "base/rng.h"

#include <stdlib.h>

#define JITTER_MS 4000 /* a sitting person moves a little, so often */
#define JITTER_MM 60   /* and so far to each side */
#define STILL_MS 20000 /* shorter stops are without it */

/* --- places ---------------------------------------------------------------------------------------------- */

static int zone_count(const struct world *world, const struct world_building *building)
{
	const struct world_floor *last = &world->floors[building->first_floor + building->floor_count - 1];

	return last->first_zone + last->zone_count - world->floors[building->first_floor].first_zone;
}

static int place_count(const struct world *world, const struct world_building *building)
{
	return building->room_count + zone_count(world, building) + building->floor_count + 1;
}

int people_building(const struct world *world, struct world_ref place)
{
	switch (place.kind) {
	case WORLD_BUILDING:
		return place.index;
	case WORLD_FLOOR:
		return world->floors[place.index].building;
	case WORLD_ROOM:
		return world->floors[world->rooms[place.index].floor].building;
	case WORLD_ZONE:
		return world->floors[world->zones[place.index].floor].building;
	default:
		return -1;
	}
}

int people_place(const struct world *world, int building, struct world_ref place)
{
	const struct world_building *b = &world->buildings[building];

	if (people_building(world, place) != building)
		return -1;
	switch (place.kind) {
	case WORLD_ROOM:
		return place.index - b->first_room;
	case WORLD_ZONE:
		return b->room_count + place.index - world->floors[b->first_floor].first_zone;
	case WORLD_FLOOR:
		return b->room_count + zone_count(world, b) + place.index - b->first_floor;
	default:
		return place_count(world, b) - 1;
	}
}

/* --- from keys to dwells --------------------------------------------------------------------------------- */

struct indexer {
	const struct world *world;
	struct people_day *plan;
	int person;
};

static void add_dwell(struct indexer *in, int place, int64_t from_ms, int64_t to_ms)
{
	struct people_dwell dwell = {.from_ms = from_ms, .to_ms = to_ms, .place = place, .person = in->person};

	if (from_ms < to_ms)
		g_array_append_val(in->plan->dwells, dwell);
}

/* Narrows [*from,*to) to the time in which a coordinate that goes from a to b lies in low..high. */
static bool clip(int64_t a, int64_t b, int64_t low, int64_t high, int64_t t0, int64_t t1, int64_t *from,
		 int64_t *to)
{
	int64_t enter, leave;

	if (a == b)
		return a >= low && a <= high;
	enter = t0 + ((b > a ? low : high) - a) * (t1 - t0) / (b - a);
	leave = t0 + ((b > a ? high : low) - a) * (t1 - t0) / (b - a);
	if (enter > *from)
		*from = enter;
	if (leave < *to)
		*to = leave;
	return *from < *to;
}

static void add_zone_dwells(struct indexer *in, const struct people_key *key, const struct people_key *next)
{
	const struct world *world = in->world;
	const struct world_floor *floor = &world->floors[world->rooms[key->room].floor];

	for (int z = floor->first_zone; z < floor->first_zone + floor->zone_count; z++) {
		const struct world_zone *zone = &world->zones[z];
		const struct world_rect *r = &zone->rect;
		int64_t from = key->t_ms, to = next->t_ms;

		if (zone->room >= 0 && zone->room != key->room)
			continue;
		if (clip(key->at.x_mm, next->at.x_mm, r->x0_mm, r->x1_mm, key->t_ms, next->t_ms, &from, &to) &&
		    clip(key->at.y_mm, next->at.y_mm, r->y0_mm, r->y1_mm, key->t_ms, next->t_ms, &from, &to))
			add_dwell(in,
				  people_place(world, in->plan->building, (struct world_ref){WORLD_ZONE, z}),
				  from, to);
	}
}

/* The number of the room's, the floor's or the building's place; -1 outside. */
static int level_place(const struct indexer *in, int level, int room)
{
	const struct world *world = in->world;
	struct world_ref ref = {WORLD_ROOM, room};

	if (room < 0)
		return -1;
	if (level == 1)
		ref = (struct world_ref){WORLD_FLOOR, world->rooms[room].floor};
	if (level == 2)
		ref = (struct world_ref){WORLD_BUILDING, in->plan->building};
	return people_place(world, in->plan->building, ref);
}

/* Rooms, floors and the building: one dwell for each run of keys in the same place. */
static void add_level(struct indexer *in, int level, const struct people_key *keys, int count)
{
	int place = -1;
	int64_t since_ms = 0;

	for (int i = 0; i < count; i++) {
		int now = level_place(in, level, keys[i].room);

		if (now == place)
			continue;
		if (place >= 0)
			add_dwell(in, place, since_ms, keys[i].t_ms);
		place = now;
		since_ms = keys[i].t_ms;
	}
	if (place >= 0)
		add_dwell(in, place, since_ms, in->plan->day.end_ms);
}

static void add_crossings(struct indexer *in, const struct people_key *keys, int count)
{
	for (int i = 0; i < count; i++) {
		struct world_crossing crossing = {.t_ms = keys[i].t_ms,
						  .person = in->person,
						  .door = keys[i].door};

		if (keys[i].door < 0)
			continue;
		crossing.in = keys[i].room == in->world->doors[keys[i].door].room_in;
		g_array_append_val(in->plan->crossings, crossing);
	}
}

static void index_person(struct indexer *in, const struct people_key *keys, int count)
{
	for (int level = 0; level < 3; level++)
		add_level(in, level, keys, count);
	for (int i = 0; i + 1 < count; i++) {
		if (keys[i].room >= 0)
			add_zone_dwells(in, &keys[i], &keys[i + 1]);
	}
	add_crossings(in, keys, count);
}

static int by_place(const void *a, const void *b)
{
	const struct people_dwell *p = a, *q = b;

	if (p->place != q->place)
		return p->place < q->place ? -1 : 1;
	if (p->person != q->person && p->from_ms == q->from_ms)
		return p->person < q->person ? -1 : 1;
	return p->from_ms < q->from_ms ? -1 : p->from_ms > q->from_ms;
}

static int by_time(const void *a, const void *b)
{
	const struct world_crossing *p = a, *q = b;

	if (p->t_ms != q->t_ms)
		return p->t_ms < q->t_ms ? -1 : 1;
	if (p->person != q->person)
		return p->person < q->person ? -1 : 1;
	return p->door < q->door ? -1 : p->door > q->door;
}

static void sort_index(struct people_day *plan, int places)
{
	struct people_dwell *dwells = (struct people_dwell *)(void *)plan->dwells->data;
	int count = (int)plan->dwells->len, at = 0;

	if (count > 0)
		qsort(dwells, (size_t)count, sizeof(*dwells), by_place);
	if (plan->crossings->len > 0)
		qsort(plan->crossings->data, plan->crossings->len, sizeof(struct world_crossing), by_time);
	plan->first_dwell = g_new(int, (gsize)places + 1);
	for (int place = 0; place <= places; place++) {
		while (at < count && dwells[at].place < place)
			at++;
		plan->first_dwell[place] = at;
	}
}

struct people_day *people_day_new(const struct world *world, int building, struct world_day day)
{
	const struct world_building *b = &world->buildings[building];
	struct people_day *plan = g_new0(struct people_day, 1);
	struct people_agenda *agendas = people_agendas_new(world, building, day);
	struct indexer in = {.world = world, .plan = plan};

	plan->building = building;
	plan->day = day;
	plan->keys = g_array_new(FALSE, FALSE, sizeof(struct people_key));
	plan->dwells = g_array_new(FALSE, FALSE, sizeof(struct people_dwell));
	plan->crossings = g_array_new(FALSE, FALSE, sizeof(struct world_crossing));
	plan->first_key = g_new(int, (gsize)b->person_count + 1);
	for (int k = 0; k < b->person_count; k++) {
		int count;

		in.person = b->first_person + k;
		plan->first_key[k] = (int)plan->keys->len;
		people_walk(world, day, in.person, &agendas[k], plan->keys);
		count = (int)plan->keys->len - plan->first_key[k];
		if (count > 0)
			index_person(&in, &g_array_index(plan->keys, struct people_key, plan->first_key[k]),
				     count);
	}
	plan->first_key[b->person_count] = (int)plan->keys->len;
	sort_index(plan, place_count(world, b));
	g_free(agendas);
	return plan;
}

void people_day_free(struct people_day *plan)
{
	if (!plan)
		return;
	g_array_free(plan->keys, TRUE);
	g_array_free(plan->dwells, TRUE);
	g_array_free(plan->crossings, TRUE);
	g_free(plan->first_key);
	g_free(plan->first_dwell);
	g_free(plan);
}

/* --- where one is ---------------------------------------------------------------------------------------- */

/* A slow drift around the seat, in mm, the same at both ends of every span. */
static int32_t drift(const struct world *world, int person, int64_t t_ms, int axis)
{
	int64_t span = t_ms / JITTER_MS, into = t_ms % JITTER_MS;
	int32_t a = world_pick(world_hash(world, SALT_JITTER, (uint64_t)person * 2 + (uint64_t)axis,
					  (uint64_t)span),
			       2 * JITTER_MM + 1);
	int32_t b = world_pick(world_hash(world, SALT_JITTER, (uint64_t)person * 2 + (uint64_t)axis,
					  (uint64_t)span + 1),
			       2 * JITTER_MM + 1);

	return a + (int32_t)((b - a) * into / JITTER_MS) - JITTER_MM;
}

bool people_position(const struct world *world, const struct people_day *plan, int person, int64_t t_ms,
		     struct world_presence *out)
{
	int k = person - world->buildings[plan->building].first_person;
	int low = plan->first_key[k], high = plan->first_key[k + 1];
	const struct people_key *key, *next;

	if (low == high || g_array_index(plan->keys, struct people_key, low).t_ms > t_ms)
		return false;
	while (high - low > 1) { /* the last key that is not later */
		int middle = (low + high) / 2;

		if (g_array_index(plan->keys, struct people_key, middle).t_ms <= t_ms)
			low = middle;
		else
			high = middle;
	}
	key = &g_array_index(plan->keys, struct people_key, low);
	if (key->room < 0)
		return false;
	*out = (struct world_presence){.person = person, .room = key->room, .at = key->at, .still = true};
	next = low + 1 < plan->first_key[k + 1] ? key + 1 : key;
	if (next->at.x_mm != key->at.x_mm || next->at.y_mm != key->at.y_mm) {
		int64_t span = next->t_ms - key->t_ms, into = t_ms - key->t_ms;

		out->at.x_mm += (int32_t)((next->at.x_mm - key->at.x_mm) * into / span);
		out->at.y_mm += (int32_t)((next->at.y_mm - key->at.y_mm) * into / span);
		out->still = false;
	} else if (next == key || next->t_ms - key->t_ms > STILL_MS) {
		out->at.x_mm += drift(world, person, t_ms, 0);
		out->at.y_mm += drift(world, person, t_ms, 1);
	}
	return true;
}
