#include "sim/butterflymx_auth.h"

#include "base/rng.h"
#include "sim/butterflymx.h"

#include <math.h>
#include <string.h>

#define FORM_FIELDS 12
#define LIFE_MS 7200e3        /* §3.1 */
#define SIGNATURE_LENGTH 1024 /* an access token may be longer than a thousand bytes (§3.1) */

/* One answer of the token call. */
struct grant {
	char *access, *refresh;
	char *previous; /* the refresh token it was made with, dead once `access` was used; NULL = by password */
	int64_t ends_ms; /* mono */
	bool dead;       /* its refresh token is */
};

struct sim_bmx_auth {
	struct sim_bmx_credentials credentials;
	GHashTable *by_access, *by_refresh; /* struct grant; the first owns them */
	struct rng rng;
};

static void random_word(struct rng *rng, char *out, size_t length, unsigned digits)
{
	static const char set[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

	for (size_t i = 0; i < length; i++)
		out[i] = set[rng_below(rng, digits)];
	out[length] = '\0';
}

void sim_bmx_credentials(uint64_t seed, struct sim_bmx_credentials *out)
{
	struct rng rng;

	rng_init(&rng, rng_hash(seed, 0x626d7863));
	random_word(&rng, out->client_id, 64, 16);
	random_word(&rng, out->client_secret, 64, 16);
	g_strlcpy(out->username, "lobby+desk@example.org", sizeof(out->username));
	random_word(&rng, out->password, 14, 62);
	g_strlcat(out->password, "&=", sizeof(out->password)); /* must be percent-encoded in a form */
}

static void grant_free(gpointer data)
{
	struct grant *grant = data;

	g_free(grant->access);
	g_free(grant->refresh);
	g_free(grant->previous);
	g_free(grant);
}

struct sim_bmx_auth *sim_bmx_auth_new(uint64_t seed)
{
	struct sim_bmx_auth *auth = g_new0(struct sim_bmx_auth, 1);

	sim_bmx_credentials(seed, &auth->credentials);
	auth->by_access = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, grant_free);
	auth->by_refresh = g_hash_table_new(g_str_hash, g_str_equal);
	rng_init(&auth->rng, rng_hash(seed, 0x626d7874));
	return auth;
}

void sim_bmx_auth_free(struct sim_bmx_auth *auth)
{
	if (!auth)
		return;
	g_hash_table_destroy(auth->by_refresh);
	g_hash_table_destroy(auth->by_access);
	g_free(auth);
}

bool sim_bmx_auth_good(const struct sim_bmx *bmx, const struct sim_call *call)
{
	const char *text = call->request->authorization;
	const struct grant *grant;
	struct grant *before;

	if (g_ascii_strncasecmp(text, "Bearer ", 7) != 0)
		return false;
	grant = g_hash_table_lookup(bmx->auth->by_access, text + 7);
	if (!grant || call->mono_ms >= grant->ends_ms)
		return false;
	before = grant->previous ? g_hash_table_lookup(bmx->auth->by_refresh, grant->previous) : NULL;
	if (before)
		before->dead = true;
	return true;
}

/* --- the token call ------------------------------------------------------------------------------------ */

struct form {
	struct sim_pair pairs[FORM_FIELDS];
	unsigned count;
};

static const char *field(const struct form *form, const char *name)
{
	for (unsigned i = 0; i < form->count; i++)
		if (strcmp(form->pairs[i].name, name) == 0)
			return form->pairs[i].value;
	return NULL;
}

static void read_form(struct sim_call *call, struct form *form, const char *known)
{
	static const char form_type[] = "application/x-www-form-urlencoded";
	char **names = g_strsplit(known, " ", -1);

	form->count = sim_pairs_split(call->request->body, form->pairs, FORM_FIELDS);
	if (g_ascii_strncasecmp(call->request->content_type, form_type, strlen(form_type)) != 0)
		sim_app_violation(call, "Content-Type is not %s", form_type);
	for (unsigned i = 0; i < form->count; i++)
		if (!g_strv_contains((const char *const *)names, form->pairs[i].name))
			sim_app_violation(call, "unknown field \"%s\"", form->pairs[i].name);
	g_strfreev(names);
}

