/* Writes to the simulated ButterflyMX: answers, validation, the time rules, lost answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "butterflymx_play.h"

static const cJSON *send_sample(struct bmx_play *play, const char *method, const char *path, const char *name)
{
	char *body = bmx_play_sample(name);
	const cJSON *answer = bmx_play_ask(play, method, path, body);

	g_free(body);
	return answer;
}

static const char *attribute(const struct bmx_play *play, const char *name)
{
	return jsonx_str(jsonx_get(jsonx_path(play->doc.root, "data.attributes"), name));
}

static const char *own_id(const struct bmx_play *play)
{
	return jsonx_str(jsonx_path(play->doc.root, "data.id"));
}

/* The pointer of the nth error, "" when there is none. */
static const char *pointer(const struct bmx_play *play, int index)
{
	const cJSON *error = cJSON_GetArrayItem(jsonx_get(play->doc.root, "errors"), index);
	const char *text = jsonx_str(jsonx_path(error, "source.pointer"));

	return text ? text : "";
}

static int count_of(struct bmx_play *play, const char *path)
{
	return cJSON_GetArraySize(jsonx_get(bmx_play_ask(play, "GET", path, NULL), "data"));
}

static void buildings_change(void **state)
{
	struct bmx_play play;

	(void)state;
	bmx_play_init(&play, NULL);
	bmx_play_ask(&play, "GET", "/v3/buildings", NULL);
	assert_string_equal(bmx_play_id(&play, 0), "4");
	bmx_play_like(
		"patch-buildings-id",
		bmx_play_ask(&play, "PATCH", "/v3/buildings/3",
			     "{\"data\":{\"type\":\"buildings\",\"id\":\"3\",\"attributes\":{"
			     "\"name\":\"My Building\",\"time_zone\":\"Hawaii\",\"door_release_pin\":false,"
			     "\"display_name_strategy\":\"anonymous\",\"qr_key_enabled\":false}}}"));
	assert_int_equal(play.status, 200);
	assert_string_equal(attribute(&play, "name"), "My Building");
	assert_string_equal(attribute(&play, "time_zone_offset"), "-10:00");
	bmx_play_like("patch-buildings-422",
		      bmx_play_ask(&play, "PATCH", "/v3/buildings/3",
				   "{\"data\":{\"type\":\"buildings\",\"id\":\"3\",\"attributes\":{"
				   "\"address_1\":\"\",\"name\":\"lost\",\"time_zone\":\"Nowhere\"}}}"));
	assert_int_equal(play.status, 422);
	assert_string_equal(pointer(&play, 0), "/data/attributes/address.address_1");
	assert_string_equal(pointer(&play, 1), "/data/attributes/time_zone");
	send_sample(&play, "PATCH", "/v3/buildings/3", "patch-buildings-id-remove_panel_logo.request");
	assert_int_equal(play.status, 200);
	assert_true(cJSON_IsNull(jsonx_path(play.doc.root, "data.attributes.panel_logo_picture.medium_url")));
	assert_string_equal(attribute(&play, "name"), "My Building");
	assert_int_equal(bmx_play_violations(&play), 0);
	send_sample(&play, "PATCH", "/v3/buildings/3", "patch-buildings-id.request"); /* of building 5 */
	assert_int_equal(play.status, 409);
	bmx_play_fini(&play);
}

