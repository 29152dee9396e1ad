#include "api/butterflymx/butterflymx.h"

#include "api/butterflymx/job.h"
#include "base/secret.h"
#include "core/kind.h"

#include <string.h>

/* --- an account --- */

static void close_state(void *memory)
{
	struct bmx_state *state = memory;

	if (state == NULL)
		return;
	bmx_login_fini(&state->login);
	bmx_directory_fini(&state->directory);
	bmx_recent_clear(&state->recent);
	g_hash_table_unref(state->missing);
	g_free(state->identity);
	g_free(state->prefix);
	g_free(state->timezone);
	g_free(state);
}

/* Without a slash at its end. */
static char *trimmed(const char *text)
{
	size_t length = strlen(text);

	while (length > 0 && text[length - 1] == '/')
		length--;
	return g_strndup(text, length);
}

/* The vendor's hosts come in pairs (§1): where the configuration names no accounts_url, that of base_url. Anywhere else it is base_url itself. */
static char *accounts_url_of(const struct account *account)
{
	static const char *const pairs[][2] = {
		{"https://api.butterflymx.com", "https://accounts.butterflymx.com"},
		{"https://eu.api.butterflymx.com", "https://accounts.butterflymx.com"},
		{"https://apitest.butterflymx.com", "https://accountstest.butterflymx.com"},
		{"https://api.na.sandbox.butterflymx.com", "https://accounts.na.sandbox.butterflymx.com"},
	};
	const char *base = account_text(account, "base_url"),
		   *accounts = account_text(account, "accounts_url");
	char *url = trimmed(accounts != NULL ? accounts : base != NULL ? base : "");

	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
		if (g_ascii_strcasecmp(url, pairs[i][0]) == 0) {
			g_free(url);
			return g_strdup(pairs[i][1]);
		}
	return url;
}

static int open_prefix(const struct account *account, struct bmx_state *state, struct problem *problem)
{
	const char *prefix = account_text(account, "path_prefix");

	state->prefix = trimmed(prefix != NULL ? prefix : "/v3");
	if (state->prefix[0] != '\0' &&
	    (state->prefix[0] != '/' || strstr(state->prefix, "//") != NULL ||
	     state->prefix[strspn(state->prefix, "/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
						 "mnopqrstuvwxyz0123456789-._~")] != '\0'))
		return problem_set(problem, ERR_CONFIG, "path_prefix", "write it as /v3 or /mobile/v3",
				   "a path that begins with a slash is expected");
	return ERR_OK;
}

static int open_zone(const struct account *account, struct bmx_state *state, struct problem *problem)
{
	const char *name = account_text(account, "timezone");
	struct moment_zone *zone;

	if (name == NULL || name[0] == '\0')
		return ERR_OK;
	zone = moment_zone_new(name);
	if (zone == NULL)
		return problem_set(problem, ERR_CONFIG, "timezone", "write it as America/New_York",
				   "there is no time zone of that name");
	moment_zone_free(zone);
	state->timezone = g_strdup(moment_zone_iana(name));
	return ERR_OK;
}

static int open_login(const struct account *account, struct bmx_login *login, struct problem *problem)
{
	const struct {
		const char *key;
		char **secret;
	} secrets[] = {
		{"client_id", &login->client_id},       {"client_secret", &login->client_secret},
		{"username", &login->username},         {"password", &login->password},
		{"access_token", &login->access_token}, {"refresh_token", &login->refresh_token},
	};
	int err = ERR_OK;

	login->accounts_url = accounts_url_of(account);
	for (size_t i = 0; i < G_N_ELEMENTS(secrets) && err == ERR_OK; i++)
		err = account_secret(account, secrets[i].key, secrets[i].secret, problem);
	return err;
}

/* Who signs in, and where. A kept token belongs to what it was obtained with, so that a new password or a newly pasted pair is used: 32 bits of the hash are a
 * mark, not the secret. */
static char *identity_of(const struct bmx_login *login)
{
	const char *secret = login->refresh_token != NULL ? login->refresh_token : login->password;
	char *mark, *identity;

	if (login->client_id == NULL || (login->username == NULL && login->refresh_token == NULL))
		return NULL;
	mark = g_compute_checksum_for_string(G_CHECKSUM_SHA256, secret == NULL ? "" : secret, -1);
	identity = g_strdup_printf("butterflymx %s %s %s %.8s", login->accounts_url, login->client_id,
				   login->username != NULL ? login->username : "", mark);
	g_free(mark);
	return identity;
}

