/* Parts of `lodge key`: cmd_key.c (the command), key_place.c (unit, zone, tenant, keychain), key_print.c (words, codes, JSON). */
#ifndef LODGE_APP_KEY_PARTS_H
#define LODGE_APP_KEY_PARTS_H

#include "app/app.h"
#include "app/collect.h"
#include "core/visitor.h"

enum qr_form { QR_AUTO, QR_UTF8, QR_ASCII, QR_SVG, QR_NONE };

/* --- key_place.c --- */

/* One query, waited for. */
struct outcome *key_ask(struct collect *collect, const struct account *account, struct query *query);
/* The first row of a kind, or the one with that id; *in (may be NULL) gets its snapshot. */
const void *key_find(const struct outcome *outcome, enum kind kind, const char *id, const struct rows **in);
/* The building's zone, in which times without one are meant; where that cannot be told, the account's, else this machine's, which is said. g_free it. A server
 * that is away now is a failure: a key must not open at other hours because of that. */
int key_zone(struct app *app, struct collect *collect, const struct account *account, const char *unit_id,
	     char **zone, struct problem *problem) LODGE_MUST_USE;
/* A key is issued in a tenant's name: where the unit has only one, in that one's. With several the server may decide; `names` gets them for the case that it
 * does not. */
void key_settle_tenant(struct collect *collect, const struct account *account, struct visitor *visitor,
		       struct buf *names);
/* False, and said: the keychain is for another unit. */
bool key_chain_fits(const struct app *app, struct collect *collect, const struct account *account,
		    const struct visitor *visitor);

/* --- key_print.c --- */

/* An exit status. */
int key_print(struct app *app, struct collect *collect, const struct account *account, enum qr_form form,
	      bool json, const struct rows *const *rows, size_t n, const char *timezone);

#endif
