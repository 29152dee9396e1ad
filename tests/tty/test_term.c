/* Starting, input, the things beside the picture, and that the terminal is as before however the program ends. */
#include "tests/tty/pty.h"
#include "base/text.h"
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
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

struct job {
	struct term *term;
	struct theme *theme;
	struct canvas *canvas;
	int stop[2]; /* a signal writes here */
};

static int stop_end = -1;

static void on_signal(int signal_number)
{
	char byte = (char)signal_number;

	if (write(stop_end, &byte, 1) < 0)
		_exit(99);
}

static const char *const xterm[] = {"TERM=xterm-256color", NULL};

/* Draws something that fits any size, with what a hostile name may hold. */
static void draw(struct job *job)
{
	static const char hostile[] =
		"evil\033]0;owned\a\x9b"
		"31m\xc2\x9b\x7f\xe2\x80\xae\xff\001 \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb.";

	canvas_clear(job->canvas, STYLE(TEXT));
	canvas_text(job->canvas, 0, 0, -1, "hello", STYLE(TITLE));
	canvas_text(job->canvas, 0, 1, -1, hostile, STYLE(BAD));
	canvas_put(job->canvas, 0, 2, 0x1B, STYLE(TEXT));
	canvas_put(job->canvas, 1, 2, 0x9B, STYLE(TEXT));
	canvas_put(job->canvas, 2, 2, 0x202E, STYLE(TEXT));
	canvas_fill(job->canvas, (struct rect){3, 2, 2, 1}, 7, STYLE(TEXT));
}

static int paint_all(struct job *job)
{
	int width, height;

	term_size(job->term, &width, &height);
	canvas_resize(job->canvas, width, height);
	draw(job);
	for (int i = 0; i < 1000; i++) {
		struct pollfd ready = {.fd = term_fd(job->term), .events = POLLIN};
		struct input input;
		long n = term_paint(job->term, job->canvas, job->theme, -1, -1);

		if (n < 0)
			return (int)n;
		if (!term_behind(job->term))
			break;
		poll(&ready, 1, 5);
		while (term_read(job->term, &input))
			;
	}
	dprintf(STDOUT_FILENO, "\033]777;done\a");
	return 0;
}

static void do_key(struct job *job, const struct input *input)
{
	char name[24];

	switch (input->type == INPUT_KEY ? input->key : 0) {
	case 'A':
		abort();
	case 'V':
		raise(SIGSEGV);
		break;
	case 'X':
		exit(7);
	case 'r':
		term_resized(job->term);
		paint_all(job);
		break;
	case 't':
		term_title(job->term, "lodge \033]0;x\a floor");
		break;
	case 'b':
		term_bell(job->term);
		break;
	case 'c':
		dprintf(STDOUT_FILENO, "\033]777;copy=%d\a", term_copy(job->term, "secret key", 10));
		break;
	case 'e':
		dprintf(STDERR_FILENO, "to stderr \033[31m\n");
		break;
	case 'z':
		term_suspend(job->term);
		dprintf(STDOUT_FILENO, "\033]777;suspended\a");
		if (getchar() != EOF)
			term_resume(job->term);
		paint_all(job);
		break;
	default:
		if (input->type == INPUT_PASTE)
			dprintf(STDOUT_FILENO, "\033]777;paste=%s\a", input->paste);
		else if (input->type == INPUT_MOUSE)
			dprintf(STDOUT_FILENO, "\033]777;mouse=%d,%d\a", input->x, input->y);
		else
			dprintf(STDOUT_FILENO, "\033]777;key=%s\a", key_name(input->key, name));
	}
}

static int loop(struct job *job)
{
	for (;;) {
		struct pollfd ready[2] = {{.fd = term_fd(job->term), .events = POLLIN},
					  {.fd = job->stop[0], .events = POLLIN}};
		struct input input;

		poll(ready, 2, term_waiting(job->term) ? 25 : -1);
		if (ready[1].revents != 0)
			return 0;
		while (term_read(job->term, &input)) {
			if (input.type == INPUT_KEY && input.key == 'q')
				return 0;
			do_key(job, &input);
		}
		if (term_lost(job->term))
			return term_paint(job->term, job->canvas, job->theme, -1, -1) == ERR_CLOSED ? 9 : 8;
	}
}

