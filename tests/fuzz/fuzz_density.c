/* Everything that reads Density's answers: tokens, pushed messages, and whole works that are fed the bytes at every step. */
#include "api/density/auth.h"
#include "api/density/density.h"
#include "base/jsonx.h"
#include "base/moment.h"
#include "core/config.h"

#include <stdint.h>

#define STEPS 24 /* requests of one work that are answered */
#define NOW INT64_C(1709136000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *open_account(struct config **config)
{
	static const char *const pairs[] = {"vendor", "density", "token", "tok_x", NULL};
	void *state = NULL;

	*config = config_new();
	if (config_add_account(*config, "fuzz", pairs, NULL) != ERR_OK ||
	    density_ops.open(config_account(*config, "fuzz"), &state, NULL) != ERR_OK)
		return NULL;
	return state;
}

/* The last byte chooses what happens to a write; the bytes are every answer's body. */
static void feed(void *state, struct work *work, int error, const char *bytes, size_t size)
{
	const struct work_request *request;
	const struct rows *out[KIND_COUNT];
	size_t n;

	for (unsigned round = 0; round < 3 && error == ERR_OK; round++) {
		for (unsigned i = 0; i < STEPS && !work_failed(work) && (request = work_next(work)) != NULL;
		     i++) {
			struct work_answer answer = {
				.body = bytes,
				.length = size,
				.status = request->write && size > 0 ? 200 + 100 * (bytes[size - 1] & 3)
								     : 200,
				.now_ms = NOW,
				.server_date_ms = MOMENT_NONE,
				.request_sent = true,
			};

			(void)density_ops.answer(state, work, request, &answer);
		}
		if (work_failed(work))
			break;
		error = density_ops.finish(state, work);
	}
	if (!work_failed(work) && error == ERR_OK) {
		n = work_take(work, INT64_MAX, out, KIND_COUNT);
		for (size_t i = 0; i < n; i++)
			rows_unref(out[i]);
	}
	work_free(work);
}

static void queries(void *state, const char *bytes, size_t size)
{
	static const enum kind kinds[] = {KIND_BUILDINGS, KIND_FLOORS,    KIND_ROOMS,
					  KIND_SENSORS,   KIND_OCCUPANCY, KIND_SESSIONS,
					  KIND_DOORWAYS,  KIND_LABELS,    KIND_USERS};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct query query;
		struct work *work;

		query_init(&query, kinds[i]);
		if (kinds[i] == KIND_OCCUPANCY) {
			query.every_ms = (size & 1) != 0 ? 7200000 : 3600000;
			query.since_ms = NOW - 3 * INT64_C(86400000);
		}
		work = work_new(&query, "fuzz", "density", NOW);
		query_fini(&query);
		feed(state, work, density_ops.plan(state, work), bytes, size);
	}
}

static void orders(void *state, const char *bytes, size_t size)
{
	static const char *const fields[] = {"name", "x",          "email", "a@b",  "capacity",
					     "3",    "add_labels", "l1",    "role", "admin"};
	static const enum kind kinds[] = {KIND_ROOMS, KIND_FLOORS, KIND_BUILDINGS, KIND_LABELS, KIND_USERS};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		for (int verb = 0; verb < VERB_COUNT; verb++) {
			struct order *order = order_new(kinds[i], (enum verb)verb,
							verb == VERB_CREATE ? NULL : "spc_1");
			struct work *work;

			for (size_t k = 0; k < sizeof(fields) / sizeof(fields[0]); k += 2)
				order_set(order, fields[k], fields[k + 1]);
			order->resume = (size & 1) != 0;
			work = work_new_order(order, "fuzz", "density", NOW);
			order_free(order);
			feed(state, work, density_ops.write(state, work), bytes, size);
		}
}

static void pushed(void *state, const char *bytes, size_t size)
{
	const struct source_push *push = density_ops.push;
	const char *names[8] = {"presence spc_1"};
	size_t n = push->channels(state, names, 8);
	struct rows *rows;
	bool changed;

	for (size_t i = 0; i < 8 && i < (n == 0 ? 1 : n); i++) {
		(void)push->message(state, names[i], bytes, size, NOW, &changed);
		(void)push->message(state, names[i], bytes, size / 2, NOW + 1000, &changed);
		push->lost(state, names[i], NOW + 2000);
	}
	rows = push->rows(state, "fuzz", NOW + 3000);
	rows_unref(rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct token token = {.expires_ms = MOMENT_NONE};
	struct config *config;
	struct buf url;
	void *state;

	jsonx_setup();
	(void)dens_auth.answer(NULL, bytes, size, 0, &token, NULL);
	token_fini(&token);
	buf_init(&url, 10000);
	(void)density_ops.push->address(NULL, bytes, size, &url);
	buf_fini(&url);
	state = open_account(&config);
	if (state != NULL) {
		queries(state, bytes, size);
		pushed(state, bytes, size);
		orders(state, bytes, size);
		density_ops.close(state);
	}
	config_free(config);
	return 0;
}
