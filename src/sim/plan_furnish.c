#include "sim/plan.h"

#include "base/err.h"

#include <string.h>

/* Puts furniture and places to be into the rooms of a drawing. A seat is any place where a person stays for a
 * while: a chair, a sofa, a toilet, a spot in front of a shelf. */

struct furnisher {
	struct plan *plan;
	int room;
	int error;
};

static struct world_point point(int32_t x_mm, int32_t y_mm)
{
	return (struct world_point){.x_mm = x_mm, .y_mm = y_mm};
}

static void put_scaled(struct furnisher *f, const char *type, struct world_point at, int rotation_deg, int sx,
		       int sy)
{
	struct plan *plan = f->plan;

	if (plan->fixture_count == PLAN_FIXTURES_MAX) {
		f->error = ERR_INVALID;
		return;
	}
	plan->fixtures[plan->fixture_count++] = (struct plan_fixture){
		.type = type,
		.room = f->room,
		.center = at,
		.rotation_deg = rotation_deg,
		.scale_x100 = {sx, sy, 100},
	};
}

static void put(struct furnisher *f, const char *type, struct world_point at, int rotation_deg)
{
	put_scaled(f, type, at, rotation_deg, 100, 100);
}

static void seat(struct furnisher *f, struct world_point at)
{
	struct plan *plan = f->plan;

	if (plan->seat_count == PLAN_SEATS_MAX) {
		f->error = ERR_INVALID;
		return;
	}
	plan->seats[plan->seat_count++] = (struct plan_seat){
		.at = at,
		.room = f->room,
		.rect = plan_rect_at(plan, f->room, at),
	};
	plan->rooms[f->room].seat_count++;
}

static int32_t width(const struct world_rect *r) { return r->x1_mm - r->x0_mm; }
static int32_t height(const struct world_rect *r) { return r->y1_mm - r->y0_mm; }
static int32_t middle_x(const struct world_rect *r) { return (r->x0_mm + r->x1_mm) / 2; }
static int32_t middle_y(const struct world_rect *r) { return (r->y0_mm + r->y1_mm) / 2; }

static int fit(int32_t length_mm, int32_t pitch_mm)
{
	int n = (length_mm - 500) / pitch_mm;

	return n < 1 ? 1 : n;
}

/* Desks in rows, a chair south of each. */
static void desks(struct furnisher *f, const struct world_rect *r)
{
	int across = fit(width(r), 1550), rows = fit(height(r), 1500);

	for (int j = 0; j < rows; j++) {
		for (int i = 0; i < across; i++) {
			int32_t x = r->x0_mm + width(r) * (2 * i + 1) / (2 * across);
			int32_t y = r->y0_mm + height(r) * (2 * j + 1) / (2 * rows) - 300;

			put(f, "desk", point(x, y + 700), 0);
			put(f, "chair", point(x, y), 180);
			seat(f, point(x, y));
		}
	}
	if (across >= 4)
		put_scaled(f, "wall", point(middle_x(r), middle_y(r)), 90, 200, 100);
}

static void conference(struct furnisher *f, const struct world_rect *r, int places)
{
	int side = (places + 1) / 2;
	int32_t reach = width(r) - 1400;

	put_scaled(f, "table", point(middle_x(r), middle_y(r)), 0, reach / 16, 120);
	put(f, "box", point(r->x0_mm + 300, middle_y(r)), 90);
	for (int i = 0; i < places; i++) {
		int32_t x = r->x0_mm + 700 + reach * (2 * (i / 2) + 1) / (2 * side);
		bool north = i % 2 == 0;

		put(f, "chair", point(x, middle_y(r) + (north ? 900 : -900)), north ? 0 : 180);
		seat(f, point(x, middle_y(r) + (north ? 900 : -900)));
	}
}

static void phone_booth(struct furnisher *f, const struct world_rect *r)
{
	put_scaled(f, "table", point(middle_x(r), middle_y(r) + 450), 0, 50, 50);
	put(f, "chair", point(middle_x(r), middle_y(r) - 150), 180);
	seat(f, point(middle_x(r), middle_y(r) - 150));
}

static void kitchen(struct furnisher *f, const struct world_rect *r)
{
	static const int around[4][3] = {{650, 0, 90}, {-650, 0, 270}, {0, 650, 0}, {0, -650, 180}};
	int across = fit(width(r), 2100), rows = fit(height(r) - 600, 1900);

	for (int j = 0; j < rows; j++) {
		for (int i = 0; i < across; i++) {
			int32_t x = r->x0_mm + width(r) * (2 * i + 1) / (2 * across);
			int32_t y = r->y0_mm + (height(r) - 500) * (2 * j + 1) / (2 * rows);

			put(f, "roundtable", point(x, y), 0);
			for (int k = 0; k < 4; k++) {
				struct world_point at = point(x + around[k][0], y + around[k][1]);

				put(f, "chair", at, around[k][2]);
				seat(f, at);
			}
		}
	}
	put_scaled(f, "sink", point(r->x0_mm + 700, r->y1_mm - 300), 0, 100, 100);
	put_scaled(f, "box", point(r->x1_mm - 500, r->y1_mm - 350), 0, 80, 80);
}

