/* Rooms with who is in them, and history: which spaces are asked for, in which batches and pieces. */
#include "api/density/job.h"

#include "api/density/shape.h"
#include "base/jsonw.h"
#include "core/kind.h"

#include <string.h>

#define DAY_MS INT64_C(86400000)
#define STATUS_FLOORS 5 /* in one request (density-public-api.txt, Floor Data Completion Status) */
#define STATUS_SHORTEST_MS (5 * 60 * 1000)
#define STATUS_LONGEST_MS (10 * DAY_MS)
#define STATUS_FIRST_MS INT64_C(1717200000000) /* 2024-06-01T00:00:00Z: nothing before */
#define STATUS_DAYS 10                         /* of the newest, one by one */
#define STATUS_REQUESTS 300
#define SESSIONS_DAYS 60
#define MINUTES_BATCH 20 /* spaces whose minutes of a day come in one answer */

/* --- rooms --- */

static bool is_room(const struct dens_job *job, const struct dens_space *space)
{
	return space->level == DENS_ROOM && job->selected[space->index];
}

static int ask_now(struct work *work, const struct dens_job *job, int step,
		   const struct dens_space *const *spaces, size_t n, bool all)
{
	const char *path = step == DENS_STEP_COUNT ? "/v3/analytics/occupancy/current"
			   : job->state->no_health ? "/v3/analytics/presence"
						   : "/v3/analytics/presence-health";
	struct work_request request = {
		.method = "POST",
		.path = path,
		.step = step,
		.subject = all ? "all" : NULL,
		.optional = true,
		.from_ms = MOMENT_NONE,
		.to_ms = MOMENT_NONE,
	};
	struct buf body;
	struct jsonw w;
	int err;

	buf_init(&body, BUF_CEILING_REQUEST);
	dens_body_begin(&w, &body, all ? NULL : "space_ids", spaces, n);
	jsonw_close(&w, '}');
	request.body = buf_text(&body);
	err = body.error != ERR_OK ? body.error : work_request(work, &request);
	buf_fini(&body);
	return err;
}

static int ask_batches(struct work *work, const struct dens_job *job, int step)
{
	const struct dens_space *batch[DENS_BATCH];
	size_t n = 0;
	int err = ERR_OK;

	for (guint i = 0; i < job->tree->spaces->len && err == ERR_OK; i++) {
		const struct dens_space *space = job->tree->spaces->pdata[i];

		if (is_room(job, space))
			batch[n++] = space;
		if (n < DENS_BATCH)
			continue;
		err = ask_now(work, job, step, batch, n, false);
		n = 0;
	}
	return n > 0 && err == ERR_OK ? ask_now(work, job, step, batch, n, false) : err;
}

int dens_rooms_ask(struct work *work, struct dens_job *job)
{
	static const int steps[] = {DENS_STEP_COUNT, DENS_STEP_PRESENCE};
	size_t rooms = 0;
	bool all;
	int err = ERR_OK;

	job->now = g_new(struct dens_now, job->tree->spaces->len + 1);
	for (guint i = 0; i < job->tree->spaces->len; i++) {
		job->now[i] = DENS_NOW_BLANK;
		rooms += is_room(job, job->tree->spaces->pdata[i]);
	}
	/* Two hundred batches a poll are more than the server's limits allow: a portfolio of that size is asked for whole. */
	all = rooms > DENS_WHOLE && dens_whole(work_query(work)) && !job->state->by_batch;
	for (size_t i = 0; i < G_N_ELEMENTS(steps) && err == ERR_OK; i++)
		err = all ? ask_now(work, job, steps[i], NULL, 0, true) : ask_batches(work, job, steps[i]);
	return err;
}

struct now_reading {
	struct dens_job *job;
	int64_t now_ms;
};

