/* Sign-in of the simulated Density (density.md §2): client credentials, a static token, display tokens. */
#ifndef LODGE_SIM_DENSITY_AUTH_H
#define LODGE_SIM_DENSITY_AUTH_H

#include "sim/call.h"

struct sim_density;
struct sim_density_auth;

/* Functions of the seed, so that they may be written into a configuration beforehand. */
struct sim_density_credentials {
	char client_id[40], client_secret[72];
	char token[56]; /* the static one, "tok_…": may read only */
};

void sim_density_credentials(uint64_t seed, struct sim_density_credentials *out);

struct sim_density_auth *sim_density_auth_new(uint64_t seed);
void sim_density_auth_free(struct sim_density_auth *auth);

/* Who asks. */
enum sim_density_who {
	SIM_DENSITY_NOBODY,  /* no Authorization at all */
	SIM_DENSITY_UNKNOWN, /* a token that is none of ours or has run out */
	SIM_DENSITY_STATIC,
	SIM_DENSITY_MACHINE, /* by client credentials */
};

enum sim_density_who sim_density_auth_who(const struct sim_density *density, const struct sim_call *call);

void sim_density_token(struct sim_call *call);
void sim_density_display_token(struct sim_call *call);

/* `length` letters and digits and a NUL. */
struct rng;
void sim_density_word(struct rng *rng, char *out, size_t length);

#endif
