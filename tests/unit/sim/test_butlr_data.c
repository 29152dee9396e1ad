#include "butlr_play.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/moment.h"

#define DETECTIONS "/api/v3/detections"
#define REPORTING "/api/v3/reporting"

/* --- detections ------------------------------------------------------------------------------------------- */

/* Adds "mac sample" of each point to the set; fails on one that is there already. */
static unsigned collect(const cJSON *points, GHashTable *seen, int64_t from_ms, int64_t to_ms)
{
	const cJSON *point;
	unsigned count = 0;

	cJSON_ArrayForEach(point, points)
	{
		int64_t sample = (int64_t)jsonx_num(jsonx_get(point, "sample_time"));

		assert_true(sample >= from_ms && sample < to_ms);
		if (!g_hash_table_add(seen,
				      g_strdup_printf("%s %lld", jsonx_str(jsonx_get(point, "mac_address")),
						      (long long)sample)))
			fail_msg("a sample came twice");
		count++;
	}
	return count;
}

static const cJSON *frames(struct play *play, int64_t from_ms, int64_t to_ms, const char *window)
{
	char from[MOMENT_TEXT_SIZE], to[MOMENT_TEXT_SIZE];
	char *body = g_strdup_printf(
		"{\"data_types\":[\"heatmap\"],\"filter\":{\"start\":\"%s\",\"stop\":\"%s\"}%s}",
		moment_format(from_ms, from), moment_format(to_ms, to), window);
	const cJSON *answer = play_ask(play, "POST", DETECTIONS, body);

	g_free(body);
	assert_int_equal(play->status, 200);
	return jsonx_get(answer, "heatmap");
}

static void neighbouring_ranges_neither_lose_nor_double(void **state)
{
	GHashTable *whole = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTable *parts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	int64_t from = PLAY_NOW_MS - 60000;
	struct play play;
	unsigned count;

	(void)state;
	play_init(&play, NULL);
	count = collect(frames(&play, from, from + 4000, ""), whole, from, from + 4000);
	assert_true(count > 100);
	for (int64_t t = from; t < from + 4000; t += 500)
		collect(frames(&play, t, t + 500, ""), parts, t, t + 500);
	assert_int_equal(g_hash_table_size(parts), count);
	g_hash_table_destroy(whole);
	g_hash_table_destroy(parts);
	play_fini(&play);
}

static void a_window_gives_one_point_for_each_sensor(void **state)
{
	GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	int64_t from = (PLAY_NOW_MS - 60000) / 10000 * 10000;
	struct play play;
	unsigned all, last;
	const cJSON *list, *point;

	(void)state;
	play_init(&play, NULL);
	all = collect(frames(&play, from, from + 20000, ""), seen, from, from + 20000);
	g_hash_table_remove_all(seen);
	list = frames(&play, from, from + 20000, ",\"window\":{\"every\":\"10s\",\"function\":\"last\"}");
	last = collect(list, seen, from, from + 20000);
	assert_int_equal(last * 10, all); /* a frame in a second */
	cJSON_ArrayForEach(point, list)
	{
		int64_t start = (int64_t)jsonx_num(jsonx_get(point, "start_time"));
		int64_t sample = (int64_t)jsonx_num(jsonx_get(point, "sample_time"));

		assert_true(start % 10000 == 0 && sample >= start + 9000 && sample < start + 10000);
	}
	g_hash_table_destroy(seen);
	play_fini(&play);
}

static void frames_are_eight_by_eight_degrees(void **state)
{
	struct play play;
	const cJSON *point, *row, *cell;

	(void)state;
	play_init(&play, NULL);
	cJSON_ArrayForEach(point, frames(&play, PLAY_NOW_MS - 2000, PLAY_NOW_MS, ""))
	{
		assert_int_equal(cJSON_GetArraySize(jsonx_get(point, "value")), 8);
		cJSON_ArrayForEach(row, jsonx_get(point, "value"))
		{
			assert_int_equal(cJSON_GetArraySize(row), 8);
			cJSON_ArrayForEach(cell, row)
			{
				assert_true(cell->valuedouble > 5 && cell->valuedouble < 45);
				assert_true(fabs(cell->valuedouble * 100 - round(cell->valuedouble * 100)) <
					    1e-6);
			}
		}
	}
	play_fini(&play);
}

