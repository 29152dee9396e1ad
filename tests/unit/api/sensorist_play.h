/* Runs queries and orders of the Sensorist adapter against a table of recorded answers: no network, no clock. */
#ifndef LODGE_TESTS_UNIT_API_SENSORIST_PLAY_H
#define LODGE_TESTS_UNIT_API_SENSORIST_PLAY_H

#include "api/sensorist/sensorist.h"
#include "api/work.h"
#include "base/buf.h"
#include "core/config.h"
#include "model/access.h"
#include "model/estate.h"
#include "model/live.h"

#define SENS_TEST_NOW INT64_C(1772445600000) /* 2026-03-02T10:00:00Z */

enum play_fate { SENS_ANSWERED, SENS_TIMED_OUT, SENS_NOT_SENT };

/* One line of the table; the first that fits answers. Ended by a NULL method. */
struct play_answer {
	const char *method;
	const char *path;  /* all of the path */
	const char *holds; /* part of the body, or NULL */
	int status;
	const char *file; /* below tests/api/sensorist, or NULL */
	const char *body; /* used when there is no file */
	unsigned times;   /* 0: for ever */
	enum play_fate fate;
	bool cached; /* kept from an earlier answer */
};

struct sens_play {
	struct config *config;
	void *state;
	int64_t now_ms;
	const struct play_answer *answers;
	/* Asked before the table when it is set: the body (malloc'ed) and the status, or NULL. */
	char *(*serve)(void *ctx, const struct work_request *request, int *status);
	void *ctx;
	unsigned used[64];
	struct work *work;
	struct buf log; /* "POST /path body\n" of every request, in order */
	unsigned requests, writes;
	int64_t delays_ms;
	int error;
	const struct rows *rows[KIND_COUNT];
};

/* `options`: keys and values besides vendor and credentials, ended by NULL; may be NULL. */
void play_open(struct sens_play *play, const char *const *options);
void play_close(struct sens_play *play);
void play_query(struct sens_play *play, enum kind kind, const char *const *filters,
		const struct play_answer *answers);
/* A field with the value "" is taken away. */
void play_order(struct sens_play *play, enum kind kind, enum verb verb, const char *id, bool resume,
		const char *const *fields, const struct play_answer *answers);
const struct rows *play_rows(const struct sens_play *play, enum kind kind);
const void *play_row(const struct sens_play *play, enum kind kind, const char *id);
bool play_noticed(const struct sens_play *play, const char *text);
unsigned play_count(const struct sens_play *play, const char *text);
void play_read_file(const char *file, struct buf *out);

#endif
