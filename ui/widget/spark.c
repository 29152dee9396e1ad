#include "ui/widget/chart.h"

#include <math.h>

/* The lowest level says zero; all others are spread over what is above. */
static int level_of(double value, double most, int levels)
{
	if (!(value > 0))
		return 0;
	double part = most > 0 ? fmin(value / most, 1) : 1;
	int level = (int)ceil(part * (levels - 1) - 0.5);
	return level < 1 ? 1 : level;
}

void chart_spark(struct canvas *canvas, int x, int y, int cells, const double *values, size_t n, double most,
		 struct style style)
{
	static const char letters[] = "_.-=#";
	bool ascii = canvas_ascii(canvas);
	int levels = ascii ? (int)sizeof letters - 1 : 8;
	if (cells <= 0)
		return;
	if (n > (size_t)cells) {
		values += n - (size_t)cells;
		n = (size_t)cells;
	}
	if (isnan(most)) {
		most = 0;
		for (size_t i = 0; i < n; i++)
			most = isfinite(values[i]) ? fmax(most, values[i]) : most;
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t glyph = ' ';
		if (!isnan(values[i])) {
			int level = level_of(values[i], most, levels);
			glyph = ascii ? (uint32_t)letters[level] : 0x2581u + (uint32_t)level;
		}
		canvas_put(canvas, x + (int)i, y, glyph, style);
	}
}

void chart_bar(struct canvas *canvas, int x, int y, int cells, double part, double whole, struct style style)
{
	bool ascii = canvas_ascii(canvas);
	bool known = isfinite(part) && isfinite(whole) && whole > 0;
	struct style base = {ROLE_AXIS, style.bg, 0};
	int parts = ascii ? 1 : 8;
	int level = known ? (int)lround(fmax(0, fmin(part / whole, 1)) * cells * parts) : 0;
	/* Little must not look like nothing. */
	if (known && part > 0 && level < 1)
		level = 1;
	for (int i = 0; i < cells; i++) {
		int rest = level - i * parts;
		if (!known)
			canvas_put(canvas, x + i, y, ascii ? '.' : 0xB7, base);
		else if (rest <= 0)
			canvas_put(canvas, x + i, y, ascii ? '_' : 0x2581, base);
		else
			canvas_put(canvas, x + i, y,
				   ascii       ? '#'
				   : rest >= 8 ? 0x2588
					       : 0x2590u - (uint32_t)rest,
				   style);
	}
}
