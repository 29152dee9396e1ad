#include "api/density/space.h"

#include "api/density/shape.h"
#include "base/buf.h"
#include "base/text.h"
#include "model/rows.h"

#include <math.h>
#include <string.h>

#define TREE_MEMORY ((size_t)512 << 20)

struct dens_tree *dens_tree_new(int64_t now_ms)
{
	struct dens_tree *tree = g_new0(struct dens_tree, 1);

	tree->refs = 1;
	tree->read_ms = now_ms;
	arena_init(&tree->arena, TREE_MEMORY);
	tree->by_id = g_hash_table_new(g_str_hash, g_str_equal);
	tree->spaces = g_ptr_array_new();
	tree->order = g_ptr_array_new();
	return tree;
}

struct dens_tree *dens_tree_ref(struct dens_tree *tree)
{
	tree->refs++;
	return tree;
}

void dens_tree_unref(struct dens_tree *tree)
{
	if (tree == NULL || --tree->refs > 0)
		return;
	g_hash_table_unref(tree->by_id);
	g_ptr_array_unref(tree->spaces);
	g_ptr_array_unref(tree->order);
	arena_fini(&tree->arena);
	g_free(tree);
}

/* --- reading --- */

/* NULL for blanks alone. */
static const char *keep(struct dens_tree *tree, const char *text)
{
	if (text == NULL || text[strspn(text, " \t\r\n")] == '\0')
		return NULL;
	return text_inert(&tree->arena, text, strlen(text));
}

static const char *keep_item(struct dens_tree *tree, const cJSON *item)
{
	return keep(tree, jsonx_str(item));
}

static double not_negative(const cJSON *item)
{
	double value = jsonx_num(item);

	return value >= 0 ? value : NAN;
}

/* Ids of both members; what is told in full is taken in besides. */
static void take_children(struct dens_tree *tree, struct dens_space *space, const cJSON *children,
			  const cJSON *ids)
{
	const cJSON *lists[] = {children, ids};
	const char **at;
	size_t n = 0;

	for (size_t i = 0; i < 2; i++)
		if (cJSON_IsArray(lists[i]))
			for (const cJSON *item = lists[i]->child; item != NULL; item = item->next)
				n++;
	at = n == 0 ? NULL : arena_alloc(&tree->arena, n * sizeof(*at));
	if (at == NULL)
		return;
	n = 0;
	for (size_t i = 0; i < 2; i++) {
		if (!cJSON_IsArray(lists[i]))
			continue;
		for (const cJSON *item = lists[i]->child; item != NULL; item = item->next) {
			char number[DENS_ID_SIZE];
			const char *id = keep(tree, dens_id_of(item, number));

			if (id == NULL)
				continue;
			at[n++] = id;
			if (jsonx_get(item, "space_type") != NULL && !g_hash_table_contains(tree->by_id, id)) {
				struct dens_space *child = dens_tree_add(tree, item);

				if (child != NULL)
					child->nested = true;
			}
		}
	}
	space->children = at;
	space->n_children = (uint32_t)n;
}

static void take_member(struct dens_tree *tree, struct dens_space *space, const cJSON *item)
{
	const struct {
		const char *name;
		const char **text;
	} texts[] = {
		{"name", &space->name},       {"space_type", &space->type}, {"function", &space->function},
		{"time_zone", &space->zone},  {"address", &space->address}, {"counting_mode", &space->mode},
		{"iwms_id", &space->iwms_id},
	};
	double value;

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (strcmp(item->string, texts[i].name) == 0) {
			*texts[i].text = keep_item(tree, item);
			return;
		}
	if (strcmp(item->string, "capacity") == 0) {
		space->capacity = not_negative(item);
	} else if (strcmp(item->string, "size_area") == 0) {
		value = not_negative(item);
		space->area_m2 = value > 0 ? value * DENS_M2_OF_FT2 : NAN;
	} else if (strcmp(item->string, "binary_occupancy") == 0) {
		space->binary = (int8_t)jsonx_truthy(item);
	}
}

static struct dens_space *space_for(struct dens_tree *tree, const char *raw)
{
	const char *id = keep(tree, raw);
	struct dens_space *space = id == NULL ? NULL : g_hash_table_lookup(tree->by_id, id);

