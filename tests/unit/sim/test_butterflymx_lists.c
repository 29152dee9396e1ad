/* What the simulated ButterflyMX lists: the samples' shape, pages, order, filters, media types, roles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/moment.h"
#include "butterflymx_play.h"
#include "sim/world.h"

static const cJSON *data_of(const cJSON *answer) { return jsonx_get(answer, "data"); }

static const char *attribute(const cJSON *row, const char *name)
{
	return jsonx_str(jsonx_get(jsonx_get(row, "attributes"), name));
}

static void every_read_has_the_shape_of_its_sample(void **state)
{
	static const struct {
		const char *list, *list_sample, *before, *after, *one_sample; /* before and after the id */
	} rows[] = {
		{"/v3/buildings", "get-buildings", "/v3/buildings/", "", "get-buildings-id"},
		{"/v3/units", "get-units", "/v3/units/", "", "get-units-id"},
		{"/v3/keychains", "get-keychains", "/v3/keychains/", "", "get-keychains-id"},
		{"/v3/qr_keys", "get-qr_keys", "/v3/qr_keys/", "", "get-qr_keys-id"},
		{"/v3/units", "get-units", "/v3/units/", "/users", "get-units-id-users"},
		{"/v3/keychains", "get-keychains", "/v3/keychains/", "/qr_keys", "get-keychains-id-qr_keys"},
		{"/v3/door_releases", "get-door_releases", NULL, NULL, NULL},
	};
	struct bmx_play play;

	(void)state;
	bmx_play_init(&play, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char path[100];

		bmx_play_like(rows[i].list_sample, bmx_play_ask(&play, "GET", rows[i].list, NULL));
		assert_int_equal(play.status, 200);
		assert_string_equal(play.content_type, "application/vnd.api+json; charset=utf-8");
		if (!rows[i].before)
			continue;
		snprintf(path, sizeof(path), "%s%s%s", rows[i].before, bmx_play_id(&play, 0), rows[i].after);
		bmx_play_like(rows[i].one_sample, bmx_play_ask(&play, "GET", path, NULL));
		assert_int_equal(play.status, 200);
	}
	bmx_play_ask(&play, "GET", "/mobile/v3/units", NULL);
	assert_int_equal(play.status, 200);
	assert_int_equal(bmx_play_violations(&play), 0);
	bmx_play_fini(&play);
}

/* Walks all pages; ids must fall strictly. Returns the number of rows, *pages that of pages. */
static int walk(struct bmx_play *play, const char *path, int *pages)
{
	GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	int64_t last = INT64_MAX;
	int count;
	bool more = true;

	for (*pages = 0; more; ++*pages) {
		char *page = g_strdup_printf("%s%cpage%%5Bnumber%%5D=%d", path, strchr(path, '?') ? '&' : '?',
					     *pages + 1);
		const cJSON *answer = bmx_play_ask(play, "GET", page, NULL), *row;

		g_free(page);
		assert_int_equal(play->status, 200);
		cJSON_ArrayForEach(row, data_of(answer))
		{
			const char *id = jsonx_str(jsonx_get(row, "id"));

			assert_true(g_ascii_strtoll(id, NULL, 10) < last);
			last = g_ascii_strtoll(id, NULL, 10);
			assert_true(g_hash_table_add(seen, g_strdup(id)));
		}
		more = cJSON_IsString(jsonx_path(answer, "links.next"));
	}
	count = (int)g_hash_table_size(seen);
	g_hash_table_destroy(seen);
	return count;
}

static void releases_fill_twentyfour_pages_and_go_on(void **state)
{
	struct bmx_play play;
	int pages;

	(void)state;
	bmx_play_init(&play, NULL);
	assert_int_equal(walk(&play, "/v3/door_releases", &pages), 2400);
	assert_int_equal(pages, 24);

	const cJSON *answer = bmx_play_ask(&play, "GET", "/v3/door_releases", NULL);
	char *newest = g_strdup(bmx_play_id(&play, 0));
	const char *created = attribute(cJSON_GetArrayItem(data_of(answer), 0), "created_at");

	assert_true(moment_parse(created) <= BMX_PLAY_NOW_MS);
	assert_true(moment_parse(created) > BMX_PLAY_NOW_MS - 3600000);
	assert_string_equal(jsonx_str(jsonx_path(answer, "links.last")),
			    "http://api.butterflymx.com/v3/"
			    "door_releases?page%5Bnumber%5D=24&page%5Bsize%5D=100");

	uint64_t built = world_view_work(play.app->view).days_built;

	clock_fake_advance(&play.clock, 2 * 3600000);
	bmx_play_sign_in(&play);
	bmx_play_ask(&play, "GET", "/v3/door_releases", NULL);
	assert_string_not_equal(bmx_play_id(&play, 0), newest);
	assert_int_equal(walk(&play, "/v3/door_releases", &pages), 2400);
	assert_true(world_view_work(play.app->view).days_built - built <= 4);
	g_free(newest);
	bmx_play_fini(&play);
}

