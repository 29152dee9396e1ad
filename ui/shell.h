/* The frame that all panes live in: top line, tabs, panes, bottom line, prompt, help. It draws into a canvas and takes inputs; it knows neither
 * loop nor feeds: the owner gives it time, data and a terminal's size, and asks what it wants. */
#ifndef LODGE_UI_SHELL_H
#define LODGE_UI_SHELL_H

#include "ui/keymap.h"
#include "ui/pane.h"
#include "ui/theme.h"

#include <stdbool.h>
#include <stdint.h>

struct shell;

struct shell_options {
	struct world *world;
	struct theme *theme; /* the shell owns it from then on */
	bool ascii, mono;
	bool braille;           /* the person's choice of glyphs */
	bool hatch;             /* so few colours that areas cannot be told from the ground by them */
	bool keep_ground;       /* the terminal's own background, whatever the theme */
	bool mouse_on;          /* at the start */
	const char *theme_name; /* of `theme`; NULL: dusk */
	const char *palette;    /* of heat; NULL: the theme's own */
	const char *start;      /* name of an action that opens a pane; NULL: overview */
	const char *role;       /* viewer, desk, manager, admin */
	const char *
		file; /* where the configuration is to be written, for the page that is shown while there is no account */
	void *ctx;
	/* Fills in what the owner can do for the panes (struct desk, ui/pane.h). May be NULL: viewers of what the world holds. */
	void (*equip)(void *ctx, struct desk *desk);
	void (*copy)(void *ctx, const char *text);
	void (*save)(void *ctx, const char *path, char *bytes, size_t length, bool replace);
	void (*mouse)(void *ctx, bool on);
	void (*suspend)(void *ctx); /* C-z */
	void (*demo)(void *ctx);    /* the person asked for the demo on the welcome page */
};

struct shell *shell_new(const struct shell_options *options);
void shell_free(struct shell *shell);

struct keymap *shell_keymap(struct shell *shell);
const struct theme *shell_theme(const struct shell *shell);

void shell_resize(struct shell *shell, int width, int height);
/* A key, mouse event or paste. */
void shell_input(struct shell *shell, const struct input *input);
/* New data lies in the world, or a second has passed: panes look at what changed. */
void shell_update(struct shell *shell);
/* A result from outside ("written", "cannot be written"). */
void shell_toast(struct shell *shell, bool good, const char *text);
/* As desk->progress (ui/pane.h). */
void shell_progress(struct shell *shell, const char *text, double done, double total,
		    void (*cancel)(void *ctx), void *ctx);

/* True when something differs from what was last composed. */
bool shell_dirty(const struct shell *shell);
/* Composes what changed; the canvas is the shell's. */
const struct canvas *shell_compose(struct shell *shell);
/* Where the cursor is to be; x < 0: hidden. */
void shell_cursor(const struct shell *shell, int *x, int *y);
/* "lodge · Main Street 12 ▸ 2nd floor" for the window. */
void shell_title(const struct shell *shell, struct buf *out);

bool shell_quitting(const struct shell *shell);
/* True once after Ctrl+l. */
bool shell_take_redraw(struct shell *shell);

/* How fast the panes that are seen want frames or detections; 0: not at all. */
int64_t shell_live_ms(const struct shell *shell, enum kind kind);

#endif
