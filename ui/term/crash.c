#include "ui/term/crash.h"

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LEAVE_MOST 256
#define STACK_BYTES (64u << 10)
/* A terminal that takes nothing for so long is not saved. */
#define PATIENCE_MS 200

static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
#define N_FATAL (sizeof fatal / sizeof *fatal)

/* A signal handler is given no pointer, so this is the one place with state of its own. Only the thread that has the terminal writes it. */
static struct {
	volatile sig_atomic_t armed;
	bool registered;
	int fd;
	struct termios modes;
	char leave[LEAVE_MOST];
	size_t length;
	struct capture *capture;
	struct sigaction before[N_FATAL];
	stack_t stack_before;
	void *stack;
} crash;

static void write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);

		if (n <= 0) {
			struct pollfd ready = {.fd = fd, .events = POLLOUT};

			if (poll(&ready, 1, PATIENCE_MS) <= 0)
				return;
			n = write(fd, bytes, length);
			if (n <= 0)
				return;
		}
		bytes += n;
		length -= (size_t)n;
	}
}

/* Only async-signal-safe calls. */
static void restore(void)
{
	if (!crash.armed)
		return;
	crash.armed = 0;
	tcflush(crash.fd, TCOFLUSH);
	write_all(crash.fd, crash.leave, crash.length);
	/* Answers of the terminal that nobody will read must not become a command. */
	tcflush(crash.fd, TCIFLUSH);
	tcsetattr(crash.fd, TCSANOW, &crash.modes);
	capture_stop(crash.capture);
}

static void on_fatal(int signal_number)
{
	restore();
	for (size_t i = 0; i < N_FATAL; i++)
		if (fatal[i] == signal_number)
			sigaction(signal_number, &crash.before[i], NULL);
	/* Blocked until the handler returns, then it comes again; a fault comes again by itself. */
	raise(signal_number);
}

static void on_exit_(void) { restore(); }

static void install(void)
{
	struct sigaction action = {.sa_handler = on_fatal, .sa_flags = SA_ONSTACK};
	stack_t stack = {.ss_size = STACK_BYTES};

	sigemptyset(&action.sa_mask);
	crash.stack = malloc(STACK_BYTES);
	stack.ss_sp = crash.stack;
	/* The stack may be what has run out. */
	if (crash.stack == NULL || sigaltstack(&stack, &crash.stack_before) != 0) {
		free(crash.stack);
		crash.stack = NULL;
	}
	for (size_t i = 0; i < N_FATAL; i++)
		sigaction(fatal[i], &action, &crash.before[i]);
}

void crash_arm(int fd, const struct termios *modes, const char *leave, struct capture *capture)
{
	/* CAN ends a sequence in which a frame may have been cut. */
	size_t length = strlen(leave);

	if (crash.armed || length + 1 > LEAVE_MOST)
		return;
	crash.fd = fd;
	crash.modes = *modes;
	crash.leave[0] = '\030';
	memcpy(crash.leave + 1, leave, length);
	crash.length = length + 1;
	crash.capture = capture;
	if (!crash.registered)
		crash.registered = atexit(on_exit_) == 0;
	install();
	crash.armed = 1;
}

void crash_disarm(void)
{
	if (!crash.armed)
		return;
	crash.armed = 0;
	for (size_t i = 0; i < N_FATAL; i++)
		sigaction(fatal[i], &crash.before[i], NULL);
	if (crash.stack != NULL) {
		sigaltstack(&crash.stack_before, NULL);
		free(crash.stack);
		crash.stack = NULL;
	}
}
