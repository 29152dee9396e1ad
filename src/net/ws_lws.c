/* What of libwebsockets a channel needs: the context on our loop, the handshake, and what the connection tells.
 *
 * A connection knows its channel by its user pointer, which is taken away when the channel lets go of it: what lws tells afterwards reaches nobody. */
#include "net/ws_private.h"

#include <string.h>

#define HEAD_BYTES 16384 /* of the handshake's answer, and of ours */
#define READ_BYTES 32768
#define FRAME_BYTES 16384
#define LONG_TIME_S 3600 /* our own timers decide; lws is not to cut in */

/* --- messages --- */

static void end_message(struct ws_channel *channel)
{
	size_t ceiling = channel->part.ceiling;

	if (channel->part.size <= WS_KEEP_BYTES) {
		buf_reset(&channel->part);
		return;
	}
	buf_fini(&channel->part);
	buf_init(&channel->part, ceiling);
}

static void on_bytes(struct ws_channel *channel, struct lws *wsi, const void *bytes, size_t length)
{
	size_t left = lws_remaining_packet_payload(wsi);

	ws_on_life(channel);
	if (lws_is_first_fragment(wsi)) {
		end_message(channel);
		channel->binary = lws_frame_is_binary(wsi) != 0;
	}
	/* A frame that announces too much need not be waited for. */
	if (left > channel->part.ceiling || channel->part.length + length > channel->part.ceiling - left) {
		ws_fail(channel, ERR_TOO_BIG, "%s sent a message that is too large", channel->target.host);
		return;
	}
	buf_add(&channel->part, bytes, length);
	if (channel->part.error != ERR_OK) {
		ws_fail(channel, channel->part.error, "a message could not be kept");
		return;
	}
	if (left > 0 || !lws_is_final_fragment(wsi))
		return;
	if (!channel->binary)
		channel->events->message(channel->ctx, buf_text(&channel->part), channel->part.length);
	if (channel->phase != WS_OVER)
		end_message(channel);
}

/* --- what the connection tells --- */

static int add_user_agent(const struct ws_channel *channel, struct lws *wsi, void *in, size_t room)
{
	const char *name = channel->ws->user_agent;
	unsigned char **at = in;

	return name == NULL ? 0
			    : lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_USER_AGENT,
							   (const unsigned char *)name, (int)strlen(name), at,
							   *at + room);
}

static int send_ping(struct ws_channel *channel, struct lws *wsi)
{
	unsigned char room[LWS_PRE] = {0};

	if (!channel->ping_due)
		return 0;
	channel->ping_due = false;
	return lws_write(wsi, room + LWS_PRE, 0, LWS_WRITE_PING) < 0 ? -1 : 0;
}

static void on_gone(struct ws_channel *channel, struct lws *wsi)
{
	lws_set_wsi_user(wsi, NULL);
	channel->wsi = NULL;
	if (channel->phase != WS_OPEN)
		return;
	if (channel->close_code > 0)
		ws_fail(channel, ERR_UNREACHED, "%s closed the channel (%u)", channel->target.host,
			channel->close_code);
	else
		ws_fail(channel, ERR_UNREACHED, "the channel to %s broke off", channel->target.host);
}

static void on_close_frame(struct ws_channel *channel, const unsigned char *bytes, size_t length)
{
	if (length >= 2)
		channel->close_code = (unsigned)bytes[0] << 8 | bytes[1];
	else
		channel->close_code = 1005; /* RFC 6455 §7.4.1: none was sent */
}

static int tell(struct ws_channel *channel, struct lws *wsi, enum lws_callback_reasons reason, void *in,
		size_t length)
{
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		channel->asked = true;
		return add_user_agent(channel, wsi, in, length);
	case LWS_CALLBACK_CLIENT_HTTP_REDIRECT:
		return -1;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		ws_on_open(channel);
		return 0;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		on_bytes(channel, wsi, in, length);
		return 0;
	case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
		ws_on_life(channel);
		return 0;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return send_ping(channel, wsi);
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		on_close_frame(channel, in, length);
		return 0;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		lws_set_wsi_user(wsi, NULL);
		channel->wsi = NULL;
		ws_on_refused(channel, in, in == NULL ? 0 : length);
		return 0;
	case LWS_CALLBACK_CLIENT_CLOSED:
	case LWS_CALLBACK_WSI_DESTROY:
		on_gone(channel, wsi);
		return 0;
	default:
		return 0;
	}
}

