#include "base/qr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <png.h>
#ifdef HAVE_ZBAR
#include <zbar.h>
#endif

static struct qr encoded(const char *text)
{
	struct qr qr;
	struct problem problem;
	assert_int_equal(qr_encode(text, strlen(text), &qr, &problem), ERR_OK);
	return qr;
}

static void the_best_level_at_the_same_size(void **state)
{
	(void)state;
	/* Limits of byte mode in version 1: L 17, M 14, Q 11, H 7 bytes; the smallest of version 2: M 26, Q 20, H 14. */
	static const struct {
		size_t length;
		unsigned version;
		char level;
	} cases[] = {{1, 1, 'H'},  {7, 1, 'H'},  {8, 1, 'Q'},  {11, 1, 'Q'}, {12, 1, 'M'}, {14, 1, 'M'},
		     {15, 2, 'Q'}, {20, 2, 'Q'}, {21, 2, 'M'}, {26, 2, 'M'}, {27, 3, 'Q'}};
	char text[64];
	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct qr qr;
		assert_int_equal(qr_encode(text, cases[i].length, &qr, NULL), ERR_OK);
		if (qr.version != cases[i].version || qr.level != cases[i].level)
			fail_msg("%zu bytes: version %u, level %c", cases[i].length, qr.version, qr.level);
		assert_int_equal(qr.size, 17 + 4 * qr.version);
		assert_int_equal(qr_side(&qr), qr.size + 8);
		qr_fini(&qr);
		assert_null(qr.modules);
	}
}

static void what_does_not_fit_is_refused(void **state)
{
	(void)state;
	struct qr qr;
	struct problem problem;
	char text[QR_TEXT_MOST + 1];
	memset(text, 0xC3, sizeof(text));
	assert_int_equal(qr_encode("", 0, &qr, &problem), ERR_INVALID);
	assert_int_equal(qr_encode(NULL, 5, &qr, &problem), ERR_INVALID);
	assert_int_equal(qr_encode(text, QR_TEXT_MOST + 1, &qr, &problem), ERR_TOO_BIG);
	assert_null(qr.modules);
	assert_int_equal(qr_encode(text, SIZE_MAX, &qr, &problem), ERR_TOO_BIG);
	assert_int_equal(qr_encode(text, QR_TEXT_MOST, &qr, &problem), ERR_OK);
	assert_true(qr.size <= 177);
	qr_fini(&qr);
	qr_fini(&qr);
}

static void finders_and_quiet_zone(void **state)
{
	(void)state;
	struct qr qr = encoded("od6eym5");
	assert_int_equal(qr.size, 21);
	for (int i = 0; i < 7; i++) {
		assert_true(qr_dark(&qr, i, 0) && qr_dark(&qr, 0, i) && qr_dark(&qr, 20 - i, 0));
		assert_true(qr_dark(&qr, 0, 20 - i));
	}
	assert_false(qr_dark(&qr, 1, 1));
	for (int i = -9; i < 40; i++) {
		assert_false(qr_dark(&qr, i, -1));
		assert_false(qr_dark(&qr, i, 21));
		assert_false(qr_dark(&qr, -1, i));
		assert_false(qr_dark(&qr, 21, i));
	}
	assert_false(qr_dark(&qr, INT32_MIN, INT32_MIN));
	assert_false(qr_dark(&qr, INT32_MAX, INT32_MAX));
	qr_fini(&qr);
}

/* Reads one cell of a drawing: bit 0 the upper half is inked, bit 1 the lower. */
static unsigned read_block(const char **p)
{
	static const char *const blocks[] = {" ", "▀", "▄", "█"};
	for (unsigned i = 0; i < 4; i++) {
		size_t length = strlen(blocks[i]);
		if (strncmp(*p, blocks[i], length) == 0) {
			*p += length;
			return i;
		}
	}
	fail_msg("no block at `%.8s`", *p);
	return 0;
}

static void expect(const char **p, const char *text)
{
	if (strncmp(*p, text, strlen(text)) != 0)
		fail_msg("`%s` expected, not `%.16s`", text, *p);
	*p += strlen(text);
}

