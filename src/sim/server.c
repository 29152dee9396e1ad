#include "sim/server.h"

#include "base/moment.h"
#include "base/text.h"
#include "sim/gzip.h"
#include "sim/server_ws.h"

#include <glib.h>
#include <libwebsockets.h>
#include <string.h>
#include <sys/socket.h>

#define WRITE_CHUNK (128u << 10)
#define HEADER_ROOM 1024
#define GONE_CHECK_US 500000
#define LONG_TIME_S 3600 /* our own timers and the client decide; lws is not to cut in */

/* One request on a connection, from its head to the last byte of the answer. */
struct exchange {
	struct sim_request request;
	struct sim_reply reply;
	struct buf path, query, body;
	char *authorization, *content_type, *accept, *accept_encoding, *host;
	bool too_big, started;
	bool last; /* lws would take the next request of this connection for a body */
	size_t sent;
	int64_t padded;
};

/* lws keeps one of these for each connection. */
struct session {
	struct exchange *exchange;
};

struct sim_server {
	struct sim_app *app;
	uv_loop_t *loop;
	struct lws_context *context;
	struct lws_vhost *vhost;
	struct lws_protocols protocols[2];
	unsigned port;
};

static void exchange_free(struct session *session)
{
	struct exchange *x = session->exchange;

	session->exchange = NULL;
	if (!x)
		return;
	sim_reply_fini(&x->reply);
	buf_fini(&x->path);
	buf_fini(&x->query);
	buf_fini(&x->body);
	g_free(x->authorization);
	g_free(x->content_type);
	g_free(x->accept);
	g_free(x->accept_encoding);
	g_free(x->host);
	g_free(x);
}

static char *header(struct lws *wsi, enum lws_token_indexes token)
{
	int length = lws_hdr_total_length(wsi, token);
	char *text = g_malloc0((size_t)length + 1);

	if (length > 0 && lws_hdr_copy(wsi, text, length + 1, token) < 0)
		text[0] = '\0';
	return text;
}

/* lws hands the path and the query over with their escapes resolved; they are put back so that one place splits them. */
static void encode_path(struct buf *out, const char *path, size_t length)
{
	char **parts, *copy = g_strndup(path, length);

	parts = g_strsplit(copy, "/", -1);
	for (unsigned i = 0; parts[i]; i++) {
		if (i)
			buf_addc(out, '/');
		text_add_percent(out, parts[i]);
	}
	g_strfreev(parts);
	g_free(copy);
}

static void encode_query(struct lws *wsi, struct buf *out)
{
	char part[4096];

	for (int i = 0; lws_hdr_copy_fragment(wsi, part, sizeof(part), WSI_TOKEN_HTTP_URI_ARGS, i) >= 0;
	     i++) {
		char *equals = strchr(part, '=');

		if (i)
			buf_addc(out, '&');
		if (equals)
			*equals = '\0';
		text_add_percent(out, part);
		if (equals) {
			buf_addc(out, '=');
			text_add_percent(out, equals + 1);
		}
	}
}

static enum sim_method method_of(int index)
{
	switch (index) {
	case LWSHUMETH_GET:
		return SIM_GET;
	case LWSHUMETH_POST:
		return SIM_POST;
	case LWSHUMETH_PUT:
		return SIM_PUT;
	case LWSHUMETH_DELETE:
		return SIM_DELETE;
	case LWSHUMETH_PATCH:
		return SIM_PATCH;
	default:
		return SIM_OTHER;
	}
}

static struct exchange *exchange_new(struct lws *wsi)
{
	struct exchange *x = g_new0(struct exchange, 1);
	char *uri = NULL;
	int length = 0, method = lws_http_get_uri_and_method(wsi, &uri, &length);

	sim_reply_init(&x->reply);
	buf_init(&x->path, 1u << 16);
	buf_init(&x->query, 1u << 16);
	buf_init(&x->body, BUF_CEILING_REQUEST);
	if (uri && length > 0)
		encode_path(&x->path, uri, (size_t)length);
	encode_query(wsi, &x->query);
	x->authorization = header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION);
	x->content_type = header(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE);
	x->accept = header(wsi, WSI_TOKEN_HTTP_ACCEPT);
	x->accept_encoding = header(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING);
	x->host = header(wsi, WSI_TOKEN_HOST);
	x->request.method = method_of(method);
	return x;
}

/* Padding comes after the body, where gzip would not have it. */
static void wrap_body(struct exchange *x)
{
	struct sim_reply *reply = &x->reply;
	struct buf wrapped;

	reply->gzip = reply->gzip && sim_gzip_accepted(x->accept_encoding) && reply->pad_bytes == 0 &&
		      reply->body.length > 0;
	if (!reply->gzip)
		return;
	buf_init(&wrapped, SIM_CALL_CEILING + (1u << 20));
	sim_gzip_wrap(buf_text(&reply->body), reply->body.length, &wrapped);
	buf_fini(&reply->body);
	reply->body = wrapped;
}

