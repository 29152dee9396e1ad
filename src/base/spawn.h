/* Running a command the user configured (password_command and the like). */
#ifndef LODGE_BASE_SPAWN_H
#define LODGE_BASE_SPAWN_H

#include "base/err.h"

/* Runs `command` (split like a shell would, but no shell runs unless it holds one of |&;<>()$`*?[]#~=% or a
 * newline outside quotes, then `/bin/sh -c`) and stores the first line of its output, without the line end,
 * as a secret (secret.h). stdin is /dev/null, stderr stays the user's. ERR_CONFIG when it cannot start,
 * fails, prints nothing, or takes over 30 s. */
int spawn_first_line(const char *command, char **secret, struct problem *problem) LODGE_MUST_USE;

/* The same with another time-out. When it is over, the command and what it started are killed. `$` and
 * backquote count within double quotes too, as there the shell acts on them. */
int spawn_first_line_within(const char *command, int timeout_ms, char **secret,
			    struct problem *problem) LODGE_MUST_USE;

#endif
