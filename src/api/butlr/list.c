#include "api/butlr/list.h"

#include <string.h>

void butlr_next_cursor(const cJSON *root, char *out, size_t size)
{
	const char *next = jsonx_str(jsonx_get(root, "next"));

	out[0] = '\0';
	if (next != NULL && strcmp(next, "string") != 0 && strlen(next) < size)
		g_strlcpy(out, next, size);
}

int butlr_decode_list(const char *bytes, size_t length, enum kind kind, const char *floor_id,
		      struct butlr_estate *estate, struct butlr_page *page, struct problem *problem)
{
	struct butlr_place place = {.floor_id = floor_id, .listed = true};
	unsigned before = estate->fresh;
	const cJSON *data;
	struct jsonx doc;
	int err;

	*page = (struct butlr_page){.items = 0};
	jsonx_init(&doc);
	err = jsonx_parse(&doc, bytes, length, problem);
	if (err != ERR_OK)
		goto out;
	data = jsonx_get(doc.root, "data");
	if (data == NULL)
		data = doc.root;
	butlr_next_cursor(doc.root, page->next, sizeof(page->next));
	/* A bare array is not in the document; rows in it are taken, but an empty one may be anything. */
	if (cJSON_IsArray(data) && (data != doc.root || data->child != NULL)) {
		page->items = (unsigned)cJSON_GetArraySize(data);
		butlr_take_list(estate, kind, data, &place);
	} else if (cJSON_IsObject(data) && (data != doc.root || jsonx_get(data, "id") != NULL)) {
		page->items = 1;
		butlr_take(estate, kind, data, &place);
	} else if (data == doc.root || !cJSON_IsNull(data)) {
		err = problem_set(problem, ERR_PARSE, NULL, NULL, "the answer holds no list");
	}
	page->fresh = estate->fresh - before;
out:
	jsonx_fini(&doc);
	return err;
}

int butlr_decode_types(const char *bytes, size_t length, GHashTable *names, struct butlr_page *page,
		       struct problem *problem)
{
	const cJSON *data;
	struct jsonx doc;
	int err;

	*page = (struct butlr_page){.items = 0};
	jsonx_init(&doc);
	err = jsonx_parse(&doc, bytes, length, problem);
	if (err != ERR_OK)
		goto out;
	data = jsonx_get(doc.root, "data");
	butlr_next_cursor(doc.root, page->next, sizeof(page->next));
	for (const cJSON *type = cJSON_IsArray(data) ? data->child : NULL; type != NULL; type = type->next) {
		const char *key = jsonx_str(jsonx_get(type, "key")),
			   *name = jsonx_str(jsonx_get(type, "name"));
		page->items++;
		if (key != NULL && name != NULL && g_hash_table_insert(names, g_strdup(key), g_strdup(name)))
			page->fresh++;
	}
out:
	jsonx_fini(&doc);
	return err;
}
