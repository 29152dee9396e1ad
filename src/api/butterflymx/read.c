/* Queries: which lists a kind is read from, and what becomes of each page. */
#include "api/butterflymx/job.h"

#include "core/kind.h"

#include <string.h>

#define AT_ONCE 6 /* units whose tenants are asked for side by side */

/* Keys and keychains whose number is limited, and which a page itself shows to be wanted. */
static bool limited(const struct work *work, const struct bmx_job *job)
{
	const struct query *query = work_query(work);

	return (job->kind == KIND_KEYS || job->kind == KIND_KEYCHAINS) && query->limit > 0 &&
	       query->statuses.n == 0 && query->buildings.n == 0;
}

/* So few that what they name is asked for one by one. */
static bool few_keys(const struct work *work, const struct bmx_job *job)
{
	return job->kind == KIND_KEYS && limited(work, job) && work_query(work)->limit <= BMX_DIRECT_MOST;
}

int bmx_read_begin(struct work *work, struct bmx_job *job)
{
	const struct query *query = work_query(work);
	int err = ERR_OK;
	bool asked;

	if (bmx_direct_wanted(work, job))
		return bmx_direct_begin(work, job);
	/* Which releases are in the building has to be known before one can say that enough were read. */
	if (job->kind == KIND_DOORS && query->buildings.n > 0 &&
	    work_now_ms(work) >= job->state->units_until_ms) {
		job->late = true;
		return bmx_join_ask(work, job, &asked);
	}
	if (job->kind == KIND_DOORS)
		bmx_doors_begin(work, job);
	job->descending = true;
	if (job->kind == KIND_TENANTS && query->limit > 0)
		job->pending = g_ptr_array_new_with_free_func(g_free);
	if (job->kind == KIND_TENANTS && query->units.n > 0) {
		for (size_t i = 0; i < query->units.n && err == ERR_OK; i++)
			if (work_first_time(work, BMX_STEP_USERS, query->units.at[i]))
				err = bmx_ask_page(work, job, BMX_STEP_USERS, query->units.at[i], 0);
	} else {
		bool codes = job->kind == KIND_KEYS && job->state->codes;

		job->joined = job->kind == KIND_TENANTS ||
			      job->kind == KIND_USERS; /* the list itself tells them */
		err = bmx_ask_page(work, job, codes ? BMX_STEP_CODES : BMX_STEP_LIST, NULL, 0);
	}
	/* Side by side with the list: most often they are needed. */
	if (err == ERR_OK && !few_keys(work, job) && work_now_ms(work) >= job->state->units_until_ms)
		err = bmx_join_ask(work, job, &asked);
	return err;
}

/* --- one page --- */

/* Fit for a notice as it is. */
static bool plain(const char *text)
{
	size_t length = text == NULL ? 0 : strlen(text), i = 0;

	while (i < length && text[i] >= ' ' && text[i] <= '~')
		i++;
	return length > 0 && length <= 64 && i == length;
}

/* Times in a building whose zone has an unknown name are uncertain (§11.4). */
static void tell_zone(struct work *work, const struct bmx_resource *building)
{
	const char *name = bmx_text(building, "time_zone"), *used;
	enum bmx_zone known;

	used = bmx_timezone(building, &known);
	if (known == BMX_ZONE_NAMED || used == NULL)
		return;
	work_notice(
		work, NOTICE_HINT, "building %s: its time zone%s%s is not known; %s",
		plain(building->ref.id) ? building->ref.id : "", plain(name) ? " " : "",
		plain(name) ? name : "",
		known == BMX_ZONE_OFFSET
			? "the offset from UTC that the vendor tells is used, which knows no daylight saving time: times there are uncertain"
			: "set timezone= of the account");
}

/* How many are there of those that are wanted; and whether the list goes from the newest to the oldest, as far as was read. */
static void count_row(struct work *work, struct bmx_job *job, const void *row)
{
	const char *id = *(const char *const *)row;

	if (job->kind == KIND_TENANTS)
		job->matched += query_match(work_query(work), row) &&
				bmx_in_building(work, job, ((const struct tenant *)row)->unit_id);
	if (!limited(work, job))
		return;
	job->matched += query_match(work_query(work), row);
	job->descending = job->descending && (job->last_id[0] == '\0' || bmx_id_order(id, job->last_id) < 0);
	g_strlcpy(job->last_id, id, sizeof(job->last_id));
}