static void half_blocks_are_the_modules(void **state)
{
	(void)state;
	static const char *const texts[] = {"od6eym5", "https://example.org/k/0123456789?x=ä", "1"};
	for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]); t++) {
		for (int ink = QR_INK_PLAIN; ink <= QR_INK_COLORS; ink++) {
			struct qr qr = encoded(texts[t]);
			struct buf out;
			buf_init(&out, BUF_CEILING_LINE);
			qr_half_blocks(&qr, (enum qr_ink)ink, &out);
			const char *p = buf_text(&out);
			int end = (int)qr.size + QR_QUIET;
			for (int y = -QR_QUIET; y < end; y += 2) {
				if (ink == QR_INK_COLORS)
					expect(&p, "\033[0;30;47;107m");
				for (int x = -QR_QUIET; x < end; x++) {
					unsigned block = read_block(&p);
					if (ink == QR_INK_PLAIN)
						block = ~block & 3;
					assert_int_equal(block & 1, qr_dark(&qr, x, y));
					assert_int_equal(block >> 1, qr_dark(&qr, x, y + 1));
				}
				expect(&p, ink == QR_INK_COLORS ? "\033[0m\n" : "\n");
			}
			assert_string_equal(p, "");
			buf_fini(&out);
			qr_fini(&qr);
		}
	}
}

static void ascii_is_the_modules(void **state)
{
	(void)state;
	for (int ink = QR_INK_PLAIN; ink <= QR_INK_COLORS; ink++) {
		struct qr qr = encoded("od6eym5");
		struct buf out;
		bool dark = false;
		buf_init(&out, BUF_CEILING_LINE);
		qr_ascii(&qr, (enum qr_ink)ink, &out);
		const char *p = buf_text(&out);
		for (const char *c = p; *c; c++)
			assert_true((unsigned char)*c < 0x7F);
		for (int y = -QR_QUIET; y < 21 + QR_QUIET; y++) {
			if (ink == QR_INK_COLORS)
				expect(&p, "\033[0;30;47;107m");
			for (int x = -QR_QUIET; x < 21 + QR_QUIET; x++) {
				if (ink != QR_INK_COLORS) {
					expect(&p, qr_dark(&qr, x, y) ? "##" : "  ");
					continue;
				}
				if (*p == '\033') {
					dark = !dark;
					expect(&p, dark ? "\033[40m" : "\033[47;107m");
				}
				assert_int_equal(dark, qr_dark(&qr, x, y));
				expect(&p, "  ");
			}
			expect(&p, ink == QR_INK_COLORS ? "\033[0m\n" : "\n");
		}
		assert_string_equal(p, "");
		buf_fini(&out);
		qr_fini(&qr);
	}
}

static void svg_is_the_modules(void **state)
{
	(void)state;
	struct qr qr = encoded("https://example.org/k/0123456789");
	uint8_t *drawn = calloc(qr.size * qr.size, 1);
	char head[160];
	struct buf out;
	buf_init(&out, BUF_CEILING_LINE);
	qr_svg(&qr, 5, &out);
	const char *p = buf_text(&out);
	unsigned side = qr_side(&qr);
	snprintf(head, sizeof(head), "width=\"%u\" height=\"%u\" viewBox=\"0 0 %u %u\"", side * 5, side * 5,
		 side, side);
	assert_non_null(strstr(p, head));
	p = strstr(p, " d=\"");
	assert_non_null(p);
	p += 4;
	while (*p == 'M') {
		char *end;
		unsigned long x = strtoul(p + 1, &end, 10), y, run;
		expect((const char **)&end, " ");
		y = strtoul(end, &end, 10);
		expect((const char **)&end, "h");
		run = strtoul(end, &end, 10);
		expect((const char **)&end, "v1h-");
		assert_int_equal(strtoul(end, &end, 10), run);
		p = end;
		expect(&p, "z");
		for (unsigned long i = 0; i < run; i++) {
			assert_true(x + i - QR_QUIET < qr.size && y - QR_QUIET < qr.size);
			drawn[(y - QR_QUIET) * qr.size + x + i - QR_QUIET] ^= 1;
		}
	}
	expect(&p, "\"/>\n</svg>\n");
	assert_string_equal(p, "");
	assert_memory_equal(drawn, qr.modules, qr.size * qr.size);
	free(drawn);
	buf_fini(&out);
	qr_fini(&qr);
}

