#include "ui/widget/chart_parts.h"

#include <stdio.h>
#include <string.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define WEEK_MS (7 * DAY_MS)
#define MONDAY_MS (4 * DAY_MS) /* 1970-01-05 was a Monday */

enum label_form { LABEL_SECONDS, LABEL_CLOCK, LABEL_WEEKDAY, LABEL_DATE, LABEL_MONTH };

struct time_step {
	int64_t step_ms; /* 0: months */
	int months;
	enum label_form form;
	int width;
};

static const struct time_step steps[] = {
	{1 * SECOND_MS, 0, LABEL_SECONDS, 8},
	{2 * SECOND_MS, 0, LABEL_SECONDS, 8},
	{5 * SECOND_MS, 0, LABEL_SECONDS, 8},
	{10 * SECOND_MS, 0, LABEL_SECONDS, 8},
	{15 * SECOND_MS, 0, LABEL_SECONDS, 8},
	{30 * SECOND_MS, 0, LABEL_SECONDS, 8},
	{1 * MINUTE_MS, 0, LABEL_CLOCK, 5},
	{2 * MINUTE_MS, 0, LABEL_CLOCK, 5},
	{5 * MINUTE_MS, 0, LABEL_CLOCK, 5},
	{10 * MINUTE_MS, 0, LABEL_CLOCK, 5},
	{15 * MINUTE_MS, 0, LABEL_CLOCK, 5},
	{30 * MINUTE_MS, 0, LABEL_CLOCK, 5},
	{1 * HOUR_MS, 0, LABEL_CLOCK, 5},
	{2 * HOUR_MS, 0, LABEL_CLOCK, 5},
	{3 * HOUR_MS, 0, LABEL_CLOCK, 5},
	{6 * HOUR_MS, 0, LABEL_CLOCK, 5},
	{12 * HOUR_MS, 0, LABEL_CLOCK, 5},
	{1 * DAY_MS, 0, LABEL_WEEKDAY, 3},
	{2 * DAY_MS, 0, LABEL_DATE, 6},
	{WEEK_MS, 0, LABEL_DATE, 6},
	{2 * WEEK_MS, 0, LABEL_DATE, 6},
	{0, 1, LABEL_MONTH, 4},
	{0, 3, LABEL_MONTH, 4},
	{0, 6, LABEL_MONTH, 4},
	{0, 12, LABEL_MONTH, 4},
	{0, 60, LABEL_MONTH, 4},
	{0, 120, LABEL_MONTH, 4},
	{0, 600, LABEL_MONTH, 4},
};

/* The finest step whose labels stand apart. */
static const struct time_step *choose(int64_t span_ms, int columns)
{
	size_t n = sizeof steps / sizeof *steps;
	for (size_t i = 0; i < n; i++) {
		double step_ms = steps[i].step_ms > 0 ? (double)steps[i].step_ms
						      : steps[i].months * 30.0 * DAY_MS;
		/* After eight days a weekday says too little. */
		if (steps[i].form == LABEL_WEEKDAY && span_ms > 8 * DAY_MS)
			continue;
		if (step_ms * columns / (double)span_ms >= steps[i].width + 3)
			return &steps[i];
	}
	return &steps[n - 1];
}

static int64_t floor_to(int64_t value, int64_t step, int64_t origin)
{
	int64_t rest = (value - origin) % step;
	return value - (rest < 0 ? rest + step : rest);
}

/* The wall clock as if it were UTC, and the moment when a clock on the wall shows it. */
static int64_t wall_of(int64_t moment_ms, const struct moment_zone *zone)
{
	return moment_ms + moment_split(moment_ms, zone).utc_offset_s * SECOND_MS;
}

static int64_t moment_of(int64_t wall_ms, const struct moment_zone *zone)
{
	struct moment_parts parts = moment_split(wall_ms, NULL);
	return moment_join(&parts, zone);
}

/* The i-th tick from the last one at or before `from`. Steps of hours and more are steps of the wall
 * clock, so that labels stay round where the clock is put back or on; finer ones run on through the hour
 * that comes twice. MOMENT_NONE: the clock never shows it. */
static int64_t tick_at(const struct time_step *step, int64_t from_ms, const struct moment_zone *zone, int i)
{
	if (step->months > 0) {
		struct moment_parts parts = moment_split(from_ms, zone);
		int months = parts.year * 12 + parts.month - 1;
		months += i * step->months - months % step->months;
		struct moment_parts first = {.year = months / 12, .month = months % 12 + 1, .day = 1};
		return moment_join(&first, zone);
	}
	int64_t wall_ms = wall_of(from_ms, zone);
	int64_t start_ms = floor_to(wall_ms, step->step_ms, step->step_ms > DAY_MS ? MONDAY_MS : 0);
	if (step->step_ms < HOUR_MS)
		return from_ms - (wall_ms - start_ms) + i * step->step_ms;
	start_ms += i * step->step_ms;
	int64_t moment_ms = moment_of(start_ms, zone);
	/* A day begins even where its midnight is left out. */
	bool shown = step->step_ms >= DAY_MS || wall_of(moment_ms, zone) == start_ms;
	return shown ? moment_ms : MOMENT_NONE;
}

static void label_of(int64_t moment_ms, const struct moment_zone *zone, enum label_form form,
		     char out[CHART_LABEL_SIZE])
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct moment_parts parts = moment_split(moment_ms, zone);
	/* Indexes in range whatever a zone file says. */
	const char *day = days[(unsigned)parts.weekday % 7],
		   *month = months[(unsigned)(parts.month - 1) % 12];
	bool midnight = parts.hour == 0 && parts.minute == 0 && parts.second == 0;
	if (form == LABEL_MONTH && parts.month == 1)
		snprintf(out, CHART_LABEL_SIZE, "%d", parts.year);
	else if (form == LABEL_MONTH)
		snprintf(out, CHART_LABEL_SIZE, "%s", month);
	else if (form == LABEL_DATE)
		snprintf(out, CHART_LABEL_SIZE, "%d %s", parts.day, month);
	else if (form == LABEL_WEEKDAY || midnight)
		snprintf(out, CHART_LABEL_SIZE, "%s", day);
	else if (form == LABEL_SECONDS)
		snprintf(out, CHART_LABEL_SIZE, "%02d:%02d:%02d", parts.hour, parts.minute, parts.second);
	else
		snprintf(out, CHART_LABEL_SIZE, "%02d:%02d", parts.hour, parts.minute);
}

void chart_time_draw(const struct chart *chart, struct canvas *canvas, int left, int columns, int y)
{
	int64_t span_ms = chart->to_ms - chart->from_ms;
	const struct time_step *step = choose(span_ms, columns);
	int end = left + columns, free_from = 0;
	for (int i = 0; i <= columns + 1; i++) {
		int64_t tick_ms = tick_at(step, chart->from_ms, chart->zone, i);
		if (tick_ms > chart->to_ms)
			break;
		if (tick_ms < chart->from_ms)
			continue;
		char label[CHART_LABEL_SIZE];
		label_of(tick_ms, chart->zone, step->form, label);
		int width = (int)strlen(label);
		int x = left + (int)((double)(tick_ms - chart->from_ms) * columns / (double)span_ms) -
			(width - 1) / 2;
		if (x + width > end)
			x = end - width;
		if (x < free_from)
			continue;
		canvas_text(canvas, x, y, width, label, STYLE(DIM));
		free_from = x + width + 1;
	}
}
