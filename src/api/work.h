/* A query being answered: requests out, rows in. Built for one query, used by one thread, then thrown away. */
#ifndef LODGE_API_WORK_H
#define LODGE_API_WORK_H

#include "base/buf.h"
#include "base/err.h"
#include "core/query.h"
#include "model/rows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORK_PAGES 1000     /* pages of one list (endless pagination) */
#define WORK_REQUESTS 20000 /* requests of one work */

/* One request to be sent. Texts are copied by work_request. */
struct work_request {
	const char *method;                /* "GET" when NULL */
	const char *path;                  /* from the base URL: "/api/v2/spaces?details=true" */
	const char *shape;                 /* for the trace; NULL: derived */
	const char *body;                  /* JSON, or NULL */
	const char *content_type, *accept; /* NULL: application/json */
	int step;                          /* the vendor's own mark: what this request is for */
	const char *subject;               /* the id it is about, or NULL */
	unsigned page;                     /* how many pages of this list came before */
	bool write;                        /* never repeated blindly */
	bool optional;                     /* its failure is a warning, not the end of the work */
	bool cacheable;
	size_t ceiling; /* 0: BUF_CEILING_BODY */
	int (*inspect)(const char *bytes,
		       size_t length); /* see session_request; NULL: work_inspect_json, for reads */
	int64_t from_ms, to_ms;        /* the range asked for, where there is one; MOMENT_NONE otherwise */
	uint32_t number;               /* set by work_request */
};

/* What came of it: every answer reaches the vendor, failures too, so that it can fall back (GraphQL → REST, one date format → another).
 * Call work_usable first where there is nothing to fall back to. */
struct work_answer {
	int error;                     /* ERR_OK: the server answered, 4xx included; else as session_answer */
	const struct problem *problem; /* when error != ERR_OK */
	int status;                    /* HTTP status; 0 when error != ERR_OK and no answer came */
	const char *body;              /* never NULL */
	size_t length;
	int64_t now_ms;         /* wall clock when it came */
	int64_t server_date_ms; /* MOMENT_NONE when not told */
};

enum work_notice_kind {
	NOTICE_HINT,    /* worth telling (REST v2 was retired); the result is whole */
	NOTICE_PARTIAL, /* something that was asked for is missing: exit status 5 */
};

struct work;

/* `query` is copied. Everything the work needs of the world is given here. */
struct work *work_new(const struct query *query, const char *account, const char *vendor, int64_t now_ms);
void work_free(struct work *work);

/* --- for the vendor --- */

const struct query *work_query(const struct work *work);
int64_t work_now_ms(const struct work *work);

/* Queues a request. ERR_TOO_BIG beyond WORK_REQUESTS. */
int work_request(struct work *work, const struct work_request *request);

/* The snapshot of `kind` under construction, made on first use. A work may fill helper kinds as well (sensors for frames):
 * only those marked wanted are handed over. */
struct rows *work_rows(struct work *work, enum kind kind);
/* The same, or NULL when nothing of that kind was added yet. */
struct rows *work_rows_if(const struct work *work, enum kind kind);
/* Marks a kind as part of the result. The query's own kind always is. */
void work_want(struct work *work, enum kind kind);

/* Fails the whole work; returns the code. The first failure stays. */
int work_fail(struct work *work, const struct problem *problem);
int work_failf(struct work *work, int code, const char *what, const char *todo, const char *why, ...)
	LODGE_PRINTF(5, 6);

/* True for a 2xx. Otherwise it records what a person needs: the work fails, or, when the request was optional, a notice is kept (a hint for 403, 404, 405 and
 * 410: the vendor does not offer it; partial for the rest). The server's own message is quoted: first non-empty of message, error_description, error,
 * errors[0].message, details, else the text, cut at 240 characters (butlr.md §7.3). */
bool work_usable(struct work *work, const struct work_request *request, const struct work_answer *answer);

/* ERR_OK when the bytes are one JSON object or array whose brackets and strings end; ERR_PARSE otherwise, so that the request is tried again. */
int work_inspect_json(const char *bytes, size_t length);

/* That message, cleaned; "" when there is none. */
void work_server_message(const struct work_answer *answer, char *out, size_t size);

/* Says of a failure that does not say what failed: this request. */
void work_blame(struct work *work, const struct work_request *request);

/* Something a person should know; kept once each (by text), at most 32. */
void work_notice(struct work *work, enum work_notice_kind kind, const char *format, ...) LODGE_PRINTF(3, 4);

/* True when a mark was not set before: (step, text) pairs, for cursors and ids already seen. */
bool work_first_time(struct work *work, int step, const char *text);

/* The vendor's own memory for this work; freed with `release` by work_free. */
void work_set_private(struct work *work, void *memory, void (*release)(void *));
void *work_private(const struct work *work);

/* --- for the runner and the tests --- */

/* The next queued request, NULL when none is waiting. Belongs to the work; valid until work_free. */
const struct work_request *work_next(struct work *work);
bool work_failed(const struct work *work);
const struct problem *work_problem(const struct work *work);

struct work_notice {
	enum work_notice_kind kind;
	char text[400];
};
size_t work_notices(const struct work *work, const struct work_notice **notices);

/* Seals and hands over the wanted snapshots, the query's kind first, each filtered by query_match and cut to the limit, with hash and times set. The
 * caller owns one reference each. Returns their number. */
size_t work_take(struct work *work, int64_t valid_until_ms, const struct rows **out, size_t most);

#endif
