#include "api/butterflymx/directory.h"

#include "api/butterflymx/decode.h"
#include "base/text.h"

#include <string.h>

static void free_known(void *memory)
{
	struct bmx_known *known = memory;

	for (size_t i = 0; i < BMX_KNOWN_TEXTS; i++)
		g_free(known->text[i]);
	g_free(known);
}

void bmx_directory_init(struct bmx_directory *directory)
{
	directory->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_known);
}

void bmx_directory_fini(struct bmx_directory *directory)
{
	if (directory->known != NULL)
		g_hash_table_unref(directory->known);
	directory->known = NULL;
}

static struct bmx_known *slot(struct bmx_directory *directory, const struct bmx_ref *ref)
{
	char *key = g_strdup_printf("%s\n%s", ref->type, ref->id);
	struct bmx_known *known = g_hash_table_lookup(directory->known, key);

	if (known != NULL) {
		g_free(key);
		return known;
	}
	if (g_hash_table_size(directory->known) >= BMX_KNOWN_MOST)
		g_hash_table_remove_all(directory->known);
	known = g_new0(struct bmx_known, 1);
	g_hash_table_insert(directory->known, key, known);
	return known;
}

/* What is not told leaves what was known. */
static void put(struct bmx_known *known, enum bmx_known_text which, const char *text)
{
	if (text == NULL || g_strcmp0(known->text[which], text) == 0)
		return;
	g_free(known->text[which]);
	known->text[which] = g_strndup(text, 4096);
}

static void put_related(struct bmx_known *known, enum bmx_known_text which,
			const struct bmx_resource *resource, const char *name)
{
	struct bmx_ref ref;

	if (bmx_related(resource, name, &ref))
		put(known, which, ref.id);
}

void bmx_directory_learn(struct bmx_directory *directory, const struct bmx_resource *resource)
{
	static const struct {
		enum bmx_known_text which;
		const char *attribute;
	} texts[] = {
		{BMX_KNOWN_NAME, "name"},           {BMX_KNOWN_FIRST_NAME, "first_name"},
		{BMX_KNOWN_LAST_NAME, "last_name"}, {BMX_KNOWN_EMAIL, "email"},
		{BMX_KNOWN_PHONE, "phone_number"},  {BMX_KNOWN_SMS, "sms_phone_number"},
	};
	const char *type = resource->ref.type;
	struct bmx_known *known;
	enum bmx_zone usable;
	bool unit = strcmp(type, "units") == 0, building = strcmp(type, "buildings") == 0;

	if (!unit && !building && strcmp(type, "users") != 0 && strcmp(type, "zones") != 0)
		return;
	known = slot(directory, &resource->ref);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		put(known, texts[i].which, bmx_text(resource, texts[i].attribute));
	if (unit)
		put(known, BMX_KNOWN_NAME, bmx_text(resource, "label"));
	if (building) {
		const char *zone = bmx_timezone(resource, &usable);

		put(known, BMX_KNOWN_TIMEZONE, usable == BMX_ZONE_UNKNOWN ? NULL : zone);
	}
	put_related(known, BMX_KNOWN_BUILDING, resource, "building");
	put_related(known, BMX_KNOWN_ZONE, resource, "zone");
}

void bmx_directory_learn_all(struct bmx_directory *directory, const struct bmx_doc *doc)
{
	const cJSON *included = bmx_doc_included(doc);
	struct bmx_resource resource;

	for (const cJSON *item = included != NULL ? included->child : NULL; item != NULL; item = item->next)
		if (bmx_resource_read(&resource, item))
			bmx_directory_learn(directory, &resource);
	for (const cJSON *item = bmx_doc_first(doc); item != NULL; item = bmx_doc_next(doc, item))
		if (bmx_resource_read(&resource, item))
			bmx_directory_learn(directory, &resource);
}

const struct bmx_known *bmx_directory_find(const struct bmx_directory *directory, const char *type,
					   const char *id)
{
	struct buf key;
	const struct bmx_known *known;

	if (id == NULL)
		return NULL;
	buf_init(&key, 8192);
	buf_adds(&key, type);
	buf_addc(&key, '\n');
	buf_adds(&key, id);
	known = g_hash_table_lookup(directory->known, buf_text(&key));
	buf_fini(&key);
	return known;
}

const char *bmx_known_text(const struct bmx_directory *directory, const char *type, const char *id,
			   enum bmx_known_text which)
{
	const struct bmx_known *known = bmx_directory_find(directory, type, id);

	return known == NULL ? NULL : known->text[which];
}
