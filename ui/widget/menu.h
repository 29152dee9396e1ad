/* A list of choices of which one is taken: the lines below a field of a form, or a list of its own. Who owns it says what the choices are. */
#ifndef LODGE_UI_WIDGET_MENU_H
#define LODGE_UI_WIDGET_MENU_H

#include "ui/canvas.h"
#include "ui/input.h"

#include <stddef.h>

struct menu_item {
	const char *value;  /* what is taken */
	const char *label;  /* what is shown */
	const char *detail; /* beside it, dim; NULL: none */
};

struct menu {
	size_t n, at, top; /* choices, the marked one, the first that is seen */
	int seen;          /* lines of the last drawing */
};

/* Other choices: the first is marked. */
void menu_set(struct menu *menu, size_t n, size_t at);
/* Up, Down, PgUp, PgDn, Home, End with Ctrl left aside. True when it was such a key. */
bool menu_input(struct menu *menu, const struct input *input);
/* Draws `lines` lines from y on; `items` are the menu's n. `match` (may be NULL) is marked in the labels. `more`: how many there are beyond the n. */
void menu_draw(struct menu *menu, struct canvas *canvas, struct rect at, const struct menu_item *items,
	       const char *match, size_t more);

#endif
