/* The simulated Density's figures, against the world that they are told of. */
#include "density_play.h"

#include "base/moment.h"
#include "sim/density_live.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)

static const cJSON *ask(struct density_play *play, const char *what, const char *start, const char *end,
			const char *more, const char *space)
{
	char *path = g_strconcat("/v3/analytics/", what, NULL);
	char *body = g_strdup_printf("{\"start_date\":\"%s\",\"end_date\":\"%s\",\"space_ids\":[\"%s\"]%s%s}",
				     start, end, density_play_id(play, space), *more ? "," : "", more);
	const cJSON *answer = density_play_ask(play, "POST", path, body);

	g_free(path);
	g_free(body);
	return answer;
}

static const struct sim_density_space *space_of(const struct density_play *play, const char *name)
{
	return sim_density_space(play->density->data, density_play_space(play, name));
}

static double number(const cJSON *object, const char *name) { return jsonx_num(jsonx_get(object, name)); }

/* Sum, mean and most by hand, minute by minute. */
static void compare(const struct density_play *play, const struct sim_density_space *space,
		    const cJSON *figures, int64_t from_ms, int64_t to_ms)
{
	int most = 0, least = 999, n = 0;
	int64_t sum = 0;
	double mean;

	for (int64_t t = from_ms; t < to_ms; t += MINUTE, n++) {
		int count = world_view_count(play->app->view, space->place, t);

		if (space->mode == SIM_DENSITY_WAFFLE)
			count = MIN(count, 3);
		if (space->binary)
			count = MIN(count, 1);
		sum += count;
		most = MAX(most, count);
		least = MIN(least, count);
	}
	mean = round((double)sum / n * 1e4) / 1e4;
	assert_true(number(figures, "occupancy_avg") == mean);
	assert_true(number(figures, "occupancy_max") == most);
	assert_true(number(figures, "occupancy_min") == least);
	assert_true(number(figures, "time_used_raw") ==
		    (double)world_view_presence_ms(play->app->view, space->place, from_ms, to_ms));
	if (space->capacity > 0)
		assert_true(fabs(number(figures, "utilization_avg") - mean / (double)space->capacity) < 1e-4);
}

static void figures_agree_with_the_world(void **state)
{
	static const char *const names[] = {"Hudson", "Canteen", "Phone Booth 1", "Bryant", "Open Plan"};
	struct density_play play;
	int64_t from_ms = moment_parse("2026-11-17T14:00:00Z"); /* 9 o'clock in New York */

	(void)state;
	density_play_init(&play, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const struct sim_density_space *space = space_of(&play, names[i]);
		const cJSON *answer = ask(&play, "metrics", "2026-11-17T09:00:00", "2026-11-17T11:59:59", "",
					  names[i]);

		assert_int_equal(play.status, 200);
		compare(&play, space, jsonx_get(answer, space->id), from_ms, from_ms + 3 * HOUR);
		answer = ask(&play, "metrics", "2026-11-17T09:00:00", "2026-11-17T11:59:59",
			     "\"time_resolution\":\"hour\"", names[i]);
		answer = jsonx_get(answer, space->id);
		assert_int_equal(cJSON_GetArraySize(answer), 3);
		compare(&play, space, jsonx_get(answer, "2026-11-17T10:00:00"), from_ms + HOUR,
			from_ms + 2 * HOUR);
	}
	assert_int_equal(density_play_violations(&play), 0);
	density_play_fini(&play);
}

static void entries_and_exits_are_those_of_the_doors(void **state)
{
	struct density_play play;
	struct world_crossing rows[200];
	const struct sim_density_space *space;
	const cJSON *figures;
	int in = 0;

	(void)state;
	density_play_init(&play, NULL);
	density_play_fault(&play, "flat", "off");
	space = sim_density_space(play.density->data, 0);
	figures = jsonx_get(ask(&play, "occupancy", "2026-11-17T05:00:00Z", "2026-11-17T15:29:59Z", "",
				space->name),
			    space->id);

	size_t n = world_view_crossings(play.app->view, -1, play.app->world->buildings[0].entrance_door,
					moment_parse("2026-11-17T05:00:00Z"),
					moment_parse("2026-11-17T15:30:00Z"), rows, 200);

	assert_true(n > 10 && n < 200);
	for (size_t i = 0; i < n; i++)
		in += rows[i].in;
	assert_true(in > (int)n - in); /* the morning */
	assert_true(number(figures, "entrances") == in);
	assert_true(number(figures, "exits") == (double)n - in);
	density_play_fini(&play);
}

