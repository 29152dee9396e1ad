/* New things through the ButterflyMX adapter: bodies, answers, and answers that are lost in every place. */
#include "test_butterflymx_play.h"

#include "api/butterflymx/job.h"
#include "base/jsonx.h"
#include "base/moment.h"
#include "core/kind.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What becomes of a write. */
enum fault {
	FINE,
	TIMEOUT_DONE,   /* carried out, no answer in time */
	TIMEOUT_UNDONE, /* neither */
	RESET_DONE,
	RESET_UNDONE,
	BUSY_DONE, /* 503, and carried out all the same */
	BUSY_UNDONE,
	SILENT_DONE,   /* 201 without a body */
	ACCEPTED_DONE, /* 202 and no id in it */
	LATE_DONE,     /* no answer; carried out only after the first look */
	TWICE_DONE,    /* and somebody else did the same */
	NOT_SENT,
	REFUSED,
	DENIED,
	LIMITED,
};

struct thing {
	unsigned id;
	char *attributes, *relations; /* JSON objects as they were sent */
};

/* A server with one list. */
struct server {
	const char *path, *type; /* "/v3/qr_keys", "qr_keys" */
	GArray *things;          /* newest last */
	enum fault fault;
	unsigned next_id, page_size, page_size_after; /* of lists after a write; 0: the same */
	unsigned lists_fail_after;                    /* how many lists are answered; beyond, 503 */
	int list_status;                              /* not 0: of every list */
	unsigned lists;
	bool ascending, newest_last, bare; /* bare: answers to POST hold no attributes */
	char *late;                        /* body of a LATE_DONE write */
	struct bmx_play *play;
};

static struct thing *add(struct server *server, const char *attributes, const char *relations)
{
	struct thing thing = {++server->next_id, g_strdup(attributes), g_strdup(relations)};

	g_array_append_val(server->things, thing);
	return &g_array_index(server->things, struct thing, server->things->len - 1);
}

static void carry_out(struct server *server, const char *body)
{
	struct jsonx doc;
	char *attributes, *relations;

	jsonx_init(&doc);
	assert_int_equal(jsonx_parse(&doc, body, strlen(body), NULL), ERR_OK);
	assert_string_equal(jsonx_str(jsonx_path(doc.root, "data.type")), server->type);
	attributes = cJSON_PrintUnformatted(jsonx_path(doc.root, "data.attributes"));
	relations = jsonx_path(doc.root, "data.relationships") == NULL
			    ? NULL
			    : cJSON_PrintUnformatted(jsonx_path(doc.root, "data.relationships"));
	add(server, attributes, relations != NULL ? relations : "{}");
	cJSON_free(attributes);
	cJSON_free(relations);
	jsonx_fini(&doc);
}

static void print_thing(const struct server *server, const struct thing *thing, GString *out)
{
	g_string_append_printf(out, "{\"type\":\"%s\",\"id\":\"%u\",\"attributes\":%s,\"relationships\":%s}",
			       server->type, thing->id, thing->attributes, thing->relations);
}

static void print_list(const struct server *server, const char *path, GString *out)
{
	const char *at = strstr(path, "page%5Bnumber%5D=");
	unsigned page = at == NULL ? 1
				   : (unsigned)g_ascii_strtoull(at + strlen("page%5Bnumber%5D="), NULL, 10);
	unsigned n = server->things->len, from = (page - 1) * server->page_size;

	g_string_append(out, "{\"data\":[");
	for (unsigned i = from; i < n && i < from + server->page_size; i++) {
		unsigned k = server->ascending ? i : n - 1 - i;

		if (server->newest_last)
			k = i == n - 1 ? n - 1 : n - 2 - i;

		if (i > from)
			g_string_append_c(out, ',');
		print_thing(server, &g_array_index(server->things, struct thing, k), out);
	}
	if (from + server->page_size < n)
		g_string_append_printf(out, "],\"links\":{\"next\":\"http://x/?page%%5Bnumber%%5D=%u\"}}",
				       page + 1);
	else
		g_string_append(out, "],\"links\":{\"next\":null}}");
}

