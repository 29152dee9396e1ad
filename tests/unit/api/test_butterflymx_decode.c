/* ButterflyMX's documents: every sample, every tolerance, and input that means no good. */
#include "butlr_play.h"
#include "test_butterflymx_play.h"

#include "api/butterflymx/decode.h"
#include "api/butterflymx/directory.h"
#include "api/butterflymx/jsonapi.h"
#include "base/moment.h"
#include "base/text.h"
#include "core/kind.h"

#include <glib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const enum kind kinds[] = {KIND_BUILDINGS, KIND_UNITS,     KIND_TENANTS, KIND_USERS,
				  KIND_DOORS,     KIND_KEYCHAINS, KIND_KEYS};

/* One document into rows of every kind, included resources too. */
struct bench {
	struct rows *rows[KIND_COUNT];
	struct bmx_directory directory;
	long next_page;
	int error;
};

static void bench_open(struct bench *bench)
{
	*bench = (struct bench){.next_page = 0};
	jsonx_setup();
	bmx_directory_init(&bench->directory);
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		bench->rows[kinds[i]] = kind_rows_new(kinds[i], "lobby", "butterflymx");
}

static void bench_close(struct bench *bench)
{
	bmx_directory_fini(&bench->directory);
	for (size_t i = 0; i < KIND_COUNT; i++)
		rows_unref(bench->rows[i]);
}

static void take_item(struct bench *bench, const cJSON *item)
{
	struct bmx_resource resource;
	struct bmx_local local;
	int kind;

	if (!bmx_resource_read(&resource, item))
		return;
	kind = bmx_kind_of(resource.ref.type);
	if (kind >= 0)
		bmx_decode(bench->rows[kind], &resource);
	bmx_keychain_local(&resource, &local);
}

static int take(struct bench *bench, const char *bytes, size_t length)
{
	const cJSON *included;
	struct bmx_doc doc;

	bench->error = bmx_doc_read(&doc, bytes, length, NULL);
	if (bench->error == ERR_OK) {
		bmx_directory_learn_all(&bench->directory, &doc);
		for (const cJSON *item = bmx_doc_first(&doc); item != NULL; item = bmx_doc_next(&doc, item))
			take_item(bench, item);
		included = bmx_doc_included(&doc);
		for (const cJSON *item = included != NULL ? included->child : NULL; item != NULL;
		     item = item->next)
			take_item(bench, item);
		(void)bmx_doc_find(&doc, "users", "41");
		bench->next_page = bmx_doc_next_page(&doc);
	}
	bmx_doc_fini(&doc);
	return bench->error;
}

static void take_text(struct bench *bench, const char *text)
{
	assert_int_equal(take(bench, text, strlen(text)), ERR_OK);
}

static void take_file(struct bench *bench, const char *file)
{
	struct buf bytes;

	bmx_read_file(file, &bytes);
	assert_int_equal(take(bench, bytes.data, bytes.length), ERR_OK);
	buf_fini(&bytes);
}

static const void *row(const struct bench *bench, enum kind kind, size_t i)
{
	assert_true(i < rows_count(bench->rows[kind]));
	return rows_at(bench->rows[kind], i);
}

/* --- samples --- */

static void test_buildings(void **unused)
{
	static const char *const files[] = {"get-buildings.json", "get-buildings-id.json",
					    "patch-buildings-id.json", "patch-buildings-id-address.json",
					    "patch-buildings-id-remove_panel_logo.json"};
	const struct building *building;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
		take_file(&bench, files[i]);
	assert_int_equal(rows_count(bench.rows[KIND_BUILDINGS]), 5);
	building = row(&bench, KIND_BUILDINGS, 0);
	assert_string_equal(building->id, "1");
	assert_string_equal(building->name, "Leuschke LLC-1");
	assert_string_equal(building->address,
			    "6981 Oberbrunner Avenue, Port Estelletown, MD 87861-5768, Port Estelletown, "
			    "Maryland, 87861-5768, United States");
	assert_string_equal(building->timezone, "Etc/UTC");
	assert_true(isnan(building->capacity));
	building = row(&bench, KIND_BUILDINGS, 2);
	assert_string_equal(building->timezone, "America/New_York"); /* a Rails name in the document */
	assert_string_equal(bmx_known_text(&bench.directory, "zones", "3", BMX_KNOWN_NAME), "default");
	bench_close(&bench);
}

