#include "sim/butlr_time.h"

#include "base/text.h"

#include <string.h>

#define DAY_MS 86400000LL
#define WEEK_MS (7 * DAY_MS)
#define MONDAY_MS (4 * DAY_MS) /* the first Monday of 1970 */

bool sim_time_is_relative(const cJSON *item)
{
	return cJSON_IsString(item) &&
	       (item->valuestring[0] == '-' || strncmp(item->valuestring, "now", 3) == 0);
}

int64_t sim_time_read(const cJSON *item, int64_t now_ms)
{
	const char *text;
	int64_t span;

	if (!cJSON_IsString(item))
		return MOMENT_NONE;
	text = item->valuestring;
	if (strcmp(text, "now") == 0 || strcmp(text, "now()") == 0)
		return now_ms;
	if (text[0] != '-')
		return moment_parse(text);
	span = moment_span_ms(text + 1);
	return span < 0 ? MOMENT_NONE : now_ms - span;
}

static int add(GArray *out, int64_t start, int64_t end, int64_t from, int64_t to)
{
	struct sim_window window = {MAX(start, from), MIN(end, to)};

	if (window.start_ms >= window.end_ms)
		return ERR_OK;
	if (out->len >= SIM_WINDOWS_MAX)
		return ERR_TOO_BIG;
	g_array_append_val(out, window);
	return ERR_OK;
}

static int64_t floor_to(int64_t t, int64_t step, int64_t origin)
{
	int64_t rest = (t - origin) % step;

	return t - (rest < 0 ? rest + step : rest);
}

static int64_t local_midnight(int64_t t, const struct moment_zone *zone, int days_on)
{
	struct moment_parts parts = moment_split(t, zone);

	parts.day += days_on;
	parts.hour = parts.minute = parts.second = 0;
	return moment_join(&parts, zone);
}

static int days_of(int64_t every, const struct moment_zone *zone, int64_t from, int64_t to, GArray *out)
{
	int days = (int)(every / DAY_MS), result = ERR_OK;
	int64_t start = local_midnight(from, zone, 0);

	if (every == WEEK_MS)
		start = local_midnight(start, zone, -((moment_split(start, zone).weekday + 6) % 7));
	while (start < to && result == ERR_OK) {
		int64_t end = local_midnight(start, zone, days);

		result = add(out, start, end, from, to);
		start = end;
	}
	return result;
}

static int hours_of(int64_t every, const struct moment_zone *zone, int64_t from, int64_t to, GArray *out)
{
	int result = ERR_OK;

	for (int64_t day = local_midnight(from, zone, 0); day < to && result == ERR_OK;) {
		int64_t next = local_midnight(day, zone, 1);
		int64_t first = day < from ? floor_to(from, every, day) : day;

		for (int64_t t = first; t < next && t < to && result == ERR_OK; t += every)
			result = add(out, t, MIN(t + every, next), from, to);
		day = next;
	}
	return result;
}

int sim_windows(int64_t every_ms, const struct moment_zone *zone, int64_t from_ms, int64_t to_ms, GArray *out)
{
	int result = ERR_OK;

	if (every_ms <= 0)
		return ERR_INVALID;
	if ((to_ms - from_ms) / every_ms > SIM_WINDOWS_MAX)
		return ERR_TOO_BIG;
	if (zone && every_ms % DAY_MS == 0)
		return days_of(every_ms, zone, from_ms, to_ms, out);
	if (zone)
		return hours_of(every_ms, zone, from_ms, to_ms, out);
	for (int64_t t = floor_to(from_ms, every_ms, every_ms == WEEK_MS ? MONDAY_MS : 0);
	     t < to_ms && result == ERR_OK; t += every_ms)
		result = add(out, t, t + every_ms, from_ms, to_ms);
	return result;
}

static int read_minutes(const cJSON *item)
{
	const char *text = cJSON_IsString(item) ? item->valuestring : "";
	double hours, minutes;
	char *hour;

	if (strlen(text) < 4 || strlen(text) > 8 || !strchr(text, ':'))
		return -1;
	hour = g_strndup(text, (size_t)(strchr(text, ':') - text));

	char *minute = g_strndup(strchr(text, ':') + 1, 2);
	bool good = text_number(hour, &hours) && text_number(minute, &minutes) && hours >= 0 && hours <= 24 &&
		    minutes >= 0 && minutes < 60;

	g_free(hour);
	g_free(minute);
	return good ? (int)(hours * 60 + minutes) : -1;
}

static int read_day(const cJSON *item)
{
	static const char *const days[] = {"sunday",   "monday", "tuesday", "wednesday",
					   "thursday", "friday", "saturday"};

	for (int i = 0; cJSON_IsString(item) && i < 7; i++)
		if (g_ascii_strcasecmp(days[i], item->valuestring) == 0)
			return i;
	return -1;
}

int sim_hours_read(const cJSON *item, struct sim_hours *out)
{
	const cJSON *element;

	*out = (struct sim_hours){0};
	cJSON_ArrayForEach(element, jsonx_get(item, "time_ranges"))
	{
		int from = read_minutes(jsonx_get(element, "start")),
		    to = read_minutes(jsonx_get(element, "stop"));

		if (from < 0 || to <= from || out->n_ranges == G_N_ELEMENTS(out->ranges))
			return ERR_PARSE;
		out->ranges[out->n_ranges].from_min = from;
		out->ranges[out->n_ranges++].to_min = to;
	}
	cJSON_ArrayForEach(element, jsonx_get(item, "exclude_days_of_week"))
	{
		int day = read_day(element);

		if (day < 0)
			return ERR_PARSE;
		out->excluded[day] = true;
	}
	return ERR_OK;
}

bool sim_hours_admit(const struct sim_hours *hours, const struct moment_zone *zone, int64_t t_ms)
{
	struct moment_parts parts = moment_split(t_ms, zone);
	int minute = parts.hour * 60 + parts.minute;

	if (hours->excluded[parts.weekday])
		return false;
	for (unsigned i = 0; i < hours->n_ranges; i++)
		if (minute >= hours->ranges[i].from_min && minute < hours->ranges[i].to_min)
			return true;
	return hours->n_ranges == 0;
}
