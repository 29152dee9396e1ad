/* Changes. Each write is sent once; when its answer is lost, what the server has is looked at, and the person is told what is true.
 *
 * A server that is slow may still be at it when our patience ends, so what is not there at once is looked for again a little later.
 *
 *   create:  BEFORE (which ids there are) ─► WRITE ─┬► 2xx ─► WHOLE, LEARN (what the answer left out)
 *                                                    └► lost ─► LOOK ─┬► one new thing as ordered ─► the row
 *                                                                     ├► none ─► failed, may be sent again
 *                                                                     └► cannot be read, or several ─► ERR_UNSURE
 *   resume:  LOOK ─► there already: the row; else WRITE
 *   change, delete:  WRITE ─► lost ─► ONE (LOOK for tenants, who are only in a list)
 */
#include "api/butterflymx/order.h"

#include "core/kind.h"

#include <string.h>

void bmx_order_free(struct bmx_order *change)
{
	if (change == NULL)
		return;
	g_hash_table_unref(change->before);
	g_array_unref(change->found);
	rows_unref(change->scratch);
	g_free(change->greatest);
	g_free(change->last);
	g_free(change->request);
	g_free(change);
}

/* --- the write --- */

int bmx_send_write(struct work *work, struct bmx_job *job)
{
	static const char *const methods[] = {
		[VERB_CREATE] = "POST", [VERB_CHANGE] = "PATCH", [VERB_DELETE] = "DELETE"};
	struct bmx_order *change = job->order;
	const struct order *order = change->order;
	struct work_request request = {
		.method = methods[order->verb],
		.accept = BMX_MEDIA_TYPE,
		.step = BMX_STEP_WRITE,
		.write = true,
		.from_ms = MOMENT_NONE,
		.to_ms = MOMENT_NONE,
	};
	struct buf path, body;
	int err;

	change->resuming = false;
	change->tries = 0;
	buf_init(&path, BUF_CEILING_REQUEST);
	buf_init(&body, BUF_CEILING_REQUEST);
	buf_adds(&path, job->state->prefix);
	bmx_add_order_path(&path, order);
	if (order->verb != VERB_DELETE) {
		bmx_order_body(order, &body);
		request.body = buf_text(&body);
		request.content_type = BMX_MEDIA_TYPE;
	}
	request.path = buf_text(&path);
	g_free(change->request);
	change->request = g_strdup_printf("%s %s", request.method, request.path);
	err = path.error != ERR_OK   ? path.error
	      : body.error != ERR_OK ? body.error
				     : work_request(work, &request);
	buf_fini(&path);
	buf_wipe(&body); /* it may hold a PIN */
	return err;
}

static int missing(struct work *work, const char *field, const char *why)
{
	work_field_error(work, field, "%s", why);
	return work_failf(work, ERR_USAGE, field, NULL, "%s", why);
}

/* What the server would refuse, or take for something else. */
static int check(struct work *work, const struct order *order)
{
	bool tenant = order->kind == KIND_TENANTS;

	if (write_find(bmx_writes, order->kind, order->verb) == NULL)
		return work_failf(work, ERR_UNSUPPORTED, NULL, NULL, "ButterflyMX does not let one %s %s",
				  verb_name(order->verb), kind_info(order->kind)->name);
	if (order->id != NULL && order->id[0] != '\0' && order->id[strspn(order->id, ".")] == '\0')
		return missing(work, "id", "that is no id");
	if (order->verb != VERB_CREATE && !tenant && (order->id == NULL || order->id[0] == '\0'))
		return missing(work, "id", "the id is missing");
	if (tenant && order_get(order, "unit_id") == NULL)
		return missing(work, "unit_id", "the unit is missing");
	if (tenant && order->verb != VERB_CREATE && order_get(order, "user_id") == NULL)
		return missing(work, "user_id", "the person is missing");
	if (order->kind == KIND_KEYS && order->verb == VERB_CREATE) {
		if (order_get(order, "email") == NULL && order_get(order, "sms_number") == NULL)
			return missing(work, "email", "an e-mail address or a telephone number is needed");
		if (order_get(order, "keychain_id") == NULL &&
		    (order_get(order, "activated_at") == NULL || order_get(order, "expired_at") == NULL))
			return missing(work, "expired_at",
				       "without a keychain, beginning and end are needed");
	}
	if (order->verb == VERB_CHANGE && order->n_fields <= (tenant ? 2u : 0u))
		return work_failf(work, ERR_USAGE, NULL, NULL, "there is nothing to change");
	return ERR_OK;
}

