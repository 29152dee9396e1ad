/* `lodge create | change | delete KIND`: any change that a vendor offers, by the vendor's table of fields (source_ops.writes). */
#include "app/args.h"
#include "app/cmds.h"
#include "app/collect.h"
#include "app/print.h"
#include "base/text.h"
#include "core/kind.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

const struct command_option write_options[] = {
	{"account", "NAME", "the account; needed where several can do it"},
	{"json", NULL, "print what came of it as JSON"},
	{NULL, NULL, NULL},
};

struct write_args {
	const char *account;
	bool json;
};

static int on_option(void *ctx, const char *name, const char *value, struct problem *problem)
{
	struct write_args *write = ctx;

	(void)problem;
	if (strcmp(name, "account") == 0)
		write->account = value;
	else
		write->json = true;
	return ERR_OK;
}

static int read_kind(const struct args *args, struct problem *problem)
{
	int kind = args->n_positional == 0 ? -1 : kind_parse(args->positional[0]);
	const char *nearest;
	char todo[64] = "name one, such as units";

	if (kind >= 0)
		return kind;
	if (args->n_positional > 0) {
		nearest = text_nearest(args->positional[0], kind_names());
		if (nearest != NULL)
			g_snprintf(todo, sizeof(todo), "did you mean %s?", nearest);
		return problem_set(problem, ERR_USAGE, NULL, todo, "unknown kind \"%s\"",
				   args->positional[0]);
	}
	return problem_set(problem, ERR_USAGE, NULL, todo, "what kind of thing?");
}

/* What a kind takes, for --help, by vendor. */
static void print_fields(enum kind kind, enum verb verb)
{
	static const char *const forms[] = {
		[WRITE_TEXT] = "text",
		[WRITE_YESNO] = "yes or no",
		[WRITE_NUMBER] = "number",
		[WRITE_MOMENT] = "time, 2026-05-04T14:00Z",
		[WRITE_DATE] = "day, 2026-05-04",
		[WRITE_TIME] = "time of day, 14:00",
		[WRITE_CHOICE] = "one of",
		[WRITE_WORDS] = "some of",
		[WRITE_ID] = "id",
	};
	const unsigned on = verb == VERB_CREATE   ? WRITE_ON_CREATE
			    : verb == VERB_CHANGE ? WRITE_ON_CHANGE
						  : WRITE_ON_DELETE;

	for (int v = 0; v < VENDOR_COUNT; v++) {
		const struct source_ops *ops = source_find((enum vendor)v);
		const struct write_info *info = ops == NULL ? NULL : write_find(ops->writes, kind, verb);

		if (info == NULL)
			continue;
		printf("\nTo %s %s at %s:\n", verb_name(verb), kind_info(kind)->name,
		       vendor_name((enum vendor)v));
		for (size_t i = 0; i < info->n_fields; i++) {
			const struct write_field *field = &info->fields[i];

			if ((field->flags & on) == 0)
				continue;
			printf("  %-24s %s (%s", field->name, field->help, forms[field->form]);
			for (size_t c = 0; field->choices != NULL && field->choices[c] != NULL; c++)
				printf("%s%s", c == 0 ? " " : ", ", field->choices[c]);
			printf("%s)\n", (field->flags & WRITE_REQUIRED) != 0 ? "; needed" : "");
		}
	}
}

/* The account named, or the only one whose vendor offers it. */
static const struct account *find_account(const struct app *app, const char *name, enum kind kind,
					  enum verb verb, struct problem *problem)
{
	const struct account *found = NULL;

	for (size_t i = 0; i < app->config->n_accounts; i++) {
		const struct account *account = app->config->accounts[i];
		const struct source_ops *ops = source_find(account->vendor);

		if ((name != NULL && strcmp(account->name, name) != 0) ||
		    (ops == NULL || write_find(ops->writes, kind, verb) == NULL))
			continue;
		if (found != NULL) {
			problem_set(problem, ERR_USAGE, NULL, "name one with --account",
				    "several accounts can do it: %s, %s", found->name, account->name);
			return NULL;
		}
		found = account;
	}
	if (found == NULL && name != NULL && config_account(app->config, name) == NULL)
		problem_set(problem, ERR_USAGE, NULL, "see `lodge get accounts`",
			    "no account is named \"%s\"", name);
	else if (found == NULL)
		problem_set(problem, ERR_USAGE, NULL, NULL, "%s has nobody to %s %s",
			    name == NULL ? "the configuration" : name, verb_name(verb),
			    kind_info(kind)->name);
	return found;
}

/* What is private does not belong on a command line, where others can read it: it comes from a file, or from stdin. g_free it. */
static char *private_value(const char *name, const char *value, struct problem *problem)
{
	char line[512];
	FILE *file;
	bool got;

	if (value[0] != '@') {
		problem_set(problem, ERR_USAGE, name, "write it as NAME=@FILE, or NAME=@- for stdin",
			    "a command line can be read by others");
		return NULL;
	}
	file = strcmp(value, "@-") == 0 ? stdin : fopen(value + 1, "re");
	got = file != NULL && fgets(line, sizeof(line), file) != NULL;
	if (file != NULL && file != stdin)
		fclose(file);
	if (!got) {
		problem_set(problem, ERR_USAGE, name, NULL, "nothing can be read from %s", value + 1);
		return NULL;
	}
	line[strcspn(line, "\r\n")] = '\0';
	return g_strdup(line);
}

