/* Whole queries against recorded answers: what is asked, and which rows come of it. */
#include "density_play.h"

#include "api/density/auth.h"
#include "base/moment.h"

#include <glib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define FILTERS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define OK(method, path, holds, text)                                                                        \
	{                                                                                                    \
		method, path, holds, 200, NULL, text, 0, DENS_ANSWERED                                       \
	}
#define OK_FILE(method, path, name)                                                                          \
	{                                                                                                    \
		method, path, NULL, 200, name, NULL, 0, DENS_ANSWERED                                        \
	}
#define END                                                                                                  \
	{                                                                                                    \
		.method = NULL                                                                               \
	}

#define COUNT "/v3/analytics/occupancy/current"
#define PRESENCE "/v3/analytics/presence-health"

/* A building in New York with two floors; a booth in a room; a room nobody is around; a loop; a campus. */
#define ESTATE                                                                                                              \
	"[{\"id\":\"spc_c\",\"name\":\"Campus\",\"space_type\":\"campus\",\"children_ids\":[\"spc_b\"]},"                   \
	"{\"id\":\"spc_b\",\"name\":\"HQ\",\"space_type\":\"building\",\"address\":\"1 Main St\",\"capacity\":400,"         \
	"\"time_zone\":\"America/New_York\",\"children_ids\":[\"spc_f1\"],\"children\":[{\"id\":\"spc_f2\"}]},"             \
	"{\"id\":\"spc_f1\",\"name\":\"One\",\"space_type\":\"floor\",\"counting_mode\":\"oa\",\"size_area\":10000,"        \
	"\"children_ids\":[\"spc_r1\",\"spc_r1\",\"spc_gone\"]},"                                                           \
	"{\"id\":\"spc_f2\",\"name\":\"Two\",\"space_type\":\"floor\",\"counting_mode\":\"entry\",\"children_ids\":null,"   \
	"\"children\":[{\"id\":\"spc_r2\"}]},"                                                                              \
	"{\"id\":\"spc_r1\",\"name\":\"Mesa\",\"space_type\":\"space\",\"function\":\"meeting_room\",\"capacity\":8,"       \
	"\"counting_mode\":\"oa\",\"children_ids\":[\"spc_r3\"]},"                                                          \
	"{\"id\":\"spc_r2\",\"name\":\"Cafe\",\"space_type\":\"space\",\"capacity\":0,\"counting_mode\":\"waffle\"},"       \
	"{\"id\":\"spc_r3\",\"name\":\"Booth\",\"space_type\":\"space\",\"binary_occupancy\":true,\"capacity\":1},"         \
	"{\"id\":\"spc_r4\",\"name\":\"Lost\",\"space_type\":\"space\",\"capacity\":null,\"time_zone\":\"Europe/Berlin\"}," \
	"{\"id\":\"spc_l1\",\"name\":\"Loop\",\"space_type\":\"space\",\"children_ids\":[\"spc_l2\"]},"                     \
	"{\"id\":\"spc_l2\",\"name\":\"Loop 2\",\"space_type\":\"space\",\"children_ids\":[\"spc_l1\"]},"                   \
	"{\"name\":\"without an id\"},{\"id\":9007199254740999}]"

static const struct dens_answer rooms_answers[] = {
	OK("GET", "/v3/spaces", NULL, ESTATE),
	OK("POST", COUNT, "spc_r1",
	   "{\"spc_r1\":{\"count\":4},\"spc_r2\":{\"count\":3},\"spc_r3\":{\"count\":1},\"spc_l1\":{\"count\":0,"
	   "\"space_health_status\":\"offline\"}}"),
	OK("POST", PRESENCE, "spc_r1",
	   "{\"data\":{\"spc_r1\":{\"presence\":true,\"space_health_status\":\"healthy\"},"
	   "\"spc_r2\":{\"presence\":true,\"space_health_status\":\"Degraded\"},\"spc_r3\":{\"presence\":true,"
	   "\"space_health_status\":\"healthy\"},\"spc_l2\":{\"presence\":false}}}"),
	END,
};

static void tree_becomes_places(void **state)
{
	struct dens_play play;
	static const struct dens_answer answers[] = {
		OK_FILE("GET", "/v3/hello-world", "samples/get-v3-hello-world.txt"),
		OK_FILE("GET", "/version", "samples/get-version.txt"),
		OK("GET", "/v3/spaces", NULL, ESTATE),
		END,
	};
	const struct building *building;
	const struct floor_row *floor;

	(void)state;
	dens_open(&play, NULL);
	assert_null(density_ops.mode(play.state));
	dens_query(&play, KIND_BUILDINGS, NULL, answers);
	assert_int_equal(rows_count(dens_rows(&play, KIND_BUILDINGS)), 1);
	building = dens_row(&play, KIND_BUILDINGS, "spc_b");
	assert_string_equal(building->name, "HQ");
	assert_string_equal(building->address, "1 Main St");
	assert_string_equal(building->timezone, "America/New_York");
	assert_true(building->capacity == 400);
	assert_int_equal(rows_count(dens_rows(&play, KIND_FLOORS)), 2);
	floor = dens_row(&play, KIND_FLOORS, "spc_f1");
	assert_string_equal(floor->building_id, "spc_b");
	assert_string_equal(floor->timezone, "America/New_York");
	assert_true(fabs(floor->area_m2 - 929.0304) < 1e-9);
	assert_true(isnan(floor->capacity));
	assert_true(dens_noticed(&play, "within themselves"));
	assert_int_equal(rows_bad(dens_rows(&play, KIND_BUILDINGS)), 2);
	assert_string_equal(density_ops.mode(play.state), "1.0.2");
	dens_query(&play, KIND_BUILDINGS, FILTERS("building", "spc_x"), answers);
	assert_int_equal(rows_count(dens_rows(&play, KIND_BUILDINGS)), 0);
	assert_int_equal(play.requests, 1); /* it greets once */
	dens_query(&play, KIND_FLOORS, FILTERS("building", "spc_b"), answers);
	assert_int_equal(rows_count(dens_rows(&play, KIND_FLOORS)), 2);
	dens_close(&play);
}

