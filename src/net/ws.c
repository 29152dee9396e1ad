#include "net/ws.h"

#include "base/text.h"
#include "net/ws_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define CONNECT_MS 15000
#define PING_MS 20000
#define PONG_MS 10000

/* --- the end of a channel --- */

static void free_handle(uv_handle_t *handle) { ws_release(handle->data); }

void ws_release(struct ws_channel *channel)
{
	if (--channel->holders > 0)
		return;
	ws_target_fini(&channel->target);
	buf_fini(&channel->part);
	g_free(channel);
}

/* Its owner's hold goes with it. */
static void end(struct ws_channel *channel)
{
	channel->phase = WS_OVER;
	g_hash_table_remove(channel->ws->channels, channel);
	if (channel->lookup != NULL)
		(void)uv_cancel((uv_req_t *)channel->lookup);
	ws_hang_up(channel);
	uv_close((uv_handle_t *)&channel->timer, free_handle);
	ws_release(channel);
}

void ws_channel_close(struct ws_channel *channel)
{
	if (channel != NULL && channel->phase != WS_OVER)
		end(channel);
}

void ws_fail(struct ws_channel *channel, int error, const char *format, ...)
{
	char why[WS_WHY_BYTES];
	va_list arguments;

	if (channel->phase == WS_OVER)
		return;
	va_start(arguments, format);
	vsnprintf(why, sizeof(why), format, arguments);
	va_end(arguments);
	channel->holders++;
	end(channel);
	channel->events->closed(channel->ctx, error, why);
	ws_release(channel);
}

/* --- connecting --- */

static void on_timer(uv_timer_t *timer);

static void start_timer(struct ws_channel *channel, int64_t wait_ms)
{
	uv_timer_start(&channel->timer, on_timer, (uint64_t)MAX(wait_ms, 0), 0);
}

/* What is left of the time is shared by the addresses that are left. */
static int64_t share_ms(const struct ws_channel *channel)
{
	uint64_t now_ms = uv_now(channel->ws->loop);
	int64_t left_ms = channel->deadline_ms > now_ms ? (int64_t)(channel->deadline_ms - now_ms) : 0;

	return left_ms / (int64_t)(channel->n_addresses - channel->next_address + 1);
}

static void dial_next(struct ws_channel *channel)
{
	while (channel->next_address < channel->n_addresses && !channel->asked) {
		const char *address = channel->addresses[channel->next_address++];

		uv_update_time(channel->ws->loop);
		start_timer(channel, share_ms(channel));
		if (ws_dial(channel, address))
			return;
	}
	ws_fail(channel, ERR_UNREACHED, "no channel to %s: %s", channel->target.host,
		channel->why[0] != '\0' ? channel->why : "it cannot be connected to");
}

void ws_looked_up(struct ws_channel *channel, int status)
{
	if (status == ERR_DENIED) {
		ws_fail(channel, ERR_DENIED, "%s does not lead to the public internet", channel->target.host);
	} else if (status != ERR_OK) {
		ws_fail(channel, ERR_UNREACHED, "the name %s is unknown", channel->target.host);
	} else {
		channel->phase = WS_CONNECT;
		dial_next(channel);
	}
}

/* lws speaks plainly enough ("HS: ws upgrade response not 101"), but may quote; of TLS it says a number. */
static void keep_why(struct ws_channel *channel, const char *why, size_t length)
{
	size_t n = 0;

	for (size_t i = 0; i < length && why[i] != '\0' && n < 120; i++)
		channel->why[n++] = g_ascii_isprint(why[i]) ? why[i] : '?';
	channel->why[n] = '\0';
	if (strstr(channel->why, "SSL") != NULL || strstr(channel->why, "cert") != NULL)
		g_strlcpy(channel->why, "no secure connection, or its certificate cannot be accepted",
			  sizeof(channel->why));
}

void ws_on_refused(struct ws_channel *channel, const char *why, size_t length)
{
	keep_why(channel, why, length);
	/* While dialling, whoever dials looks what came of it; else not from within lws. */
	if (channel->phase != WS_CONNECT || channel->inside > 1)
		return;
	channel->refused = true;
	start_timer(channel, 0);
}

void ws_on_open(struct ws_channel *channel)
{
	if (channel->phase != WS_CONNECT)
		return;
	channel->phase = WS_OPEN;
	start_timer(channel, channel->ws->ping_ms);
	channel->events->opened(channel->ctx);
}

/* --- the open channel --- */

