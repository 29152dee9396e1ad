#include "api/sensorist/sensorist.h"

#include "api/sensorist/job.h"
#include "base/secret.h"

#include <string.h>

/* --- an account --- */

static void close_state(void *memory)
{
	struct sens_state *state = memory;

	if (state == NULL)
		return;
	g_free(state->username);
	secret_free(state->password);
	g_free(state->impersonate);
	g_free(state->identity);
	g_free(state);
}

/* Who asks, where, and in whose name; 32 bits of the password's hash tell a changed one, and are none. What was answered to one is never shown to another. */
static char *identity_of(const struct account *account, const struct sens_state *state)
{
	const char *url = account_text(account, "base_url");
	char *mark = g_compute_checksum_for_string(G_CHECKSUM_SHA256, state->password, -1), *identity;

	identity = g_strdup_printf("sensorist %s %s %s %.8s", url != NULL ? url : "", state->username,
				   state->impersonate != NULL ? state->impersonate : "-", mark);
	g_free(mark);
	return identity;
}

static int open_login(const struct account *account, struct sens_state *state, struct problem *problem)
{
	const char *impersonate = account_text(account, "impersonate");
	char *username = NULL;
	int err = account_secret(account, "username", &username, problem);

	state->username = g_strdup(username);
	secret_free(username);
	if (err == ERR_OK)
		err = account_secret(account, "password", &state->password, problem);
	if (err != ERR_OK)
		return err;
	if (state->username == NULL || state->password == NULL)
		return problem_set(problem, ERR_CONFIG, "sign-in", "set username and password",
				   "%s is missing", state->username == NULL ? "username" : "password");
	if (strchr(state->username, ':') != NULL)
		return problem_set(problem, ERR_CONFIG, "username", NULL, "it holds a colon");
	if (impersonate != NULL && impersonate[0] != '\0' && !sens_id_ok(impersonate))
		return problem_set(problem, ERR_CONFIG, "impersonate", "see lodge get users",
				   "the number of a user is needed");
	if (impersonate != NULL && impersonate[0] != '\0')
		state->impersonate = g_strdup(impersonate);
	state->identity = identity_of(account, state);
	return ERR_OK;
}

/* The vendor's document gives the address with its version, and without it is what the other vendors' addresses look like: both are understood. */
static const char *prefix_of(const char *url)
{
	size_t length = url == NULL ? 0 : strlen(url);

	while (length > 0 && url[length - 1] == '/')
		length--;
	return length >= 3 && strncmp(url + length - 3, "/v1", 3) == 0 ? "" : "/v1";
}

static int open_state(const struct account *account, void **out, struct problem *problem)
{
	struct sens_state *state = g_new0(struct sens_state, 1);
	int err = open_login(account, state, problem);

	state->prefix = prefix_of(account_text(account, "base_url"));

	if (err != ERR_OK) {
		close_state(state);
		return err;
	}
	*out = state;
	return ERR_OK;
}

static const char *identity(void *memory) { return ((struct sens_state *)memory)->identity; }

static const char *basic_user(void *memory) { return ((struct sens_state *)memory)->username; }

static const char *basic_password(void *memory) { return ((struct sens_state *)memory)->password; }

/* --- a query, a change --- */

static void release(void *memory)
{
	struct sens_job *job = memory;

	sens_order_free(job->order);
	sens_tree_free(job->tree);
	g_hash_table_unref(job->seen);
	if (job->logs != NULL)
		g_array_unref(job->logs);
	g_free(job);
}

static struct sens_job *new_job(struct sens_state *state, struct work *work, enum kind kind)
{
	struct sens_job *job = g_new0(struct sens_job, 1);

	job->state = state;
	job->kind = kind;
	job->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	work_set_private(work, job, release);
	return job;
}

static int plan(void *memory, struct work *work)
{
	enum kind kind = work_query(work)->kind;

	if ((sensorist_ops.kinds & KIND_BIT(kind)) == 0)
		return ERR_OK;
	return sens_read_begin(work, new_job(memory, work, kind));
}

static int write_order(void *memory, struct work *work)
{
	return sens_order_begin(work, new_job(memory, work, work_order(work)->kind));
}

static int answer(void *memory, struct work *work, const struct work_request *request,
		  const struct work_answer *reply)
{
	struct sens_job *job = work_private(work);

	(void)memory;
	return job->order != NULL ? sens_order_answer(work, job, request, reply)
				  : sens_read_answer(work, job, request, reply);
}

static int finish(void *memory, struct work *work)
{
	struct sens_job *job = work_private(work);

	(void)memory;
	return job == NULL || job->order != NULL ? ERR_OK : sens_read_finish(work, job);
}

/* Often: what is still good costs no request, and what is not is asked for soon after. */
static const struct source_pace paces[] = {
	{KIND_SENSORS, 60000}, {KIND_MEASUREMENTS, 60000}, {KIND_ALARMS, 60000}, {KIND_GATEWAYS, 300000},
	{KIND_USERS, 900000},  {KIND_CALLBACKS, 900000},   {KIND_COUNT, 0},
};

static const enum kind check_kinds[] = {KIND_GATEWAYS, KIND_SENSORS, KIND_ALARMS, KIND_COUNT};

const struct source_ops sensorist_ops = {
	.vendor = VENDOR_SENSORIST,
	.kinds = KIND_BIT(KIND_USERS) | KIND_BIT(KIND_GATEWAYS) | KIND_BIT(KIND_SENSORS) |
		 KIND_BIT(KIND_MEASUREMENTS) | KIND_BIT(KIND_ALARMS) | KIND_BIT(KIND_CALLBACKS),
	/* No limit is told. */
	.per_s = 5,
	.burst = 10,
	.paces = paces,
	.open = open_state,
	.close = close_state,
	.basic_user = basic_user,
	.basic_password = basic_password,
	.keeps_cache = true,
	.lifetime_ms = sens_lifetime_ms,
	.identity = identity,
	.plan = plan,
	.answer = answer,
	.finish = finish,
	.writes = sens_writes,
	.write = write_order,
	.check_kinds = check_kinds,
};
