/* The member "measurements" in all its forms (sensorist.md §6.3). */
#include "api/sensorist/job.h"

#include "base/moment.h"
#include "model/live.h"

#include <math.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)
#define MINUTE_MS INT64_C(60000)

enum reading_type { TYPE_BLANK = 20, TYPE_MADE_UP = 30 };

struct reading {
	int64_t date_ms;
	double value, min, max;
	char seq[SENS_ID_SIZE];
};

/* By how much a reading may lie outside of what was asked: a group begins before its first value. */
static int64_t slack_ms(const struct sens_series *series)
{
	const struct work_request *request = series->request;

	return request->step != SENS_STEP_RANGE
		       ? MINUTE_MS
		       : MAX(MAX(series->job->every_ms, HOUR_MS), (request->to_ms - request->from_ms) / 10);
}

/* Asked for a period it does not understand, the server tells of the last week without a word (sensorist-rest-1.15.txt §4.3). */
static bool in_period(const struct sens_series *series, int64_t date_ms)
{
	const struct work_request *request = series->request;
	int64_t slack = slack_ms(series);

	if (request->from_ms == MOMENT_NONE ||
	    (date_ms >= request->from_ms - slack && date_ms <= request->to_ms + slack))
		return true;
	series->job->elsewhere = true;
	return false;
}

/* False: no reading. One that holds no value is no fault. */
static bool read_one(struct sens_series *series, const cJSON *item, struct reading *reading)
{
	double type = jsonx_num(jsonx_get(item, "type"));

	series->rows++;
	*reading = (struct reading){
		.date_ms = jsonx_moment(jsonx_get(item, "date")),
		.value = jsonx_num(jsonx_get(item, "value")),
		.min = jsonx_num(jsonx_get(item, "min")),
		.max = jsonx_num(jsonx_get(item, "max")),
	};
	(void)sens_id(jsonx_get(item, "seq"), reading->seq);
	if (type == TYPE_BLANK || type == TYPE_MADE_UP)
		return false;
	if (reading->date_ms == MOMENT_NONE || !cJSON_IsObject(item)) {
		series->bad++;
		return false;
	}
	if (isnan(reading->value) && isnan(reading->min) && isnan(reading->max)) {
		series->bad += !cJSON_IsNull(jsonx_get(item, "value"));
		return false;
	}
	return in_period(series, reading->date_ms);
}

/* Pages may overlap, and sequence numbers are not unique: the same is source, date and number. */
static bool seen_before(struct sens_job *job, const char *source, const struct reading *reading)
{
	char *key = g_strdup_printf("%s|%" G_GINT64_FORMAT "|%s", source, (gint64)reading->date_ms,
				    reading->seq);

	return !g_hash_table_add(job->seen, key);
}

static void add_row(struct sens_series *series, const struct sens_source *source,
		    const struct reading *reading)
{
	struct sens_job *job = series->job;
	struct rows *rows = work_rows(series->work, KIND_MEASUREMENTS);
	const struct sens_sensor *sensor = &g_array_index(job->tree->sensors, struct sens_sensor,
							  source->sensor);
	char at[MOMENT_TEXT_SIZE], id[96];
	struct measurement *row;

	if (seen_before(job, source->id, reading))
		return;
	row = rows_add(rows);
	if (row == NULL)
		return;
	g_snprintf(id, sizeof(id), "%s@%s", source->id, moment_format(reading->date_ms, at));
	if (!g_hash_table_add(job->seen, g_strdup(id)))
		g_snprintf(id, sizeof(id), "%s@%s#%s", source->id, at, reading->seq);
	row->id = rows_copy(rows, id);
	row->sensor_id = rows_copy(rows, sensor->id);
	row->source_id = rows_copy(rows, source->id);
	row->quantity = rows_copy(rows, source->quantity);
	row->unit = rows_copy(rows, source->unit);
	row->time_ms = reading->date_ms;
	row->value = sens_value(source, reading->value);
	row->min = sens_value(source, reading->min);
	row->max = sens_value(source, reading->max);
	if (series->request->step == SENS_STEP_RANGE)
		row->avg = row->value;
	row->interval_s = source->interval_s;
}

