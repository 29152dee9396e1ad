/* The log: a file the user named, or nothing. Lines are cleaned (text.h), so a log cannot act on a terminal.
 * No secret, body, query value or token is ever passed to it. Thread-safe: each line is one write(). */
#ifndef LODGE_BASE_LOGGER_H
#define LODGE_BASE_LOGGER_H

#include "base/clock.h"
#include "base/err.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

struct logger;

/* Opens `path` for appending (created 0600), or stderr when path is "-"; NULL path with a level above ERROR
 * also means stderr. NULL path with level ERROR: no log is wanted, so NULL is returned and *problem is left
 * alone. NULL with *problem filled when the file cannot be opened. */
struct logger *logger_new(const char *path, enum log_level level, const struct clock *clock,
			  struct problem *problem);
void logger_free(struct logger *logger);

/* "error", "warn", "info", "debug"; -1 for any other word. */
int logger_level_parse(const char *word);

/* `logger` may be NULL: then nothing happens. `scope` is the account or module. */
void logger_write(struct logger *logger, enum log_level level, const char *scope, const char *format, ...)
	LODGE_PRINTF(4, 5);

#endif
