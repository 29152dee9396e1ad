/* A program of the build: it writes manual pages, completions and the example configuration from the tables that the
 * program itself reads, so that none of them can be out of date. Everything goes to stdout.
 */
#ifndef LODGE_APP_DOCGEN_H
#define LODGE_APP_DOCGEN_H

#include "app/command.h"
#include "base/err.h"

#include <stdio.h>

/* A manual page: `path` is its text in man(7) macros, in which a line @NAME@ stands for a table. ERR_IO, or
 * ERR_ABSENT for a name that is none; both after a message. */
int docgen_man(const char *path) LODGE_MUST_USE;

/* Every key of the configuration, commented out, with its default and its help. */
void docgen_example_conf(void);

void docgen_bash(void);
void docgen_zsh(void);
void docgen_fish(void);

/* One option in the form that all writers share. */
struct docgen_option {
	const char *name;     /* without dashes; one letter: a short option */
	const char *argument; /* NULL: a switch */
	const char *help;
	bool repeatable;
};

/* Calls `visit` for each option of a command: its own, the filters if it takes them, the common ones and --help. A
 * NULL command: what may stand before a command's name. */
typedef void (*docgen_visit)(void *ctx, const struct docgen_option *option);
void docgen_each_option(const struct command *command, docgen_visit visit, void *ctx);

/* A command's own options alone. */
void docgen_own_options(const struct command *command, docgen_visit visit, void *ctx);
void docgen_common_options(docgen_visit visit, void *ctx);
void docgen_filters(docgen_visit visit, void *ctx);

/* "-d" or "--config". */
const char *docgen_dashes(const char *name);

#endif
