/* Reads of the simulated Sensorist's users, gateways and callbacks, and how one record looks in JSON (sensorist.md §6). */
#ifndef LODGE_SIM_SENSORIST_ROWS_H
#define LODGE_SIM_SENSORIST_ROWS_H

#include "sim/sensorist.h"

void sim_sens_write_user(struct sim_call *call, const struct sim_sens_user *user);
void sim_sens_write_gateway(struct sim_call *call, const struct sim_sens_gateway *gateway);
void sim_sens_write_sensor(struct sim_call *call, const struct sim_sens_sensor *sensor);
void sim_sens_write_callback(struct sim_call *call, const struct sim_sens_callback *callback);

void sim_sens_list_users(struct sim_call *call);
void sim_sens_list_gateways(struct sim_call *call);
void sim_sens_list_callbacks(struct sim_call *call);

#endif
