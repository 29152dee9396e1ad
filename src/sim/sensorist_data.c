#include "sim/sensorist_data.h"

#include "base/moment.h"
#include "base/rng.h"
#include "sim/sensorist_seed.h"

#include <string.h>

#define HISTORY_MS (INT64_C(400) * 86400000)

const struct sim_sens_type sim_sens_types[SIM_SENS_KINDS] = {
	[SIM_SENS_WIRELESS] = {7, "wireless", "Wireless", NULL, 4, 0, 6, "%", 1800},
	[SIM_SENS_BATTERY] = {1, "batt", "Battery", NULL, 4, 2, 3, "v", 10800},
	[SIM_SENS_TEMPERATURE] = {5, "temp", "Temperature", "digital", 72, 1, 1,
				  "\xc2\xb0"
				  "C",
				  900},
	[SIM_SENS_HUMIDITY] = {4, "humi", "Humidity", "digital", 80, 0, 2, "%", 900},
};

static void make_password(uint64_t hash, char out[24])
{
	static const char set[] = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
	struct rng rng;

	rng_init(&rng, hash);
	for (int i = 0; i < 20; i++)
		out[i] = set[rng_below(&rng, sizeof(set) - 1)];
	out[20] = '\0';
}

void sim_sens_credentials(uint64_t seed, struct sim_sens_credentials *out)
{
	g_strlcpy(out->username, "climate@example.org", sizeof(out->username));
	make_password(rng_hash(seed, 0x73656e31), out->password);
	g_strlcpy(out->helper, "helper@example.org", sizeof(out->helper));
	make_password(rng_hash(seed, 0x73656e32), out->helper_password);
}

/* --- finding ----------------------------------------------------------------------------------------------- */

/* Each kind of record begins with its id. */
static void *find(const GPtrArray *rows, int64_t id)
{
	for (guint i = 0; i < rows->len; i++)
		if (*(const int64_t *)rows->pdata[i] == id)
			return rows->pdata[i];
	return NULL;
}

struct sim_sens_user *sim_sens_find_user(const struct sim_sens_data *data, int64_t id)
{
	return find(data->users, id);
}

struct sim_sens_gateway *sim_sens_find_gateway(const struct sim_sens_data *data, int64_t id)
{
	return find(data->gateways, id);
}

struct sim_sens_sensor *sim_sens_find_sensor(const struct sim_sens_data *data, int64_t id)
{
	for (guint i = 0; i < data->gateways->len; i++) {
		const struct sim_sens_gateway *gateway = data->gateways->pdata[i];
		struct sim_sens_sensor *sensor = find(gateway->sensors, id);

		if (sensor)
			return sensor;
	}
	return NULL;
}

struct sim_sens_source *sim_sens_find_source(const struct sim_sens_data *data, int64_t id)
{
	return g_hash_table_lookup(data->sources, &id);
}

struct sim_sens_alarm *sim_sens_find_alarm(const struct sim_sens_data *data, int64_t id)
{
	return find(data->alarms, id);
}

struct sim_sens_callback *sim_sens_find_callback(const struct sim_sens_data *data, int64_t id)
{
	return find(data->callbacks, id);
}

struct sim_sens_workflow *sim_sens_find_workflow(const struct sim_sens_data *data, int64_t id)
{
	return find(data->workflows, id);
}

/* --- adding ------------------------------------------------------------------------------------------------ */

struct sim_sens_user *sim_sens_add_user(struct sim_sens_data *data, const char *email, const char *password,
					const char *fname, const char *lname)
{
	struct sim_sens_user *user = g_new0(struct sim_sens_user, 1);

	user->id = data->next_user;
	data->next_user += 17;
	user->account = user->id - 71;
	user->admin = true;
	user->email = g_strdup(email);
	user->password = g_strdup(password);
	user->fname = g_strdup(fname);
	user->lname = g_strdup(lname);
	g_ptr_array_add(data->users, user);
	return user;
}

struct sim_sens_gateway *sim_sens_add_gateway(struct sim_sens_data *data, int64_t account, int building,
					      const char *title)
{
	struct sim_sens_gateway *gateway = g_new0(struct sim_sens_gateway, 1);

	gateway->id = data->next_gateway++;
	gateway->account = account;
	g_snprintf(gateway->serial, sizeof(gateway->serial), "%08" G_GINT64_FORMAT, 10000000 + gateway->id);
	gateway->title = g_strdup(title);
	gateway->building = building;
	gateway->hash = rng_hash(rng_hash(data->seed, 0x73656e67), (uint64_t)gateway->id);
	gateway->sensors = g_ptr_array_new();
	g_ptr_array_add(data->gateways, gateway);
	return gateway;
}

static void add_sources(struct sim_sens_data *data, struct sim_sens_sensor *sensor, int64_t first_id)
{
	for (int kind = 0; kind < SIM_SENS_KINDS; kind++) {
		struct sim_sens_source *source = &sensor->sources[kind];
		struct sim_sens_pace pace = {sensor->since_ms, sim_sens_types[kind].interval_s};

		source->id = first_id + kind;
		source->kind = (enum sim_sens_kind)kind;
		source->sensor = sensor;
		source->hash = rng_hash(sensor->hash, (uint64_t)kind);
		source->paces = g_array_new(FALSE, FALSE, sizeof(struct sim_sens_pace));
		g_array_append_val(source->paces, pace);
		g_hash_table_insert(data->sources, &source->id, source);
	}
}