static void answers_look_like_the_samples(void **state)
{
	struct density_play play;
	char body[160];

	(void)state;
	density_play_init(&play, NULL);
	density_play_like("post-v3-analytics-metrics-total", ask(&play, "metrics", "2026-11-17T00:00:00",
								 "2026-11-17T23:59:59", "", "Ground floor"));
	density_play_like("post-v3-analytics-metrics-hour",
			  ask(&play, "metrics", "2026-11-17T09:00:00", "2026-11-17T12:59:59",
			      "\"time_resolution\":\"hour\",\"metrics\":[]", "Ground floor"));
	density_play_like("post-v3-analytics-sessions-raw-by-space",
			  ask(&play, "sessions/raw", "2026-11-17T09:00:00", "2026-11-17T12:59:59", "",
			      "Ground floor"));
	density_play_like("post-v3-analytics-occupancy-current",
			  density_play_expect(&play, 200, "POST", "/v3/analytics/occupancy/current", "{}"));
	density_play_like("post-v3-analytics-presence",
			  density_play_expect(&play, 200, "POST", "/v3/analytics/presence", "{}"));
	density_play_like("post-v3-analytics-presence-health",
			  density_play_expect(&play, 200, "POST", "/v3/analytics/presence-health", "{}"));
	density_play_like("post-v3-analytics-short-term",
			  density_play_expect(&play, 200, "POST", "/v3/analytics/short-term", "{}"));
	density_play_like("post-v3-sensors-health",
			  density_play_expect(&play, 200, "POST", "/v3/sensors/health",
					      "{\"start_date\":\"2026-11-10T00:00:00Z\","
					      "\"end_date\":\"2026-11-18T00:00:00Z\"}"));
	g_snprintf(body, sizeof(body),
		   "{\"start_date\":\"2026-11-17T00:00:00Z\",\"end_date\":\"2026-11-18T15:59:59Z\","
		   "\"floor_ids\":[\"%s\"]}",
		   density_play_id(&play, "Ground floor"));
	density_play_like("post-v3-analytics-data-status",
			  density_play_expect(&play, 200, "POST", "/v3/analytics/data-status", body));

	double share = number(play.doc.root->child, "completion");

	assert_true(share > 0.5 && share < 0.81); /* the last eight of forty hours are not final */
	density_play_fault(&play, "envelope", "yes");
	assert_non_null(
		jsonx_get(density_play_expect(&play, 200, "POST", "/v3/analytics/presence", "{}"), "data"));
	assert_int_equal(density_play_violations(&play), 0);
	density_play_fini(&play);
}

static void a_day_may_have_another_length(void **state)
{
	struct density_play play;
	const struct sim_density_space *space;
	const cJSON *answer, *total;
	double sum = 0;

	(void)state;
	density_play_init(&play, NULL);
	space = space_of(&play, "Hudson");
	/* 2026-11-01: New York's clocks go back; 2 o'clock comes after one hour that comes twice. */
	answer = jsonx_get(ask(&play, "metrics", "2026-11-01T00:00:00", "2026-11-01T23:59:59",
			       "\"time_resolution\":\"hour\"", "Hudson"),
			   space->id);
	assert_int_equal(cJSON_GetArraySize(answer), 24);
	answer = jsonx_get(ask(&play, "time-used", "2026-11-01T04:00:00Z", "2026-11-02T04:59:59Z",
			       "\"time_resolution\":\"hour\"", "Hudson"),
			   space->id);
	assert_int_equal(cJSON_GetArraySize(answer), 25);
	answer = jsonx_get(ask(&play, "metrics", "2026-03-08T00:00:00", "2026-03-08T23:59:59",
			       "\"time_resolution\":\"hour\"", "Hudson"),
			   space->id);
	assert_int_equal(cJSON_GetArraySize(answer), 23);
	assert_null(jsonx_get(answer, "2026-03-08T02:00:00"));

	/* a week of days, with the change of the clock in it, adds up to its total */
	answer = jsonx_get(ask(&play, "metrics", "2026-10-28T00:00:00", "2026-11-03T23:59:59",
			       "\"time_resolution\":\"day\"", "Hudson"),
			   space->id);
	assert_int_equal(cJSON_GetArraySize(answer), 7);
	cJSON_ArrayForEach(total, answer) sum += number(total, "time_used_raw");
	total = jsonx_get(ask(&play, "metrics", "2026-10-28T00:00:00", "2026-11-03T23:59:59", "", "Hudson"),
			  space->id);
	assert_true(sum > 0 && number(total, "time_used_raw") == sum);
	density_play_fini(&play);
}

