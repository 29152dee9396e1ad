#include "base/qr.h"

#include "base/secret.h"

#include <errno.h>
#include <png.h>
#include <qrencode.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#define SCALE_MOST 40
#define SIDE_MOST (177 + 2 * QR_QUIET) /* version 40 */

static int encode_failed(struct problem *problem)
{
	if (errno == ENOMEM)
		return problem_set(problem, ERR_NOMEM, "QR code", NULL, "memory ended");
	return problem_set(problem, ERR_TOO_BIG, "QR code", NULL, "the text does not fit into a code");
}

/* The better level when it needs no larger code, else NULL. */
static QRcode *better(const QRcode *code, const char *text, size_t length, QRecLevel level)
{
	QRcode *other = QRcode_encodeData((int)length, (const unsigned char *)text, code->version, level);
	if (other && other->version == code->version)
		return other;
	QRcode_free(other);
	return NULL;
}

int qr_encode(const char *text, size_t length, struct qr *qr, struct problem *problem)
{
	static const struct {
		QRecLevel level;
		char name;
	} levels[] = {{QR_ECLEVEL_H, 'H'}, {QR_ECLEVEL_Q, 'Q'}};
	*qr = (struct qr){0};
	if (!text || length == 0)
		return problem_set(problem, ERR_INVALID, "QR code", NULL, "there is nothing to put into it");
	if (length > QR_TEXT_MOST)
		return problem_set(problem, ERR_TOO_BIG, "QR code", NULL, "the text is longer than %d bytes",
				   QR_TEXT_MOST);
	errno = 0;
	QRcode *code = QRcode_encodeData((int)length, (const unsigned char *)text, 0, QR_ECLEVEL_M);
	if (!code)
		return encode_failed(problem);
	qr->level = 'M';
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]) && qr->level == 'M'; i++) {
		QRcode *other = better(code, text, length, levels[i].level);
		if (!other)
			continue;
		QRcode_free(code);
		code = other;
		qr->level = levels[i].name;
	}
	qr->version = (unsigned)code->version;
	qr->size = (unsigned)code->width;
	size_t count = (size_t)qr->size * qr->size;
	qr->modules = malloc(count);
	for (size_t i = 0; qr->modules && i < count; i++)
		qr->modules[i] = code->data[i] & 1;
	QRcode_free(code);
	if (qr->modules)
		return ERR_OK;
	*qr = (struct qr){0};
	return problem_set(problem, ERR_NOMEM, "QR code", NULL, "memory ended");
}

void qr_fini(struct qr *qr)
{
	/* Whoever has the modules has the key. */
	if (qr->modules)
		secret_wipe(qr->modules, (size_t)qr->size * qr->size);
	free(qr->modules);
	*qr = (struct qr){0};
}

bool qr_dark(const struct qr *qr, int x, int y)
{
	int size = (int)qr->size;
	return x >= 0 && y >= 0 && x < size && y < size && qr->modules[y * size + x];
}

/* --- in a terminal --- */

#define BLACK_ON_WHITE "\033[0;30;47;107m"
#define RESET "\033[0m"

void qr_half_blocks(const struct qr *qr, enum qr_ink ink, struct buf *out)
{
	/* By the inked halves: none, upper, lower, both. */
	static const char *const blocks[] = {" ", "▀", "▄", "█"};
	int end = (int)qr->size + QR_QUIET;
	bool inked = ink != QR_INK_PLAIN; /* what the blocks stand for: dark modules, or light ones */
	for (int y = -QR_QUIET; y < end; y += 2) {
		if (ink == QR_INK_COLORS)
			buf_adds(out, BLACK_ON_WHITE);
		for (int x = -QR_QUIET; x < end; x++) {
			bool upper = qr_dark(qr, x, y) == inked, lower = qr_dark(qr, x, y + 1) == inked;
			buf_adds(out, blocks[upper + 2 * lower]);
		}
		buf_adds(out, ink == QR_INK_COLORS ? RESET "\n" : "\n");
	}
}

