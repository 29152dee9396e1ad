#include "api/butterflymx/decode.h"

#include "base/buf.h"
#include "base/moment.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *type;
	enum kind kind;
} types[] = {
	{"buildings", KIND_BUILDINGS}, {"units", KIND_UNITS},  {"units_users", KIND_TENANTS},
	{"tenants", KIND_TENANTS},     {"users", KIND_USERS},  {"door_releases", KIND_DOORS},
	{"keychains", KIND_KEYCHAINS}, {"qr_keys", KIND_KEYS}, {"virtual_keys", KIND_KEYS},
};

const char *bmx_type_of(enum kind kind)
{
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (types[i].kind == kind)
			return types[i].type;
	return NULL;
}

int bmx_kind_of(const char *type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(types[i].type, type) == 0)
			return (int)types[i].kind;
	return -1;
}

/* --- parts --- */

static const char *text(struct rows *rows, const struct bmx_resource *resource, const char *name)
{
	return rows_text(rows, bmx_text(resource, name));
}

static const char *related(struct rows *rows, const struct bmx_resource *resource, const char *name)
{
	struct bmx_ref ref;

	return bmx_related(resource, name, &ref) ? rows_text(rows, ref.id) : NULL;
}

static int8_t truth(const struct bmx_resource *resource, const char *name)
{
	return (int8_t)jsonx_truthy(jsonx_get(resource->attributes, name));
}

static int64_t moment(const struct bmx_resource *resource, const char *name)
{
	return jsonx_moment(jsonx_get(resource->attributes, name));
}

/* Texts, or identifiers, as words. Anything else in the array is left out. */
static struct words words(struct rows *rows, const cJSON *array)
{
	struct words none = {NULL, 0};
	const char **at;
	size_t n = 0;

	if (!cJSON_IsArray(array))
		return none;
	for (const cJSON *item = array->child; item != NULL; item = item->next)
		n++;
	at = n == 0 ? NULL : rows_memory(rows, n * sizeof(*at));
	if (at == NULL)
		return none;
	n = 0;
	for (const cJSON *item = array->child; item != NULL; item = item->next) {
		struct bmx_ref ref;
		const char *word = jsonx_str(item);

		if (word == NULL && bmx_ref_read(&ref, item))
			word = ref.id;
		word = rows_text(rows, word);
		if (word != NULL)
			at[n++] = word;
	}
	return n == 0 ? none : (struct words){at, n};
}

/* --- kinds --- */

static const char *address(struct rows *rows, const struct bmx_resource *resource)
{
	static const char *const parts[] = {"address_1", "address_2", "city", "state", "zip_code", "country"};
	struct buf line;
	const char *out;

	buf_init(&line, 65536);
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		const char *part = bmx_text(resource, parts[i]);

		if (part == NULL)
			continue;
		if (line.length > 0)
			buf_adds(&line, ", ");
		buf_adds(&line, part);
	}
	out = line.error == ERR_OK ? rows_text(rows, buf_text(&line)) : NULL;
	buf_fini(&line);
	return out;
}

const char *bmx_timezone(const struct bmx_resource *building, enum bmx_zone *known)
{
	static const char *const names[] = {"time_zone", "time_zone_offset"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *name = bmx_text(building, names[i]);
		struct moment_zone *zone = name == NULL ? NULL : moment_zone_new(name);

		moment_zone_free(zone);
		if (zone == NULL)
			continue;
		if (known != NULL)
			*known = i == 0 ? BMX_ZONE_NAMED : BMX_ZONE_OFFSET;
		return moment_zone_iana(name);
	}
	if (known != NULL)
		*known = BMX_ZONE_UNKNOWN;
	return bmx_text(building, "time_zone");
}

static void building(struct rows *rows, const struct bmx_resource *resource, void *row)
{
	struct building *out = row;

	out->name = text(rows, resource, "name");
	out->address = address(rows, resource);
	out->timezone = rows_text(rows, bmx_timezone(resource, NULL));
}

static void unit(struct rows *rows, const struct bmx_resource *resource, void *row)
{
	static const char *const labels[] = {"label", "name", NULL};
	struct unit *out = row;

	out->name = rows_text(rows, bmx_text_of(resource, labels));
	out->type = text(rows, resource, "unit_type");
	out->floor_number = jsonx_num(jsonx_get(resource->attributes, "floor_number"));
	out->building_id = related(rows, resource, "building");
	out->zone_id = related(rows, resource, "zone");
	out->user_ids = words(rows, bmx_related_list(resource, "users"));
}

