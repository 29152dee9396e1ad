/* Occupancy: how many people where and when, over all systems that count them. */
#include "ui/pane/occupancy_view.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#define KINDS (KIND_BIT(KIND_BUILDINGS) | KIND_BIT(KIND_FLOORS) | KIND_BIT(KIND_ROOMS) | KIND_BIT(KIND_OCCUPANCY))

static const struct hint hints[] = {
	{ACTION_OPEN, "larger"},     {ACTION_MODE, "chart, ranking, week"}, {ACTION_PERIOD, "time"},
	{ACTION_DATES, "from-to"},   {ACTION_MARK, "compare"},              {ACTION_WEEKS, "weeks"},
	{ACTION_MEASURE, "measure"}, {ACTION_FILTER, "filter"},             {ACTION_EXPORT, "write to a file"},
	{ACTION_NONE, NULL},
};

static const char *const mode_words[OCC_MODES + 1] = {"chart", "ranking", "week", "sessions", NULL};

/* --- life --- */

/* The room, floor or building that is chosen everywhere. */
static void follow_choice(struct occ_view *view)
{
	const struct choice *choice = world_choice(view->desk->world);
	const char *ids[] = {choice->room_id, choice->floor_id, choice->building_id};
	static const enum kind kinds[] = {KIND_ROOMS, KIND_FLOORS, KIND_BUILDINGS};
	char key[96];

	for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
		if (ids[i][0] == '\0')
			continue;
		g_snprintf(key, sizeof(key), "%u %d %s", choice->account, (int)kinds[i], ids[i]);
		if (table_select(occ_table(view), key))
			return;
	}
}

static void *open_pane(struct desk *desk)
{
	struct occ_view *view = g_new0(struct occ_view, 1);

	view->desk = desk;
	view->range = OCC_1D;
	view->cursor_ms = MOMENT_NONE;
	view->week_cursor = -1;
	view->rank_site = view->ranked_site = -1;
	view->ranking = g_array_new(FALSE, FALSE, sizeof(struct occ_ranked));
	occ_hours_parse(desk->hours, &view->hours);
	occ_spaces_init(view);
	occ_spaces_refresh(view, UINT32_MAX);
	follow_choice(view);
	occ_settle_zone(view);
	return view;
}

static void close_pane(void *state)
{
	struct occ_view *view = state;

	occ_ask_forget_all(view);
	occ_spaces_fini(view);
	g_array_unref(view->ranking);
	moment_zone_free(view->zone);
	g_free(view);
}

static uint32_t old_accounts(const struct occ_view *view)
{
	uint32_t old = 0;

	for (unsigned a = 0; a < world_accounts(view->desk->world); a++)
		old = old << 1 | occ_account_old(view, a);
	return old;
}

static bool update(void *state, uint32_t changed)
{
	struct occ_view *view = state;
	int64_t minute = world_now_ms(view->desk->world) / 60000;
	uint32_t old = old_accounts(view);
	bool aged = minute != view->minute || old != view->old_accounts, empty = view->spaces->len == 0, asked;

	view->minute = minute;
	view->old_accounts = old;
	if ((changed & KINDS) != 0)
		occ_spaces_refresh(view, changed);
	if (empty && view->spaces->len > 0)
		follow_choice(view);
	if ((changed & KINDS) != 0)
		occ_ask_picture(view, false);
	asked = occ_ask_again(view);
	return (changed & KINDS) != 0 || aged || asked;
}

static void draw(void *state, struct canvas *canvas, bool whole, bool focus)
{
	struct occ_view *view = state;
	bool grown = whole && !view->whole;

	view->whole = whole;
	if (grown) {
		follow_choice(view);
		occ_ask_picture(view, false);
	}
	occ_draw(view, canvas, focus);
}

static void figure(void *state, struct buf *out)
{
	struct occ_view *view = state;
	const struct occ_space *space = occ_chosen(view);

	occ_settle_figures(view);
	if (space == NULL || isnan(view->people))
		return;
	buf_addf(out, "%.0f", view->people);
	if (!isnan(view->capacity))
		buf_addf(out, " of %.0f", view->capacity);
	buf_addf(out, " people in %s", sites_at(view->sites, space->site)->name);
	if (view->merged > 0)
		buf_addf(out, ", %zu %s known twice", view->merged, view->merged == 1 ? "room" : "rooms");
}

