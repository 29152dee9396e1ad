/* What a refusal says to a person (butterflymx.md §13). */
#include "api/butterflymx/job.h"

#include "core/kind.h"

#include <string.h>

#define ERRORS 32
#define TOLD 3 /* of them in the one line */

static const struct {
	int status, code;
	const char *why, *todo;
} meanings[] = {
	{400, ERR_INVALID, "the server does not understand the request", NULL},
	{401, ERR_AUTH, "not signed in", "sign in again, or check the account's credentials"},
	{403, ERR_DENIED, "the vendor does not allow it for this account",
	 "ask the building's administrator for the right"},
	{404, ERR_ABSENT, "it is not there, or this account may not see it", "check the id, and path_prefix"},
	{405, ERR_ABSENT, "the server does not offer this", "check path_prefix"},
	{406, ERR_SERVER, "the server does not speak JSON:API here", "check base_url and path_prefix"},
	{409, ERR_INVALID, "it contradicts what is there", NULL},
	{410, ERR_ABSENT, "the server does not offer this any more", NULL},
	{415, ERR_SERVER, "the server does not take JSON:API here", "check base_url and path_prefix"},
	{422, ERR_INVALID, "the server refused it", "change what it names and try again"},
	{429, ERR_BUSY, "too many requests", "wait, then try again"},
};

/* A field may be named that the order did not have; it is told in words then. */
static bool tell_field(struct work *work, const struct bmx_error *error)
{
	const struct order *order = work_order(work);
	const struct write_info *info;
	const char *name;

	if (order == NULL || error->field[0] == '\0')
		return false;
	name = bmx_field_of(order->kind, error->field);
	info = write_find(bmx_writes, order->kind, order->verb);
	if (info == NULL || write_field_find(info, name) == NULL)
		return false;
	work_field_error(work, name, "%s", error->text[0] != '\0' ? error->text : "is refused");
	return true;
}

static void add_error(struct buf *out, const struct bmx_error *error)
{
	if (out->length > 0)
		buf_adds(out, "; ");
	if (error->field[0] != '\0')
		buf_addf(out, "%s%s", error->field, error->text[0] != '\0' ? " " : "");
	buf_adds(out, error->text);
}

int bmx_refuse(struct work *work, const struct work_request *request, const struct work_answer *answer)
{
	const char *why = answer->status >= 500 ? "the server failed" : "the server refused it", *todo = NULL;
	struct bmx_error errors[ERRORS];
	int code = answer->status >= 500 ? ERR_SERVER : ERR_INVALID;
	struct buf said;
	char message[241];
	size_t n;

	if (answer->error != ERR_OK && answer->status == 0) {
		struct work_request needed = *request;

		needed.optional = false;
		(void)work_usable(work, &needed, answer);
		return work_problem(work)->code;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(meanings); i++)
		if (meanings[i].status == answer->status) {
			code = meanings[i].code;
			why = meanings[i].why;
			todo = meanings[i].todo;
		}
	buf_init(&said, 4096);
	n = bmx_errors(answer->body, answer->length, errors, ERRORS);
	for (size_t i = 0; i < n && i < ERRORS; i++) {
		(void)tell_field(work, &errors[i]);
		if (i < TOLD)
			add_error(&said, &errors[i]);
	}
	if (said.length == 0) {
		work_server_message(answer, message, sizeof(message));
		buf_adds(&said, message);
	}
	work_failf(work, code, NULL, todo, "%s%s%s (%d)", why, said.length > 0 ? ": " : "", buf_text(&said),
		   answer->status);
	work_blame(work, request);
	buf_fini(&said);
	return work_problem(work)->code;
}
