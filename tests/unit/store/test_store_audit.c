/* The audit: begun before, completed once, listed newest first, added to only. */
#include "desk.h"

#include "base/moment.h"
#include "core/kind.h"
#include "model/access.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

static atomic_uint syncs;

/* In place of the C library's, to see when the disk is waited for. */
int fdatasync(int fd)
{
	atomic_fetch_add(&syncs, 1);
	return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
	atomic_fetch_add(&syncs, 1);
	return (int)syscall(SYS_fsync, fd);
}

static const struct audit_entry create_key = {
	.who = "kim",
	.from = "192.0.2.7",
	.role = "desk",
	.account = "lobby",
	.vendor = "sim",
	.action = "create",
	.subject_kind = "keys",
	.what = "{\"name\":\"Robin\"}",
	.wish = "w 1",
};

static int setup(void **state)
{
	struct desk *desk = g_new0(struct desk, 1);

	desk_init(desk);
	desk_open(desk);
	*state = desk;
	return 0;
}

static int teardown(void **state)
{
	desk_fini(*state);
	g_free(*state);
	return 0;
}

static struct store_reply *end(struct desk *desk, int64_t line, const char *result, const char *subject_id,
			       const char *detail)
{
	store_audit_end(desk->store, ++desk->request, line, result, subject_id, detail);
	return desk_wait(desk, desk->request);
}

/* The last reply; those before it are in desk->came. */
static struct store_reply *list(struct desk *desk, int64_t since_ms, int64_t until_ms, unsigned limit)
{
	store_audit_list(desk->store, ++desk->request, since_ms, until_ms, limit);
	return desk_wait(desk, desk->request);
}

static void a_line_is_begun_and_completed(void **state)
{
	struct desk *desk = *state;
	struct store_reply *reply = desk_begin(desk, &create_key);

	assert_int_equal(reply->problem.code, ERR_OK);
	assert_int_equal(reply->line, 1);
	reply = list(desk, MOMENT_NONE, MOMENT_NONE, 0);
	const struct audit_row *row = rows_at(reply->rows, 0);

	assert_string_equal(row->result, "started");
	assert_true(row->finished_ms == MOMENT_NONE);
	assert_null(row->subject_id);
	clock_fake_advance(&desk->clock, 1500);
	assert_int_equal(end(desk, 1, "done", "k-5", NULL)->problem.code, ERR_OK);
	reply = list(desk, MOMENT_NONE, MOMENT_NONE, 0);
	assert_int_equal(rows_kind(reply->rows), KIND_AUDIT);
	assert_string_equal(rows_account(reply->rows), "lobby");
	assert_string_equal(rows_vendor(reply->rows), "sim");
	row = rows_at(reply->rows, 0);
	assert_string_equal(row->id, "1");
	assert_int_equal(row->time_ms, DESK_NOW);
	assert_int_equal(row->finished_ms, DESK_NOW + 1500);
	assert_string_equal(row->who, "kim");
	assert_string_equal(row->from, "192.0.2.7");
	assert_string_equal(row->role, "desk");
	assert_string_equal(row->action, "create");
	assert_string_equal(row->subject_kind, "keys");
	assert_string_equal(row->subject_id, "k-5");
	assert_string_equal(row->what, "{\"name\":\"Robin\"}");
	assert_string_equal(row->result, "done");
	assert_null(row->detail);
	assert_string_equal(row->wish, "w 1");
}

/* Each line is on the disk before its answer; releases do not wait for the disk. */
static void the_disk_is_waited_for(void **state)
{
	struct desk *desk = *state;

	for (unsigned i = 1; i <= 3; i++) {
		unsigned before = atomic_load(&syncs);

		desk_begin(desk, &create_key);
		assert_true(atomic_load(&syncs) > before);
		before = atomic_load(&syncs);
		end(desk, i, "done", NULL, NULL);
		assert_true(atomic_load(&syncs) > before);
		before = atomic_load(&syncs);
		struct rows *rows = desk_rows();

		desk_row(rows, rows_textf(rows, "%u", i), DESK_NOW, "Robin");
		desk_keep(desk, rows);
		assert_int_equal(desk_found(desk, "robin"), i);
		assert_int_equal(atomic_load(&syncs), before);
	}
}

