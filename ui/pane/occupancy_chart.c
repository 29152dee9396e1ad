/* The picture over time: lines or an area with marks for what is not sure, and what the cursor points at in words. */
#include "ui/pane/occupancy_view.h"

#include "base/text.h"
#include "ui/widget/chart.h"

#include <math.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

static const uint16_t roles[OCC_SERIES] = {ROLE_CHART, ROLE_CHART_2, ROLE_CHART_3};

/* --- words --- */

void occ_add_number(struct buf *out, double value, bool ascii)
{
	if (isnan(value))
		buf_adds(out, ascii ? "-" : "–");
	else
		text_add_number(out, round(value * 100) / 100);
}

void occ_add_value(struct buf *out, enum occ_measure measure, double value, bool ascii)
{
	bool share = measure == OCC_UTILIZATION || measure == OCC_USED;

	occ_add_number(out, share ? value * 100 : value, ascii);
	if (share && !isnan(value))
		buf_adds(out, " %");
}

void occ_add_moment(struct buf *out, int64_t at_ms, const struct moment_zone *zone)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct moment_parts parts = moment_split(at_ms, zone);

	buf_addf(out, "%s %d %s %02d:%02d", days[(unsigned)parts.weekday % 7], parts.day,
		 months[(unsigned)(parts.month - 1) % 12], parts.hour, parts.minute);
}

static void add_end(struct buf *out, int64_t from_ms, int64_t to_ms, const struct moment_zone *zone)
{
	struct moment_parts parts = moment_split(to_ms, zone);

	if (to_ms - from_ms < DAY_MS)
		buf_addf(out, "-%02d:%02d", parts.hour, parts.minute);
}

static void add_marks(struct buf *out, const struct occ_windows *windows, size_t i)
{
	uint8_t marks = windows->marks[i];

	if ((marks & OCC_CAPPED) != 0)
		buf_adds(out, ", or more: the sensor counts no further");
	if ((marks & OCC_LOW) != 0)
		buf_addf(out, ", measured %ld %% of the time", lround(windows->uptime[i] * 100));
	if ((marks & OCC_PARTIAL) != 0 && windows->complete[i] < 1)
		buf_addf(out, ", %ld %% of it known so far", lround(windows->complete[i] * 100));
	else if ((marks & OCC_PARTIAL) != 0)
		buf_adds(out, ", not all parts tell of it");
}

/* The window of a series under the cursor: weeks back are moved here. */
static long at_cursor(const struct occ_view *view, const struct occ_series *series, int64_t at_ms)
{
	return occ_window_at(&series->windows, occ_days_on(at_ms, -7 * series->weeks, view->zone));
}

static int64_t cursor_at(const struct occ_view *view)
{
	const struct occ_windows *windows = &view->series[0].windows;

	if (view->cursor_ms != MOMENT_NONE)
		return view->cursor_ms;
	return windows->n > 0 ? windows->start_ms[windows->n - 1] : view->span.to_ms - 1;
}

static void series_name(const struct occ_view *view, const struct occ_series *series, char *out, size_t size)
{
	if (view->weeks > 0)
		g_snprintf(out, size, "%s",
			   series->weeks == 0   ? "this week"
			   : series->weeks == 1 ? "the week before"
						: "2 weeks before");
	else
		g_strlcpy(out, series->name, size);
}

static void add_series_words(struct buf *out, const struct occ_view *view, const struct occ_series *series,
			     long i)
{
	bool ascii = view->desk->ascii;
	char name[120];

	series_name(view, series, name, sizeof(name));
	buf_addf(out, "%s ", name);
	if (i < 0) {
		buf_adds(out, "no data");
		return;
	}
	occ_add_value(out, view->measure, series->windows.value[view->measure][i], ascii);
	if (view->measure == OCC_PEOPLE && (series->windows.marks[i] & OCC_CAPPED) != 0)
		buf_addc(out, '+');
	if (view->measure == OCC_PEOPLE && view->n_series == 1) {
		buf_adds(out, " people on the mean, peak ");
		occ_add_number(out, series->windows.value[OCC_PEAK][i], ascii);
		buf_adds(out, ", used ");
		occ_add_value(out, OCC_USED, series->windows.value[OCC_USED][i], ascii);
	}
	add_marks(out, &series->windows, (size_t)i);
}

