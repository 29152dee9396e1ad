#include "sim/butlr_rows.h"

#include "base/moment.h"

static const char *mode_word(enum world_mode mode)
{
	switch (mode) {
	case WORLD_TRAFFIC:
		return "headcount";
	case WORLD_REPEATER:
		return "repeater";
	default:
		return "activity";
	}
}

static void numbers(struct jsonw *w, const char *key, const double *values, unsigned count)
{
	jsonw_key(w, key);
	jsonw_open(w, '[');
	for (unsigned i = 0; i < count; i++)
		jsonw_num(w, values[i]);
	jsonw_close(w, ']');
}

static void name(struct sim_butlr *butlr, struct jsonw *w, const char *key, const struct sim_thing *thing)
{
	jsonw_kstr(w, key, thing ? sim_butlr_name(butlr, thing->id, thing->name) : "");
}

static const char *id_of(const void *thing) { return thing ? ((const struct sim_thing *)thing)->id : ""; }

static void pair(struct jsonw *w, const char *key, const char *name_a, const char *a, const char *name_b,
		 const char *b)
{
	jsonw_key(w, key);
	jsonw_open(w, '{');
	jsonw_kstr(w, name_a, a);
	jsonw_kstr(w, name_b, b);
	jsonw_close(w, '}');
}

static void battery(struct sim_butlr *butlr, struct jsonw *w, const struct sim_sensor *sensor, int64_t now_ms)
{
	struct world_health health = {0};
	char text[MOMENT_TEXT_SIZE];

	if (sensor->thing.world >= 0)
		health = world_view_sensor_health(butlr->view, sensor->thing.world, now_ms);
	jsonw_kstr(w, "model",
		   sensor->thing.world >= 0 ? butlr->world->sensors[sensor->thing.world].model : "");
	jsonw_kint(w, "last_heartbeat", health.last_heartbeat_s);
	if (!health.battery)
		return; /* mains: the row has no such columns */
	jsonw_kint(w, "remainingBatteryDays", health.battery_days);
	jsonw_kint(w, "remainingBatteryPercent", health.battery_percent);
	jsonw_kstr(w, "lastBatteryChange", moment_format(health.battery_changed_ms, text));
	jsonw_kstr(w, "isBatteryLow", health.battery_low ? "true" : "false");
}

static void sensor_row_only(struct sim_butlr *butlr, struct jsonw *w, const struct sim_sensor *sensor)
{
	char *key = g_strdup_printf("SPACE#%s", id_of(sensor->thing.floor));

	jsonw_kstr(w, "PK", key);
	g_free(key);
	key = g_strdup_printf("SENSOR#%s", sensor->thing.id);
	jsonw_kstr(w, "SK", key);
	g_free(key);
	jsonw_kstr(w, "entity_type", "sensor");
	jsonw_kstr(w, "client_id", butlr->world->site.org_id);
	jsonw_kstr(w, "hive_id", id_of(sensor->hive));
	jsonw_kstr(w, "hive_serial", sensor->hive ? sensor->hive->serial : "");
	jsonw_kstr(w, "room_id", id_of(sensor->room));
	jsonw_kstr(w, "space_id", id_of(sensor->thing.floor));
	jsonw_kint(w, "generation", 2);
	jsonw_kstr(w, "deleted_at", "");
	jsonw_kstr(w, "autoCalibratedAt", "");
	jsonw_kint(w, "auto_calibration_start", 0);
	jsonw_kint(w, "auto_calibration_end", 0);
	jsonw_kint(w, "auto_calibration_person", 0);
}

static void sensor_setup(struct jsonw *w, const struct sim_sensor *sensor)
{
	numbers(w, "orientation", sensor->orientation_deg, 3);
	numbers(w, "activeHours", sensor->active_hours, 7);
	jsonw_knum(w, "door_line", sensor->door_line);
	jsonw_knum(w, "sensitivity", sensor->sensitivity);
	jsonw_kbool(w, "parallel_to_door", sensor->parallel_to_door);
	jsonw_knum(w, "in_direction", sensor->in_direction);
}

