/* GraphQL, the reading side (butlr.md §5): query texts, what an answer means, and its rows. Pure. */
#ifndef LODGE_API_BUTLR_GRAPHQL_H
#define LODGE_API_BUTLR_GRAPHQL_H

#include "api/butlr/estate.h"
#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define BUTLR_GRAPHQL_PATH "/api/v3/graphql"

enum butlr_query {
	BUTLR_QUERY_TOPOLOGY,
	BUTLR_QUERY_ROOMS, /* geometry; a query of its own, so that one bad resolver cannot spoil the other */
	BUTLR_QUERY_SENSORS,  /* health */
	BUTLR_QUERY_GEOMETRY, /* of sensors */
	BUTLR_QUERY_HIVES,
	BUTLR_QUERY_FIXTURES, /* only an older edition of the schema has them: an unknown field refuses the whole query */
	BUTLR_QUERY_COUNT
};

/* The text as first sent (butlr.md §5.2). */
const char *butlr_query_text(enum butlr_query query);

/* {"query": text} */
void butlr_graphql_body(struct buf *body, const char *text);

/* Blanks every selection of `field`, with its arguments and its own selection, out of a query. False when it is not in there or the query
 * makes no sense without it (a field of the query root, id, data). */
bool butlr_graphql_drop(char *text, const char *field);

enum butlr_graphql_state {
	BUTLR_GRAPHQL_OK,
	BUTLR_GRAPHQL_PARTIAL, /* data and errors: use what came, say so */
	BUTLR_GRAPHQL_REFUSED, /* the query itself is not understood; `field` names the field at fault when it is told */
	BUTLR_GRAPHQL_AUTH, /* UNAUTHENTICATED */
	BUTLR_GRAPHQL_FAILED,
	BUTLR_GRAPHQL_NOT, /* no GraphQL answer at all */
};

struct butlr_graphql_result {
	enum butlr_graphql_state state;
	char message[240]; /* of the first error; the vendor's own text: not cleaned */
	char field[64];
};

/* Reads an answer of any status and takes every object of data into the estate: sites, buildings, floors, rooms, zones, sensors, hives, fixtures (bare
 * or wrapped in {data: […]}), and a single site, building, floor, room or zone. ERR_OK with *result filled, unless the JSON cannot be read for its size or depth. */
int butlr_decode_graphql(const char *bytes, size_t length, struct butlr_estate *estate,
			 struct butlr_graphql_result *result, struct problem *problem) LODGE_MUST_USE;

/* For the session (see session_request): ERR_AUTH when a 2xx answer says UNAUTHENTICATED, ERR_PARSE when it is cut or no JSON object. Looks into errors only
 * when the word is there, so that a large answer is not read twice. */
int butlr_graphql_inspect(const char *bytes, size_t length);

#endif
