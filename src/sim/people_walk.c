#include "sim/people.h"

#include "base/rng.h"

/* Turns an agenda into a path: through doors, along corridors, by the lift. */

#define RETURN_GAP_S 360 /* between errands closer than this nobody goes back to the desk */
#define EARLY_S 45       /* people set out so long before an errand */

struct walker {
	const struct world *world;
	const struct world_building *building;
	struct world_day day;
	GArray *keys;
	int person, speed_mm_s;
	int floor, room, rect;
	struct world_point at;
	int64_t t_ms;
	bool at_entrance; /* just came in */
};

int64_t people_moment(const struct world *world, int building, struct world_day day, int second_s)
{
	struct moment_parts parts = moment_split(day.start_ms + 43200000, world->inner->time_zones[building]);

	/* from noon backwards, so that the hours keep their names when the clocks are changed at night */
	parts.hour = 12;
	parts.minute = 0;
	parts.second = 0;
	return moment_join(&parts, world->inner->time_zones[building]) + ((int64_t)second_s - 43200) * 1000;
}

static const struct plan *plan_of(const struct walker *w)
{
	return &w->world->inner->plans[w->world->floors[w->floor].plan];
}

static void push(struct walker *w, int door)
{
	struct people_key key = {.t_ms = w->t_ms, .room = w->room, .door = door, .at = w->at};

	g_array_append_val(w->keys, key);
}

static void stay_until(struct walker *w, int64_t t_ms)
{
	if (t_ms <= w->t_ms)
		return;
	w->t_ms = t_ms;
	push(w, -1);
}

static void step(struct walker *w, struct world_point to)
{
	int64_t ms = (int64_t)plan_distance(w->at, to) * 1000 / w->speed_mm_s;

	w->t_ms += ms > 0 ? ms : 1;
	w->at = to;
}

/* To a point of the same floor. */
static void walk(struct walker *w, int room, int rect, struct world_point to)
{
	const struct plan *plan = plan_of(w);
	const struct world_floor *floor = &w->world->floors[w->floor];
	int nodes[PLAN_NODES_MAX];
	int count = plan_route(plan, w->rect, w->at, rect, to, nodes);

	for (int i = 0; i < count; i++) {
		const struct plan_node *node = &plan->nodes[nodes[i]];
		const struct plan_node *next = i + 1 < count ? &plan->nodes[nodes[i + 1]] : NULL;
		bool useless = next ? next->rect_a == w->rect || next->rect_b == w->rect : rect == w->rect;

		if (useless)
			continue;
		step(w, node->at);
		w->rect = node->rect_a == w->rect ? node->rect_b : node->rect_a;
		w->room = floor->first_room + plan->rect_room[w->rect];
		push(w, node->door < 0 ? -1 : floor->first_door + node->door);
	}
	step(w, to);
	w->rect = rect;
	w->room = room;
	push(w, -1);
}

/* By lift: the cabins of a building stand above each other, and the ride is over at once. */
static void change_floor(struct walker *w, int floor_index)
{
	const struct plan *plan = plan_of(w);
	const struct plan_room *lift = &plan->rooms[plan->lift_room];
	const struct world_floor *floor = &w->world->floors[w->floor];
	struct world_point at = plan->seats[lift->first_seat].at;
	uint64_t hash = world_hash(w->world, SALT_JITTER, (uint64_t)w->person, (uint64_t)w->t_ms);

	at.x_mm += world_pick(hash, 1200) - 600;
	at.y_mm += world_pick(rng_hash(hash, 1), 600) - 300;
	walk(w, floor->first_room + plan->lift_room, lift->first_rect, at);
	stay_until(w, w->t_ms + 8000 + world_pick(rng_hash(hash, 2), 14000));
	w->floor = floor_index;
	plan = plan_of(w);
	w->room = w->world->floors[floor_index].first_room + plan->lift_room;
	w->rect = plan_rect_at(plan, plan->lift_room, w->at);
	push(w, -1);
	stay_until(w, w->t_ms + 2500);
}

/* To a seat of a room, or to a spot where one can stand. */
static void go(struct walker *w, int room, int seat)
{
	int floor = w->world->rooms[room].floor, rect;
	const struct plan *plan;
	struct world_point at;

	if (floor != w->floor)
		change_floor(w, floor);
	plan = plan_of(w);
	if (seat >= 0) {
		at = plan->seats[seat].at;
		rect = plan->seats[seat].rect;
	} else {
		uint64_t hash = world_hash(w->world, SALT_JITTER, (uint64_t)w->person,
					   (uint64_t)(w->t_ms + room));
		const struct world_rect *r = &w->world->rooms[room].rects[0];

		rect = plan->rooms[room - w->world->floors[floor].first_room].first_rect;
		at.x_mm = r->x0_mm + 350 + world_pick(hash, r->x1_mm - r->x0_mm - 700);
		at.y_mm = r->y0_mm + 350 + world_pick(rng_hash(hash, 1), r->y1_mm - r->y0_mm - 700);
	}
	w->at_entrance = false;
	walk(w, room, rect, at);
}

