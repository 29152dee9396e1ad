#include "sim/plan.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

#define UNREACHED INT32_MAX

bool plan_rect_holds(const struct world_rect *rect, struct world_point at)
{
	return at.x_mm >= rect->x0_mm && at.x_mm <= rect->x1_mm && at.y_mm >= rect->y0_mm &&
	       at.y_mm <= rect->y1_mm;
}

int64_t plan_isqrt(int64_t n)
{
	int64_t root = 0;

	for (int64_t bit = (int64_t)1 << 31; bit > 0; bit >>= 1) {
		if ((root + bit) * (root + bit) <= n)
			root += bit;
	}
	return root;
}

int32_t plan_distance(struct world_point a, struct world_point b)
{
	int64_t dx = a.x_mm - b.x_mm, dy = a.y_mm - b.y_mm;

	return (int32_t)plan_isqrt(dx * dx + dy * dy);
}

/* --- the drawing ---------------------------------------------------------------------------------------- */

static char letter_at(const struct plan_spec *spec, int column, int row)
{
	int columns = (int)strlen(spec->rows[0]);

	if (column < 0 || column >= columns || row < 0 || row >= PLAN_ROWS)
		return 0;
	return spec->rows[row][column];
}

static struct world_point corner(int column, int row)
{
	return (struct world_point){.x_mm = column * PLAN_CELL_MM, .y_mm = (PLAN_ROWS - row) * PLAN_CELL_MM};
}

/* One letter's run to the right that nobody took yet. */
static int free_run(const struct plan_spec *spec, bool taken[PLAN_ROWS][64], int column, int row, char letter)
{
	int end = column;

	while (letter_at(spec, end, row) == letter && !taken[row][end])
		end++;
	return end - column;
}

static int by_area(const void *a, const void *b)
{
	const struct world_rect *p = a, *q = b;
	int64_t area_p = (int64_t)(p->x1_mm - p->x0_mm) * (p->y1_mm - p->y0_mm);
	int64_t area_q = (int64_t)(q->x1_mm - q->x0_mm) * (q->y1_mm - q->y0_mm);

	if (area_p != area_q)
		return area_p > area_q ? -1 : 1;
	if (p->x0_mm != q->x0_mm)
		return p->x0_mm < q->x0_mm ? -1 : 1;
	return p->y0_mm < q->y0_mm ? -1 : p->y0_mm > q->y0_mm;
}

/* Cuts a room into rectangles, row by row. */
static int cut(struct plan_room *room, const struct plan_spec *spec)
{
	bool taken[PLAN_ROWS][64] = {{false}};
	int columns = (int)strlen(spec->rows[0]);
	char letter = room->spec->letter;

	for (int row = 0; row < PLAN_ROWS; row++) {
		for (int column = 0; column < columns; column++) {
			int width = free_run(spec, taken, column, row, letter), bottom = row;

			if (width == 0)
				continue;
			if (room->rect_count == PLAN_ROOM_RECTS_MAX)
				return ERR_INVALID;
			for (; bottom < PLAN_ROWS && free_run(spec, taken, column, bottom, letter) >= width;
			     bottom++)
				memset(&taken[bottom][column], true, (size_t)width);
			room->rects[room->rect_count++] = (struct world_rect){
				.x0_mm = corner(column, 0).x_mm,
				.y0_mm = corner(0, bottom).y_mm,
				.x1_mm = corner(column + width, 0).x_mm,
				.y1_mm = corner(0, row).y_mm,
			};
		}
	}
	qsort(room->rects, (size_t)room->rect_count, sizeof(room->rects[0]), by_area);
	return room->rect_count > 0 ? ERR_OK : ERR_INVALID;
}

/* Walks around a room with its wall at the left hand, from the upper left corner on. */
static int outline(struct plan_room *room, const struct plan_spec *spec)
{
	/* east, south, west, north: the step, and the cells ahead at the right and at the left of the edge */
	static const int step[4][2] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
	static const int right[4][2] = {{0, 0}, {-1, 0}, {-1, -1}, {0, -1}};
	static const int left[4][2] = {{0, -1}, {0, 0}, {-1, 0}, {-1, -1}};
	int column = 0, row = 0, direction = 0, start_column, start_row;
	char letter = room->spec->letter;

	while (letter_at(spec, column, row) != letter) {
		if (++column >= (int)strlen(spec->rows[0])) {
			column = 0;
			row++;
		}
	}
	start_column = column;
	start_row = row;
	room->points[room->point_count++] = corner(column, row);
	do {
		column += step[direction][0];
		row += step[direction][1];
		if (column == start_column && row == start_row)
			break;
		if (letter_at(spec, column + left[direction][0], row + left[direction][1]) == letter)
			direction = (direction + 3) % 4;
		else if (letter_at(spec, column + right[direction][0], row + right[direction][1]) == letter)
			continue;
		else
			direction = (direction + 1) % 4;
		if (room->point_count == PLAN_POINTS_MAX)
			return ERR_INVALID;
		room->points[room->point_count++] = corner(column, row);
	} while (true);
	return ERR_OK;
}

