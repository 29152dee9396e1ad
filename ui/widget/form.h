/* A form: labelled fields under each other, of which one has the keys; what is wrong stands beside the field it belongs to. It knows nothing about what is asked:
 * the owner gives the fields, the choices and the faults. */
#ifndef LODGE_UI_WIDGET_FORM_H
#define LODGE_UI_WIDGET_FORM_H

#include "ui/canvas.h"
#include "ui/input.h"
#include "ui/widget/menu.h"

#include <stdbool.h>
#include <stddef.h>

#define FORM_TEXT_MOST 600 /* bytes of one field */

enum form_kind {
	FORM_TEXT,
	FORM_CHOICE,  /* one of a list that is searched while typing */
	FORM_SEVERAL, /* any of a few; the value is theirs with commas */
	FORM_YESNO,   /* "yes" or "no" */
	FORM_DATE,    /* 2026-11-21; PgUp and PgDn by days */
	FORM_TIME,    /* 14:30; PgUp and PgDn by half hours */
	FORM_MOMENT,  /* 2026-11-21T14:30 or what else the owner understands; PgUp and PgDn by half hours */
};

struct form_field {
	int id;
	const char *label;
	enum form_kind kind;
	bool loose;       /* CHOICE: where nothing fits, what was typed is taken */
	const char *help; /* shown while the field has the keys */
};

struct form;

struct form_ops {
	/* The choices of a field that fit what is typed ("" = all), at most `most` into items; returns how many there are. Texts live until the next call for the same
	 * field. */
	size_t (*choices)(void *ctx, int id, const char *typed, struct menu_item *items, size_t most);
	/* A value changed by a key. May be NULL. */
	void (*changed)(void *ctx, int id);
	void *ctx;
};

/* The fields are the caller's and stay. */
struct form *form_new(const struct form_field *fields, int n, const struct form_ops *ops);
void form_free(struct form *form);

/* "" when there is none; of a choice the value, not the label. */
const char *form_value(const struct form *form, int id);
/* NULL empties. Does not count as touched. A choice's label is looked up among the first that are offered; form_choose gives it. */
void form_set(struct form *form, int id, const char *value);
void form_choose(struct form *form, int id, const char *value, const char *label);
/* Fields that do not matter now are not shown. */
void form_show(struct form *form, int id, bool shown);
void form_focus(struct form *form, int id);
int form_focused(const struct form *form);
/* True once the person changed anything. */
bool form_touched(const struct form *form);

/* What is wrong with a field; NULL: nothing. It is shown once the field was left. */
void form_fault(struct form *form, int id, const char *text);
void form_clear_faults(struct form *form);
/* Shows all of them now and goes to the first; false when there is none. */
bool form_show_faults(struct form *form);

/* IGNORED: not a key of the form. DONE: the person is through (Enter in the last field, C-s, F2). CANCELLED: Esc. */
enum form_result { FORM_IGNORED, FORM_MOVED, FORM_CHANGED, FORM_DONE, FORM_CANCELLED };
enum form_result form_input(struct form *form, const struct input *input);

/* Draws into the clip, scrolled so that the field with the keys is seen with its list and its fault. */
void form_draw(struct form *form, struct canvas *canvas);

#endif
