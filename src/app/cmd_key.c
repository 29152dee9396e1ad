/* `lodge key issue | show | revoke`: visitor keys. The key itself goes to stdout, what is said about it to stderr. */
#include "app/args.h"
#include "app/cmds.h"
#include "app/key_parts.h"
#include "core/kind.h"
#include "model/access.h"

#include <glib.h>
#include <string.h>

static const char *const qr_forms[] = {"auto", "utf8", "ascii", "svg", "none", NULL};

const struct command_option key_options[] = {
	{"account", "NAME", "the account that the key is with; needed where several have keys"},
	{"unit", "ID", "the unit that is visited"},
	{"user", "ID", "the tenant in whose name it is issued"},
	{"name", "TEXT", "the visitor's name"},
	{"email", "ADDRESS", "where the key is sent; may be repeated: one key each"},
	{"sms", "NUMBER",
	 "the same by SMS, such as +15551234567; the n-th number goes to the n-th address's key"},
	{"from", "T",
	 "from when it opens: 2026-05-04T14:00, 14:00, now, +2h; in the building's time (default: now)"},
	{"until", "T", "until when; +2h counts from --from"},
	{"keychain", "ID", "it opens when this keychain does"},
	{"weekdays", "DAYS", "it opens on these days: mon,tue,fri"},
	{"date-from", "D", "from this day on, with --weekdays (default: today)"},
	{"date-to", "D", "until this day"},
	{"time-from", "H", "from this time of day: 08:00"},
	{"time-to", "H", "until this time of day"},
	{"count", "N", "so many keys at once"},
	{"qr", "FORM", "the code as utf8, ascii, svg or none (default: what the terminal shows)"},
	{"json", NULL, "the key as JSON: one object, or an array when there are several"},
	{NULL, NULL, NULL},
};

struct key_args {
	struct visitor visitor;
	const char *account;
	enum qr_form qr;
	bool json;
};

/* The options that are fields of the visitor, by the name of the option. */
static const struct {
	const char *option;
	enum visitor_field field;
	bool repeats;
} fields[] = {
	{"unit", VISITOR_UNIT, false},
	{"user", VISITOR_USER, false},
	{"name", VISITOR_NAME, false},
	{"email", VISITOR_EMAILS, true},
	{"sms", VISITOR_SMS, true},
	{"from", VISITOR_FROM, false},
	{"until", VISITOR_UNTIL, false},
	{"keychain", VISITOR_KEYCHAIN_ID, false},
	{"weekdays", VISITOR_WEEKDAYS, false},
	{"date-from", VISITOR_DATE_FROM, false},
	{"date-to", VISITOR_DATE_TO, false},
	{"time-from", VISITOR_TIME_FROM, false},
	{"time-to", VISITOR_TIME_TO, false},
	{"count", VISITOR_COUNT, false},
};

static const char *option_of(enum visitor_field field)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		if (fields[i].field == field)
			return fields[i].option;
	return "";
}

static int on_field(struct key_args *key, const char *name, const char *value)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
		const char *before = key->visitor.text[fields[i].field];
		char *joined;

		if (strcmp(fields[i].option, name) != 0)
			continue;
		if (!fields[i].repeats || before == NULL || before[0] == '\0') {
			visitor_set(&key->visitor, fields[i].field, value);
			return ERR_OK;
		}
		joined = g_strdup_printf("%s,%s", before, value);
		visitor_set(&key->visitor, fields[i].field, joined);
		g_free(joined);
		return ERR_OK;
	}
	return ERR_ABSENT;
}

static int on_option(void *ctx, const char *name, const char *value, struct problem *problem)
{
	struct key_args *key = ctx;

	if (on_field(key, name, value) == ERR_OK)
		return ERR_OK;
	if (strcmp(name, "account") == 0) {
		key->account = value;
	} else if (strcmp(name, "json") == 0) {
		key->json = true;
	} else {
		for (int i = QR_UTF8; qr_forms[i] != NULL; i++)
			if (strcmp(qr_forms[i], value) == 0)
				key->qr = (enum qr_form)i;
		if (key->qr == QR_AUTO)
			return problem_set(problem, ERR_USAGE, "--qr", "use utf8, ascii, svg or none",
					   "\"%s\" is no form", value);
	}
	return ERR_OK;
}

