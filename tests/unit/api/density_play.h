/* Runs queries and orders of the Density adapter against a table of recorded answers: no network, no clock. */
#ifndef LODGE_TESTS_UNIT_API_DENSITY_PLAY_H
#define LODGE_TESTS_UNIT_API_DENSITY_PLAY_H

#include "api/density/density.h"
#include "api/work.h"
#include "base/buf.h"
#include "core/config.h"
#include "model/access.h"
#include "model/estate.h"
#include "model/live.h"

#define DENS_TEST_NOW INT64_C(1709136000000) /* 2024-02-28T16:00:00Z */

enum dens_fate { DENS_ANSWERED, DENS_TIMED_OUT, DENS_NOT_SENT };

/* One line of the table; the first that fits answers. Ended by a NULL method. */
struct dens_answer {
	const char *method;
	const char *path;  /* all of the path */
	const char *holds; /* part of the body, or NULL */
	int status;
	const char *file; /* below tests/api/density, or NULL */
	const char *body; /* used when there is no file */
	unsigned times;   /* 0: for ever */
	enum dens_fate fate;
};

struct dens_play {
	struct config *config;
	void *state;
	int64_t now_ms;
	const struct dens_answer *answers;
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
void dens_open(struct dens_play *play, const char *const *options);
void dens_close(struct dens_play *play);
void dens_query(struct dens_play *play, enum kind kind, const char *const *filters,
		const struct dens_answer *answers);
/* A field with the value "" is taken away. */
void dens_order(struct dens_play *play, enum kind kind, enum verb verb, const char *id, bool resume,
		const char *const *fields, const struct dens_answer *answers);
const struct rows *dens_rows(const struct dens_play *play, enum kind kind);
const void *dens_row(const struct dens_play *play, enum kind kind, const char *id);
bool dens_noticed(const struct dens_play *play, const char *text);
unsigned dens_count(const struct dens_play *play, const char *text);
void dens_read_file(const char *file, struct buf *out);

#endif
