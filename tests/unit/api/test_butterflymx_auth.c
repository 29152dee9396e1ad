/* Signing in to ButterflyMX: the forms, the answers, what a refused refresh means; the change of a password. */
#include "test_butterflymx_play.h"

#include "api/butterflymx/auth.h"
#include "base/jsonx.h"
#include "base/moment.h"
#include "base/secret.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXT(text) (char *)(uintptr_t)(text)

/* The form that is sent, or NULL with *problem. g_free it. */
static char *form(struct bmx_login *login, const struct token *token, struct problem *problem)
{
	struct buf path, body, type;
	char *out = NULL;
	int err;

	buf_init(&path, BUF_CEILING_LINE);
	buf_init(&body, BUF_CEILING_LINE);
	buf_init(&type, BUF_CEILING_LINE);
	*problem = (struct problem){.code = ERR_OK};
	err = bmx_auth.request(login, token, &path, &body, &type, problem);
	if (err == ERR_OK) {
		assert_string_equal(buf_text(&path), "https://accounts.x.org/oauth/token");
		assert_string_equal(buf_text(&type), "application/x-www-form-urlencoded");
		out = g_strdup(buf_text(&body));
	} else {
		assert_int_equal(problem->code, err);
	}
	buf_fini(&path);
	buf_wipe(&body);
	buf_fini(&type);
	return out;
}

static void expect_form(struct bmx_login *login, const struct token *token, const char *wanted)
{
	struct problem problem;
	char *got = form(login, token, &problem);

	if (got == NULL)
		fail_msg("%s", problem.why);
	assert_string_equal(got, wanted);
	g_free(got);
}

static void test_forms(void **unused)
{
	struct bmx_login login = {.accounts_url = TEXT("https://accounts.x.org"),
				  .client_id = TEXT("ID"),
				  .username = TEXT("d+e@x.org"),
				  .password = TEXT("a&b=c%\xc3\xa9 d")};
	struct token token = {.refresh = TEXT("R/1=")};

	(void)unused;
	expect_form(&login, NULL,
		    "grant_type=password&client_id=ID&username=d%2Be%40x.org&password=a%26b%3Dc%25%C3%A9%20d");
	expect_form(&login, &token, "grant_type=refresh_token&refresh_token=R%2F1%3D&client_id=ID");
	login.client_secret = TEXT("S");
	expect_form(&login, &token,
		    "grant_type=refresh_token&refresh_token=R%2F1%3D&client_id=ID&client_secret=S");
	/* A pasted one is used while no token is kept. */
	token.refresh = NULL;
	login.refresh_token = TEXT("PASTED");
	expect_form(&login, &token,
		    "grant_type=refresh_token&refresh_token=PASTED&client_id=ID&client_secret=S");
	login.refused = true;
	expect_form(
		&login, &token,
		"grant_type=password&client_id=ID&client_secret=S&username=d%2Be%40x.org&password=a%26b%3Dc%25%C3%A9%20d");
}

static void test_nothing_to_sign_in_with(void **unused)
{
	struct bmx_login login = {.accounts_url = TEXT("https://accounts.x.org"), .username = TEXT("d")};
	struct problem problem;

	(void)unused;
	assert_null(form(&login, NULL, &problem));
	assert_int_equal(problem.code, ERR_CONFIG);
	assert_non_null(strstr(problem.why, "client_id is missing"));
	login.client_id = TEXT("ID");
	assert_null(form(&login, NULL, &problem));
	assert_non_null(strstr(problem.why, "password is missing"));
	/* After a refusal: signed out, and what to do. */
	login.refresh_token = TEXT("PASTED");
	login.refused = true;
	assert_null(form(&login, NULL, &problem));
	assert_int_equal(problem.code, ERR_AUTH);
	assert_non_null(strstr(problem.why, "signed out"));
	assert_non_null(strstr(problem.todo, "paste a new"));
}

static int read_answer(struct bmx_login *login, struct token *token, const char *text)
{
	struct problem problem = {.code = ERR_OK};

	return bmx_auth.answer(login, text, strlen(text), BMX_NOW, token, &problem);
}