static void use(struct sens_series *series, struct sens_source *source, const struct reading *reading)
{
	if (series->job->kind == KIND_MEASUREMENTS) {
		add_row(series, source, reading);
	} else if (source->time_ms == MOMENT_NONE || reading->date_ms > source->time_ms) {
		source->time_ms = reading->date_ms;
		source->value = sens_value(source, reading->value);
	}
}

/* --- least and greatest --- */

/* Each with its own time, and both told by both rows. */
static void use_extremes(struct sens_series *series, struct sens_source *source, struct reading least,
			 struct reading greatest)
{
	least.min = greatest.min = least.value;
	least.max = greatest.max = greatest.value;
	if (!isnan(least.value))
		use(series, source, &least);
	if (!isnan(greatest.value) && (greatest.date_ms != least.date_ms || isnan(least.value)))
		use(series, source, &greatest);
}

/* {"value":…, "date":…}, or a number beside a date of its own. Without a date it is told for the beginning of the period. */
static struct reading extreme(struct sens_series *series, const cJSON *item, const char *name,
			      const char *date)
{
	const cJSON *value = jsonx_get(item, name);
	struct reading reading = {.date_ms = MOMENT_NONE, .value = NAN};

	series->rows++;
	if (cJSON_IsObject(value)) {
		reading.value = jsonx_num(jsonx_get(value, "value"));
		reading.date_ms = jsonx_moment(jsonx_get(value, "date"));
		(void)sens_id(jsonx_get(value, "seq"), reading.seq);
	} else {
		reading.value = jsonx_num(value);
		reading.date_ms = jsonx_moment(jsonx_get(item, date));
	}
	if (reading.date_ms == MOMENT_NONE)
		reading.date_ms = series->request->from_ms;
	if (reading.date_ms == MOMENT_NONE || !in_period(series, reading.date_ms))
		reading.value = NAN;
	return reading;
}

static void take_extreme_rows(struct sens_series *series, struct sens_source *source, const cJSON *list)
{
	struct reading reading, least = {.value = NAN}, greatest = {.value = NAN};
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		if (!read_one(series, item, &reading) || isnan(reading.value))
			continue;
		if (isnan(least.value) || reading.value < least.value)
			least = reading;
		if (isnan(greatest.value) || reading.value > greatest.value)
			greatest = reading;
	}
	use_extremes(series, source, least, greatest);
}

/* --- one source --- */

static void take_source(struct sens_series *series, const char *id, const cJSON *value)
{
	struct sens_source *source = sens_tree_source(series->job->tree, id);
	struct reading reading;
	const cJSON *item;

	if (cJSON_IsNull(value))
		return;
	if (source == NULL || (!cJSON_IsObject(value) && !cJSON_IsArray(value))) {
		series->bad++;
		return;
	}
	if (series->request->step == SENS_STEP_MIN_MAX) {
		if (cJSON_IsArray(value))
			take_extreme_rows(series, source, value);
		else
			use_extremes(series, source, extreme(series, value, "min", "min_date"),
				     extreme(series, value, "max", "max_date"));
	} else if (cJSON_IsArray(value)) {
		cJSON_ArrayForEach(item, value) if (read_one(series, item, &reading))
			use(series, source, &reading);
	} else if (read_one(series, value, &reading)) {
		use(series, source, &reading);
	}
}

/* An element of a list says itself whose it is. */
static void take_element(struct sens_series *series, const cJSON *item)
{
	static const char *const names[] = {"data_source", "data_source_id", "source", "id"};
	const cJSON *rows = jsonx_get(item, "measurements");
	char number[SENS_ID_SIZE];
	const char *id = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(names) && id == NULL; i++)
		id = sens_ref(jsonx_get(item, names[i]), number);
	if (rows == NULL)
		rows = jsonx_get(item, "values");
	if (id == NULL)
		series->bad++;
	else
		take_source(series, id, rows != NULL ? rows : item);
}

void sens_series_take(struct sens_series *series, const cJSON *measurements)
{
	const cJSON *item;

	if (cJSON_IsArray(measurements)) {
		cJSON_ArrayForEach(item, measurements) take_element(series, item);
	} else if (cJSON_IsObject(measurements)) {
		cJSON_ArrayForEach(item, measurements)
		{
			if (sens_id_ok(item->string))
				take_source(series, item->string, item);
		}
	} else {
		series->bad += measurements != NULL && !cJSON_IsNull(measurements);
	}
}
