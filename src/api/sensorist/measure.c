/* Readings: which requests, and their pages. All ids of a request belong to one gateway (sensorist-rest-1.15.txt §4.3), and times lie on a grid of quarter hours, so
 * that what is asked again within the quarter is answered from what came before. */
#include "api/sensorist/job.h"

#include "base/moment.h"
#include "model/live.h"

#include <math.h>
#include <string.h>

#define WEEK_MS (7 * INT64_C(86400000))
#define DAY_MS INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)
#define IDS_BYTES 1500 /* of one request, so that its URL stays below 2,000 */

static int64_t floor_to(int64_t at_ms, int64_t step_ms) { return at_ms - at_ms % step_ms; }

static int64_t ceil_to(int64_t at_ms, int64_t step_ms) { return floor_to(at_ms + step_ms - 1, step_ms); }

/* Without --since the last week, which is the vendor's own default. The end is rounded up: nothing that is asked for may be missing. Only the least and
 * greatest value must be from within the period, since what is outside would be left out and hide them. */
static void set_period(const struct work *work, struct sens_job *job, int step)
{
	const struct query *query = work_query(work);
	int64_t until_ms = query->until_ms != MOMENT_NONE ? query->until_ms : work_now_ms(work);
	int64_t since_ms = query->since_ms != MOMENT_NONE ? query->since_ms : until_ms - WEEK_MS;
	int64_t grid_ms = SENS_QUARTER_MS;

	job->every_ms = query->every_ms;
	if (step == SENS_STEP_RANGE && query->every_ms > grid_ms && query->every_ms <= DAY_MS)
		grid_ms = query->every_ms;
	job->from_ms = floor_to(MAX(since_ms, 0), grid_ms);
	job->to_ms = ceil_to(MAX(until_ms, 0), SENS_QUARTER_MS);
	if (step != SENS_STEP_MIN_MAX)
		return;
	job->from_ms = ceil_to(MAX(since_ms, 0), grid_ms);
	if (query->until_ms != MOMENT_NONE)
		job->to_ms = floor_to(until_ms, grid_ms);
	if (job->from_ms >= job->to_ms) {
		job->from_ms = since_ms;
		job->to_ms = until_ms;
	}
}

static const char *type_of(int step)
{
	return step == SENS_STEP_RAW       ? "raw"
	       : step == SENS_STEP_RANGE   ? "range"
	       : step == SENS_STEP_MIN_MAX ? "min_max"
					   : "latest";
}

static int step_of(const struct query *query)
{
	if (query->types.n == 0)
		return query->every_ms > 0                                                ? SENS_STEP_RANGE
		       : query->since_ms != MOMENT_NONE || query->until_ms != MOMENT_NONE ? SENS_STEP_RAW
											  : SENS_STEP_LATEST;
	for (int step = SENS_STEP_MIN_MAX; step <= SENS_STEP_RAW; step++)
		if (strcmp(query->types.at[0], type_of(step)) == 0)
			return step;
	return SENS_STEP_LATEST;
}

static void add_grouping(struct buf *path, const struct query *query, guint sources)
{
	char number[24];

	if (query->every_ms > 0) {
		g_snprintf(number, sizeof(number), "%" G_GINT64_FORMAT,
			   MAX((query->every_ms + MINUTE_MS / 2) / MINUTE_MS, 1));
		sens_param(path, "interval", number); /* minutes, unlike a sensor's */
	} else if (query->limit > 0) {
		g_snprintf(number, sizeof(number), "%" G_GINT64_FORMAT,
			   CLAMP(query->limit / MAX((int64_t)sources, 1), 2, 5000));
		sens_param(path, "ticks", number);
	}
}

