#include "store/store.h"

#include "base/moment.h"
#include "store/task.h"

#include <string.h>

#define WHAT "history"
#define BATCH_WAIT_NS                                                                                        \
	(UINT64_C(300) * 1000 * 1000) /* releases wait so long for others to be written with them */
#define BATCH_ROWS 8000
#define PENDING_ROWS_MOST 200000 /* while the disk is full; then the oldest are let go */
#define ASK_MOST_MS 2000
#define HOUR_MS INT64_C(3600000)
#define HOUR_NS (UINT64_C(3600) * 1000 * 1000 * 1000)
#define DOCUMENT_CEILING (1u << 20)

/* --- answering --- */

/* SQLite asks between steps of a statement; other than 0 ends it. */
static int on_progress(void *ctx)
{
	struct store *store = ctx;

	if (store->deadline_ms != MOMENT_NONE)
		store->interrupted = store->interrupted || clock_mono_ms(store->clock) > store->deadline_ms ||
				     atomic_load_explicit(&store->superseded, memory_order_relaxed);
	return store->deadline_ms != MOMENT_NONE && store->interrupted;
}

static void reply_list(struct store *store, const struct task *task, struct store_reply *last,
		       GPtrArray *snapshots)
{
	for (guint i = 0; i < snapshots->len; i++) {
		struct store_reply *reply = last;

		if (i + 1 < snapshots->len) {
			reply = task_reply(task);
			reply->last = false;
		}
		reply->rows = g_ptr_array_index(snapshots, i);
		if (reply != last)
			mailbox_post(store->replies, &reply->mail);
	}
}

static int run(struct store *store, const struct task *task, struct store_reply *reply, GPtrArray *snapshots)
{
	switch (task->type) {
	case TASK_FIND:
		return doors_find(store, task, reply);
	case TASK_COUNT:
		return doors_count(store, task, reply);
	case TASK_OLDEST:
		return doors_oldest(store, task, reply);
	case TASK_AUDIT_BEGIN:
		return audit_begin(store, task, reply);
	case TASK_AUDIT_END:
		return audit_end(store, task, reply);
	case TASK_AUDIT_LIST:
		return audit_list(store, task, snapshots, &reply->problem);
	case TASK_KEEP:
		break;
	}
	return SQLITE_OK;
}

static void drop_rows(void *rows, void *ctx)
{
	(void)ctx;
	rows_unref(rows);
}

static void put_aside(struct store *store)
{
	words_forget(&store->words);
	db_put_aside(&store->db);
}

static bool interruptible(const struct task *task)
{
	return task->type == TASK_FIND || task->type == TASK_COUNT;
}

/* Opens where needed and runs it; once more on a new file when this one is broken. A SQLite code, or SQLITE_OK with reply->problem. */
static void attempt(struct store *store, const struct task *task, struct store_reply *reply,
		    GPtrArray *snapshots)
{
	for (unsigned tries = 0; tries < 2; tries++) {
		int rc;

		if (db_open(&store->db, &reply->problem) != ERR_OK)
			return;
		store->deadline_ms = interruptible(task) ? clock_mono_ms(store->clock) + ASK_MOST_MS
							 : MOMENT_NONE;
		store->interrupted = false;
		rc = run(store, task, reply, snapshots);
		store->deadline_ms = MOMENT_NONE;
		/* Whatever the text index makes of being stopped, nothing is broken by that. */
		if (rc != SQLITE_OK && store->interrupted)
			rc = SQLITE_INTERRUPT;
		if (rc == SQLITE_OK)
			return;
		if (!sqlite3_get_autocommit(store->db.sqlite))
			(void)db_run(&store->db, "ROLLBACK");
		db_problem(&store->db, rc, "asking", &reply->problem);
		if (!db_is_broken(rc))
			return;
		logger_write(store->logger, LOG_LEVEL_ERROR, WHAT, "%s", reply->problem.why);
		put_aside(store);
		g_ptr_array_foreach(snapshots, drop_rows, NULL);
		g_ptr_array_set_size(snapshots, 0);
		reply->problem = (struct problem){.code = ERR_OK};
	}
}

