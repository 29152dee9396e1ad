/* Queries. */
#include "api/sensorist/job.h"

#include "base/moment.h"

#include <string.h>

#define DAY_MS INT64_C(86400000)

bool sens_who_unknown(const struct sens_job *job)
{
	return job->state->impersonate != NULL && !job->state->impersonated;
}

/* What the kind is read from, once it is certain who asks. */
static int begin(struct work *work, struct sens_job *job)
{
	switch (job->kind) {
	case KIND_USERS:
		return sens_ask(work, job, SENS_STEP_USERS, "/users", "list", "1", false);
	case KIND_CALLBACKS:
		return sens_ask(work, job, SENS_STEP_CALLBACKS, "/callbacks", NULL, NULL, false);
	case KIND_ALARMS: /* the unit of a threshold is the source's */
		return sens_ask_tree(work, job, SENS_STEP_TREE, true);
	default:
		return sens_ask_tree(work, job, SENS_STEP_TREE, false);
	}
}

int sens_read_begin(struct work *work, struct sens_job *job)
{
	if (sens_who_unknown(job))
		return sens_ask(work, job, SENS_STEP_WHO, "/users", NULL, NULL, false);
	return begin(work, job);
}

static int failed(struct work *work, const struct work_request *request, const struct problem *problem)
{
	work_fail(work, problem);
	work_blame(work, request);
	return problem->code;
}

/* A server that ignores the parameter answers as oneself (sensorist.md §8.24). */
int sens_take_who(struct work *work, struct sens_job *job, const struct work_request *request,
		  const struct work_answer *answer)
{
	struct problem problem = {.code = ERR_OK};
	char number[SENS_ID_SIZE];
	const char *id;
	struct jsonx doc;
	int err;

	if (!sens_usable(work, request, answer))
		return work_problem(work)->code;
	jsonx_init(&doc);
	err = jsonx_parse(&doc, answer->body, answer->length, &problem);
	if (err == ERR_OK) {
		id = sens_id(jsonx_get(sens_payload(doc.root, "user", "users"), "id"), number);
		job->state->impersonated = g_strcmp0(id, job->state->impersonate) == 0;
		if (!job->state->impersonated)
			err = problem_set(&problem, ERR_DENIED, "impersonate",
					  "check impersonate, and your rights",
					  "the server does not answer as user %s", job->state->impersonate);
	}
	jsonx_fini(&doc);
	return err == ERR_OK ? ERR_OK : failed(work, request, &problem);
}

/* --- with the gateways known --- */

static int ask_alarms(struct work *work, struct sens_job *job)
{
	const struct query *query = work_query(work);
	char from[MOMENT_TEXT_SIZE], to[MOMENT_TEXT_SIZE];
	struct buf path;
	int err = sens_ask(work, job, SENS_STEP_ALARMS, "/alarms", NULL, NULL, false);

	if (err != ERR_OK || (query->since_ms == MOMENT_NONE && query->until_ms == MOMENT_NONE))
		return err;
	job->to_ms = query->until_ms != MOMENT_NONE ? query->until_ms : work_now_ms(work);
	job->from_ms = query->since_ms != MOMENT_NONE ? query->since_ms : job->to_ms - 7 * DAY_MS;
	job->from_ms -= job->from_ms % SENS_QUARTER_MS;
	job->to_ms += SENS_QUARTER_MS - 1;
	job->to_ms -= job->to_ms % SENS_QUARTER_MS;
	job->logs = g_array_new(FALSE, TRUE, sizeof(struct sens_log));
	buf_init(&path, BUF_CEILING_REQUEST);
	buf_addf(&path, "/alarms/history?from=%s&to=%s", moment_format(job->from_ms, from),
		 moment_format(job->to_ms, to));
	sens_param_impersonate(&path, job);
	{
		struct work_request request = {
			.path = buf_text(&path),
			.step = SENS_STEP_HISTORY,
			.cacheable = true,
			.from_ms = job->from_ms,
			.to_ms = job->to_ms,
		};

		err = path.error != ERR_OK ? path.error : sens_request(work, job, &request);
	}
	buf_fini(&path);
	return err;
}

static int take_tree(struct work *work, struct sens_job *job, const struct work_request *request,
		     const struct work_answer *answer)
{
	struct problem problem = {.code = ERR_OK};

	if (sens_usable(work, request, answer)) {
		job->tree = sens_tree_new();
		if (sens_tree_read(job->tree, answer->body, answer->length, &problem) != ERR_OK)
			return failed(work, request, &problem);
		if (job->tree->bad > 0)
			rows_count_bad(work_rows(work, job->kind), job->tree->bad);
	} else if (work_failed(work)) {
		return work_problem(work)->code;
	}
	if (job->kind == KIND_ALARMS)
		return ask_alarms(work, job);
	return job->kind == KIND_GATEWAYS ? ERR_OK : sens_measure_ask(work, job, job->kind == KIND_SENSORS);
}

static int take_list(struct work *work, struct sens_job *job, const struct work_request *request,
		     const struct work_answer *answer)
{
	struct problem problem = {.code = ERR_OK};

	/* Whose hierarchy may not be read still has himself. */
	if (request->step == SENS_STEP_USERS && answer->error == ERR_OK &&
	    (answer->status == 400 || answer->status == 403 || answer->status == 404)) {
		work_notice(work, NOTICE_HINT, "the list of users may not be read: only this account's own");
		return sens_ask(work, job, SENS_STEP_USER, "/users", NULL, NULL, false);
	}
	if (!sens_usable(work, request, answer))
		return work_problem(work)->code;
	if (sens_list_take(work_rows(work, job->kind), job->kind, job->tree, answer->body, answer->length,
			   &problem) != ERR_OK)
		return failed(work, request, &problem);
	return ERR_OK;
}

int sens_read_answer(struct work *work, struct sens_job *job, const struct work_request *request,
		     const struct work_answer *answer)
{
	int err;

	switch (request->step) {
	case SENS_STEP_WHO:
		err = sens_take_who(work, job, request, answer);
		return err == ERR_OK ? begin(work, job) : err;
	case SENS_STEP_TREE:
		return take_tree(work, job, request, answer);
	case SENS_STEP_LATEST:
	case SENS_STEP_MIN_MAX:
	case SENS_STEP_RANGE:
	case SENS_STEP_RAW:
		return sens_measure_answer(work, job, request, answer);
	case SENS_STEP_ALARMS:
	case SENS_STEP_HISTORY:
		return sens_alarms_answer(work, job, request, answer);
	default:
		return take_list(work, job, request, answer);
	}
}

int sens_read_finish(struct work *work, struct sens_job *job)
{
	struct rows *rows = work_rows(work, job->kind);

	if (job->kind == KIND_ALARMS)
		sens_alarms_finish(work, job);
	if (job->kind == KIND_MEASUREMENTS)
		sens_measure_finish(work, job);
	if (job->tree == NULL)
		return ERR_OK;
	for (guint i = 0; job->kind == KIND_GATEWAYS && i < job->tree->gateways->len; i++)
		(void)sens_add_gateway(rows, job->tree,
				       &g_array_index(job->tree->gateways, struct sens_gateway, i));
	for (guint i = 0; job->kind == KIND_SENSORS && i < job->tree->sensors->len; i++)
		(void)sens_add_sensor(rows, job->tree,
				      &g_array_index(job->tree->sensors, struct sens_sensor, i),
				      work_now_ms(work));
	return ERR_OK;
}
