#include "ui/widget/qr_view.h"

#include "ui/widget/wrap.h"

#include <stdio.h>

#define UPPER_HALF 0x2580
#define LOWER_HALF 0x2584
#define SCALE_MOST 100

void qr_view_size(const struct qr *qr, bool ascii, int scale, int *columns, int *lines)
{
	int side = (int)qr_side(qr) * scale;
	*columns = ascii ? side * 2 : side;
	*lines = ascii ? side : (side + 1) / 2;
}

int qr_view_scale(const struct qr *qr, bool ascii, int columns, int lines)
{
	int scale = 0, width, height;
	while (scale < SCALE_MOST) {
		qr_view_size(qr, ascii, scale + 1, &width, &height);
		if (width > columns || height > lines)
			break;
		scale++;
	}
	return scale;
}

/* Whether the module under a picture's dot is dark; dots are `scale` to a module, and what lies beyond the quiet zone is light. */
static bool dot(const struct qr *qr, int scale, int x, int y)
{
	return qr_dark(qr, x / scale - QR_QUIET, y / scale - QR_QUIET);
}

/* Grounds are without a gap on every terminal, glyphs are not: a block is drawn only where its halves differ. */
static void draw_halves(const struct qr *qr, struct canvas *canvas, int scale, int left, int top, int columns,
			int lines)
{
	for (int y = 0; y < lines; y++) {
		for (int x = 0; x < columns; x++) {
			bool upper = dot(qr, scale, x, 2 * y), lower = dot(qr, scale, x, 2 * y + 1);
			if (upper == lower)
				canvas_put(canvas, left + x, top + y, ' ',
					   upper ? STYLE_ON(QR_LIGHT, QR_DARK) : STYLE_ON(QR_DARK, QR_LIGHT));
			else
				canvas_put(canvas, left + x, top + y, upper ? UPPER_HALF : LOWER_HALF,
					   STYLE_ON(QR_DARK, QR_LIGHT));
		}
	}
}

/* Blanks on a ground, also where there are no colours: reverse video is solid, a lattice of '#' is not dark enough for a camera. */
static void draw_blanks(const struct qr *qr, struct canvas *canvas, int scale, int left, int top, int columns,
			int lines)
{
	for (int y = 0; y < lines; y++)
		for (int x = 0; x < columns; x++)
			canvas_put(canvas, left + x, top + y, ' ',
				   dot(qr, scale, x / 2, y) ? STYLE_ON(QR_LIGHT, QR_DARK)
							    : STYLE_ON(QR_DARK, QR_LIGHT));
}

/* "The code needs a window of 41x25" */
static void say_size(const struct qr *qr, struct canvas *canvas, int beside, int above)
{
	struct rect clip = canvas_clip(canvas);
	int columns, lines;
	char text[80];
	qr_view_size(qr, canvas_ascii(canvas), 1, &columns, &lines);
	snprintf(text, sizeof(text), "The code needs a window of %d columns and %d lines.", columns + beside,
		 lines + above);
	int taken = wrap_draw(canvas, 0, 0, clip.width, 0, text, STYLE(WARN));
	wrap_draw(canvas, 0, taken < clip.height ? (clip.height - taken) / 2 : 0, clip.width, clip.height,
		  text, STYLE(WARN));
}

int qr_view_draw(const struct qr *qr, struct canvas *canvas, int beside, int above)
{
	struct rect clip = canvas_clip(canvas);
	bool ascii = canvas_ascii(canvas);
	int scale = qr_view_scale(qr, ascii, clip.width, clip.height), columns, lines;
	if (scale == 0) {
		say_size(qr, canvas, beside, above);
		return 0;
	}
	qr_view_size(qr, ascii, scale, &columns, &lines);
	(ascii ? draw_blanks : draw_halves)(qr, canvas, scale, (clip.width - columns) / 2,
					    (clip.height - lines) / 2, columns, lines);
	return scale;
}
