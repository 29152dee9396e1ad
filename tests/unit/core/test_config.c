#include "core/config.h"

#include "base/buf.h"
#include "base/secret.h"
#include "core/kind.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct problem problem;

static const char *source_folder(void)
{
	const char *srcdir = getenv("srcdir");
	return srcdir ? srcdir : ".";
}

static void read_file(const char *path, struct buf *out)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		fail_msg("%s is not there", path);
	char bytes[4096];
	for (size_t n; (n = fread(bytes, 1, sizeof(bytes), file)) > 0;)
		buf_add(out, bytes, n);
	fclose(file);
}

/* Parses a text; NULL on failure, `problem` then says why. */
static struct config *parse(const char *text)
{
	struct config *config;
	problem = (struct problem){0};
	int err = config_parse_text(text, strlen(text), "lodge.conf", &config, &problem);
	assert_int_equal(err, config ? ERR_OK : ERR_CONFIG);
	return config;
}

/* Calls `check` for each NAME.conf of a folder beside this file. */
static unsigned each_conf(const char *folder, void (*check)(const char *path))
{
	char path[1024];
	unsigned n = 0;
	snprintf(path, sizeof(path), "%s/tests/unit/core/%s", source_folder(), folder);
	DIR *dir = opendir(path);
	if (!dir)
		fail_msg("%s is not there", path);
	for (const struct dirent *entry; (entry = readdir(dir));) {
		const char *dot = strrchr(entry->d_name, '.');
		if (!dot || strcmp(dot, ".conf") != 0)
			continue;
		snprintf(path, sizeof(path), "%s/tests/unit/core/%s/%s", source_folder(), folder,
			 entry->d_name);
		check(path);
		n++;
	}
	closedir(dir);
	return n;
}

static void check_invalid(const char *path)
{
	struct buf bytes, expected;
	struct config *config;
	char text[1024], beside[1024];
	buf_init(&bytes, BUF_CEILING_FILE);
	buf_init(&expected, BUF_CEILING_FILE);
	read_file(path, &bytes);
	snprintf(beside, sizeof(beside), "%.*s.expected", (int)(strlen(path) - strlen(".conf")), path);
	read_file(beside, &expected);
	problem = (struct problem){0};
	int err = config_parse_text(buf_text(&bytes), bytes.length, "lodge.conf", &config, &problem);
	problem_text(&problem, text, sizeof(text) - 1);
	memcpy(text + strlen(text), "\n", 2);
	if (err != ERR_CONFIG || config || strcmp(text, buf_text(&expected)) != 0)
		fail_msg("%s:\n got      %s expected %s", path, text, buf_text(&expected));
	buf_fini(&bytes);
	buf_fini(&expected);
}

static void test_each_mistake_is_told(void **state)
{
	(void)state;
	assert_true(each_conf("invalid", check_invalid) >= 50);
}

static void check_valid(const char *path)
{
	struct buf bytes;
	struct config *config;
	buf_init(&bytes, BUF_CEILING_FILE);
	read_file(path, &bytes);
	problem = (struct problem){0};
	if (config_parse_text(buf_text(&bytes), bytes.length, path, &config, &problem) != ERR_OK)
		fail_msg("%s: %s", problem.what, problem.why);
	config_free(config);
	buf_fini(&bytes);
}

static void test_valid_files_are_read(void **state)
{
	(void)state;
	assert_true(each_conf("valid", check_valid) >= 10);
}

static struct config *load_valid(const char *name)
{
	char path[1024];
	struct buf bytes;
	struct config *config;
	snprintf(path, sizeof(path), "%s/tests/unit/core/valid/%s", source_folder(), name);
	buf_init(&bytes, BUF_CEILING_FILE);
	read_file(path, &bytes);
	assert_int_equal(config_parse_text(buf_text(&bytes), bytes.length, path, &config, &problem), ERR_OK);
	buf_fini(&bytes);
	return config;
}

