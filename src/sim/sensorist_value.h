/* The measurements of the simulated Sensorist: which rows a source has, and what they say. All of it is a function of the
 * seed and of time; rooms are as warm as the world has them. */
#ifndef LODGE_SIM_SENSORIST_VALUE_H
#define LODGE_SIM_SENSORIST_VALUE_H

#include "sim/sensorist_data.h"

/* sensorist.md §6.3 */
enum sim_sens_row_type {
	SIM_SENS_REGULAR = 1,
	SIM_SENS_BUTTON = 5,
	SIM_SENS_GROUPED = 10,
	SIM_SENS_BLANK = 20,
	SIM_SENS_INTERPOLATED = 30,
};

#define SIM_SENS_STORED_MS 3000 /* from measuring to where it can be read */

/* The date of the first row at or after t; INT64_MAX when there is none for years. */
int64_t sim_sens_next(const struct sim_sens_source *source, int64_t t_ms);

/* The date of the last row before t; MOMENT_NONE when there is none. */
int64_t sim_sens_last(const struct sim_sens_source *source, int64_t t_ms);

/* Of the row at this date. */
enum sim_sens_row_type sim_sens_row_type(const struct sim_sens_source *source, int64_t date_ms);
int64_t sim_sens_seq(const struct sim_sens_source *source, int64_t date_ms);

/* What the row says, in hundredths of its unit. */
int sim_sens_centi(struct world_view *view, const struct sim_sens_source *source, int64_t date_ms);

/* Since when a gateway or a sensor has not been heard of; MOMENT_NONE = it is. A sensor is lost with its gateway. */
int64_t sim_sens_gateway_lost(const struct sim_sens_gateway *gateway, int64_t t_ms);
int64_t sim_sens_sensor_lost(const struct sim_sens_sensor *sensor, int64_t t_ms);

/* Seconds between values at the moment. */
int sim_sens_interval_s(const struct sim_sens_source *source, int64_t t_ms);

#endif
