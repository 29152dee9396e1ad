/* The simulated Sensorist's records that are there from the start. */
#ifndef LODGE_SIM_SENSORIST_SEED_H
#define LODGE_SIM_SENSORIST_SEED_H

#include "sim/sensorist_data.h"

/* Adds users, gateways, sensors, alarms and a callback. */
void sim_sens_seed(struct sim_sens_data *data, int64_t start_ms);

#endif