static void assert_secret(const struct account *account, const char *key, const char *expected)
{
	char *secret = NULL;
	assert_int_equal(account_secret(account, key, &secret, &problem), ERR_OK);
	if (expected)
		assert_string_equal(secret, expected);
	else
		assert_null(secret);
	secret_free(secret);
}

static void test_example_gives_its_values(void **state)
{
	(void)state;
	struct config *config = load_valid("example.conf");
	assert_string_equal(config_ui(config, "theme"), "contrast");
	assert_string_equal(config_ui(config, "start"), "floor");
	assert_string_equal(config_ui(config, "max_fps"), "20");
	assert_string_equal(config_ui(config, "role"), "desk");
	assert_int_equal(config->n_accounts, 3);
	assert_string_equal(config->accounts[0]->name, "hq");
	assert_string_equal(config->accounts[2]->name, "density");
	const struct account *hq = config_account(config, "hq");
	assert_int_equal(hq->vendor, VENDOR_BUTLR);
	assert_int_equal(hq->line, 8);
	assert_non_null(strstr(hq->file, "example.conf"));
	assert_string_equal(account_text(hq, "base_url"), "https://butlr.example.com/prefix");
	assert_string_equal(account_text(hq, "estate"), "rest");
	assert_string_equal(account_text(hq, "language"), "pt-PT");
	assert_string_equal(account_text(hq, "placeholders"), "yes");
	assert_null(account_text(hq, "refresh_path"));
	assert_null(account_text(hq, "nonsense"));
	assert_secret(hq, "client_id", "lodge");
	assert_secret(hq, "client_secret", "s3cret=with=equals");
	assert_secret(hq, "password", NULL);
	assert_int_equal(hq->timeout_ms, 120000);
	assert_int_equal(account_poll_ms(hq, KIND_DOORS, 7), 5000);
	assert_int_equal(account_poll_ms(hq, KIND_FRAMES, 7), 500);
	assert_int_equal(account_poll_ms(hq, KIND_ROOMS, 7), 30000);
	assert_null(config_account(config, "nobody"));
	const struct building_group *group = config_group(config, "Main Street 12");
	assert_int_equal(group->n_members, 3);
	assert_string_equal(group->members[0].account, "hq");
	assert_string_equal(group->members[0].id, "space_1");
	assert_string_equal(group->members[2].account, "density");
	assert_string_equal(group->members[2].id, "spc_2");
	assert_null(config_group(config, "Elsewhere"));
	config_free(config);
}

static void test_defaults(void **state)
{
	(void)state;
	struct config *config = parse(
		"[account a]\nvendor=butlr\n[account b]\nvendor=butterflymx\nbase_url=https://x.example\n");
	assert_string_equal(config_ui(config, "theme"), "dusk");
	assert_string_equal(config_ui(config, "start"), "overview");
	assert_string_equal(config_ui(config, "max_fps"), "30");
	assert_string_equal(config_ui(config, "role"), "admin");
	assert_null(config_ui(config, "vendor"));
	const struct account *a = config_account(config, "a"), *b = config_account(config, "b");
	assert_string_equal(account_text(a, "base_url"), "https://api.butlr.io");
	assert_string_equal(account_text(a, "estate"), "auto");
	assert_string_equal(account_text(a, "language"), "en-US");
	assert_string_equal(account_text(a, "placeholders"), "no");
	assert_null(account_text(a, "accounts_url"));
	assert_int_equal(a->timeout_ms, 15000);
	assert_int_equal(account_poll_ms(a, KIND_ROOMS, 7000), 7000);
	assert_string_equal(account_text(b, "accounts_url"), "https://x.example");
	assert_null(account_text(b, "estate"));
	config_free(config);
}

