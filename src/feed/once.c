/* What is asked for once: a query, a sign-in, one request as it is, a picture. Each ends in one EVENT_DONE. */
#include "feed/private.h"

#include "base/moment.h"
#include "core/kind.h"

#include <stdlib.h>
#include <string.h>

/* --- a query --- */

struct once {
	struct feed *feed;
	uint64_t request;
	struct query *query; /* as asked, without defaults */
	struct run *run;
	int64_t skew_ms; /* when the poll under way began */
	bool again;      /* this poll is the second */
};

static void once_poll(struct once *once);

void once_drop(struct once *once)
{
	run_drop(once->run);
	query_free(once->query);
	g_free(once);
}

/* "Now" and "the last minute" were meant by a clock that turned out to differ from the server's: ask again by the server's. */
static bool asked_by_wrong_clock(const struct once *once)
{
	return !once->again && once->feed->skew_ms != once->skew_ms && once->query->since_ms == MOMENT_NONE;
}

static void on_once_done(void *ctx, struct work *work)
{
	struct once *once = ctx;
	struct feed *feed = once->feed;

	once->run = NULL;
	if (asked_by_wrong_clock(once)) {
		once->again = true;
		once_poll(once);
		return;
	}
	if (work_failed(work)) {
		feed_failed(feed, work_problem(work), MOMENT_NONE);
		feed_post_done(feed, once->request, work_problem(work), work);
	} else {
		feed_post_rows(feed, once->request, work, feed_now_ms(feed) + 60000, false);
		feed_came_through(feed);
		feed_post_done(feed, once->request, NULL, work);
	}
	g_hash_table_remove(feed->onces, &once->request);
	once_drop(once);
}

static void once_poll(struct once *once)
{
	struct query *query = query_copy(once->query);

	once->skew_ms = once->feed->skew_ms;
	query_apply_defaults(query, feed_now_ms(once->feed));
	once->run = run_start(once->feed, query, on_once_done, once);
	query_free(query);
}

void once_start(struct feed *feed, uint64_t request, const struct query *query)
{
	struct once *once = g_new0(struct once, 1);

	once->feed = feed;
	once->request = request;
	once->query = query_copy(query);
	g_hash_table_insert(feed->onces, &once->request, once);
	once_poll(once);
}

/* --- a sign-in, or one request as it is --- */

struct call {
	struct feed *feed;
	uint64_t request;
	int64_t number; /* the session's */
	enum ask_type type;
};

void call_drop(struct call *call)
{
	session_cancel(call->feed->session, call->number);
	g_free(call);
}

static void on_call_done(void *ctx, const struct session_answer *answer)
{
	struct call *call = ctx;
	struct feed *feed = call->feed;
	struct event *event;

	if (call->type != ASK_PICTURE)
		feed_learn_date(feed, answer->server_date_ms);
	if (answer->error == ERR_OK && call->type != ASK_SIGN_IN) {
		event = event_new(EVENT_REPLY, feed->options.number, call->request);
		event->mail.must_keep = true;
		event->status = answer->status;
		event->body = malloc(answer->body_length + 1);
		if (event->body != NULL) {
			memcpy(event->body, answer->body, answer->body_length + 1);
			event->body_length = answer->body_length;
		}
		g_strlcpy(event->content_type, answer->content_type, sizeof(event->content_type));
		event->duration_ms = answer->duration_ms;
		feed_post(feed, event);
	}
	/* Where a picture lies says nothing about the account. */
	if (call->type != ASK_PICTURE && answer->error == ERR_OK)
		feed_came_through(feed);
	else if (call->type != ASK_PICTURE)
		feed_failed(feed, answer->problem, MOMENT_NONE);
	feed_post_done(feed, call->request, answer->error == ERR_OK ? NULL : answer->problem, NULL);
	g_hash_table_remove(feed->calls, &call->request);
	g_free(call);
}

static int64_t send_call(struct call *call, const struct ask *ask)
{
	struct session_request request = {
		.method = ask->method,
		.path = ask->path,
		.at_sign_in = ask->at_sign_in,
		.body = ask->body,
		.body_length = ask->body_length,
		.repeatable = false,
		.once = true,
	};
	size_t n = ask->headers == NULL ? 0 : g_strv_length(ask->headers) / 2;
	struct http_header *headers = g_new0(struct http_header, n + 1);
	int64_t number;

	for (size_t i = 0; i < n; i++)
		headers[i] = (struct http_header){ask->headers[2 * i], ask->headers[2 * i + 1]};
	request.headers = headers;
	request.n_headers = n;
	number = session_send(call->feed->session, &request, on_call_done, call);
	g_free(headers);
	return number;
}

static int64_t send_picture(struct call *call, const struct ask *ask)
{
	struct session_request request = {
		.method = "GET",
		.path = ask->path,
		.shape = "(picture)",
		.accept = "image/png, image/*;q=0.9",
		.plain = true,
		.repeatable = true,
		.ceiling = ask->ceiling,
	};

	return session_send(call->feed->session, &request, on_call_done, call);
}

static void tell_unsent(struct call *call, const struct ask *ask)
{
	int code = (int)call->number;
	struct problem problem;

	if (call->type == ASK_PICTURE)
		problem_set(&problem, code, "picture", NULL, "%s",
			    code == ERR_DENIED    ? "its address is not one of the public internet"
			    : code == ERR_INVALID ? "its address cannot be used"
						  : err_text(code));
	else
		problem_set(&problem, code, call->type == ASK_SIGN_IN ? "sign-in" : ask->path,
			    "check base_url and the path", "%s", err_text(code));
	feed_post_done(call->feed, ask->request, &problem, NULL);
}

void call_start(struct feed *feed, const struct ask *ask)
{
	struct call *call;

	if (feed->source == NULL) {
		feed_post_done(feed, ask->request, &feed->broken, NULL);
		return;
	}
	call = g_new0(struct call, 1);
	call->feed = feed;
	call->request = ask->request;
	call->type = ask->type;
	call->number = call->type == ASK_SIGN_IN   ? session_sign_in(feed->session, on_call_done, call)
		       : call->type == ASK_PICTURE ? send_picture(call, ask)
						   : send_call(call, ask);
	if (call->number < 0) {
		tell_unsent(call, ask);
		g_free(call);
		return;
	}
	g_hash_table_insert(feed->calls, &call->request, call);
}
