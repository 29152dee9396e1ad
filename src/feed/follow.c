/* Polling a query again and again. A poll that is still under way when the next is due is not doubled: the next one follows it. Failures back
 * off; success returns to the pace. Frames and detections are read as a stream (feed/stream.h). */
#include "feed/private.h"

#include "base/moment.h"
#include "base/text.h"
#include "core/kind.h"
#include "feed/push.h"
#include "model/access.h"
#include "model/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct follow {
	struct feed *feed;
	uint64_t request;
	struct query *query;
	int64_t every_ms;
	int64_t started_ms; /* monotonic: of the poll under way or last */
	int64_t begin_ms;   /* our wall clock: where a stream begins; absolute when the query said since */
	struct run *run;    /* NULL between polls */
	struct backoff backoff;
	uv_timer_t *timer;
	struct stream *stream; /* NULL unless the kind is a series of samples */
	bool own_stream;
	bool own_pace; /* somebody asked for it */
	struct stream_range range;
	bool repairing; /* the poll under way fills holes */
	bool hurried;   /* something changed since the poll under way began */
	bool refused;   /* the last poll told that this account may not read the kind */
	/* Door releases are a log: after the first poll each goes back to this moment, whatever the limit of the first was, so that none is missed however many came
	 * since. MOMENT_NONE before the first. */
	int64_t log_from_ms;
};

#define LOG_OVERLAP_MS (INT64_C(600) * 1000) /* releases may be told late, and out of order */

static void poll_now(struct follow *follow);

static void on_timer(uv_timer_t *timer)
{
	struct follow *follow = timer->data;

	if (follow != NULL && follow->run == NULL)
		poll_now(follow);
}

static void plan_next(struct follow *follow, int64_t wait_ms)
{
	uv_update_time(&follow->feed->loop);
	uv_timer_start(follow->timer, on_timer, (uint64_t)MAX(wait_ms, 0), 0);
}

/* --- streams --- */

static bool keep_new_sample(const void *row, void *ctx)
{
	struct follow *follow = ctx;
	const struct kind_info *info = kind_info(follow->query->kind);
	char track[160];

	if (info->kind == KIND_FRAMES) {
		const struct frame *frame = row;

		return stream_accept(follow->stream, frame->address == NULL ? "" : frame->address,
				     frame->time_ms);
	}
	const struct detection *detection = row;

	snprintf(track, sizeof(track), "%s %s", detection->address == NULL ? "" : detection->address,
		 detection->space);
	return stream_accept(follow->stream, track, detection->time_ms);
}

static void take_samples(struct follow *follow, struct work *work)
{
	struct rows *rows = work_rows(work, follow->query->kind);

	stream_begin(follow->stream, &follow->range, follow->repairing);
	rows_filter(rows, keep_new_sample, follow);
	stream_end(follow->stream, clock_mono_ms(follow->feed->options.clock));
}

static void range_into(struct follow *follow, struct query *query)
{
	const char **tracks = g_new0(const char *, FEED_REPAIR_TRACKS);
	int64_t mono_ms = clock_mono_ms(follow->feed->options.clock);
	size_t n = 0;

	if (!follow->repairing)
		n = stream_repairs(follow->stream, mono_ms, tracks, FEED_REPAIR_TRACKS, &follow->range);
	follow->repairing = n > 0;
	if (n == 0) {
		int64_t skew_ms = follow->query->since_ms == MOMENT_NONE ? follow->feed->skew_ms : 0;

		follow->range = stream_next(follow->stream, follow->begin_ms + skew_ms,
					    feed_now_ms(follow->feed));
	} else {
		const char **addresses = arena_alloc(&query->arena, n * sizeof(*addresses));

		for (size_t i = 0; addresses != NULL && i < n; i++) { /* "ADDRESS" or "ADDRESS space" */
			const char *blank = strchr(tracks[i], ' ');
			size_t length = blank == NULL ? strlen(tracks[i]) : (size_t)(blank - tracks[i]);

			addresses[i] = arena_strndup(&query->arena, tracks[i], length);
		}
		query->addresses = (struct words){addresses, addresses == NULL ? 0 : n};
	}
	query->since_ms = follow->range.from_ms;
	query->until_ms = follow->range.to_ms;
	g_free(tracks);
}

