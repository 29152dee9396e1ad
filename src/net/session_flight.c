/* What becomes of a call: sending it, and judging what came back. */
#include "net/session_private.h"

#include <stdlib.h>
#include <string.h>

static void on_answer(void *ctx, struct http_answer *answer);

/* Back to the waiting ones, not before wait_ms. */
static void wait_again(struct call *call, int64_t wait_ms)
{
	struct session *session = call->session;

	g_queue_unlink(call_queue(call), &call->link);
	call->state = CALL_WAITING;
	call->ready_ms = session_mono_ms(session) + wait_ms;
	g_queue_push_tail_link(&session->waiting, &call->link);
}

static bool take_copy(struct call *call, const char *bytes, size_t length)
{
	char *copy = malloc(length + 1);

	if (copy == NULL)
		return false;
	memcpy(copy, bytes, length);
	copy[length] = '\0';
	free(call->answer_body);
	call->answer_body = copy;
	call->answer.body_length = length;
	call->answer.status = 200;
	return true;
}

/* What this or another process has kept on disk. */
static bool take_from_disk(struct call *call, int64_t now_ms)
{
	struct session *session = call->session;
	struct buf body;
	int64_t left_ms;
	bool taken;

	if (session->disk == NULL)
		return false;
	buf_init(&body, BUF_CEILING_FILE);
	left_ms = cache_disk_read(session->disk, call->url, clock_wall_ms(session->clock), &body);
	taken = left_ms > 0 && take_copy(call, buf_text(&body), body.length);
	if (taken)
		cache_store(session->cache, call->url, buf_text(&body), body.length, NULL, left_ms, now_ms);
	buf_fini(&body);
	return taken;
}

static bool answered_by_cache(struct call *call, int64_t now_ms)
{
	size_t length;
	const char *bytes = call->cacheable ? cache_fresh(call->session->cache, call->url, now_ms, &length)
					    : NULL;

	if (bytes != NULL ? !take_copy(call, bytes, length)
			  : !call->cacheable || !take_from_disk(call, now_ms))
		return false;
	call->answer.cached = true;
	call_finish(call, ERR_OK);
	return true;
}

/* The same is being asked just now: its answer will do. */
static bool asked_already(const struct call *call)
{
	if (!call->session->keeps_cache || !call->cacheable)
		return false;
	for (const GList *link = call->session->flying.head; link != NULL; link = link->next) {
		const struct call *other = link->data;

		if (other->cacheable && strcmp(other->url, call->url) == 0)
			return true;
	}
	return false;
}

static void fail_busy(struct call *call, int64_t wait_ms)
{
	problem_set(&call->problem, ERR_BUSY, call->what, NULL, "the server asks to wait %lld s",
		    (long long)((wait_ms + 999) / 1000));
	call_finish(call, ERR_BUSY);
}

static void send_call(struct call *call)
{
	struct session *session = call->session;
	size_t n_headers = call->n_headers;
	const char *tag = call->cacheable && !call->no_tag ? cache_etag(session->cache, call->url) : NULL;
	struct http_request request = {
		.method = call->method,
		.url = call->url,
		.shape = call->shape,
		.headers = call->headers,
		.bearer = call->plain                     ? NULL
			  : session->static_token != NULL ? session->static_token
							  : session->token.access,
		.basic_user = call->plain ? NULL : session->basic_user,
		.basic_password = call->plain ? NULL : session->basic_password,
		.body = call->body,
		.body_length = call->body_length,
		.secret_body = call->secret,
		.repeatable = call->repeatable,
		.ceiling = call->ceiling,
		.reach = call->reach,
		.no_redirects = call->plain,
		.attempt = call->tries + 1,
	};

	if (tag != NULL)
		call->headers[n_headers++] = (struct http_header){.name = "If-None-Match", .value = tag};
	request.n_headers = n_headers;
	call->http_number = http_send(session->http, &request, on_answer, call);
	if (call->http_number < 0) {
		problem_set(&call->problem, (int)call->http_number, call->what, NULL,
			    "the request cannot be sent: %s", err_text((int)call->http_number));
		call_finish(call, (int)call->http_number);
		return;
	}
	session->stats.requests++;
	call->tries++;
	call->generation = session->token.generation;
	g_queue_unlink(&session->waiting, &call->link);
	call->state = CALL_FLYING;
	g_queue_push_tail_link(&session->flying, &call->link);
}

