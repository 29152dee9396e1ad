#include "ui/widget/chart_parts.h"

#define STEP_SAMPLES 63

/* The first point at or after a moment. */
static size_t first_from(const struct chart_series *series, int64_t moment_ms)
{
	size_t low = 0, high = series->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (series->time_ms[middle] < moment_ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int64_t chart_usual_step(const struct chart_series *series)
{
	int64_t steps[STEP_SAMPLES];
	size_t pairs = series->n > 0 ? series->n - 1 : 0, n = 0;
	size_t stride = pairs / STEP_SAMPLES + 1;
	for (size_t i = 0; i < pairs; i += stride) {
		int64_t step = series->time_ms[i + 1] - series->time_ms[i];
		size_t at = n++;
		for (; at > 0 && steps[at - 1] > step; at--)
			steps[at] = steps[at - 1];
		steps[at] = step;
	}
	return n > 0 ? steps[n / 2] : 0;
}

static int64_t gap_of(const struct chart *chart, int64_t step_ms)
{
	return chart->gap_ms > 0 ? chart->gap_ms : 2 * step_ms;
}

/* The points that lie inside the span. */
static struct chart_sample inside(const struct chart_series *series, size_t first, int64_t to_ms)
{
	struct chart_sample sample = {0};
	for (size_t i = first; i < series->n && series->time_ms[i] < to_ms; i++) {
		double value = series->value[i];
		if (!chart_value_usable(value))
			continue;
		if (!sample.some)
			sample = (struct chart_sample){true, value, value, value, value};
		sample.last = value;
		sample.low = fmin(sample.low, value);
		sample.high = fmax(sample.high, value);
	}
	return sample;
}

static struct chart_sample single(double value)
{
	return (struct chart_sample){chart_value_usable(value), value, value, value, value};
}

struct chart_sample chart_sample_held(const struct chart *chart, const struct chart_series *series,
				      int64_t step_ms, int64_t from_ms, int64_t to_ms)
{
	size_t next = first_from(series, from_ms);
	struct chart_sample sample = inside(series, next, to_ms);
	if (sample.some || next == 0 || (next < series->n && series->time_ms[next] < to_ms))
		return sample;
	int64_t since_ms = series->time_ms[next - 1];
	bool whole = next < series->n && series->time_ms[next] - since_ms <= gap_of(chart, step_ms);
	if (!whole && from_ms >= since_ms + step_ms)
		return sample;
	return single(series->value[next - 1]);
}

struct chart_sample chart_sample_line(const struct chart *chart, const struct chart_series *series,
				      int64_t step_ms, int64_t from_ms, int64_t to_ms)
{
	size_t next = first_from(series, from_ms);
	struct chart_sample sample = inside(series, next, to_ms);
	if (sample.some || next == 0 || next == series->n || series->time_ms[next] < to_ms)
		return sample;
	int64_t before_ms = series->time_ms[next - 1], wide_ms = series->time_ms[next] - before_ms;
	if (wide_ms > gap_of(chart, step_ms))
		return sample;
	double part = ((double)(from_ms - before_ms) + (double)(to_ms - from_ms) / 2) / (double)wide_ms;
	return single(series->value[next - 1] + (series->value[next] - series->value[next - 1]) * part);
}
