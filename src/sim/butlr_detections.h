/* POST /api/v3/detections of the simulated Butlr: detections, thermal frames, density (butlr.md §6). */
#ifndef LODGE_SIM_BUTLR_DETECTIONS_H
#define LODGE_SIM_BUTLR_DETECTIONS_H

#include "sim/call.h"

struct sim_butlr;

void sim_butlr_detections(struct sim_call *call);

/* The density of people on a floor, for the data type heatmap_v2 (§6.3). `body` is the whole request; the answer is
 * written as {"heatmap_v2":[{"array_cells":[…]}]}. */
void sim_butlr_density(struct sim_call *call, const cJSON *body);

#endif
