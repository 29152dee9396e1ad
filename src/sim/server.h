/* The socket side: libwebsockets as an HTTP server on a libuv loop, on 127.0.0.1 only.
 *
 * The packaged event-loop plugin (Debian: libwebsockets-evlib-uv) runs lws on our loop. It is loaded at run time, so its
 * absence shows only when the server starts.
 */
#ifndef LODGE_SIM_SERVER_H
#define LODGE_SIM_SERVER_H

#include "base/err.h"
#include "sim/app.h"

#include <uv.h>

struct sim_server;

/* Listens on the port (0 = any). NULL with a problem: ERR_IO, ERR_UNSUPPORTED. The loop and the app must outlive it. */
struct sim_server *sim_server_new(struct sim_app *app, uv_loop_t *loop, unsigned port,
				  struct problem *problem);

/* The port that is listened to. */
unsigned sim_server_port(const struct sim_server *server);

/* Closes every connection. Call while the loop's handles of others are closing too; runs the loop until lws is gone. */
void sim_server_free(struct sim_server *server);

#endif