static void test_units(void **unused)
{
	const struct unit *unit;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_file(&bench, "get-units.json");
	assert_int_equal(rows_count(bench.rows[KIND_UNITS]), 2);
	assert_int_equal(bench.next_page, 0);
	unit = row(&bench, KIND_UNITS, 0);
	assert_string_equal(unit->id, "50");
	assert_string_equal(unit->name, "50050");
	assert_string_equal(unit->type, "apartment");
	assert_true(unit->floor_number == 50);
	assert_string_equal(unit->building_id, "31");
	assert_string_equal(unit->zone_id, "32");
	assert_int_equal(unit->user_ids.n, 1);
	assert_string_equal(unit->user_ids.at[0], "32");
	/* The zone and the person have the same id. */
	assert_string_equal(bmx_known_text(&bench.directory, "zones", "32", BMX_KNOWN_NAME), "default");
	assert_string_equal(bmx_known_text(&bench.directory, "users", "32", BMX_KNOWN_NAME), "Tomas Blick");
	assert_string_equal(bmx_known_text(&bench.directory, "units", "50", BMX_KNOWN_BUILDING), "31");
	take_file(&bench, "post-units.json");
	take_file(&bench, "get-units-id.json");
	take_file(&bench, "patch-units-id.json");
	unit = row(&bench, KIND_UNITS, 2);
	assert_string_equal(unit->name, "foo");
	assert_int_equal(unit->user_ids.n, 0);
	unit = row(&bench, KIND_UNITS, 4);
	assert_string_equal(unit->name, "updated");
	bench_close(&bench);
}

static void test_tenants(void **unused)
{
	const struct tenant *tenant;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_file(&bench, "get-units-id-users.json");
	assert_int_equal(rows_count(bench.rows[KIND_TENANTS]), 2);
	assert_int_equal(rows_count(bench.rows[KIND_USERS]), 2);
	tenant = row(&bench, KIND_TENANTS, 0);
	assert_string_equal(tenant->id, "64");
	assert_string_equal(tenant->unit_id, "65");
	assert_string_equal(tenant->user_id, "41");
	assert_string_equal(tenant->display_name, "Colin Harber");
	assert_string_equal(tenant->display_name_strategy, "building");
	assert_string_equal(tenant->directory_message, "National Identity Supervisor");
	assert_null(tenant->pin);
	assert_int_equal(tenant->pin_enabled, 0);
	assert_int_equal(tenant->qr_key_enabled, 1);
	assert_int_equal(tenant->display_only_on_search, 1);
	assert_int_equal(tenant->email_notifications, 1);
	assert_int_equal(tenant->do_not_disturb, 0);
	assert_int_equal(tenant->active_ms, moment_parse("2018-02-21T14:34:13Z"));
	assert_int_equal(tenant->inactive_ms, MOMENT_NONE);
	assert_string_equal(bmx_known_text(&bench.directory, "users", "41", BMX_KNOWN_EMAIL),
			    "cierra.kris@klingbergnaum.io");
	take_file(&bench, "post-units-id-users.json");
	tenant = row(&bench, KIND_TENANTS, 2);
	assert_string_equal(tenant->pin, "12345");
	take_file(&bench, "patch-units-id-users-id.json");
	tenant = row(&bench, KIND_TENANTS, 3);
	assert_string_equal(tenant->pin, "54321");
	assert_int_equal(tenant->inactive_ms, moment_parse("2018-02-22T14:34:14Z"));
	bench_close(&bench);
}