/* What was put aside is told once, by an answer that would otherwise look as if nothing had ever been kept. */
static void tell_put_aside(struct store *store, const struct task *task, struct store_reply *reply)
{
	bool tells = interruptible(task) || task->type == TASK_AUDIT_LIST;

	if (store->db.put_aside[0] == '\0' || !tells || reply->problem.code != ERR_OK)
		return;
	problem_set(&reply->problem, ERR_PARSE, WHAT, "keep that file for whoever can repair it",
		    "the file was damaged; it is now %s and a new one was begun", store->db.put_aside);
	store->db.put_aside[0] = '\0';
}

static void answer(struct store *store, struct task *task)
{
	struct store_reply *reply = task_reply(task);
	GPtrArray *snapshots = g_ptr_array_new();
	GTimer *timer = g_timer_new();

	attempt(store, task, reply, snapshots);
	tell_put_aside(store, task, reply);
	reply->page.query_us = (int64_t)(g_timer_elapsed(timer, NULL) * 1e6);
	g_timer_destroy(timer);
	reply->page.problem = reply->problem;
	reply_list(store, task, reply, snapshots);
	g_ptr_array_free(snapshots, TRUE);
	if (atomic_load(&store->superseded) || (task->type == TASK_AUDIT_END && task->request == 0)) {
		if (reply->problem.code != ERR_OK && task->type == TASK_AUDIT_END)
			logger_write(store->logger, LOG_LEVEL_ERROR, "audit", "%s", reply->problem.why);
		store_reply_free(reply);
	} else {
		mailbox_post(store->replies, &reply->mail);
	}
	task_free(task);
}

/* --- keeping --- */

static void drop_pending(struct store *store, guint n)
{
	for (guint i = 0; i < n; i++)
		store->pending_rows -= rows_count(((struct task *)g_ptr_array_index(store->pending, i))->rows);
	g_ptr_array_remove_range(store->pending, 0, n);
}

/* What could not be written waits for the next time, as much as memory may be spent on it. */
static void pending_failed(struct store *store, const struct problem *problem)
{
	size_t rows = store->pending_rows;
	guint n = 0;

	if (!store->warned)
		logger_write(store->logger, LOG_LEVEL_ERROR, WHAT, "%s", problem->why);
	store->warned = true;
	while (rows > PENDING_ROWS_MOST)
		rows -= rows_count(((struct task *)g_ptr_array_index(store->pending, n++))->rows);
	drop_pending(store, n);
}

static void flush(struct store *store)
{
	struct problem problem = {.code = ERR_OK};
	int rc;

	for (unsigned tries = 0; tries < 2 && store->pending->len > 0; tries++) {
		if (db_open(&store->db, &problem) != ERR_OK)
			break;
		rc = doors_keep(store);
		if (rc == SQLITE_OK) {
			store->warned = false;
			drop_pending(store, store->pending->len);
			return;
		}
		db_problem(&store->db, rc, "keeping releases", &problem);
		if (!db_is_broken(rc))
			break;
		put_aside(store);
	}
	if (store->pending->len > 0)
		pending_failed(store, &problem);
}

/* --- retention --- */

static void retain(struct store *store)
{
	struct problem problem = {.code = ERR_OK};
	bool more = false;
	int rc;

	if (db_open(&store->db, &problem) == ERR_OK) {
		rc = doors_retain(store, clock_wall_ms(store->clock) - store->keep_ms, &more);
		if (rc != SQLITE_OK) {
			db_problem(&store->db, rc, "deleting what is old", &problem);
			logger_write(store->logger, LOG_LEVEL_WARN, WHAT, "%s", problem.why);
			if (db_is_broken(rc))
				put_aside(store);
		}
	}
	store->retaining = more;
}