static void test_comments_and_hashes(void **state)
{
	(void)state;
	struct config *config = load_valid("values_with_hash.conf");
	const struct account *hq = config_account(config, "hq");
	assert_string_equal(account_text(hq, "vendor"), "butlr");
	assert_string_equal(account_text(hq, "client_id"), "a#b#c");
	assert_string_equal(account_text(hq, "username"), "#1");
	assert_secret(hq, "password", "one #two\\#three");
	config_free(config);
	config = load_valid("names.conf");
	assert_non_null(config_group(config, "Main Street 12 #3"));
	const struct building_group *group = config_group(config, "Caf\xC3\xA9 \xE5\x8C\x97\xE4\xBA\xAC");
	assert_string_equal(group->members[0].id, "x:y");
	assert_string_equal(group->members[0].account, "a.b_c-9");
	assert_string_equal(group->members[1].id, "2");
	config_free(config);
}

static void test_size_has_a_ceiling(void **state)
{
	(void)state;
	size_t length = CONFIG_CEILING + 1;
	char *text = test_malloc(length);
	struct config *config;
	memset(text, '\n', length);
	assert_int_equal(config_parse_text(text, length - 1, "x", &config, &problem), ERR_OK);
	config_free(config);
	assert_int_equal(config_parse_text(text, length, "x", &config, &problem), ERR_CONFIG);
	assert_null(config);
	assert_non_null(strstr(problem.why, "larger than 1024 KiB"));
	test_free(text);
}

static void test_long_paths_keep_their_line(void **state)
{
	(void)state;
	char name[1000];
	struct config *config;
	memset(name, 'p', sizeof(name));
	memcpy(name + sizeof(name) - 6, ".conf", 6);
	assert_int_equal(config_parse_text("x=1\n", 4, name, &config, &problem), ERR_CONFIG);
	assert_non_null(strstr(problem.what, "ppp.conf:1"));
	assert_int_equal(strncmp(problem.what, "...pp", 5), 0);
}

static void test_templates(void **state)
{
	static const char text[] =
		"[template contractor]\nweekdays = mon, fri\ntime_from=7:30\ntime_to=16:00\ndays=14\n"
		"[template any day]\n";
	struct config *config;
	(void)state;
	assert_int_equal(config_parse_text(text, strlen(text), "x", &config, &problem), ERR_OK);
	assert_int_equal(config->n_templates, 2);
	assert_string_equal(config->templates[0].name, "contractor");
	assert_string_equal(config->templates[0].weekdays, "mon, fri");
	assert_string_equal(config->templates[0].time_from, "7:30");
	assert_string_equal(config->templates[0].time_to, "16:00");
	assert_int_equal(config->templates[0].days, 14);
	assert_string_equal(config->templates[1].name, "any day");
	assert_null(config->templates[1].weekdays);
	assert_int_equal(config->templates[1].days, 0);
	config_free(config);
}

static void test_numbers_of_groups_have_a_ceiling(void **state)
{
	(void)state;
	struct buf text;
	buf_init(&text, CONFIG_CEILING);
	for (int i = 0; i < 600; i++)
		buf_addf(&text, "[account a%d]\nvendor=butlr\n", i);
	assert_null(parse(buf_text(&text)));
	assert_non_null(strstr(problem.why, "more than 512"));
	assert_string_equal(problem.what, "lodge.conf:1025");
	buf_fini(&text);
}

/* --- files --- */

static char folder[64];

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/lodge-config-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	char path[512];
	DIR *dir = opendir(folder);
	for (const struct dirent *entry; dir && (entry = readdir(dir));) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		unlink(path);
	}
	if (dir)
		closedir(dir);
	return rmdir(folder);
}

static const char *write_file(char path[512], const char *name, mode_t mode, const char *text)
{
	snprintf(path, 512, "%s/%s", folder, name);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
	return path;
}

static struct config *load(const char *first, const char *second)
{
	const char *const paths[] = {first, second, NULL};
	struct config *config;
	problem = (struct problem){0};
	int err = config_load_files(paths, true, &config, &problem);
	assert_int_equal(err, config ? ERR_OK : ERR_CONFIG);
	return config;
}