int64_t call_step(struct call *call, int64_t now_ms)
{
	struct session *session = call->session;
	int64_t wait_ms;

	if (!call->sign_in_only && answered_by_cache(call, now_ms))
		return 0;
	call->needs_token = !call->plain && session_needs_token(session);
	if (call->needs_token) {
		if (sign_in_refused(session, now_ms))
			call_fail(call, &session->sign_in.refusal);
		else
			session->sign_in.wanted = true;
		return 0;
	}
	if (call->sign_in_only) {
		call_finish(call, ERR_OK);
		return 0;
	}
	if (asked_already(call))
		return 0;
	wait_ms = session_limit(session, call->origin);
	if (wait_ms > session->patience_ms) {
		fail_busy(call, wait_ms);
		return 0;
	}
	if (wait_ms == 0)
		send_call(call);
	return wait_ms;
}

/* A try failed. Another one follows when `may_repeat` and number, waits and the server allow it; else
 * call->problem is the answer. */
static void try_failed(struct call *call, const struct http_answer *answer, bool may_repeat)
{
	struct session *session = call->session;
	int64_t asked_ms = answer->error == ERR_OK ? answer->retry_after_ms : -1;
	int64_t wait_ms = backoff_next_ms(&call->backoff, asked_ms);

	unsigned attempts = session->attempts;

	call->failures++;
	if (answer->error == ERR_UNREACHED && !answer->request_sent)
		attempts = MIN(attempts, SESSION_CONNECT_ATTEMPTS);
	if (call->plain)
		attempts = MIN(attempts, SESSION_PLAIN_ATTEMPTS);
	if (asked_ms > 0 || answer->status == 429)
		session_limit_close(session, call->origin, MAX(asked_ms, wait_ms));
	if (!may_repeat || call->once || call->failures >= attempts) {
		session_add_tries(call->problem.why, sizeof(call->problem.why), call->tries);
		call_finish(call, call->problem.code);
	} else if (asked_ms > session->patience_ms || call->waited_ms + wait_ms > session->patience_ms) {
		if (asked_ms >= 0 || answer->status == 429)
			fail_busy(call, MAX(asked_ms, wait_ms));
		else
			call_finish(call, call->problem.code);
	} else {
		call->waited_ms += wait_ms;
		wait_again(call, wait_ms);
	}
}

/* The server no longer knows the token. `error` is what the caller gets when renewing does not help. */
static void not_signed_in(struct call *call, int error)
{
	struct session *session = call->session;
	int64_t now_ms = session_mono_ms(session);
	bool current = !call->plain && call->generation == session->token.generation &&
		       session->token.access != NULL;

	if (error != ERR_OK)
		problem_set(&call->problem, error, call->what, NULL,
			    "the server does not accept the sign-in");
	if (call->renewed && current)
		session->no_renewal_until_ms = now_ms + SESSION_BLOCK_MS;
	if (call->plain || session->auth == NULL || session->static_token != NULL || call->renewed ||
	    (current && now_ms < session->no_renewal_until_ms)) {
		call_finish(call, error);
		return;
	}
	/* When another call's 401 has renewed it meanwhile, this one only needs the new token. */
	if (current)
		sign_in_drop_access(session);
	call->renewed = true;
	wait_again(call, 0);
}

static void keep_in_cache(struct call *call, const struct http_answer *answer)
{
	struct session *session = call->session;
	int64_t age_ms = answer->max_age_ms;
	const char *bytes = call->answer_body;
	size_t length = call->answer.body_length;

	if (!call->cacheable || answer->status != 200 || bytes == NULL)
		return;
	if (session->lifetime_ms != NULL)
		age_ms = session->lifetime_ms(call->url, bytes, length, age_ms);
	cache_store(session->cache, call->url, bytes, length, answer->etag, age_ms, session_mono_ms(session));
	if (session->disk != NULL)
		cache_disk_write(session->disk, call->url, bytes, length, age_ms,
				 clock_wall_ms(session->clock));
}

