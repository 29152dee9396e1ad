/* Themes: files of `role = #rrggbb [on-attributes]`, and what becomes of a role on a terminal of a given depth.
 *
 *   kind = dark                 # or light: which built-in theme gives the roles that are not given, and what "default" stands for in checks
 *   # comment
 *   text = #d0d4dc
 *   strong = #ffffff bold
 *   ground = default            # the terminal's own
 *   heat = inferno              # a palette: cividis, viridis, inferno, greys
 *   fill.0 = #0b2545            # levels not given are interpolated between those that are
 *   bad = #ff5f57 bold / 1 bold # after '/': the colour of 16 (0-15, default) and attributes for few colours
 *   fill.14 = #524715 / 4 58    # and one of 256 (16-255), where the nearest would not do
 */
#ifndef LODGE_UI_THEME_H
#define LODGE_UI_THEME_H

#include "base/err.h"
#include "ui/canvas.h"

enum depth { DEPTH_MONO, DEPTH_8, DEPTH_16, DEPTH_256, DEPTH_DIRECT };

struct theme;

/* A colour as a terminal takes it: direct 0xRRGGBB, an index (8, 16, 256), or THEME_DEFAULT. */
#define THEME_DEFAULT (-1)

struct paint {
	int32_t fg, bg;
	uint16_t attrs;
};

/* Reads a theme's text; `name` is for messages "NAME:LINE: …" (nearest known role, what was expected). Roles not given come from the built-in dusk, or
 * day where kind is light. At most 64 KiB. ERR_CONFIG. */
int theme_parse(const char *name, const char *text, size_t length, struct theme **theme,
		struct problem *problem) LODGE_MUST_USE;
/* By name from the built-in ones (dusk, day, contrast, mono), else a path, which is read at once. ERR_ABSENT, ERR_IO, ERR_CONFIG. */
int theme_load(const char *name_or_path, struct theme **theme, struct problem *problem) LODGE_MUST_USE;
void theme_free(struct theme *theme);
/* NULL-terminated names of the built-in themes and palettes. */
const char *const *theme_names(void);
const char *const *theme_palettes(void);
/* Switches the heat palette. ERR_ABSENT for an unknown one. */
int theme_set_palette(struct theme *theme, const char *palette);

/* Leaves the background to the terminal, whatever the theme says. */
void theme_keep_ground(struct theme *theme);
/* True for dark text on a light ground. */
bool theme_light(const struct theme *theme);

/* What to send for a style; roles beyond ROLE_COUNT are taken as text on ground. The attributes of a ground (bar, select, select.idle, field) add to
 * those of what stands on it. The first call for a depth fills its table, so a theme belongs to one thread. In mono, meaning that colour carried is carried by
 * attributes: a fixed set for roles that have a colour, the theme's own for those without. */
struct paint theme_paint(const struct theme *theme, enum depth depth, struct style style);
/* The role's true colour, -1 for the terminal's own: for contrast checks and pictures. */
int32_t theme_rgb(const struct theme *theme, enum role role);
/* WCAG 2 contrast ratio of two 0xRRGGBB colours, 1 to 21. */
double theme_contrast(int32_t a, int32_t b);

#endif
