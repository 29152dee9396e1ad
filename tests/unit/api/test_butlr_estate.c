/* The estate's decoders: every sample, every tolerance, and input that means no good. */
#include "butlr_play.h"

#include "api/butlr/estate.h"
#include "api/butlr/graphql.h"
#include "api/butlr/list.h"
#include "api/butlr/read.h"
#include "base/jsonx.h"
#include "base/moment.h"
#include "core/kind.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const enum kind estate_kinds[] = {
	KIND_BUILDINGS, KIND_FLOORS, KIND_ROOMS, KIND_ZONES, KIND_FIXTURES, KIND_SENSORS, KIND_GATEWAYS,
};

/* An estate that keeps every kind, with the rows it fills. */
struct bench {
	struct butlr_estate estate;
	struct rows *rows[KIND_COUNT];
	struct butlr_page page;
	struct butlr_graphql_result result;
	struct problem problem;
};

static void bench_open(struct bench *bench)
{
	*bench = (struct bench){.page = {.items = 0}};
	jsonx_setup();
	butlr_estate_init(&bench->estate, PLAY_NOW);
	for (size_t i = 0; i < G_N_ELEMENTS(estate_kinds); i++) {
		enum kind kind = estate_kinds[i];
		bench->rows[kind] = kind_rows_new(kind, "hq", "butlr");
		butlr_estate_keep(&bench->estate, bench->rows[kind]);
	}
}

static void bench_close(struct bench *bench)
{
	butlr_estate_fini(&bench->estate);
	for (size_t i = 0; i < KIND_COUNT; i++)
		rows_unref(bench->rows[i]);
}

static int take_list(struct bench *bench, enum kind kind, const char *bytes, size_t length)
{
	return butlr_decode_list(bytes, length, kind, "space_of_path", &bench->estate, &bench->page,
				 &bench->problem);
}

static void take_text(struct bench *bench, enum kind kind, const char *text)
{
	assert_int_equal(take_list(bench, kind, text, strlen(text)), ERR_OK);
}

static void take_file(struct bench *bench, enum kind kind, const char *file)
{
	struct buf bytes;

	play_read(file, &bytes);
	assert_int_equal(take_list(bench, kind, bytes.data, bytes.length), ERR_OK);
	buf_fini(&bytes);
}

static void take_graphql(struct bench *bench, const char *file)
{
	struct buf bytes;

	play_read(file, &bytes);
	assert_int_equal(butlr_decode_graphql(bytes.data, bytes.length, &bench->estate, &bench->result,
					      &bench->problem),
			 ERR_OK);
	buf_fini(&bytes);
}

static size_t count(const struct bench *bench, enum kind kind) { return rows_count(bench->rows[kind]); }

static const void *first(const struct bench *bench, enum kind kind)
{
	assert_true(count(bench, kind) > 0);
	return rows_at(bench->rows[kind], 0);
}

/* --- samples of the REST document --- */

static void test_spaces(void **unused)
{
	const struct floor_row *floor;
	const struct room *room;
	const struct sensor *sensor;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_file(&bench, KIND_FLOORS, "samples/get-space-details.json");
	floor = first(&bench, KIND_FLOORS);
	assert_string_equal(floor->name, "Company_Location_1");
	assert_true(floor->capacity == 10);
	assert_true(isnan(floor->area_m2));
	assert_null(floor->timezone);
	assert_null(floor->building_id);
	room = first(&bench, KIND_ROOMS);
	assert_string_equal(room->type,
			    "office"); /* the sample's rooms have one id: what was told first stays */
	assert_int_equal(room->polygon.n, 4);
	assert_true(room->polygon.at[0].x == 17 && room->polygon.at[0].y == 27.5);
	assert_true(room->color.set && room->color.g == 255 && room->color.b == 127 && room->color.a == 255);
	assert_true(isnan(room->capacity));
	sensor = first(&bench, KIND_SENSORS);
	assert_string_equal(sensor->mode, "traffic");
	assert_string_equal(sensor->floor_id, "space_xxxxxxxxxxxxxxxxxxxxxxxxxxx");
	assert_string_equal(sensor->room_id, "room_xxxxxxxxxxxxxxxxxxxxxxxxxxx");
	assert_string_equal(sensor->gateway_serial, "10000000xxxxxxxx");
	assert_null(sensor->name);
	assert_true(sensor->center.x == 49.84 && sensor->height == 3);
	assert_int_equal(sensor->entrance, 0);
	assert_true(((const struct gateway *)first(&bench, KIND_GATEWAYS))->sensor_count == 3);
	take_file(&bench, KIND_FLOORS, "samples/post-spaces.json");
	assert_int_equal(count(&bench, KIND_FLOORS), 2);
	bench_close(&bench);
	bench_open(&bench);
	take_file(&bench, KIND_FLOORS, "samples/get-spaces-details.json");
	assert_int_equal(bench.page.items, 2);
	assert_string_equal(bench.page.next, "");
	bench_close(&bench);
}