static int post(struct server *server, const struct work_request *request, GString *out)
{
	static const bool done[] = {
		[FINE] = true,        [TIMEOUT_DONE] = true,  [RESET_DONE] = true, [BUSY_DONE] = true,
		[SILENT_DONE] = true, [ACCEPTED_DONE] = true, [LIMITED] = false,   [TWICE_DONE] = true};
	static const int statuses[] = {
		[FINE] = 201,
		[TIMEOUT_DONE] = -BMX_TIMEOUT,
		[TIMEOUT_UNDONE] = -BMX_TIMEOUT,
		[LATE_DONE] = -BMX_TIMEOUT,
		[TWICE_DONE] = -BMX_TIMEOUT,
		[RESET_DONE] = -BMX_RESET,
		[RESET_UNDONE] = -BMX_RESET,
		[BUSY_DONE] = 503,
		[BUSY_UNDONE] = 503,
		[SILENT_DONE] = 201,
		[ACCEPTED_DONE] = 202,
		[NOT_SENT] = -BMX_NOT_SENT,
		[REFUSED] = 422,
		[DENIED] = 403,
		[LIMITED] = 429,
	};
	struct thing bare;

	if (done[server->fault])
		carry_out(server, request->body);
	if (server->fault == TWICE_DONE)
		carry_out(server, request->body);
	if (server->page_size_after != 0)
		server->page_size = server->page_size_after;
	if (server->fault == LATE_DONE)
		server->late = g_strdup(request->body);
	if (server->fault == FINE) {
		bare = g_array_index(server->things, struct thing, server->things->len - 1);
		if (server->bare)
			bare.attributes = (char *)(uintptr_t) "{}";
		g_string_append(out, "{\"data\":");
		print_thing(server, &bare, out);
		g_string_append_c(out, '}');
	}
	if (server->fault == ACCEPTED_DONE)
		g_string_append(out, "{\"meta\":{}}");
	if (server->fault == REFUSED)
		g_string_append(
			out,
			"{\"errors\":[{\"source\":{\"pointer\":\"/data/attributes/email\"},\"detail\":\"is invalid\"},"
			"{\"source\":{\"pointer\":\"/data/relationships/unit/data\"},\"detail\":\"must exist\"},"
			"{\"source\":{\"pointer\":\"/data/attributes/base\"},\"detail\":\"too many\"}]}");
	return statuses[server->fault];
}

static bool serve(void *ctx, const struct work_request *request, int *status, char **body)
{
	struct server *server = ctx;
	size_t length = strlen(server->path);
	const char *rest = request->path + length;
	GString *out;

	if (strncmp(request->path, server->path, length) != 0 ||
	    (*rest != '\0' && *rest != '?' && *rest != '/'))
		return false;
	out = g_string_new(NULL);
	if (strcmp(request->method, "POST") == 0) {
		*status = post(server, request, out);
	} else if (*rest == '/') {
		unsigned id = (unsigned)g_ascii_strtoull(rest + 1, NULL, 10);

		*status = 404;
		for (guint i = 0; i < server->things->len; i++) {
			const struct thing *thing = &g_array_index(server->things, struct thing, i);

			if (thing->id != id)
				continue;
			*status = 200;
			g_string_append(out, "{\"data\":");
			print_thing(server, thing, out);
			g_string_append_c(out, '}');
		}
	} else if (server->list_status != 0) {
		*status = server->list_status;
	} else if (server->lists++ >= server->lists_fail_after) {
		*status = 503;
	} else {
		print_list(server, request->path, out);
		/* What came late is there from the next look on. */
		if (server->late != NULL)
			carry_out(server, server->late);
		g_clear_pointer(&server->late, g_free);
	}
	*body = g_string_free(out, FALSE);
	return true;
}

#define WINDOW "\"activated_at\":\"2018-02-21T16:00:00Z\",\"expired_at\":\"2018-02-21T18:00:00Z\""

static const char *const key_order[] = {"name",
					"Ana",
					"email",
					"ana@example.org",
					"activated_at",
					"2018-02-21T16:00:00Z",
					"expired_at",
					"2018-02-21T18:00:00Z",
					"unit_id",
					"11",
					"user_id",
					"22",
					NULL};

static const struct bmx_answer around[] = {
	{"GET", "/v3/units/11/users", 200, NULL,
	 "{\"data\":[],\"included\":[{\"type\":\"users\",\"id\":\"22\",\"attributes\":{\"name\":\"Tom\"}}]}",
	 0, BMX_ANSWERED},
	{"GET", "/v3/units/11", 200, NULL,
	 "{\"data\":{\"type\":\"units\",\"id\":\"11\",\"attributes\":{\"label\":\"402\"}}}", 0, BMX_ANSWERED},
	{.method = NULL},
};

