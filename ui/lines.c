#include "ui/lines.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SIZE_MOST 1000
/* Beyond this a slanted line is cut before it is walked, so that a far corner costs no time. */
#define FAR 20000

enum arm { NORTH, EAST, SOUTH, WEST, ARMS };

struct joint {
	uint8_t arms[ARMS]; /* enum line_kind towards each neighbour */
	uint8_t kind;       /* the strongest, LINE_NONE: nothing here */
	struct style style;
};

/* A joint as it is drawn. */
struct stroke {
	int x, y;
	uint32_t glyph;
	struct style style;
};

/* What the joints look like is put together at the first drawing after a change: a plan is drawn far more often than it is laid out. */
struct lines {
	int width, height;
	struct joint *joints;
	GArray *strokes; /* of struct stroke, row by row */
	bool put_together, ascii;
};

/* Box drawing glyphs by arms (0 none, 1 light, 2 heavy): index north + 3 east + 9 south + 27 west. A line that ends in a cell fills it. */
/* clang-format off */
static const uint16_t glyphs[81] = {
	0x00b7, 0x2502, 0x2503, 0x2500, 0x2514, 0x2516, 0x2501, 0x2515, 0x2517,
	0x2502, 0x2502, 0x257f, 0x250c, 0x251c, 0x251e, 0x250d, 0x251d, 0x2521,
	0x2503, 0x257d, 0x2503, 0x250e, 0x251f, 0x2520, 0x250f, 0x2522, 0x2523,
	0x2500, 0x2518, 0x251a, 0x2500, 0x2534, 0x2538, 0x257c, 0x2536, 0x253a,
	0x2510, 0x2524, 0x2526, 0x252c, 0x253c, 0x2540, 0x252e, 0x253e, 0x2544,
	0x2512, 0x2527, 0x2528, 0x2530, 0x2541, 0x2542, 0x2532, 0x2546, 0x254a,
	0x2501, 0x2519, 0x251b, 0x257e, 0x2535, 0x2539, 0x2501, 0x2537, 0x253b,
	0x2511, 0x2525, 0x2529, 0x252d, 0x253d, 0x2543, 0x252f, 0x253f, 0x2547,
	0x2513, 0x252a, 0x252b, 0x2531, 0x2545, 0x2549, 0x2533, 0x2548, 0x254b,
};
/* clang-format on */

struct lines *lines_new(int width, int height)
{
	struct lines *lines = g_new0(struct lines, 1);
	lines->strokes = g_array_new(FALSE, FALSE, sizeof(struct stroke));
	lines_reset(lines, width, height);
	return lines;
}

void lines_free(struct lines *lines)
{
	if (!lines)
		return;
	g_free(lines->joints);
	g_array_free(lines->strokes, TRUE);
	g_free(lines);
}

void lines_reset(struct lines *lines, int width, int height)
{
	width = CLAMP(width, 1, SIZE_MOST);
	height = CLAMP(height, 1, SIZE_MOST);
	gsize cells = (gsize)width * (gsize)height;
	if (lines->joints && lines->width == width && lines->height == height) {
		memset(lines->joints, 0, cells * sizeof(*lines->joints));
	} else {
		g_free(lines->joints);
		lines->joints = g_new0(struct joint, cells);
	}
	lines->width = width;
	lines->height = height;
	lines->put_together = false;
}

static struct joint *joint_at(const struct lines *lines, int x, int y)
{
	if (x < 0 || y < 0 || x >= lines->width || y >= lines->height)
		return NULL;
	return lines->joints + (size_t)y * (size_t)lines->width + x;
}

/* Marks a cell as part of a line that leaves it through `arm`, or, with ARMS, that is this cell alone. */
static void mark(struct lines *lines, int x, int y, enum arm arm, enum line_kind kind, struct style style)
{
	struct joint *joint = joint_at(lines, x, y);
	if (!joint || kind == LINE_NONE)
		return;
	lines->put_together = false;
	if (arm < ARMS && joint->arms[arm] < kind)
		joint->arms[arm] = (uint8_t)kind;
	if (joint->kind <= kind) {
		joint->kind = (uint8_t)kind;
		joint->style = style;
	}
}

/* Joins a cell with its neighbour in the direction (dx, dy). */
static void step(struct lines *lines, int x, int y, int dx, int dy, enum line_kind kind, struct style style)
{
	enum arm out = dx ? (dx > 0 ? EAST : WEST) : dy > 0 ? SOUTH : NORTH;
	mark(lines, x, y, out, kind, style);
	mark(lines, x + dx, y + dy, (enum arm)((out + 2) % ARMS), kind, style);
}

static int sign(int64_t value) { return (value > 0) - (value < 0); }

static bool outside(const struct lines *lines, int x0, int y0, int x1, int y1)
{
	return MAX(x0, x1) < 0 || MAX(y0, y1) < 0 || MIN(x0, x1) >= lines->width ||
	       MIN(y0, y1) >= lines->height;
}

void lines_add(struct lines *lines, int x0, int y0, int x1, int y1, enum line_kind kind, struct style style)
{
	if (x0 != x1 && y0 != y1) {
		lines_add_slanted(lines, x0, y0, x1, y1, kind, style);
		return;
	}
	if (outside(lines, x0, y0, x1, y1))
		return;
	/* One cell beyond the edge is enough to say that the line goes on. */
	x0 = CLAMP(x0, -1, lines->width);
	x1 = CLAMP(x1, -1, lines->width);
	y0 = CLAMP(y0, -1, lines->height);
	y1 = CLAMP(y1, -1, lines->height);
	int dx = sign(x1 - x0), dy = sign(y1 - y0);
	if (!dx && !dy)
		mark(lines, x0, y0, ARMS, kind, style);
	for (; x0 != x1 || y0 != y1; x0 += dx, y0 += dy)
		step(lines, x0, y0, dx, dy, kind, style);
}

