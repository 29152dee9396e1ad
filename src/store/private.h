/* What the files of the store share. All but the queue belongs to the store's thread. */
#ifndef LODGE_STORE_PRIVATE_H
#define LODGE_STORE_PRIVATE_H

#include "store/db.h"
#include "store/fold.h"
#include "store/store.h"

#include <glib.h>
#include <stdatomic.h>
#include <uv.h>

/* A key is the time in ms, then a number that tells releases of one ms apart. */
#define KEY_BITS 20
#define KEY_OF_TIME(time_ms) ((int64_t)((uint64_t)(time_ms) << KEY_BITS))
#define TIME_OF_KEY(key) ((key) >> KEY_BITS)
#define TIME_MOST ((INT64_C(1) << 43) - 1) /* ms; the year 2248 */

/* Words with a greater number are searched for in each row's own texts: a server that invents words must not make every search long. */
#define WORDS_MARKED 4096

#define MARK_SOURCE 's'
#define MARK_METHOD 'm'
#define MARK_TYPE 't'
#define MARK_UNIT 'u'
#define MARK_USER 'p'

enum task_type {
	TASK_KEEP,
	TASK_FIND,
	TASK_COUNT,
	TASK_OLDEST,
	TASK_AUDIT_BEGIN,
	TASK_AUDIT_END,
	TASK_AUDIT_LIST,
};

/* The texts of a struct audit_entry, owned. */
struct audit_texts {
	char *who, *from, *role, *account, *vendor, *action, *subject_kind, *subject_id, *what, *wish;
};

struct task {
	enum task_type type;
	uint64_t request;
	unsigned slot;
	char **sources; /* account, source, account, source …; NULL ends it */
	struct door_search search;
	int64_t width_ms;
	char *account, *source;
	const struct rows *rows;
	struct audit_texts audit;
	int64_t line, since_ms, until_ms;
	char *result, *detail, *subject_id;
	unsigned limit;
};

/* Methods and types as numbers. Words never change, so they may be remembered; not across a rollback. */
struct word_cache {
	GHashTable *by_text, *by_id; /* struct word, the same in both */
};

struct store {
	/* The queue, guarded by the lock. */
	uv_mutex_t lock;
	uv_cond_t wake;
	GQueue tasks;
	bool closing;
	unsigned running_slot;  /* of the ask being answered */
	atomic_bool superseded; /* a newer one of its slot waits */

	uv_thread_t thread;
	const struct clock *clock;
	struct logger *logger;
	struct mailbox *replies;
	int64_t keep_ms;

	/* The thread's own. */
	struct db db;
	struct word_cache words;
	GPtrArray *pending; /* tasks to keep that are not written yet */
	size_t pending_rows;
	struct buf scratch, old_document, new_document;
	int64_t deadline_ms; /* of the statement that runs; MOMENT_NONE: none */
	bool interrupted;    /* it was ended by that, or because a newer ask waits */
	int64_t next_retention_ms;
	bool retaining, warned;
};

/* --- words.c --- */
void words_init(struct word_cache *words);
void words_fini(struct word_cache *words);
void words_forget(struct word_cache *words);
/* Before a row is looked at: forgets when there are too many. */
void words_trim(struct word_cache *words);
/* The number of a word; 0 when it has none, or for NULL. `create`: gives it one. */
int word_number(struct store *store, const char *word, bool create, int64_t *number) LODGE_MUST_USE;
/* NULL when there is none. Valid until words_forget or words_trim. */
const char *word_text(struct store *store, int64_t number);

/* --- doors_keep.c --- */
/* Writes what is pending. A SQLite code. */
int doors_keep(struct store *store) LODGE_MUST_USE;
/* Deletes some of what is older; *more tells whether there is more. A SQLite code. */
int doors_retain(struct store *store, int64_t before_ms, bool *more) LODGE_MUST_USE;

/* --- doors_find.c --- */
/* Each returns a SQLite code and fills the reply. */
int doors_find(struct store *store, const struct task *task, struct store_reply *reply) LODGE_MUST_USE;
int doors_count(struct store *store, const struct task *task, struct store_reply *reply) LODGE_MUST_USE;
int doors_oldest(struct store *store, const struct task *task, struct store_reply *reply) LODGE_MUST_USE;

/* --- audit.c --- */
int audit_begin(struct store *store, const struct task *task, struct store_reply *reply) LODGE_MUST_USE;
int audit_end(struct store *store, const struct task *task, struct store_reply *reply) LODGE_MUST_USE;
/* Appends the snapshots (const struct rows *). */
int audit_list(struct store *store, const struct task *task, GPtrArray *snapshots,
	       struct problem *problem) LODGE_MUST_USE;

/* --- used by several --- */
/* A column's text for a row: what is not inert is made so. */
const char *store_column_text(struct rows *rows, sqlite3_stmt *statement, int column);

#endif
