/* The simulated Sensorist's measurements: their four types, pages, periods, and that they are a function of time. */
#include "sensorist_play.h"

#include "base/moment.h"
#include "sim/sensorist_value.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HOUR_MS INT64_C(3600000)
#define ROWS 12345
#define WEEK "from=2026-11-11T16:00:00Z&to=2026-11-18T16:00:00Z"

static const cJSON *rows_of(const cJSON *answer, const char *id)
{
	return jsonx_get(jsonx_get(answer, "measurements"), id);
}

static int64_t date_of(const cJSON *row) { return jsonx_moment(jsonx_get(row, "date")); }

static void latest_is_the_last_that_was_stored(void **state)
{
	struct sensorist_play play;
	const cJSON *answer, *row;

	(void)state;
	sensorist_play_init(&play, NULL);
	answer = sensorist_play_get(
		&play, "/v1/measurements?type=latest&data_sources=301001,301002,301003,301004,301005,301006");
	sensorist_play_like("get-measurements-latest", answer, true);
	assert_int_equal(cJSON_GetArraySize(jsonx_get(answer, "measurements")), 6);
	cJSON_ArrayForEach(row, jsonx_get(answer, "measurements"))
	{
		const struct sim_sens_source *source = sim_sens_find_source(play.sens->data,
									    sim_sens_number(row->string));
		int64_t date_ms = date_of(row);

		assert_true(date_ms <= SENSORIST_PLAY_NOW_MS - SIM_SENS_STORED_MS);
		assert_true(sim_sens_next(source, date_ms + 1) > SENSORIST_PLAY_NOW_MS - SIM_SENS_STORED_MS);
		assert_true(jsonx_num(jsonx_get(row, "seq")) / 1e3 - (double)date_ms >= 2000);
	}
	assert_int_equal(sensorist_play_violations(&play), 0);
	sensorist_play_fini(&play);
}

static void extremes_and_groups_agree_with_raw(void **state)
{
	struct sensorist_play play;
	const cJSON *answer, *row;
	double least = INFINITY, most = -INFINITY, sum = 0;
	int count = 0, groups = 0;

	(void)state;
	sensorist_play_init(&play, NULL);
	answer = sensorist_play_get(&play, "/v1/measurements?type=raw&data_sources=301003,301004&" WEEK);
	sensorist_play_like("get-measurements-raw-last", answer, true);
	assert_true(cJSON_IsNull(jsonx_get(answer, "next")));
	cJSON_ArrayForEach(row, rows_of(answer, "301003"))
	{
		int type = (int)jsonx_num(jsonx_get(row, "type"));
		double value = jsonx_num(jsonx_get(row, "value"));

		assert_int_equal(cJSON_IsNull(jsonx_get(row, "value")), type == SIM_SENS_BLANK);
		if (type == SIM_SENS_BLANK || type == SIM_SENS_INTERPOLATED)
			continue;
		least = fmin(least, value);
		most = fmax(most, value);
		sum += value;
		count++;
	}
	assert_true(count > 300);
	assert_true(most - least > 0.5);

	answer = sensorist_play_get(&play, "/v1/measurements?type=min_max&data_sources=301003,301004&" WEEK);
	sensorist_play_like("get-measurements-min_max-nested", answer, true);
	assert_true(jsonx_num(jsonx_path(rows_of(answer, "301003"), "min.value")) == least);
	assert_true(jsonx_num(jsonx_path(rows_of(answer, "301003"), "max.value")) == most);

	answer = sensorist_play_get(
		&play, "/v1/measurements?type=range&interval=60&data_sources=301003,301004&" WEEK);
	sensorist_play_like("get-measurements-range", answer, true);
	least = INFINITY;
	cJSON_ArrayForEach(row, rows_of(answer, "301003"))
	{
		least = fmin(least, jsonx_num(jsonx_get(row, "min")));
		assert_int_equal(date_of(row) % HOUR_MS, 0);
		assert_true(jsonx_num(jsonx_get(row, "min")) <= jsonx_num(jsonx_get(row, "value")));
		assert_true(jsonx_num(jsonx_get(row, "max")) >= jsonx_num(jsonx_get(row, "value")));
		groups++;
	}
	assert_true(groups <= 169 && groups * 4 >= count);
	answer = sensorist_play_get(&play, "/v1/measurements?type=range&ticks=1&data_sources=301003&"
					   "from=2026-11-11T00:00:00Z&to=2026-11-18T00:00:00Z");
	assert_in_range(cJSON_GetArraySize(rows_of(answer, "301003")), 1, 2);
	answer = sensorist_play_get(&play, "/v1/measurements?type=range&ticks=50&data_sources=301003&" WEEK);
	assert_in_range(cJSON_GetArraySize(rows_of(answer, "301003")), 20, 52);
	answer = sensorist_play_get(&play, "/v1/measurements?type=range&data_sources=301003&" WEEK);
	assert_in_range(cJSON_GetArraySize(rows_of(answer, "301003")), 60, 170);
	assert_true(sum / count > least);
	assert_int_equal(sensorist_play_violations(&play), 0);
	sensorist_play_fini(&play);
}

