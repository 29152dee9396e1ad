/* An order as a body, and whether what the server has is what the order asked for. */
#include "api/butterflymx/job.h"

#include "base/jsonw.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

#define SAME_WINDOW_MS 60000 /* a server may keep whole minutes */

/* --- the body --- */

static const char *relation_type(const char *field)
{
	static const char *const relations[][2] = {{"unit_id", "units"},
						   {"user_id", "users"},
						   {"zone_id", "zones"}};

	for (size_t i = 0; i < G_N_ELEMENTS(relations); i++)
		if (strcmp(field, relations[i][0]) == 0)
			return relations[i][1];
	return NULL;
}

/* What is told by the path, or is not to be sent: the window of a key in a keychain is the keychain's (§8.5, §15.14). */
static bool in_body(const struct order *order, const char *field)
{
	if (order->kind == KIND_TENANTS && (strcmp(field, "unit_id") == 0 || strcmp(field, "user_id") == 0))
		return false;
	if (order->kind == KIND_KEYS && order_get(order, "keychain_id") != NULL &&
	    (strcmp(field, "activated_at") == 0 || strcmp(field, "expired_at") == 0))
		return false;
	return strcmp(field, "keychain_id") != 0;
}

static void write_words(struct jsonw *w, const char *value)
{
	char **words = g_strsplit_set(value, ", ", -1);

	jsonw_open(w, '[');
	for (char **word = words; *word != NULL; word++)
		if (**word != '\0')
			jsonw_str(w, *word);
	jsonw_close(w, ']');
	g_strfreev(words);
}

static void write_value(struct jsonw *w, const struct write_field *field, const char *value)
{
	double number;

	if (value == NULL && strcmp(field->name, "door_release_pin") == 0)
		jsonw_bool(w, false); /* its "none" (§15.1) */
	else if (value == NULL)
		jsonw_null(w);
	else if (field->form == WRITE_YESNO)
		jsonw_bool(w, strcmp(value, "true") == 0);
	else if (field->form == WRITE_NUMBER && text_number(value, &number))
		jsonw_num(w, number);
	else if (field->form == WRITE_WORDS)
		write_words(w, value);
	else if (field->form == WRITE_TIME && strlen(value) == strlen("HH:MM")) {
		char *whole = g_strconcat(value, ":00", NULL);

		jsonw_str(w, whole);
		g_free(whole);
	} else
		jsonw_str(w, value);
}

static void write_attributes(struct jsonw *w, const struct order *order, const struct write_info *info)
{
	jsonw_key(w, "attributes");
	jsonw_open(w, '{');
	if (order->kind == KIND_UNITS && order->verb == VERB_CREATE && !order_has(order, "type"))
		jsonw_kstr(w, "unit_type", "apartment");
	for (size_t i = 0; i < order->n_fields; i++) {
		const struct write_field *field = write_field_find(info, order->fields[i].name);

		if (field == NULL || !in_body(order, field->name) || relation_type(field->name) != NULL)
			continue;
		jsonw_key(w, bmx_attribute_of(order->kind, field->name));
		write_value(w, field, order->fields[i].value);
	}
	jsonw_close(w, '}');
}

