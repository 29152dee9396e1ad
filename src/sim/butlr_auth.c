#include "sim/butlr_auth.h"

#include "base/rng.h"
#include "sim/butlr.h"

#include <math.h>
#include <string.h>

#define AUDIENCE "https://butlrauth/"
#define USER_LIFE_MS 86400e3 /* butlr.md §2.2 */

struct sim_butlr_auth {
	struct sim_butlr_credentials credentials;
	GHashTable *tokens;  /* access token → int64_t * mono_ms at which it ends */
	GHashTable *refresh; /* refresh tokens, each good once */
	struct rng rng;
};

static void random_word(struct rng *rng, char *out, size_t length)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	for (size_t i = 0; i < length; i++)
		out[i] = digits[rng_below(rng, 62)];
	out[length] = '\0';
}

void sim_butlr_credentials(uint64_t seed, struct sim_butlr_credentials *out)
{
	struct rng rng;

	rng_init(&rng, rng_hash(seed, 0x63726564));
	random_word(&rng, out->client_id, 32);
	random_word(&rng, out->client_secret, 64);
	g_strlcpy(out->username, "warden@example.org", sizeof(out->username));
	random_word(&rng, out->password, 16);
}

struct sim_butlr_auth *sim_butlr_auth_new(uint64_t seed)
{
	struct sim_butlr_auth *auth = g_new0(struct sim_butlr_auth, 1);

	sim_butlr_credentials(seed, &auth->credentials);
	auth->tokens = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	auth->refresh = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	rng_init(&auth->rng, rng_hash(seed, 0x746f6b65));
	return auth;
}

void sim_butlr_auth_free(struct sim_butlr_auth *auth)
{
	if (!auth)
		return;
	g_hash_table_destroy(auth->tokens);
	g_hash_table_destroy(auth->refresh);
	g_free(auth);
}

bool sim_butlr_auth_good(const struct sim_butlr *butlr, const struct sim_call *call)
{
	const char *text = call->request->authorization;
	const int64_t *ends;

	if (g_ascii_strncasecmp(text, "Bearer ", 7) != 0)
		return false;
	ends = g_hash_table_lookup(butlr->auth->tokens, text + 7);
	return ends && call->mono_ms < *ends;
}

static gboolean has_ended(gpointer key, gpointer value, gpointer now)
{
	(void)key;
	return *(int64_t *)value <= *(int64_t *)now;
}

static void part(GString *out, const char *json)
{
	char *text = g_base64_encode((const unsigned char *)json, strlen(json));

	for (char *p = text; *p && *p != '='; p++)
		g_string_append_c(out, *p == '+' ? '-' : *p == '/' ? '_' : *p);
	g_free(text);
}

