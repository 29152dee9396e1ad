#include "app/collect_private.h"

#include "app/scan.h"
#include "base/moment.h"

#include <stdlib.h>
#include <string.h>

#define REPLIES_CEILING 4096

/* --- the store --- */

static void on_reply(void *ctx, struct mail *mail)
{
	struct collect *collect = ctx;
	struct store_reply *reply = (struct store_reply *)mail;
	struct outcome *outcome = NULL;

	if (collect->orders == NULL || !orders_on_reply(collect->orders, reply)) {
		if (reply->request > 0 && reply->request <= collect->outcomes->len)
			outcome = g_ptr_array_index(collect->outcomes, reply->request - 1);
		if (outcome != NULL && reply->rows != NULL)
			collect_add_rows(outcome, g_steal_pointer(&reply->rows));
		if (outcome != NULL && reply->type == STORE_LINE)
			outcome->line = reply->line;
		if (outcome != NULL &&
		    (reply->last || reply->type == STORE_LINE || reply->problem.code != ERR_OK)) {
			outcome->problem = reply->problem;
			collect_one_done(collect, outcome);
		}
	}
	store_reply_free(reply);
}

/* NULL with a problem where nothing is kept. */
static struct store *open_store(struct collect *collect, struct problem *problem)
{
	const char *keep = config_ui(collect->app->config, "keep_history");
	struct store_options options = {
		.folder = collect->app->state_folder,
		.clock = collect->app->clock,
		.logger = collect->app->logger,
	};

	if (collect->store != NULL)
		return collect->store;
	if (options.folder == NULL) {
		problem_set(problem, ERR_CONFIG, "the history", "set HOME or XDG_STATE_HOME",
			    "there is no folder for it");
		return NULL;
	}
	options.keep_ms = keep == NULL ? 0 : moment_span_ms(keep);
	if (collect->replies == NULL)
		collect->replies = mailbox_new(&collect->loop, REPLIES_CEILING, on_reply, collect);
	options.replies = collect->replies;
	collect->store = store_open(&options, problem);
	return collect->store;
}

void collect_write_end(struct collect *collect)
{
	orders_free(collect->orders);
	if (collect->store != NULL)
		store_close(collect->store);
	if (collect->replies != NULL)
		mailbox_close(collect->replies);
}

void collect_keep(struct collect *collect, const struct account *account, const struct rows *rows)
{
	struct problem problem;
	char *source;

	if (collect->app->state_folder == NULL || open_store(collect, &problem) == NULL)
		return;
	source = app_source(account);
	store_keep_doors(collect->store, account->name, source, rows_ref(rows));
	g_free(source);
}

struct outcome *collect_audit(struct collect *collect, const struct query *query)
{
	struct outcome *outcome = collect_outcome(collect, NULL);

	if (open_store(collect, &outcome->problem) == NULL) {
		outcome->done = true;
		return outcome;
	}
	collect->waiting++;
	store_audit_list(collect->store, collect->outcomes->len, query->since_ms, query->until_ms, 0);
	return outcome;
}

/* --- orders --- */

static struct feed *feed_of(void *ctx, unsigned account)
{
	struct collect *collect = ctx;
	struct problem problem;

	return collect_feed(collect, collect->app->config->accounts[account], &problem);
}

struct under_way {
	struct collect *collect;
	struct outcome *outcome;
};

static void on_news(void *ctx, const struct orders_news *news)
{
	struct under_way *way = ctx;
	struct outcome *outcome = way->outcome;

	if (news->stage == ORDERS_RUNNING && news->text[0] != '\0') {
		app_note(way->collect->app, outcome->account->name, news->text);
		return;
	}
	if (news->rows != NULL)
		collect_add_rows(outcome, rows_ref(news->rows));
	if (news->stage == ORDERS_RUNNING)
		return;
	outcome->problem = news->problem;
	outcome->faults = g_memdup2(news->faults, news->n_faults * sizeof(*news->faults));
	outcome->n_faults = news->n_faults;
	collect_one_done(way->collect, outcome);
	g_free(way);
}

