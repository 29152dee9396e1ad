/* What the tests of the simulated world share. */
#ifndef LODGE_TESTS_SIM_WORLD_FIXTURE_H
#define LODGE_TESTS_SIM_WORLD_FIXTURE_H

#include "sim/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* Wednesday 2026-11-18: 00:00 UTC; New York is five hours behind, Lisbon is on UTC. */
#define WEDNESDAY INT64_C(1794960000000)
#define WEDNESDAY_1040_NY (WEDNESDAY + 15 * HOUR + 40 * MINUTE)

struct fixture {
	struct world *world;
	struct world_view *view;
};

static inline int fixture_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture)
		return -1;
	*state = fixture;
	fixture->world = sim_world_new(&(struct world_options){.seed = 7});
	if (!fixture->world)
		return -1;
	fixture->view = world_view_new(fixture->world, 0);
	return 0;
}

static inline int fixture_down(void **state)
{
	struct fixture *fixture = *state;

	world_view_free(fixture->view);
	sim_world_free(fixture->world);
	free(fixture);
	return 0;
}

static inline struct world_ref place_of(enum world_kind kind, int index)
{
	return (struct world_ref){.kind = kind, .index = index};
}

#endif
