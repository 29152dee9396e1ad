#include "sim/people.h"

#include "base/rng.h"

#include <string.h>

#define HOUR 3600
#define MINUTE 60
#define SLOT_S 900 /* shared seats are kept by the quarter of an hour */
#define GAP_S 90   /* between two errands */
#define GUESTS_MAX 16

struct planner {
	const struct world *world;
	const struct world_building *building;
	struct world_day day;
	struct people_agenda *agendas;
	uint64_t (*busy)[2]; /* a bit a slot, for every seat of every floor */
};

/* From and up to, in seconds. */
struct range {
	int low, high;
};

/* A run of numbers for one person and day. Draw each number in a statement of its own: the order in which C
 * evaluates arguments differs between compilers. */
static struct rng dice(const struct planner *p, int person)
{
	struct rng rng;

	rng_init(&rng, world_hash(p->world, SALT_DAY, (uint64_t)person, (uint64_t)p->day.number));
	return rng;
}

static int between(struct rng *rng, int low, int high)
{
	return low + (int)rng_below(rng, (uint32_t)(high - low + 1));
}

static struct people_agenda *agenda_of(const struct planner *p, int person)
{
	return &p->agendas[person - p->building->first_person];
}

/* --- errands --------------------------------------------------------------------------------------------- */

static bool fits(const struct people_agenda *agenda, int start_s, int end_s)
{
	if (!agenda->present || agenda->count == PEOPLE_ERRANDS_MAX || start_s >= end_s ||
	    start_s < agenda->arrive_s + 3 * MINUTE || end_s > agenda->leave_s)
		return false;
	for (int i = 0; i < agenda->count; i++) {
		if (start_s < agenda->errands[i].end_s + GAP_S && end_s + GAP_S > agenda->errands[i].start_s)
			return false;
	}
	return true;
}

static void insert(struct people_agenda *agenda, struct people_errand errand)
{
	int at = agenda->count++;

	for (; at > 0 && agenda->errands[at - 1].start_s > errand.start_s; at--)
		agenda->errands[at] = agenda->errands[at - 1];
	agenda->errands[at] = errand;
}

static const struct plan_room *drawn_room(const struct world *world, int room)
{
	const struct world_floor *floor = &world->floors[world->rooms[room].floor];

	return &world->inner->plans[floor->plan].rooms[room - floor->first_room];
}

/* Keeps a free seat of a shared room; -1 when all are taken. */
static int book(struct planner *p, int room, int start_s, int end_s, int wish)
{
	const struct plan_room *drawn = drawn_room(p->world, room);
	int base = (p->world->rooms[room].floor - p->building->first_floor) * PLAN_SEATS_MAX;
	int first = start_s / SLOT_S, last = (end_s - 1) / SLOT_S;

	for (int i = 0; i < drawn->seat_count; i++) {
		int seat = drawn->first_seat + (wish + i) % drawn->seat_count;
		uint64_t *bits = p->busy[base + seat];
		bool taken = false;

		for (int slot = first; slot <= last && !taken; slot++)
			taken = bits[slot / 64] >> (slot % 64) & 1;
		if (taken)
			continue;
		for (int slot = first; slot <= last; slot++)
			bits[slot / 64] |= (uint64_t)1 << (slot % 64);
		return seat;
	}
	return -1;
}

static bool type_is(const char *type, const char *const *wanted)
{
	for (; *wanted; wanted++) {
		if (strcmp(type, *wanted) == 0)
			return true;
	}
	return false;
}

/* A room of one of the types: on the given floor if there is one, else anywhere in the building. */
static int find_room(const struct planner *p, int floor, const char *const *types, struct rng *rng)
{
	int found[64], count = 0;
	const struct world_floor *own = &p->world->floors[floor];

	for (int i = own->first_room; i < own->first_room + own->room_count && count < 64; i++) {
		if (type_is(p->world->rooms[i].type, types))
			found[count++] = i;
	}
	for (int k = 0; count == 0 && k < p->building->room_count && count < 64; k++) {
		if (type_is(p->world->rooms[p->building->first_room + k].type, types))
			found[count++] = p->building->first_room + k;
	}
	return count ? found[rng_below(rng, (uint32_t)count)] : -1;
}

