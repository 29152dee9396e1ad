#include "api/butlr/butlr.h"

#include "api/butlr/job.h"
#include "base/secret.h"
#include "core/kind.h"

#include <string.h>

/* --- an account --- */

static void types_init(struct butlr_types *types)
{
	types->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	types->until_ms = MOMENT_NONE;
}

static void close_state(void *memory)
{
	struct butlr_state *state = memory;

	if (state == NULL)
		return;
	butlr_login_fini(&state->login);
	butlr_devices_free(state->devices);
	for (size_t i = 0; i < BUTLR_QUERY_COUNT; i++)
		g_free(state->queries[i]);
	g_hash_table_unref(state->room_types.names);
	g_hash_table_unref(state->fixture_types.names);
	g_hash_table_unref(state->orientations);
	g_free(state->identity);
	g_free(state->language);
	g_free(state);
}

static enum butlr_surface surface_of(const char *text)
{
	if (g_strcmp0(text, "graphql") == 0)
		return BUTLR_GRAPHQL;
	return g_strcmp0(text, "rest") == 0 ? BUTLR_REST : BUTLR_ANY;
}

/* Who signs in, and where. A token belongs to the secret it was obtained with, so that a changed or wrong one is noticed: 32 bits of its hash are a
 * mark, not the secret. */
static char *identity_of(const struct account *account, const struct butlr_login *login)
{
	const char *url = account_text(account, "base_url");
	const char *secret = login->client_id != NULL ? login->client_secret : login->password;
	char *mark, *identity;

	if (login->client_id == NULL && login->username == NULL)
		return NULL;
	mark = g_compute_checksum_for_string(G_CHECKSUM_SHA256, secret == NULL ? "" : secret, -1);
	identity = g_strdup_printf("butlr %s %s %s %.8s", url == NULL ? "" : url,
				   login->client_id != NULL ? "client" : "user",
				   login->client_id != NULL ? login->client_id : login->username, mark);
	g_free(mark);
	return identity;
}

static int open_state(const struct account *account, void **out, struct problem *problem)
{
	struct butlr_state *state = g_new0(struct butlr_state, 1);
	const char *language = account_text(account, "language");
	int err;

	types_init(&state->room_types);
	types_init(&state->fixture_types);
	state->orientations = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	state->devices_until_ms = MOMENT_NONE;
	state->login.refresh_path = g_strdup(account_text(account, "refresh_path"));
	state->language = g_strdup(language == NULL ? "en-US" : language);
	state->placeholders = g_strcmp0(account_text(account, "placeholders"), "yes") == 0;
	state->wanted = surface_of(account_text(account, "estate"));
	err = account_secret(account, "client_id", &state->login.client_id, problem);
	if (err == ERR_OK)
		err = account_secret(account, "username", &state->login.username, problem);
	if (err == ERR_OK)
		err = account_secret(account, "client_secret", &state->login.client_secret, problem);
	if (err == ERR_OK)
		err = account_secret(account, "password", &state->login.password, problem);
	if (err != ERR_OK) {
		close_state(state);
		return err;
	}
	state->identity = identity_of(account, &state->login);
	*out = state;
	return ERR_OK;
}

static const char *identity(void *memory) { return ((struct butlr_state *)memory)->identity; }

static const char *remember(void *memory)
{
	const struct butlr_state *state = memory;

	return state->wanted != BUTLR_ANY        ? NULL
	       : state->learned == BUTLR_GRAPHQL ? "graphql"
	       : state->learned == BUTLR_REST    ? "rest"
						 : NULL;
}

static void recall(void *memory, const char *text)
{
	struct butlr_state *state = memory;

	if (state->wanted == BUTLR_ANY)
		state->learned = surface_of(text);
}

static const char *mode(void *memory)
{
	const struct butlr_state *state = memory;
	enum butlr_surface surface = state->learned != BUTLR_ANY ? state->learned : state->wanted;

	return surface == BUTLR_GRAPHQL ? "graphql" : surface == BUTLR_REST ? "rest" : "auto";
}

/* --- a query --- */