void ws_on_life(struct ws_channel *channel)
{
	if (channel->phase != WS_OPEN)
		return;
	channel->ping_due = channel->ping_sent = false;
	start_timer(channel, channel->ws->ping_ms);
}

static void on_attempt_over(struct ws_channel *channel)
{
	bool refused = channel->refused;

	channel->refused = false;
	ws_hang_up(channel);
	if (refused || (!channel->asked && channel->next_address < channel->n_addresses))
		dial_next(channel);
	else
		ws_fail(channel, ERR_TIMEOUT, "%s did not open the channel in time", channel->target.host);
}

static void on_quiet(struct ws_channel *channel)
{
	if (channel->ping_sent) {
		ws_fail(channel, ERR_TIMEOUT, "%s answered no ping", channel->target.host);
		return;
	}
	channel->ping_due = channel->ping_sent = true;
	lws_callback_on_writable(channel->wsi);
	start_timer(channel, channel->ws->pong_ms);
}

static void on_timer(uv_timer_t *timer)
{
	struct ws_channel *channel = timer->data;

	switch (channel->phase) {
	case WS_RESOLVE:
		ws_fail(channel, channel->lookup != NULL ? ERR_TIMEOUT : ERR_UNREACHED,
			"the name %s could not be looked up", channel->target.host);
		break;
	case WS_CONNECT:
		on_attempt_over(channel);
		break;
	case WS_OPEN:
		on_quiet(channel);
		break;
	case WS_OVER:
		break;
	}
}

struct ws_channel *ws_connect(struct ws *ws, const char *url, const struct ws_events *events, void *ctx,
			      struct problem *problem)
{
	struct ws_target target;
	struct ws_channel *channel;

	if (ws->closing || g_hash_table_size(ws->channels) >= WS_CHANNELS) {
		problem_set(problem, ERR_BUSY, "live channel", NULL, "no more than %d channels are kept open",
			    WS_CHANNELS);
		return NULL;
	}
	if (ws_target_read(&target, url, ws->base_url, problem) != ERR_OK)
		return NULL;
	if (ws_context_make(ws, target.tls, problem) != ERR_OK) {
		ws_target_fini(&target);
		return NULL;
	}
	channel = g_new0(struct ws_channel, 1);
	*channel = (struct ws_channel){
		.ws = ws,
		.holders = 2, /* its owner and the timer */
		.events = events,
		.ctx = ctx,
		.target = target,
	};
	buf_init(&channel->part, ws->ceiling);
	uv_timer_init(ws->loop, &channel->timer);
	channel->timer.data = channel;
	g_hash_table_add(ws->channels, channel);
	uv_update_time(ws->loop);
	channel->deadline_ms = uv_now(ws->loop) + (uint64_t)ws->connect_ms;
	start_timer(channel, ws_look_up(channel) ? ws->connect_ms : 0);
	return channel;
}

/* --- all of them --- */

struct ws *ws_new(uv_loop_t *loop, const struct ws_options *options)
{
	struct ws *ws = g_new0(struct ws, 1);

	*ws = (struct ws){
		.loop = loop,
		.base_url = g_strdup(options->base_url),
		.ca_file = g_strdup(options->ca_file),
		.user_agent = g_strdup(options->user_agent),
		.connect_ms = options->connect_ms > 0 ? options->connect_ms : CONNECT_MS,
		.ping_ms = options->ping_ms > 0 ? options->ping_ms : PING_MS,
		.pong_ms = options->pong_ms > 0 ? options->pong_ms : PONG_MS,
		.ceiling = options->ceiling > 0 ? options->ceiling : WS_CEILING,
		.channels = g_hash_table_new(NULL, NULL),
	};
	return ws;
}

void ws_close(struct ws *ws)
{
	GList *channels;

	if (ws->closing)
		return;
	ws->closing = true;
	channels = g_hash_table_get_keys(ws->channels);
	for (GList *link = channels; link != NULL; link = link->next)
		ws_channel_close(link->data);
	g_list_free(channels);
	if (ws->context != NULL)
		lws_context_destroy(ws->context);
}

/* On a loop that is not its own, lws wants to be told again once its handles are closed. */
void ws_free(struct ws *ws)
{
	if (ws == NULL)
		return;
	if (ws->context != NULL)
		lws_context_destroy(ws->context);
	g_hash_table_unref(ws->channels);
	g_free(ws->base_url);
	g_free(ws->ca_file);
	g_free(ws->user_agent);
	g_free(ws);
}
