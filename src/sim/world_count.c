#include "sim/world_view.h"

#include <stdlib.h>

/* Counting people in places, from the dwells of each day. */

/* The dwells of a place on the day that holds the moment; *plan is that day. */
static const struct people_dwell *dwells_of(struct world_view *view, int building, struct world_ref place,
					    int64_t t_ms, const struct people_day **plan, int *count)
{
	int number = people_place(view->world, building, place);

	*plan = world_view_plan(view, building, t_ms);
	*count = (*plan)->first_dwell[number + 1] - (*plan)->first_dwell[number];
	return (const struct people_dwell *)(const void *)(*plan)->dwells->data +
	       (*plan)->first_dwell[number];
}

int world_view_count(struct world_view *view, struct world_ref place, int64_t t_ms)
{
	int building = people_building(view->world, place), count, people = 0;
	const struct people_dwell *dwells;
	const struct people_day *plan;

	if (building < 0)
		return 0;
	dwells = dwells_of(view, building, place, t_ms, &plan, &count);
	for (int i = 0; i < count && dwells[i].from_ms <= t_ms; i++)
		people += dwells[i].to_ms > t_ms;
	return people;
}

/* The number of sample moments before t. */
static int64_t samples_before(int64_t t_ms, int64_t t0_ms, int64_t step_ms, int64_t n)
{
	int64_t i = t_ms <= t0_ms ? 0 : (t_ms - t0_ms + step_ms - 1) / step_ms;

	return i < n ? i : n;
}

void world_view_counts(struct world_view *view, struct world_ref place, int64_t t0_ms, int64_t step_ms,
		       int *out, size_t n)
{
	int building = people_building(view->world, place);
	int64_t t_ms = t0_ms, end_ms = t0_ms + step_ms * (int64_t)n;
	int people = 0;

	for (size_t i = 0; i < n; i++)
		out[i] = 0;
	while (building >= 0 && n > 0 && t_ms < end_ms) {
		const struct people_day *plan;
		int count;
		const struct people_dwell *dwells = dwells_of(view, building, place, t_ms, &plan, &count);

		/* comings and goings at the first sample that sees them; a dwell never leaves its day */
		for (int i = 0; i < count; i++) {
			int64_t from = samples_before(dwells[i].from_ms, t0_ms, step_ms, (int64_t)n);
			int64_t to = samples_before(dwells[i].to_ms, t0_ms, step_ms, (int64_t)n);

			if (from < (int64_t)n)
				out[from]++;
			if (to < (int64_t)n)
				out[to]--;
		}
		t_ms = plan->day.end_ms;
	}
	for (size_t i = 0; i < n; i++)
		out[i] = people += out[i];
}

int64_t world_view_presence_ms(struct world_view *view, struct world_ref place, int64_t t0_ms, int64_t t1_ms)
{
	int building = people_building(view->world, place);
	int64_t total_ms = 0, seen_ms = t0_ms;

	for (int64_t t_ms = t0_ms; building >= 0 && t_ms < t1_ms;) {
		const struct people_day *plan;
		int count;
		const struct people_dwell *dwells = dwells_of(view, building, place, t_ms, &plan, &count);

		for (int i = 0; i < count && dwells[i].from_ms < t1_ms; i++) {
			int64_t from = dwells[i].from_ms > seen_ms ? dwells[i].from_ms : seen_ms;
			int64_t to = dwells[i].to_ms < t1_ms ? dwells[i].to_ms : t1_ms;

			if (from >= to)
				continue;
			total_ms += to - from;
			seen_ms = to;
		}
		t_ms = plan->day.end_ms;
	}
	return total_ms;
}

static void add_span(GArray *out, int64_t from_ms, int64_t to_ms)
{
	struct world_span span = {from_ms, to_ms};
	struct world_span *last = out->len ? &g_array_index(out, struct world_span, out->len - 1) : NULL;

	if (last && last->to_ms >= from_ms)
		last->to_ms = to_ms > last->to_ms ? to_ms : last->to_ms;
	else
		g_array_append_val(out, span);
}

void world_view_stretches(struct world_view *view, struct world_ref place, int64_t t0_ms, int64_t t1_ms,
			  GArray *out)
{
	int building = people_building(view->world, place);

	for (int64_t t_ms = t0_ms; building >= 0 && t_ms < t1_ms;) {
		const struct people_day *plan;
		int count;
		const struct people_dwell *dwells = dwells_of(view, building, place, t_ms, &plan, &count);

		for (int i = 0; i < count && dwells[i].from_ms < t1_ms; i++) {
			int64_t from = dwells[i].from_ms > t0_ms ? dwells[i].from_ms : t0_ms;
			int64_t to = dwells[i].to_ms < t1_ms ? dwells[i].to_ms : t1_ms;

			if (from < to)
				add_span(out, from, to);
		}
		t_ms = plan->day.end_ms;
	}
}

static int ascending(const void *a, const void *b)
{
	int p = *(const int *)a, q = *(const int *)b;

	return p < q ? -1 : p > q;
}

/* The root of n²·variance = n·Σx² − (Σx)², which is whole; small ones get two more digits before the root. */
static double deviation(int64_t n, int64_t sum, int64_t squares)
{
	int64_t spread = n * squares - sum * sum;

	if (spread < INT64_C(100000000000000))
		return (double)(plan_isqrt(spread * 10000) * 100 / n) / 10000.0;
	return (double)(plan_isqrt(spread) * 10000 / n) / 10000.0;
}

struct world_stats world_view_stats(struct world_view *view, struct world_ref place, int64_t t0_ms,
				    int64_t t1_ms, int64_t step_ms)
{
	struct world_stats stats = {.count = 0};
	int64_t n = t1_ms > t0_ms ? (t1_ms - t0_ms + step_ms - 1) / step_ms : 0, squares = 0;
	int *counts;

	if (n == 0)
		return stats;
	counts = g_new(int, (gsize)n);
	world_view_counts(view, place, t0_ms, step_ms, counts, (size_t)n);
	stats.count = (int)n;
	stats.first = counts[0];
	stats.last = counts[n - 1];
	for (int64_t i = 0; i < n; i++) {
		stats.sum += counts[i];
		squares += (int64_t)counts[i] * counts[i];
	}
	qsort(counts, (size_t)n, sizeof(counts[0]), ascending);
	stats.min = counts[0];
	stats.max = counts[n - 1];
	stats.median = (counts[(n - 1) / 2] + counts[n / 2]) / 2.0;
	stats.mean = (double)((stats.sum * 10000 + n / 2) / n) / 10000.0;
	stats.stddev = deviation(n, stats.sum, squares);
	g_free(counts);
	return stats;
}
