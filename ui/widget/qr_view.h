/* A QR code in cells: dark on light in every theme and depth, with its quiet zone, as large as it fits. */
#ifndef LODGE_UI_WIDGET_QR_VIEW_H
#define LODGE_UI_WIDGET_QR_VIEW_H

#include "base/qr.h"
#include "ui/canvas.h"

/* Cells that the code takes at a scale, the quiet zone included. A module is `scale` columns wide and half as many lines high; in ASCII twice as many columns as
 * lines, as nothing is smaller than a cell there. */
void qr_view_size(const struct qr *qr, bool ascii, int scale, int *columns, int *lines);

/* The largest scale that fits into so many cells; 0: none does. */
int qr_view_scale(const struct qr *qr, bool ascii, int columns, int lines);

/* Draws into the middle of the clip and returns the scale. 0: there is not enough room, and it is said how large the window has to be: `beside` and `above` are
 * the columns and lines that a window needs besides the code. */
int qr_view_draw(const struct qr *qr, struct canvas *canvas, int beside, int above);

#endif
