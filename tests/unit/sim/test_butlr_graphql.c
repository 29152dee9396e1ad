#include "butlr_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const cJSON *query(struct play *play, const char *text)
{
	cJSON *body = cJSON_CreateObject();
	char *request;
	const cJSON *answer;

	cJSON_AddStringToObject(body, "query", text);
	request = cJSON_PrintUnformatted(body);
	cJSON_Delete(body);
	answer = play_ask(play, "POST", "/api/v3/graphql", request);
	cJSON_free(request);
	assert_int_equal(play->status, 200);
	assert_non_null(answer);
	return answer;
}

static void shape(struct play *play, const char *sample, const char *text)
{
	char *bytes = play_sample(sample);
	const cJSON *answer = query(play, text);
	struct jsonx want;

	jsonx_init(&want);
	assert_int_equal(jsonx_parse(&want, bytes, strlen(bytes), NULL), ERR_OK);
	play_same_shape(want.root, answer);
	jsonx_fini(&want);
	g_free(bytes);
}

static void tells_the_whole_topology(void **state)
{
	struct play play;
	const cJSON *answer, *building, *floor;
	int floors = 0, rooms = 0;

	(void)state;
	play_init(&play, NULL);
	answer = query(
		&play,
		"query GetFullTopology { sites { data { id name timezone siteNumber customID org_id "
		"buildings { id name building_number site_id customID capacity { max mid } address { lines country } "
		"floors { id name floorNumber building_id timezone installation_date customID capacity { max mid } "
		"area { value unit } rooms { id name floor_id roomType customID capacity { max mid } coordinates } "
		"zones { id name floor_id room_id customID coordinates sensors { id name mac_address mode floor_id "
		"room_id hive_serial is_entrance is_online } } } } } } }");
	assert_null(jsonx_get(answer, "errors"));
	cJSON_ArrayForEach(building, jsonx_get(jsonx_path(answer, "data.sites.data")->child, "buildings"))
	{
		cJSON_ArrayForEach(floor, jsonx_get(building, "floors"))
		{
			floors++;
			rooms += cJSON_GetArraySize(jsonx_get(floor, "rooms"));
			assert_string_equal(jsonx_str(jsonx_get(floor, "building_id")),
					    jsonx_str(jsonx_get(building, "id")));
		}
	}
	assert_int_equal(floors, play.app->world->floor_count);
	assert_int_equal(rooms, play.app->world->room_count);
	play_fini(&play);
}

static void answers_have_the_samples_members(void **state)
{
	struct play play;

	(void)state;
	play_init(&play, NULL);
	shape(&play, "samples/graphql-sensors",
	      "{ sensors { data { floor_id room_id hive_id sensor_id mac_address name is_online } } }");
	shape(&play, "samples/graphql-tags",
	      "{ tags { __typename id name organization_id rooms { __typename id name } "
	      "zones { __typename id name } floors { __typename id name } } }");
	shape(&play, "inferred/graphql-sensors-health",
	      "{ sensors { data { id name mac_address mode model floor_id room_id hive_id hive_serial is_entrance is_online "
	      "is_streaming power_type last_battery_change_date next_battery_change_date battery_change_by_date "
	      "last_heartbeat last_raw_message last_occupancy_message installation_status center height orientation "
	      "field_of_view } } }");
	shape(&play, "inferred/graphql-hives-health",
	      "{ hives { data { id name serialNumber floor_id room_id isOnline isStreaming coordinates hiveVersion hiveType "
	      "note lastHeartbeat netPathStability installed } } }");
	play_fini(&play);
}

static void strict_ids_raise_an_error_for_the_row(void **state)
{
	struct play play;
	const cJSON *answer, *element, *error;
	int loose = 0;

	(void)state;
	play_init(&play, NULL);
	answer = query(&play, "{ sensors { data { room_id } } }");
	assert_null(jsonx_get(answer, "errors"));
	cJSON_ArrayForEach(element, jsonx_path(answer, "data.sensors.data"))
		loose += cJSON_IsNull(jsonx_get(element, "room_id"));
	assert_true(loose > 0);
	answer = query(&play, "{ sensors { data { id roomID } } }");
	assert_int_equal(cJSON_GetArraySize(jsonx_get(answer, "errors")), loose);
	error = jsonx_get(answer, "errors")->child;
	assert_int_equal(cJSON_GetArraySize(jsonx_get(error, "path")), 4);
	assert_int_equal(cJSON_GetArraySize(jsonx_path(answer, "data.sensors.data")),
			 play.app->world->sensor_count);
	play_fini(&play);
}