static void rooms_say_what_is_known(void **state)
{
	struct dens_play play;
	const struct room *room;

	(void)state;
	dens_open(&play, NULL);
	dens_query(&play, KIND_ROOMS, NULL, rooms_answers);
	assert_int_equal(rows_count(dens_rows(&play, KIND_ROOMS)), 6);
	room = dens_row(&play, KIND_ROOMS, "spc_r1");
	assert_string_equal(room->floor_id, "spc_f1");
	assert_string_equal(room->type, "meeting_room");
	assert_string_equal(room->health, STATUS_ONLINE);
	assert_true(room->occupancy == 4 && room->utilization == 0.5 && room->occupied == 1);
	assert_int_equal(room->capped, 0);
	assert_int_equal(room->stale, 0);
	assert_int_equal(room->as_of_ms, DENS_TEST_NOW);
	/* "3+", and a capacity of 0 is none. */
	room = dens_row(&play, KIND_ROOMS, "spc_r2");
	assert_string_equal(room->floor_id, "spc_f2");
	assert_int_equal(room->capped, 1);
	assert_true(room->occupancy == 3 && room->capacity == 0 && isnan(room->utilization));
	assert_string_equal(room->health, STATUS_DEGRADED);
	/* Occupied or not is all that is known; it lies in a room. */
	room = dens_row(&play, KIND_ROOMS, "spc_r3");
	assert_string_equal(room->room_id, "spc_r1");
	assert_string_equal(room->floor_id, "spc_f1");
	assert_int_equal(room->binary, 1);
	assert_true(room->occupied == 1 && isnan(room->occupancy) && isnan(room->utilization));
	/* Not in any answer: not measured. */
	room = dens_row(&play, KIND_ROOMS, "spc_r4");
	assert_null(room->floor_id);
	assert_int_equal(room->occupied, -1);
	assert_true(isnan(room->occupancy) && isnan(room->capacity) && room->as_of_ms == MOMENT_NONE);
	assert_int_equal(room->stale, -1);
	/* What cannot see counts nobody: not free. */
	room = dens_row(&play, KIND_ROOMS, "spc_l1");
	assert_int_equal(room->occupied, -1);
	assert_true(isnan(room->occupancy) && room->stale == 1);
	/* Absent by a server that does not tell the health: not free either. */
	room = dens_row(&play, KIND_ROOMS, "spc_l2");
	assert_int_equal(room->occupied, -1);
	assert_null(room->health);
	dens_query(&play, KIND_ROOMS, FILTERS("floor", "spc_f1"), rooms_answers);
	assert_int_equal(rows_count(dens_rows(&play, KIND_ROOMS)), 2);
	assert_int_equal(dens_count(&play, "/v3/spaces"), 0); /* known of a moment ago */
	dens_query(&play, KIND_ROOMS, FILTERS("building", "spc_b"), rooms_answers);
	assert_int_equal(rows_count(dens_rows(&play, KIND_ROOMS)), 3);
	assert_null(strstr(buf_text(&play.log), "spc_r4"));
	play.now_ms += 11 * 60000;
	dens_query(&play, KIND_ROOMS, FILTERS("room", "spc_r1"), rooms_answers);
	assert_int_equal(rows_count(dens_rows(&play, KIND_ROOMS)), 1);
	assert_int_equal(dens_count(&play, "/v3/spaces"), 1);
	dens_close(&play);
}

