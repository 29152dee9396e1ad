/* The overview: tiles of the other panes on one screen, as many as the size makes sense of. */
#include "ui/pane.h"

#include "ui/layout.h"
#include "ui/pane/overview_tiles.h"

#include <glib.h>
#include <string.h>

enum tile { TILE_PLAN, TILE_PEOPLE, TILE_HEAT, TILE_HEALTH, TILE_FEEDS, TILE_DOORS, TILES };

static const struct pane_ops *const tile_ops[TILES] = {
	[TILE_PLAN] = &pane_floor,    [TILE_PEOPLE] = &overview_people, [TILE_HEAT] = &pane_heat,
	[TILE_HEALTH] = &pane_health, [TILE_FEEDS] = &overview_feeds,   [TILE_DOORS] = &pane_doors,
};

struct overview {
	struct desk *desk;
	void *state[TILES];
	enum tile focus;
	struct rect at[TILES];     /* where each was drawn last, title included; width 0: it was not */
	struct rect inside[TILES]; /* its own cells */
};

static const struct hint hints[] = {
	{ACTION_NEXT_PANE, "next tile"},
	{ACTION_OPEN, "open"},
	{ACTION_OVERLAY, "overlay"},
	{ACTION_NONE, NULL},
};

/* --- which tiles, where --- */

#define LEAF(tile, ...)                                                                                      \
	{                                                                                                    \
		.id = TILE_##tile, .box = { __VA_ARGS__ }                                                    \
	}
#define BRANCH(is_vertical, array, ...)                                                                      \
	{                                                                                                    \
		.vertical = (is_vertical), .children = (array), .n = (int)G_N_ELEMENTS(array),               \
		.box = { __VA_ARGS__ }                                                                       \
	}

/* least, ideal, stretch, priority */
static const struct node wide_side[] = {LEAF(PEOPLE, 5, 8, 1, 9), LEAF(HEAT, 7, 8, 1, 3)};
static const struct node wide_top[] = {LEAF(PLAN, 30, 42, 3, 9), BRANCH(true, wide_side, 28, 34, 2, 8)};
static const struct node wide_bottom[] = {LEAF(HEALTH, 30, 42, 3, 9), LEAF(FEEDS, 28, 34, 2, 8)};
static const struct node wide_rows[] = {BRANCH(false, wide_top, 9, 14, 3, 8),
					BRANCH(false, wide_bottom, 5, 7, 1, 9)};
static const struct node wide = BRANCH(true, wide_rows, 0, 0, 1, 1);

/* The same with a door system: the lights of the top line tell what the feeds' tile would where there is not room for all. */
static const struct node doors_bottom[] = {LEAF(DOORS, 32, 48, 3, 8), LEAF(HEALTH, 30, 42, 3, 9),
					   LEAF(FEEDS, 28, 34, 2, 7)};
static const struct node doors_rows[] = {BRANCH(false, wide_top, 9, 14, 3, 8),
					 BRANCH(false, doors_bottom, 5, 8, 2, 9)};
static const struct node wide_doors = BRANCH(true, doors_rows, 0, 0, 1, 1);

static const struct node narrow_rows[] = {LEAF(PLAN, 9, 12, 3, 5), LEAF(PEOPLE, 4, 8, 2, 8),
					  LEAF(HEALTH, 4, 8, 1, 9), LEAF(FEEDS, 3, 5, 0, 7)};
static const struct node narrow = BRANCH(true, narrow_rows, 0, 0, 1, 1);

static const struct node narrow_doors_rows[] = {LEAF(PLAN, 9, 12, 3, 5), LEAF(PEOPLE, 4, 8, 2, 8),
						LEAF(DOORS, 4, 8, 2, 6), LEAF(HEALTH, 4, 8, 1, 9),
						LEAF(FEEDS, 3, 5, 0, 7)};
static const struct node narrow_doors = BRANCH(true, narrow_doors_rows, 0, 0, 1, 1);

