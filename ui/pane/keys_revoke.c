/* Taking a key or a keychain back: one question that names it, then the order. */
#include "ui/pane/keys_view.h"

#include <string.h>

enum { ANSWER_KEEP, ANSWER_REVOKE };

static void ask(struct keys_view *view, const struct keys_item *item)
{
	const char *name = item->what == KEYS_KEY ? item->key->name : item->chain->name;
	struct buf words, text;
	buf_init(&words, BUF_CEILING_LINE);
	buf_init(&text, BUF_CEILING_LINE);
	keys_item_words(view, item, &words);
	if (item->what == KEYS_KEY)
		buf_addf(&text, "Revoke the key of %s", name ? name : "nobody named");
	else
		buf_addf(&text, "Revoke the keychain %s and its %zu key%s", name ? name : "without a name",
			 item->n, item->n == 1 ? "" : "s");
	if (item->unit)
		buf_addf(&text, ", unit %s", item->unit);
	buf_addf(&text, " (%s)? It opens nothing from then on. This cannot be undone.", buf_text(&words));
	dialog_init(&view->dialog, item->what == KEYS_KEY ? "Revoke a key" : "Revoke a keychain",
		    buf_text(&text), true);
	dialog_answer(&view->dialog, "Keep it", 'k');
	dialog_answer(&view->dialog, "Revoke", 'r');
	buf_fini(&words);
	buf_fini(&text);
}

void keys_revoke_ask(struct keys_view *view)
{
	const struct keys_item *item = view->page == KEYS_ISSUED ? NULL : keys_chosen(view);
	enum kind kind = item && item->what == KEYS_CHAIN ? KIND_KEYCHAINS : KIND_KEYS;
	const char *id = !item || item->what == KEYS_GROUP ? NULL
			 : kind == KIND_KEYS               ? item->key->id
							   : item->chain->id;
	const char *name = id == NULL ? NULL : kind == KIND_KEYS ? item->key->name : item->chain->name;
	if (!id) {
		view->desk->toast(view->desk, false, "nothing revoked: choose a key in the list");
		return;
	}
	if (item->state == KEY_REVOKED || (item->state == KEY_EXPIRED && kind == KIND_KEYS)) {
		view->desk->toast(view->desk, false, "it opens nothing any more: there is nothing to revoke");
		return;
	}
	if (!keys_may(view, item->account, kind, VERB_DELETE)) {
		view->desk->toast(view->desk, false, view->why);
		return;
	}
	if (view->revoking) {
		view->desk->toast(view->desk, false, "one at a time: another is being revoked");
		return;
	}
	view->revoke_account = item->account;
	view->revoke_kind = kind;
	g_strlcpy(view->revoke_id, id, sizeof(view->revoke_id));
	g_free(view->revoke_name);
	view->revoke_name = g_strdup(name ? name : id);
	ask(view, item);
}

const char *keys_said(const struct order_report *report, const char *otherwise)
{
	return report->text && *report->text ? report->text : otherwise;
}

static void progress(struct keys_view *view, const char *text)
{
	if (view->desk->progress)
		view->desk->progress(view->desk, text, 0, 0, NULL, NULL);
}

static void reported(void *ctx, const struct order_report *report)
{
	struct keys_view *view = ctx;
	g_autofree char *text = NULL;
	if (report->stage == ORDER_RUNNING) {
		text = g_strdup_printf("revoking %s: %s", view->revoke_name, keys_said(report, "sent"));
		progress(view, text);
		return;
	}
	view->revoking = false;
	progress(view, NULL);
	if (report->stage == ORDER_DONE)
		text = g_strdup_printf("%s is revoked", view->revoke_name);
	else if (report->stage == ORDER_UNSURE)
		text = g_strdup_printf("nobody knows whether %s is revoked: %s", view->revoke_name,
				       keys_said(report, "no answer came"));
	else
		text = g_strdup_printf("%s is not revoked: %s", view->revoke_name,
				       keys_said(report, "it was refused"));
	view->desk->toast(view->desk, report->stage == ORDER_DONE, text);
}

static void carry_out(struct keys_view *view)
{
	struct order *order;
	/* Things may have changed while the question was open. */
	if (!keys_may(view, view->revoke_account, view->revoke_kind, VERB_DELETE)) {
		view->desk->toast(view->desk, false, view->why);
		return;
	}
	order = order_new(view->revoke_kind, VERB_DELETE, view->revoke_id);
	view->revoking = true;
	if (view->desk->carry_out(view->desk, view->revoke_account, &order, 1, reported, view) == 0) {
		view->revoking = false;
		view->desk->toast(view->desk, false, "not revoked: nothing can be changed from here");
	}
}

void keys_revoke_input(struct keys_view *view, const struct input *input)
{
	int answer = dialog_input(&view->dialog, input);
	if (answer == DIALOG_OPEN)
		return;
	dialog_fini(&view->dialog);
	if (answer == ANSWER_REVOKE)
		carry_out(view);
}
