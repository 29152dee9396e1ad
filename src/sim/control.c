#include "sim/control.h"

#include "base/moment.h"
#include "base/text.h"
#include "sim/app.h"

#include <string.h>

static void show_faults(struct sim_call *call)
{
	struct jsonw *w = &call->json;

	jsonw_open(w, '{');
	for (unsigned i = 0; i < call->app->n_vendors; i++) {
		jsonw_key(w, call->app->vendors[i].vendor->name);
		sim_faults_write(&call->app->vendors[i].faults, w);
	}
	jsonw_close(w, '}');
}

/* A value may be a text as on the command line, a number or a truth value. */
static char *value_text(const cJSON *item)
{
	if (cJSON_IsString(item))
		return g_strdup(item->valuestring);
	if (cJSON_IsBool(item))
		return g_strdup(cJSON_IsTrue(item) ? "yes" : "no");
	if (!cJSON_IsNumber(item))
		return NULL;

	struct buf text;

	buf_init(&text, 64);
	text_add_number(&text, item->valuedouble);
	char *copy = g_strdup(buf_text(&text));

	buf_fini(&text);
	return copy;
}

static int set_vendor(struct sim_call *call, const cJSON *vendor, struct problem *problem)
{
	struct sim_vendor_state *state = sim_app_vendor(call->app, vendor->string);
	const cJSON *row;

	if (!state)
		return problem_set(problem, ERR_USAGE, "fault", NULL, "no such vendor");
	cJSON_ArrayForEach(row, vendor)
	{
		char *text = value_text(row);
		int result = text ? sim_faults_set(&state->faults, row->string, text, problem)
				  : problem_set(problem, ERR_USAGE, "fault", NULL, "a value is missing");

		g_free(text);
		if (result != ERR_OK)
			return result;
	}
	return ERR_OK;
}

static void set_faults(struct sim_call *call)
{
	const cJSON *body = sim_call_body(call), *vendor;
	struct problem problem = {0};

	if (!cJSON_IsObject(body)) {
		sim_call_message(call, 400, "the body is not a JSON object");
		return;
	}
	cJSON_ArrayForEach(vendor, body)
	{
		if (set_vendor(call, vendor, &problem) != ERR_OK) {
			sim_call_message(call, 400, problem.why);
			return;
		}
	}
	show_faults(call);
}

static void show_vendor_stats(struct jsonw *w, const struct sim_vendor_state *state)
{
	jsonw_open(w, '{');
	jsonw_kint(w, "requests", (int64_t)state->requests);
	jsonw_kint(w, "logins", (int64_t)state->logins);
	jsonw_kint(w, "bytes", (int64_t)state->bytes);
	jsonw_kint(w, "faulted", (int64_t)state->faulted);
	jsonw_key(w, "routes");
	jsonw_open(w, '{');
	for (unsigned i = 0; i < state->vendor->n_routes; i++) {
		const struct sim_route *route = &state->vendor->routes[i];

		if (state->by_route[i] == 0)
			continue;
		char *name = g_strdup_printf("%s %s", sim_method_name((enum sim_method)route->method),
					     route->pattern);

		jsonw_kint(w, name, (int64_t)state->by_route[i]);
		g_free(name);
	}
	jsonw_close(w, '}');
	jsonw_kint(w, "violations", (int64_t)state->violations);
	jsonw_key(w, "violation_list");
	jsonw_open(w, '[');
	for (unsigned i = 0; i < state->listed->len; i++)
		jsonw_str(w, g_ptr_array_index(state->listed, i));
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static void show_stats(struct sim_call *call)
{
	jsonw_open(&call->json, '{');
	for (unsigned i = 0; i < call->app->n_vendors; i++) {
		jsonw_key(&call->json, call->app->vendors[i].vendor->name);
		show_vendor_stats(&call->json, &call->app->vendors[i]);
	}
	jsonw_close(&call->json, '}');
}

/* The count of requests stays: the faults are drawn from it. */
static void reset_stats(struct sim_call *call)
{
	for (unsigned i = 0; i < call->app->n_vendors; i++) {
		struct sim_vendor_state *state = &call->app->vendors[i];

		state->logins = state->bytes = state->violations = state->faulted = 0;
		memset(state->by_route, 0, state->vendor->n_routes * sizeof(*state->by_route));
		g_ptr_array_set_size(state->listed, 0);
	}
	show_stats(call);
}

static void show_clock(struct sim_call *call)
{
	jsonw_open(&call->json, '{');
	jsonw_key(&call->json, "now");
	jsonw_moment(&call->json, call->now_ms);
	jsonw_kint(&call->json, "now_ms", call->now_ms);
	jsonw_knum(&call->json, "speed", call->app->options.speed);
	jsonw_close(&call->json, '}');
}

void sim_control_handle(struct sim_call *call, const char *path)
{
	static const struct {
		unsigned method;
		const char *path;
		sim_handler_fn handle;
	} rows[] = {
		{SIM_GET, "/faults", show_faults}, {SIM_PUT, "/faults", set_faults},
		{SIM_GET, "/stats", show_stats},   {SIM_DELETE, "/stats", reset_stats},
		{SIM_GET, "/clock", show_clock},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].method == (unsigned)call->request->method && strcmp(rows[i].path, path) == 0) {
			rows[i].handle(call);
			return;
		}
	}
	sim_call_message(call, 404, "Not Found");
}
