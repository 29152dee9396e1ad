#include "ui/heat/heat.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SIDE HEAT_SIDE

char *heat_figure(double celsius, char out[HEAT_FIGURE_SIZE])
{
	if (!isfinite(celsius) || fabs(celsius) > 1e9) {
		snprintf(out, HEAT_FIGURE_SIZE, "-");
		return out;
	}
	long long tenths = llround(celsius * 10), size = tenths < 0 ? -tenths : tenths;
	snprintf(out, HEAT_FIGURE_SIZE, "%s%lld.%lld", tenths < 0 ? "-" : "", size / 10, size % 10);
	return out;
}

/* One figure in its box; where the tenth has no room it goes. */
static void draw_figure(struct canvas *canvas, struct rect box, double celsius, bool hottest,
			struct style style, bool framed)
{
	char text[HEAT_FIGURE_SIZE];
	heat_figure(celsius, text);
	if (isfinite(celsius) && (int)strlen(text) + (framed ? 1 : 0) > box.width) {
		if (fabs(celsius) < 1e6)
			snprintf(text, sizeof(text), "%ld", lround(celsius));
	}
	if (hottest)
		style.attrs |= ATTR_BOLD | ATTR_UNDERLINE;
	int length = (int)strlen(text), x = box.x + (box.width - length + 1) / 2;
	canvas_text(canvas, x > box.x ? x : box.x, box.y + box.height / 2, box.width, text, style);
}

int heat_draw_numbers(struct canvas *canvas, struct rect area, const struct grid8 *grid,
		      const struct heat_range *range, struct heat_pen pen)
{
	struct heat_facts facts = heat_facts(grid);
	int width = area.width / SIDE, height = area.height / SIDE;
	width = width < 1 ? 1 : width < 12 ? width : 12;
	height = height < 1 ? 1 : height < 5 ? height : 5;
	/* Figures in the middle of flat boxes read worse than in square ones. */
	while (height > 1 && height * 2 > width)
		height--;
	for (int i = 0; i < SIDE * SIDE; i++) {
		struct rect box = {area.x + i % SIDE * width, area.y + i / SIDE * height, width, height};
		uint8_t level = heat_level(range, grid->c[i]);
		bool plain = pen.mono || pen.stale || level == HEAT_MISSING;
		struct style style = level == HEAT_MISSING ? STYLE(UNKNOWN) : heat_text_style(level, pen);
		if (!plain)
			canvas_fill(canvas, box, ' ', style);
		draw_figure(canvas, box, grid->c[i], i == facts.hottest, style, true);
	}
	return SIDE * height;
}
