#include "store/db.h"

#include "base/moment.h"
#include "store/fold.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define WHAT "history"
#define BUSY_MS 5000
#define PROGRESS_OPS 1000
#define LENGTH_MOST (8 << 20) /* of a text or a row of the file */
#define OPEN_TRIES 3

/* --- failures --- */

bool db_is_broken(int rc) { return (rc & 0xFF) == SQLITE_CORRUPT || (rc & 0xFF) == SQLITE_NOTADB; }

int db_problem(struct db *db, int rc, const char *doing, struct problem *problem)
{
	const char *text = db->sqlite != NULL ? sqlite3_errmsg(db->sqlite) : sqlite3_errstr(rc);

	switch (rc & 0xFF) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return problem_set(problem, ERR_BUSY, WHAT, "try again", "%s: another lodge is writing to %s",
				   doing, db->path);
	case SQLITE_FULL:
		return problem_set(problem, ERR_IO, WHAT, "make room on the disk", "%s: no room for %s",
				   doing, db->path);
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return problem_set(problem, ERR_DENIED, WHAT, "check the folder's owner and rights",
				   "%s: %s cannot be written: %s", doing, db->path, text);
	case SQLITE_INTERRUPT:
		return problem_set(problem, ERR_TIMEOUT, WHAT, "search for more letters or a shorter time",
				   "%s took too long", doing);
	case SQLITE_NOMEM:
		return problem_set(problem, ERR_NOMEM, WHAT, NULL, "%s: out of memory", doing);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return problem_set(problem, ERR_PARSE, WHAT, NULL, "%s: %s is damaged", doing, db->path);
	default:
		return problem_set(problem, ERR_IO, WHAT, NULL, "%s: %s: %s", doing, db->path, text);
	}
}

/* --- statements --- */

sqlite3_stmt *db_statement(struct db *db, const char *sql)
{
	struct db_statement *entry = db->statements;

	for (size_t i = 0; i < db->n_statements; i++, entry++)
		if (entry->sql == sql)
			return entry->statement;
	if (db->n_statements == DB_STATEMENTS_MOST || db->sqlite == NULL ||
	    sqlite3_prepare_v3(db->sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT, &entry->statement, NULL) !=
		    SQLITE_OK)
		return NULL;
	entry->sql = sql;
	db->n_statements++;
	return entry->statement;
}

void db_done(sqlite3_stmt *statement)
{
	if (statement == NULL)
		return;
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
}

int db_run(struct db *db, const char *sql)
{
	sqlite3_stmt *statement = db_statement(db, sql);
	int rc = statement == NULL ? sqlite3_errcode(db->sqlite) : sqlite3_step(statement);

	db_done(statement);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int db_pragma(struct db *db, const char *sql) { return sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL); }

void db_bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

void db_bind_moment(sqlite3_stmt *statement, int at, int64_t moment_ms)
{
	if (moment_ms == MOMENT_NONE)
		sqlite3_bind_null(statement, at);
	else
		sqlite3_bind_int64(statement, at, moment_ms);
}

int64_t db_moment(sqlite3_stmt *statement, int column)
{
	return sqlite3_column_type(statement, column) == SQLITE_INTEGER
		       ? sqlite3_column_int64(statement, column)
		       : MOMENT_NONE;
}

/* --- the files --- */

static int folder_problem(struct db *db, const char *doing, struct problem *problem)
{
	int code = errno == EACCES || errno == EPERM || errno == EROFS ? ERR_DENIED : ERR_IO;

	return problem_set(problem, code, WHAT, "check the folder's owner and rights", "cannot %s %s: %s",
			   doing, db->path, g_strerror(errno));
}

/* The file exists, is a file, and only this person can read it. SQLite gives its companions the same rights. An existing file is not opened here: closing it
 * would end the locks that another connection of this process holds. */
