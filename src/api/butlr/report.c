#include "api/butlr/report.h"

#include "base/jsonx.h"
#include "base/moment.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define LEVELS 8 /* group_by.order has at most a handful of keys */

struct reading {
	const char *const *order;
	butlr_sample_fn sample;
	void *ctx;
	unsigned *bad;
};

static const struct {
	const char *name;
	size_t offset;
} stats_members[] = {
	{"sum", offsetof(struct butlr_stats, sum)},       {"min", offsetof(struct butlr_stats, min)},
	{"max", offsetof(struct butlr_stats, max)},       {"count", offsetof(struct butlr_stats, count)},
	{"mean", offsetof(struct butlr_stats, mean)},     {"avg", offsetof(struct butlr_stats, mean)},
	{"median", offsetof(struct butlr_stats, median)}, {"stddev", offsetof(struct butlr_stats, stddev)},
	{"stdev", offsetof(struct butlr_stats, stddev)},  {"first", offsetof(struct butlr_stats, first)},
	{"last", offsetof(struct butlr_stats, last)},
};

static const struct butlr_stats no_stats = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};

static bool number_or_null(const cJSON *item) { return cJSON_IsNumber(item) || cJSON_IsNull(item); }

/* Statistics when it holds numbers only, and one of those that every such object has. A broken number in otherwise clear statistics is "no value". */
static bool is_leaf(const cJSON *object)
{
	if (!cJSON_IsObject(object))
		return false;
	for (const cJSON *member = object->child; member != NULL; member = member->next)
		if (cJSON_IsObject(member) || cJSON_IsArray(member))
			return false;
	return number_or_null(jsonx_get(object, "count")) || number_or_null(jsonx_get(object, "mean")) ||
	       number_or_null(jsonx_get(object, "sum"));
}

static struct butlr_stats read_stats(const cJSON *object)
{
	struct butlr_stats stats = no_stats;

	for (size_t i = 0; i < sizeof(stats_members) / sizeof(stats_members[0]); i++) {
		double *at = (double *)(void *)((char *)&stats + stats_members[i].offset);
		if (isnan(*at))
			*at = jsonx_num(jsonx_get(object, stats_members[i].name));
	}
	return stats;
}

static bool starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* "2024-01-01T…": what no id and no field looks like. */
static bool like_time(const char *key)
{
	return isdigit((unsigned char)key[0]) && isdigit((unsigned char)key[1]) &&
	       isdigit((unsigned char)key[2]) && isdigit((unsigned char)key[3]) && key[4] == '-' &&
	       moment_parse(key) != MOMENT_NONE;
}

/* Enters a level's key into the sample: by its look where that is clear, else by the order asked for. */
static void enter(struct butlr_sample *sample, const char *key, const char *asked)
{
	if (like_time(key))
		sample->time_ms = moment_parse(key);
	else if (starts(key, "room_"))
		sample->room_id = key;
	else if (starts(key, "space_"))
		sample->floor_id = key;
	else if (starts(key, "zone_"))
		sample->zone_id = key;
	else if (starts(key, "building_"))
		sample->building_id = key;
	else if (starts(key, "sensor_"))
		sample->sensor_id = key;
	else if (asked == NULL || strcmp(asked, "field") == 0)
		sample->field = key;
	else if (strcmp(asked, "time") == 0)
		sample->time_ms = moment_parse(key) != MOMENT_NONE ? moment_parse(key) : sample->time_ms;
	else if (strcmp(asked, "room_id") == 0)
		sample->room_id = key;
	else if (strcmp(asked, "space_id") == 0)
		sample->floor_id = key;
	else if (strcmp(asked, "zone_id") == 0)
		sample->zone_id = key;
	else if (strcmp(asked, "building_id") == 0)
		sample->building_id = key;
	else if (strcmp(asked, "mac_address") == 0)
		sample->address = key;
	else
		sample->field = key;
}

static void told(const char **into, const cJSON *row, const char *member)
{
	const char *text = jsonx_str(jsonx_get(row, member));

	if (text != NULL)
		*into = text;
}

/* A flat row; what it says wins over the keys around it. `own_bucket`: its start and stop are its window, not the query's range. */
static int take_row(const struct reading *reading, struct butlr_sample sample, const cJSON *row,
		    bool own_bucket)
{
	double value = jsonx_num(jsonx_get(row, "value"));
	int64_t at = jsonx_moment(jsonx_get(row, "time"));

	if (!cJSON_IsObject(row) || (isnan(value) && !cJSON_IsNull(jsonx_get(row, "value")))) {
		(*reading->bad)++;
		return ERR_OK;
	}
	if (at == MOMENT_NONE && own_bucket)
		at = jsonx_moment(jsonx_get(row, "start"));
	if (at != MOMENT_NONE)
		sample.time_ms = at;
	if (own_bucket)
		sample.stop_ms = jsonx_moment(jsonx_get(row, "stop"));
	told(&sample.building_id, row, "building_id");
	told(&sample.floor_id, row, "space_id");
	told(&sample.name, row, "space_name");
	told(&sample.room_id, row, "room_id");
	told(&sample.name, row, "room_name");
	told(&sample.zone_id, row, "zone_id");
	told(&sample.name, row, "zone_name");
	told(&sample.address, row, "mac_address");
	told(&sample.sensor_id, row, "sensor_id");
	told(&sample.field, row, "field");
	told(&sample.measurement, row, "measurement");
	sample.stats = (struct butlr_stats){value, value, value, isnan(value) ? 0 : 1, value, value,
					    NAN,   value, value};
	sample.raw = true;
	return reading->sample(reading->ctx, &sample);
}

