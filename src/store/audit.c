#include "store/private.h"

#include "base/moment.h"
#include "core/kind.h"
#include "model/access.h"

#include <string.h>

/* What the audit says must survive the machine: the commit waits for the disk. */
static int durable(struct store *store, bool on)
{
	return db_pragma(&store->db, on ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
}

static int step_durable(struct store *store, sqlite3_stmt *statement)
{
	int rc = durable(store, true);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(statement);
	db_done(statement);
	if (durable(store, false) != SQLITE_OK)
		logger_write(store->logger, LOG_LEVEL_WARN, "history",
			     "every write waits for the disk from here on");
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int audit_begin(struct store *store, const struct task *task, struct store_reply *reply)
{
	sqlite3_stmt *statement = db_statement(
		&store->db,
		"INSERT INTO audit(time_ms, who, address, role, account, vendor, action, subject_kind, subject_id, what, wish, result)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'started')");
	const struct audit_texts *audit = &task->audit;
	const char *texts[] = {audit->who,    audit->from,   audit->role,         audit->account,
			       audit->vendor, audit->action, audit->subject_kind, audit->subject_id,
			       audit->what,   audit->wish};
	int rc;

	if (statement == NULL)
		return sqlite3_errcode(store->db.sqlite);
	db_bind_moment(statement, 1, clock_wall_ms(store->clock));
	for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
		db_bind_text(statement, i + 2, texts[i]);
	rc = step_durable(store, statement);
	if (rc == SQLITE_OK)
		reply->line = sqlite3_last_insert_rowid(store->db.sqlite);
	return rc;
}

int audit_end(struct store *store, const struct task *task, struct store_reply *reply)
{
	sqlite3_stmt *statement = db_statement(
		&store->db,
		"UPDATE audit SET finished_ms = ?2, result = ?3, subject_id = coalesce(subject_id, ?4), detail = ?5"
		" WHERE id = ?1 AND finished_ms IS NULL");
	int rc;

	reply->line = task->line;
	if (statement == NULL)
		return sqlite3_errcode(store->db.sqlite);
	sqlite3_bind_int64(statement, 1, task->line);
	db_bind_moment(statement, 2, clock_wall_ms(store->clock));
	db_bind_text(statement, 3, task->result);
	db_bind_text(statement, 4, task->subject_id);
	db_bind_text(statement, 5, task->detail);
	rc = step_durable(store, statement);
	if (rc == SQLITE_OK && sqlite3_changes(store->db.sqlite) == 0)
		problem_set(&reply->problem, ERR_ABSENT, "audit", NULL,
			    "line %lld is not there or is complete already", (long long)task->line);
	return rc;
}

/* --- the list --- */

/* The snapshot of an account and vendor; made when it is the first line of it. NULL when memory ends. */
static struct rows *snapshot(GPtrArray *snapshots, const char *account, const char *vendor)
{
	struct rows *rows;

	for (guint i = 0; i < snapshots->len; i++) {
		rows = g_ptr_array_index(snapshots, i);
		if (g_strcmp0(rows_account(rows), account) == 0 && g_strcmp0(rows_vendor(rows), vendor) == 0)
			return rows;
	}
	rows = kind_rows_new(KIND_AUDIT, account, vendor);
	if (rows != NULL)
		g_ptr_array_add(snapshots, rows);
	return rows;
}

/* Account and vendor are names of the configuration: a file that says otherwise is not believed. */
static const char *plain_name(sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);

	return text != NULL && fold_is_inert(text, strlen(text)) ? text : "?";
}

static bool add_line(GPtrArray *snapshots, sqlite3_stmt *statement)
{
	struct rows *rows = snapshot(snapshots, plain_name(statement, 0), plain_name(statement, 1));
	struct audit_row *row = rows == NULL ? NULL : rows_add(rows);

	if (row == NULL)
		return false;
	row->id = rows_textf(rows, "%lld", (long long)sqlite3_column_int64(statement, 2));
	row->time_ms = db_moment(statement, 3);
	row->finished_ms = db_moment(statement, 4);
	row->who = store_column_text(rows, statement, 5);
	row->from = store_column_text(rows, statement, 6);
	row->role = store_column_text(rows, statement, 7);
	row->action = store_column_text(rows, statement, 8);
	row->subject_kind = store_column_text(rows, statement, 9);
	row->subject_id = store_column_text(rows, statement, 10);
	row->what = store_column_text(rows, statement, 11);
	row->result = store_column_text(rows, statement, 12);
	row->detail = store_column_text(rows, statement, 13);
	row->wish = store_column_text(rows, statement, 14);
	return true;
}

int audit_list(struct store *store, const struct task *task, GPtrArray *snapshots, struct problem *problem)
{
	sqlite3_stmt *statement = db_statement(
		&store->db,
		"SELECT account, vendor, id, time_ms, finished_ms, who, address, role, action, subject_kind, subject_id, what, result, detail, wish"
		" FROM audit WHERE time_ms >= ?1 AND time_ms < ?2 ORDER BY time_ms DESC, id DESC LIMIT ?3");
	int rc;

	if (statement == NULL)
		return sqlite3_errcode(store->db.sqlite);
	sqlite3_bind_int64(statement, 1, task->since_ms == MOMENT_NONE ? INT64_MIN : task->since_ms);
	sqlite3_bind_int64(statement, 2, task->until_ms == MOMENT_NONE ? INT64_MAX : task->until_ms);
	sqlite3_bind_int64(statement, 3, task->limit == 0 ? -1 : (int64_t)task->limit);
	while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
		if (add_line(snapshots, statement))
			continue;
		problem_set(problem, ERR_TOO_BIG, "audit", "ask for a shorter time",
			    "there are more lines than memory for them");
		rc = SQLITE_DONE;
		break;
	}
	db_done(statement);
	for (guint i = 0; i < snapshots->len; i++) {
		struct rows *rows = g_ptr_array_index(snapshots, i);

		rows_set_times(rows, clock_wall_ms(store->clock), MOMENT_NONE);
		rows_set_hash(rows, kind_hash_rows(rows));
		rows_seal(rows);
	}
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}
