/* Changes. Each write is sent once; when its answer is lost, the list is looked at, and the person is told what is true.
 *
 *   create:  BEFORE (which there are) ─► WRITE ─┬► 2xx ─► (a label's group: WRITE) ─► the row
 *                                              └► lost ─► LOOK ─┬► one new thing as ordered ─► the row
 *                                                               ├► none ─► failed, may be sent again
 *                                                               └► cannot be read, or several ─► ERR_UNSURE
 *   change:  (a person: READ, for all of it is sent) ─► WRITE ─► (a space's labels: WRITE) ─► WHOLE (spaces: where it lies) ─► the row
 *   delete:  WRITE ─► lost ─► LOOK
 *   resume:  LOOK first
 */
#include "api/density/change.h"
#include "api/density/job.h"
#include "api/density/shape.h"
#include "base/text.h"
#include "core/kind.h"
#include "model/access.h"

#include <math.h>
#include <string.h>

/* Before the first look after a lost answer, the second … */
static const int64_t waits_ms[] = {0, 2000, 5000};

struct dens_order {
	const struct order *order;
	bool resuming; /* looking for what an earlier try did; nothing was sent yet */
	bool second; /* the write under way is the second one: labels of a space, the group of a new label */
	bool read_before;   /* what there was before is known */
	GHashTable *before; /* ids */
	char *id;           /* of the thing */
	unsigned tries;
	/* what a look found */
	bool there;
	int shown;
	unsigned found;
	int best; /* of those found: how well the one that was taken fits */
	char *found_id;
	bool grouped;            /* it is in its group already */
	struct rows *scratch;    /* the thing, of the order's kind; labels and users */
	struct dens_tree *space; /* the space as the answer to the write told it */
	struct problem lost;
	char *request; /* "POST /v3/labels" */
};

void dens_order_free(struct dens_order *change)
{
	if (change == NULL)
		return;
	g_hash_table_unref(change->before);
	rows_unref(change->scratch);
	dens_tree_unref(change->space);
	g_free(change->id);
	g_free(change->found_id);
	g_free(change->request);
	g_free(change);
}

static bool is_space(enum kind kind)
{
	return kind == KIND_BUILDINGS || kind == KIND_FLOORS || kind == KIND_ROOMS;
}

static const char *noun(const struct order *order)
{
	return order->kind == KIND_USERS    ? "user"
	       : order->kind == KIND_LABELS ? dens_is_group(order) ? "group" : "label"
					    : "space";
}

static const char *done_word(const struct order *order)
{
	return order->verb == VERB_CREATE ? "created" : order->verb == VERB_CHANGE ? "changed" : "deleted";
}

static const char *folder_of(const struct order *order)
{
	return order->kind == KIND_USERS    ? "/v3/users"
	       : order->kind != KIND_LABELS ? "/v3/spaces"
	       : dens_is_group(order)       ? "/v3/labels/groups"
					    : "/v3/labels";
}

/* --- requests --- */

static int ask_list(struct work *work, struct dens_job *job, int step)
{
	struct work_request request = {
		.path = folder_of(job->order->order),
		.step = step,
		.from_ms = MOMENT_NONE,
		.to_ms = MOMENT_NONE,
	};

	if (step == DENS_STEP_LOOK && !job->order->resuming)
		request.delay_ms = waits_ms[job->order->tries++];
	return work_request(work, &request);
}

static int look(struct work *work, struct dens_job *job)
{
	struct dens_order *change = job->order;

	work_progress(work, "checking whether it was %s", done_word(change->order));
	change->there = false;
	change->shown = -1;
	change->found = 0;
	change->best = -1;
	change->grouped = false;
	g_clear_pointer(&change->found_id, g_free);
	rows_truncate(change->scratch, 0);
	return ask_list(work, job, DENS_STEP_LOOK);
}

static void add_path(struct buf *path, const struct dens_order *change)
{
	const struct order *order = change->order;

	buf_adds(path, folder_of(order));
	if (order->verb == VERB_CREATE && !change->second)
		return;
	buf_addc(path, '/');
	text_add_percent(path, change->id);
	if (is_space(order->kind) && change->second)
		buf_adds(path, "/labels");
}

