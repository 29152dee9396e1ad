#include "api/work.h"

#include "base/jsonx.h"
#include "base/jsonx_scan.h"
#include "base/text.h"
#include "core/kind.h"
#include "net/session.h"

#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NOTICES 32
#define FIELD_FAULTS 32
#define MESSAGE_BYTES 240 /* of a server's own words (butlr.md §7.3) */
#define REQUEST_MEMORY (256u << 20)

struct work {
	struct query *query;
	struct order *order; /* NULL: a query */
	char *account, *vendor;
	int64_t now_ms;

	struct arena texts;  /* of the requests */
	GPtrArray *requests; /* struct work_request *, all that were queued */
	guint next;

	struct rows *rows[KIND_COUNT];
	uint32_t wanted;
	GHashTable *seen; /* "step\ntext" */

	struct problem problem;
	struct work_notice notices[NOTICES];
	size_t n_notices;
	struct work_field_fault faults[FIELD_FAULTS];
	size_t n_faults;
	char progress[WORK_PROGRESS_BYTES], progress_taken[WORK_PROGRESS_BYTES];

	void *private_memory;
	void (*release)(void *);
};

struct work *work_new(const struct query *query, const char *account, const char *vendor, int64_t now_ms)
{
	struct work *work = g_new0(struct work, 1);

	work->query = query_copy(query);
	work->account = g_strdup(account);
	work->vendor = g_strdup(vendor);
	work->now_ms = now_ms;
	arena_init(&work->texts, REQUEST_MEMORY);
	work->requests = g_ptr_array_new();
	work->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	work->wanted = KIND_BIT(query->kind);
	return work;
}

struct work *work_new_order(const struct order *order, const char *account, const char *vendor,
			    int64_t now_ms)
{
	struct query query;
	struct work *work;

	query_init(&query, order->kind);
	work = work_new(&query, account, vendor, now_ms);
	query_fini(&query);
	work->order = order_copy(order);
	return work;
}

void work_free(struct work *work)
{
	if (work == NULL)
		return;
	if (work->release != NULL)
		work->release(work->private_memory);
	for (size_t i = 0; i < KIND_COUNT; i++)
		rows_unref(work->rows[i]);
	g_hash_table_unref(work->seen);
	g_ptr_array_unref(work->requests);
	arena_fini(&work->texts);
	query_free(work->query);
	order_free(work->order);
	g_free(work->account);
	g_free(work->vendor);
	g_free(work);
}

const struct order *work_order(const struct work *work) { return work->order; }

const struct query *work_query(const struct work *work) { return work->query; }

int64_t work_now_ms(const struct work *work) { return work->now_ms; }

static const char *keep_text(struct work *work, const char *text)
{
	return text == NULL ? NULL : arena_strndup(&work->texts, text, strlen(text));
}

int work_request(struct work *work, const struct work_request *request)
{
	struct work_request *copy;

	if (work->requests->len >= WORK_REQUESTS)
		return work_failf(work, ERR_TOO_BIG, NULL, "ask for less with filters",
				  "more than %d requests would be needed", WORK_REQUESTS);
	copy = arena_alloc(&work->texts, sizeof(*copy));
	if (copy == NULL)
		return work_failf(work, ERR_NOMEM, NULL, NULL, "too many requests are waiting");
	*copy = *request;
	copy->method = keep_text(work, request->method == NULL ? "GET" : request->method);
	copy->path = keep_text(work, request->path);
	copy->shape = keep_text(work, request->shape);
	copy->body = keep_text(work, request->body);
	copy->content_type = keep_text(work, request->content_type);
	copy->accept = keep_text(work, request->accept);
	copy->subject = keep_text(work, request->subject);
	copy->number = work->requests->len + 1;
	if (work->texts.full)
		return work_failf(work, ERR_NOMEM, NULL, NULL, "too many requests are waiting");
	g_ptr_array_add(work->requests, copy);
	return ERR_OK;
}

const struct work_request *work_next(struct work *work)
{
	if (work->next >= work->requests->len)
		return NULL;
	return g_ptr_array_index(work->requests, work->next++);
}

struct rows *work_rows(struct work *work, enum kind kind)
{
	if (work->rows[kind] == NULL)
		work->rows[kind] = kind_rows_new(kind, work->account, work->vendor);
	return work->rows[kind];
}

struct rows *work_rows_if(const struct work *work, enum kind kind) { return work->rows[kind]; }

void work_want(struct work *work, enum kind kind) { work->wanted |= KIND_BIT(kind); }