static void test_rooms(void **unused)
{
	const struct room *room;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_file(&bench, KIND_ROOMS, "samples/get-space-room-details.json");
	room = first(&bench, KIND_ROOMS);
	assert_string_equal(room->name, "Hot Desks");
	assert_string_equal(room->floor_id, "space_xxxxxxxxxxxxxxxxxxxxxxxxxxx");
	assert_true(room->capacity == 14 && room->mid_capacity == 7);
	assert_int_equal(count(&bench, KIND_SENSORS), 1);
	take_file(&bench, KIND_ROOMS, "samples/get-space-rooms.json");
	assert_int_equal(bench.page.items, 3);
	take_file(&bench, KIND_ROOMS, "samples/post-space-rooms.placeholder.json");
	take_file(&bench, KIND_ROOMS, "samples/put-space-room.placeholder.json");
	assert_int_equal(count(&bench, KIND_ROOMS), 2);
	room = rows_at(bench.rows[KIND_ROOMS], 1);
	assert_int_equal(room->polygon.n, 0);
	assert_false(room->color.set);
	bench_close(&bench);
}

static void test_devices(void **unused)
{
	const struct sensor *sensor;
	const struct gateway *gateway;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_file(&bench, KIND_SENSORS, "samples/get-sensor.json");
	sensor = first(&bench, KIND_SENSORS);
	assert_string_equal(sensor->floor_id, "space_xxxxxxxxxxxxxxxxxxxxxxxxxxx");
	assert_true(sensor->orientation.v[0] == 0 && sensor->orientation.v[2] == 0);
	assert_string_equal(sensor->gateway_id, "hive_xxxxxxxxxxxxxxxxxxxxxxxxxxx");
	take_file(&bench, KIND_SENSORS, "samples/get-sensors.json");
	assert_int_equal(bench.page.items, 2);
	assert_string_equal(bench.page.next, "");
	take_file(&bench, KIND_SENSORS, "samples/put-sensor.placeholder.json");
	assert_int_equal(count(&bench, KIND_SENSORS), 2);
	take_file(&bench, KIND_GATEWAYS, "samples/get-hive.json");
	gateway = first(&bench, KIND_GATEWAYS);
	assert_string_equal(gateway->serial, "100000000xxxxxxxxx");
	assert_string_equal(gateway->floor_id, "space_xxxxxxxxxxxxxxxxxxxxxxxxxxx");
	assert_true(gateway->sensor_count == 1);
	take_file(&bench, KIND_GATEWAYS, "samples/get-hives.json");
	take_file(&bench, KIND_GATEWAYS, "samples/put-hive.json");
	assert_int_equal(count(&bench, KIND_GATEWAYS), 2);
	assert_string_equal(((const struct gateway *)rows_at(bench.rows[KIND_GATEWAYS], 1))->serial,
			    "febc53c8e685a722");
	bench_close(&bench);
}

static void test_leaky_rows(void **unused)
{
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_file(&bench, KIND_FLOORS, "samples/put-space.placeholder.json");
	assert_int_equal(count(&bench, KIND_SENSORS), 1);
	assert_true(((const struct sensor *)first(&bench, KIND_SENSORS))->battery_percent == 0);
	bench_close(&bench);
}

