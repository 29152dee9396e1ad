/* What can be measured: one series for each place or sensor and field, and its value in a window.
 *
 * All values come from the same people as the frames do; occupancy is sampled every WORLD_INNER_STEP_MS.
 */
#ifndef LODGE_SIM_BUTLR_SERIES_H
#define LODGE_SIM_BUTLR_SERIES_H

#include "sim/butlr.h"

enum sim_source {
	SIM_SOURCE_COUNT,         /* people in a place, by presence sensors */
	SIM_SOURCE_TRAFFIC_COUNT, /* the same by counting at doors: drifts unless calibrated */
	SIM_SOURCE_PRESENCE_TIME, /* seconds with somebody there */
	SIM_SOURCE_IN,            /* passages at one sensor */
	SIM_SOURCE_OUT,
	SIM_SOURCE_SEEN, /* people one sensor sees */
};

enum sim_function { SIM_MEAN, SIM_MAX, SIM_MIN, SIM_SUM, SIM_FIRST, SIM_LAST, SIM_MEDIAN };

/* -1 for an unknown word. */
int sim_function_parse(const char *word);

struct sim_series {
	const char *measurement, *field;
	enum sim_source source;
	struct world_ref place; /* where people are counted; WORLD_NOTHING for a sensor's series */
	const struct sim_floor *floor;
	const struct sim_area *room, *zone;
	const struct sim_sensor *sensor;
};

/* Which places and sensors; an empty list admits all. Texts are borrowed from the request. */
struct sim_scope {
	const cJSON *spaces, *rooms, *zones, *buildings, *tags, *clients, *macs; /* arrays, or NULL */
};

/* Appends the series of one measurement. False when there is no such measurement. */
bool sim_series_add(struct sim_butlr *butlr, const char *measurement, const struct sim_scope *scope,
		    GArray *out);

/* The value in [start, end); false when nothing was measured there. */
bool sim_series_value(struct sim_butlr *butlr, const struct sim_series *series, enum sim_function function,
		      bool calibrated, int64_t start_ms, int64_t end_ms, double *value);

/* People that the door counters believe to be in a place when the truth is `count`. */
int sim_series_drifted(const struct sim_butlr *butlr, struct world_ref place, int64_t t_ms, int count);

/* Does a place have traffic sensors at its doors? */
bool sim_series_has_traffic(const struct sim_butlr *butlr, const void *place);

/* Values sorted or not into one figure; count > 0. Sorts them for the median (the upper one of two). */
double sim_function_apply(enum sim_function function, double *values, size_t count);

#endif
