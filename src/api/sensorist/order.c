/* Changes. Each write is sent once; when its answer is lost, it is looked for, as far as the rule of not asking too early allows that.
 *
 *   create:   (alarms: UNITS, BEFORE; callbacks: BEFORE) ─► WRITE ─► the row
 *   command:  WRITE ─► a workflow ─► WORKFLOW … until it is done, failed, or too much time has gone
 *   lost:     LOOK ─┬► it is there ─► the row
 *                   ├► a fresh answer does not show it ─► failed, may be sent again
 *                   └► a kept answer does not show it, or it never shows ─► ERR_UNSURE
 *   resume:   LOOK first
 *
 * A deletion without an id would delete everything (sensorist-rest-1.15.txt §6): sens_path refuses to build such a path. */
#include "api/sensorist/job.h"
#include "base/moment.h"
#include "base/text.h"
#include "core/kind.h"
#include "model/access.h"
#include "model/estate.h"
#include "model/live.h"

#include <math.h>
#include <string.h>

#define LOOK_AFTER_MS 3000
#define WAIT_LEAST_MS INT64_C(5000)
#define WAIT_MOST_MS INT64_C(60000)
#define PATIENCE_MS INT64_C(600000)
#define PATIENCE_MOST_MS INT64_C(7200000)

struct sens_order {
	const struct order *order;
	bool resuming;
	GHashTable *before;   /* ids that were there; NULL: not read */
	struct rows *scratch; /* the thing, of the order's kind */
	struct problem lost;
	char *request; /* "POST /alarms" */
	char workflow[SENS_ID_SIZE];
	int64_t waited_ms, patience_ms;
};

void sens_order_free(struct sens_order *change)
{
	if (change == NULL)
		return;
	if (change->before != NULL)
		g_hash_table_unref(change->before);
	rows_unref(change->scratch);
	g_free(change->request);
	g_free(change);
}

static const char *noun(const struct order *order)
{
	return order->kind == KIND_USERS      ? "user"
	       : order->kind == KIND_GATEWAYS ? "gateway"
	       : order->kind == KIND_SENSORS  ? "sensor"
	       : order->kind == KIND_ALARMS   ? "alarm"
					      : "callback";
}

static const char *done_word(const struct order *order)
{
	return order->verb == VERB_CREATE ? "created" : order->verb == VERB_CHANGE ? "changed" : "deleted";
}

static const char *folder_of(enum kind kind)
{
	return kind == KIND_USERS      ? "/users"
	       : kind == KIND_GATEWAYS ? "/gateways"
	       : kind == KIND_SENSORS  ? "/sensors"
	       : kind == KIND_ALARMS   ? "/alarms"
				       : "/callbacks";
}

/* --- the request --- */

static void add_field(struct buf *body, const char *name, const char *value)
{
	if (value == NULL)
		return;
	if (body->length > 0)
		buf_addc(body, '&');
	buf_adds(body, name);
	buf_addc(body, '=');
	text_add_percent(body, value);
}

static void add_number(struct buf *body, const char *name, double value)
{
	if (body->length > 0)
		buf_addc(body, '&');
	buf_addf(body, "%s=", name);
	text_add_number(body, value);
}

static double number_of(const struct order *order, const char *name)
{
	const char *text = order_get(order, name);
	double value;

	return text != NULL && text_number(text, &value) ? value : NAN;
}

static void add_alarm(struct buf *body, const struct sens_job *job)
{
	const struct order *order = job->order->order;
	const char *id = order_get(order, "source_id");
	const struct sens_source *source = job->tree == NULL ? NULL : sens_tree_source(job->tree, id);

	add_field(body, "data_source", id);
	add_number(body, "value", sens_threshold(source, number_of(order, "threshold")));
	add_field(body, "direction", order_get(order, "direction"));
	add_field(body, "delay", order_get(order, "delay_minutes"));
}

