/* The times of a visitor key, as they were typed. */
#include "core/visitor_plan.h"

#include "core/validity.h"
#include "core/when.h"

#include <glib.h>
#include <string.h>

#define LAST_SECOND (24 * 3600 - 1)

static int64_t whole_second(int64_t moment_ms) { return moment_ms / 1000 * 1000; }

static struct moment_parts noon_of(int year, int month, int day)
{
	struct moment_parts parts = {.year = year, .month = month, .day = day, .hour = 12};
	return moment_split(moment_join(&parts, NULL), NULL);
}

/* Dates as numbers that compare as the dates do. */
static int64_t date_number(const struct moment_parts *date)
{
	return ((int64_t)date->year * 100 + date->month) * 100 + date->day;
}

/* --- once --- */

static bool is_relative_day(const char *text)
{
	return g_ascii_strncasecmp(text, "today", 5) == 0 || g_ascii_strncasecmp(text, "tomorrow", 8) == 0;
}

/* "14:00" and "+2h" of an end count from the beginning, a day alone is that whole day. */
static int64_t read_until(const char *text, int64_t from_ms, int64_t now_ms, const struct moment_zone *zone)
{
	struct moment_parts date;
	if (when_date(text, now_ms, zone, &date))
		return when_join(&date, LAST_SECOND, zone);
	bool ahead = from_ms != MOMENT_NONE && from_ms > now_ms && !is_relative_day(text);
	return when_parse(text, ahead ? from_ms : now_ms, zone);
}

static void not_a_time(enum visitor_field field, const char *text, struct visitor_flaws *flaws)
{
	char *shown = visitor_shown(text);
	visitor_flaw_add(flaws, field, "`%s` is no time: write 14:00, tomorrow 8:00, 2026-11-21 14:00 or +2h",
			 shown);
	g_free(shown);
}

static void check_end(const struct visitor_plan *plan, int64_t now_ms, const struct moment_zone *zone,
		      struct visitor_flaws *flaws)
{
	struct moment_parts today = moment_split(now_ms, zone),
			    year = noon_of(today.year + 1, today.month, today.day);
	int64_t last_ms = when_join(&year, today.hour * 3600 + today.minute * 60 + today.second, zone);
	if (plan->until_ms <= now_ms)
		visitor_flaw_add(flaws, VISITOR_UNTIL, "the end is over already");
	else if (plan->from_ms != MOMENT_NONE && plan->until_ms <= plan->from_ms)
		visitor_flaw_add(flaws, VISITOR_UNTIL, "the end must come after the beginning");
	else if (plan->until_ms > last_ms)
		visitor_flaw_add(flaws, VISITOR_UNTIL, "a key lasts for a year at most");
}

void visitor_plan_once(const struct visitor *visitor, int64_t now_ms, const struct moment_zone *zone,
		       struct visitor_plan *plan, struct visitor_flaws *flaws)
{
	char *from = visitor_text(visitor, VISITOR_FROM), *until = visitor_text(visitor, VISITOR_UNTIL);
	struct moment_parts today = moment_split(now_ms, zone), begin;
	plan->from_ms = whole_second(now_ms);
	if (*from) {
		int64_t from_ms = when_parse(from, now_ms, zone);
		plan->from_ms = from_ms == MOMENT_NONE ? MOMENT_NONE : whole_second(from_ms);
	}
	begin = moment_split(plan->from_ms == MOMENT_NONE ? now_ms : plan->from_ms, zone);
	if (plan->from_ms == MOMENT_NONE)
		not_a_time(VISITOR_FROM, from, flaws);
	else if (date_number(&begin) < date_number(&today))
		visitor_flaw_add(flaws, VISITOR_FROM, "the beginning lies before today");
	plan->until_ms = read_until(until, plan->from_ms, now_ms, zone);
	if (!*until)
		visitor_flaw_add(flaws, VISITOR_UNTIL, "say until when the key opens");
	else if (plan->until_ms == MOMENT_NONE)
		not_a_time(VISITOR_UNTIL, until, flaws);
	else
		check_end(plan, now_ms, zone, flaws);
	g_free(from);
	g_free(until);
}

/* --- weekly --- */

/* "mon", "mon-fri", "weekdays", "daily": the days' bits; 0 when it is none of these. */
static unsigned days_of(const char *word)
{
	static const struct {
		const char *name;
		unsigned days;
	} groups[] = {{"daily", 0x7F}, {"all", 0x7F}, {"weekdays", 0x1F}, {"weekend", 0x60}};
	for (size_t i = 0; i < G_N_ELEMENTS(groups); i++)
		if (g_ascii_strcasecmp(word, groups[i].name) == 0)
			return groups[i].days;
	const char *dash = strstr(word, "–"), *second = dash ? dash + strlen("–") : NULL;
	if (!dash && (dash = strchr(word, '-')))
		second = dash + 1;
	int first = validity_weekday(word, dash ? (size_t)(dash - word) : strlen(word));
	int last = second ? validity_weekday(second, strlen(second)) : first;
	if (first < 0 || last < 0)
		return 0;
	unsigned days = 1u << last;
	for (int day = first; day != last; day = (day + 1) % WEEKDAYS)
		days |= 1u << day;
	return days;
}