void occ_cursor_words(struct occ_view *view, struct buf *out)
{
	int64_t at_ms = cursor_at(view);
	const struct occ_windows *windows = &view->series[0].windows;
	long first = view->n_series > 0 ? occ_window_at(windows, at_ms) : -1;

	occ_add_moment(out, first >= 0 ? windows->start_ms[first] : at_ms, view->zone);
	if (first >= 0)
		add_end(out, windows->start_ms[first], windows->end_ms[first], view->zone);
	for (int s = 0; s < view->n_series; s++) {
		buf_adds(out, s == 0 ? "  " : "  |  ");
		add_series_words(out, view, &view->series[s], at_cursor(view, &view->series[s], at_ms));
	}
}

/* --- moving and zooming --- */

static void seen_span(const struct occ_view *view, int64_t *from_ms, int64_t *to_ms)
{
	*from_ms = MAX(view->view_from_ms, view->span.from_ms);
	*to_ms = MIN(view->view_to_ms, view->span.to_ms);
	if (*from_ms >= *to_ms) {
		*from_ms = view->span.from_ms;
		*to_ms = view->span.to_ms;
	}
}

void occ_cursor_move(struct occ_view *view, int by)
{
	int64_t at_ms = cursor_at(view), step_ms = MAX(view->span.every_ms, 60000), from_ms, to_ms, move_ms;
	const struct occ_windows *windows = &view->series[0].windows;
	long i = occ_window_at(windows, at_ms);

	if (view->mode == OCC_WEEK) {
		view->week_cursor = ((view->week_cursor < 0 ? 0 : view->week_cursor) + by + 168) % 168;
		return;
	}
	if (i >= 0 && i + by >= 0 && (size_t)(i + by) < windows->n)
		at_ms = windows->start_ms[i + by];
	else
		at_ms += by * step_ms;
	view->cursor_ms = CLAMP(at_ms, view->span.from_ms, view->span.to_ms - 1);
	seen_span(view, &from_ms, &to_ms);
	if (view->view_from_ms >= view->view_to_ms)
		return;
	move_ms = view->cursor_ms < from_ms ? view->cursor_ms - from_ms
					    : MAX(view->cursor_ms + step_ms - to_ms, 0);
	view->view_from_ms = from_ms + move_ms;
	view->view_to_ms = to_ms + move_ms;
}

void occ_zoom(struct occ_view *view, double factor)
{
	int64_t from_ms, to_ms, at_ms = cursor_at(view), least_ms = 4 * MAX(view->span.every_ms, 60000);
	double part, span;

	seen_span(view, &from_ms, &to_ms);
	span = (double)(to_ms - from_ms) / factor;
	if (span >= (double)(view->span.to_ms - view->span.from_ms) || factor == 0) {
		view->view_from_ms = view->view_to_ms = 0;
		return;
	}
	span = fmax(span, (double)MIN(least_ms, to_ms - from_ms));
	part = CLAMP((double)(at_ms - from_ms) / (double)(to_ms - from_ms), 0, 1);
	from_ms = at_ms - (int64_t)(part * span);
	from_ms = CLAMP(from_ms, view->span.from_ms, view->span.to_ms - (int64_t)span);
	view->view_from_ms = from_ms;
	view->view_to_ms = from_ms + (int64_t)span;
	view->cursor_ms = at_ms;
}

/* --- drawing --- */

struct lines {
	struct chart_series series[OCC_SERIES];
	int64_t *times[OCC_SERIES];
	double *values[OCC_SERIES];
};

/* In the colour of old data where the system is not heard of. */
static uint16_t role_of(const struct occ_view *view, int series)
{
	unsigned account = (unsigned)g_ascii_strtoull(view->series[series].key, NULL, 10);

	return view->series[series].key[0] != '\0' && account < world_accounts(view->desk->world) &&
			       occ_account_old(view, account)
		       ? ROLE_STALE
		       : roles[series];
}

/* Weeks before are laid over this one by the clocks of the place; shares are drawn in per cent. */
static void fill_lines(const struct occ_view *view, struct lines *lines)
{
	bool share = view->measure == OCC_UTILIZATION || view->measure == OCC_USED;

	for (int s = 0; s < view->n_series; s++) {
		const struct occ_windows *windows = &view->series[s].windows;

		lines->times[s] = g_new(int64_t, windows->n + 1);
		lines->values[s] = g_new(double, windows->n + 1);
		for (size_t i = 0; i < windows->n; i++) {
			lines->times[s][i] = occ_days_on(windows->start_ms[i], 7 * view->series[s].weeks,
							 view->zone);
			lines->values[s][i] = windows->value[view->measure][i] * (share ? 100 : 1);
		}
		lines->series[s] = (struct chart_series){lines->times[s], lines->values[s], windows->n,
							 role_of(view, s)};
	}
}