/* One end of a line cut to |coordinate| <= FAR; false when nothing is left. Liang and Barsky's way, in doubles. */
static bool cut_far(int *x0, int *y0, int *x1, int *y1)
{
	double from = 0, to = 1, dx = (double)*x1 - *x0, dy = (double)*y1 - *y0;
	const double slope[] = {-dx, dx, -dy, dy};
	const double room[] = {*x0 + (double)FAR, (double)FAR - *x0, *y0 + (double)FAR, (double)FAR - *y0};
	for (int i = 0; i < 4; i++) {
		if (slope[i] == 0 && room[i] < 0)
			return false;
		if (slope[i] < 0)
			from = fmax(from, room[i] / slope[i]);
		if (slope[i] > 0)
			to = fmin(to, room[i] / slope[i]);
	}
	if (from > to)
		return false;
	*x1 = (int)lround(*x0 + to * dx);
	*y1 = (int)lround(*y0 + to * dy);
	*x0 = (int)lround(*x0 + from * dx);
	*y0 = (int)lround(*y0 + from * dy);
	return true;
}

void lines_add_slanted(struct lines *lines, int x0, int y0, int x1, int y1, enum line_kind kind,
		       struct style style)
{
	if (outside(lines, x0, y0, x1, y1) || !cut_far(&x0, &y0, &x1, &y1))
		return;
	/* Always downward, so that a wall that two rooms share takes the same steps from both ends. */
	if (y0 > y1) {
		int x = x0, y = y0;
		x0 = x1, y0 = y1;
		x1 = x, y1 = y;
	}
	int dx = abs(x1 - x0), dy = y1 - y0, across = sign(x1 - x0), down = sign(dy);
	if (!dx && !dy)
		mark(lines, x0, y0, ARMS, kind, style);
	/* Each step is along the row or the column, whichever is more behind: the middle of step i lies at (2i + 1) / 2n. */
	for (int i = 0, j = 0; i < dx || j < dy;) {
		bool along = j >= dy || (i < dx && (int64_t)(2 * i + 1) * dy <= (int64_t)(2 * j + 1) * dx);
		step(lines, x0, y0, along ? across : 0, along ? 0 : down, kind, style);
		x0 += along ? across : 0;
		y0 += along ? 0 : down;
		i += along;
		j += !along;
	}
}

void lines_open(struct lines *lines, int x, int y)
{
	struct joint *joint = joint_at(lines, x, y);
	if (joint)
		*joint = (struct joint){0};
	lines->put_together = false;
}

bool lines_at(const struct lines *lines, int x, int y)
{
	const struct joint *joint = joint_at(lines, x, y);
	return joint && joint->kind != LINE_NONE;
}

/* The kind of all arms of a joint that has only those along one axis, LINE_NONE when it has others or several kinds. */
static enum line_kind straight(const struct joint *joint, enum arm one, enum arm other)
{
	const uint8_t *arms = joint->arms;
	if (arms[(one + 1) % ARMS] || arms[(other + 1) % ARMS])
		return LINE_NONE;
	if (arms[one] && arms[other] && arms[one] != arms[other])
		return LINE_NONE;
	return (enum line_kind)MAX(arms[one], arms[other]);
}

static uint32_t glyph_ascii(const struct joint *joint)
{
	static const char across[] = " .-=", down[] = " :|#";
	enum line_kind flat = straight(joint, EAST, WEST), upright = straight(joint, NORTH, SOUTH);
	if (flat)
		return (unsigned char)across[flat];
	if (upright)
		return (unsigned char)down[upright];
	bool heavy = true, light = false;
	for (int arm = 0; arm < ARMS; arm++) {
		heavy = heavy && (joint->arms[arm] == LINE_NONE || joint->arms[arm] == LINE_HEAVY);
		light = light || joint->arms[arm];
	}
	return !light ? '.' : heavy ? '#' : '+';
}

static uint32_t glyph_box(const struct joint *joint)
{
	static const uint8_t weight[] = {
		[LINE_NONE] = 0, [LINE_DASHED] = 1, [LINE_LIGHT] = 1, [LINE_HEAVY] = 2};
	if (straight(joint, EAST, WEST) == LINE_DASHED)
		return 0x254C;
	if (straight(joint, NORTH, SOUTH) == LINE_DASHED)
		return 0x254E;
	const uint8_t *arms = joint->arms;
	return glyphs[weight[arms[NORTH]] + 3 * weight[arms[EAST]] + 9 * weight[arms[SOUTH]] +
		      27 * weight[arms[WEST]]];
}

static void put_together(struct lines *lines, bool ascii)
{
	if (lines->put_together && lines->ascii == ascii)
		return;
	g_array_set_size(lines->strokes, 0);
	for (int y = 0; y < lines->height; y++)
		for (int x = 0; x < lines->width; x++) {
			const struct joint *joint = joint_at(lines, x, y);
			if (joint->kind == LINE_NONE)
				continue;
			struct stroke stroke = {x, y, ascii ? glyph_ascii(joint) : glyph_box(joint),
						joint->style};
			g_array_append_val(lines->strokes, stroke);
		}
	lines->put_together = true;
	lines->ascii = ascii;
}

void lines_draw(struct lines *lines, struct canvas *canvas)
{
	put_together(lines, canvas_ascii(canvas));
	for (guint i = 0; i < lines->strokes->len; i++) {
		struct stroke stroke = g_array_index(lines->strokes, struct stroke, i);
		stroke.style.bg = canvas_ground(canvas, stroke.x, stroke.y);
		canvas_put(canvas, stroke.x, stroke.y, stroke.glyph, stroke.style);
	}
}
