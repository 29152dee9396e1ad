/* The painter for every other terminal: what changed on the canvas is given to curses, which knows how to put it on the screen. */
#ifndef LODGE_UI_TERM_PAINT_CURSES_H
#define LODGE_UI_TERM_PAINT_CURSES_H

#include "ui/term/caps.h"
#include "ui/term/curses_screen.h"
#include "ui/term/glyph.h"
#include "ui/term/looks.h"

struct paint_curses {
	struct curses_screen *screen;
	const struct term_traits *traits;
	bool utf8;
	struct shown *given; /* to curses, width * height */
	struct shown *row;   /* what shall be in the row in hand */
	int width, height;
	bool clear;
	int n_pairs;    /* that curses has been asked for */
	bool few_pairs; /* there were not enough */
	struct buf frame;
	int cursor_x, cursor_y;
	int shows_cursor; /* 0, 1; -1: unknown */
	int next_row;     /* of those that were left out last time */
};

void paint_curses_init(struct paint_curses *painter, struct curses_screen *screen,
		       const struct term_traits *traits, const struct term_caps *caps);
void paint_curses_fini(struct paint_curses *painter);
void paint_curses_resize(struct paint_curses *painter, int width, int height);
void paint_curses_touch(struct paint_curses *painter);

/* As paint_sgr_frame. */
struct buf *paint_curses_frame(struct paint_curses *painter, struct looks *looks, bool looks_changed,
			       const struct canvas *canvas, int cursor_x, int cursor_y, size_t budget,
			       bool *cut);

#endif
