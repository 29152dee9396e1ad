#include "sim/sensorist_rows.h"

#include "base/moment.h"
#include "sim/hostile.h"
#include "sim/sensorist_value.h"

#include <string.h>

static void write_pair(struct jsonw *w, const char *key, int id, const char *name)
{
	jsonw_key(w, key);
	jsonw_open(w, '{');
	jsonw_kint(w, "id", id);
	jsonw_kstr(w, "name", name);
	jsonw_close(w, '}');
}

static void write_inner(struct jsonw *w, const char *key, const char *inner, const char *text)
{
	jsonw_key(w, key);
	jsonw_open(w, '{');
	jsonw_kstr(w, inner, text);
	jsonw_close(w, '}');
}

/* --- users ------------------------------------------------------------------------------------------------- */

static void write_accounts(struct jsonw *w, const struct sim_sens_user *user)
{
	jsonw_key(w, "accounts");
	jsonw_open(w, '[');
	jsonw_open(w, '{');
	jsonw_kstr(w, "role", user->admin ? "admin" : "user");
	jsonw_key(w, "account");
	jsonw_open(w, '{');
	jsonw_kint(w, "id", user->account);
	jsonw_key(w, "provider");
	jsonw_open(w, '{');
	jsonw_kint(w, "id", 1);
	jsonw_kstr(w, "name", "Sensorist");
	jsonw_kstr(w, "image_phone", NULL);
	jsonw_close(w, '}');
	jsonw_close(w, '}');
	jsonw_close(w, '}');
	jsonw_close(w, ']');
}

void sim_sens_write_user(struct sim_call *call, const struct sim_sens_user *user)
{
	struct jsonw *w = &call->json;

	jsonw_open(w, '{');
	jsonw_kint(w, "id", user->id);
	jsonw_kstr(w, "email", user->email);
	jsonw_kstr(w, "fname", user->fname);
	jsonw_kstr(w, "lname", user->lname);
	write_inner(w, "country", "code", "DK");
	write_inner(w, "tz", "tz", "Europe/Copenhagen");
	write_pair(w, "temp_unit", 1, sim_sens_types[SIM_SENS_TEMPERATURE].unit);
	jsonw_kint(w, "notification_channel", 15);
	jsonw_kint(w, "notification_type", 3);
	write_accounts(w, user);
	jsonw_close(w, '}');
}

void sim_sens_list_users(struct sim_call *call)
{
	const struct sim_sens *sens = sim_sens_of(call);

	sim_sens_open(call, SIM_SENS_MAX_AGE_S);
	if (!sim_call_query(call, "list")) {
		jsonw_key(&call->json, "user");
		sim_sens_write_user(call, sens->user);
		sim_sens_close(call);
		return;
	}
	jsonw_key(&call->json, "users");
	jsonw_open(&call->json, '[');
	for (guint i = 0; i < sens->data->users->len; i++) {
		const struct sim_sens_user *user = sens->data->users->pdata[i];

		if (user == sens->user || user->parent == sens->user->id)
			sim_sens_write_user(call, user);
	}
	jsonw_close(&call->json, ']');
	sim_sens_close(call);
}

/* --- the tree of devices (§4, §6.2) ------------------------------------------------------------------------ */

static const char *title_of(const struct sim_call *call, const char *serial, bool renamed, const char *title)
{
	const struct sim_sens *sens = sim_sens_of(call);

	return renamed ? title
		       : sim_hostile_name(&sens->state->faults, call->app->options.seed, serial, title);
}

