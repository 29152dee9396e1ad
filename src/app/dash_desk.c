#include "app/dash_desk.h"

#include "app/dash_ask.h"
#include "app/dash_private.h"
#include "app/scan.h"
#include "base/moment.h"
#include "base/text.h"

#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REPLIES_CEILING 4096
#define FIRST_FIND (UINT64_C(2) << 32) /* request numbers of the store's answers to panes */
#define SLOTS_EACH 8
#define FIRST_PICTURE (UINT64_C(3) << 32) /* of pictures at the feeds */

/* A pane waits for the store's answer. */
struct find {
	uint64_t request;
	unsigned slot;
	void *ctx;
	void (*found)(void *ctx, const struct door_page *page);
	void (*counted)(void *ctx, const struct door_counts *counts);
	void (*drop)(void *ctx); /* in place of an answer that will not come; may be NULL */
};

static void find_free(void *memory)
{
	struct find *find = memory;

	if (find->drop != NULL)
		find->drop(find->ctx);
	g_free(find);
}

/* A pane waits for what a picture says. */
struct look {
	struct dash_desk *desk;
	uint64_t request;
	void *ctx;
	void (*read)(void *ctx, const char *text, const char *why);
	struct scan *scan;
};

/* A pane waits for its orders. */
struct watch {
	struct dash_desk *desk;
	void *ctx;
	void (*report)(void *ctx, const struct order_report *report);
};

struct dash_desk {
	struct dash *dash;
	struct license license;
	struct mailbox *replies;
	struct store *store;
	struct orders *orders;
	struct dash_asks *asks;
	GHashTable *finds;  /* request → struct find * */
	GHashTable *looks;  /* request → struct look * */
	GPtrArray *watches; /* struct watch * */
	GPtrArray *askers;  /* who has asked the history with slots */
	char **sources;     /* account, source, account, source, …, NULL: whose history may be seen */
	uint64_t next_find, next_picture;
	bool closed; /* no pane is called any more */
};

/* --- the store's replies --- */

static void on_reply(void *ctx, struct mail *mail)
{
	struct dash_desk *desk = ctx;
	struct store_reply *reply = (struct store_reply *)mail;
	struct find *find;

	if (!orders_on_reply(desk->orders, reply) && !desk->closed) {
		find = g_hash_table_lookup(desk->finds, &reply->request);
		if (find != NULL)
			g_hash_table_steal(desk->finds,
					   &reply->request); /* the pane may ask anew from within */
		if (find != NULL && find->found != NULL && reply->type == STORE_PAGE)
			find->found(find->ctx, &reply->page);
		else if (find != NULL && find->counted != NULL && reply->type == STORE_COUNTS)
			find->counted(find->ctx, &reply->counts);
		if (find != NULL) {
			g_free(find);
			dash_paint_soon(desk->dash, true);
		}
	}
	store_reply_free(reply);
}

/* A pane's slot among all panes' slots: each pane that asks has a number. 0 stays 0: every ask is answered. */
static unsigned own_slot(struct dash_desk *desk, void *ctx, unsigned slot)
{
	guint at = 0;

	if (slot == 0)
		return 0;
	if (!g_ptr_array_find(desk->askers, ctx, &at)) {
		at = desk->askers->len;
		g_ptr_array_add(desk->askers, ctx);
	}
	return at * SLOTS_EACH + slot % SLOTS_EACH + 1;
}

static uint64_t wait_for(struct dash_desk *desk, struct find *find)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, desk->finds); /* of the same slot only the newest is answered */
	while (g_hash_table_iter_next(&iter, NULL, &value))
		if (find->slot != 0 && ((struct find *)value)->slot == find->slot)
			g_hash_table_iter_remove(&iter);
	find->request = desk->next_find++;
	g_hash_table_insert(desk->finds, &find->request, find);
	return find->request;
}

static struct dash_desk *desk_of(const struct desk *panes) { return panes->owner; }

static void find_doors(struct desk *panes, unsigned slot, const struct door_search *search,
		       void (*found)(void *ctx, const struct door_page *page), void *ctx)
{
	struct dash_desk *desk = desk_of(panes);
	struct find *find = g_new0(struct find, 1);

	*find = (struct find){.slot = own_slot(desk, ctx, slot), .ctx = ctx, .found = found};
	store_find_doors(desk->store, wait_for(desk, find), find->slot, (const char *const *)desk->sources,
			 search);
}

