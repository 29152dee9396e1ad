/* Queries: spaces first where they are needed, then what belongs to them. */
#include "api/density/job.h"

#include "core/kind.h"

#include <string.h>

#define WAIT_FIRST_MS INT64_C(100)
#define WAIT_LAST_MS 1000
#define WAITS_MOST 30 /* then it asks itself */

/* A text is all that these two answer. */
static int inspect_text(const char *bytes, size_t length)
{
	(void)bytes;
	return length <= 65536 ? ERR_OK : ERR_PARSE;
}

static int ask_text(struct work *work, int step, const char *path, int64_t delay_ms)
{
	struct work_request request = {
		.path = path,
		.accept = "text/plain",
		.step = step,
		.optional = true,
		.inspect = inspect_text,
		.delay_ms = delay_ms,
		.ceiling = 65536,
		.from_ms = MOMENT_NONE,
		.to_ms = MOMENT_NONE,
	};

	return work_request(work, &request);
}

/* Once a run: whether the token is good, and which version answers. */
static int greet(struct work *work, struct dens_state *state)
{
	int err;

	if (state->greeted)
		return ERR_OK;
	state->greeted = true;
	err = ask_text(work, DENS_STEP_HELLO, "/v3/hello-world", 0);
	return err == ERR_OK ? ask_text(work, DENS_STEP_VERSION, "/version", 0) : err;
}

static bool needs_spaces(enum kind kind)
{
	return kind == KIND_BUILDINGS || kind == KIND_FLOORS || kind == KIND_ROOMS || kind == KIND_SENSORS ||
	       kind == KIND_OCCUPANCY || kind == KIND_SESSIONS;
}

static bool fresh(const struct work *work, const struct dens_job *job)
{
	const struct dens_tree *tree = job->state->tree;

	return tree != NULL && job->kind != KIND_BUILDINGS && job->kind != KIND_FLOORS &&
	       work_now_ms(work) >= tree->read_ms && work_now_ms(work) - tree->read_ms < DENS_FRESH_MS;
}

/* The spaces are there: what the kind is made of. */
static int follow(struct work *work, struct dens_job *job)
{
	if (job->followed)
		return ERR_OK;
	job->followed = true;
	job->tree = dens_tree_ref(job->state->tree);
	job->selected = dens_tree_select(job->tree, work_query(work));
	if (job->kind == KIND_ROOMS)
		return dens_rooms_ask(work, job);
	if (job->kind == KIND_OCCUPANCY || job->kind == KIND_SESSIONS)
		return dens_report_ask(work, job);
	return ERR_OK;
}

void dens_job_read(struct dens_job *job)
{
	if (job->asking)
		job->state->asking--;
	job->asking = false;
}

/* All kinds begin with the same list, which may be tens of megabytes: while one work reads it, the others look again a little later. What they ask for meanwhile
 * is the smallest thing that the server has. */
static int ask_or_wait(struct work *work, struct dens_job *job)
{
	if (job->state->asking > 0 && job->waits < WAITS_MOST) {
		int64_t delay_ms = WAIT_FIRST_MS * (1 + job->waits++);

		return ask_text(work, DENS_STEP_WAIT, "/version", MIN(delay_ms, WAIT_LAST_MS));
	}
	job->asking = true;
	job->state->asking++;
	return dens_ask_spaces(work, DENS_STEP_SPACES);
}

static int waited(struct work *work, struct dens_job *job)
{
	const struct dens_tree *tree = job->state->tree;

	if (tree != NULL && (fresh(work, job) || tree->read_ms >= work_now_ms(work)))
		return follow(work, job);
	return ask_or_wait(work, job);
}

int dens_read_begin(struct work *work, struct dens_job *job)
{
	int err = job->kind == KIND_BUILDINGS ? greet(work, job->state) : ERR_OK;

	if (err == ERR_OK && needs_spaces(job->kind))
		err = fresh(work, job) ? follow(work, job) : ask_or_wait(work, job);
	return err == ERR_OK ? dens_things_ask(work, job) : err;
}

