#include "base/statefile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
	char *root, *folder;
	struct buf buf;
};

static int set_up(void **state)
{
	struct place *place = g_new0(struct place, 1);
	place->root = g_dir_make_tmp("lodge-test-XXXXXX", NULL);
	place->folder = g_build_filename(place->root, "state", "deep", "lodge", NULL);
	buf_init(&place->buf, BUF_CEILING_FILE);
	*state = place;
	return place->root ? 0 : -1;
}

static void remove_tree(const char *path)
{
	GDir *dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *child = g_build_filename(path, name, NULL);
		remove_tree(child);
	}
	if (dir)
		g_dir_close(dir);
	g_remove(path);
}

static int tear_down(void **state)
{
	struct place *place = *state;
	remove_tree(place->root);
	buf_fini(&place->buf);
	g_free(place->root);
	g_free(place->folder);
	g_free(place);
	return 0;
}

static mode_t mode_of(const char *folder, const char *name)
{
	struct stat st;
	g_autofree char *path = g_build_filename(folder, name, NULL);
	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static unsigned files_in(const char *folder)
{
	unsigned count = 0;
	GDir *dir = g_dir_open(folder, 0, NULL);
	while (dir && g_dir_read_name(dir))
		count++;
	if (dir)
		g_dir_close(dir);
	return count;
}

static void write_and_read(void **state)
{
	struct place *place = *state;
	assert_int_equal(statefile_write(place->folder, "a.token", "one\0two", 7, NULL), ERR_OK);
	assert_int_equal(statefile_read(place->folder, "a.token", &place->buf, NULL), ERR_OK);
	assert_int_equal(place->buf.length, 7);
	assert_memory_equal(place->buf.data, "one\0two", 8);
	assert_int_equal(statefile_write(place->folder, "a.token", "", 0, NULL), ERR_OK);
	assert_int_equal(statefile_read(place->folder, "a.token", &place->buf, NULL), ERR_OK);
	assert_int_equal(place->buf.length, 0);
	assert_int_equal(files_in(place->folder), 1); /* nothing temporary stays */
	assert_int_equal(statefile_remove(place->folder, "a.token"), ERR_OK);
	assert_int_equal(statefile_remove(place->folder, "a.token"), ERR_ABSENT);
	assert_int_equal(statefile_read(place->folder, "a.token", &place->buf, NULL), ERR_ABSENT);
}

static void absent_folder_is_absent(void **state)
{
	struct place *place = *state;
	struct problem problem;
	assert_int_equal(statefile_read(place->folder, "a", &place->buf, &problem), ERR_ABSENT);
	assert_int_equal(problem.code, ERR_ABSENT);
	assert_int_equal(statefile_remove(place->folder, "a"), ERR_ABSENT);
	assert_int_equal(statefile_read(NULL, "a", &place->buf, NULL), ERR_INVALID);
}

static void modes_hold_whatever_the_umask_is(void **state)
{
	struct place *place = *state;
	static const mode_t masks[] = {0, 022, 077, 0777};
	for (size_t i = 0; i < G_N_ELEMENTS(masks); i++) {
		mode_t before = umask(masks[i]);
		int err = statefile_write(place->folder, "a", "x", 1, NULL);
		umask(before);
		assert_int_equal(err, ERR_OK);
		assert_int_equal(mode_of(place->folder, "a"), 0600);
		assert_int_equal(mode_of(place->folder, "."), 0700);
		assert_int_equal(mode_of(place->folder, ".."), 0700);
		remove_tree(place->folder);
	}
	/* A folder that others may enter is closed to them. */
	assert_int_equal(g_mkdir_with_parents(place->folder, 0755), 0);
	assert_int_equal(chmod(place->folder, 0755), 0);
	assert_int_equal(statefile_write(place->folder, "a", "x", 1, NULL), ERR_OK);
	assert_int_equal(mode_of(place->folder, "."), 0700);
}

static void files_open_to_others_are_not_used(void **state)
{
	struct place *place = *state;
	struct problem problem;
	assert_int_equal(statefile_write(place->folder, "a", "x", 1, NULL), ERR_OK);
	g_autofree char *path = g_build_filename(place->folder, "a", NULL);
	static const mode_t modes[] = {0640, 0604, 0620, 0666};
	for (size_t i = 0; i < G_N_ELEMENTS(modes); i++) {
		assert_int_equal(chmod(path, modes[i]), 0);
		assert_int_equal(statefile_read(place->folder, "a", &place->buf, &problem), ERR_DENIED);
		assert_int_equal(place->buf.length, 0);
		assert_true(strlen(problem.todo) > 0);
	}
	/* Writing anew mends it. */
	assert_int_equal(statefile_write(place->folder, "a", "y", 1, NULL), ERR_OK);
	assert_int_equal(statefile_read(place->folder, "a", &place->buf, NULL), ERR_OK);
}

static void only_regular_files_are_read(void **state)
{
	struct place *place = *state;
	assert_int_equal(statefile_write(place->folder, "real", "x", 1, NULL), ERR_OK);
	g_autofree char *link_path = g_build_filename(place->folder, "link", NULL);
	g_autofree char *pipe_path = g_build_filename(place->folder, "pipe", NULL);
	g_autofree char *folder_path = g_build_filename(place->folder, "folder", NULL);
	assert_int_equal(symlink("real", link_path), 0);
	assert_int_equal(mkfifo(pipe_path, 0600), 0);
	assert_int_equal(mkdir(folder_path, 0700), 0);
	assert_int_equal(statefile_read(place->folder, "link", &place->buf, NULL), ERR_DENIED);
	assert_int_equal(statefile_read(place->folder, "pipe", &place->buf, NULL), ERR_DENIED);
	assert_int_equal(statefile_read(place->folder, "folder", &place->buf, NULL), ERR_DENIED);
	/* A link is replaced, not followed. */
	assert_int_equal(statefile_write(place->folder, "link", "y", 1, NULL), ERR_OK);
	assert_int_equal(statefile_read(place->folder, "real", &place->buf, NULL), ERR_OK);
	assert_string_equal(buf_text(&place->buf), "x");
	/* What cannot be replaced leaves nothing behind. */
	assert_int_equal(statefile_write(place->folder, "folder", "y", 1, NULL), ERR_IO);
	assert_int_equal(files_in(place->folder), 4);
}

static void size_has_a_ceiling(void **state)
{
	struct place *place = *state;
	char *bytes = g_malloc0(BUF_CEILING_FILE + 1);
	assert_int_equal(statefile_write(place->folder, "a", bytes, BUF_CEILING_FILE, NULL), ERR_OK);
	assert_int_equal(statefile_read(place->folder, "a", &place->buf, NULL), ERR_OK);
	assert_int_equal(place->buf.length, BUF_CEILING_FILE);
	assert_int_equal(statefile_write(place->folder, "a", bytes, BUF_CEILING_FILE + 1, NULL), ERR_OK);
	assert_int_equal(statefile_read(place->folder, "a", &place->buf, NULL), ERR_TOO_BIG);
	assert_int_equal(place->buf.length, 0);
	struct buf small;
	buf_init(&small, 10);
	assert_int_equal(statefile_write(place->folder, "b", bytes, 10, NULL), ERR_OK);
	assert_int_equal(statefile_read(place->folder, "b", &small, NULL), ERR_OK);
	assert_int_equal(statefile_write(place->folder, "b", bytes, 11, NULL), ERR_OK);
	assert_int_equal(statefile_read(place->folder, "b", &small, NULL), ERR_TOO_BIG);
	buf_fini(&small);
	g_free(bytes);
}

static void names_cannot_lead_elsewhere(void **state)
{
	struct place *place = *state;
	static const char *const bad[] = {"",   ".",   "..",  "a/b",      "../a",
					  "/a", "a b", "a\n", "\xC3\xA9", "a\x1B"};
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		assert_int_equal(statefile_write(place->folder, bad[i], "x", 1, NULL), ERR_INVALID);
		assert_int_equal(statefile_read(place->folder, bad[i], &place->buf, NULL), ERR_INVALID);
		assert_int_equal(statefile_remove(place->folder, bad[i]), ERR_INVALID);
	}
	assert_int_equal(statefile_write(place->folder, NULL, "x", 1, NULL), ERR_INVALID);
}

