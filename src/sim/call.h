/* One request to the simulator and its answer, apart from any socket.
 *
 * A vendor is a table of routes with a path prefix; a handler reads the call and writes the reply. So everything but
 * server.c can be tested without a network.
 */
#ifndef LODGE_SIM_CALL_H
#define LODGE_SIM_CALL_H

#include "base/buf.h"
#include "base/jsonw.h"
#include "base/jsonx.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sim_method {
	SIM_GET = 1,
	SIM_POST = 2,
	SIM_PUT = 4,
	SIM_DELETE = 8,
	SIM_OTHER = 16,
	SIM_PATCH = 32,
};

#define SIM_CALL_ARGS 4
#define SIM_CALL_QUERY 16
#define SIM_CALL_CEILING (256u << 20) /* greatest answer */

/* What came over the wire. Texts are NUL-terminated and belong to the caller; `accept` and `host` may be NULL, the others
 * never. */
struct sim_request {
	enum sim_method method;
	const char *path;  /* with the prefix, without the query, still percent-encoded */
	const char *query; /* the part after '?', still percent-encoded */
	const char *authorization, *content_type;
	const char *accept, *host;
	const char *body;
	size_t body_length;
};

/* What goes back, and how the transport is to misbehave on the way. */
struct sim_reply {
	int status;
	struct buf body;
	const char *content_type; /* literal; application/json unless a handler changes it */
	int retry_after_s;        /* 0 = no such header */
	int max_age_s;            /* of Cache-Control; -1 = no such header */
	int64_t date_ms;          /* simulated time, for the Date header */
	int64_t delay_ms;         /* wait before the first byte */
	int64_t pad_bytes;        /* blanks sent after the body */
	bool gzip;                /* send it as gzip to who accepts that */
	bool drop;                /* close at once without an answer */
	bool reset;               /* drop by a TCP reset instead of a polite end */
	bool stall;               /* send half of the body and then nothing */
};

struct sim_pair {
	char *name, *value; /* decoded */
};

struct sim_app;

struct sim_call {
	const struct sim_request *request;
	struct sim_reply *reply;
	struct jsonw json; /* writes to reply->body */
	struct sim_app *app;
	void *vendor;
	char *args[SIM_CALL_ARGS]; /* the variable parts of the path, decoded */
	unsigned n_args;
	struct sim_pair query[SIM_CALL_QUERY];
	unsigned n_query;
	struct jsonx doc; /* the body, once sim_call_body was called */
	int64_t now_ms;   /* the simulator's own wall clock */
	int64_t mono_ms;  /* real time that never goes back: token lives and rate limits */
	uint64_t number;  /* requests of this vendor so far, from 1 */
};

typedef void (*sim_handler_fn)(struct sim_call *call);

/* What a route does, for the faults that lose answers. */
#define SIM_ROUTE_WRITE (1u << 16)
#define SIM_ROUTE_TOKEN (1u << 17)

struct sim_route {
	unsigned method;     /* one of enum sim_method */
	const char *pattern; /* below the prefix; "{}" stands for one part */
	sim_handler_fn handle;
	const char *query; /* the query parameters that the document names, blank separated; NULL = none */
	unsigned flags;    /* the vendor's own below SIM_ROUTE_WRITE, and those */
};

void sim_reply_init(struct sim_reply *reply);
void sim_reply_fini(struct sim_reply *reply);

/* `reply` and `request` must outlive the call. */
void sim_call_init(struct sim_call *call, const struct sim_request *request, struct sim_reply *reply);
void sim_call_fini(struct sim_call *call);

/* GET, POST, PUT, DELETE, PATCH; SIM_OTHER for any other word. */
enum sim_method sim_method_parse(const char *word);
const char *sim_method_name(enum sim_method method);

/* Splits the query of the request into call->query. */
void sim_call_split_query(struct sim_call *call);

/* A query parameter's value, or NULL. */
const char *sim_call_query(const struct sim_call *call, const char *name);

/* True when `path` (still encoded) has the pattern's form; fills call->args. */
bool sim_call_match(struct sim_call *call, const char *pattern, const char *path);

/* Splits a text of the form a=1&b=2, as a form's body has it; what does not fit `max` is left out. Returns how many
 * there are in `out`, whose texts are freed with sim_pairs_free. */
unsigned sim_pairs_split(const char *text, struct sim_pair *out, unsigned max);
void sim_pairs_free(struct sim_pair *pairs, unsigned count);

/* The body as JSON; NULL when it is empty or is not JSON. Valid until sim_call_fini. */
const cJSON *sim_call_body(struct sim_call *call);

/* Sets the status and forgets what was written, so that a handler may change its mind. */
void sim_call_status(struct sim_call *call, int status);

/* Answers {"message":text} with the status (butlr.md §4). */
void sim_call_message(struct sim_call *call, int status, const char *text);

#endif