static void healthy_and_empty_is_free(void **state)
{
	static const struct {
		const char *count, *presence;
		int occupied;
		double occupancy;
	} cases[] = {
		{"{}", "{\"spc_r1\":{\"presence\":false,\"space_health_status\":\"healthy\"}}", 0, NAN},
		{"{}", "{\"spc_r1\":{\"presence\":false,\"space_health_status\":\"degraded\"}}", 0, NAN},
		{"{}", "{\"spc_r1\":{\"presence\":false,\"space_health_status\":\"offline\"}}", -1, NAN},
		{"{}", "{\"spc_r1\":{\"presence\":false,\"space_health_status\":\"unknown\"}}", -1, NAN},
		{"{}", "{\"spc_r1\":{\"presence\":false,\"space_health_status\":\"on fire\"}}", -1, NAN},
		{"{}", "{\"spc_r1\":{\"presence\":false}}", -1, NAN},
		{"{}", "{\"spc_r1\":false}", -1, NAN},
		{"{}", "{\"spc_r1\":true}", 1, NAN},
		{"{\"spc_r1\":0}", "{\"spc_r1\":{\"space_health_status\":\"healthy\"}}", 0, 0},
		{"{\"spc_r1\":0}", "{\"spc_r1\":{\"space_health_status\":\"degraded\"}}", 0, 0},
		{"{\"spc_r1\":{\"count\":0,\"space_health_status\":\"healthy\"}}", "{}", 0, 0},
		{"{\"spc_r1\":0}", "{\"spc_r1\":{\"space_health_status\":\"unknown\"}}", -1, NAN},
		{"{\"spc_r1\":0}", "{}", -1, NAN}, /* by what may not see: no health was told */
		{"{\"spc_r1\":0}", "{\"spc_r1\":false}", -1, NAN},
		{"{\"spc_r1\":{\"occupancy\":2}}", "{}", 1, 2},
		{"{\"spc_r1\":{\"count\":-1}}", "{}", -1, NAN},
		{"{\"spc_r1\":{\"count\":\"many\"}}", "[]", -1, NAN},
		{"{\"data\":[{\"space_id\":\"spc_r1\",\"count\":5}]}", "null", 1, 5},
		{"{\"spc_r1\":null,\"code\":1,\"message\":\"x\"}", "{\"spc_r1\":[]}", -1, NAN},
	};
	struct dens_play play;

	(void)state;
	dens_open(&play, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct dens_answer answers[] = {
			OK("GET", "/v3/spaces", NULL, ESTATE),
			OK("POST", COUNT, NULL, cases[i].count),
			OK("POST", PRESENCE, NULL, cases[i].presence),
			END,
		};
		const struct room *room;

		dens_query(&play, KIND_ROOMS, FILTERS("room", "spc_r1"), answers);
		room = dens_row(&play, KIND_ROOMS, "spc_r1");
		if (room->occupied != cases[i].occupied)
			fail_msg("case %zu: occupied is %d", i, room->occupied);
		assert_true(isnan(cases[i].occupancy) ? isnan(room->occupancy)
						      : room->occupancy == cases[i].occupancy);
		assert_true(isnan(room->utilization) == isnan(cases[i].occupancy));
	}
	dens_close(&play);
}

static void older_servers_tell_no_health(void **state)
{
	static const struct dens_answer answers[] = {
		OK_FILE("GET", "/v3/spaces", "inferred/get-v3-spaces.json"),
		OK("POST", COUNT, NULL, "{}"),
		{"POST", PRESENCE, NULL, 404, NULL, "{}", 0, DENS_ANSWERED},
		OK("POST", "/v3/analytics/presence", NULL, "{\"spc_3\":true,\"spc_4\":false}"),
		END,
	};
	struct dens_play play;
	const struct room *room;

	(void)state;
	dens_open(&play, NULL);
	dens_query(&play, KIND_ROOMS, NULL, answers);
	assert_true(dens_noticed(&play, "health"));
	room = dens_row(&play, KIND_ROOMS, "spc_3");
	assert_int_equal(room->occupied, 1);
	room = dens_row(&play, KIND_ROOMS, "spc_4");
	assert_int_equal(room->occupied, -1);
	assert_int_equal(room->binary, 1);
	assert_string_equal(room->counting_mode, "waffle");
	dens_close(&play);
}

/* --- many --- */

struct crowd {
	unsigned n;
	bool whole_fails;
};

static char *serve_crowd(void *ctx, const struct work_request *request, int *status)
{
	const struct crowd *crowd = ctx;
	GString *text = g_string_new("[");

	if (strcmp(request->path, "/v3/spaces") == 0) {
		for (unsigned i = 0; i < crowd->n; i++) /* a chain: each in the one before */
			g_string_append_printf(
				text,
				"%s{\"id\":\"spc_%u\",\"space_type\":\"space\",\"children_ids\":[\"spc_%u\"]}",
				i > 0 ? "," : "", i, i + 1);
		g_string_append_c(text, ']');
		return g_string_free(text, FALSE);
	}
	g_string_free(text, TRUE);
	if (strcmp(request->body, "{}") == 0 && crowd->whole_fails)
		*status = 400;
	return g_strdup("{\"spc_7\":{\"count\":1}}");
}

static const struct work_request *asks(struct dens_play *play, struct work *work, const char *path)
{
	const struct work_request *request = work_next(work);

	(void)play;
	assert_non_null(request);
	assert_string_equal(request->path, path);
	return request;
}