static void go_home(struct walker *w)
{
	const struct world_person *person = &w->world->people[w->person];

	go(w, person->home_room, person->home_seat);
}

static void enter(struct walker *w, int64_t t_ms)
{
	const struct world_door *door = &w->world->doors[w->building->entrance_door];
	const struct plan *plan;

	w->floor = door->floor;
	plan = plan_of(w);
	w->room = door->room_in;
	w->rect = plan->nodes[plan->entrance_node].rect_a;
	w->at = plan->nodes[plan->entrance_node].at;
	w->at_entrance = true;
	if (t_ms > w->t_ms)
		w->t_ms = t_ms;
	push(w, w->building->entrance_door);
}

/* Nobody waits in the doorway: visitors take a seat in the hall, others stand aside. */
static void wait_until(struct walker *w, int64_t t_ms)
{
	const struct world_person *person = &w->world->people[w->person];

	if (w->at_entrance && w->t_ms < t_ms)
		go(w, w->room, person->role == WORLD_VISITOR ? person->home_seat : -1);
	stay_until(w, t_ms);
}

static void leave(struct walker *w)
{
	const struct world_door *door = &w->world->doors[w->building->entrance_door];
	const struct plan *plan;
	struct people_key *last;

	if (w->floor != door->floor)
		change_floor(w, door->floor);
	plan = plan_of(w);
	walk(w, door->room_in, plan->nodes[plan->entrance_node].rect_a, plan->nodes[plan->entrance_node].at);
	last = &g_array_index(w->keys, struct people_key, w->keys->len - 1);
	last->room = -1;
	last->door = w->building->entrance_door;
	w->room = -1;
}

static int64_t at_second(const struct walker *w, int64_t noon_ms, int second_s)
{
	int64_t t_ms = noon_ms + ((int64_t)second_s - 43200) * 1000;
	/* not all at whole seconds */
	return t_ms +
	       world_pick(world_hash(w->world, SALT_JITTER, (uint64_t)w->person, (uint64_t)t_ms), 1000);
}

static void follow(struct walker *w, const struct people_agenda *agenda, int64_t noon_ms)
{
	bool at_home = false;

	for (int i = 0; i < agenda->count; i++) {
		const struct people_errand *errand = &agenda->errands[i];
		int64_t start_ms = at_second(w, noon_ms, errand->start_s),
			end_ms = at_second(w, noon_ms, errand->end_s);

		if (w->t_ms >= end_ms)
			continue;
		if (!at_home && start_ms - w->t_ms > RETURN_GAP_S * 1000) {
			go_home(w);
			at_home = true;
		}
		wait_until(w, start_ms - EARLY_S * 1000);
		if (errand->room < 0) {
			leave(w);
			enter(w, end_ms);
		} else {
			go(w, errand->room, errand->seat);
			stay_until(w, end_ms);
		}
		at_home = false;
	}
	if (!at_home && at_second(w, noon_ms, agenda->leave_s) - w->t_ms > RETURN_GAP_S * 1000)
		go_home(w);
}

void people_walk(const struct world *world, struct world_day day, int person,
		 const struct people_agenda *agenda, GArray *keys)
{
	const struct world_person *who = &world->people[person];
	struct walker w = {
		.world = world,
		.building = &world->buildings[who->building],
		.day = day,
		.keys = keys,
		.person = person,
		.speed_mm_s = who->speed_mm_s,
		.t_ms = day.start_ms,
	};
	int64_t noon_ms = people_moment(world, who->building, day, 43200);
	const struct plan *plan;

	if (!agenda->present)
		return;
	if (who->role != WORLD_GUARD) {
		enter(&w, at_second(&w, noon_ms, agenda->arrive_s));
		follow(&w, agenda, noon_ms);
		wait_until(&w, at_second(&w, noon_ms, agenda->leave_s));
		leave(&w);
		return;
	}
	w.floor = world->rooms[who->home_room].floor;
	plan = plan_of(&w);
	w.room = who->home_room;
	w.at = plan->seats[who->home_seat].at;
	w.rect = plan->seats[who->home_seat].rect;
	push(&w, -1);
	follow(&w, agenda, noon_ms);
	go_home(&w);
	stay_until(&w, day.end_ms);
}
