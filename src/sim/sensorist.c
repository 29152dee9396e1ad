#include "sim/sensorist.h"

#include "base/moment.h"
#include "sim/sensorist_alarm.h"
#include "sim/sensorist_measure.h"
#include "sim/sensorist_rows.h"
#include "sim/sensorist_work.h"
#include "sim/sensorist_write.h"

#include <string.h>

#define FORM_TYPE "application/x-www-form-urlencoded"
#define HISTORY_DAYS 200
#define FRESH_MOST 4096
#define SLOW_MS 5000 /* an answer that comes later may not have been waited for */

/* --- answers ----------------------------------------------------------------------------------------------- */

static void write_time(struct sim_call *call)
{
	jsonw_knum(&call->json, "time", (double)(40 + call->number * 37 % 90) / 1000);
}

/* Will the client get the answer, as far as can be told? */
static bool will_arrive(const struct sim_call *call)
{
	const struct sim_faults *faults = &sim_sens_of(call)->state->faults;
	uint64_t seed = call->app->options.seed;

	return !sim_faults_hit(faults, SIM_FAULT_GARBAGE_RATE, seed, call->number) &&
	       !sim_faults_hit(faults, SIM_FAULT_STALL_RATE, seed, call->number) &&
	       call->reply->delay_ms < SLOW_MS;
}

static gboolean has_ended(gpointer key, gpointer value, gpointer user)
{
	(void)key;
	return *(int64_t *)value <= *(int64_t *)user;
}

/* Clients wait in real time, so it is real time that a lifetime is measured in. */
static void remember(struct sim_call *call, int max_age_s)
{
	struct sim_sens *sens = sim_sens_of(call);
	int64_t *until_ms;

	if (!sens->fresh_key || max_age_s <= 0 || !will_arrive(call))
		return;
	if (g_hash_table_size(sens->fresh) >= FRESH_MOST)
		g_hash_table_foreach_remove(sens->fresh, has_ended, &call->mono_ms);
	until_ms = g_new(int64_t, 1);
	*until_ms = call->mono_ms + max_age_s * INT64_C(1000);
	g_hash_table_replace(sens->fresh, g_strdup(sens->fresh_key), until_ms);
}

void sim_sens_open(struct sim_call *call, int max_age_s)
{
	sim_call_status(call, 200);
	call->reply->max_age_s = max_age_s;
	call->reply->gzip = true;
	jsonw_open(&call->json, '{');
	jsonw_kint(&call->json, "code", 200);
	jsonw_kint(&call->json, "max_age", max_age_s);
	write_time(call);
}

void sim_sens_close(struct sim_call *call)
{
	const struct sim_faults *faults = &sim_sens_of(call)->state->faults;

	jsonw_close(&call->json, '}');
	remember(call, call->reply->max_age_s);
	if (call->request->method != SIM_GET && !sim_faults_on(faults, SIM_FAULT_WRITE_BODY))
		sim_call_status(call, 204);
}

void sim_sens_refuse(struct sim_call *call, int status, const char *error)
{
	sim_call_status(call, status);
	call->reply->max_age_s = 0;
	jsonw_open(&call->json, '{');
	jsonw_kint(&call->json, "code", status);
	write_time(call);
	jsonw_kstr(&call->json, "error", error);
	jsonw_close(&call->json, '}');
}

void sim_sens_invalid(struct sim_call *call, const char *why)
{
	sim_app_violation(call, "%s", why);
	sim_sens_refuse(call, 400, why);
}

void sim_sens_absent(struct sim_call *call) { sim_sens_refuse(call, 404, "Not found"); }

static void unknown(struct sim_call *call, int status)
{
	sim_sens_refuse(call, status, status == 405 ? "Method not allowed" : "Not found");
}

void sim_sens_write_date(struct jsonw *w, const char *key, int64_t t_ms)
{
	struct moment_parts at = moment_split(t_ms == MOMENT_NONE ? 0 : t_ms, NULL);
	char text[SIM_SENS_TIME];

	g_snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d+0000", at.year, at.month, at.day,
		   at.hour, at.minute, at.second);
	jsonw_kstr(w, key, t_ms == MOMENT_NONE ? NULL : text);
}

/* --- reading requests -------------------------------------------------------------------------------------- */

static const char *value_of(const struct sim_pair *pairs, unsigned count, const char *name)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(pairs[i].name, name) == 0)
			return *pairs[i].value ? pairs[i].value : NULL;
	return NULL;
}

const char *sim_sens_field(const struct sim_sens *sens, const char *name)
{
	return value_of(sens->form, sens->n_form, name);
}