static void test_answers(void **unused)
{
	struct bmx_login login = {.refresh_token = TEXT("PASTED")};
	struct token token = {.expires_ms = MOMENT_NONE};
	struct buf bytes;

	(void)unused;
	jsonx_setup();
	assert_int_equal(read_answer(&login, &token, "{\"access_token\":\"A0\",\"expires_in\":60}"), ERR_OK);
	assert_string_equal(token.refresh, "PASTED"); /* it stays good */
	bmx_read_file("post-oauth-token.json", &bytes);
	assert_int_equal(read_answer(&login, &token, buf_text(&bytes)), ERR_OK);
	buf_fini(&bytes);
	assert_string_equal(token.access, "eyJ0eXAi...TcV3Q");
	assert_string_equal(token.refresh, "6d8cd1d...9f75");
	assert_int_equal(token.expires_ms, BMX_NOW + 7200 * 1000);
	assert_int_equal(read_answer(&login, &token, "{\"access_token\":\"A2\",\"expires_in\":86400}"),
			 ERR_OK);
	assert_string_equal(token.access, "A2");
	assert_string_equal(token.refresh, "6d8cd1d...9f75");
	bmx_read_file("post-oauth-token-refresh.json", &bytes);
	assert_int_equal(read_answer(&login, &token, buf_text(&bytes)), ERR_OK);
	buf_fini(&bytes);
	assert_string_not_equal(token.access, "A2");
	assert_int_equal(read_answer(&login, &token, "{\"access_token\":7}"), ERR_PARSE);
	assert_int_equal(read_answer(&login, &token, "<html>"), ERR_PARSE);
	assert_int_equal(read_answer(&login, &token, "[]"), ERR_PARSE);
	token_fini(&token);
}

static void test_refresh_refused(void **unused)
{
	static const struct {
		int status;
		const char *body;
		bool signed_out;
	} cases[] = {
		{401, "", true},
		{401, "<html>", true},
		{401, "{\"error\":\"invalid_grant\"}", true},
		{400, "{\"error\":\"invalid_grant\",\"error_description\":\"x\"}", true},
		{400, "{\"error\":\"invalid_request\"}", false},
		{400, "", false},
		{400, "{\"error\":\"invalid_client\"}", false}, /* named by the refusal itself */
		{401, "{\"error\":\"invalid_client\"}", false},
		{401, "{\"error\":\"unauthorized_client\"}", false},
		{403, "{\"error\":\"invalid_grant\"}", false},
		{404, "", false},
		{422, "", false},
		{429, "", false},
		{500, "", false},
		{503, "{\"error\":\"invalid_grant\"}", false},
	};

	(void)unused;
	jsonx_setup();
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct bmx_login login = {.renewing = true},
				 *with_password = &(struct bmx_login){.renewing = false};

		assert_int_equal(bmx_auth.refresh_failed(&login, cases[i].status, cases[i].body,
							 strlen(cases[i].body)),
				 cases[i].signed_out);
		assert_int_equal(login.refused, cases[i].signed_out);
		/* The same said to a password is no word on a refresh token. */
		assert_false(bmx_auth.refresh_failed(with_password, cases[i].status, cases[i].body,
						     strlen(cases[i].body)));
		assert_false(with_password->refused);
	}
	assert_true(bmx_auth.rotates);
	assert_true(bmx_auth.own_refresh);
	assert_string_equal(bmx_auth.address, "accounts_url");
}

