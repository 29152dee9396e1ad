/* Occupancy by space and window (butlr.md §7): one report for each kind of space, time zone and measurement. */
#include "api/butlr/job.h"

#include "api/butlr/report.h"
#include "model/live.h"

#include <math.h>
#include <string.h>

#define HOUR_MS (INT64_C(60) * 60 * 1000)
#define WINDOWS 1440 /* windows of one request: a day by minutes */

/* The kinds of spaces, as reporting names them. */
struct space_kind {
	const char *type, *prefix, *id, *filter;
	const char *presence, *traffic, *time_used;
	enum kind kind;
	const char *order[3];
};

static const struct space_kind space_kinds[] = {
	{"room",
	 "room_",
	 "room_id",
	 "rooms",
	 "room_occupancy",
	 "traffic_room_occupancy",
	 "room_presence_time_secs",
	 KIND_ROOMS,
	 {"room_id", "time", NULL}},
	{"floor",
	 "space_",
	 "space_id",
	 "spaces",
	 "floor_occupancy",
	 "traffic_floor_occupancy",
	 "floor_presence_time_secs",
	 KIND_FLOORS,
	 {"space_id", "time", NULL}},
	{"zone",
	 "zone_",
	 "zone_id",
	 "zones",
	 "zone_occupancy",
	 NULL,
	 "zone_presence_time_secs",
	 KIND_ZONES,
	 {"zone_id", "time", NULL}},
};

/* A space with what a report of it needs. */
struct space {
	const char *id, *name, *floor_id, *timezone;
	double capacity;
};

struct reading {
	struct work *work;
	struct butlr_job *job;
	const struct space_kind *kind;
	const char *
		only; /* the one id that was asked for: answers may then leave that level out; NULL: several */
	int64_t every_ms;
	bool time_used, peak;
	uint32_t number; /* of the request: values of one request are of one measurement */
};

/* A request's subject: the kind of space, and the id behind a blank when it is about one alone. */
static const struct space_kind *kind_of(const char *subject)
{
	for (size_t i = 0; i < G_N_ELEMENTS(space_kinds); i++)
		if (subject != NULL && strncmp(subject, space_kinds[i].type, strcspn(subject, " ")) == 0)
			return &space_kinds[i];
	return NULL;
}

static int64_t every_of(const struct query *query) { return query->every_ms > 0 ? query->every_ms : HOUR_MS; }

/* --- which spaces --- */

static bool has_prefix(const struct words *ids, const char *prefix)
{
	for (size_t i = 0; i < ids->n; i++)
		if (g_str_has_prefix(ids->at[i], prefix))
			return true;
	return false;
}

/* By --type where it is given; else all, or only what the ids of --room name. */
static bool kind_wanted(const struct query *query, const struct space_kind *kind)
{
	if (query->types.n > 0)
		return query_wants(&query->types, kind->type) || query_wants(&query->types, "all");
	if (query->rooms.n > 0) {
		if (kind->kind == KIND_ROOMS)
			return !has_prefix(&query->rooms, "zone_") || has_prefix(&query->rooms, "room_");
		return has_prefix(&query->rooms, kind->prefix);
	}
	return true;
}

static const struct floor_row *floor_by_id(struct butlr_job *job, const char *id)
{
	return butlr_estate_find(&job->estate, KIND_FLOORS, id);
}

static struct space space_of(struct butlr_job *job, const struct space_kind *kind, const void *row)
{
	const struct floor_row *floor;
	struct space space;

	if (kind->kind == KIND_FLOORS) {
		floor = row;
		space = (struct space){floor->id, floor->name, floor->id, floor->timezone, floor->capacity};
	} else {
		const struct room *room = row;
		floor = floor_by_id(job, room->floor_id);
		space = (struct space){room->id, room->name, room->floor_id,
				       floor == NULL ? NULL : floor->timezone, room->capacity};
	}
	return space;
}

