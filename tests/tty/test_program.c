/* The program itself on a terminal: it starts, answers keys, takes every size, and leaves the terminal as it was, however it ends. */
#include "pty.h"

#include "core/history.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const environment[] = {"TERM=xterm-256color",
					  "LC_ALL=C.UTF-8",
					  "HOME=/nonexistent",
					  "XDG_STATE_HOME=/nonexistent",
					  "XDG_CONFIG_HOME=/nonexistent",
					  NULL};
static const char *const vt100[] = {"TERM=vt100",
				    "LC_ALL=C",
				    "HOME=/nonexistent",
				    "XDG_STATE_HOME=/nonexistent",
				    "XDG_CONFIG_HOME=/nonexistent",
				    NULL};

static int run_program(void *argument)
{
	const char *path = getenv("LODGE");

	execl(path == NULL ? "./lodge" : path, "lodge", argument, (char *)NULL);
	return 127;
}

static bool shows(struct pty *pty, const void *text)
{
	char row[2000];
	int width, height;

	vterm_get_size(pty->vterm, &height, &width);
	for (int y = 0; y < height; y++)
		if (strstr(pty_row(pty, y, row, sizeof(row)), text) != NULL)
			return true;
	return false;
}

static void press(struct pty *pty, const char *keys, const char *then)
{
	pty_write(pty, keys, strlen(keys));
	pty_wait(pty, shows, then);
}

static void expect_restored(struct pty *pty)
{
	struct termios now;

	assert_false(pty->alternate);
	assert_true(pty->cursor);
	if (!pty->gone && tcgetattr(pty->slave, &now) == 0) {
		assert_int_equal(now.c_lflag, pty->before.c_lflag);
		assert_int_equal(now.c_iflag, pty->before.c_iflag);
		assert_int_equal(now.c_oflag, pty->before.c_oflag);
	}
}

static void test_the_demo_lives_and_leaves(void **state)
{
	struct pty pty;

	(void)state;
	pty_start(&pty, 100, 30, environment, run_program, "--demo");
	pty_wait(&pty, shows, "Main Street 12");
	pty_wait(&pty, shows, "Reception");
	assert_true(pty.alternate);
	press(&pty, "2", "larger");
	press(&pty, "7", "Status");
	press(&pty, "3", "Heat");
	press(&pty, "?", "all keys and commands");
	press(&pty, "?", "Heat");
	press(&pty, ":theme day\r", "theme day");
	pty_write(&pty, "q", 1);
	pty_wait_end(&pty);
	assert_true(WIFEXITED(pty.status));
	assert_int_equal(WEXITSTATUS(pty.status), 0);
	expect_restored(&pty);
	pty_free(&pty);
}

static void test_every_size_is_survived(void **state)
{
	static const int sizes[][2] = {{1, 1},     {2, 2},    {5, 3},   {20, 4},  {40, 12}, {80, 24}, {81, 7},
				       {300, 100}, {160, 48}, {10, 60}, {200, 2}, {1, 1},   {100, 30}};
	struct pty pty;

	(void)state;
	pty_start(&pty, 100, 30, environment, run_program, "--demo");
	pty_wait(&pty, shows, "Reception");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		pty_resize(&pty, sizes[i][0], sizes[i][1]);
		pty_write(&pty, "2", 1);
		pty_write(&pty, "1", 1);
	}
	pty_wait(&pty, shows, "Main Street 12");
	pty_write(&pty, "q", 1);
	pty_wait_end(&pty);
	assert_int_equal(WEXITSTATUS(pty.status), 0);
	expect_restored(&pty);
	pty_free(&pty);
}

static void test_without_configuration_it_says_what_to_write(void **state)
{
	struct pty pty;

	(void)state;
	pty_start(&pty, 80, 24, environment, run_program, NULL);
	pty_wait(&pty, shows, "[account hq]");
	pty_wait(&pty, shows, "chmod 600");
	pty_wait(&pty, shows, "vendor=sensorist");
	press(&pty, "2", "vendor=butlr"); /* there is no pane yet */
	press(&pty, "?", "Keys and commands");
	press(&pty, "\033", "vendor=butlr");
	press(&pty, "d", "Main Street 12"); /* the demo, from the welcome page */
	pty_write(&pty, "q", 1);
	pty_wait_end(&pty);
	assert_int_equal(WEXITSTATUS(pty.status), 0);
	expect_restored(&pty);
	pty_free(&pty);
}