static void answer_error(struct sim_call *call, int status, const char *error, const char *description)
{
	sim_call_status(call, status);
	jsonw_open(&call->json, '{');
	jsonw_kstr(&call->json, "error", error);
	jsonw_kstr(&call->json, "error_description", description);
	jsonw_close(&call->json, '}');
}

static void refuse_client(struct sim_call *call)
{
	answer_error(
		call, 401, "invalid_client",
		"Client authentication failed due to unknown client, no client authentication included, or "
		"unsupported authentication method.");
}

static void refuse_grant(struct sim_call *call, int status)
{
	answer_error(call, status, "invalid_grant",
		     "The provided authorization grant is invalid, expired, revoked, does not match the "
		     "redirection URI used in the authorization request, or was issued to another client.");
}

static gboolean has_ended(gpointer key, gpointer value, gpointer user)
{
	const struct grant *grant = value;
	struct sim_bmx_auth *auth = user;

	(void)key;
	if (!grant->dead)
		return FALSE;
	g_hash_table_remove(auth->by_refresh, grant->refresh);
	return TRUE;
}

static struct grant *grant_new(struct sim_call *call, int64_t life_ms, const char *previous)
{
	struct sim_bmx_auth *auth = sim_bmx_of(call)->auth;
	struct grant *grant = g_new0(struct grant, 1);
	char word[SIGNATURE_LENGTH + 1];

	if (g_hash_table_size(auth->by_access) > 1024)
		g_hash_table_foreach_remove(auth->by_access, has_ended, auth);
	random_word(&auth->rng, word, SIGNATURE_LENGTH, 64);
	grant->access = g_strconcat("eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.", word, NULL);
	random_word(&auth->rng, word, 64, 16);
	grant->refresh = g_strdup(word);
	grant->previous = g_strdup(previous);
	grant->ends_ms = call->mono_ms + life_ms;
	g_hash_table_insert(auth->by_access, grant->access, grant);
	g_hash_table_insert(auth->by_refresh, grant->refresh, grant);
	return grant;
}

static void answer_grant(struct sim_call *call, const char *previous)
{
	const struct sim_faults *faults = sim_bmx_faults(call);
	double life = faults->text[SIM_FAULT_TOKEN_LIFE] ? faults->value[SIM_FAULT_TOKEN_LIFE] : LIFE_MS;
	const struct grant *grant = grant_new(call, (int64_t)fmax(life, 1), previous);
	struct jsonw *w = &call->json;

	jsonw_open(w, '{');
	jsonw_kstr(w, "access_token", grant->access);
	jsonw_kstr(w, "token_type", "bearer");
	jsonw_kint(w, "expires_in", (int64_t)(fmax(life, 1) / 1000));
	jsonw_kstr(w, "refresh_token", grant->refresh);
	jsonw_kint(w, "created_at", call->now_ms / 1000);
	jsonw_close(w, '}');
}

static void by_password(struct sim_call *call, const struct form *form)
{
	const struct sim_bmx_credentials *own = &sim_bmx_of(call)->auth->credentials;
	const char *username = field(form, "username"), *password = field(form, "password");

	if (!username || !password) {
		sim_app_violation(call, "username and password are needed");
		answer_error(call, 400, "invalid_request", "The request is missing a required parameter.");
	} else if (strcmp(username, own->username) != 0 || strcmp(password, own->password) != 0) {
		refuse_grant(call, 401);
	} else {
		answer_grant(call, NULL);
	}
}

static void by_refresh(struct sim_call *call, const struct form *form)
{
	struct sim_bmx_auth *auth = sim_bmx_of(call)->auth;
	const struct sim_faults *faults = sim_bmx_faults(call);
	const char *refresh = field(form, "refresh_token");
	struct grant *grant = refresh ? g_hash_table_lookup(auth->by_refresh, refresh) : NULL;

	if (!refresh) {
		sim_app_violation(call, "refresh_token is needed");
		answer_error(call, 400, "invalid_request", "The request is missing a required parameter.");
		return;
	}
	if (!grant || grant->dead || sim_faults_on(faults, SIM_FAULT_SIGNED_OUT)) {
		refuse_grant(call, faults->value[SIM_FAULT_DEAD_REFRESH] > 0 ? 400 : 401);
		return;
	}
	if (faults->value[SIM_FAULT_ROTATION] == SIM_ROTATION_STRICT) {
		grant->dead = true;
		answer_grant(call, NULL);
	} else {
		answer_grant(call, refresh);
	}
}