/* Several works begin at once: one of them reads the spaces. */
static void one_reads_for_all(void **state)
{
	struct work_answer spaces = {.status = 200,
				     .body = ESTATE,
				     .length = strlen(ESTATE),
				     .now_ms = DENS_TEST_NOW};
	struct work_answer nothing = {.error = ERR_TIMEOUT, .body = "", .now_ms = DENS_TEST_NOW};
	const struct work_request *first, *second;
	struct work *works[2];
	struct dens_play play;
	struct query query;

	(void)state;
	dens_open(&play, NULL);
	for (int failing = 0; failing < 2; failing++) {
		play.now_ms += 3600000;
		spaces.now_ms = nothing.now_ms = play.now_ms;
		query_init(&query, KIND_FLOORS);
		for (size_t i = 0; i < 2; i++) {
			works[i] = work_new(&query, "east", "density", play.now_ms);
			assert_int_equal(density_ops.plan(play.state, works[i]), ERR_OK);
		}
		query_fini(&query);
		first = asks(&play, works[0], "/v3/spaces");
		second = asks(&play, works[1], "/version");
		assert_true(second->delay_ms > 0);
		assert_int_equal(density_ops.answer(play.state, works[1], second, &nothing), ERR_OK);
		second = asks(&play, works[1], "/version"); /* not there yet */
		if (failing) {
			assert_true(density_ops.answer(play.state, works[0], first, &nothing) != ERR_OK);
			work_free(works[0]);
		} else {
			assert_int_equal(density_ops.answer(play.state, works[0], first, &spaces), ERR_OK);
		}
		assert_int_equal(density_ops.answer(play.state, works[1], second, &nothing), ERR_OK);
		if (failing) { /* then it reads them itself */
			first = asks(&play, works[1], "/v3/spaces");
			assert_int_equal(density_ops.answer(play.state, works[1], first, &spaces), ERR_OK);
		} else {
			work_free(works[0]);
		}
		assert_null(work_next(works[1]));
		assert_int_equal(density_ops.finish(play.state, works[1]), ERR_OK);
		assert_int_equal(rows_count(work_rows(works[1], KIND_FLOORS)), 2);
		work_free(works[1]);
	}
	dens_close(&play);
}

static void crowds_are_asked_for_whole(void **state)
{
	struct crowd crowd = {.n = 30000};
	struct dens_play play;

	(void)state;
	dens_open(&play, NULL);
	play.serve = serve_crowd;
	play.ctx = &crowd;
	dens_query(&play, KIND_ROOMS, NULL, NULL);
	assert_int_equal(rows_count(dens_rows(&play, KIND_ROOMS)), 30000);
	assert_int_equal(play.requests, 3);
	crowd.whole_fails = true;
	dens_query(&play, KIND_ROOMS, NULL, NULL);
	assert_int_equal(play.requests, 2 + 2 * 300);
	dens_query(&play, KIND_ROOMS, NULL, NULL); /* it is remembered */
	assert_int_equal(play.requests, 2 * 300);
	assert_int_equal(dens_count(&play, " {}\n"), 0);
	dens_close(&play);
	crowd = (struct crowd){.n = 250};
	dens_open(&play, NULL);
	play.serve = serve_crowd;
	play.ctx = &crowd;
	dens_query(&play, KIND_ROOMS, NULL, NULL);
	assert_int_equal(play.requests, 1 + 2 * 3);
	dens_close(&play);
}

/* --- history --- */

static void metrics_become_windows(void **state)
{
	static const struct dens_answer answers[] = {
		OK("GET", "/v3/spaces", NULL,
		   "[{\"id\":\"spc_10987654321\",\"name\":\"A\",\"space_type\":\"space\",\"capacity\":6,\"time_zone\":\"America/New_York\"},"
		   "{\"id\":\"spc_12345678901\",\"name\":\"B\",\"space_type\":\"space\",\"capacity\":0,\"time_zone\":\"America/New_York\"}]"),
		OK_FILE("POST", "/v3/analytics/metrics", "inferred/post-v3-analytics-metrics-hour.json"),
		END,
	};
	struct dens_play play;
	const struct occupancy *row;

	(void)state;
	dens_open(&play, NULL);
	dens_query(&play, KIND_OCCUPANCY, NULL, answers);
	assert_non_null(strstr(
		buf_text(&play.log),
		"{\"space_ids\":[\"spc_10987654321\",\"spc_12345678901\"],\"start_date\":\"2024-02-27T11:00:00\","
		"\"end_date\":\"2024-02-28T10:59:59\",\"time_resolution\":\"hour\"}"));
	assert_int_equal(rows_count(dens_rows(&play, KIND_OCCUPANCY)), 3);
	row = dens_row(&play, KIND_OCCUPANCY, "spc_10987654321@2024-02-28T14:00:00Z");
	assert_string_equal(row->space_name, "A");
	assert_int_equal(row->end_ms - row->start_ms, 3600000);
	assert_true(row->avg == 0.42 && row->max == 3 && row->min == 0);
	assert_true(row->utilization_avg == 0.07 && row->utilization_max == 0.5);
	assert_true(row->time_used_s == 2421 && row->uptime == 0.99);
	assert_true(row->entrances == 5 && row->exits == 5 && row->capped == 0);
	row = dens_row(&play, KIND_OCCUPANCY, "spc_10987654321@2024-02-28T15:00:00Z");
	assert_true(row->uptime == 0.31 && isnan(row->utilization_avg) && row->avg == 0);
	/* Capacity 0: the server's number means nothing. */
	row = dens_row(&play, KIND_OCCUPANCY, "spc_12345678901@2024-02-28T14:00:00Z");
	assert_int_equal(row->capped, 1);
	assert_true(isnan(row->utilization_avg) && isnan(row->utilization_max));
	/* Put together: two hours, weighed. */
	dens_query(&play, KIND_OCCUPANCY, FILTERS("every", "4h", "since", "2024-02-28T00:00:00Z"), answers);
	row = dens_row(&play, KIND_OCCUPANCY, "spc_10987654321@2024-02-28T13:00:00Z");
	assert_int_equal(row->end_ms - row->start_ms, 4 * 3600000);
	assert_true(fabs(row->avg - 0.21) < 1e-12 && row->max == 3 && row->entrances == 10);
	assert_true(fabs(row->uptime - 0.65) < 1e-12 && row->utilization_max == 0.5);
	assert_int_equal(dens_count(&play, "\"start_date\":\"2024-02-27T16:00:00\""), 1);
	dens_close(&play);
}

