/* curses, started on a file instead of the tty: it knows terminfo, and what it writes is collected and sent by struct line, so that nothing waits for a
 * slow line and a frame is one write(). */
#ifndef LODGE_UI_TERM_CURSES_SCREEN_H
#define LODGE_UI_TERM_CURSES_SCREEN_H

#include "base/buf.h"

#include <stdbool.h>

struct curses_screen;

/* NULL when terminfo does not know `term` or there is no room for the file. One at a time. */
struct curses_screen *curses_screen_open(const char *term, int width, int height);
void curses_screen_close(struct curses_screen *screen);
/* Moves what curses has written to `out`. */
int curses_screen_collect(struct curses_screen *screen, struct buf *out) LODGE_MUST_USE;

/* terminfo by capability name: NULL, false or -1 when the terminal does not have it. */
const char *curses_string(const struct curses_screen *screen, const char *name);
bool curses_flag(const struct curses_screen *screen, const char *name);
int curses_number(const struct curses_screen *screen, const char *name);
/* A capability with its parameters filled in; "" when it is not there. */
void curses_expand(const struct curses_screen *screen, const char *name, int a, int b, char *out,
		   size_t size);

#endif
