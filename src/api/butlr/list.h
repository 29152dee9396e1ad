/* Lists and single objects of REST v2 (butlr.md §4). Pure. */
#ifndef LODGE_API_BUTLR_LIST_H
#define LODGE_API_BUTLR_LIST_H

#include "api/butlr/estate.h"

struct butlr_page {
	char next[1024]; /* cursor of the next page; "" = the end (butlr.md §4.2) */
	unsigned items;
	unsigned fresh; /* items that no page of such a list had before */
};

/* {data: […], next}, a bare array, or a single object. `floor_id`: the floor whose list it is, or NULL. ERR_PARSE, ERR_TOO_BIG, ERR_TOO_DEEP. */
int butlr_decode_list(const char *bytes, size_t length, enum kind kind, const char *floor_id,
		      struct butlr_estate *estate, struct butlr_page *page,
		      struct problem *problem) LODGE_MUST_USE;

/* Room types and fixture types: key → name, both g_strdup'ed into the table. */
int butlr_decode_types(const char *bytes, size_t length, GHashTable *names, struct butlr_page *page,
		       struct problem *problem) LODGE_MUST_USE;

/* The cursor as it stands; absent, null, "" and the placeholder "string" are all "". */
void butlr_next_cursor(const cJSON *root, char *out, size_t size);

#endif
