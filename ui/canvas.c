#include "ui/canvas.h"

#include "base/text.h"

#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SIZE_MOST 1000
#define DEPTH_MOST 16
#define CLUSTERS_MOST 4096
#define CLUSTER_BYTES 64

struct canvas {
	int width, height;
	bool ascii;
	struct cell *cells;
	int depth; /* clips entered; beyond DEPTH_MOST only counted */
	struct rect clips[DEPTH_MOST + 1];
	GPtrArray *clusters;  /* index → UTF-8, owned */
	GHashTable *by_bytes; /* the same strings → index */
	struct buf scratch;
};

static const struct style ground_style = {ROLE_TEXT, ROLE_GROUND, 0};

static struct rect intersect(struct rect a, struct rect b)
{
	/* In 64 bits, as a caller may name a rectangle that is as wide as an int. */
	int64_t x0 = MAX(a.x, b.x), y0 = MAX(a.y, b.y);
	int64_t x1 = MIN((int64_t)a.x + a.width, (int64_t)b.x + b.width);
	int64_t y1 = MIN((int64_t)a.y + a.height, (int64_t)b.y + b.height);
	if (x1 <= x0 || y1 <= y0)
		return (struct rect){a.x, a.y, 0, 0};
	return (struct rect){(int)x0, (int)y0, (int)(x1 - x0), (int)(y1 - y0)};
}

static struct rect clip_of(const struct canvas *canvas)
{
	return canvas->clips[MIN(canvas->depth, DEPTH_MOST)];
}

struct rect canvas_clip(const struct canvas *canvas)
{
	struct rect clip = clip_of(canvas);
	return (struct rect){0, 0, clip.width, clip.height};
}

/* What of a rectangle relative to the clip is drawn, in cells of the canvas. */
static struct rect visible(const struct canvas *canvas, struct rect rect)
{
	struct rect clip = clip_of(canvas);
	struct rect whole = {0, 0, clip.width, clip.height};
	struct rect part = intersect(whole, rect);
	part.x += clip.x;
	part.y += clip.y;
	return part;
}

struct canvas *canvas_new(int width, int height, bool ascii)
{
	struct canvas *canvas = g_new0(struct canvas, 1);
	canvas->ascii = ascii;
	canvas->clusters = g_ptr_array_new_with_free_func(g_free);
	canvas->by_bytes = g_hash_table_new(g_str_hash, g_str_equal);
	buf_init(&canvas->scratch, BUF_CEILING_LINE);
	canvas_resize(canvas, width, height);
	return canvas;
}

void canvas_free(struct canvas *canvas)
{
	if (!canvas)
		return;
	g_hash_table_destroy(canvas->by_bytes);
	g_ptr_array_free(canvas->clusters, TRUE);
	buf_fini(&canvas->scratch);
	g_free(canvas->cells);
	g_free(canvas);
}

void canvas_resize(struct canvas *canvas, int width, int height)
{
	width = CLAMP(width, 1, SIZE_MOST);
	height = CLAMP(height, 1, SIZE_MOST);
	if (width != canvas->width || height != canvas->height) {
		g_free(canvas->cells);
		/* One more, so that there is one behind each. */
		canvas->cells = g_new0(struct cell, (gsize)width * (gsize)height + 1);
		canvas->cells[(gsize)width * (gsize)height].glyph = ' ';
		canvas->width = width;
		canvas->height = height;
		g_hash_table_remove_all(canvas->by_bytes);
		g_ptr_array_set_size(canvas->clusters, 0);
	}
	canvas->depth = 0;
	canvas->clips[0] = (struct rect){0, 0, width, height};
	canvas_clear(canvas, ground_style);
}

int canvas_width(const struct canvas *canvas) { return canvas->width; }

int canvas_height(const struct canvas *canvas) { return canvas->height; }

bool canvas_ascii(const struct canvas *canvas) { return canvas->ascii; }

uint32_t canvas_glyph(const struct canvas *canvas, uint32_t utf8_glyph, char ascii_fallback)
{
	return canvas->ascii ? (uint32_t)(unsigned char)ascii_fallback : utf8_glyph;
}

void canvas_enter(struct canvas *canvas, struct rect rect)
{
	struct rect part = visible(canvas, rect);
	if (++canvas->depth <= DEPTH_MOST)
		canvas->clips[canvas->depth] = part;
}

void canvas_leave(struct canvas *canvas)
{
	if (canvas->depth > 0)
		canvas->depth--;
}

