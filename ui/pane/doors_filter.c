/* The filter of the log: words to be found anywhere, and "name:value" for a field. */
#include "ui/pane/doors_view.h"

#include <string.h>

static const struct {
	const char *name;
	int64_t ms;
} periods[] = {
	{"all that is kept", 0},
	{"last 24 h", INT64_C(86400000)},
	{"last 7 days", 7 * INT64_C(86400000)},
	{"last 30 days", 30 * INT64_C(86400000)},
};

void doors_set_period(struct doors_view *view, int64_t period_ms)
{
	view->period_ms = period_ms;
	doors_set_filter(view, view->typed);
}

const char *doors_period_name(const struct doors_view *view)
{
	for (size_t i = 0; i < G_N_ELEMENTS(periods); i++)
		if (periods[i].ms == view->period_ms)
			return periods[i].name;
	return periods[0].name;
}

void doors_next_period(struct doors_view *view)
{
	size_t next = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(periods); i++)
		if (periods[i].ms == view->period_ms)
			next = (i + 1) % G_N_ELEMENTS(periods);
	doors_set_period(view, periods[next].ms);
}

static bool text_fits(const char *a, const char *b, bool part)
{
	g_autofree char *x = g_utf8_casefold(a == NULL ? "" : a, -1), *y = g_utf8_casefold(b, -1);

	return part ? strstr(x, y) != NULL : strcmp(x, y) == 0;
}

/* A unit by its label, a person by a part of the name; what is not known is taken for the id. */
static void find_id(struct doors_view *view, enum kind kind, const char *value, char *out, size_t size)
{
	const void *row;

	g_strlcpy(out, value, size);
	for (struct world_cursor c = {0}; (row = world_next(view->desk->world, kind, &c)) != NULL;) {
		const struct unit *unit = row;
		const struct tenant *tenant = row;
		const struct user *user = row;

		if (kind == KIND_UNITS && text_fits(unit->name, value, false))
			g_strlcpy(out, unit->id, size);
		if (kind == KIND_TENANTS && text_fits(tenant->name, value, true) && tenant->user_id != NULL)
			g_strlcpy(out, tenant->user_id, size);
		if (kind == KIND_USERS && text_fits(user->name, value, true))
			g_strlcpy(out, user->id, size);
	}
}

static bool set_moment(struct doors_view *view, const char *value, int64_t *out)
{
	int64_t span_ms = moment_span_ms(value);

	*out = span_ms > 0 ? world_now_ms(view->desk->world) - span_ms : moment_parse_in(value, view->zone);
	return *out != MOMENT_NONE;
}

/* One "name:value". False: the name is none, so the word is text. */
static bool set_field(struct doors_view *view, const char *name, const char *value)
{
	struct door_search *search = &view->search;
	bool good = true;

	if (strcmp(name, "method") == 0)
		g_strlcpy(search->method, value, sizeof(search->method));
	else if (strcmp(name, "type") == 0)
		g_strlcpy(search->type, value, sizeof(search->type));
	else if (strcmp(name, "account") == 0)
		g_strlcpy(search->account, value, sizeof(search->account));
	else if (strcmp(name, "unit") == 0)
		find_id(view, KIND_UNITS, value, search->unit_id, sizeof(search->unit_id));
	else if (strcmp(name, "person") == 0) {
		find_id(view, KIND_TENANTS, value, search->user_id, sizeof(search->user_id));
		if (strcmp(search->user_id, value) == 0)
			find_id(view, KIND_USERS, value, search->user_id, sizeof(search->user_id));
	} else if (strcmp(name, "since") == 0)
		good = set_moment(view, value, &search->since_ms);
	else if (strcmp(name, "until") == 0)
		good = set_moment(view, value, &search->until_ms);
	else
		return false;
	if (!good)
		g_snprintf(view->flaw, sizeof(view->flaw), "%.20s: \"%.60s\" is no time (7d, 2026-11-20)", name,
			   value);
	return true;
}

static void take_word(struct doors_view *view, const char *word, GString *text)
{
	const char *colon = strchr(word, ':');
	g_autofree char *name = colon == NULL ? NULL : g_strndup(word, (size_t)(colon - word));

	if (name != NULL && colon[1] != '\0' && set_field(view, name, colon + 1))
		return;
	if (text->len > 0)
		g_string_append_c(text, ' ');
	g_string_append(text, word);
}

bool doors_set_filter(struct doors_view *view, const char *typed)
{
	g_autofree char *kept = g_strdup(typed == NULL ? "" : typed);
	char **words = g_strsplit(g_strstrip(kept), " ", -1);
	GString *text = g_string_new(NULL);

	view->search = (struct door_search){.since_ms = MOMENT_NONE, .until_ms = MOMENT_NONE};
	view->flaw[0] = '\0';
	if (view->period_ms > 0)
		view->search.since_ms = world_now_ms(view->desk->world) - view->period_ms;
	for (char **word = words; *word != NULL; word++)
		if (**word != '\0')
			take_word(view, *word, text);
	g_utf8_strncpy(view->search.text, text->str, (HISTORY_SEARCH_SIZE - 1) / 4);
	g_string_free(text, TRUE);
	g_strfreev(words);
	if (kept[0] == '\0')
		g_clear_pointer(&view->typed, g_free);
	else if (kept != view->typed) {
		g_free(view->typed);
		view->typed = g_strdup(kept);
	}
	doors_reload(view);
	doors_recount(view);
	return view->flaw[0] == '\0';
}
