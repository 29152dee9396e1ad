/* A cell of a recorded screen, as bench_dash writes it and bench_floor reads it. */
#ifndef LODGE_TESTS_BENCH_SCREEN_H
#define LODGE_TESTS_BENCH_SCREEN_H

#include <stdint.h>

struct bench_cell {
	uint32_t glyph; /* one character */
	int16_t fg, bg; /* of 256; -1: the terminal's own */
	uint32_t attrs; /* 1 bold, 2 underlined, 4 reverse */
};

#endif
