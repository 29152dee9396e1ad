/* Everything that reads ButterflyMX's answers: documents, errors, tokens, and whole works that are fed the bytes at every step. */
#include "api/butterflymx/auth.h"
#include "api/butterflymx/butterflymx.h"
#include "api/butterflymx/jsonapi.h"
#include "base/jsonx.h"
#include "base/moment.h"
#include "core/config.h"

#include <stdint.h>

#define STEPS 24 /* requests of one work that are answered */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *open_account(struct config **config)
{
	static const char *const pairs[] = {"vendor",       "butterflymx", "client_id", "ID",
					    "access_token", "A",           "timezone",  "Etc/UTC",
					    "path_prefix",  "/v3",         NULL};
	void *state = NULL;

	*config = config_new();
	if (config_add_account(*config, "fuzz", pairs, NULL) != ERR_OK ||
	    butterflymx_ops.open(config_account(*config, "fuzz"), &state, NULL) != ERR_OK)
		return NULL;
	return state;
}

/* The first byte chooses what happens to a write; the rest is every answer's body. */
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
				.server_date_ms = MOMENT_NONE,
				.request_sent = true,
			};

			(void)butterflymx_ops.answer(state, work, request, &answer);
		}
		if (work_failed(work))
			break;
		error = butterflymx_ops.finish(state, work);
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
	static const enum kind kinds[] = {KIND_BUILDINGS, KIND_UNITS,     KIND_TENANTS, KIND_USERS,
					  KIND_DOORS,     KIND_KEYCHAINS, KIND_KEYS,    KIND_DOORS};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct query query;
		struct work *work;

		query_init(&query, kinds[i]);
		work = work_new(&query, "fuzz", "butterflymx", INT64_C(1519225200000));
		query_fini(&query);
		feed(state, work, butterflymx_ops.plan(state, work), bytes, size);
	}
}

static void orders(void *state, const char *bytes, size_t size)
{
	static const char *const fields[] = {"name", "x",       "email", "a@b",     "keychain_id",
					     "1",    "unit_id", "1",     "user_id", "2"};
	static const enum kind kinds[] = {KIND_KEYS, KIND_KEYCHAINS, KIND_TENANTS, KIND_UNITS,
					  KIND_BUILDINGS};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		for (int verb = 0; verb < VERB_COUNT; verb++) {
			struct order *order = order_new(kinds[i], (enum verb)verb,
							verb == VERB_CREATE ? NULL : "1");
			struct work *work;

			for (size_t k = 0; k < sizeof(fields) / sizeof(fields[0]); k += 2)
				order_set(order, fields[k], fields[k + 1]);
			order->resume = (size & 1) != 0;
			work = work_new_order(order, "fuzz", "butterflymx", INT64_C(1519225200000));
			order_free(order);
			feed(state, work, butterflymx_ops.write(state, work), bytes, size);
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct bmx_login login = {.refused = false};
	struct token token = {.expires_ms = MOMENT_NONE};
	struct bmx_error errors[3];
	struct config *config;
	void *state;

	jsonx_setup();
	(void)bmx_errors(bytes, size, errors, 3);
	(void)bmx_auth.answer(&login, bytes, size, 0, &token, NULL);
	(void)bmx_auth.refresh_failed(&login, 400, bytes, size);
	token_fini(&token);
	state = open_account(&config);
	if (state != NULL) {
		queries(state, bytes, size);
		orders(state, bytes, size);
		butterflymx_ops.close(state);
	}
	config_free(config);
	return 0;
}
