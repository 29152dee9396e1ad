/* Records of the simulated ButterflyMX as JSON:API resources, member by member as in the document's samples. */
#ifndef LODGE_SIM_BUTTERFLYMX_ROWS_H
#define LODGE_SIM_BUTTERFLYMX_ROWS_H

#include "sim/butterflymx_data.h"
#include "sim/butterflymx_history.h"
#include "sim/call.h"

/* One resource object. */
void sim_bmx_write_row(struct sim_call *call, enum sim_bmx_kind kind, const void *row);
void sim_bmx_write_release(struct sim_call *call, const struct sim_bmx_release *release);

/* The member `included` with the zones of one building. */
void sim_bmx_include_zones_of(struct sim_call *call, int64_t building);

/* A whole document {"data":resource}, a building's with its zones; also what a write answers. */
void sim_bmx_answer_row(struct sim_call *call, int status, enum sim_bmx_kind kind, const void *row);

#endif
