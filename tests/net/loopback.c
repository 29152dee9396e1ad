#include "loopback.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct loopback {
	uv_tcp_t listener;
	uv_timer_t pulse;
	loopback_fn on_request;
	void *ctx;
	char url[64];
	unsigned connections, reset_next, handles;
	size_t endless_bytes;
	const char *blurt;
	GPtrArray *requests;
	GString *value;
	struct loopback_peer *peers;
	bool closing;
};

struct loopback_peer {
	uv_tcp_t tcp;
	uv_timer_t drip_timer;
	struct loopback *server;
	struct loopback_peer *next;
	GString *input;
	char *drip;
	size_t drip_at;
	unsigned connection;
	bool closing;
};

struct write {
	uv_write_t request;
	struct loopback_peer *peer;
	void *bytes;
	bool ends, endless;
};

static void request_free(void *memory)
{
	struct loopback_request *request = memory;

	g_free(request->method);
	g_free(request->target);
	g_free(request->head);
	g_free(request->body);
	g_free(request);
}

static void server_unref(struct loopback *server)
{
	if (--server->handles > 0)
		return;
	while (server->peers != NULL) {
		struct loopback_peer *peer = server->peers;

		server->peers = peer->next;
		g_string_free(peer->input, TRUE);
		g_free(peer->drip);
		g_free(peer);
	}
	g_ptr_array_free(server->requests, TRUE);
	g_string_free(server->value, TRUE);
	g_free(server);
}

static void on_peer_closed(uv_handle_t *handle)
{
	server_unref(((struct loopback_peer *)handle->data)->server);
}

static void on_listener_closed(uv_handle_t *handle) { server_unref(handle->data); }

/* The memory of a peer stays until the server goes: a test may hold on to it. */
static void peer_close(struct loopback_peer *peer)
{
	if (peer->closing)
		return;
	peer->closing = true;
	uv_close((uv_handle_t *)&peer->tcp, on_peer_closed);
	uv_close((uv_handle_t *)&peer->drip_timer, on_peer_closed);
}

static void on_written(uv_write_t *request, int status)
{
	struct write *written = (struct write *)request;
	struct loopback_peer *peer = written->peer;
	bool ends = written->ends, endless = written->endless;

	g_free(written->bytes);
	g_free(written);
	if (status != 0 || ends)
		peer_close(peer);
	else if (endless)
		loopback_endless(peer);
}

static void peer_write(struct loopback_peer *peer, const void *bytes, size_t length, bool ends, bool endless)
{
	struct write *write;
	uv_buf_t part;

	if (peer->closing)
		return;
	write = g_new0(struct write, 1);
	write->peer = peer;
	write->bytes = g_memdup2(bytes, length);
	write->ends = ends;
	write->endless = endless;
	part = uv_buf_init(write->bytes, (unsigned)length);
	if (uv_write(&write->request, (uv_stream_t *)&peer->tcp, &part, 1, on_written) != 0) {
		g_free(write->bytes);
		g_free(write);
		peer_close(peer);
	}
}

void loopback_send(struct loopback_peer *peer, const void *bytes, size_t length)
{
	peer_write(peer, bytes, length, false, false);
}

void loopback_sends(struct loopback_peer *peer, const char *text) { loopback_send(peer, text, strlen(text)); }

void loopback_end(struct loopback_peer *peer) { peer_write(peer, "", 0, true, false); }

void loopback_reset(struct loopback_peer *peer)
{
	if (peer->closing)
		return;
	peer->closing = true;
	uv_tcp_close_reset(&peer->tcp, on_peer_closed);
	uv_close((uv_handle_t *)&peer->drip_timer, on_peer_closed);
}

void loopback_answer_bytes(struct loopback_peer *peer, int status, const char *headers, const void *body,
			   size_t length)
{
	char *head = g_strdup_printf("HTTP/1.1 %d Status\r\n%sContent-Length: %zu\r\n\r\n", status, headers,
				     length);

	loopback_sends(peer, head);
	loopback_send(peer, body, length);
	g_free(head);
}

