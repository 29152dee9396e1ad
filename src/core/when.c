#include "core/when.h"

#include <glib.h>
#include <string.h>

#define TEXT_MOST 64

static int digits(const char **p, int most)
{
	int value = 0, count = 0;
	for (; count < most && g_ascii_isdigit(**p); (*p)++, count++)
		value = value * 10 + (**p - '0');
	return count ? value : -1;
}

int when_time_s(const char *text)
{
	const char *p = text;
	int hour = digits(&p, 2), second = 0;
	if (hour < 0 || hour > 23 || p[0] != ':' || !g_ascii_isdigit(p[1]) || !g_ascii_isdigit(p[2]))
		return -1;
	p++;
	int minute = digits(&p, 2);
	if (*p == ':') {
		if (!g_ascii_isdigit(p[1]) || !g_ascii_isdigit(p[2]))
			return -1;
		p++;
		second = digits(&p, 2);
	}
	if (*p != '\0' || minute > 59 || second > 59)
		return -1;
	return hour * 3600 + minute * 60 + second;
}

static struct moment_parts day_of(int64_t now_ms, int days, const struct moment_zone *zone)
{
	struct moment_parts parts = moment_split(now_ms, zone);
	/* The calendar carries the day over; at noon UTC no offset plays a part. */
	struct moment_parts noon = {.year = parts.year,
				    .month = parts.month,
				    .day = parts.day + days,
				    .hour = 12};
	return moment_split(moment_join(&noon, NULL), NULL);
}

bool when_date(const char *text, int64_t now_ms, const struct moment_zone *zone, struct moment_parts *date)
{
	if (g_ascii_strcasecmp(text, "today") == 0) {
		*date = day_of(now_ms, 0, zone);
		return true;
	}
	if (g_ascii_strcasecmp(text, "tomorrow") == 0) {
		*date = day_of(now_ms, 1, zone);
		return true;
	}
	int64_t moment_ms = strlen(text) == 10 && text[4] == '-' ? moment_parse(text) : MOMENT_NONE;
	if (moment_ms == MOMENT_NONE)
		return false;
	*date = moment_split(moment_ms, NULL);
	return true;
}

int64_t when_join(const struct moment_parts *date, int time_s, const struct moment_zone *zone)
{
	struct moment_parts parts = {.year = date->year,
				     .month = date->month,
				     .day = date->day,
				     .hour = time_s / 3600,
				     .minute = time_s / 60 % 60,
				     .second = time_s % 60};
	return moment_join(&parts, zone);
}

/* "tomorrow 8:00", "2026-11-21T14:00:00": date and time at the first blank or T between them. */
static int64_t date_and_time(const char *text, int64_t now_ms, const struct moment_zone *zone)
{
	char date_text[TEXT_MOST];
	size_t at = g_ascii_isdigit(text[0]) ? strcspn(text, " Tt") : strcspn(text, " ");
	struct moment_parts date;
	memcpy(date_text, text, at);
	date_text[at] = '\0';
	if (!when_date(date_text, now_ms, zone, &date))
		return MOMENT_NONE;
	int time_s = text[at] == '\0' ? 0 : when_time_s(text + at + 1);
	return time_s < 0 ? MOMENT_NONE : when_join(&date, time_s, zone);
}

int64_t when_parse(const char *text, int64_t now_ms, const struct moment_zone *zone)
{
	size_t length = text ? strlen(text) : 0;
	if (length == 0 || length >= TEXT_MOST)
		return MOMENT_NONE;
	if (g_ascii_strcasecmp(text, "now") == 0)
		return now_ms;
	if (text[0] == '+') {
		int64_t span_ms = g_ascii_isdigit(text[length - 1]) ? -1 : moment_span_ms(text + 1);
		return span_ms < 0 ? MOMENT_NONE : now_ms + span_ms;
	}
	int time_s = when_time_s(text);
	if (time_s >= 0) {
		struct moment_parts today = day_of(now_ms, 0, zone);
		return when_join(&today, time_s, zone);
	}
	int64_t moment_ms = date_and_time(text, now_ms, zone);
	/* "1800" would be half an hour of 1970. */
	if (moment_ms != MOMENT_NONE || (length < 9 && strspn(text, "0123456789.") == length))
		return moment_ms;
	return moment_parse_in(text, zone);
}