static void add_body(struct buf *body, const struct sens_job *job)
{
	const struct order *order = job->order->order;
	const char *command = order_get(order, "command");

	if (order->kind == KIND_ALARMS) {
		add_alarm(body, job);
	} else if (order->kind == KIND_CALLBACKS) {
		add_field(body, "url", order_get(order, "url"));
		add_number(body, "type", sens_events_sum(order_get(order, "type")));
	} else if (order->kind == KIND_USERS) {
		add_field(body, "email", order_get(order, "email"));
		add_field(body, "password", order_get(order, "password"));
		add_field(body, "fname", order_get(order, "first_name"));
		add_field(body, "lname", order_get(order, "last_name"));
	} else if (command != NULL) {
		add_field(body, "command", strcmp(command, "pairing") == 0 ? "pairing_start" : command);
	} else {
		add_field(body, "serial", order_get(order, "serial"));
		add_field(body, "interval", order_get(order, "interval"));
		add_field(body, "name", order_get(order, "name"));
	}
	if (job->state->impersonate != NULL)
		add_field(body, "impersonate", job->state->impersonate);
}

static int send_write(struct work *work, struct sens_job *job)
{
	struct sens_order *change = job->order;
	const struct order *order = change->order;
	struct work_request request = {
		.method = order->verb == VERB_DELETE ? "DELETE" : "POST",
		.step = SENS_STEP_WRITE,
		.content_type = "application/x-www-form-urlencoded",
		.write = true,
		.from_ms = MOMENT_NONE,
		.to_ms = MOMENT_NONE,
	};
	struct buf path, body;
	int err = ERR_OK;

	change->resuming = false;
	buf_init(&path, BUF_CEILING_REQUEST);
	buf_init(&body, BUF_CEILING_REQUEST);
	if (order->verb == VERB_CREATE)
		buf_adds(&path, folder_of(order->kind));
	else
		err = sens_path(&path, folder_of(order->kind), order->id,
				order_get(order, "command") != NULL ? "/commands" : NULL);
	g_free(change->request);
	change->request = g_strdup_printf("%s %s", request.method, buf_text(&path));
	if (order->verb == VERB_DELETE) {
		sens_param_impersonate(&path, job);
	} else {
		add_body(&body, job);
		request.body = buf_text(&body);
	}
	request.path = buf_text(&path);
	if (err == ERR_OK)
		err = path.error != ERR_OK ? path.error : body.error;
	if (err == ERR_OK)
		err = sens_request(work, job, &request);
	buf_fini(&path);
	buf_wipe(&body);
	return err;
}

/* --- lists --- */

static int ask_list(struct work *work, const struct sens_job *job, int step)
{
	const struct order *order = job->order->order;
	bool estate = order->kind == KIND_GATEWAYS || order->kind == KIND_SENSORS;
	bool by_serial = order->kind == KIND_GATEWAYS && order->verb == VERB_CREATE;
	struct work_request request = {
		.step = step,
		.cacheable = true,
		.delay_ms = step == SENS_STEP_LOOK && !job->order->resuming ? LOOK_AFTER_MS : 0,
		.from_ms = MOMENT_NONE,
		.to_ms = MOMENT_NONE,
	};
	struct buf path;
	int err;

	buf_init(&path, BUF_CEILING_REQUEST);
	buf_adds(&path, estate ? "/gateways" : folder_of(order->kind));
	sens_param_impersonate(&path, job);
	if (by_serial)
		sens_param(&path, "serials", order_get(order, "serial"));
	if (estate)
		sens_param(&path, "with_slaves", "1");
	if (order->kind == KIND_USERS)
		sens_param(&path, "list", "1");
	request.path = buf_text(&path);
	err = path.error != ERR_OK ? path.error : sens_request(work, job, &request);
	buf_fini(&path);
	return err;
}

static int look(struct work *work, struct sens_job *job)
{
	work_progress(work, "checking whether it was %s", done_word(job->order->order));
	rows_truncate(job->order->scratch, 0);
	return ask_list(work, job, SENS_STEP_LOOK);
}

