#include "core/kind_fields.h"

#include "model/access.h"
#include "model/estate.h"

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct building, member, form, flags, decimals, unit, help)
static const struct field building_fields[] = {
	F(name, TEXT, FIELD_COLUMN, -1, NULL, "its name"),
	F(address, TEXT, FIELD_COLUMN, -1, NULL, "postal address"),
	F(timezone, TEXT, FIELD_COLUMN, -1, NULL, "time zone, as the vendor names it"),
	F(capacity, NUMBER, FIELD_COLUMN_RIGHT, 0, "people", "how many people it is meant for"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct floor_row, member, form, flags, decimals, unit, help)
static const struct field floor_fields[] = {
	F(building_id, TEXT, 0, -1, NULL, "the building around it"),
	F(name, TEXT, FIELD_COLUMN, -1, NULL, "its name"),
	F(number, NUMBER, FIELD_COLUMN_RIGHT, -1, NULL, "storey"),
	F(timezone, TEXT, FIELD_COLUMN, -1, NULL, "time zone, as the vendor names it"),
	F(capacity, NUMBER, FIELD_COLUMN_RIGHT, 0, "people", "how many people it is meant for"),
	F(area_m2, NUMBER, FIELD_COLUMN_RIGHT, 1, "m2", "floor area"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct room, member, form, flags, decimals, unit, help)
static const struct field room_fields[] = {
	F(floor_id, TEXT, 0, -1, NULL, "the floor it lies on"),
	F(name, TEXT, FIELD_COLUMN, -1, NULL, "its name"),
	F(type, TEXT, FIELD_COLUMN, -1, NULL, "what it is for, by the vendor's key"),
	F(polygon, POINTS, 0, -1, "m", "its outline on the floor plan, not closed"),
	F(color, COLOR, 0, -1, NULL, "the colour it was given"),
	F(capacity, NUMBER, FIELD_COLUMN_RIGHT, 0, "people", "how many people it is meant for"),
	F(mid_capacity, NUMBER, 0, 0, "people", "from how many people on it counts as half full"),
	F(area, NUMBER, 0, 1, "m2", "its area, as the vendor tells it"),
	F(occupancy, NUMBER, FIELD_COLUMN_RIGHT, 0, "people", "how many people are in it now"),
	F(occupied, TRUTH, FIELD_COLUMN, -1, NULL, "whether anybody is in it now"),
	F(utilization, NUMBER, 0, 2, NULL, "occupancy by capacity"),
	FIELD_AS(struct room, "as_of", as_of_ms, MOMENT, FIELD_NOT_HASHED, -1, NULL,
		 "the time that occupancy is from"),
	F(stale, TRUTH, 0, -1, NULL, "whether occupancy is older than it should be"),
	F(type_name, TEXT, FIELD_NOT_JSON, -1, NULL, "the type in the account's language"),
	F(room_id, TEXT, FIELD_NOT_JSON, -1, NULL, "the room around it"),
	F(health, TEXT, FIELD_NOT_JSON, -1, NULL, "the health of what measures it"),
	F(counting_mode, TEXT, FIELD_NOT_JSON, -1, NULL, "how it is measured"),
	F(capped, TRUTH, FIELD_NOT_JSON, -1, NULL, "whether there may be more people than were counted"),
	F(binary, TRUTH, FIELD_NOT_JSON, -1, NULL, "whether occupied or not is all that is known"),
	F(timezone, TEXT, FIELD_NOT_JSON, -1, NULL, "its time zone"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct fixture, member, form, flags, decimals, unit, help)
static const struct field fixture_fields[] = {
	F(floor_id, TEXT, FIELD_COLUMN, -1, NULL, "the floor it stands on"),
	F(type, TEXT, FIELD_COLUMN, -1, NULL, "what it is, by the vendor's key"),
	F(center, POINT, FIELD_COLUMN, 2, "m", "its middle on the floor plan"),
	F(rotation, NUMBER, FIELD_COLUMN_RIGHT, 0, "degrees", "how it is turned"),
	F(scale, VECTOR3, 0, 2, NULL, "how it is stretched along x, y and z"),
	F(type_name, TEXT, FIELD_NOT_JSON, -1, NULL, "the type in the account's language"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct sensor, member, form, flags, decimals, unit, help)
static const struct field sensor_fields[] = {
	F(address, TEXT, 0, -1, NULL, "hardware address or serial number"),
	F(name, TEXT, FIELD_COLUMN, -1, NULL, "its name"),
	F(model, TEXT, 0, -1, NULL, "its model"),
	F(mode, TEXT, FIELD_COLUMN, -1, NULL,
	  "what it does: presence, traffic, repeater, or the vendor's word"),
	F(status, TEXT, FIELD_COLUMN, -1, NULL, "online, degraded, offline or unknown"),
	F(battery_percent, NUMBER, FIELD_COLUMN_RIGHT, 0, "%", "charge left"),
	F(battery_days, NUMBER, 0, 0, "days", "how long the charge is expected to last"),
	FIELD_AS(struct sensor, "last_seen", last_seen_ms, MOMENT, FIELD_NOT_HASHED, -1, NULL,
		 "when it was heard of last"),
	F(floor_id, TEXT, 0, -1, NULL, "the floor it is on"),
	F(room_id, TEXT, 0, -1, NULL, "the room it is in"),
	F(gateway_id, TEXT, 0, -1, NULL, "the gateway it speaks through"),
	F(center, POINT, 0, 2, "m", "its place on the floor plan"),
	F(height, NUMBER, 0, 2, "m", "how high above the floor it hangs"),
	F(orientation, VECTOR3, 0, 0, "degrees", "yaw, pitch and roll"),
	F(entrance, TRUTH, 0, -1, NULL, "whether it watches an entrance"),
	FIELD_AS(struct sensor, "battery_changed", battery_changed_ms, MOMENT, FIELD_NOT_JSON, -1, NULL,
		 "when the battery was changed last"),
	F(battery_low, TRUTH, FIELD_NOT_JSON, -1, NULL, "whether the vendor calls the battery low"),
	F(mains, TRUTH, FIELD_NOT_JSON, -1, NULL, "whether it has no battery"),
	F(gateway_serial, TEXT, FIELD_NOT_JSON, -1, NULL, "the gateway's serial number"),
	F(field_of_view, NUMBER, FIELD_NOT_JSON, 0, "degrees", "the angle that it sees"),
	F(battery_volts, NUMBER, FIELD_NOT_JSON, 2, "V", "the battery's voltage"),
	F(signal_percent, NUMBER, FIELD_NOT_JSON, 0, "%", "strength of its radio link"),
	F(interval_s, NUMBER, FIELD_NOT_JSON, 0, "s", "how often it measures"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct gateway, member, form, flags, decimals, unit, help)
static const struct field gateway_fields[] = {
	F(serial, TEXT, FIELD_COLUMN, -1, NULL, "serial number"),
	F(name, TEXT, FIELD_COLUMN, -1, NULL, "its name"),
	F(status, TEXT, FIELD_COLUMN, -1, NULL, "online, degraded, offline or unknown"),
	FIELD_AS(struct gateway, "last_seen", last_seen_ms, MOMENT, FIELD_COLUMN | FIELD_NOT_HASHED, -1, NULL,
		 "when it was heard of last"),
	F(sensor_count, NUMBER, FIELD_COLUMN_RIGHT, 0, NULL, "how many sensors speak through it"),
	F(floor_id, TEXT, FIELD_NOT_JSON, -1, NULL, "the floor it is on"),
	F(room_id, TEXT, FIELD_NOT_JSON, -1, NULL, "the room it is in"),
	F(center, POINT, FIELD_NOT_JSON, 2, "m", "its place on the floor plan"),
};
#undef F

#define F(member, form, flags, decimals, unit, help)                                                         \
	FIELD(struct account_row, member, form, flags, decimals, unit, help)
static const struct field account_fields[] = {
	F(base_url, TEXT, FIELD_COLUMN, -1, NULL, "the address of the vendor's server"),
	F(poll_s, NUMBER, FIELD_COLUMN_RIGHT, -1, "s", "how often it is asked"),
};
#undef F

KIND(ACCOUNTS, "accounts", struct account_row, account_fields, "the accounts of the configuration",
     .id_in_table = true);
KIND(BUILDINGS, "buildings", struct building, building_fields, "buildings", .id_in_table = true,
     .building_field = "id");
KIND(FLOORS, "floors", struct floor_row, floor_fields, "floors of buildings", .id_in_table = true,
     .building_field = "building_id", .floor_field = "id");
KIND(ROOMS, "rooms", struct room, room_fields, "rooms, with the people in them", .id_in_table = true,
     .floor_field = "floor_id", .room_field = "id", .type_field = "type");
KIND(ZONES, "zones", struct room, room_fields, "parts of rooms or floors", .id_in_table = true,
     .floor_field = "floor_id", .room_field = "room_id", .type_field = "type");
KIND(FIXTURES, "fixtures", struct fixture, fixture_fields, "furniture and fittings", .id_in_table = true,
     .floor_field = "floor_id", .type_field = "type");
KIND(SENSORS, "sensors", struct sensor, sensor_fields, "sensors and their health", .id_in_table = true,
     .floor_field = "floor_id", .room_field = "room_id", .status_field = "status", .type_field = "mode");
KIND(GATEWAYS, "gateways", struct gateway, gateway_fields, "gateways (hives) and their health",
     .id_in_table = true, .floor_field = "floor_id", .room_field = "room_id", .status_field = "status");