static const struct node low_columns[] = {LEAF(PEOPLE, 30, 40, 1, 8), LEAF(HEALTH, 36, 46, 2, 9),
					  LEAF(FEEDS, 26, 32, 1, 7)};
static const struct node low = BRANCH(false, low_columns, 0, 0, 1, 1);

static const struct node low_doors_columns[] = {LEAF(PEOPLE, 30, 40, 1, 8), LEAF(DOORS, 32, 44, 2, 6),
						LEAF(HEALTH, 36, 46, 2, 9), LEAF(FEEDS, 26, 32, 1, 7)};
static const struct node low_doors = BRANCH(false, low_doors_columns, 0, 0, 1, 1);

#define WIDE_LEAST 64
#define WIDE_LEAST_HEIGHT 16
#define NARROW_LEAST 30
#define NARROW_LEAST_HEIGHT 24
#define LOW_LEAST 100
#define LOW_LEAST_HEIGHT 6

/* NULL: too small for tiles, figures in words then. */
static const struct node *tree_for(struct rect clip, bool doors)
{
	if (clip.width >= WIDE_LEAST && clip.height >= WIDE_LEAST_HEIGHT)
		return doors ? &wide_doors : &wide;
	if (clip.width >= NARROW_LEAST && clip.width < WIDE_LEAST && clip.height >= NARROW_LEAST_HEIGHT)
		return doors ? &narrow_doors : &narrow;
	if (clip.width >= LOW_LEAST && clip.height >= LOW_LEAST_HEIGHT)
		return doors ? &low_doors : &low;
	return NULL;
}

/* Whether anybody tells of doors at all. */
static bool has_doors(const struct overview *view)
{
	const struct world *world = view->desk->world;

	for (unsigned a = 0; a < world_accounts(world); a++)
		if (world_rows(world, a, KIND_DOORS) != NULL)
			return true;
	return false;
}

static struct rect inset(struct rect at)
{
	return (struct rect){at.x + 1, at.y + 1, MAX(at.width - 2, 0), MAX(at.height - 1, 0)};
}

/* --- drawing --- */

static void tile_figure(const struct overview *view, enum tile tile, struct buf *out)
{
	buf_init(out, BUF_CEILING_LINE);
	if (tile_ops[tile]->figure)
		tile_ops[tile]->figure(view->state[tile], out);
}

static void draw_tile(struct overview *view, struct canvas *canvas, const struct placed *placed, bool focus)
{
	enum tile tile = (enum tile)placed->id;
	struct buf figure;
	tile_figure(view, tile, &figure);
	view->at[tile] = placed->rect;
	view->inside[tile] = inset(placed->rect);
	canvas_enter(canvas, placed->rect);
	canvas_titled_rule(canvas, 0, tile_ops[tile]->title, buf_text(&figure), focus);
	canvas_leave(canvas);
	buf_fini(&figure);
	canvas_enter(canvas, view->inside[tile]);
	if (view->inside[tile].width > 0 && view->inside[tile].height > 0)
		tile_ops[tile]->draw(view->state[tile], canvas, false, focus);
	canvas_leave(canvas);
}

/* --- too small for tiles: words --- */

#define WORDS_INDENT 11
static const enum tile words_order[TILES] = {TILE_HEALTH, TILE_PEOPLE, TILE_DOORS,
					     TILE_FEEDS,  TILE_PLAN,   TILE_HEAT};

/* The first line of each is its figure; the plan and the heat are nothing but that. What is well needs no
 * further line. */
static struct box words_box(const struct overview *view, enum tile tile)
{
	struct world *world = view->desk->world;
	int unwell = 0;
	for (unsigned a = 0; a < world_accounts(world); a++)
		unwell += world_light(world, a).light != LIGHT_FRESH;
	switch (tile) {
	case TILE_HEALTH:
		return (struct box){1, 4, 1, 9};
	case TILE_PEOPLE:
		return (struct box){1, 3, 0, 7};
	case TILE_DOORS:
		return has_doors(view) ? (struct box){1, 3, 0, 6} : (struct box){0, 0, 0, 0};
	case TILE_FEEDS:
		return (struct box){1, 1 + MIN(unwell, 3), 0, 8};
	default:
		return (struct box){1, 1, 0, tile == TILE_PLAN ? 6 : 5};
	}
}

