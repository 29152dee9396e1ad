#include "ui/pane/floor_view.h"

#include <glib.h>
#include <math.h>
#include <string.h>

/* Smaller than this a plan shows nothing; the rooms are listed instead. */
#define PLAN_LEAST_WIDTH 24
#define PLAN_LEAST_HEIGHT 6
/* From this width on the room's detail stands beside the plan instead of over it. */
#define BESIDE_FROM 100

static void *floor_open(struct desk *desk)
{
	struct floor_pane *pane = g_new0(struct floor_pane, 1);
	pane->desk = desk;
	pane->plan = plan_new();
	pane->stale_rows = true;
	pane->fitted = true;
	return pane;
}

static void floor_close(void *state)
{
	struct floor_pane *pane = state;
	plan_free(pane->plan);
	g_free(pane);
}

/* --- taking in --- */

static bool stopped(const struct floor_pane *pane)
{
	enum light light = world_accounts(pane->desk->world)
				   ? world_light(pane->desk->world, pane->account).light
				   : LIGHT_STARTING;
	return light == LIGHT_DOWN || light == LIGHT_SIGNED_OUT;
}

/* Brings rows, marks and what is chosen up to date with the world. */
void floor_refresh(struct floor_pane *pane)
{
	struct world *world = pane->desk->world;
	const struct choice *choice = world_choice(world);
	if (choice->account != pane->account || strcmp(choice->floor_id, pane->floor_id) != 0) {
		pane->account = choice->account;
		g_strlcpy(pane->floor_id, choice->floor_id, sizeof(pane->floor_id));
		pane->stale_rows = pane->fitted = true;
	}
	if (pane->stale_rows) {
		struct plan_source source = {.floor_id = pane->floor_id};
		if (pane->account < world_accounts(world)) {
			source.rooms = world_rows(world, pane->account, KIND_ROOMS);
			source.zones = world_rows(world, pane->account, KIND_ZONES);
			source.fixtures = world_rows(world, pane->account, KIND_FIXTURES);
			source.sensors = world_rows(world, pane->account, KIND_SENSORS);
		}
		plan_set(pane->plan, &source);
		pane->stale_rows = false;
		pane->stale_marks = true;
	}
	if (pane->stale_marks) {
		floor_mark(pane);
		pane->stale_marks = false;
		pane->stale_layout = true;
	}
	bool old = stopped(pane);
	pane->stale_layout |= old != pane->old;
	pane->old = old;
}

#define ROW_KINDS                                                                                            \
	(KIND_BIT(KIND_ROOMS) | KIND_BIT(KIND_ZONES) | KIND_BIT(KIND_FIXTURES) | KIND_BIT(KIND_SENSORS))
#define MARK_KINDS (KIND_BIT(KIND_FLOORS) | KIND_BIT(KIND_BUILDINGS) | KIND_BIT(KIND_OCCUPANCY))

static bool floor_update(void *state, uint32_t changed)
{
	struct floor_pane *pane = state;
	if (changed & ROW_KINDS)
		pane->stale_rows = true;
	if ((changed & MARK_KINDS) ||
	    ((changed & KIND_BIT(KIND_FRAMES)) && pane->overlay == OVERLAY_TEMPERATURE))
		pane->stale_marks = true;
	if (changed & (ROW_KINDS | MARK_KINDS | KIND_BIT(KIND_DETECTIONS)))
		return true;
	/* Trails fade and ages grow without new data; a feed may have stopped. */
	return pane->stale_marks || pane->moving || pane->detail || pane->old || stopped(pane) != pane->old;
}

/* --- laying out and drawing --- */

bool floor_same_view(const struct plan_view *a, const struct plan_view *b)
{
	return a->left_m == b->left_m && a->top_m == b->top_m && a->per_m_x == b->per_m_x &&
	       a->per_m_y == b->per_m_y;
}

static void lay(struct floor_pane *pane, int width, int height)
{
	const struct desk *desk = pane->desk;
	double aspect = desk->cell_aspect;
	bool sized = width != pane->look.width || height != pane->look.height || aspect != pane->look_aspect;
	if (sized || pane->stale_layout)
		pane->fit = plan_view_fit(plan_bounds(pane->plan), width, height, aspect);
	if (pane->fitted)
		pane->view = pane->fit;
	else if (sized)
		plan_view_hold(&pane->view, &pane->fit, plan_bounds(pane->plan), width, height);
	const char *room = world_choice(desk->world)->room_id;
	bool other = strcmp(room, pane->look_room) != 0;
	g_strlcpy(pane->look_room, room, sizeof(pane->look_room));
	if (!sized && !pane->stale_layout && floor_same_view(&pane->view, &pane->look.view) &&
	    desk->ascii == pane->look.ascii && desk->braille == pane->look.braille &&
	    desk->hatch == pane->look.hatch) {
		if (other)
			plan_choose(pane->plan, room);
		return;
	}
	pane->look_aspect = aspect;
	pane->look = (struct plan_look){.width = width,
					.height = height,
					.view = pane->view,
					.ascii = desk->ascii,
					.braille = desk->braille && !desk->ascii,
					.hatch = desk->hatch,
					.old = pane->old,
					.chosen_id = pane->look_room};
	plan_lay(pane->plan, &pane->look);
	pane->look.braille = desk->braille;
	pane->stale_layout = false;
}

