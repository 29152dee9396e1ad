/* Reading a JSON:API request of the simulated ButterflyMX, and telling what is wrong with it in the documented form
 * (butterflymx.md §13): {"errors":[{"source":{"pointer":…},"detail":…}]}. */
#ifndef LODGE_SIM_BUTTERFLYMX_FORM_H
#define LODGE_SIM_BUTTERFLYMX_FORM_H

#include "sim/butterflymx.h"

struct sim_bmx_form {
	struct sim_call *call;
	const cJSON *attributes, *relationships; /* NULL where the request has none */
	unsigned errors;
	bool done; /* refused as a whole; nothing is to be written any more */
};

/* Reads `data` of the request. `id`: that of the path for a PATCH, 0 for a POST. `known`: the attributes that the document
 * names, blank separated; others are noted and ignored. False after an answer. */
bool sim_bmx_form_read(struct sim_bmx_form *form, struct sim_call *call, enum sim_bmx_kind kind, int64_t id,
		       const char *known);

/* Adds one error of validation about an attribute. */
void sim_bmx_form_wrong(struct sim_bmx_form *form, const char *attribute, const char *detail);

/* The same about a relationship. */
void sim_bmx_form_wrong_link(struct sim_bmx_form *form, const char *relationship, const char *detail);

/* Ends the list of errors. True when there were none. */
bool sim_bmx_form_good(struct sim_bmx_form *form);

/* An attribute that is there (null counts); NULL when it is not. */
const cJSON *sim_bmx_form_get(const struct sim_bmx_form *form, const char *name);

/* A text: sets *out when the attribute is there and is a text. With `needed`, absent or blank is an error. */
void sim_bmx_form_text(struct sim_bmx_form *form, const char *name, bool needed, const char **out);

/* A truth value, a moment (null: MOMENT_NONE; without zone: UTC), one word of a list: set when there and good, an error
 * when there and not. */
void sim_bmx_form_bool(struct sim_bmx_form *form, const char *name, bool *out);
void sim_bmx_form_moment(struct sim_bmx_form *form, const char *name, bool needed, int64_t *out);
void sim_bmx_form_word(struct sim_bmx_form *form, const char *name, const char *const *words,
		       const char **out);

/* The record that a relationship to one names, or NULL after an error. Identifiers without type are accepted, as the
 * document's samples have them. */
void *sim_bmx_form_link(struct sim_bmx_form *form, const char *name, enum sim_bmx_kind kind);

extern const char *const sim_bmx_strategies[];

bool sim_bmx_email_good(const char *text);

#endif
