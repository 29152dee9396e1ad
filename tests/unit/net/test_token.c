#include "net/token.h"

#include "base/moment.h"
#include "base/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW_MS INT64_C(1800000000000)

static char *secret(const char *text) { return secret_new(text, strlen(text)); }

static int set_up(void **state)
{
	char folder[] = "/tmp/lodge-token-XXXXXX";

	*state = g_strdup(mkdtemp(folder));
	return *state != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
	GDir *folder = g_dir_open(*state, 0, NULL);
	const char *name;

	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
		char *path = g_build_filename(*state, name, NULL);

		g_remove(path);
		g_free(path);
	}
	g_dir_close(folder);
	g_rmdir(*state);
	g_free(*state);
	return 0;
}

/* The one file in the folder; g_free it. */
static char *only_file(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	char *path = g_build_filename(folder, g_dir_read_name(dir), NULL);

	assert_null(g_dir_read_name(dir));
	g_dir_close(dir);
	return path;
}

static void test_margin(void **state)
{
	struct token token = {.access = NULL};

	(void)state;
	assert_false(token_usable(&token, NOW_MS));
	token_set(&token, secret("a"), NULL, 3600, NOW_MS);
	assert_true(token_usable(&token, NOW_MS));
	assert_true(token_usable(&token, NOW_MS + 3300000 - 1));
	assert_false(token_usable(&token, NOW_MS + 3300000));
	assert_false(token_usable(&token, NOW_MS - 1));
	token_set(&token, secret("b"), NULL, 1000, NOW_MS);
	assert_true(token_usable(&token, NOW_MS + 750000 - 1));
	assert_false(token_usable(&token, NOW_MS + 750000));
	token.expires_ms = MOMENT_NONE;
	assert_true(token_usable(&token, NOW_MS * 2));
	token_fini(&token);
}

static void test_odd_lives(void **state)
{
	static const double lives_s[] = {0, -1, -INFINITY, INFINITY, NAN, 401.0 * 86400, 1e300};
	struct token token = {.access = NULL};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(lives_s); i++) {
		token_set(&token, secret("a"), NULL, lives_s[i], NOW_MS);
		assert_int_equal(token.expires_ms, NOW_MS + 300000);
	}
	token_set(&token, secret("a"), NULL, 400.0 * 86400, NOW_MS);
	assert_int_equal(token.expires_ms, NOW_MS + INT64_C(400) * 86400000);
	token_fini(&token);
}

static void test_set_and_drop(void **state)
{
	struct token token = {.access = NULL};

	(void)state;
	token_set(&token, secret("a1"), secret("r1"), 60, NOW_MS);
	assert_int_equal(token.generation, 1);
	token_drop_access(&token);
	assert_false(token_usable(&token, NOW_MS));
	assert_string_equal(token.refresh, "r1");
	/* A server that tells no new refresh token: the old one is kept by handing it back. */
	token_set(&token, secret("a2"), token.refresh, 60, NOW_MS);
	assert_string_equal(token.refresh, "r1");
	assert_int_equal(token.generation, 2);
	token_drop_refresh(&token);
	assert_null(token.refresh);
	assert_string_equal(token.access, "a2");
	token_fini(&token);
	assert_null(token.access);
}

static void test_saved_and_loaded(void **state)
{
	struct token token = {.client_id = secret("client id")}, loaded = {.generation = 4};
	struct stat about;
	char *path;

	token_set(&token, secret("ey.J0.x"), secret("r e f"), 3600, NOW_MS);
	assert_int_equal(token_save(&token, *state, "butlr https://h/ né/../x", NULL), ERR_OK);
	assert_int_equal(token_load(&loaded, *state, "butlr https://h/ né/../x", NULL), ERR_OK);
	assert_string_equal(loaded.access, "ey.J0.x");
	assert_string_equal(loaded.refresh, "r e f");
	assert_string_equal(loaded.client_id, "client id");
	assert_int_equal(loaded.obtained_ms, NOW_MS);
	assert_int_equal(loaded.expires_ms, NOW_MS + 3600000);
	assert_int_equal(loaded.generation, 5);
	path = only_file(*state);
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	g_free(path);
	token_forget(*state, "butlr https://h/ né/../x");
	assert_int_equal(token_load(&loaded, *state, "butlr https://h/ né/../x", NULL), ERR_ABSENT);
	assert_string_equal(loaded.access, "ey.J0.x");
	token_fini(&token);
	token_fini(&loaded);
}

