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
#define SIM_FAULT_MAP(X)                                                                                     \
	X(LATENCY, "latency", SIM_VALUE_SPAN, 0, "wait so long before each answer, e.g. 200ms")              \
	X(ERROR_RATE, "error_rate", SIM_VALUE_RATE, 0, "share of requests answered 500, 502, 503 or 504")    \
	X(RESET_RATE, "reset_rate", SIM_VALUE_RATE, 0, "share of connections reset instead of an answer")    \
	X(STALL_RATE, "stall_rate", SIM_VALUE_RATE, 0, "share of answers that stop in the middle")           \
	X(GARBAGE_RATE, "garbage_rate", SIM_VALUE_RATE, 0, "share of answers that are not what they say")    \
	X(RATE_LIMIT, "rate_limit", SIM_VALUE_PER, 0, "requests allowed, e.g. 10/s or 100/min; then 429")    \
	X(LOGIN_LIMIT, "login_limit", SIM_VALUE_PER, 0, "sign-ins allowed, e.g. 5/min; then 429")            \
	X(RETRY_AFTER, "retry_after", SIM_VALUE_SPAN, 0, "what Retry-After says at a 429, e.g. 2s")          \
	X(TOKEN_LIFE, "token_life", SIM_VALUE_SPAN, 3600e3, "how long an access token is good, e.g. 30s")    \
	X(OUTAGE, "outage", SIM_VALUE_FLAG, 0, "yes: every connection is closed at once")                    \
	X(REST, "rest", SIM_VALUE_FLAG, 1, "off: the retired v2 calls answer 410")                           \
	X(GRAPHQL, "graphql", SIM_VALUE_FLAG, 1, "off: GraphQL answers 404")                                 \
	X(LATE_RATE, "late_rate", SIM_VALUE_RATE, 0, "share of the frames that become visible late")         \
	X(LATE, "late", SIM_VALUE_SPAN, 5000, "how late these are, e.g. 5s")                                 \
	X(HOSTILE, "hostile", SIM_VALUE_FLAG, 0, "yes: some names hold escape sequences and worse")          \
	X(PAGE_SIZE, "page_size", SIM_VALUE_COUNT, 0, "rows in one page of a list; 0 = all")                 \
	X(ENDLESS_PAGES, "endless_pages", SIM_VALUE_FLAG, 0, "yes: the cursor of a list never ends")         \
	X(PAD, "pad", SIM_VALUE_COUNT, 0, "blanks added after each answer, e.g. 200000000")

enum sim_value {
	SIM_VALUE_SPAN,  /* milliseconds; 0 = off */
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