static void draw_words_of(struct overview *view, struct canvas *canvas, enum tile tile, int y, int lines,
			  bool focus)
{
	int width = canvas_clip(canvas).width, indent = width >= 30 ? WORDS_INDENT : 2;
	struct style title = focus ? (struct style){ROLE_ACCENT, ROLE_GROUND, ATTR_BOLD} : STYLE(DIM);
	struct buf figure;
	tile_figure(view, tile, &figure);
	view->at[tile] = (struct rect){0, y, width, lines};
	view->inside[tile] = (struct rect){indent, y + 1, MAX(width - indent, 0), lines - 1};
	if (indent == WORDS_INDENT) {
		canvas_textf(canvas, 0, y, indent - 1, title, "%c%s", focus ? '>' : ' ',
			     tile_ops[tile]->title);
		canvas_text(canvas, indent, y, -1, figure.length ? buf_text(&figure) : "nothing told yet",
			    figure.length ? STYLE(STRONG) : STYLE(DIM));
	} else {
		canvas_text(canvas, 0, y, -1, figure.length ? buf_text(&figure) : tile_ops[tile]->title,
			    focus ? title : STYLE(TEXT));
	}
	buf_fini(&figure);
	if (lines < 2 || view->inside[tile].width < 1)
		return;
	canvas_enter(canvas, view->inside[tile]);
	tile_ops[tile]->draw(view->state[tile], canvas, false, focus);
	canvas_leave(canvas);
}

static void draw_words(struct overview *view, struct canvas *canvas, bool focus)
{
	struct box boxes[TILES];
	int sizes[TILES], y = 0;
	for (int i = 0; i < TILES; i++)
		boxes[i] = words_box(view, words_order[i]);
	layout_divide(boxes, TILES, canvas_clip(canvas).height, 0, sizes);
	for (int i = 0; i < TILES; i++) {
		if (sizes[i] > 0)
			draw_words_of(view, canvas, words_order[i], y, sizes[i],
				      focus && words_order[i] == view->focus);
		y += sizes[i];
	}
}

static void draw(void *state, struct canvas *canvas, bool whole, bool focus)
{
	struct overview *view = state;
	struct rect clip = canvas_clip(canvas);
	const struct node *tree = tree_for(clip, has_doors(view));
	struct placed placed[TILES];
	(void)whole;
	memset(view->at, 0, sizeof(view->at));
	memset(view->inside, 0, sizeof(view->inside));
	if (!tree) {
		draw_words(view, canvas, focus);
		return;
	}
	int gap = clip.width >= 100 && clip.height >= 26 ? 1 : 0;
	int n = layout_place(tree, clip, gap, placed, TILES);
	for (int i = 0; i < n; i++)
		draw_tile(view, canvas, &placed[i], focus && (enum tile)placed[i].id == view->focus);
}

/* --- life --- */

static void *open_pane(struct desk *desk)
{
	struct overview *view = g_new0(struct overview, 1);
	view->desk = desk;
	world_settle_choice(desk->world);
	for (int tile = 0; tile < TILES; tile++)
		view->state[tile] = tile_ops[tile]->open(desk);
	return view;
}

static void close_pane(void *state)
{
	struct overview *view = state;
	for (int tile = 0; tile < TILES; tile++)
		tile_ops[tile]->close(view->state[tile]);
	g_free(view);
}

static bool update(void *state, uint32_t changed)
{
	struct overview *view = state;
	bool any = false;
	for (int tile = 0; tile < TILES; tile++) {
		if (tile_ops[tile]->update(view->state[tile], changed & tile_ops[tile]->kinds))
			any = true;
	}
	return any;
}

static void figure(void *state, struct buf *out)
{
	const struct overview *view = state;
	tile_ops[TILE_HEALTH]->figure(view->state[TILE_HEALTH], out);
}

