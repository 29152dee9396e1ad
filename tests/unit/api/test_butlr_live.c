/* Detections and reports: every sample and shape, and input that means no good. */
#include "butlr_play.h"

#include "api/butlr/detections.h"
#include "api/butlr/report.h"
#include "api/butlr/walk.h"
#include "base/jsonx.h"
#include "base/moment.h"
#include "core/kind.h"
#include "model/live.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct bench {
	struct rows *frames, *detections;
	struct butlr_detect detect;
	struct problem problem;
};

static void bench_open(struct bench *bench)
{
	jsonx_setup();
	*bench = (struct bench){.frames = kind_rows_new(KIND_FRAMES, "hq", "butlr")};
	bench->detections = kind_rows_new(KIND_DETECTIONS, "hq", "butlr");
	butlr_detect_init(&bench->detect);
	bench->detect.frames = bench->frames;
	bench->detect.detections = bench->detections;
}

static void bench_close(struct bench *bench)
{
	butlr_detect_fini(&bench->detect);
	rows_unref(bench->frames);
	rows_unref(bench->detections);
}

static int take(struct bench *bench, const char *bytes, size_t length)
{
	return butlr_decode_detections(bytes, length, &bench->detect, &bench->problem);
}

static void take_text(struct bench *bench, const char *text)
{
	assert_int_equal(take(bench, text, strlen(text)), ERR_OK);
}

static void take_file(struct bench *bench, const char *file)
{
	struct buf bytes;

	play_read(file, &bytes);
	assert_int_equal(take(bench, bytes.data, bytes.length), ERR_OK);
	buf_fini(&bytes);
}

static const struct frame *frame_at(const struct bench *bench, size_t i)
{
	assert_true(rows_count(bench->frames) > i);
	return rows_at(bench->frames, i);
}

/* --- addresses --- */

static void test_addresses(void **unused)
{
	uint64_t key = butlr_mac_key("00-17-0d-00-00-70-54-8a");

	(void)unused;
	assert_true(key == butlr_mac_key("00:17:0D:00:00:70:54:8A"));
	assert_true(key == butlr_mac_key("00170d000070548a"));
	assert_false(key == butlr_mac_key("00-17-0d-00-00-70-54-8b"));
	assert_true(butlr_mac_key("00-60-2F-57-04-BC") == butlr_mac_key("00:60:2f:57:04:bc"));
	assert_false(butlr_mac_key("00-60-2F-57-04-BC") == butlr_mac_key("00-00-00-60-2F-57-04-BC"));
	assert_true(butlr_mac_key("mi-rr-or-01") == butlr_mac_key("MI:RR:OR:01"));
	assert_false(butlr_mac_key("mi-rr-or-01") == butlr_mac_key("mi-rr-or-02"));
	assert_true(butlr_mac_key("") == 0 && butlr_mac_key(NULL) == 0);
	assert_true(butlr_mac_key("00-00-00-00-00-00-00-00") != 0);
	assert_true(butlr_mac_key("11-22-33-44-55-66-77-88-99-aa") !=
		    butlr_mac_key("33-44-55-66-77-88-99-aa"));
}

/* --- samples --- */

static void test_samples(void **unused)
{
	const struct detection *row;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_file(&bench, "samples/post-v3-detections-local.json");
	assert_int_equal(rows_count(bench.detections), 2);
	row = rows_at(bench.detections, 0);
	assert_string_equal(row->address, "00-17-0d-00-00-xx-xx-xx");
	assert_string_equal(row->space, SPACE_SENSOR);
	assert_true(row->time_ms == INT64_C(1667888615900));
	assert_int_equal(row->points.n, 2);
	assert_true(row->points.at[0].x == 0.38257575757575757 && row->points.at[0].y == 0.4242424242424242);
	take_file(&bench, "inferred/post-v3-detections-world.json");
	row = rows_at(bench.detections, 2);
	assert_string_equal(row->space, SPACE_FLOOR);
	assert_true(row->points.at[1].x == 87.439295);
	take_file(&bench, "inferred/post-v3-detections-heatmap.json");
	take_file(&bench,
		  "inferred/post-v3-detections-several-types.json"); /* the same frame and world row again, a local one more */
	assert_int_equal(rows_count(bench.frames), 1);
	assert_int_equal(rows_count(bench.detections), 4);
	assert_int_equal(bench.detect.rows, 5);
	bench_close(&bench);
	bench_open(&bench);
	take_file(&bench, "inferred/post-v3-detections-heatmap-flat64.json");
	assert_true(frame_at(&bench, 0)->celsius.c[12] == 27.39);
	bench_close(&bench);
}