static struct cell *row_of(const struct canvas *canvas, int y)
{
	return canvas->cells + (size_t)y * (size_t)canvas->width;
}

/* Before the cells x0 <= x < x1 are written over: the other halves of wide characters that they cut become blanks. */
static void cut_edges(const struct canvas *canvas, struct cell *row, int x0, int x1)
{
	if (x0 > 0 && row[x0].glyph == GLYPH_TAIL)
		row[x0 - 1].glyph = ' ';
	if (x1 < canvas->width && row[x1].glyph == GLYPH_TAIL)
		row[x1].glyph = ' ';
}

/* Appends to the scratch buffer what is shown of a text. */
static const char *shown(struct canvas *canvas, const char *text, size_t length)
{
	buf_reset(&canvas->scratch);
	text_add_shown(&canvas->scratch, text, length, canvas->ascii);
	return buf_text(&canvas->scratch);
}

/* The glyph for a shown cluster. *cells becomes less when the cluster cannot be kept whole. */
static uint32_t intern(struct canvas *canvas, const char *bytes, unsigned *cells)
{
	uint32_t first;
	size_t length = strlen(bytes), used = text_decode(bytes, length, &first);
	if (used == length)
		return first;
	gpointer index;
	if (g_hash_table_lookup_extended(canvas->by_bytes, bytes, NULL, &index))
		return GLYPH_CLUSTER + GPOINTER_TO_UINT(index);
	if (length >= CLUSTER_BYTES || canvas->clusters->len >= CLUSTERS_MOST) {
		*cells = MIN(*cells, (unsigned)text_width(bytes, used));
		return *cells ? first : ' ';
	}
	char *copy = g_strndup(bytes, length);
	g_hash_table_insert(canvas->by_bytes, copy, GUINT_TO_POINTER(canvas->clusters->len));
	g_ptr_array_add(canvas->clusters, copy);
	return GLYPH_CLUSTER + canvas->clusters->len - 1;
}

/* The cell at a place of the clip, NULL outside. */
static struct cell *cell_at(const struct canvas *canvas, int x, int y)
{
	const struct rect *clip = &canvas->clips[MIN(canvas->depth, DEPTH_MOST)];
	if (x < 0 || y < 0 || x >= clip->width || y >= clip->height)
		return NULL;
	return row_of(canvas, clip->y + y) + clip->x + x;
}

/* Writes a glyph of `cells` at a place of the clip; what is cut at its edges becomes blanks. */
static void place(struct canvas *canvas, int x, int y, uint32_t glyph, unsigned cells, struct style style)
{
	struct cell *one = cells == 1 ? cell_at(canvas, x, y) : NULL;
	if (one && one->glyph != GLYPH_TAIL && one[1].glyph != GLYPH_TAIL) {
		*one = (struct cell){glyph, style};
		return;
	}
	struct rect part = visible(canvas, (struct rect){x, y, (int)cells, 1});
	if (part.width <= 0)
		return;
	struct cell *row = row_of(canvas, part.y);
	cut_edges(canvas, row, part.x, part.x + part.width);
	if (part.width < (int)cells) {
		row[part.x] = (struct cell){' ', style};
		return;
	}
	row[part.x] = (struct cell){glyph, style};
	if (cells == 2)
		row[part.x + 1] = (struct cell){GLYPH_TAIL, style};
}

/* Box drawing, blocks, marks, braille, dots: what panes draw most, one cell each. (U+25FD and U+25FE are wide.) */
static bool drawn(uint32_t c)
{
	return (c >= 0x2500 && c < 0x25FD) || (c >= 0x2800 && c < 0x2900) || c == 0x2022 || c == 0x2026 ||
	       c == 0xB7 || c == 0xB0;
}

/* Writes one cluster of a text and returns its cells. */
static int place_cluster(struct canvas *canvas, int x, int y, const char *text, size_t length, unsigned cells,
			 struct style style)
{
	if (cells == 0)
		return 0;
	unsigned kept = cells;
	uint32_t glyph;
	/* Most clusters are one character that is shown as it is. */
	bool same = text_decode(text, length, &glyph) == length &&
		    (drawn(glyph) || (!text_is_control(glyph) && text_original(glyph) == glyph));
	if (!same || (canvas->ascii && glyph > 0x7E))
		glyph = intern(canvas, shown(canvas, text, length), &kept);
	if (kept == 2 || cells == 1) {
		place(canvas, x, y, glyph, cells, style);
	} else {
		place(canvas, x, y, glyph, 1, style);
		place(canvas, x + 1, y, ' ', 1, style);
	}
	return (int)cells;
}