/* A server may have used longer windows than were asked for. */
static int64_t window_ms(const struct occ_view *view)
{
	int64_t most_ms = view->span.every_ms;

	for (int s = 0; s < view->n_series; s++)
		if (view->series[s].windows.n > 0)
			most_ms = MAX(most_ms, view->series[s].windows.end_ms[0] -
						       view->series[s].windows.start_ms[0]);
	return most_ms;
}

static const char *empty_words(const struct occ_view *view)
{
	const struct occ_ask *which = &view->series[0].ask;

	if (view->n_series == 0)
		return "nothing is chosen";
	if (which->waiting)
		return view->desk->ascii ? "asking ..." : "asking …";
	if (which->why[0] != '\0')
		return which->why;
	if (view->series[0].windows.summed && (view->measure == OCC_PEAK || view->measure == OCC_USED))
		return "not known of several places together";
	if (view->measure == OCC_UTILIZATION && isnan(view->series[0].capacity))
		return "the capacity is not told, so how full it is is not known";
	return "no data in this time";
}

static int column_of(struct rect picture, int64_t at_ms, int64_t from_ms, int64_t to_ms)
{
	return picture.x + (int)((double)(at_ms - from_ms) * picture.width / (double)(to_ms - from_ms));
}

/* One line under the picture that says which windows are not sure: + capped, ! low uptime, ~ incomplete. */
static unsigned draw_marks(const struct occ_view *view, struct canvas *canvas, int y, struct rect picture,
			   int64_t from_ms, int64_t to_ms)
{
	unsigned all = 0;

	for (int s = view->n_series - 1; s >= 0; s--) {
		const struct occ_series *series = &view->series[s];

		for (size_t i = 0; i < series->windows.n; i++) {
			uint8_t marks = series->windows.marks[i];
			int64_t start_ms, end_ms;

			if (marks == 0)
				continue;
			start_ms = occ_days_on(series->windows.start_ms[i], 7 * series->weeks, view->zone);
			end_ms = start_ms + series->windows.end_ms[i] - series->windows.start_ms[i];
			if (end_ms <= from_ms || start_ms >= to_ms)
				continue;
			all |= marks;
			for (int x = column_of(picture, MAX(start_ms, from_ms), from_ms, to_ms);
			     x <= column_of(picture, MIN(end_ms, to_ms) - 1, from_ms, to_ms); x++)
				canvas_put(canvas, x, y,
					   (marks & OCC_LOW) != 0       ? '!'
					   : (marks & OCC_PARTIAL) != 0 ? '~'
									: '+',
					   STYLE(WARN));
		}
	}
	return all;
}

static void draw_cursor(const struct occ_view *view, struct canvas *canvas, struct rect picture,
			int64_t from_ms, int64_t to_ms)
{
	int64_t at_ms = cursor_at(view);
	int x = column_of(picture, at_ms, from_ms, to_ms);

	if (at_ms < from_ms || at_ms >= to_ms)
		return;
	canvas_restyle(canvas, (struct rect){x, picture.y, 1, picture.height}, -1, ROLE_SELECT, -1);
	canvas_put(canvas, x, picture.y, canvas_glyph(canvas, 0x25BE, 'v'), STYLE(ACCENT));
}

static uint32_t sample_glyph(const struct occ_view *view, int series)
{
	static const uint32_t lines[] = {0x2500, 0x2501, 0x2550};
	static const char letters[] = "*o+";

	if (view->desk->ascii)
		return view->n_series == 1 ? '#' : (uint32_t)letters[series];
	return view->n_series == 1 ? 0x2588 : lines[series];
}

