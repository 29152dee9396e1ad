/* Access tokens: their life, and the file that keeps them between runs. */
#ifndef LODGE_NET_TOKEN_H
#define LODGE_NET_TOKEN_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* Texts are secrets (secret.h), NULL when there is none. */
struct token {
	char *access;
	char *refresh;
	char *client_id;     /* Butlr: the access token's azp, needed to refresh (butlr.md §2.3) */
	int64_t obtained_ms; /* wall clock */
	int64_t expires_ms;  /* wall clock; MOMENT_NONE: never (static tokens) */
	uint64_t generation; /* +1 for each new access token */
};

void token_fini(struct token *token);

/* Takes over the texts (the old ones are wiped; passing token->refresh itself keeps it). life_s: as the
 * server said; what is not a number, 0, negative or above 400 days counts as 300 s. */
void token_set(struct token *token, char *access, char *refresh, double life_s, int64_t now_ms);

/* True while it may be used: there is one and it is not within its margin of min(300 s, life/4) before the
 * end. A wall clock that went back before obtained_ms makes it unusable too. */
bool token_usable(const struct token *token, int64_t now_ms);

/* Forgets the access token (after a 401), keeps the refresh token. */
void token_drop_access(struct token *token);

/* Forgets the refresh token: the next sign-in uses the password. */
void token_drop_refresh(struct token *token);

/* Keeps it in `folder` under a name made from `identity` (vendor, base URL, user or client id; no secret), or
 * reads it back. The file is bound to `identity`: one written for another is ignored (ERR_ABSENT), as is one
 * that cannot be understood (ERR_PARSE; no problem is worth more than a new sign-in). ERR_DENIED: others
 * could read it. token_load replaces what `token` held only when it returns ERR_OK, and counts the generation
 * on. */
int token_save(const struct token *token, const char *folder, const char *identity,
	       struct problem *problem) LODGE_MUST_USE;
int token_load(struct token *token, const char *folder, const char *identity,
	       struct problem *problem) LODGE_MUST_USE;
void token_forget(const char *folder, const char *identity);

/* One at a time among all processes of this person. Whoever has the lock reads the file again before it signs
 * in or uses the refresh token, and stores what it got before it lets go. ERR_BUSY
 * when another has it (ask again later), ERR_IO when locking is not possible. The kernel lets go of it when
 * the process dies.
 *
 * A process that is killed after a server with changing refresh tokens (butterflymx.md §3.2) has answered and
 * before the file is replaced leaves the old pair. The next one uses that once more: a server that ends the old
 * token when the new access token is first used accepts it, since nothing was used that was not stored. One
 * that ends it at once refuses; then only the password, or a pair that a person pastes, helps. */
int token_lock(const char *folder, const char *identity, int *lock, struct problem *problem) LODGE_MUST_USE;
void token_unlock(int lock);

#endif