static void release(void *memory)
{
	struct butlr_job *job = memory;

	butlr_estate_fini(&job->estate);
	butlr_detect_fini(&job->detect);
	g_ptr_array_unref(job->details);
	g_ptr_array_unref(job->addresses);
	g_hash_table_unref(job->people);
	g_hash_table_unref(job->watched);
	g_free(job);
}

/* The estate kinds that a query fills, its own and helpers. */
static uint32_t kinds_of(const struct query *query)
{
	static const uint32_t helpers[KIND_COUNT] = {
		[KIND_BUILDINGS] = KIND_BIT(KIND_BUILDINGS) | KIND_BIT(KIND_FLOORS) | KIND_BIT(KIND_ZONES),
		[KIND_FLOORS] = KIND_BIT(KIND_BUILDINGS) | KIND_BIT(KIND_FLOORS) | KIND_BIT(KIND_ZONES),
		[KIND_ROOMS] = KIND_BIT(KIND_FLOORS) | KIND_BIT(KIND_ROOMS) | KIND_BIT(KIND_SENSORS),
		[KIND_ZONES] = KIND_BIT(KIND_BUILDINGS) | KIND_BIT(KIND_FLOORS) | KIND_BIT(KIND_ZONES),
		[KIND_FIXTURES] = KIND_BIT(KIND_FLOORS) | KIND_BIT(KIND_FIXTURES),
		[KIND_SENSORS] = KIND_BIT(KIND_FLOORS) | KIND_BIT(KIND_SENSORS) | KIND_BIT(KIND_GATEWAYS),
		[KIND_GATEWAYS] = KIND_BIT(KIND_FLOORS) | KIND_BIT(KIND_SENSORS) | KIND_BIT(KIND_GATEWAYS),
		[KIND_FRAMES] = KIND_BIT(KIND_FLOORS) | KIND_BIT(KIND_SENSORS),
		[KIND_DETECTIONS] = KIND_BIT(KIND_FLOORS) | KIND_BIT(KIND_SENSORS),
		[KIND_OCCUPANCY] = KIND_BIT(KIND_FLOORS) | KIND_BIT(KIND_ROOMS) | KIND_BIT(KIND_ZONES),
	};

	return helpers[query->kind];
}

static struct butlr_job *new_job(struct butlr_state *state, struct work *work)
{
	struct butlr_job *job = g_new0(struct butlr_job, 1);
	uint32_t kinds = kinds_of(work_query(work));

	job->state = state;
	butlr_estate_init(&job->estate, work_now_ms(work));
	butlr_detect_init(&job->detect);
	job->details = g_ptr_array_new();
	job->addresses = g_ptr_array_new();
	job->people = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	job->watched = g_hash_table_new(g_str_hash, g_str_equal);
	for (int kind = 0; kind < KIND_COUNT; kind++)
		if ((kinds & KIND_BIT(kind)) != 0)
			butlr_estate_keep(&job->estate, work_rows(work, (enum kind)kind));
	work_set_private(work, job, release);
	return job;
}

static int plan(void *memory, struct work *work)
{
	const struct query *query = work_query(work);
	struct butlr_state *state = memory;
	struct butlr_job *job;
	int err;

	if (kinds_of(query) == 0)
		return ERR_OK;
	job = new_job(state, work);
	job->helper = query->kind == KIND_FRAMES || query->kind == KIND_DETECTIONS;
	if (job->helper && query->buildings.n == 0 && work_now_ms(work) < state->devices_until_ms) {
		job->followed = true;
		return butlr_span_begin(work, job);
	}
	err = butlr_types_begin(work, job);
	if (err == ERR_OK)
		err = butlr_estate_begin(work, job);
	return err == ERR_OK && job->pending == 0 ? butlr_follow(work, job) : err;
}

static int answer(void *memory, struct work *work, const struct work_request *request,
		  const struct work_answer *reply)
{
	struct butlr_job *job = work_private(work);

	(void)memory;
	if (request->step <= BUTLR_STEP_ESTATE_LAST)
		return butlr_estate_answer(work, job, request, reply);
	switch (request->step) {
	case BUTLR_STEP_SENSOR:
		return butlr_details_answer(work, job, request, reply);
	case BUTLR_STEP_ROOM_TYPES:
	case BUTLR_STEP_FIXTURE_TYPES:
		return butlr_types_answer(work, job, request, reply);
	case BUTLR_STEP_NOW_PRESENCE:
	case BUTLR_STEP_NOW_TRAFFIC:
		return butlr_now_answer(work, job, request, reply);
	case BUTLR_STEP_DETECTIONS:
		return butlr_span_answer(work, job, request, reply);
	default:
		return butlr_occupancy_answer(work, job, request, reply);
	}
}