static void toilets(struct furnisher *f, const struct world_rect *r)
{
	int n = fit(width(r), 950);

	for (int i = 0; i < n; i++) {
		int32_t x = r->x0_mm + width(r) * (2 * i + 1) / (2 * n);

		put(f, "toilet", point(x, r->y0_mm + 400), 180);
		seat(f, point(x, r->y0_mm + 500));
	}
	put(f, "sink", point(r->x0_mm + 400, r->y1_mm - 300), 0);
}

static void sofas(struct furnisher *f, const struct world_rect *r)
{
	int n = fit(height(r), 1500);

	for (int j = 0; j < n; j++) {
		int32_t y = r->y0_mm + height(r) * (2 * j + 1) / (2 * n);

		put_scaled(f, "sofa", point(r->x0_mm + 550, y), 90, 150, 100);
		seat(f, point(r->x0_mm + 600, y + 300));
		seat(f, point(r->x0_mm + 600, y - 300));
	}
	put(f, "roundtable", point(middle_x(r), middle_y(r)), 0);
}

/* The first seat of an entrance hall is the guard's. */
static void reception(struct furnisher *f, const struct world_rect *r)
{
	put_scaled(f, "desk", point(r->x1_mm - 1500, middle_y(r) + 700), 0, 150, 100);
	put(f, "chair", point(r->x1_mm - 1500, middle_y(r) + 1300), 0);
	seat(f, point(r->x1_mm - 1500, middle_y(r) + 1300));
	sofas(f, r);
}

static void shelves(struct furnisher *f, const struct world_rect *r)
{
	put_scaled(f, "box", point(middle_x(r), r->y1_mm - 400), 0, 200, 60);
	seat(f, point(middle_x(r), middle_y(r) - 200));
}

static void sickbed(struct furnisher *f, const struct world_rect *r)
{
	put(f, "bed", point(r->x1_mm - 1200, middle_y(r)), 90);
	put(f, "chair", point(middle_x(r), middle_y(r) - 300), 180);
	seat(f, point(middle_x(r), middle_y(r) - 300));
}

static void furnish_room(struct furnisher *f)
{
	struct plan_room *room = &f->plan->rooms[f->room];
	const char *type = room->spec->type;
	bool phone = strcmp(type, "phoneroom") == 0, office = strcmp(type, "office") == 0;

	room->first_seat = f->plan->seat_count;
	if (office || strcmp(type, "hotdesk") == 0) {
		for (int i = 0; i < room->rect_count; i++)
			desks(f, &room->rects[i]);
	} else if (strcmp(type, "confroom") == 0) {
		conference(f, &room->rects[0], room->spec->capacity);
	} else if (phone) {
		phone_booth(f, &room->rects[0]);
	} else if (strcmp(type, "kitchen") == 0 || strcmp(type, "kitchenette") == 0) {
		kitchen(f, &room->rects[0]);
	} else if (strcmp(type, "wc") == 0) {
		toilets(f, &room->rects[0]);
	} else if (strcmp(type, "entrance") == 0 || strcmp(type, "hall") == 0) {
		reception(f, &room->rects[0]);
	} else if (strcmp(type, "bedroom") == 0) {
		sickbed(f, &room->rects[0]);
	} else if (strcmp(type, "storage") == 0 || strcmp(type, "pantry") == 0 ||
		   strcmp(type, "closet") == 0) {
		shelves(f, &room->rects[0]);
	} else if (strcmp(type, "elevator") == 0) {
		seat(f, point(middle_x(&room->rects[0]), middle_y(&room->rects[0])));
	} else if (room->spec->letter != PLAN_CORRIDOR) {
		sofas(f, &room->rects[0]);
	}
}

int plan_furnish(struct plan *plan)
{
	struct furnisher f = {.plan = plan, .error = ERR_OK};

	for (f.room = 0; f.room < plan->room_count; f.room++)
		furnish_room(&f);
	for (int i = 0; i < plan->door_count; i++) {
		f.room = plan->doors[i].room_in;
		put(&f, "door", plan->doors[i].center, plan->doors[i].vertical ? 90 : 0);
	}
	f.room = plan->corridor_room;
	put(&f, "placeholdersensor",
	    point(plan->width_mm / 2, plan->rects[plan->rooms[f.room].first_rect].y0_mm + 850), 0);
	return f.error;
}
