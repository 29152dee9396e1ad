/* A table: sorted rows, columns that give way when it is narrow, a chosen row that is remembered by id, a
 * scroll bar. */
#ifndef LODGE_UI_WIDGET_TABLE_H
#define LODGE_UI_WIDGET_TABLE_H

#include "ui/canvas.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table_column {
	const char *title;
	int least, ideal; /* cells */
	int stretch;      /* share of the width left over */
	int priority;     /* lowest vanish first */
	bool right;       /* right-aligned */
};

/* Where the rows come from. Row numbers are those of the source, not of the screen. */
struct table_source {
	size_t (*count)(void *ctx);
	/* Writes the cell's text into out (size bytes) and its role; `selected` rows are drawn on the
	 * selection's ground by the table. */
	void (*cell)(void *ctx, size_t row, int column, char *out, size_t size, struct style *style);
	/* Identity of a row, for keeping the selection; never NULL. */
	const char *(*id)(void *ctx, size_t row);
	/* < 0, 0, > 0: order of two rows by a column. */
	int (*compare)(void *ctx, size_t a, size_t b, int column);
	/* False: the filter hides it. May be NULL. */
	bool (*shown)(void *ctx, size_t row);
	/* A heading before this row in the present order, or NULL; same heading as the row before: no
	 * line. May be NULL. Rows of one heading are brought together, the headings in the order of their
	 * first rows; rows without one come first. */
	const char *(*group)(void *ctx, size_t row);
	void *ctx;
};

struct table;

/* Copies columns and source; titles stay the caller's. Shows nothing until the first table_refresh. Rows
 * are in the source's order until table_sort. */
struct table *table_new(const struct table_column *columns, int n, const struct table_source *source);
void table_free(struct table *table);
/* The source's rows changed: sort and filter again, keep the selection by id (else the neighbour after it,
 * before it, else by place). A chosen row that the filter hides is chosen again when it comes back, unless
 * another was chosen meanwhile. */
void table_refresh(struct table *table);
/* Rows that are equal stay in the source's order, also in reverse. column -1: the source's order. */
void table_sort(struct table *table, int column, bool reverse);
int table_sort_column(const struct table *table);
bool table_sort_reverse(const struct table *table);
/* With it, what was drawn is used again while the number is the same; it must be another whenever a cell may
 * read otherwise than before (other rows, ages). Without it cells are asked for at every drawing. */
void table_set_stamp(struct table *table, uint64_t (*stamp)(void *ctx));
/* Draws into the clip, which must be blank; an empty table draws nothing. Asks only for the rows that are
 * seen, and for those only when they may have changed. */
void table_draw(struct table *table, struct canvas *canvas, bool focus);
/* Moves the selection; true when it moved. lines: ±1, ± a page by table_page, or ±INT_MAX/2 for the ends. */
bool table_move(struct table *table, int lines);
/* Lines that one page moves: those last drawn less one. */
int table_page(const struct table *table);
/* The chosen row of the source, or -1. */
long table_selected(const struct table *table);
/* False: no such row is shown, and the selection stays. */
bool table_select(struct table *table, const char *id);
/* The row under a cell of the last drawing (for the mouse), or -1. -2 - column for a heading. */
long table_at(const struct table *table, int x, int y);
/* Rows shown now, and the i-th in order (i < table_shown): for export of what is shown. */
size_t table_shown(const struct table *table);
size_t table_row(const struct table *table, size_t i);

#endif