static void test_later_file_wins_key_by_key(void **state)
{
	(void)state;
	char system[512], user[512];
	write_file(
		system, "system.conf", 0644,
		"[ui]\ntheme=day\nrole=desk\n[account hq]\nvendor=butlr\nestate=rest\npassword_command=a\npoll.doors=1s\n"
		"[building A]\nmembers=hq:1\n");
	write_file(
		user, "user.conf", 0600,
		"[ui]\ntheme=mono\n[account hq]\nestate=graphql\npassword=mine\npoll.doors=2s\n[account more]\nvendor=density\n"
		"[building A]\nmembers=hq:2, more:3\n");
	struct config *config = load(system, user);
	assert_non_null(config);
	assert_int_equal(problem.code, ERR_OK);
	assert_string_equal(config_ui(config, "theme"), "mono");
	assert_string_equal(config_ui(config, "role"), "desk");
	assert_int_equal(config->n_accounts, 2);
	const struct account *hq = config_account(config, "hq");
	assert_string_equal(account_text(hq, "estate"), "graphql");
	assert_string_equal(hq->file, system);
	assert_secret(hq, "password", "mine");
	assert_int_equal(account_poll_ms(hq, KIND_DOORS, 9), 2000);
	assert_int_equal(config->n_groups, 1);
	assert_int_equal(config->groups[0].n_members, 2);
	assert_string_equal(config->groups[0].members[0].id, "2");
	config_free(config);
}

static void test_missing_files(void **state)
{
	(void)state;
	char user[512], missing[512];
	struct config *config;
	snprintf(missing, sizeof(missing), "%s/missing.conf", folder);
	write_file(user, "user.conf", 0600, "[ui]\ntheme=mono\n");
	config = load(missing, user);
	assert_non_null(config);
	assert_int_equal(problem.code, ERR_OK);
	config_free(config);
	assert_null(load(user, missing));
	assert_non_null(strstr(problem.what, "missing.conf"));
	const char *const paths[] = {missing, missing, NULL};
	assert_int_equal(config_load_files(paths, false, &config, &problem), ERR_OK);
	assert_int_equal(config->n_accounts, 0);
	config_free(config);
	assert_null(load(user, folder)); /* a folder is no file */
}

static void test_open_files_with_secrets_are_refused(void **state)
{
	(void)state;
	static const mode_t modes[] = {0644, 0640, 0604};
	char path[512], expected[600];
	for (size_t i = 0; i < 3; i++) {
		write_file(path, "open.conf", modes[i],
			   "[account hq]\nvendor=butlr\nclient_secret=hunter2\n");
		assert_null(load(path, path));
		snprintf(expected, sizeof(expected), "chmod 600 %s", path);
		assert_string_equal(problem.todo, expected);
		assert_non_null(strstr(problem.what, "open.conf:3"));
		assert_null(strstr(problem.why, "hunter2"));
	}
	const char *const harmless[] = {"client_id=x", "password_command=pass", "password_file=/x",
					"client_secret_env=X"};
	for (size_t i = 0; i < 4; i++) {
		char text[128];
		snprintf(text, sizeof(text), "[account hq]\nvendor=butlr\n%s\n", harmless[i]);
		write_file(path, "open.conf", 0644, text);
		struct config *config;
		const char *const paths[] = {path, NULL};
		assert_int_equal(config_load_files(paths, true, &config, &problem), ERR_OK);
		config_free(config);
	}
	write_file(path, "open.conf", 0600, "[account hq]\nvendor=butlr\nclient_secret=hunter2\n");
	const char *const paths[] = {path, NULL};
	struct config *config;
	assert_int_equal(config_load_files(paths, true, &config, &problem), ERR_OK);
	config_free(config);
}

static void test_chmod_is_quoted_for_a_shell(void **state)
{
	(void)state;
	char path[512];
	write_file(path, "it's open; rm.conf", 0644, "[account hq]\nvendor=butlr\npassword=x\n");
	assert_null(load(path, path));
	assert_non_null(strstr(problem.todo, "'\\''s open; rm.conf'"));
}