static void tenant(struct rows *rows, const struct bmx_resource *resource, void *row)
{
	struct tenant *out = row;
	char code[BMX_ID_SIZE];

	out->unit_id = related(rows, resource, "unit");
	out->user_id = related(rows, resource, "user");
	out->first_name = text(rows, resource, "first_name");
	out->last_name = text(rows, resource, "last_name");
	out->email = text(rows, resource, "email");
	out->phone_number = text(rows, resource, "phone_number");
	out->sms_phone_number = text(rows, resource, "sms_phone_number");
	out->display_name = text(rows, resource, "display_name");
	out->display_name_strategy = text(rows, resource, "display_name_strategy");
	out->directory_message = text(rows, resource, "directory_message");
	out->pin = rows_text(rows, bmx_code(resource, "pin", code));
	out->pin_enabled = truth(resource, "pin_enabled");
	out->qr_key_enabled = truth(resource, "qr_key_enabled");
	out->display_only_on_search = truth(resource, "display_only_on_search");
	out->email_notifications = truth(resource, "email_notifications");
	out->sms_notifications = truth(resource, "sms_notifications");
	out->do_not_disturb = truth(resource, "do_not_disturb");
	out->active_ms = moment(resource, "active_at");
	out->inactive_ms = moment(resource, "inactive_at");
}

static void person(struct rows *rows, const struct bmx_resource *resource, void *row)
{
	struct user *out = row;

	out->name = text(rows, resource, "name");
	out->first_name = text(rows, resource, "first_name");
	out->last_name = text(rows, resource, "last_name");
	out->email = text(rows, resource, "email");
	out->phone_number = text(rows, resource, "phone_number");
	out->sms_phone_number = text(rows, resource, "sms_phone_number");
}

static void door(struct rows *rows, const struct bmx_resource *resource, void *row)
{
	static const char *const pictures[] = {"large_url", "medium_url", "thumb_url", NULL};
	struct door_release *out = row;

	out->time_ms = moment(resource, "created_at");
	if (out->time_ms == MOMENT_NONE)
		out->time_ms = moment(resource, "logged_at");
	out->method = text(rows, resource, "release_method");
	out->type = text(rows, resource, "door_release_type");
	out->panel_user_type = text(rows, resource, "panel_user_type");
	out->name = text(rows, resource, "name");
	out->unit_id = related(rows, resource, "unit");
	out->user_id = related(rows, resource, "user");
	out->call_guid = text(rows, resource, "call_guid");
	out->picture_url = rows_text(rows, bmx_text_of(resource, pictures));
}

static void keychain(struct rows *rows, const struct bmx_resource *resource, void *row)
{
	static const char *const date_from[] = {"valid_date_from", "start_date", NULL};
	static const char *const date_to[] = {"valid_date_to", "end_date", NULL};
	static const char *const time_from[] = {"valid_time_from", "time_from", NULL};
	static const char *const time_to[] = {"valid_time_to", "time_to", NULL};
	struct keychain *out = row;

	out->name = text(rows, resource, "name");
	out->weekdays = words(rows, jsonx_get(resource->attributes, "weekdays"));
	out->valid_date_from = rows_text(rows, bmx_text_of(resource, date_from));
	out->valid_date_to = rows_text(rows, bmx_text_of(resource, date_to));
	out->valid_time_from = rows_text(rows, bmx_text_of(resource, time_from));
	out->valid_time_to = rows_text(rows, bmx_text_of(resource, time_to));
	out->unit_id = related(rows, resource, "unit");
	out->user_id = related(rows, resource, "user");
}

/* Only what the server itself says; the rest is reckoned from the window. */
static bool revoked(const struct bmx_resource *resource)
{
	static const char *const moments[] = {"revoked_at", "deleted_at", NULL};
	const char *status = bmx_text(resource, "status");

	return bmx_text_of(resource, moments) != NULL ||
	       (status != NULL && (strcmp(status, "revoked") == 0 || strcmp(status, "deleted") == 0));
}