static void test_zones_and_fixtures(void **unused)
{
	const struct room *zone;
	const struct fixture *fixture;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_file(&bench, KIND_ZONES, "samples/get-space-zones.placeholder.json");
	assert_string_equal(bench.page.next, ""); /* the placeholder "string" is no cursor */
	zone = first(&bench, KIND_ZONES);
	assert_int_equal(zone->polygon.n, 0);
	assert_true(isnan(zone->area) && isnan(zone->capacity));
	take_file(&bench, KIND_ZONES, "samples/get-space-zone.placeholder.json");
	take_file(&bench, KIND_ZONES, "samples/put-space-zone.placeholder.json");
	take_file(&bench, KIND_ZONES, "samples/post-space-zones.placeholder.json");
	assert_int_equal(count(&bench, KIND_ZONES), 1);
	take_file(&bench, KIND_FIXTURES, "samples/get-space-fixture.json");
	fixture = first(&bench, KIND_FIXTURES);
	assert_string_equal(fixture->type, "desk");
	assert_string_equal(fixture->floor_id, "space_of_path");
	take_file(&bench, KIND_FIXTURES, "samples/get-space-fixtures.json");
	assert_int_equal(count(&bench, KIND_FIXTURES), 1);
	take_file(&bench, KIND_FIXTURES, "samples/put-space-fixture.placeholder.json");
	assert_int_equal(count(&bench, KIND_FIXTURES), 1); /* without an id it is no row */
	assert_int_equal(rows_bad(bench.rows[KIND_FIXTURES]), 1);
	bench_close(&bench);
}

static void test_types(void **unused)
{
	GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	struct butlr_page page;
	struct problem problem;
	struct buf bytes;

	(void)unused;
	play_read("samples/get-room-types.json", &bytes);
	assert_int_equal(butlr_decode_types(bytes.data, bytes.length, names, &page, &problem), ERR_OK);
	assert_int_equal(g_hash_table_size(names), 35);
	assert_string_equal(g_hash_table_lookup(names, "em"), "Electromechanical Equipment Room");
	buf_fini(&bytes);
	play_read("samples/get-fixture-types.json", &bytes);
	assert_int_equal(butlr_decode_types(bytes.data, bytes.length, names, &page, &problem), ERR_OK);
	assert_int_equal(page.fresh, 10);
	buf_fini(&bytes);
	g_hash_table_unref(names);
}

/* --- samples of GraphQL --- */

static void test_topology(void **unused)
{
	const struct sensor *sensor;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_graphql(&bench, "samples/graphql-sites-topology.trimmed.json");
	assert_int_equal(bench.result.state, BUTLR_GRAPHQL_OK);
	assert_int_equal(count(&bench, KIND_BUILDINGS), 1);
	assert_true(count(&bench, KIND_FLOORS) >= 2);
	assert_string_equal(((const struct room *)first(&bench, KIND_ROOMS))->floor_id,
			    "space_000001"); /* floorID */
	sensor = butlr_estate_find(&bench.estate, KIND_SENSORS, "sensor_000029");
	assert_non_null(sensor);
	assert_string_equal(sensor->room_id, "room_000061");
	assert_string_equal(sensor->status, STATUS_OFFLINE);
	assert_true(sensor->battery_days < 0); /* the date has passed; six digits of fraction */
	assert_int_equal(sensor->mains, TRUTH_UNKNOWN);
	assert_non_null(butlr_estate_find(&bench.estate, KIND_SENSORS, "sensor_000007"));
	assert_non_null(butlr_estate_find(&bench.estate, KIND_GATEWAYS, "hive_000002"));
	butlr_estate_settle(&bench.estate, false);
	for (size_t i = 0; i < count(&bench, KIND_SENSORS); i++)
		assert_string_not_equal(((const struct sensor *)rows_at(bench.rows[KIND_SENSORS], i))->id,
					"sensor_000007"); /* fa-ke */
	bench_close(&bench);
}