static void open_server(struct bmx_play *play, struct server *server, const char *path, const char *type,
			unsigned n)
{
	bmx_open(play, NULL);
	*server = (struct server){
		.path = path, .type = type, .page_size = 100, .lists_fail_after = 1000, .play = play};
	server->things = g_array_new(FALSE, FALSE, sizeof(struct thing));
	for (unsigned i = 0; i < n; i++)
		add(server, "{\"name\":\"Bob\",\"email\":\"bob@example.org\"," WINDOW "}", "{}");
	play->serve = serve;
	play->ctx = server;
}

static void drop_newest(struct server *server)
{
	struct thing *thing = &g_array_index(server->things, struct thing, server->things->len - 1);

	g_free(thing->attributes);
	g_free(thing->relations);
	g_array_set_size(server->things, server->things->len - 1);
}

static void close_server(struct bmx_play *play, struct server *server)
{
	while (server->things->len > 0)
		drop_newest(server);
	g_array_unref(server->things);
	g_free(server->late);
	bmx_close(play);
}

static unsigned named(const struct server *server, const char *name)
{
	unsigned n = 0;

	for (guint i = 0; i < server->things->len; i++)
		n += strstr(g_array_index(server->things, struct thing, i).attributes, name) != NULL;
	return n;
}

static void issue(struct bmx_play *play, bool resume)
{
	bmx_order(play, KIND_KEYS, VERB_CREATE, NULL, resume, key_order, around);
}

/* --- one key --- */

static void test_create(void **unused)
{
	const struct access_key *key;
	struct server server;
	struct bmx_play play;

	(void)unused;
	open_server(&play, &server, "/v3/qr_keys", "qr_keys", 250);
	issue(&play, false);
	assert_int_equal(play.writes, 1);
	assert_int_equal(server.lists, 1); /* only the newest are read before */
	assert_int_equal(
		bmx_count(
			&play,
			"POST /v3/qr_keys {\"data\":{\"type\":\"qr_keys\",\"attributes\":{\"name\":\"Ana\","
			"\"email\":\"ana@example.org\"," WINDOW "},\"relationships\":{\"unit\":{\"data\":{"
			"\"type\":\"units\",\"id\":\"11\"}},\"user\":{\"data\":{\"type\":\"users\",\"id\":\"22\"}}}}}\n"),
		1);
	key = bmx_row(&play, KIND_KEYS, "251");
	assert_string_equal(key->unit, "402");
	assert_string_equal(key->user, "Tom");
	assert_string_equal(key->status, "scheduled");
	assert_string_equal(buf_text(&play.progress), "");
	/* The answer lacks what the key is for: it is fetched. */
	server.bare = true;
	issue(&play, false);
	assert_int_equal(bmx_count(&play, "GET /v3/qr_keys/252 "), 1);
	assert_string_equal(((const struct access_key *)bmx_row(&play, KIND_KEYS, "252"))->name, "Ana");
	close_server(&play, &server);
}

static void test_answer_lost(void **unused)
{
	static const struct {
		enum fault fault;
		int error;
		unsigned made;
	} cases[] = {
		{TIMEOUT_DONE, ERR_OK, 1},        {RESET_DONE, ERR_OK, 1},
		{BUSY_DONE, ERR_OK, 1},           {SILENT_DONE, ERR_OK, 1},
		{ACCEPTED_DONE, ERR_OK, 1},       {LATE_DONE, ERR_OK, 1},
		{TIMEOUT_UNDONE, ERR_TIMEOUT, 0}, {RESET_UNDONE, ERR_UNREACHED, 0},
		{BUSY_UNDONE, ERR_SERVER, 0},     {NOT_SENT, ERR_UNREACHED, 0},
		{REFUSED, ERR_INVALID, 0},        {DENIED, ERR_DENIED, 0},
		{LIMITED, ERR_BUSY, 0},
	};

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct server server;
		struct bmx_play play;

		open_server(&play, &server, "/v3/qr_keys", "qr_keys", 250);
		server.fault = cases[i].fault;
		issue(&play, false);
		if (play.error != cases[i].error)
			fail_msg("case %zu: %d %s", i, play.error, work_problem(play.work)->why);
		assert_int_equal(play.writes, 1);
		assert_int_equal(named(&server, "Ana"), cases[i].made);
		if (cases[i].error == ERR_OK) {
			assert_string_equal(
				((const struct access_key *)bmx_row(&play, KIND_KEYS, "251"))->unit, "402");
			assert_non_null(strstr(buf_text(&play.progress), "checking whether it was created"));
		} else if (cases[i].fault < NOT_SENT) {
			assert_non_null(strstr(work_problem(play.work)->why, "the key was not created"));
			assert_non_null(strstr(work_problem(play.work)->todo, "sent again"));
			assert_int_equal(server.lists,
					 1 + 1 + 1 + 3); /* one before, three looks, the last to the end */
			assert_int_equal(play.delays_ms, 7000);
		} else {
			assert_int_equal(server.lists, 1);
		}
		close_server(&play, &server);
	}
}

