/* Answers on disk: kept for their time, shared, and never believed when anything about the file is wrong. */
#include "net/cache_disk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW INT64_C(1772445600000)

static char *folder;

static int set_up(void **state)
{
	char name[] = "/tmp/lodge-cache-XXXXXX";

	(void)state;
	folder = g_strdup(mkdtemp(name));
	return folder == NULL;
}

static char *only_file(guint *count)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	char *path = NULL;
	const char *name;

	*count = 0;
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_free(path);
		path = g_build_filename(folder, name, NULL);
		++*count;
	}
	g_dir_close(dir);
	return path;
}

static int tear_down(void **state)
{
	guint count;

	(void)state;
	for (;;) {
		char *path = only_file(&count);

		if (path == NULL)
			break;
		g_remove(path);
		g_free(path);
	}
	g_rmdir(folder);
	g_free(folder);
	return 0;
}

static int64_t left(const char *identity, const char *url, int64_t now_ms, const char *wanted)
{
	struct cache_disk *disk = cache_disk_new(folder, identity);
	int64_t left_ms;
	struct buf body;

	buf_init(&body, BUF_CEILING_FILE);
	left_ms = cache_disk_read(disk, url, now_ms, &body);
	assert_string_equal(buf_text(&body), left_ms > 0 ? wanted : "");
	buf_fini(&body);
	cache_disk_free(disk);
	return left_ms;
}

static void keep(const char *identity, const char *url, const char *body, int64_t age_ms, int64_t now_ms)
{
	struct cache_disk *disk = cache_disk_new(folder, identity);

	cache_disk_write(disk, url, body, strlen(body), age_ms, now_ms);
	cache_disk_free(disk);
}

static void test_kept_for_its_time(void **state)
{
	struct stat st;
	guint count;
	char *path;

	(void)state;
	keep("anna", "https://h/a?b", "body\n\nmore", 900000, NOW);
	assert_int_equal(left("anna", "https://h/a?b", NOW, "body\n\nmore"), 900000);
	assert_int_equal(left("anna", "https://h/a?b", NOW + 899999, "body\n\nmore"), 1);
	assert_int_equal(left("ben", "https://h/a?b", NOW, ""), 0);
	assert_int_equal(left("anna", "https://h/a", NOW, ""), 0);
	path = only_file(&count);
	assert_int_equal(count, 1);
	assert_int_equal(g_stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	g_free(path);
	assert_int_equal(left("anna", "https://h/a?b", NOW + 900000, ""), 0);
	assert_null(only_file(&count)); /* removed once it is of no use */
}

static void test_not_kept(void **state)
{
	guint count;

	(void)state;
	keep("anna", "u", "body", 900000, NOW);
	keep("anna", "u", "body", 0, NOW);
	assert_null(only_file(&count));
	keep("anna", "u", "old", 100, NOW);
	keep("anna", "u", "new", 100, NOW + 50);
	assert_int_equal(left("anna", "u", NOW + 60, "new"), 90);
	/* From a time that has not come: the clock was set back. */
	assert_int_equal(left("anna", "u", NOW - 3600000, ""), 0);
	assert_null(only_file(&count));
	/* A server cannot have it kept for years. */
	keep("anna", "u", "body", INT64_C(1) << 60, NOW);
	assert_int_equal(left("anna", "u", NOW, "body"), CACHE_DISK_LONGEST_MS);
}

/* Every byte of the file changed, and the file cut at every place. */
static void test_damage_is_noticed(void **state)
{
	gsize length;
	guint count;
	char *path, *bytes;

	(void)state;
	keep("anna", "u", "the body", 900000, NOW);
	path = only_file(&count);
	assert_true(g_file_get_contents(path, &bytes, &length, NULL));
	for (gsize i = 0; i < length; i++) {
		char *bad = g_memdup2(bytes, length + 1);

		bad[i] = (char)(bad[i] ^ 1);
		g_file_set_contents(path, bad, (gssize)length, NULL);
		g_chmod(path, 0600);
		/* The times stand outside of the sum: a wrong digit there may only shorten or lengthen within reason. */
		if (left("anna", "u", NOW, "the body") > CACHE_DISK_LONGEST_MS)
			fail();
		g_free(bad);
	}
	for (gsize cut = 0; cut < length; cut++) {
		g_file_set_contents(path, bytes, (gssize)cut, NULL);
		g_chmod(path, 0600);
		assert_int_equal(left("anna", "u", NOW, ""), 0);
	}
	g_file_set_contents(path, bytes, (gssize)length, NULL);
	g_chmod(path, 0644);
	assert_int_equal(left("anna", "u", NOW, ""), 0);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(left("anna", "u", NOW, ""), 0);
	g_free(bytes);
	g_free(path);
}

static void test_bounded(void **state)
{
	struct stat st;
	guint count;
	char url[32], *other = g_build_filename(folder, "token-x", NULL);

	(void)state;
	g_file_set_contents(other, "x", 1, NULL);
	for (int i = 0; i < CACHE_DISK_FILES + 20; i++) {
		g_snprintf(url, sizeof(url), "u%d", i);
		keep("anna", url, "body", 900000, g_get_real_time() / 1000);
	}
	g_free(only_file(&count));
	assert_int_equal(count, CACHE_DISK_FILES + 1);
	assert_int_equal(g_stat(other, &st), 0);
	g_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_kept_for_its_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_not_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_damage_is_noticed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bounded, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
