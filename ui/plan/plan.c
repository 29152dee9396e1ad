#include "ui/plan/plan.h"

#include "base/text.h"
#include "ui/plan/plan_inner.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct plan *plan_new(void)
{
	struct plan *plan = g_new0(struct plan, 1);
	plan->bounds = BOUNDS_EMPTY;
	return plan;
}

static void forget_layout(struct plan *plan)
{
	g_clear_pointer(&plan->owner, g_free);
	g_clear_pointer(&plan->taken, g_free);
	g_clear_pointer(&plan->dots, g_free);
	plan->look.width = plan->look.height = 0;
	plan->n_runs = plan->n_labels = plan->n_glyphs = plan->n_marks = 0;
}

static void forget_rows(struct plan *plan)
{
	forget_layout(plan);
	rows_unref(plan->rooms);
	rows_unref(plan->zones);
	rows_unref(plan->fixtures);
	rows_unref(plan->sensors);
	g_clear_pointer(&plan->places, g_free);
	g_clear_pointer(&plan->zone, g_free);
	g_clear_pointer(&plan->fixture, g_free);
	g_clear_pointer(&plan->sensor, g_free);
	plan->n_places = plan->n_drawn = plan->n_zones = plan->n_fixtures = plan->n_sensors = 0;
	plan->bounds = BOUNDS_EMPTY;
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	forget_rows(plan);
	lines_free(plan->lines);
	g_free(plan->snap_x.from);
	g_free(plan->snap_x.mean);
	g_free(plan->snap_y.from);
	g_free(plan->snap_y.mean);
	g_free(plan->chosen_id);
	g_free(plan->runs);
	g_free(plan->labels);
	g_free(plan->glyphs);
	g_free(plan->marks);
	g_free(plan);
}

/* --- the rows of the floor --- */

/* Pointers to the rows whose floor_id, found at `offset`, is the floor's. */
static const void **rows_of_floor(const struct rows *rows, size_t offset, const char *floor_id, size_t *n)
{
	size_t all = rows ? rows_count(rows) : 0;
	const void **found = g_new(const void *, all + 1);
	*n = 0;
	for (size_t i = 0; i < all; i++) {
		const char *row = rows_at(rows, i);
		const char *floor = *(const char *const *)(row + offset);
		if (floor && strcmp(floor, floor_id) == 0)
			found[(*n)++] = row;
	}
	return found;
}

static int by_top(const void *left, const void *right)
{
	const struct plan_place *a = left, *b = right;
	if (a->drawn != b->drawn)
		return a->drawn ? -1 : 1;
	return !a->drawn ? 0 : (a->bounds.y1 < b->bounds.y1) - (a->bounds.y1 > b->bounds.y1);
}

static int by_band(const void *left, const void *right)
{
	const struct plan_place *a = left, *b = right;
	if (a->drawn != b->drawn)
		return a->drawn ? -1 : 1;
	if (!a->drawn)
		return g_strcmp0(a->row->name, b->row->name);
	if (a->band != b->band)
		return a->band - b->band;
	if (a->bounds.x0 != b->bounds.x0)
		return a->bounds.x0 < b->bounds.x0 ? -1 : 1;
	return g_strcmp0(a->row->id, b->row->id);
}

/* Rooms whose upper walls are less than a metre apart stand in one row, as a person would read them. */
static void sort_places(struct plan *plan)
{
	qsort(plan->places, plan->n_places, sizeof(*plan->places), by_top);
	int band = 0;
	double top = plan->n_places ? plan->places[0].bounds.y1 : 0;
	for (size_t i = 0; i < plan->n_drawn; i++) {
		if (plan->places[i].bounds.y1 < top - 1) {
			band++;
			top = plan->places[i].bounds.y1;
		}
		plan->places[i].band = band;
	}
	qsort(plan->places, plan->n_places, sizeof(*plan->places), by_band);
}

static void take_rooms(struct plan *plan, const char *floor_id)
{
	size_t n;
	const void **rows = rows_of_floor(plan->rooms, offsetof(struct room, floor_id), floor_id, &n);
	plan->places = g_new0(struct plan_place, n + 1);
	plan->n_places = n;
	for (size_t i = 0; i < n; i++) {
		struct plan_place *place = &plan->places[i];
		place->row = rows[i];
		place->mark.level = -1;
		place->bounds = BOUNDS_EMPTY;
		place->drawn = geometry_drawable(place->row->polygon);
		if (!place->drawn)
			continue;
		plan->n_drawn++;
		place->bounds = geometry_bounds(place->row->polygon);
		place->area = geometry_area(place->row->polygon);
		place->pole = geometry_pole(place->row->polygon, 0.2);
		plan->bounds = bounds_join(plan->bounds, place->bounds);
	}
	g_free(rows);
	sort_places(plan);
}

