/* Signing in: one at a time, for all calls of the session. */
#include "net/session_private.h"

#include "base/moment.h"
#include "base/secret.h"

#include <string.h>

#define LOCK_ASK_MS 50

static void on_answer(void *ctx, struct http_answer *answer);

static bool keeps_token(const struct session *session)
{
	return session->identity != NULL && session->state_folder != NULL && session->auth != NULL &&
	       session->static_token == NULL;
}

static bool same_text(const char *a, const char *b) { return a != NULL && b != NULL && strcmp(a, b) == 0; }

/* Under the lock the file is what counts: whatever differs there was put by another process, even if its clock
 * says otherwise. What could not be stored is ours alone. */
static bool worth_taking(const struct session *session, const struct token *kept)
{
	const struct token *ours = &session->token;
	bool access_known = same_text(kept->access, ours->access) ||
			    same_text(kept->access, session->dead_access);
	bool refresh_known = kept->refresh == NULL || same_text(kept->refresh, ours->refresh);

	if (ours->generation == 0)
		return true;
	if (access_known && refresh_known)
		return false;
	if (session->sign_in.lock >= 0 && !session->token_unsaved)
		return true;
	return kept->obtained_ms > ours->obtained_ms;
}

/* Takes the kept token when another process has put it there since. */
static void read_kept(struct session *session)
{
	struct token kept = {.generation = session->token.generation, .expires_ms = MOMENT_NONE};
	struct problem problem = {.code = ERR_OK};
	char text[400];
	int status;

	if (!keeps_token(session))
		return;
	status = token_load(&kept, session->state_folder, session->identity, &problem);
	if (status == ERR_OK && worth_taking(session, &kept)) {
		token_fini(&session->token);
		session->token = kept;
		session->token_unsaved = false;
		if (same_text(kept.access, session->dead_access))
			token_drop_access(&session->token);
		return;
	}
	if (status != ERR_OK && status != ERR_ABSENT)
		logger_write(session->logger, LOG_LEVEL_WARN, session->account, "%s",
			     problem_text(&problem, text, sizeof(text)));
	token_fini(&kept);
}

static void keep(struct session *session)
{
	struct problem problem = {.code = ERR_OK};
	char text[400];

	if (!keeps_token(session))
		return;
	session->token_unsaved = token_save(&session->token, session->state_folder, session->identity,
					    &problem) != ERR_OK;
	if (session->token_unsaved)
		logger_write(session->logger, LOG_LEVEL_WARN, session->account, "the token is not kept: %s",
			     problem_text(&problem, text, sizeof(text)));
}

void sign_in_init(struct session *session)
{
	session->sign_in.lock = -1;
	backoff_init(&session->sign_in.backoff, 250, 8000, session->seed);
	read_kept(session);
}

static void signed_in(struct session *session);

bool sign_in_refused(struct session *session, int64_t now_ms)
{
	if (now_ms >= session->sign_in.refused_until_ms)
		return false;
	read_kept(session);
	if (session_needs_token(session))
		return true;
	signed_in(session);
	return false;
}

void sign_in_drop_access(struct session *session)
{
	secret_free(session->dead_access);
	session->dead_access = session->token.access;
	session->token.access = NULL;
}

static void unlock(struct session *session)
{
	token_unlock(session->sign_in.lock);
	session->sign_in.lock = -1;
	session->sign_in.lock_since_ms = 0;
}

void sign_in_close(struct session *session)
{
	if (session->sign_in.flying)
		http_cancel(session->http, session->sign_in.http_number);
	session->sign_in.flying = false;
	if (session->token_unsaved) { /* the disk may have room again */
		read_kept(session);
		keep(session);
	}
	unlock(session);
}

/* All calls that waited for it fail with its problem. */
static void give_up(struct session *session, const struct problem *problem)
{
	struct sign_in *sign_in = &session->sign_in;
	GList *link = session->waiting.head, *following;

	unlock(session);
	sign_in->wanted = false;
	sign_in->failures = sign_in->time_outs = sign_in->lost = 0;
	for (; link != NULL; link = following) {
		struct call *call = link->data;

		following = link->next;
		if (call->needs_token)
			call_fail(call, problem);
	}
	session_wake(session);
}

