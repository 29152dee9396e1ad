#include "butlr_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "sim/butlr_auth.h"

static void shape(struct play *play, const char *sample, const char *path)
{
	char *text = play_sample(sample);
	const cJSON *answer = play_ask(play, "GET", path, NULL);
	struct jsonx want;

	jsonx_init(&want);
	assert_int_equal(jsonx_parse(&want, text, strlen(text), NULL), ERR_OK);
	assert_int_equal(play->status, 200);
	assert_non_null(answer);
	play_same_shape(want.root, answer);
	jsonx_fini(&want);
	g_free(text);
}

static void shaped(struct play *play, const char *sample, char *path)
{
	shape(play, sample, path);
	g_free(path);
}

static void answers_have_the_samples_members(void **state)
{
	struct play play;

	(void)state;
	play_init(&play, NULL);

	char *space = play_id(&play, "/api/v2/spaces", 0), *hive = play_id(&play, "/api/v2/hives", 0);
	char *sensor = play_id(&play, "/api/v2/sensors", 0);
	char *rooms = g_strdup_printf("/api/v2/spaces/%s/rooms", space);
	char *fixtures = g_strdup_printf("/api/v2/spaces/%s/fixtures", space);
	char *room = play_id(&play, rooms, 0), *fixture = play_id(&play, fixtures, 0);

	shape(&play, "samples/get-spaces-details", "/api/v2/spaces?details=true");
	shaped(&play, "samples/get-space-details", g_strdup_printf("/api/v2/spaces/%s", space));
	shape(&play, "samples/get-space-rooms", rooms);
	shaped(&play, "samples/get-space-room-details", g_strdup_printf("%s/%s?details=true", rooms, room));
	shape(&play, "samples/get-space-fixtures", fixtures);
	shaped(&play, "samples/get-space-fixture", g_strdup_printf("%s/%s", fixtures, fixture));
	shape(&play, "samples/get-sensors", "/api/v2/sensors");
	shaped(&play, "samples/get-sensor", g_strdup_printf("/api/v2/sensors/%s", sensor));
	shape(&play, "samples/get-hives", "/api/v2/hives");
	shaped(&play, "samples/get-hive", g_strdup_printf("/api/v2/hives/%s", hive));
	shape(&play, "samples/get-room-types", "/api/v2/room-types");
	shape(&play, "samples/get-fixture-types", "/api/v2/fixture-types?lang=pt-PT");
	shape(&play, "samples/get-languages", "/api/v2/languages");
	shape(&play, "samples/get-user-preferences", "/api/v2/user/preferences");
	g_free(space);
	g_free(hive);
	g_free(sensor);
	g_free(rooms);
	g_free(fixtures);
	g_free(room);
	g_free(fixture);
	play_fini(&play);
}

static int64_t violations(struct play *play)
{
	const cJSON *stats = play_raw(play, "GET", "/control/stats", NULL, NULL);

	return (int64_t)jsonx_num(jsonx_path(stats, "butlr.violations"));
}

static void wrong_requests_are_refused_and_counted(void **state)
{
	static const struct {
		const char *method, *path, *body;
		int status;
	} rows[] = {
		{"GET", "/api/v2/spaces?details=yes", NULL, 400},
		{"GET", "/api/v2/room-types?lang=de-DE", NULL, 400},
		{"GET", "/api/v2/sensors?next=nonsense", NULL, 400},
		{"GET", "/api/v2/nowhere", NULL, 404},
		{"PUT", "/api/v2/spaces", "{}", 405},
		{"POST", "/api/v2/spaces", "{\"name\":", 400},
		{"POST", "/api/v2/spaces", "{\"name\":\"\"}", 400},
		{"PUT", "/api/v2/user/preferences", "{\"language\":\"xx\"}", 400},
		{"POST", "/api/v3/detections", "{\"filter\":{\"start\":\"-1m\"}}", 400},
	};
	struct play play;

	(void)state;
	play_init(&play, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const cJSON *answer = play_ask(&play, rows[i].method, rows[i].path, rows[i].body);

		assert_int_equal(play.status, rows[i].status);
		assert_non_null(jsonx_str(jsonx_get(answer, "message")));
		assert_int_equal(violations(&play), (int64_t)i + 1);
	}
	play_ask(&play, "GET", "/api/v2/spaces?colour=red", NULL);
	assert_int_equal(play.status, 200);
	assert_int_equal(violations(&play), (int64_t)G_N_ELEMENTS(rows) + 1);
	play_ask(&play, "GET", "/api/v2/spaces/space_none", NULL);
	assert_int_equal(play.status, 404);
	play_fini(&play);
}

