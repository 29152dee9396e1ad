/* GET /measurements of the simulated Sensorist, in its four types (sensorist.md §5.4, §6.3). */
#ifndef LODGE_SIM_SENSORIST_MEASURE_H
#define LODGE_SIM_SENSORIST_MEASURE_H

#include "sim/sensorist.h"

#define SIM_SENS_RAW_ROWS 5000 /* in one answer */

void sim_sens_measurements(struct sim_call *call);

/* What is asked for. */
struct sim_sens_ask {
	GPtrArray *sources;       /* const struct sim_sens_source *, borrowed; of one gateway */
	int64_t from_ms, to_ms;   /* both included */
	int64_t now_ms;           /* only what is stored by then */
	int64_t seq_from, seq_to; /* INT64_MIN and INT64_MAX: not asked for */
	int64_t step_ms;          /* of `range` */
	int64_t offset;           /* of `raw` */
};

/* The rows of one source that are asked for, from the first on: false at the end. Begin with *date_ms = from_ms; to go on
 * add one to it. */
bool sim_sens_ask_next(const struct sim_sens_ask *ask, const struct sim_sens_source *source,
		       int64_t *date_ms);

#endif
