/* Queries of the ButterflyMX adapter that need more than one list: by building, times by a building's clock, single rows, limits. */
#include "test_butterflymx_play.h"

#include "base/moment.h"
#include "core/kind.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define EMPTY "{\"data\":[],\"links\":{\"next\":null}}"

static unsigned number_of(const char *path, const char *name)
{
	const char *at = strstr(path, name);

	return at == NULL ? 0 : (unsigned)g_ascii_strtoull(at + strlen(name), NULL, 10);
}

/* --- buildings --- */

static const struct bmx_answer estate_table[] = {
	{"GET", "/v3/units?", 200, NULL, BMX_ESTATE, 0, BMX_ANSWERED},
	{"GET", "/v3/keychains?", 200, NULL,
	 "{\"data\":[" BMX_IN_UNIT("keychains", "1", "0") "," BMX_IN_UNIT(
		 "keychains", "2", "3") "," BMX_IN_UNIT("keychains", "3", "4") "," BMX_IN_UNIT("keychains",
											       "4", "9") "]}",
	 0, BMX_ANSWERED},
	{"GET", "/v3/qr_keys?", 200, NULL,
	 "{\"data\":[" BMX_IN_UNIT("qr_keys", "1", "0") "," BMX_IN_UNIT("qr_keys", "2", "3") "," BMX_IN_UNIT(
		 "qr_keys", "3",
		 "4") ",{\"id\":\"4\",\"type\":\"qr_keys\",\"relationships\":{\"keychain\":{\"data\":"
		      "{\"id\":\"1\"}}}}]}",
	 0, BMX_ANSWERED},
	{"GET", "/v3/units/3/users", 200, NULL, "{\"data\":[" BMX_IN_UNIT("units_users", "31", "3") "]}", 0,
	 BMX_ANSWERED},
	{"GET", "/v3/units/", 200, NULL, "{\"data\":[" BMX_IN_UNIT("units_users", "11", "1") "]}", 0,
	 BMX_ANSWERED},
	{"GET", "/v3/buildings?", 200, NULL, EMPTY, 0, BMX_ANSWERED},
	{.method = NULL},
};

static void test_by_building(void **unused)
{
	static const char *const of[] = {"building", "32", NULL}, *const other[] = {"building", "33", NULL},
				 *const both[] = {"building", "32", "building", "33", NULL},
				 *const none[] = {"building", "34", NULL};
	static const enum kind kinds[] = {KIND_KEYS, KIND_KEYCHAINS, KIND_TENANTS, KIND_USERS};
	static const size_t first[] = {2, 1, 1, 1}, second[] = {1, 1, 1, 1};
	struct bmx_play play;

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		bmx_open(&play, NULL);
		bmx_query(&play, kinds[i], of, estate_table);
		assert_int_equal(rows_count(bmx_rows(&play, kinds[i])), first[i]);
		bmx_query(&play, kinds[i], other, estate_table);
		assert_int_equal(rows_count(bmx_rows(&play, kinds[i])), second[i]);
		bmx_query(&play, kinds[i], both, estate_table);
		assert_int_equal(rows_count(bmx_rows(&play, kinds[i])), first[i] + second[i]);
		bmx_query(&play, kinds[i], none, estate_table);
		assert_int_equal(rows_count(bmx_rows(&play, kinds[i])), 0);
		bmx_close(&play);
	}
}

