/* The simulated Density's resources: sign-in, spaces, labels, users, sensors, limits. */
#include "density_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void use_token(struct density_play *play, const char *bearer)
{
	g_free(play->bearer);
	play->bearer = g_strdup(bearer);
}

static void tokens_are_told_apart(void **state)
{
	struct density_play play;
	char text[80];
	const cJSON *answer;

	(void)state;
	density_play_init(&play, NULL);
	answer = density_play_sign_in(&play);
	density_play_like("post-v3-oauth-token", answer);
	assert_string_equal(jsonx_str(jsonx_get(answer, "expires_in")), "3600");
	density_play_ask(&play, "GET", "/v3/hello-world", NULL);
	assert_int_equal(play.status, 200);
	assert_string_equal(play.content_type, "text/plain");
	assert_non_null(strstr(buf_text(&play.body), "Yoda"));
	density_play_ask(&play, "GET", "/version", NULL);
	assert_string_equal(buf_text(&play.body), "1.0.2");

	clock_fake_advance(&play.clock, 3600000);
	density_play_expect(&play, 401, "GET", "/v3/spaces", NULL);
	use_token(&play, "");
	density_play_expect(&play, 403, "GET", "/v3/spaces", NULL);
	use_token(&play, "Bearer tok_wrong");
	density_play_expect(&play, 401, "GET", "/v3/spaces", NULL);

	g_snprintf(text, sizeof(text), "Bearer %s", play.own.token);
	use_token(&play, text);
	density_play_expect(&play, 200, "GET", "/v3/spaces", NULL);
	density_play_expect(&play, 403, "GET", "/v3/users", NULL);
	density_play_expect(&play, 403, "POST", "/v3/labels", "{\"name\":\"x\"}");

	density_play_expect(
		&play, 401, "POST", "/v3/oauth/token",
		"{\"grant_type\":\"client_credentials\",\"client_id\":\"a\",\"client_secret\":\"b\"}");
	assert_int_equal(density_play_violations(&play), 0);
	density_play_expect(&play, 400, "POST", "/v3/oauth/token", "{\"grant_type\":\"password\"}");
	assert_int_equal(density_play_violations(&play), 1);
	density_play_fini(&play);
}

static void a_display_signs_in_with_a_form(void **state)
{
	struct density_play play;
	char form[300];

	(void)state;
	density_play_init(&play, NULL);
	g_snprintf(form, sizeof(form),
		   "grant_type=client_credentials&client_id=%s&client_secret=%s&display_id=d%%201",
		   play.own.client_id, play.own.client_secret);
	density_play_like("post-v3-wayfinding-token", density_play_form(&play, "/v3/wayfinding/token", form));
	assert_int_equal(play.status, 200);
	assert_string_equal(jsonx_str(jsonx_get(play.doc.root, "scope")), "display:d 1");
	density_play_form(&play, "/v3/wayfinding/token", "grant_type=client_credentials&display_id=1");
	assert_int_equal(play.status, 401);
	density_play_form(&play, "/v3/wayfinding/token", "display_id=1");
	assert_int_equal(play.status, 400);
	density_play_fini(&play);
}

static void the_spaces_make_a_tree(void **state)
{
	struct density_play play;
	const cJSON *answer, *space;
	GHashTable *children = g_hash_table_new(g_str_hash, g_str_equal);
	unsigned n = 0, nested = 0, unset = 0, zero = 0, null = 0;

	(void)state;
	density_play_init(&play, NULL);
	answer = density_play_expect(&play, 200, "GET", "/v3/spaces", NULL);
	density_play_like("get-v3-spaces", answer);
	cJSON_ArrayForEach(space, answer)
	{
		const cJSON *id = jsonx_get(space, "id"), *child;

		assert_int_equal(strlen(id->valuestring), strlen("spc_") + 19);
		cJSON_ArrayForEach(child, jsonx_get(space, "children_ids"))
			assert_true(g_hash_table_add(children, child->valuestring));
		cJSON_ArrayForEach(child, jsonx_get(space, "children"))
		{
			assert_true(g_hash_table_add(children, jsonx_get(child, "id")->valuestring));
			nested++;
		}
		unset += cJSON_IsNull(jsonx_get(space, "capacity"));
		null += cJSON_IsNull(jsonx_get(space, "children_ids"));
		zero += jsonx_num(jsonx_get(space, "capacity")) == 0;
		n++;
	}
	assert_int_equal(g_hash_table_size(children), n - 2); /* all but the two buildings */
	assert_true(nested > 0 && unset > 0 && zero > 0 && null > 0);
	cJSON_ArrayForEach(space,
			   density_play_expect(&play, 200, "GET", "/v3/spaces?counting_mode=waffle", NULL))
		assert_string_equal(jsonx_str(jsonx_get(space, "counting_mode")), "waffle");
	g_hash_table_destroy(children);
	assert_int_equal(density_play_violations(&play), 0);
	density_play_expect(&play, 200, "GET", "/v3/spaces?page_size=3", NULL);
	assert_int_equal(density_play_violations(&play), 1);
	density_play_expect(&play, 404, "GET", "/v3/space", NULL);
	density_play_expect(&play, 405, "DELETE", "/v3/spaces", NULL);
	density_play_fini(&play);
}

