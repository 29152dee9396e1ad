/* The file: rights, versions, damage, a full disk, the end at any instant, several processes, retention. */
#include "desk.h"

#include "base/moment.h"
#include "model/access.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define KILLS 25
#define DAY_MS INT64_C(86400000)

static const struct audit_entry change = {.who = "kim",
					  .account = "lobby",
					  .vendor = "sim",
					  .action = "create",
					  .subject_kind = "keys",
					  .what = "{}"};

static int setup(void **state)
{
	struct desk *desk = g_new0(struct desk, 1);

	desk_init(desk);
	*state = desk;
	return 0;
}

static int teardown(void **state)
{
	desk_fini(*state);
	g_free(*state);
	return 0;
}

static void keep_named(struct desk *desk, const char *id, const char *name, int64_t time_ms)
{
	struct rows *rows = desk_rows();

	desk_row(rows, id, time_ms, name);
	desk_keep(desk, rows);
}

static mode_t mode_of(struct desk *desk, const char *name)
{
	char *path = desk_file(desk, name);
	struct stat info;
	int rc = stat(path, &info);

	g_free(path);
	return rc == 0 ? info.st_mode & 07777 : 0;
}

static void put_file(const struct desk *desk, const char *bytes, size_t length)
{
	assert_true(g_file_set_contents(desk->path, bytes, (gssize)length, NULL));
}

/* --- rights --- */

static void nobody_else_can_read_it(void **state)
{
	struct desk *desk = *state;

	umask(0);
	assert_int_equal(chmod(desk->folder, 0755), 0);
	desk_open(desk);
	keep_named(desk, "1", "Robin", DESK_NOW);
	assert_int_equal(desk_found(desk, ""), 1);
	assert_int_equal(mode_of(desk, "history.db"), 0600);
	assert_int_equal(mode_of(desk, "history.db-wal"), 0600);
	assert_int_equal(mode_of(desk, "history.db-shm"), 0600);
	assert_int_equal(mode_of(desk, "."), 0700);
	desk_shut(desk);
	assert_int_equal(chmod(desk->path, 0644), 0);
	desk_open(desk);
	assert_int_equal(desk_found(desk, ""), 1);
	assert_int_equal(mode_of(desk, "history.db"), 0600);
	umask(022);
}

static void a_link_is_not_followed(void **state)
{
	struct desk *desk = *state;
	char *target = desk_file(desk, "elsewhere");

	assert_int_equal(symlink(target, desk->path), 0);
	desk_open(desk);
	assert_int_equal(desk_begin(desk, &change)->problem.code, ERR_INVALID);
	assert_false(g_file_test(target, G_FILE_TEST_EXISTS));
	g_free(target);
}

