/* `lodge` and `lodge --demo`: the dashboard. Here the parts meet: feeds, world, shell and terminal on the main thread's loop. */
#ifndef LODGE_APP_DASH_H
#define LODGE_APP_DASH_H

#include "app/command.h"

/* The dashboard as a command without a name: for --help and the manual page. */
extern const struct command dash_command;

int cmd_dash(struct app *app, int argc, char **argv);

#endif