/* --- what is chosen --- */

static void choice_moved(struct occ_view *view)
{
	struct occ_space *space = occ_chosen(view);
	struct choice *choice = world_choice(view->desk->world);
	const struct floor_row *floor;

	/* The first step asks at once; of those that follow it fast only the last. */
	occ_ask_picture(view, false);
	view->moved_ms = world_now_ms(view->desk->world);
	if (space == NULL)
		return;
	floor = space->floor_id == NULL
			? NULL
			: world_find(view->desk->world, space->account, KIND_FLOORS, space->floor_id);
	if (space->kind != KIND_BUILDINGS && floor == NULL)
		return;
	choice->account = space->account;
	g_strlcpy(choice->building_id,
		  space->kind == KIND_BUILDINGS        ? space->id
		  : floor->building_id != NULL ? floor->building_id
						       : "",
		  sizeof(choice->building_id));
	if (floor != NULL)
		g_strlcpy(choice->floor_id, floor->id, sizeof(choice->floor_id));
	g_strlcpy(choice->room_id, space->kind == KIND_ROOMS ? space->id : "", sizeof(choice->room_id));
	choice->sensor_id[0] = '\0';
}

static bool move(struct occ_view *view, int lines)
{
	if (table_move(occ_table(view), lines))
		choice_moved(view);
	return true;
}

static void look_anew(struct occ_view *view)
{
	view->cursor_ms = MOMENT_NONE;
	view->view_from_ms = view->view_to_ms = 0;
	view->moved_ms = 0;
	occ_ask_picture(view, false);
}

/* --- what is looked at --- */

static int word_index(const char *const *words, int n, const char *wanted)
{
	for (int i = 0; i < n; i++)
		if (g_ascii_strncasecmp(words[i], wanted, strlen(wanted)) == 0)
			return i;
	return -1;
}

static void set_mode(struct occ_view *view, const char *argument)
{
	int mode = argument == NULL ? (int)(view->mode + 1) % OCC_MODES : word_index(mode_words, OCC_MODES, argument);

	if (mode < 0) {
		view->desk->toast(view->desk, false, "chart, ranking, week, sessions");
		return;
	}
	view->mode = (enum occ_mode)mode;
	look_anew(view);
}

static void set_measure(struct occ_view *view, const char *argument)
{
	for (int i = 0; i < OCC_MEASURES && argument != NULL; i++)
		if (g_ascii_strncasecmp(occ_measure_name((enum occ_measure)i), argument, strlen(argument)) == 0) {
			view->measure = (enum occ_measure)i;
			return;
		}
	if (argument != NULL)
		view->desk->toast(view->desk, false, "people, peak, utilization, time used");
	else
		view->measure = (enum occ_measure)((view->measure + 1) % OCC_MEASURES);
}

static void set_dates(struct occ_view *view, const char *text)
{
	int64_t from_ms, to_ms;

	if (!occ_dates_parse(text, view->zone, world_now_ms(view->desk->world), &from_ms, &to_ms)) {
		view->desk->toast(view->desk, false,
				  "not understood: 2026-08-01..2026-08-07, 2026-08-01 10:00..12:00, 14d..7d");
		return;
	}
	view->range = OCC_DATES;
	view->dates_from_ms = from_ms;
	view->dates_to_ms = to_ms;
	g_strlcpy(view->dates, text, sizeof(view->dates));
	look_anew(view);
}

static void dates_typed(void *ctx, const char *text)
{
	if (text != NULL && *text != '\0')
		set_dates(ctx, text);
}

static void set_period(struct occ_view *view, const char *argument)
{
	int range = -1;

	for (int i = 0; i < OCC_DATES && argument != NULL; i++)
		if (strcmp(occ_range_name((enum occ_range)i), argument) == 0)
			range = i;
	if (argument != NULL && range < 0) {
		set_dates(view, argument);
		return;
	}
	view->range = argument != NULL ? (enum occ_range)range : view->range >= OCC_1MO ? OCC_1H : view->range + 1;
	look_anew(view);
}