static void test_a_vt100_in_the_c_locale(void **state)
{
	struct pty pty;

	(void)state;
	pty_start(&pty, 80, 24, vt100, run_program, "--demo");
	pty_wait(&pty, shows, "Reception");
	for (size_t i = 0; i < pty.raw.length; i++)
		assert_true((unsigned char)pty.raw.data[i] <= 0x7e);
	pty_write(&pty, "q", 1);
	pty_wait_end(&pty);
	assert_int_equal(WEXITSTATUS(pty.status), 0);
	pty_free(&pty);
}

/* Whatever TERM says it works; the longest way through all sizes in each. */
static void test_other_terminals(void **state)
{
	static const char *const terms[] = {"TERM=linux",         "TERM=xterm",  "TERM=xterm-direct",
					    "TERM=tmux-256color", "TERM=screen", "TERM=xterm-16color"};

	(void)state;
	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
		const char *const at[] = {terms[i],
					  "LC_ALL=C.UTF-8",
					  "HOME=/nonexistent",
					  "XDG_STATE_HOME=/nonexistent",
					  "XDG_CONFIG_HOME=/nonexistent",
					  NULL};
		struct pty pty;

		pty_start(&pty, 80, 24, at, run_program, "--demo");
		pty_wait(&pty, shows, "Reception");
		press(&pty, "7", "Device");
		pty_resize(&pty, 1, 1);
		pty_write(&pty, "3", 1);
		pty_resize(&pty, 300, 100);
		press(&pty, "2", "Canteen");
		pty_resize(&pty, 1, 1);
		pty_write(&pty, "1", 1);
		pty_resize(&pty, 100, 30);
		pty_wait(&pty, shows, "Occupancy");
		pty_write(&pty, "q", 1);
		pty_wait_end(&pty);
		assert_int_equal(WEXITSTATUS(pty.status), 0);
		expect_restored(&pty);
		pty_free(&pty);
	}
}

/* As when the line of an ssh is cut: the program and what it started are gone within a second. */
static void test_a_lost_terminal_ends_the_program(void **state)
{
	struct timespec from, to;
	struct pty pty;

	(void)state;
	pty_start(&pty, 80, 24, environment, run_program, "--demo");
	pty_wait(&pty, shows, "Reception");
	clock_gettime(CLOCK_MONOTONIC, &from);
	close(pty.slave);
	pty.slave = -1;
	close(pty.master);
	while (waitpid(pty.child, &pty.status, 0) != pty.child)
		;
	clock_gettime(CLOCK_MONOTONIC, &to);
	pty.child = 0;
	assert_true((to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000 < 1000);
	assert_true(WIFEXITED(pty.status));
	pty.master = open("/dev/null", O_RDWR | O_CLOEXEC);
	pty_free(&pty);
}

static void test_a_signal_restores_the_terminal(void **state)
{
	struct pty pty;

	(void)state;
	pty_start(&pty, 80, 24, environment, run_program, "--demo");
	pty_wait(&pty, shows, "Reception");
	kill(pty.child, SIGTERM);
	pty_wait_end(&pty);
	assert_true(WIFEXITED(pty.status));
	assert_int_equal(WEXITSTATUS(pty.status), 128 + SIGTERM);
	expect_restored(&pty);
	pty_free(&pty);
}

/* A file's text, "" while there is none. */
static void read_whole(const char *path, struct buf *out)
{
	char piece[4096];
	FILE *file = fopen(path, "r");
	size_t n;

	buf_reset(out);
	while (file != NULL && (n = fread(piece, 1, sizeof(piece), file)) > 0)
		buf_add(out, piece, n);
	if (file != NULL)
		fclose(file);
}

/* The lines of the table after its first, newest first by the fifth column. */
static size_t count_sorted(char *text)
{
	char *end, last[40] = "~";
	size_t n = 0;

	for (char *line = strchr(text, '\n') + 1; *line != '\0'; line = end + 1, n++) {
		char *time = line;

		end = strchr(line, '\n');
		assert_non_null(end);
		for (int i = 0; i < 4; i++)
			time = strchr(time, ',') + 1;
		assert_true(time < end && strncmp(time, last, strcspn(time, ",")) <= 0);
		snprintf(last, sizeof(last), "%.*s", (int)strcspn(time, ","), time);
	}
	return n;
}

static size_t count_of(const char *text, const char *part)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part))
		n++;
	return n;
}

