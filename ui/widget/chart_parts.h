/* The parts of a chart that its files share: the two axes and what a series shows in a span of time. */
#ifndef LODGE_UI_WIDGET_CHART_PARTS_H
#define LODGE_UI_WIDGET_CHART_PARTS_H

#include "ui/widget/chart.h"

#include <math.h>
#include <stdbool.h>

#define CHART_LABEL_SIZE 40
#define CHART_SERIES_MOST 8

/* Beyond this a double no longer tells neighbours apart, and no such figure is meant: it counts as
 * missing. */
static inline bool chart_value_usable(double value) { return isfinite(value) && fabs(value) <= 1e15; }

/* The value axis. */
struct chart_scale {
	double bottom, top; /* bottom < top */
	double step;        /* between two labels: 1, 2 or 5 times a power of ten */
};

/* The axis for `rows` cells of height; false when neither the data nor the chart say where it lies. */
bool chart_scale_find(const struct chart *chart, int rows, struct chart_scale *scale);
/* Where a value lies, 0 at the bottom, 1 at the top, kept between them. */
double chart_scale_part(const struct chart_scale *scale, double value);
/* The label of a value with as many decimals as the step asks for; "12k" where the axis reaches ten
 * thousand. */
void chart_scale_label(const struct chart_scale *scale, double value, char out[CHART_LABEL_SIZE]);

/* The time axis: labels at round local times, into one line of the canvas. left: the picture's first
 * column. */
void chart_time_draw(const struct chart *chart, struct canvas *canvas, int left, int columns, int y);

/* What a series shows between two moments. */
struct chart_sample {
	bool some;
	double first, last, low, high;
};

/* The series' own pace: the middle of the distances between its points; 0 when it has fewer than two. */
int64_t chart_usual_step(const struct chart_series *series);
/* A value holds until the next point comes, or for one step before a gap. */
struct chart_sample chart_sample_held(const struct chart *chart, const struct chart_series *series,
				      int64_t step_ms, int64_t from_ms, int64_t to_ms);
/* Between two points lies a straight line. */
struct chart_sample chart_sample_line(const struct chart *chart, const struct chart_series *series,
				      int64_t step_ms, int64_t from_ms, int64_t to_ms);

#endif