/* A filter that cannot be answered is not left out. */
static void test_building_cannot_be_told(void **unused)
{
	static const char *const of[] = {"building", "32", NULL};
	static const enum kind kinds[] = {KIND_KEYS, KIND_KEYCHAINS, KIND_DOORS};
	static const struct bmx_answer denied[] = {{"GET", "/v3/units", 403, NULL, "", 0, BMX_ANSWERED},
						   {"GET", "/v3/qr_keys", 200, "get-qr_keys.json", NULL, 0,
						    BMX_ANSWERED},
						   {"GET", "/v3/", 200, NULL, EMPTY, 0, BMX_ANSWERED},
						   {.method = NULL}};
	static const struct bmx_answer down[] = {{"GET", "/v3/units", 0, NULL, "", 0, BMX_RESET},
						 {"GET", "/v3/qr_keys", 200, "get-qr_keys.json", NULL, 0,
						  BMX_ANSWERED},
						 {"GET", "/v3/", 200, NULL, EMPTY, 0, BMX_ANSWERED},
						 {.method = NULL}};
	struct bmx_play play;

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		bmx_open(&play, NULL);
		bmx_query(&play, kinds[i], of, denied);
		assert_int_equal(play.error, ERR_DENIED);
		assert_string_equal(work_problem(play.work)->what, "--building");
		bmx_query(&play, kinds[i], NULL, denied); /* without, it is only labels that are missing */
		assert_int_equal(play.error, ERR_OK);
		bmx_close(&play);
		bmx_open(&play, NULL);
		bmx_query(&play, kinds[i], of, down);
		assert_int_equal(play.error, ERR_UNREACHED);
		bmx_close(&play);
	}
}

/* --- zones --- */

#define ZONED(zone, offset)                                                                                     \
	"{\"data\":[{\"id\":\"32\",\"type\":\"buildings\",\"attributes\":{\"name\":\"B\",\"time_zone\":\"" zone \
	"\",\"time_zone_offset\":\"" offset "\"}}]}"
#define TIMELESS                                                                                               \
	"{\"data\":[{\"id\":\"1\",\"type\":\"qr_keys\",\"relationships\":{\"unit\":{\"data\":{\"id\":\"0\"}}," \
	"\"keychain\":{\"data\":{\"id\":\"1\"}}}}]}"
#define WINDOW                                                                                                \
	"{\"data\":[{\"id\":\"1\",\"type\":\"keychains\",\"attributes\":{\"valid_date_from\":\"2018-02-21\"," \
	"\"valid_date_to\":\"2018-02-21\",\"valid_time_from\":\"09:30:00\",\"valid_time_to\":\"11:00:00\"}}]}"

static struct bmx_answer zone_answers[] = {
	{"GET", "/v3/qr_keys?", 200, NULL, TIMELESS, 0, BMX_ANSWERED},
	{"GET", "/v3/units?", 200, NULL, BMX_ESTATE, 0, BMX_ANSWERED},
	{"GET", "/v3/keychains?", 200, NULL, WINDOW, 0, BMX_ANSWERED},
	{"GET", "/v3/buildings?", 200, NULL, ZONED("Eastern Time (US & Canada)", "-05:00"), 0, BMX_ANSWERED},
	{.method = NULL},
};
#define BUILDINGS_ANSWER zone_answers[3]

static int64_t begins(struct bmx_play *play)
{
	return ((const struct access_key *)bmx_row(play, KIND_KEYS, "1"))->activated_ms;
}