static void test_other_graphql(void **unused)
{
	const struct room *zone;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_graphql(&bench, "samples/graphql-floor-null-sensors.trimmed.json");
	assert_int_equal(count(&bench, KIND_FLOORS), 1);
	assert_int_equal(count(&bench, KIND_ROOMS), 2);
	assert_int_equal(count(&bench, KIND_SENSORS), 0);
	take_graphql(&bench, "samples/graphql-sensors.json");
	assert_string_equal(((const struct sensor *)first(&bench, KIND_SENSORS))->id,
			    "sensor_xxx1"); /* the older name of the id */
	take_graphql(&bench, "inferred/graphql-floor-geometry.json");
	zone = first(&bench, KIND_ZONES);
	assert_string_equal(zone->floor_id, "space_000003");
	assert_null(zone->room_id);
	assert_int_equal(zone->polygon.n, 4);
	take_graphql(&bench, "samples/graphql-tags.json");
	take_graphql(&bench, "samples/graphql-groups.json");
	take_graphql(&bench, "samples/graphql-createGroups.json");
	assert_int_equal(bench.result.state, BUTLR_GRAPHQL_OK);
	take_graphql(&bench, "inferred/graphql-partial-with-errors.json");
	assert_int_equal(bench.result.state, BUTLR_GRAPHQL_PARTIAL);
	take_graphql(&bench, "inferred/graphql-unauthenticated.json");
	assert_int_equal(bench.result.state, BUTLR_GRAPHQL_AUTH);
	take_graphql(&bench, "samples/post-login.json");
	assert_int_equal(bench.result.state, BUTLR_GRAPHQL_NOT);
	bench_close(&bench);
}

static void test_inspect(void **unused)
{
	static const char partial[] = "{\"data\":{\"rooms\":{\"data\":[{\"name\":\"UNAUTHENTICATED\"}]}}}";
	struct buf bytes;

	(void)unused;
	jsonx_setup();
	play_read("inferred/graphql-unauthenticated.json", &bytes);
	assert_int_equal(butlr_graphql_inspect(bytes.data, bytes.length), ERR_AUTH);
	assert_int_equal(butlr_graphql_inspect(bytes.data, bytes.length / 2), ERR_PARSE);
	buf_fini(&bytes);
	assert_int_equal(butlr_graphql_inspect(partial, strlen(partial)), ERR_OK);
	assert_int_equal(butlr_graphql_inspect("<html>", 6), ERR_PARSE);
	assert_int_equal(butlr_graphql_inspect("", 0), ERR_PARSE);
}

static void test_dropping_fields(void **unused)
{
	char text[] =
		"query Q { sites { data { id note capacity { max mid } plans(first: 2) { note url } zones { id } } } }";

	(void)unused;
	assert_true(butlr_graphql_drop(text, "note"));
	assert_null(strstr(text, "note"));
	assert_true(butlr_graphql_drop(text, "capacity"));
	assert_null(strstr(text, "max"));
	assert_true(butlr_graphql_drop(text, "plans"));
	assert_null(strstr(text, "url"));
	assert_non_null(strstr(text, "zones { id }"));
	assert_false(butlr_graphql_drop(text, "sites"));
	assert_false(butlr_graphql_drop(text, "id"));
	assert_false(butlr_graphql_drop(text, "data"));
	assert_false(butlr_graphql_drop(text, "zone"));
	assert_false(butlr_graphql_drop(text, ""));
}

/* --- tolerances, by the table of the reference --- */

static const struct sensor *sensor_of(struct bench *bench, const char *json)
{
	char text[2048];

	bench_open(bench);
	snprintf(text, sizeof(text), "{\"data\":[%s]}", json);
	take_text(bench, KIND_SENSORS, text);
	return first(bench, KIND_SENSORS);
}

static const struct room *room_of(struct bench *bench, const char *json)
{
	char text[2048];

	bench_open(bench);
	snprintf(text, sizeof(text), "{\"id\":\"room_1\",%s}", json);
	take_text(bench, KIND_ROOMS, text);
	return first(bench, KIND_ROOMS);
}

