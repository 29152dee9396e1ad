/* Queries of the ButterflyMX adapter: pages, filters, polls, joins, and what a role may not see. */
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

/* A server with `n` releases, one a minute, the newest at BMX_NOW; ids from 1. */
struct doors {
	unsigned n, page_size;
	bool refuse_filter; /* 400 */
	bool ascending, no_sort, no_filter, unread_link, next_is_self;
	unsigned asked;
};

static unsigned number_of(const char *path, const char *name)
{
	const char *at = strstr(path, name);

	return at == NULL ? 0 : (unsigned)g_ascii_strtoull(at + strlen(name), NULL, 10);
}

static void add_release(GString *out, unsigned id, unsigned n)
{
	char moment[MOMENT_TEXT_SIZE];

	g_string_append_printf(
		out,
		"%s{\"id\":\"%u\",\"type\":\"door_releases\",\"attributes\":{\"release_method\":\"%s\",\"door_release_type\":\"%s\","
		"\"name\":\"P%u\",\"created_at\":\"%s\"},\"relationships\":{\"unit\":{\"data\":{\"id\":\"%u\",\"type\":\"units\"}},"
		"\"user\":{\"data\":{\"id\":\"%u\",\"type\":\"users\"}}}}",
		out->str[out->len - 1] == '[' ? "" : ",", id, id % 3 == 0 ? "qr_key" : "mobile",
		id % 2 == 0 ? "visitor" : "delivery", id,
		moment_format(BMX_NOW - (int64_t)(n - id) * 60000, moment), id % 5, id % 7);
}

static bool serve_doors(void *ctx, const struct work_request *request, int *status, char **body)
{
	struct doors *doors = ctx;
	unsigned page = number_of(request->path, "page%5Bnumber%5D="), size = doors->page_size;
	unsigned unit = number_of(request->path, "unit_id="), skip = (page - 1) * size, from;
	bool filtered = strstr(request->path, "unit_id=") != NULL && !doors->no_filter, more = false;
	GString *out;

	if (strncmp(request->path, "/v3/door_releases", 17) != 0)
		return false;
	doors->asked++;
	if ((doors->no_sort && strstr(request->path, "sort=") != NULL) ||
	    (doors->refuse_filter && filtered)) {
		*status = 400;
		return true;
	}
	out = g_string_new("{\"data\":[");
	for (unsigned i = 0; i < doors->n; i++) {
		unsigned id = doors->ascending ? i + 1 : doors->n - i;

		if (filtered && id % 5 != unit)
			continue;
		if (skip > 0) {
			skip--;
			continue;
		}
		if (size-- == 0) {
			more = true;
			break;
		}
		add_release(out, id, doors->n);
	}
	from = page + (doors->next_is_self ? 0 : 1);
	if (!more && !doors->next_is_self)
		g_string_append(out, "],\"links\":{\"next\":null}}");
	else if (doors->unread_link)
		g_string_append(out, "],\"links\":{\"next\":\"http://evil.example/next\"}}");
	else
		g_string_append_printf(
			out,
			"],\"links\":{\"next\":\"http://api.butterflymx.com/v3/door_releases?page%%5Bnumber%%5D=%u\"}}",
			from);
	*body = g_string_free(out, FALSE);
	return true;
}

static const struct bmx_answer units_table[] = {
	{"GET", "/v3/units?", 200, "get-units.json", NULL, 0, BMX_ANSWERED},
	{"GET", "/v3/units/50/users", 200, "get-units-id-users.json", NULL, 0, BMX_ANSWERED},
	{"GET", "/v3/units/47/users", 403, NULL, "", 0, BMX_ANSWERED},
	{"GET", "/v3/units/64/users", 200, "get-units-id-users.json", NULL, 0, BMX_ANSWERED},
	{"GET", "/v3/keychains?", 200, "get-keychains.json", NULL, 0, BMX_ANSWERED},
	{"GET", "/v3/qr_keys?", 200, "get-qr_keys.json", NULL, 0, BMX_ANSWERED},
	{"GET", "/v3/buildings?", 200, "get-buildings.json", NULL, 0, BMX_ANSWERED},
	{"GET", "/v3/door_releases?", 200, "get-door_releases.json", NULL, 0, BMX_ANSWERED},
	{.method = NULL},
};

