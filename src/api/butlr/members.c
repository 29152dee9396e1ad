#include "api/butlr/members.h"

#define MEMBERS (BUTLR_SLOTS / 2) /* beyond, slots would be too full to be quick */

void butlr_members_init(struct butlr_members *members, const cJSON *object)
{
	size_t n = 0;

	memset(members->slots, 0, sizeof(members->slots));
	members->object = cJSON_IsObject(object) ? object : NULL;
	members->whole = true;
	for (const cJSON *item = members->object != NULL ? object->child : NULL; item != NULL;
	     item = item->next) {
		size_t at = butlr_slot(item->string, strlen(item->string));
		if (++n > MEMBERS) {
			members->whole = false;
			return;
		}
		while (members->slots[at] != NULL)
			at = (at + 1) & (BUTLR_SLOTS - 1);
		members->slots[at] = item;
	}
}

const cJSON *butlr_get_at(const struct butlr_members *members, const char *name, size_t slot)
{
	if (!members->whole)
		return jsonx_get(members->object, name);
	for (; members->slots[slot] != NULL; slot = (slot + 1) & (BUTLR_SLOTS - 1))
		if (strcmp(members->slots[slot]->string, name) == 0)
			return members->slots[slot];
	return NULL;
}

const cJSON *butlr_first(const struct butlr_members *members, const char *const *names)
{
	for (; *names != NULL; names++) {
		const cJSON *item = butlr_get(members, *names);
		if (item != NULL && !cJSON_IsNull(item) && !(cJSON_IsString(item) && jsonx_str(item) == NULL))
			return item;
	}
	return NULL;
}

const char *butlr_text(const struct butlr_members *members, const char *const *names)
{
	const char *text = NULL;

	for (; *names != NULL && text == NULL; names++)
		text = jsonx_str(butlr_get(members, *names));
	return text;
}