static void test_density(void **unused)
{
	GArray *cells = g_array_new(FALSE, FALSE, sizeof(struct butlr_cell));
	struct problem problem;
	struct buf bytes;

	(void)unused;
	jsonx_setup();
	play_read("inferred/post-v3-detections-heatmap-v2.json", &bytes);
	assert_int_equal(butlr_decode_density(bytes.data, bytes.length, cells, &problem), ERR_OK);
	assert_int_equal(cells->len, 3);
	assert_true(g_array_index(cells, struct butlr_cell, 2).count == 147);
	buf_fini(&bytes);
	assert_int_equal(butlr_decode_density("{}", 2, cells, &problem), ERR_ABSENT);
	g_array_unref(cells);
}

/* --- shapes of a frame --- */

/* {"heatmap":[{…,"value":VALUE}]} with a counter in the time, so that none is met before. */
static size_t frames_of(struct bench *bench, const char *value)
{
	static const char start[] =
		"{\"heatmap\":[{\"sample_time\":%zu,\"mac_address\":\"00-17-0d-00-00-70-54-8a\",\"value\":%s}]}";
	size_t size = strlen(value) + 256, before = rows_count(bench->frames);
	char *text = g_malloc(size);

	snprintf(text, size, start, (size_t)1667888615900 + bench->detect.rows, value);
	take_text(bench, text);
	g_free(text);
	return rows_count(bench->frames) - before;
}

static char *grid(const char *before, const char *between, const char *after, unsigned rows, unsigned columns,
		  const char *pixel)
{
	GString *text = g_string_new(before);

	for (unsigned r = 0; r < rows; r++) {
		g_string_append(text, r > 0 ? between : "");
		for (unsigned c = 0; c < columns; c++)
			g_string_append_printf(text, "%s%s", c > 0 ? "," : "",
					       r == 1 && c == 1 ? pixel : "21.25");
	}
	g_string_append(text, after);
	return g_string_free(text, FALSE);
}

static void test_frame_shapes(void **unused)
{
	static const struct {
		const char *before, *between, *after;
		unsigned rows, columns;
		const char *pixel;
		size_t n;
		double value;
	} cases[] = {
		{"[[", "],[", "]]", 8, 8, "30.5", 1, 30.5},
		{"[ [ ", " ] , [ ", " ] ]", 8, 8, "-1.5e1", 1, -15},
		{"[[[", "],[", "]]]", 8, 8, "7", 1, 7},
		{"[", ",", "]", 8, 8, "0.1", 1, 0.1},
		{"[[", ",", "]]", 8, 8, "22.123456789012345678", 1, 22.123456789012345678},
		{"[[", "],[", "]]", 8, 8, "null", 1, NAN},
		{"[[", "],[", "]]", 8, 8, "\"23.5\"", 1, 23.5},
		{"[[", "],[", "]]", 8, 8, "\"hot\"", 0, 0},
		{"[[", "],[", "]]", 8, 8, "[1]", 0, 0},
		{"[[", "],[", "]]", 8, 8, "{}", 0, 0},
		{"[[", "],[", "]]", 8, 8, "01", 1,
		 1}, /* no JSON, but the tree's reader takes it, so it decides */
		{"[[", "],[", "]]", 7, 8, "1", 0, 0},
		{"[[", "],[", "]]", 9, 8, "1", 0, 0},
		{"[[", "],[", "]]", 8, 7, "1", 0, 0},
		{"[", ",", "]", 5, 13, "1", 0, 0},
		{"[[[[", "],[", "]]]]", 8, 8, "1", 0, 0},
	};
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *text = grid(cases[i].before, cases[i].between, cases[i].after, cases[i].rows,
				  cases[i].columns, cases[i].pixel);
		assert_int_equal(frames_of(&bench, text), cases[i].n);
		if (cases[i].n == 1) {
			double got = frame_at(&bench, rows_count(bench.frames) - 1)->celsius.c[9];
			assert_true(got == cases[i].value || (isnan(got) && isnan(cases[i].value)));
			assert_true(frame_at(&bench, rows_count(bench.frames) - 1)->celsius.c[63] == 21.25);
		}
		g_free(text);
	}
	assert_int_equal(frames_of(&bench, "null"), 0);
	assert_int_equal(frames_of(&bench, "[]"), 0);
	assert_int_equal(frames_of(&bench, "7"), 0);
	assert_int_equal(rows_bad(bench.frames), 11);
	assert_false(bench.detect.hot);
	bench_close(&bench);
}