/* The same releases whatever the time of the start. */
static void a_release_keeps_its_id(void **state)
{
	struct bmx_play early, late;
	const cJSON *row;
	int found = 0;

	(void)state;
	bmx_play_init(&early, (const char *const[]){"butterflymx.history=300", NULL});
	bmx_play_init_at(&late, NULL, BMX_PLAY_NOW_MS + 5003777);
	bmx_play_ask(&late, "GET", "/v3/door_releases", NULL);
	clock_fake_advance(&late.clock, 1800000);

	GHashTable *ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

	cJSON_ArrayForEach(row, data_of(bmx_play_ask(&early, "GET", "/v3/door_releases", NULL)))
	{
		char *text = cJSON_PrintUnformatted(row);

		g_hash_table_insert(ids, g_strdup(jsonx_str(jsonx_get(row, "id"))), g_strdup(text));
		cJSON_free(text);
	}
	for (int page = 1; page <= 6; page++) {
		char path[80];

		snprintf(path, sizeof(path), "/v3/door_releases?page[number]=%d", page);
		cJSON_ArrayForEach(row, data_of(bmx_play_ask(&late, "GET", path, NULL)))
		{
			const char *same = g_hash_table_lookup(ids, jsonx_str(jsonx_get(row, "id")));
			char *text = cJSON_PrintUnformatted(row);

			found += same && strcmp(same, text) == 0;
			cJSON_free(text);
		}
	}
	assert_int_equal(found, g_hash_table_size(ids));
	g_hash_table_destroy(ids);
	bmx_play_fini(&early);
	bmx_play_fini(&late);
}

static void methods_and_types_come_in_plausible_shares(void **state)
{
	static const struct {
		const char *name, *value;
		int least, most;
	} shares[] = {
		{"release_method", "nfc", 400, 1300},         {"release_method", "mobile", 400, 1200},
		{"release_method", "panel", 150, 900},        {"release_method", "qr_key", 30, 500},
		{"release_method", "voip", 50, 400},          {"door_release_type", "delivery", 20, 400},
		{"door_release_type", "visitor", 2000, 2380}, {"panel_user_type", "doorman", 10, 300},
	};
	struct bmx_play play;
	int found[G_N_ELEMENTS(shares)] = {0};

	(void)state;
	bmx_play_init(&play, NULL);
	for (int page = 1; page <= 24; page++) {
		char path[80];
		const cJSON *row;

		snprintf(path, sizeof(path), "/v3/door_releases?page[number]=%d", page);
		cJSON_ArrayForEach(row, data_of(bmx_play_ask(&play, "GET", path, NULL)))
		{
			for (size_t i = 0; i < G_N_ELEMENTS(shares); i++)
				found[i] += strcmp(attribute(row, shares[i].name), shares[i].value) == 0;
		}
	}
	for (size_t i = 0; i < G_N_ELEMENTS(shares); i++)
		assert_in_range(found[i], shares[i].least, shares[i].most);
	bmx_play_fini(&play);
}

static void filters_are_joined_by_and(void **state)
{
	struct bmx_play play;
	char path[160];
	const cJSON *row, *answer;
	int pages, all;

	(void)state;
	bmx_play_init(&play, NULL);
	answer = bmx_play_ask(&play, "GET", "/v3/door_releases?door_release_type=delivery", NULL);
	assert_true(cJSON_GetArraySize(data_of(answer)) > 5);
	cJSON_ArrayForEach(row, data_of(answer))
		assert_string_equal(attribute(row, "door_release_type"), "delivery");
	row = cJSON_GetArrayItem(data_of(answer), 3);
	snprintf(path, sizeof(path), "/v3/door_releases?unit_id=%s&user_id=%s&door_release_type=delivery",
		 jsonx_str(jsonx_path(row, "relationships.unit.data.id")),
		 jsonx_str(jsonx_path(row, "relationships.user.data.id")));
	char *id = g_strdup(jsonx_str(jsonx_get(row, "id"))),
	     *unit = g_strdup(jsonx_str(jsonx_path(row, "relationships.unit.data.id")));
	bool found = false;

	cJSON_ArrayForEach(row, data_of(bmx_play_ask(&play, "GET", path, NULL)))
	{
		assert_string_equal(jsonx_str(jsonx_path(row, "relationships.unit.data.id")), unit);
		found |= strcmp(jsonx_str(jsonx_get(row, "id")), id) == 0;
	}
	assert_true(found);
	assert_non_null(strstr(jsonx_str(jsonx_path(play.doc.root, "links.self")), "unit_id="));
	snprintf(path, sizeof(path), "/v3/door_releases?unit_id=%s", unit);
	all = walk(&play, path, &pages);
	assert_in_range(all, 2, 600);
	assert_int_equal(bmx_play_violations(&play), 0);
	bmx_play_fault(&play, "filters", "off");
	assert_int_equal(walk(&play, path, &pages), 2400);
	g_free(id);
	g_free(unit);
	bmx_play_fini(&play);
}

