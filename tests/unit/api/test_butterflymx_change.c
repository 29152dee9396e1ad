/* Changes and deletions through the ButterflyMX adapter: bodies, answers, answers that are lost, and what a refusal is in words. */
#include "test_butterflymx_play.h"

#include "api/butterflymx/job.h"
#include "core/kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

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

/* --- deletions --- */

static void test_delete(void **unused)
{
	static const struct {
		struct bmx_answer answers[4];
		int error;
		bool resume;
		unsigned writes;
	} cases[] = {
		{{{"DELETE", "/v3/qr_keys/4", 204, NULL, "", 1, BMX_ANSWERED}}, ERR_OK, false, 1},
		{{{"DELETE", "/v3/qr_keys/4", 404, NULL, "", 1, BMX_ANSWERED}}, ERR_OK, false, 1},
		{{{"DELETE", "/v3/qr_keys/4", 403, NULL, "", 1, BMX_ANSWERED}}, ERR_DENIED, false, 1},
		{{{"DELETE", "/v3/qr_keys/4", 0, NULL, "", 1, BMX_TIMEOUT},
		  {"GET", "/v3/qr_keys/4", 404, NULL, "", 1, BMX_ANSWERED}},
		 ERR_OK,
		 false,
		 1},
		{{{"DELETE", "/v3/qr_keys/4", 503, NULL, "", 1, BMX_ANSWERED},
		  {"GET", "/v3/qr_keys/4", 200, NULL, "{\"data\":{\"type\":\"qr_keys\",\"id\":\"4\"}}", 3,
		   BMX_ANSWERED}},
		 ERR_SERVER,
		 false,
		 1},
		{{{"DELETE", "/v3/qr_keys/4", 0, NULL, "", 1, BMX_RESET},
		  {"GET", "/v3/qr_keys/4", 200, NULL, "{\"data\":{\"type\":\"qr_keys\",\"id\":\"4\"}}", 1,
		   BMX_ANSWERED},
		  {"GET", "/v3/qr_keys/4", 404, NULL, "", 1, BMX_ANSWERED}},
		 ERR_OK,
		 false,
		 1},
		{{{"DELETE", "/v3/qr_keys/4", 0, NULL, "", 1, BMX_RESET},
		  {"GET", "/v3/qr_keys/4", 500, NULL, "", 1, BMX_ANSWERED}},
		 ERR_UNSURE,
		 false,
		 1},
		{{{"DELETE", "/v3/qr_keys/4", 0, NULL, "", 1, BMX_NOT_SENT}}, ERR_UNREACHED, false, 1},
		{{{"GET", "/v3/qr_keys/4", 404, NULL, "", 1, BMX_ANSWERED}}, ERR_OK, true, 0},
		{{{"GET", "/v3/qr_keys/4", 200, NULL, "{\"data\":{\"type\":\"qr_keys\",\"id\":\"4\"}}", 1,
		   BMX_ANSWERED},
		  {"DELETE", "/v3/qr_keys/4", 204, NULL, "", 1, BMX_ANSWERED}},
		 ERR_OK,
		 true,
		 1},
	};
	struct bmx_play play;

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		bmx_open(&play, NULL);
		bmx_order(&play, KIND_KEYS, VERB_DELETE, "4", cases[i].resume, NULL, cases[i].answers);
		if (play.error != cases[i].error)
			fail_msg("case %zu: %d %s", i, play.error, work_problem(play.work)->why);
		assert_int_equal(play.writes, cases[i].writes);
		if (play.error == ERR_OK)
			assert_int_equal(rows_count(bmx_rows(&play, KIND_KEYS)), 0);
		bmx_close(&play);
	}
}

/* --- tenants --- */