void bmx_add_row(struct work *work, struct bmx_job *job, const struct bmx_resource *resource, size_t *fresh)
{
	struct rows *rows = work_rows(work, job->kind);
	size_t before = rows_count(rows);

	if (!work_first_time(work, BMX_STEP_LIST, resource->ref.id))
		return;
	(*fresh)++;
	if (!bmx_decode(rows, resource) && !rows_overflow(rows))
		rows_count_bad(rows, 1);
	if (job->kind == KIND_BUILDINGS)
		tell_zone(work, resource);
	if (rows_count(rows) > before)
		count_row(work, job, rows_at(rows, before));
}

static void add_user(struct work *work, const char *id, const char *unit_id)
{
	struct rows *rows = work_rows(work, KIND_USERS);
	struct user *row;

	if (!work_first_time(work, BMX_STEP_LIST, id) || (row = rows_add(rows)) == NULL)
		return;
	row->id = rows_text(rows, id);
	row->parent_id = rows_text(rows, unit_id);
	if (row->id == NULL)
		rows_drop_last(rows, true);
}

/* The people of a unit's own list; where one is not told besides, the unit's tenants are asked for. */
static int take_people(struct work *work, struct bmx_job *job, const struct bmx_resource *unit)
{
	const cJSON *list = bmx_related_list(unit, "users");
	bool unknown = list == NULL;
	struct bmx_ref ref;

	for (const cJSON *item = list != NULL ? list->child : NULL; item != NULL; item = item->next) {
		if (!bmx_ref_read(&ref, item))
			continue;
		add_user(work, ref.id, unit->ref.id);
		unknown = unknown ||
			  bmx_known_text(&job->state->directory, "users", ref.id, BMX_KNOWN_NAME) == NULL;
	}
	return unknown && work_first_time(work, BMX_STEP_USERS, unit->ref.id)
		       ? bmx_ask_page(work, job, BMX_STEP_USERS, unit->ref.id, 0)
		       : ERR_OK;
}

static int take_item(struct work *work, struct bmx_job *job, int step, const cJSON *item, size_t *fresh)
{
	struct rows *helper;
	struct bmx_resource resource;
	int kind;

	if (!bmx_resource_read(&resource, item)) {
		rows_count_bad(work_rows(work, job->kind), 1);
		return ERR_OK;
	}
	kind = bmx_kind_of(resource.ref.type);
	if (kind == KIND_UNITS && (job->kind == KIND_TENANTS || job->kind == KIND_USERS) &&
	    step == BMX_STEP_LIST) {
		if (!work_first_time(work, BMX_STEP_UNITS, resource.ref.id))
			return ERR_OK;
		(*fresh)++;
		if (job->kind == KIND_USERS)
			return take_people(work, job, &resource);
		helper = work_rows(work, KIND_UNITS);
		(void)bmx_decode(helper, &resource);
		if (job->pending != NULL) {
			g_ptr_array_add(job->pending, g_strdup(resource.ref.id));
			return ERR_OK;
		}
		return bmx_ask_page(work, job, BMX_STEP_USERS, resource.ref.id, 0);
	}
	if (step == BMX_STEP_CODES) {
		*fresh += work_first_time(work, BMX_STEP_CODES, resource.ref.id);
		return ERR_OK; /* its keys are among the included */
	}
	if (job->kind == KIND_USERS) { /* a tenancy: whose? */
		struct bmx_ref user, unit;

		(*fresh)++;
		bmx_related(&resource, "unit", &unit);
		if (bmx_related(&resource, "user", &user))
			add_user(work, user.id, unit.id);
		return ERR_OK;
	}
	bmx_add_row(work, job, &resource, fresh);
	return ERR_OK;
}