static void test_zone_of_the_building(void **unused)
{
	static const char *const options[] = {"timezone", "Asia/Tokyo", NULL};
	struct bmx_answer saved = BUILDINGS_ANSWER;
	struct moment_zone *local;
	struct bmx_play play;

	(void)unused;
	bmx_open(&play, options);
	bmx_query(&play, KIND_KEYS, NULL, zone_answers);
	assert_int_equal(begins(&play), moment_parse("2018-02-21T14:30:00Z"));
	assert_string_equal(((const struct access_key *)bmx_row(&play, KIND_KEYS, "1"))->status, "active");
	assert_int_equal(play.requests, 4);
	assert_false(bmx_noticed(&play, "time zone"));
	bmx_query(&play, KIND_KEYS, NULL, zone_answers); /* known now, like the units */
	assert_int_equal(bmx_count(&play, "/buildings"), 0);
	bmx_close(&play);
	/* A tenant may not read buildings: the configured zone, asked for once in ten minutes. */
	BUILDINGS_ANSWER = (struct bmx_answer){"GET", "/v3/buildings?", 403, NULL, "", 0, BMX_ANSWERED};
	bmx_open(&play, options);
	bmx_query(&play, KIND_KEYS, NULL, zone_answers);
	assert_int_equal(begins(&play), moment_parse("2018-02-21T00:30:00Z"));
	assert_true(bmx_noticed(&play, "buildings cannot be read by this account"));
	play.now_ms += 60000;
	bmx_query(&play, KIND_KEYS, NULL, zone_answers);
	assert_int_equal(bmx_count(&play, "/buildings"), 0);
	play.now_ms += 600000;
	bmx_query(&play, KIND_KEYS, NULL, zone_answers);
	assert_int_equal(bmx_count(&play, "/buildings"), 1);
	bmx_close(&play);
	/* Nothing is known: this computer's, and it is said. */
	bmx_open(&play, NULL);
	bmx_query(&play, KIND_KEYS, NULL, zone_answers);
	local = moment_zone_new_local();
	assert_int_equal(begins(&play), moment_parse_in("2018-02-21T09:30:00", local));
	moment_zone_free(local);
	assert_true(bmx_noticed(&play, "those of this computer"));
	bmx_close(&play);
	/* A name that nobody knows: the offset, and it is said. */
	BUILDINGS_ANSWER = saved;
	BUILDINGS_ANSWER.body = ZONED("Mars/Olympus", "+05:30");
	bmx_open(&play, options);
	bmx_query(&play, KIND_KEYS, NULL, zone_answers);
	assert_int_equal(begins(&play), moment_parse("2018-02-21T04:00:00Z"));
	assert_true(bmx_noticed(&play, "offset +05:30"));
	bmx_query(&play, KIND_BUILDINGS, NULL, zone_answers);
	assert_string_equal(((const struct building *)bmx_row(&play, KIND_BUILDINGS, "32"))->timezone,
			    "+05:30");
	assert_true(bmx_noticed(&play, "building 32: its time zone Mars/Olympus is not known"));
	BUILDINGS_ANSWER.body = ZONED("Mars/Olympus\\u001b[2J", "never");
	bmx_query(&play, KIND_BUILDINGS, NULL, zone_answers);
	assert_true(bmx_noticed(&play, "building 32: its time zone is not known; set timezone="));
	bmx_close(&play);
	BUILDINGS_ANSWER = saved;
}

/* --- single rows --- */

static void test_by_ids(void **unused)
{
	static const char *const id[] = {"3", NULL}, *const absent[] = {"9", "..", ".", "a/../b?c", NULL};
	static const struct bmx_answer table[] = {
		{"GET", "/v3/qr_keys/3", 200, NULL, "{\"data\":" BMX_IN_UNIT("qr_keys", "3", "0") "}", 0,
		 BMX_ANSWERED},
		{"GET", "/v3/units/0/users?", 200, NULL,
		 "{\"data\":[],\"included\":[{\"id\":\"70\",\"type\":\"users\",\"attributes\":{\"name\":\"Ann\"}}]}",
		 0, BMX_ANSWERED},
		{"GET", "/v3/units/0", 200, NULL, "{\"data\":" BMX_UNIT_OF("0", "32") "}", 0, BMX_ANSWERED},
		{"GET", "/v3/keychains/3", 200, NULL, "{\"data\":" BMX_IN_UNIT("keychains", "3", "0") "}", 0,
		 BMX_ANSWERED},
		{"GET", "/v3/units/3", 200, NULL, "{\"data\":" BMX_UNIT_OF("3", "33") "}", 0, BMX_ANSWERED},
		{"GET", "/v3/buildings/3", 200, NULL, ZONED("Etc/UTC", "+00:00"), 0,
		 BMX_ANSWERED}, /* another one */
		{"GET", "/v3/", 404, NULL, "", 0, BMX_ANSWERED},
		{.method = NULL},
	};
	static const enum kind kinds[] = {KIND_KEYS, KIND_KEYCHAINS, KIND_UNITS, KIND_BUILDINGS};
	static const size_t rows[] = {1, 1, 1, 0};
	const struct access_key *key;
	struct bmx_play play;

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		bmx_open(&play, NULL);
		bmx_query_ids(&play, kinds[i], NULL, id, table);
		assert_int_equal(rows_count(bmx_rows(&play, kinds[i])), rows[i]);
		assert_int_equal(play.requests, kinds[i] == KIND_KEYS ? 3 : 1);
		bmx_query_ids(&play, kinds[i], NULL, absent, table);
		assert_int_equal(rows_count(bmx_rows(&play, kinds[i])), 0);
		assert_int_equal(play.requests, 2);
		assert_int_equal(bmx_count(&play, "/a%2F..%2Fb%3Fc "), 1);
		bmx_close(&play);
	}
	bmx_open(&play, NULL);
	bmx_query_ids(&play, KIND_KEYS, NULL, id, table);
	key = bmx_row(&play, KIND_KEYS, "3");
	assert_string_equal(key->unit, "L0");
	assert_string_equal(key->user, "Ann");
	assert_string_equal(key->status, "active");
	bmx_query_ids(&play, KIND_KEYS, NULL, id, table); /* all is known */
	assert_int_equal(play.requests, 1);
	bmx_close(&play);
}

