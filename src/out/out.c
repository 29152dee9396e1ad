#include "out/out.h"

#include "out/format.h"

#include <glib.h>

struct out *out_new(const struct out_options *options, enum kind kind, FILE *sink)
{
	struct out *out = g_new0(struct out, 1);
	out->options = *options;
	out->info = kind_info(kind);
	out->sink = sink;
	buf_init(&out->line, BUF_CEILING_OUTPUT);
	if (options->format == OUT_TABLE)
		out->table = out_table_new(&out->options, out->info);
	else if (options->format == OUT_CSV)
		csv_header(out);
	return out;
}

/* Hands what is complete to the sink. */
static int flush(struct out *out)
{
	if (!out->err && out->line.error)
		out->err = out->line.error;
	if (!out->err && out->line.length &&
	    fwrite(out->line.data, 1, out->line.length, out->sink) != out->line.length)
		out->err = ERR_IO;
	buf_reset(&out->line);
	return out->err;
}

int out_row(struct out *out, const struct rows *rows, size_t i)
{
	if (out->err)
		return out->err;
	switch (out->options.format) {
	case OUT_TABLE:
		out->err = out_table_row(out->table, rows, i);
		break;
	case OUT_JSON:
		buf_adds(&out->line, out->count ? ",\n" : "[\n");
		json_row(out, rows, i);
		break;
	case OUT_NDJSON:
		json_row(out, rows, i);
		buf_addc(&out->line, '\n');
		break;
	case OUT_CSV:
		csv_row(out, rows, i);
		break;
	}
	out->count++;
	return flush(out);
}

int out_rows(struct out *out, const struct rows *rows)
{
	for (size_t i = 0; i < rows_count(rows); i++)
		if (out_row(out, rows, i) != ERR_OK)
			break;
	/* Whoever reads a stream wants each poll's rows now. */
	if (!out->err && out->options.format == OUT_NDJSON && fflush(out->sink) != 0)
		out->err = ERR_IO;
	return out->err;
}

size_t out_count(const struct out *out) { return out->count; }

int out_finish(struct out *out)
{
	if (!out->err && out->options.format == OUT_JSON)
		buf_adds(&out->line, out->count ? "\n]\n" : "[]\n");
	if (!out->err && out->table)
		out->err = table_print(out->table, &out->line, flush, out);
	int err = flush(out);
	if (fflush(out->sink) != 0 && !err)
		err = ERR_IO;
	out_table_free(out->table);
	buf_fini(&out->line);
	g_free(out);
	return err;
}