static void test_hot_frames(void **unused)
{
	struct bench bench;
	GString *text = g_string_new("[");

	(void)unused;
	for (int i = 0; i < 64; i++)
		g_string_append(text, i > 0 ? ",2950" : "2950");
	g_string_append(text, "]");
	bench_open(&bench);
	assert_int_equal(frames_of(&bench, text->str), 1);
	assert_true(bench.detect.hot);
	bench_close(&bench);
	g_string_free(text, TRUE);
}

static void test_odd_elements(void **unused)
{
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_text(
		&bench,
		"{\"detections_world\":[null,7,[],{},{\"sample_time\":1667888615900},{\"mac_address\":\"aa\"},"
		"{\"mac_address\":\"aa\",\"sample_time\":\"2022-11-08T06:23:35.900\",\"value\":[]},"
		"{\"mac_address\":\"aa\",\"start_time\":1667888616,\"value\":null},"
		"{\"mac_address\":\"aa\",\"sample_time\":1667888617000,\"value\":[[1,2],[3]]}],"
		"\"detections_local\":[{\"mac_address\":\"\\t\",\"sample_time\":1667888617000,\"value\":[]}],"
		"\"later\":{\"a\":[1]},\"heatmap\":null}");
	assert_int_equal(rows_count(bench.detections), 2);
	assert_true(((const struct detection *)rows_at(bench.detections, 0))->time_ms ==
		    INT64_C(1667888615900));
	assert_int_equal(((const struct detection *)rows_at(bench.detections, 0))->points.n, 0);
	assert_true(((const struct detection *)rows_at(bench.detections, 1))->time_ms ==
		    INT64_C(1667888616000));
	assert_int_equal(rows_bad(bench.detections), 8);
	bench_close(&bench);
}

static void test_hostile_address(void **unused)
{
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_text(
		&bench,
		"{\"detections_local\":[{\"sample_time\":1667888615900,\"mac_address\":\"\\u001b[2J\",\"value\":[]}]}");
	assert_int_equal(rows_count(bench.detections), 1);
	assert_null(strchr(((const struct detection *)rows_at(bench.detections, 0))->address, 0x1b));
	assert_null(strchr(((const struct detection *)rows_at(bench.detections, 0))->id, 0x1b));
	bench_close(&bench);
}

static void test_join_and_order(void **unused)
{
	struct rows *sensors = kind_rows_new(KIND_SENSORS, "hq", "butlr");
	struct butlr_devices *devices = butlr_devices_new();
	struct words floors = {(const char *const[]){"space_1"}, 1};
	struct sensor *sensor;
	struct bench bench;

	(void)unused;
	for (int i = 0; i < 300; i++) {
		sensor = rows_add(sensors);
		sensor->id = rows_textf(sensors, "sensor_%d", i);
		sensor->address = rows_textf(sensors, "00:17:0D:00:00:00:%02X:%02X", i / 256, i % 256);
		sensor->floor_id = i < 200 ? "space_1" : "space_2";
	}
	butlr_devices_fill(devices, sensors);
	bench_open(&bench);
	bench.detect.devices = devices;
	bench.detect.floors = &floors;
	take_text(
		&bench,
		"{\"detections_local\":["
		"{\"sample_time\":1667888616000,\"mac_address\":\"00-17-0d-00-00-00-00-07\",\"value\":[]},"
		"{\"sample_time\":1667888615000,\"mac_address\":\"00-17-0d-00-00-00-00-09\",\"value\":[]},"
		"{\"sample_time\":1667888615000,\"mac_address\":\"00-17-0D-00-00-00-00-09\",\"value\":[]},"
		"{\"sample_time\":1667888615000,\"mac_address\":\"00-17-0d-00-00-00-01-2b\",\"value\":[]},"
		"{\"sample_time\":1667888615000,\"mac_address\":\"fa-ke-0d-00-00-00-00-09\",\"value\":[]},"
		"{\"sample_time\":1667888615000,\"mac_address\":\"00-17-0d-00-00-00-00-08\",\"value\":[]}]}");
	butlr_detections_sort(bench.detections);
	assert_int_equal(rows_count(bench.detections), 3);
	assert_string_equal(((const struct detection *)rows_at(bench.detections, 0))->sensor_id, "sensor_8");
	assert_string_equal(((const struct detection *)rows_at(bench.detections, 1))->sensor_id, "sensor_9");
	assert_string_equal(((const struct detection *)rows_at(bench.detections, 2))->sensor_id, "sensor_7");
	bench_close(&bench);
	butlr_devices_free(devices);
	rows_unref(sensors);
}

