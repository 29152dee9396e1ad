/* Inside of the shell: its state, shared by shell.c (what happens), shell_draw.c (what is seen) and shell_command.c (the `:` line). */
#ifndef LODGE_UI_SHELL_PRIVATE_H
#define LODGE_UI_SHELL_PRIVATE_H

#include "ui/shell.h"
#include "ui/widget/line_edit.h"

#define TOAST_MS 6000
#define HISTORY 50

struct opened {
	const struct pane_ops *ops;
	void *state; /* NULL until it was seen first */
};

/* The line at the bottom while something is typed. */
struct prompt {
	struct line_edit *edit; /* NULL: none */
	char label[48];
	bool command; /* the `:` line: with completion */
	void (*done)(void *ctx, const char *text);
	void (*changed)(void *ctx, const char *text);
	void *ctx;
};

struct shell {
	struct desk desk; /* first: panes hand it back */
	struct shell_options options;
	struct keymap *keymap;
	struct canvas *canvas;
	struct opened *panes;
	int n_panes, current, before;
	struct prompt prompt;
	char *history[HISTORY];
	int n_history;
	char toast[240];
	bool toast_good;
	int64_t toast_until_ms;
	bool help;
	int help_scroll, help_lines;
	bool mouse, quitting, redraw, dirty;
	int theme_at, palette_at;
	int64_t second; /* of the last painted clock */
};

/* shell.c */
void shell_act(struct shell *shell, enum action action, const char *argument);
struct opened *shell_pane(struct shell *shell);

/* shell_draw.c */
void shell_draw(struct shell *shell);
/* The area of the pane, below the bars. */
struct rect shell_area(const struct shell *shell);

/* shell_command.c */
void shell_command_open(struct shell *shell);
void shell_command_complete(struct shell *shell);

#endif
