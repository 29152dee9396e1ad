/* Everything that reads Sensorist's answers: whole works that are fed the bytes at every step, and the lifetime of an answer. */
#include "api/sensorist/job.h"
#include "api/sensorist/sensorist.h"
#include "base/jsonx.h"
#include "base/moment.h"
#include "core/config.h"

#include <stdint.h>
#include <string.h>

#define STEPS 24 /* requests of one work that are answered */
#define NOW INT64_C(1772445600000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The last byte chooses what happens to a write; the bytes are every answer's body. */
static void feed(void *state, struct work *work, int error, const char *bytes, size_t size)
{
	const struct work_request *request;
	const struct rows *out[KIND_COUNT];
	size_t n;

	for (unsigned i = 0;
	     i < STEPS && error == ERR_OK && !work_failed(work) && (request = work_next(work)) != NULL; i++) {
		struct work_answer answer = {
			.body = bytes,
			.length = size,
			.status = request->write && size > 0 ? 200 + 100 * (bytes[size - 1] & 3) : 200,
			.now_ms = NOW,
			.server_date_ms = MOMENT_NONE,
			.request_sent = true,
		};

		(void)sensorist_ops.answer(state, work, request, &answer);
	}
	if (error == ERR_OK && !work_failed(work) && sensorist_ops.finish(state, work) == ERR_OK) {
		n = work_take(work, INT64_MAX, out, KIND_COUNT);
		for (size_t i = 0; i < n; i++)
			rows_unref(out[i]);
	}
	work_free(work);
}

static void queries(void *state, const char *bytes, size_t size)
{
	static const enum kind kinds[] = {KIND_USERS,        KIND_GATEWAYS, KIND_SENSORS,
					  KIND_MEASUREMENTS, KIND_ALARMS,   KIND_MEASUREMENTS,
					  KIND_MEASUREMENTS, KIND_CALLBACKS};
	static const char *const types[] = {NULL, NULL, NULL, "latest", NULL, "min_max", "raw", NULL};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct query query;
		struct work *work;

		query_init(&query, kinds[i]);
		if (types[i] != NULL && query_set(&query, "type", types[i], NOW, NULL) != ERR_OK)
			return;
		if (kinds[i] == KIND_ALARMS && (size & 1) != 0)
			query.since_ms = NOW - INT64_C(30) * 86400000;
		work = work_new(&query, "fuzz", "sensorist", NOW);
		query_fini(&query);
		feed(state, work, sensorist_ops.plan(state, work), bytes, size);
	}
}

static void orders(void *state, const char *bytes, size_t size)
{
	static const struct {
		enum kind kind;
		enum verb verb;
		const char *id, *fields[6];
	} wanted[] = {
		{KIND_ALARMS,
		 VERB_CREATE,
		 NULL,
		 {"source_id", "301003", "threshold", "5", "direction", "above"}},
		{KIND_ALARMS, VERB_DELETE, "1857", {NULL}},
		{KIND_GATEWAYS, VERB_CHANGE, "4101", {"command", "reboot"}},
		{KIND_SENSORS, VERB_CHANGE, "50211", {"interval", "900"}},
		{KIND_CALLBACKS, VERB_CREATE, NULL, {"url", "https://h", "type", "alarm"}},
	};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		struct order *order = order_new(wanted[i].kind, wanted[i].verb, wanted[i].id);
		struct work *work;

		for (size_t f = 0; f < 6 && wanted[i].fields[f] != NULL; f += 2)
			order_set(order, wanted[i].fields[f], wanted[i].fields[f + 1]);
		order->resume = (size & 2) != 0;
		work = work_new_order(order, "fuzz", "sensorist", NOW);
		order_free(order);
		feed(state, work, sensorist_ops.write(state, work), bytes, size);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const pairs[] = {"vendor",   "sensorist", "username", "anna@example.com",
					    "password", "x",         NULL};
	struct config *config = config_new();
	char *bytes = g_malloc(size + 1);
	void *state = NULL;

	jsonx_setup();
	memcpy(bytes, data, size);
	bytes[size] = '\0';
	(void)sens_lifetime_ms("/users", bytes, size, -1);
	if (config_add_account(config, "fuzz", pairs, NULL) == ERR_OK &&
	    sensorist_ops.open(config_account(config, "fuzz"), &state, NULL) == ERR_OK) {
		queries(state, bytes, size);
		orders(state, bytes, size);
		sensorist_ops.close(state);
	}
	config_free(config);
	g_free(bytes);
	return 0;
}
