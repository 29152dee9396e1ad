/* Sign-in of the simulated ButterflyMX: grants, rotation, dead tokens, the password. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "butterflymx_play.h"

static void answers_as_the_samples(void **state)
{
	struct bmx_play play;
	char form[400];

	(void)state;
	bmx_play_init(&play, NULL);
	bmx_play_like("post-oauth-token", bmx_play_sign_in(&play));
	assert_string_equal(jsonx_str(jsonx_get(play.doc.root, "token_type")), "bearer");
	assert_true(jsonx_num(jsonx_get(play.doc.root, "expires_in")) == 7200);
	assert_true(jsonx_num(jsonx_get(play.doc.root, "created_at")) == BMX_PLAY_NOW_MS / 1000.0);
	assert_true(strlen(play.access) > 1000);
	bmx_play_like("post-oauth-token-refresh", bmx_play_refresh(&play, play.refresh));
	snprintf(form, sizeof(form), "grant_type=password&client_id=other&username=a&password=b");
	bmx_play_like("post-oauth-token-invalid_client",
		      bmx_play_form(&play, "POST", "/oauth/token", "", form));
	assert_int_equal(play.status, 401);
	snprintf(form, sizeof(form), "grant_type=password&client_id=%s&username=%s&password=b",
		 play.own.client_id, "lobby%2Bdesk%40example.org");
	bmx_play_form(&play, "POST", "/oauth/token", "", form);
	assert_string_equal(jsonx_str(jsonx_get(play.doc.root, "error")), "invalid_grant");
	assert_int_equal(play.status, 401);
	assert_int_equal(bmx_play_violations(&play), 0);
	bmx_play_form(&play, "POST", "/oauth/token", "", "grant_type=magic");
	assert_int_equal(play.status, 401);
	bmx_play_fini(&play);
}

static void a_secret_must_be_right_where_it_is_sent(void **state)
{
	struct bmx_play play;
	char form[400];

	(void)state;
	bmx_play_init(&play, NULL);
	snprintf(form, sizeof(form),
		 "grant_type=refresh_token&client_id=%s&client_secret=wrong&refresh_token=%s",
		 play.own.client_id, play.refresh);
	bmx_play_form(&play, "POST", "/oauth/token", "", form);
	assert_string_equal(jsonx_str(jsonx_get(play.doc.root, "error")), "invalid_client");
	bmx_play_fault(&play, "secret", "yes");
	bmx_play_refresh(&play, play.refresh);
	assert_int_equal(play.status, 401);
	snprintf(form, sizeof(form),
		 "grant_type=refresh_token&client_id=%s&client_secret=%s&refresh_token=%s",
		 play.own.client_id, play.own.client_secret, play.refresh);
	bmx_play_form(&play, "POST", "/oauth/token", "", form);
	assert_int_equal(play.status, 200);
	bmx_play_fini(&play);
}

static void the_old_refresh_token_lives_until_the_new_access_token_is_used(void **state)
{
	struct bmx_play play;

	(void)state;
	bmx_play_init(&play, NULL);

	char *first = g_strdup(play.refresh), *old = g_strdup(play.access);

	bmx_play_refresh(&play, first);
	assert_string_not_equal(first, play.refresh);
	assert_string_not_equal(old, play.access);
	bmx_play_refresh(&play, first); /* as if the answer had been lost */
	assert_int_equal(play.status, 200);
	bmx_play_ask(&play, "GET", "/v3/units", NULL);
	assert_int_equal(play.status, 200);
	bmx_play_refresh(&play, first);
	assert_int_equal(play.status, 401);
	assert_string_equal(jsonx_str(jsonx_get(play.doc.root, "error")), "invalid_grant");
	bmx_play_refresh(&play, play.refresh);
	assert_int_equal(play.status, 200);
	g_free(first);
	g_free(old);
	bmx_play_fini(&play);
}

