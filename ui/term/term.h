/* The terminal: the only module that knows curses. Started once, restored always. Main thread only, except that fatal signals restore it too. */
#ifndef LODGE_UI_TERM_TERM_H
#define LODGE_UI_TERM_TERM_H

#include "base/err.h"
#include "ui/canvas.h"
#include "ui/input.h"
#include "ui/theme.h"

#include <stdbool.h>
#include <stddef.h>

struct term;

struct term_options {
	const char *color; /* auto, direct, 256, 16, 8, mono */
	bool ascii;
	bool mouse;
	bool clipboard;      /* OSC 52 may be used */
	bool curses_painter; /* paint through curses even where the own painter could (tests) */
};

/* What the terminal can do, from terminfo, COLORTERM, TERM, the locale and the options. */
struct term_caps {
	enum depth depth;
	bool utf8;
	bool standard; /* SGR, cursor addressing as ECMA-48: the own painter may be used */
	bool titles, clipboard, synchronized, paste, mouse;
	char name[64]; /* TERM */
};

/* Enters the screen: alternate screen, raw keys, Esc without delay, bracketed paste, mouse. ERR_UNSUPPORTED with a problem when stdin or stdout is
 * no terminal or TERM is unknown. stderr is captured meanwhile and printed by term_close. */
int term_open(const struct term_options *options, struct term **term, struct problem *problem) LODGE_MUST_USE;
/* Restores everything (stty, screen, title, mouse) and frees. */
void term_close(struct term *term);

const struct term_caps *term_caps(const struct term *term);
void term_size(struct term *term, int *width, int *height);
/* After SIGWINCH: reads the size anew; everything is painted whole next time. True when it changed. */
bool term_resized(struct term *term);
/* Before SIGTSTP stops us, and after SIGCONT. */
void term_suspend(struct term *term);
void term_resume(struct term *term);

/* Bytes on their way to the screen: what the tty has not sent (TIOCOUTQ), what waits here, and what the terminal has not confirmed. A terminal
 * that answers the status report (CSI 5 n, ECMA-48 DSR) is asked after every 512 bytes, which sees through the queues of a pty and of ssh. */
size_t term_backlog(const struct term *term);

/* True when the last painting did not bring everything to the screen because the line is slow: paint again after the next input on term_fd (a
 * confirmation arrives there), when it becomes writable, or after 50 ms. */
bool term_behind(const struct term *term);
/* True while bytes wait that the tty did not take: when it is writable again, the next painting sends them. */
bool term_unsent(const struct term *term);
/* True once the tty has ended (EOF, EIO, hang-up): term_paint gives ERR_CLOSED. term_read finds it. */
bool term_lost(const struct term *term);

/* Paints what differs from what the screen shows: one write() a frame, nothing when nothing changed. `cursor_x` < 0 hides the cursor. Returns the
 * bytes handed over, or a negative ERR_ (ERR_CLOSED: the terminal is gone). Never waits: while the line is backed up it paints nothing (0) or, on a
 * line known to be slow, part of the difference; see term_behind. A theme that changed is noticed. */
long term_paint(struct term *term, const struct canvas *canvas, const struct theme *theme, int cursor_x,
		int cursor_y);
/* Forgets what is on the screen: the next painting is whole (Ctrl+l). */
void term_touch(struct term *term);

/* The next input that is ready, false when there is none. Never waits. An Esc with nothing behind it is told when term_read is called 25 ms after
 * it came. Control keys are keys here: Ctrl+C and Ctrl+Z raise no signal. */
bool term_read(struct term *term, struct input *input);
/* True when a partial sequence waits: call term_read again after 25 ms. */
bool term_waiting(const struct term *term);
/* The descriptor to watch for input. */
int term_fd(const struct term *term);

void term_title(struct term *term, const char *title);
void term_bell(struct term *term);
/* OSC 52, wrapped for tmux where needed. ERR_UNSUPPORTED when switched off or not offered. */
int term_copy(struct term *term, const char *text, size_t length) LODGE_MUST_USE;
/* Lines of text to the terminal's own printer, a page. ERR_UNSUPPORTED where terminfo knows none. */
int term_print(struct term *term, const char *text, size_t length) LODGE_MUST_USE;
void term_set_mouse(struct term *term, bool on);

#endif
