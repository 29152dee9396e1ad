/* All keys and commands on a page: those of the open pane first, in the words of the action table. */
#include "ui/shell_private.h"

#include <glib.h>
#include <string.h>

#define LINES_MOST (ACTION_COUNT * 3)
#define NAME_AT 16
#define HELP_AT 31
#define TWO_COLUMNS_FROM 110

/* A line of the page: a heading, an action, or the rest of an action's help. */
struct line {
	enum action action; /* ACTION_NONE: a heading */
	const char *text;
	int bytes;
	bool more;
};
struct page {
	struct line lines[LINES_MOST];
	int n, cells; /* cells that a help may use in a line */
	bool done[ACTION_COUNT];
};

static void add(struct page *page, struct line line)
{
	if (page->n < LINES_MOST)
		page->lines[page->n++] = line;
}

static void add_heading(struct page *page, const char *text)
{
	if (page->n > 0)
		add(page, (struct line){.text = ""});
	add(page, (struct line){.text = text, .bytes = (int)strlen(text)});
}

/* Helps are ASCII: a byte is a cell. They are broken at blanks. */
static void add_action(struct page *page, enum action action)
{
	const char *rest = action_info(action)->help;
	bool more = false;

	if (page->done[action])
		return;
	page->done[action] = true;
	for (;;) {
		int length = (int)strlen(rest), cut = length;

		if (length > page->cells && page->cells > 8) {
			for (cut = page->cells; cut > 0 && rest[cut] != ' '; cut--)
				;
			cut = cut > 0 ? cut : page->cells;
		}
		add(page, (struct line){action, rest, cut, more});
		rest += cut + (rest[cut] == ' ');
		more = true;
		if (*rest == '\0')
			return;
	}
}

static void fill(struct shell *shell, struct page *page)
{
	const struct hint *hint = shell_hints(shell);

	if (!shell_welcome(shell)) {
		add_heading(page, shell_pane(shell)->ops->title);
		for (; hint != NULL && hint->action != ACTION_NONE; hint++)
			add_action(page, hint->action);
	}
	add_heading(page, "Everywhere");
	for (int action = 1; action < ACTION_COUNT; action++)
		if ((action_info((enum action)action)->flags & ACTION_G) != 0)
			add_action(page, (enum action)action);
	add_heading(page, "In the panes");
	for (int action = 1; action < ACTION_COUNT; action++)
		add_action(page, (enum action)action);
}

static void draw_line(const struct shell *shell, int x, int y, const struct line *line)
{
	char keys[60], text[160];

	g_snprintf(text, sizeof(text), "%.*s", line->bytes, line->text);
	if (line->action == ACTION_NONE) {
		canvas_text(shell->canvas, x, y, -1, text, STYLE(TITLE));
		return;
	}
	canvas_text(shell->canvas, x + HELP_AT, y, -1, text, STYLE(TEXT));
	if (line->more)
		return;
	canvas_text(shell->canvas, x + 1, y, NAME_AT - 2,
		    keymap_keys(shell->keymap, line->action, keys, sizeof(keys)),
		    (struct style){ROLE_BRAND, ROLE_GROUND, ATTR_BOLD});
	canvas_text(shell->canvas, x + NAME_AT, y, HELP_AT - NAME_AT - 1, action_info(line->action)->name,
		    STYLE(DIM));
}

void shell_help_draw(struct shell *shell)
{
	struct rect clip = canvas_clip(shell->canvas);
	int columns = clip.width >= TWO_COLUMNS_FROM ? 2 : 1, width = clip.width / columns;
	struct page *page = g_new0(struct page, 1);
	char figure[40];
	int rows = MAX(clip.height - 1, 1), shown;

	page->cells = width - HELP_AT - 2;
	fill(shell, page);
	/* Columns of one length where all of it fits. */
	if (page->n <= rows * columns)
		rows = (page->n + columns - 1) / columns;
	shell->help_lines = (page->n + columns - 1) / columns;
	shell->help_scroll = CLAMP(shell->help_scroll, 0, MAX(page->n - rows * columns, 0));
	shown = MIN(page->n - shell->help_scroll, rows * columns);
	for (int i = 0; i < shown; i++)
		draw_line(shell, 1 + i / rows * width, 1 + i % rows, &page->lines[shell->help_scroll + i]);
	figure[0] = '\0';
	if (shown < page->n)
		g_snprintf(figure, sizeof(figure), "%d-%d of %d", shell->help_scroll + 1,
			   shell->help_scroll + shown, page->n);
	shell->help_lines = page->n - rows * columns;
	canvas_titled_rule(shell->canvas, 0, "Keys and commands", figure, true);
	g_free(page);
}
