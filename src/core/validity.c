#include "core/validity.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

const char *const validity_weekdays[WEEKDAYS] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static const char *const day_names[WEEKDAYS] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char *const month_names[12] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

int validity_weekday(const char *word, size_t length)
{
	static const char *const names[WEEKDAYS] = {"monday", "tuesday",  "wednesday", "thursday",
						    "friday", "saturday", "sunday"};
	for (int i = 0; length >= 3 && i < WEEKDAYS; i++)
		if (length <= strlen(names[i]) && g_ascii_strncasecmp(word, names[i], length) == 0)
			return i;
	return -1;
}

enum key_state validity_state(const struct validity *validity, const struct moment_zone *zone, int64_t now_ms)
{
	if (!validity->told)
		return KEY_UNKNOWN;
	if (validity->until_ms != MOMENT_NONE && now_ms > validity->until_ms)
		return KEY_EXPIRED;
	if (validity->from_ms != MOMENT_NONE && now_ms < validity->from_ms)
		return KEY_SCHEDULED;
	if (validity->odd)
		return KEY_UNKNOWN;
	if (!validity->weekdays)
		return KEY_ACTIVE;
	if (!zone)
		return KEY_UNKNOWN;
	struct moment_parts now = moment_split(now_ms, zone);
	int time_s = now.hour * 3600 + now.minute * 60 + now.second;
	bool open = (validity->weekdays & (1u << validity_bit(now.weekday))) &&
		    (validity->time_from_s < 0 || time_s >= validity->time_from_s) &&
		    (validity->time_to_s < 0 || time_s <= validity->time_to_s);
	return open ? KEY_ACTIVE : KEY_PAUSED;
}

/* --- words --- */

struct writer {
	struct buf *out;
	const struct moment_zone *zone;
	struct moment_parts today;
	const char *dash;
};

/* Whole days from today to a date, both at noon UTC. */
static int64_t days_ahead(const struct writer *w, const struct moment_parts *date)
{
	struct moment_parts a = {.year = w->today.year,
				 .month = w->today.month,
				 .day = w->today.day,
				 .hour = 12};
	struct moment_parts b = {.year = date->year, .month = date->month, .day = date->day, .hour = 12};
	return (moment_join(&b, NULL) - moment_join(&a, NULL)) / 86400000;
}

static void add_day(const struct writer *w, int64_t moment_ms, bool weekday)
{
	struct moment_parts date = moment_split(moment_ms, w->zone);
	int64_t days = days_ahead(w, &date);
	if (days >= -1 && days <= 1) {
		buf_adds(w->out, days < 0 ? "yesterday" : days > 0 ? "tomorrow" : "today");
		return;
	}
	if (weekday)
		buf_addf(w->out, "%s ", day_names[validity_bit(date.weekday)]);
	buf_addf(w->out, "%d %s", date.day, month_names[date.month - 1]);
	if (date.year != w->today.year)
		buf_addf(w->out, " %d", date.year);
}

static void add_hour(const struct writer *w, int time_s)
{
	buf_addf(w->out, "%02d:%02d", time_s / 3600, time_s / 60 % 60);
}

static void add_hour_of(const struct writer *w, int64_t moment_ms)
{
	struct moment_parts parts = moment_split(moment_ms, w->zone);
	add_hour(w, parts.hour * 3600 + parts.minute * 60);
}

static void add_moment(const struct writer *w, int64_t moment_ms)
{
	add_day(w, moment_ms, true);
	buf_addc(w->out, ' ');
	add_hour_of(w, moment_ms);
}

static bool same_day(const struct writer *w, int64_t a_ms, int64_t b_ms)
{
	struct moment_parts a = moment_split(a_ms, w->zone), b = moment_split(b_ms, w->zone);
	return a.year == b.year && a.month == b.month && a.day == b.day;
}

/* "Mon–Fri", "Mon, Fri", "every day": three days in a row or more are a run. */
static void add_weekdays(const struct writer *w, unsigned days)
{
	const char *between = "";
	if (days == (1u << WEEKDAYS) - 1) {
		buf_adds(w->out, "every day");
		return;
	}
	for (int day = 0; day < WEEKDAYS; day++) {
		int last = day;
		if (!(days & (1u << day)))
			continue;
		while (last + 1 < WEEKDAYS && (days & (1u << (last + 1))))
			last++;
		buf_addf(w->out, "%s%s", between, day_names[day]);
		if (last - day >= 2) {
			buf_addf(w->out, "%s%s", w->dash, day_names[last]);
			day = last;
		}
		between = ", ";
	}
}

static void add_weekly(const struct writer *w, const struct validity *validity, int64_t now_ms)
{
	int from_s = validity->time_from_s, to_s = validity->time_to_s;
	add_weekdays(w, validity->weekdays);
	if (from_s >= 0 || to_s >= 0)
		buf_adds(w->out, from_s < 0 ? " before " : to_s < 0 ? " after " : " ");
	if (from_s >= 0)
		add_hour(w, from_s);
	if (from_s >= 0 && to_s >= 0)
		buf_adds(w->out, w->dash);
	if (to_s >= 0)
		add_hour(w, to_s);
	if (validity->from_ms != MOMENT_NONE && validity->from_ms > now_ms &&
	    !same_day(w, validity->from_ms, now_ms)) {
		buf_adds(w->out, " from ");
		add_day(w, validity->from_ms, false);
	}
	if (validity->until_ms != MOMENT_NONE) {
		buf_adds(w->out, " until ");
		add_day(w, validity->until_ms, false);
	}
}

static void add_scheduled(const struct writer *w, const struct validity *validity)
{
	if (validity->until_ms != MOMENT_NONE && same_day(w, validity->from_ms, validity->until_ms)) {
		add_moment(w, validity->from_ms);
		buf_adds(w->out, w->dash);
		add_hour_of(w, validity->until_ms);
		return;
	}
	buf_adds(w->out, "from ");
	add_moment(w, validity->from_ms);
	if (validity->until_ms != MOMENT_NONE) {
		buf_adds(w->out, " until ");
		add_moment(w, validity->until_ms);
	}
}

static void add_open(const struct writer *w, const struct validity *validity, int64_t now_ms)
{
	if (validity->until_ms == MOMENT_NONE && validity->from_ms == MOMENT_NONE) {
		buf_adds(w->out, "without an end");
	} else if (validity->until_ms == MOMENT_NONE) {
		buf_adds(w->out, "since ");
		add_moment(w, validity->from_ms);
	} else if (same_day(w, validity->until_ms, now_ms)) {
		buf_adds(w->out, "today until ");
		add_hour_of(w, validity->until_ms);
	} else {
		buf_adds(w->out, "until ");
		add_moment(w, validity->until_ms);
	}
}

void validity_words(const struct validity *validity, const struct moment_zone *zone, int64_t now_ms,
		    bool ascii, struct buf *out)
{
	const struct writer w = {out, zone, moment_split(now_ms, zone), ascii ? "-" : "–"};
	if (!validity->told) {
		buf_adds(out, "no times told");
	} else if (validity->until_ms != MOMENT_NONE && now_ms > validity->until_ms) {
		buf_adds(out, "expired ");
		add_moment(&w, validity->until_ms);
	} else if (validity->weekdays) {
		add_weekly(&w, validity, now_ms);
	} else if (validity->from_ms != MOMENT_NONE && now_ms < validity->from_ms) {
		add_scheduled(&w, validity);
	} else {
		add_open(&w, validity, now_ms);
	}
}
