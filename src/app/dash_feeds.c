#include "app/dash_private.h"

#include "base/moment.h"
#include "core/kind.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* Kinds that are followed for as long as the dashboard runs, where the vendor offers them. Buildings and zones come with the floors. */
static const enum kind steady[] = {KIND_FLOORS, KIND_ROOMS, KIND_FIXTURES,  KIND_SENSORS, KIND_GATEWAYS,
				   KIND_DOORS,  KIND_KEYS,  KIND_KEYCHAINS, KIND_UNITS,   KIND_USERS};
static const enum kind live[] = {KIND_FRAMES, KIND_DETECTIONS};

/* The day by hour of so many rooms is kept at hand; of a larger estate the panes ask for what they show. */
#define ROOMS_BY_HOUR 2000
/* The request that reads what came while nobody looked, for the history. */
#define CATCH_UP (UINT64_C(1) << 20)
#define CATCH_UP_OVERLAP_MS (INT64_C(600) * 1000)
#define REQUEST(kind) ((uint64_t)(kind) + 1)

static void follow(struct dash *dash, unsigned at, enum kind kind, int64_t every_ms)
{
	struct query query;

	query_init(&query, kind);
	feed_follow(dash->feeds[at].feed, REQUEST(kind), &query, every_ms, NULL);
	query_fini(&query);
}

/* Beside the newest, which are shown at once: everything since the newest release that is kept, or all that the vendor has. */
static void catch_up(struct dash *dash, unsigned at, int64_t newest_ms)
{
	int64_t keep_ms = moment_span_ms(config_ui(dash->app->config, "keep_history"));
	struct query query;

	if (dash->ending || at >= dash->n_feeds || dash->feeds[at].feed == NULL)
		return;
	query_init(&query, KIND_DOORS);
	query.since_ms = newest_ms != MOMENT_NONE ? newest_ms - CATCH_UP_OVERLAP_MS
						  : clock_wall_ms(dash->app->clock) - keep_ms;
	feed_once(dash->feeds[at].feed, CATCH_UP, &query);
	query_fini(&query);
}

static int64_t pace_ms(const struct account *account, const struct source_ops *ops, enum kind kind)
{
	for (const struct source_pace *pace = ops->paces; pace != NULL && pace->every_ms > 0; pace++)
		if (pace->kind == kind)
			return account_poll_ms(account, kind, pace->every_ms);
	return account_poll_ms(account, kind, 30000);
}

static void start_feed(struct dash *dash, unsigned at)
{
	const struct account *account = dash->app->config->accounts[at];
	const struct source_ops *ops = source_find(account->vendor);
	struct feed_light light = {.light = LIGHT_DOWN, .last_ok_ms = MOMENT_NONE, .since_ms = MOMENT_NONE};
	struct problem problem;
	struct feed_options options = {
		.account = account,
		.number = at,
		.events = dash->events,
		.limiters = dash->app->limiters,
		.state_folder = dash->app->state_folder,
		.logger = dash->app->logger,
		.clock = dash->app->clock,
		.seed = dash->app->seed + at,
	};

	world_add_account(dash->world, account->name, account->vendor);
	dash->feeds[at].feed = feed_start(&options, &problem);
	dash->feeds[at].down_since_ms = MOMENT_NONE;
	if (dash->feeds[at].feed == NULL) {
		problem_text(&problem, light.why, sizeof(light.why));
		world_set_light(dash->world, at, &light);
		return;
	}
	dash->feeds[at].fastest_ms = account_poll_ms(account, KIND_ROOMS, 30000);
	for (size_t i = 0; i < G_N_ELEMENTS(steady); i++) {
		if ((ops->kinds & KIND_BIT(steady[i])) == 0)
			continue;
		follow(dash, at, steady[i], 0);
		dash->feeds[at].fastest_ms = MIN(dash->feeds[at].fastest_ms,
						 pace_ms(account, ops, steady[i]));
	}
	if ((ops->kinds & KIND_BIT(KIND_BUILDINGS)) != 0 && (ops->kinds & KIND_BIT(KIND_FLOORS)) == 0)
		follow(dash, at, KIND_BUILDINGS, 0);
	if ((ops->kinds & KIND_BIT(KIND_DOORS)) != 0)
		dash_desk_newest(dash->desk, at, catch_up);
}

void dash_start_feeds(struct dash *dash)
{
	dash->n_feeds = (unsigned)dash->app->config->n_accounts;
	dash->feeds = g_new0(struct dash_feed, dash->n_feeds + 1);
	for (unsigned i = 0; i < dash->n_feeds; i++)
		start_feed(dash, i);
}

void dash_stop_feeds(struct dash *dash)
{
	for (unsigned i = 0; i < dash->n_feeds; i++)
		feed_stop(dash->feeds[i].feed);
	g_free(dash->feeds);
	dash->feeds = NULL;
	dash->n_feeds = 0;
}

