#include "api/density/auth.h"

#include "base/jsonw.h"
#include "base/jsonx.h"
#include "base/secret.h"
#include "base/text.h"

#include <glib.h>
#include <string.h>

void dens_login_fini(struct dens_login *login)
{
	secret_free(login->client_id);
	secret_free(login->client_secret);
	secret_free(login->token);
	g_free(login->audience);
	*login = (struct dens_login){.token = NULL};
}

static int request(void *state, const struct token *token, struct buf *path, struct buf *body,
		   struct buf *content_type, struct problem *problem)
{
	const struct dens_login *login = state;
	struct jsonw w;

	(void)token; /* there is no refresh: the credentials are used again */
	if (login->client_id == NULL || login->client_secret == NULL)
		return problem_set(problem, ERR_CONFIG, "sign-in",
				   "set client_id and client_secret, or token", "%s",
				   login->client_id != NULL       ? "client_secret is missing"
				   : login->client_secret != NULL ? "client_id is missing"
								  : "there is nothing to sign in with");
	buf_adds(path, DENS_TOKEN_PATH);
	buf_adds(content_type, "application/json");
	jsonw_init(&w, body, false);
	jsonw_open(&w, '{');
	jsonw_kstr(&w, "grant_type", "client_credentials");
	jsonw_kstr(&w, "client_id", login->client_id);
	jsonw_kstr(&w, "client_secret", login->client_secret);
	if (login->audience != NULL)
		jsonw_kstr(&w, "audience", login->audience);
	if (login->duration_s > 0)
		jsonw_kint(&w, "token_duration", login->duration_s);
	jsonw_close(&w, '}');
	return body->error;
}

/* expires_in is a text here and a number there; what is neither, or not positive, counts as five minutes (token_set). */
static int answer(void *state, const char *bytes, size_t length, int64_t now_ms, struct token *token,
		  struct problem *problem)
{
	const char *access;
	struct jsonx doc;
	int err;

	(void)state;
	jsonx_init(&doc);
	err = jsonx_parse(&doc, bytes, length, problem);
	if (err != ERR_OK)
		goto out;
	access = jsonx_str(jsonx_get(doc.root, "access_token"));
	if (access == NULL) {
		err = problem_set(problem, ERR_PARSE, "sign-in", "check base_url",
				  "the server's answer holds no access_token");
		goto out;
	}
	token_set(token, secret_new(access, strlen(access)), NULL,
		  jsonx_num(jsonx_get(doc.root, "expires_in")), now_ms);
out:
	jsonx_fini(&doc);
	return err;
}

const struct auth_ops dens_auth = {
	.request = request,
	.answer = answer,
	.todo = "check client_id and client_secret",
};

static void add_field(struct buf *body, const char *name, const char *value)
{
	if (body->length > 0)
		buf_addc(body, '&');
	buf_adds(body, name);
	buf_addc(body, '=');
	text_add_percent(body, value);
}

static bool empty(const char *text) { return text == NULL || text[0] == '\0'; }

int dens_wayfinding_body(struct buf *body, const char *client_id, const char *client_secret,
			 const char *display_id)
{
	if (empty(client_id) || empty(client_secret) || empty(display_id))
		return ERR_INVALID;
	add_field(body, "grant_type", "client_credentials");
	add_field(body, "client_id", client_id);
	add_field(body, "client_secret", client_secret);
	add_field(body, "display_id", display_id);
	return body->error;
}
