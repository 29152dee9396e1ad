#include "ui/heat/heat.h"

#include "ui/role.h"

#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define UPPER_HALF 0x2580u
#define LOWER_HALF 0x2584u
#define LEVELS ROLE_HEAT_LEVELS
#define GAP_LEAST 2
#define GAP_MOST 4
#define SLOT_LEAST 14 /* "27-0a  31.2 °C" */
#define SCALE_LEAST 2 /* one pixel a half cell */
#define SCALE_MOST 96

static const char shades_ascii[] = " .:-=+*#%@";
/* None is blank: a tile must be seen to have an edge. */
static const uint32_t shades[] = {0x2591, 0x2592, 0x2593, 0x2588};

static uint16_t role_of(uint8_t level) { return (uint16_t)(ROLE_HEAT_0 + level); }

struct style heat_text_style(uint8_t level, struct heat_pen pen)
{
	if (pen.stale)
		return STYLE(STALE);
	if (pen.mono || level == HEAT_MISSING)
		return STYLE(TEXT);
	/* Every palette runs from dark to light or the other way round: the far end is readable on the near one. */
	return (struct style){level < LEVELS * 9 / 16 ? ROLE_HEAT_LAST : ROLE_HEAT_0, role_of(level), 0};
}

/* Two pixels as one shade, for terminals whose cells cannot show two. */
static void draw_shade(struct canvas *canvas, int x, int y, unsigned level, struct heat_pen pen)
{
	uint32_t glyph = pen.ascii ? (unsigned char)shades_ascii[level * (sizeof(shades_ascii) - 1) / LEVELS]
				   : shades[level * G_N_ELEMENTS(shades) / LEVELS];
	struct style style = pen.stale ? STYLE(STALE) : STYLE(TEXT);
	if (!pen.mono && !pen.stale)
		style = (struct style){role_of((uint8_t)(level < LEVELS / 2 ? level + LEVELS * 3 / 8
									    : level - LEVELS * 3 / 8)),
				       role_of((uint8_t)level), 0};
	canvas_put(canvas, x, y, glyph, style);
}

void heat_draw_cell(struct canvas *canvas, int x, int y, uint8_t upper, uint8_t lower, struct heat_pen pen)
{
	if (upper == HEAT_MISSING && lower == HEAT_MISSING)
		canvas_put(canvas, x, y, pen.ascii ? '?' : 0xB7, STYLE(UNKNOWN));
	else if (pen.ascii || pen.mono || pen.stale)
		draw_shade(canvas, x, y,
			   upper == HEAT_MISSING   ? lower
			   : lower == HEAT_MISSING ? upper
						   : (upper + lower + 1u) / 2,
			   pen);
	else if (upper == HEAT_MISSING)
		canvas_put(canvas, x, y, LOWER_HALF, (struct style){role_of(lower), ROLE_GROUND, 0});
	else if (lower == HEAT_MISSING)
		canvas_put(canvas, x, y, UPPER_HALF, (struct style){role_of(upper), ROLE_GROUND, 0});
	else
		canvas_put(canvas, x, y, upper == lower ? ' ' : UPPER_HALF,
			   (struct style){role_of(upper), role_of(lower), 0});
}

void heat_draw_image(struct canvas *canvas, int x, int y, const struct heat_image *image, struct heat_pen pen)
{
	for (int row = 0; row < image->height / 2; row++) {
		const uint8_t *upper = image->levels + (size_t)(2 * row) * (size_t)image->width,
			      *lower = upper + image->width;
		for (int column = 0; column < image->width; column++)
			heat_draw_cell(canvas, x + column, y + row, upper[column], lower[column], pen);
	}
}

void heat_draw_scale(struct canvas *canvas, int x, int y, int cells, struct heat_pen pen)
{
	pen.stale = false;
	for (int i = 0; i < cells; i++) {
		/* Each cell shows the level at its middle, so that both ends are told alike. */
		uint8_t level = (uint8_t)((2 * i + 1) * LEVELS / (2 * cells));
		heat_draw_cell(canvas, x + i, y, level, level, pen);
	}
}

/* Text over the picture, each character on the ground that is there. */
static void text_over(struct canvas *canvas, int x, int y, int image_x, int image_y,
		      const struct heat_image *image, const char *text, struct heat_pen pen)
{
	for (int i = 0; text[i]; i++) {
		int column = x + i - image_x, row = y - image_y;
		const uint8_t *upper = image->levels + (size_t)(2 * row) * (size_t)image->width + column;
		uint8_t a = upper[0], b = upper[image->width];
		uint8_t level = a == HEAT_MISSING ? b : b == HEAT_MISSING ? a : (uint8_t)((a + b) / 2);
		struct style style = heat_text_style(level, pen);
		style.attrs |= ATTR_BOLD;
		canvas_put(canvas, x + i, y, (unsigned char)text[i], style);
	}
}