/* Included resources of the job's own kind: the keys of keychains, the people of units. */
static void take_included(struct work *work, struct bmx_job *job, const struct bmx_doc *doc)
{
	const cJSON *included = bmx_doc_included(doc);
	struct bmx_resource resource;
	size_t fresh = 0;

	if (included == NULL || (job->kind != KIND_KEYS && job->kind != KIND_USERS))
		return;
	for (const cJSON *item = included->child; item != NULL; item = item->next) {
		if (!bmx_resource_read(&resource, item) || bmx_kind_of(resource.ref.type) != (int)job->kind)
			continue;
		if (job->kind == KIND_USERS)
			add_user(work, resource.ref.id, NULL);
		else
			bmx_add_row(work, job, &resource, &fresh);
	}
}

static void list_ended(struct work *work, struct bmx_job *job, const struct work_request *request)
{
	job->ended = true;
	if (request->step != BMX_STEP_LIST)
		return;
	if (job->kind == KIND_UNITS || job->kind == KIND_TENANTS || job->kind == KIND_USERS)
		job->state->units_until_ms = work_now_ms(work) + BMX_FRESH_MS;
	if (job->kind == KIND_BUILDINGS)
		job->state->buildings_until_ms = work_now_ms(work) + BMX_FRESH_MS;
	if (job->kind == KIND_BUILDINGS && rows_count(work_rows(work, KIND_BUILDINGS)) == 0)
		work_notice(work, NOTICE_HINT, "no building can be seen by this account%s",
			    job->state->timezone != NULL ? "; timezone= of the account is used" : "");
}

static int take_page(struct work *work, struct bmx_job *job, const struct work_request *request,
		     const struct bmx_doc *doc)
{
	size_t items = 0, fresh = 0;
	bool enough = false;
	unsigned next;
	int err = ERR_OK;

	bmx_directory_learn_all(&job->state->directory, doc);
	if (job->kind == KIND_KEYS)
		bmx_chains_learn(job, doc);
	if (job->kind == KIND_DOORS)
		enough = bmx_doors_take(work, job, doc, &items, &fresh);
	else
		for (const cJSON *item = bmx_doc_first(doc); item != NULL && err == ERR_OK;
		     item = bmx_doc_next(doc, item)) {
			items++;
			err = take_item(work, job, request->step, item, &fresh);
		}
	take_included(work, job, doc);
	if (limited(work, job) && request->step == BMX_STEP_LIST)
		enough = job->enough = job->descending && job->matched >= (size_t)work_query(work)->limit;
	if (err != ERR_OK || enough)
		return err;
	if (bmx_more_pages(work, request, doc, items, fresh, &next))
		return bmx_ask_page(work, job, request->step, request->subject, next);
	list_ended(work, job, request);
	return ERR_OK;
}

/* --- refusals --- */

/* Rights differ by role (§9). A 404 says the same as a 403, or that the path is wrong (§15.9). */
int bmx_not_for_us(struct work *work, const struct bmx_job *job, int status)
{
	return work_failf(work, ERR_DENIED, kind_info(job->kind)->name,
			  status == 403 ? "ask the building's administrator for the right"
					: "check path_prefix if nothing can be read",
			  "this account may not see them: the server answered %d", status);
}

/* A unit's tenants may not be read: what the unit itself says of them. */
static void tenants_of_unit(struct work *work, const char *unit_id)
{
	struct rows *units = work_rows_if(work, KIND_UNITS), *rows = work_rows(work, KIND_TENANTS);

	for (size_t i = 0; units != NULL && i < rows_count(units); i++) {
		const struct unit *unit = rows_at(units, i);

		if (strcmp(unit->id, unit_id) != 0)
			continue;
		for (size_t k = 0; k < unit->user_ids.n; k++) {
			struct tenant *row = rows_add(rows);

			if (row == NULL)
				return;
			row->id = rows_textf(rows, "%s/%s", unit->id, unit->user_ids.at[k]);
			row->unit_id = rows_copy(rows, unit->id);
			row->user_id = rows_copy(rows, unit->user_ids.at[k]);
		}
	}
}