static void units_and_tenants_change(void **state)
{
	struct bmx_play play;
	char path[80], user[160];

	(void)state;
	bmx_play_init(&play, NULL);
	bmx_play_like(
		"post-units",
		bmx_play_ask(&play, "POST", "/v3/units",
			     "{\"data\":{\"type\":\"units\",\"attributes\":{\"unit_type\":\"apartment\","
			     "\"label\":\"foo\",\"floor_number\":11},\"relationships\":{\"zone\":{\"data\":{"
			     "\"id\":\"33\"}}}}}"));
	assert_int_equal(play.status, 200);
	snprintf(path, sizeof(path), "/v3/units/%s", own_id(&play));
	bmx_play_like("patch-units-id",
		      bmx_play_ask(&play, "PATCH", path,
				   "{\"data\":{\"type\":\"units\",\"attributes\":{\"label\":\"updated\"}}}"));
	assert_string_equal(attribute(&play, "label"), "updated");
	g_strlcat(path, "/users", sizeof(path));
	bmx_play_like("post-units-id-users", send_sample(&play, "POST", path, "post-units-id-users.request"));
	assert_int_equal(play.status, 201);
	assert_string_equal(attribute(&play, "display_name"), "D. Carter");
	snprintf(user, sizeof(user), "%s/%s", path,
		 jsonx_str(jsonx_path(play.doc.root, "data.relationships.user.data.id")));
	assert_string_not_equal(own_id(&play), strrchr(user, '/') + 1);
	send_sample(&play, "POST", path, "post-units-id-users.request");
	assert_int_equal(play.status, 422);
	bmx_play_like("patch-units-id-users-id",
		      send_sample(&play, "PATCH", user, "patch-units-id-users-id.request"));
	assert_string_equal(attribute(&play, "pin"), "54321");
	assert_string_equal(attribute(&play, "inactive_at"), "2018-02-22T14:34:14Z");
	bmx_play_ask(&play, "POST", path,
		     "{\"data\":{\"type\":\"units_users\",\"attributes\":{\"email\":\"nobody\"}}}");
	assert_int_equal(play.status, 422);
	assert_string_equal(pointer(&play, 0), "/data/attributes/first_name");
	assert_string_equal(pointer(&play, 2), "/data/attributes/email");
	bmx_play_ask(&play, "DELETE", user, NULL);
	assert_int_equal(play.status, 204);
	bmx_play_ask(&play, "DELETE", user, NULL);
	assert_int_equal(play.status, 404);
	assert_int_equal(bmx_play_violations(&play), 0);
	bmx_play_fini(&play);
}

/* Somebody known by the address is added under the name they have. */
static void a_known_person_keeps_the_name(void **state)
{
	struct bmx_play play;
	char body[400], path[80];
	const cJSON *user;

	(void)state;
	bmx_play_init(&play, NULL);
	user = cJSON_GetArrayItem(jsonx_get(bmx_play_ask(&play, "GET", "/v3/units/48/users", NULL),
					    "included"),
				  0);
	snprintf(body, sizeof(body),
		 "{\"data\":{\"type\":\"units_users\",\"attributes\":{\"email\":\"%s\",\"first_name\":\"Other\","
		 "\"last_name\":\"Name\"}}}",
		 jsonx_str(jsonx_path(user, "attributes.email")));
	char *id = g_strdup(jsonx_str(jsonx_get(user, "id"))),
	     *name = g_strdup(jsonx_str(jsonx_path(user, "attributes.name")));

	bmx_play_ask(&play, "GET", "/v3/units", NULL);
	snprintf(path, sizeof(path), "/v3/units/%s/users", bmx_play_id(&play, 0));
	bmx_play_ask(&play, "POST", path, body);
	assert_int_equal(play.status, 201);
	assert_string_equal(jsonx_str(jsonx_path(play.doc.root, "data.relationships.user.data.id")), id);
	bmx_play_ask(&play, "GET", path, NULL);
	assert_non_null(strstr(buf_text(&play.body), name));
	assert_null(strstr(buf_text(&play.body), "\"Other\""));
	g_free(id);
	g_free(name);
	bmx_play_fini(&play);
}

#define OWNERS                                                                                               \
	"\"relationships\":{\"unit\":{\"data\":{\"type\":\"units\",\"id\":\"48\"}},\"user\":{\"data\":{"     \
	"\"type\":\"users\",\"id\":\"33\"}}}"
#define KEYCHAIN(attributes) "{\"data\":{\"type\":\"keychains\",\"attributes\":{" attributes "}," OWNERS "}}"
#define KEY(attributes) "{\"data\":{\"type\":\"qr_keys\",\"attributes\":{" attributes "}," OWNERS "}}"
#define SUMMER                                                                                               \
	"\"name\":\"foo\",\"valid_date_from\":\"2027-08-01\",\"valid_date_to\":\"2027-08-21\","              \
	"\"valid_time_from\":\"11:00:00\",\"valid_time_to\":\"15:50:00\""

