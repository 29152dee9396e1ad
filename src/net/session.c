#include "net/session.h"

#include "base/moment.h"
#include "base/secret.h"
#include "net/session_private.h"

#include <stdio.h>
#include <string.h>

/* A new token is used for so long whatever its life: one that is stale when it comes must not make a login
 * storm. */
#define NEW_TOKEN_MS 1000
#define PATIENCE_DEFAULT_MS INT64_C(60000)
#define LIMIT_KEY_SIZE 600

int64_t session_mono_ms(const struct session *session) { return clock_mono_ms(session->clock); }

bool session_needs_token(const struct session *session)
{
	bool new = session->token.access != NULL && session->signed_in_ms != 0 &&
		   session_mono_ms(session) - session->signed_in_ms < NEW_TOKEN_MS;

	if (session_mono_ms(session) < session->sign_in.wait_until_ms && session_token_lives(session))
		return false;
	return session->auth != NULL && session->static_token == NULL && !new &&
	       !token_usable(&session->token, clock_wall_ms(session->clock));
}

bool session_token_lives(const struct session *session)
{
	int64_t now_ms = clock_wall_ms(session->clock);
	const struct token *token = &session->token;

	return token->access != NULL && now_ms >= token->obtained_ms &&
	       (token->expires_ms == MOMENT_NONE || now_ms < token->expires_ms);
}

/* Accounts with the same limits at the same origin share one: two vendors behind one address (a simulator) do not slow each other down. */
static const char *limit_key(const struct session *session, const char *origin, char out[LIMIT_KEY_SIZE])
{
	snprintf(out, LIMIT_KEY_SIZE, "%s#%g/%g", origin, session->per_s, session->burst);
	return out;
}

int64_t session_limit(struct session *session, const char *origin)
{
	char key[LIMIT_KEY_SIZE];

	return limiter_pool_take(session->limiters, limit_key(session, origin, key), session->per_s,
				 session->burst, session_mono_ms(session));
}

void session_limit_close(struct session *session, const char *origin, int64_t wait_ms)
{
	char key[LIMIT_KEY_SIZE];

	limiter_pool_close_for(session->limiters, limit_key(session, origin, key), session->per_s,
			       session->burst, session_mono_ms(session), wait_ms);
}

bool session_repeatable_status(int status)
{
	return status == 408 || status == 425 || status == 429 || status == 500 || status == 502 ||
	       status == 503 || status == 504;
}

const char *session_address(const struct session *session, const char *origin)
{
	bool elsewhere = session->sign_in_origin != NULL && strcmp(origin, session->sign_in_origin) == 0 &&
			 strcmp(origin, session->origin) != 0;

	return elsewhere && session->auth != NULL && session->auth->address != NULL ? session->auth->address
										    : "base_url";
}

const char *session_todo(const struct session *session, const char *origin, int error,
			 char out[SESSION_ADVICE_BYTES])
{
	switch (error) {
	case ERR_UNREACHED:
		g_snprintf(out, SESSION_ADVICE_BYTES, "check the network and %s",
			   session_address(session, origin));
		return out;
	case ERR_TIMEOUT:
		return "try again, or raise timeout";
	case ERR_TOO_BIG:
		return "ask for less with filters";
	default:
		return NULL;
	}
}

void session_add_tries(char *out, size_t size, unsigned tries)
{
	size_t length = strlen(out);

	if (tries > 1)
		g_snprintf(out + length, size - length, ", %u tries", tries);
}

/* The callbacks of what has finished. Any of them may send, cancel and close. */
static void deliver(struct session *session)
{
	while (session->finished.length > 0) {
		struct call *call = session->finished.head->data;

		g_queue_unlink(&session->finished, &call->link);
		call->answer.problem = &call->problem;
		call->answer.body = call->answer_body != NULL ? call->answer_body : "";
		call->answer.tries = call->tries;
		call->answer.duration_ms = session_mono_ms(session) - call->sent_ms;
		call->done(call->ctx, &call->answer);
		call_free(call);
	}
}

/* Starts what can be started, in the order of arrival. Returns the ms until something may have changed by
 * time alone; -1: never. */
