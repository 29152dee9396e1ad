/* Signing in to Butlr (butlr.md §2): client credentials, a user's password, and refresh. */
#ifndef LODGE_API_BUTLR_AUTH_H
#define LODGE_API_BUTLR_AUTH_H

#include "net/session.h"

#define BUTLR_LOGIN_CLIENT "/api/v2/clients/login"
#define BUTLR_LOGIN_USER "/api/v2/login"
#define BUTLR_AUDIENCE "https://butlrauth/" /* literal, with its slash */

/* What an account signs in with. Texts may be NULL; secrets are wiped by fini. */
struct butlr_login {
	char *client_id;
	char *client_secret;
	char *username;
	char *password;
	char *refresh_path; /* no source names it; NULL: sign in again instead */
};

void butlr_login_fini(struct butlr_login *login);

/* Their state is a struct butlr_login. */
extern const struct auth_ops butlr_auth;

/* The azp claim of a JWT: the client id that a refresh needs (butlr.md §2.3). A secret_new'ed text or NULL. */
char *butlr_token_client(const char *jwt);

#endif
