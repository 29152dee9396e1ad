/* Any bytes as a theme: read or refused with a place. What was read paints every role at every depth with colours that the depth has. */
#include "ui/theme.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_color(int32_t color, enum depth depth)
{
	static const int32_t most[] = {
		[DEPTH_MONO] = THEME_DEFAULT, [DEPTH_8] = 7, [DEPTH_16] = 15, [DEPTH_256] = 255,
		[DEPTH_DIRECT] = 0xFFFFFF,
	};
	if (color < THEME_DEFAULT || color > most[depth])
		abort();
}

static void check(const struct theme *theme)
{
	for (int role = 0; role < ROLE_COUNT; role++)
		for (enum depth depth = DEPTH_MONO; depth <= DEPTH_DIRECT; depth++) {
			const struct style style = {(uint16_t)role, (uint16_t)role, 0};
			struct paint paint = theme_paint(theme, depth, style);
			check_color(paint.fg, depth);
			check_color(paint.bg, depth);
			if (paint.attrs >= ATTR_ITALIC * 2)
				abort();
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct theme *theme = NULL;
	struct problem problem = {0};
	int err = theme_parse("fuzz.theme", (const char *)data, size, &theme, &problem);
	if (err == ERR_OK)
		check(theme);
	else if (err != ERR_CONFIG || theme || problem.code != ERR_CONFIG || !problem.what[0] ||
		 !problem.why[0])
		abort();
	theme_free(theme);
	return 0;
}
