/* Asking every account once and waiting for all of them: what get, check and api are built on. */
#ifndef LODGE_APP_COLLECT_H
#define LODGE_APP_COLLECT_H

#include "app/app.h"
#include "core/query.h"
#include "core/order.h"
#include "feed/feed.h"

struct collect;

/* What one ask brought. */
struct outcome {
	const struct account *account;
	struct problem problem; /* code ERR_OK: all came */
	const struct rows **rows;
	size_t n_rows;
	struct work_notice *notices;
	size_t n_notices;
	char mode[16];
	int status; /* of a call */
	char *body;
	size_t body_length;
	char content_type[96];
	int64_t duration_ms;
	struct work_field_fault *faults; /* of orders */
	size_t n_faults;
	int64_t line; /* of the audit */
	bool done;
};

struct collect *collect_new(struct app *app);

/* Starts the account's feed on first use and adds an ask. The outcome belongs to the collection; it is filled by collect_run. The ask is taken over. */
struct outcome *collect_ask(struct collect *collect, const struct account *account, struct ask *ask);

/* Carries out orders one after the other (app/orders.h); what they made is in the outcome's rows, one snapshot each. The orders are taken over. What is going on
 * goes to stderr when that takes long. `wish` as for orders_start. */
struct outcome *collect_orders(struct collect *collect, const struct account *account, struct order **orders,
			       size_t n, const char *wish);

/* A line of the audit for a change that is no order; the result is written when `result` is not NULL. */
bool collect_note_begin(struct collect *collect, const struct account *account, const char *action,
			const char *subject_kind, int64_t *line, struct problem *problem);
void collect_note_end(struct collect *collect, int64_t line, const char *result, const char *detail);

/* Lines of the audit, newest first: snapshots of KIND_AUDIT in the outcome's rows. Its account is NULL. */
struct outcome *collect_audit(struct collect *collect, const struct query *query);

/* Gives door releases to the history; nothing where there is no state folder. */
void collect_keep(struct collect *collect, const struct account *account, const struct rows *rows);

/* What the QR code in a picture at `url` holds: fetched and read while this waits. NULL when there is nothing to be read, then `why` says why. g_free it. */
char *collect_picture(struct collect *collect, const struct account *account, const char *url, size_t *length,
		      char *why, size_t why_size);

/* Runs until every ask is done. */
void collect_run(struct collect *collect);
void collect_free(struct collect *collect);

/* The query as one account should see it: building names of the configuration's [building] groups become this account's member ids. NULL when
 * the filters leave nothing for this account. Free with query_free. */
struct query *collect_scope(const struct app *app, const struct account *account, const struct query *query);

/* The accounts that the query wants and that have its kind, in the order of the configuration. Sets *n. Prints and returns NULL with *exit set when
 * an account is named that does not exist or none is configured. g_free it. */
const struct account **collect_accounts(const struct app *app, const struct query *query, unsigned *n,
					int *exit);

#endif
