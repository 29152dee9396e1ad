#include "ui/widget/form_parts.h"

#include "base/moment.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define STEP_MS INT64_C(1800000)

/* "H:MM" or "HH:MM" as minutes of the day; -1: not a time. */
static int minutes_of(const char *text)
{
	int hour = 0, digits = 0;
	for (; g_ascii_isdigit(*text) && digits < 3; text++, digits++)
		hour = hour * 10 + (*text - '0');
	if (digits < 1 || digits > 2 || hour > 23 || *text != ':' || !g_ascii_isdigit(text[1]) ||
	    !g_ascii_isdigit(text[2]) || text[1] > '5' || text[3])
		return -1;
	return hour * 60 + (text[1] - '0') * 10 + (text[2] - '0');
}

/* To the next half hour in that direction. */
static int64_t step_to(int64_t ms, int steps)
{
	int64_t down = ms / STEP_MS * STEP_MS;
	if (steps < 0 && down < ms)
		steps++;
	return down + steps * STEP_MS;
}

static bool step_time(const char *text, int steps, char out[32])
{
	int minutes = minutes_of(text);
	if (minutes < 0)
		return false;
	int64_t ms = step_to(minutes * INT64_C(60000), steps);
	minutes = (int)(((ms / 60000) % 1440 + 1440) % 1440);
	g_snprintf(out, 32, "%02d:%02d", minutes / 60, minutes % 60);
	return true;
}

/* Local times are stepped as if they were UTC: no zone matters between two half hours of a wall clock. */
static bool step_date(const char *text, int steps, bool days, char out[32])
{
	int64_t ms = text[0] && text[1] && text[2] && text[3] && text[4] == '-' ? moment_parse(text)
										: MOMENT_NONE;
	char full[MOMENT_TEXT_SIZE];
	if (ms == MOMENT_NONE)
		return false;
	ms = days ? ms + steps * DAY_MS : step_to(ms, steps);
	moment_format(ms, full);
	if (strlen(full) < 16)
		return false;
	/* Between day and time as it was typed. */
	full[10] = text[10] ? text[10] : ' ';
	g_strlcpy(out, full, days ? 11 : 17);
	return true;
}

bool form_step(enum form_kind kind, const char *text, int steps, char out[32])
{
	switch (kind) {
	case FORM_DATE:
		return step_date(text, steps, true, out);
	case FORM_TIME:
		return step_time(text, steps, out);
	case FORM_MOMENT:
		return step_time(text, steps, out) || step_date(text, steps, false, out);
	default:
		return false;
	}
}