static void set_ranking(struct occ_view *view, const char *argument)
{
	bool found = argument == NULL;

	for (int i = 0; i < OCC_RANKS && argument != NULL; i++)
		if (g_str_has_prefix(argument, occ_rank_name((enum occ_rank)i))) {
			view->rank = (enum occ_rank)i;
			view->rank_range = strstr(argument, "range") != NULL;
			found = true;
		}
	if (!found)
		view->desk->toast(view->desk, false, "fullest, emptiest, least used; \"fullest range\" for the whole range");
	if (argument == NULL && view->mode == OCC_RANKING) {
		int next = ((int)view->rank + OCC_RANKS * view->rank_range + 1) % (2 * OCC_RANKS);

		view->rank = (enum occ_rank)(next % OCC_RANKS);
		view->rank_range = next >= OCC_RANKS;
	}
	view->mode = OCC_RANKING;
	view->ranking_old = true;
	look_anew(view);
}

static void mark(struct occ_view *view)
{
	const struct occ_space *space = occ_chosen(view);
	int at = 0;

	if (space == NULL)
		return;
	while (at < view->n_marked && strcmp(view->marked[at], space->key) != 0)
		at++;
	if (at < view->n_marked) {
		memmove(view->marked[at], view->marked[at + 1], (size_t)(OCC_SERIES - at - 1) * sizeof(view->marked[0]));
		view->n_marked--;
	} else if (view->n_marked == OCC_SERIES) {
		view->desk->toast(view->desk, false, "three are compared at most; Space on one of them lets it go");
		return;
	} else {
		g_strlcpy(view->marked[view->n_marked++], space->key, sizeof(view->marked[0]));
	}
	view->weeks = 0;
	view->mode = OCC_CHART;
	view->lists++;
	look_anew(view);
}

static void compare_weeks(struct occ_view *view)
{
	view->weeks = (view->weeks + 1) % OCC_SERIES;
	view->mode = OCC_CHART;
	look_anew(view);
}

static void sort(struct occ_view *view, const char *argument)
{
	int column = argument == NULL ? table_sort_column(view->table) + 1 : occ_column_parse(argument);

	if (argument == NULL && column == 0)
		column = 1;
	if (argument != NULL && column < 0) {
		view->desk->toast(view->desk, false, "columns: where, now, use, trend, floor, system");
		return;
	}
	table_sort(view->table, column >= occ_columns() ? -1 : column, false);
}

/* --- filter and export --- */

static void filter_typed(void *ctx, const char *text) { occ_set_filter(ctx, text); }

static void filter_done(void *ctx, const char *text)
{
	struct occ_view *view = ctx;

	occ_set_filter(view, text != NULL ? text : view->typed_before);
	choice_moved(view);
}

static void ask_filter(struct occ_view *view, const char *argument)
{
	if (argument != NULL) {
		filter_done(view, argument);
		return;
	}
	g_free(view->typed_before);
	view->typed_before = g_strdup(view->typed);
	view->desk->prompt(view->desk, "filter", view->typed, filter_done, filter_typed, view);
}

static void export_to(void *ctx, const char *path)
{
	if (path != NULL && *path != '\0')
		occ_export(ctx, path);
}

static void ask_export(struct occ_view *view, const char *argument)
{
	char name[40];

	g_snprintf(name, sizeof(name), "%s.csv", view->mode == OCC_CHART ? "occupancy" : mode_words[view->mode]);
	if (argument != NULL)
		export_to(view, argument);
	else
		view->desk->prompt(view->desk, "write to (.csv, .json)", name, export_to, NULL, view);
}

static void copy(struct occ_view *view)
{
	struct buf text;

	buf_init(&text, 4096);
	occ_cursor_words(view, &text);
	view->desk->copy(view->desk, buf_text(&text));
	buf_fini(&text);
}

/* --- keys --- */

/* Out of the large picture, the comparison, the zoom, the filter. */
static bool back(struct occ_view *view)
{
	if (view->open) {
		view->open = false;
	} else if (view->n_marked > 0 || view->weeks > 0) {
		view->n_marked = view->weeks = 0;
		view->lists++;
		look_anew(view);
	} else if (view->view_from_ms < view->view_to_ms) {
		view->view_from_ms = view->view_to_ms = 0;
	} else if (view->typed != NULL) {
		occ_set_filter(view, NULL);
		choice_moved(view);
	} else {
		return false;
	}
	return true;
}

