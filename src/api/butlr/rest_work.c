/* The estate by REST v2 (butlr.md §4). */
#include "api/butlr/job.h"

#include "api/butlr/list.h"
#include "base/text.h"
#include "core/kind.h"

#include <string.h>

struct list {
	enum butlr_step step;
	enum kind kind;
	const char *path; /* with %s for the floor */
};

static const struct list lists[] = {
	{BUTLR_STEP_SPACES, KIND_FLOORS, "/api/v2/spaces?details=true"},
	{BUTLR_STEP_ROOMS, KIND_ROOMS, "/api/v2/spaces/%s/rooms?details=true"},
	{BUTLR_STEP_ZONES, KIND_ZONES, "/api/v2/spaces/%s/zones"},
	{BUTLR_STEP_FIXTURES, KIND_FIXTURES, "/api/v2/spaces/%s/fixtures"},
	{BUTLR_STEP_SENSORS, KIND_SENSORS, "/api/v2/sensors?details=true"},
	{BUTLR_STEP_HIVES, KIND_GATEWAYS, "/api/v2/hives?details=true"},
};

static const struct list *list_of(int step) { return &lists[step - (int)BUTLR_STEP_SPACES]; }

/* The list's path for a floor, with the cursor of the page (its parameter's name is told nowhere; butlr.md §4.2 takes `next`). */
static void build_path(struct buf *path, const struct list *list, const char *floor_id, const char *cursor)
{
	const char *hole = strstr(list->path, "%s");

	if (hole == NULL) {
		buf_adds(path, list->path);
	} else {
		buf_add(path, list->path, (size_t)(hole - list->path));
		text_add_percent(path, floor_id);
		buf_adds(path, hole + 2);
	}
	if (cursor[0] != '\0') {
		buf_adds(path, strchr(list->path, '?') != NULL ? "&next=" : "?next=");
		text_add_percent(path, cursor);
	}
}

static int ask(struct work *work, struct butlr_job *job, int step, const char *floor_id, const char *cursor,
	       unsigned page, bool optional)
{
	struct work_request request = {
		.step = step,
		.subject = floor_id,
		.page = page,
		.optional = optional,
		.cacheable = true,
		.from_ms = MOMENT_NONE,
		.to_ms = MOMENT_NONE,
	};
	struct buf path;
	int err;

	buf_init(&path, BUF_CEILING_REQUEST);
	build_path(&path, list_of(step), floor_id, cursor);
	request.path = buf_text(&path);
	err = butlr_estate_ask(work, job, &request);
	buf_fini(&path);
	return err;
}

/* The first requests of a kind. Floors tell sensors, rooms and hives as well, and more of them than the lists: battery, hives without a floor of their own. */
int butlr_rest_begin(struct work *work, struct butlr_job *job)
{
	enum kind kind = work_query(work)->kind;
	bool floors = kind != KIND_GATEWAYS;
	bool sensors = kind == KIND_SENSORS || kind == KIND_GATEWAYS || kind == KIND_FRAMES ||
		       kind == KIND_DETECTIONS;
	int err = ERR_OK;

	if (work_query(work)->buildings.n > 0 || kind == KIND_BUILDINGS)
		work_notice(work, NOTICE_HINT, "the REST v2 API knows no buildings");
	if (kind == KIND_BUILDINGS)
		return ERR_OK;
	work_rows(work, KIND_FLOORS);
	butlr_estate_keep(&job->estate, work_rows(work, KIND_FLOORS));
	if (floors)
		err = ask(work, job, BUTLR_STEP_SPACES, NULL, "", 0, job->helper || sensors);
	if (sensors && err == ERR_OK)
		err = ask(work, job, BUTLR_STEP_SENSORS, NULL, "", 0, job->helper || kind == KIND_GATEWAYS);
	if ((kind == KIND_GATEWAYS || kind == KIND_SENSORS) && err == ERR_OK)
		err = ask(work, job, BUTLR_STEP_HIVES, NULL, "", 0, kind != KIND_GATEWAYS);
	return err;
}