/* Whatever the answer holds of the order's kind, as rows. */
static int take_rows(const struct sens_job *job, struct rows *rows, const char *bytes, size_t length)
{
	enum kind kind = job->order->order->kind;
	struct sens_tree *tree;
	int err;

	if (kind != KIND_GATEWAYS && kind != KIND_SENSORS)
		return sens_list_take(rows, kind, job->tree, bytes, length, NULL);
	tree = sens_tree_new();
	err = sens_tree_read(tree, bytes, length, NULL);
	for (guint i = 0; err == ERR_OK && kind == KIND_GATEWAYS && i < tree->gateways->len; i++)
		(void)sens_add_gateway(rows, tree, &g_array_index(tree->gateways, struct sens_gateway, i));
	for (guint i = 0; err == ERR_OK && kind == KIND_SENSORS && i < tree->sensors->len; i++)
		(void)sens_add_sensor(rows, tree, &g_array_index(tree->sensors, struct sens_sensor, i), 0);
	sens_tree_free(tree);
	return err;
}

static const char *id_at(const struct rows *rows, size_t i)
{
	return *(const char *const *)rows_at(rows, i); /* every row begins with its id */
}

static bool same(const char *text, const char *wanted)
{
	return wanted == NULL || g_strcmp0(text, wanted) == 0;
}

static bool near(double a, double b) { return fabs(a - b) < 1e-6 * fmax(1, fabs(b)); }

/* Whether the row is what the order asked for. */
static bool fits(const struct order *order, struct rows *scratch, const void *row)
{
	const struct alarm *alarm = row;
	const struct entry *entry = row;
	const struct user *user = row;
	const struct gateway *gateway = row;
	const struct sensor *sensor = row;
	const char *name = rows_text(scratch, order_get(order, "name"));
	double delay = number_of(order, "delay_minutes");

	switch (order->kind) {
	case KIND_ALARMS:
		return same(alarm->source_id, order_get(order, "source_id")) &&
		       near(alarm->threshold, number_of(order, "threshold")) &&
		       same(alarm->direction, order_get(order, "direction")) &&
		       near(alarm->delay_minutes, isnan(delay) ? 0 : delay);
	case KIND_CALLBACKS:
		return same(entry->name, order_get(order, "url")) && entry->type != NULL &&
		       sens_events_sum(entry->type) == sens_events_sum(order_get(order, "type"));
	case KIND_USERS:
		return user->email != NULL && g_ascii_strcasecmp(user->email, order_get(order, "email")) == 0;
	case KIND_GATEWAYS:
		return same(gateway->serial, order_get(order, "serial")) &&
		       (order->verb == VERB_CREATE || same(gateway->name, name));
	default:
		return same(sensor->name, name) && (!order_has(order, "interval") ||
						    near(sensor->interval_s, number_of(order, "interval")));
	}
}

/* --- the end --- */

static int made(struct work *work, struct sens_job *job, const struct rows *from, size_t at)
{
	const struct order *order = job->order->order;

	if (order->verb != VERB_DELETE)
		(void)kind_copy_row(work_rows(work, order->kind), order->kind, rows_at(from, at));
	return ERR_OK;
}

/* Nothing is told of it but that it was changed. */
static int made_untold(struct work *work, const struct sens_job *job)
{
	const struct order *order = job->order->order;
	struct rows *rows = work_rows(work, order->kind);
	struct entry *row = rows_add(rows);

	if (row != NULL)
		row->id = rows_text(rows, order->id);
	return ERR_OK;
}

static int unsure(struct work *work, const struct sens_order *change, const char *why)
{
	return work_failf(work, ERR_UNSURE, change->request,
			  "look at the list in a quarter of an hour before you send it again",
			  "%s%sit is not known whether the %s was %s: %s", change->lost.why,
			  change->lost.why[0] != '\0' ? "; " : "", noun(change->order),
			  done_word(change->order), why);
}

static int not_done(struct work *work, const struct sens_order *change)
{
	return work_failf(work, change->lost.code == ERR_OK ? ERR_SERVER : change->lost.code, change->request,
			  "it can be sent again", "%s; the %s was not %s", change->lost.why,
			  noun(change->order), done_word(change->order));
}

