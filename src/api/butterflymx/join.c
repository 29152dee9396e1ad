/* Labels of what rows only name by id, and the states of keys (butterflymx.md §11.3, §15.19). */
#include "api/butterflymx/job.h"

#include "core/visitor.h"

#include <string.h>

#define AGAIN_MS 60000 /* after a failure that passes */

/* --- what is missing --- */

static bool labelled(enum kind kind)
{
	return kind == KIND_DOORS || kind == KIND_KEYS || kind == KIND_TENANTS;
}

/* Rows that say which unit they belong to. */
static bool in_units(enum kind kind)
{
	return labelled(kind) || kind == KIND_KEYCHAINS || kind == KIND_USERS;
}

static bool by_building(const struct work *work, enum kind kind)
{
	return work_query(work)->buildings.n > 0 && in_units(kind);
}

/* The unit's id of a row of such a kind. */
static const char *unit_of(enum kind kind, const void *row)
{
	return kind == KIND_DOORS       ? ((const struct door_release *)row)->unit_id
	       : kind == KIND_KEYS      ? ((const struct access_key *)row)->unit_id
	       : kind == KIND_KEYCHAINS ? ((const struct keychain *)row)->unit_id
	       : kind == KIND_USERS     ? ((const struct user *)row)->parent_id
					: ((const struct tenant *)row)->unit_id;
}

bool bmx_in_building(const struct work *work, const struct bmx_job *job, const char *unit_id)
{
	const struct words *buildings = &work_query(work)->buildings;

	return buildings->n == 0 || query_wants(buildings, bmx_known_text(&job->state->directory, "units",
									  unit_id, BMX_KNOWN_BUILDING));
}

static bool lacks_unit(struct bmx_state *state, const char *id)
{
	return id != NULL && bmx_known_text(&state->directory, "units", id, BMX_KNOWN_NAME) == NULL &&
	       !g_hash_table_contains(state->missing, id);
}

/* Notes them, so that they are asked for once. */
static bool lacks_units(struct work *work, struct bmx_job *job)
{
	struct rows *rows = work_rows_if(work, job->kind);
	bool lacks = false;

	for (size_t i = 0; rows != NULL && i < rows_count(rows); i++) {
		const char *id = unit_of(job->kind, rows_at(rows, i));

		if (lacks_unit(job->state, id)) {
			lacks = true;
			g_hash_table_add(job->state->missing, g_strdup(id));
		}
	}
	return lacks;
}

int bmx_join_ask(struct work *work, struct bmx_job *job, bool *asked)
{
	int err = ERR_OK;

	*asked = false;
	if (job->direct) {
		err = bmx_direct_join(work, job, asked);
	} else if ((labelled(job->kind) || by_building(work, job->kind)) && !job->joined) {
		bool stale = work_now_ms(work) >= job->state->units_until_ms;

		if (stale)
			g_hash_table_remove_all(job->state->missing);
		if (stale || lacks_units(work, job)) {
			job->joined = *asked = true;
			err = bmx_ask_page(work, job, BMX_STEP_UNITS, NULL, 0);
		}
	}
	if (err == ERR_OK && job->kind == KIND_KEYS && !*asked)
		err = bmx_windows_ask(work, job, asked);
	return err;
}

/* --- answers --- */

/* Nobody can say then what is in which building, and a filter is not left out. */
static int cannot_filter(struct work *work, const struct work_request *request,
			 const struct work_answer *answer)
{
	if (!bmx_not_offered(answer))
		return bmx_refuse(work, request, answer);
	return work_failf(work, ERR_DENIED, "--building", "leave it out, or name units",
			  "this account may not see which building a unit is in (%d)", answer->status);
}

static void note_unread(struct work *work, const struct work_request *request, bool denied)
{
	const char *name = request->step == BMX_STEP_UNITS || request->step == BMX_STEP_UNIT     ? "units"
			   : request->step == BMX_STEP_CHAINS || request->step == BMX_STEP_CHAIN ? "keychains"
			   : request->step == BMX_STEP_BUILDINGS                                 ? "buildings"
												 : NULL;

	if (name != NULL)
		work_notice(work, NOTICE_HINT, "%s cannot be read%s%s", name,
			    denied ? " by this account" : " now",
			    request->step == BMX_STEP_BUILDINGS ? "" : "; ids are shown instead");
}