static void tokens_are_needed_and_run_out(void **state)
{
	static const char *const faults[] = {"butlr.token_life=30s", NULL};
	struct play play;

	(void)state;
	play_init(&play, faults);
	play_ask(&play, "GET", "/api/v2/hives", NULL);
	assert_int_equal(play.status, 200);
	play_raw(&play, "GET", "/butlr/api/v2/hives", "Bearer nonsense", NULL);
	assert_int_equal(play.status, 401);
	assert_string_equal(play.text, "{\"message\":\"Unauthorized\"}");
	play_raw(&play, "GET", "/butlr/api/v2/languages", NULL, NULL);
	assert_int_equal(play.status, 200);
	clock_fake_advance(&play.clock, 29999);
	play_ask(&play, "GET", "/api/v2/hives", NULL);
	assert_int_equal(play.status, 200);
	clock_fake_advance(&play.clock, 1);
	play_ask(&play, "GET", "/api/v2/hives", NULL);
	assert_int_equal(play.status, 401);
	play_fini(&play);
}

static void the_audience_is_literal(void **state)
{
	struct sim_butlr_credentials own;
	struct play play;
	char *body;

	(void)state;
	play_init(&play, NULL);
	sim_butlr_credentials(7, &own);
	body = g_strdup_printf(
		"{\"client_id\":\"%s\",\"client_secret\":\"%s\",\"audience\":\"https://butlrauth\","
		"\"grant_type\":\"client_credentials\"}",
		own.client_id, own.client_secret);
	play_ask(&play, "POST", "/api/v2/clients/login", body);
	assert_int_equal(play.status, 401);
	g_free(body);
	play_fini(&play);
}

static void refresh_tokens_are_good_once(void **state)
{
	struct sim_butlr_credentials own;
	struct play play;
	char *body;

	(void)state;
	play_init(&play, NULL);
	sim_butlr_credentials(7, &own);
	body = g_strdup_printf("{\"username\":\"%s\",\"password\":\"%s\"}", own.username, own.password);

	const cJSON *answer = play_ask(&play, "POST", "/api/v2/login", body);

	assert_true(jsonx_num(jsonx_get(answer, "expires_in")) == 86400);
	g_free(body);
	body = g_strdup_printf("{\"refresh_token\":\"%s\",\"client_id\":\"%s\"}",
			       jsonx_str(jsonx_get(answer, "refresh_token")), own.client_id);
	play_ask(&play, "POST", "/api/v2/login/refresh", body);
	assert_int_equal(play.status, 200);
	play_ask(&play, "POST", "/api/v2/login/refresh", body);
	assert_int_equal(play.status, 401);
	g_free(body);
	play_fini(&play);
}

static void too_many_logins_are_throttled(void **state)
{
	static const char *const faults[] = {"butlr.login_limit=2/min", NULL};
	struct play play;

	(void)state;
	play_init(&play, faults); /* the first */
	play_ask(&play, "POST", "/api/v2/login", "{\"username\":\"a\",\"password\":\"b\"}");
	assert_int_equal(play.status, 401);
	play_ask(&play, "POST", "/api/v2/login", "{\"username\":\"a\",\"password\":\"b\"}");
	assert_int_equal(play.status, 429);
	assert_int_equal(play.retry_after_s, 30);
	play_fini(&play);
}

/* Follows the cursors to the end; returns the number of different ids. */
static unsigned walk_pages(struct play *play, const char *list, unsigned *pages)
{
	GHashTable *ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	char *path = g_strdup(list);
	unsigned count;

	for (*pages = 0; *pages < 100 && path; ++*pages) {
		const cJSON *answer = play_ask(play, "GET", path, NULL), *element;
		const char *next = jsonx_str(jsonx_get(answer, "next"));
		char *escaped = next ? g_uri_escape_string(next, NULL, FALSE) : NULL;

		cJSON_ArrayForEach(element, jsonx_get(answer, "data"))
			g_hash_table_add(ids, g_strdup(jsonx_get(element, "id")->valuestring));
		g_free(path);
		path = escaped ? g_strdup_printf("%s?next=%s", list, escaped) : NULL;
		g_free(escaped);
	}
	count = g_hash_table_size(ids);
	g_hash_table_destroy(ids);
	g_free(path);
	return count;
}

static void pages_hold_everything_once(void **state)
{
	static const char *const faults[] = {"butlr.page_size=7", NULL};
	struct play play;
	unsigned pages;

	(void)state;
	play_init(&play, faults);
	assert_int_equal(walk_pages(&play, "/api/v2/sensors", &pages), play.app->world->sensor_count);
	assert_int_equal(pages, (play.app->world->sensor_count + 6) / 7);
	assert_int_equal(walk_pages(&play, "/api/v2/hives", &pages), play.app->world->hive_count);
	play_raw(&play, "PUT", "/control/faults", NULL, "{\"butlr\":{\"endless_pages\":true}}");
	assert_int_equal(walk_pages(&play, "/api/v2/hives", &pages), play.app->world->hive_count);
	assert_int_equal(pages, 100);
	play_fini(&play);
}

