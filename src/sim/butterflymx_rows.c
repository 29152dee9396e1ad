#include "sim/butterflymx_rows.h"

#include "base/moment.h"
#include "base/rng.h"
#include "sim/butterflymx.h"
#include "sim/butterflymx_picture.h"
#include "sim/hostile.h"

#include <stdio.h>
#include <string.h>

#define UPLOADS "/butterflymx/system/uploads/"

static void write_id(struct jsonw *w, int64_t id)
{
	char text[24];

	snprintf(text, sizeof(text), "%" G_GINT64_FORMAT, id);
	jsonw_kstr(w, "id", text);
}

static void write_identifier(struct jsonw *w, const char *type, int64_t id)
{
	jsonw_open(w, '{');
	write_id(w, id);
	jsonw_kstr(w, "type", type);
	jsonw_close(w, '}');
}

/* A relationship to one. */
static void write_one(struct jsonw *w, const char *name, enum sim_bmx_kind kind, int64_t id)
{
	jsonw_key(w, name);
	jsonw_open(w, '{');
	jsonw_key(w, "data");
	write_identifier(w, sim_bmx_types[kind], id);
	jsonw_close(w, '}');
}

static void open_many(struct jsonw *w, const char *name)
{
	jsonw_key(w, name);
	jsonw_open(w, '{');
	jsonw_key(w, "data");
	jsonw_open(w, '[');
}

