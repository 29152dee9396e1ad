/* What the files of the theme share. */
#ifndef LODGE_UI_THEME_INNER_H
#define LODGE_UI_THEME_INNER_H

#include "ui/theme.h"

/* Not given: derived from the true colour. */
#define FEW_DERIVED (-2)
#define THEME_DEPTHS (DEPTH_DIRECT + 1)

struct entry {
	int32_t rgb;       /* 0xRRGGBB or THEME_DEFAULT */
	int8_t few, few_8; /* of 16 and of 8 colours: an index, THEME_DEFAULT or FEW_DERIVED */
	int16_t many;      /* of 256: 16 to 255 or FEW_DERIVED */
	bool few_given;    /* few_attrs stand in place of attrs where there are few colours */
	uint16_t attrs, few_attrs;
	bool given;
};

/* A role as a terminal of one depth takes it. */
struct shade {
	int32_t fg, bg;
	uint16_t fg_attrs, bg_attrs;
};

struct tables {
	bool filled[THEME_DEPTHS];
	struct shade shades[THEME_DEPTHS][ROLE_COUNT];
};

struct theme {
	bool light;
	struct entry entries[ROLE_COUNT];
	struct tables *tables; /* filled at the first use of each depth */
};

/* Fills a table of theme->tables. */
void theme_fill(const struct theme *theme, enum depth depth);

/* Reads the text into entries that are empty; roles not named stay so. */
int theme_read(const char *name, const char *text, size_t length, struct theme *theme,
	       struct problem *problem) LODGE_MUST_USE;

void theme_apply_palette(struct theme *theme, const char *palette);

#endif
