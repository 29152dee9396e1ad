/* What is sent: signing in, every write of the document, detections and reports, each against the bodies that a source shows. */
#include "butlr_play.h"

#include "api/butlr/auth.h"
#include "api/butlr/detections.h"
#include "api/butlr/report.h"
#include "api/butlr/requests.h"
#include "base/jsonx.h"
#include "base/moment.h"
#include "base/secret.h"
#include "net/token.h"

#include <glib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* The same JSON, whatever the order of members and blanks. */
static void assert_json_file(const char *body, const char *file)
{
	struct jsonx ours, theirs;
	struct buf bytes;

	play_read(file, &bytes);
	jsonx_setup();
	jsonx_init(&ours);
	jsonx_init(&theirs);
	assert_int_equal(jsonx_parse(&ours, body, strlen(body), NULL), ERR_OK);
	assert_int_equal(jsonx_parse(&theirs, bytes.data, bytes.length, NULL), ERR_OK);
	if (!cJSON_Compare(ours.root, theirs.root, true))
		fail_msg("%s is not what %s holds", body, file);
	jsonx_fini(&ours);
	jsonx_fini(&theirs);
	buf_fini(&bytes);
}

/* The same members of the same types, as in a schema with dummy values. */
static void assert_members(const char *body, const char *file, bool first_of_array)
{
	struct jsonx ours, theirs;
	struct buf bytes;
	const cJSON *schema;

	play_read(file, &bytes);
	jsonx_setup();
	jsonx_init(&ours);
	jsonx_init(&theirs);
	assert_int_equal(jsonx_parse(&ours, body, strlen(body), NULL), ERR_OK);
	assert_int_equal(jsonx_parse(&theirs, bytes.data, bytes.length, NULL), ERR_OK);
	schema = first_of_array ? theirs.root->child : theirs.root;
	assert_int_equal(cJSON_GetArraySize(ours.root), cJSON_GetArraySize(schema));
	for (const cJSON *member = schema->child; member != NULL; member = member->next) {
		const cJSON *mine = jsonx_get(ours.root, member->string);
		if (mine == NULL || (mine->type & 0xFF) != (member->type & 0xFF))
			fail_msg("%s: %s", file, member->string);
	}
	jsonx_fini(&ours);
	jsonx_fini(&theirs);
	buf_fini(&bytes);
}

/* --- signing in --- */

struct sign_in {
	struct buf path, body, type;
	struct problem problem;
	int error;
};

static void sign_in(struct sign_in *out, const struct butlr_login *login, const struct token *token)
{
	buf_init(&out->path, BUF_CEILING_LINE);
	buf_init(&out->body, BUF_CEILING_LINE);
	buf_init(&out->type, BUF_CEILING_LINE);
	out->error = butlr_auth.request((void *)(uintptr_t)login, token, &out->path, &out->body, &out->type,
					&out->problem);
}

static void sign_in_done(struct sign_in *out)
{
	buf_fini(&out->path);
	buf_fini(&out->body);
	buf_fini(&out->type);
}

static void test_client_credentials(void **unused)
{
	struct butlr_login login = {.client_id = "CLIENT_ID",
				    .client_secret = "CLIENT_SECRET",
				    .username = "u",
				    .password = "p"};
	struct sign_in out;

	(void)unused;
	sign_in(&out, &login, NULL);
	assert_int_equal(out.error, ERR_OK);
	assert_string_equal(buf_text(&out.path), "/api/v2/clients/login");
	assert_string_equal(buf_text(&out.type), "application/json");
	assert_json_file(buf_text(&out.body), "samples/requests/post-clients-login.json");
	sign_in_done(&out);
}

