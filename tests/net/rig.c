#include "rig.h"

#include "base/jsonx.h"
#include "base/secret.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A vendor of the usual kind. */

static int auth_request(void *state, const struct token *token, struct buf *path, struct buf *body,
			struct buf *type, struct problem *problem)
{
	(void)state, (void)type, (void)problem;
	buf_adds(path, token->refresh != NULL ? "/refresh" : "/login");
	buf_addf(body, "{\"refresh\":\"%s\",\"secret\":\"hush\"}",
		 token->refresh != NULL ? token->refresh : "");
	return ERR_OK;
}

static int auth_answer(void *state, const char *bytes, size_t length, int64_t now_ms, struct token *token,
		       struct problem *problem)
{
	struct rig *rig = state;
	struct jsonx doc;
	const char *access, *refresh;
	int status;

	jsonx_init(&doc);
	status = jsonx_parse(&doc, bytes, length, problem);
	access = jsonx_str(jsonx_get(doc.root, "access_token"));
	refresh = jsonx_str(jsonx_get(doc.root, "refresh_token"));
	if (status == ERR_OK && access == NULL)
		status = ERR_PARSE;
	if (status == ERR_OK)
		token_set(token, secret_new(access, strlen(access)),
			  refresh != NULL ? secret_new(refresh, strlen(refresh)) : NULL, rig->plan.life_s,
			  now_ms);
	jsonx_fini(&doc);
	return status;
}

static bool auth_refresh_failed(void *state, int status, const char *bytes, size_t length)
{
	(void)state, (void)bytes, (void)length;
	return status == 401;
}

const struct auth_ops rig_auth = {
	.request = auth_request,
	.answer = auth_answer,
	.refresh_failed = auth_refresh_failed,
	.todo = "check client_id and client_secret",
};

const struct auth_ops rig_auth_rotating = {
	.request = auth_request,
	.answer = auth_answer,
	.refresh_failed = auth_refresh_failed,
	.rotates = true,
};

static int pasted_request(void *state, const struct token *token, struct buf *path, struct buf *body,
			  struct buf *type, struct problem *problem)
{
	if (token->refresh == NULL)
		return problem_set(problem, ERR_AUTH, "sign-in", NULL, "there is no password");
	return auth_request(state, token, path, body, type, problem);
}

const struct auth_ops rig_auth_pasted = {
	.request = pasted_request,
	.answer = auth_answer,
	.refresh_failed = auth_refresh_failed,
	.todo = "paste a new pair",
	.rotates = true,
};

/* The server. */

static bool refresh_good(const struct rig *rig, const struct loopback_request *request)
{
	const char *sent = strstr(request->body, "\"refresh-");
	unsigned number = sent == NULL ? 0 : (unsigned)g_ascii_strtoull(sent + 9, NULL, 10);

	if (number == rig->tokens)
		return true;
	return rig->plan.lenient && number + 1 == rig->tokens && rig->used < rig->tokens;
}

static void answer_login(struct rig *rig, struct loopback_peer *peer, bool refresh,
			 const struct loopback_request *request)
{
	struct plan *plan = &rig->plan;
	char *body;

	if (plan->login_stuck)
		return;
	if (refresh && plan->fail_refreshes > 0) {
		plan->fail_refreshes--;
		loopback_answer(peer, 503, "", "");
		return;
	}
	if (refresh && plan->strict && !refresh_good(rig, request)) {
		loopback_answer(peer, 401, "", "{\"error\":\"invalid_grant\"}");
		return;
	}
	if (refresh && plan->lose_refreshes > 0) {
		plan->lose_refreshes--;
		rig->tokens++;
		loopback_reset(peer);
		return;
	}
	if (plan->login_garbage) {
		loopback_answer(peer, 200, "", "<html>no token</html>");
	} else if (plan->fail_logins > 0) {
		plan->fail_logins--;
		loopback_answer(peer, 503, "", "");
	} else if (plan->refuse_logins > 0 || (refresh && plan->refresh_refused)) {
		plan->refuse_logins -= plan->refuse_logins > 0;
		loopback_answer(peer, plan->login_status != 0 ? plan->login_status : 401, "",
				"{\"error\":\"invalid\",\"error_description\":\"wrong \\u001b[31msecret\"}");
	} else {
		rig->tokens++;
		body = g_strdup_printf("{\"access_token\":\"token-%u\",\"refresh_token\":\"refresh-%u\"}",
				       rig->tokens, rig->tokens);
		loopback_answer(peer, 200, "", body);
		g_free(body);
	}
}

