/* The cache behind the questions to the world, shared by the files that answer them. */
#ifndef LODGE_SIM_WORLD_VIEW_H
#define LODGE_SIM_WORLD_VIEW_H

#include "sim/people.h"

struct world_view {
	const struct world *world;
	int days;                    /* most plans kept */
	GPtrArray *kept;             /* struct people_day */
	struct people_day **current; /* by building: the plan used last, or NULL */
	struct world_day *today;     /* by building: the day asked last */
	uint64_t clock;              /* counts questions, to know the plan used longest ago */
	struct world_work work;
};

/* The plan of the building's day that holds the moment. Valid until the next call. */
const struct people_day *world_view_plan(struct world_view *view, int building, int64_t t_ms);

/* Until when the sensor shows no frames, if it shows none at t; t itself if it streams. INT64_MAX: for ever. */
int64_t world_view_silent_until(struct world_view *view, int sensor, int64_t t_ms);

#endif
