#include "sim/sensorist_write.h"

#include "base/text.h"
#include "sim/sensorist_alarm.h"
#include "sim/sensorist_rows.h"
#include "sim/sensorist_value.h"
#include "sim/sensorist_work.h"

#include <math.h>
#include <string.h>

#define INTERVAL_LEAST_S 60
#define INTERVAL_MOST_S 86400
#define NAME_MOST 200
#define DELAY_MOST_MIN 10080

/* Writing needs the rights of an administrator. */
static bool may_write(struct sim_call *call)
{
	if (sim_sens_of(call)->user->admin)
		return true;
	sim_sens_refuse(call, 403, "Forbidden");
	return false;
}

static void rename_to(char **title, bool *renamed, const char *name)
{
	g_free(*title);
	*title = g_strdup(name);
	*renamed = true;
}

/* --- users ------------------------------------------------------------------------------------------------- */

static bool is_known(const struct sim_sens_data *data, const char *email)
{
	for (guint i = 0; i < data->users->len; i++)
		if (g_ascii_strcasecmp(((const struct sim_sens_user *)data->users->pdata[i])->email, email) ==
		    0)
			return true;
	return false;
}

void sim_sens_create_user(struct sim_call *call)
{
	struct sim_sens *sens = sim_sens_of(call);
	const char *email = sim_sens_field(sens, "email"), *password = sim_sens_field(sens, "password");
	const char *fname = sim_sens_field(sens, "fname"), *lname = sim_sens_field(sens, "lname");
	struct sim_sens_user *user;

	if (!may_write(call))
		return;
	if (!email || !password || !fname || !lname || !strchr(email, '@')) {
		sim_sens_invalid(call, "email, password, fname and lname are required");
		return;
	}
	if (is_known(sens->data, email)) {
		sim_sens_refuse(call, 400, "email is taken");
		return;
	}
	user = sim_sens_add_user(sens->data, email, password, fname, lname);
	user->parent = sens->user->id;
	sim_sens_open(call, 0);
	jsonw_key(&call->json, "user");
	sim_sens_write_user(call, user);
	sim_sens_close(call);
}

/* --- gateways ---------------------------------------------------------------------------------------------- */

static struct sim_sens_gateway *gateway_of_path(struct sim_call *call)
{
	const struct sim_sens *sens = sim_sens_of(call);
	struct sim_sens_gateway *gateway = sim_sens_find_gateway(sens->data, sim_sens_number(call->args[0]));

	if (gateway && sim_sens_sees(sens, gateway))
		return gateway;
	sim_sens_absent(call);
	return NULL;
}

static void answer_gateway(struct sim_call *call, const struct sim_sens_gateway *gateway,
			   const struct sim_sens_workflow *workflow)
{
	sim_sens_open(call, 0);
	jsonw_key(&call->json, "gateway");
	sim_sens_write_gateway(call, gateway);
	if (workflow)
		sim_sens_write_workflow(call, workflow, true);
	sim_sens_close(call);
}

static bool serial_free(const struct sim_sens_data *data, const char *serial)
{
	for (guint i = 0; i < data->gateways->len; i++)
		if (strcmp(((const struct sim_sens_gateway *)data->gateways->pdata[i])->serial, serial) == 0)
			return false;
	return true;
}

/* Eight digits are a serial number that the vendor made. */
void sim_sens_associate(struct sim_call *call)
{
	struct sim_sens *sens = sim_sens_of(call);
	const char *serial = sim_sens_field(sens, "serial"), *name = sim_sens_field(sens, "name");
	struct sim_sens_gateway *gateway;

	if (!may_write(call))
		return;
	if (!serial || strlen(serial) != 8 || sim_sens_number(serial) < 0) {
		sim_sens_invalid(call, "serial is not known");
		return;
	}
	if (!serial_free(sens->data, serial)) {
		sim_sens_refuse(call, 400, "the gateway is associated already");
		return;
	}
	gateway = sim_sens_add_gateway(sens->data, sens->user->account, -1, name ? name : serial);
	g_strlcpy(gateway->serial, serial, sizeof(gateway->serial));
	gateway->renamed = true;
	answer_gateway(call, gateway, sim_sens_start_associate(call, gateway));
}