static bool plain_or_end(const char *text, size_t length, size_t at)
{
	return at == length || (text[at] >= 0x20 && text[at] < 0x7F);
}

/* The cluster at the start of a text as this canvas shows it; 0 at its end. In ASCII each is one letter. */
static size_t next_cluster(const struct canvas *canvas, const char *text, size_t length, unsigned *cells)
{
	uint32_t first;
	size_t used = text_decode(text, length, &first);
	/* Behind a plain character nothing belongs to the one before. */
	if (used > 0 && ((first >= 0x20 && first < 0x7F) || drawn(first)) &&
	    plain_or_end(text, length, used)) {
		*cells = 1;
		return used;
	}
	used = text_cluster(text, length, cells);
	if (canvas->ascii && used > 0)
		*cells = 1;
	return used;
}

/* The shown form of one character and its cells, 1 or 2. */
static uint32_t clean(struct canvas *canvas, uint32_t codepoint, unsigned *cells)
{
	*cells = 1;
	if ((codepoint >= 0x20 && codepoint < 0x7F) || (!canvas->ascii && drawn(codepoint)))
		return codepoint;
	char bytes[4];
	size_t length = text_encode(codepoint, bytes);
	next_cluster(canvas, bytes, length, cells);
	if (*cells == 0) {
		*cells = 1;
		return ' ';
	}
	uint32_t glyph;
	const char *text = shown(canvas, bytes, length);
	text_decode(text, strlen(text), &glyph);
	return glyph;
}

void canvas_put(struct canvas *canvas, int x, int y, uint32_t codepoint, struct style style)
{
	unsigned cells;
	uint32_t glyph = clean(canvas, codepoint, &cells);
	place(canvas, x, y, glyph, cells, style);
}

static void fill_row(struct canvas *canvas, struct rect part, uint32_t glyph, struct style style)
{
	struct cell *row = row_of(canvas, part.y);
	cut_edges(canvas, row, part.x, part.x + part.width);
	for (int i = 0; i < part.width; i++)
		row[part.x + i] = (struct cell){glyph, style};
}

void canvas_fill(struct canvas *canvas, struct rect rect, uint32_t glyph, struct style style)
{
	unsigned cells;
	struct rect part = visible(canvas, rect);
	glyph = clean(canvas, glyph, &cells);
	for (int y = 0; y < part.height && part.width > 0; y++) {
		struct rect line = {part.x, part.y + y, part.width, 1};
		fill_row(canvas, line, cells == 2 ? ' ' : glyph, style);
		struct cell *row = row_of(canvas, line.y) + line.x;
		for (int x = 0; cells == 2 && x + 1 < line.width; x += 2) {
			row[x].glyph = glyph;
			row[x + 1].glyph = GLYPH_TAIL;
		}
	}
}

void canvas_clear(struct canvas *canvas, struct style style)
{
	canvas_fill(canvas, canvas_clip(canvas), ' ', style);
}

void canvas_restyle(struct canvas *canvas, struct rect rect, int fg, int bg, int attrs)
{
	struct rect part = visible(canvas, rect);
	for (int y = part.y; y < part.y + part.height; y++)
		for (int x = part.x; x < part.x + part.width; x++) {
			struct style *style = &row_of(canvas, y)[x].style;
			style->fg = fg < 0 ? style->fg : (uint8_t)fg;
			style->bg = bg < 0 ? style->bg : (uint8_t)bg;
			style->attrs = attrs < 0 ? style->attrs : (uint16_t)attrs;
		}
}

bool canvas_copy(const struct canvas *canvas, struct rect rect, struct cell *out)
{
	struct rect part = visible(canvas, rect);
	size_t row = (size_t)rect.width;
	uint32_t any = 0;
	if (part.width != rect.width || part.height != rect.height)
		return false;
	for (int y = part.y; y < part.y + part.height; y++)
		for (int x = part.x; x < part.x + part.width; x++)
			any |= row_of(canvas, y)[x].glyph;
	if (any & GLYPH_CLUSTER)
		return false;
	for (int y = 0; y < part.height; y++)
		memcpy(out + (size_t)y * row, row_of(canvas, part.y + y) + part.x, row * sizeof(*out));
	return true;
}

void canvas_paste(struct canvas *canvas, struct rect rect, const struct cell *cells)
{
	struct rect part = visible(canvas, rect);
	size_t row = (size_t)rect.width;
	if (part.width != rect.width || part.height != rect.height)
		return;
	for (int y = 0; y < part.height; y++) {
		struct cell *to = row_of(canvas, part.y + y);
		cut_edges(canvas, to, part.x, part.x + part.width);
		memcpy(to + part.x, cells + (size_t)y * row, row * sizeof(*cells));
	}
}

