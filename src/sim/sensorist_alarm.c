#include "sim/sensorist_alarm.h"

#include "base/moment.h"
#include "sim/sensorist_value.h"

#define LOGS_SHOWN 5
#define LOGS_OF_ALARM 100000 /* ids of logs: so many for each alarm */

/* --- the course of an alarm -------------------------------------------------------------------------------- */

static void add_log(struct sim_sens_alarm *alarm, int64_t date_ms, int centi)
{
	struct sim_sens_log log = {
		.id = alarm->id * LOGS_OF_ALARM + alarm->logs->len + 1,
		.date_ms = date_ms,
		.centi = centi,
		.in = alarm->in,
	};

	g_array_append_val(alarm->logs, log);
}

/* It is raised once the value was beyond for the whole delay, and ends with the first value that is not. */
static void take_row(struct sim_sens *sens, struct sim_sens_alarm *alarm, int64_t date_ms)
{
	enum sim_sens_row_type type = sim_sens_row_type(alarm->source, date_ms);
	int centi;
	bool over;

	if (type == SIM_SENS_BLANK || type == SIM_SENS_INTERPOLATED)
		return;
	centi = sim_sens_centi(sens->view, alarm->source, date_ms);
	over = alarm->above ? centi / 100.0 > alarm->value : centi / 100.0 < alarm->value;
	if (!over)
		alarm->over_ms = MOMENT_NONE;
	else if (alarm->over_ms == MOMENT_NONE)
		alarm->over_ms = date_ms;
	if (over && !alarm->in && date_ms - alarm->over_ms >= MAX(alarm->delay_min, 0) * INT64_C(60000)) {
		alarm->in = true;
		add_log(alarm, date_ms, centi);
	} else if (!over && alarm->in) {
		alarm->in = false;
		add_log(alarm, date_ms, centi);
	}
}

void sim_sens_alarm_run(struct sim_sens *sens, struct sim_sens_alarm *alarm, int64_t now_ms)
{
	int64_t date_ms;

	while ((date_ms = sim_sens_next(alarm->source, alarm->seen_ms)) <= now_ms - SIM_SENS_STORED_MS) {
		take_row(sens, alarm, date_ms);
		alarm->seen_ms = date_ms + 1;
	}
}

/* --- answers ----------------------------------------------------------------------------------------------- */

static void write_log(struct jsonw *w, const struct sim_sens_alarm *alarm, const struct sim_sens_log *log)
{
	jsonw_open(w, '{');
	jsonw_kint(w, "id", log->id);
	jsonw_kint(w, "alarm", alarm->id);
	sim_sens_write_date(w, "date", log->date_ms);
	jsonw_kstr(w, "state", log->in ? "in" : "out");
	jsonw_knum(w, "value", log->centi / 100.0);
	jsonw_close(w, '}');
}

void sim_sens_write_alarm(struct sim_call *call, const struct sim_sens_alarm *alarm)
{
	struct jsonw *w = &call->json;

	jsonw_open(w, '{');
	jsonw_kint(w, "id", alarm->id);
	jsonw_kint(w, "data_source", alarm->source->id);
	jsonw_knum(w, "value", alarm->value);
	jsonw_kstr(w, "direction", alarm->above ? "above" : "below");
	jsonw_key(w, "delay");
	if (alarm->delay_min < 0)
		jsonw_null(w);
	else
		jsonw_int(w, alarm->delay_min);
	jsonw_kstr(w, "state", alarm->in ? "in" : "out");
	jsonw_key(w, "logs");
	jsonw_open(w, '[');
	for (guint i = alarm->logs->len; i-- > 0 && alarm->logs->len - i <= LOGS_SHOWN;)
		write_log(w, alarm, &g_array_index(alarm->logs, struct sim_sens_log, i));
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static bool is_own(const struct sim_sens *sens, const struct sim_sens_alarm *alarm)
{
	return alarm->account == sens->user->account && sim_sens_sees(sens, alarm->source->sensor->gateway);
}

void sim_sens_list_alarms(struct sim_call *call)
{
	struct sim_sens *sens = sim_sens_of(call);

	sim_sens_open(call, SIM_SENS_MAX_AGE_S);
	jsonw_key(&call->json, "alarms");
	jsonw_open(&call->json, '[');
	for (guint i = 0; i < sens->data->alarms->len; i++) {
		struct sim_sens_alarm *alarm = sens->data->alarms->pdata[i];

		if (!is_own(sens, alarm))
			continue;
		sim_sens_alarm_run(sens, alarm, call->now_ms);
		sim_sens_write_alarm(call, alarm);
	}
	jsonw_close(&call->json, ']');
	sim_sens_close(call);
}

/* --- history ----------------------------------------------------------------------------------------------- */

struct entry {
	const struct sim_sens_alarm *alarm;
	struct sim_sens_log log;
};

static int newest_first(gconstpointer a, gconstpointer b)
{
	const struct sim_sens_log *x = &((const struct entry *)a)->log, *y = &((const struct entry *)b)->log;

	if (x->date_ms != y->date_ms)
		return x->date_ms > y->date_ms ? -1 : 1;
	return (x->id < y->id) - (x->id > y->id);
}

static bool is_listed(char **ids, int64_t id)
{
	bool found = ids == NULL;

	for (unsigned i = 0; !found && ids[i]; i++)
		found = sim_sens_number(ids[i]) == id;
	return found;
}

static void add_entries(GArray *out, const struct sim_sens_alarm *alarm, int64_t from_ms, int64_t to_ms)
{
	for (guint i = 0; i < alarm->logs->len; i++) {
		struct entry entry = {alarm, g_array_index(alarm->logs, struct sim_sens_log, i)};

		if ((from_ms == MOMENT_NONE || entry.log.date_ms >= from_ms) &&
		    (to_ms == MOMENT_NONE || entry.log.date_ms <= to_ms))
			g_array_append_val(out, entry);
	}
}

void sim_sens_alarm_history(struct sim_call *call)
{
	struct sim_sens *sens = sim_sens_of(call);
	const char *wanted = sim_call_query(call, "alarms");
	char **ids = wanted && *wanted ? g_strsplit(wanted, ",", -1) : NULL;
	int64_t from_ms = sim_sens_date(call, "from"), to_ms = sim_sens_date(call, "to");
	GArray *entries = g_array_new(FALSE, FALSE, sizeof(struct entry));

	for (guint i = 0; i < sens->data->alarms->len; i++) {
		struct sim_sens_alarm *alarm = sens->data->alarms->pdata[i];

		if (!is_own(sens, alarm) || !is_listed(ids, alarm->id))
			continue;
		sim_sens_alarm_run(sens, alarm, call->now_ms);
		add_entries(entries, alarm, from_ms, to_ms);
	}
	g_array_sort(entries, newest_first);
	sim_sens_open(call, SIM_SENS_MAX_AGE_S);
	jsonw_key(&call->json, "logs");
	jsonw_open(&call->json, '[');
	for (guint i = 0; i < entries->len; i++) {
		const struct entry *entry = &g_array_index(entries, struct entry, i);

		write_log(&call->json, entry->alarm, &entry->log);
	}
	jsonw_close(&call->json, ']');
	sim_sens_close(call);
	g_array_free(entries, TRUE);
	g_strfreev(ids);
}
