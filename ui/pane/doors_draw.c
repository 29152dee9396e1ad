/* Drawing the log: the count by hour, the list with columns that give way, the details; and the tile. */
#include "ui/pane/doors_view.h"

#include "base/text.h"
#include "model/estate.h"
#include "ui/widget/chart.h"

#include <math.h>
#include <string.h>

#define BESIDE_LEAST 100
#define BESIDE_WIDTH 46
#define HOURS_LEAST_HEIGHT 14

/* --- words --- */

void doors_words(const char *vendor_word, char *out, size_t size)
{
	g_strlcpy(out, vendor_word == NULL ? "" : vendor_word, size);
	for (char *c = out; *c != '\0'; c++)
		if (*c == '_')
			*c = ' ';
}

const char *doors_who(const struct door_release *row)
{
	return row->user != NULL ? row->user : row->name != NULL ? row->name : "";
}

/* The time of the place that is chosen, as the clock of the top line tells it, else that of the first door system's building: the releases of one screen are told
 * in one time. */
void doors_settle_zone(struct doors_view *view)
{
	struct world *world = view->desk->world;
	const char *name = world_choice_timezone(world);

	for (unsigned a = 0; a < world_accounts(world) && name == NULL; a++) {
		const struct rows *doors = world_rows(world, a, KIND_DOORS);
		const struct rows *buildings = world_rows(world, a, KIND_BUILDINGS);

		if (doors == NULL)
			continue;
		if (buildings != NULL && rows_count(buildings) > 0)
			name = ((const struct building *)rows_at(buildings, 0))->timezone;
		if (name == NULL && view->desk->account_zone != NULL)
			name = view->desk->account_zone(view->desk, a);
	}
	if (view->zone != NULL && g_strcmp0(view->zone_name, name == NULL ? "" : name) == 0)
		return;
	g_strlcpy(view->zone_name, name == NULL ? "" : name, sizeof(view->zone_name));
	moment_zone_free(view->zone);
	view->zone = name == NULL ? moment_zone_new_local() : moment_zone_new(name);
	if (view->zone == NULL)
		view->zone = moment_zone_new(NULL);
}

/* "14:07:05" of today, "Thu 14:07" of the last days, "2026-08-19 14:07" else. */
static void time_words(const struct doors_view *view, int64_t time_ms, char out[32])
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	struct moment_parts at, now;
	int64_t age_ms = world_now_ms(view->desk->world) - time_ms;

	if (time_ms == MOMENT_NONE) {
		g_strlcpy(out, "-", 32);
		return;
	}
	at = moment_split(time_ms, view->zone);
	now = moment_split(world_now_ms(view->desk->world), view->zone);
	if (at.day == now.day && at.month == now.month && at.year == now.year)
		g_snprintf(out, 32, "%02d:%02d:%02d", at.hour, at.minute, at.second);
	else if (age_ms > 0 && age_ms < 6 * INT64_C(86400000))
		g_snprintf(out, 32, "%s %02d:%02d", days[at.weekday % 7], at.hour, at.minute);
	else
		g_snprintf(out, 32, "%04d-%02d-%02d %02d:%02d", at.year, at.month, at.day, at.hour,
			   at.minute);
}

/* --- the list --- */

enum column { COLUMN_TIME, COLUMN_METHOD, COLUMN_TYPE, COLUMN_WHO, COLUMN_UNIT, COLUMN_ACCOUNT, COLUMNS };

static const struct {
	const char *title;
	int least, ideal, share; /* cells; share of what is left */
	int from;                /* the list must be so wide for it */
} columns[COLUMNS] = {
	[COLUMN_TIME] = {"Time", 9, 16, 0, 0},  [COLUMN_METHOD] = {"Method", 7, 11, 0, 44},
	[COLUMN_TYPE] = {"Type", 8, 9, 0, 60},  [COLUMN_WHO] = {"Who", 10, 22, 1, 0},
	[COLUMN_UNIT] = {"Unit", 7, 18, 1, 26}, [COLUMN_ACCOUNT] = {"System", 8, 12, 0, 90},
};