void heat_draw_hottest(struct canvas *canvas, int x, int y, const struct heat_image *image,
		       const struct heat_facts *facts, struct heat_pen pen)
{
	char figure[HEAT_FIGURE_SIZE];
	int height = image->height / 2;
	if (facts->hottest < 0 || height < 1)
		return;
	int column = (2 * (facts->hottest % HEAT_SIDE) + 1) * image->width / (2 * HEAT_SIDE);
	int row = (2 * (facts->hottest / HEAT_SIDE) + 1) * height / (2 * HEAT_SIDE);
	uint8_t level = image->levels[(size_t)(2 * row) * (size_t)image->width + (size_t)column];
	struct style style = heat_text_style(level, pen);
	style.attrs |= ATTR_BOLD;
	canvas_put(canvas, x + column, y + row, pen.ascii ? 'X' : 0x25C6, style);
	int length = (int)strlen(heat_figure(facts->high_c, figure));
	if (image->width < 3 * length)
		return;
	/* Among shades a figure needs blanks around it, or "-" before it reads as a minus. */
	char text[HEAT_FIGURE_SIZE + 2];
	int pad = pen.ascii || pen.mono;
	snprintf(text, sizeof(text), "%s%s%s", pad ? " " : "", figure, pad ? " " : "");
	length += 2 * pad;
	int at = column + 2 - pad + length <= image->width ? column + 2 - pad : column - 1 + pad - length;
	if (at >= 0)
		text_over(canvas, x + at, y + row, x, y, image, text, pen);
}

/* The width of a tile in cells that makes it as near to square as can be; with whole pixels unless smooth. */
static int tile_width(int scale, double cell_aspect, bool smooth)
{
	double aspect = cell_aspect > 0.2 && cell_aspect < 10 ? cell_aspect : 2;
	int width = smooth ? (int)lround(2 * scale * aspect) : HEAT_SIDE * (int)lround(scale * aspect / 4);
	return CLAMP(width, HEAT_SIDE, HEAT_IMAGE_MOST);
}

static struct heat_grid grid_of(int area_width, int area_height, double cell_aspect, bool smooth, int scale)
{
	struct heat_grid grid = {.scale = scale,
				 .width = tile_width(scale, cell_aspect, smooth),
				 .height = 2 * scale};
	int slot = MIN(MAX(grid.width, SLOT_LEAST), MAX(area_width, grid.width));
	int line = grid.height + 1;
	grid.slot = slot;
	grid.columns = (area_width + GAP_LEAST) / (slot + GAP_LEAST);
	if (grid.columns == 0 && area_width >= grid.width)
		grid.columns = 1;
	grid.rows = area_height / line;
	/* In the least area the words give way before the picture does. */
	if (grid.rows == 0 && area_height >= grid.height && scale == SCALE_LEAST)
		grid.rows = 1;
	grid.step_x = slot + GAP_LEAST;
	grid.step_y = line;
	return grid;
}

/* What is left over goes between the tiles. */
static void spread(struct heat_grid *grid, int area_width, int area_height, size_t n)
{
	int columns = (int)MIN((size_t)grid->columns, MAX(n, 1)),
	    rows = (int)((n + (size_t)columns - 1) / (size_t)columns);
	rows = CLAMP(rows, 1, grid->rows);
	if (columns > 1) {
		int left = area_width - grid->slot - (columns - 1) * grid->step_x;
		grid->step_x += CLAMP(left / (columns - 1), 0, GAP_MOST - GAP_LEAST);
	}
	if (rows > 1) {
		int left = area_height - rows * grid->step_y;
		grid->step_y += CLAMP(left / (rows - 1), 0, grid->height > 4 ? 2 : 1);
	}
	grid->columns = columns;
	grid->rows = rows;
}

struct heat_grid heat_grid_fit(int area_width, int area_height, size_t n, double cell_aspect, bool smooth,
			       int scale)
{
	struct heat_grid best = {0};
	int most = scale > 0 ? CLAMP(scale, SCALE_LEAST, SCALE_MOST) : SCALE_MOST;
	for (int i = SCALE_LEAST; i <= most; i += smooth ? 1 : 2) {
		struct heat_grid grid = grid_of(area_width, area_height, cell_aspect, smooth, i);
		if (grid.columns < 1 || grid.rows < 1)
			break;
		if (i > SCALE_LEAST && scale <= 0 && (size_t)grid.columns * (size_t)grid.rows < n)
			break;
		best = grid;
	}
	if (best.scale)
		spread(&best, area_width, area_height, n);
	return best;
}