static void nothing_comes_from_the_future(void **state)
{
	struct play play;

	(void)state;
	play_init(&play, NULL);
	assert_int_equal(cJSON_GetArraySize(frames(&play, PLAY_NOW_MS + 1, PLAY_NOW_MS + 60000, "")), 0);
	assert_true(cJSON_GetArraySize(frames(&play, PLAY_NOW_MS - 1500, PLAY_NOW_MS + 60000, "")) > 0);
	play_fini(&play);
}

static void late_frames_appear_in_the_end(void **state)
{
	static const char *const faults[] = {"butlr.late_rate=0.3", "butlr.late=5s", NULL};
	struct play play;
	int early, late;

	(void)state;
	play_init(&play, faults);
	early = cJSON_GetArraySize(frames(&play, PLAY_NOW_MS - 2000, PLAY_NOW_MS, ""));
	clock_fake_advance(&play.clock, 5000);
	late = cJSON_GetArraySize(frames(&play, PLAY_NOW_MS - 2000, PLAY_NOW_MS, ""));
	assert_true(early > late / 2 && early < late);
	play_fini(&play);
}

static void people_are_where_the_sensors_see_them(void **state)
{
	struct play play;
	const cJSON *answer, *local, *world;
	int people = 0;

	(void)state;
	play_init(&play, NULL);
	answer = play_ask(
		&play, "POST", DETECTIONS,
		"{\"data_types\":[\"detections_world\",\"detections_local\"],\"filter\":{\"start\":\"-2s\","
		"\"omit_empty_value\":true}}");
	world = jsonx_get(answer, "detections_world")->child;
	cJSON_ArrayForEach(local, jsonx_get(answer, "detections_local"))
	{
		const cJSON *point = jsonx_get(local, "value")->child;

		assert_string_equal(jsonx_str(jsonx_get(local, "mac_address")),
				    jsonx_str(jsonx_get(world, "mac_address")));
		assert_int_equal(cJSON_GetArraySize(jsonx_get(local, "value")),
				 cJSON_GetArraySize(jsonx_get(world, "value")));
		assert_non_null(point);
		assert_true(point->child->valuedouble >= 0 && point->child->valuedouble < 1);
		people++;
		world = world->next;
	}
	assert_true(people > 10); /* it is Wednesday, 11 o'clock */
	play_fini(&play);
}

static void filters_of_detections(void **state)
{
	struct play play;
	const cJSON *point;
	char *body, *room = NULL;
	int n = 0;

	(void)state;
	play_init(&play, NULL);
	for (int i = 0; i < play.app->world->sensor_count && !room; i++)
		if (play.app->world->sensors[i].room >= 0 &&
		    play.app->world->sensors[i].mode == WORLD_PRESENCE)
			room = g_strdup(play.app->world->rooms[play.app->world->sensors[i].room].id);
	body = g_strdup_printf(
		"{\"data_types\":[\"heatmap\"],\"filter\":{\"start\":\"-5s\",\"room_id\":\"%s\"}}", room);
	cJSON_ArrayForEach(point, jsonx_get(play_ask(&play, "POST", DETECTIONS, body), "heatmap"))
	{
		int sensor = world_find_sensor_by_mac(play.app->world,
						      jsonx_str(jsonx_get(point, "mac_address")));

		assert_string_equal(play.app->world->rooms[play.app->world->sensors[sensor].room].id, room);
		n++;
	}
	assert_true(n >= 4);
	g_free(body);
	g_free(room);
	play_ask(&play, "POST", DETECTIONS,
		 "{\"data_types\":[\"heatmap\"],\"filter\":{\"start\":\"-5s\","
		 "\"mac_addresses\":[\"00-00\"]}}");
	assert_string_equal(play.text, "{\"heatmap\":[]}");
	play_fini(&play);
}