static void test_user_login_and_refresh(void **unused)
{
	struct butlr_login login = {.username = "your_email@butlr.io", .password = "123!"};
	struct token token = {.refresh = "v1.MlbvM7oBuuAlsbsaf23asdfasdf234asdfgk-ggae89oikjasdfLFKJDFH",
			      .client_id = "c9023dlDKLFJKPdckspoek229KJD"};
	struct sign_in out;

	(void)unused;
	sign_in(&out, &login, &token); /* no path for a refresh is known: the password again */
	assert_string_equal(buf_text(&out.path), "/api/v2/login");
	assert_json_file(buf_text(&out.body), "samples/requests/post-login.json");
	sign_in_done(&out);
	login.refresh_path = "/api/v2/login/refresh";
	sign_in(&out, &login, &token);
	assert_string_equal(buf_text(&out.path), "/api/v2/login/refresh");
	assert_json_file(buf_text(&out.body), "samples/requests/post-login-refresh.json");
	sign_in_done(&out);
	assert_true(butlr_auth.refresh_failed(&login, 401, "", 0));
	assert_false(butlr_auth.refresh_failed(&login, 503, "", 0));
	assert_false(butlr_auth.refresh_failed(&login, 429, "", 0));
	login.password = NULL;
	login.refresh_path = NULL;
	sign_in(&out, &login, &token);
	assert_int_equal(out.error, ERR_CONFIG);
	assert_non_null(strstr(out.problem.why, "password"));
	sign_in_done(&out);
}

static void answer(struct token *token, const char *text, int expected)
{
	struct problem problem;

	jsonx_setup();
	assert_int_equal(butlr_auth.answer(NULL, text, strlen(text), PLAY_NOW, token, &problem), expected);
}

static void test_token(void **unused)
{
	struct token token = {0};
	struct buf bytes;
	char *client;

	(void)unused;
	play_read("samples/post-clients-login.json", &bytes);
	answer(&token, bytes.data, ERR_OK);
	assert_string_equal(token.access, "your_access_token");
	assert_true(token.expires_ms == PLAY_NOW + 3666000);
	assert_null(token.refresh);
	buf_fini(&bytes);
	play_read("samples/post-login.json", &bytes);
	answer(&token, bytes.data, ERR_OK);
	assert_string_equal(token.refresh, "v1.************");
	assert_true(token.expires_ms == PLAY_NOW + 86400000);
	buf_fini(&bytes);
	answer(&token, "{\"access_token\":\"a\",\"expires_in\":\"1000\"}", ERR_OK);
	assert_true(token.expires_ms == PLAY_NOW + 1000000);
	answer(&token, "{\"access_token\":\"a\",\"expires_in\":0}", ERR_OK);
	assert_true(token.expires_ms == PLAY_NOW + 300000);
	answer(&token, "{\"access_token\":\"\"}", ERR_PARSE);
	answer(&token, "{\"access_token\":7}", ERR_PARSE);
	answer(&token, "<html>", ERR_PARSE);
	/* {"azp":"client-7"} between two parts that do not matter */
	client = butlr_token_client("x.eyJhenAiOiJjbGllbnQtNyJ9.y");
	assert_string_equal(client, "client-7");
	secret_free(client);
	assert_null(butlr_token_client("x.y"));
	assert_null(butlr_token_client("x.!!!!.y"));
	assert_null(butlr_token_client(NULL));
	token_fini(&token);
}

/* --- writes --- */

static const struct point corners[] = {{0, 0}, {4, 0}, {4, 3}};

static void assert_sent(const struct butlr_request *request, const char *method, const char *path)
{
	assert_string_equal(request->method, method);
	assert_string_equal(buf_text(&request->path), path);
}

