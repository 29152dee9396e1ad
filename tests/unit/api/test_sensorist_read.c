/* Queries: what is asked, in which form, and what becomes of the answers. */
#include "sensorist_play.h"

#include "api/sensorist/job.h"
#include "base/moment.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FILTERS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define TREE "/gateways?with_slaves=1"
#define IDS "/measurements?data_sources=301001,301002,301003,301004,301005,301006,301007,301008"
#define FROM_FILE(path, name)                                                                                \
	{                                                                                                    \
		"GET", path, NULL, 200, name, NULL, 0, SENS_ANSWERED, false                                  \
	}
#define TEXT(path, text)                                                                                     \
	{                                                                                                    \
		"GET", path, NULL, 200, NULL, text, 0, SENS_ANSWERED, false                                  \
	}
#define END                                                                                                  \
	{                                                                                                    \
		.method = NULL                                                                               \
	}
#define ONE                                                                                                  \
	"{\"code\":200,\"gateways\":[{\"id\":1,\"devices\":[{\"id\":2,\"devices\":[{\"id\":7,\"interval\":900,"
#define TEMP                                                                                                 \
	"\"type\":{\"name\":\"temp\",\"unit\":{\"name\":\"\xc2\xb0"                                          \
	"C\"}}}]}]}]}"
#define WARM                                                                                                 \
	"\"type\":{\"name\":\"temp\",\"unit\":{\"name\":\"\xc2\xb0"                                          \
	"F\"}}}]}]}]}"

static const struct measurement *reading(struct sens_play *play, const char *id)
{
	return play_row(play, KIND_MEASUREMENTS, id);
}

static void the_estate_is_read(void **state)
{
	static const struct play_answer answers[] = {
		FROM_FILE(TREE, "get-gateways.json"),
		FROM_FILE(IDS "&type=latest", "get-measurements-latest.json"),
		END,
	};
	const struct gateway *gateway;
	const struct sensor *sensor;
	struct sens_play play;

	(void)state;
	play_open(&play, NULL);
	play_query(&play, KIND_GATEWAYS, NULL, answers);
	gateway = play_row(&play, KIND_GATEWAYS, "4101");
	assert_string_equal(gateway->serial, "10004101");
	assert_string_equal(gateway->name, "Main gateway");
	assert_string_equal(gateway->status, STATUS_ONLINE);
	assert_true(gateway->sensor_count == 2);
	assert_int_equal(play.requests, 1);
	play_query(&play, KIND_SENSORS, NULL, answers);
	sensor = play_row(&play, KIND_SENSORS, "50211");
	assert_string_equal(sensor->status, STATUS_ONLINE);
	assert_string_equal(sensor->gateway_id, "4101");
	assert_string_equal(sensor->model, "S2.0");
	assert_true(sensor->battery_volts == 2.83);
	assert_true(sensor->signal_percent == 100);
	assert_true(isnan(sensor->battery_percent));
	assert_true(sensor->interval_s == 900);
	assert_int_equal(sensor->last_seen_ms, moment_parse("2026-03-02T09:59:04Z"));
	assert_int_equal(play.requests, 2);
	play_close(&play);
}