static void run_exchange(struct lws *wsi, struct sim_server *server, struct exchange *x)
{
	x->request.path = buf_text(&x->path);
	x->request.query = buf_text(&x->query);
	x->request.authorization = x->authorization;
	x->request.content_type = x->content_type;
	x->request.accept = x->accept;
	x->request.host = x->host;
	x->request.body = buf_text(&x->body);
	x->request.body_length = x->body.length;
	lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, LONG_TIME_S);
	if (x->too_big) {
		x->reply.status = 413;
		buf_adds(&x->reply.body, "{\"message\":\"Request too large\"}");
	} else {
		sim_app_handle(server->app, &x->request, &x->reply);
		wrap_body(x);
	}
	if (x->reply.delay_ms > 0 && !x->reply.drop) {
		lws_rx_flow_control(wsi, 0);
		lws_set_timer_usecs(wsi, x->reply.delay_ms * LWS_US_PER_MS);
		return;
	}
	x->started = true;
	lws_callback_on_writable(wsi);
}

/* lws ends a connection politely; dissolving the socket's association first sends a reset instead. */
static int drop(struct lws *wsi, const struct exchange *x)
{
	struct sockaddr none = {.sa_family = AF_UNSPEC};

	if (x->reply.reset)
		(void)!connect(lws_get_socket_fd(wsi), &none, sizeof(none));
	return -1;
}

/* The simulated time, so that a client whose clock is elsewhere can tell. */
static int add_date(struct lws *wsi, int64_t date_ms, unsigned char **p, unsigned char *end)
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct moment_parts at = moment_split(date_ms, NULL);
	char text[48];
	int n = lws_snprintf(text, sizeof(text), "%s, %02d %s %04d %02d:%02d:%02d GMT", days[at.weekday],
			     at.day, months[at.month - 1], at.year, at.hour, at.minute, at.second);

	return lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_DATE, (unsigned char *)text, n, p, end);
}

static int add_max_age(struct lws *wsi, int max_age_s, unsigned char **p, unsigned char *end)
{
	char text[48];
	int n;

	if (max_age_s < 0)
		return 0;
	n = lws_snprintf(text, sizeof(text), "max-age=%d, private", max_age_s);
	return lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_CACHE_CONTROL, (unsigned char *)text, n, p,
					    end);
}

static int write_head(struct lws *wsi, const struct exchange *x)
{
	unsigned char room[LWS_PRE + HEADER_ROOM], *start = room + LWS_PRE, *p = start,
						   *end = room + sizeof(room) - 1;
	lws_filepos_t length = (lws_filepos_t)x->reply.body.length + (lws_filepos_t)x->reply.pad_bytes;
	char text[16];

	if (lws_add_http_common_headers(wsi, (unsigned)x->reply.status, x->reply.content_type, length, &p,
					end))
		return -1;
	if (add_date(wsi, x->reply.date_ms, &p, end))
		return -1;
	if (x->reply.retry_after_s > 0) {
		int n = lws_snprintf(text, sizeof(text), "%d", x->reply.retry_after_s);

		if (lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_RETRY_AFTER, (unsigned char *)text, n,
						 &p, end))
			return -1;
	}
	if (add_max_age(wsi, x->reply.max_age_s, &p, end))
		return -1;
	if (x->reply.gzip && lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_CONTENT_ENCODING,
							  (const unsigned char *)"gzip", 4, &p, end))
		return -1;
	return lws_finalize_write_http_header(wsi, start, &p, end);
}

static int write_more(struct lws *wsi, struct exchange *x)
{
	struct buf *body = &x->reply.body;
	size_t end = x->reply.stall ? body->length / 2 : body->length, left = end - x->sent;
	size_t n = left < WRITE_CHUNK ? left : WRITE_CHUNK;

	if (n > 0) {
		bool last = n == left && !x->reply.stall && x->reply.pad_bytes == 0;
		int wrote = lws_write(wsi, (unsigned char *)body->data + x->sent, n,
				      last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP);

		if (wrote < (int)n)
			return -1;
		x->sent += n;
	}
	return 0;
}

static int write_padding(struct lws *wsi, struct exchange *x)
{
	unsigned char room[LWS_PRE + 16384];
	int64_t left = x->reply.pad_bytes - x->padded;
	size_t n = left < 16384 ? (size_t)left : 16384;

	memset(room + LWS_PRE, ' ', n);
	if (lws_write(wsi, room + LWS_PRE, n, (int64_t)n == left ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) <
	    (int)n)
		return -1;
	x->padded += (int64_t)n;
	return 0;
}

