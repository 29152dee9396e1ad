/* What the server has: before a write, and after one whose answer was lost. */
#include "api/butterflymx/order.h"

#include "core/kind.h"

#include <string.h>

/* Before the first look after a lost answer, the second … */
static const int64_t waits_ms[] = {0, 2000, 5000};

const char *bmx_noun(const struct order *order)
{
	return order->kind == KIND_KEYS        ? "key"
	       : order->kind == KIND_KEYCHAINS ? "keychain"
	       : order->kind == KIND_TENANTS   ? "tenant"
	       : order->kind == KIND_UNITS     ? "unit"
					       : "building";
}

static const char *done_word(const struct order *order)
{
	return order->verb == VERB_CREATE ? "created" : order->verb == VERB_CHANGE ? "changed" : "deleted";
}

bool bmx_good(const struct work_answer *answer)
{
	return answer->error == ERR_OK && answer->status >= 200 && answer->status < 300;
}

/* The list, or the one thing, that tells what became of the order. */
int bmx_look(struct work *work, struct bmx_job *job)
{
	const struct order *order = job->order->order;
	int err;

	if (job->order->tries == 0)
		work_progress(work, "checking whether it was %s", done_word(order));
	job->order->looks++;
	job->delay_ms = job->order->resuming ? 0 : waits_ms[job->order->tries++];
	g_array_set_size(job->order->found, 0);
	job->order->alike = 0;
	rows_truncate(job->order->scratch, 0);
	job->order->there = false;
	job->order->shown = -1;
	job->order->descending = true;
	g_clear_pointer(&job->order->last, g_free);
	if (order->verb == VERB_CREATE || order->kind == KIND_TENANTS)
		err = bmx_ask_page(work, job, BMX_STEP_LOOK, NULL, 0);
	else
		err = bmx_ask_one(work, job, BMX_STEP_ONE, order->kind, order->id);
	job->delay_ms = 0;
	return err;
}

static bool may_look_again(const struct bmx_order *change) { return change->tries < G_N_ELEMENTS(waits_ms); }

/* --- lists --- */

static bool numeric(const char *id) { return id != NULL && id[strspn(id, "0123456789")] == '\0'; }

static void follow_order(struct bmx_order *change, const char *id)
{
	if (!numeric(id) || (change->last != NULL && bmx_id_order(id, change->last) >= 0))
		change->descending = false;
	g_free(change->last);
	change->last = g_strdup(id);
}

static void note_before(struct bmx_order *change, const char *id)
{
	g_hash_table_add(change->before, g_strdup(id));
	if (change->greatest == NULL || bmx_id_order(id, change->greatest) > 0) {
		g_free(change->greatest);
		change->greatest = g_strdup(id);
	}
}

/* Made after the list before was read. */
static bool is_new(const struct bmx_order *change, const char *id)
{
	if (change->resuming || !change->read_before)
		return true;
	if (g_hash_table_contains(change->before, id))
		return false;
	return change->greatest == NULL || !numeric(id) || !numeric(change->greatest) ||
	       bmx_id_order(id, change->greatest) > 0;
}

static void look_at(struct bmx_job *job, const struct bmx_resource *resource)
{
	struct bmx_order *change = job->order;
	const struct order *order = change->order;
	struct bmx_ref ref;
	size_t at;

	if (order->verb != VERB_CREATE) {
		if (bmx_related(resource, "user", &ref) && strcmp(ref.id, order_get(order, "user_id")) == 0 &&
		    (!bmx_related(resource, "unit", &ref) ||
		     strcmp(ref.id, order_get(order, "unit_id")) == 0)) {
			change->there = true;
			change->shown = order->verb == VERB_CHANGE ? bmx_order_shown(order, resource) : -1;
			(void)bmx_decode(change->scratch, resource);
		}
		return;
	}
	if (g_hash_table_contains(change->before, resource->ref.id) && !change->resuming &&
	    change->read_before)
		return;
	if (!bmx_decode(change->scratch, resource))
		return;
	at = rows_count(change->scratch) - 1;
	if (bmx_order_made(order, &job->state->directory, change->scratch, rows_at(change->scratch, at))) {
		if (is_new(change, resource->ref.id)) {
			g_array_append_val(change->found, at);
			return;
		}
		change->alike++;
	}
	rows_truncate(change->scratch, at);
}

/* Nothing that follows can be newer than what was there before; as far as the order shows, which no document promises: "it was not created" is said only after
 * the whole list. */