void sim_row_sensor(struct sim_butlr *butlr, struct jsonw *w, const struct sim_sensor *sensor,
		    enum sim_sensor_form form, int64_t now_ms)
{
	const struct sim_floor *room_floor = sensor->room ? sensor->room->thing.floor : NULL;

	jsonw_open(w, '{');
	jsonw_kstr(w, "id", sensor->thing.id);
	jsonw_kstr(w, "mac_address", sensor->mac);
	name(butlr, w, "name", &sensor->thing);
	jsonw_kstr(w, "mode", mode_word(sensor->mode));
	jsonw_kbool(w, "isEntrance", sensor->entrance);
	if (form == SIM_SENSOR_ROW) {
		sensor_row_only(butlr, w, sensor);
	} else {
		pair(w, "hive", "id", id_of(sensor->hive), "serial_number",
		     sensor->hive ? sensor->hive->serial : "");
		if (form == SIM_SENSOR_DETAIL) {
			jsonw_key(w, "space");
			jsonw_open(w, '{');
			jsonw_kstr(w, "id", id_of(sensor->thing.floor));
			name(butlr, w, "name", (const struct sim_thing *)sensor->thing.floor);
			jsonw_close(w, '}');
		}
		pair(w, "room", "id", id_of(sensor->room), "space_id", id_of(room_floor));
	}
	if (form == SIM_SENSOR_REF || form == SIM_SENSOR_LEAKY)
		jsonw_kstr(w, "gateway_id", "");
	jsonw_knum(w, "height", sensor->height_m);
	numbers(w, "center", sensor->center, 2);
	if (form == SIM_SENSOR_DETAIL)
		pair(w, "gateway", "id", "", "mac_address", "");
	if (form == SIM_SENSOR_DETAIL || form == SIM_SENSOR_ROW)
		sensor_setup(w, sensor);
	if (form == SIM_SENSOR_LEAKY || form == SIM_SENSOR_ROW)
		battery(butlr, w, sensor, now_ms);
	jsonw_close(w, '}');
}

static bool of_room(const struct sim_sensor *sensor, const void *room) { return sensor->room == room; }

static bool of_floor(const struct sim_sensor *sensor, const void *floor)
{
	return sensor->thing.floor == floor;
}

static bool of_hive(const struct sim_sensor *sensor, const void *hive) { return sensor->hive == hive; }

static int64_t sensors(struct sim_butlr *butlr, struct jsonw *w,
		       bool (*belongs)(const struct sim_sensor *, const void *), const void *owner,
		       enum sim_sensor_form form, int64_t now_ms)
{
	GPtrArray *all = butlr->estate->things[SIM_ESTATE_SENSOR];
	int64_t count = 0;

	if (w) {
		jsonw_key(w, "sensors");
		jsonw_open(w, '[');
	}
	for (unsigned i = 0; i < all->len; i++) {
		struct sim_sensor *sensor = g_ptr_array_index(all, i);

		if (sensor->thing.deleted || !belongs(sensor, owner))
			continue;
		count++;
		if (w)
			sim_row_sensor(butlr, w, sensor, form, now_ms);
	}
	if (w)
		jsonw_close(w, ']');
	return count;
}

void sim_row_hive_ref(struct sim_butlr *butlr, struct jsonw *w, const struct sim_hive *hive)
{
	jsonw_open(w, '{');
	jsonw_kstr(w, "id", hive->thing.id);
	jsonw_kstr(w, "serial_number", hive->serial);
	jsonw_kint(w, "num_sensors", sensors(butlr, NULL, of_hive, hive, SIM_SENSOR_REF, 0));
	jsonw_close(w, '}');
}