static void completed_once_only(void **state)
{
	struct desk *desk = *state;

	desk_begin(desk, &create_key);
	assert_int_equal(end(desk, 1, "failed", NULL, "422")->problem.code, ERR_OK);
	assert_int_equal(end(desk, 1, "done", NULL, NULL)->problem.code, ERR_ABSENT);
	assert_int_equal(end(desk, 99, "done", NULL, NULL)->problem.code, ERR_ABSENT);
	const struct audit_row *row = rows_at(list(desk, MOMENT_NONE, MOMENT_NONE, 0)->rows, 0);

	assert_string_equal(row->result, "failed");
	assert_string_equal(row->detail, "422");
}

static void request_0_asks_for_no_reply(void **state)
{
	struct desk *desk = *state;

	desk_begin(desk, &create_key);
	desk_forget(desk);
	store_audit_end(desk->store, 0, 1, "done", NULL, NULL);
	list(desk, MOMENT_NONE, MOMENT_NONE, 0);
	assert_int_equal(desk->came->len, 1);
}

static void the_file_refuses_other_changes(void **state)
{
	static const char *const refused[] = {
		"DELETE FROM audit",
		"UPDATE audit SET who = 'somebody'",
		"UPDATE audit SET who = 'somebody', finished_ms = 5",
		"UPDATE audit SET what = '', finished_ms = 5",
		"UPDATE audit SET time_ms = 5, finished_ms = 5",
		"UPDATE audit SET result = 'done'",
		"UPDATE audit SET result = 'done', finished_ms = NULL",
	};
	struct desk *desk = *state;

	desk_begin(desk, &create_key);
	for (size_t i = 0; i < G_N_ELEMENTS(refused); i++)
		assert_int_equal(desk_number(desk, refused[i]), -1);
	assert_int_equal(desk_number(desk, "UPDATE audit SET result = 'done', finished_ms = 5"), 0);
	assert_int_equal(desk_number(desk, "UPDATE audit SET result = 'failed', finished_ms = 6"), -1);
	assert_int_equal(desk_number(desk, "SELECT count(*) FROM audit WHERE who = 'kim' AND finished_ms = 5"),
			 1);
}

static void listed_newest_first_by_account(void **state)
{
	struct desk *desk = *state;
	struct audit_entry other = create_key;
	unsigned lobby = 0, tower = 0, last = 0;

	other.account = "tower";
	for (unsigned i = 0; i < 6; i++) {
		desk_begin(desk, i % 2 ? &other : &create_key);
		clock_fake_advance(&desk->clock, 1000);
	}
	desk_forget(desk);
	list(desk, DESK_NOW + 1000, DESK_NOW + 5000, 0);
	for (guint i = 0; i < desk->came->len; i++) {
		const struct store_reply *reply = g_ptr_array_index(desk->came, i);
		size_t n = rows_count(reply->rows);

		last += reply->last;
		*(strcmp(rows_account(reply->rows), "lobby") == 0 ? &lobby : &tower) += (unsigned)n;
		for (size_t k = 1; k < n; k++)
			assert_true(((const struct audit_row *)rows_at(reply->rows, k))->time_ms <
				    ((const struct audit_row *)rows_at(reply->rows, k - 1))->time_ms);
	}
	assert_int_equal(last, 1);
	assert_int_equal(lobby, 2);
	assert_int_equal(tower, 2);
	desk_forget(desk);
	assert_int_equal(rows_count(list(desk, MOMENT_NONE, MOMENT_NONE, 1)->rows), 1);
	assert_null(list(desk, DESK_NOW + 99999, MOMENT_NONE, 0)->rows);
}

static void a_foreign_hand_is_cleaned(void **state)
{
	struct desk *desk = *state;

	assert_null(list(desk, MOMENT_NONE, MOMENT_NONE, 0)->rows);
	assert_int_equal(
		desk_number(desk, "INSERT INTO audit(time_ms, account, vendor, who, result)"
				  " VALUES(5, CAST(x'1b63' AS TEXT), 'sim', CAST(x'1b63ff' AS TEXT), 'done')"),
		0);
	struct store_reply *reply = list(desk, MOMENT_NONE, MOMENT_NONE, 0);

	assert_string_equal(rows_account(reply->rows), "?");
	assert_string_equal(((const struct audit_row *)rows_at(reply->rows, 0))->who, "\xf3\xb0\x80\x9b"
										      "c\xef\xbf\xbd");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_line_is_begun_and_completed),
		TEST(the_disk_is_waited_for),
		TEST(completed_once_only),
		TEST(request_0_asks_for_no_reply),
		TEST(the_file_refuses_other_changes),
		TEST(listed_newest_first_by_account),
		TEST(a_foreign_hand_is_cleaned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
