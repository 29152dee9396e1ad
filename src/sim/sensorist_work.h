/* Workflows of the simulated Sensorist (sensorist.md §6.7): they take simulated time, and their effect comes at the end. */
#ifndef LODGE_SIM_SENSORIST_WORK_H
#define LODGE_SIM_SENSORIST_WORK_H

#include "sim/sensorist.h"

/* Begin one for the user of the call. */
struct sim_sens_workflow *sim_sens_start_command(struct sim_call *call, struct sim_sens_gateway *gateway,
						 enum sim_sens_work work);
struct sim_sens_workflow *sim_sens_start_associate(struct sim_call *call, struct sim_sens_gateway *gateway);
struct sim_sens_workflow *sim_sens_start_interval(struct sim_call *call, struct sim_sens_sensor *sensor,
						  int interval_s);

/* Does what workflows that have ended by now do at their end. */
void sim_sens_settle(struct sim_sens *sens, int64_t now_ms);

/* The member "workflow"; `brief` without its times, as answers to a POST have it. */
void sim_sens_write_workflow(struct sim_call *call, const struct sim_sens_workflow *workflow, bool brief);

void sim_sens_show_workflow(struct sim_call *call);

#endif
