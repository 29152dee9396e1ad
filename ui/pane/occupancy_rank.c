/* Rooms in a row: the fullest, the emptiest, those used least against what they hold; by now or by the range. */
#include "ui/pane/occupancy_view.h"

#include "base/text.h"
#include "ui/widget/chart.h"

#include <math.h>
#include <string.h>

/* Means over the windows of the range, by space id. */
struct mean {
	double sum, weight;
	bool partial;
};

/* The window that goes on is never complete: that says nothing against the mean. */
static void add_means(GHashTable *means, const struct rows *rows, int64_t now_ms)
{
	for (size_t i = 0; rows != NULL && i < rows_count(rows); i++) {
		const struct occupancy *row = rows_at(rows, i);
		struct mean *mean;

		if (row->space_id == NULL || isnan(row->avg) || row->end_ms <= row->start_ms)
			continue;
		mean = g_hash_table_lookup(means, row->space_id);
		if (mean == NULL) {
			mean = g_new0(struct mean, 1);
			g_hash_table_insert(means, (gpointer)row->space_id, mean);
		}
		mean->sum += row->avg * (double)(row->end_ms - row->start_ms);
		mean->weight += (double)(row->end_ms - row->start_ms);
		mean->partial |= row->capped == 1 || row->uptime < OCC_UPTIME_LEAST ||
				 (row->complete < OCC_COMPLETE_LEAST && row->end_ms <= now_ms);
	}
}

static struct occ_ranked ranked_of(const struct occ_view *view, const struct occ_space *space,
				   GHashTable **means)
{
	struct occ_ranked ranked = {space, space->now.people, NAN, space->now.capped};

	if (view->rank_range) {
		const struct mean *mean = NULL;

		for (int a = 0; a < view->n_ranks && mean == NULL; a++)
			if (view->rank_accounts[a] == space->account)
				mean = g_hash_table_lookup(means[a], space->id);
		ranked.people = mean == NULL ? NAN : mean->sum / mean->weight;
		ranked.partial = mean != NULL && mean->partial;
	}
	ranked.share = ranked.people / space->now.capacity;
	return ranked;
}

/* Seats that nobody sits on. */
static double unused(const struct occ_ranked *ranked)
{
	return fmax(ranked->space->now.capacity - ranked->people, 0);
}

static gint by_known(double x, double y, bool most)
{
	if (isnan(x) || isnan(y))
		return isnan(x) - isnan(y);
	return most ? (x < y) - (x > y) : (x > y) - (x < y);
}

/* Unknown is neither full nor empty: it stands at the end, whatever the order. */
static gint in_rank(gconstpointer a, gconstpointer b, gpointer ctx)
{
	const struct occ_ranked *x = a, *y = b;
	enum occ_rank rank = *(const enum occ_rank *)ctx;
	gint order;

	if (rank == OCC_LEAST_USED) {
		order = by_known(unused(x), unused(y), true);
		if (isnan(x->share) || isnan(y->share))
			order = isnan(x->share) - isnan(y->share);
	} else if (isnan(x->people) || isnan(y->people)) {
		order = isnan(x->people) - isnan(y->people);
	} else {
		order = by_known(x->share, y->share, rank == OCC_FULLEST);
		if (order == 0)
			order = by_known(x->people, y->people, rank == OCC_FULLEST);
	}
	return order != 0 ? order : g_strcmp0(x->space->name, y->space->name);
}

void occ_rank(struct occ_view *view)
{
	const struct occ_space *chosen = occ_chosen(view);
	GHashTable *means[G_N_ELEMENTS(view->ranks)];

	if (!view->ranking_old && (chosen == NULL || view->ranked_site == (long)chosen->site))
		return;
	view->ranking_old = false;
	view->ranked_site = chosen == NULL ? -1 : (long)chosen->site;
	for (int a = 0; a < view->n_ranks; a++) {
		means[a] = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
		add_means(means[a], view->ranks[a].rows, world_now_ms(view->desk->world));
	}
	g_array_set_size(view->ranking, 0);
	for (guint i = 0; i < view->spaces->len; i++) {
		const struct occ_space *space = &g_array_index(view->spaces, struct occ_space, i);

		if (space->kind == KIND_ROOMS && chosen != NULL && space->site == chosen->site) {
			struct occ_ranked ranked = ranked_of(view, space, means);

			g_array_append_val(view->ranking, ranked);
		}
	}
	g_array_sort_with_data(view->ranking, in_rank, &view->rank);
	for (int a = 0; a < view->n_ranks; a++)
		g_hash_table_unref(means[a]);
}

