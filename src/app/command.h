/* The commands of the command line: one table, from which dispatch, --help, completions and the man page are made. One file a command: cmd_NAME.c. */
#ifndef LODGE_APP_COMMAND_H
#define LODGE_APP_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

struct app;

struct command_option {
	const char *name;     /* without dashes; one letter: a short option */
	const char *argument; /* NULL: a switch */
	const char *help;
};

struct command {
	const char *name;
	const char *usage;   /* after "lodge NAME" */
	const char *summary; /* one line */
	const char *details; /* paragraphs, plain text, each line at most 78 columns; NULL: none */
	const struct command_option *options; /* its own; ended by name = NULL */
	bool takes_kind;                      /* first argument is a KIND */
	bool takes_filters;                   /* core/query.h's filter_table applies */
	int (*run)(struct app *app, int argc,
		   char **argv); /* argv[0] is the command's name; returns the exit status */
};

extern const struct command command_table[];
extern const size_t command_count;

/* Options that every command takes (--config, --log …); ended by name = NULL. */
extern const struct command_option common_options[];

const struct command *command_find(const char *name);

#endif