static void add_body(struct buf *body, const struct dens_order *change, const cJSON *user)
{
	const struct order *order = change->order;
	struct jsonw w;

	jsonw_init(&w, body, false);
	jsonw_open(&w, '{');
	if (is_space(order->kind) && change->second)
		dens_write_labels(&w, order);
	else if (order->kind == KIND_USERS && order->verb == VERB_CHANGE)
		dens_write_user(&w, order, user);
	else if (change->second)
		jsonw_kstr(&w, "group", order_get(order, "group_id"));
	else
		dens_write_fields(&w, order, order->verb == VERB_CHANGE);
	jsonw_close(&w, '}');
}

/* `user`: the person as he is, for a change of it. */
static int send_write(struct work *work, struct dens_job *job, const cJSON *user)
{
	struct dens_order *change = job->order;
	const struct order *order = change->order;
	bool put = order->kind == KIND_USERS && order->verb == VERB_CHANGE;
	struct work_request request = {
		.method = order->verb == VERB_DELETE                      ? "DELETE"
			  : put                                           ? "PUT"
			  : order->verb == VERB_CREATE && !change->second ? "POST"
									  : "PATCH",
		.step = DENS_STEP_WRITE,
		.write = true,
		.from_ms = MOMENT_NONE,
		.to_ms = MOMENT_NONE,
	};
	struct buf path, body;
	int err;

	change->resuming = false;
	change->tries = 0;
	buf_init(&path, BUF_CEILING_REQUEST);
	buf_init(&body, BUF_CEILING_REQUEST);
	add_path(&path, change);
	if (order->verb != VERB_DELETE) {
		add_body(&body, change, user);
		request.body = buf_text(&body);
	}
	request.path = buf_text(&path);
	g_free(change->request);
	change->request = g_strdup_printf("%s %s", request.method, request.path);
	err = path.error != ERR_OK   ? path.error
	      : body.error != ERR_OK ? body.error
				     : work_request(work, &request);
	buf_fini(&path);
	buf_fini(&body);
	return err;
}

static int read_user(struct work *work, struct dens_job *job)
{
	struct work_request request = {.step = DENS_STEP_READ, .from_ms = MOMENT_NONE, .to_ms = MOMENT_NONE};
	struct buf path;
	int err;

	job->order->resuming = false;
	buf_init(&path, BUF_CEILING_REQUEST);
	buf_adds(&path, "/v3/users/");
	text_add_percent(&path, job->order->id);
	request.path = buf_text(&path);
	err = path.error != ERR_OK ? path.error : work_request(work, &request);
	buf_fini(&path);
	return err;
}

static int start(struct work *work, struct dens_job *job)
{
	const struct order *order = job->order->order;

	return order->kind == KIND_USERS && order->verb == VERB_CHANGE ? read_user(work, job)
								       : send_write(work, job, NULL);
}

/* --- beginning --- */

static int refuse(struct work *work, const char *field, const char *why)
{
	work_field_error(work, field, "%s", why);
	return work_failf(work, ERR_USAGE, field, NULL, "%s", why);
}

static int check(struct work *work, const struct order *order)
{
	const char *capacity = order_get(order, "capacity"), *zone_name = order_get(order, "timezone");
	struct moment_zone *zone;
	double number;

	if (write_find(dens_writes, order->kind, order->verb) == NULL)
		return work_failf(work, ERR_UNSUPPORTED, NULL, NULL, "Density does not let one %s %s",
				  verb_name(order->verb), kind_info(order->kind)->name);
	if (order->verb != VERB_CREATE && (order->id == NULL || order->id[0] == '\0'))
		return refuse(work, "id", "the id is missing");
	if (order->verb == VERB_CREATE &&
	    order_get(order, order->kind == KIND_USERS ? "email" : "name") == NULL)
		return refuse(work, order->kind == KIND_USERS ? "email" : "name", "it is needed");
	if (order->verb == VERB_CHANGE && !dens_changes_itself(order) && !dens_changes_labels(order))
		return work_failf(work, ERR_USAGE, NULL, NULL, "there is nothing to change");
	if (dens_is_group(order) && order_has(order, "group_id"))
		return refuse(work, "group_id", "a group does not go into another");
	if (capacity != NULL &&
	    (!text_number(capacity, &number) || !(number >= 0 && number <= 1e9) || number != floor(number)))
		return refuse(work, "capacity", "a whole number of people is needed");
	if (zone_name != NULL) {
		zone = moment_zone_new(zone_name);
		if (zone == NULL)
			return refuse(work, "timezone", "there is no time zone of that name");
		moment_zone_free(zone);
	}
	return ERR_OK;
}

