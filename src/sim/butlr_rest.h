/* REST v2 of the simulated Butlr: reading (butlr.md §4). */
#ifndef LODGE_SIM_BUTLR_REST_H
#define LODGE_SIM_BUTLR_REST_H

#include "sim/butlr.h"

/* The object that a path names; NULL after answering 404. */
struct sim_floor *sim_rest_floor(struct sim_call *call);
struct sim_area *sim_rest_area(struct sim_call *call, enum sim_estate_kind kind);
struct sim_fixture *sim_rest_fixture(struct sim_call *call);
struct sim_sensor *sim_rest_sensor(struct sim_call *call);
struct sim_hive *sim_rest_hive(struct sim_call *call);

void sim_rest_list_spaces(struct sim_call *call);
void sim_rest_get_space(struct sim_call *call);
void sim_rest_list_rooms(struct sim_call *call);
void sim_rest_get_room(struct sim_call *call);
void sim_rest_list_zones(struct sim_call *call);
void sim_rest_get_zone(struct sim_call *call);
void sim_rest_list_fixtures(struct sim_call *call);
void sim_rest_get_fixture(struct sim_call *call);
void sim_rest_list_sensors(struct sim_call *call);
void sim_rest_list_space_sensors(struct sim_call *call);
void sim_rest_get_space_sensor(struct sim_call *call);
void sim_rest_get_sensor(struct sim_call *call);
void sim_rest_list_hives(struct sim_call *call);
void sim_rest_get_hive(struct sim_call *call);

#endif