static int room_of_letter(const struct plan *plan, char letter)
{
	for (int i = 0; i < plan->room_count; i++) {
		if (plan->rooms[i].spec->letter == letter)
			return i;
	}
	return -1;
}

static int draw_rooms(struct plan *plan, const struct plan_spec *spec)
{
	if (spec->room_count > PLAN_ROOMS_MAX)
		return ERR_INVALID;
	for (int i = 0; i < spec->room_count; i++) {
		struct plan_room *room = &plan->rooms[plan->room_count++];

		room->spec = &spec->rooms[i];
		if (cut(room, spec) != ERR_OK || outline(room, spec) != ERR_OK)
			return ERR_INVALID;
		room->first_rect = plan->rect_count;
		if (plan->rect_count + room->rect_count > PLAN_RECTS_MAX)
			return ERR_INVALID;
		for (int k = 0; k < room->rect_count; k++) {
			plan->rect_room[plan->rect_count] = i;
			plan->rects[plan->rect_count++] = room->rects[k];
		}
	}
	return ERR_OK;
}

/* --- doors and seams ------------------------------------------------------------------------------------ */

/* The middle of the border that two rectangles share; 0 when they share none, else its length in mm. */
static int32_t shared_border(const struct world_rect *a, const struct world_rect *b,
			     struct world_point *middle, bool *vertical)
{
	int32_t x0 = a->x0_mm > b->x0_mm ? a->x0_mm : b->x0_mm,
		x1 = a->x1_mm < b->x1_mm ? a->x1_mm : b->x1_mm;
	int32_t y0 = a->y0_mm > b->y0_mm ? a->y0_mm : b->y0_mm,
		y1 = a->y1_mm < b->y1_mm ? a->y1_mm : b->y1_mm;

	if (x0 > x1 || y0 > y1 || (x0 < x1 && y0 < y1))
		return 0;
	*middle = (struct world_point){.x_mm = (x0 + x1) / 2, .y_mm = (y0 + y1) / 2};
	*vertical = x0 == x1;
	return x0 == x1 ? y1 - y0 : x1 - x0;
}

static int add_node(struct plan *plan, struct plan_node node)
{
	if (plan->node_count == PLAN_NODES_MAX)
		return ERR_INVALID;
	plan->nodes[plan->node_count++] = node;
	return ERR_OK;
}

static int add_seams(struct plan *plan)
{
	for (int a = 0; a < plan->rect_count; a++) {
		for (int b = a + 1; b < plan->rect_count; b++) {
			struct plan_node seam = {.rect_a = a, .rect_b = b, .door = -1};
			bool vertical;

			if (plan->rect_room[a] != plan->rect_room[b] ||
			    shared_border(&plan->rects[a], &plan->rects[b], &seam.at, &vertical) == 0)
				continue;
			if (add_node(plan, seam) != ERR_OK)
				return ERR_INVALID;
		}
	}
	return ERR_OK;
}

/* Finds the longest wall between two rooms, or of a room to the street (the south side). */
static int32_t best_wall(const struct plan *plan, int in, int out, struct plan_node *node, bool *vertical)
{
	const struct plan_room *room = &plan->rooms[in];
	int32_t best = 0;

	for (int a = room->first_rect; a < room->first_rect + room->rect_count; a++) {
		const struct world_rect *street = &(struct world_rect){0, -PLAN_CELL_MM, plan->width_mm, 0};
		int first = out < 0 ? 0 : plan->rooms[out].first_rect;
		int count = out < 0 ? 1 : plan->rooms[out].rect_count;

		for (int b = first; b < first + count; b++) {
			struct world_point at;
			bool along_y;
			int32_t length = shared_border(&plan->rects[a], out < 0 ? street : &plan->rects[b],
						       &at, &along_y);

			if (length <= best)
				continue;
			best = length;
			*vertical = along_y;
			*node = (struct plan_node){.at = at, .rect_a = a, .rect_b = out < 0 ? -1 : b};
		}
	}
	return best;
}

