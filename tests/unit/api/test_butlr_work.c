/* Whole queries against recorded answers: what is asked, what is made of it, and what happens when a surface is missing. */
#include "butlr_play.h"

#include "base/moment.h"
#include "core/kind.h"
#include "model/estate.h"
#include "model/live.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define GRAPHQL "/api/v3/graphql"
#define FILTERS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define END                                                                                                  \
	{                                                                                                    \
		.method = NULL                                                                               \
	}

static const struct play_answer no_graphql[] = {
	{"POST", GRAPHQL, NULL, 404, NULL, "{\"message\":\"Not Found\"}", 0},
	{"GET", "/api/v2/spaces?", NULL, 200, "samples/get-spaces-details.json", NULL, 0},
	{"GET", "/api/v2/spaces/space_xxxxxxxxxxxxxxxxxxxxxxxxxxx/rooms?", NULL, 200,
	 "samples/get-space-rooms.json", NULL, 0},
	{"GET", "/api/v2/spaces/space_xxxxxxxxxxxxxxxxxxxxxxxxxxx/zones", NULL, 200,
	 "samples/get-space-zones.placeholder.json", NULL, 0},
	{"GET", "/api/v2/spaces/space_xxxxxxxxxxxxxxxxxxxxxxxxxxx/fixtures", NULL, 200,
	 "samples/get-space-fixtures.json", NULL, 0},
	{"GET", "/api/v2/sensors?", NULL, 200, "samples/get-sensors.json", NULL, 0},
	{"GET", "/api/v2/sensors/", NULL, 200, "samples/get-sensor.json", NULL, 0},
	{"GET", "/api/v2/hives?", NULL, 200, "samples/get-hives.json", NULL, 0},
	{"GET", "/api/v2/room-types?lang=en-US", NULL, 200, "samples/get-room-types.json", NULL, 0},
	{"GET", "/api/v2/fixture-types?lang=en-US", NULL, 200, "samples/get-fixture-types.json", NULL, 0},
	{"POST", "/api/v3/reporting", NULL, 200, "samples/post-v3-reporting-by-room-time.json", NULL, 0},
	END,
};

static const struct play_answer only_graphql[] = {
	{"POST", GRAPHQL, "sites", 200, "samples/graphql-sites-topology.trimmed.json", NULL, 0},
	{"POST", GRAPHQL, "is_online", 200, "inferred/graphql-sensors-health.json", NULL, 0},
	{"POST", GRAPHQL, "field_of_view", 200, "inferred/graphql-sensors-health.json", NULL, 0},
	{"POST", GRAPHQL, "RoomGeometry", 200, NULL, "{\"data\":{\"rooms\":{\"data\":[]}}}", 0},
	{"POST", GRAPHQL, "hives", 200, "inferred/graphql-hives-health.json", NULL, 0},
	{"GET", "/api/v2", NULL, 404, NULL, "{\"message\":\"gone\"}", 0},
	{"POST", "/api/v3/reporting", "traffic_room_occupancy", 200, NULL,
	 "{\"data\":{\"room_000001\":{\"2025-10-14T15:22:00Z\":{\"sum\":5,\"count\":1,\"mean\":5,\"median\":5}}}}",
	 0},
	{"POST", "/api/v3/reporting", "room_occupancy", 200, NULL,
	 "{\"data\":{\"room_000001\":{\"2025-10-14T15:22:00Z\":{\"median\":9,\"count\":1},\"2025-10-14T15:23:00Z\":{\"median\":3,\"count\":1}},"
	 "\"room_000002\":{\"2025-10-14T15:10:00\":{\"median\":0,\"count\":1}}}}",
	 0},
	{"POST", "/api/v3/detections", "heatmap", 200, "inferred/post-v3-detections-heatmap.json", NULL, 0},
	{"POST", "/api/v3/detections", "detections_local", 200,
	 "inferred/post-v3-detections-several-types.json", NULL, 0},
	END,
};

/* --- the two surfaces --- */

static void test_floors_by_rest(void **unused)
{
	struct play play;
	const struct floor_row *floor;

	(void)unused;
	play_open(&play, NULL);
	play_run(&play, KIND_FLOORS, NULL, no_graphql);
	floor = play_row(&play, KIND_FLOORS, "space_xxxxxxxxxxxxxxxxxxxxxxxxxxx");
	assert_string_equal(floor->name,
			    "Company_Location_2"); /* the sample's ids were made equal: the last wins */
	assert_null(floor->timezone);
	assert_true(isnan(floor->area_m2));
	assert_string_equal(butlr_ops.mode(play.state), "rest");
	assert_int_equal(play.requests, 2);
	play_run(&play, KIND_FLOORS, NULL, no_graphql); /* remembered: GraphQL is not tried again */
	assert_int_equal(play.requests, 1);
	play_close(&play);
}

