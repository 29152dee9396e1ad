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

/* Resources of which every vendor tells little more than a name. */
struct entry {
	const char *id, *name, *type, *parent_id;
};

/* An account of the configuration. */
struct account_row {
	const char *id, *base_url;
	double poll_s;
};

#endif