static void test_spaces(void **unused)
{
	struct butlr_space space = {.id = "space_1",
				    .name = "n",
				    .address = "a",
				    .timezone = "UTC",
				    .area = NAN,
				    .sensors_json = "[{\"id\":\"s\"}]"};
	struct butlr_request request;
	struct problem problem;

	(void)unused;
	butlr_request_init(&request);
	assert_int_equal(butlr_space_create(&request, "794 Odie Knolls", &problem), ERR_OK);
	assert_sent(&request, "POST", "/api/v2/spaces");
	assert_json_file(buf_text(&request.body), "samples/requests/post-spaces.json");
	assert_int_equal(butlr_request_in_array(&request), ERR_OK);
	assert_string_equal(buf_text(&request.body), "[{\"name\":\"794 Odie Knolls\"}]");
	assert_int_equal(butlr_request_in_array(&request), ERR_INVALID);
	assert_int_equal(butlr_space_create(&request, "", &problem), ERR_INVALID);
	assert_int_equal(butlr_space_update(&request, &space, &problem), ERR_OK);
	assert_sent(&request, "PUT", "/api/v2/spaces/space_1");
	assert_members(buf_text(&request.body), "samples/requests/put-space.placeholder.json", false);
	space.hives_json = "[}";
	assert_int_not_equal(butlr_space_update(&request, &space, &problem), ERR_OK);
	space.hives_json = "{}";
	assert_int_equal(butlr_space_update(&request, &space, &problem), ERR_INVALID);
	space.hives_json = NULL;
	space.timezone = "";
	assert_int_equal(butlr_space_update(&request, &space, &problem), ERR_INVALID);
	butlr_request_fini(&request);
}

static void test_rooms(void **unused)
{
	struct butlr_room room = {.name = "Hall \"7\"",
				  .type = "hall",
				  .height = 3,
				  .color = {1, 2, 3, 255, true},
				  .coordinates = {corners, 3}};
	struct butlr_request request;
	struct problem problem;

	(void)unused;
	butlr_request_init(&request);
	assert_int_equal(butlr_room_create(&request, "space 1/é", &room, &problem), ERR_OK);
	assert_sent(&request, "POST", "/api/v2/spaces/space%201%2F%C3%A9/rooms");
	assert_members(buf_text(&request.body), "samples/requests/post-space-rooms.placeholder.json", true);
	assert_non_null(strstr(buf_text(&request.body), "\"coordinates\":[[0,0],[4,0],[4,3]]"));
	assert_non_null(strstr(buf_text(&request.body), "\"color\":[1,2,3,255]"));
	assert_int_equal(butlr_room_update(&request, "space_1", "room_1", &room, &problem), ERR_OK);
	assert_sent(&request, "PUT", "/api/v2/spaces/space_1/rooms/room_1");
	assert_members(buf_text(&request.body), "samples/requests/put-space-room.placeholder.json", true);
	room.color.set = false;
	assert_int_equal(butlr_room_update(&request, "space_1", "room_1", &room, &problem), ERR_INVALID);
	assert_int_equal(butlr_room_create(&request, NULL, &room, &problem), ERR_INVALID);
	room.coordinates.n = 2;
	assert_int_equal(butlr_room_create(&request, "space_1", &room, &problem), ERR_INVALID);
	butlr_request_fini(&request);
}

static void test_zones_and_fixtures(void **unused)
{
	struct butlr_zone zone = {.name = "z",
				  .type = "t",
				  .color = {1, 2, 3, 4, true},
				  .coordinates = {corners, 3},
				  .area = 5,
				  .capacity = 6,
				  .mid_capacity = 3};
	struct butlr_fixture fixture = {.type = "desk",
					.center = {1, 2},
					.rotation = 90,
					.scale = {{1, 1, 1}}};
	struct butlr_request request;
	struct problem problem;

	(void)unused;
	butlr_request_init(&request);
	assert_int_equal(butlr_zone_create(&request, "space_1", &zone, &problem), ERR_OK);
	assert_sent(&request, "POST", "/api/v2/spaces/space_1/zones");
	assert_non_null(strstr(buf_text(&request.body), "\"type\":\"t\""));
	assert_int_equal(butlr_zone_update(&request, "space_1", "zone_1", &zone, &problem), ERR_OK);
	assert_sent(&request, "PUT", "/api/v2/spaces/space_1/zones/zone_1");
	assert_members(buf_text(&request.body), "samples/requests/put-space-zone.placeholder.json", false);
	assert_int_equal(butlr_fixture_add(&request, "space_1", &fixture, &problem), ERR_OK);
	assert_sent(&request, "POST", "/api/v2/spaces/space_1/fixtures");
	assert_members(buf_text(&request.body), "samples/requests/post-space-fixtures.placeholder.json",
		       true);
	assert_int_equal(butlr_fixture_update(&request, "space_1", "fixture_1", &fixture, &problem), ERR_OK);
	assert_sent(&request, "PUT", "/api/v2/spaces/space_1/fixtures/fixture_1");
	assert_members(buf_text(&request.body), "samples/requests/put-space-fixture.placeholder.json", true);
	fixture.rotation = NAN;
	assert_int_equal(butlr_fixture_add(&request, "space_1", &fixture, &problem), ERR_INVALID);
	assert_int_equal(butlr_fixture_update(&request, "space_1", "fixture_1", &fixture, &problem), ERR_OK);
	assert_null(strstr(buf_text(&request.body), "rotation"));
	butlr_request_fini(&request);
}

