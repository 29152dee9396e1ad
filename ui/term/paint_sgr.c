#include "ui/term/paint_sgr.h"
#include "base/text.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define FRAME_CEILING (8u << 20)
/* A frame ends here, so that one never meets a ceiling; the rest follows at once. */
#define FRAME_MOST (2u << 20)
/* Greatest bytes for one cell: a cursor movement, a pen, a cluster. */
#define CELL_BYTES (16 + 64 + GLYPH_BYTES)
#define FRAME_ENDS 128
/* A row with more changes of look than this is a picture. */
#define TEXT_LOOKS 8
/* From here on erasing is shorter than blanks. */
#define ERASE_TO_END 4
#define ERASE_RUN 10
/* Unchanged cells that are written again rather than jumped over. */
#define STEP_OVER 4

static const char begin_update[] = "\033[?2026h", end_update[] = "\033[?2026l";
/* A frame this short is seen at once anyway. */
#define UPDATE_LEAST 256

void paint_sgr_init(struct paint_sgr *painter, const struct term_traits *traits, const struct term_caps *caps)
{
	*painter = (struct paint_sgr){.traits = traits,
				      .utf8 = caps->utf8,
				      .synchronized = caps->synchronized,
				      .clear = true,
				      .shows_cursor = -1,
				      .x = -1,
				      .y = -1};
	buf_init(&painter->frame, FRAME_CEILING);
}

void paint_sgr_fini(struct paint_sgr *painter)
{
	buf_fini(&painter->frame);
	g_clear_pointer(&painter->screen, g_free);
	g_clear_pointer(&painter->row, g_free);
	g_clear_pointer(&painter->drawn, g_free);
	g_clear_pointer(&painter->settled, g_free);
}

void paint_sgr_resize(struct paint_sgr *painter, int width, int height)
{
	painter->width = width;
	painter->height = height;
	painter->screen = g_renew(struct shown, painter->screen, (size_t)width * (size_t)height);
	painter->row = g_renew(struct shown, painter->row, (size_t)width + 1);
	painter->drawn = g_renew(struct cell, painter->drawn, (size_t)width * (size_t)height);
	painter->settled = g_renew(bool, painter->settled, (size_t)height);
	paint_sgr_touch(painter);
}

void paint_sgr_touch(struct paint_sgr *painter) { painter->clear = true; }

/* Every row has to be looked at, cell by cell. */
static void unsettle(struct paint_sgr *p) { memset(p->settled, 0, (size_t)p->height * sizeof *p->settled); }

/* --- bytes ---------------------------------------------------------------------------------------------- */

static void put(struct paint_sgr *p, const char *bytes, size_t length)
{
	memcpy(p->at, bytes, length);
	p->at += length;
}

static void put_string(struct paint_sgr *p, const char *text) { put(p, text, strlen(text)); }

