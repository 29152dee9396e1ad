/* For tests: the simulated ButterflyMX without a socket, on a clock that the test moves. */
#ifndef LODGE_TESTS_SIM_BUTTERFLYMX_PLAY_H
#define LODGE_TESTS_SIM_BUTTERFLYMX_PLAY_H

#include "base/clock.h"
#include "base/jsonx.h"
#include "sim/app.h"
#include "sim/butterflymx.h"
#include "sim/butterflymx_auth.h"

struct bmx_play {
	struct clock_fake clock;
	struct sim_app *app;
	struct sim_bmx_credentials own;
	struct jsonx doc;
	char *access, *refresh;                         /* of the last good token call */
	const char *accept, *media_type, *content_type; /* sent, sent, received */
	int status;
	bool drop, reset;
	int64_t delay_ms;
	struct buf body; /* the last answer */
};

/* Wednesday 2026-11-18, 16:00 in UTC: 11 o'clock in New York. */
#define BMX_PLAY_NOW_MS 1795017600000LL

/* `faults` are NULL-terminated "butterflymx.name=value" texts, or NULL. Signs in. */
void bmx_play_init(struct bmx_play *play, const char *const *faults);
/* The same with another time at the start. */
void bmx_play_init_at(struct bmx_play *play, const char *const *faults, int64_t start_ms);
void bmx_play_fini(struct bmx_play *play);

/* One signed-in request of JSON:API; the path begins after /butterflymx. The answer, or NULL when it is not JSON. */
const cJSON *bmx_play_ask(struct bmx_play *play, const char *method, const char *path, const char *body);

/* A form, with this Authorization ("" = none). Keeps the tokens of a good answer. */
const cJSON *bmx_play_form(struct bmx_play *play, const char *method, const char *path,
			   const char *authorization, const char *form);

/* POST /oauth/token with the password, or with a refresh token. */
const cJSON *bmx_play_sign_in(struct bmx_play *play);
const cJSON *bmx_play_refresh(struct bmx_play *play, const char *refresh);

/* A GET without any header but this Authorization. */
void bmx_play_fetch(struct bmx_play *play, const char *url, const char *authorization);

void bmx_play_fault(struct bmx_play *play, const char *name, const char *value);

/* Requests so far that did not follow the document. */
unsigned bmx_play_violations(const struct bmx_play *play);

/* A sample of the document: $srcdir/tests/api/butterflymx/NAME.json. Freed with g_free. */
char *bmx_play_sample(const char *name);

/* Fails the test unless the answer has the members of the sample and no others, with values of the same types. */
void bmx_play_like(const char *sample, const cJSON *answer);

/* The id of the nth element of `data`, of the last answer; borrowed until the next. */
const char *bmx_play_id(struct bmx_play *play, int index);

#endif