static int on_now(void *ctx, const char *id, bool in_array, const cJSON *value)
{
	const struct now_reading *reading = ctx;
	const struct dens_space *space = dens_tree_find(reading->job->tree, id);

	(void)in_array;
	if (space != NULL)
		dens_now_read(&reading->job->now[space->index], value, reading->now_ms);
	return ERR_OK;
}

static bool not_offered(const struct work_answer *answer)
{
	return answer->error == ERR_OK &&
	       (answer->status == 404 || answer->status == 405 || answer->status == 410);
}

static bool signed_out(const struct work_answer *answer)
{
	return answer->status == 401 || answer->error == ERR_AUTH || answer->error == ERR_CANCELLED;
}

/* The server is at its end with all at once: too big, too slow, or not to its liking. */
static bool too_much(const struct work_answer *answer)
{
	return answer->error == ERR_TOO_BIG || answer->error == ERR_TIMEOUT || answer->error == ERR_PARSE ||
	       answer->status == 400 || answer->status == 413 || answer->status == 414 ||
	       answer->status == 422 || answer->status >= 500;
}

int dens_rooms_answer(struct work *work, struct dens_job *job, const struct work_request *request,
		      const struct work_answer *answer)
{
	struct now_reading reading = {job, answer->now_ms};
	struct work_request asked = *request;
	struct problem problem = {.code = ERR_OK};
	bool all = request->subject != NULL;

	job->answered_ms = answer->now_ms;
	asked.optional = !signed_out(answer);
	if (request->step == DENS_STEP_PRESENCE && not_offered(answer) &&
	    strcmp(request->path, "/v3/analytics/presence-health") == 0) {
		/* The older form: presence alone. */
		bool first = !job->state->no_health;

		job->state->no_health = true;
		if (first)
			work_notice(work, NOTICE_HINT,
				    "the server does not tell the health of spaces: no room is called free");
		asked.path = "/v3/analytics/presence";
		return work_request(work, &asked);
	}
	if (all && too_much(answer)) {
		job->state->by_batch = true;
		return ask_batches(work, job, request->step);
	}
	if (!work_usable(work, &asked, answer))
		return work_failed(work) ? work_problem(work)->code : ERR_OK;
	if (dens_each_space(answer->body, answer->length, on_now, &reading, NULL, &problem) != ERR_OK)
		work_notice(work, NOTICE_PARTIAL, "rooms: an answer cannot be read: %s", problem.why);
	return ERR_OK;
}

void dens_rooms_finish(struct work *work, struct dens_job *job)
{
	const struct query *query = work_query(work);
	struct rows *rows = work_rows(work, KIND_ROOMS);

	for (guint i = 0; i < job->tree->spaces->len; i++) {
		const struct dens_space *space = job->tree->spaces->pdata[i];
		struct room *room;

		if (!is_room(job, space))
			continue;
		room = dens_add_room(rows, space);
		if (room != NULL)
			dens_now_apply(room, &job->now[i]);
	}
	if (job->tree->read_ms >= work_now_ms(work))
		rows_count_bad(rows, job->tree->bad);
	if (dens_whole(query) && query->types.n + query->statuses.n == 0 && query->limit == 0)
		dens_push_polled(&job->state->push, rows, job->tree, job->now, work_now_ms(work));
	dens_push_over(&job->state->push, rows, job->tree, job->now, work_now_ms(work), job->answered_ms);
}

/* --- history --- */

static bool type_wanted(const struct query *query, const struct dens_space *space)
{
	static const char *const levels[] = {"room", "floor", "building"};

	if (query->kind == KIND_OCCUPANCY && query->types.n > 0)
		return query_wants(&query->types, levels[space->level]) ||
		       (space->function != NULL && query_wants(&query->types, space->function));
	/* Of what is around rooms the server tells the rooms (density.md §3): asking for both would bring them twice. */
	return space->level == DENS_ROOM || (query->rooms.n > 0 && query_wants(&query->rooms, space->id)) ||
	       (space->n_children == 0 && space->mode != NULL &&
		g_ascii_strcasecmp(space->mode, "entry") == 0);
}

