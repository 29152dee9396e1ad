#include "sim/density_auth.h"

#include "base/rng.h"
#include "sim/density.h"

#include <math.h>
#include <string.h>

#define FORM_FIELDS 12
#define SIGNATURE_LENGTH 600

struct sim_density_auth {
	struct sim_density_credentials credentials;
	GHashTable *tokens; /* text → int64_t *, the end of its life (mono) */
	struct rng rng;
};

void sim_density_word(struct rng *rng, char *out, size_t length)
{
	static const char set[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

	for (size_t i = 0; i < length; i++)
		out[i] = set[rng_below(rng, sizeof(set) - 1)];
	out[length] = '\0';
}

void sim_density_credentials(uint64_t seed, struct sim_density_credentials *out)
{
	struct rng rng;

	rng_init(&rng, rng_hash(seed, 0x64656e63));
	sim_density_word(&rng, out->client_id, 32);
	sim_density_word(&rng, out->client_secret, 64);
	memcpy(out->token, "tok_", 4);
	sim_density_word(&rng, out->token + 4, 43);
}

struct sim_density_auth *sim_density_auth_new(uint64_t seed)
{
	struct sim_density_auth *auth = g_new0(struct sim_density_auth, 1);

	sim_density_credentials(seed, &auth->credentials);
	auth->tokens = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	rng_init(&auth->rng, rng_hash(seed, 0x64656e74));
	return auth;
}

void sim_density_auth_free(struct sim_density_auth *auth)
{
	if (!auth)
		return;
	g_hash_table_destroy(auth->tokens);
	g_free(auth);
}

enum sim_density_who sim_density_auth_who(const struct sim_density *density, const struct sim_call *call)
{
	const char *text = call->request->authorization;
	const int64_t *ends_ms;

	if (!text || !*text)
		return SIM_DENSITY_NOBODY;
	if (g_ascii_strncasecmp(text, "Bearer ", 7) != 0)
		return SIM_DENSITY_UNKNOWN;
	if (strcmp(text + 7, density->auth->credentials.token) == 0)
		return SIM_DENSITY_STATIC;
	ends_ms = g_hash_table_lookup(density->auth->tokens, text + 7);
	return ends_ms && call->mono_ms < *ends_ms ? SIM_DENSITY_MACHINE : SIM_DENSITY_UNKNOWN;
}

/* --- the token calls ---------------------------------------------------------------------------------------- */

/* Counts the sign-in; answers 429 itself when there were too many. */
static bool may_sign_in(struct sim_call *call)
{
	struct sim_vendor_state *state = sim_density_of(call)->state;

	state->logins++;
	if (sim_faults_take(&state->faults, SIM_FAULT_LOGIN_LIMIT, &state->faults.logins, call->mono_ms,
			    &call->reply->retry_after_s))
		return true;
	sim_density_refuse(call, 429, "too many requests");
	return false;
}

static gboolean has_ended(gpointer key, gpointer value, gpointer user)
{
	(void)key;
	return *(int64_t *)value <= *(int64_t *)user;
}

static const char *keep_token(struct sim_call *call, double life_ms)
{
	struct sim_density_auth *auth = sim_density_of(call)->auth;
	char word[SIGNATURE_LENGTH + 1];
	int64_t *ends_ms = g_new(int64_t, 1);
	char *token;

	if (g_hash_table_size(auth->tokens) > 256)
		g_hash_table_foreach_remove(auth->tokens, has_ended, &call->mono_ms);
	sim_density_word(&auth->rng, word, SIGNATURE_LENGTH);
	token = g_strconcat("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.", word, NULL);
	*ends_ms = call->mono_ms + (int64_t)fmax(life_ms, 1);
	g_hash_table_insert(auth->tokens, token, ends_ms);
	return token;
}

static bool client_good(const struct sim_call *call, const char *id, const char *secret)
{
	const struct sim_density_credentials *own = &sim_density_of(call)->auth->credentials;

	return id && secret && strcmp(id, own->client_id) == 0 && strcmp(secret, own->client_secret) == 0;
}

static void answer_token(struct sim_call *call, const cJSON *body)
{
	const struct sim_faults *faults = sim_density_faults(sim_density_of(call));
	double wanted_s = jsonx_num(jsonx_get(body, "token_duration"));
	double life_ms = faults->value[SIM_FAULT_TOKEN_LIFE];
	char seconds[24];

	if (!faults->text[SIM_FAULT_TOKEN_LIFE] && wanted_s >= 1 && wanted_s <= 30 * 86400.0)
		life_ms = wanted_s * 1000;

	const char *token = keep_token(call, life_ms);

	/* A text here, a number in the display's token (§2). */
	g_snprintf(seconds, sizeof(seconds), "%" G_GINT64_FORMAT, (int64_t)(life_ms / 1000));
	jsonw_open(&call->json, '{');
	jsonw_kstr(&call->json, "access_token", token);
	jsonw_kstr(&call->json, "expires_in", seconds);
	jsonw_kstr(&call->json, "token_type", "Bearer");
	jsonw_close(&call->json, '}');
}

void sim_density_token(struct sim_call *call)
{
	const cJSON *body;
	const char *type;

	if (!may_sign_in(call))
		return;
	body = sim_density_body(call, "grant_type client_id client_secret audience token_duration");
	if (!body)
		return;
	type = jsonx_str(jsonx_get(body, "grant_type"));
	if (!type || strcmp(type, "client_credentials") != 0)
		sim_density_invalid(call, "grant_type must be client_credentials");
	else if (!client_good(call, jsonx_str(jsonx_get(body, "client_id")),
			      jsonx_str(jsonx_get(body, "client_secret"))))
		sim_density_refuse(call, 401, "unable to authorize client");
	else
		answer_token(call, body);
}

static const char *field(const struct sim_pair *pairs, unsigned count, const char *name)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(pairs[i].name, name) == 0 && *pairs[i].value)
			return pairs[i].value;
	return NULL;
}

void sim_density_display_token(struct sim_call *call)
{
	struct sim_pair form[FORM_FIELDS];
	unsigned count = sim_pairs_split(call->request->body, form, FORM_FIELDS);
	const char *type = field(form, count, "grant_type"), *display = field(form, count, "display_id");

	if (!may_sign_in(call))
		goto out;
	if (!type || strcmp(type, "client_credentials") != 0 || !display) {
		sim_density_invalid(call, "grant_type and display_id are needed");
		goto out;
	}
	if (!client_good(call, field(form, count, "client_id"), field(form, count, "client_secret"))) {
		sim_density_refuse(call, 401, "invalid credentials");
		goto out;
	}

	/* Scoped to a display: good for none of the other calls. */
	char word[SIGNATURE_LENGTH + 1], *token, *scope = g_strconcat("display:", display, NULL);

	sim_density_word(&sim_density_of(call)->auth->rng, word, SIGNATURE_LENGTH);
	token = g_strconcat("eyJ", word, NULL);
	jsonw_open(&call->json, '{');
	jsonw_kstr(&call->json, "access_token", token);
	jsonw_kint(&call->json, "expires_in", 3600);
	jsonw_kstr(&call->json, "scope", scope);
	jsonw_kstr(&call->json, "token_type", "Bearer");
	jsonw_close(&call->json, '}');
	g_free(token);
	g_free(scope);
out:
	sim_pairs_free(form, count);
}
