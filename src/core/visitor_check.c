/* What is wrong with a visitor key before anything is sent. */
#include "core/visitor_plan.h"

#include "base/text.h"

#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NAME_MOST 120
#define ID_MOST 128

char *visitor_text(const struct visitor *visitor, enum visitor_field field)
{
	return g_strstrip(g_strdup(visitor->text[field] ? visitor->text[field] : ""));
}

char *visitor_shown(const char *text)
{
	struct buf shown;
	buf_init(&shown, BUF_CEILING_LINE);
	size_t used, length = strlen(text), fits = text_fit(text, length, 40, &used);
	text_add_shown(&shown, text, fits, false);
	if (fits < length)
		buf_adds(&shown, "…");
	char *result = g_strdup(buf_text(&shown));
	buf_fini(&shown);
	return result;
}

void visitor_flaw_add(struct visitor_flaws *flaws, enum visitor_field field, const char *format, ...)
{
	if (flaws->n < flaws->most) {
		struct visitor_flaw *flaw = &flaws->at[flaws->n];
		flaw->field = field;
		va_list args;
		va_start(args, format);
		char *text = g_strdup_vprintf(format, args);
		va_end(args);
		size_t length = strlen(text), most = sizeof(flaw->text) - 1;
		if (length > most)
			for (length = most; length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80;)
				length--;
		memcpy(flaw->text, text, length);
		flaw->text[length] = '\0';
		g_free(text);
	}
	flaws->n++;
}

static bool is_plain(const char *text)
{
	if (!g_utf8_validate(text, -1, NULL))
		return false;
	for (const char *p = text; *p; p = g_utf8_next_char(p))
		if (text_is_control(g_utf8_get_char(p)))
			return false;
	return true;
}

/* An id of the vendor; "" when it is not given or is none. */
static char *read_id(const struct visitor *visitor, enum visitor_field field, const char *what,
		     struct visitor_flaws *flaws)
{
	char *id = visitor_text(visitor, field);
	if (strlen(id) <= ID_MOST && is_plain(id) && !strpbrk(id, " \t"))
		return id;
	char *shown = visitor_shown(id);
	visitor_flaw_add(flaws, field, "`%s` cannot be the id of a %s", shown, what);
	g_free(shown);
	g_free(id);
	return g_strdup("");
}

static void read_name(const struct visitor *visitor, struct visitor_plan *plan, struct visitor_flaws *flaws)
{
	/* A number behind the name needs its place too. */
	size_t most = NAME_MOST - (plan->numbered ? strlen(" 50") : 0);
	plan->name = visitor_text(visitor, VISITOR_NAME);
	if (!*plan->name)
		visitor_flaw_add(flaws, VISITOR_NAME, "say who the key is for");
	else if (!is_plain(plan->name))
		visitor_flaw_add(flaws, VISITOR_NAME, "the name holds characters that cannot be printed");
	else if ((size_t)g_utf8_strlen(plan->name, -1) > most)
		visitor_flaw_add(flaws, VISITOR_NAME, "the name is longer than %zu characters", most);
}

void visitor_plan_read(const struct visitor *visitor, int64_t now_ms, const struct moment_zone *zone,
		       struct visitor_plan *plan, struct visitor_flaws *flaws)
{
	*plan = (struct visitor_plan){.from_ms = MOMENT_NONE,
				      .until_ms = MOMENT_NONE,
				      .time_from_s = -1,
				      .time_to_s = -1};
	size_t before = flaws->n;
	plan->unit = read_id(visitor, VISITOR_UNIT, "unit", flaws);
	if (!*plan->unit && flaws->n == before && visitor->when != VISITOR_KEYCHAIN)
		visitor_flaw_add(flaws, VISITOR_UNIT, "choose the unit that is visited");
	plan->user = read_id(visitor, VISITOR_USER, "tenant", flaws);
	visitor_plan_people(visitor, plan, flaws);
	read_name(visitor, plan, flaws);
	plan->keychain_id = g_strdup("");
	if (visitor->when == VISITOR_ONCE) {
		visitor_plan_once(visitor, now_ms, zone, plan, flaws);
	} else if (visitor->when == VISITOR_WEEKLY) {
		visitor_plan_weekly(visitor, now_ms, zone, plan, flaws);
	} else {
		before = flaws->n;
		g_free(plan->keychain_id);
		plan->keychain_id = read_id(visitor, VISITOR_KEYCHAIN_ID, "keychain", flaws);
		if (!*plan->keychain_id && flaws->n == before)
			visitor_flaw_add(flaws, VISITOR_KEYCHAIN_ID,
					 "choose the keychain that the key belongs to");
	}
}

void visitor_plan_fini(struct visitor_plan *plan)
{
	for (size_t i = 0; i < VISITOR_MOST_KEYS; i++) {
		g_free(plan->email[i]);
		g_free(plan->sms[i]);
	}
	g_free(plan->unit);
	g_free(plan->user);
	g_free(plan->name);
	g_free(plan->keychain_id);
}

size_t visitor_check(const struct visitor *visitor, int64_t now_ms, const char *zone_name,
		     struct visitor_flaw *flaws, size_t most)
{
	struct visitor_flaws list = {.at = flaws, .most = most};
	struct visitor_plan plan;
	struct moment_zone *zone = moment_zone_new(zone_name);
	if (!zone) {
		enum visitor_field field = visitor->when == VISITOR_WEEKLY ? VISITOR_DATE_FROM : VISITOR_FROM;
		char *shown = visitor_shown(zone_name);
		visitor_flaw_add(&list, field, "the building's time zone `%s` is not known here", shown);
		g_free(shown);
	}
	visitor_plan_read(visitor, now_ms, zone, &plan, &list);
	visitor_plan_fini(&plan);
	moment_zone_free(zone);
	return list.n;
}
