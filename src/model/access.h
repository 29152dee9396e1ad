/* Who may enter and who did: door releases, keychains, keys; and the plain directory rows. See model/value.h. */
#ifndef LODGE_MODEL_ACCESS_H
#define LODGE_MODEL_ACCESS_H

#include "model/value.h"

struct door_release {
	const char *id;
	int64_t time_ms;
	const char *method, *type, *panel_user_type, *name, *unit_id, *unit, *user_id, *user, *call_guid,
		*picture_url;
};

struct keychain {
	const char *id, *name;
	struct words weekdays;
	const char *valid_date_from, *valid_date_to, *valid_time_from,
		*valid_time_to; /* the building's local time */
	const char *unit_id, *user_id;
};

struct access_key {
	const char *id, *keychain_id, *name, *email, *sms_number, *key_code, *status;
	int64_t activated_ms, expired_ms;
	const char *unit_id, *unit, *user_id, *user, *picture_url;
};

/* What an access system's building has besides the estate's (model/estate.h) is told by the vendor's own fields: core/order.h. */
struct unit {
	const char *id, *name, *type;
	double floor_number;
	const char *building_id, *zone_id, *zone;
	struct words user_ids;
};

/* A person's tenancy in a unit. `id` is the tenancy's; what changes or ends it is told by unit_id and user_id. */
struct tenant {
	const char *id, *unit_id, *unit, *user_id, *name, *first_name, *last_name, *email, *phone_number,
		*sms_phone_number;
	const char *display_name, *display_name_strategy, *directory_message, *pin;
	int8_t pin_enabled, qr_key_enabled, display_only_on_search, email_notifications, sms_notifications,
		do_not_disturb;
	int64_t active_ms, inactive_ms;
};

/* What was changed with this program: one row a change, written before it is sent and completed after. */
struct audit_row {
	const char *id;
	int64_t time_ms, finished_ms; /* MOMENT_NONE: not finished, nobody knows how it ended */
	const char *who, *from,
		*role; /* login name; the SSH client's address, NULL: none; role of the configuration */
	const char *action, *subject_kind, *subject_id,
		*what; /* create, change, delete; "keys"; id once known; the fields, as JSON, without secrets */
	const char *result, *detail; /* done, failed, unsure, started; why */
	const char *wish;            /* what it is part of (app/orders.h); not part of the JSON form */
};

/* Resources of which every vendor tells little more than a name. */
struct entry {
	const char *id, *name, *type, *parent_id;
};

/* A person who is known to a vendor's system. Begins like struct entry: type is the role, parent_id the unit where there is one. */
struct user {
	const char *id, *name, *type, *parent_id;
	const char *first_name, *last_name, *email, *phone_number, *sms_phone_number;
	struct words space_ids; /* the spaces that the person may see */
	int64_t created_ms;
};

/* A mark on spaces. Begins like struct entry: parent_id is the group. */
struct label {
	const char *id, *name, *type, *parent_id;
	const char *group; /* the group's name */
	struct words space_ids;
};

/* A doorway that is counted. Begins like struct entry: parent_id is the space it leads to. */
struct doorway {
	const char *id, *name, *type, *parent_id;
	struct words space_ids;
};

/* An account of the configuration. */
struct account_row {
	const char *id, *base_url;
	double poll_s;
};

#endif
