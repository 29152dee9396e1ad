/* The simulated ButterflyMX: what its parts share. Section numbers are those of butterflymx.md. */
#ifndef LODGE_SIM_BUTTERFLYMX_H
#define LODGE_SIM_BUTTERFLYMX_H

#include "sim/app.h"
#include "sim/butterflymx_data.h"

extern const struct sim_vendor sim_bmx_vendor;

struct sim_bmx_auth;
struct sim_bmx_history;

struct sim_bmx {
	struct sim_app *app;
	struct sim_vendor_state *state;
	struct sim_bmx_data *data;
	struct sim_bmx_auth *auth;
	struct sim_bmx_history *history;
};

static inline struct sim_bmx *sim_bmx_of(const struct sim_call *call) { return call->vendor; }

static inline const struct sim_faults *sim_bmx_faults(const struct sim_call *call)
{
	return &sim_bmx_of(call)->state->faults;
}

/* Answers one error object of JSON:API; `pointer` or `parameter` may be NULL. */
void sim_bmx_refuse(struct sim_call *call, int status, const char *pointer, const char *parameter,
		    const char *detail);

/* 404 for what does not exist or is not the user's; 403 for what the user's role may not do. */
void sim_bmx_absent(struct sim_call *call);
void sim_bmx_forbid(struct sim_call *call);

/* The number in a path or an identifier; -1 when it is none. */
int64_t sim_bmx_number(const char *text);

/* The user's role (§9), and what lies in its scope. */
enum sim_role sim_bmx_role(const struct sim_call *call);
bool sim_bmx_owns_building(const struct sim_call *call, int64_t building);
bool sim_bmx_owns_zone(const struct sim_call *call, int64_t zone);
bool sim_bmx_owns_unit(const struct sim_call *call, int64_t unit);

/* Row `arg` of the path, or NULL after a 404: not there, or out of scope. */
void *sim_bmx_row_of_path(struct sim_call *call, enum sim_bmx_kind kind, unsigned arg);

#endif
