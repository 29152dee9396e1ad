/* Windows once they are all there: order, twins, double hours, windows put together, completeness. */
#include "api/density/report.h"

#include <math.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)

/* --- completeness --- */

static int by_floor(const void *a, const void *b)
{
	const struct dens_slice *x = a, *y = b;

	if (x->floor->index != y->floor->index)
		return x->floor->index < y->floor->index ? -1 : 1;
	return (x->from_ms > y->from_ms) - (x->from_ms < y->from_ms);
}

/* The least of the slices that the window touches; the array is sorted by floor. */
static double complete_of(const struct dens_report *report, const guint *first, const struct occupancy *row,
			  const struct dens_space *floor)
{
	double least = NAN;

	for (guint i = first[floor->index]; i < report->slices->len; i++) {
		const struct dens_slice *slice = &g_array_index(report->slices, struct dens_slice, i);

		if (slice->floor != floor || slice->from_ms >= row->end_ms)
			break;
		if (slice->to_ms > row->start_ms)
			least = fmin(least, slice->complete);
	}
	return least;
}

static void fill_complete(struct dens_report *report)
{
	guint *first;

	if (report->slices->len == 0)
		return;
	first = g_new(guint, report->tree->spaces->len + 1);
	memset(first, 0xff, (report->tree->spaces->len + 1) * sizeof(*first));
	g_array_sort(report->slices, by_floor);
	for (guint i = report->slices->len; i > 0; i--)
		first[g_array_index(report->slices, struct dens_slice, i - 1).floor->index] = i - 1;
	for (size_t i = 0; i < rows_count(report->rows); i++) {
		struct occupancy *row = rows_edit(report->rows, i);
		const struct dens_space *space = dens_tree_find(report->tree, row->space_id);

		if (space != NULL && space->floor != NULL)
			row->complete = complete_of(report, first, row, space->floor);
	}
	g_free(first);
}

/* --- order, windows --- */

static int by_space(const void *a, const void *b, void *ctx)
{
	const struct occupancy *x = a, *y = b;
	int order = x->space_id == y->space_id ? 0 : strcmp(x->space_id, y->space_id);

	(void)ctx;
	return order != 0 ? order : (x->start_ms > y->start_ms) - (x->start_ms < y->start_ms);
}

static int by_start(const void *a, const void *b, void *ctx)
{
	const struct occupancy *x = a, *y = b;
	int order = (x->start_ms > y->start_ms) - (x->start_ms < y->start_ms);

	if (order != 0)
		return *(const bool *)ctx ? -order : order;
	return x->space_id == y->space_id ? 0 : strcmp(x->space_id, y->space_id);
}

static bool same_window(const struct occupancy *a, const struct occupancy *b)
{
	return a->start_ms == b->start_ms && strcmp(a->space_id, b->space_id) == 0;
}

/* A space that is asked for by itself and with what is around it comes twice. */
static void drop_twins(struct rows *rows)
{
	size_t n = 0;

	for (size_t i = 0; i < rows_count(rows); i++) {
		const struct occupancy *row = rows_at(rows, i);

		if (n > 0 && same_window(rows_at(rows, n - 1), row))
			continue;
		if (n != i)
			*(struct occupancy *)rows_edit(rows, n) = *row;
		n++;
	}
	rows_truncate(rows, n);
}

/* Where the server has one window for the hour that clocks show twice, it is two hours long. */
static void stretch_double_hours(struct dens_report *report)
{
	for (size_t i = 0; i + 1 < rows_count(report->rows); i++) {
		struct occupancy *row = rows_edit(report->rows, i);
		const struct occupancy *next = rows_at(report->rows, i + 1);
		const struct dens_space *space;
		const struct moment_zone *zone;

		if (next->start_ms != row->end_ms + HOUR_MS || strcmp(row->space_id, next->space_id) != 0)
			continue;
		space = dens_tree_find(report->tree, row->space_id);
		zone = dens_zone(report, space == NULL ? NULL : space->zone);
		if (moment_split(row->start_ms, zone).hour == moment_split(row->end_ms, zone).hour)
			row->end_ms += HOUR_MS;
	}
}

