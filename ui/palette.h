/* The heat palettes, cold to hot. */
#ifndef LODGE_UI_PALETTE_H
#define LODGE_UI_PALETTE_H

#include "ui/role.h"

#include <stdint.h>

struct palette {
	const char *name;
	const int32_t *rgb;  /* ROLE_HEAT_LEVELS colours, 0xRRGGBB */
	const char *ramp_16; /* indices of the 16 colours, a hexadecimal digit each, cold to hot */
	const char *ramp_8;  /* the same of the 8 */
};

/* NULL-terminated. */
const char *const *palette_names(void);
/* NULL: unknown. */
const struct palette *palette_find(const char *name);
/* The index of a level on a terminal of 16 or of 8 colours. */
int palette_few(const struct palette *palette, int level, int colors);

#endif