static bool go(struct occ_view *view, enum action action)
{
	int page = MAX(table_page(view->table), 1);

	switch (action) {
	case ACTION_UP:
		return move(view, -1);
	case ACTION_DOWN:
		return move(view, 1);
	case ACTION_PAGE_UP:
		return move(view, -page);
	case ACTION_PAGE_DOWN:
		return move(view, page);
	case ACTION_FIRST:
		return move(view, -INT_MAX / 2);
	case ACTION_LAST:
		return move(view, INT_MAX / 2);
	case ACTION_LEFT:
		occ_cursor_move(view, -1);
		return true;
	case ACTION_RIGHT:
		occ_cursor_move(view, 1);
		return true;
	case ACTION_PAN_LEFT:
		occ_cursor_move(view, view->mode == OCC_WEEK ? -24 : -10);
		return true;
	case ACTION_PAN_RIGHT:
		occ_cursor_move(view, view->mode == OCC_WEEK ? 24 : 10);
		return true;
	case ACTION_ZOOM_IN:
		occ_zoom(view, 2);
		return true;
	case ACTION_ZOOM_OUT:
		occ_zoom(view, 0.5);
		return true;
	case ACTION_FIT:
		occ_zoom(view, 0);
		return true;
	default:
		return false;
	}
}

static bool look(struct occ_view *view, enum action action, const char *argument)
{
	switch (action) {
	case ACTION_MODE:
		set_mode(view, argument);
		return true;
	case ACTION_PERIOD:
		set_period(view, argument);
		return true;
	case ACTION_DATES:
		if (argument != NULL)
			set_dates(view, argument);
		else
			view->desk->prompt(view->desk, "from..to", view->dates, dates_typed, NULL, view);
		return true;
	case ACTION_MEASURE:
		set_measure(view, argument);
		return true;
	case ACTION_RANKING:
		set_ranking(view, argument);
		return true;
	case ACTION_MARK:
		mark(view);
		return true;
	case ACTION_WEEKS:
		compare_weeks(view);
		return true;
	case ACTION_NUMBERS:
		view->numbers = !view->numbers;
		view->mode = OCC_WEEK;
		look_anew(view);
		return true;
	case ACTION_GLYPHS:
		view->desk->braille = !view->desk->braille;
		return true;
	default:
		return go(view, action);
	}
}

static bool act(void *state, enum action action, const char *argument)
{
	struct occ_view *view = state;

	if (!view->whole)
		return false;
	switch (action) {
	case ACTION_OPEN:
		view->open = !view->open;
		return true;
	case ACTION_BACK:
		return back(view);
	case ACTION_FILTER:
		ask_filter(view, argument);
		return true;
	case ACTION_SORT:
		sort(view, argument);
		return true;
	case ACTION_REVERSE:
		table_sort(view->table, table_sort_column(view->table), !table_sort_reverse(view->table));
		return true;
	case ACTION_EXPORT:
		ask_export(view, argument);
		return true;
	case ACTION_COPY:
		copy(view);
		return true;
	default:
		return look(view, action, argument);
	}
}

/* --- mouse --- */

