/* The sockets of the simulator: what libwebsockets tells of WebSocket connections. One of them is one stream of messages;
 * how it misbehaves is in the fault `ws`. */
#ifndef LODGE_SIM_SERVER_WS_H
#define LODGE_SIM_SERVER_WS_H

#include "sim/app.h"

#include <libwebsockets.h>

/* Takes one callback; false when it is not about a WebSocket. *result is what the callback of lws returns. */
bool sim_socket_callback(struct sim_app *app, struct lws *wsi, enum lws_callback_reasons reason, int *result);

#endif