static void test_rooms_by_rest(void **unused)
{
	struct play play;
	const struct room *room;

	(void)unused;
	play_open(&play, FILTERS("estate", "rest"));
	play_run(&play, KIND_ROOMS, NULL, no_graphql);
	assert_int_equal(rows_count(play_rows(&play, KIND_ROOMS)), 1);
	room = play_row(&play, KIND_ROOMS, "room_xxxxxxxxxxxxxxxxxxxxxxxxxxx");
	assert_string_equal(room->floor_id, "space_xxxxxxxxxxxxxxxxxxxxxxxxxxx");
	assert_int_equal(room->polygon.n, 4);
	assert_true(isnan(room->occupancy));
	assert_int_equal(play_count(&play, "GET /api/v2/room-types?lang=en-US"), 1);
	assert_int_equal(play_count(&play, "GET /api/v2/sensors"), 0);
	play_run(&play, KIND_ROOMS, NULL, no_graphql);
	assert_int_equal(play_count(&play, "room-types"), 0);
	play_close(&play);
}

static void test_zones_and_fixtures_by_rest(void **unused)
{
	const struct fixture *fixture;
	struct play play;

	(void)unused;
	play_open(&play, FILTERS("estate", "rest"));
	play_run(&play, KIND_ZONES, NULL, no_graphql);
	assert_string_equal(((const struct room *)play_row(&play, KIND_ZONES, "string"))->floor_id, "string");
	play_run(&play, KIND_FIXTURES, NULL, no_graphql);
	fixture = play_row(&play, KIND_FIXTURES, "fixture_1vMZWTSpylvm8rPkmkLWTsluX0S");
	assert_string_equal(fixture->type, "placeholdersensor");
	assert_string_equal(fixture->floor_id, "space_xxxxxxxxxxxxxxxxxxxxxxxxxxx");
	assert_true(fixture->rotation == 90 && fixture->center.x == 49.84 && fixture->scale.v[2] == 1);
	play_close(&play);
}

static void test_sensors_by_rest(void **unused)
{
	const struct sensor *sensor;
	const struct gateway *gateway;
	struct play play;

	(void)unused;
	play_open(&play, FILTERS("estate", "rest"));
	play_run(&play, KIND_SENSORS, NULL, no_graphql);
	sensor = play_row(&play, KIND_SENSORS, "sensor_xxxxxxxxxxxxxxxxxxxxxxxxxxx");
	assert_string_equal(sensor->mode, "presence");
	assert_string_equal(sensor->status, STATUS_UNKNOWN);
	assert_true(sensor->orientation.v[0] == 0); /* only the details tell it */
	assert_int_equal(play_count(&play, "GET /api/v2/sensors/sensor_"), 1);
	play_run(&play, KIND_SENSORS, NULL, no_graphql);
	assert_int_equal(play_count(&play, "GET /api/v2/sensors/sensor_"), 0); /* known by now */
	sensor = play_row(&play, KIND_SENSORS, "sensor_xxxxxxxxxxxxxxxxxxxxxxxxxxx");
	assert_true(sensor->orientation.v[2] == 0);
	play_run(&play, KIND_GATEWAYS, NULL, no_graphql);
	gateway = play_row(&play, KIND_GATEWAYS, "hive_xxxxxxxxxxxxxxxxxxxxxxxxxxx");
	assert_string_equal(gateway->serial, "Home");
	assert_true(gateway->sensor_count == 1);
	play_close(&play);
}

static void test_rest_is_retired(void **unused)
{
	static const struct play_answer retired[] = {
		{"GET", "/api/v2/", NULL, 410, NULL, "", 0},
		{"POST", GRAPHQL, "sites", 200, "samples/graphql-sites-topology.trimmed.json", NULL, 0},
		END,
	};
	static const struct play_answer nothing[] = {
		{"GET", "/api/v2/", NULL, 404, NULL, "", 0},
		{"POST", GRAPHQL, NULL, 200, NULL, "<html>hello</html>", 0},
		END,
	};
	struct play play;

	(void)unused;
	play_open(&play, FILTERS("estate", "rest"));
	play_run(&play, KIND_FLOORS, NULL, retired);
	assert_int_equal(play.error, ERR_ABSENT);
	assert_non_null(strstr(work_problem(play.work)->why, "2024-10-11"));
	assert_non_null(strstr(work_problem(play.work)->todo, "estate"));
	play_close(&play);

	play_open(&play, NULL);
	play_run(&play, KIND_FLOORS, NULL, no_graphql); /* REST is learned … */
	play_run(&play, KIND_FLOORS, NULL, retired);    /* … and goes away */
	assert_int_equal(rows_count(play_rows(&play, KIND_FLOORS)) > 0, 1);
	assert_true(play_noticed(&play, "2024-10-11"));
	assert_string_equal(butlr_ops.mode(play.state), "graphql");
	play_close(&play);

	play_open(&play, NULL);
	play_run(&play, KIND_FLOORS, NULL, nothing);
	assert_int_equal(play.error, ERR_ABSENT);
	play_close(&play);
}