/* Sends what the socket takes now. Memory stays one copy of the answer and at most one chunk within lws. */
static int on_writable(struct lws *wsi, struct session *session)
{
	struct exchange *x = session->exchange;

	if (!x || !x->started)
		return 0;
	if (x->reply.drop)
		return drop(wsi, x);
	if (x->sent == 0 && x->padded == 0 && write_head(wsi, x))
		return -1;
	if (x->sent < x->reply.body.length) {
		if (write_more(wsi, x))
			return -1;
	} else if (x->padded < x->reply.pad_bytes && write_padding(wsi, x)) {
		return -1;
	}
	if (x->reply.stall && x->sent >= x->reply.body.length / 2) {
		lws_set_timer_usecs(wsi, GONE_CHECK_US);
		return 0;
	}
	if (x->sent < x->reply.body.length || x->padded < x->reply.pad_bytes) {
		lws_callback_on_writable(wsi);
		return 0;
	}

	bool close = x->too_big || x->last;

	exchange_free(session);
	return close || lws_http_transaction_completed(wsi) ? -1 : 0;
}

/* While an answer waits, lws is not to read: it would be woken again and again by a client that hung up. So whether
 * the client of a stalled answer is still there is looked at from time to time. */
static int on_timer(struct lws *wsi, struct session *session)
{
	struct exchange *x = session ? session->exchange : NULL;
	char byte;

	if (!x)
		return 0;
	if (x->started) {
		if (recv(lws_get_socket_fd(wsi), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
			return -1;
		if (!lws_partial_buffered(wsi))
			lws_rx_flow_control(wsi, 0);
		lws_set_timer_usecs(wsi, GONE_CHECK_US);
		return 0;
	}
	x->started = true;
	lws_rx_flow_control(wsi, 1);
	lws_callback_on_writable(wsi);
	return 0;
}

static int on_body(struct session *session, const void *bytes, size_t length)
{
	struct exchange *x = session->exchange;

	if (!x)
		return -1;
	buf_add(&x->body, bytes, length);
	if (x->body.error)
		x->too_big = true;
	return 0;
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	struct sim_server *server = lws_context_user(lws_get_context(wsi));
	struct session *session = user;
	int result;

	if (server && sim_socket_callback(server->app, wsi, reason, &result))
		return result;
	switch (reason) {
	case LWS_CALLBACK_HTTP:
		exchange_free(session);
		session->exchange = exchange_new(wsi);
		char *expected = header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH);
		bool whole = expected[strspn(expected, "0")] == '\0';

		session->exchange->last = !*expected && session->exchange->request.method &
								(SIM_POST | SIM_PUT | SIM_PATCH);
		g_free(expected);
		if (whole)
			run_exchange(wsi, server, session->exchange);
		return 0;
	case LWS_CALLBACK_HTTP_BODY:
		return on_body(session, in, length);
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		if (session->exchange && !session->exchange->started)
			run_exchange(wsi, server, session->exchange);
		return 0;
	case LWS_CALLBACK_TIMER:
		return on_timer(wsi, session);
	case LWS_CALLBACK_HTTP_WRITEABLE:
		return on_writable(wsi, session);
	case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
	case LWS_CALLBACK_CLOSED_HTTP:
		if (session)
			exchange_free(session);
		return 0;
	default:
		return 0;
	}
}

struct sim_server *sim_server_new(struct sim_app *app, uv_loop_t *loop, unsigned port,
				  struct problem *problem)
{
	struct sim_server *server = g_new0(struct sim_server, 1);
	struct lws_context_creation_info info = {0};
	void *loops[1] = {loop};

	lws_set_log_level(0, NULL);
	server->app = app;
	server->loop = loop;
	server->protocols[0] = (struct lws_protocols){
		.name = "http",
		.callback = on_http,
		.per_session_data_size = sizeof(struct session),
	};
	info.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
		       LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
	info.foreign_loops = loops;
	info.pcontext = &server->context; /* lws writes NULL once it is gone */
	info.user = server;
	info.max_http_header_data = 16384;
	info.max_http_header_pool = 1024;
	info.timeout_secs = LONG_TIME_S;
	info.keepalive_timeout = 600;
	info.gid = (gid_t)-1;
	info.uid = (uid_t)-1;
	server->context = lws_create_context(&info);
	if (!server->context) {
		problem_set(problem, ERR_UNSUPPORTED, "the simulator's server",
			    "install libwebsockets-evlib-uv", "libwebsockets cannot run on libuv");
		goto fail;
	}
	info.port = (int)port;
	info.iface = "127.0.0.1";
	info.vhost_name = "sim";
	info.protocols = server->protocols;
	info.alpn = "http/1.1";
	server->vhost = lws_create_vhost(server->context, &info);
	if (!server->vhost) {
		problem_set(problem, ERR_IO, "the simulator's server", "choose another with --port",
			    "127.0.0.1:%u cannot be listened to", port);
		goto fail;
	}
	server->port = (unsigned)lws_get_vhost_listen_port(server->vhost);
	return server;
fail:
	sim_server_free(server);
	return NULL;
}

unsigned sim_server_port(const struct sim_server *server) { return server->port; }

void sim_server_free(struct sim_server *server)
{
	/* On a loop of ours lws first closes its handles, which takes turns of the loop, and wants to be told again for the
	 * rest of its memory. */
	if (server->context) {
		lws_context_destroy(server->context);
		uv_run(server->loop, UV_RUN_DEFAULT);
	}
	if (server->context)
		lws_context_destroy(server->context);
	g_free(server);
}