static bool space_wanted(const struct work *work, const struct butlr_job *job, const struct space *space)
{
	const struct query *query = work_query(work);

	return query_wants(&query->rooms, space->id) && butlr_floor_wanted(work, job, space->floor_id);
}

/* --- asking --- */

struct report {
	const struct space_kind *kind;
	const char *measurement, *timezone;
	const char *const *ids; /* none: all of the organisation */
	size_t n_ids;
	bool calibrated, optional, time_used;
	bool peak; /* the greatest sample of each window: a mean of samples has no other maximum than itself */
};

static int ask_chunk(struct work *work, const struct report *report, int64_t from_ms, int64_t to_ms,
		     bool first)
{
	int64_t every_ms;
	struct butlr_report_ask what = {
		.measurement = report->measurement,
		.every = butlr_window(every_of(work_query(work)), &every_ms),
		.function = report->time_used   ? "sum"
			    : report->peak      ? "max"
			    : every_ms <= 60000 ? "median"
						: "mean",
		.timezone = report->timezone,
		.from_ms = from_ms,
		.to_ms = to_ms,
		.filter = report->kind->filter,
		.ids = report->ids,
		.n_ids = report->n_ids,
		.with_zero = !report->time_used,
		.calibrated = report->calibrated,
		.order = report->kind->order,
	};
	struct work_request request = {
		.method = "POST",
		.path = BUTLR_REPORT_PATH,
		.step = report->time_used ? BUTLR_STEP_TIME_USED
			: report->peak    ? BUTLR_STEP_REPORT_PEAK
					  : BUTLR_STEP_REPORT,
		.subject = report->kind->type,
		.optional = report->optional,
		.page = first ? 0 : 1,
		.from_ms = from_ms,
		.to_ms = to_ms,
	};
	char *subject = report->n_ids == 1 ? g_strdup_printf("%s %s", report->kind->type, report->ids[0])
					   : NULL;
	struct buf body;
	int err;

	if (subject != NULL)
		request.subject = subject;
	buf_init(&body, BUF_CEILING_REQUEST);
	butlr_report_body(&body, &what);
	request.body = buf_text(&body);
	err = body.error != ERR_OK ? body.error : work_request(work, &request);
	buf_fini(&body);
	g_free(subject);
	return err;
}

/* The begin of the window that holds a moment, on local hours and days: without it the first window would begin anywhere, and anew in each poll. Weeks begin
 * where the server thinks best. */
static int64_t window_begin(int64_t at_ms, int64_t every_ms, const char *zone_name)
{
	struct moment_zone *zone = moment_zone_new(zone_name);
	int64_t offset_ms;

	if (every_ms > 24 * HOUR_MS || zone == NULL) {
		moment_zone_free(zone);
		return at_ms;
	}
	offset_ms = (int64_t)moment_split(at_ms, zone).utc_offset_s * 1000;
	moment_zone_free(zone);
	return at_ms - (at_ms + offset_ms) % every_ms;
}

/* In pieces of whole windows, as long as the server can be expected to answer. */
static int ask_report(struct work *work, const struct report *report)
{
	const struct query *query = work_query(work);
	int64_t to_ms = query->until_ms != MOMENT_NONE ? query->until_ms : work_now_ms(work);
	int64_t from_ms = query->since_ms != MOMENT_NONE ? query->since_ms : to_ms - 24 * HOUR_MS;
	int64_t every_ms;
	int err = ERR_OK;

	butlr_window(every_of(query), &every_ms);
	from_ms = window_begin(from_ms, every_ms, report->timezone);
	for (int64_t at_ms = from_ms; at_ms < to_ms && err == ERR_OK; at_ms += WINDOWS * every_ms)
		err = ask_chunk(work, report, at_ms, MIN(to_ms, at_ms + WINDOWS * every_ms),
				at_ms == from_ms);
	return err;
}

