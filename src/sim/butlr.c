#include "sim/butlr.h"

#include "sim/butlr_auth.h"
#include "sim/butlr_detections.h"
#include "sim/butlr_reporting.h"
#include "sim/butlr_rest.h"
#include "sim/butlr_schema.h"
#include "sim/butlr_types.h"
#include "sim/butlr_write.h"
#include "sim/hostile.h"

#include <string.h>

enum {
	OPEN = 1,    /* no token needed */
	REST_V2 = 2, /* goes with the fault rest=off */
	GRAPHQL = 4, /* says in a GraphQL way that the token is bad; goes with graphql=off */
};

static void graphql(struct sim_call *call)
{
	struct sim_schema_root root = {.butlr = sim_butlr_of(call), .now_ms = call->now_ms};
	const cJSON *body = sim_call_body(call);

	if (!cJSON_IsObject(body) || !cJSON_IsString(jsonx_get(body, "query"))) {
		sim_butlr_invalid(call, "the body has no query");
		return;
	}
	if (!gql_answer(&sim_schema_query, body, &root, &call->json))
		sim_app_violation(call, "the query does not fit the schema");
}

#define SPACE "/api/v2/spaces/{}"

static const struct sim_route routes[] = {
	{SIM_POST, "/api/v2/clients/login", sim_butlr_client_login, NULL, OPEN},
	{SIM_POST, "/api/v2/login", sim_butlr_user_login, NULL, OPEN},
	{SIM_POST, "/api/v2/login/refresh", sim_butlr_refresh, NULL, OPEN},
	{SIM_GET, "/api/v2/languages", sim_butlr_languages, NULL, OPEN},
	{SIM_GET, "/api/v2/user/preferences", sim_butlr_get_preferences, NULL, 0},
	{SIM_PUT, "/api/v2/user/preferences", sim_butlr_put_preferences, NULL, 0},
	{SIM_GET, "/api/v2/room-types", sim_butlr_room_types, "lang next", REST_V2},
	{SIM_GET, "/api/v2/fixture-types", sim_butlr_fixture_types, "lang next", REST_V2},
	{SIM_GET, "/api/v2/spaces", sim_rest_list_spaces, "details next", REST_V2},
	{SIM_POST, "/api/v2/spaces", sim_rest_create_space, NULL, REST_V2},
	{SIM_GET, SPACE, sim_rest_get_space, "details", REST_V2},
	{SIM_PUT, SPACE, sim_rest_update_space, NULL, REST_V2},
	{SIM_DELETE, SPACE, sim_rest_delete_space, NULL, REST_V2},
	{SIM_GET, SPACE "/rooms", sim_rest_list_rooms, "details next", REST_V2},
	{SIM_POST, SPACE "/rooms", sim_rest_create_room, NULL, REST_V2},
	{SIM_GET, SPACE "/rooms/{}", sim_rest_get_room, "details", REST_V2},
	{SIM_PUT, SPACE "/rooms/{}", sim_rest_update_room, NULL, REST_V2},
	{SIM_DELETE, SPACE "/rooms/{}", sim_rest_delete_room, NULL, REST_V2},
	{SIM_GET, SPACE "/zones", sim_rest_list_zones, "next", REST_V2},
	{SIM_POST, SPACE "/zones", sim_rest_create_zone, NULL, REST_V2},
	{SIM_GET, SPACE "/zones/{}", sim_rest_get_zone, NULL, REST_V2},
	{SIM_PUT, SPACE "/zones/{}", sim_rest_update_zone, NULL, REST_V2},
	{SIM_DELETE, SPACE "/zones/{}", sim_rest_delete_zone, NULL, REST_V2},
	{SIM_GET, SPACE "/fixtures", sim_rest_list_fixtures, "next", REST_V2},
	{SIM_POST, SPACE "/fixtures", sim_rest_create_fixture, NULL, REST_V2},
	{SIM_GET, SPACE "/fixtures/{}", sim_rest_get_fixture, NULL, REST_V2},
	{SIM_PUT, SPACE "/fixtures/{}", sim_rest_update_fixture, NULL, REST_V2},
	{SIM_DELETE, SPACE "/fixtures/{}", sim_rest_delete_fixture, NULL, REST_V2},
	{SIM_GET, SPACE "/sensors", sim_rest_list_space_sensors, "details next", REST_V2},
	{SIM_GET, SPACE "/sensors/{}", sim_rest_get_space_sensor, NULL, REST_V2},
	{SIM_GET, "/api/v2/sensors", sim_rest_list_sensors, "details next", REST_V2},
	{SIM_GET, "/api/v2/sensors/{}", sim_rest_get_sensor, NULL, REST_V2},
	{SIM_PUT, "/api/v2/sensors/{}", sim_rest_update_sensor, NULL, REST_V2},
	{SIM_DELETE, "/api/v2/sensors/{}", sim_rest_delete_sensor, NULL, REST_V2},
	{SIM_GET, "/api/v2/hives", sim_rest_list_hives, "details next", REST_V2},
	{SIM_POST, "/api/v2/hives", sim_rest_activate_hive, NULL, REST_V2},
	{SIM_GET, "/api/v2/hives/{}", sim_rest_get_hive, NULL, REST_V2},
	{SIM_PUT, "/api/v2/hives/{}", sim_rest_update_hive, NULL, REST_V2},
	{SIM_DELETE, "/api/v2/hives/{}", sim_rest_delete_hive, NULL, REST_V2},
	{SIM_POST, "/api/v3/graphql", graphql, NULL, GRAPHQL},
	{SIM_POST, "/api/v3/detections", sim_butlr_detections, NULL, 0},
	{SIM_POST, "/api/v3/reporting", sim_butlr_reporting, NULL, 0},
	{SIM_POST, "/api/v4/reporting/stats", sim_butlr_stats, NULL, 0},
};