static void test_sensor_spellings(void **unused)
{
	static const char *const entrances[] = {"\"isEntrace\":true", "\"isEntrance\":\"true\"",
						"\"is_entrance\":1"};
	struct bench bench;
	char text[256];

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(entrances); i++) {
		snprintf(text, sizeof(text), "{\"id\":\"s\",\"mac_address\":\"a\",%s}", entrances[i]);
		assert_int_equal(sensor_of(&bench, text)->entrance, 1);
		bench_close(&bench);
	}
	assert_true(sensor_of(&bench, "{\"id\":\"s\",\"coordinates\":[1.5,2]}")->center.x == 1.5);
	bench_close(&bench);
	assert_true(sensor_of(&bench, "{\"id\":\"s\",\"center\":[7,8],\"coordinates\":[1,2]}")->center.y == 8);
	bench_close(&bench);
	assert_true(isnan(sensor_of(&bench, "{\"id\":\"s\",\"center\":[7],\"orientation\":[1,2]}")->center.x));
	assert_true(isnan(((const struct sensor *)first(&bench, KIND_SENSORS))->orientation.v[0]));
	bench_close(&bench);
	assert_string_equal(sensor_of(&bench, "{\"id\":\"s\",\"mode\":\"hologram\"}")->mode, "hologram");
	bench_close(&bench);
	assert_string_equal(sensor_of(&bench, "{\"id\":\"s\",\"mode\":\"repeater\"}")->mode, "repeater");
	bench_close(&bench);
	assert_null(sensor_of(&bench, "{\"id\":\"s\",\"room\":{\"id\":\"\",\"space_id\":\"\"},\"name\":\"\"}")
			    ->room_id);
	assert_null(((const struct sensor *)first(&bench, KIND_SENSORS))->name);
	bench_close(&bench);
}

static void test_health(void **unused)
{
	static const struct {
		const char *json, *status;
	} cases[] = {
		{"\"is_online\":true,\"is_streaming\":true", STATUS_ONLINE},
		{"\"is_online\":true,\"is_streaming\":false", STATUS_DEGRADED},
		{"\"is_online\":true,\"is_streaming\":false,\"is_sleep_time\":true", STATUS_ONLINE},
		{"\"is_online\":false,\"last_heartbeat\":1760455338", STATUS_OFFLINE},
		{"\"last_heartbeat\":1760455338", STATUS_ONLINE},
		{"\"last_heartbeat\":\"2025-10-14T14:54:59Z\"", STATUS_OFFLINE},
		{"\"last_heartbeat\":null", STATUS_UNKNOWN},
	};
	struct bench bench;
	char text[256];

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		snprintf(text, sizeof(text), "{\"id\":\"s\",\"mac_address\":\"00\",%s}", cases[i].json);
		sensor_of(&bench, text);
		butlr_estate_settle(&bench.estate, false);
		assert_string_equal(((const struct sensor *)first(&bench, KIND_SENSORS))->status,
				    cases[i].status);
		bench_close(&bench);
	}
}

static void test_battery(void **unused)
{
	const struct sensor *sensor;
	struct bench bench;

	(void)unused;
	sensor = sensor_of(
		&bench,
		"{\"id\":\"s\",\"remainingBatteryPercent\":41,\"remainingBatteryDays\":100,\"isBatteryLow\":\"false\","
		"\"lastBatteryChange\":\"2021-06-22 22:35:10.655000+00:00\",\"battery_change_by_date\":\"2030-01-01T00:00:00Z\"}");
	assert_true(sensor->battery_percent == 41 && sensor->battery_days == 100);
	assert_int_equal(sensor->battery_low, 0);
	assert_int_equal(sensor->battery_changed_ms, moment_parse("2021-06-22T22:35:10.655Z"));
	bench_close(&bench);
	sensor = sensor_of(
		&bench,
		"{\"id\":\"s\",\"battery_change_by_date\":\"2025-10-15T15:24:59Z\",\"remainingBatteryPercent\":4100}");
	assert_true(sensor->battery_days == 0);
	assert_true(isnan(sensor->battery_percent));
	bench_close(&bench);
	sensor = sensor_of(&bench, "{\"id\":\"s\",\"battery_change_by_date\":\"2025-10-14T15:24:59Z\"}");
	assert_true(sensor->battery_days == -1); /* a second too late is a day too late: rounded down */
	bench_close(&bench);
	sensor = sensor_of(
		&bench,
		"{\"id\":\"s\",\"power_type\":\"Wired\",\"battery_change_by_date\":\"2025-10-15T15:24:59Z\"}");
	assert_int_equal(sensor->mains, 1);
	assert_true(isnan(sensor->battery_days));
	bench_close(&bench);
}