void sim_sens_rename_gateway(struct sim_call *call)
{
	const char *name = sim_sens_field(sim_sens_of(call), "name");
	struct sim_sens_gateway *gateway;

	if (!may_write(call))
		return;
	gateway = gateway_of_path(call);
	if (!gateway)
		return;
	if (name && strlen(name) > NAME_MOST) {
		sim_sens_invalid(call, "name is too long");
		return;
	}
	if (name)
		rename_to(&gateway->title, &gateway->renamed, name);
	answer_gateway(call, gateway, NULL);
}

void sim_sens_command(struct sim_call *call)
{
	const char *command = sim_sens_field(sim_sens_of(call), "command");
	struct sim_sens_gateway *gateway;
	bool reboot = command && strcmp(command, "reboot") == 0;

	if (!may_write(call))
		return;
	gateway = gateway_of_path(call);
	if (!gateway)
		return;
	if (!reboot && (!command || strcmp(command, "pairing_start") != 0)) {
		sim_sens_invalid(call, "command must be reboot or pairing_start");
		return;
	}

	const struct sim_sens_workflow *workflow = sim_sens_start_command(call, gateway,
									  reboot ? SIM_SENS_REBOOT
										 : SIM_SENS_PAIRING);

	sim_sens_open(call, 0);
	sim_sens_write_workflow(call, workflow, true);
	sim_sens_close(call);
}

/* --- sensors ----------------------------------------------------------------------------------------------- */

void sim_sens_change_sensor(struct sim_call *call)
{
	struct sim_sens *sens = sim_sens_of(call);
	struct sim_sens_sensor *sensor = sim_sens_find_sensor(sens->data, sim_sens_number(call->args[0]));
	const char *name = sim_sens_field(sens, "name"), *interval = sim_sens_field(sens, "interval");
	int64_t interval_s = interval ? sim_sens_number(interval) : 0;
	const struct sim_sens_workflow *workflow = NULL;

	if (!may_write(call))
		return;
	if (!sensor || !sim_sens_sees(sens, sensor->gateway)) {
		sim_sens_absent(call);
		return;
	}
	if (interval && (interval_s < INTERVAL_LEAST_S || interval_s > INTERVAL_MOST_S)) {
		sim_sens_invalid(call, "interval is out of its range");
		return;
	}
	if (name && strlen(name) > NAME_MOST) {
		sim_sens_invalid(call, "name is too long");
		return;
	}
	if (name)
		rename_to(&sensor->title, &sensor->renamed, name);
	if (interval)
		workflow = sim_sens_start_interval(call, sensor, (int)interval_s);
	sim_sens_open(call, 0);
	jsonw_key(&call->json, "sensor");
	sim_sens_write_sensor(call, sensor);
	if (workflow)
		sim_sens_write_workflow(call, workflow, true);
	sim_sens_close(call);
}

/* --- alarms and callbacks ---------------------------------------------------------------------------------- */

/* What is wrong with a new alarm; NULL when nothing. */
static const char *read_alarm(const struct sim_sens *sens, const struct sim_sens_source **source,
			      double *value, bool *above, int64_t *delay_min)
{
	const char *id = sim_sens_field(sens, "data_source"), *text = sim_sens_field(sens, "value");
	const char *direction = sim_sens_field(sens, "direction"), *delay = sim_sens_field(sens, "delay");

	*source = id ? sim_sens_find_source(sens->data, sim_sens_number(id)) : NULL;
	if (!*source || !sim_sens_sees(sens, (*source)->sensor->gateway))
		return "data_source is not known";
	if (!text || !text_number(text, value) || !isfinite(*value))
		return "value must be a number";
	*above = direction && strcmp(direction, "above") == 0;
	if (!*above && (!direction || strcmp(direction, "below") != 0))
		return "direction must be above or below";
	*delay_min = delay ? sim_sens_number(delay) : 0;
	return *delay_min < 0 || *delay_min > DELAY_MOST_MIN ? "delay must be a number of minutes" : NULL;
}

