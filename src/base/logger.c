#include "base/logger.h"

#include "base/buf.h"
#include "base/moment.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MESSAGE_SIZE 8192

/* Nothing here changes after logger_new, so threads share it freely. */
struct logger {
	int fd;
	bool own; /* the descriptor is to be closed */
	enum log_level level;
	const struct clock *clock;
};

static const char *const level_names[] = {[LOG_LEVEL_ERROR] = "error",
					  [LOG_LEVEL_WARN] = "warn",
					  [LOG_LEVEL_INFO] = "info",
					  [LOG_LEVEL_DEBUG] = "debug"};

struct logger *logger_new(const char *path, enum log_level level, const struct clock *clock,
			  struct problem *problem)
{
	if (!path && level == LOG_LEVEL_ERROR)
		return NULL;
	bool own = path && strcmp(path, "-") != 0;
	int fd = STDERR_FILENO;
	if (own)
		fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
	if (fd < 0) {
		problem_set(problem, ERR_IO, "log file", "name another with --log", "cannot open it: %s",
			    g_strerror(errno));
		return NULL;
	}
	struct logger *logger = g_new0(struct logger, 1);
	*logger = (struct logger){.fd = fd, .own = own, .level = level, .clock = clock};
	return logger;
}

void logger_free(struct logger *logger)
{
	if (!logger)
		return;
	if (logger->own)
		close(logger->fd);
	g_free(logger);
}

int logger_level_parse(const char *word)
{
	for (size_t i = 0; word && i < G_N_ELEMENTS(level_names); i++)
		if (strcmp(word, level_names[i]) == 0)
			return (int)i;
	return -1;
}

void logger_write(struct logger *logger, enum log_level level, const char *scope, const char *format, ...)
{
	if (!logger || level > logger->level)
		return;
	char time[MOMENT_TEXT_SIZE], message[MESSAGE_SIZE];
	va_list args;
	va_start(args, format);
	int n = vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	if (n < 0)
		return;
	struct buf line;
	buf_init(&line, BUF_CEILING_LINE);
	moment_format(clock_wall_ms(logger->clock), time);
	buf_addf(&line, "%s %s ", time, level_names[level]);
	if (scope && *scope) {
		text_add_shown(&line, scope, strlen(scope), false);
		buf_adds(&line, ": ");
	}
	text_add_shown(&line, message, strlen(message), false);
	buf_addc(&line, '\n');
	/* One call a line keeps lines of several threads apart. A log that cannot be written must not stop
	 * anything. */
	ssize_t written = line.error ? 0 : write(logger->fd, line.data, line.length);
	(void)written;
	buf_fini(&line);
}
