/* What is measured: thermal frames, detections, occupancy, climate. Plain rows; see model/value.h. */
#ifndef LODGE_MODEL_LIVE_H
#define LODGE_MODEL_LIVE_H

#include "model/value.h"

/* A thermal frame of one sensor (butlr.md §6.2). id: address and time, unique. */
struct frame {
	const char *id, *sensor_id, *address;
	int64_t time_ms;
	struct grid8 celsius;
};

#define SPACE_SENSOR "sensor" /* 0..1 over the sensor's view, [0,0] top left (butlr.md §6.1) */
#define SPACE_FLOOR "floor"   /* metres on the floor plan */

struct detection {
	const char *id, *sensor_id, *address;
	int64_t time_ms;
	struct points points; /* one a person; none = nobody seen */
	const char *space;    /* SPACE_… */
};

/* Counts of one space in one window [start, end). */
struct occupancy {
	const char *id, *space_id, *space_name;
	int64_t start_ms, end_ms;
	double min, max, avg, sum, count, median, stddev;
	double utilization_avg, utilization_max;
	double time_used_s;
	double uptime; /* 0..1 */
	int8_t capped;
	double entrances, exits; /* people through its doorways; not part of the JSON form */
	double complete;         /* 0..1 of what will be known in the end; not part of the JSON form */
};

/* Somebody was detected in a space, from start to end. */
struct session {
	const char *id, *space_id, *space_name, *type;
	int64_t start_ms, end_ms;
};

struct measurement {
	const char *id, *sensor_id, *source_id, *quantity, *unit;
	int64_t time_ms;
	double value, min, max, avg;
	double interval_s; /* how often the source measures; not part of the JSON form */
};

struct alarm {
	const char *id, *source_id, *direction;
	double threshold, delay_minutes;
	const char *state;
	int64_t since_ms;
	int8_t raised; /* what `state` means; not part of the JSON form */
	double value;  /* what was measured when it got into that state; not part of the JSON form */
};

#endif
