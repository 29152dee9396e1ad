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
#define FEED_ATTEMPTS_FOLLOW 3          /* the schedule tries again anyway */
#define FEED_REFUSED_MS INT64_C(600000) /* until a kind that this account may not read is asked for again */
#define FEED_BACKOFF_FIRST_MS 1000
#define FEED_BACKOFF_MOST_MS 300000
#define FEED_BACKOFF_LEAST_MOST_MS 10000
#define FEED_REPAIR_TRACKS 200 /* sensors asked for again in one request */
#define FEED_UNREAD_MOST 8     /* a reader this far behind makes a stream wait */
#define FEED_UNREAD_WAIT_MS 100
#define FEED_ORDER_UNSENT_MS 10000 /* at the end: an order that was not sent by then is not sent any more */
#define FEED_ORDER_LOOK_MS 15000   /* and this beyond the time-out for one that was */

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif
#define FEED_USER_AGENT "lodge/" PACKAGE_VERSION

struct push;

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
	struct push *push; /* NULL: the vendor pushes nothing */
	int64_t skew_ms;   /* the server's wall clock less ours; 0 while they agree within SKEW_LEAST_MS */

	GHashTable *runs;     /* struct run *, as a set */
	GHashTable *follows;  /* request number → struct follow * */
	GHashTable *onces;    /* request number → struct once * */
	GHashTable *calls;    /* request number → struct call * */
	GQueue changes;       /* struct change *; the first is under way */
	uv_timer_t *patience; /* while stopping: until when the change under way is waited for */
	int64_t stop_ms;      /* monotonic: when stopping began */
	struct feed_health health;
	bool stopping;
};

/* --- run.c: one work from its plan to its rows --- */

struct run;

/* Called once at the end unless the run was dropped. `work` is finished or failed; it is freed afterwards. */
typedef void (*run_done_fn)(void *ctx, struct work *work);

struct run *run_start(struct feed *feed, const struct query *query, run_done_fn done, void *ctx);
/* The same for a change; `progress` gets what it tells. */
typedef void (*run_progress_fn)(void *ctx, const char *text);
struct run *run_start_order(struct feed *feed, const struct order *order, run_progress_fn progress,
			    run_done_fn done, void *ctx);
/* Whether the server may have seen a write of it. */
bool run_sent(const struct run *run);
/* Ends it without calling done. NULL is allowed. */
void run_drop(struct run *run);

/* --- once.c: what is asked for once: a query, a sign-in, a call --- */

struct once;
struct call;

void once_start(struct feed *feed, uint64_t request, const struct query *query);
void once_drop(struct once *once);
void call_start(struct feed *feed, const struct ask *ask);
void call_drop(struct call *call);

/* --- change.c: orders --- */

void change_start(struct feed *feed, uint64_t request, const struct order *order);
/* Nothing happens to one that may have reached the server. */
void change_cancel(struct feed *feed, uint64_t request);
/* Ends those that wait; true while one is under way, after whose end feed_end is called. */
bool change_stop(struct feed *feed);
/* Whether the server may have seen the one under way. */
bool change_sent(const struct feed *feed);
/* Ends all that is left, and says so. */
void change_end(struct feed *feed);

/* --- follow.c: polling a query again and again --- */

struct follow;

/* `stream` is borrowed; NULL: the follow makes its own where the kind needs one. */
struct follow *follow_start(struct feed *feed, uint64_t request, const struct query *query, int64_t every_ms,
			    struct stream *stream);
void follow_stop(struct follow *follow);
/* Polls now, or once more after the poll under way, when its kind is among `kinds`. */
void follow_hurry(struct follow *follow, uint32_t kinds);
const struct query *follow_query(const struct follow *follow);
/* From one poll to the next; slower while its rows are pushed and nobody asked for a pace. */
int64_t follow_pace_ms(const struct follow *follow);
/* After that became shorter: the next poll comes when it is due. */
void follow_repace(struct follow *follow);

/* --- feed.c --- */

/* A close callback for handles from calloc. */
void feed_free_handle(uv_handle_t *handle);

/* The server's wall clock, as far as its Date headers tell. */
int64_t feed_now_ms(const struct feed *feed);
void feed_learn_date(struct feed *feed, int64_t server_date_ms);
void feed_post(struct feed *feed, struct event *event);
/* A latest-wins key, never 0; `slot` (up to 255) tells apart what belongs to one request. */
uint64_t feed_state_key(const struct feed *feed, uint64_t request, unsigned slot);
/* Seals the work's rows and posts one EVENT_ROWS each. `state`: a newer snapshot replaces one that was not read yet; else none may be lost. */
void feed_post_rows(struct feed *feed, uint64_t request, struct work *work, int64_t valid_until_ms,
		    bool state);
void feed_post_done(struct feed *feed, uint64_t request, const struct problem *problem, struct work *work);
/* While stopping, once no change is under way: closes the session and the inbox. */
void feed_end(struct feed *feed);
void feed_came_through(struct feed *feed);
/* Posts the health as it is now. */
void feed_tell_health(struct feed *feed);
void feed_failed(struct feed *feed, const struct problem *problem, int64_t next_try_ms);
int64_t feed_pace_ms(const struct feed *feed, enum kind kind);

#endif
