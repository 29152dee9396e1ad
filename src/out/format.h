/* What the writers of this folder share. */
#ifndef LODGE_OUT_FORMAT_H
#define LODGE_OUT_FORMAT_H

#include "base/buf.h"
#include "base/jsonw.h"
#include "core/kind.h"
#include "out/out.h"

struct table;

struct out {
	struct out_options options;
	const struct kind_info *info;
	FILE *sink;
	struct buf line; /* what is not written yet */
	size_t count;
	int err;
	struct table *table; /* OUT_TABLE */
};

/* One object, without line end. */
void json_row(struct out *out, const struct rows *rows, size_t i);
/* A field's value. */
void json_value(struct jsonw *w, const struct field *field, const void *row);

void csv_header(struct out *out);
void csv_row(struct out *out, const struct rows *rows, size_t i);

/* Rows are kept as text until the table is printed, since the widest cell makes the column. */
struct table *out_table_new(const struct out_options *options, const struct kind_info *info);
int out_table_row(struct table *table, const struct rows *rows, size_t i) LODGE_MUST_USE;
/* The lines into `line`, `flush` called after each. */
int table_print(struct table *table, struct buf *line, int (*flush)(struct out *out),
		struct out *out) LODGE_MUST_USE;
void out_table_free(struct table *table);

#endif
