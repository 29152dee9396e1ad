/* Inside of the form that issues visitor keys: keys_issue.c (pages and keys), keys_issue_form.c (choices and values), keys_issue_send.c (orders). */
#ifndef LODGE_UI_PANE_KEYS_ISSUE_H
#define LODGE_UI_PANE_KEYS_ISSUE_H

#include "ui/pane/keys_view.h"
#include "ui/widget/form.h"

enum { FIELD_WHEN = VISITOR_FIELDS }; /* the others are enum visitor_field */

enum issue_page { ISSUE_FORM, ISSUE_REVIEW, ISSUE_SENDING };

struct issue_unit {
	unsigned account;
	const char *id, *name, *building;
	char *tenants; /* names, ", " between */
	char *folded;  /* what a search looks at */
	char *value;   /* "0:id" */
};

/* Something to choose that is made here: value, label, detail. */
struct issue_choice {
	char *value, *label, *detail;
};

struct keys_issue {
	struct keys_view *view;
	enum issue_page page;
	struct form *form;
	struct dialog leave;                /* asked when something was typed */
	GPtrArray *held;                    /* snapshots that the units point into */
	GArray *units;                      /* struct issue_unit, by name */
	GPtrArray *choices[FIELD_WHEN + 1]; /* struct issue_choice, of the fields that have a list */
	char *defaults[VISITOR_FIELDS];     /* as they were filled in, to know what the person changed */
	char zone[80];                      /* of the chosen unit */
	bool zone_told;
	bool show_template; /* the review shows the lines to paste */
	/* what was sent last */
	unsigned account;
	GPtrArray *sent; /* struct order, copies */
	GPtrArray *made; /* snapshots of what was made, in the order of `sent` */
	bool unsure, running;
	char status[300];
};

/* --- keys_issue_form.c --- */
void issue_form_new(struct keys_issue *issue);
void issue_form_free(struct keys_issue *issue);
/* The chosen unit, NULL when none or one that was typed. */
const struct issue_unit *issue_unit(const struct keys_issue *issue);
unsigned issue_account(const struct keys_issue *issue);
/* What the form says; visitor_fini it. */
void issue_visitor(const struct keys_issue *issue, struct visitor *visitor);
/* Looks at everything and writes the faults to the form; true when there is none. */
bool issue_check(struct keys_issue *issue);
/* Only the fields that count for this kind of key are seen. */
void issue_show_fields(struct keys_issue *issue);
/* The form's times as lines of the configuration. */
void issue_template(const struct keys_issue *issue, struct buf *out);

/* --- keys_issue_send.c --- */
void issue_send(struct keys_issue *issue);

#endif