static void test_capacity_and_area(void **unused)
{
	struct bench bench;

	(void)unused;
	assert_true(room_of(&bench, "\"maxCapacity\":0,\"capacity\":14")->capacity == 14);
	bench_close(&bench);
	assert_true(room_of(&bench, "\"capacity\":{\"max\":6,\"mid\":3},\"maxCapacity\":9")->capacity == 6);
	assert_true(((const struct room *)first(&bench, KIND_ROOMS))->mid_capacity == 3);
	bench_close(&bench);
	assert_true(room_of(&bench, "\"capacity\":{\"max\":0},\"maxCapacity\":\"9\"")->capacity == 9);
	bench_close(&bench);
	assert_true(isnan(room_of(&bench, "\"capacity\":0")->capacity));
	bench_close(&bench);
	assert_true(room_of(&bench, "\"area\":{\"value\":12.5,\"unit\":\"m2\"}")->area == 12.5);
	bench_close(&bench);
	assert_true(fabs(room_of(&bench, "\"area\":100,\"area_unit\":\"sqft\"")->area - 9.290304) < 1e-9);
	bench_close(&bench);
}

static void test_polygons(void **unused)
{
	static const struct {
		const char *json;
		size_t n;
	} cases[] = {
		{"[[0,0],[4,0],[4,3],[0,3]]", 4},
		{"[[0,0],[4,0],[4,3],[0,3],[0,0]]", 4},
		{"[0,0,4,0,4,3]", 3},
		{"[0,0,4,0,4]", 0},
		{"{\"0\":[0,0],\"2\":[4,3],\"1\":[4,0]}", 3},
		{"[{\"0\":[0,0],\"1\":[4,0],\"2\":[4,3]}]", 3},
		{"[[\"0\",\"0\"],[4,0],[4,3]]", 3},
		{"[[0,0],[4,0]]", 0},
		{"[[0,0],[4,0],null]", 0},
		{"[[0,0],[4],[1,1]]", 0},
		{"[0]", 0},
		{"null", 0},
		{"\"[[0,0]]\"", 0},
	};
	struct bench bench;
	char text[256];

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		snprintf(text, sizeof(text), "\"coordinates\":%s", cases[i].json);
		assert_int_equal(room_of(&bench, text)->polygon.n, cases[i].n);
		if (cases[i].n == 3)
			assert_true(((const struct room *)first(&bench, KIND_ROOMS))->polygon.at[2].y == 3);
		bench_close(&bench);
	}
}

static void test_colors(void **unused)
{
	struct bench bench;
	const struct room *room;

	(void)unused;
	room = room_of(&bench, "\"color\":[1,2,3]");
	assert_true(room->color.set && room->color.b == 3 && room->color.a == 255);
	bench_close(&bench);
	assert_false(room_of(&bench, "\"color\":[1,2]")->color.set);
	bench_close(&bench);
	assert_false(room_of(&bench, "\"color\":[1,2,300]")->color.set);
	bench_close(&bench);
}

