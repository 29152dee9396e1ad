/* Alarms, their state, and what it was before (sensorist.md §6.4, §6.5). */
#include "api/sensorist/job.h"

#include "base/moment.h"
#include "model/live.h"

#include <math.h>
#include <string.h>

static bool listed(const char *const *words, const char *word)
{
	for (; *words != NULL; words++)
		if (g_ascii_strcasecmp(*words, word) == 0)
			return true;
	return false;
}

/* The vendor's word, and what it means. */
static const char *read_state(const cJSON *item, int8_t *raised)
{
	static const char *const raised_words[] = {"in",        "on",   "active", "alarm",
						   "triggered", "true", "1",      NULL};
	static const char *const quiet_words[] = {"out",   "off", "ok",       "normal",
						  "false", "0",   "inactive", NULL};
	static const char *const names[] = {"state", "status", "active", "alarm"};
	const cJSON *state = NULL;
	const char *word;

	*raised = TRUTH_UNKNOWN;
	for (size_t i = 0; i < G_N_ELEMENTS(names) && state == NULL; i++) {
		state = jsonx_get(item, names[i]);
		/* In a log, "alarm" may be the alarm's id. */
		if (i > 1 && !cJSON_IsString(state) && !cJSON_IsBool(state))
			state = NULL;
	}
	word = jsonx_str(state);
	if (word == NULL && (cJSON_IsBool(state) || cJSON_IsNumber(state)))
		word = jsonx_truthy(state) == 1 ? "in" : jsonx_truthy(state) == 0 ? "out" : NULL;
	if (word != NULL)
		*raised = listed(raised_words, word) ? 1 : listed(quiet_words, word) ? 0 : TRUTH_UNKNOWN;
	return word;
}

static const char *read_direction(const cJSON *item)
{
	const char *word = jsonx_str(jsonx_get(item, "direction"));

	if (word != NULL)
		return g_ascii_strcasecmp(word, "above") == 0   ? "above"
		       : g_ascii_strcasecmp(word, "below") == 0 ? "below"
								: word;
	return jsonx_truthy(jsonx_get(item, "above")) == 1   ? "above"
	       : jsonx_truthy(jsonx_get(item, "below")) == 1 ? "below"
							     : NULL;
}

static const char *source_of(const cJSON *item, char out[SENS_ID_SIZE])
{
	static const char *const names[] = {"data_source", "data_source_id", "device", "source"};
	const char *id = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(names) && id == NULL; i++)
		id = sens_ref(jsonx_get(item, names[i]), out);
	return id;
}

struct newest {
	struct alarm *row;
	const struct sens_source *source;
};

static void take_log(void *ctx, const char *key, const cJSON *item)
{
	struct newest *newest = ctx;
	int64_t date_ms = jsonx_moment(jsonx_get(item, "date"));

	(void)key;
	if (date_ms == MOMENT_NONE ||
	    (newest->row->since_ms != MOMENT_NONE && date_ms < newest->row->since_ms))
		return;
	newest->row->since_ms = date_ms;
	newest->row->value = sens_value(newest->source, jsonx_num(jsonx_get(item, "value")));
}

bool sens_take_alarm(struct rows *rows, const struct sens_tree *tree, const cJSON *item)
{
	char number[SENS_ID_SIZE];
	const char *id = sens_id(jsonx_get(item, "id"), number);
	struct alarm *row = id == NULL ? NULL : rows_add(rows);
	struct newest newest = {.row = row};
	const cJSON *logs = jsonx_get(item, "logs");
	double threshold = jsonx_num(jsonx_get(item, "value"));

	if (row == NULL)
		return false;
	row->id = rows_text(rows, id);
	id = source_of(item, number);
	newest.source = tree == NULL || id == NULL ? NULL : sens_tree_source(tree, id);
	row->source_id = rows_text(rows, id);
	row->direction = rows_text(rows, read_direction(item));
	row->threshold = sens_value(newest.source,
				    isnan(threshold) ? jsonx_num(jsonx_get(item, "threshold")) : threshold);
	row->delay_minutes = jsonx_num(jsonx_get(item, "delay"));
	if (isnan(row->delay_minutes))
		row->delay_minutes = 0;
	row->state = rows_text(rows, read_state(item, &row->raised));
	if (logs == NULL)
		logs = jsonx_get(item, "log") != NULL ? jsonx_get(item, "log") : jsonx_get(item, "history");
	sens_each(logs, take_log, &newest);
	return true;
}

/* --- history --- */

struct history {
	struct sens_job *job;
	struct rows *rows;
	const struct query *query;
	int64_t from_ms, to_ms;
};

