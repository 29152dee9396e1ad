/* Reading JSON: the only door to cJSON's parser.
 *
 * Every document has ceilings (bytes, depth, nodes) and lives in an arena under cJSON's allocation hooks, so
 * it is freed at once and costs no malloc a node. cJSON's hooks are process-wide: call jsonx_setup() once,
 * before any thread starts and after setlocale. Trees that are not parsed here (cJSON_Create…) use malloc as
 * ever.
 */
#ifndef LODGE_BASE_JSONX_H
#define LODGE_BASE_JSONX_H

#include "base/arena.h"
#include "base/err.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSONX_DEPTH 48         /* no document of the four vendors nests deeper than 12 */
#define JSONX_NODES (4u << 20) /* values in one tree */
#define JSONX_ROWS (8u << 20)  /* rows of one streamed answer */

void jsonx_setup(void);

/* A parsed document; reusable: each parse forgets the last. */
struct jsonx {
	struct arena arena;
	struct arena names; /* the key of the member that jsonx_each_row is in */
	const cJSON *root;  /* NULL until a parse succeeded */
};

void jsonx_init(struct jsonx *doc);
void jsonx_fini(struct jsonx *doc);

/* Parses the whole of `bytes` (trailing white space allowed, a leading BOM skipped). ERR_PARSE (why names the
 * offset), ERR_TOO_DEEP, ERR_TOO_BIG. The bytes need not outlive the call. */
int jsonx_parse(struct jsonx *doc, const char *bytes, size_t length, struct problem *problem) LODGE_MUST_USE;

/* Streams large answers: calls `row` for each element of each array that is a direct member of the top-level
 * object (member = its key, not cleaned), one small tree at a time; for a top-level array, member is "".
 * Other members are handed over once each with `element` = their value and `in_array` false. Memory stays
 * that of the largest element. An element that is too deep, or that cJSON refuses although its brackets
 * match, is counted in *bad and skipped. `row` returns 0 to go on, or a negative ERR_ code that ends the walk
 * and is returned. A document that is not well-formed as a whole is ERR_PARSE (rows before the fault were
 * handed over: the caller drops them). */
typedef int (*jsonx_row_fn)(void *ctx, const char *member, bool in_array, const cJSON *element);
int jsonx_each_row(struct jsonx *doc, const char *bytes, size_t length, jsonx_row_fn row, void *ctx,
		   unsigned *bad, struct problem *problem) LODGE_MUST_USE;

/* Getters. All accept NULL. Keys are compared case-sensitively. */
const cJSON *jsonx_get(const cJSON *object, const char *key);
const cJSON *jsonx_path(const cJSON *object, const char *dotted); /* "capacity.max" */
const char *jsonx_str(const cJSON *item); /* the text; NULL when not a string, or "" (butlr.md §10 row 28) */
double jsonx_num(const cJSON *item);      /* number or numeric string; NAN otherwise */
/* bool, 0/1, "true"/"false"/"yes"/"no"/"1"/"0" in any case: 1 or 0; -1 when not told. */
int jsonx_truthy(const cJSON *item);
int64_t jsonx_moment(const cJSON *item); /* any form of moment.h; MOMENT_NONE otherwise */

#endif
