/* Whether an order has the form that its vendor's table asks for. */
#include "core/order.h"

#include "base/moment.h"
#include "base/text.h"
#include "core/kind.h"
#include "core/when.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MOST ((size_t)64 << 10)
#define ID_MOST 256
#define WORDS_MOST 64

struct check {
	struct order *order;
	const struct write_info *info;
	const struct moment_zone *zone;
	int64_t now_ms;
	const char **bad;
	struct problem *problem;
};

static int refuse(const struct check *check, const char *name, const char *todo, const char *why)
{
	if (check->bad)
		*check->bad = name;
	return problem_set(check->problem, ERR_USAGE, name, todo, "%s", why);
}

/* What a person typed, cut and made fit to be printed. */
static int not_of_form(const struct check *check, const char *name, const char *value, const char *expected)
{
	struct buf shown;
	buf_init(&shown, BUF_CEILING_LINE);
	text_add_shown(&shown, value, strnlen(value, 60), false);
	char why[300];
	snprintf(why, sizeof(why), "expected %s, not `%s`", expected, buf_text(&shown));
	buf_fini(&shown);
	return refuse(check, name, NULL, why);
}

/* --- forms: each gives a newly allocated normal form, or NULL --- */

static char *as_text(const char *value)
{
	if (strlen(value) > TEXT_MOST || !g_utf8_validate(value, -1, NULL))
		return NULL;
	for (const char *p = value; *p; p = g_utf8_next_char(p))
		if (text_is_control(g_utf8_get_char(p)))
			return NULL;
	return g_strdup(value);
}

static char *as_yesno(const char *value)
{
	static const char *const words[][2] = {
		{"true", "false"}, {"yes", "no"}, {"on", "off"}, {"1", "0"}, {"y", "n"}};
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		for (int no = 0; no < 2; no++)
			if (g_ascii_strcasecmp(value, words[i][no]) == 0)
				return g_strdup(no ? "false" : "true");
	return NULL;
}

static char *as_number(const char *value)
{
	double number;
	return text_number(value, &number) ? g_strdup(value) : NULL;
}

static char *as_moment(const struct check *check, const char *value)
{
	char text[MOMENT_TEXT_SIZE];
	int64_t moment_ms = when_parse(value, check->now_ms, check->zone);
	/* Whole seconds are all that a vendor's form knows. */
	return moment_ms == MOMENT_NONE ? NULL : g_strdup(moment_format(moment_ms / 1000 * 1000, text));
}

static char *as_date(const struct check *check, const char *value)
{
	struct moment_parts date;
	if (!when_date(value, check->now_ms, check->zone, &date))
		return NULL;
	return g_strdup_printf("%04d-%02d-%02d", date.year, date.month, date.day);
}

static char *as_time(const char *value)
{
	int time_s = when_time_s(value);
	if (time_s < 0)
		return NULL;
	return g_strdup_printf("%02d:%02d:%02d", time_s / 3600, time_s / 60 % 60, time_s % 60);
}

static const char *choice_of(const char *const *choices, const char *value)
{
	for (; *choices; choices++)
		if (g_ascii_strcasecmp(*choices, value) == 0)
			return *choices;
	return NULL;
}

/* Words among choices come in the order of the choices, each once: the same wish is then the same text. */
static char *chosen_words(const char *const *choices, char *const *words)
{
	bool taken[WORDS_MOST] = {false};
	for (; *words; words++) {
		size_t at = 0;
		if (**words == '\0')
			continue;
		while (at < WORDS_MOST && choices[at] && g_ascii_strcasecmp(choices[at], *words) != 0)
			at++;
		if (at == WORDS_MOST || !choices[at])
			return NULL;
		taken[at] = true;
	}
	GString *text = g_string_new(NULL);
	for (size_t i = 0; i < WORDS_MOST && choices[i]; i++)
		if (taken[i])
			g_string_append_printf(text, "%s%s", text->len ? "," : "", choices[i]);
	return g_string_free(text, FALSE);
}