/* Widths for a list of `width` cells; 0: left out. */
static void divide(const struct doors_view *view, int width, int widths[COLUMNS])
{
	int left = width, shares = 0;
	bool dated = false;

	for (int i = view->top; i < doors_shown(view) && i < view->top + MAX(view->height, 1); i++)
		dated |= world_now_ms(view->desk->world) - doors_at(view, i)->row->time_ms >
			 INT64_C(43200000);
	for (int c = 0; c < COLUMNS; c++) {
		bool wanted = width >= columns[c].from &&
			      (c != COLUMN_ACCOUNT || world_accounts(view->desk->world) > 1);

		widths[c] = !wanted ? 0 : width >= 76 ? columns[c].ideal : columns[c].least;
		if (c == COLUMN_TIME)
			widths[c] = dated && width >= 50 ? 16 : 9;
		left -= widths[c] > 0 ? widths[c] + 2 : 0;
		shares += widths[c] > 0 ? columns[c].share : 0;
	}
	for (int c = 0; c < COLUMNS && shares > 0; c++)
		if (widths[c] > 0)
			widths[c] += (left + 2) * columns[c].share / shares;
}

static void cell_words(const struct doors_view *view, const struct door_item *item, int column, char out[160])
{
	switch (column) {
	case COLUMN_TIME:
		time_words(view, item->row->time_ms, out);
		break;
	case COLUMN_METHOD:
		doors_words(item->row->method, out, 160);
		break;
	case COLUMN_TYPE:
		doors_words(item->row->type, out, 160);
		break;
	case COLUMN_WHO:
		g_strlcpy(out, doors_who(item->row), 160);
		break;
	case COLUMN_UNIT:
		g_strlcpy(out,
			  item->row->unit != NULL      ? item->row->unit
			  : item->row->unit_id != NULL ? item->row->unit_id
						       : "",
			  160);
		break;
	default:
		g_strlcpy(out, item->account, 160);
		break;
	}
}

static bool account_fresh(const struct doors_view *view, const char *account)
{
	const struct world *world = view->desk->world;

	for (unsigned a = 0; a < world_accounts(world); a++)
		if (strcmp(world_account_name(world, a), account) == 0)
			return world_light(world, a).light <= LIGHT_FRESH;
	return true;
}

static void draw_row(const struct doors_view *view, struct canvas *canvas, int y, int i, const int *widths,
		     bool focus)
{
	const struct door_item *item = doors_at(view, i);
	bool chosen = i == view->chosen && view->whole;
	int x = 0, width = canvas_clip(canvas).width;
	char text[160];

	for (int c = 0; c < COLUMNS; c++) {
		struct style style = c == COLUMN_WHO    ? STYLE(STRONG)
				     : c == COLUMN_TIME ? STYLE(TEXT)
							: STYLE(DIM);

		if (widths[c] <= 0)
			continue;
		if (c == COLUMN_METHOD || c == COLUMN_UNIT)
			style = STYLE(TEXT);
		cell_words(view, item, c, text);
		canvas_text(canvas, x, y, widths[c], text, style);
		x += widths[c] + 2;
	}
	if (chosen)
		canvas_restyle(canvas, (struct rect){0, y, width, 1}, -1, focus ? ROLE_SELECT : ROLE_BAR, -1);
}

static void draw_titles(struct canvas *canvas, const int *widths)
{
	int x = 0;

	for (int c = 0; c < COLUMNS; c++) {
		if (widths[c] <= 0)
			continue;
		canvas_text(canvas, x, 0, widths[c], columns[c].title, STYLE(DIM));
		x += widths[c] + 2;
	}
}

static const char *nothing(const struct doors_view *view)
{
	if (view->log.why[0] != '\0')
		return view->log.why;
	if (!view->log.asked)
		return "No door system has told anything yet.";
	if (view->typed != NULL || view->period_ms > 0)
		return "Nothing matches. Esc shows all again.";
	return "No door was released in the time that is kept.";
}

static void draw_list(struct doors_view *view, struct canvas *canvas, bool focus)
{
	struct rect clip = canvas_clip(canvas);
	int widths[COLUMNS], titles = clip.height >= 4 ? 1 : 0;

	view->titles = titles;
	view->height = MAX(clip.height - titles, 1);
	view->top = CLAMP(view->top, view->chosen - view->height + 1, view->chosen);
	view->top = CLAMP(view->top, 0, MAX(doors_shown(view) - view->height, 0));
	if (doors_shown(view) == 0) {
		canvas_text(canvas, 0, titles, clip.width, nothing(view),
			    view->log.why[0] != '\0' ? STYLE(BAD) : STYLE(DIM));
		return;
	}
	divide(view, clip.width, widths);
	if (titles > 0)
		draw_titles(canvas, widths);
	for (int i = 0; i < view->height && view->top + i < doors_shown(view); i++)
		draw_row(view, canvas, titles + i, view->top + i, widths, focus);
}