static int run_with(const struct term_options *options)
{
	struct problem problem = {.code = 0};
	struct job job = {.canvas = canvas_new(10, 10, options->ascii)};
	int result;

	setlocale(LC_CTYPE, "C.UTF-8");
	signal(SIGHUP, SIG_IGN);
	signal(SIGTERM, on_signal);
	if (pipe(job.stop) != 0 || theme_load("dusk", &job.theme, &problem) != ERR_OK)
		return 3;
	stop_end = job.stop[1];
	if (term_open(options, &job.term, &problem) != ERR_OK) {
		printf("refused: %s: %s", problem.what, problem.why);
		fflush(stdout);
		result = 4;
	} else {
		result = paint_all(&job);
		if (result == 0)
			result = loop(&job);
		term_close(job.term);
	}
	theme_free(job.theme);
	canvas_free(job.canvas);
	return result;
}

static int run(void *arg)
{
	(void)arg;
	return run_with(&(struct term_options){.color = "auto", .mouse = true, .clipboard = true});
}

static int run_plain(void *arg)
{
	(void)arg;
	return run_with(&(struct term_options){.color = "auto", .ascii = true});
}

static bool same_modes(const struct termios *a, const struct termios *b)
{
	return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag &&
	       a->c_lflag == b->c_lflag && memcmp(a->c_cc, b->c_cc, sizeof a->c_cc) == 0;
}

struct visit {
	struct pty pty;
};

static void begin(struct visit *visit, const char *const *environment, int (*program)(void *arg))
{
	char row[256];

	pty_start(&visit->pty, 80, 24, environment, program, NULL);
	pty_wait_raw(&visit->pty, "\033]777;done\a");
	assert_string_equal(pty_row(&visit->pty, 0, row, sizeof row), "hello");
}

/* After the program: as if it had never been. */
static void check_restored(struct visit *visit)
{
	struct termios after;

	pty_wait_end(&visit->pty);
	assert_int_equal(tcgetattr(visit->pty.slave, &after), 0);
	assert_true(same_modes(&visit->pty.before, &after));
	assert_false(visit->pty.alternate);
	assert_true(visit->pty.cursor);
	pty_wait_raw(&visit->pty, "\033[?2004l");
	pty_wait_raw(&visit->pty, "\033[?1000l");
	pty_free(&visit->pty);
}

static void ended_by_key(const char *key, int signal_number)
{
	struct visit visit;

	begin(&visit, xterm, run);
	assert_true(visit.pty.alternate);
	assert_false(visit.pty.cursor);
	pty_write(&visit.pty, key, 1);
	pty_wait_end(&visit.pty);
	assert_int_equal(WIFSIGNALED(visit.pty.status) ? WTERMSIG(visit.pty.status) : 0, signal_number);
	check_restored(&visit);
}

static void test_close(void **state)
{
	(void)state;
	ended_by_key("q", 0);
}

static void test_abort(void **state)
{
	(void)state;
	ended_by_key("A", SIGABRT);
}

static void test_fault(void **state)
{
	(void)state;
	ended_by_key("V", SIGSEGV);
}

static void test_exit(void **state)
{
	(void)state;
	ended_by_key("X", 0);
}

static void test_sigterm(void **state)
{
	struct visit visit;

	(void)state;
	begin(&visit, xterm, run);
	kill(visit.pty.child, SIGTERM);
	check_restored(&visit);
}

static void test_crash_in_the_middle(void **state)
{
	struct visit visit;

	(void)state;
	begin(&visit, xterm, run);
	kill(visit.pty.child, SIGBUS);
	check_restored(&visit);
}

