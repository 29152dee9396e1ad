#include "ui/plan/plan_inner.h"

#include "base/text.h"

#include <glib.h>
#include <math.h>
#include <string.h>

/* --- furniture --- */

/* Size at scale 1: the vendor tells multipliers, not metres (butlr.md §9), so these are what such things usually measure. */
struct shape {
	const char *type;
	double wide_m, deep_m;
	bool solid, round,
		late; /* drawn as an area where it covers some cells; late: only where cells are small */
	uint32_t glyph;
	char ascii;
};

static const struct shape shapes[] = {
	{"table", 1.8, 0.9, true, false, false, 0x25AD, '='},
	{"desk", 1.4, 0.7, true, false, false, 0x25AD, '='},
	{"chair", 0.45, 0.45, false, false, true, 0x25AB, ','},
	{"sofa", 1.6, 0.8, true, false, false, 0x25AC, '%'},
	{"bed", 2.0, 1.0, true, false, false, 0x25AC, '%'},
	{"box", 0.6, 0.6, true, false, true, 0x25AA, '#'},
	{"roundtable", 1.1, 1.1, true, true, false, 0x25CD, 'O'},
	{"sink", 0.5, 0.4, false, false, true, 0x25E1, 'u'},
	{"toilet", 0.4, 0.6, false, false, true, 0x25E0, 'n'},
	{"placeholdersensor", 0.1, 0.1, false, false, true, 0x25CC, 'o'},
	{"wall", 1.0, 0.1, false, false, false, 0, 0},
	{"door", 0.9, 0.1, false, false, false, 0, 0},
	/* what a type that is not known yet gets */
	{"", 0.5, 0.5, false, false, true, 0x25AB, '#'},
};