static bool refuse_token(struct sim_call *call, const struct sim_route *route)
{
	if (route->flags & GRAPHQL)
		gql_refuse(&call->json, "UNAUTHENTICATED", "token expired");
	else
		sim_call_message(call, 401, "Unauthorized");
	return false;
}

static bool admit(struct sim_call *call, const struct sim_route *route)
{
	struct sim_butlr *butlr = sim_butlr_of(call);
	const struct sim_faults *faults = sim_butlr_faults(butlr);

	if ((route->flags & REST_V2) && !sim_faults_on(faults, SIM_FAULT_REST)) {
		sim_call_message(call, 410, "Gone");
		return false;
	}
	if ((route->flags & GRAPHQL) && !sim_faults_on(faults, SIM_FAULT_GRAPHQL)) {
		sim_call_message(call, 404, "Not Found");
		return false;
	}
	if (!(route->flags & OPEN) && !sim_butlr_auth_good(butlr, call))
		return refuse_token(call, route);
	if (call->request->body_length && !sim_call_body(call)) {
		sim_butlr_invalid(call, "the body is not JSON");
		return false;
	}
	return true;
}

static void unknown(struct sim_call *call, int status)
{
	sim_call_message(call, status, status == 405 ? "Method Not Allowed" : "Not Found");
}

static void *begin(struct sim_app *app, struct sim_vendor_state *state)
{
	struct sim_butlr *butlr = g_new0(struct sim_butlr, 1);

	butlr->app = app;
	butlr->state = state;
	butlr->world = app->world;
	butlr->view = app->view;
	butlr->estate = sim_estate_new(app->world);
	butlr->auth = sim_butlr_auth_new(app->options.seed);
	butlr->language = g_strdup("en-US");
	return butlr;
}

static void end(void *vendor)
{
	struct sim_butlr *butlr = vendor;

	sim_estate_free(butlr->estate);
	sim_butlr_auth_free(butlr->auth);
	g_free(butlr->language);
	g_free(butlr);
}

void sim_butlr_invalid(struct sim_call *call, const char *why)
{
	sim_app_violation(call, "%s", why);
	sim_call_message(call, 400, "Invalid request");
}

const char *sim_butlr_name(const struct sim_butlr *butlr, const char *id, const char *name)
{
	return sim_hostile_name(sim_butlr_faults(butlr), butlr->world->options.seed, id, name);
}

const struct sim_vendor sim_butlr_vendor = {
	.name = "butlr",
	.routes = routes,
	.n_routes = G_N_ELEMENTS(routes),
	.begin = begin,
	.end = end,
	.admit = admit,
	.unknown = unknown,
};