static void test_devices_and_the_rest(void **unused)
{
	struct butlr_request request;
	struct problem problem;

	(void)unused;
	butlr_request_init(&request);
	assert_int_equal(butlr_sensor_update(&request, "00-17-0d-00-00-70-54-8a", "{\"name\":\"x\"}",
					     &problem),
			 ERR_OK);
	assert_sent(&request, "PUT", "/api/v2/sensors/00-17-0d-00-00-70-54-8a");
	assert_string_equal(buf_text(&request.body), "{\"name\":\"x\"}");
	assert_int_equal(butlr_sensor_update(&request, "s", "[1]", &problem), ERR_INVALID);
	assert_int_equal(butlr_sensor_update(&request, "s", NULL, &problem), ERR_INVALID);
	assert_int_equal(butlr_hive_activate(&request, "{\"serial_number\":\"1\"}", &problem), ERR_OK);
	assert_sent(&request, "POST", "/api/v2/hives");
	assert_int_equal(butlr_hive_update(&request, "hive_1", "{}", &problem), ERR_OK);
	assert_sent(&request, "PUT", "/api/v2/hives/hive_1");
	assert_int_equal(butlr_delete(&request, BUTLR_HIVE, NULL, "hive_1", &problem), ERR_OK);
	assert_sent(&request, "DELETE", "/api/v2/hives/hive_1");
	assert_int_equal(request.body.length, 0);
	assert_int_equal(butlr_delete(&request, BUTLR_ROOM, "space_1", "room_1", &problem), ERR_OK);
	assert_sent(&request, "DELETE", "/api/v2/spaces/space_1/rooms/room_1");
	assert_int_equal(butlr_delete(&request, BUTLR_ROOM, NULL, "room_1", &problem), ERR_INVALID);
	assert_int_equal(butlr_delete(&request, BUTLR_SPACE, NULL, "", &problem),
			 ERR_INVALID); /* never the whole list */
	assert_int_equal(butlr_read_one(&request, BUTLR_ZONE, "space_1", "zone_1", &problem), ERR_OK);
	assert_sent(&request, "GET", "/api/v2/spaces/space_1/zones/zone_1");
	assert_int_equal(butlr_read_one(&request, BUTLR_SPACE, NULL, "space_1", &problem), ERR_OK);
	assert_sent(&request, "GET", "/api/v2/spaces/space_1?details=true");
	assert_int_equal(butlr_preferences_update(&request, "/api/v2/preferences", "zh-Hans", &problem),
			 ERR_OK);
	assert_sent(&request, "PUT", "/api/v2/preferences");
	assert_json_file(buf_text(&request.body), "samples/requests/put-user-preferences.json");
	assert_int_equal(butlr_preferences_read(&request, NULL, &problem), ERR_INVALID);
	butlr_request_fini(&request);
}

/* --- reads with a body --- */

