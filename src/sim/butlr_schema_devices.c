/* GraphQL: sensors (snake_case) and hives (camelCase). */
#include "sim/butlr_schema.h"

#include "base/moment.h"
#include "base/rng.h"

#include <string.h>

enum {
	/* identity */
	F_ID,
	F_NAME,
	F_MAC,
	F_SERIAL,
	F_MODEL,
	F_MODE,
	F_FLOOR_ID,
	F_FLOOR_ID_STRICT,
	F_ROOM_ID,
	F_ROOM_ID_STRICT,
	F_HIVE_ID,
	F_HIVE_ID_STRICT,
	F_HIVE_SERIAL,
	F_ZONE_IDS,
	F_CLIENT_ID,
	F_NOTE,
	/* geometry */
	F_CENTER,
	F_HEIGHT,
	F_ORIENTATION,
	F_FIELD_OF_VIEW,
	F_DOOR_LINE,
	F_IN_DIRECTION,
	F_IS_ENTRANCE,
	F_PARALLEL,
	F_SENSITIVITY,
	/* health */
	F_ONLINE,
	F_STREAMING,
	F_HEARTBEAT,
	F_RAW_MESSAGE,
	F_COMPRESSED_MESSAGE,
	F_OCCUPANCY_MESSAGE,
	F_DETECTION_MESSAGE,
	F_SLEEP,
	F_INSTALLATION_STATUS,
	/* battery */
	F_POWER,
	F_LAST_CHANGE,
	F_NEXT_CHANGE,
	F_CHANGE_BY,
	F_RUNTIME,
	/* of hives */
	F_VERSION,
	F_TYPE,
	F_INSTALLED,
	F_STABILITY,
	F_PRIVATE_IP,
	F_NETWORK_ID,
};

/* Its fields are not known (butlr.md §10); only __typename can be asked for. */
static const struct gql_type health_type = {"ConnectionHealth", NULL, 0};

static void resolve_self(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	gql_object(run, slot, object, -1);
}

static uint64_t quirk(const char *id)
{
	uint64_t hash = 0;

	for (; *id; id++)
		hash = rng_hash(hash, (unsigned char)*id);
	return hash;
}

static void numbers(struct gql_run *run, const double *values, unsigned count)
{
	jsonw_open(run->json, '[');
	for (unsigned i = 0; i < count; i++)
		jsonw_num(run->json, values[i]);
	jsonw_close(run->json, ']');
}

static const char *mode_word(enum world_mode mode)
{
	switch (mode) {
	case WORLD_TRAFFIC:
		return "traffic";
	case WORLD_REPEATER:
		return "repeater";
	default:
		return "presence";
	}
}

static void zone_ids(struct gql_run *run, const struct sim_sensor *sensor)
{
	const struct world *world = sim_schema_root(run)->butlr->world;
	int zone = sensor->thing.world < 0 ? -1 : world->sensors[sensor->thing.world].zone;

	jsonw_open(run->json, '[');
	if (zone >= 0)
		jsonw_str(run->json, world->zones[zone].id);
	jsonw_close(run->json, ']');
}

static void resolve_identity(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_sensor *sensor = object;
	const struct world *world = sim_schema_root(run)->butlr->world;
	const struct world_sensor *from = sensor->thing.world < 0 ? NULL
								  : &world->sensors[sensor->thing.world];
	int tag = slot->field->tag;

	switch (tag) {
	case F_ID:
		jsonw_str(run->json, sensor->thing.id);
		break;
	case F_NAME:
		sim_schema_name(run, &sensor->thing);
		break;
	case F_MAC:
		jsonw_str(run->json, sensor->mac);
		break;
	case F_SERIAL:
		sim_schema_text(run, from ? from->serial : NULL);
		break;
	case F_MODEL:
		sim_schema_text(run, from ? from->model : NULL);
		break;
	case F_MODE:
		jsonw_str(run->json, mode_word(sensor->mode));
		break;
	case F_FLOOR_ID:
	case F_FLOOR_ID_STRICT:
		sim_schema_id(run, slot, sensor->thing.floor, tag == F_FLOOR_ID_STRICT);
		break;
	case F_ROOM_ID:
	case F_ROOM_ID_STRICT:
		sim_schema_id(run, slot, sensor->room, tag == F_ROOM_ID_STRICT);
		break;
	case F_HIVE_ID:
	case F_HIVE_ID_STRICT:
		sim_schema_id(run, slot, sensor->hive, tag == F_HIVE_ID_STRICT);
		break;
	case F_HIVE_SERIAL:
		sim_schema_text(run, sensor->hive ? sensor->hive->serial : NULL);
		break;
	case F_ZONE_IDS:
		zone_ids(run, sensor);
		break;
	case F_CLIENT_ID:
		jsonw_str(run->json, world->site.org_id);
		break;
	default:
		sim_schema_text(run, from ? from->note : NULL);
	}
}

