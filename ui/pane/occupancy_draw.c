/* The pane put together: what is now, what is looked at, the list and the picture. */
#include "ui/pane/occupancy_view.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

#define BESIDE_LEAST 110 /* cells from which list and picture stand beside each other */
#define BELOW_LEAST 16   /* lines from which they stand below each other */

static const char *const mode_names[OCC_MODES] = {"chart", "ranking", "week", "sessions"};

static void add_trend(struct buf *out, const struct occ_space *space, bool ascii)
{
	static const char *const words[] = {"falling", "steady", "rising"};
	int sign = occ_trend_sign(space);

	if (sign == 2)
		return;
	buf_addf(out, ", %s", words[sign + 1]);
	if (sign != 0) {
		buf_adds(out, " (");
		occ_add_number(out, round(space->before * 10) / 10, ascii);
		buf_adds(out, " before)");
	}
}

static void add_as_of(struct buf *out, const struct occ_view *view, const struct occ_space *space)
{
	const struct room *room = space->kind == KIND_ROOMS ? space->row : NULL;
	struct feed_light light = world_light(view->desk->world, space->account);
	int64_t at_ms = room != NULL && room->as_of_ms != MOMENT_NONE ? room->as_of_ms : light.last_ok_ms;

	if ((!space->now.stale && !occ_account_old(view, space->account)) || at_ms == MOMENT_NONE)
		return;
	buf_adds(out, ", as of ");
	occ_add_moment(out, at_ms, view->zone);
}

/* "Conf 2  9 of 8 people, 113 %, rising (5.5 before)". */
static void draw_headline(struct occ_view *view, struct canvas *canvas)
{
	const struct occ_space *space = occ_chosen(view);
	int width = canvas_clip(canvas).width - 2, x = 1;
	bool old = space != NULL && occ_account_old(view, space->account);
	struct buf text;
	char words[64];

	if (space == NULL) {
		canvas_text(canvas, x, 0, width, "nothing is told of rooms, floors or buildings", STYLE(DIM));
		return;
	}
	buf_init(&text, 1024);
	x += canvas_text(canvas, x, 0, MIN(width, 40), space->name,
			 (struct style){ROLE_STRONG, ROLE_GROUND, ATTR_BOLD}) +
	     2;
	buf_adds(&text, now_words(&space->now, words));
	if (!isnan(space->now.utilization))
		buf_addf(&text, ", %ld %%", lround(space->now.utilization * 100));
	else if (!isnan(space->now.people))
		buf_adds(&text, ", capacity not told");
	add_trend(&text, space, view->desk->ascii);
	if (space->kind != KIND_ROOMS && space->unknown > 0)
		buf_addf(&text, ", %u of %u rooms not known", space->unknown, space->rooms);
	add_as_of(&text, view, space);
	canvas_text(canvas, x, 0, width - x, buf_text(&text),
		    old                               ? STYLE(STALE)
		    : space->now.state == NOW_UNKNOWN ? STYLE(UNKNOWN)
		    : space->now.utilization > 1      ? STYLE(BAD)
						      : STYLE(TEXT));
	buf_fini(&text);
}

/* "chart  people  1h 8h [1d] 1w 1mo  2026-08-01..": what may be chosen, what is chosen. */
static void draw_choice(struct occ_view *view, struct canvas *canvas, int y)
{
	int width = canvas_clip(canvas).width - 1, x = 1;
	struct style on = {ROLE_ACCENT, ROLE_GROUND, ATTR_BOLD};
	bool narrow = width < 70;

	for (int i = 0; i < OCC_MODES; i++)
		if (!narrow || i == (int)view->mode)
			x += canvas_text(canvas, x, y, width - x, mode_names[i],
					 i == (int)view->mode ? on : STYLE(DIM)) +
			     1;
	x++;
	if (view->mode == OCC_RANKING)
		x += canvas_textf(canvas, x, y, width - x, STYLE(TEXT), "%s %s", occ_rank_name(view->rank),
				  view->rank_range ? "in" : "now") +
		     2;
	else if (view->mode != OCC_SESSIONS)
		x += canvas_text(canvas, x, y, width - x, occ_measure_name(view->measure), STYLE(TEXT)) + 2;
	for (int i = 0; i < OCC_DATES && (view->mode != OCC_RANKING || view->rank_range); i++)
		if (!narrow || i == (int)view->range)
			x += canvas_text(canvas, x, y, width - x, occ_range_name((enum occ_range)i),
					 i == (int)view->range ? on : STYLE(DIM)) +
			     1;
	if (view->range == OCC_DATES)
		x += canvas_text(canvas, x, y, width - x, view->dates, on) + 1;
	if (view->typed != NULL && x + 8 < width)
		canvas_textf(canvas, x + 1, y, width - x - 1, STYLE(ACCENT), "/%s  %zu of %u", view->typed,
			     table_shown(view->table), view->spaces->len);
	else if (view->zone_name[0] == '\0' && x + 12 < width)
		canvas_text(canvas, x + 1, y, width - x - 1, "times are UTC", STYLE(DIM));
	else if (x + (int)strlen(view->zone_name) + 1 < width)
		canvas_text(canvas, x + 1, y, width - x - 1, view->zone_name, STYLE(DIM));
}