/* --- a log --- */

static bool is_log(const struct follow *follow) { return follow->query->kind == KIND_DOORS; }

/* Never before what the first poll reached: a person who asked for the newest hundred is not told older ones later. */
static void note_reach(struct follow *follow, struct work *work)
{
	const struct rows *rows = work_rows_if(work, KIND_DOORS);
	int64_t oldest_ms = INT64_MAX, newest_ms = MOMENT_NONE, from_ms;

	for (size_t i = 0; rows != NULL && i < rows_count(rows); i++) {
		const struct door_release *release = rows_at(rows, i);

		if (release->time_ms == MOMENT_NONE)
			continue;
		oldest_ms = MIN(oldest_ms, release->time_ms);
		newest_ms = newest_ms == MOMENT_NONE ? release->time_ms : MAX(newest_ms, release->time_ms);
	}
	if (newest_ms == MOMENT_NONE)
		newest_ms = oldest_ms = feed_now_ms(follow->feed);
	from_ms = MAX(newest_ms - LOG_OVERLAP_MS, follow->log_from_ms == MOMENT_NONE ? oldest_ms : INT64_MIN);
	if (follow->log_from_ms == MOMENT_NONE || from_ms > follow->log_from_ms)
		follow->log_from_ms = from_ms;
}

/* --- polls --- */

static void after_success(struct follow *follow, struct work *work)
{
	struct feed *feed = follow->feed;
	int64_t now_ms = clock_wall_ms(feed->options.clock);
	int64_t spent_ms = clock_mono_ms(feed->options.clock) - follow->started_ms;
	bool again = follow->stream != NULL && (follow->repairing || !follow->range.caught_up);

	if (follow->stream != NULL)
		take_samples(follow, work);
	if (is_log(follow))
		note_reach(follow, work);
	feed_post_rows(feed, follow->request, work, now_ms + 2 * follow_pace_ms(follow),
		       follow->stream == NULL && !is_log(follow));
	backoff_reset(&follow->backoff);
	follow->refused = false;
	feed_came_through(feed);
	if (feed->push != NULL)
		push_settle(feed->push, follow->query->kind);
	plan_next(follow, again || follow->hurried ? 0 : follow_pace_ms(follow) - spent_ms);
}

static bool not_offered(int code)
{
	return code == ERR_DENIED || code == ERR_ABSENT || code == ERR_UNSUPPORTED;
}

/* Whether the account has a kind that was not refused. */
static bool has_others(const struct feed *feed)
{
	GHashTableIter iter;
	void *other;

	g_hash_table_iter_init(&iter, feed->follows);
	while (g_hash_table_iter_next(&iter, NULL, &other))
		if (!((const struct follow *)other)->refused)
			return true;
	return false;
}

/* Rights differ by role: an account whose other kinds can be read is well. Rights change seldom. True when the failure is dealt with. */
static bool take_refusal(struct follow *follow, const struct problem *problem)
{
	struct feed *feed = follow->feed;
	char text[512];

	if (!not_offered(problem->code))
		return false;
	if (!follow->refused)
		logger_write(feed->options.logger, LOG_LEVEL_INFO, feed->options.account->name, "%s",
			     problem_text(problem, text, sizeof(text)));
	follow->refused = true;
	if (!has_others(feed))
		return false;
	backoff_reset(&follow->backoff);
	plan_next(follow, MAX(follow->every_ms, FEED_REFUSED_MS));
	return true;
}

