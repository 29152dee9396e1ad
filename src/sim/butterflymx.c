#include "sim/butterflymx.h"

#include "sim/butterflymx_auth.h"
#include "sim/butterflymx_history.h"
#include "sim/butterflymx_page.h"
#include "sim/butterflymx_picture.h"
#include "sim/butterflymx_rows.h"
#include "sim/butterflymx_write.h"

#include <string.h>

#define MEDIA_TYPE "application/vnd.api+json"

enum {
	OPEN = 1,     /* no token needed, no JSON:API */
	ACCOUNTS = 2, /* a token, but no JSON:API */
};

/* --- answers that refuse ---------------------------------------------------------------------------------- */

void sim_bmx_refuse(struct sim_call *call, int status, const char *pointer, const char *parameter,
		    const char *detail)
{
	struct jsonw *w = &call->json;

	sim_call_status(call, status);
	jsonw_open(w, '{');
	jsonw_key(w, "errors");
	jsonw_open(w, '[');
	jsonw_open(w, '{');
	if (pointer || parameter) {
		jsonw_key(w, "source");
		jsonw_open(w, '{');
		jsonw_kstr(w, pointer ? "pointer" : "parameter", pointer ? pointer : parameter);
		jsonw_close(w, '}');
	}
	jsonw_kstr(w, "detail", detail);
	jsonw_close(w, '}');
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

void sim_bmx_absent(struct sim_call *call) { sim_bmx_refuse(call, 404, NULL, NULL, "Not found"); }

void sim_bmx_forbid(struct sim_call *call)
{
	sim_bmx_refuse(call, 403, NULL, NULL, "You are not authorized to perform this action");
}

int64_t sim_bmx_number(const char *text)
{
	size_t length = strspn(text, "0123456789");

	if (length == 0 || length > 18 || text[length])
		return -1;
	return g_ascii_strtoll(text, NULL, 10);
}

/* --- scope (§9) ------------------------------------------------------------------------------------------- */

enum sim_role sim_bmx_role(const struct sim_call *call)
{
	return (enum sim_role)sim_bmx_faults(call)->value[SIM_FAULT_ROLE];
}

bool sim_bmx_owns_building(const struct sim_call *call, int64_t building)
{
	(void)building;
	return sim_bmx_role(call) == SIM_ROLE_BUILDING_ADMIN;
}

/* Is the user a tenant in the zone? */
bool sim_bmx_owns_zone(const struct sim_call *call, int64_t zone)
{
	const struct sim_bmx_data *data = sim_bmx_of(call)->data;
	const GPtrArray *rows = data->rows[SIM_BMX_TENANCIES];

	if (sim_bmx_role(call) == SIM_ROLE_BUILDING_ADMIN)
		return true;
	for (guint i = 0; sim_bmx_role(call) == SIM_ROLE_ZONE_ADMIN && i < rows->len; i++) {
		const struct sim_bmx_tenancy *tenancy = rows->pdata[i];
		const struct sim_bmx_unit *unit = tenancy->user == data->me
							  ? sim_bmx_find(data, SIM_BMX_UNITS, tenancy->unit)
							  : NULL;

		if (unit && unit->zone == zone)
			return true;
	}
	return false;
}

bool sim_bmx_owns_unit(const struct sim_call *call, int64_t unit_id)
{
	const struct sim_bmx_data *data = sim_bmx_of(call)->data;
	const struct sim_bmx_unit *unit;

	switch (sim_bmx_role(call)) {
	case SIM_ROLE_BUILDING_ADMIN:
		return true;
	case SIM_ROLE_ZONE_ADMIN:
		unit = sim_bmx_find(data, SIM_BMX_UNITS, unit_id);
		return unit && sim_bmx_owns_zone(call, unit->zone);
	default:
		return sim_bmx_tenancy_of(data, unit_id, data->me) != NULL;
	}
}

static bool owns(const struct sim_call *call, enum sim_bmx_kind kind, const void *row)
{
	switch (kind) {
	case SIM_BMX_BUILDINGS:
		return sim_bmx_owns_building(call, ((const struct sim_bmx_row *)row)->id);
	case SIM_BMX_UNITS:
		return sim_bmx_owns_unit(call, ((const struct sim_bmx_row *)row)->id);
	case SIM_BMX_KEYCHAINS:
		return sim_bmx_owns_unit(call, ((const struct sim_bmx_keychain *)row)->unit);
	case SIM_BMX_KEYS:
		return sim_bmx_owns_unit(call, ((const struct sim_bmx_key *)row)->unit);
	default:
		return false;
	}
}

void *sim_bmx_row_of_path(struct sim_call *call, enum sim_bmx_kind kind, unsigned arg)
{
	void *row = sim_bmx_find(sim_bmx_of(call)->data, kind, sim_bmx_number(call->args[arg]));

	if (row && owns(call, kind, row))
		return row;
	sim_bmx_absent(call);
	return NULL;
}

/* --- routes ----------------------------------------------------------------------------------------------- */

static void show(struct sim_call *call, enum sim_bmx_kind kind)
{
	const void *row = sim_bmx_row_of_path(call, kind, 0);

	if (row)
		sim_bmx_answer_row(call, 200, kind, row);
}

static void show_building(struct sim_call *call)
{
	if (sim_bmx_role(call) != SIM_ROLE_BUILDING_ADMIN)
		sim_bmx_forbid(call);
	else
		show(call, SIM_BMX_BUILDINGS);
}

static void show_unit(struct sim_call *call) { show(call, SIM_BMX_UNITS); }

static void show_keychain(struct sim_call *call) { show(call, SIM_BMX_KEYCHAINS); }

static void show_key(struct sim_call *call) { show(call, SIM_BMX_KEYS); }

#define PAGED "page[number] page[size] sort"
#define UPLOADS "/system/uploads/"
#define WRITE SIM_ROUTE_WRITE

static const struct sim_route routes[] = {
	{SIM_POST, "/oauth/token", sim_bmx_token, NULL, OPEN | SIM_ROUTE_TOKEN},
	{SIM_PUT, "/api/v1/password", sim_bmx_password, NULL, ACCOUNTS | WRITE},
	{SIM_PATCH, "/api/v1/password", sim_bmx_password, NULL, ACCOUNTS | WRITE},
	{SIM_GET, "/v3/buildings", sim_bmx_list_buildings, PAGED, 0},
	{SIM_GET, "/v3/buildings/{}", show_building, NULL, 0},
	{SIM_PATCH, "/v3/buildings/{}", sim_bmx_patch_building, NULL, WRITE},
	{SIM_GET, "/v3/door_releases", sim_bmx_list_releases, PAGED " unit_id user_id door_release_type", 0},
	{SIM_GET, "/v3/units", sim_bmx_list_units, PAGED, 0},
	{SIM_POST, "/v3/units", sim_bmx_create_unit, NULL, WRITE},
	{SIM_GET, "/v3/units/{}", show_unit, NULL, 0},
	{SIM_PATCH, "/v3/units/{}", sim_bmx_patch_unit, NULL, WRITE},
	{SIM_GET, "/v3/units/{}/users", sim_bmx_list_tenancies, PAGED, 0},
	{SIM_POST, "/v3/units/{}/users", sim_bmx_create_tenancy, NULL, WRITE},
	{SIM_PATCH, "/v3/units/{}/users/{}", sim_bmx_patch_tenancy, NULL, WRITE},
	{SIM_DELETE, "/v3/units/{}/users/{}", sim_bmx_delete_tenancy, NULL, WRITE},
	{SIM_GET, "/v3/keychains", sim_bmx_list_keychains, PAGED, 0},
	{SIM_POST, "/v3/keychains", sim_bmx_create_keychain, NULL, WRITE},
	{SIM_GET, "/v3/keychains/{}", show_keychain, NULL, 0},
	{SIM_DELETE, "/v3/keychains/{}", sim_bmx_delete_keychain, NULL, WRITE},
	{SIM_GET, "/v3/keychains/{}/qr_keys", sim_bmx_list_keychain_keys, PAGED, 0},
	{SIM_POST, "/v3/keychains/{}/qr_keys", sim_bmx_create_keychain_key, NULL, WRITE},
	{SIM_GET, "/v3/qr_keys", sim_bmx_list_keys, PAGED, 0},
	{SIM_POST, "/v3/qr_keys", sim_bmx_create_key, NULL, WRITE},
	{SIM_GET, "/v3/qr_keys/{}", show_key, NULL, 0},
	{SIM_DELETE, "/v3/qr_keys/{}", sim_bmx_delete_key, NULL, WRITE},
	{SIM_GET, UPLOADS "qr_key/qr_code_image/{}/{}/{}", sim_bmx_key_picture, NULL, OPEN},
	{SIM_GET, UPLOADS "door_release/image/{}/{}/{}", sim_bmx_release_picture, NULL, OPEN},
	{SIM_GET, UPLOADS "building/{}/{}/{}", sim_bmx_logo_picture, NULL, OPEN},
};

/* --- the form of requests (§2, §4) ------------------------------------------------------------------------ */

/* Does a header that lists media types hold JSON:API's without parameters? */
static bool accepts(const char *header)
{
	char **entries = g_strsplit(header ? header : "", ",", -1);
	bool found = false;

	for (unsigned i = 0; entries[i]; i++)
		found |= g_ascii_strcasecmp(g_strstrip(entries[i]), MEDIA_TYPE) == 0;
	g_strfreev(entries);
	return found;
}

static bool check_media(struct sim_call *call)
{
	const struct sim_request *request = call->request;

	if (!accepts(request->accept)) {
		sim_app_violation(call, "Accept is \"%s\", not " MEDIA_TYPE,
				  request->accept ? request->accept : "");
		sim_bmx_refuse(call, 406, NULL, NULL, "Not acceptable");
		return false;
	}
	if (request->body_length && g_ascii_strcasecmp(request->content_type, MEDIA_TYPE) != 0) {
		sim_app_violation(call, "Content-Type is \"%s\", not " MEDIA_TYPE, request->content_type);
		sim_bmx_refuse(call, 415, NULL, NULL, "Unsupported media type");
		return false;
	}
	if (request->body_length && !sim_call_body(call)) {
		sim_app_violation(call, "the body is not JSON");
		sim_bmx_refuse(call, 400, NULL, NULL, "The body is not JSON");
		return false;
	}
	return true;
}

static bool check_query(struct sim_call *call, const struct sim_route *route)
{
	char **known = g_strsplit(route->query ? route->query : "", " ", -1);
	bool good = true;

	for (unsigned i = 0; good && i < call->n_query; i++) {
		good = g_strv_contains((const char *const *)known, call->query[i].name);
		if (good)
			continue;
		sim_app_violation(call, "unknown query parameter \"%s\"", call->query[i].name);
		sim_bmx_refuse(call, 400, NULL, call->query[i].name, "is not known");
	}
	g_strfreev(known);
	return good;
}

static bool admit(struct sim_call *call, const struct sim_route *route)
{
	if (route->flags & OPEN)
		return true;
	if (!(route->flags & ACCOUNTS))
		call->reply->content_type = MEDIA_TYPE "; charset=utf-8";
	if (!sim_bmx_auth_good(sim_bmx_of(call), call)) {
		sim_bmx_refuse(call, 401, NULL, NULL, "The access token is invalid or has expired");
		return false;
	}
	return (route->flags & ACCOUNTS) || (check_media(call) && check_query(call, route));
}

static void unknown(struct sim_call *call, int status)
{
	sim_bmx_refuse(call, status, NULL, NULL, status == 405 ? "Method not allowed" : "Not found");
	call->reply->content_type = MEDIA_TYPE "; charset=utf-8";
}

static void *begin(struct sim_app *app, struct sim_vendor_state *state)
{
	struct sim_bmx *bmx = g_new0(struct sim_bmx, 1);

	bmx->app = app;
	bmx->state = state;
	bmx->data = sim_bmx_data_new(app->world, app->start_wall_ms);
	bmx->auth = sim_bmx_auth_new(app->options.seed);
	bmx->history = sim_bmx_history_new(bmx->data, app->start_wall_ms);
	return bmx;
}

static void end(void *vendor)
{
	struct sim_bmx *bmx = vendor;

	sim_bmx_history_free(bmx->history);
	sim_bmx_auth_free(bmx->auth);
	sim_bmx_data_free(bmx->data);
	g_free(bmx);
}

const struct sim_vendor sim_bmx_vendor = {
	.name = "butterflymx",
	.optional = "/mobile",
	.routes = routes,
	.n_routes = G_N_ELEMENTS(routes),
	.begin = begin,
	.end = end,
	.admit = admit,
	.own_form = true,
	.unknown = unknown,
};
