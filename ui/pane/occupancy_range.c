/* Which time is shown: ranges, dates that were typed, hours of operation. */
#include "ui/pane/occupancy_view.h"

#include "base/text.h"

#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

static const char *const range_names[] = {"1h", "8h", "1d", "1w", "1mo", "dates"};
static const char *const measure_names[] = {"people", "peak", "utilization", "time used"};
static const char *const rank_names[] = {"fullest", "emptiest", "least used"};

const char *occ_range_name(enum occ_range range) { return range_names[range]; }
const char *occ_measure_name(enum occ_measure measure) { return measure_names[measure]; }
const char *occ_rank_name(enum occ_rank rank) { return rank_names[rank]; }

int64_t occ_days_on(int64_t moment_ms, int days, const struct moment_zone *zone)
{
	struct moment_parts parts = moment_split(moment_ms, zone);
	int64_t fraction_ms = moment_ms % 1000;

	if (days == 0)
		return moment_ms;
	parts.day += days;
	return moment_join(&parts, zone) + fraction_ms;
}

/* Windows that a picture of this length can tell apart and that the vendors have themselves. */
static int64_t every_of(int64_t span_ms)
{
	if (span_ms <= 2 * HOUR_MS)
		return MINUTE_MS;
	if (span_ms <= 12 * HOUR_MS)
		return 15 * MINUTE_MS;
	if (span_ms <= 62 * DAY_MS)
		return HOUR_MS;
	return DAY_MS;
}

static int64_t round_up(int64_t at_ms, int64_t step_ms, const struct moment_zone *zone)
{
	int64_t offset_ms = (int64_t)moment_split(at_ms, zone).utc_offset_s * 1000;
	int64_t local_ms = at_ms + offset_ms + step_ms - 1;

	return local_ms - local_ms % step_ms - offset_ms;
}

struct occ_span occ_span_now(const struct occ_view *view, int weeks_back)
{
	static const int64_t lengths[] = {HOUR_MS, 8 * HOUR_MS, DAY_MS};
	struct occ_span span = {view->dates_from_ms, view->dates_to_ms, 0};
	enum occ_range range = view->range;
	int64_t now_ms = world_now_ms(view->desk->world);

	if (view->mode == OCC_WEEK && range < OCC_1W)
		range = OCC_1W;
	if (range != OCC_DATES) {
		span.to_ms = round_up(now_ms,
				      range == OCC_1H   ? MINUTE_MS
				      : range == OCC_8H ? 15 * MINUTE_MS
							: HOUR_MS,
				      view->zone);
		span.from_ms = range < OCC_1W
				       ? span.to_ms - lengths[range]
				       : occ_days_on(span.to_ms, range == OCC_1W ? -7 : -30, view->zone);
	}
	span.every_ms = view->mode == OCC_WEEK ? HOUR_MS : every_of(span.to_ms - span.from_ms);
	span.from_ms = occ_days_on(span.from_ms, -7 * weeks_back, view->zone);
	span.to_ms = occ_days_on(span.to_ms, -7 * weeks_back, view->zone);
	return span;
}

/* --- dates --- */

/* A moment as typed; what is before it fills in the day of a bare "12:00". *day: it was a day without a time. */
static int64_t parse_end(const char *text, int64_t day_ms, const struct moment_zone *zone, int64_t now_ms,
			 bool *day)
{
	int64_t span_ms = moment_span_ms(text), at_ms;
	size_t length = strlen(text);
	struct moment_parts parts;

	*day = false;
	if (strcmp(text, "now") == 0)
		return now_ms;
	if (span_ms >= 0 && length > 0 && !g_ascii_isdigit(text[length - 1]))
		return now_ms - span_ms;
	if (length >= 4 && length <= 5 && text[length - 3] == ':' && day_ms != MOMENT_NONE) {
		parts = moment_split(day_ms, zone);
		parts.hour = (int)g_ascii_strtoll(text, NULL, 10);
		parts.minute = (int)g_ascii_strtoll(text + length - 2, NULL, 10);
		parts.second = 0;
		return parts.hour <= 24 && parts.minute < 60 ? moment_join(&parts, zone) : MOMENT_NONE;
	}
	if (length < 10 || text[4] != '-')
		return MOMENT_NONE;
	*day = length == 10;
	at_ms = moment_parse_in(text, zone);
	if (*day && at_ms != MOMENT_NONE) {
		parts = (struct moment_parts){.year = (int)g_ascii_strtoll(text, NULL, 10),
					      .month = (int)g_ascii_strtoll(text + 5, NULL, 10),
					      .day = (int)g_ascii_strtoll(text + 8, NULL, 10)};
		at_ms = moment_join(&parts, zone);
	}
	return at_ms;
}