/* --- looking --- */

static int found_one(struct work *work, struct sens_job *job, size_t at)
{
	const struct sens_order *change = job->order;

	work_notice(work, NOTICE_HINT,
		    change->resuming ? "the %s had been %s by the try before"
				     : "the answer was lost, but the %s was %s",
		    noun(change->order), done_word(change->order));
	return made(work, job, change->scratch, at);
}

static int not_found(struct work *work, struct sens_job *job, bool kept)
{
	struct sens_order *change = job->order;

	if (kept)
		return unsure(work, change, "the server may not be asked for the list again yet");
	return change->resuming ? send_write(work, job) : not_done(work, change);
}

static int judge_look(struct work *work, struct sens_job *job, bool kept)
{
	struct sens_order *change = job->order;
	const struct order *order = change->order;
	size_t found = 0, at = 0;
	bool there = false;

	for (size_t i = 0; i < rows_count(change->scratch); i++) {
		const char *id = id_at(change->scratch, i);
		bool wanted = order->verb == VERB_CREATE
				      ? change->before == NULL || !g_hash_table_contains(change->before, id)
				      : g_strcmp0(id, order->id) == 0;

		there |= wanted;
		if (wanted && order->verb != VERB_DELETE &&
		    fits(order, change->scratch, rows_at(change->scratch, i))) {
			found++;
			at = i;
		}
	}
	if (order->verb == VERB_DELETE && !there)
		return ERR_OK;
	if (found == 1 || (found > 1 && change->resuming))
		return found_one(work, job, at);
	if (found > 1)
		return unsure(work, change, "there are several like it");
	return not_found(work, job, kept);
}

static int take_look(struct work *work, struct sens_job *job, const struct work_answer *answer)
{
	if (!sens_went_well(answer) ||
	    take_rows(job, job->order->scratch, answer->body, answer->length) != ERR_OK)
		return unsure(work, job->order, "the list cannot be read");
	return judge_look(work, job, answer->cached);
}

/* --- before --- */

static int take_before(struct work *work, struct sens_job *job, const struct work_answer *answer)
{
	struct sens_order *change = job->order;
	struct rows *rows = change->scratch;

	if (!sens_went_well(answer) || take_rows(job, rows, answer->body, answer->length) != ERR_OK)
		return send_write(work, job); /* who may not read may still write */
	change->before = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (size_t i = 0; i < rows_count(rows); i++) {
		g_hash_table_add(change->before, g_strdup(id_at(rows, i)));
		if (!fits(change->order, rows, rows_at(rows, i)))
			continue;
		work_notice(work, NOTICE_HINT, "there is such %s already", noun(change->order));
		return made(work, job, rows, i);
	}
	return send_write(work, job);
}

static int take_units(struct work *work, struct sens_job *job, const struct work_answer *answer)
{
	const char *id = order_get(job->order->order, "source_id");

	job->tree = sens_tree_new();
	if (!sens_went_well(answer) ||
	    sens_tree_read(job->tree, answer->body, answer->length, NULL) != ERR_OK) {
		return work_failf(work, ERR_SERVER, "GET /gateways", NULL,
				  "the unit of the data source cannot be found out; nothing was sent");
	}
	if (sens_tree_source(job->tree, id) == NULL) {
		work_field_error(work, "source_id", "there is no such data source");
		return work_failf(work, ERR_USAGE, "source_id", "see lodge get measurements",
				  "there is no such data source");
	}
	return job->order->resuming ? look(work, job) : ask_list(work, job, SENS_STEP_BEFORE);
}

/* --- workflows --- */

enum workflow_state { WORKFLOW_NONE, WORKFLOW_RUNNING, WORKFLOW_DONE, WORKFLOW_FAILED };

static bool one_of(const char *word, const char *const *words)
{
	for (; word != NULL && *words != NULL; words++)
		if (g_ascii_strcasecmp(word, *words) == 0)
			return true;
	return false;
}

