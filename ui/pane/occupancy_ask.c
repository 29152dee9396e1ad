/* What the picture shows is asked of the systems here, never waited for. */
#include "ui/pane/occupancy_view.h"

#include "core/query.h"

#include <math.h>
#include <string.h>

#define AGAIN_MS 60000
#define REST_MS 250    /* the choice must rest so long before its picture is asked for */
#define PARTS_MOST 100 /* rooms of a floor that are asked for in its place */
#define MANY_ROOMS 2000
#define HOUR_MS INT64_C(3600000)

/* --- windows --- */

void occ_windows_fini(struct occ_windows *windows)
{
	g_free(windows->start_ms);
	g_free(windows->end_ms);
	g_free(windows->marks);
	g_free(windows->uptime);
	g_free(windows->complete);
	for (int m = 0; m < OCC_MEASURES; m++)
		g_free(windows->value[m]);
	*windows = (struct occ_windows){.n = 0};
}

static void windows_init(struct occ_windows *windows, size_t most)
{
	occ_windows_fini(windows);
	windows->start_ms = g_new(int64_t, most + 1);
	windows->end_ms = g_new(int64_t, most + 1);
	windows->marks = g_new0(uint8_t, most + 1);
	windows->uptime = g_new(double, most + 1);
	windows->complete = g_new(double, most + 1);
	for (int m = 0; m < OCC_MEASURES; m++)
		windows->value[m] = g_new(double, most + 1);
}

static gint by_start(gconstpointer a, gconstpointer b)
{
	const struct occupancy *x = *(const struct occupancy *const *)a,
			       *y = *(const struct occupancy *const *)b;

	return (x->start_ms > y->start_ms) - (x->start_ms < y->start_ms);
}

/* The rows of the place, or of its parts, by start. */
static GPtrArray *pick(const struct rows *rows, const char *id, const char *const *parts, size_t n_parts)
{
	GHashTable *wanted = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *picked = g_ptr_array_new();
	bool sorted = true;

	for (size_t i = 0; i < n_parts; i++)
		g_hash_table_add(wanted, (gpointer)parts[i]);

	for (size_t i = 0; rows != NULL && i < rows_count(rows); i++) {
		const struct occupancy *row = rows_at(rows, i), *last;

		if (row->space_id == NULL || row->start_ms == MOMENT_NONE || row->end_ms <= row->start_ms ||
		    (n_parts == 0 ? strcmp(row->space_id, id) != 0
				  : !g_hash_table_contains(wanted, row->space_id)))
			continue;
		last = picked->len > 0 ? g_ptr_array_index(picked, picked->len - 1) : NULL;
		sorted &= last == NULL || last->start_ms <= row->start_ms;
		g_ptr_array_add(picked, (gpointer)row);
	}
	if (!sorted)
		g_ptr_array_sort(picked, by_start);
	g_hash_table_unref(wanted);
	return picked;
}

static uint8_t marks_of(const struct occupancy *row)
{
	return (uint8_t)((row->capped == 1 ? OCC_CAPPED : 0) |
			 (row->uptime < OCC_UPTIME_LEAST ? OCC_LOW : 0) |
			 (row->complete < OCC_COMPLETE_LEAST ? OCC_PARTIAL : 0));
}

static void set_window(struct occ_windows *windows, size_t i, const struct occupancy *row, double capacity)
{
	windows->start_ms[i] = row->start_ms;
	windows->end_ms[i] = row->end_ms;
	windows->value[OCC_PEOPLE][i] = row->avg;
	windows->value[OCC_PEAK][i] = row->max;
	windows->value[OCC_UTILIZATION][i] = isnan(capacity)               ? NAN
					     : isnan(row->utilization_avg) ? row->avg / capacity
									   : row->utilization_avg;
	windows->value[OCC_USED][i] = row->time_used_s * 1000 / (double)(row->end_ms - row->start_ms);
	windows->marks[i] = marks_of(row);
	windows->uptime[i] = row->uptime;
	windows->complete[i] = row->complete;
}

static void add_window(struct occ_windows *windows, size_t i, const struct occupancy *row, double capacity)
{
	double *people = &windows->value[OCC_PEOPLE][i];

	*people = isnan(*people) ? row->avg : isnan(row->avg) ? *people : *people + row->avg;
	windows->value[OCC_PEAK][i] = windows->value[OCC_USED][i] = NAN;
	windows->value[OCC_UTILIZATION][i] = *people / capacity;
	windows->marks[i] |= marks_of(row);
	windows->uptime[i] = fmin(windows->uptime[i], row->uptime);
	windows->complete[i] = fmin(windows->complete[i], row->complete);
}