/* --- on top --- */

/* The words that a filter can have, as many as there is room for. */
static void draw_words(struct canvas *canvas, int x, int y, int end)
{
	const char *word;

	for (size_t i = 0; (word = doors_filter_word(i)) != NULL && x + (int)strlen(word) <= end; i++)
		x += canvas_text(canvas, x, y, end - x, word, STYLE(DIM)) + 1;
}

static void draw_mode(struct doors_view *view, struct canvas *canvas, int y)
{
	int width = canvas_clip(canvas).width, x = 1, end = width - 1;
	char text[48];

	if (view->log.fresh > 0) {
		g_snprintf(text, sizeof(text), "%u%s new %s", view->log.fresh,
			   view->log.fresh_more ? "+" : "", view->desk->ascii ? "(Home)" : "↑");
		canvas_text_right(canvas, 0, y, width - 1, text,
				  (struct style){ROLE_ACCENT, ROLE_GROUND, ATTR_BOLD});
		end -= canvas_text_width(canvas, text) + 2;
	}
	if (view->flaw[0] != '\0' || (view->log.why[0] != '\0' && doors_shown(view) > 0)) {
		canvas_text(canvas, x, y, end - x, view->flaw[0] != '\0' ? view->flaw : view->log.why,
			    STYLE(BAD));
		return;
	}
	if (view->typed != NULL) {
		x += canvas_text(canvas, x, y, end - x, "/", STYLE(ACCENT));
		x += canvas_text(canvas, x, y, end - x, view->typed, STYLE(ACCENT)) + 2;
	}
	if (x < end)
		x += canvas_text(canvas, x, y, end - x, doors_period_name(view), STYLE(DIM)) + 2;
	if (view->filtering || view->typed == NULL)
		draw_words(canvas, x, y, end);
}

/* "by hour ▁▂▃▅▇  143 in 24 h, most 14:00–15:00: 31" */
static void draw_hours(struct doors_view *view, struct canvas *canvas, int y)
{
	int width = canvas_clip(canvas).width, most = 0, x = 1;
	struct moment_parts at;

	for (int i = 1; i < DOORS_HOURS; i++)
		if (view->hours[i] > view->hours[most])
			most = i;
	x += canvas_text(canvas, x, y, -1, "24 h ", STYLE(DIM));
	chart_spark(canvas, x, y, DOORS_HOURS, view->hours, DOORS_HOURS, NAN, STYLE(CHART));
	x += DOORS_HOURS + 2;
	if (view->log.why[0] != '\0')
		return;
	x += canvas_textf(canvas, x, y, width - x - 1, STYLE(STRONG), "%u", view->today);
	x += canvas_text(canvas, x, y, width - x - 1, view->today == 1 ? " release" : " releases",
			 STYLE(DIM));
	if (view->today == 0)
		return;
	at = moment_split(view->hours_from_ms + most * INT64_C(3600000), view->zone);
	canvas_textf(canvas, x, y, width - x - 1, STYLE(DIM), ", most from %02d:%02d: %.0f", at.hour,
		     at.minute, view->hours[most]);
}

static int draw_stale(struct doors_view *view, struct canvas *canvas, int y)
{
	const struct world *world = view->desk->world;
	int drawn = 0;

	for (unsigned a = 0; a < world_accounts(world) && drawn < 2; a++) {
		struct feed_light light = world_light(world, a);
		const struct rows *rows = world_rows(world, a, KIND_DOORS);
		char at[32];

		if (rows == NULL || light.light <= LIGHT_FRESH)
			continue;
		time_words(view, rows_as_of_ms(rows), at);
		canvas_textf(canvas, 1, y + drawn++, canvas_clip(canvas).width - 2, STYLE(STALE),
			     "%s as of %s%s%s", world_account_name(world, a), at,
			     light.why[0] != '\0' ? ": " : "", light.why);
	}
	return drawn;
}

/* --- details --- */

static void detail_line(struct canvas *canvas, int *y, const char *label, const char *text,
			struct style style)
{
	if (text == NULL || text[0] == '\0')
		return;
	canvas_text(canvas, 0, *y, 9, label, STYLE(DIM));
	canvas_text(canvas, 10, (*y)++, -1, text, style);
}

