/* Where a visitor key is for: its unit, the building's time, the tenant, the keychain. */
#include "app/key_parts.h"

#include "app/print.h"
#include "base/moment.h"
#include "model/access.h"
#include "model/estate.h"

#include <glib.h>
#include <string.h>

struct outcome *key_ask(struct collect *collect, const struct account *account, struct query *query)
{
	struct ask *ask = ask_new(ASK_ONCE, 0);
	struct outcome *outcome;

	ask->query = query_copy(query);
	outcome = collect_ask(collect, account, ask);
	collect_run(collect);
	return outcome;
}

const void *key_find(const struct outcome *outcome, enum kind kind, const char *id, const struct rows **in)
{
	for (size_t r = 0; outcome->problem.code == ERR_OK && r < outcome->n_rows; r++) {
		if (rows_kind(outcome->rows[r]) != kind)
			continue;
		for (size_t i = 0; i < rows_count(outcome->rows[r]); i++) {
			const struct access_key *row = rows_at(outcome->rows[r], i);

			if (id != NULL && g_strcmp0(row->id, id) != 0)
				continue;
			if (in != NULL)
				*in = outcome->rows[r];
			return row;
		}
	}
	return NULL;
}

static char *local_zone_name(void)
{
	GTimeZone *local = g_time_zone_new_local();
	const char *name = g_time_zone_get_identifier(local);
	struct moment_zone *zone = name == NULL ? NULL : moment_zone_new(name);
	char *known = g_strdup(zone == NULL ? "Etc/UTC" : name);

	moment_zone_free(zone);
	g_time_zone_unref(local);
	return known;
}

static bool cannot_tell(const struct outcome *outcome)
{
	return outcome->problem.code == ERR_DENIED || outcome->problem.code == ERR_ABSENT ||
	       outcome->problem.code == ERR_UNSUPPORTED;
}

/* The zone of the unit's building. ERR_OK with NULL where this account may not know it. A server that is away now is a failure: a key must not open at other
 * hours because of that. */
static int building_zone(const struct app *app, struct collect *collect, const struct account *account,
			 const char *unit_id, char **zone, struct problem *problem)
{
	struct outcome *outcome;
	const struct unit *unit;
	const struct building *building;
	struct query query;

	*zone = NULL;
	query_init(&query, KIND_UNITS);
	query.units = query.ids = (struct words){&unit_id, 1};
	outcome = key_ask(collect, account, &query);
	query_fini(&query);
	*problem = outcome->problem;
	if (outcome->problem.code != ERR_OK)
		return cannot_tell(outcome) ? ERR_OK : outcome->problem.code;
	unit = key_find(outcome, KIND_UNITS, unit_id, NULL);
	if (unit == NULL)
		return problem_set(problem, ERR_USAGE, "--unit", "see `lodge get units`",
				   "there is no unit %s", unit_id);
	if (unit->building_id == NULL)
		return ERR_OK;
	query_init(&query, KIND_BUILDINGS);
	query.ids = (struct words){&unit->building_id, 1};
	outcome = key_ask(collect, account, &query);
	query_fini(&query);
	*problem = outcome->problem;
	if (outcome->problem.code != ERR_OK)
		return cannot_tell(outcome) ? ERR_OK : outcome->problem.code;
	building = key_find(outcome, KIND_BUILDINGS, unit->building_id, NULL);
	(void)print_notices(app, outcome); /* that the zone is uncertain, for one */
	*zone = building == NULL ? NULL : g_strdup(building->timezone);
	return ERR_OK;
}

/* The building's zone, in which times without one are meant; where that cannot be told, the account's, else this machine's, which is said. g_free it. */
int key_zone(struct app *app, struct collect *collect, const struct account *account, const char *unit_id,
	     char **zone, struct problem *problem)
{
	const char *given = account_text(account, "timezone");
	char note[200];
	int error;

	*zone = NULL;
	if (unit_id != NULL && unit_id[0] != '\0') {
		error = building_zone(app, collect, account, unit_id, zone, problem);
		if (error != ERR_OK)
			return error;
	}
	if (*zone == NULL)
		*zone = g_strdup(given);
	if (*zone != NULL)
		return ERR_OK;
	*zone = local_zone_name();
	g_snprintf(
		note, sizeof(note),
		"the building's time zone is not known, so times are taken as those of %s (set timezone= of the account)",
		*zone);
	app_note(app, account->name, note);
	return ERR_OK;
}

/* A key is issued in a tenant's name: where the unit has only one, in that one's. With several the server may decide; `names` gets them for the case that it
 * does not. */
void key_settle_tenant(struct collect *collect, const struct account *account, struct visitor *visitor,
		       struct buf *names)
{
	const char *unit_id = visitor->text[VISITOR_UNIT];
	const struct tenant *only = NULL;
	struct outcome *outcome;
	struct query query;
	size_t n = 0;

	if (visitor->text[VISITOR_USER] != NULL || unit_id == NULL)
		return;
	query_init(&query, KIND_TENANTS);
	query.units = (struct words){&unit_id, 1};
	outcome = key_ask(collect, account, &query);
	query_fini(&query);
	for (size_t r = 0; outcome->problem.code == ERR_OK && r < outcome->n_rows; r++) {
		for (size_t i = 0;
		     rows_kind(outcome->rows[r]) == KIND_TENANTS && i < rows_count(outcome->rows[r]); i++) {
			only = rows_at(outcome->rows[r], i);
			if (only->user_id != NULL && n++ < 8)
				buf_addf(names, "%s%s %s", n > 1 ? ", " : "", only->user_id,
					 only->name == NULL ? "" : only->name);
		}
	}
	if (n == 1 && only->user_id != NULL)
		visitor_set(visitor, VISITOR_USER, only->user_id);
}

/* A key of a keychain is for the keychain's unit: another one cannot be asked for. Where the keychain cannot be read, the server says so. */
bool key_chain_fits(const struct app *app, struct collect *collect, const struct account *account,
		    const struct visitor *visitor)
{
	const char *id = visitor->text[VISITOR_KEYCHAIN_ID], *unit = visitor->text[VISITOR_UNIT];
	const struct keychain *chain;
	struct problem problem;
	struct query query;

	if (id == NULL || unit == NULL)
		return true;
	query_init(&query, KIND_KEYCHAINS);
	query.ids = (struct words){&id, 1};
	chain = key_find(key_ask(collect, account, &query), KIND_KEYCHAINS, id, NULL);
	query_fini(&query);
	if (chain == NULL || chain->unit_id == NULL || strcmp(chain->unit_id, unit) == 0)
		return true;
	problem_set(&problem, ERR_USAGE, "--keychain", "leave --unit out, or name a keychain of that unit",
		    "keychain %s is for unit %s", id, chain->unit_id);
	app_complain(app, account->name, &problem);
	return false;
}
