#include "api/density/report.h"

#include "api/density/shape.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)
#define PER_CENT_FROM 1.5 /* a share above is told in per cent (density.md §9 row 10) */
#define WAFFLE_LIMIT 3

static void free_zone(void *zone) { moment_zone_free(zone); }

void dens_report_init(struct dens_report *report, struct rows *rows, const struct dens_tree *tree,
		      const uint8_t *wanted, bool strangers)
{
	*report = (struct dens_report){.rows = rows, .tree = tree, .wanted = wanted, .strangers = strangers};
	report->every = (struct dens_every){DENS_HOUR, 1};
	report->ids = g_new0(const char *, tree->spaces->len + 1);
	report->names = g_new0(const char *, tree->spaces->len + 1);
	report->zones = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_zone);
	report->slices = g_array_new(FALSE, FALSE, sizeof(struct dens_slice));
}

void dens_report_fini(struct dens_report *report)
{
	if (report->zones == NULL)
		return;
	g_free(report->ids);
	g_free(report->names);
	g_hash_table_unref(report->zones);
	g_array_unref(report->slices);
	*report = (struct dens_report){.rows = NULL};
}

const struct moment_zone *dens_zone(struct dens_report *report, const char *name)
{
	struct moment_zone *zone;

	if (name == NULL)
		name = "UTC";
	zone = g_hash_table_lookup(report->zones, name);
	if (zone != NULL)
		return zone;
	zone = moment_zone_new(name);
	if (zone == NULL)
		zone = moment_zone_new("UTC");
	g_hash_table_insert(report->zones, g_strdup(name), zone);
	return zone;
}

/* The space that rows are about. */
struct place {
	const struct dens_space *space; /* NULL: not in the tree */
	const char *id, *name;          /* of the rows' arena */
	const struct moment_zone *zone;
};

static bool place_of(struct dens_report *report, const char *id, struct place *place)
{
	const struct dens_space *space = dens_tree_find(report->tree, id);

	*place = (struct place){.space = space};
	if (space == NULL) {
		if (!report->strangers || strncmp(id, "spc_", 4) != 0)
			return false;
		place->id = rows_text(report->rows, id);
		place->zone = dens_zone(report, NULL);
		return place->id != NULL;
	}
	if (!report->wanted[space->index])
		return false;
	if (report->ids[space->index] == NULL) {
		report->ids[space->index] = rows_copy(report->rows, space->id);
		report->names[space->index] = rows_copy(report->rows, space->name);
	}
	place->id = report->ids[space->index];
	place->name = report->names[space->index];
	place->zone = dens_zone(report, space->zone);
	return place->id != NULL;
}

/* --- metrics --- */

struct reading {
	struct dens_report *report;
	const struct dens_piece *piece;
	struct place place;
	int64_t last_ms; /* start of the space's window before */
	unsigned bad;
};