static void the_latest_are_read(void **state)
{
	static const struct play_answer answers[] = {
		FROM_FILE(TREE, "get-gateways.json"),
		FROM_FILE(IDS "&type=latest", "get-measurements-latest.json"),
		END,
	};
	static const struct play_answer gaps[] = {
		FROM_FILE(TREE, "get-gateways.json"),
		FROM_FILE(IDS "&type=latest", "get-measurements-latest-gaps.json"),
		END,
	};
	static const struct play_answer none[] = {
		FROM_FILE(TREE, "get-gateways.json"),
		FROM_FILE(IDS "&type=latest", "get-measurements-empty.json"),
		END,
	};
	const struct measurement *row;
	struct sens_play play;

	(void)state;
	play_open(&play, NULL);
	play_query(&play, KIND_MEASUREMENTS, NULL, answers);
	row = reading(&play, "301003@2026-03-02T09:59:04Z");
	assert_string_equal(row->sensor_id, "50211");
	assert_string_equal(row->quantity, "temperature");
	assert_string_equal(row->unit, "\xc2\xb0"
				       "C");
	assert_true(row->value == 20.34 && isnan(row->min) && isnan(row->avg));
	assert_true(row->interval_s == 900);
	row = reading(&play, "301002@2026-03-02T07:14:08Z");
	assert_string_equal(row->quantity, "battery");
	assert_string_equal(row->unit, "V");
	/* The filter does not change what is asked. */
	play_query(&play, KIND_MEASUREMENTS, FILTERS("source", "301003"), answers);
	assert_int_equal(rows_count(play_rows(&play, KIND_MEASUREMENTS)), 1);
	/* Blank, made up by the server, null: only the press of the button is a reading. */
	play_query(&play, KIND_MEASUREMENTS, NULL, gaps);
	assert_int_equal(rows_count(play_rows(&play, KIND_MEASUREMENTS)), 1);
	reading(&play, "301003@2026-03-02T10:03:11Z");
	play_query(&play, KIND_MEASUREMENTS, NULL, none);
	assert_int_equal(rows_count(play_rows(&play, KIND_MEASUREMENTS)), 0);
	play_close(&play);
}

static void ranges_are_read(void **state)
{
	static const struct play_answer answers[] = {
		FROM_FILE(TREE, "get-gateways.json"),
		FROM_FILE("/measurements?data_sources=301003,301004&type=range&from=2026-03-02T05:00:00Z&to="
			  "2026-03-02T10:00:00Z&interval=60",
			  "get-measurements-range.json"),
		END,
	};
	static const struct play_answer week[] = {
		TEXT(TREE, ONE TEMP),
		TEXT("/measurements?data_sources=7&type=range&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&ticks=10",
		     "{\"measurements\":{\"7\":[{\"date\":\"2026-03-01T00:00:00+0000\",\"value\":1}]}}"),
		END,
	};
	const struct measurement *row;
	struct sens_play play;

	(void)state;
	play_open(&play, NULL);
	play_query(&play, KIND_MEASUREMENTS,
		   FILTERS("type", "range", "every", "1h", "since", "2026-03-02T05:20:00Z", "source",
			   "301003", "source", "301004"),
		   answers);
	assert_int_equal(rows_count(play_rows(&play, KIND_MEASUREMENTS)), 6);
	row = rows_at(play_rows(&play, KIND_MEASUREMENTS), 0);
	assert_string_equal(row->id, "301003@2026-03-02T06:00:00Z");
	assert_true(row->value == 19.9 && row->avg == 19.9 && row->min == 19.6 && row->max == 20.2);
	/* Another period than the one asked for: nothing of it is believed. */
	play_query(&play, KIND_MEASUREMENTS,
		   FILTERS("type", "range", "limit", "10", "since", "2026-01-01T00:00:00Z", "until",
			   "2026-01-02T00:00:00Z"),
		   week);
	assert_int_equal(rows_count(play_rows(&play, KIND_MEASUREMENTS)), 0);
	assert_true(play_noticed(&play, "another period"));
	play_close(&play);
}

static void extremes_are_read(void **state)
{
	static const char *const files[] = {"get-measurements-min_max-nested.json",
					    "get-measurements-min_max-flat.json",
					    "get-measurements-min_max-rows.json"};
	struct sens_play play;

	(void)state;
	play_open(&play, NULL);
	for (size_t i = 0; i < 3; i++) {
		struct play_answer answers[] = {
			FROM_FILE(TREE, "get-gateways.json"),
			FROM_FILE(IDS "&type=min_max&from=2026-02-23T10:00:00Z&to=2026-03-02T10:00:00Z",
				  files[i]),
			END,
		};
		const struct measurement *least, *greatest;

		play_query(&play, KIND_MEASUREMENTS, FILTERS("type", "min_max"), answers);
		least = reading(&play, "301003@2026-02-26T04:44:02Z");
		greatest = reading(&play, "301003@2026-02-28T13:29:03Z");
		assert_true(least->value == 17.02 && least->min == 17.02 && least->max == 24.88);
		assert_true(greatest->value == 24.88 && greatest->min == 17.02 && greatest->max == 24.88);
	}
	play_close(&play);
}

