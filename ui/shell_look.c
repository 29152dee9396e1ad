/* Theme and heat palette: by name or the next, live. */
#include "ui/shell_private.h"

#include <glib.h>
#include <string.h>

/* True where a room's fill has a colour of its own. */
static bool has_fills(const struct theme *theme)
{
	return theme_rgb(theme, (enum role)(ROLE_FILL_0 + ROLE_FILL_LEVELS / 2)) != THEME_DEFAULT;
}

void shell_look_settle(struct shell *shell)
{
	struct theme *theme = shell->options.theme;

	if (shell->options.keep_ground)
		theme_keep_ground(theme);
	if (shell->palette[0] != '\0' && theme_set_palette(theme, shell->palette) != ERR_OK)
		shell->palette[0] = '\0';
	shell->desk.hatch = shell->options.mono || shell->options.hatch || !has_fills(theme);
	shell->redraw = true;
	shell->dirty = true;
}

bool shell_theme_set(struct shell *shell, const char *name, const char *palette, struct problem *problem)
{
	struct theme *theme;

	if (theme_load(name, &theme, problem) != ERR_OK)
		return false;
	theme_free(shell->options.theme);
	shell->options.theme = theme;
	g_strlcpy(shell->theme, name, sizeof(shell->theme));
	g_strlcpy(shell->palette, palette, sizeof(shell->palette));
	shell_look_settle(shell);
	return true;
}

/* The one after `name`; the first when it is the last or none of them. */
static const char *after(const char *const *names, const char *name)
{
	for (; *names != NULL; names++)
		if (strcmp(*names, name) == 0 && names[1] != NULL)
			return names[1];
	return NULL;
}

void shell_theme_act(struct shell *shell, const char *name)
{
	const char *next = name != NULL ? name : after(theme_names(), shell->theme);
	char palette[sizeof(shell->palette)];
	struct problem problem;
	char text[400];

	if (name != NULL && strchr(name, '/') != NULL && shell->desk.license.kiosk) {
		shell_toast(shell, false, "no files are read here");
		return;
	}
	g_strlcpy(palette, shell->palette, sizeof(palette));
	if (!shell_theme_set(shell, next != NULL ? next : theme_names()[0], palette, &problem)) {
		shell_toast(shell, false, problem_text(&problem, text, sizeof(text)));
		return;
	}
	g_snprintf(text, sizeof(text), "theme %.200s", shell->theme);
	shell_toast(shell, true, text);
}

void shell_palette_act(struct shell *shell, const char *name)
{
	const char *next = name != NULL ? name : after(theme_palettes(), shell->palette);
	char text[120];

	next = next != NULL ? next : theme_palettes()[0];
	if (theme_set_palette(shell->options.theme, next) == ERR_OK) {
		g_strlcpy(shell->palette, next, sizeof(shell->palette));
		shell->redraw = true;
		g_snprintf(text, sizeof(text), "heat palette %s", next);
		shell_toast(shell, true, text);
	} else {
		g_snprintf(text, sizeof(text), "there is no palette %.60s", next);
		shell_toast(shell, false, text);
	}
}
