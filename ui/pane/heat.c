#include "ui/pane.h"

#include "ui/pane/heat_private.h"

#include "base/moment.h"
#include "base/text.h"

#include <glib.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define LIVE_MS 1000
#define FIXED_LOW_C 18
#define FIXED_HIGH_C 32
#define SCALE_MOST 96

static void *heat_open(struct desk *desk)
{
	struct heat_pane *pane = g_new0(struct heat_pane, 1);
	pane->desk = desk;
	pane->smooth = true;
	pane->fixed_range = (struct heat_range){FIXED_LOW_C, FIXED_HIGH_C};
	pane->walls = lines_new(1, 1);
	heat_model_update(pane);
	return pane;
}

static void heat_close(void *state)
{
	struct heat_pane *pane = state;
	if (!pane)
		return;
	lines_free(pane->walls);
	g_free(pane->tiles);
	g_free(pane->spare);
	g_free(pane->places);
	g_free(pane);
}

static bool heat_update(void *state, uint32_t changed)
{
	/* The choice is shared and may have changed with nothing else. */
	(void)changed;
	return heat_model_update(state);
}

static void heat_draw(void *state, struct canvas *canvas, bool whole, bool focus)
{
	heat_draw_pane(state, canvas, whole, focus);
}

static void heat_figure_line(void *state, struct buf *out) { heat_model_figure(state, out); }

static void toast(const struct heat_pane *pane, bool good, const char *text)
{
	if (pane->desk->toast)
		pane->desk->toast(pane->desk, good, text);
}

/* "18 32", "18-32", "auto", "fixed". */
static bool read_range(const char *text, struct heat_range *range)
{
	char **words = g_strsplit_set(text, " \t,;", -1);
	double figure[2];
	int n = 0;
	bool good = true;
	for (int i = 0; words[i]; i++) {
		if (!*words[i])
			continue;
		double value;
		if (n == 2 || !text_number(words[i], &value) || fabs(value) > 1000) {
			good = false;
			break;
		}
		figure[n++] = value;
	}
	g_strfreev(words);
	if (!good || n != 2 || figure[0] == figure[1])
		return false;
	range->low_c = MIN(figure[0], figure[1]);
	range->high_c = MAX(figure[0], figure[1]);
	return true;
}

static void set_range(struct heat_pane *pane, const char *argument)
{
	struct heat_range range;
	if (!argument || !*argument) {
		pane->fixed = !pane->fixed;
	} else if (strcmp(argument, "auto") == 0 || strcmp(argument, "fixed") == 0) {
		pane->fixed = argument[0] == 'f';
	} else if (!read_range(argument, &range)) {
		toast(pane, false, "range: two temperatures, such as 18 32, or auto");
	} else if (range.high_c - range.low_c < HEAT_LEAST_SPAN_K) {
		toast(pane, false, "range: at least 4 degrees apart");
	} else {
		pane->fixed_range = range;
		pane->fixed = true;
	}
}

static const char *const mode_names[HEAT_MODES] = {"tiles", "plan", "numbers"};

static void set_mode(struct heat_pane *pane, const char *argument)
{
	pane->one = false;
	if (!argument || !*argument) {
		pane->mode = (enum heat_mode)((pane->mode + 1) % HEAT_MODES);
		return;
	}
	for (size_t i = 0; i < HEAT_MODES; i++) {
		if (strcmp(argument, mode_names[i]) == 0) {
			pane->mode = (enum heat_mode)i;
			return;
		}
	}
	toast(pane, false, "modes: tiles, plan, numbers");
}

static void freeze(struct heat_pane *pane)
{
	pane->held = !pane->held;
	pane->held_ms = pane->newest_ms == MOMENT_NONE ? world_now_ms(pane->desk->world) : pane->newest_ms;
}

static void step(struct heat_pane *pane, int steps)
{
	if (!heat_model_step(pane, steps))
		toast(pane, false, steps > 0 ? "no older frame is kept" : "this is the newest frame");
}

