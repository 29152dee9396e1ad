/* How a simulated vendor misbehaves: a table of switches, set by `--fault VENDOR.NAME=VALUE` or over the control path.
 *
 * Whether a request is hit depends only on the seed and on how many requests the vendor had before, so a run can be
 * repeated.
 */
#ifndef LODGE_SIM_FAULTS_H
#define LODGE_SIM_FAULTS_H

#include "base/err.h"
#include "base/jsonw.h"

#include <stdbool.h>
#include <stdint.h>

/* X(NAME, name, type, value before anything is set, help) */
#define SIM_FAULT_MAP(X)                                                                                      \
	X(LATENCY, "latency", SIM_VALUE_SPAN, 0, "wait so long before each answer, e.g. 200ms")               \
	X(ERROR_RATE, "error_rate", SIM_VALUE_RATE, 0, "share of requests answered 500, 502, 503 or 504")     \
	X(RESET_RATE, "reset_rate", SIM_VALUE_RATE, 0, "share of connections reset instead of an answer")     \
	X(STALL_RATE, "stall_rate", SIM_VALUE_RATE, 0, "share of answers that stop in the middle")            \
	X(GARBAGE_RATE, "garbage_rate", SIM_VALUE_RATE, 0, "share of answers that are not what they say")     \
	X(RATE_LIMIT, "rate_limit", SIM_VALUE_PER, 0, "requests allowed, e.g. 10/s or 100/min; then 429")     \
	X(LOGIN_LIMIT, "login_limit", SIM_VALUE_PER, 0, "sign-ins allowed, e.g. 5/min; then 429")             \
	X(RETRY_AFTER, "retry_after", SIM_VALUE_SPAN, 0, "what Retry-After says at a 429, e.g. 2s")           \
	X(TOKEN_LIFE, "token_life", SIM_VALUE_SPAN, 3600e3, "how long an access token is good, e.g. 30s")     \
	X(OUTAGE, "outage", SIM_VALUE_FLAG, 0, "yes: every connection is closed at once")                     \
	X(REST, "rest", SIM_VALUE_FLAG, 1, "off: the retired v2 calls answer 410")                            \
	X(GRAPHQL, "graphql", SIM_VALUE_FLAG, 1, "off: GraphQL answers 404")                                  \
	X(LATE_RATE, "late_rate", SIM_VALUE_RATE, 0, "share of the frames that become visible late")          \
	X(LATE, "late", SIM_VALUE_SPAN, 5000, "how late these are, e.g. 5s")                                  \
	X(HOSTILE, "hostile", SIM_VALUE_FLAG, 0, "yes: some names hold escape sequences and worse")           \
	X(PAGE_SIZE, "page_size", SIM_VALUE_COUNT, 0, "rows in one page of a list; 0 = all")                  \
	X(ENDLESS_PAGES, "endless_pages", SIM_VALUE_FLAG, 0, "yes: the cursor of a list never ends")          \
	X(PAD, "pad", SIM_VALUE_COUNT, 0, "blanks added after each answer, e.g. 200000000")                   \
	X(WRITE, "write", SIM_VALUE_WORD, 0,                                                                  \
	  "what happens to writes, and to the answer: good, done_reset, undone_reset, done_503, undone_503, " \
	  "done_timeout, undone_timeout")                                                                     \
	X(WRITE_COUNT, "write_count", SIM_VALUE_COUNT, 0, "only so many writes more are hit; 0 = all")        \
	X(WRITE_BODY, "write_body", SIM_VALUE_FLAG, 1, "off: a write is answered 204 without a body")         \
	X(TOKEN, "token", SIM_VALUE_WORD, 0, "as write, for sign-ins and refreshes")                          \
	X(TOKEN_COUNT, "token_count", SIM_VALUE_COUNT, 0, "only so many of these more are hit; 0 = all")      \
	X(ROTATION, "rotation", SIM_VALUE_WORD, 0,                                                            \
	  "the old refresh token: lenient (good until the new access token is used) or strict")               \
	X(DEAD_REFRESH, "dead_refresh", SIM_VALUE_WORD, 0, "a dead refresh token is answered 401 or 400")     \
	X(SIGNED_OUT, "signed_out", SIM_VALUE_FLAG, 0, "yes: every refresh token is dead")                    \
	X(SECRET, "secret", SIM_VALUE_FLAG, 0, "yes: a sign-in without client_secret is refused")             \
	X(ROLE, "role", SIM_VALUE_WORD, 0,                                                                    \
	  "the user's role: building_admin, zone_admin, unit_admin or tenant")                                \
	X(FILTERS, "filters", SIM_VALUE_FLAG, 1, "off: filters of lists are ignored without a word")          \
	X(SORT, "sort", SIM_VALUE_WORD, 0, "names to sort by time: both, created, created_at or none")        \
	X(STRAY, "stray", SIM_VALUE_FLAG, 0, "yes: a unit's tenants come with some of the next unit")         \
	X(HISTORY, "history", SIM_VALUE_COUNT, 2400, "so many door releases are listed")                      \
	X(PICTURE, "picture", SIM_VALUE_WORD, 0, "pictures are good, missing, garbage, huge or slow")         \
	X(EDGE_LIMIT, "edge_limit", SIM_VALUE_FLAG, 1, "off: Density takes more than 15 requests/s")          \
	X(FLAT, "flat", SIM_VALUE_FLAG, 1, "off: figures of a floor or building come with its own")           \
	X(ENVELOPE, "envelope", SIM_VALUE_FLAG, 0, "yes: maps by space come under \"data\"")                  \
	X(SPACES, "spaces", SIM_VALUE_COUNT, 0, "so many empty spaces more, e.g. 20000")                      \
	X(WS, "ws", SIM_VALUE_WORD, 0,                                                                        \
	  "live sockets are good, drop, stall, garbage, fragments, old, refuse, flood or half_open")