int dens_order_begin(struct work *work, struct dens_job *job)
{
	const struct order *order = work_order(work);
	struct dens_order *change = g_new0(struct dens_order, 1);
	int err;

	job->order = change;
	change->order = order;
	change->id = g_strdup(order->id);
	change->before = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	change->scratch = kind_rows_new(order->kind, "", "");
	change->second = is_space(order->kind) && !dens_changes_itself(order);
	err = check(work, order);
	if (err != ERR_OK)
		return err;
	if (order->resume) {
		change->resuming = true;
		return look(work, job);
	}
	return order->verb == VERB_CREATE ? ask_list(work, job, DENS_STEP_BEFORE) : start(work, job);
}

/* --- the end --- */

/* A label that is to be in a group is made by two writes. */
static bool goes_into_group(const struct order *order)
{
	return order->kind == KIND_LABELS && order->verb == VERB_CREATE &&
	       order_get(order, "group_id") != NULL;
}

/* The label is there, its group is not: left open, so that the same order takes it up instead of making another. */
static int half_done(struct work *work, const struct dens_order *change, const char *why, bool sure)
{
	struct buf words;
	int err;

	buf_init(&words, BUF_CEILING_REQUEST);
	buf_adds(&words, "label ");
	text_add_inert(&words, change->id, strlen(change->id));
	buf_adds(&words, sure ? " was created, but is not in group "
			      : " was created; it is not known whether it is in group ");
	buf_adds(&words, order_get(change->order, "group_id"));
	if (why[0] != '\0')
		buf_addf(&words, ": %s", why);
	err = work_failf(work, ERR_UNSURE, change->request,
			 "give the same order again: it puts this label into the group", "%s",
			 buf_text(&words));
	buf_fini(&words);
	return err;
}

static int unsure(struct work *work, const struct dens_order *change, const char *why)
{
	if (change->second && goes_into_group(change->order))
		return half_done(work, change, change->lost.why[0] != '\0' ? change->lost.why : why, false);
	return work_failf(work, ERR_UNSURE, change->request, "look at the list before you send it again",
			  "%s%sit is not known whether the %s was %s: %s", change->lost.why,
			  change->lost.why[0] != '\0' ? "; " : "", noun(change->order),
			  done_word(change->order), why);
}

static int not_done(struct work *work, const struct dens_order *change)
{
	int code = change->lost.code == ERR_OK ? ERR_SERVER : change->lost.code;

	if (change->second && goes_into_group(change->order))
		return half_done(work, change, change->lost.why, true);
	return work_failf(work, code, change->request, "it can be sent again", "%s; the %s was not %s",
			  change->lost.why, noun(change->order), done_word(change->order));
}

static bool take_row(struct rows *rows, const struct order *order, const cJSON *item)
{
	if (order->kind == KIND_USERS)
		return dens_take_user(rows, item);
	if (!dens_take_label(rows, item))
		return false;
	if (dens_is_group(order))
		((struct label *)rows_edit(rows, rows_count(rows) - 1))->type = "group";
	return true;
}

/* One write is done. Is there another? */
static int made(struct work *work, struct dens_job *job)
{
	struct dens_order *change = job->order;
	const struct order *order = change->order;

	if (is_space(order->kind)) {
		g_clear_pointer(&job->state->tree, dens_tree_unref);
		if (!change->second && dens_changes_labels(order)) {
			change->second = true;
			return send_write(work, job, NULL);
		}
		return ask_list(work, job, DENS_STEP_WHOLE);
	}
	if (goes_into_group(order) && !change->second && !change->grouped) {
		change->second = true;
		return send_write(work, job, NULL);
	}
	if (order->verb != VERB_DELETE && rows_count(change->scratch) > 0)
		(void)kind_copy_row(work_rows(work, order->kind), order->kind, rows_at(change->scratch, 0));
	return ERR_OK;
}

/* --- lists --- */

struct list {
	struct dens_order *change;
	bool before;
};

