#include "api/butlr/auth.h"

#include "base/jsonw.h"
#include "base/jsonx.h"
#include "base/secret.h"

#include <glib.h>
#include <math.h>
#include <string.h>

void butlr_login_fini(struct butlr_login *login)
{
	secret_free(login->client_secret);
	secret_free(login->password);
	secret_free(login->client_id);
	secret_free(login->username);
	g_free(login->refresh_path);
	*login = (struct butlr_login){0};
}

char *butlr_token_client(const char *jwt)
{
	const char *from = jwt == NULL ? NULL : strchr(jwt, '.');
	const char *to = from == NULL ? NULL : strchr(from + 1, '.');
	char *client = NULL, *text;
	const char *azp;
	struct jsonx doc;
	guchar *bytes;
	size_t length;

	if (to == NULL || to - from < 2 || to - from > 65536)
		return NULL;
	length = (size_t)(to - from - 1);
	text = g_malloc0(length + 5);
	memcpy(text, from + 1, length);
	g_strdelimit(text, "-", '+');
	g_strdelimit(text, "_", '/');
	for (size_t end = length; end % 4 != 0; end++)
		text[end] = '=';
	bytes = g_base64_decode(text, &length);
	jsonx_init(&doc);
	if (bytes != NULL && jsonx_parse(&doc, (const char *)bytes, length, NULL) == ERR_OK) {
		azp = jsonx_str(jsonx_get(doc.root, "azp"));
		client = azp == NULL ? NULL : secret_new(azp, strlen(azp));
	}
	jsonx_fini(&doc);
	if (bytes != NULL)
		secret_wipe(bytes, length);
	g_free(bytes);
	secret_wipe(text, strlen(text));
	g_free(text);
	return client;
}

static bool may_refresh(const struct butlr_login *login, const struct token *token)
{
	return login->refresh_path != NULL && token != NULL && token->refresh != NULL &&
	       (token->client_id != NULL || login->client_id != NULL);
}

static int request(void *state, const struct token *token, struct buf *path, struct buf *body,
		   struct buf *content_type, struct problem *problem)
{
	const struct butlr_login *login = state;
	struct jsonw w;

	jsonw_init(&w, body, false);
	jsonw_open(&w, '{');
	if (may_refresh(login, token)) {
		buf_adds(path, login->refresh_path);
		jsonw_kstr(&w, "refresh_token", token->refresh);
		jsonw_kstr(&w, "client_id", token->client_id != NULL ? token->client_id : login->client_id);
	} else if (login->client_id != NULL && login->client_secret != NULL) {
		buf_adds(path, BUTLR_LOGIN_CLIENT);
		jsonw_kstr(&w, "client_id", login->client_id);
		jsonw_kstr(&w, "client_secret", login->client_secret);
		jsonw_kstr(&w, "audience", BUTLR_AUDIENCE);
		jsonw_kstr(&w, "grant_type", "client_credentials");
	} else if (login->username != NULL && login->password != NULL) {
		buf_adds(path, BUTLR_LOGIN_USER);
		jsonw_kstr(&w, "username", login->username);
		jsonw_kstr(&w, "password", login->password);
	} else {
		return problem_set(problem, ERR_CONFIG, "sign-in",
				   "set client_id and client_secret, or username and password", "%s",
				   login->client_id != NULL && login->username == NULL
					   ? "client_secret is missing"
				   : login->username != NULL && login->client_id == NULL
					   ? "password is missing"
					   : "there is nothing to sign in with");
	}
	jsonw_close(&w, '}');
	buf_adds(content_type, "application/json");
	return body->error != ERR_OK ? body->error : ERR_OK;
}

static char *keep(const cJSON *item)
{
	const char *text = jsonx_str(item);

	return text == NULL ? NULL : secret_new(text, strlen(text));
}

static int answer(void *state, const char *bytes, size_t length, int64_t now_ms, struct token *token,
		  struct problem *problem)
{
	struct jsonx doc;
	char *access, *client;
	int err;

	(void)state;
	jsonx_init(&doc);
	err = jsonx_parse(&doc, bytes, length, problem);
	if (err != ERR_OK)
		goto out;
	access = keep(jsonx_get(doc.root, "access_token"));
	if (access == NULL) {
		err = problem_set(problem, ERR_PARSE, "sign-in", "check base_url",
				  "the server's answer holds no access_token");
		goto out;
	}
	client = butlr_token_client(access);
	token_set(token, access, keep(jsonx_get(doc.root, "refresh_token")),
		  jsonx_num(jsonx_get(doc.root, "expires_in")), now_ms);
	if (client != NULL) {
		secret_free(token->client_id);
		token->client_id = client;
	}
out:
	jsonx_fini(&doc);
	return err;
}

/* Any refusal of a refresh: the password is at hand. */
static bool refresh_failed(void *state, int status, const char *bytes, size_t length)
{
	(void)state;
	(void)bytes;
	(void)length;
	return status >= 400 && status < 500 && status != 429;
}

const struct auth_ops butlr_auth = {
	.request = request,
	.answer = answer,
	.refresh_failed = refresh_failed,
};