static void write_source(struct sim_call *call, const struct sim_sens_source *source, int64_t lost_ms)
{
	const struct sim_sens_type *type = &sim_sens_types[source->kind];
	struct jsonw *w = &call->json;
	char serial[16];

	g_snprintf(serial, sizeof(serial), "t%dp0xxxx", type->id);
	jsonw_open(w, '{');
	jsonw_kint(w, "id", source->id);
	jsonw_kstr(w, "serial", serial);
	jsonw_kstr(w, "title", type->title);
	jsonw_kstr(w, "subtype", type->subtype);
	jsonw_kint(w, "interval", sim_sens_interval_s(source, call->now_ms));
	sim_sens_write_date(w, "disconnected_date", lost_ms);
	jsonw_key(w, "type");
	jsonw_open(w, '{');
	jsonw_kint(w, "id", type->id);
	jsonw_kstr(w, "name", type->name);
	jsonw_kint(w, "capability", type->capability);
	jsonw_kint(w, "precision", type->precision);
	write_pair(w, "unit", type->unit_id, type->unit);
	jsonw_close(w, '}');
	jsonw_key(w, "devices");
	jsonw_open(w, '[');
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

void sim_sens_write_sensor(struct sim_call *call, const struct sim_sens_sensor *sensor)
{
	static const enum sim_sens_kind order[] = {SIM_SENS_TEMPERATURE, SIM_SENS_HUMIDITY, SIM_SENS_BATTERY,
						   SIM_SENS_WIRELESS};
	int64_t lost_ms = sim_sens_sensor_lost(sensor, call->now_ms);
	struct jsonw *w = &call->json;

	jsonw_open(w, '{');
	jsonw_kint(w, "id", sensor->id);
	jsonw_kstr(w, "serial", sensor->serial);
	jsonw_kstr(w, "title", title_of(call, sensor->serial, sensor->renamed, sensor->title));
	jsonw_kstr(w, "firmware", sensor->hash % 5 ? "1.99" : "1.87");
	jsonw_kint(w, "current_gateway_id", sensor->gateway->id);
	sim_sens_write_date(w, "disconnected_date", lost_ms);
	write_pair(w, "type", 4, "S2.0");
	jsonw_key(w, "devices");
	jsonw_open(w, '[');
	for (size_t i = 0; i < G_N_ELEMENTS(order); i++)
		write_source(call, &sensor->sources[order[i]], lost_ms);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

void sim_sens_write_gateway(struct sim_call *call, const struct sim_sens_gateway *gateway)
{
	struct jsonw *w = &call->json;
	char address[24];

	jsonw_open(w, '{');
	jsonw_kint(w, "id", gateway->id);
	jsonw_kstr(w, "serial", gateway->serial);
	jsonw_kstr(w, "title", title_of(call, gateway->serial, gateway->renamed, gateway->title));
	jsonw_kstr(w, "firmware", "2.43");
	jsonw_kstr(w, "ipv4", "203.0.113.24");
	g_snprintf(address, sizeof(address), "192.168.1.%d", 24 + (int)(gateway->id % 200));
	jsonw_kstr(w, "local_ipv4", address);
	jsonw_key(w, "master_id");
	if (gateway->master)
		jsonw_int(w, gateway->master->id);
	else
		jsonw_null(w);
	sim_sens_write_date(w, "disconnected_date", sim_sens_gateway_lost(gateway, call->now_ms));
	write_pair(w, "type", 10, "B16");
	jsonw_key(w, "devices");
	jsonw_open(w, '[');
	for (guint i = 0; i < gateway->sensors->len; i++)
		sim_sens_write_sensor(call, gateway->sensors->pdata[i]);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static bool is_wanted(const struct sim_sens *sens, const struct sim_sens_gateway *gateway, char **serials,
		      int64_t from_ms, bool slaves)
{
	int64_t since_ms = gateway->building < 0 ? gateway->down_from_ms : sens->data->since_ms;

	if (!sim_sens_sees(sens, gateway) || (gateway->master && !slaves))
		return false;
	if (from_ms != MOMENT_NONE && since_ms <= from_ms)
		return false;
	return !serials || g_strv_contains((const char *const *)serials, gateway->serial);
}

void sim_sens_list_gateways(struct sim_call *call)
{
	const struct sim_sens *sens = sim_sens_of(call);
	const char *wanted = sim_call_query(call, "serials"), *slaves = sim_call_query(call, "with_slaves");
	char **serials = wanted ? g_strsplit(wanted, ",", -1) : NULL;
	int64_t from_ms = sim_sens_date(call, "from");

	sim_sens_open(call, SIM_SENS_MAX_AGE_S);
	jsonw_key(&call->json, "gateways");
	jsonw_open(&call->json, '[');
	for (guint i = 0; i < sens->data->gateways->len; i++)
		if (is_wanted(sens, sens->data->gateways->pdata[i], serials, from_ms, slaves != NULL))
			sim_sens_write_gateway(call, sens->data->gateways->pdata[i]);
	jsonw_close(&call->json, ']');
	sim_sens_close(call);
	g_strfreev(serials);
}

/* --- callbacks --------------------------------------------------------------------------------------------- */

void sim_sens_write_callback(struct sim_call *call, const struct sim_sens_callback *callback)
{
	jsonw_open(&call->json, '{');
	jsonw_kint(&call->json, "id", callback->id);
	jsonw_kstr(&call->json, "url", callback->url);
	jsonw_kint(&call->json, "type", callback->type);
	jsonw_close(&call->json, '}');
}

void sim_sens_list_callbacks(struct sim_call *call)
{
	const struct sim_sens *sens = sim_sens_of(call);

	sim_sens_open(call, SIM_SENS_MAX_AGE_S);
	jsonw_key(&call->json, "callbacks");
	jsonw_open(&call->json, '[');
	for (guint i = 0; i < sens->data->callbacks->len; i++) {
		const struct sim_sens_callback *callback = sens->data->callbacks->pdata[i];

		if (callback->account == sens->user->account)
			sim_sens_write_callback(call, callback);
	}
	jsonw_close(&call->json, ']');
	sim_sens_close(call);
}