static const char *const kitchens[] = {"kitchen", "kitchenette", NULL};
static const char *const toilets[] = {"wc", NULL};
static const char *const booths[] = {"phoneroom", NULL};
static const char *const lounges[] = {"livingroom", "library", "gamesroom", "gym", "bedroom", NULL};

/* Goes to a room of a kind for some minutes, if the agenda and the room have a place. `crowd`: people stand
 * where no seat is free. */
static void visit(struct planner *p, int person, int floor, const char *const *types, struct rng *rng,
		  struct range when, struct range length, bool crowd)
{
	struct people_agenda *agenda = agenda_of(p, person);
	int start_s = between(rng, when.low, when.high), length_s = between(rng, length.low, length.high);
	int room = find_room(p, floor, types, rng), seat, wish = (int)rng_below(rng, 1000);

	if (room < 0 || !fits(agenda, start_s, start_s + length_s))
		return;
	seat = book(p, room, start_s, start_s + length_s, wish);
	if (seat >= 0 || crowd)
		insert(agenda, (struct people_errand){start_s, start_s + length_s, room, seat});
}

/* --- staff ----------------------------------------------------------------------------------------------- */

static void plan_hours(struct planner *p, int person, struct rng *rng)
{
	static const int attendance[7] = {2, 78, 93, 93, 88, 66, 3};
	struct people_agenda *agenda = agenda_of(p, person);
	struct rng habit;
	int chance;

	rng_init(&habit, world_hash(p->world, SALT_PERSON, (uint64_t)person, 7));
	chance = attendance[p->day.weekday];
	if (p->day.holiday)
		chance = 2;
	else if (chance > 10)
		chance += between(&habit, -12, 9);
	agenda->present = between(rng, 0, 99) < chance;
	agenda->arrive_s = between(&habit, 8 * HOUR, 9 * HOUR + 35 * MINUTE) + between(rng, -720, 899);
	agenda->leave_s = between(&habit, 16 * HOUR + 50 * MINUTE, 18 * HOUR + 40 * MINUTE) +
			  between(rng, -1200, 1559);
	if (p->day.weekday == 5)
		agenda->leave_s -= 50 * MINUTE;
	if (p->day.weekday == 0 || p->day.weekday == 6 || p->day.holiday) {
		agenda->arrive_s += 90 * MINUTE;
		agenda->leave_s -= 3 * HOUR;
	}
}

static int home_floor(const struct planner *p, int person)
{
	return p->world->rooms[p->world->people[person].home_room].floor;
}

/* More than half of those who eat in do so in the canteen of the ground floor. */
static void plan_lunch(struct planner *p, int person, struct rng *rng)
{
	const struct range noon = {11 * HOUR + 50 * MINUTE, 13 * HOUR + 20 * MINUTE};
	struct people_agenda *agenda = agenda_of(p, person);
	int way = between(rng, 0, 99);

	if (way < 58) {
		int floor = between(rng, 0, 99) < 55 ? p->building->first_floor : home_floor(p, person);

		visit(p, person, floor, kitchens, rng, noon, (struct range){20 * MINUTE, 38 * MINUTE}, true);
	} else if (way < 90) {
		int start_s = between(rng, noon.low, noon.high),
		    length_s = between(rng, 28 * MINUTE, 55 * MINUTE);

		if (fits(agenda, start_s, start_s + length_s))
			insert(agenda, (struct people_errand){start_s, start_s + length_s, -1, -1});
	}
}

static void plan_breaks(struct planner *p, int person, struct rng *rng)
{
	const struct people_agenda *agenda = agenda_of(p, person);
	const struct range morning = {9 * HOUR, 11 * HOUR + 30 * MINUTE};
	const struct range afternoon = {14 * HOUR, 16 * HOUR + 30 * MINUTE};
	const struct range inside = {agenda->arrive_s,
				     agenda->leave_s > agenda->arrive_s ? agenda->leave_s : agenda->arrive_s};
	const struct range hours = {9 * HOUR, 17 * HOUR};
	int floor = home_floor(p, person);

	visit(p, person, floor, kitchens, rng, morning, (struct range){240, 560}, true);
	if (between(rng, 0, 99) < 60)
		visit(p, person, floor, kitchens, rng, afternoon, (struct range){240, 500}, true);
	for (int i = 0; i < 1 + (inside.high - inside.low) / (3 * HOUR); i++)
		visit(p, person, floor, toilets, rng, inside, (struct range){150, 330}, false);
	for (int i = 0; i < 2; i++) {
		if (between(rng, 0, 99) < 55)
			visit(p, person, floor, booths, rng, hours, (struct range){6 * MINUTE, 26 * MINUTE},
			      false);
	}
	if (between(rng, 0, 99) < 30)
		visit(p, person, floor, lounges, rng, hours, (struct range){10 * MINUTE, 28 * MINUTE}, false);
}

