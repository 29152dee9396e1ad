/* The painter for standard terminals: compares the canvas with what is on the screen and writes the shortest ECMA-48 for the difference. */
#ifndef LODGE_UI_TERM_PAINT_SGR_H
#define LODGE_UI_TERM_PAINT_SGR_H

#include "ui/term/caps.h"
#include "ui/term/glyph.h"
#include "ui/term/looks.h"

struct paint_sgr {
	const struct term_traits *traits;
	bool utf8, synchronized;
	struct shown *screen; /* what is on it, width * height */
	struct shown *row;    /* what shall be in the row in hand */
	struct cell *drawn;   /* the canvas's cells that made the rows on it, width * height */
	bool *settled; /* by row: all of drawn is on the screen, so the same cells need no other look */
	int width, height;
	bool clear; /* nothing is known of the screen */
	struct buf frame;
	char *at; /* where the next byte goes, within frame */
	int x, y; /* the cursor; x < 0: only the row is known, y < 0: nothing */
	struct paint pen;
	bool pen_known;
	int shows_cursor; /* 0, 1; -1: unknown */
	int next_row;     /* of those that were left out last time */
};

void paint_sgr_init(struct paint_sgr *painter, const struct term_traits *traits,
		    const struct term_caps *caps);
void paint_sgr_fini(struct paint_sgr *painter);
/* The size of the screen; forgets what was on it. */
void paint_sgr_resize(struct paint_sgr *painter, int width, int height);
void paint_sgr_touch(struct paint_sgr *painter);

/* Makes the frame that brings the canvas to the screen, about `budget` bytes of it at most; *cut tells that more is to come. Returns the frame, empty
 * when nothing changed; it must be sent. Rows of text go before rows of many colours when not all fit. */
struct buf *paint_sgr_frame(struct paint_sgr *painter, struct looks *looks, bool looks_changed,
			    const struct canvas *canvas, int cursor_x, int cursor_y, size_t budget,
			    bool *cut);

#endif
