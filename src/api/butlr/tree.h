/* The tree of one element of a large list, built in one pass. What servers write as a rule (no escapes, little nesting) is built here; anything else is left to
 * base/jsonx.h, which decides alone what is right. */
#ifndef LODGE_API_BUTLR_TREE_H
#define LODGE_API_BUTLR_TREE_H

#include "api/butlr/walk.h"
#include "base/jsonx.h"

/* Reads the value under the cursor and passes it. The tree lives until the next one is built in `doc`; of numbers only valuedouble is set. NULL with *err set (as
 * jsonx_parse; ERR_PARSE also when the bytes end): the cursor stands after the value whenever its end could be found, and *passed says so. */
const cJSON *butlr_tree(struct jsonx *doc, struct jsonx_scan *scan, bool *passed, int *err);

#endif