static int cannot_join(struct work *work, struct bmx_job *job, const struct work_request *request,
		       const struct work_answer *answer)
{
	bool denied = bmx_not_offered(answer);
	int64_t until_ms = work_now_ms(work) + (denied ? BMX_FRESH_MS : AGAIN_MS);

	if (answer->status == 401 || answer->error == ERR_AUTH)
		return bmx_refuse(work, request, answer);
	if (by_building(work, job->kind) &&
	    (request->step == BMX_STEP_UNITS || request->step == BMX_STEP_UNIT))
		return cannot_filter(work, request, answer);
	note_unread(work, request, denied);
	if (request->step == BMX_STEP_UNITS)
		job->state->units_until_ms = until_ms;
	if (request->step == BMX_STEP_BUILDINGS)
		job->state->buildings_until_ms = until_ms;
	return ERR_OK;
}

int bmx_join_answer(struct work *work, struct bmx_job *job, const struct work_request *request,
		    const struct work_answer *answer)
{
	struct problem problem = {.code = ERR_OK};
	size_t items = 0, fresh = 0;
	struct bmx_doc doc;
	unsigned next;
	int err = ERR_OK;

	if (answer->error != ERR_OK || answer->status < 200 || answer->status >= 300)
		return cannot_join(work, job, request, answer);
	if (bmx_doc_read(&doc, answer->body, answer->length, &problem) != ERR_OK) {
		bmx_doc_fini(&doc);
		return cannot_join(work, job, request, answer);
	}
	bmx_directory_learn_all(&job->state->directory, &doc);
	bmx_chains_learn(job, &doc);
	for (const cJSON *item = bmx_doc_first(&doc); item != NULL; item = bmx_doc_next(&doc, item)) {
		struct bmx_ref ref;

		items++;
		fresh += bmx_ref_read(&ref, item) && work_first_time(work, request->step, ref.id);
	}
	if (bmx_more_pages(work, request, &doc, items, fresh, &next))
		err = bmx_ask_page(work, job, request->step, request->subject, next);
	else if (request->step == BMX_STEP_UNITS)
		job->state->units_until_ms = work_now_ms(work) + BMX_FRESH_MS;
	else if (request->step == BMX_STEP_BUILDINGS)
		job->state->buildings_until_ms = work_now_ms(work) + BMX_FRESH_MS;
	bmx_doc_fini(&doc);
	return err;
}

/* --- into the rows --- */

/* What is not known stays not told: the id stands beside it. */
static const char *label(struct rows *rows, const struct bmx_state *state, const char *type, const char *id)
{
	return rows_text(rows, bmx_known_text(&state->directory, type, id, BMX_KNOWN_NAME));
}

static const char *known(struct rows *rows, const struct bmx_state *state, const char *id,
			 enum bmx_known_text which)
{
	return rows_text(rows, bmx_known_text(&state->directory, "users", id, which));
}

static const char *status_of(const struct access_key *key, int64_t now_ms)
{
	/* The weekdays and hours of its keychain only interrupt a key: it stays active (§11.3). */
	enum key_state state = key_state_at(key, NULL, NULL, now_ms);

	if (state == KEY_UNKNOWN)
		return NULL;
	return key_state_name(state == KEY_PAUSED ? KEY_ACTIVE : state);
}

static void join_key(struct work *work, struct bmx_job *job, struct rows *rows, struct access_key *key)
{
	const struct bmx_chain *chain = bmx_chain_of(job, key);

	if (key->keychain_id == NULL)
		key->keychain_id = rows_text(rows, g_hash_table_lookup(job->key_chain, key->id));
	if (chain != NULL && key->unit_id == NULL)
		key->unit_id = rows_text(rows, chain->unit_id);
	if (chain != NULL && key->user_id == NULL)
		key->user_id = rows_text(rows, chain->user_id);
	bmx_window_into(work, job, key);
	key->unit = label(rows, job->state, "units", key->unit_id);
	key->user = label(rows, job->state, "users", key->user_id);
	if (key->status == NULL)
		key->status = rows_text(rows, status_of(key, work_now_ms(work)));
}