/* The lists that every floor has, for floors not asked before. */
static int ask_floors(struct work *work, struct butlr_job *job)
{
	enum kind kind = work_query(work)->kind;
	int step = kind == KIND_ROOMS      ? BUTLR_STEP_ROOMS
		   : kind == KIND_ZONES    ? BUTLR_STEP_ZONES
		   : kind == KIND_FIXTURES ? BUTLR_STEP_FIXTURES
					   : 0;
	struct rows *floors = work_rows_if(work, KIND_FLOORS);
	int err = ERR_OK;

	if (kind == KIND_OCCUPANCY && query_wants(&work_query(work)->types, "zone") &&
	    work_query(work)->types.n > 0)
		step = BUTLR_STEP_ZONES;
	for (size_t i = 0; step != 0 && floors != NULL && i < rows_count(floors) && err == ERR_OK; i++) {
		const struct floor_row *floor = rows_at(floors, i);
		if (butlr_floor_wanted(work, job, floor->id) && work_first_time(work, step, floor->id))
			err = ask(work, job, step, floor->id, "", 0, true);
	}
	return err;
}

/* The next page, unless the list has come to its end, goes round in a circle, or never ends (butlr.md §4.2). */
static int next_page(struct work *work, struct butlr_job *job, const struct work_request *request,
		     const struct butlr_page *page)
{
	const char *name = kind_info(list_of(request->step)->kind)->name;
	char *mark;
	bool first;

	if (page->next[0] == '\0')
		return ERR_OK;
	mark = g_strdup_printf("next %s %s", request->subject != NULL ? request->subject : "", page->next);
	first = work_first_time(work, request->step, mark);
	g_free(mark);
	if (!first) {
		work_notice(work, NOTICE_HINT, "%s: the server repeated a page's cursor; the list ends there",
			    name);
		return ERR_OK;
	}
	if (page->fresh == 0) {
		work_notice(
			work, NOTICE_HINT,
			"%s: the server sent a page with nothing new and says there is more; the list ends there",
			name);
		return ERR_OK;
	}
	if (request->page + 1 >= WORK_PAGES) {
		work_notice(work, NOTICE_PARTIAL, "%s: more than %d pages; the rest is left out", name,
			    WORK_PAGES);
		return ERR_OK;
	}
	return ask(work, job, request->step, request->subject, page->next, request->page + 1, true);
}

static bool retired(const struct work_answer *answer)
{
	return answer->error == ERR_OK &&
	       (answer->status == 403 || answer->status == 404 || answer->status == 410);
}

int butlr_rest_answer(struct work *work, struct butlr_job *job, const struct work_request *request,
		      const struct work_answer *answer)
{
	const struct list *list = list_of(request->step);
	struct work_request asked = *request;
	struct problem problem = {0};
	struct butlr_page page;
	int err;

	if (retired(answer) && request->page == 0 && !request->optional)
		return butlr_other_surface(work, job, request, answer);
	if (answer->status == 401 || answer->error == ERR_AUTH)
		asked.optional = false;
	if (!work_usable(work, &asked, answer)) {
		job->estate_failed = job->estate_failed || !request->optional || job->helper;
		return work_failed(work) ? work_problem(work)->code : ERR_OK;
	}
	err = butlr_decode_list(answer->body, answer->length, list->kind, request->subject, &job->estate,
				&page, &problem);
	if (err != ERR_OK && request->optional) {
		work_notice(work, NOTICE_PARTIAL, "%s: the answer cannot be read",
			    kind_info(list->kind)->name);
		return ERR_OK;
	}
	if (err != ERR_OK)
		return work_fail(work, &problem);
	err = next_page(work, job, request, &page);
	if (err == ERR_OK && list->step == BUTLR_STEP_SPACES)
		err = ask_floors(work, job);
	return err;
}