static void test_many_frames(void **unused)
{
	struct bench bench;
	struct buf text;

	(void)unused;
	bench_open(&bench);
	buf_init(&text, BUF_CEILING_BODY);
	buf_adds(&text, "{\"heatmap\":[");
	for (unsigned i = 0; i < 3000; i++) {
		buf_addf(&text,
			 "%s{\"start_time\":1667888615000,\"sample_time\":16678886%05u,\"mac_address\":\"00-17-0d-00-00-00-%02x-%02x\",\"value\":[",
			 i > 0 ? "," : "", i % 3, i / 256, i % 256);
		for (unsigned p = 0; p < 64; p++)
			buf_addf(&text, "%s%u", p > 0 ? "," : "", p + i % 7);
		buf_adds(&text, "]}");
	}
	buf_adds(&text, "]}");
	assert_int_equal(take(&bench, text.data, text.length), ERR_OK);
	assert_int_equal(take(&bench, text.data, text.length), ERR_OK); /* nothing is doubled */
	assert_int_equal(rows_count(bench.frames), 3000);
	assert_true(frame_at(&bench, 2999)->celsius.c[63] == 63 + 2999 % 7);
	assert_int_equal(take(&bench, text.data, text.length - 1), ERR_PARSE);
	assert_int_equal(rows_count(bench.frames), 3000);
	buf_fini(&text);
	bench_close(&bench);
}

static void test_numbers(void **unused)
{
	static const struct {
		const char *text;
		bool good;
		double number;
	} cases[] = {
		{"0", true, 0},
		{"-0.5", true, -0.5},
		{"21.37", true, 21.37},
		{"123456789012345", true, 123456789012345.0},
		{"0.38257575757575757", true, 0.38257575757575757},
		{"1e3", true, 1000},
		{"1E+2", true, 100},
		{"2.5e-1", true, 0.25},
		{"9007199254740993", true, 9007199254740992.0},
		{"01", false, 0},
		{"-", false, 0},
		{".5", false, 0},
		{"1.", false, 0},
		{"1e", false, 0},
		{"+1", false, 0},
		{"x", false, 0},
		{"", false, 0},
	};

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct jsonx_scan scan = butlr_walk_bytes(cases[i].text, strlen(cases[i].text));
		double number = NAN;
		assert_int_equal(butlr_walk_number(&scan, &number), cases[i].good);
		if (cases[i].good)
			assert_true(number == cases[i].number && scan.at == scan.end);
	}
}

/* --- reports --- */

struct seen {
	struct butlr_sample samples[200];
	char rooms[200][64], fields[200][32], addresses[200][32];
	size_t n;
};

static int remember(void *ctx, const struct butlr_sample *sample)
{
	struct seen *seen = ctx;

	assert_true(seen->n < 200);
	seen->samples[seen->n] = *sample;
	g_strlcpy(seen->rooms[seen->n], sample->room_id == NULL ? "" : sample->room_id, 64);
	g_strlcpy(seen->fields[seen->n], sample->field == NULL ? "" : sample->field, 32);
	g_strlcpy(seen->addresses[seen->n], sample->address == NULL ? "" : sample->address, 32);
	seen->n++;
	return ERR_OK;
}

static int report(struct seen *seen, const char *bytes, size_t length, const char *const *order)
{
	struct problem problem;
	unsigned bad;

	jsonx_setup();
	seen->n = 0;
	return butlr_decode_report(bytes, length, order, remember, seen, &bad, &problem);
}

static void report_file(struct seen *seen, const char *file, const char *const *order)
{
	struct buf bytes;

	play_read(file, &bytes);
	assert_int_equal(report(seen, bytes.data, bytes.length, order), ERR_OK);
	buf_fini(&bytes);
}

