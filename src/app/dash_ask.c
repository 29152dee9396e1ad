#include "app/dash_ask.h"

#include "app/dash_private.h"

#include <glib.h>
#include <string.h>

#define FIRST_ASK (UINT64_C(4) << 32) /* request numbers of the panes' questions at the feeds */
#define KEPT_MOST 64
#define KEPT_BYTES ((size_t)48 << 20)
#define FAILURE_MS 10000 /* how long a failure is an answer */

struct waiter {
	void *ctx;
	void (*answer)(void *ctx, const struct rows *rows, const char *why);
};

/* A question: under way while `request` is not 0, else answered at `at_ms`. */
struct question {
	char *text;
	unsigned account;
	enum kind kind;
	uint64_t request;
	GArray *waiters; /* struct waiter */
	const struct rows *rows;
	char *why; /* NULL: it came through */
	int64_t at_ms;
	uint64_t order; /* of those answered in one moment */
};

struct dash_asks {
	struct dash *dash;
	GHashTable *by_text;    /* text → struct question *, which it owns */
	GHashTable *by_request; /* request → struct question * */
	uint64_t next;
	GArray *telling; /* struct waiter, those who are being told and not yet were */
	bool closed;
};

static void question_free(void *memory)
{
	struct question *question = memory;

	rows_unref(question->rows);
	g_array_unref(question->waiters);
	g_free(question->why);
	g_free(question->text);
	g_free(question);
}

static void add_words(GString *text, char mark, const struct words *words)
{
	for (size_t i = 0; i < words->n; i++)
		g_string_append_printf(text, "\n%c%zu:%s", mark, strlen(words->at[i]), words->at[i]);
}

char *dash_asks_text(unsigned account, const struct query *query)
{
	GString *text = g_string_new(NULL);

	g_string_append_printf(text,
			       "%u %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
			       " %" G_GINT64_FORMAT,
			       account, query->kind, query->since_ms, query->until_ms, query->every_ms,
			       query->limit);
	add_words(text, 'b', &query->buildings);
	add_words(text, 'f', &query->floors);
	add_words(text, 'r', &query->rooms);
	add_words(text, 'u', &query->units);
	add_words(text, 'p', &query->users);
	add_words(text, 'm', &query->methods);
	add_words(text, 't', &query->types);
	add_words(text, 's', &query->statuses);
	add_words(text, 'o', &query->sources);
	add_words(text, 'a', &query->addresses);
	add_words(text, 'i', &query->ids);
	return g_string_free(text, FALSE);
}

/* How long an answer is as good as a new one: the pace at which the kind would be asked for anyway. */
static int64_t pace_ms(const struct dash_asks *asks, const struct question *question)
{
	const struct account *account = asks->dash->app->config->accounts[question->account];
	const struct source_ops *ops = source_find(account->vendor);
	int64_t every_ms = 30000;

	if (question->why != NULL)
		return FAILURE_MS;
	for (const struct source_pace *pace = ops->paces; pace != NULL && pace->every_ms > 0; pace++)
		if (pace->kind == question->kind)
			every_ms = pace->every_ms;
	return account_poll_ms(account, question->kind, every_ms);
}

static bool is_old(const struct dash_asks *asks, const struct question *question)
{
	return question->request == 0 &&
	       clock_mono_ms(asks->dash->app->clock) - question->at_ms >= pace_ms(asks, question);
}

/* What is old goes, and the oldest of what is too much. */
static void make_room(struct dash_asks *asks)
{
	for (;;) {
		struct question *oldest = NULL;
		size_t bytes = 0, n = 0;
		GHashTableIter iter;
		gpointer value;

		g_hash_table_iter_init(&iter, asks->by_text);
		while (g_hash_table_iter_next(&iter, NULL, &value)) {
			struct question *question = value;

			if (question->request != 0)
				continue;
			n++;
			bytes += question->rows != NULL ? rows_bytes(question->rows) : 0;
			if (oldest == NULL || question->at_ms < oldest->at_ms ||
			    (question->at_ms == oldest->at_ms && question->order < oldest->order))
				oldest = question;
		}
		if (oldest == NULL ||
		    (!is_old(asks, oldest) && n <= KEPT_MOST && (bytes <= KEPT_BYTES || n == 1)))
			return;
		g_hash_table_remove(asks->by_text, oldest->text);
	}
}

static struct question *begin(struct dash_asks *asks, unsigned account, const struct query *query, char *text)
{
	struct question *question = g_new0(struct question, 1);

	*question = (struct question){.text = text,
				      .account = account,
				      .kind = query->kind,
				      .request = asks->next,
				      .order = asks->next++,
				      .waiters = g_array_new(FALSE, FALSE, sizeof(struct waiter))};
	g_hash_table_replace(asks->by_text, question->text, question);
	g_hash_table_insert(asks->by_request, &question->request, question);
	feed_once(asks->dash->feeds[account].feed, question->request, query);
	return question;
}

