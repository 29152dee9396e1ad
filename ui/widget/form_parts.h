/* What form.c (values and keys), form_step.c (days and hours by keys) and form_draw.c share. */
#ifndef LODGE_UI_WIDGET_FORM_PARTS_H
#define LODGE_UI_WIDGET_FORM_PARTS_H

#include "ui/widget/form.h"
#include "ui/widget/line_edit.h"

#define FORM_ITEMS_MOST 100 /* choices kept of one list */

struct form_slot {
	const struct form_field *field;
	struct line_edit *edit; /* texts; of a choice what is searched */
	char *value, *label;    /* CHOICE, SEVERAL, YESNO */
	char *fault;
	bool hidden, left; /* left: the person was there and went on */
	int mark;          /* SEVERAL: which of them */
};

struct form {
	struct form_slot *slots;
	int n, at;
	struct form_ops ops;
	bool touched;
	/* the list of the field with the keys */
	bool open, picked; /* picked: moved in it */
	struct menu menu;
	struct menu_item items[FORM_ITEMS_MOST];
	size_t offered; /* all that fit */
	int scroll;
};

/* True when the list contains the word. */
bool form_has_word(const char *list, const char *word);
/* The next or earlier day or half hour of what is typed, into out; false when it cannot be told. */
bool form_step(enum form_kind kind, const char *text, int steps, char out[32]);
/* The few of a SEVERAL field. */
size_t form_few(struct form *form, const struct form_slot *slot, struct menu_item *items);

#define FORM_FEW_MOST 12

#endif
