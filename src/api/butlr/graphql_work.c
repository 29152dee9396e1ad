/* The estate by GraphQL: which queries a kind needs, and what to do with answers that are only half good (butlr.md §5). */
#include "api/butlr/job.h"

#include "base/text.h"

#include <string.h>

#define DROPS 8 /* fields a server may refuse in one query, one by one */

static unsigned queries_of(const struct query *query)
{
	unsigned needs[KIND_COUNT] = {
		[KIND_BUILDINGS] = 1u << BUTLR_QUERY_TOPOLOGY,
		[KIND_FLOORS] = 1u << BUTLR_QUERY_TOPOLOGY,
		[KIND_ROOMS] = 1u << BUTLR_QUERY_TOPOLOGY | 1u << BUTLR_QUERY_ROOMS |
			       1u << BUTLR_QUERY_SENSORS,
		[KIND_ZONES] = 1u << BUTLR_QUERY_TOPOLOGY,
		[KIND_FIXTURES] = 1u << BUTLR_QUERY_FIXTURES,
		[KIND_SENSORS] = 1u << BUTLR_QUERY_SENSORS | 1u << BUTLR_QUERY_GEOMETRY,
		[KIND_GATEWAYS] = 1u << BUTLR_QUERY_HIVES | 1u << BUTLR_QUERY_SENSORS,
		[KIND_FRAMES] = 1u << BUTLR_QUERY_SENSORS,
		[KIND_DETECTIONS] = 1u << BUTLR_QUERY_SENSORS,
		[KIND_OCCUPANCY] = 1u << BUTLR_QUERY_TOPOLOGY,
	};
	unsigned need = needs[query->kind];

	if (query->kind == KIND_SENSORS) /* a sensor may name its hive only by serial */
		need |= 1u << BUTLR_QUERY_HIVES;
	if (query->buildings.n > 0)
		need |= 1u << BUTLR_QUERY_TOPOLOGY;
	return need;
}

/* The main query of a kind; the others complete it. */
static bool main_query(enum kind kind, enum butlr_query query)
{
	switch (query) {
	case BUTLR_QUERY_ROOMS:
	case BUTLR_QUERY_GEOMETRY:
		return false;
	case BUTLR_QUERY_SENSORS:
		return kind == KIND_SENSORS;
	case BUTLR_QUERY_HIVES:
		return kind == KIND_GATEWAYS;
	default:
		return true;
	}
}

static int ask(struct work *work, struct butlr_job *job, enum butlr_query query, unsigned attempt)
{
	const char *text = job->state->queries[query];
	struct work_request request = {
		.method = "POST",
		.path = BUTLR_GRAPHQL_PATH,
		.step = (int)BUTLR_STEP_QUERY + (int)query,
		.page = attempt,
		.optional = job->helper || !main_query(work_query(work)->kind, query),
		.inspect = butlr_graphql_inspect,
		.from_ms = MOMENT_NONE,
		.to_ms = MOMENT_NONE,
	};
	struct buf body;
	int err;

	buf_init(&body, BUF_CEILING_REQUEST);
	butlr_graphql_body(&body, text != NULL ? text : butlr_query_text(query));
	request.body = buf_text(&body);
	err = butlr_estate_ask(work, job, &request);
	buf_fini(&body);
	return err;
}

int butlr_graphql_begin(struct work *work, struct butlr_job *job)
{
	unsigned need = queries_of(work_query(work));
	int err = ERR_OK;

	if ((need & 1u << BUTLR_QUERY_FIXTURES) != 0 && job->state->no_fixtures_query &&
	    job->state->wanted == BUTLR_ANY) {
		job->surface = BUTLR_REST;
		job->tried[BUTLR_REST] = true;
		return butlr_rest_begin(work, job);
	}
	for (int query = 0; query < BUTLR_QUERY_COUNT && err == ERR_OK; query++) {
		if ((need & 1u << query) == 0)
			continue;
		err = ask(work, job, (enum butlr_query)query, 0);
		if (job->state->wanted == BUTLR_ANY && job->state->learned == BUTLR_ANY) {
			job->later = need & ~(1u << query);
			break;
		}
	}
	return err;
}

static int ask_later(struct work *work, struct butlr_job *job)
{
	unsigned need = job->later;
	int err = ERR_OK;

	job->later = 0;
	for (int query = 0; query < BUTLR_QUERY_COUNT && err == ERR_OK; query++)
		if ((need & 1u << query) != 0)
			err = ask(work, job, (enum butlr_query)query, 0);
	return err;
}