static void names_are_made_of_any_text(void **state)
{
	struct place *place = *state;
	static const char *const texts[] = {"",    "hq",      "../../etc/passwd",  "a/b",
					    "a_b", "\x1B[2J", "\xC3\xA9t\xC3\xA9", "HQ",
					    "."};
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		char *name = statefile_name("token", texts[i]);
		assert_true(g_str_has_prefix(name, "token-"));
		assert_int_equal(statefile_write(place->folder, name, "x", 1, NULL), ERR_OK);
		assert_true(g_hash_table_add(seen, name));
	}
	g_autofree char *one = statefile_name("token", "hq"), *two = statefile_name("token", "hq");
	assert_string_equal(one, two);
	char longest[5000];
	memset(longest, 'x', sizeof(longest));
	longest[4999] = '\0';
	g_autofree char *name = statefile_name(longest, longest);
	assert_int_equal(statefile_write(place->folder, name, "x", 1, NULL), ERR_OK);
}

static void folder_follows_the_environment(void **state)
{
	(void)state;
	g_setenv("HOME", "/home/someone", TRUE);
	g_setenv("XDG_STATE_HOME", "/var/state", TRUE);
	g_autofree char *xdg = statefile_folder();
	assert_string_equal(xdg, "/var/state/lodge");
	g_setenv("XDG_STATE_HOME", "relative", TRUE);
	g_autofree char *relative = statefile_folder();
	assert_string_equal(relative, "/home/someone/.local/state/lodge");
	g_unsetenv("XDG_STATE_HOME");
	g_autofree char *home = statefile_folder();
	assert_string_equal(home, "/home/someone/.local/state/lodge");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(write_and_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(absent_folder_is_absent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(modes_hold_whatever_the_umask_is, set_up, tear_down),
		cmocka_unit_test_setup_teardown(files_open_to_others_are_not_used, set_up, tear_down),
		cmocka_unit_test_setup_teardown(only_regular_files_are_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(size_has_a_ceiling, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names_cannot_lead_elsewhere, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names_are_made_of_any_text, set_up, tear_down),
		cmocka_unit_test(folder_follows_the_environment),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