static void check_retention(struct store *store)
{
	int64_t now_ms;

	if (store->keep_ms <= 0)
		return;
	now_ms = clock_mono_ms(store->clock);
	if (now_ms < store->next_retention_ms)
		return;
	store->next_retention_ms = now_ms + HOUR_MS;
	store->retaining = true;
}

/* --- the thread --- */

/* Whether it is time to write what is pending although nothing else is to be done, or was asked. */
static bool flush_due(const struct store *store, const struct task *next, bool waited)
{
	if (store->pending->len == 0)
		return false;
	if (next == NULL)
		return waited;
	return store->pending_rows >= BATCH_ROWS || next->type == TASK_FIND || next->type == TASK_COUNT ||
	       next->type == TASK_OLDEST;
}

/* The next task; NULL when there is none for now: *waited tells that none came for a while, *end that none will come. */
static struct task *next_task(struct store *store, bool *waited, bool *end)
{
	struct task *task;

	*waited = false;
	uv_mutex_lock(&store->lock);
	while (g_queue_is_empty(&store->tasks) && !store->closing && !*waited) {
		uint64_t wait_ns = store->pending->len > 0 ? BATCH_WAIT_NS : HOUR_NS;

		if (store->retaining && store->pending->len == 0)
			break;
		*waited = uv_cond_timedwait(&store->wake, &store->lock, wait_ns) != 0;
	}
	task = g_queue_pop_head(&store->tasks);
	store->running_slot = task == NULL ? 0 : task->slot;
	atomic_store(&store->superseded, false);
	*end = task == NULL && store->closing;
	uv_mutex_unlock(&store->lock);
	return task;
}

static void take(struct store *store, struct task *task)
{
	if (task->type != TASK_KEEP) {
		answer(store, task);
		return;
	}
	g_ptr_array_add(store->pending, task);
	store->pending_rows += rows_count(task->rows);
}

static void thread_main(void *arg)
{
	struct store *store = arg;
	bool waited, end = false;

	check_retention(store);
	while (!end) {
		struct task *task = next_task(store, &waited, &end);

		if (!end)
			check_retention(store);
		if (flush_due(store, task, waited || end))
			flush(store);
		if (task != NULL)
			take(store, task);
		else if (store->retaining && !end)
			retain(store);
	}
	db_close(&store->db);
}

/* --- its owner's side --- */

static void free_store(struct store *store)
{
	g_ptr_array_free(store->pending, TRUE);
	words_fini(&store->words);
	buf_fini(&store->scratch);
	buf_fini(&store->old_document);
	buf_fini(&store->new_document);
	g_free(store->db.folder);
	g_free(store->db.path);
	uv_cond_destroy(&store->wake);
	uv_mutex_destroy(&store->lock);
	mailbox_unref(store->replies);
	g_free(store);
}

static void free_task(void *task) { task_free(task); }

struct store *store_open(const struct store_options *options, struct problem *problem)
{
	struct store *store = g_new0(struct store, 1);

	if (uv_mutex_init(&store->lock) != 0 || uv_cond_init(&store->wake) != 0)
		g_error("no lock can be had");
	store->clock = options->clock;
	store->logger = options->logger;
	store->keep_ms = options->keep_ms;
	store->replies = mailbox_ref(options->replies);
	store->deadline_ms = MOMENT_NONE;
	store->next_retention_ms = INT64_MIN;
	store->pending = g_ptr_array_new_with_free_func(free_task);
	atomic_init(&store->superseded, false);
	g_queue_init(&store->tasks);
	words_init(&store->words);
	buf_init(&store->scratch, DOCUMENT_CEILING);
	buf_init(&store->old_document, DOCUMENT_CEILING);
	buf_init(&store->new_document, DOCUMENT_CEILING);
	store->db = (struct db){
		.folder = g_strdup(options->folder),
		.path = g_build_filename(options->folder, "history.db", NULL),
		.clock = options->clock,
		.logger = options->logger,
		.progress = on_progress,
		.progress_ctx = store,
	};
	if (uv_thread_create(&store->thread, thread_main, store) == 0)
		return store;
	problem_set(problem, ERR_NOMEM, WHAT, NULL, "no thread can be had");
	free_store(store);
	return NULL;
}