int bmx_order_begin(struct work *work, struct bmx_job *job)
{
	const struct order *order = work_order(work);
	struct bmx_order *change = g_new0(struct bmx_order, 1);
	int err;

	job->order = change;
	change->order = order;
	change->before = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	change->found = g_array_new(FALSE, FALSE, sizeof(size_t));
	change->scratch = kind_rows_new(order->kind, "", "");
	change->descending = true;
	change->shown = -1;
	err = check(work, order);
	if (err != ERR_OK)
		return err;
	if (order->resume) {
		change->resuming = true;
		return bmx_look(work, job);
	}
	return order->verb == VERB_CREATE ? bmx_ask_page(work, job, BMX_STEP_BEFORE, NULL, 0)
					  : bmx_send_write(work, job);
}

/* --- answers --- */

/* The server may have carried it out, and did not say so. */
static bool lost(const struct work_answer *answer)
{
	if (answer->status >= 500 || answer->status == 408)
		return true;
	if (answer->error == ERR_OK || answer->error == ERR_AUTH || answer->error == ERR_BUSY)
		return false;
	return answer->request_sent;
}

static int write_lost(struct work *work, struct bmx_job *job, const struct work_answer *answer)
{
	struct problem *problem = &job->order->lost;

	if (answer->error != ERR_OK && answer->problem != NULL)
		*problem = *answer->problem;
	else
		problem_set(problem, ERR_SERVER, NULL, NULL, "the server answered %d", answer->status);
	problem->code = answer->error != ERR_OK ? answer->error : ERR_SERVER;
	return bmx_look(work, job);
}

static int wrote(struct work *work, struct bmx_job *job, const struct work_answer *answer)
{
	const struct order *order = job->order->order;
	struct bmx_resource resource;
	struct bmx_doc doc;
	bool read;

	if (order->verb == VERB_DELETE)
		return ERR_OK;
	read = bmx_doc_read(&doc, answer->body, answer->length, NULL) == ERR_OK &&
	       bmx_doc_first(&doc) != NULL && bmx_resource_read(&resource, bmx_doc_first(&doc));
	if (read) {
		bmx_directory_learn_all(&job->state->directory, &doc);
		read = bmx_decode(work_rows(work, job->kind), &resource);
	}
	bmx_doc_fini(&doc);
	if (read)
		return bmx_order_ended(work, job);
	if (order->verb == VERB_CREATE)
		return bmx_look(work, job); /* accepted, but not said as what (§15.6, §15.18) */
	job->order->whole_asked = true;
	if (order->kind == KIND_TENANTS)
		return bmx_ask_page(work, job, BMX_STEP_WHOLE, order_get(order, "unit_id"), 0);
	return bmx_ask_one(work, job, BMX_STEP_WHOLE, order->kind, order->id);
}

static int take_write(struct work *work, struct bmx_job *job, const struct work_request *request,
		      const struct work_answer *answer)
{
	const struct order *order = job->order->order;

	if (bmx_good(answer))
		return wrote(work, job, answer);
	if (lost(answer))
		return write_lost(work, job, answer);
	if (order->verb == VERB_DELETE && answer->error == ERR_OK &&
	    (answer->status == 404 || answer->status == 410)) {
		work_notice(work, NOTICE_HINT, "the %s was not there any more", bmx_noun(order)); /* §15.31 */
		return ERR_OK;
	}
	return bmx_refuse(work, request, answer);
}

static int take_before(struct work *work, struct bmx_job *job, const struct work_request *request,
		       const struct work_answer *answer)
{
	struct bmx_doc doc;
	bool more;
	int err;

	if (bmx_not_offered(
		    answer)) /* who may not read may still write; only a lost answer cannot be found then */
		return bmx_send_write(work, job);
	if (!bmx_good(answer))
		return bmx_refuse(work, request, answer);
	err = bmx_take_doc(work, request, answer, &doc);
	if (err != 1)
		return err;
	err = bmx_take_list(work, job, request, &doc, &more);
	bmx_doc_fini(&doc);
	if (err != ERR_OK || more)
		return err;
	job->order->read_before = true;
	return bmx_send_write(work, job);
}

