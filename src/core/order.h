/* A change that a person wants a vendor to make: create, change or delete one thing. What can be changed, and with which fields, is a table that each vendor
 * gives (source_ops.writes); commands, forms and checks are made from it. */
#ifndef LODGE_CORE_ORDER_H
#define LODGE_CORE_ORDER_H

#include "base/buf.h"
#include "base/err.h"
#include "model/kind_id.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verb { VERB_CREATE, VERB_CHANGE, VERB_DELETE, VERB_COUNT };
#define VERB_BIT(verb) (1u << (verb))

/* "create", "change", "delete". */
const char *verb_name(enum verb verb);
int verb_parse(const char *name); /* -1: unknown */

enum write_form {
	WRITE_TEXT,
	WRITE_YESNO,
	WRITE_NUMBER,
	WRITE_MOMENT, /* ISO 8601; kept in the order as UTC with Z */
	WRITE_DATE,   /* YYYY-MM-DD */
	WRITE_TIME,   /* HH:MM or HH:MM:SS */
	WRITE_CHOICE, /* one of `choices` */
	WRITE_WORDS,  /* several of `choices` (NULL: any), comma separated */
	WRITE_ID,     /* the id of something of the kind `of` */
};

enum write_flag {
	WRITE_ON_CREATE = 1,
	WRITE_ON_CHANGE = 2,
	WRITE_ON_DELETE = 4,  /* needed to name what is deleted (the unit of a tenant) */
	WRITE_REQUIRED = 8,   /* where it may be given, it must be (a change: only what names the thing) */
	WRITE_CLEARABLE = 16, /* an empty value takes it away */
	WRITE_PRIVATE = 32,   /* kept out of the audit's text (a PIN) */
};

struct write_field {
	const char *name; /* as in the JSON of the kind where it means the same, else the vendor's */
	enum write_form form;
	unsigned flags;
	const char *const *choices; /* ended by NULL */
	enum kind of;               /* WRITE_ID */
	const char *help;
};

struct write_info {
	enum kind kind;
	unsigned verbs; /* VERB_BIT; 0 ends a table */
	const struct write_field *fields;
	size_t n_fields;
};

struct order_field {
	char *name, *value; /* value NULL: take it away */
};

struct order {
	enum kind kind;
	enum verb verb;
	char *id; /* what is changed or deleted; NULL to create */
	struct order_field *fields;
	size_t n_fields;
	/* The field that gets the id of what the first order of the same list made (a key's keychain_id); NULL: none. */
	char *first_id_field;
	/* An earlier try of the same change ended without an answer: look whether it was made before anything is sent. */
	bool resume;
};

struct order *order_new(enum kind kind, enum verb verb, const char *id);
struct order *order_copy(const struct order *order);
void order_free(struct order *order);
/* Replaces or adds; value NULL takes the thing's value away at the vendor. The text is kept as given (it is the person's, not a vendor's). */
void order_set(struct order *order, const char *name, const char *value);
/* NULL when it is not given or taken away. */
const char *order_get(const struct order *order, const char *name);
bool order_has(const struct order *order, const char *name);

/* The row of a vendor's table, NULL when the kind cannot be written or not in this way. */
const struct write_info *write_find(const struct write_info *table, enum kind kind, enum verb verb);
const struct write_field *write_field_find(const struct write_info *info, const char *name);

/* ERR_USAGE when a name is unknown (the nearest is named), may not be given with this verb, is missing, or its value has not the field's form. Values are
 * normalised (moments to UTC with Z, yes/no to true/false). `timezone`: of moments without one; NULL: UTC. *bad gets the field's name (or NULL). */
int order_check(struct order *order, const struct write_info *info, const char *timezone, int64_t now_ms,
		const char **bad, struct problem *problem) LODGE_MUST_USE;

/* The order as one line of JSON, for the audit: {"name":"…","email":"…"}; private fields as "…". `info` may be NULL. */
void order_json(const struct order *order, const struct write_info *info, struct buf *out);
/* True when both ask for the same thing (kind, verb, id, fields; resume apart). */
bool order_same(const struct order *a, const struct order *b);

#endif
