/* The reading side of Butlr's GraphQL schema as tables (butlr.md §5.1), and its resolvers. */
#ifndef LODGE_SIM_BUTLR_SCHEMA_H
#define LODGE_SIM_BUTLR_SCHEMA_H

#include "sim/butlr.h"
#include "sim/gql.h"

/* The root object of a query. */
struct sim_schema_root {
	struct sim_butlr *butlr;
	int64_t now_ms;
	const struct sim_thing *asked; /* whose health was asked last: its fields come one after the other */
	struct world_health health;
};

extern const struct gql_type sim_schema_query, sim_schema_site, sim_schema_building, sim_schema_floor,
	sim_schema_room, sim_schema_zone, sim_schema_sensor, sim_schema_hive, sim_schema_tag,
	sim_schema_capacity, sim_schema_area;

struct sim_schema_capacity {
	int max, mid;
};

struct sim_schema_area {
	double value;
	const char *unit;
};

static inline struct sim_schema_root *sim_schema_root(const struct gql_run *run) { return run->context; }

/* Writes null for NULL and "". */
void sim_schema_text(struct gql_run *run, const char *text);
void sim_schema_name(struct gql_run *run, const struct sim_thing *thing);

/* The id of `thing`, or null; with `strict` null raises an error for the row, as the camelCase resolvers do. */
void sim_schema_id(struct gql_run *run, const struct gql_slot *slot, const void *thing, bool strict);

/* Elements of `things` that are not deleted, as a list. */
void sim_schema_list(struct gql_run *run, const struct gql_slot *slot, const GPtrArray *things);

/* Things of a kind for which `admit` is true; free with g_ptr_array_free(…, TRUE). */
typedef bool (*sim_schema_admit_fn)(const struct sim_thing *thing, const void *context);
GPtrArray *sim_schema_collect(struct gql_run *run, enum sim_estate_kind kind, sim_schema_admit_fn admit,
			      const void *context);

bool sim_schema_on_floor(const struct sim_thing *thing, const void *floor);

#endif