int work_fail(struct work *work, const struct problem *problem)
{
	if (work->problem.code == ERR_OK) {
		work->problem = *problem;
		if (work->problem.code == ERR_OK)
			work->problem.code = ERR_SERVER;
	}
	return work->problem.code;
}

int work_failf(struct work *work, int code, const char *what, const char *todo, const char *why, ...)
{
	struct problem problem;
	char text[sizeof(problem.why)];
	va_list arguments;

	va_start(arguments, why);
	vsnprintf(text, sizeof(text), why, arguments);
	va_end(arguments);
	problem_set(&problem, code, what, todo, "%s", text);
	return work_fail(work, &problem);
}

void work_doubt(struct work *work)
{
	struct problem before = work->problem;

	if (before.code != ERR_UNSURE)
		problem_set(&work->problem, ERR_UNSURE, before.what,
			    "look whether it was made before it is tried again", "it was sent, and then: %s",
			    before.why);
}

bool work_failed(const struct work *work) { return work->problem.code != ERR_OK; }

const struct problem *work_problem(const struct work *work) { return &work->problem; }

void work_notice(struct work *work, enum work_notice_kind kind, const char *format, ...)
{
	struct work_notice notice = {.kind = kind};
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(notice.text, sizeof(notice.text), format, arguments);
	va_end(arguments);
	for (size_t i = 0; i < work->n_notices; i++)
		if (strcmp(work->notices[i].text, notice.text) == 0)
			return;
	if (work->n_notices < NOTICES)
		work->notices[work->n_notices++] = notice;
}

size_t work_notices(const struct work *work, const struct work_notice **notices)
{
	*notices = work->notices;
	return work->n_notices;
}

bool work_first_time(struct work *work, int step, const char *text)
{
	return g_hash_table_add(work->seen, g_strdup_printf("%d\n%s", step, text == NULL ? "" : text));
}

void work_set_private(struct work *work, void *memory, void (*release)(void *))
{
	if (work->release != NULL)
		work->release(work->private_memory);
	work->private_memory = memory;
	work->release = release;
}

void *work_private(const struct work *work) { return work->private_memory; }

/* --- what an order tells --- */

/* Cut between characters. Text that is inert already stays as it is. */
static void put_inert(char *out, size_t size, const char *text)
{
	size_t length = strlen(text), used = 0, bytes;
	uint32_t codepoint;
	char encoded[4];

	while (length > 0) {
		bytes = text_decode(text, length, &codepoint);
		text += bytes;
		length -= bytes;
		if (text_is_control(codepoint))
			codepoint += TEXT_INERT_BASE;
		bytes = text_encode(codepoint, encoded);
		if (used + bytes >= size)
			break;
		memcpy(out + used, encoded, bytes);
		used += bytes;
	}
	out[used] = '\0';
}

static void LODGE_PRINTF(3, 0) put_inert_format(char *out, size_t size, const char *format, va_list arguments)
{
	char text[1024];

	vsnprintf(text, sizeof(text), format, arguments);
	put_inert(out, size, text);
}

void work_progress(struct work *work, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_inert_format(work->progress, sizeof(work->progress), format, arguments);
	va_end(arguments);
}

const char *work_take_progress(struct work *work)
{
	if (work->progress[0] == '\0')
		return NULL;
	memcpy(work->progress_taken, work->progress, sizeof(work->progress));
	work->progress[0] = '\0';
	return work->progress_taken;
}

void work_field_error(struct work *work, const char *field, const char *format, ...)
{
	struct work_field_fault fault = {.field = ""};
	va_list arguments;

	put_inert(fault.field, sizeof(fault.field), field == NULL ? "" : field);
	va_start(arguments, format);
	put_inert_format(fault.text, sizeof(fault.text), format, arguments);
	va_end(arguments);
	for (size_t i = 0; i < work->n_faults; i++)
		if (strcmp(work->faults[i].field, fault.field) == 0 &&
		    strcmp(work->faults[i].text, fault.text) == 0)
			return;
	if (work->n_faults < FIELD_FAULTS)
		work->faults[work->n_faults++] = fault;
}

size_t work_field_errors(const struct work *work, const struct work_field_fault **errors)
{
	*errors = work->faults;
	return work->n_faults;
}

/* --- what the server said when it refused --- */

void work_server_message(const struct work_answer *answer, char *out, size_t size)
{
	session_message(answer->body, answer->length, out, MIN(size, MESSAGE_BYTES + 1));
}

static int code_of_status(int status)
{
	switch (status) {
	case 401:
		return ERR_AUTH;
	case 403:
		return ERR_DENIED;
	case 404:
	case 405:
	case 410:
	case 501:
		return ERR_ABSENT;
	case 429:
		return ERR_BUSY;
	default:
		return ERR_SERVER;
	}
}

