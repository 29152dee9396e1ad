#include "app/orders_private.h"

#include "base/jsonx.h"
#include "base/moment.h"
#include "core/kind.h"
#include "model/access.h"

#include <glib.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOOK_BACK_LINES 2000

/* One list under way. */
struct order_list {
	struct orders *orders;
	uint64_t request;
	unsigned account;
	struct order **list;
	size_t n, at;
	orders_fn news;
	void *ctx;
	char wish[40], token[20];
	struct earlier earlier;
	int64_t line;    /* of the audit, for the order at hand */
	char *first_id;  /* what the first order made */
	bool first_made; /* by this list, now */
	const struct rows *rows;
	struct problem problem; /* how the order at hand ended, while the audit is being completed */
	struct work_field_fault *faults;
	size_t n_faults;
	bool told;     /* the order at hand was done before: its line is only to say so */
	bool searched; /* the answer was lost, and the vendor looked whether it was done */
	struct problem undone_for;
	struct order *undo; /* the deletion of what the first order made, after the second was refused */
	enum { LOOKING_BACK, FETCHING, BEGINNING, SENT, ENDING } step;
};

struct orders {
	struct app *app;
	struct store *store;
	struct feed *(*feed_of)(void *ctx, unsigned account);
	void *ctx;
	uint64_t next_request;
	GHashTable *lists;   /* request → struct order_list * */
	GHashTable *refused; /* "account kind verb" of what a server answered 403 to */
	char *who, *from;
	enum person_role role;
};

static void list_free(void *memory)
{
	struct order_list *list = memory;

	for (size_t i = 0; i < list->n; i++)
		order_free(list->list[i]);
	g_free(list->list);
	g_free(list->first_id);
	order_free(list->undo);
	earlier_fini(&list->earlier);
	g_free(list->faults);
	rows_unref(list->rows);
	g_free(list);
}

/* The login name, not what the environment says of it. */
static char *login_name(void)
{
	struct passwd entry, *found = NULL;
	char memory[4096], number[32];

	if (getpwuid_r(getuid(), &entry, memory, sizeof(memory), &found) == 0 && found != NULL)
		return g_strdup(found->pw_name);
	g_snprintf(number, sizeof(number), "uid %u", (unsigned)getuid());
	return g_strdup(number);
}

/* The client's address out of what sshd sets: "ADDRESS PORT PORT". */
static char *ssh_client(void)
{
	const char *text = g_getenv("SSH_CONNECTION");

	if (text == NULL)
		text = g_getenv("SSH_CLIENT");
	return text == NULL ? NULL : g_strndup(text, MIN(strcspn(text, " "), (size_t)64));
}

struct orders *orders_new(struct app *app, struct store *store,
			  struct feed *(*feed_of)(void *ctx, unsigned account), void *ctx)
{
	struct orders *orders = g_new0(struct orders, 1);
	int role = person_role_parse(config_ui(app->config, "role"));

	orders->app = app;
	orders->store = store;
	orders->feed_of = feed_of;
	orders->ctx = ctx;
	orders->next_request = ORDERS_FIRST_REQUEST;
	orders->lists = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, list_free);
	orders->refused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	orders->who = login_name();
	orders->from = ssh_client();
	orders->role = role < 0 ? PERSON_VIEWER : (enum person_role)role;
	return orders;
}

void orders_free(struct orders *orders)
{
	if (orders == NULL)
		return;
	g_hash_table_unref(orders->lists);
	g_hash_table_unref(orders->refused);
	g_free(orders->who);
	g_free(orders->from);
	g_free(orders);
}

bool orders_busy(const struct orders *orders) { return g_hash_table_size(orders->lists) > 0; }

static const struct account *account_of(const struct order_list *list)
{
	return list->orders->app->config->accounts[list->account];
}

/* The order at hand. */
static struct order *order_at(const struct order_list *list)
{
	return list->undo != NULL ? list->undo : list->list[list->at];
}

static const struct write_info *info_of(const struct order_list *list)
{
	const struct source_ops *ops = source_find(account_of(list)->vendor);

	return ops == NULL ? NULL : write_find(ops->writes, order_at(list)->kind, order_at(list)->verb);
}