static void test_stderr_waits(void **state)
{
	struct visit visit;

	(void)state;
	begin(&visit, xterm, run);
	pty_write(&visit.pty, "eb", 2);
	pty_wait_raw(&visit.pty, "\a");
	assert_null(memmem(visit.pty.raw.data, visit.pty.raw.length, "stderr", 6));
	pty_write(&visit.pty, "q", 1);
	pty_wait_raw(&visit.pty, "to stderr ?[31m");
	check_restored(&visit);
}

static void test_suspend(void **state)
{
	struct visit visit;
	struct termios now;

	(void)state;
	begin(&visit, xterm, run);
	pty_write(&visit.pty, "z", 1);
	pty_wait_raw(&visit.pty, "\033]777;suspended\a");
	assert_false(visit.pty.alternate);
	assert_int_equal(tcgetattr(visit.pty.slave, &now), 0);
	assert_true(same_modes(&visit.pty.before, &now));
	buf_reset(&visit.pty.raw);
	pty_write(&visit.pty, "x\n", 2);
	pty_wait_raw(&visit.pty, "\033]777;done\a");
	assert_true(visit.pty.alternate);
	pty_write(&visit.pty, "q", 1);
	check_restored(&visit);
}

static void send_and_see(struct pty *pty, const char *bytes, size_t length, const char *wanted)
{
	buf_reset(&pty->raw);
	pty_write(pty, bytes, length);
	pty_wait_raw(pty, wanted);
}

static void test_input(void **state)
{
	struct visit visit;

	(void)state;
	begin(&visit, xterm, run);
	send_and_see(&visit.pty, "\033", 1, "\033]777;key=Esc\a");
	send_and_see(&visit.pty, "\033[A", 3, "\033]777;key=Up\a");
	send_and_see(&visit.pty, "\x03", 1, "\033]777;key=C-c\a");
	send_and_see(&visit.pty, "\033[200~a\033[201~", 13, "\033]777;paste=a\a");
	send_and_see(&visit.pty, "\033[<0;3;4M", 9, "\033]777;mouse=2,3\a");
	pty_write(&visit.pty, "q", 1);
	check_restored(&visit);
}

static void test_beside(void **state)
{
	struct visit visit;
	static const char *const tmux[] = {"TERM=tmux-256color", NULL};
	static const char *const screen[] = {"TERM=screen", NULL};

	(void)state;
	begin(&visit, xterm, run);
	pty_write(&visit.pty, "tc", 2);
	pty_wait_raw(&visit.pty, "\033]52;c;c2VjcmV0IGtleQ==\a");
	pty_wait_raw(&visit.pty, "\033]2;lodge \xe2\x90\x9b]0;x\xe2\x90\x87 floor\a");
	pty_wait_raw(&visit.pty, "copy=0");
	pty_write(&visit.pty, "q", 1);
	check_restored(&visit);
	begin(&visit, tmux, run);
	pty_write(&visit.pty, "c", 1);
	pty_wait_raw(&visit.pty, "\033Ptmux;\033\033]52;c;c2VjcmV0IGtleQ==\a\033\\");
	pty_write(&visit.pty, "q", 1);
	check_restored(&visit);
	begin(&visit, screen, run);
	pty_write(&visit.pty, "c", 1);
	pty_wait_raw(&visit.pty, "\033P\033]52;c;c2VjcmV0IGtleQ==\a\033\\");
	pty_write(&visit.pty, "q", 1);
	check_restored(&visit);
}