static void test_by_id_refused(void **unused)
{
	static const char *const id[] = {"3", NULL}, *const later[] = {"9101", NULL};
	static const int statuses[] = {403, 401, 500, 200},
			 errors[] = {ERR_DENIED, ERR_AUTH, ERR_SERVER, ERR_PARSE};
	static const struct bmx_answer codes[] = {
		{"GET", "/v3/access_codes?include=virtual_keys&page", 200, "later-v3-get-access_codes.json",
		 NULL, 0, BMX_ANSWERED},
		{"GET", "/v3/qr_keys/9101", 404, NULL, "", 0, BMX_ANSWERED},
		{.method = NULL},
	};
	struct bmx_play play;

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
		const struct bmx_answer table[] = {
			{"GET", "/v3/qr_keys/3", statuses[i], NULL, "<html>", 0, BMX_ANSWERED},
			{.method = NULL},
		};

		bmx_open(&play, NULL);
		bmx_query_ids(&play, KIND_KEYS, NULL, id, table);
		assert_int_equal(play.error, errors[i]);
		bmx_close(&play);
	}
	/* A server of the later shape: its list tells. */
	bmx_open(&play, NULL);
	bmx_query_ids(&play, KIND_KEYS, NULL, later, codes);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_KEYS)), 1);
	bmx_close(&play);
}

/* A key without times of its own, alone: its keychain, its unit, the buildings. */
static void test_by_id_without_times(void **unused)
{
	static const char *const id[] = {"1", NULL};
	static const struct bmx_answer table[] = {
		{"GET", "/v3/qr_keys/1", 200, NULL, TIMELESS, 0, BMX_ANSWERED},
		{"GET", "/v3/units/0", 200, NULL, "{\"data\":" BMX_UNIT_OF("0", "32") "}", 0, BMX_ANSWERED},
		{"GET", "/v3/keychains/1", 200, NULL, WINDOW, 0, BMX_ANSWERED},
		{"GET", "/v3/buildings?", 200, NULL, ZONED("America/New_York", "-05:00"), 0, BMX_ANSWERED},
		{.method = NULL},
	};
	struct bmx_play play;

	(void)unused;
	bmx_open(&play, NULL);
	bmx_query_ids(&play, KIND_KEYS, NULL, id, table);
	assert_int_equal(begins(&play), moment_parse("2018-02-21T14:30:00Z"));
	assert_int_equal(play.requests, 4);
	bmx_close(&play);
}

/* A server with `n` keys or users; ids from 1. */
struct many {
	unsigned n;
	bool ascending;
};