struct sim_sens_sensor *sim_sens_add_sensor(struct sim_sens_data *data, struct sim_sens_gateway *gateway,
					    int room, enum sim_sens_place place, int64_t since_ms)
{
	struct sim_sens_sensor *sensor = g_new0(struct sim_sens_sensor, 1);
	const char *name = data->world->rooms[room].name;
	int64_t number = data->next_sensor++;

	sensor->id = 50211 + number;
	g_snprintf(sensor->serial, sizeof(sensor->serial), "aa%07" G_GINT64_FORMAT, sensor->id);
	sensor->title = place == SIM_SENS_FRIDGE ? g_strconcat("K\xc3\xb8leskab, ", name, NULL)
						 : g_strdup(name);
	sensor->gateway = gateway;
	sensor->room = room;
	sensor->place = place;
	sensor->since_ms = since_ms;
	sensor->hash = rng_hash(rng_hash(data->seed, 0x73656e73), (uint64_t)sensor->id);
	add_sources(data, sensor, 301001 + number * SIM_SENS_KINDS);
	g_ptr_array_add(gateway->sensors, sensor);
	return sensor;
}

struct sim_sens_alarm *sim_sens_add_alarm(struct sim_sens_data *data, int64_t account,
					  const struct sim_sens_source *source, double value, bool above,
					  int delay_min, int64_t since_ms)
{
	struct sim_sens_alarm *alarm = g_new0(struct sim_sens_alarm, 1);

	alarm->id = data->next_alarm++;
	alarm->account = account;
	alarm->source = source;
	alarm->value = value;
	alarm->above = above;
	alarm->delay_min = delay_min;
	alarm->seen_ms = since_ms;
	alarm->over_ms = MOMENT_NONE;
	alarm->logs = g_array_new(FALSE, FALSE, sizeof(struct sim_sens_log));
	g_ptr_array_add(data->alarms, alarm);
	return alarm;
}

struct sim_sens_callback *sim_sens_add_callback(struct sim_sens_data *data, int64_t account, const char *url,
						int type)
{
	struct sim_sens_callback *callback = g_new0(struct sim_sens_callback, 1);

	callback->id = data->next_callback++;
	callback->account = account;
	callback->url = g_strdup(url);
	callback->type = type;
	g_ptr_array_add(data->callbacks, callback);
	return callback;
}

struct sim_sens_workflow *sim_sens_add_workflow(struct sim_sens_data *data, int64_t account,
						enum sim_sens_work work, int64_t created_ms)
{
	struct sim_sens_workflow *workflow = g_new0(struct sim_sens_workflow, 1);

	workflow->id = data->next_workflow++;
	workflow->account = account;
	workflow->work = work;
	workflow->created_ms = created_ms;
	g_ptr_array_add(data->workflows, workflow);
	return workflow;
}

/* --- the whole --------------------------------------------------------------------------------------------- */

static void user_free(gpointer item)
{
	struct sim_sens_user *user = item;

	g_free(user->email);
	g_free(user->password);
	g_free(user->fname);
	g_free(user->lname);
	g_free(user);
}

static void sensor_free(gpointer item, gpointer unused)
{
	struct sim_sens_sensor *sensor = item;

	(void)unused;
	for (int kind = 0; kind < SIM_SENS_KINDS; kind++)
		g_array_free(sensor->sources[kind].paces, TRUE);
	g_free(sensor->title);
	g_free(sensor);
}

static void gateway_free(gpointer item)
{
	struct sim_sens_gateway *gateway = item;

	g_ptr_array_foreach(gateway->sensors, sensor_free, NULL);
	g_ptr_array_free(gateway->sensors, TRUE);
	g_free(gateway->title);
	g_free(gateway);
}

static void alarm_free(gpointer item)
{
	struct sim_sens_alarm *alarm = item;

	g_array_free(alarm->logs, TRUE);
	g_free(alarm);
}

static void callback_free(gpointer item)
{
	struct sim_sens_callback *callback = item;

	g_free(callback->url);
	g_free(callback);
}

struct sim_sens_data *sim_sens_data_new(const struct world *world, uint64_t seed, int64_t start_ms)
{
	struct sim_sens_data *data = g_new0(struct sim_sens_data, 1);

	data->world = world;
	data->seed = seed;
	data->since_ms = start_ms - HISTORY_MS;
	data->users = g_ptr_array_new_with_free_func(user_free);
	data->gateways = g_ptr_array_new_with_free_func(gateway_free);
	data->alarms = g_ptr_array_new_with_free_func(alarm_free);
	data->callbacks = g_ptr_array_new_with_free_func(callback_free);
	data->workflows = g_ptr_array_new_with_free_func(g_free);
	data->sources = g_hash_table_new(g_int64_hash, g_int64_equal);
	data->next_user = 20512;
	data->next_gateway = 4101;
	data->next_alarm = 1857;
	data->next_callback = 311;
	data->next_workflow = 77031;
	sim_sens_seed(data, start_ms);
	return data;
}

void sim_sens_data_free(struct sim_sens_data *data)
{
	if (!data)
		return;
	g_hash_table_destroy(data->sources);
	g_ptr_array_free(data->users, TRUE);
	g_ptr_array_free(data->gateways, TRUE);
	g_ptr_array_free(data->alarms, TRUE);
	g_ptr_array_free(data->callbacks, TRUE);
	g_ptr_array_free(data->workflows, TRUE);
	g_free(data);
}
