/* `lodge get KIND`: one poll of every account, printed when all have answered, so that stdout never holds half an object. */
#include "app/args.h"
#include "app/cmds.h"
#include "app/collect.h"
#include "app/print.h"
#include "core/kind.h"
#include "model/access.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

const struct command_option get_options[] = {
	{"json", NULL, "one JSON array"},
	{"csv", NULL, "comma-separated values (RFC 4180) with a heading line"},
	{NULL, NULL, NULL},
};

static int on_option(void *ctx, const char *name, const char *value, struct problem *problem)
{
	enum out_format *format = ctx;
	enum out_format wanted = strcmp(name, "csv") == 0 ? OUT_CSV : OUT_JSON;

	(void)value;
	if (*format != OUT_TABLE && *format != wanted)
		return problem_set(problem, ERR_USAGE, NULL, NULL, "--json and --csv exclude each other");
	*format = wanted;
	return ERR_OK;
}

/* The one kind that needs no network. */
static struct rows *account_rows(const struct app *app, const struct account *account)
{
	struct rows *rows = kind_rows_new(KIND_ACCOUNTS, account->name, vendor_name(account->vendor));
	struct account_row *row = rows_add(rows);

	(void)app;
	if (row != NULL) {
		row->id = rows_text(rows, account->name);
		row->base_url = rows_text(rows, account_text(account, "base_url"));
		row->poll_s = (double)account_poll_ms(account, KIND_ACCOUNTS, 30000) / 1000;
	}
	return rows;
}

static int get_accounts(const struct app *app, const struct query *query, enum out_format format)
{
	struct print *print = print_new(app, KIND_ACCOUNTS, format, query->limit);

	for (size_t i = 0; i < app->config->n_accounts; i++) {
		const struct account *account = app->config->accounts[i];
		const struct rows *rows;

		if (!query_wants(&query->accounts, account->name))
			continue;
		rows = rows_seal(account_rows(app, account));
		print_rows(print, rows);
		rows_unref(rows);
	}
	return print_end(print);
}

/* What this program changed, from its own store. Filters are answered here. */
static int get_audit(struct app *app, const struct query *query, enum out_format format)
{
	struct collect *collect = collect_new(app);
	struct outcome *outcome = collect_audit(collect, query);
	struct print *print;
	int status;

	collect_run(collect);
	if (outcome->problem.code != ERR_OK) {
		app_complain(app, NULL, &outcome->problem);
		status = exit_of_error(outcome->problem.code);
		collect_free(collect);
		return status;
	}
	print = print_new(app, KIND_AUDIT, format, query->limit);
	for (size_t r = 0; r < outcome->n_rows; r++) {
		const struct rows *rows = outcome->rows[r];
		struct rows *wanted = kind_rows_new(KIND_AUDIT, rows_account(rows), rows_vendor(rows));

		for (size_t i = 0; i < rows_count(rows); i++)
			if (query_wants(&query->accounts, rows_account(rows)) &&
			    query_match(query, rows_at(rows, i)))
				kind_copy_row(wanted, KIND_AUDIT, rows_at(rows, i));
		rows_seal(wanted);
		print_rows(print, wanted);
		rows_unref(wanted);
	}
	status = print_end(print);
	collect_free(collect);
	return status;
}

/* Names what did not come. Returns how many failed; their exit statuses go to `failed`. */
static unsigned tell_failures(const struct app *app, struct outcome **outcomes, unsigned n, int *failed)
{
	unsigned n_failed = 0;

	for (unsigned i = 0; i < n; i++) {
		if (outcomes[i]->problem.code == ERR_OK)
			continue;
		app_complain(app, outcomes[i]->account->name, &outcomes[i]->problem);
		failed[n_failed++] = exit_of_error(outcomes[i]->problem.code);
	}
	return n_failed;
}

/* Prints what came. Nothing at all when every account failed. */
static int report(const struct app *app, const struct query *query, struct outcome **outcomes, unsigned n,
		  enum out_format format)
{
	int *failed = g_new0(int, n + 1);
	unsigned n_failed;
	struct print *print;
	bool partly = false;
	int status, written = EXIT_ALL_WELL;

	for (unsigned i = 0; i < n; i++)
		partly |= print_notices(app, outcomes[i]);
	n_failed = tell_failures(app, outcomes, n, failed);
	status = exit_over_accounts(failed, n_failed, n);
	g_free(failed);
	if (n == 0 || n_failed < n) {
		print = print_new(app, query->kind, format, query->limit);
		for (unsigned i = 0; i < n; i++)
			for (size_t r = 0; outcomes[i]->problem.code == ERR_OK && r < outcomes[i]->n_rows;
			     r++)
				if (rows_kind(outcomes[i]->rows[r]) == query->kind)
					print_rows(print, outcomes[i]->rows[r]);
		written = print_end(print);
	}
	if (written != EXIT_ALL_WELL)
		return written;
	return status == EXIT_ALL_WELL && partly ? EXIT_PARTLY : status;
}

/* The history grows with whatever is read. */
static void keep(struct collect *collect, struct outcome **outcomes, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		for (size_t r = 0; r < outcomes[i]->n_rows; r++)
			if (rows_kind(outcomes[i]->rows[r]) == KIND_DOORS)
				collect_keep(collect, outcomes[i]->account, outcomes[i]->rows[r]);
}

static int get(struct app *app, const struct query *query, enum out_format format)
{
	struct collect *collect;
	struct outcome **outcomes;
	const struct account **accounts;
	unsigned n, asked = 0;
	int status = EXIT_ALL_WELL;

	if (query->kind == KIND_AUDIT)
		return get_audit(app, query, format);
	accounts = collect_accounts(app, query, &n, &status);
	if (accounts == NULL)
		return status;
	if (query->kind == KIND_ACCOUNTS) {
		g_free(accounts);
		return get_accounts(app, query, format);
	}
	collect = collect_new(app);
	outcomes = g_new0(struct outcome *, n + 1);
	for (unsigned i = 0; i < n; i++) {
		struct query *scoped = collect_scope(app, accounts[i], query);
		struct ask *ask;

		if (scoped == NULL)
			continue;
		ask = ask_new(ASK_ONCE, 0);
		ask->query = scoped;
		outcomes[asked++] = collect_ask(collect, accounts[i], ask);
	}
	collect_run(collect);
	if (query->kind == KIND_DOORS)
		keep(collect, outcomes, asked);
	status = report(app, query, outcomes, asked, format);
	g_free(outcomes);
	g_free(accounts);
	collect_free(collect);
	return status;
}

int cmd_get(struct app *app, int argc, char **argv)
{
	enum out_format format = OUT_TABLE;
	struct args args = {.command = command_find("get"), .option = on_option, .ctx = &format};
	int status = EXIT_USAGE;

	if (args_read(&args, app, argc, argv) == ERR_OK) {
		if (args.help) {
			help_command(app, args.command);
			status = EXIT_ALL_WELL;
		} else if (app_need_config(app)) {
			status = get(app, &args.query, format);
		}
	}
	args_fini(&args);
	return status;
}
