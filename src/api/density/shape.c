#include "api/density/shape.h"

#include "base/buf.h"
#include "model/estate.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define EXACT 9007199254740992.0 /* whole numbers below are exact in a double */

const char *dens_id(const cJSON *item, char number[DENS_ID_SIZE])
{
	double value;

	if (!cJSON_IsNumber(item))
		return jsonx_str(item);
	value = item->valuedouble;
	if (!(value >= 0 && value < EXACT) || value != floor(value))
		return NULL;
	g_snprintf(number, DENS_ID_SIZE, "%.0f", value);
	return number;
}

const char *dens_id_of(const cJSON *item, char number[DENS_ID_SIZE])
{
	static const char *const names[] = {"id", "space_id", "doorway_id"};
	const char *id = dens_id(item, number);

	for (size_t i = 0; id == NULL && i < G_N_ELEMENTS(names); i++)
		id = dens_id(jsonx_get(item, names[i]), number);
	return id;
}

static int too_big(size_t length, struct problem *problem)
{
	return problem_set(problem, ERR_TOO_BIG, NULL, NULL, "JSON of %zu bytes, at most %u are read", length,
			   BUF_CEILING_BODY);
}

/* --- maps by space --- */

struct spaces {
	dens_space_fn fn;
	void *ctx;
};

static bool is_envelope(const char *member)
{
	return member[0] == '\0' || strcmp(member, "data") == 0 || strcmp(member, "results") == 0;
}

static int one_of_list(const struct spaces *spaces, const cJSON *item)
{
	char number[DENS_ID_SIZE];
	const char *id = dens_id(jsonx_get(item, "space_id"), number);

	if (id == NULL)
		id = dens_id(jsonx_get(item, "id"), number);
	return id == NULL ? ERR_OK : spaces->fn(spaces->ctx, id, true, item);
}

static int map_inside(const struct spaces *spaces, const cJSON *map)
{
	int err = ERR_OK;

	if (!cJSON_IsObject(map))
		return ERR_OK;
	for (const cJSON *item = map->child; item != NULL && err == ERR_OK; item = item->next) {
		if (item->string == NULL || item->string[0] == '\0')
			continue;
		if (!cJSON_IsArray(item)) {
			err = spaces->fn(spaces->ctx, item->string, false, item);
			continue;
		}
		for (const cJSON *one = item->child; one != NULL && err == ERR_OK; one = one->next)
			err = spaces->fn(spaces->ctx, item->string, true, one);
	}
	return err;
}

static int on_space(void *ctx, const char *member, bool in_array, const cJSON *element)
{
	const struct spaces *spaces = ctx;

	if (!is_envelope(member))
		return spaces->fn(spaces->ctx, member, in_array, element);
	return in_array ? one_of_list(spaces, element) : map_inside(spaces, element);
}

int dens_each_space(const char *bytes, size_t length, dens_space_fn fn, void *ctx, unsigned *bad,
		    struct problem *problem)
{
	struct spaces spaces = {fn, ctx};
	struct jsonx doc;
	int err;

	if (length > BUF_CEILING_BODY)
		return too_big(length, problem);
	jsonx_init(&doc);
	err = jsonx_each_row(&doc, bytes, length, on_space, &spaces, bad, problem);
	jsonx_fini(&doc);
	return err;
}

/* --- lists --- */

struct items {
	dens_item_fn fn;
	void *ctx;
	char **next;
	unsigned bad;
};

static int one_item(struct items *items, const char *key, const cJSON *item)
{
	if (cJSON_IsObject(item))
		return items->fn(items->ctx, key, item);
	items->bad++;
	return ERR_OK;
}

static int on_item(void *ctx, const char *member, bool in_array, const cJSON *element)
{
	struct items *items = ctx;
	int err = ERR_OK;

	if (in_array)
		return one_item(items, "", element);
	if (strcmp(member, "next") == 0 && jsonx_str(element) != NULL && items->next != NULL) {
		g_free(*items->next);
		*items->next = g_strdup(jsonx_str(element));
		return ERR_OK;
	}
	if (!cJSON_IsObject(element))
		return ERR_OK;
	if (!is_envelope(member))
		return items->fn(items->ctx, member, element);
	for (const cJSON *item = element->child; item != NULL && err == ERR_OK; item = item->next)
		if (cJSON_IsObject(item))
			err = items->fn(items->ctx, item->string == NULL ? "" : item->string, item);
	return err;
}

int dens_each_item(const char *bytes, size_t length, dens_item_fn fn, void *ctx, char **next, unsigned *bad,
		   struct problem *problem)
{
	struct items items = {.fn = fn, .ctx = ctx, .next = next};
	struct jsonx doc;
	unsigned unread = 0;
	int err;

	if (next != NULL)
		*next = NULL;
	if (length > BUF_CEILING_BODY)
		return too_big(length, problem);
	jsonx_init(&doc);
	err = jsonx_each_row(&doc, bytes, length, on_item, &items, &unread, problem);
	jsonx_fini(&doc);
	if (err != ERR_OK && next != NULL)
		g_clear_pointer(next, g_free);
	if (bad != NULL)
		*bad = unread + items.bad;
	return err;
}

const char *dens_health(const cJSON *item)
{
	static const struct {
		const char *word, *status;
	} words[] = {
		{"healthy", STATUS_ONLINE},  {"online", STATUS_ONLINE},   {"degraded", STATUS_DEGRADED},
		{"offline", STATUS_OFFLINE}, {"unknown", STATUS_UNKNOWN},
	};
	const char *text = jsonx_str(item);

	for (size_t i = 0; text != NULL && i < G_N_ELEMENTS(words); i++)
		if (g_ascii_strcasecmp(text, words[i].word) == 0)
			return words[i].status;
	return text == NULL ? NULL : STATUS_UNKNOWN;
}