#define RAW_ROWS 12345

/* 12,345 readings of one source, a second each, 5,000 a page; every page repeats the last one of the page before. */
static char *serve_raw(void *ctx, const struct work_request *request, int *status)
{
	const char *offset = strstr(request->path, "&offset=");
	long from = offset == NULL ? 0 : strtol(offset + 8, NULL, 10);
	char at[MOMENT_TEXT_SIZE];
	struct buf out;

	(void)ctx;
	(void)status;
	if (strstr(request->path, "type=raw") == NULL)
		return NULL;
	buf_init(&out, BUF_CEILING_BODY);
	buf_adds(&out, "{\"code\":200,");
	if (from + 5000 < RAW_ROWS)
		buf_addf(&out, "\"next\":%ld,", from + 5000);
	buf_adds(&out, "\"measurements\":{\"7\":[");
	for (long i = from > 0 ? from - 1 : 0; i < RAW_ROWS && i < from + 5000; i++)
		buf_addf(&out, "%s{\"date\":\"%s\",\"value\":%ld.5,\"type\":1,\"seq\":17724455463161%06ld}",
			 out.data[out.length - 1] == '[' ? "" : ",",
			 moment_format(SENS_TEST_NOW - 20000000 + i * 1000, at), i, i);
	buf_adds(&out, "]}}");
	return buf_take(&out, NULL);
}

static void raw_goes_over_pages(void **state)
{
	static const struct play_answer answers[] = {TEXT(TREE, ONE TEMP), END};
	const struct rows *rows;
	struct sens_play play;

	(void)state;
	play_open(&play, NULL);
	play.serve = serve_raw;
	play_query(&play, KIND_MEASUREMENTS, FILTERS("type", "raw", "since", "8h"), answers);
	rows = play_rows(&play, KIND_MEASUREMENTS);
	assert_int_equal(rows_count(rows), RAW_ROWS);
	assert_int_equal(play_count(&play, "type=raw"), 3);
	for (size_t i = 0; i < RAW_ROWS; i++) {
		const struct measurement *row = rows_at(rows, i);

		assert_true(row->value == (double)i + 0.5);
	}
	play_query(&play, KIND_MEASUREMENTS, FILTERS("type", "raw", "since", "8h", "limit", "5"), answers);
	rows = play_rows(&play, KIND_MEASUREMENTS);
	assert_int_equal(rows_count(rows), 5);
	assert_true(((const struct measurement *)rows_at(rows, 0))->value == RAW_ROWS - 1 + 0.5);
	play_close(&play);
}

/* A server whose `next` never ends does not keep the work going for ever. */
static void next_that_stays_ends(void **state)
{
	static const struct play_answer answers[] = {
		TEXT(TREE, ONE TEMP),
		TEXT("/measurements?data_sources=7&type=raw&from=2026-03-02T09:00:00Z&to=2026-03-02T10:00:00Z",
		     "{\"next\":\"a&b\",\"measurements\":{\"7\":[{\"date\":\"2026-03-02T09:30:00Z\",\"value\":1}]}}"),
		TEXT("/measurements?data_sources=7&type=raw&from=2026-03-02T09:00:00Z&to=2026-03-02T10:00:00Z&offset=a%26b",
		     "{\"next\":\"a&b\",\"measurements\":{\"7\":[{\"date\":\"2026-03-02T09:30:00Z\",\"value\":1}]}}"),
		END,
	};
	struct sens_play play;

	(void)state;
	play_open(&play, NULL);
	play_query(&play, KIND_MEASUREMENTS, FILTERS("type", "raw", "since", "1h"), answers);
	assert_int_equal(rows_count(play_rows(&play, KIND_MEASUREMENTS)), 1);
	assert_true(play.requests <= 4);
	play_close(&play);
}

