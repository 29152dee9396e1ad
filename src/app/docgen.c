#include "app/docgen.h"

#include "app/dash.h"
#include "core/option.h"
#include "core/query.h"
#ifdef LODGE_WITH_SIM
#include "sim/sim.h"
#endif

#include <string.h>

const char *docgen_dashes(const char *name) { return name[1] == '\0' ? "-" : "--"; }

static void visit_all(const struct command_option *options, docgen_visit visit, void *ctx)
{
	for (; options && options->name; options++)
		visit(ctx, &(struct docgen_option){options->name, options->argument, options->help, false});
}

void docgen_own_options(const struct command *command, docgen_visit visit, void *ctx)
{
	visit_all(command->options, visit, ctx);
#ifdef LODGE_WITH_SIM
	/* The simulator knows nothing of commands: it keeps a table of its own. */
	if (strcmp(command->name, "sim") == 0 && !(command->options && command->options->name))
		for (unsigned i = 0; i < sim_n_option_rows; i++)
			visit(ctx,
			      &(struct docgen_option){sim_option_rows[i].name, sim_option_rows[i].argument,
						      sim_option_rows[i].help, sim_option_rows[i].many});
#endif
}

void docgen_common_options(docgen_visit visit, void *ctx)
{
	visit_all(common_options, visit, ctx);
	visit(ctx, &(struct docgen_option){"help", NULL, "print the help and end", false});
}

void docgen_filters(docgen_visit visit, void *ctx)
{
	for (size_t i = 0; i < filter_count; i++)
		visit(ctx, &(struct docgen_option){filter_table[i].name, filter_table[i].argument,
						   filter_table[i].help, filter_table[i].repeatable});
}

/* --account is a filter and a common option: what a command knows twice is told once. */
struct once {
	docgen_visit visit;
	void *ctx;
	const char *seen[64];
	size_t n;
};

static void visit_once(void *ctx, const struct docgen_option *option)
{
	struct once *once = ctx;

	for (size_t i = 0; i < once->n; i++)
		if (strcmp(once->seen[i], option->name) == 0)
			return;
	if (once->n < sizeof(once->seen) / sizeof(once->seen[0]))
		once->seen[once->n++] = option->name;
	once->visit(once->ctx, option);
}

void docgen_each_option(const struct command *command, docgen_visit visit, void *ctx)
{
	struct once once = {.visit = visit, .ctx = ctx};

	if (command) {
		docgen_own_options(command, visit_once, &once);
		if (command->takes_filters)
			docgen_filters(visit_once, &once);
	}
	docgen_common_options(visit_once, &once);
	if (!command)
		visit_once(&once,
			   &(struct docgen_option){"version", NULL, "print the version and end", false});
}

/* --- what is known, one a line: for tests/lint/docs.sh ------------------------------------------------- */

static void print_name(void *ctx, const struct docgen_option *option)
{
	(void)ctx;
	printf(" %s%s", docgen_dashes(option->name), option->name);
}

static void print_names(void)
{
	for (size_t i = 0; i < command_count; i++) {
		printf("command %s", command_table[i].name);
		docgen_own_options(&command_table[i], print_name, NULL);
		if (command_table[i].takes_filters)
			docgen_filters(print_name, NULL);
		printf("\n");
	}
	printf("dashboard");
	docgen_own_options(&dash_command, print_name, NULL);
	printf("\ncommon");
	docgen_each_option(NULL, print_name, NULL);
	printf("\n");
	for (size_t i = 0; i < option_count; i++)
		printf("option %s\n", option_table[i].name);
}

/* --- the example --------------------------------------------------------------------------------------- */

/* "# " before each line, broken at blanks. */
static void print_comment(const char *text)
{
	size_t column = 0;

	while (*text) {
		size_t word = strcspn(text, " \n");
		if (column && column + 1 + word > 98) {
			printf("\n");
			column = 0;
		}
		column += (size_t)printf("%s%.*s", column ? " " : "# ", (int)word, text);
		text += word + strspn(text + word, " \n");
	}
	printf("\n");
}

static void print_choices(const struct option *option)
{
	if (!option->choices)
		return;
	printf("# One of:");
	for (const char *const *choice = option->choices; *choice; choice++)
		printf(" %s", *choice);
	printf("\n");
}

void docgen_example_conf(void)
{
	static const struct {
		enum option_group group;
		const char *head, *comment;
	} groups[] = {
		{OPTION_UI, "[ui]", "How the program looks and what it lets this person do."},
		{OPTION_ACCOUNT, "#[account hq]",
		 "One group for each account with a vendor; the name is yours to choose."},
		{OPTION_BUILDING, "#[building Main Street 12]",
		 "A real building that several accounts know under ids of their own."},
		{OPTION_TEMPLATE, "#[template contractor]",
		 "What the form for visitor keys can be filled with; the name is what one chooses there."},
	};

	printf("# Configuration of lodge. See lodge.conf(5). Keys that are commented out show their defaults, or an empty\n"
	       "# value where there is none. A file that holds a secret must be readable by its owner alone: chmod 600.\n");
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++) {
		printf("\n");
		print_comment(groups[g].comment);
		printf("%s\n", groups[g].head);
		for (size_t i = 0; i < option_count; i++) {
			const struct option *option = &option_table[i];
			if (option->group != groups[g].group)
				continue;
			printf("\n");
			print_comment(option->help);
			print_choices(option);
			printf("#%s=%s\n", option->name, option->fallback ? option->fallback : "");
		}
	}
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int error = ERR_OK;

	if (strcmp(what, "man") == 0 && argc == 3)
		error = docgen_man(argv[2]);
	else if (strcmp(what, "bash") == 0)
		docgen_bash();
	else if (strcmp(what, "zsh") == 0)
		docgen_zsh();
	else if (strcmp(what, "fish") == 0)
		docgen_fish();
	else if (strcmp(what, "example-conf") == 0)
		docgen_example_conf();
	else if (strcmp(what, "names") == 0)
		print_names();
	else
		error = ERR_USAGE;
	if (error == ERR_USAGE)
		fprintf(stderr, "usage: docgen man FILE | bash | zsh | fish | example-conf | names\n");
	if (fflush(stdout) != 0 || ferror(stdout))
		error = ERR_IO;
	return error != ERR_OK;
}