static void open_doors(struct bmx_play *play, struct doors *doors, unsigned n)
{
	bmx_open(play, NULL);
	*doors = (struct doors){.n = n, .page_size = 100};
	play->serve = serve_doors;
	play->ctx = doors;
}

/* --- lists --- */

static void test_all_pages(void **unused)
{
	static const char *const since[] = {"since", "2018-01-01T00:00:00Z", NULL};
	const struct door_release *release;
	struct bmx_play play;
	struct doors doors;

	(void)unused;
	open_doors(&play, &doors, 2387);
	bmx_query(&play, KIND_DOORS, since, units_table);
	assert_int_equal(doors.asked, 24);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 2387);
	for (size_t i = 0; i < 2387; i++) {
		release = rows_at(bmx_rows(&play, KIND_DOORS), i);
		assert_int_equal(release->time_ms, BMX_NOW - (int64_t)i * 60000);
	}
	assert_int_equal(bmx_count(&play, "page%5Bnumber%5D=24&page%5Bsize%5D=100"), 1);
	assert_int_equal(bmx_count(&play, "sort=-created_at"), 24);
	bmx_close(&play);
}

static void test_since_and_limit(void **unused)
{
	static const char *const limit[] = {"limit", "250", NULL}, *const since[] = {"since",
										     "2018-02-21T14:00:00Z",
										     NULL};
	struct bmx_play play;
	struct doors doors;

	(void)unused;
	open_doors(&play, &doors, 2387);
	bmx_query(&play, KIND_DOORS, NULL, units_table); /* the newest 100 */
	assert_int_equal(doors.asked, 1);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 100);
	bmx_close(&play);
	open_doors(&play, &doors, 2387);
	bmx_query(&play, KIND_DOORS, limit, units_table);
	assert_int_equal(doors.asked, 3);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 250);
	bmx_close(&play);
	open_doors(&play, &doors, 2387);
	bmx_query(&play, KIND_DOORS, since, units_table);
	assert_int_equal(doors.asked, 1);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 61);
	bmx_close(&play);
}

static void test_filters(void **unused)
{
	static const char *const one[] = {"unit", "3", "since", "2018-02-01T00:00:00Z", NULL};
	static const char *const two[] = {"unit",   "3",      "unit",  "4",
					  "method", "qr_key", "since", "2018-02-01T00:00:00Z",
					  NULL};
	static const char *const type[] = {"type", "visitor", "user", "2", NULL}, *const odd[] = {"type",
												  "a&b",
												  NULL};
	struct bmx_play play;
	struct doors doors;

	(void)unused;
	open_doors(&play, &doors, 400);
	bmx_query(&play, KIND_DOORS, one, units_table);
	assert_int_equal(bmx_count(&play, "?unit_id=3&sort="), 1);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 80);
	bmx_query(&play, KIND_DOORS, two, units_table);
	assert_int_equal(bmx_count(&play, "unit_id="), 0);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)),
			 54); /* multiples of 3 among ids of units 3 and 4 */
	bmx_query(&play, KIND_DOORS, type, units_table);
	assert_true(bmx_count(&play, "?user_id=2&door_release_type=visitor&") >= 1);
	bmx_query(&play, KIND_DOORS, odd, units_table);
	assert_int_equal(bmx_count(&play, "door_release_type"), 0);
	/* A server that refuses the filter is asked without; what was known under it is no help then. */
	bmx_query(&play, KIND_DOORS, one, units_table);
	doors.refuse_filter = true;
	doors.asked = 0;
	bmx_query(&play, KIND_DOORS, one, units_table);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 80);
	assert_int_equal(doors.asked, 2 + 4);
	/* A server that ignores the filter: the check is here. */
	bmx_close(&play);
	open_doors(&play, &doors, 400);
	doors.no_filter = true;
	bmx_query(&play, KIND_DOORS, one, units_table);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 80);
	bmx_close(&play);
}

