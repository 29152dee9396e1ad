/* Walls and rules that meet: edges are collected first, then drawn as the box glyphs that join them, so that a shared wall is drawn once. */
#ifndef LODGE_UI_LINES_H
#define LODGE_UI_LINES_H

#include "ui/canvas.h"

enum line_kind { LINE_NONE, LINE_DASHED, LINE_LIGHT, LINE_HEAVY };

struct lines;

struct lines *lines_new(int width, int height);
void lines_free(struct lines *lines);
void lines_reset(struct lines *lines, int width, int height);
/* Between two cells of one row or one column, ends included. The stronger kind wins where two lie on each other; style is of the stronger, then later. */
void lines_add(struct lines *lines, int x0, int y0, int x1, int y1, enum line_kind kind, struct style style);
/* A straight line in any direction, by steps along cells. */
void lines_add_slanted(struct lines *lines, int x0, int y0, int x1, int y1, enum line_kind kind,
		       struct style style);
/* Takes one cell out again: an opening for a door. */
void lines_open(struct lines *lines, int x, int y);
bool lines_at(const struct lines *lines, int x, int y);
/* Draws into the canvas's clip; grounds stay as they are. */
void lines_draw(struct lines *lines, struct canvas *canvas);

#endif