/* What the server left blank or made up counts for nothing. */
static void only_readings_are_counted(void **state)
{
	static const char *const types[] = {"min_max", "range"};
	struct sensorist_play play;
	const struct sim_sens_source *source;
	int64_t date_ms = SENSORIST_PLAY_NOW_MS - 90 * 24 * HOUR_MS;
	char date[MOMENT_TEXT_SIZE];

	(void)state;
	sensorist_play_init(&play, NULL);
	source = sim_sens_find_source(play.sens->data, 301003);
	do
		date_ms = sim_sens_next(source, date_ms + 1);
	while (sim_sens_row_type(source, date_ms) < SIM_SENS_BLANK);
	assert_true(date_ms < SENSORIST_PLAY_NOW_MS);
	moment_format(date_ms, date);
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		sensorist_play_like(
			"get-measurements-empty",
			sensorist_play_get(&play, "/v1/measurements?type=%s&data_sources=301003&from=%s&to=%s",
					   types[i], date, date),
			true);
	sensorist_play_fini(&play);
}

/* Three pages: 5,000, 5,000 and 2,345, each row once and in order. */
static void raw_comes_in_pages(void **state)
{
	struct sensorist_play play;
	const struct sim_sens_source *source;
	int64_t from_ms, to_ms, last_ms = 0, offset = 0, pages = 0, rows = 0;
	char from[MOMENT_TEXT_SIZE], to[MOMENT_TEXT_SIZE];
	double last_seq = 0;

	(void)state;
	sensorist_play_init(&play, NULL);
	source = sim_sens_find_source(play.sens->data, 301003);
	from_ms = moment_parse("2026-03-01T00:00:00Z");
	to_ms = from_ms - 1;
	for (int i = 0; i < ROWS; i++)
		to_ms = sim_sens_next(source, to_ms + 1);
	assert_true(to_ms < SENSORIST_PLAY_NOW_MS);
	for (bool more = true; more; pages++) {
		const cJSON *answer = sensorist_play_get(
			&play, "/v1/measurements?type=raw&data_sources=301003&from=%s&to=%s&offset=%d",
			moment_format(from_ms, from), moment_format(to_ms, to), (int)offset);
		const cJSON *row;
		int count = 0;

		if (pages == 0)
			sensorist_play_like("get-measurements-raw", answer, false);
		cJSON_ArrayForEach(row, rows_of(answer, "301003"))
		{
			assert_true(date_of(row) > last_ms);
			assert_true(jsonx_num(jsonx_get(row, "seq")) > last_seq);
			last_ms = date_of(row);
			last_seq = jsonx_num(jsonx_get(row, "seq"));
			count++;
		}
		rows += count;
		assert_int_equal(count, pages < 2 ? 5000 : 2345);
		more = cJSON_IsNumber(jsonx_get(answer, "next"));
		offset = more ? (int64_t)jsonx_num(jsonx_get(answer, "next")) : offset;
	}
	assert_int_equal(pages, 3);
	assert_int_equal(rows, ROWS);
	assert_true(last_ms == to_ms);
	assert_int_equal(sensorist_play_violations(&play), 0);
	sensorist_play_fini(&play);
}

