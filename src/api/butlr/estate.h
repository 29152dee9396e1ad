/* The estate as rows, from either surface. The same thing is told in several places (nested in a floor, in a list of its own, in a second
 * query): one row results, in which the list of its own wins and every other source fills what is missing. Pure: no network, no clock. */
#ifndef LODGE_API_BUTLR_ESTATE_H
#define LODGE_API_BUTLR_ESTATE_H

#include "base/jsonx.h"
#include "model/estate.h"
#include "model/rows.h"

#include <glib.h>
#include <stdbool.h>

#define BUTLR_FIELDS 40 /* at least the fields of the largest estate kind */
#define BUTLR_HEARTBEAT_MS                                                                                   \
	(30 * 60 * 1000) /* without is_online: a device heard within this is online (butlr.md §10 row 19) */

/* The rows of one kind under construction. */
struct butlr_shelf {
	struct rows *rows;              /* not owned; NULL: this kind is not kept */
	GHashTable *index;              /* id → row number + 1, with the mark below */
	const char *last[BUTLR_FIELDS]; /* by field: the text kept last, shared when it repeats */
};

struct butlr_estate {
	struct butlr_shelf shelves[KIND_COUNT];
	int64_t now_ms;
	unsigned fresh; /* objects of a list of their own that were not in such a list before: counts pages that bring nothing new */
};

/* Who holds an object: what it says about its place when the object itself does not. */
struct butlr_place {
	const char *building_id, *floor_id, *room_id, *gateway_id, *gateway_serial, *timezone;
	bool listed; /* from a list of its own: wins over what was nested */
};

void butlr_estate_init(struct butlr_estate *estate, int64_t now_ms);
void butlr_estate_fini(struct butlr_estate *estate);
/* From here on objects of rows' kind are kept in rows. */
void butlr_estate_keep(struct butlr_estate *estate, struct rows *rows);
/* The row of an id, or NULL. */
void *butlr_estate_find(const struct butlr_estate *estate, enum kind kind, const char *id);

/* Adds or merges a row whose texts are still the vendor's (they are cleaned and copied here). A row without id is counted as bad. */
void butlr_estate_put(struct butlr_estate *estate, enum kind kind, const void *row, bool listed);

/* One object each, of GraphQL or REST, with everything nested in it. Anything but an object is a bad row. */
void butlr_take_site(struct butlr_estate *estate, const cJSON *object);
void butlr_take_building(struct butlr_estate *estate, const cJSON *object, const struct butlr_place *place);
void butlr_take_floor(struct butlr_estate *estate, const cJSON *object, const struct butlr_place *place);
void butlr_take_room(struct butlr_estate *estate, enum kind kind, const cJSON *object,
		     const struct butlr_place *place);
void butlr_take_fixture(struct butlr_estate *estate, const cJSON *object, const struct butlr_place *place);
void butlr_take_sensor(struct butlr_estate *estate, const cJSON *object, const struct butlr_place *place);
void butlr_take_hive(struct butlr_estate *estate, const cJSON *object, const struct butlr_place *place);

/* Dispatches to the above; unknown kinds are ignored. */
void butlr_take(struct butlr_estate *estate, enum kind kind, const cJSON *object,
		const struct butlr_place *place);
/* Every element of an array; null is an empty list (butlr.md §10 row 29). */
void butlr_take_list(struct butlr_estate *estate, enum kind kind, const cJSON *array,
		     const struct butlr_place *place);

/* After the last answer: joins (hive serial → id, sensors per hive), unknown states, and, unless they are wanted, placeholder devices
 * taken out (butlr.md §3). */
void butlr_estate_settle(struct butlr_estate *estate, bool placeholders);

/* A MAC or serial that marks a device as a placeholder; NULL is one too. */
bool butlr_placeholder_mac(const char *mac);
bool butlr_placeholder_serial(const char *serial);

#endif