void sim_row_hive(struct sim_butlr *butlr, struct jsonw *w, const struct sim_hive *hive, int64_t now_ms)
{
	jsonw_open(w, '{');
	jsonw_kstr(w, "id", hive->thing.id);
	jsonw_kstr(w, "serial_number", hive->serial);
	sensors(butlr, w, of_hive, hive, SIM_SENSOR_REF, now_ms);
	jsonw_key(w, "gateways");
	jsonw_raw(w, "[{\"id\":\"\",\"mac_address\":\"\",\"num_sensors\":0}]");
	jsonw_key(w, "space");
	jsonw_open(w, '{');
	jsonw_kstr(w, "id", id_of(hive->thing.floor));
	name(butlr, w, "name", (const struct sim_thing *)hive->thing.floor);
	jsonw_close(w, '}');
	jsonw_key(w, "mqtt");
	jsonw_raw(w, "{\"rc\":0,\"topics\":{},\"broker_address\":\"\",\"auth\":{}}");
	jsonw_close(w, '}');
}

static void outline(struct jsonw *w, const struct sim_area *area)
{
	jsonw_key(w, "coordinates");
	jsonw_open(w, '[');
	for (unsigned i = 0; i < area->n_points; i++) {
		jsonw_open(w, '[');
		jsonw_num(w, area->points[i][0]);
		jsonw_num(w, area->points[i][1]);
		jsonw_close(w, ']');
	}
	jsonw_close(w, ']');
}

static void color(struct jsonw *w, const struct sim_area *area)
{
	jsonw_key(w, "color");
	jsonw_open(w, '[');
	for (int i = 0; i < 4; i++)
		jsonw_int(w, area->color[i]);
	jsonw_close(w, ']');
}

static void room_space(struct sim_butlr *butlr, struct jsonw *w, const struct sim_area *room)
{
	jsonw_key(w, "space");
	jsonw_open(w, '{');
	jsonw_kstr(w, "id", id_of(room->thing.floor));
	name(butlr, w, "name", (const struct sim_thing *)room->thing.floor);
	jsonw_close(w, '}');
}

static void room_row_only(struct sim_butlr *butlr, struct jsonw *w, const struct sim_area *room)
{
	char *key = g_strdup_printf("SPACE#%s", id_of(room->thing.floor));

	jsonw_kstr(w, "PK", key);
	g_free(key);
	key = g_strdup_printf("ROOM#%s", room->thing.id);
	jsonw_kstr(w, "SK", key);
	g_free(key);
	jsonw_kstr(w, "entity_type", "room");
	jsonw_kstr(w, "client_id", butlr->world->site.org_id);
	jsonw_kstr(w, "deleted_at", "");
	jsonw_kstr(w, "autoCalibratedAt", "");
}

void sim_row_room(struct sim_butlr *butlr, struct jsonw *w, const struct sim_area *room,
		  enum sim_room_form form, int64_t now_ms)
{
	bool whole = form == SIM_ROOM_DETAIL || form == SIM_ROOM_MADE || form == SIM_ROOM_ROW;

	jsonw_open(w, '{');
	jsonw_kstr(w, "id", room->thing.id);
	jsonw_kstr(w, "type", room->type);
	name(butlr, w, "name", &room->thing);
	outline(w, room);
	if (whole)
		sensors(butlr, w, of_room, room, form == SIM_ROOM_ROW ? SIM_SENSOR_ROW : SIM_SENSOR_REF,
			now_ms);
	color(w, room);
	if (whole)
		room_space(butlr, w, room);
	else
		jsonw_kstr(w, "space_id", id_of(room->thing.floor));
	jsonw_kint(w, "maxCapacity", 0);
	jsonw_knum(w, "area", room->area_m2);
	jsonw_kint(w, "capacity", room->capacity);
	jsonw_kint(w, "mid_capacity", room->mid_capacity);
	if (room->height_m > 0 && form == SIM_ROOM_DETAIL)
		jsonw_knum(w, "height", room->height_m);
	if (form == SIM_ROOM_NESTED || form == SIM_ROOM_MADE) {
		jsonw_kint(w, "door_line", 0);
		jsonw_kint(w, "parallel_to_door", 0);
		jsonw_kint(w, "in_direction", 0);
		jsonw_kint(w, "sensitivity", 0);
	}
	if (form == SIM_ROOM_ROW)
		room_row_only(butlr, w, room);
	jsonw_close(w, '}');
}