static void test_estate_by_graphql(void **unused)
{
	const struct building *building;
	const struct floor_row *floor;
	const struct sensor *sensor;
	const struct gateway *gateway;
	struct play play;

	(void)unused;
	play_open(&play, NULL);
	play_run(&play, KIND_FLOORS, NULL, only_graphql);
	floor = play_row(&play, KIND_FLOORS, "space_000001");
	assert_string_equal(floor->building_id, "building_000001");
	building = play_row(&play, KIND_BUILDINGS, "building_000001"); /* came with the floors */
	assert_string_equal(building->name, "Main Building");
	assert_int_equal(play.requests, 1);
	play_run(&play, KIND_SENSORS, NULL, only_graphql);
	assert_int_equal(rows_count(play_rows(&play, KIND_SENSORS)), 3); /* the placeholder is hidden */
	sensor = play_row(&play, KIND_SENSORS, "sensor_000001");
	assert_string_equal(sensor->status, STATUS_ONLINE);
	assert_true(sensor->battery_days == 252);
	assert_true(isnan(sensor->battery_percent));
	assert_string_equal(sensor->gateway_id, "hive_000001");
	assert_int_equal(sensor->entrance, 0);
	assert_true(sensor->last_seen_ms == INT64_C(1760455338000));
	sensor = play_row(&play, KIND_SENSORS, "sensor_000002");
	assert_int_equal(sensor->mains, 1);
	assert_true(isnan(sensor->battery_days));
	sensor = play_row(&play, KIND_SENSORS, "sensor_000003");
	assert_null(sensor->room_id);
	assert_string_equal(sensor->status, STATUS_OFFLINE);
	assert_string_equal(sensor->gateway_id, "hive_000001"); /* by its hive's serial */
	play_run(&play, KIND_GATEWAYS, NULL, only_graphql);
	gateway = play_row(&play, KIND_GATEWAYS, "hive_000001");
	assert_string_equal(gateway->serial, "65fefe57f497d2f6");
	assert_string_equal(gateway->status, STATUS_ONLINE);
	assert_true(gateway->sensor_count == 3);
	assert_string_equal(butlr_ops.mode(play.state), "graphql");
	play_close(&play);

	play_open(&play, FILTERS("placeholders", "yes"));
	play_run(&play, KIND_SENSORS, FILTERS("room", "room_000076"), only_graphql);
	assert_int_equal(rows_count(play_rows(&play, KIND_SENSORS)), 2);
	play_run(&play, KIND_SENSORS, NULL, only_graphql);
	sensor = play_row(&play, KIND_SENSORS, "sensor_000004");
	assert_string_equal(sensor->mode, "traffic");
	assert_int_equal(sensor->entrance, 1);
	play_close(&play);
}

static const struct play_answer people[] = {
	{"POST", GRAPHQL, "sites", 200, "samples/graphql-sites-topology.trimmed.json", NULL, 0},
	{"POST", GRAPHQL, "RoomGeometry", 200, NULL, "{\"data\":{\"rooms\":{\"data\":[]}}}", 0},
	{"POST", GRAPHQL, "sensors", 200, NULL,
	 "{\"data\":{\"sensors\":{\"data\":[{\"id\":\"s1\",\"mac_address\":\"01\",\"room_id\":\"room_000002\",\"is_online\":true},"
	 "{\"id\":\"s2\",\"mac_address\":\"02\",\"room_id\":\"room_000003\",\"is_online\":false},"
	 "{\"id\":\"s3\",\"mac_address\":\"03\",\"room_id\":\"room_000003\",\"is_online\":true,\"mode\":\"repeater\"}]}}}",
	 0},
	{"GET", "/api/v2", NULL, 404, NULL, "{\"message\":\"gone\"}", 0},
	{"POST", "/api/v3/reporting", "traffic_room_occupancy", 200, NULL,
	 "{\"data\":{\"room_000001\":{\"2025-10-14T15:22:00Z\":{\"sum\":5,\"count\":1,\"mean\":5,\"median\":5}}}}",
	 0},
	{"POST", "/api/v3/reporting", "room_occupancy", 200, NULL,
	 "{\"data\":{\"room_000001\":{\"2025-10-14T15:22:00Z\":{\"median\":9,\"count\":1},\"2025-10-14T15:23:00Z\":{\"median\":3,\"count\":1}},"
	 "\"room_000002\":{\"2025-10-14T15:10:00\":{\"median\":0,\"count\":1}},\"room_000003\":{\"2025-10-14T15:24:00\":{\"median\":0,\"count\":1}}}}",
	 0},
	END,
};

