/* Rooms of one real building as two systems tell of them: counted, capped, without capacity, only taken or free, and with sensors that cannot be relied on. */
#ifndef LODGE_TESTS_UNIT_UI_OCCUPANCY_ROOMS_H
#define LODGE_TESTS_UNIT_UI_OCCUPANCY_ROOMS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

struct room_is {
	const char *id, *floor, *name;
	double capacity, people;
	int8_t occupied, binary, capped;
	const char *health;
};

static const struct room_is hq[] = {
	{"r1", "f2", "Hot desks", 14, 9, 1, 0, 0, NULL},      {"r2", "f2", "Conf 2", 8, 9, 1, 0, 0, NULL},
	{"r3", "f2", "Corridor", NAN, 2, 1, 0, 0, NULL},      {"r4", "f10", "Kitchen", 12, 6, 1, 0, 0, NULL},
	{"r5", "f10", "Focus \x1b[31m", 4, 0, 0, 0, 0, NULL},
};

static const struct room_is lobby[] = {
	{"spc_1", "spc_f", "Conf 2", 8, NAN, 1, 1, 0, "online"},
	{"spc_2", "spc_f", "Lounge", 8, 3, 1, 0, 1, "online"},
	{"spc_3", "spc_f", "Booth", 1, NAN, 0, 1, 0, "offline"},
	{"spc_4", "spc_f", "Phone", 1, NAN, 0, 1, 0, "online"},
	{"spc_5", "spc_f", "Atrium", 100, NAN, -1, 0, 0, NULL},
	{"spc_6", "spc_f", "Hall", 0, 4, 1, 0, 0, "online"},
	{"spc_7", "spc_f", "Attic", 6, 0, 0, 0, 0, "unknown"},
};

#endif
