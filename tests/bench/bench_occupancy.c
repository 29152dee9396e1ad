/* Figures of the occupancy pane: 20,000 spaces taken in and shown, a key to the composed picture, a year of hours of 200 rooms charted. */
#include "core/kind.h"
#include "ui/pane/occupancy_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define SPACES 20000
#define FLOORS 100
#define KEYS 400
#define ROOMS 200
#define HOURS (365 * 24)
#define HOUR_MS INT64_C(3600000)

static const struct clock *now_clock;

static double ms_since(int64_t start_us) { return (double)(g_get_monotonic_time() - start_us) / 1000; }

static struct rows *seal_ready(struct rows *rows)
{
	rows_set_times(rows, clock_wall_ms(now_clock), MOMENT_NONE);
	rows_set_hash(rows, kind_hash_rows(rows));
	return rows;
}

static const struct rows *rooms(int round)
{
	struct rows *rows = kind_rows_new(KIND_ROOMS, "density", "density");

	for (int i = 0; i < SPACES; i++) {
		struct room *room = rows_add(rows);

		room->id = rows_textf(rows, "spc_%d", i);
		room->floor_id = rows_textf(rows, "spc_f%d", i % FLOORS);
		room->name = rows_textf(rows, "Room %d.%d", i % FLOORS, i);
		room->capacity = i % 7 == 0 ? 0 : i % 12;
		room->occupancy = (i * 31 + round) % 9;
		room->health = i % 50 == 0 ? rows_text(rows, STATUS_OFFLINE) : NULL;
	}
	return rows_seal(seal_ready(rows));
}

static void put_places(struct world *world)
{
	struct rows *rows = kind_rows_new(KIND_BUILDINGS, "density", "density");
	struct building *building = rows_add(rows);

	building->id = rows_text(rows, "spc_b");
	building->name = rows_text(rows, "Tower");
	building->timezone = rows_text(rows, "America/New_York");
	world_put(world, 0, rows_seal(seal_ready(rows)));
	rows = kind_rows_new(KIND_FLOORS, "density", "density");
	for (int i = 0; i < FLOORS; i++) {
		struct floor_row *floor = rows_add(rows);

		floor->id = rows_textf(rows, "spc_f%d", i);
		floor->building_id = rows_text(rows, "spc_b");
		floor->name = rows_textf(rows, "Level %d", i);
		floor->number = i;
	}
	world_put(world, 0, rows_seal(seal_ready(rows)));
}

