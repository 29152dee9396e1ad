/* What is looked at and how: the actions that change the view, and how they are taken back. */
#include "ui/pane/occupancy_view.h"

#include <string.h>

static const char *const mode_words[OCC_MODES + 1] = {"chart", "ranking", "week", "sessions", NULL};

void occ_look_anew(struct occ_view *view)
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
	int mode = argument == NULL ? (int)(view->mode + 1) % OCC_MODES
				    : word_index(mode_words, OCC_MODES, argument);

	if (mode < 0) {
		view->desk->toast(view->desk, false, "chart, ranking, week, sessions");
		return;
	}
	view->mode = (enum occ_mode)mode;
	occ_look_anew(view);
}

static void set_measure(struct occ_view *view, const char *argument)
{
	for (int i = 0; i < OCC_MEASURES && argument != NULL; i++)
		if (g_ascii_strncasecmp(occ_measure_name((enum occ_measure)i), argument, strlen(argument)) ==
		    0) {
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
	occ_look_anew(view);
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
	view->range = argument != NULL         ? (enum occ_range)range
		      : view->range >= OCC_1MO ? OCC_1H
					       : view->range + 1;
	occ_look_anew(view);
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
		view->desk->toast(view->desk, false,
				  "fullest, emptiest, least used; \"fullest range\" for the whole range");
	if (argument == NULL && view->mode == OCC_RANKING) {
		int next = ((int)view->rank + OCC_RANKS * view->rank_range + 1) % (2 * OCC_RANKS);

		view->rank = (enum occ_rank)(next % OCC_RANKS);
		view->rank_range = next >= OCC_RANKS;
	}
	view->mode = OCC_RANKING;
	view->ranking_old = true;
	occ_look_anew(view);
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
		memmove(view->marked[at], view->marked[at + 1],
			(size_t)(OCC_SERIES - at - 1) * sizeof(view->marked[0]));
		view->n_marked--;
	} else if (view->n_marked == OCC_SERIES) {
		view->desk->toast(view->desk, false,
				  "three are compared at most; Space on one of them lets it go");
		return;
	} else {
		g_strlcpy(view->marked[view->n_marked++], space->key, sizeof(view->marked[0]));
	}
	view->weeks = 0;
	view->mode = OCC_CHART;
	view->lists++;
	occ_look_anew(view);
}

static void compare_weeks(struct occ_view *view)
{
	view->weeks = (view->weeks + 1) % OCC_SERIES;
	view->mode = OCC_CHART;
	occ_look_anew(view);
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
	occ_choice_moved(view);
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

	g_snprintf(name, sizeof(name), "%s.csv",
		   view->mode == OCC_CHART ? "occupancy" : mode_words[view->mode]);
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

bool occ_look_act(struct occ_view *view, enum action action, const char *argument)
{
	switch (action) {
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
		occ_look_anew(view);
		return true;
	case ACTION_GLYPHS:
		view->desk->braille = !view->desk->braille;
		return true;
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

size_t occ_view_of(void *state, void *out)
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

void occ_set_view(void *state, const void *from, size_t length)
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
	occ_look_anew(view);
	view->view_from_ms = kept.view_from_ms;
	view->view_to_ms = kept.view_to_ms;
}

const char *occ_word(void *state, enum action action, size_t i)
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