struct walk {
	struct floor_pane *pane;
	struct canvas *canvas;
	bool now;
};

static void draw_seen(void *ctx, const struct seen *seen)
{
	const struct walk *walk = ctx;
	walk->pane->moving = true;
	if (seen->now == walk->now)
		plan_person(walk->pane->plan, walk->canvas, seen->at, seen->now);
}

static void draw_plan(struct floor_pane *pane, struct canvas *canvas, struct rect rect)
{
	pane->place = rect;
	lay(pane, rect.width, rect.height);
	canvas_enter(canvas, rect);
	plan_draw(pane->plan, canvas);
	pane->moving = false;
	/* Traces first: nobody is hidden by where somebody else was. */
	for (int now = 0; now < 2 && !pane->old; now++) {
		struct walk walk = {pane, canvas, now};
		world_people(pane->desk->world, pane->account, pane->floor_id, draw_seen, &walk);
	}
	plan_draw_sensors(pane->plan, canvas);
	canvas_leave(canvas);
}

static void draw_message(struct canvas *canvas, const char *first, const char *second)
{
	struct rect clip = canvas_clip(canvas);
	int y = clip.height > 4 ? clip.height / 2 - 1 : 0;
	int width = canvas_text_width(canvas, first);
	canvas_text(canvas, width < clip.width ? (clip.width - width) / 2 : 0, y, -1, first, STYLE(TEXT));
	width = canvas_text_width(canvas, second);
	if (second && second[0] && clip.height > y + 1)
		canvas_text(canvas, width < clip.width ? (clip.width - width) / 2 : 0, y + 1, -1, second,
			    STYLE(DIM));
}

/* Why there is nothing to draw. */
static void draw_nothing(const struct floor_pane *pane, struct canvas *canvas)
{
	struct world *world = pane->desk->world;
	char text[160];
	if (world_accounts(world) == 0) {
		draw_message(canvas, "no account is configured", "see lodge.conf(5)");
		return;
	}
	unsigned account = pane->account < world_accounts(world) ? pane->account : 0;
	struct feed_light light = world_light(world, account);
	const char *name = world_account_name(world, account);
	if (light.light == LIGHT_SIGNED_OUT)
		g_snprintf(text, sizeof(text), "%s is signed out", name);
	else if (light.light == LIGHT_DOWN)
		g_snprintf(text, sizeof(text), "%s is not reached", name);
	else if (!pane->floor_id[0] || !world_rows(world, account, KIND_ROOMS))
		g_snprintf(text, sizeof(text), pane->desk->ascii ? "waiting for %s ..." : "waiting for %s …",
			   name);
	else
		g_snprintf(text, sizeof(text), "this floor has no rooms");
	draw_message(canvas, text, light.why);
}

/* How far down the plan reaches: the legend follows it when the floor is flat. */
static int plan_bottom(const struct floor_pane *pane, int height)
{
	if (!pane->fitted)
		return height - 1;
	int bottom = plan_view_row(&pane->view, plan_bounds(pane->plan).y0);
	return bottom < height - 1 ? bottom : height - 1;
}

static void draw_with_plan(struct floor_pane *pane, struct canvas *canvas, struct rect rect)
{
	size_t unplaced = plan_rooms(pane->plan) - plan_drawn(pane->plan);
	int extra = unplaced && rect.height >= 12 ? 1 : 0, margin = rect.width >= 60 ? 1 : 0;
	int gap = rect.height >= 16 ? 1 : 0, top = rect.height >= 20 ? 1 : 0;
	struct rect plan = {rect.x + margin, rect.y + top, rect.width - 2 * margin,
			    rect.height - top - 1 - gap - extra};
	draw_plan(pane, canvas, plan);
	int y = plan.y + plan_bottom(pane, plan.height) + 1 + gap;
	canvas_enter(canvas, rect);
	floor_legend(pane, canvas, y - rect.y);
	if (extra)
		floor_unplaced(pane, canvas, y - rect.y + 1);
	canvas_leave(canvas);
}

static void draw_as_list(struct floor_pane *pane, struct canvas *canvas, struct rect rect)
{
	int legend = rect.height >= 4 ? 1 : 0, margin = rect.width >= 60 ? 1 : 0;
	struct rect inner = {rect.x + margin, rect.y, rect.width - 2 * margin, rect.height - 2 * legend};
	pane->moving = false;
	if (plan_drawn(pane->plan) == 0 && inner.width >= PLAN_LEAST_WIDTH && inner.height >= 2)
		floor_tiles(pane, canvas, inner);
	else
		floor_list(pane, canvas, inner);
	canvas_enter(canvas, rect);
	if (legend)
		floor_legend(pane, canvas, rect.height - 1);
	canvas_leave(canvas);
}

