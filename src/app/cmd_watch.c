/* `lodge watch KIND`: stays, and prints one JSON object a line for each new or changed item. */
#include "app/args.h"
#include "app/cmds.h"
#include "app/collect.h"
#include "out/out.h"
#include "core/kind.h"

#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define EVENTS_CEILING 1024

const struct command_option watch_options[] = {
	{NULL, NULL, NULL},
};

struct watch {
	struct app *app;
	uv_loop_t loop;
	uv_signal_t interrupt, terminate;
	struct mailbox *events;
	enum kind kind;
	const struct account **accounts; /* by feed number */
	struct feed **feeds;
	unsigned n;
	GHashTable **seen;          /* by feed number: id → hash of the row */
	struct feed_health *health; /* last told, by feed number */
	int64_t limit, printed;
	int status;
	bool ending;
};

static void end(struct watch *watch, int status)
{
	if (watch->ending)
		return;
	watch->ending = true;
	watch->status = status;
	uv_stop(&watch->loop);
}

static void on_signal(uv_signal_t *signal, int number) { end(signal->data, 128 + number); }

/* True when the row is new or differs from the last of its id. */
static bool row_changed(struct watch *watch, unsigned feed, const void *row)
{
	const char *id = *(const char *const *)row;
	uint64_t hash = kind_hash_row(watch->kind, row);
	uint64_t *last = g_hash_table_lookup(watch->seen[feed], id == NULL ? "" : id);

	if (last != NULL && *last == hash)
		return false;
	g_hash_table_insert(watch->seen[feed], g_strdup(id == NULL ? "" : id),
			    g_memdup2(&hash, sizeof(hash)));
	return true;
}

static void print_event_rows(struct watch *watch, const struct event *event)
{
	bool samples = watch->kind == KIND_FRAMES || watch->kind == KIND_DETECTIONS;
	struct out_options options = {.format = OUT_NDJSON, .ascii = watch->app->ascii};
	struct out *out;
	int error = ERR_OK;

	if (rows_kind(event->rows) != watch->kind)
		return;
	out = out_new(&options, watch->kind, stdout);
	for (size_t i = 0; i < rows_count(event->rows); i++) {
		if (watch->limit > 0 && watch->printed >= watch->limit)
			break;
		if (!samples && !row_changed(watch, event->feed, rows_at(event->rows, i)))
			continue;
		error = out_row(out, event->rows, i);
		if (error != ERR_OK)
			break;
		watch->printed++;
	}
	if (out_finish(out) != ERR_OK || error != ERR_OK)
		end(watch, EXIT_ERROR);
	if (watch->limit > 0 && watch->printed >= watch->limit)
		end(watch, EXIT_ALL_WELL);
}

/* A trouble is told when it begins and when it changes, its end once. */
static void tell_health(struct watch *watch, const struct event *event)
{
	struct feed_health *last = &watch->health[event->feed];
	const struct feed_health *now = &event->health;
	const char *account = watch->accounts[event->feed]->name;

	if (now->state == FEED_OK && last->state != FEED_OK && last->state != FEED_STARTING)
		app_note(watch->app, account, "answers again");
	else if (now->state != FEED_OK && strcmp(now->problem.why, last->problem.why) != 0)
		app_complain(watch->app, account, &now->problem);
	*last = *now;
}

/* A notice is told once, also when its figure grows. */
static char *without_digits(const char *text) { return g_strdelimit(g_strdup(text), "0123456789", '0'); }

static void on_event(void *ctx, struct mail *mail)
{
	struct watch *watch = ctx;
	struct event *event = (struct event *)mail;

	if (!watch->ending) {
		if (event->type == EVENT_ROWS)
			print_event_rows(watch, event);
		else if (event->type == EVENT_HEALTH)
			tell_health(watch, event);
		for (size_t i = 0; event->type == EVENT_ROWS && i < event->n_notices; i++)
			if (g_hash_table_add(watch->seen[event->feed + watch->n],
					     without_digits(event->notices[i].text)))
				app_note(watch->app, watch->accounts[event->feed]->name,
					 event->notices[i].text);
	}
	event_free(event);
}