static void test_a_wrong_key_does_not_hide_an_open_file(void **state)
{
	(void)state;
	char path[512];
	write_file(path, "open.conf", 0644, "[account hq]\nvendor=butlr\npassword=x\nnonsense=1\n");
	assert_null(load(path, path));
	assert_non_null(strstr(problem.why, "is a secret"));
}

static void test_usual_place(void **state)
{
	(void)state;
	setenv("HOME", "/home/someone", 1);
	unsetenv("XDG_CONFIG_HOME");
	char *path = config_user_file();
	assert_string_equal(path, "/home/someone/.config/lodge/lodge.conf");
	free(path);
	setenv("XDG_CONFIG_HOME", "relative", 1);
	path = config_user_file();
	assert_string_equal(path, "/home/someone/.config/lodge/lodge.conf");
	free(path);
	setenv("XDG_CONFIG_HOME", "/etc/xdg", 1);
	path = config_user_file();
	assert_string_equal(path, "/etc/xdg/lodge/lodge.conf");
	free(path);
	unsetenv("XDG_CONFIG_HOME");
}

/* --- secrets --- */

static struct config *with_account(const char *key, const char *value)
{
	struct config *config = config_new();
	const char *const pairs[] = {"vendor", "butlr", key, value, NULL};
	assert_int_equal(config_add_account(config, "hq", pairs, &problem), ERR_OK);
	return config;
}

static void test_secret_from_environment(void **state)
{
	(void)state;
	struct config *config = with_account("password_env", "LODGE_TEST_PASSWORD");
	char *secret;
	unsetenv("LODGE_TEST_PASSWORD");
	assert_int_equal(account_secret(config->accounts[0], "password", &secret, &problem), ERR_CONFIG);
	assert_null(secret);
	assert_string_equal(problem.what, "password_env");
	assert_non_null(strstr(problem.why, "LODGE_TEST_PASSWORD is not set"));
	setenv("LODGE_TEST_PASSWORD", "", 1);
	assert_int_equal(account_secret(config->accounts[0], "password", &secret, &problem), ERR_CONFIG);
	setenv("LODGE_TEST_PASSWORD", "from env", 1);
	assert_secret(config->accounts[0], "password", "from env");
	unsetenv("LODGE_TEST_PASSWORD");
	config_free(config);
}

static void test_secret_from_file(void **state)
{
	(void)state;
	char path[512], *secret;
	write_file(path, "secret", 0600, "first line\r\nsecond\n");
	struct config *config = with_account("password_file", path);
	assert_secret(config->accounts[0], "password", "first line");
	write_file(path, "secret", 0644, "first line\n");
	assert_int_equal(account_secret(config->accounts[0], "password", &secret, &problem), ERR_CONFIG);
	assert_string_equal(problem.what, "password_file");
	assert_non_null(strstr(problem.todo, "chmod 600 /tmp/"));
	assert_null(strstr(problem.why, "first line"));
	write_file(path, "secret", 0600, "\n");
	assert_int_equal(account_secret(config->accounts[0], "password", &secret, &problem), ERR_CONFIG);
	unlink(path);
	assert_int_equal(account_secret(config->accounts[0], "password", &secret, &problem), ERR_CONFIG);
	assert_non_null(strstr(problem.why, path));
	config_free(config);
}

static void test_secret_from_command(void **state)
{
	(void)state;
	char *secret;
	struct config *config = with_account("client_secret_command", "printf 'one\\ntwo\\n'");
	assert_secret(config->accounts[0], "client_secret", "one");
	config_free(config);
	config = with_account("client_secret_command", "false");
	assert_int_equal(account_secret(config->accounts[0], "client_secret", &secret, &problem), ERR_CONFIG);
	assert_string_equal(problem.what, "client_secret_command");
	assert_null(secret);
	config_free(config);
}