static void test_merging(void **unused)
{
	const struct room *room;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_text(
		&bench, KIND_FLOORS,
		"{\"data\":[{\"id\":\"space_1\",\"rooms\":[{\"id\":\"room_1\",\"name\":\"Nested\",\"area\":7,\"type\":\"office\"}]}]}");
	take_text(&bench, KIND_ROOMS, "{\"data\":[{\"id\":\"room_1\",\"name\":\"Listed\",\"capacity\":3}]}");
	assert_int_equal(bench.page.fresh, 1);
	take_text(
		&bench, KIND_FLOORS,
		"{\"data\":[{\"id\":\"space_1\",\"rooms\":[{\"id\":\"room_1\",\"name\":\"Nested again\",\"color\":[1,2,3]}]}]}");
	assert_int_equal(bench.page.fresh, 0);
	assert_int_equal(count(&bench, KIND_ROOMS), 1);
	room = first(&bench, KIND_ROOMS);
	assert_string_equal(room->name, "Listed");
	assert_string_equal(room->type, "office");
	assert_true(room->area == 7 && room->capacity == 3 && room->color.set);
	bench_close(&bench);
}

static void test_placeholders(void **unused)
{
	struct bench bench;

	(void)unused;
	assert_true(butlr_placeholder_mac("MI-RR-OR-00"));
	assert_true(butlr_placeholder_mac("fa-ke-1"));
	assert_true(butlr_placeholder_mac(NULL));
	assert_false(butlr_placeholder_mac("00-17"));
	assert_true(butlr_placeholder_serial("FakeHive"));
	assert_false(butlr_placeholder_serial("Home"));
	bench_open(&bench);
	take_text(
		&bench, KIND_GATEWAYS,
		"[{\"id\":\"h1\",\"serial_number\":\"FAKE1\"},{\"id\":\"h2\",\"serial_number\":\"\"},{\"id\":\"h3\",\"serial_number\":\"x\"}]");
	butlr_estate_settle(&bench.estate, false);
	assert_int_equal(count(&bench, KIND_GATEWAYS), 1);
	bench_close(&bench);
}

static void test_hostile_names(void **unused)
{
	const struct room *room;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_text(
		&bench, KIND_ROOMS,
		"[{\"id\":\"room_\\u001b[1\",\"name\":\"\\u001b]0;owned\\u0007\\u202eX\"},{\"id\":\"room_\\u001b[1\",\"area\":2}]");
	assert_int_equal(count(&bench, KIND_ROOMS), 1);
	room = first(&bench, KIND_ROOMS);
	assert_null(strchr(room->name, 0x1b));
	assert_null(strchr(room->name, 0x07));
	assert_null(strstr(room->name, "\xE2\x80\xAE"));
	assert_true(room->area == 2);
	bench_close(&bench);
}

/* --- input that means no good --- */

static const char *const samples[] = {
	"samples/get-space-details.json",
	"samples/get-spaces-details.json",
	"samples/get-space-room-details.json",
	"samples/get-sensor.json",
	"samples/get-hive.json",
	"samples/get-space-zones.placeholder.json",
	"samples/get-space-fixtures.json",
	"samples/put-space.placeholder.json",
	"inferred/graphql-sensors-health.json",
	"inferred/graphql-hives-health.json",
	"inferred/graphql-floor-geometry.json",
	"samples/graphql-floor-null-sensors.trimmed.json",
};

/* All decoders over the bytes; only that they survive matters. */
static void take_all(const char *bytes, size_t length)
{
	struct bench bench;

	bench_open(&bench);
	for (size_t i = 0; i < G_N_ELEMENTS(estate_kinds); i++)
		(void)!take_list(&bench, estate_kinds[i], bytes, length);
	(void)!butlr_decode_graphql(bytes, length, &bench.estate, &bench.result, &bench.problem);
	(void)butlr_graphql_inspect(bytes, length);
	butlr_estate_settle(&bench.estate, true);
	bench_close(&bench);
}

static void test_cut_everywhere(void **unused)
{
	struct bench bench;
	struct buf bytes;

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
		play_read(samples[i], &bytes);
		while (bytes.length > 0 &&
		       (bytes.data[bytes.length - 1] == '\n' || bytes.data[bytes.length - 1] == ' '))
			bytes.length--;
		for (size_t length = 0; length < bytes.length; length += length < 600 ? 1 : 37) {
			char *exact = g_memdup2(bytes.data,
						length == 0 ? 1
							    : length); /* so that a byte too far is seen */
			bench_open(&bench);
			assert_int_equal(take_list(&bench, KIND_FLOORS, exact, length), ERR_PARSE);
			assert_int_equal(count(&bench, KIND_FLOORS), 0);
			bench_close(&bench);
			g_free(exact);
		}
		buf_fini(&bytes);
	}
}

