/* Prints how fast answers become rows, each as a ratio to bare cJSON_ParseWithLength + cJSON_Delete of the same bytes in the same run, with stock malloc:
 * below 1 means that everything lodge does takes less time than only parsing would. Also the memory that a snapshot takes per sensor. */
#include "api/butlr/detections.h"
#include "api/butlr/estate.h"
#include "api/butlr/graphql.h"
#include "base/jsonx.h"
#include "core/kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SENSORS 10000
#define ROUNDS 15

struct sample {
	const char *name;
	struct buf bytes;
	int (*decode)(const struct sample *sample, size_t *memory);
};

static double now_s(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static unsigned next_number(unsigned *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void make_frames(struct buf *out)
{
	unsigned seed = 1;

	buf_adds(out, "{\"heatmap\":[");
	for (unsigned i = 0; i < SENSORS; i++) {
		buf_addf(out,
			 "%s{\"start_time\":1667888615000,\"sample_time\":1667888615%03u,\"mac_address\":\"00-17-0d-00-00-%02x-%02x-8a\",\"value\":[",
			 i > 0 ? "," : "", next_number(&seed) % 1000, i / 256, i % 256);
		for (unsigned p = 0; p < 64; p++)
			buf_addf(out, "%s%u.%02u%s", p % 8 == 0 ? (p > 0 ? ",[" : "[") : ",",
				 19 + next_number(&seed) % 10, next_number(&seed) % 100,
				 p % 8 == 7 ? "]" : "");
		buf_adds(out, "]}");
	}
	buf_adds(out, "]}");
}

static void make_sensors(struct buf *out)
{
	unsigned seed = 2;

	buf_adds(out, "{\"data\":{\"sensors\":{\"data\":[");
	for (unsigned i = 0; i < SENSORS; i++)
		buf_addf(
			out,
			"%s{\"id\":\"sensor_1pSzBqzDXWA1W0orILZbf%05u\",\"name\":\"Sensor %u\",\"mac_address\":\"00-17-0d-00-00-%02x-%02x-8a\","
			"\"mode\":\"presence\",\"model\":\"Heatic 2+\",\"floor_id\":\"space_1pSzKM2HKhSHsZ2vBclvMFrU%03u\",\"room_id\":"
			"\"room_1pSzKM2HKhSHsZ2vBclvMFrUK%04u\",\"hive_id\":\"hive_1pSzJPFUdkjraoJeqMz2wEWSf%03u\",\"hive_serial\":\"65fefe57f497%04x\","
			"\"is_entrance\":false,\"is_online\":true,\"is_streaming\":true,\"is_sleep_time\":false,\"power_type\":\"Battery\","
			"\"last_battery_change_date\":\"2025-03-14T22:08:09.607Z\",\"next_battery_change_date\":\"2025-01-02T00:00:00Z\","
			"\"battery_change_by_date\":\"2026-06-23T22:08:09.607Z\",\"last_heartbeat\":1760455%03u,\"installation_status\":\"INSTALLED\","
			"\"center\":[%u.%02u,28.83],\"height\":3,\"orientation\":[0,0,90],\"field_of_view\":60}",
			i > 0 ? "," : "", i, i, i / 256, i % 256, i / 200, i / 8, i / 50, i / 50,
			next_number(&seed) % 1000, next_number(&seed) % 90, next_number(&seed) % 100);
	buf_adds(out, "]}}}");
}

static int decode_frames(const struct sample *sample, size_t *memory)
{
	struct rows *rows = kind_rows_new(KIND_FRAMES, "bench", "butlr");
	struct butlr_detect detect;
	struct problem problem;
	int err;

	butlr_detect_init(&detect);
	detect.frames = rows;
	err = butlr_decode_detections(sample->bytes.data, sample->bytes.length, &detect, &problem);
	butlr_detections_sort(rows);
	*memory = rows_bytes(rows);
	if (rows_count(rows) != SENSORS)
		err = ERR_INVALID;
	butlr_detect_fini(&detect);
	rows_unref(rows);
	return err;
}

static int decode_sensors(const struct sample *sample, size_t *memory)
{
	struct rows *rows = kind_rows_new(KIND_SENSORS, "bench", "butlr");
	struct butlr_graphql_result result;
	struct butlr_estate estate;
	struct problem problem;
	int err;

	butlr_estate_init(&estate, INT64_C(1760455999000));
	butlr_estate_keep(&estate, rows);
	err = butlr_decode_graphql(sample->bytes.data, sample->bytes.length, &estate, &result, &problem);
	butlr_estate_settle(&estate, false);
	*memory = rows_bytes(rows);
	if (rows_count(rows) != SENSORS)
		err = ERR_INVALID;
	butlr_estate_fini(&estate);
	rows_unref(rows);
	return err;
}

/* Freed chunks are put together by the next large request. Each side starts with that done, so that neither pays for the other's. */
static void settle_heap(void)
{
	void *volatile chunk = malloc(100000);

	free(chunk);
}

static int by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), by_number);
	return values[n / 2];
}

static int run(const struct sample *sample)
{
	double ours[ROUNDS], bare[ROUNDS], megabytes = (double)sample->bytes.length / 1e6;
	size_t memory = 0;

	for (size_t i = 0; i < ROUNDS; i++) {
		settle_heap();
		double start = now_s();
		cJSON_InitHooks(NULL); /* stock malloc */
		cJSON *root = cJSON_ParseWithLength(sample->bytes.data, sample->bytes.length);
		cJSON_Delete(root);
		bare[i] = now_s() - start;
		jsonx_setup();
		settle_heap();
		start = now_s();
		if (root == NULL || sample->decode(sample, &memory) != ERR_OK)
			return 1;
		ours[i] = now_s() - start;
	}
	printf("%-32s %6.1f MB  %7.1f MB/s  bare cJSON %7.1f MB/s  ratio %.2f  %zu bytes of memory a sensor\n",
	       sample->name, megabytes, megabytes / median(ours, ROUNDS), megabytes / median(bare, ROUNDS),
	       median(ours, ROUNDS) / median(bare, ROUNDS), memory / SENSORS);
	return 0;
}

int main(void)
{
	struct sample samples[] = {
		{.name = "frames of 10,000 sensors", .decode = decode_frames},
		{.name = "estate of 10,000 sensors", .decode = decode_sensors},
	};
	int status = 0;

	jsonx_setup();
	buf_init(&samples[0].bytes, BUF_CEILING_BODY);
	buf_init(&samples[1].bytes, BUF_CEILING_BODY);
	make_frames(&samples[0].bytes);
	make_sensors(&samples[1].bytes);
	for (size_t i = 0; i < 2; i++) {
		status |= run(&samples[i]);
		buf_fini(&samples[i].bytes);
	}
	return status;
}