static void answer_flaky(struct rig *rig, struct loopback_peer *peer)
{
	struct plan *plan = &rig->plan;

	if (plan->failures == 0) {
		loopback_answer(peer, 200, "", "well");
		return;
	}
	plan->failures--;
	if (plan->failure_resets)
		loopback_reset(peer);
	else
		loopback_answer(peer, plan->failure_status,
				plan->failure_headers != NULL ? plan->failure_headers : "", "not well");
}

static bool token_accepted(struct rig *rig, const struct loopback_request *request)
{
	const char *sent = loopback_header(rig->server, request->index, "Authorization");
	unsigned number;

	if (sent == NULL || !g_str_has_prefix(sent, "Bearer token-") || rig->plan.never_valid)
		return false;
	number = (unsigned)g_ascii_strtoull(sent + strlen("Bearer token-"), NULL, 10);
	rig->used = MAX(rig->used, number);
	if (rig->plan.check_stored && number > rig->plan.valid) {
		struct token token = {.access = NULL};

		assert_int_equal(token_load(&token, rig->folder, rig->options.identity, NULL), ERR_OK);
		assert_string_equal(token.access, sent + strlen("Bearer "));
		token_fini(&token);
	}
	return number > rig->plan.valid;
}

static void answer_tagged(struct rig *rig, struct loopback_peer *peer, const struct loopback_request *request)
{
	const char *tag = loopback_header(rig->server, request->index, "If-None-Match");

	if (tag != NULL && strcmp(tag, "\"t1\"") == 0)
		loopback_answer(peer, 304, "ETag: \"t1\"\r\n", "");
	else
		loopback_answer(peer, 200, "ETag: \"t1\"\r\n", "tagged");
}

/* Another host, which knows nobody. */
static void on_other(void *ctx, struct loopback_peer *peer, const struct loopback_request *request)
{
	struct rig *rig = ctx;
	char *elsewhere;

	rig->other_count++;
	if (strcmp(request->target, "/stuck") == 0)
		return;
	if (strcmp(request->target, "/away") == 0) {
		elsewhere = g_strdup_printf("Location: %s/picture\r\n", loopback_url(rig->other));
		loopback_answer(peer, 302, elsewhere, "");
		g_free(elsewhere);
	} else if (strcmp(request->target, "/broken") == 0) {
		loopback_answer(peer, 503, "", "");
	} else if (strcmp(request->target, "/locked") == 0) {
		loopback_answer(peer, 401, "", "{\"message\":\"who?\"}");
	} else {
		loopback_answer(peer, 200, "Content-Type: image/png\r\n", "picture");
	}
}

static void on_request(void *ctx, struct loopback_peer *peer, const struct loopback_request *request)
{
	struct rig *rig = ctx;
	const char *target = request->target;
	char *elsewhere;

	if (g_str_has_suffix(target, "/login") || g_str_has_suffix(target, "/refresh"))
		answer_login(rig, peer, g_str_has_suffix(target, "/refresh"), request);
	else if (rig->options.auth != NULL && !token_accepted(rig, request))
		loopback_answer(peer, 401, "", "{\"message\":\"expired\"}");
	else if (strcmp(target, "/flaky") == 0)
		answer_flaky(rig, peer);
	else if (strcmp(target, "/tagged") == 0)
		answer_tagged(rig, peer, request);
	else if (strcmp(target, "/aged") == 0)
		loopback_answer(peer, 200, "Cache-Control: max-age=900\r\n", "aged");
	else if (strcmp(target, "/missing") == 0)
		loopback_answer(peer, 404, "", "{\"message\":\"no such thing\"}");
	else if (strcmp(target, "/away") == 0) {
		elsewhere = g_strdup_printf("Location: %s/thing\r\n", loopback_url(rig->other));
		loopback_answer(peer, 302, elsewhere, "");
		g_free(elsewhere);
	} else if (strcmp(target, "/stuck") != 0)
		loopback_answer(peer, 200, "Content-Type: application/json\r\n", "{\"ok\":true}");
}

