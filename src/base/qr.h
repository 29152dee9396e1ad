/* QR codes: text to modules (libqrencode), modules to the forms that scan: half blocks, ASCII, SVG, PNG. */
#ifndef LODGE_BASE_QR_H
#define LODGE_BASE_QR_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QR_QUIET 4 /* modules of the quiet zone, part of every drawing */
#define QR_TEXT_MOST 1200

struct qr {
	unsigned size;    /* modules a side, without the quiet zone */
	uint8_t *modules; /* size * size, 1 = dark */
	unsigned version;
	char level; /* 'M', 'Q', 'H': error correction, the best that costs no larger code, never below M */
};

/* Bytes as they are (byte mode); the caller frees with qr_fini, which wipes. ERR_TOO_BIG beyond QR_TEXT_MOST or what a code can hold, ERR_INVALID for nothing. */
int qr_encode(const char *text, size_t length, struct qr *qr, struct problem *problem) LODGE_MUST_USE;
void qr_fini(struct qr *qr);

/* True for a dark module; false in the quiet zone and beyond. x, y from the code's own corner, so -4 … size + 3 are drawn. */
bool qr_dark(const struct qr *qr, int x, int y);

/* Modules a side with the quiet zone. */
static inline unsigned qr_side(const struct qr *qr) { return qr->size + 2 * QR_QUIET; }

enum qr_ink {
	QR_INK_PLAIN,  /* no escape sequences: blocks are light, as on a dark terminal */
	QR_INK_PAPER,  /* no escape sequences: blocks are dark, as on paper or a light terminal */
	QR_INK_COLORS, /* each line sets black on white by SGR and resets */
};

/* Two modules a cell in height. */
void qr_half_blocks(const struct qr *qr, enum qr_ink ink, struct buf *out);
/* Two characters a module: "##" is dark (PLAIN, PAPER alike), with COLORS blanks on black and white. */
void qr_ascii(const struct qr *qr, enum qr_ink ink, struct buf *out);
/* A whole SVG file; `scale` units a module. */
void qr_svg(const struct qr *qr, unsigned scale, struct buf *out);
/* A grey PNG file, `scale` pixels a module (1 … 40; ERR_INVALID otherwise). The buffer's own error when it is full. */
int qr_png(const struct qr *qr, unsigned scale, struct buf *out) LODGE_MUST_USE;

#endif
