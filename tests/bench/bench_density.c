/* Prints how fast Density's answers become rows, each as a ratio to bare cJSON_ParseWithLength + cJSON_Delete of the same bytes in the same run, with stock
 * malloc: 20,000 spaces; who is in them; and a week of hourly windows of 100 rooms. Then the way from a pushed message to rows that can be shown. */
#include "api/density/now.h"
#include "api/density/push.h"
#include "api/density/report.h"
#include "api/density/shape.h"
#include "base/jsonx.h"
#include "core/kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SPACES 20000
#define FLOORS 100
#define ROOMS 100
#define HOURS 168
#define ROUNDS 11
#define MESSAGES 200

struct sample {
	const char *name;
	struct buf bytes;
	int (*decode)(const struct sample *sample);
};

static double now_s(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/* "spc_1003", as long as real ones. */
static void add_id(struct buf *out, unsigned i) { buf_addf(out, "\"spc_1417593412%09u\"", i); }

static void make_spaces(struct buf *out)
{
	buf_adds(out, "[");
	for (unsigned i = 0; i < SPACES; i++) {
		buf_adds(out, i > 0 ? ",{\"id\":" : "{\"id\":");
		add_id(out, i);
		buf_addf(out,
			 ",\"name\":\"Space %u\",\"space_type\":\"%s\",\"children\":[],\"children_ids\":[", i,
			 i == 0        ? "building"
			 : i <= FLOORS ? "floor"
				       : "space");
		for (unsigned k = 1; i == 0 && k <= FLOORS; k++) {
			buf_adds(out, k > 1 ? "," : "");
			add_id(out, k);
		}
		for (unsigned k = FLOORS + i; i > 0 && i <= FLOORS && k < SPACES; k += FLOORS) {
			buf_adds(out, k > FLOORS + i ? "," : "");
			add_id(out, k);
		}
		buf_addf(
			out,
			"],\"address\":\"\",\"binary_occupancy\":false,\"capacity\":%u,\"cost_per_sqft\":null,\"counting_mode\":\"%s\","
			"\"daily_reset\":\"05:00\",\"function\":\"meeting_room\",\"go_live_date_utc\":\"2023-01-01T00:00:00Z\",\"iwms_id\":null,"
			"\"labels\":[{\"id\":\"lbl_1\",\"name\":\"Conference\"}],\"size_area\":%u,\"status\":\"live\",\"time_zone\":\"America/New_York\"}",
			4 + i % 12, i % 3 == 0 ? "waffle" : "oa", 100 + i % 400);
	}
	buf_adds(out, "]");
}

static void make_now(struct buf *out)
{
	buf_adds(out, "{");
	for (unsigned i = FLOORS + 1; i < SPACES; i++) {
		buf_adds(out, i > FLOORS + 1 ? "," : "");
		add_id(out, i);
		buf_addf(out,
			 ":{\"count\":%u,\"space_health_status\":\"healthy\",\"timestamp\":\"2024-02-28T15:04:05Z\",\"is_capped\":false}",
			 i % 4);
	}
	buf_adds(out, "}");
}

static void make_metrics(struct buf *out)
{
	buf_adds(out, "{");
	for (unsigned i = 0; i < ROOMS; i++) {
		buf_adds(out, i > 0 ? "," : "");
		add_id(out, FLOORS + 1 + i);
		buf_adds(out, ":{");
		for (unsigned h = 0; h < HOURS; h++)
			buf_addf(out,
				 "%s\"2024-02-%02uT%02u:00:00\":{\"occupancy_avg\":%u.%02u,\"occupancy_max\":3,\"occupancy_min\":0,\"utilization_avg\":0.07,"
				 "\"utilization_max\":0.5,\"entrances\":5,\"exits\":5,\"time_used_raw\":2421000,\"time_used_percentage\":0.6725,"
				 "\"up_time\":0.99,\"is_capped\":false,\"capped_count_limit\":null}",
				 h > 0 ? "," : "", 1 + h / 24, h % 24, i % 5, h % 100);
		buf_adds(out, "}");
	}
	buf_adds(out, "}");
}

static struct dens_tree *read_tree(const struct buf *bytes)
{
	struct dens_tree *tree = dens_tree_new(0);

	if (dens_tree_read(tree, bytes->data, bytes->length, NULL, NULL) != ERR_OK)
		exit(1);
	dens_tree_settle(tree);
	return tree;
}

static struct rows *rooms_of(const struct dens_tree *tree, const struct dens_now *now)
{
	struct rows *rows = kind_rows_new(KIND_ROOMS, "bench", "density");

	for (guint i = 0; i < tree->spaces->len; i++) {
		const struct dens_space *space = tree->spaces->pdata[i];
		struct room *room = space->level == DENS_ROOM ? dens_add_room(rows, space) : NULL;

		if (room != NULL)
			dens_now_apply(room, &now[i]);
	}
	return rows;
}

static struct dens_now *blank_now(const struct dens_tree *tree)
{
	struct dens_now *now = g_new(struct dens_now, tree->spaces->len + 1);

	for (guint i = 0; i < tree->spaces->len; i++)
		now[i] = DENS_NOW_BLANK;
	return now;
}

static int decode_spaces(const struct sample *sample)
{
	struct dens_tree *tree = read_tree(&sample->bytes);
	struct dens_now *now = blank_now(tree);
	struct rows *rows = rooms_of(tree, now);
	int err = rows_count(rows) == SPACES - FLOORS - 1 ? ERR_OK : ERR_INVALID;

	rows_unref(rows);
	g_free(now);
	dens_tree_unref(tree);
	return err;
}

struct counting {
	const struct dens_tree *tree;
	struct dens_now *now;
};

static int on_now(void *ctx, const char *id, bool in_array, const cJSON *value)
{
	struct counting *counting = ctx;
	const struct dens_space *space = dens_tree_find(counting->tree, id);

	(void)in_array;
	if (space != NULL)
		dens_now_read(&counting->now[space->index], value, 0);
	return ERR_OK;
}

/* The tree is there already: made once, for all rounds. */
struct estate {
	struct dens_tree *tree;
	struct dens_now *now;
	uint8_t *wanted;
};

static const struct estate *estate_of(const struct sample *sample);

static int decode_now(const struct sample *sample)
{
	const struct estate *estate = estate_of(sample);
	struct counting counting = {estate->tree, estate->now};
	struct rows *rows;
	int err = dens_each_space(sample->bytes.data, sample->bytes.length, on_now, &counting, NULL, NULL);

	rows = rooms_of(estate->tree, estate->now);
	if (((const struct room *)rows_at(rows, 0))->occupied == TRUTH_UNKNOWN)
		err = ERR_INVALID;
	rows_unref(rows);
	return err;
}

static int decode_metrics(const struct sample *sample)
{
	const struct estate *estate = estate_of(sample);
	struct rows *rows = kind_rows_new(KIND_OCCUPANCY, "bench", "density");
	const struct dens_piece piece = {.from_ms = 0};
	struct dens_report report;
	int err;

	dens_report_init(&report, rows, estate->tree, estate->wanted, false);
	err = dens_metrics_read(&report, sample->bytes.data, sample->bytes.length, &piece, NULL);
	dens_metrics_finish(&report, false);
	if (rows_count(rows) != (size_t)ROOMS * HOURS)
		err = ERR_INVALID;
	dens_report_fini(&report);
	rows_unref(rows);
	return err;
}

/* Samples carry the estate behind them: main's one object. */
struct bench {
	struct sample samples[3];
	struct estate estate;
};

static const struct estate *estate_of(const struct sample *sample)
{
	size_t i = sample->decode == decode_now ? 1 : 2;

	return &((const struct bench *)(const void *)(sample - i))->estate;
}

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
		if (root == NULL || sample->decode(sample) != ERR_OK)
			return 1;
		ours[i] = now_s() - start;
	}
	printf("%-36s %6.1f MB  %7.1f ms  bare cJSON %7.1f ms  ratio %.2f\n", sample->name, megabytes,
	       median(ours, ROUNDS) * 1e3, median(bare, ROUNDS) * 1e3,
	       median(ours, ROUNDS) / median(bare, ROUNDS));
	return 0;
}

