/* What a terminal shows of a text: clusters, cells, cutting. */
#include "base/text.h"

#include <string.h>
#include <utf8proc.h>

#define REPLACEMENT 0xFFFDu
#define REGIONAL_FIRST 0x1F1E6u
#define REGIONAL_LAST 0x1F1FFu
#define EMOJI_PRESENTATION 0xFE0Fu

static const char ellipsis[] = "\xE2\x80\xA6";

/* The character that stands on the screen for one of raw or inert text. */
static uint32_t shown_of(uint32_t c)
{
	c = text_original(c);
	if (!text_is_control(c))
		return c;
	if (c < 0x20)
		return 0x2400 + c;
	return c == 0x7F ? 0x2421 : REPLACEMENT;
}

static unsigned cells_of(uint32_t c)
{
	if (c >= 0x20 && c < 0x7F)
		return 1;
	/* The later parts of a Korean syllable are drawn into its first. */
	if ((c >= 0x1160 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FF))
		return 0;
	int width = utf8proc_charwidth((utf8proc_int32_t)c);
	/* A character younger than the library's tables has no width there, but terminals print something. */
	if (width <= 0 && utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_CN)
		return c >= 0x1F000 && c < 0x40000 ? 2 : 1;
	return width < 0 ? 0 : width > 2 ? 2 : (unsigned)width;
}

/* One grapheme cluster at the start of a text. */
struct cluster {
	size_t bytes;
	unsigned cells;
	uint32_t first; /* its first character as shown */
};

static bool regional(uint32_t c) { return c >= REGIONAL_FIRST && c <= REGIONAL_LAST; }

static bool pictographic(uint32_t c)
{
	return utf8proc_get_property((utf8proc_int32_t)c)->boundclass ==
	       UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

/* True between two clusters; `first` begins the one in hand. Beyond Unicode's rules, a character that takes
 * cells joins only an emoji or the other half of a flag: a skin tone after a blank, or what follows U+0600,
 * stands alone. So the cells of a line are the sum of its parts, whatever stands side by side. */
static bool breaks(uint32_t first, uint32_t before, uint32_t c, utf8proc_int32_t *state)
{
	if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)before, (utf8proc_int32_t)c, state))
		return true;
	return cells_of(c) > 0 && !pictographic(first) && !(regional(before) && regional(c));
}

/* Reads the cluster at the start of `text`; false at the end. The boundaries are those of the shown text, so
 * that both count alike. */
static bool next_cluster(const char *text, size_t length, struct cluster *cluster)
{
	uint32_t c;
	size_t at = text_decode(text, length, &c);
	if (at == 0)
		return false;
	c = shown_of(c);
	*cluster = (struct cluster){.bytes = at, .cells = cells_of(c), .first = c};
	/* Plain ASCII before plain ASCII is a cluster of its own; most text is only this. */
	if (c < 0x7F && (at == length || (unsigned char)text[at] < 0x80))
		return true;
	utf8proc_int32_t state = 0;
	uint32_t before = c;
	while (at < length) {
		size_t used = text_decode(text + at, length - at, &c);
		c = shown_of(c);
		if (breaks(cluster->first, before, c, &state))
			break;
		unsigned cells = cells_of(c);
		if (cells > cluster->cells)
			cluster->cells = cells;
		if ((c == EMOJI_PRESENTATION && pictographic(before)) || (regional(before) && regional(c)))
			cluster->cells = 2;
		before = c;
		at += used;
	}
	cluster->bytes = at;
	return true;
}

/* Letters that Unicode does not take apart, and what a person types for them. */
static char plain_letter(uint32_t c)
{
	static const struct {
		uint32_t from;
		char to;
	} letters[] = {
		{0x00C6, 'A'}, {0x00D0, 'D'}, {0x00D8, 'O'}, {0x00DE, 'T'}, {0x00DF, 's'}, {0x00E6, 'a'},
		{0x00F0, 'd'}, {0x00F8, 'o'}, {0x00FE, 't'}, {0x0110, 'D'}, {0x0111, 'd'}, {0x0126, 'H'},
		{0x0127, 'h'}, {0x0131, 'i'}, {0x0138, 'k'}, {0x0141, 'L'}, {0x0142, 'l'}, {0x014A, 'N'},
		{0x014B, 'n'}, {0x0152, 'O'}, {0x0153, 'o'}, {0x0166, 'T'}, {0x0167, 't'}, {0x1E9E, 'S'},
	};
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (letters[i].from == c)
			return letters[i].to;
	return '?';
}