static void windows_come_in_any_form(void **state)
{
	static const char *const forms[] = {
		"{\"spc_r1\":{\"2024-02-28T09:00:00\":{\"occupancy_avg\":2}}}",
		"{\"data\":{\"spc_r1\":{\"2024-02-28T09:00:00\":{\"occupancy_avg\":2}}}}",
		"{\"spc_r1\":{\"2024-02-28T14:00:00Z\":{\"occupancy_avg\":2}}}",
		"{\"spc_r1\":{\"2024-02-28T09:00:00-05:00\":{\"occupancy_avg\":2}}}",
		"{\"spc_r1\":[{\"timestamp\":\"2024-02-28T09:00:00\",\"occupancy_avg\":2}]}",
		"{\"spc_r1\":{\"data\":[{\"start_date\":\"2024-02-28T09:00:00\",\"occupancy_avg\":2}]}}",
		"{\"spc_r1\":{\"buckets\":[{\"date\":\"2024-02-28T09:00:00\",\"occupancy_avg\":2}]}}",
		"{\"data\":[{\"space_id\":\"spc_r1\",\"timestamp\":\"2024-02-28T09:00:00\",\"occupancy_avg\":2}]}",
		/* twice: once by itself and once below its floor */
		"{\"spc_r1\":{\"2024-02-28T09:00:00\":{\"occupancy_avg\":2}},\"data\":{\"spc_r1\":{\"2024-02-28T09:00:00\":{\"occupancy_avg\":2}}}}",
	};
	struct dens_play play;

	(void)state;
	dens_open(&play, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		const struct dens_answer answers[] = {
			OK("GET", "/v3/spaces", NULL, ESTATE),
			OK("POST", "/v3/analytics/metrics", NULL, forms[i]),
			{"POST", "/v3/analytics/data-status", NULL, 403, NULL, "{}", 0, DENS_ANSWERED},
			END,
		};
		const struct occupancy *row;

		dens_query(&play, KIND_OCCUPANCY, FILTERS("room", "spc_r1"), answers);
		assert_int_equal(rows_count(dens_rows(&play, KIND_OCCUPANCY)), 1);
		row = rows_at(play.rows[KIND_OCCUPANCY], 0);
		assert_int_equal(row->start_ms, moment_parse("2024-02-28T14:00:00Z"));
		assert_true(row->avg == 2 && isnan(row->max));
	}
	dens_close(&play);
}

/* The hour that clocks show twice: two windows where the server has two, one of two hours where it has one. */
static void double_hours(void **state)
{
	struct dens_play play;

	(void)state;
	dens_open(&play, NULL);
	for (int twice = 0; twice < 2; twice++) {
		const struct dens_answer answers[] = {
			OK("GET", "/v3/spaces", NULL, ESTATE),
			OK("POST", "/v3/analytics/metrics", NULL,
			   twice ? "{\"spc_r1\":{\"2023-11-05T01:00:00\":{\"occupancy_avg\":2},\"2023-11-05T01:00:00\":{\"occupancy_avg\":3},"
				   "\"2023-11-05T02:00:00\":{\"occupancy_avg\":4}}}"
				 : "{\"spc_r1\":{\"2023-11-05T01:00:00\":{\"occupancy_avg\":2},\"2023-11-05T02:00:00\":{\"occupancy_avg\":4}}}"),
			END,
		};
		const struct rows *rows;

		dens_query(&play, KIND_OCCUPANCY,
			   FILTERS("room", "spc_r1", "since", "2023-11-05T05:00:00Z", "until",
				   "2023-11-05T08:00:00Z"),
			   answers);
		rows = dens_rows(&play, KIND_OCCUPANCY);
		assert_int_equal(rows_count(rows), twice ? 3 : 2);
		for (size_t i = 0; i + 1 < rows_count(rows); i++)
			assert_int_equal(((const struct occupancy *)rows_at(rows, i))->end_ms,
					 ((const struct occupancy *)rows_at(rows, i + 1))->start_ms);
	}
	dens_close(&play);
}

