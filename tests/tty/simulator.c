#include "tests/tty/simulator.h"

#include "base/jsonx.h"

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
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define PATIENCE_MS 10000

static pid_t spawn(int port, const char *fault, int *out)
{
	const char *path = getenv("LODGE");
	char number[16];
	char *argv[] = {"lodge", "sim", "--parent-watch", "--port", number, NULL, NULL, NULL};
	int ends[2];
	pid_t pid;

	g_snprintf(number, sizeof(number), "%d", port);
	if (fault != NULL) {
		argv[5] = "--fault";
		argv[6] = (char *)fault;
	}
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execv(path == NULL ? "./lodge" : path, argv);
		_exit(127);
	}
	close(ends[1]);
	*out = ends[0];
	return pid;
}

static void run(struct simulator *simulator, int port, const char *fault)
{
	struct pollfd ready;
	size_t n = 0;
	int out;

	simulator->child = spawn(port, fault, &out);
	ready = (struct pollfd){.fd = out, .events = POLLIN};
	while (n + 1 < sizeof(simulator->line) && poll(&ready, 1, PATIENCE_MS) > 0 &&
	       read(out, simulator->line + n, 1) == 1 && simulator->line[n] != '\n')
		n++;
	simulator->line[n] = '\0';
	close(out);
	if (n == 0)
		fail_msg("the simulator does not start");
}

static void write_configuration(struct simulator *simulator, const char *ui)
{
	g_autofree char *folder = g_build_filename(simulator->folder, "lodge", NULL);
	g_autofree char *file = g_build_filename(folder, "lodge.conf", NULL);
	struct problem problem;
	struct jsonx doc;
	char *text;

	jsonx_init(&doc);
	assert_int_equal(jsonx_parse(&doc, simulator->line, strlen(simulator->line), &problem), ERR_OK);
	simulator->port = (int)strtol(strrchr(jsonx_str(jsonx_get(doc.root, "control")), ':') + 1, NULL, 10);
	text = g_strdup_printf("[ui]\n%s\n[account hq]\nvendor=butlr\nbase_url=%s\nclient_id=%s\n"
			       "client_secret=%s\ntimeout=1s\npoll=1s\n",
			       ui, jsonx_str(jsonx_get(doc.root, "butlr")),
			       jsonx_str(jsonx_get(doc.root, "client_id")),
			       jsonx_str(jsonx_get(doc.root, "client_secret")));
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_true(g_file_set_contents(file, text, -1, NULL));
	assert_int_equal(chmod(file, 0600), 0);
	g_free(text);
	jsonx_fini(&doc);
}

void simulator_start(struct simulator *simulator, const char *ui)
{
	static const char *const names[] = {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME"};

	*simulator = (struct simulator){.child = 0};
	g_strlcpy(simulator->folder, "/tmp/lodge-tty-XXXXXX", sizeof(simulator->folder));
	assert_non_null(mkdtemp(simulator->folder));
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		g_snprintf(simulator->environment[i], sizeof(simulator->environment[i]), "%s=%s", names[i],
			   simulator->folder);
	run(simulator, 0, NULL);
	write_configuration(simulator, ui);
}

void simulator_again(struct simulator *simulator, const char *fault)
{
	run(simulator, simulator->port, fault);
}

void simulator_kill(struct simulator *simulator)
{
	if (simulator->child <= 0)
		return;
	kill(simulator->child, SIGKILL);
	waitpid(simulator->child, NULL, 0);
	simulator->child = 0;
}

static int forget(const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void)status;
	(void)type;
	(void)at;
	return remove(path);
}

void simulator_free(struct simulator *simulator)
{
	simulator_kill(simulator);
	nftw(simulator->folder, forget, 16, FTW_DEPTH | FTW_PHYS);
}
