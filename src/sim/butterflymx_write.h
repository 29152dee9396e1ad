/* Writes of the simulated ButterflyMX (butterflymx.md §8). */
#ifndef LODGE_SIM_BUTTERFLYMX_WRITE_H
#define LODGE_SIM_BUTTERFLYMX_WRITE_H

#include "sim/call.h"

void sim_bmx_patch_building(struct sim_call *call);
void sim_bmx_create_unit(struct sim_call *call);
void sim_bmx_patch_unit(struct sim_call *call);
void sim_bmx_create_tenancy(struct sim_call *call);
void sim_bmx_patch_tenancy(struct sim_call *call);
void sim_bmx_delete_tenancy(struct sim_call *call);
void sim_bmx_create_keychain(struct sim_call *call);
void sim_bmx_delete_keychain(struct sim_call *call);
void sim_bmx_create_key(struct sim_call *call);
void sim_bmx_create_keychain_key(struct sim_call *call);
void sim_bmx_delete_key(struct sim_call *call);

#endif