static void test_wrong_types_everywhere(void **unused)
{
	struct buf bytes;
	unsigned n = 0;

	(void)unused;
	jsonx_setup();
	for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
		if (strstr(samples[i], "spaces-details") != NULL)
			continue; /* twice the same as the one floor */
		play_read(samples[i], &bytes);
		n += play_mutate(&bytes, take_all);
		buf_fini(&bytes);
	}
	assert_true(n > 3000);
}

static void test_good_rows_stay(void **unused)
{
	static const char *const bad[] = {"null",       "7",          "\"x\"",         "[]",
					  "{}",         "{\"id\":7}", "{\"id\":null}", "{\"id\":\"\"}",
					  "{\"id\":{}}"};
	struct bench bench;
	char text[256];

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		for (size_t k = 0; k < G_N_ELEMENTS(estate_kinds); k++) {
			bench_open(&bench);
			snprintf(text, sizeof(text), "{\"data\":[{\"id\":\"a\"},%s,{\"id\":\"b\"}]}", bad[i]);
			take_text(&bench, estate_kinds[k], text);
			assert_int_equal(count(&bench, estate_kinds[k]), 2);
			assert_int_equal(rows_bad(bench.rows[estate_kinds[k]]), 1);
			bench_close(&bench);
		}
}

static void test_deep_and_huge(void **unused)
{
	struct bench bench;
	struct buf bytes;

	(void)unused;
	buf_init(&bytes, BUF_CEILING_BODY);
	for (size_t i = 0; i < 100000; i++)
		buf_adds(&bytes, "{\"data\":[");
	bench_open(&bench);
	assert_int_not_equal(take_list(&bench, KIND_FLOORS, bytes.data, bytes.length), ERR_OK);
	bench_close(&bench);
	take_all(bytes.data, bytes.length);
	buf_reset(&bytes);
	for (size_t i = 0; i < 1000; i++)
		buf_addc(&bytes, '[');
	for (size_t i = 0; i < 1000; i++)
		buf_addc(&bytes, ']');
	bench_open(&bench);
	assert_int_equal(take_list(&bench, KIND_FLOORS, bytes.data, bytes.length), ERR_TOO_DEEP);
	bench_close(&bench);
	buf_reset(&bytes);
	buf_adds(&bytes, "[{\"id\":\"a\",\"name\":\"");
	for (size_t i = 0; i < 1000000; i++)
		buf_addc(&bytes, 'n');
	buf_adds(&bytes, "\",\"coordinates\":[");
	for (size_t i = 0; i < 50000; i++)
		buf_adds(&bytes, "[1,2],");
	buf_adds(&bytes, "[3,4]]}]");
	bench_open(&bench);
	assert_int_equal(take_list(&bench, KIND_ROOMS, bytes.data, bytes.length), ERR_OK);
	assert_int_equal(((const struct room *)first(&bench, KIND_ROOMS))->polygon.n,
			 0); /* no outline has so many corners */
	bench_close(&bench);
	buf_fini(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spaces),
		cmocka_unit_test(test_rooms),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_leaky_rows),
		cmocka_unit_test(test_zones_and_fixtures),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_topology),
		cmocka_unit_test(test_other_graphql),
		cmocka_unit_test(test_inspect),
		cmocka_unit_test(test_dropping_fields),
		cmocka_unit_test(test_sensor_spellings),
		cmocka_unit_test(test_health),
		cmocka_unit_test(test_battery),
		cmocka_unit_test(test_capacity_and_area),
		cmocka_unit_test(test_polygons),
		cmocka_unit_test(test_colors),
		cmocka_unit_test(test_merging),
		cmocka_unit_test(test_placeholders),
		cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_wrong_types_everywhere),
		cmocka_unit_test(test_good_rows_stay),
		cmocka_unit_test(test_deep_and_huge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