static void test_people_now(void **unused)
{
	const struct room *room;
	struct play play;

	(void)unused;
	play_open(&play, NULL);
	play_run(&play, KIND_ROOMS, NULL, people);
	room = play_row(&play, KIND_ROOMS, "room_000001");
	assert_true(room->occupancy == 5); /* presence's newest window says 3, traffic 5 */
	assert_int_equal(room->occupied, 1);
	assert_true(isnan(room->utilization)); /* capacity 0 is "not told" */
	assert_int_equal(room->stale, 0);
	assert_int_equal(room->as_of_ms, moment_parse("2025-10-14T15:22:00Z"));
	room = play_row(&play, KIND_ROOMS, "room_000002");
	assert_true(room->occupancy == 0);
	assert_int_equal(room->occupied, 0);
	assert_int_equal(room->stale, 1);
	room = play_row(&play, KIND_ROOMS, "room_000003");
	assert_int_equal(room->occupied, TRUTH_UNKNOWN); /* its sensor is offline: a 0 says nothing */
	assert_int_equal(play_count(&play, "\"calibrated\":\"true\""), 1);
	assert_int_equal(play_count(&play, "\"create_empty\":true"), 2);
	assert_int_equal(play_count(&play, "\"start\":\"2025-10-14T15:20:00Z\""), 2);
	play_run(&play, KIND_ROOMS, FILTERS("building", "building_nowhere"), people);
	assert_int_equal(rows_count(play_rows(&play, KIND_ROOMS)), 0);
	play_close(&play);
}

/* --- GraphQL's half answers --- */

static void test_graphql_degrades(void **unused)
{
	static const struct play_answer answers[] = {
		{"POST", GRAPHQL, "netPathStability", 400, NULL,
		 "{\"errors\":[{\"message\":\"Cannot query field \\\"netPathStability\\\" on type \\\"Hive\\\".\","
		 "\"extensions\":{\"code\":\"GRAPHQL_VALIDATION_FAILED\"}}]}",
		 0},
		{"POST", GRAPHQL, "hives", 200, "inferred/graphql-hives-health.json", NULL, 0},
		{"POST", GRAPHQL, "sensors", 200, "inferred/graphql-partial-with-errors.json", NULL, 0},
		END,
	};
	struct play play;

	(void)unused;
	play_open(&play, NULL);
	play_run(&play, KIND_GATEWAYS, NULL, answers);
	assert_int_equal(rows_count(play_rows(&play, KIND_GATEWAYS)), 1);
	assert_true(play_noticed(&play, "Asset not found"));
	assert_int_equal(play.requests, 3);
	play_run(&play, KIND_GATEWAYS, NULL, answers);
	assert_int_equal(play.requests, 2); /* the field is not asked for again */
	play_close(&play);
}

static void test_graphql_refuses_for_ever(void **unused)
{
	static const struct play_answer answers[] = {
		{"POST", GRAPHQL, NULL, 200, NULL,
		 "{\"errors\":[{\"message\":\"Cannot query field \\\"data\\\" on type \\\"Sites\\\".\"}]}", 0},
		END,
	};
	struct play play;

	(void)unused;
	play_open(&play, NULL);
	play_run(&play, KIND_FLOORS, NULL, answers);
	assert_int_equal(play.error, ERR_SERVER);
	assert_int_equal(play.requests, 1);
	play_close(&play);
}

static void test_unauthenticated(void **unused)
{
	static const struct play_answer answers[] = {
		{"POST", GRAPHQL, NULL, 200, "inferred/graphql-unauthenticated.json", NULL, 0},
		END,
	};
	struct play play;

	(void)unused;
	play_open(&play, NULL);
	play_run(&play, KIND_FLOORS, NULL, answers);
	assert_int_equal(play.error, ERR_AUTH);
	play_close(&play);
}

static void test_fixtures_without_graphql(void **unused)
{
	static const struct play_answer answers[] = {
		{"POST", GRAPHQL, "fixtures", 400, NULL,
		 "{\"errors\":[{\"message\":\"Cannot query field \\\"fixtures\\\" on type \\\"Query\\\".\"}]}",
		 0},
		{"GET", "/api/v2/spaces?", NULL, 200, NULL,
		 "{\"data\":[{\"id\":\"space_1\",\"name\":\"One\"}],\"next\":null}", 0},
		{"GET", "/api/v2/spaces/space_1/fixtures", NULL, 200, "samples/get-space-fixtures.json", NULL,
		 0},
		{"GET", "/api/v2/fixture-types", NULL, 500, NULL, "", 0},
		{"POST", GRAPHQL, "sites", 200, NULL, "{\"data\":{\"sites\":{\"data\":[]}}}", 0},
		END,
	};
	struct play play;

	(void)unused;
	play_open(&play, NULL);
	play_run(&play, KIND_FIXTURES, NULL, answers);
	assert_int_equal(rows_count(play_rows(&play, KIND_FIXTURES)), 1);
	play_run(&play, KIND_FLOORS, NULL, answers); /* the rest of the estate is still GraphQL's */
	assert_int_equal(play_count(&play, "GET /api/v2/spaces"), 0);
	play_close(&play);
}

/* --- pages --- */

static void run_pages(struct play *play, const char *second, unsigned second_times)
{
	const struct play_answer answers[] = {
		{"GET", "/api/v2/spaces?details=true&next=a%2F%3D", NULL, 200, NULL, second, second_times},
		{"GET", "/api/v2/spaces?details=true&next=b", NULL, 200, NULL, second, 0},
		{"GET", "/api/v2/spaces?details=true", NULL, 200, NULL,
		 "{\"data\":[{\"id\":\"space_1\"},{\"id\":\"space_2\"}],\"next\":\"a/=\",\"prev\":\"\"}", 0},
		END,
	};

	play_open(play, FILTERS("estate", "rest"));
	play_run(play, KIND_FLOORS, NULL, answers);
}

