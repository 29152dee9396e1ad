/* `lodge check`: reads the configuration, signs in to every account, and says in a line each what works. */
#include "app/args.h"
#include "app/cmds.h"
#include "app/collect.h"
#include "app/print.h"
#include "base/text.h"
#include "core/kind.h"

#include <glib.h>
#include <string.h>

const struct command_option check_options[] = {
	{"account", "NAME", "only this account; may be repeated"},
	{NULL, NULL, NULL},
};

#define CHECKS 12

/* One account's questions: the sign-in and a few kinds. */
struct checked {
	const struct account *account;
	struct outcome *sign_in;
	struct outcome *kinds[CHECKS];
	enum kind kind[CHECKS];
	unsigned n;
};

static void ask_all(struct collect *collect, struct checked *checked, const struct account *account,
		    int64_t now_ms)
{
	const struct source_ops *ops = source_find(account->vendor);

	checked->account = account;
	checked->sign_in = collect_ask(collect, account, ask_new(ASK_SIGN_IN, 0));
	if (ops == NULL)
		return;
	for (const enum kind *kind = ops->check_kinds; *kind != KIND_COUNT && checked->n < CHECKS; kind++) {
		struct ask *ask = ask_new(ASK_ONCE, 0);

		ask->query = g_new0(struct query, 1);
		query_init(ask->query, *kind);
		if (*kind == KIND_FRAMES || *kind == KIND_DETECTIONS)
			ask->query->since_ms = now_ms - 5000;
		checked->kind[checked->n] = *kind;
		checked->kinds[checked->n++] = collect_ask(collect, account, ask);
	}
}

static size_t count_rows(const struct outcome *outcome, enum kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < outcome->n_rows; i++)
		n += rows_kind(outcome->rows[i]) == kind ? rows_count(outcome->rows[i]) : 0;
	return n;
}

/* A right that an account's role has not is no fault of the account, as long as it may read something. */
static bool not_allowed(const struct checked *checked, unsigned i)
{
	bool any = false;

	for (unsigned k = 0; k < checked->n; k++)
		any = any || checked->kinds[k]->problem.code == ERR_OK;
	return any && checked->kinds[i]->problem.code == ERR_DENIED;
}

/* "5 floors, 62 rooms; labels: not allowed; not: frames". Returns the first code among the kinds that failed. */
static int describe_kinds(struct buf *line, const struct checked *checked)
{
	int error = ERR_OK;
	const char *gap = "";

	for (unsigned i = 0; i < checked->n; i++) {
		if (checked->kinds[i]->problem.code != ERR_OK)
			continue;
		buf_addf(line, "%s%zu %s", gap, count_rows(checked->kinds[i], checked->kind[i]),
			 kind_info(checked->kind[i])->name);
		gap = ", ";
	}
	for (unsigned i = 0; i < checked->n; i++)
		if (not_allowed(checked, i))
			buf_addf(line, "; %s: not allowed", kind_info(checked->kind[i])->name);
	gap = "; not: ";
	for (unsigned i = 0; i < checked->n; i++) {
		if (checked->kinds[i]->problem.code == ERR_OK || not_allowed(checked, i))
			continue;
		buf_addf(line, "%s%s", gap, kind_info(checked->kind[i])->name);
		gap = ", ";
		error = error == ERR_OK ? checked->kinds[i]->problem.code : error;
	}
	return error;
}

static const char *mode_of(const struct checked *checked)
{
	for (unsigned i = 0; i < checked->n; i++)
		if (checked->kinds[i]->mode[0] != '\0')
			return checked->kinds[i]->mode;
	return "";
}

/* Prints the line; returns an exit status for this account: EXIT_PARTLY when only some of it works. */
static int tell(const struct app *app, const struct checked *checked)
{
	const struct account *account = checked->account;
	struct buf line, shown;
	int error = checked->sign_in->problem.code, kinds_error = ERR_OK, status;

	buf_init(&line, BUF_CEILING_LINE);
	buf_init(&shown, BUF_CEILING_LINE);
	buf_addf(&line, "%s: %s: ", account->name, vendor_name(account->vendor));
	if (error != ERR_OK) {
		char text[sizeof(struct problem) + 8];

		buf_addf(&line, "failed: %s", problem_text(&checked->sign_in->problem, text, sizeof(text)));
	} else {
		buf_addf(&line, "signed in%s%s%s: ", mode_of(checked)[0] != '\0' ? " (" : "",
			 mode_of(checked), mode_of(checked)[0] != '\0' ? ")" : "");
		kinds_error = describe_kinds(&line, checked);
	}
	text_add_shown(&shown, buf_text(&line), line.length, app->ascii);
	buf_addc(&shown, '\n');
	status = print_bytes(app, buf_text(&shown), shown.length);
	if (error != ERR_OK)
		app_complain(app, account->name, &checked->sign_in->problem);
	for (unsigned i = 0; error == ERR_OK && i < checked->n; i++) {
		print_notices(app, checked->kinds[i]);
		if (checked->kinds[i]->problem.code != ERR_OK && !not_allowed(checked, i))
			app_complain(app, account->name, &checked->kinds[i]->problem);
	}
	buf_fini(&line);
	buf_fini(&shown);
	if (status != EXIT_ALL_WELL)
		return status;
	return error != ERR_OK ? exit_of_error(error) : kinds_error != ERR_OK ? EXIT_PARTLY : EXIT_ALL_WELL;
}

static int check(struct app *app, const struct query *query)
{
	const struct account **accounts;
	struct checked *checked;
	struct collect *collect;
	unsigned n, n_failed = 0;
	int status = EXIT_ALL_WELL;
	int *failed;
	bool partly = false;

	accounts = collect_accounts(app, query, &n, &status);
	if (accounts == NULL)
		return status;
	/* A kept token would hide that the credentials are wrong. */
	g_free(app->state_folder);
	app->state_folder = NULL;
	collect = collect_new(app);
	checked = g_new0(struct checked, n + 1);
	failed = g_new0(int, n + 1);
	for (unsigned i = 0; i < n; i++)
		ask_all(collect, &checked[i], accounts[i], clock_wall_ms(app->clock));
	collect_run(collect);
	for (unsigned i = 0; i < n; i++) {
		int one = tell(app, &checked[i]);

		partly |= one == EXIT_PARTLY;
		if (one != EXIT_ALL_WELL && one != EXIT_PARTLY)
			failed[n_failed++] = one;
	}
	status = exit_over_accounts(failed, n_failed, n);
	collect_free(collect);
	g_free(failed);
	g_free(checked);
	g_free(accounts);
	return status == EXIT_ALL_WELL && partly ? EXIT_PARTLY : status;
}

static int on_option(void *ctx, const char *name, const char *value, struct problem *problem)
{
	struct args *args = ctx;

	return query_set(&args->query, name, value, 0, problem);
}

int cmd_check(struct app *app, int argc, char **argv)
{
	struct args args = {.command = command_find("check"), .option = on_option, .ctx = &args};
	int status = EXIT_USAGE;

	if (args_read(&args, app, argc, argv) == ERR_OK) {
		if (args.help) {
			help_command(app, args.command);
			status = EXIT_ALL_WELL;
		} else if (args.n_positional > 0) {
			struct problem problem;

			problem_set(&problem, ERR_USAGE, NULL, "use --account NAME",
				    "check takes no arguments");
			status = args_wrong(app, args.command, &problem);
		} else if (app_need_config(app)) {
			args.query.kind = KIND_ACCOUNTS;
			status = check(app, &args.query);
		}
	}
	args_fini(&args);
	return status;
}
