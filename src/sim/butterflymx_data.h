/* The records of the simulated ButterflyMX: made once from the world, then changed by writes.
 *
 * Ids are numbers that repeat between types, as the vendor's do: only (type, id) names a record.
 */
#ifndef LODGE_SIM_BUTTERFLYMX_DATA_H
#define LODGE_SIM_BUTTERFLYMX_DATA_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct world;
struct moment_zone;

enum sim_bmx_kind {
	SIM_BMX_BUILDINGS,
	SIM_BMX_ZONES,
	SIM_BMX_UNITS,
	SIM_BMX_USERS,
	SIM_BMX_TENANCIES, /* units_users */
	SIM_BMX_KEYCHAINS,
	SIM_BMX_KEYS, /* qr_keys */
	SIM_BMX_KINDS
};

/* "buildings" … as JSON:API's type. */
extern const char *const sim_bmx_types[SIM_BMX_KINDS];

/* Every record begins so. */
struct sim_bmx_row {
	int64_t id;
	bool seeded; /* was there from the start; only such a name may become hostile */
};

/* The texts of a building that can be changed, in the order of sim_bmx_building_texts. */
enum sim_bmx_building_text {
	SIM_BMX_NAME,
	SIM_BMX_BUILDING_TYPE,
	SIM_BMX_STRATEGY,
	SIM_BMX_PIN,
	SIM_BMX_ADDRESS_1,
	SIM_BMX_ADDRESS_2,
	SIM_BMX_CITY,
	SIM_BMX_STATE,
	SIM_BMX_ZIP,
	SIM_BMX_PHONE,
	SIM_BMX_COUNTRY,
	SIM_BMX_TIME_ZONE,
	SIM_BMX_IN_UNIT_PHONE,
	SIM_BMX_BUILDING_TEXTS
};

extern const char *const sim_bmx_building_texts[SIM_BMX_BUILDING_TEXTS];

struct sim_bmx_building {
	struct sim_bmx_row row;
	int place; /* the world's building */
	const char *text[SIM_BMX_BUILDING_TEXTS];
	bool qr_key_enabled, nfc_enabled, send_panel_status_report, mobile_logo, panel_logo;
	struct moment_zone *zone;
};

struct sim_bmx_zone {
	struct sim_bmx_row row;
	int64_t building;
	const char *name;
};

struct sim_bmx_unit {
	struct sim_bmx_row row;
	int64_t zone;
	const char *label;
	int64_t floor_number;
};

struct sim_bmx_user {
	struct sim_bmx_row row;
	const char *first, *last, *email, *sms, *phone; /* sms, phone: NULL = none */
};

struct sim_bmx_tenancy {
	struct sim_bmx_row row;
	int64_t unit, user;
	int64_t active_ms, inactive_ms; /* MOMENT_NONE = not set */
	const char *message, *strategy, *pin;
	bool qr_key_enabled, only_on_search, email_notifications, sms_notifications, do_not_disturb;
};

struct sim_bmx_keychain {
	struct sim_bmx_row row;
	int64_t unit, user;
	const char *name;
	unsigned weekdays;               /* bit 0 = Monday; 0 = not restricted to days */
	char date_from[12], date_to[12]; /* local to the building, "2026-08-01" */
	char time_from[12], time_to[12]; /* "11:00:00" */
};

struct sim_bmx_key {
	struct sim_bmx_row row;
	int64_t keychain, unit, user;
	const char *name, *email, *sms; /* email, sms: NULL = none */
	char code[8];
	char file[48];                    /* the last part of the addresses of its pictures */
	int64_t activated_ms, expired_ms; /* UTC */
};

struct sim_bmx_data {
	const struct world *world;
	GStringChunk *texts;            /* every text of every record */
	GPtrArray *rows[SIM_BMX_KINDS]; /* by id, growing */
	int64_t next_id[SIM_BMX_KINDS];
	int64_t *unit_of, *user_of; /* by person of the world; 0 = no tenant */
	int64_t me;                 /* the signed-in user as a tenant */
};

/* `now_ms`: the keychains that are there from the start lie around it. */
struct sim_bmx_data *sim_bmx_data_new(const struct world *world, int64_t now_ms);
void sim_bmx_data_free(struct sim_bmx_data *data);

/* NULL when there is none. */
void *sim_bmx_find(const struct sim_bmx_data *data, enum sim_bmx_kind kind, int64_t id);

/* A new record of the kind with the next id, all else zero. The data own it. */
void *sim_bmx_add(struct sim_bmx_data *data, enum sim_bmx_kind kind);
void sim_bmx_remove(struct sim_bmx_data *data, enum sim_bmx_kind kind, int64_t id);

/* Keeps a text as long as the data; NULL stays NULL. */
const char *sim_bmx_text(struct sim_bmx_data *data, const char *text);

/* The tenancy of a user in a unit, or NULL. */
struct sim_bmx_tenancy *sim_bmx_tenancy_of(const struct sim_bmx_data *data, int64_t unit, int64_t user);

/* The building that a unit stands in; NULL when there is no such unit. */
struct sim_bmx_building *sim_bmx_building_of(const struct sim_bmx_data *data, int64_t unit);

/* Sets code, file and, from the keychain, window, unit and user of a new key. */
void sim_bmx_key_init(struct sim_bmx_data *data, struct sim_bmx_key *key,
		      const struct sim_bmx_keychain *keychain, int64_t now_ms);

/* A keychain's window, local, as moments (§11.2). */
void sim_bmx_window(const struct sim_bmx_data *data, const struct sim_bmx_keychain *keychain,
		    int64_t *from_ms, int64_t *to_ms);

/* The other way: sets a keychain's dates and times from moments. */
void sim_bmx_set_window(const struct sim_bmx_data *data, struct sim_bmx_keychain *keychain, int64_t from_ms,
			int64_t to_ms);

/* Adds the keychains and keys that are there from the start; sim_bmx_data_new calls it. */
void sim_bmx_seed_keys(struct sim_bmx_data *data, int64_t now_ms);

#endif