/* The mean, and beside it the peak, which an answer may lack: then none is told. */
static int ask_mean_and_peak(struct work *work, const struct report *base)
{
	struct report report = *base;
	int err = ask_report(work, &report);

	report.peak = report.optional = true;
	return err == ERR_OK ? ask_report(work, &report) : err;
}

static int ask_measurements(struct work *work, const struct report *base)
{
	struct report report = *base;
	int err;

	report.measurement = base->kind->presence;
	err = ask_mean_and_peak(work, &report);
	report.optional = true;
	if (err == ERR_OK && base->kind->traffic != NULL) {
		report.measurement = base->kind->traffic;
		report.calibrated = true;
		err = ask_mean_and_peak(work, &report);
		report.calibrated = false;
	}
	if (err == ERR_OK) {
		report.measurement = base->kind->time_used;
		report.time_used = true;
		err = ask_report(work, &report);
	}
	return err;
}

/* Spaces of one kind by time zone: windows must lie on local hours and days, and a request has one zone. */
static int ask_kind(struct work *work, struct butlr_job *job, const struct space_kind *kind)
{
	struct rows *rows = work_rows(work, kind->kind);
	GHashTable *zones = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
						  (GDestroyNotify)g_ptr_array_unref);
	bool all = true;
	GHashTableIter at;
	gpointer zone, value;
	int err = ERR_OK;

	for (size_t i = 0; i < rows_count(rows); i++) {
		struct space space = space_of(job, kind, rows_at(rows, i));
		GPtrArray *ids;
		if (!space_wanted(work, job, &space)) {
			all = false;
			continue;
		}
		if (space.timezone == NULL)
			work_notice(work, NOTICE_HINT,
				    "the time zone of some spaces is not told: their windows lie on UTC");
		zone = (gpointer)(space.timezone == NULL ? "UTC" : space.timezone);
		ids = g_hash_table_lookup(zones, zone);
		if (ids == NULL) {
			ids = g_ptr_array_new();
			g_hash_table_insert(zones, zone, ids);
		}
		g_ptr_array_add(ids, (gpointer)space.id);
	}
	all = all && g_hash_table_size(zones) == 1;
	g_hash_table_iter_init(&at, zones);
	while (err == ERR_OK && g_hash_table_iter_next(&at, &zone, &value)) {
		GPtrArray *ids = value;
		struct report report = {
			.kind = kind,
			.timezone = zone,
			.ids = (const char *const *)(void *)ids->pdata,
			.n_ids = all && ids->len > 1 ? 0 : ids->len,
		};
		err = ask_measurements(work, &report);
	}
	g_hash_table_unref(zones);
	return err;
}

int butlr_occupancy_begin(struct work *work, struct butlr_job *job)
{
	const struct query *query = work_query(work);
	int64_t every_ms;
	const char *word = butlr_window(every_of(query), &every_ms);
	int err = ERR_OK;

	if (every_ms != every_of(query))
		work_notice(work, NOTICE_HINT, "the server knows no windows of that length; %s is used",
			    word);
	for (size_t i = 0; i < G_N_ELEMENTS(space_kinds) && err == ERR_OK; i++)
		if (kind_wanted(query, &space_kinds[i]))
			err = ask_kind(work, job, &space_kinds[i]);
	return err;
}

/* --- answers --- */

/* A row under way: values of the request that filled it, and whether they are sums over sensors. */
struct people {
	size_t row;
	uint32_t number, peak_number;
	double peak; /* the greatest of any measurement; `sum`: of the one under way, over its sensors */
	double sum;
};

static struct occupancy *row_for(struct reading *reading, const char *id, int64_t start_ms,
				 struct people **people)
{
	struct rows *rows = work_rows(reading->work, KIND_OCCUPANCY);
	char at[MOMENT_TEXT_SIZE];
	char *key = g_strdup_printf("%s@%s", id, moment_format(start_ms, at));
	struct occupancy *row;
	const char *kept;