static void test_pages(void **unused)
{
	struct play play;

	(void)unused;
	run_pages(&play, "{\"data\":[{\"id\":\"space_3\"}],\"next\":\"string\"}", 0);
	assert_int_equal(rows_count(play_rows(&play, KIND_FLOORS)), 3);
	assert_int_equal(play.requests, 2);
	play_close(&play);
	run_pages(&play, "{\"data\":[{\"id\":\"space_3\"}],\"next\":\"a/=\"}", 0); /* the same cursor again */
	assert_int_equal(play.requests, 2);
	assert_int_equal(rows_count(play_rows(&play, KIND_FLOORS)), 3);
	assert_true(play_noticed(&play, "repeated"));
	play_close(&play);
	run_pages(&play, "{\"data\":[{\"id\":\"space_3\"}],\"next\":\"b\"}",
		  0); /* new cursors, nothing new */
	assert_int_equal(play.requests, 3);
	assert_true(play_noticed(&play, "repeated") || play_noticed(&play, "nothing new"));
	play_close(&play);
	run_pages(&play, "{\"data\":[{\"id\":\"space_1\"}],\"next\":\"c\"}",
		  0); /* a new cursor, but all of it is known */
	assert_int_equal(play.requests, 2);
	assert_true(play_noticed(&play, "nothing new"));
	play_close(&play);
	run_pages(&play, "{\"data\":[], \"next\":\"\"}", 0);
	assert_int_equal(rows_count(play_rows(&play, KIND_FLOORS)), 2);
	play_close(&play);
}

/* --- frames and detections --- */

static void test_frames(void **unused)
{
	const struct frame *frame;
	struct play play;

	(void)unused;
	play_open(&play, NULL);
	play.now_ms = INT64_C(1667888620000);
	play_run(&play, KIND_FRAMES, NULL, only_graphql);
	frame = play_row(&play, KIND_FRAMES, "00-17-0d-00-00-70-54-8a@1667888615900");
	assert_string_equal(frame->sensor_id, "sensor_000001");
	assert_string_equal(frame->address, "00-17-0d-00-00-70-54-8a");
	assert_true(frame->celsius.c[0] == 21.01 && frame->celsius.c[12] == 27.39 &&
		    frame->celsius.c[63] == 21.6);
	assert_int_equal(play_count(&play,
				    "\"start\":\"2022-11-08T06:22:40Z\",\"stop\":\"2022-11-08T06:23:40Z\""),
			 1);
	assert_int_equal(play_count(&play, "window"), 0);
	play_run(&play, KIND_FRAMES, NULL, only_graphql);
	assert_int_equal(play.requests, 1); /* the sensors are remembered */
	play.now_ms += INT64_C(11) * 60 * 1000;
	play_run(&play, KIND_FRAMES, NULL, only_graphql);
	assert_int_equal(play.requests, 2);
	play_close(&play);
}

static void test_detections(void **unused)
{
	const struct detection *row;
	struct play play;

	(void)unused;
	play_open(&play, NULL);
	play.now_ms = INT64_C(1667888620000);
	play_run(&play, KIND_DETECTIONS, NULL, only_graphql);
	assert_int_equal(rows_count(play_rows(&play, KIND_DETECTIONS)), 2);
	row = rows_at(play_rows(&play, KIND_DETECTIONS), 0);
	assert_string_equal(row->space, SPACE_SENSOR);
	assert_int_equal(row->points.n, 2);
	assert_true(row->points.at[1].y == 0.5625);
	row = rows_at(play_rows(&play, KIND_DETECTIONS), 1);
	assert_string_equal(row->space, SPACE_FLOOR);
	assert_string_equal(row->sensor_id, "sensor_000001");
	play_run(&play, KIND_DETECTIONS, FILTERS("floor", "space_000003"), only_graphql);
	assert_int_equal(play_count(&play, "\"space_id\":\"space_000003\""), 1);
	assert_int_equal(rows_count(play_rows(&play, KIND_DETECTIONS)), 2);
	play_run(&play, KIND_DETECTIONS, FILTERS("room", "room_1"), only_graphql);
	assert_int_equal(rows_count(play_rows(&play, KIND_DETECTIONS)),
			 0); /* the server did not filter: we do */
	play_run(&play, KIND_DETECTIONS, FILTERS("floor", "space_000003", "floor", "space_9"), only_graphql);
	assert_int_equal(play_count(&play, "\"mac_addresses\":["), 1);
	assert_int_equal(play_count(&play, "\"space_id\""), 0);
	play_close(&play);
}