static void twenty_thousand_spaces_are_one_answer(void **state)
{
	const char *const faults[] = {"density.spaces=20000", NULL};
	struct density_play play;
	GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);
	const cJSON *answer, *space;
	unsigned children = 0, roots = 0;

	(void)state;
	density_play_init(&play, faults);
	answer = density_play_expect(&play, 200, "GET", "/v3/spaces", NULL);
	assert_true(cJSON_GetArraySize(answer) > 20000);
	cJSON_ArrayForEach(space, answer)
	{
		assert_true(g_hash_table_add(ids, jsonx_get(space, "id")->valuestring));
		children += (unsigned)cJSON_GetArraySize(jsonx_get(space, "children_ids"));
		children += (unsigned)cJSON_GetArraySize(jsonx_get(space, "children"));
		if (g_str_has_prefix(jsonx_str(jsonx_get(space, "name")), "Campus 2, level"))
			assert_int_equal(cJSON_GetArraySize(jsonx_get(space, "children_ids")), 49);
		roots += strcmp(jsonx_str(jsonx_get(space, "space_type")), "building") == 0;
	}
	assert_int_equal(children + roots, g_hash_table_size(ids));
	g_hash_table_destroy(ids);
	density_play_fini(&play);
}

static void a_space_is_changed(void **state)
{
	struct density_play play;
	char path[80];
	const cJSON *answer;

	(void)state;
	density_play_init(&play, NULL);
	g_snprintf(path, sizeof(path), "/v3/spaces/%s", density_play_id(&play, "Hudson"));
	answer = density_play_expect(
		&play, 200, "PATCH", path,
		"{\"name\":\"Mesa\",\"capacity\":9,\"function\":\"lab\",\"time_zone\":\"Asia/Tokyo\","
		"\"address\":\"Here 1\",\"iwms_id\":\"I-1\"}");
	density_play_like("patch-v3-space", answer);
	assert_string_equal(jsonx_str(jsonx_get(answer, "name")), "Mesa");
	assert_true(jsonx_num(jsonx_get(answer, "capacity")) == 9);
	assert_string_equal(jsonx_str(jsonx_get(answer, "time_zone")), "Asia/Tokyo");
	answer = density_play_expect(&play, 200, "PATCH", path, "{\"capacity\":null,\"function\":null}");
	assert_true(cJSON_IsNull(jsonx_get(answer, "capacity")));
	assert_true(cJSON_IsNull(jsonx_get(answer, "function")));
	assert_int_equal(density_play_violations(&play), 0);
	density_play_expect(&play, 400, "PATCH", path, "{\"function\":\"ballroom\"}");
	density_play_expect(&play, 400, "PATCH", path, "{\"capacity\":-1}");
	density_play_expect(&play, 400, "PATCH", path, "{\"time_zone\":\"Mars/Base\"}");
	density_play_expect(&play, 400, "PATCH", path, "[1]");
	density_play_expect(&play, 404, "PATCH", "/v3/spaces/spc_1", "{\"name\":\"x\"}");
	density_play_fini(&play);
}

