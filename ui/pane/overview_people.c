/* The tile of the people in the chosen building: figures, today's curve, the fullest rooms. */
#include "ui/pane/overview_tiles.h"

#include "base/moment.h"
#include "base/text.h"
#include "ui/widget/chart.h"

#include <math.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_FIRST 7 /* the hour at which the curve begins, unless it is that early */
#define DAY_LEAST 6 /* hours */
#define CHART_LEAST 5
#define BAR_ROWS 6
#define BAR_ROWS_MOST 16

struct view {
	struct desk *desk;
	struct people people;
	struct moment_zone *zone;
	char zone_name[80];
	int64_t midnight_ms, minute;
	struct choice counted; /* what was chosen when it was counted */
	uint64_t lights;
};

static void settle_zone(struct view *view)
{
	const char *name = world_choice_timezone(view->desk->world);
	name = name ? name : "";
	if (view->zone && strcmp(name, view->zone_name) == 0)
		return;
	moment_zone_free(view->zone);
	g_strlcpy(view->zone_name, name, sizeof(view->zone_name));
	view->zone = moment_zone_new(view->zone_name);
	if (!view->zone)
		view->zone = moment_zone_new(NULL);
}

static int64_t hour_of_today(const struct view *view, int hour)
{
	struct moment_parts parts = moment_split(world_now_ms(view->desk->world), view->zone);
	parts.hour = hour;
	parts.minute = parts.second = 0;
	return moment_join(&parts, view->zone);
}

static void count(struct view *view)
{
	settle_zone(view);
	view->midnight_ms = hour_of_today(view, 0);
	people_count(&view->people, view->desk, view->midnight_ms);
	view->counted = *world_choice(view->desk->world);
}

static void *open_tile(struct desk *desk)
{
	struct view *view = g_new0(struct view, 1);
	view->desk = desk;
	view->people.rooms = g_array_new(FALSE, FALSE, sizeof(struct people_room));
	view->people.hours = g_array_new(FALSE, FALSE, sizeof(struct people_hour));
	count(view);
	return view;
}

static void close_tile(void *state)
{
	struct view *view = state;
	g_array_free(view->people.rooms, TRUE);
	g_array_free(view->people.hours, TRUE);
	moment_zone_free(view->zone);
	g_free(view);
}

static uint64_t lights(const struct view *view)
{
	uint64_t all = 0;
	for (unsigned a = 0; a < world_accounts(view->desk->world); a++)
		all = all * 7 + (uint64_t)world_light(view->desk->world, a).light;
	return all;
}

static bool other_building(const struct view *view)
{
	const struct choice *choice = world_choice(view->desk->world);
	return choice->account != view->counted.account ||
	       strcmp(choice->building_id, view->counted.building_id) != 0;
}

/* Counted when there is something to count: what is chosen changes without data. */
static bool update(void *state, uint32_t changed)
{
	struct view *view = state;
	if (!(changed & overview_people.kinds) && !other_building(view) && lights(view) == view->lights &&
	    world_now_ms(view->desk->world) / 60000 == view->minute)
		return changed;
	view->lights = lights(view);
	double now = view->people.now, capacity = view->people.capacity;
	bool stale = view->people.stale;
	int64_t minute = world_now_ms(view->desk->world) / 60000, midnight_ms = view->midnight_ms;
	count(view);
	bool aged = view->people.stale && minute != view->minute;
	view->minute = minute;
	return changed || aged || stale != view->people.stale || midnight_ms != view->midnight_ms ||
	       memcmp(&now, &view->people.now, sizeof(now)) != 0 ||
	       memcmp(&capacity, &view->people.capacity, sizeof(capacity)) != 0;
}

static void add_time(struct buf *out, const struct view *view, int64_t moment_ms)
{
	struct moment_parts parts = moment_split(moment_ms, view->zone);
	buf_addf(out, "%02d:%02d", parts.hour, parts.minute);
}

static void figure(void *state, struct buf *out)
{
	const struct view *view = state;
	const struct people *people = &view->people;
	if (isnan(people->now))
		return;
	buf_addf(out, "%.0f", people->now);
	if (!isnan(people->capacity))
		buf_addf(out, " of %.0f", people->capacity);
	buf_adds(out, people->now == 1 && isnan(people->capacity) ? " person" : " people");
	if (people->stale && people->as_of_ms != MOMENT_NONE) {
		buf_adds(out, " as of ");
		add_time(out, view, people->as_of_ms);
	}
}

static void add_peak(struct buf *out, const struct view *view)
{
	if (isnan(view->people.peak))
		return;
	buf_addf(out, "peak %.0f at ", view->people.peak);
	add_time(out, view, view->people.peak_ms);
}

static struct style told(const struct view *view, enum role role)
{
	return (struct style){view->people.stale ? ROLE_STALE : (uint16_t)role, ROLE_GROUND, 0};
}