bool occ_dates_parse(const char *text, const struct moment_zone *zone, int64_t now_ms, int64_t *from_ms,
		     int64_t *to_ms)
{
	char **ends = g_strsplit(text, "..", 2);
	bool day, ok = false;

	if (ends[0] == NULL)
		goto out;
	g_strstrip(ends[0]);
	*from_ms = parse_end(ends[0], MOMENT_NONE, zone, now_ms, &day);
	if (*from_ms == MOMENT_NONE)
		goto out;
	if (ends[1] == NULL) {
		*to_ms = day ? occ_days_on(*from_ms, 1, zone) : now_ms;
	} else {
		*to_ms = parse_end(g_strstrip(ends[1]), *from_ms, zone, now_ms, &day);
		if (*to_ms != MOMENT_NONE && day)
			*to_ms = occ_days_on(*to_ms, 1, zone);
	}
	ok = *to_ms != MOMENT_NONE && *from_ms < *to_ms && *to_ms - *from_ms <= 3660 * DAY_MS;
out:
	g_strfreev(ends);
	return ok;
}

/* --- hours of operation --- */

static int weekday_of(const char *text)
{
	static const char names[] = "sunmontuewedthufrisat";

	for (int i = 0; i < 7; i++)
		if (g_ascii_strncasecmp(text, names + 3 * i, 3) == 0 &&
		    (text[3] == '\0' || text[3] == '-' || text[3] == ' ' || g_ascii_isalpha(text[3])))
			return i;
	return -1;
}

/* "7", "13:30"; -1: no time. */
static int minute_of(const char *text, const char **end)
{
	char *at;
	guint64 hour = g_ascii_isdigit(*text) ? g_ascii_strtoull(text, &at, 10) : 99, minute = 0;

	if (hour > 24)
		return -1;
	if (*at == ':' && g_ascii_isdigit(at[1]))
		minute = g_ascii_strtoull(at + 1, &at, 10);
	*end = at;
	return minute < 60 && hour * 60 + minute <= 1440 ? (int)(hour * 60 + minute) : -1;
}

static bool parse_part(const char *part, struct occ_hours *hours)
{
	const char *blank = strchr(part, ' '), *dash = strchr(part, '-'), *end;
	int first = weekday_of(part), last = first, from, to;

	if (first < 0 || blank == NULL)
		return false;
	if (dash != NULL && dash < blank)
		last = weekday_of(dash + 1);
	while (*blank == ' ')
		blank++;
	from = minute_of(blank, &end);
	if (last < 0 || from < 0 || *end != '-')
		return false;
	to = minute_of(end + 1, &end);
	if (to <= from || *end != '\0')
		return false;
	for (int day = first;; day = (day + 1) % 7) {
		hours->from[day] = (int16_t)from;
		hours->to[day] = (int16_t)to;
		if (day == last)
			return true;
	}
}

void occ_hours_parse(const char *text, struct occ_hours *hours)
{
	char **parts = g_strsplit(text == NULL ? "" : text, ",", 16);

	*hours = (struct occ_hours){.flaw = ""};
	for (char **part = parts; *part != NULL; part++) {
		g_strstrip(*part);
		if (**part != '\0' && !parse_part(*part, hours) && hours->flaw[0] == '\0')
			g_snprintf(hours->flaw, sizeof(hours->flaw), "hours: \"%.40s\" is not understood",
				   *part);
	}
	g_strfreev(parts);
}

bool occ_hours_hold(const struct occ_hours *hours, int weekday, int minute)
{
	unsigned day = (unsigned)weekday % 7;

	return minute >= hours->from[day] && minute < hours->to[day];
}

/* --- the zone of the chosen place --- */

static const char *zone_of(struct occ_view *view)
{
	const struct occ_space *space = occ_chosen(view);
	const char *name = NULL;

	if (space != NULL && space->kind == KIND_ROOMS)
		name = ((const struct room *)space->row)->timezone;
	else if (space != NULL && space->kind == KIND_FLOORS)
		name = ((const struct floor_row *)space->row)->timezone;
	if (name == NULL && space != NULL)
		name = sites_at(view->sites, space->site)->timezone;
	if (name == NULL && space != NULL && space->floor_id != NULL) {
		const struct floor_row *floor = world_find(view->desk->world, space->account, KIND_FLOORS,
							   space->floor_id);

		name = floor == NULL ? NULL : floor->timezone;
	}
	if (name == NULL && space != NULL && view->desk->account_zone != NULL)
		name = view->desk->account_zone(view->desk, space->account);
	return name == NULL ? "" : name;
}

void occ_settle_zone(struct occ_view *view)
{
	const char *name = zone_of(view);

	if (view->zone != NULL && strcmp(view->zone_name, name) == 0)
		return;
	g_strlcpy(view->zone_name, name, sizeof(view->zone_name));
	moment_zone_free(view->zone);
	view->zone = moment_zone_new(view->zone_name);
	if (view->zone == NULL)
		view->zone = moment_zone_new(NULL);
}
