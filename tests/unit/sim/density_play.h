/* For tests: the simulated Density without a socket, on a clock that the test moves. */
#ifndef LODGE_TESTS_SIM_DENSITY_PLAY_H
#define LODGE_TESTS_SIM_DENSITY_PLAY_H

#include "base/clock.h"
#include "base/jsonx.h"
#include "sim/app.h"
#include "sim/density.h"
#include "sim/density_auth.h"

struct density_play {
	struct clock_fake clock;
	struct sim_app *app;
	struct sim_density *density;
	struct sim_density_credentials own;
	struct jsonx doc;
	char *bearer; /* sent; "" = none */
	int status;
	const char *content_type;
	struct buf body; /* the last answer */
};

/* Wednesday 2026-11-18, 16:00 in UTC: 11 o'clock in New York. */
#define DENSITY_PLAY_NOW_MS 1795017600000LL

/* `faults` are NULL-terminated "density.name=value" texts, or NULL. Signs in; the vendor's own limit of requests is off. */
void density_play_init(struct density_play *play, const char *const *faults);
void density_play_fini(struct density_play *play);

/* One request; the path begins after /density. The answer, or NULL when it is not JSON. */
const cJSON *density_play_ask(struct density_play *play, const char *method, const char *path,
			      const char *body);

/* The same, which must be answered with the status. */
const cJSON *density_play_expect(struct density_play *play, int status, const char *method, const char *path,
				 const char *body);

/* A form instead of JSON. */
const cJSON *density_play_form(struct density_play *play, const char *path, const char *form);

/* POST /v3/oauth/token; keeps the token. */
const cJSON *density_play_sign_in(struct density_play *play);

void density_play_fault(struct density_play *play, const char *name, const char *value);
unsigned density_play_violations(const struct density_play *play);

/* Fails the test unless every member of tests/unit/sim/density/NAME.json is in the answer with a value of the same type.
 * For maps by id and lists: everything in the sample looks like something in the answer. */
void density_play_like(const char *name, const cJSON *answer);

/* The first space of this name; its index. */
int density_play_space(const struct density_play *play, const char *name);
const char *density_play_id(const struct density_play *play, const char *name);

#endif