/* --- keys --- */

static bool is_seen(const struct overview *view, enum tile tile) { return view->at[tile].width > 0; }

/* In words the order on the screen is another. */
static enum tile tile_at(const struct overview *view, int i)
{
	bool words = view->at[TILE_HEALTH].width > 0 && view->at[TILE_HEALTH].x == 0 &&
		     view->at[TILE_HEALTH].y == 0;
	return words ? words_order[i] : (enum tile)i;
}

static void move_focus(struct overview *view, int step)
{
	int at = 0;
	for (int i = 0; i < TILES; i++) {
		if (tile_at(view, i) == view->focus)
			at = i;
	}
	for (int i = 1; i <= TILES; i++) {
		enum tile tile = tile_at(view, (at + step * i + TILES * TILES) % TILES);
		if (is_seen(view, tile)) {
			view->focus = tile;
			return;
		}
	}
}

/* A tile that the size hides cannot have the keys. */
static void settle_focus(struct overview *view)
{
	if (!is_seen(view, view->focus))
		move_focus(view, 1);
}

static void open_tile(struct overview *view)
{
	enum action action = tile_ops[view->focus]->action;
	if (action != ACTION_NONE)
		view->desk->show(view->desk, action);
	else
		tile_ops[view->focus]->act(view->state[view->focus], ACTION_OPEN, NULL);
}

static bool act(void *state, enum action action, const char *argument)
{
	struct overview *view = state;
	settle_focus(view);
	switch (action) {
	case ACTION_NEXT_PANE:
		move_focus(view, 1);
		return true;
	case ACTION_PREVIOUS_PANE:
		move_focus(view, -1);
		return true;
	case ACTION_OPEN:
		open_tile(view);
		return true;
	default:
		break;
	}
	if (tile_ops[view->focus]->act(view->state[view->focus], action, argument))
		return true;
	if (action == ACTION_DOWN || action == ACTION_RIGHT)
		move_focus(view, 1);
	else if (action == ACTION_UP || action == ACTION_LEFT)
		move_focus(view, -1);
	else
		return false;
	return true;
}

static bool holds(struct rect rect, int x, int y)
{
	return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

/* A press gives the keys to a tile; on the title of the one that has them it opens it. */
static bool mouse(void *state, const struct input *input)
{
	struct overview *view = state;
	for (int tile = 0; tile < TILES; tile++) {
		struct rect inside = view->inside[tile];
		struct input own = *input;
		if (!holds(view->at[tile], input->x, input->y))
			continue;
		bool press = input->mouse == MOUSE_PRESS, had = view->focus == (enum tile)tile;
		if (press)
			view->focus = (enum tile)tile;
		if (!holds(inside, input->x, input->y)) {
			if (press && had)
				open_tile(view);
			return press;
		}
		own.x -= inside.x;
		own.y -= inside.y;
		bool taken = tile_ops[tile]->mouse && tile_ops[tile]->mouse(view->state[tile], &own);
		return taken || (press && !had);
	}
	return false;
}

/* As fast as the fastest of what is seen. */
static int64_t live_ms(void *state, enum kind kind)
{
	const struct overview *view = state;
	int64_t fastest = 0;
	for (int tile = 0; tile < TILES; tile++) {
		int64_t ms = is_seen(view, (enum tile)tile) && tile_ops[tile]->live_ms
				     ? tile_ops[tile]->live_ms(view->state[tile], kind)
				     : 0;
		if (ms > 0 && (fastest == 0 || ms < fastest))
			fastest = ms;
	}
	return fastest;
}

const struct pane_ops pane_overview = {
	.title = "Overview",
	.action = ACTION_PANE_OVERVIEW,
	.kinds = UINT32_MAX,
	.hints = hints,
	.open = open_pane,
	.close = close_pane,
	.update = update,
	.draw = draw,
	.figure = figure,
	.act = act,
	.mouse = mouse,
	.live_ms = live_ms,
};