static void test_sort_refused(void **unused)
{
	struct bmx_play play;
	struct doors doors;

	(void)unused;
	open_doors(&play, &doors, 150);
	doors.no_sort = true;
	bmx_query(&play, KIND_DOORS, NULL, units_table);
	assert_int_equal(doors.asked, 2);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 100);
	bmx_query(&play, KIND_DOORS, NULL, units_table); /* remembered */
	assert_int_equal(bmx_count(&play, "sort="), 0);
	/* An order that is not newest first is put right, and everything is read for it. */
	bmx_close(&play);
	open_doors(&play, &doors, 950);
	doors.ascending = true;
	bmx_query(&play, KIND_DOORS, NULL, units_table);
	assert_int_equal(doors.asked, 10);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 100);
	assert_int_equal(((const struct door_release *)rows_at(bmx_rows(&play, KIND_DOORS), 0))->time_ms,
			 BMX_NOW);
	bmx_close(&play);
}

static void test_endless_links(void **unused)
{
	static const char *const since[] = {"since", "2018-01-01T00:00:00Z", NULL};
	struct bmx_play play;
	struct doors doors;

	(void)unused;
	open_doors(&play, &doors, 250);
	doors.unread_link = true; /* a link without a number is counted on from */
	bmx_query(&play, KIND_DOORS, since, units_table);
	assert_int_equal(doors.asked, 3);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 250);
	assert_int_equal(bmx_count(&play, "evil"), 0);
	bmx_close(&play);
	open_doors(&play, &doors, 250);
	doors.next_is_self = true;
	bmx_query(&play, KIND_DOORS, since, units_table);
	assert_int_equal(doors.asked, 1);
	bmx_close(&play);
	/* The same page for ever, whatever number is asked for. */
	bmx_open(&play, NULL);
	bmx_query(&play, KIND_KEYCHAINS, NULL,
		  (const struct bmx_answer[]){
			  {"GET", "/v3/keychains?", 200, NULL,
			   "{\"data\":[{\"type\":\"keychains\",\"id\":\"1\"}],\"links\":{\"next\":\"x\"}}", 0,
			   BMX_ANSWERED},
			  {.method = NULL}});
	assert_int_equal(rows_count(bmx_rows(&play, KIND_KEYCHAINS)), 1);
	assert_int_equal(play.requests, 2);
	assert_true(bmx_noticed(&play, "nothing new"));
	bmx_close(&play);
}

/* --- polls --- */

static void test_polls(void **unused)
{
	static const char *const since[] = {"since", "2018-02-20T00:00:00Z", NULL};
	struct bmx_play play;
	struct doors doors;

	(void)unused;
	open_doors(&play, &doors, 2000);
	bmx_query(&play, KIND_DOORS, since, units_table);
	assert_int_equal(doors.asked, 20);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 2000);
	for (unsigned i = 0; i < 3; i++) { /* one request each, and still all of them */
		doors.n += i;              /* the later ids shift all times; the newest stays at BMX_NOW */
		doors.asked = 0;
		bmx_query(&play, KIND_DOORS, since, units_table);
		assert_int_equal(doors.asked, 1);
		assert_int_equal(play.requests, 1);
		assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), doors.n);
	}
	doors.n += 230; /* more than two pages since the last poll */
	doors.asked = 0;
	bmx_query(&play, KIND_DOORS, since, units_table);
	assert_int_equal(doors.asked, 3);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), doors.n);
	/* Other filters know nothing of it. */
	static const char *const unit[] = {"unit", "3", "since", "2018-02-20T00:00:00Z", NULL};
	doors.asked = 0;
	bmx_query(&play, KIND_DOORS, unit, units_table);
	assert_true(doors.asked >= 4);
	bmx_close(&play);
}

static void test_poll_reaches_further(void **unused)
{
	static const char *const since[] = {"since", "2018-02-21T10:00:00Z", NULL};
	struct bmx_play play;
	struct doors doors;

	(void)unused;
	open_doors(&play, &doors, 2000);
	bmx_query(&play, KIND_DOORS, NULL, units_table); /* 100 are remembered */
	doors.n++;
	bmx_query(&play, KIND_DOORS, NULL, units_table); /* 101 */
	doors.asked = 0;
	bmx_query(&play, KIND_DOORS, since, units_table); /* 301 are wanted */
	assert_int_equal(doors.asked, 4);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 301);
	doors.asked = 0;
	bmx_query(&play, KIND_DOORS, since, units_table);
	assert_int_equal(doors.asked, 1);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 301);
	bmx_close(&play);
}

