#include "ui/pane/floor_view.h"

#include "base/text.h"
#include "model/live.h"
#include "ui/pane/occupancy_now.h"
#include "ui/widget/chart.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DETAIL_SPAN_MS (INT64_C(12) * 3600 * 1000)

/* --- the words at the top --- */

static void add_part(struct buf *buf, bool ascii, const char *text)
{
	if (!text || !text[0])
		return;
	if (buf->length)
		buf_adds(buf, ascii ? " - " : " · ");
	buf_adds(buf, text);
}

static void describe(const struct floor_pane *pane, const struct room *room, struct buf *buf)
{
	char text[48];
	double area = room->area > 0 ? room->area : geometry_area(room->polygon);
	add_part(buf, pane->desk->ascii, room->type_name ? room->type_name : room->type);
	if (area > 0 && area < 1e6) {
		g_snprintf(text, sizeof(text), "%ld %s", lround(area), pane->desk->ascii ? "m2" : "m²");
		add_part(buf, pane->desk->ascii, text);
	}
	if (room->capacity > 0 && room->capacity < 1e6)
		g_snprintf(text, sizeof(text), "for %ld", lround(room->capacity));
	else
		g_snprintf(text, sizeof(text), "capacity not told");
	add_part(buf, pane->desk->ascii, text);
}

static int draw_people(const struct floor_pane *pane, struct canvas *canvas, const struct room *room, int y)
{
	char age[MOMENT_TEXT_SIZE] = "";
	int width = canvas_clip(canvas).width;
	struct now now = now_of(room);
	bool stale = pane->old || now.stale;
	int x = canvas_text(canvas, 0, y, -1, "People now ", STYLE(DIM));
	if (isnan(now.people)) {
		const char *word = now.state == NOW_FREE    ? "free"
				   : now.state == NOW_TAKEN ? "taken, not counted"
							    : "not told";
		canvas_text(canvas, x, y, -1, word,
			    (struct style){(uint16_t)(now.state == NOW_UNKNOWN ? ROLE_UNKNOWN
						      : stale                  ? ROLE_STALE
									       : ROLE_STRONG),
					   ROLE_GROUND, 0});
		return y + 1;
	}
	bool over = now.utilization > 1;
	struct style style = {(uint16_t)(stale ? ROLE_STALE : over ? ROLE_BAD : ROLE_STRONG), ROLE_GROUND, 0};
	x += canvas_textf(canvas, x, y, -1, style, "%ld%s", lround(now.people), now.capped ? "+" : "");
	if (room->as_of_ms != MOMENT_NONE)
		moment_format_age(world_now_ms(pane->desk->world) - room->as_of_ms, age);
	int right = age[0] ? (int)strlen(age) + 5 : 0;
	if (right && x + 1 + right < width)
		canvas_textf(canvas, width - right, y, right,
			     (struct style){(uint16_t)(stale ? ROLE_STALE : ROLE_DIM), ROLE_GROUND, 0},
			     strcmp(age, "now") == 0 ? "  now" : "%s ago ", age);
	int bar = width - x - 2 - right - 1;
	if (now.capacity > 0 && bar >= 6)
		chart_bar(canvas, x + 1, y, bar, fmin(now.people, now.capacity), now.capacity,
			  (struct style){(uint16_t)(stale  ? ROLE_STALE
						    : over ? ROLE_BAD
							   : ROLE_CHART),
					 ROLE_GROUND, 0});
	return y + 1;
}

/* --- sensors --- */

static const char *battery_of(const struct sensor *sensor, bool ascii, char *out, size_t size)
{
	if (sensor->mains == 1)
		return "mains";
	if (sensor->battery_percent >= 0 && sensor->battery_percent <= 100)
		g_snprintf(out, size, "%ld %%", lround(sensor->battery_percent));
	else if (fabs(sensor->battery_days) < 1e5)
		g_snprintf(out, size, "%ld d", lround(sensor->battery_days));
	else
		g_strlcpy(out, sensor->battery_low == 1 ? "low" : ascii ? "-" : "–", size);
	return out;
}