static void test_look_fails(void **unused)
{
	struct server server;
	struct bmx_play play;

	(void)unused;
	open_server(&play, &server, "/v3/qr_keys", "qr_keys", 3);
	server.fault = TIMEOUT_DONE;
	server.lists_fail_after = 1;
	issue(&play, false);
	assert_int_equal(play.error, ERR_UNSURE);
	assert_non_null(strstr(work_problem(play.work)->why, "it is not known whether the key was created"));
	/* The next try looks first, and finds it. */
	server.lists_fail_after = 1000;
	server.fault = FINE;
	issue(&play, true);
	assert_int_equal(play.error, ERR_OK);
	assert_int_equal(play.writes, 0);
	assert_int_equal(named(&server, "Ana"), 1);
	bmx_row(&play, KIND_KEYS, "4");
	assert_true(bmx_noticed(&play, "created by the try before"));
	close_server(&play, &server);
}

static void test_before_fails(void **unused)
{
	struct server server;
	struct bmx_play play;

	(void)unused;
	open_server(&play, &server, "/v3/qr_keys", "qr_keys", 3);
	server.lists_fail_after = 0;
	issue(&play, false);
	assert_int_equal(play.error, ERR_SERVER);
	assert_int_equal(play.writes, 0);
	/* Who may not read may still write. */
	server.list_status = 403;
	issue(&play, false);
	assert_int_equal(play.error, ERR_OK);
	assert_int_equal(play.writes, 1);
	server.fault = TIMEOUT_DONE;
	issue(&play, false);
	assert_int_equal(play.error, ERR_UNSURE);
	close_server(&play, &server);
}

static void test_resume(void **unused)
{
	struct server server;
	struct bmx_play play;

	(void)unused;
	open_server(&play, &server, "/v3/qr_keys", "qr_keys", 250);
	issue(&play, true); /* not there: all pages are read, then it is made */
	assert_int_equal(play.error, ERR_OK);
	assert_int_equal(server.lists, 3);
	assert_int_equal(play.writes, 1);
	assert_int_equal(named(&server, "Ana"), 1);
	issue(&play, true);
	assert_int_equal(play.writes, 0);
	assert_int_equal(named(&server, "Ana"), 1);
	/* The answer to the write after the look is lost too. */
	drop_newest(&server);
	server.fault = TIMEOUT_DONE;
	issue(&play, true);
	assert_int_equal(play.error, ERR_OK);
	assert_int_equal(play.writes, 1);
	assert_int_equal(named(&server, "Ana"), 1);
	/* It cannot be looked: nothing is sent. */
	server.lists_fail_after = 0;
	issue(&play, true);
	assert_int_equal(play.error, ERR_UNSURE);
	assert_int_equal(play.writes, 0);
	close_server(&play, &server);
}

static void test_alike(void **unused)
{
	struct server server;
	struct bmx_play play;

	(void)unused;
	open_server(&play, &server, "/v3/qr_keys", "qr_keys", 2);
	issue(&play, false);
	/* One that is the same was there before: it is not taken for the new one. */
	server.fault = TIMEOUT_UNDONE;
	issue(&play, false);
	assert_int_equal(play.error, ERR_TIMEOUT);
	assert_int_equal(named(&server, "Ana"), 1);
	server.fault = TIMEOUT_DONE;
	issue(&play, false);
	assert_int_equal(play.error, ERR_OK);
	bmx_row(&play, KIND_KEYS, "4");
	/* Oldest first, over several pages. */
	server.ascending = true;
	server.page_size = 2;
	issue(&play, false);
	assert_int_equal(play.error, ERR_OK);
	bmx_row(&play, KIND_KEYS, "5");
	server.fault = TIMEOUT_UNDONE;
	issue(&play, false);
	assert_int_equal(play.error, ERR_TIMEOUT);
	close_server(&play, &server);
}