/* `why` gets what the server says of a failure. */
static enum workflow_state read_workflow(const cJSON *root, char id[SENS_ID_SIZE], struct buf *why)
{
	static const char *const done[] = {"done", "completed", "finished", "success", "ok", NULL};
	static const char *const failed[] = {"failed", "error", "timeout", "cancelled", "aborted", NULL};
	static const char *const texts[] = {"error", "message", "reason"};
	const cJSON *workflow = jsonx_get(root, "workflow"), *state, *result;
	const char *word, *text = NULL;

	if (workflow == NULL)
		workflow = jsonx_get(root, "workflow_id");
	if (workflow == NULL || sens_ref(workflow, id) == NULL)
		return WORKFLOW_NONE;
	state = jsonx_get(workflow, "state");
	word = jsonx_str(state != NULL ? state : jsonx_get(workflow, "status"));
	result = jsonx_get(workflow, "result");
	for (size_t i = 0; i < G_N_ELEMENTS(texts) && text == NULL; i++)
		text = jsonx_str(jsonx_get(workflow, texts[i]));
	if (text != NULL)
		text_add_inert(why, text, MIN(strlen(text), 160));
	if (one_of(word, failed))
		return WORKFLOW_FAILED;
	if (one_of(word, done) || jsonx_truthy(jsonx_get(workflow, "done")) == 1 ||
	    jsonx_truthy(jsonx_get(workflow, "completed")) == 1)
		return jsonx_truthy(jsonx_get(result, "success")) == 0 ? WORKFLOW_FAILED : WORKFLOW_DONE;
	return word == NULL && result != NULL && !cJSON_IsNull(result) ? WORKFLOW_DONE : WORKFLOW_RUNNING;
}

/* A look that comes before the last answer has grown old is answered by that, without a request: so often does no harm. */
static int wait_for_workflow(struct work *work, struct sens_job *job, double max_age_s)
{
	struct sens_order *change = job->order;
	struct work_request request = {
		.step = SENS_STEP_WORKFLOW,
		.cacheable = true,
		.from_ms = MOMENT_NONE,
		.to_ms = MOMENT_NONE,
	};
	struct buf path;
	int err;

	if (change->waited_ms >= change->patience_ms) {
		work_notice(work, NOTICE_HINT, "the %s is still at it after %" G_GINT64_FORMAT " minutes",
			    noun(change->order), change->waited_ms / 60000);
		return rows_count(change->scratch) > 0 ? made(work, job, change->scratch, 0)
						       : made_untold(work, job);
	}
	request.delay_ms = max_age_s > 0 && max_age_s < 3600 ? (int64_t)(max_age_s * 1000) : 0;
	request.delay_ms = CLAMP(request.delay_ms, WAIT_LEAST_MS, WAIT_MOST_MS);
	change->waited_ms += request.delay_ms;
	work_progress(work, "the %s is at it (%" G_GINT64_FORMAT " s)", noun(change->order),
		      change->waited_ms / 1000);
	buf_init(&path, BUF_CEILING_REQUEST);
	err = sens_path(&path, "/workflows", change->workflow, NULL);
	sens_param_impersonate(&path, job);
	request.path = buf_text(&path);
	if (err == ERR_OK)
		err = sens_request(work, job, &request);
	buf_fini(&path);
	return err;
}

/* --- answers --- */

/* What the answer tells of the thing goes to scratch. Its time of patience: a sensor hears of a new interval within two old ones. */
static void take_thing(struct sens_job *job, const struct work_answer *answer)
{
	struct sens_order *change = job->order;
	const struct sensor *sensor;

	rows_truncate(change->scratch, 0);
	(void)!take_rows(job, change->scratch, answer->body, answer->length);
	if (change->order->kind != KIND_SENSORS || rows_count(change->scratch) == 0)
		return;
	sensor = rows_at(change->scratch, 0);
	if (sensor->interval_s > 0)
		change->patience_ms = (int64_t)CLAMP(2000 * sensor->interval_s, (double)PATIENCE_MS,
						     (double)PATIENCE_MOST_MS);
}

