/* The simulated Sensorist: sign-in, devices, max-age, alarms, writes and workflows. */
#include "sensorist_play.h"

#include "base/moment.h"
#include "sim/sensorist_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int size(const cJSON *answer, const char *name) { return cJSON_GetArraySize(jsonx_get(answer, name)); }

static void users_are_told_apart(void **state)
{
	struct sensorist_play play;
	char text[200];
	const cJSON *answer;

	(void)state;
	sensorist_play_init(&play, NULL);
	answer = sensorist_play_get(&play, "/v1/users");
	sensorist_play_like("get-users", answer, true);
	assert_int_equal(play.max_age_s, 900);
	answer = sensorist_play_get(&play, "/v1/users?list=1");
	sensorist_play_like("get-users-list", answer, true);
	assert_int_equal(size(answer, "users"), 2);

	answer = sensorist_play_get(&play, "/v1/users?impersonate=20529");
	assert_string_equal(jsonx_str(jsonx_path(answer, "user.email")), play.own.helper);
	sensorist_play_expect(&play, 403, "GET", "/v1/users?impersonate=1", NULL);
	answer = sensorist_play_get(&play, "/v1/gateways?impersonate=20529");
	assert_int_equal(size(answer, "gateways"), 1);

	sensorist_play_sign_in(&play, play.own.helper, play.own.helper_password);
	sensorist_play_expect(&play, 403, "GET", "/v1/users?impersonate=20512", NULL);
	sensorist_play_expect(&play, 403, "DELETE", "/v1/alarms", NULL);
	sensorist_play_sign_in(&play, play.own.username, "wrong");
	sensorist_play_expect(&play, 401, "GET", "/v1/users", NULL);
	sensorist_play_sign_in(&play, play.own.username, play.own.password);

	answer = sensorist_play_expect(&play, 200, "POST", "/v1/users",
				       "email=new%40example.com&password=a:b&fname=my&lname=name");
	sensorist_play_like("post-users", answer, true);
	g_snprintf(text, sizeof(text), "email=new%%40example.com&password=x&fname=a&lname=b");
	sensorist_play_expect(&play, 400, "POST", "/v1/users", text);
	sensorist_play_sign_in(&play, "new@example.com", "a:b");
	answer = sensorist_play_get(&play, "/v1/gateways");
	sensorist_play_like("get-gateways-empty", answer, true);
	assert_int_equal(sensorist_play_violations(&play), 0);
	sensorist_play_expect(&play, 404, "GET", "/v1/nothing", NULL);
	sensorist_play_expect(&play, 405, "DELETE", "/v1/users", NULL);
	sensorist_play_fini(&play);
}

static void gateways_hold_sensors_that_hold_sources(void **state)
{
	struct sensorist_play play;
	char serial[16];
	const cJSON *answer, *gateway, *sensor;
	int masters, sensors = 0;

	(void)state;
	sensorist_play_init(&play, NULL);
	answer = sensorist_play_get(&play, "/v1/gateways");
	sensorist_play_like("get-gateways", answer, true);
	masters = size(answer, "gateways");
	assert_int_equal(masters, play.app->world->building_count);
	g_strlcpy(serial, jsonx_str(jsonx_get(jsonx_get(answer, "gateways")->child, "serial")),
		  sizeof(serial));
	answer = sensorist_play_get(&play, "/v1/gateways?with_slaves=1");
	sensorist_play_like("get-gateways-with_slaves", answer, true);
	assert_true(size(answer, "gateways") > masters);
	cJSON_ArrayForEach(gateway, jsonx_get(answer, "gateways"))
	{
		cJSON_ArrayForEach(sensor, jsonx_get(gateway, "devices"))
		{
			assert_int_equal(size(sensor, "devices"), SIM_SENS_KINDS);
			assert_int_equal((int)jsonx_num(jsonx_get(sensor, "current_gateway_id")),
					 (int)jsonx_num(jsonx_get(gateway, "id")));
			sensors++;
		}
	}
	assert_true(sensors >= 10);
	answer = sensorist_play_get(&play, "/v1/gateways?serials=%s", serial);
	assert_int_equal(size(answer, "gateways"), 1);
	answer = sensorist_play_get(&play, "/v1/gateways?from=2026-11-01T00:00:00Z");
	assert_int_equal(size(answer, "gateways"), 0);
	assert_int_equal(sensorist_play_violations(&play), 0);
	sensorist_play_fini(&play);
}

