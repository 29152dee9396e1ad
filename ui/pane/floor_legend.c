#include "ui/pane/floor_view.h"

#include "base/moment.h"

#include <glib.h>
#include <math.h>
#include <string.h>

/* One entry of the legend: a sample and a word. The lowest rank goes first when there is not enough room. */
struct entry_of {
	uint32_t glyph; /* 0: none, or the swatch */
	uint16_t glyph_role;
	int level; /* of a swatch; -1 */
	char text[48];
	uint16_t role;
	int rank;
	bool shown;
};

struct legend {
	const struct floor_pane *pane;
	struct canvas *canvas;
	struct entry_of entries[32];
	int n;
};

enum { MOST = 32, GAP = 2 };

static struct entry_of *add(struct legend *legend, int rank, uint16_t role, const char *text)
{
	if (legend->n == MOST)
		legend->n--;
	struct entry_of *entry = &legend->entries[legend->n++];
	*entry = (struct entry_of){.level = -1, .role = role, .rank = rank};
	g_strlcpy(entry->text, text, sizeof(entry->text));
	return entry;
}

static void add_level(struct legend *legend, int rank, int level, const char *text)
{
	add(legend, rank, ROLE_DIM, text)->level = level;
}

static void add_glyph(struct legend *legend, int rank, uint32_t glyph, uint16_t glyph_role, uint16_t role,
		      const char *text)
{
	struct entry_of *entry = add(legend, rank, role, text);
	entry->glyph = glyph;
	entry->glyph_role = glyph_role;
}

static void add_levels(struct legend *legend)
{
	const struct floor_sums *sums = &legend->pane->sums;
	char text[48];
	switch (legend->pane->overlay) {
	case OVERLAY_TEMPERATURE:
		if (isnan(sums->least)) {
			add(legend, 8, ROLE_UNKNOWN, "no frames yet");
			return;
		}
		g_snprintf(text, sizeof(text), "%ld %sC", lround(sums->least),
			   legend->pane->desk->ascii ? "" : "°");
		add_level(legend, 8, 0, text);
		g_snprintf(text, sizeof(text), "%ld %sC", lround(sums->most),
			   legend->pane->desk->ascii ? "" : "°");
		add_level(legend, 8, ROLE_FILL_LEVELS - 1, text);
		return;
	case OVERLAY_HEALTH:
		add_level(legend, 8, 0, "all work");
		add_level(legend, 8, 7, "weak");
		add_level(legend, 8, 14, "some offline");
		return;
	case OVERLAY_TYPE:
		for (int i = 0; i < sums->n_types; i++)
			add_level(legend, 8 - i / 2, floor_type_level(legend->pane, i), sums->types[i]);
		return;
	case OVERLAY_UTILIZATION:
		add_level(legend, 8, 0, "0 %");
		add_level(legend, 7, 7, "50 %");
		add_level(legend, 8, 14, "100 %");
		return;
	default:
		add_level(legend, 8, 0, "empty");
		add_level(legend, 7, 7, "half");
		add_level(legend, 8, 14, "full");
		add_level(legend, 3, 15, "over");
	}
}

static void add_feed(struct legend *legend)
{
	const struct floor_pane *pane = legend->pane;
	char text[48], age[MOMENT_TEXT_SIZE];
	if (!pane->old)
		return;
	struct feed_light light = world_light(pane->desk->world, pane->account);
	int64_t since = light.last_ok_ms != MOMENT_NONE ? light.last_ok_ms : light.since_ms;
	if (since == MOMENT_NONE)
		g_snprintf(text, sizeof(text), "no new data");
	else
		g_snprintf(text, sizeof(text), "data of %s ago",
			   moment_format_age(world_now_ms(pane->desk->world) - since, age));
	add(legend, 20, ROLE_STALE, text);
}

