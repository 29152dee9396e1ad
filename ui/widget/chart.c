#include "ui/widget/chart.h"

#include "base/text.h"
#include "ui/widget/chart_parts.h"

#include <string.h>

/* As wide as a canvas can be. */
#define COLUMNS_MOST 1000
#define AXES_WIDTH_LEAST 12
#define AXES_HEIGHT_LEAST 4
#define GAP_WORDS_LEAST 9

/* The picture between the axes. */
struct plot {
	const struct chart *chart;
	struct canvas *canvas;
	bool ascii, braille;
	int left, columns, rows, n_series;
	struct chart_scale scale;
	int64_t step_ms[CHART_SERIES_MOST];
	bool some[COLUMNS_MOST];  /* a series has data there */
	int filled[COLUMNS_MOST]; /* whole cells of the area */
};

static int64_t moment_at(const struct plot *plot, int place, int places)
{
	int64_t span_ms = plot->chart->to_ms - plot->chart->from_ms;
	return plot->chart->from_ms + (int64_t)((double)span_ms * place / places);
}

static struct chart_sample sample_line(const struct plot *plot, int series, int place, int places)
{
	return chart_sample_line(plot->chart, &plot->chart->series[series], plot->step_ms[series],
				 moment_at(plot, place, places), moment_at(plot, place + 1, places));
}

static struct chart_sample sample_held(const struct plot *plot, int series, int column)
{
	return chart_sample_held(plot->chart, &plot->chart->series[series], plot->step_ms[series],
				 moment_at(plot, column, plot->columns),
				 moment_at(plot, column + 1, plot->columns));
}

/* The row of a value counted from the bottom, of so many rows. In an area a row is full when the value is
 * at its top edge. */
static int row_of(const struct plot *plot, double value, int rows)
{
	double part = chart_scale_part(&plot->scale, value);
	if (plot->chart->form == CHART_LINE)
		return (int)lround(part * (rows - 1));
	int row = (int)ceil(part * rows - 1e-9) - 1;
	return row < 0 ? 0 : row;
}

/* Puts a glyph into the picture; row 0 is the lowest. */
static void put(const struct plot *plot, int column, int row, uint32_t glyph, struct style style)
{
	canvas_put(plot->canvas, plot->left + column, plot->rows - 1 - row, glyph, style);
}

static void draw_grid_line(const struct plot *plot, int row)
{
	for (int column = 0; column < plot->columns; column++)
		if (!plot->ascii || column % 2 == 0)
			put(plot, column, row, plot->ascii ? '.' : 0x2508, STYLE(AXIS));
}

static void draw_label(const struct plot *plot, double value, struct style style)
{
	char label[CHART_LABEL_SIZE];
	chart_scale_label(&plot->scale, value, label);
	int y = plot->rows - 1 - row_of(plot, value, plot->rows);
	canvas_fill(plot->canvas, (struct rect){0, y, plot->left, 1}, ' ', STYLE(TEXT));
	canvas_text_right(plot->canvas, 0, y, plot->left - 1, label, style);
}

/* The first label's number of steps from zero, and the last one's. */
static long first_tick(const struct chart_scale *scale)
{
	return lround(ceil(scale->bottom / scale->step - 1e-6));
}

static long last_tick(const struct chart_scale *scale)
{
	return lround(floor(scale->top / scale->step + 1e-6));
}

static void draw_values(const struct plot *plot)
{
	long last = last_tick(&plot->scale);
	for (long tick = first_tick(&plot->scale); tick <= last; tick++) {
		double value = (double)tick * plot->scale.step;
		draw_label(plot, value, STYLE(DIM));
		draw_grid_line(plot, row_of(plot, value, plot->rows));
	}
	if (chart_value_usable(plot->chart->limit))
		draw_label(plot, plot->chart->limit, STYLE(WARN));
}

static int label_width(const struct chart_scale *scale, double value)
{
	char label[CHART_LABEL_SIZE];
	chart_scale_label(scale, value, label);
	return (int)strlen(label);
}