/* The window is that of the keychain, in the time of New York; what the request says of it is ignored. */
static void a_key_takes_its_keychains_window(void **state)
{
	struct bmx_play play;
	char path[80];
	int keys;

	(void)state;
	bmx_play_init(&play, NULL);
	bmx_play_like("get-keychains-id", bmx_play_ask(&play, "POST", "/v3/keychains",
						       KEYCHAIN(SUMMER ",\"weekdays\":[\"mon\",\"fri\"]")));
	assert_int_equal(play.status, 201);
	assert_int_equal(cJSON_GetArraySize(jsonx_path(play.doc.root, "data.attributes.weekdays")), 2);
	keys = count_of(&play, "/v3/qr_keys");
	bmx_play_ask(&play, "GET", "/v3/keychains", NULL);
	snprintf(path, sizeof(path), "/v3/keychains/%s/qr_keys", bmx_play_id(&play, 0));
	bmx_play_like("post-keychains-id-qr_keys",
		      send_sample(&play, "POST", path, "post-keychains-id-qr_keys.request"));
	assert_int_equal(play.status, 201);
	assert_string_equal(attribute(&play, "activated_at"), "2027-08-01T15:00:00Z");
	assert_string_equal(attribute(&play, "expired_at"), "2027-08-21T19:50:00Z");
	assert_string_equal(jsonx_str(jsonx_path(play.doc.root, "data.relationships.unit.data.id")), "48");
	assert_int_equal(count_of(&play, path), 1);
	assert_int_equal(count_of(&play, "/v3/qr_keys"), keys + 1);
	*strrchr(path, '/') = '\0';
	bmx_play_ask(&play, "DELETE", path, NULL);
	assert_int_equal(play.status, 204);
	assert_int_equal(count_of(&play, "/v3/qr_keys"), keys);
	bmx_play_ask(&play, "DELETE", path, NULL);
	assert_int_equal(play.status, 404);
	assert_int_equal(bmx_play_violations(&play), 0);
	bmx_play_fini(&play);
}

static void a_single_key_gets_a_keychain_in_local_time(void **state)
{
	struct bmx_play play;
	char path[80];

	(void)state;
	bmx_play_init(&play, NULL);
	bmx_play_like("get-qr_keys-id", bmx_play_ask(&play, "POST", "/v3/qr_keys",
						     KEY("\"name\":\"mykey\",\"email\":\"foo@bar.baz\","
							 "\"activated_at\":\"2026-11-29T21:01:00Z\","
							 "\"expired_at\":\"2026-11-30T05:06:00Z\"")));
	assert_int_equal(play.status, 201);
	assert_string_equal(attribute(&play, "activated_at"), "2026-11-29T21:01:00Z");
	snprintf(path, sizeof(path), "/v3/keychains/%s",
		 jsonx_str(jsonx_path(play.doc.root, "data.relationships.keychain.data.id")));
	bmx_play_ask(&play, "GET", path, NULL);
	assert_string_equal(attribute(&play, "name"), "mykey");
	assert_string_equal(attribute(&play, "valid_date_from"), "2026-11-29");
	assert_string_equal(attribute(&play, "valid_time_from"), "16:01:00");
	assert_string_equal(attribute(&play, "valid_date_to"), "2026-11-30");
	assert_string_equal(attribute(&play, "valid_time_to"), "00:06:00");
	bmx_play_fini(&play);
}

static void what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *path, *body, *pointer;
		int status;
	} rows[] = {
		{"/v3/keychains", KEYCHAIN("\"name\":\" \""), "/data/attributes/name", 422},
		{"/v3/keychains", KEYCHAIN(SUMMER ",\"weekdays\":[\"monday\"]"), "/data/attributes/weekdays",
		 422},
		{"/v3/keychains",
		 KEYCHAIN("\"name\":\"a\",\"valid_date_from\":\"2026-12-02\",\"valid_date_to\":\"2026-12-01\","
			  "\"valid_time_from\":\"11:00:00\",\"valid_time_to\":\"15:50:00\""),
		 "/data/attributes/valid_date_to", 422},
		{"/v3/keychains",
		 KEYCHAIN("\"name\":\"a\",\"valid_date_from\":\"2026-12-02\",\"valid_date_to\":\"2026-12-02\","
			  "\"valid_time_from\":\"11:00:00\",\"valid_time_to\":\"11:00:00\""),
		 "/data/attributes/valid_time_to", 422},
		{"/v3/keychains",
		 KEYCHAIN("\"name\":\"a\",\"valid_date_from\":\"2026-02-30\",\"valid_date_to\":\"2026-12-02\","
			  "\"valid_time_from\":\"11:00\",\"valid_time_to\":\"25:00:00\""),
		 "/data/attributes/valid_date_from", 422},
		{"/v3/keychains",
		 KEYCHAIN("\"name\":\"a\",\"valid_date_from\":\"2026-12-02\",\"valid_date_to\":\"2028-12-02\","
			  "\"valid_time_from\":\"11:00:00\",\"valid_time_to\":\"12:00:00\""),
		 "/data/attributes/valid_date_to", 422},
		{"/v3/qr_keys",
		 KEY("\"name\":\"a\",\"activated_at\":\"2026-11-29T21:01:00Z\","
		     "\"expired_at\":\"2026-11-30T05:06:00Z\""),
		 "/data/attributes/email", 422},
		{"/v3/qr_keys", KEY("\"name\":\"a\",\"sms_number\":\"0123\""), "/data/attributes/sms_number",
		 422},
		{"/v3/qr_keys",
		 KEY("\"name\":\"a\",\"email\":\"a@b.c\",\"activated_at\":\"2026-11-30T21:01:00Z\","
		     "\"expired_at\":\"2026-11-30T05:06:00Z\""),
		 "/data/attributes/expired_at", 422},
		{"/v3/units",
		 "{\"data\":{\"type\":\"units\",\"attributes\":{\"unit_type\":\"garage\",\"label\":\"x\"}}}",
		 "/data/attributes/unit_type", 422},
		{"/v3/units", "{\"data\":{\"type\":\"zones\"}}", "/data/type", 409},
		{"/v3/units", "{\"data\":{\"type\":\"units\",\"id\":\"7\"}}", "/data/id", 403},
		{"/v3/units", "{}", "/data", 400},
	};
	struct bmx_play play;

	(void)state;
	bmx_play_init(&play, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		bmx_play_ask(&play, "POST", rows[i].path, rows[i].body);
		assert_int_equal(play.status, rows[i].status);
		assert_string_equal(pointer(&play, 0), rows[i].pointer);
	}
	assert_int_equal(bmx_play_violations(&play), 3);
	bmx_play_fini(&play);
}