static void writes_stay(void **state)
{
	struct play play;
	char *space, *rooms, *room, *path;
	int before;

	(void)state;
	play_init(&play, NULL);
	space = play_id(&play, "/api/v2/spaces", 1);
	rooms = g_strdup_printf("/api/v2/spaces/%s/rooms", space);
	before = cJSON_GetArraySize(jsonx_get(play_ask(&play, "GET", rooms, NULL), "data"));

	const cJSON *answer =
		play_ask(&play, "POST", rooms,
			 "[{\"name\":\"Nook\",\"type\":\"office\",\"height\":2.5,\"color\":[1,2,3],"
			 "\"coordinates\":[[0,2],[2,2],[2,0],[1,1],[0,0]]}]");

	assert_true(cJSON_IsArray(answer));
	room = g_strdup(jsonx_str(jsonx_get(answer->child, "id")));
	assert_int_equal(cJSON_GetArraySize(jsonx_get(answer->child, "coordinates")), 5);
	answer = play_ask(&play, "GET", rooms, NULL);
	assert_int_equal(cJSON_GetArraySize(jsonx_get(answer, "data")), before + 1);
	path = g_strdup_printf("%s/%s", rooms, room);
	play_ask(&play, "PUT", path,
		 "{\"name\":\"X\",\"type\":\"nope\",\"height\":9,\"color\":[9,9,9],"
		 "\"coordinates\":[[0,0],[1,0],[1,1]]}");
	assert_int_equal(play.status, 400);
	answer = play_ask(&play, "GET", path, NULL); /* a refused change left nothing behind */
	assert_string_equal(jsonx_str(jsonx_get(answer, "name")), "Nook");
	assert_int_equal(cJSON_GetArraySize(jsonx_get(answer, "coordinates")), 5);
	assert_true(jsonx_num(jsonx_get(answer, "height")) == 2.5);
	play_ask(&play, "DELETE", path, NULL);
	assert_int_equal(play.status, 200);
	play_ask(&play, "GET", path, NULL);
	assert_int_equal(play.status, 404);
	g_free(space);
	g_free(rooms);
	g_free(room);
	g_free(path);
	play_fini(&play);
}

static void deleting_a_space_frees_its_sensors(void **state)
{
	struct play play;
	char *space, *path;
	const cJSON *element;
	int loose = 0, total;

	(void)state;
	play_init(&play, NULL);
	space = play_id(&play, "/api/v2/spaces", 0);
	path = g_strdup_printf("/api/v2/spaces/%s", space);
	total = cJSON_GetArraySize(jsonx_get(play_ask(&play, "GET", "/api/v2/sensors", NULL), "data"));
	play_ask(&play, "DELETE", path, NULL);
	play_ask(&play, "GET", path, NULL);
	assert_int_equal(play.status, 404);
	cJSON_ArrayForEach(element, jsonx_get(play_ask(&play, "GET", "/api/v2/sensors", NULL), "data"))
	{
		total--;
		loose += jsonx_str(jsonx_path(element, "room.space_id")) == NULL;
		assert_true(g_strcmp0(jsonx_str(jsonx_path(element, "room.space_id")), space) != 0);
	}
	assert_int_equal(total, 0);
	assert_true(loose > 0);
	g_free(space);
	g_free(path);
	play_fini(&play);
}

static void update_space_leaks_batteries(void **state)
{
	struct play play;
	char *space, *path, *text;
	const cJSON *answer, *element;
	int batteries = 0;

	(void)state;
	play_init(&play, NULL);
	space = play_id(&play, "/api/v2/spaces", 0);
	path = g_strdup_printf("/api/v2/spaces/%s", space);
	play_ask(&play, "GET", path, NULL);
	text = g_strdup(play.text);
	answer = play_ask(&play, "PUT", path, text);
	assert_int_equal(play.status, 200);
	cJSON_ArrayForEach(element, jsonx_get(answer, "sensors"))
	{
		const cJSON *percent = jsonx_get(element, "remainingBatteryPercent");

		assert_non_null(jsonx_get(element, "PK"));
		assert_non_null(jsonx_get(element, "last_heartbeat"));
		batteries += cJSON_IsNumber(percent) && percent->valuedouble <= 100;
	}
	assert_true(batteries > 5);
	g_free(text);
	g_free(space);
	g_free(path);
	play_fini(&play);
}

