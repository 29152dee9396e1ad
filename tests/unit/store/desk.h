/* A desk for the store's tests: a loop, a mailbox, a folder, a clock that stands still, and answers waited for one by one. */
#ifndef LODGE_TEST_STORE_DESK_H
#define LODGE_TEST_STORE_DESK_H

#include "store/store.h"

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_NOW INT64_C(1800000000000)

struct desk {
	uv_loop_t loop;
	struct mailbox *replies;
	struct store *store;
	struct clock_fake clock;
	struct logger *logger;
	char *folder, *path;
	int64_t keep_ms;
	uint64_t request;
	GPtrArray *came; /* struct store_reply *, in the order they came */
};

/* The pairs that desk_find and desk_count may see. */
extern const char *const desk_sources[];

void desk_init(struct desk *desk); /* makes a folder; the store is not open */
void desk_fini(struct desk *desk); /* closes what is open, removes the folder */
void desk_open(struct desk *desk);
void desk_shut(struct desk *desk);
/* The number of files in the folder whose names begin so. */
unsigned desk_files(const struct desk *desk, const char *prefix);
char *desk_file(const struct desk *desk, const char *name); /* g_free it */

/* A snapshot to be filled with desk_row; `name` and others may be NULL. */
struct rows *desk_rows(void);
struct door_release *desk_row(struct rows *rows, const char *id, int64_t time_ms, const char *name);
void desk_keep(struct desk *desk, struct rows *rows);

struct door_search desk_search(const char *text);
/* Each waits for the answer, which lives until desk_forget or desk_fini. */
struct store_reply *desk_wait(struct desk *desk, uint64_t request);
struct store_reply *desk_find(struct desk *desk, const struct door_search *search);
struct store_reply *desk_count(struct desk *desk, const struct door_search *search, int64_t width_ms);
int64_t desk_oldest(struct desk *desk);
struct store_reply *desk_begin(struct desk *desk, const struct audit_entry *entry);
void desk_forget(struct desk *desk);
/* Rows that a find yields. Fails the test when the answer tells of a problem. */
size_t desk_found(struct desk *desk, const char *text);

/* The file itself, by another connection: one number, -1 when the statement fails. */
int64_t desk_number(const struct desk *desk, const char *sql);

#endif