	*people = g_hash_table_lookup(reading->job->people, key);
	if (*people != NULL) {
		g_free(key);
		return rows_edit(rows, (*people)->row);
	}
	row = rows_add(rows);
	kept = row == NULL ? NULL : rows_text(rows, id);
	if (kept == NULL) {
		if (row != NULL) /* an id of blanks */
			rows_drop_last(rows, true);
		g_free(key);
		return NULL;
	}
	*people = g_new0(struct people, 1);
	(*people)->row = rows_count(rows) - 1;
	(*people)->peak = (*people)->sum = NAN;
	row->id = rows_text(rows, key);
	g_hash_table_insert(reading->job->people, key, *people);
	row->space_id = kept;
	row->start_ms = start_ms;
	row->end_ms = start_ms + reading->every_ms;
	return row;
}

static double plus(double a, double b) { return isnan(a) ? b : isnan(b) ? a : a + b; }

static void fill(struct occupancy *row, struct people *people, const struct reading *reading,
		 const struct butlr_sample *sample)
{
	const struct butlr_stats *stats = &sample->stats;
	double avg = isnan(stats->mean) ? stats->sum / stats->count : stats->mean;

	if (people->number == reading->number && sample->address != NULL) {
		/* A second sensor of the same space in the same answer: a space is the sum of its sensors. */
		row->avg = plus(row->avg, avg);
		row->min = plus(row->min, stats->min);
		row->max = plus(row->max, stats->max);
		row->sum = plus(row->sum, stats->sum);
		row->median = plus(row->median, stats->median);
		row->stddev = NAN;
		return;
	}
	if (!isnan(row->avg) && !(avg > row->avg)) /* presence and traffic differ: the higher of both */
		return;
	people->number = reading->number;
	row->min = stats->min;
	row->max = stats->max;
	row->avg = avg;
	row->sum = stats->sum;
	row->count = stats->count;
	row->median = stats->median;
	row->stddev = stats->stddev;
}

/* Presence and traffic differ: the higher of both. A space is the sum of its sensors. */
static void fill_peak(struct people *people, const struct reading *reading, const struct butlr_sample *sample)
{
	bool goes_on = people->peak_number == reading->number && sample->address != NULL;

	people->sum = goes_on ? plus(people->sum, sample->stats.max) : sample->stats.max;
	people->peak_number = reading->number;
	people->peak = isnan(people->peak) ? people->sum : fmax(people->peak, people->sum);
}

static int take(void *ctx, const struct butlr_sample *sample)
{
	struct reading *reading = ctx;
	const struct space_kind *kind = reading->kind;
	const char *id = kind->kind == KIND_ROOMS    ? sample->room_id
			 : kind->kind == KIND_FLOORS ? sample->floor_id
						     : sample->zone_id;
	const char *named = id != NULL ? id : reading->only;
	bool counted = sample->field != NULL &&
		       (strcmp(sample->field, "in") == 0 || strcmp(sample->field, "out") == 0);
	struct occupancy *row;
	struct people *people;

	if (named == NULL || sample->time_ms == MOMENT_NONE || counted)
		return ERR_OK;
	if (isnan(sample->stats.mean) && isnan(sample->stats.sum)) /* null is no value, not nobody */
		return ERR_OK;
	row = row_for(reading, named, sample->time_ms, &people);
	if (row == NULL)
		return ERR_OK;
	if (sample->raw && sample->stop_ms > sample->time_ms)
		row->end_ms = sample->stop_ms;
	if (reading->peak)
		fill_peak(people, reading, sample);
	else if (reading->time_used)
		row->time_used_s = sample->address != NULL
					   ? fmax(isnan(row->time_used_s) ? 0 : row->time_used_s,
						  sample->stats.sum)
					   : sample->stats.sum;
	else
		fill(row, people, reading, sample);
	if (row->space_name == NULL && sample->name != NULL)
		row->space_name = rows_text(work_rows(reading->work, KIND_OCCUPANCY), sample->name);
	return ERR_OK;
}

