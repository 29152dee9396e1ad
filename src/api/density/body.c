/* Changes as bodies, and whether what a server shows is what was asked for. */
#include "api/density/change.h"

#include "api/density/shape.h"
#include "base/moment.h"
#include "base/text.h"

#include <glib.h>
#include <string.h>

/* The vendor's member of a field; NULL: the field is not part of the thing's own body. */
static const char *member_of(enum kind kind, const char *field)
{
	static const struct {
		enum kind kind; /* KIND_COUNT: any */
		const char *field, *member;
	} names[] = {
		{KIND_USERS, "name", "full_name"},     {KIND_USERS, "space_ids", "spaces"},
		{KIND_LABELS, "type", NULL},           {KIND_COUNT, "type", "function"},
		{KIND_COUNT, "timezone", "time_zone"}, {KIND_COUNT, "group_id", "group"},
		{KIND_COUNT, "add_labels", NULL},      {KIND_COUNT, "remove_labels", NULL},
		{KIND_COUNT, "create_label", NULL},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if ((names[i].kind == kind || names[i].kind == KIND_COUNT) &&
		    strcmp(names[i].field, field) == 0)
			return names[i].member;
	return field;
}

bool dens_changes_labels(const struct order *order)
{
	return order_has(order, "add_labels") || order_has(order, "remove_labels") ||
	       order_has(order, "create_label");
}

bool dens_changes_itself(const struct order *order)
{
	for (size_t i = 0; i < order->n_fields; i++)
		if (member_of(order->kind, order->fields[i].name) != NULL)
			return true;
	return false;
}

bool dens_is_group(const struct order *order)
{
	return order->kind == KIND_LABELS && g_strcmp0(order_get(order, "type"), "group") == 0;
}

static void write_words(struct jsonw *w, const char *key, const char *words)
{
	char **list = g_strsplit(words == NULL ? "" : words, ",", -1);

	jsonw_key(w, key);
	jsonw_open(w, '[');
	for (char **word = list; *word != NULL; word++)
		if (**word != '\0')
			jsonw_str(w, *word);
	jsonw_close(w, ']');
	g_strfreev(list);
}

void dens_write_fields(struct jsonw *w, const struct order *order, bool with_group)
{
	for (size_t i = 0; i < order->n_fields; i++) {
		const char *member = member_of(order->kind, order->fields[i].name);
		const char *value = order->fields[i].value;
		double number;

		if (member == NULL || (!with_group && strcmp(member, "group") == 0))
			continue;
		if (strcmp(member, "capacity") == 0)
			jsonw_kint(w, member,
				   text_number(value == NULL ? "0" : value, &number) ? (int64_t)number : 0);
		else if (strcmp(member, "spaces") == 0)
			write_words(w, member, value);
		else
			jsonw_kstr(w, member, value == NULL ? "" : value);
	}
}

void dens_write_labels(struct jsonw *w, const struct order *order)
{
	const char *name = order_get(order, "create_label");

	if (order_has(order, "add_labels"))
		write_words(w, "add", order_get(order, "add_labels"));
	if (name != NULL) {
		jsonw_key(w, "create");
		jsonw_open(w, '[');
		jsonw_str(w, name);
		jsonw_close(w, ']');
	}
	if (order_has(order, "remove_labels"))
		write_words(w, "delete", order_get(order, "remove_labels"));
}

void dens_write_user(struct jsonw *w, const struct order *order, const cJSON *user)
{
	static const char *const texts[][2] = {{"name", "full_name"}, {"role", "role"}};
	const cJSON *spaces = jsonx_get(user, "spaces");
	char number[DENS_ID_SIZE];

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		const char *value = order_get(order, texts[i][0]);

		if (value == NULL)
			value = jsonx_str(jsonx_get(user, texts[i][1]));
		if (value != NULL)
			jsonw_kstr(w, texts[i][1], value);
	}
	if (order_has(order, "space_ids")) {
		write_words(w, "spaces", order_get(order, "space_ids"));
		return;
	}
	if (!cJSON_IsArray(spaces))
		return;
	jsonw_key(w, "spaces");
	jsonw_open(w, '[');
	for (const cJSON *item = spaces->child; item != NULL; item = item->next)
		if (dens_id_of(item, number) != NULL)
			jsonw_str(w, dens_id_of(item, number));
	jsonw_close(w, ']');
}

/* --- is it as was asked for? --- */

static bool holds(const cJSON *list, const char *id, bool by_name)
{
	char number[DENS_ID_SIZE];

	for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item != NULL; item = item->next)
		if (g_strcmp0(by_name ? jsonx_str(jsonx_get(item, "name")) : dens_id_of(item, number), id) ==
		    0)
			return true;
	return false;
}

/* 1: all of the words are there, or none of them where `gone`. */
static bool has_words(const cJSON *list, const char *words, bool gone)
{
	char **ids = g_strsplit(words == NULL ? "" : words, ",", -1);
	bool right = true;

	for (char **id = ids; *id != NULL && right; id++)
		right = **id == '\0' || holds(list, *id, false) != gone;
	g_strfreev(ids);
	return right;
}

static bool same_ids(const cJSON *list, const char *words)
{
	char **ids = g_strsplit(words == NULL ? "" : words, ",", -1);
	int n = 0;
	bool right;

	for (char **id = ids; *id != NULL; id++)
		n += **id != '\0';
	g_strfreev(ids);
	right = (cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0) == n;
	return right && has_words(list, words, false);
}

static bool shows(const char *member, const char *value, const cJSON *item)
{
	char id[DENS_ID_SIZE];
	double number;

	if (strcmp(member, "capacity") == 0)
		return text_number(value == NULL ? "0" : value, &number) && jsonx_num(item) == number;
	if (strcmp(member, "spaces") == 0)
		return same_ids(item, value);
	if (strcmp(member, "group") == 0)
		return g_strcmp0(dens_id_of(item, id), value) == 0;
	return g_strcmp0(jsonx_str(item), value) == 0;
}

int dens_order_shown(const struct order *order, const cJSON *item, bool labels)
{
	const cJSON *list = jsonx_get(item, "labels");

	if (labels) {
		if (!cJSON_IsArray(list))
			return -1;
		return has_words(list, order_get(order, "add_labels"), false) &&
		       has_words(list, order_get(order, "remove_labels"), true) &&
		       (order_get(order, "create_label") == NULL ||
			holds(list, order_get(order, "create_label"), true));
	}
	for (size_t i = 0; i < order->n_fields; i++) {
		const char *member = member_of(order->kind, order->fields[i].name);
		const cJSON *value = member == NULL ? NULL : jsonx_get(item, member);

		if (member == NULL)
			continue;
		if (value == NULL && strcmp(member, "group") != 0)
			return -1;
		if (!shows(member, order->fields[i].value, value))
			return 0;
	}
	return 1;
}

bool dens_order_made(const struct order *order, const cJSON *item)
{
	const char *field = order->kind == KIND_USERS ? "email" : "name";
	const char *text = jsonx_str(jsonx_get(item, field)), *wanted = order_get(order, field);

	if (text == NULL || wanted == NULL)
		return false;
	return order->kind == KIND_USERS ? g_ascii_strcasecmp(text, wanted) == 0 : strcmp(text, wanted) == 0;
}
