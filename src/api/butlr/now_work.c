/* The people in each room now (butlr.md §7.1): the last five minutes in windows of one minute, by median, once by presence and once by calibrated traffic;
 * of each the newest window, of both the higher.
 *
 * Servers leave out windows in which nobody was, unless they are told to fill them; then they fill those of rooms that nobody watches, too. So a 0 counts
 * only for a room with a sensor that is not offline. */
#include "api/butlr/job.h"

#include "api/butlr/report.h"

#include <math.h>

#define NOW_MS (INT64_C(5) * 60 * 1000)

static const char *const by_room_time[] = {"room_id", "time", NULL};

/* What one measurement says of a room. */
struct now {
	double people;
	int64_t at_ms;
};

struct reading {
	GHashTable *rooms; /* id → struct now */
	int64_t now_ms;
};

static int ask(struct work *work, int step, const char *measurement, bool calibrated)
{
	const struct query *query = work_query(work);
	bool rooms = query->rooms.n > 0;
	struct butlr_report_ask what = {
		.measurement = measurement,
		.every = "1m",
		.function = "median",
		.from_ms = work_now_ms(work) - NOW_MS,
		.to_ms = MOMENT_NONE,
		.filter = rooms ? "rooms" : "spaces",
		.ids = rooms ? query->rooms.at : query->floors.at,
		.n_ids = rooms ? query->rooms.n : query->floors.n,
		.create_empty = true,
		.with_zero = true,
		.calibrated = calibrated,
		.order = by_room_time,
	};
	struct work_request request = {
		.method = "POST",
		.path = BUTLR_REPORT_PATH,
		.step = step,
		.optional = true,
		.from_ms = what.from_ms,
		.to_ms = MOMENT_NONE,
	};
	struct buf body;
	int err;

	buf_init(&body, BUF_CEILING_REQUEST);
	butlr_report_body(&body, &what);
	request.body = buf_text(&body);
	err = body.error != ERR_OK ? body.error : work_request(work, &request);
	buf_fini(&body);
	return err;
}

static void find_watched(struct work *work, struct butlr_job *job)
{
	struct rows *sensors = work_rows(work, KIND_SENSORS);

	for (size_t i = 0; i < rows_count(sensors); i++) {
		const struct sensor *sensor = rows_at(sensors, i);
		bool counts = g_strcmp0(sensor->mode, "repeater") != 0 &&
			      !butlr_placeholder_mac(sensor->address);
		if (counts && sensor->room_id != NULL && g_strcmp0(sensor->status, STATUS_OFFLINE) != 0)
			g_hash_table_add(job->watched, (gpointer)sensor->room_id);
	}
}

int butlr_now_begin(struct work *work, struct butlr_job *job)
{
	int err;

	find_watched(work, job);
	if (rows_count(work_rows(work, KIND_ROOMS)) == 0)
		return ERR_OK;
	err = ask(work, BUTLR_STEP_NOW_PRESENCE, "room_occupancy", false);
	return err != ERR_OK ? err : ask(work, BUTLR_STEP_NOW_TRAFFIC, "traffic_room_occupancy", true);
}

static int take(void *ctx, const struct butlr_sample *sample)
{
	struct reading *reading = ctx;
	int64_t at_ms = sample->time_ms == MOMENT_NONE ? reading->now_ms : sample->time_ms;
	double people = isnan(sample->stats.median) ? sample->stats.mean : sample->stats.median;
	struct now *now;

	if (sample->room_id == NULL || isnan(people))
		return ERR_OK;
	now = g_hash_table_lookup(reading->rooms, sample->room_id);
	if (now == NULL) {
		now = g_new0(struct now, 1);
		now->at_ms = MOMENT_NONE;
		g_hash_table_insert(reading->rooms, g_strdup(sample->room_id), now);
	}
	if (at_ms > now->at_ms)
		*now = (struct now){people, at_ms};
	else if (at_ms == now->at_ms && sample->address != NULL) /* a row a sensor: a room is their sum */
		now->people += people;
	return ERR_OK;
}

int butlr_now_answer(struct work *work, struct butlr_job *job, const struct work_request *request,
		     const struct work_answer *answer)
{
	struct reading reading = {.now_ms = work_now_ms(work)};
	struct problem problem = {0};
	GHashTableIter at;
	gpointer id, value;
	unsigned bad;

	if (!work_usable(work, request, answer))
		return ERR_OK;
	reading.rooms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (butlr_decode_report(answer->body, answer->length, by_room_time, take, &reading, &bad, &problem) !=
	    ERR_OK)
		work_notice(work, NOTICE_PARTIAL, "rooms: the people now cannot be read: %s", problem.why);
	g_hash_table_iter_init(&at, reading.rooms);
	while (g_hash_table_iter_next(&at, &id, &value)) {
		struct room *room = butlr_estate_find(&job->estate, KIND_ROOMS, id);
		const struct now *now = value;
		if (room == NULL || (!isnan(room->occupancy) && room->occupancy >= now->people))
			continue;
		if (!(now->people > 0) && !g_hash_table_contains(job->watched, id))
			continue;
		room->occupancy = fmax(0, now->people);
		room->as_of_ms = now->at_ms;
	}
	g_hash_table_unref(reading.rooms);
	return ERR_OK;
}

void butlr_now_finish(struct work *work)
{
	struct rows *rooms = work_rows_if(work, KIND_ROOMS);

	for (size_t i = 0; rooms != NULL && i < rows_count(rooms); i++) {
		struct room *room = rows_edit(rooms, i);
		if (isnan(room->occupancy))
			continue;
		room->occupied = room->occupancy > 0;
		room->utilization = room->occupancy / room->capacity;
		room->stale = work_now_ms(work) - room->as_of_ms > NOW_MS;
	}
}
