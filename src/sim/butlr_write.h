/* REST v2 of the simulated Butlr: writing (butlr.md §4.1.1). What is written stays until the simulator stops. */
#ifndef LODGE_SIM_BUTLR_WRITE_H
#define LODGE_SIM_BUTLR_WRITE_H

#include "sim/call.h"

void sim_rest_create_space(struct sim_call *call);
void sim_rest_update_space(struct sim_call *call);
void sim_rest_delete_space(struct sim_call *call);
void sim_rest_create_room(struct sim_call *call);
void sim_rest_update_room(struct sim_call *call);
void sim_rest_delete_room(struct sim_call *call);
void sim_rest_create_zone(struct sim_call *call);
void sim_rest_update_zone(struct sim_call *call);
void sim_rest_delete_zone(struct sim_call *call);
void sim_rest_create_fixture(struct sim_call *call);
void sim_rest_update_fixture(struct sim_call *call);
void sim_rest_delete_fixture(struct sim_call *call);
void sim_rest_update_sensor(struct sim_call *call);
void sim_rest_delete_sensor(struct sim_call *call);
void sim_rest_activate_hive(struct sim_call *call);
void sim_rest_update_hive(struct sim_call *call);
void sim_rest_delete_hive(struct sim_call *call);

#endif
