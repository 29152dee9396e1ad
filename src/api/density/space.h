/* Spaces (density.md §5): buildings, floors and rooms are one kind of thing, and only what is below each is told. Pure. */
#ifndef LODGE_API_DENSITY_SPACE_H
#define LODGE_API_DENSITY_SPACE_H

#include "base/arena.h"
#include "base/jsonx.h"
#include "core/query.h"
#include "model/estate.h"

#include <glib.h>
#include <stdint.h>

#define DENS_SPACES_MOST 1000000u
#define DENS_M2_OF_FT2 0.09290304

/* What a space is, by its type and by what is below it. */
enum dens_level {
	DENS_ROOM,
	DENS_FLOOR,
	DENS_BUILDING,
	DENS_GROUP, /* around buildings or floors, such as a campus: not a row of any kind */
};

/* Texts are inert, NULL when not told. */
struct dens_space {
	const char *id, *name, *type, *function, *zone, *address, *mode, *iwms_id;
	double capacity, area_m2;
	int8_t binary;
	enum dens_level level;
	uint32_t index;
	/* known once the tree is settled; NULL: none */
	const struct dens_space *parent, *building, *floor;
	const char *const *children; /* ids */
	uint32_t n_children;
	bool nested; /* told inside another space only */
	uint8_t mark;
};

struct dens_tree {
	unsigned refs;
	struct arena arena;
	GHashTable *by_id;   /* inert id → struct dens_space * */
	GPtrArray *spaces;   /* struct dens_space *, as they came; index is the place here */
	GPtrArray *order;    /* the same, each after what is around it */
	unsigned bad, loops; /* spaces that cannot be used; that were inside themselves */
	int64_t read_ms;
};

struct dens_tree *dens_tree_new(int64_t now_ms);
struct dens_tree *dens_tree_ref(struct dens_tree *tree);
void dens_tree_unref(struct dens_tree *tree); /* NULL is allowed */

/* Adds the spaces of an answer; `next` as in dens_each_item. Call dens_tree_settle after the last. */
int dens_tree_read(struct dens_tree *tree, const char *bytes, size_t length, char **next,
		   struct problem *problem) LODGE_MUST_USE;
/* Adds the one space that is an object; NULL when it has no id. */
struct dens_space *dens_tree_add(struct dens_tree *tree, const cJSON *item);
/* Puts each space under the first that names it as a child, opens loops, and finds floors and buildings. Linear. */
void dens_tree_settle(struct dens_tree *tree);

/* By inert id. */
const struct dens_space *dens_tree_find(const struct dens_tree *tree, const char *id);

/* A byte a space: 1 where it passes the query's building, floor, room and id filters, by itself or by anything around it. g_free it. */
uint8_t *dens_tree_select(const struct dens_tree *tree, const struct query *query);
/* True when the query has none of those. */
bool dens_whole(const struct query *query);

/* The row of the space's kind, NULL at the ceiling. */
struct building *dens_add_building(struct rows *rows, const struct dens_space *space);
struct floor_row *dens_add_floor(struct rows *rows, const struct dens_space *space);
struct room *dens_add_room(struct rows *rows, const struct dens_space *space);

#endif