/* With two sources a page is cut by the order of storing. */
static void pages_of_many_sources_meet(void **state)
{
	const char *const faults[] = {"sensorist.page_size=37", NULL};
	struct sensorist_play play;
	int64_t offset = 0;
	double last_seq = 0;
	int rows = 0, whole;

	(void)state;
	sensorist_play_init(&play, NULL);
	const cJSON *answer = sensorist_play_get(
		&play, "/v1/measurements?type=raw&data_sources=301003,301004,301001&" WEEK);

	whole = cJSON_GetArraySize(rows_of(answer, "301003")) +
		cJSON_GetArraySize(rows_of(answer, "301004")) + cJSON_GetArraySize(rows_of(answer, "301001"));
	sensorist_play_fini(&play);
	sensorist_play_init(&play, faults);
	for (bool more = true; more;) {
		double least = INFINITY, most = 0;
		const cJSON *source, *row;

		answer = sensorist_play_get(&play,
					    "/v1/measurements?type=raw&data_sources=301003,301004,301001&" WEEK
					    "&offset=%d",
					    (int)offset);
		cJSON_ArrayForEach(source, jsonx_get(answer, "measurements"))
		{
			cJSON_ArrayForEach(row, source)
			{
				least = fmin(least, jsonx_num(jsonx_get(row, "seq")));
				most = fmax(most, jsonx_num(jsonx_get(row, "seq")));
				rows++;
			}
		}
		assert_true(least >= last_seq);
		last_seq = most;
		more = cJSON_IsNumber(jsonx_get(answer, "next"));
		offset = more ? (int64_t)jsonx_num(jsonx_get(answer, "next")) : offset;
	}
	assert_int_equal(rows, whole);
	sensorist_play_fini(&play);
}

static void sequence_numbers_select_too(void **state)
{
	struct sensorist_play play;
	const cJSON *answer;
	double from, to;

	(void)state;
	sensorist_play_init(&play, NULL);
	answer = sensorist_play_get(&play, "/v1/measurements?type=raw&data_sources=301003&" WEEK);
	from = jsonx_num(jsonx_get(cJSON_GetArrayItem(rows_of(answer, "301003"), 10), "seq"));
	to = jsonx_num(jsonx_get(cJSON_GetArrayItem(rows_of(answer, "301003"), 19), "seq"));
	answer = sensorist_play_get(&play,
				    "/v1/measurements?type=raw&data_sources=301003&seq_from=%.0f&seq_to=%.0f",
				    from, to);
	assert_int_equal(cJSON_GetArraySize(rows_of(answer, "301003")), 10);
	answer = sensorist_play_get(&play, "/v1/measurements?type=raw&data_sources=301003&seq_from=%.0f",
				    from);
	assert_true(jsonx_num(jsonx_get(rows_of(answer, "301003")->child, "seq")) == from);
	assert_int_equal(sensorist_play_violations(&play), 0);
	sensorist_play_fini(&play);
}

static void a_wrong_period_is_the_last_week(void **state)
{
	static const char *const periods[] = {"", "&from=2026-11-20T00:00:00Z&to=2026-11-01T00:00:00Z",
					      "&from=yesterday&to=2026-11-18T16:00:00Z"};
	struct sensorist_play play;

	(void)state;
	sensorist_play_init(&play, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(periods); i++) {
		const cJSON *answer = sensorist_play_get(&play,
							 "/v1/measurements?type=raw&data_sources=301002%s",
							 periods[i]);
		const cJSON *rows = rows_of(answer, "301002");
		int count = cJSON_GetArraySize(rows);

		assert_in_range(count, 20, 57);
		assert_true(date_of(rows->child) >= SENSORIST_PLAY_NOW_MS - 168 * HOUR_MS);
		assert_true(date_of(cJSON_GetArrayItem(rows, count - 1)) <= SENSORIST_PLAY_NOW_MS);
	}
	assert_int_equal(sensorist_play_violations(&play), 1);
	sensorist_play_fini(&play);
}

