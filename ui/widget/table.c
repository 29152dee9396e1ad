#include "ui/widget/table.h"

#include "ui/widget/table_parts.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define NOWHERE SIZE_MAX

struct table *table_new(const struct table_column *columns, int n, const struct table_source *source)
{
	struct table *table = g_new0(struct table, 1);
	table->columns = g_memdup2(columns, sizeof *columns * (size_t)n);
	table->n = n;
	table->source = *source;
	table->sort_column = -1;
	table->boxes = g_new0(struct box, n);
	table->widths = g_new0(int, n);
	table->lefts = g_new0(int, n);
	return table;
}

void table_free(struct table *table)
{
	if (!table)
		return;
	g_free(table->columns);
	g_free(table->order);
	g_free(table->headings);
	g_free(table->wanted);
	g_free(table->current);
	g_free(table->after);
	g_free(table->before);
	g_free(table->boxes);
	g_free(table->widths);
	g_free(table->lefts);
	g_free(table->kept.cells);
	g_free(table);
}

static const char *id_of(const struct table *table, size_t row)
{
	return table->source.id(table->source.ctx, row);
}

static void keep(char **kept, const char *id)
{
	if (id && *kept && strcmp(*kept, id) == 0)
		return;
	g_free(*kept);
	*kept = g_strdup(id);
}

/* Notes who stands at the chosen place and beside it, for the day they vanish. */
static void keep_neighbours(struct table *table)
{
	size_t place = table->place;
	keep(&table->current, id_of(table, table->order[place]));
	keep(&table->after, place + 1 < table->shown ? id_of(table, table->order[place + 1]) : NULL);
	keep(&table->before, place > 0 ? id_of(table, table->order[place - 1]) : NULL);
}

static void choose(struct table *table, size_t place)
{
	table->place = place;
	keep(&table->wanted, id_of(table, table->order[place]));
	keep_neighbours(table);
}

/* Room for every row of the source; the count comes from outside, so its failure is told. */
static bool make_room(struct table *table, size_t count)
{
	if (count <= table->size)
		return true;
	size_t *order = g_try_renew(size_t, table->order, count);
	if (order)
		table->order = order;
	size_t *headings = g_try_renew(size_t, table->headings, count);
	if (headings)
		table->headings = headings;
	if (!order || !headings)
		return false;
	table->size = count;
	return true;
}

static int compare_rows(const void *a, const void *b, void *data)
{
	const struct table *table = data;
	size_t row_a = *(const size_t *)a, row_b = *(const size_t *)b;
	int order = table->source.compare(table->source.ctx, row_a, row_b, table->sort_column);
	if (order != 0)
		return (order < 0) != table->reverse ? -1 : 1;
	return row_a < row_b ? -1 : row_a > row_b;
}

static const char *group_of(const struct table *table, size_t row)
{
	const char *group = table->source.group ? table->source.group(table->source.ctx, row) : NULL;
	return group ? group : "";
}

/* Brings the rows of one heading together, the rest of the order kept. headings[] holds each row's group
 * meanwhile. */
static void gather_groups(struct table *table)
{
	size_t n = table->shown;
	GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GArray *starts = g_array_new(FALSE, TRUE, sizeof(size_t));
	/* Rows without a heading come first, else they would seem to belong to the one above them. */
	g_hash_table_insert(known, g_strdup(""), GSIZE_TO_POINTER(0));
	g_array_set_size(starts, 1);
	for (size_t i = 0; i < n; i++) {
		const char *name = group_of(table, table->order[i]);
		gpointer group;
		if (!g_hash_table_lookup_extended(known, name, NULL, &group)) {
			group = GSIZE_TO_POINTER((gsize)starts->len);
			g_hash_table_insert(known, g_strdup(name), group);
			g_array_set_size(starts, starts->len + 1);
		}
		table->headings[i] = GPOINTER_TO_SIZE(group);
		g_array_index(starts, size_t, table->headings[i])++;
	}
	size_t sum = 0;
	for (guint group = 0; group < starts->len; group++) {
		size_t rows = g_array_index(starts, size_t, group);
		g_array_index(starts, size_t, group) = sum;
		sum += rows;
	}
	size_t *sorted = starts->len > 1 ? g_try_new(size_t, n) : NULL;
	for (size_t i = 0; i < n && sorted; i++)
		sorted[g_array_index(starts, size_t, table->headings[i])++] = table->order[i];
	if (sorted)
		memcpy(table->order, sorted, n * sizeof *sorted);
	g_free(sorted);
	g_array_free(starts, TRUE);
	g_hash_table_destroy(known);
}