/* One room changes; all rows are made anew, as they are shown. */
static int run_push(const struct estate *estate)
{
	struct rows *rooms = rooms_of(estate->tree, estate->now), *rows;
	double times[MESSAGES], middle;
	struct dens_push push;
	struct buf text;
	bool changed;
	int err = 0;

	dens_push_init(&push, FLOORS);
	dens_push_polled(&push, rooms, estate->tree, estate->now, 0);
	buf_init(&text, BUF_CEILING_LINE);
	for (unsigned i = 0; i < MESSAGES && err == 0; i++) {
		buf_reset(&text);
		buf_adds(&text, "{\"update_type\":\"live\",\"data\":{");
		add_id(&text, FLOORS + 1);
		buf_addf(&text,
			 ":{\"timestamp\":\"2024-02-28T15:%02u:%02uZ\",\"occupancy\":%u,\"space_health_status\":\"healthy\"}}}",
			 i / 60, i % 60, i % 9);
		double start = now_s();
		err = dens_push_message(&push, "occupancy spc_1417593412000000001", text.data, text.length,
					INT64_C(1709136000000), &changed);
		rows = dens_push_rows(&push, "bench", INT64_C(1709136000000));
		times[i] = now_s() - start;
		if (rows == NULL || ((const struct room *)rows_at(rows, 0))->occupancy != i % 9)
			err = ERR_INVALID;
		rows_unref(rows);
	}
	middle = median(times, MESSAGES); /* sorted from here on */
	printf("%-36s %28.2f ms in the middle, %.2f ms at most\n", "pushed message to 20,000 rooms",
	       middle * 1e3, times[MESSAGES - 1] * 1e3);
	buf_fini(&text);
	dens_push_fini(&push);
	rows_unref(rooms);
	return err == 0 ? 0 : 1;
}

int main(void)
{
	struct bench bench = {.samples = {
				      {.name = "20,000 spaces to rooms", .decode = decode_spaces},
				      {.name = "counts of 20,000 spaces to rooms", .decode = decode_now},
				      {.name = "a week of hours of 100 rooms", .decode = decode_metrics},
			      }};
	void (*const make[])(struct buf *) = {make_spaces, make_now, make_metrics};
	int status = 0;

	jsonx_setup();
	for (size_t i = 0; i < 3; i++) {
		buf_init(&bench.samples[i].bytes, BUF_CEILING_BODY);
		make[i](&bench.samples[i].bytes);
	}
	bench.estate.tree = read_tree(&bench.samples[0].bytes);
	bench.estate.now = blank_now(bench.estate.tree);
	bench.estate.wanted = g_malloc(SPACES);
	for (size_t i = 0; i < SPACES; i++)
		bench.estate.wanted[i] = 1;
	for (size_t i = 0; i < 3; i++)
		status |= run(&bench.samples[i]);
	status |= run_push(&bench.estate);
	for (size_t i = 0; i < 3; i++)
		buf_fini(&bench.samples[i].bytes);
	g_free(bench.estate.wanted);
	g_free(bench.estate.now);
	dens_tree_unref(bench.estate.tree);
	return status;
}
