/* Resources → rows (butterflymx.md §6, and the later shapes of §14). Pure. Labels of other resources are put in afterwards: join.c. */
#ifndef LODGE_API_BUTTERFLYMX_DECODE_H
#define LODGE_API_BUTTERFLYMX_DECODE_H

#include "api/butterflymx/jsonapi.h"
#include "base/moment.h"
#include "model/access.h"
#include "model/estate.h"
#include "model/rows.h"

/* The type that a list of this kind holds ("qr_keys"); NULL for a kind that this vendor has not. */
const char *bmx_type_of(enum kind kind);
/* The kind of a resource of that type, -1 when there is none. Later names (virtual_keys) are known too. */
int bmx_kind_of(const char *type);

/* Adds a row of the rows' kind. False when the resource is of another type or the memory ended. */
bool bmx_decode(struct rows *rows, const struct bmx_resource *resource);

/* The zone of a building: an IANA name where the vendor's is known (it may be a Rails name), else the standard offset, else the name as it is (§11.4). `known`:
 * which of them; NULL when it is of no interest. NULL: not told. */
enum bmx_zone { BMX_ZONE_NAMED, BMX_ZONE_OFFSET, BMX_ZONE_UNKNOWN };
const char *bmx_timezone(const struct bmx_resource *building, enum bmx_zone *known);

/* A keychain's window as its own attributes tell it: moments, and where they are missing, dates and times of the building's clock. */
struct bmx_local {
	int64_t from_ms, to_ms; /* MOMENT_NONE: not told */
	char date_from[24], date_to[24], time_from[16], time_to[16];
};
void bmx_keychain_local(const struct bmx_resource *keychain, struct bmx_local *local);
/* True when it depends on the zone. */
bool bmx_local_needs_zone(const struct bmx_local *local);

struct bmx_window {
	int64_t from_ms, to_ms; /* MOMENT_NONE: not told */
};
/* `zone`: of the building; NULL: UTC. */
struct bmx_window bmx_window_in(const struct bmx_local *local, const struct moment_zone *zone);

#endif
