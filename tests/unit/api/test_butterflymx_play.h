/* Runs queries and orders of the ButterflyMX adapter against a table of recorded answers: no network, no clock. */
#ifndef LODGE_TESTS_UNIT_API_TEST_BUTTERFLYMX_PLAY_H
#define LODGE_TESTS_UNIT_API_TEST_BUTTERFLYMX_PLAY_H

#include "api/butterflymx/butterflymx.h"
#include "api/work.h"
#include "base/buf.h"
#include "core/config.h"
#include "model/access.h"
#include "model/estate.h"

#define BMX_NOW INT64_C(1519225200000) /* 2018-02-21T15:00:00Z, half an hour after the samples' releases */

#define BMX_UNIT_OF(id, building)                                                                            \
	"{\"id\":\"" id "\",\"type\":\"units\",\"attributes\":{\"label\":\"L" id                             \
	"\"},\"relationships\":{\"building\":{\"data\":{\"id\":\"" building "\",\"type\":\"buildings\"}}}}"
#define BMX_IN_UNIT(type, id, unit)                                                                          \
	"{\"id\":\"" id "\",\"type\":\"" type                                                                \
	"\",\"attributes\":{\"name\":\"N\",\"activated_at\":\"2018-01-01T00:00:00Z\",\"expired_at\":"        \
	"\"2019-01-01T00:00:00Z\"},\"relationships\":{\"unit\":{\"data\":{\"id\":\"" unit                    \
	"\"}},\"user\":{\"data\":"                                                                           \
	"{\"id\":\"7" unit "\"}}}}"
/* Units 0, 1 and 2 are in building 32; 3 in 33; of 4 nothing is told. */
#define BMX_ESTATE                                                                                           \
	"{\"data\":[" BMX_UNIT_OF("0", "32") "," BMX_UNIT_OF("1", "32") "," BMX_UNIT_OF(                     \
		"2",                                                                                         \
		"32") "," BMX_UNIT_OF("3",                                                                   \
				      "33") ",{\"id\":\"4\",\"type\":\"units\",\"attributes\":{\"label\":\"L4\"}}]}"

enum bmx_fate {
	BMX_ANSWERED,
	BMX_TIMEOUT,  /* sent, and no answer came */
	BMX_RESET,    /* the same, at once */
	BMX_NOT_SENT, /* could not be reached */
};

/* One line of the table; the first that fits answers. Ended by a NULL method. */
struct bmx_answer {
	const char *method;
	const char *path; /* beginning of the path */
	int status;
	const char *file; /* below tests/api/butterflymx, or NULL */
	const char *body; /* used when there is no file */
	unsigned times;   /* 0: for ever */
	enum bmx_fate fate;
};

struct bmx_play {
	struct config *config;
	void *state;
	int64_t now_ms;
	/* Asked before the table when it is set: true when it filled status and body (malloc'ed, freed by the player). A negative status is a fate. */
	bool (*serve)(void *ctx, const struct work_request *request, int *status, char **body);
	void *ctx;
	const struct bmx_answer *answers;
	unsigned used[64];
	struct work *work;
	struct buf log;      /* "POST /path body\n" of every request, in order */
	struct buf progress; /* one line each */
	unsigned requests, writes;
	int64_t delays_ms;
	int error;
	const struct rows *rows[KIND_COUNT];
};

/* `options`: keys and values besides vendor and credentials, ended by NULL; may be NULL. */
void bmx_open(struct bmx_play *play, const char *const *options);
void bmx_close(struct bmx_play *play);

/* Filters as pairs "name", "value", ended by NULL; may be NULL. */
void bmx_query(struct bmx_play *play, enum kind kind, const char *const *filters,
	       const struct bmx_answer *answers);
/* The same with the rows' own ids, as the program asks for single rows; ended by NULL. */
void bmx_query_ids(struct bmx_play *play, enum kind kind, const char *const *filters, const char *const *ids,
		   const struct bmx_answer *answers);
/* Fields as pairs; a NULL-valued field is given as "". */
void bmx_order(struct bmx_play *play, enum kind kind, enum verb verb, const char *id, bool resume,
	       const char *const *fields, const struct bmx_answer *answers);

const struct rows *bmx_rows(const struct bmx_play *play, enum kind kind);
const void *bmx_row(const struct bmx_play *play, enum kind kind, const char *id);
bool bmx_noticed(const struct bmx_play *play, const char *text);
unsigned bmx_count(const struct bmx_play *play, const char *text);
/* The text told for that field, NULL when none. */
const char *bmx_fault(const struct bmx_play *play, const char *field);

void bmx_read_file(const char *file, struct buf *out);

#endif