/* What is asked for, by the zone whose clocks it goes by: name → GPtrArray of spaces. */
static GHashTable *by_zone(struct work *work, struct dens_job *job)
{
	GHashTable *zones = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
						  (GDestroyNotify)g_ptr_array_unref);

	for (guint i = 0; i < job->tree->spaces->len; i++) {
		const struct dens_space *space = job->tree->spaces->pdata[i];
		const char *zone = space->zone != NULL ? space->zone : "UTC";
		GPtrArray *spaces;

		job->selected[i] = job->selected[i] && space->level != DENS_GROUP &&
				   type_wanted(work_query(work), space);
		if (!job->selected[i])
			continue;
		if (space->zone == NULL)
			work_notice(work, NOTICE_HINT,
				    "the time zone of some spaces is not told: UTC is taken for it");
		spaces = g_hash_table_lookup(zones, zone);
		if (spaces == NULL) {
			spaces = g_ptr_array_new();
			g_hash_table_insert(zones, (gpointer)zone, spaces);
		}
		g_ptr_array_add(spaces, (gpointer)space);
	}
	return zones;
}

/* One batch of spaces being asked for over all pieces. */
struct batch {
	struct work *work;
	const struct dens_job *job;
	const struct dens_space *const *spaces;
	size_t n;
	enum dens_resolution resolution;
};

static int ask_piece(void *ctx, const struct dens_piece *piece)
{
	const struct batch *batch = ctx;
	bool sessions = batch->resolution == DENS_RAW;
	struct work_request request = {
		.method = "POST",
		.path = sessions ? "/v3/analytics/sessions/raw" : "/v3/analytics/metrics",
		.step = sessions ? DENS_STEP_SESSIONS : DENS_STEP_METRICS,
		.from_ms = piece->from_ms,
		.to_ms = piece->to_ms,
	};
	struct buf body;
	struct jsonw w;
	int err;

	buf_init(&body, BUF_CEILING_REQUEST);
	dens_body_begin(&w, &body, "space_ids", batch->spaces, batch->n);
	jsonw_kstr(&w, "start_date", piece->from);
	jsonw_kstr(&w, "end_date", piece->to);
	if (!sessions)
		jsonw_kstr(&w, "time_resolution", dens_resolution_word(batch->resolution));
	jsonw_close(&w, '}');
	request.body = buf_text(&body);
	err = body.error != ERR_OK ? body.error : work_request(batch->work, &request);
	buf_fini(&body);
	return err;
}

/* How many of the next spaces go into one request. A floor or a building stands for all that is in it, and minutes are many. */
static size_t batch_of(const struct batch *batch, size_t left)
{
	size_t most = batch->resolution == DENS_MINUTE ? MINUTES_BATCH : DENS_BATCH, n = 0;

	while (n < left && n < most &&
	       (batch->spaces[n]->level == DENS_ROOM || batch->spaces[n]->n_children == 0))
		n++;
	return n > 0 ? n : 1;
}

static int ask_zone(struct work *work, struct dens_job *job, const char *name, const GPtrArray *spaces,
		    int64_t from_ms, int64_t to_ms)
{
	const struct moment_zone *zone = dens_zone(&job->report, name);
	struct batch batch = {.work = work, .job = job};
	int64_t unused_ms, last_ms;
	int err = ERR_OK;

	batch.resolution = job->kind == KIND_SESSIONS ? DENS_RAW : job->report.every.resolution;
	/* A window that is put together begins and ends where it does, not where the question does; what has not happened yet is not asked for. */
	if (job->kind == KIND_OCCUPANCY) {
		dens_window(&job->report.every, from_ms, zone, &from_ms, &unused_ms);
		dens_window(&job->report.every, to_ms - 1, zone, &unused_ms, &last_ms);
		to_ms = MAX(to_ms, MIN(last_ms, work_now_ms(work)));
	}
	for (guint at = 0; at < spaces->len && err == ERR_OK; at += (guint)batch.n) {
		batch.spaces = (const struct dens_space *const *)(void *)(spaces->pdata + at);
		batch.n = batch_of(&batch, spaces->len - at);
		err = dens_pieces(batch.resolution, from_ms, to_ms, zone, ask_piece, &batch);
	}
	return err;
}

