/* Names that try to break terminals, tables and files, for the fault `hostile`. */
#ifndef LODGE_SIM_HOSTILE_H
#define LODGE_SIM_HOSTILE_H

#include "sim/faults.h"

/* The name to show for the thing with this id: its own, or with the fault on for one in four a hostile one. Which ones
 * depends on the seed alone. Borrowed. */
const char *sim_hostile_name(const struct sim_faults *faults, uint64_t seed, const char *id,
			     const char *name);

#endif