void store_close(struct store *store)
{
	if (store == NULL)
		return;
	uv_mutex_lock(&store->lock);
	store->closing = true;
	uv_cond_signal(&store->wake);
	uv_mutex_unlock(&store->lock);
	uv_thread_join(&store->thread);
	free_store(store);
}

/* An older ask of the same slot that waits gives way to it. */
static void post(struct store *store, struct task *task)
{
	GList *older = NULL;

	uv_mutex_lock(&store->lock);
	if (task->slot != 0) {
		for (older = store->tasks.head; older != NULL; older = older->next)
			if (((struct task *)older->data)->slot == task->slot)
				break;
		if (older != NULL)
			g_queue_unlink(&store->tasks, older);
		if (store->running_slot == task->slot)
			atomic_store(&store->superseded, true);
	}
	g_queue_push_tail(&store->tasks, task);
	uv_cond_signal(&store->wake);
	uv_mutex_unlock(&store->lock);
	if (older == NULL)
		return;
	task_free(older->data);
	g_list_free_1(older);
}

void store_keep_doors(struct store *store, const char *account, const char *source, const struct rows *rows)
{
	struct task *task;

	if (rows == NULL || rows_kind(rows) != KIND_DOORS || rows_count(rows) == 0) {
		rows_unref(rows);
		return;
	}
	task = task_new(TASK_KEEP, 0);
	task->account = g_strdup(account);
	task->source = g_strdup(source);
	task->rows = rows;
	post(store, task);
}

void store_find_doors(struct store *store, uint64_t request, unsigned slot, const char *const *sources,
		      const struct door_search *search)
{
	struct task *task = task_new(TASK_FIND, request);

	task->slot = slot;
	task->search = *search;
	task_set_sources(task, sources);
	post(store, task);
}

void store_count_doors(struct store *store, uint64_t request, unsigned slot, const char *const *sources,
		       const struct door_search *search, int64_t width_ms)
{
	struct task *task = task_new(TASK_COUNT, request);

	task->slot = slot;
	task->search = *search;
	/* What is counted does not depend on the page that is shown. */
	task->search.after = (struct history_place){.key = 0};
	task->search.newer = false;
	task->width_ms = width_ms;
	task_set_sources(task, sources);
	post(store, task);
}

void store_oldest_door(struct store *store, uint64_t request, const char *account, const char *source)
{
	struct task *task = task_new(TASK_OLDEST, request);

	task->account = g_strdup(account);
	task->source = g_strdup(source);
	post(store, task);
}

void store_audit_begin(struct store *store, uint64_t request, const struct audit_entry *entry)
{
	struct task *task = task_new(TASK_AUDIT_BEGIN, request);

	task_set_audit(task, entry);
	post(store, task);
}

void store_audit_end(struct store *store, uint64_t request, int64_t line, const char *result,
		     const char *subject_id, const char *detail)
{
	struct task *task = task_new(TASK_AUDIT_END, request);

	task->line = line;
	task->result = g_strdup(result);
	task->subject_id = g_strdup(subject_id);
	task->detail = g_strdup(detail);
	post(store, task);
}

void store_audit_list(struct store *store, uint64_t request, int64_t since_ms, int64_t until_ms,
		      unsigned limit)
{
	struct task *task = task_new(TASK_AUDIT_LIST, request);

	task->since_ms = since_ms;
	task->until_ms = until_ms;
	task->limit = limit;
	post(store, task);
}