	if (space != NULL)
		return space->nested ? space : NULL;
	if (id == NULL || tree->spaces->len >= DENS_SPACES_MOST)
		return NULL;
	space = arena_calloc(&tree->arena, sizeof(*space));
	if (space == NULL)
		return NULL;
	space->id = id;
	space->index = tree->spaces->len;
	g_ptr_array_add(tree->spaces, space);
	g_hash_table_insert(tree->by_id, (gpointer)id, space);
	return space;
}

struct dens_space *dens_tree_add(struct dens_tree *tree, const cJSON *item)
{
	const cJSON *children = NULL, *ids = NULL;
	char number[DENS_ID_SIZE];
	struct dens_space *space = space_for(tree, dens_id(jsonx_get(item, "id"), number));

	if (space == NULL) {
		tree->bad++;
		return NULL;
	}
	space->nested = false;
	space->capacity = space->area_m2 = NAN;
	space->binary = TRUTH_UNKNOWN;
	for (const cJSON *member = item->child; member != NULL; member = member->next) {
		if (member->string == NULL)
			continue;
		if (strcmp(member->string, "children") == 0)
			children = member;
		else if (strcmp(member->string, "children_ids") == 0)
			ids = member;
		else
			take_member(tree, space, member);
	}
	take_children(tree, space, children, ids);
	return space;
}

static int on_item(void *ctx, const char *key, const cJSON *item)
{
	(void)key;
	(void)dens_tree_add(ctx, item);
	return ERR_OK;
}

int dens_tree_read(struct dens_tree *tree, const char *bytes, size_t length, char **next,
		   struct problem *problem)
{
	unsigned bad = 0;
	int err = dens_each_item(bytes, length, on_item, tree, next, &bad, problem);

	tree->bad += bad;
	if (err == ERR_OK && tree->arena.full)
		err = problem_set(problem, ERR_TOO_BIG, NULL, NULL, "more spaces than memory allows");
	return err;
}

/* --- the tree --- */

static enum dens_level level_of(const struct dens_space *space)
{
	if (space->type != NULL && g_ascii_strcasecmp(space->type, "building") == 0)
		return DENS_BUILDING;
	if (space->type != NULL && g_ascii_strcasecmp(space->type, "floor") == 0)
		return DENS_FLOOR;
	return DENS_ROOM;
}

static void link_children(struct dens_tree *tree)
{
	for (guint i = 0; i < tree->spaces->len; i++) {
		struct dens_space *space = tree->spaces->pdata[i];

		space->level = level_of(space);
		for (uint32_t k = 0; k < space->n_children; k++) {
			struct dens_space *child = g_hash_table_lookup(tree->by_id, space->children[k]);

			if (child != NULL && child != space && child->parent == NULL)
				child->parent = space;
		}
	}
}

/* Upward from one space to what is in order already, then down again. A space that is met twice on the way is inside itself: what is around it is forgotten. */
static void put_in_order(struct dens_tree *tree, struct dens_space *space, GPtrArray *way)
{
	g_ptr_array_set_size(way, 0);
	while (space != NULL && space->mark == 0) {
		space->mark = 1;
		g_ptr_array_add(way, space);
		space = (struct dens_space *)(uintptr_t)space->parent;
	}
	if (space != NULL && space->mark == 1) {
		/* `space` is on the way and the last of the way lies in it. */
		((struct dens_space *)way->pdata[way->len - 1])->parent = NULL;
		tree->loops++;
	}
	for (guint i = way->len; i > 0; i--) {
		((struct dens_space *)way->pdata[i - 1])->mark = 2;
		g_ptr_array_add(tree->order, way->pdata[i - 1]);
	}
}

/* What holds a floor or a building, and is neither, is no room. */
static void find_groups(struct dens_tree *tree)
{
	for (guint i = tree->order->len; i > 0; i--) {
		struct dens_space *space = tree->order->pdata[i - 1];
		struct dens_space *parent = (struct dens_space *)(uintptr_t)space->parent;

		if (parent != NULL && space->level != DENS_ROOM && parent->level == DENS_ROOM)
			parent->level = DENS_GROUP;
	}
}

