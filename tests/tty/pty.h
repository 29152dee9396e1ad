/* A program on a pseudo-terminal with libvterm on the other side. Waits are for conditions, with a time-out that fails the test. */
#ifndef LODGE_TESTS_TTY_PTY_H
#define LODGE_TESTS_TTY_PTY_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

struct pty {
	int master, slave; /* the slave stays open here, so that its modes can be asked for */
	pid_t child;
	VTerm *vterm;
	VTermScreen *screen;
	struct termios before; /* the modes before the program started */
	struct buf raw;        /* everything that came, unless it was reset */
	size_t reads;
	bool alternate, cursor, gone;
	bool answers; /* hand libvterm's answers back; true from the start */
	char title[256];
	int status; /* of waitpid */
};

/* True where no pseudo-terminal can be had (a container without devpts): then a test program returns PTY_SKIP. */
bool pty_missing(void);
#define PTY_SKIP 77

/* Forks; the child has the terminal as stdin, stdout and stderr and runs `run`. TERM and more go into the environment as "NAME=value", ended by NULL. */
void pty_start(struct pty *pty, int width, int height, const char *const *environment, int (*run)(void *arg),
	       void *arg);
/* Handles what arrives within the time; false when nothing did. */
bool pty_pump(struct pty *pty, int timeout_ms);
/* Until the condition holds; fails the test after 10 s. */
void pty_wait(struct pty *pty, bool (*condition)(struct pty *pty, const void *arg), const void *arg);
/* Until the bytes stand in `raw`. */
void pty_wait_raw(struct pty *pty, const char *bytes);
void pty_write(struct pty *pty, const void *bytes, size_t length);
void pty_resize(struct pty *pty, int width, int height);
/* Until the child ends; its status is in pty->status. */
void pty_wait_end(struct pty *pty);
/* The text of a row, blanks at the end removed. */
char *pty_row(struct pty *pty, int y, char *out, size_t size);
void pty_free(struct pty *pty);

#endif
