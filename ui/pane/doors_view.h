/* Inside of the doors pane: its state, and its parts. */
#ifndef LODGE_UI_PANE_DOORS_VIEW_H
#define LODGE_UI_PANE_DOORS_VIEW_H

#include "base/moment.h"
#include "model/access.h"
#include "ui/pane.h"

#include <glib.h>

#define DOORS_PAGE 200    /* rows asked for at once */
#define DOORS_KEPT 1200   /* rows kept in the window; beyond, the other end is let go */
#define DOORS_SHORT 64    /* rows of a tile */
#define DOORS_HOURS 24    /* of the count on top */
#define DOORS_SLOT_PAGE 1 /* slots of the questions to the history */
#define DOORS_SLOT_NEWER 2
#define DOORS_SLOT_COUNT 3

/* One release of the window. Everything lives in the page that it came with. */
struct door_item {
	const struct door_release *row;
	struct history_place place;
	char account[48];
	const struct rows *rows; /* a reference */
};

/* The part of the log that is in memory, newest first. */
struct door_log {
	GArray *items;               /* struct door_item */
	bool older;                  /* there is more after the last */
	bool cut;                    /* newer ones were let go */
	bool waiting;                /* an answer is on its way */
	bool asked;                  /* anything was ever answered */
	struct history_place newest; /* the newest that was ever in the window; fresh ones are newer */
	unsigned turn, asked_turn;   /* of the window's begin; and when fresh ones were asked for */
	unsigned fresh;              /* newer ones that were never shown */
	bool fresh_more;
	char why[240]; /* why nothing came; "" */
};

struct doors_view {
	struct desk *desk;
	struct door_log log;
	struct door_search search;
	char *typed;        /* the filter as typed, NULL: none */
	char *typed_before; /* to go back to when the prompt is cancelled */
	char flaw[120];     /* a word of the filter that is not understood; "" */
	int64_t period_ms;  /* 0: all that is kept */
	int chosen, top;    /* indices of items */
	bool follow, detail, whole;
	bool filtering;     /* the filter is being typed */
	bool history;       /* there is one; else the newest snapshot is shown */
	int height, titles; /* rows of the list and above it, as drawn last */
	struct rect list_at;
	double hours[DOORS_HOURS];
	int64_t hours_from_ms;
	unsigned today;
	char zone_name[80];
	struct moment_zone *zone;
	int64_t minute;
};

/* doors_log.c */
void doors_log_init(struct door_log *log);
void doors_log_fini(struct door_log *log);
/* Asks for the newest that fit the search; what is shown stays until they are here. */
void doors_reload(struct doors_view *view);
/* New releases have come: shown when it follows, else counted. */
void doors_look_for_new(struct doors_view *view);
/* Asks for more where the chosen row comes near an end of the window. */
void doors_extend(struct doors_view *view);
void doors_recount(struct doors_view *view);
const struct door_item *doors_at(const struct doors_view *view, int i);
int doors_shown(const struct doors_view *view);

/* doors_filter.c: "anna method:qr_key type:visitor unit:"402 A" person:smith since:7d until:2026-11-20 account:lobby". A word that is not understood is told in
 * view->flaw and left out. */
void doors_set_filter(struct doors_view *view, const char *typed);
/* Makes the search anew from what was typed: spans such as 7d move on with the clock. */
void doors_settle_search(struct doors_view *view);
/* The i-th word that a field is named by ("method:"); NULL: no more. */
const char *doors_filter_word(size_t i);
void doors_set_period(struct doors_view *view, int64_t period_ms);
const char *doors_period_name(const struct doors_view *view);
void doors_next_period(struct doors_view *view);

/* doors_draw.c */
void doors_settle_zone(struct doors_view *view);
void doors_draw_whole(struct doors_view *view, struct canvas *canvas, bool focus);
void doors_draw_tile(struct doors_view *view, struct canvas *canvas);
/* "qr key" for "qr_key". */
void doors_words(const char *vendor_word, char *out, size_t size);
/* The person, and the name the vendor wrote where it is another. */
const char *doors_who(const struct door_release *row);

#endif