static void key(struct rows *rows, const struct bmx_resource *resource, void *row)
{
	static const char *const pictures[] = {"large_url",   "medium_url", "qr_code_image_url",
					       "qr_code_url", "thumb_url",  NULL};
	static const char *const codes[] = {"key_code", "pin", "pin_code"};
	struct access_key *out = row;
	char code[BMX_ID_SIZE];

	out->keychain_id = related(rows, resource, "keychain");
	out->name = text(rows, resource, "name");
	out->email = text(rows, resource, "email");
	out->sms_number = rows_text(rows, bmx_code(resource, "sms_number", code));
	for (size_t i = 0; i < G_N_ELEMENTS(codes) && out->key_code == NULL; i++)
		out->key_code = rows_text(rows, bmx_code(resource, codes[i], code));
	out->activated_ms = moment(resource, "activated_at");
	if (out->activated_ms == MOMENT_NONE)
		out->activated_ms = moment(resource, "starts_at");
	out->expired_ms = moment(resource, "expired_at");
	if (out->expired_ms == MOMENT_NONE)
		out->expired_ms = moment(resource, "ends_at");
	out->unit_id = related(rows, resource, "unit");
	out->user_id = related(rows, resource, "user");
	out->picture_url = rows_text(rows, bmx_text_of(resource, pictures));
	out->status = revoked(resource) ? rows_text(rows, "revoked") : NULL;
}

bool bmx_decode(struct rows *rows, const struct bmx_resource *resource)
{
	static void (*const decoders[KIND_COUNT])(struct rows *, const struct bmx_resource *, void *) = {
		[KIND_BUILDINGS] = building, [KIND_UNITS] = unit, [KIND_TENANTS] = tenant,
		[KIND_USERS] = person,       [KIND_DOORS] = door, [KIND_KEYCHAINS] = keychain,
		[KIND_KEYS] = key,
	};
	enum kind kind = rows_kind(rows);
	const char **row;
	const char *id;

	if (decoders[kind] == NULL || bmx_kind_of(resource->ref.type) != (int)kind)
		return false;
	row = rows_add(rows);
	if (row == NULL)
		return false;
	id = rows_text(rows, resource->ref.id);
	*row = id;
	if (id == NULL) {
		rows_drop_last(rows, true);
		return false;
	}
	decoders[kind](rows, resource, row);
	return true;
}

/* --- windows --- */

static void copy_figure(char *out, size_t size, const char *text)
{
	g_strlcpy(out, text == NULL || strlen(text) >= size ? "" : text, size);
}

void bmx_keychain_local(const struct bmx_resource *keychain, struct bmx_local *local)
{
	static const char *const names[4][3] = {
		{"valid_date_from", "start_date", NULL},
		{"valid_date_to", "end_date", NULL},
		{"valid_time_from", "time_from", NULL},
		{"valid_time_to", "time_to", NULL},
	};

	local->from_ms = moment(keychain, "starts_at");
	local->to_ms = moment(keychain, "ends_at");
	copy_figure(local->date_from, sizeof(local->date_from), bmx_text_of(keychain, names[0]));
	copy_figure(local->date_to, sizeof(local->date_to), bmx_text_of(keychain, names[1]));
	copy_figure(local->time_from, sizeof(local->time_from), bmx_text_of(keychain, names[2]));
	copy_figure(local->time_to, sizeof(local->time_to), bmx_text_of(keychain, names[3]));
}

bool bmx_local_needs_zone(const struct bmx_local *local)
{
	return (local->from_ms == MOMENT_NONE && local->date_from[0] != '\0') ||
	       (local->to_ms == MOMENT_NONE && local->date_to[0] != '\0');
}

static int64_t local_moment(const char *date, const char *time, const char *otherwise,
			    const struct moment_zone *zone)
{
	char both[64];

	if (date[0] == '\0')
		return MOMENT_NONE;
	snprintf(both, sizeof(both), "%sT%s", date, time[0] != '\0' ? time : otherwise);
	return moment_parse_in(both, zone);
}

struct bmx_window bmx_window_in(const struct bmx_local *local, const struct moment_zone *zone)
{
	struct bmx_window window = {local->from_ms, local->to_ms};

	if (window.from_ms == MOMENT_NONE)
		window.from_ms = local_moment(local->date_from, local->time_from, "00:00:00", zone);
	if (window.to_ms == MOMENT_NONE)
		window.to_ms = local_moment(local->date_to, local->time_to, "23:59:59", zone);
	return window;
}
