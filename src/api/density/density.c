#include "api/density/density.h"

#include "api/density/job.h"
#include "base/secret.h"
#include "core/kind.h"

#include <string.h>

#define LIVE_FLOORS 20 /* as the option's own default */

/* --- an account --- */

static void close_state(void *memory)
{
	struct dens_state *state = memory;

	if (state == NULL)
		return;
	dens_login_fini(&state->login);
	dens_push_fini(&state->push);
	dens_tree_unref(state->tree);
	g_free(state->identity);
	g_free(state->base_url);
	g_free(state->version);
	g_free(state);
}

/* Without a slash at its end. */
static char *trimmed(const char *text)
{
	size_t length = text == NULL ? 0 : strlen(text);

	while (length > 0 && text[length - 1] == '/')
		length--;
	return length == 0 ? NULL : g_strndup(text, length);
}

/* Who signs in, and where; 32 bits of the secret's hash tell a changed secret, and are none. A token of the configuration is not kept. */
static char *identity_of(const struct dens_state *state)
{
	const struct dens_login *login = &state->login;
	char *mark, *identity;

	if (login->token != NULL || login->client_id == NULL || login->client_secret == NULL)
		return NULL;
	mark = g_compute_checksum_for_string(G_CHECKSUM_SHA256, login->client_secret, -1);
	identity = g_strdup_printf("density %s %s %.8s", state->base_url != NULL ? state->base_url : "",
				   login->client_id, mark);
	g_free(mark);
	return identity;
}

static int open_login(const struct account *account, struct dens_login *login, struct problem *problem)
{
	const char *duration = account_text(account, "token_duration");
	int err = account_secret(account, "token", &login->token, problem);

	if (err == ERR_OK)
		err = account_secret(account, "client_id", &login->client_id, problem);
	if (err == ERR_OK)
		err = account_secret(account, "client_secret", &login->client_secret, problem);
	login->audience = g_strdup(account_text(account, "audience"));
	if (duration != NULL)
		login->duration_s = moment_span_ms(duration) / 1000;
	return err;
}

static int open_state(const struct account *account, void **out, struct problem *problem)
{
	struct dens_state *state = g_new0(struct dens_state, 1);
	const char *floors = account_text(account, "live_floors");
	gint64 most = floors == NULL ? LIVE_FLOORS : g_ascii_strtoll(floors, NULL, 10);
	int err;

	dens_push_init(&state->push, most < 0 ? 0 : (size_t)most);
	state->base_url = trimmed(account_text(account, "base_url"));
	err = open_login(account, &state->login, problem);
	if (err != ERR_OK) {
		close_state(state);
		return err;
	}
	state->identity = identity_of(state);
	*out = state;
	return ERR_OK;
}

static const char *identity(void *memory) { return ((struct dens_state *)memory)->identity; }

static const char *static_token(void *memory) { return ((struct dens_state *)memory)->login.token; }

/* The version of the API, once it told it. */
static const char *mode(void *memory) { return ((struct dens_state *)memory)->version; }

/* --- a query, a change --- */

static void release(void *memory)
{
	struct dens_job *job = memory;

	dens_job_read(job);
	dens_report_fini(&job->report);
	dens_order_free(job->order);
	dens_tree_unref(job->tree);
	dens_tree_unref(job->reading);
	g_clear_pointer(&job->health, g_hash_table_unref);
	g_clear_pointer(&job->doorways, g_hash_table_unref);
	g_clear_pointer(&job->groups, g_hash_table_unref);
	g_clear_pointer(&job->group_of, g_hash_table_unref);
	if (job->doorway_of != NULL)
		g_ptr_array_unref(job->doorway_of);
	g_free(job->selected);
	g_free(job->now);
	g_free(job);
}

static struct dens_job *new_job(struct dens_state *state, struct work *work, enum kind kind)
{
	struct dens_job *job = g_new0(struct dens_job, 1);

	job->state = state;
	job->kind = kind;
	work_set_private(work, job, release);
	return job;
}