/* --- whose keys --- */

/* The account named, or the only one whose vendor has keys. */
static const struct account *key_account(const struct app *app, const char *name, struct problem *problem)
{
	const struct account *found = NULL;

	for (size_t i = 0; i < app->config->n_accounts; i++) {
		const struct account *account = app->config->accounts[i];
		const struct source_ops *ops = source_find(account->vendor);

		if (ops == NULL || write_find(ops->writes, KIND_KEYS, VERB_CREATE) == NULL ||
		    (name != NULL && strcmp(account->name, name) != 0))
			continue;
		if (found != NULL) {
			problem_set(problem, ERR_USAGE, NULL, "name one with --account",
				    "several accounts have visitor keys: %s, %s", found->name, account->name);
			return NULL;
		}
		found = account;
	}
	if (found == NULL && name != NULL)
		problem_set(problem, ERR_USAGE, NULL, "see `lodge get accounts`",
			    "no account with visitor keys is named \"%s\"", name);
	else if (found == NULL)
		problem_set(problem, ERR_CONFIG, NULL, "write one into lodge.conf, see lodge.conf(5)",
			    "no account has visitor keys");
	return found;
}

/* --- issue --- */

static enum visitor_when when_of(const struct visitor *visitor)
{
	if (visitor->text[VISITOR_KEYCHAIN_ID] != NULL)
		return VISITOR_KEYCHAIN;
	for (int field = VISITOR_WEEKDAYS; field <= VISITOR_TIME_TO; field++)
		if (visitor->text[field] != NULL)
			return VISITOR_WEEKLY;
	return VISITOR_ONCE;
}

/* What a person means by leaving it out. */
static void fill_in(struct visitor *visitor)
{
	visitor->when = when_of(visitor);
	if (visitor->when == VISITOR_ONCE && visitor->text[VISITOR_FROM] == NULL)
		visitor_set(visitor, VISITOR_FROM, "now");
	if (visitor->when == VISITOR_WEEKLY && visitor->text[VISITOR_DATE_FROM] == NULL)
		visitor_set(visitor, VISITOR_DATE_FROM, "today");
}

static bool of_time(enum visitor_field field)
{
	return field == VISITOR_FROM || field == VISITOR_UNTIL ||
	       (field >= VISITOR_WEEKDAYS && field <= VISITOR_TIME_TO);
}

/* Told one by one; each names the option. `zone_known`: else what is wrong with times is not looked at yet. */
static bool told_flaws(const struct app *app, const struct visitor *visitor, const char *zone_name,
		       bool zone_known)
{
	struct visitor_flaw flaws[VISITOR_FIELDS];
	size_t n = visitor_check(visitor, clock_wall_ms(app->clock), zone_name, flaws, G_N_ELEMENTS(flaws));
	bool told = false;

	for (size_t i = 0; i < n && i < G_N_ELEMENTS(flaws); i++) {
		struct problem problem;
		char what[40];

		if (!zone_known && of_time(flaws[i].field))
			continue;
		told = true;
		g_snprintf(what, sizeof(what), "--%s", option_of(flaws[i].field));
		problem_set(&problem, ERR_USAGE, what, NULL, "%s", flaws[i].text);
		app_complain(app, NULL, &problem);
	}
	return told;
}

static void tell_faults(const struct app *app, const struct outcome *outcome, const struct buf *names)
{
	for (size_t i = 0; i < outcome->n_faults; i++) {
		char text[300];

		g_snprintf(text, sizeof(text), "%s: %s", outcome->faults[i].field, outcome->faults[i].text);
		app_note(app, outcome->account->name, text);
		if (strcmp(outcome->faults[i].field, "user_id") != 0 || names->length == 0)
			continue;
		g_snprintf(text, sizeof(text), "name the tenant with --user: %s", buf_text(names));
		app_note(app, outcome->account->name, text);
	}
}

/* What was typed, before it became moments: the same command means the same thing. */
static void wish_of(const struct visitor *visitor, struct buf *out)
{
	buf_init(out, BUF_CEILING_REQUEST);
	for (int field = 0; field < VISITOR_FIELDS; field++)
		buf_addf(out, "%s\n", visitor->text[field] == NULL ? "" : visitor->text[field]);
}