static void max_age_is_watched(void **state)
{
	struct sensorist_play play;

	(void)state;
	sensorist_play_init(&play, NULL);
	sensorist_play_get(&play, "/v1/gateways?with_slaves=1&serials=10004101");
	sensorist_play_get(&play, "/v1/gateways");
	assert_int_equal(play.max_age_s, 900);
	clock_fake_advance(&play.clock, 899999);
	assert_int_equal(sensorist_play_violations(&play), 0);
	sensorist_play_get(&play, "/v1/gateways?serials=10004101&with_slaves=1");
	assert_int_equal(sensorist_play_violations(&play), 1);
	clock_fake_advance(&play.clock, 1);
	sensorist_play_get(&play, "/v1/gateways");
	assert_int_equal(sensorist_play_violations(&play), 1);
	sensorist_play_get(&play, "/v1/gateways?impersonate=20529");
	sensorist_play_sign_in(&play, play.own.helper, play.own.helper_password);
	sensorist_play_get(&play, "/v1/gateways");
	assert_int_equal(sensorist_play_violations(&play), 1);
	sensorist_play_expect(&play, 404, "GET", "/v1/workflows/1", NULL);
	sensorist_play_expect(&play, 404, "GET", "/v1/workflows/1", NULL);
	assert_int_equal(sensorist_play_violations(&play), 1);
	sensorist_play_fini(&play);
}

static void an_answer_that_is_lost_may_be_asked_again(void **state)
{
	const char *const faults[] = {"sensorist.stall_rate=1", NULL};
	struct sensorist_play play;

	(void)state;
	sensorist_play_init(&play, faults);
	sensorist_play_get(&play, "/v1/users");
	sensorist_play_get(&play, "/v1/users");
	assert_int_equal(sensorist_play_violations(&play), 0);
	sensorist_play_fini(&play);
}

/* A log is where the value crosses, and the two answers agree. */
static void alarms_follow_their_source(void **state)
{
	struct sensorist_play play;
	const cJSON *answer, *alarm, *log;
	int logs = 0;
	char *first;

	(void)state;
	sensorist_play_init(&play, NULL);
	answer = sensorist_play_get(&play, "/v1/alarms");
	sensorist_play_like("get-alarms", answer, true);
	cJSON_ArrayForEach(alarm, jsonx_get(answer, "alarms"))
	{
		bool above = strcmp(jsonx_str(jsonx_get(alarm, "direction")), "above") == 0;
		const char *now = jsonx_str(jsonx_get(alarm, "state")), *word = now;

		cJSON_ArrayForEach(log, jsonx_get(alarm, "logs"))
		{
			double value = jsonx_num(jsonx_get(log, "value"));
			double limit = jsonx_num(jsonx_get(alarm, "value"));
			bool in = strcmp(jsonx_str(jsonx_get(log, "state")), "in") == 0;

			assert_string_equal(jsonx_str(jsonx_get(log, "state")), word);
			assert_true(in == (above ? value > limit : value < limit));
			word = in ? "out" : "in";
			logs++;
		}
	}
	assert_true(logs > 3);
	answer = sensorist_play_get(&play, "/v1/alarms/history");
	sensorist_play_like("get-alarms-history", answer, true);
	assert_true(size(answer, "logs") >= logs);
	first = g_strdup(jsonx_str(jsonx_get(jsonx_get(answer, "logs")->child, "date")));
	answer = sensorist_play_get(&play, "/v1/alarms/history?from=2026-11-17T00:00:00Z&to=%.19sZ", first);
	assert_true(size(answer, "logs") > 0);
	answer = sensorist_play_get(&play, "/v1/alarms/history?alarms=1");
	assert_int_equal(size(answer, "logs"), 0);
	assert_int_equal(sensorist_play_violations(&play), 0);
	g_free(first);
	sensorist_play_fini(&play);
}

