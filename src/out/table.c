#include "out/format.h"

#include "base/text.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define GAP "  "
#define CELL_MOST 48 /* a name of thousands of characters must not widen every row; ids stay whole */
#define LAST_LEAST 4 /* cells that the last column keeps however narrow the terminal is */

struct column {
	const struct field *field; /* NULL: the account */
	size_t width;
	bool used;
};

struct table {
	const struct out_options *options;
	struct column *columns;
	size_t n_columns;
	struct buf text; /* all cells, each ended by NUL, row by row */
	size_t n_rows;
	char *account; /* of the first row, as shown */
};

static void add_heading(struct buf *out, const struct column *column)
{
	for (const char *c = column->field ? column->field->name : "account"; *c; c++)
		buf_addc(out, *c == '_' ? ' ' : g_ascii_toupper(*c));
}

static void add_column(struct table *table, const struct field *field)
{
	struct column column = {.field = field, .used = field != NULL};
	struct buf heading;
	buf_init(&heading, BUF_CEILING_LINE);
	add_heading(&heading, &column);
	column.width = heading.length;
	buf_fini(&heading);
	table->columns[table->n_columns++] = column;
}

struct table *out_table_new(const struct out_options *options, const struct kind_info *info)
{
	struct table *table = g_new0(struct table, 1);
	table->options = options;
	table->columns = g_new0(struct column, info->n_fields + 2);
	buf_init(&table->text, BUF_CEILING_OUTPUT);
	add_column(table, NULL);
	if (info->id_in_table)
		add_column(table, &kind_id_field);
	for (size_t i = 0; i < info->n_fields; i++)
		if (info->fields[i].flags & FIELD_IN_TABLE)
			add_column(table, &info->fields[i]);
	return table;
}

void out_table_free(struct table *table)
{
	if (!table)
		return;
	buf_fini(&table->text);
	g_free(table->columns);
	g_free(table->account);
	g_free(table);
}

/* --- cells --- */

static void add_number(struct buf *out, double value, int decimals)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE], format[] = "%.0f";
	if (decimals < 0 || decimals > 9 || fabs(value) >= 1e15) {
		text_add_number(out, value);
		return;
	}
	format[2] = (char)('0' + decimals);
	g_ascii_formatd(text, sizeof(text), format, value);
	/* A small negative number must not become "-0". */
	bool zero = text[0] == '-' && text[strspn(text, "-0.")] == '\0';
	buf_adds(out, text + zero);
}

/* Coldest and warmest pixel. */
static bool add_grid(struct buf *out, const struct grid8 *grid, int decimals)
{
	double least = INFINITY, most = -INFINITY;
	for (int i = 0; i < 64; i++) {
		least = fmin(least, grid->c[i]);
		most = fmax(most, grid->c[i]);
	}
	if (!isfinite(least) || !isfinite(most))
		return false;
	add_number(out, least, decimals);
	buf_adds(out, " to ");
	add_number(out, most, decimals);
	return true;
}

static bool add_doubles(struct buf *out, const double *values, size_t n, int decimals)
{
	if (isnan(values[0]))
		return false;
	for (size_t i = 0; i < n; i++) {
		buf_adds(out, i ? "," : "");
		add_number(out, values[i], decimals);
	}
	return true;
}

static bool add_words(struct buf *out, const struct words *words, bool ascii)
{
	for (size_t i = 0; i < words->n; i++) {
		buf_adds(out, i ? "," : "");
		text_add_shown(out, words->at[i], strlen(words->at[i]), ascii);
	}
	return words->n > 0;
}

static bool add_text(struct buf *out, const char *text, bool ascii)
{
	if (text)
		text_add_shown(out, text, strlen(text), ascii);
	return text != NULL;
}

static bool add_moment(struct buf *out, int64_t moment_ms, const struct moment_zone *zone)
{
	char text[MOMENT_TEXT_SIZE];
	if (moment_ms == MOMENT_NONE)
		return false;
	buf_adds(out, moment_format_in(moment_ms, zone, text));
	return true;
}