/* What the last request was is what a refusal is about. */
static void test_pasted_token_refused(void **unused)
{
	static const char dead[] = "{\"error\":\"invalid_grant\"}";
	struct bmx_login login = {.accounts_url = "https://a.example",
				  .client_id = "ID",
				  .username = "u",
				  .password = "p",
				  .refresh_token = "pasted"};
	struct problem problem = {0};
	struct buf path, body, type;

	(void)unused;
	buf_init(&path, 1000);
	buf_init(&body, 1000);
	buf_init(&type, 1000);
	assert_int_equal(bmx_auth.request(&login, NULL, &path, &body, &type, &problem), ERR_OK);
	assert_non_null(strstr(buf_text(&body), "refresh_token=pasted"));
	assert_true(bmx_auth.refresh_failed(&login, 401, dead, strlen(dead)));
	buf_reset(&body);
	assert_int_equal(bmx_auth.request(&login, NULL, &path, &body, &type, &problem), ERR_OK);
	assert_non_null(strstr(buf_text(&body), "grant_type=password"));
	assert_false(bmx_auth.refresh_failed(&login, 401, dead, strlen(dead)));
	buf_fini(&path);
	buf_fini(&body);
	buf_fini(&type);
}

static void test_identity(void **unused)
{
	static const char *const with[] = {"refresh_token", "ONE", NULL}, *const other[] = {"refresh_token",
											    "TWO", NULL};
	struct bmx_play play;
	char *plain, *pasted;

	(void)unused;
	bmx_open(&play, NULL);
	plain = g_strdup(butterflymx_ops.identity(play.state));
	assert_null(strstr(plain, "PASS"));
	assert_non_null(strstr(plain, "desk@x.org"));
	assert_null(butterflymx_ops.static_token(play.state));
	bmx_close(&play);
	bmx_open(&play, with);
	pasted = g_strdup(butterflymx_ops.identity(play.state));
	assert_null(strstr(pasted, "ONE"));
	assert_string_not_equal(plain, pasted);
	bmx_close(&play);
	bmx_open(&play, other); /* a newly pasted pair does not meet the kept one of the last */
	assert_string_not_equal(butterflymx_ops.identity(play.state), pasted);
	bmx_close(&play);
	g_free(plain);
	g_free(pasted);
}

static void test_password(void **unused)
{
	static const struct {
		int status;
		const char *file, *body;
		int code;
		const char *why;
	} cases[] = {
		{204, NULL, "", ERR_OK, NULL},
		{422, "put-api-v1-password-422-wrong_password.json", NULL, ERR_INVALID, "Wrong password"},
		{422, "put-api-v1-password-422-confirmation.json", NULL, ERR_INVALID,
		 "Password confirmation doesn't match Password"},
		{401, NULL, "", ERR_AUTH, "the server answered 401"},
		{500, NULL, "<html>", ERR_SERVER, "the server answered 500"},
	};
	struct problem problem = {.code = ERR_OK};
	struct work_request request;
	struct buf body;

	(void)unused;
	buf_init(&body, BUF_CEILING_REQUEST);
	assert_int_equal(bmx_password_request(&body, "old&", "n\xc3\xa9w", &request, &problem), ERR_OK);
	assert_string_equal(
		request.body,
		"account%5Bcurrent_password%5D=old%26&account%5Bpassword%5D=n%C3%A9w&account%5Bpassword_"
		"confirmation%5D=n%C3%A9w");
	assert_string_equal(request.method, "PUT");
	assert_string_equal(request.path, "/api/v1/password");
	assert_string_equal(request.content_type, "application/x-www-form-urlencoded");
	assert_int_equal(request.host, WORK_HOST_SIGN_IN);
	assert_true(request.write);
	buf_wipe(&body);
	assert_int_equal(bmx_password_request(&body, "", "x", &request, &problem), ERR_INVALID);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct buf bytes;

		buf_init(&bytes, BUF_CEILING_BODY);
		if (cases[i].file != NULL)
			bmx_read_file(cases[i].file, &bytes);
		else
			buf_adds(&bytes, cases[i].body);
		assert_int_equal(bmx_password_answer(cases[i].status, buf_text(&bytes), bytes.length,
						     &problem),
				 cases[i].code);
		if (cases[i].why != NULL)
			assert_string_equal(problem.why, cases[i].why);
		buf_fini(&bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_nothing_to_sign_in_with),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_refresh_refused),
		cmocka_unit_test(test_pasted_token_refused),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_password),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