static int take_spaces(struct work *work, struct dens_job *job, const struct work_request *request,
		       const struct work_answer *answer)
{
	struct problem problem = {.code = ERR_OK};
	char *next = NULL, *path;
	int err;

	if (!work_usable(work, request, answer))
		return work_problem(work)->code;
	if (job->reading == NULL)
		job->reading = dens_tree_new(answer->now_ms);
	err = dens_tree_read(job->reading, answer->body, answer->length, &next, &problem);
	if (err != ERR_OK) {
		work_fail(work, &problem);
		work_blame(work, request);
		return err;
	}
	path = request->page + 1 < WORK_PAGES ? dens_next_path(work, job->state, DENS_STEP_SPACES, next)
					      : NULL;
	g_free(next);
	if (path != NULL) {
		struct work_request more = *request;

		more.path = path;
		more.page++;
		err = work_request(work, &more);
		g_free(path);
		return err;
	}
	dens_tree_settle(job->reading);
	dens_tree_unref(job->state->tree);
	job->state->tree = job->reading;
	job->reading = NULL;
	dens_job_read(job);
	if (job->state->tree->loops > 0)
		work_notice(work, NOTICE_HINT, "%u spaces lie within themselves, by what the server says",
			    job->state->tree->loops);
	return follow(work, job);
}

/* "1.0.2": printable, short, one word. */
static void take_version(struct dens_job *job, const struct work_answer *answer)
{
	char text[24];
	size_t n = 0;

	for (size_t i = 0; i < answer->length && n + 1 < sizeof(text); i++) {
		unsigned char c = (unsigned char)answer->body[i];

		if (g_ascii_isalnum(c) || c == '.' || c == '-' || c == '_')
			text[n++] = (char)c;
		else if (n > 0)
			break;
	}
	text[n] = '\0';
	if (n > 0 && g_ascii_isdigit(text[0])) {
		g_free(job->state->version);
		job->state->version = g_strdup(text);
	}
}

/* Neither is needed for anything: only a token that is refused ends the work. */
static int take_greeting(struct work *work, struct dens_job *job, const struct work_request *request,
			 const struct work_answer *answer)
{
	struct work_request asked = *request;

	asked.optional = false;
	if (answer->status == 401 || answer->error == ERR_AUTH)
		return work_usable(work, &asked, answer) ? ERR_OK : work_problem(work)->code;
	if (answer->error == ERR_OK && answer->status == 200 && request->step == DENS_STEP_VERSION)
		take_version(job, answer);
	return ERR_OK;
}

int dens_read_answer(struct work *work, struct dens_job *job, const struct work_request *request,
		     const struct work_answer *answer)
{
	switch (request->step) {
	case DENS_STEP_SPACES:
		return take_spaces(work, job, request, answer);
	case DENS_STEP_WAIT:
		return waited(work, job);
	case DENS_STEP_HELLO:
	case DENS_STEP_VERSION:
		return take_greeting(work, job, request, answer);
	case DENS_STEP_COUNT:
	case DENS_STEP_PRESENCE:
		return dens_rooms_answer(work, job, request, answer);
	case DENS_STEP_METRICS:
	case DENS_STEP_STATUS:
	case DENS_STEP_SESSIONS:
		return dens_report_answer(work, job, request, answer);
	default:
		return dens_things_answer(work, job, request, answer);
	}
}

static void add_places(struct work *work, const struct dens_job *job)
{
	const struct query *query = work_query(work);
	bool whole = dens_whole(query) && query->limit == 0;
	struct rows *buildings = work_rows(work, KIND_BUILDINGS), *floors = work_rows(work, KIND_FLOORS);

	for (guint i = 0; i < job->tree->spaces->len; i++) {
		const struct dens_space *space = job->tree->spaces->pdata[i];

		if (!job->selected[i])
			continue;
		if (space->level == DENS_BUILDING)
			(void)dens_add_building(buildings, space);
		else if (space->level == DENS_FLOOR)
			(void)dens_add_floor(floors, space);
	}
	rows_count_bad(work_rows(work, job->kind), job->tree->bad);
	if (whole) {
		work_want(work, KIND_BUILDINGS);
		work_want(work, KIND_FLOORS);
	}
}

int dens_read_finish(struct work *work, struct dens_job *job)
{
	switch (job->kind) {
	case KIND_BUILDINGS:
	case KIND_FLOORS:
		add_places(work, job);
		break;
	case KIND_ROOMS:
		dens_rooms_finish(work, job);
		break;
	case KIND_OCCUPANCY:
	case KIND_SESSIONS:
		dens_report_end(work, job);
		break;
	default:
		dens_things_finish(work, job);
		break;
	}
	return ERR_OK;
}