/* A list whose first page looks as if it began with the newest, and does not: no document promises an order. */
static void test_no_order(void **unused)
{
	struct server server;
	struct bmx_play play;

	(void)unused;
	open_server(&play, &server, "/v3/qr_keys", "qr_keys", 350);
	server.newest_last = true;
	server.fault = TIMEOUT_UNDONE;
	issue(&play, false);
	assert_int_equal(play.error, ERR_TIMEOUT);
	assert_non_null(strstr(work_problem(play.work)->why, "the key was not created"));
	/* It is there, at the end; whether it is the new one cannot be told, and that is said. */
	server.fault = TIMEOUT_DONE;
	issue(&play, false);
	assert_int_equal(play.error, ERR_UNSURE);
	assert_int_equal(named(&server, "Ana"), 1);
	assert_int_equal(play.writes, 1);
	close_server(&play, &server);
}

static const char *const chain_order[] = {"name",
					  "Contractors",
					  "weekdays",
					  "mon,fri",
					  "valid_date_from",
					  "2018-03-01",
					  "valid_date_to",
					  "2018-03-21",
					  "valid_time_from",
					  "11:00",
					  "valid_time_to",
					  "15:50:00",
					  "unit_id",
					  "11",
					  "user_id",
					  "22",
					  NULL};

/* What tells a new thing from one that was there. */
static void test_new_or_old(void **unused)
{
	static const char alike[] =
		"{\"data\":[{\"type\":\"qr_keys\",\"id\":\"k-%s\",\"attributes\":{\"name\":\"Ana\",\"email\":"
		"\"ana@example.org\"," WINDOW "}}]}";
	char *old, **parts = g_strsplit(alike, "%s", 2);
	struct server server;
	struct bmx_play play;

	(void)unused;
	/* Two new ones: nobody can say which is ours, or whether ours is among them. */
	open_server(&play, &server, "/v3/qr_keys", "qr_keys", 2);
	server.fault = TWICE_DONE;
	issue(&play, false);
	assert_int_equal(play.error, ERR_UNSURE);
	assert_int_equal(play.writes, 1);
	close_server(&play, &server);
	/* An old one that was not on the page that was read before. */
	open_server(&play, &server, "/v3/qr_keys", "qr_keys", 0);
	issue(&play, false);
	for (unsigned i = 0; i < 3; i++)
		add(&server, "{\"name\":\"Bob\"}", "{}");
	server.page_size = 2;
	server.page_size_after = 100;
	server.fault = TIMEOUT_UNDONE;
	issue(&play, false);
	assert_int_equal(play.error, ERR_TIMEOUT);
	close_server(&play, &server);
	/* Ids without an order. */
	old = g_strdup_printf("%s%s%s", parts[0], "7", parts[1]);
	const struct bmx_answer answers[] = {
		{"GET", "/v3/qr_keys?", 200, NULL, old, 0, BMX_ANSWERED},
		{"POST", "/v3/qr_keys", 0, NULL, "", 0, BMX_TIMEOUT},
		{.method = NULL},
	};
	bmx_open(&play, NULL);
	bmx_order(&play, KIND_KEYS, VERB_CREATE, NULL, false, key_order, answers);
	assert_int_equal(play.error, ERR_TIMEOUT);
	bmx_close(&play);
	g_free(old);
	g_strfreev(parts);
}

/* A row is what was ordered, and with one value changed it is not. */
static void expect_made(enum kind kind, const char *const *fields, const char *attributes,
			const char *relations, bool made)
{
	static const char *const types[KIND_COUNT] = {[KIND_KEYS] = "qr_keys",
						      [KIND_KEYCHAINS] = "keychains",
						      [KIND_TENANTS] = "units_users",
						      [KIND_UNITS] = "units"};
	struct rows *rows = kind_rows_new(kind, "", "");
	struct order *order = order_new(kind, VERB_CREATE, NULL);
	struct bmx_directory directory;
	struct bmx_resource resource;
	struct bmx_doc doc;
	char *text = g_strdup_printf(
		"{\"data\":{\"type\":\"%s\",\"id\":\"1\",\"attributes\":{%s},\"relationships\":{%s}}}",
		types[kind], attributes, relations);

	jsonx_setup();
	bmx_directory_init(&directory);
	for (; fields[0] != NULL; fields += 2)
		order_set(order, fields[0], fields[1]);
	assert_int_equal(bmx_doc_read(&doc, text, strlen(text), NULL), ERR_OK);
	assert_true(bmx_resource_read(&resource, bmx_doc_first(&doc)));
	assert_true(bmx_decode(rows, &resource));
	if (bmx_order_made(order, &directory, rows, rows_at(rows, 0)) != made)
		fail_msg("%s %s: expected %d", attributes, relations, made);
	bmx_doc_fini(&doc);
	bmx_directory_fini(&directory);
	order_free(order);
	rows_unref(rows);
	g_free(text);
}