static void gateways_are_asked_one_by_one(void **state)
{
	static const struct play_answer answers[] = {
		TEXT(TREE,
		     "{\"gateways\":[{\"id\":1,\"devices\":[{\"id\":11,\"devices\":[{\"id\":102},{\"id\":99}]}]},"
		     "{\"id\":2,\"disconnected_date\":\"2026-03-01T00:00:00+0000\",\"devices\":[{\"id\":12,"
		     "\"devices\":[{\"id\":201}]},{\"id\":3,\"master_id\":2,\"devices\":[{\"id\":13,"
		     "\"devices\":[{\"id\":301}]}]}]}]}"),
		TEXT("/measurements?data_sources=99,102&type=latest",
		     "{\"measurements\":[{\"data_source\":\"99\",\"date\":\"2026-03-02T09:30:00Z\",\"value\":\"1.5\"},"
		     "{\"data_source\":{\"id\":102},\"values\":[{\"date\":\"2026-03-02T09:30:00+01:00\",\"value\":2}]}]}"),
		{"GET", "/measurements?data_sources=201&type=latest", NULL, 400, "error-400.json", NULL, 0,
		 SENS_ANSWERED, false},
		TEXT("/measurements?data_sources=301&type=latest", "{\"code\":200,\"measurements\":[]}"),
		END,
	};
	struct sens_play play;

	(void)state;
	play_open(&play, NULL);
	play_query(&play, KIND_MEASUREMENTS, NULL, answers);
	assert_int_equal(rows_count(play_rows(&play, KIND_MEASUREMENTS)), 2);
	assert_true(reading(&play, "99@2026-03-02T09:30:00Z")->value == 1.5);
	assert_true(play_noticed(&play, "same gateway"));
	play_query(&play, KIND_GATEWAYS, NULL, answers);
	assert_int_equal(rows_count(play_rows(&play, KIND_GATEWAYS)), 3);
	assert_string_equal(((const struct gateway *)play_row(&play, KIND_GATEWAYS, "2"))->status,
			    STATUS_OFFLINE);
	play_query(&play, KIND_SENSORS, NULL, answers);
	assert_string_equal(((const struct sensor *)play_row(&play, KIND_SENSORS, "12"))->status,
			    STATUS_UNKNOWN);
	play_close(&play);
}

static void fahrenheit_becomes_celsius(void **state)
{
	static const struct play_answer answers[] = {
		TEXT(TREE, ONE WARM),
		TEXT("/measurements?data_sources=7&type=latest",
		     "{\"measurements\":{\"7\":{\"date\":\"2026-03-02T09:30:00Z\",\"value\":50,\"seq\":1}}}"),
		TEXT("/alarms",
		     "{\"alarms\":[{\"id\":5,\"data_source\":7,\"value\":77,\"direction\":\"Above\",\"state\":true}]}"),
		END,
	};
	const struct alarm *alarm;
	struct sens_play play;

	(void)state;
	play_open(&play, NULL);
	play_query(&play, KIND_MEASUREMENTS, NULL, answers);
	assert_true(reading(&play, "7@2026-03-02T09:30:00Z")->value == 10);
	assert_string_equal(reading(&play, "7@2026-03-02T09:30:00Z")->unit, "\xc2\xb0"
									    "C");
	play_query(&play, KIND_ALARMS, NULL, answers);
	alarm = play_row(&play, KIND_ALARMS, "5");
	assert_true(alarm->threshold == 25);
	assert_int_equal(alarm->raised, 1);
	assert_string_equal(alarm->direction, "above");
	play_close(&play);
}