/* Counts the headings above each row. */
static void count_headings(struct table *table)
{
	char *before = g_strdup("");
	size_t headings = 0;
	for (size_t i = 0; i < table->shown; i++) {
		if (table->source.group) {
			const char *name = group_of(table, table->order[i]);
			if (strcmp(name, before) != 0) {
				headings += *name != '\0';
				keep(&before, name);
			}
		}
		table->headings[i] = headings;
	}
	g_free(before);
}

/* Finds the chosen row, and should it be gone a neighbour, in one walk. */
static void find_selection(struct table *table, bool *still_there)
{
	const char *const ids[] = {table->wanted, table->current, table->after, table->before};
	size_t found[] = {NOWHERE, NOWHERE, NOWHERE, NOWHERE};
	for (size_t i = 0; i < table->shown && found[0] == NOWHERE; i++) {
		const char *id = id_of(table, table->order[i]);
		for (int k = 0; k < 4; k++)
			if (ids[k] && found[k] == NOWHERE && strcmp(ids[k], id) == 0)
				found[k] = i;
	}
	*still_there = found[0] != NOWHERE;
	for (int k = 0; k < 4; k++) {
		if (found[k] != NOWHERE) {
			table->place = found[k];
			return;
		}
	}
	table->place = MIN(table->place, table->shown - 1);
}

/* The filter hides it; else it is gone. */
static bool is_hidden(const struct table *table, const char *id)
{
	for (size_t row = 0; id && table->source.shown && row < table->counted; row++)
		if (strcmp(id_of(table, row), id) == 0)
			return true;
	return false;
}

static void restore_selection(struct table *table)
{
	bool still_there;
	/* With no rows at all the memory is kept: they may come back. */
	if (table->shown == 0)
		return;
	find_selection(table, &still_there);
	if (still_there || is_hidden(table, table->wanted))
		keep_neighbours(table);
	else
		choose(table, table->place);
}

void table_refresh(struct table *table)
{
	const struct table_source *source = &table->source;
	size_t count = source->count(source->ctx);
	table->ready = true;
	table->orderings++;
	table->shown = 0;
	table->counted = count;
	if (!make_room(table, count))
		return;
	for (size_t row = 0; row < count; row++)
		if (!source->shown || source->shown(source->ctx, row))
			table->order[table->shown++] = row;
	if (table->shown > 1 && table->sort_column >= 0 && source->compare)
		qsort_r(table->order, table->shown, sizeof *table->order, compare_rows, table);
	if (source->group)
		gather_groups(table);
	count_headings(table);
	restore_selection(table);
}

void table_set_stamp(struct table *table, uint64_t (*stamp)(void *ctx)) { table->stamp = stamp; }

void table_sort(struct table *table, int column, bool reverse)
{
	table->sort_column = column >= 0 && column < table->n ? column : -1;
	table->reverse = reverse;
	if (table->ready)
		table_refresh(table);
}

int table_sort_column(const struct table *table) { return table->sort_column; }

bool table_sort_reverse(const struct table *table) { return table->reverse; }

bool table_move(struct table *table, int lines)
{
	if (table->shown == 0)
		return false;
	size_t far = (size_t)(lines < 0 ? -(long long)lines : lines), place = table->place;
	size_t room = lines < 0 ? place : table->shown - 1 - place;
	far = MIN(far, room);
	choose(table, lines < 0 ? place - far : place + far);
	return far > 0;
}

long table_selected(const struct table *table)
{
	return table->shown > 0 ? (long)table->order[table->place] : -1;
}

bool table_select(struct table *table, const char *id)
{
	for (size_t i = 0; i < table->shown; i++) {
		if (strcmp(id_of(table, table->order[i]), id) == 0) {
			choose(table, i);
			return true;
		}
	}
	return false;
}

size_t table_shown(const struct table *table) { return table->shown; }

size_t table_row(const struct table *table, size_t i) { return table->order[i]; }

size_t table_lines(const struct table *table)
{
	return table->shown > 0 ? table_line(table, table->shown - 1) + 1 : 0;
}

size_t table_first_at(const struct table *table, size_t line)
{
	size_t low = 0, high = table->shown;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (table_line(table, middle) < line)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
