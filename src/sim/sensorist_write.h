/* Writes of the simulated Sensorist (sensorist.md §5.2, §5.3). */
#ifndef LODGE_SIM_SENSORIST_WRITE_H
#define LODGE_SIM_SENSORIST_WRITE_H

#include "sim/sensorist.h"

void sim_sens_create_user(struct sim_call *call);
void sim_sens_associate(struct sim_call *call);
void sim_sens_rename_gateway(struct sim_call *call);
void sim_sens_command(struct sim_call *call);
void sim_sens_change_sensor(struct sim_call *call);
void sim_sens_create_alarm(struct sim_call *call);
void sim_sens_create_callback(struct sim_call *call);

void sim_sens_delete_alarm(struct sim_call *call);
void sim_sens_delete_callback(struct sim_call *call);
/* All of them. */
void sim_sens_delete_alarms(struct sim_call *call);
void sim_sens_delete_callbacks(struct sim_call *call);

#endif