static void count_doors(struct desk *panes, unsigned slot, const struct door_search *search, int64_t width_ms,
			void (*counted)(void *ctx, const struct door_counts *counts), void *ctx)
{
	struct dash_desk *desk = desk_of(panes);
	struct find *find = g_new0(struct find, 1);

	*find = (struct find){.slot = own_slot(desk, ctx, slot), .ctx = ctx, .counted = counted};
	store_count_doors(desk->store, wait_for(desk, find), find->slot, (const char *const *)desk->sources,
			  search, width_ms);
}

void dash_desk_find(struct dash_desk *desk, const struct door_search *search,
		    void (*found)(void *ctx, const struct door_page *page), void (*drop)(void *ctx),
		    void *ctx)
{
	struct find *find = g_new0(struct find, 1);

	*find = (struct find){.ctx = ctx, .found = found, .drop = drop};
	store_find_doors(desk->store, wait_for(desk, find), 0, (const char *const *)desk->sources, search);
}

/* --- orders --- */

static void on_news(void *ctx, const struct orders_news *news)
{
	static const enum order_stage stages[] = {
		[ORDERS_RUNNING] = ORDER_RUNNING,
		[ORDERS_DONE] = ORDER_DONE,
		[ORDERS_FAILED] = ORDER_FAILED,
		[ORDERS_UNSURE] = ORDER_UNSURE,
	};
	struct watch *watch = ctx;
	struct dash_desk *desk = watch->desk;
	struct order_fault faults[32];
	char text[sizeof(struct problem) + 8];
	struct order_report report = {
		.stage = stages[news->stage],
		.done = news->done,
		.total = news->total,
		.text = news->text,
		.rows = news->rows,
		.faults = faults,
		.n_faults = MIN(news->n_faults, G_N_ELEMENTS(faults)),
	};

	for (size_t i = 0; i < report.n_faults; i++)
		faults[i] = (struct order_fault){news->faults[i].field, news->faults[i].text};
	if (news->problem.code != ERR_OK)
		report.text = problem_text(&news->problem, text, sizeof(text));
	if (!desk->closed && watch->report != NULL) {
		watch->report(watch->ctx, &report);
		dash_paint_soon(desk->dash, true);
	}
	if (news->stage != ORDERS_RUNNING)
		g_ptr_array_remove_fast(desk->watches, watch);
}

static uint64_t carry_out(struct desk *panes, unsigned account, struct order **orders, size_t n,
			  void (*report)(void *ctx, const struct order_report *report), void *ctx)
{
	struct dash_desk *desk = desk_of(panes);
	struct watch *watch;

	for (size_t i = 0; i < n; i++) {
		if (orders_possible(desk->orders, account, orders[i]->kind, orders[i]->verb, NULL))
			continue;
		for (i = 0; i < n; i++)
			order_free(orders[i]);
		return 0;
	}
	watch = g_new0(struct watch, 1);
	*watch = (struct watch){.desk = desk, .ctx = ctx, .report = report};
	g_ptr_array_add(desk->watches, watch);
	return orders_start(desk->orders, account, orders, n, NULL, on_news, watch);
}

static bool can(struct desk *panes, unsigned account, enum kind kind, enum verb verb, const char **why)
{
	return orders_possible(desk_of(panes)->orders, account, kind, verb, why);
}

/* --- pictures --- */

static void look_free(void *memory)
{
	struct look *look = memory;

	scan_drop(look->scan);
	g_free(look);
}

static void look_done(struct look *look, const char *text, const char *why)
{
	struct dash_desk *desk = look->desk;

	if (!desk->closed && look->read != NULL)
		look->read(look->ctx, text, why);
	dash_paint_soon(desk->dash, true);
	g_hash_table_remove(desk->looks, &look->request);
}

/* The code's text is drawn again and shown: bytes that are no text are no code of a key. */
static void on_scan(void *ctx, const char *text, size_t length, const char *why)
{
	struct look *look = ctx;

	look->scan = NULL; /* it closes itself */
	if (text != NULL && (strlen(text) != length || !g_utf8_validate(text, (gssize)length, NULL))) {
		text = NULL;
		why = "the picture's code holds no text";
	}
	look_done(look, text, why);
}

