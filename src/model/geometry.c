#include "model/geometry.h"

#include <math.h>

struct bounds bounds_add(struct bounds b, struct point p)
{
	if (!isfinite(p.x) || !isfinite(p.y))
		return b;
	if (bounds_empty(b))
		return (struct bounds){p.x, p.y, p.x, p.y};
	return (struct bounds){fmin(b.x0, p.x), fmin(b.y0, p.y), fmax(b.x1, p.x), fmax(b.y1, p.y)};
}

struct bounds bounds_join(struct bounds a, struct bounds b)
{
	if (bounds_empty(b))
		return a;
	return bounds_add(bounds_add(a, (struct point){b.x0, b.y0}), (struct point){b.x1, b.y1});
}

struct bounds geometry_bounds(struct points polygon)
{
	struct bounds b = BOUNDS_EMPTY;
	for (size_t i = 0; i < polygon.n; i++)
		b = bounds_add(b, polygon.at[i]);
	return b;
}

bool geometry_drawable(struct points polygon)
{
	if (polygon.n < 3)
		return false;
	for (size_t i = 0; i < polygon.n; i++)
		if (!(fabs(polygon.at[i].x) <= GEOMETRY_FAR_M && fabs(polygon.at[i].y) <= GEOMETRY_FAR_M))
			return false;
	struct bounds b = geometry_bounds(polygon);
	return b.x1 > b.x0 && b.y1 > b.y0;
}

/* Twice the area, positive when the vertices run counter-clockwise. Relative to the first vertex: exact far from the origin. */
static double twice_area(struct points polygon)
{
	double sum = 0;
	for (size_t i = 1; i + 1 < polygon.n; i++) {
		struct point o = polygon.at[0], a = polygon.at[i], b = polygon.at[i + 1];
		sum += (a.x - o.x) * (b.y - o.y) - (b.x - o.x) * (a.y - o.y);
	}
	return sum;
}

double geometry_area(struct points polygon) { return polygon.n < 3 ? 0 : fabs(twice_area(polygon)) / 2; }

static struct point vertex_mean(struct points polygon)
{
	struct point sum = {0, 0};
	for (size_t i = 0; i < polygon.n; i++) {
		sum.x += polygon.at[i].x;
		sum.y += polygon.at[i].y;
	}
	double n = polygon.n ? (double)polygon.n : NAN;
	return (struct point){sum.x / n, sum.y / n};
}

struct point geometry_centroid(struct points polygon)
{
	struct bounds around = geometry_bounds(polygon);
	double twice = polygon.n < 3 ? 0 : twice_area(polygon);
	/* A bow tie's halves cancel: its "middle of the area" may be anywhere. */
	if (fabs(twice) < 1e-6 * (around.x1 - around.x0) * (around.y1 - around.y0) || twice == 0)
		return vertex_mean(polygon);
	struct point o = polygon.at[0], sum = {0, 0};
	for (size_t i = 1; i + 1 < polygon.n; i++) {
		struct point a = polygon.at[i], b = polygon.at[i + 1];
		double cross = (a.x - o.x) * (b.y - o.y) - (b.x - o.x) * (a.y - o.y);
		sum.x += cross * (a.x + b.x - 2 * o.x);
		sum.y += cross * (a.y + b.y - 2 * o.y);
	}
	return (struct point){o.x + sum.x / (3 * twice), o.y + sum.y / (3 * twice)};
}

bool geometry_inside(struct points polygon, struct point p)
{
	bool inside = false;
	for (size_t i = 0, j = polygon.n - 1; i < polygon.n; j = i++) {
		struct point a = polygon.at[i], b = polygon.at[j];
		if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x)
			inside = !inside;
	}
	return inside;
}

static double segment_distance(struct point a, struct point b, struct point p)
{
	double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
	double t = square > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / square : 0;
	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

double geometry_depth(struct points polygon, struct point p)
{
	if (polygon.n < 3)
		return NAN;
	double nearest = INFINITY;
	for (size_t i = 0, j = polygon.n - 1; i < polygon.n; j = i++)
		nearest = fmin(nearest, segment_distance(polygon.at[j], polygon.at[i], p));
	return geometry_inside(polygon, p) ? nearest : -nearest;
}

/* Looks at a grid of steps around `best` and moves it to the deepest point. */
static struct point deepest_near(struct points polygon, struct point best, struct bounds within)
{
	enum { STEPS = 8 };
	double depth = geometry_depth(polygon, best);
	double dx = (within.x1 - within.x0) / STEPS, dy = (within.y1 - within.y0) / STEPS;
	for (int i = 0; i < STEPS * STEPS; i++) {
		struct point p = {within.x0 + (i % STEPS + 0.5) * dx,
				  within.y0 + ((double)(i / STEPS) + 0.5) * dy};
		double here = geometry_depth(polygon, p);
		if (here > depth + 1e-9) {
			depth = here;
			best = p;
		}
	}
	return best;
}

struct point geometry_pole(struct points polygon, double precision)
{
	struct bounds around = geometry_bounds(polygon);
	struct point best = geometry_centroid(polygon);
	if (!geometry_drawable(polygon))
		return best;
	double width = around.x1 - around.x0, height = around.y1 - around.y0;
	/* Each round looks closer around what was found; five of them reach a thousandth of the room. */
	for (int round = 0; round < 5; round++) {
		best = deepest_near(polygon, best, around);
		if (fmax(width, height) / 8 < precision)
			break;
		width /= 4;
		height /= 4;
		around = (struct bounds){best.x - width / 2, best.y - height / 2, best.x + width / 2,
					 best.y + height / 2};
	}
	return best;
}

bool geometry_overlap(const struct point a[2], const struct point b[2], double tolerance, struct point *from,
		      struct point *to)
{
	double dx = a[1].x - a[0].x, dy = a[1].y - a[0].y, length = hypot(dx, dy);
	if (!(length > 0))
		return false;
	dx /= length;
	dy /= length;
	double along[2];
	for (int i = 0; i < 2; i++) {
		double x = b[i].x - a[0].x, y = b[i].y - a[0].y;
		if (!(fabs(x * dy - y * dx) <= tolerance))
			return false;
		along[i] = x * dx + y * dy;
	}
	double start = fmax(0, fmin(along[0], along[1])), end = fmin(length, fmax(along[0], along[1]));
	if (!(end - start > 0 && end - start >= tolerance))
		return false;
	*from = (struct point){a[0].x + start * dx, a[0].y + start * dy};
	*to = (struct point){a[0].x + end * dx, a[0].y + end * dy};
	return true;
}
