#include "ui/plan/plan_inner.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- snapping --- */

/* Two walls are one when they are nearer than this: drawn plans leave the thickness of the wall between rooms. */
#define SNAP_M 0.35

static int by_value(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

/* Takes over `values`. */
static void snap_build(struct plan_snap *snap, double *values, size_t n, double near)
{
	g_free(snap->from);
	g_free(snap->mean);
	qsort(values, n, sizeof(*values), by_value);
	snap->mean = g_new(double, n + 1);
	snap->from = values;
	snap->n = 0;
	for (size_t i = 0, end; i < n; i = end) {
		double sum = 0, first = values[i];
		for (end = i; end < n && values[end] - first <= near; end++)
			sum += values[end];
		/* from[] is written behind what is read: groups are never more than values. */
		snap->mean[snap->n] = sum / (double)(end - i);
		snap->from[snap->n++] = first;
	}
}

static double snapped(const struct plan_snap *snap, double value)
{
	size_t low = 0, high = snap->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (snap->from[middle] <= value)
			low = middle + 1;
		else
			high = middle;
	}
	/* A zone's corner that is no room's stays where it is. */
	return low > 0 && fabs(snap->mean[low - 1] - value) <= SNAP_M ? snap->mean[low - 1] : value;
}

void plan_snap(struct plan *plan)
{
	size_t n = 0, at = 0;
	for (size_t i = 0; i < plan->n_drawn; i++)
		n += plan->places[i].row->polygon.n;
	double *xs = g_new(double, n + 1), *ys = g_new(double, n + 1);
	for (size_t i = 0; i < plan->n_drawn; i++) {
		struct points polygon = plan->places[i].row->polygon;
		for (size_t k = 0; k < polygon.n; k++, at++) {
			xs[at] = polygon.at[k].x;
			ys[at] = polygon.at[k].y;
		}
	}
	snap_build(&plan->snap_x, xs, n, fmin(SNAP_M, 1.2 / plan->look.view.per_m_x));
	snap_build(&plan->snap_y, ys, n, fmin(SNAP_M, 1.2 / plan->look.view.per_m_y));
}

struct plan_corner *plan_corners(const struct plan *plan, struct points polygon, size_t *n)
{
	struct plan_corner *corners = g_new(struct plan_corner, polygon.n + 1);
	*n = 0;
	for (size_t i = 0; i < polygon.n; i++) {
		struct plan_corner c = {plan_view_column(&plan->look.view,
							 snapped(&plan->snap_x, polygon.at[i].x)),
					plan_view_row(&plan->look.view,
						      snapped(&plan->snap_y, polygon.at[i].y))};
		if (*n == 0 || corners[*n - 1].x != c.x || corners[*n - 1].y != c.y)
			corners[(*n)++] = c;
	}
	while (*n > 1 && corners[*n - 1].x == corners[0].x && corners[*n - 1].y == corners[0].y)
		(*n)--;
	return corners;
}

/* --- walls --- */

static int within(int value, int size) { return value < 0 ? 0 : value >= size ? size - 1 : value; }

/* Cuts one side off a segment: keeps what is at `least` or above along one axis (turned round for the other side). */
static bool cut(double *a, double *b, double *a_other, double *b_other, double least)
{
	if (*a < least && *b < least)
		return false;
	if (*a >= least && *b >= least)
		return true;
	double *out = *a < least ? a : b, *out_other = *a < least ? a_other : b_other;
	double t = (least - *a) / (*b - *a);
	*out_other = *a_other + t * (*b_other - *a_other);
	*out = least;
	return true;
}

