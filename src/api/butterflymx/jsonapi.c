#include "api/butterflymx/jsonapi.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WHOLE_MOST 9007199254740992.0 /* beyond, a double is no id */

int bmx_doc_read(struct bmx_doc *doc, const char *bytes, size_t length, struct problem *problem)
{
	int err;

	*doc = (struct bmx_doc){.data = NULL};
	jsonx_init(&doc->json);
	err = jsonx_parse(&doc->json, bytes, length, problem);
	if (err != ERR_OK)
		goto out;
	doc->data = jsonx_get(doc->json.root, "data");
	if (doc->data == NULL ||
	    !(cJSON_IsArray(doc->data) || cJSON_IsObject(doc->data) || cJSON_IsNull(doc->data)))
		err = problem_set(problem, ERR_PARSE, NULL, "check base_url and path_prefix",
				  "the answer is no JSON:API document");
	else if (cJSON_IsNull(doc->data))
		doc->data = NULL;
out:
	if (err != ERR_OK)
		bmx_doc_fini(doc);
	return err;
}

void bmx_doc_fini(struct bmx_doc *doc)
{
	if (doc->included != NULL)
		g_hash_table_unref(doc->included);
	jsonx_fini(&doc->json);
	*doc = (struct bmx_doc){.data = NULL};
}

const cJSON *bmx_doc_first(const struct bmx_doc *doc)
{
	return cJSON_IsArray(doc->data) ? doc->data->child : doc->data;
}

const cJSON *bmx_doc_next(const struct bmx_doc *doc, const cJSON *item)
{
	return cJSON_IsArray(doc->data) ? item->next : NULL;
}

const cJSON *bmx_doc_included(const struct bmx_doc *doc)
{
	const cJSON *included = jsonx_get(doc->json.root, "included");

	return cJSON_IsArray(included) ? included : NULL;
}

static char *identity(const char *type, const char *id) { return g_strdup_printf("%s\n%s", type, id); }

const cJSON *bmx_doc_find(struct bmx_doc *doc, const char *type, const char *id)
{
	const cJSON *included = bmx_doc_included(doc), *found;
	char *key;

	if (included == NULL)
		return NULL;
	if (doc->included == NULL) {
		doc->included = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
		for (const cJSON *item = included->child; item != NULL; item = item->next) {
			struct bmx_ref ref;

			if (bmx_ref_read(&ref, item))
				g_hash_table_insert(doc->included, identity(ref.type, ref.id),
						    (void *)(uintptr_t)item);
		}
	}
	key = identity(type, id);
	found = g_hash_table_lookup(doc->included, key);
	g_free(key);
	return found;
}

/* --- the next page --- */

/* The decoded byte at *at, which moves on. */
static char decoded(const char **at)
{
	const char *from = *at;
	int high, low;

	*at = from + 1;
	if (from[0] != '%' || (high = g_ascii_xdigit_value(from[1])) < 0 ||
	    (low = g_ascii_xdigit_value(from[2])) < 0)
		return from[0];
	*at = from + 3;
	return (char)(high * 16 + low);
}

/* The number behind "page[number]=" where `at` begins with that, encoded or not; BMX_PAGE_UNREAD otherwise. */
static long page_number(const char *at)
{
	static const char name[] = "page[number]=";
	long number = 0;
	unsigned digits = 0;

	for (const char *want = name; *want != '\0'; want++)
		if (*at == '\0' || decoded(&at) != *want)
			return BMX_PAGE_UNREAD;
	for (; g_ascii_isdigit(*at) && digits < 9; at++, digits++)
		number = number * 10 + (*at - '0');
	return digits == 0 || g_ascii_isdigit(*at) || number == 0 ? BMX_PAGE_UNREAD : number;
}

long bmx_doc_next_page(const struct bmx_doc *doc)
{
	const cJSON *next = jsonx_path(doc->json.root, "links.next");
	const char *link = jsonx_str(cJSON_IsObject(next) ? jsonx_get(next, "href") : next);
	const char *at;

	if (link == NULL)
		return 0;
	for (at = strchr(link, '?'); at != NULL; at = strpbrk(at, "?&")) {
		long number;

		while (*at == '?' || *at == '&')
			at++;
		number = page_number(at);
		if (number > 0)
			return number;
	}
	return BMX_PAGE_UNREAD;
}

/* --- resources --- */