static int ask_ids(struct work *work, struct sens_job *job, int step, const char *ids, guint sources)
{
	struct work_request request = {
		.step = step,
		.cacheable = true,
		.optional = job->tree->gateways->len > 1,
		.from_ms = job->from_ms,
		.to_ms = job->to_ms,
	};
	char at[MOMENT_TEXT_SIZE];
	struct buf path;
	int err;

	buf_init(&path, BUF_CEILING_REQUEST);
	buf_adds(&path, "/measurements");
	sens_param_impersonate(&path, job);
	buf_addc(&path, job->state->impersonate == NULL ? '?' : '&');
	buf_addf(&path, "data_sources=%s&type=%s", ids, type_of(step));
	if (job->from_ms != MOMENT_NONE) {
		/* A colon may stand in a query as it is. */
		buf_addf(&path, "&from=%s", moment_format(job->from_ms, at));
		buf_addf(&path, "&to=%s", moment_format(job->to_ms, at));
	}
	if (step == SENS_STEP_RANGE)
		add_grouping(&path, work_query(work), sources);
	request.path = buf_text(&path);
	request.shape = "/measurements";
	err = path.error != ERR_OK ? path.error : sens_request(work, job, &request);
	buf_fini(&path);
	return err;
}

static int by_number(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	size_t x_length = strlen(x), y_length = strlen(y);

	return x_length != y_length ? (x_length > y_length) - (x_length < y_length) : strcmp(x, y);
}

/* The ids in a fixed order, in pieces that fit a URL. */
static int ask_gateway(struct work *work, struct sens_job *job, int step, GPtrArray *ids)
{
	guint total = ids->len, n = 0;
	struct buf list;
	int err = ERR_OK;

	qsort(ids->pdata, ids->len, sizeof(*ids->pdata), by_number);
	buf_init(&list, BUF_CEILING_REQUEST);
	for (guint i = 0; i < total && err == ERR_OK; i++) {
		if (list.length > 0)
			buf_addc(&list, ',');
		buf_adds(&list, ids->pdata[i]);
		n++;
		if (i + 1 < total && list.length < IDS_BYTES)
			continue;
		err = list.error != ERR_OK ? list.error : ask_ids(work, job, step, buf_text(&list), n);
		buf_reset(&list);
		n = 0;
	}
	buf_fini(&list);
	return err;
}

int sens_measure_ask(struct work *work, struct sens_job *job, bool newest)
{
	const struct query *query = work_query(work);
	int step = newest ? SENS_STEP_LATEST : step_of(query), err = ERR_OK;
	GPtrArray *ids = g_ptr_array_new();

	job->from_ms = job->to_ms = MOMENT_NONE;
	if (step != SENS_STEP_LATEST)
		set_period(work, job, step);
	job->series = step != SENS_STEP_LATEST;
	if (query->types.n > 1 && !newest)
		work_notice(work, NOTICE_HINT, "only one --type of measurements is told at a time: %s",
			    type_of(step));
	for (guint g = 0; g < job->tree->gateways->len && err == ERR_OK; g++) {
		g_ptr_array_set_size(ids, 0);
		for (guint i = 0; i < job->tree->sources->len; i++) {
			const struct sens_source *source = &g_array_index(job->tree->sources,
									  struct sens_source, i);
			const struct sens_sensor *sensor = &g_array_index(job->tree->sensors,
									  struct sens_sensor, source->sensor);

			/* The newest readings are always asked for in one and the same way. */
			if (sensor->gateway == g &&
			    (step == SENS_STEP_LATEST || query_wants(&query->sources, source->id)))
				g_ptr_array_add(ids, (gpointer)(uintptr_t)source->id);
		}
		if (ids->len > 0 && (step != SENS_STEP_LATEST || newest || query->sources.n == 0))
			err = ask_gateway(work, job, step, ids);
		else if (ids->len > 0)
			for (guint i = 0; i < ids->len; i++)
				if (query_wants(&query->sources, ids->pdata[i])) {
					err = ask_gateway(work, job, step, ids);
					break;
				}
	}
	g_ptr_array_unref(ids);
	return err;
}