void dash_asks_ask(struct dash_asks *asks, unsigned account, const struct query *query,
		   void (*answer)(void *ctx, const struct rows *rows, const char *why), void *ctx)
{
	struct waiter waiter = {ctx, answer};
	struct question *question;
	const struct rows *rows;
	char *text;

	if (asks->closed || account >= asks->dash->n_feeds || asks->dash->feeds[account].feed == NULL) {
		answer(ctx, NULL, "the account is not running");
		return;
	}
	make_room(asks);
	text = dash_asks_text(account, query);
	question = g_hash_table_lookup(asks->by_text, text);
	if (question != NULL && is_old(asks, question)) {
		g_hash_table_remove(asks->by_text, text);
		question = NULL;
	}
	if (question == NULL) {
		question = begin(asks, account, query, text);
		text = NULL;
	}
	g_free(text);
	if (question->request != 0) {
		g_array_append_val(question->waiters, waiter);
		return;
	}
	rows = question->rows == NULL ? NULL : rows_ref(question->rows);
	text = g_strdup(question->why);
	answer(ctx, rows, text);
	rows_unref(rows);
	g_free(text);
}

static void drop_waiters(GArray *waiters, const void *ctx)
{
	for (guint i = waiters->len; i-- > 0;)
		if (g_array_index(waiters, struct waiter, i).ctx == ctx)
			g_array_remove_index(waiters, i);
}

void dash_asks_forget(struct dash_asks *asks, const void *ctx)
{
	GHashTableIter iter;
	gpointer value;

	if (asks->telling != NULL)
		drop_waiters(asks->telling, ctx);
	g_hash_table_iter_init(&iter, asks->by_text);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct question *question = value;
		bool waited = question->waiters->len > 0;

		drop_waiters(question->waiters, ctx);
		if (question->request == 0 || !waited || question->waiters->len > 0)
			continue;
		if (!asks->closed)
			feed_cancel(asks->dash->feeds[question->account].feed, question->request);
		g_hash_table_remove(asks->by_request, &question->request);
		g_hash_table_iter_remove(&iter);
	}
}

static void tell(struct dash_asks *asks, GArray *waiters, const struct rows *rows, const char *why)
{
	GArray *before = asks->telling;

	asks->telling = waiters;
	while (waiters->len > 0 && !asks->closed) {
		struct waiter waiter = g_array_index(waiters, struct waiter, 0);

		g_array_remove_index(waiters, 0);
		waiter.answer(waiter.ctx, rows, why);
	}
	asks->telling = before;
}

/* Waiters are told when the question is at rest: they may ask the next from within, and forget others. */
static void finish(struct dash_asks *asks, struct question *question, const struct event *event)
{
	GArray *waiters = question->waiters;
	const struct rows *rows;
	char text[sizeof(struct problem) + 8], *why;

	g_hash_table_remove(asks->by_request, &question->request);
	question->request = 0;
	question->at_ms = clock_mono_ms(asks->dash->app->clock);
	question->waiters = g_array_new(FALSE, FALSE, sizeof(struct waiter));
	if (event->problem.code != ERR_OK)
		question->why = g_strdup(problem_text(&event->problem, text, sizeof(text)));
	else if (question->rows == NULL)
		question->why = g_strdup("nothing came");
	if (question->why != NULL)
		g_clear_pointer(&question->rows, rows_unref);
	rows = question->rows == NULL ? NULL : rows_ref(question->rows);
	why = g_strdup(question->why);
	tell(asks, waiters, rows, why);
	dash_paint_soon(asks->dash, true);
	g_array_unref(waiters);
	rows_unref(rows);
	g_free(why);
}

bool dash_asks_event(struct dash_asks *asks, struct event *event)
{
	struct question *question;

	if (event->request < FIRST_ASK)
		return false;
	question = g_hash_table_lookup(asks->by_request, &event->request);
	if (question == NULL)
		return true;
	if (event->type == EVENT_ROWS && rows_kind(event->rows) == question->kind) {
		rows_unref(question->rows);
		question->rows = rows_ref(event->rows);
	} else if (event->type == EVENT_DONE) {
		finish(asks, question, event);
	}
	return true;
}

struct dash_asks *dash_asks_new(struct dash *dash)
{
	struct dash_asks *asks = g_new0(struct dash_asks, 1);

	asks->dash = dash;
	asks->next = FIRST_ASK;
	asks->by_text = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, question_free);
	asks->by_request = g_hash_table_new(g_int64_hash, g_int64_equal);
	return asks;
}

void dash_asks_close(struct dash_asks *asks) { asks->closed = true; }

void dash_asks_free(struct dash_asks *asks)
{
	g_hash_table_unref(asks->by_request);
	g_hash_table_unref(asks->by_text);
	g_free(asks);
}