static void test_tenants(void **unused)
{
	static const char *const create[] = {
		"unit_id", "66",  "email", "Walsh@example.com", "first_name", "Damon", "last_name",
		"Carter",  "pin", "0123",  "sms_notifications", "true",       NULL};
	static const char *const change[] = {"unit_id",        "66",    "user_id", "44", "pin", "",
					     "do_not_disturb", "false", NULL};
	static const char *const gone[] = {"unit_id", "66", "user_id", "44", NULL};
	static const char list[] =
		"{\"data\":[{\"type\":\"units_users\",\"id\":\"69\",\"relationships\":{\"user\":{\"data\":{\"type\":"
		"\"users\",\"id\":\"45\"}},\"unit\":{\"data\":{\"id\":\"66\"}}}},{\"type\":\"units_users\",\"id\":\"68\",\"attributes\":{\"pin\":null,\"do_not_disturb\":"
		"false},\"relationships\":{\"user\":{\"data\":{\"type\":\"users\",\"id\":\"44\"}},\"unit\":{\"data\":"
		"{\"type\":\"units\",\"id\":\"66\"}}}}],\"included\":[{\"type\":\"users\",\"id\":\"44\",\"attributes\":"
		"{\"name\":\"Walsh\",\"email\":\"walsh@example.com\"}}]}";
	const struct bmx_answer lost[] = {
		{"POST", "/v3/units/66/users", 0, NULL, "", 1, BMX_TIMEOUT},
		{"GET", "/v3/units/66/users", 200, NULL, "{\"data\":[]}", 1, BMX_ANSWERED},
		{"GET", "/v3/units/66/users", 200, NULL, list, 0, BMX_ANSWERED},
		{"GET", "/v3/units/66", 200, NULL,
		 "{\"data\":{\"type\":\"units\",\"id\":\"66\",\"attributes\":{\"label\":\"6F\"}}}", 0,
		 BMX_ANSWERED},
		{"PATCH", "/v3/units/66/users/44", 0, NULL, "", 1, BMX_TIMEOUT},
		{"DELETE", "/v3/units/66/users/44", 0, NULL, "", 1, BMX_TIMEOUT},
		{.method = NULL},
	};
	const struct bmx_answer fine[] = {
		{"GET", "/v3/units/66/users", 200, NULL, list, 0, BMX_ANSWERED},
		{"POST", "/v3/units/66/users", 201, "post-units-id-users.json", NULL, 1, BMX_ANSWERED},
		{"PATCH", "/v3/units/66/users/44", 204, NULL, "", 1, BMX_ANSWERED},
		{"DELETE", "/v3/units/66/users/44", 204, NULL, "", 1, BMX_ANSWERED},
		{"GET", "/v3/units/66", 404, NULL, "", 0, BMX_ANSWERED},
		{.method = NULL},
	};
	const struct tenant *tenant;
	struct bmx_play play;

	(void)unused;
	bmx_open(&play, NULL);
	bmx_order(&play, KIND_TENANTS, VERB_CREATE, NULL, false, create, fine);
	tenant = bmx_row(&play, KIND_TENANTS, "68");
	assert_string_equal(tenant->name, "Walsh"); /* as the server has it, not as it was sent (§8.3) */
	assert_null(tenant->unit);                  /* nobody tells its label */
	assert_int_equal(
		bmx_count(&play,
			  "{\"email\":\"Walsh@example.com\",\"first_name\":\"Damon\",\"last_name\":\"Carter\",\"pin\":"
			  "\"0123\",\"sms_notifications\":true}"),
		1);
	bmx_order(&play, KIND_TENANTS, VERB_CHANGE, "68", false, change, fine);
	assert_int_equal(
		bmx_count(&play,
			  "PATCH /v3/units/66/users/44 {\"data\":{\"type\":\"units_users\",\"id\":\"68\",\"attributes\":{"
			  "\"pin\":null,\"do_not_disturb\":false}}}\n"),
		1);
	bmx_row(&play, KIND_TENANTS, "68");
	bmx_order(&play, KIND_TENANTS, VERB_DELETE, "68", false, gone, fine);
	assert_int_equal(play.error, ERR_OK);
	bmx_close(&play);
	bmx_open(&play, NULL);
	bmx_order(&play, KIND_TENANTS, VERB_CREATE, NULL, false, create, lost);
	tenant = bmx_row(&play, KIND_TENANTS, "68");
	assert_string_equal(tenant->unit, "6F");
	bmx_order(&play, KIND_TENANTS, VERB_CHANGE, "68", false, change, &lost[2]);
	assert_int_equal(play.writes, 1);
	bmx_row(&play, KIND_TENANTS, "68");
	bmx_order(&play, KIND_TENANTS, VERB_DELETE, "68", false, gone, &lost[2]);
	assert_int_equal(play.error, ERR_TIMEOUT); /* still there */
	bmx_order(&play, KIND_TENANTS, VERB_CHANGE, "68", true, change, &lost[2]);
	assert_int_equal(play.writes, 0); /* it shows the change already */
	bmx_order(&play, KIND_TENANTS, VERB_DELETE, NULL, false, NULL, NULL);
	assert_int_equal(play.error, ERR_USAGE);
	bmx_close(&play);
}