static bool is_metric(const char *name)
{
	static const char *const names[] = {
		"occupancy_avg",   "occupancy_max", "occupancy_min",       "utilization_avg",
		"utilization_max", "time_used_raw", "entrances",           "exits",
		"up_time",         "is_capped",     "time_used_percentage"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static bool has_metrics(const cJSON *item)
{
	if (!cJSON_IsObject(item))
		return false;
	for (const cJSON *member = item->child; member != NULL; member = member->next)
		if (member->string != NULL && is_metric(member->string))
			return true;
	return false;
}

static double not_negative(double value) { return value >= 0 ? value : NAN; }

static double share(const cJSON *item)
{
	double value = not_negative(jsonx_num(item));

	return value > PER_CENT_FROM ? value / 100 : value;
}

static void fill_member(struct occupancy *row, const cJSON *item, double *limit)
{
	const char *name = item->string;
	double value = not_negative(jsonx_num(item));
	const struct {
		const char *name;
		double *at;
	} plain[] = {
		{"occupancy_avg", &row->avg},
		{"occupancy_max", &row->max},
		{"occupancy_min", &row->min},
		{"utilization_avg", &row->utilization_avg},
		{"utilization_max", &row->utilization_max},
		{"entrances", &row->entrances},
		{"exits", &row->exits},
		{"capped_count_limit", limit},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
		if (strcmp(name, plain[i].name) == 0) {
			*plain[i].at = value;
			return;
		}
	if (strcmp(name, "time_used_raw") == 0)
		row->time_used_s = value / 1000;
	else if (strcmp(name, "up_time") == 0)
		row->uptime = share(item);
	else if (strcmp(name, "is_capped") == 0)
		row->capped = (int8_t)jsonx_truthy(item);
}

static void fill(struct occupancy *row, const struct dens_space *space, const cJSON *fields)
{
	double limit = NAN, percentage = NAN;

	for (const cJSON *item = fields->child; item != NULL; item = item->next) {
		if (item->string == NULL)
			continue;
		if (strcmp(item->string, "time_used_percentage") == 0)
			percentage = share(item);
		else
			fill_member(row, item, &limit);
	}
	if (isnan(row->time_used_s) && !isnan(percentage))
		row->time_used_s = percentage * (double)(row->end_ms - row->start_ms) / 1000;
	if ((limit > 0 && row->max >= limit) ||
	    (space != NULL && space->mode != NULL && g_ascii_strcasecmp(space->mode, "waffle") == 0 &&
	     row->max >= WAFFLE_LIMIT))
		row->capped = 1;
	/* The server says 0 where the capacity is 0: nobody knows how full that is. */
	if (space != NULL && !(space->capacity > 0))
		row->utilization_avg = row->utilization_max = NAN;
}

static void add_row(struct reading *reading, int64_t start_ms, int64_t end_ms, const cJSON *fields)
{
	struct rows *rows = reading->report->rows;
	struct occupancy *row = rows_add(rows);
	char at[MOMENT_TEXT_SIZE];

	if (row == NULL)
		return;
	row->id = rows_textf(rows, "%s@%s", reading->place.id, moment_format(start_ms, at));
	row->space_id = reading->place.id;
	row->space_name = reading->place.name;
	row->start_ms = start_ms;
	row->end_ms = end_ms;
	fill(row, reading->place.space, fields);
}

static bool told_with_zone(const char *key)
{
	const char *time = strpbrk(key, "T ");

	return time != NULL && strpbrk(time, "Z+-") != NULL;
}

/* In the hour that clocks show twice the second of two equal keys is the later; a key that clocks left out is none. */
static int64_t start_of(const struct reading *reading, const char *key)
{
	const struct moment_zone *zone = reading->place.zone;
	int64_t start_ms = dens_key_moment(key, zone);
	struct moment_parts wall, later;

	if (start_ms == MOMENT_NONE || told_with_zone(key) || strlen(key) < 16)
		return start_ms;
	wall = moment_split(start_ms, zone);
	if (wall.hour != (key[11] - '0') * 10 + key[12] - '0')
		return MOMENT_NONE;
	if (reading->last_ms == MOMENT_NONE || start_ms > reading->last_ms)
		return start_ms;
	later = moment_split(start_ms + HOUR_MS, zone);
	return later.hour == wall.hour ? start_ms + HOUR_MS : start_ms;
}

static void take_window(struct reading *reading, const char *key, const cJSON *fields)
{
	const struct dens_every own = {reading->report->every.resolution, 1};
	int64_t start_ms = start_of(reading, key), begin_ms, end_ms;

	if (start_ms == MOMENT_NONE)
		return;
	reading->last_ms = start_ms;
	dens_window(&own, start_ms, reading->place.zone, &begin_ms, &end_ms);
	/* A window that begins elsewhere than ours is as long as ours all the same. */
	add_row(reading, start_ms, end_ms + (start_ms - begin_ms), fields);
}

static void take_timed(struct reading *reading, const cJSON *item)
{
	static const char *const names[] = {"timestamp", "start_date", "date", "start_time", "start", "time"};
	const cJSON *time = NULL;
	char at[MOMENT_TEXT_SIZE];

	if (!cJSON_IsObject(item)) {
		reading->bad++;
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(names) && time == NULL; i++)
		time = jsonx_get(item, names[i]);
	if (jsonx_str(time) != NULL)
		take_window(reading, jsonx_str(time), item);
	else if (cJSON_IsNumber(time) && jsonx_moment(time) != MOMENT_NONE)
		take_window(reading, moment_format(jsonx_moment(time), at), item);
	else if (has_metrics(item))
		add_row(reading, reading->piece->from_ms, reading->piece->to_ms, item);
	else
		reading->bad++;
}

static void take_map(struct reading *reading, const cJSON *map)
{
	for (const cJSON *item = map->child; item != NULL; item = item->next) {
		if (cJSON_IsArray(item)) {
			for (const cJSON *one = item->child; one != NULL; one = one->next)
				take_timed(reading, one);
		} else if (cJSON_IsObject(item) && item->string != NULL) {
			if (dens_key_moment(item->string, NULL) != MOMENT_NONE)
				take_window(reading, item->string, item);
			else if (has_metrics(item))
				add_row(reading, reading->piece->from_ms, reading->piece->to_ms, item);
			else
				reading->bad++;
		}
	}
}

static int on_metrics(void *ctx, const char *id, bool in_array, const cJSON *value)
{
	struct reading *reading = ctx;
	const char *before = reading->place.id;

	if (!place_of(reading->report, id, &reading->place))
		return ERR_OK;
	if (!in_array || before != reading->place.id)
		reading->last_ms = MOMENT_NONE;
	if (in_array)
		take_timed(reading, value);
	else if (has_metrics(value))
		add_row(reading, reading->piece->from_ms, reading->piece->to_ms, value);
	else if (cJSON_IsObject(value))
		take_map(reading, value);
	else if (!cJSON_IsNull(value))
		reading->bad++;
	return rows_overflow(reading->report->rows) ? ERR_TOO_BIG : ERR_OK;
}

int dens_metrics_read(struct dens_report *report, const char *bytes, size_t length,
		      const struct dens_piece *piece, struct problem *problem)
{
	struct reading reading = {.report = report, .piece = piece, .last_ms = MOMENT_NONE};
	unsigned bad = 0;
	int err = dens_each_space(bytes, length, on_metrics, &reading, &bad, problem);

	rows_count_bad(report->rows, bad + reading.bad);
	/* What fitted is kept; that it is not all is told with the rows. */
	return err == ERR_TOO_BIG && rows_overflow(report->rows) ? ERR_OK : err;
}

/* --- completeness --- */

struct status {
	struct dens_report *report;
	int64_t from_ms, to_ms;
};

/* The member's name is not documented: the first that is a share. */
static double share_in(const cJSON *value)
{
	double complete = not_negative(jsonx_num(value));

	if (cJSON_IsObject(value))
		for (const cJSON *item = value->child; item != NULL && isnan(complete); item = item->next)
			if (cJSON_IsNumber(item))
				complete = not_negative(jsonx_num(item));
	return complete > PER_CENT_FROM ? complete / 100 : complete;
}

static int on_status(void *ctx, const char *id, bool in_array, const cJSON *value)
{
	struct status *status = ctx;
	struct dens_slice slice = {.floor = dens_tree_find(status->report->tree, id),
				   .from_ms = status->from_ms,
				   .to_ms = status->to_ms,
				   .complete = share_in(value)};

	(void)in_array;
	if (slice.floor != NULL && !isnan(slice.complete))
		g_array_append_val(status->report->slices, slice);
	return ERR_OK;
}

int dens_status_read(struct dens_report *report, const char *bytes, size_t length, int64_t from_ms,
		     int64_t to_ms, struct problem *problem)
{
	struct status status = {report, from_ms, to_ms};

	return dens_each_space(bytes, length, on_status, &status, NULL, problem);
}

/* --- sessions --- */

static void add_session(struct dens_report *report, const struct place *place, const cJSON *item,
			unsigned *bad)
{
	const char *start = jsonx_str(jsonx_get(item, "start_time")),
		   *end = jsonx_str(jsonx_get(item, "end_time"));
	int64_t start_ms = moment_parse_in(start, place->zone), end_ms = moment_parse_in(end, place->zone);
	char at[MOMENT_TEXT_SIZE], number[DENS_ID_SIZE];
	const char *type = dens_id(jsonx_get(item, "session_type"), number);
	struct session *row;

	if (start_ms == MOMENT_NONE || (end_ms != MOMENT_NONE && end_ms < start_ms)) {
		(*bad)++;
		return;
	}
	row = rows_add(report->rows);
	if (row == NULL)
		return;
	row->id = rows_textf(report->rows, "%s@%s", place->id, moment_format(start_ms, at));
	row->space_id = place->id;
	row->space_name = place->name;
	row->type = type == NULL || strcmp(type, "1") == 0 ? "1" : rows_text(report->rows, type);
	row->start_ms = start_ms;
	row->end_ms = end_ms;
}

struct sessions {
	struct dens_report *report;
	unsigned bad;
};

static int on_sessions(void *ctx, const char *id, bool in_array, const cJSON *value)
{
	struct sessions *sessions = ctx;
	struct dens_report *report = sessions->report;
	const cJSON *list = jsonx_get(value, "sessions");
	char number[DENS_ID_SIZE];
	struct place place;

	if (strcmp(id, "sessions") == 0) { /* the flat form: each names its space */
		id = dens_id(jsonx_get(value, "space_id"), number);
		if (id == NULL) {
			sessions->bad += in_array;
			return ERR_OK;
		}
	}
	if (!place_of(report, id, &place))
		return ERR_OK;
	if (cJSON_IsArray(list)) {
		for (const cJSON *item = list->child; item != NULL; item = item->next)
			add_session(report, &place, item, &sessions->bad);
	} else if (in_array) {
		add_session(report, &place, value, &sessions->bad);
	}
	return rows_overflow(report->rows) ? ERR_TOO_BIG : ERR_OK;
}

int dens_sessions_read(struct dens_report *report, const char *bytes, size_t length, struct problem *problem)
{
	struct sessions sessions = {.report = report};
	unsigned bad = 0;
	int err = dens_each_space(bytes, length, on_sessions, &sessions, &bad, problem);

	rows_count_bad(report->rows, bad + sessions.bad);
	return err == ERR_TOO_BIG && rows_overflow(report->rows) ? ERR_OK : err;
}

static int session_by_start(const void *a, const void *b, void *ctx)
{
	const struct session *x = a, *y = b;
	int order = (x->start_ms > y->start_ms) - (x->start_ms < y->start_ms);

	if (order == 0)
		order = strcmp(x->space_id, y->space_id);
	else if (*(const bool *)ctx)
		order = -order;
	return order;
}

void dens_sessions_finish(struct dens_report *report, bool newest_first)
{
	struct rows *rows = report->rows;
	size_t n = 0;

	rows_sort(rows, session_by_start, &newest_first);
	/* One that lasts over the end of a piece comes with both. */
	for (size_t i = 0; i < rows_count(rows); i++) {
		struct session row = *(const struct session *)rows_at(rows, i);
		struct session *before = n > 0 ? rows_edit(rows, n - 1) : NULL;

		if (before != NULL && before->start_ms == row.start_ms &&
		    strcmp(before->space_id, row.space_id) == 0) {
			before->end_ms = MAX(before->end_ms, row.end_ms);
			continue;
		}
		*(struct session *)rows_edit(rows, n++) = row;
	}
	rows_truncate(rows, n);
}