static void buckets_have_their_names(void **state)
{
	static const struct {
		const char *resolution, *start, *end;
		int count;
		const char *first;
	} rows[] = {
		{"minute", "2026-11-17T09:30:00", "2026-11-17T09:34:59", 5, "2026-11-17T09:30:00"},
		{"10minute", "2026-11-17T09:30:00", "2026-11-17T10:29:59", 6, "2026-11-17T09:30:00"},
		{"day", "2026-11-09T00:00:00", "2026-11-15T23:59:59", 7, "2026-11-09T00:00:00"},
		{"week", "2026-10-26T00:00:00", "2026-11-15T23:59:59", 3, "2026-10-26T00:00:00"},
		{"month", "2026-09-01T00:00:00", "2026-10-31T23:59:59", 2, "2026-09-01T00:00:00"},
		{"year", "2026-09-01T00:00:00", "2026-10-31T23:59:59", 1, "2026-01-01T00:00:00"},
		{"weekday", "2026-11-01T00:00:00", "2026-11-14T23:59:59", 7, "0"},
		{"hour_of_day", "2026-11-11T00:00:00", "2026-11-12T23:59:59", 24, "0"},
	};
	struct density_play play;
	char more[60];

	(void)state;
	density_play_init(&play, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const cJSON *answer;

		g_snprintf(more, sizeof(more), "\"time_resolution\":\"%s\"", rows[i].resolution);
		answer = ask(&play, "metrics", rows[i].start, rows[i].end, more, "Hudson");
		answer = answer->child;
		assert_int_equal(cJSON_GetArraySize(answer), rows[i].count);
		assert_string_equal(answer->child->string, rows[i].first);
	}
	/* nothing of the future */
	assert_int_equal(cJSON_GetArraySize(ask(&play, "metrics", "2026-11-18T00:00:00", "2026-11-18T23:59:59",
						"\"time_resolution\":\"hour\"", "Hudson")
						    ->child),
			 11);
	assert_int_equal(density_play_violations(&play), 0);
	density_play_fini(&play);
}

static void operating_hours_leave_the_rest_out(void **state)
{
	struct density_play play;
	const struct sim_density_space *space;
	const cJSON *answer;
	int64_t from_ms = moment_parse("2026-11-17T13:00:00Z");

	(void)state;
	density_play_init(&play, NULL);
	space = space_of(&play, "Hudson");
	answer = ask(&play, "metrics", "2026-11-14T00:00:00", "2026-11-17T23:59:59",
		     "\"operating_hours\":{\"days\":[2],\"start_hour\":8,\"end_hour\":18}", "Hudson");
	compare(&play, space, jsonx_get(answer, space->id), from_ms, from_ms + 10 * HOUR);
	answer = ask(&play, "metrics", "2026-11-17T00:00:00", "2026-11-17T23:59:59",
		     "\"time_resolution\":\"hour\",\"operating_hours\":{\"start_hour\":8,\"end_hour\":18}",
		     "Hudson");
	assert_int_equal(cJSON_GetArraySize(answer->child), 10);
	ask(&play, "metrics", "2026-11-17T00:00:00", "2026-11-17T23:59:59",
	    "\"operating_hours\":{\"days\":[7]}", "Hudson");
	assert_int_equal(play.status, 400);
	density_play_fini(&play);
}

static void capacity_makes_utilization(void **state)
{
	struct density_play play;
	unsigned seen[3] = {0};

	(void)state;
	density_play_init(&play, NULL);

	const cJSON *answer = density_play_expect(
			    &play, 200, "POST", "/v3/analytics/utilization",
			    "{\"start_date\":\"2026-11-17T14:00:00Z\",\"end_date\":\"2026-11-"
			    "17T20:59:59Z\"}"),
		    *figures;

	cJSON_ArrayForEach(figures, answer)
	{
		const struct sim_density_space *space = sim_density_space(play.density->data,
									  sim_density_find(play.density->data,
											   figures->string));
		const cJSON *average = jsonx_get(figures, "utilization_avg");

		assert_null(jsonx_get(figures, "occupancy_avg"));
		seen[space->capacity < 0 ? 0 : space->capacity == 0 ? 1 : 2]++;
		assert_int_equal(cJSON_IsNull(average) != 0, space->capacity < 0);
		if (space->capacity == 0)
			assert_true(average->valuedouble == 0);
	}
	assert_true(seen[0] && seen[1] && seen[2]);
	density_play_fini(&play);
}

