/* Time zones and broken-down times. */
#include "base/moment.h"

#include "base/moment_civil.h"

#include <glib.h>
#include <string.h>

/* GTimeZone is immutable and counts its references atomically. */
struct moment_zone {
	GTimeZone *tz; /* NULL: the offset alone counts */
	int offset_s;
};

#define DAY_S 86400

static struct moment_zone *zone_new(GTimeZone *tz, int offset_s)
{
	struct moment_zone *zone = g_new0(struct moment_zone, 1);
	zone->tz = tz;
	zone->offset_s = offset_s;
	return zone;
}

/* "+02:00", "-0730", "+02" */
static bool read_fixed(const char *name, int *offset_s)
{
	int value[4];
	const char *p = name + 1;
	if (name[0] != '+' && name[0] != '-')
		return false;
	for (int i = 0; i < 4; i++) {
		if (i == 2 && *p == '\0') {
			value[2] = value[3] = 0;
			break;
		}
		if (i == 2 && *p == ':')
			p++;
		if (!g_ascii_isdigit(*p))
			return false;
		value[i] = *p++ - '0';
	}
	int hours = value[0] * 10 + value[1], minutes = value[2] * 10 + value[3];
	if (*p != '\0' || hours > 23 || minutes > 59)
		return false;
	*offset_s = (hours * 60 + minutes) * (name[0] == '-' ? -60 : 60);
	return true;
}

/* GLib opens a file of this name, so nothing may lead out of the zone folder: no dot, no leading slash. */
static bool is_plain_name(const char *name)
{
	size_t length = strlen(name);
	return length > 0 && length < 64 && g_ascii_isalpha(name[0]) && !strstr(name, "//") &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-") == length;
}

static bool is_utc(const char *name)
{
	static const char *const names[] = {"UTC",     "Etc/UTC", "Z",    "GMT",
					    "Etc/GMT", "Etc/UCT", "Zulu", "Etc/Zulu"};
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

struct moment_zone *moment_zone_new(const char *name)
{
	int offset_s = 0;
	/* UTC needs no zone files, which a small system may lack. */
	if (!name || !*name || is_utc(name) || read_fixed(name, &offset_s))
		return zone_new(NULL, offset_s);
	name = moment_zone_iana(name);
	GTimeZone *tz = is_plain_name(name) ? g_time_zone_new_identifier(name) : NULL;
	return tz ? zone_new(tz, 0) : NULL;
}

struct moment_zone *moment_zone_new_local(void) { return zone_new(g_time_zone_new_local(), 0); }

void moment_zone_free(struct moment_zone *zone)
{
	if (!zone)
		return;
	if (zone->tz)
		g_time_zone_unref(zone->tz);
	g_free(zone);
}

static int offset_at(const struct moment_zone *zone, int64_t utc_s)
{
	if (!zone || !zone->tz)
		return zone ? zone->offset_s : 0;
	int interval = g_time_zone_find_interval(zone->tz, G_TIME_TYPE_UNIVERSAL, utc_s);
	return g_time_zone_get_offset(zone->tz, interval);
}

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

/* Calendar date of a day counted from 1970-01-01. */
static void split_days(int64_t days, struct moment_parts *parts)
{
	days += 719468; /* from 0000-03-01 */
	int64_t era = floor_div(days, 146097);
	int64_t of_era = days - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t day_of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * day_of_year + 2) / 153;
	parts->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	parts->month = (int)(month < 10 ? month + 3 : month - 9);
	parts->year = (int)(year + era * 400 + (parts->month <= 2));
}

struct moment_parts moment_split(int64_t moment_ms, const struct moment_zone *zone)
{
	struct moment_parts parts = {0};
	int64_t utc_s = floor_div(moment_ms, 1000);
	parts.utc_offset_s = offset_at(zone, utc_s);
	int64_t local_s = utc_s + parts.utc_offset_s;
	int64_t days = floor_div(local_s, DAY_S);
	int of_day = (int)(local_s - days * DAY_S);
	split_days(days, &parts);
	parts.hour = of_day / 3600;
	parts.minute = of_day / 60 % 60;
	parts.second = of_day % 60;
	int64_t weekday = (days + 4) % 7; /* 1970-01-01 was a Thursday */
	parts.weekday = (int)(weekday < 0 ? weekday + 7 : weekday);
	return parts;
}

int64_t moment_join(const struct moment_parts *parts, const struct moment_zone *zone)
{
	int64_t months = (int64_t)parts->year * 12 + parts->month - 1;
	int64_t year = floor_div(months, 12);
	int64_t days = civil_days(year, (int)(months - year * 12) + 1) + parts->day - 1;
	int64_t local_s = days * DAY_S + (int64_t)parts->hour * 3600 + (int64_t)parts->minute * 60 +
			  parts->second;
	/* Every int in every field stays far inside int64_t seconds, but perhaps not in milliseconds. */
	if (local_s > INT64_MAX / 1000 - DAY_S * 2 || local_s < INT64_MIN / 1000 + DAY_S * 2)
		return MOMENT_NONE;
	if (!zone || !zone->tz)
		return (local_s - offset_at(zone, 0)) * 1000;
	/* No zone changes twice within two days, so the offsets a day before and a day after are all there
	 * can be. */
	int before_s = offset_at(zone, local_s - DAY_S), after_s = offset_at(zone, local_s + DAY_S);
	int64_t early = local_s - MAX(before_s, after_s), late = local_s - MIN(before_s, after_s);
	if (offset_at(zone, early) == local_s - early)
		return early * 1000;
	if (offset_at(zone, late) == local_s - late)
		return late * 1000;
	/* Within the gap: the clock is read as if it had not been moved yet, which comes out after the
	 * gap. */
	return (local_s - before_s) * 1000;
}