void qr_ascii(const struct qr *qr, enum qr_ink ink, struct buf *out)
{
	int end = (int)qr->size + QR_QUIET;
	for (int y = -QR_QUIET; y < end; y++) {
		bool dark = false;
		if (ink == QR_INK_COLORS)
			buf_adds(out, BLACK_ON_WHITE);
		for (int x = -QR_QUIET; x < end; x++) {
			if (ink != QR_INK_COLORS) {
				buf_adds(out, qr_dark(qr, x, y) ? "##" : "  ");
				continue;
			}
			if (qr_dark(qr, x, y) != dark)
				buf_adds(out, dark ? "\033[47;107m" : "\033[40m");
			dark = qr_dark(qr, x, y);
			buf_adds(out, "  ");
		}
		buf_adds(out, ink == QR_INK_COLORS ? RESET "\n" : "\n");
	}
}

/* --- files --- */

void qr_svg(const struct qr *qr, unsigned scale, struct buf *out)
{
	unsigned side = qr_side(qr);
	int size = (int)qr->size;
	buf_addf(out,
		 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" viewBox=\"0 0 %u %u\" "
		 "shape-rendering=\"crispEdges\">\n"
		 "<rect width=\"%u\" height=\"%u\" fill=\"#ffffff\"/>\n"
		 "<path fill=\"#000000\" d=\"",
		 side * scale, side * scale, side, side, side, side);
	for (int y = 0; y < size; y++) {
		for (int x = 0; x < size; x++) {
			int run = 0;
			while (qr_dark(qr, x + run, y))
				run++;
			if (run)
				buf_addf(out, "M%d %dh%dv1h-%dz", x + QR_QUIET, y + QR_QUIET, run, run);
			x += run;
		}
	}
	buf_adds(out, "\"/>\n</svg>\n");
}

static void on_error(png_structp png, png_const_charp message)
{
	(void)message;
	png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
	(void)png;
	(void)message;
}

static void on_write(png_structp png, png_bytep bytes, size_t length)
{
	struct buf *out = png_get_io_ptr(png);
	buf_add(out, bytes, length);
	if (out->error)
		png_error(png, "full");
}

static void on_flush(png_structp png) { (void)png; }

/* One line of pixels, one bit each: 1 is white. */
static void fill_line(const struct qr *qr, unsigned scale, int y, png_bytep line, size_t size)
{
	memset(line, 0xFF, size);
	for (unsigned pixel = 0; pixel < qr_side(qr) * scale; pixel++)
		if (qr_dark(qr, (int)(pixel / scale) - QR_QUIET, y))
			line[pixel / 8] &= (png_byte) ~(0x80u >> (pixel % 8));
}

/* Nothing but its arguments is used after a jump back. */
static int write_png(const struct qr *qr, unsigned scale, png_structp png, png_infop info, png_bytep line,
		     struct buf *out)
{
	unsigned side = qr_side(qr) * scale;
	if (setjmp(png_jmpbuf(png)))
		return out->error ? out->error : ERR_NOMEM;
	png_set_write_fn(png, out, on_write, on_flush);
	png_set_IHDR(png, info, side, side, 1, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	/* Most lines are as the one above. */
	png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
	png_write_info(png, info);
	for (unsigned row = 0; row < side; row++) {
		if (row % scale == 0)
			fill_line(qr, scale, (int)(row / scale) - QR_QUIET, line, (side + 7) / 8);
		png_write_row(png, line);
	}
	png_write_end(png, NULL);
	return ERR_OK;
}

int qr_png(const struct qr *qr, unsigned scale, struct buf *out)
{
	if (scale < 1 || scale > SCALE_MOST || qr->size == 0)
		return ERR_INVALID;
	png_byte line[(SIDE_MOST * SCALE_MOST + 7) / 8];
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	int error = info ? write_png(qr, scale, png, info, line, out) : ERR_NOMEM;
	png_destroy_write_struct(&png, &info);
	return error;
}
