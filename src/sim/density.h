/* The simulated Density: what its parts share. Section numbers are those of density.md. */
#ifndef LODGE_SIM_DENSITY_H
#define LODGE_SIM_DENSITY_H

#include "sim/app.h"
#include "sim/density_data.h"

extern const struct sim_vendor sim_density_vendor;

struct sim_density_auth;
struct sim_density_tickets;

#define SIM_DENSITY_BATCH 100 /* space ids in one request (§3) */

struct sim_density {
	struct sim_app *app;
	struct sim_vendor_state *state;
	struct sim_density_data *data;
	struct sim_density_auth *auth;
	struct sim_density_tickets *tickets;
	struct world_view *view; /* its own: history asks for many days */
	struct sim_bucket edge;  /* the vendor's limit of requests (§3) */
};

static inline struct sim_density *sim_density_of(const struct sim_call *call) { return call->vendor; }

static inline const struct sim_faults *sim_density_faults(const struct sim_density *density)
{
	return &density->state->faults;
}

/* Answers {"code":status,"message":text} (§3). */
void sim_density_refuse(struct sim_call *call, int status, const char *message);

/* 400 for a request that the document forbids; also counted and listed. */
void sim_density_invalid(struct sim_call *call, const char *why);

/* The body as an object; `known`: the members that the document names, blank separated; others are noted. An empty body
 * counts as {}. NULL after a 400. */
const cJSON *sim_density_body(struct sim_call *call, const char *known);

/* The texts of an array member; an empty list where there is none. False after a 400. Borrowed from the body. */
bool sim_density_texts(struct sim_call *call, const cJSON *body, const char *name, GPtrArray *out);

enum sim_density_pick {
	SIM_DENSITY_EXACT,   /* the spaces that are named */
	SIM_DENSITY_FLATTEN, /* buildings and floors give what is in them (§3) */
};

/* Indices (int) of the spaces that `space_ids` asks for, each once; without that member all. NULL after a refusal. */
GArray *sim_density_pick(struct sim_call *call, const cJSON *body, enum sim_density_pick how);

/* The space that part `arg` of the path names; -1 after a 404. */
int sim_density_space_of_path(struct sim_call *call, unsigned arg);

/* Opens and closes an answer that is a map by space id: bare, or with the fault `envelope` under "data" (§3). */
void sim_density_open_map(struct sim_call *call);
void sim_density_close_map(struct sim_call *call);

#endif