static void test_detections(void **unused)
{
	static const char *const macs[] = {"string"};
	struct butlr_detect_ask ask = {.data = BUTLR_LOCAL,
				       .from_ms = INT64_C(1667888615000),
				       .to_ms = INT64_C(1667888616500),
				       .floor_id = "string",
				       .room_id = "string",
				       .macs = macs,
				       .n_macs = 1,
				       .window = true};
	struct problem problem;
	struct buf body;

	(void)unused;
	buf_init(&body, BUF_CEILING_LINE);
	butlr_detections_body(&body, &ask);
	assert_members(buf_text(&body), "samples/requests/post-v3-detections.placeholder.json", false);
	assert_non_null(strstr(
		buf_text(&body),
		"\"start\":\"2022-11-08T06:23:35Z\",\"stop\":\"2022-11-08T06:23:36.500Z\",\"omit_empty_value\":false"));
	buf_reset(&body);
	assert_int_equal(butlr_density_body(&body, "space_2qfeX6pnfGCeD4r49CtSJqYq456",
					    moment_parse("2024-01-01"), moment_parse("2024-01-08"), 0.5,
					    false, &problem),
			 ERR_OK);
	assert_json_file(buf_text(&body), "samples/requests/post-v3-detections-heatmap-v2.json");
	assert_int_equal(butlr_density_body(&body, "s", 0, INT64_C(604800001), 0.5, false, &problem),
			 ERR_INVALID);
	assert_int_equal(butlr_density_body(&body, "s", 0, 1000, 0.3, false, &problem), ERR_INVALID);
	buf_fini(&body);
}

static void test_reports(void **unused)
{
	static const char *const ids[] = {"space_2qfew8mjwwek7JwLY1zS9cgyPo6"},
				 *const rooms[] = {"room_2qfewCOsBcP2ylz62KeUDgdr0Is"};
	static const char *const by_time[] = {"time", NULL}, *const by_field[] = {"time", "field", NULL};
	static const char *const items[] = {"space_2wSkH9lwbkBj5QJrxdpQceWcczs",
					    "space_2wSkNv3JhtnqujkpI6FZxycSOQr"};
	static const char *const measurements[] = {"occupancy_median_traffic", "occupancy_avg_traffic", NULL},
				 *const days[] = {"Wednesday", "Thursday", NULL};
	struct butlr_report_ask ask = {.measurement = "floor_presence_time_secs",
				       .every = "1h",
				       .function = "sum",
				       .timezone = "Europe/Amsterdam",
				       .from_ms = moment_parse("2024-01-01T04:00:00Z"),
				       .to_ms = moment_parse("2024-01-02T04:00:00Z"),
				       .filter = "spaces",
				       .ids = ids,
				       .n_ids = 1,
				       .order = by_time};
	struct buf body;

	(void)unused;
	buf_init(&body, BUF_CEILING_LINE);
	butlr_report_body(&body, &ask);
	assert_json_file(buf_text(&body), "samples/requests/post-v3-reporting-presence-time-by-time.json");
	buf_reset(&body);
	ask.measurement = "traffic";
	ask.timezone = "America/New_York";
	ask.filter = "rooms";
	ask.ids = rooms;
	ask.order = by_field;
	butlr_report_body(&body, &ask);
	assert_json_file(buf_text(&body), "samples/requests/post-v3-reporting-traffic-by-time-field.json");
	buf_reset(&body);
	butlr_stats_body(&body, measurements, items, 2, moment_parse("2025-04-01"),
			 moment_parse("2025-04-08"), days, "08:00", "12:00");
	assert_members(buf_text(&body), "samples/requests/post-v4-reporting-stats.json", false);
	assert_non_null(strstr(buf_text(&body), "\"start\":\"2025-04-01T00:00:00Z\""));
	assert_non_null(strstr(
		buf_text(&body),
		"\"filters\":{\"exclude_days_of_week\":[\"Wednesday\",\"Thursday\"],\"time_ranges\":[{\"start\":\"08:00\",\"stop\":\"12:00\"}]}"));
	buf_fini(&body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_client_credentials),
		cmocka_unit_test(test_user_login_and_refresh),
		cmocka_unit_test(test_token),
		cmocka_unit_test(test_spaces),
		cmocka_unit_test(test_rooms),
		cmocka_unit_test(test_zones_and_fixtures),
		cmocka_unit_test(test_devices_and_the_rest),
		cmocka_unit_test(test_detections),
		cmocka_unit_test(test_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
