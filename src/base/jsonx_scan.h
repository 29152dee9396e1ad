/* Finding where JSON values end, without understanding them: for jsonx.c, and for decoders of large answers that read plain numbers
 * without a tree. */
#ifndef LODGE_BASE_JSONX_SCAN_H
#define LODGE_BASE_JSONX_SCAN_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct jsonx_scan {
	const unsigned char *start, *at, *end;
};

/* What one value is made of. */
struct jsonx_extent {
	const unsigned char *start;
	size_t length;
	unsigned depth; /* of brackets; 0 for a scalar */
};

void jsonx_scan_blank(struct jsonx_scan *scan);

/* Passes one value; ERR_PARSE when the bytes end first or the brackets do not match (then `at` is the fault's
 * place). Scalars are passed whatever they hold. */
int jsonx_scan_value(struct jsonx_scan *scan, struct jsonx_extent *extent) LODGE_MUST_USE;

/* The values in it, itself included; keys do not count, empty brackets count twice. */
size_t jsonx_scan_count(const struct jsonx_extent *extent);

#endif
