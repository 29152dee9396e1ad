/* The week: what the mean Tuesday at ten is like. Shades or figures; hours of operation are marked. */
#include "ui/pane/occupancy_view.h"

#include <math.h>
#include <string.h>

#define HOURS 168
#define LABEL 4

static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

/* Of windows of an hour and less; longer ones say nothing of an hour. */
void occ_week_of(const struct occ_windows *windows, enum occ_measure measure, const struct moment_zone *zone,
		 struct occ_week *week)
{
	double sum[HOURS] = {0};

	*week = (struct occ_week){.greatest = NAN};
	for (int h = 0; h < HOURS; h++)
		week->mean[h] = week->most[h] = NAN;
	for (size_t i = 0; i < windows->n; i++) {
		double value = windows->value[measure][i];
		struct moment_parts parts;
		int hour;

		if (isnan(value) || windows->end_ms[i] - windows->start_ms[i] > 3600000)
			continue;
		parts = moment_split(windows->start_ms[i], zone);
		hour = (parts.weekday + 6) % 7 * 24 + parts.hour;
		sum[hour] += value;
		week->n[hour]++;
		week->most[hour] = fmax(week->most[hour], value);
	}
	for (int h = 0; h < HOURS; h++) {
		if (week->n[h] == 0)
			continue;
		week->mean[h] = sum[h] / week->n[h];
		week->greatest = fmax(week->greatest, week->mean[h]);
	}
}

static uint32_t shade(const struct canvas *canvas, double part)
{
	static const uint32_t blocks[] = {0x2581, 0x2591, 0x2592, 0x2593, 0x2588};
	static const char letters[] = "_.:o#";
	int level = !(part > 0) ? 0 : part > 0.999 ? 4 : 1 + (int)(part * 4);

	level = MIN(level, 4);
	return canvas_glyph(canvas, blocks[level], letters[level]);
}

static void draw_figure(struct occ_view *view, struct canvas *canvas, int x, int y, int cells, double value,
			struct style style)
{
	bool share = view->measure == OCC_UTILIZATION || view->measure == OCC_USED;
	double shown = round(share ? value * 100 : value);
	char text[16];

	if (shown >= (cells >= 3 ? 1000 : 100))
		g_strlcpy(text, view->desk->ascii ? "+" : "…", sizeof(text));
	else if (shown == 0 && value > 0 && cells >= 2)
		g_strlcpy(text, "<1", sizeof(text)); /* little is not nothing */
	else
		g_snprintf(text, sizeof(text), "%.0f", shown);
	canvas_text_right(canvas, x, y, cells, text, style);
}

static void draw_hour(struct occ_view *view, struct canvas *canvas, const struct occ_week *week, int hour,
		      int x, int y, int cells)
{
	bool figures = view->numbers && cells >= 3,
	     inside = occ_hours_hold(&view->hours, (hour / 24 + 1) % 7, hour % 24 * 60);
	double value = week->mean[hour],
	       top = view->measure == OCC_UTILIZATION ? fmax(week->greatest, 1) : week->greatest;
	struct style style = inside ? STYLE(CHART) : STYLE(DIM);
	int width = cells > 1 ? cells - 1 : 1;

	if (cells == 1 && inside)
		style.attrs = ATTR_UNDERLINE;
	if (isnan(value))
		return;
	if (figures)
		draw_figure(view, canvas, x, y, width, value, inside ? STYLE(STRONG) : STYLE(DIM));
	else
		canvas_fill(canvas, (struct rect){x, y, width, 1}, shade(canvas, top > 0 ? value / top : 0),
			    style);
}

/* An upright line where the hours of operation begin and end. */
static void draw_bounds(struct occ_view *view, struct canvas *canvas, int day, int y, int cells)
{
	uint32_t line = canvas_glyph(canvas, 0x2502, '|');

	if (cells < 2)
		return;
	for (int hour = 0; hour <= 24; hour++) {
		bool before = hour > 0 && occ_hours_hold(&view->hours, (day + 1) % 7, (hour - 1) * 60);
		bool after = hour < 24 && occ_hours_hold(&view->hours, (day + 1) % 7, hour * 60);

		if (before != after)
			canvas_put(canvas, LABEL + hour * cells - 1, y, line, STYLE(ACCENT));
	}
}

static void draw_scale(struct canvas *canvas, int y, int cells)
{
	int step = cells >= 3 ? 2 : cells == 2 ? 3 : 6;

	for (int hour = 0; hour < 24; hour += step)
		canvas_textf(canvas, LABEL + hour * cells, y, -1, STYLE(DIM), "%02d", hour);
}

struct part {
	double sum, used;
	unsigned n, n_used;
};

static void add_part(struct buf *out, const struct occ_view *view, const char *name, const struct part *part)
{
	bool ascii = view->desk->ascii;

	buf_addf(out, "%s ", name);
	occ_add_value(out, view->measure, part->n > 0 ? part->sum / part->n : NAN, ascii);
	if (part->n_used > 0) {
		buf_adds(out, ", used ");
		occ_add_value(out, OCC_USED, round(part->used / part->n_used * 1000) / 1000, ascii);
		buf_adds(out, " of the time");
	}
}

