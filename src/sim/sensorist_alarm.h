/* Alarms of the simulated Sensorist (sensorist.md §6.4, §6.5): their state follows from the rows of their source. */
#ifndef LODGE_SIM_SENSORIST_ALARM_H
#define LODGE_SIM_SENSORIST_ALARM_H

#include "sim/sensorist.h"

/* Brings state and logs up to the moment. */
void sim_sens_alarm_run(struct sim_sens *sens, struct sim_sens_alarm *alarm, int64_t now_ms);

void sim_sens_write_alarm(struct sim_call *call, const struct sim_sens_alarm *alarm);

void sim_sens_list_alarms(struct sim_call *call);
void sim_sens_alarm_history(struct sim_call *call);

#endif
