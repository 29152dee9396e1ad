/* History of the simulated Density (density.md §4): figures by bucket, raw sessions, completeness. */
#ifndef LODGE_SIM_DENSITY_METRICS_H
#define LODGE_SIM_DENSITY_METRICS_H

#include "sim/call.h"

void sim_density_metrics(struct sim_call *call);
void sim_density_occupancy(struct sim_call *call);
void sim_density_utilization(struct sim_call *call);
void sim_density_time_used(struct sim_call *call);
void sim_density_sessions(struct sim_call *call);
void sim_density_data_status(struct sim_call *call);

#endif
