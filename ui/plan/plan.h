/* A floor drawn to scale: rooms of any shape, their labels, furniture, sensors, zones and people. Pure: it takes rows and marks and draws into a canvas;
 * it knows neither feeds nor keys. What does not move is laid out once (plan_lay) and drawn from there. */
#ifndef LODGE_UI_PLAN_PLAN_H
#define LODGE_UI_PLAN_PLAN_H

#include "model/estate.h"
#include "model/geometry.h"
#include "model/rows.h"
#include "ui/canvas.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- metres to cells: the same for drawing and for the mouse --- */

/* Column = (x - left_m) * per_m_x, row = (top_m - y) * per_m_y: rows count downwards, metres upwards. A whole number is the middle of a cell. */
struct plan_view {
	double left_m, top_m;
	double per_m_x, per_m_y; /* cells a metre */
};

/* All of `whole` in width x height cells, as large as it goes. `aspect`: height of a cell over its width. */
struct plan_view plan_view_fit(struct bounds whole, int width, int height, double aspect);
/* Larger (factor > 1) or smaller, so that what is at the column and row stays there. From `fit` to 40 times that. */
void plan_view_zoom(struct plan_view *view, const struct plan_view *fit, double factor, double column,
		    double row);
/* Moves by whole cells, so that shapes keep their rounding. */
void plan_view_move(struct plan_view *view, int columns, int rows);
/* Brings the floor back so far that the view is filled with it, or that it stands whole in the view where it is smaller; whole cells again. */
void plan_view_hold(struct plan_view *view, const struct plan_view *fit, struct bounds whole, int width,
		    int height);
/* Moves just so far that the rectangle is seen (its upper left corner where it is too large). */
void plan_view_show(struct plan_view *view, struct bounds what, int width, int height);
/* Limited to ±1e6: far away, but an int. */
int plan_view_column(const struct plan_view *view, double x_m);
int plan_view_row(const struct plan_view *view, double y_m);
struct point plan_view_point(const struct plan_view *view, double column, double row);

/* --- the plan --- */

/* Snapshots of one account, each may be NULL; the plan keeps references, not the floor's id. */
struct plan_source {
	const struct rows *rooms, *zones, *fixtures, *sensors;
	const char *floor_id;
};

/* What the overlay says about a room. */
struct plan_mark {
	int level;       /* of ROLE_FILL_0 …; -1: no fill */
	uint16_t role;   /* of the figure */
	bool urgent;     /* the figure goes before the name */
	char figure[24]; /* "9/14"; "" = none */
	char brief[12];  /* where that does not fit: "9" */
};

struct plan_look {
	int width, height;
	struct plan_view view;
	bool ascii, braille;
	bool hatch;            /* fills have no colour: they are hatched, the closer the higher the level */
	bool old;              /* the feed stopped: people, fills and colours go, figures turn stale */
	const char *chosen_id; /* a room; NULL or "": none */
};

struct plan;

struct plan *plan_new(void);
void plan_free(struct plan *plan);
/* Takes the floor's rows out of the snapshots. Marks are empty afterwards. */
void plan_set(struct plan *plan, const struct plan_source *source);

/* Rooms in reading order: by rows from the top, each from the left; those that cannot be drawn last. */
size_t plan_rooms(const struct plan *plan);
const struct room *plan_room(const struct plan *plan, size_t i);
struct plan_mark *plan_mark(struct plan *plan, size_t i);
bool plan_room_drawn(const struct plan *plan, size_t i);
size_t plan_drawn(const struct plan *plan); /* how many are drawn: the first so many */
struct bounds plan_room_bounds(const struct plan *plan, size_t i);
/* Around all rooms that are drawn; empty when there is none. */
struct bounds plan_bounds(const struct plan *plan);
size_t plan_sensors(const struct plan *plan);
const struct sensor *plan_sensor(const struct plan *plan, size_t i);
/* -1: not there. */
long plan_find(const struct plan *plan, const char *room_id);
/* The room that a person means who presses an arrow: the nearest in a cone of that direction (dx, dy: -1, 0, 1, y down), `from` itself when there is none. */
long plan_toward(const struct plan *plan, long from, int dx, int dy);
/* By name, without regard to case and accents: one that begins with the text, else one that holds it; -1. */
long plan_search(const struct plan *plan, const char *text);

/* Computes everything that does not move for this look. */
void plan_lay(struct plan *plan, const struct plan_look *look);
/* Another room is the chosen one: the layout stays but for its walls. */
void plan_choose(struct plan *plan, const char *room_id);
/* Draws what was laid out into the clip's upper left corner. */
void plan_draw(const struct plan *plan, struct canvas *canvas);
/* A level where fills have no colour: slanted lines, the closer the higher; 0: none. They go on from one rectangle to the next, or begin in the corner of
 * this one. */
void plan_hatch(struct canvas *canvas, struct rect rect, int level, bool own);
/* One person, or a trace of one, over the drawn plan. */
void plan_person(const struct plan *plan, struct canvas *canvas, struct point at, bool now);
/* The sensors: after the people, or they would be walked over. */
void plan_draw_sensors(const struct plan *plan, struct canvas *canvas);
/* The room at a cell of the last layout, -1: none. */
long plan_at(const struct plan *plan, int x, int y);

/* The glyph and role of a sensor by mode and health. */
uint32_t plan_sensor_glyph(const struct sensor *sensor, bool ascii);
uint16_t plan_sensor_role(const struct sensor *sensor);
bool plan_sensor_offline(const struct sensor *sensor);

/* Initials of a name: the first character of each word, numbers whole: "Phone Booth 12" → "PB12". */
void plan_initials(const char *name, char *out, size_t size);

#endif