/* The width of the value labels with a blank behind them. */
static int labels_width(const struct plot *plot)
{
	long last = last_tick(&plot->scale);
	int most = chart_value_usable(plot->chart->limit) ? label_width(&plot->scale, plot->chart->limit) : 0;
	for (long tick = first_tick(&plot->scale); tick <= last; tick++) {
		int width = label_width(&plot->scale, (double)tick * plot->scale.step);
		most = width > most ? width : most;
	}
	return most + 1;
}

static void draw_area_column(struct plot *plot, int column, double value, struct style style)
{
	double part = chart_scale_part(&plot->scale, value);
	int parts = plot->ascii ? 2 : 8;
	int level = (int)lround(part * plot->rows * parts);
	plot->filled[column] = level / parts;
	if (part <= 0) {
		put(plot, column, 0, plot->ascii ? '_' : 0x2581, style);
		return;
	}
	/* Little must not look like nothing. */
	int least = plot->ascii ? 1 : 2;
	level = level < least ? least : level;
	for (int row = 0; row * parts < level; row++) {
		int rest = level - row * parts < parts ? level - row * parts : parts;
		uint32_t glyph = !plot->ascii ? 0x2580 + (uint32_t)rest : rest == 2 ? '#' : ':';
		put(plot, column, row, glyph, style);
	}
}

static void draw_area(struct plot *plot)
{
	if (plot->n_series == 0)
		return;
	struct style style = {plot->chart->series[0].role, ROLE_GROUND, 0};
	for (int column = 0; column < plot->columns; column++) {
		struct chart_sample sample = sample_held(plot, 0, column);
		if (sample.some)
			draw_area_column(plot, column, sample.high, style);
	}
}

/* Over the full cells of an area the line keeps the area's colour behind it; the edge of the area stays
 * whole. */
static void draw_limit(const struct plot *plot)
{
	const struct chart *chart = plot->chart;
	if (!chart_value_usable(chart->limit))
		return;
	bool area = chart->form == CHART_AREA && plot->n_series > 0;
	int row = row_of(plot, chart->limit, plot->rows);
	for (int column = 0; column < plot->columns; column++) {
		struct style style = STYLE(WARN);
		if (plot->ascii && column % 2 == 1)
			continue;
		if (area && plot->some[column]) {
			struct chart_sample sample = sample_held(plot, 0, column);
			if (sample.some && plot->filled[column] > row)
				style.bg = chart->series[0].role;
			else if (sample.some && row_of(plot, sample.high, plot->rows) >= row)
				continue;
		}
		put(plot, column, row, plot->ascii ? '-' : 0x254C, style);
	}
}

struct line_glyphs {
	uint32_t flat, upright, from_low, to_high, from_high, to_low;
};

/* Each series' line has a look of its own, so that it is known without colour. */
static const struct line_glyphs *line_glyphs(bool ascii, int series)
{
	static const struct line_glyphs lines[] = {
		{0x2500, 0x2502, 0x256F, 0x256D, 0x256E, 0x2570},
		{0x2501, 0x2503, 0x251B, 0x250F, 0x2513, 0x2517},
		{0x2550, 0x2551, 0x255D, 0x2554, 0x2557, 0x255A},
		{0x2504, 0x2506, 0x256F, 0x256D, 0x256E, 0x2570},
	};
	static const struct line_glyphs letters[] = {
		{'*', '*', '*', '*', '*', '*'},
		{'o', 'o', 'o', 'o', 'o', 'o'},
		{'+', '+', '+', '+', '+', '+'},
		{'x', 'x', 'x', 'x', 'x', 'x'},
	};
	return ascii ? &letters[series % 4] : &lines[series % 4];
}