/* True when the request is worth sending in another form; it was sent then. */
static bool other_form(struct work *work, struct bmx_job *job, const struct work_request *request,
		       const struct work_answer *answer, int *err)
{
	const struct query *query = work_query(work);
	struct bmx_state *state = job->state;
	bool refused = answer->error == ERR_OK && (answer->status == 400 || answer->status == 422);

	if (job->kind == KIND_DOORS && refused && !state->no_sort) {
		state->no_sort = true; /* the chapters disagree on its name (§15.12) */
	} else if (job->kind == KIND_DOORS && refused && !state->no_filters &&
		   query->units.n + query->users.n + query->types.n > 0) {
		state->no_filters = true;
		bmx_doors_forget(job);
	} else if (job->kind == KIND_KEYS && request->step == BMX_STEP_LIST && request->page == 0 &&
		   answer->error == ERR_OK && (answer->status == 404 || answer->status == 410)) {
		*err = bmx_ask_page(work, job, BMX_STEP_CODES, NULL, 0);
		return true;
	} else {
		return false;
	}
	*err = bmx_ask_page(work, job, request->step, request->subject, request->page);
	return true;
}

static int unreadable_unit(struct work *work, const struct bmx_job *job, const struct work_request *request,
			   const struct work_answer *answer)
{
	bool denied = bmx_not_offered(answer);
	size_t named = work_query(work)->units.n;

	if (answer->status == 401 || answer->error == ERR_AUTH)
		return bmx_refuse(work, request, answer);
	if (named == 1)
		return denied ? bmx_not_for_us(work, job, answer->status) : bmx_refuse(work, request, answer);
	work_notice(work, denied && named == 0 ? NOTICE_HINT : NOTICE_PARTIAL,
		    "the tenants of a unit cannot be read%s", denied ? " by this account" : "");
	tenants_of_unit(work, request->subject);
	return ERR_OK;
}

int bmx_read_answer(struct work *work, struct bmx_job *job, const struct work_request *request,
		    const struct work_answer *answer)
{
	bool good = answer->error == ERR_OK && answer->status >= 200 && answer->status < 300;
	struct bmx_doc doc;
	int err;

	if (!good && other_form(work, job, request, answer, &err))
		return err;
	if (!good && request->step == BMX_STEP_USERS)
		return unreadable_unit(work, job, request, answer);
	if (request->page == 0 && bmx_not_offered(answer))
		return job->direct ? ERR_OK : bmx_not_for_us(work, job, answer->status);
	err = bmx_take_doc(work, request, answer, &doc);
	if (err != 1)
		return err;
	job->state->codes = job->state->codes || request->step == BMX_STEP_CODES;
	job->state->keys_offered = job->state->keys_offered ||
				   (job->kind == KIND_KEYS && request->step == BMX_STEP_LIST);
	err = take_page(work, job, request, &doc);
	bmx_doc_fini(&doc);
	return err;
}

static bool keep_wanted(const void *row, void *query) { return query_match(query, row); }

/* The newest that are wanted, before anything is asked for on account of the others. */
static void cut(struct work *work, struct bmx_job *job)
{
	struct rows *rows = work_rows(work, job->kind);

	rows_filter(rows, keep_wanted, (void *)(uintptr_t)work_query(work));
	rows_truncate(rows, (size_t)work_query(work)->limit);
	job->cut = true;
	job->direct = few_keys(work, job) && work_now_ms(work) >= job->state->units_until_ms;
}

static int ask_pending(struct work *work, struct bmx_job *job)
{
	int err = ERR_OK;

	for (unsigned i = 0; i < AT_ONCE && job->pending->len > 0 && err == ERR_OK; i++) {
		err = bmx_ask_page(work, job, BMX_STEP_USERS, g_ptr_array_index(job->pending, 0), 0);
		g_ptr_array_remove_index(job->pending, 0);
	}
	return err;
}

int bmx_read_finish(struct work *work, struct bmx_job *job)
{
	bool asked;
	int err;

	if (job->late) {
		job->late = false;
		bmx_doors_begin(work, job);
		return bmx_ask_page(work, job, BMX_STEP_LIST, NULL, 0);
	}
	if (job->pending != NULL && job->pending->len > 0 && job->matched < (size_t)work_query(work)->limit)
		return ask_pending(work, job);
	if (job->enough && !job->cut)
		cut(work, job);
	if (job->kind == KIND_DOORS && !job->settled)
		bmx_doors_finish(work, job);
	job->settled = true;
	err = bmx_join_ask(work, job, &asked);
	if (err == ERR_OK && !asked)
		bmx_join(work, job);
	return err;
}