#define ORDER(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_trees(void **unused)
{
	struct seen *seen = g_new0(struct seen, 1);

	(void)unused;
	report_file(seen, "samples/post-v3-reporting-by-field.json",
		    ORDER("space_id", "field")); /* less deep than asked */
	assert_int_equal(seen->n, 1);
	assert_true(seen->samples[0].stats.sum == 26 && isnan(seen->samples[0].stats.last));
	report_file(seen, "samples/post-v3-reporting-by-room-time.json", ORDER("room_id", "time"));
	assert_int_equal(seen->n, 2);
	assert_string_equal(seen->rooms[1], "room_2qfewEA4ZmpIxwAan4FeQADOvb7");
	assert_int_equal(seen->samples[1].time_ms, moment_parse("2024-01-01T05:00:00Z"));
	assert_true(seen->samples[1].stats.last == 3);
	report_file(seen, "samples/post-v3-reporting-presence-by-room-mac.json",
		    ORDER("room_id", "mac_address"));
	assert_int_equal(seen->n, 4);
	assert_string_equal(seen->addresses[3], "00-00-00-00-00-00-00-03");
	assert_string_equal(seen->rooms[3], "room_xxx2");
	report_file(seen, "samples/post-v3-reporting-traffic-by-room-field.json", ORDER("room_id", "field"));
	assert_int_equal(seen->n, 4);
	assert_string_equal(seen->fields[1], "out");
	report_file(seen, "samples/post-v3-reporting-traffic-by-time-field.json", ORDER("time", "field"));
	assert_int_equal(seen->n, 2);
	assert_int_equal(seen->samples[0].time_ms,
			 moment_parse("2024-01-01T04:00:00Z")); /* without zone: UTC */
	report_file(seen, "samples/post-v3-reporting-presence-time-by-time.json", ORDER("time"));
	assert_true(seen->n == 1 && seen->samples[0].stats.sum == 213);
	g_free(seen);
}

static void test_rows(void **unused)
{
	struct seen *seen = g_new0(struct seen, 1);
	size_t in = 0;

	(void)unused;
	report_file(seen, "samples/post-v3-reporting-flat-traffic.json", NULL);
	assert_true(seen->n >= 3);
	assert_string_equal(seen->fields[0], "out");
	assert_string_equal(seen->rooms[0], "room_000050");
	assert_true(seen->samples[0].zone_id == NULL && seen->samples[0].stats.mean == 1 &&
		    seen->samples[0].raw);
	assert_int_equal(seen->samples[0].stop_ms, MOMENT_NONE); /* the query's range, not the row's window */
	for (size_t i = 0; i < seen->n; i++)
		in += strcmp(seen->fields[i], "in") == 0;
	assert_true(in > 0);
	report_file(seen, "samples/post-v3-reporting-raw-by-room-time.trimmed.json", NULL);
	assert_true(seen->n >= 2);
	assert_string_equal(seen->rooms[0], "room_000098");
	assert_int_equal(seen->samples[0].stop_ms - seen->samples[0].time_ms, 60000);
	assert_true(seen->samples[0].stats.mean == 0);
	g_free(seen);
}

static void test_odd_reports(void **unused)
{
	static const struct {
		const char *text;
		int err;
		size_t n;
	} cases[] = {
		{"{\"data\":{\"mean\":1,\"count\":2}}", ERR_OK, 1},
		{"{\"data\":{\"room_1\":{\"2024-01-01T00:00:00Z\":{\"mean\":null,\"sum\":null,\"count\":0}}}}",
		 ERR_OK, 1},
		{"{\"data\":{\"room_1\":null,\"room_2\":7,\"room_3\":\"x\",\"room_4\":[7,null,{\"value\":\"2\"}]}}",
		 ERR_OK, 1},
		{"{\"data\":{}}", ERR_OK, 0},
		{"{\"data\":[],\"page_info\":{\"total_item_count\":0}}", ERR_OK, 0},
		{"{\"data\":null}", ERR_OK, 0},
		{"{\"data\":7}", ERR_PARSE, 0},
		{"{}", ERR_PARSE, 0},
		{"[{\"value\":3,\"time\":\"2024-01-01T00:00:00\"}]", ERR_OK, 1},
		{"{\"data\":{\"room_1\":{\"2024", ERR_PARSE, 0},
		{"{\"data\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"sum\":1}}}}}}}}}}}}}",
		 ERR_OK, 0},
	};
	struct seen *seen = g_new0(struct seen, 1);

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		assert_int_equal(report(seen, cases[i].text, strlen(cases[i].text), ORDER("room_id", "time")),
				 cases[i].err);
		assert_int_equal(seen->n, cases[i].n);
	}
	g_free(seen);
}

static int add_up(void *ctx, const char *item, const char *measurement, double value)
{
	double *sum = ctx;

	assert_non_null(item);
	(void)measurement;
	if (!isnan(value))
		*sum += value;
	return ERR_OK;
}