int64_t sim_sens_number(const char *text)
{
	size_t length = strspn(text, "0123456789");

	if (length == 0 || length > 18 || text[length])
		return -1;
	return g_ascii_strtoll(text, NULL, 10);
}

int64_t sim_sens_date(struct sim_call *call, const char *name)
{
	const char *text = sim_call_query(call, name);
	int64_t moment = text && strchr(text, '-') ? moment_parse(text) : MOMENT_NONE;

	if (text && moment == MOMENT_NONE)
		sim_app_violation(call, "\"%s\" is no date", name);
	return moment;
}

bool sim_sens_sees(const struct sim_sens *sens, const struct sim_sens_gateway *gateway)
{
	return gateway->account == sens->user->account && (sens->user->admin || gateway->building == 0);
}

/* --- who asks (§1) ----------------------------------------------------------------------------------------- */

static const struct sim_sens_user *signed_in(struct sim_call *call)
{
	const GPtrArray *users = sim_sens_of(call)->data->users;
	const char *header = call->request->authorization;
	const struct sim_sens_user *found = NULL;
	guchar *bytes;
	gsize length = 0;
	char *pair, *colon;

	if (g_ascii_strncasecmp(header, "Basic ", 6) != 0)
		return NULL;
	bytes = g_base64_decode(header + 6, &length);
	pair = g_strndup((const char *)bytes, length);
	g_free(bytes);
	colon = strchr(pair, ':');
	if (colon)
		*colon = '\0';
	for (guint i = 0; colon && i < users->len; i++) {
		const struct sim_sens_user *user = users->pdata[i];

		if (strcmp(user->email, pair) == 0 && strcmp(user->password, colon + 1) == 0)
			found = user;
	}
	g_free(pair);
	return found;
}

/* NULL for no such user, or none that this one may run as. */
static const struct sim_sens_user *impersonated(const struct sim_sens *sens, const struct sim_sens_user *user,
						const char *id)
{
	const struct sim_sens_user *other = sim_sens_find_user(sens->data, sim_sens_number(id));

	if (other == user)
		return user;
	return other && user->admin && other->parent == user->id ? other : NULL;
}

static bool find_user(struct sim_call *call)
{
	struct sim_sens *sens = sim_sens_of(call);
	const char *as = call->request->method == SIM_POST ? sim_sens_field(sens, "impersonate")
							   : sim_call_query(call, "impersonate");

	sens->user = signed_in(call);
	if (!sens->user) {
		sim_sens_refuse(call, 401, "Unauthorized");
		return false;
	}
	if (!as)
		return true;
	sens->user = impersonated(sens, sens->user, as);
	if (!sens->user)
		sim_sens_refuse(call, 403, "Forbidden");
	return sens->user != NULL;
}

/* --- the form of requests ---------------------------------------------------------------------------------- */

static bool is_word_of(const char *list, const char *word)
{
	char **words = g_strsplit(list ? list : "", " ", -1);
	bool found = g_strv_contains((const char *const *)words, word);

	g_strfreev(words);
	return found;
}

