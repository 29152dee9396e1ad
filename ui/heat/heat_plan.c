#include "ui/heat/heat.h"

#include <glib.h>
#include <math.h>

#define HEIGHT_UNTOLD_M 3.0
#define FOV_UNTOLD 60.0
#define RADIANS (G_PI / 180)

/* The one angle that is told, else the third (butlr.md §10 row 24). */
static double turn_of(const struct vector3 *orientation, bool *approximate)
{
	int told = 0, at = 2;
	for (int i = 0; i < 3; i++) {
		if (isfinite(orientation->v[i]) && orientation->v[i] != 0) {
			told++;
			at = i;
		}
	}
	*approximate = told > 1;
	if (told > 1)
		at = 2;
	return told && isfinite(orientation->v[at]) ? orientation->v[at] * RADIANS : 0;
}

bool heat_place_make(struct heat_place *place, struct point center, double height_m, double fov_degrees,
		     const struct vector3 *orientation)
{
	if (!isfinite(center.x) || !isfinite(center.y))
		return false;
	double height = height_m > 0 && height_m < 100 ? height_m : HEIGHT_UNTOLD_M;
	double fov = fov_degrees > 1 && fov_degrees < 170 ? fov_degrees : FOV_UNTOLD;
	place->center = center;
	place->side_m = 2 * height * tan(fov * RADIANS / 2);
	place->turn = turn_of(orientation, &place->approximate);
	return true;
}

struct heat_view heat_view_fit(struct point low, struct point high, int width, int height, double cell_aspect)
{
	double aspect = cell_aspect > 0.2 && cell_aspect < 10 ? cell_aspect : 2;
	double wide = MAX(high.x - low.x, 0.01), tall = MAX(high.y - low.y, 0.01);
	int across = MAX(width, 1), down = MAX(height, 1);
	/* Metres a cell's width: the tighter of both axes decides. */
	double unit = MAX(wide / across, tall / (down * aspect));
	struct heat_view view = {.pixel_width_m = unit, .pixel_height_m = unit * aspect / 2};
	view.left_m = low.x - (across * unit - wide) / 2 + view.pixel_width_m / 2;
	view.top_m = high.y + (down * unit * aspect - tall) / 2 - view.pixel_height_m / 2;
	return view;
}

static int bounded(double pixel) { return (int)CLAMP(pixel, -100000.0, 100000.0); }

void heat_view_pixel(const struct heat_view *view, struct point at, int *x, int *y)
{
	*x = bounded(floor((at.x - view->left_m) / view->pixel_width_m + 0.5));
	*y = bounded(floor((view->top_m - at.y) / view->pixel_height_m + 0.5));
}

void heat_plan_lay(const struct heat_view *view, const struct heat_place *place,
		   const struct heat_image *image, uint8_t *floor, int width, int height)
{
	double side = place->side_m, reach = side * 0.7072, c = cos(place->turn), s = sin(place->turn);
	int x0, y0, x1, y1;
	heat_view_pixel(view, (struct point){place->center.x - reach, place->center.y + reach}, &x0, &y0);
	heat_view_pixel(view, (struct point){place->center.x + reach, place->center.y - reach}, &x1, &y1);
	/* Turned back into the sensor's own square, whose y runs down (butlr.md §6.1); a pixel to the right is always the same way there. */
	float across = (float)(view->pixel_width_m * c / side * image->width);
	float down = (float)(view->pixel_width_m * s / side * image->height);
	for (int y = MAX(y0, 0); y <= MIN(y1, height - 1); y++) {
		int from = MAX(x0, 0);
		double dx = view->left_m + from * view->pixel_width_m - place->center.x;
		double dy = view->top_m - y * view->pixel_height_m - place->center.y;
		float px = (float)((0.5 + (dx * c + dy * s) / side) * image->width);
		float py = (float)((0.5 - (dy * c - dx * s) / side) * image->height);
		uint8_t *at = floor + (size_t)y * (size_t)width + from;
		for (int x = from; x <= MIN(x1, width - 1); x++, at++, px += across, py += down) {
			if (px < 0 || py < 0 || px >= (float)image->width || py >= (float)image->height)
				continue;
			uint8_t level = image->levels[(int)py * image->width + (int)px];
			if (level != HEAT_MISSING && (*at == HEAT_MISSING || level > *at))
				*at = level;
		}
	}
}
