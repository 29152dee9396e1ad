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

/* Who answers to a value, over all kinds that may. */
struct match {
	const char *value, *id;
	bool several;
};

static void note_match(struct match *match, const char *name, const char *id, bool part)
{
	if (id == NULL || !text_fits(name, match->value, part))
		return;
	match->several |= match->id != NULL && strcmp(match->id, id) != 0;
	match->id = id;
}

/* A unit by its label, a person by a part of the name; what is not known is taken for the id. False when it is several. */
static bool find_id(struct doors_view *view, bool person, const char *value, char *out, size_t size)
{
	struct match match = {.value = value};
	struct world *world = view->desk->world;
	const void *row;

	for (struct world_cursor c = {0}; !person && (row = world_next(world, KIND_UNITS, &c)) != NULL;)
		note_match(&match, ((const struct unit *)row)->name, ((const struct unit *)row)->id, false);
	for (struct world_cursor c = {0}; person && (row = world_next(world, KIND_TENANTS, &c)) != NULL;)
		note_match(&match, ((const struct tenant *)row)->name, ((const struct tenant *)row)->user_id,
			   true);
	for (struct world_cursor c = {0}; person && (row = world_next(world, KIND_USERS, &c)) != NULL;)
		note_match(&match, ((const struct user *)row)->name, ((const struct user *)row)->id, true);
	if (!match.several)
		g_strlcpy(out, match.id != NULL ? match.id : value, size);
	return !match.several;
}

static bool set_moment(struct doors_view *view, const char *value, int64_t *out)
{
	int64_t span_ms = moment_span_ms(value);

	*out = span_ms > 0 ? world_now_ms(view->desk->world) - span_ms : moment_parse_in(value, view->zone);
	return *out != MOMENT_NONE;
}

enum field {
	FIELD_METHOD,
	FIELD_TYPE,
	FIELD_UNIT,
	FIELD_PERSON,
	FIELD_SINCE,
	FIELD_UNTIL,
	FIELD_ACCOUNT,
	FIELDS
};
static const char *const fields[FIELDS] = {"method:", "type:",  "unit:",   "person:",
					   "since:",  "until:", "account:"};

const char *doors_filter_word(size_t i) { return i < FIELDS ? fields[i] : NULL; }

static void set_flaw(struct doors_view *view, int field, const char *value)
{
	if (field == FIELD_SINCE || field == FIELD_UNTIL)
		g_snprintf(view->flaw, sizeof(view->flaw), "%s \"%.60s\" is no time (7d, 2026-11-20)",
			   fields[field], value);
	else
		g_snprintf(view->flaw, sizeof(view->flaw), "%s \"%.60s\" is said of several", fields[field],
			   value);
}

static void set_field(struct doors_view *view, int field, const char *value)
{
	struct door_search *search = &view->search;
	bool good = true;

	if (field == FIELD_METHOD)
		g_strlcpy(search->method, value, sizeof(search->method));
	else if (field == FIELD_TYPE)
		g_strlcpy(search->type, value, sizeof(search->type));
	else if (field == FIELD_ACCOUNT)
		g_strlcpy(search->account, value, sizeof(search->account));
	else if (field == FIELD_UNIT)
		good = find_id(view, false, value, search->unit_id, sizeof(search->unit_id));
	else if (field == FIELD_PERSON)
		good = find_id(view, true, value, search->user_id, sizeof(search->user_id));
	else
		good = set_moment(view, value, field == FIELD_SINCE ? &search->since_ms : &search->until_ms);
	if (!good)
		set_flaw(view, field, value);
}

static void take_word(struct doors_view *view, const char *word, GString *text)
{
	for (int i = 0; i < FIELDS; i++) {
		if (!g_str_has_prefix(word, fields[i]))
			continue;
		if (word[strlen(fields[i])] != '\0') /* else its value is still to be typed */
			set_field(view, i, word + strlen(fields[i]));
		return;
	}
	if (text->len > 0)
		g_string_append_c(text, ' ');
	g_string_append(text, word);
}

/* The next word; within quotes a blank belongs to it. False at the end. */
static bool next_word(const char **typed, GString *word)
{
	bool quoted = false, any = false;

	g_string_truncate(word, 0);
	while (**typed == ' ')
		++*typed;
	for (; **typed != '\0' && (quoted || **typed != ' '); ++*typed, any = true) {
		if (**typed == '"')
			quoted = !quoted;
		else
			g_string_append_c(word, **typed);
	}
	return any;
}

/* As much of it as can be searched for, in whole characters. */
static void set_text(struct door_search *search, const char *text)
{
	size_t n = MIN(strlen(text), sizeof(search->text) - 1);

	while (n > 0 && text[n] != '\0' && ((unsigned char)text[n] & 0xC0) == 0x80)
		n--;
	memcpy(search->text, text, n);
	search->text[n] = '\0';
}

void doors_settle_search(struct doors_view *view)
{
	const char *typed = view->typed == NULL ? "" : view->typed;
	GString *text = g_string_new(NULL), *word = g_string_new(NULL);

	view->search = (struct door_search){.since_ms = MOMENT_NONE, .until_ms = MOMENT_NONE};
	view->flaw[0] = '\0';
	if (view->period_ms > 0)
		view->search.since_ms = world_now_ms(view->desk->world) - view->period_ms;
	while (next_word(&typed, word))
		take_word(view, word->str, text);
	set_text(&view->search, text->str);
	g_string_free(text, TRUE);
	g_string_free(word, TRUE);
}

void doors_set_filter(struct doors_view *view, const char *typed)
{
	char *kept = g_strstrip(g_strdup(typed == NULL ? "" : typed));

	g_free(view->typed);
	view->typed = kept[0] == '\0' ? NULL : g_strdup(kept);
	g_free(kept);
	doors_reload(view);
	doors_recount(view);
}
