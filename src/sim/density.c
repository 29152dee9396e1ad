#include "sim/density.h"

#include "sim/density_auth.h"
#include "sim/density_live.h"
#include "sim/density_metrics.h"
#include "sim/density_rows.h"
#include "sim/density_sensors.h"
#include "sim/density_write.h"
#include "sim/density_ws.h"

#include <string.h>

enum {
	OPEN = 1,    /* no token needed */
	FORM = 2,    /* the body is a form */
	MACHINE = 4, /* the static token does not do */
};

#define EDGE_RATE 15.0 /* requests in a second (§3) */
#define EDGE_BURST 100.0
#define HISTORY_DAYS 200

/* --- answers that refuse ------------------------------------------------------------------------------------ */

void sim_density_refuse(struct sim_call *call, int status, const char *message)
{
	sim_call_status(call, status);
	call->reply->content_type = "application/json";
	jsonw_open(&call->json, '{');
	jsonw_kint(&call->json, "code", status);
	jsonw_kstr(&call->json, "message", message);
	jsonw_close(&call->json, '}');
}

void sim_density_invalid(struct sim_call *call, const char *why)
{
	sim_app_violation(call, "%s", why);
	sim_density_refuse(call, 400, why);
}

static void unknown(struct sim_call *call, int status)
{
	sim_density_refuse(call, status, status == 405 ? "method not allowed" : "resource not found");
}

/* --- reading requests --------------------------------------------------------------------------------------- */

static bool is_word_of(const char *list, const char *word)
{
	char **words = g_strsplit(list ? list : "", " ", -1);
	bool found = g_strv_contains((const char *const *)words, word);

	g_strfreev(words);
	return found;
}

const cJSON *sim_density_body(struct sim_call *call, const char *known)
{
	const cJSON *body = sim_call_body(call), *member;

	if (!body && call->request->body_length == 0) {
		if (jsonx_parse(&call->doc, "{}", 2, NULL) == ERR_OK)
			body = call->doc.root;
	}
	if (!cJSON_IsObject(body)) {
		sim_density_invalid(call, "the body is not a JSON object");
		return NULL;
	}
	cJSON_ArrayForEach(member, body)
	{
		if (!is_word_of(known, member->string))
			sim_app_violation(call, "unknown member \"%s\"", member->string);
	}
	return body;
}

bool sim_density_texts(struct sim_call *call, const cJSON *body, const char *name, GPtrArray *out)
{
	const cJSON *list = jsonx_get(body, name), *item;
	bool good = !list || cJSON_IsNull(list) || cJSON_IsArray(list);

	cJSON_ArrayForEach(item, list)
	{
		good = good && cJSON_IsString(item);
		if (good)
			g_ptr_array_add(out, item->valuestring);
	}
	if (!good) {
		char *why = g_strconcat(name, " must be a list of strings", NULL);

		sim_density_invalid(call, why);
		g_free(why);
	}
	return good;
}

static void pick_all(const struct sim_density_data *data, GArray *out)
{
	for (guint i = 0; i < data->spaces->len; i++) {
		int index = (int)i;

		g_array_append_val(out, index);
	}
}

static void pick_once(GArray *out, GHashTable *seen, const GArray *found)
{
	for (guint i = 0; i < found->len; i++) {
		int index = g_array_index(found, int, i);

		if (g_hash_table_add(seen, GINT_TO_POINTER(index)))
			g_array_append_val(out, index);
	}
}

static void pick_named(const struct sim_density *density, const GPtrArray *ids, enum sim_density_pick how,
		       GArray *out)
{
	GHashTable *seen = g_hash_table_new(NULL, NULL);
	GArray *found = g_array_new(FALSE, FALSE, sizeof(int));

	for (guint i = 0; i < ids->len; i++) {
		int index = sim_density_find(density->data, g_ptr_array_index(ids, i));

		if (index < 0)
			continue;

		const struct sim_density_space *space = sim_density_space(density->data, index);
		bool parent = how == SIM_DENSITY_FLATTEN && strcmp(space->type, "space") != 0;
		bool flat = sim_faults_on(sim_density_faults(density), SIM_FAULT_FLAT);

		g_array_set_size(found, 0);
		if (parent)
			sim_density_descend(density->data, index, !flat, found);
		else
			g_array_append_val(found, index);
		pick_once(out, seen, found);
	}
	g_array_free(found, TRUE);
	g_hash_table_destroy(seen);
}