/* One column of a line: from the row before to its own, and upright what else lies in the span. */
static void draw_line_column(const struct plot *plot, int column, int before,
			     const struct chart_sample *sample, const struct line_glyphs *glyphs,
			     struct style style)
{
	int row = row_of(plot, sample->last, plot->rows);
	int low = row_of(plot, sample->low, plot->rows), high = row_of(plot, sample->high, plot->rows);
	before = before < 0 ? row : before;
	low = before < low ? before : low;
	high = before > high ? before : high;
	for (int i = low; i <= high; i++)
		put(plot, column, i, glyphs->upright, style);
	if (before == row) {
		put(plot, column, row, glyphs->flat, style);
		return;
	}
	put(plot, column, before, before < row ? glyphs->from_low : glyphs->from_high, style);
	put(plot, column, row, before < row ? glyphs->to_high : glyphs->to_low, style);
}

static void draw_line(const struct plot *plot, int series)
{
	struct style style = {plot->chart->series[series].role, ROLE_GROUND, 0};
	const struct line_glyphs *glyphs = line_glyphs(plot->ascii, series);
	int before = -1;
	for (int column = 0; column < plot->columns; column++) {
		struct chart_sample sample = sample_line(plot, series, column, plot->columns);
		if (sample.some)
			draw_line_column(plot, column, before, &sample, glyphs, style);
		before = sample.some ? row_of(plot, sample.last, plot->rows) : -1;
	}
}

/* Whether a series' braille line has dots in a column of dots: the first is whole, others are dotted or
 * dashed. */
static bool dots_at(int series, int place)
{
	return series == 0 || (series % 2 == 1 ? place % 2 == 0 : place % 6 < 4);
}

/* The dots of a series in one column of dots, counted from the bottom; false: none. */
static bool dot_span(const struct plot *plot, int series, int place, int *low, int *high)
{
	int places = plot->columns * 2, dots = plot->rows * 4;
	struct chart_sample sample = sample_line(plot, series, place, places);
	if (!sample.some || !dots_at(series, place))
		return false;
	*low = row_of(plot, sample.low, dots);
	*high = row_of(plot, sample.high, dots);
	struct chart_sample before = {0};
	if (place > 0)
		before = sample_line(plot, series, place - 1, places);
	if (before.some) {
		int dot = row_of(plot, before.last, dots);
		*low = dot + 1 < *low ? dot + 1 : *low;
		*high = dot - 1 > *high ? dot - 1 : *high;
	}
	return true;
}

static void draw_braille_column(const struct plot *plot, int column, int first)
{
	static const unsigned char bits[2][4] = {{0x40, 0x04, 0x02, 0x01}, {0x80, 0x20, 0x10, 0x08}};
	unsigned char dots[COLUMNS_MOST] = {0};
	uint16_t roles[COLUMNS_MOST];
	for (int series = first; series < plot->n_series; series++) {
		for (int half = 0; half < 2; half++) {
			int low, high;
			if (!dot_span(plot, series, column * 2 + half, &low, &high))
				continue;
			for (int dot = low; dot <= high; dot++) {
				dots[dot / 4] |= bits[half][dot % 4];
				roles[dot / 4] = plot->chart->series[series].role;
			}
		}
	}
	for (int row = 0; row < plot->rows; row++)
		if (dots[row])
			put(plot, column, row, 0x2800u + dots[row],
			    (struct style){roles[row], ROLE_GROUND, 0});
}

/* Lines of all series that are not drawn as an area. */
static void draw_lines(const struct plot *plot)
{
	int first = plot->chart->form == CHART_AREA;
	for (int series = first; series < plot->n_series && !plot->braille; series++)
		draw_line(plot, series);
	for (int column = 0; column < plot->columns && plot->braille; column++)
		draw_braille_column(plot, column, first);
}

/* Notes in which columns there is something to see; false: in none. */
static bool find_data(struct plot *plot)
{
	bool any = false;
	for (int series = 0; series < plot->n_series; series++) {
		for (int column = 0; column < plot->columns; column++) {
			bool some = sample_held(plot, series, column).some ||
				    sample_line(plot, series, column, plot->columns).some;
			plot->some[column] |= some;
			any |= some;
		}
	}
	return any;
}