static void a_mac_is_good_in_any_notation(void **state)
{
	struct play play;
	const cJSON *first;
	char *id, *mac, *path;

	(void)state;
	play_init(&play, NULL);
	first = jsonx_get(play_ask(&play, "GET", "/api/v2/sensors", NULL), "data")->child;
	id = g_strdup(jsonx_str(jsonx_get(first, "id")));
	mac = g_ascii_strup(jsonx_str(jsonx_get(first, "mac_address")), -1);
	for (char *p = mac; *p; p++)
		*p = *p == '-' ? ':' : *p;
	path = g_strdup_printf("/api/v2/sensors/%s", mac);
	assert_string_equal(jsonx_str(jsonx_get(play_ask(&play, "GET", path, NULL), "id")), id);
	g_free(id);
	g_free(mac);
	g_free(path);
	play_fini(&play);
}

static void faults_take_effect(void **state)
{
	struct play play;

	(void)state;
	play_init(&play, NULL);
	play_raw(&play, "PUT", "/control/faults", NULL, "{\"butlr\":{\"rest\":\"off\",\"graphql\":\"off\"}}");
	play_ask(&play, "GET", "/api/v2/spaces", NULL);
	assert_int_equal(play.status, 410);
	play_ask(&play, "POST", "/api/v3/graphql", "{\"query\":\"{sites{data{id}}}\"}");
	assert_int_equal(play.status, 404);
	play_raw(&play, "PUT", "/control/faults", NULL,
		 "{\"butlr\":{\"rest\":\"on\",\"rate_limit\":\"1/min\"}}");
	play_ask(&play, "GET", "/api/v2/hives", NULL);
	play_ask(&play, "GET", "/api/v2/hives", NULL);
	assert_int_equal(play.status, 429);
	assert_true(play.retry_after_s > 0);
	play_raw(&play, "PUT", "/control/faults", NULL,
		 "{\"butlr\":{\"rate_limit\":\"0\",\"error_rate\":1}}");
	play_ask(&play, "GET", "/api/v2/hives", NULL);
	assert_in_range(play.status, 500, 504);
	play_raw(&play, "PUT", "/control/faults", NULL, "{\"butlr\":{\"error_rate\":0,\"outage\":true}}");
	play_ask(&play, "GET", "/api/v2/hives", NULL);
	assert_true(play.drop);
	play_raw(&play, "PUT", "/control/faults", NULL, "{\"butlr\":{\"outage\":\"perhaps\"}}");
	assert_int_equal(play.status, 400);
	play_fini(&play);
}

static void names_can_be_hostile(void **state)
{
	static const char *const faults[] = {"butlr.hostile=yes", NULL};
	struct play play;

	(void)state;
	play_init(&play, faults);
	play_ask(&play, "GET", "/api/v2/spaces?details=true", NULL);
	assert_int_equal(play.status, 200);
	assert_non_null(play.doc.root);
	assert_non_null(strstr(play.text, "\\u001b"));
	play_fini(&play);
}

static void the_clock_runs_at_its_speed(void **state)
{
	struct sim_options options;
	struct clock_fake clock;
	struct sim_app *app;

	(void)state;
	clock_fake_init(&clock, 5000);
	sim_options_init(&options);
	assert_int_equal(sim_options_set(&options, "speed", "60", NULL), ERR_OK);
	assert_int_equal(sim_options_set(&options, "start", "2026-01-01T00:00:00Z", NULL), ERR_OK);
	assert_int_equal(sim_options_set(&options, "sensors", "many", NULL), ERR_USAGE);
	assert_int_equal(sim_options_set(&options, "color", "1", NULL), ERR_USAGE);
	app = sim_app_new(&options, &clock.clock, NULL);
	assert_int_equal(sim_app_now_ms(app), options.start_ms);
	clock_fake_advance(&clock, 1500);
	assert_int_equal(sim_app_now_ms(app), options.start_ms + 90000);
	sim_app_free(app);
	assert_int_equal(sim_options_set(&options, "fault", "butlr.nope=1", NULL), ERR_OK);
	assert_null(sim_app_new(&options, &clock.clock, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_have_the_samples_members),
		cmocka_unit_test(wrong_requests_are_refused_and_counted),
		cmocka_unit_test(tokens_are_needed_and_run_out),
		cmocka_unit_test(the_audience_is_literal),
		cmocka_unit_test(refresh_tokens_are_good_once),
		cmocka_unit_test(too_many_logins_are_throttled),
		cmocka_unit_test(pages_hold_everything_once),
		cmocka_unit_test(writes_stay),
		cmocka_unit_test(deleting_a_space_frees_its_sensors),
		cmocka_unit_test(update_space_leaks_batteries),
		cmocka_unit_test(a_mac_is_good_in_any_notation),
		cmocka_unit_test(faults_take_effect),
		cmocka_unit_test(names_can_be_hostile),
		cmocka_unit_test(the_clock_runs_at_its_speed),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