GArray *sim_density_pick(struct sim_call *call, const cJSON *body, enum sim_density_pick how)
{
	const struct sim_density *density = sim_density_of(call);
	GPtrArray *ids = g_ptr_array_new();
	GArray *out = NULL;

	if (!sim_density_texts(call, body, "space_ids", ids))
		goto done;
	if (ids->len > SIM_DENSITY_BATCH) {
		sim_density_invalid(call, "more than 100 space_ids");
		goto done;
	}
	out = g_array_new(FALSE, FALSE, sizeof(int));
	if (ids->len == 0)
		pick_all(density->data, out);
	else
		pick_named(density, ids, how, out);
	if (out->len == 0 && ids->len) {
		g_array_free(out, TRUE);
		out = NULL;
		sim_density_refuse(call, 404, "resource not found");
	}
done:
	g_ptr_array_free(ids, TRUE);
	return out;
}

int sim_density_space_of_path(struct sim_call *call, unsigned arg)
{
	int index = sim_density_find(sim_density_of(call)->data, call->args[arg]);

	if (index < 0)
		sim_density_refuse(call, 404, "resource not found");
	return index;
}

void sim_density_open_map(struct sim_call *call)
{
	jsonw_open(&call->json, '{');
	if (sim_faults_on(sim_density_faults(sim_density_of(call)), SIM_FAULT_ENVELOPE)) {
		jsonw_key(&call->json, "data");
		jsonw_open(&call->json, '{');
	}
}

void sim_density_close_map(struct sim_call *call)
{
	if (sim_faults_on(sim_density_faults(sim_density_of(call)), SIM_FAULT_ENVELOPE))
		jsonw_close(&call->json, '}');
	jsonw_close(&call->json, '}');
}

/* --- what every request has to pass ------------------------------------------------------------------------- */

/* The bucket of the vendor's edge: every client comes from the same address here. */
static bool take_edge(struct sim_call *call)
{
	struct sim_density *density = sim_density_of(call);
	struct sim_bucket *bucket = &density->edge;
	double passed_s = (double)(call->mono_ms - bucket->filled_ms) / 1e3;

	if (!sim_faults_on(sim_density_faults(density), SIM_FAULT_EDGE_LIMIT))
		return true;
	if (bucket->filled_ms == 0)
		bucket->tokens = EDGE_BURST;
	else
		bucket->tokens = MIN(EDGE_BURST, bucket->tokens + passed_s * EDGE_RATE);
	bucket->filled_ms = call->mono_ms ? call->mono_ms : 1;
	if (bucket->tokens >= 1) {
		bucket->tokens -= 1;
		return true;
	}
	sim_app_violation(call, "more than 15 requests a second");
	sim_density_refuse(call, 429, "too many requests");
	call->reply->retry_after_s = 1;
	return false;
}

static void check_form(struct sim_call *call, const struct sim_route *route)
{
	const char *type = route->flags & FORM ? "application/x-www-form-urlencoded" : "application/json";

	for (unsigned i = 0; i < call->n_query; i++)
		if (!is_word_of(route->query, call->query[i].name))
			sim_app_violation(call, "unknown query parameter \"%s\"", call->query[i].name);
	if (call->request->body_length && !g_str_has_prefix(call->request->content_type, type))
		sim_app_violation(call, "Content-Type is \"%s\", not %s", call->request->content_type, type);
}

static bool admit(struct sim_call *call, const struct sim_route *route)
{
	enum sim_density_who who = sim_density_auth_who(sim_density_of(call), call);

	if (!take_edge(call))
		return false;
	check_form(call, route);
	if (route->flags & OPEN)
		return true;
	if (who == SIM_DENSITY_NOBODY) {
		sim_density_refuse(call, 403, "access to this api is not allowed");
		return false;
	}
	if (who == SIM_DENSITY_UNKNOWN) {
		sim_density_refuse(call, 401, "unable to authorize the given bearer token");
		return false;
	}
	if (who == SIM_DENSITY_STATIC && route->flags & (MACHINE | SIM_ROUTE_WRITE)) {
		sim_density_refuse(call, 403, "access to this api is not allowed");
		return false;
	}
	return true;
}

static void hello(struct sim_call *call)
{
	call->reply->content_type = "text/plain";
	buf_adds(&call->reply->body, "Do\xe2\x80\xa6 or do not. There is no try. - Yoda");
}

static void version(struct sim_call *call)
{
	call->reply->content_type = "text/plain";
	buf_adds(&call->reply->body, "1.0.2");
}

/* --- the table ---------------------------------------------------------------------------------------------- */

#define ANALYTICS "/v3/analytics/"
#define WRITE SIM_ROUTE_WRITE