static void close_many(struct jsonw *w)
{
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

/* A moment to the second, as every sample has it. */
static void write_moment(struct jsonw *w, const char *key, int64_t moment_ms)
{
	jsonw_key(w, key);
	jsonw_moment(w, moment_ms == MOMENT_NONE ? moment_ms : moment_ms / 1000 * 1000);
}

static const char *shown(const struct sim_call *call, enum sim_bmx_kind kind, const struct sim_bmx_row *row,
			 const char *part, const char *name)
{
	char id[64];

	if (!row->seeded)
		return name;
	snprintf(id, sizeof(id), "%s:%d:%s", sim_bmx_types[kind], (int)row->id, part);
	return sim_hostile_name(sim_bmx_faults(call), call->app->options.seed, id, name);
}

/* --- buildings and what is in them ---------------------------------------------------------------------- */

/* Two addresses, or two times null; `folder` NULL means none. */
static void write_picture(struct sim_call *call, const char *name, const char *folder, int64_t id)
{
	static const char *const sizes[] = {"thumb", "medium"};
	const char *host = call->request->host && *call->request->host ? call->request->host : "127.0.0.1";

	jsonw_key(&call->json, name);
	jsonw_open(&call->json, '{');
	for (int i = 0; i < 2; i++) {
		char *url = g_strdup_printf("http://%s" UPLOADS "building/%s/%d/%s_logo.png", host,
					    folder ? folder : "", (int)id, sizes[i]);
		char key[16];

		snprintf(key, sizeof(key), "%s_url", sizes[i]);
		jsonw_kstr(&call->json, key, folder ? url : NULL);
		g_free(url);
	}
	jsonw_close(&call->json, '}');
}

/* The offset without daylight time, as Rails prints it (§11.4). */
static void write_offset(struct jsonw *w, const struct sim_bmx_building *building, int64_t now_ms)
{
	struct moment_parts now = moment_split(now_ms, building->zone);
	struct moment_parts winter = {.year = now.year, .month = 1, .day = 1},
			    summer = {.year = now.year, .month = 7, .day = 1};
	int a = moment_split(moment_join(&winter, building->zone), building->zone).utc_offset_s;
	int b = moment_split(moment_join(&summer, building->zone), building->zone).utc_offset_s;
	int offset = MIN(a, b) / 60, size = ABS(offset);
	char text[16];

	snprintf(text, sizeof(text), "%c%02d:%02d", offset < 0 ? '-' : '+', size / 60 % 100, size % 60);
	jsonw_kstr(w, "time_zone_offset", text);
}

static void write_building(struct sim_call *call, const struct sim_bmx_building *building)
{
	struct jsonw *w = &call->json;
	const GPtrArray *zones = sim_bmx_of(call)->data->rows[SIM_BMX_ZONES];

	jsonw_key(w, "attributes");
	jsonw_open(w, '{');
	jsonw_kstr(w, "name",
		   shown(call, SIM_BMX_BUILDINGS, &building->row, "name", building->text[SIM_BMX_NAME]));
	jsonw_kstr(w, "building_type", building->text[SIM_BMX_BUILDING_TYPE]);
	jsonw_kstr(w, "display_name_strategy", building->text[SIM_BMX_STRATEGY]);
	if (building->text[SIM_BMX_PIN])
		jsonw_kstr(w, "door_release_pin", building->text[SIM_BMX_PIN]);
	else
		jsonw_kbool(w, "door_release_pin", false);
	jsonw_kbool(w, "qr_key_enabled", building->qr_key_enabled);
	jsonw_kbool(w, "nfc_enabled", building->nfc_enabled);
	jsonw_kbool(w, "send_panel_status_report", building->send_panel_status_report);
	write_picture(call, "mobile_logo_picture", building->mobile_logo ? "mobile_logo" : NULL,
		      building->row.id);
	write_picture(call, "panel_logo_picture", building->panel_logo ? "panel_logo" : NULL,
		      building->row.id);
	for (int i = SIM_BMX_ADDRESS_1; i <= SIM_BMX_TIME_ZONE; i++)
		jsonw_kstr(w, sim_bmx_building_texts[i], building->text[i]);
	write_offset(w, building, call->now_ms);
	jsonw_close(w, '}');
	jsonw_key(w, "relationships");
	jsonw_open(w, '{');
	open_many(w, "zones");
	for (guint i = 0; i < zones->len; i++) {
		const struct sim_bmx_zone *zone = zones->pdata[i];

		if (zone->building == building->row.id)
			write_identifier(w, "zones", zone->row.id);
	}
	close_many(w);
	jsonw_close(w, '}');
}

static void write_zone(struct sim_call *call, const struct sim_bmx_zone *zone)
{
	jsonw_key(&call->json, "attributes");
	jsonw_open(&call->json, '{');
	jsonw_kstr(&call->json, "name", zone->name);
	jsonw_close(&call->json, '}');
}

static void write_unit(struct sim_call *call, const struct sim_bmx_unit *unit)
{
	struct jsonw *w = &call->json;
	const struct sim_bmx_data *data = sim_bmx_of(call)->data;
	const struct sim_bmx_zone *zone = sim_bmx_find(data, SIM_BMX_ZONES, unit->zone);
	const GPtrArray *tenancies = data->rows[SIM_BMX_TENANCIES];

	jsonw_key(w, "attributes");
	jsonw_open(w, '{');
	jsonw_kstr(w, "unit_type", "apartment");
	jsonw_kstr(w, "label", shown(call, SIM_BMX_UNITS, &unit->row, "label", unit->label));
	jsonw_kint(w, "floor_number", unit->floor_number);
	jsonw_close(w, '}');
	jsonw_key(w, "relationships");
	jsonw_open(w, '{');
	write_one(w, "zone", SIM_BMX_ZONES, unit->zone);
	write_one(w, "building", SIM_BMX_BUILDINGS, zone ? zone->building : 0);
	open_many(w, "users");
	for (guint i = 0; i < tenancies->len; i++) {
		const struct sim_bmx_tenancy *tenancy = tenancies->pdata[i];

		if (tenancy->unit == unit->row.id)
			write_identifier(w, "users", tenancy->user);
	}
	close_many(w);
	jsonw_close(w, '}');
}

/* --- people --------------------------------------------------------------------------------------------- */

static void write_user(struct sim_call *call, const struct sim_bmx_user *user)
{
	struct jsonw *w = &call->json;
	const char *first = shown(call, SIM_BMX_USERS, &user->row, "first", user->first);
	const char *last = shown(call, SIM_BMX_USERS, &user->row, "last", user->last);
	char *name = g_strdup_printf("%s %s", first, last);

	jsonw_key(w, "attributes");
	jsonw_open(w, '{');
	jsonw_kstr(w, "name", name);
	jsonw_kstr(w, "first_name", first);
	jsonw_kstr(w, "last_name", last);
	jsonw_kstr(w, "contact_preference", "phone_call");
	jsonw_kstr(w, "email", user->email);
	jsonw_kstr(w, "sms_phone_number", user->sms);
	jsonw_kstr(w, "phone_number", user->phone);
	write_picture(call, "avatar", NULL, 0);
	jsonw_close(w, '}');
	g_free(name);
}

/* What the panel shows, by the tenancy's strategy or the building's. Free with g_free. */
static char *display_name(const struct sim_bmx_data *data, const struct sim_bmx_tenancy *tenancy)
{
	const struct sim_bmx_user *user = sim_bmx_find(data, SIM_BMX_USERS, tenancy->user);
	const struct sim_bmx_building *building = sim_bmx_building_of(data, tenancy->unit);
	const char *strategy = tenancy->strategy;
	const GPtrArray *all = data->rows[SIM_BMX_TENANCIES];
	int number = 0;

	if (strcmp(strategy, "building") == 0 && building && building->text[SIM_BMX_STRATEGY])
		strategy = building->text[SIM_BMX_STRATEGY];
	if (strcmp(strategy, "anonymous") != 0 && user) {
		int first = (int)(g_utf8_next_char(user->first) - user->first);
		int last = (int)(g_utf8_next_char(user->last) - user->last);

		if (strcmp(strategy, "first_name_initial_and_last_name") == 0)
			return g_strdup_printf("%.*s. %s", first, user->first, user->last);
		if (strcmp(strategy, "first_name_and_last_name_initial") == 0)
			return g_strdup_printf("%s %.*s.", user->first, last, user->last);
		return g_strdup_printf("%s %s", user->first, user->last);
	}
	for (guint i = 0; i < all->len; i++) {
		const struct sim_bmx_tenancy *other = all->pdata[i];

		number += other->unit == tenancy->unit && other->row.id <= tenancy->row.id;
	}
	return g_strdup_printf("Resident %d", number);
}

static void write_tenancy(struct sim_call *call, const struct sim_bmx_tenancy *tenancy)
{
	struct jsonw *w = &call->json;
	char *name = display_name(sim_bmx_of(call)->data, tenancy);

	jsonw_key(w, "attributes");
	jsonw_open(w, '{');
	write_moment(w, "active_at", tenancy->active_ms);
	write_moment(w, "inactive_at", tenancy->inactive_ms);
	jsonw_kbool(w, "qr_key_enabled", tenancy->qr_key_enabled);
	jsonw_kstr(w, "directory_message",
		   shown(call, SIM_BMX_TENANCIES, &tenancy->row, "message", tenancy->message));
	jsonw_kstr(w, "display_name", shown(call, SIM_BMX_TENANCIES, &tenancy->row, "name", name));
	jsonw_kstr(w, "display_name_strategy", tenancy->strategy);
	jsonw_kbool(w, "display_only_on_search", tenancy->only_on_search);
	jsonw_kbool(w, "pin_enabled", false);
	jsonw_kstr(w, "pin", tenancy->pin);
	jsonw_kbool(w, "email_notifications", tenancy->email_notifications);
	jsonw_kbool(w, "sms_notifications", tenancy->sms_notifications);
	jsonw_kbool(w, "do_not_disturb", tenancy->do_not_disturb);
	jsonw_close(w, '}');
	jsonw_key(w, "relationships");
	jsonw_open(w, '{');
	write_one(w, "unit", SIM_BMX_UNITS, tenancy->unit);
	write_one(w, "user", SIM_BMX_USERS, tenancy->user);
	jsonw_close(w, '}');
	g_free(name);
}

/* --- keys ----------------------------------------------------------------------------------------------- */

static void write_keychain(struct sim_call *call, const struct sim_bmx_keychain *keychain)
{
	static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
	struct jsonw *w = &call->json;

	jsonw_key(w, "attributes");
	jsonw_open(w, '{');
	jsonw_kstr(w, "name", shown(call, SIM_BMX_KEYCHAINS, &keychain->row, "name", keychain->name));
	jsonw_key(w, "weekdays");
	if (keychain->weekdays == 0) {
		jsonw_null(w);
	} else {
		jsonw_open(w, '[');
		for (int i = 0; i < 7; i++)
			if (keychain->weekdays & 1u << i)
				jsonw_str(w, days[i]);
		jsonw_close(w, ']');
	}
	jsonw_kstr(w, "valid_date_from", keychain->date_from);
	jsonw_kstr(w, "valid_date_to", keychain->date_to);
	jsonw_kstr(w, "valid_time_from", keychain->time_from);
	jsonw_kstr(w, "valid_time_to", keychain->time_to);
	jsonw_close(w, '}');
	jsonw_key(w, "relationships");
	jsonw_open(w, '{');
	write_one(w, "user", SIM_BMX_USERS, keychain->user);
	write_one(w, "unit", SIM_BMX_UNITS, keychain->unit);
	jsonw_close(w, '}');
}

static void write_upload(struct sim_call *call, const char *key, const char *folder, int64_t id,
			 const char *size, const char *file)
{
	const char *host = call->request->host && *call->request->host ? call->request->host : "127.0.0.1";
	char *url = g_strdup_printf("http://%s" UPLOADS "%s/%" G_GINT64_FORMAT "/%s/%s", host, folder, id,
				    size, file);

	jsonw_kstr(&call->json, key, url);
	g_free(url);
}

static void write_key(struct sim_call *call, const struct sim_bmx_key *key)
{
	static const char folder[] = "qr_key/qr_code_image";
	struct jsonw *w = &call->json;

	jsonw_key(w, "attributes");
	jsonw_open(w, '{');
	jsonw_kstr(w, "name", shown(call, SIM_BMX_KEYS, &key->row, "name", key->name));
	jsonw_kstr(w, "email", key->email);
	jsonw_kstr(w, "sms_number", key->sms);
	jsonw_kstr(w, "key_code", key->code);
	write_upload(call, "thumb_url", folder, key->row.id, "thumb", key->file);
	write_upload(call, "medium_url", folder, key->row.id, "medium", key->file);
	write_upload(call, "large_url", folder, key->row.id, "large", key->file);
	write_moment(w, "activated_at", key->activated_ms);
	write_moment(w, "expired_at", key->expired_ms);
	jsonw_close(w, '}');
	jsonw_key(w, "relationships");
	jsonw_open(w, '{');
	write_one(w, "keychain", SIM_BMX_KEYCHAINS, key->keychain);
	write_one(w, "unit", SIM_BMX_UNITS, key->unit);
	write_one(w, "user", SIM_BMX_USERS, key->user);
	jsonw_close(w, '}');
}

void sim_bmx_write_row(struct sim_call *call, enum sim_bmx_kind kind, const void *row)
{
	struct jsonw *w = &call->json;

	jsonw_open(w, '{');
	write_id(w, ((const struct sim_bmx_row *)row)->id);
	jsonw_kstr(w, "type", sim_bmx_types[kind]);
	switch (kind) {
	case SIM_BMX_BUILDINGS:
		write_building(call, row);
		break;
	case SIM_BMX_ZONES:
		write_zone(call, row);
		break;
	case SIM_BMX_UNITS:
		write_unit(call, row);
		break;
	case SIM_BMX_USERS:
		write_user(call, row);
		break;
	case SIM_BMX_TENANCIES:
		write_tenancy(call, row);
		break;
	case SIM_BMX_KEYCHAINS:
		write_keychain(call, row);
		break;
	case SIM_BMX_KEYS:
		write_key(call, row);
		break;
	case SIM_BMX_KINDS:
		break;
	}
	jsonw_close(w, '}');
}

static void write_guid(struct jsonw *w, int64_t id)
{
	uint64_t a = rng_hash(0x67756964, (uint64_t)id), b = rng_hash(a, 1);
	char text[40];

	snprintf(text, sizeof(text), "%08x-%04x-4%03x-%x%03x-%012" G_GINT64_MODIFIER "x", (unsigned)(a >> 32),
		 (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff), 8 + (unsigned)(b >> 62),
		 (unsigned)(b >> 48 & 0xfff), (guint64)(b & 0xffffffffffffu));
	jsonw_kstr(w, "call_guid", text);
}

void sim_bmx_write_release(struct sim_call *call, const struct sim_bmx_release *release)
{
	static const char folder[] = "door_release/image";
	struct jsonw *w = &call->json;
	struct sim_bmx_row named = {.id = release->user, .seeded = true};
	char file[SIM_BMX_FILE_SIZE];

	jsonw_open(w, '{');
	write_id(w, release->id);
	jsonw_kstr(w, "type", "door_releases");
	jsonw_key(w, "attributes");
	jsonw_open(w, '{');
	jsonw_kstr(w, "release_method", release->method);
	jsonw_kstr(w, "door_release_type", release->type);
	jsonw_kstr(w, "panel_user_type", release->panel_user);
	write_guid(w, release->id);
	jsonw_kstr(w, "name", shown(call, SIM_BMX_USERS, &named, "release", release->name));
	if (release->picture) {
		sim_bmx_release_file(call->app->options.seed, release->id, file);
		write_upload(call, "thumb_url", folder, release->id, "thumb", file);
		write_upload(call, "medium_url", folder, release->id, "medium", file);
	} else {
		jsonw_kstr(w, "thumb_url", NULL);
		jsonw_kstr(w, "medium_url", NULL);
	}
	write_moment(w, "created_at", release->at_s * 1000);
	jsonw_close(w, '}');
	jsonw_key(w, "relationships");
	jsonw_open(w, '{');
	write_one(w, "unit", SIM_BMX_UNITS, release->unit);
	write_one(w, "user", SIM_BMX_USERS, release->user);
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

void sim_bmx_include_zones_of(struct sim_call *call, int64_t building)
{
	const GPtrArray *zones = sim_bmx_of(call)->data->rows[SIM_BMX_ZONES];

	jsonw_key(&call->json, "included");
	jsonw_open(&call->json, '[');
	for (guint i = 0; i < zones->len; i++)
		if (((const struct sim_bmx_zone *)zones->pdata[i])->building == building)
			sim_bmx_write_row(call, SIM_BMX_ZONES, zones->pdata[i]);
	jsonw_close(&call->json, ']');
}

void sim_bmx_answer_row(struct sim_call *call, int status, enum sim_bmx_kind kind, const void *row)
{
	bool writes = call->request->method != SIM_GET;

	if (writes && !sim_faults_on(sim_bmx_faults(call), SIM_FAULT_WRITE_BODY)) {
		sim_call_status(call, 204);
		return;
	}
	sim_call_status(call, status);
	jsonw_open(&call->json, '{');
	jsonw_key(&call->json, "data");
	sim_bmx_write_row(call, kind, row);
	if (kind == SIM_BMX_BUILDINGS)
		sim_bmx_include_zones_of(call, ((const struct sim_bmx_row *)row)->id);
	jsonw_close(&call->json, '}');
}
