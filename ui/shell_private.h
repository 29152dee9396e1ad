/* Inside of the shell: its state, shared by shell.c (what happens), shell_draw.c (what is seen), shell_command.c (the `:` line), shell_help.c,
 * shell_welcome.c, shell_look.c (theme and palette) and shell_undo.c. */
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

/* Long work that somebody tells of. */
struct progress {
	char text[120]; /* "": none */
	double done, total;
	int64_t since_ms;
	void (*cancel)(void *ctx);
	void *ctx;
};

/* How things are looked at: what `u` brings back. Filled with zeros first, so that equal looks are equal bytes. */
struct look {
	char theme[256], palette[24];
	struct choice choice;
	bool braille;
	int pane;
	size_t length; /* of `view`, which is the pane's */
	char view[PANE_VIEW_MOST];
};
struct undo {
	enum action action; /* that changed it */
	struct look before;
};
#define UNDO_MOST 32

/* The clock's: of the chosen place (NULL: not told) and of the viewer. */
struct zones {
	struct moment_zone *there, *here;
	char *name;
	int64_t hour; /* when they were made */
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
	char theme[256], palette[24]; /* names; palette "": the theme's own */
	struct progress progress;
	struct undo *undo[UNDO_MOST]; /* oldest first */
	int n_undo;
	struct undo *pending; /* what an action whose prompt is open may change; NULL: none */
	int welcome_scroll, welcome_lines;
	int64_t second; /* of the last painted clock */
	struct zones zones;
};

/* shell.c */
void shell_act(struct shell *shell, enum action action, const char *argument);
struct opened *shell_pane(struct shell *shell);

/* shell_draw.c */
void shell_draw(struct shell *shell);
void shell_forget_zones(struct zones *zones);
/* The area of the pane, below the bars. */
struct rect shell_area(const struct shell *shell);
/* A key and its word in the bottom line; returns where the next begins. */
int shell_draw_hint(struct shell *shell, int x, int end, enum action action, const char *word);

/* What the pane's keys do now: its hints of this moment. */
const struct hint *shell_hints(struct shell *shell);
/* While the pane takes all keys itself; else NULL. */
const struct raw_hint *shell_raw_hints(struct shell *shell);

/* shell_command.c */
void shell_command_open(struct shell *shell);
void shell_command_complete(struct shell *shell);
/* What fits what is typed, in the line above the bottom line. */
void shell_command_draw(struct shell *shell);

/* shell_help.c */
void shell_help_draw(struct shell *shell);

/* shell_welcome.c: instead of the panes while there is no account. */
bool shell_welcome(const struct shell *shell);
void shell_welcome_draw(struct shell *shell);
/* True when the action was for the page: scrolling, the demo, or one that means nothing there. */
bool shell_welcome_act(struct shell *shell, enum action action);

/* shell_look.c */
/* After another theme or at the start: the person's palette and ground, and what the panes must know of it. */
void shell_look_settle(struct shell *shell);
/* NULL: the next one. */
void shell_theme_act(struct shell *shell, const char *name);
void shell_palette_act(struct shell *shell, const char *name);
bool shell_theme_set(struct shell *shell, const char *name, const char *palette, struct problem *problem);

/* shell_undo.c */
/* Around everything that a person does. */
void shell_undo_begin(struct shell *shell, enum action action);
void shell_undo_end(struct shell *shell);
void shell_undo_act(struct shell *shell);
void shell_undo_free(struct shell *shell);

#endif
