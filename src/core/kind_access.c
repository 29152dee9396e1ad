#include "core/kind_fields.h"

#include "model/access.h"

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct door_release, member, form, flags, decimals, unit, help)
static const struct field door_fields[] = {
	FIELD_AS(struct door_release, "time", time_ms, MOMENT, FIELD_COLUMN, -1, NULL,
		 "when the door was released"),
	F(method, TEXT, FIELD_COLUMN, -1, NULL, "how it was released, in the vendor's word"),
	F(type, TEXT, FIELD_COLUMN, -1, NULL, "what kind of release it was"),
	F(panel_user_type, TEXT, 0, -1, NULL, "who stood at the panel"),
	F(name, TEXT, FIELD_COLUMN, -1, NULL, "the name that the vendor wrote down"),
	F(unit_id, TEXT, 0, -1, NULL, "the unit"),
	F(unit, TEXT, FIELD_COLUMN, -1, NULL, "the unit's label"),
	F(user_id, TEXT, 0, -1, NULL, "the tenant"),
	F(user, TEXT, FIELD_COLUMN, -1, NULL, "the tenant's name"),
	F(call_guid, TEXT, 0, -1, NULL, "the call that led to it"),
	F(picture_url, TEXT, 0, -1, NULL, "where its picture lies"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct keychain, member, form, flags, decimals, unit, help)
static const struct field keychain_fields[] = {
	F(name, TEXT, FIELD_COLUMN, -1, NULL, "its name"),
	F(weekdays, WORDS, FIELD_COLUMN, -1, NULL,
	  "the days on which its keys open; null: not limited to days"),
	F(valid_date_from, TEXT, FIELD_COLUMN, -1, NULL, "first day, in the building's time"),
	F(valid_date_to, TEXT, FIELD_COLUMN, -1, NULL, "last day, in the building's time"),
	F(valid_time_from, TEXT, FIELD_COLUMN, -1, NULL, "time of day from which its keys open"),
	F(valid_time_to, TEXT, FIELD_COLUMN, -1, NULL, "time of day until which its keys open"),
	F(unit_id, TEXT, 0, -1, NULL, "the unit"),
	F(user_id, TEXT, 0, -1, NULL, "the tenant who gave it"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct access_key, member, form, flags, decimals, unit, help)
static const struct field key_fields[] = {
	F(keychain_id, TEXT, 0, -1, NULL, "the keychain it belongs to"),
	F(name, TEXT, FIELD_COLUMN, -1, NULL, "the visitor's name"),
	F(email, TEXT, 0, -1, NULL, "where it was sent by e-mail"),
	F(sms_number, TEXT, 0, -1, NULL, "where it was sent by SMS"),
	F(key_code, TEXT, FIELD_COLUMN, -1, NULL, "the code that opens"),
	F(status, TEXT, FIELD_COLUMN, -1, NULL, "scheduled, active, expired or revoked"),
	FIELD_AS(struct access_key, "activated_at", activated_ms, MOMENT, FIELD_COLUMN, -1, NULL,
		 "when it begins to open"),
	FIELD_AS(struct access_key, "expired_at", expired_ms, MOMENT, FIELD_COLUMN, -1, NULL, "when it ends"),
	F(unit_id, TEXT, 0, -1, NULL, "the unit"),
	F(unit, TEXT, FIELD_COLUMN, -1, NULL, "the unit's label"),
	F(user_id, TEXT, 0, -1, NULL, "the tenant who gave it"),
	F(user, TEXT, 0, -1, NULL, "the tenant's name"),
	F(picture_url, TEXT, 0, -1, NULL, "where the vendor's picture of the code lies"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct entry, member, form, flags, decimals, unit, help)
static const struct field entry_fields[] = {
	F(name, TEXT, FIELD_COLUMN, -1, NULL, "its name"),
	F(type, TEXT, FIELD_COLUMN, -1, NULL, "what it is, in the vendor's word"),
	F(parent_id, TEXT, FIELD_COLUMN, -1, NULL, "what it belongs to"),
};
#undef F

KIND(SESSIONS, "sessions", struct entry, entry_fields, "stays of people in a space", .id_in_table = true,
     .type_field = "type");
KIND(DOORWAYS, "doorways", struct entry, entry_fields, "doorways that are counted", .id_in_table = true,
     .type_field = "type");
KIND(LABELS, "labels", struct entry, entry_fields, "labels of spaces", .id_in_table = true,
     .type_field = "type");
KIND(DOORS, "doors", struct door_release, door_fields, "door releases, newest first", .unit_field = "unit_id",
     .user_field = "user_id", .method_field = "method", .type_field = "type", .time_field = "time");
KIND(UNITS, "units", struct entry, entry_fields, "flats and offices", .id_in_table = true, .unit_field = "id",
     .type_field = "type");
KIND(TENANTS, "tenants", struct entry, entry_fields, "people who live or work there", .id_in_table = true,
     .user_field = "id", .type_field = "type");
KIND(USERS, "users", struct entry, entry_fields, "people who may use the vendor's system",
     .id_in_table = true, .user_field = "id", .type_field = "type");
KIND(KEYCHAINS, "keychains", struct keychain, keychain_fields, "keychains: when visitor keys open",
     .id_in_table = true, .unit_field = "unit_id", .user_field = "user_id");
KIND(KEYS, "keys", struct access_key, key_fields, "visitor keys", .id_in_table = true,
     .unit_field = "unit_id", .user_field = "user_id", .status_field = "status");
KIND(CALLBACKS, "callbacks", struct entry, entry_fields, "addresses that the vendor calls",
     .id_in_table = true, .type_field = "type");
KIND(AUDIT, "audit", struct entry, entry_fields, "what was changed with this program", .id_in_table = true,
     .type_field = "type");