/* Whether it was looked at on the way makes no difference. */
static void alarms_do_not_depend_on_being_asked(void **state)
{
	struct sensorist_play one, two;

	(void)state;
	sensorist_play_init(&one, NULL);
	sensorist_play_init(&two, NULL);
	for (int hour = 0; hour < 48; hour++) {
		clock_fake_advance(&one.clock, 3600000);
		sensorist_play_get(&one, "/v1/alarms");
	}
	clock_fake_advance(&two.clock, 48 * 3600000);
	sensorist_play_get(&one, "/v1/alarms/history");
	sensorist_play_get(&two, "/v1/alarms/history");
	assert_string_equal(strstr(buf_text(&one.body), "\"logs\""), strstr(buf_text(&two.body), "\"logs\""));
	assert_int_equal(sensorist_play_violations(&one), 0);
	sensorist_play_fini(&one);
	sensorist_play_fini(&two);
}

static void alarms_are_made_and_deleted(void **state)
{
	struct sensorist_play play;
	const cJSON *answer;
	char path[64];
	int before;

	(void)state;
	sensorist_play_init(&play, NULL);
	before = size(sensorist_play_get(&play, "/v1/alarms"), "alarms");
	answer = sensorist_play_expect(&play, 200, "POST", "/v1/alarms",
				       "data_source=301003&value=-5&direction=above&delay=60");
	sensorist_play_like("post-alarms", answer, true);
	assert_int_equal(play.max_age_s, 0);
	g_snprintf(path, sizeof(path), "/v1/alarms/%d", (int)jsonx_num(jsonx_path(answer, "alarm.id")));
	clock_fake_advance(&play.clock, 3 * 3600000);
	answer = sensorist_play_get(&play, "/v1/alarms");
	assert_int_equal(size(answer, "alarms"), before + 1);
	answer = cJSON_GetArrayItem(jsonx_get(answer, "alarms"), before);
	assert_string_equal(jsonx_str(jsonx_get(answer, "state")), "in");
	assert_in_range(jsonx_moment(jsonx_get(jsonx_get(answer, "logs")->child, "date")),
			SENSORIST_PLAY_NOW_MS + 3600000, SENSORIST_PLAY_NOW_MS + 3600000 + 1900000);
	answer = sensorist_play_expect(&play, 200, "DELETE", path, NULL);
	sensorist_play_like("delete-alarms-id", answer, true);
	sensorist_play_expect(&play, 404, "DELETE", path, NULL);
	assert_int_equal(sensorist_play_violations(&play), 0);
	sensorist_play_expect(&play, 400, "POST", "/v1/alarms", "data_source=1&value=5&direction=above");
	sensorist_play_expect(&play, 400, "POST", "/v1/alarms", "data_source=301003&value=x&direction=above");
	sensorist_play_expect(&play, 400, "POST", "/v1/alarms", "data_source=301003&value=5&direction=up");
	assert_int_equal(sensorist_play_violations(&play), 3);
	sensorist_play_expect(&play, 200, "DELETE", "/v1/alarms", NULL);
	clock_fake_advance(&play.clock, 900000);
	assert_int_equal(size(sensorist_play_get(&play, "/v1/alarms"), "alarms"), 0);
	assert_int_equal(sensorist_play_violations(&play), 3);
	sensorist_play_fini(&play);
}

static void callbacks_come_and_go(void **state)
{
	struct sensorist_play play;
	const cJSON *answer;

	(void)state;
	sensorist_play_init(&play, NULL);
	sensorist_play_like("get-callbacks", sensorist_play_get(&play, "/v1/callbacks"), true);
	answer = sensorist_play_expect(&play, 200, "POST", "/v1/callbacks",
				       "url=https%3A%2F%2Fa.example%2Fx%3Fa%3D1&type=3");
	sensorist_play_like("post-callbacks", answer, true);
	assert_string_equal(jsonx_str(jsonx_path(answer, "callback.url")), "https://a.example/x?a=1");
	answer = sensorist_play_expect(&play, 200, "DELETE", "/v1/callbacks/312", NULL);
	sensorist_play_like("delete-callbacks-id", answer, true);
	clock_fake_advance(&play.clock, 900000);
	assert_int_equal(size(sensorist_play_get(&play, "/v1/callbacks"), "callbacks"), 1);
	sensorist_play_expect(&play, 400, "POST", "/v1/callbacks", "url=ftp%3A%2F%2Fx&type=3");
	sensorist_play_expect(&play, 400, "POST", "/v1/callbacks", "url=https%3A%2F%2Fx&type=8");
	sensorist_play_expect(&play, 200, "DELETE", "/v1/callbacks", NULL);
	clock_fake_advance(&play.clock, 900000);
	assert_int_equal(size(sensorist_play_get(&play, "/v1/callbacks"), "callbacks"), 0);
	sensorist_play_fini(&play);
}

