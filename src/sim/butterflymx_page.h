/* Lists of the simulated ButterflyMX: filters, order, pages and links (butterflymx.md §5). */
#ifndef LODGE_SIM_BUTTERFLYMX_PAGE_H
#define LODGE_SIM_BUTTERFLYMX_PAGE_H

#include "sim/butterflymx.h"

/* GET handlers of the lists. */
void sim_bmx_list_buildings(struct sim_call *call);
void sim_bmx_list_units(struct sim_call *call);
void sim_bmx_list_tenancies(struct sim_call *call);
void sim_bmx_list_keychains(struct sim_call *call);
void sim_bmx_list_keys(struct sim_call *call);
void sim_bmx_list_keychain_keys(struct sim_call *call);
void sim_bmx_list_releases(struct sim_call *call);

#endif