static int64_t start_waiting(struct session *session)
{
	int64_t now_ms = session_mono_ms(session), next_ms = -1, wait_ms;
	GList *link = session->waiting.head, *following;

	for (; link != NULL && session->flying.length < SESSION_PARALLEL; link = following) {
		struct call *call = link->data;

		following = link->next;
		wait_ms = call->ready_ms - now_ms;
		if (wait_ms <= 0) {
			wait_ms = call_step(call, now_ms);
			/* The limiter's answer holds for all behind it. */
			if (wait_ms > 0)
				following = NULL;
		}
		if (wait_ms > 0 && (next_ms < 0 || wait_ms < next_ms))
			next_ms = wait_ms;
	}
	wait_ms = sign_in_step(session, now_ms);
	if (wait_ms >= 0 && (next_ms < 0 || wait_ms < next_ms))
		next_ms = wait_ms;
	return next_ms;
}

static void on_timer(uv_timer_t *timer)
{
	struct session *session = timer->data;
	int64_t next_ms = start_waiting(session);

	/* Set before the callbacks, which may wake earlier. A finished step of the sign-in looks again at
	 * once. */
	if (next_ms >= 0)
		uv_timer_start(&session->timer, on_timer, (uint64_t)MIN(next_ms, 3600000), 0);
	deliver(session);
}

void session_wake(struct session *session)
{
	if (!session->closing)
		uv_timer_start(&session->timer, on_timer, 0, 0);
}

static char *secret_copy(const char *text) { return text != NULL ? secret_new(text, strlen(text)) : NULL; }

static void session_free(struct session *session)
{
	token_fini(&session->token);
	cache_free(session->cache);
	cache_disk_free(session->disk);
	limiter_pool_free(session->own_limiters);
	secret_free(session->dead_access);
	secret_free(session->static_token);
	secret_free(session->basic_password);
	g_free(session->basic_user);
	g_free(session->account);
	g_free(session->base_url);
	g_free(session->origin);
	g_free(session->sign_in_url);
	g_free(session->sign_in_origin);
	g_free(session->identity);
	g_free(session->state_folder);
	g_free(session);
}

static void copy_options(struct session *session, const struct session_options *options)
{
	session->clock = options->http.clock != NULL ? options->http.clock : &clock_system;
	session->logger = options->http.logger;
	session->account = g_strdup(options->account != NULL ? options->account : "session");
	session->base_url = g_strdup(options->base_url);
	session->identity = g_strdup(options->identity);
	session->state_folder = g_strdup(options->state_folder);
	session->static_token = secret_copy(options->static_token);
	session->basic_user = g_strdup(options->basic_user);
	session->basic_password = secret_copy(options->basic_password);
	session->auth = options->auth;
	session->auth_state = options->auth_state;
	session->per_s = options->per_s;
	session->burst = options->burst;
	session->attempts = MAX(options->attempts, 1);
	session->retry_timeouts = options->retry_timeouts;
	session->patience_ms = options->patience_ms > 0 ? options->patience_ms : PATIENCE_DEFAULT_MS;
	session->seed = options->seed;
	session->keeps_cache = options->keeps_cache;
	session->lifetime_ms = options->lifetime_ms;
	if (options->keeps_cache && options->identity != NULL && options->state_folder != NULL)
		session->disk = cache_disk_new(options->state_folder, options->identity);
}

static int make_parts(struct session *session, const struct session_options *options, struct problem *problem)
{
	struct http_options http = options->http;
	char why[200], origin[512];

	if (!http_url_allowed(options->base_url, why, sizeof(why)) ||
	    !http_origin(options->base_url, origin, sizeof(origin)))
		return problem_set(problem, ERR_CONFIG, "base_url", NULL, "%s",
				   why[0] != '\0' ? why : "it is too long");
	session->origin = g_strdup(origin);
	if (options->sign_in_url != NULL) {
		if (!http_url_allowed(options->sign_in_url, why, sizeof(why)) ||
		    !http_origin(options->sign_in_url, origin, sizeof(origin)))
			return problem_set(problem, ERR_CONFIG, "the address for signing in", NULL, "%s",
					   why[0] != '\0' ? why : "it is too long");
		session->sign_in_url = g_strdup(options->sign_in_url);
		session->sign_in_origin = g_strdup(origin);
	}
	session->own_limiters = options->limiters == NULL ? limiter_pool_new() : NULL;
	session->limiters = options->limiters != NULL ? options->limiters : session->own_limiters;
	if (session->limiters == NULL)
		return problem_set(problem, ERR_NOMEM, NULL, NULL, "%s", err_text(ERR_NOMEM));
	if (http.scope == NULL)
		http.scope = session->account;
	session->http = http_new(session->loop, &http, problem);
	return session->http != NULL ? ERR_OK : ERR_CONFIG;
}