static void on_picture(struct look *look, const struct event *event)
{
	char why[200];

	if (event->type == EVENT_REPLY && event->status == 200 && event->body_length > 0) {
		look->scan = scan_start(&look->desk->dash->loop, event->body, event->body_length, on_scan,
					look);
		return;
	}
	if (event->type == EVENT_REPLY)
		g_snprintf(why, sizeof(why), "the picture did not come: the server answered %d",
			   event->status);
	else
		g_snprintf(why, sizeof(why), "the picture did not come: %.140s", event->problem.why);
	if (look->scan == NULL && (event->type == EVENT_REPLY || event->problem.code != ERR_OK))
		look_done(look, NULL, why);
}

static void read_picture(struct desk *panes, unsigned account, const char *url,
			 void (*read)(void *ctx, const char *text, const char *why), void *ctx)
{
	struct dash_desk *desk = desk_of(panes);
	struct feed *feed = account < desk->dash->n_feeds ? desk->dash->feeds[account].feed : NULL;
	struct look *look;

	if (feed == NULL) {
		read(ctx, NULL, "the account is not running");
		return;
	}
	look = g_new0(struct look, 1);
	*look = (struct look){.desk = desk, .request = desk->next_picture++, .ctx = ctx, .read = read};
	g_hash_table_insert(desk->looks, &look->request, look);
	feed_picture(feed, look->request, url, SCAN_PICTURE_CEILING);
}

static void key_payload(struct desk *panes, unsigned account, const char *key_code, struct buf *out)
{
	const struct account *of = desk_of(panes)->dash->app->config->accounts[account];
	const char *template = account_text(of, "qr_payload");
	char **parts, *text;

	if (template == NULL) {
		buf_adds(out, key_code);
		return;
	}
	parts = g_strsplit(template, "{key_code}", -1);
	text = g_strjoinv(key_code, parts);
	buf_adds(out, text);
	g_strfreev(parts);
	g_free(text);
}

bool dash_desk_event(struct dash_desk *desk, struct event *event)
{
	struct look *look;

	if (dash_asks_event(desk->asks, event))
		return true;
	if (event->request >= FIRST_PICTURE) {
		look = g_hash_table_lookup(desk->looks, &event->request);
		if (look != NULL && (event->type == EVENT_REPLY || event->type == EVENT_DONE))
			on_picture(look, event);
		return true;
	}
	return orders_on_event(desk->orders, event);
}

static void ask(struct desk *panes, unsigned account, const struct query *query,
		void (*answer)(void *ctx, const struct rows *rows, const char *why), void *ctx)
{
	dash_asks_ask(desk_of(panes)->asks, account, query, answer, ctx);
}

static const char *account_zone(struct desk *panes, unsigned account)
{
	return account_text(desk_of(panes)->dash->app->config->accounts[account], "timezone");
}

static void export_doors(struct desk *panes, const struct door_search *search, const char *path)
{
	if (panes->license.kiosk) {
		shell_toast(desk_of(panes)->dash->shell, false, "no files are written here");
		return;
	}
	dash_export_doors(desk_of(panes)->dash, search, path);
}

/* --- printing --- */

/* A child that reads the text from a pipe. Nothing waits for it. */
struct printing {
	struct dash_desk *desk;
	uv_process_t child;
	uv_pipe_t in;
	uv_write_t write;
	char *text;
	int open;
};

static void on_printing_closed(uv_handle_t *handle)
{
	struct printing *printing = handle->data;

	if (--printing->open > 0)
		return;
	g_free(printing->text);
	g_free(printing);
}

static void on_printed(uv_process_t *child, int64_t status, int number)
{
	struct printing *printing = child->data;

	if (!printing->desk->closed) {
		shell_toast(printing->desk->dash->shell, status == 0 && number == 0,
			    status == 0 && number == 0 ? "printed" : "the print command failed");
		dash_paint_soon(printing->desk->dash, false);
	}
	uv_close((uv_handle_t *)child, on_printing_closed);
}

