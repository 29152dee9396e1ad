/* Rows to text: a table for people, JSON, NDJSON and CSV for programs, all from the kind's field table (core/kind.h).
 *
 * Nothing here depends on the locale, and no byte of a vendor's text can act on a terminal: JSON escapes control characters, table and CSV show
 * them (text_add_shown). A value that is not told is `null` in JSON, an empty cell in CSV and `-` in a table.
 *
 *   JSON    one array; one object a line, so that two answers can be compared by line
 *   NDJSON  one object a line, written out at once
 *   CSV     RFC 4180: header, CRLF; the columns are JSON's; lists are JSON inside the cell. Text that a spreadsheet would take for a formula
 *           (first character = + - @) begins with a ' instead
 *   table   a heading in capitals, columns two blanks apart; nothing at all when there are no rows
 */
#ifndef LODGE_OUT_OUT_H
#define LODGE_OUT_OUT_H

#include "base/err.h"
#include "base/moment.h"
#include "model/rows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum out_format { OUT_TABLE, OUT_JSON, OUT_NDJSON, OUT_CSV };

struct out_options {
	enum out_format format;
	bool ascii;                     /* no byte above 0x7E */
	bool terminal;                  /* tables: the last column is cut so that lines fit `width` */
	int width;                      /* cells; 0: unknown, nothing is cut */
	const struct moment_zone *zone; /* tables: times are of this zone; NULL: UTC. Borrowed */
};

struct out;

/* Writes rows of one kind to `sink` (borrowed, not closed). */
struct out *out_new(const struct out_options *options, enum kind kind, FILE *sink);

/* All rows of a snapshot, or one of them; they must be of the writer's kind and are not kept. ERR_IO when the sink fails, ERR_TOO_BIG when a
 * table grows beyond its ceiling; either sticks. An object is written whole or, when its turn has not come, not at all. */
int out_rows(struct out *out, const struct rows *rows) LODGE_MUST_USE;
int out_row(struct out *out, const struct rows *rows, size_t i) LODGE_MUST_USE;

/* Rows written so far. */
size_t out_count(const struct out *out);

/* Ends the array, prints the table, flushes; returns what failed first. Frees `out`. */
int out_finish(struct out *out) LODGE_MUST_USE;

#endif