static void test_doors(void **unused)
{
	const struct door_release *release;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_file(&bench, "get-door_releases.json");
	assert_int_equal(rows_count(bench.rows[KIND_DOORS]), 12);
	release = row(&bench, KIND_DOORS, 0);
	assert_string_equal(release->id, "12");
	assert_int_equal(release->time_ms, moment_parse("2018-02-21T14:34:06Z"));
	assert_string_equal(release->method, "mobile");
	assert_string_equal(release->type, "visitor");
	assert_string_equal(release->panel_user_type, "doorman");
	assert_string_equal(release->call_guid, "1fcbe5dd-9217-4563-be15-283c543c687c");
	assert_string_equal(release->name, "Carlie Kuhic");
	assert_string_equal(release->unit_id, "19");
	assert_string_equal(release->user_id, "13");
	assert_null(release->picture_url);
	bench_close(&bench);
}

static void test_keychains(void **unused)
{
	const struct keychain *chain;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_file(&bench, "get-keychains.json");
	assert_int_equal(rows_count(bench.rows[KIND_KEYCHAINS]), 3);
	chain = row(&bench, KIND_KEYCHAINS, 0);
	assert_string_equal(chain->id, "4");
	assert_string_equal(chain->name, "Customer Group Planner 4");
	assert_int_equal(chain->weekdays.n, 0);
	assert_string_equal(chain->valid_date_from, "2018-03-08");
	assert_string_equal(chain->valid_time_to, "23:25:00");
	assert_string_equal(chain->unit_id, "23");
	assert_string_equal(chain->user_id, "16");
	take_file(&bench, "get-keychains-id.json");
	assert_int_equal(rows_count(bench.rows[KIND_KEYCHAINS]), 4);
	bench_close(&bench);
}

static void test_keys(void **unused)
{
	const struct access_key *key;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_file(&bench, "get-qr_keys.json");
	assert_int_equal(rows_count(bench.rows[KIND_KEYS]), 3);
	key = row(&bench, KIND_KEYS, 0);
	assert_string_equal(key->id, "4");
	assert_string_equal(key->keychain_id, "9");
	assert_string_equal(key->name, "Noel Deckow V");
	assert_string_equal(key->email, "austin_schimmel@example.com");
	assert_string_equal(key->sms_number, "+12546239731");
	assert_string_equal(key->key_code, "od6eym5");
	assert_non_null(strstr(key->picture_url, "/large/"));
	assert_int_equal(key->activated_ms, moment_parse("2018-03-08T10:00:00Z"));
	assert_int_equal(key->expired_ms, moment_parse("2018-03-08T23:25:00Z"));
	assert_string_equal(key->unit_id, "32");
	assert_string_equal(key->user_id, "22");
	assert_null(key->status);
	take_file(&bench, "get-qr_keys-id.json");
	take_file(&bench, "get-keychains-id-qr_keys.json");
	take_file(&bench, "post-keychains-id-qr_keys.json");
	assert_int_equal(rows_count(bench.rows[KIND_KEYS]), 6);
	key = row(&bench, KIND_KEYS, rows_count(bench.rows[KIND_KEYS]) - 1);
	assert_string_equal(key->key_code, "eas4k0n");
	assert_null(key->sms_number);
	bench_close(&bench);
}

