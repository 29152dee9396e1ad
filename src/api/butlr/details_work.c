/* What lists leave out, asked for one by one or once in a while: sensors' orientation, names of types. */
#include "api/butlr/job.h"

#include "api/butlr/list.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

#define DETAILS                                                                                              \
	200 /* sensors asked for one by one in one work; of a larger estate none is: it would take minutes */
#define AT_ONCE 8 /* of these at a time, once the first was answered */
#define TYPES_MS (INT64_C(24) * 60 * 60 * 1000)
#define TYPES_RETRY_MS (INT64_C(60) * 60 * 1000)

/* --- sensors --- */

static int ask_sensor(struct work *work, const char *id)
{
	struct work_request request = {
		.step = BUTLR_STEP_SENSOR,
		.subject = id,
		.optional = true,
		.cacheable = true,
		.from_ms = MOMENT_NONE,
		.to_ms = MOMENT_NONE,
	};
	struct buf path;
	int err;

	buf_init(&path, BUF_CEILING_REQUEST);
	buf_adds(&path, "/api/v2/sensors/");
	text_add_percent(&path, id);
	request.path = buf_text(&path);
	err = work_request(work, &request);
	buf_fini(&path);
	return err;
}

static int ask_next(struct work *work, struct butlr_job *job, guint n)
{
	int err = ERR_OK;

	for (; n > 0 && job->details_at < job->details->len && err == ERR_OK; n--)
		err = ask_sensor(work, g_ptr_array_index(job->details, job->details_at++));
	return err;
}

int butlr_details_begin(struct work *work, struct butlr_job *job)
{
	struct rows *sensors = work_rows(work, KIND_SENSORS);

	if (job->surface != BUTLR_REST || job->state->no_sensor_details)
		return ERR_OK;
	for (size_t i = 0; i < rows_count(sensors) && job->details->len < DETAILS; i++) {
		struct sensor *sensor = rows_edit(sensors, i);
		const struct vector3 *known = g_hash_table_lookup(job->state->orientations, sensor->id);
		if (known != NULL && isnan(sensor->orientation.v[0]))
			sensor->orientation = *known;
		else if (isnan(sensor->orientation.v[0]) && query_match(work_query(work), sensor) &&
			 (job->state->placeholders || !butlr_placeholder_mac(sensor->address)))
			g_ptr_array_add(job->details, (gpointer)sensor->id);
	}
	if (job->details->len >= DETAILS)
		g_ptr_array_set_size(job->details, 0);
	return ask_next(work, job, 1);
}

int butlr_details_answer(struct work *work, struct butlr_job *job, const struct work_request *request,
			 const struct work_answer *answer)
{
	const struct sensor *sensor;
	struct butlr_page page;

	if (answer->error == ERR_OK &&
	    (answer->status == 404 || answer->status == 405 || answer->status == 410)) {
		job->state->no_sensor_details = true;
		job->details_at = job->details->len;
		return ERR_OK;
	}
	if (!work_usable(work, request, answer)) {
		job->details_at = job->details->len;
		return ERR_OK;
	}
	if (butlr_decode_list(answer->body, answer->length, KIND_SENSORS, NULL, &job->estate, &page, NULL) !=
	    ERR_OK)
		work_notice(work, NOTICE_PARTIAL, "sensors: the details of one cannot be read");
	sensor = butlr_estate_find(&job->estate, KIND_SENSORS, request->subject);
	if (sensor != NULL && isnan(sensor->orientation.v[0]) && job->details_at == 1) {
		/* The first that was asked for does not tell it either: this server does not. */
		job->state->no_sensor_details = true;
		job->details_at = job->details->len;
	}
	if (sensor != NULL) /* remembered also when it is not told, so that no poll asks again */
		g_hash_table_insert(job->state->orientations, g_strdup(sensor->id),
				    g_memdup2(&sensor->orientation, sizeof(sensor->orientation)));
	return ask_next(work, job, job->details_at == 1 ? AT_ONCE : 1);
}

/* --- types --- */

static int ask_types(struct work *work, struct butlr_job *job, int step, const char *cursor, unsigned page)
{
	struct work_request request = {
		.step = step,
		.page = page,
		.optional = true,
		.cacheable = true,
		.from_ms = MOMENT_NONE,
		.to_ms = MOMENT_NONE,
	};
	struct buf path;
	int err;

	buf_init(&path, BUF_CEILING_REQUEST);
	buf_adds(&path,
		 step == BUTLR_STEP_ROOM_TYPES ? "/api/v2/room-types?lang=" : "/api/v2/fixture-types?lang=");
	text_add_percent(&path, job->state->language);
	if (cursor[0] != '\0') {
		buf_adds(&path, "&next=");
		text_add_percent(&path, cursor);
	}
	request.path = buf_text(&path);
	err = work_request(work, &request);
	buf_fini(&path);
	return err;
}

static struct butlr_types *types_of(struct butlr_state *state, int step)
{
	return step == BUTLR_STEP_ROOM_TYPES ? &state->room_types : &state->fixture_types;
}

int butlr_types_begin(struct work *work, struct butlr_job *job)
{
	enum kind kind = work_query(work)->kind;
	int step = kind == KIND_FIXTURES ? BUTLR_STEP_FIXTURE_TYPES : BUTLR_STEP_ROOM_TYPES;

	if (kind != KIND_ROOMS && kind != KIND_FIXTURES)
		return ERR_OK;
	if (work_now_ms(work) < types_of(job->state, step)->until_ms)
		return ERR_OK;
	return ask_types(work, job, step, "", 0);
}

/* Only words: that a server does not tell them is nothing to trouble anybody with. */
int butlr_types_answer(struct work *work, struct butlr_job *job, const struct work_request *request,
		       const struct work_answer *answer)
{
	struct butlr_types *types = types_of(job->state, request->step);
	struct butlr_page page;

	types->until_ms = work_now_ms(work) + TYPES_RETRY_MS;
	if (answer->error != ERR_OK || answer->status < 200 || answer->status >= 300)
		return ERR_OK;
	if (butlr_decode_types(answer->body, answer->length, types->names, &page, NULL) != ERR_OK)
		return ERR_OK;
	types->until_ms = work_now_ms(work) + TYPES_MS;
	if (page.next[0] == '\0' || page.fresh == 0 || request->page + 1 >= WORK_PAGES)
		return ERR_OK;
	return ask_types(work, job, request->step, page.next, request->page + 1);
}

static const char *name_of(struct rows *rows, const struct butlr_types *types, const char *key)
{
	const char *name = key == NULL ? NULL : g_hash_table_lookup(types->names, key);

	return name == NULL ? NULL : rows_text(rows, name);
}

void butlr_types_apply(struct work *work, const struct butlr_state *state)
{
	struct rows *rooms = work_rows_if(work, KIND_ROOMS), *fixtures = work_rows_if(work, KIND_FIXTURES);

	for (size_t i = 0; rooms != NULL && i < rows_count(rooms); i++) {
		struct room *room = rows_edit(rooms, i);
		room->type_name = name_of(rooms, &state->room_types, room->type);
	}
	for (size_t i = 0; fixtures != NULL && i < rows_count(fixtures); i++) {
		struct fixture *fixture = rows_edit(fixtures, i);
		fixture->type_name = name_of(fixtures, &state->fixture_types, fixture->type);
	}
}