static bool cut_to_view(const struct plan *plan, double p[4])
{
	double right = plan->look.width - 1, bottom = plan->look.height - 1;
	if (!cut(&p[0], &p[2], &p[1], &p[3], 0) || !cut(&p[1], &p[3], &p[0], &p[2], 0))
		return false;
	p[0] = right - p[0];
	p[2] = right - p[2];
	p[1] = bottom - p[1];
	p[3] = bottom - p[3];
	if (!cut(&p[0], &p[2], &p[1], &p[3], 0) || !cut(&p[1], &p[3], &p[0], &p[2], 0))
		return false;
	p[0] = right - p[0];
	p[2] = right - p[2];
	p[1] = bottom - p[1];
	p[3] = bottom - p[3];
	return true;
}

static void add_edge(struct plan *plan, struct plan_corner a, struct plan_corner b, enum line_kind kind,
		     struct style style)
{
	int width = plan->look.width, height = plan->look.height;
	if (a.x == b.x) {
		if (a.x >= 0 && a.x < width && (a.y >= 0 || b.y >= 0) && (a.y < height || b.y < height))
			lines_add(plan->lines, a.x, within(a.y, height), a.x, within(b.y, height), kind,
				  style);
		return;
	}
	if (a.y == b.y) {
		if (a.y >= 0 && a.y < height && (a.x >= 0 || b.x >= 0) && (a.x < width || b.x < width))
			lines_add(plan->lines, within(a.x, width), a.y, within(b.x, width), a.y, kind, style);
		return;
	}
	double p[4] = {a.x, a.y, b.x, b.y};
	if (cut_to_view(plan, p))
		lines_add_slanted(plan->lines, (int)lround(p[0]), (int)lround(p[1]), (int)lround(p[2]),
				  (int)lround(p[3]), kind, style);
}

void plan_add_edges(struct plan *plan, struct points polygon, enum line_kind kind, struct style style)
{
	size_t n;
	struct plan_corner *corners = plan_corners(plan, polygon, &n);
	for (size_t i = 0; n > 1 && i < n; i++)
		add_edge(plan, corners[i], corners[(i + 1) % n], kind, style);
	g_free(corners);
}

void plan_lay_walls(struct plan *plan)
{
	long chosen = plan_find(plan, plan->look.chosen_id);
	for (size_t i = 0; i < plan->n_zones; i++)
		if (plan->look.view.per_m_x >= PLAN_ZONES_FROM && geometry_drawable(plan->zone[i]->polygon))
			plan_add_edges(plan, plan->zone[i]->polygon, LINE_DASHED, STYLE(ZONE));
	for (size_t i = 0; i < plan->n_drawn; i++)
		if ((long)i != chosen)
			plan_add_edges(plan, plan->places[i].row->polygon, LINE_LIGHT, STYLE(WALL));
	if (chosen >= 0 && plan->places[chosen].drawn)
		plan_add_edges(plan, plan->places[chosen].row->polygon, LINE_HEAVY, STYLE(WALL_CHOSEN));
}

/* --- fills --- */

/* Where a polygon crosses the height y, ascending. */
static size_t crossings(const struct plan_corner *corners, size_t n, double y, double *xs)
{
	size_t found = 0;
	for (size_t i = 0; i < n; i++) {
		struct plan_corner a = corners[i], b = corners[(i + 1) % n];
		if ((a.y > y) != (b.y > y))
			xs[found++] = a.x + (y - a.y) * (b.x - a.x) / (b.y - a.y);
	}
	qsort(xs, found, sizeof(*xs), by_value);
	return found;
}

/* Counts the cells that lie inside just above or below the middle of the row. */
static void count_row(const struct plan *plan, const struct plan_corner *corners, size_t n, double y,
		      double *xs, uint8_t *counts)
{
	size_t found = crossings(corners, n, y, xs);
	for (size_t i = 0; i + 1 < found; i += 2) {
		/* The wall itself stands on the crossing. */
		int from = (int)fmax(floor(xs[i] + 0.01) + 1, 0);
		int to = (int)fmin(ceil(xs[i + 1] - 0.01) - 1, plan->look.width - 1);
		for (int x = from; x <= to; x++)
			counts[x]++;
	}
}

