/* A WebSocket server on 127.0.0.1, made by hand so that it can break every rule. It runs on the loop of the code under test. */
#ifndef LODGE_TESTS_NET_WSSERVER_H
#define LODGE_TESTS_NET_WSSERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#define WS_FIN 0x80
#define WS_CONTINUE 0x0
#define WS_TEXT 0x1
#define WS_BINARY 0x2
#define WS_CLOSE 0x8
#define WS_PING 0x9
#define WS_PONG 0xa

struct wsserver;
struct wspeer; /* one connection */

/* A connection has sent its request's head: accept it, or answer anything else. */
typedef void (*wsserver_fn)(void *ctx, struct wspeer *peer, const char *head);

struct wsserver *wsserver_new(uv_loop_t *loop, wsserver_fn on_request, void *ctx);
void wsserver_close(struct wsserver *server);
unsigned wsserver_port(const struct wsserver *server);

/* The right answer to the key in the head: 101. */
void wsserver_accept(struct wspeer *peer);
char *wsserver_key(const char *head); /* what is expected for it; g_free it; NULL: no key */

void wsserver_bytes(struct wspeer *peer, const void *bytes, size_t length);
/* A byte a turn of the loop. */
void wsserver_drip(struct wspeer *peer, const void *bytes, size_t length);
/* `first` is the first byte: WS_FIN | opcode. */
void wsserver_frame(struct wspeer *peer, unsigned first, const void *bytes, size_t length);
void wsserver_text(struct wspeer *peer, const char *text);
/* The bytes of a frame; g_free them. `mask`: as only clients may. */
char *wsserver_frame_bytes(unsigned first, bool mask, const void *bytes, size_t length, size_t *total);
/* The same message again and again, `burst` at a write, until the client goes away or `most` were sent. */
void wsserver_flood(struct wspeer *peer, const char *text, unsigned burst, unsigned most);
bool wsserver_flooding(const struct wspeer *peer);
void wsserver_end(struct wspeer *peer);

/* What came. */
void wsserver_mute(struct wsserver *server, bool mute); /* answers no ping */
unsigned wsserver_requests(const struct wsserver *server);
unsigned wsserver_open(const struct wsserver *server); /* connections now */
unsigned wsserver_pings(const struct wsserver *server);
unsigned wsserver_pongs(const struct wsserver *server);
unsigned wsserver_closes(const struct wsserver *server);
unsigned wsserver_unmasked(const struct wsserver *server);

#endif
