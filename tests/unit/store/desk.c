#include "desk.h"

#include "base/moment.h"
#include "core/kind.h"
#include "model/access.h"
#include "store/fold.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

const char *const desk_sources[] = {"lobby", "sim", "tower", "sim", NULL};

static void on_reply(void *ctx, struct mail *mail)
{
	struct desk *desk = ctx;

	g_ptr_array_add(desk->came, mail);
}

static void free_reply(void *reply) { store_reply_free(reply); }

void desk_init(struct desk *desk)
{
	memset(desk, 0, sizeof(*desk));
	assert_int_equal(uv_loop_init(&desk->loop), 0);
	desk->came = g_ptr_array_new_with_free_func(free_reply);
	desk->folder = g_dir_make_tmp("lodge-store-XXXXXX", NULL);
	assert_non_null(desk->folder);
	desk->path = g_build_filename(desk->folder, "history.db", NULL);
	clock_fake_init(&desk->clock, DESK_NOW);
	desk->replies = mailbox_new(&desk->loop, 100000, on_reply, desk);
	assert_non_null(desk->replies);
}

void desk_open(struct desk *desk)
{
	struct store_options options = {
		.folder = desk->folder,
		.clock = &desk->clock.clock,
		.logger = desk->logger,
		.replies = desk->replies,
		.keep_ms = desk->keep_ms,
	};
	struct problem problem;

	desk->store = store_open(&options, &problem);
	assert_non_null(desk->store);
}

void desk_shut(struct desk *desk)
{
	store_close(desk->store);
	desk->store = NULL;
}

void desk_fini(struct desk *desk)
{
	GDir *dir;
	const char *name;

	desk_shut(desk);
	mailbox_close(desk->replies);
	uv_run(&desk->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&desk->loop), 0);
	g_ptr_array_unref(desk->came);
	dir = g_dir_open(desk->folder, 0, NULL);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		char *path = desk_file(desk, name);

		g_remove(path);
		g_free(path);
	}
	if (dir != NULL)
		g_dir_close(dir);
	g_rmdir(desk->folder);
	g_free(desk->folder);
	g_free(desk->path);
}

char *desk_file(const struct desk *desk, const char *name)
{
	return g_build_filename(desk->folder, name, NULL);
}

unsigned desk_files(const struct desk *desk, const char *prefix)
{
	GDir *dir = g_dir_open(desk->folder, 0, NULL);
	const char *name;
	unsigned n = 0;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		n += g_str_has_prefix(name, prefix);
	if (dir != NULL)
		g_dir_close(dir);
	return n;
}

struct rows *desk_rows(void)
{
	struct rows *rows = kind_rows_new(KIND_DOORS, "lobby", "sim");

	assert_non_null(rows);
	return rows;
}

struct door_release *desk_row(struct rows *rows, const char *id, int64_t time_ms, const char *name)
{
	struct door_release *row = rows_add(rows);

	assert_non_null(row);
	row->id = rows_copy(rows, id);
	row->time_ms = time_ms;
	row->name = rows_copy(rows, name);
	return row;
}

void desk_keep(struct desk *desk, struct rows *rows)
{
	store_keep_doors(desk->store, "lobby", "sim", rows_seal(rows));
}

struct door_search desk_search(const char *text)
{
	struct door_search search = {.since_ms = MOMENT_NONE,
				     .until_ms = MOMENT_NONE,
				     .limit = HISTORY_PAGE_MOST};

	g_strlcpy(search.text, text, sizeof(search.text));
	return search;
}

struct store_reply *desk_wait(struct desk *desk, uint64_t request)
{
	for (;;) {
		for (guint i = 0; i < desk->came->len; i++) {
			struct store_reply *reply = g_ptr_array_index(desk->came, i);

			if (reply->request == request && reply->last)
				return reply;
		}
		uv_run(&desk->loop, UV_RUN_ONCE);
	}
}

struct store_reply *desk_find(struct desk *desk, const struct door_search *search)
{
	store_find_doors(desk->store, ++desk->request, 0, desk_sources, search);
	return desk_wait(desk, desk->request);
}

struct store_reply *desk_count(struct desk *desk, const struct door_search *search, int64_t width_ms)
{
	store_count_doors(desk->store, ++desk->request, 0, desk_sources, search, width_ms);
	return desk_wait(desk, desk->request);
}

int64_t desk_oldest(struct desk *desk)
{
	store_oldest_door(desk->store, ++desk->request, "lobby", "sim");
	return desk_wait(desk, desk->request)->line;
}

struct store_reply *desk_begin(struct desk *desk, const struct audit_entry *entry)
{
	store_audit_begin(desk->store, ++desk->request, entry);
	return desk_wait(desk, desk->request);
}

void desk_forget(struct desk *desk) { g_ptr_array_set_size(desk->came, 0); }

size_t desk_found(struct desk *desk, const char *text)
{
	struct door_search search = desk_search(text);
	struct store_reply *reply = desk_find(desk, &search);

	if (reply->problem.code != ERR_OK)
		fail_msg("%s", reply->problem.why);
	return rows_count(reply->page.rows);
}

int64_t desk_number(const struct desk *desk, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	sqlite3 *sqlite = NULL;
	int64_t number = -1;

	if (sqlite3_open_v2(desk->path, &sqlite, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
	    sqlite3_busy_timeout(sqlite, 5000) == SQLITE_OK && fold_register(sqlite) == ERR_OK &&
	    sqlite3_prepare_v2(sqlite, sql, -1, &statement, NULL) == SQLITE_OK) {
		int rc = sqlite3_step(statement);

		if (rc == SQLITE_ROW)
			number = strcmp(sql, "PRAGMA integrity_check") == 0
					 ? strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0
					 : sqlite3_column_int64(statement, 0);
		else if (rc == SQLITE_DONE)
			number = 0;
	}
	sqlite3_finalize(statement);
	sqlite3_close(sqlite);
	return number;
}