static void sorts_and_refuses_other_fields(void **state)
{
	struct bmx_play play;
	const cJSON *row;
	const char *last = "";

	(void)state;
	bmx_play_init(&play, NULL);
	cJSON_ArrayForEach(row, data_of(bmx_play_ask(&play, "GET", "/v3/door_releases?sort=created", NULL)))
	{
		assert_true(strcmp(attribute(row, "created_at"), last) >= 0);
		last = attribute(row, "created_at");
	}
	last = "";
	cJSON_ArrayForEach(row, data_of(bmx_play_ask(&play, "GET", "/v3/door_releases?sort=name,-created_at",
						     NULL)))
	{
		assert_true(strcmp(attribute(row, "name"), last) >= 0);
		last = attribute(row, "name");
	}
	bmx_play_ask(&play, "GET", "/v3/keychains?sort=-name", NULL);
	assert_int_equal(play.status, 200);
	bmx_play_ask(&play, "GET", "/v3/units?sort=name", NULL);
	assert_int_equal(play.status, 400);
	bmx_play_ask(&play, "GET", "/v3/door_releases?sort=release_method", NULL);
	assert_int_equal(play.status, 400);
	assert_string_equal(jsonx_str(jsonx_path(cJSON_GetArrayItem(jsonx_get(play.doc.root, "errors"), 0),
						 "source.parameter")),
			    "sort");
	bmx_play_fault(&play, "sort", "created");
	bmx_play_ask(&play, "GET", "/v3/door_releases?sort=-created_at", NULL);
	assert_int_equal(play.status, 400);
	bmx_play_fini(&play);
}

static void pages_have_links_and_ends(void **state)
{
	struct bmx_play play;
	const cJSON *answer;
	int pages;

	(void)state;
	bmx_play_init(&play, NULL);
	answer = bmx_play_ask(&play, "GET", "/v3/qr_keys?page[size]=5&page[number]=2", NULL);
	assert_int_equal(cJSON_GetArraySize(data_of(answer)), 5);
	assert_string_equal(jsonx_str(jsonx_path(answer, "links.prev")),
			    "http://api.butterflymx.com/v3/qr_keys?page%5Bnumber%5D=1&page%5Bsize%5D=5");
	assert_string_equal(jsonx_str(jsonx_path(answer, "links.next")),
			    "http://api.butterflymx.com/v3/qr_keys?page%5Bnumber%5D=3&page%5Bsize%5D=5");
	answer = bmx_play_ask(&play, "GET", "/v3/qr_keys?page[number]=99", NULL);
	assert_int_equal(cJSON_GetArraySize(data_of(answer)), 0);
	assert_true(cJSON_IsNull(jsonx_path(answer, "links.next")));
	bmx_play_ask(&play, "GET", "/v3/qr_keys?page[number]=0", NULL);
	assert_int_equal(play.status, 400);
	bmx_play_fault(&play, "page_size", "7");
	walk(&play, "/v3/units", &pages);
	assert_true(pages > 3);
	bmx_play_fault(&play, "endless_pages", "yes");
	answer = bmx_play_ask(&play, "GET", "/v3/qr_keys?page[number]=500", NULL);
	assert_true(cJSON_GetArraySize(data_of(answer)) > 0);
	assert_true(cJSON_IsString(jsonx_path(answer, "links.next")));
	bmx_play_fini(&play);
}