/* --- meetings -------------------------------------------------------------------------------------------- */

/* Somebody of the staff: more often of the floor of the room than of another. */
static int invite(const struct planner *p, int floor, struct rng *rng)
{
	for (int tries = 0; tries < 24; tries++) {
		int person = p->building->first_person +
			     (int)rng_below(rng, (uint32_t)p->building->person_count);
		const struct world_person *who = &p->world->people[person];

		if (who->role != WORLD_STAFF || !agenda_of(p, person)->present)
			continue;
		if (p->world->rooms[who->home_room].floor == floor || rng_below(rng, 4) == 0)
			return person;
	}
	return -1;
}

static void hold_meeting(struct planner *p, int room, int start_s, int end_s, struct rng *rng)
{
	int places = p->world->rooms[room].capacity, guests, came = 0;

	guests = 2 + (int)rng_below(rng, (uint32_t)(places > 2 ? places - 1 : 1));
	if (rng_below(rng, 14) == 0)
		guests = places + 1 + (int)rng_below(rng, 2); /* they squeeze in */
	if (guests > GUESTS_MAX)
		guests = GUESTS_MAX;
	for (int i = 0; i < guests + 3 && came < guests; i++) {
		int person = invite(p, p->world->rooms[room].floor, rng);
		int late_s = (int)rng_below(rng, 200) - 100, over_s = (int)rng_below(rng, 90);
		struct people_errand errand = {start_s + late_s, end_s - over_s, room, -1};

		if (person < 0 || !fits(agenda_of(p, person), errand.start_s, errand.end_s))
			continue;
		errand.seat = book(p, room, start_s, end_s, came);
		insert(agenda_of(p, person), errand);
		came++;
	}
}

static void plan_meetings(struct planner *p)
{
	static const int lengths_s[] = {1800, 1800, 2700, 3600, 3600, 5400};

	for (int k = 0; k < p->building->room_count; k++) {
		int room = p->building->first_room + k;
		struct rng rng;

		if (strcmp(p->world->rooms[room].type, "confroom") != 0)
			continue;
		rng_init(&rng, world_hash(p->world, SALT_MEETING, (uint64_t)room, (uint64_t)p->day.number));
		for (int t_s = 9 * HOUR; t_s < 17 * HOUR + 1800;) {
			int length_s = lengths_s[rng_below(&rng, G_N_ELEMENTS(lengths_s))];
			bool noon = t_s >= 12 * HOUR && t_s < 13 * HOUR;

			if (rng_below(&rng, 100) < (noon ? 12u : 42u)) {
				hold_meeting(p, room, t_s, t_s + length_s, &rng);
				t_s += length_s;
			} else {
				t_s += 1800;
			}
		}
	}
}

/* --- the others ------------------------------------------------------------------------------------------ */

/* Waits in the hall, then sits in some meeting room or lounge. */
static void plan_visitor(struct planner *p, int person)
{
	static const char *const hosts[] = {"confroom", "livingroom", NULL};
	struct people_agenda *agenda = agenda_of(p, person);
	struct rng rng = dice(p, person);
	bool workday = p->day.weekday != 0 && p->day.weekday != 6 && !p->day.holiday;
	int floor = p->building->first_floor + (int)rng_below(&rng, (uint32_t)p->building->floor_count), room,
	    start_s;

	agenda->present = workday && between(&rng, 0, 99) < 65;
	agenda->arrive_s = between(&rng, 9 * HOUR + 600, 15 * HOUR);
	start_s = agenda->arrive_s + between(&rng, 4, 11) * MINUTE;
	agenda->leave_s = start_s + between(&rng, 30, 85) * MINUTE;
	room = find_room(p, floor, hosts, &rng);
	if (room >= 0 && fits(agenda, start_s, agenda->leave_s)) {
		int seat = book(p, room, start_s, agenda->leave_s, (int)rng_below(&rng, 16));

		insert(agenda, (struct people_errand){start_s, agenda->leave_s, room, seat});
	}
}

