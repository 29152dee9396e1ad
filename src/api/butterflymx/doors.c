/* Door releases: newest first, as many as the query needs, and of those that an earlier poll told only the first page (butterflymx.md §5.3). The API has no
 * filter by time; a release that is over does not change. */
#include "api/butterflymx/job.h"

#include "core/kind.h"

#include <string.h>

void bmx_recent_clear(struct bmx_recent *recent)
{
	g_free(recent->filters);
	rows_unref(recent->rows);
	*recent = (struct bmx_recent){.from_ms = MOMENT_NONE};
}

static const char *only(const struct words *list) { return list->n == 1 ? list->at[0] : ""; }

static char *filters_of(const struct work *work, const struct bmx_job *job)
{
	const struct query *query = work_query(work);

	if (job->state->no_filters)
		return g_strdup("");
	return g_strdup_printf("%s\n%s\n%s", only(&query->units), only(&query->users), only(&query->types));
}

static bool wanted(const struct work *work, const struct bmx_job *job, const struct door_release *release)
{
	return query_match(work_query(work), release) && bmx_in_building(work, job, release->unit_id);
}

/* Whether what is remembered holds all that the query wants and the first page may not tell. */
static bool reaches(const struct work *work, const struct bmx_job *job, const struct bmx_recent *recent)
{
	const struct query *query = work_query(work);
	int64_t matched = 0;

	if (recent->whole)
		return true;
	if (query->since_ms != MOMENT_NONE && query->since_ms >= recent->from_ms)
		return true;
	if (query->limit <= 0)
		return false;
	for (size_t i = 0; i < rows_count(recent->rows) && matched < query->limit; i++)
		matched += wanted(work, job, rows_at(recent->rows, i));
	return matched >= query->limit;
}

void bmx_doors_begin(struct work *work, struct bmx_job *job)
{
	const struct bmx_recent *recent = &job->state->recent;
	char *filters = filters_of(work, job);

	job->descending = true;
	job->last_ms = MOMENT_NONE;
	if (recent->rows != NULL && strcmp(recent->filters, filters) == 0 && reaches(work, job, recent)) {
		job->base = *recent;
		job->base.filters = NULL;
		rows_ref(job->base.rows);
		job->known = g_hash_table_new(g_str_hash, g_str_equal);
		for (size_t i = 0; i < rows_count(recent->rows); i++) {
			const struct door_release *release = rows_at(recent->rows, i);

			g_hash_table_add(job->known, (void *)(uintptr_t)release->id);
		}
	}
	g_free(filters);
}

void bmx_doors_forget(struct bmx_job *job)
{
	if (job->known != NULL)
		g_hash_table_unref(job->known);
	job->known = NULL;
	job->met = false;
	bmx_recent_clear(&job->base);
}

/* Newest first by time, or by id where the server's clock is not that exact. */
static void follow_order(struct bmx_job *job, const struct door_release *release)
{
	if (release->time_ms == MOMENT_NONE)
		return;
	if (job->last_ms != MOMENT_NONE && release->time_ms > job->last_ms &&
	    bmx_id_order(release->id, job->last_id) > 0)
		job->descending = false;
	job->last_ms = release->time_ms;
	g_strlcpy(job->last_id, release->id, sizeof(job->last_id));
}

static void take_release(struct work *work, struct bmx_job *job, const struct bmx_resource *resource,
			 size_t *fresh)
{
	struct rows *rows = work_rows(work, KIND_DOORS);
	const struct door_release *release;

	if (!work_first_time(work, BMX_STEP_LIST, resource->ref.id))
		return;
	(*fresh)++;
	if (!bmx_decode(rows, resource)) {
		rows_count_bad(rows, rows_overflow(rows) ? 0 : 1);
		return;
	}
	release = rows_at(rows, rows_count(rows) - 1);
	follow_order(job, release);
	job->matched += wanted(work, job, release);
	if (job->known != NULL && g_hash_table_contains(job->known, release->id))
		job->met = true;
	else
		job->unknown++;
}

