/* Thermal frames as pictures: 8x8 °C (butlr.md §6.2) become levels, levels become cells. Pure but for the canvas; no allocation. */
#ifndef LODGE_UI_HEAT_HEAT_H
#define LODGE_UI_HEAT_HEAT_H

#include "model/value.h"
#include "ui/canvas.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEAT_SIDE 8
#define HEAT_LEAST_SPAN_K 4.0 /* less would show noise as if it were people (butlr.md §6.2) */
#define HEAT_DOUBTFUL_C 200.0 /* nothing in a room is as hot: another unit (butlr.md §6.2) */
#define HEAT_IMAGE_MOST 512   /* pixels of an image along an axis */
#define HEAT_MISSING 0xFFu    /* the level of a pixel that was not told */

/* What one frame says. With no pixel told: hottest is -1, the figures are NAN. */
struct heat_facts {
	double low_c, high_c, mean_c;
	int hottest;   /* row * 8 + column, the first of equals */
	int told;      /* pixels that are not NAN */
	bool doubtful; /* all above HEAT_DOUBTFUL_C */
};
struct heat_facts heat_facts(const struct grid8 *grid);

/* °C of the lowest and the highest level. */
struct heat_range {
	double low_c, high_c;
};
/* Begins an automatic range: empty until frames are added. */
void heat_range_start(struct heat_range *range);
/* Widens it by a frame; one without figures or with doubtful ones adds nothing. */
void heat_range_add(struct heat_range *range, const struct heat_facts *facts);
/* Rounds it outward to half degrees, so that noise does not repaint everything, and gives it the least span by raising its upper
 * end. An empty one becomes 18 to 26. */
void heat_range_finish(struct heat_range *range);
/* 0 to ROLE_HEAT_LEVELS - 1; HEAT_MISSING for NAN. */
uint8_t heat_level(const struct heat_range *range, double celsius);

/* A picture of levels, row by row, width * height of them in `levels`; the other members are work space. */
struct heat_image {
	int width, height;
	uint8_t levels[HEAT_IMAGE_MOST * HEAT_IMAGE_MOST];
	float lines[HEAT_SIDE][HEAT_IMAGE_MOST];
};
/* Makes a picture of 1 to HEAT_IMAGE_MOST pixels a side: smooth (bicubic through the pixels' centres) or each pixel as it was sent. Pixels around a centre
 * that was not told are HEAT_MISSING. */
void heat_image_make(struct heat_image *image, const struct grid8 *grid, const struct heat_range *range,
		     int width, int height, bool smooth);
/* How levels become cells. */
struct heat_pen {
	bool ascii; /* shades out of " .:-=+*#%@" */
	bool mono;  /* no colours: shades alone */
	bool stale; /* too old: grey shades */
};
/* The style for text on a level: readable on cold and on hot. */
struct style heat_text_style(uint8_t level, struct heat_pen pen);
/* One cell of an upper and a lower pixel. */
void heat_draw_cell(struct canvas *canvas, int x, int y, uint8_t upper, uint8_t lower, struct heat_pen pen);
/* width x (height / 2) cells. */
void heat_draw_image(struct canvas *canvas, int x, int y, const struct heat_image *image,
		     struct heat_pen pen);
/* A strip of all levels, cold to hot. */
void heat_draw_scale(struct canvas *canvas, int x, int y, int cells, struct heat_pen pen);
/* The hottest cell of a drawn image: a mark, and its figure beside it where there is room. */
void heat_draw_hottest(struct canvas *canvas, int x, int y, const struct heat_image *image,
		       const struct heat_facts *facts, struct heat_pen pen);

/* "31.2" into out, "-" for NAN; never by the locale. Returns out. */
#define HEAT_FIGURE_SIZE 24
char *heat_figure(double celsius, char out[HEAT_FIGURE_SIZE]);

/* Where tiles of one size lie. A tile is an image and one line of words below it. */
struct heat_grid {
	int scale; /* 2 * scale rows of cells an image, at least 2; even: whole cells a pixel; 0: not even the smallest has room */
	int width, height;  /* of an image, in cells */
	int slot;           /* cells from a tile's left edge that its words may use */
	int columns, rows;  /* that are seen */
	int step_x, step_y; /* from one tile to the next */
};
/* The greatest scale with which n tiles are seen at once in an area; when even the smallest does not do, as many as there is room for. Only even scales
 * unless smooth. `scale` > 0 wants that scale (made smaller until one tile is seen). */
struct heat_grid heat_grid_fit(int area_width, int area_height, size_t n, double cell_aspect, bool smooth,
			       int scale);

/* The 8x8 figures of one frame in the clip's rectangle `area`; returns the rows used. */
int heat_draw_numbers(struct canvas *canvas, struct rect area, const struct grid8 *grid,
		      const struct heat_range *range, struct heat_pen pen);

/* A sensor's place on the floor: metres, y up. */
struct heat_place {
	struct point center;
	double side_m;    /* of the square it sees */
	double turn;      /* radians, counter-clockwise */
	bool approximate; /* more than one angle was told */
};
/* From a sensor's figures; false when it is not placed. Height 3 m and 60° stand for what was not told (butlr.md §6.1, §10 row 24). */
bool heat_place_make(struct heat_place *place, struct point center, double height_m, double fov_degrees,
		     const struct vector3 *orientation);

/* Cells to metres: the middle of the upper left pixel is at left_m, top_m. A pixel is one cell wide and half a cell high. */
struct heat_view {
	double left_m, top_m;
	double pixel_width_m, pixel_height_m;
};
/* A view in which a rectangle of metres fits into width x height cells, in its middle. */
struct heat_view heat_view_fit(struct point low, struct point high, int width, int height,
			       double cell_aspect);
/* The pixel of a place; may lie outside. */
void heat_view_pixel(const struct heat_view *view, struct point at, int *x, int *y);
/* Lays a frame's picture on a floor of width x height pixels that begins as HEAT_MISSING; where two overlap the hotter is kept. A picture of 8x8 gives the
 * pixels as they were sent; about 64x64 is enough for a smooth one. */
void heat_plan_lay(const struct heat_view *view, const struct heat_place *place,
		   const struct heat_image *image, uint8_t *floor, int width, int height);

#endif
