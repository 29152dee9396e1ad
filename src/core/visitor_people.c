/* Who gets the keys: e-mail addresses, telephone numbers, and how many keys that makes. */
#include "core/visitor_plan.h"

#include "base/text.h"

#include <glib.h>
#include <string.h>

#define EMAIL_MOST 254 /* RFC 5321 §4.5.3.1.3 without its brackets */
#define EMAIL_LOCAL_MOST 64
#define PHONE_LEAST 8
#define PHONE_MOST 15 /* E.164 */

/* One label of a host: letters, digits, hyphens inside; characters above ASCII are letters of other scripts. */
static bool is_label(const char *label, size_t length)
{
	if (length == 0 || length > 63 || label[0] == '-' || label[length - 1] == '-')
		return false;
	for (size_t i = 0; i < length; i++)
		if (!g_ascii_isalnum(label[i]) && label[i] != '-' && (unsigned char)label[i] < 0x80)
			return false;
	return true;
}

static bool is_host(const char *host)
{
	size_t labels = 0, last = 0;
	for (const char *label = host;; label += last + 1, labels++) {
		last = strcspn(label, ".");
		if (!is_label(label, last))
			return false;
		if (label[last] == '\0')
			/* The last label is no number and has two letters at least: "ann@example.c" was cut. */
			return labels > 0 && last >= 2 && strspn(label, "0123456789") != last;
	}
}

static bool is_email(const char *text)
{
	const char *at = strchr(text, '@');
	size_t length = strlen(text), local = at ? (size_t)(at - text) : 0;
	if (local == 0 || local > EMAIL_LOCAL_MOST || length > EMAIL_MOST || strchr(at + 1, '@') ||
	    !g_utf8_validate(text, -1, NULL))
		return false;
	if (text[0] == '.' || at[-1] == '.' || strstr(text, ".."))
		return false;
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		uint32_t c = g_utf8_get_char(p);
		if (text_is_control(c) || g_unichar_isspace(c) ||
		    (c < 0x80 && strchr("<>()[]\\,;:\"", (int)c)))
			return false;
	}
	return is_host(at + 1);
}

/* "+1 (212) 555-0100" → "+12125550100"; NULL when it is none. */
static char *phone_of(const char *text)
{
	GString *number = g_string_new(NULL);
	bool fits = text[0] == '+';
	for (const char *p = text; *p && fits; p++) {
		if (g_ascii_isdigit(*p) || p == text)
			g_string_append_c(number, *p);
		else
			fits = strchr(" -()./\t", *p) != NULL;
	}
	/* No country's number begins with 0. */
	if (fits && number->len > PHONE_LEAST && number->len <= PHONE_MOST + 1 && number->str[1] != '0')
		return g_string_free(number, FALSE);
	g_string_free(number, TRUE);
	return NULL;
}

static bool is_among(char *const *list, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (g_ascii_strcasecmp(list[i], text) == 0)
			return true;
	return false;
}

/* Takes `text` over. NULL: it was no recipient. */
static void add(char **list, size_t *n, enum visitor_field field, char *text, const char *typed,
		struct visitor_flaws *flaws)
{
	char *shown = visitor_shown(typed);
	if (!text && field == VISITOR_EMAILS)
		visitor_flaw_add(flaws, field, "`%s` is no e-mail address", shown);
	else if (!text)
		visitor_flaw_add(
			flaws, field,
			"`%s` is no telephone number: write + and the country's code, then the number, "
			"8 to 15 digits in all",
			shown);
	else if (is_among(list, *n, text))
		visitor_flaw_add(flaws, field, "`%s` is named twice", shown);
	else if (*n == VISITOR_MOST_KEYS)
		/* One flaw says enough; the caller stops. */
		visitor_flaw_add(flaws, field, "at most %d people at a time", VISITOR_MOST_KEYS);
	else
		list[(*n)++] = g_steal_pointer(&text);
	g_free(text);
	g_free(shown);
}

static void read_emails(const char *text, struct visitor_plan *plan, struct visitor_flaws *flaws)
{
	char **words = g_strsplit_set(text, ",; \t\r\n", -1);
	size_t before = flaws->n;
	for (char **word = words; *word && flaws->n - before < VISITOR_MOST_KEYS; word++) {
		if (!**word)
			continue;
		if (plan->n_emails == VISITOR_MOST_KEYS) {
			add(plan->email, &plan->n_emails, VISITOR_EMAILS, g_strdup(*word), *word, flaws);
			break;
		}
		add(plan->email, &plan->n_emails, VISITOR_EMAILS, is_email(*word) ? g_strdup(*word) : NULL,
		    *word, flaws);
	}
	g_strfreev(words);
}

/* Blanks are part of a number as people write it, so that only a new "+" begins the next one. */
static void read_phones(const char *text, struct visitor_plan *plan, struct visitor_flaws *flaws)
{
	size_t before = flaws->n;
	while (*text && flaws->n - before < VISITOR_MOST_KEYS) {
		size_t length = strcspn(text, ",;\r\n");
		const char *plus = memchr(text + (length > 0), '+', length - (length > 0));
		if (plus)
			length = (size_t)(plus - text);
		char *piece = g_strstrip(g_strndup(text, length));
		bool full = plan->n_sms == VISITOR_MOST_KEYS;
		if (*piece)
			add(plan->sms, &plan->n_sms, VISITOR_SMS, full ? g_strdup(piece) : phone_of(piece),
			    piece, flaws);
		full = full && *piece;
		g_free(piece);
		if (full)
			break;
		text += length;
		text += strspn(text, ",;\r\n\t ");
	}
}

/* 0: not given; more than can be: a flaw. */
static size_t read_count(const struct visitor *visitor, struct visitor_flaws *flaws)
{
	char *text = visitor_text(visitor, VISITOR_COUNT);
	size_t count = 0, length = strlen(text);
	bool is_number = strspn(text, "0123456789") == length && length <= 4;
	for (size_t i = 0; is_number && i < length; i++)
		count = count * 10 + (size_t)(text[i] - '0');
	if (length && (!is_number || count < 1 || count > VISITOR_MOST_KEYS)) {
		visitor_flaw_add(flaws, VISITOR_COUNT, "write how many keys, from 1 to %d",
				 VISITOR_MOST_KEYS);
		count = 0;
	}
	g_free(text);
	return count;
}

void visitor_plan_people(const struct visitor *visitor, struct visitor_plan *plan,
			 struct visitor_flaws *flaws)
{
	char *emails = visitor_text(visitor, VISITOR_EMAILS), *phones = visitor_text(visitor, VISITOR_SMS);
	size_t before = flaws->n;
	read_emails(emails, plan, flaws);
	read_phones(phones, plan, flaws);
	size_t people = MAX(plan->n_emails, plan->n_sms);
	bool sound = flaws->n == before;
	if (people == 0 && sound)
		visitor_flaw_add(flaws, VISITOR_EMAILS,
				 "give an e-mail address or a mobile number: the key is sent there");
	size_t count = read_count(visitor, flaws);
	plan->numbered = people <= 1 && count > 1;
	plan->keys = plan->numbered ? count : MAX(people, 1);
	if (people > 1 && count && count != people && sound)
		visitor_flaw_add(flaws, VISITOR_COUNT,
				 "%zu people are named, which makes %zu keys: write %zu or nothing", people,
				 people, people);
	g_free(emails);
	g_free(phones);
}