static void inherit(struct dens_space *space)
{
	const struct dens_space *parent = space->parent;

	space->building = space->level == DENS_BUILDING ? space : parent != NULL ? parent->building : NULL;
	space->floor = space->level == DENS_FLOOR                        ? space
		       : parent != NULL && space->level != DENS_BUILDING ? parent->floor
									 : NULL;
	if (space->zone == NULL && parent != NULL)
		space->zone = parent->zone;
}

void dens_tree_settle(struct dens_tree *tree)
{
	GPtrArray *way = g_ptr_array_new();

	for (guint i = 0; i < tree->spaces->len; i++) {
		struct dens_space *space = tree->spaces->pdata[i];

		space->mark = 0;
		space->parent = NULL;
	}
	g_ptr_array_set_size(tree->order, 0);
	link_children(tree);
	for (guint i = 0; i < tree->spaces->len; i++)
		put_in_order(tree, tree->spaces->pdata[i], way);
	find_groups(tree);
	for (guint i = 0; i < tree->order->len; i++)
		inherit(tree->order->pdata[i]);
	g_ptr_array_unref(way);
}

const struct dens_space *dens_tree_find(const struct dens_tree *tree, const char *id)
{
	return id == NULL ? NULL : g_hash_table_lookup(tree->by_id, id);
}

/* --- filters --- */

bool dens_whole(const struct query *query)
{
	return query->buildings.n + query->floors.n + query->rooms.n + query->ids.n == 0;
}

enum passed { BY_BUILDING = 1, BY_FLOOR = 2, BY_ROOM = 4, BY_ID = 8, BY_ALL = 15 };

static uint8_t named(const struct query *query, const char *id)
{
	return (uint8_t)((query_wants(&query->buildings, id) ? BY_BUILDING : 0) |
			 (query_wants(&query->floors, id) ? BY_FLOOR : 0) |
			 (query_wants(&query->rooms, id) ? BY_ROOM : 0) |
			 (query_wants(&query->ids, id) ? BY_ID : 0));
}

uint8_t *dens_tree_select(const struct dens_tree *tree, const struct query *query)
{
	uint8_t *selected = g_malloc0(tree->spaces->len + 1);

	for (guint i = 0; i < tree->order->len; i++) {
		const struct dens_space *space = tree->order->pdata[i];

		selected[space->index] = named(query, space->id);
		if (space->parent != NULL)
			selected[space->index] |= selected[space->parent->index] & (uint8_t)~BY_ID;
	}
	for (guint i = 0; i < tree->spaces->len; i++)
		selected[i] = selected[i] == BY_ALL;
	return selected;
}

/* --- rows --- */

struct building *dens_add_building(struct rows *rows, const struct dens_space *space)
{
	struct building *row = rows_add(rows);

	if (row == NULL)
		return NULL;
	row->id = rows_copy(rows, space->id);
	row->name = rows_copy(rows, space->name);
	row->address = rows_copy(rows, space->address);
	row->timezone = rows_copy(rows, space->zone);
	row->capacity = space->capacity;
	return row;
}

struct floor_row *dens_add_floor(struct rows *rows, const struct dens_space *space)
{
	struct floor_row *row = rows_add(rows);

	if (row == NULL)
		return NULL;
	row->id = rows_copy(rows, space->id);
	row->building_id = space->building != NULL ? rows_copy(rows, space->building->id) : NULL;
	row->name = rows_copy(rows, space->name);
	row->timezone = rows_copy(rows, space->zone);
	row->capacity = space->capacity;
	row->area_m2 = space->area_m2;
	return row;
}

struct room *dens_add_room(struct rows *rows, const struct dens_space *space)
{
	struct room *row = rows_add(rows);

	if (row == NULL)
		return NULL;
	row->id = rows_copy(rows, space->id);
	row->floor_id = space->floor != NULL ? rows_copy(rows, space->floor->id) : NULL;
	row->name = rows_copy(rows, space->name);
	row->type = rows_copy(rows, space->function);
	row->room_id = space->parent != NULL && space->parent->level == DENS_ROOM
			       ? rows_copy(rows, space->parent->id)
			       : NULL;
	row->capacity = space->capacity;
	row->area = space->area_m2;
	row->counting_mode = rows_copy(rows, space->mode);
	row->binary = space->binary;
	row->timezone = rows_copy(rows, space->zone);
	return row;
}
