#include "sim/sensorist_seed.h"

#include "base/rng.h"

#include <string.h>

#define SENSORS_A_FLOOR 8
#define ALARMS_SINCE_MS (INT64_C(14) * 86400000)
#define ALARMS_MOST 12

/* Rooms that somebody would hang a sensor in. */
static bool is_fit(const struct world_room *room)
{
	return !room->corridor && strcmp(room->type, "wc") != 0 && strcmp(room->type, "elevator") != 0 &&
	       strcmp(room->type, "intcirculation") != 0 && strcmp(room->type, "stairs") != 0;
}

static bool has_fridge(const struct world_room *room) { return g_str_has_prefix(room->type, "kitchen"); }

static bool is_taken(const struct sim_sens_data *data, int room)
{
	for (guint i = 0; i < data->gateways->len; i++) {
		const struct sim_sens_gateway *gateway = data->gateways->pdata[i];

		for (guint k = 0; k < gateway->sensors->len; k++)
			if (((const struct sim_sens_sensor *)gateway->sensors->pdata[k])->room == room)
				return true;
	}
	return false;
}

int sim_sens_spare_room(const struct sim_sens_data *data, const struct sim_sens_gateway *gateway)
{
	const struct world *world = data->world;
	int building = gateway->building < 0 ? 0 : gateway->building;
	const struct world_building *place = &world->buildings[building];

	for (int room = place->first_room; room < place->first_room + place->room_count; room++)
		if (is_fit(&world->rooms[room]) && !is_taken(data, room))
			return room;
	return -1;
}

static void add_floor(struct sim_sens_data *data, struct sim_sens_gateway *gateway, int floor)
{
	const struct world_floor *place = &data->world->floors[floor];
	int count = 0;

	for (int i = place->first_room; i < place->first_room + place->room_count; i++) {
		const struct world_room *room = &data->world->rooms[i];
		bool servers = strcmp(room->type, "storage") == 0;

		if (!is_fit(room))
			continue;
		if (has_fridge(room))
			sim_sens_add_sensor(data, gateway, i, SIM_SENS_FRIDGE, data->since_ms);
		if (count == SENSORS_A_FLOOR || rng_hash(data->seed ^ 0x726f6f6d, (uint64_t)i) % 4 == 0)
			continue;
		count++;
		sim_sens_add_sensor(data, gateway, i, servers ? SIM_SENS_SERVERS : SIM_SENS_ROOM,
				    data->since_ms);
	}
}

/* One gateway a building; in a building of more floors a slave serves the upper half. */
static void add_building(struct sim_sens_data *data, int64_t account, int building)
{
	const struct world_building *place = &data->world->buildings[building];
	struct sim_sens_gateway *master = sim_sens_add_gateway(data, account, building, place->name);
	struct sim_sens_gateway *slave = NULL;
	int split = place->floor_count;

	if (place->floor_count > 1) {
		char *title = g_strconcat(place->name, ", upper floors", NULL);

		slave = sim_sens_add_gateway(data, account, building, title);
		slave->master = master;
		split = (place->floor_count + 1) / 2;
		g_free(title);
	}
	for (int i = 0; i < place->floor_count; i++)
		add_floor(data, i < split ? master : slave, place->first_floor + i);
}

static void add_alarms_of(struct sim_sens_data *data, int64_t account, const struct sim_sens_sensor *sensor,
			  int64_t since_ms)
{
	const struct sim_sens_source *temperature = &sensor->sources[SIM_SENS_TEMPERATURE];

	switch (sensor->place) {
	case SIM_SENS_FRIDGE:
		sim_sens_add_alarm(data, account, temperature, 8, true, 30, since_ms);
		return;
	case SIM_SENS_SERVERS:
		sim_sens_add_alarm(data, account, temperature, 25, true, 5, since_ms);
		return;
	case SIM_SENS_ROOM:
		if (sensor->hash % 5 == 0)
			sim_sens_add_alarm(data, account, temperature, 23.5, true, -1, since_ms);
		else if (sensor->hash % 5 == 1)
			sim_sens_add_alarm(data, account, &sensor->sources[SIM_SENS_BATTERY], 2.55, false, 0,
					   since_ms);
		return;
	}
}

static void add_alarms(struct sim_sens_data *data, int64_t account, int64_t since_ms)
{
	for (guint i = 0; i < data->gateways->len; i++) {
		const struct sim_sens_gateway *gateway = data->gateways->pdata[i];

		for (guint k = 0; k < gateway->sensors->len && data->alarms->len < ALARMS_MOST; k++)
			add_alarms_of(data, account, gateway->sensors->pdata[k], since_ms);
	}
}

void sim_sens_seed(struct sim_sens_data *data, int64_t start_ms)
{
	struct sim_sens_credentials own;
	struct sim_sens_user *owner, *helper;

	sim_sens_credentials(data->seed, &own);
	owner = sim_sens_add_user(data, own.username, own.password, "Nora", "Vestergaard");
	helper = sim_sens_add_user(data, own.helper, own.helper_password, "Ib", "Kj\xc3\xa6r");
	helper->account = owner->account;
	helper->parent = owner->id;
	helper->admin = false;
	for (int i = 0; i < data->world->building_count; i++)
		add_building(data, owner->account, i);
	add_alarms(data, owner->account, start_ms - ALARMS_SINCE_MS);
	sim_sens_add_callback(data, owner->account, "https://hooks.example.com/sensorist", 7);
}