/* --- kinds and joins --- */

static void test_units_and_buildings(void **unused)
{
	const struct unit *unit;
	struct bmx_play play;

	(void)unused;
	bmx_open(&play, NULL);
	bmx_query(&play, KIND_UNITS, NULL, units_table);
	unit = bmx_row(&play, KIND_UNITS, "47");
	assert_string_equal(unit->zone, "default");
	bmx_query(&play, KIND_BUILDINGS, NULL, units_table);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_BUILDINGS)), 1);
	assert_int_equal(play.requests, 1);
	bmx_close(&play);
}

static void test_tenants(void **unused)
{
	static const char *const unit[] = {"unit", "64", NULL};
	const struct tenant *tenant;
	struct bmx_play play;

	(void)unused;
	bmx_open(&play, NULL);
	bmx_query(&play, KIND_TENANTS, NULL, units_table);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_TENANTS)), 3);
	tenant = bmx_row(&play, KIND_TENANTS, "64");
	assert_string_equal(tenant->name, "Ward Anderson");
	assert_string_equal(tenant->email, "cierra.kris@klingbergnaum.io");
	assert_null(tenant->unit); /* nothing told its label */
	tenant = bmx_row(&play, KIND_TENANTS, "47/32"); /* its own list may not be read */
	assert_string_equal(tenant->name, "Tomas Blick");
	assert_string_equal(tenant->unit, "47047");
	assert_true(bmx_noticed(&play, "tenants of a unit cannot be read"));
	bmx_query(&play, KIND_TENANTS, unit, units_table);
	assert_int_equal(bmx_count(&play, "/users?"), 1);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_TENANTS)), 1); /* the row of unit 65 is another's */
	assert_string_equal(((const struct tenant *)bmx_row(&play, KIND_TENANTS, "63"))->name,
			    "Dominique Kiehn");
	bmx_close(&play);
}

static void test_users(void **unused)
{
	const struct user *user;
	struct bmx_play play;

	(void)unused;
	bmx_open(&play, NULL);
	bmx_query(&play, KIND_USERS, NULL, units_table);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_USERS)), 1);
	user = bmx_row(&play, KIND_USERS, "32");
	assert_string_equal(user->name, "Tomas Blick");
	assert_string_equal(user->parent_id, "50");
	assert_string_equal(user->email, "madaline@goodwingreen.com");
	assert_string_equal(user->last_name, "Blick");
	assert_int_equal(play.requests, 1);
	bmx_close(&play);
}

static void test_keys(void **unused)
{
	const struct access_key *key;
	struct bmx_play play;

	(void)unused;
	bmx_open(&play, NULL);
	bmx_query(&play, KIND_KEYS, NULL, units_table);
	assert_int_equal(play.requests, 2); /* keys, units; their windows are told */
	key = rows_at(bmx_rows(&play, KIND_KEYS), 0);
	assert_string_equal(key->id, "4");
	assert_string_equal(key->status, "scheduled");
	assert_null(key->unit);
	assert_string_equal(key->unit_id, "32");
	assert_string_equal(((const struct access_key *)bmx_row(&play, KIND_KEYS, "3"))->status, "active");
	play.now_ms = moment_parse("2018-03-09T00:00:00Z");
	bmx_query(&play, KIND_KEYS, NULL, units_table);
	assert_string_equal(((const struct access_key *)bmx_row(&play, KIND_KEYS, "3"))->status, "expired");
	play.now_ms++;
	bmx_query(&play, KIND_KEYS, NULL,
		  units_table); /* units are known, what is not among them is not asked for again */
	assert_int_equal(play.requests, 1);
	static const char *const status[] = {"status", "active", NULL};
	play.now_ms = BMX_NOW;
	bmx_query(&play, KIND_KEYS, status, units_table);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_KEYS)), 2);
	bmx_query(&play, KIND_KEYCHAINS, NULL, units_table);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_KEYCHAINS)), 3);
	bmx_close(&play);
}

