/* What table.c (order and selection) and table_draw.c (columns, scrolling, drawing) share. */
#ifndef LODGE_UI_WIDGET_TABLE_PARTS_H
#define LODGE_UI_WIDGET_TABLE_PARTS_H

#include "ui/layout.h"
#include "ui/widget/table.h"

/* The body as it was drawn last, without the selection, and what it depends on. */
struct kept {
	struct cell *cells; /* width * height; NULL: none */
	size_t size;
	bool good, ascii;
	int width, height;
	size_t top;
	uint64_t stamp, orderings;
};

struct table {
	struct table_column *columns;
	int n;
	struct table_source source;
	uint64_t (*stamp)(void *ctx); /* NULL: nothing is kept */
	bool ready;                   /* refreshed at least once */

	/* Rows of the source in the order shown, and for each how many headings stand above it. */
	size_t *order, *headings;
	size_t shown, size;
	size_t counted; /* rows of the source at the last refresh */

	int sort_column;
	bool reverse;

	size_t place;         /* of the chosen row in the order */
	char *wanted;         /* the id that was chosen last; NULL: none */
	char *current;        /* the id at `place`: another while the filter hides the wanted one */
	char *after, *before; /* ids of the rows beside it */

	size_t top; /* the first line drawn, headings counted */

	/* Of the last drawing: columns with their left edge and width (0: hidden), and where the body is. */
	struct box *boxes;
	int *widths, *lefts;
	int width, body_y, body_height;

	struct kept kept;
	uint64_t orderings; /* how often rows were put in order */
};

/* The line of the i-th row, headings counted. */
static inline size_t table_line(const struct table *table, size_t i) { return i + table->headings[i]; }

/* The first row at or after a line. */
size_t table_first_at(const struct table *table, size_t line);
size_t table_lines(const struct table *table);

#endif