static void resolve_geometry(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_sensor *sensor = object;

	switch (slot->field->tag) {
	case F_CENTER:
		numbers(run, sensor->center, 2);
		break;
	case F_HEIGHT:
		jsonw_num(run->json, sensor->height_m);
		break;
	case F_ORIENTATION:
		numbers(run, sensor->orientation_deg, 3);
		break;
	case F_FIELD_OF_VIEW:
		jsonw_num(run->json, WORLD_FOV_DEG);
		break;
	case F_DOOR_LINE:
		jsonw_num(run->json, sensor->door_line);
		break;
	case F_IN_DIRECTION:
		jsonw_num(run->json, sensor->in_direction);
		break;
	case F_IS_ENTRANCE:
		jsonw_bool(run->json, sensor->entrance);
		break;
	case F_PARALLEL:
		jsonw_bool(run->json, sensor->parallel_to_door);
		break;
	default:
		jsonw_num(run->json, sensor->sensitivity);
	}
}

static struct world_health health_of(struct gql_run *run, const struct sim_thing *thing)
{
	struct sim_schema_root *root = sim_schema_root(run);

	if (root->asked == thing)
		return root->health;
	root->asked = thing;
	root->health = (struct world_health){0};
	if (thing->world >= 0 && thing->kind == SIM_ESTATE_HIVE)
		root->health = world_view_hive_health(root->butlr->view, thing->world, root->now_ms);
	else if (thing->world >= 0)
		root->health = world_view_sensor_health(root->butlr->view, thing->world, root->now_ms);
	return root->health;
}

/* Epoch seconds, null when never heard; the kinds of messages trail the heartbeat by a few seconds. */
static void heard(struct gql_run *run, const struct world_health *health, int64_t before_s)
{
	if (health->last_heartbeat_s == 0)
		jsonw_null(run->json);
	else
		jsonw_int(run->json, health->last_heartbeat_s - before_s);
}

static void resolve_health(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_thing *thing = object;
	struct world_health health = health_of(run, thing);

	switch (slot->field->tag) {
	case F_ONLINE:
		jsonw_bool(run->json, health.online);
		break;
	case F_STREAMING:
		jsonw_bool(run->json, health.streaming);
		break;
	case F_HEARTBEAT:
		heard(run, &health, 0);
		break;
	case F_RAW_MESSAGE:
		heard(run, &health, 1);
		break;
	case F_COMPRESSED_MESSAGE:
		heard(run, &health, 2);
		break;
	case F_OCCUPANCY_MESSAGE:
		heard(run, &health, 38);
		break;
	case F_DETECTION_MESSAGE:
		heard(run, &health, 3);
		break;
	default:
		jsonw_bool(run->json, health.sleeping);
	}
}

/* With three or with six digits of fraction (butlr.md §5.1). */
static void moment(struct gql_run *run, int64_t t_ms, uint64_t odd)
{
	char text[MOMENT_TEXT_SIZE], *out;

	if (t_ms == MOMENT_NONE || t_ms <= 0) {
		jsonw_null(run->json);
		return;
	}
	moment_format(t_ms / 1000 * 1000, text);
	text[strcspn(text, "Z")] = '\0';
	if (odd & 1)
		out = g_strdup_printf("%s.%03d%03dZ", text, (int)(t_ms % 1000), (int)((odd >> 8) % 1000));
	else
		out = g_strdup_printf("%s.%03dZ", text, (int)(t_ms % 1000));
	jsonw_str(run->json, out);
	g_free(out);
}

/* The dates contradict each other here and there, as they do in real tenants: some next changes lie before the last,
 * some dates are missing, a wired sensor may have one. */
static void resolve_battery(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_sensor *sensor = object;
	struct world_health health = health_of(run, &sensor->thing);
	uint64_t odd = quirk(sensor->thing.id);
	bool wired = sensor->thing.world >= 0 &&
		     sim_schema_root(run)->butlr->world->sensors[sensor->thing.world].wired;
	int64_t changed = health.battery ? health.battery_changed_ms : MOMENT_NONE;
	int64_t change_by = health.battery ? health.battery_change_by_ms : MOMENT_NONE;

	switch (slot->field->tag) {
	case F_POWER:
		jsonw_str(run->json, wired ? "Wired" : health.battery && odd % 10 ? "Battery" : NULL);
		break;
	case F_LAST_CHANGE:
		moment(run, changed, odd);
		break;
	case F_NEXT_CHANGE:
		if (health.battery && odd % 4 == 0)
			moment(run, changed - 71LL * 86400000, odd);
		else
			moment(run, change_by, odd);
		break;
	case F_CHANGE_BY:
		if (wired && odd % 3 == 0)
			moment(run, sim_schema_root(run)->now_ms / 86400000 * 86400000 + 400LL * 86400000,
			       odd);
		else
			moment(run, odd % 8 ? change_by : MOMENT_NONE, odd);
		break;
	default:
		if (health.battery)
			jsonw_int(run->json, health.runtime_days);
		else
			jsonw_null(run->json);
	}
}