/* --- units, buildings --- */

static void test_units(void **unused)
{
	static const char *const create[] = {"name", "foo", "floor_number", "11", "zone_id", "36", NULL};
	static const char *const change[] = {"name", "updated", NULL};
	static const struct bmx_answer answers[] = {
		{"GET", "/v3/units?", 200, "get-units.json", NULL, 0, BMX_ANSWERED},
		{"POST", "/v3/units", 200, "post-units.json", NULL, 1, BMX_ANSWERED},
		{"PATCH", "/v3/units/60", 200, "patch-units-id.json", NULL, 1, BMX_ANSWERED},
		{"PATCH", "/v3/units/60", 502, NULL, "", 0, BMX_ANSWERED},
		{"GET", "/v3/units/60", 200, "patch-units-id.json", NULL, 0, BMX_ANSWERED},
		{.method = NULL},
	};
	struct bmx_play play;

	(void)unused;
	bmx_open(&play, NULL);
	bmx_order(&play, KIND_UNITS, VERB_CREATE, NULL, false, create, answers);
	assert_int_equal(
		bmx_count(
			&play,
			"POST /v3/units {\"data\":{\"type\":\"units\",\"attributes\":{\"unit_type\":\"apartment\",\"label\":"
			"\"foo\",\"floor_number\":11},\"relationships\":{\"zone\":{\"data\":{\"type\":\"zones\",\"id\":"
			"\"36\"}}}}}\n"),
		1);
	assert_string_equal(((const struct unit *)bmx_row(&play, KIND_UNITS, "59"))->name, "foo");
	bmx_order(&play, KIND_UNITS, VERB_CHANGE, "60", false, change, &answers[2]);
	bmx_row(&play, KIND_UNITS, "60");
	bmx_order(&play, KIND_UNITS, VERB_CHANGE, "60", false, change, &answers[3]);
	assert_int_equal(play.writes, 1);
	bmx_row(&play, KIND_UNITS, "60"); /* the answer was lost, the change is there */
	static const char *const other[] = {"name", "elsewhere", NULL};
	bmx_order(&play, KIND_UNITS, VERB_CHANGE, "60", false, other, &answers[3]);
	assert_int_equal(play.error, ERR_SERVER);
	assert_non_null(strstr(work_problem(play.work)->why, "the unit was not changed"));
	assert_int_equal(play.writes, 1);
	bmx_order(&play, KIND_UNITS, VERB_CHANGE, "60", false, NULL, NULL);
	assert_int_equal(play.error, ERR_USAGE);
	bmx_close(&play);
}