/* Sums over the windows that become one; each counts by its length. */
struct sum {
	struct occupancy row;
	double avg_ms, utilization_ms, uptime_ms; /* length of the windows that told it */
};

static double weigh(double a, double a_weight, double b, double b_weight)
{
	return isnan(b) ? a : isnan(a) ? b : (a * a_weight + b * b_weight) / (a_weight + b_weight);
}

static double add(double a, double b) { return isnan(a) ? b : isnan(b) ? a : a + b; }

static void sum_up(struct sum *sum, const struct occupancy *row)
{
	double ms = (double)(row->end_ms - row->start_ms);
	struct occupancy *to = &sum->row;

	to->min = fmin(to->min, row->min);
	to->max = fmax(to->max, row->max);
	to->utilization_max = fmax(to->utilization_max, row->utilization_max);
	to->avg = weigh(to->avg, sum->avg_ms, row->avg, ms);
	to->utilization_avg = weigh(to->utilization_avg, sum->utilization_ms, row->utilization_avg, ms);
	to->uptime = weigh(to->uptime, sum->uptime_ms, row->uptime, ms);
	sum->avg_ms += isnan(row->avg) ? 0 : ms;
	sum->utilization_ms += isnan(row->utilization_avg) ? 0 : ms;
	sum->uptime_ms += isnan(row->uptime) ? 0 : ms;
	to->time_used_s = add(to->time_used_s, row->time_used_s);
	to->entrances = add(to->entrances, row->entrances);
	to->exits = add(to->exits, row->exits);
	if (row->capped == 1 || to->capped == TRUTH_UNKNOWN)
		to->capped = row->capped;
}

static void sum_begin(struct sum *sum, const struct occupancy *row)
{
	double ms = (double)(row->end_ms - row->start_ms);

	sum->row = *row;
	sum->avg_ms = isnan(row->avg) ? 0 : ms;
	sum->utilization_ms = isnan(row->utilization_avg) ? 0 : ms;
	sum->uptime_ms = isnan(row->uptime) ? 0 : ms;
}

static void join_windows(struct dens_report *report)
{
	struct rows *rows = report->rows;
	struct sum sum = {.avg_ms = 0};
	char at[MOMENT_TEXT_SIZE];
	size_t n = 0;

	for (size_t i = 0; i < rows_count(rows); i++) {
		struct occupancy row = *(const struct occupancy *)rows_at(rows, i);
		const struct dens_space *space = dens_tree_find(report->tree, row.space_id);
		int64_t begin_ms, end_ms;

		dens_window(&report->every, row.start_ms,
			    dens_zone(report, space == NULL ? NULL : space->zone), &begin_ms, &end_ms);
		if (n > 0 && sum.row.start_ms == begin_ms && strcmp(sum.row.space_id, row.space_id) == 0) {
			sum_up(&sum, &row);
		} else {
			sum_begin(&sum, &row);
			sum.row.start_ms = begin_ms;
			sum.row.end_ms = end_ms;
			sum.row.id = rows_textf(rows, "%s@%s", row.space_id, moment_format(begin_ms, at));
			n++;
		}
		*(struct occupancy *)rows_edit(rows, n - 1) = sum.row;
	}
	rows_truncate(rows, n);
}

void dens_metrics_finish(struct dens_report *report, bool newest_first)
{
	rows_sort(report->rows, by_space, NULL);
	drop_twins(report->rows);
	if (report->every.resolution == DENS_HOUR)
		stretch_double_hours(report);
	if (report->every.group > 1)
		join_windows(report);
	fill_complete(report);
	rows_sort(report->rows, by_start, &newest_first);
}
