/* A pane is a table of functions. It draws into a canvas by roles and knows neither the terminal nor the network. */
#ifndef LODGE_UI_PANE_H
#define LODGE_UI_PANE_H

#include "core/history.h"
#include "core/order.h"
#include "core/person.h"
#include "core/query.h"
#include "ui/action.h"
#include "ui/canvas.h"
#include "ui/input.h"
#include "ui/world.h"

#include <stdbool.h>
#include <stdint.h>

struct pane;

/* How orders are getting on: told again and again until it is over. */
enum order_stage { ORDER_RUNNING, ORDER_DONE, ORDER_FAILED, ORDER_UNSURE };
struct order_fault {
	const char *field, *text;
};
struct order_report {
	enum order_stage stage;
	unsigned done, total; /* orders of the list */
	const char *text;     /* what is going on, or why it failed and what to do; inert */
	const struct rows *
		rows; /* what the last order made; NULL: nothing. Valid during the call (rows_ref keeps it). */
	const struct order_fault *faults; /* ORDER_FAILED: which fields are wrong */
	size_t n_faults;
};

/* What a pane may use and ask for; owned by the shell. */
struct desk {
	struct world *world;
	bool ascii;
	bool braille; /* the person's choice of glyphs */
	bool mono;    /* the terminal has no colours: heat is told by shades */
	bool hatch;   /* areas have no colour that is seen, by the terminal or the theme: they are hatched */
	double cell_aspect; /* height of a cell over its width, about 2 */
	/* Asks a line of text in the bottom line: `done` gets it (NULL: cancelled). `initial` may be NULL. `changed` (may be NULL) gets every state while typing. */
	void (*prompt)(struct desk *desk, const char *label, const char *initial,
		       void (*done)(void *ctx, const char *text),
		       void (*changed)(void *ctx, const char *text), void *ctx);
	/* A result, shown for some seconds. */
	void (*toast)(struct desk *desk, bool good, const char *text);
	/* Long work, in the bottom line until it is over: `done` of `total` (0: not known). Esc calls `cancel` once (NULL: cannot be cancelled); whoever works then
	 * ends it as soon as it can. Called again with every step; text NULL: it is over. One work at a time: the newest is shown. */
	void (*progress)(struct desk *desk, const char *text, double done, double total,
			 void (*cancel)(void *ctx), void *ctx);
	/* Text for the clipboard. */
	void (*copy)(struct desk *desk, const char *text);
	/* Opens a pane whole. */
	void (*show)(struct desk *desk, enum action pane);
	/* Writes a file on a thread of its own, never over an existing one unless `replace`; the result comes as a toast. Takes the bytes (buf_take). */
	void (*save)(struct desk *desk, const char *path, char *bytes, size_t length, bool replace);

	/* --- from here on filled in by the owner of the program (shell_options.equip); NULL: not possible here --- */
	void *owner;
	/* What the person may do here. Nothing is offered that the license does not allow, and person_may is asked again before an order. */
	struct license license;
	/* Carries out `n` orders one after the other at an account, each with its line in the audit, and stops at the first that fails; takes them over. `report` is
	 * called on the main thread, never from within; `ctx` NULL or a pane that was closed: give desk_forget. A number for it, 0 when nothing can be changed. */
	uint64_t (*carry_out)(struct desk *desk, unsigned account, struct order **orders, size_t n,
			      void (*report)(void *ctx, const struct order_report *report), void *ctx);
	/* Whether the account's vendor can do that at all, and has not refused it (403) in this run. `why` (may be NULL) gets the reason. */
	bool (*can)(struct desk *desk, unsigned account, enum kind kind, enum verb verb, const char **why);

	/* Asks the kept history. The page is valid during the call; of asks with the same slot only the newest is answered. NULL members: no history here. */
	void (*find_doors)(struct desk *desk, unsigned slot, const struct door_search *search,
			   void (*found)(void *ctx, const struct door_page *page), void *ctx);
	void (*count_doors)(struct desk *desk, unsigned slot, const struct door_search *search,
			    int64_t width_ms, void (*counted)(void *ctx, const struct door_counts *counts),
			    void *ctx);
	/* Writes all that a search finds to a file (.csv or .json by its name), with a progress line; the result comes as a toast. */
	void (*export_doors)(struct desk *desk, const struct door_search *search, const char *path);
	/* The text in the QR picture at an address: fetched without signing in, read in a process of its own. `text` NULL: there is none, `why` says why. Both
	 * inert. NULL member: pictures cannot be read here. */
	void (*read_picture)(struct desk *desk, unsigned account, const char *url,
			     void (*read)(void *ctx, const char *text, const char *why), void *ctx);
	/* What the code of a key holds where no picture can be read: the account's template, or the code itself. Into `out`. */
	void (*key_payload)(struct desk *desk, unsigned account, const char *key_code, struct buf *out);
	/* Sends text to the printer (the terminal's, or the configured command). */
	void (*print)(struct desk *desk, const char *text);
	/* No more reports to this ctx. */
	void (*forget)(struct desk *desk, void *ctx);
	/* One poll of any query by an account's feed; what was answered lately is answered again at once, from within. `rows` is sealed and valid during the call
	 * (rows_ref keeps it), NULL when nothing came: `why` says why. The query is copied. NULL member: nobody can be asked here. */
	void (*ask)(struct desk *desk, unsigned account, const struct query *query,
		    void (*answer)(void *ctx, const struct rows *rows, const char *why), void *ctx);
	/* The time zone of an account's buildings where the account may not read them; NULL (also the member): not told. */
	const char *(*account_zone)(struct desk *desk, unsigned account);

	int64_t qr_blank_ms; /* QR codes are hidden so long after the last key; 0: never */
	const struct key_template *templates;
	size_t n_templates;

	/* The configuration's groups: which buildings of several accounts are one real building. */
	const struct building_group *groups;
	size_t n_groups;
	const char *hours; /* when people are expected, as configured: "mon-fri 7-19"; NULL: not told */
};

/* Keys that the bottom line names while this pane has the focus, most useful first; ended by ACTION_NONE. */
struct hint {
	enum action action;
	const char *word; /* "filter" */
};

/* Keys that a pane takes as they are (a form), for the bottom line; ended by a NULL key. */
struct raw_hint {
	const char *key, *word;
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
	/* What `u` brings back: how the pane looks at its data (filter, order, zoom …; what is chosen is the shell's) as bytes that are equal when the look is. Returns
	 * how many, at most PANE_VIEW_MOST. set_view takes them back. Both or neither may be NULL. */
	size_t (*view)(void *state, void *out);
	void (*set_view)(void *state, const void *view, size_t length);
	/* The i-th of the words that an action of the pane takes as its argument, for completion; NULL: no more. May be NULL. */
	const char *(*word)(void *state, enum action action, size_t i);
	/* The hints of this moment, in place of `hints`. May be NULL. */
	const struct hint *(*hints_now)(void *state);
	/* While the pane wants all keys for itself (a form, a question): what they do there; NULL: it does not now. May be NULL. */
	const struct raw_hint *(*raw)(void *state);
	/* A key or a paste while `raw` is not NULL, before the key's action is looked for. False: not the pane's. May be NULL. */
	bool (*input)(void *state, const struct input *input);
};
#define PANE_VIEW_MOST 512

extern const struct pane_ops pane_overview, pane_floor, pane_heat, pane_occupancy, pane_health, pane_doors,
	pane_keys;

#endif