static const struct rows *kept(const struct rows *rows) { return rows ? rows_ref(rows) : NULL; }

void plan_set(struct plan *plan, const struct plan_source *source)
{
	struct plan_source fresh = {kept(source->rooms), kept(source->zones), kept(source->fixtures),
				    kept(source->sensors), NULL};
	forget_rows(plan);
	plan->rooms = fresh.rooms;
	plan->zones = fresh.zones;
	plan->fixtures = fresh.fixtures;
	plan->sensors = fresh.sensors;
	const char *id = source->floor_id ? source->floor_id : "";
	take_rooms(plan, id);
	plan->zone = (const struct room **)rows_of_floor(plan->zones, offsetof(struct room, floor_id), id,
							 &plan->n_zones);
	plan->fixture = (const struct fixture **)rows_of_floor(plan->fixtures,
							       offsetof(struct fixture, floor_id), id,
							       &plan->n_fixtures);
	plan->sensor = (const struct sensor **)rows_of_floor(plan->sensors, offsetof(struct sensor, floor_id),
							     id, &plan->n_sensors);
}

size_t plan_rooms(const struct plan *plan) { return plan->n_places; }
const struct room *plan_room(const struct plan *plan, size_t i) { return plan->places[i].row; }
struct plan_mark *plan_mark(struct plan *plan, size_t i) { return &plan->places[i].mark; }
bool plan_room_drawn(const struct plan *plan, size_t i) { return plan->places[i].drawn; }
size_t plan_drawn(const struct plan *plan) { return plan->n_drawn; }
struct bounds plan_room_bounds(const struct plan *plan, size_t i) { return plan->places[i].bounds; }
struct bounds plan_bounds(const struct plan *plan) { return plan->bounds; }
size_t plan_sensors(const struct plan *plan) { return plan->n_sensors; }
const struct sensor *plan_sensor(const struct plan *plan, size_t i) { return plan->sensor[i]; }

/* --- finding a room --- */

long plan_find(const struct plan *plan, const char *room_id)
{
	for (size_t i = 0; room_id && room_id[0] && i < plan->n_places; i++)
		if (g_strcmp0(plan->places[i].row->id, room_id) == 0)
			return (long)i;
	return -1;
}

long plan_toward(const struct plan *plan, long from, int dx, int dy)
{
	if (from < 0 || (size_t)from >= plan->n_drawn)
		return plan->n_drawn ? 0 : from;
	const struct plan_place *here = &plan->places[from];
	long best = from;
	double best_cost = INFINITY;
	for (size_t i = 0; i < plan->n_drawn; i++) {
		const struct plan_place *there = &plan->places[i];
		struct bounds a = here->bounds, b = there->bounds;
		/* How far along the direction, how far beside it, and how much of a wall both could share. */
		double ahead = dx ? dx * (there->pole.x - here->pole.x)
				  : -dy * (there->pole.y - here->pole.y);
		double off = fabs(dx ? there->pole.y - here->pole.y : there->pole.x - here->pole.x);
		double facing = dx ? fmin(a.y1, b.y1) - fmax(a.y0, b.y0)
				   : fmin(a.x1, b.x1) - fmax(a.x0, b.x0);
		if ((long)i == from || !(ahead > 0.05) || (facing < 0.1 && off > 2 * ahead))
			continue;
		double cost = facing >= 0.1 ? ahead + 0.15 * off
					    : 1 + ahead + 0.6 * off - 4 * fmin(facing, 0);
		if (cost < best_cost) {
			best_cost = cost;
			best = (long)i;
		}
	}
	return best;
}

/* Lower case, accents gone where they can go: "Recepção" and "recepcao" meet. g_free. */
static char *folded(const char *text)
{
	char *plain = g_utf8_make_valid(text, -1);
	char *apart = g_utf8_normalize(plain, -1, G_NORMALIZE_ALL);
	GString *base = g_string_new(NULL);
	for (const char *at = apart ? apart : plain; *at; at = g_utf8_next_char(at))
		if (!g_unichar_ismark(g_utf8_get_char(at)))
			g_string_append_unichar(base, g_utf8_get_char(at));
	char *small = g_utf8_casefold(base->str, -1);
	g_string_free(base, TRUE);
	g_free(apart);
	g_free(plain);
	return small;
}

