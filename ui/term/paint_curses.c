#define NCURSES_NOMACROS
#define NCURSES_WIDECHAR 1
#include "ui/term/paint_curses.h"
#include "base/text.h"

/* curses has a function of the name that ui/input.h uses. */
#define key_name curses_key_name
#include <curses.h>
#undef key_name
#include <glib.h>
#include <string.h>
#include <wchar.h>

#define FRAME_CEILING (8u << 20)
/* About what curses writes for a cell; it does not tell before. */
#define BYTES_A_CELL 16
/* The characters of a cell that curses takes: one and what combines with it. */
#define CELL_CHARACTERS 5

void paint_curses_init(struct paint_curses *painter, struct curses_screen *screen,
		       const struct term_traits *traits, const struct term_caps *caps)
{
	*painter = (struct paint_curses){
		.screen = screen, .traits = traits, .utf8 = caps->utf8, .clear = true, .shows_cursor = -1};
	buf_init(&painter->frame, FRAME_CEILING);
}

void paint_curses_fini(struct paint_curses *painter)
{
	buf_fini(&painter->frame);
	g_clear_pointer(&painter->given, g_free);
	g_clear_pointer(&painter->row, g_free);
}

void paint_curses_resize(struct paint_curses *painter, int width, int height)
{
	painter->width = width;
	painter->height = height;
	painter->given = g_renew(struct shown, painter->given, (size_t)width * (size_t)height);
	painter->row = g_renew(struct shown, painter->row, (size_t)width + 1);
	resizeterm(height, width);
	paint_curses_touch(painter);
}

void paint_curses_touch(struct paint_curses *painter) { painter->clear = true; }

static attr_t curses_attrs(uint16_t attrs)
{
	attr_t out = A_NORMAL;

	out |= (attrs & ATTR_BOLD) != 0 ? A_BOLD : 0;
	out |= (attrs & ATTR_DIM) != 0 ? A_DIM : 0;
	out |= (attrs & ATTR_UNDERLINE) != 0 ? A_UNDERLINE : 0;
	out |= (attrs & ATTR_REVERSE) != 0 ? A_REVERSE : 0;
	out |= (attrs & ATTR_ITALIC) != 0 ? A_ITALIC : 0;
	return out;
}

/* With direct colours terminfo's first eight stay those of the palette: the darkest blues become the next one. */
static int color_number(enum depth depth, int32_t color)
{
	return depth == DEPTH_DIRECT && color >= 0 && color < 8 ? 8 : (int)color;
}

/* Never more pairs than there are: curses would take one away from what is on the screen. */
static int pair_of(struct paint_curses *p, const struct looks *looks, struct look *look)
{
	int fg = color_number(looks->depth, look->paint.fg);
	int bg = color_number(looks->depth, look->paint.bg);

	if (look->pair >= 0)
		return look->pair;
	if (fg < 0 && bg < 0)
		return look->pair = 0;
	look->pair = find_pair(fg, bg);
	if (look->pair < 0 && p->n_pairs + 2 < COLOR_PAIRS) {
		look->pair = alloc_pair(fg, bg);
		p->n_pairs++;
	} else if (look->pair < 0) {
		p->few_pairs = true;
	}
	if (look->pair < 0)
		look->pair = 0;
	return look->pair;
}

/* The characters of a cell as curses takes them: those that it and the C library count as we do. Returns false when it is narrower than the
 * cell, so that the second half must be filled. */
static bool cell_text(const char *text, size_t length, int width, wchar_t out[CELL_CHARACTERS + 1])
{
	size_t at = 0, n = 0;
	int first = 0;

	while (at < length && n < CELL_CHARACTERS) {
		uint32_t c;
		int w;

		at += text_decode(text + at, length - at, &c);
		w = c < 0x7F || (c >= 0x2500 && c < 0x2600) ? 1 : wcwidth((wchar_t)c);
		if (n == 0 && (w < 1 || w > width))
			c = '?';
		if (n > 0 && w != 0)
			break;
		first = n == 0 ? (c == '?' ? 1 : w) : first;
		out[n++] = (wchar_t)c;
	}
	out[n] = L'\0';
	return first == width;
}

static void give_cell(struct paint_curses *p, struct looks *looks, const struct canvas *canvas, int x, int y)
{
	struct look *look = &looks->list[p->row[x].look];
	int width = p->row[x + 1].glyph == GLYPH_TAIL ? 2 : 1;
	int pair = pair_of(p, looks, look);
	attr_t attrs = curses_attrs(look->paint.attrs);
	wchar_t wide[CELL_CHARACTERS + 1];
	char text[GLYPH_BYTES];
	cchar_t cell;
	size_t length = glyph_text(canvas, x, y, p->row[x].glyph, p->utf8, text);
	bool whole = cell_text(text, length, width, wide);

	if (setcchar(&cell, wide, attrs, 0, &pair) == OK)
		mvadd_wch(y, x, &cell);
	if (!whole && setcchar(&cell, L" ", attrs, 0, &pair) == OK)
		mvadd_wch(y, x + 1, &cell);
}