static void test_of_another_account(void **state)
{
	struct token token = {.access = NULL}, loaded = {.access = NULL};
	char *path, *text, *other;

	token_set(&token, secret("a"), NULL, 3600, NOW_MS);
	assert_int_equal(token_save(&token, *state, "one", NULL), ERR_OK);
	path = only_file(*state);
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_remove(path);
	g_free(path);
	assert_int_equal(token_save(&token, *state, "two", NULL), ERR_OK);
	other = only_file(*state);
	assert_int_equal(token_load(&loaded, *state, "one", NULL), ERR_ABSENT);
	/* Copied over by hand: still bound to its account. */
	assert_true(g_file_set_contents(other, text, -1, NULL));
	assert_int_equal(g_chmod(other, 0600), 0);
	assert_int_equal(token_load(&loaded, *state, "two", NULL), ERR_ABSENT);
	assert_null(loaded.access);
	g_free(other);
	g_free(text);
	token_fini(&token);
}

static void test_damaged_files(void **state)
{
	static const char *const texts[] = {
		"", "\n", "lodge-token 2\naccess a\n", "lodge-token 1\n", "{}", "lodge-token 1\naccess a\n"};
	struct token token = {.access = NULL}, loaded = {.access = NULL};
	char *path, *text;
	gsize length;

	token_set(&token, secret("abcdef"), secret("ghi"), 3600, NOW_MS);
	assert_int_equal(token_save(&token, *state, "one", NULL), ERR_OK);
	path = only_file(*state);
	assert_true(g_file_get_contents(path, &text, &length, NULL));
	for (gsize cut = 0; cut < length; cut++) {
		assert_true(g_file_set_contents(path, text, (gssize)cut, NULL));
		assert_int_equal(g_chmod(path, 0600), 0);
		assert_int_equal(token_load(&loaded, *state, "one", NULL), ERR_PARSE);
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
		assert_true(g_file_set_contents(path, texts[i], -1, NULL));
		assert_int_equal(g_chmod(path, 0600), 0);
		assert_int_equal(token_load(&loaded, *state, "one", NULL), ERR_PARSE);
	}
	text[length / 2] = '\0';
	assert_true(g_file_set_contents(path, text, (gssize)length, NULL));
	assert_int_equal(g_chmod(path, 0600), 0);
	assert_int_equal(token_load(&loaded, *state, "one", NULL), ERR_PARSE);
	assert_int_equal(g_chmod(path, 0644), 0);
	assert_int_equal(token_load(&loaded, *state, "one", NULL), ERR_DENIED);
	g_free(path);
	g_free(text);
	token_fini(&token);
	token_fini(&loaded);
}

static void test_line_ends_are_refused(void **state)
{
	struct token token = {.access = NULL};

	token_set(&token, secret("a\nexpires 1"), NULL, 3600, NOW_MS);
	assert_int_equal(token_save(&token, *state, "one", NULL), ERR_INVALID);
	token_fini(&token);
}

static void test_lock(void **state)
{
	int first, second, status;
	pid_t child;

	assert_int_equal(token_lock(*state, "one", &first, NULL), ERR_OK);
	assert_int_equal(token_lock(*state, "one", &second, NULL), ERR_BUSY);
	assert_int_equal(second, -1);
	token_unlock(second);
	assert_int_equal(token_lock(*state, "other", &second, NULL), ERR_OK);
	token_unlock(second);
	token_unlock(first);
	assert_int_equal(token_lock(*state, "one", &first, NULL), ERR_OK);
	token_unlock(first);
	/* A process that dies lets go of it. */
	child = fork();
	if (child == 0) {
		status = token_lock(*state, "one", &first, NULL);
		_exit(status == ERR_OK ? 7 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 7);
	assert_int_equal(token_lock(*state, "one", &first, NULL), ERR_OK);
	token_unlock(first);
	assert_int_equal(token_lock("/dev/null/x", "one", &first, NULL), ERR_IO);
}

#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_margin),         cmocka_unit_test(test_odd_lives),
		cmocka_unit_test(test_set_and_drop),   FILE_TEST(test_saved_and_loaded),
		FILE_TEST(test_of_another_account),    FILE_TEST(test_damaged_files),
		FILE_TEST(test_line_ends_are_refused), FILE_TEST(test_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