static void refused(struct session *session, const struct problem *problem)
{
	struct sign_in *sign_in = &session->sign_in;
	int64_t wait_ms = MIN(MAX(sign_in->refusal_wait_ms * 2, SESSION_BLOCK_MS), SESSION_BLOCK_MOST_MS);

	sign_in->refusal = *problem;
	sign_in->refusal_wait_ms = wait_ms;
	sign_in->refused_until_ms = session_mono_ms(session) + wait_ms;
	give_up(session, problem);
}

static void signed_in(struct session *session)
{
	struct sign_in *sign_in = &session->sign_in;

	unlock(session);
	backoff_reset(&sign_in->backoff);
	sign_in->wanted = false;
	sign_in->failures = sign_in->time_outs = sign_in->lost = 0;
	sign_in->refresh_refused = false;
	sign_in->wait_until_ms = 0;
	sign_in->refusal_wait_ms = sign_in->refused_until_ms = sign_in->ready_ms = 0;
	session_wake(session);
}

/* The renewal failed for now, but the old access token has not ended: nothing has to fail for it. */
static bool old_token_serves(struct session *session)
{
	struct sign_in *sign_in = &session->sign_in;

	if (!session_token_lives(session))
		return false;
	unlock(session);
	sign_in->wanted = false;
	sign_in->failures = sign_in->time_outs = sign_in->lost = 0;
	sign_in->wait_until_ms = session_mono_ms(session) + SESSION_OLD_TOKEN_MS;
	session_wake(session);
	return true;
}

/* Not answered, or not with sense: once more later, or given up for now. */
static void try_failed(struct session *session, const struct http_answer *answer, struct problem *problem,
		       bool passing)
{
	struct sign_in *sign_in = &session->sign_in;
	int64_t asked_ms = answer->error == ERR_OK ? answer->retry_after_ms : -1;
	int64_t wait_ms = backoff_next_ms(&sign_in->backoff, asked_ms);
	bool timed_out = answer->error == ERR_TIMEOUT;
	/* A vendor may refresh with a token of its own (one that a person pasted), so each counts. */
	bool lost = answer->request_sent && (answer->error != ERR_OK || answer->status < 300) &&
		    session->auth->rotates;
	unsigned attempts = session->attempts;

	if (answer->error == ERR_UNREACHED && !answer->request_sent)
		attempts = MIN(attempts, SESSION_CONNECT_ATTEMPTS);
	else if (answer->error == ERR_OK && answer->status < 300)
		attempts = MIN(attempts, SESSION_SENSELESS_ATTEMPTS);
	sign_in->failures++;
	sign_in->time_outs += timed_out;
	sign_in->lost += lost;
	sign_in->ready_ms = session_mono_ms(session) + wait_ms;
	if (!passing || sign_in->failures >= attempts || wait_ms > session->patience_ms ||
	    (timed_out && !session->retry_timeouts && sign_in->time_outs > 1) ||
	    sign_in->lost >= SESSION_LOST_REFRESHES) {
		if (old_token_serves(session))
			return;
		session_add_tries(problem->why, sizeof(problem->why), sign_in->failures);
		/* What is asked for in the next moment would only fail in the same way, after as many tries. */
		sign_in->refusal = *problem;
		sign_in->refused_until_ms = session_mono_ms(session) + SESSION_PAUSE_MS;
		give_up(session, problem);
	}
}

static const char *hint(const struct session *session)
{
	return session->auth->todo != NULL ? session->auth->todo
					   : "check the credentials in the configuration";
}

static void judge_refusal(struct session *session, const struct http_answer *answer)
{
	const char *body = buf_text(answer->body);
	int status = answer->status;
	bool credentials = status == 400 || status == 401 || status == 403;
	struct problem problem = {.code = ERR_OK};
	char message[121], check[SESSION_ADVICE_BYTES];

	g_snprintf(check, sizeof(check), "check %s", session_address(session, session->sign_in.origin));
	session_message(body, answer->body->length, message, sizeof(message));
	problem_set(&problem,
		    credentials     ? ERR_AUTH
		    : status == 429 ? ERR_BUSY
				    : ERR_SERVER,
		    "sign-in",
		    credentials                                          ? hint(session)
		    : session_repeatable_status(status) || status >= 500 ? NULL
									 : check,
		    "the server answered %d%s%s", status, message[0] != '\0' ? ": " : "", message);
	if (session_repeatable_status(status) || status >= 500)
		try_failed(session, answer, &problem, session_repeatable_status(status));
	else
		refused(session, &problem);
}

