/* The commands' run functions; each lives in cmd_NAME.c beside its options. */
#ifndef LODGE_APP_CMDS_H
#define LODGE_APP_CMDS_H

#include "app/command.h"

extern const struct command_option get_options[], check_options[], watch_options[], api_options[],
	key_options[], write_options[], password_options[];

int cmd_get(struct app *app, int argc, char **argv);
int cmd_watch(struct app *app, int argc, char **argv);
int cmd_check(struct app *app, int argc, char **argv);
int cmd_api(struct app *app, int argc, char **argv);
int cmd_key(struct app *app, int argc, char **argv);
int cmd_create(struct app *app, int argc, char **argv);
int cmd_change(struct app *app, int argc, char **argv);
int cmd_delete(struct app *app, int argc, char **argv);
int cmd_password(struct app *app, int argc, char **argv);
int cmd_sim(struct app *app, int argc, char **argv);

#endif
