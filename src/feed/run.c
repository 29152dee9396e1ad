/* One work on the feed's loop: its requests go through the session, at most FEED_PARALLEL at a time; its answers go to the vendor.
 *
 * The end is always reached from a loop callback, never from within run_start: a work without requests ends in an idle callback.
 */
#include "feed/private.h"

#include "base/moment.h"
#include "core/kind.h"

#include <stdlib.h>
#include <string.h>

struct run {
	struct feed *feed;
	struct work *work;
	run_done_fn done;
	run_progress_fn progress; /* NULL: a query */
	void *ctx;
	bool wrote;       /* the server may have carried out a write */
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

static bool write_under_way(const struct run *run)
{
	GHashTableIter iter;
	void *key;

	g_hash_table_iter_init(&iter, run->sent);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		const struct sent *sent = key;

		if (sent->request->write && session_sent(run->feed->session, sent->number))
			return true;
	}
	return false;
}

bool run_sent(const struct run *run) { return run->wrote || write_under_way(run); }

static void tell_progress(struct run *run)
{
	const char *text = work_take_progress(run->work);

	if (text != NULL && run->progress != NULL)
		run->progress(run->ctx, text);
}

/* The work had failed already when a write of it ended: nobody looks what became of it. */
static void doubt(struct run *run, const struct session_answer *answer)
{
	bool refused = answer->error == ERR_OK && answer->status >= 400;

	if (answer->request_sent && !refused)
		work_doubt(run->work);
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
		.cached = answer->cached,
		.request_sent = answer->request_sent,
	};
	int error;

	g_hash_table_remove(run->sent, sent);
	feed_learn_date(run->feed, answer->server_date_ms);
	run->wrote |= sent->request->write && answer->request_sent;
	if (work_failed(run->work)) {
		if (sent->request->write)
			doubt(run, answer);
	} else {
		error = run->feed->ops->answer(run->feed->source, run->work, sent->request, &plain);
		if (error != ERR_OK && !work_failed(run->work))
			work_failf(run->work, error, NULL, NULL, "%s", err_text(error));
		work_blame(run->work, sent->request);
		tell_progress(run);
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
		.at_sign_in = request->host == WORK_HOST_SIGN_IN,
		.delay_ms = request->delay_ms,
		.content_type = request->content_type,
		.accept = request->accept,
		.body = request->body,
		.body_length = request->body == NULL ? 0 : strlen(request->body),
		.repeatable = !request->write,
		.repeat_timeout = run->feed->options.one_shot && !request->write && request->page > 0,
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
		/* A write is not left alone even then. */
		if (g_hash_table_size(run->sent) == 0 || (work_failed(run->work) && !write_under_way(run)))
			break;
		return;
	}
	if (!work_failed(run->work) && !run->finished) {
		run->finished = true;
		error = run->feed->ops->finish(run->feed->source, run->work);
		if (error != ERR_OK && !work_failed(run->work))
			work_failf(run->work, error, NULL, NULL, "%s", err_text(error));
		tell_progress(run);
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

static int plan(struct run *run)
{
	const struct source_ops *ops = run->feed->ops;
	const struct order *order = work_order(run->work);

	if (order == NULL)
		return ops->plan(run->feed->source, run->work);
	if (ops->write == NULL || write_find(ops->writes, order->kind, order->verb) == NULL)
		return work_failf(run->work, ERR_UNSUPPORTED, NULL, NULL, "%s offers no way to %s %s",
				  vendor_name(ops->vendor), verb_name(order->verb),
				  kind_info(order->kind)->name);
	return ops->write(run->feed->source, run->work);
}

/* Takes the work over. */
static struct run *start(struct feed *feed, struct work *work, run_progress_fn progress, run_done_fn done,
			 void *ctx)
{
	struct run *run = g_new0(struct run, 1);
	int error;

	run->feed = feed;
	run->work = work;
	run->progress = progress;
	run->done = done;
	run->ctx = ctx;
	run->sent = g_hash_table_new(NULL, NULL);
	g_hash_table_add(feed->runs, run);
	if (feed->source == NULL) {
		work_fail(run->work, &feed->broken);
	} else {
		error = plan(run);
		if (error != ERR_OK && !work_failed(run->work))
			work_failf(run->work, error, NULL, NULL, "%s", err_text(error));
	}
	tell_progress(run);
	run->kick = calloc(1, sizeof(*run->kick));
	if (run->kick == NULL)
		g_error("out of memory");
	run->kick->data = run;
	uv_idle_init(&feed->loop, run->kick);
	uv_idle_start(run->kick, on_kick);
	return run;
}

struct run *run_start(struct feed *feed, const struct query *query, run_done_fn done, void *ctx)
{
	struct work *work = work_new(query, feed->options.account->name, vendor_name(feed->ops->vendor),
				     feed_now_ms(feed));

	return start(feed, work, NULL, done, ctx);
}

struct run *run_start_order(struct feed *feed, const struct order *order, run_progress_fn progress,
			    run_done_fn done, void *ctx)
{
	struct work *work = work_new_order(order, feed->options.account->name, vendor_name(feed->ops->vendor),
					   feed_now_ms(feed));

	return start(feed, work, progress, done, ctx);
}
