/* Signing in (butterflymx.md §3): a person's password, and refresh, in which both tokens change. */
#ifndef LODGE_API_BUTTERFLYMX_AUTH_H
#define LODGE_API_BUTTERFLYMX_AUTH_H

#include "api/work.h"
#include "base/moment.h"
#include "net/session.h"

#define BMX_TOKEN_PATH "/oauth/token"
#define BMX_PASSWORD_PATH "/api/v1/password"
#define BMX_FORM "application/x-www-form-urlencoded"

/* What an account signs in with. Texts may be NULL; secrets are wiped by fini. */
struct bmx_login {
	char *accounts_url; /* without a slash at its end */
	char *client_id, *client_secret;
	char *username, *password;
	char *access_token, *refresh_token; /* pasted by the person */
	bool renewing;                      /* the request that was made last is a refresh */
	bool refused; /* a refresh was refused in this run: the pasted token is no good any more either */
};

void bmx_login_fini(struct bmx_login *login);

/* Their state is a struct bmx_login. */
extern const struct auth_ops bmx_auth;

/* Fills a request that changes the person's password, at the address for signing in (§3.5). The body belongs to `body`, which must outlive the request's being
 * queued and is to be wiped. ERR_INVALID for an empty password. */
int bmx_password_request(struct buf *body, const char *current, const char *password,
			 struct work_request *request, struct problem *problem) LODGE_MUST_USE;
/* What came of it: ERR_OK for 204, else a problem with the server's own words. */
int bmx_password_answer(int status, const char *bytes, size_t length, struct problem *problem) LODGE_MUST_USE;

#endif