/* In the form of a JSON Web Token, as the document says; nothing is signed. */
static char *make_token(struct sim_call *call, int64_t life_ms)
{
	struct sim_butlr_auth *auth = sim_butlr_of(call)->auth;
	GString *token = g_string_new(NULL);
	char word[44], *claims;
	int64_t *ends = g_new(int64_t, 1);

	random_word(&auth->rng, word, 20);
	claims = g_strdup_printf("{\"iss\":\"https://butlrauth/\",\"azp\":\"%s\",\"iat\":%" G_GINT64_FORMAT
				 ",\"exp\":%" G_GINT64_FORMAT ",\"jti\":\"%s\"}",
				 auth->credentials.client_id, call->now_ms / 1000,
				 (call->now_ms + life_ms) / 1000, word);
	part(token, "{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
	g_string_append_c(token, '.');
	part(token, claims);
	g_free(claims);
	random_word(&auth->rng, word, 43);
	g_string_append_printf(token, ".%s", word);
	if (g_hash_table_size(auth->tokens) > 256)
		g_hash_table_foreach_remove(auth->tokens, has_ended, &call->mono_ms);
	*ends = call->mono_ms + life_ms;
	g_hash_table_insert(auth->tokens, g_strdup(token->str), ends);
	return g_string_free(token, FALSE);
}

/* Counts the sign-in; answers 429 itself when there were too many (butlr.md §2.1: throttling). */
static bool may_sign_in(struct sim_call *call)
{
	struct sim_vendor_state *state = sim_butlr_of(call)->state;

	state->logins++;
	if (sim_faults_take(&state->faults, SIM_FAULT_LOGIN_LIMIT, &state->faults.logins, call->mono_ms,
			    &call->reply->retry_after_s))
		return true;
	sim_call_message(call, 429, "Too Many Requests");
	return false;
}

static int64_t life_ms(const struct sim_butlr *butlr, double otherwise)
{
	const struct sim_faults *faults = sim_butlr_faults(butlr);
	double life = faults->text[SIM_FAULT_TOKEN_LIFE] ? faults->value[SIM_FAULT_TOKEN_LIFE] : otherwise;

	return (int64_t)fmax(life, 1);
}

static const char *member(const cJSON *body, const char *key)
{
	const cJSON *item = jsonx_get(body, key);

	return cJSON_IsString(item) ? item->valuestring : NULL;
}

void sim_butlr_client_login(struct sim_call *call)
{
	struct sim_butlr *butlr = sim_butlr_of(call);
	const struct sim_butlr_credentials *own = &butlr->auth->credentials;
	const cJSON *body = sim_call_body(call);
	const char *id = member(body, "client_id"), *secret = member(body, "client_secret");
	const char *audience = member(body, "audience"), *grant = member(body, "grant_type");

	if (!may_sign_in(call))
		return;
	if (!id || !secret || !audience || !grant) {
		sim_butlr_invalid(call, "client_id, client_secret, audience and grant_type are needed");
		return;
	}
	if (strcmp(audience, AUDIENCE) != 0)
		sim_app_violation(call, "the audience is not " AUDIENCE);
	if (strcmp(grant, "client_credentials") != 0)
		sim_app_violation(call, "the grant_type is not client_credentials");
	if (strcmp(id, own->client_id) != 0 || strcmp(secret, own->client_secret) != 0 ||
	    strcmp(audience, AUDIENCE) != 0 || strcmp(grant, "client_credentials") != 0) {
		sim_call_message(call, 401, "Unauthorized");
		return;
	}

	int64_t life = life_ms(butlr, sim_butlr_faults(butlr)->value[SIM_FAULT_TOKEN_LIFE]);
	char *token = make_token(call, life);
	struct jsonw *w = &call->json;

	jsonw_open(w, '{');
	jsonw_kstr(w, "access_token", token);
	jsonw_kstr(w, "scope",
		   "read:spaces read:rooms read:sensors read:hives write:spaces write:rooms write:sensors "
		   "write:hives delete:spaces delete:rooms delete:sensors delete:hives");
	jsonw_kint(w, "expires_in", life / 1000);
	jsonw_kstr(w, "token_type", "Bearer");
	jsonw_close(w, '}');
	g_free(token);
}

static void answer_user(struct sim_call *call)
{
	struct sim_butlr *butlr = sim_butlr_of(call);
	struct sim_butlr_auth *auth = butlr->auth;
	int64_t life = life_ms(butlr, USER_LIFE_MS);
	char *access = make_token(call, life), word[44];
	char *refresh, *id;
	struct jsonw *w = &call->json;

	random_word(&auth->rng, word, 40);
	refresh = g_strdup_printf("v1.%s", word);
	random_word(&auth->rng, word, 43);
	id = g_strdup_printf("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyIn0.%s", word);
	g_hash_table_add(auth->refresh, g_strdup(refresh));
	jsonw_open(w, '{');
	jsonw_kstr(w, "access_token", access);
	jsonw_kstr(w, "refresh_token", refresh);
	jsonw_kstr(w, "id_token", id);
	jsonw_kstr(w, "scope", "openid email profile offline_access");
	jsonw_kint(w, "expires_in", life / 1000);
	jsonw_kstr(w, "token_type", "Bearer");
	jsonw_close(w, '}');
	g_free(access);
	g_free(refresh);
	g_free(id);
}

void sim_butlr_user_login(struct sim_call *call)
{
	const struct sim_butlr_credentials *own = &sim_butlr_of(call)->auth->credentials;
	const cJSON *body = sim_call_body(call);
	const char *username = member(body, "username"), *password = member(body, "password");

	if (!may_sign_in(call))
		return;
	if (!username || !password)
		sim_butlr_invalid(call, "username and password are needed");
	else if (strcmp(username, own->username) != 0 || strcmp(password, own->password) != 0)
		sim_call_message(call, 401, "Unauthorized");
	else
		answer_user(call);
}

void sim_butlr_refresh(struct sim_call *call)
{
	struct sim_butlr_auth *auth = sim_butlr_of(call)->auth;
	const cJSON *body = sim_call_body(call);
	const char *refresh = member(body, "refresh_token"), *id = member(body, "client_id");

	if (!may_sign_in(call))
		return;
	if (!refresh || !id)
		sim_butlr_invalid(call, "refresh_token and client_id are needed");
	else if (strcmp(id, auth->credentials.client_id) != 0 || !g_hash_table_remove(auth->refresh, refresh))
		sim_call_message(call, 401, "Unauthorized");
	else
		answer_user(call);
}
