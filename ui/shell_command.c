/* The `:` line: any action by name, with completion by Tab and a history. */
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

/* Adds what all actions that begin so have in common. */
void shell_command_complete(struct shell *shell)
{
	const char *typed = line_edit_text(shell->prompt.edit), *first = NULL;
	size_t length = strlen(typed), common = 0;
	int fitting = 0;
	char *text;

	for (int action = 1; action < ACTION_COUNT; action++) {
		const char *name = action_info((enum action)action)->name;
		size_t same = 0;

		if (strncmp(name, typed, length) != 0)
			continue;
		if (fitting++ == 0) {
			first = name;
			common = strlen(name);
			continue;
		}
		while (same < common && name[same] == first[same])
			same++;
		common = same;
	}
	if (first == NULL)
		return;
	text = g_strdup_printf("%.*s%s", (int)common, first, fitting == 1 ? " " : "");
	line_edit_set(shell->prompt.edit, text);
	shell->dirty = true;
	g_free(text);
}