static void test_frames_without_sensors(void **unused)
{
	static const struct play_answer answers[] = {
		{"POST", GRAPHQL, NULL, 500, NULL, "", 0},
		{"POST", "/api/v3/detections", NULL, 200, "inferred/post-v3-detections-heatmap-flat64.json",
		 NULL, 0},
		END,
	};
	const struct frame *frame;
	struct play play;

	(void)unused;
	play_open(&play, NULL);
	play.now_ms = INT64_C(1667888620000);
	play_run(&play, KIND_FRAMES, NULL, answers);
	assert_int_equal(rows_count(play_rows(&play, KIND_FRAMES)), 1);
	frame = rows_at(play_rows(&play, KIND_FRAMES), 0);
	assert_null(frame->sensor_id);
	assert_true(play_noticed(&play, "sensor_id is not known"));
	play_close(&play);
}

static void test_detections_other_path_and_window(void **unused)
{
	static const struct play_answer answers[] = {
		{"POST", GRAPHQL, NULL, 200, "inferred/graphql-sensors-health.json", NULL, 0},
		{"POST", "/api/v3/detections", NULL, 404, NULL, "", 0},
		{"POST", "/v3/detections", "window", 200, "inferred/post-v3-detections-heatmap.json", NULL, 0},
		{"POST", "/v3/detections", NULL, 400, NULL, "{\"message\":\"window is required\"}", 0},
		END,
	};
	static const struct play_answer never[] = {
		{"POST", GRAPHQL, NULL, 200, "inferred/graphql-sensors-health.json", NULL, 0},
		{"POST", "/", NULL, 404, NULL, "", 0},
		END,
	};
	struct play play;

	(void)unused;
	play_open(&play, NULL);
	play.now_ms = INT64_C(1667888620000);
	play_run(&play, KIND_FRAMES, NULL, answers);
	assert_int_equal(rows_count(play_rows(&play, KIND_FRAMES)), 1);
	assert_int_equal(play.requests, 4);
	assert_int_equal(play_count(&play, "\"window\":{\"every\":\"1s\",\"function\":\"last\"}"), 1);
	play_run(&play, KIND_FRAMES, NULL, answers);
	assert_int_equal(play.requests, 1);
	play_close(&play);
	play_open(&play, NULL);
	play_run(&play, KIND_FRAMES, NULL, never);
	assert_int_equal(play.error, ERR_ABSENT);
	assert_int_equal(play.requests, 3);
	play_close(&play);
}

static void test_long_range_is_split(void **unused)
{
	static const struct play_answer answers[] = {
		{"POST", GRAPHQL, NULL, 200, "inferred/graphql-sensors-health.json", NULL, 0},
		{"POST", "/api/v3/detections", NULL, ERR_TOO_BIG, NULL, "", 2},
		{"POST", "/api/v3/detections", NULL, 504, NULL, "", 1},
		{"POST", "/api/v3/detections", NULL, 200, "inferred/post-v3-detections-heatmap.json", NULL, 0},
		END,
	};
	static const struct play_answer always[] = {
		{"POST", GRAPHQL, NULL, 200, "inferred/graphql-sensors-health.json", NULL, 0},
		{"POST", "/api/v3/detections", NULL, 413, NULL, "", 0},
		END,
	};
	struct play play;

	(void)unused;
	play_open(&play, NULL);
	play.now_ms = INT64_C(1667888640000);
	play_run(&play, KIND_FRAMES, FILTERS("since", "5m"), answers);
	assert_int_equal(rows_count(play_rows(&play, KIND_FRAMES)),
			 1); /* the same frame in each chunk is one row */
	/* 60 s, 30 s, 15 s, 7.5 s refused and so on; then twice as long each time until five minutes are covered */
	assert_int_equal(play_count(&play, "\"start\":\"2022-11-08T06:19:00Z\""), 4);
	assert_int_equal(play_count(&play, "\"stop\":\"2022-11-08T06:19:07.500Z\""), 1);
	assert_int_equal(play_count(&play, "\"stop\":\"2022-11-08T06:24:00Z\""), 1);
	play_run(&play, KIND_FRAMES, FILTERS("since", "5m"), always);
	assert_int_equal(play.error, ERR_SERVER);
	assert_true(play.requests < 30);
	assert_int_equal(play_count(&play, "\"mac_addresses\":[\"00-17-0d-00-00-70-54-8a\"]") +
				 play_count(&play, "\"mac_addresses\":[\"00-17-0d-00-00-70-54-8b\"]") +
				 play_count(&play, "\"mac_addresses\":[\"00-17-0d-00-00-70-54-8c\"]"),
			 1); /* down to one sensor */
	play_close(&play);
}

static void test_newest_frames(void **unused)
{
	struct play play;

	(void)unused;
	play_open(&play, NULL);
	play.now_ms = INT64_C(1667888620000);
	play_run(&play, KIND_FRAMES, FILTERS("limit", "1"), only_graphql);
	assert_int_equal(rows_count(play_rows(&play, KIND_FRAMES)), 1);
	assert_int_equal(play_count(&play, "POST /api/v3/detections"), 1);
	play_close(&play);
}

/* --- occupancy --- */