static int open_state(const struct account *account, void **out, struct problem *problem)
{
	struct bmx_state *state = g_new0(struct bmx_state, 1);
	int err;

	bmx_directory_init(&state->directory);
	state->missing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	state->units_until_ms = state->buildings_until_ms = MOMENT_NONE;
	state->recent.from_ms = MOMENT_NONE;
	err = open_prefix(account, state, problem);
	if (err == ERR_OK)
		err = open_zone(account, state, problem);
	if (err == ERR_OK)
		err = open_login(account, &state->login, problem);
	if (err != ERR_OK) {
		close_state(state);
		return err;
	}
	state->identity = identity_of(&state->login);
	*out = state;
	return ERR_OK;
}

static const char *identity(void *memory) { return ((struct bmx_state *)memory)->identity; }

static const char *sign_in_url(void *memory) { return ((struct bmx_state *)memory)->login.accounts_url; }

/* An access token alone, pasted: it is good until it ends. */
static const char *static_token(void *memory)
{
	const struct bmx_login *login = &((struct bmx_state *)memory)->login;

	return login->refresh_token == NULL && login->password == NULL ? login->access_token : NULL;
}

/* --- a query, a change --- */

static void free_chain(void *memory)
{
	struct bmx_chain *chain = memory;

	g_free(chain->unit_id);
	g_free(chain->user_id);
	g_free(chain);
}

static void release(void *memory)
{
	struct bmx_job *job = memory;

	bmx_doors_forget(job);
	bmx_order_free(job->order);
	if (job->pending != NULL)
		g_ptr_array_unref(job->pending);
	g_hash_table_unref(job->chains);
	g_hash_table_unref(job->key_chain);
	g_free(job);
}

static struct bmx_job *new_job(struct bmx_state *state, struct work *work, enum kind kind)
{
	struct bmx_job *job = g_new0(struct bmx_job, 1);

	job->state = state;
	job->kind = kind;
	job->base.from_ms = MOMENT_NONE;
	job->chains = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_chain);
	job->key_chain = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	work_set_private(work, job, release);
	return job;
}

static int plan(void *memory, struct work *work)
{
	enum kind kind = work_query(work)->kind;

	if ((butterflymx_ops.kinds & KIND_BIT(kind)) == 0)
		return ERR_OK;
	return bmx_read_begin(work, new_job(memory, work, kind));
}

static int write_order(void *memory, struct work *work)
{
	return bmx_order_begin(work, new_job(memory, work, work_order(work)->kind));
}

static int answer(void *memory, struct work *work, const struct work_request *request,
		  const struct work_answer *reply)
{
	struct bmx_job *job = work_private(work);

	(void)memory;
	if (job->order != NULL)
		return bmx_order_answer(work, job, request, reply);
	switch (request->step) {
	case BMX_STEP_UNITS:
	case BMX_STEP_CHAINS:
	case BMX_STEP_BUILDINGS:
	case BMX_STEP_UNIT:
	case BMX_STEP_PEOPLE:
	case BMX_STEP_CHAIN:
		return bmx_join_answer(work, job, request, reply);
	case BMX_STEP_ITEM:
		return bmx_item_answer(work, job, request, reply);
	default:
		break;
	}
	return bmx_read_answer(work, job, request, reply);
}

static int finish(void *memory, struct work *work)
{
	struct bmx_job *job = work_private(work);

	(void)memory;
	if (job == NULL)
		return ERR_OK;
	return job->order != NULL ? bmx_order_finish(work, job) : bmx_read_finish(work, job);
}

static const struct source_pace paces[] = {
	{KIND_DOORS, 10000},    {KIND_KEYS, 60000},   {KIND_KEYCHAINS, 60000},  {KIND_UNITS, 600000},
	{KIND_TENANTS, 600000}, {KIND_USERS, 600000}, {KIND_BUILDINGS, 600000}, {KIND_COUNT, 0},
};

static const enum kind check_kinds[] = {KIND_BUILDINGS, KIND_UNITS, KIND_DOORS, KIND_COUNT};

const struct source_ops butterflymx_ops = {
	.vendor = VENDOR_BUTTERFLYMX,
	.kinds = KIND_BIT(KIND_BUILDINGS) | KIND_BIT(KIND_UNITS) | KIND_BIT(KIND_TENANTS) |
		 KIND_BIT(KIND_USERS) | KIND_BIT(KIND_DOORS) | KIND_BIT(KIND_KEYCHAINS) | KIND_BIT(KIND_KEYS),
	.per_s = 8, /* no limit is published (§2); a start may ask for more at once */
	.burst = 30,
	.paces = paces,
	.auth = &bmx_auth,
	.open = open_state,
	.close = close_state,
	.static_token = static_token,
	.identity = identity,
	.plan = plan,
	.answer = answer,
	.finish = finish,
	.writes = bmx_writes,
	.write = write_order,
	.sign_in_url = sign_in_url,
	.check_kinds = check_kinds,
};
