/* curl's sockets and its one timer on the uv loop; and the watch, which ends transfers that stand still. */
#include "net/http_private.h"

#define IDLE_CONNECTIONS 8L

struct poll {
	uv_poll_t handle;
	struct http *http;
	curl_socket_t socket;
	struct poll *previous, *next;
};

static void handle_closed(struct http *http)
{
	void (*closed)(void *ctx) = http->closed;
	void *ctx = http->closed_ctx;

	if (--http->handles > 0 || !http->closing)
		return;
	buf_fini(&http->trusted);
	g_free(http->user_agent);
	g_free(http->scope);
	g_free(http);
	if (closed != NULL)
		closed(ctx);
}

static void on_timer_closed(uv_handle_t *handle) { handle_closed(handle->data); }

static void on_poll_closed(uv_handle_t *handle)
{
	struct poll *poll = handle->data;
	struct http *http = poll->http;

	g_free(poll);
	handle_closed(http);
}

static void poll_close(struct poll *poll)
{
	struct http *http = poll->http;

	if (poll->previous != NULL)
		poll->previous->next = poll->next;
	else
		http->polls = poll->next;
	if (poll->next != NULL)
		poll->next->previous = poll->previous;
	uv_close((uv_handle_t *)&poll->handle, on_poll_closed);
}

/* Hands over what curl has finished. A callback may close everything. */
static void read_finished(struct http *http)
{
	CURLMsg *message;
	int left;

	while (!http->closing && (message = curl_multi_info_read(http->multi, &left)) != NULL) {
		struct transfer *transfer = NULL;

		if (message->msg == CURLMSG_DONE &&
		    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer) == CURLE_OK)
			http_transfer_done(transfer, message->data.result);
	}
}

static void act(struct http *http, curl_socket_t socket, int flags)
{
	int running;

	if (http->closing)
		return;
	if (curl_multi_socket_action(http->multi, socket, flags, &running) != CURLM_OK)
		logger_write(http->logger, LOG_LEVEL_WARN, http->scope, "the connections are in disorder");
	/* Also when nothing runs any more: the last transfer to end is as good as any. */
	read_finished(http);
}

static void on_poll(uv_poll_t *handle, int status, int events)
{
	struct poll *poll = handle->data;
	int flags = status < 0 ? CURL_CSELECT_ERR : 0;

	if (events & UV_READABLE)
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	act(poll->http, poll->socket, flags);
}

static void on_timer(uv_timer_t *handle) { act(handle->data, CURL_SOCKET_TIMEOUT, 0); }

static struct poll *poll_new(struct http *http, curl_socket_t socket)
{
	struct poll *poll = g_new0(struct poll, 1);

	if (uv_poll_init_socket(http->loop, &poll->handle, socket) != 0) {
		g_free(poll);
		return NULL;
	}
	poll->handle.data = poll;
	poll->http = http;
	poll->socket = socket;
	poll->next = http->polls;
	if (http->polls != NULL)
		http->polls->previous = poll;
	http->polls = poll;
	http->handles++;
	return poll;
}

/* Never answers with an error, which would make curl give up all transfers: the watch ends one that cannot go
 * on. */
static int on_socket(CURL *easy, curl_socket_t socket, int what, void *ctx, void *socket_ctx)
{
	struct poll *poll = socket_ctx;
	struct http *http = ctx;
	int events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (poll != NULL) {
			poll_close(poll);
			(void)curl_multi_assign(http->multi, socket, NULL);
		}
		return 0;
	}
	if (poll == NULL) {
		poll = poll_new(http, socket);
		if (poll == NULL || curl_multi_assign(http->multi, socket, poll) != CURLM_OK) {
			logger_write(http->logger, LOG_LEVEL_WARN, http->scope,
				     "a connection cannot be watched");
			if (poll != NULL)
				poll_close(poll);
			return 0;
		}
	}
	if (what & CURL_POLL_IN)
		events |= UV_READABLE;
	if (what & CURL_POLL_OUT)
		events |= UV_WRITABLE;
	if (uv_poll_start(&poll->handle, events, on_poll) != 0)
		logger_write(http->logger, LOG_LEVEL_WARN, http->scope, "a connection cannot be watched");
	return 0;
}

/* curl must not be entered from here, so "now" is the loop's next turn. */
static int on_timeout_wanted(CURLM *multi, long timeout_ms, void *ctx)
{
	struct http *http = ctx;

	(void)multi;
	if (http->closing)
		return 0;
	if (timeout_ms < 0)
		uv_timer_stop(&http->timer);
	else
		uv_timer_start(&http->timer, on_timer, timeout_ms > 0 ? (uint64_t)timeout_ms : 1, 0);
	return 0;
}

static int64_t watch_period_ms(const struct http *http) { return CLAMP(http->timeout_ms / 8, 5, 250); }

static struct transfer *standing_still(struct http *http, int64_t now_ms)
{
	for (GList *link = http->active.head; link != NULL; link = link->next) {
		struct transfer *transfer = link->data;

		if (now_ms - transfer->progress_ms >= http->timeout_ms)
			return transfer;
	}
	return NULL;
}

static void on_watch(uv_timer_t *handle)
{
	struct http *http = handle->data;
	int64_t now_ms = clock_mono_ms(http->clock);
	int64_t late_ms = now_ms - http->watched_ms - watch_period_ms(http);
	struct transfer *transfer;

	/* The loop itself was held up (a large answer was read, the machine was busy): not the servers'
	 * fault. */
	if (late_ms > watch_period_ms(http)) {
		for (GList *link = http->active.head; link != NULL; link = link->next)
			((struct transfer *)link->data)->progress_ms += late_ms;
	}
	http->watched_ms = now_ms;
	while (!http->closing && (transfer = standing_still(http, now_ms)) != NULL)
		http_transfer_timed_out(transfer);
}

void http_loop_watch(struct http *http)
{
	uint64_t period_ms = (uint64_t)watch_period_ms(http);
	bool wanted = http->active.length > 0;

	if (wanted == (uv_is_active((uv_handle_t *)&http->watch) != 0))
		return;
	if (!wanted) {
		uv_timer_stop(&http->watch);
		return;
	}
	http->watched_ms = clock_mono_ms(http->clock);
	uv_timer_start(&http->watch, on_watch, period_ms, period_ms);
}

int http_loop_init(struct http *http, struct problem *problem)
{
	unsigned failed = 0;

	http->multi = curl_multi_init();
	if (http->multi == NULL)
		return problem_set(problem, ERR_NOMEM, "network", NULL, "%s", err_text(ERR_NOMEM));
	failed |= curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	failed |= curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, (void *)http);
	failed |= curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, on_timeout_wanted);
	failed |= curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, (void *)http);
	failed |= curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, IDLE_CONNECTIONS);
	if (failed != 0) {
		curl_multi_cleanup(http->multi);
		return problem_set(problem, ERR_UNSUPPORTED, "network", NULL,
				   "this build of curl cannot be used");
	}
	/* Never fails: it only fills the struct. */
	uv_timer_init(http->loop, &http->timer);
	uv_timer_init(http->loop, &http->watch);
	http->timer.data = http->watch.data = http;
	http->handles = 2;
	return ERR_OK;
}

/* curl first, while its sockets are still open and watched; then what it left; memory goes with the last
 * close callback. */
void http_loop_close(struct http *http)
{
	curl_multi_cleanup(http->multi);
	http->multi = NULL;
	while (http->polls != NULL)
		poll_close(http->polls);
	uv_close((uv_handle_t *)&http->timer, on_timer_closed);
	uv_close((uv_handle_t *)&http->watch, on_timer_closed);
}
