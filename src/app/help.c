/* --help, made from the tables of commands, options, filters and kinds. */
#include "app/args.h"
#include "core/kind.h"

#include <stdio.h>
#include <string.h>

#define NAME_WIDTH 26

static void print_option(const char *name, const char *argument, const char *help)
{
	char left[64];

	snprintf(left, sizeof(left), "%s%s%s%s", name[1] == '\0' ? "-" : "--", name,
		 argument == NULL ? "" : " ", argument == NULL ? "" : argument);
	printf("  %-*s %s\n", NAME_WIDTH, left, help);
}

static void print_options(const struct command_option *options)
{
	for (; options != NULL && options->name != NULL; options++)
		print_option(options->name, options->argument, options->help);
}

static void print_kinds(void)
{
	const char *const *names = kind_names();
	size_t column = 0;

	printf("\nKinds:\n ");
	for (; *names != NULL; names++) {
		if (column + strlen(*names) > 74) {
			printf("\n ");
			column = 0;
		}
		printf(" %s", *names);
		column += strlen(*names) + 1;
	}
	printf("\n");
}

void help_program(const struct app *app)
{
	(void)app;
	printf("lodge: people, frames, doors and sensors of your buildings, in a terminal\n\n"
	       "usage: lodge [--demo]           the dashboard, on your accounts or on simulated buildings\n"
	       "       lodge --kiosk            the dashboard and nothing else: no files, no commands\n"
	       "       lodge COMMAND [options]\n\n"
	       "Commands:\n");
	for (size_t i = 0; i < command_count; i++)
		printf("  %-*s %s\n", NAME_WIDTH, command_table[i].name, command_table[i].summary);
	printf("\nOptions of every command:\n");
	print_options(common_options);
	print_option("help", NULL, "this text; after a command: that command's");
	print_option("version", NULL, "the version");
	print_kinds();
	printf("\nSee lodge(1) and lodge.conf(5).\n");
}

void help_command(const struct app *app, const struct command *command)
{
	(void)app;
	printf("lodge %s: %s\n\nusage: lodge %s %s\n", command->name, command->summary, command->name,
	       command->usage);
	if (command->details != NULL)
		printf("\n%s\n", command->details);
	if (command->options != NULL && command->options->name != NULL) {
		printf("\nOptions:\n");
		print_options(command->options);
	}
	if (command->takes_filters) {
		printf("\nFilters:\n");
		for (size_t i = 0; i < filter_count; i++)
			print_option(filter_table[i].name, filter_table[i].argument, filter_table[i].help);
	}
	printf("\nOptions of every command:\n");
	print_options(common_options);
	if (command->takes_kind)
		print_kinds();
}