static bool inside(struct rect rect, int x, int y)
{
	return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

static bool press(struct occ_view *view, int x, int y)
{
	int64_t from_ms = view->view_from_ms < view->view_to_ms ? view->view_from_ms : view->span.from_ms;
	int64_t to_ms = view->view_from_ms < view->view_to_ms ? view->view_to_ms : view->span.to_ms;
	long row;

	if (view->mode == OCC_CHART && inside(view->chart_at, x, y)) {
		view->cursor_ms = from_ms + (int64_t)((double)(to_ms - from_ms) * (x - view->chart_at.x + 0.5) /
						      view->chart_at.width);
		return true;
	}
	if (!inside(view->table_at, x, y))
		return false;
	row = table_at(view->table, x - view->table_at.x, y - view->table_at.y);
	if (row <= -2) {
		int column = (int)(-2 - row);
		bool again = column == table_sort_column(view->table);

		table_sort(view->table, column, again && !table_sort_reverse(view->table));
		return true;
	}
	if (row >= 0 && table_select(view->table, g_array_index(view->spaces, struct occ_space, (guint)row).key))
		choice_moved(view);
	return row >= 0;
}

static bool mouse(void *state, const struct input *input)
{
	struct occ_view *view = state;

	if (!view->whole || input->type != INPUT_MOUSE)
		return false;
	switch (input->mouse) {
	case MOUSE_WHEEL_UP:
	case MOUSE_WHEEL_DOWN:
		if (inside(view->chart_at, input->x, input->y))
			occ_zoom(view, input->mouse == MOUSE_WHEEL_UP ? 1.25 : 0.8);
		else
			move(view, input->mouse == MOUSE_WHEEL_UP ? -3 : 3);
		return true;
	case MOUSE_PRESS:
		return press(view, input->x, input->y);
	default:
		return false;
	}
}

/* --- taking back --- */

/* Equal looks are equal bytes: nothing lies between or behind. */
struct kept {
	int64_t from_ms, to_ms, view_from_ms, view_to_ms;
	int32_t column, mode, measure, range, rank, weeks;
	uint8_t reverse, rank_range, numbers, open;
	char dates[80], typed[160];
};

static size_t view_of(void *state, void *out)
{
	const struct occ_view *view = state;
	struct kept *kept = out;

	memset(kept, 0, sizeof(*kept));
	kept->from_ms = view->dates_from_ms;
	kept->to_ms = view->dates_to_ms;
	kept->view_from_ms = view->view_from_ms;
	kept->view_to_ms = view->view_to_ms;
	kept->column = table_sort_column(view->table);
	kept->reverse = table_sort_reverse(view->table);
	kept->mode = (int32_t)view->mode;
	kept->measure = (int32_t)view->measure;
	kept->range = (int32_t)view->range;
	kept->rank = (int32_t)view->rank;
	kept->weeks = view->weeks;
	kept->rank_range = view->rank_range;
	kept->numbers = view->numbers;
	kept->open = view->open;
	g_strlcpy(kept->dates, view->dates, sizeof(kept->dates));
	g_strlcpy(kept->typed, view->typed != NULL ? view->typed : "", sizeof(kept->typed));
	return sizeof(*kept);
}
_Static_assert(sizeof(struct kept) <= PANE_VIEW_MOST, "what is kept of a view has a ceiling");

static void set_view(void *state, const void *from, size_t length)
{
	struct occ_view *view = state;
	struct kept kept;

	if (length != sizeof(kept))
		return;
	memcpy(&kept, from, sizeof(kept));
	view->dates_from_ms = kept.from_ms;
	view->dates_to_ms = kept.to_ms;
	view->mode = (enum occ_mode)kept.mode;
	view->measure = (enum occ_measure)kept.measure;
	view->range = (enum occ_range)kept.range;
	view->rank = (enum occ_rank)kept.rank;
	view->weeks = kept.weeks;
	view->rank_range = kept.rank_range;
	view->numbers = kept.numbers;
	view->open = kept.open;
	view->ranking_old = true;
	g_strlcpy(view->dates, kept.dates, sizeof(view->dates));
	table_sort(view->table, kept.column, kept.reverse);
	occ_set_filter(view, kept.typed);
	look_anew(view);
	view->view_from_ms = kept.view_from_ms;
	view->view_to_ms = kept.view_to_ms;
}

static const char *word(void *state, enum action action, size_t i)
{
	(void)state;
	switch (action) {
	case ACTION_MODE:
		return i < OCC_MODES ? mode_words[i] : NULL;
	case ACTION_MEASURE:
		return i < OCC_MEASURES ? occ_measure_name((enum occ_measure)i) : NULL;
	case ACTION_PERIOD:
		return i < OCC_DATES ? occ_range_name((enum occ_range)i) : NULL;
	case ACTION_RANKING:
		return i < OCC_RANKS ? occ_rank_name((enum occ_rank)i) : NULL;
	case ACTION_SORT:
		return i + 1 < (size_t)occ_columns() ? occ_column_name((int)i + 1) : NULL;
	default:
		return NULL;
	}
}

const struct pane_ops pane_occupancy = {
	.title = "Occupancy",
	.action = ACTION_PANE_OCCUPANCY,
	.kinds = KINDS,
	.hints = hints,
	.open = open_pane,
	.close = close_pane,
	.update = update,
	.draw = draw,
	.figure = figure,
	.act = act,
	.mouse = mouse,
	.view = view_of,
	.set_view = set_view,
	.word = word,
};
