#include "core/query.h"

#include "base/moment.h"
#include "base/text.h"
#include "core/kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUERY_CEILING ((size_t)4 << 20) /* all filter texts together */
#define QUERY_TEXT_MOST 1024            /* bytes in one */
#define QUERY_LIMIT_MOST 1000000000

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define DOORS_LIMIT 100

const struct filter_info filter_table[] = {
	{"account", "NAME", true, "only what this account tells"},
	{"building", "ID", true, "only what is in this building"},
	{"floor", "ID", true, "only what is on this floor"},
	{"room", "ID", true, "only what is in this room"},
	{"unit", "ID", true, "only what belongs to this unit"},
	{"user", "ID", true, "only what belongs to this person"},
	{"since", "T", false,
	 "from this time on: 2026-08-19T08:00, or a span back from now such as 15m, 8h, 7d"},
	{"until", "T", false, "before this time"},
	{"limit", "N", false, "at most so many, the newest first where they have a time"},
	{"method", "M", true, "only door releases made in this way"},
	{"type", "T", true, "only this type; measurements: latest, min_max, range or raw"},
	{"status", "S", true, "only this status"},
	{"every", "SPAN", false,
	 "occupancy and ranges of measurements: the length of a window, such as 5m, 1h, 1d"},
	{"source", "ID", true, "measurements and alarms: only this data source"},
};
const size_t filter_count = sizeof(filter_table) / sizeof(filter_table[0]);

const char *const query_measurement_types[] = {"latest", "min_max", "range", "raw", NULL};

void query_init(struct query *query, enum kind kind)
{
	*query = (struct query){.kind = kind, .since_ms = MOMENT_NONE, .until_ms = MOMENT_NONE};
	arena_init(&query->arena, QUERY_CEILING);
}

void query_fini(struct query *query)
{
	arena_fini(&query->arena);
	query_init(query, query->kind);
}

/* The lists, in one place for setting and copying. */
static struct words *query_list(struct query *query, const char *name)
{
	const struct {
		const char *name;
		struct words *list;
	} lists[] = {
		{"account", &query->accounts}, {"building", &query->buildings}, {"floor", &query->floors},
		{"room", &query->rooms},       {"unit", &query->units},         {"user", &query->users},
		{"method", &query->methods},   {"type", &query->types},         {"status", &query->statuses},
		{"source", &query->sources},
	};
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(lists[i].name, name) == 0)
			return lists[i].list;
	return NULL;
}

/* Adds an inert text of the query's arena. The list's room is the power of two at or above its length. */
static bool list_add(struct query *query, struct words *list, const char *text)
{
	if (!text)
		return false;
	if ((list->n & (list->n - 1)) == 0) { /* full: 0, 1, 2, 4 … */
		const char **at = arena_alloc(&query->arena, (list->n ? 2 * list->n : 1) * sizeof(*at));
		if (!at)
			return false;
		if (list->n)
			memcpy(at, list->at, list->n * sizeof(*at));
		list->at = at;
	}
	((const char **)(uintptr_t)list->at)[list->n++] = text;
	return true;
}

static bool copy_list(struct query *copy, struct words *to, const struct words *from)
{
	for (size_t i = 0; i < from->n; i++)
		if (!list_add(copy, to, arena_strndup(&copy->arena, from->at[i], strlen(from->at[i]))))
			return false;
	return true;
}

struct query *query_copy(const struct query *query)
{
	bool whole;

	struct query *copy = malloc(sizeof(*copy));
	if (!copy)
		return NULL;
	query_init(copy, query->kind);
	copy->since_ms = query->since_ms;
	copy->until_ms = query->until_ms;
	copy->every_ms = query->every_ms;
	copy->limit = query->limit;
	copy->completeness = query->completeness;
	whole = copy_list(copy, &copy->ids, &query->ids);
	for (size_t i = 0; i < filter_count; i++) {
		const struct words *from = query_list((struct query *)(uintptr_t)query, filter_table[i].name);
		struct words *to = query_list(copy, filter_table[i].name);

		whole = whole && (from == NULL || copy_list(copy, to, from));
	}
	if (whole)
		return copy;
	query_free(copy);
	return NULL;
}

void query_free(struct query *query)
{
	if (!query)
		return;
	query_fini(query);
	free(query);
}

/* What a person typed, cut and made fit to be printed. */
static const char *shown(const char *text, char *out, size_t size)
{
	struct buf buf;
	buf_init(&buf, BUF_CEILING_LINE);
	text_add_shown(&buf, text, strnlen(text, size / 2), false);
	size_t length = buf.length < size ? buf.length : size - 1;
	memcpy(out, buf_text(&buf), length);
	out[length] = '\0';
	buf_fini(&buf);
	return out;
}