static int add_door(struct plan *plan, int in, char to, bool traffic)
{
	int out = to == PLAN_OUTSIDE ? -1 : room_of_letter(plan, to);
	struct plan_node node = {.rect_a = 0};
	bool vertical = false;

	if ((out < 0 && to != PLAN_OUTSIDE) || plan->door_count == PLAN_DOORS_MAX ||
	    best_wall(plan, in, out, &node, &vertical) == 0)
		return ERR_INVALID;
	node.door = plan->door_count;
	if (out < 0) {
		plan->entrance_door = plan->door_count;
		plan->entrance_node = plan->node_count;
	}
	plan->doors[plan->door_count++] = (struct plan_door){
		.room_in = in,
		.room_out = out,
		.center = node.at,
		.vertical = vertical,
		.traffic = traffic,
	};
	return add_node(plan, node);
}

static int add_doors(struct plan *plan)
{
	for (int i = 0; i < plan->room_count; i++) {
		const struct plan_room_spec *spec = plan->rooms[i].spec;

		if (spec->door_to &&
		    add_door(plan, i, spec->door_to, spec->traffic && !spec->second_door) != ERR_OK)
			return ERR_INVALID;
		if (spec->second_door && add_door(plan, i, spec->second_door, spec->traffic) != ERR_OK)
			return ERR_INVALID;
	}
	return ERR_OK;
}

/* --- ways ------------------------------------------------------------------------------------------------ */

static bool touches(const struct plan_node *node, int rect)
{
	return rect >= 0 && (node->rect_a == rect || node->rect_b == rect);
}

/* Shortest ways between all nodes (Floyd and Warshall). */
static void find_ways(struct plan *plan)
{
	int n = plan->node_count;

	for (int a = 0; a < n; a++) {
		for (int b = 0; b < n; b++) {
			const struct plan_node *p = &plan->nodes[a], *q = &plan->nodes[b];
			bool near = touches(q, p->rect_a) || touches(q, p->rect_b);

			plan->distance_mm[a][b] = a == b ? 0 : near ? plan_distance(p->at, q->at) : UNREACHED;
			plan->hop[a][b] = (int8_t)b;
		}
	}
	for (int via = 0; via < n; via++) {
		for (int a = 0; a < n; a++) {
			if (plan->distance_mm[a][via] == UNREACHED)
				continue;
			for (int b = 0; b < n; b++) {
				int32_t rest = plan->distance_mm[via][b];

				if (rest == UNREACHED ||
				    plan->distance_mm[a][via] + rest >= plan->distance_mm[a][b])
					continue;
				plan->distance_mm[a][b] = plan->distance_mm[a][via] + rest;
				plan->hop[a][b] = plan->hop[a][via];
			}
		}
	}
}

int plan_route(const struct plan *plan, int from_rect, struct world_point from, int to_rect,
	       struct world_point to, int nodes[PLAN_NODES_MAX])
{
	int32_t best = UNREACHED;
	int first = -1, last = -1, count = 0;

	if (from_rect == to_rect)
		return 0;
	for (int a = 0; a < plan->node_count; a++) {
		int32_t start;

		if (!touches(&plan->nodes[a], from_rect))
			continue;
		start = plan_distance(from, plan->nodes[a].at);
		for (int b = 0; b < plan->node_count; b++) {
			int32_t length = plan->distance_mm[a][b];

			if (!touches(&plan->nodes[b], to_rect) || length == UNREACHED)
				continue;
			length += start + plan_distance(plan->nodes[b].at, to);
			if (length < best) {
				best = length;
				first = a;
				last = b;
			}
		}
	}
	if (first < 0)
		return 0;
	for (int node = first; count < PLAN_NODES_MAX; node = plan->hop[node][last]) {
		nodes[count++] = node;
		if (node == last)
			break;
	}
	return count;
}

int plan_rect_at(const struct plan *plan, int room, struct world_point at)
{
	const struct plan_room *r = &plan->rooms[room];

	for (int i = 0; i < r->rect_count; i++) {
		if (plan_rect_holds(&r->rects[i], at))
			return r->first_rect + i;
	}
	return r->first_rect;
}

int plan_init(struct plan *plan, const struct plan_spec *spec)
{
	*plan = (struct plan){
		.width_mm = (int32_t)strlen(spec->rows[0]) * PLAN_CELL_MM,
		.height_mm = PLAN_ROWS * PLAN_CELL_MM,
		.entrance_door = -1,
		.entrance_node = -1,
	};
	if (strlen(spec->rows[0]) > 64 || draw_rooms(plan, spec) != ERR_OK || add_seams(plan) != ERR_OK ||
	    add_doors(plan) != ERR_OK)
		return ERR_INVALID;
	plan->lift_room = room_of_letter(plan, PLAN_LIFT);
	plan->corridor_room = room_of_letter(plan, PLAN_CORRIDOR);
	if (plan->lift_room < 0 || plan->corridor_room < 0)
		return ERR_INVALID;
	find_ways(plan);
	return plan_furnish(plan);
}