static void test_content(void **unused)
{
#define UNIT(id) "\"unit\":{\"data\":{\"id\":\"" id "\"}}"
#define CHAIN(days, from, to)                                                                                \
	"\"name\":\"Contractors\",\"weekdays\":" days ",\"valid_date_from\":\"" from                         \
	"\",\"valid_date_to\":\"2018-03-21\",\"valid_time_from\":\"11:00:00\",\"valid_time_to\":\"" to "\""
	static const char *const sms[] = {"name",        "Ana", "sms_number", "+1 (500) 555-0006",
					  "keychain_id", "9",   NULL};
	static const char *const unit[] = {"name", "402", "zone_id", "3", NULL};

	(void)unused;
	expect_made(KIND_KEYS, key_order, "\"name\":\"Ana\",\"email\":\"ANA@example.org\"," WINDOW,
		    UNIT("11"), true);
	expect_made(KIND_KEYS, key_order, "\"name\":\"Ana\",\"email\":\"ana@example.org\"," WINDOW, "", true);
	expect_made(KIND_KEYS, key_order, "\"name\":\"Ana\",\"email\":\"ana@example.com\"," WINDOW, "",
		    false);
	expect_made(KIND_KEYS, key_order, "\"name\":\"Ana\"," WINDOW, "", false);
	expect_made(KIND_KEYS, key_order, "\"name\":\"ana\",\"email\":\"ana@example.org\"," WINDOW, "",
		    false);
	expect_made(KIND_KEYS, key_order, "\"name\":\"Ana\",\"email\":\"ana@example.org\"," WINDOW,
		    UNIT("12"), false);
	expect_made(KIND_KEYS, key_order,
		    "\"name\":\"Ana\",\"email\":\"ana@example.org\",\"sms_number\":\"+1\"," WINDOW, "",
		    false);
	expect_made(
		KIND_KEYS, key_order,
		"\"name\":\"Ana\",\"email\":\"ana@example.org\",\"activated_at\":\"2018-02-21T16:00:00Z\",\"expired_at\":"
		"\"2018-02-22T18:00:00Z\"",
		"", false);
	expect_made(KIND_KEYS, key_order,
		    "\"name\":\"Ana\",\"email\":\"ana@example.org\",\"activated_at\":\"2018-02-20T16:00:00Z\"",
		    "", false);
	expect_made(KIND_KEYS, sms, "\"name\":\"Ana\",\"sms_number\":\"+15005550006\"," WINDOW, "", true);
	expect_made(KIND_KEYS, sms, "\"name\":\"Ana\",\"sms_number\":\"+15005550007\"," WINDOW, "", false);
	expect_made(KIND_KEYS, sms, "\"name\":\"Ana\",\"sms_number\":\"+15005550006\"",
		    "\"keychain\":{\"data\":{\"id\":\"8\"}}", false);
	expect_made(KIND_KEYCHAINS, chain_order, CHAIN("[\"fri\",\"mon\"]", "2018-03-01", "15:50"),
		    UNIT("11"), true);
	expect_made(KIND_KEYCHAINS, chain_order, CHAIN("[\"fri\"]", "2018-03-01", "15:50:00"), "", false);
	expect_made(KIND_KEYCHAINS, chain_order, CHAIN("[\"fri\",\"mon\",\"sun\"]", "2018-03-01", "15:50:00"),
		    "", false);
	expect_made(KIND_KEYCHAINS, chain_order, CHAIN("null", "2018-03-01", "15:50:00"), "", false);
	expect_made(KIND_KEYCHAINS, chain_order, CHAIN("[\"fri\",\"mon\"]", "2018-03-02", "15:50:00"), "",
		    false);
	expect_made(KIND_KEYCHAINS, chain_order, CHAIN("[\"fri\",\"mon\"]", "2018-03-01", "15:51:00"), "",
		    false);
	expect_made(KIND_UNITS, unit, "\"label\":\"402\"", "\"zone\":{\"data\":{\"id\":\"3\"}}", true);
	expect_made(KIND_UNITS, unit, "\"label\":\"402\"", "\"zone\":{\"data\":{\"id\":\"4\"}}", false);
	expect_made(KIND_UNITS, unit, "\"label\":\"403\"", "", false);
}