static char *as_words(const struct write_field *field, const char *value)
{
	char *clean = as_text(value);
	if (!clean)
		return NULL;
	char **words = g_strsplit_set(clean, ", ", -1);
	char *text = NULL;
	if (field->choices) {
		text = chosen_words(field->choices, words);
	} else {
		GString *all = g_string_new(NULL);
		for (char **word = words; *word; word++)
			if (**word)
				g_string_append_printf(all, "%s%s", all->len ? "," : "", *word);
		text = g_string_free(all, FALSE);
	}
	g_strfreev(words);
	g_free(clean);
	if (text && !*text)
		g_clear_pointer(&text, g_free);
	return text;
}

static char *as_id(const char *value)
{
	if (strlen(value) > ID_MOST || strpbrk(value, " \t"))
		return NULL;
	return as_text(value);
}

static char *normal_form(const struct check *check, const struct write_field *field, const char *value)
{
	switch (field->form) {
	case WRITE_TEXT:
		return as_text(value);
	case WRITE_YESNO:
		return as_yesno(value);
	case WRITE_NUMBER:
		return as_number(value);
	case WRITE_MOMENT:
		return as_moment(check, value);
	case WRITE_DATE:
		return as_date(check, value);
	case WRITE_TIME:
		return as_time(value);
	case WRITE_CHOICE:
		return g_strdup(choice_of(field->choices, value));
	case WRITE_WORDS:
		return as_words(field, value);
	case WRITE_ID:
		return as_id(value);
	}
	return NULL;
}

static char *expected_form(const struct write_field *field)
{
	static const char *const forms[] = {
		[WRITE_TEXT] = "plain text without control characters",
		[WRITE_YESNO] = "yes or no",
		[WRITE_NUMBER] = "a number",
		[WRITE_MOMENT] = "a time such as 2026-08-19T08:00, 14:00, now or +2h",
		[WRITE_DATE] = "a date such as 2026-08-19",
		[WRITE_TIME] = "a time of day such as 08:00",
		[WRITE_WORDS] = "words with commas between them",
		[WRITE_ID] = "an id",
	};
	if (field->form == WRITE_ID)
		return g_strdup_printf("the id of one of the %s", kind_info(field->of)->name);
	if (!field->choices || (field->form != WRITE_CHOICE && field->form != WRITE_WORDS))
		return g_strdup(forms[field->form]);
	char *all = g_strjoinv(", ", (char **)(uintptr_t)field->choices);
	char *text = g_strdup_printf(field->form == WRITE_WORDS ? "some of %s" : "one of %s", all);
	g_free(all);
	return text;
}

/* --- the order --- */

static unsigned verb_flag(enum verb verb)
{
	return verb == VERB_CREATE   ? WRITE_ON_CREATE
	       : verb == VERB_CHANGE ? WRITE_ON_CHANGE
				     : WRITE_ON_DELETE;
}

static int unknown_field(const struct check *check, const char *name)
{
	const char **known = g_new0(const char *, check->info->n_fields + 1);
	size_t n = 0;
	for (size_t i = 0; i < check->info->n_fields; i++)
		if (check->info->fields[i].flags & verb_flag(check->order->verb))
			known[n++] = check->info->fields[i].name;
	char todo[100] = "";
	const char *near = text_nearest(name, known);
	if (near)
		snprintf(todo, sizeof(todo), "did you mean %s?", near);
	g_free(known);
	struct buf shown;
	buf_init(&shown, BUF_CEILING_LINE);
	text_add_shown(&shown, name, strnlen(name, 60), false);
	if (check->bad)
		*check->bad = name;
	int error = problem_set(check->problem, ERR_USAGE, NULL, todo, "%s have no field `%s`",
				kind_info(check->info->kind)->name, buf_text(&shown));
	buf_fini(&shown);
	return error;
}

static int not_with_verb(const struct check *check, const char *name)
{
	char why[120];
	snprintf(why, sizeof(why), "it cannot be given to %s %s", verb_name(check->order->verb),
		 kind_info(check->info->kind)->name);
	return refuse(check, name, NULL, why);
}