static void completeness_is_joined(void **state)
{
	static const struct dens_answer answers[] = {
		OK("GET", "/v3/spaces", NULL, ESTATE),
		OK("POST", "/v3/analytics/metrics", NULL,
		   "{\"spc_r1\":{\"2024-06-27T09:00:00\":{\"occupancy_avg\":2},\"2024-06-28T09:00:00\":{\"occupancy_avg\":4}},"
		   "\"spc_r4\":{\"2024-06-28T09:00:00\":{\"occupancy_avg\":1}}}"),
		OK("POST", "/v3/analytics/data-status", "\"end_date\":\"2024-06-28T03:59:59Z\"",
		   "{\"spc_f1\":{\"completion\":1}}"),
		OK("POST", "/v3/analytics/data-status", NULL, "{\"spc_f1\":{\"completion\":0.5}}"),
		END,
	};
	struct dens_play play;

	(void)state;
	dens_open(&play, NULL);
	dens_query(&play, KIND_OCCUPANCY,
		   FILTERS("since", "2024-06-27T04:00:00Z", "until", "2024-06-28T20:00:00Z"), answers);
	assert_int_equal(dens_count(&play, "data-status"), 2);
	assert_int_equal(dens_count(&play, "\"floor_ids\":[\"spc_f1\"]"), 2);
	assert_true(((const struct occupancy *)dens_row(&play, KIND_OCCUPANCY, "spc_r1@2024-06-27T13:00:00Z"))
			    ->complete == 1);
	assert_true(((const struct occupancy *)dens_row(&play, KIND_OCCUPANCY, "spc_r1@2024-06-28T13:00:00Z"))
			    ->complete == 0.5);
	assert_true(isnan(
		((const struct occupancy *)dens_row(&play, KIND_OCCUPANCY, "spc_r4@2024-06-28T07:00:00Z"))
			->complete));
	/* By zone: New York's rooms and the one in Berlin are not asked for together. */
	assert_int_equal(dens_count(&play, "/v3/analytics/metrics"), 3);
	assert_int_equal(dens_count(&play, "[\"spc_r4\"],\"start_date\":\"2024-06-27T06:00:00\""), 1);
	dens_close(&play);
}

static void sessions_come_in_both_forms(void **state)
{
	static const char *const forms[] = {
		"{\"spc_r1\":{\"sessions\":[{\"start_time\":\"2024-02-28T09:04:10-05:00\",\"end_time\":\"2024-02-28T09:05:02\",\"session_type\":\"1\"},{\"start_time\":\"2024-02-28T09:04:10\",\"end_time\":\"2024-02-28T09:05:00\"},{\"start_time\":\"soon\"}]},\"spc_r2\":{\"sessions\":[]}}",
		"{\"sessions\":[{\"space_id\":\"spc_r1\",\"start_time\":\"2024-02-28T14:04:10Z\",\"end_time\":\"2024-02-28T14:05:02Z\"},{\"start_time\":\"soon\"}]}",
		"{\"data\":{\"spc_r1\":{\"sessions\":[{\"start_time\":\"2024-02-28T14:04:10Z\",\"end_time\":\"2024-02-28T14:05:02Z\",\"session_type\":1}, 5]}}}",
	};
	struct dens_play play;

	(void)state;
	dens_open(&play, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		const struct dens_answer answers[] = {
			OK("GET", "/v3/spaces", NULL, ESTATE),
			OK("POST", "/v3/analytics/sessions/raw", NULL, forms[i]),
			END,
		};
		const struct session *row;

		dens_query(&play, KIND_SESSIONS,
			   FILTERS("building", "spc_b", "since", "2024-02-28T05:00:00Z"), answers);
		assert_int_equal(rows_count(dens_rows(&play, KIND_SESSIONS)), 1);
		row = dens_row(&play, KIND_SESSIONS, "spc_r1@2024-02-28T14:04:10Z");
		assert_string_equal(row->space_name, "Mesa");
		assert_string_equal(row->type, "1");
		assert_int_equal(row->end_ms - row->start_ms, 52000);
		assert_int_equal(rows_bad(play.rows[KIND_SESSIONS]), 1);
		assert_int_equal(
			dens_count(
				&play,
				"\"start_date\":\"2024-02-28T00:00:00\",\"end_date\":\"2024-02-28T11:00:59\"") +
				dens_count(
					&play,
					"\"start_date\":\"2024-02-28T00:00:00\",\"end_date\":\"2024-02-28T10:59:59\""),
			1);
	}
	dens_close(&play);
}

/* --- things --- */