static void test_later(void **unused)
{
	const struct access_key *key;
	const struct keychain *chain;
	const struct door_release *release;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_file(&bench, "later-v3-get-access_codes.json");
	assert_int_equal(rows_count(bench.rows[KIND_KEYCHAINS]), 2);
	chain = row(&bench, KIND_KEYCHAINS, 0);
	assert_int_equal(chain->weekdays.n, 5);
	assert_string_equal(chain->weekdays.at[4], "fri");
	assert_string_equal(chain->valid_date_from, "2024-05-06");
	assert_string_equal(chain->valid_time_to, "18:00");
	chain = row(&bench, KIND_KEYCHAINS, 1);
	assert_int_equal(chain->weekdays.n, 0); /* [] is every day */
	key = row(&bench, KIND_KEYS, 0);
	assert_string_equal(key->key_code, "048213");
	assert_string_equal(key->picture_url, "https://images.example.com/qr/9101.png");
	release = row(&bench, KIND_DOORS, 0);
	assert_string_equal(release->method, "virtual_key_pin");
	assert_int_equal(release->time_ms, moment_parse("2024-05-07T14:20:31Z"));
	assert_null(release->call_guid);
	assert_string_equal(release->picture_url, "https://images.example.com/release/88001-medium.jpg");
	take_file(&bench, "later-v3-get-keychains-id.json");
	take_file(&bench, "later-v3-post-keychains-custom.json");
	take_file(&bench, "later-v3-post-keychains-id-virtual_keys.json");
	assert_int_equal(rows_count(bench.rows[KIND_KEYS]), 4);
	bench_close(&bench);
}

/* --- tolerances --- */

static void test_windows(void **unused)
{
	static const struct {
		const char *attributes, *zone, *from, *to;
		bool needs_zone;
	} cases[] = {
		/* The V4 sample's figures: daylight time began the day before. */
		{"{\"valid_date_from\":\"2024-03-11\",\"valid_date_to\":\"2024-03-12\",\"valid_time_from\":\"12:05:00\","
		 "\"valid_time_to\":\"15:00:00\"}",
		 "America/New_York", "2024-03-11T16:05:00Z", "2024-03-12T19:00:00Z", true},
		{"{\"start_date\":\"2024-03-11\",\"end_date\":\"2024-03-12\",\"time_from\":\"12:05\",\"time_to\":\"15:00\"}",
		 "Eastern Time (US & Canada)", "2024-03-11T16:05:00Z", "2024-03-12T19:00:00Z", true},
		{"{\"starts_at\":\"2024-05-10T15:00:00-0400\",\"ends_at\":\"2024-05-12T16:00:00Z\",\"start_date\":\"1999-01-01\"}",
		 NULL, "2024-05-10T19:00:00Z", "2024-05-12T16:00:00Z", false},
		{"{\"valid_date_from\":\"2024-03-11\",\"valid_date_to\":\"2024-03-11\"}", NULL,
		 "2024-03-11T00:00:00Z", "2024-03-11T23:59:59Z", true},
		{"{\"valid_time_from\":\"12:05\",\"valid_date_to\":\"soon\"}", NULL, "", "", true},
		{"{}", "Nowhere/At_All", "", "", false},
	};

	(void)unused;
	jsonx_setup();
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char text[1024], moment[MOMENT_TEXT_SIZE];
		struct bmx_resource resource;
		struct moment_zone *zone = moment_zone_new(cases[i].zone);
		struct bmx_window window;
		struct bmx_local local;
		struct bmx_doc doc;

		snprintf(text, sizeof(text),
			 "{\"data\":{\"type\":\"keychains\",\"id\":\"1\",\"attributes\":%s}}",
			 cases[i].attributes);
		assert_int_equal(bmx_doc_read(&doc, text, strlen(text), NULL), ERR_OK);
		assert_true(bmx_resource_read(&resource, bmx_doc_first(&doc)));
		bmx_keychain_local(&resource, &local);
		assert_int_equal(bmx_local_needs_zone(&local), cases[i].needs_zone);
		window = bmx_window_in(&local, zone);
		moment_zone_free(zone);
		assert_string_equal(moment_format(window.from_ms, moment), cases[i].from);
		assert_string_equal(moment_format(window.to_ms, moment), cases[i].to);
		bmx_doc_fini(&doc);
	}
}