static void resolve_installation(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_thing *thing = object;
	const struct world *world = sim_schema_root(run)->butlr->world;

	(void)slot;
	jsonw_str(run->json,
		  thing->world >= 0 && world->sensors[thing->world].installed ? "INSTALLED" : "UNINSTALLED");
}

static const struct gql_field sensor_fields[] = {
	{"id", resolve_identity, NULL, F_ID, NULL},
	{"sensor_id", resolve_identity, NULL, F_ID, NULL},
	{"name", resolve_identity, NULL, F_NAME, NULL},
	{"mac_address", resolve_identity, NULL, F_MAC, NULL},
	{"sensor_serial", resolve_identity, NULL, F_SERIAL, NULL},
	{"model", resolve_identity, NULL, F_MODEL, NULL},
	{"mode", resolve_identity, NULL, F_MODE, NULL},
	{"floor_id", resolve_identity, NULL, F_FLOOR_ID, NULL},
	{"floorID", resolve_identity, NULL, F_FLOOR_ID_STRICT, NULL},
	{"room_id", resolve_identity, NULL, F_ROOM_ID, NULL},
	{"roomID", resolve_identity, NULL, F_ROOM_ID_STRICT, NULL},
	{"hive_id", resolve_identity, NULL, F_HIVE_ID, NULL},
	{"hiveID", resolve_identity, NULL, F_HIVE_ID_STRICT, NULL},
	{"hive_serial", resolve_identity, NULL, F_HIVE_SERIAL, NULL},
	{"zone_ids", resolve_identity, NULL, F_ZONE_IDS, NULL},
	{"client_id", resolve_identity, NULL, F_CLIENT_ID, NULL},
	{"note", resolve_identity, NULL, F_NOTE, NULL},
	{"center", resolve_geometry, NULL, F_CENTER, NULL},
	{"height", resolve_geometry, NULL, F_HEIGHT, NULL},
	{"orientation", resolve_geometry, NULL, F_ORIENTATION, NULL},
	{"field_of_view", resolve_geometry, NULL, F_FIELD_OF_VIEW, NULL},
	{"effective_field_of_view", resolve_geometry, NULL, F_FIELD_OF_VIEW, NULL},
	{"door_line", resolve_geometry, NULL, F_DOOR_LINE, NULL},
	{"in_direction", resolve_geometry, NULL, F_IN_DIRECTION, NULL},
	{"is_entrance", resolve_geometry, NULL, F_IS_ENTRANCE, NULL},
	{"parallel_to_door", resolve_geometry, NULL, F_PARALLEL, NULL},
	{"sensitivity", resolve_geometry, NULL, F_SENSITIVITY, NULL},
	{"is_online", resolve_health, NULL, F_ONLINE, NULL},
	{"is_streaming", resolve_health, NULL, F_STREAMING, NULL},
	{"last_heartbeat", resolve_health, NULL, F_HEARTBEAT, NULL},
	{"last_raw_message", resolve_health, NULL, F_RAW_MESSAGE, NULL},
	{"last_compressed_message", resolve_health, NULL, F_COMPRESSED_MESSAGE, NULL},
	{"last_occupancy_message", resolve_health, NULL, F_OCCUPANCY_MESSAGE, NULL},
	{"last_detection_message", resolve_health, NULL, F_DETECTION_MESSAGE, NULL},
	{"is_sleep_time", resolve_health, NULL, F_SLEEP, NULL},
	{"connection_health", resolve_self, &health_type, 0, NULL},
	{"power_type", resolve_battery, NULL, F_POWER, NULL},
	{"last_battery_change_date", resolve_battery, NULL, F_LAST_CHANGE, NULL},
	{"next_battery_change_date", resolve_battery, NULL, F_NEXT_CHANGE, NULL},
	{"battery_change_by_date", resolve_battery, NULL, F_CHANGE_BY, NULL},
	{"estimated_total_runtime_days", resolve_battery, NULL, F_RUNTIME, NULL},
	{"installation_status", resolve_installation, NULL, F_INSTALLATION_STATUS, NULL},
};

