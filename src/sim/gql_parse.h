/* GraphQL query text → a tree. The executable part of the language: operations, variables, arguments, aliases, nested
 * selections, fragments, directives. Not the type system language, not block strings.
 */
#ifndef LODGE_SIM_GQL_PARSE_H
#define LODGE_SIM_GQL_PARSE_H

#include "base/err.h"

#include <cjson/cJSON.h>
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define GQL_DEPTH 32
#define GQL_NODES 20000

/* Values are cJSON trees; a variable within is a cJSON_Raw item that holds its name. Enum values are strings. */
struct gql_argument {
	char *name;
	cJSON *value;
};

struct gql_directive {
	char *name;
	GPtrArray *arguments;
};

enum gql_selection_kind { GQL_FIELD, GQL_SPREAD, GQL_INLINE };

struct gql_selection {
	enum gql_selection_kind kind;
	char *alias;           /* NULL = none */
	char *name;            /* field, or fragment; NULL for an inline one */
	char *condition;       /* type condition of an inline fragment; NULL = none */
	GPtrArray *arguments;  /* struct gql_argument * */
	GPtrArray *directives; /* struct gql_directive * */
	GPtrArray *selections; /* struct gql_selection *; NULL when there are no braces */
};

struct gql_variable {
	char *name, *type; /* the type as written, without blanks */
	cJSON *otherwise;  /* default value; NULL = none */
};

struct gql_operation {
	char *kind;            /* "query", "mutation", "subscription"; "fragment" for a fragment */
	char *name;            /* NULL = none */
	char *condition;       /* of a fragment */
	GPtrArray *variables;  /* struct gql_variable * */
	GPtrArray *selections; /* struct gql_selection * */
};

struct gql_document {
	GPtrArray *operations; /* struct gql_operation * */
	GPtrArray *fragments;  /* struct gql_operation * with kind "fragment" */
};

/* NULL with a problem whose `why` is what a server would say ("Syntax Error: …"). */
struct gql_document *gql_parse(const char *text, struct problem *problem);
void gql_document_free(struct gql_document *document);

#endif