static void alarms_and_their_history_are_read(void **state)
{
	static const struct play_answer answers[] = {
		FROM_FILE(TREE, "get-gateways.json"),
		FROM_FILE("/alarms", "get-alarms.json"),
		FROM_FILE("/alarms/history?from=2026-03-01T12:00:00Z&to=2026-03-02T10:00:00Z",
			  "get-alarms-history.json"),
		END,
	};
	const struct alarm *alarm;
	const struct rows *rows;
	struct sens_play play;

	(void)state;
	play_open(&play, NULL);
	play_query(&play, KIND_ALARMS, NULL, answers);
	assert_int_equal(rows_count(play_rows(&play, KIND_ALARMS)), 2);
	alarm = play_row(&play, KIND_ALARMS, "1858");
	assert_string_equal(alarm->source_id, "301007");
	assert_true(alarm->threshold == -5 && alarm->delay_minutes == 0 && alarm->value == -5.4);
	assert_string_equal(alarm->state, "in");
	assert_int_equal(alarm->raised, 1);
	assert_int_equal(alarm->since_ms, moment_parse("2026-03-02T08:50:34Z"));
	alarm = play_row(&play, KIND_ALARMS, "1857");
	assert_int_equal(alarm->raised, 0);
	assert_int_equal(alarm->since_ms, moment_parse("2026-03-01T14:32:05Z"));
	play_query(&play, KIND_ALARMS, FILTERS("since", "2026-03-01T12:05:00Z"), answers);
	rows = play_rows(&play, KIND_ALARMS);
	assert_int_equal(rows_count(rows), 2);
	alarm = rows_at(rows, 0);
	assert_string_equal(alarm->id, "1857/90412");
	assert_string_equal(alarm->source_id, "301003");
	assert_true(alarm->value == 24.7);
	play_close(&play);
}

static void people_and_callbacks_are_read(void **state)
{
	static const struct play_answer answers[] = {
		FROM_FILE("/users?list=1", "get-users-list.json"),
		FROM_FILE("/callbacks", "get-callbacks.json"),
		END,
	};
	static const struct play_answer alone[] = {
		{"GET", "/users?list=1", NULL, 403, NULL, "{\"code\":403}", 0, SENS_ANSWERED, false},
		FROM_FILE("/users", "get-users.json"),
		END,
	};
	const struct user *user;
	struct sens_play play;

	(void)state;
	play_open(&play, NULL);
	play_query(&play, KIND_USERS, NULL, answers);
	user = play_row(&play, KIND_USERS, "20733");
	assert_string_equal(user->name, "Ib Madsen");
	assert_string_equal(user->type, "user");
	assert_string_equal(user->email, "helper@example.com");
	play_query(&play, KIND_USERS, NULL, alone);
	assert_int_equal(rows_count(play_rows(&play, KIND_USERS)), 1);
	play_query(&play, KIND_CALLBACKS, NULL, answers);
	assert_string_equal(((const struct entry *)play_row(&play, KIND_CALLBACKS, "311"))->type,
			    "button,alarm,system");
	play_close(&play);
}

static void impersonation_is_checked(void **state)
{
	static const struct play_answer right[] = {
		TEXT("/users?impersonate=20733", "{\"user\":{\"id\":20733}}"),
		TEXT("/callbacks?impersonate=20733", "{\"callbacks\":[]}"),
		END,
	};
	static const struct play_answer oneself[] = {
		FROM_FILE("/users?impersonate=20733", "get-users.json"),
		END,
	};
	struct sens_play play;

	(void)state;
	play_open(&play, FILTERS("impersonate", "20733"));
	play_query(&play, KIND_CALLBACKS, NULL, oneself);
	assert_int_equal(play.error, ERR_DENIED);
	play_query(&play, KIND_CALLBACKS, NULL, right);
	assert_int_equal(play.error, ERR_OK);
	assert_int_equal(play.requests, 2);
	play_query(&play, KIND_CALLBACKS, NULL, right);
	assert_int_equal(play.requests, 1);
	play_close(&play);
}

static void the_version_is_part_of_the_path(void **state)
{
	static const struct play_answer answers[] = {
		TEXT("/v1/callbacks", "{\"callbacks\":[]}"),
		END,
	};
	struct sens_play play;

	(void)state;
	play_open(&play, FILTERS("base_url", "https://api.sensorist.com/"));
	play_query(&play, KIND_CALLBACKS, NULL, answers);
	assert_int_equal(play.error, ERR_OK);
	assert_int_equal(play.requests, 1);
	play_close(&play);
}

