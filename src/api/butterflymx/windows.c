/* When keys without times of their own open: as long as their keychain, whose dates and times are those of the building's clock (butterflymx.md §11). */
#include "api/butterflymx/job.h"

#include <string.h>

/* --- keychains --- */

static void learn_keys(struct bmx_job *job, const struct bmx_resource *keychain, const char *relation)
{
	const cJSON *list = bmx_related_list(keychain, relation);
	struct bmx_ref ref;

	for (const cJSON *item = list != NULL ? list->child : NULL; item != NULL; item = item->next)
		if (bmx_ref_read(&ref, item))
			g_hash_table_replace(job->key_chain, g_strdup(ref.id), g_strdup(keychain->ref.id));
}

static void learn_chain(struct bmx_job *job, const cJSON *item)
{
	struct bmx_resource resource;
	struct bmx_chain *chain;
	struct bmx_ref ref;

	if (!bmx_resource_read(&resource, item) || strcmp(resource.ref.type, "keychains") != 0)
		return;
	chain = g_new0(struct bmx_chain, 1);
	chain->unit_id = bmx_related(&resource, "unit", &ref) ? g_strdup(ref.id) : NULL;
	chain->user_id = bmx_related(&resource, "user", &ref) ? g_strdup(ref.id) : NULL;
	bmx_keychain_local(&resource, &chain->local);
	g_hash_table_replace(job->chains, g_strdup(resource.ref.id), chain);
	learn_keys(job, &resource, "virtual_keys");
	learn_keys(job, &resource, "qr_keys");
}

void bmx_chains_learn(struct bmx_job *job, const struct bmx_doc *doc)
{
	const cJSON *included = bmx_doc_included(doc);

	for (const cJSON *item = bmx_doc_first(doc); item != NULL; item = bmx_doc_next(doc, item))
		learn_chain(job, item);
	for (const cJSON *item = included != NULL ? included->child : NULL; item != NULL; item = item->next)
		learn_chain(job, item);
}

const struct bmx_chain *bmx_chain_of(const struct bmx_job *job, const struct access_key *key)
{
	const char *id = key->keychain_id;

	if (id == NULL)
		id = g_hash_table_lookup(job->key_chain, key->id);
	return id == NULL ? NULL : g_hash_table_lookup(job->chains, id);
}

/* --- what is missing --- */

static bool timeless(const struct access_key *key)
{
	return key->activated_ms == MOMENT_NONE && key->expired_ms == MOMENT_NONE;
}

static bool lacks_chain(const struct work *work, const struct bmx_job *job, const struct access_key *key)
{
	/* Which unit it belongs to only matters where units are chosen. */
	bool unplaced = key->unit_id == NULL && work_query(work)->buildings.n > 0;

	return (timeless(key) || unplaced) && bmx_chain_of(job, key) == NULL;
}

static const char *building_zone(const struct bmx_state *state, const char *unit_id)
{
	const char *building = bmx_known_text(&state->directory, "units", unit_id, BMX_KNOWN_BUILDING);

	return bmx_known_text(&state->directory, "buildings", building, BMX_KNOWN_TIMEZONE);
}

static const char *unit_of(const struct access_key *key, const struct bmx_chain *chain)
{
	return chain->unit_id != NULL ? chain->unit_id : key->unit_id;
}

static bool lacks_zone(const struct bmx_job *job, const struct access_key *key)
{
	const struct bmx_chain *chain = bmx_chain_of(job, key);

	return timeless(key) && chain != NULL && bmx_local_needs_zone(&chain->local) &&
	       building_zone(job->state, unit_of(key, chain)) == NULL;
}

int bmx_windows_ask(struct work *work, struct bmx_job *job, bool *asked)
{
	struct rows *rows = work_rows_if(work, KIND_KEYS);
	bool chains = false, zones = false;

	for (size_t i = 0; rows != NULL && i < rows_count(rows); i++) {
		const struct access_key *key = rows_at(rows, i);

		chains = chains || lacks_chain(work, job, key);
		zones = zones || lacks_zone(job, key);
	}
	if (chains && !job->direct && !job->chains_asked) {
		job->chains_asked = *asked = true;
		return bmx_ask_page(work, job, BMX_STEP_CHAINS, NULL, 0);
	}
	if (zones && work_now_ms(work) >= job->state->buildings_until_ms) {
		/* Whatever comes of it, not again in this work. */
		job->state->buildings_until_ms = work_now_ms(work) + 1;
		*asked = true;
		return bmx_ask_page(work, job, BMX_STEP_BUILDINGS, NULL, 0);
	}
	return ERR_OK;
}

/* --- into the rows --- */

static struct moment_zone *zone_for(struct work *work, const struct bmx_state *state, const char *unit_id)
{
	const char *name = building_zone(state, unit_id);

	if (name != NULL) {
		if (name[0] == '+' || name[0] == '-')
			work_notice(
				work, NOTICE_HINT,
				"the time zone of a key's building is not known; its offset %.6s from UTC is used, so times are uncertain",
				name);
		return moment_zone_new(name);
	}
	if (state->timezone != NULL)
		return moment_zone_new(state->timezone);
	work_notice(
		work, NOTICE_HINT,
		"the time zone of a key's building is not known, so its times are taken as those of this computer; set timezone= of the account");
	return moment_zone_new_local();
}

void bmx_window_into(struct work *work, const struct bmx_job *job, struct access_key *key)
{
	const struct bmx_chain *chain = bmx_chain_of(job, key);
	struct moment_zone *zone = NULL;
	struct bmx_window window;

	if (chain == NULL || !timeless(key))
		return;
	if (bmx_local_needs_zone(&chain->local))
		zone = zone_for(work, job->state, unit_of(key, chain));
	window = bmx_window_in(&chain->local, zone);
	moment_zone_free(zone);
	key->activated_ms = window.from_ms;
	key->expired_ms = window.to_ms;
}
