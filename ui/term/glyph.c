#include "ui/term/glyph.h"
#include "base/text.h"

#include <glib.h>
#include <string.h>

uint32_t glyph_safe(uint32_t c, bool utf8)
{
	if (c >= 0x20 && c < 0x7F)
		return c;
	if (!utf8)
		return '?';
	/* Lines, blocks, braille: most of what is not ASCII. */
	if (c >= 0x2500 && c < 0x2900)
		return c;
	if (c < 0xA0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) || text_is_control(c) ||
	    text_original(c) != c)
		return '?';
	return c;
}

static uint32_t cluster_glyph(const char *text)
{
	uint32_t hash = 2166136261u;

	for (; text != NULL && *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	/* Never GLYPH_NOWHERE. */
	return GLYPH_CLUSTER | (hash & 0x3FFFFFFFu);
}

static uint32_t row_glyph(const struct canvas *canvas, uint32_t glyph, bool utf8)
{
	if (glyph == GLYPH_TAIL)
		return GLYPH_TAIL;
	if ((glyph & GLYPH_CLUSTER) != 0)
		return utf8 ? cluster_glyph(canvas_cluster(canvas, glyph)) : '?';
	return glyph_safe(glyph, utf8);
}

static bool is_wide(uint32_t glyph)
{
	return glyph >= 0x1100 && (glyph < 0x2500 || glyph >= 0x2900) && (glyph & GLYPH_CLUSTER) == 0 &&
	       g_unichar_iswide(glyph);
}

void glyph_row(const struct canvas *canvas, int y, int width, bool utf8, struct shown *row)
{
	int n = y < canvas_height(canvas) ? canvas_width(canvas) : 0;
	const struct cell *cells = n > 0 ? canvas_row(canvas, y) : NULL;

	n = n < width ? n : width;
	for (int x = 0; x < n; x++) {
		uint32_t glyph = row_glyph(canvas, cells[x].glyph, utf8);

		/* Half a character cannot be shown. */
		if (glyph == GLYPH_TAIL &&
		    (x == 0 || row[x - 1].glyph == GLYPH_TAIL || row[x - 1].glyph < 0x80))
			glyph = ' ';
		if (is_wide(glyph) && (x + 1 >= n || cells[x + 1].glyph != GLYPH_TAIL))
			glyph = '?';
		row[x].glyph = glyph;
		row[x].unused = 0;
	}
	for (int x = n < 0 ? 0 : n; x < width; x++)
		row[x] = (struct shown){.glyph = ' '};
}

size_t glyph_text(const struct canvas *canvas, int x, int y, uint32_t glyph, bool utf8, char out[GLYPH_BYTES])
{
	const char *text;
	size_t length, n = 0;

	if ((glyph & GLYPH_CLUSTER) == 0)
		return text_encode(glyph, out);
	text = canvas_cluster(canvas, canvas_row(canvas, y)[x].glyph);
	length = text != NULL ? strlen(text) : 0;
	for (size_t at = 0; at < length && n + 4 <= GLYPH_BYTES;) {
		uint32_t c;

		at += text_decode(text + at, length - at, &c);
		n += text_encode(glyph_safe(c, utf8), out + n);
	}
	if (n == 0)
		out[n++] = '?';
	return n;
}