/* False when there is nothing to show. */
static bool add_value(struct buf *out, const struct out_options *options, const struct field *field,
		      const void *row)
{
	const void *at = field_at(field, row);
	switch (field->type) {
	case FIELD_TEXT:
		return add_text(out, *(const char *const *)at, options->ascii);
	case FIELD_NUMBER:
		return add_doubles(out, at, 1, field->decimals);
	case FIELD_MOMENT:
		return add_moment(out, *(const int64_t *)at, options->zone);
	case FIELD_TRUTH:
		return *(const int8_t *)at != TRUTH_UNKNOWN &&
		       add_text(out, *(const int8_t *)at ? "yes" : "no", true);
	case FIELD_POINT:
		return add_doubles(out, &((const struct point *)at)->x, 2, field->decimals);
	case FIELD_POINTS: /* how many */
		if (!((const struct points *)at)->n && !(field->flags & FIELD_EMPTY_LIST))
			return false;
		buf_addf(out, "%zu", ((const struct points *)at)->n);
		return true;
	case FIELD_VECTOR3:
		return add_doubles(out, ((const struct vector3 *)at)->v, 3, field->decimals);
	case FIELD_COLOR: {
		const struct rgba *color = at;
		if (color->set)
			buf_addf(out, "#%02x%02x%02x%02x", color->r, color->g, color->b, color->a);
		return color->set;
	}
	case FIELD_GRID8:
		return add_grid(out, at, field->decimals);
	case FIELD_WORDS:
		return add_words(out, at, options->ascii);
	}
	return false;
}

int out_table_row(struct table *table, const struct rows *rows, size_t i)
{
	const void *row = rows_at(rows, i);
	for (size_t c = 0; c < table->n_columns; c++) {
		struct column *column = &table->columns[c];
		size_t start = table->text.length;
		bool told = column->field ? add_value(&table->text, table->options, column->field, row)
					  : add_text(&table->text, rows_account(rows), table->options->ascii);
		if (!told)
			buf_addc(&table->text, '-');
		const char *cell = buf_text(&table->text) + start;
		size_t width = text_width(cell, table->text.length - start);
		if (width > CELL_MOST && !(column->field && g_str_has_suffix(column->field->name, "id")))
			width = CELL_MOST;
		column->width = width > column->width ? width : column->width;
		/* The account is worth a column only when there are several. */
		if (c == 0 && !table->account)
			table->account = g_strdup(cell);
		if (c == 0 && strcmp(table->account, cell) != 0)
			column->used = true;
		buf_add(&table->text, "", 1);
	}
	table->n_rows++;
	return table->text.error;
}

/* --- printing --- */

static size_t last_width(const struct table *table)
{
	size_t before = 0, last = table->columns[table->n_columns - 1].width;
	if (!table->options->terminal || table->options->width <= 0)
		return last;
	for (size_t c = 0; c + 1 < table->n_columns; c++)
		if (table->columns[c].used)
			before += table->columns[c].width + strlen(GAP);
	size_t room = (size_t)table->options->width > before ? (size_t)table->options->width - before : 0;
	room = room < LAST_LEAST ? LAST_LEAST : room;
	return last < room ? last : room;
}

/* The last column is not padded, so that no line ends in blanks. */
static void add_cell(struct table *table, struct buf *line, const char *text, size_t c)
{
	const struct column *column = &table->columns[c];
	bool last = c + 1 == table->n_columns, right = column->field && (column->field->flags & FIELD_RIGHT);
	size_t width = text_width(text, strlen(text)), cells = last ? last_width(table) : column->width;
	if (last && !right && width < cells)
		cells = width;
	text_add_cell(line, text, cells, right, table->options->ascii);
	buf_adds(line, last ? "\n" : GAP);
}

static void add_headings(struct table *table, struct buf *line)
{
	struct buf heading;
	buf_init(&heading, BUF_CEILING_LINE);
	for (size_t c = 0; c < table->n_columns; c++) {
		buf_reset(&heading);
		add_heading(&heading, &table->columns[c]);
		if (table->columns[c].used)
			add_cell(table, line, buf_text(&heading), c);
	}
	buf_fini(&heading);
}

int table_print(struct table *table, struct buf *line, int (*flush)(struct out *out), struct out *out)
{
	if (table->n_rows == 0)
		return ERR_OK;
	add_headings(table, line);
	const char *cell = buf_text(&table->text);
	for (size_t row = 0; row < table->n_rows; row++) {
		for (size_t c = 0; c < table->n_columns; c++) {
			if (table->columns[c].used)
				add_cell(table, line, cell, c);
			cell += strlen(cell) + 1;
		}
		int err = flush(out);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}
