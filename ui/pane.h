/* A pane is a table of functions. It draws into a canvas by roles and knows neither the terminal nor the network. */
#ifndef LODGE_UI_PANE_H
#define LODGE_UI_PANE_H

#include "ui/action.h"
#include "ui/canvas.h"
#include "ui/input.h"
#include "ui/world.h"

#include <stdbool.h>
#include <stdint.h>

struct pane;

/* What a pane may use and ask for; owned by the shell. */
struct desk {
	struct world *world;
	bool ascii;
	bool braille;       /* the person's choice of glyphs */
	bool mono;          /* the terminal has no colours: heat is told by shades */
	double cell_aspect; /* height of a cell over its width, about 2 */
	/* Asks a line of text in the bottom line: `done` gets it (NULL: cancelled). `initial` may be NULL. `changed` (may be NULL) gets every state while typing. */
	void (*prompt)(struct desk *desk, const char *label, const char *initial,
		       void (*done)(void *ctx, const char *text),
		       void (*changed)(void *ctx, const char *text), void *ctx);
	/* A result, shown for some seconds. */
	void (*toast)(struct desk *desk, bool good, const char *text);
	/* Text for the clipboard. */
	void (*copy)(struct desk *desk, const char *text);
	/* Opens a pane whole. */
	void (*show)(struct desk *desk, enum action pane);
	/* Writes a file on a thread of its own, never over an existing one unless `replace`; the result comes as a toast. Takes the bytes (buf_take). */
	void (*save)(struct desk *desk, const char *path, char *bytes, size_t length, bool replace);
};

/* Keys that the bottom line names while this pane has the focus, most useful first; ended by ACTION_NONE. */
struct hint {
	enum action action;
	const char *word; /* "filter" */
};

struct pane_ops {
	const char *title;
	enum action action; /* that opens it */
	uint32_t kinds;     /* a change of these marks it (KIND_BIT) */
	const struct hint *hints;

	void *(*open)(struct desk *desk);
	void (*close)(void *state);
	/* Takes new data in. True when something visible changed. Called before draw, and once a second (ages). */
	bool (*update)(void *state, uint32_t changed);
	/* Draws into the clip. `whole`: it is the only pane; else a tile of the overview. */
	void (*draw)(void *state, struct canvas *canvas, bool whole, bool focus);
	/* The figure at the right of its title, "37 of 86 people"; "" for none. */
	void (*figure)(void *state, struct buf *out);
	/* An action of the table, with its argument behind `:` or NULL. True when it was the pane's. */
	bool (*act)(void *state, enum action action, const char *argument);
	/* A mouse event in the pane's own cells. True when it changed something. May be NULL. */
	bool (*mouse)(void *state, const struct input *input);
	/* How fast it wants frames and detections: ms between polls while it is seen; 0: none. May be NULL. */
	int64_t (*live_ms)(void *state, enum kind kind);
};

extern const struct pane_ops pane_overview, pane_floor, pane_heat, pane_health;

#endif