const struct gql_type sim_schema_sensor = {"Sensor", sensor_fields, G_N_ELEMENTS(sensor_fields)};

/* --- hive --------------------------------------------------------------------------------------------- */

static void resolve_hive(struct gql_run *run, const struct gql_slot *slot, void *object)
{
	const struct sim_hive *hive = object;
	const struct world *world = sim_schema_root(run)->butlr->world;
	const struct world_hive *from = hive->thing.world < 0 ? NULL : &world->hives[hive->thing.world];
	int tag = slot->field->tag;

	switch (tag) {
	case F_ID:
		jsonw_str(run->json, hive->thing.id);
		break;
	case F_NAME:
		sim_schema_name(run, &hive->thing);
		break;
	case F_SERIAL:
		jsonw_str(run->json, hive->serial);
		break;
	case F_FLOOR_ID:
	case F_FLOOR_ID_STRICT:
		sim_schema_id(run, slot, hive->thing.floor, tag == F_FLOOR_ID_STRICT);
		break;
	case F_ROOM_ID: /* "" where there is none, unlike a sensor's null */
		jsonw_str(run->json, hive->room ? hive->room->thing.id : "");
		break;
	case F_ROOM_ID_STRICT:
		sim_schema_id(run, slot, hive->room, true);
		break;
	case F_CENTER:
		if (from)
			numbers(run,
				(double[]){world_metres(from->center.x_mm), world_metres(from->center.y_mm)},
				2);
		else
			jsonw_null(run->json);
		break;
	case F_VERSION:
		sim_schema_text(run, from ? from->version : NULL);
		break;
	case F_TYPE:
		sim_schema_text(run, from ? from->type : NULL);
		break;
	case F_NOTE:
		sim_schema_text(run, from ? from->note : NULL);
		break;
	case F_PRIVATE_IP:
		sim_schema_text(run, from ? from->private_ip : NULL);
		break;
	case F_INSTALLED:
		jsonw_bool(run->json, from && !from->placeholder);
		break;
	case F_STABILITY:
		jsonw_num(run->json, 0.9 + (double)(quirk(hive->thing.id) % 100) / 1000);
		break;
	default:
		jsonw_int(run->json, (int64_t)(quirk(hive->thing.id) % 9000 + 1000));
	}
}

static const struct gql_field hive_fields[] = {
	{"id", resolve_hive, NULL, F_ID, NULL},
	{"name", resolve_hive, NULL, F_NAME, NULL},
	{"serialNumber", resolve_hive, NULL, F_SERIAL, NULL},
	{"floor_id", resolve_hive, NULL, F_FLOOR_ID, NULL},
	{"floorID", resolve_hive, NULL, F_FLOOR_ID_STRICT, NULL},
	{"room_id", resolve_hive, NULL, F_ROOM_ID, NULL},
	{"roomID", resolve_hive, NULL, F_ROOM_ID_STRICT, NULL},
	{"coordinates", resolve_hive, NULL, F_CENTER, NULL},
	{"hiveVersion", resolve_hive, NULL, F_VERSION, NULL},
	{"hiveType", resolve_hive, NULL, F_TYPE, NULL},
	{"installed", resolve_hive, NULL, F_INSTALLED, NULL},
	{"note", resolve_hive, NULL, F_NOTE, NULL},
	{"netPathStability", resolve_hive, NULL, F_STABILITY, NULL},
	{"privateIP", resolve_hive, NULL, F_PRIVATE_IP, NULL},
	{"lastNetworkId", resolve_hive, NULL, F_NETWORK_ID, NULL},
	{"isOnline", resolve_health, NULL, F_ONLINE, NULL},
	{"isStreaming", resolve_health, NULL, F_STREAMING, NULL},
	{"lastHeartbeat", resolve_health, NULL, F_HEARTBEAT, NULL},
	{"lastRawMessage", resolve_health, NULL, F_RAW_MESSAGE, NULL},
	{"lastCompressedMessage", resolve_health, NULL, F_COMPRESSED_MESSAGE, NULL},
	{"lastOccupancyMessage", resolve_health, NULL, F_OCCUPANCY_MESSAGE, NULL},
	{"lastDetectionMessage", resolve_health, NULL, F_DETECTION_MESSAGE, NULL},
	{"is_sleep_time", resolve_health, NULL, F_SLEEP, NULL},
	{"connectionHealth", resolve_self, &health_type, 0, NULL},
};

const struct gql_type sim_schema_hive = {"Hive", hive_fields, G_N_ELEMENTS(hive_fields)};
