/* The objects of REST v2 as JSON (butlr.md §4.1), key for key as the samples show them. */
#ifndef LODGE_SIM_BUTLR_ROWS_H
#define LODGE_SIM_BUTLR_ROWS_H

#include "base/jsonw.h"
#include "sim/butlr.h"

/* How much of a sensor is told. */
enum sim_sensor_form {
	SIM_SENSOR_REF,    /* SensorRef of the lists */
	SIM_SENSOR_LEAKY,  /* SensorRef with the battery fields of the database row */
	SIM_SENSOR_DETAIL, /* GET /sensors/{id} */
	SIM_SENSOR_ROW,    /* the database row of "update space" */
};

void sim_row_sensor(struct sim_butlr *butlr, struct jsonw *w, const struct sim_sensor *sensor,
		    enum sim_sensor_form form, int64_t now_ms);
void sim_row_hive_ref(struct sim_butlr *butlr, struct jsonw *w, const struct sim_hive *hive);
void sim_row_hive(struct sim_butlr *butlr, struct jsonw *w, const struct sim_hive *hive, int64_t now_ms);

enum sim_room_form {
	SIM_ROOM_LIST,   /* GET …/rooms */
	SIM_ROOM_NESTED, /* within a space: with door_line and the like */
	SIM_ROOM_DETAIL, /* GET …/rooms/{id}: sensors and the space as an object */
	SIM_ROOM_MADE,   /* the answer to POST …/rooms */
	SIM_ROOM_ROW,    /* the database row of "update space" */
};

void sim_row_room(struct sim_butlr *butlr, struct jsonw *w, const struct sim_area *room,
		  enum sim_room_form form, int64_t now_ms);
void sim_row_zone(struct sim_butlr *butlr, struct jsonw *w, const struct sim_area *zone);
void sim_row_fixture(struct jsonw *w, const struct sim_fixture *fixture);

enum sim_space_form {
	SIM_SPACE_LIST,   /* without the nested lists */
	SIM_SPACE_DETAIL, /* with them */
	SIM_SPACE_ROW,    /* the answer to PUT: with the database rows */
};

void sim_row_space(struct sim_butlr *butlr, struct jsonw *w, const struct sim_floor *floor,
		   enum sim_space_form form, int64_t now_ms);

#endif
