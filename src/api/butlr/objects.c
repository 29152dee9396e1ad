#include "api/butlr/estate.h"

#include "api/butlr/members.h"
#include "api/butlr/read.h"
#include "base/moment.h"
#include "core/kind.h"

#include <math.h>
#include <string.h>

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

#define DAY_MS INT64_C(86400000)

/* The object when it is one; otherwise the row is counted as bad. */
static bool usable(struct butlr_estate *estate, enum kind kind, const cJSON *object,
		   struct butlr_members *members)
{
	if (cJSON_IsObject(object)) {
		butlr_members_init(members, object);
		return true;
	}
	if (estate->shelves[kind].rows != NULL)
		rows_count_bad(estate->shelves[kind].rows, 1);
	return false;
}

static bool kept(const struct butlr_estate *estate, enum kind kind)
{
	return estate->shelves[kind].rows != NULL;
}

/* --- where --- */

void butlr_take_site(struct butlr_estate *estate, const cJSON *object)
{
	struct butlr_place place = {.listed = true, .timezone = jsonx_str(jsonx_get(object, "timezone"))};
	struct butlr_members members;

	if (usable(estate, KIND_BUILDINGS, object, &members))
		butlr_take_list(estate, KIND_BUILDINGS, jsonx_get(object, "buildings"), &place);
}

/* "12 Main St, Boston, US" from {lines: […], country} or a text. */
static const char *address_text(struct rows *rows, const cJSON *address)
{
	const cJSON *lines = jsonx_get(address, "lines");
	const char *country = jsonx_str(jsonx_get(address, "country"));
	char text[1024] = "";

	if (jsonx_str(address) != NULL)
		return jsonx_str(address);
	if (jsonx_str(lines) != NULL)
		g_strlcat(text, jsonx_str(lines), sizeof(text));
	for (const cJSON *line = cJSON_IsArray(lines) ? lines->child : NULL; line != NULL;
	     line = line->next) {
		if (jsonx_str(line) == NULL)
			continue;
		if (text[0] != '\0')
			g_strlcat(text, ", ", sizeof(text));
		g_strlcat(text, jsonx_str(line), sizeof(text));
	}
	if (country != NULL) {
		if (text[0] != '\0')
			g_strlcat(text, ", ", sizeof(text));
		g_strlcat(text, country, sizeof(text));
	}
	return text[0] == '\0' ? NULL : rows_text(rows, text);
}

void butlr_take_building(struct butlr_estate *estate, const cJSON *object, const struct butlr_place *place)
{
	struct butlr_place inside = {.listed = true};
	struct butlr_members members, *m = &members;
	struct building row;
	const char *zone;

	if (!usable(estate, KIND_BUILDINGS, object, &members))
		return;
	zone = butlr_text(m, NAMES("timezone"));
	inside.timezone = zone != NULL ? zone : place->timezone;
	inside.building_id = jsonx_str(butlr_get(m, "id"));
	if (kept(estate, KIND_BUILDINGS)) {
		kind_blank(KIND_BUILDINGS, &row);
		row.id = inside.building_id;
		row.name = jsonx_str(butlr_get(m, "name"));
		row.address = address_text(estate->shelves[KIND_BUILDINGS].rows, butlr_get(m, "address"));
		row.timezone = inside.timezone != NULL ? moment_zone_iana(inside.timezone) : NULL;
		row.capacity = butlr_capacity(object);
		butlr_estate_put(estate, KIND_BUILDINGS, &row, place->listed);
	}
	butlr_take_list(estate, KIND_FLOORS, butlr_get(m, "floors"), &inside);
}