/* --- news --- */

static void tell(struct order_list *list, enum orders_stage stage, const char *text)
{
	struct orders_news news = {
		.stage = stage,
		.done = (unsigned)list->at,
		.total = (unsigned)list->n,
		.text = text == NULL ? "" : text,
		.rows = list->rows,
		.problem = list->problem,
		.faults = list->faults,
		.n_faults = list->n_faults,
	};

	if (list->news != NULL)
		list->news(list->ctx, &news);
}

static void finish(struct order_list *list, enum orders_stage stage)
{
	tell(list, stage, NULL);
	g_hash_table_remove(list->orders->lists, &list->request);
}

/* --- what may be done --- */

static char *refusal_key(unsigned account, enum kind kind, enum verb verb)
{
	return g_strdup_printf("%u %d %d", account, (int)kind, (int)verb);
}

bool orders_possible(struct orders *orders, unsigned account, enum kind kind, enum verb verb,
		     const char **why)
{
	const struct source_ops *ops = source_find(orders->app->config->accounts[account]->vendor);
	char *key = refusal_key(account, kind, verb);
	const char *reason = NULL;

	if (!person_may(orders->role, kind, verb))
		reason = "the role in the configuration does not allow it";
	else if (ops == NULL || write_find(ops->writes, kind, verb) == NULL)
		reason = "this system does not offer it";
	else if (g_hash_table_contains(orders->refused, key))
		reason = "the server says that this account may not do it";
	else if (orders->store == NULL)
		reason = "there is no audit to write it into";
	g_free(key);
	if (why != NULL)
		*why = reason;
	return reason == NULL;
}

/* --- the audit --- */

void orders_fill_person(const struct orders *orders, struct audit_entry *entry)
{
	entry->who = orders->who;
	entry->from = orders->from;
	entry->role = person_role_name(orders->role);
}

static void fill_entry(const struct order_list *list, struct buf *what, char mark[80],
		       struct audit_entry *entry)
{
	const struct order *order = order_at(list);

	order_json(order, info_of(list), what);
	earlier_mark(list->wish, list->token, list->at, mark);
	*entry = (struct audit_entry){
		.account = account_of(list)->name,
		.vendor = vendor_name(account_of(list)->vendor),
		.action = verb_name(order->verb),
		.subject_kind = kind_info(order->kind)->name,
		.subject_id = order->id,
		.what = buf_text(what),
		.wish = list->undo != NULL ? NULL : mark,
	};
	orders_fill_person(list->orders, entry);
}

static void begin(struct order_list *list)
{
	struct audit_entry entry;
	struct buf what;
	char mark[80];

	buf_init(&what, BUF_CEILING_REQUEST);
	fill_entry(list, &what, mark, &entry);
	list->step = BEGINNING;
	store_audit_begin(list->orders->store, list->request, &entry);
	buf_fini(&what);
}

static void look_back(struct order_list *list)
{
	int64_t now_ms = clock_wall_ms(list->orders->app->clock);

	list->step = LOOKING_BACK;
	store_audit_list(list->orders->store, list->request, now_ms - ORDERS_LOOK_BACK_MS, MOMENT_NONE,
			 LOOK_BACK_LINES);
}

/* What was made before is asked for, so that it can be shown as it is now. */
static void fetch(struct order_list *list, const char *id)
{
	struct feed *feed = list->orders->feed_of(list->orders->ctx, list->account);
	struct query query;

	if (feed == NULL) {
		begin(list);
		return;
	}
	list->step = FETCHING;
	query_init(&query, order_at(list)->kind);
	query.ids = (struct words){&id, 1};
	feed_once(feed, list->request, &query);
	query_fini(&query);
}

/* The order at hand: done before, tried before, or new. */
static void next(struct order_list *list)
{
	struct order *order = order_at(list);
	const struct part *part = &list->earlier.parts[list->at];

	rows_unref(list->rows);
	list->rows = NULL;
	list->searched = list->told = false;
	if (list->at > 0 && order->first_id_field != NULL && list->first_id != NULL)
		order_set(order, order->first_id_field, list->first_id);
	if (part->state == PART_OPEN) {
		earlier_restore(part, order);
		order->resume = true;
	}
	if (part->state == PART_DONE)
		fetch(list, part->id);
	else
		begin(list);
}

