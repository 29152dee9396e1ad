/* Inside the feed layer: the feed's thread and the works it runs. */
#ifndef LODGE_FEED_PRIVATE_H
#define LODGE_FEED_PRIVATE_H

#include "feed/feed.h"
#include "net/backoff.h"

#include <glib.h>
#include <uv.h>

#define FEED_PARALLEL 6 /* requests of one work under way at once */
#define FEED_INBOX 1024
#define FEED_PATIENCE_MS 60000 /* longest wait that a server may impose on one request of a command */
#define FEED_ATTEMPTS_ONE_SHOT 6
#define FEED_ATTEMPTS_FOLLOW 3 /* the schedule tries again anyway */
#define FEED_BACKOFF_FIRST_MS 1000
#define FEED_BACKOFF_MOST_MS 300000
#define FEED_BACKOFF_LEAST_MOST_MS 10000
#define FEED_REPAIR_TRACKS 200 /* sensors asked for again in one request */
#define FEED_UNREAD_MOST 8     /* a reader this far behind makes a stream wait */
#define FEED_UNREAD_WAIT_MS 100

/* Lives on the feed's thread, except `inbox` and `thread`. */
struct feed {
	struct feed_options options;
	uv_thread_t thread;
	uv_loop_t loop;
	struct mailbox *inbox;

	const struct source_ops *ops;
	void *source;          /* the vendor's state; NULL when it could not be opened */
	struct problem broken; /* why, then */
	char *memory;          /* what the vendor learned, as kept; NULL: nothing */
	struct session *session;
	int64_t skew_ms; /* the server's wall clock less ours; 0 while they agree within SKEW_LEAST_MS */

	GHashTable *runs;    /* struct run *, as a set */
	GHashTable *follows; /* request number → struct follow * */
	GHashTable *onces;   /* request number → struct once * */
	GHashTable *calls;   /* request number → struct call * */
	struct feed_health health;
	bool stopping;
};

/* --- run.c: one work from its plan to its rows --- */

struct run;

/* Called once at the end unless the run was dropped. `work` is finished or failed; it is freed afterwards. */
typedef void (*run_done_fn)(void *ctx, struct work *work);

struct run *run_start(struct feed *feed, const struct query *query, run_done_fn done, void *ctx);
/* Ends it without calling done. */
void run_drop(struct run *run);

/* --- once.c: what is asked for once: a query, a sign-in, a call --- */

struct once;
struct call;

void once_start(struct feed *feed, uint64_t request, const struct query *query);
void once_drop(struct once *once);
void call_start(struct feed *feed, const struct ask *ask);
void call_drop(struct call *call);

/* --- follow.c: polling a query again and again --- */

struct follow;

/* `stream` is borrowed; NULL: the follow makes its own where the kind needs one. */
struct follow *follow_start(struct feed *feed, uint64_t request, const struct query *query, int64_t every_ms,
			    struct stream *stream);
void follow_stop(struct follow *follow);

/* --- feed.c --- */

/* A close callback for handles from calloc. */
void feed_free_handle(uv_handle_t *handle);

/* The server's wall clock, as far as its Date headers tell. */
int64_t feed_now_ms(const struct feed *feed);
void feed_learn_date(struct feed *feed, int64_t server_date_ms);
void feed_post(struct feed *feed, struct event *event);
/* Seals the work's rows and posts one EVENT_ROWS each. `state`: a newer snapshot replaces one that was not read yet; else none may be lost. */
void feed_post_rows(struct feed *feed, uint64_t request, struct work *work, int64_t valid_until_ms,
		    bool state);
void feed_post_done(struct feed *feed, uint64_t request, const struct problem *problem, struct work *work);
void feed_came_through(struct feed *feed);
void feed_failed(struct feed *feed, const struct problem *problem, int64_t next_try_ms);
int64_t feed_pace_ms(const struct feed *feed, enum kind kind);

#endif