static void labels_come_and_go(void **state)
{
	struct density_play play;
	char path[120], body[200], group[40], label[40];
	const cJSON *answer;

	(void)state;
	density_play_init(&play, NULL);
	answer = density_play_expect(&play, 200, "POST", "/v3/labels/groups", "{\"name\":\"Wings\"}");
	density_play_like("post-v3-labels-groups", answer);
	g_strlcpy(group, jsonx_str(jsonx_get(answer, "id")), sizeof(group));
	answer = density_play_expect(&play, 200, "POST", "/v3/labels", "{\"name\":\"West\"}");
	density_play_like("post-v3-labels", answer);
	assert_true(cJSON_IsNull(jsonx_get(answer, "group")));
	g_strlcpy(label, jsonx_str(jsonx_get(answer, "id")), sizeof(label));

	g_snprintf(path, sizeof(path), "/v3/labels/%s", label);
	g_snprintf(body, sizeof(body), "{\"name\":\"West wing\",\"group\":\"%s\"}", group);
	answer = density_play_expect(&play, 200, "PATCH", path, body);
	assert_string_equal(jsonx_str(jsonx_path(answer, "group.name")), "Wings");

	g_snprintf(path, sizeof(path), "/v3/spaces/%s/labels", density_play_id(&play, "Hudson"));
	g_snprintf(body, sizeof(body), "{\"add\":[\"%s\"],\"create\":[\"Quiet\",\"Conference\"]}", label);
	answer = density_play_expect(&play, 200, "PATCH", path, body);
	assert_int_equal(cJSON_GetArraySize(answer), 3); /* it was a conference room before */
	g_snprintf(body, sizeof(body), "{\"delete\":[\"%s\"]}", label);
	answer = density_play_expect(&play, 200, "PATCH", path, body);
	assert_int_equal(cJSON_GetArraySize(answer), 2);
	density_play_expect(&play, 404, "PATCH", path, "{\"add\":[\"lbl_1\"]}");

	g_snprintf(path, sizeof(path), "/v3/labels/%s", label);
	density_play_like("delete-v3-label", density_play_expect(&play, 200, "DELETE", path, NULL));
	density_play_expect(&play, 404, "DELETE", path, NULL);
	g_snprintf(path, sizeof(path), "/v3/labels/groups/%s", group);
	density_play_expect(&play, 200, "PATCH", path, "{\"name\":\"Sides\"}");
	density_play_expect(&play, 200, "DELETE", path, NULL);
	answer = density_play_expect(&play, 200, "GET", "/v3/labels/groups", NULL);
	assert_int_equal(cJSON_GetArraySize(answer), 1);
	assert_int_equal(cJSON_GetArraySize(density_play_expect(&play, 200, "GET", "/v3/labels", NULL)), 5);
	assert_int_equal(density_play_violations(&play), 0);
	density_play_fini(&play);
}

static void users_come_and_go(void **state)
{
	struct density_play play;
	char path[80], body[200];
	const cJSON *answer;

	(void)state;
	density_play_init(&play, NULL);
	g_snprintf(body, sizeof(body),
		   "{\"email\":\"a@b.c\",\"full_name\":\"A\",\"role\":\"editor\",\"spaces\":[\"%s\"]}",
		   density_play_id(&play, "Hudson"));
	answer = density_play_expect(&play, 201, "POST", "/v3/users", body);
	density_play_like("post-v3-users", answer);
	g_snprintf(path, sizeof(path), "/v3/users/%s", jsonx_str(jsonx_get(answer, "id")));
	density_play_expect(&play, 400, "POST", "/v3/users", body);
	density_play_expect(&play, 400, "POST", "/v3/users", "{\"email\":\"x@y.z\",\"role\":\"king\"}");
	density_play_expect(&play, 400, "POST", "/v3/users",
			    "{\"email\":\"x@y.z\",\"role\":\"admin\",\"spaces\":[\"spc_1\"]}");
	answer = density_play_expect(&play, 200, "PUT", path,
				     "{\"full_name\":\"B\",\"role\":\"admin\",\"spaces\":[]}");
	assert_string_equal(jsonx_str(jsonx_get(answer, "role")), "admin");
	assert_int_equal(cJSON_GetArraySize(jsonx_get(answer, "spaces")), 0);
	answer = density_play_expect(&play, 200, "GET", path, NULL);
	assert_string_equal(jsonx_str(jsonx_get(answer, "full_name")), "B");
	assert_int_equal(cJSON_GetArraySize(density_play_expect(&play, 200, "GET", "/v3/users", NULL)), 4);
	density_play_ask(&play, "DELETE", path, NULL);
	assert_int_equal(play.status, 204);
	assert_int_equal(play.body.length, 0);
	density_play_expect(&play, 404, "GET", path, NULL);
	assert_int_equal(density_play_violations(&play), 0);
	density_play_fini(&play);
}