static void test_refused(void **unused)
{
	static const char *const bare[] = {"name", "Ana", "keychain_id", "9", NULL};
	static const char *const endless[] = {"name", "Ana", "email", "a@b.c", NULL};
	struct server server;
	struct bmx_play play;

	(void)unused;
	open_server(&play, &server, "/v3/qr_keys", "qr_keys", 1);
	server.fault = REFUSED;
	issue(&play, false);
	assert_string_equal(bmx_fault(&play, "email"), "is invalid");
	assert_string_equal(bmx_fault(&play, "unit_id"), "must exist");
	assert_non_null(strstr(work_problem(play.work)->why, "base too many"));
	bmx_order(&play, KIND_KEYS, VERB_CREATE, NULL, false, bare, NULL);
	assert_int_equal(play.error, ERR_USAGE);
	assert_non_null(bmx_fault(&play, "email"));
	bmx_order(&play, KIND_KEYS, VERB_CREATE, NULL, false, endless, NULL);
	assert_int_equal(play.error, ERR_USAGE);
	bmx_order(&play, KIND_KEYS, VERB_CHANGE, "1", false, endless, NULL);
	assert_int_equal(play.error, ERR_UNSUPPORTED);
	assert_int_equal(play.requests, 0);
	close_server(&play, &server);
}

/* --- keychains and their keys --- */

static void test_keychain(void **unused)
{
	static const char *const key[] = {
		"name",        "Ana", "sms_number", "+1 500 555-0006", "activated_at", "2018-02-21T16:00:00Z",
		"keychain_id", "1",   NULL};
	const struct keychain *chain;
	struct server server;
	struct bmx_play play;

	(void)unused;
	open_server(&play, &server, "/v3/keychains", "keychains", 0);
	server.fault = TIMEOUT_DONE;
	bmx_order(&play, KIND_KEYCHAINS, VERB_CREATE, NULL, false, chain_order, around);
	assert_int_equal(
		bmx_count(
			&play,
			"\"weekdays\":[\"mon\",\"fri\"],\"valid_date_from\":\"2018-03-01\","
			"\"valid_date_to\":\"2018-03-21\",\"valid_time_from\":\"11:00:00\",\"valid_time_to\":\"15:50:00\"}"),
		1);
	chain = bmx_row(&play, KIND_KEYCHAINS, "1");
	assert_int_equal(chain->weekdays.n, 2);
	bmx_order(&play, KIND_KEYCHAINS, VERB_CREATE, NULL, true, chain_order, around);
	assert_int_equal(play.writes, 0);
	close_server(&play, &server);
	/* A key of it takes its window: none is sent. */
	open_server(&play, &server, "/v3/keychains/1/qr_keys", "qr_keys", 0);
	server.fault = RESET_DONE;
	bmx_order(&play, KIND_KEYS, VERB_CREATE, NULL, false, key,
		  (const struct bmx_answer[]){{"GET", "/v3/qr_keys/1", 404, NULL, "", 0, BMX_ANSWERED},
					      {.method = NULL}});
	assert_int_equal(
		bmx_count(&play,
			  "POST /v3/keychains/1/qr_keys {\"data\":{\"type\":\"qr_keys\",\"attributes\":{\"name\":\"Ana\","
			  "\"sms_number\":\"+1 500 555-0006\"}}}\n"),
		1);
	assert_int_equal(play.error, ERR_OK);
	bmx_row(&play, KIND_KEYS, "1");
	close_server(&play, &server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_create),     cmocka_unit_test(test_answer_lost),
		cmocka_unit_test(test_look_fails), cmocka_unit_test(test_before_fails),
		cmocka_unit_test(test_resume),     cmocka_unit_test(test_alike),
		cmocka_unit_test(test_no_order),   cmocka_unit_test(test_new_or_old),
		cmocka_unit_test(test_content),    cmocka_unit_test(test_refused),
		cmocka_unit_test(test_keychain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