struct session *session_new(uv_loop_t *loop, const struct session_options *options, struct problem *problem)
{
	struct session *session = g_new0(struct session, 1);

	session->loop = loop;
	session->token.expires_ms = MOMENT_NONE;
	copy_options(session, options);
	g_queue_init(&session->waiting);
	g_queue_init(&session->flying);
	g_queue_init(&session->finished);
	if (make_parts(session, options, problem) != ERR_OK) {
		session_free(session);
		return NULL;
	}
	session->cache = cache_new(SESSION_CACHE_CEILING);
	/* Never fails: it only fills the struct. */
	uv_timer_init(loop, &session->timer);
	session->timer.data = session;
	sign_in_init(session);
	return session;
}

static void part_closed(struct session *session)
{
	void (*closed)(void *ctx) = session->closed;
	void *ctx = session->closed_ctx;

	if (--session->open > 0)
		return;
	session_free(session);
	if (closed != NULL)
		closed(ctx);
}

static void on_http_closed(void *ctx) { part_closed(ctx); }

static void on_timer_closed(uv_handle_t *handle) { part_closed(handle->data); }

static void cancel_all(struct session *session, GQueue *queue)
{
	while (queue->length > 0) {
		struct call *call = queue->head->data;

		call->answer.request_sent = false;
		if (call->state == CALL_FLYING) {
			call->answer.request_sent = http_sent(session->http, call->http_number);
			http_cancel(session->http, call->http_number);
		}
		problem_set(&call->problem, ERR_CANCELLED, call->what, NULL, "%s", err_text(ERR_CANCELLED));
		call_finish(call, ERR_CANCELLED);
	}
}

void session_close(struct session *session, void (*closed)(void *ctx), void *ctx)
{
	if (session->closing)
		return;
	session->closing = true;
	session->closed = closed;
	session->closed_ctx = ctx;
	session->open = 2;
	cancel_all(session, &session->waiting);
	cancel_all(session, &session->flying);
	sign_in_close(session);
	deliver(session);
	http_close(session->http, on_http_closed, session);
	uv_close((uv_handle_t *)&session->timer, on_timer_closed);
}

static int64_t enqueue(struct session *session, struct call *call, int64_t delay_ms, session_done_fn done,
		       void *ctx)
{
	call->done = done;
	call->ctx = ctx;
	call->number = ++session->last_number;
	call->sent_ms = call->ready_ms = session_mono_ms(session);
	call->ready_ms += CLAMP(delay_ms, 0, SESSION_DELAY_MOST_MS);
	backoff_init(&call->backoff, 250, 8000, session->seed + (uint64_t)call->number);
	g_queue_push_tail_link(&session->waiting, &call->link);
	session_wake(session);
	return call->number;
}

int64_t session_send(struct session *session, const struct session_request *request, session_done_fn done,
		     void *ctx)
{
	struct call *call;
	int status = ERR_CLOSED;

	call = session->closing ? NULL : call_new(session, request, &status);
	return call != NULL ? enqueue(session, call, request->delay_ms, done, ctx) : status;
}

int64_t session_sign_in(struct session *session, session_done_fn done, void *ctx)
{
	struct session_request request = {.method = "GET", .path = ""};
	struct call *call;
	int status = ERR_CLOSED;

	call = session->closing ? NULL : call_new(session, &request, &status);
	if (call == NULL)
		return status;
	call->sign_in_only = true;
	g_free(call->what);
	call->what = g_strdup("sign-in");
	return enqueue(session, call, 0, done, ctx);
}

static struct call *find(GQueue *queue, int64_t number)
{
	for (GList *link = queue->head; link != NULL; link = link->next) {
		struct call *call = link->data;

		if (call->number == number)
			return call;
	}
	return NULL;
}

bool session_sent(struct session *session, int64_t number)
{
	const struct call *call = find(&session->flying, number);

	if (call != NULL)
		return http_sent(session->http, call->http_number);
	call = find(&session->finished, number);
	return call != NULL && call->answer.request_sent;
}

void session_cancel(struct session *session, int64_t number)
{
	struct call *call = find(&session->waiting, number);

	if (call == NULL)
		call = find(&session->flying, number);
	if (call == NULL)
		call = find(&session->finished, number);
	if (call == NULL)
		return;
	if (call->state == CALL_FLYING)
		http_cancel(session->http, call->http_number);
	g_queue_unlink(call_queue(call), &call->link);
	call_free(call);
	session_wake(session);
}

struct session_stats session_stats(const struct session *session) { return session->stats; }
