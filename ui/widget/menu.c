#include "ui/widget/menu.h"

#include "base/text.h"

#include <glib.h>
#include <string.h>

void menu_set(struct menu *menu, size_t n, size_t at)
{
	menu->n = n;
	menu->at = n > 0 ? MIN(at, n - 1) : 0;
	menu->top = 0;
}

static void move(struct menu *menu, long by)
{
	long at = (long)menu->at + by;
	menu->at = menu->n == 0 ? 0 : (size_t)CLAMP(at, 0, (long)menu->n - 1);
}

bool menu_input(struct menu *menu, const struct input *input)
{
	long page = MAX(menu->seen - 1, 1);
	if (input->type != INPUT_KEY)
		return false;
	switch (input->key) {
	case KEY_UP_:
	case KEY_CTRL_ | 'p':
		move(menu, -1);
		return true;
	case KEY_DOWN_:
	case KEY_CTRL_ | 'n':
		move(menu, 1);
		return true;
	case KEY_PAGE_UP:
		move(menu, -page);
		return true;
	case KEY_PAGE_DOWN:
		move(menu, page);
		return true;
	default:
		return false;
	}
}

static void follow(struct menu *menu, size_t lines)
{
	menu->top = MIN(menu->top, menu->at);
	if (menu->at >= menu->top + lines)
		menu->top = menu->at + 1 - lines;
}

/* Marks the first place that holds what was typed. The label is shown as it is (it has no controls that change its width by being shown), so its
 * cells are counted up to there. */
static void mark(struct canvas *canvas, int x, int y, int cells, const char *label, const char *match)
{
	g_autofree char *folded = g_utf8_casefold(label, -1), *wanted = g_utf8_casefold(match, -1);
	const char *found = *wanted ? strstr(folded, wanted) : NULL;
	if (!found || strlen(folded) != strlen(label))
		return;
	size_t before = (size_t)(found - folded);
	int from = (int)text_width(label, before), length = (int)text_width(label + before, strlen(wanted));
	if (from < cells)
		canvas_restyle(canvas, (struct rect){x + from, y, MIN(length, cells - from), 1}, ROLE_MATCH,
			       -1, -1);
}

static void draw_item(struct canvas *canvas, struct rect at, const struct menu_item *item, bool chosen,
		      const char *match)
{
	int x = at.x + 2, room = at.width - 2, used;
	canvas_fill(canvas, at, ' ', STYLE(TEXT));
	used = canvas_text(canvas, x, at.y, room, item->label, STYLE(TEXT));
	if (match)
		mark(canvas, x, at.y, used, item->label, match);
	if (item->detail && room - used > 4)
		canvas_text(canvas, x + used + 2, at.y, room - used - 2, item->detail, STYLE(DIM));
	if (!chosen)
		return;
	canvas_put(canvas, at.x, at.y, canvas_glyph(canvas, 0x25B8, '>'), STYLE(ACCENT));
	canvas_restyle(canvas, at, -1, ROLE_SELECT, -1);
}

void menu_draw(struct menu *menu, struct canvas *canvas, struct rect at, const struct menu_item *items,
	       const char *match, size_t more)
{
	size_t lines = (size_t)MAX(at.height, 0);
	menu->seen = at.height;
	if (lines == 0)
		return;
	/* The last line says how many more there are. */
	if (lines > 1 && (more > 0 || menu->n > lines))
		lines--;
	follow(menu, lines);
	for (size_t i = 0; i < lines && menu->top + i < menu->n; i++)
		draw_item(canvas, (struct rect){at.x, at.y + (int)i, at.width, 1}, &items[menu->top + i],
			  menu->top + i == menu->at, match);
	size_t above = menu->top, below = menu->n + more - MIN(menu->top + lines, menu->n);
	if (lines < (size_t)at.height && above + below > 0)
		canvas_textf(canvas, at.x + 2, at.y + (int)lines, at.width - 2, STYLE(DIM), "%zu more",
			     above + below);
}