void loopback_answer(struct loopback_peer *peer, int status, const char *headers, const char *body)
{
	loopback_answer_bytes(peer, status, headers, body, strlen(body));
}

static void on_drip(uv_timer_t *timer)
{
	struct loopback_peer *peer = timer->data;

	if (peer->drip[peer->drip_at] == '\0')
		uv_timer_stop(timer);
	else
		loopback_send(peer, &peer->drip[peer->drip_at++], 1);
}

void loopback_drip(struct loopback_peer *peer, const char *text, unsigned every_ms)
{
	g_free(peer->drip);
	peer->drip = g_strdup(text);
	peer->drip_at = 0;
	uv_timer_start(&peer->drip_timer, on_drip, 0, every_ms);
}

void loopback_endless(struct loopback_peer *peer)
{
	static const char block[16384];

	peer->server->endless_bytes += sizeof(block);
	peer_write(peer, block, sizeof(block), false, true);
}

static const char *find_header(struct loopback *server, const struct loopback_request *request,
			       const char *name)
{
	char **lines = g_strsplit(request->head, "\r\n", -1);
	size_t length = strlen(name);
	const char *value = NULL;

	for (char **line = lines; *line != NULL && value == NULL; line++) {
		if (g_ascii_strncasecmp(*line, name, length) == 0 && (*line)[length] == ':') {
			g_string_assign(server->value, g_strchug(*line + length + 1));
			value = server->value->str;
		}
	}
	g_strfreev(lines);
	return value;
}

/* Takes one whole request off the input; NULL while it is not all there. */
static struct loopback_request *read_request(struct loopback_peer *peer)
{
	char *end = strstr(peer->input->str, "\r\n\r\n");
	struct loopback_request *request;
	const char *length;
	size_t head_length;
	char **words;

	if (end == NULL)
		return NULL;
	head_length = (size_t)(end - peer->input->str) + 4;
	request = g_new0(struct loopback_request, 1);
	request->head = g_strndup(peer->input->str, head_length);
	length = find_header(peer->server, request, "Content-Length");
	request->body_length = length != NULL ? (size_t)g_ascii_strtoull(length, NULL, 10) : 0;
	if (peer->input->len < head_length + request->body_length) {
		request_free(request);
		return NULL;
	}
	words = g_strsplit(request->head, " ", 3);
	request->method = g_strdup(words[0]);
	request->target = g_strdup(words[1] != NULL ? words[1] : "");
	g_strfreev(words);
	request->body = g_strndup(peer->input->str + head_length, request->body_length);
	request->connection = peer->connection;
	g_string_erase(peer->input, 0, (gssize)(head_length + request->body_length));
	return request;
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *part)
{
	struct loopback_peer *peer = stream->data;
	struct loopback *server = peer->server;
	struct loopback_request *request;

	if (got > 0)
		g_string_append_len(peer->input, part->base, got);
	g_free(part->base);
	if (got < 0) {
		peer_close(peer);
		return;
	}
	while (!peer->closing && (request = read_request(peer)) != NULL) {
		request->index = server->requests->len;
		g_ptr_array_add(server->requests, request);
		server->on_request(server->ctx, peer, request);
	}
}