static gint by_size(gconstpointer a, gconstpointer b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void tell(const char *what, double *values, size_t n)
{
	qsort(values, n, sizeof(*values), by_size);
	printf("%-44s p50 %7.3f ms  p99 %7.3f ms\n", what, values[n / 2], values[n * 99 / 100]);
}

static void draw(void *pane, struct canvas *canvas)
{
	canvas_clear(canvas, STYLE(TEXT));
	pane_occupancy.draw(pane, canvas, true, true);
}

static void many_spaces(struct desk *desk)
{
	struct canvas *canvas = canvas_new(160, 45, false);
	double values[KEYS];
	int64_t start_us;
	void *pane;

	put_places(desk->world);
	world_put(desk->world, 0, rooms(0));
	world_settle_choice(desk->world);
	start_us = g_get_monotonic_time();
	pane = pane_occupancy.open(desk);
	pane_occupancy.update(pane, UINT32_MAX);
	draw(pane, canvas);
	printf("%-44s %11.1f ms\n", "20,000 spaces: first list", ms_since(start_us));
	for (int i = 0; i < KEYS; i++) {
		start_us = g_get_monotonic_time();
		pane_occupancy.act(pane, i % 40 == 39 ? ACTION_PAGE_DOWN : ACTION_DOWN, NULL);
		draw(pane, canvas);
		values[i] = ms_since(start_us);
	}
	tell("20,000 spaces: key to composed picture", values, KEYS);
	for (int i = 0; i < 20; i++) {
		world_put(desk->world, 0, rooms(i + 1));
		start_us = g_get_monotonic_time();
		pane_occupancy.update(pane, KIND_BIT(KIND_ROOMS));
		draw(pane, canvas);
		values[i] = ms_since(start_us);
	}
	tell("20,000 spaces: new figures to picture", values, 20);
	pane_occupancy.act(pane, ACTION_RANKING, "fullest");
	start_us = g_get_monotonic_time();
	draw(pane, canvas);
	printf("%-44s %11.1f ms\n", "20,000 spaces: ranked", ms_since(start_us));
	start_us = g_get_monotonic_time();
	pane_occupancy.act(pane, ACTION_FILTER, "level 7 room");
	draw(pane, canvas);
	printf("%-44s %11.1f ms\n", "20,000 spaces: filtered", ms_since(start_us));
	pane_occupancy.close(pane);
	canvas_free(canvas);
}

/* --- a year --- */

static const struct rows *year(const struct query *query)
{
	struct rows *rows = kind_rows_new(KIND_OCCUPANCY, "density", "density");
	const char *id = rows_text(rows, query->rooms.at[0]);

	for (int i = 0; i < HOURS; i++) {
		struct occupancy *row = rows_add(rows);

		row->space_id = row->id = id;
		row->start_ms = query->until_ms - (HOURS - i) * HOUR_MS;
		row->end_ms = row->start_ms + HOUR_MS;
		row->avg = i % 24 < 7 ? 0 : (i * 7 % 90) / 10.0;
		row->max = row->avg + 1;
		row->uptime = row->complete = 1;
	}
	return rows_seal(seal_ready(rows));
}

static double asked_ms;

static void ask(struct desk *desk, unsigned account, const struct query *query,
		void (*answer)(void *ctx, const struct rows *rows, const char *why), void *ctx)
{
	int64_t start_us = g_get_monotonic_time();
	const struct rows *rows = year(query);

	(void)desk;
	(void)account;
	asked_ms = ms_since(start_us);
	answer(ctx, rows, NULL);
	rows_unref(rows);
}

static void a_year(struct desk *desk, struct clock_fake *clock)
{
	struct canvas *canvas = canvas_new(160, 45, false);
	double taken[ROOMS], drawn[ROOMS], all = 0;
	struct occ_view *pane;
	int64_t start_us;

	desk->ask = ask;
	pane = pane_occupancy.open(desk);
	pane_occupancy.update(pane, UINT32_MAX);
	draw(pane, canvas);
	pane_occupancy.act(pane, ACTION_DATES, "365d..now");
	for (int i = 0; i < ROOMS; i++) {
		clock->wall_ms += 1000; /* each is asked for */
		pane->moved_ms = 0;
		start_us = g_get_monotonic_time();
		pane_occupancy.act(pane, ACTION_DOWN, NULL);
		taken[i] = ms_since(start_us) - asked_ms;
		start_us = g_get_monotonic_time();
		draw(pane, canvas);
		drawn[i] = ms_since(start_us);
		all += taken[i] + drawn[i];
	}
	printf("%-44s %11.1f ms (%zu windows each)\n", "a year of hours of 200 rooms: all charted", all,
	       pane->series[0].windows.n);
	tell("a year of hours: answer taken in", taken, ROOMS);
	tell("a year of hours: chart drawn", drawn, ROOMS);
	pane_occupancy.close(pane);
	canvas_free(canvas);
}

int main(void)
{
	struct clock_fake clock;
	struct desk desk = {.cell_aspect = 2};
	struct rusage usage;

	clock_fake_init(&clock, moment_parse("2026-08-19T18:07:00Z"));
	now_clock = &clock.clock;
	desk.world = world_new(&clock.clock);
	world_add_account(desk.world, "density", VENDOR_DENSITY);
	many_spaces(&desk);
	a_year(&desk, &clock);
	world_free(desk.world);
	getrusage(RUSAGE_SELF, &usage);
	printf("%-44s %11ld MB\n", "greatest memory", usage.ru_maxrss / 1024);
	return 0;
}
