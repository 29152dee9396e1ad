/* What is shown, written to a file: CSV (RFC 4180, no formulas) or JSON. One table of columns a picture. */
#include "ui/pane/occupancy_view.h"

#include "base/jsonw.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

enum form { FORM_NONE, FORM_CSV, FORM_JSON };

struct sheet {
	enum form form;
	struct buf out;
	struct jsonw json;
	const char *const *columns;
	size_t column;
};

static enum form form_of(const char *path)
{
	const char *dot = strrchr(path, '.');

	if (dot != NULL && g_ascii_strcasecmp(dot, ".csv") == 0)
		return FORM_CSV;
	return dot != NULL && g_ascii_strcasecmp(dot, ".json") == 0 ? FORM_JSON : FORM_NONE;
}

static void open_sheet(struct sheet *sheet, const char *const *columns)
{
	sheet->columns = columns;
	if (sheet->form == FORM_JSON) {
		jsonw_init(&sheet->json, &sheet->out, false);
		jsonw_open(&sheet->json, '[');
		return;
	}
	for (size_t i = 0; columns[i] != NULL; i++)
		buf_addf(&sheet->out, "%s%s", i == 0 ? "" : ",", columns[i]);
	buf_adds(&sheet->out, "\r\n");
}

static void open_row(struct sheet *sheet)
{
	sheet->column = 0;
	if (sheet->form == FORM_JSON)
		jsonw_open(&sheet->json, '{');
}

static void close_row(struct sheet *sheet)
{
	if (sheet->form == FORM_JSON)
		jsonw_close(&sheet->json, '}');
	else
		buf_adds(&sheet->out, "\r\n");
}

static void next(struct sheet *sheet)
{
	if (sheet->form == FORM_JSON)
		jsonw_key(&sheet->json, sheet->columns[sheet->column]);
	else if (sheet->column > 0)
		buf_addc(&sheet->out, ',');
	sheet->column++;
}

/* A text that a spreadsheet would run as a formula is led by an apostrophe. */
static void csv_text(struct buf *out, const char *text)
{
	uint32_t first;
	struct buf cell;
	bool quote;

	if (text == NULL || *text == '\0')
		return;
	text_decode(text, strlen(text), &first);
	first = text_original(first);
	buf_init(&cell, BUF_CEILING_LINE);
	if (first < 0x80 && strchr("=+-@\t\r\n", (int)first) != NULL)
		buf_addc(&cell, '\'');
	text_add_shown(&cell, text, strlen(text), false);
	text = buf_text(&cell);
	quote = strpbrk(text, ",\"") != NULL || *text == ' ' ||
		(cell.length > 0 && text[cell.length - 1] == ' ');
	if (quote)
		buf_addc(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			buf_addc(out, '"');
		buf_addc(out, *text);
	}
	if (quote)
		buf_addc(out, '"');
	buf_fini(&cell);
}

static void put_text(struct sheet *sheet, const char *text)
{
	next(sheet);
	if (sheet->form == FORM_JSON)
		jsonw_str(&sheet->json, text);
	else
		csv_text(&sheet->out, text);
}

static void put_number(struct sheet *sheet, double value)
{
	next(sheet);
	if (sheet->form == FORM_JSON)
		jsonw_num(&sheet->json, value);
	else if (isfinite(value))
		text_add_number(&sheet->out, value);
}

static void put_moment(struct sheet *sheet, int64_t at_ms)
{
	char text[MOMENT_TEXT_SIZE];

	next(sheet);
	if (sheet->form == FORM_JSON)
		jsonw_moment(&sheet->json, at_ms);
	else
		buf_adds(&sheet->out, moment_format(at_ms, text));
}

static void put_truth(struct sheet *sheet, bool value) { put_text(sheet, value ? "yes" : "no"); }

static void put_place(struct sheet *sheet, const struct occ_view *view, const struct occ_space *space)
{
	put_text(sheet, world_account_name(view->desk->world, space->account));
	put_text(sheet, sites_at(view->sites, space->site)->name);
	put_text(sheet, space->floor);
	put_text(sheet, space->name);
	put_text(sheet, space->id);
}
#define PLACE_COLUMNS "account", "building", "floor", "space", "space_id"