void dash_follow_live(struct dash *dash)
{
	for (size_t k = 0; k < G_N_ELEMENTS(live); k++) {
		int64_t wanted_ms = shell_live_ms(dash->shell, live[k]);

		for (unsigned i = 0; i < dash->n_feeds; i++) {
			struct dash_feed *feed = &dash->feeds[i];
			const struct account *account = dash->app->config->accounts[i];
			const struct source_ops *ops = source_find(account->vendor);
			int64_t every_ms = wanted_ms > 0 ? account_poll_ms(account, live[k], wanted_ms) : 0;

			if (feed->feed == NULL || (ops->kinds & KIND_BIT(live[k])) == 0 ||
			    feed->live_ms[live[k]] == every_ms)
				continue;
			if (feed->live_ms[live[k]] > 0)
				feed_cancel(feed->feed, REQUEST(live[k]));
			if (every_ms > 0)
				follow(dash, i, live[k], every_ms);
			feed->live_ms[live[k]] = every_ms;
		}
	}
}

/* Once it is known how many rooms there are. */
static void follow_hours(struct dash *dash, unsigned at, const struct rows *rooms)
{
	const struct source_ops *ops = source_find(dash->app->config->accounts[at]->vendor);

	if (dash->feeds[at].hours || (ops->kinds & KIND_BIT(KIND_OCCUPANCY)) == 0 ||
	    rows_count(rooms) > ROOMS_BY_HOUR)
		return;
	dash->feeds[at].hours = true;
	follow(dash, at, KIND_OCCUPANCY, 0);
}

/* The time that is shown, and that ages are counted by, is the servers' where our clock is wrong; it is right when any server agrees with it. */
static void settle_clock(struct dash *dash)
{
	int64_t least_ms = INT64_MAX;

	for (unsigned i = 0; i < dash->n_feeds; i++)
		if (dash->feeds[i].heard && llabs(dash->feeds[i].skew_ms) < llabs(least_ms))
			least_ms = dash->feeds[i].skew_ms;
	if (least_ms != INT64_MAX)
		world_set_skew(dash->world, least_ms);
}

static enum light_push push_light(enum feed_push push)
{
	switch (push) {
	case FEED_PUSH_POLLING:
		return LIGHT_PUSH_POLLING;
	case FEED_PUSH_PARTLY:
		return LIGHT_PUSH_PARTLY;
	case FEED_PUSH_LIVE:
		return LIGHT_PUSH_LIVE;
	case FEED_PUSH_NONE:
		break;
	}
	return LIGHT_PUSH_NONE;
}

static void take_health(struct dash *dash, const struct event *event)
{
	struct dash_feed *feed = &dash->feeds[event->feed];
	struct feed_light light = {.last_ok_ms = event->health.last_ok_ms, .every_ms = feed->fastest_ms};
	bool ok = event->health.state == FEED_OK;

	if (ok) {
		feed->down_since_ms = MOMENT_NONE;
		feed->skew_ms = event->health.skew_ms;
		feed->heard = true;
		settle_clock(dash);
	}
	if (!ok && feed->down_since_ms == MOMENT_NONE)
		feed->down_since_ms = clock_wall_ms(dash->app->clock);
	light.light = ok                                       ? LIGHT_FRESH
		      : event->health.state == FEED_SIGNED_OUT ? LIGHT_SIGNED_OUT
							       : LIGHT_DOWN;
	light.since_ms = feed->down_since_ms;
	light.push = push_light(event->health.push);
	if (!ok)
		problem_text(&event->health.problem, light.why, sizeof(light.why));
	world_set_light(dash->world, event->feed, &light);
}

void dash_on_event(void *ctx, struct mail *mail)
{
	struct dash *dash = ctx;
	struct event *event = (struct event *)mail;

	if (dash_desk_event(dash->desk, event)) {
		event_free(event);
		return;
	}
	if (event->feed < dash->n_feeds && !dash->ending) {
		if (event->type == EVENT_ROWS && rows_kind(event->rows) == KIND_DOORS)
			dash_desk_keep(dash->desk, event->feed, event->rows);
		if (event->request == CATCH_UP) {
			world_note_change(dash->world, KIND_DOORS);
			event_free(event);
			dash_paint_soon(dash, false);
			return;
		}
		if (event->type == EVENT_ROWS && rows_kind(event->rows) == KIND_ROOMS)
			follow_hours(dash, event->feed, event->rows);
		if (event->type == EVENT_ROWS)
			world_put(dash->world, event->feed, g_steal_pointer(&event->rows));
		else if (event->type == EVENT_HEALTH)
			take_health(dash, event);
		dash_paint_soon(dash, false);
	}
	event_free(event);
}
