#include "net/http.h"

#include "base/moment.h"
#include "base/secret.h"
#include "net/http_private.h"

#include <stdlib.h>
#include <string.h>

#define TIMEOUT_DEFAULT_MS 30000

int http_setup(void) { return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? ERR_OK : ERR_UNSUPPORTED; }

void http_teardown(void) { curl_global_cleanup(); }

struct http *http_new(uv_loop_t *loop, const struct http_options *options, struct problem *problem)
{
	struct http *http = g_new0(struct http, 1);

	*http = (struct http){
		.loop = loop,
		.user_agent = g_strdup(options->user_agent != NULL ? options->user_agent : "lodge"),
		.scope = g_strdup(options->scope != NULL ? options->scope : "net"),
		.timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : TIMEOUT_DEFAULT_MS,
		.logger = options->logger,
		.clock = options->clock != NULL ? options->clock : &clock_system,
	};
	g_queue_init(&http->queued);
	g_queue_init(&http->active);
	buf_init(&http->trusted, 0);
	if ((options->ca_file == NULL || http_ca_load(&http->trusted, options->ca_file, problem) == ERR_OK) &&
	    http_loop_init(http, problem) == ERR_OK)
		return http;
	buf_fini(&http->trusted);
	g_free(http->user_agent);
	g_free(http->scope);
	g_free(http);
	return NULL;
}

static void transfer_free(struct transfer *transfer)
{
	if (transfer->easy != NULL)
		curl_easy_cleanup(transfer->easy);
	http_slist_wipe(transfer->headers);
	if (transfer->secret_body && transfer->body != NULL)
		secret_wipe(transfer->body, transfer->body_length);
	/* The answer to a secret (a sign-in) holds a secret. */
	if (transfer->secret_body)
		buf_wipe(&transfer->answer);
	else
		buf_fini(&transfer->answer);
	free(transfer->body);
	g_free(transfer->method);
	g_free(transfer->url);
	g_free(transfer->shape);
	g_free(transfer);
}

/* Takes it out of its list and away from curl. */
static void detach(struct transfer *transfer)
{
	struct http *http = transfer->http;

	if (transfer->phase == PHASE_QUEUED) {
		g_queue_unlink(&http->queued, &transfer->link);
		return;
	}
	(void)curl_multi_remove_handle(http->multi, transfer->easy);
	g_queue_unlink(&http->active, &transfer->link);
}

static void begin(struct transfer *transfer)
{
	struct http *http = transfer->http;

	transfer->phase = PHASE_CONNECT;
	transfer->sends = 0;
	transfer->uploaded = 0;
	transfer->progress_ms = clock_mono_ms(http->clock);
	/* Without memory it cannot begin; the watch then ends it at its next look. */
	if (curl_multi_add_handle(http->multi, transfer->easy) != CURLM_OK)
		transfer->progress_ms -= http->timeout_ms;
}

static void begin_queued(struct http *http)
{
	while (!http->closing && http->queued.length > 0 && http->active.length < HTTP_PARALLEL) {
		struct transfer *transfer = http->queued.head->data;

		g_queue_unlink(&http->queued, &transfer->link);
		g_queue_push_tail_link(&http->active, &transfer->link);
		transfer->started_ms = clock_mono_ms(http->clock);
		begin(transfer);
	}
	if (!http->closing)
		http_loop_watch(http);
}

/* Hands the answer over and ends the transfer, which is detached already. The callback may send, cancel and
 * close. */
static void finish(struct transfer *transfer, struct http_answer *answer)
{
	struct http *http = transfer->http;

	answer->request_sent = transfer->request_sent;
	answer->body = &transfer->answer;
	if (transfer->started_ms != 0)
		answer->duration_ms = clock_mono_ms(http->clock) - transfer->started_ms;
	http_trace(transfer, answer);
	transfer->done(transfer->ctx, answer);
	transfer_free(transfer);
	begin_queued(http);
}

static struct http_answer answer_empty(void)
{
	return (struct http_answer){
		.retry_after_ms = -1,
		.max_age_ms = -1,
		.server_date_ms = MOMENT_NONE,
	};
}

