/* Sensors of the simulated Density and their health (density.md §5, §6). */
#ifndef LODGE_SIM_DENSITY_SENSORS_H
#define LODGE_SIM_DENSITY_SENSORS_H

#include "sim/density.h"

enum sim_density_health {
	SIM_DENSITY_HEALTHY,
	SIM_DENSITY_DEGRADED, /* of a sensor: online, but sends nothing; so every outage begins */
	SIM_DENSITY_OFFLINE,
	SIM_DENSITY_UNKNOWN_HEALTH,
};

extern const char *const sim_density_healths[]; /* "healthy" … by enum */

/* Of a space, from its sensors (§6). */
enum sim_density_health sim_density_space_health(const struct sim_density *density,
						 const struct sim_density_space *space, int64_t t_ms);

/* How long sensors were able to report, for the moments of a range. */
struct sim_density_up;
struct sim_density_up *sim_density_up_new(const struct sim_density_data *data, int64_t from_ms,
					  int64_t to_ms);
void sim_density_up_free(struct sim_density_up *up);

/* Milliseconds of [from,to), the mean over the sensors of a space; 0 without any. */
double sim_density_up_ms(struct sim_density_up *up, const struct sim_density_space *space, int64_t from_ms,
			 int64_t to_ms);

void sim_density_list_sensors(struct sim_call *call);
void sim_density_health_current(struct sim_call *call);
void sim_density_health_history(struct sim_call *call);

#endif