static void start_doors(struct pty *pty)
{
	pty_start(pty, 100, 30, environment, run_program, "--demo");
	pty_wait(pty, shows, "Reception");
	press(pty, "5", "releases, most from");
}

static void leave(struct pty *pty)
{
	pty_write(pty, "q", 1);
	pty_wait_end(pty);
	assert_true(WIFEXITED(pty->status));
	assert_int_equal(WEXITSTATUS(pty->status), 0);
	expect_restored(pty);
	pty_free(pty);
}

/* Exports to a new file in the folder, and reads it. */
static void export_log(struct pty *pty, const char *path, struct buf *text)
{
	char keys[200], told[100];

	press(pty, "x", "doors.csv");
	snprintf(keys, sizeof(keys), "\025%s\r", path);
	snprintf(told, sizeof(told), "written: %s", path);
	press(pty, keys, told);
	read_whole(path, text);
	unlink(path);
}

/* The door log of the demo, as a table and as objects, over more than one page of the history. What ended an hour ago does not grow, but older releases may still
 * come in between. */
static void test_the_door_log_is_written(void **state)
{
	static const char header[] = "account,vendor,kind,id,time,method,type,";
	char folder[] = "/tmp/lodge-doors-XXXXXX", path[80];
	struct buf text;
	struct pty pty;
	size_t rows = 0;

	(void)state;
	assert_non_null(mkdtemp(folder));
	buf_init(&text, BUF_CEILING_OUTPUT);
	start_doors(&pty);
	press(&pty, ":filter until:1h\r", "/until:1h");
	for (int i = 0; i < 60 && rows <= HISTORY_PAGE_MOST; i++) {
		snprintf(path, sizeof(path), "%s/log-%d.csv", folder, i);
		export_log(&pty, path, &text);
		assert_int_equal(strncmp(buf_text(&text), header, strlen(header)), 0);
		rows = count_sorted(text.data);
		pty_pump(&pty, 100);
	}
	assert_true(rows > HISTORY_PAGE_MOST);
	snprintf(path, sizeof(path), "%s/log.json", folder);
	export_log(&pty, path, &text);
	assert_int_equal(strncmp(buf_text(&text), "[\n{\"account\":", 13), 0);
	assert_string_equal(buf_text(&text) + text.length - 4, "}\n]\n");
	assert_true(count_of(buf_text(&text), "\"kind\":\"doors\"") >= rows);
	leave(&pty);
	buf_fini(&text);
	assert_int_equal(rmdir(folder), 0);
}

/* Leaving while the log is read: nothing is written, or all of it. */
static void test_leaving_in_the_middle_of_an_export(void **state)
{
	char folder[] = "/tmp/lodge-doors-XXXXXX", json[80], keys[200];
	struct buf text;
	struct pty pty;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(json, sizeof(json), "%s/log.json", folder);
	snprintf(keys, sizeof(keys), ":export %s\r", json);
	buf_init(&text, BUF_CEILING_OUTPUT);
	start_doors(&pty);
	pty_write(&pty, keys, strlen(keys));
	leave(&pty);
	read_whole(json, &text);
	assert_true(text.length == 0 || strcmp(buf_text(&text) + text.length - 3, "\n]\n") == 0);
	buf_fini(&text);
	unlink(json);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_demo_lives_and_leaves),
		cmocka_unit_test(test_every_size_is_survived),
		cmocka_unit_test(test_the_door_log_is_written),
		cmocka_unit_test(test_leaving_in_the_middle_of_an_export),
		cmocka_unit_test(test_without_configuration_it_says_what_to_write),
		cmocka_unit_test(test_a_vt100_in_the_c_locale),
		cmocka_unit_test(test_a_signal_restores_the_terminal),
		cmocka_unit_test(test_other_terminals),
		cmocka_unit_test(test_a_lost_terminal_ends_the_program),
	};

	if (pty_missing())
		return PTY_SKIP;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
