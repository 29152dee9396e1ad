/* Large answers, element by element: a list deep in an answer is never a tree as a whole, so memory stays small and in the cache. */
#ifndef LODGE_API_BUTLR_WALK_H
#define LODGE_API_BUTLR_WALK_H

#include "base/err.h"
#include "base/jsonx_scan.h"

#include <stdbool.h>
#include <stddef.h>

#define BUTLR_KEY 48 /* longer keys, and those with escapes, are "" */

/* One step through the members of an object or the elements of an array. */
struct butlr_walk {
	struct jsonx_scan scan;
	unsigned char close;
	bool begun;
	char key[BUTLR_KEY]; /* of the member under the cursor */
};

/* The cursor over a whole document; a BOM is passed. */
struct jsonx_scan butlr_walk_bytes(const char *bytes, size_t length);

/* '{', '[', or another first byte of the value under the cursor; 0 at the end. */
static inline unsigned char butlr_walk_peek(struct jsonx_scan *scan)
{
	if (scan->at < scan->end && *scan->at <= ' ')
		jsonx_scan_blank(scan);
	return scan->at < scan->end ? *scan->at : 0;
}

/* Passes the opening bracket of the object or array under the cursor. */
void butlr_walk_open(struct butlr_walk *walk, const struct jsonx_scan *scan);

/* Moves to the next member or element: 1 with walk->scan at its value, which the caller passes; 0 after the closing bracket; ERR_PARSE. */
int butlr_walk_next(struct butlr_walk *walk);

/* A JSON number in plain or exponent form at the cursor, passed. False (cursor anywhere) when it is not one. Independent of locale. */
bool butlr_walk_number(struct jsonx_scan *scan, double *number);

/* ERR_PARSE with the place of the fault. */
int butlr_walk_fault(const struct jsonx_scan *scan, struct problem *problem) LODGE_MUST_USE;

#endif
