/* People of the chosen building: now by rooms, today by the windows of its floors. */
#include "ui/pane/overview_tiles.h"

#include "base/moment.h"

#include <math.h>
#include <string.h>

static bool same(const char *a, const char *b) { return a && b && strcmp(a, b) == 0; }

static bool floor_is_in(struct world *world, const struct choice *choice, const char *floor_id)
{
	const struct floor_row *storey = floor_id ? world_find(world, choice->account, KIND_FLOORS, floor_id)
						  : NULL;
	if (!choice->building_id[0])
		return true;
	return storey && same(storey->building_id, choice->building_id);
}

static gint fullest_first(gconstpointer a, gconstpointer b)
{
	const struct people_room *one = a, *other = b;
	double x = one->capacity > 0 ? one->now / one->capacity : 0;
	double y = other->capacity > 0 ? other->now / other->capacity : 0;
	if (x != y)
		return x > y ? -1 : 1;
	if (one->now != other->now)
		return one->now > other->now ? -1 : 1;
	return g_strcmp0(one->name, other->name);
}

static void add_room(struct people *people, const struct room *room)
{
	if (room->capacity > 0)
		people->capacity = (isnan(people->capacity) ? 0 : people->capacity) + room->capacity;
	if (isnan(room->occupancy))
		return;
	people->now = (isnan(people->now) ? 0 : people->now) + room->occupancy;
	people->stale = people->stale || room->stale == 1;
	if (room->as_of_ms != MOMENT_NONE)
		people->as_of_ms = MAX(people->as_of_ms, room->as_of_ms);
	struct people_room entry = {room->name ? room->name : room->id, room->occupancy,
				    room->capacity > 0 ? room->capacity : NAN};
	if (room->occupancy > 0)
		g_array_append_val(people->rooms, entry);
}

static void count_rooms(struct people *people, struct world *world, const struct choice *choice)
{
	const struct rows *rows = world_rows(world, choice->account, KIND_ROOMS);
	for (size_t i = 0; rows && i < rows_count(rows); i++) {
		const struct room *room = rows_at(rows, i);
		if (floor_is_in(world, choice, room->floor_id))
			add_room(people, room);
	}
	g_array_sort(people->rooms, fullest_first);
}

static gint by_start(gconstpointer a, gconstpointer b)
{
	const struct people_hour *one = a, *other = b;
	return (one->start_ms > other->start_ms) - (one->start_ms < other->start_ms);
}

/* Windows of one start are of several spaces: their people are added. */
static void merge(GArray *hours)
{
	guint to = 0;
	g_array_sort(hours, by_start);
	for (guint i = 0; i < hours->len; i++) {
		struct people_hour hour = g_array_index(hours, struct people_hour, i);
		struct people_hour *last = to ? &g_array_index(hours, struct people_hour, to - 1) : NULL;
		if (last && last->start_ms == hour.start_ms)
			last->people += hour.people;
		else
			g_array_index(hours, struct people_hour, to++) = hour;
	}
	g_array_set_size(hours, to);
}

/* By floors, or where the vendor counts no floors by rooms. */
static void count_hours(struct people *people, struct world *world, const struct choice *choice,
			int64_t midnight_ms, bool by_room)
{
	const struct rows *rows = world_rows(world, choice->account, KIND_OCCUPANCY);
	for (size_t i = 0; rows && i < rows_count(rows); i++) {
		const struct occupancy *row = rows_at(rows, i);
		double value = isnan(row->max) ? row->avg : row->max;
		const struct room *room = NULL;
		if (row->start_ms == MOMENT_NONE || row->start_ms < midnight_ms || isnan(value) ||
		    !row->space_id)
			continue;
		if (by_room && !(room = world_find(world, choice->account, KIND_ROOMS, row->space_id)))
			continue;
		if (!by_room && !world_find(world, choice->account, KIND_FLOORS, row->space_id))
			continue;
		if (!floor_is_in(world, choice, by_room ? room->floor_id : row->space_id))
			continue;
		struct people_hour hour = {row->start_ms, value};
		g_array_append_val(people->hours, hour);
	}
	merge(people->hours);
}

static void find_peak(struct people *people, int64_t now_ms)
{
	for (guint i = 0; i < people->hours->len; i++) {
		const struct people_hour *hour = &g_array_index(people->hours, struct people_hour, i);
		if (isnan(people->peak) || hour->people > people->peak) {
			people->peak = hour->people;
			people->peak_ms = hour->start_ms;
		}
	}
	if (!isnan(people->now) && (isnan(people->peak) || people->now > people->peak)) {
		people->peak = people->now;
		people->peak_ms = now_ms;
	}
}

void people_count(struct people *people, struct world *world, int64_t midnight_ms)
{
	const struct choice *choice = world_choice(world);
	const struct building *building = choice->building_id[0]
						  ? world_find(world, choice->account, KIND_BUILDINGS,
							       choice->building_id)
						  : NULL;
	enum light light = world_light(world, choice->account).light;
	people->now = people->capacity = people->peak = NAN;
	people->peak_ms = people->as_of_ms = MOMENT_NONE;
	people->stale = light == LIGHT_LATE || light == LIGHT_DOWN || light == LIGHT_SIGNED_OUT;
	g_array_set_size(people->rooms, 0);
	g_array_set_size(people->hours, 0);
	count_rooms(people, world, choice);
	if (building && building->capacity > 0)
		people->capacity = building->capacity;
	count_hours(people, world, choice, midnight_ms, false);
	if (people->hours->len == 0)
		count_hours(people, world, choice, midnight_ms, true);
	find_peak(people, world_now_ms(world));
}
