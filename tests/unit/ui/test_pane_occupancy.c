/* Occupancy: what is said of rooms, the joined list, charts with gaps and marks, weeks, ranking, sessions, export; and the sizes it is drawn in. */
#include "ui/pane/occupancy_view.h"
#include "ui/pane/overview_tiles.h"

#include "health_estate.h"

#include "occupancy_rooms.h"

#include <glib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct pending {
	unsigned account;
	struct query *query;
	void (*answer)(void *ctx, const struct rows *rows, const char *why);
	void *ctx;
};

static struct {
	GArray *pending; /* struct pending */
	unsigned asked;
	bool at_once;    /* answers come from within */
	const char *why; /* all fail */
} asks;

struct shown {
	struct estate *estate;
	struct canvas *canvas;
	struct occ_view *pane;
	bool whole;
};

/* --- a fake desk --- */

static bool measured(const char *id)
{
	return strcmp(id, "b1") != 0 && strcmp(id, "spc_b") != 0 && strcmp(id, "spc_f") != 0;
}

/* A day like any other: nobody at night, up to seven at noon. Odd windows: hour 5 missing, 8 measured in part, 10 capped, the last not complete. */
static void add_windows(struct rows *rows, const struct query *query, const char *id)
{
	int64_t every_ms = query->every_ms;
	int i = 0;

	for (int64_t at_ms = query->since_ms; at_ms < query->until_ms; at_ms += every_ms, i++) {
		int hour = (int)((at_ms / HOUR_MS + 20) % 24);
		struct occupancy *row;

		if (i % 24 == 5 || !measured(id))
			continue;
		row = rows_add(rows);
		row->space_id = rows_text(rows, id);
		row->id = rows_textf(rows, "%s@%" G_GINT64_FORMAT, id, at_ms);
		row->start_ms = at_ms;
		row->end_ms = at_ms + every_ms;
		row->avg = hour < 7 || hour > 19 ? 0 : 7 - abs(hour - 13) + 0.25;
		row->max = row->avg == 0 ? 0 : row->avg + 1.5;
		row->time_used_s = row->avg > 0 ? (double)every_ms / 2000 : 0;
		row->uptime = i % 24 == 8 ? 0.5 : 1;
		row->capped = i % 24 == 10;
		row->complete = at_ms + every_ms >= query->until_ms ? 0.4 : 1;
	}
}

