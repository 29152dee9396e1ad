/* GraphQL over a table of types: a query is checked and compiled into slots, then run.
 *
 * Resolvers write straight into the answer: a scalar with jsonw, an object with gql_object(), a list as an array of these.
 */
#ifndef LODGE_SIM_GQL_H
#define LODGE_SIM_GQL_H

#include "base/jsonw.h"
#include "sim/gql_parse.h"

struct gql_run;
struct gql_slot;

typedef void (*gql_resolve_fn)(struct gql_run *run, const struct gql_slot *slot, void *object);

struct gql_type;

struct gql_field {
	const char *name;
	gql_resolve_fn resolve;
	const struct gql_type *type; /* of the object or of the list's elements; NULL = scalar */
	int tag;                     /* for a resolver that serves several fields */
	const char *arguments;       /* names, blank separated; NULL = none */
};

struct gql_type {
	const char *name;
	const struct gql_field *fields;
	unsigned n_fields;
};

/* A field that was asked for, with what was asked below it. */
struct gql_slot {
	char *key;
	const struct gql_field *field; /* NULL = __typename */
	cJSON *arguments;              /* object, variables filled in */
	GPtrArray *below;              /* struct gql_slot * */
};

struct gql_run {
	struct jsonw *json; /* the data */
	void *context;      /* the caller's */
	GPtrArray *path;    /* const char * keys, or GINT_TO_POINTER(index) below 1<<20 */
	struct buf errors_text;
	struct jsonw errors; /* elements of the list of errors */
	unsigned n_errors;
};

/* Answers {"data":…,"errors":…}. `request` is {query, variables?, operationName?}; it was checked to be an object.
 * Returns false when the query was refused as a whole (data is null). */
bool gql_answer(const struct gql_type *query_type, const cJSON *request, void *context, struct jsonw *out);

/* Writes {"data":null,"errors":[…]} with one error. */
void gql_refuse(struct jsonw *out, const char *code, const char *message);

/* For resolvers. gql_object writes one object as the slot asks; index < 0 when it is not an element of a list. */
void gql_object(struct gql_run *run, const struct gql_slot *slot, void *object, int index);
void gql_error(struct gql_run *run, const char *code, const char *format, ...) LODGE_PRINTF(3, 4);

/* An argument, or NULL when it is absent or null. */
const cJSON *gql_argument(const struct gql_slot *slot, const char *name);

/* Is `text` among the strings of the argument? True when there is no such argument. */
bool gql_listed(const struct gql_slot *slot, const char *name, const char *text);

#endif
