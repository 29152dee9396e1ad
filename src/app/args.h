/* Reading the arguments of a command against the tables of options and filters. */
#ifndef LODGE_APP_ARGS_H
#define LODGE_APP_ARGS_H

#include "app/app.h"
#include "app/command.h"
#include "core/query.h"

#define ARGS_POSITIONAL 40 /* `lodge create` takes many fields */

struct args {
	const struct command *command;
	struct query query; /* filters; valid when the command takes them */
	const char *positional[ARGS_POSITIONAL];
	unsigned n_positional;
	/* A command's own option. `name` is the long name. May be NULL when it has none. */
	int (*option)(void *ctx, const char *name, const char *value, struct problem *problem);
	void *ctx;
	bool help; /* --help was among them */
};

/* Reads everything; common options go to `app`. On ERR_USAGE the problem was printed, with a hint at --help. */
int args_read(struct args *args, struct app *app, int argc, char **argv) LODGE_MUST_USE;
void args_fini(struct args *args);

/* Prints the problem and where to look; returns EXIT_USAGE. */
int args_wrong(const struct app *app, const struct command *command, const struct problem *problem);

/* --help of the program and of a command. */
void help_program(const struct app *app);
void help_command(const struct app *app, const struct command *command);

#endif