long plan_search(const struct plan *plan, const char *text)
{
	long found = -1;
	char *wanted = text ? folded(text) : NULL;
	for (size_t i = 0; wanted && wanted[0] && i < plan->n_places; i++) {
		char *name = folded(plan->places[i].row->name ? plan->places[i].row->name : "");
		bool begins = g_str_has_prefix(name, wanted);
		if (begins || (found < 0 && strstr(name, wanted)))
			found = (long)i;
		g_free(name);
		if (begins)
			break;
	}
	g_free(wanted);
	return found;
}

void plan_initials(const char *name, char *out, size_t size)
{
	size_t used = 0, length = name ? strlen(name) : 0;
	bool start = true, number = false;
	for (size_t at = 0; at < length;) {
		uint32_t c;
		char bytes[4];
		at += text_decode(name + at, length - at, &c);
		bool blank = c == ' ' || c == '-' || c == '/' || c == '_';
		bool digit = c >= '0' && c <= '9';
		if (!blank && (start || (number && (digit || c == '.')))) {
			size_t n = text_encode(c, bytes);
			if (used + n >= size)
				break;
			memcpy(out + used, bytes, n);
			used += n;
			number = digit || (number && c == '.');
		} else {
			number = false;
		}
		start = blank;
	}
	out[used] = '\0';
}

/* --- the layout --- */

void plan_lay(struct plan *plan, const struct plan_look *look)
{
	forget_layout(plan);
	char *chosen = g_strdup(look->chosen_id);
	g_free(plan->chosen_id);
	plan->chosen_id = chosen;
	if (look->width < 1 || look->height < 1 || look->width > 1000 || look->height > 1000)
		return;
	plan->look = *look;
	plan->look.chosen_id = plan->chosen_id;
	size_t cells = (size_t)look->width * (size_t)look->height;
	plan->owner = g_new(int, cells);
	for (size_t i = 0; i < cells; i++)
		plan->owner[i] = -1;
	plan->taken = g_new0(uint8_t, cells);
	plan->dots = g_new0(uint8_t, cells);
	if (!plan->lines)
		plan->lines = lines_new(look->width, look->height);
	else
		lines_reset(plan->lines, look->width, look->height);
	plan_snap(plan);
	plan_lay_walls(plan);
	plan_lay_doors(plan);
	plan_lay_fills(plan);
	plan_lay_labels(plan);
	plan_lay_zones(plan);
	plan_lay_things(plan);
}

void plan_choose(struct plan *plan, const char *room_id)
{
	char *chosen = g_strdup(room_id);
	g_free(plan->chosen_id);
	plan->look.chosen_id = plan->chosen_id = chosen;
	if (!plan->owner)
		return;
	lines_reset(plan->lines, plan->look.width, plan->look.height);
	plan_lay_walls(plan);
	plan_lay_doors(plan);
	for (size_t i = 0; i < plan->n_labels; i++)
		plan_open_for(plan, &plan->labels[i]);
}

long plan_at(const struct plan *plan, int x, int y)
{
	if (!plan_on(plan, x, y))
		return -1;
	long room = plan_owner(plan, x, y);
	if (room >= 0)
		return room;
	/* On a wall: of the rooms whose wall it is, the smallest. */
	struct point at = plan_view_point(&plan->look.view, x, y);
	for (size_t i = 0; i < plan->n_drawn; i++)
		if (geometry_inside(plan->places[i].row->polygon, at) &&
		    (room < 0 || plan->places[i].area < plan->places[room].area))
			room = (long)i;
	return room;
}

/* --- drawing --- */

static void draw_label(const struct plan_label *label, const char *chosen_id, struct canvas *canvas)
{
	bool chosen = label->name_of && chosen_id && strcmp(label->name_of->row->id, chosen_id) == 0;
	struct style style = {chosen ? ROLE_ACCENT : label->role, canvas_ground(canvas, label->x, label->y),
			      chosen || label->strong ? ATTR_BOLD : 0};
	if (label->right)
		canvas_text_right(canvas, label->x, label->y, label->cells,
				  label->text ? label->text : label->own, style);
	else
		canvas_text(canvas, label->x, label->y, label->cells, label->text ? label->text : label->own,
			    style);
}

/* Draws a glyph over what lies there, its ground kept. */
static void put(struct canvas *canvas, int x, int y, uint32_t glyph, uint16_t role)
{
	canvas_put(canvas, x, y, glyph, (struct style){role, canvas_ground(canvas, x, y), 0});
}