uint8_t canvas_ground(const struct canvas *canvas, int x, int y)
{
	const struct cell *cell = cell_at(canvas, x, y);
	return cell ? cell->style.bg : (uint8_t)ROLE_GROUND;
}

/* Printable ASCII at the start, counted no further than `most`. */
static int plain_span(const char *text, int most)
{
	int n = 0;
	while (n < most && text[n] >= 0x20 && text[n] < 0x7F)
		n++;
	return n;
}

static void place_plain(struct canvas *canvas, int x, int y, const char *text, int n, struct style style)
{
	struct rect part = visible(canvas, (struct rect){x, y, n, 1});
	if (part.width <= 0)
		return;
	struct cell *row = row_of(canvas, part.y) + part.x;
	const char *from = text + (part.x - clip_of(canvas).x - x);
	cut_edges(canvas, row - part.x, part.x, part.x + part.width);
	for (int i = 0; i < part.width; i++)
		row[i] = (struct cell){(unsigned char)from[i], style};
}

static void place_cut_mark(struct canvas *canvas, int x, int y, struct style style)
{
	place(canvas, x, y, canvas_glyph(canvas, 0x2026, '~'), 1, style);
}

/* The general way: bytes up to `end` are drawn, cluster by cluster. Returns the cells. */
static int place_clusters(struct canvas *canvas, int x, int y, const char *text, size_t end,
			  struct style style)
{
	int used = 0;
	for (size_t at = 0; at < end;) {
		unsigned cells;
		/* The last plain character may carry a mark that follows. */
		int plain = plain_span(text + at, (int)MIN(end - at, SIZE_MOST)) - 1;
		if (plain > 0) {
			place_plain(canvas, x + used, y, text + at, plain, style);
			used += plain;
			at += (size_t)plain;
		}
		size_t bytes = next_cluster(canvas, text + at, end - at, &cells);
		used += place_cluster(canvas, x + used, y, text + at, bytes, cells, style);
		at += bytes;
	}
	return used;
}

/* The bytes of the longest run of whole clusters in `cells`. */
static size_t fit(const struct canvas *canvas, const char *text, size_t length, int cells)
{
	/* Of the plain start all but the last character, which may carry a mark, is a cell each. */
	size_t at = (size_t)MAX(plain_span(text, (int)MIN((size_t)cells, length)) - 1, 0), bytes;
	unsigned more;
	cells -= (int)at;
	while ((bytes = next_cluster(canvas, text + at, length - at, &more)) > 0 && (int)more <= cells) {
		cells -= (int)more;
		at += bytes;
	}
	return at;
}

int canvas_text(struct canvas *canvas, int x, int y, int cells, const char *text, struct style style)
{
	int64_t room = (int64_t)clip_of(canvas).width - x;
	int limit = (int)MIN(cells < 0 ? SIZE_MOST * 4 : cells, MIN(room, SIZE_MOST * 4));
	if (!text || limit <= 0)
		return 0;
	int plain = plain_span(text, limit + 1);
	if (plain > limit) {
		place_plain(canvas, x, y, text, limit - 1, style);
		place_cut_mark(canvas, x + limit - 1, y, style);
		return limit;
	}
	if (!text[plain]) {
		place_plain(canvas, x, y, text, plain, style);
		return plain;
	}
	size_t length = strlen(text), end = fit(canvas, text, length, limit);
	if (end == length)
		return place_clusters(canvas, x, y, text, end, style);
	int used = place_clusters(canvas, x, y, text, fit(canvas, text, length, limit - 1), style);
	place_cut_mark(canvas, x + used, y, style);
	return used + 1;
}

int canvas_text_width(const struct canvas *canvas, const char *text)
{
	if (!text)
		return 0;
	size_t length = strlen(text), width = 0, at = 0, bytes;
	if (length <= SIZE_MOST && (size_t)plain_span(text, (int)length) == length)
		return (int)length;
	if (!canvas->ascii)
		return (int)MIN(text_width(text, length), (size_t)G_MAXINT);
	unsigned cells;
	for (; (bytes = next_cluster(canvas, text + at, length - at, &cells)) > 0; at += bytes)
		width += cells;
	return (int)MIN(width, (size_t)G_MAXINT);
}

