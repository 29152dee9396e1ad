/* A PNG file to grey pixels. */
#ifndef LODGE_SCAN_PICTURE_H
#define LODGE_SCAN_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#define PICTURE_SIDE_MOST 4096

struct picture {
	unsigned width, height, channels; /* 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha; 8 bits each */
	unsigned char *pixels;            /* width * height * channels */
};

/* False when it is no PNG, is broken before its last line, or is larger than PICTURE_SIDE_MOST. */
bool picture_read(const unsigned char *bytes, size_t length, struct picture *picture);
void picture_fini(struct picture *picture);

/* How the picture is looked at. */
struct look {
	unsigned factor; /* each pixel becomes factor * factor */
	bool inverted;
	bool on_black; /* what shines through where it is transparent; else white */
};

struct grey {
	unsigned width, height;
	unsigned char *pixels;
};

/* With a white margin around it, for codes without a quiet zone. pixels is NULL when memory ends; the caller frees it. */
struct grey picture_grey(const struct picture *picture, const struct look *look);

#endif
