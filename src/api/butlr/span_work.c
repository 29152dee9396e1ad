/* Frames and detections over a range of time, in chunks that the server can answer: by time first, and by sensors once a second is still too much. */
#include "api/butlr/job.h"

#include "api/butlr/report.h"
#include "model/live.h"

#include <string.h>

#define CHUNK_MS INT64_C(60000) /* the first chunk of a longer range */
#define CHUNK_LEAST_MS INT64_C(1000)
#define CHUNK_MOST_MS (INT64_C(60) * 60 * 1000)
#define BODY_SMALL (4u << 20)  /* an answer below it: the next chunk is twice as long */
#define BODY_LARGE (24u << 20) /* above: half */
#define DEVICES_MS (INT64_C(10) * 60 * 1000)
#define RETRY_MS (INT64_C(60) * 1000) /* after the sensors could not be read */

static unsigned data_of(const struct query *query)
{
	bool local, world;

	if (query->kind == KIND_FRAMES)
		return BUTLR_HEATMAP;
	if (query->types.n == 0)
		return BUTLR_LOCAL | BUTLR_WORLD;
	local = query_wants(&query->types, "sensor");
	world = query_wants(&query->types, "floor");
	return local == world ? BUTLR_LOCAL | BUTLR_WORLD : local ? BUTLR_LOCAL : BUTLR_WORLD;
}

/* The addresses of all sensors that the query can mean. */
static void list_addresses(struct work *work, struct butlr_job *job)
{
	const struct butlr_devices *devices = job->state->devices;
	const struct query *query = work_query(work);

	for (size_t i = 0; devices != NULL && i < devices->size; i++) {
		const struct butlr_device *device = &devices->slots[i];
		if (device->key == 0 || device->address == NULL)
			continue;
		if (!job->state->placeholders && butlr_placeholder_mac(device->address))
			continue;
		if (query_wants(&query->floors, device->floor_id) &&
		    query_wants(&query->rooms, device->room_id) &&
		    (query->buildings.n == 0 || butlr_floor_wanted(work, job, device->floor_id)))
			g_ptr_array_add(job->addresses, (gpointer)device->address);
	}
}

static void next_chunk(const struct butlr_span *span, int64_t *from_ms, int64_t *to_ms)
{
	if (span->backwards) {
		*to_ms = span->at_ms;
		*from_ms = MAX(span->from_ms, span->at_ms - span->chunk_ms);
	} else {
		*from_ms = span->at_ms;
		*to_ms = MIN(span->to_ms, span->at_ms + span->chunk_ms);
	}
}

static int ask(struct work *work, struct butlr_job *job)
{
	const struct query *query = work_query(work);
	struct butlr_span *span = &job->span;
	struct butlr_detect_ask what = {
		.data = span->data,
		.floor_id = query->floors.n == 1 ? query->floors.at[0] : NULL,
		.room_id = query->rooms.n == 1 ? query->rooms.at[0] : NULL,
		.window = job->state->window_detections,
	};
	struct work_request request = {
		.method = "POST",
		.path = job->state->bare_detections ? BUTLR_DETECTIONS_BARE_PATH : BUTLR_DETECTIONS_PATH,
		.step = BUTLR_STEP_DETECTIONS,
	};
	struct buf body;
	int err;

	next_chunk(span, &what.from_ms, &what.to_ms);
	if (span->batch > 0) {
		what.macs = (const char *const *)(void *)job->addresses->pdata + span->batch_at;
		what.n_macs = MIN(span->batch, job->addresses->len - span->batch_at);
	}
	request.from_ms = what.from_ms;
	request.to_ms = what.to_ms;
	buf_init(&body, BUF_CEILING_REQUEST);
	butlr_detections_body(&body, &what);
	request.body = buf_text(&body);
	err = body.error != ERR_OK ? body.error : work_request(work, &request);
	buf_fini(&body);
	return err;
}

/* Takes over the sensors that were just read, for this work and the next ten minutes. */
static void learn_devices(struct work *work, struct butlr_job *job)
{
	struct rows *sensors = work_rows(work, KIND_SENSORS);
	struct butlr_state *state = job->state;

	if (job->estate_failed && rows_count(sensors) == 0) {
		if (state->devices == NULL)
			work_notice(work, NOTICE_PARTIAL,
				    "the sensors could not be read: sensor_id is not known");
		state->devices_until_ms = work_now_ms(work) + RETRY_MS;
		return;
	}
	butlr_devices_free(state->devices);
	state->devices = butlr_devices_new();
	butlr_devices_fill(state->devices, sensors);
	state->devices_until_ms = work_now_ms(work) + DEVICES_MS;
}