static void the_density_is_sparse_cells(void **state)
{
	struct play play;
	char *space, *body;
	const cJSON *cells, *cell;

	(void)state;
	play_init(&play, NULL);
	space = play_id(&play, "/api/v2/spaces", 2);
	body = g_strdup_printf(
		"{\"data_types\":[\"heatmap_v2\"],\"filter\":{\"space_id\":\"%s\",\"start\":"
		"\"2026-11-17T00:00:00Z\",\"stop\":\"2026-11-18T00:00:00Z\"},\"window\":{\"heatmap_v2_options\":"
		"{\"grid_resolution\":0.5,\"heatmap_type\":\"occupancy\",\"normalize\":true}}}",
		space);
	cells = jsonx_get(jsonx_get(play_ask(&play, "POST", DETECTIONS, body), "heatmap_v2")->child,
			  "array_cells");
	assert_true(cJSON_GetArraySize(cells) > 5);
	cJSON_ArrayForEach(cell, cells)
	{
		assert_int_equal(cJSON_GetArraySize(cell), 3);
		assert_true(fmod(cell->child->valuedouble, 0.5) == 0.25);
		assert_true(cell->child->next->next->valuedouble > 0 &&
			    cell->child->next->next->valuedouble <= 1);
	}
	g_free(body);
	g_free(space);
	play_fini(&play);
}

/* --- reporting -------------------------------------------------------------------------------------------- */

#define DAY "\"start\":\"2026-11-17T05:00:00Z\",\"stop\":\"2026-11-18T05:00:00Z\""
#define HOURLY "\"window\":{\"every\":\"1h\",\"function\":\"max\",\"timezone\":\"America/New_York\"}"

static void is_statistics(const cJSON *leaf)
{
	static const char *const members[] = {"sum", "min", "max", "count", "mean", "median", "stddev"};

	for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
		assert_true(cJSON_IsNumber(jsonx_get(leaf, members[i])));
}

static void the_documents_requests_are_answered(void **state)
{
	static const char *const names[] = {
		"post-v3-reporting",
		"post-v3-reporting-presence-by-room-mac",
		"post-v3-reporting-presence-time-by-time",
		"post-v3-reporting-floor-occupancy",
		"post-v3-reporting-by-tag",
		"post-v3-reporting-traffic-by-time-field",
	};
	struct play play;

	(void)state;
	play_init(&play, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		char *name = g_strconcat("samples/requests/", names[i], NULL), *body = play_sample(name);
		const cJSON *answer = play_ask(&play, "POST", REPORTING, body);

		assert_int_equal(play.status, 200);
		assert_true(cJSON_IsObject(jsonx_get(answer, "data")));
		g_free(name);
		g_free(body);
	}
	play_fini(&play);
}

static void a_request_without_measurement_gives_a_shallow_tree(void **state)
{
	struct play play;
	const cJSON *leaf;

	(void)state;
	play_init(&play, NULL);
	leaf = jsonx_path(
		play_ask(&play, "POST", REPORTING,
			 "{\"group_by\":{\"order\":[\"space_id\",\"field\"]},\"window\":{\"every\":\"5m\","
			 "\"function\":\"max\"},\"filter\":{\"start\":\"-1d\"}}"),
		"data.occupancy");
	is_statistics(leaf);
	assert_null(jsonx_get(leaf, "first"));
	play_fini(&play);
}

static void trees_nest_as_ordered(void **state)
{
	struct play play;
	const cJSON *data, *room, *time;
	int leaves = 0;

	(void)state;
	play_init(&play, NULL);
	data = jsonx_get(play_ask(&play, "POST", REPORTING,
				  "{" HOURLY ",\"filter\":{" DAY ",\"measurements\":[\"room_occupancy\"]},"
				  "\"group_by\":{\"order\":[\"room_id\",\"time\"]}}"),
			 "data");
	cJSON_ArrayForEach(room, data)
	{
		const char *before = "";

		assert_int_equal(sim_world_find(play.app->world, room->string).kind, WORLD_ROOM);
		cJSON_ArrayForEach(time, room)
		{
			assert_true(strcmp(before, time->string) < 0);
			before = time->string;
			assert_true(moment_parse(time->string) % 3600000 == 0);
			is_statistics(time);
			assert_true(jsonx_num(jsonx_get(time, "count")) == 1);
			leaves++;
		}
	}
	assert_true(leaves > 100);
	play_fini(&play);
}