static int go_on(struct work *work, struct sens_job *job, const struct work_answer *answer)
{
	struct sens_order *change = job->order;
	enum workflow_state state = WORKFLOW_NONE;
	double max_age_s = NAN;
	struct jsonx doc;
	struct buf why;
	int err;

	buf_init(&why, 1024);
	jsonx_init(&doc);
	if (jsonx_parse(&doc, answer->body, answer->length, NULL) == ERR_OK) {
		state = read_workflow(doc.root, change->workflow, &why);
		max_age_s = jsonx_num(jsonx_get(doc.root, "max_age"));
	}
	jsonx_fini(&doc);
	if (state == WORKFLOW_RUNNING)
		err = wait_for_workflow(work, job, max_age_s);
	else if (state == WORKFLOW_FAILED)
		err = work_failf(work, ERR_SERVER, change->request, NULL, "the %s did not do it%s%s",
				 noun(change->order), why.length > 0 ? ": " : "", buf_text(&why));
	else if (rows_count(change->scratch) > 0)
		err = made(work, job, change->scratch, 0);
	else if (change->order->verb == VERB_CHANGE)
		err = made_untold(work, job);
	else
		err = look(work, job); /* accepted, but not said as what */
	buf_fini(&why);
	return err;
}

static bool lost(const struct work_answer *answer)
{
	if (answer->status >= 500 || answer->status == 408)
		return true;
	if (answer->error == ERR_OK || answer->error == ERR_AUTH || answer->error == ERR_BUSY)
		return false;
	return answer->request_sent;
}

static int write_lost(struct work *work, struct sens_job *job, const struct work_answer *answer)
{
	struct sens_order *change = job->order;
	struct problem *problem = &change->lost;

	if (answer->error != ERR_OK && answer->problem != NULL)
		*problem = *answer->problem;
	else
		problem_set(problem, ERR_SERVER, NULL, NULL, "the server answered %d", answer->status);
	problem->code = answer->error != ERR_OK ? answer->error : ERR_SERVER;
	if (order_get(change->order, "command") != NULL)
		return unsure(work, change, "commands leave no trace");
	return look(work, job);
}

static int take_write(struct work *work, struct sens_job *job, const struct work_request *request,
		      const struct work_answer *answer)
{
	const struct order *order = job->order->order;

	if (sens_went_well(answer)) {
		if (order->verb == VERB_DELETE)
			return ERR_OK;
		take_thing(job, answer);
		return go_on(work, job, answer);
	}
	if (lost(answer))
		return write_lost(work, job, answer);
	if (order->verb == VERB_DELETE && answer->error == ERR_OK &&
	    (answer->status == 404 || answer->status == 410)) {
		work_notice(work, NOTICE_HINT, "the %s was not there any more", noun(order));
		return ERR_OK;
	}
	(void)sens_usable(work, request, answer);
	return work_problem(work)->code;
}

static int take_workflow(struct work *work, struct sens_job *job, const struct work_answer *answer)
{
	if (!sens_went_well(answer))
		return unsure(work, job->order, "the server took it, but does not tell how it went on");
	return go_on(work, job, answer);
}

/* --- beginning --- */

static int refuse(struct work *work, const char *field, const char *why)
{
	work_field_error(work, field, "%s", why);
	return work_failf(work, ERR_USAGE, field, NULL, "%s", why);
}

static int check_numbers(struct work *work, const struct order *order)
{
	double interval = number_of(order, "interval"), delay = number_of(order, "delay_minutes");

	if (order_has(order, "interval") &&
	    (!(interval >= 1 && interval <= 7 * 86400) || interval != floor(interval)))
		return refuse(work, "interval", "a whole number of seconds, at most a week, is needed");
	if (order_has(order, "delay_minutes") && (!(delay >= 0 && delay <= 525600) || delay != floor(delay)))
		return refuse(work, "delay_minutes", "a whole number of minutes is needed");
	if (order->kind == KIND_ALARMS && order->verb == VERB_CREATE) {
		if (isnan(number_of(order, "threshold")))
			return refuse(work, "threshold", "a number is needed");
		if (!sens_id_ok(order_get(order, "source_id")))
			return refuse(work, "source_id", "the number of a data source is needed");
	}
	return ERR_OK;
}

