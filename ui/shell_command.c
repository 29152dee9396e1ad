/* The `:` line: any action by name, with completion by Tab, a history, and what fits in the line above. */
#include "ui/shell_private.h"

#include "base/text.h"

#include <glib.h>
#include <string.h>

static void remember(struct shell *shell, const char *text)
{
	if (shell->n_history > 0 && strcmp(shell->history[shell->n_history - 1], text) == 0)
		return;
	if (shell->n_history == HISTORY) {
		g_free(shell->history[0]);
		memmove(shell->history, shell->history + 1, (HISTORY - 1) * sizeof(*shell->history));
		shell->n_history--;
	}
	shell->history[shell->n_history++] = g_strdup(text);
}

static void unknown(struct shell *shell, const char *name)
{
	const char *names[ACTION_COUNT], *nearest;
	char text[160];

	for (int action = 1; action < ACTION_COUNT; action++)
		names[action - 1] = action_info((enum action)action)->name;
	names[ACTION_COUNT - 1] = NULL;
	nearest = text_nearest(name, names);
	g_snprintf(text, sizeof(text), "there is no command %.40s%s%s%s", name,
		   nearest == NULL ? "" : " (did you mean ", nearest == NULL ? "" : nearest,
		   nearest == NULL ? "" : "?)");
	shell_toast(shell, false, text);
}

static void on_done(void *ctx, const char *text)
{
	struct shell *shell = ctx;
	char *line, *argument;
	enum action action;

	if (text == NULL)
		return;
	line = g_strstrip(g_strdup(text));
	if (line[0] != '\0') {
		remember(shell, line);
		argument = strpbrk(line, " \t");
		if (argument != NULL) {
			*argument++ = '\0';
			argument = g_strchug(argument);
		}
		action = action_parse(line);
		if (action == ACTION_NONE)
			unknown(shell, line);
		else
			shell_act(shell, action, argument);
	}
	g_free(line);
}

void shell_command_open(struct shell *shell)
{
	shell->desk.prompt(&shell->desk, ":", NULL, on_done, NULL, shell);
	line_edit_history(shell->prompt.edit, (const char *const *)(void *)shell->history,
			  (size_t)shell->n_history);
	shell->prompt.command = true;
}

/* --- completion --- */

static void add_names(GPtrArray *words, const char *const *names)
{
	for (; names != NULL && *names != NULL; names++)
		g_ptr_array_add(words, (char *)*names);
}

static void add_words(GPtrArray *words, const struct opened *pane, enum action action)
{
	const char *word;

	for (size_t i = 0; (word = pane->ops->word(pane->state, action, i)) != NULL; i++)
		g_ptr_array_add(words, (char *)word);
}

static void add_places(const struct shell *shell, GPtrArray *words, bool building)
{
	const void *row;

	for (struct world_cursor c = {0};
	     (row = world_next(shell->options.world, building ? KIND_BUILDINGS : KIND_FLOORS, &c)) != NULL;) {
		const char *name = building ? ((const struct building *)row)->name
					    : ((const struct floor_row *)row)->name;

		if (name != NULL && !g_ptr_array_find_with_equal_func(words, name, g_str_equal, NULL))
			g_ptr_array_add(words, (char *)name);
	}
}

/* What may stand where the typed text ends: commands, or what the command before the blank takes. `*from` is where that word begins. */
static GPtrArray *candidates(struct shell *shell, const char *typed, size_t *from)
{
	GPtrArray *words = g_ptr_array_new();
	const char *blank = strchr(typed, ' ');
	struct opened *pane = shell_pane(shell);
	char name[40] = "";
	enum action action;

	*from = blank == NULL ? 0 : (size_t)(blank - typed) + 1;
	if (blank == NULL) {
		for (int i = 1; i < ACTION_COUNT; i++)
			g_ptr_array_add(words, (char *)action_info((enum action)i)->name);
		return words;
	}
	if (*from <= sizeof(name))
		g_strlcpy(name, typed, *from);
	action = action_parse(name);
	if (action == ACTION_THEME)
		add_names(words, theme_names());
	else if (action == ACTION_PALETTE)
		add_names(words, theme_palettes());
	else if (action == ACTION_BUILDING || action == ACTION_FLOOR)
		add_places(shell, words, action == ACTION_BUILDING);
	else if (action != ACTION_NONE && pane->ops->word != NULL)
		add_words(words, pane, action);
	return words;
}