static void say(const struct plot *plot, const char *words, int column, int columns)
{
	int width = (int)text_width(words, strlen(words));
	int at = width < columns ? column + (columns - width) / 2 : column;
	canvas_text(plot->canvas, plot->left + at, (plot->rows - 1) / 2, columns - (at - column), words,
		    (struct style){ROLE_UNKNOWN, ROLE_GROUND, ATTR_ITALIC});
}

/* Calls `what` for every run of columns that have passed without data. */
static void each_gap(const struct plot *plot, void (*what)(const struct plot *plot, int column, int columns))
{
	int64_t now_ms = plot->chart->now_ms ? plot->chart->now_ms : plot->chart->to_ms;
	int start = -1;
	for (int column = 0; column <= plot->columns; column++) {
		bool gap = column < plot->columns && !plot->some[column] &&
			   moment_at(plot, column, plot->columns) < now_ms;
		if (gap && start < 0)
			start = column;
		if (!gap && start >= 0) {
			what(plot, start, column - start);
			start = -1;
		}
	}
}

static void blank_gap(const struct plot *plot, int column, int columns)
{
	canvas_fill(plot->canvas, (struct rect){plot->left + column, 0, columns, plot->rows}, ' ',
		    STYLE(TEXT));
}

static void name_gap(const struct plot *plot, int column, int columns)
{
	if (columns >= GAP_WORDS_LEAST)
		say(plot, "no data", column, columns);
}

static void draw_picture(struct plot *plot, bool scaled, bool axes)
{
	const struct chart *chart = plot->chart;
	if (axes && scaled)
		draw_values(plot);
	if (axes)
		chart_time_draw(chart, plot->canvas, plot->left, plot->columns, plot->rows);
	if (!scaled || !find_data(plot)) {
		say(plot, chart->empty ? chart->empty : "no data", 0, plot->columns);
		return;
	}
	each_gap(plot, blank_gap);
	if (chart->form == CHART_AREA)
		draw_area(plot);
	draw_limit(plot);
	draw_lines(plot);
	each_gap(plot, name_gap);
}

/* The series hold their moments in int64; a window beyond some ten thousand years is none. */
static bool has_span(const struct chart *chart)
{
	int64_t span_ms;
	return !__builtin_sub_overflow(chart->to_ms, chart->from_ms, &span_ms) && span_ms > 0 &&
	       span_ms < INT64_C(1) << 49;
}

void chart_draw(const struct chart *chart, struct canvas *canvas)
{
	struct rect clip = canvas_clip(canvas);
	if (clip.width <= 0 || clip.height <= 0)
		return;
	struct plot plot = {
		.chart = chart,
		.canvas = canvas,
		.ascii = canvas_ascii(canvas),
		.braille = chart->braille && !canvas_ascii(canvas),
		.columns = clip.width < COLUMNS_MOST ? clip.width : COLUMNS_MOST,
		.rows = clip.height < COLUMNS_MOST ? clip.height : COLUMNS_MOST,
		.n_series = chart->n_series < CHART_SERIES_MOST ? chart->n_series : CHART_SERIES_MOST,
	};
	if (!has_span(chart)) {
		say(&plot, chart->empty ? chart->empty : "no data", 0, plot.columns);
		return;
	}
	for (int series = 0; series < plot.n_series; series++)
		plot.step_ms[series] = chart_usual_step(&chart->series[series]);
	bool axes = clip.width >= AXES_WIDTH_LEAST && clip.height >= AXES_HEIGHT_LEAST;
	plot.rows -= axes;
	bool scaled = chart_scale_find(chart, plot.rows, &plot.scale);
	if (axes && scaled) {
		int width = labels_width(&plot);
		axes = width <= clip.width / 2;
		plot.left = axes ? width : 0;
		plot.columns = clip.width - plot.left < COLUMNS_MOST ? clip.width - plot.left : COLUMNS_MOST;
		plot.rows += !axes;
	}
	if (chart->picture)
		*chart->picture = (struct rect){plot.left, 0, plot.columns, plot.rows};
	draw_picture(&plot, scaled, axes);
}