static bool serve_many(void *ctx, const struct work_request *request, int *status, char **body)
{
	const struct many *many = ctx;
	unsigned page = number_of(request->path, "page%5Bnumber%5D="), unit;
	const char *people = strstr(request->path, "/users?");
	bool keys = strstr(request->path, "/qr_keys?") != NULL,
	     units = strstr(request->path, "/units?") != NULL;
	GString *out;

	*status = 200;
	if (!keys && !units && people == NULL)
		return false;
	out = g_string_new("{\"data\":[");
	unit = number_of(request->path, "/units/");
	for (unsigned i = (page - 1) * 100; i < page * 100 && i < (people != NULL ? 1 : many->n); i++)
		g_string_append_printf(
			out,
			"%s{\"id\":\"%u\",\"type\":\"%s\",\"attributes\":{\"label\":\"L\",\"activated_at\":\"2018-01-01T00:00:00Z\","
			"\"expired_at\":\"2019-01-01T00:00:00Z\"},\"relationships\":{\"unit\":{\"data\":{\"id\":\"%u\"}},"
			"\"user\":{\"data\":{\"id\":\"1\"}}}}",
			out->str[out->len - 1] == '[' ? "" : ",",
			people != NULL    ? unit
			: many->ascending ? i + 1
					  : many->n - i,
			people != NULL ? "units_users"
			: keys         ? "qr_keys"
				       : "units",
			people != NULL ? unit : i % 3);
	g_string_append_printf(out, "],\"links\":{\"next\":%s}}",
			       people == NULL && page * 100 < many->n ? "\"http://x/\"" : "null");
	*body = g_string_free(out, FALSE);
	return true;
}

static void test_limits(void **unused)
{
	static const char *const five[] = {"limit", "5", NULL}, *const many_wanted[] = {"limit", "150", NULL},
				 *const active[] = {"limit", "5", "status", "active", NULL};
	static const struct bmx_answer one[] = {
		{"GET", "/v3/units/", 200, NULL, "{\"data\":" BMX_UNIT_OF("0", "32") "}", 0, BMX_ANSWERED},
		{.method = NULL},
	};
	struct many many = {.n = 1000};
	struct bmx_play play;

	(void)unused;
	bmx_open(&play, NULL);
	play.serve = serve_many;
	play.ctx = &many;
	bmx_query(&play, KIND_KEYS, five, one); /* a page, and the units of five keys and who is in them */
	assert_int_equal(rows_count(bmx_rows(&play, KIND_KEYS)), 5);
	assert_string_equal(((const struct access_key *)rows_at(bmx_rows(&play, KIND_KEYS), 0))->id, "1000");
	assert_int_equal(bmx_count(&play, "/qr_keys?"), 1);
	assert_int_equal(bmx_count(&play, "/units?"), 0);
	assert_true(play.requests <= 7);
	bmx_query(&play, KIND_KEYS, many_wanted, one);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_KEYS)), 150);
	assert_int_equal(bmx_count(&play, "/qr_keys?"), 2);
	bmx_query(&play, KIND_KEYS, active, one); /* which are active is not told by the server */
	assert_int_equal(rows_count(bmx_rows(&play, KIND_KEYS)), 5);
	assert_int_equal(bmx_count(&play, "/qr_keys?"), 10);
	many.ascending = true; /* the newest come last */
	bmx_query(&play, KIND_KEYS, five, one);
	assert_int_equal(bmx_count(&play, "/qr_keys?"), 10);
	assert_string_equal(((const struct access_key *)rows_at(bmx_rows(&play, KIND_KEYS), 0))->id, "1000");
	bmx_query(&play, KIND_TENANTS, five, one);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_TENANTS)), 5);
	assert_int_equal(bmx_count(&play, "/users?"), 6);
	bmx_query(&play, KIND_TENANTS, NULL, one);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_TENANTS)), 1000);
	bmx_close(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_building),
		cmocka_unit_test(test_building_cannot_be_told),
		cmocka_unit_test(test_zone_of_the_building),
		cmocka_unit_test(test_by_ids),
		cmocka_unit_test(test_by_id_refused),
		cmocka_unit_test(test_by_id_without_times),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
