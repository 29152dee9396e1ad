/* Completions for bash, zsh and fish. What follows an option is told by its argument's name: FILE asks for a file, a|b|c
 * offers the words, KIND a kind; anything else is the person's to type.
 */
#include "app/docgen.h"

#include "core/kind.h"

#include <string.h>

/* --- shared -------------------------------------------------------------------------------------------- */

static bool is_file(const char *argument)
{
	return argument && (strstr(argument, "FILE") || strstr(argument, "PATH"));
}

static bool has_words(const char *argument)
{
	return argument && strchr(argument, '|') && !strchr(argument, ' ');
}

/* The words of a|b|c that are meant as they stand: "5m|1h|…" offers 5m and 1h. */
static void print_words(const char *argument, const char *separator)
{
	const char *before = "";

	while (*argument) {
		size_t length = strcspn(argument, "|");
		if (length && (unsigned char)*argument < 0x80) {
			printf("%s%.*s", before, (int)length, argument);
			before = separator;
		}
		argument += length + (argument[length] == '|');
	}
}

/* For text inside single quotes; `also` are characters that the reader wants behind a backslash. */
static void print_quoted(const char *text, const char *also)
{
	for (; *text; text++) {
		if (*text == '\'')
			printf("'\\''");
		else if (*text == '\n')
			putchar(' ');
		else if (strchr(also, *text))
			printf("\\%c", *text);
		else
			putchar(*text);
	}
}

static void print_kinds(void)
{
	for (const char *const *name = kind_names(); *name; name++)
		printf("%s%s", name == kind_names() ? "" : " ", *name);
}

/* --- bash ---------------------------------------------------------------------------------------------- */

static void bash_name(void *ctx, const struct docgen_option *option)
{
	(void)ctx;
	printf(" %s%s", docgen_dashes(option->name), option->name);
}

/* One case branch for each option that takes an argument. */
static void bash_argument(void *ctx, const struct docgen_option *option)
{
	(void)ctx;
	if (!option->argument)
		return;
	printf("\t%s%s) ", docgen_dashes(option->name), option->name);
	if (has_words(option->argument)) {
		printf("COMPREPLY=($(compgen -W '");
		print_words(option->argument, " ");
		printf("' -- \"$current\")); return ;;\n");
	} else if (is_file(option->argument)) {
		printf("compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n");
	} else {
		printf("return ;;\n");
	}
}

void docgen_bash(void)
{
	printf("# bash completion for lodge; made from its tables.\n"
	       "_lodge()\n{\n"
	       "\tlocal current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= word i\n"
	       "\tCOMPREPLY=()\n"
	       "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	       "\t\tcase ${COMP_WORDS[i]} in\n\t\t");
	for (size_t i = 0; i < command_count; i++)
		printf("%s%s", i ? "|" : "", command_table[i].name);
	printf(") command=${COMP_WORDS[i]}; break ;;\n\t\tesac\n\tdone\n"
	       "\tcase $command in\n");
	for (size_t i = 0; i < command_count; i++) {
		printf("\t%s) case $previous in\n", command_table[i].name);
		docgen_each_option(&command_table[i], bash_argument, NULL);
		if (command_table[i].takes_kind)
			printf("\t%s) COMPREPLY=($(compgen -W '", command_table[i].name);
		if (command_table[i].takes_kind) {
			print_kinds();
			printf("' -- \"$current\")); return ;;\n");
		}
		printf("\tesac\n\tword='");
		docgen_each_option(&command_table[i], bash_name, NULL);
		printf("' ;;\n");
	}
	printf("\t*) case $previous in\n");
	docgen_each_option(NULL, bash_argument, NULL);
	printf("\tesac\n\tword='");
	for (size_t i = 0; i < command_count; i++)
		printf("%s%s", i ? " " : "", command_table[i].name);
	docgen_each_option(NULL, bash_name, NULL);
	printf("' ;;\n\tesac\n"
	       "\tCOMPREPLY=($(compgen -W \"$word\" -- \"$current\"))\n}\n"
	       "complete -F _lodge lodge\n");
}

/* --- zsh ----------------------------------------------------------------------------------------------- */

static void zsh_option(void *ctx, const struct docgen_option *option)
{
	const char *indent = ctx;

	printf("%s'%s%s%s[", indent, option->repeatable ? "*" : "", docgen_dashes(option->name),
	       option->name);
	print_quoted(option->help, "[]\\:");
	printf("]");
	if (option->argument) {
		printf(":");
		print_quoted(option->argument, "[]\\:()");
		if (has_words(option->argument)) {
			printf(":(");
			print_words(option->argument, " ");
			printf(")");
		} else if (is_file(option->argument)) {
			printf(":_files");
		} else {
			printf(": ");
		}
	}
	printf("' \\\n");
}

void docgen_zsh(void)
{
	static char outer[] = "\t\t", inner[] = "\t\t\t\t";

	printf("#compdef lodge\n# zsh completion for lodge; made from its tables.\n"
	       "_lodge() {\n\tlocal context state line\n\ttypeset -A opt_args\n\tlocal -a commands\n\tcommands=(\n");
	for (size_t i = 0; i < command_count; i++) {
		printf("\t\t'%s:", command_table[i].name);
		print_quoted(command_table[i].summary, ":\\");
		printf("'\n");
	}
	printf("\t)\n\t_arguments -C \\\n");
	docgen_each_option(NULL, zsh_option, outer);
	printf("\t\t'1: :->command' \\\n\t\t'*:: :->rest' && return\n"
	       "\tcase $state in\n\tcommand) _describe command commands ;;\n\trest)\n\t\tcase $words[1] in\n");
	for (size_t i = 0; i < command_count; i++) {
		printf("\t\t%s)\n\t\t\t_arguments \\\n", command_table[i].name);
		docgen_each_option(&command_table[i], zsh_option, inner);
		if (command_table[i].takes_kind) {
			printf("%s'1:kind:(", inner);
			print_kinds();
			printf(")'");
		} else {
			printf("%s'*: :_default'", inner);
		}
		printf(" ;;\n");
	}
	printf("\t\tesac ;;\n\tesac\n}\n_lodge \"$@\"\n");
}

/* --- fish ---------------------------------------------------------------------------------------------- */

static void fish_option(void *ctx, const struct docgen_option *option)
{
	const char *condition = ctx;

	printf("complete -c lodge -n '%s' -%c %s", condition, option->name[1] ? 'l' : 's', option->name);
	if (has_words(option->argument)) {
		printf(" -x -a '");
		print_words(option->argument, " ");
		printf("'");
	} else if (is_file(option->argument)) {
		printf(" -r -F");
	} else if (option->argument) {
		printf(" -x");
	}
	printf(" -d '");
	print_quoted(option->help, "\\");
	printf("'\n");
}

void docgen_fish(void)
{
	char condition[128];

	printf("# fish completion for lodge; made from its tables.\ncomplete -c lodge -f\n");
	docgen_each_option(NULL, fish_option, "__fish_use_subcommand");
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = &command_table[i];

		printf("complete -c lodge -n __fish_use_subcommand -a %s -d '", command->name);
		print_quoted(command->summary, "\\");
		printf("'\n");
		snprintf(condition, sizeof(condition), "__fish_seen_subcommand_from %s", command->name);
		docgen_each_option(command, fish_option, condition);
		if (command->takes_kind) {
			printf("complete -c lodge -n '%s' -a '", condition);
			print_kinds();
			printf("'\n");
		}
	}
}