/* What the order may have made. Of labels of one name the one that is in the wanted group is taken, else the first that is in none: what is in another is somebody
 * else's. */
static void take_found(struct dens_order *change, const char *id, const cJSON *item)
{
	const struct order *order = change->order;
	char number[DENS_ID_SIZE];
	const char *group = dens_id_of(jsonx_get(item, "group"), number);
	int fit = 0;

	if (goes_into_group(order)) {
		fit = group == NULL ? 1 : strcmp(group, order_get(order, "group_id")) == 0 ? 2 : -1;
		if (fit < 0)
			return;
	}
	if (fit > change->best) {
		rows_truncate(change->scratch, 0);
		if (!take_row(change->scratch, order, item))
			return;
		change->best = fit;
		change->grouped = fit == 2;
		g_free(change->found_id);
		change->found_id = g_strdup(id);
	}
	change->found++;
}

static int on_item(void *ctx, const char *key, const cJSON *item)
{
	struct list *list = ctx;
	struct dens_order *change = list->change;
	const struct order *order = change->order;
	char number[DENS_ID_SIZE];
	const char *id = dens_id(jsonx_get(item, "id"), number);

	(void)key;
	if (id == NULL)
		return ERR_OK;
	if (list->before) {
		g_hash_table_add(change->before, g_strdup(id));
		return ERR_OK;
	}
	if (order->verb == VERB_CREATE && !change->second) {
		if ((change->resuming || !g_hash_table_contains(change->before, id)) &&
		    dens_order_made(order, item))
			take_found(change, id, item);
		return ERR_OK;
	}
	if (g_strcmp0(id, change->id) != 0)
		return ERR_OK;
	change->there = true;
	change->shown = dens_order_shown(order, item, change->second && is_space(order->kind));
	if (!is_space(order->kind))
		(void)take_row(change->scratch, order, item);
	return ERR_OK;
}

static bool read_list(struct dens_order *change, const struct work_answer *answer, bool before)
{
	struct list list = {change, before};

	return answer->error == ERR_OK && answer->status >= 200 && answer->status < 300 &&
	       dens_each_item(answer->body, answer->length, on_item, &list, NULL, NULL, NULL) == ERR_OK;
}

static bool may_look_again(const struct dens_order *change) { return change->tries < G_N_ELEMENTS(waits_ms); }

static int created_look_ended(struct work *work, struct dens_job *job)
{
	struct dens_order *change = job->order;

	if (change->found == 0 && change->resuming) {
		change->read_before = true;
		return start(work, job);
	}
	if (change->found == 0 && may_look_again(change))
		return look(work, job);
	if (change->found == 0)
		return change->lost.code == ERR_OK ? unsure(work, change, "the list does not show it")
						   : not_done(work, change);
	if (change->found > 1 && !change->resuming)
		return unsure(work, change, "there are several new ones like it");
	if (!change->resuming && !change->read_before)
		work_notice(work, NOTICE_HINT,
			    "what there was before could not be read: the %s may be an older one",
			    noun(change->order));
	work_notice(work, NOTICE_HINT,
		    change->resuming ? "the %s had been created by the try before"
				     : "the answer was lost, but the %s was created",
		    noun(change->order));
	g_free(change->id);
	change->id = g_steal_pointer(&change->found_id);
	change->resuming = false;
	return made(work, job);
}

static int existing_look_ended(struct work *work, struct dens_job *job)
{
	struct dens_order *change = job->order;
	bool deletion = change->order->verb == VERB_DELETE;

	if (deletion && !change->there)
		return ERR_OK;
	if (!deletion && change->there && change->shown == 1) {
		change->resuming = false;
		return made(work, job);
	}
	if (change->resuming)
		return start(work, job);
	if (!deletion && !change->there)
		return unsure(work, change, "it is not there any more");
	if (!deletion && change->shown < 0)
		return unsure(work, change, "the server does not show what was changed");
	return may_look_again(change) ? look(work, job) : not_done(work, change);
}

static int take_look(struct work *work, struct dens_job *job, const struct work_answer *answer)
{
	struct dens_order *change = job->order;

	if (!read_list(change, answer, false))
		return unsure(work, change, "the list cannot be read");
	return change->order->verb == VERB_CREATE && !change->second ? created_look_ended(work, job)
								     : existing_look_ended(work, job);
}

