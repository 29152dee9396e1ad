#include "base/moment.h"

#include "base/moment_civil.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define WEEK_MS (7 * DAY_MS)

/* Ten years hold at most three leap days. */
#define SPAN_MAX_MS (3653 * DAY_MS)

#define YEAR_FIRST 1970
#define YEAR_LAST 2200
#define END_MS INT64_C(7289654400000) /* 2201-01-01T00:00:00Z */

static int64_t within_years(int64_t moment_ms)
{
	return moment_ms >= 0 && moment_ms < END_MS ? moment_ms : MOMENT_NONE;
}

/* Reads exactly `count` digits. */
static bool digits(const char **p, int count, int *out)
{
	int value = 0;
	for (int i = 0; i < count; i++, (*p)++) {
		if (**p < '0' || **p > '9')
			return false;
		value = value * 10 + (**p - '0');
	}
	*out = value;
	return true;
}

static bool skip(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

static bool read_date(const char **p, struct moment_parts *parts)
{
	if (!digits(p, 4, &parts->year) || !skip(p, '-') || !digits(p, 2, &parts->month) || !skip(p, '-') ||
	    !digits(p, 2, &parts->day))
		return false;
	/* One year more on each side: an offset may bring the moment back inside. */
	return parts->year >= YEAR_FIRST - 1 && parts->year <= YEAR_LAST + 1 && parts->month >= 1 &&
	       parts->month <= 12 && parts->day >= 1 &&
	       parts->day <= civil_month_days(parts->year, parts->month);
}

/* "HH:MM", "HH:MM:SS", with a fraction of up to nine digits; what is finer than a millisecond is cut off. */
static bool read_time(const char **p, struct moment_parts *parts, int *fraction_ms)
{
	*fraction_ms = 0;
	if (!digits(p, 2, &parts->hour) || !skip(p, ':') || !digits(p, 2, &parts->minute))
		return false;
	if (skip(p, ':')) {
		if (!digits(p, 2, &parts->second))
			return false;
		if (skip(p, '.') || skip(p, ',')) {
			int unit = 100, count = 0;
			for (; **p >= '0' && **p <= '9'; (*p)++, count++, unit /= 10)
				*fraction_ms += unit * (**p - '0');
			if (count > 9)
				return false;
		}
	}
	/* 24:00 ends a day and :60 is a leap second; both are carried. */
	if (parts->hour == 24)
		return parts->minute == 0 && parts->second == 0 && *fraction_ms == 0;
	return parts->hour < 24 && parts->minute < 60 && parts->second <= 60;
}

/* "Z", "+HH:MM", "+HHMM", "+HH". `given` stays false at the end of the text. */
static bool read_offset(const char **p, int *offset_s, bool *given)
{
	int hour, minute = 0;
	*offset_s = 0;
	*given = **p != '\0';
	if (!*given || skip(p, 'Z') || skip(p, 'z'))
		return true;
	bool west = **p == '-';
	if (!skip(p, '+') && !skip(p, '-'))
		return false;
	if (!digits(p, 2, &hour))
		return false;
	if (**p != '\0' && ((void)skip(p, ':'), !digits(p, 2, &minute)))
		return false;
	if (hour > 23 || minute > 59)
		return false;
	*offset_s = (hour * 60 + minute) * (west ? -60 : 60);
	return true;
}

static int64_t parse_iso(const char *text, const struct moment_zone *zone)
{
	struct moment_parts parts = {0};
	int fraction_ms = 0, offset_s = 0;
	bool given = false;
	const char *p = text;
	if (!read_date(&p, &parts))
		return MOMENT_NONE;
	if (*p != '\0') {
		if (!skip(&p, 'T') && !skip(&p, 't') && !skip(&p, ' '))
			return MOMENT_NONE;
		if (!read_time(&p, &parts, &fraction_ms) || !read_offset(&p, &offset_s, &given) || *p != '\0')
			return MOMENT_NONE;
	}
	int64_t moment_ms = moment_join(&parts, given ? NULL : zone);
	return within_years(moment_ms - offset_s * SECOND_MS + fraction_ms);
}

int64_t moment_parse_in(const char *text, const struct moment_zone *zone)
{
	if (!text)
		return MOMENT_NONE;
	double number;
	if (text_number(text, &number))
		return moment_from_number(number);
	return parse_iso(text, zone);
}

int64_t moment_parse(const char *text) { return moment_parse_in(text, NULL); }

int64_t moment_from_number(double number)
{
	/* Written so that NaN fails. The upper bound keeps the conversion below defined. */
	if (!(number > 0) || number > 1e17)
		return MOMENT_NONE;
	double ms = number > 1e14 ? number / 1000 : number > 1e11 ? number : number * 1000;
	/* A decimal such as 1700000000.123 lies a hair below its milliseconds; no source is finer than
	 * that. */
	return within_years((int64_t)floor(ms + 1e-3));
}

static int64_t unit_ms(const char *unit)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {{"", SECOND_MS}, {"ms", 1},     {"s", SECOND_MS}, {"m", MINUTE_MS},
		     {"h", HOUR_MS},  {"d", DAY_MS}, {"w", WEEK_MS}};
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(unit, units[i].name) == 0)
			return units[i].ms;
	return -1;
}

