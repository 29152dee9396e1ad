/* The records of the simulated Sensorist: made once from the world, then changed by writes and by workflows that end.
 *
 * A measurement is no record: it is a function of its source and its time (sensorist_value.h).
 */
#ifndef LODGE_SIM_SENSORIST_DATA_H
#define LODGE_SIM_SENSORIST_DATA_H

#include "sim/world.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* In the order of their ids within a sensor. */
enum sim_sens_kind {
	SIM_SENS_WIRELESS,
	SIM_SENS_BATTERY,
	SIM_SENS_TEMPERATURE,
	SIM_SENS_HUMIDITY,
	SIM_SENS_KINDS
};

/* sensorist.md §6.2 */
struct sim_sens_type {
	int id;
	const char *name, *title, *subtype; /* subtype: NULL = null */
	int capability, precision;
	int unit_id;
	const char *unit;
	int interval_s;
};

extern const struct sim_sens_type sim_sens_types[SIM_SENS_KINDS];

/* Values come every so many seconds from a moment on. */
struct sim_sens_pace {
	int64_t from_ms;
	int interval_s;
};

struct sim_sens_sensor;

struct sim_sens_source {
	int64_t id;
	enum sim_sens_kind kind;
	const struct sim_sens_sensor *sensor;
	uint64_t hash;
	GArray *paces; /* struct sim_sens_pace, in order of time */
};

enum sim_sens_place {
	SIM_SENS_ROOM,
	SIM_SENS_FRIDGE,
	SIM_SENS_SERVERS,
};

struct sim_sens_gateway {
	int64_t id, account;
	char serial[12];
	char *title;
	bool renamed; /* by a client: never hostile */
	int building; /* -1: none, it was associated later */
	const struct sim_sens_gateway *master;
	int64_t down_from_ms, down_to_ms; /* while it is rebooted or begins; equal = not at all */
	uint64_t hash;
	GPtrArray *sensors; /* struct sim_sens_sensor, owned */
};

struct sim_sens_sensor {
	int64_t id;
	char serial[16];
	char *title;
	bool renamed;
	const struct sim_sens_gateway *gateway;
	int room;
	enum sim_sens_place place;
	int64_t since_ms;
	uint64_t hash;
	struct sim_sens_source sources[SIM_SENS_KINDS];
};

struct sim_sens_user {
	int64_t id, account, parent; /* parent: 0 = none */
	char *email, *password, *fname, *lname;
	bool admin;
};

struct sim_sens_log {
	int64_t id, date_ms;
	int centi;
	bool in;
};

struct sim_sens_alarm {
	int64_t id, account;
	const struct sim_sens_source *source;
	double value;
	bool above;
	int delay_min;   /* -1 = null */
	int64_t seen_ms; /* rows before this were looked at */
	int64_t over_ms; /* since when the value lies beyond the threshold; MOMENT_NONE = it does not */
	bool in;
	GArray *logs; /* struct sim_sens_log, in order of time */
};

struct sim_sens_callback {
	int64_t id, account;
	char *url;
	int type;
};

enum sim_sens_work { SIM_SENS_REBOOT, SIM_SENS_PAIRING, SIM_SENS_ASSOCIATE, SIM_SENS_INTERVAL };

struct sim_sens_workflow {
	int64_t id, account;
	enum sim_sens_work work;
	struct sim_sens_gateway *gateway;
	struct sim_sens_sensor *sensor; /* INTERVAL; the new one once PAIRING is done */
	int interval_s;
	int64_t created_ms, ends_ms;
	bool settled;
	const char *error; /* NULL = it ends well */
};

struct sim_sens_data {
	const struct world *world;
	uint64_t seed;
	int64_t since_ms;                                             /* the first measurements */
	GPtrArray *users, *gateways, *alarms, *callbacks, *workflows; /* the structs above, owned */
	GHashTable *sources; /* int64_t id → struct sim_sens_source */
	int64_t next_user, next_gateway, next_sensor, next_alarm, next_callback, next_workflow;
};

/* What the owner signs in with, and a helper who may only read; functions of the seed. */
struct sim_sens_credentials {
	char username[40], password[24];
	char helper[40], helper_password[24];
};

void sim_sens_credentials(uint64_t seed, struct sim_sens_credentials *out);

struct sim_sens_data *sim_sens_data_new(const struct world *world, uint64_t seed, int64_t start_ms);
void sim_sens_data_free(struct sim_sens_data *data);

/* NULL when there is none. */
struct sim_sens_user *sim_sens_find_user(const struct sim_sens_data *data, int64_t id);
struct sim_sens_gateway *sim_sens_find_gateway(const struct sim_sens_data *data, int64_t id);
struct sim_sens_sensor *sim_sens_find_sensor(const struct sim_sens_data *data, int64_t id);
struct sim_sens_source *sim_sens_find_source(const struct sim_sens_data *data, int64_t id);
struct sim_sens_alarm *sim_sens_find_alarm(const struct sim_sens_data *data, int64_t id);
struct sim_sens_callback *sim_sens_find_callback(const struct sim_sens_data *data, int64_t id);
struct sim_sens_workflow *sim_sens_find_workflow(const struct sim_sens_data *data, int64_t id);

/* New records; texts are copied. */
struct sim_sens_user *sim_sens_add_user(struct sim_sens_data *data, const char *email, const char *password,
					const char *fname, const char *lname);
struct sim_sens_gateway *sim_sens_add_gateway(struct sim_sens_data *data, int64_t account, int building,
					      const char *title);
struct sim_sens_sensor *sim_sens_add_sensor(struct sim_sens_data *data, struct sim_sens_gateway *gateway,
					    int room, enum sim_sens_place place, int64_t since_ms);
struct sim_sens_alarm *sim_sens_add_alarm(struct sim_sens_data *data, int64_t account,
					  const struct sim_sens_source *source, double value, bool above,
					  int delay_min, int64_t since_ms);
struct sim_sens_callback *sim_sens_add_callback(struct sim_sens_data *data, int64_t account, const char *url,
						int type);
struct sim_sens_workflow *sim_sens_add_workflow(struct sim_sens_data *data, int64_t account,
						enum sim_sens_work work, int64_t created_ms);

/* A room of the gateway's building in which no sensor is yet; -1. */
int sim_sens_spare_room(const struct sim_sens_data *data, const struct sim_sens_gateway *gateway);

#endif