static void values_are_those_of_the_world(void **state)
{
	struct play play;
	struct world_view *view;
	const cJSON *data, *time;
	char *space, *body;

	(void)state;
	play_init(&play, NULL);
	view = world_view_new(play.app->world, 0);
	space = play_id(&play, "/api/v2/spaces", 2);
	body = g_strdup_printf("{" HOURLY ",\"filter\":{" DAY
			       ",\"measurements\":[\"floor_occupancy\"],\"spaces\":{\"eq\":["
			       "\"%s\"]}},\"group_by\":{\"order\":[\"time\"]}}",
			       space);
	data = jsonx_get(play_ask(&play, "POST", REPORTING, body), "data");
	assert_true(cJSON_GetArraySize(data) > 5);
	cJSON_ArrayForEach(time, data)
	{
		int64_t t = moment_parse(time->string);
		struct world_ref place = {WORLD_FLOOR, 2};
		struct world_stats stats = world_view_stats(view, place, t, t + 3600000, WORLD_INNER_STEP_MS);

		assert_int_equal((int)jsonx_num(jsonx_get(time, "max")), stats.max);
	}
	world_view_free(view);
	g_free(space);
	g_free(body);
	play_fini(&play);
}

static void zeros_must_be_asked_for(void **state)
{
	struct play play;
	char *space, *body;

	(void)state;
	play_init(&play, NULL);
	space = play_id(&play, "/api/v2/spaces", 1);
	for (int i = 0; i < 3; i++) {
		body = g_strdup_printf(
			"{\"window\":{\"every\":\"1h\",\"function\":\"max\",\"timezone\":\"America/New_York\"%s},"
			"\"filter\":{" DAY
			",\"measurements\":[\"floor_occupancy\"],\"spaces\":{\"eq\":[\"%s\"]}"
			"%s},\"group_by\":{\"order\":[\"time\"]}}",
			i ? ",\"create_empty\":true" : "", space, i == 2 ? ",\"value\":{\"gte\":0}" : "");

		int hours = cJSON_GetArraySize(jsonx_get(play_ask(&play, "POST", REPORTING, body), "data"));

		if (i < 2)
			assert_in_range(hours, 5, 23);
		else
			assert_int_equal(hours, 24);
		g_free(body);
	}
	g_free(space);
	play_fini(&play);
}

static void rows_without_grouping_are_flat(void **state)
{
	struct play play;
	const cJSON *answer, *row;
	char *text = play_sample("samples/post-v3-reporting-flat-traffic");
	struct jsonx want;
	int64_t before = INT64_MAX;

	(void)state;
	play_init(&play, NULL);
	jsonx_init(&want);
	assert_int_equal(jsonx_parse(&want, text, strlen(text), NULL), ERR_OK);
	answer = play_ask(&play, "POST", REPORTING,
			  "{" HOURLY ",\"filter\":{" DAY ",\"measurements\":[\"traffic\"]}}");
	play_same_shape(want.root, answer);
	assert_true(jsonx_num(jsonx_path(answer, "page_info.total_item_count")) == 0);
	cJSON_ArrayForEach(row, jsonx_get(answer, "data"))
	{
		int64_t t = moment_parse(jsonx_str(jsonx_get(row, "time")));

		assert_true(t <= before);
		before = t;
		assert_string_equal(jsonx_str(jsonx_get(row, "start")), "2026-11-17T05:00:00Z");
	}
	answer = play_ask(&play, "POST", REPORTING,
			  "{" HOURLY ",\"filter\":{" DAY ",\"measurements\":[\"traffic\"]},"
			  "\"paginate\":{\"page\":2,\"limit\":10}}");
	assert_int_equal(cJSON_GetArraySize(jsonx_get(answer, "data")), 10);
	assert_true(jsonx_num(jsonx_path(answer, "page_info.page")) == 2);
	jsonx_fini(&want);
	g_free(text);
	play_fini(&play);
}