static void add_sensors(struct legend *legend)
{
	const struct floor_sums *sums = &legend->pane->sums;
	bool ascii = legend->pane->desk->ascii;
	struct sensor sample = {.mode = "presence", .status = STATUS_ONLINE, .battery_low = 0};
	if (sums->presence)
		add_glyph(legend, 6, plan_sensor_glyph(&sample, ascii), ROLE_OK, ROLE_DIM, "sensor");
	sample.mode = "traffic";
	if (sums->traffic && legend->pane->whole)
		add_glyph(legend, 2, plan_sensor_glyph(&sample, ascii), ROLE_OK, ROLE_DIM, "door sensor");
	sample.mode = "repeater";
	if (sums->repeaters && legend->pane->whole)
		add_glyph(legend, 1, plan_sensor_glyph(&sample, ascii), ROLE_OK, ROLE_DIM, "repeater");
	sample = (struct sensor){.status = STATUS_OFFLINE};
	char text[48];
	g_snprintf(text, sizeof(text), "offline %u", sums->offline);
	if (sums->offline)
		add_glyph(legend, 9, plan_sensor_glyph(&sample, ascii), ROLE_BAD, ROLE_BAD, text);
}

/* "1 cell = 0.25 m": two digits that count. */
static void add_scale(struct legend *legend)
{
	const struct floor_pane *pane = legend->pane;
	char text[48];
	double metres = 1 / pane->view.per_m_x;
	if (metres >= 9.95)
		g_snprintf(text, sizeof(text), "1 cell = %ld m", lround(metres));
	else if (metres >= 0.995)
		g_snprintf(text, sizeof(text), "1 cell = %ld.%ld m", lround(metres * 10) / 10,
			   lround(metres * 10) % 10);
	else
		g_snprintf(text, sizeof(text), "1 cell = 0.%02ld m", lround(metres * 100));
	add(legend, 4, ROLE_DIM, text);
	if (pane->fitted || !pane->whole)
		return;
	long tenths = lround(pane->view.per_m_x / pane->fit.per_m_x * 10);
	g_snprintf(text, sizeof(text), "%ld.%ld times", tenths / 10, tenths % 10);
	add(legend, 5, ROLE_ACCENT, text);
}

static int cells_of(const struct legend *legend, const struct entry_of *entry)
{
	int sample = entry->level >= 0 ? 3 : entry->glyph ? 2 : 0;
	return sample + canvas_text_width(legend->canvas, entry->text);
}

static void choose(struct legend *legend, int width)
{
	int used = -GAP;
	for (int rank = 20; rank >= 0; rank--)
		for (int i = 0; i < legend->n; i++) {
			struct entry_of *entry = &legend->entries[i];
			if (entry->rank != rank)
				continue;
			int cells = cells_of(legend, entry) + GAP;
			if (used + cells > width)
				continue;
			entry->shown = true;
			used += cells;
		}
}

static void draw_entries(const struct legend *legend, int x, int y)
{
	struct canvas *canvas = legend->canvas;
	for (int i = 0; i < legend->n; i++) {
		const struct entry_of *entry = &legend->entries[i];
		if (!entry->shown)
			continue;
		int at = x;
		if (entry->level >= 0) {
			if (legend->pane->desk->hatch)
				plan_hatch(canvas, (struct rect){at, y, 2, 1}, entry->level, true);
			else
				canvas_fill(canvas, (struct rect){at, y, 2, 1}, ' ',
					    (struct style){ROLE_TEXT, (uint16_t)(ROLE_FILL_0 + entry->level),
							   0});
			at += 3;
		} else if (entry->glyph) {
			canvas_put(canvas, at, y, entry->glyph,
				   (struct style){entry->glyph_role, ROLE_GROUND, 0});
			at += 2;
		}
		canvas_text(canvas, at, y, -1, entry->text, (struct style){entry->role, ROLE_GROUND, 0});
		x += cells_of(legend, entry) + GAP;
	}
}