int butlr_span_begin(struct work *work, struct butlr_job *job)
{
	const struct query *query = work_query(work);
	struct butlr_span *span = &job->span;
	struct rows *rows = work_rows(work, query->kind);

	if (work_now_ms(work) >= job->state->devices_until_ms)
		learn_devices(work, job);
	job->detect.devices = job->state->devices;
	job->detect.placeholders = job->state->placeholders;
	job->detect.floors = query->floors.n > 0 ? &query->floors : NULL;
	job->detect.rooms = query->rooms.n > 0 ? &query->rooms : NULL;
	if (query->kind == KIND_FRAMES)
		job->detect.frames = rows;
	else
		job->detect.detections = rows;
	span->data = data_of(query);
	span->to_ms = query->until_ms != MOMENT_NONE ? query->until_ms : work_now_ms(work);
	span->from_ms = query->since_ms;
	span->backwards = query->since_ms == MOMENT_NONE && query->limit > 0;
	if (span->from_ms == MOMENT_NONE) /* the newest: what a day does not hold is not searched for */
		span->from_ms = span->to_ms - (span->backwards ? INT64_C(24) * 60 * 60 * 1000 : CHUNK_MS);
	if (span->from_ms >= span->to_ms)
		return ERR_OK;
	span->at_ms = span->backwards ? span->to_ms : span->from_ms;
	span->chunk_ms = MIN(CHUNK_MS, span->to_ms - span->from_ms);
	if (query->floors.n > 1 || query->rooms.n > 1 || query->buildings.n > 0) {
		list_addresses(work, job);
		if (job->addresses->len == 0)
			return ERR_OK;
		span->batch =
			job->addresses
				->len; /* one parameter takes one floor or room: name the sensors instead */
	}
	return ask(work, job);
}

/* Makes the next request smaller. False when it is as small as can be. */
static bool shrink(struct work *work, struct butlr_job *job)
{
	struct butlr_span *span = &job->span;

	if (span->chunk_ms > CHUNK_LEAST_MS && span->batch_at == 0) {
		span->chunk_ms = MAX(CHUNK_LEAST_MS, span->chunk_ms / 2);
		return true;
	}
	if (job->addresses->len == 0)
		list_addresses(work, job);
	if (job->addresses->len > 1 && span->batch != 1) {
		span->batch = ((span->batch == 0 ? job->addresses->len : span->batch) + 1) / 2;
		return true;
	}
	return false;
}

/* After an answer: the next batch of the same chunk, or the next chunk. False when the range is done. */
static bool advance(struct work *work, struct butlr_job *job, size_t length)
{
	const struct query *query = work_query(work);
	struct butlr_span *span = &job->span;
	int64_t from_ms, to_ms;

	next_chunk(span, &from_ms, &to_ms);
	if (span->batch > 0 && span->batch_at + span->batch < job->addresses->len) {
		span->batch_at += span->batch;
		return true;
	}
	span->batch_at = 0;
	span->at_ms = span->backwards ? from_ms : to_ms;
	if (length < BODY_SMALL)
		span->chunk_ms = MIN(CHUNK_MOST_MS, span->chunk_ms * 2);
	else if (length > BODY_LARGE)
		span->chunk_ms = MAX(CHUNK_LEAST_MS, span->chunk_ms / 2);
	if (query->limit > 0 && job->detect.rows >= (size_t)query->limit)
		return false;
	return span->backwards ? span->at_ms > span->from_ms : span->at_ms < span->to_ms;
}

static bool too_much(const struct work_answer *answer)
{
	return answer->error == ERR_TOO_BIG ||
	       (answer->error == ERR_OK && (answer->status == 413 || answer->status == 504));
}

/* One try each of what documents disagree about: the path, and whether a window must be given. */
static bool try_otherwise(struct butlr_job *job, const struct work_answer *answer)
{
	struct butlr_state *state = job->state;
	struct butlr_span *span = &job->span;

	if (answer->error != ERR_OK)
		return false;
	if (answer->status == 404 && !span->other_path) {
		span->other_path = true;
		state->bare_detections = !state->bare_detections;
		return true;
	}
	if (answer->status == 400 && !span->other_window && !state->window_detections) {
		span->other_window = true;
		state->window_detections = true;
		return true;
	}
	return false;
}

int butlr_span_answer(struct work *work, struct butlr_job *job, const struct work_request *request,
		      const struct work_answer *answer)
{
	struct problem problem = {0};

	if (too_much(answer) && shrink(work, job))
		return ask(work, job);
	if (try_otherwise(job, answer))
		return ask(work, job);
	if (!work_usable(work, request, answer)) {
		if (job->span.other_path) /* neither path: the documented one stays */
			job->state->bare_detections = false;
		if (job->span.other_window)
			job->state->window_detections = false;
		return work_problem(work)->code;
	}
	if (butlr_decode_detections(answer->body, answer->length, &job->detect, &problem) != ERR_OK)
		return work_fail(work, &problem);
	return advance(work, job, answer->length) ? ask(work, job) : ERR_OK;
}

/* Of rows sorted by time, the newest n. */
struct tail {
	size_t skip;
};

static bool in_tail(const void *row, void *ctx)
{
	struct tail *tail = ctx;

	(void)row;
	if (tail->skip == 0)
		return true;
	tail->skip--;
	return false;
}

static bool in_query(const void *row, void *ctx) { return query_match(ctx, row); }

void butlr_span_finish(struct work *work, struct butlr_job *job)
{
	const struct query *query = work_query(work);
	struct rows *rows = work_rows(work, query->kind);
	struct tail tail = {0};

	butlr_detections_sort(rows);
	if (job->span.backwards) {
		rows_filter(rows, in_query, (void *)(uintptr_t)query);
		if (rows_count(rows) > (size_t)query->limit) {
			tail.skip = rows_count(rows) - (size_t)query->limit;
			rows_filter(rows, in_tail, &tail);
		}
	}
	if (job->detect.hot)
		work_notice(
			work, NOTICE_HINT,
			"frames: all values of a frame exceed 200: the server does not send degrees Celsius");
	if (job->detect.odd > 0)
		work_notice(work, NOTICE_HINT, "frames: %u were not 8 by 8 and are left out",
			    job->detect.odd);
}
