/* Everything that reads the estate: GraphQL, lists, single objects, types, tokens. */
#include "api/butlr/auth.h"
#include "api/butlr/estate.h"
#include "api/butlr/graphql.h"
#include "api/butlr/list.h"
#include "core/kind.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const enum kind kinds[] = {
	KIND_BUILDINGS, KIND_FLOORS, KIND_ROOMS, KIND_ZONES, KIND_FIXTURES, KIND_SENSORS, KIND_GATEWAYS,
};

static void read_estate(const char *bytes, size_t size)
{
	struct rows *rows[G_N_ELEMENTS(kinds)];
	struct butlr_graphql_result result;
	struct butlr_estate estate;
	struct problem problem;
	struct butlr_page page;

	butlr_estate_init(&estate, INT64_C(1760455500000));
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		rows[i] = kind_rows_new(kinds[i], "fuzz", "butlr");
		butlr_estate_keep(&estate, rows[i]);
	}
	(void)!butlr_decode_graphql(bytes, size, &estate, &result, &problem);
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		(void)!butlr_decode_list(bytes, size, kinds[i], "space_1", &estate, &page, &problem);
	butlr_estate_settle(&estate, size % 2 == 0);
	butlr_estate_fini(&estate);
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		rows_unref(rows[i]);
}

static void read_rest(const char *bytes, size_t size)
{
	GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	struct token token = {0};
	struct problem problem;
	struct butlr_page page;
	char *query = g_strdup(butlr_query_text(BUTLR_QUERY_TOPOLOGY));
	char *text = g_strndup(bytes, size);

	(void)!butlr_decode_types(bytes, size, names, &page, &problem);
	(void)butlr_graphql_inspect(bytes, size);
	(void)butlr_auth.answer(NULL, bytes, size, 0, &token, &problem);
	(void)butlr_graphql_drop(query, text);
	(void)butlr_graphql_drop(text, "name");
	token_fini(&token);
	g_free(query);
	g_free(text);
	g_hash_table_unref(names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	jsonx_setup();
	read_estate((const char *)data, size);
	read_rest((const char *)data, size);
	return 0;
}
