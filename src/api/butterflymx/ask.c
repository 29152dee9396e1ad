/* Requests and pages (butterflymx.md §5). */
#include "api/butterflymx/job.h"

#include "base/text.h"
#include "core/kind.h"

#include <string.h>

static const char *folder_of(enum kind kind)
{
	switch (kind) {
	case KIND_BUILDINGS:
		return "/buildings";
	case KIND_DOORS:
		return "/door_releases";
	case KIND_KEYCHAINS:
		return "/keychains";
	case KIND_KEYS:
		return "/qr_keys";
	default:
		return "/units";
	}
}

static void add_query(struct buf *path, const char *name, const char *value)
{
	buf_addc(path, strchr(buf_text(path), '?') != NULL ? '&' : '?');
	text_add_percent(path, name);
	buf_addc(path, '=');
	text_add_percent(path, value);
}

/* The filters that the document has (§5.3), where one value is asked for; the rest is done here. */
static void add_filters(struct buf *path, const struct query *query)
{
	if (query->units.n == 1)
		add_query(path, "unit_id", query->units.at[0]);
	if (query->users.n == 1)
		add_query(path, "user_id", query->users.at[0]);
	if (query->types.n == 1 &&
	    (strcmp(query->types.at[0], "visitor") == 0 || strcmp(query->types.at[0], "delivery") == 0))
		add_query(path, "door_release_type", query->types.at[0]);
}

static void add_nested(struct buf *path, const char *folder, const char *id, const char *rest)
{
	buf_adds(path, folder);
	text_add_percent(path, id);
	buf_adds(path, rest);
}

/* The list that an order's thing is in. */
static void add_order_list(struct buf *path, const struct order *order)
{
	const char *chain = order_get(order, "keychain_id");

	if (order->kind == KIND_TENANTS)
		add_nested(path, "/units/", order_get(order, "unit_id"), "/users");
	else if (order->kind == KIND_KEYS && chain != NULL)
		add_nested(path, "/keychains/", chain, "/qr_keys");
	else
		buf_adds(path, folder_of(order->kind));
}

void bmx_add_order_path(struct buf *path, const struct order *order)
{
	add_order_list(path, order);
	if (order->verb == VERB_CREATE)
		return;
	buf_addc(path, '/');
	/* The tenant's own id is that of the person, not of the tenancy (§7). */
	text_add_percent(path, order->kind == KIND_TENANTS ? order_get(order, "user_id") : order->id);
}

static void add_list(struct buf *path, const struct work *work, const struct bmx_job *job, int step,
		     const char *subject)
{
	switch (step) {
	case BMX_STEP_USERS:
	case BMX_STEP_PEOPLE:
	case BMX_STEP_LEARN:
	case BMX_STEP_WHOLE:
		add_nested(path, "/units/", subject, "/users");
		break;
	case BMX_STEP_UNITS:
		buf_adds(path, "/units");
		break;
	case BMX_STEP_CHAINS:
		buf_adds(path, "/keychains");
		break;
	case BMX_STEP_BUILDINGS:
		buf_adds(path, "/buildings");
		break;
	case BMX_STEP_CODES:
		buf_adds(path, "/access_codes?include=virtual_keys");
		break;
	case BMX_STEP_BEFORE:
	case BMX_STEP_LOOK:
		add_order_list(path, work_order(work));
		break;
	default:
		buf_adds(path, folder_of(job->kind));
		if (job->kind == KIND_DOORS && !job->state->no_filters)
			add_filters(path, work_query(work));
		if (job->kind == KIND_DOORS && !job->state->no_sort)
			add_query(path, "sort", "-created_at");
		break;
	}
}

static int send_read(struct work *work, const struct bmx_job *job, int step, const char *subject,
		     unsigned page, const struct buf *path, bool optional)
{
	struct work_request request = {
		.path = buf_text(path),
		.accept = BMX_MEDIA_TYPE,
		.step = step,
		.subject = subject,
		.page = page,
		.optional = optional,
		.delay_ms = job->delay_ms,
		.from_ms = MOMENT_NONE,
		.to_ms = MOMENT_NONE,
	};

	return path->error != ERR_OK ? path->error : work_request(work, &request);
}

int bmx_ask_page(struct work *work, struct bmx_job *job, int step, const char *subject, unsigned page)
{
	bool helper = step == BMX_STEP_UNITS || step == BMX_STEP_CHAINS || step == BMX_STEP_BUILDINGS ||
		      step == BMX_STEP_PEOPLE;
	struct buf path;
	char number[16];
	int err;

	buf_init(&path, BUF_CEILING_REQUEST);
	buf_adds(&path, job->state->prefix);
	add_list(&path, work, job, step, subject);
	g_snprintf(number, sizeof(number), "%u", page + 1);
	add_query(&path, "page[number]", number);
	g_snprintf(number, sizeof(number), "%d", BMX_PAGE_SIZE);
	add_query(&path, "page[size]", number);
	err = send_read(work, job, step, subject, page, &path, helper);
	buf_fini(&path);
	return err;
}

int bmx_ask_one(struct work *work, struct bmx_job *job, int step, enum kind kind, const char *id)
{
	struct buf path;
	int err;

	buf_init(&path, BUF_CEILING_REQUEST);
	buf_adds(&path, job->state->prefix);
	buf_adds(&path, folder_of(kind));
	buf_addc(&path, '/');
	text_add_percent(&path, id);
	err = send_read(work, job, step, id, 0, &path, step != BMX_STEP_ITEM);
	buf_fini(&path);
	return err;
}

bool bmx_more_pages(struct work *work, const struct work_request *request, const struct bmx_doc *doc,
		    size_t items, size_t fresh, unsigned *next)
{
	long number = bmx_doc_next_page(doc);
	long here = (long)request->page + 1;

	if (number == 0 || items == 0 || (number != BMX_PAGE_UNREAD && number <= here))
		return false;
	if (fresh == 0) {
		work_notice(
			work, NOTICE_HINT,
			"the server sent a page with nothing new and says there is more; the list ends there");
		return false;
	}
	if (number == BMX_PAGE_UNREAD)
		number = here + 1;
	if (number > WORK_PAGES) {
		work_notice(work, NOTICE_PARTIAL, "more than %d pages; the rest is left out", WORK_PAGES);
		return false;
	}
	*next = (unsigned)(number - 1);
	return true;
}

bool bmx_not_offered(const struct work_answer *answer)
{
	return answer->error == ERR_OK && (answer->status == 403 || answer->status == 404 ||
					   answer->status == 405 || answer->status == 410);
}

int bmx_take_doc(struct work *work, const struct work_request *request, const struct work_answer *answer,
		 struct bmx_doc *doc)
{
	struct problem problem = {.code = ERR_OK};
	struct work_request asked = *request;
	int err;

	*doc = (struct bmx_doc){.data = NULL};
	if (answer->status == 401 || answer->error == ERR_AUTH)
		asked.optional = false;
	if (!work_usable(work, &asked, answer))
		return work_failed(work) ? work_problem(work)->code : 0;
	err = bmx_doc_read(doc, answer->body, answer->length, &problem);
	if (err == ERR_OK)
		return 1;
	bmx_doc_fini(doc);
	if (request->optional) {
		work_notice(work, NOTICE_PARTIAL, "%.*s: the answer cannot be read",
			    (int)strcspn(request->path, "?"), request->path);
		return 0;
	}
	work_fail(work, &problem);
	work_blame(work, request);
	return work_problem(work)->code;
}
