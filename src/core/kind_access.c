#include "core/kind_fields.h"

#include "model/access.h"
#include "model/live.h"

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

#define F(member, form, flags, decimals, measure, help)                                                      \
	FIELD(struct unit, member, form, flags, decimals, measure, help)
static const struct field unit_fields[] = {
	F(name, TEXT, FIELD_COLUMN, -1, NULL, "its label"),
	F(type, TEXT, FIELD_COLUMN, -1, NULL, "what it is, in the vendor's word"),
	F(floor_number, NUMBER, FIELD_COLUMN | FIELD_RIGHT, 0, NULL, "the floor it is on"),
	F(building_id, TEXT, FIELD_COLUMN, -1, NULL, "the building"),
	F(zone_id, TEXT, 0, -1, NULL, "the zone of the building"),
	F(zone, TEXT, FIELD_COLUMN, -1, NULL, "the zone's name"),
	F(user_ids, WORDS, FIELD_EMPTY_LIST, -1, NULL, "the people in it"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct tenant, member, form, flags, decimals, unit, help)
static const struct field tenant_fields[] = {
	F(unit_id, TEXT, 0, -1, NULL, "the unit"),
	F(unit, TEXT, FIELD_COLUMN, -1, NULL, "the unit's label"),
	F(user_id, TEXT, FIELD_COLUMN, -1, NULL, "the person"),
	F(name, TEXT, FIELD_COLUMN, -1, NULL, "the person's name"),
	F(first_name, TEXT, 0, -1, NULL, "first name"),
	F(last_name, TEXT, 0, -1, NULL, "last name"),
	F(email, TEXT, FIELD_COLUMN, -1, NULL, "e-mail address"),
	F(phone_number, TEXT, 0, -1, NULL, "telephone"),
	F(sms_phone_number, TEXT, 0, -1, NULL, "telephone for SMS"),
	F(display_name, TEXT, FIELD_COLUMN, -1, NULL, "the name at the panel"),
	F(display_name_strategy, TEXT, 0, -1, NULL, "how the name at the panel is made"),
	F(directory_message, TEXT, 0, -1, NULL, "the line at the panel"),
	F(pin, TEXT, 0, -1, NULL, "the PIN"),
	F(pin_enabled, TRUTH, 0, -1, NULL, "whether the PIN opens"),
	F(qr_key_enabled, TRUTH, 0, -1, NULL, "whether visitor keys may be given"),
	F(display_only_on_search, TRUTH, 0, -1, NULL,
	  "whether the panel shows the name only when it is searched"),
	F(email_notifications, TRUTH, 0, -1, NULL, "whether e-mails are sent"),
	F(sms_notifications, TRUTH, 0, -1, NULL, "whether SMS are sent"),
	F(do_not_disturb, TRUTH, 0, -1, NULL, "whether calls are held back"),
	FIELD_AS(struct tenant, "active_at", active_ms, MOMENT, 0, -1, NULL, "when the tenancy begins"),
	FIELD_AS(struct tenant, "inactive_at", inactive_ms, MOMENT, 0, -1, NULL, "when the tenancy ends"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct audit_row, member, form, flags, decimals, unit, help)
static const struct field audit_fields[] = {
	FIELD_AS(struct audit_row, "time", time_ms, MOMENT, FIELD_COLUMN, -1, NULL, "when it was begun"),
	F(who, TEXT, FIELD_COLUMN, -1, NULL, "login name of the person"),
	F(from, TEXT, FIELD_COLUMN, -1, NULL, "address the person came from by SSH"),
	F(role, TEXT, 0, -1, NULL, "the role of the configuration"),
	F(action, TEXT, FIELD_COLUMN, -1, NULL, "create, change or delete"),
	F(subject_kind, TEXT, FIELD_COLUMN, -1, NULL, "the kind of what was changed"),
	F(subject_id, TEXT, FIELD_COLUMN, -1, NULL, "the id of what was changed, once it is known"),
	F(what, TEXT, 0, -1, NULL, "the fields that were sent, as JSON, without secrets"),
	F(result, TEXT, FIELD_COLUMN, -1, NULL, "started, done, failed or unsure"),
	F(detail, TEXT, FIELD_COLUMN, -1, NULL, "why"),
	FIELD_AS(struct audit_row, "finished_at", finished_ms, MOMENT, 0, -1, NULL,
		 "when the result was known"),
	F(wish, TEXT, FIELD_NOT_JSON, -1, NULL, "what it is part of"),
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

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct user, member, form, flags, decimals, unit, help)
static const struct field user_fields[] = {
	F(name, TEXT, FIELD_COLUMN, -1, NULL, "the person's name"),
	FIELD_AS(struct user, "role", type, TEXT, FIELD_COLUMN, -1, NULL,
		 "what the person may do, in the vendor's word"),
	FIELD_AS(struct user, "unit_id", parent_id, TEXT, FIELD_COLUMN, -1, NULL,
		 "the unit, where there is one"),
	F(first_name, TEXT, 0, -1, NULL, "first name"),
	F(last_name, TEXT, 0, -1, NULL, "last name"),
	F(email, TEXT, FIELD_COLUMN, -1, NULL, "e-mail address"),
	F(phone_number, TEXT, 0, -1, NULL, "telephone"),
	F(sms_phone_number, TEXT, 0, -1, NULL, "telephone for SMS"),
	F(space_ids, WORDS, 0, -1, NULL, "the spaces that the person may see"),
	FIELD_AS(struct user, "created_at", created_ms, MOMENT, 0, -1, NULL, "since when the person is known"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct label, member, form, flags, decimals, unit, help)
static const struct field label_fields[] = {
	F(name, TEXT, FIELD_COLUMN, -1, NULL, "its name"),
	F(type, TEXT, FIELD_NOT_JSON, -1, NULL, "what it is"),
	FIELD_AS(struct label, "group_id", parent_id, TEXT, 0, -1, NULL, "the group it belongs to"),
	F(group, TEXT, FIELD_COLUMN, -1, NULL, "the group's name"),
	F(space_ids, WORDS, FIELD_EMPTY_LIST, -1, NULL, "the spaces that bear it"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct doorway, member, form, flags, decimals, unit, help)
static const struct field doorway_fields[] = {
	F(name, TEXT, FIELD_COLUMN, -1, NULL, "its name"),
	F(type, TEXT, FIELD_COLUMN, -1, NULL, "what it is, in the vendor's word"),
	F(space_ids, WORDS, 0, -1, NULL, "the spaces that it leads to"),
	F(parent_id, TEXT, FIELD_NOT_JSON, -1, NULL, "the space it belongs to"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct session, member, form, flags, decimals, unit, help)
static const struct field session_fields[] = {
	F(space_id, TEXT, FIELD_COLUMN, -1, NULL, "the space"),
	F(space_name, TEXT, FIELD_COLUMN, -1, NULL, "its name"),
	F(type, TEXT, 0, -1, NULL, "what was detected, in the vendor's word"),
	FIELD_AS(struct session, "start", start_ms, MOMENT, FIELD_COLUMN, -1, NULL, "when it began"),
	FIELD_AS(struct session, "end", end_ms, MOMENT, FIELD_COLUMN, -1, NULL, "when it ended"),
};
#undef F

KIND(SESSIONS, "sessions", struct session, session_fields, "when somebody was in a space",
     .room_field = "space_id", .type_field = "type", .time_field = "start");
KIND(DOORWAYS, "doorways", struct doorway, doorway_fields, "doorways that are counted", .id_in_table = true,
     .type_field = "type");
KIND(LABELS, "labels", struct label, label_fields, "labels of spaces", .id_in_table = true);
KIND(DOORS, "doors", struct door_release, door_fields, "door releases, newest first", .unit_field = "unit_id",
     .user_field = "user_id", .method_field = "method", .type_field = "type", .time_field = "time");
KIND(UNITS, "units", struct unit, unit_fields, "flats and offices", .id_in_table = true,
     .building_field = "building_id", .unit_field = "id", .type_field = "type");
KIND(TENANTS, "tenants", struct tenant, tenant_fields, "people who live or work there", .id_in_table = true,
     .unit_field = "unit_id", .user_field = "user_id");
KIND(USERS, "users", struct user, user_fields, "people who are known to the vendor's system",
     .id_in_table = true, .unit_field = "unit_id", .user_field = "id", .type_field = "role");
KIND(KEYCHAINS, "keychains", struct keychain, keychain_fields, "keychains: when visitor keys open",
     .id_in_table = true, .unit_field = "unit_id", .user_field = "user_id");
KIND(KEYS, "keys", struct access_key, key_fields, "visitor keys", .id_in_table = true,
     .unit_field = "unit_id", .user_field = "user_id", .status_field = "status");
KIND(CALLBACKS, "callbacks", struct entry, entry_fields, "addresses that the vendor calls",
     .id_in_table = true, .type_field = "type");
KIND(AUDIT, "audit", struct audit_row, audit_fields, "what was changed with this program, newest first",
     .id_in_table = true, .time_field = "time", .status_field = "result", .type_field = "subject_kind");
