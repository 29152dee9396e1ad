#include "ui/pane/heat_private.h"

#include "base/moment.h"

#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define BAR_ROWS 4
#define EIGHTHS 8

struct column {
	struct canvas *canvas;
	struct rect area;
	int y;
};

static void fact(struct column *at, const char *name, uint16_t role, const char *value)
{
	if (at->y >= at->area.y + at->area.height)
		return;
	canvas_text(at->canvas, at->area.x, at->y, 9, name, STYLE(DIM));
	canvas_text(at->canvas, at->area.x + 9, at->y, at->area.width - 9, value,
		    (struct style){role, ROLE_GROUND, 0});
	at->y++;
}

static void head(struct column *at, uint16_t role, const char *text)
{
	if (!*text || at->y >= at->area.y + at->area.height)
		return;
	canvas_text(at->canvas, at->area.x, at->y++, at->area.width, text,
		    (struct style){role, ROLE_GROUND, 0});
}

static void temperatures(struct column *at, const struct heat_tile *tile, bool ascii)
{
	char figure[HEAT_FIGURE_SIZE], text[HEAT_TEXT];
	const char *unit = ascii ? "C" : "°C";
	if (!tile->facts.told)
		return;
	snprintf(text, sizeof(text), "%s %s  row %d, col %d", heat_figure(tile->facts.high_c, figure), unit,
		 tile->facts.hottest / HEAT_SIDE + 1, tile->facts.hottest % HEAT_SIDE + 1);
	fact(at, "hottest", ROLE_STRONG, text);
	snprintf(text, sizeof(text), "%s %s", heat_figure(tile->facts.mean_c, figure), unit);
	fact(at, "mean", ROLE_TEXT, text);
	snprintf(text, sizeof(text), "%s %s", heat_figure(tile->facts.low_c, figure), unit);
	fact(at, "coldest", ROLE_TEXT, text);
	if (tile->facts.told < HEAT_SIDE * HEAT_SIDE) {
		snprintf(text, sizeof(text), "%d of 64 pixels", HEAT_SIDE * HEAT_SIDE - tile->facts.told);
		fact(at, "missing", ROLE_WARN, text);
	}
	if (tile->facts.doubtful) {
		snprintf(text, sizeof(text), "probably not in %s", unit);
		fact(at, "unit", ROLE_WARN, text);
	}
	at->y++;
}

static void arrival(struct column *at, const struct heat_pane *pane, const struct heat_tile *tile)
{
	char figure[HEAT_FIGURE_SIZE], age[HEAT_AGE_SIZE], text[HEAT_TEXT];
	int64_t now = world_now_ms(pane->desk->world);
	if (tile->time_ms != MOMENT_NONE) {
		snprintf(text, sizeof(text), "%s ago%s", heat_model_age(now - tile->time_ms, age),
			 pane->held    ? ", held"
			 : tile->stale ? ", stale"
				       : "");
		fact(at, "frame", pane->held || tile->stale ? ROLE_WARN : ROLE_TEXT, text);
		snprintf(text, sizeof(text), "%s/s", heat_figure(tile->rate, figure));
		fact(at, "rate", ROLE_TEXT, text);
		if (tile->back < tile->kept)
			snprintf(text, sizeof(text), "%zu of %zu", tile->kept - tile->back, tile->kept);
		else
			snprintf(text, sizeof(text), "%zu newer ones", tile->kept);
		fact(at, "kept", ROLE_TEXT, text);
	}
	if (tile->offline && tile->last_seen_ms != MOMENT_NONE)
		snprintf(text, sizeof(text), "offline for %s", heat_model_age(now - tile->last_seen_ms, age));
	else
		snprintf(text, sizeof(text), "%s", tile->offline ? "offline" : "online");
	fact(at, "status", tile->offline ? ROLE_BAD : ROLE_OK, text);
}

static void mounting(struct column *at, const struct heat_tile *tile, bool ascii)
{
	char figure[HEAT_FIGURE_SIZE], text[HEAT_TEXT];
	if (!tile->placed) {
		fact(at, "place", ROLE_UNKNOWN, "not told");
		return;
	}
	snprintf(text, sizeof(text), "%s m a side", heat_figure(tile->place.side_m, figure));
	fact(at, "sees", ROLE_TEXT, text);
	if (tile->height_m > 0) {
		snprintf(text, sizeof(text), "%s m", heat_figure(tile->height_m, figure));
		fact(at, "height", ROLE_TEXT, text);
	}
	snprintf(text, sizeof(text), "%ld%s%s", lround(tile->place.turn * 180 / G_PI),
		 ascii ? " degrees" : "°", tile->place.approximate ? ", approximate" : "");
	fact(at, "turned", ROLE_TEXT, text);
}

/* The hottest value of the kept frames, newest at the right; the one shown stands out. */
static void bars(struct column *at, const struct heat_pane *pane, const struct heat_tile *tile)
{
	static const uint32_t eighths[] = {' ',    0x2581, 0x2582, 0x2583, 0x2584,
					   0x2585, 0x2586, 0x2587, 0x2588};
	bool ascii = pane->desk->ascii, plain = pane->desk->mono || ascii;
	int bottom = at->y + 1 + BAR_ROWS, width = at->area.width;
	if (bottom + 1 > at->area.y + at->area.height || tile->kept < 2)
		return;
	at->y++;
	for (int i = 0; i < width && (size_t)i < tile->kept; i++) {
		const struct frame *frame = world_frame(pane->desk->world, tile->account, tile->address,
							(size_t)i);
		uint8_t level = frame ? heat_level(&pane->range, heat_facts(&frame->celsius).high_c)
				      : HEAT_MISSING;
		if (level == HEAT_MISSING)
			continue;
		int size = (level + 1) * BAR_ROWS * EIGHTHS / ROLE_HEAT_LEVELS,
		    x = at->area.x + width - 1 - i;
		struct style style = (size_t)i == tile->back ? STYLE(ACCENT)
				     : plain                 ? STYLE(CHART)
					     : (struct style){(uint16_t)(ROLE_HEAT_0 + level), ROLE_GROUND,
							      0};
		for (int row = 0; row < BAR_ROWS; row++) {
			int part = CLAMP(size - row * EIGHTHS, 0, EIGHTHS);
			if (part > 0)
				canvas_put(at->canvas, x, bottom - 1 - row,
					   ascii ? (part > 4 ? '#' : '_') : eighths[part], style);
		}
	}
	canvas_textf(at->canvas, at->area.x, bottom, width, STYLE(DIM), "hottest, last %d frames",
		     (int)MIN((size_t)width, tile->kept));
	at->y = bottom + 1;
}

void heat_draw_detail(const struct heat_pane *pane, struct canvas *canvas, struct rect area,
		      const struct heat_tile *tile)
{
	struct column at = {canvas, area, area.y};
	bool ascii = pane->desk->ascii;
	at.area.width = MIN(area.width, 48);
	head(&at, ROLE_STRONG, *tile->name ? tile->name : tile->label);
	head(&at, ROLE_DIM, tile->address);
	head(&at, ROLE_TEXT, strcmp(tile->room, tile->name) ? tile->room : "");
	at.y++;
	temperatures(&at, tile, ascii);
	arrival(&at, pane, tile);
	if (at.y + 4 + BAR_ROWS + 2 <= area.y + area.height)
		at.y++;
	mounting(&at, tile, ascii);
	bars(&at, pane, tile);
}
