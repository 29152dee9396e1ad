/* A terminal that takes little or nothing: painting returns at once, output is shed, and the newest state wins. */
#include "tests/tty/pty.h"
#include "ui/term/term.h"

#include <locale.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#define WIDTH 40
#define HEIGHT 12

struct job {
	bool curses;
	int results[2];
	struct term *term;
	struct theme *theme;
	struct canvas *canvas;
	unsigned seed;
};

static long now_ms(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static int open_job(struct job *job)
{
	struct term_options options = {.color = "256", .curses_painter = job->curses};
	struct problem problem;

	setlocale(LC_CTYPE, "C.UTF-8");
	job->canvas = canvas_new(WIDTH, HEIGHT, false);
	if (theme_load("dusk", &job->theme, &problem) != ERR_OK ||
	    term_open(&options, &job->term, &problem) != ERR_OK)
		return 3;
	return 0;
}

static void close_job(struct job *job)
{
	term_close(job->term);
	theme_free(job->theme);
	canvas_free(job->canvas);
}

/* A thermal picture below the first row, every cell another one. */
static void noise(struct job *job)
{
	for (int y = 2; y < HEIGHT; y++) {
		for (int x = 0; x < WIDTH; x++) {
			job->seed = job->seed * 1664525u + 1013904223u;
			canvas_put(job->canvas, x, y, 0x2580,
				   (struct style){(uint16_t)(ROLE_HEAT_0 + (job->seed >> 10) % 64),
						  (uint16_t)(ROLE_HEAT_0 + (job->seed >> 20) % 64), 0});
		}
	}
}

static bool bring(struct job *job)
{
	struct input input;

	for (int i = 0; i < 2000; i++) {
		struct pollfd ready = {.fd = term_fd(job->term), .events = POLLIN};

		if (term_paint(job->term, job->canvas, job->theme, -1, -1) < 0)
			return false;
		if (!term_behind(job->term))
			return true;
		poll(&ready, 1, 5);
		while (term_read(job->term, &input))
			;
	}
	return false;
}

static int stuck(void *arg)
{
	struct job *job = arg;
	long worst[2] = {0, 0};

	if (open_job(job) != 0)
		return 3;
	for (int i = 0; i < 100; i++) {
		long began = now_ms(), n;

		noise(job);
		canvas_textf(job->canvas, 0, 0, WIDTH, STYLE(TITLE), "frame %d", i);
		n = term_paint(job->term, job->canvas, job->theme, -1, -1);
		worst[0] = now_ms() - began > worst[0] ? now_ms() - began : worst[0];
		worst[1] += n == 0;
	}
	worst[1] = term_behind(job->term) && term_backlog(job->term) > 0 ? worst[1] : -1;
	if (write(job->results[1], worst, sizeof worst) != sizeof worst)
		return 4;
	canvas_clear(job->canvas, STYLE(TEXT));
	canvas_text(job->canvas, 0, 0, -1, "the end", STYLE(TITLE));
	if (!bring(job))
		return 5;
	dprintf(STDOUT_FILENO, "\033]777;done\a");
	for (struct input input; !term_read(job->term, &input);) {
		struct pollfd ready = {.fd = term_fd(job->term), .events = POLLIN};

		poll(&ready, 1, -1);
	}
	close_job(job);
	return 0;
}

static void check_stuck(bool curses, bool answers)
{
	static const char *const environment[] = {"TERM=xterm-256color", NULL};
	struct job job = {.curses = curses};
	struct pty pty;
	char row[256];
	long worst[2];

	assert_int_equal(pipe(job.results), 0);
	pty_start(&pty, WIDTH, HEIGHT, environment, stuck, &job);
	pty.answers = answers;
	/* Nobody reads the terminal until all frames are painted. */
	assert_int_equal(read(job.results[0], worst, sizeof worst), (ssize_t)sizeof worst);
	assert_in_range(worst[0], 0, 500);
	assert_in_range(worst[1], 50, 100);
	pty_wait_raw(&pty, "\033]777;done\a");
	assert_string_equal(pty_row(&pty, 0, row, sizeof row), "the end");
	for (int y = 1; y < HEIGHT; y++)
		assert_string_equal(pty_row(&pty, y, row, sizeof row), "");
	pty_write(&pty, "q", 1);
	/* What was shed was never sent: a hundred frames would be a megabyte. */
	assert_in_range(pty.raw.length, 1000, 100000);
	pty_wait_end(&pty);
	assert_int_equal(pty.status, 0);
	pty_free(&pty);
	close(job.results[0]);
	close(job.results[1]);
}

static void test_stuck(void **state)
{
	(void)state;
	check_stuck(false, true);
	check_stuck(false, false);
	check_stuck(true, true);
}

/* Leaving while the terminal takes nothing neither waits nor leaves it in disorder. */
static int leave_stuck(void *arg)
{
	struct job *job = arg;
	long began;

	if (open_job(job) != 0)
		return 3;
	for (int i = 0; i < 20; i++) {
		noise(job);
		if (term_paint(job->term, job->canvas, job->theme, -1, -1) < 0)
			return 4;
	}
	began = now_ms();
	close_job(job);
	began = now_ms() - began;
	return write(job->results[1], &began, sizeof began) == sizeof began ? 0 : 5;
}

static void test_leave_stuck(void **state)
{
	static const char *const environment[] = {"TERM=xterm-256color", NULL};
	struct job job = {.curses = false};
	struct pty pty;
	long took;

	(void)state;
	assert_int_equal(pipe(job.results), 0);
	pty_start(&pty, WIDTH, HEIGHT, environment, leave_stuck, &job);
	assert_int_equal(read(job.results[0], &took, sizeof took), (ssize_t)sizeof took);
	assert_in_range(took, 0, 1000);
	pty_wait_end(&pty);
	if (pty.alternate || !pty.cursor)
		fail_msg("the end was %.200s",
			 pty.raw.data + (pty.raw.length > 200 ? pty.raw.length - 200 : 0));
	pty_free(&pty);
	close(job.results[0]);
	close(job.results[1]);
}

/* A live picture and a counter of keys. */
static int live(void *arg)
{
	struct job *job = arg;
	int keys = 0;

	if (open_job(job) != 0)
		return 3;
	for (;;) {
		struct pollfd ready = {.fd = term_fd(job->term), .events = POLLIN};
		struct input input;

		noise(job);
		canvas_textf(job->canvas, 0, 0, WIDTH, STYLE(TITLE), "keys %d", keys);
		if (term_paint(job->term, job->canvas, job->theme, -1, -1) < 0)
			return 4;
		poll(&ready, 1, 50);
		while (term_read(job->term, &input)) {
			if (input.type == INPUT_KEY && input.key == 'q') {
				close_job(job);
				return 0;
			}
			keys++;
		}
	}
}

#define TICK_MS 25
#define BYTES_A_TICK 50 /* 2000 bytes/s */

/* Takes what a slow line brings within a tick; returns the bytes. */
static size_t take(struct pty *pty, int timer)
{
	char bytes[BYTES_A_TICK], answer[64];
	uint64_t ticks;
	size_t n_answer;
	ssize_t n;

	if (read(timer, &ticks, sizeof ticks) != (ssize_t)sizeof ticks)
		return 0;
	n = read(pty->master, bytes, sizeof bytes);
	if (n <= 0)
		return 0;
	vterm_input_write(pty->vterm, bytes, (size_t)n);
	while ((n_answer = vterm_output_read(pty->vterm, answer, sizeof answer)) > 0)
		pty_write(pty, answer, n_answer);
	return (size_t)n;
}

static size_t bytes_until(struct pty *pty, int timer, const char *text)
{
	char row[256];
	size_t sum = 0;

	while (strcmp(pty_row(pty, 0, row, sizeof row), text) != 0) {
		size_t n = take(pty, timer);

		/* A tick with nothing to take is time too. */
		sum += n > 0 ? n : BYTES_A_TICK;
		assert_true(sum < 100000);
	}
	return sum;
}

static void test_key_on_slow_line(void **state)
{
	static const char *const environment[] = {"TERM=xterm-256color", NULL};
	const struct itimerspec rhythm = {{0, TICK_MS * 1000000}, {0, TICK_MS * 1000000}};
	struct job job = {.curses = false};
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	struct pty pty;
	size_t worst = 0;

	(void)state;
	timerfd_settime(timer, 0, &rhythm, NULL);
	pty_start(&pty, WIDTH, HEIGHT, environment, live, &job);
	bytes_until(&pty, timer, "keys 0");
	/* The first picture tells how fast the line is; it takes its time. */
	pty_write(&pty, "k", 1);
	bytes_until(&pty, timer, "keys 1");
	for (int i = 2; i < 8; i++) {
		char text[32];
		size_t n;

		for (size_t quiet = 0; quiet < 500;)
			quiet += take(&pty, timer);
		snprintf(text, sizeof text, "keys %d", i);
		pty_write(&pty, "k", 1);
		n = bytes_until(&pty, timer, text);
		worst = i > 2 && n > worst ? n : worst;
	}
	/* Within half a second, at 2000 bytes/s; some more for a machine that is busy. */
	assert_in_range(worst, 1, 1300);
	print_message("a key showed after %zu bytes at most\n", worst);
	kill(pty.child, SIGKILL);
	pty_free(&pty);
	close(timer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stuck),
		cmocka_unit_test(test_leave_stuck),
		cmocka_unit_test(test_key_on_slow_line),
	};

	if (pty_missing())
		return PTY_SKIP;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