bool bmx_doors_take(struct work *work, struct bmx_job *job, const struct bmx_doc *doc, size_t *items,
		    size_t *fresh)
{
	const struct query *query = work_query(work);

	for (const cJSON *item = bmx_doc_first(doc); item != NULL; item = bmx_doc_next(doc, item)) {
		struct bmx_resource resource;

		(*items)++;
		if (bmx_resource_read(&resource, item))
			take_release(work, job, &resource, fresh);
		else
			rows_count_bad(work_rows(work, KIND_DOORS), 1);
	}
	if (!job->descending)
		return false; /* what is wanted may come at any place */
	return job->met || (query->limit > 0 && job->matched >= (size_t)query->limit) ||
	       (query->since_ms != MOMENT_NONE && job->last_ms != MOMENT_NONE &&
		job->last_ms < query->since_ms);
}

static int newest_first(const void *a, const void *b, void *ctx)
{
	const struct door_release *left = a, *right = b;

	(void)ctx;
	if (left->time_ms != right->time_ms)
		return left->time_ms < right->time_ms ? 1 : -1;
	return -bmx_id_order(left->id, right->id);
}

/* What is remembered from now on: what was read, and what was remembered before it. */
static void remember(struct work *work, struct bmx_job *job)
{
	const struct bmx_recent *base = &job->base;
	struct bmx_recent next = {.from_ms = MOMENT_NONE};
	struct rows *read = work_rows(work, KIND_DOORS);
	struct rows *kept = kind_rows_new(KIND_DOORS, rows_account(read), rows_vendor(read));

	for (size_t i = 0; i < rows_count(read); i++)
		(void)kind_copy_row(kept, KIND_DOORS, rows_at(read, i));
	next.whole = job->ended;
	if (job->met) {
		next.from_ms = base->from_ms;
		next.whole = base->whole;
		for (size_t i = 0; i < rows_count(base->rows); i++) {
			const struct door_release *release = rows_at(base->rows, i);

			if (!work_first_time(work, BMX_STEP_LIST, release->id))
				continue;
			(void)kind_copy_row(kept, KIND_DOORS, release);
		}
	} else if (!next.whole && job->last_ms != MOMENT_NONE) {
		next.from_ms = job->last_ms + 1;
	}
	rows_sort(kept, newest_first, NULL);
	if (rows_count(kept) > BMX_DOORS_KEPT) {
		rows_truncate(kept, BMX_DOORS_KEPT);
		next.whole = false;
		next.from_ms = ((const struct door_release *)rows_at(kept, BMX_DOORS_KEPT - 1))->time_ms + 1;
	}
	next.filters = filters_of(work, job);
	next.rows = rows_seal(kept);
	bmx_recent_clear(&job->state->recent);
	job->state->recent = next;
}

void bmx_doors_finish(struct work *work, struct bmx_job *job)
{
	const struct query *query = work_query(work);
	const struct rows *base = job->base.rows;
	struct rows *rows = work_rows(work, KIND_DOORS);
	GHashTable *read;

	/* Not in order and not whole: nobody can say what lies between. */
	if (rows_overflow(rows) || (!job->descending && !job->ended))
		bmx_recent_clear(&job->state->recent);
	else if (!job->met || job->unknown > 0)
		remember(work, job);
	if (job->met) {
		read = g_hash_table_new(g_str_hash, g_str_equal);
		for (size_t i = 0; i < rows_count(rows); i++)
			g_hash_table_add(
				read, (void *)(uintptr_t)((const struct door_release *)rows_at(rows, i))->id);
		for (size_t i = 0; i < rows_count(base); i++) {
			const struct door_release *release = rows_at(base, i);

			if ((query->limit > 0 && job->matched >= (size_t)query->limit) ||
			    (query->since_ms != MOMENT_NONE && release->time_ms < query->since_ms))
				break;
			if (g_hash_table_contains(read, release->id))
				continue;
			job->matched += wanted(work, job, release);
			(void)kind_copy_row(rows, KIND_DOORS, release);
		}
		g_hash_table_unref(read);
	}
	rows_sort(rows, newest_first, NULL);
}