enum { SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

static const struct shape *shape_of(const char *type)
{
	for (int i = 0; type && i < SHAPES - 1; i++)
		if (g_ascii_strcasecmp(type, shapes[i].type) == 0)
			return &shapes[i];
	return &shapes[SHAPES - 1];
}

static bool is_type(const struct fixture *fixture, const char *type)
{
	return fixture->type && g_ascii_strcasecmp(fixture->type, type) == 0;
}

/* A fixture with numbers that can be drawn with. */
struct piece {
	struct point center;
	double half_wide, half_deep, cos, sin;
};

static double multiplier(double value) { return value > 0.05 && value < 50 ? value : 1; }

static bool piece_of(const struct fixture *fixture, const struct shape *shape, struct piece *piece)
{
	struct point c = fixture->center;
	if (!(fabs(c.x) <= GEOMETRY_FAR_M && fabs(c.y) <= GEOMETRY_FAR_M))
		return false;
	double turn = isfinite(fixture->rotation) ? fixture->rotation * G_PI / 180 : 0;
	*piece = (struct piece){c, shape->wide_m / 2 * multiplier(fixture->scale.v[0]),
				shape->deep_m / 2 * multiplier(fixture->scale.v[1]), cos(turn), sin(turn)};
	return true;
}

/* Whether a point lies on it. */
static bool covers(const struct piece *piece, bool round, struct point p)
{
	double x = p.x - piece->center.x, y = p.y - piece->center.y;
	double along = fabs(x * piece->cos + y * piece->sin), across = fabs(y * piece->cos - x * piece->sin);
	if (round)
		return pow(along / piece->half_wide, 2) + pow(across / piece->half_deep, 2) <= 1;
	return along <= piece->half_wide && across <= piece->half_deep;
}

static bool free_cell(const struct plan *plan, int x, int y)
{
	return plan_on(plan, x, y) && !plan->taken[plan_cell(plan, x, y)] && !lines_at(plan->lines, x, y);
}

static void add_glyph(struct plan_glyph **list, size_t *n, size_t *size, struct plan_glyph glyph)
{
	if (*n == *size) {
		*size = *size ? *size * 2 : 64;
		*list = g_renew(struct plan_glyph, *list, *size);
	}
	(*list)[(*n)++] = glyph;
}

static void one_glyph(struct plan *plan, const struct shape *shape, int x, int y)
{
	if (!free_cell(plan, x, y) || plan_owner(plan, x, y) < 0 || plan->dots[plan_cell(plan, x, y)])
		return;
	add_glyph(&plan->glyphs, &plan->n_glyphs, &plan->size_glyphs,
		  (struct plan_glyph){x, y, plan->look.ascii ? (uint32_t)shape->ascii : shape->glyph,
				      ROLE_FIXTURE});
}

/* U+2800's dots by row and column. */
static const uint8_t braille_dots[4][2] = {{1, 8}, {2, 16}, {4, 32}, {64, 128}};

/* The outline within a cell: dots that it covers beside one that it does not. */
static uint8_t outline(const struct plan *plan, const struct piece *piece, bool round, int x, int y)
{
	const double dx = 0.5, dy = 0.25;
	const struct plan_view *view = &plan->look.view;
	uint8_t found = 0;
	for (int k = 0; k < 8; k++) {
		double column = x - 0.5 + (k % 2 + 0.5) * dx, row = y - 0.5 + ((double)(k / 2) + 0.5) * dy;
		if (covers(piece, round, plan_view_point(view, column, row)) &&
		    !(covers(piece, round, plan_view_point(view, column - dx, row)) &&
		      covers(piece, round, plan_view_point(view, column + dx, row)) &&
		      covers(piece, round, plan_view_point(view, column, row - dy)) &&
		      covers(piece, round, plan_view_point(view, column, row + dy))))
			found |= braille_dots[k / 2][k % 2];
	}
	return found;
}

/* One cell of a large piece. */
static void area_cell(struct plan *plan, const struct shape *shape, const struct piece *piece, int x, int y)
{
	bool inside = covers(piece, shape->round, plan_view_point(&plan->look.view, x, y));
	if (plan->look.ascii && inside)
		one_glyph(plan, shape, x, y);
	else if (plan->look.braille)
		plan->dots[plan_cell(plan, x, y)] |= outline(plan, piece, shape->round, x, y);
	else if (!plan->look.ascii && inside)
		plan->dots[plan_cell(plan, x, y)] = 1;
}

static void area(struct plan *plan, const struct shape *shape, const struct piece *piece)
{
	const struct plan_view *view = &plan->look.view;
	double reach = hypot(piece->half_wide, piece->half_deep);
	int x0 = plan_view_column(view, piece->center.x - reach),
	    x1 = plan_view_column(view, piece->center.x + reach);
	int y0 = plan_view_row(view, piece->center.y + reach),
	    y1 = plan_view_row(view, piece->center.y - reach);
	/* A table does not reach through the wall, whatever its size is guessed to be. */
	int room = plan_owner(plan, plan_view_column(view, piece->center.x),
			      plan_view_row(view, piece->center.y));
	for (int y = y0 < 0 ? 0 : y0; y <= y1 && y < plan->look.height; y++)
		for (int x = x0 < 0 ? 0 : x0; x <= x1 && x < plan->look.width; x++)
			if (free_cell(plan, x, y) && plan_owner(plan, x, y) >= 0 &&
			    (room < 0 || plan_owner(plan, x, y) == room))
				area_cell(plan, shape, piece, x, y);
}

static void lay_fixture(struct plan *plan, const struct fixture *fixture)
{
	const struct shape *shape = shape_of(fixture->type);
	const struct plan_view *view = &plan->look.view;
	struct piece piece;
	if (!shape->glyph || (shape->late && view->per_m_x < PLAN_CHAIRS_FROM) ||
	    !piece_of(fixture, shape, &piece))
		return;
	/* Across the screen and down it, in cells. */
	double wide = 2 * (piece.half_wide * fabs(piece.cos) + piece.half_deep * fabs(piece.sin)) *
		      view->per_m_x;
	double high = 2 * (piece.half_wide * fabs(piece.sin) + piece.half_deep * fabs(piece.cos)) *
		      view->per_m_y;
	bool large = plan->look.braille ? wide >= 1.5 : shape->solid && (wide >= 2.5 || high >= 1.5);
	if (!shape->solid && !plan->look.ascii)
		large = large || (wide >= 5 && high >= 2.5);
	if (large)
		area(plan, shape, &piece);
	else
		one_glyph(plan, shape, plan_view_column(view, piece.center.x),
			  plan_view_row(view, piece.center.y));
}

/* --- doors and inner walls --- */

static bool straight(const struct plan *plan, int x, int y, bool level)
{
	return lines_at(plan->lines, x, y) &&
	       (level ? lines_at(plan->lines, x - 1, y) && lines_at(plan->lines, x + 1, y) &&
				!lines_at(plan->lines, x, y - 1) && !lines_at(plan->lines, x, y + 1)
		      : lines_at(plan->lines, x, y - 1) && lines_at(plan->lines, x, y + 1) &&
				!lines_at(plan->lines, x - 1, y) && !lines_at(plan->lines, x + 1, y));
}

/* The wall that a door stands in: on its place or one cell before or behind it (walls were snapped). */
static bool find_wall(const struct plan *plan, int *x, int *y, bool *level)
{
	static const int steps[3] = {0, -1, 1};
	for (int turned = 0; turned < 2; turned++) {
		bool along = turned ? !*level : *level;
		for (int i = 0; i < 3; i++) {
			int at_x = along ? *x : *x + steps[i], at_y = along ? *y + steps[i] : *y;
			if (!straight(plan, at_x, at_y, along))
				continue;
			*x = at_x;
			*y = at_y;
			*level = along;
			return true;
		}
	}
	return false;
}

static void open_door(struct plan *plan, const struct fixture *fixture)
{
	struct piece piece;
	if (!piece_of(fixture, shape_of("door"), &piece))
		return;
	int x = plan_view_column(&plan->look.view, piece.center.x),
	    y = plan_view_row(&plan->look.view, piece.center.y);
	bool level = fabs(piece.cos) >= fabs(piece.sin);
	if (!plan_on(plan, x, y) || !find_wall(plan, &x, &y, &level))
		return;
	double across = 2 * piece.half_wide * (level ? plan->look.view.per_m_x : plan->look.view.per_m_y);
	int n = across < 1.5 ? 1 : (int)fmin(lround(across), 60), first = -(n - 1) / 2;
	bool open[64];
	/* Look before any cell is gone: a cell beside an opening is no longer straight. */
	for (int i = 0; i < n; i++)
		open[i] = straight(plan, level ? x + first + i : x, level ? y : y + first + i, level);
	for (int i = 0; i < n; i++)
		if (open[i])
			lines_open(plan->lines, level ? x + first + i : x, level ? y : y + first + i);
}

static long room_around(const struct plan *plan, struct point p)
{
	for (size_t i = 0; i < plan->n_drawn; i++)
		if (geometry_inside(plan->places[i].row->polygon, p))
			return (long)i;
	return -1;
}

static void inner_wall(struct plan *plan, const struct fixture *fixture)
{
	struct piece piece;
	if (!piece_of(fixture, shape_of("wall"), &piece))
		return;
	double x = piece.half_wide * piece.cos, y = piece.half_wide * piece.sin;
	struct point ends[2] = {{piece.center.x - x, piece.center.y - y},
				{piece.center.x + x, piece.center.y + y}};
	long room = room_around(plan, piece.center);
	for (int i = 0; room >= 0 && i < 2; i++) {
		struct bounds b = plan->places[room].bounds;
		ends[i] = (struct point){fmin(fmax(ends[i].x, b.x0), b.x1),
					 fmin(fmax(ends[i].y, b.y0), b.y1)};
	}
	plan_add_edges(plan, (struct points){ends, 2}, LINE_LIGHT, STYLE(FIXTURE));
}

void plan_lay_doors(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_fixtures; i++)
		if (is_type(plan->fixture[i], "door"))
			open_door(plan, plan->fixture[i]);
	if (plan->look.view.per_m_x < PLAN_FURNITURE_FROM)
		return;
	for (size_t i = 0; i < plan->n_fixtures; i++)
		if (is_type(plan->fixture[i], "wall"))
			inner_wall(plan, plan->fixture[i]);
}