static void raw_differs_by_how_people_are_counted(void **state)
{
	struct play play;
	const cJSON *answer;
	char *text = play_sample("samples/post-v3-reporting-raw-by-room-time.trimmed");
	struct jsonx want;

	(void)state;
	play_init(&play, NULL);
	jsonx_init(&want);
	assert_int_equal(jsonx_parse(&want, text, strlen(text), NULL), ERR_OK);
	answer = play_ask(&play, "POST", REPORTING,
			  "{" HOURLY ",\"filter\":{" DAY ",\"measurements\":[\"traffic_room_occupancy\"]},"
			  "\"group_by\":{\"raw\":true}}");
	play_same_shape(jsonx_get(want.root, "data")->child->child->child,
			jsonx_get(answer, "data")->child->child->child);
	assert_string_equal(jsonx_str(
				    jsonx_get(jsonx_get(answer, "data")->child->child->child, "measurement")),
			    "aggregator_headcount");
	answer = play_ask(&play, "POST", REPORTING,
			  "{" HOURLY ",\"filter\":{" DAY ",\"measurements\":[\"room_occupancy\"]},"
			  "\"group_by\":{\"raw\":true}}");
	is_statistics(jsonx_get(answer, "data")->child->child);
	jsonx_fini(&want);
	g_free(text);
	play_fini(&play);
}

static void traffic_is_in_and_out(void **state)
{
	struct play play;
	const cJSON *data, *time;
	double in = 0, out = 0;

	(void)state;
	play_init(&play, NULL);
	data = jsonx_get(
		play_ask(&play, "POST", REPORTING,
			 "{\"window\":{\"every\":\"1h\",\"function\":\"sum\",\"timezone\":\"America/New_York\"},"
			 "\"filter\":{" DAY ",\"measurements\":[\"traffic\"]},"
			 "\"group_by\":{\"order\":[\"time\",\"field\"]}}"),
		"data");
	cJSON_ArrayForEach(time, data)
	{
		assert_null(strchr(time->string, 'Z'));
		in += jsonx_get(time, "in") ? jsonx_num(jsonx_path(time, "in.sum")) : 0;
		out += jsonx_get(time, "out") ? jsonx_num(jsonx_path(time, "out.sum")) : 0;
	}
	assert_true(in > 50 && fabs(in - out) <= in / 10);
	play_fini(&play);
}

static void wrong_reports_are_refused(void **state)
{
	static const char *const bodies[] = {
		"{}",
		"{\"filter\":{\"measurements\":[\"room_occupancy\"]}}",
		"{\"filter\":{\"start\":\"-1h\",\"measurements\":[\"weather\"]}}",
		"{\"filter\":{\"start\":\"-1h\",\"stop\":\"now\",\"measurements\":[\"room_occupancy\"]}}",
		"{\"filter\":{\"start\":\"-1h\",\"measurements\":[\"room_occupancy\"],\"rooms\":[\"x\"]}}",
		"{\"filter\":{\"start\":\"-1h\",\"measurements\":[\"room_occupancy\"]},\"window\":{\"every\":\"5m\"}}",
		"{\"filter\":{\"start\":\"-1h\",\"measurements\":[\"room_occupancy\"]},\"group_by\":{\"order\":[\"x\"]}}",
		"{\"filter\":{\"start\":\"2000-01-01T00:00:00Z\",\"measurements\":[\"room_occupancy\"]}}",
	};
	struct play play;

	(void)state;
	play_init(&play, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
		play_ask(&play, "POST", REPORTING, bodies[i]);
		assert_int_equal(play.status, 400);
	}
	play_fini(&play);
}