void butlr_take_floor(struct butlr_estate *estate, const cJSON *object, const struct butlr_place *place)
{
	struct butlr_place inside = {0};
	struct butlr_members members, *m = &members;
	struct floor_row row;
	const char *zone;

	if (!usable(estate, KIND_FLOORS, object, &members))
		return;
	inside.floor_id = jsonx_str(butlr_get(m, "id"));
	if (kept(estate, KIND_FLOORS)) {
		kind_blank(KIND_FLOORS, &row);
		zone = jsonx_str(butlr_get(m, "timezone"));
		if (zone == NULL)
			zone = place->timezone;
		row.id = inside.floor_id;
		row.building_id = butlr_text(m, NAMES("building_id", "buildingID"));
		if (row.building_id == NULL)
			row.building_id = place->building_id;
		row.name = jsonx_str(butlr_get(m, "name"));
		row.number = jsonx_num(butlr_first(m, NAMES("floorNumber", "floor_number")));
		row.timezone = zone != NULL ? moment_zone_iana(zone) : NULL;
		row.capacity = butlr_capacity(object);
		row.area_m2 = butlr_area(object);
		butlr_estate_put(estate, KIND_FLOORS, &row, place->listed);
	}
	butlr_take_list(estate, KIND_ROOMS, butlr_get(m, "rooms"), &inside);
	butlr_take_list(estate, KIND_ZONES, butlr_get(m, "zones"), &inside);
	butlr_take_list(estate, KIND_FIXTURES, butlr_get(m, "fixtures"), &inside);
	butlr_take_list(estate, KIND_SENSORS, butlr_get(m, "sensors"), &inside);
	butlr_take_list(estate, KIND_GATEWAYS, butlr_get(m, "hives"), &inside);
}

static const char *floor_of(const struct butlr_members *m, const struct butlr_place *place)
{
	const char *id = butlr_text(m, NAMES("floor_id", "floorID", "space_id"));

	if (id == NULL)
		id = jsonx_str(jsonx_get(butlr_get(m, "space"), "id"));
	if (id == NULL)
		id = jsonx_str(jsonx_get(butlr_get(m, "floor"), "id"));
	if (id == NULL)
		id = jsonx_str(jsonx_get(butlr_get(m, "room"), "space_id"));
	return id != NULL ? id : place->floor_id;
}

static const char *room_of(const struct butlr_members *m, const struct butlr_place *place)
{
	const char *id = butlr_text(m, NAMES("room_id", "roomID"));

	if (id == NULL)
		id = jsonx_str(jsonx_get(butlr_get(m, "room"), "id"));
	return id != NULL ? id : place->room_id;
}

void butlr_take_room(struct butlr_estate *estate, enum kind kind, const cJSON *object,
		     const struct butlr_place *place)
{
	struct butlr_place inside = {0};
	struct butlr_members members, *m = &members;
	struct room row;

	if (!usable(estate, kind, object, &members))
		return;
	inside.floor_id = floor_of(m, place);
	if (kind == KIND_ROOMS)
		inside.room_id = jsonx_str(butlr_get(m, "id"));
	if (kept(estate, kind)) {
		kind_blank(kind, &row);
		row.id = jsonx_str(butlr_get(m, "id"));
		row.floor_id = inside.floor_id;
		row.name = jsonx_str(butlr_get(m, "name"));
		row.type = butlr_text(m, NAMES("roomType", "type", "zoneType"));
		if (kind == KIND_ZONES)
			row.room_id = room_of(m, place);
		row.polygon = butlr_polygon(estate->shelves[kind].rows, butlr_get(m, "coordinates"));
		row.color = butlr_color(butlr_get(m, "color"));
		row.capacity = butlr_capacity(object);
		row.mid_capacity = butlr_mid_capacity(object);
		row.area = butlr_area(object);
		butlr_estate_put(estate, kind, &row, place->listed);
	}
	butlr_take_list(estate, KIND_SENSORS, butlr_get(m, "sensors"), &inside);
}

void butlr_take_fixture(struct butlr_estate *estate, const cJSON *object, const struct butlr_place *place)
{
	struct butlr_members members, *m = &members;
	struct fixture row;

	if (!kept(estate, KIND_FIXTURES) || !usable(estate, KIND_FIXTURES, object, &members))
		return;
	kind_blank(KIND_FIXTURES, &row);
	row.id = butlr_text(m, NAMES("id", "fixture_id"));
	row.floor_id = floor_of(m, place);
	row.type = butlr_text(m, NAMES("type", "fixture_type"));
	row.center = butlr_point(butlr_get(m, "center"));
	row.rotation = jsonx_num(butlr_get(m, "rotation"));
	row.scale = butlr_vector3(butlr_get(m, "scale"));
	butlr_estate_put(estate, KIND_FIXTURES, &row, place->listed);
}

/* --- devices --- */

static int64_t newest(const struct butlr_members *m, const char *const *names)
{
	int64_t newest_ms = MOMENT_NONE;

	for (; *names != NULL; names++) {
		int64_t at = jsonx_moment(butlr_get(m, *names));
		if (at > newest_ms)
			newest_ms = at;
	}
	return newest_ms;
}