static void media_types_are_those_of_json_api(void **state)
{
	static const char *const bad[] = {"", "*/*", "application/json",
					  "application/vnd.api+json; charset=utf-8"};
	struct bmx_play play;

	(void)state;
	bmx_play_init(&play, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		play.accept = bad[i];
		bmx_play_ask(&play, "GET", "/v3/units", NULL);
		assert_int_equal(play.status, 406);
		assert_int_equal(bmx_play_violations(&play), i + 1);
	}
	play.accept = "text/html, application/vnd.api+json";
	bmx_play_ask(&play, "GET", "/v3/units", NULL);
	assert_int_equal(play.status, 200);
	play.media_type = "application/json";
	bmx_play_ask(&play, "POST", "/v3/units", "{}");
	assert_int_equal(play.status, 415);
	play.media_type = "application/vnd.api+json";
	bmx_play_ask(&play, "POST", "/v3/units", "{\"data\":{},}");
	assert_int_equal(play.status, 400);
	bmx_play_ask(&play, "GET", "/v3/units?include=users", NULL);
	assert_int_equal(play.status, 400);
	bmx_play_ask(&play, "DELETE", "/v3/units/50", NULL);
	assert_int_equal(play.status, 405);
	bmx_play_ask(&play, "GET", "/v3/zones", NULL);
	assert_int_equal(play.status, 404);
	bmx_play_fini(&play);
}

static void a_role_sees_its_part(void **state)
{
	struct bmx_play play;
	char unit[40], path[80];
	int pages, all, zone, own;

	(void)state;
	bmx_play_init(&play, NULL);
	all = walk(&play, "/v3/units", &pages);
	bmx_play_ask(&play, "GET", "/v3/units", NULL);
	snprintf(unit, sizeof(unit), "/v3/units/%s", bmx_play_id(&play, 0)); /* of the last building */
	bmx_play_fault(&play, "role", "zone_admin");
	zone = walk(&play, "/v3/units", &pages);
	bmx_play_fault(&play, "role", "tenant");
	own = walk(&play, "/v3/units", &pages);
	assert_true(all > zone && zone > own && own >= 1);
	bmx_play_ask(&play, "GET", unit, NULL);
	assert_int_equal(play.status, 404);
	bmx_play_ask(&play, "GET", "/v3/buildings", NULL);
	assert_int_equal(play.status, 403);
	bmx_play_ask(&play, "PATCH", "/v3/buildings/3", "{\"data\":{\"type\":\"buildings\",\"id\":\"3\"}}");
	assert_int_equal(play.status, 403);
	assert_in_range(walk(&play, "/v3/door_releases", &pages), 1, 1200);
	bmx_play_ask(&play, "GET", "/v3/units", NULL);
	snprintf(path, sizeof(path), "/v3/units/%s", bmx_play_id(&play, 0));
	bmx_play_ask(&play, "PATCH", path, "{\"data\":{\"type\":\"units\"}}");
	assert_int_equal(play.status, 403);
	bmx_play_fault(&play, "role", "unit_admin");
	bmx_play_ask(&play, "PATCH", path, "{\"data\":{\"type\":\"units\"}}");
	assert_int_equal(play.status, 200);
	bmx_play_ask(&play, "POST", "/v3/units", "{\"data\":{\"type\":\"units\"}}");
	assert_int_equal(play.status, 403);
	bmx_play_fini(&play);
}

static void strangers_are_among_a_units_tenants_on_demand(void **state)
{
	struct bmx_play play;
	int own;

	(void)state;
	bmx_play_init(&play, NULL);
	own = cJSON_GetArraySize(data_of(bmx_play_ask(&play, "GET", "/v3/units/48/users", NULL)));
	bmx_play_fault(&play, "stray", "yes");
	assert_true(cJSON_GetArraySize(data_of(bmx_play_ask(&play, "GET", "/v3/units/48/users", NULL))) > own);
	bmx_play_fini(&play);
}

static void hostile_names_are_sent(void **state)
{
	struct bmx_play play;

	(void)state;
	bmx_play_init(&play, (const char *const[]){"butterflymx.hostile=yes", NULL});
	bmx_play_ask(&play, "GET", "/v3/units", NULL);
	assert_non_null(strstr(buf_text(&play.body), "\\u001b"));
	bmx_play_ask(&play, "GET", "/v3/door_releases", NULL);
	assert_non_null(strstr(buf_text(&play.body), "\\u001b"));
	bmx_play_fini(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_read_has_the_shape_of_its_sample),
		cmocka_unit_test(releases_fill_twentyfour_pages_and_go_on),
		cmocka_unit_test(a_release_keeps_its_id),
		cmocka_unit_test(methods_and_types_come_in_plausible_shares),
		cmocka_unit_test(filters_are_joined_by_and),
		cmocka_unit_test(sorts_and_refuses_other_fields),
		cmocka_unit_test(pages_have_links_and_ends),
		cmocka_unit_test(media_types_are_those_of_json_api),
		cmocka_unit_test(a_role_sees_its_part),
		cmocka_unit_test(strangers_are_among_a_units_tenants_on_demand),
		cmocka_unit_test(hostile_names_are_sent),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
