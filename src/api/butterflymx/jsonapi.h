/* Documents of JSON:API 1.0 as this vendor writes them (butterflymx.md §4, §5.1, §13). Pure. Nothing here trusts a member's type: ids may be numbers, data may
 * be null, an object or an array, and whatever is not understood is as if it were not told. */
#ifndef LODGE_API_BUTTERFLYMX_JSONAPI_H
#define LODGE_API_BUTTERFLYMX_JSONAPI_H

#include "base/jsonx.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define BMX_MEDIA_TYPE "application/vnd.api+json"
#define BMX_ID_SIZE 128 /* a longer id or type is not one */

struct bmx_doc {
	struct jsonx json;
	const cJSON *data;    /* an array, an object, or NULL for null */
	GHashTable *included; /* "type\nid" → const cJSON *; made when it is first asked for */
};

/* The bytes of a 2xx answer. ERR_PARSE also when they are JSON but no document with data. Nothing is held then; bmx_doc_fini is allowed all
 * the same. */
int bmx_doc_read(struct bmx_doc *doc, const char *bytes, size_t length,
		 struct problem *problem) LODGE_MUST_USE;
void bmx_doc_fini(struct bmx_doc *doc);

/* The resources of data, whether it is a list or one: the first and the one after it; NULL at the end. */
const cJSON *bmx_doc_first(const struct bmx_doc *doc);
const cJSON *bmx_doc_next(const struct bmx_doc *doc, const cJSON *item);
/* The array `included`, NULL when there is none. */
const cJSON *bmx_doc_included(const struct bmx_doc *doc);
/* The included resource of that identity, or NULL. */
const cJSON *bmx_doc_find(struct bmx_doc *doc, const char *type, const char *id);

/* links.next: 0 when there is none, the number of its page, or BMX_PAGE_UNREAD when it names none. The link itself is never followed: it is http and may
 * name another host (§5.1, §15.8). */
#define BMX_PAGE_UNREAD (-1)
long bmx_doc_next_page(const struct bmx_doc *doc);

/* Identity is the pair. The vendor's own text, not cleaned. */
struct bmx_ref {
	char type[BMX_ID_SIZE]; /* "" when it is not told */
	char id[BMX_ID_SIZE];
};

struct bmx_resource {
	struct bmx_ref ref;
	const cJSON *attributes, *relationships; /* NULL: none */
};

/* False when it is no resource with an id. */
bool bmx_resource_read(struct bmx_resource *resource, const cJSON *item);

/* Ids in order: as numbers where both are digits, else as text. */
int bmx_id_order(const char *a, const char *b);

/* An id as text: a string or a whole number. False otherwise, and for one that is empty or too long. */
bool bmx_id(const cJSON *item, char out[BMX_ID_SIZE]);
bool bmx_ref_read(struct bmx_ref *ref, const cJSON *item);

/* relationships.NAME.data as one identifier. False when it is null, empty or not told. */
bool bmx_related(const struct bmx_resource *resource, const char *name, struct bmx_ref *ref);
/* The same as a list of identifiers: an array, or NULL when it is not told (an empty array says none). */
const cJSON *bmx_related_list(const struct bmx_resource *resource, const char *name);

/* Attributes. */
const char *bmx_text(const struct bmx_resource *resource, const char *name); /* NULL: not told */
/* The first that is told, of names ended by NULL. */
const char *bmx_text_of(const struct bmx_resource *resource, const char *const *names);
/* The text of a string, or of a number; for codes and PINs. `out` holds a number's. */
const char *bmx_code(const struct bmx_resource *resource, const char *name, char out[BMX_ID_SIZE]);

/* --- errors, in every shape of §13 --- */

struct bmx_error {
	char text[200]; /* shown text, may be "" */
	char field[64]; /* the vendor's name of the field, "" when none is named */
	bool relation;  /* the field is a relationship */
};

/* Fills at most `most`; returns how many there are in the body, 0 when it is not understood. */
size_t bmx_errors(const char *bytes, size_t length, struct bmx_error *errors, size_t most);

#endif