/* online, degraded, offline, or NULL when this object says nothing of it. Sleeping is not a fault (butlr.md §10 row 21). */
static const char *status_of(int online, int streaming, int sleeping, int64_t heard_ms, int64_t now_ms)
{
	if (online == 1)
		return streaming == 0 && sleeping != 1 ? STATUS_DEGRADED : STATUS_ONLINE;
	if (online == 0)
		return STATUS_OFFLINE;
	if (heard_ms == MOMENT_NONE)
		return NULL;
	return now_ms - heard_ms <= BUTLR_HEARTBEAT_MS ? STATUS_ONLINE : STATUS_OFFLINE;
}

/* From now to a date, in whole days rounded down; negative once it has passed. */
static double days_until(int64_t date_ms, int64_t now_ms)
{
	return date_ms == MOMENT_NONE ? NAN : floor((double)(date_ms - now_ms) / (double)DAY_MS);
}

/* butlr.md §4.1 (rows that leak from the database), §5.1 (dates), §10 row 18. */
static void read_battery(struct sensor *row, const struct butlr_members *m, int64_t now_ms)
{
	const char *power = jsonx_str(butlr_get(m, "power_type"));
	const cJSON *changed = butlr_first(m, NAMES("last_battery_change_date", "lastBatteryChange"));
	double percent = jsonx_num(butlr_get(m, "remainingBatteryPercent"));

	row->battery_changed_ms = jsonx_moment(changed);
	if (power != NULL)
		row->mains = g_ascii_strcasecmp(power, "wired") == 0;
	if (row->mains == 1)
		return;
	if (percent >= 0 && percent <= 100)
		row->battery_percent = percent;
	row->battery_days = jsonx_num(butlr_get(m, "remainingBatteryDays"));
	if (isnan(row->battery_days))
		row->battery_days = days_until(jsonx_moment(butlr_get(m, "battery_change_by_date")), now_ms);
	row->battery_low = (int8_t)jsonx_truthy(butlr_first(m, NAMES("isBatteryLow", "is_battery_low")));
}

static void read_health(struct sensor *row, const struct butlr_members *m, int64_t now_ms)
{
	/* "repeater does not collect data" (butlr-rest-3.0.3.txt, SensorMode): that it streams nothing is no fault. */
	bool repeats = g_strcmp0(jsonx_str(butlr_get(m, "mode")), "repeater") == 0;

	row->last_seen_ms = jsonx_moment(butlr_first(m, NAMES("last_heartbeat", "lastHeartbeat")));
	if (row->last_seen_ms == MOMENT_NONE)
		row->last_seen_ms = newest(m, NAMES("last_raw_message", "last_compressed_message",
						    "last_occupancy_message", "last_detection_message"));
	row->status = status_of(jsonx_truthy(butlr_first(m, NAMES("is_online", "isOnline"))),
				repeats ? -1
					: jsonx_truthy(butlr_first(m, NAMES("is_streaming", "isStreaming"))),
				jsonx_truthy(butlr_get(m, "is_sleep_time")), row->last_seen_ms, now_ms);
}

static void read_position(struct sensor *row, const struct butlr_members *m)
{
	row->center = butlr_point(butlr_get(m, "center"));
	if (isnan(row->center.x)) /* the schema's name; the samples say center (§10 row 3) */
		row->center = butlr_point(butlr_get(m, "coordinates"));
	row->height = jsonx_num(butlr_get(m, "height"));
	row->orientation = butlr_vector3(butlr_get(m, "orientation"));
	row->field_of_view = jsonx_num(butlr_first(m, NAMES("field_of_view", "effective_field_of_view")));
	row->entrance = (int8_t)jsonx_truthy(butlr_first(m, NAMES("is_entrance", "isEntrance", "isEntrace")));
}