/* Inert, for a message. */
static void shown(const char *text, char *out, size_t size)
{
	struct buf buf;

	buf_init(&buf, BUF_CEILING_LINE);
	text_add_shown(&buf, text, strlen(text), false);
	g_strlcpy(out, buf_text(&buf), size);
	buf_fini(&buf);
}

/* Asks again without the field that is not known. False when there is nothing to leave out. */
static bool ask_without(struct work *work, struct butlr_job *job, enum butlr_query query, unsigned attempt,
			const char *field, int *err)
{
	char **text = &job->state->queries[query];

	if (field[0] == '\0' || attempt >= DROPS)
		return false;
	if (*text == NULL)
		*text = g_strdup(butlr_query_text(query));
	if (!butlr_graphql_drop(*text, field))
		return false;
	*err = ask(work, job, query, attempt + 1);
	return true;
}

/* The server's schema has no fixtures any more: REST may still have them, when the account leaves the choice to us. */
static int without_fixtures(struct work *work, struct butlr_job *job)
{
	job->state->no_fixtures_query = true;
	if (job->state->wanted == BUTLR_ANY && !job->tried[BUTLR_REST]) {
		job->surface = BUTLR_REST;
		job->tried[BUTLR_REST] = true;
		return butlr_rest_begin(work, job);
	}
	butlr_no_fixtures(work);
	return ERR_OK;
}

static int failed(struct work *work, const struct work_request *request,
		  const struct butlr_graphql_result *result)
{
	char message[256];

	shown(result->message[0] != '\0' ? result->message : "no reason was given", message, sizeof(message));
	if (result->state == BUTLR_GRAPHQL_AUTH)
		return work_failf(work, ERR_AUTH, "GraphQL", "check the account's credentials", "%s",
				  message);
	if (!request->optional)
		return work_failf(work, ERR_SERVER, "GraphQL", NULL, "%s", message);
	work_notice(work, NOTICE_PARTIAL, "GraphQL: %s", message);
	return ERR_OK;
}

static int act(struct work *work, struct butlr_job *job, const struct work_request *request,
	       const struct work_answer *answer, const struct butlr_graphql_result *result)
{
	enum butlr_query query = (enum butlr_query)(request->step - (int)BUTLR_STEP_QUERY);
	char message[256];
	int err = ERR_OK;

	switch (result->state) {
	case BUTLR_GRAPHQL_OK:
		return ERR_OK;
	case BUTLR_GRAPHQL_PARTIAL:
		shown(result->message, message, sizeof(message));
		work_notice(work, NOTICE_PARTIAL, "GraphQL answered only in part: %s", message);
		return ERR_OK;
	case BUTLR_GRAPHQL_NOT:
		return butlr_other_surface(work, job, request, answer);
	case BUTLR_GRAPHQL_REFUSED:
		if (ask_without(work, job, query, request->page, result->field, &err))
			return err;
		if (query == BUTLR_QUERY_FIXTURES)
			return without_fixtures(work, job);
		return failed(work, request, result);
	default:
		return failed(work, request, result);
	}
}

static bool not_offered(int status)
{
	return status == 403 || status == 404 || status == 405 || status == 410 || status == 501;
}

int butlr_graphql_answer(struct work *work, struct butlr_job *job, const struct work_request *request,
			 const struct work_answer *answer)
{
	struct butlr_graphql_result result;
	struct problem problem = {0};
	bool read = answer->error == ERR_OK && ((answer->status >= 200 && answer->status < 300) ||
						answer->status == 400 || answer->status == 422);
	int err;

	if (answer->error == ERR_PARSE || (answer->error == ERR_OK && not_offered(answer->status)))
		return butlr_other_surface(work, job, request, answer);
	if (!read) {
		bool auth = answer->status == 401 || answer->error == ERR_AUTH;
		struct work_request asked = *request;
		asked.optional = request->optional && !auth;
		work_usable(work, &asked, answer);
		job->estate_failed = true;
		return work_failed(work) ? work_problem(work)->code : ERR_OK;
	}
	err = butlr_decode_graphql(answer->body, answer->length, &job->estate, &result, &problem);
	if (err != ERR_OK)
		return work_fail(work, &problem);
	err = act(work, job, request, answer, &result);
	if (err == ERR_OK && job->surface == BUTLR_GRAPHQL && result.state != BUTLR_GRAPHQL_NOT)
		err = ask_later(work, job);
	return err;
}