/* Nothing of a name acts on the terminal, whichever way it got into the canvas; in ASCII no byte is above 0x7E. */
static void test_hostile(void **state)
{
	static const char *const bad[] = {"\a", "\033]0", "\033[31m\xc2", "\xe2\x80\xae", "\x7f", "\001"};
	static const char *const terms[][2] = {{"TERM=xterm-256color"}, {"TERM=vt100"}, {"TERM=linux"}};

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct visit visit;
		size_t length;

		begin(&visit, terms[i / 2], i % 2 == 0 ? run : run_plain);
		length = (size_t)((char *)memmem(visit.pty.raw.data, visit.pty.raw.length, "\033]777", 5) -
				  visit.pty.raw.data);
		for (size_t b = 0; b < sizeof bad / sizeof *bad; b++)
			assert_null(memmem(visit.pty.raw.data, length, bad[b], strlen(bad[b])));
		for (size_t at = 0; at < length;) {
			uint32_t c;

			at += text_decode(visit.pty.raw.data + at, length - at, &c);
			assert_false(c >= 0x7F && (i % 2 == 1 || text_is_control(c)));
		}
		pty_write(&visit.pty, "q", 1);
		pty_wait_end(&visit.pty);
		assert_int_equal(visit.pty.status, 0);
		pty_free(&visit.pty);
	}
}

static void test_resize(void **state)
{
	static const int sizes[][2] = {{1, 1},     {2, 1}, {1, 2}, {40, 12}, {300, 100},
				       {500, 200}, {3, 3}, {1, 1}, {80, 24}};
	static const char *const terms[][2] = {{"TERM=xterm-256color"}, {"TERM=vt100"}};
	char row[256];

	(void)state;
	for (size_t t = 0; t < 2; t++) {
		struct visit visit;

		begin(&visit, terms[t], run);
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			pty_resize(&visit.pty, sizes[i][0], sizes[i][1]);
			send_and_see(&visit.pty, "r", 1, "\033]777;done\a");
			pty_row(&visit.pty, 0, row, sizeof row);
			if (sizes[i][0] >= 5)
				assert_string_equal(row, "hello");
			else
				assert_int_not_equal(row[0], '\0');
		}
		pty_write(&visit.pty, "q", 1);
		pty_wait_end(&visit.pty);
		assert_int_equal(visit.pty.status, 0);
		pty_free(&visit.pty);
	}
}

static void test_lost(void **state)
{
	struct visit visit;
	int status = -1;

	(void)state;
	begin(&visit, xterm, run);
	close(visit.pty.slave);
	visit.pty.slave = -1;
	close(visit.pty.master);
	alarm(10);
	assert_int_equal(waitpid(visit.pty.child, &status, 0), visit.pty.child);
	alarm(0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 9);
	visit.pty.child = 0;
	visit.pty.master = -1;
	pty_free(&visit.pty);
}

static void refused(const char *term, const char *why)
{
	const char *const environment[] = {term, NULL};
	struct pty pty;

	pty_start(&pty, 80, 24, environment, run, NULL);
	pty_wait_raw(&pty, why);
	pty_wait_end(&pty);
	assert_int_equal(WEXITSTATUS(pty.status), 4);
	assert_false(pty.alternate);
	pty_free(&pty);
}

static void test_refused(void **state)
{
	struct visit visit;
	static const char *const newer[] = {"TERM=xterm-of-tomorrow", NULL};

	(void)state;
	refused("TERM=dumb", "TERM=dumb cannot place text");
	refused("TERM=nonesuch", "does not know TERM=nonesuch");
	refused("TERM=", "TERM is not set");
	/* Unknown here, but of a known family. */
	begin(&visit, newer, run);
	pty_write(&visit.pty, "q", 1);
	check_restored(&visit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_close),        cmocka_unit_test(test_abort),
		cmocka_unit_test(test_fault),        cmocka_unit_test(test_exit),
		cmocka_unit_test(test_sigterm),      cmocka_unit_test(test_crash_in_the_middle),
		cmocka_unit_test(test_stderr_waits), cmocka_unit_test(test_suspend),
		cmocka_unit_test(test_input),        cmocka_unit_test(test_beside),
		cmocka_unit_test(test_hostile),      cmocka_unit_test(test_resize),
		cmocka_unit_test(test_lost),         cmocka_unit_test(test_refused),
	};

	if (pty_missing())
		return PTY_SKIP;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