enum sim_value {
	SIM_VALUE_SPAN,  /* milliseconds; 0 = off */
	SIM_VALUE_WORD,  /* one of the row's words; the value is its place among them */
	SIM_VALUE_RATE,  /* 0..1 */
	SIM_VALUE_PER,   /* requests in a second; 0 = no limit */
	SIM_VALUE_FLAG,  /* 0 or 1 */
	SIM_VALUE_COUNT, /* whole number */
};

enum sim_fault {
#define SIM_FAULT_ENUM(id, name, type, value, help) SIM_FAULT_##id,
	SIM_FAULT_MAP(SIM_FAULT_ENUM)
#undef SIM_FAULT_ENUM
		SIM_FAULTS
};

struct sim_fault_row {
	const char *name;
	enum sim_value type;
	double value; /* at start */
	const char *help;
};

extern const struct sim_fault_row sim_fault_rows[SIM_FAULTS];

/* A bucket that fills by so many tokens a second and holds those of its period. */
struct sim_bucket {
	double tokens;
	int64_t filled_ms; /* mono; 0 before the first use */
};

struct sim_faults {
	double value[SIM_FAULTS];
	double burst[SIM_FAULTS]; /* of PER rows: the number before the '/' */
	char *text[SIM_FAULTS];   /* as it was set; NULL = never */
	struct sim_bucket requests, logins;
};

void sim_faults_init(struct sim_faults *faults);
void sim_faults_fini(struct sim_faults *faults);

/* Sets one row by name. ERR_USAGE names the nearest row, or what the value should look like. */
int sim_faults_set(struct sim_faults *faults, const char *name, const char *value,
		   struct problem *problem) LODGE_MUST_USE;

/* What a lost answer looks like, and whether the work was done: the words of SIM_FAULT_WRITE and SIM_FAULT_TOKEN. */
enum sim_loss {
	SIM_LOSS_NONE,
	SIM_LOSS_DONE_RESET,
	SIM_LOSS_UNDONE_RESET,
	SIM_LOSS_DONE_503,
	SIM_LOSS_UNDONE_503,
	SIM_LOSS_DONE_TIMEOUT,
	SIM_LOSS_UNDONE_TIMEOUT,
};

/* What the next write (`count` is SIM_FAULT_WRITE_COUNT) or sign-in has to suffer. Uses up one of the count, and ends the
 * fault with the last. */
enum sim_loss sim_faults_loss(struct sim_faults *faults, enum sim_fault fault, enum sim_fault count);

/* The other words, by their place. */
enum sim_rotation { SIM_ROTATION_LENIENT, SIM_ROTATION_STRICT };
enum sim_role { SIM_ROLE_BUILDING_ADMIN, SIM_ROLE_ZONE_ADMIN, SIM_ROLE_UNIT_ADMIN, SIM_ROLE_TENANT };
enum sim_sorts { SIM_SORTS_BOTH, SIM_SORTS_CREATED, SIM_SORTS_CREATED_AT, SIM_SORTS_NONE };
enum sim_picture {
	SIM_PICTURE_GOOD,
	SIM_PICTURE_MISSING,
	SIM_PICTURE_GARBAGE,
	SIM_PICTURE_HUGE,
	SIM_PICTURE_SLOW,
};

/* The words of SIM_FAULT_WS. */
enum sim_socket_fault {
	SIM_SOCKET_GOOD,
	SIM_SOCKET_DROP,      /* ends in the middle of the second message */
	SIM_SOCKET_STALL,     /* connected, but silent */
	SIM_SOCKET_GARBAGE,   /* before each message one that is none */
	SIM_SOCKET_FRAGMENTS, /* messages in pieces of a few bytes */
	SIM_SOCKET_OLD,       /* after each live message one that is older and says the opposite */
	SIM_SOCKET_REFUSE,    /* no handshake */
	SIM_SOCKET_FLOOD,     /* 10,000 live messages in a second */
	SIM_SOCKET_HALF_OPEN, /* neither reads nor writes after the first message */
};

/* An object of all rows with the text they were set to or their value. */
void sim_faults_write(const struct sim_faults *faults, struct jsonw *w);

static inline bool sim_faults_on(const struct sim_faults *faults, enum sim_fault fault)
{
	return faults->value[fault] > 0;
}

/* True when the share `fault` (a RATE) hits request `number`. */
bool sim_faults_hit(const struct sim_faults *faults, enum sim_fault fault, uint64_t seed, uint64_t number);

/* Takes one from the bucket of a PER row. False when it is empty: then *wait_s says when to come again. */
bool sim_faults_take(struct sim_faults *faults, enum sim_fault fault, struct sim_bucket *bucket,
		     int64_t mono_ms, int *wait_s);

#endif
