/* One connection to history.db: opening, what a failure means, prepared statements. Used by the store's thread alone. */
#ifndef LODGE_STORE_DB_H
#define LODGE_STORE_DB_H

#include "base/clock.h"
#include "base/err.h"
#include "base/logger.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define DB_STATEMENTS_MOST 48

struct db_statement {
	const char *sql; /* a literal: compared by its address */
	sqlite3_stmt *statement;
};

struct db {
	char *folder, *path;
	const struct clock *clock;
	struct logger *logger;
	sqlite3 *sqlite; /* NULL while not open */
	struct db_statement statements[DB_STATEMENTS_MOST];
	size_t n_statements;
	ino_t inode; /* of the file that was opened */
	dev_t device;
	char put_aside[320]; /* name of the file that was last found broken; "" none, or told already */
	int (*progress)(void *ctx); /* asked while a statement runs: other than 0 ends it */
	void *progress_ctx;
};

/* Opens the file where it is not open yet, and brings its tables to this version. A broken file is put aside and a new one begun. */
int db_open(struct db *db, struct problem *problem) LODGE_MUST_USE;
void db_close(struct db *db);

/* The statement for a literal, reset, ready to be bound. NULL when it cannot be prepared. */
sqlite3_stmt *db_statement(struct db *db, const char *sql);
/* Runs one without results. The SQLite code. */
int db_run(struct db *db, const char *sql);
/* PRAGMA statements: most of them act when they are prepared, so they are prepared each time. */
int db_pragma(struct db *db, const char *sql);
/* Ends a use: the statement holds no lock and no text afterwards. */
void db_done(sqlite3_stmt *statement);

/* Binds a text that lives until db_done, NULL for none; a moment, NULL for MOMENT_NONE. */
void db_bind_text(sqlite3_stmt *statement, int at, const char *text);
void db_bind_moment(sqlite3_stmt *statement, int at, int64_t moment_ms);
int64_t db_moment(sqlite3_stmt *statement, int column);

/* Tells what a code of SQLite means while `doing`; returns the ERR_ code. */
int db_problem(struct db *db, int rc, const char *doing, struct problem *problem);
/* Whether the code says that the file is broken. */
bool db_is_broken(int rc);
/* Closes it and renames the broken file, so that the next db_open begins a new one. */
void db_put_aside(struct db *db);

/* Makes the tables or brings them to this version; refuses a file of another program or a newer version. In schema.c. SQLITE_OK, a code, or SQLITE_DONE with
 * the problem set. */
int schema_prepare(struct db *db, struct problem *problem) LODGE_MUST_USE;

#endif