/* A gateway that answers now, with or without sensors. */
static const struct sim_sens_gateway *good_gateway(struct sensorist_play *play)
{
	for (guint i = 0; i < play->sens->data->gateways->len; i++) {
		const struct sim_sens_gateway *gateway = play->sens->data->gateways->pdata[i];

		if (sim_sens_gateway_lost(gateway, SENSORIST_PLAY_NOW_MS) == MOMENT_NONE)
			return gateway;
	}
	fail_msg("no gateway is connected");
	return NULL;
}

static const char *workflow_state(const cJSON *answer)
{
	return jsonx_str(jsonx_path(answer, "workflow.state"));
}

static void commands_take_their_time(void **state)
{
	struct sensorist_play play;
	const struct sim_sens_gateway *gateway;
	const cJSON *answer;
	char path[64];
	guint sensors;
	int id;

	(void)state;
	sensorist_play_init(&play, NULL);
	gateway = good_gateway(&play);
	sensors = gateway->sensors->len;
	g_snprintf(path, sizeof(path), "/v1/gateways/%d/commands", (int)gateway->id);
	answer = sensorist_play_expect(&play, 200, "POST", path, "command=pairing_start");
	sensorist_play_like("post-gateways-id-commands", answer, true);
	id = (int)jsonx_num(jsonx_path(answer, "workflow.id"));
	clock_fake_advance(&play.clock, 60000);
	answer = sensorist_play_get(&play, "/v1/workflows/%d", id);
	sensorist_play_like("get-workflows-id-running", answer, true);
	assert_int_equal(play.max_age_s, 10);
	assert_string_equal(workflow_state(answer), "running");
	assert_int_equal(gateway->sensors->len, sensors);
	clock_fake_advance(&play.clock, 60000);
	answer = sensorist_play_get(&play, "/v1/workflows/%d", id);
	assert_string_equal(workflow_state(answer), "done");
	assert_int_equal(gateway->sensors->len, sensors + 1);

	answer = sensorist_play_expect(&play, 200, "POST", path, "command=reboot");
	id = (int)jsonx_num(jsonx_path(answer, "workflow.id"));
	clock_fake_advance(&play.clock, 10000);
	answer = sensorist_play_expect(&play, 200, "POST", path, "command=reboot");
	assert_true(sim_sens_gateway_lost(gateway, SENSORIST_PLAY_NOW_MS + 130000) > 0);
	clock_fake_advance(&play.clock, 62000);
	answer = sensorist_play_get(&play, "/v1/workflows/%d", id);
	sensorist_play_like("get-workflows-id-done", answer, true);
	clock_fake_advance(&play.clock, 238000);
	answer = sensorist_play_get(&play, "/v1/workflows/%d", id + 1);
	sensorist_play_like("get-workflows-id-failed", answer, true);
	assert_string_equal(workflow_state(answer), "failed");
	assert_int_equal(sensorist_play_violations(&play), 0);
	sensorist_play_expect(&play, 400, "POST", path, "command=explode");
	sensorist_play_fini(&play);
}