static void on_lines(struct order_list *list, const struct store_reply *reply)
{
	if (reply->rows != NULL && g_strcmp0(rows_account(reply->rows), account_of(list)->name) == 0)
		earlier_read(&list->earlier, reply->rows, list->wish);
	if (!reply->last)
		return;
	if (earlier_settle(&list->earlier, clock_wall_ms(list->orders->app->clock)))
		g_strlcpy(list->token, list->earlier.list, sizeof(list->token));
	next(list);
}

/* --- the feed --- */

static void send_order(struct order_list *list)
{
	struct orders *orders = list->orders;
	struct feed *feed = orders->feed_of(orders->ctx, list->account);

	list->step = SENT;
	if (feed != NULL) {
		feed_order(feed, list->request, order_at(list));
		return;
	}
	problem_set(&list->problem, ERR_UNREACHED, NULL, NULL, "the account is not running");
	list->step = ENDING;
	store_audit_end(orders->store, list->request, list->line, "failed", NULL,
			"the account is not running");
}

static const char *made_id(const struct order_list *list)
{
	const struct door_release *row; /* every row begins with its id */

	if (list->rows == NULL || rows_count(list->rows) == 0)
		return order_at(list)->id;
	row = rows_at(list->rows, 0);
	return row->id;
}

static void tell_again(struct order_list *list)
{
	char text[200];

	g_snprintf(text, sizeof(text), "%.40s %.60s was made by an earlier try; nothing is sent",
		   kind_info(order_at(list)->kind)->name, made_id(list));
	tell(list, ORDERS_RUNNING, text);
	list->step = ENDING;
	store_audit_end(list->orders->store, list->request, list->line, "done", made_id(list), ORDERS_TOLD);
}

/* What an earlier try began and never completed is known now. */
static void settle_earlier(struct order_list *list, const char *result)
{
	struct part *part = &list->earlier.parts[list->at];

	if (list->undo != NULL || part->line == 0)
		return;
	store_audit_end(list->orders->store, 0, part->line, result, made_id(list), "settled by a later try");
	part->line = 0;
}

static void on_done(struct order_list *list, struct event *event)
{
	char text[sizeof(struct problem) + 8] = "";
	const char *result = "done";

	list->problem = event->problem;
	if (list->undo == NULL) {
		list->faults = g_steal_pointer(&event->faults);
		list->n_faults = event->n_faults;
	}
	if (event->problem.code == ERR_UNSURE)
		result = "unsure";
	else if (event->problem.code != ERR_OK)
		result = "failed";
	if (event->problem.code != ERR_OK)
		problem_text(&event->problem, text, sizeof(text));
	else if (list->searched)
		g_strlcpy(text, ORDERS_FOUND, sizeof(text));
	if (event->problem.code == ERR_DENIED)
		g_hash_table_add(list->orders->refused,
				 refusal_key(list->account, order_at(list)->kind, order_at(list)->verb));
	list->step = ENDING;
	if (event->problem.code != ERR_UNSURE)
		settle_earlier(list, result);
	store_audit_end(list->orders->store, list->request, list->line, result,
			event->problem.code == ERR_OK ? made_id(list) : NULL, text[0] == '\0' ? NULL : text);
}

static void advance(struct order_list *list, bool made)
{
	if (list->at == 0) {
		list->first_id = g_strdup(made_id(list));
		list->first_made = made;
	}
	list->at++;
	if (list->at == list->n) {
		finish(list, ORDERS_DONE);
		return;
	}
	tell(list, ORDERS_RUNNING, NULL);
	next(list);
}

/* A keychain that this list has made for keys that are refused is of no use to anybody. */
static bool to_be_undone(const struct order_list *list)
{
	return list->undo == NULL && list->at == 1 && list->first_made && list->first_id != NULL &&
	       list->problem.code != ERR_UNSURE && list->list[1]->first_id_field != NULL &&
	       write_find(source_find(account_of(list)->vendor)->writes, list->list[0]->kind, VERB_DELETE) !=
		       NULL;
}

