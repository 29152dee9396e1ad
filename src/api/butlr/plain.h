/* A thermal frame read in place. A frame as servers write it needs no tree. Whatever looks different (an escape, a time as text, another nesting, null
 * pixels) goes the long way round by butlr_tree, which decides alone what is right. */
#ifndef LODGE_API_BUTLR_PLAIN_H
#define LODGE_API_BUTLR_PLAIN_H

#include "api/butlr/walk.h"

struct butlr_plain_frame {
	char address[64];
	double celsius[64];
	bool has_time, has_value;
	double start, sample;
};

/* Passes the element under the cursor and fills *frame when it is such a frame; otherwise false, and the cursor stays. */
bool butlr_plain_frame(struct jsonx_scan *scan, struct butlr_plain_frame *frame);

#endif