static void on_print_written(uv_write_t *write, int status)
{
	struct printing *printing = write->data;

	(void)status;
	uv_close((uv_handle_t *)&printing->in, on_printing_closed);
}

static bool print_by_command(struct dash_desk *desk, const char *command, const char *text)
{
	struct printing *printing = g_new0(struct printing, 1);
	uv_stdio_container_t files[3] = {
		{.flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&printing->in},
		{.flags = UV_IGNORE},
		{.flags = UV_IGNORE},
	};
	uv_process_options_t options = {.exit_cb = on_printed, .stdio_count = 3, .stdio = files};
	uv_loop_t *loop = &desk->dash->loop;
	uv_buf_t all;
	int n = 0;

	if (!g_shell_parse_argv(command, &n, &options.args, NULL) || n == 0) {
		g_free(printing);
		return false;
	}
	options.file = options.args[0];
	printing->desk = desk;
	printing->open = 2;
	printing->child.data = printing->in.data = printing->write.data = printing;
	uv_pipe_init(loop, &printing->in, 0);
	n = uv_spawn(loop, &printing->child, &options);
	g_strfreev(options.args);
	if (n != 0) {
		uv_close((uv_handle_t *)&printing->in, on_printing_closed);
		uv_close((uv_handle_t *)&printing->child, on_printing_closed);
		return false;
	}
	printing->text = g_strdup(text);
	all = uv_buf_init(printing->text, (unsigned)strlen(printing->text));
	uv_write(&printing->write, (uv_stream_t *)&printing->in, &all, 1, on_print_written);
	return true;
}

static void print_text(struct desk *panes, const char *text)
{
	struct dash_desk *desk = desk_of(panes);
	const char *command = config_ui(desk->dash->app->config, "print_command");

	if (desk->license.kiosk) {
		shell_toast(desk->dash->shell, false, "nothing is printed here");
		return;
	}
	if (command != NULL && command[0] != '\0') {
		if (!print_by_command(desk, command, text))
			shell_toast(desk->dash->shell, false, "the print command cannot be started");
	} else if (term_print(desk->dash->term, text, strlen(text)) == ERR_OK) {
		shell_toast(desk->dash->shell, true, "sent to the terminal's printer");
	} else {
		shell_toast(desk->dash->shell, false,
			    "this terminal has no printer; set print_command in the configuration");
	}
}

/* --- life --- */

static void forget(struct desk *panes, void *ctx)
{
	struct dash_desk *desk = desk_of(panes);
	GHashTableIter iter;
	gpointer value;

	dash_asks_forget(desk->asks, ctx);
	g_hash_table_iter_init(&iter, desk->finds);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		if (((struct find *)value)->ctx == ctx)
			g_hash_table_iter_remove(&iter);
	g_hash_table_iter_init(&iter, desk->looks);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		if (((struct look *)value)->ctx == ctx)
			((struct look *)value)->read = NULL;
	for (guint i = 0; i < desk->watches->len; i++) {
		struct watch *watch = g_ptr_array_index(desk->watches, i);

		if (watch->ctx == ctx)
			watch->report = NULL;
	}
}

static struct feed *feed_of(void *ctx, unsigned account)
{
	struct dash *dash = ((struct dash_desk *)ctx)->dash;

	return account < dash->n_feeds ? dash->feeds[account].feed : NULL;
}

static char **sources_of(const struct config *config)
{
	GPtrArray *sources = g_ptr_array_new();

	for (size_t i = 0; i < config->n_accounts; i++) {
		g_ptr_array_add(sources, g_strdup(config->accounts[i]->name));
		g_ptr_array_add(sources, app_source(config->accounts[i]));
	}
	g_ptr_array_add(sources, NULL);
	return (char **)g_ptr_array_free(sources, FALSE);
}

static void open_store(struct dash_desk *desk)
{
	const char *keep = config_ui(desk->dash->app->config, "keep_history");
	struct store_options options = {
		.folder = desk->dash->app->state_folder,
		.clock = desk->dash->app->clock,
		.logger = desk->dash->app->logger,
		.replies = desk->replies,
		.keep_ms = keep == NULL ? 0 : moment_span_ms(keep),
	};
	struct problem problem;

	if (options.folder != NULL)
		desk->store = store_open(&options, &problem);
}

