#include "api/butterflymx/auth.h"

#include "api/butterflymx/jsonapi.h"
#include "base/secret.h"
#include "base/text.h"

#include <string.h>

void bmx_login_fini(struct bmx_login *login)
{
	secret_free(login->client_id);
	secret_free(login->client_secret);
	secret_free(login->username);
	secret_free(login->password);
	secret_free(login->access_token);
	secret_free(login->refresh_token);
	g_free(login->accounts_url);
	*login = (struct bmx_login){.accounts_url = NULL};
}

/* --- forms --- */

static void add_field(struct buf *body, const char *name, const char *value)
{
	if (body->length > 0)
		buf_addc(body, '&');
	text_add_percent(body, name);
	buf_addc(body, '=');
	text_add_percent(body, value);
}

static void add_client(struct buf *body, const struct bmx_login *login)
{
	if (login->client_id != NULL)
		add_field(body, "client_id", login->client_id);
	if (login->client_secret != NULL)
		add_field(body, "client_secret", login->client_secret);
}

static void add_refresh(struct buf *body, const struct bmx_login *login, const char *refresh)
{
	add_field(body, "grant_type", "refresh_token");
	add_field(body, "refresh_token", refresh);
	add_client(body, login);
}

static int nothing_left(const struct bmx_login *login, struct problem *problem)
{
	if (login->refused)
		return problem_set(problem, ERR_AUTH, "sign-in",
				   "give username and password, or paste a new access_token and refresh_token",
				   "signed out: the server does not accept the refresh token any more");
	return problem_set(problem, ERR_CONFIG, "sign-in",
			   "set client_id, username and password, or access_token and refresh_token", "%s",
			   login->username != NULL ? "password is missing"
						   : "there is nothing to sign in with");
}

static int request(void *state, const struct token *token, struct buf *path, struct buf *body,
		   struct buf *content_type, struct problem *problem)
{
	struct bmx_login *login = state;

	login->renewing = true;
	if (login->client_id == NULL)
		return problem_set(problem, ERR_CONFIG, "sign-in", "set client_id", "client_id is missing");
	buf_adds(path, login->accounts_url);
	buf_adds(path, BMX_TOKEN_PATH);
	buf_adds(content_type, BMX_FORM);
	if (token != NULL && token->refresh != NULL) {
		add_refresh(body, login, token->refresh);
	} else if (login->refresh_token != NULL && !login->refused) {
		add_refresh(body, login, login->refresh_token);
	} else if (login->username != NULL && login->password != NULL) {
		login->renewing = false;
		add_field(body, "grant_type", "password");
		add_client(body, login);
		add_field(body, "username", login->username);
		add_field(body, "password", login->password);
	} else {
		return nothing_left(login, problem);
	}
	return body->error;
}

static char *keep(const cJSON *item)
{
	const char *text = jsonx_str(item);

	return text == NULL ? NULL : secret_new(text, strlen(text));
}

static int answer(void *state, const char *bytes, size_t length, int64_t now_ms, struct token *token,
		  struct problem *problem)
{
	const struct bmx_login *login = state;
	char *access, *refresh;
	struct jsonx doc;
	int err;

	jsonx_init(&doc);
	err = jsonx_parse(&doc, bytes, length, problem);
	if (err != ERR_OK)
		goto out;
	access = keep(jsonx_get(doc.root, "access_token"));
	if (access == NULL) {
		err = problem_set(problem, ERR_PARSE, "sign-in", "check accounts_url",
				  "the server's answer holds no access_token");
		goto out;
	}
	refresh = keep(jsonx_get(doc.root, "refresh_token"));
	if (refresh == NULL)
		refresh = token->refresh; /* the one used stays good (§3.2) */
	if (refresh == NULL && login != NULL && login->refresh_token != NULL && !login->refused)
		refresh = secret_new(login->refresh_token, strlen(login->refresh_token));
	token_set(token, access, refresh, jsonx_num(jsonx_get(doc.root, "expires_in")), now_ms);
out:
	jsonx_fini(&doc);
	return err;
}

static bool says(const char *bytes, size_t length, const char *const *errors)
{
	struct jsonx doc;
	bool found = false;

	jsonx_init(&doc);
	if (length > 0 && length <= 65536 && jsonx_parse(&doc, bytes, length, NULL) == ERR_OK) {
		const char *error = jsonx_str(jsonx_get(doc.root, "error"));

		for (; *errors != NULL && error != NULL && !found; errors++)
			found = strcmp(error, *errors) == 0;
	}
	jsonx_fini(&doc);
	return found;
}

/* The table of §3.2. A client that is not known would be refused with the password too, and the refresh token is good once the client's name is mended: so it
 * is kept, and the refusal says which client. */
static bool refresh_failed(void *state, int status, const char *bytes, size_t length)
{
	static const char *const client[] = {"invalid_client", "unauthorized_client", NULL};
	static const char *const grant[] = {"invalid_grant", NULL};
	struct bmx_login *login = state;

	if (!login->renewing || (status != 401 && status != 400))
		return false;
	if (says(bytes, length, client) || (status == 400 && !says(bytes, length, grant)))
		return false;
	login->refused = true;
	return true;
}

const struct auth_ops bmx_auth = {
	.request = request,
	.answer = answer,
	.refresh_failed = refresh_failed,
	.todo = "check client_id, client_secret, username and password, or paste a new access_token and refresh_token",
	.rotates = true,
	.own_refresh = true,
	.address = "accounts_url",
};

/* --- the password --- */

int bmx_password_request(struct buf *body, const char *current, const char *password,
			 struct work_request *request_out, struct problem *problem)
{
	if (current == NULL || current[0] == '\0' || password == NULL || password[0] == '\0')
		return problem_set(problem, ERR_INVALID, "password", NULL, "a password is not empty");
	add_field(body, "account[current_password]", current);
	add_field(body, "account[password]", password);
	add_field(body, "account[password_confirmation]", password);
	*request_out = (struct work_request){
		.method = "PUT",
		.path = BMX_PASSWORD_PATH,
		.body = buf_text(body),
		.content_type = BMX_FORM,
		.accept = "application/json",
		.host = WORK_HOST_SIGN_IN,
		.write = true,
		.from_ms = MOMENT_NONE,
		.to_ms = MOMENT_NONE,
	};
	return body->error;
}

int bmx_password_answer(int status, const char *bytes, size_t length, struct problem *problem)
{
	struct bmx_error error = {.text = ""};

	if (status >= 200 && status < 300)
		return ERR_OK;
	if (bmx_errors(bytes, length, &error, 1) == 0 || error.text[0] == '\0')
		session_message(bytes, length, error.text, sizeof(error.text));
	if (error.text[0] == '\0')
		g_snprintf(error.text, sizeof(error.text), "the server answered %d", status);
	return problem_set(problem,
			   status == 401   ? ERR_AUTH
			   : status == 403 ? ERR_DENIED
			   : status == 422 ? ERR_INVALID
					   : ERR_SERVER,
			   "password", NULL, "%s", error.text);
}
