/* The page of the first run: what to write where, with an example for each vendor, and the key of the demo. It stands where the panes will be. */
#include "ui/shell_private.h"

#include "base/text.h"

#include <glib.h>
#include <limits.h>
#include <string.h>

#define CARD_LINES 6
#define TWO_FROM 72   /* cells from which two examples stand side by side */
#define HINTS_FROM 56 /* cells of an example from which each key says what it is */
#define MARGIN 1

struct entry {
	const char *key, *hint;
};
struct card {
	const char *title;
	struct entry lines[CARD_LINES];
};

/* The examples hold what a vendor cannot do without; all other keys are in lodge.conf(5). */
static const struct card cards[] = {
	{"Butlr: floors, people, heat, sensors",
	 {{"[account hq]", "any name; it stands in the top line"},
	  {"vendor=butlr", NULL},
	  {"client_id=...", "of the API client that Butlr gave you"},
	  {"client_secret=...", "or client_secret_command=pass show butlr"}}},
	{"ButterflyMX: doors, visitor keys",
	 {{"[account lobby]", "a name of its own for each account"},
	  {"vendor=butterflymx", NULL},
	  {"client_id=...", "of the OAuth application"},
	  {"client_secret=...", "or client_secret_file=..."},
	  {"username=...", "the e-mail address you sign in with"},
	  {"password=...", "or password_command=..."}}},
	{"Density: people counts",
	 {{"[account density]", "as many accounts as you have"},
	  {"vendor=density", NULL},
	  {"token=tok_...", "or client_id and client_secret"}}},
	{"Sensorist: temperature, humidity",
	 {{"[account cold-store]", "the account of a cold store"},
	  {"vendor=sensorist", NULL},
	  {"username=...", "the e-mail address you sign in with"},
	  {"password=...", "or password_env=SENSORIST_PASSWORD"}}},
};

struct writer {
	struct shell *shell;
	int y, width;
};

bool shell_welcome(const struct shell *shell) { return world_accounts(shell->options.world) == 0; }

static bool seen(const struct writer *at, int y) { return y >= at->shell->welcome_scroll; }

/* A line of words; those between two bars ("|chmod 600|") are what is to be typed. Broken at blanks where it is too long. */
static void say(struct writer *at, struct style style, const char *words)
{
	char **parts = g_strsplit(words, " ", 0);
	bool typed = false;
	int x = 0;

	for (char **part = parts; *part != NULL; part++) {
		const char *word = *part;
		size_t length = strlen(word);
		bool ends = length > 0 && word[length - 1] == '|';
		char *shown;
		int cells;

		if (*word == '|') {
			typed = true;
			word++;
		}
		shown = g_strndup(word, strlen(word) - ends);
		cells = canvas_text_width(at->shell->canvas, shown);
		if (x > 0 && x + cells > at->width) {
			x = 0;
			at->y++;
		}
		if (seen(at, at->y))
			canvas_text(at->shell->canvas, MARGIN + x, at->y - at->shell->welcome_scroll,
				    at->width, shown, typed ? STYLE(ACCENT) : style);
		x += cells + 1;
		typed = typed && !ends;
		g_free(shown);
	}
	at->y++;
	g_strfreev(parts);
}

static int height_of(const struct card *card)
{
	int lines = 1;

	for (int i = 0; i < CARD_LINES && card->lines[i].key != NULL; i++)
		lines++;
	return lines;
}

static void draw_card(const struct writer *at, const struct card *card, int x, int width)
{
	struct canvas *canvas = at->shell->canvas;
	int y = at->y, from = at->shell->welcome_scroll;

	if (seen(at, y))
		canvas_text(canvas, x, y - from, width, card->title, STYLE(TITLE));
	for (int i = 0; i < CARD_LINES && card->lines[i].key != NULL; i++) {
		const struct entry *entry = &card->lines[i];

		if (!seen(at, ++y))
			continue;
		canvas_text(canvas, x + 2, y - from, width - 2, entry->key, STYLE(ACCENT));
		if (entry->hint != NULL && width >= HINTS_FROM)
			canvas_textf(canvas, x + 24, y - from, width - 24, STYLE(DIM), "# %s", entry->hint);
	}
}