/* --- answers --- */

static bool lost(const struct work_answer *answer)
{
	if (answer->status >= 500 || answer->status == 408)
		return true;
	if (answer->error == ERR_OK || answer->error == ERR_AUTH || answer->error == ERR_BUSY)
		return false;
	return answer->request_sent;
}

static int write_lost(struct work *work, struct dens_job *job, const struct work_answer *answer)
{
	struct problem *problem = &job->order->lost;

	if (answer->error != ERR_OK && answer->problem != NULL)
		*problem = *answer->problem;
	else
		problem_set(problem, ERR_SERVER, NULL, NULL, "the server answered %d", answer->status);
	problem->code = answer->error != ERR_OK ? answer->error : ERR_SERVER;
	return look(work, job);
}

/* What the answer to a write tells of the thing; false: nothing that can be used. */
static bool take_made(struct dens_order *change, const struct work_answer *answer)
{
	const struct order *order = change->order;
	char number[DENS_ID_SIZE];
	const cJSON *item;
	struct jsonx doc;
	bool taken = false;

	jsonx_init(&doc);
	if (jsonx_parse(&doc, answer->body, answer->length, NULL) != ERR_OK)
		goto out;
	item = cJSON_IsObject(jsonx_get(doc.root, "data")) ? jsonx_get(doc.root, "data") : doc.root;
	if (is_space(order->kind)) {
		taken = true;
		if (!change->second && g_strcmp0(dens_id(jsonx_get(item, "id"), number), change->id) == 0) {
			dens_tree_unref(change->space);
			change->space = dens_tree_new(answer->now_ms);
			(void)dens_tree_add(change->space, item);
		}
		goto out;
	}
	rows_truncate(change->scratch, 0);
	taken = take_row(change->scratch, order, item);
	if (taken && order->verb == VERB_CREATE && !change->second) {
		g_free(change->id);
		change->id = g_strdup(dens_id(jsonx_get(item, "id"), number));
		taken = change->id != NULL;
	}
out:
	jsonx_fini(&doc);
	return taken;
}

/* The group refused the label, or could not be asked. Whatever the reason: the label is there. */
static int half_refused(struct work *work, const struct dens_order *change, const struct work_answer *answer)
{
	const char *message = NULL;
	struct jsonx doc;
	struct buf why;
	int err;

	buf_init(&why, BUF_CEILING_REQUEST);
	jsonx_init(&doc);
	if (answer->error != ERR_OK)
		buf_adds(&why, answer->problem != NULL ? answer->problem->why : err_text(answer->error));
	else
		buf_addf(&why, "the server answered %d", answer->status);
	if (answer->error == ERR_OK && jsonx_parse(&doc, answer->body, answer->length, NULL) == ERR_OK)
		message = jsonx_str(jsonx_get(doc.root, "message"));
	if (message != NULL) {
		buf_adds(&why, ": ");
		text_add_inert(&why, message, strlen(message));
	}
	err = half_done(work, change, buf_text(&why), true);
	jsonx_fini(&doc);
	buf_fini(&why);
	return err;
}

/* What is to be changed is not there; said of the whole path, it would be the server's fault. */
static bool is_absent(const struct dens_order *change, const struct work_answer *answer)
{
	return change->order->verb == VERB_CHANGE && answer->error == ERR_OK &&
	       (answer->status == 404 || answer->status == 410);
}

static int absent(struct work *work, const struct dens_order *change)
{
	return work_failf(work, ERR_ABSENT, change->request, "check the id",
			  "there is no %s of this id, or the account may not change it", noun(change->order));
}

static int take_write(struct work *work, struct dens_job *job, const struct work_request *request,
		      const struct work_answer *answer)
{
	struct dens_order *change = job->order;
	const struct order *order = change->order;

	if (answer->error == ERR_OK && answer->status >= 200 && answer->status < 300) {
		if (order->verb == VERB_DELETE) /* whatever its body says */
			return ERR_OK;
		if (take_made(change, answer) || is_space(order->kind))
			return made(work, job);
		return look(work, job); /* accepted, but not said as what */
	}
	if (lost(answer))
		return write_lost(work, job, answer);
	if (order->verb == VERB_DELETE && answer->error == ERR_OK &&
	    (answer->status == 404 || answer->status == 410)) {
		work_notice(work, NOTICE_HINT, "the %s was not there any more", noun(order));
		return ERR_OK;
	}
	if (change->second && goes_into_group(order))
		return half_refused(work, change, answer);
	if (change->second && dens_changes_itself(order))
		work_notice(work, NOTICE_HINT, "the space was changed, but its labels were not");
	if (is_absent(change, answer))
		return absent(work, change);
	(void)work_usable(work, request, answer);
	return work_problem(work)->code;
}