static const char *todo_of_status(int status)
{
	switch (status) {
	case 401:
		return "sign in again, or check the account's credentials";
	case 403:
		return "ask the vendor for the right, or use other credentials";
	case 404:
	case 405:
	case 410:
	case 501:
		return "check base_url; the server may not offer this";
	case 429:
		return "wait, or poll less often";
	default:
		return NULL;
	}
}

static void name_request(const struct work_request *request, char *out, size_t size)
{
	snprintf(out, size, "%s %.*s", request->method, (int)strcspn(request->path, "?"), request->path);
}

void work_blame(struct work *work, const struct work_request *request)
{
	if (work_failed(work) && work->problem.what[0] == '\0')
		name_request(request, work->problem.what, sizeof(work->problem.what));
}

static void problem_of_answer(const struct work_request *request, const struct work_answer *answer,
			      struct problem *problem)
{
	char message[256], what[160];

	name_request(request, what, sizeof(what));
	if (answer->error != ERR_OK) {
		if (answer->problem != NULL)
			*problem = *answer->problem;
		else
			problem_set(problem, answer->error, NULL, NULL, "%s", err_text(answer->error));
		if (problem->what[0] == '\0')
			g_strlcpy(problem->what, what, sizeof(problem->what));
		problem->code = answer->error;
		return;
	}
	work_server_message(answer, message, sizeof(message));
	problem_set(problem, code_of_status(answer->status), what, todo_of_status(answer->status),
		    "the server answered %d%s%s", answer->status, message[0] != '\0' ? ": " : "", message);
}

bool work_usable(struct work *work, const struct work_request *request, const struct work_answer *answer)
{
	struct problem problem;
	char text[sizeof(((struct work_notice *)NULL)->text)];
	bool not_offered;

	if (answer->error == ERR_OK && answer->status >= 200 && answer->status < 300)
		return true;
	problem_of_answer(request, answer, &problem);
	if (!request->optional) {
		work_fail(work, &problem);
		return false;
	}
	not_offered = problem.code == ERR_DENIED || problem.code == ERR_ABSENT;
	work_notice(work, not_offered ? NOTICE_HINT : NOTICE_PARTIAL, "%s",
		    problem_text(&problem, text, sizeof(text)));
	return false;
}

int work_inspect_json(const char *bytes, size_t length)
{
	struct jsonx_scan scan = {.start = (const unsigned char *)bytes};
	struct jsonx_extent extent;

	scan.at = scan.start;
	scan.end = scan.start + length;
	if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		scan.at += 3;
	jsonx_scan_blank(&scan);
	if (scan.at >= scan.end || (*scan.at != '{' && *scan.at != '['))
		return ERR_PARSE;
	if (jsonx_scan_value(&scan, &extent) != ERR_OK)
		return ERR_PARSE;
	jsonx_scan_blank(&scan);
	return scan.at == scan.end ? ERR_OK : ERR_PARSE;
}

/* --- handing over --- */

static bool keep_row(const void *row, void *query) { return query_match(query, row); }

static const struct rows *seal_one(struct work *work, enum kind kind, int64_t valid_until_ms)
{
	struct rows *rows = work_rows(work, kind);

	work->rows[kind] = NULL;
	if (kind == work->query->kind) {
		rows_filter(rows, keep_row, work->query);
		if (work->query->limit > 0)
			rows_truncate(rows, (size_t)work->query->limit);
	}
	if (rows_overflow(rows))
		work_notice(work, NOTICE_PARTIAL,
			    "%s: more rows than memory allows; ask for less with filters",
			    kind_info(kind)->name);
	if (rows_bad(rows) > 0)
		work_notice(work, NOTICE_HINT, "%s: %u rows could not be read and are left out",
			    kind_info(kind)->name, rows_bad(rows));
	rows_set_times(rows, work->now_ms, valid_until_ms);
	rows_set_hash(rows, kind_hash_rows(rows));
	return rows_seal(rows);
}

size_t work_take(struct work *work, int64_t valid_until_ms, const struct rows **out, size_t most)
{
	size_t n = 0;

	if (most == 0)
		return 0;
	out[n++] = seal_one(work, work->query->kind, valid_until_ms);
	for (int kind = 0; kind < KIND_COUNT && n < most; kind++)
		if (kind != (int)work->query->kind && (work->wanted & KIND_BIT(kind)) != 0)
			out[n++] = seal_one(work, (enum kind)kind, valid_until_ms);
	return n;
}