/* The nearest sensor of the plan in the direction pressed; sideways counts double. */
static void move_on_plan(struct heat_pane *pane, int dx, int dy)
{
	const struct heat_tile *from = &pane->tiles[heat_model_chosen(pane)];
	double best = INFINITY;
	size_t to = pane->n;
	for (size_t i = 0; i < pane->n; i++) {
		const struct heat_tile *tile = &pane->tiles[i];
		if (tile == from || !tile->placed)
			continue;
		double x = tile->center.x - from->center.x, y = from->center.y - tile->center.y;
		double ahead = from->placed ? x * dx + y * dy : 1, aside = fabs(x * dy) + fabs(y * dx);
		if (ahead > 0 && ahead + 2 * aside < best) {
			best = ahead + 2 * aside;
			to = i;
		}
	}
	heat_model_choose(pane, to);
}

static void move(struct heat_pane *pane, int dx, int dy)
{
	if (!pane->n)
		return;
	if (pane->mode == HEAT_PLAN && pane->drawn_plan) {
		move_on_plan(pane, dx, dy);
		return;
	}
	bool tiles = pane->grid.scale > 0;
	/* Where one is shown, down goes to the next as right does. */
	long by = dx + (long)dy * (tiles ? pane->grid.columns : 1), chosen = (long)heat_model_chosen(pane),
	     to = chosen + by;
	if (tiles && dy && to >= (long)pane->n &&
	    to / pane->grid.columns == ((long)pane->n - 1) / pane->grid.columns)
		to = (long)pane->n - 1;
	if (to >= 0 && to < (long)pane->n)
		heat_model_choose(pane, (size_t)to);
}

static void move_page(struct heat_pane *pane, int direction)
{
	if (!pane->n)
		return;
	long page = MAX(pane->grid.rows * pane->grid.columns, 1);
	long to = (long)heat_model_chosen(pane) + direction * page;
	heat_model_choose(pane, (size_t)CLAMP(to, 0, (long)pane->n - 1));
}

/* The next room of the floor that has a sensor; past the last: the whole floor. */
static void next_room(struct heat_pane *pane, int direction)
{
	struct choice *choice = world_choice(pane->desk->world);
	const char *last = NULL, *first = NULL, *next = NULL, *before = NULL;
	const struct room *room;
	bool passed = !*choice->room_id;
	for (struct world_cursor at = {0}; (room = world_next(pane->desk->world, KIND_ROOMS, &at)) != NULL;) {
		if (at.account != choice->account ||
		    (*choice->floor_id && (!room->floor_id || strcmp(room->floor_id, choice->floor_id) != 0)))
			continue;
		if (strcmp(room->id, choice->room_id) == 0) {
			before = last;
			passed = true;
			continue;
		}
		if (!world_has_sensor(pane->desk->world, at.account, room->id))
			continue;
		first = first ? first : room->id;
		if (passed && !next)
			next = room->id;
		last = room->id;
	}
	const char *to = direction > 0 ? next : *choice->room_id ? before : last;
	g_strlcpy(choice->room_id, to ? to : "", sizeof(choice->room_id));
	choice->sensor_id[0] = '\0';
	pane->first_row = 0;
}

static bool back(struct heat_pane *pane)
{
	struct choice *choice = world_choice(pane->desk->world);
	if (pane->one)
		pane->one = false;
	else if (pane->held)
		pane->held = false;
	else if (*choice->room_id)
		choice->room_id[0] = '\0';
	else
		return false;
	return true;
}

/* The shown frame of the chosen sensor: eight lines of eight figures. */
static bool copy(const struct heat_pane *pane)
{
	char figure[HEAT_FIGURE_SIZE];
	if (!pane->n || !pane->desk->copy)
		return false;
	const struct heat_tile *tile = &pane->tiles[heat_model_chosen(pane)];
	if (!tile->facts.told)
		return false;
	struct buf out;
	buf_init(&out, BUF_CEILING_LINE);
	for (int i = 0; i < HEAT_SIDE * HEAT_SIDE; i++)
		buf_addf(&out, "%s%c", heat_figure(tile->grid.c[i], figure),
			 i % HEAT_SIDE == HEAT_SIDE - 1 ? '\n' : '\t');
	pane->desk->copy(pane->desk, buf_text(&out));
	buf_fini(&out);
	return true;
}

