/* Sending what the form says, and what comes of it. Nothing is sent twice: what was made is left out of the next try, and what nobody knows of is looked up. */
#include "ui/pane/keys_issue.h"

#include <string.h>

static void free_order(void *order) { order_free(order); }

static struct order *sent_at(const struct keys_issue *issue, size_t i) { return issue->sent->pdata[i]; }

static const char *row_id(const struct rows *rows)
{
	const char *const *row = rows_count(rows) > 0 ? rows_at(rows, 0) : NULL;
	return row ? *row : NULL;
}

/* --- what came of it --- */

static void keep_made(struct keys_issue *issue, const struct order_report *report)
{
	guint n = issue->made->len;
	const void *last = n > 0 ? issue->made->pdata[n - 1] : NULL;
	/* Told again and again: each snapshot once. */
	if (report->rows && report->rows != last)
		g_ptr_array_add(issue->made, (void *)rows_ref(report->rows));
}

static const char *keychain_made(const struct keys_issue *issue)
{
	for (guint i = 0; i < issue->made->len; i++)
		if (rows_kind(issue->made->pdata[i]) == KIND_KEYCHAINS)
			return row_id(issue->made->pdata[i]);
	return NULL;
}

/* Snapshots of keys alone, for the page that shows their codes. */
static void show_issued(struct keys_issue *issue)
{
	struct keys_view *view = issue->view;
	GPtrArray *keys = g_ptr_array_new_with_free_func((GDestroyNotify)rows_unref);
	for (guint i = 0; i < issue->made->len; i++)
		if (rows_kind(issue->made->pdata[i]) == KIND_KEYS && rows_count(issue->made->pdata[i]) > 0)
			g_ptr_array_add(keys, (void *)rows_ref(issue->made->pdata[i]));
	if (view->issued)
		g_ptr_array_unref(view->issued);
	view->issued = keys;
	view->issued_at = 0;
	view->issued_account = issue->account;
	view->page = keys->len > 0 ? KEYS_ISSUED : KEYS_LIST;
	view->touched_ms = world_now_ms(view->desk->world);
	view->blank = false;
}

static void done(struct keys_issue *issue, const struct order_report *report)
{
	struct keys_view *view = issue->view;
	size_t keys = issue->sent->len - (sent_at(issue, 0)->kind == KIND_KEYCHAINS);
	g_autofree char *text = g_strdup_printf(keys == 1 ? "the key is issued" : "%zu keys are issued",
						keys);
	(void)report;
	show_issued(issue);
	view->desk->toast(view->desk, true, text);
	keys_issue_free(view);
}

/* Recipients that are still to get a key, as they stand in the form. */
static void set_left(struct keys_issue *issue, unsigned from, int field, const char *name)
{
	GString *list = g_string_new(NULL);
	for (guint i = from; i < issue->sent->len; i++) {
		const char *value = order_get(sent_at(issue, i), name);
		if (value)
			g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", value);
	}
	form_set(issue->form, field, list->str);
	g_string_free(list, TRUE);
}

/* What was made before the failure is not made again: the form now asks for the rest. */
static void keep_rest(struct keys_issue *issue, unsigned made)
{
	const char *chain = keychain_made(issue);
	if (made == 0)
		return;
	if (chain) {
		form_choose(issue->form, FIELD_WHEN, "keychain", "as a keychain says");
		form_choose(issue->form, VISITOR_KEYCHAIN_ID, chain, "the one just made");
	}
	g_autofree char *left = g_strdup_printf("%u", issue->sent->len - made);
	if (*form_value(issue->form, VISITOR_COUNT))
		form_set(issue->form, VISITOR_COUNT, left);
	if (made > (chain != NULL)) {
		bool many = strchr(form_value(issue->form, VISITOR_EMAILS), ',') != NULL;
		if (many)
			set_left(issue, made, VISITOR_EMAILS, "email");
		if (strchr(form_value(issue->form, VISITOR_SMS), ','))
			set_left(issue, made, VISITOR_SMS, "sms_number");
	}
	issue_show_fields(issue);
}

/* A vendor's field as a field of the form; -1: none. */
static int field_of(const char *name)
{
	static const struct {
		const char *name;
		int field;
	} names[] = {{"unit_id", VISITOR_UNIT},
		     {"user_id", VISITOR_USER},
		     {"name", VISITOR_NAME},
		     {"email", VISITOR_EMAILS},
		     {"sms_number", VISITOR_SMS},
		     {"activated_at", VISITOR_FROM},
		     {"expired_at", VISITOR_UNTIL},
		     {"weekdays", VISITOR_WEEKDAYS},
		     {"valid_date_from", VISITOR_DATE_FROM},
		     {"valid_date_to", VISITOR_DATE_TO},
		     {"valid_time_from", VISITOR_TIME_FROM},
		     {"valid_time_to", VISITOR_TIME_TO},
		     {"keychain_id", VISITOR_KEYCHAIN_ID}};
	for (size_t i = 0; name && i < G_N_ELEMENTS(names); i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].field;
	return -1;
}

