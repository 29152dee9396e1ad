#include "sim/sensorist_work.h"

#include "base/moment.h"
#include "sim/sensorist_value.h"

#define REBOOT_MS 72000
#define PAIRING_MS 120000
#define ASSOCIATE_MS 45000
#define NO_ANSWER_MS 300000
#define SPREAD_MS 5000 /* from a sensor's turn to where the server knows */
#define RUNNING_MAX_AGE_S 10

static const char *const commands[] = {
	[SIM_SENS_REBOOT] = "reboot",
	[SIM_SENS_PAIRING] = "pairing_start",
	[SIM_SENS_ASSOCIATE] = "associate",
	[SIM_SENS_INTERVAL] = "interval",
};

struct sim_sens_workflow *sim_sens_start_command(struct sim_call *call, struct sim_sens_gateway *gateway,
						 enum sim_sens_work work)
{
	struct sim_sens *sens = sim_sens_of(call);
	struct sim_sens_workflow *workflow = sim_sens_add_workflow(sens->data, sens->user->account, work,
								   call->now_ms);

	workflow->gateway = gateway;
	workflow->ends_ms = call->now_ms + (work == SIM_SENS_REBOOT ? REBOOT_MS : PAIRING_MS);
	if (sim_sens_gateway_lost(gateway, call->now_ms) != MOMENT_NONE) {
		workflow->ends_ms = call->now_ms + NO_ANSWER_MS;
		workflow->error = "gateway did not answer";
	} else if (work == SIM_SENS_REBOOT) {
		gateway->down_from_ms = call->now_ms;
		gateway->down_to_ms = workflow->ends_ms;
	} else if (sim_sens_spare_room(sens->data, gateway) < 0) {
		workflow->error = "no sensor was found";
	}
	return workflow;
}

struct sim_sens_workflow *sim_sens_start_associate(struct sim_call *call, struct sim_sens_gateway *gateway)
{
	const struct sim_sens *sens = sim_sens_of(call);
	struct sim_sens_workflow *workflow = sim_sens_add_workflow(sens->data, sens->user->account,
								   SIM_SENS_ASSOCIATE, call->now_ms);

	workflow->gateway = gateway;
	workflow->ends_ms = call->now_ms + ASSOCIATE_MS;
	gateway->down_from_ms = call->now_ms;
	gateway->down_to_ms = workflow->ends_ms;
	return workflow;
}

/* The sensor hears of it at its next turn. */
struct sim_sens_workflow *sim_sens_start_interval(struct sim_call *call, struct sim_sens_sensor *sensor,
						  int interval_s)
{
	const struct sim_sens *sens = sim_sens_of(call);
	struct sim_sens_workflow *workflow = sim_sens_add_workflow(sens->data, sens->user->account,
								   SIM_SENS_INTERVAL, call->now_ms);

	workflow->sensor = sensor;
	workflow->interval_s = interval_s;
	workflow->ends_ms = sim_sens_next(&sensor->sources[SIM_SENS_TEMPERATURE], call->now_ms + 1) +
			    SPREAD_MS;
	return workflow;
}

static void set_interval(struct sim_sens_sensor *sensor, const struct sim_sens_workflow *workflow)
{
	static const enum sim_sens_kind kinds[] = {SIM_SENS_TEMPERATURE, SIM_SENS_HUMIDITY};
	struct sim_sens_pace pace = {workflow->ends_ms, workflow->interval_s};

	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		g_array_append_val(sensor->sources[kinds[i]].paces, pace);
}

static void settle_one(struct sim_sens *sens, struct sim_sens_workflow *workflow)
{
	int room;

	workflow->settled = true;
	if (workflow->error)
		return;
	if (workflow->work == SIM_SENS_INTERVAL)
		set_interval(workflow->sensor, workflow);
	if (workflow->work != SIM_SENS_PAIRING)
		return;
	room = sim_sens_spare_room(sens->data, workflow->gateway);
	if (room >= 0)
		workflow->sensor = sim_sens_add_sensor(sens->data, workflow->gateway, room, SIM_SENS_ROOM,
						       workflow->ends_ms);
	else
		workflow->error = "no sensor was found";
}

/* In the order in which they end, whenever that is looked at. */
void sim_sens_settle(struct sim_sens *sens, int64_t now_ms)
{
	const GPtrArray *all = sens->data->workflows;

	for (;;) {
		struct sim_sens_workflow *next = NULL;

		for (guint i = 0; i < all->len; i++) {
			struct sim_sens_workflow *workflow = all->pdata[i];

			if (!workflow->settled && workflow->ends_ms <= now_ms &&
			    (!next || workflow->ends_ms < next->ends_ms))
				next = workflow;
		}
		if (!next)
			return;
		settle_one(sens, next);
	}
}

/* --- answers ----------------------------------------------------------------------------------------------- */

static const char *state_of(const struct sim_sens_workflow *workflow)
{
	if (!workflow->settled)
		return "running";
	return workflow->error ? "failed" : "done";
}

static void write_result(struct jsonw *w, const struct sim_sens_workflow *workflow)
{
	jsonw_key(w, "result");
	if (!workflow->settled || workflow->error) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kstr(w, "command", commands[workflow->work]);
	jsonw_kbool(w, "success", true);
	if (workflow->sensor)
		jsonw_kint(w, "sensor", workflow->sensor->id);
	if (workflow->interval_s)
		jsonw_kint(w, "interval", workflow->interval_s);
	jsonw_close(w, '}');
}

void sim_sens_write_workflow(struct sim_call *call, const struct sim_sens_workflow *workflow, bool brief)
{
	struct jsonw *w = &call->json;
	int64_t updated_ms = call->now_ms - call->now_ms % 5000;

	jsonw_key(w, "workflow");
	jsonw_open(w, '{');
	jsonw_kint(w, "id", workflow->id);
	jsonw_kstr(w, "state", state_of(workflow));
	if (!brief) {
		sim_sens_write_date(w, "created", workflow->created_ms);
		sim_sens_write_date(w, "updated",
				    workflow->settled ? workflow->ends_ms
						      : MAX(updated_ms, workflow->created_ms));
	}
	write_result(w, workflow);
	if (workflow->settled && workflow->error)
		jsonw_kstr(w, "error", workflow->error);
	jsonw_close(w, '}');
}

void sim_sens_show_workflow(struct sim_call *call)
{
	const struct sim_sens *sens = sim_sens_of(call);
	const struct sim_sens_workflow *workflow = sim_sens_find_workflow(sens->data,
									  sim_sens_number(call->args[0]));

	if (!workflow || workflow->account != sens->user->account) {
		sim_sens_absent(call);
		return;
	}
	sim_sens_open(call, workflow->settled ? SIM_SENS_MAX_AGE_S : RUNNING_MAX_AGE_S);
	sim_sens_write_workflow(call, workflow, false);
	sim_sens_close(call);
}
