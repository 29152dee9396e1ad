#include "app/collect_private.h"

#include "base/text.h"
#include "core/kind.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS_CEILING 65536

static void outcome_free(void *memory)
{
	struct outcome *outcome = memory;

	for (size_t i = 0; i < outcome->n_rows; i++)
		rows_unref(outcome->rows[i]);
	g_free(outcome->rows);
	g_free(outcome->notices);
	g_free(outcome->faults);
	free(outcome->body);
	g_free(outcome);
}

void collect_one_done(struct collect *collect, struct outcome *outcome)
{
	if (!outcome->done && --collect->waiting == 0)
		uv_stop(&collect->loop);
	outcome->done = true;
}

void collect_add_rows(struct outcome *outcome, const struct rows *rows)
{
	outcome->rows = g_renew(const struct rows *, outcome->rows, outcome->n_rows + 1);
	outcome->rows[outcome->n_rows++] = rows;
}

static void take_done(struct collect *collect, struct outcome *outcome, struct event *event)
{
	outcome->problem = event->problem;
	g_strlcpy(outcome->mode, event->mode, sizeof(outcome->mode));
	g_free(outcome->notices);
	outcome->notices = g_steal_pointer(&event->notices);
	outcome->n_notices = event->n_notices;
	collect_one_done(collect, outcome);
}

static void on_event(void *ctx, struct mail *mail)
{
	struct collect *collect = ctx;
	struct event *event = (struct event *)mail;
	struct outcome *outcome = NULL;

	if (collect_write_event(collect, event)) {
		event_free(event);
		return;
	}
	if (event->request > 0 && event->request <= collect->outcomes->len)
		outcome = g_ptr_array_index(collect->outcomes, event->request - 1);
	if (outcome != NULL) {
		switch (event->type) {
		case EVENT_ROWS:
			collect_add_rows(outcome, g_steal_pointer(&event->rows));
			break;
		case EVENT_REPLY:
			outcome->status = event->status;
			outcome->body = g_steal_pointer(&event->body);
			outcome->body_length = event->body_length;
			g_strlcpy(outcome->content_type, event->content_type, sizeof(outcome->content_type));
			outcome->duration_ms = event->duration_ms;
			break;
		case EVENT_DONE:
			take_done(collect, outcome, event);
			break;
		case EVENT_PROGRESS:
		case EVENT_HEALTH:
			break;
		}
	}
	event_free(event);
}

struct collect *collect_new(struct app *app)
{
	struct collect *collect = g_new0(struct collect, 1);

	collect->app = app;
	if (uv_loop_init(&collect->loop) != 0)
		g_error("no event loop can be had");
	collect->events = mailbox_new(&collect->loop, EVENTS_CEILING, on_event, collect);
	collect->outcomes = g_ptr_array_new_with_free_func(outcome_free);
	collect->feeds = g_ptr_array_new();
	g_ptr_array_set_size(collect->feeds, (gint)app->config->n_accounts);
	return collect;
}

static unsigned index_of(const struct app *app, const struct account *account)
{
	unsigned i = 0;

	while (i < app->config->n_accounts && app->config->accounts[i] != account)
		i++;
	return i;
}

struct feed *collect_feed(struct collect *collect, const struct account *account, struct problem *problem)
{
	unsigned at = index_of(collect->app, account);
	struct feed_options options = {
		.account = account,
		.number = at,
		.events = collect->events,
		.limiters = collect->app->limiters,
		.state_folder = collect->app->state_folder,
		.logger = collect->app->logger,
		.clock = collect->app->clock,
		.seed = collect->app->seed + at,
		.one_shot = true,
	};

	if (g_ptr_array_index(collect->feeds, at) == NULL)
		g_ptr_array_index(collect->feeds, at) = feed_start(&options, problem);
	return g_ptr_array_index(collect->feeds, at);
}

struct outcome *collect_outcome(struct collect *collect, const struct account *account)
{
	struct outcome *outcome = g_new0(struct outcome, 1);

	outcome->account = account;
	g_ptr_array_add(collect->outcomes, outcome);
	return outcome;
}

struct outcome *collect_ask(struct collect *collect, const struct account *account, struct ask *ask)
{
	struct outcome *outcome = collect_outcome(collect, account);
	struct feed *feed = collect_feed(collect, account, &outcome->problem);