/* Where the detail stands; no width: not at all. The plan's rectangle shrinks. */
static struct rect detail_place(const struct floor_pane *pane, struct rect *rest)
{
	if (!pane->whole || !pane->detail ||
	    plan_find(pane->plan, world_choice(pane->desk->world)->room_id) < 0)
		return (struct rect){0, 0, 0, 0};
	struct rect all = *rest;
	if (all.width < BESIDE_FROM) {
		rest->width = 0;
		return all;
	}
	int width = all.width * 3 / 10;
	width = width < 38 ? 38 : width > 64 ? 64 : width;
	rest->width -= width + 3;
	return (struct rect){all.width - width - 1, 0, width, all.height};
}

static void draw_detail(const struct floor_pane *pane, struct canvas *canvas, struct rect at, bool beside)
{
	long room = plan_find(pane->plan, world_choice(pane->desk->world)->room_id);
	for (int y = 0; beside && y < at.height; y++)
		canvas_put(canvas, at.x - 2, y, canvas_glyph(canvas, 0x2502, '|'), STYLE(RULE));
	int margin = !beside && at.width >= 60 ? 1 : 0;
	canvas_enter(canvas, (struct rect){at.x + margin, at.y, at.width - 2 * margin, at.height});
	floor_detail(pane, canvas, room);
	canvas_leave(canvas);
}

static void floor_draw(void *state, struct canvas *canvas, bool whole, bool focus)
{
	(void)focus;
	struct floor_pane *pane = state;
	pane->whole = whole;
	pane->place = pane->tiles.place = (struct rect){0, 0, 0, 0};
	floor_refresh(pane);
	struct rect rest = canvas_clip(canvas);
	if (plan_rooms(pane->plan) == 0) {
		draw_nothing(pane, canvas);
		return;
	}
	struct rect detail = detail_place(pane, &rest);
	if (rest.width > 0 && plan_drawn(pane->plan) > 0 && rest.width >= PLAN_LEAST_WIDTH &&
	    rest.height >= PLAN_LEAST_HEIGHT)
		draw_with_plan(pane, canvas, rest);
	else if (rest.width > 0)
		draw_as_list(pane, canvas, rest);
	if (detail.width > 0)
		draw_detail(pane, canvas, detail, rest.width > 0);
}

static void floor_figure(void *state, struct buf *out)
{
	struct floor_pane *pane = state;
	floor_refresh(pane);
	const struct floor_sums *sums = &pane->sums;
	if (isnan(sums->people))
		return;
	long people = lround(sums->people);
	if (sums->capacity > 0)
		buf_addf(out, "%ld of %ld people", people, lround(sums->capacity));
	else
		buf_addf(out, people == 1 ? "%ld person" : "%ld people", people);
	if (sums->busiest < 0)
		return;
	const struct room *room = plan_room(pane->plan, (size_t)sums->busiest);
	buf_adds(out, pane->desk->ascii ? " - busiest " : " · busiest ");
	buf_addf(out, "%s %ld/%ld", room->name ? room->name : room->id, lround(room->occupancy),
		 lround(room->capacity));
}

static int64_t floor_live_ms(void *state, enum kind kind)
{
	const struct floor_pane *pane = state;
	if (kind == KIND_DETECTIONS)
		return 1000;
	if (kind == KIND_FRAMES && pane->whole && pane->detail)
		return 2000;
	return kind == KIND_FRAMES && pane->overlay == OVERLAY_TEMPERATURE ? 5000 : 0;
}

static const struct hint hints[] = {
	{ACTION_OPEN, "open room"},      {ACTION_OVERLAY, "overlay"}, {ACTION_FILTER, "find room"},
	{ACTION_NEXT_ITEM, "next room"}, {ACTION_ZOOM_IN, "larger"},  {ACTION_ZOOM_OUT, "smaller"},
	{ACTION_FIT, "whole floor"},     {ACTION_NONE, NULL},
};

const struct pane_ops pane_floor = {
	.title = "Floor",
	.action = ACTION_PANE_FLOOR,
	.kinds = ROW_KINDS | MARK_KINDS | KIND_BIT(KIND_DETECTIONS) | KIND_BIT(KIND_FRAMES),
	.hints = hints,
	.open = floor_open,
	.close = floor_close,
	.update = floor_update,
	.draw = floor_draw,
	.figure = floor_figure,
	.act = floor_act,
	.mouse = floor_mouse,
	.live_ms = floor_live_ms,
	.view = floor_view,
	.set_view = floor_set_view,
	.word = floor_word,
};