static void test_later_keys(void **unused)
{
	static const struct bmx_answer table[] = {
		{"GET", "/v3/qr_keys", 404, NULL, "", 0, BMX_ANSWERED},
		{"GET", "/v3/access_codes?include=virtual_keys&page", 200, "later-v3-get-access_codes.json",
		 NULL, 0, BMX_ANSWERED},
		{"GET", "/v3/units?", 200, NULL, EMPTY, 0, BMX_ANSWERED},
		{.method = NULL},
	};
	const struct access_key *key;
	struct bmx_play play;

	(void)unused;
	bmx_open(&play, NULL);
	play.now_ms = moment_parse("2024-05-11T00:00:00Z");
	bmx_query(&play, KIND_KEYS, NULL, table);
	key = bmx_row(&play, KIND_KEYS, "9101");
	assert_string_equal(key->keychain_id, "9001");
	assert_string_equal(key->status, "active");
	assert_int_equal(key->activated_ms, moment_parse("2024-05-06T12:00:00Z"));
	assert_int_equal(key->expired_ms, moment_parse("2024-06-28T22:00:00Z"));
	bmx_query(&play, KIND_KEYS, NULL, table);
	assert_int_equal(bmx_count(&play, "/qr_keys"), 0); /* remembered */
	bmx_close(&play);
}

static void test_windows_from_keychains(void **unused)
{
	static const char *const options[] = {"timezone", "Eastern Time (US & Canada)", NULL};
	static const struct bmx_answer table[] = {
		{"GET", "/v3/qr_keys", 200, NULL,
		 "{\"data\":[{\"id\":\"1\",\"type\":\"qr_keys\",\"relationships\":{\"keychain\":{\"data\":{\"id\":\"4\","
		 "\"type\":\"keychains\"}}}}]}",
		 0, BMX_ANSWERED},
		{"GET", "/v3/keychains?", 200, "get-keychains.json", NULL, 0, BMX_ANSWERED},
		{"GET", "/v3/units?", 403, NULL, "", 0, BMX_ANSWERED},
		{"GET", "/v3/buildings?", 403, NULL, "", 0, BMX_ANSWERED},
		{.method = NULL},
	};
	const struct access_key *key;
	struct bmx_play play;

	(void)unused;
	bmx_open(&play, options);
	bmx_query(&play, KIND_KEYS, NULL, table);
	key = bmx_row(&play, KIND_KEYS, "1");
	assert_int_equal(key->activated_ms, moment_parse("2018-03-08T15:00:00Z"));
	assert_string_equal(key->unit_id, "23");
	assert_string_equal(key->status, "scheduled");
	assert_true(bmx_noticed(&play, "units cannot be read by this account"));
	bmx_query(&play, KIND_KEYS, NULL, table);
	assert_int_equal(bmx_count(&play, "/units"), 0); /* not for ten minutes */
	bmx_close(&play);
}