/* --- completeness --- */

static int ask_slice(struct work *work, const struct dens_space *const *floors, size_t n, int64_t from_ms,
		     int64_t to_ms)
{
	char from[MOMENT_TEXT_SIZE], to[MOMENT_TEXT_SIZE];
	struct work_request request = {
		.method = "POST",
		.path = "/v3/analytics/data-status",
		.step = DENS_STEP_STATUS,
		.optional = true,
		.from_ms = from_ms,
		.to_ms = to_ms,
	};
	struct buf body;
	struct jsonw w;
	int err;

	buf_init(&body, BUF_CEILING_REQUEST);
	dens_body_begin(&w, &body, "floor_ids", floors, n);
	jsonw_kstr(&w, "start_date", moment_format(from_ms, from));
	jsonw_kstr(&w, "end_date", moment_format(to_ms - 1000, to));
	jsonw_close(&w, '}');
	request.body = buf_text(&body);
	err = body.error != ERR_OK ? body.error : work_request(work, &request);
	buf_fini(&body);
	return err;
}

/* From the newest back: days one by one, since what is missing is missing at the end; then as much as one request may cover. */
static int ask_slices(struct work *work, struct dens_job *job, const char *zone_name, const GPtrArray *floors,
		      int64_t from_ms, int64_t to_ms)
{
	static const struct dens_every daily = {DENS_DAY, 1};
	const struct moment_zone *zone = dens_zone(&job->report, zone_name);
	int64_t end_ms = to_ms / 1000 * 1000, unused_ms, begin_ms;
	int err = ERR_OK;

	for (unsigned slice = 0; end_ms > from_ms && end_ms > STATUS_FIRST_MS + DAY_MS && err == ERR_OK;
	     slice++) {
		dens_window(&daily, end_ms - 1, zone, &begin_ms, &unused_ms);
		if (slice >= STATUS_DAYS)
			begin_ms = end_ms - STATUS_LONGEST_MS;
		begin_ms = MAX(begin_ms, from_ms / 1000 * 1000);
		if (end_ms - begin_ms < STATUS_SHORTEST_MS + 1000)
			begin_ms = end_ms - STATUS_SHORTEST_MS - 1000;
		for (guint at = 0; at < floors->len && err == ERR_OK; at += STATUS_FLOORS)
			err = ask_slice(work, (const struct dens_space *const *)(void *)(floors->pdata + at),
					MIN(STATUS_FLOORS, floors->len - at), begin_ms, end_ms);
		end_ms = begin_ms;
	}
	return err;
}

static bool is_area(const struct dens_space *space)
{
	return space->mode != NULL && g_ascii_strcasecmp(space->mode, "oa") == 0;
}

/* The floors with open area sensors below which something is asked for. */
static GPtrArray *area_floors(const GPtrArray *spaces)
{
	GPtrArray *floors = g_ptr_array_new();
	GHashTable *seen = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < spaces->len; i++) {
		const struct dens_space *space = spaces->pdata[i];

		if (space->floor != NULL && (is_area(space) || is_area(space->floor)) &&
		    g_hash_table_add(seen, (gpointer)space->floor))
			g_ptr_array_add(floors, (gpointer)space->floor);
	}
	g_hash_table_unref(seen);
	return floors;
}

