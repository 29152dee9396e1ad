/* One work on the feed's loop: its requests go through the session, at most FEED_PARALLEL at a time; its answers go to the vendor.
 *
 * The end is always reached from a loop callback, never from within run_start: a work without requests ends in an idle callback.
 */
#include "feed/private.h"

#include "base/moment.h"

#include <stdlib.h>
#include <string.h>

struct run {
	struct feed *feed;
	struct work *work;
	run_done_fn done;
	void *ctx;
	GHashTable *sent; /* struct sent *, as a set: requests under way */
	uv_idle_t *kick;  /* pending end or start; NULL when none */
	bool finished;
};

/* A request under way. */
struct sent {
	struct run *run;
	const struct work_request *request;
	int64_t number; /* the session's */
};

static void run_step(struct run *run);

static void close_kick(struct run *run)
{
	if (run->kick == NULL)
		return;
	run->kick->data = NULL;
	uv_close((uv_handle_t *)run->kick, feed_free_handle);
	run->kick = NULL;
}

void run_drop(struct run *run)
{
	GHashTableIter iter;
	void *key;

	if (run == NULL)
		return;
	g_hash_table_iter_init(&iter, run->sent);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		struct sent *sent = key;

		session_cancel(run->feed->session, sent->number);
		g_free(sent);
	}
	g_hash_table_unref(run->sent);
	close_kick(run);
	g_hash_table_remove(run->feed->runs, run);
	work_free(run->work);
	g_free(run);
}

static void run_end(struct run *run)
{
	struct work *work = run->work;
	run_done_fn done = run->done;
	void *ctx = run->ctx;

	run->work = NULL;
	run_drop(run);
	done(ctx, work);
	work_free(work);
}

static void on_answer(void *ctx, const struct session_answer *answer)
{
	struct sent *sent = ctx;
	struct run *run = sent->run;
	struct work_answer plain = {
		.error = answer->error,
		.problem = answer->problem,
		.status = answer->status,
		.body = answer->body,
		.length = answer->body_length,
		.now_ms = feed_now_ms(run->feed),
		.server_date_ms = answer->server_date_ms,
	};
	int error;

	g_hash_table_remove(run->sent, sent);
	feed_learn_date(run->feed, answer->server_date_ms);
	if (!work_failed(run->work)) {
		error = run->feed->ops->answer(run->feed->source, run->work, sent->request, &plain);
		if (error != ERR_OK && !work_failed(run->work))
			work_failf(run->work, error, NULL, NULL, "%s", err_text(error));
		work_blame(run->work, sent->request);
	}
	g_free(sent);
	run_step(run);
}

static void send_one(struct run *run, const struct work_request *request)
{
	struct session_request plain = {
		.method = request->method,
		.path = request->path,
		.shape = request->shape,
		.content_type = request->content_type,
		.accept = request->accept,
		.body = request->body,
		.body_length = request->body == NULL ? 0 : strlen(request->body),
		.repeatable = !request->write,
		.cacheable = request->cacheable,
		.ceiling = request->ceiling,
		.inspect = request->inspect != NULL ? request->inspect
			   : request->write         ? NULL
						    : work_inspect_json,
	};
	struct sent *sent = g_new0(struct sent, 1);

	sent->run = run;
	sent->request = request;
	sent->number = session_send(run->feed->session, &plain, on_answer, sent);
	if (sent->number < 0) {
		work_failf(run->work, (int)sent->number, request->path, "check base_url", "%s",
			   err_text((int)sent->number));
		g_free(sent);
		return;
	}
	g_hash_table_add(run->sent, sent);
}

/* Sends what is waiting; when nothing is under way and nothing waits, finishes. May free the run. */
static void run_step(struct run *run)
{
	const struct work_request *request;
	int error;

	for (;;) {
		while (!work_failed(run->work) && g_hash_table_size(run->sent) < FEED_PARALLEL &&
		       (request = work_next(run->work)) != NULL)
			send_one(run, request);
		if (work_failed(run->work) || g_hash_table_size(run->sent) == 0)
			break;
		return;
	}
	if (!work_failed(run->work) && !run->finished) {
		run->finished = true;
		error = run->feed->ops->finish(run->feed->source, run->work);
		if (error != ERR_OK && !work_failed(run->work))
			work_failf(run->work, error, NULL, NULL, "%s", err_text(error));
		if ((request = work_next(run->work)) != NULL && !work_failed(run->work)) {
			run->finished = false; /* the vendor wants more after all */
			send_one(run, request);
			return;
		}
	}
	run_end(run);
}

static void on_kick(uv_idle_t *kick)
{
	struct run *run = kick->data;

	if (run == NULL)
		return;
	close_kick(run);
	run_step(run);
}

struct run *run_start(struct feed *feed, const struct query *query, run_done_fn done, void *ctx)
{
	struct run *run = g_new0(struct run, 1);
	int error;

	run->feed = feed;
	run->work = work_new(query, feed->options.account->name, vendor_name(feed->ops->vendor),
			     feed_now_ms(feed));
	run->done = done;
	run->ctx = ctx;
	run->sent = g_hash_table_new(NULL, NULL);
	g_hash_table_add(feed->runs, run);
	if (feed->source == NULL) {
		work_fail(run->work, &feed->broken);
	} else {
		error = feed->ops->plan(feed->source, run->work);
		if (error != ERR_OK && !work_failed(run->work))
			work_failf(run->work, error, NULL, NULL, "%s", err_text(error));
	}
	run->kick = calloc(1, sizeof(*run->kick));
	if (run->kick == NULL)
		g_error("out of memory");
	run->kick->data = run;
	uv_idle_init(&feed->loop, run->kick);
	uv_idle_start(run->kick, on_kick);
	return run;
}
