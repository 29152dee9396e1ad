#include "scan/picture.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_MOST ((size_t)1 << 20)
#define CHUNKS_MOST 16
#define MARGIN_LEAST 16u
#define MARGIN_MOST 256u

struct source {
	const unsigned char *at;
	size_t left;
};

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

static void on_read(png_structp png, png_bytep bytes, size_t length)
{
	struct source *source = png_get_io_ptr(png);
	if (length > source->left)
		png_error(png, "end");
	memcpy(bytes, source->at, length);
	source->at += length;
	source->left -= length;
}

/* Everything becomes 8 bits a channel, without a palette. Colour spaces do not matter for dark and light. */
static void set_up(png_structp png, struct source *source)
{
	png_set_read_fn(png, source, on_read);
	png_set_user_limits(png, PICTURE_SIDE_MOST, PICTURE_SIDE_MOST);
	png_set_chunk_malloc_max(png, CHUNK_MOST);
	png_set_chunk_cache_max(png, CHUNKS_MOST);
	/* Only what the pixels need: no texts, no profiles. */
	png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
}

/* All that lives on after a jump back is reached through the arguments. */
static bool read_all(png_structp png, png_infop info, struct source *source, struct picture *picture)
{
	if (setjmp(png_jmpbuf(png)))
		return false;
	set_up(png, source);
	png_read_info(png, info);
	png_set_expand(png);
	png_set_scale_16(png);
	int passes = png_set_interlace_handling(png);
	png_read_update_info(png, info);
	picture->width = png_get_image_width(png, info);
	picture->height = png_get_image_height(png, info);
	picture->channels = png_get_channels(png, info);
	size_t stride = (size_t)picture->width * picture->channels;
	if (png_get_rowbytes(png, info) != stride || picture->channels < 1 || picture->channels > 4)
		return false;
	picture->pixels = calloc(picture->height, stride);
	if (!picture->pixels)
		return false;
	for (int pass = 0; pass < passes; pass++)
		for (unsigned y = 0; y < picture->height; y++)
			png_read_row(png, picture->pixels + y * stride, NULL);
	return true;
}

bool picture_read(const unsigned char *bytes, size_t length, struct picture *picture)
{
	struct source source = {bytes, length};
	*picture = (struct picture){0};
	if (length < 8 || png_sig_cmp(bytes, 0, 8) != 0)
		return false;
	png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	bool read = info && read_all(png, info, &source, picture);
	png_destroy_read_struct(&png, &info, NULL);
	if (!read)
		picture_fini(picture);
	return read;
}

void picture_fini(struct picture *picture)
{
	free(picture->pixels);
	*picture = (struct picture){0};
}

static unsigned char grey_of(const unsigned char *pixel, unsigned channels, const struct look *look)
{
	unsigned value = channels < 3 ? pixel[0] : (pixel[0] * 77u + pixel[1] * 150u + pixel[2] * 29u) >> 8;
	if (channels == 2 || channels == 4) {
		unsigned alpha = pixel[channels - 1], ground = look->on_black ? 0 : 255;
		value = (value * alpha + ground * (255 - alpha)) / 255;
	}
	return (unsigned char)(look->inverted ? 255 - value : value);
}

/* From each grey value to one between 0, the darkest there is, and 255, the lightest: a pale print beside the white margin is no code otherwise. */
static void stretch(const struct picture *picture, const struct look *look, unsigned char to[256])
{
	unsigned least = 255, most = 0;
	size_t n = (size_t)picture->width * picture->height;
	for (size_t i = 0; i < n; i++) {
		unsigned value = grey_of(picture->pixels + i * picture->channels, picture->channels, look);
		least = value < least ? value : least;
		most = value > most ? value : most;
	}
	for (unsigned value = 0; value < 256; value++) {
		unsigned above = value < least ? 0 : value > most ? most - least : value - least;
		to[value] = (unsigned char)(most > least ? above * 255 / (most - least) : 255);
	}
}

struct grey picture_grey(const struct picture *picture, const struct look *look)
{
	unsigned factor = look->factor, width = picture->width * factor, height = picture->height * factor;
	unsigned margin = (width > height ? width : height) / 8;
	margin = margin < MARGIN_LEAST ? MARGIN_LEAST : margin > MARGIN_MOST ? MARGIN_MOST : margin;
	struct grey grey = {.width = width + 2 * margin, .height = height + 2 * margin};
	size_t size = (size_t)grey.width * grey.height;
	unsigned char to[256];
	grey.pixels = malloc(size);
	if (!grey.pixels)
		return grey;
	memset(grey.pixels, 255, size);
	stretch(picture, look, to);
	for (unsigned y = 0; y < height; y++) {
		unsigned char *line = grey.pixels + (size_t)(y + margin) * grey.width + margin;
		const unsigned char *from = picture->pixels +
					    (size_t)(y / factor) * picture->width * picture->channels;
		for (unsigned x = 0; x < width; x++)
			line[x] = to[grey_of(from + (size_t)(x / factor) * picture->channels,
					     picture->channels, look)];
	}
	return grey;
}