static void parents_come_back_flattened(void **state)
{
	struct density_play play;
	const cJSON *answer;
	const char *floor;

	(void)state;
	density_play_init(&play, NULL);
	floor = density_play_id(&play, "Ground floor");
	answer = ask(&play, "metrics", "2026-11-17T09:00:00", "2026-11-17T09:59:59", "", "Ground floor");
	assert_null(jsonx_get(answer, floor));
	assert_non_null(jsonx_get(answer, density_play_id(&play, "Hudson")));
	answer = ask(&play, "metrics", "2026-11-17T09:00:00", "2026-11-17T09:59:59", "", "Main Street 12");
	assert_non_null(jsonx_get(answer, floor));
	assert_null(jsonx_get(answer, density_play_id(&play, "Restroom"))); /* not measured */
	density_play_fault(&play, "flat", "off");
	answer = ask(&play, "metrics", "2026-11-17T09:00:00", "2026-11-17T09:59:59", "", "Ground floor");
	assert_non_null(jsonx_get(answer, floor));
	density_play_fini(&play);
}

static void limits_are_kept(void **state)
{
	static const char *const bad[][4] = {
		{"metrics", "2026-11-10T00:00:00", "2026-11-17T00:00:00", "\"time_resolution\":\"hour\""},
		{"metrics", "2026-11-10T00:00:00", "2026-11-11T00:00:00", "\"time_resolution\":\"minute\""},
		{"metrics", "2026-10-01T00:00:00", "2026-11-01T00:00:00", "\"time_resolution\":\"day\""},
		{"metrics", "2025-01-01T00:00:00", "2026-01-02T00:00:00", ""},
		{"metrics", "2026-11-17T00:00:00Z", "2026-11-17T23:59:59Z", ""},
		{"metrics", "2026-11-17", "2026-11-17", ""},
		{"metrics", "2026-11-17T09:00:00", "2026-11-17T08:00:00", ""},
		{"metrics", "2026-11-17T09:00:00", "2026-11-17T09:59:59", "\"time_resolution\":\"1h\""},
		{"occupancy", "2026-11-17T00:00:00", "2026-11-17T23:59:59", ""},
		{"sessions/raw", "2026-09-01T00:00:00", "2026-11-01T00:00:00", ""},
	};
	struct density_play play;
	GString *many = g_string_new("{\"space_ids\":[");

	(void)state;
	density_play_init(&play, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		ask(&play, bad[i][0], bad[i][1], bad[i][2], bad[i][3], "Hudson");
		assert_int_equal(play.status, 400);
		assert_int_equal(density_play_violations(&play), i + 1);
		density_play_like("error", play.doc.root);
	}
	ask(&play, "sessions/raw", "2026-09-01T00:00:00", "2026-10-31T00:00:00", "", "Hudson");
	assert_int_equal(play.status, 200);
	for (int i = 0; i < 101; i++)
		g_string_append_printf(many, "%s\"spc_%d\"", i ? "," : "", i);
	g_string_append(many, "]}");
	density_play_expect(&play, 400, "POST", "/v3/analytics/occupancy/current", many->str);
	density_play_expect(&play, 404, "POST", "/v3/analytics/presence", "{\"space_ids\":[\"spc_1\"]}");
	density_play_expect(&play, 400, "POST", "/v3/analytics/short-term", "{\"minutes_lookback\":241}");
	density_play_expect(&play, 400, "POST", "/v3/sensors/health",
			    "{\"start_date\":\"2026-11-01T00:00:00Z\",\"end_date\":\"2026-11-11T00:00:01Z\"}");
	density_play_expect(&play, 400, "POST", "/v3/analytics/data-status",
			    "{\"start_date\":\"2026-11-01T00:00:00Z\",\"end_date\":\"2026-11-02T00:00:00Z\","
			    "\"floor_ids\":[]}");
	density_play_expect(&play, 400, "POST", "/v3/analytics/data-status",
			    "{\"start_date\":\"2024-05-01T00:00:00Z\",\"end_date\":\"2024-05-02T00:00:00Z\","
			    "\"floor_ids\":[\"spc_1\"]}");
	g_string_free(many, TRUE);
	density_play_fini(&play);
}