static void sensors_are_placed(void **state)
{
	static const struct dens_answer answers[] = {
		OK("GET", "/v3/spaces", NULL, ESTATE),
		OK("POST", "/v3/sensors", "{}",
		   "[{\"serial_number\":\"A1B6Z10\",\"sensor_type\":\"waffle\",\"space_id\":\"spc_r2\"},"
		   "{\"serial_number\":\"Z004B-1234\",\"sensor_type\":\"Entry\"},{\"serial_number\":\"X\"},{}]"),
		OK("POST", "/v3/sensors/health/current", NULL,
		   "{\"data\":[{\"serial_number\":\"A1B6Z10\",\"health_status\":\"healthy\"},"
		   "{\"serial_number\":\"Z004B-1234\",\"doorway_id\":\"drw_1\",\"health_status\":\"offline\"},"
		   "{\"serial_number\":\"NEW\",\"health_status\":\"degraded\"}]}"),
		OK("GET", "/v3/doorways", NULL,
		   "[{\"id\":\"drw_1\",\"name\":\"Main\",\"spaces\":[{\"id\":\"spc_f2\"},\"spc_r2\"]}]"),
		END,
	};
	struct dens_play play;
	const struct sensor *sensor;
	const struct doorway *doorway;

	(void)state;
	dens_open(&play, NULL);
	dens_query(&play, KIND_SENSORS, NULL, answers);
	assert_int_equal(rows_count(dens_rows(&play, KIND_SENSORS)), 4);
	assert_int_equal(dens_count(&play, "serial_numbers") + dens_count(&play, "space_ids"), 0);
	sensor = dens_row(&play, KIND_SENSORS, "A1B6Z10");
	assert_string_equal(sensor->address, "A1B6Z10");
	assert_string_equal(sensor->status, STATUS_ONLINE);
	assert_string_equal(sensor->room_id, "spc_r2");
	assert_string_equal(sensor->floor_id, "spc_f2");
	assert_string_equal(sensor->mode, "waffle");
	assert_int_equal(sensor->entrance, 0);
	sensor = dens_row(&play, KIND_SENSORS, "Z004B-1234");
	assert_string_equal(sensor->status, STATUS_OFFLINE);
	assert_null(sensor->room_id);
	assert_string_equal(sensor->floor_id, "spc_f2");
	assert_int_equal(sensor->entrance, 1);
	sensor = dens_row(&play, KIND_SENSORS, "X");
	assert_string_equal(sensor->status, STATUS_UNKNOWN);
	assert_null(sensor->floor_id);
	assert_string_equal(((const struct sensor *)dens_row(&play, KIND_SENSORS, "NEW"))->status,
			    STATUS_DEGRADED);
	dens_query(&play, KIND_SENSORS, FILTERS("building", "spc_b", "status", "offline"), answers);
	assert_int_equal(rows_count(dens_rows(&play, KIND_SENSORS)), 1);
	dens_query(&play, KIND_DOORWAYS, NULL, answers);
	doorway = dens_row(&play, KIND_DOORWAYS, "drw_1");
	assert_string_equal(doorway->name, "Main");
	assert_string_equal(doorway->parent_id, "spc_f2");
	assert_int_equal(doorway->space_ids.n, 2);
	dens_close(&play);
}

static void labels_and_users(void **state)
{
	static const struct dens_answer answers[] = {
		OK("GET", "/v3/labels", NULL,
		   "{\"results\":[{\"id\":\"l1\",\"name\":\"Quiet\",\"group\":{\"id\":\"g1\"},\"spaces\":[\"spc_1\",{\"id\":\"spc_2\"}]}],"
		   "\"next\":\"https://api.density.io/v3/labels?page=2\"}"),
		OK("GET", "/v3/labels?page=2", NULL,
		   "{\"results\":[{\"id\":\"l2\",\"name\":\"Loud\",\"group\":null}],\"next\":\"https://elsewhere.example/v3/labels\"}"),
		OK("GET", "/v3/labels/groups", NULL,
		   "[{\"id\":\"g1\",\"name\":\"Noise\"},{\"id\":\"g2\",\"name\":\"Other\",\"labels\":[{\"id\":\"l2\"}]}]"),
		OK("GET", "/v3/users", NULL,
		   "[{\"created_at\":\"2019-08-24T14:15:22Z\",\"email\":\"a@x.org\",\"full_name\":\"Ann\",\"id\":\"u1\",\"role\":\"owner\","
		   "\"spaces\":[\"spc_1\"]}]"),
		END,
	};
	struct dens_play play;
	const struct label *label;
	const struct user *user;

	(void)state;
	dens_open(&play, NULL);
	dens_query(&play, KIND_LABELS, NULL, answers);
	assert_int_equal(rows_count(dens_rows(&play, KIND_LABELS)), 2);
	label = dens_row(&play, KIND_LABELS, "l1");
	assert_string_equal(label->group, "Noise");
	assert_string_equal(label->parent_id, "g1");
	assert_int_equal(label->space_ids.n, 2);
	assert_string_equal(label->space_ids.at[1], "spc_2");
	label = dens_row(&play, KIND_LABELS, "l2");
	assert_string_equal(label->group, "Other");
	dens_query(&play, KIND_USERS, NULL, answers);
	user = dens_row(&play, KIND_USERS, "u1");
	assert_string_equal(user->name, "Ann");
	assert_string_equal(user->type, "owner");
	assert_string_equal(user->email, "a@x.org");
	assert_int_equal(user->space_ids.n, 1);
	assert_int_equal(user->created_ms, moment_parse("2019-08-24T14:15:22Z"));
	dens_close(&play);
}

