/* The few value types that rows are made of, and how each says "not told".
 *
 *   text     const char *, inert (base/text.h), NULL = not told
 *   number   double, NAN = not told
 *   moment   int64_t ms, MOMENT_NONE = not told
 *   truth    int8_t, 1, 0, or TRUTH_UNKNOWN
 *   the structs below, by their own empty form
 */
#ifndef LODGE_MODEL_VALUE_H
#define LODGE_MODEL_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRUTH_UNKNOWN ((int8_t)-1)

/* Metres from the floor plan's lower left corner, x right, y up (butlr.md §9), unless a row says otherwise. NAN = not placed. */
struct point {
	double x, y;
};

/* n = 0: none. Polygons are not closed: the last vertex differs from the first. */
struct points {
	const struct point *at;
	size_t n;
};

/* NAN in [0] = not told. */
struct vector3 {
	double v[3];
};

/* set = false: not told. */
struct rgba {
	uint8_t r, g, b, a;
	bool set;
};

/* 8x8 °C, row 0 first as the vendor sent it; single NANs are pixels that were not told. */
struct grid8 {
	double c[64];
};

/* n = 0: none. */
struct words {
	const char *const *at;
	size_t n;
};

#endif