/* --- zones' names --- */

void plan_open_for(struct plan *plan, const struct plan_label *label)
{
	for (int x = label->x - 1; label->in_line && x <= label->x + label->cells; x++)
		lines_open(plan->lines, x, label->y);
}

/* On the dashed line itself, where both sides are the same room (else a wall lies on it) and no other text stands. */
static bool name_on_edge(struct plan *plan, const char *name, struct plan_corner a, struct plan_corner b)
{
	int cells = (int)text_width(name, strlen(name)), from = a.x < b.x ? a.x : b.x,
	    to = a.x < b.x ? b.x : a.x;
	if (a.y != b.y || to - from - 1 < cells + 4)
		return false;
	int x = from + 3;
	for (int k = x - 1; k <= x + cells; k++)
		if (plan_owner(plan, k, a.y - 1) < 0 ||
		    plan_owner(plan, k, a.y - 1) != plan_owner(plan, k, a.y + 1) ||
		    plan->taken[plan_cell(plan, k, a.y)])
			return false;
	struct plan_label label = {
		.x = x, .y = a.y, .cells = cells, .in_line = true, .role = ROLE_ZONE, .text = name};
	plan_open_for(plan, &label);
	plan_add_label(plan, &label);
	return true;
}

/* Inside, above the lower left corner. */
static void name_inside(struct plan *plan, const char *name, const struct plan_corner *corners, size_t n)
{
	int left = corners[0].x, right = left, top = corners[0].y, bottom = top;
	for (size_t i = 1; i < n; i++) {
		left = corners[i].x < left ? corners[i].x : left;
		right = corners[i].x > right ? corners[i].x : right;
		top = corners[i].y < top ? corners[i].y : top;
		bottom = corners[i].y > bottom ? corners[i].y : bottom;
	}
	int cells = (int)text_width(name, strlen(name)), x = left + 2, y = bottom - 1;
	if (right - left - 3 < cells || bottom - top < 4)
		return;
	for (int k = x; k < x + cells; k++)
		if (plan_owner(plan, k, y) < 0 || plan->taken[plan_cell(plan, k, y)] ||
		    lines_at(plan->lines, k, y))
			return;
	plan_add_label(plan,
		       &(struct plan_label){.x = x, .y = y, .cells = cells, .role = ROLE_ZONE, .text = name});
}

