/* Inside of the health pane: its state, and its parts. */
#ifndef LODGE_UI_PANE_HEALTH_VIEW_H
#define LODGE_UI_PANE_HEALTH_VIEW_H

#include "ui/health/health.h"
#include "ui/pane.h"
#include "ui/widget/table.h"

#include <glib.h>

struct health_view {
	struct desk *desk;
	struct health *health;
	struct table *table; /* all devices */
	struct table *walk;  /* batteries to replace, in the order of a walk */
	struct table_source all, due;
	bool old; /* both tables wait for a refresh: a tile needs none */
	bool walking, grouped, detail;
	bool whole;           /* as it was drawn last */
	char *typed;          /* the filter as typed, NULL: none */
	char *filter;         /* as health_matches wants it */
	char *typed_before;   /* to go back to when the prompt is cancelled */
	int64_t minute;       /* of the last update: ages are told by the minute */
	struct rect table_at; /* where the table was drawn last */
	char zone_name[80];
	struct moment_zone *zone; /* of zone_name */
	struct buf scratch;       /* for the text of one cell */
	uint32_t lists;           /* how often the list was made anew */
};

/* health_rows.c: the rows of both tables. */
void health_tables_new(struct health_view *view);
const char *health_order_name(enum health_order order);
/* By the heading of a column; -1 for none. */
int health_order_parse(const char *name);
/* The table that is seen, with its rows up to date. */
struct table *health_table(struct health_view *view);
/* The chosen item, NULL when there is none. */
const struct health_item *health_chosen(struct health_view *view);
/* A style that says "as of then" where the item's account is not heard of. */
struct style health_style(const struct health_item *item, enum role role);

/* health_draw.c */
/* " as of 14:06" while an account is not heard of: of the one that is silent longest. */
void health_add_as_of(struct health_view *view, struct buf *out);
void health_draw_whole(struct health_view *view, struct canvas *canvas, bool focus);
/* health_tile.c */
void health_draw_tile(struct health_view *view, struct canvas *canvas);

#endif
