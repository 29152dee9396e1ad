/* What the sensors of a room see now: their newest frames as small pictures. */
#include "ui/pane/floor_view.h"

#include "base/moment.h"
#include "model/live.h"
#include "ui/heat/heat.h"

#include <glib.h>
#include <string.h>

#define SLOT 11 /* cells of a picture and its words: "31.0 °C 12s" */
#define GAP 2
#define PICTURE_ROWS (HEAT_SIDE / 2)
#define STALE_MS 30000
#define TILES_MOST 64

struct tile {
	const struct sensor *sensor;
	const struct frame *frame;
	struct heat_facts facts;
};

/* Sensors with a frame, and the range that suits them all; returns how many. */
static int find(const struct floor_pane *pane, const struct room *room, struct tile *tiles,
		struct heat_range *range)
{
	int n = 0;
	heat_range_start(range);
	for (size_t i = 0; i < plan_sensors(pane->plan) && n < TILES_MOST; i++) {
		const struct sensor *sensor = plan_sensor(pane->plan, i);
		if (!sensor->address || g_strcmp0(sensor->room_id, room->id) != 0)
			continue;
		const struct frame *frame = world_frame(pane->desk->world, pane->account, sensor->address, 0);
		if (!frame)
			continue;
		tiles[n] = (struct tile){sensor, frame, heat_facts(&frame->celsius)};
		heat_range_add(range, &tiles[n++].facts);
	}
	heat_range_finish(range);
	return n;
}

/* An address is told by its end: sensors of one building begin alike. */
static const char *short_name(const struct sensor *sensor)
{
	size_t length = strlen(sensor->address);
	return sensor->name ? sensor->name : sensor->address + (length > 5 ? length - 5 : 0);
}

/* Twice as large where all of them have room so. */
static int scale_of(int n, int width, int most)
{
	return n * (2 * HEAT_SIDE + GAP) - GAP <= width && most >= 2 * PICTURE_ROWS + 3 ? 2 : 1;
}

int floor_frames_height(const struct floor_pane *pane, const struct room *room, int width)
{
	struct heat_range range;
	struct tile *tiles = g_new(struct tile, TILES_MOST);
	int n = find(pane, room, tiles, &range);
	g_free(tiles);
	return n == 0 || width < SLOT ? 0 : PICTURE_ROWS + 3;
}

static void draw_tile(const struct floor_pane *pane, struct canvas *canvas, const struct tile *tile,
		      const struct heat_range *range, struct heat_image *image, struct rect at)
{
	char figure[HEAT_FIGURE_SIZE], age[MOMENT_TEXT_SIZE] = "";
	int64_t now_ms = world_now_ms(pane->desk->world);
	bool stale = pane->old || now_ms - tile->frame->time_ms > STALE_MS;
	struct heat_pen pen = {pane->desk->ascii, pane->desk->mono, stale};
	int side = at.height * 2;
	heat_image_make(image, &tile->frame->celsius, range, side, side, side > HEAT_SIDE);
	heat_draw_image(canvas, at.x, at.y, image, pen);
	if (tile->frame->time_ms != MOMENT_NONE)
		moment_format_age(now_ms - tile->frame->time_ms, age);
	canvas_textf(canvas, at.x, at.y + at.height, at.width, STYLE(DIM), "%s", short_name(tile->sensor));
	int x = canvas_textf(canvas, at.x, at.y + at.height + 1, at.width,
			     (struct style){stale ? ROLE_STALE : ROLE_STRONG, ROLE_GROUND, 0}, "%s %s",
			     heat_figure(tile->facts.high_c, figure), pane->desk->ascii ? "C" : "°C");
	canvas_text(canvas, at.x + x + 1, at.y + at.height + 1, at.width - x - 1, age,
		    (struct style){stale ? ROLE_STALE : ROLE_DIM, ROLE_GROUND, 0});
}

int floor_frames(const struct floor_pane *pane, struct canvas *canvas, const struct room *room, int y,
		 int most)
{
	int width = canvas_clip(canvas).width;
	struct heat_range range;
	struct tile *tiles = g_new(struct tile, TILES_MOST);
	int n = find(pane, room, tiles, &range), scale = scale_of(n, width, most);
	int slot = MAX(SLOT, scale * HEAT_SIDE), shown = MIN((width + GAP) / (slot + GAP), n);
	if (shown > 0 && most >= PICTURE_ROWS + 3) {
		struct heat_image *image = g_new(struct heat_image, 1);
		canvas_text(canvas, 0, y++, -1, n == 1 ? "Heat now, hottest" : "Heat now, hottest of each",
			    STYLE(TITLE));
		if (shown < n)
			canvas_textf(canvas, width - 8, y - 1, 8, STYLE(DIM), "%d more", n - shown);
		for (int i = 0; i < shown; i++)
			draw_tile(pane, canvas, &tiles[i], &range, image,
				  (struct rect){i * (slot + GAP), y, slot, scale * PICTURE_ROWS});
		y += scale * PICTURE_ROWS + 2;
		g_free(image);
	}
	g_free(tiles);
	return y;
}