int canvas_text_right(struct canvas *canvas, int x, int y, int cells, const char *text, struct style style)
{
	if (!text)
		return 0;
	if (cells < 0)
		cells = MAX(clip_of(canvas).width - x, 0);
	int width = MIN(canvas_text_width(canvas, text), cells);
	return canvas_text(canvas, x + cells - width, y, width, text, style);
}

int canvas_textf(struct canvas *canvas, int x, int y, int cells, struct style style, const char *format, ...)
{
	char small[512], *large = NULL;
	va_list args;
	va_start(args, format);
	int length = vsnprintf(small, sizeof(small), format, args);
	va_end(args);
	if (length < 0)
		return 0;
	if ((size_t)length >= sizeof(small)) {
		va_start(args, format);
		large = g_strdup_vprintf(format, args);
		va_end(args);
	}
	int used = canvas_text(canvas, x, y, cells, large ? large : small, style);
	g_free(large);
	return used;
}

void canvas_titled_rule(struct canvas *canvas, int y, const char *title, const char *figure, bool focus)
{
	int width = clip_of(canvas).width, end = 0;
	struct style rule = focus ? STYLE(RULE_FOCUS) : STYLE(RULE);
	canvas_fill(canvas, (struct rect){0, y, width, 1}, canvas_glyph(canvas, 0x2500, '-'), rule);
	if (title && *title && width > 4) {
		end = 3 + canvas_text(canvas, 2, y, width - 4, title, STYLE(TITLE));
		canvas_put(canvas, 1, y, ' ', rule);
		canvas_put(canvas, end - 1, y, ' ', rule);
	}
	/* A figure that is cut would say something else, so it is whole or absent. */
	int cells = canvas_text_width(canvas, figure);
	if (cells == 0 || end + 1 + cells + 3 > width)
		return;
	canvas_put(canvas, width - cells - 3, y, ' ', rule);
	canvas_text(canvas, width - cells - 2, y, cells, figure, STYLE(DIM));
	canvas_put(canvas, width - 2, y, ' ', rule);
}

const struct cell *canvas_row(const struct canvas *canvas, int y)
{
	return y >= 0 && y < canvas->height ? row_of(canvas, y) : NULL;
}

const char *canvas_cluster(const struct canvas *canvas, uint32_t glyph)
{
	uint32_t index = glyph - GLYPH_CLUSTER;
	if (glyph < GLYPH_CLUSTER || index >= canvas->clusters->len)
		return "";
	return g_ptr_array_index(canvas->clusters, index);
}

static void dump_text(const struct canvas *canvas, const struct cell *row, struct buf *out)
{
	buf_addc(out, '|');
	for (int x = 0; x < canvas->width; x++) {
		char bytes[4];
		if (row[x].glyph >= GLYPH_CLUSTER)
			buf_adds(out, canvas_cluster(canvas, row[x].glyph));
		else if (row[x].glyph != GLYPH_TAIL)
			buf_add(out, bytes, text_encode(row[x].glyph, bytes));
	}
	buf_adds(out, "|\n");
}

static bool same_style(struct style a, struct style b)
{
	return a.fg == b.fg && a.bg == b.bg && a.attrs == b.attrs;
}

static void dump_run(struct style style, int count, struct buf *out)
{
	static const char letters[] = "bduri";
	buf_addf(out, " %s", role_name(style.fg));
	if (style.bg != ROLE_GROUND)
		buf_addf(out, "/%s", role_name(style.bg));
	if (style.attrs)
		buf_addc(out, '+');
	for (int i = 0; letters[i]; i++)
		if (style.attrs & (1u << i))
			buf_addc(out, letters[i]);
	buf_addf(out, ":%d", count);
}

static void dump_roles(const struct canvas *canvas, int y, struct buf *out)
{
	const struct cell *row = row_of(canvas, y);
	int ordinary = 0;
	while (ordinary < canvas->width && same_style(row[ordinary].style, ground_style))
		ordinary++;
	if (ordinary == canvas->width)
		return;
	buf_addf(out, "%d:", y);
	for (int x = 0, from = 0; x < canvas->width; x++)
		if (x + 1 == canvas->width || !same_style(row[x].style, row[x + 1].style)) {
			dump_run(row[x].style, x + 1 - from, out);
			from = x + 1;
		}
	buf_addc(out, '\n');
}

void canvas_dump(const struct canvas *canvas, bool roles, struct buf *out)
{
	for (int y = 0; y < canvas->height; y++)
		dump_text(canvas, row_of(canvas, y), out);
	for (int y = 0; roles && y < canvas->height; y++)
		dump_roles(canvas, y, out);
}