static int make_file(struct db *db, bool *created, struct problem *problem)
{
	struct stat stat;

	if (lstat(db->path, &stat) != 0) {
		int fd = open(db->path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

		if (fd < 0 || fchmod(fd, 0600) != 0 || fstat(fd, &stat) != 0) {
			folder_problem(db, "create", problem);
			if (fd >= 0)
				close(fd);
			return problem->code;
		}
		close(fd);
		*created = true;
	}
	if (!S_ISREG(stat.st_mode))
		return problem_set(problem, ERR_INVALID, WHAT, "move it away", "%s is no plain file",
				   db->path);
	if ((stat.st_mode & 077) != 0 && chmod(db->path, 0600) != 0)
		return folder_problem(db, "change the rights of", problem);
	db->inode = stat.st_ino;
	db->device = stat.st_dev;
	return ERR_OK;
}

/* The folder, 0700, locked against another process that opens or puts aside at the same time. -1 with a problem. */
static int lock_folder(struct db *db, struct problem *problem)
{
	struct stat stat;
	int fd;

	if (g_mkdir_with_parents(db->folder, 0700) != 0) {
		folder_problem(db, "make the folder of", problem);
		return -1;
	}
	fd = open(db->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &stat) != 0) {
		folder_problem(db, "open the folder of", problem);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	if ((stat.st_mode & 077) != 0 && stat.st_uid == geteuid() && fchmod(fd, 0700) != 0)
		logger_write(db->logger, LOG_LEVEL_WARN, WHAT, "the state folder can be read by others");
	while (flock(fd, LOCK_EX) != 0 && errno == EINTR)
		;
	return fd;
}

static void rename_one(const char *from, const char *aside, const char *suffix)
{
	char *old = g_strconcat(from, suffix, NULL), *new = g_strconcat(aside, suffix, NULL);

	if (rename(old, new) != 0)
		unlink(new); /* there was no such companion; none of another file may be taken for it */
	g_free(old);
	g_free(new);
}

/* With the folder locked. Only the file that was found broken: another process may have put it aside already. */
static void rename_broken(struct db *db)
{
	char when[MOMENT_TEXT_SIZE], *aside = NULL;
	struct stat stat;

	if (lstat(db->path, &stat) != 0 || stat.st_ino != db->inode || stat.st_dev != db->device)
		return;
	moment_format(clock_wall_ms(db->clock), when);
	g_strdelimit(when, ":.", '-');
	for (unsigned i = 1; i < 1000; i++) {
		g_free(aside);
		aside = i == 1 ? g_strdup_printf("%s.broken-%s", db->path, when)
			       : g_strdup_printf("%s.broken-%s-%u", db->path, when, i);
		if (lstat(aside, &stat) != 0 && errno == ENOENT)
			break;
	}
	if (rename(db->path, aside) == 0) {
		rename_one(db->path, aside, "-wal");
		rename_one(db->path, aside, "-shm");
		g_strlcpy(db->put_aside, aside, sizeof(db->put_aside));
		logger_write(db->logger, LOG_LEVEL_ERROR, WHAT, "the file was damaged and is now %s", aside);
	}
	g_free(aside);
}

void db_put_aside(struct db *db)
{
	struct problem problem = {.code = ERR_OK};
	int fd;

	db_close(db);
	fd = lock_folder(db, &problem);
	if (fd < 0)
		return;
	rename_broken(db);
	close(fd);
}

/* --- opening --- */

static int configure(struct db *db)
{
	sqlite3 *sqlite = db->sqlite;
	int rc;

	sqlite3_extended_result_codes(sqlite, 1);
	sqlite3_busy_timeout(sqlite, BUSY_MS);
	sqlite3_limit(sqlite, SQLITE_LIMIT_LENGTH, LENGTH_MOST);
	sqlite3_limit(sqlite, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_db_config(sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(sqlite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(sqlite, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_db_config(sqlite, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	rc = sqlite3_exec(
		sqlite,
		"PRAGMA mmap_size = 0; PRAGMA cache_size = -2048; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON;"
		"PRAGMA journal_size_limit = 16777216; PRAGMA secure_delete = FAST",
		NULL, NULL, NULL);
	return rc;
}

static int enter_wal(sqlite3 *sqlite)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(sqlite, "PRAGMA journal_mode = WAL", -1, &statement, NULL);

	if (rc == SQLITE_OK) {
		rc = sqlite3_step(statement);
		if (rc == SQLITE_ROW)
			rc = g_strcmp0((const char *)sqlite3_column_text(statement, 0), "wal") == 0
				     ? SQLITE_OK
				     : SQLITE_CANTOPEN;
	}
	sqlite3_finalize(statement);
	return rc == SQLITE_OK ? sqlite3_exec(sqlite, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL) : rc;
}

/* SQLITE_OK, a code, or SQLITE_DONE with the problem set. */
static int open_once(struct db *db, struct problem *problem)
{
	int rc = sqlite3_open_v2(db->path, &db->sqlite,
				 SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
				 NULL);

	if (rc == SQLITE_OK)
		rc = configure(db);
	if (rc == SQLITE_OK && fold_register(db->sqlite) != ERR_OK) {
		problem_set(problem, ERR_UNSUPPORTED, WHAT, "install SQLite with FTS5",
			    "this SQLite has no text search");
		return SQLITE_DONE;
	}
	if (rc == SQLITE_OK)
		rc = schema_prepare(db, problem);
	/* After the look at whose file it is: another program's is not touched. */
	if (rc == SQLITE_OK)
		rc = enter_wal(db->sqlite);
	return rc;
}

static int open_locked(struct db *db, bool *created, struct problem *problem)
{
	int rc = SQLITE_OK;

	for (unsigned i = 0; i < OPEN_TRIES; i++) {
		if (make_file(db, created, problem) != ERR_OK)
			return problem->code;
		rc = open_once(db, problem);
		if (rc == SQLITE_OK) {
			problem->code = ERR_OK; /* what was broken is put aside */
			sqlite3_progress_handler(db->sqlite, PROGRESS_OPS, db->progress, db->progress_ctx);
			return ERR_OK;
		}
		if (rc != SQLITE_DONE)
			db_problem(db, rc, "opening", problem);
		db_close(db);
		if (!db_is_broken(rc))
			break;
		rename_broken(db);
	}
	return problem->code;
}

int db_open(struct db *db, struct problem *problem)
{
	bool created = false;
	int fd, err;

	if (db->sqlite != NULL)
		return ERR_OK;
	fd = lock_folder(db, problem);
	if (fd < 0)
		return problem->code;
	err = open_locked(db, &created, problem);
	if (err == ERR_OK && created && fsync(fd) != 0)
		logger_write(db->logger, LOG_LEVEL_WARN, WHAT, "the folder cannot be written to the disk: %s",
			     g_strerror(errno));
	close(fd);
	return err;
}

void db_close(struct db *db)
{
	for (size_t i = 0; i < db->n_statements; i++)
		sqlite3_finalize(db->statements[i].statement);
	memset(db->statements, 0, sizeof(db->statements));
	db->n_statements = 0;
	sqlite3_close(db->sqlite);
	db->sqlite = NULL;
}
