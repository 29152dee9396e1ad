/* Who and what the ids of other answers are: units, people, zones and buildings that were seen anywhere, by (type, id). Kept between works, so that a page of
 * door releases costs one request. Texts are the vendor's own, not cleaned. */
#ifndef LODGE_API_BUTTERFLYMX_DIRECTORY_H
#define LODGE_API_BUTTERFLYMX_DIRECTORY_H

#include "api/butterflymx/jsonapi.h"

#define BMX_KNOWN_MOST 500000 /* beyond, everything is forgotten and asked for again */

enum bmx_known_text {
	BMX_KNOWN_NAME, /* a unit's label */
	BMX_KNOWN_FIRST_NAME,
	BMX_KNOWN_LAST_NAME,
	BMX_KNOWN_EMAIL,
	BMX_KNOWN_PHONE,
	BMX_KNOWN_SMS,
	BMX_KNOWN_BUILDING, /* id */
	BMX_KNOWN_ZONE,     /* id */
	BMX_KNOWN_TIMEZONE, /* only one that moment_zone_new knows */
	BMX_KNOWN_TEXTS,
};

struct bmx_known {
	char *text[BMX_KNOWN_TEXTS]; /* NULL: not told */
};

struct bmx_directory {
	GHashTable *known; /* "type\nid" → struct bmx_known * */
};

void bmx_directory_init(struct bmx_directory *directory);
void bmx_directory_fini(struct bmx_directory *directory);

/* Takes over what a resource of type units, users, zones or buildings tells; others are ignored. */
void bmx_directory_learn(struct bmx_directory *directory, const struct bmx_resource *resource);
/* Every resource of data and included. */
void bmx_directory_learn_all(struct bmx_directory *directory, const struct bmx_doc *doc);

/* NULL when nothing is known (id may be NULL). */
const struct bmx_known *bmx_directory_find(const struct bmx_directory *directory, const char *type,
					   const char *id);
const char *bmx_known_text(const struct bmx_directory *directory, const char *type, const char *id,
			   enum bmx_known_text which);

#endif