static int wrong(struct problem *problem, const char *name, const char *value, const char *expected)
{
	char what[40], clean[160];
	snprintf(what, sizeof(what), "--%s", name);
	return problem_set(problem, ERR_USAGE, what, NULL, "expected %s, not `%s`", expected,
			   shown(value, clean, sizeof(clean)));
}

static int set_text(struct query *query, const char *name, const char *value, struct problem *problem)
{
	size_t length = strlen(value);
	if (length == 0 || length > QUERY_TEXT_MOST)
		return wrong(problem, name, value, "1 to 1024 bytes of text");
	if (list_add(query, query_list(query, name), text_inert(&query->arena, value, length)))
		return ERR_OK;
	return problem_set(problem, ERR_USAGE, "filters", NULL, "there are too many");
}

static int set_moment(int64_t *moment_ms, const char *name, const char *value, int64_t now_ms,
		      struct problem *problem)
{
	int64_t parsed = moment_parse_user(value, now_ms);
	if (parsed == MOMENT_NONE)
		return wrong(problem, name, value,
			     "a time such as 2026-08-19T08:00 or a span back such as 15m, 8h, 7d");
	*moment_ms = parsed;
	return ERR_OK;
}

static int set_every(struct query *query, const char *value, struct problem *problem)
{
	int64_t span_ms = moment_span_ms(value);
	if (span_ms <= 0)
		return wrong(problem, "every", value, "a span such as 5m, 1h or 1d");
	query->every_ms = span_ms;
	return ERR_OK;
}

static int set_limit(struct query *query, const char *value, struct problem *problem)
{
	int64_t limit = 0;
	for (const char *digit = value; *digit; digit++) {
		if (*digit < '0' || *digit > '9' || limit > QUERY_LIMIT_MOST) {
			limit = 0;
			break;
		}
		limit = limit * 10 + (*digit - '0');
	}
	if (limit < 1 || limit > QUERY_LIMIT_MOST)
		return wrong(problem, "limit", value, "a whole number from 1 to 1000000000");
	query->limit = limit;
	return ERR_OK;
}

static int unknown_filter(const char *name, struct problem *problem)
{
	const char *known[sizeof(filter_table) / sizeof(filter_table[0]) + 1] = {NULL};
	for (size_t i = 0; i < filter_count; i++)
		known[i] = filter_table[i].name;
	char clean[80], todo[80] = "";
	const char *near = text_nearest(name, known);
	if (near)
		snprintf(todo, sizeof(todo), "did you mean --%s?", near);
	return problem_set(problem, ERR_USAGE, NULL, todo, "unknown filter `--%s`",
			   shown(name, clean, sizeof(clean)));
}

int query_set(struct query *query, const char *name, const char *value, int64_t now_ms,
	      struct problem *problem)
{
	name += strspn(name, "-");
	if (strcmp(name, "since") == 0)
		return set_moment(&query->since_ms, name, value, now_ms, problem);
	if (strcmp(name, "until") == 0)
		return set_moment(&query->until_ms, name, value, now_ms, problem);
	if (strcmp(name, "every") == 0)
		return set_every(query, value, problem);
	if (strcmp(name, "limit") == 0)
		return set_limit(query, value, problem);
	if (query_list(query, name))
		return set_text(query, name, value, problem);
	return unknown_filter(name, problem);
}

/* --- checks --- */

static bool listed(const char *const *list, const char *text)
{
	for (; *list; list++)
		if (strcmp(*list, text) == 0)
			return true;
	return false;
}

static int not_for_kind(const char *filter, const struct kind_info *info, struct problem *problem)
{
	return problem_set(problem, ERR_USAGE, filter, NULL, "%s cannot be chosen by it", info->name);
}

static int check_types(const struct query *query, const struct kind_info *info, struct problem *problem)
{
	if (!query->types.n || info->type_field)
		return ERR_OK;
	if (query->kind == KIND_OCCUPANCY)
		return ERR_OK; /* room, floor, zone: the source knows which of its spaces is what */
	if (query->kind != KIND_MEASUREMENTS)
		return not_for_kind("--type", info, problem);
	for (size_t i = 0; i < query->types.n; i++)
		if (!listed(query_measurement_types, query->types.at[i]))
			return wrong(problem, "type", query->types.at[i], "latest, min_max, range or raw");
	return ERR_OK;
}

