#include "ui/plan/plan.h"

#include <math.h>

/* How far zooming goes in. */
#define PLAN_CLOSEST 40.0

static int cell(double at)
{
	if (!(at > -1e6))
		return -1000000;
	return at < 1e6 ? (int)lround(at) : 1000000;
}

int plan_view_column(const struct plan_view *view, double x_m)
{
	return cell((x_m - view->left_m) * view->per_m_x);
}

int plan_view_row(const struct plan_view *view, double y_m)
{
	return cell((view->top_m - y_m) * view->per_m_y);
}

struct point plan_view_point(const struct plan_view *view, double column, double row)
{
	return (struct point){view->left_m + column / view->per_m_x, view->top_m - row / view->per_m_y};
}

struct plan_view plan_view_fit(struct bounds whole, int width, int height, double aspect)
{
	if (!(aspect > 0.5 && aspect < 8))
		aspect = 2;
	if (bounds_empty(whole))
		whole = (struct bounds){0, 0, 1, 1};
	/* Lines run through the middle of cells: so many steps as cells less one. */
	double across = fmax(width - 1, 1), down = fmax(height - 1, 1);
	double wide = fmax(whole.x1 - whole.x0, 0.01), high = fmax(whole.y1 - whole.y0, 0.01);
	double per_m_x = fmin(across / wide, down / high * aspect);
	struct plan_view view = {.per_m_x = per_m_x, .per_m_y = per_m_x / aspect};
	double spare = floor(across - wide * per_m_x + 1e-9);
	view.left_m = whole.x0 - floor(spare / 2) / view.per_m_x;
	view.top_m = whole.y1;
	return view;
}

void plan_view_zoom(struct plan_view *view, const struct plan_view *fit, double factor, double column,
		    double row)
{
	struct point still = plan_view_point(view, column, row);
	double per_m_x = fmin(fmax(view->per_m_x * factor, fit->per_m_x), fit->per_m_x * PLAN_CLOSEST);
	double aspect = fit->per_m_x / fit->per_m_y;
	if (per_m_x <= fit->per_m_x * 1.02) {
		*view = *fit;
		return;
	}
	view->per_m_x = per_m_x;
	view->per_m_y = per_m_x / aspect;
	view->left_m = still.x - column / view->per_m_x;
	view->top_m = still.y + row / view->per_m_y;
}

void plan_view_move(struct plan_view *view, int columns, int rows)
{
	view->left_m += columns / view->per_m_x;
	view->top_m -= rows / view->per_m_y;
}

/* How many cells to move so that [first, last] of the floor fills, or lies whole within, 0 … size-1. */
static int held(int first, int last, int size)
{
	if (last - first < size)
		return first < 0 ? first : last > size - 1 ? last - size + 1 : 0;
	return first > 0 ? first : last < size - 1 ? last - size + 1 : 0;
}

void plan_view_hold(struct plan_view *view, const struct plan_view *fit, struct bounds whole, int width,
		    int height)
{
	if (bounds_empty(whole) || view->per_m_x <= fit->per_m_x) {
		*view = *fit;
		return;
	}
	int columns = held(plan_view_column(view, whole.x0), plan_view_column(view, whole.x1), width);
	int rows = held(plan_view_row(view, whole.y1), plan_view_row(view, whole.y0), height);
	plan_view_move(view, columns, rows);
}

static int shown(int first, int last, int size)
{
	if (first < 0 || last - first >= size)
		return first;
	return last > size - 1 ? last - size + 1 : 0;
}

void plan_view_show(struct plan_view *view, struct bounds what, int width, int height)
{
	if (bounds_empty(what))
		return;
	int columns = shown(plan_view_column(view, what.x0), plan_view_column(view, what.x1), width);
	int rows = shown(plan_view_row(view, what.y1), plan_view_row(view, what.y0), height);
	plan_view_move(view, columns, rows);
}