static int draw_stale(struct occ_view *view, struct canvas *canvas, int y, int lines)
{
	static const char *const words[] = {"", "", "late", "down", "signed out"};
	struct world *world = view->desk->world;
	int drawn = 0;

	for (unsigned a = 0; a < world_accounts(world) && drawn < lines; a++) {
		struct feed_light light = world_light(world, a);
		const struct rows *rows = world_rows(world, a, KIND_ROOMS);
		struct buf text;

		if (!occ_account_old(view, a))
			continue;
		buf_init(&text, 1024);
		buf_addf(&text, "%s is %s", world_account_name(world, a), words[light.light]);
		if (rows != NULL && rows_as_of_ms(rows) != MOMENT_NONE) {
			buf_adds(&text, ": as of ");
			occ_add_moment(&text, rows_as_of_ms(rows), view->zone);
		}
		if (light.why[0] != '\0')
			buf_addf(&text, " - %s", light.why);
		canvas_text(canvas, 1, y + drawn++, canvas_clip(canvas).width - 2, buf_text(&text),
			    STYLE(STALE));
		buf_fini(&text);
	}
	return drawn;
}

static void draw_list(struct occ_view *view, struct canvas *canvas, struct rect at, bool focus)
{
	struct table *table = occ_table(view);

	view->table_at = at;
	canvas_enter(canvas, at);
	if (table_shown(table) == 0)
		canvas_text(canvas, 0, 0, -1,
			    view->spaces->len > 0 ? "Nothing matches. Esc shows all again."
						  : "No system has told of rooms yet.",
			    STYLE(DIM));
	else
		table_draw(table, canvas, focus);
	canvas_leave(canvas);
}

static void draw_picture(struct occ_view *view, struct canvas *canvas, struct rect at)
{
	static void (*const drawers[OCC_MODES])(struct occ_view *, struct canvas *) = {
		[OCC_CHART] = occ_draw_chart,
		[OCC_RANKING] = occ_draw_ranking,
		[OCC_WEEK] = occ_draw_week,
		[OCC_SESSIONS] = occ_draw_sessions,
	};

	view->chart_at = (struct rect){0, 0, 0, 0};
	canvas_enter(canvas, at);
	drawers[view->mode](view, canvas);
	canvas_leave(canvas);
	view->chart_at.x += at.x;
	view->chart_at.y += at.y;
}

void occ_draw(struct occ_view *view, struct canvas *canvas, bool focus)
{
	struct rect clip = canvas_clip(canvas);
	int y = clip.height >= 3 ? 2 : 0, list;
	struct rect at;

	view->table_at = (struct rect){0, 0, 0, 0};
	occ_settle_zone(view);
	occ_table(view);
	draw_headline(view, canvas);
	if (y > 1)
		draw_choice(view, canvas, 1);
	y += draw_stale(view, canvas, y, clip.height / 8);
	at = (struct rect){1, y, clip.width - 2, clip.height - y};
	if (at.width <= 0 || at.height <= 0)
		return;
	if (view->open) {
		draw_picture(view, canvas, at);
	} else if (clip.width >= BESIDE_LEAST) {
		at.y++;
		at.height--;
		list = MIN(clip.width * 2 / 5, 70);
		draw_list(view, canvas, (struct rect){at.x, at.y, list, at.height}, focus);
		canvas_fill(canvas, (struct rect){at.x + list + 1, at.y, 1, at.height},
			    canvas_glyph(canvas, 0x2502, '|'), STYLE(RULE));
		draw_picture(view, canvas,
			     (struct rect){at.x + list + 3, at.y, at.width - list - 3, at.height});
	} else if (clip.height >= BELOW_LEAST && clip.width >= 40) {
		list = MAX(at.height * 2 / 5, 5);
		draw_list(view, canvas, (struct rect){at.x, at.y, at.width, list}, focus);
		canvas_fill(canvas, (struct rect){at.x, at.y + list, at.width, 1},
			    canvas_glyph(canvas, 0x2500, '-'), STYLE(RULE));
		draw_picture(view, canvas,
			     (struct rect){at.x, at.y + list + 1, at.width, at.height - list - 1});
	} else {
		draw_list(view, canvas, at, focus);
	}
}