static void sessions_join_to_the_stretches(void **state)
{
	struct density_play play;
	GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct world_span));
	const struct sim_density_space *space;
	const cJSON *session, *list;
	int64_t last_ms = 0;
	unsigned at = 0;

	(void)state;
	density_play_init(&play, NULL);
	space = space_of(&play, "Hudson");
	world_view_stretches(play.app->view, space->place, moment_parse("2026-11-16T05:00:00Z"),
			     moment_parse("2026-11-18T05:00:00Z"), spans);
	assert_true(spans->len > 3);
	list = jsonx_path(ask(&play, "sessions/raw", "2026-11-16T00:00:00", "2026-11-17T23:59:59", "",
			      "Hudson"),
			  space->id);
	cJSON_ArrayForEach(session, jsonx_get(list, "sessions"))
	{
		const char *text = jsonx_str(jsonx_get(session, "start_time"));
		int64_t from_ms = moment_parse(text);
		int64_t to_ms = jsonx_moment(jsonx_get(session, "end_time"));
		const struct world_span *span = &g_array_index(spans, struct world_span, at);

		assert_true(g_str_has_suffix(text, "-05:00"));
		assert_true(to_ms - from_ms <= 90000);
		if (strcmp(jsonx_str(jsonx_get(session, "session_type")), "1") != 0)
			continue;
		assert_true(from_ms >= span->from_ms - 1000 && to_ms <= span->to_ms);
		assert_true(from_ms <= span->from_ms || from_ms - last_ms < 10 * MINUTE);
		last_ms = to_ms;
		if (to_ms >= span->to_ms - 1000)
			at++;
	}
	assert_int_equal(at, spans->len);
	g_array_free(spans, TRUE);
	density_play_fini(&play);
}

static void now_is_what_the_world_has(void **state)
{
	struct density_play play;
	const cJSON *item, *answer;
	unsigned capped = 0, people = 0;

	(void)state;
	density_play_init(&play, NULL);
	answer = density_play_expect(&play, 200, "POST", "/v3/analytics/occupancy/current", "{}");
	cJSON_ArrayForEach(item, answer)
	{
		const struct sim_density_space *space = sim_density_space(play.density->data,
									  sim_density_find(play.density->data,
											   item->string));
		int count = sim_density_seen(space, world_view_count(play.app->view, space->place,
								     DENSITY_PLAY_NOW_MS));

		if (strcmp(jsonx_str(jsonx_get(item, "space_health_status")), "offline") == 0)
			count = 0;
		assert_true(number(item, "count") == count);
		capped += cJSON_IsTrue(jsonx_get(item, "is_capped"));
		people += count > 0;
		assert_true(jsonx_moment(jsonx_get(item, "timestamp")) <= DENSITY_PLAY_NOW_MS);
	}
	assert_true(people > 10);
	assert_true(capped > 0);
	density_play_fini(&play);
}

static void presence_may_be_missing_or_unknown(void **state)
{
	struct density_play play;
	unsigned missing = 0, bare = 0;

	(void)state;
	density_play_init(&play, NULL);
	density_play_expect(&play, 200, "POST", "/v3/analytics/presence-health", "{}");
	for (guint i = 0; i < play.density->data->spaces->len; i++) {
		const struct sim_density_space *space = sim_density_space(play.density->data, (int)i);
		const cJSON *item = jsonx_get(play.doc.root, space->id);

		missing += !item && space->mode == SIM_DENSITY_OA && !space->planning;
		assert_true(!item || space->mode != SIM_DENSITY_ENTRY);
		if (!item || space->sensors->len)
			continue;
		assert_string_equal(jsonx_str(jsonx_get(item, "space_health_status")), "unknown");
		bare++;
	}
	assert_true(missing > 0 && bare > 0);
	density_play_fini(&play);
}

/* Nobody is seen where nothing works. */
static void an_offline_space_looks_empty(void **state)
{
	struct density_play play;
	unsigned found = 0;

	(void)state;
	density_play_init(&play, NULL);
	for (guint i = 0; i < play.density->data->spaces->len; i++) {
		const struct sim_density_space *space = sim_density_space(play.density->data, (int)i);

		for (int64_t t = DENSITY_PLAY_NOW_MS - 240 * HOUR; t < DENSITY_PLAY_NOW_MS; t += HOUR) {
			if (sim_density_space_health(play.density, space, t) != SIM_DENSITY_OFFLINE ||
			    world_view_count(play.app->view, space->place, t) == 0)
				continue;
			assert_int_equal(sim_density_state_at(play.density, space, t).count, 0);
			assert_false(sim_density_state_at(play.density, space, t).presence);
			found++;
		}
	}
	assert_true(found > 0);
	density_play_fini(&play);
}