/* Leaves the words that begin with what is typed, without regard to case. */
static void narrow(GPtrArray *words, const char *beginning)
{
	g_autofree char *wanted = g_utf8_casefold(beginning, -1);

	for (guint i = words->len; i-- > 0;) {
		g_autofree char *word = g_utf8_casefold(words->pdata[i], -1);

		if (!g_str_has_prefix(word, wanted))
			g_ptr_array_remove_index(words, i);
	}
}

/* Bytes of whole characters that all words begin with. */
static size_t in_common(const GPtrArray *words)
{
	const char *first = words->pdata[0];
	size_t common = strlen(first);

	for (guint i = 1; i < words->len; i++) {
		const char *word = words->pdata[i];
		size_t same = 0;

		while (same < common && word[same] == first[same])
			same++;
		common = same;
	}
	while (common > 0 && ((unsigned char)first[common] & 0xC0) == 0x80)
		common--;
	return common;
}

/* Adds what all that fits has in common. */
void shell_command_complete(struct shell *shell)
{
	const char *typed = line_edit_text(shell->prompt.edit);
	size_t from, common;
	g_autoptr(GPtrArray) words = candidates(shell, typed, &from);
	char *text;

	narrow(words, typed + from);
	if (words->len == 0)
		return;
	common = in_common(words);
	if (common < strlen(typed + from)) /* they differ in case alone */
		return;
	text = g_strdup_printf("%.*s%.*s%s", (int)from, typed, (int)common, (const char *)words->pdata[0],
			       words->len == 1 && from == 0 ? " " : "");
	line_edit_set(shell->prompt.edit, text);
	shell->dirty = true;
	g_free(text);
}

/* What the command does once it is named, else what fits, as much as there is room for. */
void shell_command_draw(struct shell *shell)
{
	const char *typed = line_edit_text(shell->prompt.edit);
	int y = canvas_height(shell->canvas) - 2, width = canvas_width(shell->canvas), x = 2;
	size_t from;
	g_autoptr(GPtrArray) words = candidates(shell, typed, &from);
	enum action action;

	if (y < 2)
		return;
	narrow(words, typed + from);
	canvas_fill(shell->canvas, (struct rect){0, y, width, 1}, ' ',
		    (struct style){ROLE_TEXT, ROLE_BAR, 0});
	action = from == 0 && words->len == 1 ? action_parse(words->pdata[0]) : ACTION_NONE;
	if (action != ACTION_NONE) {
		x += 2 + canvas_text(shell->canvas, x, y, width - 3, words->pdata[0],
				     (struct style){ROLE_ACCENT, ROLE_BAR, 0});
		canvas_text(shell->canvas, x, y, MAX(width - x - 1, 0), action_info(action)->help,
			    (struct style){ROLE_DIM, ROLE_BAR, 0});
		return;
	}
	if (words->len == 0 && from == 0)
		canvas_text(shell->canvas, x, y, width - 3, "there is no such command; ? lists all",
			    (struct style){ROLE_DIM, ROLE_BAR, 0});
	for (guint i = 0; i < words->len && x < width - 2; i++) {
		int cells = canvas_text_width(shell->canvas, words->pdata[i]);

		if (i > 0 && x + cells > width - 5) {
			canvas_textf(shell->canvas, x, y, -1, (struct style){ROLE_DIM, ROLE_BAR, 0}, "+%u",
				     words->len - i);
			return;
		}
		x += 2 + canvas_text(shell->canvas, x, y, width - x - 1, words->pdata[i],
				     i == 0 && typed[from] != '\0' ? (struct style){ROLE_ACCENT, ROLE_BAR, 0}
								   : (struct style){ROLE_DIM, ROLE_BAR, 0});
	}
}
