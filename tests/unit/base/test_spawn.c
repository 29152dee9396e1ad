#include "base/spawn.h"

#include "base/clock.h"
#include "base/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void gives(const char *command, const char *line)
{
	struct problem problem = {0};
	char *secret = NULL;
	int err = spawn_first_line(command, &secret, &problem);
	if (err != ERR_OK)
		fail_msg("%s: %s", command, problem.why);
	assert_string_equal(secret, line);
	secret_free(secret);
}

static void fails(const char *command, const char *why)
{
	struct problem problem = {0};
	char *secret = (char *)"untouched";
	assert_int_equal(spawn_first_line(command, &secret, &problem), ERR_CONFIG);
	assert_int_equal(problem.code, ERR_CONFIG);
	assert_null(secret);
	if (!strstr(problem.why, why))
		fail_msg("%s: %s", command, problem.why);
}

static void first_line_is_given(void **state)
{
	(void)state;
	gives("echo hunter2", "hunter2");
	gives("printf 'one\\ntwo\\n'", "one");
	gives("printf 'no end'", "no end");
	gives("printf 'dos\\r\\nx'", "dos");
	gives("echo '  kept  '", "  kept  ");
	gives("echo \"two words\" three", "two words three");
	gives("echo a\\ b", "a b");
	gives("seq 100000", "1"); /* more than a pipe holds: what follows is read too */
}

static void shell_runs_only_when_needed(void **state)
{
	(void)state;
	g_setenv("LODGE_TEST_VALUE", "from the environment", TRUE);
	gives("echo $LODGE_TEST_VALUE", "from the environment");
	gives("echo \"$LODGE_TEST_VALUE\"", "from the environment");
	gives("echo '$LODGE_TEST_VALUE'", "$LODGE_TEST_VALUE");
	gives("echo \\$LODGE_TEST_VALUE", "$LODGE_TEST_VALUE");
	gives("echo one | tr o O", "One");
	gives("false || echo or", "or");
	gives("x=1; echo $x", "1");
	gives("echo 'a|b;c'", "a|b;c");
	gives("echo \"a|b\"", "a|b");
	g_unsetenv("LODGE_TEST_VALUE");
	/* No shell: its words are no commands. */
	fails("exit 0", "cannot start");
}

static void stdin_is_empty(void **state)
{
	(void)state;
	fails("cat", "printed nothing");
	gives("readlink /proc/self/fd/0", "/dev/null");
}

static void failures_are_told(void **state)
{
	(void)state;
	fails("", "empty");
	fails(" \t", "empty");
	fails(NULL, "empty");
	fails("false", "status 1");
	fails("echo secret; exit 3", "status 3");
	fails("true", "printed nothing");
	fails("echo", "printed nothing");
	fails("/nonexistent/program", "cannot start");
	fails("echo 'unfinished", "split");
	fails("kill -9 $$", "signal 9");
	fails("head -c 20000 /dev/zero", "too long");
}

/* The problem never repeats what the command printed. */
static void output_is_not_told(void **state)
{
	(void)state;
	struct problem problem = {0};
	char *secret = NULL;
	assert_int_equal(spawn_first_line("echo hunter2; exit 1", &secret, &problem), ERR_CONFIG);
	assert_null(strstr(problem.why, "hunter2"));
	assert_null(strstr(problem.todo, "hunter2"));
}

static bool gone(pid_t pid) { return kill(pid, 0) != 0 && errno == ESRCH; }

static void time_out_kills_all_of_it(void **state)
{
	(void)state;
	struct problem problem = {0};
	char *secret = NULL, *root = g_dir_make_tmp("lodge-test-XXXXXX", NULL), *text = NULL;
	char *path = g_build_filename(root, "pid", NULL);
	char *command = g_strdup_printf("sleep 1000 & echo $! > %s; echo line; wait", path);
	int64_t start_ms = clock_mono_ms(&clock_system);
	assert_int_equal(spawn_first_line_within(command, 300, &secret, &problem), ERR_CONFIG);
	assert_null(secret);
	assert_non_null(strstr(problem.why, "300 ms"));
	assert_true(clock_mono_ms(&clock_system) - start_ms < 20000);
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	pid_t pid = (pid_t)g_ascii_strtoll(text, NULL, 10);
	assert_true(pid > 1);
	/* Whoever inherits it may need a moment to bury it; a dead process has no command line. */
	char *line = g_strdup_printf("/proc/%d/cmdline", (int)pid), *words = NULL;
	size_t length = 0;
	for (int64_t end_ms = clock_mono_ms(&clock_system) + 10000; clock_mono_ms(&clock_system) < end_ms;) {
		g_free(words);
		words = NULL;
		length = 0;
		if (gone(pid) || !g_file_get_contents(line, &words, &length, NULL) || length == 0)
			break;
	}
	assert_int_equal(length, 0);
	g_remove(path);
	g_remove(root);
	g_free(words);
	g_free(line);
	g_free(text);
	g_free(command);
	g_free(path);
	g_free(root);
}

/* Something left behind that holds the pipe does not hold the program. */
static void what_stays_behind_is_not_waited_for(void **state)
{
	(void)state;
	char *secret = NULL;
	int64_t start_ms = clock_mono_ms(&clock_system);
	assert_int_equal(spawn_first_line_within("sleep 5 & echo done", 30000, &secret, NULL), ERR_OK);
	assert_string_equal(secret, "done");
	assert_true(clock_mono_ms(&clock_system) - start_ms < 4500);
	secret_free(secret);
}

static void no_child_is_left(void **state)
{
	(void)state;
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_line_is_given),
		cmocka_unit_test(shell_runs_only_when_needed),
		cmocka_unit_test(stdin_is_empty),
		cmocka_unit_test(failures_are_told),
		cmocka_unit_test(output_is_not_told),
		cmocka_unit_test(time_out_kills_all_of_it),
		cmocka_unit_test(what_stays_behind_is_not_waited_for),
		cmocka_unit_test(no_child_is_left),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
