/* The live sockets of the simulated Density (density.md §7), without the socket: addresses that are good once, and what a
 * connection is told. */
#ifndef LODGE_SIM_DENSITY_WS_H
#define LODGE_SIM_DENSITY_WS_H

#include "sim/density.h"

struct sim_density_tickets;
struct sim_density_stream;

#define SIM_DENSITY_WS_PATH "/density-ws/"
#define SIM_DENSITY_TICKET_MS 60000  /* real time in which an address has to be used */
#define SIM_DENSITY_REFRESH_MS 60000 /* simulated time between two full pictures */
#define SIM_DENSITY_FLOOD 10000      /* messages in a second of the fault `ws=flood` */

struct sim_density_tickets *sim_density_tickets_new(uint64_t seed);
void sim_density_tickets_free(struct sim_density_tickets *tickets);

/* {"ws_url":"ws://HOST/density-ws/…"} */
void sim_density_ws_presence(struct sim_call *call);
void sim_density_ws_occupancy(struct sim_call *call);
void sim_density_ws_doorway(struct sim_call *call);

/* What the path of a connection stands for; uses the address up. NULL, and a violation, for one that is unknown, used or
 * too old. */
struct sim_density_stream *sim_density_stream_open(struct sim_density *density, const char *path);
void sim_density_stream_free(struct sim_density_stream *stream);

/* Sets `out` to the next message that is due; false when there is none. Call until it is false, about once in a simulated
 * second. */
bool sim_density_stream_next(struct sim_density_stream *stream, int64_t now_ms, struct buf *out);

/* One more live message about the next of the spaces, whether or not anything changed. */
void sim_density_stream_repeat(struct sim_density_stream *stream, int64_t now_ms, struct buf *out);

/* How sockets misbehave now. */
enum sim_socket_fault sim_density_ws_fault(const struct sim_density *density);

#endif