/* In a child that gave root away, because root may write everywhere. */
static void a_folder_that_cannot_be_written_is_told(void **state)
{
	struct desk *outer = *state;
	pid_t child = fork();
	int status = -1;

	if (child == 0) {
		struct desk desk;
		int code;

		if (geteuid() == 0 &&
		    (chown(outer->folder, 65534, 65534) != 0 || setgid(65534) != 0 || setuid(65534) != 0))
			_exit(3);
		desk_init(&desk);
		g_rmdir(desk.folder);
		g_free(desk.folder);
		desk.folder = g_strdup(outer->folder);
		if (chmod(desk.folder, 0500) != 0)
			_exit(4);
		desk_open(&desk);
		code = desk_begin(&desk, &change)->problem.code;
		desk_shut(&desk);
		if (chmod(desk.folder, 0700) != 0)
			_exit(5);
		_exit(code == ERR_DENIED ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void a_folder_that_cannot_be_is_told(void **state)
{
	struct desk *desk = *state;
	char *folder = desk->folder;

	desk->folder = g_build_filename(folder, "file", "below", NULL);
	char *file = g_build_filename(folder, "file", NULL);

	assert_true(g_file_set_contents(file, "x", 1, NULL));
	desk_open(desk);
	struct door_search search = desk_search("");

	keep_named(desk, "1", "Robin", DESK_NOW);
	assert_int_not_equal(desk_find(desk, &search)->problem.code, ERR_OK);
	assert_int_not_equal(desk_begin(desk, &change)->problem.code, ERR_OK);
	desk_shut(desk);
	g_remove(file);
	g_free(file);
	g_free(desk->folder);
	desk->folder = folder;
}

/* --- what is not ours, or not right --- */

static void a_newer_version_is_refused_in_words(void **state)
{
	struct desk *desk = *state;
	struct door_search search = desk_search("");

	desk_open(desk);
	keep_named(desk, "1", "Robin", DESK_NOW);
	assert_int_equal(desk_found(desk, ""), 1);
	desk_shut(desk);
	assert_int_equal(desk_number(desk, "UPDATE meta SET version = 99"), 0);
	desk_open(desk);
	for (unsigned i = 0; i < 2; i++) {
		struct store_reply *reply = desk_find(desk, &search);

		assert_int_equal(reply->problem.code, ERR_UNSUPPORTED);
		assert_non_null(strstr(reply->problem.why, "newer lodge (version 99"));
		assert_int_equal(reply->page.problem.code, ERR_UNSUPPORTED);
	}
	assert_int_equal(desk_begin(desk, &change)->problem.code, ERR_UNSUPPORTED);
	desk_shut(desk);
	assert_int_equal(desk_files(desk, "history.db.broken"), 0);
	assert_int_equal(desk_number(desk, "SELECT count(*) FROM doors"), 1);
}

static void another_programs_file_is_left_alone(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(desk_number(desk, "CREATE TABLE notes(text)"), -1); /* there is no file yet */
	put_file(desk, "", 0);
	assert_int_equal(desk_number(desk, "CREATE TABLE notes(text)"), 0);
	desk_open(desk);
	assert_int_equal(desk_begin(desk, &change)->problem.code, ERR_INVALID);
	desk_shut(desk);
	assert_int_equal(desk_files(desk, "history.db"), 1);
	assert_int_equal(desk_number(desk, "SELECT count(*) FROM sqlite_schema"), 1);
}

static void an_empty_file_is_begun(void **state)
{
	struct desk *desk = *state;

	put_file(desk, "", 0);
	desk_open(desk);
	assert_int_equal(desk_begin(desk, &change)->line, 1);
	assert_int_equal(desk_number(desk, "SELECT version FROM meta"), 1);
	assert_int_equal(desk_number(desk, "PRAGMA application_id"), 1819239271);
}

static void garbage_is_put_aside_and_told(void **state)
{
	struct desk *desk = *state;
	char garbage[8192];
	struct door_search search = desk_search("");

	memset(garbage, 'g', sizeof(garbage));
	for (unsigned i = 1; i <= 2; i++) {
		put_file(desk, garbage, sizeof(garbage));
		desk_open(desk);
		/* A change must not wait for whoever reads the message. */
		struct store_reply *reply = desk_begin(desk, &change);

		assert_int_equal(reply->problem.code, ERR_OK);
		assert_int_equal(reply->line, 1);
		reply = desk_find(desk, &search);
		assert_int_equal(reply->problem.code, ERR_PARSE);
		assert_non_null(strstr(reply->problem.why, "history.db.broken-2027-01-15T08-00-00Z"));
		assert_int_equal(desk_find(desk, &search)->problem.code, ERR_OK);
		desk_shut(desk);
		assert_int_equal(desk_files(desk, "history.db.broken"), i);
	}
	char *aside = desk_file(desk, "history.db.broken-2027-01-15T08-00-00Z"), *bytes;
	size_t length;

	assert_true(g_file_get_contents(aside, &bytes, &length, NULL));
	assert_int_equal(length, sizeof(garbage));
	assert_memory_equal(bytes, garbage, length);
	g_free(bytes);
	g_free(aside);
}

/* Damage that shows only while it is used: the answer tells, and what comes next is kept. */
static void damage_in_the_middle_is_put_aside(void **state)
{
	struct desk *desk = *state;
	struct door_search search = desk_search("");
	struct rows *rows = desk_rows();

	desk_open(desk);
	for (unsigned i = 0; i < 5000; i++)
		desk_row(rows, rows_textf(rows, "%u", i), DESK_NOW + i, "Robin Ash of the long name");
	desk_keep(desk, rows);
	assert_int_equal(desk_found(desk, ""), HISTORY_PAGE_MOST);
	desk_shut(desk);
	int fd = open(desk->path, O_WRONLY);
	off_t size = lseek(fd, 0, SEEK_END);
	char noise[4096];

	memset(noise, 0xA5, sizeof(noise));
	for (off_t at = 20 * 4096; at < size; at += 4096)
		assert_int_equal(pwrite(fd, noise, sizeof(noise), at), sizeof(noise));
	close(fd);
	desk_open(desk);
	search.limit = HISTORY_PAGE_MOST;
	assert_int_equal(desk_find(desk, &search)->problem.code, ERR_PARSE);
	assert_int_equal(desk_files(desk, "history.db.broken"), 1);
	keep_named(desk, "new", "Kim", DESK_NOW);
	assert_int_equal(desk_found(desk, "kim"), 1);
}

/* --- a full disk --- */

static void a_full_disk_is_told_and_survived(void **state)
{
	struct desk *desk = *state;
	struct rlimit old, small = {.rlim_cur = 600000};
	struct rows *rows = desk_rows();
	unsigned failed = 0;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	desk_open(desk);
	assert_int_equal(desk_begin(desk, &change)->problem.code, ERR_OK);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (unsigned i = 0; i < 3000; i++)
		desk_row(rows, rows_textf(rows, "%u", i), DESK_NOW + i, "Robin Ash of the very long name")
			->picture_url = rows_textf(rows, "https://example.com/%0200u", i);
	desk_keep(desk, rows);
	assert_int_equal(desk_found(desk, "robin"), 0);
	for (unsigned i = 0; i < 400 && failed == 0; i++)
		failed += desk_begin(desk, &change)->problem.code == ERR_IO;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(desk_begin(desk, &change)->problem.code, ERR_OK);
	/* What could not be written was not forgotten. */
	assert_int_equal(desk_found(desk, "robin"), HISTORY_PAGE_MOST);
	assert_int_equal(desk_number(desk, "SELECT count(*) FROM doors"), 3000);
	assert_int_equal(desk_number(desk, "PRAGMA integrity_check"), 1);
	signal(SIGXFSZ, SIG_DFL);
}

/* --- the end at any instant --- */

/* Writes for ever; tells each audit line that was promised through the pipe. */
static void write_until_killed(const char *folder, unsigned round, int promised)
{
	struct desk desk;

	desk_init(&desk);
	g_rmdir(desk.folder);
	g_free(desk.folder);
	desk.folder = g_strdup(folder);
	desk_open(&desk);
	for (unsigned n = 0;; n++) {
		struct rows *rows = desk_rows();
		int64_t line;

		for (unsigned i = 0; i < 60; i++)
			desk_row(rows, rows_textf(rows, "%u-%u-%u", round, n, i), DESK_NOW + n * 1000 + i,
				 "Robin Ash");
		desk_keep(&desk, rows);
		desk_found(&desk, "robin");
		line = desk_begin(&desk, &change)->line;
		if (line <= 0 || write(promised, &line, sizeof(line)) != sizeof(line))
			_exit(1);
		if (n % 2 == 0)
			store_audit_end(desk.store, 0, line, "done", NULL, NULL);
		desk_forget(&desk);
	}
}

static void integrity_survives_the_end_at_any_instant(void **state)
{
	struct desk *desk = *state;
	unsigned seed = 99, total = 0;

	for (unsigned round = 0; round < KILLS; round++) {
		int ends[2], status;
		int64_t line = 0, last = 0;

		assert_int_equal(pipe(ends), 0);
		pid_t child = fork();

		if (child == 0) {
			close(ends[0]);
			write_until_killed(desk->folder, round, ends[1]);
		}
		close(ends[1]);
		/* After some promises, at some moment of the next: the moment is as random as the scheduler. */
		seed = seed * 1664525u + 1013904223u;
		for (unsigned n = (seed >> 16) % 6;
		     n > 0 && read(ends[0], &line, sizeof(line)) == sizeof(line); n--)
			last = line;
		for (volatile unsigned spin = (seed >> 8) % 3000000; spin > 0; spin--)
			;
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		while (read(ends[0], &line, sizeof(line)) == sizeof(line))
			last = line;
		close(ends[0]);
		if (!g_file_test(desk->path, G_FILE_TEST_EXISTS))
			continue;
		if (last > 0) {
			char *sql = g_strdup_printf("SELECT count(*) FROM audit WHERE id <= %" G_GINT64_FORMAT,
						    last);

			assert_int_equal(desk_number(desk, sql), last);
			g_free(sql);
		}
		total += last > 0;
		assert_int_equal(desk_number(desk, "PRAGMA integrity_check"), 1);
	}
	assert_true(total > KILLS / 3);
	desk_open(desk);
	desk_found(desk, "robin");
	/* Rows and index agree. */
	assert_int_equal(
		desk_number(
			desk,
			"SELECT (SELECT count(*) FROM doors) - (SELECT count(*) FROM doors_text WHERE doors_text MATCH '\"robi\"')"),
		0);
	assert_int_equal(desk_files(desk, "history.db.broken"), 0);
}

/* --- several processes --- */

static void two_processes_write_at_once(void **state)
{
	struct desk *desk = *state;
	pid_t children[3];
	int status;

	for (unsigned c = 0; c < 3; c++) {
		children[c] = fork();
		if (children[c] != 0)
			continue;
		struct desk own;
		unsigned bad = 0;

		desk_init(&own);
		g_rmdir(own.folder);
		g_free(own.folder);
		own.folder = g_strdup(desk->folder);
		desk_open(&own);
		for (unsigned n = 0; n < 40; n++) {
			struct rows *rows = desk_rows();

			/* Half of what they tell is the same. */
			for (unsigned i = 0; i < 20; i++)
				desk_row(rows, rows_textf(rows, "%u-%u", i % 2 ? c : 9, n * 20 + i),
					 DESK_NOW + i, "Robin")
					->method = rows_textf(rows, "way %u", n);
			desk_keep(&own, rows);
			bad += desk_begin(&own, &change)->problem.code != ERR_OK;
			desk_found(&own, "robin");
			desk_forget(&own);
		}
		desk_shut(&own);
		_exit(bad > 0);
	}
	for (unsigned c = 0; c < 3; c++) {
		assert_int_equal(waitpid(children[c], &status, 0), children[c]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	assert_int_equal(desk_number(desk, "SELECT count(*) FROM doors"), 3 * 400 + 400);
	assert_int_equal(desk_number(desk, "SELECT count(*) FROM audit"), 120);
	assert_int_equal(desk_number(desk, "SELECT count(*) FROM words"), 40);
	assert_int_equal(desk_number(desk, "PRAGMA integrity_check"), 1);
}

static void a_second_store_sees_what_the_first_keeps(void **state)
{
	struct desk *desk = *state;
	struct desk other;

	desk_open(desk);
	desk_init(&other);
	g_rmdir(other.folder);
	g_free(other.folder);
	other.folder = g_strdup(desk->folder);
	desk_open(&other);
	for (unsigned i = 1; i <= 20; i++) {
		char id[16];

		g_snprintf(id, sizeof(id), "%u", i);
		keep_named(i % 2 ? desk : &other, id, "Robin", DESK_NOW + i);
		assert_int_equal(desk_found(i % 2 ? desk : &other, "robin"), i);
		assert_int_equal(desk_found(i % 2 ? &other : desk, "robin"), i);
	}
	desk_shut(&other);
	g_free(other.folder);
	other.folder = g_strdup("/nonexistent");
	desk_fini(&other);
}

/* --- retention --- */

static void keep_days(struct desk *desk)
{
	struct rows *rows = desk_rows();

	for (unsigned i = 0; i < 1000; i++)
		desk_row(rows, rows_textf(rows, "%u", i), DESK_NOW - i * (DAY_MS / 5), "Robin Secretname");
	desk_keep(desk, rows);
}

static void people_are_forgotten_in_time(void **state)
{
	struct desk *desk = *state;

	desk_open(desk);
	keep_days(desk);
	desk_begin(desk, &change);
	assert_int_equal(desk_found(desk, "secretname"), 1000);
	desk_shut(desk);
	desk->keep_ms = 90 * DAY_MS;
	desk_open(desk);
	/* Until it is through; each ask lets it go on. */
	while (desk_found(desk, "secretname") != 451)
		desk_forget(desk);
	assert_true(desk_oldest(desk) == DESK_NOW - 90 * DAY_MS);
	clock_fake_advance(&desk->clock, 10 * DAY_MS);
	while (desk_found(desk, "secretname") != 401)
		desk_forget(desk);
	desk_shut(desk);
	assert_int_equal(desk_number(desk,
				     "SELECT count(*) FROM doors_text WHERE doors_text MATCH '\"secr\"'"),
			 401);
	assert_int_equal(desk_number(desk, "SELECT count(*) FROM audit"), 1);
	assert_int_equal(desk_number(desk, "PRAGMA integrity_check"), 1);
}

static void kept_for_ever_means_for_ever(void **state)
{
	struct desk *desk = *state;

	desk_open(desk);
	keep_days(desk);
	clock_fake_advance(&desk->clock, 5000 * DAY_MS);
	assert_int_equal(desk_found(desk, "robin"), 1000);
	desk_shut(desk);
	desk_open(desk);
	desk_forget(desk);
	assert_int_equal(desk_found(desk, "robin"), 1000);
}

/* What was deleted is not in the file any more. */
static void nothing_of_them_is_left_in_the_file(void **state)
{
	struct desk *desk = *state;
	char *bytes;
	size_t length;

	desk_open(desk);
	keep_named(desk, "1", "Leftover Person", DESK_NOW - 100 * DAY_MS);
	keep_named(desk, "2", "Robin", DESK_NOW);
	assert_int_equal(desk_found(desk, ""), 2);
	desk_shut(desk);
	desk->keep_ms = 90 * DAY_MS;
	desk_open(desk);
	while (desk_found(desk, "") != 1)
		desk_forget(desk);
	desk_shut(desk);
	assert_int_equal(desk_files(desk, "history.db-wal"), 0);
	assert_true(g_file_get_contents(desk->path, &bytes, &length, NULL));
	assert_null(memmem(bytes, length, "Leftover", 8));
	assert_non_null(memmem(bytes, length, "Robin", 5));
	g_free(bytes);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(nobody_else_can_read_it),
		TEST(a_link_is_not_followed),
		TEST(a_folder_that_cannot_be_written_is_told),
		TEST(a_folder_that_cannot_be_is_told),
		TEST(a_newer_version_is_refused_in_words),
		TEST(another_programs_file_is_left_alone),
		TEST(an_empty_file_is_begun),
		TEST(garbage_is_put_aside_and_told),
		TEST(damage_in_the_middle_is_put_aside),
		TEST(a_full_disk_is_told_and_survived),
		TEST(integrity_survives_the_end_at_any_instant),
		TEST(two_processes_write_at_once),
		TEST(a_second_store_sees_what_the_first_keeps),
		TEST(people_are_forgotten_in_time),
		TEST(kept_for_ever_means_for_ever),
		TEST(nothing_of_them_is_left_in_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