static int take_before(struct work *work, struct dens_job *job, const struct work_request *request,
		       const struct work_answer *answer)
{
	/* Who may not read may still write; only a lost answer cannot be found then. */
	if (answer->error == ERR_OK &&
	    (answer->status == 403 || answer->status == 404 || answer->status == 405))
		return start(work, job);
	if (!work_usable(work, request, answer))
		return work_problem(work)->code;
	job->order->read_before = read_list(job->order, answer, true);
	return start(work, job);
}

static int take_user(struct work *work, struct dens_job *job, const struct work_request *request,
		     const struct work_answer *answer)
{
	struct problem problem = {.code = ERR_OK};
	struct jsonx doc;
	int err;

	if (is_absent(job->order, answer))
		return absent(work, job->order);
	if (!work_usable(work, request, answer))
		return work_problem(work)->code;
	jsonx_init(&doc);
	err = jsonx_parse(&doc, answer->body, answer->length, &problem);
	if (err == ERR_OK && !cJSON_IsObject(doc.root))
		err = problem_set(&problem, ERR_PARSE, NULL, NULL, "the server's answer is no user");
	if (err == ERR_OK) {
		const cJSON *data = jsonx_get(doc.root, "data");

		err = send_write(work, job, cJSON_IsObject(data) ? data : doc.root);
	} else {
		work_fail(work, &problem);
		work_blame(work, request);
	}
	jsonx_fini(&doc);
	return err;
}

static void add_space(struct rows *rows, const struct dens_space *space)
{
	switch (rows_kind(rows)) {
	case KIND_BUILDINGS:
		(void)dens_add_building(rows, space);
		break;
	case KIND_FLOORS:
		(void)dens_add_floor(rows, space);
		break;
	default:
		(void)dens_add_room(rows, space);
		break;
	}
}

/* The list knows where the space lies; what the answer to the write said of the space itself is newer. It was carried out: nothing here fails the work. */
static int take_whole(struct work *work, struct dens_job *job, const struct work_answer *answer)
{
	struct dens_order *change = job->order;
	struct rows *rows = work_rows(work, change->order->kind);
	const struct dens_space *told = change->space != NULL && change->space->spaces->len > 0
						? change->space->spaces->pdata[0]
						: NULL;
	struct dens_tree *tree = dens_tree_new(answer->now_ms);
	const struct dens_space *listed = NULL;
	struct dens_space space;

	if (answer->error == ERR_OK && answer->status >= 200 && answer->status < 300 &&
	    dens_tree_read(tree, answer->body, answer->length, NULL, NULL) == ERR_OK) {
		dens_tree_settle(tree);
		listed = dens_tree_find(tree, change->id);
	}
	if (listed != NULL || told != NULL) {
		space = told != NULL ? *told : *listed;
		if (listed != NULL) {
			space.parent = listed->parent;
			space.floor = listed->floor;
			space.building = listed->building;
			space.zone = space.zone != NULL ? space.zone : listed->zone;
		}
		add_space(rows, &space);
	} else {
		struct building *row = rows_add(rows); /* every row begins with its id */

		if (row != NULL)
			row->id = rows_text(rows, change->id);
	}
	dens_tree_unref(tree);
	return ERR_OK;
}

int dens_order_answer(struct work *work, struct dens_job *job, const struct work_request *request,
		      const struct work_answer *answer)
{
	switch (request->step) {
	case DENS_STEP_BEFORE:
		return take_before(work, job, request, answer);
	case DENS_STEP_READ:
		return take_user(work, job, request, answer);
	case DENS_STEP_WRITE:
		return take_write(work, job, request, answer);
	case DENS_STEP_LOOK:
		return take_look(work, job, answer);
	default:
		return take_whole(work, job, answer);
	}
}
