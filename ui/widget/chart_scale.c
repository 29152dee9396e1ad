#include "ui/widget/chart_parts.h"

#include <math.h>
#include <stdio.h>

/* A step of the form 1, 2, 5 times a power of ten; `turn` counts through them. */
static double step_at(int turn)
{
	static const double mantissa[] = {1, 2, 5};
	int power = turn >= 0 ? turn / 3 : -((2 - turn) / 3);
	int digit = turn - 3 * power;
	/* Dividing keeps 0.1 and its kin exact where multiplying would not. */
	return power >= 0 ? mantissa[digit] * pow(10, power) : mantissa[digit] / pow(10, -power);
}

/* How fine the upper end may be: the axis need not end at a label. */
static double finer(double step, bool whole)
{
	double mantissa = step / pow(10, floor(log10(step) + 1e-9));
	double part = mantissa > 1.5 && mantissa < 2.5 ? step / 2 : step / 5;
	return whole && part < 1 ? 1 : part;
}

struct extent {
	double low, high;
	bool some, whole; /* whole: every value is a whole number, so the labels are */
};

static void take(struct extent *extent, double value)
{
	if (!chart_value_usable(value))
		return;
	extent->low = extent->some ? fmin(extent->low, value) : value;
	extent->high = extent->some ? fmax(extent->high, value) : value;
	extent->whole &= value == floor(value);
	extent->some = true;
}

static struct extent measure(const struct chart *chart)
{
	struct extent extent = {.whole = true};
	for (int s = 0; s < chart->n_series && s < CHART_SERIES_MOST; s++) {
		const struct chart_series *series = &chart->series[s];
		int64_t step_ms = chart_usual_step(series);
		/* What reaches into the window from before it. */
		struct chart_sample start = chart_sample_held(chart, series, step_ms, chart->from_ms,
							      chart->from_ms + 1);
		if (start.some)
			take(&extent, start.last);
		for (size_t i = 0; i < series->n && series->time_ms[i] <= chart->to_ms; i++)
			if (series->time_ms[i] >= chart->from_ms)
				take(&extent, series->value[i]);
	}
	if (extent.some || chart_value_usable(chart->most))
		take(&extent, chart->limit);
	return extent;
}

static double least_rows(int rows) { return rows < 3 ? 1 : rows < 6 ? 2 : rows < 20 ? 2.5 : 4; }

static void choose_step(struct chart_scale *scale, const struct chart *chart, const struct extent *extent,
			int rows)
{
	double low = scale->bottom, high = scale->top, span = high - low;
	int turn = (int)floor(3 * log10(span / (rows + 1))) - 3;
	for (;; turn++) {
		double step = step_at(turn);
		if (extent->whole && step < 1)
			continue;
		double fine = finer(step, extent->whole);
		scale->step = step;
		scale->bottom = chart_value_usable(chart->least) ? low : floor(low / fine + 1e-9) * fine;
		scale->top = chart_value_usable(chart->most) ? high : ceil(high / fine - 1e-9) * fine;
		double drawn = scale->top - scale->bottom;
		if (step / drawn * (rows - 1) >= least_rows(rows) || step * 2 > drawn)
			return;
	}
}

bool chart_scale_find(const struct chart *chart, int rows, struct chart_scale *scale)
{
	struct extent extent = measure(chart);
	bool from_data = !chart_value_usable(chart->most);
	if (from_data && !extent.some)
		return false;
	scale->bottom = chart_value_usable(chart->least) ? chart->least
			: extent.some                    ? fmin(0, extent.low)
							 : 0;
	scale->top = from_data ? extent.high : chart->most;
	if (!(scale->top - scale->bottom > 1e-9 * fmax(1, fabs(scale->bottom))))
		scale->top = scale->bottom + 1;
	choose_step(scale, chart, &extent, rows);
	return true;
}

double chart_scale_part(const struct chart_scale *scale, double value)
{
	double part = (value - scale->bottom) / (scale->top - scale->bottom);
	return part < 0 ? 0 : part > 1 ? 1 : part;
}

void chart_scale_label(const struct chart_scale *scale, double value, char out[CHART_LABEL_SIZE])
{
	static const struct {
		double from, unit;
		const char *name;
	} sizes[] = {{1e12, 1e12, "T"}, {1e9, 1e9, "G"}, {1e6, 1e6, "M"}, {1e4, 1e3, "k"}};
	double reach = fmax(fabs(scale->bottom), fabs(scale->top)), step = scale->step;
	const char *name = "";
	/* A limit may lie between the steps. */
	if (fabs(value / step - round(value / step)) > 1e-6)
		step /= 10;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes && value != 0 && !*name; i++) {
		if (reach >= sizes[i].from) {
			value /= sizes[i].unit;
			step /= sizes[i].unit;
			name = sizes[i].name;
		}
	}
	int decimals = 0;
	long long ones = 1;
	for (; value != 0 && decimals < 6 && step * (double)ones < 1 - 1e-9; decimals++)
		ones *= 10;
	/* By whole numbers: a locale may write decimals otherwise. */
	long long figure = llround(fabs(value) * (double)ones);
	const char *sign = value < 0 && figure > 0 ? "-" : "";
	char tail[8] = "";
	for (int i = decimals; i > 0; i--, figure /= 10)
		tail[i] = (char)('0' + figure % 10);
	tail[0] = decimals > 0 ? '.' : '\0';
	snprintf(out, CHART_LABEL_SIZE, "%s%lld%s%s", sign, figure, tail, name);
}