static const struct rows *occupancy_of(const struct query *query)
{
	struct rows *rows = kind_rows_new(KIND_OCCUPANCY, "hq", "butlr");
	static const char *const all[] = {"r1", "r2", "spc_2"};

	for (size_t i = 0; i < query->rooms.n; i++)
		add_windows(rows, query, query->rooms.at[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(all) && query->rooms.n == 0; i++)
		add_windows(rows, query, all[i]);
	return rows_seal(rows);
}

static const struct rows *sessions_of(const struct query *query)
{
	struct rows *rows = kind_rows_new(KIND_SESSIONS, "hq", "butlr");

	for (int i = 0; i < 4; i++) {
		struct session *row = rows_add(rows);

		row->id = rows_textf(rows, "s%d", i);
		row->space_id = rows_text(rows, query->rooms.at[0]);
		row->type = rows_text(rows, i == 3 ? "=1+1" : "seated");
		row->start_ms = query->since_ms + (i < 2 ? i * HOUR_MS : (i + 5) * HOUR_MS);
		row->end_ms = i == 3 ? MOMENT_NONE : row->start_ms + 3 * HOUR_MS;
	}
	return rows_seal(rows);
}

static void give(struct pending *pending)
{
	const struct rows *rows = asks.why != NULL                        ? NULL
				  : pending->query->kind == KIND_SESSIONS ? sessions_of(pending->query)
									  : occupancy_of(pending->query);

	pending->answer(pending->ctx, rows, asks.why);
	rows_unref(rows);
	query_free(pending->query);
}

static void answer_all(void)
{
	while (asks.pending->len > 0) {
		struct pending pending = g_array_index(asks.pending, struct pending, 0);

		g_array_remove_index(asks.pending, 0);
		give(&pending);
	}
}

static void ask(struct desk *desk, unsigned account, const struct query *query,
		void (*answer)(void *ctx, const struct rows *rows, const char *why), void *ctx)
{
	struct pending pending = {account, query_copy(query), answer, ctx};

	(void)desk;
	asks.asked++;
	if (asks.at_once)
		give(&pending);
	else
		g_array_append_val(asks.pending, pending);
}

static void forget(struct desk *desk, void *ctx)
{
	(void)desk;
	for (guint i = asks.pending->len; i-- > 0;)
		if (g_array_index(asks.pending, struct pending, i).ctx == ctx) {
			query_free(g_array_index(asks.pending, struct pending, i).query);
			g_array_remove_index(asks.pending, i);
		}
}

/* --- a building that two systems tell of --- */

static void put_rooms(struct estate *estate, unsigned account, const struct room_is *is, size_t n)
{
	struct rows *rows = kind_rows_new(KIND_ROOMS, account == 0 ? "hq" : "lobby", "butlr");

	for (size_t i = 0; i < n; i++) {
		struct room *row = rows_add(rows);

		row->id = rows_text(rows, is[i].id);
		row->floor_id = rows_text(rows, is[i].floor);
		row->name = rows_text(rows, is[i].name);
		row->capacity = is[i].capacity;
		row->occupancy = is[i].people;
		row->occupied = is[i].occupied;
		row->binary = is[i].binary;
		row->capped = is[i].capped;
		row->health = rows_text(rows, is[i].health);
	}
	estate_put(estate, account, rows);
}

static void put_place(struct estate *estate, unsigned account, const char *building, const char *name,
		      const char *const *floors)
{
	const char *account_name = account == 0 ? "hq" : "lobby";
	struct rows *rows = kind_rows_new(KIND_BUILDINGS, account_name, "butlr");
	struct building *row = rows_add(rows);

	row->id = rows_text(rows, building);
	row->name = rows_text(rows, name);
	row->timezone = rows_text(rows, "America/New_York");
	row->capacity = account == 0 ? 40 : NAN;
	estate_put(estate, account, rows);
	rows = kind_rows_new(KIND_FLOORS, account_name, "butlr");
	for (size_t i = 0; floors[i] != NULL; i += 2) {
		struct floor_row *floor = rows_add(rows);

		floor->id = rows_text(rows, floors[i]);
		floor->building_id = rows_text(rows, building);
		floor->name = rows_text(rows, floors[i + 1]);
		floor->number = account == 0 ? (double)i : NAN;
	}
	estate_put(estate, account, rows);
}

static struct building_member members[] = {{"hq", "b1"}, {"lobby", "spc_b"}};
static struct building_group group = {"Headquarters", members, 2, NULL};

static struct estate *building_new(bool ascii)
{
	static const char *const floors[] = {"f2", "2nd floor", "f10", "10th floor", NULL};
	static const char *const other[] = {"spc_f", "Level 2", NULL};
	struct estate *estate = estate_new_empty();

	estate->desk.ascii = ascii;
	estate->desk.ask = ask;
	estate->desk.forget = forget;
	estate->desk.groups = &group;
	estate->desk.n_groups = 1;
	estate->desk.hours = "mon-fri 7-19";
	put_place(estate, 0, "b1", "Main Street 12", floors);
	put_place(estate, 1, "spc_b", "HQ", other);
	put_rooms(estate, 0, hq, G_N_ELEMENTS(hq));
	put_rooms(estate, 1, lobby, G_N_ELEMENTS(lobby));
	estate_light(estate, 0, LIGHT_FRESH, 3000, "");
	estate_light(estate, 1, LIGHT_FRESH, 4000, "");
	world_settle_choice(estate->world);
	return estate;
}

static void draw(struct shown *shown)
{
	canvas_clear(shown->canvas, STYLE(TEXT));
	pane_occupancy.draw(shown->pane, shown->canvas, true, true);
}

static struct shown open_on(struct estate *estate, int width, int height)
{
	struct shown shown = {estate, canvas_new(width, height, estate->desk.ascii), NULL, true};

	shown.pane = pane_occupancy.open(&estate->desk);
	pane_occupancy.update(shown.pane, UINT32_MAX);
	draw(&shown);
	return shown;
}

static void close_all(struct shown *shown)
{
	pane_occupancy.close(shown->pane);
	assert_int_equal(asks.pending->len, 0);
	canvas_free(shown->canvas);
	estate_free(shown->estate);
	asks.why = NULL;
	asks.at_once = false;
}

static void act(struct shown *shown, enum action action, const char *argument)
{
	assert_true(pane_occupancy.act(shown->pane, action, argument));
	answer_all();
	draw(shown);
}

static char *all_text(const struct shown *shown)
{
	GString *text = g_string_new(NULL);

	for (int y = 0; y < canvas_height(shown->canvas); y++) {
		g_autofree char *row = row_text(shown->canvas, y);

		g_string_append_printf(text, "%s\n", row);
	}
	return g_string_free(text, FALSE);
}

static void assert_shows(const struct shown *shown, const char *part)
{
	g_autofree char *text = all_text(shown);

	if (strstr(text, part) == NULL)
		fail_msg("without \"%s\":\n%s", part, text);
}

static void assert_hides(const struct shown *shown, const char *part)
{
	g_autofree char *text = all_text(shown);

	if (strstr(text, part) != NULL)
		fail_msg("with \"%s\":\n%s", part, text);
}

static void choose(struct shown *shown, const char *name)
{
	for (guint i = 0; i < shown->pane->spaces->len; i++) {
		const struct occ_space *space = &g_array_index(shown->pane->spaces, struct occ_space, i);

		if (strcmp(space->name, name) == 0) {
			assert_true(table_select(occ_table(shown->pane), space->key));
			occ_ask_picture(shown->pane, false);
			answer_all();
			draw(shown);
			return;
		}
	}
	fail_msg("no %s", name);
}

/* --- the list --- */

static void test_one_heading_for_a_real_building(void **state)
{
	struct shown shown = open_on(building_new(false), 160, 46);
	struct buf figure;

	(void)state;
	answer_all();
	draw(&shown);
	assert_int_equal(sites_count(shown.pane->sites), 1);
	assert_int_equal(sites_at(shown.pane->sites, 0)->n_members, 2);
	assert_string_equal(sites_at(shown.pane->sites, 0)->name, "Headquarters");
	assert_shows(&shown, "Lounge");
	assert_shows(&shown, "Hot desks");
	/* Conf 2 is known to both: 9 + 9 + 2 + 6 + 0 of hq, 3 + 4 of lobby. The building says that it holds 40. */
	buf_init(&figure, 200);
	pane_occupancy.figure(shown.pane, &figure);
	assert_string_equal(buf_text(&figure), "33 of 40 people in Headquarters, 1 room known twice");
	buf_fini(&figure);
	/* A floor's rooms are added up; those that are not known are told. */
	choose(&shown, "Level 2");
	assert_shows(&shown, "5 of 7 rooms not known");
	close_all(&shown);
}

/* The overview counts the same: each room once, by the system that counts people, and says which counts what. */
static void test_people_of_a_real_building(void **state)
{
	struct estate *estate = building_new(false);
	struct people people = {.rooms = g_array_new(FALSE, FALSE, sizeof(struct people_room)),
				.hours = g_array_new(FALSE, FALSE, sizeof(struct people_hour))};

	(void)state;
	for (int round = 0; round < 2; round++) {
		g_strlcpy(world_choice(estate->world)->building_id, round == 0 ? "b1" : "spc_b", 80);
		world_choice(estate->world)->account = (unsigned)round;
		people_count(&people, &estate->desk, 0);
		assert_true(people.now == 33);
		assert_true(people.capped);
		assert_string_equal(people.by,
				    "5 rooms by hq, 2 rooms by lobby; 1 known to both, counted once");
		assert_string_equal(g_array_index(people.rooms, struct people_room, 0).name, "Conf 2");
		assert_false(people.stale);
	}
	estate_light(estate, 1, LIGHT_DOWN, MINUTE_MS, "");
	people_count(&people, &estate->desk, 0);
	assert_true(people.stale);
	/* Without the group each system has its own building. */
	estate->desk.n_groups = 0;
	people_count(&people, &estate->desk, 0);
	assert_true(people.now == 7 && people.by[0] == '\0');
	g_array_free(people.rooms, TRUE);
	g_array_free(people.hours, TRUE);
	estate_free(estate);
}

static void test_filter_sort_and_choice(void **state)
{
	struct shown shown = open_on(building_new(false), 80, 22);

	(void)state;
	answer_all();
	act(&shown, ACTION_FILTER, "lobby taken");
	assert_int_equal(table_shown(shown.pane->table), 1);
	assert_string_equal(occ_chosen(shown.pane)->name, "Conf 2");
	act(&shown, ACTION_BACK, NULL);
	act(&shown, ACTION_SORT, "use");
	assert_true(g_array_index(shown.pane->spaces, struct occ_space, table_row(shown.pane->table, 0))
			    .now.utilization == 1.125);
	/* What is not known is at the end, not at zero. */
	assert_true(isnan(g_array_index(shown.pane->spaces, struct occ_space,
					table_row(shown.pane->table, table_shown(shown.pane->table) - 1))
				  .now.utilization));
	act(&shown, ACTION_FIRST, NULL);
	assert_string_equal(world_choice(shown.estate->world)->room_id, "r2");
	assert_string_equal(world_choice(shown.estate->world)->floor_id, "f2");
	act(&shown, ACTION_SORT, "colour");
	assert_false(shown.estate->toast_good);
	close_all(&shown);
}

/* New figures for the same rooms: nothing is sorted anew, and no text of the old snapshot is touched. */
static void test_new_figures(void **state)
{
	struct shown shown = open_on(building_new(false), 80, 22);
	struct room_is more[G_N_ELEMENTS(hq)];

	(void)state;
	answer_all();
	memcpy(more, hq, sizeof(hq));
	more[0].people = 13;
	for (int round = 0; round < 3; round++) {
		put_rooms(shown.estate, 0, more, G_N_ELEMENTS(more));
		assert_true(pane_occupancy.update(shown.pane, KIND_BIT(KIND_ROOMS)));
		answer_all();
		draw(&shown);
		assert_shows(&shown, "13/14");
		more[1].people = round; /* the hash must differ */
	}
	/* One room fewer is another list. */
	put_rooms(shown.estate, 0, more, G_N_ELEMENTS(more) - 1);
	assert_true(pane_occupancy.update(shown.pane, KIND_BIT(KIND_ROOMS)));
	answer_all();
	assert_int_equal(shown.pane->spaces->len, 2 + 3 + 4 + 7);
	close_all(&shown);
}

static void test_trend(void **state)
{
	struct shown shown = open_on(building_new(true), 160, 40);
	struct rows *rows = kind_rows_new(KIND_OCCUPANCY, "hq", "butlr");
	int64_t hour_ms = moment_parse("2026-08-19T18:00:00Z");

	(void)state;
	for (int i = -3; i <= 0; i++) {
		struct occupancy *row = rows_add(rows);

		row->id = rows_textf(rows, "r1@%d", i);
		row->space_id = rows_text(rows, "r1");
		row->start_ms = hour_ms + i * HOUR_MS;
		row->end_ms = row->start_ms + HOUR_MS;
		row->avg = i == -1 ? 5.5 : 100; /* only the last whole window counts */
	}
	estate_put(shown.estate, 0, rows);
	pane_occupancy.update(shown.pane, KIND_BIT(KIND_OCCUPANCY));
	choose(&shown, "Hot desks");
	assert_shows(&shown, "9 of 14 people, 64 %, rising (5.5 before)");
	assert_shows(&shown, "^3.5");
	close_all(&shown);
}

/* --- the picture --- */

static void test_asks_and_waits(void **state)
{
	struct shown shown = open_on(building_new(false), 80, 22);
	const struct query *query;
	unsigned asked;

	(void)state;
	choose(&shown, "Lounge");
	asked = asks.asked;
	act(&shown, ACTION_LEFT, NULL);
	act(&shown, ACTION_ZOOM_IN, NULL);
	act(&shown, ACTION_MEASURE, NULL);
	draw(&shown);
	assert_int_equal(asks.asked, asked); /* looking asks nobody */
	assert_true(pane_occupancy.act(shown.pane, ACTION_PERIOD, "1w"));
	assert_int_equal(asks.pending->len, 1);
	query = g_array_index(asks.pending, struct pending, 0).query;
	assert_int_equal(query->kind, KIND_OCCUPANCY);
	assert_string_equal(query->rooms.at[0], "spc_2");
	assert_int_equal(query->until_ms, moment_parse("2026-08-19T19:00:00Z"));
	assert_int_equal(query->since_ms, moment_parse("2026-08-12T19:00:00Z"));
	assert_int_equal(query->every_ms, HOUR_MS);
	draw(&shown); /* nothing waits */
	/* Of fast steps only the last is asked for, and what is no longer chosen is not shown. */
	answer_all();
	asked = asks.asked;
	for (int i = 0; i < 5; i++)
		pane_occupancy.act(shown.pane, ACTION_DOWN, NULL);
	assert_true(asks.asked <= asked + 1);
	draw(&shown);
	assert_shows(&shown, "asking");
	shown.estate->clock.wall_ms += 1000;
	pane_occupancy.update(shown.pane, 0);
	assert_true(asks.asked <= asked + 2);
	answer_all();
	/* Again after a minute, while what is shown goes on. */
	asked = asks.asked;
	pane_occupancy.update(shown.pane, 0);
	assert_int_equal(asks.asked, asked);
	shown.estate->clock.wall_ms += 61000;
	pane_occupancy.update(shown.pane, 0);
	assert_int_equal(asks.asked, asked + 1);
	answer_all();
	close_all(&shown);
}

static void test_answers_from_within(void **state)
{
	struct shown shown;

	(void)state;
	asks.at_once = true;
	shown = open_on(building_new(false), 120, 40);
	choose(&shown, "Lounge");
	assert_true(shown.pane->series[0].windows.n > 20);
	/* A building that is not measured itself: its floors are asked for, and added up. */
	choose(&shown, "Main Street 12");
	assert_true(shown.pane->series[0].windows.n > 20);
	assert_true(shown.pane->series[0].windows.summed);
	assert_true(isnan(shown.pane->series[0].windows.value[OCC_PEAK][14]));
	assert_shows(&shown, "Main Street 12 12.5 people on the mean"); /* twice 6.25; peaks need not meet */
	close_all(&shown);
}

static void test_cursor_words(void **state)
{
	struct shown shown = open_on(building_new(true), 160, 46);
	struct buf words;

	(void)state;
	buf_init(&words, 2000);
	choose(&shown, "Lounge");
	occ_cursor_words(shown.pane, &words);
	assert_non_null(strstr(buf_text(&words), "Wed 19 Aug 14:00-15:00  Lounge "));
	assert_non_null(strstr(buf_text(&words), "40 % of it known so far"));
	for (int i = 0; i < 14; i++)
		act(&shown, ACTION_LEFT, NULL);
	buf_reset(&words);
	occ_cursor_words(shown.pane, &words);
	assert_non_null(strstr(buf_text(&words),
			       "Wed 19 Aug 00:00-01:00  Lounge 0 people on the mean, peak 0, used 0 %"));
	for (int i = 0; i < 3; i++)
		act(&shown, ACTION_RIGHT, NULL);
	/* Exactly what came, mark by mark. */
	shown.pane->cursor_ms = shown.pane->span.from_ms + 10 * HOUR_MS;
	buf_reset(&words);
	occ_cursor_words(shown.pane, &words);
	assert_non_null(strstr(buf_text(&words), "0+ people on the mean"));
	assert_non_null(strstr(buf_text(&words), "counts no further"));
	shown.pane->cursor_ms = shown.pane->span.from_ms + 8 * HOUR_MS;
	buf_reset(&words);
	occ_cursor_words(shown.pane, &words);
	assert_non_null(strstr(buf_text(&words), "measured 50 % of the time"));
	/* A gap is a gap. */
	shown.pane->cursor_ms = shown.pane->span.from_ms + 5 * HOUR_MS;
	buf_reset(&words);
	occ_cursor_words(shown.pane, &words);
	assert_non_null(strstr(buf_text(&words), "Lounge no data"));
	draw(&shown);
	assert_shows(&shown, "! uptime < 80 %");
	assert_shows(&shown, "+ or more");
	assert_shows(&shown, "~ incomplete");
	buf_fini(&words);
	close_all(&shown);
}

static void test_compare(void **state)
{
	struct shown shown = open_on(building_new(false), 120, 40);

	(void)state;
	choose(&shown, "Lounge");
	act(&shown, ACTION_MARK, NULL);
	choose(&shown, "Hot desks");
	act(&shown, ACTION_MARK, NULL);
	choose(&shown, "Kitchen");
	act(&shown, ACTION_MARK, NULL);
	assert_int_equal(shown.pane->n_series, 3);
	assert_shows(&shown, "Lounge");
	choose(&shown, "Hall");
	act(&shown, ACTION_MARK, NULL);
	assert_int_equal(shown.pane->n_series, 3);
	assert_false(shown.estate->toast_good);
	act(&shown, ACTION_BACK, NULL);
	assert_int_equal(shown.pane->n_series, 1);
	/* The weeks before lie over this one. */
	act(&shown, ACTION_WEEKS, NULL);
	act(&shown, ACTION_WEEKS, NULL);
	assert_int_equal(shown.pane->n_series, 3);
	assert_int_equal(shown.pane->series[2].windows.start_ms[0], shown.pane->span.from_ms - 14 * DAY_MS);
	assert_shows(&shown, "2 weeks before");
	close_all(&shown);
}

static void test_utilization_unknown(void **state)
{
	struct shown shown = open_on(building_new(false), 120, 40);

	(void)state;
	choose(&shown, "Hall");
	act(&shown, ACTION_MEASURE, "utilization");
	assert_shows(&shown, "the capacity is not told");
	assert_shows(&shown, "Hall –");
	choose(&shown, "Lounge");
	assert_hides(&shown, "the capacity is not told");
	close_all(&shown);
}

static void test_failure(void **state)
{
	struct shown shown;

	(void)state;
	asks.why = "lobby: refused";
	shown = open_on(building_new(false), 80, 22);
	answer_all();
	draw(&shown);
	assert_shows(&shown, "refused");
	act(&shown, ACTION_MODE, "week");
	assert_shows(&shown, "refused");
	act(&shown, ACTION_MODE, "sessions");
	choose(&shown, "Lounge");
	assert_shows(&shown, "refused");
	close_all(&shown);
}

/* --- ranking --- */

static const char *ranked(struct shown *shown, guint i)
{
	return g_array_index(shown->pane->ranking, struct occ_ranked, i).space->name;
}

static void test_ranking(void **state)
{
	struct shown shown = open_on(building_new(false), 120, 40);

	(void)state;
	answer_all();
	act(&shown, ACTION_RANKING, "fullest");
	assert_string_equal(ranked(&shown, 0), "Conf 2");
	assert_string_equal(ranked(&shown, 1), "Hot desks");
	act(&shown, ACTION_RANKING, "emptiest");
	/* Not known is never empty. */
	assert_true(strncmp(ranked(&shown, 0), "Focus", 5) == 0);
	assert_true(isnan(
		g_array_index(shown.pane->ranking, struct occ_ranked, shown.pane->ranking->len - 1).people));
	act(&shown, ACTION_RANKING, "least used");
	assert_string_equal(ranked(&shown, 0), "Kitchen");
	act(&shown, ACTION_RANKING, "fullest range");
	assert_string_equal(ranked(&shown, 0), "Conf 2");
	assert_string_equal(ranked(&shown, 1), "Lounge");
	assert_shows(&shown, "no data"); /* Kitchen was not told of */
	close_all(&shown);
}

/* --- sessions and export --- */

static void test_sessions(void **state)
{
	struct shown shown = open_on(building_new(true), 120, 40);

	(void)state;
	choose(&shown, "Lounge");
	act(&shown, ACTION_MODE, "sessions");
	assert_shows(&shown, "4 sessions, longest ");
	assert_shows(&shown, "[====");
	choose(&shown, "Level 2");
	assert_shows(&shown, "choose one");
	close_all(&shown);
}

static void test_export(void **state)
{
	struct shown shown = open_on(building_new(true), 120, 40);

	(void)state;
	choose(&shown, "Lounge");
	act(&shown, ACTION_EXPORT, "x.csv");
	assert_true(g_str_has_prefix(
		shown.estate->saved,
		"account,building,floor,space,space_id,start,end,avg,max,utilization,time_used,capped,uptime,"
		"complete\r\nlobby,Headquarters,Level 2,Lounge,spc_2,2026-08-18T19:00:00Z,2026-08-18T20:00:00Z,"));
	act(&shown, ACTION_MODE, "sessions");
	act(&shown, ACTION_EXPORT, "x.csv");
	assert_non_null(strstr(shown.estate->saved, ",'=1+1\r\n"));
	act(&shown, ACTION_EXPORT, "x.json");
	assert_non_null(strstr(shown.estate->saved, "\"end\":null"));
	act(&shown, ACTION_RANKING, "emptiest");
	act(&shown, ACTION_EXPORT, "x.csv");
	assert_non_null(strstr(shown.estate->saved, "Booth,spc_3,,1,,not known\r\n"));
	act(&shown, ACTION_MODE, "week");
	act(&shown, ACTION_EXPORT, "x.csv");
	assert_non_null(strstr(shown.estate->saved, ",mon,0,"));
	g_clear_pointer(&shown.estate->saved, free);
	act(&shown, ACTION_EXPORT, "x.txt");
	assert_null(shown.estate->saved);
	close_all(&shown);
}

static void test_taking_back(void **state)
{
	struct shown shown = open_on(building_new(false), 120, 40);
	char before[PANE_VIEW_MOST], after[PANE_VIEW_MOST];
	size_t length = pane_occupancy.view(shown.pane, before);

	(void)state;
	answer_all();
	act(&shown, ACTION_PERIOD, NULL);
	act(&shown, ACTION_RANKING, "emptiest range");
	act(&shown, ACTION_FILTER, "lounge");
	pane_occupancy.set_view(shown.pane, before, length);
	answer_all();
	assert_int_equal(pane_occupancy.view(shown.pane, after), length);
	assert_memory_equal(before, after, length);
	close_all(&shown);
}

/* --- pictures --- */

static void picture(const char *name, int width, int height, bool ascii, const char *room, enum action action,
		    const char *argument)
{
	struct shown shown = open_on(building_new(ascii), width, height);

	answer_all();
	choose(&shown, room);
	if (action != ACTION_NONE)
		act(&shown, action, argument);
	else
		draw(&shown);
	golden(name, shown.canvas);
	close_all(&shown);
}

static void test_goldens(void **state)
{
	(void)state;
	picture("occupancy/160x45", 160, 45, false, "Lounge", ACTION_NONE, NULL);
	picture("occupancy/160x45-ascii", 160, 45, true, "Lounge", ACTION_NONE, NULL);
	picture("occupancy/80x21", 80, 21, false, "Lounge", ACTION_NONE, NULL);
	picture("occupancy/80x21-ascii", 80, 21, true, "Lounge", ACTION_NONE, NULL);
	picture("occupancy/40x9", 40, 9, false, "Lounge", ACTION_NONE, NULL);
	picture("occupancy/40x9-open", 40, 9, false, "Lounge", ACTION_OPEN, NULL);
	picture("occupancy/40x9-ascii", 40, 9, true, "Lounge", ACTION_OPEN, NULL);
	picture("occupancy/80x21-week", 80, 21, false, "Lounge", ACTION_MODE, "week");
	picture("occupancy/160x45-week-figures", 160, 45, false, "Lounge", ACTION_NUMBERS, NULL);
	picture("occupancy/40x9-week", 40, 9, true, "Lounge", ACTION_MODE, "week");
	picture("occupancy/80x21-ranking", 80, 21, false, "Lounge", ACTION_RANKING, "least used");
	picture("occupancy/160x45-sessions", 160, 45, false, "Lounge", ACTION_MODE, "sessions");
	picture("occupancy/120x40-weeks", 120, 40, false, "Hot desks", ACTION_WEEKS, NULL);
}

static void test_goldens_of_trouble(void **state)
{
	struct shown shown;

	(void)state;
	shown = open_on(building_new(false), 80, 21);
	answer_all();
	estate_light(shown.estate, 1, LIGHT_DOWN, 3 * MINUTE_MS, "no route to host");
	pane_occupancy.update(shown.pane, 0);
	choose(&shown, "Lounge");
	golden("occupancy/80x21-stale", shown.canvas);
	close_all(&shown);
	asks.why = "lobby: the server answered 500";
	shown = open_on(building_new(false), 80, 21);
	choose(&shown, "Lounge");
	golden("occupancy/80x21-error", shown.canvas);
	close_all(&shown);
	shown = open_on(estate_new_empty(), 80, 21);
	golden("occupancy/80x21-empty", shown.canvas);
	close_all(&shown);
}

static void test_any_size(void **state)
{
	static const char *const modes[] = {"chart", "ranking", "week", "sessions"};
	struct shown shown = open_on(building_new(false), 1, 1);

	(void)state;
	choose(&shown, "Lounge");
	for (size_t m = 0; m < G_N_ELEMENTS(modes); m++) {
		act(&shown, ACTION_MODE, modes[m]);
		for (int width = 1; width < 180; width += width < 30 ? 3 : 17) {
			for (int height = 1; height < 50; height += height < 20 ? 1 : 7) {
				canvas_resize(shown.canvas, width, height);
				draw(&shown);
				act(&shown, ACTION_OPEN, NULL);
			}
		}
	}
	close_all(&shown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_heading_for_a_real_building),
		cmocka_unit_test(test_people_of_a_real_building),
		cmocka_unit_test(test_filter_sort_and_choice),
		cmocka_unit_test(test_new_figures),
		cmocka_unit_test(test_trend),
		cmocka_unit_test(test_asks_and_waits),
		cmocka_unit_test(test_answers_from_within),
		cmocka_unit_test(test_cursor_words),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_utilization_unknown),
		cmocka_unit_test(test_failure),
		cmocka_unit_test(test_ranking),
		cmocka_unit_test(test_sessions),
		cmocka_unit_test(test_export),
		cmocka_unit_test(test_taking_back),
		cmocka_unit_test(test_goldens),
		cmocka_unit_test(test_goldens_of_trouble),
		cmocka_unit_test(test_any_size),
	};
	int failed;

	asks.pending = g_array_new(FALSE, FALSE, sizeof(struct pending));
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	g_array_unref(asks.pending);
	return failed;
}
