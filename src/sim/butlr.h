/* The simulated Butlr: what its parts share. Section numbers are those of butlr.md. */
#ifndef LODGE_SIM_BUTLR_H
#define LODGE_SIM_BUTLR_H

#include "sim/app.h"
#include "sim/butlr_estate.h"
#include "sim/world.h"

extern const struct sim_vendor sim_butlr_vendor;

struct sim_butlr_auth;

struct sim_butlr {
	struct sim_app *app;
	struct sim_vendor_state *state;
	const struct world *world;
	struct world_view *view;
	struct sim_estate *estate;
	struct sim_butlr_auth *auth;
	char *language; /* the user's preference */
};

static inline struct sim_butlr *sim_butlr_of(const struct sim_call *call) { return call->vendor; }

static inline const struct sim_faults *sim_butlr_faults(const struct sim_butlr *butlr)
{
	return &butlr->state->faults;
}

/* 400 {"message":"Invalid request"} and an entry in the list of violations. */
void sim_butlr_invalid(struct sim_call *call, const char *why);

/* The name to show for an object: its own, or with the fault `hostile` for one in four a text that tries to break
 * terminals. Borrowed. */
const char *sim_butlr_name(const struct sim_butlr *butlr, const char *id, const char *name);

#endif
