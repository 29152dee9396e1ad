/* Runs a query of the Butlr adapter against a table of recorded answers: no network, no clock. */
#ifndef LODGE_TESTS_UNIT_API_BUTLR_PLAY_H
#define LODGE_TESTS_UNIT_API_BUTLR_PLAY_H

#include "api/butlr/butlr.h"
#include "api/work.h"
#include "base/buf.h"
#include "core/config.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAY_NOW INT64_C(1760455500000) /* 2025-10-14T15:25:00Z, just after the samples' heartbeats */

/* One line of the table; the first that fits answers. The table ends with a NULL method. */
struct play_answer {
	const char *method;
	const char *path;  /* beginning of the path */
	const char *holds; /* text that the body must hold; NULL: any */
	int status;        /* a negative one is an ERR_ code: no answer came */
	const char *file;  /* below tests/api/butlr, or NULL */
	const char *body;  /* used when there is no file */
	unsigned times;    /* 0: for ever */
};

struct play {
	struct config *config;
	void *state;
	int64_t now_ms;
	const struct play_answer *answers;
	unsigned used[64];
	struct work *work;
	struct buf log; /* "POST /path body\n" of every request, in order */
	unsigned requests;
	int error; /* what the work ended with */
	const struct rows *rows[KIND_COUNT];
};

/* `options`: keys and values of the account beyond the credentials, ended by NULL; may be NULL. */
void play_open(struct play *play, const char *const *options);
void play_close(struct play *play);

/* A query of `kind` with filters "--name value" given as pairs ended by NULL (may be NULL), run to its end. */
void play_run(struct play *play, enum kind kind, const char *const *filters,
	      const struct play_answer *answers);

/* The rows that came, or a failed test. */
const struct rows *play_rows(const struct play *play, enum kind kind);
/* The row with that id, or a failed test. */
const void *play_row(const struct play *play, enum kind kind, const char *id);
/* True when a notice holds the text. */
bool play_noticed(const struct play *play, const char *text);
/* How often the log holds the text. */
unsigned play_count(const struct play *play, const char *text);

/* A file below tests/api/butlr; free with buf_fini. */
void play_read(const char *file, struct buf *out);

/* Hands `take` the document once for each of its values and each of ten other values in its place, at any depth. Returns how often. */
unsigned play_mutate(const struct buf *document, void (*take)(const char *bytes, size_t length));

#endif