static void strict_rotation_and_other_refusals(void **state)
{
	struct bmx_play play;

	(void)state;
	bmx_play_init(&play, (const char *const[]){"butterflymx.rotation=strict", NULL});

	char *first = g_strdup(play.refresh);

	bmx_play_refresh(&play, first);
	assert_int_equal(play.status, 200);
	bmx_play_refresh(&play, first);
	assert_int_equal(play.status, 401);
	bmx_play_fault(&play, "dead_refresh", "400");
	bmx_play_refresh(&play, first);
	assert_int_equal(play.status, 400);
	bmx_play_fault(&play, "signed_out", "yes");
	bmx_play_refresh(&play, play.refresh);
	assert_int_equal(play.status, 400);
	g_free(first);
	bmx_play_fini(&play);
}

static void a_lost_answer_rotates_or_does_not(void **state)
{
	struct bmx_play play;

	(void)state;
	bmx_play_init(&play, (const char *const[]){"butterflymx.rotation=strict", NULL});

	char *first = g_strdup(play.refresh);

	bmx_play_fault(&play, "token_count", "1");
	bmx_play_fault(&play, "token", "undone_reset");
	bmx_play_refresh(&play, first);
	assert_true(play.drop && play.reset);
	bmx_play_fault(&play, "token_count", "1");
	bmx_play_fault(&play, "token", "done_503");
	bmx_play_refresh(&play, first);
	assert_false(play.drop);
	assert_int_equal(play.status, 503);
	bmx_play_refresh(&play, first); /* the count is used up; the old token is dead */
	assert_int_equal(play.status, 401);
	g_free(first);
	bmx_play_fini(&play);
}

static void an_access_token_ends(void **state)
{
	struct bmx_play play;

	(void)state;
	bmx_play_init(&play, (const char *const[]){"butterflymx.token_life=30s", NULL});
	clock_fake_advance(&play.clock, 29999);
	bmx_play_ask(&play, "GET", "/v3/units", NULL);
	assert_int_equal(play.status, 200);
	clock_fake_advance(&play.clock, 1);
	bmx_play_ask(&play, "GET", "/v3/units", NULL);
	assert_int_equal(play.status, 401);
	bmx_play_refresh(&play, play.refresh);
	bmx_play_ask(&play, "GET", "/v3/units", NULL);
	assert_int_equal(play.status, 200);
	bmx_play_fini(&play);
}

static const cJSON *change(struct bmx_play *play, const char *method, const char *bearer, const char *current,
			   const char *fresh, const char *again)
{
	char *form = g_strdup_printf("account%%5Bcurrent_password%%5D=%s&account%%5Bpassword%%5D=%s"
				     "&account%%5Bpassword_confirmation%%5D=%s",
				     current, fresh, again);
	const cJSON *answer = bmx_play_form(play, method, "/api/v1/password", bearer, form);

	g_free(form);
	return answer;
}

static void the_password_changes(void **state)
{
	struct bmx_play play;

	(void)state;
	bmx_play_init(&play, NULL);

	char *bearer = g_strconcat("Bearer ", play.access, NULL);
	char *own = g_uri_escape_string(play.own.password, NULL, false);

	change(&play, "PUT", "", "a", "b", "b");
	assert_int_equal(play.status, 401);
	bmx_play_like("put-api-v1-password-422-wrong_password", change(&play, "PUT", bearer, "a", "b", "b"));
	assert_int_equal(play.status, 422);
	bmx_play_like("put-api-v1-password-422-confirmation",
		      change(&play, "PATCH", bearer, own, "fresh", "other"));
	assert_int_equal(play.status, 422);
	change(&play, "PUT", bearer, own, "fresh", "fresh");
	assert_int_equal(play.status, 204);
	assert_int_equal(play.body.length, 0);
	bmx_play_sign_in(&play);
	assert_int_equal(play.status, 401);
	g_strlcpy(play.own.password, "fresh", sizeof(play.own.password));
	bmx_play_sign_in(&play);
	assert_int_equal(play.status, 200);
	g_free(bearer);
	g_free(own);
	bmx_play_fini(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_as_the_samples),
		cmocka_unit_test(a_secret_must_be_right_where_it_is_sent),
		cmocka_unit_test(the_old_refresh_token_lives_until_the_new_access_token_is_used),
		cmocka_unit_test(strict_rotation_and_other_refusals),
		cmocka_unit_test(a_lost_answer_rotates_or_does_not),
		cmocka_unit_test(an_access_token_ends),
		cmocka_unit_test(the_password_changes),
	};

	jsonx_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
