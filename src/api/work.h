/* A query being answered: requests out, rows in. Built for one query, used by one thread, then thrown away. */
#ifndef LODGE_API_WORK_H
#define LODGE_API_WORK_H

#include "base/buf.h"
#include "base/err.h"
#include "core/order.h"
#include "core/query.h"
#include "model/rows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORK_PAGES 1000     /* pages of one list (endless pagination) */
#define WORK_REQUESTS 20000 /* requests of one work */
#define WORK_PROGRESS_BYTES 200

/* Where a request goes to. */
enum work_host {
	WORK_HOST_API, /* base_url + path, signed in */
	/* the same, at the address where people sign in (account's accounts_url): path is appended to it, signed in */
	WORK_HOST_SIGN_IN,
};

/* One request to be sent. Texts are copied by work_request. */
struct work_request {
	const char *method;                /* "GET" when NULL */
	const char *path;                  /* from the base URL: "/api/v2/spaces?details=true" */
	const char *shape;                 /* for the trace; NULL: derived */
	const char *body;                  /* JSON, or NULL */
	const char *content_type, *accept; /* NULL: application/json */
	enum work_host host;
	int64_t delay_ms; /* sent no sooner than this after it was queued; at most a minute: for a second look */
	int step;         /* the vendor's own mark: what this request is for */
	const char *subject; /* the id it is about, or NULL */
	unsigned page;       /* how many pages of this list came before */
	bool write;          /* never repeated blindly */
	bool optional;       /* its failure is a warning, not the end of the work */
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
	bool cached;            /* kept from an earlier answer: it may be older than what was just changed */
	bool request_sent;      /* of a write that failed: the server may have carried it out */
};

enum work_notice_kind {
	NOTICE_HINT,    /* worth telling (REST v2 was retired); the result is whole */
	NOTICE_PARTIAL, /* something that was asked for is missing: exit status 5 */
};

struct work;

/* `query` is copied. Everything the work needs of the world is given here. */
struct work *work_new(const struct query *query, const char *account, const char *vendor, int64_t now_ms);
/* The same for a change; `order` is copied. The query's kind is the order's. */
struct work *work_new_order(const struct order *order, const char *account, const char *vendor,
			    int64_t now_ms);
void work_free(struct work *work);

/* --- for the vendor --- */

/* The change that is to be made; NULL: the work is a query. What a vendor makes of it:
 *
 * - plan (of source_ops.write) sends the request with `write` set, which is never sent twice; before it, it may read what it needs to recognise later what it
 *   made. With order->resume set it looks first.
 * - The thing as it is afterwards becomes a row of the order's kind (not after a deletion), its id at least.
 * - An answer that was lost (request_sent with an error, or a 5xx): the vendor looks by reading whether the change was made, says so by work_progress ("checking
 *   whether it was created"), and ends with the truth: rows, or the failure. Where that cannot be found out either, the work fails with ERR_UNSURE. */
const struct order *work_order(const struct work *work);
/* What is going on, for the person who waits; inert text. */
void work_progress(struct work *work, const char *format, ...) LODGE_PRINTF(2, 3);
/* A failure's part that belongs to one field of the order (its name as in the write table); the work is to be failed besides. At most 32. Inert text. */
void work_field_error(struct work *work, const char *field, const char *format, ...) LODGE_PRINTF(3, 4);

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

struct work_field_fault {
	char field[64], text[200];
};
size_t work_field_errors(const struct work *work, const struct work_field_fault **errors);
/* The last text of work_progress, once: NULL when there is none that was not taken yet. Valid until the next call. */
const char *work_take_progress(struct work *work);

/* Of a work that has failed while a write of it was under way, whose answer nobody reads: the failure becomes ERR_UNSURE. */
void work_doubt(struct work *work);

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
