/* What of a cell may go to a terminal: the last door before it, whatever a pane has put into the canvas. */
#ifndef LODGE_UI_TERM_GLYPH_H
#define LODGE_UI_TERM_GLYPH_H

#include "ui/canvas.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GLYPH_BYTES 64

/* What a painter compares: the glyph (a cluster by the hash of its text) and the look. */
struct shown {
	uint32_t glyph;
	uint16_t look;
	uint16_t unused; /* 0: cells are compared as bytes */
};

/* A glyph that equals no other. */
#define GLYPH_NOWHERE 0xFFFFFFFFu

/* A character that is safe to send, '?' else. */
uint32_t glyph_safe(uint32_t codepoint, bool utf8);
/* The glyphs of a canvas row into row[width], blanks beyond the canvas; looks are left alone. Halves of wide characters come in pairs afterwards. */
void glyph_row(const struct canvas *canvas, int y, int width, bool utf8, struct shown *row);
/* UTF-8 of what stands at x, y: at most GLYPH_BYTES, no control. Returns the bytes. */
size_t glyph_text(const struct canvas *canvas, int x, int y, uint32_t glyph, bool utf8,
		  char out[GLYPH_BYTES]);

#endif