static void test_roles(void **unused)
{
	static const enum kind kinds[] = {KIND_BUILDINGS, KIND_UNITS,     KIND_TENANTS, KIND_USERS,
					  KIND_DOORS,     KIND_KEYCHAINS, KIND_KEYS};
	static const struct bmx_answer denied[] = {{"GET", "/v3/", 403, NULL, "", 0, BMX_ANSWERED},
						   {.method = NULL}};
	static const struct bmx_answer absent[] = {{"GET", "/v3/", 404, NULL, "<html>", 0, BMX_ANSWERED},
						   {.method = NULL}};
	static const struct bmx_answer signed_out[] = {{"GET", "/v3/", 401, "v4-errors-401.json", NULL, 0,
							BMX_ANSWERED},
						       {.method = NULL}};
	static const struct bmx_answer down[] = {{"GET", "/v3/", 503, NULL, "", 0, BMX_ANSWERED},
						 {.method = NULL}};
	static const struct bmx_answer garbage[] = {{"GET", "/v3/", 200, NULL, "{\"hello\":1}", 0,
						     BMX_ANSWERED},
						    {.method = NULL}};
	struct bmx_play play;

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		bmx_open(&play, NULL);
		bmx_query(&play, kinds[i], NULL, denied);
		assert_int_equal(play.error, ERR_DENIED);
		assert_string_equal(work_problem(play.work)->what, kind_info(kinds[i])->name);
		assert_non_null(strstr(work_problem(play.work)->why, "403"));
		assert_non_null(strstr(work_problem(play.work)->todo, "administrator"));
		bmx_query(&play, kinds[i], NULL, absent);
		assert_int_equal(play.error, ERR_DENIED);
		assert_non_null(strstr(work_problem(play.work)->todo, "path_prefix"));
		bmx_close(&play);
		bmx_open(&play, NULL);
		bmx_query(&play, kinds[i], NULL, signed_out);
		assert_int_equal(play.error, ERR_AUTH);
		bmx_query(&play, kinds[i], NULL, down);
		assert_int_equal(play.error, ERR_SERVER);
		bmx_query(&play, kinds[i], NULL, garbage);
		assert_int_equal(play.error, ERR_PARSE);
		bmx_close(&play);
	}
}

static void test_tenants_of_units(void **unused)
{
	static const char *const one[] = {"unit", "47", NULL}, *const two[] = {"unit", "47", "unit", "64", NULL};
	static const struct bmx_answer down[] = {{"GET", "/v3/units/47/users", 503, NULL, "", 0, BMX_ANSWERED},
						 {"GET", "/v3/", 200, NULL, EMPTY, 0, BMX_ANSWERED},
						 {.method = NULL}};
	struct bmx_play play;

	(void)unused;
	bmx_open(&play, NULL);
	bmx_query(&play, KIND_TENANTS, one, units_table);
	assert_int_equal(play.error, ERR_DENIED);
	bmx_query(&play, KIND_TENANTS, one, down);
	assert_int_equal(play.error, ERR_SERVER);
	bmx_query(&play, KIND_TENANTS, two, units_table);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_TENANTS)), 1);
	assert_true(bmx_noticed(&play, "tenants of a unit cannot be read"));
	bmx_close(&play);
}

/* --- buildings --- */

#define UNIT_OF(id, building)                                                                                \
	"{\"id\":\"" id "\",\"type\":\"units\",\"attributes\":{\"label\":\"L" id                                    \
	"\"},\"relationships\":{\"building\":{\"data\":{\"id\":\"" building "\",\"type\":\"buildings\"}}}}"
#define IN_UNIT(type, id, unit)                                                                              \
	"{\"id\":\"" id "\",\"type\":\"" type                                                                     \
	"\",\"attributes\":{\"name\":\"N\",\"activated_at\":\"2018-01-01T00:00:00Z\",\"expired_at\":"                \
	"\"2019-01-01T00:00:00Z\"},\"relationships\":{\"unit\":{\"data\":{\"id\":\"" unit "\"}},\"user\":{\"data\":"   \
	"{\"id\":\"7" unit "\"}}}}"
/* Units 0, 1 and 2 are in building 32; 3 in 33; of 4 nothing is told. */
#define ESTATE                                                                                               \
	"{\"data\":[" UNIT_OF("0", "32") "," UNIT_OF("1", "32") "," UNIT_OF("2", "32") "," UNIT_OF(            \
		"3", "33") ",{\"id\":\"4\",\"type\":\"units\",\"attributes\":{\"label\":\"L4\"}}]}"