static int take_rows(const struct reading *reading, const struct butlr_sample *sample, const cJSON *rows,
		     bool own_bucket)
{
	int err = ERR_OK;

	for (const cJSON *row = rows->child; row != NULL && err == ERR_OK; row = row->next)
		err = take_row(reading, *sample, row, own_bucket);
	return err;
}

static int take_level(const struct reading *reading, const struct butlr_sample *outer, const cJSON *object,
		      unsigned level)
{
	const char *asked = reading->order != NULL ? *reading->order : NULL;
	struct reading inside = *reading;
	int err = ERR_OK;

	if (asked != NULL)
		inside.order++;
	for (const cJSON *member = object->child; member != NULL && err == ERR_OK; member = member->next) {
		struct butlr_sample sample = *outer;
		enter(&sample, member->string, asked);
		if (is_leaf(member)) {
			sample.stats = read_stats(member);
			err = reading->sample(reading->ctx, &sample);
		} else if (cJSON_IsArray(member)) {
			err = take_rows(&inside, &sample, member, true);
		} else if (cJSON_IsObject(member) && level < LEVELS) {
			err = take_level(&inside, &sample, member, level + 1);
		} else if (!cJSON_IsNull(member)) {
			(*reading->bad)++;
		}
	}
	return err;
}

int butlr_decode_report(const char *bytes, size_t length, const char *const *order, butlr_sample_fn fn,
			void *ctx, unsigned *bad, struct problem *problem)
{
	struct reading reading = {.order = order, .sample = fn, .ctx = ctx, .bad = bad};
	struct butlr_sample blank = {.time_ms = MOMENT_NONE, .stop_ms = MOMENT_NONE, .stats = no_stats};
	const cJSON *data;
	struct jsonx doc;
	int err;

	*bad = 0;
	jsonx_init(&doc);
	err = jsonx_parse(&doc, bytes, length, problem);
	if (err != ERR_OK)
		goto out;
	data = jsonx_get(doc.root, "data");
	if (data == NULL && cJSON_IsArray(doc.root))
		data = doc.root;
	if (cJSON_IsArray(data)) {
		err = take_rows(&reading, &blank, data, false);
	} else if (is_leaf(data)) {
		blank.stats = read_stats(data);
		err = fn(ctx, &blank);
	} else if (cJSON_IsObject(data)) {
		err = take_level(&reading, &blank, data, 0);
	} else if (!cJSON_IsNull(data)) {
		err = problem_set(problem, ERR_PARSE, "report", NULL, "the answer holds no data");
	}
out:
	jsonx_fini(&doc);
	return err;
}

/* --- v4 --- */

static int take_item(const cJSON *item, butlr_stat_fn fn, void *ctx, unsigned *bad)
{
	int err = ERR_OK;

	if (is_leaf(item)) /* {count, first, mean …} without a measurement, as the vendor's own types promise */
		return fn(ctx, item->string, NULL, read_stats(item).mean);
	for (const cJSON *member = item->child; member != NULL && err == ERR_OK; member = member->next) {
		if (is_leaf(member))
			err = fn(ctx, item->string, member->string, read_stats(member).mean);
		else if (number_or_null(member) || jsonx_str(member) != NULL)
			err = fn(ctx, item->string, member->string, jsonx_num(member));
		else
			(*bad)++;
	}
	return err;
}

int butlr_decode_stats(const char *bytes, size_t length, butlr_stat_fn fn, void *ctx, unsigned *bad,
		       struct problem *problem)
{
	const cJSON *data;
	struct jsonx doc;
	int err;

	*bad = 0;
	jsonx_init(&doc);
	err = jsonx_parse(&doc, bytes, length, problem);
	data = err == ERR_OK ? jsonx_get(doc.root, "data") : NULL;
	if (err == ERR_OK && !cJSON_IsObject(data) && !cJSON_IsNull(data))
		err = problem_set(problem, ERR_PARSE, "statistics", NULL, "the answer holds no data");
	for (const cJSON *item = cJSON_IsObject(data) ? data->child : NULL; item != NULL && err == ERR_OK;
	     item = item->next) {
		if (cJSON_IsObject(item))
			err = take_item(item, fn, ctx, bad);
		else
			(*bad)++;
	}
	jsonx_fini(&doc);
	return err;
}