void floor_legend(const struct floor_pane *pane, struct canvas *canvas, int y)
{
	struct legend *legend = g_new0(struct legend, 1);
	struct rect clip = canvas_clip(canvas);
	bool drawn = plan_drawn(pane->plan) > 0 && pane->place.width > 0;
	legend->pane = pane;
	legend->canvas = canvas;
	add_feed(legend);
	if (drawn && pane->whole)
		add(legend, 5, ROLE_TEXT, floor_overlay_name(pane->overlay));
	if (drawn && !pane->old)
		add_levels(legend);
	add_sensors(legend);
	if (drawn && !pane->old)
		add_glyph(legend, 6, pane->desk->ascii ? '*' : 0x2022, ROLE_PERSON, ROLE_DIM, "person");
	if (drawn)
		add_scale(legend);
	int margin = clip.width >= 60 ? 1 : 0;
	choose(legend, clip.width - 2 * margin);
	draw_entries(legend, margin, y);
	g_free(legend);
}

/* --- rooms in words --- */

static void room_line(const struct floor_pane *pane, struct canvas *canvas, size_t i, struct rect at)
{
	const struct room *room = plan_room(pane->plan, i);
	const struct plan_mark *mark = plan_mark(pane->plan, i);
	bool chosen = g_strcmp0(room->id, world_choice(pane->desk->world)->room_id) == 0;
	int figure = canvas_text_width(canvas, mark->figure);
	if (figure >= at.width)
		figure = 0;
	uint16_t role = pane->old ? ROLE_STALE : mark->role;
	canvas_text(canvas, at.x, at.y, at.width - (figure ? figure + 1 : 0),
		    room->name ? room->name : room->id,
		    (struct style){chosen      ? ROLE_ACCENT
				   : pane->old ? ROLE_STALE
					       : ROLE_TEXT,
				   ROLE_GROUND, chosen ? ATTR_BOLD : 0});
	if (figure)
		canvas_text_right(canvas, at.x, at.y, at.width, mark->figure,
				  (struct style){role, ROLE_GROUND, 0});
}

void floor_list(const struct floor_pane *pane, struct canvas *canvas, struct rect rect)
{
	int n = (int)plan_rooms(pane->plan), across = rect.width / 30;
	if (rect.height < 1 || n == 0)
		return;
	across = across < 1 ? 1 : across > 5 ? 5 : across;
	/* No wider apart than needed: a column more only where the one before is full. */
	while (across > 1 && (across - 1) * rect.height >= n)
		across--;
	int gap = 3, width = (rect.width - gap * (across - 1)) / across, lines = rect.height;
	if (width > 40)
		width = 40;
	long chosen = plan_find(pane->plan, world_choice(pane->desk->world)->room_id);
	int page = lines * across, first = chosen >= 0 ? (int)chosen / page * page : 0;
	for (int i = first; i < n && i - first < page; i++) {
		int at = i - first;
		bool last = at == page - 1 && i + 1 < n && page > 1;
		struct rect cell = {rect.x + at / lines * (width + gap), rect.y + at % lines, width, 1};
		if (last)
			canvas_textf(canvas, cell.x, cell.y, width, STYLE(DIM), "%d more", n - i);
		else
			room_line(pane, canvas, (size_t)i, cell);
	}
}

void floor_unplaced(const struct floor_pane *pane, struct canvas *canvas, int y)
{
	struct rect clip = canvas_clip(canvas);
	int x = clip.width >= 60 ? 1 : 0;
	x += canvas_text(canvas, x, y, -1, "not on the plan: ", STYLE(DIM));
	for (size_t i = plan_drawn(pane->plan); i < plan_rooms(pane->plan) && x < clip.width; i++) {
		const struct room *room = plan_room(pane->plan, i);
		const struct plan_mark *mark = plan_mark(pane->plan, i);
		x += canvas_text(canvas, x, y, -1, room->name ? room->name : room->id, STYLE(TEXT)) + 1;
		x += canvas_text(canvas, x, y, -1, mark->figure, (struct style){mark->role, ROLE_GROUND, 0}) +
		     2;
	}
}
