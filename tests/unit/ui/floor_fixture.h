/* A floor to draw: fourteen rooms of several shapes with furniture, sensors, people and twelve hours of counts; and one of hostile geometry. */
#ifndef LODGE_TESTS_UNIT_UI_FLOOR_FIXTURE_H
#define LODGE_TESTS_UNIT_UI_FLOOR_FIXTURE_H

#include "base/clock.h"
#include "model/rows.h"
#include "ui/world.h"

#define FIXTURE_NOW_MS INT64_C(1787151600000) /* 2026-08-19T15:00:00Z */

/* Parts of the floor to leave out or to change. */
enum fixture_part { FIXTURE_NO_GEOMETRY = 1, FIXTURE_ODD = 2, FIXTURE_EMPTY = 4 };

/* Snapshots, sealed: the caller's reference. FIXTURE_ODD adds rooms that cross themselves, lie far away, have two corners or NAN. */
const struct rows *fixture_rooms(unsigned parts);
const struct rows *fixture_zones(void);
const struct rows *fixture_furniture(void);
const struct rows *fixture_sensors(void);

/* A world with one account "hq" that holds all of it, floor "f1" chosen. The clock must outlive it. */
struct world *fixture_world(const struct clock *clock, unsigned parts);
/* People where they stand at a moment, each moved so far. */
void fixture_people(struct world *world, int64_t time_ms, double moved_m);

#endif