static bool refresh_useless(struct session *session, const struct http_answer *answer)
{
	const struct auth_ops *auth = session->auth;

	return (session->sign_in.refreshing || auth->own_refresh) && auth->refresh_failed != NULL &&
	       auth->refresh_failed(session->auth_state, answer->status, buf_text(answer->body),
				    answer->body->length);
}

/* The next step then asks for a login, or, where there is nothing to log in with, says that this is the end. */
static void refresh_dropped(struct session *session, const struct http_answer *answer)
{
	struct sign_in *sign_in = &session->sign_in;
	uint64_t generation = session->token.generation;
	char message[121];

	/* Where locking is not possible another process may have used it up: its new one is as good. */
	read_kept(session);
	if (session->token.generation != generation)
		return;
	session_message(buf_text(answer->body), answer->body->length, message, sizeof(message));
	problem_set(&sign_in->refusal, ERR_AUTH, "sign-in", hint(session),
		    "signed out: the server answered %d to the renewal%s%s", answer->status,
		    message[0] != '\0' ? ": " : "", message);
	sign_in->refresh_refused = true;
	token_drop_refresh(&session->token);
	session->token_unsaved = false;
	if (keeps_token(session))
		token_forget(session->state_folder, session->identity);
}

static void judge(struct session *session, const struct http_answer *answer)
{
	struct problem problem = {.code = ERR_OK};
	char todo[SESSION_ADVICE_BYTES];
	int status;

	if (answer->error != ERR_OK) {
		problem_set(&problem, answer->error, "sign-in",
			    session_todo(session, session->sign_in.origin, answer->error, todo), "%s",
			    answer->why);
		try_failed(session, answer, &problem, answer->passing);
		return;
	}
	if (answer->status < 200 || answer->status >= 300) {
		if (refresh_useless(session, answer))
			refresh_dropped(session, answer);
		else
			judge_refusal(session, answer);
		return;
	}
	status = session->auth->answer(session->auth_state, buf_text(answer->body), answer->body->length,
				       clock_wall_ms(session->clock), &session->token, &problem);
	if (status == ERR_OK && session->token.access != NULL) {
		session->stats.sign_ins++;
		session->signed_in_ms = session_mono_ms(session);
		/* Kept before it is used: a refresh token that changes at each use must not be lost. */
		keep(session);
		signed_in(session);
		return;
	}
	if (problem.code == ERR_OK)
		problem_set(&problem, ERR_PARSE, "sign-in", NULL, "the answer holds no token");
	try_failed(session, answer, &problem, true);
}

static void on_answer(void *ctx, struct http_answer *answer)
{
	struct session *session = ctx;

	session->sign_in.flying = false;
	session->stats.bytes += answer->body->length;
	if (answer->error == ERR_OK && answer->retry_after_ms > 0 && session_repeatable_status(answer->status))
		session_limit_close(session, session->sign_in.origin, answer->retry_after_ms);
	judge(session, answer);
	session_wake(session);
}

/* 0: may go on; above: ms to wait for another process. Without a lock at all, or when another does not come to
 * an end, a login goes on: the worst is one login more. A token that changes at each use waits for its turn. */
static int64_t take_lock(struct session *session, int64_t now_ms)
{
	struct sign_in *sign_in = &session->sign_in;
	struct problem problem = {.code = ERR_OK};
	char text[400];
	int status;

	if (!keeps_token(session) || sign_in->lock >= 0)
		return 0;
	status = token_lock(session->state_folder, session->identity, &sign_in->lock, &problem);
	if (status == ERR_BUSY) {
		if (sign_in->lock_since_ms == 0)
			sign_in->lock_since_ms = now_ms;
		if (now_ms - sign_in->lock_since_ms < SESSION_LOCK_PATIENCE_MS)
			return LOCK_ASK_MS;
		if (!session->auth->rotates)
			return 0;
		problem_set(&problem, ERR_BUSY, "sign-in", NULL,
			    "another lodge is signing in and does not come to an end");
		give_up(session, &problem);
		return LOCK_ASK_MS;
	}
	if (status != ERR_OK)
		logger_write(session->logger, LOG_LEVEL_WARN, session->account, "%s",
			     problem_text(&problem, text, sizeof(text)));
	return 0;
}