	ask->request = collect->outcomes->len;
	if (feed == NULL) {
		outcome->done = true;
		ask_free(ask);
		return outcome;
	}
	collect->waiting++;
	feed_ask(feed, ask);
	return outcome;
}

void collect_run(struct collect *collect)
{
	while (collect->waiting > 0)
		uv_run(&collect->loop, UV_RUN_DEFAULT);
}

void collect_free(struct collect *collect)
{
	for (guint i = 0; i < collect->feeds->len; i++)
		feed_stop(g_ptr_array_index(collect->feeds, i));
	g_ptr_array_unref(collect->feeds);
	collect_write_end(collect);
	mailbox_close(collect->events);
	uv_run(&collect->loop, UV_RUN_DEFAULT);
	uv_loop_close(&collect->loop);
	g_ptr_array_unref(collect->outcomes);
	g_free(collect);
}

struct query *collect_scope(const struct app *app, const struct account *account, const struct query *query)
{
	struct query *scoped = query_copy(query);
	GPtrArray *ids = g_ptr_array_new();
	bool any = query->buildings.n == 0;

	for (size_t i = 0; i < query->buildings.n; i++) {
		const struct building_group *group = config_group(app->config, query->buildings.at[i]);

		if (group == NULL) {
			g_ptr_array_add(ids, (void *)query->buildings.at[i]);
			any = true;
			continue;
		}
		for (size_t m = 0; m < group->n_members; m++) {
			if (strcmp(group->members[m].account, account->name) != 0)
				continue;
			g_ptr_array_add(ids, (void *)group->members[m].id);
			any = true;
		}
	}
	if (any && ids->len > 0) {
		const char **list = arena_alloc(&scoped->arena, ids->len * sizeof(*list));

		for (guint i = 0; list != NULL && i < ids->len; i++) {
			const char *id = g_ptr_array_index(ids, i);

			list[i] = arena_strndup(&scoped->arena, id, strlen(id));
		}
		scoped->buildings = (struct words){list, list == NULL ? 0 : ids->len};
	}
	g_ptr_array_unref(ids);
	if (any)
		return scoped;
	query_free(scoped);
	return NULL;
}

static bool account_named(const struct app *app, const char *name, int *exit)
{
	struct problem problem;
	GPtrArray *names;
	const char *nearest;
	char todo[128] = "see `lodge get accounts`";

	if (config_account(app->config, name) != NULL)
		return true;
	names = g_ptr_array_new();
	for (size_t i = 0; i < app->config->n_accounts; i++)
		g_ptr_array_add(names, app->config->accounts[i]->name);
	g_ptr_array_add(names, NULL);
	nearest = text_nearest(name, (const char *const *)names->pdata);
	if (nearest != NULL)
		g_snprintf(todo, sizeof(todo), "did you mean %s?", nearest);
	problem_set(&problem, ERR_USAGE, NULL, todo, "no account is named \"%s\"", name);
	app_complain(app, NULL, &problem);
	g_ptr_array_unref(names);
	*exit = EXIT_USAGE;
	return false;
}

const struct account **collect_accounts(const struct app *app, const struct query *query, unsigned *n,
					int *exit)
{
	const struct account **accounts;
	struct problem problem;

	*n = 0;
	for (size_t i = 0; i < query->accounts.n; i++)
		if (!account_named(app, query->accounts.at[i], exit))
			return NULL;
	if (app->config->n_accounts == 0) {
		problem_set(&problem, ERR_CONFIG, NULL, "write one into lodge.conf, see lodge.conf(5)",
			    "no account is configured");
		app_complain(app, NULL, &problem);
		*exit = EXIT_USAGE;
		return NULL;
	}
	accounts = g_new0(const struct account *, app->config->n_accounts);
	for (size_t i = 0; i < app->config->n_accounts; i++) {
		const struct account *account = app->config->accounts[i];
		const struct source_ops *ops = source_find(account->vendor);

		if (!query_wants(&query->accounts, account->name))
			continue;
		if (query->kind != KIND_ACCOUNTS && ops != NULL && (ops->kinds & KIND_BIT(query->kind)) == 0)
			continue;
		accounts[(*n)++] = account;
	}
	return accounts;
}
