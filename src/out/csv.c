#include "out/format.h"

#include "base/text.h"

#include <string.h>

/* RFC 4180 §2: a cell that holds a comma, a quote or a line end stands in quotes, quotes are doubled. Blanks at the ends are quoted as well, for
 * many readers take bare ones away. */
static void csv_quote(struct buf *line, const char *cell)
{
	size_t length = strlen(cell);
	bool quote = strpbrk(cell, ",\"\r\n") || (length && (cell[0] == ' ' || cell[length - 1] == ' '));
	if (!quote) {
		buf_add(line, cell, length);
		return;
	}
	buf_addc(line, '"');
	for (; *cell; cell++) {
		if (*cell == '"')
			buf_addc(line, '"');
		buf_addc(line, *cell);
	}
	buf_addc(line, '"');
}

/* A spreadsheet reads a cell that begins so as a formula, quoted or not (OWASP, CSV Injection); East Asian editions also one that
 * begins with the full-width form of such a sign. TAB and CR are looked for in what the vendor
 * sent, before they are shown as pictures. */
static bool formula(const char *text)
{
	uint32_t first;
	if (!*text)
		return false;
	text_decode(text, strlen(text), &first);
	first = text_original(first);
	return first == '=' || first == '+' || first == '-' || first == '@' || first == '\t' ||
	       first == '\r' || first == '\n' || first == 0xff1d || first == 0xff0b || first == 0xff0d ||
	       first == 0xff20;
}

static void csv_text(struct out *out, const char *text)
{
	if (!text)
		return;
	struct buf cell;
	buf_init(&cell, BUF_CEILING_LINE);
	if (formula(text))
		buf_addc(&cell, '\'');
	text_add_shown(&cell, text, strlen(text), out->options.ascii);
	csv_quote(&out->line, buf_text(&cell));
	buf_fini(&cell);
}

/* As in JSON, without the quotes around a text; null is empty. */
static void csv_other(struct out *out, const struct field *field, const void *row)
{
	struct buf cell;
	struct jsonw w;
	buf_init(&cell, BUF_CEILING_OUTPUT);
	jsonw_init(&w, &cell, out->options.ascii);
	json_value(&w, field, row);
	char *text = cell.data;
	size_t length = cell.length;
	if (length >= 2 && text[0] == '"') {
		text[length - 1] = '\0';
		csv_quote(&out->line, text + 1);
	} else if (strcmp(buf_text(&cell), "null") != 0) {
		csv_quote(&out->line, buf_text(&cell));
	}
	if (cell.error && !out->line.error)
		out->line.error = cell.error;
	buf_fini(&cell);
}

void csv_header(struct out *out)
{
	buf_adds(&out->line, "account,vendor,kind,id");
	for (size_t f = 0; f < out->info->n_fields; f++) {
		if (out->info->fields[f].flags & FIELD_NOT_JSON)
			continue;
		buf_addc(&out->line, ',');
		buf_adds(&out->line, out->info->fields[f].name);
	}
	buf_adds(&out->line, "\r\n");
}

void csv_row(struct out *out, const struct rows *rows, size_t i)
{
	const void *row = rows_at(rows, i);
	csv_text(out, rows_account(rows));
	buf_addc(&out->line, ',');
	csv_text(out, rows_vendor(rows));
	buf_addc(&out->line, ',');
	csv_text(out, out->info->name);
	buf_addc(&out->line, ',');
	csv_text(out, field_text(&kind_id_field, row));
	for (size_t f = 0; f < out->info->n_fields; f++) {
		const struct field *field = &out->info->fields[f];
		if (field->flags & FIELD_NOT_JSON)
			continue;
		buf_addc(&out->line, ',');
		if (field->type == FIELD_TEXT)
			csv_text(out, field_text(field, row));
		else
			csv_other(out, field, row);
	}
	buf_adds(&out->line, "\r\n");
}