static void stats_give_one_number_an_item(void **state)
{
	struct play play;
	char *space, *other, *body;
	const cJSON *item;

	(void)state;
	play_init(&play, NULL);
	space = play_id(&play, "/api/v2/spaces", 2);
	other = play_id(&play, "/api/v2/spaces", 4); /* in another country */
	body = g_strdup_printf(
		"{\"measurements\":[\"occupancy_avg_presence\",\"occupancy_used_avg_presence\","
		"\"occupancy_median_traffic\"],\"items\":[\"%s\"],\"start\":\"2026-11-10\",\"stop\":"
		"\"2026-11-17\"}",
		space);
	item = jsonx_get(jsonx_get(play_ask(&play, "POST", "/api/v4/reporting/stats", body), "data"), space);
	assert_true(jsonx_num(jsonx_get(item, "occupancy_avg_presence")) > 0);
	assert_true(jsonx_num(jsonx_get(item, "occupancy_used_avg_presence")) >
		    jsonx_num(jsonx_get(item, "occupancy_avg_presence")));
	assert_true(cJSON_IsNumber(jsonx_get(item, "occupancy_median_traffic")));
	g_free(body);
	body = g_strdup_printf(
		"{\"measurements\":[\"occupancy_avg_presence\"],\"items\":[\"%s\"],\"start\":\"-4w\","
		"\"stop\":\"2026-11-17\"}",
		space);
	play_ask(&play, "POST", "/api/v4/reporting/stats", body);
	assert_int_equal(play.status, 400);
	g_free(body);
	body = g_strdup_printf(
		"{\"measurements\":[\"occupancy_avg_presence\"],\"items\":[\"%s\",\"%s\"],\"start\":"
		"\"2026-11-10\",\"stop\":\"2026-11-17\"}",
		space, other);
	play_ask(&play, "POST", "/api/v4/reporting/stats", body);
	assert_int_equal(play.status, 400);
	g_free(body);
	g_free(space);
	g_free(other);
	play_fini(&play);
}

static void same_seed_and_time_give_the_same_bytes(void **state)
{
	static const char body[] =
		"{\"data_types\":[\"heatmap\",\"detections_world\"],\"filter\":{\"start\":\"-3s\"}}";
	struct play a, b;

	(void)state;
	play_init(&a, NULL);
	play_init(&b, NULL);
	assert_string_equal(a.token, b.token);
	play_ask(&a, "POST", REPORTING,
		 "{\"filter\":{\"start\":\"-1d\"},\"window\":{\"every\":\"1h\",\"function\":\"max\"}}");
	play_ask(&a, "POST", DETECTIONS, body);
	play_ask(&b, "POST", DETECTIONS, body);
	assert_string_equal(a.text, b.text);
	play_fini(&a);
	play_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neighbouring_ranges_neither_lose_nor_double),
		cmocka_unit_test(a_window_gives_one_point_for_each_sensor),
		cmocka_unit_test(frames_are_eight_by_eight_degrees),
		cmocka_unit_test(nothing_comes_from_the_future),
		cmocka_unit_test(late_frames_appear_in_the_end),
		cmocka_unit_test(people_are_where_the_sensors_see_them),
		cmocka_unit_test(filters_of_detections),
		cmocka_unit_test(the_density_is_sparse_cells),
		cmocka_unit_test(the_documents_requests_are_answered),
		cmocka_unit_test(a_request_without_measurement_gives_a_shallow_tree),
		cmocka_unit_test(trees_nest_as_ordered),
		cmocka_unit_test(values_are_those_of_the_world),
		cmocka_unit_test(zeros_must_be_asked_for),
		cmocka_unit_test(rows_without_grouping_are_flat),
		cmocka_unit_test(raw_differs_by_how_people_are_counted),
		cmocka_unit_test(traffic_is_in_and_out),
		cmocka_unit_test(wrong_reports_are_refused),
		cmocka_unit_test(stats_give_one_number_an_item),
		cmocka_unit_test(same_seed_and_time_give_the_same_bytes),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
