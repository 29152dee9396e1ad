/* Error codes and the one shape in which a failure is told to a person.
 *
 * Every function that can fail returns 0 (ERR_OK) or a negative ERR_ code. Where a person will read
 * about it, the function also fills a `struct problem`: what failed, why, and what to do.
 */
#ifndef LODGE_BASE_ERR_H
#define LODGE_BASE_ERR_H

#define LODGE_MUST_USE __attribute__((warn_unused_result))
#define LODGE_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* X(NAME, number, text): the numbers are stable within a build only. */
#define ERR_MAP(X)                                                                                           \
	X(OK, 0, "no error")                                                                                 \
	X(NOMEM, -1, "out of memory")                                                                        \
	X(INVALID, -2, "not valid")                                                                          \
	X(PARSE, -3, "cannot be read")                                                                       \
	X(TOO_BIG, -4, "larger than its ceiling")                                                            \
	X(TOO_DEEP, -5, "nested too deeply")                                                                 \
	X(USAGE, -6, "wrong usage")                                                                          \
	X(CONFIG, -7, "wrong configuration")                                                                 \
	X(AUTH, -8, "not signed in")                                                                         \
	X(DENIED, -9, "not allowed")                                                                         \
	X(UNREACHED, -10, "not reached")                                                                     \
	X(TIMEOUT, -11, "no answer in time")                                                                 \
	X(SERVER, -12, "the server failed")                                                                  \
	X(BUSY, -13, "asked to wait")                                                                        \
	X(ABSENT, -14, "not there")                                                                          \
	X(CANCELLED, -15, "cancelled")                                                                       \
	X(IO, -16, "input or output failed")                                                                 \
	X(UNSUPPORTED, -17, "not offered")                                                                   \
	X(CLOSED, -18, "closed")                                                                             \
	X(UNSURE, -19, "not known whether it was done")

enum err {
#define ERR_ENUM(name, number, text) ERR_##name = (number),
	ERR_MAP(ERR_ENUM)
#undef ERR_ENUM
};

/* A failure, ready to be printed as "what failed: why (what to do)". Plain text: callers put only
 * cleaned text into it (see text.h); no secret ever goes in. */
struct problem {
	int code;       /* one of enum err; ERR_OK while nothing failed */
	char what[160]; /* "sign-in", "GET /api/v2/spaces"; may be empty */
	char why[320];  /* "the server answered 401" */
	char todo[200]; /* "check client_secret"; may be empty */
};

/* "AUTH", "TIMEOUT" … for traces; "UNKNOWN" for a number outside the map. */
const char *err_name(int code);

/* The map's text, for people. */
const char *err_text(int code);

/* Fills *p (p may be NULL) and returns `code`, so that a caller can `return problem_set(…)`.
 * `what` and `todo` may be NULL (empty); the formatted text becomes `why`. Too long text is cut at a
 * character boundary. */
int problem_set(struct problem *p, int code, const char *what, const char *todo, const char *why_format, ...)
	LODGE_PRINTF(5, 6);

/* Completes a problem for a person: where `what` or `todo` is empty, what the code alone tells. */
void problem_complete(struct problem *p);

/* Writes "what: why (todo)" without a line end; parts that are empty are left out. Returns `out`. */
char *problem_text(const struct problem *p, char *out, unsigned long size);

#endif
