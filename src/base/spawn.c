#include "base/spawn.h"

#include "base/clock.h"
#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIMEOUT_MS 30000
#define LINE_SIZE 16384

/* How long a command's end may go unseen while something it started keeps its output open. */
#define SLICE_MS 20

extern char **environ;

static bool needs_shell(const char *command)
{
	char quote = '\0';
	for (const char *p = command; *p; p++) {
		if (*p == '\\' && quote != '\'') {
			if (!p[1])
				return false;
			p++;
		} else if (quote) {
			if (*p == quote)
				quote = '\0';
			else if (quote == '"' && (*p == '$' || *p == '`'))
				return true;
		} else if (*p == '\'' || *p == '"') {
			quote = *p;
		} else if (strchr("|&;<>()$`*?[]#~=%\n", *p)) {
			return true;
		}
	}
	return false;
}

static char **split(const char *command, struct problem *problem)
{
	if (needs_shell(command)) {
		const char *const shell[] = {"/bin/sh", "-c", command, NULL};
		return g_strdupv((char **)(void *)shell);
	}
	char **argv = NULL;
	GError *error = NULL;
	if (!g_shell_parse_argv(command, NULL, &argv, &error)) {
		problem_set(problem, ERR_CONFIG, "command", "mend its quotes",
			    "it cannot be split into words");
		g_error_free(error);
		return NULL;
	}
	return argv;
}

/* A group of its own, so that all of it can be killed; signals as a fresh program expects them. */
static int set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, all;
	sigemptyset(&none);
	sigfillset(&all);
	if (posix_spawnattr_setsigmask(attributes, &none) != 0 ||
	    posix_spawnattr_setsigdefault(attributes, &all) != 0 ||
	    posix_spawnattr_setpgroup(attributes, 0) != 0)
		return ERR_CONFIG;
	short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
	return posix_spawnattr_setflags(attributes, flags) == 0 ? ERR_OK : ERR_CONFIG;
}

static int start(char **argv, int out_fd, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	if (posix_spawn_file_actions_init(&actions) != 0)
		return ENOMEM;
	if (posix_spawnattr_init(&attributes) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return ENOMEM;
	}
	int failed = ENOMEM;
	if (posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
	    posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO) == 0 &&
	    set_attributes(&attributes) == ERR_OK)
		failed = posix_spawnp(pid, argv[0], &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return failed;
}

/* The first line so far. */
struct line {
	char text[LINE_SIZE];
	size_t length;
	bool ended, too_long;
};

/* Keeps the first line; what follows is read and forgotten, lest the command dies of a closed pipe. */
static void take(struct line *line, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length && !line->ended; i++) {
		if (bytes[i] == '\n')
			line->ended = true;
		else if (line->length + 1 < sizeof(line->text))
			line->text[line->length++] = bytes[i];
		else
			line->too_long = true;
	}
}

/* Reads what is there. False at the end of the output. */
static bool read_some(int fd, struct line *line)
{
	char bytes[4096];
	ssize_t n = read(fd, bytes, sizeof(bytes));
	if (n > 0)
		take(line, bytes, (size_t)n);
	secret_wipe(bytes, n > 0 ? (size_t)n : 0);
	return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

/* Reads until the command has ended and its output is empty. ERR_TIMEOUT when that takes too long; the
 * command is then dead. *status is what waitpid tells. */
static int follow(pid_t pid, int fd, int timeout_ms, struct line *line, int *status)
{
	int64_t end_ms = clock_mono_ms(&clock_system) + timeout_ms;
	bool open = true, running = true;
	while (running || open) {
		struct pollfd waiting = {.fd = open ? fd : -1, .events = POLLIN};
		int ready = poll(&waiting, 1, running ? SLICE_MS : 0);
		if (ready > 0)
			open = read_some(fd, line);
		else if (!running)
			break; /* something the command left behind still holds the pipe */
		if (running) {
			pid_t got = waitpid(pid, status, WNOHANG);
			running = got == 0 || (got < 0 && errno == EINTR);
		}
		if (clock_mono_ms(&clock_system) < end_ms)
			continue;
		if (!running)
			break;
		kill(-pid, SIGKILL);
		while (waitpid(pid, status, 0) < 0 && errno == EINTR)
			continue;
		return ERR_TIMEOUT;
	}
	return ERR_OK;
}

static int judge(int err, int status, const struct line *line, int timeout_ms, struct problem *problem)
{
	if (err == ERR_TIMEOUT)
		return problem_set(problem, ERR_CONFIG, "command", "try it in a shell", "it took over %d ms",
				   timeout_ms);
	if (WIFSIGNALED(status))
		return problem_set(problem, ERR_CONFIG, "command", "try it in a shell", "signal %d ended it",
				   WTERMSIG(status));
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return problem_set(problem, ERR_CONFIG, "command", "try it in a shell",
				   "it failed with status %d", WEXITSTATUS(status));
	if (line->too_long)
		return problem_set(problem, ERR_CONFIG, "command", NULL, "its first line is too long");
	if (line->length == 0)
		return problem_set(problem, ERR_CONFIG, "command", "try it in a shell", "it printed nothing");
	return ERR_OK;
}

static int run(char **argv, int timeout_ms, char **secret, struct problem *problem)
{
	int fds[2], status = 0;
	if (pipe2(fds, O_CLOEXEC) != 0)
		return problem_set(problem, ERR_CONFIG, "command", NULL, "no pipe: %s", g_strerror(errno));
	pid_t pid = 0;
	int failed = start(argv, fds[1], &pid);
	close(fds[1]);
	if (failed) {
		close(fds[0]);
		return problem_set(problem, ERR_CONFIG, "command", "check its name and path",
				   "it cannot start: %s", g_strerror(failed));
	}
	struct line line = {.length = 0};
	int err = follow(pid, fds[0], timeout_ms, &line, &status);
	close(fds[0]);
	if (line.length > 0 && line.text[line.length - 1] == '\r')
		line.length--;
	err = judge(err, status, &line, timeout_ms, problem);
	if (err == ERR_OK)
		*secret = secret_new(line.text, line.length);
	secret_wipe(&line, sizeof(line));
	return err;
}

int spawn_first_line_within(const char *command, int timeout_ms, char **secret, struct problem *problem)
{
	*secret = NULL;
	if (!command || !command[strspn(command, " \t\r\n")])
		return problem_set(problem, ERR_CONFIG, "command", NULL, "it is empty");
	char **argv = split(command, problem);
	if (!argv)
		return ERR_CONFIG;
	int err = run(argv, timeout_ms, secret, problem);
	g_strfreev(argv);
	return err;
}

int spawn_first_line(const char *command, char **secret, struct problem *problem)
{
	return spawn_first_line_within(command, TIMEOUT_MS, secret, problem);
}
