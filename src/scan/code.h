/* The QR code in a picture. */
#ifndef LODGE_SCAN_CODE_H
#define LODGE_SCAN_CODE_H

#include "scan/picture.h"

#define CODE_BYTES_MOST 1200

struct code {
	unsigned char bytes[CODE_BYTES_MOST];
	size_t length;
};

/* False when there is none, there are several different ones, or it holds nothing or more than CODE_BYTES_MOST. */
bool code_find(const struct picture *picture, struct code *code);

#endif