static const struct bmx_answer estate_table[] = {
	{"GET", "/v3/units?", 200, NULL, ESTATE, 0, BMX_ANSWERED},
	{"GET", "/v3/keychains?", 200, NULL,
	 "{\"data\":[" IN_UNIT("keychains", "1", "0") "," IN_UNIT("keychains", "2", "3") "," IN_UNIT(
		 "keychains", "3", "4") "," IN_UNIT("keychains", "4", "9") "]}",
	 0, BMX_ANSWERED},
	{"GET", "/v3/qr_keys?", 200, NULL,
	 "{\"data\":[" IN_UNIT("qr_keys", "1", "0") "," IN_UNIT("qr_keys", "2", "3") "," IN_UNIT(
		 "qr_keys", "3", "4") ",{\"id\":\"4\",\"type\":\"qr_keys\",\"relationships\":{\"keychain\":{\"data\":"
				    "{\"id\":\"1\"}}}}]}",
	 0, BMX_ANSWERED},
	{"GET", "/v3/units/3/users", 200, NULL, "{\"data\":[" IN_UNIT("units_users", "31", "3") "]}", 0,
	 BMX_ANSWERED},
	{"GET", "/v3/units/", 200, NULL, "{\"data\":[" IN_UNIT("units_users", "11", "1") "]}", 0, BMX_ANSWERED},
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

/* Units of releases are their ids modulo 5. */
static void test_doors_by_building(void **unused)
{
	static const char *const all[] = {"building", "33", "since", "2018-02-01T00:00:00Z", NULL};
	static const char *const some[] = {"building", "33", "limit", "50", NULL};
	struct bmx_play play;
	struct doors doors;

	(void)unused;
	open_doors(&play, &doors, 1000);
	bmx_query(&play, KIND_DOORS, all, estate_table);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 200);
	bmx_close(&play);
	/* As many pages as the fifty need: a release of another building does not count. */
	open_doors(&play, &doors, 1000);
	bmx_query(&play, KIND_DOORS, some, estate_table);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 50);
	assert_int_equal(doors.asked, 3);
	assert_ptr_equal(strstr(buf_text(&play.log), "GET /v3/units"), buf_text(&play.log)); /* first of all */
	for (size_t i = 0; i < 50; i++) {
		const struct door_release *release = rows_at(bmx_rows(&play, KIND_DOORS), i);

		assert_string_equal(release->unit_id, "3");
	}
	/* The next poll knows the units and the releases. */
	bmx_query(&play, KIND_DOORS, some, estate_table);
	assert_int_equal(play.requests, 1);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 50);
	bmx_close(&play);
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

#define ZONED(zone, offset)                                                                                  \
	"{\"data\":[{\"id\":\"32\",\"type\":\"buildings\",\"attributes\":{\"name\":\"B\",\"time_zone\":\"" zone          \
	"\",\"time_zone_offset\":\"" offset "\"}}]}"
#define TIMELESS                                                                                             \
	"{\"data\":[{\"id\":\"1\",\"type\":\"qr_keys\",\"relationships\":{\"unit\":{\"data\":{\"id\":\"0\"}},"            \
	"\"keychain\":{\"data\":{\"id\":\"1\"}}}}]}"
#define WINDOW                                                                                               \
	"{\"data\":[{\"id\":\"1\",\"type\":\"keychains\",\"attributes\":{\"valid_date_from\":\"2018-02-21\","           \
	"\"valid_date_to\":\"2018-02-21\",\"valid_time_from\":\"09:30:00\",\"valid_time_to\":\"11:00:00\"}}]}"