/* Set-up. */

void rig_open(struct rig *rig)
{
	struct problem problem = {.code = ERR_OK};

	rig->closed = false;
	rig->session = session_new(&rig->loop, &rig->options, &problem);
	if (rig->session == NULL)
		fail_msg("%s", problem.why);
}

void rig_on_closed(void *ctx) { *(bool *)ctx = true; }

void rig_close(struct rig *rig)
{
	if (rig->session != NULL) {
		session_close(rig->session, rig_on_closed, &rig->closed);
		loopback_run(&rig->loop, &rig->closed);
	}
	rig->session = NULL;
}

int rig_set_up(void **state)
{
	struct rig *rig = g_new0(struct rig, 1);
	char folder[] = "/tmp/lodge-session-XXXXXX";

	alarm(20); /* a hang is a failure */
	assert_int_equal(uv_loop_init(&rig->loop), 0);
	rig->folder = g_strdup(mkdtemp(folder));
	rig->server = loopback_new(&rig->loop, on_request, rig);
	rig->other = loopback_new(&rig->loop, on_other, rig);
	rig->limiters = limiter_pool_new();
	rig->plan = (struct plan){.life_s = 3600, .failure_status = 503};
	rig->options = (struct session_options){
		.account = "test",
		.base_url = loopback_url(rig->server),
		.auth = &rig_auth,
		.auth_state = rig,
		.per_s = 0,
		.limiters = rig->limiters,
		.attempts = 3,
		.http = {.user_agent = "lodge-test/1", .timeout_ms = 10000},
	};
	rig_open(rig);
	*state = rig;
	return 0;
}

int rig_tear_down(void **state)
{
	struct rig *rig = *state;
	GDir *folder;
	const char *name;

	rig_close(rig);
	loopback_close(rig->server);
	loopback_close(rig->other);
	loopback_run_out(&rig->loop);
	limiter_pool_free(rig->limiters);
	for (unsigned i = 0; i < REPLIES; i++)
		g_free(rig->replies[i].body);
	folder = g_dir_open(rig->folder, 0, NULL);
	while ((name = g_dir_read_name(folder)) != NULL) {
		char *path = g_build_filename(rig->folder, name, NULL);

		g_remove(path);
		g_free(path);
	}
	g_dir_close(folder);
	g_rmdir(rig->folder);
	g_free(rig->folder);
	g_free(rig);
	return 0;
}

void rig_on_reply(void *ctx, const struct session_answer *answer)
{
	struct reply *reply = ctx;

	reply->calls++;
	reply->done = true;
	reply->error = answer->error;
	reply->status = answer->status;
	reply->tries = answer->tries;
	reply->request_sent = answer->request_sent;
	reply->cached = answer->cached;
	g_strlcpy(reply->content_type, answer->content_type, sizeof(reply->content_type));
	reply->problem = *answer->problem;
	assert_int_equal(strlen(answer->body), answer->body_length);
	reply->body = g_strdup(answer->body);
	if (reply->close_then != NULL)
		session_close(reply->close_then, NULL, NULL);
}

struct reply *rig_start(struct rig *rig, const char *path, struct session_request request)
{
	struct reply *reply = &rig->replies[rig->n_replies++];

	assert_true(rig->n_replies <= REPLIES);
	request.path = path;
	if (request.method == NULL) {
		request.method = "GET";
		request.repeatable = true;
	}
	reply->number = session_send(rig->session, &request, rig_on_reply, reply);
	assert_true(reply->number > 0);
	assert_false(reply->done);
	return reply;
}

struct reply *rig_fetch(struct rig *rig, const char *path, struct session_request request)
{
	struct reply *reply = rig_start(rig, path, request);

	loopback_run(&rig->loop, &reply->done);
	return reply;
}

const struct session_request rig_read = {.method = NULL};
const struct session_request rig_write = {.method = "POST", .body = "{}", .body_length = 2};

void rig_run_all(struct rig *rig)
{
	for (unsigned i = 0; i < rig->n_replies; i++)
		loopback_run(&rig->loop, &rig->replies[i].done);
}

void rig_wait_for_requests(struct rig *rig, unsigned count)
{
	while (loopback_count(rig->server) < count)
		assert_true(uv_run(&rig->loop, UV_RUN_ONCE) != 0);
}
