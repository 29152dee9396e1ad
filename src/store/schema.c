#include "store/db.h"

#include <string.h>

#define APPLICATION_ID 1819239271 /* "lodg" */
#define WHAT "history"

/* What brings a file from version i to i + 1. A step that was released does not change any more.
 *
 * A release's key is its time in ms times 2^20 plus a number of its own: the table itself is ordered by time, and so are the lists of the index. Methods and types
 * are words, told in the row by number; the index has them as marks. */
static const char *const steps[] = {
	"CREATE TABLE meta(version INTEGER NOT NULL);"
	"INSERT INTO meta VALUES(0);"
	"CREATE TABLE sources(id INTEGER PRIMARY KEY, account TEXT NOT NULL, source TEXT NOT NULL, UNIQUE(account, source));"
	"CREATE TABLE words(id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);"
	"CREATE TABLE doors(key INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES sources(id), id TEXT NOT NULL,"
	" method INTEGER, type INTEGER, panel_user_type INTEGER, name TEXT, unit_id TEXT, unit TEXT, user_id TEXT, user TEXT,"
	" call_guid TEXT, picture_url TEXT);"
	"CREATE UNIQUE INDEX doors_by_id ON doors(source, id);"
	"CREATE VIRTUAL TABLE doors_text USING fts5(text, content='', columnsize=0, detail=none, tokenize='lodge');"
	"CREATE TABLE audit(id INTEGER PRIMARY KEY AUTOINCREMENT, time_ms INTEGER NOT NULL, finished_ms INTEGER, who TEXT, address TEXT,"
	" role TEXT, account TEXT NOT NULL, vendor TEXT NOT NULL, action TEXT, subject_kind TEXT, subject_id TEXT, what TEXT,"
	" result TEXT NOT NULL, detail TEXT, wish TEXT);"
	"CREATE INDEX audit_by_time ON audit(time_ms);"
	"CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;"
	"CREATE TRIGGER audit_holds BEFORE UPDATE ON audit WHEN OLD.finished_ms IS NOT NULL OR NEW.finished_ms IS NULL"
	" OR NEW.id IS NOT OLD.id OR NEW.time_ms IS NOT OLD.time_ms OR NEW.who IS NOT OLD.who OR NEW.address IS NOT OLD.address"
	" OR NEW.role IS NOT OLD.role OR NEW.account IS NOT OLD.account OR NEW.vendor IS NOT OLD.vendor OR NEW.action IS NOT OLD.action"
	" OR NEW.subject_kind IS NOT OLD.subject_kind OR NEW.what IS NOT OLD.what OR NEW.wish IS NOT OLD.wish"
	" OR (OLD.subject_id IS NOT NULL AND NEW.subject_id IS NOT OLD.subject_id)"
	" BEGIN SELECT RAISE(ABORT, 'a line of the audit is completed once'); END;",
};
#define SCHEMA_VERSION ((int)(sizeof(steps) / sizeof(steps[0])))

/* A number that one statement yields; -1 when it yields none. */
static int one_number(struct db *db, const char *sql, int64_t *number)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(db->sqlite, sql, -1, &statement, NULL);

	*number = -1;
	if (rc == SQLITE_OK) {
		rc = sqlite3_step(statement);
		if (rc == SQLITE_ROW)
			*number = sqlite3_column_int64(statement, 0);
		rc = rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
	}
	sqlite3_finalize(statement);
	return rc;
}

/* The file's version; 0 while it holds nothing. SQLITE_DONE when it is not for us. */
static int read_version(struct db *db, int64_t *version, struct problem *problem)
{
	int64_t application = 0, tables = 0;
	int rc = one_number(db, "SELECT count(*) FROM sqlite_schema", &tables);

	*version = 0;
	if (rc == SQLITE_OK)
		rc = one_number(db, "PRAGMA application_id", &application);
	if (rc != SQLITE_OK)
		return rc;
	if (application != APPLICATION_ID && (tables > 0 || application != 0)) {
		problem_set(problem, ERR_INVALID, WHAT, "move it away", "%s was made by another program",
			    db->path);
		return SQLITE_DONE;
	}
	if (tables == 0)
		return SQLITE_OK;
	rc = one_number(db, "SELECT version FROM meta", version);
	if (rc == SQLITE_OK && *version > SCHEMA_VERSION) {
		problem_set(problem, ERR_UNSUPPORTED, WHAT, "use that lodge, or another state folder",
			    "%s was written by a newer lodge (version %lld of the file; this one knows %d)",
			    db->path, (long long)*version, SCHEMA_VERSION);
		return SQLITE_DONE;
	}
	/* A schema without its version is none of ours. */
	return rc == SQLITE_ERROR || *version < 0 ? SQLITE_CORRUPT : rc;
}

static int migrate(struct db *db, int64_t version)
{
	char sql[80];
	int rc = SQLITE_OK;

	for (; rc == SQLITE_OK && version < SCHEMA_VERSION; version++)
		rc = sqlite3_exec(db->sqlite, steps[version], NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return rc;
	sqlite3_snprintf(sizeof(sql), sql, "UPDATE meta SET version = %d; PRAGMA application_id = %d",
			 SCHEMA_VERSION, APPLICATION_ID);
	return sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL);
}

int schema_prepare(struct db *db, struct problem *problem)
{
	int64_t version = 0;
	int rc = read_version(db, &version, problem);

	if (rc != SQLITE_OK || version == SCHEMA_VERSION)
		return rc;
	rc = sqlite3_exec(db->sqlite, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return rc;
	/* Another process may have done it meanwhile. */
	rc = read_version(db, &version, problem);
	if (rc == SQLITE_OK && version < SCHEMA_VERSION)
		rc = migrate(db, version);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db->sqlite, "COMMIT", NULL, NULL, NULL);
	if (rc != SQLITE_OK && !sqlite3_get_autocommit(db->sqlite))
		sqlite3_exec(db->sqlite, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}