static const struct play_answer reports[] = {
	{"POST", GRAPHQL, "sites", 200, NULL,
	 "{\"data\":{\"sites\":{\"data\":[{\"id\":\"site_1\",\"timezone\":\"Eastern Time (US & Canada)\",\"buildings\":[{\"id\":\"building_1\",\"floors\":["
	 "{\"id\":\"space_1\",\"name\":\"One\",\"capacity\":{\"max\":50},\"rooms\":[{\"id\":\"room_1\",\"name\":\"Kitchen\",\"capacity\":{\"max\":4}}]},"
	 "{\"id\":\"space_2\",\"name\":\"Two\",\"timezone\":\"Europe/Lisbon\",\"rooms\":[{\"id\":\"room_2\"}]}]}]}]}}}",
	 0},
	{"POST", "/api/v3/reporting", "room_presence_time_secs", 200, NULL,
	 "{\"data\":{\"room_1\":{\"2025-10-14T14:00:00Z\":{\"sum\":1800,\"count\":1}}}}", 0},
	{"POST", "/api/v3/reporting", "traffic_room_occupancy", 503, NULL, "", 0},
	{"POST", "/api/v3/reporting", "room_occupancy", 200, NULL,
	 "{\"data\":{\"room_1\":{\"2025-10-14T14:00:00Z\":{\"sum\":6,\"min\":1,\"max\":3,\"count\":3,\"mean\":2,\"median\":2,\"stddev\":0.5},"
	 "\"2025-10-14T15:00:00\":{\"mean\":null,\"sum\":null,\"count\":0}}}}",
	 0},
	{"POST", "/api/v3/reporting", NULL, 200, NULL, "{\"data\":{}}", 0},
	END,
};

static void test_occupancy(void **unused)
{
	const struct occupancy *row;
	struct play play;

	(void)unused;
	play_open(&play, NULL);
	play_run(&play, KIND_OCCUPANCY, FILTERS("type", "room", "floor", "space_1"), reports);
	assert_int_equal(rows_count(play_rows(&play, KIND_OCCUPANCY)),
			 1); /* null is no value: a gap stays a gap */
	row = play_row(&play, KIND_OCCUPANCY, "room_1@2025-10-14T14:00:00Z");
	assert_string_equal(row->space_name, "Kitchen");
	assert_int_equal(row->end_ms - row->start_ms, 3600000);
	assert_true(row->avg == 2 && row->max == 3 && row->median == 2 && row->stddev == 0.5 && row->sum == 6);
	assert_true(row->utilization_avg == 0.5 && row->utilization_max == 0.75);
	assert_true(row->time_used_s == 1800);
	assert_true(play_noticed(&play, "503"));
	assert_int_equal(play_count(&play, "\"start\":\"2025-10-13T15:00:00Z\""),
			 5); /* a window's begin, not a day ago to the second */
	assert_int_equal(play_count(&play, "\"timezone\":\"America/New_York\""), 5);
	assert_int_equal(play_count(&play, "\"rooms\":{\"eq\":[\"room_1\"]}"), 5);
	assert_int_equal(play_count(&play, "\"order\":[\"room_id\",\"time\"]"), 5);
	play_close(&play);
}

static void test_occupancy_kinds(void **unused)
{
	struct play play;

	(void)unused;
	play_open(&play, NULL);
	play_run(&play, KIND_OCCUPANCY, FILTERS("every", "10m"), reports);
	play_rows(&play, KIND_OCCUPANCY);
	assert_int_equal(play_count(&play, "\"floor_occupancy\""),
			 4); /* mean and peak, one each a time zone */
	assert_int_equal(play_count(&play, "\"room_occupancy\""), 4);
	assert_int_equal(play_count(&play, "zone_occupancy"), 0);
	assert_int_equal(play_count(&play, "\"every\":\"5m\""), 20);
	assert_true(play_noticed(&play, "5m"));
	play_run(&play, KIND_OCCUPANCY, FILTERS("room", "room_2"), reports);
	assert_int_equal(play_count(&play, "floor_occupancy"), 0);
	assert_int_equal(play_count(&play, "Europe/Lisbon"), 5);
	play_close(&play);
}