static void fill_room(struct plan *plan, int room)
{
	size_t n;
	struct plan_corner *corners = plan_corners(plan, plan->places[room].row->polygon, &n);
	int top = plan->look.height, bottom = -1;
	for (size_t i = 0; i < n; i++) {
		top = corners[i].y < top ? corners[i].y : top;
		bottom = corners[i].y > bottom ? corners[i].y : bottom;
	}
	double *xs = g_new(double, n + 1);
	uint8_t *counts = g_new(uint8_t, (size_t)plan->look.width);
	for (int y = within(top, plan->look.height); y <= bottom && y < plan->look.height; y++) {
		memset(counts, 0, (size_t)plan->look.width);
		/* A cell counts that is inside above and below: the row of a horizontal wall is neither room's. */
		count_row(plan, corners, n, y - 0.02, xs, counts);
		count_row(plan, corners, n, y + 0.02, xs, counts);
		for (int x = 0; x < plan->look.width; x++)
			if (counts[x] == 2)
				plan->owner[plan_cell(plan, x, y)] = room;
	}
	g_free(counts);
	g_free(xs);
	g_free(corners);
}

static int by_room(const void *left, const void *right)
{
	const struct plan_run *a = left, *b = right;
	if (a->room != b->room)
		return a->room < b->room ? -1 : 1;
	return a->y != b->y ? (a->y < b->y ? -1 : 1) : (a->x0 > b->x0) - (a->x0 < b->x0);
}

static void add_run(struct plan *plan, struct plan_run run)
{
	if (plan->n_runs == plan->size_runs) {
		plan->size_runs = plan->size_runs ? plan->size_runs * 2 : 256;
		plan->runs = g_renew(struct plan_run, plan->runs, plan->size_runs);
	}
	plan->runs[plan->n_runs++] = run;
}

static void find_runs(struct plan *plan)
{
	for (int y = 0; y < plan->look.height; y++)
		for (int x = 0, end; x < plan->look.width; x = end) {
			int room = plan_owner(plan, x, y);
			for (end = x + 1; end < plan->look.width && plan_owner(plan, end, y) == room; end++)
				;
			if (room >= 0)
				add_run(plan, (struct plan_run){room, y, x, end - 1});
		}
	if (plan->n_runs)
		qsort(plan->runs, plan->n_runs, sizeof(*plan->runs), by_room);
}

/* Lines that are walls (zones' dashes are not): the cells on a room's edge are already nobody's, but a slanted wall and that of a room within a
 * room run through the inside. */
static void cut_walls(struct plan *plan, struct lines *walls)
{
	for (int y = 0; y < plan->look.height; y++)
		for (int x = 0; x < plan->look.width; x++)
			if (lines_at(walls, x, y))
				plan->owner[plan_cell(plan, x, y)] = -1;
}

static int by_area(const void *left, const void *right, void *ctx)
{
	const struct plan_place *places = ctx;
	double a = places[*(const int *)left].area, b = places[*(const int *)right].area;
	return (a < b) - (a > b);
}

void plan_lay_fills(struct plan *plan)
{
	int *order = g_new(int, plan->n_drawn + 1);
	for (size_t i = 0; i < plan->n_drawn; i++)
		order[i] = (int)i;
	/* Small rooms lie on large ones. */
	qsort_r(order, plan->n_drawn, sizeof(*order), by_area, plan->places);
	for (size_t i = 0; i < plan->n_drawn; i++)
		fill_room(plan, order[i]);
	g_free(order);
	struct lines *walls = lines_new(plan->look.width, plan->look.height), *all = plan->lines;
	plan->lines = walls;
	for (size_t i = 0; i < plan->n_drawn; i++)
		plan_add_edges(plan, plan->places[i].row->polygon, LINE_LIGHT, STYLE(WALL));
	plan->lines = all;
	cut_walls(plan, walls);
	lines_free(walls);
	find_runs(plan);
}