static void put_number(struct paint_sgr *p, int number)
{
	char digits[12];
	size_t n = sizeof digits;

	do {
		digits[--n] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	put(p, digits + n, sizeof digits - n);
}

/* CSI n F, without the n where 1 is meant. */
static void put_csi(struct paint_sgr *p, int number, char final)
{
	put(p, "\033[", 2);
	if (number != 1)
		put_number(p, number);
	*p->at++ = final;
}

/* --- the cursor ----------------------------------------------------------------------------------------- */

static void move_to(struct paint_sgr *p, int x, int y)
{
	if (p->x == x && p->y == y)
		return;
	if (p->y == y && p->x >= 0 && x > p->x) {
		put_csi(p, x - p->x, 'C');
	} else if (p->y >= 0 && (p->y == y || p->y + 1 == y) && x == 0) {
		*p->at++ = '\r';
		if (p->y != y)
			*p->at++ = '\n'; /* the tty leaves it alone: one row down, the column stays */
	} else if (p->y == y && p->x > x && p->x - x < 10) {
		put_csi(p, p->x - x, 'D');
	} else {
		put(p, "\033[", 2);
		put_number(p, y + 1);
		if (x > 0) {
			*p->at++ = ';';
			put_number(p, x + 1);
		}
		*p->at++ = 'H';
	}
	p->x = x;
	p->y = y;
}

/* --- the pen -------------------------------------------------------------------------------------------- */

static void put_parameter(struct paint_sgr *p, const char *text, size_t length, bool *first)
{
	if (!*first)
		*p->at++ = ';';
	*first = false;
	put(p, text, length);
}

static void put_attrs(struct paint_sgr *p, unsigned attrs, bool *first)
{
	static const struct {
		enum attr attr;
		char on;
	} table[] = {{ATTR_BOLD, '1'},
		     {ATTR_DIM, '2'},
		     {ATTR_ITALIC, '3'},
		     {ATTR_UNDERLINE, '4'},
		     {ATTR_REVERSE, '7'}};

	for (size_t i = 0; attrs != 0 && i < G_N_ELEMENTS(table); i++)
		if ((attrs & table[i].attr) != 0)
			put_parameter(p, &table[i].on, 1, first);
}

/* Switches attributes off one by one; bold and dim have one off switch, so the other is put on again by the caller. */
static void put_attrs_off(struct paint_sgr *p, unsigned off, bool *first)
{
	if ((off & (ATTR_BOLD | ATTR_DIM)) != 0)
		put_parameter(p, "22", 2, first);
	if ((off & ATTR_ITALIC) != 0)
		put_parameter(p, "23", 2, first);
	if ((off & ATTR_UNDERLINE) != 0)
		put_parameter(p, "24", 2, first);
	if ((off & ATTR_REVERSE) != 0)
		put_parameter(p, "27", 2, first);
}

static int length_to(const struct paint *pen, const struct paint *to, const struct look *look)
{
	return (pen->fg != to->fg ? look->fg_length + 1 : 0) + (pen->bg != to->bg ? look->bg_length + 1 : 0);
}

/* Everything off first: always right, and sometimes shorter. */
static void pen_from_nothing(struct paint_sgr *p)
{
	p->pen = (struct paint){THEME_DEFAULT, THEME_DEFAULT, 0};
	p->pen_known = true;
}

static void change_attrs(struct paint_sgr *p, const struct paint *to, const struct look *look, bool *first)
{
	unsigned off = p->pen.attrs & (unsigned)~to->attrs;
	const struct paint nothing = {THEME_DEFAULT, THEME_DEFAULT, 0};
	int one_by_one = 3 * __builtin_popcount(off) + length_to(&p->pen, to, look);
	int anew = 2 * __builtin_popcount(to->attrs) + length_to(&nothing, to, look) + 1;

	if (!p->pen_known || (off != 0 && anew <= one_by_one)) {
		pen_from_nothing(p);
		if (to->attrs == 0 && to->fg < 0 && to->bg < 0)
			*first = false; /* CSI m */
		else
			put_parameter(p, "0", 1, first);
	} else if (off != 0) {
		put_attrs_off(p, off, first);
		p->pen.attrs &= (uint16_t)~off;
		if ((off & (ATTR_BOLD | ATTR_DIM)) != 0)
			p->pen.attrs &= (uint16_t) ~(ATTR_BOLD | ATTR_DIM);
	}
	put_attrs(p, to->attrs & (unsigned)~p->pen.attrs, first);
	p->pen.attrs = to->attrs;
}

/* A blank needs only the background. */
static void set_pen(struct paint_sgr *p, const struct look *look, bool blank)
{
	struct paint to = look->paint;
	bool first = true;

	if (blank && p->pen_known) {
		to.attrs = p->pen.attrs & (uint16_t)~LOOKS_ON_BLANK;
		to.fg = p->pen.fg;
	}
	if (p->pen_known && to.fg == p->pen.fg && to.bg == p->pen.bg && to.attrs == p->pen.attrs)
		return;
	if (blank && p->pen_known && to.attrs != p->pen.attrs) {
		/* The text of p->pen.fg is not at hand, so nothing may need it again. */
		to = look->paint;
	}
	put(p, "\033[", 2);
	if (!p->pen_known || to.attrs != p->pen.attrs)
		change_attrs(p, &to, look, &first);
	if (to.fg != p->pen.fg)
		put_parameter(p, look->fg, look->fg_length, &first);
	if (to.bg != p->pen.bg)
		put_parameter(p, look->bg, look->bg_length, &first);
	*p->at++ = 'm';
	p->pen = to;
}

/* --- cells ---------------------------------------------------------------------------------------------- */

static bool same(const struct shown *a, const struct shown *b) { return memcmp(a, b, sizeof *a) == 0; }

static bool is_plain_blank(const struct shown *cell, const struct looks *looks)
{
	return cell->glyph == ' ' && (looks->list[cell->look].paint.attrs & LOOKS_ON_BLANK) == 0;
}

static void fill_row(struct paint_sgr *p, struct looks *looks, const struct canvas *canvas, int y)
{
	int n = y < canvas_height(canvas) ? canvas_width(canvas) : 0;
	const struct cell *cells = n > 0 ? canvas_row(canvas, y) : NULL;
	struct style none = {ROLE_TEXT, ROLE_GROUND, 0};

	glyph_row(canvas, y, p->width, p->utf8, p->row);
	for (int x = 0; x < p->width; x++) {
		uint16_t look = looks_of(looks, x < n ? cells[x].style : none);

		if (p->row[x].glyph == GLYPH_TAIL)
			look = p->row[x - 1].look;
		else if (p->row[x].glyph == ' ')
			look = looks_blank(looks, look);
		p->row[x].look = look;
	}
	/* A sentinel, so that the cell behind the last can be looked at. */
	p->row[p->width] = (struct shown){.glyph = ' '};
}

static bool is_wide_at(const struct paint_sgr *p, int x) { return p->row[x + 1].glyph == GLYPH_TAIL; }

static bool changed_at(const struct paint_sgr *p, const struct shown *screen, int x)
{
	if (p->row[x].glyph == GLYPH_TAIL)
		return false; /* goes with its other half */
	return !same(&p->row[x], &screen[x]) || (is_wide_at(p, x) && !same(&p->row[x + 1], &screen[x + 1]));
}

/* The run of equal blanks from x on: its length up to the last changed cell, and how many changed. */
static int blank_run(const struct paint_sgr *p, const struct shown *screen, int x, int *changed, bool *to_end)
{
	int end = x, last = x;

	*changed = 0;
	while (end < p->width && same(&p->row[end], &p->row[x])) {
		if (!same(&p->row[end], &screen[end])) {
			last = end;
			++*changed;
		}
		end++;
	}
	*to_end = end == p->width;
	return last - x + 1;
}

/* Erases instead of writing blanks where that is shorter and safe. Returns the cells done. */
static int erase(struct paint_sgr *p, const struct looks *looks, struct shown *screen, int x, int y)
{
	const struct look *look = &looks->list[p->row[x].look];
	bool to_end;
	int changed, run;

	if (!is_plain_blank(&p->row[x], looks) || (look->paint.bg != THEME_DEFAULT && !p->traits->bce))
		return 0;
	run = blank_run(p, screen, x, &changed, &to_end);
	if (to_end && changed >= ERASE_TO_END) {
		move_to(p, x, y);
		set_pen(p, look, true);
		put(p, "\033[K", 3);
		run = p->width - x;
	} else if (p->traits->ech && changed >= ERASE_RUN) {
		move_to(p, x, y);
		set_pen(p, look, true);
		put_csi(p, run, 'X');
	} else {
		return 0;
	}
	memcpy(&screen[x], &p->row[x], (size_t)run * sizeof *screen);
	return run;
}

/* Writes the cell at x; the cursor is there. Returns its width. */
static int write_cell(struct paint_sgr *p, const struct looks *looks, const struct canvas *canvas,
		      struct shown *screen, int x, int y)
{
	uint32_t glyph = p->row[x].glyph;
	int width = is_wide_at(p, x) ? 2 : 1;

	set_pen(p, &looks->list[p->row[x].look], is_plain_blank(&p->row[x], looks));
	if (glyph < 0x80)
		*p->at++ = (char)glyph;
	else
		p->at += glyph_text(canvas, x, y, glyph, p->utf8, p->at);
	memcpy(&screen[x], &p->row[x], (size_t)width * sizeof *screen);
	p->x = x + width;
	/* At the edge the cursor waits on the last column; where a terminal may count other cells than we do, it is anywhere, and what stands
	 * behind may be hurt. */
	if (p->x >= p->width) {
		p->x = -1;
	} else if (glyph >= 0x1F000) {
		p->x = -1;
		p->y = -1;
		for (int i = x + width; i < p->width; i++)
			screen[i].glyph = GLYPH_NOWHERE;
	}
	return width;
}

/* Jumps to x, or writes the few unchanged cells before it again when they need no other pen. */
static void step_to(struct paint_sgr *p, const struct looks *looks, struct shown *screen, int x, int y)
{
	bool again = p->y == y && p->x >= 0 && x > p->x && x - p->x < STEP_OVER && p->pen_known;

	for (int i = p->x; again && i < x; i++) {
		const struct paint *paint = &looks->list[p->row[i].look].paint;

		again = p->row[i].glyph < 0x80 && p->row[i].glyph != GLYPH_TAIL &&
			same(&p->row[i], &screen[i]) && paint->bg == p->pen.bg &&
			paint->attrs == p->pen.attrs &&
			(paint->fg == p->pen.fg || is_plain_blank(&p->row[i], looks));
	}
	if (!again) {
		move_to(p, x, y);
		return;
	}
	while (p->x < x)
		*p->at++ = (char)p->row[p->x++].glyph;
}

static bool full(const struct paint_sgr *p, size_t budget)
{
	return (size_t)(p->at - p->frame.data) >= budget;
}

/* Writes what changed in the row in hand; false when the budget ended before. */
static bool write_row(struct paint_sgr *p, const struct looks *looks, const struct canvas *canvas, int y,
		      size_t budget)
{
	struct shown *screen = &p->screen[(size_t)y * (size_t)p->width];

	for (int x = 0; x < p->width;) {
		int done;

		if (!changed_at(p, screen, x)) {
			x++;
			continue;
		}
		if (full(p, budget))
			return false;
		done = erase(p, looks, screen, x, y);
		if (done == 0) {
			step_to(p, looks, screen, x, y);
			done = write_cell(p, looks, canvas, screen, x, y);
		}
		x += done;
	}
	return true;
}

/* --- rows ----------------------------------------------------------------------------------------------- */

/* How often the look changes among the cells that have to be written. */
static int row_weight(const struct paint_sgr *p, int y)
{
	const struct shown *screen = &p->screen[(size_t)y * (size_t)p->width];
	int weight = 0, look = -1;

	for (int x = 0; x < p->width; x++) {
		if (changed_at(p, screen, x) && p->row[x].look != look) {
			look = p->row[x].look;
			weight++;
		}
	}
	return weight;
}

static bool reserve_row(struct paint_sgr *p)
{
	size_t used = (size_t)(p->at - p->frame.data);

	p->frame.length = used;
	if (buf_reserve(&p->frame, (size_t)p->width * CELL_BYTES + FRAME_ENDS) != ERR_OK)
		return false;
	p->at = p->frame.data + used;
	return true;
}

/* Cells that a row is made of, when they say all about it: the canvas is not smaller than the screen. */
static const struct cell *whole_row(const struct paint_sgr *p, const struct canvas *canvas, int y)
{
	return canvas_width(canvas) >= p->width && y < canvas_height(canvas) ? canvas_row(canvas, y) : NULL;
}

/* Most rows of most frames are as they were; that is seen without a look at each cell. */
static bool is_settled(const struct paint_sgr *p, const struct canvas *canvas, int y)
{
	const struct cell *cells = p->settled[y] ? whole_row(p, canvas, y) : NULL;

	return cells != NULL &&
	       memcmp(cells, &p->drawn[(size_t)y * (size_t)p->width], (size_t)p->width * sizeof *cells) == 0;
}

/* Notes what the row on the screen was made of, unless it holds clusters: their numbers mean something else after the canvas changed its size. */
static void settle(struct paint_sgr *p, const struct canvas *canvas, int y)
{
	const struct cell *cells = whole_row(p, canvas, y);
	uint32_t any = 0;

	for (int x = 0; cells != NULL && x < p->width; x++)
		any |= cells[x].glyph;
	p->settled[y] = cells != NULL && (any & GLYPH_CLUSTER) == 0;
	if (p->settled[y])
		memcpy(&p->drawn[(size_t)y * (size_t)p->width], cells, (size_t)p->width * sizeof *cells);
}

/* One row; `text_only` leaves pictures for later. False: no more room. */
static bool do_row(struct paint_sgr *p, struct looks *looks, const struct canvas *canvas, int y,
		   size_t budget, bool text_only)
{
	const struct shown *screen = &p->screen[(size_t)y * (size_t)p->width];

	if (is_settled(p, canvas, y))
		return true;
	p->settled[y] = false;
	fill_row(p, looks, canvas, y);
	if (memcmp(p->row, screen, (size_t)p->width * sizeof *screen) != 0) {
		if (text_only && row_weight(p, y) > TEXT_LOOKS)
			return true;
		if (!reserve_row(p) || !write_row(p, looks, canvas, y, budget))
			return false;
	}
	settle(p, canvas, y);
	return true;
}

/* True when all of the canvas is on the screen. */
static bool do_rows(struct paint_sgr *p, struct looks *looks, const struct canvas *canvas, size_t budget)
{
	if (budget >= FRAME_MOST) {
		for (int y = 0; y < p->height; y++)
			if (!do_row(p, looks, canvas, y, FRAME_MOST, false))
				return false;
		return true;
	}
	for (int y = 0; y < p->height; y++)
		if (!do_row(p, looks, canvas, y, budget, true))
			return false;
	for (int i = 0; i < p->height; i++) {
		int y = (p->next_row + i) % p->height;

		if (!do_row(p, looks, canvas, y, budget, false)) {
			p->next_row = y;
			return false;
		}
	}
	return true;
}

static void do_clear(struct paint_sgr *p)
{
	p->pen_known = false;
	p->shows_cursor = -1;
	p->next_row = 0;
	pen_from_nothing(p);
	put_string(p, "\033[m\033[H\033[2J");
	p->x = p->y = 0;
	for (size_t i = 0; i < (size_t)p->width * (size_t)p->height; i++)
		p->screen[i] = (struct shown){.glyph = ' '};
	unsettle(p);
	p->clear = false;
}

/* The looks have other numbers now: what is on the screen equals nothing. */
static void forget_screen(struct paint_sgr *p)
{
	for (size_t i = 0; i < (size_t)p->width * (size_t)p->height; i++)
		p->screen[i].glyph = GLYPH_NOWHERE;
	unsettle(p);
}

static void do_cursor(struct paint_sgr *p, int x, int y)
{
	bool show = x >= 0 && y >= 0 && x < p->width && y < p->height;

	if (show)
		move_to(p, x, y);
	if (p->shows_cursor != show)
		put_string(p, show ? p->traits->show : p->traits->hide);
	p->shows_cursor = show;
}

/* Takes the bytes of the wrapping away again where they are not worth it. */
static void finish(struct paint_sgr *p, size_t prefix)
{
	size_t length = (size_t)(p->at - p->frame.data) - prefix;

	if (prefix > 0 && length >= UPDATE_LEAST) {
		put_string(p, end_update);
		prefix = 0;
	}
	p->frame.length = (size_t)(p->at - p->frame.data) - prefix;
	if (prefix > 0)
		memmove(p->frame.data, p->frame.data + prefix, p->frame.length);
	p->frame.data[p->frame.length] = '\0';
}

struct buf *paint_sgr_frame(struct paint_sgr *p, struct looks *looks, bool looks_changed,
			    const struct canvas *canvas, int cursor_x, int cursor_y, size_t budget, bool *cut)
{
	size_t prefix = 0;

	*cut = true;
	buf_reset(&p->frame);
	if (buf_reserve(&p->frame, FRAME_ENDS * 4) != ERR_OK)
		return &p->frame;
	p->at = p->frame.data;
	if (p->synchronized) {
		put_string(p, begin_update);
		prefix = sizeof begin_update - 1;
	}
	if (p->clear)
		do_clear(p);
	else if (looks_changed)
		forget_screen(p);
	*cut = !do_rows(p, looks, canvas, budget);
	do_cursor(p, cursor_x, cursor_y);
	finish(p, prefix);
	return &p->frame;
}