static void on_ended(struct order_list *list)
{
	if (list->undo != NULL) { /* how that went is in the audit; the person is told why it was needed */
		list->problem = list->undone_for;
		finish(list, ORDERS_FAILED);
		return;
	}
	if (list->problem.code == ERR_OK) {
		advance(list, !list->told);
		return;
	}
	if (!to_be_undone(list)) {
		finish(list, list->problem.code == ERR_UNSURE ? ORDERS_UNSURE : ORDERS_FAILED);
		return;
	}
	list->undone_for = list->problem;
	list->undo = order_new(list->list[0]->kind, VERB_DELETE, list->first_id);
	begin(list);
}

/* What was made before: there still, or gone since, then it is made again. Where that cannot be seen, nothing is sent. */
static void on_fetched(struct order_list *list, const struct event *event)
{
	if (event->problem.code != ERR_OK) {
		list->problem = event->problem;
		finish(list, ORDERS_FAILED);
		return;
	}
	/* The line that says so also ends the matter: who asks once more means another. */
	list->told = list->rows != NULL && rows_count(list->rows) > 0;
	begin(list);
}

bool orders_on_event(struct orders *orders, struct event *event)
{
	struct order_list *list = g_hash_table_lookup(orders->lists, &event->request);

	if (list == NULL)
		return event->request >= ORDERS_FIRST_REQUEST && event->request < orders->next_request;
	if ((list->step != SENT && list->step != FETCHING) || event->feed != list->account)
		return true;
	switch (event->type) {
	case EVENT_PROGRESS:
		list->searched |= g_str_has_prefix(event->text, ORDERS_SEARCHING);
		tell(list, ORDERS_RUNNING, event->text);
		break;
	case EVENT_ROWS:
		if (rows_kind(event->rows) == order_at(list)->kind) {
			rows_unref(list->rows);
			list->rows = g_steal_pointer(&event->rows);
		}
		break;
	case EVENT_DONE:
		if (list->step == FETCHING)
			on_fetched(list, event);
		else
			on_done(list, event);
		break;
	default:
		break;
	}
	return true;
}

bool orders_on_reply(struct orders *orders, struct store_reply *reply)
{
	struct order_list *list = g_hash_table_lookup(orders->lists, &reply->request);

	if (list == NULL)
		return reply->request >= ORDERS_FIRST_REQUEST && reply->request < orders->next_request;
	if (reply->problem.code != ERR_OK && list->step != ENDING) {
		list->problem = reply->problem;
		g_strlcpy(list->problem.todo,
			  "nothing was sent, since it could not be written into the audit",
			  sizeof(list->problem.todo));
		finish(list, ORDERS_FAILED);
		return true;
	}
	switch (list->step) {
	case LOOKING_BACK:
		on_lines(list, reply);
		break;
	case BEGINNING:
		list->line = reply->line;
		if (list->told)
			tell_again(list);
		else
			send_order(list);
		break;
	case ENDING:
		on_ended(list);
		break;
	case FETCHING:
	case SENT:
		break;
	}
	return true;
}

static bool makes_something(struct order *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i]->verb == VERB_CREATE)
			return true;
	return false;
}

uint64_t orders_start(struct orders *orders, unsigned account, struct order **orders_list, size_t n,
		      const char *wish, orders_fn news, void *ctx)
{
	struct order_list *list = g_new0(struct order_list, 1);

	list->orders = orders;
	list->request = orders->next_request++;
	list->account = account;
	list->list = g_memdup2(orders_list, n * sizeof(struct order *));
	list->n = n;
	list->news = news;
	list->ctx = ctx;
	earlier_init(&list->earlier, n);
	earlier_wish(account_of(list), orders_list, n, wish, list->wish);
	g_snprintf(list->token, sizeof(list->token), "%08x%08x", g_random_int(), g_random_int());
	g_hash_table_insert(orders->lists, &list->request, list);
	if (makes_something(orders_list, n))
		look_back(list);
	else
		next(list);
	return list->request;
}

void orders_forget(struct orders *orders, void *ctx)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, orders->lists);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		if (((struct order_list *)value)->ctx == ctx)
			((struct order_list *)value)->news = NULL;
}