/* Building, floor and room are always allowed: a source may know the place of what has no field for it. */
int query_check(const struct query *query, struct problem *problem)
{
	const struct kind_info *info = kind_info(query->kind);
	if (query->since_ms != MOMENT_NONE && query->until_ms != MOMENT_NONE &&
	    query->since_ms > query->until_ms)
		return problem_set(problem, ERR_USAGE, "--since", NULL, "it is later than --until");
	if (query->every_ms && query->kind != KIND_OCCUPANCY && query->kind != KIND_MEASUREMENTS)
		return problem_set(problem, ERR_USAGE, "--every", NULL,
				   "only occupancy and measurements are told by windows, not %s", info->name);
	if (query->methods.n && !info->method_field)
		return not_for_kind("--method", info, problem);
	if (query->statuses.n && !info->status_field)
		return not_for_kind("--status", info, problem);
	if (query->sources.n && !info->source_field)
		return not_for_kind("--source", info, problem);
	return check_types(query, info, problem);
}

void query_apply_defaults(struct query *query, int64_t now_ms)
{
	if (query->kind == KIND_OCCUPANCY && !query->every_ms)
		query->every_ms = HOUR_MS;
	if (query->since_ms != MOMENT_NONE || query->limit)
		return;
	int64_t end_ms = query->until_ms != MOMENT_NONE ? query->until_ms : now_ms;
	if (query->kind == KIND_FRAMES || query->kind == KIND_DETECTIONS)
		query->since_ms = end_ms - MINUTE_MS;
	else if (query->kind == KIND_OCCUPANCY)
		query->since_ms = end_ms - DAY_MS;
	else if (query->kind == KIND_DOORS)
		query->limit = DOORS_LIMIT;
	else if (query->kind == KIND_MEASUREMENTS && !query->types.n)
		list_add(query, &query->types, query_measurement_types[0]);
}

/* --- matching --- */

bool query_wants(const struct words *list, const char *text)
{
	if (!list->n)
		return true;
	for (size_t i = 0; text && i < list->n; i++)
		if (strcmp(list->at[i], text) == 0)
			return true;
	return false;
}

static bool match_field(enum kind kind, const char *field_name, const struct words *list, const void *row)
{
	if (!list->n || !field_name)
		return true;
	return query_wants(list, field_text(kind_field(kind, field_name), row));
}

/* A window counts when any part of it lies in the range: the hour that --since cuts is part of the day. */
static bool match_window(const struct query *query, const void *row)
{
	int64_t start_ms = *(const int64_t *)field_at(kind_field(query->kind, "start"), row);
	int64_t end_ms = *(const int64_t *)field_at(kind_field(query->kind, "end"), row);
	return start_ms != MOMENT_NONE && (query->since_ms == MOMENT_NONE || end_ms > query->since_ms) &&
	       (query->until_ms == MOMENT_NONE || start_ms < query->until_ms);
}

static bool match_time(const struct query *query, const char *field_name, const void *row)
{
	if (!field_name || (query->since_ms == MOMENT_NONE && query->until_ms == MOMENT_NONE))
		return true;
	if (query->kind == KIND_OCCUPANCY)
		return match_window(query, row);
	int64_t time_ms = *(const int64_t *)field_at(kind_field(query->kind, field_name), row);
	if (time_ms == MOMENT_NONE)
		return false;
	return (query->since_ms == MOMENT_NONE || time_ms >= query->since_ms) &&
	       (query->until_ms == MOMENT_NONE || time_ms < query->until_ms);
}

/* Where a vendor knows no buildings, a [building] group names floors. */
static bool match_building(const struct query *query, const struct kind_info *info, const void *row)
{
	if (query->kind == KIND_FLOORS && query->buildings.n &&
	    query_wants(&query->buildings, *(const char *const *)row))
		return true;
	return match_field(query->kind, info->building_field, &query->buildings, row);
}

bool query_match(const struct query *query, const void *row)
{
	const struct kind_info *info = kind_info(query->kind);
	return (query->ids.n == 0 || query_wants(&query->ids, *(const char *const *)row)) &&
	       match_building(query, info, row) &&
	       match_field(query->kind, info->floor_field, &query->floors, row) &&
	       match_field(query->kind, info->room_field, &query->rooms, row) &&
	       match_field(query->kind, info->unit_field, &query->units, row) &&
	       match_field(query->kind, info->user_field, &query->users, row) &&
	       match_field(query->kind, info->method_field, &query->methods, row) &&
	       match_field(query->kind, info->type_field, &query->types, row) &&
	       match_field(query->kind, info->status_field, &query->statuses, row) &&
	       match_field(query->kind, info->source_field, &query->sources, row) &&
	       match_time(query, info->time_field, row);
}
