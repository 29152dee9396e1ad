/* A floor drawing: rooms as letters on a grid, turned into rectangles, outlines, doors, furniture and the
 * shortest ways between them. Floors that follow the same drawing share one plan. */
#ifndef LODGE_SIM_PLAN_H
#define LODGE_SIM_PLAN_H

#include "sim/world.h"

#include <stdint.h>

#define PLAN_COUNT 5
#define PLAN_CELL_MM 850 /* side of one letter of a drawing */
#define PLAN_ROWS 14     /* all drawings are equally high, so that the lifts stand above each other */
#define PLAN_ROOMS_MAX 24
#define PLAN_RECTS_MAX 48
#define PLAN_NODES_MAX 64
#define PLAN_DOORS_MAX 24
#define PLAN_SEATS_MAX 200
#define PLAN_FIXTURES_MAX 400
#define PLAN_POINTS_MAX 24
#define PLAN_ROOM_RECTS_MAX 8
#define PLAN_LIFT 'E'
#define PLAN_CORRIDOR '.'
#define PLAN_OUTSIDE '*' /* as door_to: the street */

struct plan_room_spec {
	char letter;
	const char *type, *name;
	int capacity, mid_capacity;
	char door_to;     /* the letter of the room that the door leads to; 0: the corridor, which has none */
	char second_door; /* another one, or 0; then the traffic sensor is at this one */
	bool traffic;     /* its door has a traffic sensor */
	bool unwatched;   /* no presence sensors: toilets, stores, lifts */
	uint32_t rgba;
};

struct plan_spec {
	const char *rows[PLAN_ROWS];
	const struct plan_room_spec *rooms;
	int room_count;
};

extern const struct plan_spec plan_specs[PLAN_COUNT];

struct plan_room {
	const struct plan_room_spec *spec;
	struct world_rect rects[PLAN_ROOM_RECTS_MAX]; /* greatest first */
	struct world_point points[PLAN_POINTS_MAX];
	int rect_count, point_count;
	int first_rect; /* in the plan's rects */
	int first_seat, seat_count;
};

struct plan_door {
	int room_in, room_out; /* room_out -1: the street */
	struct world_point center;
	bool vertical, traffic;
};

/* Where one steps from one rectangle to the next: a door, or a seam inside a room. */
struct plan_node {
	struct world_point at;
	int rect_a, rect_b; /* rect_b -1: the street */
	int door;           /* -1: a seam */
};

struct plan_seat {
	struct world_point at;
	int room, rect;
};

struct plan_fixture {
	const char *type;
	int room;
	struct world_point center;
	int rotation_deg, scale_x100[3];
};

struct plan {
	int32_t width_mm, height_mm;
	struct plan_room rooms[PLAN_ROOMS_MAX];
	struct world_rect rects[PLAN_RECTS_MAX];
	int rect_room[PLAN_RECTS_MAX];
	struct plan_door doors[PLAN_DOORS_MAX];
	struct plan_node nodes[PLAN_NODES_MAX];
	int32_t distance_mm[PLAN_NODES_MAX][PLAN_NODES_MAX];
	int8_t hop[PLAN_NODES_MAX][PLAN_NODES_MAX]; /* the node after the first on the way to the second */
	struct plan_seat seats[PLAN_SEATS_MAX];
	struct plan_fixture fixtures[PLAN_FIXTURES_MAX];
	int room_count, rect_count, door_count, node_count, seat_count, fixture_count;
	int lift_room, corridor_room;
	int entrance_door, entrance_node; /* -1 where the drawing has no way to the street */
};

/* Reads the drawing into *plan. ERR_INVALID when it does not fit the ceilings above, or a door joins rooms
 * that share no wall. */
int plan_init(struct plan *plan, const struct plan_spec *spec) __attribute__((warn_unused_result));

/* Adds fixtures and seats; plan_init calls it. */
int plan_furnish(struct plan *plan) __attribute__((warn_unused_result));

/* Nodes to pass, in order, from a point in one rectangle to a point in another. Returns their number. */
int plan_route(const struct plan *plan, int from_rect, struct world_point from, int to_rect,
	       struct world_point to, int nodes[PLAN_NODES_MAX]);

/* The rectangle of the room that holds the point, or the room's first. Index into plan->rects. */
int plan_rect_at(const struct plan *plan, int room, struct world_point at);

/* Distance in mm, rounded down. */
int32_t plan_distance(struct world_point a, struct world_point b);

/* Square root, rounded down. */
int64_t plan_isqrt(int64_t n);

bool plan_rect_holds(const struct world_rect *rect, struct world_point at);

#endif