/* A window that not all parts tell of is less than the whole. */
static void mark_missing(struct occ_windows *windows, const unsigned *told, unsigned parts)
{
	for (size_t i = 0; i < windows->n; i++)
		if (told[i] < parts)
			windows->marks[i] |= OCC_PARTIAL;
}

void occ_windows_take(struct occ_windows *windows, const struct rows *rows, const char *id, double capacity,
		      const char *const *parts, size_t n_parts)
{
	GPtrArray *picked = pick(rows, id, parts, n_parts);
	unsigned *told = g_new0(unsigned, picked->len + 1), most = 0;
	size_t n = 0;

	windows_init(windows, picked->len);
	for (guint i = 0; i < picked->len; i++) {
		const struct occupancy *row = g_ptr_array_index(picked, i);
		bool same = n > 0 && windows->start_ms[n - 1] == row->start_ms;

		if (same && n_parts == 0)
			continue;
		if (same)
			add_window(windows, n - 1, row, capacity);
		else
			set_window(windows, n++, row, capacity);
		told[n - 1] += !isnan(row->avg);
		most = MAX(most, told[n - 1]);
	}
	windows->n = n;
	windows->summed = n_parts > 0 && most > 1;
	if (n_parts > 0)
		mark_missing(windows, told, most);
	g_free(told);
	g_ptr_array_unref(picked);
}

