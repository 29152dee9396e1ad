/* The forms in which Density's answers come, each read as if it were the plain one (density.md §3, §9). Pure. */
#ifndef LODGE_API_DENSITY_SHAPE_H
#define LODGE_API_DENSITY_SHAPE_H

#include "base/err.h"
#include "base/jsonx.h"

#include <stdbool.h>
#include <stddef.h>

#define DENS_ID_SIZE 32 /* of an id that came as a number */

/* An id as text: a text, or a whole number that a double holds exactly (then it is put into `number`). NULL otherwise. */
const char *dens_id(const cJSON *item, char number[DENS_ID_SIZE]);
/* The id of a value that is one, or that is an object with a member "id", "space_id" or "doorway_id". */
const char *dens_id_of(const cJSON *item, char number[DENS_ID_SIZE]);

/* The values of a map by space: {id: value}, {"data": {id: value}}, or lists of objects that name their space. `in_array`: it is one of
 * several that the space has. Returns 0 to go on. */
typedef int (*dens_space_fn)(void *ctx, const char *id, bool in_array, const cJSON *value);
int dens_each_space(const char *bytes, size_t length, dens_space_fn fn, void *ctx, unsigned *bad,
		    struct problem *problem) LODGE_MUST_USE;

/* The objects of a list: an array, an array that is a member of an object ("data", "results" or any name), or a map (then `key` is the member's
 * name, else ""). `next` (may be NULL) gets the text of a member of that name, to be freed with g_free. */
typedef int (*dens_item_fn)(void *ctx, const char *key, const cJSON *item);
int dens_each_item(const char *bytes, size_t length, dens_item_fn fn, void *ctx, char **next, unsigned *bad,
		   struct problem *problem) LODGE_MUST_USE;

/* One of STATUS_… for a word of health (density.md §6); NULL when nothing is told. An unknown word is STATUS_UNKNOWN. */
const char *dens_health(const cJSON *item);

#endif
