/* What a vendor is to the rest of the program: one `const struct source_ops`, pure but for its own small state.
 *
 * A query becomes a piece of *work*. The vendor plans the first requests; for each answer it decodes rows and may ask for more; when nothing is
 * outstanding it finishes (joins, sorts) and the snapshots are sealed. A vendor never sees the network, a thread or a clock: the feed runs
 * the work (feed/runner.h), a unit test hands it recorded answers.
 *
 *        plan(query) ─► requests ─► [feed: session, HTTP] ─► answer(request, bytes) ─► rows, more requests … ─► finish
 */
#ifndef LODGE_API_SOURCE_H
#define LODGE_API_SOURCE_H

#include "api/work.h"
#include "core/config.h"
#include "core/query.h"
#include "net/session.h"

/* How often a kind is asked for when the configuration says nothing. */
struct source_pace {
	enum kind kind;
	int64_t every_ms;
};

struct source_ops {
	enum vendor vendor;
	uint32_t kinds;                  /* KIND_BIT of what it offers */
	double per_s, burst;             /* requests to one host */
	const struct source_pace *paces; /* ended by every_ms = 0 */
	const struct auth_ops *auth;     /* state: what open() returned */

	/* Reads what it needs of the account; secrets are asked for here (account_secret), on the feed's thread. */
	int (*open)(const struct account *account, void **state, struct problem *problem);
	void (*close)(void *state);

	/* A bearer that never changes (Density's tok_…), or NULL. May be NULL. */
	const char *(*static_token)(void *state);
	/* Text that identifies who signs in, without secrets, for the token file; NULL: do not keep tokens. */
	const char *(*identity)(void *state);

	/* The three steps. A negative return fails the work with the problem set by work_fail, or with the code's text. */
	int (*plan)(void *state, struct work *work);
	int (*answer)(void *state, struct work *work, const struct work_request *request,
		      const struct work_answer *answer);
	int (*finish)(void *state, struct work *work);

	/* What `lodge check` asks for after signing in, ended by KIND_COUNT. */
	const enum kind *check_kinds;
	/* What was learned of this server and is worth keeping for the next run, as one short line without secrets (Butlr: which surface answers); recall gets it
	 * back. Both may be NULL. */
	const char *(*memory)(void *state);
	void (*recall)(void *state, const char *memory);
	/* One word on how the account is read ("graphql", "rest"), for check; may be NULL. */
	const char *(*mode)(void *state);
};

const struct source_ops *source_find(enum vendor vendor);

#endif