/* A POST's fields stand in its body, the others' in the query. */
static void check_form(struct sim_call *call, const struct sim_route *route)
{
	const struct sim_sens *sens = sim_sens_of(call);
	bool post = call->request->method == SIM_POST;
	const struct sim_pair *pairs = post ? sens->form : call->query;
	unsigned count = post ? sens->n_form : call->n_query;

	for (unsigned i = 0; i < count; i++)
		if (strcmp(pairs[i].name, "impersonate") != 0 && !is_word_of(route->query, pairs[i].name))
			sim_app_violation(call, "unknown parameter \"%s\"", pairs[i].name);
	if (post && call->n_query)
		sim_app_violation(call, "a POST with a query");
	if (call->request->body_length && !g_str_has_prefix(call->request->content_type, FORM_TYPE))
		sim_app_violation(call, "Content-Type is \"%s\", not " FORM_TYPE,
				  call->request->content_type);
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* The order of parameters makes no other request of it. */
static char *key_of(const struct sim_call *call)
{
	char *parts[SIM_CALL_QUERY + 1] = {NULL}, *query, *key;

	for (unsigned i = 0; i < call->n_query; i++)
		parts[i] = g_strconcat(call->query[i].name, "=", call->query[i].value, NULL);
	qsort(parts, call->n_query, sizeof(parts[0]), by_text);
	query = g_strjoinv("&", parts);
	key = g_strdup_printf("%" G_GINT64_FORMAT " %s?%s", sim_sens_of(call)->user->id, call->request->path,
			      query);
	g_free(query);
	for (unsigned i = 0; i < call->n_query; i++)
		g_free(parts[i]);
	return key;
}

static void check_fresh(struct sim_call *call)
{
	struct sim_sens *sens = sim_sens_of(call);
	const int64_t *until_ms;

	sens->fresh_key = key_of(call);
	until_ms = g_hash_table_lookup(sens->fresh, sens->fresh_key);
	if (until_ms && call->mono_ms < *until_ms)
		sim_app_violation(call, "asked again %" G_GINT64_FORMAT " s before max-age ran out",
				  (*until_ms - call->mono_ms + 999) / 1000);
}

static void forget_call(struct sim_sens *sens)
{
	sim_pairs_free(sens->form, sens->n_form);
	sens->n_form = 0;
	g_clear_pointer(&sens->fresh_key, g_free);
	sens->user = NULL;
}

static bool admit(struct sim_call *call, const struct sim_route *route)
{
	struct sim_sens *sens = sim_sens_of(call);

	forget_call(sens);
	if (call->request->method == SIM_POST)
		sens->n_form = sim_pairs_split(call->request->body, sens->form, SIM_SENS_FORM);
	check_form(call, route);
	if (!find_user(call))
		return false;
	if (call->request->method == SIM_GET)
		check_fresh(call);
	sim_sens_settle(sens, call->now_ms);
	return true;
}

/* --- the table --------------------------------------------------------------------------------------------- */

#define WRITE SIM_ROUTE_WRITE
#define MEASURE "data_sources type from to ticks interval seq_from seq_to offset"

static const struct sim_route routes[] = {
	{SIM_GET, "/v1/users", sim_sens_list_users, "list", 0},
	{SIM_GET, "/v1/gateways", sim_sens_list_gateways, "serials from with_slaves", 0},
	{SIM_GET, "/v1/measurements", sim_sens_measurements, MEASURE, 0},
	{SIM_GET, "/v1/alarms", sim_sens_list_alarms, NULL, 0},
	{SIM_GET, "/v1/alarms/history", sim_sens_alarm_history, "alarms from to", 0},
	{SIM_GET, "/v1/callbacks", sim_sens_list_callbacks, NULL, 0},
	{SIM_GET, "/v1/workflows/{}", sim_sens_show_workflow, NULL, 0},
	{SIM_POST, "/v1/users", sim_sens_create_user, "email password fname lname", WRITE},
	{SIM_POST, "/v1/gateways", sim_sens_associate, "serial name", WRITE},
	{SIM_POST, "/v1/gateways/{}", sim_sens_rename_gateway, "name", WRITE},
	{SIM_POST, "/v1/gateways/{}/commands", sim_sens_command, "command", WRITE},
	{SIM_POST, "/v1/sensors/{}", sim_sens_change_sensor, "name interval", WRITE},
	{SIM_POST, "/v1/alarms", sim_sens_create_alarm, "data_source value direction delay", WRITE},
	{SIM_POST, "/v1/callbacks", sim_sens_create_callback, "url type", WRITE},
	{SIM_DELETE, "/v1/alarms", sim_sens_delete_alarms, NULL, WRITE},
	{SIM_DELETE, "/v1/alarms/{}", sim_sens_delete_alarm, NULL, WRITE},
	{SIM_DELETE, "/v1/callbacks", sim_sens_delete_callbacks, NULL, WRITE},
	{SIM_DELETE, "/v1/callbacks/{}", sim_sens_delete_callback, NULL, WRITE},
};

static void *begin(struct sim_app *app, struct sim_vendor_state *state)
{
	struct sim_sens *sens = g_new0(struct sim_sens, 1);

	sens->app = app;
	sens->state = state;
	sens->data = sim_sens_data_new(app->world, app->options.seed, app->start_wall_ms);
	sens->view = world_view_new(app->world, HISTORY_DAYS);
	sens->fresh = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return sens;
}

static void end(void *vendor)
{
	struct sim_sens *sens = vendor;

	forget_call(sens);
	g_hash_table_destroy(sens->fresh);
	world_view_free(sens->view);
	sim_sens_data_free(sens->data);
	g_free(sens);
}

const struct sim_vendor sim_sens_vendor = {
	.name = "sensorist",
	.routes = routes,
	.n_routes = G_N_ELEMENTS(routes),
	.begin = begin,
	.end = end,
	.admit = admit,
	.own_form = true,
	.unknown = unknown,
};