static void on_poll_done(void *ctx, struct work *work)
{
	struct follow *follow = ctx;
	int64_t wait_ms;

	follow->run = NULL;
	if (!work_failed(work)) {
		after_success(follow, work);
		return;
	}
	follow->repairing = false;
	if (take_refusal(follow, work_problem(work)))
		return;
	wait_ms = MAX(backoff_next_ms(&follow->backoff, -1), MIN(follow->every_ms, FEED_BACKOFF_FIRST_MS));
	feed_failed(follow->feed, work_problem(work), clock_wall_ms(follow->feed->options.clock) + wait_ms);
	plan_next(follow, wait_ms);
}

static void poll_now(struct follow *follow)
{
	struct query *query;

	/* A slow reader is not buried: the cursor stays, so nothing is lost by asking later. */
	if (follow->stream != NULL && mailbox_unread(follow->feed->options.events) > FEED_UNREAD_MOST) {
		plan_next(follow, FEED_UNREAD_WAIT_MS);
		return;
	}
	query = query_copy(follow->query);
	follow->started_ms = clock_mono_ms(follow->feed->options.clock);
	follow->hurried = false;
	if (follow->stream != NULL)
		range_into(follow, query);
	else if (is_log(follow) && follow->log_from_ms != MOMENT_NONE) {
		query->since_ms = follow->log_from_ms;
		query->limit = 0;
	} else
		query_apply_defaults(query, feed_now_ms(follow->feed));
	follow->run = run_start(follow->feed, query, on_poll_done, follow);
	query_free(query);
}

/* --- life --- */

struct follow *follow_start(struct feed *feed, uint64_t request, const struct query *query, int64_t every_ms,
			    struct stream *stream)
{
	struct follow *follow = g_new0(struct follow, 1);

	follow->feed = feed;
	follow->request = request;
	follow->query = query_copy(query);
	follow->log_from_ms = MOMENT_NONE;
	follow->own_pace = every_ms > 0;
	follow->every_ms = every_ms > 0 ? every_ms : feed_pace_ms(feed, query->kind);
	/* A fast pace asks to be back soon after an outage. */
	backoff_init(&follow->backoff, FEED_BACKOFF_FIRST_MS,
		     CLAMP(follow->every_ms, FEED_BACKOFF_LEAST_MOST_MS, FEED_BACKOFF_MOST_MS),
		     feed->options.seed ^ request);
	if (query->kind == KIND_FRAMES || query->kind == KIND_DETECTIONS) {
		follow->own_stream = stream == NULL;
		follow->stream = stream == NULL ? stream_new() : stream;
		follow->begin_ms = query->since_ms != MOMENT_NONE
					   ? query->since_ms
					   : clock_wall_ms(feed->options.clock) - follow->every_ms;
	}
	follow->timer = calloc(1, sizeof(*follow->timer));
	if (follow->timer == NULL)
		g_error("out of memory");
	uv_timer_init(&feed->loop, follow->timer);
	follow->timer->data = follow;
	plan_next(follow, 0);
	return follow;
}

void follow_hurry(struct follow *follow, uint32_t kinds)
{
	if ((kinds & KIND_BIT(follow->query->kind)) == 0)
		return;
	follow->hurried = true;
	if (follow->run == NULL)
		plan_next(follow, 0);
}

const struct query *follow_query(const struct follow *follow) { return follow->query; }

int64_t follow_pace_ms(const struct follow *follow)
{
	bool slow = !follow->own_pace && push_all_live(follow->feed->push, follow->query->kind);

	return slow ? MAX(follow->every_ms, PUSH_SLOW_POLL_MS) : follow->every_ms;
}

void follow_repace(struct follow *follow)
{
	int64_t spent_ms = clock_mono_ms(follow->feed->options.clock) - follow->started_ms;

	/* While polls fail, their backoff stands. */
	if (follow->run == NULL && follow->backoff.failures == 0)
		plan_next(follow, follow_pace_ms(follow) - spent_ms);
}

void follow_stop(struct follow *follow)
{
	run_drop(follow->run);
	follow->timer->data = NULL;
	uv_close((uv_handle_t *)follow->timer, feed_free_handle);
	query_free(follow->query);
	if (follow->own_stream)
		stream_free(follow->stream);
	g_free(follow);
}