static int issue_at(struct app *app, struct collect *collect, const struct account *account,
		    struct key_args *args)
{
	struct order *orders[VISITOR_MOST_KEYS + 1];
	struct outcome *outcome;
	const struct rows **keys;
	struct buf names, wish;
	struct problem problem;
	size_t n, n_keys = 0;
	char *zone;
	int status = EXIT_USAGE;

	fill_in(&args->visitor);
	/* Nobody is asked anything for what is wrong in any zone. */
	if (told_flaws(app, &args->visitor, NULL, false))
		return EXIT_USAGE;
	if (key_zone(app, collect, account, args->visitor.text[VISITOR_UNIT], &zone, &problem) != ERR_OK) {
		app_complain(app, account->name, &problem);
		return exit_of_error(problem.code);
	}
	if (told_flaws(app, &args->visitor, zone, true)) {
		g_free(zone);
		return status;
	}
	if (!key_chain_fits(app, collect, account, &args->visitor)) {
		g_free(zone);
		return EXIT_USAGE;
	}
	buf_init(&names, BUF_CEILING_LINE);
	key_settle_tenant(collect, account, &args->visitor, &names);
	n = visitor_orders(&args->visitor, clock_wall_ms(app->clock), zone, orders, G_N_ELEMENTS(orders));
	wish_of(&args->visitor, &wish);
	outcome = collect_orders(collect, account, orders, n, buf_text(&wish));
	buf_wipe(&wish);
	collect_run(collect);
	keys = g_new0(const struct rows *, outcome->n_rows + 1);
	for (size_t r = 0; r < outcome->n_rows; r++)
		if (rows_kind(outcome->rows[r]) == KIND_KEYS)
			keys[n_keys++] = outcome->rows[r];
	status = EXIT_ALL_WELL;
	if (n_keys > 0)
		status = key_print(app, collect, account, args->qr, args->json, keys, n_keys, zone);
	if (outcome->problem.code != ERR_OK) {
		app_complain(app, account->name, &outcome->problem);
		tell_faults(app, outcome, &names);
		status = n_keys > 0 ? EXIT_PARTLY : exit_of_error(outcome->problem.code);
	}
	buf_fini(&names);
	g_free(keys);
	g_free(zone);
	return status;
}

/* --- show, revoke --- */

static const struct rows *key_by_id(struct app *app, struct collect *collect, const struct account *account,
				    const char *id, int *status)
{
	const struct rows *rows = NULL;
	const struct access_key *key;
	struct outcome *outcome;
	struct problem problem;
	struct query query;
	struct rows *one;

	query_init(&query, KIND_KEYS);
	query.ids = (struct words){&id, 1};
	outcome = key_ask(collect, account, &query);
	query_fini(&query);
	if (outcome->problem.code != ERR_OK) {
		app_complain(app, account->name, &outcome->problem);
		*status = exit_of_error(outcome->problem.code);
		return NULL;
	}
	key = key_find(outcome, KIND_KEYS, id, &rows);
	if (key == NULL) {
		problem_set(&problem, ERR_ABSENT, NULL, "see `lodge get keys`", "there is no key %s", id);
		app_complain(app, account->name, &problem);
		*status = EXIT_ERROR;
		return NULL;
	}
	one = kind_rows_new(KIND_KEYS, rows_account(rows), rows_vendor(rows));
	kind_copy_row(one, KIND_KEYS, key);
	return rows_seal(one);
}

static int show(struct app *app, struct collect *collect, const struct account *account,
		const struct key_args *args, const char *id)
{
	int status = EXIT_ALL_WELL;
	const struct rows *rows = key_by_id(app, collect, account, id, &status);
	const struct access_key *key;
	struct problem problem;
	char *zone = NULL;

	if (rows == NULL)
		return status;
	key = rows_at(rows, 0);
	if (!args->json && args->qr != QR_SVG &&
	    key_zone(app, collect, account, key->unit_id, &zone, &problem) != ERR_OK)
		app_complain(app, account->name,
			     &problem); /* the key is shown all the same, its times in UTC */
	status = key_print(app, collect, account, args->qr, args->json, &rows, 1, zone);
	g_free(zone);
	rows_unref(rows);
	return status;
}

