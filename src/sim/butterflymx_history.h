/* The door releases of the simulated ButterflyMX: what the world's people cause when they come in through an
 * entrance, or through the reader of an open office on the ground floor.
 *
 * A release's id is made of its second and its place within that second, so that the same release has the same id
 * whenever the simulator was started.
 */
#ifndef LODGE_SIM_BUTTERFLYMX_HISTORY_H
#define LODGE_SIM_BUTTERFLYMX_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_bmx_data;
struct world_view;

struct sim_bmx_release {
	int64_t id, at_s;
	int64_t unit, user;
	const char *method, *type, *panel_user; /* literals */
	const char *name;                       /* the resident's, kept by the data */
	bool picture;
};

struct sim_bmx_history;

struct sim_bmx_history *sim_bmx_history_new(struct sim_bmx_data *data, int64_t start_ms);
void sim_bmx_history_free(struct sim_bmx_history *history);

/* The last `most` releases up to now, oldest first; *count says how many there are. The first call goes back from the
 * start as far as it takes; later ones only add what happened since. Valid until the next call. `view` is asked for
 * what is new. */
const struct sim_bmx_release *sim_bmx_history_get(struct sim_bmx_history *history, struct world_view *view,
						  int64_t now_ms, size_t most, size_t *count);

/* By id among those last got; NULL when there is none. */
const struct sim_bmx_release *sim_bmx_history_find(const struct sim_bmx_history *history, int64_t id);

#endif
