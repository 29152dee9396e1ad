/* Shared by the files of ui/plan only. */
#ifndef LODGE_UI_PLAN_INNER_H
#define LODGE_UI_PLAN_INNER_H

#include "ui/lines.h"
#include "ui/plan/plan.h"

/* A vertex in cells. */
struct plan_corner {
	int x, y;
};

/* Cells x0 … x1 of row y lie in a room and are not wall. */
struct plan_run {
	int room, y, x0, x1;
};

struct plan_label {
	int x, y, cells;
	bool right, strong;
	bool in_line;                     /* a dashed line has a gap for it */
	const struct plan_place *name_of; /* NULL: it is no room's name */
	uint16_t role;
	const char *text; /* the row's, the mark's, or own */
	char own[24];
};

struct plan_glyph {
	int x, y;
	uint32_t glyph;
	uint16_t role;
};

struct plan_place {
	const struct room *row;
	struct bounds bounds;
	struct point pole;
	double area;
	bool drawn;
	int band; /* row of rooms, for the reading order */
	struct plan_mark mark;
};

/* Values that are nearly the same stand for one: `from` ascends, `mean[i]` is for from[i] and up. */
struct plan_snap {
	double *from, *mean;
	size_t n;
};

struct plan {
	const struct rows *rooms, *zones, *fixtures, *sensors;
	struct plan_place *places;
	size_t n_places, n_drawn;
	const struct room **zone;
	size_t n_zones;
	const struct fixture **fixture;
	size_t n_fixtures;
	const struct sensor **sensor;
	size_t n_sensors;
	struct bounds bounds;

	/* the layout */
	struct plan_look look;
	char *chosen_id;
	struct plan_snap snap_x, snap_y;
	struct lines *lines;
	int *owner;            /* room of each cell, -1 */
	uint8_t *taken;        /* text stands there */
	uint8_t *dots;         /* furniture: dots of braille; any: a shaded cell */
	struct plan_run *runs; /* by room, from the top, from the left */
	size_t n_runs, size_runs;
	struct plan_label *labels;
	size_t n_labels, size_labels;
	struct plan_glyph *glyphs; /* furniture that is one character */
	size_t n_glyphs, size_glyphs;
	struct plan_glyph *marks; /* sensors */
	size_t n_marks, size_marks;
};

static inline bool plan_on(const struct plan *plan, int x, int y)
{
	return x >= 0 && y >= 0 && x < plan->look.width && y < plan->look.height;
}

static inline size_t plan_cell(const struct plan *plan, int x, int y)
{
	return (size_t)y * (size_t)plan->look.width + (size_t)x;
}

/* -1 outside. */
static inline int plan_owner(const struct plan *plan, int x, int y)
{
	return plan_on(plan, x, y) ? plan->owner[plan_cell(plan, x, y)] : -1;
}

/* The least size from which things say more than they cover, in cells a metre. */
#define PLAN_SENSORS_FROM 1.6 /* below, only those in trouble */
#define PLAN_ZONES_FROM 2.0
#define PLAN_FURNITURE_FROM 3.5
#define PLAN_CHAIRS_FROM 5.0

void plan_snap(struct plan *plan);       /* plan_rooms.c: before all others */
void plan_lay_walls(struct plan *plan);  /* plan_rooms.c: edges and zones' dashes */
void plan_lay_fills(struct plan *plan);  /* plan_rooms.c: owner and runs; after the doors */
void plan_lay_labels(struct plan *plan); /* plan_labels.c */
void plan_lay_doors(struct plan *plan);  /* plan_things.c */
void plan_lay_zones(struct plan *plan);  /* plan_things.c: names */
void plan_lay_things(struct plan *plan); /* plan_things.c: furniture and sensors */

/* The corners of a polygon in cells after snapping, without repeats; g_free. */
struct plan_corner *plan_corners(const struct plan *plan, struct points polygon, size_t *n);
void plan_open_for(struct plan *plan, const struct plan_label *label); /* plan_things.c: the gap */
void plan_add_label(struct plan *plan, const struct plan_label *label);
void plan_add_edges(struct plan *plan, struct points polygon, enum line_kind kind, struct style style);

#endif