static int on_lws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	struct ws_channel *channel = user;
	int result;

	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
	case LWS_CALLBACK_CLIENT_HTTP_REDIRECT:
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
	case LWS_CALLBACK_CLIENT_RECEIVE:
	case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
	case LWS_CALLBACK_CLIENT_WRITEABLE:
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
	case LWS_CALLBACK_CLIENT_CLOSED:
	case LWS_CALLBACK_WSI_DESTROY:
		break;
	default:
		return 0; /* some have another user pointer */
	}
	if (channel == NULL)
		return reason == LWS_CALLBACK_CLIENT_RECEIVE ? -1 : 0;
	channel->holders++;
	channel->inside++;
	result = tell(channel, wsi, reason, in, length);
	channel->inside--;
	if (channel->phase == WS_OVER && channel->inside == 0 && channel->wsi != NULL) {
		lws_set_wsi_user(channel->wsi, NULL);
		channel->wsi = NULL;
		result = -1;
	}
	ws_release(channel);
	return result;
}

/* --- the handshake --- */

bool ws_dial(struct ws_channel *channel, const char *address)
{
	struct ws *ws = channel->ws;
	const struct ws_target *target = &channel->target;
	struct lws *wsi;
	struct lws_client_connect_info info = {
		.context = ws->context,
		.vhost = target->tls ? ws->tls : ws->plain,
		.address = address,
		.port = (int)target->port,
		.path = target->path,
		.host = target->header,
		.ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (target->tls ? LCCSCF_USE_SSL : 0),
		.alpn = "http/1.1",
		.local_protocol_name = ws->protocols[0].name,
		.ietf_version_or_minus_one = -1,
		.userdata = channel,
	};

	channel->inside++;
	wsi = lws_client_connect_via_info(&info);
	channel->inside--;
	channel->wsi = wsi;
	return wsi != NULL;
}

/* From within a callback it is done when that returns. */
void ws_hang_up(struct ws_channel *channel)
{
	struct lws *wsi = channel->wsi;

	if (wsi == NULL || channel->inside > 0)
		return;
	channel->wsi = NULL;
	lws_set_wsi_user(wsi, NULL);
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
}

/* --- the context --- */

static struct lws_vhost *vhost_make(struct ws *ws, bool tls)
{
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.protocols = ws->protocols,
		.vhost_name = tls ? "tls" : "plain",
		.http_proxy_address = "", /* or lws would look into the environment, for loopback too */
		.alpn = "http/1.1",
		.options = LWS_SERVER_OPTION_VALIDATE_UTF8 | (tls ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0),
		.timeout_secs = LONG_TIME_S,
		.connect_timeout_secs = LONG_TIME_S,
		.client_ssl_ca_filepath = ws->ca_file,
	};
	struct lws_vhost *vhost = lws_create_vhost(ws->context, &info);

	if (vhost != NULL && tls && lws_init_vhost_client_ssl(&info, vhost) != 0)
		return NULL;
	return vhost;
}

static void context_make(struct ws *ws)
{
	void *loops[1] = {ws->loop};
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
			   LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_VALIDATE_UTF8,
		.foreign_loops = loops,
		.pcontext = &ws->context, /* lws writes NULL once it is gone */
		.fd_limit_per_thread = WS_CHANNELS + 16,
		.max_http_header_data = HEAD_BYTES,
		.max_http_header_pool = WS_CHANNELS + 16,
		.pt_serv_buf_size = READ_BYTES,
		.timeout_secs = LONG_TIME_S,
		.gid = (gid_t)-1,
		.uid = (uid_t)-1,
	};

	/* lws 4.1 takes a new index for its marks in OpenSSL with each context, for all of the process: a handshake of another thread that is under way at this
	 * moment fails then, and is tried again. */
	ws->protocols[0] = (struct lws_protocols){
		.name = "channel",
		.callback = on_lws,
		.rx_buffer_size = FRAME_BYTES,
	};
	lws_set_log_level(0, NULL);
	ws->context = lws_create_context(&info);
}

int ws_context_make(struct ws *ws, bool tls, struct problem *problem)
{
	struct lws_vhost **vhost = tls ? &ws->tls : &ws->plain;

	if (ws->context == NULL)
		context_make(ws);
	if (ws->context == NULL)
		return problem_set(problem, ERR_UNSUPPORTED, "live channel", "install libwebsockets-evlib-uv",
				   "libwebsockets cannot run on libuv");
	if (*vhost == NULL)
		*vhost = vhost_make(ws, tls);
	if (*vhost == NULL)
		return problem_set(problem, ERR_UNSUPPORTED, "live channel", NULL,
				   "libwebsockets cannot be set up");
	return ERR_OK;
}
