/* Writes of the simulated Density (density.md §5): spaces, labels, label groups, users. */
#ifndef LODGE_SIM_DENSITY_WRITE_H
#define LODGE_SIM_DENSITY_WRITE_H

#include "sim/call.h"

void sim_density_patch_space(struct sim_call *call);
void sim_density_patch_space_labels(struct sim_call *call);
void sim_density_create_label(struct sim_call *call);
void sim_density_patch_label(struct sim_call *call);
void sim_density_delete_label(struct sim_call *call);
void sim_density_create_group(struct sim_call *call);
void sim_density_patch_group(struct sim_call *call);
void sim_density_delete_group(struct sim_call *call);
void sim_density_create_user(struct sim_call *call);
void sim_density_put_user(struct sim_call *call);
void sim_density_delete_user(struct sim_call *call);

#endif
