/* History and audit on disk: one SQLite file (WAL) on a thread of its own. Owners talk to it by messages; no call but store_open and store_close waits for
 * the disk. Several processes of this person, or of several desks that share the file, may use it at once.
 *
 * Kept: door releases as the vendors told them (by account and id; told again, they are not doubled), for `keep_ms`; and the audit, which this program
 * only adds to. Integrity holds through the end of the process at any instant.
 */
#ifndef LODGE_STORE_STORE_H
#define LODGE_STORE_STORE_H

#include "base/clock.h"
#include "base/err.h"
#include "base/logger.h"
#include "base/mailbox.h"
#include "core/history.h"

struct store;

struct store_options {
	const char *folder; /* the state folder: history.db, 0600 */
	const struct clock *clock;
	struct logger *logger;   /* may be NULL */
	struct mailbox *replies; /* struct store_reply arrive here */
	int64_t keep_ms;         /* people's data older than this is deleted; 0: kept for ever */
};

/* Starts the thread; the file is opened there. NULL with a problem when no thread can be had. A file that cannot be opened, is not ours or is of a newer version
 * is told by every reply, and tried again by every ask. A damaged file is renamed to history.db.broken-TIME and a new one begun: the next page, count or list
 * tells that once (ERR_PARSE). */
struct store *store_open(const struct store_options *options, struct problem *problem);
/* Finishes what was given to it, then ends the thread. Unread replies stay in the mailbox. */
void store_close(struct store *store);

/* Takes over a reference of a sealed snapshot of doors. `account`: its name; `source`: tells servers apart (vendor and base URL), so that another server under the
 * same name is another log. No reply. Batched: written within a second, and before any later ask is answered. */
void store_keep_doors(struct store *store, const char *account, const char *source, const struct rows *rows);

/* Each ask is answered by one reply with its request number. Of asks with the same `slot` (not 0) only the newest is answered: one that waits gives way, one
 * that runs is ended, and neither is replied to: search as you type. One that takes more than two seconds yields what was found so far with `more`, or ERR_TIMEOUT
 * when that is nothing. `sources` ended by NULL: the (account, source) pairs that may be seen, account and source in turn. */
void store_find_doors(struct store *store, uint64_t request, unsigned slot, const char *const *sources,
		      const struct door_search *search);
void store_count_doors(struct store *store, uint64_t request, unsigned slot, const char *const *sources,
		       const struct door_search *search, int64_t width_ms);

/* Writes the line "started" durably, then replies with its number. */
void store_audit_begin(struct store *store, uint64_t request, const struct audit_entry *entry);
/* Completes it: done, failed or unsure; subject_id and detail may be NULL. Once only. A reply comes when request is not 0. */
void store_audit_end(struct store *store, uint64_t request, int64_t line, const char *result,
		     const char *subject_id, const char *detail);
/* Newest first, as snapshots of KIND_AUDIT, one an account, in one reply each; the last has `last` set. `since_ms`, `until_ms` MOMENT_NONE: open; limit 0: all. */
void store_audit_list(struct store *store, uint64_t request, int64_t since_ms, int64_t until_ms,
		      unsigned limit);
/* The oldest kept release of an account's source, MOMENT_NONE when there is none, in reply->line. */
void store_oldest_door(struct store *store, uint64_t request, const char *account, const char *source);

enum store_reply_type { STORE_PAGE, STORE_COUNTS, STORE_LINE, STORE_AUDIT };

struct store_reply {
	struct mail mail;
	enum store_reply_type type;
	uint64_t request;
	struct problem problem;    /* ERR_OK when all went well */
	struct door_page page;     /* STORE_PAGE */
	struct door_counts counts; /* STORE_COUNTS */
	int64_t line;              /* STORE_LINE */
	const struct rows *rows;   /* STORE_AUDIT */
	bool last;
};
void store_reply_free(struct store_reply *reply);

#endif