bool collect_write_event(struct collect *collect, struct event *event)
{
	return collect->orders != NULL && orders_on_event(collect->orders, event);
}

struct outcome *collect_orders(struct collect *collect, const struct account *account, struct order **orders,
			       size_t n, const char *wish)
{
	struct outcome *outcome = collect_outcome(collect, account);
	struct under_way *way;
	unsigned at = 0;
	const char *why;

	while (collect->app->config->accounts[at] != account)
		at++;
	if (open_store(collect, &outcome->problem) == NULL ||
	    collect_feed(collect, account, &outcome->problem) == NULL)
		goto refuse;
	if (collect->orders == NULL)
		collect->orders = orders_new(collect->app, collect->store, feed_of, collect);
	for (size_t i = 0; i < n; i++) {
		if (orders_possible(collect->orders, at, orders[i]->kind, orders[i]->verb, &why))
			continue;
		problem_set(&outcome->problem, ERR_DENIED, NULL, NULL, "%s", why);
		goto refuse;
	}
	way = g_new0(struct under_way, 1);
	*way = (struct under_way){collect, outcome};
	collect->waiting++;
	orders_start(collect->orders, at, orders, n, wish, on_news, way);
	return outcome;
refuse:
	for (size_t i = 0; i < n; i++)
		order_free(orders[i]);
	outcome->done = true;
	return outcome;
}

/* --- lines of the audit without orders --- */

bool collect_note_begin(struct collect *collect, const struct account *account, const char *action,
			const char *subject_kind, int64_t *line, struct problem *problem)
{
	struct outcome *outcome = collect_outcome(collect, account);
	struct audit_entry entry = {.account = account->name,
				    .vendor = vendor_name(account->vendor),
				    .action = action,
				    .subject_kind = subject_kind,
				    .subject_id = account->name,
				    .what = "{}"};

	outcome->done = true;
	if (open_store(collect, problem) == NULL)
		return false;
	if (collect->orders == NULL)
		collect->orders = orders_new(collect->app, collect->store, feed_of, collect);
	orders_fill_person(collect->orders, &entry);
	outcome->done = false;
	collect->waiting++;
	store_audit_begin(collect->store, collect->outcomes->len, &entry);
	collect_run(collect);
	*line = outcome->line;
	*problem = outcome->problem;
	return problem->code == ERR_OK;
}

void collect_note_end(struct collect *collect, int64_t line, const char *result, const char *detail)
{
	store_audit_end(collect->store, 0, line, result, NULL, detail);
}

/* --- pictures --- */

struct reading {
	struct collect *collect;
	char *text;
	size_t length;
	char why[160];
	bool done;
};

static void on_scan(void *ctx, const char *text, size_t length, const char *why)
{
	struct reading *reading = ctx;

	reading->text = text == NULL ? NULL : g_memdup2(text, length + 1);
	reading->length = length;
	g_strlcpy(reading->why, why == NULL ? "" : why, sizeof(reading->why));
	reading->done = true;
	uv_stop(&reading->collect->loop);
}

char *collect_picture(struct collect *collect, const struct account *account, const char *url, size_t *length,
		      char *why, size_t why_size)
{
	struct ask *ask = ask_new(ASK_PICTURE, 0);
	struct reading reading = {.collect = collect};
	struct outcome *outcome;

	ask->path = g_strdup(url);
	ask->ceiling = SCAN_PICTURE_CEILING;
	outcome = collect_ask(collect, account, ask);
	collect_run(collect);
	if (outcome->problem.code != ERR_OK || outcome->status != 200 || outcome->body_length == 0) {
		if (outcome->problem.code != ERR_OK)
			g_snprintf(why, why_size, "the picture did not come: %s", outcome->problem.why);
		else
			g_snprintf(why, why_size, "the picture did not come: the server answered %d",
				   outcome->status);
		return NULL;
	}
	scan_start(&collect->loop, outcome->body, outcome->body_length, on_scan, &reading);
	while (!reading.done)
		uv_run(&collect->loop, UV_RUN_DEFAULT);
	g_strlcpy(why, reading.why, why_size);
	*length = reading.length;
	return reading.text;
}