static void write_windows(struct sheet *sheet, struct occ_view *view)
{
	static const char *const columns[] = {PLACE_COLUMNS, "start",       "end",       "avg",
					      "max",         "utilization", "time_used", "capped",
					      "uptime",      "complete",    NULL};

	open_sheet(sheet, columns);
	for (int s = 0; s < view->n_series; s++) {
		const struct occ_space *space = occ_find(view, view->series[s].key);
		const struct occ_windows *windows = &view->series[s].windows;

		for (size_t i = 0; i < windows->n && space != NULL; i++) {
			open_row(sheet);
			put_place(sheet, view, space);
			put_moment(sheet, windows->start_ms[i]);
			put_moment(sheet, windows->end_ms[i]);
			for (int m = 0; m < OCC_MEASURES; m++)
				put_number(sheet, windows->value[m][i]);
			put_truth(sheet, (windows->marks[i] & OCC_CAPPED) != 0);
			put_number(sheet, windows->uptime[i]);
			put_number(sheet, windows->complete[i]);
			close_row(sheet);
		}
	}
}

static void write_ranking(struct sheet *sheet, struct occ_view *view)
{
	static const char *const columns[] = {PLACE_COLUMNS, "people", "capacity",
					      "utilization", "state",  NULL};
	char words[64];

	occ_rank(view);
	open_sheet(sheet, columns);
	for (guint i = 0; i < view->ranking->len; i++) {
		const struct occ_ranked *ranked = &g_array_index(view->ranking, struct occ_ranked, i);

		open_row(sheet);
		put_place(sheet, view, ranked->space);
		put_number(sheet, ranked->people);
		put_number(sheet, ranked->space->now.capacity);
		put_number(sheet, ranked->share);
		put_text(sheet, view->rank_range ? "range" : now_words(&ranked->space->now, words));
		close_row(sheet);
	}
}

static void write_week(struct sheet *sheet, struct occ_view *view)
{
	static const char *const columns[] = {PLACE_COLUMNS, "weekday", "hour", "mean",
					      "most",        "windows", NULL};
	static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
	const struct occ_space *space = occ_find(view, view->series[0].key);
	struct occ_week week;

	occ_week_of(&view->series[0].windows, view->measure, view->zone, &week);
	open_sheet(sheet, columns);
	for (int hour = 0; hour < 168 && space != NULL; hour++) {
		open_row(sheet);
		put_place(sheet, view, space);
		put_text(sheet, days[hour / 24]);
		put_number(sheet, hour % 24);
		put_number(sheet, week.mean[hour]);
		put_number(sheet, week.most[hour]);
		put_number(sheet, week.n[hour]);
		close_row(sheet);
	}
}

static void write_sessions(struct sheet *sheet, struct occ_view *view)
{
	static const char *const columns[] = {PLACE_COLUMNS, "start", "end", "type", NULL};
	const struct occ_space *space = occ_find(view, view->sessions_of);
	const struct rows *rows = view->sessions.rows;

	open_sheet(sheet, columns);
	for (size_t i = 0; space != NULL && rows != NULL && i < rows_count(rows); i++) {
		const struct session *session = rows_at(rows, i);

		if (g_strcmp0(session->space_id, space->id) != 0)
			continue;
		open_row(sheet);
		put_place(sheet, view, space);
		put_moment(sheet, session->start_ms);
		put_moment(sheet, session->end_ms);
		put_text(sheet, session->type);
		close_row(sheet);
	}
}

void occ_export(struct occ_view *view, const char *path)
{
	static void (*const writers[OCC_MODES])(struct sheet *, struct occ_view *) = {
		[OCC_CHART] = write_windows,
		[OCC_RANKING] = write_ranking,
		[OCC_WEEK] = write_week,
		[OCC_SESSIONS] = write_sessions,
	};
	struct sheet sheet = {.form = form_of(path)};
	size_t length = 0;
	char *bytes;

	if (sheet.form == FORM_NONE) {
		view->desk->toast(view->desk, false, "nothing written: the name must end in .csv or .json");
		return;
	}
	buf_init(&sheet.out, BUF_CEILING_OUTPUT);
	writers[view->mode](&sheet, view);
	if (sheet.form == FORM_JSON) {
		jsonw_close(&sheet.json, ']');
		buf_addc(&sheet.out, '\n');
	}
	if (sheet.out.error != ERR_OK) {
		view->desk->toast(view->desk, false, "nothing written: too much for one file");
		buf_fini(&sheet.out);
		return;
	}
	bytes = buf_take(&sheet.out, &length);
	view->desk->save(view->desk, path, bytes, length, false);
}