static void draw_dots(const struct plan *plan, struct canvas *canvas)
{
	for (int y = 0; y < plan->look.height; y++)
		for (int x = 0; x < plan->look.width; x++) {
			uint8_t dots = plan->dots[plan_cell(plan, x, y)];
			if (dots)
				put(canvas, x, y, plan->look.braille ? 0x2800u + dots : 0x2591, ROLE_FIXTURE);
		}
}

void plan_hatch(struct canvas *canvas, struct rect rect, int level, bool own)
{
	/* Cells from one line to the next: quarter, half, three quarters, full, over. */
	static const int apart[] = {0, 7, 4, 3, 2, 2};
	int step = level <= 0                      ? 0
		   : level >= ROLE_FILL_LEVELS - 1 ? 5
						   : MIN(1 + (level - 1) * 4 / (ROLE_FILL_LEVELS - 2), 4);
	uint32_t line = canvas_glyph(canvas, step == 5 ? 0x2573 : 0x2571, step == 5 ? '%' : '/');
	/* A sample of two cells: one line up to half, two from full on. */
	int every = own ? (step >= 4 ? 1 : 2) : apart[step];

	for (int y = rect.y; step > 0 && y < rect.y + rect.height; y++)
		for (int x = rect.x; x < rect.x + rect.width; x++)
			if ((own ? x - rect.x + y - rect.y : x + y) % every == 0)
				canvas_put(canvas, x, y, line,
					   (struct style){step == 5 ? ROLE_BAD : ROLE_ZONE, ROLE_GROUND, 0});
}

/* Lines through a name would make it hard to read; they end a cell before it. */
static void clear_label(const struct plan_label *label, struct canvas *canvas)
{
	const char *text = label->text ? label->text : label->own;
	int cells = MIN(canvas_text_width(canvas, text), label->cells);
	int x = label->right ? label->x + label->cells - cells : label->x;

	canvas_fill(canvas, (struct rect){x - 1, label->y, cells + 2, 1}, ' ', STYLE(TEXT));
}

void plan_draw(const struct plan *plan, struct canvas *canvas)
{
	if (!plan->owner)
		return;
	for (size_t i = 0; i < plan->n_runs; i++) {
		const struct plan_run *run = &plan->runs[i];
		int level = plan->look.old ? -1 : plan->places[run->room].mark.level;
		if (level >= 0 && plan->look.hatch)
			plan_hatch(canvas, (struct rect){run->x0, run->y, run->x1 - run->x0 + 1, 1}, level,
				   false);
		else if (level >= 0)
			canvas_fill(canvas, (struct rect){run->x0, run->y, run->x1 - run->x0 + 1, 1}, ' ',
				    (struct style){ROLE_TEXT, (uint16_t)(ROLE_FILL_0 + level), 0});
	}
	for (size_t i = 0; plan->look.hatch && !plan->look.old && i < plan->n_labels; i++)
		clear_label(&plan->labels[i], canvas);
	lines_draw(plan->lines, canvas);
	draw_dots(plan, canvas);
	for (size_t i = 0; i < plan->n_glyphs; i++)
		put(canvas, plan->glyphs[i].x, plan->glyphs[i].y, plan->glyphs[i].glyph,
		    plan->glyphs[i].role);
	for (size_t i = 0; i < plan->n_labels; i++)
		draw_label(&plan->labels[i], plan->chosen_id, canvas);
}

void plan_draw_sensors(const struct plan *plan, struct canvas *canvas)
{
	for (size_t i = 0; i < plan->n_marks; i++)
		put(canvas, plan->marks[i].x, plan->marks[i].y, plan->marks[i].glyph, plan->marks[i].role);
}

void plan_person(const struct plan *plan, struct canvas *canvas, struct point at, bool now)
{
	int x = plan_view_column(&plan->look.view, at.x), y = plan_view_row(&plan->look.view, at.y);
	if (!plan_on(plan, x, y))
		return;
	/* Names stay readable: who stands on one is drawn under it, a trace not at all. */
	if (plan->taken[plan_cell(plan, x, y)]) {
		if (!now || plan_owner(plan, x, y + 1) < 0 || plan->taken[plan_cell(plan, x, y + 1)])
			return;
		y++;
	}
	if (!now && (lines_at(plan->lines, x, y) || plan->dots[plan_cell(plan, x, y)]))
		return;
	put(canvas, x, y, plan->look.ascii ? (now ? '*' : '.') : (now ? 0x2022 : 0xB7),
	    now ? ROLE_PERSON : ROLE_TRAIL);
}