static void what_is_refused(void **state)
{
	struct sensorist_play play;
	const struct sim_sens_gateway *second;

	(void)state;
	sensorist_play_init(&play, NULL);
	second = play.sens->data->gateways->pdata[1];
	char *mixed = g_strdup_printf(
		"/v1/measurements?type=latest&data_sources=301003,%d",
		(int)((const struct sim_sens_sensor *)second->sensors->pdata[0])->sources[0].id);

	sensorist_play_expect(&play, 400, "GET", mixed, NULL);
	g_free(mixed);
	sensorist_play_expect(&play, 400, "GET", "/v1/measurements?type=latest", NULL);
	sensorist_play_expect(&play, 400, "GET", "/v1/measurements?type=newest&data_sources=301003", NULL);
	sensorist_play_expect(&play, 400, "GET", "/v1/measurements?type=latest&data_sources=1", NULL);
	sensorist_play_expect(&play, 400, "GET", "/v1/measurements?type=latest&data_sources=301003,", NULL);
	assert_int_equal(sensorist_play_violations(&play), 5);
	sensorist_play_like("get-measurements-empty",
			    sensorist_play_get(&play, "/v1/measurements?type=raw&data_sources=301003&"
						      "from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z"),
			    false);
	assert_int_equal(sensorist_play_violations(&play), 5);
	sensorist_play_fini(&play);
}

/* A row says the same, whoever asks and when. */
static void measurements_are_a_function_of_time(void **state)
{
	static const char path[] = "/v1/measurements?type=raw&data_sources=301003,301004,301002,301001&"
				   "from=2026-11-16T00:00:00Z&to=2026-11-17T12:00:00Z";
	struct sensorist_play one, two;

	(void)state;
	sensorist_play_init(&one, NULL);
	sensorist_play_init(&two, NULL);
	clock_fake_advance(&two.clock, 30 * 24 * HOUR_MS);
	sensorist_play_get(&one, "%s", path);
	sensorist_play_get(&two, "%s", path);
	assert_string_equal(strstr(buf_text(&one.body), "\"next\""), strstr(buf_text(&two.body), "\"next\""));
	for (guint i = 0; i < one.sens->data->gateways->len; i++) {
		const struct sim_sens_gateway *gateway = one.sens->data->gateways->pdata[i];
		const struct sim_sens_sensor *sensor = gateway->sensors->pdata[0];
		const struct sim_sens_source *source = &sensor->sources[SIM_SENS_TEMPERATURE];
		int centi = sim_sens_centi(one.sens->view, source, SENSORIST_PLAY_NOW_MS);

		assert_true(sensor->place == SIM_SENS_FRIDGE ? centi < 1800 : centi > 1500 && centi < 3200);
	}
	sensorist_play_fini(&one);
	sensorist_play_fini(&two);
}

/* The rows before a moment and after it are the same rows. */
static void last_and_next_meet(void **state)
{
	struct sensorist_play play;

	(void)state;
	sensorist_play_init(&play, NULL);
	for (int64_t id = 301001; id < 301041; id++) {
		const struct sim_sens_source *source = sim_sens_find_source(play.sens->data, id);
		int64_t date_ms = SENSORIST_PLAY_NOW_MS;

		for (int i = 0; i < 50; i++) {
			int64_t next_ms = sim_sens_next(source, date_ms + 1);

			if (i > 0)
				assert_true(sim_sens_last(source, next_ms) == date_ms);
			assert_true(sim_sens_next(source, next_ms) == next_ms);
			assert_true(sim_sens_seq(source, next_ms) > sim_sens_seq(source, date_ms));
			date_ms = next_ms;
		}
	}
	sensorist_play_fini(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(latest_is_the_last_that_was_stored),
		cmocka_unit_test(extremes_and_groups_agree_with_raw),
		cmocka_unit_test(only_readings_are_counted),
		cmocka_unit_test(raw_comes_in_pages),
		cmocka_unit_test(pages_of_many_sources_meet),
		cmocka_unit_test(sequence_numbers_select_too),
		cmocka_unit_test(a_wrong_period_is_the_last_week),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(measurements_are_a_function_of_time),
		cmocka_unit_test(last_and_next_meet),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