/* Counts the sign-in; answers 429 itself when there were too many. */
static bool may_sign_in(struct sim_call *call)
{
	struct sim_vendor_state *state = sim_bmx_of(call)->state;

	state->logins++;
	if (sim_faults_take(&state->faults, SIM_FAULT_LOGIN_LIMIT, &state->faults.logins, call->mono_ms,
			    &call->reply->retry_after_s))
		return true;
	sim_call_status(call, 429);
	call->reply->content_type = "text/plain";
	buf_adds(&call->reply->body, "Retry later\n");
	return false;
}

static bool client_good(struct sim_call *call, const struct form *form)
{
	const struct sim_bmx_credentials *own = &sim_bmx_of(call)->auth->credentials;
	const char *id = field(form, "client_id"), *secret = field(form, "client_secret");

	if (!id || strcmp(id, own->client_id) != 0)
		return false;
	return secret ? strcmp(secret, own->client_secret) == 0
		      : !sim_faults_on(sim_bmx_faults(call), SIM_FAULT_SECRET);
}

void sim_bmx_token(struct sim_call *call)
{
	struct form form;
	const char *type;

	if (!may_sign_in(call))
		return;
	read_form(call, &form, "grant_type client_id client_secret username password refresh_token");
	type = field(&form, "grant_type");
	if (!client_good(call, &form)) {
		refuse_client(call);
	} else if (type && strcmp(type, "password") == 0) {
		by_password(call, &form);
	} else if (type && strcmp(type, "refresh_token") == 0) {
		by_refresh(call, &form);
	} else {
		sim_app_violation(call, "the grant_type is neither password nor refresh_token");
		answer_error(call, 400, "unsupported_grant_type",
			     "The authorization grant type is not supported by the authorization server.");
	}
	sim_pairs_free(form.pairs, form.count);
}

/* --- the password (§3.5) -------------------------------------------------------------------------------- */

/* The member `errors` is a text here, and a list of texts below. */
static void answer_wrong(struct sim_call *call)
{
	sim_call_status(call, 422);
	jsonw_open(&call->json, '{');
	jsonw_kstr(&call->json, "errors", "Wrong password");
	jsonw_close(&call->json, '}');
}

static void answer_list(struct sim_call *call, const char *error)
{
	sim_call_status(call, 422);
	jsonw_open(&call->json, '{');
	jsonw_key(&call->json, "errors");
	jsonw_open(&call->json, '[');
	jsonw_str(&call->json, error);
	jsonw_close(&call->json, ']');
	jsonw_close(&call->json, '}');
}

void sim_bmx_password(struct sim_call *call)
{
	struct sim_bmx_credentials *own = &sim_bmx_of(call)->auth->credentials;
	struct form form;
	const char *current, *fresh, *again;

	read_form(call, &form, "account[current_password] account[password] account[password_confirmation]");
	current = field(&form, "account[current_password]");
	fresh = field(&form, "account[password]");
	again = field(&form, "account[password_confirmation]");
	if (!current || !fresh || !again)
		sim_app_violation(call, "the three fields of account[…] are needed");
	if (!current || strcmp(current, own->password) != 0) {
		answer_wrong(call);
	} else if (!fresh || !*fresh) {
		answer_list(call, "Password can't be blank");
	} else if (!again || strcmp(fresh, again) != 0) {
		answer_list(call, "Password confirmation doesn't match Password");
	} else if (g_strlcpy(own->password, fresh, sizeof(own->password)) >= sizeof(own->password)) {
		g_strlcpy(own->password, current, sizeof(own->password));
		answer_list(call, "Password is too long (maximum is 47 characters)");
	} else {
		sim_call_status(call, 204);
	}
	sim_pairs_free(form.pairs, form.count);
}