static void draw_sensor(const struct floor_pane *pane, struct canvas *canvas, const struct sensor *sensor,
			int y)
{
	char battery[24], age[MOMENT_TEXT_SIZE] = "-";
	int width = canvas_clip(canvas).width;
	uint16_t role = pane->old ? ROLE_STALE : plan_sensor_role(sensor);
	bool low = sensor->battery_low == 1;
	canvas_put(canvas, 0, y, plan_sensor_glyph(sensor, pane->desk->ascii),
		   (struct style){role, ROLE_GROUND, 0});
	if (sensor->last_seen_ms != MOMENT_NONE)
		moment_format_age(world_now_ms(pane->desk->world) - sensor->last_seen_ms, age);
	/* From the right: last seen, battery, status; the name gets what is left. */
	int seen = width - 4, battery_at = seen - 7, status = battery_at - 9;
	canvas_text(canvas, 2, y, (status > 12 ? status : seen) - 3,
		    sensor->name ? sensor->name : sensor->address, STYLE(TEXT));
	canvas_text_right(canvas, seen, y, 4, age, STYLE(DIM));
	if (status <= 12)
		return;
	canvas_text(canvas, status, y, 8, sensor->status ? sensor->status : STATUS_UNKNOWN,
		    (struct style){role == ROLE_WARN && low ? ROLE_DIM
				   : role == ROLE_OK        ? ROLE_DIM
							    : role,
				   ROLE_GROUND, 0});
	canvas_text_right(canvas, battery_at, y, 6,
			  battery_of(sensor, pane->desk->ascii, battery, sizeof(battery)),
			  (struct style){low ? ROLE_WARN : ROLE_DIM, ROLE_GROUND, 0});
}

static int worst_first(const void *left, const void *right)
{
	const struct sensor *a = *(const struct sensor *const *)left,
			    *b = *(const struct sensor *const *)right;
	int worse[2] = {plan_sensor_offline(a) * 2 + (plan_sensor_role(a) == ROLE_WARN),
			plan_sensor_offline(b) * 2 + (plan_sensor_role(b) == ROLE_WARN)};
	return worse[0] != worse[1] ? worse[1] - worse[0] : g_strcmp0(a->name, b->name);
}

static int draw_sensors(const struct floor_pane *pane, struct canvas *canvas, const struct room *room, int y,
			int most)
{
	const struct sensor **found = g_new(const struct sensor *, plan_sensors(pane->plan) + 1);
	int n = 0;
	for (size_t i = 0; i < plan_sensors(pane->plan); i++)
		if (g_strcmp0(plan_sensor(pane->plan, i)->room_id, room->id) == 0)
			found[n++] = plan_sensor(pane->plan, i);
	qsort(found, (size_t)n, sizeof(*found), worst_first);
	canvas_textf(canvas, 0, y, -1, STYLE(TITLE),
		     n == 1 ? "%d sensor"
		     : n    ? "%d sensors"
			    : "no sensors",
		     n);
	if (n && canvas_clip(canvas).width >= 34) {
		int width = canvas_clip(canvas).width;
		canvas_text_right(canvas, width - 11, y, 6, "power", STYLE(DIM));
		canvas_text_right(canvas, width - 4, y, 4, "seen", STYLE(DIM));
	}
	y++;
	int shown = n <= most ? n : most - 1;
	for (int i = 0; i < shown; i++)
		draw_sensor(pane, canvas, found[i], y++);
	if (shown < n && most > 0)
		canvas_textf(canvas, 2, y++, -1, STYLE(DIM), "%d more", n - shown);
	g_free(found);
	return y;
}

/* --- the chart --- */

struct sample {
	int64_t time_ms;
	double value;
};

static int by_time(const void *left, const void *right)
{
	const struct sample *a = left, *b = right;
	return (a->time_ms > b->time_ms) - (a->time_ms < b->time_ms);
}

