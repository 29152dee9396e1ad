/* A request of the caller: its copy, its end. */
#include "net/session_private.h"

#include "base/moment.h"
#include "base/secret.h"

#include <stdlib.h>
#include <string.h>

static bool has_header(const struct session_request *request, const char *name)
{
	for (size_t i = 0; i < request->n_headers; i++) {
		if (g_ascii_strcasecmp(request->headers[i].name, name) == 0)
			return true;
	}
	return false;
}

/* Nothing that says who asks may go where a vendor's data points to. */
static bool tells_who(const struct session_request *request)
{
	return has_header(request, "Authorization") || has_header(request, "Proxy-Authorization") ||
	       has_header(request, "Cookie") || has_header(request, "Referer");
}

static void add_header(struct call *call, const char *name, const char *value)
{
	call->headers[call->n_headers++] = (struct http_header){.name = g_strdup(name),
								.value = g_strdup(value)};
}

static void copy_headers(struct call *call, const struct session_request *request)
{
	/* Accept, Content-Type and If-None-Match beside the caller's own. */
	call->headers = g_new0(struct http_header, request->n_headers + 3);
	for (size_t i = 0; i < request->n_headers; i++)
		add_header(call, request->headers[i].name, request->headers[i].value);
	if (!has_header(request, "Accept"))
		add_header(call, "Accept", request->accept != NULL ? request->accept : "application/json");
	if (request->body != NULL && !has_header(request, "Content-Type"))
		add_header(call, "Content-Type",
			   request->content_type != NULL ? request->content_type : "application/json");
}

static int copy_body(struct call *call, const struct session_request *request)
{
	if (request->body == NULL)
		return ERR_OK;
	if (request->body_length > BUF_CEILING_REQUEST)
		return ERR_TOO_BIG;
	call->body = malloc(request->body_length + 1);
	if (call->body == NULL)
		return ERR_NOMEM;
	memcpy(call->body, request->body, request->body_length);
	call->body[request->body_length] = '\0';
	call->body_length = request->body_length;
	return ERR_OK;
}

static int check_plain(struct call *call, const struct session_request *request)
{
	const char *base_url = call->session->base_url, *url = request->path;
	char origin[512];

	if (!http_url_allowed(url, NULL, 0) || !http_origin(url, origin, sizeof(origin)) ||
	    !g_str_is_ascii(url) || strlen(url) > BUF_CEILING_LINE || tells_who(request))
		return ERR_INVALID;
	call->reach = http_same_host(url, base_url) ? HTTP_REACH_ANY
		      : !http_url_reach(HTTP_REACH_PUBLIC, base_url) &&
				      http_url_reach(HTTP_REACH_LOOPBACK, base_url)
			      ? HTTP_REACH_LOOPBACK
			      : HTTP_REACH_PUBLIC;
	if (!http_url_reach(call->reach, url))
		return ERR_DENIED;
	call->url = g_strdup(url);
	call->origin = g_strdup(origin);
	return ERR_OK;
}

/* base_url (or sign_in_url) and path; refused when it leads anywhere but to the server of that address: the
 * credentials are for these alone. */
static int make_url(struct call *call, const struct session_request *request)
{
	const struct session *session = call->session;
	bool other = request->at_sign_in && session->sign_in_url != NULL;
	char origin[512];
	struct buf url;
	int status = ERR_OK;

	if (request->plain)
		return check_plain(call, request);
	buf_init(&url, BUF_CEILING_LINE);
	http_join(&url, other ? session->sign_in_url : session->base_url, request->path);
	if (url.error != ERR_OK)
		status = url.error;
	else if (!http_url_allowed(buf_text(&url), NULL, 0) ||
		 !http_origin(buf_text(&url), origin, sizeof(origin)) ||
		 strcmp(origin, other ? session->sign_in_origin : session->origin) != 0)
		status = ERR_INVALID;
	else
		call->url = g_strdup(buf_text(&url));
	if (status == ERR_OK)
		call->origin = g_strdup(origin);
	buf_fini(&url);
	return status;
}

struct call *call_new(struct session *session, const struct session_request *request, int *status)
{
	const char *path = request->shape != NULL ? request->shape : request->path;
	struct call *call = g_new0(struct call, 1);

	*call = (struct call){
		.session = session,
		.method = g_strdup(request->method),
		.shape = g_strdup(request->shape),
		.what = g_strdup_printf("%s %.*s", request->method, (int)MIN(strcspn(path, "?"), 140), path),
		.ceiling = request->ceiling,
		.repeatable = request->repeatable,
		.repeat_timeout = request->repeat_timeout,
		.once = request->once,
		.cacheable = (request->cacheable || (session->keeps_cache && !request->plain)) &&
			     strcmp(request->method, "GET") == 0,
		.inspect = request->inspect,
		.plain = request->plain,
		.secret = request->at_sign_in,
		.answer = {.max_age_ms = -1, .server_date_ms = MOMENT_NONE},
	};
	call->link.data = call;
	*status = make_url(call, request);
	if (*status == ERR_OK)
		*status = copy_body(call, request);
	if (*status != ERR_OK) {
		call_free(call);
		return NULL;
	}
	copy_headers(call, request);
	return call;
}

void call_free(struct call *call)
{
	for (size_t i = 0; i < call->n_headers; i++) {
		g_free((char *)call->headers[i].name);
		g_free((char *)call->headers[i].value);
	}
	g_free(call->headers);
	if (call->secret && call->body != NULL)
		secret_wipe(call->body, call->body_length);
	free(call->body);
	free(call->answer_body);
	g_free(call->method);
	g_free(call->url);
	g_free(call->origin);
	g_free(call->shape);
	g_free(call->what);
	g_free(call);
}

GQueue *call_queue(struct call *call)
{
	struct session *session = call->session;

	return call->state == CALL_WAITING  ? &session->waiting
	       : call->state == CALL_FLYING ? &session->flying
					    : &session->finished;
}

void call_finish(struct call *call, int error)
{
	struct session *session = call->session;

	g_queue_unlink(call_queue(call), &call->link);
	call->state = CALL_FINISHED;
	call->answer.error = error;
	if (error != ERR_OK)
		session->stats.failures++;
	g_queue_push_tail_link(&session->finished, &call->link);
}

void call_fail(struct call *call, const struct problem *problem)
{
	call->problem = *problem;
	call_finish(call, problem->code);
}