static void failed(struct keys_issue *issue, const struct order_report *report)
{
	struct keys_view *view = issue->view;
	unsigned made = MIN(report->done, issue->sent->len);
	g_snprintf(issue->status, sizeof(issue->status), "%s%s",
		   made > 0 ? "A part was made and is left out from here on. " : "Nothing was made: ",
		   keys_said(report, "it was refused"));
	issue->page = ISSUE_FORM;
	keep_rest(issue, made);
	issue_check(issue);
	for (size_t i = 0; i < report->n_faults; i++) {
		int field = field_of(report->faults[i].field);
		if (field >= 0)
			form_fault(issue->form, field, report->faults[i].text);
	}
	form_show_faults(issue->form);
	view->desk->toast(view->desk, false, issue->status);
}

static void unsure(struct keys_issue *issue, const struct order_report *report)
{
	struct keys_view *view = issue->view;
	unsigned made = MIN(report->done, issue->sent->len);
	const char *chain = keychain_made(issue);
	/* The rest, to be looked up before anything is sent. */
	g_ptr_array_remove_range(issue->sent, 0, made);
	for (guint i = 0; i < issue->sent->len; i++) {
		struct order *order = sent_at(issue, i);
		order->resume = true;
		if (chain && order->first_id_field) {
			order_set(order, order->first_id_field, chain);
			g_clear_pointer(&order->first_id_field, g_free);
		}
	}
	issue->unsure = true;
	issue->page = ISSUE_REVIEW;
	g_snprintf(
		issue->status, sizeof(issue->status),
		"Nobody knows whether it was created: %s. Enter looks for it first and creates it only if it is not there.",
		keys_said(report, "no answer came"));
	view->desk->toast(view->desk, false, "not known whether the key was created");
}

static void reported(void *ctx, const struct order_report *report)
{
	struct keys_view *view = ctx;
	struct keys_issue *issue = view->issue;
	if (!issue || !issue->running)
		return;
	view->fresh = true;
	keep_made(issue, report);
	if (report->stage == ORDER_RUNNING) {
		g_strlcpy(issue->status, keys_said(report, "sending"), sizeof(issue->status));
		return;
	}
	issue->running = false;
	if (report->stage == ORDER_DONE)
		done(issue, report);
	else if (report->stage == ORDER_FAILED)
		failed(issue, report);
	else
		unsure(issue, report);
}

/* --- sending --- */

/* The orders of the form; false when there are none. After an unsure end they are the same as before. */
static bool make_orders(struct keys_issue *issue)
{
	struct order *orders[VISITOR_MOST_KEYS + 1];
	struct visitor visitor;
	if (issue->unsure && issue->sent->len > 0)
		return true;
	issue_visitor(issue, &visitor);
	size_t n = visitor_orders(&visitor, world_now_ms(issue->view->desk->world), issue->zone, orders,
				  G_N_ELEMENTS(orders));
	visitor_fini(&visitor);
	g_ptr_array_set_size(issue->sent, 0);
	g_ptr_array_set_size(issue->made, 0);
	for (size_t i = 0; i < n; i++)
		g_ptr_array_add(issue->sent, orders[i]);
	return n > 0;
}

static void refuse(struct keys_issue *issue, const char *why)
{
	struct desk *desk = issue->view->desk;
	g_snprintf(issue->status, sizeof(issue->status), "Not sent: %s", why);
	desk->toast(desk, false, issue->status);
}

void issue_send(struct keys_issue *issue)
{
	struct keys_view *view = issue->view;
	struct order *orders[VISITOR_MOST_KEYS + 1];
	if (!issue->sent) {
		issue->sent = g_ptr_array_new_with_free_func(free_order);
		issue->made = g_ptr_array_new_with_free_func((GDestroyNotify)rows_unref);
	}
	/* Times may have passed while the review was read. */
	if (!issue->unsure && !issue_check(issue)) {
		issue->page = ISSUE_FORM;
		form_show_faults(issue->form);
		return;
	}
	issue->account = issue_account(issue);
	if (!keys_may(view, issue->account, KIND_KEYS, VERB_CREATE)) {
		refuse(issue, view->why);
		return;
	}
	if (!make_orders(issue)) {
		refuse(issue, "the form does not make a key");
		return;
	}
	size_t n = issue->sent->len;
	for (size_t i = 0; i < n; i++)
		orders[i] = order_copy(sent_at(issue, i));
	issue->page = ISSUE_SENDING;
	issue->running = true;
	g_strlcpy(issue->status, "sending", sizeof(issue->status));
	if (view->desk->carry_out(view->desk, issue->account, orders, n, reported, view) != 0)
		return;
	issue->running = false;
	issue->page = ISSUE_REVIEW;
	refuse(issue, "nothing can be changed from here");
}
