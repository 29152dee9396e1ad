#include "core/kind_fields.h"

#include "model/live.h"

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct frame, member, form, flags, decimals, unit, help)
static const struct field frame_fields[] = {
	F(sensor_id, TEXT, FIELD_COLUMN, -1, NULL, "the sensor it is from"),
	F(address, TEXT, FIELD_COLUMN, -1, NULL, "the sensor's hardware address"),
	FIELD_AS(struct frame, "time", time_ms, MOMENT, FIELD_COLUMN, -1, NULL, "when it was taken"),
	F(celsius, GRID8, FIELD_COLUMN_RIGHT, 1, "degrees C",
	  "eight rows of eight temperatures, as the vendor sent them"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct detection, member, form, flags, decimals, unit, help)
static const struct field detection_fields[] = {
	F(sensor_id, TEXT, FIELD_COLUMN, -1, NULL, "the sensor it is from"),
	F(address, TEXT, FIELD_COLUMN, -1, NULL, "the sensor's hardware address"),
	FIELD_AS(struct detection, "time", time_ms, MOMENT, FIELD_COLUMN, -1, NULL, "when it was seen"),
	F(points, POINTS, FIELD_COLUMN_RIGHT | FIELD_EMPTY_LIST, -1, NULL,
	  "one point a person; an empty list: nobody"),
	F(space, TEXT, FIELD_COLUMN, -1, NULL,
	  "what the points count in: sensor (0 to 1 over its view) or floor (metres on the plan)"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct occupancy, member, form, flags, decimals, unit, help)
static const struct field occupancy_fields[] = {
	F(space_id, TEXT, 0, -1, NULL, "the floor, room or zone counted"),
	F(space_name, TEXT, FIELD_COLUMN, -1, NULL, "its name"),
	FIELD_AS(struct occupancy, "start", start_ms, MOMENT, FIELD_COLUMN, -1, NULL,
		 "where the window begins"),
	FIELD_AS(struct occupancy, "end", end_ms, MOMENT, 0, -1, NULL,
		 "where the window ends; not part of it"),
	F(min, NUMBER, FIELD_COLUMN_RIGHT, 0, "people", "fewest"),
	F(max, NUMBER, FIELD_COLUMN_RIGHT, 0, "people", "most"),
	F(avg, NUMBER, FIELD_COLUMN_RIGHT, 1, "people", "mean"),
	F(sum, NUMBER, 0, 0, "people", "sum"),
	F(count, NUMBER, 0, 0, NULL, "how many readings went into it"),
	F(median, NUMBER, 0, 1, "people", "median"),
	F(stddev, NUMBER, 0, 1, "people", "standard deviation"),
	F(utilization_avg, NUMBER, 0, 2, NULL, "mean share of the capacity"),
	F(utilization_max, NUMBER, FIELD_COLUMN_RIGHT, 2, NULL, "greatest share of the capacity"),
	F(time_used_s, NUMBER, 0, 0, "s", "how long anybody was there"),
	F(uptime, NUMBER, 0, 2, NULL, "share of the window in which the sensors worked"),
	F(capped, TRUTH, 0, -1, NULL, "whether there may have been more than was counted"),
	F(entrances, NUMBER, FIELD_NOT_JSON, 0, "people", "how many came in through its doorways"),
	F(exits, NUMBER, FIELD_NOT_JSON, 0, "people", "how many went out"),
	F(complete, NUMBER, FIELD_NOT_JSON, 2, NULL, "how much of what will be known is known, of 1"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct measurement, member, form, flags, decimals, unit, help)
static const struct field measurement_fields[] = {
	F(sensor_id, TEXT, FIELD_COLUMN, -1, NULL, "the sensor it is from"),
	F(source_id, TEXT, FIELD_COLUMN, -1, NULL, "the sensor's data source"),
	F(quantity, TEXT, FIELD_COLUMN, -1, NULL, "what is measured"),
	F(unit, TEXT, FIELD_COLUMN, -1, NULL, "the unit of the values"),
	FIELD_AS(struct measurement, "time", time_ms, MOMENT, FIELD_COLUMN, -1, NULL, "when it was measured"),
	F(value, NUMBER, FIELD_COLUMN_RIGHT, 1, NULL, "the value"),
	F(min, NUMBER, FIELD_COLUMN_RIGHT, 1, NULL, "least value of the period"),
	F(max, NUMBER, FIELD_COLUMN_RIGHT, 1, NULL, "greatest value of the period"),
	F(avg, NUMBER, FIELD_COLUMN_RIGHT, 1, NULL, "mean of the period"),
	F(interval_s, NUMBER, FIELD_NOT_JSON, 0, "s", "how often it is measured"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct alarm, member, form, flags, decimals, unit, help)
static const struct field alarm_fields[] = {
	F(source_id, TEXT, FIELD_COLUMN, -1, NULL, "the data source it watches"),
	F(direction, TEXT, FIELD_COLUMN, -1, NULL, "which side of the threshold raises it"),
	F(threshold, NUMBER, FIELD_COLUMN_RIGHT, -1, NULL, "where it is raised, in the source's unit"),
	F(delay_minutes, NUMBER, FIELD_COLUMN_RIGHT, 0, "min", "how long the value must stay there"),
	F(state, TEXT, FIELD_COLUMN, -1, NULL, "its state, in the vendor's word"),
	FIELD_AS(struct alarm, "since", since_ms, MOMENT, FIELD_COLUMN, -1, NULL,
		 "since when it has been in that state"),
	F(raised, TRUTH, FIELD_NOT_JSON, -1, NULL, "whether it is raised"),
	F(value, NUMBER, FIELD_NOT_JSON, 1, NULL, "what was measured when it got into that state"),
};
#undef F

KIND(FRAMES, "frames", struct frame, frame_fields, "thermal pictures, 8 by 8", .time_field = "time");
KIND(DETECTIONS, "detections", struct detection, detection_fields, "where sensors saw people",
     .time_field = "time", .type_field = "space");
KIND(OCCUPANCY, "occupancy", struct occupancy, occupancy_fields, "how many people, by space and time",
     .time_field = "start");
KIND(MEASUREMENTS, "measurements", struct measurement, measurement_fields,
     "temperature, humidity and other readings", .time_field = "time", .source_field = "source_id");
KIND(ALARMS, "alarms", struct alarm, alarm_fields, "the vendor's alarms", .id_in_table = true,
     .status_field = "state", .source_field = "source_id");
