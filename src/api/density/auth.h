/* Signing in (density.md §2). */
#ifndef LODGE_API_DENSITY_AUTH_H
#define LODGE_API_DENSITY_AUTH_H

#include "base/buf.h"
#include "net/session.h"

#define DENS_TOKEN_PATH "/v3/oauth/token"
#define DENS_WAYFINDING_PATH "/v3/wayfinding/token"
#define DENS_FORM "application/x-www-form-urlencoded"

/* What an account signs in with. Texts may be NULL; secrets are wiped by fini. */
struct dens_login {
	char *client_id, *client_secret;
	char *token;        /* one that does not end */
	char *audience;     /* sent only when it is given */
	int64_t duration_s; /* how long a token is asked for; 0: not sent */
};

void dens_login_fini(struct dens_login *login);

/* Their state is a struct dens_login. */
extern const struct auth_ops dens_auth;

/* The form that asks for a signage display's token (density-public-api.txt, Wayfinding). ERR_INVALID when one of the three is missing. The body is a
 * secret. */
int dens_wayfinding_body(struct buf *body, const char *client_id, const char *client_secret,
			 const char *display_id) LODGE_MUST_USE;

#endif