struct person_text {
	const char **member;
	enum bmx_known_text which;
};

static void join_person(const struct bmx_job *job, struct rows *rows, const char *id,
			const struct person_text *texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (*texts[i].member == NULL)
			*texts[i].member = known(rows, job->state, id, texts[i].which);
}

static const char *full_name(struct rows *rows, const char *name, const char *first, const char *last)
{
	return name == NULL && first != NULL && last != NULL ? rows_textf(rows, "%s %s", first, last) : name;
}

static void join_tenant(const struct bmx_job *job, struct rows *rows, struct tenant *tenant)
{
	const struct person_text texts[] = {
		{&tenant->name, BMX_KNOWN_NAME},           {&tenant->first_name, BMX_KNOWN_FIRST_NAME},
		{&tenant->last_name, BMX_KNOWN_LAST_NAME}, {&tenant->email, BMX_KNOWN_EMAIL},
		{&tenant->phone_number, BMX_KNOWN_PHONE},  {&tenant->sms_phone_number, BMX_KNOWN_SMS},
	};

	join_person(job, rows, tenant->user_id, texts, G_N_ELEMENTS(texts));
	tenant->name = full_name(rows, tenant->name, tenant->first_name, tenant->last_name);
	tenant->unit = label(rows, job->state, "units", tenant->unit_id);
}

static void join_user(const struct bmx_job *job, struct rows *rows, struct user *user)
{
	const struct person_text texts[] = {
		{&user->name, BMX_KNOWN_NAME},           {&user->first_name, BMX_KNOWN_FIRST_NAME},
		{&user->last_name, BMX_KNOWN_LAST_NAME}, {&user->email, BMX_KNOWN_EMAIL},
		{&user->phone_number, BMX_KNOWN_PHONE},  {&user->sms_phone_number, BMX_KNOWN_SMS},
	};

	join_person(job, rows, user->id, texts, G_N_ELEMENTS(texts));
	user->name = full_name(rows, user->name, user->first_name, user->last_name);
}

static int greatest_id_first(const void *a, const void *b, void *ctx)
{
	(void)ctx;
	return -bmx_id_order(*(const char *const *)a, *(const char *const *)b);
}

struct filter {
	const struct work *work;
	const struct bmx_job *job;
};

static bool keep_in_building(const void *row, void *ctx)
{
	const struct filter *filter = ctx;

	return bmx_in_building(filter->work, filter->job, unit_of(filter->job->kind, row));
}

void bmx_join(struct work *work, struct bmx_job *job)
{
	const struct bmx_state *state = job->state;
	struct rows *rows = work_rows(work, job->kind);

	if (labelled(job->kind) && job->joined && !job->direct)
		(void)lacks_units(work, job); /* what the list did not tell is not asked for at each poll */
	for (size_t i = 0; i < rows_count(rows); i++) {
		void *row = rows_edit(rows, i);
		struct door_release *release = row;
		struct unit *unit = row;

		switch (job->kind) {
		case KIND_DOORS:
			release->unit = label(rows, state, "units", release->unit_id);
			release->user = label(rows, state, "users", release->user_id);
			break;
		case KIND_KEYS:
			join_key(work, job, rows, row);
			break;
		case KIND_TENANTS:
			join_tenant(job, rows, row);
			break;
		case KIND_UNITS:
			unit->zone = rows_text(rows, bmx_known_text(&state->directory, "zones", unit->zone_id,
								    BMX_KNOWN_NAME));
			break;
		case KIND_USERS:
			join_user(job, rows, row);
			break;
		default:
			break;
		}
	}
	if (by_building(work, job->kind))
		rows_filter(rows, keep_in_building, &(struct filter){work, job});
	if (job->kind == KIND_KEYS || job->kind == KIND_KEYCHAINS)
		rows_sort(rows, greatest_id_first, NULL);
}