/* --- pages --- */

/* `next` as it came; false: this was the last page. */
static bool next_offset(const cJSON *root, const char *path, char *out, size_t size)
{
	const cJSON *next = jsonx_get(root, "next"), *measurements = jsonx_get(root, "measurements");
	const char *text, *last;

	if (next == NULL && cJSON_IsObject(measurements))
		next = jsonx_get(measurements, "next");
	text = jsonx_str(next);
	if (cJSON_IsNumber(next) && next->valuedouble >= 1 && next->valuedouble < 9e15)
		g_snprintf(out, size, "%" G_GINT64_FORMAT, (gint64)next->valuedouble);
	else if (text != NULL && strlen(text) < size && strcmp(text, "0") != 0)
		g_strlcpy(out, text, size);
	else
		return false;
	last = strstr(path, "&offset=");
	return last == NULL || strcmp(last + strlen("&offset="), out) != 0;
}

static int ask_next(struct work *work, const struct work_request *request, const char *offset)
{
	const char *end = strstr(request->path, "&offset=");
	struct work_request next = *request;
	struct buf path;
	int err;

	if (request->page + 1 >= WORK_PAGES) {
		work_notice(work, NOTICE_PARTIAL,
			    "measurements: there are more pages than are read; ask for less");
		return ERR_OK;
	}
	buf_init(&path, BUF_CEILING_REQUEST);
	buf_add(&path, request->path, end == NULL ? strlen(request->path) : (size_t)(end - request->path));
	sens_param(&path, "offset", offset);
	next.path = buf_text(&path);
	next.page++;
	err = path.error;
	if (err == ERR_OK && work_first_time(work, SENS_STEP_RAW, next.path))
		err = work_request(work, &next);
	buf_fini(&path);
	return err;
}

int sens_measure_answer(struct work *work, struct sens_job *job, const struct work_request *request,
			const struct work_answer *answer)
{
	struct sens_series series = {work, job, request, 0, 0};
	struct problem problem = {.code = ERR_OK};
	char offset[200];
	struct jsonx doc;
	int err;

	if (!sens_usable(work, request, answer))
		return ERR_OK;
	jsonx_init(&doc);
	err = jsonx_parse(&doc, answer->body, answer->length, &problem);
	if (err != ERR_OK) {
		work_fail(work, &problem);
		work_blame(work, request);
		goto out;
	}
	sens_series_take(&series, cJSON_IsArray(doc.root) ? doc.root : jsonx_get(doc.root, "measurements"));
	if (series.bad > 0)
		rows_count_bad(work_rows(work, job->kind), series.bad);
	if (request->step == SENS_STEP_RAW && series.rows > 0 &&
	    next_offset(doc.root, request->path, offset, sizeof(offset)))
		err = ask_next(work, request, offset);
out:
	jsonx_fini(&doc);
	return err;
}

/* --- the end --- */

static int by_time(const void *a, const void *b, void *ctx)
{
	const struct measurement *x = a, *y = b;
	int order = (x->time_ms > y->time_ms) - (x->time_ms < y->time_ms);

	if (order != 0)
		return *(const bool *)ctx ? -order : order;
	return by_number(&x->source_id, &y->source_id);
}

static int by_source(const void *a, const void *b, void *ctx)
{
	const struct measurement *x = a, *y = b;
	int order = by_number(&x->sensor_id, &y->sensor_id);

	(void)ctx;
	return order != 0 ? order : by_number(&x->source_id, &y->source_id);
}

void sens_measure_finish(struct work *work, struct sens_job *job)
{
	bool newest_first = work_query(work)->limit > 0;
	struct rows *rows = work_rows(work, KIND_MEASUREMENTS);

	rows_sort(rows, job->series ? by_time : by_source, &newest_first);
	if (job->elsewhere)
		work_notice(
			work, NOTICE_PARTIAL,
			"the server told of another period than the one asked for; what is outside is left out");
}