/* "37 now   peak 58 at 10:00", with the time of old data instead of "now". */
static void draw_figures(const struct view *view, struct canvas *canvas)
{
	const struct people *people = &view->people;
	int width = canvas_clip(canvas).width, x;
	struct style strong = told(view, ROLE_STRONG);
	struct buf text;
	buf_init(&text, 128);
	strong.attrs = ATTR_BOLD;
	if (isnan(people->now)) {
		canvas_text(canvas, 0, 0, -1, "nothing counted yet", STYLE(DIM));
		return;
	}
	x = canvas_textf(canvas, 0, 0, -1, strong, "%.0f ", people->now);
	if (people->stale && people->as_of_ms != MOMENT_NONE) {
		buf_adds(&text, "as of ");
		add_time(&text, view, people->as_of_ms);
	} else {
		buf_adds(&text, people->stale ? "not fresh" : "now");
	}
	x += canvas_text(canvas, x, 0, -1, buf_text(&text), told(view, ROLE_STRONG));
	buf_reset(&text);
	add_peak(&text, view);
	if (x + 2 + (int)text.length <= width)
		canvas_text_right(canvas, x + 2, 0, width - x - 2, buf_text(&text), told(view, ROLE_DIM));
	buf_fini(&text);
}

/* The only line, or one of two: what the title does not say. */
static void draw_short(const struct view *view, struct canvas *canvas, int lines)
{
	const struct people *people = &view->people;
	struct buf text;
	buf_init(&text, 256);
	if (isnan(people->now))
		buf_adds(&text, "nothing counted yet");
	add_peak(&text, view);
	if (people->stale && people->as_of_ms != MOMENT_NONE) {
		buf_adds(&text, ", as of ");
		add_time(&text, view, people->as_of_ms);
	}
	canvas_text(canvas, 0, 0, -1, buf_text(&text), told(view, ROLE_DIM));
	buf_fini(&text);
	if (lines < 2 || people->rooms->len == 0)
		return;
	const struct people_room *room = &g_array_index(people->rooms, struct people_room, 0);
	if (isnan(room->capacity))
		canvas_textf(canvas, 0, 1, -1, told(view, ROLE_DIM), "fullest %s %.0f", room->name,
			     room->now);
	else
		canvas_textf(canvas, 0, 1, -1, told(view, ROLE_DIM), "fullest %s %.0f/%.0f", room->name,
			     room->now, room->capacity);
}

/* --- today --- */

static double most_of_day(const struct people *people)
{
	double most = isnan(people->peak) ? 1 : people->peak;
	return MAX(most, 1);
}

/* One value a cell: the window that the cell's middle lies in. */
static void draw_spark(const struct view *view, struct canvas *canvas, int y, int64_t from_ms, int64_t to_ms)
{
	const GArray *hours = view->people.hours;
	int cells = canvas_clip(canvas).width - 6;
	double values[512];
	if (cells < 8)
		return;
	cells = MIN(cells, 512);
	for (int i = 0; i < cells; i++) {
		int64_t at_ms = from_ms + (to_ms - from_ms) * (2 * i + 1) / (2 * cells);
		values[i] = NAN;
		for (guint h = 0; h < hours->len && at_ms <= world_now_ms(view->desk->world); h++) {
			const struct people_hour *hour = &g_array_index(hours, struct people_hour, h);
			if (hour->start_ms <= at_ms && at_ms < hour->start_ms + HOUR_MS)
				values[i] = hour->people;
		}
	}
	canvas_text(canvas, 0, y, 6, "today", STYLE(DIM));
	chart_spark(canvas, 6, y, cells, values, (size_t)cells, most_of_day(&view->people),
		    told(view, ROLE_CHART));
}

static void draw_chart(const struct view *view, struct canvas *canvas, int64_t from_ms, int64_t to_ms)
{
	const struct people *people = &view->people;
	int64_t now_ms = world_now_ms(view->desk->world);
	size_t n = 0;
	int64_t *times = g_new(int64_t, people->hours->len + 1);
	double *values = g_new(double, people->hours->len + 1);
	for (guint h = 0; h < people->hours->len; h++) {
		const struct people_hour *hour = &g_array_index(people->hours, struct people_hour, h);
		times[n] = hour->start_ms;
		values[n++] = hour->people;
	}
	if (n > 0 && times[n - 1] < now_ms && !isnan(people->now) && !people->stale) {
		times[n] = now_ms;
		values[n++] = people->now;
	}
	struct chart_series series = {times, values, n, people->stale ? ROLE_STALE : ROLE_CHART};
	bool near_capacity = people->capacity <= 2 * most_of_day(people);
	struct chart chart = {
		.series = &series,
		.n_series = 1,
		.from_ms = from_ms,
		.to_ms = to_ms,
		.gap_ms = 2 * HOUR_MS,
		.least = 0,
		.most = NAN,
		.limit = near_capacity ? people->capacity : NAN,
		.zone = view->zone,
		.form = CHART_AREA,
		.braille = view->desk->braille,
		.empty = "no counts of today yet",
	};
	chart_draw(&chart, canvas);
	g_free(times);
	g_free(values);
}