static void test_buildings(void **unused)
{
	static const char *const change[] = {"name",
					     "My Building",
					     "timezone",
					     "Eastern Time (US & Canada)",
					     "qr_key_enabled",
					     "false",
					     "door_release_pin",
					     "",
					     "address_2",
					     "",
					     NULL};
	static const char *const blank[] = {"address_1", "", NULL};
	static const char *const unseen[] = {"in_unit_phone_number", "+1", NULL};
	static const char *const logo[] = {"remove_panel_logo", "true", NULL};
	static const struct bmx_answer answers[] = {
		{"PATCH", "/v3/buildings/5", 200, "patch-buildings-id.json", NULL, 1, BMX_ANSWERED},
		{"PATCH", "/v3/buildings/9", 422, "patch-buildings-422.json", NULL, 1, BMX_ANSWERED},
		{"PATCH", "/v3/buildings/3", 0, NULL, "", 0, BMX_TIMEOUT},
		{"GET", "/v3/buildings/3", 200, "get-buildings-id.json", NULL, 0, BMX_ANSWERED},
		{"PATCH", "/v3/buildings/11", 0, NULL, "", 0, BMX_TIMEOUT},
		{"GET", "/v3/buildings/11", 200, "patch-buildings-id-remove_panel_logo.json", NULL, 0,
		 BMX_ANSWERED},
		{.method = NULL},
	};
	struct bmx_play play;

	(void)unused;
	bmx_open(&play, NULL);
	bmx_order(&play, KIND_BUILDINGS, VERB_CHANGE, "5", false, change, answers);
	assert_int_equal(
		bmx_count(&play,
			  "PATCH /v3/buildings/5 {\"data\":{\"type\":\"buildings\",\"id\":\"5\",\"attributes\":{\"name\":\"My "
			  "Building\",\"time_zone\":\"Eastern Time (US & Canada)\",\"qr_key_enabled\":false,"
			  "\"door_release_pin\":false,\"address_2\":null}}}\n"),
		1);
	assert_string_equal(((const struct building *)bmx_row(&play, KIND_BUILDINGS, "5"))->timezone,
			    "America/New_York");
	bmx_order(&play, KIND_BUILDINGS, VERB_CHANGE, "9", false, blank, answers);
	assert_int_equal(play.error, ERR_INVALID);
	assert_string_equal(bmx_fault(&play, "address_1"), "can't be blank");
	bmx_order(&play, KIND_BUILDINGS, VERB_CHANGE, "3", false, unseen, answers);
	assert_int_equal(play.error, ERR_UNSURE);
	bmx_order(&play, KIND_BUILDINGS, VERB_CHANGE, "3", false, logo, answers);
	assert_int_equal(play.error, ERR_TIMEOUT);
	bmx_order(&play, KIND_BUILDINGS, VERB_CHANGE, "11", false, logo, answers);
	assert_int_equal(play.error, ERR_OK);
	/* A zone is the same by whichever name. */
	bmx_order(&play, KIND_BUILDINGS, VERB_CHANGE, "3", false,
		  (const char *const[]){"timezone", "UTC", NULL}, answers);
	assert_int_equal(play.error, ERR_OK);
	bmx_order(&play, KIND_BUILDINGS, VERB_CHANGE, "3", false,
		  (const char *const[]){"timezone", "Hawaii", NULL}, answers);
	assert_int_equal(play.error, ERR_TIMEOUT);
	/* A truth in place of the PIN says nothing. */
	bmx_order(&play, KIND_BUILDINGS, VERB_CHANGE, "3", false,
		  (const char *const[]){"door_release_pin", "12", NULL}, answers);
	assert_int_equal(play.error, ERR_UNSURE);
	bmx_order(&play, KIND_BUILDINGS, VERB_CHANGE, "3", false,
		  (const char *const[]){"door_release_pin", "", NULL}, answers);
	assert_int_equal(play.error, ERR_OK);
	bmx_close(&play);
}

/* --- words --- */

static void test_refusals_in_words(void **unused)
{
	static const struct {
		int status, code;
		const char *words;
	} cases[] = {
		{400, ERR_INVALID, "does not understand"},
		{401, ERR_AUTH, "not signed in"},
		{403, ERR_DENIED, "does not allow"},
		{404, ERR_ABSENT, "not there"},
		{406, ERR_SERVER, "JSON:API"},
		{409, ERR_INVALID, "contradicts"},
		{415, ERR_SERVER, "JSON:API"},
		{422, ERR_INVALID, "refused"},
		{418, ERR_INVALID, "refused"},
		{302, ERR_INVALID, "refused"},
	};

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct bmx_answer answers[] = {
			{"GET", "/v3/qr_keys?", 200, NULL, "{\"data\":[]}", 0, BMX_ANSWERED},
			{"POST", "/v3/qr_keys", cases[i].status, NULL, "<html>\033[2J", 1, BMX_ANSWERED},
			{.method = NULL},
		};
		struct bmx_play play;

		bmx_open(&play, NULL);
		bmx_order(&play, KIND_KEYS, VERB_CREATE, NULL, false, key_order, answers);
		assert_int_equal(play.error, cases[i].code);
		assert_non_null(strstr(work_problem(play.work)->why, cases[i].words));
		assert_null(strchr(work_problem(play.work)->why, '\033'));
		bmx_close(&play);
	}
}

static void test_table(void **unused)
{
	(void)unused;
	for (const struct write_info *info = butterflymx_ops.writes; info->verbs != 0; info++) {
		assert_true((butterflymx_ops.kinds & KIND_BIT(info->kind)) != 0);
		for (size_t i = 0; i < info->n_fields; i++) {
			const struct write_field *field = &info->fields[i];

			assert_true((field->flags & (WRITE_ON_CREATE | WRITE_ON_CHANGE | WRITE_ON_DELETE)) !=
				    0);
			assert_string_equal(bmx_field_of(info->kind,
							 bmx_attribute_of(info->kind, field->name)),
					    field->name);
			assert_int_equal(field->form == WRITE_ID, field->of != KIND_COUNT);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_delete),
		cmocka_unit_test(test_tenants),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_buildings),
		cmocka_unit_test(test_refusals_in_words),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
