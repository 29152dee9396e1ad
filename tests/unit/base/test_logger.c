#include "base/logger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

struct place {
	char *root, *path;
	struct clock_fake fake;
};

static int set_up(void **state)
{
	struct place *place = g_new0(struct place, 1);
	place->root = g_dir_make_tmp("lodge-test-XXXXXX", NULL);
	place->path = g_build_filename(place->root, "log", NULL);
	clock_fake_init(&place->fake, INT64_C(1787148425250));
	*state = place;
	return place->root ? 0 : -1;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	g_remove(place->path);
	g_remove(place->root);
	g_free(place->path);
	g_free(place->root);
	g_free(place);
	return 0;
}

static char *content(const struct place *place)
{
	char *text = NULL;
	assert_true(g_file_get_contents(place->path, &text, NULL, NULL));
	return text;
}

static void lines_have_time_level_and_scope(void **state)
{
	struct place *place = *state;
	struct problem problem = {0};
	struct logger *logger = logger_new(place->path, LOG_LEVEL_INFO, &place->fake.clock, &problem);
	assert_non_null(logger);
	logger_write(logger, LOG_LEVEL_WARN, "hq", "answered %d", 500);
	logger_write(logger, LOG_LEVEL_DEBUG, "hq", "not wanted");
	clock_fake_advance(&place->fake, 750);
	logger_write(logger, LOG_LEVEL_INFO, NULL, "no scope");
	logger_write(logger, LOG_LEVEL_ERROR, "", "bad");
	logger_free(logger);
	g_autofree char *text = content(place);
	assert_string_equal(text, "2026-08-19T14:07:05.250Z warn hq: answered 500\n"
				  "2026-08-19T14:07:06Z info no scope\n2026-08-19T14:07:06Z error bad\n");
}

static void file_is_private_and_appended_to(void **state)
{
	struct place *place = *state;
	mode_t before = umask(0);
	for (int i = 0; i < 2; i++) {
		struct logger *logger = logger_new(place->path, LOG_LEVEL_ERROR, &place->fake.clock, NULL);
		logger_write(logger, LOG_LEVEL_ERROR, "x", "%d", i);
		logger_free(logger);
	}
	umask(before);
	struct stat st;
	assert_int_equal(stat(place->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	g_autofree char *text = content(place);
	assert_string_equal(text,
			    "2026-08-19T14:07:05.250Z error x: 0\n2026-08-19T14:07:05.250Z error x: 1\n");
}

static void lines_are_cleaned(void **state)
{
	struct place *place = *state;
	struct logger *logger = logger_new(place->path, LOG_LEVEL_DEBUG, &place->fake.clock, NULL);
	logger_write(logger, LOG_LEVEL_DEBUG, "a\nb", "%s", "x\x1B[2J\n2026 forged\xC2\x9B\xFF");
	char longest[20000];
	memset(longest, 'y', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	logger_write(logger, LOG_LEVEL_DEBUG, "s", "%s", longest);
	logger_free(logger);
	g_autofree char *text = content(place);
	assert_true(g_str_has_prefix(text, "2026-08-19T14:07:05.250Z debug a\xE2\x90\x8A"
					   "b: x\xE2\x90\x9B[2J\xE2\x90\x8A"
					   "2026 forged\xEF\xBF\xBD\xEF\xBF\xBD\n2026"));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	assert_int_equal(g_strv_length(lines), 3); /* two lines and the end */
}

static void nothing_is_wanted_or_possible(void **state)
{
	struct place *place = *state;
	struct problem problem = {0};
	assert_null(logger_new(NULL, LOG_LEVEL_ERROR, &place->fake.clock, &problem));
	assert_int_equal(problem.code, ERR_OK);
	assert_null(logger_new("/nonexistent/folder/log", LOG_LEVEL_ERROR, &place->fake.clock, &problem));
	assert_int_equal(problem.code, ERR_IO);
	logger_write(NULL, LOG_LEVEL_ERROR, "x", "y");
	logger_free(NULL);
}

/* With stderr turned into the file. */
static void stderr_is_used(void **state)
{
	struct place *place = *state;
	int saved = dup(STDERR_FILENO);
	assert_non_null(freopen(place->path, "a", stderr));
	struct logger *dash = logger_new("-", LOG_LEVEL_ERROR, &place->fake.clock, NULL);
	struct logger *level = logger_new(NULL, LOG_LEVEL_WARN, &place->fake.clock, NULL);
	logger_write(dash, LOG_LEVEL_ERROR, "x", "1");
	logger_write(level, LOG_LEVEL_WARN, "x", "2");
	logger_free(dash);
	logger_free(level);
	ssize_t n = write(STDERR_FILENO, "open\n", 5); /* freeing did not close it */
	dup2(saved, STDERR_FILENO);
	close(saved);
	assert_int_equal(n, 5);
	g_autofree char *text = content(place);
	assert_string_equal(text,
			    "2026-08-19T14:07:05.250Z error x: 1\n2026-08-19T14:07:05.250Z warn x: 2\nopen\n");
}

static void levels_are_words(void **state)
{
	(void)state;
	assert_int_equal(logger_level_parse("error"), LOG_LEVEL_ERROR);
	assert_int_equal(logger_level_parse("warn"), LOG_LEVEL_WARN);
	assert_int_equal(logger_level_parse("info"), LOG_LEVEL_INFO);
	assert_int_equal(logger_level_parse("debug"), LOG_LEVEL_DEBUG);
	assert_int_equal(logger_level_parse("Debug"), -1);
	assert_int_equal(logger_level_parse(""), -1);
	assert_int_equal(logger_level_parse(NULL), -1);
}

static void write_many(void *arg)
{
	for (int i = 0; i < 500; i++)
		logger_write(arg, LOG_LEVEL_INFO, "thread", "%s",
			     "a line that must stay whole, whoever else writes");
}

static void threads_do_not_mix_lines(void **state)
{
	struct place *place = *state;
	struct logger *logger = logger_new(place->path, LOG_LEVEL_INFO, &place->fake.clock, NULL);
	uv_thread_t threads[3];
	for (int i = 0; i < 3; i++)
		assert_int_equal(uv_thread_create(&threads[i], write_many, logger), 0);
	for (int i = 0; i < 3; i++)
		uv_thread_join(&threads[i]);
	logger_free(logger);
	g_autofree char *text = content(place);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	assert_int_equal(g_strv_length(lines), 1501);
	for (int i = 0; i < 1500; i++)
		assert_string_equal(lines[i], lines[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lines_have_time_level_and_scope, set_up, tear_down),
		cmocka_unit_test_setup_teardown(file_is_private_and_appended_to, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lines_are_cleaned, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_is_wanted_or_possible, set_up, tear_down),
		cmocka_unit_test_setup_teardown(stderr_is_used, set_up, tear_down),
		cmocka_unit_test(levels_are_words),
		cmocka_unit_test_setup_teardown(threads_do_not_mix_lines, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
