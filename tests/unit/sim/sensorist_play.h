/* For tests: the simulated Sensorist without a socket, on a clock that the test moves. */
#ifndef LODGE_TESTS_SIM_SENSORIST_PLAY_H
#define LODGE_TESTS_SIM_SENSORIST_PLAY_H

#include "base/clock.h"
#include "base/jsonx.h"
#include "sim/app.h"
#include "sim/sensorist.h"

struct sensorist_play {
	struct clock_fake clock;
	struct sim_app *app;
	struct sim_sens *sens;
	struct sim_sens_credentials own;
	struct jsonx doc;
	char *authorization; /* sent; "" = none */
	int status, max_age_s;
	struct buf body; /* the last answer */
};

/* Wednesday 2026-11-18, 16:00 in UTC: 11 o'clock in New York. */
#define SENSORIST_PLAY_NOW_MS 1795017600000LL

/* `faults` are NULL-terminated "sensorist.name=value" texts, or NULL. The owner is signed in. */
void sensorist_play_init(struct sensorist_play *play, const char *const *faults);
void sensorist_play_fini(struct sensorist_play *play);

/* Who asks from now on. */
void sensorist_play_sign_in(struct sensorist_play *play, const char *username, const char *password);

/* One request; the path begins after /sensorist, `form` is the body of a POST or NULL. The answer, or NULL when it is not
 * JSON. */
const cJSON *sensorist_play_ask(struct sensorist_play *play, const char *method, const char *path,
				const char *form);

/* The same, which must be answered with the status, in the header and in the envelope. */
const cJSON *sensorist_play_expect(struct sensorist_play *play, int status, const char *method,
				   const char *path, const char *form);

/* GET with a path as printf makes it, answered 200. */
const cJSON *sensorist_play_get(struct sensorist_play *play, const char *format, ...) LODGE_PRINTF(2, 3);

unsigned sensorist_play_violations(const struct sensorist_play *play);

/* Fails the test unless every member of tests/unit/sim/sensorist/NAME.json is in the answer with a value of the same type;
 * for maps by id and lists: everything in the sample looks like something in the answer. `both`: also the other way. */
void sensorist_play_like(const char *name, const cJSON *answer, bool both);

#endif