static int check(struct work *work, const struct order *order)
{
	const char *url = order_get(order, "url");

	if (write_find(sens_writes, order->kind, order->verb) == NULL)
		return work_failf(work, ERR_UNSUPPORTED, NULL, NULL, "Sensorist does not let one %s %s",
				  verb_name(order->verb), kind_info(order->kind)->name);
	if (order->verb != VERB_CREATE && !sens_id_ok(order->id))
		return refuse(work, "id", "the number of one thing is needed");
	if (order->verb == VERB_CHANGE && order->n_fields == 0)
		return work_failf(work, ERR_USAGE, NULL, NULL, "there is nothing to change");
	if (order_get(order, "command") != NULL && order->n_fields > 1)
		return refuse(work, "command", "a command stands alone");
	if (order->kind == KIND_USERS && order_get(order, "email") == NULL)
		return refuse(work, "email", "it is needed");
	if (order->kind == KIND_GATEWAYS && order->verb == VERB_CREATE && order_get(order, "serial") == NULL)
		return refuse(work, "serial", "it is needed");
	if (order->kind == KIND_CALLBACKS && order->verb == VERB_CREATE) {
		if (url == NULL || (!g_str_has_prefix(url, "https://") && !g_str_has_prefix(url, "http://")))
			return refuse(work, "url",
				      "an address that begins with https:// or http:// is needed");
		if (sens_events_sum(order_get(order, "type")) == 0)
			return refuse(work, "type", "some of button, alarm, system are needed");
	}
	return check_numbers(work, order);
}

static int begin(struct work *work, struct sens_job *job)
{
	const struct order *order = job->order->order;

	if (order->kind == KIND_ALARMS && order->verb == VERB_CREATE)
		return sens_ask_tree(work, job, SENS_STEP_UNITS, false);
	if (job->order->resuming)
		return look(work, job);
	if (order->kind == KIND_CALLBACKS && order->verb == VERB_CREATE)
		return ask_list(work, job, SENS_STEP_BEFORE);
	return send_write(work, job);
}

int sens_order_begin(struct work *work, struct sens_job *job)
{
	const struct order *order = work_order(work);
	struct sens_order *change = g_new0(struct sens_order, 1);
	int err;

	job->order = change;
	change->order = order;
	change->scratch = kind_rows_new(order->kind, "", "");
	change->patience_ms = PATIENCE_MS;
	/* A command leaves no trace to look for, and a second one does no harm. */
	change->resuming = order->resume && order_get(order, "command") == NULL;
	change->request = g_strdup_printf("%s %s", verb_name(order->verb), noun(order));
	if (change->scratch == NULL)
		return ERR_NOMEM;
	err = check(work, order);
	if (err != ERR_OK)
		return err;
	if (sens_who_unknown(job))
		return sens_ask(work, job, SENS_STEP_WHO, "/users", NULL, NULL, false);
	return begin(work, job);
}

int sens_order_answer(struct work *work, struct sens_job *job, const struct work_request *request,
		      const struct work_answer *answer)
{
	int err;

	switch (request->step) {
	case SENS_STEP_WHO:
		err = sens_take_who(work, job, request, answer);
		return err == ERR_OK ? begin(work, job) : err;
	case SENS_STEP_UNITS:
		return take_units(work, job, answer);
	case SENS_STEP_BEFORE:
		return take_before(work, job, answer);
	case SENS_STEP_WRITE:
		return take_write(work, job, request, answer);
	case SENS_STEP_WORKFLOW:
		return take_workflow(work, job, answer);
	default:
		return take_look(work, job, answer);
	}
}