static char ascii_of(uint32_t c)
{
	if (c < 0x7F)
		return (char)c;
	utf8proc_int32_t parts[32];
	int boundary = 0;
	utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)c, parts, 32,
						     UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK,
						     &boundary);
	if (n == 1 && parts[0] >= 0x20 && parts[0] < 0x7F)
		return (char)parts[0];
	return plain_letter(c);
}

/* Shows one cluster. In ascii all of it is one letter, as its marks belong to that. */
static void add_cluster(struct buf *buf, const char *text, const struct cluster *cluster, bool ascii)
{
	if (ascii) {
		buf_addc(buf, ascii_of(cluster->first));
		return;
	}
	for (size_t at = 0; at < cluster->bytes;) {
		uint32_t c;
		char bytes[4];
		at += text_decode(text + at, cluster->bytes - at, &c);
		buf_add(buf, bytes, text_encode(shown_of(c), bytes));
	}
}

static size_t plain_span(const char *text, size_t length)
{
	size_t i = 0;
	while (i < length && text[i] >= 0x20 && text[i] < 0x7F)
		i++;
	return i;
}

void text_add_shown(struct buf *buf, const char *text, size_t length, bool ascii)
{
	if (!text)
		return;
	for (size_t at = 0; at < length;) {
		/* The last plain character may carry a mark that follows, so it goes the long way. */
		size_t plain = plain_span(text + at, length - at);
		if (plain > 0 && at + plain < length)
			plain--;
		buf_add(buf, text + at, plain);
		at += plain;
		struct cluster cluster;
		if (!next_cluster(text + at, length - at, &cluster))
			return;
		add_cluster(buf, text + at, &cluster, ascii);
		at += cluster.bytes;
	}
}

size_t text_width(const char *text, size_t length)
{
	size_t used = 0;
	if (text)
		text_fit(text, length, SIZE_MAX, &used);
	return used;
}

size_t text_fit(const char *text, size_t length, size_t cells, size_t *used)
{
	size_t at = 0, width = 0;
	struct cluster cluster;
	while (text && next_cluster(text + at, length - at, &cluster) && cluster.cells <= cells - width) {
		width += cluster.cells;
		at += cluster.bytes;
	}
	if (used)
		*used = width;
	return at;
}

size_t text_cluster(const char *text, size_t length, unsigned *cells)
{
	struct cluster cluster = {0};
	if (text)
		next_cluster(text, length, &cluster);
	*cells = cluster.cells;
	return cluster.bytes;
}

static void add_blanks(struct buf *buf, size_t count)
{
	static const char blanks[] = "                                ";
	for (; count >= sizeof(blanks) - 1; count -= sizeof(blanks) - 1)
		buf_add(buf, blanks, sizeof(blanks) - 1);
	buf_add(buf, blanks, count);
}

/* The cells and bytes of the longest prefix of whole clusters that fits, as it will be shown. */
static size_t fit_shown(const char *text, size_t length, size_t cells, bool ascii, size_t *used)
{
	if (!ascii)
		return text_fit(text, length, cells, used);
	size_t at = 0;
	struct cluster cluster;
	for (*used = 0; *used < cells && next_cluster(text + at, length - at, &cluster); (*used)++)
		at += cluster.bytes;
	return at;
}

void text_add_cell(struct buf *buf, const char *text, size_t cells, bool right, bool ascii)
{
	size_t length = text ? strlen(text) : 0, used = 0;
	size_t bytes = fit_shown(text, length, cells, ascii, &used);
	bool cut = bytes < length;
	if (cut && cells > 0) {
		bytes = fit_shown(text, length, cells - 1, ascii, &used);
		used++;
	}
	if (right)
		add_blanks(buf, cells - used);
	text_add_shown(buf, text, bytes, ascii);
	if (cut && cells > 0)
		buf_adds(buf, ascii ? "~" : ellipsis);
	if (!right)
		add_blanks(buf, cells - used);
}