static void a_bad_token_is_told_within_status_200(void **state)
{
	struct play play;
	const cJSON *answer;

	(void)state;
	play_init(&play, NULL);
	answer = play_raw(&play, "POST", "/butlr/api/v3/graphql", "Bearer x",
			  "{\"query\":\"{sites{data{id}}}\"}");
	assert_int_equal(play.status, 200);
	assert_true(cJSON_IsNull(jsonx_get(answer, "data")));
	assert_string_equal(jsonx_str(jsonx_path(jsonx_get(answer, "errors")->child, "extensions.code")),
			    "UNAUTHENTICATED");
	play_fini(&play);
}

static void an_unknown_field_refuses_everything(void **state)
{
	struct play play;
	const cJSON *answer;

	(void)state;
	play_init(&play, NULL);
	answer = query(&play, "{ sites { data { id } } sensors { data { battery_percent } } }");
	assert_true(cJSON_IsNull(jsonx_get(answer, "data")));
	assert_int_equal(cJSON_GetArraySize(jsonx_get(answer, "errors")), 1);
	answer = query(&play, "mutation { createSensors(sensors: []) { id } }");
	assert_true(cJSON_IsNull(jsonx_get(answer, "data")));
	play_fini(&play);
}

static void filters_as_documented(void **state)
{
	struct play play;
	const cJSON *answer;
	char *mac, *text;

	(void)state;
	play_init(&play, NULL);
	mac = g_ascii_strup(play.app->world->sensors[3].mac, -1);
	text = g_strdup_printf("{ sensors(mac_addresses: [\"%s\"]) { data { id } } }", mac);
	answer = query(&play, text);
	assert_int_equal(cJSON_GetArraySize(jsonx_path(answer, "data.sensors.data")), 1);
	assert_string_equal(jsonx_str(jsonx_get(jsonx_path(answer, "data.sensors.data")->child, "id")),
			    play.app->world->sensors[3].id);
	/* these two are in the schema and do not filter */
	answer = query(&play, "{ sensors(floor_ids: [\"x\"], hive_ids: [\"y\"]) { data { id } } }");
	assert_int_equal(cJSON_GetArraySize(jsonx_path(answer, "data.sensors.data")),
			 play.app->world->sensor_count);
	answer = query(&play, "{ floor(id: \"space_none\") { id } }");
	assert_true(cJSON_IsNull(jsonx_path(answer, "data.floor")));
	assert_string_equal(jsonx_str(jsonx_path(jsonx_get(answer, "errors")->child, "extensions.code")),
			    "NOT_FOUND");
	g_free(mac);
	g_free(text);
	play_fini(&play);
}

static void a_floor_without_sensors_has_none_not_an_empty_list(void **state)
{
	struct play play;
	const cJSON *answer;
	char *text, *id;

	(void)state;
	play_init(&play, NULL);
	id = g_strdup(
		jsonx_str(jsonx_get(play_ask(&play, "POST", "/api/v2/spaces", "{\"name\":\"Loft\"}"), "id")));
	text = g_strdup_printf("{ floor(id: \"%s\") { name sensors { id } hives { id } } }", id);
	answer = query(&play, text);
	assert_string_equal(jsonx_str(jsonx_path(answer, "data.floor.name")), "Loft");
	assert_true(cJSON_IsNull(jsonx_path(answer, "data.floor.sensors")));
	assert_true(cJSON_IsArray(jsonx_path(answer, "data.floor.hives")));
	g_free(text);
	g_free(id);
	play_fini(&play);
}

static void rooms_are_found_by_tag(void **state)
{
	struct play play;
	const struct world *world;
	const cJSON *answer, *element;
	char *text;
	int want = 0;

	(void)state;
	play_init(&play, NULL);
	world = play.app->world;
	assert_true(world->tag_count > 0);
	for (int i = 0; i < world->room_count; i++)
		want += strcmp(world->rooms[i].type, world->tags[0].room_type) == 0;
	text = g_strdup_printf("{ roomsByTag(tagIDs: [\"%s\"]) { data { roomType } } }", world->tags[0].id);
	answer = query(&play, text);
	assert_int_equal(cJSON_GetArraySize(jsonx_path(answer, "data.roomsByTag.data")), want);
	cJSON_ArrayForEach(element, jsonx_path(answer, "data.roomsByTag.data"))
		assert_string_equal(jsonx_str(jsonx_get(element, "roomType")), world->tags[0].room_type);
	g_free(text);
	play_fini(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_the_whole_topology),
		cmocka_unit_test(answers_have_the_samples_members),
		cmocka_unit_test(strict_ids_raise_an_error_for_the_row),
		cmocka_unit_test(a_bad_token_is_told_within_status_200),
		cmocka_unit_test(an_unknown_field_refuses_everything),
		cmocka_unit_test(filters_as_documented),
		cmocka_unit_test(a_floor_without_sensors_has_none_not_an_empty_list),
		cmocka_unit_test(rooms_are_found_by_tag),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