static GArray *samples_of(const struct floor_pane *pane, const struct room *room, int64_t from_ms)
{
	GArray *samples = g_array_new(FALSE, FALSE, sizeof(struct sample));
	const struct rows *rows = world_rows(pane->desk->world, pane->account, KIND_OCCUPANCY);
	for (size_t i = 0; rows && i < rows_count(rows); i++) {
		const struct occupancy *row = rows_at(rows, i);
		struct sample sample = {row->start_ms, isnan(row->avg) ? row->max : row->avg};
		if (row->start_ms != MOMENT_NONE && row->start_ms >= from_ms &&
		    g_strcmp0(row->space_id, room->id) == 0)
			g_array_append_val(samples, sample);
	}
	if (samples->len)
		qsort(samples->data, samples->len, sizeof(struct sample), by_time);
	return samples;
}

static void draw_chart(const struct floor_pane *pane, struct canvas *canvas, const struct room *room,
		       struct rect rect)
{
	int64_t now_ms = world_now_ms(pane->desk->world);
	GArray *samples = samples_of(pane, room, now_ms - DETAIL_SPAN_MS);
	int64_t *times = g_new(int64_t, samples->len + 1);
	double *values = g_new(double, samples->len + 1);
	for (guint i = 0; i < samples->len; i++) {
		times[i] = g_array_index(samples, struct sample, i).time_ms;
		values[i] = g_array_index(samples, struct sample, i).value;
	}
	struct moment_zone *zone = moment_zone_new(world_choice_timezone(pane->desk->world));
	struct chart_series series = {times, values, samples->len, ROLE_CHART};
	struct chart chart = {.series = &series,
			      .n_series = 1,
			      .from_ms = now_ms - DETAIL_SPAN_MS,
			      .to_ms = now_ms,
			      .least = 0,
			      .most = NAN,
			      .limit = room->capacity > 0 ? room->capacity : NAN,
			      .zone = zone,
			      .form = CHART_AREA,
			      .braille = pane->desk->braille,
			      .empty = "no counts for these hours"};
	canvas_enter(canvas, rect);
	chart_draw(&chart, canvas);
	canvas_leave(canvas);
	moment_zone_free(zone);
	g_free(times);
	g_free(values);
	g_array_free(samples, TRUE);
}

void floor_detail(const struct floor_pane *pane, struct canvas *canvas, long i)
{
	struct rect clip = canvas_clip(canvas);
	const struct room *room = plan_room(pane->plan, (size_t)i);
	const struct plan_mark *mark = plan_mark(pane->plan, (size_t)i);
	struct buf words;
	buf_init(&words, 1024);
	describe(pane, room, &words);
	int figure = canvas_text_width(canvas, mark->figure);
	canvas_text(canvas, 0, 0, clip.width - figure - 1, room->name ? room->name : room->id,
		    (struct style){ROLE_ACCENT, ROLE_GROUND, ATTR_BOLD});
	canvas_text_right(canvas, 0, 0, clip.width, mark->figure,
			  (struct style){pane->old ? ROLE_STALE : mark->role, ROLE_GROUND, ATTR_BOLD});
	canvas_text(canvas, 0, 1, clip.width, buf_text(&words), STYLE(DIM));
	buf_fini(&words);
	int gap = clip.height >= 16 ? 1 : 0, y = draw_people(pane, canvas, room, 2 + gap) + gap;
	/* The chart needs six lines to say something and the frames theirs; the sensors get the rest, but three at least. */
	int frames = floor_frames_height(pane, room, clip.width);
	int most = clip.height - y - 1 - 8 - gap - (frames ? frames + gap : 0);
	if (most < 3)
		most = clip.height - y - 1 < 3 ? clip.height - y - 1 : 3;
	y = draw_sensors(pane, canvas, room, y, most) + gap;
	int after = floor_frames(pane, canvas, room, y, clip.height - y - 7 - gap);
	y = after > y ? after + gap : y;
	if (clip.height - y < 3)
		return;
	canvas_text(canvas, 0, y, -1, "People, last 12 hours", STYLE(TITLE));
	int height = clip.height - y - 1;
	draw_chart(pane, canvas, room, (struct rect){0, y + 1, clip.width, height > 12 ? 12 : height});
}
