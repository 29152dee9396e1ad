/* Occupancy series of the simulated Butlr: POST /api/v3/reporting and /api/v4/reporting/stats (butlr.md §7). */
#ifndef LODGE_SIM_BUTLR_REPORTING_H
#define LODGE_SIM_BUTLR_REPORTING_H

#include "sim/call.h"

void sim_butlr_reporting(struct sim_call *call);
void sim_butlr_stats(struct sim_call *call);

#endif