static void test_paths_are_made_whole(void **state)
{
	(void)state;
	char conf[512], secret_path[512], ca[512], text[600];
	setenv("HOME", folder, 1);
	write_file(secret_path, "secret", 0600, "hello\n");
	write_file(ca, "ca.pem", 0644, "");
	write_file(
		conf, "user.conf", 0600,
		"[ui]\ntheme=~/mine.theme\n[account hq]\nvendor=butlr\npassword_file=~/secret\nusername_file=secret\nca_file=ca.pem\n");
	const char *const paths[] = {conf, NULL};
	struct config *config;
	assert_int_equal(config_load_files(paths, true, &config, &problem), ERR_OK);
	assert_secret(config->accounts[0], "password", "hello");
	assert_secret(config->accounts[0], "username", "hello");
	assert_string_equal(account_text(config->accounts[0], "ca_file"), ca);
	snprintf(text, sizeof(text), "%s/mine.theme", folder);
	assert_string_equal(config_ui(config, "theme"), text);
	config_free(config);
}

/* --- accounts in memory --- */

static void test_accounts_in_memory(void **state)
{
	(void)state;
	struct config *config = config_new();
	const char *const good[] = {"vendor", "butlr", "base_url", "http://127.0.0.1:4000/butlr",
				    "poll",   "1s",    NULL};
	assert_int_equal(config_add_account(config, "demo", good, &problem), ERR_OK);
	assert_int_equal(config->accounts[0]->poll_ms, 1000);
	assert_null(config->accounts[0]->file);
	assert_int_equal(config_add_account(config, "demo", good, &problem), ERR_CONFIG);
	assert_int_equal(config->n_accounts, 1);
	const char *const unknown[] = {"vendor", "butlr", "colour", "red", NULL};
	assert_int_equal(config_add_account(config, "other", unknown, &problem), ERR_CONFIG);
	const char *const wrong[] = {"vendor", "butlr", "base_url", "http://example.com", NULL};
	assert_int_equal(config_add_account(config, "other", wrong, &problem), ERR_CONFIG);
	assert_int_equal(config->n_accounts, 1);
	assert_null(config_account(config, "other"));
	const char *const second[] = {"vendor", "density", NULL};
	assert_int_equal(config_add_account(config, "other", second, &problem), ERR_OK);
	assert_int_equal(config_account(config, "other")->vendor, VENDOR_DENSITY);
	config_free(config);
}

static void test_key_bindings_are_kept_as_written(void **state)
{
	struct config *config = load_valid("keys.conf");

	(void)state;
	assert_int_equal(config->n_keys, 3);
	assert_string_equal(config->keys[0].action, "quit");
	assert_string_equal(config->keys[0].keys, "F10 C-q");
	assert_non_null(strstr(config->keys[0].place, "keys.conf:2"));
	assert_string_equal(config->keys[1].keys, "");
	assert_string_equal(config->keys[2].keys, "/");
	config_free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_mistake_is_told),
		cmocka_unit_test(test_valid_files_are_read),
		cmocka_unit_test(test_key_bindings_are_kept_as_written),
		cmocka_unit_test(test_example_gives_its_values),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_comments_and_hashes),
		cmocka_unit_test(test_size_has_a_ceiling),
		cmocka_unit_test(test_long_paths_keep_their_line),
		cmocka_unit_test(test_templates),
		cmocka_unit_test(test_numbers_of_groups_have_a_ceiling),
		cmocka_unit_test_setup_teardown(test_later_file_wins_key_by_key, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_missing_files, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_open_files_with_secrets_are_refused, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(test_chmod_is_quoted_for_a_shell, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_a_wrong_key_does_not_hide_an_open_file, make_folder,
						remove_folder),
		cmocka_unit_test(test_usual_place),
		cmocka_unit_test(test_secret_from_environment),
		cmocka_unit_test_setup_teardown(test_secret_from_file, make_folder, remove_folder),
		cmocka_unit_test(test_secret_from_command),
		cmocka_unit_test_setup_teardown(test_paths_are_made_whole, make_folder, remove_folder),
		cmocka_unit_test(test_accounts_in_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