void sim_row_zone(struct sim_butlr *butlr, struct jsonw *w, const struct sim_area *zone)
{
	jsonw_open(w, '{');
	jsonw_kstr(w, "id", zone->thing.id);
	jsonw_kstr(w, "type", zone->type);
	name(butlr, w, "name", &zone->thing);
	color(w, zone);
	outline(w, zone);
	jsonw_kstr(w, "space_id", id_of(zone->thing.floor));
	jsonw_kint(w, "area", (int64_t)(zone->area_m2 + 0.5));
	jsonw_kstr(w, "area_unit", zone->area_unit);
	jsonw_kint(w, "capacity", zone->capacity);
	jsonw_kint(w, "mid_capacity", zone->mid_capacity);
	jsonw_kstr(w, "room_id", id_of(zone->room));
	jsonw_close(w, '}');
}

void sim_row_fixture(struct jsonw *w, const struct sim_fixture *fixture)
{
	jsonw_open(w, '{');
	jsonw_kstr(w, "id", fixture->thing.id);
	jsonw_kstr(w, "type", fixture->type);
	numbers(w, "center", fixture->center, 2);
	jsonw_knum(w, "rotation", fixture->rotation_deg);
	numbers(w, "scale", fixture->scale, 3);
	jsonw_close(w, '}');
}

static void space_hives(struct sim_butlr *butlr, struct jsonw *w, const struct sim_floor *floor)
{
	GPtrArray *all = butlr->estate->things[SIM_ESTATE_HIVE];

	jsonw_key(w, "hives");
	jsonw_open(w, '[');
	for (unsigned i = 0; i < all->len; i++) {
		struct sim_hive *hive = g_ptr_array_index(all, i);

		if (!hive->thing.deleted && hive->thing.floor == floor)
			sim_row_hive_ref(butlr, w, hive);
	}
	jsonw_close(w, ']');
}

static void space_rooms(struct sim_butlr *butlr, struct jsonw *w, const struct sim_floor *floor,
			enum sim_room_form form, int64_t now_ms)
{
	GPtrArray *all = butlr->estate->things[SIM_ESTATE_ROOM];

	jsonw_key(w, "rooms");
	jsonw_open(w, '[');
	for (unsigned i = 0; i < all->len; i++) {
		struct sim_area *room = g_ptr_array_index(all, i);

		if (!room->thing.deleted && room->thing.floor == floor)
			sim_row_room(butlr, w, room, form, now_ms);
	}
	jsonw_close(w, ']');
}

void sim_row_space(struct sim_butlr *butlr, struct jsonw *w, const struct sim_floor *floor,
		   enum sim_space_form form, int64_t now_ms)
{
	jsonw_open(w, '{');
	jsonw_kstr(w, "id", floor->thing.id);
	name(butlr, w, "name", &floor->thing);
	jsonw_kstr(w, "address", floor->address);
	jsonw_kint(w, "capacity", floor->capacity);
	jsonw_kint(w, "mid_capacity", floor->mid_capacity);
	jsonw_knum(w, "area", floor->area_m2);
	jsonw_kstr(w, "timezone", floor->timezone);
	jsonw_kstr(w, "installation_date", floor->installation_date);
	if (form != SIM_SPACE_LIST) {
		bool row = form == SIM_SPACE_ROW;

		sensors(butlr, w, of_floor, floor, row ? SIM_SENSOR_ROW : SIM_SENSOR_LEAKY, now_ms);
		space_hives(butlr, w, floor);
		space_rooms(butlr, w, floor, row ? SIM_ROOM_ROW : SIM_ROOM_NESTED, now_ms);
		jsonw_key(w, "gateways");
		jsonw_raw(w, "[{\"id\":\"\",\"mac_address\":\"\"}]");
	}
	jsonw_close(w, '}');
}
