/* Text in several lines, broken between words. */
#ifndef LODGE_UI_WIDGET_WRAP_H
#define LODGE_UI_WIDGET_WRAP_H

#include "ui/canvas.h"

/* Draws at most `lines` lines (0: none are drawn, they are only counted) and returns how many the text takes at that width. A line end in the text ends the
 * line; a word that is wider than a line is cut. */
int wrap_draw(struct canvas *canvas, int x, int y, int cells, int lines, const char *text,
	      struct style style);

#endif