struct sign_in_parts {
	struct buf path, body, type, url;
};

static int make_request(struct session *session, struct sign_in_parts *parts, struct problem *problem)
{
	struct sign_in *sign_in = &session->sign_in;
	int status;

	buf_init(&parts->path, BUF_CEILING_LINE);
	buf_init(&parts->body, BUF_CEILING_REQUEST);
	buf_init(&parts->type, BUF_CEILING_LINE);
	buf_init(&parts->url, BUF_CEILING_LINE);
	sign_in->refreshing = session->token.refresh != NULL;
	status = session->auth->request(session->auth_state, &session->token, &parts->path, &parts->body,
					&parts->type, problem);
	if (status != ERR_OK) {
		if (sign_in->refresh_refused)
			*problem = sign_in->refusal;
		else if (problem->code == ERR_OK)
			problem_set(problem, status, "sign-in", hint(session), "%s", err_text(status));
		return status;
	}
	http_join(&parts->url, session->base_url, buf_text(&parts->path));
	if (!http_origin(buf_text(&parts->url), sign_in->origin, sizeof(sign_in->origin)))
		return problem_set(problem, ERR_CONFIG, "sign-in", NULL, "its address is not valid");
	return ERR_OK;
}

static int send_request(struct session *session, const struct sign_in_parts *parts, struct problem *problem)
{
	struct sign_in *sign_in = &session->sign_in;
	struct http_header headers[] = {
		{.name = "Content-Type",
		 .value = parts->type.length > 0 ? parts->type.data : "application/json"},
		{.name = "Accept", .value = "application/json"},
	};
	/* Never repeatable: a refresh token may be good for one use. */
	struct http_request request = {
		.method = "POST",
		.url = buf_text(&parts->url),
		.headers = headers,
		.n_headers = G_N_ELEMENTS(headers),
		.body = buf_text(&parts->body),
		.body_length = parts->body.length,
		.secret_body = true,
		.ceiling = 1u << 20,
		.attempt = sign_in->failures + 1,
	};

	sign_in->http_number = http_send(session->http, &request, on_answer, session);
	if (sign_in->http_number < 0)
		return problem_set(problem, (int)sign_in->http_number, "sign-in", NULL,
				   "the request cannot be sent: %s", err_text((int)sign_in->http_number));
	sign_in->flying = true;
	session->stats.requests++;
	return ERR_OK;
}

/* Builds and sends it, if the limiter lets it. */
static int64_t begin(struct session *session)
{
	struct problem problem = {.code = ERR_OK};
	struct sign_in_parts parts;
	int64_t wait_ms = 0;
	int status = make_request(session, &parts, &problem);

	if (status == ERR_OK) {
		wait_ms = session_limit(session, session->sign_in.origin);
		if (wait_ms > session->patience_ms)
			status = problem_set(&problem, ERR_BUSY, "sign-in", NULL,
					     "the server asks to wait %lld s",
					     (long long)((wait_ms + 999) / 1000));
	}
	if (status == ERR_OK && wait_ms == 0)
		status = send_request(session, &parts, &problem);
	buf_fini(&parts.path);
	buf_wipe(&parts.body);
	buf_fini(&parts.type);
	buf_fini(&parts.url);
	if (status != ERR_OK) {
		give_up(session, &problem);
		return 0;
	}
	return wait_ms > 0 ? wait_ms : -1;
}

int64_t sign_in_step(struct session *session, int64_t now_ms)
{
	struct sign_in *sign_in = &session->sign_in;
	int64_t wait_ms;

	if (!sign_in->wanted || sign_in->flying)
		return -1;
	if (sign_in->ready_ms > now_ms)
		return sign_in->ready_ms - now_ms;
	wait_ms = take_lock(session, now_ms);
	if (wait_ms > 0)
		return wait_ms;
	/* Another process may have done it while this one slept or waited. */
	read_kept(session);
	if (!session_needs_token(session)) {
		signed_in(session);
		return 0;
	}
	return begin(session);
}