long occ_window_at(const struct occ_windows *windows, int64_t at_ms)
{
	size_t low = 0, high = windows->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (windows->start_ms[middle] <= at_ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && at_ms < windows->end_ms[low - 1] ? (long)low - 1 : -1;
}

/* --- asking --- */

void occ_ask_forget(struct occ_view *view, struct occ_ask *ask)
{
	if (view->desk->forget != NULL)
		view->desk->forget(view->desk, ask);
	rows_unref(ask->rows);
	*ask = (struct occ_ask){.view = view};
}

void occ_ask_forget_all(struct occ_view *view)
{
	for (int i = 0; i < OCC_SERIES; i++) {
		occ_ask_forget(view, &view->series[i].ask);
		occ_windows_fini(&view->series[i].windows);
		view->series[i].key[0] = '\0';
	}
	for (size_t i = 0; i < G_N_ELEMENTS(view->ranks); i++)
		occ_ask_forget(view, &view->ranks[i]);
	occ_ask_forget(view, &view->sessions);
	view->n_series = view->n_ranks = 0;
}

static bool ask(struct occ_view *view, struct occ_ask *which, unsigned account, const struct query *query,
		void (*answer)(void *ctx, const struct rows *rows, const char *why))
{
	if (view->desk->ask == NULL) {
		g_strlcpy(which->why, "no history can be asked for here", sizeof(which->why));
		return false;
	}
	which->view = view;
	which->waiting = true;
	if (view->desk->forget != NULL)
		view->desk->forget(view->desk, which); /* an older question is no longer of use */
	view->desk->ask(view->desk, account, query, answer, which);
	return true;
}

static void take(struct occ_ask *which, const struct rows *rows, const char *why)
{
	which->waiting = false;
	g_strlcpy(which->why, why == NULL ? "" : why, sizeof(which->why));
	if (rows == NULL)
		return;
	rows_unref(which->rows);
	which->rows = rows_ref(rows);
}

/* Ids of what the place is made of: a building's floors, a floor's rooms. */
static GPtrArray *parts_of(struct occ_view *view, const struct occ_space *space)
{
	GPtrArray *parts = g_ptr_array_new();

	for (guint i = 0; i < view->spaces->len; i++) {
		const struct occ_space *other = &g_array_index(view->spaces, struct occ_space, i);

		if (other->account != space->account)
			continue;
		if (space->kind == KIND_BUILDINGS && other->kind == KIND_FLOORS &&
		    g_strcmp0(((const struct floor_row *)other->row)->building_id, space->id) == 0)
			g_ptr_array_add(parts, (gpointer)other->id);
		if (space->kind == KIND_FLOORS && other->kind == KIND_ROOMS &&
		    ((const struct room *)other->row)->room_id == NULL &&
		    g_strcmp0(other->floor_id, space->id) == 0)
			g_ptr_array_add(parts, (gpointer)other->id);
	}
	if (parts->len > PARTS_MOST)
		g_ptr_array_set_size(parts, 0);
	return parts;
}

static void on_windows(void *ctx, const struct rows *rows, const char *why);

static void ask_windows(struct occ_view *view, struct occ_series *series, const struct occ_space *space)
{
	struct occ_span span = occ_span_now(view, series->weeks);
	GPtrArray *parts = series->ask.parts ? parts_of(view, space) : NULL;
	struct query query;

	query_init(&query, KIND_OCCUPANCY);
	query.completeness = true;
	query.rooms = parts != NULL ? (struct words){(const char *const *)(void *)parts->pdata, parts->len}
				    : (struct words){&space->id, 1};
	query.since_ms = span.from_ms;
	query.until_ms = span.to_ms;
	query.every_ms = span.every_ms;
	if (parts == NULL || parts->len > 0)
		ask(view, &series->ask, space->account, &query, on_windows);
	query_fini(&query);
	if (parts != NULL)
		g_ptr_array_unref(parts);
}

/* An answer without the place: it is not measured as a whole. Its parts are asked for once. */
static void on_windows(void *ctx, const struct rows *rows, const char *why)
{
	struct occ_series *series = (struct occ_series *)(void *)((char *)ctx -
								  offsetof(struct occ_series, ask));
	struct occ_view *view = series->ask.view;
	const struct occ_space *space = occ_find(view, series->key);
	struct occ_windows windows = {.n = 0};
	GPtrArray *parts;

	take(&series->ask, NULL, why);
	if (rows == NULL || space == NULL)
		return;
	parts = series->ask.parts ? parts_of(view, space) : NULL;
	occ_windows_take(&windows, rows, space->id, space->now.capacity,
			 parts == NULL ? NULL : (const char *const *)(void *)parts->pdata,
			 parts == NULL ? 0 : parts->len);
	if (parts != NULL)
		g_ptr_array_unref(parts);
	series->capacity = space->now.capacity;
	occ_windows_fini(&series->windows);
	series->windows = windows;
	if (windows.n == 0 && !series->ask.parts && space->kind != KIND_ROOMS) {
		series->ask.parts = true;
		ask_windows(view, series, space);
	}
}

/* The places of the picture: what is marked, or what is chosen; one alone also in the weeks before. */
static int places(struct occ_view *view, const char *keys[OCC_SERIES], int weeks[OCC_SERIES])
{
	const struct occ_space *space = occ_chosen(view);
	int n = 0;

	for (int i = 0; i < view->n_marked && view->weeks == 0 && view->mode == OCC_CHART; i++) {
		keys[n] = view->marked[i];
		weeks[n++] = 0;
	}
	if (n > 0)
		return n;
	for (int i = 0; space != NULL && i <= (view->mode == OCC_CHART ? view->weeks : 0) && i < OCC_SERIES;
	     i++) {
		keys[n] = space->key;
		weeks[n++] = i;
	}
	return n;
}

static void ask_series(struct occ_view *view, bool anew)
{
	const char *keys[OCC_SERIES];
	int weeks[OCC_SERIES], n = places(view, keys, weeks);

	for (int i = 0; i < OCC_SERIES; i++) {
		struct occ_series *series = &view->series[i];
		const struct occ_space *space = i < n ? occ_find(view, keys[i]) : NULL;
		bool same = space != NULL && strcmp(series->key, space->key) == 0 &&
			    series->weeks == weeks[i];

		if (same && !anew)
			continue;
		if (!same) {
			occ_ask_forget(view, &series->ask);
			occ_windows_fini(&series->windows);
			series->key[0] = '\0';
		}
		if (space == NULL)
			continue;
		g_strlcpy(series->key, space->key, sizeof(series->key));
		g_strlcpy(series->name, space->name, sizeof(series->name));
		series->weeks = weeks[i];
		series->capacity = space->now.capacity;
		ask_windows(view, series, space);
	}
	view->n_series = n;
}

/* What is no longer chosen is not shown while the question for what is waits. */
static void drop_others(struct occ_view *view)
{
	const char *keys[OCC_SERIES];
	int weeks[OCC_SERIES], n = places(view, keys, weeks);

	for (int i = 0; i < OCC_SERIES; i++) {
		struct occ_series *series = &view->series[i];

		if (i < n && strcmp(series->key, keys[i]) == 0 && series->weeks == weeks[i])
			continue;
		occ_ask_forget(view, &series->ask);
		occ_windows_fini(&series->windows);
		series->key[0] = series->name[0] = '\0';
		series->capacity = NAN;
		series->ask.waiting = i < n;
	}
	view->n_series = n;
}

/* --- the other pictures --- */

static void on_rank(void *ctx, const struct rows *rows, const char *why)
{
	struct occ_ask *which = ctx;

	take(which, rows, why);
	which->view->ranking_old = true;
}

/* Days are enough where there are very many rooms: each window is a row. */
static void ask_ranks(struct occ_view *view)
{
	const struct occ_space *space = occ_chosen(view);
	const struct site *site = space == NULL ? NULL : sites_at(view->sites, space->site);
	struct occ_span span = occ_span_now(view, 0);
	bool many = view->spaces->len > MANY_ROOMS;
	int n = 0;

	for (size_t m = 0; site != NULL && m < site->n_members && n < (int)G_N_ELEMENTS(view->ranks); m++) {
		struct query query;

		query_init(&query, KIND_OCCUPANCY);
		if (site->members[m].building_id[0] != '\0')
			query.buildings = (struct words){&site->members[m].building_id, 1};
		query.since_ms = span.from_ms;
		query.until_ms = span.to_ms;
		query.every_ms = span.to_ms - span.from_ms > 26 * HOUR_MS || many ? 24 * HOUR_MS : HOUR_MS;
		view->rank_accounts[n] = site->members[m].account;
		ask(view, &view->ranks[n], site->members[m].account, &query, on_rank);
		query_fini(&query);
		n++;
	}
	view->n_ranks = n;
	view->rank_site = space == NULL ? -1 : (long)space->site;
	view->ranking_old = true;
}

static void on_sessions(void *ctx, const struct rows *rows, const char *why) { take(ctx, rows, why); }

static void ask_sessions(struct occ_view *view)
{
	const struct occ_space *space = occ_chosen(view);
	struct occ_span span = occ_span_now(view, 0);
	struct query query;

	if (g_strcmp0(space == NULL ? "" : space->key, view->sessions_of) != 0)
		occ_ask_forget(view, &view->sessions);
	g_strlcpy(view->sessions_of, space == NULL ? "" : space->key, sizeof(view->sessions_of));
	if (space == NULL || space->kind != KIND_ROOMS)
		return;
	query_init(&query, KIND_SESSIONS);
	query.rooms = (struct words){&space->id, 1};
	query.since_ms = span.from_ms;
	query.until_ms = span.to_ms;
	ask(view, &view->sessions, space->account, &query, on_sessions);
	query_fini(&query);
}

static bool same_span(const struct occ_span *a, const struct occ_span *b)
{
	return a->from_ms == b->from_ms && a->to_ms == b->to_ms && a->every_ms == b->every_ms;
}

void occ_ask_picture(struct occ_view *view, bool anew)
{
	const struct occ_space *space = occ_chosen(view);
	int64_t now_ms = world_now_ms(view->desk->world);
	struct occ_span span;

	if (!view->whole)
		return;
	occ_settle_zone(view);
	span = occ_span_now(view, 0);
	anew |= !same_span(&span, &view->span);
	if (now_ms - view->moved_ms < REST_MS && now_ms >= view->moved_ms) {
		view->pending = true;
		drop_others(view);
		return;
	}
	view->pending = false;
	view->span = span;
	if (anew)
		view->asked_ms = now_ms;
	if (view->mode == OCC_CHART || view->mode == OCC_WEEK)
		ask_series(view, anew);
	else if (view->mode == OCC_RANKING && view->rank_range &&
		 (anew || view->n_ranks == 0 || (space != NULL && view->rank_site != (long)space->site)))
		ask_ranks(view);
	else if (view->mode == OCC_SESSIONS &&
		 (anew || g_strcmp0(space == NULL ? "" : space->key, view->sessions_of) != 0))
		ask_sessions(view);
}

bool occ_ask_again(struct occ_view *view)
{
	int64_t now_ms = world_now_ms(view->desk->world);
	bool due = view->span.to_ms >= view->asked_ms && llabs(now_ms - view->asked_ms) >= AGAIN_MS;

	if (!view->whole || (!due && !view->pending))
		return false;
	occ_ask_picture(view, due);
	return true;
}
