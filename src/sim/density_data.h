/* The records of the simulated Density: made once from the world, then changed by writes and by synthetic spaces. */
#ifndef LODGE_SIM_DENSITY_DATA_H
#define LODGE_SIM_DENSITY_DATA_H

#include "sim/world.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct moment_zone;

#define SIM_DENSITY_ID 28

/* counting_mode (§5); the same words for the three families of sensors. */
enum sim_density_mode {
	SIM_DENSITY_UNMEASURED, /* null */
	SIM_DENSITY_OA,
	SIM_DENSITY_ENTRY,
	SIM_DENSITY_WAFFLE,
};

struct sim_density_group {
	char id[SIM_DENSITY_ID];
	char *name;
};

struct sim_density_label {
	char id[SIM_DENSITY_ID];
	char *name;
	struct sim_density_group *group; /* NULL = none */
};

struct sim_density_space {
	char id[SIM_DENSITY_ID];
	char *name, *address, *iwms_id; /* address: ""; iwms_id: NULL = none */
	const char *type;               /* building, floor, space */
	const char *function;           /* NULL = none */
	enum sim_density_mode mode;
	struct world_ref place; /* WORLD_NOTHING: synthetic, always empty */
	int parent;             /* -1 = none */
	GArray *children;       /* int */
	int64_t capacity;       /* -1 = not set */
	bool binary;            /* occupied or not, no count */
	bool planning;          /* not live yet: no figures */
	bool missing;           /* never in the answers of presence (§6) */
	char *time_zone;
	struct moment_zone *zone;
	double area_sqft, cost_per_sqft; /* NAN = not told */
	int64_t live_ms;                 /* MOMENT_NONE = not told */
	GArray *sensors;                 /* int */
	GPtrArray *labels;               /* struct sim_density_label; borrowed */
	uint64_t hash;
};

struct sim_density_doorway {
	char id[SIM_DENSITY_ID];
	const char *name;
	int door; /* the world's */
	int spaces[2], n_spaces;
};

struct sim_density_sensor {
	char serial[12];
	enum sim_density_mode family;
	int world;          /* the world's sensor */
	int space, doorway; /* -1 = none */
	bool unknown;       /* has no certificate: its state cannot be known (§6) */
};

struct sim_density_user {
	char id[SIM_DENSITY_ID];
	char *email, *full_name;
	const char *role;
	GPtrArray *spaces; /* char *, ids */
	int64_t created_ms;
};

struct sim_density_data {
	const struct world *world;
	uint64_t seed;
	GPtrArray *spaces, *labels, *groups, *users; /* the structs above */
	GArray *doorways, *sensors;
	GHashTable *by_id; /* of spaces: index + 1 */
	unsigned synthetic;
	uint64_t made; /* records made by clients, for their ids */
};

struct sim_density_data *sim_density_data_new(const struct world *world, uint64_t seed);
void sim_density_data_free(struct sim_density_data *data);

static inline struct sim_density_space *sim_density_space(const struct sim_density_data *data, int index)
{
	return g_ptr_array_index(data->spaces, (guint)index);
}

/* Index of a space, sensor or doorway by its id or serial number; -1. */
int sim_density_find(const struct sim_density_data *data, const char *id);
int sim_density_find_sensor(const struct sim_density_data *data, const char *serial);
int sim_density_find_doorway(const struct sim_density_data *data, const char *id);

/* Brings the number of synthetic spaces up to `count`. */
void sim_density_grow(struct sim_density_data *data, unsigned count);

/* For the parts of the data: a new space below `parent`; its index. */
int sim_density_add_space(struct sim_density_data *data, int parent, const char *type, const char *name,
			  uint64_t hash, const char *time_zone);

/* Adds labels, groups and users that are there from the start. */
void sim_density_seed(struct sim_density_data *data);

struct sim_density_label *sim_density_add_label(struct sim_density_data *data, const char *name,
						struct sim_density_group *group);
struct sim_density_group *sim_density_add_group(struct sim_density_data *data, const char *name);
struct sim_density_user *sim_density_add_user(struct sim_density_data *data, const char *email,
					      const char *full_name, const char *role, int64_t created_ms);
struct sim_density_label *sim_density_find_label(const struct sim_density_data *data, const char *id);
struct sim_density_group *sim_density_find_group(const struct sim_density_data *data, const char *id);
struct sim_density_user *sim_density_find_user(const struct sim_density_data *data, const char *id);
void sim_density_remove_label(struct sim_density_data *data, struct sim_density_label *label);
void sim_density_remove_group(struct sim_density_data *data, struct sim_density_group *group);

/* What a space of this kind tells of so many people: Waffle sensors stop at three, booths at one. */
int sim_density_seen(const struct sim_density_space *space, int people);

#define SIM_DENSITY_CAP 3 /* of a Waffle sensor (§1) */

/* Appends the space and all that is in it. */
void sim_density_descend(const struct sim_density_data *data, int space, bool self, GArray *out);

extern const char *const sim_density_modes[]; /* by enum; NULL, oa, entry, waffle */
extern const char *const sim_density_functions[];
extern const char *const sim_density_roles[];

/* prefix and 19 digits out of a hash (§3). */
void sim_density_id(char out[SIM_DENSITY_ID], const char *prefix, uint64_t hash);

#endif
