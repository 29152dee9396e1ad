#include "sim/density_time.h"

#include "base/moment.h"
#include "sim/density.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

static const struct {
	const char *word;
	int64_t longest_ms;
} rows[] = {
	[SIM_DENSITY_TOTAL] = {"total", 366 * DAY_MS},
	[SIM_DENSITY_HOUR] = {"hour", 7 * DAY_MS},
	[SIM_DENSITY_DAY] = {"day", 31 * DAY_MS},
	[SIM_DENSITY_WEEK] = {"week", 366 * DAY_MS},
	[SIM_DENSITY_MONTH] = {"month", 366 * DAY_MS},
	[SIM_DENSITY_YEAR] = {"year", 366 * DAY_MS},
	[SIM_DENSITY_WEEKDAY] = {"weekday", 31 * DAY_MS},
	[SIM_DENSITY_HOUR_OF_DAY] = {"hour_of_day", 7 * DAY_MS},
	[SIM_DENSITY_MINUTE] = {"minute", DAY_MS},
	[SIM_DENSITY_10MINUTE] = {"10minute", DAY_MS},
};

int sim_density_resolution(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (strcmp(rows[i].word, word) == 0)
			return (int)i;
	return -1;
}

int64_t sim_density_longest_ms(enum sim_density_resolution resolution) { return rows[resolution].longest_ms; }

/* --- ranges ------------------------------------------------------------------------------------------------- */

/* A date with a time; MOMENT_NONE for what is not one, or has a zone where there must be none, or the other way. */
static int64_t read_date(const cJSON *item, bool local)
{
	const char *text = jsonx_str(item), *time = text ? strchr(text, 'T') : NULL;
	bool zoned = time && strpbrk(time, "Zz+-");

	return time && zoned != local ? moment_parse(text) : MOMENT_NONE;
}

bool sim_density_range_read(struct sim_call *call, const cJSON *body, bool local,
			    struct sim_density_range *out)
{
	int64_t start = read_date(jsonx_get(body, "start_date"), local);
	int64_t end = read_date(jsonx_get(body, "end_date"), local);

	if (start == MOMENT_NONE || end == MOMENT_NONE) {
		sim_density_invalid(call, local ? "start_date and end_date must be local times without a zone"
						: "start_date and end_date must be times with a zone");
		return false;
	}
	if (end < start) {
		sim_density_invalid(call, "end_date is before start_date");
		return false;
	}
	*out = (struct sim_density_range){
		.start_ms = start - start % MINUTE_MS,
		.end_ms = end - end % MINUTE_MS + MINUTE_MS,
		.asked_ms = end - start,
		.local = local,
	};
	return true;
}

int64_t sim_density_moment(const struct sim_density_range *range, int64_t t_ms,
			   const struct moment_zone *zone)
{
	struct moment_parts parts;

	if (!range->local)
		return t_ms;
	parts = moment_split(t_ms, NULL);
	return moment_join(&parts, zone);
}