static void start_feeds(struct watch *watch, const struct query *query)
{
	for (unsigned i = 0; i < watch->n; i++) {
		struct query *scoped = collect_scope(watch->app, watch->accounts[i], query);
		struct feed_options options = {
			.account = watch->accounts[i],
			.number = i,
			.events = watch->events,
			.limiters = watch->app->limiters,
			.state_folder = watch->app->state_folder,
			.logger = watch->app->logger,
			.clock = watch->app->clock,
			.seed = watch->app->seed + i,
		};
		struct problem problem;

		if (scoped == NULL)
			continue;
		watch->feeds[i] = feed_start(&options, &problem);
		if (watch->feeds[i] == NULL)
			app_complain(watch->app, watch->accounts[i]->name, &problem);
		else
			feed_follow(watch->feeds[i], 1, scoped, 0, NULL);
		query_free(scoped);
	}
}

static void watch_open(struct watch *watch)
{
	watch->feeds = g_new0(struct feed *, watch->n + 1);
	watch->health = g_new0(struct feed_health, watch->n + 1);
	watch->seen = g_new0(GHashTable *, 2 * watch->n + 1); /* rows, then notices */
	for (unsigned i = 0; i < 2 * watch->n; i++)
		watch->seen[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						       i < watch->n ? g_free : NULL);
	if (uv_loop_init(&watch->loop) != 0)
		g_error("no event loop can be had");
	watch->events = mailbox_new(&watch->loop, EVENTS_CEILING, on_event, watch);
	uv_signal_init(&watch->loop, &watch->interrupt);
	uv_signal_init(&watch->loop, &watch->terminate);
	watch->interrupt.data = watch->terminate.data = watch;
	uv_signal_start(&watch->interrupt, on_signal, SIGINT);
	uv_signal_start(&watch->terminate, on_signal, SIGTERM);
}

static void watch_close(struct watch *watch)
{
	for (unsigned i = 0; i < watch->n; i++)
		feed_stop(watch->feeds[i]);
	uv_close((uv_handle_t *)&watch->interrupt, NULL);
	uv_close((uv_handle_t *)&watch->terminate, NULL);
	mailbox_close(watch->events);
	uv_run(&watch->loop, UV_RUN_DEFAULT);
	uv_loop_close(&watch->loop);
	for (unsigned i = 0; i < 2 * watch->n; i++)
		g_hash_table_unref(watch->seen[i]);
	g_free(watch->seen);
	g_free(watch->feeds);
	g_free(watch->health);
}

static int watch_kind(struct app *app, const struct query *query)
{
	struct watch watch = {.app = app, .kind = query->kind, .limit = query->limit};
	struct query *unlimited = query_copy(query);
	int status = EXIT_ALL_WELL;

	unlimited->limit = 0; /* the limit is of what is printed, not of a poll */
	watch.accounts = collect_accounts(app, query, &watch.n, &status);
	if (watch.accounts != NULL && watch.n > 0 && query->kind != KIND_ACCOUNTS) {
		watch_open(&watch);
		start_feeds(&watch, unlimited);
		uv_run(&watch.loop, UV_RUN_DEFAULT);
		status = watch.status;
		watch_close(&watch);
	} else if (watch.accounts != NULL) {
		app_note(app, NULL, "no account has anything of this kind to watch");
		status = EXIT_USAGE;
	}
	g_free(watch.accounts);
	query_free(unlimited);
	return status;
}

int cmd_watch(struct app *app, int argc, char **argv)
{
	struct args args = {.command = command_find("watch")};
	int status = EXIT_USAGE;

	if (args_read(&args, app, argc, argv) == ERR_OK) {
		if (args.help) {
			help_command(app, args.command);
			status = EXIT_ALL_WELL;
		} else if (app_need_config(app)) {
			status = watch_kind(app, &args.query);
		}
	}
	args_fini(&args);
	return status;
}
