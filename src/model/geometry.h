/* Plane geometry of floor plans: polygons that need not be convex, closed or sane. Pure; metres, y up (model/value.h). */
#ifndef LODGE_MODEL_GEOMETRY_H
#define LODGE_MODEL_GEOMETRY_H

#include "model/value.h"

#include <stdbool.h>

/* The rectangle around something; empty while x1 < x0. */
struct bounds {
	double x0, y0, x1, y1;
};

#define BOUNDS_EMPTY ((struct bounds){1, 1, 0, 0})

static inline bool bounds_empty(struct bounds b) { return !(b.x0 <= b.x1 && b.y0 <= b.y1); }

/* The rectangle around both. A point that is not a number changes nothing. */
struct bounds bounds_join(struct bounds a, struct bounds b);
struct bounds bounds_add(struct bounds b, struct point p);

/* Beyond this many metres from the origin a coordinate is taken for a mistake. */
#define GEOMETRY_FAR_M 1e5

/* True when a polygon can be drawn: at least three vertices that do not all lie on each other, all of them numbers within
 * GEOMETRY_FAR_M (butlr.md §10 row 26: others are listed, not drawn). It may cross itself. */
bool geometry_drawable(struct points polygon);

/* The rectangle around all vertices; empty for none. */
struct bounds geometry_bounds(struct points polygon);

/* m2, never negative; what a crossing polygon covers twice the other way round cancels out. 0 below three vertices. */
double geometry_area(struct points polygon);

/* The middle of the area; of the vertices where there is no area. NAN, NAN for none. */
struct point geometry_centroid(struct points polygon);

/* Inside by the even-odd rule. On an edge it may be either. */
bool geometry_inside(struct points polygon, struct point p);

/* The distance to the nearest edge, negative outside. NAN below three vertices. */
double geometry_depth(struct points polygon, struct point p);

/* A point deep inside (within `precision` metres of the deepest), also where the centroid lies outside: where a label or a mark belongs. */
struct point geometry_pole(struct points polygon, double precision);

/* The part that two segments share when they run along each other no further than `tolerance` apart; false when that is shorter than the
 * tolerance. *from and *to lie on the first. */
bool geometry_overlap(const struct point a[2], const struct point b[2], double tolerance, struct point *from,
		      struct point *to);

#endif
