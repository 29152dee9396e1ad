#include "run.h"

#include "base/jsonx.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char *program(void)
{
	const char *path = getenv("LODGE");

	return path == NULL ? "./lodge" : path;
}

void bench_open(struct bench *bench)
{
	*bench = (struct bench){.sim = -1, .sim_out = -1};
	snprintf(bench->folder, sizeof(bench->folder), "/tmp/lodge-test-XXXXXX");
	assert_non_null(mkdtemp(bench->folder));
	snprintf(bench->conf, sizeof(bench->conf), "%s/lodge.conf", bench->folder);
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *where)
{
	(void)info;
	(void)type;
	(void)where;
	return remove(path);
}

void bench_stop_sim(struct bench *bench)
{
	if (bench->sim <= 0)
		return;
	kill(bench->sim, SIGTERM);
	assert_int_equal(wait_for(bench->sim), 0);
	close(bench->sim_out);
	cJSON_Delete(bench->ready);
	bench->ready = NULL;
	bench->sim = -1;
}

void bench_close(struct bench *bench)
{
	bench_stop_sim(bench);
	nftw(bench->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* In the child: an environment that holds nothing of the user's, but what the sanitizers need. */
static void enter(const struct bench *bench, int out, int err)
{
	int null = open("/dev/null", O_RDONLY);

#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that dies takes them along */
#endif

	setenv("HOME", bench->folder, 1);
	setenv("XDG_STATE_HOME", bench->folder, 1);
	setenv("XDG_CONFIG_HOME", bench->folder, 1);
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	if (err >= 0)
		dup2(err, STDERR_FILENO);
	for (int fd = 3; fd < 256; fd++)
		close(fd);
}

static pid_t start(const struct bench *bench, char *const *argv, int out, int err)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		enter(bench, out, err);
		execv(program(), argv);
		_exit(127);
	}
	return pid;
}

pid_t bench_spawn(struct bench *bench, int *out, const char *const *arguments)
{
	GPtrArray *argv = g_ptr_array_new();
	int ends[2];
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	g_ptr_array_add(argv, (void *)program());
	for (; *arguments != NULL; arguments++)
		g_ptr_array_add(argv, (void *)*arguments);
	g_ptr_array_add(argv, NULL);
	pid = start(bench, (char *const *)argv->pdata, ends[1], -1);
	close(ends[1]);
	*out = ends[0];
	g_ptr_array_unref(argv);
	return pid;
}

char *read_line(int fd, int seconds)
{
	GString *line = g_string_new(NULL);
	struct pollfd waiting = {.fd = fd, .events = POLLIN};
	char c;

	for (;;) {
		if (poll(&waiting, 1, seconds * 1000) <= 0)
			fail_msg("nothing was printed within %d s (so far: %s)", seconds, line->str);
		if (read(fd, &c, 1) != 1)
			break;
		if (c == '\n')
			return g_string_free(line, FALSE);
		g_string_append_c(line, c);
	}
	g_string_free(line, TRUE);
	return NULL;
}

int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void bench_start_sim(struct bench *bench, const char *const *arguments)
{
	GPtrArray *all = g_ptr_array_new();
	char *line;

	g_ptr_array_add(all, (void *)"sim");
	for (; arguments != NULL && *arguments != NULL; arguments++)
		g_ptr_array_add(all, (void *)*arguments);
	g_ptr_array_add(all, NULL);
	bench->sim = bench_spawn(bench, &bench->sim_out, (const char *const *)all->pdata);
	g_ptr_array_unref(all);
	line = read_line(bench->sim_out, 60);
	assert_non_null(line);
	bench->ready = cJSON_Parse(line);
	assert_non_null(bench->ready);
	g_free(line);
}

void bench_conf(struct bench *bench, const char *text)
{
	assert_true(g_file_set_contents(bench->conf, text, -1, NULL));
	assert_int_equal(chmod(bench->conf, 0600), 0);
}

void bench_account(struct bench *bench, const char *more)
{
	char *text = g_strdup_printf(
		"[account hq]\nvendor=butlr\nbase_url=%s\nclient_id=%s\nclient_secret=%s\n%s\n",
		jsonx_str(jsonx_get(bench->ready, "butlr")), jsonx_str(jsonx_get(bench->ready, "client_id")),
		jsonx_str(jsonx_get(bench->ready, "client_secret")), more == NULL ? "" : more);

	bench_conf(bench, text);
	g_free(text);
}

/* Reads both ends until both are closed. */
static void read_both(int out, int err, GString *out_text, GString *err_text)
{
	struct pollfd ends[2] = {{.fd = out, .events = POLLIN}, {.fd = err, .events = POLLIN}};
	GString *texts[2] = {out_text, err_text};
	char chunk[65536];

	while (ends[0].fd >= 0 || ends[1].fd >= 0) {
		assert_true(poll(ends, 2, 120000) > 0);
		for (int i = 0; i < 2; i++) {
			ssize_t n;

			if (ends[i].fd < 0 || ends[i].revents == 0)
				continue;
			n = read(ends[i].fd, chunk, sizeof(chunk));
			if (n > 0) {
				g_string_append_len(texts[i], chunk, n);
			} else {
				close(ends[i].fd);
				ends[i].fd = -1;
			}
		}
	}
}

struct result bench_run(struct bench *bench, ...)
{
	GPtrArray *argv = g_ptr_array_new();
	GString *out = g_string_new(NULL), *err = g_string_new(NULL);
	struct result result = {0};
	int out_ends[2], err_ends[2];
	va_list list;
	char *word;
	pid_t pid;

	g_ptr_array_add(argv, (void *)program());
	g_ptr_array_add(argv, (void *)"--config");
	g_ptr_array_add(argv, bench->conf);
	va_start(list, bench);
	while ((word = va_arg(list, char *)) != NULL)
		g_ptr_array_add(argv, word);
	va_end(list);
	g_ptr_array_add(argv, NULL);
	assert_int_equal(pipe2(out_ends, O_CLOEXEC), 0);
	assert_int_equal(pipe2(err_ends, O_CLOEXEC), 0);
	pid = start(bench, (char *const *)argv->pdata, out_ends[1], err_ends[1]);
	close(out_ends[1]);
	close(err_ends[1]);
	read_both(out_ends[0], err_ends[0], out, err);
	result.status = wait_for(pid);
	result.out_length = out->len;
	result.out = g_string_free(out, FALSE);
	result.err = g_string_free(err, FALSE);
	g_ptr_array_unref(argv);
	return result;
}

void result_free(struct result *result)
{
	g_free(result->out);
	g_free(result->err);
}

cJSON *result_json(const struct result *result)
{
	cJSON *json = cJSON_ParseWithLength(result->out, result->out_length);

	if (json == NULL)
		fail_msg("no JSON on stdout (status %d)\n%s\n%s", result->status, result->out, result->err);
	return json;
}

void assert_inert(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c < 0x20 && c != '\n' && c != '\r') || c == 0x7f)
			fail_msg("byte 0x%02x at %zu", c, i);
		if (c == 0xc2 && i + 1 < length && (unsigned char)text[i + 1] < 0xa0)
			fail_msg("a C1 control at %zu", i);
		if (c == 0xe2 && i + 2 < length && (unsigned char)text[i + 1] == 0x80 &&
		    (unsigned char)text[i + 2] >= 0xaa && (unsigned char)text[i + 2] <= 0xae)
			fail_msg("a bidirectional control at %zu", i);
	}
}
