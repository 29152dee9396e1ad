/* What the simulated Density tells of now (density.md §4, §6). */
#ifndef LODGE_SIM_DENSITY_LIVE_H
#define LODGE_SIM_DENSITY_LIVE_H

#include "sim/density_sensors.h"

struct sim_density_state {
	int count; /* as the sensors see it: capped, and 0 from one that is offline */
	bool presence, capped;
	enum sim_density_health health;
};

struct sim_density_state sim_density_state_at(const struct sim_density *density,
					      const struct sim_density_space *space, int64_t t_ms);

/* When the count last changed, to the minute; at most four hours back. */
int64_t sim_density_since(const struct sim_density *density, const struct sim_density_space *space,
			  int64_t t_ms);

/* Does the space have presence (Open Area and Waffle), or counts (all three families)? */
bool sim_density_has_presence(const struct sim_density_space *space);
bool sim_density_has_count(const struct sim_density_space *space);

void sim_density_current(struct sim_call *call);
void sim_density_presence(struct sim_call *call);
void sim_density_presence_health(struct sim_call *call);
void sim_density_short_term(struct sim_call *call);

#endif