/* What the write's own answer left out. It was carried out all the same: nothing here fails the work. */
static int take_whole(struct work *work, struct bmx_job *job, const struct work_answer *answer)
{
	const struct order *order = job->order->order;
	struct rows *rows = work_rows(work, job->kind);
	const char *wanted = order->kind == KIND_TENANTS ? NULL
			     : order->id != NULL         ? order->id
			     : rows_count(rows) > 0      ? *(const char *const *)rows_at(rows, 0)
							 : NULL;
	char *id = g_strdup(wanted);
	struct bmx_doc doc;

	if (bmx_good(answer) && bmx_doc_read(&doc, answer->body, answer->length, NULL) == ERR_OK) {
		bmx_directory_learn_all(&job->state->directory, &doc);
		for (const cJSON *item = bmx_doc_first(&doc); item != NULL; item = bmx_doc_next(&doc, item)) {
			struct bmx_resource resource;
			struct bmx_ref user;

			if (!bmx_resource_read(&resource, item) ||
			    (id != NULL && strcmp(resource.ref.id, id) != 0))
				continue;
			if (order->kind == KIND_TENANTS &&
			    (!bmx_related(&resource, "user", &user) ||
			     g_strcmp0(user.id, order_get(order, "user_id")) != 0))
				continue;
			rows_truncate(rows, 0);
			(void)bmx_decode(rows, &resource);
			break;
		}
		bmx_doc_fini(&doc);
	}
	g_free(id);
	return ERR_OK;
}

static int take_learned(struct bmx_job *job, const struct work_answer *answer)
{
	struct bmx_doc doc;

	if (!bmx_good(answer))
		return ERR_OK;
	if (bmx_doc_read(&doc, answer->body, answer->length, NULL) == ERR_OK)
		bmx_directory_learn_all(&job->state->directory, &doc);
	bmx_doc_fini(&doc);
	return ERR_OK;
}

int bmx_order_answer(struct work *work, struct bmx_job *job, const struct work_request *request,
		     const struct work_answer *answer)
{
	switch (request->step) {
	case BMX_STEP_BEFORE:
		return take_before(work, job, request, answer);
	case BMX_STEP_WRITE:
		return take_write(work, job, request, answer);
	case BMX_STEP_LOOK:
		return bmx_take_look(work, job, request, answer);
	case BMX_STEP_ONE:
		return bmx_take_one(work, job, answer);
	case BMX_STEP_WHOLE:
		return take_whole(work, job, answer);
	default:
		return take_learned(job, answer);
	}
}

/* Label and name of the one unit and person: not worth the whole list. */
static int learn(struct work *work, struct bmx_job *job, bool *asked)
{
	const struct bmx_directory *directory = &job->state->directory;
	struct rows *rows = work_rows(work, job->kind);
	const void *row = rows_count(rows) > 0 ? rows_at(rows, 0) : NULL;
	const struct access_key *key = row;
	const struct tenant *tenant = row;
	const char *unit, *user;
	int err = ERR_OK;

	*asked = false;
	if (row == NULL || (job->kind != KIND_KEYS && job->kind != KIND_TENANTS))
		return ERR_OK;
	unit = job->kind == KIND_KEYS ? key->unit_id : tenant->unit_id;
	user = job->kind == KIND_KEYS ? key->user_id : tenant->user_id;
	if (unit != NULL && bmx_known_text(directory, "units", unit, BMX_KNOWN_NAME) == NULL) {
		*asked = true;
		err = bmx_ask_one(work, job, BMX_STEP_LEARN, KIND_UNITS, unit);
	}
	if (err == ERR_OK && unit != NULL && user != NULL &&
	    bmx_known_text(directory, "users", user, BMX_KNOWN_NAME) == NULL) {
		*asked = true;
		err = bmx_ask_page(work, job, BMX_STEP_LEARN, unit, 0);
	}
	return err;
}

int bmx_order_finish(struct work *work, struct bmx_job *job)
{
	bool asked = false;
	int err = ERR_OK;

	if (job->order->order->verb == VERB_DELETE)
		return ERR_OK;
	if (!job->order->learned)
		err = learn(work, job, &asked);
	job->order->learned = true;
	if (err == ERR_OK && !asked)
		bmx_join(work, job);
	return err;
}