static void failures_inside_are_noticed(void **state)
{
	static const struct play_answer answers[] = {
		TEXT("/callbacks", "{\"code\":401,\"error\":\"Unauthorized\"}"),
		END,
	};
	struct sens_play play;

	(void)state;
	play_open(&play, NULL);
	play_query(&play, KIND_CALLBACKS, NULL, answers);
	assert_int_equal(play.error, ERR_AUTH);
	play_close(&play);
}

/* Cut anywhere, and with every type in every place: no crash, and no rows without an id. */
static void hostile_answers_do_no_harm(void **state)
{
	static const char *const wrong[] = {"null",
					    "7",
					    "\"x\"",
					    "[]",
					    "{}",
					    "[[[]]]",
					    "[{\"id\":\"../1\"}]",
					    "{\"gateways\":7}",
					    "{\"gateways\":[null,{\"id\":1,\"devices\":{\"a\":1}}]}",
					    "{\"alarms\":{\"1\":null}}",
					    "{\"measurements\":{\"7\":7}}"};
	static const enum kind kinds[] = {KIND_USERS,        KIND_GATEWAYS, KIND_SENSORS,
					  KIND_MEASUREMENTS, KIND_ALARMS,   KIND_CALLBACKS};
	struct sens_play play;
	struct buf text;

	(void)state;
	play_open(&play, NULL);
	play_read_file("get-gateways.json", &text);
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
			struct play_answer answers[] = {TEXT(TREE, wrong[i]), TEXT("/users?list=1", wrong[i]),
							TEXT("/alarms", wrong[i]),
							TEXT("/callbacks", wrong[i]), END};
			play_query(&play, kinds[k], NULL, answers);
			for (size_t r = 0; play.error == ERR_OK && r < rows_count(play.rows[kinds[k]]); r++)
				assert_non_null(*(const char *const *)rows_at(play.rows[kinds[k]], r));
		}
	}
	for (size_t cut = 0; cut < text.length; cut += 97) {
		char *part = strndup(text.data, cut);
		struct play_answer answers[] = {TEXT(TREE, part), END};

		play_query(&play, KIND_GATEWAYS, NULL, answers);
		assert_int_equal(play.error, ERR_PARSE);
		free(part);
	}
	buf_fini(&text);
	play_close(&play);
}

static void lifetimes_are_read(void **state)
{
	static const char failed[] = "{\"code\":500,\"max_age\":900}",
			  told[] = "{\"code\":200,\"max_age\":300}";

	(void)state;
	assert_int_equal(sens_lifetime_ms("/users", told, strlen(told), 120000), 120000);
	assert_int_equal(sens_lifetime_ms("/users", told, strlen(told), -1), 300000);
	assert_int_equal(sens_lifetime_ms("/users", "{}", 2, -1), 900000);
	assert_int_equal(sens_lifetime_ms("/users", "[]", 2, 0), 60000);
	assert_int_equal(sens_lifetime_ms("/v1/workflows/3", "{}", 2, 0), 0);
	assert_int_equal(sens_lifetime_ms("/users", failed, strlen(failed), 900000), 0);
	assert_int_equal(sens_lifetime_ms("/users", "<html>", 6, 900000), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_estate_is_read),
		cmocka_unit_test(the_latest_are_read),
		cmocka_unit_test(ranges_are_read),
		cmocka_unit_test(extremes_are_read),
		cmocka_unit_test(raw_goes_over_pages),
		cmocka_unit_test(next_that_stays_ends),
		cmocka_unit_test(gateways_are_asked_one_by_one),
		cmocka_unit_test(fahrenheit_becomes_celsius),
		cmocka_unit_test(alarms_and_their_history_are_read),
		cmocka_unit_test(people_and_callbacks_are_read),
		cmocka_unit_test(impersonation_is_checked),
		cmocka_unit_test(the_version_is_part_of_the_path),
		cmocka_unit_test(failures_inside_are_noticed),
		cmocka_unit_test(hostile_answers_do_no_harm),
		cmocka_unit_test(lifetimes_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