/* A link is told whole, over as many lines as it takes: it is there to be copied. */
static void detail_link(struct canvas *canvas, int *y, const char *url)
{
	int room = MAX(canvas_clip(canvas).width - 10, 8);
	size_t length = url == NULL ? 0 : strlen(url);

	if (length == 0)
		return;
	canvas_text(canvas, 0, *y, 9, "picture", STYLE(DIM));
	for (size_t at = 0, n, cells; at < length && *y < canvas_clip(canvas).height; at += MAX(n, 1)) {
		n = text_fit(url + at, length - at, (size_t)room, &cells);
		g_autofree char *part = g_strndup(url + at, n);

		canvas_text(canvas, 10, (*y)++, room, part, STYLE(TEXT));
	}
}

static void draw_details(struct doors_view *view, struct canvas *canvas)
{
	const struct door_item *item = doors_at(view, view->chosen);
	char text[200], zone_time[MOMENT_TEXT_SIZE];
	int y = 0;

	if (item == NULL)
		return;
	canvas_text(canvas, 0, y++, -1, doors_who(item->row)[0] != '\0' ? doors_who(item->row) : "(no name)",
		    (struct style){ROLE_STRONG, ROLE_GROUND, ATTR_BOLD});
	moment_format_in(item->row->time_ms, view->zone, zone_time);
	g_snprintf(text, sizeof(text), "%s %s", zone_time, moment_zone_iana(view->zone_name));
	detail_line(canvas, &y, "time", text, STYLE(TEXT));
	doors_words(item->row->method, text, sizeof(text));
	detail_line(canvas, &y, "method", text, STYLE(TEXT));
	doors_words(item->row->type, text, sizeof(text));
	detail_line(canvas, &y, "type", text, STYLE(TEXT));
	doors_words(item->row->panel_user_type, text, sizeof(text));
	detail_line(canvas, &y, "panel", text, STYLE(TEXT));
	detail_line(canvas, &y, "unit", item->row->unit != NULL ? item->row->unit : item->row->unit_id,
		    STYLE(TEXT));
	detail_line(canvas, &y, "person", item->row->user, STYLE(TEXT));
	detail_line(canvas, &y, "name", item->row->name, STYLE(TEXT));
	detail_line(canvas, &y, "call", item->row->call_guid, STYLE(DIM));
	detail_line(canvas, &y, "system", item->account, STYLE(DIM));
	detail_line(canvas, &y, "id", item->row->id, STYLE(DIM));
	if (!account_fresh(view, item->account))
		detail_line(canvas, &y, "", "the system is not heard of", STYLE(STALE));
	detail_link(canvas, &y, item->row->picture_url);
}

/* --- all of it --- */

void doors_draw_whole(struct doors_view *view, struct canvas *canvas, bool focus)
{
	struct rect clip = canvas_clip(canvas);
	bool beside = clip.width >= BESIDE_LEAST;
	struct rect at;
	int y;

	doors_settle_zone(view);
	y = draw_stale(view, canvas, 0);
	if (view->history && clip.height >= HOURS_LEAST_HEIGHT && clip.width >= 60)
		draw_hours(view, canvas, y++);
	if (clip.height >= 4)
		draw_mode(view, canvas, y++);
	at = (struct rect){1, y, clip.width - 2, clip.height - y};
	view->list_at = (struct rect){0, 0, 0, 0};
	if (view->detail && !beside) {
		canvas_enter(canvas, at);
		draw_details(view, canvas);
		canvas_leave(canvas);
		return;
	}
	if (view->detail) {
		at.width -= BESIDE_WIDTH + 3;
		canvas_fill(canvas, (struct rect){at.x + at.width + 1, y, 1, at.height},
			    canvas_ascii(canvas) ? '|' : 0x2502, STYLE(RULE));
		canvas_enter(canvas,
			     (struct rect){clip.width - BESIDE_WIDTH - 1, y, BESIDE_WIDTH, at.height});
		draw_details(view, canvas);
		canvas_leave(canvas);
	}
	view->list_at = at;
	canvas_enter(canvas, at);
	draw_list(view, canvas, focus);
	canvas_leave(canvas);
}

void doors_draw_tile(struct doors_view *view, struct canvas *canvas)
{
	doors_settle_zone(view);
	view->chosen = view->top = 0;
	canvas_enter(canvas, canvas_clip(canvas));
	draw_list(view, canvas, false);
	canvas_leave(canvas);
}