static void take_history(void *ctx, const char *key, const cJSON *item)
{
	struct history *history = ctx;
	struct sens_log log = {.date_ms = jsonx_moment(jsonx_get(item, "date"))};
	const cJSON *alarm = jsonx_get(item, "alarm_id");

	(void)key;
	if (sens_ref(alarm != NULL ? alarm : jsonx_get(item, "alarm"), log.alarm) == NULL ||
	    log.date_ms == MOMENT_NONE) {
		rows_count_bad(history->rows, 1);
		return;
	}
	if (log.date_ms < history->from_ms - 60000 || log.date_ms > history->to_ms + 60000) {
		history->job->elsewhere = true;
		return;
	}
	if ((history->query->since_ms != MOMENT_NONE && log.date_ms < history->query->since_ms) ||
	    (history->query->until_ms != MOMENT_NONE && log.date_ms >= history->query->until_ms))
		return;
	(void)sens_id(jsonx_get(item, "id"), log.id);
	log.state = rows_text(history->rows, read_state(item, &log.raised));
	log.value = jsonx_num(jsonx_get(item, "value"));
	g_array_append_val(history->job->logs, log);
}

static int read_history(struct work *work, struct sens_job *job, const struct work_request *request,
			const struct work_answer *answer, struct problem *problem)
{
	struct history history = {job, work_rows(work, KIND_ALARMS), work_query(work), job->from_ms,
				  job->to_ms};
	const cJSON *logs;
	struct jsonx doc;
	int err;

	(void)request;
	jsonx_init(&doc);
	err = jsonx_parse(&doc, answer->body, answer->length, problem);
	if (err == ERR_OK) {
		logs = sens_payload(doc.root, "logs", "history");
		sens_each(logs != NULL ? logs : jsonx_get(doc.root, "alarms"), take_history, &history);
	}
	jsonx_fini(&doc);
	return err;
}

int sens_alarms_answer(struct work *work, struct sens_job *job, const struct work_request *request,
		       const struct work_answer *answer)
{
	struct problem problem = {.code = ERR_OK};
	int err;

	if (!sens_usable(work, request, answer))
		return ERR_OK;
	err = request->step == SENS_STEP_HISTORY
		      ? read_history(work, job, request, answer, &problem)
		      : sens_list_take(work_rows(work, KIND_ALARMS), KIND_ALARMS, job->tree, answer->body,
				       answer->length, &problem);
	if (err != ERR_OK) {
		work_fail(work, &problem);
		work_blame(work, request);
	}
	return err;
}

static gint by_date(gconstpointer a, gconstpointer b)
{
	const struct sens_log *x = a, *y = b;
	int order = (x->date_ms > y->date_ms) - (x->date_ms < y->date_ms);

	if (order == 0)
		order = (strlen(x->id) > strlen(y->id)) - (strlen(x->id) < strlen(y->id));
	return order != 0 ? order : strcmp(x->id, y->id);
}

/* A row for each change of state in place of one for each alarm. */
static void add_logs(struct rows *rows, struct sens_job *job)
{
	size_t alarms = rows_count(rows);
	GHashTable *by_id = g_hash_table_new(g_str_hash, g_str_equal);

	for (size_t i = 0; i < alarms; i++)
		g_hash_table_insert(by_id, (gpointer)(uintptr_t)((const struct alarm *)rows_at(rows, i))->id,
				    GSIZE_TO_POINTER(i + 1));
	g_array_sort(job->logs, by_date);
	for (guint i = 0; i < job->logs->len; i++) {
		const struct sens_log *log = &g_array_index(job->logs, struct sens_log, i);
		size_t at = GPOINTER_TO_SIZE(g_hash_table_lookup(by_id, log->alarm));
		struct alarm *row = rows_add(rows);

		if (row == NULL)
			break;
		if (at > 0)
			*row = *(const struct alarm *)rows_at(rows, at - 1);
		row->id = rows_textf(rows, "%s/%s", log->alarm, log->id);
		row->state = log->state;
		row->raised = log->raised;
		row->since_ms = log->date_ms;
		row->value = sens_value(job->tree == NULL || row->source_id == NULL
						? NULL
						: sens_tree_source(job->tree, row->source_id),
					log->value);
	}
	g_hash_table_unref(by_id);
}

static bool is_log(const void *row, void *ctx)
{
	(void)ctx;
	return strchr(((const struct alarm *)row)->id, '/') != NULL;
}

void sens_alarms_finish(struct work *work, struct sens_job *job)
{
	struct rows *rows = work_rows(work, KIND_ALARMS);

	if (job->logs == NULL)
		return;
	add_logs(rows, job);
	rows_filter(rows, is_log, NULL);
	if (job->elsewhere)
		work_notice(
			work, NOTICE_PARTIAL,
			"the server told of another period than the one asked for; what is outside is left out");
	g_array_unref(job->logs);
	job->logs = NULL;
}
