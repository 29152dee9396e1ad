/* Charts of series over time: area in blocks, lines in braille, ASCII; gaps are gaps; axes with labels.
 * And the small ones: sparkline, bar, battery. */
#ifndef LODGE_UI_WIDGET_CHART_H
#define LODGE_UI_WIDGET_CHART_H

#include "base/moment.h"
#include "ui/canvas.h"

#include <stddef.h>
#include <stdint.h>

enum chart_form { CHART_AREA, CHART_LINE };

/* Points ascend in time; a NAN value or a hole greater than gap_ms is a gap. */
struct chart_series {
	const int64_t *time_ms;
	const double *value;
	size_t n;
	uint16_t role;
};

struct chart {
	const struct chart_series *series;
	int n_series;
	int64_t from_ms, to_ms;
	int64_t now_ms;     /* what is later has not happened: left empty without a word; 0: to_ms */
	int64_t gap_ms;     /* 0: twice the usual step of the series */
	double least, most; /* of the value axis; NAN: from the data, from 0 */
	double limit;       /* a line across (capacity); NAN: none */
	const struct moment_zone *zone; /* of the time axis; NULL: UTC */
	enum chart_form form;
	bool braille;
	const char *empty;    /* what to say when there is no data; NULL: "no data" */
	struct rect *picture; /* gets where the picture stands between the axes, in the clip; may be NULL */
};

/* Draws into the clip: value labels at the left, times below when there is room (least 12x4; smaller: the
 * picture alone). A gap wide enough says "no data". The greatest value of a cell's span is what an area
 * shows. A value of nothing is a mark at the bottom (▁, ASCII _), a gap is blank. Of several series an
 * area fills the first and draws the others as lines; each line has glyphs of its own. */
void chart_draw(const struct chart *chart, struct canvas *canvas);

/* One line of bars ▁▂▃▄▅▆▇█ (ASCII: _.-=#), one value a cell, the last ones when there are more than
 * cells; NAN: blank. The lowest bar says zero or less. `most` NAN: the greatest. */
void chart_spark(struct canvas *canvas, int x, int y, int cells, const double *values, size_t n, double most,
		 struct style style);

/* A horizontal bar of part/whole with eighths of cells on a thin base (▁, ASCII _); NAN, or no whole: a
 * dotted line. */
void chart_bar(struct canvas *canvas, int x, int y, int cells, double part, double whole, struct style style);

#endif