static bool seen_enough(const struct bmx_order *change, int step)
{
	if (!change->descending || change->last == NULL)
		return false;
	if (step == BMX_STEP_BEFORE)
		return true;
	if (change->found->len == 0 && !may_look_again(change))
		return false;
	return !change->resuming && change->read_before && change->order->verb == VERB_CREATE &&
	       numeric(change->greatest) && bmx_id_order(change->last, change->greatest) <= 0;
}

/* One page of the list; *more: another was asked for. */
int bmx_take_list(struct work *work, struct bmx_job *job, const struct work_request *request,
		  const struct bmx_doc *doc, bool *more)
{
	struct bmx_order *change = job->order;
	size_t items = 0, fresh = 0;
	unsigned next;

	*more = false;
	bmx_directory_learn_all(&job->state->directory, doc);
	for (const cJSON *item = bmx_doc_first(doc); item != NULL; item = bmx_doc_next(doc, item)) {
		struct bmx_resource resource;

		items++;
		if (!bmx_resource_read(&resource, item) ||
		    bmx_kind_of(resource.ref.type) != (int)change->order->kind ||
		    !work_first_time(work, BMX_STEPS + change->looks, resource.ref.id))
			continue;
		fresh++;
		follow_order(change, resource.ref.id);
		if (request->step == BMX_STEP_LOOK)
			look_at(job, &resource);
		if (request->step == BMX_STEP_BEFORE || change->resuming)
			note_before(change, resource.ref.id);
	}
	if (seen_enough(change, request->step))
		return ERR_OK;
	if (!bmx_more_pages(work, request, doc, items, fresh, &next)) {
		change->before_whole = change->before_whole || request->step == BMX_STEP_BEFORE;
		return ERR_OK;
	}
	*more = true;
	return bmx_ask_page(work, job, request->step, request->subject, next);
}

/* --- the end --- */

static int unsure(struct work *work, const struct bmx_order *change, const char *why)
{
	return work_failf(work, ERR_UNSURE, change->request, "look at the list before you send it again",
			  "%s%sit is not known whether the %s was %s: %s", change->lost.why,
			  change->lost.why[0] != '\0' ? "; " : "", bmx_noun(change->order),
			  done_word(change->order), why);
}

static int not_done(struct work *work, const struct bmx_order *change)
{
	int code = change->lost.code == ERR_OK ? ERR_SERVER : change->lost.code;

	return work_failf(work, code, change->request, "it can be sent again", "%s; the %s was not %s",
			  change->lost.why, bmx_noun(change->order), done_word(change->order));
}

/* Is something missing that a person needs of the thing? */
static bool incomplete(enum kind kind, const void *row)
{
	const struct access_key *key = row;
	const struct keychain *chain = row;

	switch (kind) {
	case KIND_KEYS:
		return (key->key_code == NULL && key->picture_url == NULL) ||
		       key->activated_ms == MOMENT_NONE || key->expired_ms == MOMENT_NONE;
	case KIND_KEYCHAINS:
		return chain->name == NULL || chain->valid_date_from == NULL;
	case KIND_UNITS:
		return ((const struct unit *)row)->name == NULL;
	case KIND_BUILDINGS:
		return ((const struct building *)row)->name == NULL;
	default:
		return false;
	}
}

int bmx_order_ended(struct work *work, struct bmx_job *job)
{
	struct rows *rows = work_rows(work, job->kind);

	if (job->kind == KIND_UNITS || job->kind == KIND_TENANTS)
		job->state->units_until_ms = MOMENT_NONE; /* labels may have changed */
	if (job->order->whole_asked || rows_count(rows) == 0 || !incomplete(job->kind, rows_at(rows, 0)))
		return ERR_OK;
	job->order->whole_asked = true;
	return bmx_ask_one(work, job, BMX_STEP_WHOLE, job->kind, *(const char *const *)rows_at(rows, 0));
}

static int take_found(struct work *work, struct bmx_job *job, size_t at)
{
	(void)kind_copy_row(work_rows(work, job->kind), job->kind, rows_at(job->order->scratch, at));
	return bmx_order_ended(work, job);
}

/* What was there before was read in part, and the list turns out to have no order. */
static bool may_be_older(const struct bmx_order *change)
{
	return change->read_before && !change->before_whole && !change->descending;
}