void sim_sens_create_alarm(struct sim_call *call)
{
	struct sim_sens *sens = sim_sens_of(call);
	const struct sim_sens_source *source;
	const struct sim_sens_alarm *alarm;
	double value;
	bool above;
	int64_t delay_min;
	const char *why;

	if (!may_write(call))
		return;
	why = read_alarm(sens, &source, &value, &above, &delay_min);
	if (why) {
		sim_sens_invalid(call, why);
		return;
	}
	alarm = sim_sens_add_alarm(sens->data, sens->user->account, source, value, above, (int)delay_min,
				   call->now_ms);
	sim_sens_open(call, 0);
	jsonw_key(&call->json, "alarm");
	sim_sens_write_alarm(call, alarm);
	sim_sens_close(call);
}

void sim_sens_create_callback(struct sim_call *call)
{
	struct sim_sens *sens = sim_sens_of(call);
	const char *url = sim_sens_field(sens, "url"), *type = sim_sens_field(sens, "type");
	int64_t number = type ? sim_sens_number(type) : -1;

	if (!may_write(call))
		return;
	if (!url || (!g_str_has_prefix(url, "https://") && !g_str_has_prefix(url, "http://")) || number < 1 ||
	    number > 7) {
		sim_sens_invalid(call, "url and a type from 1 to 7 are required");
		return;
	}
	sim_sens_open(call, 0);
	jsonw_key(&call->json, "callback");
	sim_sens_write_callback(call,
				sim_sens_add_callback(sens->data, sens->user->account, url, (int)number));
	sim_sens_close(call);
}

static void answer_empty(struct sim_call *call)
{
	sim_sens_open(call, 0);
	sim_sens_close(call);
}

void sim_sens_delete_alarm(struct sim_call *call)
{
	const struct sim_sens *sens = sim_sens_of(call);
	struct sim_sens_alarm *alarm = sim_sens_find_alarm(sens->data, sim_sens_number(call->args[0]));

	if (!may_write(call))
		return;
	if (!alarm || alarm->account != sens->user->account) {
		sim_sens_absent(call);
		return;
	}
	g_ptr_array_remove(sens->data->alarms, alarm);
	answer_empty(call);
}

void sim_sens_delete_callback(struct sim_call *call)
{
	const struct sim_sens *sens = sim_sens_of(call);
	struct sim_sens_callback *callback = sim_sens_find_callback(sens->data,
								    sim_sens_number(call->args[0]));

	if (!may_write(call))
		return;
	if (!callback || callback->account != sens->user->account) {
		sim_sens_absent(call);
		return;
	}
	g_ptr_array_remove(sens->data->callbacks, callback);
	answer_empty(call);
}

void sim_sens_delete_alarms(struct sim_call *call)
{
	const struct sim_sens *sens = sim_sens_of(call);
	GPtrArray *all = sens->data->alarms;

	if (!may_write(call))
		return;
	for (guint i = all->len; i-- > 0;)
		if (((const struct sim_sens_alarm *)all->pdata[i])->account == sens->user->account)
			g_ptr_array_remove_index(all, i);
	answer_empty(call);
}

void sim_sens_delete_callbacks(struct sim_call *call)
{
	const struct sim_sens *sens = sim_sens_of(call);
	GPtrArray *all = sens->data->callbacks;

	if (!may_write(call))
		return;
	for (guint i = all->len; i-- > 0;)
		if (((const struct sim_sens_callback *)all->pdata[i])->account == sens->user->account)
			g_ptr_array_remove_index(all, i);
	answer_empty(call);
}