static bool open_one(struct heat_pane *pane)
{
	if (!pane->n || pane->one || pane->mode == HEAT_NUMBERS)
		return false;
	heat_model_choose(pane, heat_model_chosen(pane));
	pane->one = true;
	return true;
}

static void resize(struct heat_pane *pane, int by)
{
	int scale = pane->scale ? pane->scale : pane->grid.scale;
	pane->scale = by ? CLAMP(scale + (pane->smooth ? by : 2 * by), 2, SCALE_MOST) : 0;
}

/* Moving about; false: not one of these. */
static bool act_move(struct heat_pane *pane, enum action action)
{
	switch (action) {
	case ACTION_UP:
		move(pane, 0, -1);
		return true;
	case ACTION_DOWN:
		move(pane, 0, 1);
		return true;
	case ACTION_LEFT:
		move(pane, -1, 0);
		return true;
	case ACTION_RIGHT:
		move(pane, 1, 0);
		return true;
	case ACTION_PAGE_UP:
		move_page(pane, -1);
		return true;
	case ACTION_PAGE_DOWN:
		move_page(pane, 1);
		return true;
	case ACTION_FIRST:
		heat_model_choose(pane, 0);
		return true;
	case ACTION_LAST:
		heat_model_choose(pane, pane->n ? pane->n - 1 : 0);
		return true;
	case ACTION_NEXT_ITEM:
		next_room(pane, 1);
		return true;
	case ACTION_PREVIOUS_ITEM:
		next_room(pane, -1);
		return true;
	default:
		return false;
	}
}

static bool act_look(struct heat_pane *pane, enum action action, const char *argument)
{
	switch (action) {
	case ACTION_OPEN:
		return open_one(pane);
	case ACTION_BACK:
		return back(pane);
	case ACTION_COPY:
		return copy(pane);
	case ACTION_MODE:
		set_mode(pane, argument);
		return true;
	case ACTION_SMOOTH:
		pane->smooth = !pane->smooth;
		return true;
	case ACTION_RANGE:
		set_range(pane, argument);
		return true;
	case ACTION_FREEZE:
		freeze(pane);
		return true;
	case ACTION_STEP_BACK:
		step(pane, 1);
		return true;
	case ACTION_STEP_ON:
		step(pane, -1);
		return true;
	case ACTION_ZOOM_IN:
		resize(pane, 1);
		return true;
	case ACTION_ZOOM_OUT:
		resize(pane, -1);
		return true;
	case ACTION_FIT:
		resize(pane, 0);
		return true;
	case ACTION_SORT:
		pane->order = heat_model_by_heat(pane) ? HEAT_BY_PLACE : HEAT_BY_HEAT;
		return true;
	default:
		return false;
	}
}

static bool heat_act(void *state, enum action action, const char *argument)
{
	struct heat_pane *pane = state;
	bool mine = act_move(pane, action) || act_look(pane, action, argument);
	if (mine)
		heat_model_update(pane);
	return mine;
}

/* The tile under a cell of the last drawing, or n. */
static size_t tile_at(const struct heat_pane *pane, int x, int y)
{
	if (pane->drawn_plan) {
		size_t best = pane->n;
		int nearest = INT_MAX;
		for (size_t i = 0; i < pane->n; i++) {
			int px, py;
			if (!pane->tiles[i].placed)
				continue;
			heat_view_pixel(&pane->view, pane->tiles[i].place.center, &px, &py);
			int away = abs(px - x) + abs(py - 2 * (y - pane->top));
			if (away < nearest && away <= 12) {
				nearest = away;
				best = i;
			}
		}
		return best;
	}
	if (pane->grid.scale < 1 || x < 0 || y < pane->top)
		return pane->n;
	int column = x / pane->grid.step_x, row = (y - pane->top) / pane->grid.step_y;
	size_t tile = (size_t)(pane->first_row + row) * (size_t)pane->grid.columns + (size_t)column;
	return column < pane->grid.columns && row < pane->grid.rows && tile < pane->n ? tile : pane->n;
}