void butlr_take_sensor(struct butlr_estate *estate, const cJSON *object, const struct butlr_place *place)
{
	struct butlr_members members, *m = &members;
	struct sensor row;

	if (!kept(estate, KIND_SENSORS) || !usable(estate, KIND_SENSORS, object, &members))
		return;
	kind_blank(KIND_SENSORS, &row);
	row.id = butlr_text(m, NAMES("id", "sensor_id"));
	row.address = jsonx_str(butlr_get(m, "mac_address"));
	row.name = jsonx_str(butlr_get(m, "name"));
	row.model = jsonx_str(butlr_get(m, "model"));
	row.mode = butlr_mode(jsonx_str(butlr_get(m, "mode")));
	row.floor_id = floor_of(m, place);
	row.room_id = room_of(m, place);
	row.gateway_id = butlr_text(m, NAMES("hive_id", "hiveID"));
	if (row.gateway_id == NULL)
		row.gateway_id = jsonx_str(jsonx_get(butlr_get(m, "hive"), "id"));
	if (row.gateway_id == NULL)
		row.gateway_id = place->gateway_id;
	row.gateway_serial = jsonx_str(butlr_get(m, "hive_serial"));
	if (row.gateway_serial == NULL)
		row.gateway_serial = jsonx_str(jsonx_get(butlr_get(m, "hive"), "serial_number"));
	if (row.gateway_serial == NULL)
		row.gateway_serial = place->gateway_serial;
	read_position(&row, m);
	read_health(&row, m, estate->now_ms);
	read_battery(&row, m, estate->now_ms);
	butlr_estate_put(estate, KIND_SENSORS, &row, place->listed);
}

static double sensor_count(const struct butlr_members *m)
{
	double count = jsonx_num(butlr_get(m, "num_sensors"));
	const cJSON *sensors = butlr_get(m, "sensors");

	if (isnan(count) && cJSON_IsArray(sensors))
		count = (double)cJSON_GetArraySize(sensors);
	return count >= 0 ? count : NAN;
}

/* A hive's mqtt member may hold credentials (butlr.md §4.1): it is never read. */
void butlr_take_hive(struct butlr_estate *estate, const cJSON *object, const struct butlr_place *place)
{
	struct butlr_place inside = {0};
	struct butlr_members members, *m = &members;
	struct gateway row;

	if (!usable(estate, KIND_GATEWAYS, object, &members))
		return;
	inside.gateway_id = jsonx_str(butlr_get(m, "id"));
	inside.gateway_serial = butlr_text(m, NAMES("serialNumber", "serial_number", "hive_serial"));
	if (kept(estate, KIND_GATEWAYS)) {
		kind_blank(KIND_GATEWAYS, &row);
		row.id = inside.gateway_id;
		row.serial = inside.gateway_serial;
		row.name = jsonx_str(butlr_get(m, "name"));
		row.last_seen_ms = jsonx_moment(butlr_first(m, NAMES("lastHeartbeat", "last_heartbeat")));
		row.status = status_of(jsonx_truthy(butlr_first(m, NAMES("isOnline", "is_online"))),
				       jsonx_truthy(butlr_first(m, NAMES("isStreaming", "is_streaming"))),
				       jsonx_truthy(butlr_get(m, "is_sleep_time")), row.last_seen_ms,
				       estate->now_ms);
		row.sensor_count = sensor_count(m);
		row.floor_id = floor_of(m, place);
		row.room_id = room_of(m, place);
		row.center = butlr_point(butlr_get(m, "coordinates"));
		butlr_estate_put(estate, KIND_GATEWAYS, &row, place->listed);
	}
	butlr_take_list(estate, KIND_SENSORS, butlr_get(m, "sensors"), &inside);
}

/* --- lists --- */

void butlr_take(struct butlr_estate *estate, enum kind kind, const cJSON *object,
		const struct butlr_place *place)
{
	switch (kind) {
	case KIND_BUILDINGS:
		butlr_take_building(estate, object, place);
		break;
	case KIND_FLOORS:
		butlr_take_floor(estate, object, place);
		break;
	case KIND_ROOMS:
	case KIND_ZONES:
		butlr_take_room(estate, kind, object, place);
		break;
	case KIND_FIXTURES:
		butlr_take_fixture(estate, object, place);
		break;
	case KIND_SENSORS:
		butlr_take_sensor(estate, object, place);
		break;
	case KIND_GATEWAYS:
		butlr_take_hive(estate, object, place);
		break;
	default:
		break;
	}
}

void butlr_take_list(struct butlr_estate *estate, enum kind kind, const cJSON *array,
		     const struct butlr_place *place)
{
	for (const cJSON *object = cJSON_IsArray(array) ? array->child : NULL; object != NULL;
	     object = object->next)
		butlr_take(estate, kind, object, place);
}