static int ask_status(struct work *work, struct dens_job *job, const char *zone, const GPtrArray *spaces,
		      int64_t from_ms, int64_t to_ms)
{
	GPtrArray *floors = area_floors(spaces);
	int64_t days = (to_ms - from_ms) / DAY_MS + 2;
	int64_t slices = days <= STATUS_DAYS ? days : STATUS_DAYS + days / 10 + 1;
	int err = ERR_OK;

	if (slices * (floors->len / STATUS_FLOORS + 1) > STATUS_REQUESTS)
		work_notice(work, NOTICE_HINT,
			    "how complete the data are is not asked for so many floors and days");
	else
		err = ask_slices(work, job, zone, floors, from_ms, to_ms);
	g_ptr_array_unref(floors);
	return err;
}

int dens_report_ask(struct work *work, struct dens_job *job)
{
	const struct query *query = work_query(work);
	int64_t to_ms = query->until_ms != MOMENT_NONE ? query->until_ms : work_now_ms(work);
	int64_t days = job->kind == KIND_SESSIONS ? SESSIONS_DAYS : 1;
	int64_t from_ms = query->since_ms != MOMENT_NONE ? query->since_ms : to_ms - days * DAY_MS + 60000;
	GHashTable *zones = by_zone(work, job);
	GHashTableIter at;
	gpointer name, spaces;
	bool exact;
	int err = ERR_OK;

	dens_report_init(&job->report, work_rows(work, job->kind), job->tree, job->selected,
			 dens_whole(query) && query->types.n == 0);
	job->report.every = dens_every_of(query->every_ms > 0 ? query->every_ms : 3600000, &exact);
	if (job->kind == KIND_OCCUPANCY && !exact)
		work_notice(work, NOTICE_HINT,
			    "the server counts in whole minutes; windows of %" G_GINT64_FORMAT
			    " minutes are used",
			    job->report.every.group);
	g_hash_table_iter_init(&at, zones);
	while (err == ERR_OK && g_hash_table_iter_next(&at, &name, &spaces)) {
		err = ask_zone(work, job, name, spaces, from_ms, to_ms);
		if (err == ERR_OK && job->kind == KIND_OCCUPANCY && query->completeness)
			err = ask_status(work, job, name, spaces, from_ms, to_ms);
	}
	g_hash_table_unref(zones);
	return err;
}

int dens_report_answer(struct work *work, struct dens_job *job, const struct work_request *request,
		       const struct work_answer *answer)
{
	struct dens_piece piece = {.from_ms = request->from_ms, .to_ms = request->to_ms};
	struct problem problem = {.code = ERR_OK};
	struct work_request asked = *request;
	int err;

	asked.optional = asked.optional && !signed_out(answer);
	if (!work_usable(work, &asked, answer))
		return work_failed(work) ? work_problem(work)->code : ERR_OK;
	if (request->step == DENS_STEP_STATUS) {
		if (dens_status_read(&job->report, answer->body, answer->length, request->from_ms,
				     request->to_ms, &problem) != ERR_OK)
			work_notice(work, NOTICE_HINT, "how complete the data are cannot be read: %s",
				    problem.why);
		return ERR_OK;
	}
	err = request->step == DENS_STEP_METRICS
		      ? dens_metrics_read(&job->report, answer->body, answer->length, &piece, &problem)
		      : dens_sessions_read(&job->report, answer->body, answer->length, &problem);
	if (err != ERR_OK) {
		work_fail(work, &problem);
		work_blame(work, request);
	}
	return err;
}

void dens_report_end(struct work *work, struct dens_job *job)
{
	const struct query *query = work_query(work);
	bool newest_first = query->limit > 0;

	if (job->kind == KIND_OCCUPANCY && query->types.n > 0 && rows_count(job->report.rows) == 0)
		work_notice(work, NOTICE_HINT,
			    "the server tells nothing of these by themselves; their rooms may be told");
	if (job->kind == KIND_SESSIONS)
		dens_sessions_finish(&job->report, newest_first);
	else
		dens_metrics_finish(&job->report, newest_first);
}
