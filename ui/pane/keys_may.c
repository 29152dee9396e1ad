/* What the person may do with keys, and the hints that follow from it. */
#include "ui/pane/keys_view.h"

#include <string.h>

bool keys_may(struct keys_view *view, unsigned account, enum kind kind, enum verb verb)
{
	struct desk *desk = view->desk;
	const char *why = NULL;
	view->why[0] = '\0';
	if (!person_may(desk->license.role, kind, verb))
		g_snprintf(view->why, sizeof(view->why), "a %s may not do this: it takes the role %s",
			   person_role_name(desk->license.role),
			   person_role_name(person_role_needed(kind, verb)));
	else if (!desk->carry_out)
		g_strlcpy(view->why, "nothing can be changed from here", sizeof(view->why));
	else if (desk->can && !desk->can(desk, account, kind, verb, &why))
		g_strlcpy(view->why, why ? why : "the account does not offer this", sizeof(view->why));
	return view->why[0] == '\0';
}

bool keys_may_issue(struct keys_view *view, unsigned *account)
{
	char first[sizeof(view->why)] = "no account has visitor keys";
	for (unsigned a = 0, n = world_accounts(view->desk->world); a < n; a++) {
		if (keys_may(view, a, KIND_KEYS, VERB_CREATE)) {
			*account = a;
			return true;
		}
		if (a == 0)
			g_strlcpy(first, view->why, sizeof(first));
	}
	g_strlcpy(view->why, first, sizeof(view->why));
	return false;
}

static bool may_revoke(struct keys_view *view)
{
	const struct keys_item *item = keys_chosen(view);
	if (view->page == KEYS_ISSUED || !item || item->what == KEYS_GROUP)
		return false;
	return keys_may(view, item->account, item->what == KEYS_KEY ? KIND_KEYS : KIND_KEYCHAINS,
			VERB_DELETE);
}

static int add(struct hint *hints, int n, enum action action, const char *word)
{
	hints[n] = (struct hint){action, word};
	return n + 1;
}

const struct hint *keys_hints(struct keys_view *view)
{
	const struct keys_item *item = keys_chosen(view);
	struct keys_item subject;
	bool whole = view->page != KEYS_LIST, code = keys_subject(view, &subject);
	unsigned account;
	int n = 0;
	if (!whole && keys_may_issue(view, &account))
		n = add(view->hints, n, ACTION_ISSUE, "new key");
	if (whole)
		n = add(view->hints, n, ACTION_BACK, "to the list");
	else if (item)
		n = add(view->hints, n, ACTION_OPEN, item->what == KEYS_KEY ? "code" : "fold");
	if (view->issued && view->page == KEYS_ISSUED && view->issued->len > 1)
		n = add(view->hints, n, ACTION_DOWN, "next key");
	if (may_revoke(view))
		n = add(view->hints, n, ACTION_REVOKE, "revoke");
	if (code)
		n = add(view->hints, n, ACTION_COPY, "copy");
	if (code && !view->desk->license.kiosk) {
		n = add(view->hints, n, ACTION_WRITE, "save");
		if (view->desk->print)
			n = add(view->hints, n, ACTION_PRINT, "print");
	}
	if (!whole) {
		n = add(view->hints, n, ACTION_FILTER, "filter");
		n = add(view->hints, n, ACTION_SORT, "sort");
	}
	add(view->hints, n, ACTION_NONE, NULL);
	return view->hints;
}