static void write_relation(struct jsonw *w, const char *name, const char *type, const char *id)
{
	jsonw_key(w, name);
	jsonw_open(w, '{');
	jsonw_key(w, "data");
	jsonw_open(w, '{');
	jsonw_kstr(w, "type", type);
	jsonw_kstr(w, "id", id);
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

static void write_relations(struct jsonw *w, const struct order *order)
{
	bool any = false;

	for (size_t i = 0; i < order->n_fields; i++) {
		const char *name = order->fields[i].name, *type = relation_type(name);

		if (type == NULL || order->fields[i].value == NULL || !in_body(order, name))
			continue;
		if (!any) {
			jsonw_key(w, "relationships");
			jsonw_open(w, '{');
		}
		any = true;
		write_relation(w, bmx_attribute_of(order->kind, name), type, order->fields[i].value);
	}
	if (any)
		jsonw_close(w, '}');
}

void bmx_order_body(const struct order *order, struct buf *body)
{
	const struct write_info *info = write_find(bmx_writes, order->kind, order->verb);
	struct jsonw w;

	if (info == NULL)
		return;
	jsonw_init(&w, body, false);
	jsonw_open(&w, '{');
	jsonw_key(&w, "data");
	jsonw_open(&w, '{');
	jsonw_kstr(&w, "type", bmx_type_of(order->kind));
	if (order->verb == VERB_CHANGE && order->id != NULL)
		jsonw_kstr(&w, "id", order->id);
	write_attributes(&w, order, info);
	write_relations(&w, order);
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
}

/* --- is this what was asked for? --- */

/* Both not told counts as equal. `text` is inert, `wanted` as the person gave it. */
static bool same(struct rows *scratch, const char *text, const char *wanted, bool any_case)
{
	const char *clean = rows_text(scratch, wanted);

	if (text == NULL || clean == NULL)
		return text == NULL && clean == NULL;
	return any_case ? g_ascii_strcasecmp(text, clean) == 0 : strcmp(text, clean) == 0;
}

/* An id that is not told on either side does not differ. */
static bool same_id(struct rows *scratch, const char *id, const char *wanted)
{
	return id == NULL || wanted == NULL || same(scratch, id, wanted, false);
}

/* By its digits: a server writes "+15005550006" its own way. The last nine tell numbers apart even where one lacks the country. */
static bool same_phone(const char *number, const char *wanted)
{
	char digits[2][10];

	if (number == NULL || wanted == NULL)
		return number == NULL && wanted == NULL;
	for (size_t i = 0; i < 2; i++) {
		const char *text = i == 0 ? number : wanted;
		size_t n = 0;

		for (size_t at = strlen(text); at > 0 && n < 9; at--)
			if (g_ascii_isdigit(text[at - 1]))
				digits[i][n++] = text[at - 1];
		digits[i][n] = '\0';
	}
	return digits[0][0] != '\0' ? strcmp(digits[0], digits[1]) == 0 : strcmp(number, wanted) == 0;
}

static bool same_moment(int64_t moment_ms, const char *wanted)
{
	int64_t wanted_ms = moment_parse(wanted);

	if (moment_ms == MOMENT_NONE || wanted_ms == MOMENT_NONE)
		return true; /* not told: no difference */
	return (moment_ms > wanted_ms ? moment_ms - wanted_ms : wanted_ms - moment_ms) < SAME_WINDOW_MS;
}

/* "08:00" and "08:00:00". */
static bool same_time(const char *time, const char *wanted)
{
	if (time == NULL || wanted == NULL)
		return true;
	return strncmp(time, wanted, 5) == 0 &&
	       strcmp(strlen(time) == 5 ? ":00" : time + MIN(strlen(time), 5),
		      strlen(wanted) == 5 ? ":00" : wanted + MIN(strlen(wanted), 5)) == 0;
}

static bool same_words(const struct words *words, const char *wanted)
{
	char **list = g_strsplit_set(wanted == NULL ? "" : wanted, ", ", -1);
	size_t n = 0;
	bool equal = true;

	for (char **word = list; *word != NULL; word++) {
		bool found = false;

		if (**word == '\0')
			continue;
		n++;
		for (size_t i = 0; i < words->n && !found; i++)
			found = g_ascii_strcasecmp(words->at[i], *word) == 0;
		equal = equal && found;
	}
	g_strfreev(list);
	return equal && n == words->n;
}

static bool key_made(const struct order *order, struct rows *scratch, const struct access_key *key)
{
	bool chained = order_get(order, "keychain_id") != NULL;

	return same(scratch, key->name, order_get(order, "name"), false) &&
	       same(scratch, key->email, order_get(order, "email"), true) &&
	       same_phone(key->sms_number, order_get(order, "sms_number")) &&
	       same_id(scratch, key->unit_id, order_get(order, "unit_id")) &&
	       same_id(scratch, key->user_id, order_get(order, "user_id")) &&
	       same_id(scratch, key->keychain_id, order_get(order, "keychain_id")) &&
	       (chained || (same_moment(key->activated_ms, order_get(order, "activated_at")) &&
			    same_moment(key->expired_ms, order_get(order, "expired_at"))));
}

static bool keychain_made(const struct order *order, struct rows *scratch, const struct keychain *chain)
{
	return same(scratch, chain->name, order_get(order, "name"), false) &&
	       same_words(&chain->weekdays, order_get(order, "weekdays")) &&
	       same_id(scratch, chain->valid_date_from, order_get(order, "valid_date_from")) &&
	       same_id(scratch, chain->valid_date_to, order_get(order, "valid_date_to")) &&
	       same_time(chain->valid_time_from, order_get(order, "valid_time_from")) &&
	       same_time(chain->valid_time_to, order_get(order, "valid_time_to")) &&
	       same_id(scratch, chain->unit_id, order_get(order, "unit_id")) &&
	       same_id(scratch, chain->user_id, order_get(order, "user_id"));
}

bool bmx_order_made(const struct order *order, const struct bmx_directory *directory, struct rows *scratch,
		    const void *row)
{
	const struct tenant *tenant = row;
	const struct unit *unit = row;
	const char *email;

	switch (order->kind) {
	case KIND_KEYS:
		return key_made(order, scratch, row);
	case KIND_KEYCHAINS:
		return keychain_made(order, scratch, row);
	case KIND_TENANTS:
		email = tenant->email != NULL
				? tenant->email
				: bmx_known_text(directory, "users", tenant->user_id, BMX_KNOWN_EMAIL);
		return same(scratch, email, order_get(order, "email"), true) &&
		       same_id(scratch, tenant->unit_id, order_get(order, "unit_id"));
	case KIND_UNITS:
		return same(scratch, unit->name, order_get(order, "name"), false) &&
		       same_id(scratch, unit->zone_id, order_get(order, "zone_id"));
	default:
		return false;
	}
}

/* --- a change --- */

static bool none(const cJSON *item)
{
	return item == NULL || cJSON_IsNull(item) || (cJSON_IsString(item) && jsonx_str(item) == NULL);
}

static int logo_gone(const struct bmx_resource *resource, const char *field)
{
	const char *picture = strcmp(field, "remove_panel_logo") == 0 ? "panel_logo_picture"
								      : "mobile_logo_picture";
	const cJSON *object = jsonx_get(resource->attributes, picture);

	if (object == NULL)
		return -1;
	return none(jsonx_get(object, "thumb_url")) && none(jsonx_get(object, "medium_url"));
}

static bool same_zone(const char *zone, const char *wanted)
{
	return zone != NULL && strcmp(moment_zone_iana(zone), moment_zone_iana(wanted)) == 0;
}

static bool equal_value(const struct write_field *field, const cJSON *item, const char *value)
{
	char number[BMX_ID_SIZE];
	double wanted;

	if (value == NULL)
		return none(item) || (strcmp(field->name, "door_release_pin") == 0 && cJSON_IsFalse(item));
	switch (field->form) {
	case WRITE_YESNO:
		return jsonx_truthy(item) == (strcmp(value, "true") == 0);
	case WRITE_NUMBER:
		return text_number(value, &wanted) && jsonx_num(item) == wanted;
	case WRITE_MOMENT:
		return !none(item) && same_moment(jsonx_moment(item), value);
	default:
		if (strcmp(field->name, "timezone") == 0)
			return same_zone(jsonx_str(item), value);
		if (cJSON_IsNumber(item))
			return bmx_id(item, number) && strcmp(number, value) == 0;
		return g_strcmp0(jsonx_str(item), value) == 0;
	}
}

/* 1, 0, or -1 where the server does not show it. */
static int field_shown(const struct order *order, const struct write_field *field, const char *value,
		       const struct bmx_resource *resource)
{
	const cJSON *item = jsonx_get(resource->attributes, bmx_attribute_of(order->kind, field->name));
	bool equal;

	if (g_str_has_prefix(field->name, "remove_"))
		return g_strcmp0(value, "true") == 0 ? logo_gone(resource, field->name) : -1;
	if (item == NULL)
		return -1; /* can be set but is never shown (§15.17) */
	equal = equal_value(field, item, value);
	if (!equal && cJSON_IsBool(item) && strcmp(field->name, "door_release_pin") == 0)
		return -1; /* a truth in place of the PIN (§15.1) */
	return equal;
}

int bmx_order_shown(const struct order *order, const struct bmx_resource *resource)
{
	const struct write_info *info = write_find(bmx_writes, order->kind, order->verb);
	bool any = false, unknown = false;

	for (size_t i = 0; info != NULL && i < order->n_fields; i++) {
		const struct write_field *field = write_field_find(info, order->fields[i].name);
		int shown;

		if (field == NULL || !in_body(order, field->name) || relation_type(field->name) != NULL)
			continue;
		shown = field_shown(order, field, order->fields[i].value, resource);
		if (shown == 0)
			return 0;
		any = true;
		unknown = unknown || shown < 0;
	}
	return any && !unknown ? 1 : -1;
}