/* "inside the hours 6.2, used 71 % of the time; outside 0.3" over all windows. */
static void add_summary(struct occ_view *view, struct buf *out)
{
	const struct occ_windows *windows = &view->series[0].windows;
	struct part parts[2] = {{.n = 0}};

	for (size_t i = 0; i < windows->n; i++) {
		struct moment_parts at = moment_split(windows->start_ms[i], view->zone);
		struct part *part = &parts[occ_hours_hold(&view->hours, at.weekday, at.hour * 60 + at.minute)];

		if (!isnan(windows->value[view->measure][i])) {
			part->sum += windows->value[view->measure][i];
			part->n++;
		}
		if (!isnan(windows->value[OCC_USED][i])) {
			part->used += windows->value[OCC_USED][i];
			part->n_used++;
		}
	}
	if (view->hours.flaw[0] != '\0') {
		buf_adds(out, view->hours.flaw);
		return;
	}
	add_part(out, view, "inside the hours", &parts[1]);
	add_part(out, view, ";  outside", &parts[0]);
}

static int cursor_of(const struct occ_view *view)
{
	struct moment_parts now = moment_split(world_now_ms(view->desk->world), view->zone);

	return view->week_cursor >= 0 ? view->week_cursor : (now.weekday + 6) % 7 * 24 + now.hour;
}

static void add_hour(struct occ_view *view, struct buf *out, const struct occ_week *week, int hour)
{
	bool ascii = view->desk->ascii;

	buf_addf(out, "%s %02d:00-%02d:00  ", days[hour / 24], hour % 24, hour % 24 + 1);
	if (week->n[hour] == 0) {
		buf_adds(out, "no data");
		return;
	}
	occ_add_value(out, view->measure, week->mean[hour], ascii);
	buf_addf(out, " on the mean of %u, at most ", week->n[hour]);
	occ_add_value(out, view->measure, week->most[hour], ascii);
	if (!occ_hours_hold(&view->hours, (hour / 24 + 1) % 7, hour % 24 * 60))
		buf_adds(out, ", outside the hours");
}

static void draw_below(struct occ_view *view, struct canvas *canvas, const struct occ_week *week, int y)
{
	int width = canvas_clip(canvas).width, left = canvas_clip(canvas).height - y;
	struct buf words;

	buf_init(&words, 4096);
	add_hour(view, &words, week, cursor_of(view));
	canvas_text(canvas, 0, y, width, buf_text(&words), STYLE(STRONG));
	buf_reset(&words);
	add_summary(view, &words);
	if (left >= 2)
		canvas_text(canvas, 0, y + 1, width, buf_text(&words), STYLE(DIM));
	buf_fini(&words);
	if (left >= 3)
		canvas_textf(canvas, 0, y + 2, width, STYLE(DIM),
			     "%s nothing  %s some  %s most  blank: no data  %s %s",
			     view->desk->ascii ? "_" : "▁", view->desk->ascii ? "." : "░",
			     view->desk->ascii ? "#" : "█", view->desk->ascii ? "|" : "│",
			     view->desk->hours != NULL ? view->desk->hours : "no hours told");
}

void occ_draw_week(struct occ_view *view, struct canvas *canvas)
{
	struct rect clip = canvas_clip(canvas);
	int cells = CLAMP((clip.width - LABEL) / 24, 1, 5), cursor = cursor_of(view);
	const struct occ_series *series = &view->series[0];
	struct occ_week week;

	occ_week_of(&series->windows, view->measure, view->zone, &week);
	if (isnan(week.greatest)) {
		canvas_text(canvas, 0, 0, -1,
			    view->n_series == 0          ? "nothing is chosen"
			    : series->ask.waiting        ? "asking"
			    : series->ask.why[0] != '\0' ? series->ask.why
			    : view->measure == OCC_UTILIZATION && isnan(series->capacity)
				    ? "the capacity is not told, so how full it is is not known"
				    : "no data by the hour in this time",
			    STYLE(UNKNOWN));
		return;
	}
	draw_scale(canvas, 0, cells);
	for (int day = 0; day < 7; day++) {
		canvas_text(canvas, 0, 1 + day, LABEL, days[day], day >= 5 ? STYLE(DIM) : STYLE(TEXT));
		draw_bounds(view, canvas, day, 1 + day, cells);
		for (int hour = 0; hour < 24; hour++)
			draw_hour(view, canvas, &week, day * 24 + hour, LABEL + hour * cells, 1 + day, cells);
	}
	canvas_restyle(canvas,
		       (struct rect){LABEL + cursor % 24 * cells, 1 + cursor / 24, MAX(cells - 1, 1), 1}, -1,
		       ROLE_SELECT, -1);
	if (clip.height > 8)
		draw_below(view, canvas, &week, clip.height >= 12 ? 9 : 8);
}