static void test_odd_values(void **unused)
{
	const struct access_key *key;
	const struct tenant *tenant;
	const struct unit *unit;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_text(
		&bench,
		"{\"data\":[{\"type\":\"units\",\"id\":7,\"attributes\":{\"label\":\"\",\"floor_number\":\"12\"},\"relationships\":"
		"{\"zone\":{\"data\":null},\"building\":{\"links\":{}},\"users\":{\"data\":[{\"id\":3},null,7,\"x\",{}]}}},"
		"{\"type\":\"units\",\"id\":\"8\"},{\"type\":\"units\",\"id\":\"\"},{\"type\":\"units\",\"id\":1.5},"
		"{\"type\":\"units\",\"id\":-1},{\"type\":7,\"id\":\"9\"},{\"id\":\"10\"},null,7,[],{}]}");
	assert_int_equal(rows_count(bench.rows[KIND_UNITS]), 2);
	unit = row(&bench, KIND_UNITS, 0);
	assert_string_equal(unit->id, "7");
	assert_null(unit->name);
	assert_true(unit->floor_number == 12);
	assert_null(unit->zone_id);
	assert_null(unit->building_id);
	assert_int_equal(unit->user_ids.n, 2); /* 3, and the bare text */
	take_text(
		&bench,
		"{\"data\":[{\"type\":\"virtual_keys\",\"id\":\"1\",\"attributes\":{\"pin_code\":730194,\"qr_code_url\":\"u\","
		"\"thumb_url\":\"t\",\"starts_at\":\"2024-05-10T15:00:00\",\"ends_at\":1715526000,\"revoked_at\":\"2024-05-11\"}},"
		"{\"type\":\"units_users\",\"id\":\"2\",\"attributes\":{\"pin\":\"00123\",\"active_at\":\"2018-02-21T14:34:13.250+01:00\"}}]}");
	key = row(&bench, KIND_KEYS, 0);
	assert_string_equal(key->key_code, "730194");
	assert_string_equal(key->picture_url, "u");
	assert_string_equal(key->status, "revoked");
	assert_int_equal(key->activated_ms, moment_parse("2024-05-10T15:00:00Z"));
	tenant = row(&bench, KIND_TENANTS, 0);
	assert_string_equal(tenant->pin, "00123");
	assert_int_equal(tenant->active_ms, moment_parse("2018-02-21T13:34:13.250Z"));
	bench_close(&bench);
}

static void test_hostile_names(void **unused)
{
	const struct access_key *key;
	const struct building *building;
	struct bench bench;

	(void)unused;
	bench_open(&bench);
	take_text(
		&bench,
		"{\"data\":[{\"type\":\"qr_keys\",\"id\":\"1\\u001b[2J\",\"attributes\":{\"name\":\"\\u001b]0;x\\u0007"
		"\\u202eevil\",\"email\":\"a\\nb@x\",\"key_code\":\"=1+1\",\"large_url\":\"java\\u0000script:\"}},"
		"{\"type\":\"buildings\",\"id\":\"2\",\"attributes\":{\"name\":\"\\u061c\",\"address_1\":\"\\u009b31m\","
		"\"time_zone\":\"../../etc/passwd\",\"time_zone_offset\":\"-05:00\"}}]}");
	key = row(&bench, KIND_KEYS, 0);
	for (const char *text = key->name; *text != '\0';) {
		uint32_t codepoint;

		text += text_decode(text, strlen(text), &codepoint);
		assert_false(text_is_control(codepoint));
	}
	assert_null(strchr(key->id, '\033'));
	assert_null(strchr(key->email, '\n'));
	building = rows_count(bench.rows[KIND_BUILDINGS]) > 0 ? row(&bench, KIND_BUILDINGS, 0) : NULL;
	if (building != NULL)
		assert_string_equal(building->timezone, "-05:00");
	bench_close(&bench);
}

