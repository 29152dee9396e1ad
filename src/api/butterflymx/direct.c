/* Rows that are asked for by their ids: one small request each, instead of lists that may have many pages. */
#include "api/butterflymx/job.h"

#include <string.h>

bool bmx_direct_wanted(const struct work *work, const struct bmx_job *job)
{
	const struct query *query = work_query(work);
	bool offered = job->kind == KIND_UNITS || job->kind == KIND_BUILDINGS ||
		       job->kind == KIND_KEYCHAINS || (job->kind == KIND_KEYS && !job->state->codes);

	return offered && query->ids.n > 0 && query->ids.n <= BMX_DIRECT_MOST;
}

/* "." and ".." would lead to another path. */
static bool sayable(const char *id) { return id[strspn(id, ".")] != '\0'; }

int bmx_direct_begin(struct work *work, struct bmx_job *job)
{
	const struct words *ids = &work_query(work)->ids;
	int err = ERR_OK;

	job->direct = true;
	for (size_t i = 0; i < ids->n && err == ERR_OK; i++)
		if (sayable(ids->at[i]) && work_first_time(work, BMX_STEP_ITEM, ids->at[i]))
			err = bmx_ask_one(work, job, BMX_STEP_ITEM, job->kind, ids->at[i]);
	return err;
}

/* It is not there; or, for a key, the server knows only the later shape, whose list tells. */
static int absent(struct work *work, struct bmx_job *job)
{
	if (job->kind != KIND_KEYS || job->state->keys_offered || job->codes_asked)
		return ERR_OK;
	job->codes_asked = true;
	return bmx_ask_page(work, job, BMX_STEP_CODES, NULL, 0);
}

static void take_item(struct work *work, struct bmx_job *job, const struct bmx_doc *doc, const char *id)
{
	struct bmx_resource resource;
	size_t fresh = 0;

	bmx_directory_learn_all(&job->state->directory, doc);
	bmx_chains_learn(job, doc);
	for (const cJSON *item = bmx_doc_first(doc); item != NULL; item = bmx_doc_next(doc, item))
		if (bmx_resource_read(&resource, item) && strcmp(resource.ref.id, id) == 0)
			bmx_add_row(work, job, &resource, &fresh);
}

int bmx_item_answer(struct work *work, struct bmx_job *job, const struct work_request *request,
		    const struct work_answer *answer)
{
	struct bmx_doc doc;
	int err;

	if (answer->error == ERR_OK && (answer->status == 404 || answer->status == 410))
		return absent(work, job);
	if (bmx_not_offered(answer))
		return bmx_not_for_us(work, job, answer->status);
	err = bmx_take_doc(work, request, answer, &doc);
	if (err != 1)
		return err;
	job->state->keys_offered = job->state->keys_offered || job->kind == KIND_KEYS;
	take_item(work, job, &doc, request->subject);
	bmx_doc_fini(&doc);
	return ERR_OK;
}

/* --- what they only name by id --- */

static int learn_place(struct work *work, struct bmx_job *job, const char *unit, const char *user,
		       bool *asked)
{
	const struct bmx_directory *directory = &job->state->directory;
	int err = ERR_OK;

	if (unit == NULL || !sayable(unit))
		return ERR_OK;
	if ((bmx_known_text(directory, "units", unit, BMX_KNOWN_NAME) == NULL ||
	     bmx_known_text(directory, "units", unit, BMX_KNOWN_BUILDING) == NULL) &&
	    work_first_time(work, BMX_STEP_UNIT, unit)) {
		*asked = true;
		err = bmx_ask_one(work, job, BMX_STEP_UNIT, KIND_UNITS, unit);
	}
	if (err == ERR_OK && user != NULL &&
	    bmx_known_text(directory, "users", user, BMX_KNOWN_NAME) == NULL &&
	    work_first_time(work, BMX_STEP_PEOPLE, unit)) {
		*asked = true;
		err = bmx_ask_page(work, job, BMX_STEP_PEOPLE, unit, 0);
	}
	return err;
}

static int learn_key(struct work *work, struct bmx_job *job, const struct access_key *key, bool *asked)
{
	const struct bmx_chain *chain = bmx_chain_of(job, key);
	bool timeless = key->activated_ms == MOMENT_NONE && key->expired_ms == MOMENT_NONE;
	const char *unit = key->unit_id, *user = key->user_id;

	if (chain == NULL && key->keychain_id != NULL && (timeless || unit == NULL) &&
	    sayable(key->keychain_id) && work_first_time(work, BMX_STEP_CHAIN, key->keychain_id)) {
		int err = bmx_ask_one(work, job, BMX_STEP_CHAIN, KIND_KEYCHAINS, key->keychain_id);

		*asked = true;
		if (err != ERR_OK)
			return err;
	}
	if (chain != NULL && unit == NULL)
		unit = chain->unit_id;
	if (chain != NULL && user == NULL)
		user = chain->user_id;
	return learn_place(work, job, unit, user, asked);
}

int bmx_direct_join(struct work *work, struct bmx_job *job, bool *asked)
{
	struct rows *rows = work_rows_if(work, job->kind);
	int err = ERR_OK;

	for (size_t i = 0; rows != NULL && i < rows_count(rows) && err == ERR_OK; i++) {
		if (job->kind == KIND_KEYS)
			err = learn_key(work, job, rows_at(rows, i), asked);
		else if (job->kind == KIND_KEYCHAINS && work_query(work)->buildings.n > 0)
			err = learn_place(work, job, ((const struct keychain *)rows_at(rows, i))->unit_id,
					  NULL, asked);
	}
	return err;
}