static void test_stats(void **unused)
{
	static const char typed[] =
		"{\"data\":{\"room_1\":{\"count\":2,\"mean\":3,\"stdev\":1},\"room_2\":{\"m\":{\"mean\":4,\"sum\":1}},\"x\":null}}";
	struct problem problem;
	struct buf bytes;
	double sum = 0;
	unsigned bad;

	(void)unused;
	jsonx_setup();
	play_read("samples/post-v4-reporting-stats.json", &bytes);
	assert_int_equal(butlr_decode_stats(bytes.data, bytes.length, add_up, &sum, &bad, &problem), ERR_OK);
	assert_true(fabs(sum - (12.483849703361898 + 7.82246 + 9.1286772 + 6.23)) < 1e-12);
	buf_fini(&bytes);
	sum = 0;
	play_read("samples/post-v4-reporting-stats-rooms.json", &bytes);
	assert_int_equal(butlr_decode_stats(bytes.data, bytes.length, add_up, &sum, &bad, &problem), ERR_OK);
	assert_true(sum > 0.07 && sum < 0.08);
	buf_fini(&bytes);
	sum = 0;
	assert_int_equal(butlr_decode_stats(typed, strlen(typed), add_up, &sum, &bad, &problem), ERR_OK);
	assert_true(sum == 7);
	assert_int_equal(bad, 1);
}

static void test_windows(void **unused)
{
	int64_t ms;

	(void)unused;
	assert_string_equal(butlr_window(3600000, &ms), "1h");
	assert_string_equal(butlr_window(7200000, &ms), "1h");
	assert_true(ms == 3600000);
	assert_string_equal(butlr_window(1000, &ms), "1m");
	assert_string_equal(butlr_window(INT64_C(604800000) * 3, &ms), "1w");
}

/* --- input that means no good --- */

static void take_all(const char *bytes, size_t length)
{
	struct seen *seen = g_new0(struct seen, 1);
	struct problem problem;
	struct bench bench;
	double sum = 0;
	unsigned bad;

	bench_open(&bench);
	(void)!take(&bench, bytes, length);
	bench_close(&bench);
	(void)!report(seen, bytes, length, ORDER("room_id", "time"));
	(void)!butlr_decode_stats(bytes, length, add_up, &sum, &bad, &problem);
	g_free(seen);
}

static const char *const samples[] = {
	"inferred/post-v3-detections-several-types.json",
	"samples/post-v3-detections-local.json",
	"samples/post-v3-reporting-by-room-time.json",
	"samples/post-v3-reporting-raw-by-room-time.trimmed.json",
	"samples/post-v4-reporting-stats.json",
};

static void test_cut_everywhere(void **unused)
{
	struct bench bench;
	struct buf bytes;

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
		play_read(samples[i], &bytes);
		while (bytes.data[bytes.length - 1] == '\n')
			bytes.length--;
		for (size_t length = 0; length < bytes.length; length++) {
			char *exact = g_memdup2(bytes.data, length == 0 ? 1 : length);
			bench_open(&bench);
			assert_int_equal(take(&bench, exact, length), ERR_PARSE);
			assert_int_equal(rows_count(bench.frames) + rows_count(bench.detections), 0);
			bench_close(&bench);
			take_all(exact, length);
			g_free(exact);
		}
		buf_fini(&bytes);
	}
}

static void test_wrong_types_everywhere(void **unused)
{
	struct buf bytes;
	unsigned n = 0;

	(void)unused;
	jsonx_setup();
	for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
		play_read(samples[i], &bytes);
		n += play_mutate(&bytes, take_all);
		buf_fini(&bytes);
	}
	assert_true(n > 1000);
}

static void test_deep(void **unused)
{
	struct buf bytes;

	(void)unused;
	buf_init(&bytes, BUF_CEILING_BODY);
	buf_adds(&bytes, "{\"heatmap\":[");
	for (size_t i = 0; i < 200000; i++)
		buf_adds(&bytes, "[");
	take_all(bytes.data, bytes.length);
	for (size_t i = 0; i < 200000; i++)
		buf_adds(&bytes, "]");
	buf_adds(&bytes, "]}");
	take_all(bytes.data, bytes.length);
	buf_fini(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_density),
		cmocka_unit_test(test_frame_shapes),
		cmocka_unit_test(test_hot_frames),
		cmocka_unit_test(test_odd_elements),
		cmocka_unit_test(test_hostile_address),
		cmocka_unit_test(test_join_and_order),
		cmocka_unit_test(test_many_frames),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_trees),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_odd_reports),
		cmocka_unit_test(test_stats),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_wrong_types_everywhere),
		cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