static void gateways_and_sensors_are_changed(void **state)
{
	struct sensorist_play play;
	struct sim_sens_sensor *sensor;
	const struct sim_sens_source *source;
	const cJSON *answer;
	int64_t date_ms, next_ms;
	int id;

	(void)state;
	sensorist_play_init(&play, NULL);
	answer = sensorist_play_expect(&play, 200, "POST", "/v1/gateways", "serial=00000000&name=Home");
	sensorist_play_like("post-gateways", answer, false);
	id = (int)jsonx_num(jsonx_path(answer, "workflow.id"));
	assert_true(cJSON_IsString(jsonx_path(answer, "gateway.disconnected_date")));
	sensorist_play_expect(&play, 400, "POST", "/v1/gateways", "serial=00000000");
	clock_fake_advance(&play.clock, 45000);
	assert_string_equal(workflow_state(sensorist_play_get(&play, "/v1/workflows/%d", id)), "done");
	answer = sensorist_play_expect(&play, 200, "POST", "/v1/gateways/4101", "name=Office");
	sensorist_play_like("post-gateways-id", answer, true);
	assert_string_equal(jsonx_str(jsonx_path(answer, "gateway.title")), "Office");
	answer = sensorist_play_expect(&play, 200, "POST", "/v1/sensors/50211", "name=Rack+4");
	sensorist_play_like("post-sensors-id-name", answer, true);
	assert_string_equal(jsonx_str(jsonx_path(answer, "sensor.title")), "Rack 4");

	sensor = sim_sens_find_sensor(play.sens->data, 50211);
	source = &sensor->sources[SIM_SENS_TEMPERATURE];
	answer = sensorist_play_expect(&play, 200, "POST", "/v1/sensors/50211", "interval=300");
	sensorist_play_like("post-sensors-id-interval", answer, true);
	id = (int)jsonx_num(jsonx_path(answer, "workflow.id"));
	date_ms = sim_sens_next(source, SENSORIST_PLAY_NOW_MS + 45001);
	clock_fake_advance(&play.clock, date_ms + 5000 - SENSORIST_PLAY_NOW_MS - 45000);
	assert_string_equal(workflow_state(sensorist_play_get(&play, "/v1/workflows/%d", id)), "done");
	assert_int_equal(sim_sens_interval_s(source, date_ms + 5000), 300);
	assert_int_equal(sim_sens_interval_s(source, date_ms), 900);
	next_ms = sim_sens_next(source, date_ms + 1);
	assert_true(next_ms - date_ms <= 311000);
	sensorist_play_expect(&play, 400, "POST", "/v1/sensors/50211", "interval=5");
	sensorist_play_expect(&play, 404, "POST", "/v1/sensors/1", "name=x");
	sensorist_play_fini(&play);
}

/* Sensors whose name in the last answer is not their own. */
static int renamed_by_fault(const struct sensorist_play *play)
{
	const cJSON *gateway, *sensor;
	int count = 0;

	cJSON_ArrayForEach(gateway, jsonx_get(play->doc.root, "gateways"))
	{
		cJSON_ArrayForEach(sensor, jsonx_get(gateway, "devices"))
		{
			int64_t id = (int64_t)jsonx_num(jsonx_get(sensor, "id"));
			const char *title = jsonx_str(jsonx_get(sensor, "title"));
			const struct sim_sens_sensor *own = sim_sens_find_sensor(play->sens->data, id);

			count += strcmp(title, own->title) != 0;
		}
	}
	return count;
}

static void faults_and_hostile_names(void **state)
{
	const char *const faults[] = {"sensorist.hostile=yes", "sensorist.write_body=off", NULL};
	const char *const broken[] = {"sensorist.error_rate=1", NULL};
	struct sensorist_play play;

	(void)state;
	sensorist_play_init(&play, faults);
	sensorist_play_get(&play, "/v1/gateways?with_slaves=1");
	assert_true(renamed_by_fault(&play) > 2);
	sensorist_play_ask(&play, "DELETE", "/v1/callbacks/311", NULL);
	assert_int_equal(play.status, 204);
	assert_int_equal(play.body.length, 0);
	sensorist_play_fini(&play);
	sensorist_play_init(&play, broken);
	sensorist_play_ask(&play, "GET", "/v1/users", NULL);
	assert_true(play.status >= 500);
	assert_int_equal(play.max_age_s, -1);
	sensorist_play_fini(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users_are_told_apart),
		cmocka_unit_test(gateways_hold_sensors_that_hold_sources),
		cmocka_unit_test(max_age_is_watched),
		cmocka_unit_test(an_answer_that_is_lost_may_be_asked_again),
		cmocka_unit_test(alarms_follow_their_source),
		cmocka_unit_test(alarms_do_not_depend_on_being_asked),
		cmocka_unit_test(alarms_are_made_and_deleted),
		cmocka_unit_test(callbacks_come_and_go),
		cmocka_unit_test(commands_take_their_time),
		cmocka_unit_test(gateways_and_sensors_are_changed),
		cmocka_unit_test(faults_and_hostile_names),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