static int set_field(const struct write_info *info, struct order *order, const char *name, const char *value,
		     struct problem *problem)
{
	const struct write_field *field = write_field_find(info, name);
	char *text;

	if (field == NULL || (field->flags & WRITE_PRIVATE) == 0 || value[0] == '\0') {
		order_set(order, name, value[0] == '\0' ? NULL : value);
		return ERR_OK;
	}
	text = private_value(name, value, problem);
	if (text == NULL)
		return ERR_USAGE;
	order_set(order, name, text);
	g_free(text);
	return ERR_OK;
}

static int read_fields(const struct args *args, unsigned from, const struct write_info *info,
		       struct order *order, struct problem *problem)
{
	int error = ERR_OK;

	for (unsigned i = from; i < args->n_positional && error == ERR_OK; i++) {
		const char *equals = strchr(args->positional[i], '=');
		char *name;

		if (equals == NULL)
			return problem_set(problem, ERR_USAGE, NULL, "write NAME=VALUE",
					   "\"%s\" has no =", args->positional[i]);
		name = g_strndup(args->positional[i], (size_t)(equals - args->positional[i]));
		error = set_field(info, order, name, equals + 1, problem);
		g_free(name);
	}
	return error;
}

static int tell(struct app *app, const struct account *account, const struct order *order,
		const struct outcome *outcome, const struct write_args *write)
{
	struct print *print;
	char text[300];

	if (outcome->problem.code != ERR_OK) {
		app_complain(app, account->name, &outcome->problem);
		for (size_t i = 0; i < outcome->n_faults; i++) {
			g_snprintf(text, sizeof(text), "%s: %s", outcome->faults[i].field,
				   outcome->faults[i].text);
			app_note(app, account->name, text);
		}
		return exit_of_error(outcome->problem.code);
	}
	if (outcome->n_rows == 0) {
		g_snprintf(text, sizeof(text), "%s %.80s: done", kind_info(order->kind)->name,
			   order->id == NULL ? "" : order->id);
		app_note(app, account->name, text);
		return EXIT_ALL_WELL;
	}
	print = print_new(app, order->kind, write->json ? OUT_JSON : OUT_TABLE, 0);
	for (size_t i = 0; i < outcome->n_rows; i++)
		print_rows(print, outcome->rows[i]);
	return print_end(print);
}

static int carry_out(struct app *app, const struct account *account, const struct order *order,
		     const struct write_args *write)
{
	struct collect *collect = collect_new(app);
	struct order *sent = order_copy(order);
	struct outcome *outcome = collect_orders(collect, account, &sent, 1, NULL);
	int status;

	collect_run(collect);
	status = tell(app, account, order, outcome, write);
	collect_free(collect);
	return status;
}

/* Reads the words into an order and has it checked by the vendor's table. NULL with a problem. */
static struct order *read_order(struct app *app, const struct args *args, enum kind kind, enum verb verb,
				const struct account *account, struct problem *problem)
{
	const struct write_info *info = write_find(source_find(account->vendor)->writes, kind, verb);
	const char *id = verb == VERB_CREATE || args->n_positional < 2 ? NULL : args->positional[1];
	struct order *order = order_new(kind, verb, id);
	const char *bad;
	int error = ERR_OK;

	if (verb != VERB_CREATE && (id == NULL || strchr(id, '=') != NULL))
		error = problem_set(problem, ERR_USAGE, NULL, NULL, "the id of one of the %s is needed",
				    kind_info(kind)->name);
	if (error == ERR_OK)
		error = read_fields(args, verb == VERB_CREATE ? 1 : 2, info, order, problem);
	if (error == ERR_OK)
		error = order_check(order, info, account_text(account, "timezone"), clock_wall_ms(app->clock),
				    &bad, problem);
	if (error == ERR_OK)
		return order;
	order_free(order);
	return NULL;
}

static int run(struct app *app, const struct args *args, enum kind kind, enum verb verb,
	       const struct write_args *write)
{
	const struct account *account;
	struct order *order;
	struct problem problem;
	int status;

	account = find_account(app, write->account, kind, verb, &problem);
	if (account == NULL) {
		app_complain(app, NULL, &problem);
		return EXIT_USAGE;
	}
	order = read_order(app, args, kind, verb, account, &problem);
	if (order == NULL)
		return args_wrong(app, args->command, &problem);
	status = carry_out(app, account, order, write);
	order_free(order);
	return status;
}

static int cmd_write(struct app *app, int argc, char **argv, enum verb verb)
{
	struct write_args write = {0};
	struct args args = {.command = command_find(verb_name(verb)), .option = on_option, .ctx = &write};
	struct problem problem;
	int status = EXIT_USAGE, kind;

	if (args_read(&args, app, argc, argv) == ERR_OK) {
		kind = read_kind(&args, &problem);
		if (args.help) {
			help_command(app, args.command);
			if (kind >= 0)
				print_fields((enum kind)kind, verb);
			status = EXIT_ALL_WELL;
		} else if (kind < 0) {
			status = args_wrong(app, args.command, &problem);
		} else if (app_need_config(app)) {
			status = run(app, &args, (enum kind)kind, verb, &write);
		}
	}
	args_fini(&args);
	return status;
}

int cmd_create(struct app *app, int argc, char **argv) { return cmd_write(app, argc, argv, VERB_CREATE); }
int cmd_change(struct app *app, int argc, char **argv) { return cmd_write(app, argc, argv, VERB_CHANGE); }
int cmd_delete(struct app *app, int argc, char **argv) { return cmd_write(app, argc, argv, VERB_DELETE); }