static void figure_of(const struct occ_view *view, const struct occ_ranked *ranked, char *out, size_t size)
{
	bool ascii = view->desk->ascii;
	char now[24];
	struct buf text;

	buf_init(&text, 256);
	if (isnan(ranked->people)) {
		buf_adds(&text, view->rank_range ? "no data" : now_figure(&ranked->space->now, ascii, now));
	} else {
		occ_add_number(&text, ranked->people, ascii);
		if (ranked->space->now.capped && !view->rank_range)
			buf_addc(&text, '+');
		if (!isnan(ranked->space->now.capacity))
			buf_addf(&text, "/%.0f", ranked->space->now.capacity);
		if (ranked->partial && view->rank_range)
			buf_adds(&text, " ~");
		if (!isnan(ranked->share))
			buf_addf(&text, "  %ld %%", lround(ranked->share * 100));
		if (view->rank == OCC_LEAST_USED && !isnan(ranked->share)) {
			buf_adds(&text, "  ");
			occ_add_number(&text, unused(ranked), ascii);
			buf_adds(&text, " free");
		}
	}
	g_strlcpy(out, buf_text(&text), size);
	buf_fini(&text);
}

static void draw_bar(struct occ_view *view, struct canvas *canvas, int y, int name,
		     const struct occ_ranked *ranked, double most)
{
	int width = canvas_clip(canvas).width;
	int figures = view->rank == OCC_LEAST_USED ? 24 : 16, bar = width - name - figures - 2, used;
	bool old = occ_account_old(view, ranked->space->account);
	struct style style = old ? STYLE(STALE) : ranked->share > 1 ? STYLE(BAD) : STYLE(CHART);
	char text[64];

	canvas_text(canvas, 0, y, name, ranked->space->name, old ? STYLE(STALE) : STYLE(TEXT));
	used = (int)text_width(ranked->space->name, strlen(ranked->space->name));
	if (ranked->space->floor != NULL && used + 3 < name)
		canvas_text(canvas, used + 1, y, name - used - 1, ranked->space->floor, STYLE(DIM));
	if (bar >= 4)
		chart_bar(canvas, name + 1, y, bar, isnan(ranked->share) ? ranked->people : ranked->share,
			  isnan(ranked->share) ? most : 1, style);
	figure_of(view, ranked, text, sizeof(text));
	canvas_text_right(canvas, MAX(width - figures, name + 1), y, MIN(figures, width - name - 1), text,
			  old                     ? STYLE(STALE)
			  : isnan(ranked->people) ? STYLE(UNKNOWN)
			  : ranked->share > 1     ? STYLE(BAD)
						  : STYLE(STRONG));
}

static const char *problem_of(const struct occ_view *view)
{
	for (int a = 0; a < view->n_ranks && view->rank_range; a++) {
		if (view->ranks[a].why[0] != '\0')
			return view->ranks[a].why;
		if (view->ranks[a].waiting)
			return view->desk->ascii ? "asking ..." : "asking …";
	}
	return NULL;
}

void occ_draw_ranking(struct occ_view *view, struct canvas *canvas)
{
	struct rect clip = canvas_clip(canvas);
	const struct occ_space *chosen = occ_chosen(view);
	const char *why = problem_of(view);
	double most = 1;
	int name = 8, floor = 0;

	occ_rank(view);
	canvas_textf(canvas, 0, 0, clip.width, why == NULL ? STYLE(DIM) : STYLE(STALE), "%s %s in %s%s%s",
		     occ_rank_name(view->rank), view->rank_range ? occ_range_name(view->range) : "now",
		     chosen == NULL ? "-" : sites_at(view->sites, chosen->site)->name,
		     why == NULL ? "" : ": ", why == NULL ? "" : why);
	for (guint i = 0; i < view->ranking->len && (int)i < clip.height - 1; i++) {
		const struct occ_ranked *ranked = &g_array_index(view->ranking, struct occ_ranked, i);

		most = isnan(ranked->people) ? most : fmax(most, ranked->people);
		name = MAX(name, (int)text_width(ranked->space->name, strlen(ranked->space->name)));
		floor = MAX(floor,
			    ranked->space->floor == NULL
				    ? 0
				    : (int)text_width(ranked->space->floor, strlen(ranked->space->floor)));
	}
	/* Rooms of one name are told apart by their floors where there is room. */
	name += clip.width >= 70 ? floor + 1 : 0;
	name = MAX(MIN(name, MIN(clip.width / 3, clip.width - 12)), 4);
	for (guint i = 0; i < view->ranking->len && (int)i < clip.height - 1; i++)
		draw_bar(view, canvas, 1 + (int)i, name, &g_array_index(view->ranking, struct occ_ranked, i),
			 most);
	if (view->ranking->len == 0 && clip.height > 1)
		canvas_text(canvas, 0, 1, clip.width, "no rooms are told of", STYLE(UNKNOWN));
}