static void signing_in(void **state)
{
	struct dens_login login = {.client_id = (char *)"ID", .client_secret = (char *)"a \"quoted\" secret"};
	struct token token = {.expires_ms = MOMENT_NONE};
	struct problem problem = {0};
	struct buf path, body, type;

	(void)state;
	buf_init(&path, 1000);
	buf_init(&body, 1000);
	buf_init(&type, 1000);
	assert_int_equal(dens_auth.request(&login, NULL, &path, &body, &type, &problem), ERR_OK);
	assert_string_equal(buf_text(&path), "/v3/oauth/token");
	assert_string_equal(buf_text(&body),
			    "{\"grant_type\":\"client_credentials\",\"client_id\":\"ID\",\"client_secret\":\"a "
			    "\\\"quoted\\\" secret\"}");
	buf_reset(&body);
	login.audience = (char *)"aud";
	login.duration_s = 3600;
	assert_int_equal(dens_auth.request(&login, NULL, &path, &body, &type, &problem), ERR_OK);
	assert_non_null(strstr(buf_text(&body), "\"audience\":\"aud\",\"token_duration\":3600}"));
	login.client_secret = NULL;
	assert_int_equal(dens_auth.request(&login, NULL, &path, &body, &type, &problem), ERR_CONFIG);
	static const struct {
		const char *expires;
		int64_t life_ms;
	} lives[] = {{"\"3600\"", 3600000},
		     {"3600", 3600000},
		     {"\"soon\"", 300000},
		     {"null", 300000},
		     {"-1", 300000}};
	for (size_t i = 0; i < G_N_ELEMENTS(lives); i++) {
		char *text = g_strdup_printf(
			"{\"access_token\":\"eyJx\",\"expires_in\":%s,\"token_type\":\"Bearer\"}",
			lives[i].expires);

		assert_int_equal(dens_auth.answer(&login, text, strlen(text), 1000, &token, &problem),
				 ERR_OK);
		assert_string_equal(token.access, "eyJx");
		assert_int_equal(token.expires_ms, 1000 + lives[i].life_ms);
		g_free(text);
	}
	assert_int_equal(dens_auth.answer(&login, "{}", 2, 0, &token, &problem), ERR_PARSE);
	token_fini(&token);
	buf_reset(&body);
	assert_int_equal(dens_wayfinding_body(&body, "ID", "a b&c", "d1"), ERR_OK);
	assert_string_equal(
		buf_text(&body),
		"grant_type=client_credentials&client_id=ID&client_secret=a%20b%26c&display_id=d1");
	assert_int_equal(dens_wayfinding_body(&body, "ID", "", "d1"), ERR_INVALID);
	buf_fini(&path);
	buf_fini(&body);
	buf_fini(&type);
}

static void static_tokens(void **state)
{
	struct dens_play play;

	(void)state;
	dens_open(&play, FILTERS("token", "tok_1"));
	assert_string_equal(density_ops.static_token(play.state), "tok_1");
	assert_null(density_ops.identity(play.state));
	dens_close(&play);
	dens_open(&play, NULL);
	assert_null(density_ops.static_token(play.state));
	assert_non_null(density_ops.identity(play.state));
	assert_null(strstr(density_ops.identity(play.state), "SECRET"));
	dens_close(&play);
}

static void refusals_are_told(void **state)
{
	static const struct dens_answer refused[] = {
		{"GET", "/v3/spaces", NULL, 403, NULL,
		 "{\"code\":403,\"message\":\"access to this api is not allowed\"}", 0, DENS_ANSWERED},
		END,
	};
	static const struct dens_answer partial[] = {
		OK("GET", "/v3/spaces", NULL, ESTATE),
		{"POST", COUNT, NULL, 500, NULL, "boom", 0, DENS_ANSWERED},
		OK("POST", PRESENCE, NULL,
		   "{\"spc_r1\":{\"presence\":true,\"space_health_status\":\"healthy\"}}"),
		END,
	};
	struct dens_play play;

	(void)state;
	dens_open(&play, NULL);
	dens_query(&play, KIND_ROOMS, NULL, refused);
	assert_int_equal(play.error, ERR_DENIED);
	assert_non_null(strstr(work_problem(play.work)->why, "not allowed"));
	dens_query(&play, KIND_ROOMS, NULL, partial);
	assert_int_equal(((const struct room *)dens_row(&play, KIND_ROOMS, "spc_r1"))->occupied, 1);
	assert_true(dens_noticed(&play, "occupancy/current"));
	dens_close(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tree_becomes_places),
		cmocka_unit_test(rooms_say_what_is_known),
		cmocka_unit_test(healthy_and_empty_is_free),
		cmocka_unit_test(older_servers_tell_no_health),
		cmocka_unit_test(crowds_are_asked_for_whole),
		cmocka_unit_test(metrics_become_windows),
		cmocka_unit_test(windows_come_in_any_form),
		cmocka_unit_test(double_hours),
		cmocka_unit_test(completeness_is_joined),
		cmocka_unit_test(sessions_come_in_both_forms),
		cmocka_unit_test(sensors_are_placed),
		cmocka_unit_test(labels_and_users),
		cmocka_unit_test(signing_in),
		cmocka_unit_test(static_tokens),
		cmocka_unit_test(refusals_are_told),
		cmocka_unit_test(one_reads_for_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
