/* /control: faults, counters and the clock of a running simulator. No vendor has such paths. */
#ifndef LODGE_SIM_CONTROL_H
#define LODGE_SIM_CONTROL_H

#include "sim/call.h"

/* `path` is what follows /control: /faults (GET, PUT), /stats (GET, DELETE resets), /clock (GET). */
void sim_control_handle(struct sim_call *call, const char *path);

#endif