/* Every second floor, room by room. */
static void plan_cleaner(struct planner *p, int person, int share, int shares)
{
	struct people_agenda *agenda = agenda_of(p, person);
	struct rng rng = dice(p, person);
	int t_s = between(&rng, 18 * HOUR + 5 * MINUTE, 18 * HOUR + 40 * MINUTE);

	agenda->present = p->day.weekday != 0 && p->day.weekday != 6 && !p->day.holiday;
	agenda->arrive_s = t_s;
	agenda->leave_s = 23 * HOUR;
	t_s += 5 * MINUTE;
	for (int k = share; k < p->building->floor_count; k += shares) {
		const struct world_floor *floor = &p->world->floors[p->building->first_floor + k];

		for (int i = 0; i < floor->room_count; i++) {
			int length_s = between(&rng, 150, 420);

			if (strcmp(p->world->rooms[floor->first_room + i].type, "elevator") == 0 ||
			    t_s + length_s > 22 * HOUR + 30 * MINUTE || !fits(agenda, t_s, t_s + length_s))
				continue;
			insert(agenda,
			       (struct people_errand){t_s, t_s + length_s, floor->first_room + i, -1});
			t_s += length_s + 100;
		}
	}
	agenda->leave_s = t_s;
}

/* Sits in the hall from evening to morning; walks a round three times. */
static void plan_guard(struct planner *p, int person)
{
	static const int rounds_s[] = {90 * MINUTE, 4 * HOUR + 30 * MINUTE, 21 * HOUR};
	struct people_agenda *agenda = agenda_of(p, person);
	struct rng rng = dice(p, person);
	int home_s, back_s;

	agenda->present = true;
	agenda->arrive_s = -HOUR;
	agenda->leave_s = 25 * HOUR;
	for (size_t r = 0; r < G_N_ELEMENTS(rounds_s); r++) {
		int t_s = rounds_s[r] + between(&rng, 0, 20) * MINUTE;

		for (int k = 0; k < p->building->floor_count && agenda->count < 30; k++) {
			const struct world_floor *floor = &p->world->floors[p->building->first_floor + k];

			for (int i = 0; i < 2; i++) {
				int room = floor->first_room +
					   (int)rng_below(&rng, (uint32_t)floor->room_count);

				insert(agenda, (struct people_errand){t_s, t_s + 45, room, -1});
				t_s += 45 + GAP_S;
			}
		}
	}
	home_s = between(&rng, 6 * HOUR + 2400, 7 * HOUR + 900);
	back_s = between(&rng, 19 * HOUR, 19 * HOUR + 2400);
	insert(agenda, (struct people_errand){home_s, back_s, -1, -1});
}

static void plan_role(struct planner *p, enum world_role role)
{
	int cleaners = (p->building->floor_count + 1) / 2, share = 0;

	for (int k = 0; k < p->building->person_count; k++) {
		int person = p->building->first_person + k;
		struct rng rng = dice(p, person);

		if (p->world->people[person].role != role)
			continue;
		rng.state = rng_hash(rng.state, 2);
		if (role == WORLD_CLEANER)
			plan_cleaner(p, person, share++, cleaners);
		else if (role == WORLD_VISITOR)
			plan_visitor(p, person);
		else if (role == WORLD_GUARD)
			plan_guard(p, person);
		else if (agenda_of(p, person)->present) {
			plan_lunch(p, person, &rng);
			plan_breaks(p, person, &rng);
		}
	}
}

struct people_agenda *people_agendas_new(const struct world *world, int building, struct world_day day)
{
	struct planner p = {.world = world, .building = &world->buildings[building], .day = day};

	p.agendas = g_new0(struct people_agenda, (gsize)p.building->person_count);
	p.busy = g_malloc0((gsize)p.building->floor_count * PLAN_SEATS_MAX * sizeof(p.busy[0]));
	for (int k = 0; k < p.building->person_count; k++) {
		int person = p.building->first_person + k;
		struct rng rng = dice(&p, person);

		if (world->people[person].role == WORLD_STAFF)
			plan_hours(&p, person, &rng);
	}
	plan_meetings(&p);
	plan_role(&p, WORLD_VISITOR);
	plan_role(&p, WORLD_STAFF);
	plan_role(&p, WORLD_CLEANER);
	plan_role(&p, WORLD_GUARD);
	g_free(p.busy);
	return p.agendas;
}