int butlr_occupancy_answer(struct work *work, struct butlr_job *job, const struct work_request *request,
			   const struct work_answer *answer)
{
	struct reading reading = {.work = work,
				  .job = job,
				  .kind = kind_of(request->subject),
				  .only = strchr(request->subject, ' '),
				  .number = request->number};
	struct problem problem = {0};
	unsigned bad = 0;

	if (!work_usable(work, request, answer))
		return work_failed(work) ? work_problem(work)->code : ERR_OK;
	if (reading.only != NULL)
		reading.only++;
	butlr_window(every_of(work_query(work)), &reading.every_ms);
	reading.time_used = request->step == BUTLR_STEP_TIME_USED;
	reading.peak = request->step == BUTLR_STEP_REPORT_PEAK;
	if (butlr_decode_report(answer->body, answer->length, reading.kind->order, take, &reading, &bad,
				&problem) != ERR_OK) {
		if (!request->optional)
			return work_fail(work, &problem);
		work_notice(work, NOTICE_PARTIAL, "occupancy: an answer cannot be read: %s", problem.why);
	}
	rows_count_bad(work_rows(work, KIND_OCCUPANCY), bad);
	return ERR_OK;
}

/* --- names, capacities, order --- */

static int by_start(const void *a, const void *b, void *ctx)
{
	const struct occupancy *x = a, *y = b;

	(void)ctx;
	if (x->start_ms != y->start_ms)
		return x->start_ms < y->start_ms ? -1 : 1;
	return strcmp(x->space_id, y->space_id);
}

/* Seconds of use alone are no count of people. */
static bool has_people(const void *row, void *ctx)
{
	(void)ctx;
	return !isnan(((const struct occupancy *)row)->avg);
}

static bool is_wanted(const void *row, void *ctx)
{
	struct reading *reading = ctx;
	const struct occupancy *occupancy = row;

	for (size_t i = 0; i < G_N_ELEMENTS(space_kinds); i++) {
		const void *found = butlr_estate_find(&reading->job->estate, space_kinds[i].kind,
						      occupancy->space_id);
		struct space space;
		if (found == NULL)
			continue;
		space = space_of(reading->job, &space_kinds[i], found);
		return space_wanted(reading->work, reading->job, &space);
	}
	return work_query(reading->work)->buildings.n == 0; /* a space that no list told */
}

/* Joined by space and window. Where a window's peak was not told, the statistics' own maximum stays when it is of several values, and nothing otherwise. */
static void settle_peaks(struct rows *rows, struct butlr_job *job)
{
	for (size_t i = 0; i < rows_count(rows); i++) {
		struct occupancy *row = rows_edit(rows, i);
		const struct people *people = g_hash_table_lookup(job->people, row->id);

		if (people != NULL && !isnan(people->peak))
			row->max = people->peak;
		else if (!(row->count > 1))
			row->max = NAN;
	}
}

void butlr_occupancy_finish(struct work *work, struct butlr_job *job)
{
	struct rows *rows = work_rows(work, KIND_OCCUPANCY);
	struct reading reading = {.work = work, .job = job};

	settle_peaks(rows, job);
	rows_filter(rows, has_people, NULL);
	rows_filter(rows, is_wanted, &reading);
	for (size_t i = 0; i < rows_count(rows); i++) {
		struct occupancy *row = rows_edit(rows, i);
		for (size_t k = 0; k < G_N_ELEMENTS(space_kinds); k++) {
			const void *found = butlr_estate_find(&job->estate, space_kinds[k].kind,
							      row->space_id);
			struct space space;
			if (found == NULL)
				continue;
			space = space_of(job, &space_kinds[k], found);
			if (row->space_name == NULL)
				row->space_name = rows_text(rows, space.name);
			row->utilization_avg = row->avg / space.capacity;
			row->utilization_max = row->max / space.capacity;
		}
	}
	rows_sort(rows, by_start, NULL);
}
