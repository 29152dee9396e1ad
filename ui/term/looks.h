/* Styles as a terminal shows them: a style is resolved through the theme once, styles that look alike share one look, and each look carries the bytes
 * that switch to it. */
#ifndef LODGE_UI_TERM_LOOKS_H
#define LODGE_UI_TERM_LOOKS_H

#include "ui/theme.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Look 0 is the terminal's own: default colours, no attributes. */
struct look {
	struct paint paint;
	int pair;       /* curses' colour pair; -1: not yet allocated */
	uint16_t blank; /* index + 1 of the look of a blank on this background; 0: not yet asked for */
	uint8_t fg_length, bg_length;
	char fg[18], bg[18]; /* SGR parameters: "38;5;123", "39" */
};

struct looks {
	struct look *list;
	size_t n, size;
	uint16_t *slots; /* hash of paint → index + 1 */
	size_t n_slots;
	uint16_t *by_style[32]; /* by attributes: ROLE_COUNT * ROLE_COUNT of index + 1 */
	const struct theme *theme;
	enum depth depth;
	uint16_t attrs, no_color;
	uint64_t fingerprint;
};

void looks_init(struct looks *looks, enum depth depth, uint16_t attrs, uint16_t no_color);
void looks_fini(struct looks *looks);
/* Before a frame. True when the theme gives other colours than before, or too many looks were collected: all indices are void. */
bool looks_begin(struct looks *looks, const struct theme *theme);
/* The index of a style's look. */
uint16_t looks_of(struct looks *looks, struct style style);
/* The look that all blanks share which look alike: that background, no attribute that a blank shows. The index itself when it shows one. */
uint16_t looks_blank(struct looks *looks, uint16_t index);

/* Attributes that are seen on a blank. */
#define LOOKS_ON_BLANK (ATTR_UNDERLINE | ATTR_REVERSE)

#endif