static void on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *part)
{
	(void)handle;
	*part = uv_buf_init(g_malloc(wanted), (unsigned)wanted);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct loopback *server = listener->data;
	struct loopback_peer *peer = g_new0(struct loopback_peer, 1);

	assert_int_equal(status, 0);
	peer->server = server;
	peer->input = g_string_new("");
	peer->connection = ++server->connections;
	peer->next = server->peers;
	server->peers = peer;
	uv_tcp_init(listener->loop, &peer->tcp);
	uv_timer_init(listener->loop, &peer->drip_timer);
	peer->tcp.data = peer->drip_timer.data = peer;
	server->handles += 2;
	assert_int_equal(uv_accept(listener, (uv_stream_t *)&peer->tcp), 0);
	uv_tcp_nodelay(&peer->tcp, 1);
	if (server->reset_next > 0) {
		server->reset_next--;
		loopback_reset(peer);
		return;
	}
	assert_int_equal(uv_read_start((uv_stream_t *)&peer->tcp, on_room, on_read), 0);
	if (server->blurt != NULL)
		loopback_sends(peer, server->blurt);
}

static void on_pulse(uv_timer_t *timer) { (void)timer; }

struct loopback *loopback_new(uv_loop_t *loop, loopback_fn on_request, void *ctx)
{
	struct loopback *server = g_new0(struct loopback, 1);
	struct sockaddr_in address;
	int length = sizeof(address);

	signal(SIGPIPE, SIG_IGN); /* writing to a client that went away is ordinary here */
	server->on_request = on_request;
	server->ctx = ctx;
	server->requests = g_ptr_array_new_with_free_func(request_free);
	server->value = g_string_new("");
	server->handles = 2;
	assert_int_equal(uv_ip4_addr("127.0.0.1", 0, &address), 0);
	uv_tcp_init(loop, &server->listener);
	server->listener.data = server->pulse.data = server;
	/* One turn of a loop runs timers first and then waits for sockets: a test whose condition a timer has
	 * met must not wait there. */
	uv_timer_init(loop, &server->pulse);
	uv_timer_start(&server->pulse, on_pulse, 5, 5);
	assert_int_equal(uv_tcp_bind(&server->listener, (struct sockaddr *)&address, 0), 0);
	assert_int_equal(uv_listen((uv_stream_t *)&server->listener, 128, on_connection), 0);
	assert_int_equal(uv_tcp_getsockname(&server->listener, (struct sockaddr *)&address, &length), 0);
	g_snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%u", ntohs(address.sin_port));
	return server;
}

void loopback_close(struct loopback *server)
{
	server->closing = true;
	for (struct loopback_peer *peer = server->peers; peer != NULL; peer = peer->next)
		peer_close(peer);
	uv_close((uv_handle_t *)&server->listener, on_listener_closed);
	uv_close((uv_handle_t *)&server->pulse, on_listener_closed);
}

const char *loopback_url(const struct loopback *server) { return server->url; }

unsigned loopback_count(const struct loopback *server) { return server->requests->len; }

unsigned loopback_count_of(const struct loopback *server, const char *target)
{
	unsigned count = 0;

	for (unsigned i = 0; i < server->requests->len; i++)
		count += strcmp(loopback_at(server, i)->target, target) == 0;
	return count;
}

unsigned loopback_connections(const struct loopback *server) { return server->connections; }

const struct loopback_request *loopback_at(const struct loopback *server, unsigned index)
{
	assert_true(index < server->requests->len);
	return g_ptr_array_index(server->requests, index);
}

const char *loopback_header(struct loopback *server, unsigned index, const char *name)
{
	return find_header(server, loopback_at(server, index), name);
}

void loopback_reset_next(struct loopback *server, unsigned count) { server->reset_next = count; }

void loopback_blurt(struct loopback *server, const char *text) { server->blurt = text; }

size_t loopback_endless_bytes(const struct loopback *server) { return server->endless_bytes; }

void loopback_forget_proxies(void)
{
	static const char *const names[] = {"http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY",
					    "ALL_PROXY",  "no_proxy",    "NO_PROXY"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		unsetenv(names[i]);
}

void loopback_run(uv_loop_t *loop, const bool *done)
{
	while (!*done)
		assert_true(uv_run(loop, UV_RUN_ONCE) != 0 || *done);
}

void loopback_run_out(uv_loop_t *loop)
{
	uv_run(loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(loop), 0);
}
