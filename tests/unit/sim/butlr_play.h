/* For tests: the simulator without a socket, on a clock that the test moves. */
#ifndef LODGE_TESTS_SIM_BUTLR_PLAY_H
#define LODGE_TESTS_SIM_BUTLR_PLAY_H

#include "base/clock.h"
#include "base/jsonx.h"
#include "sim/app.h"
#include "sim/world.h"

struct play {
	struct clock_fake clock;
	struct sim_app *app;
	struct jsonx doc;
	int status, retry_after_s;
	bool drop, stall;
	char *token, *text; /* text: the last body */
};

/* Wednesday 2026-11-18, 16:00 in UTC: 11 o'clock in New York. */
#define PLAY_NOW_MS 1795017600000LL

/* `faults` are NULL-terminated "butlr.name=value" texts, or NULL. Signs in. */
void play_init(struct play *play, const char *const *faults);
void play_fini(struct play *play);

/* One request; `path` begins after /butlr and may have a query. Returns the answer as JSON, NULL when it is none. */
const cJSON *play_ask(struct play *play, const char *method, const char *path, const char *body);

/* The same with a path of its own, /control/… */
const cJSON *play_raw(struct play *play, const char *method, const char *path, const char *token,
		      const char *body);

/* The id of the nth element of `data` in GET path. Free with g_free. */
char *play_id(struct play *play, const char *path, int index);

/* A sample of the documents: $srcdir/tests/api/butlr/NAME.json. The text is freed with g_free. */
char *play_sample(const char *name);

/* Fails the test unless `answer` has the members of `sample`, with values of the same types, all the way down; of lists
 * the first elements are compared. */
void play_same_shape(const cJSON *sample, const cJSON *answer);

#endif