/* The depth of an answer may be smaller than the order asked for (butlr.md §7.1). */
/* The peak is asked for by itself and joined by space and window, whichever measurement and sensor it is of. */
static void test_occupancy_peak(void **unused)
{
	static const struct play_answer answers[] = {
		{"POST", GRAPHQL, "sites", 200, NULL,
		 "{\"data\":{\"sites\":{\"data\":[{\"id\":\"site_1\",\"buildings\":[{\"id\":\"building_1\",\"floors\":["
		 "{\"id\":\"space_1\",\"timezone\":\"UTC\",\"rooms\":[{\"id\":\"room_1\",\"capacity\":{\"max\":4}}]}]}]}]}}}",
		 0},
		{"POST", "/api/v3/reporting",
		 "\"function\":\"max\",\"timezone\":\"UTC\"},\"filter\":{\"start\":\"2025-10-13T15:00:00Z\",\"stop\":\"2025-10-14T15:00:00Z\",\"measurements\":[\"room_occupancy\"]",
		 200, NULL,
		 "{\"data\":{\"room_1\":{\"2025-10-14T13:00:00Z\":{\"mean\":5,\"max\":5,\"sum\":5,\"count\":1},"
		 "\"2025-10-14T12:00:00Z\":{\"mean\":9,\"max\":9,\"sum\":9,\"count\":1}}}}",
		 0},
		{"POST", "/api/v3/reporting", "\"function\":\"max\"", 200, NULL,
		 "{\"data\":{\"room_1\":{\"2025-10-14T13:00:00Z\":{\"mean\":6,\"max\":6,\"sum\":6,\"count\":1}}}}",
		 0},
		{"POST", "/api/v3/reporting", "\"room_occupancy\"", 200, NULL,
		 "{\"data\":{\"room_1\":{\"2025-10-14T13:00:00Z\":{\"mean\":2.5,\"max\":2.5,\"sum\":2.5,\"count\":1},"
		 "\"2025-10-14T14:00:00Z\":{\"mean\":1,\"max\":1,\"sum\":1,\"count\":1}}}}",
		 0},
		{"POST", "/api/v3/reporting", NULL, 200, NULL, "{\"data\":{}}", 0},
		END,
	};
	const struct occupancy *row;
	struct play play;

	(void)unused;
	play_open(&play, NULL);
	play_run(&play, KIND_OCCUPANCY, FILTERS("type", "room"), answers);
	/* A peak without people on the mean is no row. */
	assert_int_equal(rows_count(play_rows(&play, KIND_OCCUPANCY)), 2);
	row = play_row(&play, KIND_OCCUPANCY, "room_1@2025-10-14T13:00:00Z");
	assert_true(row->avg == 2.5 && row->max == 6);
	assert_true(row->utilization_avg == 0.625 && row->utilization_max == 1.5);
	/* Not told: the mean is not passed off as the peak. */
	row = play_row(&play, KIND_OCCUPANCY, "room_1@2025-10-14T14:00:00Z");
	assert_true(row->avg == 1 && isnan(row->max) && isnan(row->utilization_max));
	play_close(&play);
}

static void test_occupancy_of_one_space_without_its_level(void **unused)
{
	static const struct play_answer answers[] = {
		{"POST", GRAPHQL, "sites", 200, NULL,
		 "{\"data\":{\"sites\":{\"data\":[{\"id\":\"site_1\",\"buildings\":[{\"id\":\"building_1\",\"floors\":["
		 "{\"id\":\"space_1\",\"timezone\":\"UTC\",\"rooms\":[{\"id\":\"room_1\"}]}]}]}]}}}",
		 0},
		{"POST", "/api/v3/reporting", "\"room_occupancy\"", 200, NULL,
		 "{\"data\":{\"2025-10-14T14:00:00Z\":{\"sum\":6,\"count\":3,\"mean\":2}}}", 0},
		{"POST", "/api/v3/reporting", NULL, 200, NULL, "{\"data\":{}}", 0},
		END,
	};
	const struct occupancy *row;
	struct play play;

	(void)unused;
	play_open(&play, NULL);
	play_run(&play, KIND_OCCUPANCY, FILTERS("type", "room"), answers);
	row = play_row(&play, KIND_OCCUPANCY, "room_1@2025-10-14T14:00:00Z");
	assert_true(row->avg == 2);
	play_close(&play);
}

static void test_report_fails(void **unused)
{
	static const struct play_answer answers[] = {
		{"POST", GRAPHQL, "sites", 200, "samples/graphql-sites-topology.trimmed.json", NULL, 0},
		{"POST", "/api/v3/reporting", NULL, 400, "samples/error-400-post-space-fixtures.json", NULL,
		 0},
		END,
	};
	struct play play;

	(void)unused;
	play_open(&play, NULL);
	play_run(&play, KIND_OCCUPANCY, NULL, answers);
	assert_int_equal(play.error, ERR_SERVER);
	assert_non_null(strstr(work_problem(play.work)->why, "Invalid request"));
	play_close(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_floors_by_rest),
		cmocka_unit_test(test_rooms_by_rest),
		cmocka_unit_test(test_zones_and_fixtures_by_rest),
		cmocka_unit_test(test_sensors_by_rest),
		cmocka_unit_test(test_rest_is_retired),
		cmocka_unit_test(test_estate_by_graphql),
		cmocka_unit_test(test_people_now),
		cmocka_unit_test(test_graphql_degrades),
		cmocka_unit_test(test_graphql_refuses_for_ever),
		cmocka_unit_test(test_unauthenticated),
		cmocka_unit_test(test_fixtures_without_graphql),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_detections),
		cmocka_unit_test(test_frames_without_sensors),
		cmocka_unit_test(test_detections_other_path_and_window),
		cmocka_unit_test(test_long_range_is_split),
		cmocka_unit_test(test_newest_frames),
		cmocka_unit_test(test_occupancy),
		cmocka_unit_test(test_occupancy_kinds),
		cmocka_unit_test(test_occupancy_peak),
		cmocka_unit_test(test_occupancy_of_one_space_without_its_level),
		cmocka_unit_test(test_report_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