static bool redirect_wanted(const struct transfer *transfer, long status)
{
	return !transfer->no_redirects &&
	       (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
	       strcmp(transfer->method, "GET") == 0 && transfer->redirects < HTTP_REDIRECTS;
}

/* Sends the transfer on its way again when the answer leads elsewhere within the same origin. */
static bool redirect_followed(struct transfer *transfer, long status)
{
	char *target = NULL, *url;

	if (!redirect_wanted(transfer, status) ||
	    curl_easy_getinfo(transfer->easy, CURLINFO_REDIRECT_URL, &target) != CURLE_OK || target == NULL)
		return false;
	url = g_strndup(target, strcspn(target, "#"));
	if (!http_url_allowed(url, NULL, 0) || !http_same_origin(url, transfer->url) ||
	    curl_multi_remove_handle(transfer->http->multi, transfer->easy) != CURLM_OK ||
	    curl_easy_setopt(transfer->easy, CURLOPT_URL, url) != CURLE_OK) {
		g_free(url);
		return false;
	}
	g_free(transfer->url);
	transfer->url = url;
	transfer->redirects++;
	transfer->head = (struct http_head){.max_age_s = -1, .bytes = transfer->head.bytes};
	buf_reset(&transfer->answer);
	begin(transfer);
	return true;
}

void http_transfer_done(struct transfer *transfer, CURLcode code)
{
	struct http *http = transfer->http;
	struct http_answer answer = answer_empty();
	long status = 0;

	(void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	if (code == CURLE_OK && redirect_followed(transfer, status))
		return;
	if (code == CURLE_OK) {
		answer.status = (int)status;
		http_head_values(&transfer->head, clock_wall_ms(http->clock), &answer);
	} else {
		http_failure(transfer, code, &answer);
	}
	detach(transfer);
	finish(transfer, &answer);
}

void http_transfer_timed_out(struct transfer *transfer)
{
	struct http_answer answer = answer_empty();

	http_failure_timeout(transfer, &answer);
	detach(transfer);
	finish(transfer, &answer);
}

static int copy_request(struct transfer *transfer, const struct http_request *request)
{
	transfer->method = g_strdup(request->method);
	transfer->url = g_strdup(request->url);
	transfer->shape = g_strdup(request->shape);
	transfer->secret_body = request->secret_body;
	transfer->repeatable = request->repeatable;
	transfer->no_redirects = request->no_redirects;
	transfer->reach = request->reach;
	transfer->attempt = request->attempt;
	buf_init(&transfer->answer, request->ceiling > 0 ? request->ceiling : BUF_CEILING_BODY);
	/* Room for a usual answer at once: no copy of a secret stays behind when the buffer grows. */
	if (request->secret_body &&
	    buf_reserve(&transfer->answer, MIN(transfer->answer.ceiling, 16384)) != ERR_OK)
		return ERR_NOMEM;
	if (request->body == NULL)
		return ERR_OK;
	if (request->body_length > BUF_CEILING_REQUEST)
		return ERR_TOO_BIG;
	transfer->body = malloc(request->body_length + 1);
	if (transfer->body == NULL)
		return ERR_NOMEM;
	memcpy(transfer->body, request->body, request->body_length);
	transfer->body[request->body_length] = '\0';
	transfer->body_length = request->body_length;
	return ERR_OK;
}

int64_t http_send(struct http *http, const struct http_request *request, http_done_fn done, void *ctx)
{
	struct transfer *transfer;
	int status;

	if (http->closing)
		return ERR_CLOSED;
	if (!http_url_allowed(request->url, NULL, 0))
		return ERR_INVALID;
	if (!http_url_reach(request->reach, request->url))
		return ERR_DENIED;
	transfer = g_new0(struct transfer, 1);
	*transfer = (struct transfer){
		.http = http,
		.number = ++http->last_number,
		.done = done,
		.ctx = ctx,
		.head.max_age_s = -1,
	};
	transfer->link.data = transfer;
	status = copy_request(transfer, request);
	if (status == ERR_OK)
		status = http_easy_make(transfer, request);
	if (status != ERR_OK) {
		transfer_free(transfer);
		return status;
	}
	g_queue_push_tail_link(&http->queued, &transfer->link);
	begin_queued(http);
	return http->last_number;
}

static struct transfer *find(GQueue *queue, int64_t number)
{
	for (GList *link = queue->head; link != NULL; link = link->next) {
		struct transfer *transfer = link->data;

		if (transfer->number == number)
			return transfer;
	}
	return NULL;
}

bool http_sent(struct http *http, int64_t number)
{
	const struct transfer *transfer = find(&http->active, number);

	return transfer != NULL && transfer->request_sent;
}

void http_cancel(struct http *http, int64_t number)
{
	struct transfer *transfer = find(&http->active, number);

	if (transfer == NULL)
		transfer = find(&http->queued, number);
	if (transfer == NULL)
		return;
	detach(transfer);
	transfer_free(transfer);
	begin_queued(http);
}

void http_close(struct http *http, void (*closed)(void *ctx), void *ctx)
{
	if (http->closing)
		return;
	http->closing = true;
	http->closed = closed;
	http->closed_ctx = ctx;
	while (http->active.length + http->queued.length > 0) {
		GQueue *queue = http->active.length > 0 ? &http->active : &http->queued;
		struct transfer *transfer = queue->head->data;
		struct http_answer answer = answer_empty();

		answer.error = ERR_CANCELLED;
		g_strlcpy(answer.why, err_text(ERR_CANCELLED), sizeof(answer.why));
		detach(transfer);
		finish(transfer, &answer);
	}
	http_loop_close(http);
}