static void succeeded(struct call *call, const struct http_answer *answer)
{
	int status = ERR_OK;

	if (call->inspect != NULL && answer->status >= 200 && answer->status < 300)
		status = call->inspect(call->answer_body != NULL ? call->answer_body : "",
				       call->answer.body_length);
	if (status == ERR_AUTH) {
		not_signed_in(call, ERR_AUTH);
		return;
	}
	/* A token that works again: the next 401 is worth a renewal. */
	if (call->renewed && !call->plain)
		call->session->no_renewal_until_ms = 0;
	if (status != ERR_OK) {
		problem_set(&call->problem, status, call->what, NULL, "the answer %s", err_text(status));
		try_failed(call, answer, status == ERR_PARSE && call->repeatable);
		return;
	}
	keep_in_cache(call, answer);
	call_finish(call, ERR_OK);
}

static void not_modified(struct call *call, const struct http_answer *answer)
{
	size_t length;
	const char *bytes = cache_renew(call->session->cache, call->url, answer->max_age_ms,
					session_mono_ms(call->session), &length);

	if (bytes != NULL && take_copy(call, bytes, length)) {
		call_finish(call, ERR_OK);
		return;
	}
	/* It was dropped from the cache since the question: asked again, whole. */
	call->no_tag = true;
	wait_again(call, 0);
}

static void judge_status(struct call *call, const struct http_answer *answer)
{
	int status = answer->status;

	if (status == 401) {
		not_signed_in(call, ERR_OK);
	} else if (status == 304 && call->cacheable && !call->no_tag) {
		not_modified(call, answer);
	} else if (session_repeatable_status(status) || status >= 500) {
		char message[121];

		session_message(call->answer_body, call->answer.body_length, message, sizeof(message));
		problem_set(&call->problem, status == 429 ? ERR_BUSY : ERR_SERVER, call->what, NULL,
			    "the server answered %d%s%s", status, message[0] != '\0' ? ": " : "", message);
		try_failed(call, answer,
			   session_repeatable_status(status) && (call->repeatable || status == 429));
	} else {
		succeeded(call, answer);
	}
}

static void judge_error(struct call *call, const struct http_answer *answer)
{
	bool unseen = call->repeatable || !answer->request_sent;
	bool timed_out = answer->error == ERR_TIMEOUT;
	bool patient = call->session->retry_timeouts || (call->repeat_timeout && call->timeouts == 0);
	bool may_repeat = unseen && answer->passing && (!timed_out || patient);
	char todo[SESSION_ADVICE_BYTES];

	call->timeouts += timed_out;
	problem_set(&call->problem, answer->error, call->what,
		    session_todo(call->session, call->origin, answer->error, todo), "%s", answer->why);
	try_failed(call, answer, may_repeat);
}

static void take_answer(struct call *call, struct http_answer *answer)
{
	call->session->stats.bytes += answer->body->length;
	free(call->answer_body);
	call->answer_body = buf_take(answer->body, &call->answer.body_length);
	if (call->answer_body == NULL)
		call->answer.body_length = 0;
	call->answer.status = answer->status;
	g_strlcpy(call->answer.content_type, answer->content_type, sizeof(call->answer.content_type));
	call->answer.max_age_ms = answer->max_age_ms;
	call->answer.server_date_ms = answer->server_date_ms;
	/* These say that nothing was done. */
	call->answer.request_sent = answer->request_sent && answer->status != 401 && answer->status != 425 &&
				    answer->status != 429;
	if (!call->session->keeps_cache && !call->repeatable && call->answer.request_sent &&
	    strcmp(call->method, "GET") != 0) {
		cache_free(call->session->cache);
		call->session->cache = cache_new(SESSION_CACHE_CEILING);
	}
}

static void on_answer(void *ctx, struct http_answer *answer)
{
	struct call *call = ctx;
	struct session *session = call->session;

	take_answer(call, answer);
	if (answer->error == ERR_OK)
		judge_status(call, answer);
	else
		judge_error(call, answer);
	session_wake(session);
}