static void keys_need_a_unit_within_reach(void **state)
{
	struct bmx_play play;

	(void)state;
	bmx_play_init(&play, NULL);
	bmx_play_ask(&play, "POST", "/v3/keychains",
		     "{\"data\":{\"type\":\"keychains\",\"attributes\":{" SUMMER "},\"relationships\":{"
		     "\"unit\":{\"data\":{\"id\":\"1\"}},\"user\":{\"data\":{\"id\":\"33\"}}}}}");
	assert_int_equal(play.status, 422);
	assert_string_equal(pointer(&play, 0), "/data/relationships/unit");
	bmx_play_fault(&play, "role", "tenant");
	bmx_play_ask(&play, "GET", "/v3/units", NULL);
	assert_string_equal(bmx_play_id(&play, 0), "48");
	bmx_play_ask(&play, "POST", "/v3/keychains", KEYCHAIN(SUMMER));
	assert_int_equal(play.status, 201);
	bmx_play_ask(&play, "POST", "/v3/keychains",
		     "{\"data\":{\"type\":\"keychains\",\"attributes\":{" SUMMER "},\"relationships\":{"
		     "\"unit\":{\"data\":{\"id\":\"49\"}},\"user\":{\"data\":{\"id\":\"33\"}}}}}");
	assert_int_equal(play.status, 403);
	bmx_play_fini(&play);
}

static void a_lost_answer_says_nothing_of_the_work(void **state)
{
	static const struct {
		const char *word;
		int added;
		bool reset, late;
	} rows[] = {
		{"done_reset", 1, true, false},   {"undone_reset", 0, true, false},
		{"done_503", 1, false, false},    {"undone_503", 0, false, false},
		{"done_timeout", 1, false, true}, {"undone_timeout", 0, false, true},
	};
	struct bmx_play play;

	(void)state;
	bmx_play_init(&play, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		int before = count_of(&play, "/v3/keychains");

		bmx_play_fault(&play, "write", rows[i].word);
		bmx_play_fault(&play, "write_count", "1");
		bmx_play_ask(&play, "POST", "/v3/keychains", KEYCHAIN(SUMMER));
		assert_int_equal(play.drop && play.reset, rows[i].reset);
		assert_int_equal(play.delay_ms > 60000, rows[i].late);
		if (!rows[i].reset && !rows[i].late)
			assert_int_equal(play.status, 503);
		assert_int_equal(count_of(&play, "/v3/keychains"), before + rows[i].added);
		bmx_play_ask(&play, "POST", "/v3/keychains", KEYCHAIN(SUMMER));
		assert_int_equal(play.status, 201);
		assert_int_equal(play.delay_ms, 0);
	}
	bmx_play_fault(&play, "write_body", "off");
	bmx_play_ask(&play, "POST", "/v3/keychains", KEYCHAIN(SUMMER));
	assert_int_equal(play.status, 204);
	assert_int_equal(play.body.length, 0);
	bmx_play_fini(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buildings_change),
		cmocka_unit_test(units_and_tenants_change),
		cmocka_unit_test(a_known_person_keeps_the_name),
		cmocka_unit_test(a_key_takes_its_keychains_window),
		cmocka_unit_test(a_single_key_gets_a_keychain_in_local_time),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(keys_need_a_unit_within_reach),
		cmocka_unit_test(a_lost_answer_says_nothing_of_the_work),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