static void test_next_page(void **unused)
{
	static const struct {
		const char *links;
		long page;
	} cases[] = {
		{"{\"next\":\"http://api.butterflymx.com/v3/units?page%5Bnumber%5D=2&page%5Bsize%5D=100\"}",
		 2},
		{"{\"next\":\"https://evil.example/?unit_id=1&page[size]=5&page[number]=17\"}", 17},
		{"{\"next\":\"?page%5bnumber%5d=3\"}", 3},
		{"{\"next\":{\"href\":\"/x?a=1&page%5Bnumber%5D=9\"}}", 9},
		{"{\"next\":\"http://x/?page%5Bsize%5D=10&?page%5Bnumber%5D=2\"}",
		 2}, /* the document's own slip */
		{"{\"next\":null}", 0},
		{"{}", 0},
		{"[]", 0},
		{"{\"next\":7}", 0},
		{"{\"next\":\"\"}", 0},
		{"{\"next\":\"http://x/\"}", BMX_PAGE_UNREAD},
		{"{\"next\":\"?page[number]=0\"}", BMX_PAGE_UNREAD},
		{"{\"next\":\"?page[number]=-2\"}", BMX_PAGE_UNREAD},
		{"{\"next\":\"?page[number]=9999999999999999999\"}", BMX_PAGE_UNREAD},
		{"{\"next\":\"?page[number]\"}", BMX_PAGE_UNREAD},
		{"{\"next\":\"?page%5\"}", BMX_PAGE_UNREAD},
		{"{\"next\":\"?mypage[number]=4\"}", BMX_PAGE_UNREAD},
	};

	(void)unused;
	jsonx_setup();
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct bmx_doc doc;
		char text[300];

		snprintf(text, sizeof(text), "{\"data\":[],\"links\":%s}", cases[i].links);
		assert_int_equal(bmx_doc_read(&doc, text, strlen(text), NULL), ERR_OK);
		if (bmx_doc_next_page(&doc) != cases[i].page)
			fail_msg("%s: %ld", cases[i].links, bmx_doc_next_page(&doc));
		bmx_doc_fini(&doc);
	}
}

static void test_documents(void **unused)
{
	static const char *const none[] = {"",
					   "{}",
					   "[]",
					   "7",
					   "null",
					   "{\"data\":7}",
					   "{\"errors\":[]}",
					   "<html>",
					   "{\"data\":\"x\"}",
					   "{\"data\":true}"};
	static const char two[] =
		"{\"data\":null,\"included\":[{\"type\":\"zones\",\"id\":\"32\",\"attributes\":{\"name\":\"z\"}},"
		"{\"type\":\"users\",\"id\":\"32\"},7,{\"type\":\"users\"}]}";
	struct bmx_doc doc;

	(void)unused;
	jsonx_setup();
	for (size_t i = 0; i < G_N_ELEMENTS(none); i++) {
		assert_int_not_equal(bmx_doc_read(&doc, none[i], strlen(none[i]), NULL), ERR_OK);
		bmx_doc_fini(&doc);
	}
	assert_int_equal(bmx_doc_read(&doc, two, strlen(two), NULL), ERR_OK);
	assert_null(bmx_doc_first(&doc));
	assert_non_null(bmx_doc_find(&doc, "zones", "32"));
	assert_ptr_not_equal(bmx_doc_find(&doc, "zones", "32"), bmx_doc_find(&doc, "users", "32"));
	assert_null(bmx_doc_find(&doc, "users", "33"));
	bmx_doc_fini(&doc);
}

static void test_id_order(void **unused)
{
	(void)unused;
	assert_true(bmx_id_order("9", "10") < 0);
	assert_true(bmx_id_order("0010", "9") > 0);
	assert_true(bmx_id_order("123456789012345678901", "123456789012345678902") < 0);
	assert_int_equal(bmx_id_order("7", "007"), 0);
	assert_true(bmx_id_order("b", "a") > 0);
}