char *sim_density_local(int64_t t_ms, const struct moment_zone *zone, bool offset, char out[SIM_DENSITY_TIME])
{
	struct moment_parts at = moment_split(t_ms, zone);
	int minutes = abs(at.utc_offset_s) / 60;
	size_t length = (size_t)g_snprintf(out, SIM_DENSITY_TIME, "%04d-%02d-%02dT%02d:%02d:%02d", at.year,
					   at.month, at.day, at.hour, at.minute, at.second);

	if (offset)
		g_snprintf(out + length, SIM_DENSITY_TIME - length, "%c%02d:%02d",
			   at.utc_offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
	return out;
}

/* --- operating hours ---------------------------------------------------------------------------------------- */

static bool read_hour(const cJSON *item, int otherwise, int *out)
{
	*out = otherwise;
	if (!item)
		return true;
	if (!cJSON_IsNumber(item) || item->valuedouble < 0 || item->valuedouble > 24 ||
	    floor(item->valuedouble) != item->valuedouble)
		return false;
	*out = (int)item->valuedouble;
	return true;
}

static bool read_days(const cJSON *list, bool days[7])
{
	const cJSON *item;

	if (list && !cJSON_IsArray(list))
		return false;
	for (int i = 0; i < 7; i++)
		days[i] = cJSON_GetArraySize(list) == 0;
	cJSON_ArrayForEach(item, list)
	{
		if (!cJSON_IsNumber(item) || item->valuedouble < 0 || item->valuedouble > 6)
			return false;
		days[(int)item->valuedouble] = true;
	}
	return true;
}

bool sim_density_hours_read(struct sim_call *call, const cJSON *body, struct sim_density_hours *out)
{
	const cJSON *item = jsonx_get(body, "operating_hours"), *member;
	bool good = !item || cJSON_IsNull(item) || cJSON_IsObject(item);

	cJSON_ArrayForEach(member, item)
	{
		if (strcmp(member->string, "days") != 0 && strcmp(member->string, "start_hour") != 0 &&
		    strcmp(member->string, "end_hour") != 0)
			sim_app_violation(call, "unknown member \"operating_hours.%s\"", member->string);
	}
	good = good && read_days(jsonx_get(item, "days"), out->days) &&
	       read_hour(jsonx_get(item, "start_hour"), 0, &out->from) &&
	       read_hour(jsonx_get(item, "end_hour"), 24, &out->to) && out->from < out->to;
	if (!good)
		sim_density_invalid(call, "operating_hours is invalid");
	return good;
}

/* --- buckets ------------------------------------------------------------------------------------------------ */

static int64_t midnight(struct moment_parts parts, int days_on, const struct moment_zone *zone)
{
	parts.day += days_on;
	parts.hour = parts.minute = parts.second = 0;
	return moment_join(&parts, zone);
}

/* Minutes of a resolution within the day; 0 for days and longer. */
static int minutes_of(enum sim_density_resolution resolution)
{
	switch (resolution) {
	case SIM_DENSITY_MINUTE:
		return 1;
	case SIM_DENSITY_10MINUTE:
		return 10;
	case SIM_DENSITY_HOUR:
	case SIM_DENSITY_HOUR_OF_DAY:
		return 60;
	default:
		return 0;
	}
}

/* The start of the bucket that holds the moment. */
static int64_t start_of(int64_t t_ms, struct moment_parts at, const struct moment_zone *zone,
			enum sim_density_resolution resolution)
{
	int minutes = minutes_of(resolution);

	if (minutes)
		return t_ms - (at.minute % minutes) * MINUTE_MS - at.second * INT64_C(1000) - t_ms % 1000;
	if (resolution == SIM_DENSITY_WEEK)
		return midnight(at, -((at.weekday + 6) % 7), zone);
	if (resolution == SIM_DENSITY_MONTH || resolution == SIM_DENSITY_YEAR)
		at.day = 1;
	if (resolution == SIM_DENSITY_YEAR)
		at.month = 1;
	return midnight(at, 0, zone);
}

static void name_of(char out[SIM_DENSITY_TIME], int64_t t_ms, const struct moment_zone *zone,
		    enum sim_density_resolution resolution, bool local)
{
	struct moment_parts at = moment_split(t_ms, zone);
	int64_t start_ms;

	out[0] = '\0';
	if (resolution == SIM_DENSITY_TOTAL)
		return;
	if (resolution == SIM_DENSITY_WEEKDAY || resolution == SIM_DENSITY_HOUR_OF_DAY) {
		g_snprintf(out, SIM_DENSITY_TIME, "%d",
			   resolution == SIM_DENSITY_WEEKDAY ? at.weekday : at.hour);
		return;
	}
	start_ms = start_of(t_ms, at, zone, resolution);
	if (local)
		sim_density_local(start_ms, zone, false, out);
	else
		moment_format(start_ms, out);
}

/* The moments of a day between which hours count. */
static void window_of(int64_t t_ms, const struct moment_zone *zone, const struct sim_density_hours *hours,
		      int64_t *from_ms, int64_t *to_ms)
{
	struct moment_parts at = moment_split(t_ms, zone);

	at.minute = at.second = 0;
	at.hour = hours->from;
	*from_ms = moment_join(&at, zone);
	at.hour = hours->to;
	*to_ms = moment_join(&at, zone);
	if (!hours->days[at.weekday])
		*to_ms = *from_ms;
}

static int bucket_of(struct sim_density_buckets *out, GHashTable *known, const char *name)
{
	void *found = g_hash_table_lookup(known, name);

	if (!found) {
		char *copy = g_strdup(name);

		g_ptr_array_add(out->labels, copy);
		found = GUINT_TO_POINTER(out->labels->len);
		g_hash_table_insert(known, copy, found);
	}
	return (int)GPOINTER_TO_UINT(found) - 1;
}

void sim_density_cut(struct sim_density_buckets *out, const struct moment_zone *zone, int64_t from_ms,
		     int64_t to_ms, enum sim_density_resolution resolution,
		     const struct sim_density_hours *hours, bool local)
{
	GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);
	int64_t step_ms = minutes_of(resolution) * MINUTE_MS, day_end_ms = from_ms, open_ms = 0, close_ms = 0;
	char name[SIM_DENSITY_TIME];

	out->pieces = g_array_new(FALSE, FALSE, sizeof(struct sim_density_piece));
	out->labels = g_ptr_array_new_with_free_func(g_free);
	for (int64_t t_ms = from_ms, next_ms; t_ms < to_ms; t_ms = next_ms) {
		struct sim_density_piece piece;

		if (t_ms >= day_end_ms) {
			window_of(t_ms, zone, hours, &open_ms, &close_ms);
			day_end_ms = midnight(moment_split(t_ms, zone), 1, zone);
		}
		next_ms = day_end_ms;
		if (step_ms)
			next_ms = MIN(next_ms,
				      start_of(t_ms, moment_split(t_ms, zone), zone, resolution) + step_ms);
		next_ms = MIN(next_ms, to_ms);
		piece.from_ms = MAX(t_ms, open_ms);
		piece.to_ms = MIN(next_ms, close_ms);
		if (piece.from_ms >= piece.to_ms)
			continue;
		name_of(name, t_ms, zone, resolution, local);
		piece.bucket = bucket_of(out, known, name);
		g_array_append_val(out->pieces, piece);
	}
	g_hash_table_destroy(known);
}

void sim_density_buckets_fini(struct sim_density_buckets *buckets)
{
	g_array_free(buckets->pieces, TRUE);
	g_ptr_array_free(buckets->labels, TRUE);
}