void plan_lay_zones(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_zones; i++) {
		const struct room *zone = plan->zone[i];
		if (!zone->name || !geometry_drawable(zone->polygon) ||
		    plan->look.view.per_m_x < PLAN_ZONES_FROM)
			continue;
		size_t n;
		bool named = false;
		struct plan_corner *corners = plan_corners(plan, zone->polygon, &n);
		for (size_t k = 0; k < n && !named; k++)
			named = name_on_edge(plan, zone->name, corners[k], corners[(k + 1) % n]);
		if (!named && n > 0)
			name_inside(plan, zone->name, corners, n);
		g_free(corners);
	}
}

/* --- sensors --- */

bool plan_sensor_offline(const struct sensor *sensor)
{
	return sensor->status && strcmp(sensor->status, STATUS_OFFLINE) == 0;
}

uint32_t plan_sensor_glyph(const struct sensor *sensor, bool ascii)
{
	bool traffic = sensor->mode && strcmp(sensor->mode, "traffic") == 0;
	bool repeater = sensor->mode && strcmp(sensor->mode, "repeater") == 0;
	/* Offline is another shape: on a terminal without colours it must be seen as well. */
	if (plan_sensor_offline(sensor))
		return ascii ? '!' : traffic || repeater ? 0x2715 : 0x25CB;
	if (ascii)
		return traffic ? 'x' : repeater ? '+' : 'o';
	return traffic ? 0x25C8 : repeater ? 0x25C7 : 0x25C9;
}

uint16_t plan_sensor_role(const struct sensor *sensor)
{
	if (plan_sensor_offline(sensor))
		return ROLE_BAD;
	if (sensor->battery_low == 1 || (sensor->status && strcmp(sensor->status, STATUS_DEGRADED) == 0))
		return ROLE_WARN;
	return sensor->status && strcmp(sensor->status, STATUS_ONLINE) == 0 ? ROLE_OK : ROLE_UNKNOWN;
}

static void lay_sensor(struct plan *plan, const struct sensor *sensor)
{
	static const int steps[5][2] = {{0, 0}, {0, 1}, {0, -1}, {1, 0}, {-1, 0}};
	struct point c = sensor->center;
	if (!(fabs(c.x) <= GEOMETRY_FAR_M && fabs(c.y) <= GEOMETRY_FAR_M))
		return;
	if (plan->look.view.per_m_x < PLAN_SENSORS_FROM && plan_sensor_role(sensor) == ROLE_OK)
		return;
	int x = plan_view_column(&plan->look.view, c.x), y = plan_view_row(&plan->look.view, c.y);
	for (int i = 0; i < 5; i++) {
		int sx = x + steps[i][0], sy = y + steps[i][1];
		/* On a wall it would break the line; over a name it would break the word. */
		if (!free_cell(plan, sx, sy))
			continue;
		plan->taken[plan_cell(plan, sx, sy)] = 1;
		add_glyph(&plan->marks, &plan->n_marks, &plan->size_marks,
			  (struct plan_glyph){sx, sy, plan_sensor_glyph(sensor, plan->look.ascii),
					      plan->look.old ? ROLE_STALE : plan_sensor_role(sensor)});
		return;
	}
}

void plan_lay_things(struct plan *plan)
{
	/* Those in trouble first: where two fall on one cell, the one that matters is seen. */
	for (int offline = 1; offline >= 0; offline--)
		for (size_t i = 0; i < plan->n_sensors; i++)
			if (plan_sensor_offline(plan->sensor[i]) == (bool)offline)
				lay_sensor(plan, plan->sensor[i]);
	if (plan->look.view.per_m_x < PLAN_FURNITURE_FROM)
		return;
	/* Large things first: a chair gives way to its desk. */
	for (int late = 0; late < 2; late++)
		for (size_t i = 0; i < plan->n_fixtures; i++)
			if (shape_of(plan->fixture[i]->type)->late == (bool)late)
				lay_fixture(plan, plan->fixture[i]);
}
