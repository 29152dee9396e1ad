/* Which surface the estate is read from, and what comes after it. */
#include "api/butlr/job.h"

#include "core/kind.h"

int butlr_estate_ask(struct work *work, struct butlr_job *job, const struct work_request *request)
{
	int err = work_request(work, request);

	if (err == ERR_OK)
		job->pending++;
	return err;
}

static int begin(struct work *work, struct butlr_job *job, enum butlr_surface surface)
{
	job->surface = surface;
	job->tried[surface] = true;
	return surface == BUTLR_GRAPHQL ? butlr_graphql_begin(work, job) : butlr_rest_begin(work, job);
}

int butlr_estate_begin(struct work *work, struct butlr_job *job)
{
	const struct butlr_state *state = job->state;
	enum butlr_surface surface = state->wanted != BUTLR_ANY ? state->wanted : state->learned;

	return begin(work, job, surface == BUTLR_ANY ? BUTLR_GRAPHQL : surface);
}

/* What to tell when there is no other surface to go to. */
static int nothing_left(struct work *work, struct butlr_job *job, const struct work_request *request,
			const struct work_answer *answer)
{
	struct work_request asked = *request;
	char message[256];

	job->estate_failed = true;
	if (job->state->no_fixtures_query && work_query(work)->kind == KIND_FIXTURES &&
	    answer->error == ERR_OK) {
		butlr_no_fixtures(work);
		return ERR_OK;
	}
	if (job->surface == BUTLR_REST && answer->error == ERR_OK &&
	    (answer->status == 403 || answer->status == 404 || answer->status == 410) && !job->helper) {
		work_server_message(answer, message, sizeof(message));
		return work_failf(work, answer->status == 403 ? ERR_DENIED : ERR_ABSENT, "REST v2",
				  job->state->wanted == BUTLR_REST
					  ? "set estate=auto or estate=graphql"
					  : "check base_url and the rights of the account",
				  "the REST v2 API was retired on 2024-10-11, the server answered %d%s%s%s",
				  answer->status, message[0] != '\0' ? ": " : "", message,
				  job->tried[BUTLR_GRAPHQL] ? "; GraphQL is not offered either" : "");
	}
	asked.optional = job->helper;
	if (work_usable(work, &asked, answer)) {
		if (job->helper)
			work_notice(work, NOTICE_PARTIAL,
				    "the server's answer about the estate cannot be read");
		else
			return work_failf(work, ERR_PARSE, "estate", "check base_url, or set estate=auto",
					  "the answer is no GraphQL");
	}
	return job->helper ? ERR_OK : work_problem(work)->code;
}

int butlr_other_surface(struct work *work, struct butlr_job *job, const struct work_request *request,
			const struct work_answer *answer)
{
	enum butlr_surface other = job->surface == BUTLR_GRAPHQL ? BUTLR_REST : BUTLR_GRAPHQL;

	if (job->state->wanted != BUTLR_ANY || job->tried[other])
		return nothing_left(work, job, request, answer);
	if (job->surface == BUTLR_REST)
		work_notice(work, NOTICE_HINT, "the REST v2 API was retired on 2024-10-11; GraphQL is used");
	job->state->learned = BUTLR_ANY;
	return begin(work, job, other);
}

int butlr_follow(struct work *work, struct butlr_job *job)
{
	if (job->followed || work_failed(work))
		return ERR_OK;
	job->followed = true;
	/* Fixtures may come from the other surface alone: that says nothing of the rest. */
	if (!job->estate_failed && work_query(work)->kind != KIND_FIXTURES)
		job->state->learned = job->surface;
	switch (work_query(work)->kind) {
	case KIND_ROOMS:
		return butlr_now_begin(work, job);
	case KIND_SENSORS:
		return butlr_details_begin(work, job);
	case KIND_FRAMES:
	case KIND_DETECTIONS:
		return butlr_span_begin(work, job);
	case KIND_OCCUPANCY:
		return butlr_occupancy_begin(work, job);
	default:
		return ERR_OK;
	}
}

int butlr_estate_answer(struct work *work, struct butlr_job *job, const struct work_request *request,
			const struct work_answer *answer)
{
	bool graphql = request->step < BUTLR_STEP_SPACES;
	int err = ERR_OK;

	job->pending--;
	if (graphql ==
	    (job->surface == BUTLR_GRAPHQL)) /* what a surface answers after it was given up is of no use */
		err = graphql ? butlr_graphql_answer(work, job, request, answer)
			      : butlr_rest_answer(work, job, request, answer);
	if (err == ERR_OK && job->pending == 0)
		err = butlr_follow(work, job);
	return err;
}

void butlr_no_fixtures(struct work *work)
{
	work_notice(work, NOTICE_HINT,
		    "fixtures: the server does not offer them any more (end of life 2024-09-20)");
}

bool butlr_floor_wanted(const struct work *work, const struct butlr_job *job, const char *floor_id)
{
	const struct query *query = work_query(work);
	struct rows *floors = work_rows_if(work, KIND_FLOORS);

	(void)job;
	if (!query_wants(&query->floors, floor_id))
		return false;
	if (query->buildings.n == 0)
		return true;
	for (size_t i = 0; floor_id != NULL && floors != NULL && i < rows_count(floors); i++) {
		const struct floor_row *floor = rows_at(floors, i);
		if (floor->id != NULL && g_str_equal(floor->id, floor_id))
			return query_wants(&query->buildings, floor->building_id) ||
			       query_wants(&query->buildings, floor->id);
	}
	return false;
}
