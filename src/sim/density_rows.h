/* Reads of the simulated Density's resources (density.md §5), and how one record looks in JSON. */
#ifndef LODGE_SIM_DENSITY_ROWS_H
#define LODGE_SIM_DENSITY_ROWS_H

#include "sim/density.h"

void sim_density_write_space(struct sim_call *call, const struct sim_density_space *space);
/* A label with its group and its spaces. */
void sim_density_write_label(struct sim_call *call, const struct sim_density_label *label);
void sim_density_write_group(struct sim_call *call, const struct sim_density_group *group);
void sim_density_write_user(struct sim_call *call, const struct sim_density_user *user);
/* The labels of a space, as its member `labels` has them. */
void sim_density_write_space_labels(struct sim_call *call, const struct sim_density_space *space);

void sim_density_list_spaces(struct sim_call *call);
void sim_density_list_doorways(struct sim_call *call);
void sim_density_list_labels(struct sim_call *call);
void sim_density_list_groups(struct sim_call *call);
void sim_density_list_users(struct sim_call *call);
void sim_density_show_user(struct sim_call *call);

#endif
