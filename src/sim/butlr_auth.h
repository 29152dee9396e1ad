/* Sign-in of the simulated Butlr (butlr.md §2): tokens, their lives, refresh. */
#ifndef LODGE_SIM_BUTLR_AUTH_H
#define LODGE_SIM_BUTLR_AUTH_H

#include "sim/call.h"

struct sim_butlr;
struct sim_butlr_auth;

/* What a client signs in with; functions of the seed, so that they may be written into a configuration beforehand. */
struct sim_butlr_credentials {
	char client_id[48], client_secret[80], username[48], password[48];
};

void sim_butlr_credentials(uint64_t seed, struct sim_butlr_credentials *out);

struct sim_butlr_auth *sim_butlr_auth_new(uint64_t seed);
void sim_butlr_auth_free(struct sim_butlr_auth *auth);

/* Is the request's Authorization a bearer token that has not run out? */
bool sim_butlr_auth_good(const struct sim_butlr *butlr, const struct sim_call *call);

void sim_butlr_client_login(struct sim_call *call);
void sim_butlr_user_login(struct sim_call *call);
void sim_butlr_refresh(struct sim_call *call);

#endif
