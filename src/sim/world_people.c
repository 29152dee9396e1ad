#include "sim/world_inner.h"

#include "base/rng.h"

#include <string.h>

#define VISITORS_PER_FLOOR 3

static void add_person(struct world *world, int building, enum world_role role, int room, int seat)
{
	GArray *people = world->inner->people;
	int number = (int)people->len;
	uint64_t hash = world_hash(world, SALT_PERSON, (uint64_t)number, 0);
	int row = strcmp(world->buildings[building].country, "US") == 0 ? 0 : 1;
	struct world_person person = {
		.name = world_text(world, "%s %s", world_first_names[row][world_pick(hash, 24)],
				   world_last_names[row][world_pick(rng_hash(hash, 1), 24)]),
		.role = role,
		.building = building,
		.home_room = room,
		.home_seat = seat,
		.speed_mm_s = 1150 + world_pick(rng_hash(hash, 2), 300),
	};

	g_array_append_val(people, person);
}

/* All but a few desks have an owner. */
static void add_staff(struct world *world, int building, const struct world_floor *floor)
{
	const struct plan *plan = &world->inner->plans[floor->plan];

	for (int i = 0; i < plan->room_count; i++) {
		const struct plan_room *room = &plan->rooms[i];

		if (strcmp(room->spec->type, "hotdesk") != 0 && strcmp(room->spec->type, "office") != 0)
			continue;
		for (int k = 0; k < room->seat_count; k++) {
			uint64_t hash = world_hash(world, SALT_PERSON, (uint64_t)(floor->first_room + i),
						   100 + (uint64_t)k);

			if (world_pick(hash, 14) != 0)
				add_person(world, building, WORLD_STAFF, floor->first_room + i,
					   room->first_seat + k);
		}
	}
}

void world_build_people(struct world *world, int building_index)
{
	struct world_building *building = &g_array_index(world->inner->buildings, struct world_building,
							 building_index);
	const struct world_door *entrance = &world->doors[building->entrance_door];
	const struct plan *ground = &world->inner->plans[world->floors[building->first_floor].plan];
	int hall = entrance->room_in, drawn = hall - world->floors[building->first_floor].first_room;
	int guard_seat = ground->rooms[drawn].first_seat;

	building->first_person = (int)world->inner->people->len;
	for (int k = 0; k < building->floor_count; k++)
		add_staff(world, building_index, &world->floors[building->first_floor + k]);
	for (int k = 0; k < (building->floor_count + 1) / 2; k++)
		add_person(world, building_index, WORLD_CLEANER, hall, guard_seat);
	for (int k = 0; k < building->floor_count * VISITORS_PER_FLOOR; k++)
		add_person(world, building_index, WORLD_VISITOR, hall, guard_seat + 1);
	add_person(world, building_index, WORLD_GUARD, hall, guard_seat);
	building->person_count = (int)world->inner->people->len - building->first_person;
}
