#include "tests/tty/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#define PATIENCE_MS 10000

static int on_property(VTermProp prop, VTermValue *value, void *user)
{
	struct pty *pty = user;

	if (prop == VTERM_PROP_CURSORVISIBLE)
		pty->cursor = value->boolean;
	else if (prop == VTERM_PROP_ALTSCREEN)
		pty->alternate = value->boolean;
	return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

static void make_terminal(struct pty *pty, int width, int height)
{
	pty->vterm = vterm_new(height, width);
	vterm_set_utf8(pty->vterm, 1);
	pty->screen = vterm_obtain_screen(pty->vterm);
	vterm_screen_set_callbacks(pty->screen, &callbacks, pty);
	vterm_screen_enable_altscreen(pty->screen, 1);
	vterm_screen_reset(pty->screen, 1);
	pty->cursor = true;
}

static void open_ends(struct pty *pty, int width, int height)
{
	struct winsize size = {.ws_col = (unsigned short)width, .ws_row = (unsigned short)height};

	pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(pty->master >= 0);
	assert_int_equal(grantpt(pty->master), 0);
	assert_int_equal(unlockpt(pty->master), 0);
	pty->slave = open(ptsname(pty->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(pty->slave >= 0);
	ioctl(pty->slave, TIOCSWINSZ, &size);
	fcntl(pty->master, F_SETFL, O_NONBLOCK);
}

static void be_child(struct pty *pty, const char *const *environment, int (*run)(void *arg), void *arg)
{
	static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
	static const char *const names[] = {"COLORTERM", "NO_COLOR", "TMUX", "TERM_PROGRAM"};

	setsid();
	ioctl(pty->slave, TIOCSCTTY, 0);
	for (int fd = 0; fd < 3; fd++)
		dup2(pty->slave, fd);
	close(pty->slave);
	close(pty->master);
	/* Those of the test framework would go on with the next test. */
	for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
		signal(fatal[i], SIG_DFL);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unsetenv(names[i]);
	for (; *environment != NULL; environment++)
		putenv((char *)*environment);
	_exit(run(arg));
}

bool pty_missing(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	if (master < 0) {
		fprintf(stderr, "no pseudo-terminal can be had here: skipped\n");
		return true;
	}
	close(master);
	return false;
}

void pty_start(struct pty *pty, int width, int height, const char *const *environment, int (*run)(void *arg),
	       void *arg)
{
	*pty = (struct pty){.answers = true, .cursor = true};
	buf_init(&pty->raw, 64u << 20);
	open_ends(pty, width, height);
	make_terminal(pty, width, height);
	tcgetattr(pty->slave, &pty->before);
	fflush(NULL);
	pty->child = fork();
	assert_true(pty->child >= 0);
	if (pty->child == 0)
		be_child(pty, environment, run, arg);
}

static void answer(struct pty *pty)
{
	char bytes[1024];
	size_t n;

	while ((n = vterm_output_read(pty->vterm, bytes, sizeof bytes)) > 0)
		if (pty->answers)
			pty_write(pty, bytes, n);
}

bool pty_pump(struct pty *pty, int timeout_ms)
{
	struct pollfd ready = {.fd = pty->master, .events = POLLIN};
	char bytes[65536];
	ssize_t n;

	if (poll(&ready, 1, timeout_ms) <= 0)
		return false;
	n = read(pty->master, bytes, sizeof bytes);
	if (n <= 0) {
		pty->gone = n == 0 || (errno != EAGAIN && errno != EINTR);
		return false;
	}
	pty->reads++;
	buf_add(&pty->raw, bytes, (size_t)n);
	/* Byte by byte: the same screen whatever pieces the tty delivers. */
	for (ssize_t i = 0; i < n; i++)
		vterm_input_write(pty->vterm, bytes + i, 1);
	answer(pty);
	return true;
}

static long now_ms(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static bool has_ended(struct pty *pty, const void *arg)
{
	(void)arg;
	if (pty->child > 0 && waitpid(pty->child, &pty->status, WNOHANG) == pty->child)
		pty->child = 0;
	return pty->child == 0;
}

void pty_wait(struct pty *pty, bool (*condition)(struct pty *pty, const void *arg), const void *arg)
{
	long end_ms = now_ms() + PATIENCE_MS;

	while (!condition(pty, arg)) {
		if (now_ms() > end_ms)
			fail_msg("waited in vain; the last bytes: %.200s",
				 pty->raw.length > 200 ? pty->raw.data + pty->raw.length - 200
						       : buf_text(&pty->raw));
		pty_pump(pty, 20);
		if (pty->child > 0 && condition != has_ended && has_ended(pty, NULL) && !pty_pump(pty, 20) &&
		    !condition(pty, arg))
			fail_msg("the program ended with status %d: %.200s", pty->status,
				 buf_text(&pty->raw));
	}
}

static bool has_raw(struct pty *pty, const void *arg)
{
	return pty->raw.length > 0 && memmem(pty->raw.data, pty->raw.length, arg, strlen(arg)) != NULL;
}

void pty_wait_raw(struct pty *pty, const char *bytes) { pty_wait(pty, has_raw, bytes); }

void pty_write(struct pty *pty, const void *bytes, size_t length)
{
	assert_int_equal(write(pty->master, bytes, length), (ssize_t)length);
}

/* A sequence of which only a part has arrived goes on in the new terminal: a question cut in two would never be answered. */
static void hand_on_rest(struct pty *pty)
{
	size_t at = pty->raw.length, end = pty->raw.length;

	while (at > 0 && end - at < 64 && pty->raw.data[at - 1] != '\033')
		at--;
	if (at == 0 || pty->raw.data[at - 1] != '\033')
		return;
	for (size_t i = at + 1; i < end; i++)
		if (pty->raw.data[at] != '[' || (unsigned char)pty->raw.data[i] >= 0x40)
			return;
	vterm_input_write(pty->vterm, pty->raw.data + at - 1, end - at + 1);
}

void pty_resize(struct pty *pty, int width, int height)
{
	struct winsize size = {.ws_col = (unsigned short)width, .ws_row = (unsigned short)height};
	bool alternate = pty->alternate, cursor = pty->cursor;

	/* A new one: libvterm does not always survive from one row to many. The program paints everything anew anyhow. */
	vterm_free(pty->vterm);
	make_terminal(pty, width, height);
	if (alternate)
		vterm_input_write(pty->vterm, "\033[?1049h", 8);
	if (!cursor)
		vterm_input_write(pty->vterm, "\033[?25l", 6);
	hand_on_rest(pty);
	ioctl(pty->master, TIOCSWINSZ, &size);
}

void pty_wait_end(struct pty *pty)
{
	pty_wait(pty, has_ended, NULL);
	while (pty_pump(pty, 20))
		;
}

char *pty_row(struct pty *pty, int y, char *out, size_t size)
{
	int width, height;
	size_t n;

	vterm_get_size(pty->vterm, &height, &width);
	n = vterm_screen_get_text(
		pty->screen, out, size - 1,
		(VTermRect){.start_row = y, .end_row = y + 1, .start_col = 0, .end_col = width});
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return out;
}

void pty_free(struct pty *pty)
{
	if (pty->child > 0) {
		kill(pty->child, SIGKILL);
		waitpid(pty->child, NULL, 0);
	}
	close(pty->master);
	if (pty->slave >= 0)
		close(pty->slave);
	vterm_free(pty->vterm);
	buf_fini(&pty->raw);
}