static void sensors_are_filtered_one_way(void **state)
{
	struct density_play play;
	char body[200];
	const cJSON *answer, *sensor;
	int all, waffles = 0;

	(void)state;
	density_play_init(&play, NULL);
	density_play_like("get-v3-doorways", density_play_expect(&play, 200, "GET", "/v3/doorways", NULL));
	answer = density_play_expect(&play, 200, "POST", "/v3/sensors", "{}");
	density_play_like("post-v3-sensors", answer);
	all = cJSON_GetArraySize(answer);
	cJSON_ArrayForEach(sensor, answer)
	{
		assert_int_equal(strlen(jsonx_str(jsonx_get(sensor, "serial_number"))), 7);
		waffles += strcmp(jsonx_str(jsonx_get(sensor, "sensor_type")), "waffle") == 0;
	}
	assert_true(all > 60 && waffles > 5);
	g_snprintf(body, sizeof(body), "{\"space_ids\":[\"%s\"]}", density_play_id(&play, "Bryant"));
	answer = density_play_expect(&play, 200, "POST", "/v3/sensors", body);
	assert_int_equal(cJSON_GetArraySize(answer), 1);
	sensor = cJSON_GetArrayItem(answer, 0);
	g_snprintf(body, sizeof(body), "{\"serial_numbers\":[\"%s\"]}",
		   jsonx_str(jsonx_get(sensor, "serial_number")));
	answer = density_play_expect(&play, 200, "POST", "/v3/sensors/health/current", body);
	assert_int_equal(cJSON_GetArraySize(jsonx_get(answer, "data")), 1);
	answer = density_play_expect(&play, 200, "POST", "/v3/sensors/health/current", NULL);
	density_play_like("post-v3-sensors-health-current", answer);
	assert_int_equal(cJSON_GetArraySize(jsonx_get(answer, "data")), all);
	assert_int_equal(density_play_violations(&play), 0);
	density_play_expect(&play, 400, "POST", "/v3/sensors",
			    "{\"serial_numbers\":[\"A1B6Z10\"],\"space_ids\":[\"spc_1\"]}");
	assert_int_equal(density_play_violations(&play), 1);
	density_play_expect(&play, 200, "POST", "/v3/sensors", "{\"page\":1}");
	assert_int_equal(density_play_violations(&play), 2);
	density_play_expect(&play, 400, "POST", "/v3/sensors", "{\"space_ids\":\"spc_1\"}");
	density_play_fini(&play);
}

static void fifteen_requests_a_second(void **state)
{
	struct density_play play;
	unsigned good = 0;

	(void)state;
	density_play_init(&play, NULL);
	density_play_fault(&play, "edge_limit", "on");
	clock_fake_advance(&play.clock, 1);
	for (int i = 0; i < 150; i++) {
		density_play_ask(&play, "GET", "/version", NULL);
		good += play.status == 200;
		assert_true(play.status == 200 || play.status == 429);
	}
	assert_int_equal(good, 100);
	assert_int_equal(density_play_violations(&play), 50);
	clock_fake_advance(&play.clock, 2000);
	for (int i = 0; i < 31; i++)
		density_play_ask(&play, "GET", "/version", NULL);
	assert_int_equal(play.status, 429);
	assert_int_equal(density_play_violations(&play), 51);
	density_play_fini(&play);
}

static void names_may_be_hostile(void **state)
{
	const char *const faults[] = {"density.hostile=yes", NULL};
	struct density_play play;

	(void)state;
	density_play_init(&play, faults);
	density_play_expect(&play, 200, "GET", "/v3/spaces", NULL);
	assert_non_null(strstr(buf_text(&play.body), "\\u001b["));
	density_play_fini(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_told_apart),
		cmocka_unit_test(a_display_signs_in_with_a_form),
		cmocka_unit_test(the_spaces_make_a_tree),
		cmocka_unit_test(twenty_thousand_spaces_are_one_answer),
		cmocka_unit_test(a_space_is_changed),
		cmocka_unit_test(labels_come_and_go),
		cmocka_unit_test(users_come_and_go),
		cmocka_unit_test(sensors_are_filtered_one_way),
		cmocka_unit_test(fifteen_requests_a_second),
		cmocka_unit_test(names_may_be_hostile),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
