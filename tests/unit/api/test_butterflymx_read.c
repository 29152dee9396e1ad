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

/* --- by building --- */

static const struct bmx_answer near_table[] = {
	{"GET", "/v3/units?", 200, NULL, BMX_ESTATE, 0, BMX_ANSWERED},
	{.method = NULL},
};

/* Units of releases are their ids modulo 5. */
static void test_doors_by_building(void **unused)
{
	static const char *const all[] = {"building", "33", "since", "2018-02-01T00:00:00Z", NULL};
	static const char *const some[] = {"building", "33", "limit", "50", NULL};
	struct bmx_play play;
	struct doors doors;

	(void)unused;
	open_doors(&play, &doors, 1000);
	bmx_query(&play, KIND_DOORS, all, near_table);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 200);
	bmx_close(&play);
	/* As many pages as the fifty need: a release of another building does not count. */
	open_doors(&play, &doors, 1000);
	bmx_query(&play, KIND_DOORS, some, near_table);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 50);
	assert_int_equal(doors.asked, 3);
	assert_ptr_equal(strstr(buf_text(&play.log), "GET /v3/units"),
			 buf_text(&play.log)); /* first of all */
	for (size_t i = 0; i < 50; i++) {
		const struct door_release *release = rows_at(bmx_rows(&play, KIND_DOORS), i);

		assert_string_equal(release->unit_id, "3");
	}
	/* The next poll knows the units and the releases. */
	bmx_query(&play, KIND_DOORS, some, near_table);
	assert_int_equal(play.requests, 1);
	assert_int_equal(rows_count(bmx_rows(&play, KIND_DOORS)), 50);
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
	assert_null(tenant->unit);                      /* nothing told its label */
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
	assert_null(user->sms_phone_number);
	assert_int_equal(play.requests, 1);
	bmx_query(
		&play, KIND_USERS, NULL,
		(const struct bmx_answer[]){
			{"GET", "/v3/units?", 200, NULL,
			 "{\"data\":[{\"type\":\"units\",\"id\":\"1\",\"relationships\":{\"users\":{\"data\":[{\"type\":\"users\","
			 "\"id\":\"2\"}]}}}],\"included\":[{\"type\":\"users\",\"id\":\"2\",\"attributes\":{\"name\":\"A\","
			 "\"phone_number\":\"+1\",\"sms_phone_number\":\"+2\"}}]}",
			 0, BMX_ANSWERED},
			{.method = NULL}});
	user = bmx_row(&play, KIND_USERS, "2");
	assert_string_equal(user->phone_number, "+1");
	assert_string_equal(user->sms_phone_number, "+2");
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
	static const char *const one[] = {"unit", "47", NULL}, *const two[] = {"unit", "47", "unit", "64",
									       NULL};
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
		cmocka_unit_test(test_doors_by_building),
		cmocka_unit_test(test_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
