#include "wsserver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>

struct wsserver {
	uv_tcp_t listener;
	unsigned port, holders;
	wsserver_fn on_request;
	void *ctx;
	GList *peers;
	bool mute;
	unsigned requests, pings, pongs, closes, unmasked;
};

struct wspeer {
	uv_tcp_t tcp;
	struct wsserver *server;
	GByteArray *in;
	char *head;
	bool accepted, closing;
	GByteArray *drip;
	GByteArray *flood; /* what one write of a flood holds */
	unsigned flood_burst, flood_left;
};

struct write {
	uv_write_t request;
	struct wspeer *peer;
	char *bytes;
	bool drips, floods;
};

static void unref(struct wsserver *server)
{
	if (--server->holders == 0)
		g_free(server);
}

static void on_peer_closed(uv_handle_t *handle)
{
	struct wspeer *peer = handle->data;

	peer->server->peers = g_list_remove(peer->server->peers, peer);
	unref(peer->server);
	g_byte_array_unref(peer->in);
	if (peer->drip != NULL)
		g_byte_array_unref(peer->drip);
	if (peer->flood != NULL)
		g_byte_array_unref(peer->flood);
	g_free(peer->head);
	g_free(peer);
}

void wsserver_end(struct wspeer *peer)
{
	if (peer->closing)
		return;
	peer->closing = true;
	uv_close((uv_handle_t *)&peer->tcp, on_peer_closed);
}

static void flood_more(struct wspeer *peer);
static void drip_more(struct wspeer *peer);

static void on_written(uv_write_t *request, int status)
{
	struct write *write = (struct write *)request;
	struct wspeer *peer = write->peer;
	bool drips = write->drips, floods = write->floods;

	g_free(write->bytes);
	g_free(write);
	if (status != 0)
		wsserver_end(peer);
	else if (drips)
		drip_more(peer);
	else if (floods)
		flood_more(peer);
}

static void send_bytes(struct wspeer *peer, const void *bytes, size_t length, bool drips, bool floods)
{
	struct write *write;
	uv_buf_t part;

	if (peer->closing)
		return;
	write = g_new0(struct write, 1);
	write->peer = peer;
	write->bytes = g_memdup2(bytes, length);
	write->drips = drips;
	write->floods = floods;
	part = uv_buf_init(write->bytes, (unsigned)length);
	if (uv_write(&write->request, (uv_stream_t *)&peer->tcp, &part, 1, on_written) != 0) {
		g_free(write->bytes);
		g_free(write);
		wsserver_end(peer);
	}
}

void wsserver_bytes(struct wspeer *peer, const void *bytes, size_t length)
{
	send_bytes(peer, bytes, length, false, false);
}

static void drip_more(struct wspeer *peer)
{
	guint8 byte;

	if (peer->drip->len == 0 || peer->closing)
		return;
	byte = peer->drip->data[0];
	g_byte_array_remove_index(peer->drip, 0);
	send_bytes(peer, &byte, 1, true, false);
}

void wsserver_drip(struct wspeer *peer, const void *bytes, size_t length)
{
	if (peer->drip == NULL)
		peer->drip = g_byte_array_new();
	g_byte_array_append(peer->drip, bytes, (guint)length);
	drip_more(peer);
}

char *wsserver_frame_bytes(unsigned first, bool mask, const void *bytes, size_t length, size_t *total)
{
	static const guint8 key[4] = {1, 2, 3, 4};
	GByteArray *frame = g_byte_array_new();
	guint8 head[10] = {(guint8)first};
	guint n = 2;

	if (length < 126) {
		head[1] = (guint8)length;
	} else if (length < 65536) {
		head[1] = 126;
		head[2] = (guint8)(length >> 8);
		head[3] = (guint8)length;
		n = 4;
	} else {
		head[1] = 127;
		for (unsigned i = 0; i < 8; i++)
			head[2 + i] = (guint8)((uint64_t)length >> (56 - 8 * i));
		n = 10;
	}
	head[1] |= mask ? 0x80 : 0;
	g_byte_array_append(frame, head, n);
	if (mask)
		g_byte_array_append(frame, key, 4);
	g_byte_array_append(frame, bytes, (guint)length);
	for (size_t i = 0; mask && i < length; i++)
		frame->data[n + 4 + i] ^= key[i & 3];
	*total = frame->len;
	return (char *)g_byte_array_free(frame, FALSE);
}

void wsserver_frame(struct wspeer *peer, unsigned first, const void *bytes, size_t length)
{
	size_t total;
	char *frame = wsserver_frame_bytes(first, false, bytes, length, &total);

	wsserver_bytes(peer, frame, total);
	g_free(frame);
}

void wsserver_text(struct wspeer *peer, const char *text)
{
	wsserver_frame(peer, WS_FIN | WS_TEXT, text, strlen(text));
}

static void flood_more(struct wspeer *peer)
{
	if (peer->flood_left == 0)
		return;
	peer->flood_left -= MIN(peer->flood_left, peer->flood_burst);
	send_bytes(peer, peer->flood->data, peer->flood->len, false, true);
}

void wsserver_flood(struct wspeer *peer, const char *text, unsigned burst, unsigned most)
{
	size_t total;
	char *frame = wsserver_frame_bytes(WS_FIN | WS_TEXT, false, text, strlen(text), &total);

	peer->flood = g_byte_array_new();
	for (unsigned i = 0; i < burst; i++)
		g_byte_array_append(peer->flood, (guint8 *)frame, (guint)total);
	g_free(frame);
	peer->flood_burst = burst;
	peer->flood_left = most;
	flood_more(peer);
}