struct dash_desk *dash_desk_new(struct dash *dash, const struct license *license)
{
	struct dash_desk *desk = g_new0(struct dash_desk, 1);

	desk->dash = dash;
	desk->license = *license;
	desk->replies = mailbox_new(&dash->loop, REPLIES_CEILING, on_reply, desk);
	desk->finds = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, find_free);
	desk->looks = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, look_free);
	desk->watches = g_ptr_array_new_with_free_func(g_free);
	desk->askers = g_ptr_array_new();
	desk->sources = sources_of(dash->app->config);
	desk->next_find = FIRST_FIND;
	desk->next_picture = FIRST_PICTURE;
	desk->asks = dash_asks_new(dash);
	open_store(desk);
	desk->orders = orders_new(dash->app, desk->store, feed_of, desk);
	return desk;
}

void dash_desk_equip(struct dash_desk *desk, struct desk *panes)
{
	const struct config *config = desk->dash->app->config;
	const char *blank = config_ui(config, "qr_blank");

	panes->owner = desk;
	panes->license = desk->license;
	panes->carry_out = carry_out;
	panes->can = can;
	panes->read_picture = read_picture;
	panes->key_payload = key_payload;
	panes->print = print_text;
	panes->forget = forget;
	panes->account_zone = account_zone;
	panes->ask = ask;
	panes->groups = config->groups;
	panes->n_groups = config->n_groups;
	panes->hours = config_ui(config, "hours");
	panes->qr_blank_ms = blank == NULL ? 0 : moment_span_ms(blank);
	panes->templates = config->templates;
	panes->n_templates = config->n_templates;
	if (desk->store == NULL)
		return;
	panes->find_doors = find_doors;
	panes->count_doors = count_doors;
	panes->export_doors = export_doors;
}

/* Who wants to know how far the history of an account reaches. */
struct newest {
	struct dash *dash;
	unsigned account;
	void (*known)(struct dash *dash, unsigned account, int64_t time_ms);
};

static void on_newest(void *ctx, const struct door_page *page)
{
	struct newest *newest = ctx;
	bool any = page->problem.code == ERR_OK && page->rows != NULL && rows_count(page->rows) > 0;

	newest->known(newest->dash, newest->account, any ? page->places[0].time_ms : MOMENT_NONE);
	g_free(newest);
}

bool dash_desk_newest(struct dash_desk *desk, unsigned account,
		      void (*known)(struct dash *dash, unsigned account, int64_t time_ms))
{
	struct door_search search = {.since_ms = MOMENT_NONE, .until_ms = MOMENT_NONE, .limit = 1};
	const char *sources[] = {desk->sources[2 * account], desk->sources[2 * account + 1], NULL};
	struct newest *newest;
	struct find *find;

	if (desk->store == NULL)
		return false;
	newest = g_new0(struct newest, 1);
	*newest = (struct newest){desk->dash, account, known};
	find = g_new0(struct find, 1);
	*find = (struct find){.ctx = newest, .found = on_newest, .drop = g_free};
	store_find_doors(desk->store, wait_for(desk, find), 0, sources, &search);
	return true;
}

void dash_desk_keep(struct dash_desk *desk, unsigned account, const struct rows *rows)
{
	if (desk->store != NULL)
		store_keep_doors(desk->store, desk->sources[2 * account], desk->sources[2 * account + 1],
				 rows_ref(rows));
}

bool dash_desk_busy(const struct dash_desk *desk) { return orders_busy(desk->orders); }

void dash_desk_close(struct dash_desk *desk)
{
	desk->closed = true;
	dash_asks_close(desk->asks);
	g_hash_table_remove_all(desk->looks);
}

void dash_desk_free(struct dash_desk *desk)
{
	if (desk->store != NULL)
		store_close(desk->store);
	orders_free(desk->orders);
	dash_asks_free(desk->asks);
	mailbox_close(desk->replies);
	g_hash_table_unref(desk->finds);
	g_hash_table_unref(desk->looks);
	g_ptr_array_unref(desk->watches);
	g_ptr_array_unref(desk->askers);
	g_strfreev(desk->sources);
	g_free(desk);
}