/* The picture as 8-bit grey; the caller frees. */
static uint8_t *read_png(const struct buf *file, unsigned *side)
{
	png_image image = {.version = PNG_IMAGE_VERSION};
	assert_true(png_image_begin_read_from_memory(&image, file->data, file->length));
	image.format = PNG_FORMAT_GRAY;
	assert_int_equal(image.width, image.height);
	*side = image.width;
	uint8_t *pixels = malloc(PNG_IMAGE_SIZE(image));
	assert_true(png_image_finish_read(&image, NULL, pixels, 0, NULL));
	return pixels;
}

static void png_is_the_modules(void **state)
{
	(void)state;
	static const unsigned scales[] = {1, 2, 3, 7, 10, 40};
	struct qr qr = encoded("od6eym5");
	for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]); i++) {
		unsigned scale = scales[i], side;
		struct buf out;
		buf_init(&out, BUF_CEILING_LINE);
		assert_int_equal(qr_png(&qr, scale, &out), ERR_OK);
		uint8_t *pixels = read_png(&out, &side);
		assert_int_equal(side, qr_side(&qr) * scale);
		for (unsigned y = 0; y < side; y++)
			for (unsigned x = 0; x < side; x++)
				if ((pixels[y * side + x] == 0) !=
				    qr_dark(&qr, (int)(x / scale) - QR_QUIET, (int)(y / scale) - QR_QUIET))
					fail_msg("pixel %u, %u at scale %u", x, y, scale);
		free(pixels);
		buf_fini(&out);
	}
	qr_fini(&qr);
}

static void png_has_limits(void **state)
{
	(void)state;
	struct qr qr = encoded("od6eym5"), none = {0};
	struct buf out;
	buf_init(&out, 60);
	assert_int_equal(qr_png(&qr, 0, &out), ERR_INVALID);
	assert_int_equal(qr_png(&qr, 41, &out), ERR_INVALID);
	assert_int_equal(qr_png(&none, 4, &out), ERR_INVALID);
	assert_int_equal(qr_png(&qr, 4, &out), ERR_TOO_BIG);
	buf_fini(&out);
	qr_fini(&qr);
	char text[QR_TEXT_MOST];
	memset(text, 'y', sizeof(text));
	assert_int_equal(qr_encode(text, sizeof(text), &qr, NULL), ERR_OK);
	buf_init(&out, BUF_CEILING_FILE);
	assert_int_equal(qr_png(&qr, 40, &out), ERR_OK);
	assert_true(out.length < 100000);
	buf_fini(&out);
	qr_fini(&qr);
}

#ifdef HAVE_ZBAR
/* Another reader finds the same bytes. */
static void zbar_reads_it(void **state)
{
	(void)state;
	static const char *const texts[] = {"od6eym5", "0123456789", "ABC",
					    "https://example.org/k?a=1&b=%20"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct qr qr = encoded(texts[i]);
		struct buf out;
		unsigned side;
		buf_init(&out, BUF_CEILING_LINE);
		assert_int_equal(qr_png(&qr, 4, &out), ERR_OK);
		uint8_t *pixels = read_png(&out, &side);
		zbar_image_scanner_t *scanner = zbar_image_scanner_create();
		zbar_image_t *image = zbar_image_create();
		zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
		zbar_image_set_size(image, side, side);
		zbar_image_set_data(image, pixels, (unsigned long)side * side, NULL);
		assert_int_equal(zbar_scan_image(scanner, image), 1);
		const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
		assert_int_equal(zbar_symbol_get_type(symbol), ZBAR_QRCODE);
		assert_int_equal(zbar_symbol_get_data_length(symbol), strlen(texts[i]));
		assert_memory_equal(zbar_symbol_get_data(symbol), texts[i], strlen(texts[i]));
		zbar_image_destroy(image);
		zbar_image_scanner_destroy(scanner);
		free(pixels);
		buf_fini(&out);
		qr_fini(&qr);
	}
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_level_at_the_same_size),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(finders_and_quiet_zone),
		cmocka_unit_test(half_blocks_are_the_modules),
		cmocka_unit_test(ascii_is_the_modules),
		cmocka_unit_test(svg_is_the_modules),
		cmocka_unit_test(png_is_the_modules),
		cmocka_unit_test(png_has_limits),
#ifdef HAVE_ZBAR
		cmocka_unit_test(zbar_reads_it),
#endif
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