static void fill_row(struct paint_curses *p, struct looks *looks, const struct canvas *canvas, int y)
{
	int n = y < canvas_height(canvas) ? canvas_width(canvas) : 0;
	const struct cell *cells = n > 0 ? canvas_row(canvas, y) : NULL;
	struct style none = {ROLE_TEXT, ROLE_GROUND, 0};

	glyph_row(canvas, y, p->width, p->utf8, p->row);
	for (int x = 0; x < p->width; x++) {
		uint16_t look = looks_of(looks, x < n ? cells[x].style : none);

		p->row[x].look = p->row[x].glyph == GLYPH_TAIL ? p->row[x - 1].look
				 : p->row[x].glyph == ' '      ? looks_blank(looks, look)
							       : look;
	}
	p->row[p->width] = (struct shown){.glyph = ' '};
}

/* Gives what changed in a row; *cells is what may still be given. False when that ended before. */
static bool give_row(struct paint_curses *p, struct looks *looks, const struct canvas *canvas, int y,
		     size_t *cells)
{
	struct shown *given = &p->given[(size_t)y * (size_t)p->width];

	fill_row(p, looks, canvas, y);
	for (int x = 0; x < p->width;) {
		int width = p->row[x + 1].glyph == GLYPH_TAIL ? 2 : 1;
		size_t bytes = (size_t)width * sizeof *given;

		if (memcmp(&p->row[x], &given[x], bytes) != 0) {
			if (*cells == 0)
				return false;
			--*cells;
			give_cell(p, looks, canvas, x, y);
			memcpy(&given[x], &p->row[x], bytes);
		}
		x += width;
	}
	return true;
}

static bool give_rows(struct paint_curses *p, struct looks *looks, const struct canvas *canvas, size_t budget)
{
	size_t cells = budget / BYTES_A_CELL;

	for (int i = 0; i < p->height; i++) {
		int y = (p->next_row + i) % p->height;

		if (!give_row(p, looks, canvas, y, &cells)) {
			p->next_row = y;
			return false;
		}
	}
	p->next_row = 0;
	return true;
}

static void forget(struct paint_curses *p)
{
	for (size_t i = 0; i < (size_t)p->width * (size_t)p->height; i++)
		p->given[i] = (struct shown){.glyph = GLYPH_NOWHERE};
}

static void forget_pairs(struct paint_curses *p, struct looks *looks)
{
	reset_color_pairs();
	p->n_pairs = 0;
	for (size_t i = 0; i < looks->n; i++)
		looks->list[i].pair = -1;
	forget(p);
}

/* The cursor's place is curses' business, its visibility ours. */
static void do_cursor(struct paint_curses *p, int x, int y)
{
	bool show = x >= 0 && y >= 0 && x < p->width && y < p->height;

	if (p->shows_cursor != show)
		buf_adds(&p->frame, show ? p->traits->show : p->traits->hide);
	p->shows_cursor = show;
}

struct buf *paint_curses_frame(struct paint_curses *p, struct looks *looks, bool looks_changed,
			       const struct canvas *canvas, int cursor_x, int cursor_y, size_t budget,
			       bool *cut)
{
	buf_reset(&p->frame);
	if (looks_changed)
		forget_pairs(p, looks);
	if (p->clear) {
		clearok(curscr, TRUE);
		p->shows_cursor = -1;
		forget(p);
		p->clear = false;
	}
	*cut = !give_rows(p, looks, canvas, budget);
	if (p->few_pairs) {
		/* Pairs that are on the screen no more can be used again. */
		forget_pairs(p, looks);
		*cut = !give_rows(p, looks, canvas, budget);
		p->few_pairs = false;
	}
	if (cursor_x >= 0 && cursor_y >= 0 && cursor_x < p->width && cursor_y < p->height)
		wmove(stdscr, cursor_y, cursor_x);
	else /* one that cannot be hidden waits where it disturbs nobody */
		wmove(stdscr, p->height - 1, 0);
	leaveok(stdscr, cursor_x < 0 && p->traits->hide[0] != '\0');
	wrefresh(stdscr);
	if (curses_screen_collect(p->screen, &p->frame) != ERR_OK)
		paint_curses_touch(p);
	do_cursor(p, cursor_x, cursor_y);
	return &p->frame;
}
