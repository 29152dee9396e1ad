/* The grid of cells between panes and the terminal. Panes draw text and roles; the term paints what changed. The same grid dumps as text and
 * roles for goldens. One thread. */
#ifndef LODGE_UI_CANVAS_H
#define LODGE_UI_CANVAS_H

#include "base/buf.h"
#include "ui/role.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum attr {
	ATTR_BOLD = 1,
	ATTR_DIM = 2,
	ATTR_UNDERLINE = 4,
	ATTR_REVERSE = 8,
	ATTR_ITALIC = 16,
};

/* fg: role whose colour the glyph takes; bg: role whose colour is behind it (ROLE_GROUND: the ground). attrs add to the role's own. Small, and a cell
 * without holes: a frame copies and compares thousands of them as bytes. */
struct style {
	uint8_t fg, bg;
	uint16_t attrs;
};
_Static_assert(ROLE_COUNT <= UINT8_MAX, "a style keeps a role in a byte");

#define STYLE(role) ((struct style){ROLE_##role, ROLE_GROUND, 0})
#define STYLE_ON(role, ground) ((struct style){ROLE_##role, ROLE_##ground, 0})

/* glyph: a character (>= 0x20, not a control), or GLYPH_CLUSTER + index for several code points, or GLYPH_TAIL for the right half of a wide one. */
#define GLYPH_TAIL 0u
#define GLYPH_CLUSTER 0x80000000u

struct cell {
	uint32_t glyph;
	struct style style;
};
_Static_assert(sizeof(struct cell) == 8, "cells are compared as bytes");

struct rect {
	int x, y, width, height;
};

struct canvas;

struct canvas *canvas_new(int width, int height, bool ascii);
void canvas_free(struct canvas *canvas);
void canvas_resize(struct canvas *canvas, int width,
		   int height); /* content is lost; 1x1 to 1000x1000, beyond is clamped */
int canvas_width(const struct canvas *canvas);
int canvas_height(const struct canvas *canvas);
bool canvas_ascii(
	const struct canvas *canvas); /* panes choose glyphs by it; no cell then holds one above 0x7E */

/* The glyph for what a pane draws itself (rules, blocks, braille, marks): the fallback in ASCII. */
uint32_t canvas_glyph(const struct canvas *canvas, uint32_t utf8_glyph, char ascii_fallback);

/* All drawing is clipped to the clip rectangle; coordinates are relative to its corner. canvas_enter narrows it to a rectangle given relative to the
 * present one, of which only what lies within the present one stays (also where the corner is); canvas_leave restores it. Depth at most 16. */
void canvas_enter(struct canvas *canvas, struct rect rect);
void canvas_leave(struct canvas *canvas);
struct rect canvas_clip(const struct canvas *canvas); /* x = y = 0, the size of the present clip */

void canvas_clear(struct canvas *canvas, struct style style);
void canvas_fill(struct canvas *canvas, struct rect rect, uint32_t glyph, struct style style);
void canvas_put(struct canvas *canvas, int x, int y, uint32_t codepoint, struct style style);
/* Changes the style alone: a selection over what is drawn. A negative role, and negative attributes, leave that part. */
void canvas_restyle(struct canvas *canvas, struct rect rect, int fg, int bg, int attrs);
/* Takes a copy of what was drawn, rect.width * rect.height cells. False, and nothing is copied, where it is not all within the clip or holds clusters,
 * whose numbers do not last. canvas_paste draws it again. */
bool canvas_copy(const struct canvas *canvas, struct rect rect, struct cell *out);
void canvas_paste(struct canvas *canvas, struct rect rect, const struct cell *cells);
/* The role behind a cell, ROLE_GROUND outside. */
uint8_t canvas_ground(const struct canvas *canvas, int x, int y);

/* Writes shown text (inert or raw, see base/text.h) from x on, at most `cells` wide (-1: to the clip's edge); what does not fit is cut with '…' ('~' in ASCII).
 * Returns the cells used. A NULL text writes nothing. */
int canvas_text(struct canvas *canvas, int x, int y, int cells, const char *text, struct style style);
/* The cells that a text takes on this canvas when it is not cut. */
int canvas_text_width(const struct canvas *canvas, const char *text);
/* Right-aligned: ends before x + cells. */
int canvas_text_right(struct canvas *canvas, int x, int y, int cells, const char *text, struct style style);
int canvas_textf(struct canvas *canvas, int x, int y, int cells, struct style style, const char *format, ...)
	LODGE_PRINTF(6, 7);

/* A horizontal rule with a title at the left and a figure at the right, as panes have: "─ Title ───────── figure ─". Either may be NULL. */
void canvas_titled_rule(struct canvas *canvas, int y, const char *title, const char *figure, bool focus);

const struct cell *canvas_row(const struct canvas *canvas, int y); /* absolute, whole width */
/* The code points of a cluster glyph: UTF-8, NUL-terminated, at most 63 bytes; "" for any other glyph. An index stands for the same cluster until the
 * canvas changes its size. */
const char *canvas_cluster(const struct canvas *canvas, uint32_t glyph);

/* For goldens: every row as text between '|' marks, then (roles) one line for each row that is not all text on ground, with its runs from left to right:
 * "3: text:4 strong+b:5 dim/select:10". After '/' the ground where it is not "ground"; after '+' the added attributes (b d u r i). */
void canvas_dump(const struct canvas *canvas, bool roles, struct buf *out);

#endif
