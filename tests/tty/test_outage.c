/* The dashboard on a server that goes away, stalls or talks nonsense: keys are answered, what is old says so, and it recovers by itself. Also what [ui]
 * of the configuration changes. */
#include "pty.h"
#include "simulator.h"

#include "base/jsonx.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

struct stage {
	struct simulator simulator;
	struct pty pty;
	const char *environment[6];
};

static int run_program(void *argument)
{
	const char *path = getenv("LODGE");

	execl(path == NULL ? "./lodge" : path, "lodge", argument, (char *)NULL);
	return 127;
}

static bool row_holds(struct pty *pty, int from, int to, const char *text)
{
	char row[2000];

	for (int y = from; y < to; y++)
		if (strstr(pty_row(pty, y, row, sizeof(row)), text) != NULL)
			return true;
	return false;
}

static bool shows(struct pty *pty, const void *text)
{
	int width, height;

	vterm_get_size(pty->vterm, &height, &width);
	return row_holds(pty, 0, height, text);
}

static bool is_down(struct pty *pty, const void *unused)
{
	(void)unused;
	return row_holds(pty, 0, 1, "○ hq");
}

static bool is_well(struct pty *pty, const void *unused)
{
	(void)unused;
	return row_holds(pty, 0, 1, "● hq");
}

static void press(struct pty *pty, const char *keys, const char *then)
{
	pty_write(pty, keys, strlen(keys));
	pty_wait(pty, shows, then);
}

static void open_stage(struct stage *stage, const char *ui)
{
	simulator_start(&stage->simulator, ui);
	stage->environment[0] = "TERM=xterm-256color";
	stage->environment[1] = "LC_ALL=C.UTF-8";
	for (int i = 0; i < 3; i++)
		stage->environment[2 + i] = stage->simulator.environment[i];
	stage->environment[5] = NULL;
	pty_start(&stage->pty, 100, 30, stage->environment, run_program, NULL);
	pty_wait(&stage->pty, shows, "Reception");
}

static void close_stage(struct stage *stage)
{
	pty_write(&stage->pty, "q", 1);
	pty_wait_end(&stage->pty);
	assert_int_equal(WEXITSTATUS(stage->pty.status), 0);
	pty_free(&stage->pty);
	simulator_free(&stage->simulator);
}

static long now_ms(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

/* Panes answer as they do at any other time, and each says that what it shows is old. */
static void expect_honest_and_awake(struct pty *pty)
{
	long start_ms = now_ms();

	press(pty, "7", "hq is down");
	press(pty, "2", "data of");
	press(pty, "1", "down for");
	press(pty, "?", "Keys and commands");
	press(pty, "?", "down for");
	assert_true(now_ms() - start_ms < 3000);
}

static void test_refused(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, "");
	simulator_kill(&stage.simulator);
	pty_wait(&stage.pty, is_down, NULL);
	expect_honest_and_awake(&stage.pty);
	simulator_again(&stage.simulator, NULL);
	pty_wait(&stage.pty, is_well, NULL);
	close_stage(&stage);
}

static void test_stalled(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, "");
	kill(stage.simulator.child, SIGSTOP);
	pty_wait(&stage.pty, is_down, NULL);
	expect_honest_and_awake(&stage.pty);
	kill(stage.simulator.child, SIGCONT);
	pty_wait(&stage.pty, is_well, NULL);
	/* Leaving does not wait for a server that says nothing. */
	kill(stage.simulator.child, SIGSTOP);
	pty_wait(&stage.pty, is_down, NULL);
	long start_ms = now_ms();
	close_stage(&stage);
	assert_true(now_ms() - start_ms < 3000);
}

static void test_garbage(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, "");
	simulator_kill(&stage.simulator);
	simulator_again(&stage.simulator, "butlr.garbage_rate=1");
	pty_wait(&stage.pty, is_down, NULL);
	expect_honest_and_awake(&stage.pty);
	simulator_kill(&stage.simulator);
	simulator_again(&stage.simulator, NULL);
	pty_wait(&stage.pty, is_well, NULL);
	close_stage(&stage);
}

/* --- [ui] --- */

static bool has_bytes(const struct pty *pty, const char *bytes)
{
	return memmem(pty->raw.data, pty->raw.length, bytes, strlen(bytes)) != NULL;
}

static bool ground_is_the_terminals(struct pty *pty)
{
	VTermScreenCell cell;

	/* The row below the title: nothing but ground is there. */
	assert_true(vterm_screen_get_cell(pty->screen, (VTermPos){.row = 28, .col = 99}, &cell));
	return VTERM_COLOR_IS_DEFAULT_BG(&cell.bg);
}

static void test_the_usual_look(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, "theme=day");
	assert_true(has_bytes(&stage.pty, "\033[?1002h"));
	assert_false(ground_is_the_terminals(&stage.pty));
	press(&stage.pty, "7", "Device");
	stage.pty.raw.length = 0;
	press(&stage.pty, "y", "copied");
	assert_true(has_bytes(&stage.pty, "\033]52;c;"));
	close_stage(&stage);
}

static void test_options_of_the_look(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, "theme=day\nmouse=no\nclipboard=no\nkeep_ground=yes\npalette=greys\nglyphs=ascii");
	assert_false(has_bytes(&stage.pty, "\033[?1002h"));
	assert_true(ground_is_the_terminals(&stage.pty));
	press(&stage.pty, "T", "theme contrast");
	assert_true(ground_is_the_terminals(&stage.pty));
	press(&stage.pty, "7", "Device");
	press(&stage.pty, "y", "takes no copies");
	assert_false(has_bytes(&stage.pty, "\033]52;c;"));
	for (size_t i = 0; i < stage.pty.raw.length; i++)
		assert_true((unsigned char)stage.pty.raw.data[i] <= 0x7e);
	close_stage(&stage);
}

/* --- files --- */

static void test_what_is_shown_is_written_once(void **state)
{
	struct stage stage;
	char path[128], command[160];
	struct stat status;

	(void)state;
	open_stage(&stage, "");
	press(&stage.pty, "7", "Device");
	snprintf(path, sizeof(path), "%s/all.csv", stage.simulator.folder);
	snprintf(command, sizeof(command), ":export %s\r", path);
	press(&stage.pty, command, "written: ");
	assert_int_equal(stat(path, &status), 0);
	assert_true(status.st_size > 1000);
	assert_int_equal(status.st_mode & 0777, 0600);
	press(&stage.pty, command, "there is such a file already");
	close_stage(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_stalled),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_the_usual_look),
		cmocka_unit_test(test_options_of_the_look),
		cmocka_unit_test(test_what_is_shown_is_written_once),
	};

	if (pty_missing())
		return PTY_SKIP;
	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