/* --building for kinds that name only their floor. */
struct place_filter {
	const struct work *work;
	const struct butlr_job *job;
	const struct field *floor;
};

static bool in_buildings(const void *row, void *ctx)
{
	const struct place_filter *filter = ctx;

	return butlr_floor_wanted(filter->work, filter->job, field_text(filter->floor, row));
}

static void filter_buildings(struct work *work, struct butlr_job *job)
{
	const struct query *query = work_query(work);
	struct place_filter filter = {work, job, kind_field(query->kind, "floor_id")};

	if (query->buildings.n > 0 && kind_info(query->kind)->building_field == NULL && filter.floor != NULL)
		rows_filter(work_rows(work, query->kind), in_buildings, &filter);
}

/* Kinds that came whole with the query's own are handed over too, unless something was filtered. */
static void want_companions(struct work *work, const struct butlr_job *job)
{
	const struct query *query = work_query(work);
	bool whole = query->buildings.n + query->floors.n + query->rooms.n + query->types.n == 0 &&
		     query->limit == 0;

	if (!whole || job->surface != BUTLR_GRAPHQL)
		return;
	if (query->kind != KIND_BUILDINGS && query->kind != KIND_FLOORS && query->kind != KIND_ZONES)
		return;
	work_want(work, KIND_BUILDINGS);
	work_want(work, KIND_FLOORS);
	work_want(work, KIND_ZONES);
}

static int finish(void *memory, struct work *work)
{
	struct butlr_job *job = work_private(work);

	if (job == NULL)
		return ERR_OK;
	switch (work_query(work)->kind) {
	case KIND_FRAMES:
	case KIND_DETECTIONS:
		butlr_span_finish(work, job);
		return ERR_OK;
	case KIND_OCCUPANCY:
		butlr_occupancy_finish(work, job);
		return ERR_OK;
	default:
		break;
	}
	butlr_now_finish(work);
	butlr_types_apply(work, memory);
	butlr_estate_settle(&job->estate, job->state->placeholders);
	filter_buildings(work, job);
	want_companions(work, job);
	return ERR_OK;
}

static const struct source_pace paces[] = {
	{KIND_FRAMES, 1000},   {KIND_DETECTIONS, 1000},  {KIND_ROOMS, 30000},      {KIND_OCCUPANCY, 300000},
	{KIND_SENSORS, 60000}, {KIND_GATEWAYS, 60000},   {KIND_BUILDINGS, 600000}, {KIND_FLOORS, 600000},
	{KIND_ZONES, 600000},  {KIND_FIXTURES, 3600000}, {KIND_COUNT, 0},
};

static const enum kind check_kinds[] = {KIND_FLOORS, KIND_SENSORS, KIND_COUNT};

const struct source_ops butlr_ops = {
	.vendor = VENDOR_BUTLR,
	.kinds = KIND_BIT(KIND_BUILDINGS) | KIND_BIT(KIND_FLOORS) | KIND_BIT(KIND_ROOMS) |
		 KIND_BIT(KIND_ZONES) | KIND_BIT(KIND_FIXTURES) | KIND_BIT(KIND_SENSORS) |
		 KIND_BIT(KIND_GATEWAYS) | KIND_BIT(KIND_FRAMES) | KIND_BIT(KIND_DETECTIONS) |
		 KIND_BIT(KIND_OCCUPANCY),
	.per_s = 30, /* no limit is published (butlr.md §7.3) */
	.burst = 60,
	.paces = paces,
	.auth = &butlr_auth,
	.open = open_state,
	.close = close_state,
	.identity = identity,
	.plan = plan,
	.answer = answer,
	.finish = finish,
	.check_kinds = check_kinds,
	.memory = remember,
	.recall = recall,
	.mode = mode,
};