static const struct sim_route routes[] = {
	{SIM_POST, "/v3/oauth/token", sim_density_token, NULL, OPEN | SIM_ROUTE_TOKEN},
	{SIM_POST, "/v3/wayfinding/token", sim_density_display_token, NULL, OPEN | FORM | SIM_ROUTE_TOKEN},
	{SIM_GET, "/v3/hello-world", hello, NULL, 0},
	{SIM_GET, "/version", version, NULL, 0},
	{SIM_POST, ANALYTICS "metrics", sim_density_metrics, NULL, 0},
	{SIM_POST, ANALYTICS "occupancy", sim_density_occupancy, NULL, 0},
	{SIM_POST, ANALYTICS "utilization", sim_density_utilization, NULL, 0},
	{SIM_POST, ANALYTICS "time-used", sim_density_time_used, NULL, 0},
	{SIM_POST, ANALYTICS "sessions/raw", sim_density_sessions, NULL, 0},
	{SIM_POST, ANALYTICS "data-status", sim_density_data_status, NULL, 0},
	{SIM_POST, ANALYTICS "occupancy/current", sim_density_current, NULL, 0},
	{SIM_POST, ANALYTICS "presence", sim_density_presence, NULL, 0},
	{SIM_POST, ANALYTICS "presence-health", sim_density_presence_health, NULL, 0},
	{SIM_POST, ANALYTICS "short-term", sim_density_short_term, NULL, 0},
	{SIM_POST, ANALYTICS "ws/floor/{}/presence", sim_density_ws_presence, NULL, 0},
	{SIM_POST, ANALYTICS "ws/space/{}/occupancy", sim_density_ws_occupancy, NULL, 0},
	{SIM_POST, ANALYTICS "ws/doorway/{}/events", sim_density_ws_doorway, NULL, 0},
	{SIM_GET, "/v3/spaces", sim_density_list_spaces, "counting_mode", 0},
	{SIM_PATCH, "/v3/spaces/{}", sim_density_patch_space, NULL, WRITE},
	{SIM_PATCH, "/v3/spaces/{}/labels", sim_density_patch_space_labels, NULL, WRITE},
	{SIM_GET, "/v3/doorways", sim_density_list_doorways, NULL, 0},
	{SIM_GET, "/v3/labels/groups", sim_density_list_groups, NULL, 0},
	{SIM_POST, "/v3/labels/groups", sim_density_create_group, NULL, WRITE},
	{SIM_PATCH, "/v3/labels/groups/{}", sim_density_patch_group, NULL, WRITE},
	{SIM_DELETE, "/v3/labels/groups/{}", sim_density_delete_group, NULL, WRITE},
	{SIM_GET, "/v3/labels", sim_density_list_labels, NULL, 0},
	{SIM_POST, "/v3/labels", sim_density_create_label, NULL, WRITE},
	{SIM_PATCH, "/v3/labels/{}", sim_density_patch_label, NULL, WRITE},
	{SIM_DELETE, "/v3/labels/{}", sim_density_delete_label, NULL, WRITE},
	{SIM_POST, "/v3/sensors", sim_density_list_sensors, NULL, 0},
	{SIM_POST, "/v3/sensors/health", sim_density_health_history, NULL, 0},
	{SIM_POST, "/v3/sensors/health/current", sim_density_health_current, NULL, 0},
	{SIM_GET, "/v3/users", sim_density_list_users, NULL, MACHINE},
	{SIM_POST, "/v3/users", sim_density_create_user, NULL, MACHINE | WRITE},
	{SIM_GET, "/v3/users/{}", sim_density_show_user, NULL, MACHINE},
	{SIM_PUT, "/v3/users/{}", sim_density_put_user, NULL, MACHINE | WRITE},
	{SIM_DELETE, "/v3/users/{}", sim_density_delete_user, NULL, MACHINE | WRITE},
};

static void *begin(struct sim_app *app, struct sim_vendor_state *state)
{
	struct sim_density *density = g_new0(struct sim_density, 1);

	density->app = app;
	density->state = state;
	density->data = sim_density_data_new(app->world, app->options.seed);
	density->auth = sim_density_auth_new(app->options.seed);
	density->tickets = sim_density_tickets_new(app->options.seed);
	density->view = world_view_new(app->world, HISTORY_DAYS);
	if (app->options.spaces)
		state->faults.value[SIM_FAULT_SPACES] = app->options.spaces;
	sim_density_grow(density->data, (unsigned)state->faults.value[SIM_FAULT_SPACES]);
	return density;
}

static void end(void *vendor)
{
	struct sim_density *density = vendor;

	world_view_free(density->view);
	sim_density_tickets_free(density->tickets);
	sim_density_auth_free(density->auth);
	sim_density_data_free(density->data);
	g_free(density);
}

const struct sim_vendor sim_density_vendor = {
	.name = "density",
	.routes = routes,
	.n_routes = G_N_ELEMENTS(routes),
	.begin = begin,
	.end = end,
	.admit = admit,
	.own_form = true,
	.unknown = unknown,
};