static void draw_today(const struct view *view, struct canvas *canvas, int y, int height)
{
	/* Until the present hour's end: what is to come is no gap. */
	int64_t now_ms = world_now_ms(view->desk->world);
	int64_t to_ms = now_ms + HOUR_MS - (now_ms - view->midnight_ms) % HOUR_MS;
	int64_t from_ms = MAX(MIN(hour_of_today(view, DAY_FIRST), to_ms - DAY_LEAST * HOUR_MS),
			      view->midnight_ms);
	if (height < CHART_LEAST) {
		draw_spark(view, canvas, y, from_ms, to_ms);
		return;
	}
	canvas_enter(canvas, (struct rect){0, y, canvas_clip(canvas).width, height});
	draw_chart(view, canvas, from_ms, to_ms);
	canvas_leave(canvas);
}

/* --- rooms --- */

/* A thin bar, so that rooms under each other stay apart. It cannot be fuller than full; the figure says by
 * how much. */
static void draw_bar(struct canvas *canvas, int x, int y, int cells, double share, struct style style)
{
	bool ascii = canvas_ascii(canvas);
	int full = (int)lround(CLAMP(share, 0, 1) * cells);
	canvas_fill(canvas, (struct rect){x, y, full, 1}, ascii ? '=' : 0x2501, style);
	canvas_fill(canvas, (struct rect){x + full, y, cells - full, 1}, ascii ? '-' : 0x2500, STYLE(RULE));
}

static void draw_room(const struct view *view, struct canvas *canvas, int y, int name,
		      const struct people_room *room)
{
	int width = canvas_clip(canvas).width, figures = 7, bar = MIN(width - name - figures - 2, 40);
	bool over = room->now > room->capacity;
	canvas_text(canvas, 0, y, name, room->name, told(view, ROLE_TEXT));
	if (bar >= 4 && room->capacity > 0)
		draw_bar(canvas, name + 1, y, bar, room->now / room->capacity,
			 told(view, over ? ROLE_WARN : ROLE_CHART));
	char text[32];
	if (isnan(room->capacity))
		g_snprintf(text, sizeof(text), "%.0f%s", room->now, room->capped ? "+" : "");
	else
		g_snprintf(text, sizeof(text), "%.0f%s/%.0f", room->now, room->capped ? "+" : "",
			   room->capacity);
	int x = bar >= 4 ? name + 1 + bar : width - figures;
	canvas_text_right(canvas, x, y, figures, text, told(view, over ? ROLE_WARN : ROLE_STRONG));
	if (over && x + figures + 6 <= width)
		canvas_text(canvas, x + figures + 1, y, -1, "over", told(view, ROLE_WARN));
}

static void draw_rooms(const struct view *view, struct canvas *canvas, int y, int lines)
{
	const GArray *rooms = view->people.rooms;
	int width = canvas_clip(canvas).width, name = 8;
	int n = MIN(lines, (int)rooms->len);
	for (int i = 0; i < n; i++) {
		const char *text = g_array_index(rooms, struct people_room, (guint)i).name;
		name = MAX(name, text ? (int)text_width(text, strlen(text)) : 0);
	}
	name = MAX(MIN(name, MIN(width / 2, width - 8)), 0);
	for (int i = 0; i < n; i++)
		draw_room(view, canvas, y + i, name, &g_array_index(rooms, struct people_room, (guint)i));
}

static void draw(void *state, struct canvas *canvas, bool whole, bool focus)
{
	const struct view *view = state;
	int height = canvas_clip(canvas).height, rooms = (int)view->people.rooms->len;
	(void)whole;
	(void)focus;
	if (height <= 2) {
		draw_short(view, canvas, height);
		return;
	}
	draw_figures(view, canvas);
	if (isnan(view->people.now) && view->people.hours->len == 0)
		return;
	int by = view->people.by[0] && height >= 7;
	if (by)
		canvas_text(canvas, 0, height - 1, -1, view->people.by, told(view, ROLE_DIM));
	int left = height - 1 - by, bars = MIN(rooms, left >= 30 ? BAR_ROWS_MOST : BAR_ROWS);
	/* The curve takes what the rooms leave, and two thirds where both have enough. */
	if (left < CHART_LEAST + 3)
		bars = MIN(bars, left - 1);
	else
		bars = MIN(bars, MAX(left / 3, 2));
	int blank = bars > 0 && left - bars > CHART_LEAST ? 1 : 0, today = left - bars - blank;
	if (today < CHART_LEAST)
		today = MIN(today, 1);
	draw_today(view, canvas, 1, today);
	draw_rooms(view, canvas, 1 + today + blank, bars);
}

static bool act(void *state, enum action action, const char *argument)
{
	const struct view *view = state;
	(void)argument;
	if (action != ACTION_OPEN)
		return false;
	view->desk->show(view->desk, ACTION_PANE_OCCUPANCY);
	return true;
}

const struct pane_ops overview_people = {
	.title = "Occupancy",
	.kinds = KIND_BIT(KIND_ROOMS) | KIND_BIT(KIND_FLOORS) | KIND_BIT(KIND_BUILDINGS) |
		 KIND_BIT(KIND_OCCUPANCY),
	.open = open_tile,
	.close = close_tile,
	.update = update,
	.draw = draw,
	.figure = figure,
	.act = act,
};
