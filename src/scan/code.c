#include "scan/code.h"

#include <stdlib.h>
#include <string.h>
#include <zbar.h>

#define SMALL 300u /* pixels a side: modules may be too small for the reader */
#define MEDIUM 1200u

enum found { FOUND_NONE, FOUND_ONE, FOUND_UNCLEAR };

static enum found take(const zbar_symbol_t *symbol, struct code *code)
{
	enum found found = FOUND_NONE;
	for (; symbol; symbol = zbar_symbol_next(symbol)) {
		size_t length = zbar_symbol_get_data_length(symbol);
		const char *bytes = zbar_symbol_get_data(symbol);
		if (zbar_symbol_get_type(symbol) != ZBAR_QRCODE)
			continue;
		if (!bytes || length == 0 || length > CODE_BYTES_MOST)
			return FOUND_UNCLEAR;
		if (found == FOUND_ONE && (length != code->length || memcmp(bytes, code->bytes, length) != 0))
			return FOUND_UNCLEAR;
		memcpy(code->bytes, bytes, length);
		code->length = length;
		found = FOUND_ONE;
	}
	return found;
}

static zbar_image_scanner_t *new_scanner(void)
{
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	if (!scanner)
		return NULL;
	zbar_image_scanner_request_dbus(scanner, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	/* The bytes as they are, not its guess at a character set. */
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
	return scanner;
}

static enum found scan(zbar_image_scanner_t *scanner, const struct picture *picture, const struct look *look,
		       struct code *code)
{
	enum found found = FOUND_NONE;
	struct grey grey = picture_grey(picture, look);
	zbar_image_t *image = grey.pixels ? zbar_image_create() : NULL;
	if (image) {
		zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
		zbar_image_set_size(image, grey.width, grey.height);
		zbar_image_set_data(image, grey.pixels, (unsigned long)grey.width * grey.height, NULL);
		if (zbar_scan_image(scanner, image) > 0)
			found = take(zbar_image_first_symbol(image), code);
		zbar_image_destroy(image);
	}
	free(grey.pixels);
	return found;
}

bool code_find(const struct picture *picture, struct code *code)
{
	unsigned side = picture->width > picture->height ? picture->width : picture->height;
	unsigned factor = side <= SMALL ? 4 : side <= MEDIUM ? 2 : 1;
	bool alpha = picture->channels == 2 || picture->channels == 4;
	enum found found = FOUND_NONE;
	zbar_image_scanner_t *scanner = new_scanner();
	if (!scanner)
		return false;
	/* Dark on light first; the rest only when nothing was found. */
	for (int way = 0; way < (alpha ? 4 : 2) && found == FOUND_NONE; way++) {
		struct look look = {.factor = factor, .inverted = way & 1, .on_black = way & 2};
		found = scan(scanner, picture, &look, code);
		look.factor = 1;
		if (found == FOUND_NONE && factor > 1)
			found = scan(scanner, picture, &look, code);
	}
	zbar_image_scanner_destroy(scanner);
	return found == FOUND_ONE;
}