int64_t moment_span_ms(const char *text)
{
	if (!text)
		return -1;
	char number[32];
	size_t length = strspn(text, "0123456789.");
	if (length == 0 || length >= sizeof(number))
		return -1;
	memcpy(number, text, length);
	number[length] = '\0';
	double value;
	int64_t unit = unit_ms(text + length);
	if (unit < 0 || !text_number(number, &value))
		return -1;
	double span_ms = value * (double)unit;
	return span_ms <= (double)SPAN_MAX_MS ? (int64_t)(span_ms + 0.5) : -1;
}

int64_t moment_parse_user(const char *text, int64_t now_ms)
{
	/* A bare number is a span of seconds while it can be one, else an epoch number. */
	int64_t span_ms = moment_span_ms(text);
	if (span_ms >= 0)
		return within_years(now_ms - span_ms);
	struct moment_zone *local = moment_zone_new_local();
	int64_t moment_ms = moment_parse_in(text, local);
	moment_zone_free(local);
	return moment_ms;
}

/* Years of four digits only: more would not fit the form. */
static bool can_be_written(int64_t moment_ms)
{
	return moment_ms >= CIVIL_YEAR_0_MS && moment_ms < CIVIL_YEAR_10000_MS;
}

/* `separator` between date and time. The year is known to have at most four digits; gcc is told. */
static int write_parts(const struct moment_parts *parts, char separator, char out[MOMENT_TEXT_SIZE])
{
	return snprintf(out, MOMENT_TEXT_SIZE, "%04u-%02u-%02u%c%02u:%02u:%02u",
			(unsigned)parts->year % 10000, (unsigned)parts->month % 100,
			(unsigned)parts->day % 100, separator, (unsigned)parts->hour % 100,
			(unsigned)parts->minute % 100, (unsigned)parts->second % 100);
}

char *moment_format(int64_t moment_ms, char out[MOMENT_TEXT_SIZE])
{
	out[0] = '\0';
	if (!can_be_written(moment_ms))
		return out;
	struct moment_parts parts = moment_split(moment_ms, NULL);
	int at = write_parts(&parts, 'T', out);
	unsigned fraction_ms = (unsigned)(((moment_ms % 1000) + 1000) % 1000);
	if (fraction_ms)
		snprintf(out + at, (size_t)(MOMENT_TEXT_SIZE - at), ".%03uZ", fraction_ms);
	else
		snprintf(out + at, (size_t)(MOMENT_TEXT_SIZE - at), "Z");
	return out;
}

char *moment_format_in(int64_t moment_ms, const struct moment_zone *zone, char out[MOMENT_TEXT_SIZE])
{
	out[0] = '\0';
	/* A day's distance from the ends leaves room for the offset. */
	if (moment_ms < CIVIL_YEAR_0_MS + DAY_MS || moment_ms >= CIVIL_YEAR_10000_MS - DAY_MS)
		return out;
	struct moment_parts parts = moment_split(moment_ms, zone);
	write_parts(&parts, ' ', out);
	return out;
}

char *moment_format_age(int64_t age_ms, char out[MOMENT_TEXT_SIZE])
{
	static const struct {
		int64_t ms;
		char unit;
	} units[] = {{DAY_MS, 'd'}, {HOUR_MS, 'h'}, {MINUTE_MS, 'm'}, {SECOND_MS, 's'}};
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (age_ms >= units[i].ms) {
			snprintf(out, MOMENT_TEXT_SIZE, "%lld%c", (long long)(age_ms / units[i].ms),
				 units[i].unit);
			return out;
		}
	}
	snprintf(out, MOMENT_TEXT_SIZE, "now");
	return out;
}
