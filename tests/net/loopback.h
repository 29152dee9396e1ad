/* A server on 127.0.0.1 that behaves as badly as a test wants. It runs on the loop of the code under test, so
 * a test needs no thread and no waiting: each request it has read whole is recorded and handed to the test's
 * function, which answers, or does worse. */
#ifndef LODGE_TESTS_NET_LOOPBACK_H
#define LODGE_TESTS_NET_LOOPBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

struct loopback;
struct loopback_peer; /* one connection */

struct loopback_request {
	unsigned index;      /* 0, 1 … in the order of arrival */
	unsigned connection; /* 1, 2 … */
	char *method, *target, *head, *body;
	size_t body_length;
};

/* Doing nothing leaves the client waiting. */
typedef void (*loopback_fn)(void *ctx, struct loopback_peer *peer, const struct loopback_request *request);

struct loopback *loopback_new(uv_loop_t *loop, loopback_fn on_request, void *ctx);

/* Closes listener and connections; the memory goes with the last close callback. */
void loopback_close(struct loopback *server);

/* "http://127.0.0.1:PORT" */
const char *loopback_url(const struct loopback *server);

/* What came so far. The value of a header of request `index` (NULL: not sent), valid until the next call. */
unsigned loopback_count(const struct loopback *server);
unsigned loopback_count_of(const struct loopback *server, const char *target);
unsigned loopback_connections(const struct loopback *server);
const struct loopback_request *loopback_at(const struct loopback *server, unsigned index);
const char *loopback_header(struct loopback *server, unsigned index, const char *name);

/* The next `count` connections are reset as soon as they are accepted. */
void loopback_reset_next(struct loopback *server, unsigned count);

/* Each connection is told `text` (which must outlive the server) as soon as it is accepted, before any
 * request. */
void loopback_blurt(struct loopback *server, const char *text);

/* A correct answer. `headers`: "Name: value\r\n" … or "". */
void loopback_answer(struct loopback_peer *peer, int status, const char *headers, const char *body);
void loopback_answer_bytes(struct loopback_peer *peer, int status, const char *headers, const void *body,
			   size_t length);

/* Raw bytes; and the end of the connection after what was sent, in order or by a reset. */
void loopback_send(struct loopback_peer *peer, const void *bytes, size_t length);
void loopback_sends(struct loopback_peer *peer, const char *text);
void loopback_end(struct loopback_peer *peer);
void loopback_reset(struct loopback_peer *peer);

/* A byte at a time. */
void loopback_drip(struct loopback_peer *peer, const char *text, unsigned every_ms);

/* A body without end, until the client goes away. Bytes handed to the socket so far are counted. */
void loopback_endless(struct loopback_peer *peer);
size_t loopback_endless_bytes(const struct loopback *server);

/* Takes the proxies of whoever runs the tests out of the environment. */
void loopback_forget_proxies(void);

/* Runs the loop until *done, failing the test when the loop runs dry before. */
void loopback_run(uv_loop_t *loop, const bool *done);

/* Runs the loop until every handle is closed, and closes it; fails the test when one stays. */
void loopback_run_out(uv_loop_t *loop);

#endif
