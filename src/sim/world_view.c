#include "sim/world_view.h"

#include <stdlib.h>
#include <string.h>

#define DAYS_AT_LEAST 32
#define DAYS_PER_BUILDING 3

struct world_view *world_view_new(const struct world *world, int days)
{
	struct world_view *view = g_new0(struct world_view, 1);
	int usual = DAYS_PER_BUILDING * world->building_count;

	view->world = world;
	view->days = days > 0 ? days : usual > DAYS_AT_LEAST ? usual : DAYS_AT_LEAST;
	view->kept = g_ptr_array_new();
	view->current = g_new0(struct people_day *, (gsize)world->building_count);
	view->today = g_new0(struct world_day, (gsize)world->building_count);
	return view;
}

void world_view_free(struct world_view *view)
{
	if (!view)
		return;
	for (guint i = 0; i < view->kept->len; i++)
		people_day_free(g_ptr_array_index(view->kept, i));
	g_ptr_array_free(view->kept, TRUE);
	g_free(view->current);
	g_free(view->today);
	g_free(view);
}

struct world_work world_view_work(const struct world_view *view) { return view->work; }

/* --- days ------------------------------------------------------------------------------------------------ */

/* Days since 1970-01-01 of a date of the Gregorian calendar. */
static int day_number(int year, int month, int day)
{
	int y = year - (month <= 2), era = y / 400, of_era = y - era * 400;
	int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool is_holiday(const char *country, int month, int day)
{
	static const struct {
		const char *country;
		int days[10]; /* month * 100 + day, ended by 0 */
	} table[] = {
		{"US", {101, 619, 704, 1111, 1225}},
		{"PT", {101, 425, 501, 610, 815, 1005, 1101, 1201, 1225}},
		{"DE", {101, 501, 1003, 1225, 1226}},
		{"AU", {101, 126, 425, 1225, 1226}},
		{"JP", {101, 102, 103, 211, 429, 503, 504, 505, 1103}},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		for (int k = 0; strcmp(table[i].country, country) == 0 && table[i].days[k]; k++) {
			if (table[i].days[k] == month * 100 + day)
				return true;
		}
	}
	return false;
}

struct world_day world_view_day(struct world_view *view, int building, int64_t t_ms)
{
	const struct moment_zone *zone = view->world->inner->time_zones[building];
	struct world_day *today = &view->today[building];
	struct moment_parts parts;

	if (t_ms >= today->start_ms && t_ms < today->end_ms)
		return *today;
	parts = moment_split(t_ms, zone);
	today->number = day_number(parts.year, parts.month, parts.day);
	today->weekday = (today->number + 4) % 7;
	today->holiday = is_holiday(view->world->buildings[building].country, parts.month, parts.day);
	parts.hour = parts.minute = parts.second = 0;
	today->start_ms = moment_join(&parts, zone);
	parts.day++;
	today->end_ms = moment_join(&parts, zone);
	return *today;
}

static void drop_oldest(struct world_view *view)
{
	guint oldest = 0;

	for (guint i = 1; i < view->kept->len; i++) {
		const struct people_day *plan = g_ptr_array_index(view->kept, i);
		const struct people_day *other = g_ptr_array_index(view->kept, oldest);

		if (plan->last_used < other->last_used)
			oldest = i;
	}
	struct people_day *plan = g_ptr_array_remove_index_fast(view->kept, oldest);

	if (view->current[plan->building] == plan)
		view->current[plan->building] = NULL;
	people_day_free(plan);
}

const struct people_day *world_view_plan(struct world_view *view, int building, int64_t t_ms)
{
	struct people_day *plan = view->current[building];

	view->clock++;
	if (plan && t_ms >= plan->day.start_ms && t_ms < plan->day.end_ms) {
		plan->last_used = view->clock;
		return plan;
	}
	for (guint i = 0; i < view->kept->len; i++) {
		plan = g_ptr_array_index(view->kept, i);
		if (plan->building == building && t_ms >= plan->day.start_ms && t_ms < plan->day.end_ms)
			goto found;
	}
	if ((int)view->kept->len >= view->days)
		drop_oldest(view);
	plan = people_day_new(view->world, building, world_view_day(view, building, t_ms));
	g_ptr_array_add(view->kept, plan);
	view->work.days_built++;
found:
	plan->last_used = view->clock;
	view->current[building] = plan;
	return plan;
}

/* --- people ---------------------------------------------------------------------------------------------- */

bool world_view_person(struct world_view *view, int person, int64_t t_ms, struct world_presence *out)
{
	const struct people_day *plan = world_view_plan(view, view->world->people[person].building, t_ms);

	view->work.placed++;
	return people_position(view->world, plan, person, t_ms, out);
}

/* Keeps the list in order of person; what does not fit falls off. */
static void insert(struct world_presence *out, size_t count, size_t max, struct world_presence who)
{
	size_t at = count < max ? count : max;

	for (; at > 0 && out[at - 1].person > who.person; at--) {
		if (at < max)
			out[at] = out[at - 1];
	}
	if (at < max)
		out[at] = who;
}

size_t world_view_people(struct world_view *view, int floor, int64_t t_ms, struct world_presence *out,
			 size_t max)
{
	const struct world *world = view->world;
	int building = world->floors[floor].building;
	const struct people_day *plan = world_view_plan(view, building, t_ms);
	int place = people_place(world, building, (struct world_ref){WORLD_FLOOR, floor});
	size_t count = 0;

	for (int i = plan->first_dwell[place]; i < plan->first_dwell[place + 1]; i++) {
		const struct people_dwell *dwell = &g_array_index(plan->dwells, struct people_dwell, i);
		struct world_presence who;

		if (dwell->from_ms > t_ms)
			break;
		if (dwell->to_ms <= t_ms || !people_position(world, plan, dwell->person, t_ms, &who))
			continue;
		view->work.placed++;
		insert(out, count++, max, who);
	}
	return count;
}

/* --- doors ----------------------------------------------------------------------------------------------- */

/* The first crossing at or after the moment. */
static guint first_crossing(const GArray *crossings, int64_t t_ms)
{
	guint low = 0, high = crossings->len;

	while (low < high) {
		guint middle = (low + high) / 2;

		if (g_array_index(crossings, struct world_crossing, middle).t_ms < t_ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t world_view_crossings(struct world_view *view, int floor, int door, int64_t t0_ms, int64_t t1_ms,
			    struct world_crossing *out, size_t max)
{
	const struct world *world = view->world;
	int building = world->floors[door >= 0 ? world->doors[door].floor : floor].building;
	size_t count = 0;

	while (t0_ms < t1_ms) {
		const struct people_day *plan = world_view_plan(view, building, t0_ms);

		for (guint i = first_crossing(plan->crossings, t0_ms); i < plan->crossings->len; i++) {
			const struct world_crossing *crossing = &g_array_index(plan->crossings,
									       struct world_crossing, i);

			if (crossing->t_ms >= t1_ms)
				break;
			if (door >= 0 ? crossing->door != door : world->doors[crossing->door].floor != floor)
				continue;
			if (count < max)
				out[count] = *crossing;
			count++;
		}
		t0_ms = plan->day.end_ms;
	}
	return count;
}

void world_view_traffic(struct world_view *view, int sensor, int64_t t0_ms, int64_t t1_ms, int *in, int *out)
{
	int door = view->world->sensors[sensor].door;
	size_t count;
	struct world_crossing *crossings;

	*in = *out = 0;
	if (door < 0 || t0_ms >= t1_ms)
		return;
	count = world_view_crossings(view, -1, door, t0_ms, t1_ms, NULL, 0);
	crossings = g_new(struct world_crossing, count + 1);
	world_view_crossings(view, -1, door, t0_ms, t1_ms, crossings, count);
	for (size_t i = 0; i < count; i++) {
		if (world_view_silent_until(view, sensor, crossings[i].t_ms) != crossings[i].t_ms)
			continue;
		if (crossings[i].in)
			++*in;
		else
			++*out;
	}
	g_free(crossings);
}
