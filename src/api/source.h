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
#include "core/order.h"
#include "core/query.h"
#include "net/session.h"

/* How often a kind is asked for when the configuration says nothing. */
struct source_pace {
	enum kind kind;
	int64_t every_ms;
};

/* What a vendor pushes through WebSockets: channels that the feed keeps open beside its polls (feed/push.h). The vendor merges; it never sees a socket. */
struct source_push {
	enum kind kind; /* whose rows the messages change; channels are settled after each of its polls */
	/* The channels to keep open now, by the vendor's own names; borrowed until the next call. Returns how many there are, fills at most `most`. */
	size_t (*channels)(void *state, const char **names, size_t most);
	/* The request whose answer tells where to connect: asked anew before each connect. `method` is static text. */
	int (*request)(void *state, const char *channel, const char **method, struct buf *path);
	/* Its answer: a wss:// (or, on loopback, ws://) address, which is a secret. */
	int (*address)(void *state, const char *bytes, size_t length, struct buf *url);
	/* A whole message. ERR_OK: taken in, *changed says whether rows differ; ERR_PARSE: not understood, nothing changed. */
	int (*message)(void *state, const char *channel, const char *bytes, size_t length, int64_t now_ms,
		       bool *changed);
	/* A channel is no longer connected: what it told grows old from now on. */
	void (*lost)(void *state, const char *channel, int64_t now_ms);
	/* The rows as they are now: those of the last poll with what was pushed since, not sealed. NULL: nothing was polled yet. */
	struct rows *(*rows)(void *state, const char *account, int64_t now_ms);
	int64_t silence_ms; /* a channel that brings nothing for so long is connected anew */
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
	/* HTTP basic with each request; NULL, or both giving NULL: none. */
	const char *(*basic_user)(void *state);
	const char *(*basic_password)(void *state);
	/* Answers are kept for as long as the server says, also between runs, and nothing is asked for before: see session_options. */
	bool keeps_cache;
	int64_t (*lifetime_ms)(const char *url, const char *bytes, size_t length, int64_t told_ms);
	/* Text that identifies who signs in, without secrets, for the token file; NULL: do not keep tokens. */
	const char *(*identity)(void *state);

	/* The three steps. A negative return fails the work with the problem set by work_fail, or with the code's text. */
	int (*plan)(void *state, struct work *work);
	int (*answer)(void *state, struct work *work, const struct work_request *request,
		      const struct work_answer *answer);
	int (*finish)(void *state, struct work *work);

	/* What can be changed and with which fields, ended by a row without verbs; NULL: nothing. */
	const struct write_info *writes;
	/* Plans an order (work_order); answer and finish are those above. NULL with `writes`. */
	int (*write)(void *state, struct work *work);
	/* The account's address for signing in, for WORK_HOST_SIGN_IN; NULL: base_url. */
	const char *(*sign_in_url)(void *state);

	/* NULL: nothing is pushed. */
	const struct source_push *push;

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