static int plan(void *memory, struct work *work)
{
	enum kind kind = work_query(work)->kind;

	if ((density_ops.kinds & KIND_BIT(kind)) == 0)
		return ERR_OK;
	return dens_read_begin(work, new_job(memory, work, kind));
}

static int write_order(void *memory, struct work *work)
{
	return dens_order_begin(work, new_job(memory, work, work_order(work)->kind));
}

static int answer(void *memory, struct work *work, const struct work_request *request,
		  const struct work_answer *reply)
{
	struct dens_job *job = work_private(work);

	(void)memory;
	return job->order != NULL ? dens_order_answer(work, job, request, reply)
				  : dens_read_answer(work, job, request, reply);
}

static int finish(void *memory, struct work *work)
{
	struct dens_job *job = work_private(work);

	(void)memory;
	return job == NULL || job->order != NULL ? ERR_OK : dens_read_finish(work, job);
}

/* --- what is pushed --- */

static size_t channels(void *memory, const char **names, size_t most)
{
	return dens_push_channels(&((struct dens_state *)memory)->push, names, most);
}

static int push_request(void *memory, const char *channel, const char **method, struct buf *path)
{
	(void)memory;
	return dens_push_request(channel, method, path);
}

static int push_address(void *memory, const char *bytes, size_t length, struct buf *url)
{
	(void)memory;
	return dens_push_address(bytes, length, url);
}

static int push_message(void *memory, const char *channel, const char *bytes, size_t length, int64_t now_ms,
			bool *changed)
{
	return dens_push_message(&((struct dens_state *)memory)->push, channel, bytes, length, now_ms,
				 changed);
}

static void push_lost(void *memory, const char *channel, int64_t now_ms)
{
	dens_push_lost(&((struct dens_state *)memory)->push, channel, now_ms);
}

static struct rows *push_rows(void *memory, const char *account, int64_t now_ms)
{
	return dens_push_rows(&((struct dens_state *)memory)->push, account, now_ms);
}

static const struct source_push push = {
	.kind = KIND_ROOMS,
	.channels = channels,
	.request = push_request,
	.address = push_address,
	.message = push_message,
	.lost = push_lost,
	.rows = push_rows,
	.silence_ms = DENS_SILENCE_MS,
};

static const struct source_pace paces[] = {
	{KIND_ROOMS, 30000},      {KIND_SENSORS, 60000}, {KIND_OCCUPANCY, 300000}, {KIND_SESSIONS, 300000},
	{KIND_BUILDINGS, 600000}, {KIND_FLOORS, 600000}, {KIND_DOORWAYS, 600000},  {KIND_LABELS, 600000},
	{KIND_USERS, 600000},     {KIND_COUNT, 0},
};

static const enum kind check_kinds[] = {KIND_BUILDINGS, KIND_FLOORS, KIND_SENSORS, KIND_COUNT};

const struct source_ops density_ops = {
	.vendor = VENDOR_DENSITY,
	.kinds = KIND_BIT(KIND_BUILDINGS) | KIND_BIT(KIND_FLOORS) | KIND_BIT(KIND_ROOMS) |
		 KIND_BIT(KIND_SENSORS) | KIND_BIT(KIND_OCCUPANCY) | KIND_BIT(KIND_SESSIONS) |
		 KIND_BIT(KIND_DOORWAYS) | KIND_BIT(KIND_LABELS) | KIND_BIT(KIND_USERS),
	/* Of 15 a second and a burst of 100 (density-public-api.txt, Rate limits), which hold for the address: another program may be there too. */
	.per_s = 12,
	.burst = 60,
	.paces = paces,
	.auth = &dens_auth,
	.open = open_state,
	.close = close_state,
	.static_token = static_token,
	.identity = identity,
	.plan = plan,
	.answer = answer,
	.finish = finish,
	.writes = dens_writes,
	.write = write_order,
	.push = &push,
	.check_kinds = check_kinds,
	.mode = mode,
};