static bool must_be_given(const struct check *check, const struct write_field *field)
{
	if (!(field->flags & WRITE_REQUIRED) || !(field->flags & verb_flag(check->order->verb)))
		return false;
	return check->order->verb != VERB_CHANGE || (field->flags & WRITE_ON_DELETE);
}

static void forget(struct order *order, struct order_field *field)
{
	g_free(field->name);
	g_free(field->value);
	order->n_fields--;
	size_t after = order->n_fields - (size_t)(field - order->fields);
	memmove(field, field + 1, after * sizeof(*field));
}

/* An empty value. What is made new simply lacks it; what exists loses it. *gone: the field is no longer in the order. */
static int check_empty(const struct check *check, const struct write_field *form, struct order_field *field,
		       bool *gone)
{
	if (must_be_given(check, form))
		return refuse(check, form->name, NULL, "it must not be empty");
	if (check->order->verb == VERB_CHANGE) {
		if (!(form->flags & WRITE_CLEARABLE))
			return refuse(check, form->name, NULL, "it cannot be taken away");
		g_clear_pointer(&field->value, g_free);
		return ERR_OK;
	}
	forget(check->order, field);
	*gone = true;
	return ERR_OK;
}

static int check_field(const struct check *check, struct order_field *field, bool *gone)
{
	const struct write_field *form = write_field_find(check->info, field->name);
	if (!form)
		return unknown_field(check, field->name);
	if (!(form->flags & verb_flag(check->order->verb)))
		return not_with_verb(check, form->name);
	if (!field->value || field->value[strspn(field->value, " \t")] == '\0')
		return check_empty(check, form, field, gone);
	char *normal = normal_form(check, form, field->value);
	if (!normal) {
		char *expected = expected_form(form);
		bool hidden = form->flags & WRITE_PRIVATE;
		int error = not_of_form(check, form->name, hidden ? "…" : field->value, expected);
		g_free(expected);
		return error;
	}
	g_free(field->value);
	field->value = normal;
	return ERR_OK;
}

static int check_all_given(const struct check *check)
{
	size_t changes = 0;
	for (size_t i = 0; i < check->info->n_fields; i++) {
		const struct write_field *field = &check->info->fields[i];
		bool by_first = g_strcmp0(check->order->first_id_field, field->name) == 0;
		bool given = order_has(check->order, field->name);
		if (must_be_given(check, field) && !given && !by_first)
			return refuse(check, field->name, NULL, "it is needed");
		changes += given && !(field->flags & WRITE_ON_DELETE);
	}
	if (check->order->verb == VERB_CHANGE && !changes)
		return problem_set(check->problem, ERR_USAGE, NULL, NULL, "nothing to change is named");
	return ERR_OK;
}

static int check_order(const struct check *check)
{
	struct order *order = check->order;
	const char *kind = kind_info(check->info->kind)->name;
	if (order->kind != check->info->kind || !(check->info->verbs & VERB_BIT(order->verb)))
		return problem_set(check->problem, ERR_USAGE, NULL, NULL, "there is no way to %s %s",
				   verb_name(order->verb), kind_info(order->kind)->name);
	if (order->verb != VERB_CREATE && (!order->id || !*order->id))
		return problem_set(check->problem, ERR_USAGE, NULL, NULL, "to %s %s, say which by its id",
				   verb_name(order->verb), kind);
	for (size_t i = 0; i < order->n_fields;) {
		bool gone = false;
		int error = check_field(check, &order->fields[i], &gone);
		if (error)
			return error;
		i += !gone;
	}
	return check_all_given(check);
}

int order_check(struct order *order, const struct write_info *info, const char *zone_name, int64_t now_ms,
		const char **bad, struct problem *problem)
{
	if (bad)
		*bad = NULL;
	struct moment_zone *zone = moment_zone_new(zone_name);
	if (!zone)
		return problem_set(problem, ERR_USAGE, "time zone", NULL,
				   "the zone of the building is not known");
	const struct check check = {order, info, zone, now_ms, bad, problem};
	int error = check_order(&check);
	moment_zone_free(zone);
	return error;
}