static void test_errors(void **unused)
{
	static const struct {
		const char *file, *body;
		size_t n;
		const char *text, *field;
		bool relation;
	} cases[] = {
		{"patch-buildings-422.json", NULL, 1, "can't be blank", "address_1", false},
		{"put-api-v1-password-422-wrong_password.json", NULL, 1, "Wrong password", "", false},
		{"put-api-v1-password-422-confirmation.json", NULL, 1,
		 "Password confirmation doesn't match Password", "", false},
		{"v4-errors-422.json", NULL, 2, "isn't strong enough, try a different value", "code", false},
		{"v4-errors-401.json", NULL, 1, "Unauthorized", "", false},
		{NULL, "{\"errors\":{\"detail\":\"one\"}}", 1, "one", "", false},
		{NULL,
		 "{\"errors\":[{\"messages\":[\"first\",\"second\"],\"source\":{\"parameter\":\"sort\"}}]}",
		 1, "first", "sort", false},
		{NULL,
		 "{\"errors\":[{\"title\":\"t\",\"source\":{\"pointer\":\"/data/relationships/unit/data/id\"}}]}",
		 1, "t", "unit", true},
		{NULL, "{\"errors\":[{\"code\":\"c\",\"source\":{\"pointer\":\"/data/attributes/\"}}]}", 1,
		 "c", "", false},
		{NULL, "{\"errors\":[7,null,[],true]}", 0, "", "", false},
		{NULL, "{\"errors\":7}", 0, "", "", false},
		{NULL, "<html>", 0, "", "", false},
		{NULL, "", 0, "", "", false},
		{NULL, "{\"errors\":[\"\\u001b[31m\"]}", 1, "\xe2\x90\x9b[31m", "", false},
	};

	(void)unused;
	jsonx_setup();
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct bmx_error errors[4] = {{.text = ""}};
		struct buf bytes;

		if (cases[i].file != NULL) {
			bmx_read_file(cases[i].file, &bytes);
		} else {
			buf_init(&bytes, BUF_CEILING_BODY);
			buf_adds(&bytes, cases[i].body);
		}
		assert_int_equal(bmx_errors(buf_text(&bytes), bytes.length, errors, 4), cases[i].n);
		assert_string_equal(errors[0].text, cases[i].text);
		assert_string_equal(errors[0].field, cases[i].field);
		assert_int_equal(errors[0].relation, cases[i].relation);
		buf_fini(&bytes);
	}
}

/* --- what means no good --- */

static void swallow(const char *bytes, size_t length)
{
	struct bmx_error errors[2];
	struct bench bench;

	bench_open(&bench);
	(void)take(&bench, bytes, length);
	(void)bmx_errors(bytes, length, errors, 2);
	bench_close(&bench);
}

static const char *const documents[] = {
	"get-buildings-id.json", "get-units-id-users.json",  "get-units.json",
	"get-keychains-id.json", "get-qr_keys-id.json",      "later-v3-get-keychains-id.json",
	"v4-errors-422.json",    "patch-buildings-422.json",
};

static void test_truncated(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(documents); i++) {
		struct buf bytes;

		bmx_read_file(documents[i], &bytes);
		for (size_t length = 0; length < bytes.length; length++) {
			char *cut = g_memdup2(bytes.data, length + 1); /* a read past the end is seen */

			swallow(cut, length);
			g_free(cut);
		}
		buf_fini(&bytes);
	}
}

static void test_wrong_types(void **unused)
{
	unsigned n = 0;

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(documents); i++) {
		struct buf bytes;

		bmx_read_file(documents[i], &bytes);
		n += play_mutate(&bytes, swallow);
		buf_fini(&bytes);
	}
	assert_true(n > 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buildings),  cmocka_unit_test(test_units),
		cmocka_unit_test(test_tenants),    cmocka_unit_test(test_doors),
		cmocka_unit_test(test_keychains),  cmocka_unit_test(test_keys),
		cmocka_unit_test(test_later),      cmocka_unit_test(test_windows),
		cmocka_unit_test(test_odd_values), cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_next_page),  cmocka_unit_test(test_documents),
		cmocka_unit_test(test_id_order),   cmocka_unit_test(test_errors),
		cmocka_unit_test(test_truncated),  cmocka_unit_test(test_wrong_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
