/* When somebody was in a room, as strips over time. */
#include "ui/pane/occupancy_view.h"

#include <string.h>

#define LANES_MOST 64

struct strip {
	const struct session *session;
	int lane;
};

static gint by_start(gconstpointer a, gconstpointer b)
{
	const struct strip *x = a, *y = b;

	return (x->session->start_ms > y->session->start_ms) - (x->session->start_ms < y->session->start_ms);
}

static int64_t end_of(const struct occ_view *view, const struct session *session)
{
	return session->end_ms == MOMENT_NONE ? world_now_ms(view->desk->world) : session->end_ms;
}

/* Each into the first lane that is free by then. Returns how many lanes that takes. */
static int lay(const struct occ_view *view, GArray *strips, const char *id)
{
	const struct rows *rows = view->sessions.rows;
	int64_t busy_ms[LANES_MOST];
	int lanes = 0;

	for (size_t i = 0; rows != NULL && i < rows_count(rows); i++) {
		const struct session *session = rows_at(rows, i);
		struct strip strip = {session, 0};

		if (session->start_ms != MOMENT_NONE && g_strcmp0(session->space_id, id) == 0)
			g_array_append_val(strips, strip);
	}
	g_array_sort(strips, by_start);
	for (guint i = 0; i < strips->len; i++) {
		struct strip *strip = &g_array_index(strips, struct strip, i);

		while (strip->lane < lanes && busy_ms[strip->lane] > strip->session->start_ms)
			strip->lane++;
		if (strip->lane == LANES_MOST)
			continue;
		lanes = MAX(lanes, strip->lane + 1);
		busy_ms[strip->lane] = end_of(view, strip->session);
	}
	return lanes;
}

static int column(const struct occ_view *view, int64_t at_ms, int width)
{
	double part = (double)(at_ms - view->span.from_ms) / (double)(view->span.to_ms - view->span.from_ms);

	return (int)(CLAMP(part, 0, 1) * width);
}

static void draw_strip(const struct occ_view *view, struct canvas *canvas, const struct strip *strip, int y)
{
	int width = canvas_clip(canvas).width, from = column(view, strip->session->start_ms, width);
	int to = MAX(column(view, end_of(view, strip->session), width), from + 1);
	bool open = strip->session->end_ms == MOMENT_NONE;

	canvas_fill(canvas, (struct rect){from, y, to - from, 1},
		    canvas_glyph(canvas, open ? 0x2592 : 0x25A0, open ? '>' : '='), STYLE(CHART));
	/* Where two follow each other at once, the begin tells them apart. */
	canvas_put(canvas, from, y, canvas_glyph(canvas, 0x2590, '['), STYLE(CHART));
}

static void draw_axis(const struct occ_view *view, struct canvas *canvas, int y)
{
	int width = canvas_clip(canvas).width, labels = MAX(width / 20, 2);
	struct buf text;

	buf_init(&text, 128);
	for (int i = 0; i < labels; i++) {
		int64_t at_ms = view->span.from_ms + (view->span.to_ms - view->span.from_ms) / labels * i;

		buf_reset(&text);
		occ_add_moment(&text, at_ms, view->zone);
		canvas_text(canvas, width / labels * i, y, width / labels - 1, buf_text(&text), STYLE(DIM));
	}
	buf_fini(&text);
}

static void add_span(struct buf *out, int64_t span_ms)
{
	int64_t minutes = span_ms / 60000;

	if (minutes >= 60)
		buf_addf(out, "%d h ", (int)(minutes / 60));
	buf_addf(out, "%d min", (int)(minutes % 60));
}

static void draw_words(struct occ_view *view, struct canvas *canvas, GArray *strips, int lanes, int shown,
		       int y)
{
	int64_t now_ms = world_now_ms(view->desk->world);
	int64_t at_ms = view->cursor_ms == MOMENT_NONE ? MIN(view->span.to_ms - 1, now_ms) : view->cursor_ms;
	int64_t longest_ms = 0, total_ms = 0;
	unsigned there = 0;
	struct buf text;

	for (guint i = 0; i < strips->len; i++) {
		const struct session *session = g_array_index(strips, struct strip, i).session;
		int64_t end_ms = end_of(view, session);

		there += session->start_ms <= at_ms && (at_ms < end_ms || session->end_ms == MOMENT_NONE);
		longest_ms = MAX(longest_ms, end_ms - session->start_ms);
		total_ms += end_ms - session->start_ms;
	}
	buf_init(&text, 512);
	buf_addf(&text, "%u %s, longest ", strips->len, strips->len == 1 ? "session" : "sessions");
	add_span(&text, longest_ms);
	buf_adds(&text, ", together ");
	add_span(&text, total_ms);
	buf_addf(&text, "; %u at ", there);
	occ_add_moment(&text, at_ms, view->zone);
	if (lanes > shown)
		buf_addf(&text, "; %d more lines do not fit", lanes - shown);
	canvas_text(canvas, 0, y, -1, buf_text(&text), STYLE(STRONG));
	buf_fini(&text);
}

static const char *nothing(const struct occ_view *view, const struct occ_space *space)
{
	if (space == NULL || space->kind != KIND_ROOMS)
		return "sessions are of rooms: choose one";
	if (view->sessions.waiting)
		return "asking";
	if (view->sessions.why[0] != '\0')
		return view->sessions.why;
	return "nobody was noticed in this time";
}

void occ_draw_sessions(struct occ_view *view, struct canvas *canvas)
{
	const struct occ_space *space = occ_chosen(view);
	struct rect clip = canvas_clip(canvas);
	GArray *strips = g_array_new(FALSE, FALSE, sizeof(struct strip));
	int lanes = space == NULL ? 0 : lay(view, strips, space->id), rows = MAX(clip.height - 2, 1);
	int shown = MIN(lanes, rows);

	if (strips->len == 0) {
		canvas_text(canvas, 0, 0, -1, nothing(view, space),
			    view->sessions.why[0] != '\0' ? STYLE(STALE) : STYLE(UNKNOWN));
		g_array_unref(strips);
		return;
	}
	for (guint i = 0; i < strips->len; i++)
		if (g_array_index(strips, struct strip, i).lane < shown)
			draw_strip(view, canvas, &g_array_index(strips, struct strip, i),
				   g_array_index(strips, struct strip, i).lane);
	if (view->cursor_ms != MOMENT_NONE && clip.width > 0)
		canvas_restyle(canvas,
			       (struct rect){MIN(column(view, view->cursor_ms, clip.width), clip.width - 1),
					     0, 1, shown},
			       -1, ROLE_SELECT, -1);
	if (clip.height > shown)
		draw_axis(view, canvas, shown);
	if (clip.height > shown + 1)
		draw_words(view, canvas, strips, lanes, shown, shown + 1);
	g_array_unref(strips);
}