static bool heat_mouse(void *state, const struct input *input)
{
	struct heat_pane *pane = state;
	if (input->mouse == MOUSE_WHEEL_UP || input->mouse == MOUSE_WHEEL_DOWN) {
		move(pane, 0, input->mouse == MOUSE_WHEEL_UP ? -1 : 1);
		heat_model_update(pane);
		return true;
	}
	if (input->mouse != MOUSE_PRESS)
		return false;
	size_t tile = tile_at(pane, input->x, input->y);
	if (tile >= pane->n)
		return false;
	/* A second press on what is chosen opens it. */
	if (tile == heat_model_chosen(pane) && *world_choice(pane->desk->world)->sensor_id)
		return open_one(pane);
	heat_model_choose(pane, tile);
	heat_model_update(pane);
	return true;
}

static int64_t heat_live_ms(void *state, enum kind kind)
{
	(void)state;
	return kind == KIND_FRAMES ? LIVE_MS : 0;
}

/* Equal looks are equal bytes: nothing lies between or behind. */
struct kept {
	struct heat_range range;
	int32_t mode, order, smooth, fixed, one, scale;
};

static size_t view_of(void *state, void *out)
{
	const struct heat_pane *pane = state;
	struct kept kept = {.range = pane->fixed_range,
			    .mode = pane->mode,
			    .order = pane->order,
			    .smooth = pane->smooth,
			    .fixed = pane->fixed,
			    .one = pane->one,
			    .scale = pane->scale};
	memcpy(out, &kept, sizeof(kept));
	return sizeof(kept);
}

static void set_view(void *state, const void *view, size_t length)
{
	struct heat_pane *pane = state;
	struct kept kept;
	if (length != sizeof(kept))
		return;
	memcpy(&kept, view, sizeof(kept));
	pane->fixed_range = kept.range;
	pane->mode = (enum heat_mode)kept.mode;
	pane->order = (enum heat_order)kept.order;
	pane->smooth = kept.smooth;
	pane->fixed = kept.fixed;
	pane->one = kept.one;
	pane->scale = kept.scale;
	heat_model_update(pane);
}

static const char *word(void *state, enum action action, size_t i)
{
	(void)state;
	if (action == ACTION_RANGE)
		return i == 0 ? "auto" : i == 1 ? "fixed" : NULL;
	return action == ACTION_MODE && i < HEAT_MODES ? mode_names[i] : NULL;
}

static const struct hint hints[] = {
	{ACTION_OPEN, "one whole"},
	{ACTION_MODE, "tiles/plan/numbers"},
	{ACTION_FREEZE, "hold"},
	{ACTION_STEP_BACK, "a frame back"},
	{ACTION_NEXT_ITEM, "next room"},
	{ACTION_RANGE, "range"},
	{ACTION_SMOOTH, "smooth"},
	{ACTION_SORT, "order"},
	{ACTION_NONE, NULL},
};

const struct pane_ops pane_heat = {
	.title = "Heat",
	.action = ACTION_PANE_HEAT,
	.kinds = KIND_BIT(KIND_FRAMES) | KIND_BIT(KIND_SENSORS) | KIND_BIT(KIND_ROOMS) | KIND_BIT(KIND_FLOORS),
	.hints = hints,
	.open = heat_open,
	.close = heat_close,
	.update = heat_update,
	.draw = heat_draw,
	.figure = heat_figure_line,
	.act = heat_act,
	.mouse = heat_mouse,
	.live_ms = heat_live_ms,
	.view = view_of,
	.set_view = set_view,
	.word = word,
};
