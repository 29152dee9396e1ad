/* Sign-in of the simulated ButterflyMX (butterflymx.md §3): tokens that rotate, and the password. */
#ifndef LODGE_SIM_BUTTERFLYMX_AUTH_H
#define LODGE_SIM_BUTTERFLYMX_AUTH_H

#include "sim/call.h"

struct sim_bmx;
struct sim_bmx_auth;

/* What a client signs in with; functions of the seed, so that they may be written into a configuration beforehand. */
struct sim_bmx_credentials {
	char client_id[72], client_secret[72], username[48], password[48];
};

void sim_bmx_credentials(uint64_t seed, struct sim_bmx_credentials *out);

struct sim_bmx_auth *sim_bmx_auth_new(uint64_t seed);
void sim_bmx_auth_free(struct sim_bmx_auth *auth);

/* Is the request's Authorization a bearer token that has not run out? Its first use ends the refresh token that it came
 * from. */
bool sim_bmx_auth_good(const struct sim_bmx *bmx, const struct sim_call *call);

void sim_bmx_token(struct sim_call *call);
void sim_bmx_password(struct sim_call *call);

#endif