static void draw_legend(const struct occ_view *view, struct canvas *canvas, int y, unsigned marks)
{
	int width = canvas_clip(canvas).width, x = 0;
	char name[120];

	for (int s = 0; s < view->n_series && x < width; s++) {
		const struct occ_series *series = &view->series[s];
		struct style style = {(uint8_t)role_of(view, s), ROLE_GROUND, 0};

		series_name(view, series, name, sizeof(name));
		canvas_put(canvas, x, y, sample_glyph(view, s), style);
		canvas_put(canvas, x + 1, y, sample_glyph(view, s), style);
		x += 3 + canvas_text(canvas, x + 3, y, MIN(width - x - 3, 30), name, STYLE(TEXT));
		if (series->ask.why[0] != '\0' || series->ask.waiting)
			x += canvas_textf(canvas, x, y, width - x, STYLE(STALE), " (%s)",
					  series->ask.waiting ? "asking" : series->ask.why);
		x += 2;
	}
	if (view->measure == OCC_PEOPLE && view->n_series == 1 && !isnan(view->series[0].capacity) &&
	    x < width)
		x += 2 + canvas_textf(canvas, x, y, width - x, STYLE(WARN), "-- capacity %.0f",
				      view->series[0].capacity);
	if ((marks & OCC_CAPPED) != 0 && x < width)
		x += 2 + canvas_text(canvas, x, y, width - x, "+ or more", STYLE(WARN));
	if ((marks & OCC_LOW) != 0 && x < width)
		x += 2 + canvas_text(canvas, x, y, width - x, "! uptime < 80 %", STYLE(WARN));
	if ((marks & OCC_PARTIAL) != 0 && x < width)
		canvas_text(canvas, x, y, width - x, "~ incomplete", STYLE(WARN));
}

static void draw_words(struct occ_view *view, struct canvas *canvas, int y, int lines)
{
	struct buf words;
	const char *rest;
	int width = canvas_clip(canvas).width;

	buf_init(&words, 4096);
	occ_cursor_words(view, &words);
	rest = buf_text(&words);
	for (int i = 0; i < lines && *rest != '\0' && width > 0; i++) {
		size_t used, length = i + 1 == lines ? strlen(rest)
						     : text_fit(rest, strlen(rest), (size_t)width, &used);
		char *line;

		if (i + 1 < lines && rest[length] != '\0')
			for (size_t back = length; back > length / 2; back--)
				if (rest[back] == ' ') {
					length = back;
					break;
				}
		line = g_strndup(rest, length);
		canvas_text(canvas, 0, y + i, width, line, STYLE(STRONG));
		g_free(line);
		rest += length;
		while (*rest == ' ')
			rest++;
	}
	buf_fini(&words);
}

void occ_draw_chart(struct occ_view *view, struct canvas *canvas)
{
	struct rect clip = canvas_clip(canvas), picture = {0, 0, 0, 0};
	int words = clip.height >= 14  ? 2
		    : clip.height >= 4 ? 1
				       : 0,
	    legend = clip.height >= 7, marks = clip.height >= 7;
	int height = clip.height - words - legend - marks;
	struct lines lines = {.times = {NULL}};
	int64_t from_ms, to_ms;
	double limit = view->n_series == 1 ? view->series[0].capacity : NAN;
	unsigned all = 0;

	seen_span(view, &from_ms, &to_ms);
	fill_lines(view, &lines);
	struct chart chart = {
		.series = lines.series,
		.n_series = view->n_series,
		.from_ms = from_ms,
		.to_ms = to_ms,
		.now_ms = world_now_ms(view->desk->world),
		.gap_ms = window_ms(view) * 3 / 2,
		.least = 0,
		.most = NAN,
		.limit = view->measure == OCC_UTILIZATION                           ? 100
			 : view->measure == OCC_PEOPLE || view->measure == OCC_PEAK ? limit
										    : NAN,
		.zone = view->zone,
		.form = view->n_series == 1 ? CHART_AREA : CHART_LINE,
		.braille = view->desk->braille,
		.empty = empty_words(view),
		.picture = &picture,
	};
	canvas_enter(canvas, (struct rect){0, 0, clip.width, height});
	chart_draw(&chart, canvas);
	if (picture.width > 0 && words > 0 && view->n_series > 0 && view->series[0].windows.n > 0)
		draw_cursor(view, canvas, picture, from_ms, to_ms);
	canvas_leave(canvas);
	view->chart_at = picture;
	if (marks && picture.width > 0)
		all = draw_marks(view, canvas, height, picture, from_ms, to_ms);
	if (legend)
		draw_legend(view, canvas, height + 1, all);
	if (words > 0 && view->n_series > 0)
		draw_words(view, canvas, height + marks + legend, words);
	for (int s = 0; s < view->n_series; s++) {
		g_free(lines.times[s]);
		g_free(lines.values[s]);
	}
}