bool wsserver_flooding(const struct wspeer *peer) { return peer->flood_left > 0; }

/* --- the handshake --- */

char *wsserver_key(const char *head)
{
	const char *key = strstr(head, "Sec-WebSocket-Key: ");
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA1);
	guint8 digest[20];
	gsize length = sizeof(digest);

	if (key == NULL) {
		g_checksum_free(sum);
		return NULL;
	}
	key += 19;
	g_checksum_update(sum, (const guchar *)key, (gssize)strcspn(key, "\r\n"));
	g_checksum_update(sum, (const guchar *)"258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
	g_checksum_get_digest(sum, digest, &length);
	g_checksum_free(sum);
	return g_base64_encode(digest, length);
}

void wsserver_accept(struct wspeer *peer)
{
	char *key = wsserver_key(peer->head);
	char *answer = g_strdup_printf("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
				       "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
				       key);

	assert_non_null(key);
	peer->accepted = true;
	wsserver_bytes(peer, answer, strlen(answer));
	g_free(answer);
	g_free(key);
}

/* --- what comes --- */

static void take_frame(struct wspeer *peer, unsigned opcode, const void *bytes, size_t length)
{
	struct wsserver *server = peer->server;

	if (opcode == WS_PING) {
		server->pings++;
		if (!server->mute)
			wsserver_frame(peer, WS_FIN | WS_PONG, bytes, length);
	} else if (opcode == WS_PONG) {
		server->pongs++;
	} else if (opcode == WS_CLOSE) {
		server->closes++;
	}
}

/* Clients send small frames only. */
static void take_frames(struct wspeer *peer)
{
	while (peer->in->len >= 2) {
		const guint8 *data = peer->in->data;
		size_t length = data[1] & 0x7f, whole = 2 + ((data[1] & 0x80) != 0 ? 4u : 0u) + length;

		if (peer->in->len < whole)
			return;
		peer->server->unmasked += (data[1] & 0x80) == 0;
		take_frame(peer, data[0] & 0xf, data + whole - length, length);
		g_byte_array_remove_range(peer->in, 0, (guint)whole);
	}
}

static void take_head(struct wspeer *peer)
{
	const char *end = g_strstr_len((const char *)peer->in->data, (gssize)peer->in->len, "\r\n\r\n");
	size_t length;

	if (end == NULL || peer->head != NULL)
		return;
	length = (size_t)(end + 4 - (const char *)peer->in->data);
	peer->head = g_strndup((const char *)peer->in->data, length);
	g_byte_array_remove_range(peer->in, 0, (guint)length);
	peer->server->requests++;
	peer->server->on_request(peer->server->ctx, peer, peer->head);
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *part)
{
	struct wspeer *peer = stream->data;

	if (got > 0) {
		g_byte_array_append(peer->in, (guint8 *)part->base, (guint)got);
		if (peer->accepted)
			take_frames(peer);
		else
			take_head(peer);
	} else if (got < 0) {
		wsserver_end(peer);
	}
	g_free(part->base);
}

static void on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *part)
{
	(void)handle;
	*part = uv_buf_init(g_malloc(wanted), (unsigned)wanted);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct wsserver *server = listener->data;
	struct wspeer *peer = g_new0(struct wspeer, 1);

	assert_int_equal(status, 0);
	peer->server = server;
	peer->in = g_byte_array_new();
	server->holders++;
	server->peers = g_list_prepend(server->peers, peer);
	assert_int_equal(uv_tcp_init(listener->loop, &peer->tcp), 0);
	peer->tcp.data = peer;
	assert_int_equal(uv_accept(listener, (uv_stream_t *)&peer->tcp), 0);
	uv_tcp_nodelay(&peer->tcp, 1);
	uv_read_start((uv_stream_t *)&peer->tcp, on_room, on_read);
}

static void on_listener_closed(uv_handle_t *handle) { unref(handle->data); }

struct wsserver *wsserver_new(uv_loop_t *loop, wsserver_fn on_request, void *ctx)
{
	struct wsserver *server = g_new0(struct wsserver, 1);
	struct sockaddr_in address;
	int length = sizeof(address);

	server->on_request = on_request;
	server->ctx = ctx;
	server->holders = 1;
	assert_int_equal(uv_tcp_init(loop, &server->listener), 0);
	server->listener.data = server;
	uv_ip4_addr("127.0.0.1", 0, &address);
	assert_int_equal(uv_tcp_bind(&server->listener, (struct sockaddr *)&address, 0), 0);
	assert_int_equal(uv_listen((uv_stream_t *)&server->listener, 512, on_connection), 0);
	uv_tcp_getsockname(&server->listener, (struct sockaddr *)&address, &length);
	server->port = GUINT16_FROM_BE(address.sin_port);
	return server;
}

void wsserver_close(struct wsserver *server)
{
	for (GList *link = server->peers; link != NULL; link = link->next)
		wsserver_end(link->data);
	uv_close((uv_handle_t *)&server->listener, on_listener_closed);
}

unsigned wsserver_port(const struct wsserver *server) { return server->port; }

void wsserver_mute(struct wsserver *server, bool mute) { server->mute = mute; }

unsigned wsserver_requests(const struct wsserver *server) { return server->requests; }

unsigned wsserver_open(const struct wsserver *server) { return g_list_length(server->peers); }

unsigned wsserver_pings(const struct wsserver *server) { return server->pings; }

unsigned wsserver_pongs(const struct wsserver *server) { return server->pongs; }

unsigned wsserver_closes(const struct wsserver *server) { return server->closes; }

unsigned wsserver_unmasked(const struct wsserver *server) { return server->unmasked; }