static struct bmx_answer zone_answers[] = {
	{"GET", "/v3/qr_keys?", 200, NULL, TIMELESS, 0, BMX_ANSWERED},
	{"GET", "/v3/units?", 200, NULL, ESTATE, 0, BMX_ANSWERED},
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
	assert_string_equal(((const struct building *)bmx_row(&play, KIND_BUILDINGS, "32"))->timezone, "+05:30");
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
		{"GET", "/v3/qr_keys/3", 200, NULL, "{\"data\":" IN_UNIT("qr_keys", "3", "0") "}", 0,
		 BMX_ANSWERED},
		{"GET", "/v3/units/0/users?", 200, NULL,
		 "{\"data\":[],\"included\":[{\"id\":\"70\",\"type\":\"users\",\"attributes\":{\"name\":\"Ann\"}}]}",
		 0, BMX_ANSWERED},
		{"GET", "/v3/units/0", 200, NULL, "{\"data\":" UNIT_OF("0", "32") "}", 0, BMX_ANSWERED},
		{"GET", "/v3/keychains/3", 200, NULL, "{\"data\":" IN_UNIT("keychains", "3", "0") "}", 0,
		 BMX_ANSWERED},
		{"GET", "/v3/units/3", 200, NULL, "{\"data\":" UNIT_OF("3", "33") "}", 0, BMX_ANSWERED},
		{"GET", "/v3/buildings/3", 200, NULL, ZONED("Etc/UTC", "+00:00"), 0, BMX_ANSWERED}, /* another one */
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
	static const int statuses[] = {403, 401, 500, 200}, errors[] = {ERR_DENIED, ERR_AUTH, ERR_SERVER, ERR_PARSE};
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
		{"GET", "/v3/units/0", 200, NULL, "{\"data\":" UNIT_OF("0", "32") "}", 0, BMX_ANSWERED},
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
	bool keys = strstr(request->path, "/qr_keys?") != NULL, units = strstr(request->path, "/units?") != NULL;
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
		{"GET", "/v3/units/", 200, NULL, "{\"data\":" UNIT_OF("0", "32") "}", 0, BMX_ANSWERED},
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

/* --- accounts --- */

static int open_with(const char *key, const char *value, const char *wanted_url)
{
	const char *pairs[] = {"vendor", "butterflymx", "client_id", "ID", key, value, NULL};
	struct config *config = config_new();
	struct problem problem = {0};
	void *state = NULL;
	int err;

	assert_int_equal(config_add_account(config, "lobby", pairs, &problem), ERR_OK);
	err = butterflymx_ops.open(config_account(config, "lobby"), &state, &problem);
	if (err == ERR_OK && wanted_url != NULL)
		assert_string_equal(butterflymx_ops.sign_in_url(state), wanted_url);
	if (err == ERR_OK)
		butterflymx_ops.close(state);
	config_free(config);
	return err;
}

static void test_options(void **unused)
{
	static const char *const prefix[] = {"path_prefix", "/mobile/v3/", NULL};
	static const struct bmx_answer table[] = {{"GET", "/mobile/v3/units?", 200, "get-units.json", NULL, 0,
						   BMX_ANSWERED},
						  {.method = NULL}};
	struct bmx_play play;

	(void)unused;
	bmx_open(&play, prefix);
	bmx_query(&play, KIND_UNITS, NULL, table);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_UNITS)), 2);
	bmx_close(&play);
	assert_int_equal(open_with("path_prefix", "v3", NULL), ERR_CONFIG);
	assert_int_equal(open_with("path_prefix", "/v3?x=1", NULL), ERR_CONFIG);
	assert_int_equal(open_with("path_prefix", "//evil.example", NULL), ERR_CONFIG);
	assert_int_equal(open_with("timezone", "Central Time (US & Canada)", NULL), ERR_OK);
	assert_int_equal(open_with("timezone", "Europe/Berlin", NULL), ERR_OK);
	assert_int_equal(open_with("timezone", "Nowhere", NULL), ERR_CONFIG);
	assert_int_equal(open_with("username", "x", "https://accounts.butterflymx.com"), ERR_OK);
	assert_int_equal(open_with("accounts_url", "https://a.example/x/", "https://a.example/x"), ERR_OK);
	assert_int_equal(open_with("base_url", "https://apitest.butterflymx.com",
				   "https://accountstest.butterflymx.com"),
			 ERR_OK);
	assert_int_equal(open_with("base_url", "https://b.example/", "https://b.example"), ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_pages),
		cmocka_unit_test(test_since_and_limit),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_sort_refused),
		cmocka_unit_test(test_endless_links),
		cmocka_unit_test(test_polls),
		cmocka_unit_test(test_poll_reaches_further),
		cmocka_unit_test(test_units_and_buildings),
		cmocka_unit_test(test_tenants),
		cmocka_unit_test(test_users),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_later_keys),
		cmocka_unit_test(test_windows_from_keychains),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_tenants_of_units),
		cmocka_unit_test(test_by_building),
		cmocka_unit_test(test_doors_by_building),
		cmocka_unit_test(test_building_cannot_be_told),
		cmocka_unit_test(test_zone_of_the_building),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_by_ids),
		cmocka_unit_test(test_by_id_refused),
		cmocka_unit_test(test_by_id_without_times),
		cmocka_unit_test(test_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