static void read_weekdays(const char *text, struct visitor_plan *plan, struct visitor_flaws *flaws)
{
	char **words = g_strsplit_set(text, ",; \t", -1);
	size_t before = flaws->n;
	for (char **word = words; *word && flaws->n == before; word++) {
		unsigned days = **word ? days_of(*word) : 0;
		plan->weekdays |= days;
		if (days || !**word)
			continue;
		char *shown = visitor_shown(*word);
		visitor_flaw_add(flaws, VISITOR_WEEKDAYS,
				 "`%s` is no weekday: write mon, tue, wed, thu, fri, sat, sun or mon-fri",
				 shown);
		g_free(shown);
		plan->weekdays = 0;
	}
	g_strfreev(words);
	if (!plan->weekdays && flaws->n == before)
		visitor_flaw_add(flaws, VISITOR_WEEKDAYS, "choose at least one weekday");
}

static bool read_day(enum visitor_field field, const char *text, int64_t now_ms,
		     const struct moment_zone *zone, struct moment_parts *date, struct visitor_flaws *flaws)
{
	if (when_date(text, now_ms, zone, date))
		return true;
	char *shown = visitor_shown(text);
	visitor_flaw_add(flaws, field, "`%s` is no date: write 2026-11-21, today or tomorrow", shown);
	g_free(shown);
	return false;
}

/* True when both are dates that can be used. */
static bool read_days(const struct visitor *visitor, int64_t now_ms, const struct moment_zone *zone,
		      struct visitor_plan *plan, struct visitor_flaws *flaws)
{
	char *from = visitor_text(visitor, VISITOR_DATE_FROM), *to = visitor_text(visitor, VISITOR_DATE_TO);
	struct moment_parts today = moment_split(now_ms, zone),
			    year = noon_of(today.year + 1, today.month, today.day);
	size_t before = flaws->n;
	bool begins = read_day(VISITOR_DATE_FROM, *from ? from : "today", now_ms, zone, &plan->date_from,
			       flaws);
	if (begins && date_number(&plan->date_from) < date_number(&today))
		visitor_flaw_add(flaws, VISITOR_DATE_FROM, "the first day lies before today");
	if (!*to)
		visitor_flaw_add(flaws, VISITOR_DATE_TO, "say which day is the last");
	else if (!read_day(VISITOR_DATE_TO, to, now_ms, zone, &plan->date_to, flaws))
		;
	else if (date_number(&plan->date_to) < date_number(&today))
		visitor_flaw_add(flaws, VISITOR_DATE_TO, "the last day is over already");
	else if (begins && date_number(&plan->date_to) < date_number(&plan->date_from))
		visitor_flaw_add(flaws, VISITOR_DATE_TO, "the last day must not come before the first");
	else if (date_number(&plan->date_to) > date_number(&year))
		visitor_flaw_add(flaws, VISITOR_DATE_TO, "a key lasts for a year at most");
	g_free(from);
	g_free(to);
	return flaws->n == before;
}

static int read_hour(const struct visitor *visitor, enum visitor_field field, const char *which,
		     struct visitor_flaws *flaws)
{
	char *text = visitor_text(visitor, field);
	/* The day's end has no other name in the vendor's form. */
	bool end = field == VISITOR_TIME_TO && (strcmp(text, "24:00") == 0 || strcmp(text, "24:00:00") == 0);
	int time_s = end ? LAST_SECOND : when_time_s(text);
	char *shown = visitor_shown(text);
	if (!*text)
		visitor_flaw_add(flaws, field, "say at what time the key %s opening each day", which);
	else if (time_s < 0)
		visitor_flaw_add(flaws, field, "`%s` is no time of day: write 8:00 or 17:30", shown);
	g_free(shown);
	g_free(text);
	return time_s;
}

/* The end of the last day that is one of the weekdays; MOMENT_NONE when there is none. */
static int64_t last_end(const struct visitor_plan *plan, const struct moment_zone *zone)
{
	for (int back = 0; back < WEEKDAYS; back++) {
		struct moment_parts day = noon_of(plan->date_to.year, plan->date_to.month,
						  plan->date_to.day - back);
		if (date_number(&day) < date_number(&plan->date_from))
			break;
		if (plan->weekdays & (1u << validity_bit(day.weekday)))
			return when_join(&day, plan->time_to_s, zone);
	}
	return MOMENT_NONE;
}

void visitor_plan_weekly(const struct visitor *visitor, int64_t now_ms, const struct moment_zone *zone,
			 struct visitor_plan *plan, struct visitor_flaws *flaws)
{
	size_t before = flaws->n;
	char *weekdays = visitor_text(visitor, VISITOR_WEEKDAYS);
	read_weekdays(weekdays, plan, flaws);
	g_free(weekdays);
	bool days = read_days(visitor, now_ms, zone, plan, flaws);
	plan->time_from_s = read_hour(visitor, VISITOR_TIME_FROM, "begins", flaws);
	plan->time_to_s = read_hour(visitor, VISITOR_TIME_TO, "stops", flaws);
	if (plan->time_from_s >= 0 && plan->time_to_s >= 0 && plan->time_from_s >= plan->time_to_s)
		visitor_flaw_add(flaws, VISITOR_TIME_TO,
				 "the end must be later than the beginning: a key cannot open past midnight");
	if (days) {
		plan->from_ms = when_join(&plan->date_from, MAX(plan->time_from_s, 0), zone);
		plan->until_ms = when_join(&plan->date_to,
					   plan->time_to_s < 0 ? LAST_SECOND : plan->time_to_s, zone);
	}
	if (flaws->n != before)
		return;
	int64_t end_ms = last_end(plan, zone);
	if (end_ms == MOMENT_NONE)
		visitor_flaw_add(flaws, VISITOR_WEEKDAYS,
				 "none of these weekdays comes between the two days");
	else if (end_ms <= now_ms)
		visitor_flaw_add(flaws, VISITOR_TIME_TO, "the last day's end is over already");
}