static int created_look_ended(struct work *work, struct bmx_job *job)
{
	struct bmx_order *change = job->order;
	size_t best = 0;

	if (change->found->len == 0 && change->resuming) {
		change->read_before = true;
		return bmx_send_write(work, job);
	}
	if (change->found->len == 0 && may_look_again(change))
		return bmx_look(work, job);
	if (change->found->len == 0 && change->alike > 0 && !change->descending)
		return unsure(work, change, "there is one like it that may be older");
	if (change->found->len == 0)
		return change->lost.code == ERR_OK ? unsure(work, change, "the list does not show it")
						   : not_done(work, change);
	if (change->found->len > 1 && !change->resuming)
		return unsure(work, change, "there are several new ones like it");
	if (!change->resuming && may_be_older(change))
		return unsure(work, change, "there is one like it that may be older");
	if (!change->resuming && !change->read_before)
		work_notice(work, NOTICE_HINT,
			    "what there was before could not be read: the %s may be an older one",
			    bmx_noun(change->order));
	for (size_t i = 1; i < change->found->len; i++) {
		const char *const *row = rows_at(change->scratch, g_array_index(change->found, size_t, i));
		const char *const *other = rows_at(change->scratch,
						   g_array_index(change->found, size_t, best));

		if (bmx_id_order(*row, *other) > 0)
			best = i;
	}
	work_notice(work, NOTICE_HINT,
		    change->resuming ? "the %s had been created by the try before"
				     : "the answer was lost, but the %s was created",
		    bmx_noun(change->order));
	return take_found(work, job, g_array_index(change->found, size_t, best));
}

/* What a look at a thing that exists told: `there`, and for a change `shown`. */
static int existing_look_ended(struct work *work, struct bmx_job *job)
{
	struct bmx_order *change = job->order;
	bool deletion = change->order->verb == VERB_DELETE;

	if (deletion && !change->there)
		return ERR_OK;
	if (!deletion && change->there && change->shown == 1)
		return rows_count(work_rows(work, job->kind)) > 0 ? bmx_order_ended(work, job)
								  : take_found(work, job, 0);
	if (change->resuming)
		return bmx_send_write(work, job);
	if (!deletion && !change->there)
		return unsure(work, change, "it is not there any more");
	if (!deletion && change->shown < 0)
		return unsure(work, change, "the server does not show what was changed");
	if (may_look_again(change))
		return bmx_look(work, job);
	return not_done(work, change);
}

static int look_ended(struct work *work, struct bmx_job *job)
{
	return job->order->order->verb == VERB_CREATE ? created_look_ended(work, job)
						      : existing_look_ended(work, job);
}

/* --- answers --- */

int bmx_take_look(struct work *work, struct bmx_job *job, const struct work_request *request,
		  const struct work_answer *answer)
{
	struct bmx_doc doc;
	bool more;
	int err;

	if (!bmx_good(answer) || bmx_doc_read(&doc, answer->body, answer->length, NULL) != ERR_OK) {
		if (bmx_good(answer))
			bmx_doc_fini(&doc);
		return unsure(work, job->order, "the list cannot be read");
	}
	err = bmx_take_list(work, job, request, &doc, &more);
	bmx_doc_fini(&doc);
	return err != ERR_OK || more ? err : look_ended(work, job);
}

/* The one thing. Gone is an answer too. */
int bmx_take_one(struct work *work, struct bmx_job *job, const struct work_answer *answer)
{
	struct bmx_order *change = job->order;
	struct bmx_resource resource;
	struct bmx_doc doc;
	bool read;

	if (answer->error == ERR_OK && (answer->status == 404 || answer->status == 410))
		return look_ended(work, job);
	if (!bmx_good(answer))
		return unsure(work, change, "it cannot be read");
	read = bmx_doc_read(&doc, answer->body, answer->length, NULL) == ERR_OK &&
	       bmx_doc_first(&doc) != NULL && bmx_resource_read(&resource, bmx_doc_first(&doc)) &&
	       strcmp(resource.ref.id, change->order->id) == 0;
	if (read) {
		bmx_directory_learn_all(&job->state->directory, &doc);
		change->there = true;
		if (change->order->verb == VERB_CHANGE) {
			change->shown = bmx_order_shown(change->order, &resource);
			if (!bmx_decode(change->scratch, &resource))
				change->shown = -1;
		}
	}
	bmx_doc_fini(&doc);
	return read ? look_ended(work, job) : unsure(work, change, "it cannot be read");
}