static void draw_cards(struct writer *at)
{
	int columns = at->width >= TWO_FROM ? 2 : 1, gap = columns > 1 ? 3 : 0,
	    width = (at->width - gap) / columns;

	for (size_t i = 0; i < G_N_ELEMENTS(cards); i += (size_t)columns) {
		int tallest = 0;

		for (int column = 0; column < columns && i + (size_t)column < G_N_ELEMENTS(cards); column++) {
			const struct card *card = &cards[i + (size_t)column];

			draw_card(at, card, MARGIN + column * (width + gap), width);
			tallest = MAX(tallest, height_of(card));
		}
		at->y += tallest + 1;
	}
}

/* A page that is wider than it can be read is narrowed, and one that leaves room stands a little lower. */
static void draw_page(struct writer *at, bool roomy)
{
	const char *file = at->shell->options.file != NULL ? at->shell->options.file
							   : "~/.config/lodge/lodge.conf";
	g_autofree char *folder = g_path_get_dirname(file);
	g_autofree char *where =
		g_strdup_printf("Write one or more accounts into |%s| after |mkdir -p %s| and hide "
				"its secrets from others: |chmod 600 %s|",
				file, folder, file);

	say(at, STYLE(STRONG), "lodge shows who is where in your buildings. It does not know any yet.");
	at->y += roomy;
	say(at, STYLE(TEXT), where);
	say(at, STYLE(TEXT), "Then |lodge check| says what works, and |lodge| opens the screen.");
	at->y++;
	draw_cards(at);
	at->y += roomy;
	say(at, STYLE(TEXT), "Secrets may come from NAME_command, NAME_file, NAME_env: |man lodge.conf|");
	at->y += roomy;
	say(at, STYLE(STRONG), "|d| shows simulated buildings, without any account.");
}

static void draw_bar(struct shell *shell, struct rect clip)
{
	int all = shell->welcome_lines, thumb = MAX(clip.height * clip.height / all, 1);
	int from = shell->welcome_scroll * (clip.height - thumb) / MAX(all - clip.height, 1);

	for (int y = 0; y < clip.height; y++)
		canvas_put(shell->canvas, clip.width - 1, y,
			   y >= from && y < from + thumb ? canvas_glyph(shell->canvas, 0x2588, '#')
							 : canvas_glyph(shell->canvas, 0x2502, '|'),
			   y >= from && y < from + thumb ? STYLE(DIM) : STYLE(RULE));
}

void shell_welcome_draw(struct shell *shell)
{
	struct rect clip = canvas_clip(shell->canvas);
	bool roomy = clip.height >= 32;
	int width = MIN(clip.width - 2 * MARGIN - 1, 140), side = (clip.width - width) / 2 - MARGIN;
	struct writer at = {shell, 0, MAX(width, 1)};
	int scroll = shell->welcome_scroll, top;

	/* Once without being seen, to know how long it is. */
	shell->welcome_scroll = INT_MAX;
	draw_page(&at, roomy);
	shell->welcome_lines = at.y;
	shell->welcome_scroll = CLAMP(scroll, 0, MAX(at.y - clip.height, 0));
	top = MAX(clip.height - at.y, 0) / 3;
	canvas_enter(shell->canvas, (struct rect){side > 2 ? side : 0, top,
						  clip.width - (side > 2 ? side : 0), clip.height - top});
	at.y = 0;
	draw_page(&at, roomy);
	canvas_leave(shell->canvas);
	if (shell->welcome_lines > clip.height)
		draw_bar(shell, clip);
}

bool shell_welcome_act(struct shell *shell, enum action action)
{
	int page = MAX(canvas_height(shell->canvas) - 3, 1);

	switch (action) {
	case ACTION_UP:
	case ACTION_PAGE_UP:
		shell->welcome_scroll -= action == ACTION_UP ? 1 : page;
		break;
	case ACTION_DOWN:
	case ACTION_PAGE_DOWN:
		shell->welcome_scroll += action == ACTION_DOWN ? 1 : page;
		break;
	case ACTION_FIRST:
		shell->welcome_scroll = 0;
		break;
	case ACTION_LAST:
		shell->welcome_scroll = shell->welcome_lines;
		break;
	case ACTION_QUIT:
	case ACTION_SUSPEND:
	case ACTION_HELP:
	case ACTION_COMMAND:
	case ACTION_REDRAW:
	case ACTION_THEME:
	case ACTION_MOUSE:
	case ACTION_DEMO:
	case ACTION_BACK:
		return false;
	default: /* there is no pane yet */
		return true;
	}
	shell->welcome_scroll = CLAMP(shell->welcome_scroll, 0,
				      MAX(shell->welcome_lines - (canvas_height(shell->canvas) - 2), 0));
	return true;
}