static bool digits(const char *text) { return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0'; }

int bmx_id_order(const char *a, const char *b)
{
	size_t length_a, length_b;

	if (!digits(a) || !digits(b))
		return strcmp(a, b);
	a += strspn(a, "0");
	b += strspn(b, "0");
	length_a = strlen(a);
	length_b = strlen(b);
	return length_a != length_b ? (length_a < length_b ? -1 : 1) : strcmp(a, b);
}

bool bmx_id(const cJSON *item, char out[BMX_ID_SIZE])
{
	const char *text = jsonx_str(item);

	out[0] = '\0';
	if (text != NULL && strlen(text) < BMX_ID_SIZE) {
		g_strlcpy(out, text, BMX_ID_SIZE);
		return true;
	}
	if (cJSON_IsNumber(item) && item->valuedouble >= 0 && item->valuedouble < WHOLE_MOST &&
	    floor(item->valuedouble) == item->valuedouble) {
		snprintf(out, BMX_ID_SIZE, "%lld", (long long)item->valuedouble);
		return true;
	}
	return false;
}

bool bmx_ref_read(struct bmx_ref *ref, const cJSON *item)
{
	const char *type = jsonx_str(jsonx_get(item, "type"));

	ref->type[0] = '\0';
	if (type != NULL && strlen(type) < sizeof(ref->type))
		g_strlcpy(ref->type, type, sizeof(ref->type));
	return bmx_id(jsonx_get(item, "id"), ref->id);
}

static const cJSON *object_of(const cJSON *item, const char *name)
{
	const cJSON *member = jsonx_get(item, name);

	return cJSON_IsObject(member) ? member : NULL;
}

bool bmx_resource_read(struct bmx_resource *resource, const cJSON *item)
{
	resource->attributes = object_of(item, "attributes");
	resource->relationships = object_of(item, "relationships");
	return bmx_ref_read(&resource->ref, item);
}

bool bmx_related(const struct bmx_resource *resource, const char *name, struct bmx_ref *ref)
{
	const cJSON *data = jsonx_get(jsonx_get(resource->relationships, name), "data");

	*ref = (struct bmx_ref){.type = "", .id = ""};
	if (cJSON_IsArray(data)) /* a list of one where one belongs */
		data = data->child != NULL && data->child->next == NULL ? data->child : NULL;
	return bmx_ref_read(ref, data);
}

const cJSON *bmx_related_list(const struct bmx_resource *resource, const char *name)
{
	const cJSON *data = jsonx_get(jsonx_get(resource->relationships, name), "data");

	return cJSON_IsArray(data) ? data : NULL;
}

const char *bmx_text(const struct bmx_resource *resource, const char *name)
{
	return jsonx_str(jsonx_get(resource->attributes, name));
}

const char *bmx_text_of(const struct bmx_resource *resource, const char *const *names)
{
	const char *text = NULL;

	for (; *names != NULL && text == NULL; names++)
		text = bmx_text(resource, *names);
	return text;
}

const char *bmx_code(const struct bmx_resource *resource, const char *name, char out[BMX_ID_SIZE])
{
	const cJSON *item = jsonx_get(resource->attributes, name);
	const char *text = jsonx_str(item);

	if (text != NULL)
		return text;
	return cJSON_IsNumber(item) && bmx_id(item, out) ? out : NULL;
}

/* --- errors --- */

static void show(const char *text, char *out, size_t size)
{
	struct buf shown;
	size_t used = 0;

	buf_init(&shown, 8192);
	if (text != NULL)
		text_add_shown(&shown, text, strnlen(text, size * 2), false);
	while (used < shown.length) {
		uint32_t codepoint;
		size_t bytes = text_decode(shown.data + used, shown.length - used, &codepoint);

		if (used + bytes >= size)
			break;
		used += bytes;
	}
	if (used > 0)
		memcpy(out, shown.data, used);
	out[used] = '\0';
	buf_fini(&shown);
}

/* What follows the last '/', then the last '.': the sample's pointer names a part object that the request does not have (§13). */
static const char *last_name(const char *pointer)
{
	const char *slash = strrchr(pointer, '/');
	const char *name = slash != NULL ? slash + 1 : pointer;
	const char *dot = strrchr(name, '.');

	return dot != NULL ? dot + 1 : name;
}

static void read_pointer(const char *pointer, struct bmx_error *error)
{
	static const char relationships[] = "/relationships/";
	const char *relation = strstr(pointer, relationships);
	size_t length;

	if (relation == NULL) {
		show(last_name(pointer), error->field, sizeof(error->field));
		return;
	}
	relation += strlen(relationships);
	length = strcspn(relation, "/.");
	if (length == 0 || length >= sizeof(error->field))
		return;
	char *name = g_strndup(relation, length);
	show(name, error->field, sizeof(error->field));
	g_free(name);
	error->relation = true;
}

static void read_error(const cJSON *item, struct bmx_error *error)
{
	static const char *const texts[] = {"detail", "message", "messages", "title", "code"};
	const char *text = jsonx_str(item), *pointer, *field;

	*error = (struct bmx_error){.relation = false};
	for (size_t i = 0; i < G_N_ELEMENTS(texts) && text == NULL; i++) {
		const cJSON *member = jsonx_get(item, texts[i]);

		text = jsonx_str(cJSON_IsArray(member) ? member->child : member);
	}
	show(text, error->text, sizeof(error->text));
	pointer = jsonx_str(jsonx_path(item, "source.pointer"));
	field = jsonx_str(jsonx_get(item, "field"));
	if (field == NULL)
		field = jsonx_str(jsonx_path(item, "source.parameter"));
	if (pointer != NULL)
		read_pointer(pointer, error);
	else if (field != NULL && strcmp(field, "base") != 0)
		show(last_name(field), error->field, sizeof(error->field));
}

size_t bmx_errors(const char *bytes, size_t length, struct bmx_error *errors, size_t most)
{
	const cJSON *list;
	struct jsonx doc;
	size_t n = 0;

	jsonx_init(&doc);
	if (length == 0 || length > 1u << 20 || jsonx_parse(&doc, bytes, length, NULL) != ERR_OK)
		goto out;
	list = jsonx_get(doc.root, "errors");
	if (cJSON_IsArray(list)) {
		for (const cJSON *item = list->child; item != NULL; item = item->next)
			if ((cJSON_IsString(item) || cJSON_IsObject(item)) && n++ < most)
				read_error(item, &errors[n - 1]);
	} else if (cJSON_IsString(list) || cJSON_IsObject(list)) {
		n = 1;
		if (most > 0)
			read_error(list, &errors[0]);
	}
out:
	jsonx_fini(&doc);
	return n;
}