/* Whether this program has tried to change that key: then one that is gone is no mistyped number. */
static bool tried_before(struct collect *collect, const struct account *account, const char *id)
{
	struct outcome *outcome;
	struct query query;
	bool found = false;

	query_init(&query, KIND_AUDIT);
	outcome = collect_audit(collect, &query);
	collect_run(collect);
	query_fini(&query);
	for (size_t r = 0; r < outcome->n_rows && !found; r++) {
		if (g_strcmp0(rows_account(outcome->rows[r]), account->name) != 0)
			continue;
		for (size_t i = 0; i < rows_count(outcome->rows[r]) && !found; i++) {
			const struct audit_row *row = rows_at(outcome->rows[r], i);

			found = g_strcmp0(row->subject_kind, "keys") == 0 &&
				g_strcmp0(row->subject_id, id) == 0;
		}
	}
	return found;
}

static int revoke_key(struct app *app, struct collect *collect, const struct account *account, const char *id)
{
	int status = EXIT_ALL_WELL;
	bool known = tried_before(collect, account, id);
	const struct rows *rows = known ? NULL : key_by_id(app, collect, account, id, &status);
	struct order *order;
	struct outcome *outcome;
	const struct access_key *key;
	char text[240];

	if (rows == NULL && !known) /* a mistyped number must not look like a door that is closed now */
		return status;
	key = rows == NULL ? NULL : rows_at(rows, 0);
	order = order_new(KIND_KEYS, VERB_DELETE, id);
	outcome = collect_orders(collect, account, &order, 1, NULL);
	collect_run(collect);
	if (outcome->problem.code != ERR_OK) {
		app_complain(app, account->name, &outcome->problem);
		rows_unref(rows);
		return exit_of_error(outcome->problem.code);
	}
	g_snprintf(text, sizeof(text), "key %.60s%s%.120s%s is revoked", id, key == NULL ? "" : " (",
		   key == NULL         ? ""
		   : key->name == NULL ? "no name"
				       : key->name,
		   key == NULL ? "" : ")");
	app_note(app, account->name, text);
	rows_unref(rows);
	return EXIT_ALL_WELL;
}

/* --- the command --- */

static int check_words(const struct args *args, struct problem *problem)
{
	const char *verb = args->n_positional == 0 ? "" : args->positional[0];
	bool issue = strcmp(verb, "issue") == 0;

	if (!issue && strcmp(verb, "show") != 0 && strcmp(verb, "revoke") != 0)
		return problem_set(problem, ERR_USAGE, NULL, NULL, "issue, show or revoke is needed");
	if (issue && args->n_positional > 1)
		return problem_set(problem, ERR_USAGE, NULL, NULL, "\"%s\" is one argument too many",
				   args->positional[1]);
	if (!issue && args->n_positional != 2)
		return problem_set(problem, ERR_USAGE, NULL, "see `lodge get keys`",
				   "the id of one key is needed");
	return ERR_OK;
}

static int run(struct app *app, struct args *args, struct key_args *key)
{
	struct problem problem;
	const struct account *account = key_account(app, key->account, &problem);
	struct collect *collect;
	int status;

	if (account == NULL) {
		app_complain(app, NULL, &problem);
		return EXIT_USAGE;
	}
	collect = collect_new(app);
	if (strcmp(args->positional[0], "issue") == 0)
		status = issue_at(app, collect, account, key);
	else if (strcmp(args->positional[0], "show") == 0)
		status = show(app, collect, account, key, args->positional[1]);
	else
		status = revoke_key(app, collect, account, args->positional[1]);
	collect_free(collect);
	return status;
}

int cmd_key(struct app *app, int argc, char **argv)
{
	struct key_args key = {.qr = QR_AUTO};
	struct args args = {.command = command_find("key"), .option = on_option, .ctx = &key};
	struct problem problem;
	int status = EXIT_USAGE;

	visitor_init(&key.visitor);
	if (args_read(&args, app, argc, argv) == ERR_OK) {
		if (args.help) {
			help_command(app, args.command);
			status = EXIT_ALL_WELL;
		} else if (check_words(&args, &problem) != ERR_OK) {
			status = args_wrong(app, args.command, &problem);
		} else if (app_need_config(app)) {
			status = run(app, &args, &key);
		}
	}
	args_fini(&args);
	visitor_fini(&key.visitor);
	return status;
}