/* The space that a sensor alone measures, or NULL. */
static const struct sim_density_space *only_space(const struct density_play *play, const char *serial)
{
	const struct sim_density_data *data = play->density->data;
	int index = sim_density_find_sensor(data, serial), space;

	assert_true(index >= 0);
	space = g_array_index(data->sensors, struct sim_density_sensor, index).space;
	return space >= 0 && sim_density_space(data, space)->sensors->len == 1
		       ? sim_density_space(data, space)
		       : NULL;
}

/* The list of changes says at every moment what the current state said then. */
static void health_changes_as_history_tells(void **state)
{
	struct density_play play;
	struct jsonx history;
	const cJSON *list, *sensor, *change;
	unsigned changes = 0, states[4] = {0};

	(void)state;
	density_play_init(&play, NULL);
	density_play_expect(&play, 200, "POST", "/v3/sensors/health",
			    "{\"start_date\":\"2026-11-18T17:00:00Z\",\"end_date\":\"2026-11-20T17:00:00Z\"}");
	clock_fake_advance(&play.clock, 48 * HOUR);
	density_play_sign_in(&play);
	density_play_expect(&play, 200, "POST", "/v3/sensors/health",
			    "{\"start_date\":\"2026-11-10T16:00:00Z\",\"end_date\":\"2026-11-20T15:59:59Z\"}");
	jsonx_init(&history);
	assert_int_equal(jsonx_parse(&history, buf_text(&play.body), play.body.length, NULL), ERR_OK);
	list = jsonx_get(density_play_expect(&play, 200, "POST", "/v3/sensors/health/current", "{}"), "data");
	cJSON_ArrayForEach(sensor, list)
	{
		const char *last = NULL, *now = jsonx_str(jsonx_get(sensor, "health_status"));
		const struct sim_density_space *space =
			only_space(&play, jsonx_str(jsonx_get(sensor, "serial_number")));
		int64_t before_ms = 0;

		cJSON_ArrayForEach(change,
				   jsonx_get(history.root, jsonx_str(jsonx_get(sensor, "serial_number"))))
		{
			int64_t at_ms = jsonx_moment(jsonx_get(change, "timestamp"));
			const char *next = jsonx_str(jsonx_get(change, "health_status"));

			assert_true(at_ms > before_ms);
			assert_true(!last || strcmp(last, next) != 0);
			changes += last != NULL;
			if (space)
				assert_string_equal(sim_density_healths[sim_density_space_health(
							    play.density, space, at_ms)],
						    next);
			if (space && last)
				assert_string_equal(sim_density_healths[sim_density_space_health(
							    play.density, space, at_ms - 1)],
						    last);
			last = next;
			before_ms = at_ms;
		}
		assert_non_null(last);
		assert_string_equal(last, now);
		for (int i = 0; i < 4; i++)
			states[i] += strcmp(now, sim_density_healths[i]) == 0;
	}
	assert_true(changes > 10);
	assert_true(states[SIM_DENSITY_HEALTHY] > 20 && states[SIM_DENSITY_OFFLINE] > 0 &&
		    states[SIM_DENSITY_UNKNOWN_HEALTH] > 0);
	jsonx_fini(&history);
	density_play_fini(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_agree_with_the_world),
		cmocka_unit_test(entries_and_exits_are_those_of_the_doors),
		cmocka_unit_test(answers_look_like_the_samples),
		cmocka_unit_test(a_day_may_have_another_length),
		cmocka_unit_test(buckets_have_their_names),
		cmocka_unit_test(operating_hours_leave_the_rest_out),
		cmocka_unit_test(capacity_makes_utilization),
		cmocka_unit_test(parents_come_back_flattened),
		cmocka_unit_test(limits_are_kept),
		cmocka_unit_test(sessions_join_to_the_stretches),
		cmocka_unit_test(now_is_what_the_world_has),
		cmocka_unit_test(presence_may_be_missing_or_unknown),
		cmocka_unit_test(an_offline_space_looks_empty),
		cmocka_unit_test(health_changes_as_history_tells),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
